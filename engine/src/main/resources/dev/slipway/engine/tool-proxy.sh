# Stands for an interpreter in the tool cache of one of Slipway's jobs until the job first uses it.
#
# Then the job gets a tree of its own, as a fresh machine of GitHub has it: the interpreter with pip or npm, without the
# packages that the user has installed beside them. What the job installs there ends with the job. Such a tree is taken
# from the machine once, kept in $store, and lent to each job: by reflink, by hard link of files that cannot be written
# to, or by copy.
#
# Set by the file that reads this one: $view (the tree to be), $kind (python or node), $tool, $version, $series (3.11),
# $root (the machine's), $extent (what of it belongs to the interpreter: all of lib, or what its names say), $npm, $store.

called=${0##*/}
mark=$view/.lazy

one_at_a_time() {
  if command -v flock >/dev/null; then flock 9; fi
}

# Lends the folder or file $1 as $2.
lend() {
  if [ -n "$reflinks" ]; then
    cp -a --reflink=always "$1" "$2"
  else
    cp -al "$1" "$2" 2>/dev/null || { rm -rf "$2" && cp -a "$1" "$2"; }
  fi
}

# Whether copies of the file $1 cost nothing in the folder $2.
try_reflinks() {
  reflinks=
  if cp --reflink=always "$1" "$2/.probe" 2>/dev/null; then reflinks=yes; fi
  rm -f "$2/.probe"
}

# Collects the interpreter in $1: its programs in bin, what it installs packages into in site, the rest in tree.
collect_python() {
  rm -rf "$1"
  mkdir -p "$1/bin" "$1/site" "$1/tree/lib" || return 1
  cp -pL "$root/bin/python$series" "$1/bin/" || return 1
  for script in "$root"/bin/python"$series"*-config "$root"/bin/2to3-"$series" "$root"/bin/idle"$series" \
    "$root"/bin/pydoc"$series"; do
    if [ -f "$script" ]; then cp -pL "$script" "$1/bin/"; fi
  done
  if [ -d "$root/include/python$series" ]; then
    mkdir "$1/tree/include"
    cp -a "$root/include/python$series" "$1/tree/include/" || return 1
  fi
  for part in "$root"/lib/*; do
    case ${part##*/}:$extent in
    python[0-9]*) ;;
    libpython"$series"* | libpython3.so* | *:all) cp -a "$part" "$1/tree/lib/" || return 1 ;;
    esac
  done
  for lib in lib lib64; do
    library=$root/$lib/python$series
    if [ -d "$library" ] && [ ! -L "$root/$lib" ]; then
      mkdir -p "$1/tree/$lib/python$series"
      for part in "$library"/* "$library"/.[!.]*; do
        case ${part##*/} in
        site-packages | dist-packages | EXTERNALLY-MANAGED | '*' | '.[!.]*') ;;
        test) ln -s "$part" "$1/tree/$lib/python$series/test" ;;
        *) cp -a "$part" "$1/tree/$lib/python$series/" || return 1 ;;
        esac
      done
    fi
  done
  names=pip
  case $series in
  2.* | 3.? | 3.10 | 3.11) names='pip setuptools pkg_resources _distutils_hack distutils-precedence.pth' ;;
  esac
  wheels=$root/lib/python$series/ensurepip/_bundled
  case $site in
  # Debian keeps them where pip can neither upgrade nor remove them.
  */dist-packages) wheels=/usr/share/python-wheels ;;
  *)
    for name in $names; do
      for part in "$root/$site/$name" "$root/$site/$name"-*.dist-info; do
        if [ -e "$part" ]; then cp -a "$part" "$1/site/" || return 1; fi
      done
    done
    ;;
  esac
  if [ ! -d "$1/site/pip" ]; then
    for name in $names; do
      for wheel in "$wheels/$name"-*.whl; do
        if [ -f "$wheel" ]; then "$root/bin/python$series" -m zipfile -e "$wheel" "$1/site" || return 1; fi
      done
    done
    "$root/bin/python$series" -m compileall -q "$1/site" >/dev/null
  fi
}

