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
npm_install() { # FOLDER PACKAGE...: of several versions, as in vite-plus,vite-plus@1.0.0, the first that can be installed
  local folder=$1 one version
  shift
  [ ! -d "$folder/node_modules" ] || return 0
  mkdir -p "$folder"
  [ -f "$folder/package.json" ] || printf '{"name":"tools","private":true}\n' >"$folder/package.json"
  for one in "$@"; do
    for version in ${one//,/ }; do
      (cd "$folder" && PATH=$folder/node_modules/.bin:$PATH npm install --silent --no-audit --no-fund "$version" >/dev/null 2>&1) && continue 2
    done
    echo "cannot be installed: $one" >&2
  done
}

# --- task runners of npm -------------------------------------------------------------------------------

# Some ask for a newer Node.js than a machine may have, so that comes from the registry as well.
install_rivals() { # FOLDER
  npm_install "$1" node@24 turbo nx wireit @moonrepo/cli vite-plus,vite-plus@1.0.0
  export PATH=$1/node_modules/.bin:$PATH
  export CI=1 TURBO_TELEMETRY_DISABLED=1 NX_NO_CLOUD=true DO_NOT_TRACK=1 MOON_TELEMETRY=false
}

# What a repository of npm workspaces in packages/ needs for each of them to run the script "build" of its packages and to keep "dist",
# by their own documentation. Patterns of inputs are left at their defaults unless one is given.
rivals_settings() { # [PATTERN]
  local turbo='' nx='' moon=''
  if [ $# -gt 0 ]; then
    turbo="\"inputs\":[\"$1\"],"
    nx="\"inputs\":[\"{projectRoot}/$1\"],"
    moon="    inputs: [\"$1\"]\n"
  fi
  printf '{"$schema":"https://turborepo.com/schema.json","tasks":{"build":{%s"outputs":["dist/**"]}}}\n' "$turbo" >turbo.json
  printf '{"targetDefaults":{"build":{%s"outputs":["{projectRoot}/dist"],"cache":true}},"analytics":false}\n' "$nx" >nx.json
  mkdir -p .moon/tasks
  printf 'projects: ["packages/*"]\ntelemetry: false\n' >.moon/workspace.yml
  printf 'tasks:\n  build:\n    command: sh build.sh\n%b    outputs: ["dist"]\n' "$moon" >.moon/tasks/all.yml
  printf 'node_modules\ndist\n.turbo\n.nx\n.wireit\n.moon/cache\n.slipway\n' >.gitignore
}
