//! Materialized views of SQL: each is what its query is, after whatever changes and in the middle
//! of transactions; and a query that a view answers has the rows that it has without the view.

use bourse::expression::column;
use bourse::view::AggregateFunction as F;
use bourse::{Database, Options, Order, ViewDefinition};
use bourse_sql::connection::Connection;

use crate::expect::small_options;

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        u32::try_from(self.0 >> 33).unwrap() % limit
    }

    fn symbol(&mut self) -> &'static str {
        SYMBOLS[usize::try_from(self.below(5)).unwrap()]
    }
}

fn open(folder: &std::path::Path) -> Connection {
    let options = Options { background: false, shards: 4, ..small_options() };
    Connection::of(&Database::open(folder, options).unwrap())
}

/// The rows of a query, each as text, in the order in which they come.
fn ordered(connection: &Connection, query: &str) -> Vec<String> {
    let rows = connection.query(query, ()).unwrap_or_else(|error| panic!("{error:?}: {query}"));
    rows.map(|row| Ok(format!("{:?}", row.values()))).unwrap()
}

fn rows(connection: &Connection, query: &str) -> Vec<String> {
    let mut rows = ordered(connection, query);
    rows.sort();
    rows
}

/// The same, computed from the tables.
fn computed(connection: &Connection, query: &str) -> Vec<String> {
    connection.execute("SET use_aggregate_views = off", ()).unwrap();
    let rows = rows(connection, query);
    connection.execute("SET use_aggregate_views = 'all'", ()).unwrap();
    rows
}

fn plan(connection: &Connection, query: &str) -> String {
    ordered(connection, &format!("EXPLAIN {query}")).join("\n")
}

fn prepare(connection: &Connection) {
    connection
        .execute_batch(
            "CREATE TABLE accounts (id BIGINT PRIMARY KEY, owner TEXT, country TEXT);
             CREATE TABLE trades (id BIGINT PRIMARY KEY, account INTEGER, symbol TEXT NOT NULL,
                 side TEXT, quantity INTEGER, price NUMERIC(12, 2), rate DOUBLE PRECISION,
                 fee BIGINT, executed_at TIMESTAMP)",
        )
        .unwrap();
}

/// Names and queries. Rates are quarters, so that their sums are exact in any order.
const VIEWS: [(&str, &str); 9] = [
    (
        "by_symbol",
        "SELECT symbol, count(*) AS trades, count(quantity) AS counted, sum(quantity) AS volume, \
         avg(quantity) AS mean, min(price) AS low, max(price) AS high, sum(fee) AS fees, \
         avg(price) AS mean_price, sum(rate) AS rates, avg(fee) AS mean_fee FROM trades \
         GROUP BY symbol",
    ),
    (
        "minutes",
        "SELECT symbol, date_trunc('minute', executed_at) AS minute, sum(price * quantity) AS \
         turnover, max(id) AS last FROM trades WHERE quantity > 0 AND price IS NOT NULL \
         GROUP BY symbol, date_trunc('minute', executed_at) HAVING count(*) > 1",
    ),
    (
        "days",
        "SELECT executed_at::date AS day, count(*) FILTER (WHERE side = 'buy') AS bought, \
         count(DISTINCT symbol) AS symbols, sum(DISTINCT quantity) AS sums, \
         avg(DISTINCT quantity) AS means FROM trades GROUP BY executed_at::date",
    ),
    (
        "halves",
        "SELECT side, percentile_cont(0.5) WITHIN GROUP (ORDER BY quantity) AS middle, \
         percentile_disc(0.25) WITHIN GROUP (ORDER BY price) AS quarter FROM trades GROUP BY side",
    ),
    ("whole", "SELECT count(*), sum(quantity) + 1, max(executed_at) FROM trades"),
    ("none", "SELECT count(*), sum(fee) FROM trades WHERE symbol = 'NONE'"),
    (
        "owners",
        "SELECT t.account, a.owner, count(*) AS trades, sum(t.quantity) AS volume FROM trades t \
         JOIN accounts a ON a.id = t.account GROUP BY t.account, a.owner",
    ),
    (
        "countries",
        "SELECT t.account, t.symbol, a.country, max(t.price) FROM trades t LEFT JOIN accounts a \
         ON a.id = t.account GROUP BY t.account, t.symbol, a.country",
    ),
    (
        "best",
        "SELECT symbol, sum(quantity) AS volume FROM trades GROUP BY symbol \
         ORDER BY volume DESC NULLS LAST, symbol LIMIT 3",
    ),
];

const SYMBOLS: [&str; 5] = ["ACME", "BETA", "GAMA", "DELT", "EPSI"];

