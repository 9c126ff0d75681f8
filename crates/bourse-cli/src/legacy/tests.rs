use std::collections::{HashMap, HashSet};

use indicatif::ProgressBar;
use rusqlite::Connection;

use super::calendar::{Calendar, DAY_US, DAYS, YEAR_US};
use super::draws::{Draws, Zipf};
use super::generate::generate;
use super::schema::{LARGE_TABLES, LargeTable};
use super::small_tables::small_tables;
use super::{Cell, Legacy, small_rows};

const SCALE: f64 = 0.004;

fn row(legacy: &Legacy, table: LargeTable, number: u64) -> Vec<Cell> {
    let mut cells = Vec::new();
    legacy.append_row(table, number, &mut cells);
    cells
}

fn text(cell: &Cell) -> &str {
    match cell {
        Cell::Text(text) => text,
        other => panic!("{other:?} is no text"),
    }
}

fn integer(cell: &Cell) -> i64 {
    match cell {
        Cell::Integer(number) => *number,
        other => panic!("{other:?} is no whole number"),
    }
}

/// I1: a row is the same whichever rows were made before it, and by whichever generator.
#[test]
fn a_row_depends_on_its_number_alone() {
    let (forward, backward) = (Legacy::new(7, SCALE).unwrap(), Legacy::new(7, SCALE).unwrap());
    for table in LARGE_TABLES {
        let numbers: Vec<u64> = (0..forward.rows_of(table).min(300)).collect();
        let ahead: Vec<_> = numbers.iter().map(|n| row(&forward, table, *n)).collect();
        let mut behind: Vec<_> = numbers.iter().rev().map(|n| row(&backward, table, *n)).collect();
        behind.reverse();
        assert_eq!(ahead, behind, "{}", table.name());
    }
    for (position, table) in small_tables() {
        let last = table.rows - 1;
        let alone = small_rows::row(&forward, (position, table), last);
        (0..last).for_each(|number| drop(small_rows::row(&backward, (position, table), number)));
        assert_eq!(alone, small_rows::row(&backward, (position, table), last), "{}", table.name);
    }
}

/// I1: two threads that make halves make the same rows as one that makes all.
#[test]
fn threads_can_make_disjoint_ranges() {
    let legacy = Legacy::new(3, SCALE).unwrap();
    let rows = legacy.rows_of(LargeTable::Trades);
    let range = |from: u64, to: u64| -> Vec<Vec<Cell>> {
        (from..to).map(|number| row(&legacy, LargeTable::Trades, number)).collect()
    };
    let halves = std::thread::scope(|scope| {
        let second = scope.spawn(|| range(rows / 2, rows));
        let mut first = range(0, rows / 2);
        first.extend(second.join().unwrap());
        first
    });
    assert_eq!(halves, range(0, rows));
}

#[test]
fn seeds_make_different_rows() {
    let (one, other) = (Legacy::new(1, SCALE).unwrap(), Legacy::new(2, SCALE).unwrap());
    for table in LARGE_TABLES {
        assert_ne!(row(&one, table, 5), row(&other, table, 5), "{}", table.name());
    }
}

