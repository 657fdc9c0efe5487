#!/usr/bin/env python3
"""Logins beside running matches (issue 4); bench/run_logins.sh calls this.

100 lobbies of 4 players of the load client play for three minutes on one server with its default settings:
  quiet   a minute without logins
  steady  a minute with 20 logins a second
  storm   500 logins in the same moment, then play until the minute is over
How late ticks were is what /health says of each minute. Then, with the server idle:
  timing  200 logins of unknown e-mails and 200 with a wrong password in turn, one at a time
Each login comes from an address of its own in 127.0.0.0/8 and storm and timing use an account once, so that the limits on
one address or account (S1) have no say. Report: bench/reports/logins.json and logins.md. Run on an otherwise idle machine."""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import pathlib
import statistics
import sys
import tempfile
import time

import measure

MINUTE = 61  # /health looks back over 60 readings, one a second
ACCOUNTS = 500
PATIENCE = 60  # seconds; whoever waits longer waits for ever
PASSWORD = "correct horse battery"
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def addresses():
    for number in itertools.count(1):
        yield f"127.{64 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"


class Caller:
    """Sends requests, each over a new connection from a new address."""

    def __init__(self, port):
        self.port = port
        self.addresses = addresses()

    async def post(self, path, body):
        """Status, seconds from connecting to the end of the answer, Retry-After or nothing. Status 0: no answer."""
        begin = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                status, retry_after = await self.exchange(path, json.dumps(body).encode())
        except (OSError, asyncio.IncompleteReadError):
            status, retry_after = 0, None
        return status, time.monotonic() - begin, retry_after

    async def exchange(self, path, text):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(next(self.addresses), 0))
        try:
            writer.write(f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n"
                         f"Content-Length: {len(text)}\r\n\r\n".encode() + text)
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            await reader.readexactly(int(headers["content-length"]))
            return int(head[0].split()[1]), headers.get("retry-after")
        finally:
            writer.close()

    async def login(self, email, password=PASSWORD):
        return await self.post("/api/auth/login", {"email": email, "password": password})


def email(number):
    return f"player{number}@example.org"


async def register_all(caller):
    """As many at once as there are cores: more would be refused."""
    numbers = iter(range(ACCOUNTS))

    async def register():
        for number in numbers:
            body = {"email": email(number), "password": PASSWORD, "displayName": f"Player {number}"}
            status, _, _ = await caller.post("/api/auth/register", body)
            if status != 201:
                sys.exit(f"registration answered {status}")

    await asyncio.gather(*(register() for _ in range(os.cpu_count() or 1)))


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


async def minute(port, pid, work):
    """Runs work at the begin of a minute of play; what work gave, and the ticks and cores of that minute."""
    begin, cpu = time.monotonic(), cpu_seconds(pid)
    answers = await work
    await asyncio.sleep(max(0, begin + MINUTE - time.monotonic()))
    elapsed = time.monotonic() - begin
    health = await asyncio.to_thread(measure.health, port)
    return answers, {"seconds": round(elapsed, 1), "tick": health["checks"]["tick"]["lastMinute"],
                     "server_cores": round((cpu_seconds(pid) - cpu) / elapsed, 3)}


async def steady(caller, rate, seconds):
    """Logins begun at fixed moments, however long the ones before take."""
    begin = time.monotonic()
    tasks = []
    for number in range(rate * seconds):
        await asyncio.sleep(max(0, begin + number / rate - time.monotonic()))
        tasks.append(asyncio.create_task(caller.login(email(number % ACCOUNTS))))
    return await asyncio.gather(*tasks)


async def storm(caller):
    return await asyncio.gather(*(caller.login(email(number)) for number in range(ACCOUNTS)))


async def timing(caller, each):
    """Seconds of unknown e-mails, and of wrong passwords, in turn."""
    took = {"unknown": [], "wrong": []}
    for number in range(each):
        for kind, address in (("unknown", f"nobody{number}@example.org"), ("wrong", email(number))):
            status, seconds, _ = await caller.login(address, "a wrong password")
            if status != 401:
                sys.exit(f"timing: {kind} answered {status}")
            took[kind].append(seconds)
    return took


