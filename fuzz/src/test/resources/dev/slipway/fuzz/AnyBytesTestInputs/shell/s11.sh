# shellcheck disable=all
echo $a
