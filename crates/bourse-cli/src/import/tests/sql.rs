//! SQL over imported tables, in SQLite's dialect: queries answer as SQLite does over the file that
//! was imported, and what SQL writes is what SQLite would have stored, or refused by name.

use std::fmt::Write as _;

use bourse_sql::Dialect;
use bourse_sql::connection::Connection as Sql;
use bourse_sql::datum::Datum;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::store::imported;

/// Chance by a seed.
struct Draw(u64);

impl Draw {
    fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % count
    }

    fn of(&mut self, choices: &[&str]) -> String {
        let at = self.below(choices.len() as u64);
        choices[usize::try_from(at).unwrap()].to_owned()
    }
}

/// A value of a column of the table that is drawn.
fn value(draw: &mut Draw, column: &str) -> String {
    if draw.below(8) == 0 {
        return "NULL".to_owned();
    }
    let (number, minute) = (draw.below(40), draw.below(60));
    match column {
        "stamp" => format!(
            "'2024-0{}-{:02} {:02}:{minute:02}:{:02}.{:06}'",
            1 + draw.below(3),
            1 + draw.below(28),
            draw.below(24),
            draw.below(60),
            draw.below(2) * draw.below(1_000_000)
        ),
        "day" => format!("'2024-0{}-{:02}'", 1 + draw.below(3), 1 + draw.below(28)),
        "price" => format!("{number}.{:02}", draw.below(4) * 25),
        "rate" => draw.of(&["0.5", "1", "-2.25", "1e10", "0.1", "3"]),
        "flag" => draw.below(2).to_string(),
        "symbol" => draw.of(&["'AAPL'", "'MSFT'", "'aapl'", "'X '", "''"]),
        "bytes" => draw.of(&["x'00'", "x'6162'", "x''"]),
        _ => draw.of(&["1", "'1'", "2.5", "'text'", "x'61'", "-3"]),
    }
}

const COLUMNS: [&str; 8] = ["stamp", "day", "price", "rate", "flag", "symbol", "bytes", "kind"];

/// A file with rows of every type that the import tells apart.
fn source(draw: &mut Draw) -> String {
    let mut text = "CREATE TABLE t (id INTEGER PRIMARY KEY, stamp TIMESTAMP, day DATE, \
                    price DECIMAL(10,2), rate REAL, flag BOOLEAN, symbol VARCHAR(10), bytes BLOB, \
                    kind);\n"
        .to_owned();
    for id in 1..=60 + draw.below(60) {
        let values: Vec<String> = COLUMNS.iter().map(|column| value(draw, column)).collect();
        writeln!(text, "INSERT INTO t VALUES ({id}, {});", values.join(", ")).unwrap();
    }
    let indexes = [
        "CREATE INDEX by_stamp ON t (stamp, symbol);",
        "CREATE INDEX by_day ON t (day DESC);",
        "CREATE INDEX by_price ON t (price);",
        "CREATE INDEX by_flag ON t (flag, rate);",
        "CREATE INDEX by_symbol ON t (symbol) WHERE flag = 1;",
        "CREATE INDEX by_kind ON t (kind);",
    ];
    for index in indexes {
        if draw.below(2) == 0 {
            text.push_str(index);
        }
    }
    text
}

/// A constant that a column may be compared with, of its kind or of another. Dates meet no numbers,
/// nor texts that are some: to SQLite a column that is declared DATE is a number's, `'2025'` then
/// is 2025, and every text is greater; here it keeps texts, and compares them as texts.
fn constant(draw: &mut Draw, column: &str) -> String {
    match draw.below(6) {
        0 => draw.of(&["'2024-02'", "'2024-01-15'", "'2024-02-10 12:30'", "''"]),
        1 if !matches!(column, "stamp" | "day") => {
            draw.of(&["1", "0", "5.5", "'5.5'", "'10'", "1e3", "x'61'", "'aapl'"])
        }
        _ => value(draw, column),
    }
}

fn query(draw: &mut Draw) -> String {
    let column = draw.of(&COLUMNS);
    let other = draw.of(&COLUMNS);
    let (one, two) = (constant(draw, &column), constant(draw, &column));
    let operator = draw.of(&["=", "<", "<=", ">", ">=", "<>", "IS", "IS NOT"]);
    match draw.below(14) {
        0 | 1 => format!("SELECT id, {column} FROM t WHERE {column} {operator} {one}"),
        2 => {
            format!("SELECT id FROM t WHERE {column} BETWEEN {one} AND {two} ORDER BY {column}, id")
        }
        3 => format!("SELECT id FROM t WHERE {column} IN ({one}, {two})"),
        4 => format!("SELECT {column}, count(*), min(id) FROM t GROUP BY {column}"),
        5 => format!("SELECT typeof({column}), {column} || '', length({column}), id FROM t"),
        6 => format!("SELECT id FROM t ORDER BY {column} DESC, {other}, id LIMIT 20"),
        7 => "SELECT date(stamp), strftime('%H', stamp), julianday(day), count(*) FROM t GROUP BY \
              1, 2, 3"
            .to_owned(),
        8 => format!("SELECT min({column}), max({column}), count(DISTINCT {column}) FROM t"),
        9 => "SELECT symbol, sum(price), avg(price), total(rate) FROM t GROUP BY symbol".to_owned(),
        10 => format!("SELECT a.id, b.id FROM t AS a JOIN t AS b ON a.{column} = b.{other}"),
        11 => format!("SELECT id, CAST({column} AS TEXT), CAST({column} AS INTEGER) FROM t"),
        12 => format!("SELECT id FROM t WHERE {column} LIKE '%1%' OR {other} GLOB '2024*'"),
        _ => format!(
            "SELECT id, {column} {operator} {other}, {column} + 1, datetime(stamp, '+1 day') FROM t"
        ),
    }
}

