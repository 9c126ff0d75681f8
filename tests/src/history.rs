//! What the clients did in a boot, and what of it must be there afterwards.
//!
//! Lives outside the worlds: a crash ends the clients, not this. It is told of a transaction when
//! its closure ends (all that it read and wrote) and when its outcome is known. Time is a count of
//! such events.

#![expect(
    clippy::disallowed_types,
    reason = "the history is outside the world: no switch of threads inside its calls"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::Violation;
use crate::rows::{Image, Kind, RowKey};
use crate::serial;

/// What a read found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Seen {
    /// A row of this version; 0 where none was written yet.
    Version(i64),
    /// No row, where there had been one.
    Gone,
}

/// What one run of a transaction read and wrote: version and image, none for a deletion.
#[derive(Clone, Default, Debug)]
pub(crate) struct Attempt {
    pub(crate) reads: Vec<(RowKey, Seen)>,
    pub(crate) writes: Vec<(RowKey, i64, Option<Image>)>,
}

/// A transaction or read of this boot.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) client: i64,
    /// The number that its rows carry; `None` for what only read.
    pub(crate) seq: Option<i64>,
    pub(crate) began: u64,
    /// When its outcome was known to be good; `None` when it was never known.
    pub(crate) ended: Option<u64>,
    pub(crate) attempt: Attempt,
}

/// Rows by key: version and image; none where deleted.
pub(crate) type State = BTreeMap<RowKey, (i64, Option<Image>)>;

#[derive(Default)]
struct Book {
    tick: u64,
    /// The rows when the boot began.
    base: State,
    events: Vec<Event>,
    /// What is under way, by client.
    open: BTreeMap<i64, Event>,
    last_seq: BTreeMap<i64, i64>,
    /// Newest acknowledged version of the rows that were written since the last comparison.
    acknowledged: BTreeMap<RowKey, i64>,
    /// Rows with generated ids whose insertion was acknowledged.
    trades: Vec<RowKey>,
    violation: Option<Violation>,
    operations: u64,
    /// What is known of the definitions.
    facts: BTreeMap<String, bool>,
}

impl Book {
    fn is_news(&self, key: &RowKey, seen: Seen) -> bool {
        let Seen::Version(seen) = seen else { return false };
        let known = self.acknowledged.get(key).copied();
        let base = self.base.get(key).map_or(0, |(version, _)| *version);
        seen > known.unwrap_or(0).max(base)
    }
}

/// The history of a store; clones are the same one.
#[derive(Clone, Default)]
pub struct History(Arc<Mutex<Book>>);

/// How the last boot ended, as far as durability goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kept {
    /// All that was acknowledged is there.
    Acknowledged,
    /// A crash of an Async store: a prefix is there.
    Prefix,
}

impl History {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A client begins something. Returns the number of the transaction, should it write.
    pub(crate) fn begin(&self, client: i64) -> i64 {
        let mut book = self.book();
        book.tick += 1;
        let seq = book.last_seq.get(&client).copied().unwrap_or(0) + 1;
        let began = book.tick;
        let attempt = Attempt::default();
        book.open.insert(client, Event { client, seq: None, began, ended: None, attempt });
        seq
    }

    /// A run of the client's closure ended; what earlier runs did does not count.
    pub(crate) fn note(&self, client: i64, seq: i64, attempt: &Attempt) {
        if let Some(event) = self.book().open.get_mut(&client) {
            event.seq = (!attempt.writes.is_empty()).then_some(seq);
            event.attempt = attempt.clone();
        }
    }

    /// What the client began was acknowledged. Returns whether it read what another client has
    /// written and was not told the end of.
    pub(crate) fn acknowledge(&self, client: i64) -> bool {
        let mut book = self.book();
        book.tick += 1;
        book.operations += 1;
        let Some(mut event) = book.open.remove(&client) else { return false };
        let news = event.attempt.reads.iter().any(|(key, seen)| book.is_news(key, *seen));
        for (key, version, _) in &event.attempt.writes {
            let newest = book.acknowledged.entry(*key).or_insert(0);
            *newest = (*newest).max(*version);
        }
        event.ended = Some(book.tick);
        if let Some(seq) = event.seq {
            book.last_seq.insert(client, seq);
        }
        for (key, version, image) in &event.attempt.writes {
            if key.kind == Kind::Trade && *version == 1 && image.is_some() {
                book.trades.push(*key);
            }
        }
        book.events.push(event);
        news
    }

