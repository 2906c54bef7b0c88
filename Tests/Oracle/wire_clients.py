#!/usr/bin/env python3
"""Compares the rows that drivers get over the wire with those of `fundwatch sql`.

    python3 Tests/Oracle/wire_clients.py [--fundwatch .build/release/fundwatch] [--store demo/store]

Each query, those of docs/cookbook.md among them, goes through psycopg (text and binary, simple and extended), asyncpg and pg8000, as far as they are installed
(`pip install "psycopg[binary]" asyncpg pg8000`), and through JDBC where `java`, `javac` and a driver's jar are there. Anything that differs is printed, and the exit code is
then 1.
"""

import argparse
import asyncio
import collections
import datetime
import decimal
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading

import cookbook
from answers import parse

QUERIES = [
    "select 1 as one, 'x' as text, null as nothing, true as yes, 1.50 as exact, '1e300'::double precision as big",
    "select date '2025-01-31', timestamp '2025-01-31 08:04:38.5', date '0001-01-01', date '9999-12-31', -0.01, 0.00, 12345678901234567890.123",
    "select visit_type, count(*), sum(fund_amount), avg(amount), min(settled_at), max(birth_date) from claims group by 1 order by 1",
    "select * from claims order by claim_id, line_id limit 500",
    "select * from institutions order by institution_id",
    "select institution_id, count(distinct patient_id), median(amount) from live_claims group by 1 order by 2 desc, 1 limit 20",
    "select sex, birth_date, department, original_claim_id from claims order by claim_id, line_id limit 1000",
    "select item_code, sum(quantity), sum(amount) / sum(quantity) from claims group by 1 having sum(quantity) > 0 order by 1 limit 50",
    "with s as (select institution_id, sum(fund_amount) as f from settlements group by 1) "
    "select institution_id, f, rank() over (order by f desc) from s order by 3, 1 limit 10",
    "select count(*) from claims where false", "select * from deaths order by 1", "values (1, 'a'), (2, null)",
]
QUERIES += [" ".join(statement.split()) for _, _, statement in cookbook.recipes()]
# A query, and values for its parameters; the same query with literals is what `fundwatch sql` runs.
PARAMETERS = [
    ("select count(*) from claims where visit_type = {} and amount > {}", ("outpatient", decimal.Decimal("50.005"))),
    ("select count(*) from claims where settled_at >= {} and settled_at < {}",
     (datetime.datetime(2025, 3, 1), datetime.datetime(2025, 4, 1, 12, 30))),
    ("select count(*) from claims where birth_date < {}", (datetime.date(1960, 1, 1),)),
    ("select claim_id from claims order by claim_id, line_id limit {}", (7,)),
    ("select {}::text, {}::bigint + 1, {}::boolean, {}::double precision", ("医保 'q'", 41, True, 2.5)),
]


class Server:
    def __init__(self, binary, store, *options):
        self.process = subprocess.Popen(
            [binary, "serve", "--pg", "127.0.0.1:0", "--store", store, *options], stderr=subprocess.PIPE, text=True)
        self.line = self.process.stderr.readline()
        found = re.search(r" at [^ ]*:(\d+)", self.line)
        if not found:
            raise SystemExit("the server did not start: " + self.line)
        self.port = int(found[1])
        # The log is read as it comes: a full pipe would hold up the server.
        self.log = collections.deque([self.line], maxlen=1000)
        self.reader = threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True)
        self.reader.start()

    def stop(self):
        self.process.terminate()
        code = self.process.wait(timeout=60)
        self.reader.join(5)
        return code, "".join(self.log)


