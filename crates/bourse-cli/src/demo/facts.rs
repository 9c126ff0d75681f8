//! What is known of the data before it is asked: who trades, what trades, when.
//!
//! Read from the database itself, so that a platform's own file serves as well as a made one.

use std::collections::HashMap;

use bourse_storage::{Error, Result};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::legacy::Draws;

/// Rows sampled of each table.
const SAMPLES: u64 = 1_500;
/// Draws of samples begin where those of tables end.
const FIRST_DRAWS: u64 = 2_000;
/// Orders remembered of each user that executes trades.
const ORDERS_PER_USER: usize = 8;

/// A trade that is there.
pub(crate) struct TradeSample {
    /// Its key.
    pub(crate) trade_id: i64,
    /// Whose it is.
    pub(crate) user_id: i64,
    /// What was traded.
    pub(crate) symbol: String,
    /// Its status.
    pub(crate) status: String,
    /// The day, as an index into [`Facts::days`].
    pub(crate) day: usize,
    /// Its price.
    pub(crate) price: f64,
}

/// A piece of news that is there.
pub(crate) struct NewsSample {
    /// What it is about.
    pub(crate) symbol: String,
    /// How it sounds.
    pub(crate) sentiment: f64,
}

/// A portfolio that is there.
pub(crate) struct Portfolio {
    /// Its key.
    pub(crate) portfolio_id: i64,
    /// Whose it is.
    pub(crate) user_id: i64,
    /// Orders of its user: the first ones, as far as there are any.
    pub(crate) orders: Vec<i64>,
}

/// What parameters are drawn from.
pub(crate) struct Facts {
    /// Every user that trades or is registered.
    pub(crate) users: Vec<i64>,
    /// Every symbol that trades.
    pub(crate) symbols: Vec<String>,
    /// First moments of the days of data, and of the day after the last.
    pub(crate) days: Vec<String>,
    /// Trades drawn evenly from all, so that busy users and popular symbols come often.
    pub(crate) trades: Vec<TradeSample>,
    /// News drawn evenly from all.
    pub(crate) news: Vec<NewsSample>,
    /// Symbols of open orders drawn evenly from all orders.
    pub(crate) open_order_symbols: Vec<String>,
    /// Users of active portfolios drawn evenly from all portfolios.
    pub(crate) investors: Vec<i64>,
    /// Portfolios drawn evenly from all: who executes trades.
    pub(crate) portfolios: Vec<Portfolio>,
    /// The largest key of a trade.
    pub(crate) last_trade_id: i64,
}

impl Facts {
    /// Reads the facts of a database. An empty table is an error: nothing could be asked of it.
    pub(crate) fn read(connection: &Connection, seed: u64) -> Result<Facts> {
        let facts = read(connection, seed).map_err(|error| {
            Error::invalid("the legacy tables cannot be read; are they those of legacy.sql?")
                .with_source(error)
        })?;
        let empty = [
            ("trades", facts.trades.is_empty() || facts.days.len() < 2),
            ("users", facts.users.is_empty()),
            ("orders", facts.portfolios.iter().all(|portfolio| portfolio.orders.is_empty())),
            ("portfolios", facts.portfolios.is_empty()),
            ("news_items", facts.news.is_empty()),
        ];
        match empty.iter().find(|(_, empty)| *empty) {
            Some((table, _)) => {
                Err(Error::invalid(format!("table {table} is empty: there is nothing to ask it")))
            }
            None => Ok(facts),
        }
    }

    /// From the first moment of a day to that of the next.
    pub(crate) fn day(&self, day: usize) -> (&str, &str) {
        (&self.days[day], &self.days[day + 1])
    }
}

