//! SQL against SQLite: the same tables in both, the same statements, the same answers. The queries
//! of the platform that Bourse replaces run as they are; thousands of others are drawn by a seed,
//! which a failure prints.

use std::fmt::Write as _;

use bourse::{Database, Options};
use bourse_sql::Dialect;
use bourse_sql::connection::Connection;
use bourse_sql::datum::Datum;
use rusqlite::types::Value;

/// A store and a SQLite database with the same tables.
struct Both {
    bourse: Connection,
    sqlite: rusqlite::Connection,
    _folder: tempfile::TempDir,
}

impl Both {
    fn new() -> Both {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { shards: 4, ..Options::default() };
        let database = Database::open(folder.path().join("store"), options).unwrap();
        let bourse = Connection::of(&database).with_dialect(Dialect::Sqlite);
        let sqlite = rusqlite::Connection::open_in_memory().unwrap();
        Both { bourse, sqlite, _folder: folder }
    }

    fn batch(&self, text: &str) {
        self.bourse.execute_batch(text).unwrap_or_else(|error| panic!("{error:?}: {text}"));
        self.sqlite.execute_batch(text).unwrap();
    }

    /// The rows of both, as texts.
    fn answers(
        &self,
        text: &str,
        parameters: &[Value],
    ) -> (Result<Vec<String>, String>, Vec<String>) {
        let mut statement = self.sqlite.prepare(text).unwrap_or_else(|e| panic!("{e}: {text}"));
        let width = statement.column_count();
        let rows = statement
            .query_map(rusqlite::params_from_iter(parameters), |row| {
                let values: rusqlite::Result<Vec<Value>> =
                    (0..width).map(|at| row.get(at)).collect();
                Ok(values?.iter().map(shown).collect::<Vec<_>>().join("|"))
            })
            .unwrap();
        let theirs = rows.collect::<Result<Vec<_>, _>>().unwrap_or_else(|e| panic!("{e}: {text}"));
        let given: Vec<Datum> = parameters.iter().map(datum).collect();
        let ours = self.bourse.query(text, given).and_then(|rows| {
            rows.map(|row| Ok(row.values().iter().map(datum_shown).collect::<Vec<_>>().join("|")))
        });
        (ours.map_err(|error| format!("{error:?}")), theirs)
    }

    /// Asks both; rows in an order must come in it. Returns what differs.
    fn difference(&self, text: &str, parameters: &[Value], is_ordered: bool) -> Option<String> {
        let (ours, mut theirs) = self.answers(text, parameters);
        let mut ours = match ours {
            Ok(ours) => ours,
            Err(error) => return Some(format!("{error}\n{text}")),
        };
        if !is_ordered {
            ours.sort();
            theirs.sort();
        }
        (ours != theirs)
            .then(|| format!("{text}\n{parameters:?}\nBourse {ours:?}\nSQLite {theirs:?}"))
    }

    fn same(&self, text: &str, parameters: &[Value], is_ordered: bool) {
        if let Some(difference) = self.difference(text, parameters, is_ordered) {
            panic!("{difference}");
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Integer(value) => value.to_string(),
        Value::Real(value) => format!("{value:?}"),
        Value::Text(text) => format!("'{text}'"),
        Value::Blob(bytes) => format!("x{bytes:?}"),
    }
}

fn datum_shown(value: &Datum) -> String {
    match value {
        Datum::Null => "-".to_owned(),
        Datum::Integer(value) => value.to_string(),
        Datum::Double(value) => format!("{value:?}"),
        Datum::Text(text) => format!("'{text}'"),
        Datum::Bytes(bytes) => format!("x{bytes:?}"),
        other => format!("{other:?}"),
    }
}

fn datum(value: &Value) -> Datum {
    match value {
        Value::Null => Datum::Null,
        Value::Integer(value) => Datum::Integer(*value),
        Value::Real(value) => Datum::Double(*value),
        Value::Text(text) => Datum::text(text),
        Value::Blob(bytes) => Datum::Bytes(bytes.as_slice().into()),
    }
}

/// Numbers drawn by a seed.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, count: u64) -> u64 {
        self.next() % count
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[usize::try_from(self.below(choices.len() as u64)).unwrap()]
    }
}

const LEGACY: &str = "
CREATE TABLE trades (trade_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, symbol TEXT NOT NULL,
    side TEXT NOT NULL, quantity REAL NOT NULL, price REAL NOT NULL, profit_loss REAL NOT NULL,
    return_pct REAL NOT NULL, status TEXT NOT NULL, timestamp TEXT NOT NULL);
