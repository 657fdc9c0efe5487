#!/usr/bin/env python3
"""What TLS and NGINX cost per game message, five ways beside each other:

  direct        players on the node's plain port
  nginx         NGINX with the shipped nginx.conf.in ends TLS and speaks plain HTTP to the node
  tls           players on the node's TLS port
  balancer_tls  NGINX with the shipped stream.conf.in, layer 4, before the node's TLS port
  balancer      the same before its plain port

The load client speaks no TLS. Where it is wanted, an NGINX of its own speaks it for the client; that one is not counted.
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
SETTINGS = {"MAX_PLAYERS_PER_LOBBY": "4"}


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
load_module modules/ngx_stream_module.so;
events {{ worker_connections 8192; }}
stream {{
    server {{
        listen 127.0.0.1:{port};
        proxy_pass 127.0.0.1:{tls};
        proxy_bind $remote_addr;
        proxy_ssl on;
        proxy_ssl_protocols TLSv1.3;
        proxy_timeout 1h;
    }}
}}
"""


@contextlib.contextmanager
def tls_client(folder, tls):
    """What lets the load client reach a port that wants TLS: yields a plain port."""
    port = measure.free_port()
    (folder / "client.conf").write_text(TLS_CLIENT.format(folder=folder, port=port, tls=tls))
    with measure.running(["nginx", "-c", str(folder / "client.conf"), "-g", "daemon off;"], port, folder / "client-nginx.log"):
        yield port


@contextlib.contextmanager
def nginx(folder, template, node_port, workers):
    """A shipped NGINX before one node: yields its port and its process."""
    folder.chmod(0o755)
    (folder / "temp").mkdir()
    port, http = (measure.free_port() for _ in range(2))
    values = {"NGINX_NODES": f"127.0.0.1:{node_port}", "NGINX_TLS_CERTIFICATE": folder / "cert.pem", "NGINX_TLS_KEY": folder / "key.pem",
              "NGINX_HTTPS_LISTEN": f"127.0.0.1:{port}", "NGINX_HTTP_LISTEN": f"127.0.0.1:{http}",
              "NGINX_WORKERS": workers, "NGINX_RUN_DIR": folder, "NGINX_TEMP_DIR": folder / "temp",
              "NGINX_ACCESS_LOG": folder / "access.log", "NGINX_ERROR_LOG": folder / "error.log"}
    env = {**os.environ, **{name: str(value) for name, value in values.items()}}
    shipped = measure.ROOT / "deploy" / "nginx"
    text = subprocess.run([shipped / "render", shipped / template], env=env, check=True, stdout=subprocess.PIPE).stdout
    (folder / "nginx.conf").write_bytes(text)
    command = ["nginx", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    with measure.running(command, port, folder / "nginx.log") as process:
        yield port, process


def make_certificate(folder):
    """Of the kind that is cheapest to prove; it matters when players come, not while they play."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                    "/CN=bench", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, stderr=subprocess.DEVNULL)


def messages(run):
    """Messages a second of all players, both ways."""
    player = run["per_player_second"]
    return run["players"] * (player["messages_in"] + player["messages_out"])


# Each way: its title, the shipped template of NGINX, whether players speak TLS, and whether the node does.
WAYS = {"direct": ("direct, plain", None, False, False),
        "nginx": ("NGINX, HTTP, ends TLS", "nginx.conf.in", True, False),
        "tls": ("direct, TLS in the node", None, True, True),
        "balancer_tls": ("layer 4, TLS in the node", "stream.conf.in", True, True),
        "balancer": ("layer 4, plain", "stream.conf.in", False, False)}


def measured(bin_dir, flags, workers, way):
    """The load client's report of one way, with NGINX's cores."""
    _, template, players_speak_tls, node_speaks_tls = WAYS[way]
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trespasser-bench-")))
        make_certificate(folder)
        settings = dict(SETTINGS)
        if template is not None:
            settings["TRUSTED_PROXIES"] = "127.0.0.1"
        if template == "stream.conf.in":
            settings["PROXY_PROTOCOL"] = "both"
        tls_port = measure.free_port()
        if node_speaks_tls:
            settings |= {"TLS_PORT": str(tls_port), "TLS_CERT": str(folder / "cert.pem"), "TLS_KEY": str(folder / "key.pem")}
        port, node = stack.enter_context(measure.game_server(bin_dir, folder, settings))
        if node_speaks_tls:
            port = tls_port
        proxies = []
        if template is not None:
            port, process = stack.enter_context(nginx(folder, template, port, workers))
            proxies = workers_of(process.pid)
        if players_speak_tls:
            port = stack.enter_context(tls_client(folder, port))
        meter = Meter(proxies)
        try:
            run = measure.load(bin_dir, port, node, **flags)
        finally:
            meter.stop()
        run["nginx_cores"] = round(meter.rate(flags["duration"]), 4)
        return run


def per_message(run, cores):
    return round(1e6 * cores / messages(run), 2)


def whole(run):
    return run["server"]["cores"] + run["nginx_cores"]


def report_text(report, arguments):
    runs = report["runs"]
    lines = ["# What TLS and NGINX cost", "",
             f"{arguments.players} players in lobbies of 4 over WebSocket, {arguments.duration:g} s each way, NGINX with {arguments.workers} "
             f"worker and the shipped configurations. {measure.machine_line(report)}", "",
             "| | " + " | ".join(WAYS[way][0] for way in runs) + " |", "|---" * (len(runs) + 1) + "|"]
    base = whole(runs["direct"]) / messages(runs["direct"])
    for title, value in (("game messages a second, both ways", lambda r: round(messages(r))),
                         ("node, cores", lambda r: r["server"]["cores"]),
                         ("node, CPU us per message", lambda r: per_message(r, r["server"]["cores"])),
                         ("NGINX, cores", lambda r: r["nginx_cores"]),
                         ("NGINX, CPU us per message", lambda r: per_message(r, r["nginx_cores"])),
                         ("**both, CPU us per message**", lambda r: per_message(r, whole(r))),
                         ("both, of the direct, plain way", lambda r: f"{whole(r) / messages(r) / base:.0%}"),
                         ("snapshot off 50 ms by, p99 ms", lambda r: r["snapshot_off_by_ms"]["p99"]),
                         ("errors", lambda r: sum(r["errors"].values()))):
        lines.append("| " + " | ".join([title, *(str(value(run)) for run in runs.values())]) + " |")
    lines += ["", "Where players speak TLS, an NGINX that is not counted speaks it for the load client, and their times include it.",
              "docs/operations/tls.md says what follows.", ""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
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
    report["runs"] = {way: measured(bin_dir, flags, arguments.workers, way) for way in WAYS}
    for name, run in report["runs"].items():
        if measure.void(run):
            sys.exit(f"void: {name}: {measure.void(run)}")
    measure.write("nginx", report, report_text(report, arguments))


if __name__ == "__main__":
    main()
