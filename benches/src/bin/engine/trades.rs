//! The data: trades of 128 bytes, an index (user, status, time, id) that covers 40 bytes, and three
//! small tables of users. Every value follows from a trade's number, so that every contender has
//! the same rows under the same keys, and what a read must give can be computed.

use std::fs;
use std::path::Path;

use bourse::{Database, Durability, LoadOrder, Options, TableDefinition, Type};

use crate::Outcome;

/// Trades of a user; a quarter of them of each status, so a scan finds its hundred.
const TRADES_OF_USER: i64 = 500;
/// So many are one user's, of whom every scan finds its hundred.
pub(crate) const ROWS_MIN: i64 = TRADES_OF_USER;
/// Statuses, told apart by a number.
pub(crate) const STATUSES: i64 = 4;
/// What is traded: names of eight bytes.
pub(crate) const SYMBOLS: [&str; 4] = ["AAPL.NAS", "MSFT.NAS", "NVDA.NAS", "TSLA.NAS"];
/// Where it is traded.
pub(crate) const VENUES: [&str; 2] = ["NASDAQ-1", "NYSEARCA"];
/// 67 bytes, which make a row 128.
pub(crate) const NOTE: &str = "imported; settled with the clearing house at T+1; nothing to report";
/// Orders that each user has.
pub(crate) const ORDERS_OF_USER: i64 = 10;
/// What an account holds at first.
pub(crate) const BALANCE: f64 = 1e6;
/// What a position holds at first.
pub(crate) const POSITION: i64 = 100_000;
/// The first trade's time, in nanoseconds since 1970.
const FIRST_TIME: i64 = 1_700_000_000_000_000_000;
/// Ids of trades carry ten bits that say where Bourse keeps the user's rows, as its own ids do.
const ID_STEP: i64 = 1024;

/// One trade.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Trade {
    pub(crate) id: i64,
    pub(crate) user: i32,
    pub(crate) status: i16,
    pub(crate) executed_at: i64,
    pub(crate) symbol: &'static str,
    pub(crate) quantity: i64,
    pub(crate) price: f64,
    pub(crate) fee: f64,
    pub(crate) venue: &'static str,
    /// What updates change; the index does not hold it.
    pub(crate) revision: i64,
}

impl Trade {
    /// What a read of the row adds to a checksum.
    pub(crate) fn digest(&self) -> u64 {
        row_digest(self.id, self.quantity, self.price, self.revision)
    }

    /// What a read of the index entry adds to a checksum.
    pub(crate) fn entry_digest(&self) -> u64 {
        entry_digest(self.id, self.quantity, self.price)
    }
}

/// What a row adds to a checksum: of values from its whole length.
#[inline]
pub(crate) fn row_digest(id: i64, quantity: i64, price: f64, revision: i64) -> u64 {
    let revision = revision.cast_unsigned().wrapping_mul(0xff51_afd7_ed55_8ccd);
    entry_digest(id, quantity, price).wrapping_add(revision)
}

/// What an index entry adds to a checksum.
#[inline]
pub(crate) fn entry_digest(id: i64, quantity: i64, price: f64) -> u64 {
    let mixed = id.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed.wrapping_add(quantity.cast_unsigned()).wrapping_add(price.to_bits())
}

/// In which order trades are loaded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Arrival {
    /// Ascending by id.
    Sorted,
    /// In no order.
    Random,
}

/// All trades of a run.
pub(crate) struct Trades {
    rows: i64,
    users: i64,
    /// The low ten bits of the ids of each user's trades.
    places: Vec<u16>,
}

impl Trades {
    /// The trades whose users' places [`write_places`] found.
    pub(crate) fn new(rows: i64, places: &Path) -> Outcome<Trades> {
        let places = fs::read_to_string(places)?
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<Vec<u16>, _>>()?;
        Ok(Trades { rows, users: users(rows), places })
    }

