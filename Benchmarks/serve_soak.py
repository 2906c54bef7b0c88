#!/usr/bin/env python3
"""Keeps many clients at a server, slow and broken ones among them, and watches its memory.

    pip install "psycopg[binary]"                     # in a virtual environment
    python3 Benchmarks/serve_soak.py [--fundwatch .build/release/fundwatch] [--store DIR] [--lines 200000] [--clients 64] [--seconds 600]

Without --store a store of generated claims is made in a temporary folder. Five in eight clients run queries with psycopg, simple and
prepared, as text and binary, and compare what they get with what came before; one in eight reads large results slowly, to their end; the
others take nothing of what they ask for, go away in the middle, send noise, lie about lengths, leave messages unfinished, cancel, ask the
catalogs for far too much, or never say who they are. A good or slow client may see no error, and what the server holds may not grow:
resident memory, open files and threads are told for the start, the middle and the end, and memory may be no more than a quarter higher
than in the first third of the time. The exit code is 1 if anything of this fails.
"""

import argparse
import collections
import os
import random
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests", "Oracle"))
from wire_clients import Server  # noqa: E402

try:
    import psycopg
except ImportError:
    sys.exit('psycopg is not installed: pip install "psycopg[binary]"')


# Seconds a good client waits: whoever shares the machine may hold it up for minutes.
PATIENCE = 300


class RawClient:
    """As much of the protocol as the simple queries of a test need."""

    def __init__(self, port, receive_size=None):
        self.socket = socket.socket()
        if receive_size:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_size)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))
        body = struct.pack("!i", 196608) + b"user\0ada\0database\0fund\0\0"
        self.socket.sendall(struct.pack("!i", len(body) + 4) + body)
        self.buffer = bytearray()
        self.key = None
        self.until_ready()

    def exactly(self, count, pause=0.0):
        while len(self.buffer) < count:
            piece = self.socket.recv(1 << 16)
            if not piece:
                raise ConnectionError("the server closed the connection")
            self.buffer += piece
            if pause:
                time.sleep(pause)
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        return taken

    def until_ready(self, pause=0.0):
        """The number of rows and the last error."""
        rows, error = 0, None
        while True:
            kind, length = struct.unpack("!ci", self.exactly(5, pause))
            body = self.exactly(length - 4, pause)
            if kind == b"D":
                rows += 1
            elif kind == b"E":
                error = body
            elif kind == b"K":
                self.key = struct.unpack("!ii", body)
            elif kind == b"Z":
                return rows, error

    @staticmethod
    def message(query):
        body = query.encode() + b"\0"
        return b"Q" + struct.pack("!i", len(body) + 4) + body

    def send_query(self, query):
        self.socket.sendall(self.message(query))

    def close(self):
        self.socket.close()


SIMPLE = [
    "select 1", "select count(*), sum(amount) from claims", "select institution_id, count(*) from claims group by 1 order by 1",
    "select * from claims order by claim_id, line_id limit 2000", "show server_version",
    "select c.relname from pg_catalog.pg_class c where c.relkind = 'r' order by 1",
]
PREPARED = [
    ("select count(*) from claims where visit_type = %s", ["outpatient", "inpatient"]),
    ("select claim_id, amount from claims where amount > %s order by claim_id, line_id limit 50", [10, 100, 1000]),
]


def good(port, stop, counts, failures):
    first = {}
    while not stop.is_set():
        try:
            # A cursor of its own for each form; a connection lives for some queries.
            with psycopg.connect(host="127.0.0.1", port=port, user="ada", dbname="fund", connect_timeout=PATIENCE,
                                 autocommit=random.random() < 0.5) as connection:
                for _ in range(random.randrange(1, 30)):
                    if stop.is_set():
                        break
                    if random.random() < 0.6:
                        query, values = random.choice(SIMPLE), None
                    else:
                        query, choices = random.choice(PREPARED)
                        values = (random.choice(choices),)
                    isBinary = random.random() < 0.5
                    with connection.cursor(binary=isBinary) as cursor:
                        answer = cursor.execute(query, values).fetchall()
                    if first.setdefault((query, values, isBinary), answer) != answer:
                        failures.append(f"another answer for {query} {values}")
                    counts["queries"] += 1
                    if random.random() < 0.1:
                        try:
                            connection.execute("select nothing from claims")
                            failures.append("an unknown column was taken")
                        except psycopg.errors.UndefinedColumn:
                            connection.rollback()
        except Exception as error:
            failures.append(f"{type(error).__name__}: {error}")
            time.sleep(0.1)


def slow(port, stop, counts, failures):
    while not stop.is_set():
        try:
            client = RawClient(port, receive_size=1 << 15)
            client.send_query("select * from claims limit 10000")
            rows, error = client.until_ready(pause=0.02)
            if error or rows != 10_000:
                failures.append(f"a slow client got {rows} rows, {error}")
            counts["slow results"] += 1
            client.close()
        except Exception as error:
            failures.append(f"slow: {type(error).__name__}: {error}")
            time.sleep(0.1)


LONG = "set statement_timeout = '20s'; select count(*) from claims a join claims b on a.visit_type = b.visit_type join claims c on b.region = c.region"


def cancelled(port):
    client = RawClient(port)
    client.send_query(LONG)
    time.sleep(random.random() / 2)
    # A request that comes before the statement does cancels nothing.
    for _ in range(3):
        other = socket.create_connection(("127.0.0.1", port))
        other.sendall(struct.pack("!iiii", 16, 80877102, *client.key))
        other.close()
        time.sleep(0.3)
    client.until_ready()
    client.close()


def abandoned(port):
    client = RawClient(port, receive_size=1 << 14)
    client.send_query("select * from claims")
    client.socket.recv(1000)
    time.sleep(random.random() * 5)
    client.close()


