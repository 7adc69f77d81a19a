cat <<-'E' > x
	$A
	E
case $x in (a|b*) y;; *) z;& esac
