//! What a statement is bound to: names, types, errors, and the invariants of the algebra over all
//! of it.

use bourse::{Database, Options};

use super::{Bound, BoundStatement, SessionStatement, bind};
use crate::Dialect;
use crate::algebra::{OutputColumn, Statement, check};
use crate::catalog::Catalog;
use crate::define;
use crate::error::{Result, SqlError};
use crate::parse::parse;
use crate::settings::Settings;

/// A store with a schema, made by statements.
pub(crate) struct Store {
    pub(crate) database: Database,
    dialect: Dialect,
    _folder: tempfile::TempDir,
}

impl Store {
    pub(crate) fn new(dialect: Dialect, schema: &str) -> Store {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(folder.path(), Options::default()).unwrap();
        let store = Store { database, dialect, _folder: folder };
        store.define(schema);
        store
    }

    pub(crate) fn define(&self, statements: &str) {
        for parsed in parse(statements, self.dialect).unwrap() {
            let catalog = Catalog::load(&self.database).unwrap();
            let bound = bind(&parsed, &catalog, self.dialect, &Settings::default(), &[]);
            let bound = bound.unwrap_or_else(|error| panic!("{}: {error:?}", parsed.source.text()));
            let Bound::Define(definition) = bound.bound else { panic!("{:?}", bound.bound) };
            define::execute(&definition, &self.database)
                .unwrap_or_else(|error| panic!("{}: {error:?}", parsed.source.text()));
        }
    }

    pub(crate) fn bind(&self, statement: &str) -> Result<BoundStatement> {
        let parsed = parse(statement, self.dialect)?;
        let parsed = parsed.first().ok_or_else(|| SqlError::new("42601", "nothing"))?;
        let catalog = Catalog::load(&self.database)?;
        let bound = bind(parsed, &catalog, self.dialect, &Settings::default(), &[])?;
        check_all(&bound.bound, statement);
        Ok(bound)
    }

    pub(crate) fn error(&self, statement: &str) -> SqlError {
        match self.bind(statement) {
            Ok(bound) => panic!("{statement} was bound: {:?}", bound.bound),
            Err(error) => error,
        }
    }

    fn columns(&self, statement: &str) -> Vec<OutputColumn> {
        let bound = self.bind(statement).unwrap_or_else(|error| panic!("{statement}: {error:?}"));
        match bound.bound {
            Bound::Rows(Statement::Query(query)) => query.columns,
            Bound::Rows(Statement::Insert(insert)) => insert.returning.unwrap().columns,
            Bound::Rows(Statement::Update(update)) => update.returning.unwrap().columns,
            Bound::Rows(Statement::Delete(delete)) => delete.returning.unwrap().columns,
            other => panic!("{other:?}"),
        }
    }

    /// `name type, name type` of a result.
    fn shape(&self, statement: &str) -> String {
        let columns = self.columns(statement);
        let columns = columns.iter().map(|column| format!("{} {}", column.name, column.ty));
        columns.collect::<Vec<_>>().join(", ")
    }
}

fn check_all(bound: &Bound, text: &str) {
    let statement = match bound {
        Bound::Rows(statement) => statement,
        Bound::Session(
            SessionStatement::Declare { statement, .. }
            | SessionStatement::CopyOut { statement, .. },
        ) => statement,
        Bound::Explain { statement, .. } => return check_all(statement, text),
        _ => return,
    };
    let broken = check(statement);
    assert!(broken.is_empty(), "{text}: {broken:?}\n{statement:#?}");
}

const SCHEMA: &str = "
    CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
    CREATE TABLE users (id bigint PRIMARY KEY, name varchar(20) NOT NULL, mood mood, born date,
        note text DEFAULT 'none', balance numeric(12,2) CHECK (balance >= 0));
    CREATE TABLE orders (id bigserial PRIMARY KEY, user_id bigint NOT NULL REFERENCES users,
        at timestamptz NOT NULL DEFAULT now(), amount numeric(10,2), tags text[],
        UNIQUE (user_id, at));
    CREATE VIEW rich AS SELECT id, name FROM users WHERE balance > 1000;
