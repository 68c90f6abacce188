"""Finds public symbols without a comment, and those that no page lists among its topics.

usage: topics.py SYMBOL_GRAPH DOCUMENTATION

DocC lists what a page leaves out under the symbol's kind ("Structures", "Instance Methods"). On the page of the module, and on
those of types with more than LARGEST members, that is a list nobody finds anything in: there all topics are written by hand.
"""

import json
import pathlib
import sys
from collections import defaultdict

LARGEST = 20

graph, documentation = sys.argv[1:]
symbols = [
    symbol for symbol in json.load(open(graph))["symbols"] if "::SYNTHESIZED::" not in symbol["identifier"]["precise"]
]
inherited = {"Default Implementations"}  # what a type has from protocols of the standard library
failures = []

members = defaultdict(int)
for symbol in symbols:
    members["/".join(symbol["pathComponents"][:-1])] += 1
    if "docComment" not in symbol:
        failures.append("no comment: " + ".".join(symbol["pathComponents"]))
by_hand = {"documentation/word2vec"} | {
    "documentation/word2vec/" + path.lower() for path, count in members.items() if path and count > LARGEST
}

listed, pages = set(), {}
for file in pathlib.Path(documentation).rglob("*.json"):
    page = json.load(open(file))
    path = page["identifier"]["url"].split("://")[1].split("/", 1)[1].lower()
    pages[path] = page
    for section in page.get("topicSections", []):
        listed.update(section["identifiers"])
        if path in by_hand and section.get("generated") and section["title"] not in inherited:
            for name in section["identifiers"]:
                failures.append(f"not among the topics of {path.split('/')[-1]}: {name.split('/')[-1]}")

for path in by_hand - pages.keys():
    failures.append("no page: " + path)
for path, page in pages.items():
    if path != "documentation/word2vec" and page["identifier"]["url"] not in listed:
        failures.append("on no page: " + path)

print("\n".join(failures) or f"{len(symbols)} public symbols, all with a comment and among topics")
sys.exit(1 if failures else 0)
