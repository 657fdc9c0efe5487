#!/usr/bin/env python3
"""Checks every #include of src/ against the two tables of docs/architecture.md: which room may include which, and what
the simulation must not include at all. Prints each offence as file:line and exits 1 if there is one."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "architecture.md"
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
EVERYTHING = "everything"


def table(text, heading):
    """The rows of the first table below a heading, cell by cell, without its head."""
    section = text.split(f"\n{heading}\n", 1)
    if len(section) != 2:
        sys.exit(f"{DOCUMENT}: no heading '{heading}'")
    rows = []
    for line in section[1].splitlines():
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            break
    return rows[2:]


def names(cell):
    return set(re.findall(r"`([^`]+)`", cell))


def allowed_rooms(text):
    allowed = {}
    for room, may_include, *_ in table(text, "### Who may include whom"):
        (name,) = names(room)
        allowed[name] = EVERYTHING if may_include == EVERYTHING else names(may_include) | {name, "base"}
    return allowed


def forbidden_headers(text):
    forbidden = {}
    for rooms, headers, *_ in table(text, "### What the simulation may not touch"):
        for room in names(rooms):
            forbidden.setdefault(room, set()).update(names(headers))
    return forbidden


def offences(path, room, allowed, forbidden):
    is_test = bool({"test", "testing"} & set(path.stem.split("_")))
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quoted, header = match.group(1) == '"', match.group(2)
        if not is_test and header in forbidden.get(room, ()):
            yield number, f"{room} may not include {header}"
        if not quoted:
            continue
        if "/" not in header or not (ROOT / "src" / header).is_file():
            yield number, f"{header} is not a path below src/"
        elif allowed[room] != EVERYTHING and not {header, header.split("/")[0]} & allowed[room]:
            yield number, f"{room} may not include {header.split('/')[0]} ({header})"


def main():
    text = DOCUMENT.read_text(encoding="utf-8")
    allowed, forbidden = allowed_rooms(text), forbidden_headers(text)
    files = sorted(p for p in (ROOT / "src").rglob("*") if p.suffix in (".h", ".cc"))
    if not files:
        sys.exit("no sources below src/")
    bad = 0
    for path in files:
        room = path.relative_to(ROOT / "src").parts[0]
        if room not in allowed:
            sys.exit(f"src/{room} is not in the table of {DOCUMENT.relative_to(ROOT)}")
        for number, what in offences(path, room, allowed, forbidden):
            print(f"{path.relative_to(ROOT)}:{number}: {what}")
            bad += 1
    print(f"{len(files)} files, {bad} includes not allowed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
