# What several of the benchmarks need. Sourced by them.

# The JDK 25 or later to measure with: what is asked for, what the build was made with, or the first of the usual places.
jdk() {
  local here candidate
  here=$(dirname "${BASH_SOURCE[0]}")
  for candidate in "${SLIPWAY_JAVA_HOME:-}" "${JAVA_HOME:-}" "$(sed -n 's/^home //p' "$here/../cli/target/slipway/build" 2>/dev/null)" \
    /usr/lib/jvm/*25* "$HOME"/.sdkman/candidates/java/25* /opt/*jdk*25*; do
    if [ -x "$candidate/bin/javac" ] && grep -qE '^JAVA_VERSION="(2[5-9]|[3-9][0-9])' "$candidate/release" 2>/dev/null; then
      printf '%s' "$candidate"
      return
    fi
  done
  echo 'no JDK 25 or later: set JAVA_HOME' >&2
  return 3
}

# Microseconds, of a clock.
now() { printf '%s' "${EPOCHREALTIME/./}"; }

# Installs npm packages into a folder, once; a package that the registry does not have is told and left out.
npm_install() { # FOLDER PACKAGE...
  local folder=$1 one
  shift
  [ -d "$folder/node_modules" ] && return
  mkdir -p "$folder"
  [ -f "$folder/package.json" ] || printf '{"name":"tools","private":true}\n' >"$folder/package.json"
  for one in "$@"; do
    (cd "$folder" && npm install --silent --no-audit --no-fund "$one" >/dev/null 2>&1) || echo "cannot be installed: $one" >&2
  done
}
