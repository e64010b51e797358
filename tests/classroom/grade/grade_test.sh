#!/bin/sh
# grade_test.sh RACELAB - what `racelab grade` makes of what students sent, by a
# judge that behaves as it is told (judge.sh).
# shellcheck disable=SC2317,SC2016 # check() calls these; the $ are not ours
racelab=$(realpath "$1")
tests=$(realpath "$(dirname "$0")")
# shellcheck source=tests/tap.sh
. "$tests/../../tap.sh"
judge=$tests/judge.sh
export SLEEPS=$((31557600 + $$))
class=$here/class

# hands_in KIND [STUDENT [FOLDER]]
hands_in() {
    mkdir -p "$class/${2:-$1}/${3-02-seed}"
    echo "$1" >"$class/${2:-$1}/${3-02-seed}/kind"
}
new_class() { rm -rf "$class" && mkdir "$class"; }

# grade STATUS ARGUMENT...: one exercise, unless they say more.
grade() {
    wanted_status=$1
    shift
    status_of "$wanted_status" "$racelab" grade "$class" --exercise 02 \
        --judge "$judge" --lang en "$@"
}
prints() { cat >"$here/wanted" && diff "$here/wanted" "$here/out" >&2; }
refused() { # MESSAGE ARGUMENT...
    message=$1
    shift
    status_of 2 "$racelab" grade "$@" && silent out &&
        [ "$(cat "$here/err")" = "racelab grade: $message" ]
}
python() { python3 "$tests/$1" "$here/$2"; }
# For about a year, and nobody else for just as long.
none_is_left() { ! pgrep -f "sleep $SLEEPS" >&2; }

plan 51

# What it is told.
helps() { status_of 0 "$racelab" grade --help && silent err && said out '--junit FILE'; }
check '--help names the forms' helps
check 'help grade is the same' status_of 0 "$racelab" help grade
see='see racelab grade --help'
check 'no folder is named' refused "a folder is wanted; $see"
check 'two are' refused "b: one folder is wanted, not more; $see" a b
check 'an option that it does not know' \
    refused "--nope is no option; $see" . --nope
check 'an option without its argument' \
    refused "--csv wants an argument; $see" . --csv
check 'a number of judges that is none' \
    refused "--jobs takes 1 to 256, not 0; $see" . --jobs 0
check 'a language that it does not speak' \
    refused "--lang takes en, zh or both, not fr; $see" . --lang fr
check 'a judge that cannot be started' \
    refused "--judge takes a program to start, not /dev/null; $see" \
    . --judge /dev/null
check 'an exercise that is not there' \
    refused "99: there is no such exercise; $see" . --exercise 99
check 'a folder that is not there' \
    refused "$here/nowhere: No such file or directory" "$here/nowhere"
new_class
check 'a class of nobody' refused "$class: no folder of a student in it; one \
folder a student is wanted, with folders like 02-seed in each" "$class"
mkdir "$class/02-seed"
check 'a student instead of a class' refused "$class/02-seed: an exercise \
stands where the folder of a student should; name the folder that holds those \
of all students, or grade one with --gradescope FILE" "$class"

# The table.
new_class
for kind in pass late_copy refused unknown; do hands_in $kind; done
hands_in pass asks course/02-seed
hands_in late_copy 张三丰
hands_in pass flat ''
echo >"$class/notes.txt"
mkdir "$class/.git"
table_is_whole() {
    grade 0 && prints <<'TXT'
student   02-seed      total
asks          100    100/100
flat          100    100/100
late_copy      45     45/100
pass          100    100/100
refused        40     40/100
unknown        40     40/100
张三丰         45     45/100

late_copy
  02-seed 45/100 late_copy: it copies inside the job

refused
  02-seed 40/100 refused: line 3: #pragma

unknown
  02-seed 40/100 does not hold: Every job prints its own

张三丰
  02-seed 45/100 late_copy: it copies inside the job

02-seed  3 of 7 passed; late_copy 2, refused 1
TXT
}
check 'a table: points, then what is behind those that are missing' \
    table_is_whole
passes_over() {
    [ "$(cat "$here/err")" = "racelab grade: $class/notes.txt: not a folder: \
passed over" ]
}
check '... a file beside the students is passed over, and named' passes_over
chinese() {
    grade 0 --lang zh && said out '^学生 .*总分$' &&
        said out '^  02-seed 45/100 late_copy：在任务里才复制$' &&
        said out '^  02-seed 40/100 未达到：每个任务打印自己的数据$' &&
        said out '^02-seed  7 份中 3 份通过; late_copy 2' && ! said out 'student'
}
check 'the same in Chinese' chinese
both() {
    status_of 0 "$racelab" grade "$class" --exercise 02 --judge "$judge" &&
        said out '^  02-seed 45/100 late_copy: it copies inside the job$' &&
        said out '^    late_copy：在任务里才复制$'
}
check 'and in both, unless it is told' both

