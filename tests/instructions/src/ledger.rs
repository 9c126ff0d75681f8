//! A table with a view of one group, the same table without it, and what the operations do there.

use std::hint::black_box;
use std::path::Path;

use bourse::expression::column;
use bourse::view::AggregateFunction;
use bourse::{Database, Options, Result, Table, TypedTable, Value, View, ViewDefinition};

use super::desk::{Desk, missing};

/// A row that a view groups.
#[derive(Table, Clone)]
#[table(name = "fills", primary_key(number), shard_key(venue))]
struct Fill {
    number: i64,
    venue: String,
    price: f64,
}

/// A row that no view knows.
#[derive(Table, Clone)]
#[table(name = "quotes", primary_key(number), shard_key(venue))]
struct Quote {
    number: i64,
    venue: String,
    price: f64,
}

/// The one group.
const VENUE: &str = "XNYS";

/// A store with a view.
pub(crate) struct Ledger {
    store: Database,
    fills: TypedTable<Fill>,
    quotes: TypedTable<Quote>,
    by_venue: View,
}

fn price(number: u64) -> f64 {
    100.0 + (number % 997) as f64 / 100.0
}

#[expect(clippy::cast_possible_wrap, reason = "numbers here are small")]
fn signed(number: u64) -> i64 {
    number as i64
}

impl Ledger {
    /// Makes the store in an empty folder.
    pub(crate) fn open(folder: &Path, options: Options) -> Result<Ledger> {
        let store = Database::open(folder, options)?;
        let (fills, quotes) = (store.create()?, store.create()?);
        let by_venue = ViewDefinition::builder("by_venue", "fills")
            .group("venue", column("venue"))
            .aggregate("fills", AggregateFunction::CountRows)
            .aggregate("total", AggregateFunction::Sum(column("price")))
            .aggregate("mean", AggregateFunction::Average(column("price")));
        Ok(Ledger { by_venue: store.create_view(&by_venue)?, fills, quotes, store })
    }

    /// Closes it.
    pub(crate) fn close(self) -> Result<()> {
        let Ledger { store, fills, quotes, by_venue } = self;
        drop((fills, quotes, by_venue));
        store.close()
    }
}

/// What the next one is compared with.
pub(crate) fn insert_without_view(desk: &Desk, number: u64) -> Result<()> {
    let venue = VENUE.to_owned();
    let quote = Quote { number: signed(number), venue, price: price(number) };
    black_box(desk.ledger.quotes.insert(&quote)?);
    Ok(())
}

/// The upkeep of a row in a hot group: the difference to the former.
pub(crate) fn insert_with_view(desk: &Desk, number: u64) -> Result<()> {
    let venue = VENUE.to_owned();
    let fill = Fill { number: signed(number), venue, price: price(number) };
    black_box(desk.ledger.fills.insert(&fill)?);
    Ok(())
}

/// A group with a count, a sum and an average.
pub(crate) fn read_group(desk: &Desk, _number: u64) -> Result<()> {
    let Ledger { store, by_venue, .. } = &desk.ledger;
    let group = store.group(by_venue, &[Value::from(VENUE)])?.ok_or_else(|| missing("group"))?;
    black_box(group.values());
    Ok(())
}
