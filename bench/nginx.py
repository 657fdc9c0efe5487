#!/usr/bin/env python3
"""What NGINX costs per game message: the same players on a node directly, then through NGINX with the shipped configuration.

The load client speaks no TLS. So NGINX serves it first on a plain listener; then a second NGINX, which is not counted, speaks
TLS for it to the first one's real listener. Report: bench/reports/nginx.json and nginx.md. Run on an otherwise idle machine."""

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


# Each player keeps the address that the load client gave him, as limits and stickiness go by it.
TLS_CLIENT = """
pid {folder}/client.pid;
worker_processes 1;
error_log {folder}/client.log;
events {{ worker_connections 8192; }}
http {{
    access_log off;
    client_body_temp_path {folder}/temp/client-body;
    proxy_temp_path {folder}/temp/client-proxy;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass https://127.0.0.1:{tls};
            proxy_bind $remote_addr;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;
            proxy_buffering off;
            proxy_read_timeout 1h;
        }}
    }}
}}
"""


@contextlib.contextmanager
def tls_client(folder, tls):
    """What lets the load client reach a listener that wants TLS: yields a plain port."""
    port = measure.free_port()
    (folder / "client.conf").write_text(TLS_CLIENT.format(folder=folder, port=port, tls=tls))
    with measure.running(["nginx", "-c", str(folder / "client.conf"), "-g", "daemon off;"], port, folder / "client-nginx.log"):
        yield port


@contextlib.contextmanager
def nginx(folder, node_port, workers):
    """The shipped NGINX before one node: yields its plain port, its TLS port and its process."""
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
        yield port, tls, process


def messages(run):
    """Messages a second of all players, both ways."""
    player = run["per_player_second"]
    return run["players"] * (player["messages_in"] + player["messages_out"])


def through_nginx(bin_dir, flags, workers, with_tls):
    """One run through NGINX: the load client's report, with NGINX's cores."""
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trespasser-bench-")))
        node_port, node = stack.enter_context(measure.game_server(bin_dir, folder, SETTINGS))
        port, tls, process = stack.enter_context(nginx(folder, node_port, workers))
        if with_tls:
            port = stack.enter_context(tls_client(folder, tls))
        meter = Meter(workers_of(process.pid))
        try:
            run = measure.load(bin_dir, port, node, **flags)
        finally:
            meter.stop()
        run["nginx_cores"] = round(meter.rate(flags["duration"]), 4)
        return run


def directly(bin_dir, flags):
    with tempfile.TemporaryDirectory(prefix="trespasser-bench-") as folder:
        with measure.game_server(bin_dir, pathlib.Path(folder), SETTINGS) as (port, process):
            run = measure.load(bin_dir, port, process, **flags)
    run["nginx_cores"] = 0.0
    return run


def per_message(run, cores):
    return round(1e6 * cores / messages(run), 2)


def report_text(report, arguments):
    runs = [report["runs"][name] for name in ("direct", "plain", "tls")]
    lines = ["# What NGINX costs", "",
             f"{arguments.players} players in lobbies of 4 over WebSocket, {arguments.duration:g} s each: on a node directly, through NGINX with "
             f"the shipped configuration and {arguments.workers} worker, and the same with TLS. {measure.machine_line(report)}", "",
             "| | direct | NGINX | NGINX, TLS |", "|---|---|---|---|"]
    for title, value in (("game messages a second, both ways", lambda r: round(messages(r))),
                         ("node, cores", lambda r: r["server"]["cores"]),
                         ("node, CPU us per message", lambda r: per_message(r, r["server"]["cores"])),
                         ("NGINX, cores", lambda r: r["nginx_cores"]),
                         ("NGINX, CPU us per message", lambda r: per_message(r, r["nginx_cores"])),
                         ("NGINX, of the node's processor time", lambda r: f"{r['nginx_cores'] / r['server']['cores']:.0%}"),
                         ("snapshot off 50 ms by, p99 ms", lambda r: r["snapshot_off_by_ms"]["p99"]),
                         ("errors", lambda r: sum(r["errors"].values()))):
        lines.append("| " + " | ".join([title, *(str(value(run)) for run in runs)]) + " |")
    lines += ["", "The last column's times go through a second NGINX that speaks TLS for the load client; only the shipped one is counted.",
              "docs/operations/size.md says what follows.", ""]
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
    report["runs"] = {"direct": directly(bin_dir, flags),
                      "plain": through_nginx(bin_dir, flags, arguments.workers, with_tls=False),
                      "tls": through_nginx(bin_dir, flags, arguments.workers, with_tls=True)}
    for name, run in report["runs"].items():
        if measure.void(run):
            sys.exit(f"void: {name}: {measure.void(run)}")
    measure.write("nginx", report, report_text(report, arguments))


if __name__ == "__main__":
    main()
