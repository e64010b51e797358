"""mermaid_subset.py FILE [TEXT...]: is FILE in that part of Mermaid's
sequenceDiagram that racelab writes, and does it say each TEXT?

Stricter than Mermaid: a text has no character that could mean something to it,
but by its number; each name is declared once, and before it is used.
"""
import re
import sys

TEXT = r'((?:[ ./,_=()0-9A-Za-z\u0080-\U0010ffff?]|#\d{1,3};)+)'
DECLARED = re.compile(rf'    (?:participant|actor) (t\d+) as {TEXT}')
STATEMENTS = [
    re.compile(rf'    (t\d+)(?:->>|-->>)(t\d+): {TEXT}'),
    re.compile(rf'    Note over (t\d+): {TEXT}'),
    re.compile(rf'    Note over (t\d+),(t\d+): {TEXT}'),
]
RECT = re.compile(r'    rect rgb\((\d+), (\d+), (\d+)\)')


def decoded(text):
    return re.sub(r'#(\d+);', lambda number: chr(int(number[1])), text)


def check(lines):
    assert lines[0] == 'sequenceDiagram', 'the first line'
    names, texts, depth, declares = set(), [], 0, True
    for number, line in enumerate(lines[1:], 2):
        place = f'line {number}: {line}'
        declared = DECLARED.fullmatch(line)
        if declared:
            assert declares and declared[1] not in names, place
            names.add(declared[1])
            texts.append(decoded(declared[2]))
            continue
        declares = False
        if RECT.fullmatch(line):
            assert all(int(n) < 256 for n in RECT.fullmatch(line).groups())
            depth += 1
        elif line == '    end':
            depth -= 1
        else:
            found = [m for s in STATEMENTS if (m := s.fullmatch(line))]
            assert len(found) == 1, place
            *used, text = found[0].groups()
            assert names.issuperset(used), place
            texts.append(decoded(text))
        assert depth in (0, 1), place
    assert depth == 0, 'a rect is open'
    return texts


path, *wanted = sys.argv[1:]
try:
    with open(path, encoding='utf-8') as file:
        said = check(file.read().splitlines())
    for text in wanted:
        assert any(text in one for one in said), f'does not say {text}'
except (AssertionError, IndexError, UnicodeDecodeError) as wrong:
    sys.exit(f'{path}: {wrong!r}')
