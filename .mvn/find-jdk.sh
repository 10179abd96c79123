# Sourced by ./mvnw and ./atlas: sets JAVA_HOME to a JDK of at least version 25, or says what to install.
# Looks at ATLAS_JAVA_HOME, then JAVA_HOME, the java on the PATH, and the usual places of Linux and macOS.

atlas_jdk_version() {
  # The major version of the JDK in $1; 0 where there is none. The release file spares starting a JVM.
  if [ -x "$1/bin/javac" ] && [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" | head -n 1
  else
    echo 0
  fi
}

atlas_find_jdk() {
  atlas_wanted=25
  atlas_on_path=$(command -v javac 2>/dev/null || true)
  if [ -n "$atlas_on_path" ]; then
    atlas_on_path=$(dirname "$(dirname "$(readlink -f "$atlas_on_path" 2>/dev/null || echo "$atlas_on_path")")")
  fi
  set -- "${ATLAS_JAVA_HOME:-}" "${JAVA_HOME:-}" "$atlas_on_path"
  for atlas_parent in /usr/lib/jvm /usr/java /opt/java /opt "${HOME:-/root}/.sdkman/candidates/java" \
      "${HOME:-/root}/.jdks" "${HOME:-/root}/.local/share/mise/installs/java" /opt/homebrew/opt /Library/Java/JavaVirtualMachines; do
    [ -d "$atlas_parent" ] || continue
    # find, not a glob: the Maven wrapper runs with globbing off.
    for atlas_candidate in $(find "$atlas_parent" -mindepth 1 -maxdepth 1 2>/dev/null | sort); do
      set -- "$@" "$atlas_candidate" "$atlas_candidate/Contents/Home"
    done
  done
  for atlas_candidate in "$@"; do
    [ -n "$atlas_candidate" ] || continue
    atlas_version=$(atlas_jdk_version "$atlas_candidate")
    if [ "${atlas_version:-0}" -ge "$atlas_wanted" ]; then
      JAVA_HOME=$atlas_candidate
      export JAVA_HOME
      return 0
    fi
  done
  cat >&2 <<TEXT
Atlas needs a JDK $atlas_wanted or newer, and found none. Install one, then run the command again:
  Debian, Ubuntu   apt-get install temurin-25-jdk   (package source: https://adoptium.net/installation/linux)
                   or openjdk-25-jdk where the release has it
  Fedora           dnf install java-25-openjdk-devel
  macOS            brew install --cask temurin@25
  elsewhere        https://adoptium.net/temurin/releases/?version=25
Already installed in an unusual place? Say where:  export ATLAS_JAVA_HOME=/path/to/jdk-25
TEXT
  return 1
}

atlas_find_jdk
