//! The legacy trading database: 47 tables of a platform on SQLite, as `bourse demo` makes them.
//!
//! # Invariants
//!
//! - **I1** A row is a pure function of (seed, scale, table, row number): it is made from its own
//!   [`draws`], never from another row, so two threads may make disjoint ranges.
//! - **I2** Keys do not repeat: row numbers are keys themselves, or go through a bijection
//!   ([`Legacy::user_id`], [`Legacy::scatter`]).
//! - **I3** Every reference names a row that exists: user ids come from [`Legacy::user_id`] of a
//!   rank below the number of users, symbols from the [`market`].

mod calendar;
mod draws;
pub(crate) mod generate;
mod market;
mod market_tables;
mod platform_tables;
mod prose;
mod rows;
pub(crate) mod schema;
mod small_rows;
mod small_tables;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use bourse_storage::Result;

use calendar::Calendar;
pub(crate) use draws::Draws;
use draws::Zipf;
use market::{Market, SYMBOLS};
use schema::LargeTable;

/// One value of a row to be written.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Cell {
    /// NULL.
    Null,
    /// A whole number.
    Integer(i64),
    /// A floating number.
    Real(f64),
    /// Text, made or fixed.
    Text(Cow<'static, str>),
    /// Bytes.
    Blob(Vec<u8>),
}

/// What all rows share: the sizes of tables, the market, who trades most.
pub(crate) struct Legacy {
    seed: u64,
    users: u64,
    trades: u64,
    orders: u64,
    news_items: u64,
    market: Market,
    calendar: Calendar,
    popular_symbols: Zipf,
    busy_users: Zipf,
}

/// User ids are residues of this prime: eight digits, never twice the same.
const USER_ID_PRIME: u64 = 99_999_989;
const USER_ID_STEP: u64 = 61_803_391;
const POSITIONS_PER_USER: u64 = 20;
const PORTFOLIOS_PER_USER: u64 = 5;

impl Legacy {
    /// The database of a seed, `scale` times 2.3 million rows.
    pub(crate) fn new(seed: u64, scale: f64) -> Result<Legacy> {
        let users = scaled(10_000.0, scale, 10);
        assert!(users < USER_ID_PRIME, "the scale leaves no free user ids");
        Ok(Legacy {
            seed,
            users,
            trades: scaled(1_200_000.0, scale, 200),
            orders: scaled(600_000.0, scale, 200),
            news_items: scaled(250_000.0, scale, 100),
            market: Market::new(seed)?,
            calendar: Calendar::new(),
            popular_symbols: Zipf::of_exponent_one(SYMBOLS),
            busy_users: Zipf::of_exponent_half(usize::try_from(users).unwrap_or(1)),
        })
    }

    /// How many rows a large table has.
    pub(crate) fn rows_of(&self, table: LargeTable) -> u64 {
        match table {
            LargeTable::Users => self.users,
            LargeTable::Trades => self.trades,
            LargeTable::Orders => self.orders,
            LargeTable::Positions => self.users * POSITIONS_PER_USER,
            LargeTable::Portfolios => self.users * PORTFOLIOS_PER_USER,
            LargeTable::NewsItems => self.news_items,
        }
    }

    /// Rows of all large tables.
    pub(crate) fn total_rows(&self) -> u64 {
        schema::LARGE_TABLES.iter().map(|table| self.rows_of(*table)).sum()
    }

    /// The scattered id of the user of a rank; rank 0 trades most.
    pub(crate) fn user_id(&self, rank: u64) -> i64 {
        debug_assert!(rank < self.users, "I3: no user has rank {rank}");
        let offset = Draws::of(self.seed, 0, 0).below(USER_ID_PRIME);
        let id = 1 + (rank * USER_ID_STEP + offset) % USER_ID_PRIME;
        i64::try_from(id).unwrap_or(0)
    }

    /// A bijection of [0, `rows`) that takes neighbours far apart, so that what belongs to one
    /// user lies scattered over a table, as it does where rows came in over years.
    fn scatter(&self, row: u64, rows: u64) -> u64 {
        assert!(row < rows, "I2: row {row} of {rows}");
        let mut step = rows / 1_618 * 1_000 + 1;
        while common_factor(step, rows) != 1 {
            step += 1;
        }
        let place =
            (u128::from(row) * u128::from(step) + u128::from(self.seed % rows)) % u128::from(rows);
        u64::try_from(place).unwrap_or(0)
    }
}

fn common_factor(mut left: u64, mut right: u64) -> u64 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

/// `base` rows at scale 1, and never fewer than make sense.
fn scaled(base: f64, scale: f64, least: u64) -> u64 {
    let rows = (base * scale).round().clamp(0.0, 1e15);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, not negative and below 2^53 by the clamp"
    )]
    let rows = rows as u64;
    rows.max(least)
}