# Puts the collected interpreter in $1 into the view; the program by which it is found is the last to come.
settle_python() {
  mkdir -p "$view/$site" && cp -a "$1/site/." "$view/$site/" || return 1
  case $site in
  # Where Debian's pip installs below the prefix.
  */dist-packages) ln -sfn . "$view/local" ;;
  esac
  rm -rf "$view/.bin"
  lend "$1/bin" "$view/.bin" || return 1
  for file in "$view"/.bin/*; do
    name=${file##*/}
    if [ "$name" != "python$series" ]; then
      sed "1s|^#!.*python.*|#!$view/bin/python$series|" "$file" >"$view/bin/$name" && chmod 755 "$view/bin/$name"
    fi
  done
  mv -f "$view/.bin/python$series" "$view/bin/python$series" || return 1
  rm -rf "$view/.bin"
}

collect_node() {
  rm -rf "$1"
  mkdir -p "$1/bin" "$1/tree/lib/node_modules" || return 1
  cp -pL "$root/bin/node" "$1/bin/" || return 1
  cp -a "$npm" "$1/tree/lib/node_modules/npm" || return 1
  if [ -d "${npm%/*}/corepack" ]; then cp -a "${npm%/*}/corepack" "$1/tree/lib/node_modules/"; fi
  if [ -d "$root/include/node" ]; then
    mkdir "$1/tree/include"
    ln -s "$root/include/node" "$1/tree/include/node"
  fi
}

settle_node() {
  command='../lib/node_modules/npm/bin'
  ln -s "$command/npm-cli.js" "$view/.npm" && mv -f "$view/.npm" "$view/bin/npm" || return 1
  ln -s "$command/npx-cli.js" "$view/.npx" && mv -f "$view/.npx" "$view/bin/npx" || return 1
  if [ -e "$view/lib/node_modules/corepack" ]; then
    ln -s ../lib/node_modules/corepack/dist/corepack.js "$view/.corepack"
    mv -f "$view/.corepack" "$view/bin/corepack"
  fi
  lend "$1/bin/node" "$view/.node" && mv -f "$view/.node" "$view/bin/node"
}

# Makes the store where it can be made: a sandbox must not write there.
make_store() {
  parent=${store%/*}
  if [ -d "$store" ] || ! mkdir -p "$parent" 2>/dev/null || [ ! -w "$parent" ]; then return; fi
  (
    one_at_a_time
    if [ -d "$store" ]; then exit; fi
    # Those of an earlier state of the same version, and what a killed job left: nobody else is at it.
    if command -v flock >/dev/null; then rm -rf "${store%-*}"-*; fi
    fresh=$store.$$
    if "collect_$kind" "$fresh"; then
      find "$fresh" -type f -exec chmod a-w {} +
      mv -T "$fresh" "$store" 2>/dev/null
    fi
    rm -rf "$fresh"
  ) 9>"${store%-*}.lock"
}

fill() {
  one_at_a_time
  if [ ! -e "$mark" ]; then return; fi
  make_store
  from=$store
  if [ ! -d "$from" ]; then
    from=$view/.collected
    "collect_$kind" "$from" || return 1
  fi
  if [ "$kind" = python ]; then try_reflinks "$from/bin/python$series" "$view"; else try_reflinks "$from/bin/node" "$view"; fi
  for part in "$from"/tree/*; do
    rm -rf "${view:?}/${part##*/}"
    lend "$part" "$view/${part##*/}" || return 1
  done
  "settle_$kind" "$from" || return 1
  rm -rf "$view/.collected" "$mark"
}

site=lib/python$series/site-packages
if [ ! -d "$root/$site" ] && [ -d "$root/lib/python3/dist-packages" ]; then site=lib/python3/dist-packages; fi

if ! (fill) 9>"$view/.lock"; then
  echo "Slipway: cannot take over $tool $version from $root for this job" >&2
  exit 1
fi
exec "$view/bin/$called" "$@"
