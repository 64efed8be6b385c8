# shellcheck shell=bash
# The image flink:VERSION, of Debian's packages, the Python packages that hold Flink's distribution, and the examples.

debian=bookworm
base_packages=openjdk-17-jre-headless,procps,netbase
java_home=/usr/lib/jvm/java-17-openjdk
files=$kube/config/flink-files.txt
downloads=$cache/flink/downloads

# flink_image VERSION: X.Y is the pinned release of that line.
flink_image() {
  local version=$1 release examples more=()
  case $version in
    *.*.*) release=$version ;;
    *.*) release=$(awk -v line="$version." '$2 == "pypi" && index($1, line) == 1 {print $1}' "$files" | head -1) ;;
    *) fail "a version of Flink looks like 2.3 or 2.3.0, not like $version." ;;
  esac
  [[ -n $release ]] || fail "no release of Flink $version is pinned: say which, as $version.Z."
  case $release in
    1.16.*) examples=1.18.1 ;;
    1.17.*) examples=1.18.1 more=(flink-connector-datagen:1.17.2) ;;
    1.18.*) examples=1.18.1 more=(flink-connector-datagen:1.18.1) ;;
    1.19.*) examples=1.19.1 ;;
    1.*) examples=1.20.0 ;;
    *) examples=2.3.0 ;;
  esac

  local base layer key
  key=$(echo "$debian $base_packages 1 $(dpkg --print-architecture)" | sha256sum | cut -c1-12)
  base=$cache/flink/base-$key.tar
  [[ -e $base.sha256 ]] || stage "base image with Java" base_layer "$base"
  key=$({ grep -e "^$release " -e "^$examples " "$files" || true; echo "${more[@]}"; } |
    cat - "$kube/config/flink-entrypoint.sh" "$kube/lib/flink.sh" | sha256sum | cut -c1-12)
  layer=$cache/flink/flink-$release-$key.tar
  [[ -e $layer.sha256 ]] || stage "Flink $release" flink_layer "$layer" "$release" "$examples" "${more[@]}"

  local image=docker.io/library/flink name
  local settings=(-name "$image:$release" -user 9999:9999 -dir /opt/flink -entrypoint /docker-entrypoint.sh -cmd help
    -env FLINK_HOME=/opt/flink -env "JAVA_HOME=$java_home" -env LANG=C.UTF-8
    -env "PATH=/opt/flink/bin:$java_home/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
  case $release in # Those before 1.18 were not made for this Java, and do not open its packages by themselves.
    1.?.* | 1.1[0-7].*) settings+=(-env "JDK_JAVA_OPTIONS=$(opened_packages)") ;;
  esac
  if ! running containerd; then
    echo "flink:$version is built; run this again once the node is up." >&2
    return
  fi
  local digest
  digest=$("$bin/drey-kube" image -digest "${settings[@]}" "$base" "$layer")
  [[ $(image_digest "$image:$release") == "$digest" ]] ||
    stage "flink:$release on the node" import_image "${settings[@]}" "$base" "$layer"
  name=$image:${release%.*}
  [[ $version == "$release" || $(image_digest "$name") == "$digest" ]] ||
    containers images tag --force "$image:$release" "$name" >/dev/null
  echo "flink:$version"
}

opened_packages() {
  local package
  printf -- '--add-exports=java.base/sun.net.util=ALL-UNNAMED'
  for package in java.lang java.lang.reflect java.io java.net java.nio java.text java.time java.util java.util.concurrent \
    java.util.concurrent.atomic java.util.concurrent.locks sun.nio.ch; do
    printf ' --add-opens=java.base/%s=ALL-UNNAMED' "$package"
  done
}

image_digest() { containers images ls "name==$1" | awk 'NR > 1 {print $3}'; }

import_image() { "$bin/drey-kube" image "$@" | import_images - >/dev/null; }

seal() { # FILE: the finished layer FILE.new becomes FILE, with its sum beside it
  local sum
  sum=$(sha256sum "$1.new" | cut -d' ' -f1)
  mv "$1.new" "$1"
  echo "$sum" >"$1.sha256"
}

base_layer() {
  echo "building the base image: about a minute" >&2
  rm -f "${1%/*}"/base-*
  # shellcheck disable=SC2016
  SOURCE_DATE_EPOCH=0 mmdebstrap --quiet --variant=essential --include="$base_packages" --format=tar \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --customize-hook='echo "flink:x:9999:9999::/opt/flink:/bin/bash" >>"$1/etc/passwd"' \
    --customize-hook='echo "flink:x:9999:" >>"$1/etc/group"' \
    --customize-hook='ln -s "$(basename "$1"/usr/lib/jvm/java-17-openjdk-*)" "$1'$java_home'"' \
    --customize-hook='rm -rf "$1"/usr/share/man/?? "$1"/var/log/* "$1"/var/cache/*' \
    "$debian" "$1.new" </dev/null >&2 9>&-
  seal "$1"
}

