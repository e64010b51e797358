#!/bin/sh
# pack.sh FILE.zip: makes what is uploaded to Gradescope from this source tree,
# as it was last committed, and from the settings beside this file.
set -eu
[ $# -eq 1 ] || {
    echo 'usage: pack.sh FILE.zip' >&2
    exit 2
}
case $1 in
/*) file=$1 ;;
*) file=$PWD/$1 ;;
esac
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp setup.sh run_autograder settings.sh "$work"
git -C "$(git rev-parse --show-toplevel)" archive -o "$work/racelab.tar" HEAD
rm -f "$file"
# Gradescope wants the files at the root of the archive. python3 is there in any
# case: the build needs it.
cd "$work"
python3 -m zipfile -c "$file" setup.sh run_autograder settings.sh racelab.tar
echo "$file"
