//! Rows, keys and entries as bytes, for the peers that know nothing else.
//!
//! | table | key | value |
//! |---|---|---|
//! | trades | id 8 | user 4, status 1, time 8, the covered 40, revision 8, note 67: 128 bytes |
//! | by user | user 4, status 1, time 8, id 8 | covered: symbol, quantity, price, fee, venue: 40 |
//! | accounts | user 4 | balance 8 |
//! | positions | user 4, symbol 8 | quantity 8 |
//! | orders | user 4, order 8 | status 8 |
//!
//! Numbers in keys are big-endian, so that the order of bytes is the order of values.

use crate::Outcome;
use crate::change::{Change, Execution, Sums};
use crate::trades::{self, BALANCE, NOTE, ORDERS_OF_USER, POSITION, SYMBOLS, Trade, Trades};

/// Bytes of a trade's row.
pub(crate) const ROW: usize = 128;
/// Bytes of an entry's key.
pub(crate) const ENTRY_KEY: usize = 21;
/// Bytes that an entry covers.
pub(crate) const COVERED: usize = 40;

const COVERED_AT: usize = 13;
const REVISION_AT: usize = COVERED_AT + COVERED;
const QUANTITY_AT: usize = 8;
const PRICE_AT: usize = 16;
/// The status of an order that was filled; before, it is all zeros.
const FILLED: &[u8; 8] = b"filled  ";

/// The tables of a peer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Part {
    Trades,
    ByUser,
    Accounts,
    Positions,
    Orders,
}

impl Part {
    /// All of them, in the order of their numbers.
    pub(crate) const ALL: [Part; 5] =
        [Part::Trades, Part::ByUser, Part::Accounts, Part::Positions, Part::Orders];

    /// Its name in the peer.
    pub(crate) fn name(self) -> &'static str {
        ["trades", "by_user", "accounts", "positions", "orders"][self as usize]
    }
}

/// A peer's open transaction, as changes need it.
pub(crate) trait Writes {
    /// Copies a value into `value`; false when there is none.
    fn read(&mut self, part: Part, key: &[u8], value: &mut [u8]) -> Outcome<bool>;
    /// Writes a value, new or not.
    fn write(&mut self, part: Part, key: &[u8], value: &[u8]) -> Outcome<()>;
}

/// Copies what was found; false when nothing was.
pub(crate) fn copy(found: Option<&[u8]>, value: &mut [u8]) -> bool {
    if let Some(found) = found {
        value.copy_from_slice(found);
    }
    found.is_some()
}

/// Makes a change in a peer's transaction.
pub(crate) fn apply(change: &Change, writes: &mut dyn Writes) -> Outcome<()> {
    match change {
        Change::Update { id, revision } => {
            let key = id.to_be_bytes();
            let mut row = [0; ROW];
            if !writes.read(Part::Trades, &key, &mut row)? {
                return Err(format!("there is no trade {id}").into());
            }
            set_revision(&mut row, *revision);
            writes.write(Part::Trades, &key, &row)
        }
        Change::Execute(execution) => execute(execution, writes),
    }
}

fn execute(execution: &Execution, writes: &mut dyn Writes) -> Outcome<()> {
    let Execution { trade, order } = execution;
    let mut number = [0; 8];
    let key = account_key(trade.user);
    if !writes.read(Part::Accounts, &key, &mut number)? {
        return Err(format!("user {} has no account", trade.user).into());
    }
    let balance = f64::from_le_bytes(number) - trade.price;
    writes.write(Part::Accounts, &key, &balance.to_le_bytes())?;
    let key = position_key(trade.user, trade.symbol);
    if !writes.read(Part::Positions, &key, &mut number)? {
        return Err(format!("user {} has no position", trade.user).into());
    }
    let quantity = i64::from_le_bytes(number) + 1;
    writes.write(Part::Positions, &key, &quantity.to_le_bytes())?;
    let key = order_key(trade.user, *order);
    if !writes.read(Part::Orders, &key, &mut number)? {
        return Err(format!("user {} has no order {order}", trade.user).into());
    }
    writes.write(Part::Orders, &key, FILLED)?;
    writes.write(Part::Trades, &trade.id.to_be_bytes(), &row(trade))?;
    writes.write(Part::ByUser, &entry_key(trade), &covered(trade))
}

/// Gives a row another revision.
pub(crate) fn set_revision(row: &mut [u8], revision: i64) {
    row[REVISION_AT..REVISION_AT + 8].copy_from_slice(&revision.to_le_bytes());
}

/// A trade's row.
pub(crate) fn row(trade: &Trade) -> [u8; ROW] {
    let mut row = [0; ROW];
    row[..4].copy_from_slice(&trade.user.to_be_bytes());
    row[4] = status_byte(trade.status.into());
    row[5..COVERED_AT].copy_from_slice(&trade.executed_at.to_le_bytes());
    row[COVERED_AT..REVISION_AT].copy_from_slice(&covered(trade));
    set_revision(&mut row, trade.revision);
    row[REVISION_AT + 8..].copy_from_slice(NOTE.as_bytes());
    row
}