# All exercises: a column each.
wide() {
    status_of 0 "$racelab" grade "$class" --judge "$judge" --lang en \
        --junit "$here/wide.xml" && python junit_schema.py wide.xml &&
        said out '^student   *01   *02 .* total$' &&
        said out '^pass   *-  *100 .* 100/' && said out '^-  not handed in$' &&
        [ "$(awk '{ if (length > 80) print }' "$here/out")" = '' ]
}
check 'all exercises are columns; what is absent is a dash' wide

# The forms of it.
cp "$here/out" "$here/before"
forms() { grade "$1" --csv "$here/$2.csv" --junit "$here/$2.xml" --json --limit "${3:-30}" --jobs "${4:-2}" && mv "$here/out" "$here/$2.json"; }
check 'the forms are written' forms 0 one
csv_is() {
    printf '%s\r\n' 'student,02-seed,02-seed note,total,total_max' \
        'asks,100,,100,100' 'flat,100,,100,100' \
        'late_copy,45,late_copy,45,100' 'pass,100,,100,100' \
        'refused,40,refused,40,100' 'unknown,40,,40,100' \
        '张三丰,45,late_copy,45,100' | diff - "$here/one.csv" >&2
}
check '--csv: one row a student' csv_is
check '--junit: valid by the schema, and it counts right' \
    python junit_schema.py one.xml
check '--json: all that the judges said' python grade_json.py one.json
if command -v xmllint >/dev/null; then
    check '... xmllint says so too' xmllint --noout \
        --schema "$tests/junit.xsd" "$here/one.xml" 2>"$here/err"
else
    skip 'no xmllint' '... xmllint says so too'
fi
junit_says() {
    grep -qF 'message="A &lt;read&gt; &amp; &quot;B�[31m&#10;data"' "$here/one.xml"
}
check '... what is illegal in XML is replaced, the rest escaped' junit_says

# Whatever students are called.
new_class
long=$(printf '%0255d' 7)
hands_in pass "$(printf 'new\nline')"
hands_in pass "$(printf '\033[31mred')"
hands_in pass "$(printf '\377\300\257')"
hands_in pass '=HYPERLINK("x","y")'
hands_in pass '+1'
hands_in pass '@cmd'
hands_in pass '-exercise'
hands_in pass '<&>"'"'"
hands_in pass "$(printf '\342\200\256evil\302\205')" # turns the direction
hands_in pass 'back\slash'
hands_in pass "$long"
hands_in pass ' '
check 'students of any name are judged' forms 0 named
names_are_shown() {
    grade 0 && said out '^new\\x0aline  *100 ' && said out '^\\x1b\[31mred ' &&
        said out '^\\xff\\xc0\\xaf ' && said out '^\\u{202e}evil\\u{85} ' &&
        said out '^back\\\\slash ' && said out "^0\{25\}…  *100 " &&
        said out '^\\x20  *100 ' &&
        ! LC_ALL=C grep -q "$(printf '[\001-\011\013-\037\177]')" "$here/out"
}
check '... and shown on a line each, with nothing that a terminal obeys' \
    names_are_shown
check '... the rows of the CSV have one width, and no cell is a formula' \
    python grade_csv.py named.csv
check '... the XML is valid' python junit_schema.py named.xml
check '... the JSON is valid' python grade_json.py named.json

# Whatever they send.
new_class
for kind in pass hang crash loud complains empty too_many another contradicts \
    escapes none left holds; do
    hands_in $kind