CREATE TABLE orders (order_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, symbol TEXT NOT NULL,
    side TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, price REAL NOT NULL,
    quantity REAL NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE TABLE positions (user_id INTEGER NOT NULL, symbol TEXT NOT NULL, quantity REAL NOT NULL,
    avg_price REAL NOT NULL, updated_at TEXT NOT NULL, UNIQUE (user_id, symbol));
CREATE TABLE portfolios (portfolio_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL,
    name TEXT NOT NULL, is_active INTEGER NOT NULL, cash REAL NOT NULL);
CREATE TABLE news_items (news_id INTEGER PRIMARY KEY, symbol TEXT NOT NULL, headline TEXT NOT NULL,
    body TEXT NOT NULL, sentiment_score REAL NOT NULL, published_at TEXT NOT NULL);
CREATE INDEX idx_trades_timestamp_symbol ON trades(timestamp, symbol);
CREATE INDEX idx_trades_user_status ON trades(user_id, status);
CREATE INDEX idx_orders_symbol_status ON orders(symbol, status, created_at);
CREATE INDEX idx_news_symbol_sentiment ON news_items(symbol, sentiment_score);
CREATE INDEX idx_news_timestamp ON news_items(published_at DESC);
CREATE INDEX idx_portfolios_user_active ON portfolios(user_id, is_active);
CREATE INDEX best_trades_user_status_ts ON trades(user_id, status, timestamp);
CREATE INDEX best_trades_symbol_ts ON trades(symbol, timestamp);
";

fn symbol(draw: &mut Draw) -> &'static str {
    draw.of(&["AAPL", "MSFT", "NVDA", "TSLA"])
}

fn time(draw: &mut Draw) -> String {
    let (day, hour) = (1 + draw.below(9), draw.below(24));
    format!("2026-03-0{day} {hour:02}:{:02}:00.{:06}", draw.below(60), draw.below(1_000_000))
}

/// A multiple of a quarter: sums of these are exact in any order.
fn quarter(draw: &mut Draw) -> f64 {
    f64::from(u32::try_from(draw.below(4000)).unwrap()) / 4.0 - 300.0
}

fn fill_legacy(both: &Both, draw: &mut Draw) {
    let mut text = String::from("BEGIN;");
    for id in 1..=600 {
        let (user, symbol, time) = (draw.below(12), symbol(draw), time(draw));
        let (quantity, price, profit) = (quarter(draw), quarter(draw), quarter(draw));
        let status = draw.of(&["open", "closed", "closed"]);
        write!(
            text,
            "INSERT INTO trades VALUES ({id}, {user}, '{symbol}', 'buy', {quantity:?}, {price:?}, \
             {profit:?}, {profit:?}, '{status}', '{time}');"
        )
        .unwrap();
    }
    for id in 1..=200 {
        let (user, symbol, time) = (draw.below(12), symbol(draw), time(draw));
        let status = draw.of(&["open", "filled", "cancelled"]);
        let price = quarter(draw);
        write!(
            text,
            "INSERT INTO orders VALUES ({id}, {user}, '{symbol}', 'sell', 'limit', '{status}', \
             {price:?}, 1.0, '{time}', '{time}');"
        )
        .unwrap();
        let score = quarter(draw) / 1024.0;
        write!(
            text,
            "INSERT INTO news_items VALUES ({id}, '{symbol}', 'h{id}', 'b', {score:?}, '{time}');"
        )
        .unwrap();
    }
    for user in 0..12 {
        for symbol in ["AAPL", "MSFT", "NVDA", "TSLA"] {
            if draw.one_in(2) {
                let quantity = quarter(draw);
                write!(
                    text,
                    "INSERT INTO positions VALUES ({user}, '{symbol}', {quantity:?}, 1.5, 'now');"
                )
                .unwrap();
            }
        }
        for at in 0..3 {
            let (id, active) = (user * 3 + at, draw.below(2));
            write!(text, "INSERT INTO portfolios VALUES ({id}, {user}, 'p{at}', {active}, 10.5);")
                .unwrap();
        }
    }
    text.push_str("COMMIT;");
    both.batch(&text);
}

const TRADE: &str = "trade_id, user_id, symbol, side, quantity, price, profit_loss, return_pct, \
                     status, timestamp";

