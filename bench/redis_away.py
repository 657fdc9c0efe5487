#!/usr/bin/env python3
"""Redis is unplugged for 30 s during 100 matches; bench/run_redis_away.sh calls this."""

import argparse
import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import measure

PLAYERS = 400
RAMP = 8
DURATION = 60
AWAY_AFTER = 15
AWAY = 30


@contextlib.contextmanager
def redis(port, folder):
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    with measure.running(command, port, folder / "redis.log") as process:
        yield process


def unplug(port, folder, told):
    """Runs beside the load; the first Redis of the run is the caller's."""
    time.sleep(RAMP + 6 + AWAY_AFTER)
    told["first"].kill()
    told["first"].wait()
    time.sleep(AWAY)
    told["second"] = redis(port, folder)
    told["second"].__enter__()
    told["back_at"] = time.monotonic()


def main():
    """Fails when anybody noticed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="release")
    arguments = parser.parse_args()
    measure.build(arguments.preset)
    bin_dir = measure.ROOT / "build" / arguments.preset / "bin"
    report = {"date": time.strftime("%Y-%m-%d"), "preset": arguments.preset, "machine": measure.machine()}
    with tempfile.TemporaryDirectory(prefix="trespasser-bench-") as name:
        folder = pathlib.Path(name)
        port = measure.free_port()
        settings = {"MAX_PLAYERS_PER_LOBBY": "4", "REDIS_URL": f"redis://127.0.0.1:{port}/0", "NODE_ID": "bench"}
        with redis(port, folder) as first, measure.game_server(bin_dir, folder, settings) as (game, process):
            told = {"first": first}
            away = threading.Thread(target=unplug, args=(port, folder, told))
            away.start()
            report["run"] = measure.load(bin_dir, game, process, players=PLAYERS, ramp=RAMP, duration=DURATION)
            away.join()
            report["health_after"] = measure.health(game)
            time.sleep(3)
            listed = subprocess.run(["redis-cli", "-p", str(port), "zcard", "lobby_index"], capture_output=True, text=True, check=True)
            report["lobbies_listed_after"] = int(listed.stdout)
            told["second"].__exit__(None, None, None)
    run = report["run"]
    gap, off = run["snapshot_gap_ms"], run["snapshot_off_by_ms"]
    measure.write("redis_away", report, "\n".join([
        "# Redis is away for 30 s during 100 matches", "",
        f"{PLAYERS} players of the load client in lobbies of 4 on one node, {DURATION} s; Redis is killed after {AWAY_AFTER} s and an empty "
        f"one comes in its place {AWAY} s later. {measure.machine_line(report)}", "",
        "| | |", "|---|---|",
        f"| errors | {sum(run['errors'].values())} {json.dumps(run['errors']) if run['errors'] else ''} |",
        f"| connections lost | {run['gone']} |",
        f"| snapshots measured | {gap['count']} |",
        f"| snapshot interval, p50 / p99 / p99.9 / max ms | {gap['p50']} / {gap['p99']} / {gap['p999']} / {gap['max']} |",
        f"| off 50 ms by, p50 / p99 / p99.9 / max ms | {off['p50']} / {off['p99']} / {off['p999']} / {off['max']} |",
        f"| server, CPU us per player-second | {run['server']['cpu_us_per_player_second']} |",
        f"| lobbies in the directory of the empty Redis afterwards | {report['lobbies_listed_after']} |",
        f"| /health afterwards | {report['health_after']['status']} |", ""]))
    if run["errors"] or run["gone"] or report["lobbies_listed_after"] < PLAYERS // 4:
        sys.exit("somebody noticed")


if __name__ == "__main__":
    main()
