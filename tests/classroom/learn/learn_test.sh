#!/bin/sh
# learn_test.sh RACELAB SOURCE: the course, as a student takes it at a terminal:
# list, hints, judgements, watch, progress; wide and narrow, with colour and
# without, in both languages.
# shellcheck disable=SC2317,SC2016 # check() calls these; the ` are text
racelab=$(realpath "$1") exercises=$(realpath "$2/lab/exercises")
session=$(realpath "$(dirname "$0")/session.py")
columns=$(realpath "$(dirname "$0")/../../show/columns.py")
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../../tap.sh"
cd "$here" || exit 99
export LC_ALL=C TERM=xterm
unset NO_COLOR RACELAB_DEBUGGER
seed=course/02-seed
escape=$(printf '\033')

# learn STATUS WORD...: in a pipe.
learn() {
    learn_status=$1
    shift
    status_of "$learn_status" "$racelab" learn "$@"
}
# at_terminal STATUS STEP... -- WORD...
at_terminal() {
    terminal_status=$1
    shift
    terminal_steps=
    while [ "$1" != -- ]; do
        terminal_steps="$terminal_steps '$1'"
        shift
    done
    shift
    eval "status_of $terminal_status python3 '$session' $terminal_steps -- \
        '$racelab' learn \"\$@\""
}
progress_says() { grep -q "$1" course/progress.json; }
solve() { cp "$exercises/02-seed/solution.c" "$seed/fix.c"; }
fits() { python3 "$columns" "$1" "$here/out"; }

lists_all() {
    learn 0 && silent err || return
    for listed in "$exercises"/[0-9]*; do
        said out "^  $(basename "$listed")  *not begun  ." || return
    done
}
hands_out() {
    learn 0 show 02 && said out "new: $seed/fix.c" &&
        cmp "$exercises/02-seed/starter.c" "$seed/fix.c" &&
        grep -q '^program 02-seed$' "$seed/witness.sched" &&
        grep -q '^1 $' "$seed/answers.txt" && grep -q '^## Task' "$seed/README.md"
}
begins_with_the_first() {
    learn 0 next && said out '^01-predict: ' && [ -f course/01-predict/README.md ]
}
keeps_what_is_there() {
    echo '// mine' >>"$seed/fix.c"
    cp "$seed/fix.c" mine.c
    learn 0 show seed && ! said out 'new:' && cmp "$seed/fix.c" mine.c
}
# gives_hint N: that one and no other.
gives_hint() {
    learn 0 hint 2 && said out "^Hint $1 of 3$" &&
        [ "$(grep -c '^Hint' "$here/out")" = 1 ]
}
has_no_more_hints() {
    learn 0 hint 2 && ! said out '^Hint' && said out 'These are all'
}
gives_all_hints() {
    learn 0 hint 2 --all && [ "$(grep -c '^Hint' "$here/out")" = 3 ]
}
refuses_solution() { learn 1 solution 02 && silent out && said err 'is passed'; }
fails() {
    learn 1 check 02 && said out '^02-seed is not passed yet' &&
        progress_says '"checks": 1,$'
}
passes() {
    solve
    learn 0 check 02 && said out '^02-seed is passed' &&
        progress_says '"passed": true$'
}
shows_solution() {
    learn 0 solution 02 && said out 'context_copy(c)' &&
        said out '^solution.c$' && [ "$(wc -l <"$here/out")" -gt 40 ]
}
shows_schedules() {
    printf '{"racelab progress": 1, "exercises": {"01-predict": {"passed": true}}}' \
        >course/progress.json
    learn 0 solution 01 && said out '^solution/missing.sched$' &&
        said out '^solution/silent.sched$'
}
resets() {
    learn 0 reset 02 && said out "kept as $seed/fix.c.$1" &&
        cmp "$exercises/02-seed/starter.c" "$seed/fix.c"
}
keeps_both() {
    cmp "$exercises/02-seed/solution.c" "$seed/fix.c.1" &&
        cmp "$exercises/02-seed/starter.c" "$seed/fix.c.2"
}
resets_answers() {
    echo '1 b' >"$seed/answers.txt"
    learn 0 reset 02 answers.txt && grep -q '^1 b$' "$seed/answers.txt.1" &&
        grep -q '^1 $' "$seed/answers.txt"
}
resets_schedules() {
    learn 0 reset 01 && [ -f course/01-predict/missing.sched.1 ] &&
        [ -f course/01-predict/silent.sched.1 ] &&
        [ ! -e course/01-predict/answers.txt.1 ]
}

