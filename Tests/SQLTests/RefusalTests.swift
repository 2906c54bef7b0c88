import Diagnostics
import SQL
import Testing

@Suite("Refusing what is wrong or not supported")
struct RefusalTests {
    @Test(
        "says syntax errors as PostgreSQL does, at the right byte",
        arguments: [
            ("selec 1", "syntax error at or near \"selec\"", 0),
            ("select 1 from", "syntax error at end of input", 13),
            ("select a b c", "syntax error at or near \"c\"", 11),
            ("select 中文 中文 from 中文 where", "syntax error at end of input", 38),
            ("select '中文' x y", "syntax error at or near \"y\"", 18),
            ("select 1; select 中 中 中", "syntax error at or near \"中\"", 25),
            ("select 'abc", "unterminated quoted string at or near \"'abc\"", 7),
            ("select \"abc", "unterminated quoted identifier at or near \"\"abc\"", 7),
            ("select 1 /* x", "unterminated /* comment", 9),
            ("select (1", "syntax error at end of input", 9),
            ("select 1)", "syntax error at or near \")\"", 8),
            ("select * from (select 1)", "subquery in FROM must have an alias", 14),
            ("describe t t t", "syntax error at or near \"t\"", 13),
        ] as [(String, String, Int)])
    func syntaxErrors(text: String, message: String, position: Int) throws {
        let error = try #require(failure(text))
        #expect(error.message == message)
        #expect(error.position == position)
    }

