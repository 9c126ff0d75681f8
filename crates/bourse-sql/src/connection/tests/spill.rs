//! What statements keep goes to disk when memory is used up: their results are the same, and what
//! was written is gone with them.

use std::sync::Arc;

use bourse::{Database, Options};
use bourse_storage::vfs::sim::{Fault, SimVfs};

use crate::connection::{Connection, Flow, Row};
use crate::error::SqlError;

/// Statement memory that everything fits into, and some that it does not.
const ROOMY: &str = "256MB";
const TIGHT: [&str; 3] = ["64kB", "200kB", "1MB"];

/// A store on a simulated disk with tables, which have duplicates, NULLs, long texts and a key
/// that half of all rows have.
fn store() -> (Connection, SimVfs) {
    let disk = SimVfs::new(1);
    let options = Options {
        vfs: Arc::new(disk.clone()),
        shards: 2,
        cache_bytes: 32 << 20,
        log_segment_bytes: 4 << 20,
        background: false,
        ..Options::default()
    };
    let connection = Connection::of(&Database::open("/store", options).unwrap());
    connection
        .execute_batch(
            "CREATE TABLE a (id bigint PRIMARY KEY, k bigint, s text, d double precision,
                             n numeric, w text);
             CREATE TABLE b (id bigint PRIMARY KEY, k bigint, s text, w text);
             INSERT INTO a SELECT i, CASE WHEN i % 11 = 0 THEN NULL ELSE i * 7919 % 2003 END,
                    'text ' || i * 31 % 997, CASE i % 5 WHEN 0 THEN 'NaN'::float8 WHEN 1 THEN -0.0
                    WHEN 2 THEN 0.0 ELSE i / 7.0 END, (i % 301) / 100.0, repeat('w', i % 60)
                    FROM generate_series(1, 4000) AS g (i);
             INSERT INTO b SELECT i, CASE WHEN i % 2 = 0 THEN 77 WHEN i % 13 = 0 THEN NULL
                    ELSE i * 104729 % 3001 END, 'text ' || i % 499, repeat('v', i % 40)
                    FROM generate_series(1, 3000) AS g (i);
             CREATE TABLE c (id bigint PRIMARY KEY, k bigint, s text, w text);
             CREATE INDEX c_k ON c (k);
             INSERT INTO c SELECT * FROM b;",
        )
        .unwrap();
    (connection, disk)
}

fn rows(store: &Connection, text: &str) -> Result<Vec<String>, SqlError> {
    let rows = store.query(text, ())?;
    rows.map(|row| {
        let texts = (0..row.len()).map(|at| row.text(at).map(|text| text.unwrap_or("-".into())));
        Ok(texts.collect::<Result<Vec<_>, _>>()?.join("|"))
    })
}

fn set(store: &Connection, name: &str, value: &str) {
    store.execute(&format!("SET {name} = '{value}'"), ()).unwrap();
}

/// Runs queries with much and with little memory. Those that begin with a `>` go to disk at the
/// least memory, and come in an order; those with a `<` go to disk and come in any.
fn same_for_all(queries: &[&str]) {
    let (store, disk) = store();
    for query in queries {
        let (kind, text) = query.split_at(1);
        set(&store, "statement_memory", ROOMY);
        let mut expected = rows(&store, text).unwrap_or_else(|e| panic!("{e:?}: {text}"));
        if kind == "<" {
            expected.sort_unstable();
        }
        assert!(!expected.is_empty(), "{text}");
        let used = disk.used_bytes();
        for memory in TIGHT {
            set(&store, "statement_memory", memory);
            let files = store.disk.files();
            let mut found = rows(&store, text).unwrap_or_else(|e| panic!("{memory} {e:?}: {text}"));
            if kind == "<" {
                found.sort_unstable();
            }
            let differs = found.iter().zip(&expected).find(|(a, b)| a != b);
            assert_eq!(differs, None, "{memory}: {text}");
            assert_eq!(found.len(), expected.len(), "{memory}: {text}");
            let is_spilled = store.disk.files() > files;
            assert!(is_spilled || memory != TIGHT[0], "it did not go to disk: {text}");
            assert_eq!((store.disk.used(), disk.used_bytes()), (0, used), "D2: {text}");
        }
    }
}

