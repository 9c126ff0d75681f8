"""What an idle session costs: memory of a server before and after so many sessions that each ran
a statement, and the same with a catalog of so many tables.

    target/release/bourse serve --data /tmp/idle --create --listen 127.0.0.1:55432 &
    python3 tests/clients/idle_sessions.py 55432 $! --sessions 1000 --tables 100
"""

import argparse
import socket
import struct
import time


def resident(process):
    with open(f"/proc/{process}/status") as status:
        line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


class Session:
    """A session whose client takes next to nothing."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        body = b"\0\3\0\0user\0bourse\0database\0bourse\0\0"
        self.socket.sendall(struct.pack("!I", len(body) + 4) + body)
        self.until_ready()

    def until_ready(self):
        bytes_read = b""
        while bytes_read[-6:-1] != b"Z\0\0\0\5":
            part = self.socket.recv(65536)
            if not part:
                raise SystemExit(f"the server is gone, after {bytes_read!r}")
            bytes_read += part
        return bytes_read

    def query(self, text):
        body = text.encode() + b"\0"
        self.socket.sendall(b"Q" + struct.pack("!I", len(body) + 4) + body)
        answer = self.until_ready()
        if answer.startswith(b"E"):
            raise SystemExit(f"{text}: {answer!r}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("process", type=int)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--tables", type=int, default=100)
    parser.add_argument("--statement", default="select b from idle_0 where a = 1")
    options = parser.parse_args()
    first = Session(options.port)
    for number in range(options.tables):
        columns = "a bigint primary key, b text, c numeric(12, 2), d timestamptz, e boolean"
        first.query(f"create table if not exists idle_{number} ({columns})")
    # The threads and buffers that the server keeps are there before it is measured.
    warm = [Session(options.port) for _ in range(50)]
    for session in warm:
        session.query(options.statement)
    time.sleep(1)
    before = resident(options.process)
    sessions = [Session(options.port) for _ in range(options.sessions)]
    for session in sessions:
        session.query(options.statement)
    time.sleep(1)
    after = resident(options.process)
    each = (after - before) / options.sessions
    print(f"{options.sessions} sessions, {options.tables} tables: {each / 1024:.1f} KiB a session", end="")
    print(f" ({before >> 20} MiB before, {after >> 20} MiB after)")


main()
