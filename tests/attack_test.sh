#!/bin/sh
# attack_test.sh SERVER ATTACK - the seed's load on the seed's server, by the
# real clock: ten requests at ten a second, all answered, and five jobs that
# each print a line. Which line is luck here; that is what the harness is for.
set -eu

server=$1
attack=$2
folder=$(mktemp -d)
server_id=

clean() {
    if [ -n "$server_id" ]; then
        kill -KILL "$server_id" 2>"$folder/ignored" || :
    fi
    rm -rf "$folder"
}
trap clean EXIT

fail() {
    echo "attack_test: $1" >&2
    cat "$folder"/*.out "$folder"/*.err >&2
    exit 1
}

# Runs an attack that must end with status $1; the rest are its options.
attacked() {
    wanted=$1
    shift
    status=0
    "$attack" "$@" >"$folder/attack.out" 2>"$folder/attack.err" || status=$?
    [ "$status" -eq "$wanted" ] || fail "$*: status $status, not $wanted"
}

says() {
    grep -q -- "$2" "$folder/$1" || fail "$1 does not say: $2"
}

# TSan's word on the race is not what is tested here.
TSAN_OPTIONS="exitcode=0:report_bugs=0${TSAN_OPTIONS:+:$TSAN_OPTIONS}" \
    "$server" --port 0 --delay 100ms --loops 1 \
    >"$folder/server.out" 2>"$folder/server.err" &
server_id=$!
url=
for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    url=$(sed -n 's/^listening on //p' "$folder/server.out")
    [ -n "$url" ] && break
    sleep 0.1
done
[ -n "$url" ] || fail "the server did not start in 2 s"

printf '# as the seed\nGET %s/test\nGET %s/healthcheck\n' "$url" "$url" \
    >"$folder/targets.txt"
attacked 0 -rate=10 -duration=1s "-targets=$folder/targets.txt"
says attack.out '^Requests .* 10, '
says attack.out '^Success .* 100.00%$'
says attack.out '^Status Codes .* 200:10 '

attacked 1 -rate 100/1s -duration 50ms -targets /dev/stdin <<TARGETS
GET $url/nowhere
X-Request-Id: A
TARGETS
says attack.out '^Status Codes .* 404:5 '
says attack.out '^status 404$'

attacked 1 -rate=20 -duration=100ms -targets=stdin <<TARGETS
GET http://127.0.0.1:1/
TARGETS
says attack.out '^Status Codes .* 0:2 '
says attack.out '^connection refused$'

attacked 2 -duration=1s -targets=stdin <<TARGETS
GET http://localhost/
GET http://example.com/
TARGETS
says attack.err "^stdin:2:12: 'example.com' is neither localhost nor an address"

attacked 2 -duration=1s -targets=stdin <<TARGETS
GET http://10.0.0.1/
TARGETS
says attack.err "^stdin:1:12: '10.0.0.1' is not this machine"

attacked 2 -duration=1s -targets=stdin <<TARGETS
GET https://localhost/
TARGETS
says attack.err '^stdin:1:5: expected an URL that begins with http://'

attacked 2 -duration=1s "-targets=$folder/none"
attacked 2 -targets=stdin
attacked 2 -rate=0 -duration=1s
attacked 2 -rate=10/x -duration=1s
attacked 2 -duration=fast
attacked 2 -no-such-option
attacked 0 -help

kill -TERM "$server_id"
status=0
wait "$server_id" || status=$?
server_id=
[ "$status" -eq 0 ] || fail "the server ended with status $status"
lines=$(grep -c '^\(时间戳相同\|时间戳不同\|数据不存在\)$' "$folder/server.out")
[ "$lines" -eq 5 ] || fail "$lines lines of jobs, not 5"
logged=$(grep -c '^\[LAB\] .* | 200 | .* | GET      "/' "$folder/server.out")
[ "$logged" -eq 10 ] || fail "$logged lines of log, not 10"