def text(value):
    """A driver's value as our CSV writes it; None for NULL."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        shown = value.strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")
        return shown + (".%06d" % value.microsecond).rstrip("0") if value.microsecond else shown
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, float):
        return repr(value)
    return str(value)


def same(ours, theirs):
    if ours == theirs:
        return True
    try:
        return float(ours) == float(theirs) and ("e" in ours or "e" in theirs)
    except (TypeError, ValueError):
        return False


def expected(binary, store, query):
    done = subprocess.run([binary, "sql", "--store", store, "--format", "csv", query], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return parse(done.stdout)


class Comparison:
    def __init__(self):
        self.failures = 0
        self.count = 0

    def check(self, client, query, wanted, found):
        self.count += 1
        found = [[text(value) for value in row] for row in found]
        if len(wanted) == len(found) and all(
                len(a) == len(b) and all(same(x, y) for x, y in zip(a, b)) for a, b in zip(wanted, found)):
            return
        self.failures += 1
        print(f"{client}: {query}\n  wanted {len(wanted)} rows, found {len(found)}")
        for a, b in zip(wanted, found):
            if not all(same(x, y) for x, y in zip(a, b)):
                print(f"  wanted {a}\n  found  {b}")
                break


def literal(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, decimal.Decimal)):
        return str(value)
    if isinstance(value, float):
        return f"{value!r}::double precision"
    return "'" + text(value).replace("'", "''") + "'"


def run_psycopg(port, wanted, comparison):
    import psycopg
    for binary in (False, True):
        name = "psycopg " + ("binary" if binary else "text")
        with psycopg.connect(f"host=127.0.0.1 port={port} user=ada dbname=fund") as connection:
            for query in QUERIES:
                with connection.cursor(binary=binary) as cursor:
                    comparison.check(name, query, wanted[query], cursor.execute(query).fetchall())
                # The simple protocol, with a statement before it.
                if not binary:
                    cursor = psycopg.ClientCursor(connection)
                    cursor.execute("select 0; " + query)
                    cursor.nextset()
                    comparison.check("psycopg simple", query, wanted[query], cursor.fetchall())
            for query, values in PARAMETERS:
                with connection.cursor(binary=binary) as cursor:
                    # Often enough for psycopg to keep the statement prepared.
                    for _ in range(7):
                        cursor.execute(query.replace("{}", "%s"), values)
                    comparison.check(name, query, wanted[query], cursor.fetchall())
            connection.commit()
            found = connection.execute("select count(*) from claims where visit_type = any(%s)", [["outpatient", "chronic"]])
            comparison.check(name, "any", expected_any, found.fetchall())
            try:
                connection.execute("delete from claims")
                comparison.check(name, "delete", [["refused"]], [])
            except psycopg.errors.ReadOnlySqlTransaction:
                pass


def run_asyncpg(port, wanted, comparison):
    import asyncpg

    async def work():
        connection = await asyncpg.connect(host="127.0.0.1", port=port, user="ada", database="fund")
        for query in QUERIES:
            comparison.check("asyncpg", query, wanted[query], [list(row) for row in await connection.fetch(query)])
        for query, values in PARAMETERS:
            for number in range(len(values)):
                query = query.replace("{}", f"${number + 1}", 1)
            original = next(q for q, v in PARAMETERS if v is values)
            comparison.check("asyncpg", query, wanted[original], [list(row) for row in await connection.fetch(query, *values)])
        query = QUERIES[3]
        async with connection.transaction():
            rows = [list(row) async for row in connection.cursor(query, prefetch=37)]
        comparison.check("asyncpg portal", query, wanted[query], rows)
        found = await connection.fetch("select count(*) from claims where visit_type = any($1)", ["outpatient", "chronic"])
        comparison.check("asyncpg", "any", expected_any, [list(row) for row in found])
        await connection.close()

    asyncio.run(work())


def run_pg8000(port, wanted, comparison):
    import pg8000.native
    connection = pg8000.native.Connection("ada", host="127.0.0.1", port=port, database="fund")
    for query in QUERIES:
        comparison.check("pg8000", query, wanted[query], connection.run(query))
    connection.close()


def run_sqlalchemy(port, wanted, comparison):
    import sqlalchemy
    engine = sqlalchemy.create_engine(f"postgresql+psycopg://ada@127.0.0.1:{port}/fund")
    seen = sqlalchemy.inspect(engine)
    comparison.check("sqlalchemy", "table names", [["claims"], ["deaths"], ["institutions"], ["knowledge"]],
                     [[name] for name in sorted(seen.get_table_names())])
    comparison.check("sqlalchemy", "columns", [["patient_id"], ["death_date"]], [[c["name"]] for c in seen.get_columns("deaths")])
    engine.dispose()


JAVA = """
import java.sql.*;
public class WireClient {
  public static void main(String[] a) throws Exception {
    Connection c = DriverManager.getConnection(a[0], "ada", "");
    c.setReadOnly(true);
    for (int i = 1; i < a.length; i++) {
      // Often enough for the driver to name the statement and take binary values.
      for (int n = 0; n < 7; n++) try (PreparedStatement s = c.prepareStatement(a[i])) {
        ResultSet r = s.executeQuery();
        int w = r.getMetaData().getColumnCount();
        StringBuilder b = new StringBuilder("## " + a[i] + "\\n");
        while (r.next()) { for (int k = 1; k <= w; k++) { String v = r.getString(k); b.append(v == null ? "\\u0001" : v).append(k < w ? "\\u0002" : "\\n"); } }
        if (n == 6) System.out.print(b);
      }
    }
    c.setAutoCommit(false);
    try (PreparedStatement s = c.prepareStatement("select count(*) from (select claim_id from claims where amount > ? and settled_at < ?) x")) {
      s.setBigDecimal(1, new java.math.BigDecimal("50.005")); s.setTimestamp(2, Timestamp.valueOf("2030-01-01 00:00:00"));
      ResultSet r = s.executeQuery(); r.next(); System.out.print("## parameters\\n" + r.getLong(1) + "\\n");
    }
    try (Statement s = c.createStatement()) { s.setFetchSize(50); ResultSet r = s.executeQuery("select line_id from claims order by claim_id, line_id limit 500"); int n = 0; while (r.next()) n++; System.out.print("## portal\\n" + n + "\\n"); }
    c.commit();
    DatabaseMetaData m = c.getMetaData();
    System.out.print("## tables\\n");
    try (ResultSet r = m.getTables(null, "public", "%", new String[] {"TABLE"})) { while (r.next()) System.out.println(r.getString("TABLE_NAME")); }
    System.out.print("## columns\\n");
    try (ResultSet r = m.getColumns(null, null, "deaths", "%")) { while (r.next()) System.out.println(r.getString("COLUMN_NAME") + "\\u0002" + r.getString("TYPE_NAME")); }
    try (ResultSet r = m.getPrimaryKeys(null, null, "deaths")) { while (r.next()) System.out.println("a key"); }
    try (ResultSet r = m.getSchemas()) { while (r.next()) r.getString(1); }
    try (ResultSet r = m.getTypeInfo()) { while (r.next()) r.getString(1); }
    try (ResultSet r = m.getIndexInfo(null, null, "deaths", false, false)) { while (r.next()) System.out.println("an index"); }
    try (ResultSet r = m.getImportedKeys(null, null, "deaths")) { while (r.next()) System.out.println("a key"); }
    c.close();
  }
}
"""


def run_jdbc(port, wanted, comparison, binary, store):
    jars = glob.glob("/usr/share/java/postgresql.jar")
    if not jars or not shutil.which("java") or not shutil.which("javac"):
        print("jdbc: skipped, java, javac or the driver (libpostgresql-jdbc-java) is missing")
        return
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "WireClient.java"), "w") as file:
            file.write(JAVA)
        subprocess.run(["javac", "-d", folder, os.path.join(folder, "WireClient.java")], check=True)
        queries = [query for query in QUERIES if "1e300" not in query and "date '0001" not in query]
        done = subprocess.run(
            ["java", "-Dfile.encoding=UTF-8", "-cp", folder + ":" + jars[0], "WireClient", f"jdbc:postgresql://127.0.0.1:{port}/fund?ssl=false",
             *queries], capture_output=True)
        if done.returncode:
            comparison.failures += 1
            print("jdbc:", done.stderr.decode()[:2000])
        parts = {}
        for part in done.stdout.decode().split("## ")[1:]:
            name, _, rows = part.partition("\n")
            parts[name] = [[None if v == "\1" else v for v in row.split("\2")] for row in rows.split("\n")[:-1]]
        for query in queries:
            # JDBC spells booleans and timestamps in its own way.
            found = [[re.sub(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.0$", r"\1", v) if v else v for v in row] for row in parts.get(query, [])]
            comparison.check("jdbc", query, [[{"true": "t", "false": "f"}.get(v, v) for v in row] for row in wanted[query]], found)
        limits = expected(binary, store, "select count(*) from claims where amount > 50.005 and settled_at < '2030-01-01'")
        comparison.check("jdbc", "parameters", limits, parts.get("parameters", []))
        comparison.check("jdbc", "portal", [["500"]], parts.get("portal", []))
        comparison.check("jdbc", "tables", [["claims"], ["deaths"], ["institutions"], ["knowledge"]], parts.get("tables", []))
        comparison.check("jdbc", "columns", [["patient_id", "text"], ["death_date", "date"]], parts.get("columns", []))


def main():
    global expected_any
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fundwatch", default=".build/release/fundwatch")
    parser.add_argument("--store", default="demo/store")
    options = parser.parse_args()
    binary, store = options.fundwatch, options.store
    wanted = {query: expected(binary, store, query) for query in QUERIES}
    for query, values in PARAMETERS:
        written = query
        for value in values:
            written = written.replace("{}", literal(value), 1)
        wanted[query] = expected(binary, store, written)
    expected_any = expected(binary, store, "select count(*) from claims where visit_type in ('outpatient', 'chronic')")
    comparison = Comparison()
    server = Server(binary, store)
    try:
        for name, run in [("psycopg", run_psycopg), ("asyncpg", run_asyncpg), ("pg8000", run_pg8000), ("sqlalchemy", run_sqlalchemy)]:
            before = comparison.count
            try:
                __import__(name)
            except ImportError:
                print(f"{name}: skipped, it is not installed")
                continue
            try:
                run(server.port, wanted, comparison)
            except Exception as error:
                comparison.failures += 1
                print(f"{name}: {type(error).__name__}: {error}")
            print(f"{name}: {comparison.count - before} comparisons")
        before = comparison.count
        run_jdbc(server.port, wanted, comparison, binary, store)
        print(f"jdbc: {comparison.count - before} comparisons")
    finally:
        code, log = server.stop()
    if code != 0:
        comparison.failures += 1
        print(f"the server ended with {code}: {log}")
    print(f"{comparison.count} comparisons, {comparison.failures} failures")
    sys.exit(1 if comparison.failures else 0)


if __name__ == "__main__":
    main()
