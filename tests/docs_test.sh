#!/bin/sh
# docs_test.sh ROOT BUILD KIND - what the documents say, done: every command in
# their ```sh blocks is run, in a copy of the source tree ROOT in which build/
# and build-tsan/ are BUILD. KIND is `thread` where ThreadSanitizer looks on;
# then the blocks that name build-tsan/ are run, else those that name build/. A
# block that names neither goes with the one before it.
#
# What a document can say, in a comment on the line before a block:
#
#   <!-- not run: reason -->
#   <!-- in a tree of its own -->           sh: it changes sources and builds
#   <!-- output of the command above -->    text: it is, to the byte
#   <!-- the end of the output of the command above -->
#   <!-- file PATH -->                      text: it is that file's
#
# A command ends well, or with N if `# exit N` is behind it. A block in which a
# line ends with `&` is one script. English and Chinese have the same blocks, so
# the English ones are run.
# shellcheck disable=SC2317 # check() calls the functions below
root=$1 build=$2 kind=$3
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
tree=$here/tree blocks=$here/blocks
# What is built here is run a few times: less time goes to the compiler.
export CFLAGS=-O0

# copy_tree DIRECTORY: the sources, without what was built from them.
copy_tree() {
    mkdir "$1" && tar -C "$root" --exclude='./build*' --exclude=./.git -cf - . |
        tar -C "$1" -xf -
}

# split FILE: writes its blocks to $blocks/NUMBER.sh and so on, with what the
# comment before each says in $blocks/NUMBER.said; continued lines are joined.
split() {
    rm -rf "$blocks" && mkdir "$blocks" &&
        awk -v to="$blocks" '
        !inside && /^```/ {
            inside = 1
            name = sprintf("%s/%03d", to, ++count)
            language = substr($0, 4)
            printf "%s", "" >(name "." language)
            print said >(name ".said")
            said = held = ""
            next
        }
        inside && /^```/ { inside = 0; close(name "." language); next }
        inside && language == "sh" && /\\$/ {
            held = held substr($0, 1, length($0) - 1)
            next
        }
        inside { print held $0 >(name "." language); held = ""; next }
        /^<!-- .* -->$/ { said = substr($0, 6, length($0) - 9); next }
        { said = "" }' "$1"
}

wants_boost() { nm -u "$build/harness/harness.o" | grep -q ' jump_fcontext$'; }

# The commands as they can be run here: no curl where there is none, random
# addresses where they may not be turned off, and what is compiled in the copy
# says that its sources are in ROOT.
adapt() {
    adapted="s|^cc |&-ffile-prefix-map=$tree=$root |"
    command -v curl >/dev/null || adapted="$adapted; /^curl /d"
    ! wants_boost || adapted="$adapted; s/-luv /&-lboost_context /"
    setarch -R true 2>/dev/null || adapted="$adapted; s/setarch -R //"
    sed "$adapted"
}

# ends_as_said COMMAND: in $where.
ends_as_said() {
    wanted=$(printf '%s\n' "$1" | sed -n 's/.*# exit \([0-9]*\)$/\1/p')
    (cd "$where" && sh -c "$1") >"$here/out" 2>"$here/err" </dev/null
    ended=$?
    cat "$here/out" "$here/err" >"$here/shown"
    [ "$ended" -eq "${wanted:-0}" ] && return
    echo "exit status $ended, not ${wanted:-0}" >>"$here/err"
    return 1
}

# A sentence for check, which echoes it: no backslashes, no `# exit N`.
in_words() {
    printf '%s\n' "${1%%  # exit *}" | sed 's/\\/ /g; s/  */ /g; s/ $//'
}

run_commands() {
    adapt <"$1" >"$here/commands"
    while IFS= read -r command <&3; do
        [ -n "$command" ] || continue
        check "$document: $(in_words "$command")" ends_as_said "$command"
    done 3<"$here/commands"
}