fn value(random: &mut Random, text: String) -> String {
    if random.below(6) == 0 { "NULL".to_owned() } else { text }
}

/// A statement that changes rows.
fn change(random: &mut Random) -> String {
    let id = random.below(60);
    let (symbol, account) = (random.symbol(), random.below(5));
    let quantity = random.below(40).to_string();
    let quantity = value(random, quantity);
    let cents = random.below(5000);
    let price = value(random, format!("{}.{:02}", cents / 100, cents % 100));
    let rate = f64::from(random.below(400)) / 4.0;
    let fee = u64::from(random.below(3)) * 4_000_000_000_000_000_000;
    let fee = value(random, fee.to_string());
    let at = value(random, format!("'2026-01-{:02} 10:0{}:30'", 1 + id % 3, id % 4));
    let side = value(random, (if id.is_multiple_of(2) { "'buy'" } else { "'sell'" }).to_owned());
    match random.below(8) {
        0..4 => format!(
            "INSERT INTO trades VALUES ({id}, {account}, '{symbol}', {side}, {quantity}, {price}, \
             {rate}, {fee}, {at}) ON CONFLICT (id) DO UPDATE SET symbol = EXCLUDED.symbol, \
             quantity = EXCLUDED.quantity, price = EXCLUDED.price, fee = EXCLUDED.fee"
        ),
        4 => format!("UPDATE trades SET price = {price}, side = {side} WHERE symbol = '{symbol}'"),
        5 => format!("DELETE FROM trades WHERE id BETWEEN {id} AND {}", id + 4),
        6 => format!(
            "UPDATE trades SET account = {account}, rate = {rate} WHERE id % 7 = {}",
            id % 7
        ),
        _ => format!(
            "INSERT INTO accounts VALUES ({account}, 'owner {id}', {side}) ON CONFLICT (id) DO \
             UPDATE SET owner = EXCLUDED.owner"
        ),
    }
}

fn compare(connection: &Connection, seed: u64) {
    for (name, query) in VIEWS {
        let shown = rows(connection, &format!("SELECT * FROM {name}"));
        assert_eq!(shown, computed(connection, query), "seed {seed}: {name}");
    }
}

#[test]
fn a_materialized_view_is_what_its_query_is() {
    for seed in 0..6 {
        let folder = tempfile::tempdir().unwrap();
        let connection = open(folder.path());
        let mut random = Random(seed);
        prepare(&connection);
        for _ in 0..30 {
            connection.execute(&change(&mut random), ()).unwrap();
        }
        for (name, query) in VIEWS {
            let create =
                format!("CREATE MATERIALIZED VIEW {name} WITH (incremental = on) AS {query}");
            connection.execute(&create, ()).unwrap_or_else(|error| panic!("{error:?}: {create}"));
        }
        for _ in 0..40 {
            let in_transaction = random.below(3) == 0;
            if in_transaction {
                connection.execute("BEGIN", ()).unwrap();
            }
            for _ in 0..=random.below(3) {
                connection.execute(&change(&mut random), ()).unwrap();
                compare(&connection, seed);
            }
            if in_transaction {
                let end = if random.below(2) == 0 { "COMMIT" } else { "ROLLBACK" };
                connection.execute(end, ()).unwrap();
                compare(&connection, seed);
            }
        }
        for (name, _) in VIEWS {
            connection.execute(&format!("CHECK VIEW {name}"), ()).unwrap();
        }
    }
}