/// Sorts are stable, by one key and by several, with a limit, and where rows come sorted by the
/// first keys already.
#[test]
fn sorts() {
    same_for_all(&[
        ">SELECT id, k, s FROM a ORDER BY s",
        ">SELECT * FROM a ORDER BY k DESC NULLS LAST, n, w",
        ">SELECT id, d FROM a ORDER BY d, s DESC",
        ">SELECT id, w FROM a ORDER BY n DESC, id LIMIT 2500 OFFSET 100",
        ">SELECT k, s, id, w FROM c WHERE k > 70 ORDER BY k, s, w LIMIT 1600",
        ">SELECT i % 3, i, repeat('x', 9) FROM generate_series(1, 9000) AS g (i) ORDER BY i % 3, 3",
        ">SELECT i / 3000, i FROM generate_series(1, 9000) AS g (i) ORDER BY 1, i % 10, i DESC
          LIMIT 8000",
        ">SELECT id, (SELECT count(*) FROM b WHERE b.id < 5) FROM a ORDER BY w, id DESC",
    ]);
}

/// Groups, their sets, and aggregates that keep rows.
#[test]
fn groups() {
    same_for_all(&[
        "<SELECT k, count(*), sum(n), min(s), max(w), avg(d) FROM a GROUP BY k",
        "<SELECT id % 3500 AS g, array_agg(id), string_agg(s, ',') FROM a GROUP BY g",
        "<SELECT s, k, count(*) FROM a GROUP BY GROUPING SETS ((s), (k), (s, k), ())",
        "<SELECT k, GROUPING(k, s), sum(id) FROM a GROUP BY CUBE (k, s)",
        "<SELECT count(DISTINCT s || w), count(DISTINCT id), sum(DISTINCT id) FROM a",
        "<SELECT k, count(DISTINCT s), array_agg(DISTINCT w) FROM a GROUP BY k",
        "<SELECT id % 7 AS g, array_agg(id ORDER BY w, s DESC), count(*) FROM a GROUP BY g",
        "<SELECT id % 2000 AS g, string_agg(DISTINCT s, ';' ORDER BY s), sum(n) FROM a GROUP BY g",
        "<SELECT s || id AS g, count(*) FILTER (WHERE k > 9) FROM a GROUP BY g HAVING count(*) > 0",
        "<SELECT d, n, count(*) FROM a GROUP BY d, n, w",
    ]);
}

/// DISTINCT keeps the order of its input where that counts, and takes the first row of each.
#[test]
fn distinct_rows() {
    same_for_all(&[
        "<SELECT DISTINCT s, w FROM a",
        ">SELECT DISTINCT s, k FROM a ORDER BY s DESC, k",
        ">SELECT DISTINCT ON (s) s, id, w FROM a ORDER BY s, w DESC, id",
        ">SELECT DISTINCT ON (k, s) k, s, id, w FROM a ORDER BY k, s, id DESC",
        ">SELECT DISTINCT i FROM generate_series(1, 5000) AS g (i) ORDER BY i LIMIT 4000",
    ]);
}

/// Set operations, with and without ALL, of sides that have no room.
#[test]
fn set_operations() {
    let mut queries = Vec::new();
    for op in ["UNION", "INTERSECT", "EXCEPT"] {
        for all in ["", " ALL"] {
            if (op, all) != ("UNION", " ALL") {
                queries.push(format!("<SELECT s, k % 50 FROM a {op}{all} SELECT s, k % 50 FROM b"));
                queries.push(format!("<SELECT id + 1200, w FROM a {op}{all} SELECT id, w FROM a"));
            }
        }
    }
    queries.push("<(SELECT k FROM a EXCEPT SELECT k FROM b) UNION SELECT id FROM b".to_owned());
    same_for_all(&queries.iter().map(String::as_str).collect::<Vec<_>>());
}

