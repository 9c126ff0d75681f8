//! Bourse: typed tables, sharded by user.
//!
//! - Durable: `Durability::Sync`, its default. Not durable: `Async`, whose log follows within 200
//!   ms.
//! - A load is `bulk_load`. A batch of keys is `multi_get_with`, the rows of entries come by
//!   `fetch_with`.
//! - What one user does is a shard transaction.
//! - Through completions it is the same transaction, submitted with a callback.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use bourse::{
    Database, Durability, Error, LoadOrder, Options, Order, Range, Row, Table, TableRow, Timestamp,
    Transaction, TypedTable, ValueRef,
};

use crate::Outcome;
use crate::change::{Change, Execution, Peer, Seen, Session, Setting, Sums};
use crate::submitted::Answer;
use crate::trades::{self, Arrival, BALANCE, NOTE, ORDERS_OF_USER, POSITION, SYMBOLS, Trades};

#[derive(Table, Clone)]
#[table(
    name = "trades",
    primary_key(trade_id),
    shard_key(user_id),
    index(
        name = "by_user",
        columns(user_id, status, executed_at),
        include(symbol, quantity, price, fee, venue)
    )
)]
struct Trade {
    #[column(generated)]
    trade_id: i64,
    user_id: i32,
    status: i16,
    executed_at: Timestamp,
    symbol: String,
    quantity: i64,
    price: f64,
    fee: f64,
    venue: String,
    revision: i64,
    note: String,
}

/// Columns of a trade that reads look at.
const ID: usize = 0;
const QUANTITY: usize = 5;
const PRICE: usize = 6;
const REVISION: usize = 9;

#[derive(Table, Clone)]
#[table(name = "accounts", primary_key(user_id))]
struct Account {
    user_id: i32,
    balance: f64,
}

#[derive(Table, Clone)]
#[table(name = "positions", primary_key(user_id, symbol), shard_key(user_id))]
struct Position {
    user_id: i32,
    symbol: String,
    quantity: i64,
}

#[derive(Table, Clone)]
#[table(name = "orders", primary_key(user_id, order_id), shard_key(user_id))]
struct AnOrder {
    user_id: i32,
    order_id: i64,
    status: String,
}

struct Bourse {
    store: Database,
    trades: TypedTable<Trade>,
    accounts: TypedTable<Account>,
    positions: TypedTable<Position>,
    orders: TypedTable<AnOrder>,
}

pub(super) fn open(folder: &Path, setting: Setting) -> Outcome<Box<dyn Peer>> {
    let durability = if setting.durable {
        Durability::Sync
    } else {
        Durability::Async { max_delay: Duration::from_millis(200) }
    };
    let options = Options { durability, cache_bytes: setting.cache_bytes, ..Options::default() };
    let store = Database::open(folder, options)?;
    Ok(Box::new(Bourse {
        trades: table(&store)?,
        accounts: table(&store)?,
        positions: table(&store)?,
        orders: table(&store)?,
        store,
    }))
}

/// The table of a struct, made when the store is new.
fn table<T: TableRow>(store: &Database) -> bourse::Result<TypedTable<T>> {
    match store.typed() {
        Err(error) if error.sqlstate() == "42P01" => store.create(),
        other => other,
    }
}

impl From<&trades::Trade> for Trade {
    fn from(trade: &trades::Trade) -> Trade {
        Trade {
            trade_id: trade.id,
            user_id: trade.user,
            status: trade.status,
            executed_at: Timestamp(trade.executed_at),
            symbol: trade.symbol.into(),
            quantity: trade.quantity,
            price: trade.price,
            fee: trade.fee,
            venue: trade.venue.into(),
            revision: trade.revision,
            note: NOTE.into(),
        }
    }
}

