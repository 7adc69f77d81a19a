#!/bin/sh
# Stands for the programs of rustup in the homes of Slipway's jobs.
#
# Jobs have toolchains of their own, shared by all jobs and kept from run to run. They start as what the user has, so
# nothing is fetched again, but what a job adds, updates or removes never changes the user's. Which toolchain is the
# default, and overrides, are each job's own.
#
# Arguments of the generated head: $user (the user's RUSTUP_HOME), $programs (the user's bin), $own (the jobs').

program=${0##*/}
home=${RUSTUP_HOME:-$HOME/.rustup}

# One at a time, where flock is there.
locked() {
  if command -v flock >/dev/null; then flock 9; fi
  "$@"
}

# Whether copies cost nothing here.
reflinks() {
  cp --reflink=always "$user/settings.toml" "$own/probe.$$" 2>/dev/null
  set -- $?
  rm -f "$own/probe.$$"
  return "$1"
}

# A toolchain as copies, or as hard links where copies cost: rustup never writes through them, since it replaces files,
# but for its own lists, which are copied.
lend() {
  fresh=$own/new.$$
  rm -rf "$fresh" "$own/old.$$"
  if reflinks; then
    cp -a --reflink=always "$1" "$fresh" || return 1
  elif cp -al "$1" "$fresh" 2>/dev/null; then
    for list in "$fresh"/lib/rustlib/*; do
      if [ -f "$list" ]; then cp -p "$list" "$list.copy" && mv -f "$list.copy" "$list"; fi
    done
  else
    rm -rf "$fresh"
    echo "Slipway: copying the Rust toolchain ${1##*/} once, so that jobs do not change yours" >&2
    cp -a "$1" "$fresh" || return 1
  fi
  if [ -e "$2" ]; then mv "$2" "$own/old.$$"; fi
  mv "$fresh" "$2"
  rm -rf "$own/old.$$"
}

# Toolchains that the user has and jobs have not, and those that the user has updated since.
take_over() {
  mkdir -p "$own/toolchains" "$own/update-hashes" "$own/taken"
  for from in "$user"/toolchains/*; do
    name=${from##*/}
    to=$own/toolchains/$name
    if [ -L "$from" ]; then
      target=$(readlink "$from")
      case $target in "$user"/toolchains/*) target=$own/toolchains/${target##*/} ;; esac
      [ -L "$to" ] || ln -s "$target" "$to"
    elif [ -d "$from" ]; then
      hash=none
      if [ -f "$user/update-hashes/$name" ]; then hash=$(cat "$user/update-hashes/$name"); fi
      if [ ! -d "$to" ] || [ "$(cat "$own/taken/$name" 2>/dev/null)" != "$hash" ]; then
        lend "$from" "$to" || return 1
        rm -f "$own/update-hashes/$name"
        if [ "$hash" != none ]; then printf %s "$hash" >"$own/update-hashes/$name"; fi
        printf %s "$hash" >"$own/taken/$name"
      fi
    fi
  done
}

# The job's first use.
if [ ! -e "$home/toolchains" ]; then
  mkdir -p "$home" "$own"
  (locked take_over) 9>"$own/lock" || exit 1
  if [ -f "$user/settings.toml" ]; then cp "$user/settings.toml" "$home/settings.toml"; fi
  ln -s "$own/update-hashes" "$home/update-hashes"
  ln -s "$own/toolchains" "$home/toolchains"
fi

case $program:${1-} in
rustup:toolchain | rustup:update | rustup:component | rustup:target | rustup:install | rustup:uninstall)
  locked exec "$programs/$program" "$@" 9>"$own/lock"
  ;;
esac
exec "$programs/$program" "$@"