/// Joins of all kinds: keys that are there once, often, in every second row, and NULL; with further
/// conditions; and with an order of the left side that counts.
#[test]
fn joins() {
    let mut queries = Vec::new();
    for kind in ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"] {
        for on in ["a.k = b.k", "a.s = b.s AND a.k IS NOT DISTINCT FROM b.k"] {
            queries.push(format!("<SELECT a.id, b.id, b.w FROM a {kind} b ON {on}"));
        }
        if kind != "FULL JOIN" {
            queries.push(format!(
                "<SELECT a.id, a.w, b.id, b.w FROM a {kind} b ON a.k = b.k AND a.id < b.id"
            ));
        }
    }
    for kind in ["", "NOT "] {
        queries.push(format!(
            "<SELECT id, w FROM a WHERE {kind}EXISTS (SELECT FROM b WHERE b.k = a.k
               AND length(b.w) > length(a.w) AND b.s <> a.s)"
        ));
    }
    // All right rows have one key, for which no other hash helps.
    queries.push(
        "<SELECT x.id, y.id, y.w FROM a AS x LEFT JOIN b AS y ON x.id % 2 + 76 = y.k + 0
          AND abs(x.id - y.id) < 40 WHERE x.id < 300"
            .to_owned(),
    );
    queries.push(
        "<SELECT x.id, y.id FROM (SELECT * FROM a WHERE id < 60) AS x
          FULL JOIN (SELECT * FROM b WHERE k = 77) AS y ON x.id % 3 + 76 = y.k"
            .to_owned(),
    );
    queries.push(
        ">SELECT x.id, x.w FROM (SELECT id, id % 2 AS p, w FROM a ORDER BY w, id) AS x
          WHERE NOT EXISTS (SELECT FROM b WHERE b.k - 76 = x.p AND b.id * 3 = x.id + 1)
          ORDER BY x.w, x.id"
            .to_owned(),
    );
    queries.push(
        ">SELECT a.id, b.w, b.id FROM a LEFT JOIN b ON a.s = b.s AND b.id > 100
          ORDER BY a.id, b.id"
            .to_owned(),
    );
    queries.push(
        "<SELECT a.s, count(*), sum(b.id) FROM a JOIN b ON a.s = b.s JOIN b AS c ON c.id = a.id
          GROUP BY a.s"
            .to_owned(),
    );
    same_for_all(&queries.iter().map(String::as_str).collect::<Vec<_>>());
}

/// Windows, common table expressions and what loops keep.
#[test]
fn windows_and_expressions() {
    same_for_all(&[
        "<SELECT id, rank() OVER (PARTITION BY s ORDER BY n), sum(n) OVER (PARTITION BY s) FROM a",
        "<SELECT id, lag(w, 2, 'none') OVER (PARTITION BY k ORDER BY id DESC),
                 count(*) OVER (PARTITION BY k ORDER BY n RANGE BETWEEN 1 PRECEDING
                 AND CURRENT ROW EXCLUDE TIES) FROM a",
        "<SELECT id, row_number() OVER p, rank() OVER p, dense_rank() OVER p, percent_rank() OVER p,
                 cume_dist() OVER p, ntile(7) OVER p, w FROM a WINDOW p AS (ORDER BY w DESC)",
        "<SELECT id, w, sum(n) OVER (ORDER BY id), lag(s, 3, 'x') OVER (ORDER BY id),
                 lead(id, (id % 9)::int) OVER (ORDER BY id DESC),
                 first_value(s) OVER (ORDER BY n, id),
                 nth_value(id, 5) OVER (ORDER BY s, id ROWS BETWEEN 10 PRECEDING AND 3 FOLLOWING),
                 last_value(w) OVER (ORDER BY n) FROM a",
        "<SELECT id, w, sum(id) OVER (ORDER BY n RANGE BETWEEN 0.05 PRECEDING AND 0.02 FOLLOWING),
                 count(k) OVER (ORDER BY k DESC NULLS LAST RANGE BETWEEN 3 PRECEDING
                 AND 2 FOLLOWING EXCLUDE CURRENT ROW), count(*) FILTER (WHERE k > 50) OVER (),
                 sum(k) OVER (ORDER BY k NULLS FIRST RANGE BETWEEN 9 PRECEDING AND 4 PRECEDING),
                 avg(id) OVER (ORDER BY id ROWS BETWEEN 5 PRECEDING AND 1 PRECEDING) FROM a",
        "<WITH x AS MATERIALIZED (SELECT * FROM a) SELECT count(*), sum(y.id) FROM x
          JOIN x AS y ON x.id = y.id + 1",
        ">WITH RECURSIVE r AS (SELECT id, w, 1 AS depth FROM a WHERE id <= 900
          UNION ALL SELECT id, w || 'z', depth + 1 FROM r WHERE depth < 4)
          SELECT depth, count(*), sum(length(w)) FROM r GROUP BY depth ORDER BY depth",
        "<SELECT x.id, y.id FROM (SELECT * FROM a WHERE id > 3850) AS x
          LEFT JOIN (SELECT id, w FROM b OFFSET 0) AS y ON x.id > y.id + 3990 AND x.w <> y.w",
    ]);
}

