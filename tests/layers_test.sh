#!/bin/sh
# layers_test.sh ROOT: a rule is a test or it is no rule. A folder of the
# harness includes only what lies below it; the lab sees the harness's public
# headers and nothing else.
# shellcheck disable=SC2317,SC2013 # check() calls these
root=$1
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$root" || exit 99

# Each with what it may include of the harness, itself apart.
may_include() {
    case $1 in
    core) echo ;;
    strategy | tsan) echo core ;;
    view) echo core tsan ;;
    backend) echo core tsan ;;
    uv) echo core tsan ;;
    run) echo core strategy tsan view backend uv ;;
    cli) echo core strategy tsan view backend uv run ;;
    esac
}

# home_of HEADER: the folder of the harness that HEADER lies in, if any.
home_of() {
    for home in core strategy view tsan backend uv run cli; do
        if [ -f "harness/$home/$1" ]; then
            echo "$home"
            return
        fi
    done
}

keeps_to_its_layer() {
    : >"$here/err"
    for file in "harness/$1"/*.[ch]; do
        for header in $(sed -n 's/^#include "\(.*\)"/\1/p' "$file"); do
            home=$(home_of "$(basename "$header")")
            case " $1 $(may_include "$1") " in
            *" ${home:-$1} "*) ;;
            *) echo "$file includes $header, of $home" >>"$here/err" ;;
            esac
        done
    done
    silent err
}

lab_sees_the_public_headers_alone() {
    grep -rhoE '#include [<"]racelab/[a-z_]+\.h' lab | sort -u |
        grep -vE 'racelab/(point|program)\.h' >"$here/err"
    for header in harness/[!i]*/*.h; do
        name=$(basename "$header")
        [ -n "$(find lab -name "$name")" ] && continue
        grep -rlE "#include \"(.*/)?$name\"" lab >>"$here/err"
    done
    silent err
}

server_knows_no_harness() {
    ! grep -rnE 'racelab_|program\.h' lab/server lab/handlers >"$here/err"
}

# Of the system it asks for memory, in one file.
core_is_pure() {
    grep -nE '#include <(uv|pthread|sys/|unistd)|__tsan' harness/core/*.[ch] |
        grep -vE '^harness/core/memory\.c:[0-9]+:#include <(sys/|unistd)' \
            >"$here/err"
    silent err
}

# control_enter() takes down the place to which its function returns.
places_are_the_programs() {
    awk '/^[A-Za-z].*\(/ { head = $0 }
        /control_enter\(\)/ && head !~ /racelab_|^CONTROL_PART/ {
            print FILENAME ":" FNR ": " head
        }' harness/uv/*.c >"$here/err"
    silent err
}

plan 12
for folder in core strategy view tsan backend uv run cli; do
    check "harness/$folder includes only what lies below it" \
        keeps_to_its_layer "$folder"
done
check 'the lab sees the public headers of the harness alone' \
    lab_sees_the_public_headers_alone
check 'the server and the handlers do not know the harness' \
    server_knows_no_harness
check 'the core knows no thread, no libuv, no ThreadSanitizer' core_is_pure
check 'a controlled call is entered where the program calls it' \
    places_are_the_programs
finish