/// Guards reports against silent changes of the data: whoever changes these rows must also raise
/// the version that a demo folder is marked with.
#[test]
fn the_first_rows_stay_as_they_are() {
    let legacy = Legacy::new(1, 1.0).unwrap();
    let trade = row(&legacy, LargeTable::Trades, 0);
    let (word, real) = (|text: &'static str| Cell::Text(text.into()), Cell::Real);
    let expected = [
        Cell::Integer(1),
        Cell::Integer(67_788_203),
        word("RRY"),
        word("buy"),
        real(22.4878),
        real(19.64),
        real(-8.71),
        real(-1.972),
        word("closed"),
        word("2025-01-01 00:01:16.735312"),
    ];
    assert_eq!(trade, expected);
}

/// I2 and I3: keys do not repeat, references lead somewhere.
#[test]
fn keys_are_unique_and_references_lead_somewhere() {
    let legacy = Legacy::new(11, SCALE).unwrap();
    let all = |table| (0..legacy.rows_of(table)).map(move |n| (n, table));
    let users: HashSet<i64> =
        all(LargeTable::Users).map(|(n, table)| integer(&row(&legacy, table, n)[0])).collect();
    assert_eq!(users.len() as u64, legacy.rows_of(LargeTable::Users));
    let mut held = HashSet::new();
    let mut holdings: HashMap<i64, u64> = HashMap::new();
    for (number, table) in all(LargeTable::Positions) {
        let cells = row(&legacy, table, number);
        let user = integer(&cells[0]);
        assert!(users.contains(&user));
        assert!(held.insert((user, text(&cells[1]).to_owned())), "{cells:?} twice");
        *holdings.entry(user).or_default() += 1;
    }
    assert!(holdings.values().all(|count| (1..40).contains(count)));
    assert!(holdings.values().max() > holdings.values().min());
    for (number, table) in all(LargeTable::Portfolios) {
        assert!(users.contains(&integer(&row(&legacy, table, number)[1])));
    }
}

#[test]
fn values_are_spread_as_the_platform_s() {
    let legacy = Legacy::new(5, 0.02).unwrap();
    let rows = legacy.rows_of(LargeTable::Trades);
    let (mut closed, mut symbols, mut users) = (0.0, HashMap::new(), HashMap::new());
    for number in 0..rows {
        let cells = row(&legacy, LargeTable::Trades, number);
        closed += f64::from(text(&cells[8]) == "closed");
        *symbols.entry(text(&cells[2]).to_owned()).or_insert(0_u64) += 1;
        *users.entry(integer(&cells[1])).or_insert(0_u64) += 1;
        let time = text(&cells[9]);
        assert!(time.starts_with("2025-") && time.len() == 26, "{time}");
    }
    let total = rows as f64;
    assert!((closed / total - 0.7).abs() < 0.02);
    // The first of 500 symbols by Zipf's law has 1 / 6.79 of all trades.
    let most = *symbols.values().max().unwrap() as f64 / total;
    assert!((0.13..0.165).contains(&most), "{most}");
    // The first of 200 users by exponent 0.5 has 1 / 26.9 of all trades, seven times the mean.
    let busiest = *users.values().max().unwrap() as f64 / total;
    assert!((0.031..0.044).contains(&busiest), "{busiest}");
    let mut orders: HashMap<String, f64> = HashMap::new();
    let order_rows = legacy.rows_of(LargeTable::Orders);
    for number in 0..order_rows {
        let status = text(&row(&legacy, LargeTable::Orders, number)[5]).to_owned();
        *orders.entry(status).or_default() += 1.0 / order_rows as f64;
    }
    for (status, share) in [("open", 0.15), ("filled", 0.6), ("cancelled", 0.2), ("rejected", 0.05)]
    {
        assert!((orders[status] - share).abs() < 0.02, "{status}: {}", orders[status]);
    }
}

#[test]
fn news_bodies_have_one_to_eight_kilobytes() {
    let legacy = Legacy::new(5, 0.01).unwrap();
    let rows = legacy.rows_of(LargeTable::NewsItems);
    let mut total = 0;
    for number in 0..rows {
        let cells = row(&legacy, LargeTable::NewsItems, number);
        let body = text(&cells[3]);
        assert!((1_024..8_192).contains(&body.len()));
        assert!(body.starts_with(text(&cells[1])));
        total += body.len() as u64;
    }
    assert!((4_400..4_800).contains(&(total / rows)), "{}", total / rows);
}

/// Prices share what moves the indices: the mean of one half of the symbols tells that of the
/// other half, although each symbol has a noise of its own.
#[test]
fn prices_move_together() {
    let legacy = Legacy::new(9, SCALE).unwrap();
    let half_return = |odd: usize, day: u64| -> f64 {
        (0..250)
            .map(|symbol| {
                let price = |day: u64| legacy.market.price(2 * symbol + odd, day * DAY_US);
                assert!(price(day) > 0.0);
                price(day + 1) / price(day) - 1.0
            })
            .sum::<f64>()
            / 250.0
    };
    let pairs: Vec<(f64, f64)> =
        (0..DAYS - 1).map(|day| (half_return(0, day), half_return(1, day))).collect();
    let mean = |pick: fn(&(f64, f64)) -> f64| pairs.iter().map(pick).sum::<f64>() / 364.0;
    let (left, right) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let sum = |term: &dyn Fn(f64, f64) -> f64| -> f64 {
        pairs.iter().map(|(one, other)| term(one - left, other - right)).sum()
    };
    let covariance = sum(&|one, other| one * other);
    let scale = (sum(&|one, _| one * one) * sum(&|_, other| other * other)).sqrt();
    assert!(covariance / scale > 0.8, "{}", covariance / scale);
}

#[test]
fn times_are_written_as_the_platform_writes_them() {
    let calendar = Calendar::new();
    assert_eq!(calendar.timestamp(0), "2025-01-01 00:00:00.000000");
    let leap_free = 59 * DAY_US + 13 * 3_600_000_000 + 7 * 60_000_000 + 9_000_042;
    assert_eq!(calendar.timestamp(leap_free), "2025-03-01 13:07:09.000042");
    assert_eq!(calendar.timestamp(YEAR_US + 5), "2025-12-31 23:59:59.999999");
}

#[test]
fn draws_stay_in_their_limits() {
    let mut draws = Draws::of(1, 2, 3);
    let zipf = Zipf::of_exponent_one(10);
    let mut noise = 0.0;
    for _ in 0..10_000 {
        assert!(draws.below(7) < 7);
        assert!((0.0..1.0).contains(&draws.unit()));
        assert!(zipf.draw(&mut draws) < 10);
        noise += draws.noise() / 10_000.0;
    }
    assert!(noise.abs() < 0.05, "{noise}");
}

/// The file that the generator writes is a whole, valid database with every row.
#[test]
fn the_written_file_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("legacy.sqlite");
    let legacy = Legacy::new(1, 0.001).unwrap();
    generate(&legacy, &path, &ProgressBar::hidden()).unwrap();
    let connection = Connection::open(&path).unwrap();
    let one = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let tables = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' \
                  AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    assert_eq!(one(tables), 47);
    for table in LARGE_TABLES {
        let count = one(&format!("SELECT COUNT(*) FROM {}", table.name()));
        assert_eq!(count.unsigned_abs(), legacy.rows_of(table), "{}", table.name());
    }
    for (_, table) in small_tables() {
        let count = one(&format!("SELECT COUNT(*) FROM {}", table.name));
        assert_eq!(count.unsigned_abs(), table.rows, "{}", table.name);
    }
    let check: String =
        connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    assert_eq!(one("SELECT COUNT(*) FROM pragma_foreign_key_check"), 0);
    let trade = row(&legacy, LargeTable::Trades, 41);
    let stored: (i64, String, f64) = connection
        .query_row("SELECT user_id, symbol, price FROM trades WHERE trade_id = 42", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    assert_eq!(stored.0, integer(&trade[1]));
    assert_eq!(stored.1, text(&trade[2]));
    assert_eq!(Cell::Real(stored.2), trade[5]);
}
