use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bourse_storage::{Error, ErrorKind, Result};
use indicatif::ProgressBar;
use rusqlite::Connection;

use super::engine::{Engine, Trade, TradeClient, TradeIds, TradeStore};
use super::facts::Facts;
use super::folder::{Folder, Source};
use super::grouped::GroupedTradeStore;
use super::live::{LiveReport, LiveView};
use super::parameters::{Parameter, ParameterSet, parameter_sets};
use super::queries::{QUERIES, Query};
use super::report::Report;
use super::rows::{Comparison, Decoded, Rows, compare};
use super::sqlite::{Setup, SqliteEngine, SqliteTradeStore};
use super::timing::{Contender, measure, quantile};
use super::trade::{TradeSource, execute_trades};
use super::{Effort, measure_all};
use crate::legacy::schema::LARGE_TABLES;

const SCALE: f64 = 0.002;

fn made(path: &Path) -> Folder {
    let source = Source::Made { seed: 1, scale: SCALE };
    Folder::prepare(path, &source, &ProgressBar::hidden()).unwrap()
}

fn rows(columns: usize, values: &[Decoded<'_>]) -> Rows {
    let mut rows = Rows::default();
    rows.begin(columns);
    values.iter().for_each(|value| rows.push(*value));
    rows
}

fn compared(
    query: Query,
    left: &[Decoded<'_>],
    right: &[Decoded<'_>],
    columns: usize,
) -> Comparison {
    let (left, right) = (rows(columns, left), rows(columns, right));
    compare(query, &left, &right, |_| Ok::<u64, Error>(2)).unwrap()
}

/// Every column answers each query the same, and half of the sets have rows.
fn the_queries_agree(report: &Report) {
    for outcome in &report.queries {
        let name = outcome.query.name();
        assert_eq!(outcome.difference, None, "{name}");
        assert!(2 * outcome.sets_with_rows >= outcome.sets, "{name}: {}", outcome.sets_with_rows);
        let whole = outcome.query == Query::PortfolioPerformance;
        assert!(whole || outcome.sets_with_rows < outcome.sets, "{name} never missed");
        assert!(outcome.rows_compared > 0, "{name}");
        let sets = if whole { 5 } else { 200 };
        let (scanned, others) = outcome.measured.split_first().unwrap();
        assert!((1..=sets).contains(&scanned.sets), "{name}: {}", scanned.sets);
        let names: Vec<_> = others.iter().map(|other| other.name).collect();
        match outcome.query.has_view() {
            true => assert_eq!(names[2..6], ["stored", "bourse", "bourse_best", "bourse_view"]),
            false => assert_eq!(names[2..4], ["bourse", "bourse_best"]),
        }
        assert_eq!(names[..2], ["tuned", "best"]);
        let sums = !outcome.query.rounded_columns().is_empty();
        assert_eq!(names.contains(&"bourse_sql_postgres"), !sums, "{name}");
        assert!(names.ends_with(&["bourse_sql_sqlite"]), "{name}");
        for other in others {
            assert_eq!(other.sets, sets);
            assert!(other.p50_us > 0.0 && other.p50_us <= other.p95_us && other.cpu_us > 0.0);
        }
    }
}

/// With page caches of a tenth of the data every answer is the same, and nothing else is measured.
#[test]
fn small_caches_answer_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // So much that a tenth of it is more than the least that a store can work with.
    let source = Source::Made { seed: 1, scale: 0.02 };
    let prepared = Folder::prepare(&data, &source, &ProgressBar::hidden()).unwrap();
    let effort = Effort {
        only: "",
        sets: 200,
        found_budget: Duration::from_millis(20),
        trade_time: Duration::ZERO,
        trade_threads: &[],
        live_time: Duration::ZERO,
        cache_percent: Some(10),
    };
    let report = measure_all(&prepared, 1, None, &effort, &ProgressBar::hidden()).unwrap();
    the_queries_agree(&report);
    assert!(report.transactions.is_empty() && report.live.is_none());
    let tuned = std::fs::metadata(prepared.database(Setup::Tuned)).unwrap().len();
    assert_eq!(report.cache_bytes, Some(tuned / 100 * 10));
    assert!(report.table().contains("page cache of"), "{}", report.table());
}

/// The whole demo at a small scale: every column answers the same, half of the sets have rows, the
/// report has the fields that programs read, and a second run finds the databases as they were.
#[test]
fn the_columns_of_sqlite_agree() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let prepared = made(&data);
    let effort = Effort {
        only: "",
        sets: 200,
        found_budget: Duration::from_millis(20),
        trade_time: Duration::from_millis(30),
        trade_threads: &[1, 3],
        live_time: Duration::from_millis(400),
        cache_percent: None,
    };
    let found = std::fs::read(prepared.database(Setup::Found)).unwrap();
    let report = measure_all(&prepared, 1, Some(SCALE), &effort, &ProgressBar::hidden()).unwrap();
    the_queries_agree(&report);
    let json = report.json();
    assert_eq!(json["scale"], SCALE);
    assert_eq!(json["queries"].as_array().unwrap().len(), QUERIES.len());
    for field in [
        "name",
        "same",
        "rows_compared",
        "found_p50_us",
        "tuned_p95_us",
        "best_cpu_us",
        "bourse_p50_us",
        "bourse_best_p95_us",
        "bourse_sql_postgres_p50_us",
        "bourse_sql_sqlite_p95_us",
    ] {
        assert!(!json["queries"][0][field].is_null(), "{field}");
    }
    assert_eq!(json["transactions"].as_array().unwrap().len(), 6);
    for field in [
        "name",
        "threads",
        "ids",
        "found_per_s",
        "tuned_per_s",
        "tuned_grouped_per_s",
        "bourse_per_s",
        "bourse_p50_us",
        "bourse_p99_us",
        "bourse_max_us",
    ] {
        assert!(!json["transactions"][3][field].is_null(), "{field}");
    }
    for query in 7..11 {
        for field in ["bourse_view_p50_us", "bourse_view_p95_us", "stored_p50_us"] {
            assert!(json["queries"][query][field].as_f64().unwrap() > 0.0, "{query} {field}");
        }
    }
    views_changed_and_are_right(&report);
    let submitted = &json["transactions"][5];
    assert!(submitted["clients"].as_u64() > submitted["threads"].as_u64(), "{submitted}");
    assert!(submitted["bourse_per_s"].as_f64().unwrap() > 0.0, "{submitted}");
    assert!(submitted["found_per_s"].is_null(), "{submitted}");
    // Trades ran on copies, which are gone; the databases are as they were and used again.
    made(&data);
    assert_eq!(std::fs::read(prepared.database(Setup::Found)).unwrap(), found);
    let mut files: Vec<_> =
        std::fs::read_dir(&data).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(
        files,
        ["best.sqlite", "bourse", "bourse_best", "demo.json", "found.sqlite", "tuned.sqlite"]
    );
}

/// Frames tell of trades that stream in, and recomputing the views finds what they show.
fn views_changed_and_are_right(report: &Report) {
    let live = report.live.as_ref().unwrap();
    assert!(live.is_sound() && report.same());
    let names: Vec<_> = live.views.iter().map(|view| view.name.as_str()).collect();
    assert_eq!(
        names,
        ["mv_portfolio_performance", "mv_news_sentiment", "candles", "top_movers", "user_exposure"]
    );
    assert!(live.views.iter().all(|view| view.states > 0));
    assert!(live.trades > 0);
    let (first, last) = (live.frames.first().unwrap(), live.frames.last().unwrap());
    assert!(first.volume < last.volume, "{first:?} {last:?}");
    assert!(last.exposure > 0.0 && last.candle.len() == 6, "{last:?}");
    assert_eq!(last.most_traded.len(), 3);
    let largest = |list: &[(String, f64)]| list.is_sorted_by(|a, b| a.1.abs() >= b.1.abs());
    assert!(largest(&last.most_traded) && largest(&last.moved_most), "{last:?}");
}

/// A view that is not what its rows make it is told, and ends the demo with exit code 3.
#[test]
fn a_wrong_view_is_told() {
    let view = LiveView {
        name: "candles".to_owned(),
        made: Duration::ZERO,
        longest_hold: Duration::ZERO,
        states: 1,
        findings: vec!["a state differs".to_owned()],
    };
    let live = LiveReport {
        views: vec![view],
        user: 7,
        symbol: "AAA".to_owned(),
        frames: Vec::new(),
        trades: 0,
        wait_while_made: Duration::ZERO,
        wait_afterwards: Duration::ZERO,
    };
    let (queries, transactions) = (Vec::new(), Vec::new());
    let report =
        Report { scale: None, seed: 1, cache_bytes: None, queries, transactions, live: Some(live) };
    assert!(!report.same());
    assert!(report.table().contains("candles DIFFERS: a state differs"), "{}", report.table());
    assert_eq!(report.json()["views"]["views"][0]["same"], false);
}

/// Triggers keep the stored tables right, so that SQLite's columns are compared with what an
/// application would have there.
#[test]
fn triggers_keep_the_stored_tables() {
    let folder = tempfile::tempdir().unwrap();
    let prepared = made(&folder.path().join("data"));
    let connection = Setup::Best.open(&prepared.database(Setup::Best)).unwrap();
    let compare = || {
        for (stored, computed) in [
            (
                "SELECT user_id, day, row_count, ROUND(profit, 6) \
                 FROM stored_portfolio_performance",
                "SELECT user_id, DATE(timestamp), COUNT(*), ROUND(SUM(profit_loss), 6) FROM trades \
                 GROUP BY 1, 2",
            ),
            (
                "SELECT symbol, day, row_count, ROUND(sentiment, 6) FROM stored_news_sentiment",
                "SELECT symbol, DATE(published_at), COUNT(*), ROUND(SUM(sentiment_score), 6) \
                 FROM news_items GROUP BY 1, 2",
            ),
            (
                "SELECT day, symbol, row_count, ROUND(volume, 6) FROM stored_symbol_volume",
                "SELECT DATE(timestamp), symbol, COUNT(*), ROUND(SUM(quantity), 6) FROM trades \
                 GROUP BY 1, 2",
            ),
        ] {
            for (one, other) in [(stored, computed), (computed, stored)] {
                let sql = format!("SELECT COUNT(*) FROM ({one} EXCEPT {other})");
                let count: i64 = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
                assert_eq!(count, 0, "{sql}");
            }
        }
    };
    compare();
    let changes = "INSERT INTO trades SELECT trade_id + 1000000, user_id, symbol, side, 7, price, \
                   11, 0.5, status, timestamp FROM trades WHERE trade_id % 3 = 0;
                   UPDATE trades SET profit_loss = profit_loss + 1, user_id = user_id % 5 \
                   WHERE trade_id % 7 = 0;
                   DELETE FROM trades WHERE trade_id % 5 = 0;
                   DELETE FROM news_items WHERE news_id % 2 = 0;
                   UPDATE news_items SET published_at = '2024-02-29' WHERE news_id % 9 = 0;";
    connection.execute_batch(changes).unwrap();
    compare();
}

#[test]
fn parameters_are_the_same_for_every_column() {
    let folder = tempfile::tempdir().unwrap();
    let prepared = made(&folder.path().join("data"));
    let read = |setup: Setup| {
        let connection = setup.open(&prepared.database(setup)).unwrap();
        Facts::read(&connection, 1).unwrap()
    };
    let (found, best) = (read(Setup::Found), read(Setup::Best));
    for query in QUERIES {
        let sets = parameter_sets(query, &found, 1, 300);
        assert_eq!(sets, parameter_sets(query, &best, 1, 300), "{}", query.name());
        assert_eq!(sets[..10], parameter_sets(query, &found, 1, 10), "a prefix is a prefix");
        let others = parameter_sets(query, &found, 2, 300);
        assert_ne!(sets[0].is_empty(), sets != others, "{}", query.name());
    }
    let mut users: Vec<i64> = parameter_sets(Query::UserDailyProfit, &found, 1, 1_000)
        .iter()
        .map(|set| match set[..] {
            [Parameter::Integer(user)] => user,
            ref other => panic!("{other:?}"),
        })
        .collect();
    users.sort_unstable();
    users.dedup();
    assert!((20..900).contains(&users.len()), "hot users repeat, cold ones come too");
}

#[test]
fn a_folder_of_something_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("thesis.txt"), "years of work").unwrap();
    let source = Source::Made { seed: 1, scale: SCALE };
    let error = Folder::prepare(folder.path(), &source, &ProgressBar::hidden()).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("holds something else"), "{error}");
    assert!(folder.path().join("thesis.txt").exists());
}

