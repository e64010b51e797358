#!/bin/sh
# handlers_test.sh ROOT SERVER ATTACK RACELAB BUILD: what each handler's file
# says of itself holds; and each of them serves, by the real clock, with no
# harness.
# shellcheck disable=SC2317 # check() calls these
root=$1 server=$2 attack=$3 racelab=$4 build=${5:?plain or thread}
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
trap 'kill -KILL $server_id 2>"$here/ignored"; rm -rf "$here"' EXIT

# NAME BASE LINES: next to which handler it is to be read, and in how many
# lines of code they may differ; "-" is a story of its own.
handlers='
raw              copy            3
copy             raw             3
value            raw             8
retain           raw             7
middleware_raw   raw             9
middleware_copy  middleware_raw  3
join             raw             5
never_put        raw             9
delay            raw             5
locked           raw             5
atomic           raw            22
late_copy        raw             9
late_copy_locked late_copy       5
late_retain      raw            14
shallow_copy     copy            9
generation       raw            24
after_work       raw             2
busy_pool        raw             2
malloc_free      raw            10
late_params      -               0
view             -               0
double_put       retain          9
timeout          raw            18
'
file() { echo "$root/lab/handlers/$1.c"; }

all_are_here() {
    echo "$handlers" | awk 'NF { print $1 }' >"$here/here"
    "$racelab" list | awk '{ print $1 }' | diff "$here/here" - >"$here/err"
}

is_one_screen() { [ "$(awk 'END { print NR }' "$(file "$1")")" -le 60 ]; }

code() { sed "/^\/\//d; s/$1_handler/handler/" "$(file "$1")"; }

differs_by() {
    code "$1" >"$here/mine"
    code "$2" >"$here/base"
    diff -b "$here/base" "$here/mine" >"$here/err"
    [ "$(grep -c '^[<>]' "$here/err")" -le "$3" ]
}

# The head comment: FIRST LINE, Story., Wrong: or Right:, and so on, in the
# order of raw.c, or of copy.c; and the code that it quotes is there.
says_what_is_wrong() {
    python3 - "$1" "$(file "$1")" 2>"$here/err" <<'PYTHON'
import re, sys
name, file = sys.argv[1:]
text = open(file, encoding='utf-8').read()
head = re.match(r'(//[^\n]*\n)+', text).group()
code = text[len(head):]
words = re.findall(r'^//\n// (Story|Wrong|Seen|Smallest schedule|Right)[.:] ',
                   head, re.M)
wrong = ['Story', 'Wrong', 'Seen', 'Smallest schedule', 'Right']
right = ['Story', 'Right', 'Seen', 'Smallest schedule']
if not head.startswith('// %s.c - ' % name):
    sys.exit('the first line is not that of %s.c' % name)
if words not in (wrong, right):
    sys.exit('said is: ' + ', '.join(words))
quoted = re.search(r'\n// %s: `([^`]+)`' % words[1], head)
line = quoted and re.escape(quoted.group(1).removesuffix('()'))
if not line or not re.search(line + r'(?!\w)', code):
    sys.exit('it quotes no line of its code')
PYTHON
}

# An execution that is given up leaves behind what it held.
explores() {
    document=$1
    shift
    ASAN_OPTIONS=detect_leaks=0 "$racelab" explore "$@" --json >"$document" \
        2>"$here/err"
    [ $? -le 1 ]
}

