//! The store that the operations work on, and what each of them does once.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use bourse::key::{KeyColumn, encode_key};
use bourse::row::RowLayout;
use bourse::{
    Database, Durability, Error, Options, Order, Result, Row, Table, Timestamp, Type, TypedTable,
    Value, ValueRef,
};

use super::ledger::Ledger;
pub(crate) use super::ledger::{insert_with_view, insert_without_view, read_group};
use super::market;
pub(crate) use super::market::{
    sql_delete, sql_group_by, sql_group_by_text, sql_insert, sql_join_5, sql_prepare_again,
    sql_select_50, sql_select_row, sql_sort, sql_update,
};

const USERS: u64 = 16;
const TRADES_OF_USER: u64 = 500;
const ORDERS_OF_USER: u64 = 200;
const SYMBOLS: [&str; 8] = ["AAPL", "AMZN", "GOOG", "META", "MSFT", "NFLX", "NVDA", "TSLA"];
/// Numbers of trades that the operations insert; those below are there from the beginning.
const NEW_TRADES: u64 = USERS * TRADES_OF_USER;

#[derive(Table, Clone)]
#[table(name = "accounts", primary_key(user_id))]
struct Account {
    user_id: i64,
    cash: f64,
    revision: i64,
}

#[derive(Table, Clone)]
#[table(name = "positions", primary_key(user_id, symbol), shard_key(user_id))]
struct Position {
    user_id: i64,
    symbol: String,
    quantity: i64,
}

#[derive(Table, Clone)]
#[table(
    name = "orders",
    primary_key(user_id, number),
    shard_key(user_id),
    index(name = "by_status", columns(user_id, status, number))
)]
struct OpenOrder {
    user_id: i64,
    number: i64,
    status: String,
    filled: i64,
}

#[derive(Table, Clone)]
#[table(
    name = "trades",
    primary_key(trade_id),
    shard_key(user_id),
    index(name = "by_user", columns(user_id, symbol, executed desc), include(price, quantity)),
    index(name = "by_reference", columns(reference), unique, global)
)]
struct Trade {
    #[column(generated)]
    trade_id: i64,
    user_id: i64,
    symbol: String,
    executed: Timestamp,
    price: f64,
    quantity: i64,
    reference: i64,
    note: String,
    revision: i64,
}

/// A row of a store that waits for the disk.
#[derive(Table, Clone)]
#[table(name = "entries", primary_key(number))]
struct Entry {
    number: i64,
    text: String,
}

/// The stores, their tables and what is known of them.
pub(crate) struct Desk {
    store: Database,
    accounts: TypedTable<Account>,
    positions: TypedTable<Position>,
    orders: TypedTable<OpenOrder>,
    trades: TypedTable<Trade>,
    /// Ids of the trades by number.
    ids: Vec<i64>,
    durable: Database,
    /// A store with a view.
    pub(crate) ledger: Ledger,
    entries: TypedTable<Entry>,
    layout: RowLayout,
    key: [KeyColumn; 2],
    row: Vec<u8>,
}

fn options(durability: Durability) -> Options {
    Options {
        cache_bytes: 64 << 20,
        cache_bytes_min: 64 << 20,
        shards: 4,
        durability,
        shard_pages_max: 1 << 16,
        background: false,
        ..Options::default()
    }
}

#[expect(clippy::cast_possible_wrap, reason = "numbers here are small")]
fn signed(number: u64) -> i64 {
    number as i64
}

fn user(number: u64) -> i64 {
    signed(number % USERS)
}

fn symbol(number: u64) -> &'static str {
    SYMBOLS[usize::try_from(number / USERS % 8).unwrap_or(0)]
}

fn trade(number: u64) -> Trade {
    Trade {
        trade_id: 0,
        user_id: user(number),
        symbol: symbol(number).to_owned(),
        executed: Timestamp(1_700_000_000_000_000_000 + signed(number) * 1_000_003),
        price: 100.0 + signed(number % 997) as f64 / 8.0,
        quantity: 1 + signed(number % 100),
        reference: signed(number) * 7 + 3,
        note: "imported; settled with the clearing house at T+1".to_owned(),
        revision: 0,
    }
}

impl Desk {
    /// Makes the stores in an empty folder and fills them.
    pub(crate) fn open(folder: &Path) -> Result<Desk> {
        let delay = Duration::from_secs(3_600);
        let store =
            Database::open(folder.join("async"), options(Durability::Async { max_delay: delay }))?;
        let durable = Database::open(folder.join("sync"), options(Durability::Sync))?;
        let types =
            [Type::BigInt, Type::BigInt, Type::Text, Type::Double, Type::BigInt, Type::Text];
        let layout = RowLayout::new(&types);
        let mut row = Vec::new();
        layout.encode(&columns(1).each_ref().map(Value::as_value), &mut row)?;
        let mut desk = Desk {
            accounts: store.create()?,
            positions: store.create()?,
            orders: store.create()?,
            trades: store.create()?,
            ids: vec![0; usize::try_from(NEW_TRADES).unwrap_or(0)],
            entries: durable.create()?,
            ledger: Ledger::open(
                &folder.join("views"),
                options(Durability::Async { max_delay: delay }),
            )?,
            layout,
            key: [KeyColumn::new(Type::BigInt), KeyColumn::new(Type::Text)],
            row,
            store,
            durable,
        };
        for number in 0..USERS {
            desk.fill_user(number)?;
        }
        market::open(&folder.join("sql"), options(Durability::Async { max_delay: delay }))?;
        Ok(desk)
    }