/// Queries, and whether a view answers them, as EXPLAIN tells.
fn queries(random: &mut Random) -> Vec<(String, bool)> {
    let symbol = random.symbol();
    let least = random.below(30);
    vec![
        ("SELECT symbol, sum(quantity) FROM trades GROUP BY symbol".to_owned(), true),
        (
            format!("SELECT sum(quantity), avg(quantity) FROM trades WHERE symbol = '{symbol}'"),
            true,
        ),
        (format!("SELECT count(*), max(price) + 1 FROM trades WHERE symbol = '{symbol}x'"), true),
        (
            format!(
                "SELECT symbol, avg(price), count(*) FROM trades WHERE symbol > '{symbol}' \
                 GROUP BY symbol HAVING sum(quantity) > {least} ORDER BY 2 DESC, 1 LIMIT 2"
            ),
            true,
        ),
        (
            format!(
                "SELECT date_trunc('minute', executed_at), sum(price * quantity) FROM trades \
                 WHERE price IS NOT NULL AND symbol = '{symbol}' AND quantity > 0 \
                 GROUP BY date_trunc('minute', executed_at)"
            ),
            true,
        ),
        (
            "SELECT a.owner, s.volume FROM accounts a, (SELECT symbol, sum(quantity) AS volume \
             FROM trades GROUP BY symbol) s"
                .to_owned(),
            true,
        ),
        (
            "SELECT t.id, u.high FROM trades t, LATERAL (SELECT max(price) AS high FROM trades u \
             WHERE u.symbol = t.symbol) u"
                .to_owned(),
            true,
        ),
        // Of other rows, of other groups, of other aggregates, of a coarser group.
        (
            format!("SELECT symbol, sum(quantity) FROM trades WHERE id > {least} GROUP BY symbol"),
            false,
        ),
        ("SELECT account, sum(quantity) FROM trades GROUP BY account".to_owned(), false),
        ("SELECT symbol, min(fee) FROM trades GROUP BY symbol".to_owned(), false),
        (
            "SELECT date_trunc('minute', executed_at), max(id) FROM trades WHERE quantity > 0 AND \
             price IS NOT NULL GROUP BY 1"
                .to_owned(),
            false,
        ),
        (
            "SELECT symbol, date_trunc('minute', executed_at), max(id) FROM trades WHERE \
             price IS NOT NULL GROUP BY 1, 2"
                .to_owned(),
            false,
        ),
    ]
}

#[test]
fn a_view_that_answers_a_query_changes_no_row_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let connection = open(folder.path());
    let mut random = Random(11);
    prepare(&connection);
    for (name, query) in VIEWS {
        connection.execute(&format!("CREATE MATERIALIZED VIEW {name} AS {query}"), ()).unwrap();
    }
    connection.execute("SET use_aggregate_views = 'all'", ()).unwrap();
    for round in 0..40 {
        for _ in 0..4 {
            connection.execute(&change(&mut random), ()).unwrap();
        }
        for (query, is_answered) in queries(&mut random) {
            let told = plan(&connection, &query);
            assert_eq!(told.contains("View Scan"), is_answered, "{query}\n{told}");
            assert_eq!(rows(&connection, &query), computed(&connection, &query), "{round} {query}");
        }
    }
}

/// What a view must not do: answer with groups that HAVING hides, with rows that are gone from the
/// table, or with sums of doubles in another last digit unless that was asked for.
#[test]
fn a_view_answers_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let connection = open(folder.path());
    prepare(&connection);
    let store = connection.database().clone();
    let view = ViewDefinition::builder("shown", "trades")
        .group("symbol", column("symbol"))
        .aggregate("volume", F::Sum(column("quantity")))
        .aggregate("rates", F::Sum(column("rate")));
    let hiding = ViewDefinition::builder("hiding", "trades")
        .group("symbol", column("symbol"))
        .aggregate("low", F::Minimum(column("quantity")))
        .having(column("low").greater(5));
    store.create_view(&view).unwrap();
    store.create_view(&hiding).unwrap();
    let volumes = "SELECT symbol, sum(quantity) FROM trades GROUP BY symbol";
    let lows = "SELECT symbol, min(quantity) FROM trades GROUP BY symbol";
    let rates = "SELECT symbol, sum(rate) FROM trades GROUP BY symbol";
    let is_view = |query: &str| plan(&connection, query).contains("View Scan");
    assert!(is_view(volumes));
    assert!(!is_view(lows));
    assert!(!is_view(rates));
    connection.execute("SET use_aggregate_views = 'all'", ()).unwrap();
    assert!(is_view(rates) && !is_view(lows));
    connection.execute("SET use_aggregate_views = off", ()).unwrap();
    assert!(!is_view(volumes) && !is_view(rates));
    connection.execute("RESET use_aggregate_views", ()).unwrap();
    store.expire_before("trades", "id", bourse::Value::Integer(0)).unwrap();
    assert!(!is_view(volumes));
}

