"""junit_schema.py FILE: is it JUnit's XML, and does it count right?

The elements that we write, each with the attributes that it must have and those
that it may have, and with what may be in it: after junit-10.xsd, the schema of
Jenkins' xUnit plugin, which leaves more open than this.
"""
import sys
import xml.etree.ElementTree as tree

REASON = ({'type', 'message'}, set(), set())
ELEMENTS = {
    'testsuites': ({'name', 'tests', 'failures', 'errors'}, set(), {'testsuite'}),
    'testsuite': ({'name', 'tests', 'failures', 'errors', 'skipped'}, set(),
                  {'testcase'}),
    'testcase': ({'name', 'classname'}, set(), {'failure', 'error', 'skipped'}),
    'failure': REASON, 'error': REASON, 'skipped': REASON,
}


def look(element):
    must, may, within = ELEMENTS[element.tag]
    names = set(element.attrib)
    assert must <= names <= must | may, (element.tag, names)
    assert not (element.text or '').strip(), element.text
    assert not (element.tail or '').strip(), element.tail
    if element.tag == 'testcase':
        assert len(element) <= 1 and element.get('name'), element.attrib
    for child in element:
        assert child.tag in within, (element.tag, child.tag)
        look(child)


def counted(element):
    cases = list(element.iter('testcase'))
    counts = {'tests': len(cases)}
    for attribute, tag in (('failures', 'failure'), ('errors', 'error'),
                           ('skipped', 'skipped')):
        counts[attribute] = len(list(element.iter(tag)))
    return all(int(element.get(name, count)) == count
               for name, count in counts.items())


root = tree.parse(sys.argv[1]).getroot()
assert root.tag == 'testsuites', root.tag
look(root)
assert len(root) > 0 and all(map(counted, root.iter('testsuite')))
assert counted(root)
