"""grade_json.py FILE: is it what `racelab grade --json` promises?"""
import json
import sys


def whole(value, keys):
    assert list(value) == keys.split(), list(value)
    return value


def said(text):
    assert all(ch == '\n' or ch.isprintable() or ch == '�'
               for ch in text['en'] + text['zh']), text


with open(sys.argv[1], encoding='utf-8') as file:
    book = whole(json.load(file), 'complete exercises students')
assert book['complete'] is True and len(book['exercises']) == 1
for exercise in book['exercises']:
    whole(exercise, 'name title points_max')
    assert exercise['title']['en'] and exercise['title']['zh']
names = [student['name'] for student in book['students']]
assert len(set(names)) == len(names) > 0
for student in book['students']:
    whole(student, 'name points points_max exercises')
    assert student['name'].isprintable(), student['name']
    marks = student['exercises']
    assert len(marks) == 1 and sum(m['points'] for m in marks) == student['points']
    for mark in marks:
        whole(mark, 'exercise state passed points points_max class says criteria')
        said(mark['says'])
        assert (mark['state'] == 'judged') == bool(mark['criteria']), mark
        assert mark['passed'] <= (mark['state'] == 'judged')
        assert mark['state'] == 'judged' or mark['says']['zh']