#[test]
fn missing_legacy_tables_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.sqlite");
    let sql = "CREATE TABLE Users (a); CREATE TABLE trades (a); CREATE TABLE other (a);";
    Connection::open(&file).unwrap().execute_batch(sql).unwrap();
    let data = folder.path().join("data");
    let error = Folder::prepare(&data, &Source::File(&file), &ProgressBar::hidden()).err().unwrap();
    let message = error.to_string();
    assert!(message.ends_with("orders, positions, portfolios, news_items"), "{message}");
}

/// A legacy file inside the demo's folder would be deleted before it is copied.
#[test]
fn a_legacy_file_in_the_folder_itself_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let prepared = made(folder.path());
    let file = prepared.database(Setup::Found);
    let source = Source::File(&file);
    let error = Folder::prepare(folder.path(), &source, &ProgressBar::hidden()).err().unwrap();
    assert!(error.to_string().contains("would be replaced"), "{error}");
    assert!(file.exists());
}

/// The platform's own file is copied whole, with the tables that the demo does not know.
#[test]
fn a_legacy_file_is_copied_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let original = made(&folder.path().join("made")).database(Setup::Tuned);
    let before = std::fs::read(&original).unwrap();
    let data = folder.path().join("data");
    let copied = Folder::prepare(&data, &Source::File(&original), &ProgressBar::hidden()).unwrap();
    let connection = Setup::Best.open(&copied.database(Setup::Best)).unwrap();
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT COUNT(*) FROM news_items"), 500);
    assert_eq!(count("SELECT COUNT(*) FROM watchlists"), 400);
    assert_eq!(
        count("SELECT COUNT(*) FROM sqlite_master WHERE name LIKE 'best\\_%' ESCAPE '\\'"),
        5
    );
    assert_eq!(std::fs::read(&original).unwrap(), before);
}

