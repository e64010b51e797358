#!/bin/sh
# check_test.sh RACELAB ROOT: `racelab check`, as a student and a grader meet
# it: its texts, its document, its schedules, and what it makes of bad input.
# shellcheck disable=SC2317,SC2016,SC2046 # check() calls these; $(…) are words
racelab=$(realpath "$1") root=$2
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
handlers=$root/lab/handlers
odd=$root/tests/classroom/submissions
cd "$here" || exit 99
mkdir -p course/02-seed
cp "$handlers/raw.c" course/02-seed/fix.c

not() { ! "$@"; }

# refused MESSAGE ARGUMENT...: status 2, nothing on standard output.
refused() {
    message=$1
    shift
    status_of 2 "$racelab" check "$@" && silent out && said err "$message"
}

# holds EXPRESSION: of the document d that the last check printed; by_id gives
# its criteria.
holds() {
    python3 -c "
import json
d = json.load(open('$here/out'))
by_id = {c['id']: c for c in d['criteria']}
assert ($1)"
}

# judged STATUS FILE EXPRESSION
judged() { status_of "$1" "$racelab" check 02 "$2" --json && holds "$3"; }

# diagnosed EXPRESSION: of the folder, whose repair is right.
diagnosed() { judged 0 course/02-seed "$1"; }

the_same_twice() {
    status_of 1 "$racelab" check 02 "$handlers/locked.c" --json &&
        cp out first &&
        status_of 1 "$racelab" check 02 "$handlers/locked.c" --json &&
        cmp out first
}

# Only paths of the sources, and no address or folder of this run.
names_no_place() { ! grep -nE '/tmp|0x[0-9a-f]{6}|racelab-' out; }

# The command that the report ends a failing with, as it stands there: called
# as this one was.
command_of() { sed -n "s|^    \$ $racelab ||p" out | head -n 1; }

# shellcheck disable=SC2046 # words
replays_as_said() {
    status_of 1 "$racelab" check 02 course/02-seed/fix.c --lang en &&
        status_of 1 "$racelab" $(command_of) --lang en &&
        said out '^  A.job    时间戳不同$' &&
        said out '^A.job 时间戳不同, wrong$'
}

nothing_half_written() { [ -z "$(find course -name '*.tmp')" ]; }

without_sanitizer() (
    # shellcheck disable=SC3045 # too little for its shadow memory
    ulimit -v 8000000
    "$@"
)

plan 64
check 'without an exercise: usage' refused 'which exercise?'
check 'an exercise that there is not' refused 'no exercise "99"' 99
check 'an option that there is not' \
    refused '^racelab check: --nope is no option; see racelab check --help' \
    02 --nope
check 'a language that there is not' refused 'takes en, zh or both' 02 --lang fr
check 'a file that there is not' refused 'nowhere' 02 nowhere
check 'a word too many' refused 'not b;' 02 a b more
check 'without a file, and no course here' refused 'no such folder' 03
check '--help' status_of 0 "$racelab" check --help

check 'by number, by name and in part: the same exercise' \
    status_of 0 "$racelab" check seed "$handlers/copy.c"
check 'in English alone' \
    status_of 1 "$racelab" check 02 "$handlers/locked.c" --lang en
check '... the class is named' said out '^recognised: locked$'
check '... where it was seen' said out '(after-set, step [0-9]*)$'
check '... with a command, called as this one was' \
    said out "^    \\$ $racelab check 02 .* --replay "
check '... and not in Chinese' not said out '没有数据竞争'
check 'in Chinese alone' \
    status_of 1 "$racelab" check 02 "$handlers/locked.c" --lang zh
check '... is Chinese' said out '没有数据竞争'
check '... to its labels' \
    not said out 'FAILS\|holds\|passed\|not yet\|points\|recognised\|written'
check 'the same bytes twice' the_same_twice
check '... which name no place of this run' names_no_place

check 'a failing fix.c: its command replays what was said' replays_as_said
check '... the schedules lie beside it' \
    test -s course/02-seed/failing-outcome.sched
