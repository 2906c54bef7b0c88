#!/usr/bin/env python3
"""Keeps many clients at a server, slow and broken ones among them, and watches its memory.

    python3 Tests/Oracle/wire_soak.py [--fundwatch .build/release/fundwatch] [--store demo/store] [--clients 64] [--seconds 60]

Three in four clients run queries and compare what they get; the others take nothing of a large result, go away in the middle, send
noise, lie about lengths, leave messages unfinished, cancel, or never say who they are. No good client may see an error, and
after the first third of the time the memory may not grow by more than a quarter. Needs nothing but Python.
"""

import argparse
import collections
import os
import random
import socket
import struct
import sys
import threading
import time

from wire_clients import Server


class Client:
    """As much of the protocol as the simple queries of a test need."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        body = struct.pack("!i", 196608) + b"user\0ada\0database\0fund\0\0"
        self.socket.sendall(struct.pack("!i", len(body) + 4) + body)
        self.buffer = b""
        self.key = None
        self.until_ready()

    def exactly(self, count):
        while len(self.buffer) < count:
            piece = self.socket.recv(1 << 16)
            if not piece:
                raise ConnectionError("the server closed the connection")
            self.buffer += piece
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def until_ready(self):
        rows, error = [], None
        while True:
            kind, length = struct.unpack("!ci", self.exactly(5))
            body = self.exactly(length - 4)
            if kind == b"D":
                rows.append(body)
            elif kind == b"E":
                error = body
            elif kind == b"K":
                self.key = struct.unpack("!ii", body)
            elif kind == b"Z":
                return rows, error

    def send_query(self, query):
        body = query.encode() + b"\0"
        self.socket.sendall(b"Q" + struct.pack("!i", len(body) + 4) + body)

    def query(self, query):
        self.send_query(query)
        return self.until_ready()

    def close(self):
        self.socket.close()


GOOD = [
    "select 1", "select count(*), sum(amount) from claims", "select institution_id, count(*) from claims group by 1 order by 1",
    "select * from claims order by claim_id, line_id limit 2000", "select nothing from claims",
    "select c.relname from pg_catalog.pg_class c where c.relkind = 'r' order by 1", "begin; select 1; commit",
]


def good(port, stop, counts, failures):
    first = {}
    while not stop.is_set():
        try:
            client = Client(port)
            for _ in range(random.randrange(1, 30)):
                if stop.is_set():
                    break
                query = random.choice(GOOD)
                answer = client.query(query)
                if first.setdefault(query, answer) != answer:
                    failures.append(f"another answer for {query}")
                counts["queries"] += 1
            client.close()
        except Exception as error:
            failures.append(f"{type(error).__name__}: {error}")
            time.sleep(0.1)


def cancelled(port):
    client = Client(port)
    client.send_query("select count(*) from claims a join claims b on a.visit_type = b.visit_type join claims c on b.region = c.region")
    time.sleep(random.random() / 2)
    other = socket.create_connection(("127.0.0.1", port))
    other.sendall(struct.pack("!iiii", 16, 80877102, *client.key))
    other.close()
    client.until_ready()
    client.close()


def slow(port):
    client = Client(port)
    client.send_query("select * from claims")
    client.socket.recv(1000)
    time.sleep(random.random() * 5)
    client.close()


def vanishing(port):
    client = Client(port)
    client.send_query("select count(distinct patient_id), median(amount) from claims")
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def noise(port):
    other = socket.create_connection(("127.0.0.1", port))
    other.sendall(os.urandom(random.randrange(1, 5000)))
    time.sleep(random.random())
    other.close()


def lying(port):
    client = Client(port)
    client.socket.sendall(b"Q" + struct.pack("!i", random.choice([0, -1, 0x7FFFFFFF, 3, 20 << 20])) + b"select")
    client.socket.settimeout(5)
    try:
        while client.socket.recv(1000):
            pass
    except OSError:
        pass
    client.close()


def unfinished(port):
    client = Client(port)
    client.socket.sendall(b"P" + struct.pack("!i", 1 << 20) + b"s\0select ")
    time.sleep(random.random() * 3)
    client.close()


def silent(port):
    other = socket.create_connection(("127.0.0.1", port))
    time.sleep(random.random() * 5)
    other.close()


BAD = [cancelled, slow, vanishing, noise, lying, unfinished, silent]


def bad(port, stop, counts, failures):
    while not stop.is_set():
        kind = random.choice(BAD)
        try:
            kind(port)
            counts[kind.__name__] += 1
        except OSError:
            counts["refused"] += 1


def resident(process):
    """Resident memory in MiB."""
    with open(f"/proc/{process}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fundwatch", default=".build/release/fundwatch")
    parser.add_argument("--store", default="demo/store")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    server = Server(options.fundwatch, options.store, "--max-clients", "200")
    stop, counts, failures = threading.Event(), collections.Counter(), []
    threads = [
        threading.Thread(target=bad if number % 4 == 3 else good, args=(server.port, stop, counts, failures), daemon=True)
        for number in range(options.clients)
    ]
    for thread in threads:
        thread.start()
    sizes, start = [], time.monotonic()
    while time.monotonic() - start < options.seconds:
        time.sleep(min(1, options.seconds / 20))
        sizes.append(resident(server.process.pid))
    stop.set()
    for thread in threads:
        thread.join(60)
    code, log = server.stop()
    early = max(sizes[:max(1, len(sizes) // 3)])
    late = max(sizes[len(sizes) // 3:] or [0])
    print(dict(counts))
    print(f"memory MiB: first third {early:.0f} at most, later {late:.0f}, at the end {sizes[-1]:.0f}")
    for failure, count in collections.Counter(failures).most_common(10):
        print(f"{count} times: {failure}")
    problems = len(failures) + (code != 0) + (late > early * 1.25 + 16)
    print("the server ended with", code, "" if problems == 0 else log)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
