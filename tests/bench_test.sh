#!/bin/sh
# bench_test.sh MODELS SERVER: the benchmarks explore what they say, as many
# executions as are known. What they are there for, the figures, is no test.
# shellcheck disable=SC2317 # check() calls these
models=$1 server=$2
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

# explores ROW EXECUTIONS: of the table that was printed last; five figures at
# least stand behind the name.
explores() {
    awk -v row="$1" -v executions="$2" '
        index($0, row "  ") == 1 {
            count = split(substr($0, length(row) + 1), figures, " ")
            found = figures[1] == executions && count >= 6
        }
        END { exit !found }' "$here/out"
}

# rows N: as many stand below the head of the table.
rows() { [ "$(sed '1,/^ *executions  *least /d' "$here/out" | wc -l)" -eq "$1" ]; }

plan 23
check 'each model, once' status_of 0 "$models" --once
check '... has a row' rows 12
check '... and the build is named' said out '^models: build .*, .*, stacks by '
check '... and a switch' said out '^baseline: a bare switch .*: [0-9.]* [nu]s '
for row in 'three tasks, once:1' 'three tasks, random:1000' \
    'three tasks, pct:1000' 'three tasks, pos:1000' 'three tasks, dpor:22' \
    'racing tasks, dpor:22' 'readers(8), dpor:256' 'lastzero(10), dpor:3328' \
    'one lock(6), dpor:720' 'increment(4), dpor:576' \
    'file-system(18), dpor:32'; do
    check "${row%:*}: ${row#*:} executions" explores "${row%:*}" "${row#*:}"
done
check 'one row alone' status_of 0 "$models" --once 'three tasks, dpor'
check '... and no other' rows 1
check 'a row that is not there' status_of 2 "$models" --once 'four tasks'
check '... is named' said err 'no row is called "four tasks"'
check 'the server, once' status_of 0 "$server" --once
check '... has a row each' rows 4
check 'raw, dpor: 20 executions' explores 'raw, dpor' 20
check 'copy, dpor: 2 executions' explores 'copy, dpor' 2
finish