/// The platform's queries, as they are.
#[test]
fn legacy_queries_are_answered_as_sqlite_does() {
    let both = Both::new();
    both.batch(LEGACY);
    let mut draw = Draw(1);
    fill_legacy(&both, &mut draw);
    let queries = [
        format!("SELECT {TRADE} FROM trades WHERE trade_id = ?1"),
        format!(
            "SELECT {TRADE} FROM trades WHERE user_id = ?1 AND status = 'closed' ORDER BY \
             timestamp DESC, trade_id DESC LIMIT 50"
        ),
        "SELECT user_id, symbol, quantity, avg_price, updated_at FROM positions WHERE user_id = \
             ?1 ORDER BY symbol"
            .to_owned(),
        "SELECT p.portfolio_id, p.name, p.cash, s.symbol, s.quantity, s.avg_price FROM \
             portfolios p JOIN positions s ON s.user_id = p.user_id WHERE p.user_id = ?1 AND \
             p.is_active = 1 ORDER BY p.portfolio_id, s.symbol"
            .to_owned(),
        "SELECT user_id, DATE(timestamp) AS day, SUM(profit_loss) AS daily_pnl, COUNT(trade_id) \
             AS trade_count, AVG(return_pct) AS avg_return FROM trades WHERE user_id = ?1 GROUP \
             BY user_id, DATE(timestamp) ORDER BY day"
            .to_owned(),
        "SELECT user_id, DATE(timestamp) AS day, SUM(profit_loss) AS daily_pnl, COUNT(trade_id) \
             AS trade_count, AVG(return_pct) AS avg_return FROM trades WHERE ?1 >= 0 GROUP BY \
             user_id, DATE(timestamp) ORDER BY user_id, day"
            .to_owned(),
    ];
    for query in &queries {
        for user in 0..13 {
            both.same(query, &[Value::Integer(user)], true);
        }
    }
    let by_symbol = [
        "SELECT order_id, user_id, symbol, side, type, status, price, quantity, created_at, \
             updated_at FROM orders WHERE symbol = ?1 AND status = 'open' ORDER BY created_at \
             DESC, order_id DESC LIMIT 100",
        "SELECT news_id, symbol, headline, body, sentiment_score, published_at FROM news_items \
             WHERE symbol = ?1 AND sentiment_score > 0.1 ORDER BY published_at DESC, news_id \
             DESC LIMIT 20",
        "SELECT symbol, DATE(published_at) AS day, AVG(sentiment_score) AS avg_sentiment, \
             COUNT(*) AS news_count FROM news_items WHERE symbol = ?1 GROUP BY symbol, \
             DATE(published_at) ORDER BY day",
    ];
    for query in by_symbol {
        for symbol in ["AAPL", "TSLA", "NONE"] {
            both.same(query, &[Value::Text(symbol.to_owned())], true);
        }
    }
    let (from, to) = ("2026-03-03".to_owned(), "2026-03-04".to_owned());
    let day = [Value::Text(from), Value::Text(to)];
    both.same(
        "SELECT symbol, SUM(quantity) AS volume FROM trades WHERE timestamp >= ?1 AND \
         timestamp < ?2 GROUP BY symbol ORDER BY volume DESC, symbol LIMIT 10",
        &day,
        true,
    );
    let in_day = format!(
        "SELECT {TRADE} FROM trades WHERE symbol = 'AAPL' AND timestamp >= ?1 AND timestamp < \
             ?2 ORDER BY timestamp, trade_id"
    );
    both.same(&in_day, &day, true);
}

/// The platform's transaction, with its upsert.
#[test]
fn trade_execution_leaves_what_sqlite_leaves() {
    let both = Both::new();
    both.batch(LEGACY);
    let mut draw = Draw(2);
    fill_legacy(&both, &mut draw);
    for id in 1000..1050 {
        let (user, symbol, order) = (draw.below(12), symbol(&mut draw), 1 + draw.below(200));
        let quantity = quarter(&mut draw);
        both.batch(&format!(
            "BEGIN;
             INSERT INTO trades ({TRADE}) VALUES ({id}, {user}, '{symbol}', 'buy', \
                  {quantity:?}, 2.5, 0.0, 0.0, 'open', '2026-03-05 10:00:00.000000');
             UPDATE orders SET status = 'filled', updated_at = 'then' WHERE order_id = {order};
             INSERT INTO positions (user_id, symbol, quantity, avg_price, updated_at) VALUES \
                  ({user}, '{symbol}', {quantity:?}, 2.5, 'then') ON CONFLICT (user_id, symbol) \
                  DO UPDATE SET quantity = quantity + excluded.quantity, avg_price = \
                  excluded.avg_price, updated_at = excluded.updated_at;
             UPDATE portfolios SET cash = cash - 2.5 WHERE portfolio_id = {user};
             COMMIT;"
        ));
    }
    for table in ["trades", "orders", "positions", "portfolios"] {
        both.same(&format!("SELECT * FROM {table}"), &[], false);
    }
}