/// What an entry covers of a trade.
pub(crate) fn covered(trade: &Trade) -> [u8; COVERED] {
    let mut covered = [0; COVERED];
    covered[..QUANTITY_AT].copy_from_slice(trade.symbol.as_bytes());
    covered[QUANTITY_AT..PRICE_AT].copy_from_slice(&trade.quantity.to_le_bytes());
    covered[PRICE_AT..24].copy_from_slice(&trade.price.to_le_bytes());
    covered[24..32].copy_from_slice(&trade.fee.to_le_bytes());
    covered[32..].copy_from_slice(trade.venue.as_bytes());
    covered
}

/// The key of a trade's entry.
pub(crate) fn entry_key(trade: &Trade) -> [u8; ENTRY_KEY] {
    let mut key = [0; ENTRY_KEY];
    key[..5].copy_from_slice(&entry_prefix(trade.user, trade.status.into()));
    key[5..13].copy_from_slice(&trade.executed_at.to_be_bytes());
    key[13..].copy_from_slice(&trade.id.to_be_bytes());
    key
}

/// What the entries of a user's trades of a status begin with.
pub(crate) fn entry_prefix(user: i32, status: i64) -> [u8; 5] {
    let [a, b, c, d] = user.to_be_bytes();
    [a, b, c, d, status_byte(status)]
}

/// The bytes of the id in an entry's key: the key of the trade.
pub(crate) fn id_bytes(entry_key: &[u8]) -> &[u8] {
    &entry_key[13..]
}

/// What a row adds to a checksum.
pub(crate) fn row_digest(key: &[u8], row: &[u8]) -> u64 {
    let (quantity, price) = amounts(&row[COVERED_AT..]);
    trades::row_digest(big_endian(key), quantity, price, little_endian(row, REVISION_AT))
}

/// What an entry adds to a checksum.
pub(crate) fn entry_digest(key: &[u8], covered: &[u8]) -> u64 {
    let (quantity, price) = amounts(covered);
    trades::entry_digest(big_endian(id_bytes(key)), quantity, price)
}

fn amounts(covered: &[u8]) -> (i64, f64) {
    let price = little_endian(covered, PRICE_AT).cast_unsigned();
    (little_endian(covered, QUANTITY_AT), f64::from_bits(price))
}

fn little_endian(bytes: &[u8], at: usize) -> i64 {
    let mut number = [0; 8];
    number.copy_from_slice(&bytes[at..at + 8]);
    i64::from_le_bytes(number)
}

fn big_endian(bytes: &[u8]) -> i64 {
    let mut number = [0; 8];
    number.copy_from_slice(&bytes[..8]);
    i64::from_be_bytes(number)
}

impl Sums {
    /// Adds the value of an account.
    pub(crate) fn add_account(&mut self, value: &[u8]) {
        self.balance += f64::from_bits(little_endian(value, 0).cast_unsigned());
    }

    /// Adds the value of a position.
    pub(crate) fn add_position(&mut self, value: &[u8]) {
        self.quantity += little_endian(value, 0);
    }
}

fn status_byte(status: i64) -> u8 {
    u8::try_from(status).unwrap_or(u8::MAX)
}

fn account_key(user: i32) -> [u8; 4] {
    user.to_be_bytes()
}

fn position_key(user: i32, symbol: &str) -> [u8; 12] {
    let mut key = [0; 12];
    key[..4].copy_from_slice(&user.to_be_bytes());
    key[4..].copy_from_slice(symbol.as_bytes());
    key
}

fn order_key(user: i32, order: i64) -> [u8; 12] {
    let mut key = [0; 12];
    key[..4].copy_from_slice(&user.to_be_bytes());
    key[4..].copy_from_slice(&order.to_be_bytes());
    key
}

/// All entries of the index, sorted: what a peer with an append mode wants.
pub(crate) fn sorted_entries(trades: &Trades) -> Vec<([u8; ENTRY_KEY], [u8; COVERED])> {
    let all = trades.arriving(trades::Arrival::Sorted);
    let mut entries: Vec<_> = all.map(|trade| (entry_key(&trade), covered(&trade))).collect();
    entries.sort_unstable_by_key(|entry| entry.0);
    entries
}

/// Fills the small tables.
pub(crate) fn fill_small(trades: &Trades, writes: &mut dyn Writes) -> Outcome<()> {
    for user in 0..i32::try_from(trades.users())? {
        writes.write(Part::Accounts, &account_key(user), &BALANCE.to_le_bytes())?;
        for symbol in SYMBOLS {
            writes.write(Part::Positions, &position_key(user, symbol), &POSITION.to_le_bytes())?;
        }
        for order in 0..ORDERS_OF_USER {
            writes.write(Part::Orders, &order_key(user, order), &[0; 8])?;
        }
    }
    Ok(())
}
