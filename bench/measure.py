#!/usr/bin/env python3
"""Whole-server measurements with the load client; bench/run_*.sh call this.

  measure.py floor     the server and the bare epoll floor, one after the other, same players and same bytes
  measure.py lobbies   100 lobbies of 4 players for 5 minutes

Reports go to bench/reports/<name>.json and .md. Run on an otherwise idle machine; the load before the run is reported."""

import argparse
import contextlib
import json
import os
import pathlib
import platform
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
REPORTS = ROOT / "bench" / "reports"


def build(preset):
    command = (f"cmake --preset {preset} && cmake --build --preset {preset} "
               "--target trespasserd trespasser-loadtest bench-floor")
    subprocess.run(["bash", "-c", command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process):
    for _ in range(300):
        if process.poll() is not None:
            sys.exit(f"the server ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    sys.exit("the server did not listen within 30 s")


@contextlib.contextmanager
def running(command, port, log, env=None):
    """A server until the block ends."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **(env or {})})
        try:
            wait_for_port(port, process)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def game_server(bin_dir, folder, settings):
    port = free_port()
    env = {"PORT": str(port), "HOST": "127.0.0.1", "DATA_DIR": str(folder / "data"), "DRAIN_LIMIT": "0",
           "CONFIG": str(ROOT / "config" / "trespasser.toml"), **settings}
    with running([str(bin_dir / "trespasserd")], port, folder / "server.log", env) as process:
        yield port, process


# The players play and do nothing else, and vanish at the end: what was measured once can be compared with what is measured now,
# and the floor knows no more.
ONLY_PLAY = ["--end", "cut", "--chat", "0", "--scrape", "0"]


def load(bin_dir, port, process, **flags):
    command = [str(bin_dir / "trespasser-loadtest"), "--port", str(port), "--server-pid", str(process.pid), *ONLY_PLAY]
    for name, value in flags.items():
        command += [f"--{name}", str(value)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        sys.exit("the load client failed")
    return json.loads(done.stdout)


def void(run, inputs=30):
    """Why a run measures nothing: a machine so busy that the load client could not play at its rate, or errors."""
    if run["errors"] or run["gone"]:
        return f"errors: {json.dumps(run['errors'])}, connections lost: {run['gone']}"
    played = run["per_player_second"]["inputs"]
    # Players that are dead or between matches send nothing.
    if played < 0.8 * inputs:
        return f"only {played} of {inputs} inputs a second were sent"
    return ""


def health(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        return json.load(refused)


def machine():
    cpu = re.search(r"^model name\s*:\s*(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return {"cores": os.cpu_count(), "cpu": cpu.group(1) if cpu else platform.machine(), "kernel": platform.release(),
            "load_before": round(os.getloadavg()[0], 2)}


def write(name, report, text):
    REPORTS.mkdir(exist_ok=True)
    (REPORTS / f"{name}.json").write_text(json.dumps(report, indent=2) + "\n")
    (REPORTS / f"{name}.md").write_text(text)
    print(text)


def machine_line(report):
    m = report["machine"]
    return (f"{m['cores']} cores ({m['cpu']}), kernel {m['kernel']}, load average before the run {m['load_before']}, "
            f"{report['date']}, preset {report['preset']}.")


def floor(arguments, bin_dir, folder):
    flags = {"players": arguments.players, "ramp": arguments.players / 100, "duration": arguments.duration}
    report = {"date": time.strftime("%Y-%m-%d"), "preset": arguments.preset, "machine": machine()}
    with game_server(bin_dir, folder, {}) as (port, process):
        report["server"] = load(bin_dir, port, process, **flags)
    if void(report["server"]):
        sys.exit(f"void: the server's run: {void(report['server'])}")
    # The same bytes in the same number of sends: all that a player got, spread over the snapshots.
    per_second = report["server"]["per_player_second"]
    bytes_a_state = round(per_second["bytes_in"] / 20) - 4
    port = free_port()
    command = [str(bin_dir / "bench-floor"), "--port", str(port), "--state-bytes", str(bytes_a_state)]
    with running(command, port, folder / "floor.log") as process:
        report["floor"] = load(bin_dir, port, process, **flags)
    if void(report["floor"]):
        sys.exit(f"void: the floor's run: {void(report['floor'])}")
    costs = [report[side]["server"]["cpu_us_per_player_second"] for side in ("server", "floor")]
    report["ratio"] = round(costs[0] / costs[1], 3)
    lines = ["# The server against the floor", "",
             f"{arguments.players} players, {arguments.duration} s, one after the other. {machine_line(report)}", "",
             "The floor is a bare epoll loop that moves the same number of bytes in the same number of sends and reads the",
             "same inputs; it decodes, simulates and encodes nothing.", "",
             "| | server | floor |", "|---|---|---|"]
    for title, value in (("CPU, us per player-second", lambda r: r["server"]["cpu_us_per_player_second"]),
                         ("cores", lambda r: r["server"]["cores"]),
                         ("inputs per player-second", lambda r: r["per_player_second"]["inputs"]),
                         ("messages to a player per second", lambda r: r["per_player_second"]["messages_in"]),
                         ("bytes to a player per second", lambda r: r["per_player_second"]["bytes_in"]),
                         ("bytes of a state", lambda r: r["snapshot_bytes"]),
                         ("snapshot off 50 ms by, p99 ms", lambda r: r["snapshot_off_by_ms"]["p99"]),
                         ("errors", lambda r: sum(r["errors"].values()))):
        lines.append(f"| {title} | {value(report['server'])} | {value(report['floor'])} |")
    lines += ["", f"Ratio: {report['ratio']}", ""]
    write("floor", report, "\n".join(lines))


def growth(rss):
    """Bytes an hour by least squares over the samples, which are 10 s apart; the first minute is left to warm up."""
    samples = rss[6:]
    if len(samples) < 2:
        return 0
    middle_x = (len(samples) - 1) / 2
    middle_y = sum(samples) / len(samples)
    slope = sum((x - middle_x) * (y - middle_y) for x, y in enumerate(samples)) / sum((x - middle_x) ** 2 for x in range(len(samples)))
    return slope * 360


def lobbies(arguments, bin_dir, folder):
    report = {"date": time.strftime("%Y-%m-%d"), "preset": arguments.preset, "machine": machine()}
    players = arguments.lobbies * 4
    with game_server(bin_dir, folder, {"MAX_PLAYERS_PER_LOBBY": "4"}) as (port, process):
        report["run"] = load(bin_dir, port, process, players=players, ramp=players / 50, duration=arguments.duration)
        report["health_after"] = health(port)
    run = report["run"]
    server = run["server"]
    if void(run):
        print(f"void: {void(run)}", file=sys.stderr)
    report["rss_growth_bytes_per_hour"] = round(growth(server["rss"]))
    lines = [f"# {arguments.lobbies} lobbies of 4", "",
             f"{players} players of the load client for {arguments.duration} s. {machine_line(report)}", "",
             "| | |", "|---|---|",
             f"| errors | {sum(run['errors'].values())} {json.dumps(run['errors']) if run['errors'] else ''} |",
             f"| connections lost | {run['gone']} |",
             f"| snapshot interval, p50 / p99 / p99.9 / max ms | {run['snapshot_gap_ms']['p50']} / {run['snapshot_gap_ms']['p99']} / "
             f"{run['snapshot_gap_ms']['p999']} / {run['snapshot_gap_ms']['max']} |",
             f"| off 50 ms by, p50 / p99 / p99.9 / max ms | {run['snapshot_off_by_ms']['p50']} / {run['snapshot_off_by_ms']['p99']} / "
             f"{run['snapshot_off_by_ms']['p999']} / {run['snapshot_off_by_ms']['max']} |",
             f"| snapshots measured | {run['snapshot_gap_ms']['count']} |",
             f"| connect to Socket.IO id, p50 / p99 ms | {run['connect_ms']['p50']} / {run['connect_ms']['p99']} |",
             f"| find_match to lobby_joined, p50 / p99 ms | {run['join_ms']['p50']} / {run['join_ms']['p99']} |",
             f"| server, cores | {server['cores']} |",
             f"| server, CPU us per player-second | {server['cpu_us_per_player_second']} |",
             f"| resident memory, begin / end MB | {server['rss_begin'] / 1e6:.1f} / {server['rss_end'] / 1e6:.1f} |",
             f"| growth after the first minute, MB an hour | {report['rss_growth_bytes_per_hour'] / 1e6:.2f} |",
             f"| bytes of a state | {run['snapshot_bytes']} |", ""]
    write("lobbies", report, "\n".join(lines))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("floor", "lobbies"))
    parser.add_argument("--preset", default="release")
    parser.add_argument("--players", type=int, default=1000, help="of floor")
    parser.add_argument("--lobbies", type=int, default=100, help="of lobbies")
    parser.add_argument("--duration", type=float, help="seconds measured; 60 for floor, 300 for lobbies")
    arguments = parser.parse_args()
    if arguments.duration is None:
        arguments.duration = 60 if arguments.what == "floor" else 300
    build(arguments.preset)
    with tempfile.TemporaryDirectory(prefix="trespasser-bench-") as folder:
        what = floor if arguments.what == "floor" else lobbies
        what(arguments, ROOT / "build" / arguments.preset / "bin", pathlib.Path(folder))


if __name__ == "__main__":
    main()
