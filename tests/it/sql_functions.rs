//! SQLite's functions, operators and casts as `bourse-sql` computes them, against SQLite itself:
//! the same call with many values must have the same type and value there, or an error in both.

use bourse::Collation;
use bourse_sql::Dialect;
use bourse_sql::datum::Datum;
use bourse_sql::function::{Context, cast, resolve};
use bourse_sql::types::SqlType;
use rusqlite::types::Value;

/// A statement at a time that SQLite cannot be asked for: calls with the present are left out.
struct Statement;

impl Context for Statement {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn transaction_time(&self) -> i64 {
        0
    }

    fn statement_time(&self) -> i64 {
        0
    }

    fn setting(&self, _name: &str) -> Option<String> {
        None
    }

    fn random(&self) -> u64 {
        7
    }
}

fn datum(value: &Value) -> Datum {
    match value {
        Value::Null => Datum::Null,
        Value::Integer(value) => Datum::Integer(*value),
        Value::Real(value) => Datum::Double(*value),
        Value::Text(text) => Datum::text(text),
        Value::Blob(bytes) => Datum::bytes(bytes),
    }
}

/// The value with its type, comparable and readable.
fn shown(value: &Value) -> String {
    match value {
        Value::Real(value) if *value == 0.0 => "Real(0.0)".to_owned(),
        other => format!("{other:?}"),
    }
}

fn value(datum: &Datum) -> Value {
    match datum {
        Datum::Null => Value::Null,
        Datum::Integer(value) => Value::Integer(*value),
        Datum::Double(value) => Value::Real(*value),
        Datum::Text(text) | Datum::Json(text) => Value::Text(text.to_string()),
        Datum::Bytes(bytes) => Value::Blob(bytes.to_vec()),
        other => panic!("SQLite has no {other:?}"),
    }
}

/// What Bourse answers; `None` is an error.
fn ours(name: &str, arguments: &[Value]) -> Option<Value> {
    let types = vec![SqlType::Any; arguments.len()];
    let resolved = match name.strip_prefix("op ") {
        Some(operator) if arguments.len() == 2 => {
            resolve::operator(Dialect::Sqlite, operator, Some(&types[0]), Some(&types[1]))
        }
        Some(operator) => resolve::operator(Dialect::Sqlite, operator, None, Some(&types[0])),
        None => resolve::scalar(Dialect::Sqlite, name, &types),
    };
    let resolved = resolved.unwrap_or_else(|error| panic!("{name}: {error}"));
    let values: Vec<Datum> = arguments.iter().map(datum).collect();
    if resolved.function.strict && values.iter().any(Datum::is_null) {
        return Some(Value::Null);
    }
    (resolved.function.call)(&values, &Statement).ok().map(|datum| value(&datum))
}

/// SQLite, and the calls in which the answers differed.
struct Comparison {
    sqlite: rusqlite::Connection,
    calls: usize,
    wrong: Vec<String>,
}

impl Comparison {
    fn new() -> Comparison {
        let sqlite = rusqlite::Connection::open_in_memory().unwrap();
        Comparison { sqlite, calls: 0, wrong: Vec::new() }
    }

    fn theirs(&self, name: &str, arguments: &[Value]) -> Option<Value> {
        let places: Vec<String> = (1..=arguments.len()).map(|at| format!("?{at}")).collect();
        let sql = match name.strip_prefix("op ") {
            Some(operator) if arguments.len() == 2 => format!("SELECT ?1 {operator} ?2"),
            Some(operator) => format!("SELECT {operator} ?1"),
            None => format!("SELECT {name}({})", places.join(", ")),
        };
        let parameters = rusqlite::params_from_iter(arguments.iter());
        self.sqlite.query_row(&sql, parameters, |row| row.get(0)).ok()
    }

    fn call(&mut self, name: &str, arguments: &[Value]) {
        self.calls += 1;
        let (ours, theirs) = (ours(name, arguments), self.theirs(name, arguments));
        if ours.as_ref().map(shown) != theirs.as_ref().map(shown) {
            self.wrong
                .push(format!("{name}{arguments:?}\n  SQLite: {theirs:?}\n  Bourse: {ours:?}"));
        }
    }

    /// Every combination of the values.
    fn all(&mut self, name: &str, lists: &[&[Value]]) {
        let mut calls: Vec<Vec<Value>> = vec![Vec::new()];
        for list in lists {
            let longer = |call: &Vec<Value>| {
                let call = call.clone();
                list.iter().map(move |value| {
                    let mut call = call.clone();
                    call.push(value.clone());
                    call
                })
            };
            calls = calls.iter().flat_map(longer).collect();
        }
        calls.iter().for_each(|call| self.call(name, call));
    }