#[test]
fn floats_are_compared_by_bits() {
    let query = Query::TradeById;
    let real = |number| [Decoded::Integer(1), Decoded::Real(number)];
    assert_eq!(compared(query, &real(0.1), &real(0.1), 2), Comparison::Same { rounded: 0 });
    for (one, other) in [(0.1, 0.1_f64.next_up()), (0.0, -0.0)] {
        let comparison = compared(query, &real(one), &real(other), 2);
        assert!(matches!(comparison, Comparison::Different(_)), "{one} and {other}");
    }
    let quiet = f64::from_bits(0x7ff8_0000_0000_0000);
    assert_eq!(compared(query, &real(quiet), &real(quiet), 2), Comparison::Same { rounded: 0 });
}

/// One unit in the last place for each row summed is rounding, one more is a wrong answer.
#[test]
fn sums_may_be_rounded_by_a_unit_for_each_row() {
    let row = |sum: f64, count: i64| {
        [Decoded::Text(b"A"), Decoded::Text(b"day"), Decoded::Real(sum), Decoded::Integer(count)]
    };
    let query = Query::SymbolDailySentiment;
    let (near, far) = (0.3_f64.next_up().next_up(), 0.3_f64.next_up().next_up().next_up());
    let same = Comparison::Same { rounded: 1 };
    assert_eq!(compared(query, &row(0.3, 2), &row(near, 2), 4), same);
    let different = |comparison| matches!(comparison, Comparison::Different(_));
    assert!(different(compared(query, &row(0.3, 2), &row(far, 2), 4)));
    assert!(different(compared(query, &row(0.3, 2), &row(0.3, 3), 4)), "counts are exact");
    let volume = |sum| [Decoded::Text(b"A"), Decoded::Real(sum)];
    let query = Query::TopSymbolsByVolume;
    assert_eq!(compared(query, &volume(0.3), &volume(near), 2), same, "two rows, as was told");
    assert!(different(compared(query, &volume(0.3), &volume(far), 2)));
    assert!(different(compared(query, &volume(f64::MAX), &volume(f64::INFINITY), 2)));
    assert_eq!(compared(query, &volume(0.0), &volume(-5e-324), 2), same, "across zero");
}

