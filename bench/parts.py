#!/usr/bin/env python3
"""Measurements without a server; bench/run_tick.sh and bench/run_leak.sh call this.

  parts.py tick   what a tick of a lobby of eight costs, by part
  parts.py leak   the leak checkers of sight and of frames over many entity updates

Reports go to bench/reports/<name>.json and .md."""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import time

import measure

MAPS = ("foundry", "gardens")

# Title, key in what bench-tick prints, note.
TICK_PARTS = (
    ("inputs: movement, aim", "inputs", "four of the eight send one each tick"),
    ("bullets: rays, damage, walls", "bullets", ""),
    ("projectiles: flight, explosions, smoke, flash", "projectiles", ""),
    ("the rest of the step", "step_idle", "timers, respawn, phases"),
    ("sight: polygons", "sight", "eight every third tick"),
    ("views: who sees whom, who may know which event", "views", ""),
    ("JSON of states and events", "json", ""),
    ("**these together**", "parts", ""),
    ("**lobby tick with sight**", "lobby", "aim <= 25: the lobby itself, seats and inboxes included, packets thrown away"),
    ("one polygon", "polygon", "aim <= 4; smoke included"),
)
TICK_APART = (
    ("thinking of eight bots", "bots", "there are bots only where people are missing"),
    ("recording the replay", "replay", "another thread packs it"),
    ("watching for cheats", "watch", "all eight; docs/anticheat.md"),
    ("packets to the eight", "packets_per_tick", "number"),
    ("bytes to the eight", "bytes_per_tick", "number"),
)

# Both judge by a slow reference that shares no code with what they judge: the match's answers, and the text of the packets.
LEAK_CHECKS = (
    ("what the match tells", "match_test", "LeakChecker.S5*", "TRESPASSER_LEAK_UPDATES"),
    ("what the packets say", "lobby_test", "FramesLeak.S5*", "TRESPASSER_FRAME_UPDATES"),
)


def begun(preset):
    return {"date": time.strftime("%Y-%m-%d"), "preset": preset, "machine": measure.machine()}


def table(maps, parts):
    lines = ["| | " + " | ".join(m["map"] for m in maps) + " | |", "|---" * (len(maps) + 2) + "|"]
    for title, key, note in parts:
        lines.append(f"| {title} | " + " | ".join(f"{m[key]:g}" for m in maps) + f" | {note} |")
    return lines


def tick(arguments, bin_dir):
    report = begun(arguments.preset)
    report["maps"] = [json.loads(subprocess.run([str(bin_dir / "bench-tick"), name, str(arguments.runs)], cwd=measure.ROOT,
                                                stdout=subprocess.PIPE, check=True).stdout) for name in MAPS]
    lines = ["# A tick of a lobby of eight, by part", "",
             f"Microseconds of CPU time a tick, one thread, median of {arguments.runs} runs. {measure.machine_line(report)}", "",
             "Random walkers, 30 inputs a second each, shoot a shipped map to pieces for two minutes. The recorded commands are",
             "played again with more and more of what a lobby does; a part is the difference between two such runs.", ""]
    lines += table(report["maps"], TICK_PARTS) + ["", "Apart from these:", ""] + table(report["maps"], TICK_APART) + [""]
    measure.write("tick", report, "\n".join(lines))


def leak(arguments, bin_dir):
    report = begun(arguments.preset)
    report |= {"updates": arguments.updates, "checks": []}
    for title, program, tests, variable in LEAK_CHECKS:
        begin = time.monotonic()
        done = subprocess.run([str(bin_dir / program), f"--gtest_filter={tests}"], cwd=measure.ROOT, stdout=subprocess.PIPE,
                              text=True, env={**os.environ, variable: str(arguments.updates)}, check=False)
        said = [line for line in done.stdout.splitlines() if re.match(r"\d+ updates: ", line)]
        report["checks"].append({"title": title, "passed": done.returncode == 0 and len(said) == 1, "said": said,
                                 "seconds": round(time.monotonic() - begin)})
    lines = ["# The leak checkers", "", f"{arguments.updates:,} entity updates each. {measure.machine_line(report)}", ""]
    for check in report["checks"]:
        verdict = "no leak" if check["passed"] else "FAILED"
        lines += [f"{check['title'].capitalize()}: {verdict}, {check['seconds']} s.", ""]
        lines += [f"    {line}" for line in check["said"]] + [""]
    lines += ["\"On a border\": the answer hangs on less than 10^-6 px or rad, and either is right.", ""]
    measure.write("leak", report, "\n".join(lines))
    if not all(check["passed"] for check in report["checks"]):
        sys.exit("a leak checker failed")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("tick", "leak"))
    parser.add_argument("--preset", default="release")
    parser.add_argument("--bin", type=pathlib.Path, help="folder of built programs, instead of building the preset")
    parser.add_argument("--runs", type=int, default=5, help="of tick")
    parser.add_argument("--updates", type=int, default=100_000_000, help="of leak")
    arguments = parser.parse_args()
    what, targets = {"tick": (tick, "bench-tick"), "leak": (leak, "match_test lobby_test")}[arguments.what]
    if arguments.bin is None:
        subprocess.run(["bash", "-c", f"cmake --preset {arguments.preset} && "
                        f"cmake --build --preset {arguments.preset} --target {targets}"],
                       cwd=measure.ROOT, check=True, stdout=subprocess.DEVNULL)
    what(arguments, arguments.bin or measure.ROOT / "build" / arguments.preset / "bin")


if __name__ == "__main__":
    main()
