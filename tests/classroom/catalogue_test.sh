#!/bin/sh
# catalogue_test.sh GATE ROOT BUILD COMPILER [OPTION...]: the lab's own handlers
# pass the gate, as this compiler makes them; what is no submission does not.
# shellcheck disable=SC2317 # check() calls these
gate=$1 root=$2 build=$3
shift 3
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

# As the classroom compiles what was handed in: compile FILE COMPILER...
compile() {
    compile_file=$1
    shift
    "$@" -std=c11 -D_GNU_SOURCE -fPIC -g -O1 -w \
        -I"$root/lab" -I"$root/harness/include" -I"$build" \
        -include harness/uv_control.h \
        -c "$compile_file" -o "$here/fix.o" 2>"$here/err"
}

# passes FILE NAME COMPILER...
passes() {
    pass_file=$1 pass_name=$2
    shift 2
    compile "$pass_file" "$@" &&
        objdump -h -t -w "$here/fix.o" >"$here/listing" &&
        status_of 0 "$gate" "$pass_file" "$here/listing" &&
        said out "^taken: $pass_name\$"
}

stops() {
    echo 'SYMBOL TABLE:' >"$here/listing"
    status_of 1 "$gate" "$1" "$here/listing" && said out "^$2: "
}

# Those that report for themselves what their job saw: a submission leaves that
# to the lab.
reports_itself() { grep -q 'OUTCOME(' "$1"; }

is_handler() { grep -q "^const struct handler [a-z_]*_handler =" "$1"; }

handlers=0
for file in "$root"/lab/handlers/*.c; do
    handlers=$((handlers + 1))
done
plan "$handlers"
for file in "$root"/lab/handlers/*.c; do
    name=$(basename "$file" .c)
    if reports_itself "$file"; then
        check "$name speaks to the harness" stops "$file" harness
    elif is_handler "$file"; then
        check "$name passes" passes "$file" "${name}_handler" "$@"
    else
        check "$name is none" stops "$file" '[a-z]*'
    fi
done
finish