    /// What the client began did nothing. What its last run read was given out all the same.
    pub(crate) fn abort(&self, client: i64) {
        let mut book = self.book();
        book.tick += 1;
        book.operations += 1;
        let Some(mut event) = book.open.remove(&client) else { return };
        (event.seq, event.ended) = (None, Some(book.tick));
        event.attempt.writes.clear();
        book.events.push(event);
    }

    /// What the client began does not count at all, and nothing of it was given out.
    pub(crate) fn forget(&self, client: i64) {
        self.book().open.remove(&client);
    }

    /// Counts an operation that is no transaction.
    pub(crate) fn count_operation(&self) {
        self.book().operations += 1;
    }

    /// Operations whose outcome was known.
    pub fn operations(&self) -> u64 {
        self.book().operations
    }

    /// An acknowledged row of the trades: the `number`-th of them, modulo their count.
    pub(crate) fn trade(&self, number: u64) -> Option<RowKey> {
        let book = self.book();
        let count = u64::try_from(book.trades.len()).unwrap_or(0);
        let at = number.checked_rem(count)?;
        book.trades.get(usize::try_from(at).unwrap_or(0)).copied()
    }

    /// What is known of a definition: whether it is there, or that it is not known any more.
    pub(crate) fn decide(&self, fact: &str, there: Option<bool>) {
        let mut book = self.book();
        match there {
            Some(there) => book.facts.insert(fact.to_owned(), there),
            None => book.facts.remove(fact),
        };
    }

    /// Forgets what is known of definitions: an Async store may have lost it.
    pub(crate) fn forget_facts(&self) {
        self.book().facts.clear();
    }

    /// Compares what is known of a definition with what is there.
    ///
    /// # Errors
    /// They differ.
    pub(crate) fn check_fact(&self, fact: &str, there: bool) -> Result<(), Violation> {
        match self.book().facts.get(fact) {
            Some(known) if *known != there => Err(Violation::new(
                "acknowledged is recovered",
                format!("{fact}: should be {known}, is {there}"),
            )),
            _ => Ok(()),
        }
    }

    /// Notes a violation; the first one counts.
    pub(crate) fn violate(&self, violation: Violation) {
        self.book().violation.get_or_insert(violation);
    }

    /// The first violation.
    pub(crate) fn violation(&self) -> Option<Violation> {
        self.book().violation.clone()
    }

    /// The rows that the setup wrote.
    pub(crate) fn set_base(&self, base: State) {
        self.book().base = base;
    }

    /// Compares what is there with what was done since the last comparison, and goes on from there.
    ///
    /// # Errors
    /// The first promise that was not kept.
    pub(crate) fn settle(&self, found: &State, kept: Kept) -> Result<(), Violation> {
        let mut book = self.book();
        let newest = newest_by_client(found);
        let mut events = std::mem::take(&mut book.events);
        events.extend(std::mem::take(&mut book.open).into_values());
        let events = present(events, &newest, kept)?;
        let last = follow(&book.base, &events)?;
        compare(&last, found)?;
        let events = returned(&last, events, kept)?;
        serial::check(&book.base, &events)?;
        for (client, seq) in newest {
            book.last_seq.insert(client, seq);
        }
        let live = |(key, (_, image)): (&RowKey, &(i64, Option<Image>))| {
            (key.kind == Kind::Trade && image.is_some()).then_some(*key)
        };
        book.trades = last.iter().filter_map(live).collect();
        book.base = last;
        book.acknowledged.clear();
        Ok(())
    }
}