check '... whole' nothing_half_written
cp "$handlers/copy.c" course/02-seed/fix.c
check 'the same schedule, my fix: all is right' status_of 0 "$racelab" \
    check 02 course/02-seed/fix.c --replay course/02-seed/failing-outcome.sched

shows_my_fix() { said out '^  course/02-seed/fix.c$' && said out '^  failing-outcome.sched,'; }
check '... which is named, and so is the schedule' shows_my_fix
check 'the same schedule, the starter: it is wrong' status_of 1 "$racelab" \
    check 02 course/02-seed/fix.c --replay course/02-seed/failing-outcome.sched \
    --starter --lang en
check '... as well by its name alone, since it lies with the fix' status_of 1 \
    "$racelab" check 02 --replay failing-outcome.sched --starter --lang en
check '... and is named' said out '^  starter.c, as it was handed out$'
check 'a schedule to replay that there is not' \
    refused 'nowhere.sched: No such file' 02 course/02-seed --replay nowhere.sched
check '--starter without a schedule' refused '--starter is for --replay' \
    02 course/02-seed --starter
leaves_no_schedule() {
    status_of 0 "$racelab" check 02 course/02-seed --lang en &&
        [ -z "$(find course -name 'failing-*')" ]
}
check 'of an earlier fix no schedule stays' leaves_no_schedule
check '... and passing says what the other points are for' \
    said out '^To pass is to repair; the rest is for the diagnosis.$'
check '... which was not handed in' said out '^none *0/20  witness$'

check 'a right fix alone: the diagnosis is another matter' \
    diagnosed 'd["passed"] and d["points"] == 60 and d["class"] is None'
cp "$root"/lab/exercises/02-seed/solution/* course/02-seed
check 'with the diagnosis: all points' diagnosed 'd["points"] == 100'
sed -i 's/^1 .*/1 z/' course/02-seed/answers.txt
check 'one wrong answer of three costs a third' \
    diagnosed 'by_id["answers"]["points"] == 13 and
        "1" in by_id["answers"]["says"]["en"]'
printf ' 1. B # so\n\n2:c\n3） a\n' >course/02-seed/answers.txt
check 'answers with a point, a colon, a capital letter' \
    diagnosed 'by_id["answers"]["points"] == 20'
printf '1 b\n2 c\nthree: a\n' >course/02-seed/answers.txt
check 'an answer that is none: its line' \
    diagnosed 'by_id["answers"]["points"] == 13 and
        "Line 3 " in by_id["answers"]["says"]["en"] and
        "第 3 行" in by_id["answers"]["says"]["zh"]'
printf '1 bc\n99 a\n2147483648 a\n' >course/02-seed/answers.txt
check '... and of a question that there is not' \
    diagnosed 'by_id["answers"]["points"] == 0 and
        "Line 1 " in by_id["answers"]["says"]["en"]'
printf '1 b\n2 a\n3\n' >course/02-seed/answers.txt
check 'a wrong answer is one thing, and none another' \
    diagnosed 'by_id["answers"]["says"]["en"] ==
        "Think again about: 2. Not answered yet: 3." and
        "还没有回答：3" in by_id["answers"]["says"]["zh"]'
printf 'racelab schedule 1\nprogram raw\nrun nobody to end\n' \
    >course/02-seed/witness.sched
check 'a schedule that does not fit: where' \
    diagnosed '"witness.sched:3" in by_id["witness"]["says"]["en"] and
        by_id["witness"]["points"] == 0'
printf 'racelab schedule 1\n\033[31m\377\n' >course/02-seed/witness.sched
status_of 0 "$racelab" check 02 course/02-seed --lang en
check '... with the command that shows it on the starter' said out \
    '02 .*/fix.c --replay course/02-seed/witness.sched --starter$'
check 'a schedule of bytes that a terminal would obey' \
    diagnosed '"\x1b" not in by_id["witness"]["says"]["en"]'
head -c 100000 /dev/zero >course/02-seed/witness.sched
check 'a schedule that is too long' \
    diagnosed '"too long" in by_id["witness"]["says"]["en"]'