impl Peer for Bourse {
    fn session(&self) -> Outcome<Box<dyn Session + '_>> {
        Ok(Box::new(self))
    }

    fn load(&self, trades: &Trades, arrival: Arrival) -> Outcome<()> {
        let order = match arrival {
            Arrival::Sorted => LoadOrder::Sorted,
            Arrival::Random => LoadOrder::Unsorted,
        };
        self.trades.bulk_load(order, trades.arriving(arrival).map(|trade| Ok((&trade).into())))?;
        let users = || 0..i32::try_from(trades.users()).unwrap_or(i32::MAX);
        let accounts = users().map(|user_id| Ok(Account { user_id, balance: BALANCE }));
        self.accounts.bulk_load(LoadOrder::Sorted, accounts)?;
        let positions = users().flat_map(|user_id| {
            SYMBOLS
                .map(|symbol| Ok(Position { user_id, symbol: symbol.into(), quantity: POSITION }))
        });
        self.positions.bulk_load(LoadOrder::Sorted, positions)?;
        let orders = users().flat_map(|user_id| {
            let order = move |order_id| Ok(AnOrder { user_id, order_id, status: "open".into() });
            (0..ORDERS_OF_USER).map(order)
        });
        self.orders.bulk_load(LoadOrder::Sorted, orders)?;
        self.sync()
    }

    fn sync(&self) -> Outcome<()> {
        Ok(self.store.flush()?)
    }

    fn close(self: Box<Self>) -> Outcome<()> {
        let Bourse { store, .. } = *self;
        Ok(store.close()?)
    }
}

fn integer(value: ValueRef<'_>) -> i64 {
    match value {
        ValueRef::Integer(number) => number,
        other => panic!("{other:?} is no integer"),
    }
}

fn double(value: ValueRef<'_>) -> f64 {
    match value {
        ValueRef::Double(number) => number,
        other => panic!("{other:?} is no double"),
    }
}

fn row_digest(row: &Row<'_>) -> u64 {
    let (id, quantity) = (integer(row.get(ID)), integer(row.get(QUANTITY)));
    trades::row_digest(id, quantity, double(row.get(PRICE)), integer(row.get(REVISION)))
}

impl Bourse {
    fn entries<'c>(
        &self,
        cut: &'c bourse::Cut,
        range: &Range,
    ) -> bourse::Result<bourse::Entries<'c, bourse::Cut>> {
        cut.scan_index(self.trades.table(), "by_user", range, Order::Ascending)
    }

    fn execute(
        &self,
        transaction: &mut Transaction<'_>,
        Execution { trade, order }: &Execution,
    ) -> bourse::Result<()> {
        let missing = |found: bool, what: &str| match found {
            true => Ok(()),
            false => Err(Error::invalid(format!("user {} has no {what}", trade.user))),
        };
        let found = self.accounts.within(transaction).update(trade.user, |account| {
            account.balance -= trade.price;
            Ok(())
        })?;
        missing(found, "account")?;
        let key = (trade.user, trade.symbol);
        let found = self.positions.within(transaction).update(key, |position| {
            position.quantity += 1;
            Ok(())
        })?;
        missing(found, "position")?;
        let found = self.orders.within(transaction).update((trade.user, *order), |order| {
            order.status = "filled".into();
            Ok(())
        })?;
        missing(found, "order")?;
        self.trades.within(transaction).insert(&trade.into())?;
        Ok(())
    }

    fn change(&self, transaction: &mut Transaction<'_>, change: &Change) -> bourse::Result<()> {
        match change {
            Change::Update { id, revision } => {
                let changes = [("revision", (*revision).into())];
                match transaction.update(self.trades.table(), &[(*id).into()], &changes)? {
                    true => Ok(()),
                    false => Err(Error::invalid(format!("there is no trade {id}"))),
                }
            }
            Change::Execute(execution) => self.execute(transaction, execution),
        }
    }
}

impl Session for &Bourse {
    fn get(&mut self, id: i64) -> Outcome<u64> {
        Ok(self.trades.get_with(id, row_digest)?.ok_or("a trade is missing")?)
    }

    fn multi_get(&mut self, ids: &[i64]) -> Outcome<u64> {
        let mut sum: u64 = 0;
        self.trades.multi_get_with(ids.iter().copied(), |_, row| {
            let row = row.ok_or_else(|| Error::invalid("a trade is missing"))?;
            sum = sum.wrapping_add(row_digest(row));
            Ok(goes_on(true))
        })?;
        Ok(sum)
    }

