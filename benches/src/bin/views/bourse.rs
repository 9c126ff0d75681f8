//! Bourse: sixteen shards, `Async`, whose log follows within 200 ms. Rows are typed; a transaction
//! of many is one that any shards may take part in.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering as Memory};
use std::time::Duration;

use bourse::expression::{column, constant};
use bourse::view::{AggregateFunction, ViewBuilder};
use bourse::{
    Database, Durability, IndexDefinition, LoadOrder, Options, Order, Range, Table, TypedTable,
    Value, View, ViewDefinition,
};
use bourse_storage::sync;

use crate::Outcome;
use crate::contender::{Contender, Made, Store};
use crate::rows::{self, By, Digest, INDEXES, Kept, Setup, VENUE};

/// The engine.
pub(crate) struct Bourse;

#[derive(Table, Clone)]
#[table(name = "trades", primary_key(trade_id), shard_key(user_id))]
struct Trade {
    trade_id: i64,
    user_id: i64,
    account: i64,
    symbol: String,
    venue: String,
    price: f64,
    quantity: f64,
    at: i64,
}

impl From<rows::Row> for Trade {
    fn from(row: rows::Row) -> Trade {
        let rows::Row { trade_id, user_id, account, symbol, price, quantity, at } = row;
        let venue = VENUE.to_owned();
        Trade { trade_id, user_id, account, symbol, venue, price, quantity, at }
    }
}

/// What a store holds.
pub(crate) struct BourseStore {
    database: Database,
    trades: TypedTable<Trade>,
    views: Vec<(View, By)>,
    /// Rows that a writer inserts while a view is made: from here on.
    next: u64,
}

fn definition(name: &str, by: By, kept: Kept) -> ViewBuilder {
    let price = || column("price");
    let view = ViewDefinition::builder(name, "trades")
        .group(by.column(), column(by.column()))
        .aggregate("row_count", AggregateFunction::CountRows)
        .aggregate("total", AggregateFunction::Sum(price()))
        .aggregate("mean", AggregateFunction::Average(price()));
    if kept == Kept::Sums {
        return view;
    }
    view.aggregate("low", AggregateFunction::Minimum(price()))
        .aggregate("high", AggregateFunction::Maximum(price()))
        .aggregate("first", AggregateFunction::First { value: price(), order: column("at") })
        .aggregate("last", AggregateFunction::Last { value: price(), order: column("at") })
}

fn by_user_and_day() -> ViewBuilder {
    ViewDefinition::builder("performance", "trades")
        .group("user_id", column("user_id"))
        .group("day", column("at").divided_by(constant(86_400)))
        .aggregate("total", AggregateFunction::Sum(column("price")))
        .aggregate("row_count", AggregateFunction::CountRows)
        .aggregate("mean", AggregateFunction::Average(column("quantity")))
}

impl BourseStore {
    /// A store of these rows.
    pub(crate) fn make(folder: &Path, setup: Setup, rows: u64) -> Outcome<BourseStore> {
        BourseStore::of_shards(folder, setup, rows, Options::default().shards)
    }

    /// A store of so many shards.
    pub(crate) fn of_shards(
        folder: &Path,
        setup: Setup,
        rows: u64,
        shards: u16,
    ) -> Outcome<BourseStore> {
        let durability = Durability::Async { max_delay: Duration::from_millis(200) };
        let cache_bytes = 1 << 30;
        let options = Options { durability, cache_bytes, shards, ..Options::default() };
        let database = Database::open(folder, options)?;
        let trades: TypedTable<Trade> = database.create()?;
        if setup.indexed {
            for (name, columns) in INDEXES {
                database.create_index("trades", IndexDefinition::on(name, columns))?;
            }
        }
        let mut views = Vec::new();
        for (name, by) in setup.names() {
            views.push((database.create_view(&definition(&name, by, setup.kept))?, by));
        }
        let all = (0..rows).map(|number| Ok(rows::row(number).into()));
        trades.bulk_load(LoadOrder::Sorted, all)?;
        database.checkpoint()?;
        Ok(BourseStore { database, trades, views, next: 1 << 40 })
    }

