//! Leasing: which messages, from which shards.
//!
//! Every shard has its own messages and its own index of those that can be leased, and is leased
//! from by a transaction of that shard alone. Which shards to ask is seen in the newest Cut,
//! without any mutex: what was seen may be gone a moment later, and then that shard gives less. A
//! lease from several shards waits for the disk once.
//!
//! The obvious design, one list of messages for all, has one place that every producer and every
//! consumer changes, and a scan that passes over all that is leased (Q5).

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bourse_storage::{Error, Result};

use super::definition::{LEASED, READY, WAITING};
use super::message::{at, integer};
use super::{Leased, Queue, nanos};
use crate::catalog::TableInfo;
use crate::datetime::wall_clock_ns;
use crate::range::Range;
use crate::read;
use crate::reading::Cut;
use crate::scan::Order;
use crate::snapshot::Snapshot;
use crate::transaction::Transaction;
use crate::transaction::run;
use crate::value::{Value, ValueRef};

/// Messages that one call leases at most: they come with their payloads.
const LEASED_MAX: usize = 1_024;
/// How often a call looks again when others were faster, or what it found is no head or dead.
const ROUNDS: usize = 64;
/// Idempotency keys that one lease forgets whose time is over.
const FORGOTTEN_AT_ONCE: usize = 32;
/// The index of messages that can be leased.
const HEADS: &str = "heads";

/// A message that can be leased.
struct Candidate {
    priority: i64,
    key: Value,
    sequence: i64,
}

impl Queue {
    /// Leases up to `max` messages for `timeout`: nobody else is given them before that is over.
    /// Of those that can be leased the ones with the highest priority come first, in the order in
    /// which they became due. A message whose attempts are used up goes to the dead letters
    /// instead.
    ///
    /// Returns without waiting, with fewer messages or none when there are no more.
    ///
    /// # Errors
    /// Whatever ends a transaction. Messages that were leased before that are leased again when
    /// their time is over.
    pub fn lease(&self, max: usize, timeout: Duration) -> Result<Vec<Leased>> {
        let max = max.min(LEASED_MAX);
        let mut all = Vec::new();
        for _ in 0..ROUNDS {
            let quotas = self.quotas(&self.store.cut(), wall_clock_ns(), max - all.len())?;
            if quotas.is_empty() {
                break;
            }
            all.append(&mut self.lease_from(&quotas, timeout)?);
            if all.len() >= max {
                break;
            }
        }
        self.inner.counts.leased.fetch_add(all.len() as u64, Ordering::Relaxed);
        Ok(all)
    }

    /// How many messages of which shards are the most urgent ones.
    pub(super) fn quotas(&self, cut: &Cut, now: i64, max: usize) -> Result<Vec<(u16, usize)>> {
        let info = Arc::clone(cut.catalog().table_of(&self.inner.messages)?);
        let shards = self.store.shards();
        // Consumers begin at different shards, so that they do not all ask the same one.
        let turn = self.inner.rotation.fetch_add(1, Ordering::Relaxed);
        let first = usize::try_from(turn % shards as u64).unwrap_or(0);
        let mut urgent: Vec<(i64, u16)> = Vec::new();
        for number in 0..shards {
            let shard = u16::try_from((first + number) % shards).unwrap_or(u16::MAX);
            let found = candidates(cut, &info, shard, now, max)?;
            urgent.extend(found.iter().map(|candidate| (candidate.priority, shard)));
        }
        urgent.sort_by_key(|(priority, _)| std::cmp::Reverse(*priority));
        let mut quotas: Vec<(u16, usize)> = Vec::new();
        for (_, shard) in urgent.into_iter().take(max) {
            match quotas.iter_mut().find(|(number, _)| *number == shard) {
                Some((_, quota)) => *quota += 1,
                None => quotas.push((shard, 1)),
            }
        }
        Ok(quotas)
    }

    /// Leases from several shards, waiting for the disk once.
    fn lease_from(&self, quotas: &[(u16, usize)], timeout: Duration) -> Result<Vec<Leased>> {
        let core = self.store.core();
        let mut ended = Vec::with_capacity(quotas.len());
        for (shard, quota) in quotas {
            let take = |t: &mut Transaction<'_>| self.take(t, *shard, *quota, timeout);
            ended.push(run::apply_on_shards(core, vec![*shard], take, None)?);
        }
        let mut leased = Vec::new();
        for ended in ended {
            leased.append(&mut ended.settle(core)?);
        }
        Ok(leased)
    }

    /// Leases from one shard, in a transaction of that shard.
    fn take(
        &self,
        t: &mut Transaction<'_>,
        shard: u16,
        quota: usize,
        timeout: Duration,
    ) -> Result<Vec<Leased>> {
        let now = t.now();
        let mut leased = Vec::new();
        // What is no head, or dead, is not made up for here: another shard may have what is more
        // urgent than the next one.
        let info = t.info(&self.inner.messages)?;
        for candidate in candidates(t, &info, shard, now, quota)? {
            leased.extend(self.take_one(t, &candidate, timeout)?);
        }
        self.forget_expired(t, shard, now)?;
        Ok(leased)
    }

