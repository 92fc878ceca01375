"""Reads what report has written with the parsers of Python's library.

usage: read.py FOLDER

Of each file the ending says the format. The first thing that another program
would trip over is said, and the exit status is 1.
"""

import csv
import html.parser
import io
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

# What the schema of Jenkins' xUnit plugin (junit-10.xsd) allows.
JUNIT = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": ({"name", "time", "classname", "group"}, {"skipped", "error", "failure", "system-out", "system-err"}),
    "failure": ({"type", "message"}, set()),
    "error": ({"type", "message"}, set()),
    "skipped": ({"type", "message"}, set()),
    "system-out": (set(), set()),
    "system-err": (set(), set()),
}
SUREFIRE_TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?")


def check(ok, what):
    if not ok:
        raise ValueError(what)


def junit(text):
    root = ElementTree.fromstring(text)
    check(root.tag == "testsuites", "the root is " + root.tag)
    for element in root.iter():
        attributes, children = JUNIT[element.tag]
        check(set(element.keys()) <= attributes, f"{element.tag} has {element.keys()}")
        check({child.tag for child in element} <= children, f"{element.tag} holds {[child.tag for child in element]}")
        check(SUREFIRE_TIME.fullmatch(element.get("time", "")), "time is " + element.get("time", ""))
    for level in [root, *root]:
        cases = list(level.iter("testcase"))
        check(int(level.get("tests")) == len(cases), f"tests of {level.tag}")
        for counter, tag in [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]:
            if level.tag == "testsuite" or counter != "skipped":
                n = sum(case.find(tag) is not None for case in cases)
                check(int(level.get(counter)) == n, f"{counter} of {level.tag}: {level.get(counter)}, not {n}")
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    check(len(names) == len(set(names)), "names collide")
    suites = [suite.get("name") for suite in root]
    check(len(suites) == len(set(suites)), "names of suites collide")


class Page(html.parser.HTMLParser):
    """A page that is whole and asks for nothing."""

    void = {"meta", "link", "br"}
    elsewhere = {"src", "srcset", "data", "action", "formaction", "background", "poster", "cite", "ping"}

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        check(tag not in {"script", "img", "iframe", "object", "embed", "form", "svg", "base"}, f"<{tag}>")
        for name, value in attrs:
            check(not name.startswith("on") and name not in self.elsewhere, f"<{tag} {name}>")
            check(name != "style" or re.fullmatch(r"margin-left: [\d.]+%; width: [\d.]+%", value), f"<{tag} style={value}>")
            if name == "href":
                allowed = {"a": ("https://", "http://"), "link": ("data:,",)}
                check(value.startswith(allowed[tag]), f"<{tag} href={value}>")
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag):
        check(self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}")
        self.open.pop()


def page(text):
    check("@import" not in text and "url(" not in text, "the style asks for something")
    reader = Page()
    reader.feed(text)
    reader.close()
    check(not reader.open, f"open at the end: {reader.open}")
    check({"html", "head", "title", "body", "main", "h1"} <= set(reader.seen), "a part is missing")


def table(text):
    rows = list(csv.reader(io.StringIO(text), strict=True))
    check(len({len(row) for row in rows}) == 1, "rows of several lengths")
    numbers = {"days_left", "took_ms", "port"}
    for row in rows:
        for head, cell in zip(rows[0], row):
            check(head in numbers or not cell.lstrip().startswith(("=", "+", "-", "@")), f"a formula in {head}: {cell}")


def lines(text):
    for line in text.splitlines():
        value = json.loads(line)
        check({"schema", "target", "provider", "started", "verdict"} <= set(value), f"fields: {sorted(value)}")


# As monitoring-plugins' guidelines have it: label=value[unit];[warn];[crit];[min];[max].
MEASURED = re.compile(r"'([^'=|]+)'=(-?[0-9.]+)(s?)((?:;[0-9.]*){0,4})(?: |$)")


def plugin(text):
    check(text.count("\n") == 1 and text.endswith("\n"), "not one line")
    said, bar, data = text.strip("\n").partition("|")
    check(re.match(r"MAILPROBE (OK|WARNING|CRITICAL|UNKNOWN) - \S", said), said)
    found = MEASURED.findall(data.lstrip())
    check("".join(f"'{l}'={v}{u}{rest} " for l, v, u, rest in found).rstrip() == data.strip(), "measurements: " + data)
    check(len({label for label, *_ in found}) == len(found), "labels collide")
    check(len(text.encode()) < 8192, "too long")


FORMATS = {".xml": junit, ".html": page, ".csv": table, ".ndjson": lines, ".json": json.loads, ".nagios.txt": plugin}

for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    for ending, read in FORMATS.items():
        if path.name.endswith(ending):
            try:
                read(path.read_text(encoding="utf-8"))
            except Exception as e:
                print(f"{path.name}: {type(e).__name__}: {e}")
                sys.exit(1)
