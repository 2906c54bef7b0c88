"""Random statements with and without --memory: the same bytes for any limit and any number of threads.

    python3 Tests/Oracle/memory_limits.py BINARY [--beside OTHER_BINARY] [--count 200] [--seed 1] [--limits 16M,64M] [--rows 200000]

With another binary, what that one answers within a limit must not be refused either. Says for each limit how many statements were
answered, refused and how much memory the largest took. Ends with 1 if an answer differs.
"""

import argparse
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading

COLUMNS = ["id", "few", "many", "sparse", "word", "amount", "day", "score"]


def make_store(binary, folder, rows):
    """Two tables with the same columns: keys of few and of many values, one that is mostly NULL, text, money, dates and floats."""
    store = os.path.join(folder, "store")
    statements = []
    for name, count, step in [("big", rows, 7919), ("other", rows * 2 // 3, 104729)]:
        statements.append(
            f"create table {name} as select i as id, case when i % 11 = 0 then null else (i * {step}) % 5 end as few, "
            f"(i * {step}) % {rows} as many, case when (i * {step}) % 10 = 0 then (i * {step}) % {rows // 4} end as sparse, "
            f"case when i % 13 = 0 then null else 'word ' || ((i * {step}) % {rows // 8})::text end as word, "
            f"((i * {step}) % 1000003)::numeric(12, 2) / 100 as amount, date '2024-01-01' + ((i * {step}) % 900)::int as day, "
            f"((i * {step}) % 4001)::double precision / 7 as score "
            f"from generate_series(1::bigint, {count}) as t(i)"
        )
    for statement in statements:
        subprocess.run([binary, "sql", "--store", store, "--quiet", statement], check=True, stdout=subprocess.DEVNULL)
    return store


class Statements:
    """Draws statements; pairs of joins stay within some millions."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def key(self):
        return self.random.choice(["many", "many", "sparse", "sparse", "word", "id"])

    def columns(self, alias, count):
        return [f"{alias}.{name}" for name in self.random.sample(COLUMNS, count)]

    def side(self, table):
        if self.random.random() < 0.5:
            return table
        column, value = self.random.choice([("few", "few <> 3"), ("score", "score > 100"), ("sparse", "sparse is null"), ("many", "many % 3 = 1")])
        return f"(select * from {table} where {value})"

    def join(self):
        kind = self.random.choice(["join", "left join", "right join", "full join"])
        a, b = self.random.sample(["big", "other"], 2)
        condition = f"a.{(key := self.key())} = b.{key}"
        if self.random.random() < 0.2:
            condition = f"a.few = b.few"
            a = f"(select * from {a} where id < {self.random.randint(5, 40)})"
            if self.random.random() < 0.5:
                a, b = b, a
        elif self.random.random() < 0.3:
            condition += " and a.few = b.few"
        else:
            a, b = self.side(a), self.side(b)
        if kind != "full join" and self.random.random() < 0.3 or self.random.random() < 0.1:
            condition += " and a.amount < b.amount"
        chosen = self.columns("a", self.random.randint(1, 4)) + self.columns("b", self.random.randint(1, 4))
        names = ", ".join(f"{column} as c{index}" for index, column in enumerate(chosen))
        return f"select {names} from {a} a {kind} {b} b on {condition}"

    def filtered(self):
        a, b = self.random.sample(["big", "other"], 2)
        key = self.key()
        more = self.random.choice(["", "", " and b.amount < a.amount", " and b.few = a.few"])
        chosen = ", ".join(self.columns("a", 3))
        condition = self.random.choice(
            [f"exists (select 1 from {self.side(b)} b where b.{key} = a.{key}{more})", f"not exists (select 1 from {self.side(b)} b where b.{key} = a.{key}{more})",
             f"a.{key} in (select {key} from {b} where few = 2)", f"a.{key} not in (select {key} from {b} where {key} is not null and few = 2)"]
        )
        return f"select {chosen} from {self.side(a)} a where {condition}"

    def sets(self):
        names = ", ".join(self.random.sample(COLUMNS, self.random.choice([1, 1, 2, 3])))
        operation = self.random.choice(["intersect", "except", "union"]) + self.random.choice(["", " all"])
        a, b = self.random.sample(["big", "other"], 2)
        return f"select {names} from {self.side(a)} x {operation} select {names} from {self.side(b)} y"

    def window(self):
        key = self.random.choice(["few", "many", "sparse", "word", "day"])
        call = self.random.choice(["row_number()", "sum(amount)", "lag(amount)", "rank()", "avg(score)", "count(*)"])
        other = self.random.choice(["", f", {self.random.choice(['rank()', 'max(day)'])} over (partition by many order by id) as v"])
        return f"select id, {key}, {call} over (partition by {key} order by amount, id) as w{other} from {self.random.choice(['big', 'other'])}"

    def sort(self):
        keys = ", ".join(f"{name}{self.random.choice(['', ' desc', ' nulls first'])}" for name in self.random.sample(COLUMNS, 2))
        tail = self.random.choice(["", "", " limit 1000", " limit 60000 offset 7000"])
        return f"select {', '.join(self.random.sample(COLUMNS, 4))}, id as row from big order by {keys}, id{tail}"

    def grouped(self):
        keys = ", ".join(self.random.sample(["few", "many", "sparse", "word", "day"], self.random.choice([1, 1, 2])))
        calls = self.random.sample(
            ["count(*) as n", "sum(amount) as total", "count(distinct word) as words", "median(score) as middle", "min(word) as least",
             "count(distinct many) as m", "avg(score) as mean", "max(day) as latest"], 3)
        having = self.random.choice(["", "", " having count(*) > 1"])
        return f"select {keys}, {', '.join(calls)} from big group by {keys}{having}"

    def distinct(self):
        if self.random.random() < 0.5:
            return f"select distinct {', '.join(self.random.sample(COLUMNS, 2))} from big"
        key = self.random.choice(["few", "many", "word"])
        return f"select distinct on ({key}) {key}, id, amount from big"

    def nested(self):
        first = self.random.choice([self.filtered, self.window])()
        grouped = "select many, count(*) as n, sum(amount) as total from other group by many" + self.random.choice(["", " having count(*) > 0"])
        if first.startswith("select id"):
            return f"select * from ({first}) x join ({grouped}) g on x.id = g.many"
        return f"select count(*) as n, sum(g.n) as m from ({first}) x, (select count(*) as n from ({grouped}) y) g"

    def next(self):
        text = self.random.choice([self.join] * 4 + [self.filtered] * 2 + [self.sets] * 2 + [self.window, self.sort, self.grouped, self.distinct, self.nested])()
        if " limit " not in text and self.random.random() < 0.2:
            text = f"select * from ({text}) q limit {self.random.choice([10, 5000, 100000])} offset {self.random.choice([0, 100])}"
        return text


class Outcome:
    def __init__(self, code, digest, size, errors, peak, seconds):
        self.code, self.digest, self.size, self.errors, self.peak, self.seconds = code, digest, size, errors, peak, seconds

    @property
    def answer(self):
        return (self.code, self.digest)


def run(binary, store, text, threads, limit=None, seconds=120):
    arguments = [binary, "sql", "--store", store, "--quiet", "--format", "csv", "--threads", str(threads), text]
    if limit:
        arguments += ["--memory", limit]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=errors)
        watch = threading.Timer(seconds, process.kill)
        watch.start()
        digest, size = hashlib.sha256(), 0
        while block := process.stdout.read(1 << 20):
            digest.update(block)
            size += len(block)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.cancel()
        errors.seek(0)
        message = errors.read().decode(errors="replace").strip()
    return Outcome(process.returncode, digest.hexdigest(), size, message, usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--beside")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limits", default="16M,64M")
    parser.add_argument("--rows", type=int, default=200_000)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="fundwatch-memory-")
    differences = 0
    worse = 0
    try:
        store = make_store(options.binary, folder, options.rows)
        statements = Statements(options.seed)
        limits = options.limits.split(",")
        figures = {}
        for number in range(options.count):
            text = statements.next()
            expected = run(options.binary, store, text, 1)
            if expected.code != 0:
                print(f"{number}: not answered without a limit ({expected.code}): {expected.errors}\n  {text}", flush=True)
                continue
            ways = [(options.binary, "own", 2, None)]
            if options.beside:
                ways.append((options.beside, "other", 1, None))
            for limit in limits:
                ways += [(options.binary, "own", threads, limit) for threads in (1, 2)]
                if options.beside:
                    ways += [(options.beside, "other", threads, limit) for threads in (1, 2)]
            answered = {}
            for binary, name, threads, limit in ways:
                outcome = run(binary, store, text, threads, limit)
                answered[name, threads, limit] = outcome
                figure = figures.setdefault((name, limit, threads), dict(answered=0, refused=0, peak=0, seconds=0.0))
                figure["seconds"] += outcome.seconds
                if outcome.code == 75:
                    figure["refused"] += 1
                    if name == "own" and options.beside is None:
                        print(f"{number}: refused with {limit}, {threads} threads: {outcome.errors}\n  {text}", flush=True)
                    continue
                figure["answered"] += 1
                if outcome.peak > figure["peak"]:
                    figure["peak"], figure["text"] = outcome.peak, text
                if outcome.answer != expected.answer:
                    differences += name == "own"
                    print(f"{number}: {name} differs with {limit}, {threads} threads: {outcome.code}, {outcome.size} bytes instead of "
                          f"{expected.size}: {outcome.errors}\n  {text}", flush=True)
            for (name, threads, limit), outcome in answered.items():
                if name == "own" and outcome.code == 75 and options.beside and answered["other", threads, limit].code == 0:
                    worse += 1
                    print(f"{number}: refused with {limit}, {threads} threads, where the other binary answers: {outcome.errors}\n  {text}", flush=True)
        for (name, limit, threads), figure in sorted(figures.items(), key=lambda item: (str(item[0][1]), item[0])):
            print(f"{name:6} {limit or 'no limit':9} {threads} threads: {figure['answered']} answered, {figure['refused']} refused, "
                  f"largest {figure['peak'] >> 20} MiB, {figure['seconds']:.1f} s; {figure.get('text', '')[:160]}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{differences} differences, {worse} refused that the other binary answers")
    return 1 if differences or worse else 0


if __name__ == "__main__":
    sys.exit(main())
