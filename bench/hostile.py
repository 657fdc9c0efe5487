#!/usr/bin/env python3
"""Players beside a hostile crowd; bench/run_hostile.sh calls this."""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import measure

RAMP = 4
DURATION = 40
CROWD_AFTER = 5   # seconds of the window
CROWD_RAMP = 10   # seconds over which the crowd comes
CALM = 75         # seconds without a crowd before the last look at the memory: seats are kept for a minute (L9)
ALLOWED = 1.2     # times the quiet run's p99
KEPT = 16e6       # bytes that the crowd may leave behind in the allocator


def crowd(bin_dir, port, each, told):
    """At a lower priority: the crowd's own work is not the node's."""
    time.sleep(RAMP + 2 + CROWD_AFTER)
    done = subprocess.run([str(bin_dir / "trespasser-hostile"), "--port", str(port), "--each", str(each), "--ramp", str(CROWD_RAMP)],
                          stdout=subprocess.PIPE, check=False, preexec_fn=lambda: os.nice(10))
    if done.returncode not in (0, 1):
        told["failed"] = done.returncode
        return
    told.update(json.loads(done.stdout))


def watch(port, told, stop):
    while not stop.wait(0.5):
        told.append(measure.health(port)["memory"]["used"])


def one_run(arguments, bin_dir, folder, each):
    """The load client's report; with a crowd, the crowd's and the node's memory as well."""
    told, memory, stop = {}, [], threading.Event()
    folder.mkdir()
    with measure.game_server(bin_dir, folder, {"COUNTDOWN": "2"}) as (port, process):
        threads = [threading.Thread(target=watch, args=(port, memory, stop))]
        if each:
            threads.append(threading.Thread(target=crowd, args=(bin_dir, port, each, told)))
        for thread in threads:
            thread.start()
        run = measure.load(bin_dir, port, process, players=arguments.players, ramp=RAMP, duration=DURATION)
        # The quiet run has the same calm, so that both memories are of the same age.
        time.sleep(CALM)
        after = measure.health(port)
        stop.set()
        for thread in threads:
            thread.join()
    if told.get("failed"):
        sys.exit(f"the crowd ended with {told['failed']}")
    return {"run": run, "crowd": told, "memory_most": max(memory), "memory_after": after["memory"]["used"],
            "connections_after": after["connections"]}


def cost(bin_dir, folder, each, kind):
    """Bytes of the node's memory that one attacker of a kind takes when all of them are there."""
    folder.mkdir()
    memory, stop = [], threading.Event()
    with measure.game_server(bin_dir, folder, {"COUNTDOWN": "2"}) as (port, _):
        before = measure.health(port)["memory"]["used"]
        watcher = threading.Thread(target=watch, args=(port, memory, stop))
        watcher.start()
        done = subprocess.run([str(bin_dir / "trespasser-hostile"), "--port", str(port), "--each", str(each), "--ramp", "2",
                               "--kind", kind], stdout=subprocess.DEVNULL, check=False)
        stop.set()
        watcher.join()
    if done.returncode not in (0, 1):
        sys.exit(f"the crowd of {kind} ended with {done.returncode}")
    return round((max(memory, default=before) - before) / each)


def row(name, quiet, hostile):
    return f"| {name} | {quiet} | {hostile} |"


def main():
    """Fails when an attack did not happen or lasted longer than ten seconds, or players or memory suffered."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="release")
    parser.add_argument("--each", type=int, default=1000)
    parser.add_argument("--players", type=int, default=200)
    arguments = parser.parse_args()
    measure.build(arguments.preset)
    subprocess.run(["cmake", "--build", "--preset", arguments.preset, "--target", "trespasser-hostile"], cwd=measure.ROOT, check=True,
                   stdout=subprocess.DEVNULL)
    bin_dir = measure.ROOT / "build" / arguments.preset / "bin"
    report = {"date": time.strftime("%Y-%m-%d"), "preset": arguments.preset, "machine": measure.machine(), "each": arguments.each}
    with tempfile.TemporaryDirectory(prefix="trespasser-bench-") as name:
        report["quiet"] = one_run(arguments, bin_dir, pathlib.Path(name) / "quiet", 0)
        report["hostile"] = one_run(arguments, bin_dir, pathlib.Path(name) / "hostile", arguments.each)
        report["bytes_an_attacker"] = {kind: cost(bin_dir, pathlib.Path(name) / kind, arguments.each, kind)
                                       for kind in report["hostile"]["crowd"]["kinds"]}
    quiet, hostile = report["quiet"], report["hostile"]
    gaps = [side["run"]["snapshot_gap_ms"] for side in (quiet, hostile)]
    report["p99_ratio"] = round(gaps[1]["p99"] / gaps[0]["p99"], 3)
    megabytes = [[round(side[key] / 1e6, 1) for key in ("memory_most", "memory_after")] for side in (quiet, hostile)]
    measure.write("hostile", report, "\n".join([
        "# A hostile crowd beside players", "",
        f"{arguments.players} players of the load client for {DURATION} s on one node, once alone and once with {arguments.each} attackers of "
        f"each kind, who come over {CROWD_RAMP} s, each from an address of its own, at a lower priority than the players. All of it is on "
        f"one machine, so the players feel what the crowd's own program needs as well. {measure.machine_line(report)}", "",
        "| players | alone | with the crowd |", "|---|---|---|",
        row("snapshot interval, p50 ms", gaps[0]["p50"], gaps[1]["p50"]),
        row("snapshot interval, p99 ms", gaps[0]["p99"], f"{gaps[1]['p99']} ({report['p99_ratio']} times; aim: at most {ALLOWED})"),
        row("snapshot interval, longest ms", gaps[0]["max"], gaps[1]["max"]),
        row("errors, connections lost", f"{quiet['run']['errors'] or 0}, {quiet['run']['gone']}",
            f"{hostile['run']['errors'] or 0}, {hostile['run']['gone']}"),
        row("memory of the node, most MB", megabytes[0][0], megabytes[1][0]),
        row(f"memory {CALM} s after the players went, MB", megabytes[0][1], megabytes[1][1]),
        row("connections left then", quiet["connections_after"], hostile["connections_after"]), "",
        "| kind | attacks | gone within 10 s | longest, s | still there | could not connect | memory of one, kB |",
        "|---|---|---|---|---|---|---|",
        *[f"| {kind} | {told['attacks']} | {told['gone_within_10_s']} | {told['longest_s']} | {told['still_there']} | {told['failed']} | "
          f"{report['bytes_an_attacker'][kind] / 1e3:.1f} |" for kind, told in hostile["crowd"]["kinds"].items()], "",
        "The memory of one is measured with those of his kind alone on a node, all within two seconds; eight slow readers play in a "
        "lobby, whose memory is theirs as well.", ""]))
    bad = [f"{kind}: {told}" for kind, told in hostile["crowd"]["kinds"].items()
           if told["attacks"] < arguments.each or told["failed"] or told["still_there"] or told["gone_within_10_s"] < told["attacks"]]
    if hostile["run"]["errors"] or hostile["run"]["gone"]:
        bad.append(f"players: {hostile['run']['errors']}, lost: {hostile['run']['gone']}")
    if report["p99_ratio"] > ALLOWED:
        bad.append(f"the players' p99 is {report['p99_ratio']} times that of the quiet run")
    if hostile["memory_after"] - quiet["memory_after"] > KEPT:
        bad.append(f"{(hostile['memory_after'] - quiet['memory_after']) / 1e6:.1f} MB more than after the quiet run are kept")
    if bad:
        sys.exit("\n".join(bad))


if __name__ == "__main__":
    main()