def spread(answers):
    """What came of logins: counts by status, and the times of each in ms."""
    by_status = {}
    for status, seconds, _ in answers:
        by_status.setdefault(status, []).append(1e3 * seconds)
    result = {}
    for status, times in sorted(by_status.items()):
        times.sort()
        result[str(status)] = {"count": len(times), **{f"p{p}_ms": round(times[min(len(times) - 1, len(times) * p // 100)], 1)
                                                       for p in (50, 95, 99)}, "max_ms": round(times[-1], 1)}
    return result


@contextlib.asynccontextmanager
async def players(bin_dir, port, pid, count, duration):
    """The load client's players, once they all play; then its report is awaited in the dictionary given."""
    command = [str(bin_dir / "trespasser-loadtest"), "--port", str(port), "--server-pid", str(pid), "--players", str(count),
               "--ramp", str(count / 50), "--duration", str(duration), *measure.ONLY_PLAY]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL)
    report = {}
    try:
        for _ in range(600):
            if (await asyncio.to_thread(measure.health, port))["players"] >= count:
                break
            await asyncio.sleep(0.1)
        else:
            sys.exit("the players did not all join within a minute")
        await asyncio.sleep(5)  # entering the world is over
        yield report
        out, _ = await process.communicate()
        if process.returncode not in (0, 1):
            sys.exit("the load client failed")
        report.update(json.loads(out))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def run(bin_dir, port, pid, arguments):
    caller = Caller(port)
    await register_all(caller)
    report = {}
    async with players(bin_dir, port, pid, arguments.lobbies * 4, 3 * MINUTE + 10) as played:
        _, report["quiet"] = await minute(port, pid, asyncio.sleep(0))
        answers, report["steady"] = await minute(port, pid, steady(caller, arguments.rate, 60))
        report["steady"]["logins"] = spread(answers)
        answers, report["storm"] = await minute(port, pid, storm(caller))
        report["storm"]["logins"] = spread(answers)
        report["storm"]["refused_without_retry_after"] = sum(1 for status, _, retry in answers if status == 503 and not retry)
    report["players"] = played
    took = await timing(caller, 200)
    medians = {kind: 1e3 * statistics.median(times) for kind, times in took.items()}
    report["timing"] = {**{f"{kind}_median_ms": round(median, 2) for kind, median in medians.items()},
                        "ratio": round(medians["unknown"] / medians["wrong"], 4)}
    return report


def tick_cells(part):
    tick = part["tick"]
    return f"{tick['lateP50Ms']:.2f} / {tick['lateP99Ms']:.2f} / {tick['lateMaxMs']:.2f}"


def login_cells(part):
    return "; ".join(f"{found['count']} x {status}: {found['p50_ms']} / {found['p95_ms']} / {found['p99_ms']} / {found['max_ms']}"
                     for status, found in part.get("logins", {}).items()) or "none"


def as_text(report, arguments):
    parts = [report[name] for name in ("quiet", "steady", "storm")]
    run_of_players = report["players"]
    lines = ["# Logins beside running matches", "",
             f"{arguments.lobbies} lobbies of 4 players of the load client on one server, default settings (bcrypt cost 10). A minute without "
             f"logins, a minute with {arguments.rate} a second, a minute that begins with {ACCOUNTS} at once. {measure.machine_line(report)}", "",
             "| | quiet | steady | storm |", "|---|---|---|---|"]
    for title, cell in (("ticks begun late by, p50 / p99 / max ms", tick_cells), ("server, cores", lambda p: p["server_cores"]),
                        ("logins, p50 / p95 / p99 / max ms", login_cells)):
        lines.append("| " + " | ".join([title, *(str(cell(part)) for part in parts)]) + " |")
    ratio = report["timing"]
    off_by = run_of_players["snapshot_off_by_ms"]
    lines += ["", "How late a tick began is read from the server's own histogram, whose figures are up to an eighth too high.",
              f"Refused logins without Retry-After: {report['storm']['refused_without_retry_after']}.", "",
              f"Over all three minutes the players met {sum(run_of_players['errors'].values())} errors and lost {run_of_players['gone']} connections; "
              f"snapshots were off 50 ms by {off_by['p50']} / {off_by['p99']} / {off_by['max']} ms (p50 / p99 / max).", "",
              f"Unknown e-mail {ratio['unknown_median_ms']} ms, wrong password {ratio['wrong_median_ms']} ms (medians of 200 each, in turn, on the "
              f"idle server): ratio {ratio['ratio']}.", ""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="release")
    parser.add_argument("--lobbies", type=int, default=100)
    parser.add_argument("--rate", type=int, default=20, help="logins a second of the steady minute")
    arguments = parser.parse_args()
    measure.build(arguments.preset)
    bin_dir = measure.ROOT / "build" / arguments.preset / "bin"
    head = {"date": time.strftime("%Y-%m-%d"), "preset": arguments.preset, "machine": measure.machine()}
    with tempfile.TemporaryDirectory(prefix="trespasser-bench-") as folder:
        with measure.game_server(bin_dir, pathlib.Path(folder), {"MAX_PLAYERS_PER_LOBBY": "4"}) as (port, process):
            report = {**head, **asyncio.run(run(bin_dir, port, process.pid, arguments))}
    measure.write("logins", report, as_text(report, arguments))


if __name__ == "__main__":
    main()