# MORE are artifacts with what the examples need and this release has not. A job sees of them what Flink itself has not.
flink_layer() { # FILE RELEASE EXAMPLES MORE...
  local layer=$1 release=$2 examples=$3 more=() root jar class archive artifact
  rm -rf "$cache"/flink/root.* # of a run that was cut off
  root=$(mktemp -d "$cache/flink/root.XXXXXX")
  local flink=$root/opt/flink
  mkdir -p "$flink/log" "$flink/usrlib" "$flink/examples/streaming" "$root/unpacked"
  fetch "$release" pypi apache-flink
  unzip -q "$fetched" 'pyflink/bin/*' 'pyflink/conf/*' -d "$root/unpacked"
  fetch "$release" pypi apache-flink-libraries
  archive=$fetched
  case $archive in
    *.whl) unzip -q "$archive" 'pyflink/*' -d "$root/unpacked" ;;
    *)
      tar -C "$root/unpacked" -xzf "$archive" --wildcards '*/deps/*'
      cp -al "$root"/unpacked/*/deps/. "$root/unpacked/pyflink/"
      ;;
  esac
  local part
  for part in bin conf lib opt plugins; do mv "$root/unpacked/pyflink/$part" "$flink/"; done
  rm -rf "$root/unpacked"
  chmod -R u=rwX,go=rX "$flink"
  chmod 0755 "$flink"/bin/*
  # As in the official image: reached from other pods, also without a configuration of one's own.
  sed -Ei -e 's/^((rest|jobmanager|taskmanager)\.| +)(bind-host|bind-address): localhost$/\1\3: 0.0.0.0/' \
    -e '/^(taskmanager\.| +)host: localhost$/d' "$flink"/conf/{flink-conf,config}.yaml 2>/dev/null || true
  for artifact in "${@:4}"; do
    fetch "${artifact#*:}" maven "org.apache.flink:${artifact%:*}"
    more+=("$fetched")
  done
  fetch "$examples" maven org.apache.flink:flink-examples-streaming
  for class in statemachine.StateMachineExample windowing.TopSpeedWindowing wordcount.WordCount; do
    [[ $release != 1.16.* || $class == wordcount.* ]] || continue # There are none for it, and later ones do not run on it.
    jar=$flink/examples/streaming/${class#*.}.jar
    "$bin/drey-kube" main-class "$fetched" "org.apache.flink.streaming.examples.$class" "$jar" "${more[@]}"
  done
  install -m 0755 "$kube/config/flink-entrypoint.sh" "$root/docker-entrypoint.sh"
  rm -f "${layer%-*}"-*
  tar -C "$root" --sort=name --mtime=@0 --numeric-owner --owner=9999 --group=9999 -cf "$layer.new" docker-entrypoint.sh opt/flink
  rm -rf "$root"
  seal "$layer"
}

# fetch RELEASE FROM PACKAGE: sets fetched to the file, whose sum is checked if it is pinned, beside the sum which the
# registry gives and its client compares.
fetch() {
  local release=$1 from=$2 package=$3 sum folder
  folder=$downloads/$3-$1
  sum=$(awk -v release="$1" -v from="$2" -v package="$3" '$1 == release && $2 == from && $3 == package {print $4}' "$files")
  if [[ ! -e $folder/complete ]]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    echo "  fetching $package $release" >&2
    "fetch_$from" "$package" "$release" "$folder" >"$folder.log" 2>&1 || fail "$package $release cannot be fetched: $(grep -i error "$folder.log" | head -1)"
    rm "$folder.log"
    touch "$folder/complete"
  fi
  fetched=$(find "$folder" -type f ! -name complete)
  if [[ -z $sum ]]; then
    echo "  $package $release is not pinned: checked against the sum of its registry only" >&2
  elif [[ $(sha256sum "$fetched") != "$sum "* ]]; then
    rm -rf "$folder"
    fail "$package $release is not the file that is pinned in $files."
  fi
}

fetch_pypi() { # PACKAGE RELEASE FOLDER
  local pip=(python3 -m pip download --disable-pip-version-check --no-deps --dest "$3" "$1==$2") python
  [[ $1 == apache-flink ]] || { "${pip[@]}" && return; }
  for python in 3.11 3.10 3.9; do # Older releases have wheels for older versions only. What is taken of them is the same.
    ! "${pip[@]}" --only-binary=:all: --implementation cp --python-version "$python" --platform "manylinux2014_$(uname -m)" || return 0
  done
  return 1
}

# Only the file is wanted. The parent of its description is not in every release's repository: a project that looks like
# it takes its place.
fetch_maven() { # GROUP:ARTIFACT RELEASE FOLDER
  local maven=mvn project=$3.project status=0
  command -v mvn || maven=$kube/../mvnw
  mkdir -p "$project"
  cat >"$project/pom.xml" <<END
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>${1%:*}</groupId>
  <artifactId>flink-examples</artifactId>
  <version>$2</version>
  <packaging>pom</packaging>
</project>
END
  "$maven" --batch-mode --strict-checksums --file "$project" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
    -Dartifact="$1:$2" -DoutputDirectory="$3" || status=$?
  rm -r "$project"
  return $status
}