const TABLES: &str = "
CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER, c TEXT, d REAL);
CREATE TABLE u (a INTEGER PRIMARY KEY, b INTEGER NOT NULL, c TEXT, d REAL);
CREATE TABLE v (b INTEGER, c TEXT);
CREATE INDEX t_b ON t(b, c);
CREATE INDEX t_c ON t(c DESC);
CREATE INDEX u_b ON u(b);
";

fn fill(both: &Both, draw: &mut Draw) {
    let mut text = String::from("BEGIN;");
    let value = |draw: &mut Draw, kind: char| {
        if draw.one_in(6) {
            return "NULL".to_owned();
        }
        match kind {
            'b' => draw.below(8).to_string(),
            'c' => format!("'{}'", draw.of(&["x", "y", "zz", "Xa", ""])),
            _ => format!("{:?}", quarter(draw)),
        }
    };
    for id in 0..40 {
        let (b, c, d) = (value(draw, 'b'), value(draw, 'c'), value(draw, 'd'));
        write!(text, "INSERT INTO t VALUES ({id}, {b}, {c}, {d});").unwrap();
        if id % 2 == 0 {
            let (b, c, d) = (draw.below(8), value(draw, 'c'), value(draw, 'd'));
            write!(text, "INSERT INTO u VALUES ({}, {b}, {c}, {d});", id / 2).unwrap();
            let (b, c) = (value(draw, 'b'), value(draw, 'c'));
            write!(text, "INSERT INTO v VALUES ({b}, {c});").unwrap();
        }
    }
    text.push_str("COMMIT;");
    both.batch(&text);
}

/// A query that is drawn.
struct Query<'d> {
    draw: &'d mut Draw,
    /// Tables in FROM: their alias, and whether they have columns a and d.
    tables: Vec<(String, bool)>,
    depth: u32,
}