plan 72
check 'without a word every exercise is listed, and none is begun' lists_all
check '... the command for the next one stands below' \
    said out "^    $racelab learn next$"
check '... and nothing is written for that' [ ! -e course ]
check 'next begins with the first exercise' begins_with_the_first
check 'show hands out the starter, a schedule, the questions and the text' \
    hands_out
check 'what a student has changed stays' keeps_what_is_there
check 'the first hint comes first' gives_hint 1
check '... then the second' gives_hint 2
check '... then the third' gives_hint 3
check '... and then no more' has_no_more_hints
check '--all shows them once more' gives_all_hints
check 'how many were taken is remembered' progress_says '"hints": 3$'
check 'the solution is not shown before passing' refuses_solution
earns_nothing() {
    for name in 01-predict 02-seed; do
        learn 0 show "$name" --dir fresh || return
        status_of 1 "$racelab" check "$name" "fresh/$name" --json || return
        [ "$(jq_of 'sum(c["points"] for c in d["criteria"]
            if c["id"] in ("witness", "answers"))')" = 0 ] || return
    done
}
jq_of() {
    python3 -c "import json, sys; d = json.load(sys.stdin); print($1)" \
        <"$here/out"
}
cp "$exercises/02-seed/starter.c" "$seed/fix.c"
check 'what is handed out earns no point of the diagnosis' earns_nothing
check 'the starter does not pass' fails
check 'the solution does' passes
check '... and is shown then, with its discussion' shows_solution
learn 0
check 'the list says what is passed' said out '^  02-seed  *passed'
check 'reset gives the starter back and keeps the fix' resets 1
check 'once more, under another name' resets 2
check '... and loses neither' keeps_both
check 'reset of one file' resets_answers
check 'reset of an exercise without a fix: the schedules' resets_schedules
check 'reset of a file that is none of them' learn 2 reset 02 passwd
check 'who has passed once has passed' learn 0 solution 02
check 'an exercise without a fix has its schedules shown' shows_schedules
check 'an exercise that was not begun has no judgement' learn 2 check 03
check '... and it is said how to begin' said err "^    $racelab learn show 03-"

in_chinese() {
    learn 0 lang zh && said out 中文 && learn 0 && said out '进行中' &&
        learn 0 hint 1 && said out '^提示 1'
}
follows_the_language() {
    learn 0 show 02 && grep -q '^## 任务' "$seed/README.md" &&
        grep -q '请' "$seed/answers.txt"
}
keeps_an_answer() {
    printf '1 b\n' >"$seed/answers.txt"
    learn 0 show 02 --lang en && grep -q '^## Task' "$seed/README.md" &&
        [ "$(cat "$seed/answers.txt")" = '1 b' ]
}
of_the_terminal() {
    LC_ALL=zh_CN.UTF-8 learn 0 list --dir elsewhere && said out '未开始'
}
check 'lang zh: the course is in Chinese from then on' in_chinese
check 'a text that is as it was handed out follows the language' \
    follows_the_language
check '... one that was changed does not' keeps_an_answer
check '--lang en is for one time' learn 0 list
learn 0
check '... as the next list shows' said out '进行中'
check 'until one is chosen the language is that of the terminal' of_the_terminal
learn 0 lang en

survives() {
    printf '{"racelab progress": 1, "exercises": {"02-se' >course/progress.json
    cp course/progress.json broken
    learn 0 && said err 'is not a file of progress (line 1:' &&
        cmp broken course/progress.json.broken
}
begins_anew() { learn 0 && silent err && said out '^  02-seed  *begun'; }
check 'a broken progress file is kept, and said to be broken' survives
check '... and the course goes on with an empty one' begins_anew

