set -euo pipefail
for f in *.txt; do echo "$f" | sed s/a/b/ >> $OUT; done
