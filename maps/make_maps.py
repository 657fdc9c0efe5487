#!/usr/bin/env python3
"""Turns the text art of this folder into the PNG files the server loads: maps/<name>.txt -> maps/<name>.png.

Run it after an edit of a .txt file; `lobby_test` fails when a picture and its text disagree. Needs only Python's
standard library. The format is described in README.md.
"""

import pathlib
import struct
import sys
import zlib

COLUMNS, ROWS = 48, 27

COLOURS = {
    "#": (0x80, 0x80, 0x80),  # concrete
    "W": (0x8B, 0x45, 0x13),  # wood
    "M": (0x40, 0x40, 0x40),  # metal
    "G": (0x87, 0xCE, 0xEB),  # glass
    "R": (0xFF, 0x00, 0x00),  # spawn of the red team
    "B": (0x00, 0x00, 0xFF),  # spawn of the blue team
    "L": (0xFF, 0xFF, 0x00),  # light
    ".": (0xFF, 0xFF, 0xFF),  # floor
}


def read_art(path):
    rows = [line for line in path.read_text().splitlines() if not line.startswith(";")]
    if len(rows) != ROWS:
        sys.exit(f"{path.name}: {len(rows)} rows, want {ROWS}")
    for number, row in enumerate(rows):
        if len(row) != COLUMNS:
            sys.exit(f"{path.name}: row {number} has {len(row)} columns, want {COLUMNS}")
        unknown = set(row) - set(COLOURS)
        if unknown:
            sys.exit(f"{path.name}: row {number} has unknown signs {sorted(unknown)}")
    return rows


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(rows):
    """8-bit RGB, no interlace, every line with filter 0."""
    lines = b"".join(b"\0" + bytes(v for sign in row for v in COLOURS[sign]) for row in rows)
    header = struct.pack(">IIBBBBB", COLUMNS, ROWS, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines, 9))
            + chunk(b"IEND", b""))


def main():
    folder = pathlib.Path(__file__).resolve().parent
    for path in sorted(folder.glob("*.txt")):
        path.with_suffix(".png").write_bytes(png(read_art(path)))
        print(f"{path.stem}.png")


if __name__ == "__main__":
    main()