    fn scan_entries(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        let cut = self.store.cut();
        let mut entries = self.entries(&cut, &Range::prefix([user.into(), status.into()]))?;
        let mut seen = Seen::default();
        entries.each_with(|entry| {
            seen.add(entry_digest(entry)?);
            Ok(goes_on(seen.count < limit as u64))
        })?;
        Ok(seen)
    }

    fn scan_rows(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        let cut = self.store.cut();
        let mut entries = self.entries(&cut, &Range::prefix([user.into(), status.into()]))?;
        let mut seen = Seen::default();
        entries.fetch_with(
            limit,
            |_| Ok(true),
            |row| {
                seen.add(row_digest(&row));
                Ok(())
            },
        )?;
        Ok(seen)
    }

    fn all_rows(&mut self) -> Outcome<Seen> {
        let cut = self.store.cut();
        let mut seen = Seen::default();
        cut.scan(self.trades.table(), &Range::all(), Order::Any)?.each_with(|row| {
            seen.add(row_digest(&row));
            Ok(goes_on(true))
        })?;
        Ok(seen)
    }

    fn all_entries(&mut self) -> Outcome<Seen> {
        let cut = self.store.cut();
        let mut seen = Seen::default();
        self.entries(&cut, &Range::all())?.each_with(|entry| {
            seen.add(entry_digest(entry)?);
            Ok(goes_on(true))
        })?;
        Ok(seen)
    }

    fn sums(&mut self) -> Outcome<Sums> {
        let cut = self.store.cut();
        let mut sums = Sums::default();
        for account in self.accounts.at(&cut).scan(.., Order::Ascending)? {
            sums.balance += account?.balance;
        }
        for position in self.positions.at(&cut).scan(.., Order::Ascending)? {
            sums.quantity += position?.quantity;
        }
        Ok(sums)
    }

    fn submit(&mut self, change: &Change, done: Box<dyn FnOnce(Answer) + Send>) -> Outcome<()> {
        match change {
            Change::Update { id, revision } => {
                let changes = [("revision", (*revision).into())];
                let key = [(*id).into()];
                self.store.submit().update_with(self.trades.table(), &key, &changes, |found| {
                    done(match found {
                        Ok(true) => Ok(()),
                        Ok(false) => Err("the trade is missing".into()),
                        Err(error) => Err(error.to_string()),
                    });
                });
            }
            Change::Execute(execution) => {
                let user = [execution.trade.user.into()];
                self.store.submit().shard_transaction_with(
                    self.accounts.table(),
                    &user,
                    |transaction| self.execute(transaction, execution),
                    |result| done(result.map_err(|error| error.to_string())),
                );
            }
        }
        Ok(())
    }

    fn write(&mut self, changes: &[Change]) -> Outcome<()> {
        match changes {
            [Change::Update { id, revision }] => {
                let changes = [("revision", (*revision).into())];
                if !self.store.update(self.trades.table(), &[(*id).into()], &changes)? {
                    return Err(format!("there is no trade {id}").into());
                }
            }
            [Change::Execute(execution)] => {
                let user = [execution.trade.user.into()];
                let accounts = self.accounts.table();
                self.store.shard_transaction(accounts, &user, |transaction| {
                    self.execute(transaction, execution)
                })?;
            }
            _ => self.store.transaction(|transaction| {
                changes.iter().try_for_each(|change| self.change(transaction, change))
            })?,
        }
        Ok(())
    }
}

fn goes_on(on: bool) -> ControlFlow<()> {
    if on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}

/// Reads the included columns in place, and the id from the key.
fn entry_digest(entry: &bourse::IndexEntry<'_>) -> bourse::Result<u64> {
    let included = entry.included_row()?;
    let (quantity, price) = (integer(included.get(1)), double(included.get(2)));
    Ok(trades::entry_digest(entry.read(ID)?, quantity, price))
}
