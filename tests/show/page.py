"""page.py FILE: is it a page as racelab show --as html writes one?

Its elements are those that are written, each ends where it should, rows are of
one width, and its links lead to steps of the page and nowhere else.
"""

import html.parser
import sys


def expect(holds, *what):
    if not holds:
        raise SystemExit(' '.join(map(str, what)))


class Page(html.parser.HTMLParser):
    WANTED = {
        'html': {'lang'}, 'head': set(), 'meta': {'charset'}, 'style': set(),
        'title': set(), 'body': set(), 'h1': set(), 'table': set(),
        'thead': set(), 'tbody': set(), 'tr': {'id', 'class'}, 'th': set(),
        'td': {'class'}, 'div': {'class'}, 'a': {'href'}, 'p': set(),
        'b': set(),
    }

    def __init__(self):
        super().__init__()
        self.open, self.steps, self.links = [], set(), set()
        self.cells, self.widths = 0, set()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        expect(tag in self.WANTED and set(attrs) <= self.WANTED[tag],
               'is no element of ours:', tag, attrs)
        if tag == 'tr':
            self.cells = 0
        if tag in ('td', 'th'):
            self.cells += 1
        self.steps |= {attrs['id']} if 'id' in attrs else set()
        self.links |= {attrs['href']} if 'href' in attrs else set()
        if tag != 'meta':
            self.open.append(tag)

    def handle_endtag(self, tag):
        expect(self.open and self.open.pop() == tag, tag, 'ends too early')
        if tag == 'tr':
            self.widths.add(self.cells)


def check(text):
    page = Page()
    page.feed(text)
    page.close()
    expect(text.startswith('<!DOCTYPE html>\n'), 'does not say what it is')
    expect(not page.open, 'does not end:', page.open)
    expect(page.links <= {'#' + step for step in page.steps}, 'leads away')
    expect(len(page.widths) == 1, 'rows of several widths:', page.widths)


with open(sys.argv[1], encoding='utf-8') as file:
    check(file.read())
