"""A session of fuzzing: all targets, one after the other or several at once, with the figures of all sessions kept.

The corpus of a target grows in build/fuzz-corpus/<target> and is minimised after a run in which it grew by half: what reaches no
edge of its own is dropped. What a target fell over lies in build/fuzz-findings and stays there until somebody has looked at it.
"""

import argparse
import concurrent.futures
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORPUS = ROOT / "build" / "fuzz-corpus"
FINDINGS = ROOT / "build" / "fuzz-findings"
REPORT = ROOT / "bench" / "reports" / "fuzz"
# Wall time, of which a process of this priority may get little, or none while it is stopped: an input that takes this long has
# hung, and what is merely slow by the clock says nothing.
TIMEOUT_S = 600
LOCK = threading.Lock()


def idle():
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def run(command, log):
    """Runs at idle priority; the exit code and the seconds of processor time it took."""
    with open(log, "wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, preexec_fn=idle)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime


def minimise(program, corpus, seeds, log):
    """Replaces a corpus by the inputs that cover the same."""
    smaller = corpus.with_name(corpus.name + ".smaller")
    shutil.rmtree(smaller, ignore_errors=True)
    smaller.mkdir()
    code, seconds = run([program, "-merge=1", f"-timeout={TIMEOUT_S}", "-rss_limit_mb=2048", smaller, corpus, *seeds], log)
    if code == 0:
        shutil.rmtree(corpus)
        smaller.rename(corpus)
    else:
        shutil.rmtree(smaller)
    return seconds


def last(pattern, text):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def fuzz(program, seconds):
    """One target for a while: what the report keeps of it."""
    name = program.name.removeprefix("fuzz_")
    corpus = CORPUS / name
    corpus.mkdir(parents=True, exist_ok=True)
    seeds = [path for path in [ROOT / "tests" / "fuzz" / "corpus" / name] if path.is_dir()]
    before = set(FINDINGS.glob(f"{name}-*"))
    inputs = sum(1 for _ in corpus.iterdir())
    log = ROOT / "build" / f"fuzz-{name}.log"
    code, cpu = run([program, f"-max_total_time={seconds}", f"-timeout={TIMEOUT_S}", "-report_slow_units=1000000",
                     "-rss_limit_mb=2048", "-print_final_stats=1", f"-artifact_prefix={FINDINGS / name}-", corpus, *seeds], log)
    text = log.read_text(errors="replace")
    found = sorted(path.name for path in set(FINDINGS.glob(f"{name}-*")) - before)
    if code != 0 and not found:
        raise RuntimeError(f"{program.name} ended with {code}: see {log}")
    if sum(1 for _ in corpus.iterdir()) > 1.5 * inputs:
        cpu += minimise(program, corpus, seeds, ROOT / "build" / f"fuzz-{name}-merge.log")
    return {"target": name, "cpu_seconds": cpu, "runs": last(r"stat::number_of_executed_units:\s*(\d+)", text),
            "edges": last(r"cov: (\d+)", text), "inputs": sum(1 for _ in corpus.iterdir()), "findings": found}


def report():
    file = REPORT.with_suffix(".json")
    return json.loads(file.read_text()) if file.exists() else {"targets": {}}


def cpu_so_far(name):
    return report()["targets"].get(name.removeprefix("fuzz_"), {"cpu_seconds": 0})["cpu_seconds"]


def add(told):
    """Adds a run to the report, which is written anew."""
    with LOCK:
        all_told = report()
        kept = all_told["targets"].setdefault(told["target"], {"sessions": 0, "cpu_seconds": 0, "runs": 0, "edges": 0, "findings": []})
        kept["sessions"] += 1
        kept["cpu_seconds"] = round(kept["cpu_seconds"] + told["cpu_seconds"], 1)
        kept["runs"] += told["runs"]
        kept["edges"] = told["edges"] or kept["edges"]
        kept["inputs"] = told["inputs"]
        kept["findings"] += told["findings"]
        all_told["last"] = datetime.date.today().isoformat()
        REPORT.with_suffix(".json").write_text(json.dumps(all_told, indent=1, sort_keys=True) + "\n")
        REPORT.with_suffix(".md").write_text(page(all_told))


def page(told):
    total = sum(t["cpu_seconds"] for t in told["targets"].values())
    rows = "\n".join(f'| `{name}` | {t["cpu_seconds"] / 60:,.1f} | {t["runs"]:,} | {t["edges"]:,} | {t["inputs"]:,} | {len(t["findings"])} |'
                     for name, t in sorted(told["targets"].items()))
    return f"""# Fuzzing

Every reader of foreign bytes under libFuzzer with the address and undefined-behaviour sanitizers (`tests/fuzz`), all sessions
together: {total / 3600:.1f} hours of processor time, the last on {told["last"]}. `bench/run_fuzz.sh` adds to this page. Times are
processor time, minimising included, not time on the wall; runs leave minimising out. Edges are those of the last session, with
the libraries' own where they are built with the target. A finding that has been mended has its input in `tests/fuzz/corpus` or a
test; the count stays.

| target | minutes | runs | edges | inputs in the corpus | findings |
|---|---|---|---|---|---|
{rows}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=3600, help="of each target, on the wall")
    parser.add_argument("--jobs", type=int, default=1, help="targets at once")
    parser.add_argument("programs", nargs="?", type=pathlib.Path, default=ROOT / "build" / "fuzz" / "bin")
    given = parser.parse_args()
    FINDINGS.mkdir(parents=True, exist_ok=True)
    wanted = {path.stem for path in (ROOT / "tests" / "fuzz").glob("fuzz_*.cc")}
    missing = sorted(name for name in wanted if not (given.programs / name).exists())
    if missing:
        raise SystemExit(f"not built: {' '.join(missing)}")
    failed = False
    order = sorted(sorted(wanted), key=cpu_so_far)  # who had the least comes first
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        for told in pool.map(lambda name: fuzz(given.programs / name, given.seconds), order):
            add(told)
            failed = failed or bool(told["findings"])
            print(f'{told["target"]}: {told["runs"]} runs, {told["edges"]} edges, {told["cpu_seconds"]:.0f} s, findings: '
                  f'{" ".join(told["findings"]) or "none"}', flush=True)
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
