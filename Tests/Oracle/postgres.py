"""A PostgreSQL 15 server of one's own, and a connection to it, with nothing but the standard library.

    with Server(folder) as server:
        connection = server.connect()
        connection.query("select 1")

The server is Debian's package `postgresql`; it listens on a socket in `folder` only, and runs as user `postgres` where the
caller is root. Databases have C collation and UTF-8.
"""
import glob
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys


def programs():
    """The folder with initdb and postgres, or None."""
    found = sorted(glob.glob("/usr/lib/postgresql/15/bin/initdb"))
    return os.path.dirname(found[0]) if found else None


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


class Server:
    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.process = None

    def __enter__(self):
        # Whoever is told to end leaves no server behind: an exit runs `__exit__`, the signal alone does not.
        self.handler = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        signal.signal(signal.SIGTERM, self.handler)

    def as_owner(self, arguments):
        if os.geteuid() == 0:
            return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *arguments]
        return arguments

    def start(self):
        binaries = programs()
        if not binaries:
            raise SystemExit("PostgreSQL 15 is needed: apt-get install postgresql-15")
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder, mode=0o755)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        data = os.path.join(self.folder, "data")
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        subprocess.run(
            self.as_owner([f"{binaries}/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]),
            check=True, stdout=subprocess.DEVNULL, env=environment, cwd=self.folder)
        settings = ["listen_addresses=", f"unix_socket_directories={self.folder}", "fsync=off", "synchronous_commit=off",
                    "full_page_writes=off", "shared_buffers=128MB", "timezone=UTC", "max_wal_size=4GB"]
        flags = [part for setting in settings for part in ("-c", setting)]
        log = os.path.join(self.folder, "log")
        with open(log, "w") as file:
            self.process = subprocess.Popen(
                self.as_owner([f"{binaries}/postgres", "-D", data, *flags]), stdout=file, stderr=file, env=environment,
                cwd=self.folder, start_new_session=True)
        try:
            self.await_answer(log)
        except BaseException:
            # `__exit__` is not called for a server that `__enter__` did not give.
            self.stop()
            raise

    def await_answer(self, log):
        """Returns when the server takes connections; SystemExit with its log if it ends, or does not within 20 seconds."""
        for _ in range(200):
            try:
                self.connect().close()
                return
            except OSError:
                try:
                    self.process.wait(0.1)
                except subprocess.TimeoutExpired:
                    continue
                raise SystemExit("PostgreSQL did not start:\n" + read(log))
        raise SystemExit("PostgreSQL does not answer:\n" + read(log))

    def stop(self):
        if self.process:
            # Fast shutdown: the server does not wait for open connections.
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                # The server and its children are a session of their own.
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
            self.process = None
            shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self, database="postgres"):
        return Connection(os.path.join(self.folder, ".s.PGSQL.5432"), database)


class Failure(Exception):
    """An error of the server: code, message, 1-based place in characters or None."""

    def __init__(self, code, message, place):
        super().__init__(message)
        self.code, self.message, self.place = code, message, place


class Result:
    def __init__(self):
        self.names, self.types, self.rows = [], [], []


class Connection:
    """PostgreSQL's protocol 3, simple queries; values are texts or None."""

    def __init__(self, path, database):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.buffer = b""
        self.type_names = {}
        # b"I" outside of a transaction, b"T" within one, b"E" within one that has failed.
        self.status = b"I"
        body = struct.pack("!I", 196608) + f"user\0postgres\0database\0{database}\0client_encoding\0UTF8\0\0".encode()
        self.socket.sendall(struct.pack("!I", len(body) + 4) + body)
        try:
            self.finish()
        except Failure as failure:
            raise OSError(failure.message)

    def close(self):
        try:
            self.socket.sendall(b"X\0\0\0\4")
        finally:
            self.socket.close()

    def receive(self, count):
        while len(self.buffer) < count:
            part = self.socket.recv(1 << 16)
            if not part:
                raise ConnectionError("the server closed the connection")
            self.buffer += part
        part, self.buffer = self.buffer[:count], self.buffer[count:]
        return part

    def finish(self):
        """Reads up to ReadyForQuery; the last result that has columns, or raises the first error."""
        result, failure = Result(), None
        while True:
            kind, size = struct.unpack("!cI", self.receive(5))
            body = self.receive(size - 4)
            if kind == b"T":
                result = Result()
                at = 2
                for _ in range(struct.unpack_from("!H", body)[0]):
                    end = body.index(0, at)
                    result.names.append(body[at:end].decode())
                    _, _, oid, _, modifier, _ = struct.unpack_from("!IHIhih", body, end + 1)
                    result.types.append((oid, modifier))
                    at = end + 19
            elif kind == b"D":
                row, at = [], 2
                for _ in range(struct.unpack_from("!H", body)[0]):
                    length = struct.unpack_from("!i", body, at)[0]
                    at += 4
                    row.append(None if length < 0 else body[at:at + length].decode("utf-8", "replace"))
                    at += max(length, 0)
                result.rows.append(row)
            elif kind == b"E" and not failure:
                fields = {part[:1]: part[1:].decode("utf-8", "replace") for part in body.split(b"\0") if part}
                failure = Failure(fields.get(b"C"), fields.get(b"M"), int(fields[b"P"]) if b"P" in fields else None)
            elif kind == b"G":
                self.socket.sendall(b"f" + struct.pack("!I", 5) + b"\0")
            elif kind == b"Z":
                self.status = body
                if failure:
                    raise failure
                return result

    def query(self, text):
        """Names, type names and rows of a statement. Raises Failure."""
        body = text.encode() + b"\0"
        self.socket.sendall(b"Q" + struct.pack("!I", len(body) + 4) + body)
        result = self.finish()
        missing = [key for key in result.types if key not in self.type_names]
        if missing:
            names = self.raw("select " + ", ".join(f"format_type({oid}, {modifier})" for oid, modifier in missing)).rows[0]
            self.type_names.update(zip(missing, names))
        result.types = [self.type_names[key] for key in result.types]
        return result

    def raw(self, text):
        body = text.encode() + b"\0"
        self.socket.sendall(b"Q" + struct.pack("!I", len(body) + 4) + body)
        return self.finish()