/// RETURNING, FOR UPDATE, and the rows that a statement is to change.
#[test]
fn changes() {
    let mut shown = Vec::new();
    for memory in [ROOMY, TIGHT[0]] {
        let (store, disk) = store();
        set(&store, "statement_memory", memory);
        let used = disk.used_bytes();
        let files = store.disk.files();
        let text = "INSERT INTO b SELECT id + 10000, k, s, w FROM a RETURNING id, w";
        let inserted = rows(&store, text).unwrap();
        store.execute_batch("BEGIN").unwrap();
        let text = "SELECT id, s, w FROM a WHERE id % 2 = 0 FOR UPDATE";
        let mut locked = rows(&store, text).unwrap();
        locked.sort_unstable();
        store.execute_batch("COMMIT").unwrap();
        assert_eq!(store.disk.files() > files, memory != ROOMY);
        assert_eq!(store.disk.used(), 0);
        assert!(disk.used_bytes() >= used);
        shown.push((inserted, locked, rows(&store, "SELECT sum(id) FROM b").unwrap()));
    }
    assert_eq!((shown[0].0.len(), shown[0].1.len()), (4000, 2000));
    assert_eq!(shown[0], shown[1]);
}

/// A cursor goes back and forth over rows on disk; they are gone when it is closed.
#[test]
fn cursors() {
    let (store, disk) = store();
    let used = disk.used_bytes();
    set(&store, "statement_memory", TIGHT[0]);
    store
        .execute_batch("BEGIN; DECLARE c SCROLL CURSOR FOR SELECT id, w FROM a ORDER BY id")
        .unwrap();
    assert!(store.disk.used() > 0);
    let id = |text: &str| -> Vec<String> {
        let rows = rows(&store, text).unwrap();
        rows.iter().map(|row| row.split('|').next().unwrap().to_owned()).collect()
    };
    assert_eq!(id("FETCH 2 FROM c"), ["1", "2"]);
    assert_eq!(id("FETCH LAST FROM c"), ["4000"]);
    assert_eq!(id("FETCH BACKWARD 3 FROM c"), ["3999", "3998", "3997"]);
    assert_eq!(id("FETCH ABSOLUTE 17 FROM c"), ["17"]);
    assert_eq!(id("FETCH ALL FROM c").len(), 3983);
    let back = id("FETCH BACKWARD ALL FROM c");
    assert!(back.iter().eq((1..=4000).rev().map(|id| id.to_string()).collect::<Vec<_>>().iter()));
    store.execute_batch("CLOSE c").unwrap();
    assert_eq!((store.disk.used(), disk.used_bytes()), (0, used));
    let many = store.prepare_owned("SELECT id, w FROM a", &[]).unwrap();
    let mut portal = store.portal(&many, Vec::new()).unwrap();
    let mut count = 0;
    let mut take = |_: &Row<'_>| {
        count += 1;
        Ok(Flow::More)
    };
    for fetched in 1..=3 {
        portal.fetch(&store, Some(1500), &mut take).unwrap();
        assert!(store.disk.used() > 0 || fetched == 3);
    }
    drop(portal);
    assert_eq!((count, store.disk.used(), disk.used_bytes()), (4000, 0, used));
}

