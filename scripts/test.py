#!/usr/bin/env python3
"""Runs the suites one after the other and adds up what passed. Called by ./test, which installs first.

A suite is a function that returns a Tally. What a suite prints goes to build/test-logs/<suite>/; the terminal shows one line
a step, of what failed the most telling lines of its log at once, and at the end the names of all that failed.

Builds take every core, end-to-end suites mostly wait: so these run beside builds, which have the lowest priority there is.
Nothing else runs beside them.

A test that waited in vain may have had no processor. So at the end, when nothing else runs, what failed by an expectation alone is
run once more, if it is little; what passes then is named in the summary. Crashes and what a sanitizer found are never run again."""

import concurrent.futures
import dataclasses
import functools
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
LOGS = BUILD / "test-logs"
CI = os.environ.get("CI") == "true"
FUZZ_SECONDS = int(os.environ.get("FUZZ_SECONDS", "5" if CI else "60"))
CORES = os.cpu_count() or 1
CLOSING_LINE = re.compile(r"^\s*(\d+) passed, (\d+) failed\s*$", re.MULTILINE)
# What node's own test runner prints at the end, in its two styles.
NODE_COUNT = re.compile(r"^(?:#|\u2139) (pass|fail|cancelled|skipped|todo) (\d+)\s*$", re.MULTILINE)
SOURCES = ("src", "tests", "tools", "bench", "web/module")
# Rooms whose tests use threads: what the thread sanitizer looks at.
THREADED = ("base", "metrics", "net", "sio", "store", "cluster", "accounts", "lobby", "session", "app")
# Rooms whose tests hold golden hashes: both compilers must agree on them.
GOLDEN = ("sim", "match", "wire", "lobby")

# End-to-end suites that need the machine for themselves: pages that draw and predict 60 times a second.
ALONE = ("agreement", "browser")
# Those that do not run beside a build: passwords are hashed at the same lowest priority.
NOT_BESIDE_BUILDS = ("accounts", "accounts-postgres", "admin", "admin-postgres", "apidoc", "browser-admin", "commands", "database",
                     "loadtest")
# What takes long is begun first; the others follow by name.
LONG = ("contract", "database", "nginx", "failover", "match", "faults", "lobby_test", "store_contract_test", "match_test")
# Unit tests that hardly compute but wait, for leases and holds to run out: in so many parts, beside the others.
WAITING = {"cluster_contract_test": 4}
# End-to-end suites that also run against the sanitized server: the whole contract, garbage on every event, a whole match.
SANITIZED = ("contract", "match")

SYMBOLIZER = f"external_symbolizer_path={shutil.which('llvm-symbolizer-19') or ''}"


@dataclasses.dataclass
class Tally:
    passed: int = 0
    failed: int = 0

    def __add__(self, other):
        return Tally(self.passed + other.passed, self.failed + other.failed)

    def __sub__(self, other):
        return Tally(self.passed - other.passed, self.failed - other.failed)


@dataclasses.dataclass
class Again:
    """A program that failed by an expectation, and how to run it once more."""
    suite: str
    name: str
    first: Tally
    run: object


FAILURES = []  # (program, test), for the list at the end
AGAIN = []
MOST_AGAIN = 3  # more than these is no bad luck
PRINTING = threading.RLock()


def say(text):
    with PRINTING:
        print(text, flush=True)


def told(good, line, name, log):
    """The line of a step, with what its log says when it failed. CI keeps little of what is printed: there, not what went well
    within seconds."""
    if CI and good and re.search(r"\(\d s\)$", line):
        return
    with PRINTING:
        say(f"  {'ok  ' if good else 'FAIL'} {line}")
        if not good:
            show_failure(name, log)


def by_length(names):
    return sorted(names, key=lambda name: (LONG.index(name) if name in LONG else len(LONG), name))


# Where a log tells what went wrong: GoogleTest, the end-to-end suites, node's runner, compilers, sanitizers, linters.
TELLING = re.compile(r": Failure$|^\[  FAILED  \]|^FAIL|^not ok|^\s*\u2716 |: (?:fatal )?error:|^FAILED: |^ninja: error|^CMake Error"
                     r"|runtime error:|(?:ERROR|WARNING): \w+Sanitizer|terminate called|^stopped after \d+ s|Error:")