fn change(draw: &mut Draw) -> String {
    let column = draw.of(&COLUMNS);
    let given = constant(draw, &column);
    let id = draw.below(80);
    match draw.below(3) {
        0 => format!("INSERT INTO t (id, {column}) VALUES ({}, {given})", 1000 + id),
        1 => format!("UPDATE t SET {column} = {given} WHERE id = {id}"),
        _ => format!("UPDATE t SET price = price * 2, rate = rate + 0.5 WHERE id = {id}"),
    }
}

/// A row as text; sums of floating numbers may be rounded otherwise.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Integer(value) => value.to_string(),
        Value::Real(value) => format!("{value:.9e}"),
        Value::Text(text) => format!("'{text}'"),
        Value::Blob(bytes) => format!("x{bytes:?}"),
    }
}

fn of_sqlite(file: &Connection, text: &str) -> Result<Vec<String>, String> {
    let told = |error: rusqlite::Error| error.to_string();
    let mut statement = file.prepare(text).map_err(told)?;
    let width = statement.column_count();
    let mut rows = statement.query([]).map_err(told)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(told)? {
        let cells = (0..width).map(|at| row.get::<_, Value>(at).map(|value| cell(&value)));
        found.push(cells.collect::<Result<Vec<_>, _>>().map_err(told)?.join("|"));
    }
    Ok(found)
}

fn of_bourse(store: &Sql, text: &str) -> Result<Vec<String>, String> {
    let rows = store.query(text, ()).map_err(|error| error.to_string())?;
    let rows = rows.map(|row| {
        let cells = row.values().iter().map(|value| match value {
            Datum::Null => cell(&Value::Null),
            Datum::Integer(value) => cell(&Value::Integer(*value)),
            Datum::Double(value) => cell(&Value::Real(*value)),
            Datum::Text(text) => cell(&Value::Text(text.to_string())),
            Datum::Bytes(bytes) => cell(&Value::Blob(bytes.to_vec())),
            other => format!("{other:?}"),
        });
        Ok(cells.collect::<Vec<_>>().join("|"))
    });
    rows.map_err(|error| error.to_string())
}

fn compare(seed: u64) -> (u64, Vec<String>) {
    let mut draw = Draw(seed);
    let text = source(&mut draw);
    let folder = tempfile::tempdir().unwrap();
    let database = imported(folder.path(), &text).unwrap();
    let store = Sql::of(&database).with_dialect(Dialect::Sqlite);
    let file = Connection::open_in_memory().unwrap();
    file.execute_batch(&text).unwrap();
    let (mut refused, mut different) = (0, Vec::new());
    for at in 0..60 {
        let sql = if at % 6 == 5 { change(&mut draw) } else { query(&mut draw) };
        let ours = of_bourse(&store, &sql);
        if matches!(&ours, Err(error) if error.contains("cannot store ")) {
            refused += 1;
            continue;
        }
        let theirs = of_sqlite(&file, &sql);
        let same = match (ours.clone(), theirs.clone()) {
            (Ok(mut ours), Ok(mut theirs)) => {
                if !sql.contains("ORDER BY") {
                    ours.sort();
                    theirs.sort();
                }
                ours == theirs
            }
            (ours, theirs) => ours.is_err() && theirs.is_err(),
        };
        if !same {
            let missing =
                |one: &Result<Vec<String>, String>, two: &Result<Vec<String>, String>| match (
                    one, two,
                ) {
                    (Ok(one), Ok(two)) => {
                        let rest = one.iter().filter(|row| !two.contains(row)).take(5);
                        format!("{:?}", rest.collect::<Vec<_>>())
                    }
                    (one, _) => format!("{one:?}"),
                };
            let (a, b) = (missing(&ours, &theirs), missing(&theirs, &ours));
            different.push(format!("seed {seed}: {sql}\n  Bourse alone: {a}\n  SQLite alone: {b}"));
        }
        // Both go on from the same rows.
        if at % 6 == 5 && !same {
            break;
        }
    }
    (refused, different)
}

#[test]
fn drawn_statements_answer_as_over_the_file() {
    let (mut refused, mut different) = (0, Vec::new());
    for seed in 0..12 {
        let (of_seed, found) = compare(seed);
        refused += of_seed;
        different.extend(found);
    }
    assert!(different.is_empty(), "{} differ\n{}", different.len(), different.join("\n"));
    assert!(refused < 60, "{refused} changes refused");
}
