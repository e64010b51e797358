"""trace_events.py FILE: is FILE what the Trace Event Format says?

Checks the fields that the format documents for each kind of event that racelab
writes, that slices nest on their track, and that each flow has two ends, the
second not before the first, in slices of its tracks.
"""
import json
import sys

NUMBER = (int, float)
ALL = {'name': str, 'ph': str, 'ts': NUMBER, 'pid': int, 'tid': int}
MORE = {
    'M': {'args': dict},
    'B': {},
    'E': {},
    'X': {'dur': NUMBER, 'args': dict},
    's': {'cat': str, 'id': int},
    'f': {'cat': str, 'id': int, 'bp': str},
    'i': {'s': str, 'args': dict},
}
METADATA = {'process_name': ('name', str), 'thread_name': ('name', str),
            'thread_sort_index': ('sort_index', int)}


def fields(event):
    assert event['ph'] in MORE, f'no such phase: {event}'
    wanted = {**ALL, **MORE[event['ph']]}
    assert set(event) == set(wanted), f'fields: {event}'
    for name, kind in wanted.items():
        assert isinstance(event[name], kind), f'{name}: {event}'
        assert not isinstance(event[name], bool), f'{name}: {event}'
    assert event['ts'] >= 0 and event.get('dur', 1) > 0, f'time: {event}'


def metadata(event):
    name, kind = METADATA[event['name']]
    assert isinstance(event['args'][name], kind), f'metadata: {event}'


def slices(events):
    """Each slice as (tid, begin, end); on a track they nest or lie apart."""
    found, open_slices = [], {}
    for event in events:
        stack = open_slices.setdefault(event['tid'], [])
        if event['ph'] == 'B':
            stack.append(event)
        elif event['ph'] == 'E':
            assert stack, f'ends what has not begun: {event}'
            begin = stack.pop()
            assert begin['name'] == event['name'], f'crosses: {event}'
            found.append((event['tid'], begin['ts'], event['ts']))
        elif event['ph'] == 'X':
            found.append((event['tid'], event['ts'],
                          event['ts'] + event['dur']))
    assert not any(open_slices.values()), 'a slice never ends'
    for tid, begin, end in found:
        assert begin < end, f'a slice of no length on {tid}'
        for other, first, last in found:
            assert (tid != other or end <= first or last <= begin or
                    first <= begin and end <= last or
                    begin <= first and last <= end), f'they cross on {tid}'
    return found


def in_a_slice(event, found):
    return any(tid == event['tid'] and begin < event['ts'] < end
               for tid, begin, end in found)


def flows(events, found):
    ends = {}
    for event in events:
        if event['ph'] in 'sf':
            assert in_a_slice(event, found), f'in no slice: {event}'
            ends.setdefault(event['id'], []).append(event)
    for pair in ends.values():
        assert [event['ph'] for event in pair] == ['s', 'f'], f'flow: {pair}'
        start, finish = pair
        assert start['ts'] <= finish['ts'], f'back in time: {pair}'
        assert finish['bp'] == 'e', f'bp: {pair}'
        for name in 'cat', 'name':
            assert start[name] == finish[name], f'{name}: {pair}'


def check(path):
    with open(path, encoding='utf-8') as file:
        document = json.load(file)
    assert document['displayTimeUnit'] in ('ms', 'ns')
    events = document['traceEvents']
    for event in events:
        fields(event)
        if event['ph'] == 'M':
            metadata(event)
        if event['ph'] == 'i':
            assert event['s'] in ('g', 'p', 't'), f'scope: {event}'
    named = {event['tid'] for event in events if event['name'] == 'thread_name'}
    for event in events:
        assert event['ph'] == 'M' or event['tid'] in named, f'track: {event}'
    found = slices(events)
    for event in events:
        assert event['ph'] != 'i' or in_a_slice(event, found), event
    flows(events, found)


for argument in sys.argv[1:]:
    try:
        check(argument)
    except (AssertionError, KeyError, ValueError) as wrong:
        sys.exit(f'{argument}: {wrong!r}')