/// One group by its key, ranges of groups, their order, and an index of a view, from views that the
/// program has made.
#[test]
fn views_of_the_program_are_relations() {
    let folder = tempfile::tempdir().unwrap();
    let connection = open(folder.path());
    prepare(&connection);
    let store = connection.database().clone();
    let view = ViewDefinition::builder("candles", "trades")
        .group("symbol", column("symbol"))
        .group("account", column("account"))
        .aggregate("volume", F::Sum(column("quantity")))
        .owned()
        .index("by_volume", "volume", Order::Descending);
    store.create_view(&view).unwrap();
    for id in 0..50 {
        let (symbol, account) = (SYMBOLS[id % 5], id % 3);
        let insert = format!(
            "INSERT INTO trades (id, account, symbol, quantity) VALUES ({id}, {account}, \
             '{symbol}', {id})"
        );
        connection.execute(&insert, ()).unwrap();
    }
    let told = |query: &str| plan(&connection, query);
    let one = "SELECT volume FROM candles WHERE symbol = 'ACME' AND account = 1";
    assert!(told(one).contains("Group Cond: symbol = 'ACME' AND account = 1"), "{}", told(one));
    assert_eq!(ordered(&connection, one), ["[Integer(75)]"]);
    let range = "SELECT account, volume FROM candles WHERE symbol = 'ACME' AND account > 0 \
                 ORDER BY account";
    let plan = told(range);
    assert!(plan.contains("account > 0") && !plan.contains("Sort"), "{plan}");
    assert_eq!(ordered(&connection, range).len(), 2);
    let first =
        "SELECT symbol, account, volume FROM candles ORDER BY volume DESC NULLS LAST LIMIT 3";
    assert!(told(first).contains("by volume on candles"), "{}", told(first));
    let best = ordered(&connection, first);
    assert_eq!(best.len(), 3);
    connection.execute("BEGIN", ()).unwrap();
    connection.execute("UPDATE trades SET quantity = 1000 WHERE id = 7", ()).unwrap();
    let own = "SELECT max(volume) FROM candles";
    assert!(ordered(&connection, own)[0].contains("10"), "{:?}", ordered(&connection, own));
    assert_ne!(ordered(&connection, first), best);
    connection.execute("ROLLBACK", ()).unwrap();
    assert_eq!(ordered(&connection, first), best);
    let joined = "SELECT t.id, c.volume FROM trades t JOIN candles c ON c.symbol = t.symbol AND \
                  c.account = t.account WHERE t.id = 7";
    assert_eq!(ordered(&connection, joined), ["[Integer(7), Integer(66)]"]);
    let error = connection.execute("DELETE FROM candles", ()).unwrap_err();
    assert_eq!(error.message(), "cannot change materialized view \"candles\"");
    let sqlite = Connection::of(&store).with_dialect(bourse_sql::Dialect::Sqlite);
    assert_eq!(ordered(&sqlite, one), ["[Integer(75)]"]);
    connection.execute("DROP MATERIALIZED VIEW candles", ()).unwrap();
    assert_eq!(connection.query(one, ()).unwrap_err().sqlstate(), "42P01");
}

/// Definitions outlive the session, a crash between them too, and follow their table.
#[test]
fn materialized_views_are_kept_and_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let connection = open(folder.path());
    prepare(&connection);
    for (name, query) in VIEWS {
        connection.execute(&format!("CREATE MATERIALIZED VIEW {name} AS {query}"), ()).unwrap();
    }
    connection
        .execute("CREATE MATERIALIZED VIEW raw AS SELECT id, symbol FROM trades", ())
        .unwrap();
    connection.execute("ALTER MATERIALIZED VIEW days RENAME TO dates", ()).unwrap();
    connection.execute("INSERT INTO trades (id, symbol) VALUES (1, 'ACME')", ()).unwrap();
    drop(connection);
    let connection = open(folder.path());
    let count = |name: &str| ordered(&connection, &format!("SELECT count(*) FROM {name}")).join("");
    assert_eq!(count("by_symbol"), "[Integer(1)]");
    assert_eq!(count("dates"), "[Integer(1)]");
    assert_eq!(count("raw"), "[Integer(0)]");
    connection.execute("REFRESH MATERIALIZED VIEW raw", ()).unwrap();
    assert_eq!(count("raw"), "[Integer(1)]");
    let state = |text: &str| connection.execute(text, ()).unwrap_err().sqlstate().to_owned();
    assert_eq!(state("ALTER TABLE trades DROP COLUMN quantity"), "2BP01");
    assert_eq!(state("ALTER TABLE trades RENAME TO deals"), "2BP01");
    assert_eq!(state("DROP TABLE accounts"), "2BP01");
    assert_eq!(state("DROP TABLE trades"), "2BP01");
    connection.execute("BEGIN", ()).unwrap();
    assert_eq!(state("DROP MATERIALIZED VIEW by_symbol"), "25001");
    connection.execute("ROLLBACK", ()).unwrap();
    connection.execute("DROP TABLE trades CASCADE", ()).unwrap();
    assert_eq!(state("SELECT * FROM by_symbol"), "42P01");
    assert!(connection.database().views().is_empty());
    let options = "CREATE MATERIALIZED VIEW v WITH (incremental = on) AS SELECT * FROM accounts";
    assert_eq!(state(options), "0A000");
}