#[test]
fn order_types_and_numbers_of_rows_count() {
    let query = Query::UserPositions;
    let (one, two) = (Decoded::Integer(1), Decoded::Integer(2));
    let different = |comparison| matches!(comparison, Comparison::Different(_));
    assert!(different(compared(query, &[one, two], &[two, one], 1)));
    assert!(different(compared(query, &[one], &[one, one], 1)));
    assert!(different(compared(query, &[one], &[Decoded::Real(1.0)], 1)));
    assert!(different(compared(query, &[Decoded::Text(b"a")], &[Decoded::Blob(b"a")], 1)));
    assert!(different(compared(query, &[Decoded::Null], &[one], 1)));
}

/// An engine that now and then returns a wrong value.
struct Wrong<'c> {
    right: SqliteEngine<'c>,
    runs: u64,
}

impl Engine for Wrong<'_> {
    fn name(&self) -> &'static str {
        "wrong"
    }

    fn run(&mut self, query: Query, parameters: &[Parameter], rows: &mut Rows) -> Result<()> {
        self.runs += 1;
        self.right.run(query, parameters, rows)?;
        if self.runs == 60 {
            rows.push(Decoded::Null);
            rows.push(Decoded::Null);
        }
        Ok(())
    }
}

/// The comparison looks at every set, in blocks of any place: one wrong answer in a hundred shows.
#[test]
fn a_single_wrong_answer_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let prepared = made(&folder.path().join("data"));
    let connection = Setup::Tuned.open(&prepared.database(Setup::Tuned)).unwrap();
    let facts = Facts::read(&connection, 1).unwrap();
    let sets: Vec<ParameterSet> = parameter_sets(Query::TopSymbolsByVolume, &facts, 1, 100);
    let engine = || SqliteEngine::new(Setup::Tuned, &connection).unwrap();
    let mut contenders = [
        &mut Contender { engine: Box::new(engine()), budget: None },
        &mut Contender { engine: Box::new(Wrong { right: engine(), runs: 0 }), budget: None },
    ];
    let outcome =
        measure(Query::TopSymbolsByVolume, &sets, &mut contenders, &mut |_, _, _| Ok(0)).unwrap();
    let difference = outcome.difference.unwrap();
    assert!(difference.starts_with("wrong, [Text("), "{difference}");
}