done
mkdir -p "$class/inner" "$class/nothing"
ln -s "$class/pass" "$class/link"
ln -s ../pass/02-seed "$class/inner/02-seed"
mkfifo "$class/pipe"
mkdir -p "$class/file" && echo >"$class/file/02-seed"
check 'a submission that cannot be judged is a finding' forms 1 sent 3
marks_say_why() {
    tr -d '\r' <"$here/sent.csv" | cut -d, -f1-3 >"$here/out"
    prints <<'TXT'
student,02-seed,02-seed note
another,0,garbled
complains,0,trouble
contradicts,0,garbled
crash,0,killed
empty,0,garbled
escapes,0,garbled
file,0,no-folder
hang,0,time
holds,100,
inner,0,no-folder
left,100,
link,0,no-folder
loud,0,output
none,0,trouble
nothing,0,trouble
pass,100,
pipe,0,no-folder
too_many,0,garbled
TXT
}
check '... each mark says why, and nobody else is harmed' marks_say_why
check '... nothing that a judge started is left' none_is_left
mkdir "$here/rest" && mv "$class"/* "$here/rest"
hands_in hang a
hands_in looks b
check '... not even while others are judged' grade 1 --jobs 1 --limit 1
looked() { said out '^a .* ?  ' && said out '^b  *100 '; }
check '... as one of them has seen' looked
rm -rf "$class" && mv "$here/rest" "$class"
rows_say_why() {
    grade 1 --limit 3 && said out '^  02-seed 0/100 it cannot be judged: fix.c: �\[31mno such file$' &&
        said out '^  02-seed 0/100 the judge was stopped after 3 s$' &&
        said out '^  02-seed 0/100 the judge was killed by signal 11 (Seg' &&
        ! said out '/and/a/path'
}
check '... in a sentence' rows_say_why
check '... the XML is valid' python junit_schema.py sent.xml
check '... the JSON is valid' python grade_json.py sent.json
same_again() {
    forms 1 again 3 7
    for form in csv xml json; do
        cmp "$here/sent.$form" "$here/again.$form" >&2 || return 1
    done
}
check 'the same submissions give the same bytes, however many at a time' \
    same_again

# Files that cannot be written, before any work is done.
new_class
hands_in pass
export JUDGED="$here/judged"
unwritable() { # FILE MESSAGE
    rm -f "$JUDGED"
    grade 2 --csv "$1" && silent out && ! [ -e "$JUDGED" ] &&
        [ "$(cat "$here/err")" = "racelab grade: $1: $2" ]
}
check 'a file in no folder is refused before any judge starts' \
    unwritable "$here/no/x.csv" 'No such file or directory'
check 'so is what is no file' \
    unwritable /dev/null 'is there, and is no file to be replaced'
judged() { grade 0 --csv "$here/x.csv" && [ -e "$JUDGED" ]; }
check '... and else they do start' judged
no_drafts() { [ "$(ls "$here"/x.csv*)" = "$here/x.csv" ]; }
check 'beside a file that was written no other is left' no_drafts
unset JUDGED

# One submission, for Gradescope.
one() { # STATUS ARGUMENT...
    status=$1
    shift
    status_of "$status" "$racelab" grade "$class/one" --judge "$judge" \
        --gradescope "$here/results.json" --lang en "$@"
}
new_class
hands_in pass one 01-predict
hands_in late_copy one course/02-seed
check '--gradescope: one submission' one 0
check '... results.json is of the documented shape' \
    python gradescope_shape.py results.json
result() { python3 -c "
import json, sys
r = json.load(open(sys.argv[1]))
t = {x['name']: x for x in r['tests']}
sys.exit(not ($1))" "$here/results.json"; }
check '... a test a criterion, and one for what was not handed in' result "
t['02-seed: Every job prints its own']['score'] == 5 and
t['02-seed: Every job prints its own']['status'] == 'failed' and
t['02-seed: Answers']['status'] == 'passed' and
t['02-seed: Answers']['output'] == '' and
'    racelab check 02 ./fix.c --replay ./f.sched' in
t['02-seed: Every job prints its own']['output'].split(chr(10)) and
t['02-seed: Every job prints its own']['output'].endswith('send A'+chr(10)) and
'not handed in' == t['03-middleware']['output'] and
'Not complete' not in r['output']"
hands_in hang one
rm "$here/results.json"
stopped() { # SIGNAL STATUS PYTHON ARGUMENT...
    python3 "$tests/stop.py" "$here" "$1" "$2" "$3" "$racelab" grade \
        --judge "$judge" --jobs 1 --lang en "$4" "$5" "$6"
}
early='"01-predict: Answers" in read("results.json")'
check '... written early: after a signal it has what is known' \
    stopped INT 130 "$early" "$class/one" --gradescope "$here/results.json"
check '... and says that it is not complete' result "
'Not complete' in r['output'] and
t['02-seed']['output'] == 'not judged yet' and
t['01-predict: Answers']['score'] == 40"
check '... in the documented shape' python gradescope_shape.py results.json

# Ctrl-C, and how far it is.
new_class
hands_in pass a
hands_in hang b
hands_in pass c
rm -f "$here/x.csv"
check 'Ctrl-C: 130' stopped INT 130 '"judged" in read("err")' \
    "$class" --csv "$here/x.csv"
what_is_known() {
    said out '^Not complete: ' && said out '^a .* 100/' && said out '^b .*  \.' &&
        said err 'interrupted: ' && ! [ -e "$here/x.csv" ] && none_is_left
}
check '... the table has what is known, no other file is written, none is left' \
    what_is_known
check 'after two seconds it says how far it is' said err ' of [0-9]* judged$'
finish