    /// How many trades there are at first.
    pub(crate) fn rows(&self) -> i64 {
        self.rows
    }

    /// How many users there are.
    pub(crate) fn users(&self) -> i64 {
        self.users
    }

    /// The trade of a number.
    pub(crate) fn trade(&self, number: i64) -> Trade {
        self.trade_of(number, number % self.users)
    }

    /// The trade of a number, of a user of choice. Numbers beyond the rows are of new trades.
    pub(crate) fn trade_of(&self, number: i64, user: i64) -> Trade {
        let pick = |from: &[&'static str]| from[index(number) % from.len()];
        Trade {
            id: self.id_of(number, user),
            user: i32::try_from(user).unwrap_or(i32::MAX),
            status: i16::try_from(number / self.users % STATUSES).unwrap_or(0),
            executed_at: FIRST_TIME + number * 1_000,
            symbol: pick(&SYMBOLS),
            quantity: number % 1_000,
            price: 100.0 + (number % 977) as f64 / 8.0,
            fee: (number % 50) as f64 / 4.0,
            venue: pick(&VENUES),
            revision: 0,
        }
    }

    /// The id of the trade of a number.
    pub(crate) fn id(&self, number: i64) -> i64 {
        self.id_of(number, number % self.users)
    }

    fn id_of(&self, number: i64, user: i64) -> i64 {
        (number + 1) * ID_STEP + i64::from(self.places[index(user)])
    }

    /// All trades, as they arrive.
    pub(crate) fn arriving(&self, arrival: Arrival) -> impl Iterator<Item = Trade> + '_ {
        let step = match arrival {
            Arrival::Sorted => 1,
            Arrival::Random => step_through(self.rows),
        };
        (0..self.rows).map(move |at| self.trade(at * step % self.rows))
    }
}

/// Users of so many trades.
pub(crate) fn users(rows: i64) -> i64 {
    (rows / TRADES_OF_USER).max(1)
}

fn index(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

/// A step with which counting modulo `rows` meets every number once, in no visible order.
fn step_through(rows: i64) -> i64 {
    let shares_no_factor = |step: &i64| {
        let (mut a, mut b) = (rows, *step);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a == 1
    };
    let golden = rows * 618 / 1_000;
    (golden.max(1)..).find(shares_no_factor).unwrap_or(1)
}

/// Asks a store where it keeps each user's rows, and writes that down for [`Trades::new`].
pub(crate) fn write_places(rows: i64, folder: &Path, places: &Path) -> Outcome<()> {
    let options = Options {
        durability: Durability::Async { max_delay: std::time::Duration::from_millis(200) },
        cache_bytes: 64 << 20,
        ..Options::default()
    };
    let store = Database::open(folder, options)?;
    let definition = TableDefinition::builder("places")
        .column("id", Type::BigInt)
        .generated_id()
        .column("user_id", Type::Integer)
        .not_null()
        .primary_key(["id"])
        .shard_key(["user_id"])
        .build()?;
    let table = store.create_table(&definition)?;
    let rows = (0..users(rows)).map(|user| Ok(vec![bourse::Value::Null, user.into()]));
    store.bulk_load(&table, LoadOrder::Unsorted, rows)?;
    let cut = store.cut();
    let mut found = Vec::new();
    let mut scan = cut.scan(&table, &bourse::Range::all(), bourse::Order::Ascending)?;
    while let Some(pair) = scan.next_with(|row| (row.get(1).to_value(), row.get(0).to_value()))? {
        let (bourse::Value::Integer(user), bourse::Value::Integer(id)) = pair else {
            return Err("a generated id is no integer".into());
        };
        found.push((user, id % ID_STEP));
    }
    drop(scan);
    drop(cut);
    store.close()?;
    found.sort_unstable();
    let words: Vec<String> = found.iter().map(|(_, place)| place.to_string()).collect();
    fs::write(places, words.join(" "))?;
    Ok(())
}