#[test]
fn quantiles_are_of_the_sorted_list() {
    let times: Vec<Duration> = (1..=200).map(Duration::from_micros).collect();
    assert_eq!(quantile(&times, 50, 100), Duration::from_micros(100));
    assert_eq!(quantile(&times, 95, 100), Duration::from_micros(190));
    assert_eq!(quantile(&times, 99, 100), Duration::from_micros(198));
    assert_eq!(quantile(&times[..1], 99, 100), Duration::from_micros(1));
    assert_eq!(quantile(&[], 50, 100), Duration::ZERO);
}

/// Every execution that a client saw succeed is in the database, by several threads, with both
/// kinds of ids.
#[test]
fn executed_trades_are_in_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let prepared = made(&folder.path().join("data"));
    let path = prepared.scratch(Setup::Tuned).unwrap();
    let connection = Setup::Tuned.open(&path).unwrap();
    let facts = Facts::read(&connection, 1).unwrap();
    let store =
        Counting { store: SqliteTradeStore::new(Setup::Tuned, &path), executed: AtomicU64::new(0) };
    let trades =
        || connection.query_row("SELECT COUNT(*) FROM trades", [], |row| row.get::<_, i64>(0));
    let before = trades().unwrap();
    for (run, ids) in [TradeIds::Generated, TradeIds::Imported].into_iter().enumerate() {
        let source = TradeSource::new(&facts, 1, ids, run as u64);
        let time = Duration::from_millis(50);
        let outcome = execute_trades(&store, &source, 4, time).unwrap();
        assert!(outcome.per_second > 0.0);
        assert!(outcome.p50 <= outcome.p99 && outcome.p99 <= outcome.max);
    }
    let executed = store.executed.load(Ordering::Relaxed);
    assert!(executed > 0);
    assert_eq!(trades().unwrap().abs_diff(before), executed);
}