";

fn postgres() -> Store {
    Store::new(Dialect::Postgres, SCHEMA)
}

/// Statements and the names and types of their results.
const SHAPES: &[(&str, &str)] = &[
    (
        "SELECT 1, 'a', NULL, true",
        "?column? integer, ?column? text, ?column? text, ?column? boolean",
    ),
    (
        "SELECT * FROM users",
        "id bigint, name character varying(20), mood mood, born date, note text, balance \
            numeric(12,2)",
    ),
    ("SELECT u.id, count(*) FROM users u GROUP BY u.id", "id bigint, count bigint"),
    ("SELECT sum(amount), count(DISTINCT user_id) FROM orders", "sum numeric, count bigint"),
    ("SELECT CASE WHEN id > 1 THEN 1 ELSE 2.5 END FROM users", "case numeric"),
    (
        "SELECT id::int4, CAST('5' AS smallint), '1 day'::interval FROM users",
        "id integer, int2 smallint, interval interval",
    ),
    (
        "SELECT (SELECT max(amount) FROM orders o WHERE o.user_id = u.id) FROM users u",
        "max numeric",
    ),
    ("SELECT EXISTS (SELECT 1 FROM users)", "exists boolean"),
    ("SELECT ARRAY[1, 2], ARRAY(SELECT id FROM users)", "array integer[], array bigint[]"),
    ("SELECT coalesce(note, 'x'), nullif(id, 3) FROM users", "coalesce text, nullif bigint"),
    ("SELECT tags[1], tags[1:2] FROM orders", "tags text, tags text[]"),
    (
        "SELECT * FROM users JOIN orders USING (id)",
        "id bigint, name character varying(20), mood mood, born date, note text, balance \
            numeric(12,2), user_id bigint, at timestamp with time zone, amount numeric(10,2), \
            tags text[]",
    ),
    ("SELECT 1 UNION SELECT 2.5", "?column? numeric"),
    ("SELECT 1 AS x UNION ALL SELECT NULL", "x integer"),
    ("VALUES (1, 'a'), (2, NULL)", "column1 integer, column2 text"),
    (
        "WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 9) SELECT n \
            FROM t",
        "n integer",
    ),
    (
        "SELECT row_number() OVER (PARTITION BY user_id ORDER BY at), sum(amount) OVER w FROM \
            orders WINDOW w AS (ORDER BY at ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE \
            TIES)",
        "row_number bigint, sum numeric",
    ),
    ("SELECT name FROM rich", "name character varying(20)"),
    (
        "SELECT DISTINCT ON (user_id) user_id, at FROM orders ORDER BY user_id, at DESC",
        "user_id bigint, at timestamp with time zone",
    ),
    ("SELECT id, name FROM users GROUP BY id", "id bigint, name character varying(20)"),
    (
        "SELECT user_id, sum(amount) FROM orders GROUP BY ROLLUP (user_id) HAVING sum(amount) > \
            5 ORDER BY 2",
        "user_id bigint, sum numeric",
    ),
    (
        "SELECT x.id FROM users u, LATERAL (SELECT o.id FROM orders o WHERE o.user_id = u.id \
            LIMIT 1) x",
        "id bigint",
    ),
    (
        "INSERT INTO users (id, name) VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET name = \
            excluded.name WHERE users.id > 0 RETURNING id, name AS n",
        "id bigint, n character varying(20)",
    ),
    (
        "UPDATE users SET note = o.amount::text FROM orders o WHERE o.user_id = users.id \
            RETURNING users.id, o.id AS order_id",
        "id bigint, order_id bigint",
    ),
    (
        "DELETE FROM orders USING users u WHERE u.id = user_id RETURNING orders.*",
        "id bigint, user_id bigint, at timestamp with time zone, amount numeric(10,2), tags \
            text[]",
    ),
    (
        "WITH gone AS (DELETE FROM orders RETURNING user_id) SELECT count(*) FROM gone",
        "count bigint",
    ),
    ("SELECT rank(id) WITHIN GROUP (ORDER BY length(name)) FROM users GROUP BY id", "rank bigint"),
    (
        "SELECT (SELECT max(u.id) FILTER (WHERE (SELECT o.amount > 1 FROM orders o)) FROM orders) \
            FROM users u",
        "max bigint",
    ),
    (
        "TABLE users",
        "id bigint, name character varying(20), mood mood, born date, note text, balance \
            numeric(12,2)",
    ),
];

