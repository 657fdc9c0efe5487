#!/usr/bin/env python3
"""Checks that every test which docs/security.md names is there. In the columns of its tables that show what proves a row, text
between backticks is one of

  Suite, Suite.Case, Suite.Begin...   unit or contract tests
  fuzz_name                           a target of tests/fuzz
  name                                a suite of tests/e2e
  name: beginning of a test...        one test of such a suite
  folder/file                         a script or report of this repository

Prints each name that stands for nothing, and each cell of the rules' table without a name, and exits 1 if there is one."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "security.md"
PROOFS = ("shown by", "allowed", "refused", "refused, or noticed", "hostile")
RULES = PROOFS[1:]
UNIT_TEST = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)", re.MULTILINE)
# test('...', in one of the three kinds of quotes; of a template the part before its first value.
E2E_TEST = re.compile(r"""\btest\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`([^`$]*))""")


def unit_tests():
    """Names as Suite.Case."""
    files = [*ROOT.glob("src/**/*_test.cc"), *ROOT.glob("tests/contract/*.cc"), *ROOT.glob("tools/**/*_test.cc")]
    return {f"{suite}.{case}" for file in files for suite, case in UNIT_TEST.findall(file.read_text(encoding="utf-8"))}


def e2e_files(suite):
    """The scripts of a suite; of one that only starts another's script, that one."""
    folder = ROOT / "tests" / "e2e" / suite
    scripts = sorted(folder.glob("*.mjs"))
    started = re.findall(r"/\.\./([\w-]+/[\w-]+\.mjs)", (folder / "run").read_text(encoding="utf-8"))
    return scripts or [folder.parent / name for name in started]


def e2e_tests():
    """The names of tests, by suite."""
    suites = {run.parent.name for run in (ROOT / "tests" / "e2e").glob("*/run")}
    named = {}
    for suite in suites:
        texts = [file.read_text(encoding="utf-8") for file in e2e_files(suite)]
        named[suite] = {"".join(parts).replace("\\", "") for text in texts for parts in E2E_TEST.findall(text)}
    return named


def cells():
    """Line number, column and text of every cell that names tests."""
    columns = []
    for number, line in enumerate(DOCUMENT.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("|"):
            columns = []
            continue
        row = [cell.strip() for cell in line.strip("|").split("|")]
        if not columns:
            columns = row
        elif not set(row[0]) <= {"-", ":"}:
            yield from ((number, column, cell) for column, cell in zip(columns, row) if column in PROOFS)


def exists(name, units, suites):
    if re.fullmatch(r"fuzz_\w+", name):
        return (ROOT / "tests" / "fuzz" / f"{name}.cc").is_file()
    if name in suites or (ROOT / name).is_file():
        return True
    suite, colon, begin = name.partition(": ")
    if colon and suite in suites:
        return any(test.startswith(begin.removesuffix("...")) for test in suites[suite])
    if name.endswith("..."):
        return any(unit.startswith(name.removesuffix("...")) for unit in units)
    return name in units or any(unit.startswith(f"{name}.") for unit in units)


def main():
    units, suites = unit_tests(), e2e_tests()
    found, wrong = 0, []
    for number, column, cell in cells():
        names = re.findall(r"`([^`]+)`", cell)
        found += len(names)
        wrong += [f"{DOCUMENT.name}:{number}: no test {name}" for name in names if not exists(name, units, suites)]
        if column in RULES and not names:
            wrong.append(f"{DOCUMENT.name}:{number}: no test of the {column} case")
    print("\n".join(wrong + [f"{found} names of tests, {len(wrong)} wrong"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
