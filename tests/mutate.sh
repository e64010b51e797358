#!/bin/sh
# mutate.sh MUTANT IN OUT: writes context.c with one thing broken on purpose.
# Fails if the change finds nothing to change.
set -eu
mutant=$1 in=$2 out=$3

# in_function NAME SED: applies SED between NAME's first line and its end.
in_function() {
    sed "/ \**$1(struct context/,/^}/$2" "$in" >"$out"
}

case $mutant in
reset-keeps) in_function context_clear 's/c->keys->count = 0;/;/' ;;
reset-locks) in_function context_clear \
    's/c->keys->count = 0;/uv_rwlock_wrlock(\&c->lock); c->keys->count = 0; uv_rwlock_wrunlock(\&c->lock);/' ;;
copy-forgets) in_function context_copy 's/copy->keys->count = count;/copy->keys->count = 0;/' ;;
copy-unlocked) in_function context_copy 's/uv_rwlock_rd[un]*lock(&source->lock);/;/' ;;
get-unlocked) in_function context_get 's/uv_rwlock_rd[un]*lock(&c->lock);/;/' ;;
set-unlocked) in_function context_set 's/uv_rwlock_wr[un]*lock(&c->lock);/;/' ;;
*)
    echo "mutate.sh: no mutant $mutant" >&2
    exit 2
    ;;
esac
if cmp -s "$in" "$out"; then
    echo "mutate.sh: $mutant changes nothing in $in" >&2
    exit 1
fi
