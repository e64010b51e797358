#!/bin/sh
# attack_test.sh SERVER ATTACK - the seed's load on the seed's server, by the
# real clock: ten requests at ten a second, all answered, and five jobs that
# each print a line. Which line is luck here; that is what the harness is for.
# shellcheck disable=SC2317 # check() calls the functions below
server=$1 attack=$2
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

list=$here/targets.txt
target() { printf '%s\n' "$@" >"$list"; }

# TSan's word on the race is not what is tested here.
TSAN_OPTIONS="${TSAN_OPTIONS:+$TSAN_OPTIONS:}report_bugs=0" \
    "$server" --port 0 --delay 100ms --loops 1 \
    >"$here/server.out" 2>"$here/server.err" &
server_id=$!
trap 'kill -KILL $server_id 2>"$here/ignored"; rm -rf "$here"' EXIT

# listens: within three seconds the server says where.
listens() {
    for tenth in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 \
        21 22 23 24 25 26 27 28 29 30; do
        url=$(sed -n 's/^listening on //p' "$here/server.out")
        [ -n "$url" ] && return
        sleep 0.1
    done
    echo "# no address after $tenth tenths of a second"
    return 1
}

# lines N PATTERN: that many lines of the server's output fit.
lines() { [ "$(grep -c -e "$2" "$here/server.out")" -eq "$1" ]; }

ends_with() {
    wait "$server_id"
    [ $? -eq "$1" ]
}

plan 27
check 'the server says where it listens' listens

target '# as the seed' "GET $url/test" "GET $url/healthcheck"
check 'the load of the seed succeeds' \
    status_of 0 "$attack" -rate=10 -duration=1s -targets="$list"
check 'it is ten requests' said out '^Requests .* 10, '
check 'all are answered with 200' said out '^Status Codes .* 200:10 '
check 'its success is 100 %' said out '^Success .* 100.00%$'

target "GET $url/nowhere" 'X-Request-Id: A' '' "GET $url/none"
check 'an answer that is no success is a finding' \
    status_of 1 "$attack" -rate 100/1s -duration 50ms -targets "$list"
check 'the report counts it' said out '^Status Codes .* 404:5 '
check 'the report names it' said out '^status 404$'

target 'GET http://127.0.0.1:1/'
check 'no server is a finding' \
    status_of 1 "$attack" -rate=20 -duration=100ms -targets="$list"
check 'the report counts it as 0' said out '^Status Codes .* 0:2 '
check 'the report gives the reason' said out '^connection refused$'

# refuses PATTERN LINE...: a list with these lines is refused, for that reason.
refuses() {
    pattern=$1
    shift
    target "$@"
    status_of 2 "$attack" -duration=1s -targets="$list" &&
        said err "targets.txt:$pattern"
}
check 'a host that only a name server knows is refused' \
    refuses "2:12: 'example.com' is neither" \
    'GET http://[::1]/' 'GET http://example.com/'
check 'another machine is refused' \
    refuses "1:12: '10.0.0.1' is not this machine" 'GET http://10.0.0.1/'
check 'https is refused' \
    refuses '1:5: expected an URL that' 'GET https://localhost/'
check 'a bad port is refused' \
    refuses '1:21: expected :PORT' 'GET http://localhost:99999/'
check 'a header needs a target' refuses '1:1: a header without' 'Name: value'
check 'a body that is not there is refused' \
    refuses '2:2: .*No such file' 'POST http://localhost/' '@/nowhere/at/all'

check 'a list that is not there is trouble' \
    status_of 2 "$attack" -duration=1s -targets="$here/none"
check 'a duration must be given' status_of 2 "$attack" -targets="$list"
check 'a rate of 0 is trouble' status_of 2 "$attack" -rate=0 -duration=1s
check 'a time without a unit is trouble' status_of 2 "$attack" -duration=1
check 'an unknown option is trouble' status_of 2 "$attack" -no-such-option
check '-help is not' status_of 0 "$attack" -help

kill -TERM "$server_id"
check 'SIGTERM ends the server well' ends_with 0
check 'it has logged the ten requests as Gin does' \
    lines 10 '^\[LAB\] .* | 200 | .* | GET      "/'
check 'five jobs have printed a line' \
    lines 5 '^\(时间戳相同\|时间戳不同\|数据不存在\)$'
check 'nothing went wrong' test "$(grep -c -v waiting "$here/server.err")" -eq 0
finish
