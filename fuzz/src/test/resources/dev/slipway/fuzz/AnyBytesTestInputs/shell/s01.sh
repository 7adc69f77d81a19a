if [[ $A =~ ^v([0-9]+)$ ]]; then echo ${BASH_REMATCH[1]} `date`; else exit 1; fi