/// D2: after an error, a cancel, a limit that ends a statement early and a disk that fails.
#[test]
fn files_end_with_statements() {
    let (store, disk) = store();
    let used = disk.used_bytes();
    set(&store, "statement_memory", TIGHT[0]);
    let gone = |store: &Connection| {
        assert_eq!((store.disk.used(), disk.used_bytes()), (0, used));
    };
    let sorted = "(SELECT * FROM a ORDER BY w, s) AS x";
    let files = store.disk.files();
    assert_eq!(rows(&store, &format!("SELECT id FROM {sorted} LIMIT 3")).unwrap().len(), 3);
    gone(&store);
    let joined = "SELECT a.id FROM a JOIN b ON a.s = b.s LIMIT 5";
    assert_eq!(rows(&store, joined).unwrap().len(), 5);
    gone(&store);
    assert_eq!(rows(&store, "SELECT DISTINCT id, w FROM a LIMIT 3900").unwrap().len(), 3900);
    gone(&store);
    let error = rows(&store, &format!("SELECT 1 / (id - 777) FROM {sorted}")).unwrap_err();
    assert_eq!(error.sqlstate(), "22012");
    gone(&store);
    // It is canceled by who is shown the first rows.
    let canceler = store.canceler();
    let statement = store.prepare_owned("SELECT id FROM a ORDER BY w, s", &[]).unwrap();
    let mut shown = 0;
    let error = store.run_owned(&statement, Vec::new(), &mut |_| {
        shown += 1;
        assert!(store.disk.used() > 0);
        canceler.cancel();
        Ok(Flow::More)
    });
    assert_eq!(error.unwrap_err().sqlstate(), "57014");
    assert!(shown < 4000);
    gone(&store);
    disk.inject(Fault::WriteError, 3);
    let error = rows(&store, "SELECT id FROM a ORDER BY w, s").unwrap_err();
    assert_eq!(error.sqlstate(), "58030");
    gone(&store);
    assert!(store.disk.files() >= files + 6, "all of these went to disk");
    assert_eq!(rows(&store, "SELECT id FROM a ORDER BY w, s").unwrap().len(), 4000);
}

/// `temp_file_limit` ends a statement with 53400, and no more than it.
#[test]
fn temporary_files_are_limited() {
    let (store, disk) = store();
    let used = disk.used_bytes();
    assert_eq!(rows(&store, "SHOW temp_file_limit").unwrap(), ["-1"]);
    set(&store, "statement_memory", TIGHT[0]);
    set(&store, "temp_file_limit", "100kB");
    assert_eq!(rows(&store, "SHOW temp_file_limit").unwrap(), ["100kB"]);
    for text in [
        "SELECT * FROM a ORDER BY w",
        "SELECT DISTINCT id, s, w FROM a",
        "SELECT a.id FROM a JOIN b ON a.s = b.s",
        "SELECT w || id, count(*), sum(n) FROM a GROUP BY 1",
        "SELECT id, s, w FROM a EXCEPT SELECT id, s, w FROM b",
    ] {
        let error = rows(&store, text).unwrap_err();
        assert_eq!(error.sqlstate(), "53400", "{text}");
        assert_eq!(error.to_string(), "temporary file size exceeds temp_file_limit (100kB)");
        assert_eq!((store.disk.used(), disk.used_bytes()), (0, used), "{text}");
    }
    assert_eq!(rows(&store, "SELECT count(*) FROM a").unwrap(), ["4000"]);
    set(&store, "temp_file_limit", "10MB");
    assert_eq!(rows(&store, "SELECT * FROM a ORDER BY w").unwrap().len(), 4000);
    set(&store, "temp_file_limit", "0");
    assert_eq!(rows(&store, "SELECT * FROM a ORDER BY w").unwrap_err().sqlstate(), "53400");
    // What a cursor holds counts beside what statements write.
    set(&store, "temp_file_limit", "300kB");
    store.execute_batch("DECLARE c CURSOR WITH HOLD FOR SELECT id, s, w FROM a").unwrap();
    let held = store.disk.used();
    assert!(held > 100 << 10 && held < 250 << 10, "{held}");
    assert_eq!(rows(&store, "SELECT id, s, w FROM a ORDER BY w").unwrap_err().sqlstate(), "53400");
    store.execute_batch("CLOSE c").unwrap();
    assert_eq!(store.disk.used(), 0);
}