/// The newest transaction of each client in the rows.
fn newest_by_client(found: &State) -> BTreeMap<i64, i64> {
    let mut newest = BTreeMap::new();
    for (_, image) in found.values() {
        if let Some(image) = image.filter(|image| image.client > 0) {
            let seq = newest.entry(image.client).or_insert(0);
            *seq = image.seq.max(*seq);
        }
    }
    newest
}

/// The events that happened, as the rows tell.
fn present(
    events: Vec<Event>,
    newest: &BTreeMap<i64, i64>,
    kept: Kept,
) -> Result<Vec<Event>, Violation> {
    let mut there = Vec::new();
    let mut lost: Option<(u64, Event)> = None;
    let mut begun = 0;
    for event in events {
        let Some(seq) = event.seq else {
            if event.ended.is_some() {
                there.push(event);
            }
            continue;
        };
        if seq <= newest.get(&event.client).copied().unwrap_or(0) {
            begun = begun.max(event.began);
            there.push(event);
        } else if let Some(ended) = event.ended {
            if kept == Kept::Acknowledged {
                return Err(Violation::new(
                    "acknowledged is recovered",
                    format!("transaction {seq} of client {} is lost: {event:?}", event.client),
                ));
            }
            if lost.as_ref().is_none_or(|(first, _)| ended < *first) {
                lost = Some((ended, event));
            }
        }
    }
    match lost {
        Some((ended, event)) if ended < begun => Err(Violation::new(
            "prefix of the commit order",
            format!("lost, though a later one is there: {event:?}"),
        )),
        _ => Ok(there),
    }
}

/// The rows after all that happened.
fn follow(base: &State, events: &[Event]) -> Result<State, Violation> {
    let mut chains: BTreeMap<RowKey, BTreeMap<i64, (Option<Image>, &Event)>> = BTreeMap::new();
    for event in events {
        for (key, version, image) in &event.attempt.writes {
            let chain = chains.entry(*key).or_default();
            if let Some((_, other)) = chain.insert(*version, (*image, event)) {
                return Err(Violation::new(
                    "no lost update",
                    format!("{key:?} version {version} was written by {other:?} and {event:?}"),
                ));
            }
        }
    }
    let mut last = base.clone();
    for (key, chain) in chains {
        let (mut before, gone) = match last.get(&key) {
            Some((version, image)) => (*version, image.is_none()),
            None => (0, false),
        };
        for (version, (image, event)) in chain {
            let invariant = match version {
                version if version <= before || gone => "no lost update",
                version if version > before + 1 => "prefix of the commit order",
                _ => {
                    before = version;
                    last.insert(key, (version, image));
                    continue;
                }
            };
            let detail = format!("{key:?} went from version {before} to {version}: {event:?}");
            return Err(Violation::new(invariant, detail));
        }
    }
    Ok(last)
}

fn compare(last: &State, found: &State) -> Result<(), Violation> {
    let keys: BTreeSet<_> = last.keys().chain(found.keys()).collect();
    for key in keys {
        let expected = last.get(key).filter(|(_, image)| image.is_some());
        if expected != found.get(key) {
            return Err(Violation::new(
                "whole or not at all",
                format!("{key:?} should be {expected:?}, found {:?}", found.get(key)),
            ));
        }
    }
    Ok(())
}

/// Leaves out, after a crash of an Async store, reads of what was lost; else there must be none.
fn returned(last: &State, events: Vec<Event>, kept: Kept) -> Result<Vec<Event>, Violation> {
    let mut there = Vec::new();
    for event in events {
        let lost = event.attempt.reads.iter().find(|(key, seen)| match (seen, last.get(key)) {
            (Seen::Version(seen), Some((version, _))) => seen > version,
            (Seen::Version(seen), None) => *seen > 0,
            (Seen::Gone, Some((_, image))) => image.is_some(),
            (Seen::Gone, None) => false,
        });
        match lost {
            None => there.push(event),
            Some(_) if kept == Kept::Prefix && event.seq.is_none() => {}
            Some((key, seen)) => {
                return Err(Violation::new(
                    "returned is recovered",
                    format!("{key:?} was seen as {seen:?}, is {:?}: {event:?}", last.get(key)),
                ));
            }
        }
    }
    Ok(there)
}
