"""narrow.py COLUMNS: prints the lines of standard input that are wider; exit
status 1 if there are any. One word alone may be."""
import sys
import unicodedata


def columns(text):
    return sum(2 if unicodedata.east_asian_width(c) in 'WF' else 1
               for c in text)


sys.stdin.reconfigure(encoding='utf-8')
wide = [line for line in sys.stdin.read().splitlines()
        if columns(line) > int(sys.argv[1]) and ' ' in line.strip()]
sys.exit('\n'.join(wide) or 0)