refused() {
    refused_message=$1
    shift
    learn 2 "$@" && silent out && said err "$refused_message"
}
as_json() {
    learn 0 list --json &&
        [ "$(jq_of '[x["state"] for x in d["exercises"]][1]')" = begun ]
}
quotes_for_the_shell() {
    learn 0 --dir "my course's" && said out " learn next --dir 'my course'.*'s'$"
}
no_folder() {
    learn 2 show 02 --dir /dev/null/x &&
        said err '/dev/null/x/02-seed cannot be made: Not a dir'
}
check 'list --json is one JSON document' as_json
check 'a folder with a space is one word in the command below' \
    quotes_for_the_shell
# From a folder of the course, or from the course's.
from_within() (
    cd "$1" || exit
    "$racelab" learn --lang en >"$here/out" && said out "(in $2)$" &&
        "$racelab" learn show 02-seed --lang en >"$here/out" &&
        said out " learn check 02-seed --dir $2$" &&
        status_of 1 "$racelab" check 02 --lang en && said out "^$2/02-seed/fix.c$"
)
check 'within the course it is the same course' from_within course ../course
check '... and within an exercise of it' from_within course/02-seed ../../course
beside_another() (
    mkdir -p theirs/course/01-intro theirs/racelab && cd theirs/racelab &&
        "$racelab" learn --lang en >"$here/out" && said out '(in course)$'
)
check '... and a folder beside it that has the name alone is none' beside_another
check 'an exercise that there is not' refused 'there is no exercise "99"' show 99
check 'a word that there is not' refused '"shoe" is none of list next' shoe
check 'an option that there is not' refused '--nope is no option' --nope
check 'an option without its argument' refused '--dir wants an argument' list --dir
check 'a language that there is not' refused '--lang takes en or zh, not fr' --lang fr
check 'lang without a language' refused 'lang wants en or zh' lang
check 'an option of another word' refused '--poll is for watch' check 02 --poll
check 'a word too many' refused '02: not expected' next 02
check '--help says its exit status' learn 0 --help
check '... there' said out '^Exit status: 0'
check 'a folder that cannot be made' \
    no_folder

all_fit() {
    for fit_language in en zh; do
        for fit_exercise in "$exercises"/[0-9]*; do
            fit_name=$(basename "$fit_exercise")
            NO_COLOR=1 at_terminal 0 -- show "$fit_name" \
                --lang "$fit_language" &&
                python3 "$columns" "$here/out" &&
                NO_COLOR=1 at_terminal 0 -- hint "$fit_name" --lang "$fit_language" &&
                python3 "$columns" "$here/out" || return
        done
    done
}
# Commands, code and tables stay whole.
narrow() {
    NO_COLOR=1 at_terminal 0 columns:40 -- "$@" &&
        grep -v '^    \|^|' "$here/out" |
        python3 "$(dirname "$session")/narrow.py" 40 >"$here/err"
}
in_colour() { at_terminal 0 -- show 02 && said out "^$escape\[1m02-seed: "; }
without_colour() {
    NO_COLOR=1 at_terminal 0 -- show 02 && ! said out "$escape" &&
        cp "$here/out" plain && learn 0 show 02 && cmp plain "$here/out"
}
on_a_dumb_terminal() {
    TERM=dumb at_terminal 0 -- show 02 && ! said out "$escape"
}
same_words() {
    at_terminal 0 -- show 02 &&
        sed "s/$escape\[[01]m//g" "$here/out" | cmp - plain
}
check 'every text fits 80 columns, in both languages' all_fit
check 'a list in 40 columns' narrow list
check 'a text in 40 columns' narrow show 02
check 'a Chinese text in 40 columns' narrow show 02 --lang zh
check 'headings stand out on a terminal' in_colour
check 'with NO_COLOR they are what they are in a pipe' without_colour
check 'on a dumb terminal too' on_a_dumb_terminal
check 'colour adds no word and takes none' same_words