UNTELLING = re.compile(r"^\[ +OK|^\[ RUN|^\[-+\]|^ok |^\s*$")
FAILED_TEST = re.compile(r"^(?:\[  FAILED  \] (\S+\.[^ ,]+)|FAIL +(?!at )(.+)|not ok \d+ - (.+))")
MOST_TELLING, OF_EACH, OF_THE_END = 20, 7, 4
# What no busy machine explains.
CRASHED = re.compile(r"Sanitizer|runtime error:|terminate called|Segmentation|Assertion .* failed|core dumped|SIG(?:SEGV|ABRT)|^stopped after",
                     re.MULTILINE)


def telling(lines):
    """The numbers of the lines around each failure, none when nothing is found. GoogleTest names the failed ones again at its end: that is left out."""
    found, running = [], None
    for number, line in enumerate(lines):
        if line.startswith("[ RUN"):
            running = number
        if line.startswith("[       OK"):
            running = None
        if line.startswith("[  FAILED  ]") and "listed below" in line:
            break
        if not TELLING.search(line) or (found and number <= found[-1]):
            continue
        if running is not None:
            found.append(running)
            running = None
        end = number + 1
        while end < min(len(lines), number + OF_EACH) and not UNTELLING.match(lines[end]):
            end += 1
        found += range(max(number, found[-1] + 1 if found else 0), end)
        if len(found) >= MOST_TELLING:
            break
    if running is not None:  # the program ended within this test
        found += range(running, min(len(lines), running + OF_EACH))
    return found[:MOST_TELLING]


def show_failure(name, log):
    """What a log says of failures comes first, as records of a run are cut; and what failed is noted for the end."""
    lines = log.read_text(errors="replace").splitlines()
    found = telling(lines)
    for number in found or range(max(0, len(lines) - MOST_TELLING), len(lines)):
        say("    | " + lines[number][:200])
    if found:
        for line in lines[max(found[-1] + 1, len(lines) - OF_THE_END):]:
            say("    : " + line[:200])
    say(f"    log: {log.relative_to(ROOT)}")
    tests = dict.fromkeys(next(filter(None, match.groups())).strip() for match in map(FAILED_TEST.match, lines) if match)
    FAILURES.extend((name, test[:100]) for test in tests or [f"see {log.relative_to(ROOT)}"])


def maybe_again(suite, name, tally, log, once_more):
    """Notes a failure for a second run, when it may be one of waiting."""
    if tally.failed and not CRASHED.search(log.read_text(errors="replace")):
        shutil.copy(log, log.with_suffix(".first.log"))
        AGAIN.append(Again(suite, name, tally, once_more))


def run_again(tallies):
    """Runs what was noted once more, alone. Returns the names of what passed now; their tallies are mended."""
    noted, AGAIN[:] = AGAIN[:], []
    if not noted or len(noted) > MOST_AGAIN:
        return []
    passed = []
    say("== again: What failed by an expectation, once more and alone.")
    for again in noted:
        before = FAILURES[:]
        second = again.run()
        mended = not second.failed
        FAILURES[:] = [failure for failure in before if not mended or failure[0] != again.name]
        if mended:
            tallies[again.suite] += second - again.first
            passed += [f"{name}: {test}" for name, test in before if name == again.name]
    return passed


def run(command, log, timeout, cwd=ROOT, env=None):
    """Runs a command with its output in a log. Returns (exit code or None when it took too long, seconds)."""
    log.parent.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=cwd,
                                   env={**os.environ, **(env or {})}, start_new_session=True)
        try:
            code = process.wait(timeout=timeout)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            # The group holds what the command started and left behind, too.
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        if code is None:
            out.write(f"\nstopped after {timeout} s\n".encode())
    return code, time.monotonic() - begin


def step(name, command, log, timeout=1800, **options):
    """One command that passes or fails as a whole."""
    code, seconds = run(command, log, timeout, **options)
    told(code == 0, f"{name} ({seconds:.0f} s)", name, log)
    return Tally(1, 0) if code == 0 else Tally(0, 1)


def closing_counts(text):
    """The last count a suite printed, or nothing. What was skipped did not pass."""
    lines = CLOSING_LINE.findall(text)
    if lines:
        return Tally(int(lines[-1][0]), int(lines[-1][1]))
    counts = dict(NODE_COUNT.findall(text))
    if "pass" in counts:
        return Tally(int(counts.pop("pass")), sum(int(count) for count in counts.values()))
    return None