fn read(connection: &Connection, seed: u64) -> rusqlite::Result<Facts> {
    let days = read_days(connection)?;
    let sampler = Sampler { connection, seed };
    let trades =
        "SELECT trade_id, user_id, symbol, status, timestamp, price FROM trades WHERE rowid >= ?1";
    let trades = sampler.sample(0, "trades", trades, |row| {
        let date: String = row.get(4)?;
        let day = days.partition_point(|start| start.as_str() <= date.as_str());
        Ok(TradeSample {
            trade_id: row.get(0)?,
            user_id: row.get(1)?,
            symbol: row.get(2)?,
            status: row.get(3)?,
            day: day.min(days.len().saturating_sub(1)).max(1) - 1,
            price: row.get(5)?,
        })
    })?;
    let news = "SELECT symbol, sentiment_score FROM news_items WHERE rowid >= ?1";
    let open = "SELECT symbol FROM orders WHERE rowid >= ?1 AND status = 'open'";
    let investors = "SELECT user_id FROM portfolios WHERE rowid >= ?1 AND is_active = 1";
    let portfolios = "SELECT portfolio_id, user_id FROM portfolios WHERE rowid >= ?1";
    let mut portfolios = sampler.sample(4, "portfolios", portfolios, |row| {
        Ok(Portfolio { portfolio_id: row.get(0)?, user_id: row.get(1)?, orders: Vec::new() })
    })?;
    find_orders(connection, &mut portfolios)?;
    Ok(Facts {
        users: list(
            connection,
            "SELECT user_id FROM users UNION SELECT user_id FROM trades ORDER BY 1",
        )?,
        symbols: list(connection, "SELECT DISTINCT symbol FROM trades ORDER BY 1")?,
        news: sampler.sample(1, "news_items", news, |row| {
            Ok(NewsSample { symbol: row.get(0)?, sentiment: row.get(1)? })
        })?,
        open_order_symbols: sampler.sample(2, "orders", open, |row| row.get(0))?,
        investors: sampler.sample(3, "portfolios", investors, |row| row.get(0))?,
        portfolios,
        last_trade_id: connection.query_row(
            "SELECT COALESCE(MAX(trade_id), 0) FROM trades",
            [],
            |row| row.get(0),
        )?,
        days,
        trades,
    })
}

/// Finds orders of the portfolios' users: a trade fills an order of the one who trades.
fn find_orders(connection: &Connection, portfolios: &mut [Portfolio]) -> rusqlite::Result<()> {
    let mut orders: HashMap<i64, Vec<i64>> =
        portfolios.iter().map(|portfolio| (portfolio.user_id, Vec::new())).collect();
    let mut statement = connection.prepare("SELECT user_id, order_id FROM orders ORDER BY 2")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(orders) = orders.get_mut(&row.get(0)?)
            && orders.len() < ORDERS_PER_USER
        {
            orders.push(row.get(1)?);
        }
    }
    for portfolio in portfolios {
        portfolio.orders = orders.get(&portfolio.user_id).cloned().unwrap_or_default();
    }
    Ok(())
}

/// Takes rows at random places of a table.
struct Sampler<'c> {
    connection: &'c Connection,
    seed: u64,
}

impl Sampler<'_> {
    /// Sample number `number`: each of its rows is the first that `select` finds at or after a
    /// random row number of the table.
    fn sample<T>(
        &self,
        number: u64,
        table: &str,
        select: &str,
        mut decode: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        let bounds = format!("SELECT MIN(rowid), MAX(rowid) FROM {table}");
        let (first, last): (Option<i64>, Option<i64>) =
            self.connection.query_row(&bounds, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let (Some(first), Some(last)) = (first, last) else { return Ok(Vec::new()) };
        let mut statement = self.connection.prepare(&format!("{select} ORDER BY rowid LIMIT 1"))?;
        let mut samples = Vec::new();
        for place in 0..SAMPLES {
            let mut draws = Draws::of(self.seed, FIRST_DRAWS + number, place);
            let rowid = first.saturating_add_unsigned(draws.below(last.abs_diff(first) + 1));
            samples.extend(statement.query_row([rowid], |row| decode(row)).optional()?);
        }
        Ok(samples)
    }
}

fn list<T: rusqlite::types::FromSql>(
    connection: &Connection,
    sql: &str,
) -> rusqlite::Result<Vec<T>> {
    let mut statement = connection.prepare(sql)?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// The first moments of all days from the first trade to the day after the last one.
fn read_days(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(
        "WITH RECURSIVE bounds(first, last) AS (
             SELECT DATE(MIN(timestamp)), DATE(MAX(timestamp), '+1 day') FROM trades),
         days(day) AS (
             SELECT first FROM bounds WHERE first IS NOT NULL
             UNION ALL SELECT DATE(day, '+1 day') FROM days, bounds WHERE day < last)
         SELECT day FROM days LIMIT 40000",
    )?;
    statement.query_map([], |row| row.get(0))?.collect()
}
