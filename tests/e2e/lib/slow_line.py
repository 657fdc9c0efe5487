#!/usr/bin/env python3
"""A line to the server that can be held: slow_line.py PORT prints the port it listens on.

One TCP connection is passed on to 127.0.0.1:PORT. "pause" on standard input stops reading what the
server sends, "resume" goes on. The buffers in between are as small as the kernel lets them be, so
that the server soon notices. Ends with its standard input.
"""

import os
import socket
import sys
import threading

SMALL = 4096


def pump(source, target, gate):
    try:
        while True:
            gate.wait()
            data = source.recv(SMALL)
            if not data:
                break
            target.sendall(data)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    moving, always = threading.Event(), threading.Event()
    moving.set()
    always.set()

    def serve():
        while True:
            client, _ = listener.accept()
            server = socket.socket()
            server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
            # The server's own buffer follows the segment size, which is huge on this line.
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
            server.connect(("127.0.0.1", int(sys.argv[1])))
            threading.Thread(target=pump, args=(client, server, always), daemon=True).start()
            threading.Thread(target=pump, args=(server, client, moving), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    for line in sys.stdin:
        if line.strip() == "pause":
            moving.clear()
        elif line.strip() == "resume":
            moving.set()
    os._exit(0)


if __name__ == "__main__":
    main()