def counted(name, command, log, timeout, **options):
    """A command that counts its own tests. Without a count, or with a bad exit, it has failed."""
    code, seconds = run(command, log, timeout, **options)
    found = closing_counts(log.read_text(errors="replace"))
    tally = found or Tally()
    if (code != 0 or found is None) and tally.failed == 0:
        tally.failed = 1
    told(not tally.failed, f"{name}: {tally.passed} passed, {tally.failed} failed ({seconds:.0f} s)", name, log)
    return tally


class Beside:
    """Tests that run beside builds. Their tallies are added under their suite's name when all is done."""

    def __init__(self):
        self.pool = concurrent.futures.ThreadPoolExecutor(CORES)
        self.running = []
        self.tallies = {}

    def start(self, suite, tests):
        self.tallies.setdefault(suite, Tally())
        self.running += [(suite, self.pool.submit(test)) for test in tests]

    def settle(self):
        """Waits for all of them: what comes next has the machine for itself."""
        running, self.running = self.running, []
        for suite, future in running:
            self.tallies[suite] += future.result()


BESIDE = Beside()


def build(preset, log_name, targets=()):
    """Configures and builds; a failure is one failed test, success is none."""
    lowest_priority = "chrt --idle --pid 0 $$ 2>/dev/null || renice -n 19 -p $$"
    command = f"{lowest_priority}; cmake --preset {preset} && cmake --build --preset {preset}"
    if targets:
        command += " --target " + " ".join(targets)
    log = LOGS / log_name / f"build-{preset}.log"
    code, seconds = run(["bash", "-c", command], log, timeout=3600)
    told(code == 0, f"build {preset} ({seconds:.0f} s)", f"build {preset}", log)
    BESIDE.settle()
    return code == 0


def gtest(program, suite, env, part=0, parts=1):
    """Runs one GoogleTest program, or a part of its tests. A crash counts as a failure besides what it had reported."""
    name = program.name if parts == 1 else f"{program.name} {part + 1}/{parts}"
    log = LOGS / suite / (name.replace("/", "-of-").replace(" ", "-") + ".log")
    report = log.with_suffix(".json")
    report.unlink(missing_ok=True)
    env = {**env, "GTEST_TOTAL_SHARDS": str(parts), "GTEST_SHARD_INDEX": str(part)}
    code, seconds = run([str(program), f"--gtest_output=json:{report}"], log, timeout=1200, cwd=program.parent.parent, env=env)
    tally = Tally()
    if report.exists():
        result = json.loads(report.read_text())
        tally = Tally(result["tests"] - result["failures"] - result["disabled"], result["failures"] + result["disabled"])
    if code != 0 and tally.failed == 0:
        tally.failed = 1
    if not tally.passed and not tally.failed:
        tally.failed = 1
    told(not tally.failed, f"{name}: {tally.passed} passed, {tally.failed} failed ({seconds:.0f} s)", f"{suite} {name}", log)
    if code == 1:  # what GoogleTest ends with when tests failed
        maybe_again(suite, f"{suite} {name}", tally, log, lambda: gtest(program, suite, env, part, parts))
    return tally


def unit_tests(preset, suite, rooms=None, env=None):
    programs = sorted((BUILD / preset / "bin").glob("*_test"))
    if rooms is not None:
        programs = [p for p in programs if p.name.removesuffix("_test") in rooms]
    if not programs:
        say(f"  FAIL no unit tests in build/{preset}/bin")
        return Tally(0, 1)
    waiting = [p for p in programs if p.name in WAITING]
    programs = [BUILD / preset / "bin" / name for name in by_length(p.name for p in programs if p not in waiting)]
    with (concurrent.futures.ThreadPoolExecutor(sum(WAITING.values())) as waiters,
          concurrent.futures.ThreadPoolExecutor(CORES) as pool):
        futures = [waiters.submit(gtest, p, suite, env or {}, part, WAITING[p.name])
                   for p in waiting for part in range(WAITING[p.name])]
        futures += [pool.submit(gtest, p, suite, env or {}) for p in programs]
        return sum((future.result() for future in futures), Tally())


def test_targets(rooms):
    """The test programs that these rooms have."""
    return [f"{room}_test" for room in rooms if any((ROOT / "src" / room).glob("*_test.cc"))]