    fn fill_user(&mut self, of: u64) -> Result<()> {
        let user_id = signed(of);
        self.store.shard_transaction(self.accounts.table(), &[user_id.into()], |transaction| {
            let account = Account { user_id, cash: 1e9, revision: 0 };
            self.accounts.within(transaction).insert(&account)?;
            for symbol in SYMBOLS {
                let position = Position { user_id, symbol: symbol.to_owned(), quantity: 0 };
                self.positions.within(transaction).insert(&position)?;
            }
            for number in 0..signed(ORDERS_OF_USER) {
                let order = OpenOrder { user_id, number, status: "open".to_owned(), filled: 0 };
                self.orders.within(transaction).insert(&order)?;
            }
            Ok(())
        })?;
        // Entries of a global index are not of one shard, so these are transactions of any.
        let numbers: Vec<u64> = (0..TRADES_OF_USER).map(|turn| turn * USERS + of).collect();
        let ids = self.store.transaction(|transaction| {
            let mut trades = self.trades.within(transaction);
            numbers.iter().map(|number| trades.insert(&trade(*number))).collect::<Result<Vec<_>>>()
        })?;
        for (number, id) in numbers.iter().zip(ids) {
            self.ids[usize::try_from(*number).unwrap_or(0)] = id;
        }
        Ok(())
    }

    fn id(&self, number: u64) -> i64 {
        // A step that is prime to the length, so that neighbours in time are none in the tree.
        self.ids[usize::try_from(number * 4_099 % NEW_TRADES).unwrap_or(0)]
    }

    /// Closes the stores.
    pub(crate) fn close(self) -> Result<()> {
        let Desk { store, accounts, positions, orders, trades, durable, entries, ledger, .. } =
            self;
        drop((accounts, positions, orders, trades, entries));
        store.close()?;
        ledger.close()?;
        durable.close()
    }
}

pub(crate) fn missing(what: &str) -> Error {
    Error::invalid(format!("the {what} that was inserted is not found"))
}

pub(crate) fn get_by_id(desk: &Desk, number: u64) -> Result<()> {
    let trade = desk.trades.get(desk.id(number))?.ok_or_else(|| missing("trade"))?;
    black_box(trade);
    Ok(())
}

pub(crate) fn find_by_unique_index(desk: &Desk, number: u64) -> Result<()> {
    let cut = desk.store.cut();
    let reference = signed(number * 4_099 % NEW_TRADES) * 7 + 3;
    let trade = desk.trades.at(&cut).find(Trade::by_reference(), reference)?;
    black_box(trade.ok_or_else(|| missing("trade"))?);
    Ok(())
}

pub(crate) fn multi_get_100(desk: &Desk, number: u64) -> Result<()> {
    let ids = (0..100).map(|place| desk.id(number * 100 + place));
    let trades = desk.trades.multi_get(ids)?;
    if trades.iter().any(Option::is_none) {
        return Err(missing("trade"));
    }
    black_box(trades);
    Ok(())
}

/// As [`multi_get_100`], the rows shown where they lie.
pub(crate) fn show_many_100(desk: &Desk, number: u64) -> Result<()> {
    let ids = (0..100).map(|place| desk.id(number * 100 + place));
    let mut quantity = 0;
    desk.trades.multi_get_with(ids, |_, row| {
        quantity += quantity_of(row.ok_or_else(|| missing("trade"))?);
        Ok(ControlFlow::Continue(()))
    })?;
    black_box(quantity);
    Ok(())
}

fn quantity_of(row: &Row<'_>) -> i64 {
    match row.get(5) {
        ValueRef::Integer(quantity) => quantity,
        _ => 0,
    }
}

pub(crate) fn scan_100_entries(desk: &Desk, number: u64) -> Result<()> {
    let cut = desk.store.cut();
    let trades = desk.trades.at(&cut);
    let (price, quantity) = (desk.trades.column("price")?, desk.trades.column("quantity")?);
    let range = Trade::by_user().prefix((user(number),));
    let mut entries = trades.scan_index(&range, Order::Ascending)?;
    let mut volume = 0.0;
    for _ in 0..100 {
        let read = entries.next_with(|entry| -> Result<f64> {
            let quantity: i64 = entry.get(quantity)?;
            Ok(entry.get::<f64>(price)? * quantity as f64)
        })?;
        volume += read.ok_or_else(|| missing("entry"))??;
    }
    black_box(volume);
    Ok(())
}

