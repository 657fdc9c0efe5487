#!/usr/bin/env python3
"""What one node carries (O8), by trespasser-loadtest; bench/run_target.sh calls this.

One server with its default settings, on this machine, with the load client beside it. First as many accounts are made as there
are players. Then the players come, 20 a second: each logs in, connects, gets into a private lobby of eight, and plays matches with
a time limit, one after the other, with chat and votes between them; after the measured time the running matches are played to
their end. Reports: bench/reports/target.json and target.md; the load test's own report, as JSON and as a page, in docs/loadtest/.
Ends with 1 when a target was missed. Run on an otherwise idle machine."""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import measure

LOBBY = 8
LOGINS_PER_SECOND = 20
REGISTRATIONS_PER_SECOND = 14  # a hash costs 60 ms and there is more to do than hashing
EXAMPLE = measure.ROOT / "docs" / "loadtest"


def client(bin_dir, port, accounts, players, **flags):
    command = [str(bin_dir / "trespasser-loadtest"), "--server", f"http://127.0.0.1:{port}", "--players", str(players),
               "--accounts-file", str(accounts)]
    for name, value in flags.items():
        command += [f"--{name.replace('_', '-')}", str(value)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        sys.exit("the load client failed")
    return json.loads(done.stdout)


def row(title, value):
    return f"| {title} | {value} |"


def times(run, step):
    ms = run["steps"][step]["ms"]
    return f"{ms['p50']:.2f} / {ms['p95']:.2f} / {ms['p99']:.2f} / {ms['max']:.2f}"


def lines(report, arguments):
    run = report["run"]
    server = run["servers"][0]
    begin, end = (server["readings"][server[name]] for name in ("window_begin", "window_end"))
    steps = run["steps"]
    # States only come in a match; between matches there are results and a vote.
    in_match = run["per_player_second"]["snapshots"] / 20
    cores = (end["cpu_seconds"] - begin["cpu_seconds"]) / (end["t"] - begin["t"])
    noise = "" if report["machine"]["load_before"] < 1 else " The machine was busy with other work: times and processor time are too high."
    out = [f"# One node: {arguments.lobbies} lobbies of {LOBBY}", "",
           f"{run['players']} players with accounts, {LOGINS_PER_SECOND} logins a second, then matches of {arguments.time_limit} s one after "
           f"the other for {run['window_seconds']:.0f} s; server and load client on one machine. {measure.machine_line(report)}{noise}", "",
           f"{'All targets were reached.' if run['passed'] else 'NOT all targets were reached.'} The whole report: "
           "[docs/loadtest/report.html](../../docs/loadtest/report.html).", "",
           "| target | aim | found | |", "|---|---|---|---|"]
    for verdict in run["verdicts"]:
        out.append(f"| {verdict['what']} | {verdict['target']} | {verdict['found']} | {'pass' if verdict['passed'] else 'FAIL'} |")
    out += ["", "| | |", "|---|---|",
            row("errors", f"{sum(run['errors'].values())} {json.dumps(run['errors']) if run['errors'] else ''}"),
            row("players who gave up", run["gone"]),
            row("lobbies, players in the measured time", f"{begin['lobbies']}, {begin['players']}"),
            row("matches begun / completed / aborted, by the server",
                " / ".join(str(server["readings"][-1][f"matches_{what}"]) for what in ("started", "completed", "aborted"))),
            row("ticks in the measured time", end["ticks"] - begin["ticks"]),
            row("ticks begun late by, p99.9 ms (bucket edge)", server["tick_lateness_p999_ms"]),
            row("server, cores", f"{cores:.3f}"),
            row("share of the measured time in which a player was in a match", f"{100 * in_match:.0f} %"),
            row("server's CPU per lobby, were matches to follow each other without a pause", f"{100 * cores / arguments.lobbies / in_match:.3f} % of a core"),
            row("server's memory before the players / at the end of the measured time, MB",
                f"{server['readings'][0]['memory_bytes'] / 1e6:.1f} / {end['memory_bytes'] / 1e6:.1f}"),
            row("snapshots off 50 ms by, p50 / p99 / p99.9 / max ms",
                " / ".join(str(run["snapshot_off_by_ms"][part]) for part in ("p50", "p99", "p999", "max"))),
            row("bytes to / from a player, a second",
                f"{run['per_player_second']['bytes_in']:.0f} / {run['per_player_second']['bytes_out']:.0f}"),
            row("load client, CPU us per player and second", run["client"]["cpu_us_per_player_second"])]
    for step, title in (("register", "registration"), ("login", "login"), ("connect", "connect"), ("join", "seat"),
                        ("enter", "enter the world"), ("chat", "chat line comes back"), ("vote", "vote counted"), ("leave", "leave")):
        if steps[step]["done"]:
            out.append(row(f"{title}, {steps[step]['done']} times: p50 / p95 / p99 / max ms", times(run, step)))
    return out + [""]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="release")
    parser.add_argument("--lobbies", type=int, default=100)
    parser.add_argument("--duration", type=float, default=200, help="seconds measured")
    parser.add_argument("--time-limit", type=int, default=60, help="of a match, seconds")
    parser.add_argument("--example", type=pathlib.Path, default=EXAMPLE, help="folder for the load test's own report")
    arguments = parser.parse_args()
    measure.build(arguments.preset)
    bin_dir = measure.ROOT / "build" / arguments.preset / "bin"
    players = arguments.lobbies * LOBBY
    arguments.example.mkdir(parents=True, exist_ok=True)
    report = {"date": time.strftime("%Y-%m-%d"), "preset": arguments.preset, "machine": measure.machine()}
    with tempfile.TemporaryDirectory(prefix="trespasser-bench-") as name:
        folder = pathlib.Path(name)
        accounts = folder / "accounts"
        with measure.game_server(bin_dir, folder, {}) as (port, _):
            made = client(bin_dir, port, accounts, players, profile="accounts", ramp=players / REGISTRATIONS_PER_SECOND, scrape=0)
            if made["steps"]["register"]["done"] != players:
                sys.exit(f"only {made['steps']['register']['done']} of {players} accounts: {made['errors']}")
            report["run"] = client(bin_dir, port, accounts, players, entry="private", lobby_size=LOBBY, time_limit=arguments.time_limit,
                                   ramp=players / LOGINS_PER_SECOND, duration=arguments.duration, finish=arguments.time_limit + 30,
                                   html=arguments.example / "report.html", report=arguments.example / "report.json")
    run = report["run"]
    run["steps"]["register"] = made["steps"]["register"]
    text = "\n".join(lines(report, arguments))
    del run["series"]  # it is in the example report
    run["servers"][0]["readings"] = len(run["servers"][0]["readings"])
    measure.write("target", report, text)
    if not run["passed"]:
        sys.exit("a target was missed")


if __name__ == "__main__":
    main()