/// One thread that writes for all commits every trade that it acknowledges; a trade that fails
/// takes nothing else with it.
#[test]
fn grouped_trades_are_in_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let prepared = made(&folder.path().join("data"));
    let path = prepared.scratch(Setup::Tuned).unwrap();
    let connection = Setup::Tuned.open(&path).unwrap();
    let facts = Facts::read(&connection, 1).unwrap();
    let grouped = GroupedTradeStore::new(&path).unwrap();
    let source = TradeSource::new(&facts, 1, TradeIds::Imported, 0);
    let outcome = execute_trades(&grouped, &source, 4, Duration::from_millis(50)).unwrap();
    let sql = "SELECT COUNT(*), MIN(trade_id) FROM trades WHERE trade_id > ?1";
    let (executed, first) = connection
        .query_row(sql, [facts.last_trade_id], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))
        .unwrap();
    assert!(executed as f64 >= outcome.per_second * 0.05, "{executed}, {outcome:?}");
    let taken = Trade { trade_id: Some(first), ..some_trade() };
    let untaken = Trade { trade_id: Some(1 << 60), ..some_trade() };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut client = grouped.client().unwrap();
                for _ in 0..20 {
                    assert!(client.execute(&taken).is_err());
                }
            });
        }
        grouped.client().unwrap().execute(&untaken).unwrap();
    });
    let count = "SELECT COUNT(*) FROM trades WHERE trade_id = 1 << 60";
    assert_eq!(connection.query_row(count, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
}

fn some_trade() -> Trade {
    Trade {
        trade_id: None,
        user_id: 7,
        symbol: "AAA".to_owned(),
        side: "sell",
        quantity: -2.0,
        price: 10.0,
        timestamp: "2026-01-01 00:00:00.000000".to_owned(),
        order_id: 5,
        portfolio_id: 6,
    }
}

/// A store that counts the trades that its clients executed.
struct Counting {
    store: SqliteTradeStore,
    executed: AtomicU64,
}

struct CountingClient<'c> {
    client: Box<dyn TradeClient + 'c>,
    executed: &'c AtomicU64,
}

impl TradeStore for Counting {
    fn client(&self) -> Result<Box<dyn TradeClient + '_>> {
        let client = self.store.client()?;
        Ok(Box::new(CountingClient { client, executed: &self.executed }))
    }
}

impl TradeClient for CountingClient<'_> {
    fn execute(&mut self, trade: &Trade) -> Result<()> {
        self.client.execute(trade)?;
        self.executed.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// One execution changes the four tables as legacy.sql says, all or nothing.
#[test]
fn a_trade_changes_four_tables() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trades.sqlite");
    let connection = Connection::open(&path).unwrap();
    for table in LARGE_TABLES {
        connection.execute_batch(table.definition()).unwrap();
    }
    let rows = "INSERT INTO orders VALUES (5, 7, 'AAA', 'buy', 'limit', 'open', 1, 1, 't', 't');
                INSERT INTO portfolios VALUES (6, 7, 'p', 1, 100.0);";
    connection.execute_batch(rows).unwrap();
    let store = SqliteTradeStore::new(Setup::Found, &path);
    let mut client = store.client().unwrap();
    let trade = Trade { trade_id: Some(40), ..some_trade() };
    client.execute(&trade).unwrap();
    client.execute(&Trade { trade_id: None, quantity: 5.0, price: 11.0, ..trade.clone() }).unwrap();
    let repeated = client.execute(&trade);
    assert!(repeated.is_err(), "the key is taken");
    let shown: String = connection
        .query_row(
            "SELECT (SELECT GROUP_CONCAT(trade_id || ':' || quantity, ' ') FROM trades) || ', '
                || (SELECT status || ' ' || updated_at FROM orders) || ', '
                || (SELECT quantity || ' at ' || avg_price FROM positions) || ', '
                || (SELECT cash FROM portfolios)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(shown, "40:2.0 41:5.0, filled 2026-01-01 00:00:00.000000, 3.0 at 11.0, 65.0");
}
