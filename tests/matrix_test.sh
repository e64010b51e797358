#!/bin/sh
# matrix_test.sh RACELAB EXPECTED SANITIZERS: every handler at every moment, by
# exploring, is what expected/matrix.* says.
# shellcheck disable=SC2317,SC2046 # check() calls these; a name a word
racelab=$1 expected=$2 sanitizers=$3
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

# With AddressSanitizer a context that was freed is not given to the next one,
# and an execution that is given up leaves behind what it held.
golden=$expected/matrix.out
case $sanitizers in *address*)
    golden=$expected/matrix.address
    export ASAN_OPTIONS=detect_leaks=0
    ;;
esac
json() { python3 -c "
import json, sys
d = json.load(open(sys.argv[1]))
cells = {(c['handler'], c['schedule']): c for c in d}
moments = ['before-reset', 'after-reset', 'after-set', 'after-set-same-ms',
           'after-set-silent']
def cell(handler, moment): return cells[handler, moment]
def row(handler, key): return [cells[handler, m][key] for m in moments]
same, other, none = '时间戳相同', '时间戳不同', '数据不存在'
sys.exit(not ($1))" "$here/out"; }
as_golden() {
    status_of 0 "$racelab" matrix && diff -u "$golden" "$here/out" >"$here/err"
}
# Without the handlers that free what others still use.
dear='^\(malloc_free\|late_retain\|double_put\) '
as_most_of_golden() {
    grep -v "$dear" "$golden" >"$here/most" &&
        status_of 0 "$racelab" matrix $(sed '1d; s/ .*//' "$here/most") &&
        diff -u "$here/most" "$here/out" >"$here/err"
}

# What a cell holds needs to be looked at in one build.
case $sanitizers in
none) ;;
thread)
    plan 1
    check 'the matrix is the golden, but for what is dear here' as_most_of_golden
    finish
    ;;
*)
    plan 1
    check 'the matrix is the golden' as_golden
    finish
    ;;
esac
plan 26
check 'the matrix is the golden' as_golden
check 'as one document' status_of 0 "$racelab" matrix --json
check '... a cell for each handler and moment' json \
    "len(cells) == len(d) == 5 * len({c['handler'] for c in d}) == 5 * 23"
check '... each by an exploring that came to its end' \
    json "all(c['complete'] for c in d)"
for right in copy value; do
    check "$right: right at every moment, no race, its own" json "\
set(row('$right', 'outcome')) == {same} and \
set(row('$right', 'race')) == {'no'} and \
set(row('$right', 'owner')) == {'own'} and all(row('$right', 'reachable'))"
done
check '... copy: each order of its look and what others write is run' json "\
row('copy', 'executions') == [2, 1, 1, 1, 1]"
for alone in retain join never_put; do
    check "$alone: nobody else gets the context in time" json "\
row('$alone', 'reachable') == [True, False, False, False, False] and \
cell('$alone', 'before-reset')['outcome'] == same and \
set(row('$alone', 'owner')) == {'own'}"
done
check '... join: the loop is blocked' json "\
cell('join', 'before-reset')['blocked_loop'] and \
not any(row('join', 'leak'))"
check '... never_put: a leak' json "\
cell('never_put', 'before-reset')['leak'] and \
not any(row('never_put', 'blocked_loop'))"
for wrong in raw late_copy shallow_copy middleware_raw delay; do
    check "$wrong: wrong, and it races" json "\
row('$wrong', 'outcome') == [same, none, other, same, other] and \
row('$wrong', 'race')[:4] == ['yes'] * 4 and \
set(row('$wrong', 'owner')) == {'foreign'}"
done
check '... raw: silent where nobody comes after B' json "\
cell('raw', 'after-set-silent')['race'] == 'no'"
for silent in locked atomic late_copy_locked late_retain after_work; do
    check "$silent: as wrong, and never a race" json "\
row('$silent', 'outcome') == [same, none, other, same, other] and \
set(row('$silent', 'race')) == {'no'} and \
set(row('$silent', 'owner')) == {'foreign'}"
done
check 'generation: never another'"'"'s, and its own is lost' json "\
row('generation', 'outcome') == [same] + [none] * 4 and \
set(row('generation', 'race')) == {'no'} and \
set(row('generation', 'owner')) == {'foreign'}"
check 'a handler that there is not' status_of 2 "$racelab" matrix cpoy
check '... is named' said err 'did you mean "copy"'
finish