rm course/02-seed/witness.sched
ln -s /etc/passwd course/02-seed/witness.sched
check 'a schedule that is a link' \
    diagnosed '"not a file" in by_id["witness"]["says"]["en"]'
rm course/02-seed/witness.sched
mkfifo course/02-seed/witness.sched
check 'a schedule that is a pipe' \
    diagnosed '"not a file" in by_id["witness"]["says"]["en"]'

cp "$root/lab/exercises/02-seed/wrong/copy_kept.c" course/02-seed/fix.c
status_of 1 "$racelab" check 02 course/02-seed --lang en
check 'a leak that no access shows: its replay is no success' status_of 1 \
    "$racelab" check 02 --replay failing-leak.sched --lang en
check '... and says why' said out '^  A copy of a context is never freed.$'
check '... as a document, too' status_of 1 \
    "$racelab" check 02 --replay failing-leak.sched --json
check 'where all that was touched is its own, what was reported' \
    judged 1 "$odd/early_copy.c" 'd["class"] == "early_copy" and
        "reports \"数据不存在\"" in by_id["outcome"]["says"]["en"] and
        "报告“数据不存在”" in by_id["outcome"]["says"]["zh"]'
check 'what a job compares with is put back' \
    judged 1 "$odd/forgets.c" 'd["class"] == "raw"'
check 'a job that is left out of one request costs the repair' \
    judged 1 "$odd/half.c" 'd["class"] == "no_job" and d["points"] == 0'
check 'a leak behind more blocks than are followed' \
    judged 1 "$odd/hides_leak.c" 'd["class"] == "memory_kept" and
        not by_id["leak"]["passed"] and by_id["race"]["passed"]'
check 'a crash: who, and after which step' \
    judged 1 "$odd/null.c" 'd["class"] == "crash" and
        "A.job crashed after step" in by_id["outcome"]["says"]["en"] and
        "A.job 在第" in by_id["outcome"]["says"]["zh"] and
        by_id["outcome"]["schedule"]'
check 'a race where no point is: function and line, by ThreadSanitizer' \
    judged 1 "$odd/unmarked_race.c" \
    '"read_and_count, fix.c:10" in by_id["race"]["says"]["en"] and
        d["class"] == "shared"'
check 'a race that a point marks is the harness'"'"'s, too' \
    without_sanitizer judged 1 "$handlers/raw.c" \
    'not d["thread_sanitizer"] and not by_id["race"]["passed"]'
check '... which is said' without_sanitizer status_of 1 \
    "$racelab" check 02 "$handlers/raw.c" --lang en
check '... by name' said out 'race (harness; TSan cannot start here)'
check 'where the sanitizer cannot start a right fix passes' \
    without_sanitizer status_of 0 "$racelab" check 02 "$handlers/copy.c"
printf 'static int x = "\344\270";\n' >bad.c
check 'a file that is no text' \
    judged 1 bad.c 'd["refused"]["why"] == "text" and d["points"] == 0'
sed 's/context_copy(c)/context_copy(c, 1)/' "$handlers/copy.c" >bad.c
mistaken=$(grep -n 'context_copy(c, 1)' bad.c | tail -n 1 | cut -d : -f 1)
check 'a mistake in a call: its line, and the name that was written' \
    judged 1 bad.c "d['refused']['line'] == $mistaken and
        'context_copy' in d['refused']['says']['en'] and
        'classroom' not in d['refused']['says']['en']"
sed 's/wallclock_ms();/wallclock_ms() + y;/' "$handlers/copy.c" >bad.c
mistaken=$(grep -n ' + y;' bad.c | tail -n 1 | cut -d : -f 1)
check '... and of any other' judged 1 bad.c "d['refused']['line'] == $mistaken"
printf 'int 数据;\n' >bad.c
check 'what was not run fails nothing' \
    status_of 1 "$racelab" check 02 bad.c --lang en
says_not_run() { said out '^    Nothing of it was run' && not said out '^FAILS'; }
check '... and that it was not run is said' says_not_run
check 'what does not compile says so in both languages' judged 1 bad.c \
    'd["refused"]["says"]["en"] and d["refused"]["says"]["zh"]'
finish