impl Query<'_> {
    fn column(&mut self, kind: &str) -> String {
        let at = usize::try_from(self.draw.below(self.tables.len() as u64)).unwrap();
        let (alias, is_wide) = self.tables[at].clone();
        let name = match kind {
            "number" if is_wide => self.draw.of(&["a", "b", "b", "d"]),
            "number" => "b",
            "integer" if is_wide => self.draw.of(&["a", "b", "b"]),
            "integer" => "b",
            _ => "c",
        };
        format!("{alias}.{name}")
    }

    fn number(&mut self) -> String {
        match self.draw.below(9) {
            0 | 1 => self.draw.below(9).to_string(),
            2 => format!("({} + {})", self.column("integer"), self.draw.below(4)),
            3 => format!("coalesce({}, 3)", self.column("integer")),
            4 => {
                format!("(CASE WHEN {} THEN 1 ELSE {} END)", self.simple(), self.column("integer"))
            }
            _ => self.column("number"),
        }
    }

    fn text(&mut self) -> String {
        match self.draw.below(4) {
            0 => format!("'{}'", self.draw.of(&["x", "y", "zz"])),
            1 => format!("upper({})", self.column("text")),
            _ => self.column("text"),
        }
    }

    fn simple(&mut self) -> String {
        let op = self.draw.of(&["=", "<>", "<", "<=", ">", ">=", "IS", "IS NOT", "="]);
        if self.draw.one_in(4) {
            let (left, right) = (self.text(), self.text());
            return format!("{left} {op} {right}");
        }
        let (left, right) = (self.column("integer"), self.number());
        format!("{left} {op} {right}")
    }

    fn condition(&mut self) -> String {
        self.depth += 1;
        let deep = self.depth > 3;
        let condition = match self.draw.below(if deep { 6 } else { 14 }) {
            0 => format!("{} IS NULL", self.column("number")),
            1 => format!("{} IS NOT NULL", self.column("text")),
            2 => format!("{} IN (1, 3, 5)", self.column("integer")),
            3 => format!("{} BETWEEN {} AND 6", self.column("integer"), self.draw.below(5)),
            4 => format!("{} NOT IN (2, 4)", self.column("integer")),
            5 => self.simple(),
            6 | 7 => format!("({} AND {})", self.condition(), self.condition()),
            8 => format!("({} OR {})", self.condition(), self.condition()),
            9 => format!("NOT ({})", self.condition()),
            10 => format!(
                "{} {} (SELECT b FROM u WHERE {})",
                self.column("integer"),
                self.draw.of(&["IN", "NOT IN"]),
                self.inner("u", true)
            ),
            11 => format!(
                "{} {} (SELECT b FROM v WHERE {})",
                self.column("integer"),
                self.draw.of(&["IN", "NOT IN"]),
                self.inner("v", false)
            ),
            12 => format!(
                "{} (SELECT 1 FROM u AS x WHERE {})",
                self.draw.of(&["EXISTS", "NOT EXISTS"]),
                self.inner("x", true)
            ),
            _ => format!(
                "{} > (SELECT {}(y.b) FROM t AS y WHERE {})",
                self.column("integer"),
                self.draw.of(&["min", "max", "count", "sum"]),
                self.inner("y", true)
            ),
        };
        self.depth -= 1;
        condition
    }

    /// A condition of a subquery over a table, perhaps with columns of the query around.
    fn inner(&mut self, alias: &str, is_wide: bool) -> String {
        if self.draw.one_in(3) {
            return format!("{alias}.b < {}", self.draw.below(9));
        }
        let outer = self.column("integer");
        let own = if is_wide { self.draw.of(&["a", "b"]) } else { "b" };
        let op = self.draw.of(&["=", "=", "<", ">="]);
        let mut condition = format!("{alias}.{own} {op} {outer}");
        if self.draw.one_in(2) {
            write!(condition, " AND {alias}.c IS NOT NULL").unwrap();
        }
        condition
    }

    fn from(&mut self) -> String {
        let count = 1 + self.draw.below(3);
        let mut text = String::new();
        for at in 0..count {
            let table = self.draw.of(&["t", "u", "t", "v"]);
            let alias = format!("q{at}");
            self.tables.push((alias.clone(), table != "v"));
            if at == 0 {
                write!(text, "{table} AS {alias}").unwrap();
                continue;
            }
            let join = self.draw.of(&["JOIN", "JOIN", "LEFT JOIN"]);
            let before = self.tables[usize::try_from(self.draw.below(at)).unwrap()].0.clone();
            write!(text, " {join} {table} AS {alias} ON {alias}.b = {before}.b").unwrap();
            if self.draw.one_in(3) {
                let extra = self.simple();
                write!(text, " AND {extra}").unwrap();
            }
        }
        text
    }

    fn draw(draw: &mut Draw) -> (String, bool) {
        let mut query = Query { draw, tables: Vec::new(), depth: 0 };
        let from = query.from();
        let mut text = String::new();
        let condition = if query.draw.one_in(5) { "1".to_owned() } else { query.condition() };
        if query.draw.one_in(3) {
            let key = query.column("integer");
            let argument = query.column("number");
            let function = query.draw.of(&["sum", "count", "min", "max", "avg", "total"]);
            let distinct = query.draw.of(&["", "", "DISTINCT "]);
            write!(
                text,
                "SELECT {key} AS k, {function}({distinct}{argument}), count(*) FROM {from} WHERE \
                 {condition} GROUP BY {key}"
            )
            .unwrap();
            if query.draw.one_in(3) {
                text.push_str(" HAVING count(*) > 1");
            }
            text.push_str(" ORDER BY k");
            return (text, true);
        }
        let distinct = query.draw.of(&["", "", "DISTINCT "]);
        let (first, second, third) = (query.number(), query.text(), query.column("number"));
        write!(text, "SELECT {distinct}{first}, {second}, {third} FROM {from} WHERE {condition}")
            .unwrap();
        if query.draw.one_in(5) {
            let op = query.draw.of(&["UNION", "UNION ALL", "INTERSECT", "EXCEPT"]);
            write!(text, " {op} SELECT b, c, b FROM v").unwrap();
        }
        if query.draw.one_in(2) {
            let direction = query.draw.of(&["", " DESC"]);
            write!(text, " ORDER BY 1{direction}, 2, 3").unwrap();
            if query.draw.one_in(2) {
                let (limit, offset) = (query.draw.below(12), query.draw.below(3));
                write!(text, " LIMIT {limit} OFFSET {offset}").unwrap();
            }
            return (text, true);
        }
        (text, false)
    }
}

/// Queries of all shapes, with NULLs everywhere.
#[test]
fn drawn_queries_are_answered_as_sqlite_does() {
    let first: u64 = std::env::var("SQL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let mut differences = Vec::new();
    for store in 0..3_u64 {
        let both = Both::new();
        both.batch(TABLES);
        fill(&both, &mut Draw(first + store));
        for at in 0..400 {
            let seed = first + store + 1000 * at;
            let (text, is_ordered) = Query::draw(&mut Draw(seed.wrapping_mul(7919)));
            if let Some(difference) = both.difference(&text, &[], is_ordered) {
                differences.push(format!("seed {seed}: {difference}"));
            }
        }
    }
    let count = differences.len();
    differences.truncate(20);
    assert!(count == 0, "{count} queries differ, among them\n{}", differences.join("\n\n"));
}