/// As [`scan_100_entries`], leaf by leaf.
pub(crate) fn show_entries_100(desk: &Desk, number: u64) -> Result<()> {
    let cut = desk.store.cut();
    let trades = desk.trades.at(&cut);
    let (price, quantity) = (desk.trades.column("price")?, desk.trades.column("quantity")?);
    let range = Trade::by_user().prefix((user(number),));
    let (mut count, mut volume) = (0, 0.0);
    trades.scan_index(&range, Order::Ascending)?.each_with(|entry| {
        let quantity: i64 = entry.get(quantity)?;
        volume += entry.get::<f64>(price)? * quantity as f64;
        count += 1;
        Ok(if count < 100 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    if count != 100 {
        return Err(missing("entry"));
    }
    black_box(volume);
    Ok(())
}

pub(crate) fn scan_and_fetch_100(desk: &Desk, number: u64) -> Result<()> {
    let cut = desk.store.cut();
    let range = Trade::by_user().prefix((user(number),));
    let trades = desk.trades.at(&cut);
    let rows = trades.scan_index(&range, Order::Descending)?.fetch(100)?;
    if rows.len() != 100 {
        return Err(missing("trade"));
    }
    black_box(rows);
    Ok(())
}

/// A thousand rows of all shards, merged.
pub(crate) fn scan_table_1000(desk: &Desk, _number: u64) -> Result<()> {
    let cut = desk.store.cut();
    let mut rows = desk.trades.at(&cut).scan(.., Order::Ascending)?;
    let mut quantity = 0;
    for _ in 0..1_000 {
        quantity += rows.next_with(quantity_of)?.ok_or_else(|| missing("trade"))?;
    }
    black_box(quantity);
    Ok(())
}

/// A thousand rows, shard after shard, leaf by leaf.
pub(crate) fn show_table_1000(desk: &Desk, _number: u64) -> Result<()> {
    let cut = desk.store.cut();
    let (mut count, mut quantity) = (0, 0);
    desk.trades.at(&cut).scan(.., Order::Any)?.each_with(|row| {
        quantity += quantity_of(row);
        count += 1;
        Ok(if count < 1_000 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    black_box(quantity);
    if count == 1_000 { Ok(()) } else { Err(missing("trade")) }
}

/// Values of a row for which no table is needed.
fn columns(number: u64) -> [Value; 6] {
    [
        signed(number).into(),
        user(number).into(),
        symbol(number).into(),
        (signed(number) as f64 / 8.0).into(),
        signed(number % 100).into(),
        "imported; settled with the clearing house at T+1".into(),
    ]
}

pub(crate) fn write_key_and_row(desk: &Desk, number: u64) -> Result<()> {
    let values = columns(number);
    let values = values.each_ref().map(Value::as_value);
    let (mut key, mut row) = (Vec::with_capacity(64), Vec::with_capacity(256));
    encode_key(&desk.key, &[values[0], values[2]], &mut key)?;
    desk.layout.encode(&values, &mut row)?;
    black_box((key, row));
    Ok(())
}

pub(crate) fn read_row(desk: &Desk, _number: u64) -> Result<()> {
    let row = desk.layout.row(black_box(&desk.row))?;
    for value in row.values() {
        black_box(value);
    }
    Ok(())
}

pub(crate) fn insert_indexed(desk: &Desk, number: u64) -> Result<()> {
    black_box(desk.trades.insert(&trade(NEW_TRADES + number))?);
    Ok(())
}

pub(crate) fn update_unindexed(desk: &Desk, number: u64) -> Result<()> {
    let found = desk.trades.update(desk.id(number), |trade| {
        trade.revision = signed(number);
        Ok(())
    })?;
    if found { Ok(()) } else { Err(missing("trade")) }
}

/// Four tables of one user: the account and the position change, an order is filled, a trade is
/// booked.
pub(crate) fn execute_trade(desk: &Desk, number: u64) -> Result<()> {
    let booked = trade(NEW_TRADES * 2 + number);
    let (user_id, quantity) = (booked.user_id, booked.quantity);
    let cost = booked.price * quantity as f64;
    let order = signed(number / USERS % ORDERS_OF_USER);
    let all = desk.store.transaction(|transaction| {
        desk.trades.within(transaction).insert(&booked)?;
        let mut accounts = desk.accounts.within(transaction);
        let account = accounts.update(user_id, |account| {
            account.cash -= cost;
            account.revision += 1;
            Ok(())
        })?;
        let key = (user_id, booked.symbol.as_str());
        let position = desk.positions.within(transaction).update(key, |position| {
            position.quantity += quantity;
            Ok(())
        })?;
        let order = desk.orders.within(transaction).update((user_id, order), |order| {
            order.status = "filled".to_owned();
            order.filled += quantity;
            Ok(())
        })?;
        Ok(account && position && order)
    })?;
    if all { Ok(()) } else { Err(missing("row")) }
}

/// One row, and its log record on the disk when this returns.
pub(crate) fn commit_durably(desk: &Desk, number: u64) -> Result<()> {
    let text = "a row of the length that most have, about a hundred bytes".to_owned();
    desk.entries.insert(&Entry { number: signed(number), text })?;
    Ok(())
}