    @Test(
        "refuses by name and place",
        arguments: [
            ("insert into t values (1)", "INSERT", 0), ("update t set a = 1", "UPDATE", 0),
            ("delete from t", "DELETE", 0),
            ("with x as (select 1) insert into t select * from x", "INSERT", 0),
            ("with x as (delete from t returning *) select * from x", "DELETE", 0),
            ("merge into t using u on true when matched then delete", "MERGE", 0), ("truncate t", "TRUNCATE", 0),
            ("create table t (a int)", "CREATE TABLE with column definitions", 0), ("begin", "BEGIN", 0),
            ("commit", "COMMIT", 0),
            ("rollback", "ROLLBACK", 0), ("create index i on t (a)", "CREATE INDEX", 0),
            ("create unique index i on t (a)", "CREATE INDEX", 0),
            ("create materialized view v as select 1", "CREATE MATERIALIZED VIEW", 0),
            ("create function f() returns int as 'x' language sql", "CREATE FUNCTION", 0),
            ("create or replace function f() returns int as 'x' language sql", "CREATE FUNCTION", 0),
            ("create schema s", "CREATE SCHEMA", 0), ("create sequence s", "CREATE SEQUENCE", 0),
            ("create role r", "CREATE ROLE", 0),
            ("create extension e", "CREATE EXTENSION", 0), ("create type t as (a int)", "CREATE TYPE", 0),
            ("create domain d as int", "CREATE DOMAIN", 0), ("create database d", "CREATE DATABASE", 0),
            ("alter table t add a int", "ALTER TABLE", 0), ("alter table t rename to u", "ALTER TABLE", 0),
            ("drop index i", "DROP INDEX", 0), ("drop schema s", "DROP SCHEMA", 0),
            ("drop function f", "DROP FUNCTION", 0),
            ("grant select on t to r", "GRANT", 0), ("revoke select on t from r", "REVOKE", 0), ("vacuum", "VACUUM", 0),
            ("analyze t", "ANALYZE", 0), ("prepare p as select 1", "PREPARE", 0), ("execute p", "EXECUTE", 0),
            ("deallocate p", "DEALLOCATE", 0), ("declare c cursor for select 1", "DECLARE", 0),
            ("fetch next from c", "FETCH", 0),
            ("listen x", "LISTEN", 0), ("notify x", "NOTIFY", 0), ("lock table t", "LOCK", 0), ("do 'x'", "DO", 0),
            ("call p()", "CALL", 0), ("comment on table t is 'x'", "COMMENT", 0), ("checkpoint", "CHECKPOINT", 0),
            ("discard all", "DISCARD", 0), ("reindex table t", "REINDEX", 0), ("cluster t", "CLUSTER", 0),
            ("load 'x'", "LOAD", 0),
            ("refresh materialized view v", "REFRESH MATERIALIZED VIEW", 0), ("reset x", "RESET", 0),
            ("set local x = 1", "SET LOCAL", 0),
            ("set x to default", "this form of SET", 0), ("set x = 1, 2", "SET with a list of values", 0),
            ("copy t from 'x'", "COPY FROM", 0), ("copy t to program 'x'", "COPY TO PROGRAM", 10),
            ("select 1 into x", "SELECT INTO", 9), ("select a from t for update", "FOR UPDATE/SHARE", 16),
            ("select a from t order by a using ~<~", "ORDER BY … USING ~<~", 25),
            ("select * from rows from (f(1), g(2) as (a int)) as x", "a column definition list", 31),
            ("select * from f() as x(a int)", "a column definition list", 14),
            ("select (a).*", "(…).*", 8), ("select b'101'", "a bit string constant", 7),
            ("select xmlelement(name a)", "XML", 7),
            ("values (default)", "DEFAULT", 8),
            ("select a is normalized", "the keyword form of is_normalized", 9),
            ("create view x.y.z as select 1", "a database name before a table", 12), ("select a::s.t", "type \"s.t\"", 10),
            ("select 1 operator(s.+) 2", "operator s.+", 9),
            ("create temp table t as select 1", "a temporary table or view", 18),
            ("create temp view t as select 1", "a temporary table or view", 17),
            ("create unlogged table t as select 1", "an unlogged table", 22),
            ("create table t as select 1 with no data", "WITH NO DATA", 32), ("drop table t cascade", "CASCADE", 13),
            ("create view v as select 1 with check option", "WITH CHECK OPTION", 31),
            ("explain (buffers) select 1", "EXPLAIN option BUFFERS", 9),
            ("explain insert into t values (1)", "INSERT", 0),
            ("with recursive x as (select 1) search depth first by a set b select 1", "SEARCH", 31),
            ("select 1; insert into t values (1)", "INSERT", 10),
        ] as [(String, String, Int)])
    func unsupported(text: String, name: String, position: Int) throws {
        let error = try #require(failure(text), "was accepted: \(text)")
        #expect(error.message == name + " is not supported")
        #expect(error.position == position)
    }

    @Test(
        "refuses other mistakes",
        arguments: [
            ("select a::numeric(b)", "type modifiers must be simple constants"),
            ("explain (format yaml) select 1", "unrecognized value for EXPLAIN option \"format\""),
            ("summarize", "summarize expects a table or a query"),
            ("describe a, b", "describe expects one table, table function or query"),
            ("describe a where b", "describe expects one table, table function or query"),
            ("describe insert into t values (1)", "syntax error at or near \"into\""),
            ("select * from current_date", "FROM expects a table, a query or a table function"),
            ("copy t to 'x' (level -1)", "option \"level\" expects a number above 0"),
        ] as [(String, String)])
    func mistakes(text: String, message: String) throws {
        #expect(try #require(failure(text), "was accepted: \(text)").message == message)
    }

    @Test("INSERT names the mend") func hint() throws {
        let error = try #require(failure("insert into t values (1)"))
        #expect(error.hint == "a store is loaded with `fundwatch ingest`")
    }

    @Test("an error renders with line, column and statement") func rendering() throws {
        let text = "select '中文',\n  a b c"
        let diagnostic = try #require(failure(text)).diagnostic(in: text, file: "query.sql")
        #expect(diagnostic.location.description == "query.sql:2:7")
        #expect(diagnostic.message == "syntax error at or near \"c\"")
        #expect(diagnostic.statement == text)
    }
}