/// A full disk is told as 53100, with what to do, and the session lives on.
#[test]
fn a_full_disk_is_told() {
    let (store, disk) = store();
    set(&store, "statement_memory", TIGHT[0]);
    let used = disk.used_bytes();
    disk.set_capacity(used + (64 << 10));
    for text in ["SELECT * FROM a ORDER BY w", "SELECT a.id FROM a FULL JOIN b ON a.s = b.s"] {
        let error = rows(&store, text).unwrap_err();
        assert_eq!(error.sqlstate(), "53100", "{error:?}");
        assert!(error.hint().is_some_and(|hint| hint.contains("temp_file_limit")), "{error:?}");
        assert_eq!((store.disk.used(), disk.used_bytes()), (0, used), "{text}");
    }
    assert!(disk.counters().full_errors >= 2);
    assert_eq!(rows(&store, "SELECT count(*) FROM a").unwrap(), ["4000"]);
    disk.set_capacity(u64::MAX);
    assert_eq!(rows(&store, "SELECT * FROM a ORDER BY w").unwrap().len(), 4000);
}

/// What cannot go to disk ends with 53200.
#[test]
fn some_things_stay_in_memory() {
    let (store, _) = store();
    set(&store, "statement_memory", TIGHT[0]);
    for text in [
        "SELECT count(*) FROM b WHERE (s || id) NOT IN (SELECT s || id FROM a)",
        "WITH RECURSIVE r AS (SELECT 1 AS i UNION SELECT i + 1 FROM r WHERE i < 9000)
         SELECT count(*) FROM r",
        "SELECT id, w, count(*) OVER (ORDER BY id GROUPS 3 PRECEDING) FROM a",
    ] {
        let error = rows(&store, text).unwrap_err();
        assert_eq!(error.sqlstate(), "53200", "{text}");
        assert!(error.hint().is_some_and(|hint| hint.contains("statement_memory")));
    }
}

/// EXPLAIN ANALYZE tells what went to disk, as PostgreSQL does.
#[test]
fn explain_tells_what_was_kept() {
    let (store, _) = store();
    let line = |memory: &str, text: &str, begin: &str| {
        set(&store, "statement_memory", memory);
        let lines = rows(&store, &format!("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {text}"));
        let lines = lines.unwrap();
        let found = lines.iter().find(|line| line.trim_start().starts_with(begin));
        found.unwrap_or_else(|| panic!("{lines:#?}")).trim().to_owned()
    };
    let number = |line: &str, name: &str| -> u64 {
        let rest = line.split_once(name).unwrap_or_else(|| panic!("{line}")).1;
        rest.trim_end_matches("kB").split("kB").next().unwrap().parse().unwrap()
    };
    let sort = "SELECT * FROM a ORDER BY w, s";
    let told = line(ROOMY, sort, "Sort Method");
    assert!(told.starts_with("Sort Method: quicksort  Memory: "), "{told}");
    assert!(number(&told, "Memory: ") > 500);
    let told = line(ROOMY, &format!("{sort} LIMIT 3"), "Sort Method");
    assert!(told.starts_with("Sort Method: top-N heapsort  Memory: "), "{told}");
    let told = line(TIGHT[0], sort, "Sort Method");
    assert!(told.starts_with("Sort Method: external merge  Disk: "), "{told}");
    assert!(number(&told, "Disk: ") > 200, "{told}");
    let join = "SELECT a.id FROM a FULL JOIN b ON a.s = b.s";
    assert!(line(ROOMY, join, "Batches").starts_with("Batches: 1  Memory Usage: "));
    let told = line(TIGHT[0], join, "Batches");
    assert!(!told.starts_with("Batches: 1 ") && number(&told, "Disk Usage: ") > 60, "{told}");
    assert!(number(&told, "Memory Usage: ") < 80, "{told}");
    let groups = "SELECT s || id, count(*) FROM a GROUP BY 1";
    assert!(line(ROOMY, groups, "Batches").starts_with("Batches: 1  Memory Usage: "));
    let told = line(TIGHT[0], groups, "Batches");
    assert!(!told.starts_with("Batches: 1 ") && number(&told, "Disk Usage: ") > 50, "{told}");
    let json = rows(&store, &format!("EXPLAIN (ANALYZE, FORMAT JSON) {sort}")).unwrap().join("");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let plan = &json[0]["Plan"];
    assert_eq!(plan["Sort Method"], "external merge");
    assert_eq!(plan["Sort Space Type"], "Disk");
    assert!(plan["Sort Space Used"].as_u64() > Some(200), "{plan}");
}