/// Statements with the SQLSTATE, the words and the place of their error.
const ERRORS: &[(&str, &str, &str, Option<usize>)] = &[
    ("SELECT * FROM nothing", "42P01", "relation \"nothing\" does not exist", Some(15)),
    ("SELECT nam FROM users", "42703", "column \"nam\" does not exist", Some(8)),
    ("SELECT u.nam FROM users u", "42703", "column u.nam does not exist", Some(8)),
    ("SELECT x.id FROM users u", "42P01", "missing FROM-clause entry for table \"x\"", Some(8)),
    ("SELECT id FROM users, orders", "42702", "column reference \"id\" is ambiguous", Some(8)),
    ("SELECT * FROM users, users", "42712", "table name \"users\" specified more than once", None),
    (
        "SELECT name, count(*) FROM users",
        "42803",
        "column \"users.name\" must appear in the GROUP BY clause or be used in an aggregate \
            function",
        None,
    ),
    (
        "SELECT rank(id) WITHIN GROUP (ORDER BY length(name)) FROM users",
        "42803",
        "column \"users.id\" must appear in the GROUP BY clause or be used in an aggregate \
            function",
        None,
    ),
    (
        "SELECT percentile_cont(balance::float8) WITHIN GROUP (ORDER BY id) FROM users",
        "42803",
        "column \"users.balance\" must appear in the GROUP BY clause or be used in an aggregate \
            function",
        None,
    ),
    (
        "SELECT 1 FROM users u WHERE (SELECT sum(u.id * (SELECT o.amount FROM orders o)) \
            FROM orders) > 1",
        "42803",
        "aggregate functions are not allowed in WHERE",
        None,
    ),
    (
        "SELECT * FROM users WHERE count(*) > 1",
        "42803",
        "aggregate functions are not allowed in WHERE",
        None,
    ),
    (
        "SELECT sum(sum(amount)) FROM orders",
        "42803",
        "aggregate function calls cannot be nested",
        None,
    ),
    (
        "SELECT * FROM users WHERE row_number() OVER () > 1",
        "42P20",
        "window functions are not allowed in WHERE",
        None,
    ),
    (
        "SELECT id FROM users WHERE name",
        "42804",
        "argument of WHERE must be type boolean, not type character varying",
        None,
    ),
    ("SELECT id FROM users ORDER BY 2", "42P10", "ORDER BY position 2 is not in select list", None),
    (
        "SELECT 1 UNION SELECT 1, 2",
        "42601",
        "each UNION query must have the same number of columns",
        None,
    ),
    (
        "INSERT INTO users (id, nam) VALUES (1, 'a')",
        "42703",
        "column \"nam\" of relation \"users\" does not exist",
        Some(24),
    ),
    (
        "INSERT INTO users VALUES (1, 2, 3, 4, 5, 6, 7)",
        "42601",
        "INSERT has more expressions than target columns",
        None,
    ),
    (
        "INSERT INTO users (id, born) VALUES (1, 5)",
        "42804",
        "column \"born\" is of type date but expression is of type integer",
        None,
    ),
    (
        "INSERT INTO users (id, name) VALUES ('x', 'a')",
        "22P02",
        "invalid input syntax for type bigint: \"x\"",
        None,
    ),
    (
        "INSERT INTO users (id, mood) VALUES (1, 'angry')",
        "22P02",
        "invalid input value for enum mood: \"angry\"",
        None,
    ),
    (
        "INSERT INTO users (id) VALUES (1) ON CONFLICT (name) DO NOTHING",
        "42P10",
        "there is no unique or exclusion constraint matching the ON CONFLICT specification",
        None,
    ),
    (
        "SELECT DISTINCT name FROM users ORDER BY born",
        "42P10",
        "for SELECT DISTINCT, ORDER BY expressions must appear in select list",
        None,
    ),
    (
        "SELECT id FROM users WHERE id = 'a'",
        "22P02",
        "invalid input syntax for type bigint: \"a\"",
        None,
    ),
    (
        "SELECT id + name FROM users",
        "42883",
        "operator does not exist: bigint + character varying",
        None,
    ),
    ("SELECT nothing(id) FROM users", "42883", "function nothing(bigint) does not exist", Some(8)),
    ("SELECT CAST(id AS date) FROM users", "42846", "cannot cast type bigint to date", None),
    ("SELECT (SELECT 1, 2)", "42601", "subquery must return only one column", None),
    ("SELECT FROM users WHERE", "42601", "syntax error at end of input", Some(24)),
    ("SELEC 1", "42601", "syntax error at or near \"SELEC\"", Some(1)),
    ("SELECT 'abc", "42601", "unterminated quoted string at or near \"'abc\"", Some(8)),
    (
        "UPDATE users SET nam = 1",
        "42703",
        "column \"nam\" of relation \"users\" does not exist",
        Some(18),
    ),
    (
        "UPDATE users SET id = 1, id = 2",
        "42601",
        "multiple assignments to same column \"id\"",
        None,
    ),
    ("SELECT 1 FROM (SELECT 1)", "42601", "subquery in FROM must have an alias", None),
    ("SELECT $0", "42P02", "there is no parameter $0", None),
    ("SELECT 1::nothing", "42704", "type \"nothing\" does not exist", None),
    ("CREATE TABLE users (a int)", "42P07", "relation \"users\" already exists", None),
    ("CREATE TABLE t (a int, a int)", "42701", "column \"a\" specified more than once", None),
    (
        "CREATE TABLE t (a int PRIMARY KEY, b int PRIMARY KEY)",
        "42P16",
        "multiple primary keys for table \"t\" are not allowed",
        None,
    ),
    ("DROP TABLE nothing", "42P01", "table \"nothing\" does not exist", None),
    (
        "CREATE TRIGGER t BEFORE INSERT ON users EXECUTE FUNCTION f()",
        "0A000",
        "triggers are not supported",
        None,
    ),
];