free_port() {
    python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# Ends what it started in the background, by its number.
run_script() {
    port=$(free_port)
    sed -i "s/8080/$port/" "$tree/lab/targets.txt"
    {
        echo 'trap '"'"'[ -z "$!" ] || kill "$!" 2>/dev/null || :'"'"' EXIT'
        echo 'set -e'
        adapt <"$1" | sed "s/8080/$port/"
    } >"$here/script"
    (cd "$where" && sh "$here/script") >"$here/out" 2>"$here/err" </dev/null
    ended=$?
    sed -i "s/$port/8080/" "$tree/lab/targets.txt"
    return "$ended"
}

own_tree() {
    [ -d "$here/own" ] && return
    copy_tree "$here/own" &&
        meson setup "$here/own/build-tsan" "$here/own" -Db_sanitize=thread
}

run_block() {
    where=$tree
    case $(cat "$1") in
    *build-tsan*) goes_with=thread ;;
    *build/*) goes_with=plain ;;
    esac
    case $said in
    'not run: '*)
        skip "${said#not run: }" "$document: $(head -n 1 "$1")"
        return
        ;;
    esac
    [ "${goes_with:-$kind}" = "$kind" ] || return
    case $said in
    'in a tree of its own')
        check "$document: a tree of its own" status_of 0 own_tree
        where=$here/own
        ;;
    esac
    if grep -q '&$' "$1"; then
        check "$document: $(head -n 1 "$1")" run_script "$1"
    else
        run_commands "$1"
    fi
}

same_output() {
    diff -u "$here/shown" "$1" >"$here/out" 2>"$here/err"
}

same_end() {
    tail -n "$(wc -l <"$1")" "$here/shown" | diff -u - "$1" >"$here/out"
}

same_file() { diff -u "$root/$2" "$1" >"$here/out" 2>"$here/err"; }

compare_block() {
    case $said in
    'file '*)
        check "$document shows ${said#file }" same_file "$1" "${said#file }"
        return
        ;;
    esac
    [ "${goes_with:-$kind}" = "$kind" ] || return
    case $said in
    'output of the command above')
        check "$document: ... and prints what it says" same_output "$1"
        ;;
    'the end of the output of the command above')
        check "$document: ... and ends as it says" same_end "$1"
        ;;
    esac
}

run_document() {
    document=$1 goes_with=
    split "$root/$document"
    for block in "$blocks"/*; do
        said=
        [ ! -f "${block%.*}.said" ] || said=$(cat "${block%.*}.said")
        case $block in
        *.sh) run_block "$block" ;;
        *.text) compare_block "$block" ;;
        esac
    done
}

levels() { awk '/^```/ { on = !on } !on && /^#/ { print $1 }' "$1"; }
blocks_of() {
    split "$1" && for block in "$blocks"/*; do
        echo "== ${block##*/}" && cat "$block"
    done
}

same_headings() {
    levels "$root/$1" >"$here/en" && levels "$root/$2" >"$here/zh" &&
        diff -u "$here/en" "$here/zh" >"$here/out" 2>"$here/err"
}

same_blocks() {
    blocks_of "$root/$1" >"$here/en" && blocks_of "$root/$2" >"$here/zh" &&
        diff -u "$here/en" "$here/zh" >"$here/out" 2>"$here/err"
}

# Each link leads to a file, and each #anchor to a heading of it, named as
# GitHub does: small letters, no punctuation, '-' for a blank.
links_lead_somewhere() {
    python3 - "$root" "$1" >"$here/out" 2>&1 <<'PY'
import os, re, sys

def anchors(path):
    text = re.sub(r'```.*?```', '', open(path, encoding='utf-8').read(),
                  flags=re.S)
    return {re.sub(r'[^\w\- ]', '', heading).strip().lower().replace(' ', '-')
            for heading in re.findall(r'^#+ (.*)$', text, re.M)}

root, document = sys.argv[1:]
path = os.path.join(root, document)
dead = []
for link in re.findall(r'\]\(([^)\s]+)\)', open(path, encoding='utf-8').read()):
    if '://' in link:
        continue
    name, _, anchor = link.partition('#')
    target = os.path.join(os.path.dirname(path), name) if name else path
    if not os.path.exists(target) or anchor and anchor not in anchors(target):
        dead.append(link)
print('\n'.join(dead))
sys.exit(1 if dead else 0)
PY
}

# Each `path` in the tree that the text names.
names_what_is_there() {
    # shellcheck disable=SC2016 # the backquotes are the text's
    grep -o '`\(\.ci\|docs\|expected\|harness\|lab\|tests\)/[^`]*`' "$root/$1" |
        tr -d '\`' | while read -r named; do
        [ -e "$root/$named" ] || echo "$named"
    done >"$here/out" 2>"$here/err"
    silent out
}

copy_tree "$tree" || exit 99
ln -s "$build" "$tree/build" && ln -s "$build" "$tree/build-tsan" || exit 99
[ "$kind" = thread ] || kind=plain

for path in "$root"/README.md "$root"/docs/*.md; do
    english=${path#"$root"/}
    case $english in
    *.zh.md) continue ;;
    esac
    chinese=${english%.md}.zh.md
    check "$chinese has the headings of $english" \
        same_headings "$english" "$chinese"
    check "$chinese has the blocks of $english" \
        same_blocks "$english" "$chinese"
    check "the links of $english lead somewhere" links_lead_somewhere "$english"
    check "the links of $chinese lead somewhere" links_lead_somewhere "$chinese"
    check "the files that $english names are there" \
        names_what_is_there "$english"
    check "the files that $chinese names are there" \
        names_what_is_there "$chinese"
    run_document "$english"
done
plan "$tap_case"
finish