    fn finish(self) {
        assert!(self.calls > 50);
        let count = self.wrong.len();
        assert!(count == 0, "{count} of {} differ:\n{}", self.calls, self.wrong.join("\n"));
    }
}

fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| Value::Text((*text).to_owned())).collect()
}

fn integers(values: &[i64]) -> Vec<Value> {
    values.iter().map(|value| Value::Integer(*value)).collect()
}

/// Values of all kinds, the ends of their ranges among them.
fn values() -> Vec<Value> {
    let mut values = vec![Value::Null];
    values.extend(integers(&[0, 1, -1, 2, 7, -3, 63, 64, 100, i64::MAX, i64::MIN, 1 << 53]));
    let reals = [
        0.0,
        1.0,
        -1.5,
        0.1,
        2.5,
        -2.5,
        3.0,
        1e15,
        1e16,
        1e20,
        1e-5,
        1e300,
        -1e300,
        0.1 + 0.2,
        123_456.789,
        9.223_372_036_854_776e18,
        4.35,
        1e308,
        1e-306,
        49.47,
        0.3,
        1.0 / 3.0,
        1e-300,
    ];
    values.extend(reals.into_iter().map(Value::Real));
    values.push(Value::Real(f64::INFINITY));
    values.extend(texts(&[
        "",
        "a",
        "abc",
        "ABC",
        "12",
        " 12 ",
        "-7",
        "1.5",
        "1e3",
        "12abc",
        "abc12",
        ".5",
        "5.",
        "+3",
        "1e",
        "0x10",
        "9223372036854775807",
        "9223372036854775808",
        "1.0",
        "\u{e4}\u{f6}",
        "a'b",
        "%",
        "_",
        "1e400",
        "-",
        "1 2",
        "  x  ",
    ]));
    for bytes in [&b""[..], b"abc", b"\x01\x02\x7f", b"12", b"a'"] {
        values.push(Value::Blob(bytes.to_vec()));
    }
    values
}

#[test]
fn operators() {
    let mut comparison = Comparison::new();
    let values = values();
    for operator in ["+", "-", "*", "/", "%", "||", "&", "|", "<<", ">>"] {
        comparison.all(&format!("op {operator}"), &[&values, &values]);
    }
    for operator in ["-", "~"] {
        comparison.all(&format!("op {operator}"), &[&values]);
    }
    let patterns =
        texts(&["%", "a%", "_", "A", "%b%", "", "abc", "*", "a*", "?", "[a-c]*", "[^a]*"]);
    for operator in ["LIKE", "GLOB"] {
        comparison.all(&format!("op {operator}"), &[&values, &patterns]);
    }
    comparison.finish();
}

#[test]
fn functions_of_one_value() {
    let mut comparison = Comparison::new();
    let values = values();
    let names = [
        "typeof",
        "abs",
        "round",
        "sign",
        "length",
        "octet_length",
        "lower",
        "upper",
        "trim",
        "ltrim",
        "rtrim",
        "hex",
        "unhex",
        "quote",
        "unicode",
        "char",
        "likely",
        "json_quote",
    ];
    for name in names {
        // A text of JSON is a matter of its own.
        comparison.all(name, &[&values]);
    }
    comparison.finish();
}

#[test]
fn functions_of_several_values() {
    let mut comparison = Comparison::new();
    let values = values();
    let some: Vec<Value> = values.iter().step_by(3).cloned().collect();
    let known = &some[1..];
    let numbers = integers(&[0, 1, 2, 3, -1, -2, -5, 10, i64::MAX, i64::MIN]);
    for name in ["round", "ifnull", "nullif", "instr", "min", "max", "trim", "ltrim", "concat"] {
        comparison.all(name, &[&values, &some]);
    }
    comparison.all("round", &[&values, &integers(&[0, 1, 2, 5, 15, 30, 40, -1])]);
    comparison.all("substr", &[&some, &numbers]);
    comparison.all("substr", &[&some, &numbers, &numbers]);
    comparison.all("replace", &[&some, &texts(&["a", "", "1", "b"]), &texts(&["x", "", "yy"])]);
    comparison.all("coalesce", &[&some, &some, &some]);
    comparison.all("iif", &[&values, &some, &integers(&[3])]);
    comparison.all("concat_ws", &[&texts(&[",", ""]), &some, &some]);
    comparison
        .all("unhex", &[&texts(&["41-42", "4142", "4 1", "41 42", "x"]), &texts(&["-", " ", ""])]);
    comparison.all("char", &[&integers(&[65, 0x20ac, 0x1f600, 48]), &integers(&[66, 90])]);
    let patterns = texts(&["%", "a%", "_b_", "a\\%", "\\", "%\\_%", "", "x%%y", "ABC"]);
    comparison.all("like", &[&patterns, &some]);
    comparison.all("like", &[&patterns, known, &texts(&["\\", "%", "ab", ""])]);
    comparison
        .all("glob", &[&texts(&["*", "a*", "?b?", "[ab]*", "[]]", "[a-", "[^0-9]*"]), &values]);
    comparison.finish();
}