#[test]
fn results_have_postgresqls_names_and_types() {
    let store = postgres();
    let wrong: Vec<String> = SHAPES
        .iter()
        .filter_map(|(statement, shape)| {
            let bound = store.bind(statement);
            match bound {
                Err(error) => Some(format!("{statement}: {error:?}")),
                Ok(_) => {
                    let found = store.shape(statement);
                    (found != *shape)
                        .then(|| format!("{statement}\n  found {found}\n  not   {shape}"))
                }
            }
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn errors_have_postgresqls_states_and_words() {
    let store = postgres();
    let wrong: Vec<String> = ERRORS
        .iter()
        .filter_map(|(statement, state, message, position)| match store.bind(statement) {
            Ok(_) => Some(format!("{statement} was bound")),
            Err(error) => {
                let same = error.sqlstate() == *state
                    && error.message() == *message
                    && (position.is_none() || error.position() == *position);
                (!same).then(|| format!("{statement}\n  {error:?} {:?}", error.position()))
            }
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn parameters_get_the_types_of_their_places() {
    let store = postgres();
    let cases = [
        ("SELECT * FROM users WHERE id = $1 AND name = $2", "bigint, text"),
        (
            "INSERT INTO users (id, name, born) VALUES ($1, $2, $3)",
            "bigint, character varying, date",
        ),
        ("INSERT INTO users (id, name) SELECT $1, $2", "bigint, character varying"),
        ("UPDATE users SET balance = $1 WHERE id = $2", "numeric, bigint"),
        ("SELECT $1::int, $2", "integer, text"),
        ("SELECT * FROM users LIMIT $1 OFFSET $2", "bigint, bigint"),
        ("SELECT * FROM users WHERE id = ANY($1)", "bigint[]"),
        ("SELECT * FROM users WHERE id IN ($1, $2)", "bigint, bigint"),
    ];
    let mut wrong = Vec::new();
    for (statement, types) in cases {
        match store.bind(statement) {
            Err(error) => wrong.push(format!("{statement}: {error:?}")),
            Ok(bound) => {
                let found: Vec<String> = bound.parameters.iter().map(ToString::to_string).collect();
                if found.join(", ") != types {
                    wrong.push(format!("{statement}: {}", found.join(", ")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sqlite_is_bound_in_its_own_words() {
    let store = Store::new(
        Dialect::Sqlite,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE, b REAL, c, d \
            DECIMAL(10,2));
         CREATE TABLE u (x INT REFERENCES t(id), y TEXT DEFAULT CURRENT_TIMESTAMP, UNIQUE (x, y));
         CREATE VIEW v AS SELECT a, b FROM t WHERE b > 1;",
    );
    let names = |statement: &str| {
        let columns = store.columns(statement);
        columns.into_iter().map(|column| column.name).collect::<Vec<_>>().join(",")
    };
    assert_eq!(names("SELECT rowid, * FROM t"), "id,id,a,b,c,d");
    assert_eq!(names("SELECT A, b AS x FROM t WHERE x > 1"), "a,x");
    assert_eq!(names("SELECT a, max(b) FROM t"), "a,max(b)");
    assert_eq!(names("SELECT \"nothing\" FROM t"), "\"nothing\"");
    assert_eq!(names("SELECT * FROM v"), "a,b");
    assert_eq!(names("SELECT a||b,(b+ 1)*2, max(c) FROM t"), "a||b,(b+ 1)*2,max(c)");
    for statement in [
        "INSERT INTO t VALUES (NULL, 'a', 1, 2, 3)",
        "INSERT OR REPLACE INTO t (id, a) VALUES (?1, :name)",
        "INSERT INTO u DEFAULT VALUES",
        "SELECT * FROM t WHERE a = 5 AND b = '3' AND id IN ('1', 2) AND c IS NULL",
        "SELECT * FROM t WHERE a == 'x' AND a IS NOT 'y' OR a LIKE 'z%' AND NOT b",
        "SELECT count(*) FILTER (WHERE b > 1) FROM t GROUP BY a HAVING count(*) > 1",
        "UPDATE t SET a = a || 'x' WHERE rowid = 5",
        "DELETE FROM t WHERE id NOT IN (SELECT x FROM u)",
        "SELECT * FROM t ORDER BY a COLLATE BINARY DESC LIMIT 5, 10",
        "SELECT iif(b, 1, 2), ifnull(a, b), CAST(a AS INTEGER) FROM t",
    ] {
        store.bind(statement).unwrap_or_else(|error| panic!("{statement}: {error:?}"));
    }
    let cases = [
        ("SELECT * FROM nowhere", "no such table: nowhere"),
        ("SELECT nobody FROM t", "no such column: nobody"),
        ("SELECT nothing FROM t", "near \"nothing\": syntax error"),
        ("SELECT id FROM t, t AS s", "ambiguous column name: id"),
        ("SELECT * FROM t WHERE count(*) > 1", "misuse of aggregate function count()"),
        ("SELECT unheard(a) FROM t", "no such function: unheard"),
        ("INSERT INTO t (nobody) VALUES (1)", "table t has no column named nobody"),
        ("INSERT INTO t VALUES (1, 2)", "table t has 5 columns but 2 values were supplied"),
        ("SELEC 1", "near \"SELEC\": syntax error"),
        ("SELECT * FROM t WHERE", "incomplete input"),
        ("CREATE TABLE t (a)", "table t already exists"),
        ("DROP TABLE nowhere", "no such table: nowhere"),
        ("CREATE INDEX i ON t (nobody)", "no such column: nobody"),
    ];
    for (statement, message) in cases {
        assert_eq!(store.error(statement).message(), message, "{statement}");
    }
}

/// What has to be bound at all, with the invariants of the algebra.
const BOUND: &[&str] = &[
    "SELECT * FROM users FULL JOIN orders USING (id) WHERE id > 5 ORDER BY id",
    "SELECT u.*, o.amount FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.amount > 5",
    "SELECT * FROM users NATURAL JOIN orders",
    "SELECT (u).name, u FROM users u",
    "SELECT * FROM users u WHERE (id, name) IN (SELECT user_id, 'x' FROM orders)",
    "SELECT * FROM users u WHERE (id, name) = (SELECT user_id, 'x' FROM orders LIMIT 1)",
    "SELECT * FROM users WHERE (id, name) < (5, 'a') AND ROW(id, 1) IS DISTINCT FROM ROW(2, 1)",
    "SELECT * FROM users WHERE id NOT IN (1, 2, NULL) AND id BETWEEN SYMMETRIC 9 AND 1",
    "SELECT * FROM users WHERE name LIKE 'a%' ESCAPE '!' OR name NOT ILIKE 'b' OR name ~ '^c'",
    "SELECT * FROM users WHERE id = ANY (SELECT user_id FROM orders) AND id > ALL (ARRAY[1, 2])",
    "SELECT born + 1, born - born, at + interval '1 day' FROM users, orders",
    "SELECT extract(year FROM born), at AT TIME ZONE 'UTC', current_date FROM users, orders",
    "SELECT substring(name FROM 2 FOR 3), trim(both 'x' from name), position('a' in name) FROM \
        users",
    "SELECT date '2020-01-01', timestamptz '2020-01-01 00:00Z', interval '2' day, 'sad'::mood",
    "SELECT greatest(1, 2.5, id), least(name, 'x') FROM users",
    "SELECT mood, count(*) FILTER (WHERE id > 5), string_agg(name, ',' ORDER BY name DESC)
        FROM users GROUP BY mood HAVING count(*) > 1 ORDER BY count(*) DESC, mood",
    "SELECT mood, born, grouping(mood, born), sum(balance) FROM users
        GROUP BY GROUPING SETS ((mood), (mood, born), ())",
    "SELECT id % 2, sum(balance) FROM users GROUP BY id % 2 ORDER BY id % 2",
    "SELECT id % 2 AS half, (SELECT count(*) FROM orders WHERE user_id = u.id % 2) FROM users u \
        GROUP BY id % 2",
    "SELECT name, rank() OVER (ORDER BY sum(balance)) FROM users GROUP BY name",
    "SELECT lag(id, 1, 0) OVER (PARTITION BY mood ORDER BY born), avg(balance) OVER
        (ORDER BY id RANGE BETWEEN 5 PRECEDING AND UNBOUNDED FOLLOWING) FROM users",
    "SELECT generate_series(1, id), unnest(tags) FROM orders ORDER BY 1",
    "SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a', 'b']) WITH ORDINALITY AS t(a, b, n)",
    "SELECT * FROM generate_series(1, 5) AS g WHERE g > 2",
    "SELECT * FROM users u CROSS JOIN LATERAL unnest(ARRAY[u.id, 5]) AS x(y)",
    "SELECT id FROM users INTERSECT SELECT user_id FROM orders EXCEPT ALL SELECT 5 ORDER BY id \
        LIMIT 3",
    "SELECT id FROM users ORDER BY born NULLS FIRST, name DESC FETCH FIRST 3 ROWS WITH TIES",
    "SELECT DISTINCT mood FROM users ORDER BY mood",
    "SELECT * FROM users u, orders o WHERE o.user_id = u.id FOR UPDATE OF u SKIP LOCKED",
    "WITH a AS (SELECT 1 AS x), b AS MATERIALIZED (SELECT x + 1 AS y FROM a) SELECT * FROM a, b, \
        a AS c",
    "WITH RECURSIVE t(a, b) AS (SELECT 1, 'x'::text UNION SELECT a + 1, b || 'y' FROM t WHERE a \
        < 5)
        SELECT * FROM t JOIN t s USING (a)",
    "WITH new AS (INSERT INTO orders (user_id) VALUES (1), (2) RETURNING id)
        UPDATE users SET note = 'n' FROM new WHERE users.id = new.id",
    "INSERT INTO users VALUES (1, 'a', 'sad', '2020-01-01', DEFAULT, 5), (2, 'b', NULL, NULL, \
        'x', 6.5)",
    "INSERT INTO users (id, name) SELECT user_id, 'x' FROM orders ON CONFLICT DO NOTHING",
    "INSERT INTO users (id, name) VALUES (1, 'a') ON CONFLICT ON CONSTRAINT users_pkey
        DO UPDATE SET (name, note) = (excluded.name, users.note || 'x'), balance = DEFAULT",
    "INSERT INTO orders DEFAULT VALUES RETURNING *",
    "UPDATE users u SET (name, note) = (SELECT 'a', x.tags[1] FROM orders x WHERE x.user_id = \
        u.id)",
    "UPDATE users SET balance = balance * 1.1, note = DEFAULT WHERE id IN (SELECT user_id FROM \
        orders)",
    "DELETE FROM users WHERE NOT EXISTS (SELECT FROM orders WHERE user_id = users.id)",
    "MERGE INTO users u USING orders o ON o.user_id = u.id
        WHEN MATCHED AND o.amount > 5 THEN UPDATE SET note = 'm' WHEN MATCHED THEN DELETE
        WHEN NOT MATCHED THEN INSERT (id, name) VALUES (o.id, 'x')",
    "EXPLAIN (ANALYZE, COSTS off) SELECT 1",
    "DECLARE c CURSOR FOR SELECT * FROM users",
    "COPY users (id, name) TO STDOUT",
    "COPY users FROM STDIN (FORMAT csv)",
    "LOCK TABLE users IN SHARE MODE",
    "PREPARE p (bigint) AS SELECT * FROM users WHERE id = $1",
    "EXECUTE p (5)",
    "VACUUM ANALYZE users",
    "VALUES (1), (2) ORDER BY 1 DESC OFFSET 1",
    "SELECT json_build_object('a', 1) -> 'a', '{\"a\": 1}'::jsonb ->> 'a'",
    "SELECT count(*) FROM users u WHERE (SELECT sum(o.amount + u.balance) FROM orders o) > 5",
    "SELECT sum(id) FROM users HAVING sum(id) > (SELECT max(id) FROM orders)",
    "SELECT CASE mood WHEN 'sad' THEN 1 WHEN 'ok' THEN 2 END FROM users",
    "SELECT tags || 'x'::text, array_length(tags, 1), 'a' = ANY (tags) FROM orders",
    "SELECT name COLLATE \"C\" FROM users ORDER BY name COLLATE \"C\"",
    "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t(id, name) JOIN users USING (id)",
    "SELECT id, sum(id) OVER w FROM users WINDOW v AS (PARTITION BY mood), w AS (v ORDER BY id)",
];

#[test]
fn whatever_is_bound_keeps_the_invariants() {
    let store = postgres();
    let bound =
        |statement: &&str| store.bind(statement).err().map(|e| format!("{statement}: {e:?}"));
    let wrong: Vec<String> = BOUND.iter().filter_map(bound).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