cp "$exercises/02-seed/starter.c" "$seed/fix.c"
watches() {
    at_terminal 0 'wait:not passed yet' "wait:$1" \
        "run:cp '$exercises/02-seed/solution.c' $seed/fix.c" \
        'wait:is passed' 'wait:Ctrl-C ends' 'key:^C' -- watch 02 &&
        said out 'Judgements: 2, passed: 1;'
}
watches_by_polling() {
    at_terminal 1 'wait:is passed' 'wait:looking every' \
        "run:cp '$exercises/02-seed/starter.c' new && mv new $seed/fix.c" \
        'wait:not passed yet' 'wait:Ctrl-C ends' 'key:^C' -- watch 02 --poll &&
        said out 'Judgements: 2, passed: 1;'
}
follows_a_resize() {
    NO_COLOR=1 at_terminal 0 'wait:Ctrl-C ends' columns:40 \
        "run:cp '$exercises/02-seed/solution.c' $seed/fix.c" \
        'wait:is passed' 'wait:Ctrl-C' 'key:^C' -- watch 02 --lang en &&
        sed '1,/Ctrl-C ends/d' "$here/out" | grep -v '^    [$/]' |
        python3 "$(dirname "$session")/narrow.py" 40 >"$here/err"
}
moves_no_cursor() { ! grep -q "$escape\[[0-9;]*[^0-9;m]" "$here/out"; }
check 'watch: a judgement on each save' \
    watches '(told by the system)'
check '... no cursor is moved' moves_no_cursor
check 'watch --poll: the same by looking, for an editor that renames' \
    watches_by_polling
check 'watch: a resize counts from the next judgement on' follows_a_resize
check 'what was passed while watching is remembered' \
    progress_says '"passed": true$'

# A debugger that says what it was called with.
debugs() {
    cp "$exercises/02-seed/starter.c" "$seed/fix.c"
    learn 1 check 02
    RACELAB_DEBUGGER='echo called -with' learn 0 debug 02 &&
        said out "^called -with .*/fix.so .* replay $seed/failing-outcome.sched"
}
debugs_file() {
    RACELAB_DEBUGGER='echo' learn 0 debug 02 witness.sched &&
        said out " replay $seed/witness.sched"
}
debugs_starter() {
    RACELAB_DEBUGGER='echo' learn 0 debug 01 &&
        said out ' replay course/01-predict/missing.sched'
}
names_gdb() {
    RACELAB_DEBUGGER=/no/such learn 2 debug 02 &&
        said err '/no/such cannot be started' && said err 'nstall'
}
names_error() {
    echo 'int' >"$seed/fix.c"
    learn 2 debug 02 && said err "^$seed/fix.c:"
}
leaves_nothing() { [ -z "$(ls "$TMPDIR")" ]; }
enter='
'
# The breakpoint is in the student's own file; Ctrl-C is the debugger's.
stops_in_the_handler() {
    cp "$exercises/02-seed/starter.c" "$seed/fix.c"
    TERM=dumb at_terminal 0 'wait:(gdb)' "key:break fix.c:19$enter" \
        'wait:(gdb)' "key:run$enter" 'wait:fix.c:19' 'wait:(gdb)' 'key:^C' \
        'wait:Quit' "key:delete$enter" 'wait:y or n' "key:y$enter" \
        'wait:(gdb)' "key:cont$enter" 'wait:A.job    时间戳不同' \
        'wait:(gdb)' "key:quit$enter" -- debug 02
}
mkdir temporary
export TMPDIR="$here/temporary"
check 'debug: the debugger gets a schedule that defeats the fix' debugs
check '... or the one that is asked for' debugs_file
check '... or in an exercise without a fix the first of its own' debugs_starter
check 'a debugger that there is not: how to get one' names_gdb
check 'what does not compile is not debugged' names_error
if command -v gdb >"$here/out"; then
    check 'gdb stops in the file of the student' stops_in_the_handler
else
    skip 'no gdb' 'gdb stops in the file of the student'
fi
check 'nothing is left behind' leaves_nothing
finish