def vanishing(port):
    client = RawClient(port)
    client.send_query(LONG)
    time.sleep(random.random() / 2)
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def flooding(port):
    """Sends statements for as long as they are taken, and never reads."""
    client = RawClient(port, receive_size=1 << 14)
    client.socket.settimeout(random.choice([2, 5, 60]))
    piece = RawClient.message("select '" + "x" * 8000 + "'") * 16
    try:
        for _ in range(2000):
            client.socket.sendall(piece)
    except OSError:
        pass
    client.close()


def noise(port):
    other = socket.create_connection(("127.0.0.1", port))
    other.sendall(os.urandom(random.randrange(1, 5000)))
    time.sleep(random.random())
    other.close()


def lying(port):
    client = RawClient(port)
    client.socket.sendall(b"Q" + struct.pack("!i", random.choice([0, -1, 0x7FFFFFFF, 3, 20 << 20])) + b"select")
    client.socket.settimeout(5)
    try:
        while client.socket.recv(1000):
            pass
    except OSError:
        pass
    client.close()


def garbled(port):
    """Noise between statements."""
    client = RawClient(port)
    client.send_query("select 1")
    client.socket.sendall(os.urandom(random.randrange(1, 5000)))
    time.sleep(random.random())
    client.close()


def unfinished(port):
    client = RawClient(port)
    client.socket.sendall(b"P" + struct.pack("!i", 1 << 20) + b"s\0select ")
    time.sleep(random.random() * 3)
    client.close()


def silent(port):
    other = socket.create_connection(("127.0.0.1", port))
    time.sleep(random.random() * 15)
    other.close()


def greedy(port):
    client = RawClient(port)
    client.send_query(random.choice([
        "select 1 from pg_type a, pg_type b, pg_type c, pg_type d",
        "with t as (select string_agg('aaaaaaaaaa', '') x from generate_series(1, 100000)) select replace(x, 'a', x) from t, pg_am",
    ]))
    client.until_ready()
    client.close()


BROKEN = [cancelled, abandoned, vanishing, flooding, noise, lying, garbled, unfinished, silent, greedy]


def broken(port, stop, counts, failures):
    while not stop.is_set():
        kind = random.choice(BROKEN)
        try:
            kind(port)
            counts[kind.__name__] += 1
        except OSError:
            counts[kind.__name__ + ", refused"] += 1


def held(process):
    """Resident memory in MiB, open files, threads."""
    with open(f"/proc/{process}/status") as file:
        fields = dict(line.split(":", 1) for line in file)
    return int(fields["VmRSS"].split()[0]) / 1024, len(os.listdir(f"/proc/{process}/fd")), int(fields["Threads"])


def made_store(binary, folder, lines):
    data, store = os.path.join(folder, "data"), os.path.join(folder, "store")
    subprocess.run([binary, "generate", "--lines", str(lines), "--seed", "1", "--out", data], check=True, stdout=subprocess.DEVNULL)
    for table in ["claims", "institutions", "deaths"]:
        subprocess.run(
            [binary, "ingest", os.path.join(data, table + ".csv"), "--table", table, "--store", store], check=True,
            stdout=subprocess.DEVNULL)
    return store


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fundwatch", default=".build/release/fundwatch")
    parser.add_argument("--store")
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--memory", default="1G", help="the limit of each statement")
    parser.add_argument("--seconds", type=float, default=600)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        soak(options, options.store or made_store(options.fundwatch, folder, options.lines))


def soak(options, store):
    server = Server(options.fundwatch, store, "--max-clients", "200", "--timeout", f"{PATIENCE}s", "--memory", options.memory)
    stop, counts, failures = threading.Event(), collections.Counter(), []
    start, samples = time.monotonic(), [held(server.process.pid)]
    threads = [
        threading.Thread(
            target=broken if number % 8 in (3, 7) else slow if number % 8 == 5 else good,
            args=(server.port, stop, counts, failures), daemon=True)
        for number in range(options.clients)
    ]
    for thread in threads:
        thread.start()
    stood = 0
    while time.monotonic() - start < options.seconds + stood:
        pause, before = min(1, options.seconds / 20), time.monotonic()
        time.sleep(pause)
        late = time.monotonic() - before - pause
        stood += late if late > 3 else 0
        if server.process.poll() is not None:
            failures.append(f"the server ended with {server.process.returncode}")
            break
        samples.append(held(server.process.pid))
    stop.set()
    for thread in threads:
        thread.join(PATIENCE)
    if server.process.poll() is None:
        # Sessions that have gone take a moment to be forgotten.
        time.sleep(2)
        samples.append(held(server.process.pid))
    code, log = server.stop()
    sizes = [size for size, _, _ in samples]
    early, late = max(sizes[:len(sizes) // 3 + 1]), max(sizes[len(sizes) // 3:])
    print(f"{options.clients} clients, {time.monotonic() - start - stood:.0f} s, and {stood:.0f} s in which the machine stood still")
    print(dict(sorted(counts.items())))
    for name, (size, files, count) in [("start", samples[0]), ("middle", samples[len(samples) // 2]), ("end", samples[-1])]:
        print(f"{name}: {size:.0f} MiB resident, {files} files open, {count} threads")
    print(f"at most {early:.0f} MiB in the first third, {late:.0f} MiB later")
    for failure, count in collections.Counter(failures).most_common(10):
        print(f"{count} times: {failure}")
    states = collections.Counter(line.rsplit("error ", 1)[1].strip() for line in log.splitlines() if "error " in line)
    print("the server ended with", code, "and logged", dict(states))
    sys.exit(1 if failures or code or late > early * 1.25 + 16 or samples[-1][1] > samples[0][1] + 8 else 0)


if __name__ == "__main__":
    main()
