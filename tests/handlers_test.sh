#!/bin/sh
# handlers_test.sh ROOT LAB_SERVER: each handler is one screen, says in its head
# what it is about, differs from another by its lesson alone, and serves.
# shellcheck disable=SC2317 # check() calls these
root=$1 server=$(realpath "$2")
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$root/lab/handlers" || exit 99

# Lines of code that may differ, and from whom. Two have a job of their own.
handlers='
raw 0 raw
copy 3 raw
value 9 copy
retain 8 raw
middleware_raw 12 raw
middleware_copy 12 copy
join 6 raw
never_put 10 raw
delay 5 raw
locked 6 raw
atomic 23 raw
late_copy 10 raw
late_copy_locked 6 late_copy
late_retain 15 raw
shallow_copy 10 copy
generation 25 raw
after_work 3 raw
busy_pool 3 raw
malloc_free 11 raw
late_params 46 raw
view 50 raw
double_put 15 retain
timeout 18 raw
'

is_one_screen() { [ "$(wc -l <"$1.c")" -le 60 ]; }

# The story; the wrong line, but for the right ones; what is seen; the smallest
# schedule; the right way: in this order, each once.
has_head() {
    words=$(sed -n '/^\/\//!q; s/^\/\/ \(Story\|Wrong\|Seen\|Smallest schedule\|Right\)[.:] .*/\1/p' "$1.c")
    case $(echo "$words" | tr '\n' ',') in
    'Story,Wrong,Seen,Smallest schedule,Right,') ;;
    'Story,Right,Seen,Smallest schedule,') ;;
    *) return 1 ;;
    esac
    head -n 1 "$1.c" | grep -q "^// $1.c - .*[.]$"
}

code_of() { sed "/^\/\//d; s/${1}_handler/the_handler/" "$1.c"; }
differs_by() {
    code_of "$1" >"$here/code"
    code_of "$3" | diff - "$here/code" >"$here/out"
    [ "$(grep -c '^[<>]' "$here/out")" -le "$2" ]
}

# Answers one request, whatever its job does later.
serves() {
    python3 - "$server" "$1" >"$here/out" 2>&1 <<'PY'
import subprocess, sys, urllib.error, urllib.request
server, handler = sys.argv[1:]
path = {'late_params': '/user/Ada', 'view': '/user?Ada.Lovelace'}.get(
    handler, '/test')
child = subprocess.Popen([server, '--port', '0', '--delay', '10ms', '--loops',
                          '1', '--handler', handler],
                         stdout=subprocess.PIPE, text=True)
try:
    url = child.stdout.readline().split()[-1]
    try:
        status = urllib.request.urlopen(url + path, timeout=60).status
    except urllib.error.HTTPError as error:
        status = error.code
    print(handler, status)
    sys.exit(status != (503 if handler == 'timeout' else 200))
finally:
    child.kill()
    child.wait()
PY
}

listed() {
    echo "$handlers" | awk 'NF { print $1 }' | sort >"$here/named"
    for file in *.c; do
        case $file in handlers.c | healthcheck.c | timestamp_job.c) ;;
        *) echo "${file%.c}" ;;
        esac
    done | sort >"$here/there"
    diff "$here/named" "$here/there" >"$here/out"
}

plan $((1 + 4 * 23))
check 'each handler is known here' listed
while read -r handler most base; do
    [ -n "$handler" ] || continue
    check "$handler is one screen" is_one_screen "$handler"
    check '... says what it is about' has_head "$handler"
    check "... is $base but for its lesson" \
        differs_by "$handler" "$most" "$base"
    check '... and serves' serves "$handler"
done <<EOF
$handlers
EOF
finish
