//! Messages whose effects can be counted: each says of which key it is and which number it has
//! there, and its effect is a row at the next place of its key. So an effect that is lost, doubled
//! or out of order shows as a place whose number is another one.

use std::time::Duration;

use bourse::{
    Database, Leased, Message, Order, OwnedRow, Queue, QueueDefinition, QueueKeyType, Range,
    Result, Table, TableDefinition, Transaction, Type, Value, ValueRef,
};
use bourse_storage::Error;
use bourse_storage::sync::sim::Random;

const SENT: &str = "sent";
const EFFECTS: &str = "effects";
const QUEUE: &str = "work";
/// Keys that messages share; those below zero are of one message each.
const KEYS: u64 = 12;

/// How an effect and its acknowledgement are committed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Commits {
    /// In one transaction, as they should be.
    Together,
    /// In one each, so that a lost lease or a kill in between doubles the effect.
    Apart,
}

/// The queue, how many messages were put in for each key, and the effects.
#[derive(Clone)]
pub struct Work {
    store: Database,
    queue: Queue,
    sent: Table,
    effects: Table,
}

/// What a check has counted.
#[derive(Clone, Copy, Default, Debug)]
pub struct Counted {
    /// Effects.
    pub effects: u64,
    /// Those of messages that had been leased before.
    pub again: u64,
}

fn integer(row: &OwnedRow, column: usize) -> i64 {
    match row.get(column) {
        ValueRef::Integer(value) => value,
        _ => 0,
    }
}

/// Key and number of a message.
fn said(leased: &Leased) -> Result<[i64; 2]> {
    let text = String::from_utf8_lossy(leased.payload());
    let mut numbers = text.split(' ').map_while(|number| number.parse().ok());
    match (numbers.next(), numbers.next()) {
        (Some(key), Some(number)) => Ok([key, number]),
        _ => Err(Error::corrupt(format!("a message says {text:?}"))),
    }
}

fn table(store: &Database, name: &str, columns: &[&str], key: &[&str]) -> Result<Table> {
    if let Ok(table) = store.table(name) {
        return Ok(table);
    }
    let mut definition = TableDefinition::builder(name);
    for column in columns {
        definition = definition.column(*column, Type::BigInt).not_null();
    }
    let definition = definition.primary_key(key.iter().copied()).shard_key(["key"]);
    store.create_table(&definition.build()?)
}

impl Work {
    /// Finds the tables and the queue, or makes them.
    ///
    /// # Errors
    /// The store's.
    pub fn open(store: &Database) -> Result<Work> {
        let definition = QueueDefinition {
            key_type: QueueKeyType::BigInt,
            attempts_max: 0,
            backoff_first: Duration::from_millis(5),
            backoff_max: Duration::from_millis(20),
            ..QueueDefinition::new(QUEUE)
        };
        let queue = match store.queue(QUEUE) {
            Ok(queue) => queue,
            Err(_) => store.create_queue(&definition)?,
        };
        let sent = table(store, SENT, &["key", "number"], &["key"])?;
        let columns = ["key", "place", "number", "token", "attempt"];
        let effects = table(store, EFFECTS, &columns, &["key", "place"])?;
        Ok(Work { store: store.clone(), queue, sent, effects })
    }

    /// Puts one message in: of a key that others have too, or of none.
    ///
    /// # Errors
    /// The store's.
    pub fn produce(&self, random: &mut Random) -> Result<()> {
        let has_key = !random.one_in(5);
        let key = match has_key {
            true => random.below(KEYS).cast_signed(),
            false => -1 - (random.next_u64() >> 2).cast_signed(),
        };
        self.store.transaction(|t| {
            let number = t.get(&self.sent, &[key.into()])?.map_or(0, |row| integer(&row, 1)) + 1;
            t.upsert(&self.sent, vec![key.into(), number.into()])?;
            let message = Message::new(format!("{key} {number}"));
            let message = if has_key { message.key(key) } else { message };
            self.queue.enqueue(t, &message).map(drop)
        })
    }

    /// Leases messages for so long, and deals with each: most have their effect, some at once and
    /// some when the lease is over; others are given back, or left.
    ///
    /// # Errors
    /// The store's.
    pub fn consume(&self, random: &mut Random, timeout: Duration, commits: Commits) -> Result<()> {
        let max = 1 + random.index(3);
        for leased in self.queue.lease_waiting(max, timeout, timeout)? {
            let done = match random.below(12) {
                0 => {
                    bourse_storage::sync::sleep(timeout * 3 / 2);
                    self.deal_with(&leased, commits)
                }
                1 => self.queue.reject_alone(&leased, "not now").map(drop),
                2 => continue,
                _ => self.deal_with(&leased, commits),
            };
            match done {
                // Another consumer has it.
                Err(error) if error.sqlstate() == "55000" => {}
                done => done?,
            }
        }
        Ok(())
    }

    fn deal_with(&self, leased: &Leased, commits: Commits) -> Result<()> {
        match commits {
            Commits::Together => self.store.transaction(|t| {
                self.effect(t, leased)?;
                self.queue.acknowledge(t, leased)
            }),
            Commits::Apart => {
                self.store.transaction(|t| self.effect(t, leased))?;
                self.queue.acknowledge_alone(leased)
            }
        }
    }

    fn effect(&self, t: &mut Transaction<'_>, leased: &Leased) -> Result<()> {
        let [key, number] = said(leased)?;
        let of_key = Range::prefix([key.into()]);
        let last = t.scan(&self.effects, &of_key, Order::Descending)?.next().transpose()?;
        let place = last.map_or(0, |row| integer(&row, 1)) + 1;
        let (token, attempt) = (leased.token().cast_signed(), i64::from(leased.attempt()));
        let row = [key, place, number, token, attempt].map(Value::Integer).to_vec();
        t.insert(&self.effects, row).map(drop)
    }

    /// Deals with all that is in the queue.
    ///
    /// # Errors
    /// The store's.
    pub fn drain(&self) -> Result<()> {
        let second = Duration::from_secs(1);
        while self.queue.metrics()?.depth > 0 {
            for leased in self.queue.lease_waiting(200, second * 30, second)? {
                self.deal_with(&leased, Commits::Together)?;
            }
        }
        Ok(())
    }

    /// Compares the effects with what was put in, once the queue is empty.
    ///
    /// # Errors
    /// `Corrupt` for the first key with an effect that is lost, doubled or out of order; the
    /// store's.
    pub fn check(&self) -> Result<Counted> {
        let cut = self.store.cut();
        let mut counted = Counted::default();
        for row in cut.scan(&self.sent, &Range::all(), Order::Ascending)? {
            let row = row?;
            let (key, sent) = (integer(&row, 0), integer(&row, 1));
            let (mut numbers, mut token) = (Vec::new(), 0);
            let of_key = Range::prefix([key.into()]);
            for effect in cut.scan(&self.effects, &of_key, Order::Ascending)? {
                let effect = effect?;
                if integer(&effect, 3) <= token {
                    let text = format!("key {key}: token {token} is before {effect:?}");
                    return Err(Error::corrupt(text));
                }
                token = integer(&effect, 3);
                numbers.push(integer(&effect, 2));
                counted.again += u64::from(integer(&effect, 4) > 1);
            }
            if !numbers.iter().copied().eq(1..=sent) {
                let text = format!("key {key}: {sent} were put in, the effects are {numbers:?}");
                return Err(Error::corrupt(text));
            }
            counted.effects += sent.unsigned_abs();
        }
        match cut.count(&self.effects)? == counted.effects {
            true => Ok(counted),
            false => Err(Error::corrupt("there are effects of messages that were not put in")),
        }
    }
}
