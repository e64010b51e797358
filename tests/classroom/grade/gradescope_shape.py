"""gradescope_shape.py FILE: is it a results.json as Gradescope's "Autograder
Specifications" have it? Each key with its type, and for a word those that there
are; a test has its own score, so the whole needs none."""
import json
import sys

FORMATS = 'text html simple_format md ansi'.split()
VISIBILITIES = 'hidden after_due_date after_published visible'.split()
WHOLE = {
    'score': (int, float), 'execution_time': (int, float), 'output': str,
    'output_format': FORMATS, 'test_output_format': FORMATS,
    'test_name_format': FORMATS, 'visibility': VISIBILITIES,
    'stdout_visibility': VISIBILITIES, 'extra_data': dict, 'tests': list,
    'leaderboard': list,
}
TEST = {
    'score': (int, float), 'max_score': (int, float),
    'status': ['passed', 'failed'], 'name': str, 'name_format': FORMATS,
    'number': str, 'output': str, 'output_format': FORMATS, 'tags': list,
    'visibility': VISIBILITIES, 'extra_data': dict,
}


def look(value, shape, must):
    assert must.issubset(value), value
    for key, part in value.items():
        wanted = shape[key]
        good = part in wanted if isinstance(wanted, list) else \
            isinstance(part, wanted) and not isinstance(part, bool)
        assert good, (key, part)


with open(sys.argv[1], encoding='utf-8') as file:
    results = json.load(file)
look(results, WHOLE, {'tests', 'output', 'visibility', 'stdout_visibility'})
assert 'score' not in results and 'execution_time' not in results
assert results['tests']
for test in results['tests']:
    look(test, TEST, {'name', 'score', 'max_score', 'status', 'output',
                      'output_format', 'visibility', 'tags'})
    assert 0 <= test['score'] <= test['max_score'], test
    assert all(isinstance(tag, str) for tag in test['tags'])
    assert '\n' not in test['name'], test
