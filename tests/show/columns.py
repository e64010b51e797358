"""columns.py FILE: is no line of FILE wider than a terminal of 80 columns?"""
import sys
import unicodedata


def columns(text):
    return sum(2 if unicodedata.east_asian_width(c) in 'WF' else 1
               for c in text)


with open(sys.argv[1], encoding='utf-8') as file:
    wide = [line for line in file.read().splitlines() if columns(line) > 80]
sys.exit('\n'.join(wide) or 0)