# What is seen under every schedule is what the comment says: each line that a
# job prints, and, in builds that know, the functions that race.
says_what_is_seen() {
    handler=$1
    shift
    explores "$here/default" "$handler" &&
        explores "$here/other" "$handler" "$@" || return
    python3 - "$(file raw)" "$(file "$handler")" "$here/default" \
        "$here/other" 2>"$here/err" <<'PYTHON'
import json, re, sys
raw, file, *explored = sys.argv[1:]
def head_of(path):
    lines = open(path, encoding='utf-8').read().split('\n#include')[0]
    return ' '.join(line[3:] for line in lines.split('\n'))
def lines_in(text):
    return set(re.findall('[\u4e00-\u9fff]+', text))
head = head_of(file)
seen = lines_in(head)
if re.search(r'Seen: (all that raw\.c shows|as with raw\.c)', head):
    seen |= lines_in(head_of(raw))
documents = [json.load(open(path)) for path in explored]
printed = {line for d in documents for o in d['outcomes']
           for line in o['outcome'].values()}
if not documents[0]['races_checked']:
    seen.discard('名字撕裂') # to see that takes accesses that are points
if printed != seen:
    sys.exit('printed: %s, said: %s' % (sorted(printed), sorted(seen)))
if not all(d['complete'] and d['blocked'] == 0 for d in documents):
    sys.exit('not complete')
if not documents[0]['races_checked']:
    sys.exit()
named = re.search(r'ThreadSanitizer: (.*?)\.(?: |$)', head)
said = set(re.findall(r'(\w+)\(\)', named.group(1))) if named else set()
if not named:
    sys.exit('not a word of ThreadSanitizer')
raced = {access['function'] for d in documents for race in d['races']
         for record in race['record'] for access in record['accesses']}
if raced != said:
    sys.exit('race: %s, said: %s' % (sorted(raced), sorted(said)))
PYTHON
}

# serves NAME TARGET STATUS: two requests are answered so, and each job prints
# a line, which is the right one where that is not luck.
begin() {
    rm -f "$here/server.out"
    TSAN_OPTIONS="${TSAN_OPTIONS:+$TSAN_OPTIONS:}report_bugs=0" \
        "$server" --port 0 --loops 1 --delay "$2" --handler "$1" \
        >"$here/server.out" 2>"$here/server.err" &
    server_id=$!
    url=
    tenths=0
    while [ -z "$url" ] && [ "$tenths" -lt 300 ]; do
        url=$(sed -n 's/^listening on //p' "$here/server.out" \
            2>"$here/ignored")
        [ -n "$url" ] || sleep 0.1
        tenths=$((tenths + 1))
    done
    [ -n "$url" ]
}
is_answered() {
    echo "GET $url$1" >"$here/targets"
    "$attack" -rate=100 -duration=20ms -targets="$here/targets" \
        >"$here/out" 2>"$here/err"
    said out "^Status Codes .* $2:2 "
}
serves() {
    case $1 in
    copy | value | retain | middleware_copy | join | never_put)
        line='时间戳相同'
        ;;
    *) line='.*\(相同\|不同\|不存在\|撕裂\)' ;;
    esac
    begin "$1" 20ms && is_answered "$2" "$3"
    answered=$?
    kill -TERM "$server_id"
    wait "$server_id" && [ "$answered" -eq 0 ] &&
        [ "$(grep -c "^$line\$" "$here/server.out")" -eq 2 ]
}
# What it reads when its time has come is undefined: that is left alone here.
serves_until_it_reads() {
    begin "$1" 1h && is_answered "$2" "$3"
    answered=$?
    kill -KILL "$server_id"
    wait "$server_id" 2>"$here/ignored"
    return "$answered"
}

server_id=
plan 113
check 'the handlers are those of racelab list' all_are_here
while read -r name base lines; do
    [ -n "$name" ] || continue
    target=/test status=200 other='--requests /test,/healthcheck'
    case $name in
    late_params) target=/user/Ada other='--requests /user/Ada,/healthcheck' ;;
    view)
        target='/user?Ada.Lovelace' other='--requests /healthcheck'
        [ "$build" = thread ] && other=--accesses
        ;;
    timeout) status=503 ;;
    esac

    check "$name is one screen" is_one_screen "$name"
    check "$name: its head says what it should" says_what_is_wrong "$name"
    [ "$base" = - ] ||
        check "$name differs from $base by its lesson" \
            differs_by "$name" "$base" "$lines"
    if [ "$name" = malloc_free ]; then
        check "$name serves" serves_until_it_reads "$name" "$target" "$status"
        continue
    fi
    # shellcheck disable=SC2086 # an option and its argument
    check "$name: it is seen what its head says" \
        says_what_is_seen "$name" $other
    check "$name serves" serves "$name" "$target" "$status"
done <<LIST
$handlers
LIST
finish
