//! What clients do on the leader: transfers, rows that come and go, large transactions, bulk loads,
//! definitions that change.

use std::sync::atomic::{AtomicU64, Ordering};

use bourse::expression::column;
use bourse::view::AggregateFunction as F;
use bourse::{
    Cut, Database, ErrorKind, FeedDefinition, IndexDefinition, LoadOrder, Order, Range, Result,
    TableDefinition, Transaction, Truncate, Type, Value, ValueRef, ViewDefinition,
};
use bourse_storage::sync;
use bourse_storage::sync::sim::Random;

use super::{Boot, Notes};

/// Balances whose sum stays the same.
pub(super) const ACCOUNTS: &str = "accounts";
/// The newest transaction of each client.
pub(super) const MARKS: &str = "marks";
const JOURNAL: &str = "journal";
const SCRATCH: &str = "scratch";
const FEED: &str = "changes";
const COUNT: i64 = 12;
/// Owners of the rows of large transactions.
const LARGE: std::ops::Range<i64> = 100..124;
const BALANCE: i64 = 1_000;

/// Makes the tables, a view of each kind, and a feed.
pub(super) fn set_up(store: &Database) -> Result<()> {
    let accounts = TableDefinition::builder(ACCOUNTS)
        .column("id", Type::BigInt)
        .not_null()
        .column("owner", Type::BigInt)
        .column("balance", Type::BigInt)
        .primary_key(["id"])
        .shard_key(["owner"])
        .index(IndexDefinition::on("by_balance", ["balance"]).global());
    let accounts = store.create_table(&accounts.build()?)?;
    let marks = TableDefinition::builder(MARKS)
        .column("client", Type::BigInt)
        .not_null()
        .column("seq", Type::BigInt)
        .primary_key(["client"]);
    store.create_table(&marks.build()?)?;
    let journal = TableDefinition::builder(JOURNAL)
        .column("id", Type::BigInt)
        .generated_id()
        .column("owner", Type::BigInt)
        .column("note", Type::Text)
        .primary_key(["id"])
        .shard_key(["owner"])
        .index(IndexDefinition::on("by_owner", ["owner"]));
    store.create_table(&journal.build()?)?;
    store.create_view(
        &ViewDefinition::builder("by_owner", JOURNAL)
            .group("owner", column("owner"))
            .aggregate("rows", F::CountRows)
            .aggregate("last", F::Maximum(column("id"))),
    )?;
    store.create_view(
        &ViewDefinition::builder("wealth", ACCOUNTS)
            .group("balance", column("balance"))
            .aggregate("rows", F::CountRows)
            .owned(),
    )?;
    store.create_feed(FEED, &FeedDefinition::of_table(ACCOUNTS))?;
    for id in 0..COUNT {
        store.insert(&accounts, vec![id.into(), (id % 5).into(), BALANCE.into()])?;
    }
    Ok(())
}

/// What all balances are together, where it is not what it should be.
pub(super) fn wrong_sum(cut: &Cut) -> Result<Option<i64>> {
    let table = cut.table(ACCOUNTS)?;
    let mut sum = 0;
    for row in cut.scan(&table, &Range::all(), Order::Any)? {
        if let ValueRef::Integer(balance) = row?.get(2) {
            sum += balance;
        }
    }
    Ok((sum != COUNT * BALANCE).then_some(sum))
}

/// A commit that nobody else makes.
pub(super) fn one(store: &Database) -> Result<()> {
    let table = store.table(JOURNAL)?;
    store.insert(&table, vec![Value::Null, 1.into(), "alone".into()]).map(drop)
}

/// One of the clients.
pub(super) struct Client {
    number: i64,
    store: Database,
    notes: Notes,
    boot: Boot,
    random: Random,
    seq: AtomicU64,
}

impl Client {
    pub(super) fn new(boot: &Boot, number: i64, store: &Database, random: &mut Random) -> Client {
        Client {
            number,
            store: store.clone(),
            notes: boot.notes.clone(),
            boot: boot.clone(),
            random: Random::new(random.next_u64()),
            seq: AtomicU64::new(0),
        }
    }

    /// Works until the budget is used up or the store stops.
    pub(super) fn run(mut self) {
        for _ in 0..self.boot.budget {
            if self.notes.is_violated() {
                return;
            }
            if self.random.one_in(6) {
                sync::sleep(std::time::Duration::from_micros(self.random.below(20_000)));
            }
            match self.operation() {
                Ok(()) => self.notes.with(|promised| promised.counts.commits += 1),
                Err(error) if error.kind() == ErrorKind::Conflict => {}
                // Somebody else has changed the definitions meanwhile.
                Err(error) if is_of_definitions(error.sqlstate()) => {}
                Err(error) if self.boot.excuses(&error) => return,
                Err(error) => {
                    let invariant = "recovery succeeds, no needless error";
                    self.notes.violate(invariant, format!("client: {error:?}"));
                    return;
                }
            }
        }
    }

