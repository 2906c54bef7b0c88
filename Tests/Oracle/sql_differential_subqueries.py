"""A seeded source of queries full of subqueries that depend on the queries around them, over two small tables with NULLs."""
import random

TABLES = """with one(a, b, c) as (values (1, 10, 'x'), (2, null, 'y'), (3, 30, null), (null, 2, 'x'), (2, 3, 'z'), (2, 3, 'z')),
 two(a, b, c) as (values (1, 20, 'x'), (2, 10, null), (2, 4, 'y'), (null, 30, 'x'), (4, null, 'z')),
 none(a, b, c) as (select * from one where a > 99) """
COMPARISONS = ["=", "<>", "<", "<=", ">", ">="]


class RandomSubqueries:
    """Equal seeds give equal queries. A scope is the alias of a table with the columns a, b (integers) and c (text); the last
    of a list is the innermost. Nothing here can fail while it runs, whatever is computed first."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *choices):
        return self.random.choice(choices)

    def chance(self, share):
        return self.random.random() < share

    def query(self):
        table, where = self.pick("one", "two"), ""
        scopes = ["p"]
        if self.chance(0.7):
            where = f" where {self.condition(scopes, 2)}"
        joined = ""
        if self.chance(0.3):
            kind = self.pick("join", "left join", "right join", "full join")
            joined = f" {kind} {self.pick('one', 'two', 'none')} o on p.{self.pick('a', 'b')} = o.{self.pick('a', 'b')}"
            scopes = ["o", "p"]
        if self.chance(0.2):
            having = f" having {self.grouped_condition()}" if self.chance(0.5) else ""
            values = f"p.a, count(*), sum({self.number(scopes, 1)}), bool_or({self.condition(scopes, 1)})"
            return f"{TABLES}select {values} from {table} p{joined}{where} group by p.a{having}"
        if self.chance(0.2):
            joined += f" {self.pick('cross join', 'cross join')} lateral ({self.rows(scopes, 1)}) l(v)"
            return f"{TABLES}select p.a, p.b, l.v from {table} p{joined}{where}"
        values = [self.pick(self.number, self.condition)(scopes, 2) for _ in range(self.random.randint(1, 2))]
        return f"{TABLES}select p.a, p.b, {', '.join(values)} from {table} p{joined}{where}"

    def column(self, scopes, names="ab"):
        scope = scopes[-1] if self.chance(0.5) else self.random.choice(scopes)
        return f"{scope}.{self.random.choice(names)}"

    def number(self, scopes, depth):
        if depth == 0 or self.chance(0.4):
            return self.column(scopes) if self.chance(0.85) else self.pick("0", "1", "2", "null::int")
        return self.random.choice([
            lambda: f"({self.number(scopes, depth - 1)} {self.pick('+', '-')} {self.number(scopes, depth - 1)})",
            lambda: f"coalesce({self.number(scopes, depth - 1)}, {self.number(scopes, 0)})",
            lambda: f"case when {self.condition(scopes, depth - 1)} then {self.number(scopes, 0)} else {self.number(scopes, 0)} end",
            lambda: f"({self.single(scopes, depth - 1)})", lambda: f"({self.single(scopes, depth - 1)})",
        ])()

    def condition(self, scopes, depth):
        simple = [
            lambda: f"{self.number(scopes, 0)} {self.random.choice(COMPARISONS)} {self.number(scopes, 0)}",
            lambda: f"{self.column(scopes)} is {self.pick('', 'not ')}null",
            lambda: f"{self.column(scopes, 'c')} {self.pick('=', '<>', 'is not distinct from')} {self.column(scopes, 'c')}",
        ]
        if depth == 0 or self.chance(0.15):
            return self.random.choice(simple)()
        return self.random.choice([
            lambda: f"({self.condition(scopes, depth - 1)} {self.pick('and', 'or')} {self.condition(scopes, depth - 1)})",
            lambda: f"not ({self.condition(scopes, depth - 1)})",
            lambda: f"{self.pick('', 'not ')}exists ({self.rows(scopes, depth - 1)})",
            lambda: f"{self.number(scopes, depth - 1)} {self.pick('', 'not ')}in ({self.rows(scopes, depth - 1)})",
            lambda: f"{self.number(scopes, depth - 1)} {self.pick('', 'not ')}in ({self.rows(scopes, depth - 1)})",
            lambda: f"{self.number(scopes, depth - 1)} {self.random.choice(COMPARISONS)} {self.pick('any', 'all')} ({self.rows(scopes, depth - 1)})",
            lambda: f"{self.number(scopes, depth - 1)} {self.random.choice(COMPARISONS)} ({self.single(scopes, depth - 1)})",
            lambda: f"({self.condition(scopes, depth - 1)}) is {self.pick('', 'not ')}{self.pick('true', 'false', 'null')}",
        ])()

    def grouped_condition(self):
        """A condition on groups by p.a."""
        inner = ["q"]
        return self.random.choice([
            lambda: f"count(*) {self.pick('>', '=')} (select count(*) from {self.pick('one', 'two')} q where q.a = p.a)",
            lambda: f"exists (select 1 from two q where q.a = p.a and {self.condition(inner, 0)})",
            lambda: f"p.a {self.pick('', 'not ')}in (select {self.number(inner, 0)} from two q)",
            lambda: f"max(p.b) > (select min(q.b) from two q where q.a >= p.a)",
        ])()

    def source(self, scopes, depth):
        """FROM and WHERE of a subquery, and the scopes that its values may read."""
        alias = "qrst"[len([scope for scope in scopes if scope in "qrst"])]
        inner = [*scopes, alias]
        text = f"from {self.pick('one', 'two', 'two', 'none')} {alias}"
        if self.chance(0.2):
            text += f" {self.pick('join', 'left join')} {self.pick('one', 'two')} {alias}2 on {alias}.{self.pick('a', 'b')} = {alias}2.{self.pick('a', 'b')}"
        if self.chance(0.75):
            link = f"{alias}.{self.pick('a', 'b')} {self.pick('=', '=', '=', '<', '<>')} {self.column(scopes)}"
            text += f" where {self.pick(link, f'{link} and {self.condition(inner, depth)}', self.condition(inner, depth))}"
        return text, inner

    def rows(self, scopes, depth):
        """A subquery of one column of integers."""
        text, inner = self.source(scopes, depth)
        value = self.number(inner, min(depth, 1))
        alias = inner[-1]
        return self.random.choice([
            lambda: f"select {value} {text}", lambda: f"select {value} {text}", lambda: f"select {value} {text}",
            lambda: f"select distinct {value} {text}",
            lambda: f"select {alias}.a {text} group by {alias}.a", lambda: f"select count(*)::int {text} group by {alias}.a",
            lambda: f"select max({self.aggregated(inner)}) {text} group by {alias}.c having count(*) > {self.pick('0', '1', self.column(scopes))}",
            lambda: f"select {alias}.{self.pick('a', 'b')} {text} order by {alias}.a, {alias}.b limit {self.pick(1, 2)}",
        ])()

    def single(self, scopes, depth):
        """A subquery of one integer."""
        text, inner = self.source(scopes, depth)
        value = self.aggregated(inner)
        return self.random.choice([
            lambda: f"select {self.pick('max', 'min', 'sum', 'count')}({value})::int {text}",
            lambda: f"select {self.pick('max', 'min', 'sum', 'count')}({value})::int {text}",
            lambda: f"select count(*)::int {text}",
            lambda: f"select coalesce(max({value}), {self.column(scopes)})::int {text}",
            lambda: f"select max({value})::int + {self.column(scopes)} {text}",
            lambda: f"select {self.number(inner, min(depth, 1))} {text} order by 1 limit 1",
        ])()

    def aggregated(self, scopes):
        """What an aggregate takes: a column of its own query is in it, or it would be the outer query's aggregate."""
        own = f"{scopes[-1]}.{self.pick('a', 'b')}"
        return self.pick(own, own, f"{own} {self.pick('+', '-')} {self.column(scopes)}",
                         f"case when {self.condition(scopes, 0)} then {own} else {self.column(scopes)} end")