    fn take_one(
        &self,
        t: &mut Transaction<'_>,
        candidate: &Candidate,
        timeout: Duration,
    ) -> Result<Option<Leased>> {
        let Candidate { key, sequence, .. } = candidate;
        let messages = &self.inner.messages;
        let place = [key.clone(), (*sequence).into()];
        let Some(row) = self.first_of_key(t, key)? else {
            return Err(Error::corrupt(format!("queue {}: an entry has no message", self.name())));
        };
        if integer(&row, at::SEQUENCE)? != *sequence {
            t.change_row(messages, &place, &[("state", WAITING.into())])?; // Q2, Q4
            return Ok(None);
        }
        let maximum = self.inner.definition.attempts_max;
        if maximum > 0 && integer(&row, at::ATTEMPTS)? >= i64::from(maximum) {
            self.bury(t, &row, &Queue::reason(&row)?)?;
            return Ok(None);
        }
        let token = t.draw_number(messages, key)?; // Q3
        let until = t.now().saturating_add(nanos(timeout).max(1));
        let leased = Queue::leased(&row, token, until)?;
        let changes = [
            ("state", LEASED.into()),
            ("due", Value::Timestamp(until)),
            ("attempts", Value::Integer(i64::from(leased.attempt))),
            ("token", Value::Integer(token.cast_signed())),
        ];
        t.change_row(messages, &place, &changes)?;
        Ok(Some(leased))
    }

    /// Deletes idempotency keys whose time is over, a few at a time.
    fn forget_expired(&self, t: &mut Transaction<'_>, shard: u16, now: i64) -> Result<()> {
        let info = t.info(&self.inner.once)?;
        let range = Range::all().to(Value::Timestamp(now));
        let mut expired = Vec::new();
        let mut entries =
            read::entries_of_shards(t, &info, "by_expiry", &range, Order::Ascending, &[shard])?;
        while expired.len() < FORGOTTEN_AT_ONCE
            && let Some(place) =
                entries.next_with(|entry| Ok::<_, Error>([entry.get(0)?, entry.get(1)?]))?
        {
            expired.push(place?);
        }
        drop(entries);
        expired.iter().try_for_each(|place| t.remove_row(&self.inner.once, place).map(drop))
    }
}

/// The messages of a shard that can be leased now, the most urgent ones first.
fn candidates<V: Snapshot>(
    snapshot: &V,
    info: &Arc<TableInfo>,
    shard: u16,
    now: i64,
    max: usize,
) -> Result<Vec<Candidate>> {
    let mut found = Vec::new();
    for state in [LEASED, READY] {
        let mut of_state = 0;
        each_priority(snapshot, info, shard, state, |priority| {
            let range = Range::prefix([state.into(), priority.into()]).to(Value::Timestamp(now));
            let order = Order::Ascending;
            let mut entries =
                read::entries_of_shards(snapshot, info, HEADS, &range, order, &[shard])?;
            while of_state < max
                && let Some(place) =
                    entries.next_with(|entry| Ok::<_, Error>((entry.get(0)?, entry.get(1)?)))?
            {
                let (key, sequence) = place?;
                let Value::Integer(sequence) = sequence else {
                    return Err(Error::corrupt("the sequence of a message is no integer"));
                };
                found.push(Candidate { priority, key, sequence });
                of_state += 1;
            }
            Ok(of_state < max)
        })?;
    }
    found.sort_by_key(|candidate| std::cmp::Reverse(candidate.priority));
    found.truncate(max);
    Ok(found)
}

/// Shows `body` each priority that messages of a state have, from the highest on, until it returns
/// false. One seek each, however many messages there are.
fn each_priority<V: Snapshot>(
    snapshot: &V,
    info: &Arc<TableInfo>,
    shard: u16,
    state: i64,
    mut body: impl FnMut(i64) -> Result<bool>,
) -> Result<()> {
    let mut range = Range::prefix([state.into()]);
    loop {
        let mut entries =
            read::entries_of_shards(snapshot, info, HEADS, &range, Order::Ascending, &[shard])?;
        let Some(priority) = entries.next_with(|entry| entry.get(at::PRIORITY))? else {
            return Ok(());
        };
        let Value::Integer(priority) = priority? else {
            return Err(Error::corrupt("the priority of a message is no integer"));
        };
        if !body(priority)? {
            return Ok(());
        }
        range = Range::prefix([state.into()]).before(priority);
    }
}

/// The earliest moment after `now` at which a message of the shard can be leased.
pub(super) fn next_due<V: Snapshot>(
    snapshot: &V,
    info: &Arc<TableInfo>,
    shard: u16,
    now: i64,
) -> Result<Option<i64>> {
    let mut earliest: Option<i64> = None;
    for state in [LEASED, READY] {
        each_priority(snapshot, info, shard, state, |priority| {
            let range = Range::prefix([state.into(), priority.into()]).after(Value::Timestamp(now));
            let order = Order::Ascending;
            let mut entries =
                read::entries_of_shards(snapshot, info, HEADS, &range, order, &[shard])?;
            if let Some(due) = entries.next_with(|entry| entry.get(at::DUE))?
                && let ValueRef::Timestamp(due) = due?.as_value()
            {
                earliest = Some(earliest.map_or(due, |earliest| earliest.min(due)));
            }
            Ok(true)
        })?;
    }
    Ok(earliest)
}