#[test]
fn formats() {
    let mut comparison = Comparison::new();
    let values = values();
    let formats = texts(&[
        "%d", "%5d|", "%-5d|", "%05d", "%+d", "% d", "%,d", "%x", "%#X", "%o", "%u", "%i", "%f",
        "%.2f", "%10.3f|", "%-10.1f|", "%e", "%.3E", "%g", "%.10g", "%G", "%!g", "%!.15g", "%#g",
        "%,.2f", "%s", "%10s|", "%-10s|", "%.2s", "%q", "%Q", "%w", "%c", "%.3c", "%%", "%z", "%",
        "%y", "a%db", "%+f", "%015.2f", "%.0f", "%.20f", "%5%", "%.5d", "% f", "%08x",
    ]);
    comparison.all("printf", &[&formats, &values]);
    comparison.all("format", &[&texts(&["%*d", "%-*d|", "%.*f"]), &integers(&[5, -5, 0]), &values]);
    comparison.finish();
}

fn moments() -> Vec<Value> {
    let mut moments = texts(&[
        "2024-02-29",
        "2024-02-29 13:14:15",
        "2024-02-29T13:14:15.678",
        "2024-12-31 23:59:59.999",
        "2023-02-31",
        "2000-01-01 24:00:00",
        "0000-01-01",
        "9999-12-31 23:59:59",
        "-0044-03-15",
        "12:34",
        "12:34:56.7",
        "2024-01-31 10:00:00+05:30",
        "2024-01-31 10:00:00-14:00",
        "2024-01-31Z",
        "abc",
        "",
        "2024-1-1",
        "2460000.5",
        " 2024-01-01",
        "2024-01-01 ",
        "1e5",
        "2024-01-01 10:00 Z",
        "2024-13-01",
        "2024-01-01 25:00",
    ]);
    moments.extend(integers(&[0, 1, 2_460_000, 1_700_000_000, -1, 5_373_485, i64::MAX]));
    moments.extend([2_460_000.25, 0.0, -1.5, 1e300].into_iter().map(Value::Real));
    moments.push(Value::Null);
    moments
}

fn modifiers() -> Vec<Value> {
    texts(&[
        "+1 day",
        "-1 month",
        "+1 year",
        "1 hours",
        "+1.5 days",
        "-90 minutes",
        "+10.25 seconds",
        "start of month",
        "start of year",
        "start of day",
        "weekday 0",
        "weekday 3",
        "unixepoch",
        "auto",
        "julianday",
        "floor",
        "ceiling",
        "subsec",
        "+0001-02-03",
        "-0001-02-03 04:05",
        "+01:30",
        "-01:30:15.5",
        "+1 fortnight",
        "start of week",
        "",
        "weekday 7",
        "+1 DAYS",
        "+13 months",
        "-13 months",
        "+1.5 months",
        "+99999 years",
        "+5 days 3",
        "12:00",
    ])
}

#[test]
fn dates() {
    let mut comparison = Comparison::new();
    let (moments, modifiers) = (moments(), modifiers());
    for name in ["date", "time", "datetime", "julianday", "unixepoch"] {
        comparison.all(name, &[&moments]);
        comparison.all(name, &[&moments, &modifiers]);
    }
    let second = texts(&["+1 month", "floor", "start of month", "-1 day", "subsec"]);
    comparison.all("datetime", &[&moments[..8], &modifiers, &second]);
    let formats = texts(&[
        "%d %e %f %F",
        "%G %g %V",
        "%H %I %k %l %M %m",
        "%j %J",
        "%p %P %R",
        "%s %S %T",
        "%u %w",
        "%U %W",
        "%Y-%m-%d",
        "%%",
        "%q",
        "abc",
        "%",
        "",
    ]);
    comparison.all("strftime", &[&formats, &moments]);
    let zones = texts(&["utc", "localtime"]);
    comparison.all("datetime", &[&moments[..8], &zones, &zones]);
    comparison.all("timediff", &[&moments[..10], &moments[..10]]);
    comparison.finish();
}