def suite_source():
    """Include rules, tests that the documents name, the word list, formatting, and every header on its own."""
    total = step("includes", [sys.executable, "tools/check_includes.py"], LOGS / "source" / "includes.log")
    total += step("tests of the security document", [sys.executable, "tools/check_security_tests.py"],
                  LOGS / "source" / "security-tests.log")
    total += step("word list is what its packages make", ["node", "tools/words/bake.mjs", "--check"], LOGS / "source" / "words.log")
    files = [str(p.relative_to(ROOT)) for folder in SOURCES for p in sorted((ROOT / folder).rglob("*"))
             if p.suffix in (".h", ".cc") and "node_modules" not in p.parts]
    total += step("format", ["clang-format-19", "--dry-run", "-Werror", *files], LOGS / "source" / "format.log")
    total += step("headers compile alone",
                  ["bash", "-c", "cmake --preset release && cmake --build --preset release --target headers -- -k 0"],
                  LOGS / "source" / "headers.log")
    return total


def suite_unit():
    """The release build and all unit tests."""
    if not build("release", "unit"):
        return Tally(0, 1)
    return unit_tests("release", "unit")


def e2e(name, preset, suite, env=None):
    title = f"e2e {name}" if preset == "release" else f"e2e {name} ({preset})"
    log = LOGS / suite / f"e2e-{name}.log"
    tally = counted(title, [str(ROOT / "tests" / "e2e" / name / "run"), str(BUILD / preset / "bin")], log, 1200, env=env)
    maybe_again(suite, title, tally, log, lambda: e2e(name, preset, suite, env))
    return tally


def sanitized_e2e(preset, suite, options, name):
    """An end-to-end suite against a sanitized server, whose reports (leaks at its end included) fail the suite."""
    reports = LOGS / suite / f"reports-{name}"
    reports.mkdir(parents=True)
    env = {key: f"{value} log_path={reports / 'report'}" for key, value in options.items()}
    total = e2e(name, preset, suite, env)
    found = sorted(reports.iterdir())
    say(f"  {'FAIL' if found else 'ok  '} {len(found)} sanitizer reports of the servers of e2e {name}")
    for report in found:
        show_failure(f"{suite} e2e {name}", report)
    return total + (Tally(0, 1) if found else Tally(1, 0))


def suite_asan():
    """All unit tests, and the server in end-to-end suites, with the address and undefined-behaviour sanitizers."""
    if not build("asan", "asan"):
        return Tally(0, 1)
    options = {"ASAN_OPTIONS": f"detect_stack_use_after_return=1 {SYMBOLIZER}", "UBSAN_OPTIONS": f"print_stacktrace=1 {SYMBOLIZER}"}
    total = unit_tests("asan", "asan", env=options)
    BESIDE.start("asan", [functools.partial(sanitized_e2e, "asan", "asan", options, name) for name in SANITIZED])
    return total


def suite_gcc():
    """The second compiler builds the server and gets the same golden hashes."""
    if not build("gcc", "gcc", ["trespasserd", *test_targets(GOLDEN)]):
        return Tally(0, 1)
    return unit_tests("gcc", "gcc", rooms=GOLDEN)


def suite_tsan():
    """The rooms with threads under the thread sanitizer."""
    if not build("tsan", "tsan", test_targets(THREADED)):
        return Tally(0, 1)
    return unit_tests("tsan", "tsan", rooms=THREADED, env={"TSAN_OPTIONS": f"halt_on_error=1 second_deadlock_stack=1 {SYMBOLIZER}"})


def fuzz(target):
    seeds = ROOT / "tests" / "fuzz" / "corpus" / target.name.removeprefix("fuzz_")
    log = LOGS / "fuzz" / f"{target.name}.log"
    with tempfile.TemporaryDirectory(prefix="trespasser-fuzz-") as found:
        command = [str(target), f"-max_total_time={FUZZ_SECONDS}", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1",
                   f"-artifact_prefix={LOGS / 'fuzz' / (target.name + '-')}", found]
        if seeds.is_dir():
            command.append(str(seeds))
        code, _ = run(command, log, timeout=FUZZ_SECONDS + 120, env={"ASAN_OPTIONS": SYMBOLIZER})
    runs = re.findall(r"stat::number_of_executed_units:\s*(\d+)", log.read_text(errors="replace"))
    return target, code == 0 and bool(runs), runs[-1] if runs else "0", log


def suite_fuzz():
    """Every libFuzzer target for FUZZ_SECONDS, from its corpus."""
    names = sorted(p.stem for p in (ROOT / "tests" / "fuzz").glob("fuzz_*.cc"))
    if not names or not build("fuzz", "fuzz", names):
        return Tally(0, 1)
    total = Tally()
    targets = [BUILD / "fuzz" / "bin" / name for name in names]
    with concurrent.futures.ThreadPoolExecutor(CORES) as pool:
        for target, good, runs, log in pool.map(fuzz, targets):
            total += Tally(1, 0) if good else Tally(0, 1)
            told(good, f"{target.name}: {runs} runs in {FUZZ_SECONDS} s", target.name, log)
    return total