    fn mark(&self, transaction: &mut Transaction<'_>) -> Result<()> {
        let table = self.store.table(MARKS)?;
        let seq = self.seq.fetch_add(1, Ordering::Relaxed).cast_signed();
        transaction.upsert(&table, vec![self.number.into(), seq.into()]).map(drop)
    }

    fn operation(&mut self) -> Result<()> {
        match self.random.below(20) {
            0 => self.large(),
            1 => self.load(),
            2 => self.define(),
            3 => self.store.checkpoint(),
            4 => self.move_feed(),
            5..=9 => self.journal(),
            _ => self.transfer(),
        }
    }

    fn transfer(&mut self) -> Result<()> {
        let (from, to) = (self.account(), self.account());
        let amount = self.random.below(20).cast_signed();
        let table = self.store.table(ACCOUNTS)?;
        self.store.transaction(|transaction| {
            self.mark(transaction)?;
            for (id, change) in [(from, -amount), (to, amount)] {
                let row = transaction.get(&table, &[id.into()])?;
                let Some(ValueRef::Integer(balance)) = row.as_ref().map(|row| row.get(2)) else {
                    continue;
                };
                let balance = Value::from(balance + change);
                transaction.update(&table, &[id.into()], &[("balance", balance)])?;
            }
            Ok(())
        })
    }

    fn account(&mut self) -> i64 {
        self.random.below(COUNT.unsigned_abs()).cast_signed()
    }

    fn journal(&mut self) -> Result<()> {
        let table = self.store.table(JOURNAL)?;
        let owner = self.random.below(9).cast_signed();
        let length = if self.random.one_in(8) { 9_000 } else { 40 };
        let note = "n".repeat(length);
        let goes = self.random.one_in(3);
        self.store.shard_transaction(&table, &[owner.into()], |transaction| {
            self.mark(transaction)?;
            transaction.insert(&table, vec![Value::Null, owner.into(), note.as_str().into()])?;
            if goes {
                let range = Range::prefix([Value::from(owner)]);
                let rows = transaction
                    .scan_index(&table, "by_owner", &range, Order::Ascending)?
                    .fetch(3)?;
                for row in rows {
                    transaction.delete(&table, &[row.get(0).to_value()])?;
                }
            }
            Ok(())
        })
    }

    /// More than fits into one record: logged ahead in pieces. It replaces what the last one left.
    fn large(&mut self) -> Result<()> {
        let table = self.store.table(JOURNAL)?;
        let note = "l".repeat(50_000);
        self.store.transaction(|transaction| {
            self.mark(transaction)?;
            for owner in LARGE {
                let range = Range::prefix([Value::from(owner)]);
                let rows = transaction
                    .scan_index(&table, "by_owner", &range, Order::Ascending)?
                    .fetch(10)?;
                for row in rows {
                    transaction.delete(&table, &[row.get(0).to_value()])?;
                }
                let row = vec![Value::Null, owner.into(), note.as_str().into()];
                transaction.insert(&table, row)?;
            }
            Ok(())
        })
    }

    /// A table that is filled at once, or is not: then its pieces are in the log in vain.
    fn load(&mut self) -> Result<()> {
        let table = match self.store.table(SCRATCH) {
            Ok(table) => table,
            Err(_) => {
                let definition = TableDefinition::builder(SCRATCH)
                    .column("id", Type::BigInt)
                    .not_null()
                    .column("part", Type::BigInt)
                    .column("text", Type::Text)
                    .primary_key(["id"])
                    .index(IndexDefinition::on("by_part", ["part"]).global());
                self.store.create_table(&definition.build()?)?
            }
        };
        if self.random.one_in(2) {
            self.store.truncate(&Truncate::of([SCRATCH]))?;
        }
        let (fails, text) = (self.random.one_in(3), "t".repeat(4_000));
        let rows = (0..600_i64).map(|id| {
            if id % 100 == 0 {
                sync::sleep(std::time::Duration::from_micros(300));
            }
            if fails && id == 550 {
                return Err(bourse::Error::new(ErrorKind::Conflict, "changed my mind"));
            }
            Ok(vec![id.into(), (id % 9).into(), text.as_str().into()])
        });
        self.store.bulk_load(&table, LoadOrder::Sorted, rows).map(drop)
    }

    fn define(&mut self) -> Result<()> {
        match self.random.below(3) {
            0 => self
                .store
                .create_index(JOURNAL, IndexDefinition::on("by_owner_and_id", ["owner", "id"])),
            1 => self.store.drop_index(JOURNAL, "by_owner_and_id"),
            _ => self.store.drop_table(SCRATCH),
        }
    }

    fn move_feed(&mut self) -> Result<()> {
        let mut subscription = self.store.subscribe(FEED)?;
        let mut last = None;
        while let Some(changes) = subscription.try_next()? {
            last = Some(changes.position());
        }
        last.map_or(Ok(()), |last| subscription.acknowledge(last))
    }
}

/// No such object, or one that is there already, or is being changed.
fn is_of_definitions(sqlstate: &str) -> bool {
    ["42P01", "42704", "42P07", "42710", "55000", "55006", "2BP01"].contains(&sqlstate)
}
