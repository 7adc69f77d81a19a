f() { local a=$(b); declare -A m=([x]=1); }; f ${{ github.ref }} &
wait
