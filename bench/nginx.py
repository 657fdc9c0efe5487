#!/usr/bin/env python3
"""What NGINX costs per game message: the same players on a node directly, then through NGINX with the shipped configuration.

The load client speaks no TLS, so NGINX serves it on a plain listener: what TLS costs comes on top.
Report: bench/reports/nginx.json and nginx.md. Run on an otherwise idle machine."""

import argparse
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import measure

TICKS = os.sysconf("SC_CLK_TCK")
SETTINGS = {"MAX_PLAYERS_PER_LOBBY": "4", "TRUSTED_PROXIES": "127.0.0.0/8"}


def cpu_seconds(pid):
    """Processor time of a process so far: user and system."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def workers_of(master):
    return [int(pid) for pid in pathlib.Path(f"/proc/{master}/task/{master}/children").read_text().split()]


class Meter:
    """Samples the processor time of some processes twice a second, in a thread of its own."""

    def __init__(self, pids):
        self.pids, self.samples, self.done = pids, [], threading.Event()
        self.thread = threading.Thread(target=self.sample)
        self.thread.start()

    def sample(self):
        while not self.done.wait(0.5):
            self.samples.append((time.monotonic(), sum(cpu_seconds(pid) for pid in self.pids)))

    def stop(self):
        self.done.set()
        self.thread.join()

    def rate(self, seconds):
        """Processor seconds a second over the middle of the last `seconds`, in which the load client measured."""
        end = self.samples[-1][0]
        inside = [sample for sample in self.samples if end - 0.95 * seconds <= sample[0] <= end - 0.05 * seconds]
        return (inside[-1][1] - inside[0][1]) / (inside[-1][0] - inside[0][0])


@contextlib.contextmanager
def nginx(folder, node_port, workers):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=bench", "-keyout",
                    folder / "key.pem", "-out", folder / "cert.pem"], check=True, stderr=subprocess.DEVNULL)
    folder.chmod(0o755)
    (folder / "temp").mkdir()
    port, tls, http = (measure.free_port() for _ in range(3))
    values = {"NGINX_NODES": f"127.0.0.1:{node_port}", "NGINX_TLS_CERTIFICATE": folder / "cert.pem", "NGINX_TLS_KEY": folder / "key.pem",
              "NGINX_PLAIN_LISTEN": f"127.0.0.1:{port}", "NGINX_HTTPS_LISTEN": f"127.0.0.1:{tls}", "NGINX_HTTP_LISTEN": f"127.0.0.1:{http}",
              "NGINX_WORKERS": workers, "NGINX_RUN_DIR": folder, "NGINX_TEMP_DIR": folder / "temp",
              "NGINX_ACCESS_LOG": folder / "access.log", "NGINX_ERROR_LOG": folder / "error.log"}
    env = {**os.environ, **{name: str(value) for name, value in values.items()}}
    text = subprocess.run([measure.ROOT / "deploy" / "nginx" / "render"], env=env, check=True, stdout=subprocess.PIPE).stdout
    (folder / "nginx.conf").write_bytes(text)
    command = ["nginx", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    with measure.running(command, port, folder / "nginx.log") as process:
        yield port, process


def messages(run):
    """Messages a second of all players, both ways."""
    player = run["per_player_second"]
    return run["players"] * (player["messages_in"] + player["messages_out"])


def through_nginx(bin_dir, folder, flags, workers):
    with measure.game_server(bin_dir, folder, SETTINGS) as (node_port, node), nginx(folder, node_port, workers) as (port, process):
        meter = Meter(workers_of(process.pid))
        try:
            run = measure.load(bin_dir, port, node, **flags)
        finally:
            meter.stop()
        return run, meter.rate(flags["duration"])


def report_text(report, arguments):
    direct, proxied, cores = report["direct"], report["nginx"], report["nginx_cores"]
    lines = ["# What NGINX costs", "",
             f"{arguments.players} players in lobbies of 4 over WebSocket, {arguments.duration:g} s, first on a node directly, then through "
             f"NGINX with the shipped configuration ({arguments.workers} worker, no TLS). {measure.machine_line(report)}", "",
             "| | direct | through NGINX |", "|---|---|---|"]
    for title, value in (("game messages a second, both ways", lambda r: round(messages(r))),
                         ("node, cores", lambda r: r["server"]["cores"]),
                         ("snapshot off 50 ms by, p99 ms", lambda r: r["snapshot_off_by_ms"]["p99"]),
                         ("connect to Socket.IO id, p50 ms", lambda r: r["connect_ms"]["p50"]),
                         ("errors", lambda r: sum(r["errors"].values()))):
        lines.append(f"| {title} | {value(direct)} | {value(proxied)} |")
    lines += [f"| NGINX, cores | 0 | {cores:.3f} |",
              f"| NGINX, CPU us per message | 0 | {report['nginx_us_per_message']} |",
              f"| node, CPU us per message | {report['node_us_per_message']['direct']} | {report['node_us_per_message']['nginx']} |", "",
              f"NGINX takes {report['nginx_to_node']} times the processor time of the node behind it. docs/operations/size.md says what follows.", ""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="release")
    parser.add_argument("--players", type=int, default=300)
    parser.add_argument("--duration", type=float, default=60)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--built", action="store_true", help="take the programs of the preset as they are")
    arguments = parser.parse_args()
    if not arguments.built:
        measure.build(arguments.preset)
    bin_dir = measure.ROOT / "build" / arguments.preset / "bin"
    flags = {"players": arguments.players, "ramp": max(1, arguments.players / 50), "duration": arguments.duration}
    report = {"date": time.strftime("%Y-%m-%d"), "preset": arguments.preset, "machine": measure.machine()}
    with tempfile.TemporaryDirectory(prefix="trespasser-bench-") as folder:
        with measure.game_server(bin_dir, pathlib.Path(folder), SETTINGS) as (port, process):
            report["direct"] = measure.load(bin_dir, port, process, **flags)
    with tempfile.TemporaryDirectory(prefix="trespasser-bench-") as folder:
        report["nginx"], report["nginx_cores"] = through_nginx(bin_dir, pathlib.Path(folder), flags, arguments.workers)
    for side in ("direct", "nginx"):
        if measure.void(report[side]):
            sys.exit(f"void: {side}: {measure.void(report[side])}")
    report["nginx_us_per_message"] = round(1e6 * report["nginx_cores"] / messages(report["nginx"]), 2)
    report["node_us_per_message"] = {side: round(1e6 * report[side]["server"]["cores"] / messages(report[side]), 2) for side in ("direct", "nginx")}
    report["nginx_to_node"] = round(report["nginx_cores"] / report["nginx"]["server"]["cores"], 2)
    measure.write("nginx", report, report_text(report, arguments))


if __name__ == "__main__":
    main()
