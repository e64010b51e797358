#!/bin/sh
# hostile_test.sh RACELAB HOSTILE HANDLERS: submissions that are out to fool the
# judge, to harm it or the others. Each is refused for its own reason, and then
# a right one still passes.
# shellcheck disable=SC2317 # check() calls these
racelab=$(realpath "$1") hostile=$2 handlers=$3
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

# Each with why it is refused; "judged" is one that is explored, and fails.
submissions='
pragma directive
ifdef_harness directive
macro_bomb directive
include_itself header
include_device header
include_secret header
trigraph spelling
continued continued
another_alphabet character
no_sanitize reserved
constructor reserved
thread_local reserved
no_sanitize_c23 attribute
destructor attribute
outcome harness
own_point harness
tsan_options harness
annotate harness
assembler harness
exit call
prints_verdict call
writes_descriptors call
deletes_files call
reads_environment call
asks_libuv call
looks_up_names call
catches_signals call
sets_alarm call
jumps_out call
fork_bomb call
spawns call
counts_calls state
counts_calls_inside state
writable_handler state
replaces_lab exported
replaces_malloc exported
two_handlers exported
no_handler handler
endless_compile compiler
endless_handler spins
endless_job spins
endless_callback spins
takes_memory memory
writes_everywhere crashed
crash judged
stack_overflow judged
waits_for_ever judged
thread_bomb judged
job_bomb judged
made_up judged
no_job judged
empty empty
binary text
long size
deep nesting
link file
pipe file
folder file
device file
'

# Those that are not C.
make_others() {
    : >"$here/empty.c"
    head -c 5000 "$racelab" >"$here/binary.c"
    yes 'int x;' | head -c 1000000 >"$here/long.c"
    { printf 'int x = ' && yes '(' | head -n 30000 | tr -d '\n'; } \
        >"$here/deep.c"
    ln -s /etc/passwd "$here/link.c"
    mkfifo "$here/pipe.c"
    mkdir -p "$here/folder.c/fix.c"
    ln -s /dev/zero "$here/device.c"
}

place_of() {
    if [ -f "$hostile/$1.c" ]; then
        echo "$hostile/$1.c"
    else
        echo "$here/$1.c"
    fi
}

# Two at a time, as a grader would: most of the time goes to the compiler.
check_all() {
    echo "$submissions" | while read -r name _; do
        [ -z "$name" ] || printf '%s\n%s\n' "$name" "$(place_of "$name")"
    done >"$here/list"
    # shellcheck disable=SC2016 # the inner shell expands these
    xargs -n 2 -P 2 sh -c '
        "$0" check 02 "$3" --json >"$1/$2.json" 2>"$1/$2.err" </dev/null
        echo $? >"$1/$2.status"' "$racelab" "$here" <"$here/list"
}

# A line each: name, exit status, why, what it is worth, class, and how many
# languages say more than a word of it.
summarise() {
    python3 - "$here" <<'TXT'
import glob, json, os, sys
for path in sorted(glob.glob(sys.argv[1] + "/*.json")):
    name = os.path.basename(path)[:-5]
    status = open(path[:-5] + ".status").read().strip()
    try:
        d = json.load(open(path))
    except ValueError:
        print(name, status, "no document")
        continue
    refused = d["refused"] or {"why": "judged", "says": {}}
    says = [text for text in refused["says"].values() if len(text) > 9]
    print(name, status, refused["why"], "passed" if d["passed"] else d["points"],
          d["class"], len(says))
TXT
}

# is_so NAME REST: is that its line, up to there?
is_so() {
    cp "$here/$1.json" "$here/out" && cp "$here/$1.err" "$here/err"
    grep -q "^$1 $2" "$here/summary"
}

# Refused so, in two languages, and worth nothing; or judged, and worth nothing.
is_refused() {
    case $2 in
    judged) is_so "$1" '1 judged 0 ' ;;
    *) is_so "$1" "1 $2 0 None 2\$" ;;
    esac
}

unharmed() {
    [ "$(cat victim)" = whole ] && [ "$(find . -type f | wc -l)" -eq 1 ]
}

passes() {
    status_of 0 "$racelab" check 02 "$1" --json
}

count=$(echo "$submissions" | grep -c .)
plan $((count + 5))
make_others
mkdir "$here/work" && cd "$here/work" && echo whole >victim
check_all
summarise >"$here/summary"
while read -r name why; do
    [ -z "$name" ] || check "$name: $why" is_refused "$name" "$why"
done <<TXT
$submissions
TXT
check 'a made up time is called that' is_so made_up '1 judged 0 made_up '
check 'a handler without a job is called that' is_so no_job '1 judged 0 no_job '
check 'what lies about is as it was' unharmed
check 'and a right one passes' passes "$handlers/copy.c"
check '... as another does' passes "$handlers/retain.c"
finish
