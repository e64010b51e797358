"""grade_csv.py FILE: rows of one width, names that are told apart, no cell that
a spreadsheet would take for a formula, and RFC 4180's ends of lines."""
import csv
import sys

with open(sys.argv[1], 'rb') as file:
    data = file.read()
assert data.endswith(b'\r\n') and data.count(b'\r') == data.count(b'\n')
with open(sys.argv[1], encoding='utf-8', newline='') as file:
    rows = list(csv.reader(file, strict=True))
assert {len(row) for row in rows} == {len(rows[0])}, rows
assert rows[0][0] == 'student' and len({row[0] for row in rows}) == len(rows)
assert not [cell for row in rows for cell in row if cell[:1] in '=+-@\t\r' and cell]
names = [row[0] for row in rows[1:]]
assert '\'=HYPERLINK("x","y")' in names, names
assert "'+1" in names and "'@cmd" in names and "'-exercise" in names, names
assert [row[1:] for row in rows[1:]] == [['100', '', '100', '100']] * len(names)