#[test]
fn json() {
    let mut comparison = Comparison::new();
    let mut documents = texts(&[
        "{\"a\":1,\"b\":[1,2.5,\"x\",null,true],\"c\":{\"d e\":\"y\"}}",
        "[]",
        "{}",
        "[1,[2,[3]]]",
        "1",
        "\"text\"",
        "null",
        "true",
        "1.50",
        "1e3",
        " { \"a\" : 1 } ",
        "{\"a\":1,\"a\":2}",
        "[1,2",
        "",
        "abc",
    ]);
    documents.push(Value::Null);
    documents.push(Value::Integer(5));
    let paths = texts(&[
        "$",
        "$.a",
        "$.b",
        "$.b[0]",
        "$.b[2]",
        "$.b[#-1]",
        "$.b[#]",
        "$.c.\"d e\"",
        "$.x",
        "$[1]",
        "$[1][1][0]",
        "a",
        "$.",
        "$[x]",
        "$.b[9]",
        "$.c",
    ]);
    for name in ["json", "json_type", "json_array_length", "json_valid"] {
        comparison.all(name, &[&documents]);
    }
    for name in ["json_extract", "json_type", "json_array_length", "json_remove"] {
        comparison.all(name, &[&documents, &paths]);
    }
    let values = vec![Value::Integer(9), Value::Text("z".into()), Value::Null, Value::Real(1.5)];
    for name in ["json_set", "json_insert", "json_replace"] {
        comparison.all(name, &[&documents, &paths, &values]);
    }
    comparison.all("json_patch", &[&documents[..8], &documents[..8]]);
    let mut keys = texts(&["a", "b", "$.b[1]", "c", "[0]", "0", "x"]);
    keys.extend(integers(&[0, 1, -1, 9]));
    comparison.all("op ->", &[&documents[..12], &keys]);
    comparison.all("op ->>", &[&documents[..12], &keys]);
    comparison.all("json_array", &[&values, &values]);
    comparison.all("json_object", &[&texts(&["k", "q\"e"]), &values]);
    comparison.finish();
}

#[test]
fn casts() {
    let comparison = Comparison::new();
    let types = [
        ("TEXT", SqlType::Text),
        ("INTEGER", SqlType::BigInt),
        ("REAL", SqlType::Double),
        ("NUMERIC", SqlType::Numeric(None)),
        ("BLOB", SqlType::Bytea),
    ];
    for (name, ty) in types {
        for given in values() {
            let sql = format!("SELECT CAST(?1 AS {name})");
            let theirs: Value =
                comparison.sqlite.query_row(&sql, [&given], |row| row.get(0)).unwrap();
            let ours = cast::cast(datum(&given), &SqlType::Any, &ty, true, &Statement).unwrap();
            assert_eq!(shown(&value(&ours)), shown(&theirs), "CAST({given:?} AS {name})");
        }
    }
}

#[test]
fn aggregates() {
    let comparison = Comparison::new();
    let groups: Vec<Vec<Value>> = vec![
        vec![],
        vec![Value::Null],
        integers(&[1, 2, 3]),
        integers(&[i64::MAX, 1]),
        integers(&[i64::MAX, -1, 5]),
        vec![Value::Integer(1), Value::Real(2.5), Value::Text("3".into())],
        [0.1, 0.2, 0.3, 1e100, 1.0, -1e100].into_iter().map(Value::Real).collect(),
        texts(&["a", "b", "12x", "7"]),
        vec![Value::Integer(i64::MAX), Value::Real(1.0), Value::Integer(i64::MAX)],
        values()
            .into_iter()
            .filter(|value| !matches!(value, Value::Real(v) if v.is_infinite()))
            .collect(),
    ];
    for name in ["count", "sum", "total", "avg", "min", "max", "group_concat"] {
        for group in &groups {
            let resolved =
                resolve::aggregate(Dialect::Sqlite, name, &[SqlType::Any]).unwrap().unwrap();
            let mut state = (resolved.function.start)(&resolved.arguments, Collation::Binary);
            let mut ours = Ok(());
            for given in group {
                let given = datum(given);
                if !(resolved.function.strict && given.is_null()) && ours.is_ok() {
                    ours = state.add(&[given], &Statement);
                }
            }
            let ours = ours.and_then(|()| state.result(&Statement)).ok();
            comparison.sqlite.execute_batch("DROP TABLE IF EXISTS t; CREATE TABLE t (v)").unwrap();
            for given in group {
                comparison.sqlite.execute("INSERT INTO t VALUES (?1)", [given]).unwrap();
            }
            let sql = format!("SELECT {name}(v) FROM t");
            let theirs: Option<Value> =
                comparison.sqlite.query_row(&sql, [], |row| row.get(0)).ok();
            let ours = ours.map(|datum| shown(&value(&datum)));
            assert_eq!(ours, theirs.as_ref().map(shown), "{name} of {group:?}");
        }
    }
}