    /// Inserts rows of one user, each in a transaction of its own.
    pub(crate) fn insert_for(&self, user_id: i64, from: u64, count: u64) -> Outcome<()> {
        for number in from..from + count {
            self.trades.insert(&Trade { user_id, ..rows::row(number).into() })?;
        }
        Ok(())
    }

    /// How many states of groups the first view has, over all shards.
    pub(crate) fn states(&self) -> Outcome<u64> {
        let checked = self.database.check_view(&self.views[0].0)?;
        Ok(checked.views.iter().map(|view| view.states).sum())
    }
}

impl Contender for Bourse {
    fn name(&self) -> &'static str {
        "Bourse"
    }

    fn make(&self, folder: &Path, setup: Setup, rows: u64) -> Outcome<Box<dyn Store + '_>> {
        Ok(Box::new(BourseStore::make(folder, setup, rows)?))
    }
}

impl Store for BourseStore {
    fn insert(&mut self, from: u64, count: u64, a_transaction: u64) -> Outcome<Duration> {
        let begin = sync::monotonic();
        let mut number = from;
        while number < from + count {
            let through = (number + a_transaction).min(from + count);
            if through - number == 1 {
                self.trades.insert(&rows::row(number).into())?;
            } else {
                self.database.transaction(|transaction| {
                    let mut trades = self.trades.within(transaction);
                    (number..through)
                        .try_for_each(|number| trades.insert(&rows::row(number).into()).map(drop))
                })?;
            }
            number = through;
        }
        Ok(sync::monotonic().saturating_sub(begin))
    }

    fn read_groups(&mut self, count: u64) -> Outcome<Duration> {
        let (view, by) = self.views.first().ok_or("no view to read")?;
        let mut seen = 0;
        let begin = sync::monotonic();
        for number in 0..count {
            let key = by.key(number).map_or_else(|| Value::from(VENUE), Value::Integer);
            if let Some(group) = self.database.group(view, &[key])? {
                seen += std::hint::black_box(group.values()).len();
            }
        }
        let took = sync::monotonic().saturating_sub(begin);
        if seen == 0 { Err("no group was found".into()) } else { Ok(took) }
    }

    fn digest(&mut self, view: &str) -> Outcome<Digest> {
        let view = self.database.view(view)?;
        let (mut rows, mut sum) = (0, 0.0);
        for group in self.database.groups(&view, &Range::all(), Order::Ascending)? {
            match (group.get("row_count")?, group.get("total")?) {
                (Value::Integer(count), Value::Double(total)) => {
                    rows += count;
                    sum += total;
                }
                other => return Err(format!("a group has {other:?}").into()),
            }
        }
        Ok(Digest::of(rows, sum))
    }

    fn make_view(&mut self) -> Outcome<Made> {
        let is_over = AtomicBool::new(false);
        let from = self.next;
        let (made, writer) = std::thread::scope(|scope| {
            let writer = scope.spawn(|| -> Outcome<(u64, Duration)> {
                let (mut number, mut longest) = (from, Duration::ZERO);
                while !is_over.load(Memory::Acquire) {
                    let begin = sync::monotonic();
                    self.trades.insert(&rows::row(number).into())?;
                    longest = longest.max(sync::monotonic().saturating_sub(begin));
                    number += 1;
                    sync::sleep(Duration::from_micros(200));
                }
                Ok((number, longest))
            });
            let begin = sync::monotonic();
            let view = self.database.create_view(&by_user_and_day());
            let took = sync::monotonic().saturating_sub(begin);
            is_over.store(true, Memory::Release);
            let writer = writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (view.map(|view| (view, took)), writer)
        });
        let ((view, took), (next, longest)) = (made?, writer?);
        self.next = next;
        sound(&self.database, &view)?;
        self.database.drop_view("performance")?;
        Ok(Made { took, longest_wait: Some(longest) })
    }

    fn check(&mut self) -> Outcome<()> {
        self.views.iter().try_for_each(|(view, _)| sound(&self.database, view))
    }
}

fn sound(database: &Database, view: &View) -> Outcome<()> {
    match database.check_view(view)?.findings.first() {
        None => Ok(()),
        Some(finding) => Err(format!("Bourse: {finding}").into()),
    }
}