def suite_web():
    """Types and unit tests of the web pages, and that they build; a replay in WebAssembly goes as in the server."""
    if not build("release", "web", ["trespasser-botmatch", "trespasser-replay"]):
        return Tally(0, 1)
    total = step("web build", ["npm", "run", "--silent", "build"], LOGS / "web" / "build.log", cwd=ROOT / "web")
    total += step("web types", ["npm", "run", "--silent", "check"], LOGS / "web" / "check.log", cwd=ROOT / "web")
    total += counted("web tests", ["npm", "run", "--silent", "test"], LOGS / "web" / "test.log", 600, cwd=ROOT / "web")
    return total


def e2e_names():
    return by_length(script.parent.name for script in (ROOT / "tests" / "e2e").glob("*/run"))


def start_e2e():
    """Begins the end-to-end suites that may run beside builds, against the release build that is there."""
    total = step("web build", ["npm", "run", "--silent", "build"], LOGS / "e2e" / "web-build.log", cwd=ROOT / "web")
    BESIDE.start("e2e", [functools.partial(e2e, name, "release", "e2e") for name in e2e_names()
                         if name not in ALONE + NOT_BESIDE_BUILDS])
    BESIDE.tallies["e2e"] += total


def suite_e2e():
    """Every tests/e2e/<name>/run against the programs of the release build, as many at once as there are cores."""
    if not build("release", "e2e"):
        return Tally(0, 1)
    if "e2e" not in BESIDE.tallies:
        start_e2e()
    BESIDE.start("e2e", [functools.partial(e2e, name, "release", "e2e") for name in e2e_names() if name in NOT_BESIDE_BUILDS])
    BESIDE.settle()
    return sum((e2e(name, "release", "e2e") for name in ALONE), Tally())


def suite_lint():
    """The linter over all sources; takes long, so only when asked for."""
    code, _ = run(["bash", "-c", "cmake --preset release"], LOGS / "lint" / "configure.log", timeout=300)
    if code != 0:
        show_failure("lint", LOGS / "lint" / "configure.log")
        return Tally(0, 1)
    files = [str(p.relative_to(ROOT)) for p in sorted((ROOT / "src").rglob("*.cc"))]
    with concurrent.futures.ThreadPoolExecutor(CORES) as pool:
        tallies = pool.map(lambda f: step(f, ["clang-tidy-19", "--quiet", "-p", "build/release", f],
                                          LOGS / "lint" / (f.replace("/", ".") + ".log")), files)
        total = Tally()
        for tally in tallies:
            total += tally
    return total


ON_DEMAND = ("lint",)
SUITES = {name.removeprefix("suite_"): function for name, function in list(globals().items()) if name.startswith("suite_")}


def main():
    wanted = sys.argv[1:]
    if wanted == ["--list"]:
        for name, function in SUITES.items():
            say(f"{name:8} {function.__doc__.splitlines()[0]}")
        return 0
    unknown = [name for name in wanted if name not in SUITES]
    if unknown:
        sys.exit(f"no such suite: {' '.join(unknown)}; ./test --list names them")
    wanted = wanted or [name for name in SUITES if name not in ON_DEMAND]
    for name in wanted:
        shutil.rmtree(LOGS / name, ignore_errors=True)
    tallies, seconds = {}, {}
    for name in wanted:
        say(f"== {name}: {SUITES[name].__doc__.splitlines()[0]}")
        begin = time.monotonic()
        tallies[name] = SUITES[name]()
        if name == "unit" and "e2e" in wanted and tallies[name].passed:
            start_e2e()
        seconds[name] = time.monotonic() - begin
    BESIDE.settle()
    for name, tally in BESIDE.tallies.items():
        tallies[name] += tally
    second_time = run_again(tallies)
    say("== summary")
    for name in wanted:
        say(f"  {name:8} {tallies[name].passed:5} passed {tallies[name].failed:4} failed {seconds[name]:6.0f} s")
    if second_time:
        say("== passed only the second time, alone")
    for name in second_time:
        say(f"  {name}")
    if FAILURES:
        say("== failed")
    for name, test in FAILURES[:40]:
        say(f"  {name}: {test}")
    total = sum(tallies.values(), Tally())
    say(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
