//! Those who write on whoever leads, and read on anybody.
//!
//! Each key has one writer, which writes versions that only grow. A write is acknowledged when the
//! store that took it shows it, as a session is answered then. What is shown by anybody counts as
//! acknowledged: it was read.

use std::collections::BTreeMap;
use std::time::Duration;

use bourse::{Database, ErrorKind};
use bourse_server::replication::simulation::SimulatedMember;
use tokio::time::sleep;

use super::node::{rows, version};
use super::world::World;
use super::{CLIENTS, KEYS, MEMBERS, Rows, TABLE, failed, row};
use crate::Violation;

/// How long a client waits for its answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a reader waits until a member shows what the group has.
const SHOWN_WITHIN: Duration = Duration::from_millis(500);

/// Bytes of a row that is logged in pieces.
const LONG: usize = 30_000;

/// What is known of a key.
#[derive(Default)]
pub(super) struct Written {
    /// The newest version that was tried.
    pub(super) tried: i64,
    /// The newest version that somebody was told of.
    pub(super) told: i64,
    /// Writes that were acknowledged to their client.
    pub(super) acknowledged: u64,
}

/// All keys.
pub(super) fn keys() -> impl Iterator<Item = i64> {
    (0..CLIENTS * KEYS).map(u64::cast_signed)
}

/// What became of a write.
enum Outcome {
    Acknowledged,
    Waits,
    Unknown,
}

/// Writes one version to some keys of a client, in one transaction.
fn put(store: &Database, keys: &[i64], version: i64, note_bytes: usize) -> bourse::Result<()> {
    let table = store.table(TABLE)?;
    store.transaction(|transaction| {
        for key in keys {
            transaction.upsert(&table, row(*key, version, note_bytes))?;
        }
        Ok(())
    })
}

impl World {
    pub(super) fn acknowledged_by_client(&self) -> Vec<u64> {
        let state = self.lock();
        let of = |client: u64| {
            let keys = (client * KEYS..(client + 1) * KEYS).map(u64::cast_signed);
            keys.map(|key| state.written[&key].acknowledged).sum()
        };
        (0..CLIENTS).map(of).collect()
    }

    /// A client, until the world is over.
    pub(super) async fn write(self, client: u64) {
        let turns = self.simulation.turns.clone();
        let mut next_version = 0;
        while !self.lock().is_ending() {
            sleep(turns.time(Duration::from_millis(40))).await;
            let Some(leader) = self.someone(|member| member.leads_in().is_some()) else { continue };
            next_version += 1;
            let first = (client * KEYS + turns.below(KEYS)).cast_signed();
            let keys = match turns.below(4) {
                // In other shards, of which each has a part of it.
                0 => (0..KEYS).map(|key| (client * KEYS + key).cast_signed()).collect(),
                _ => vec![first],
            };
            let note_bytes = if turns.one_in(40) { LONG } else { 0 };
            self.write_on(leader, &keys, next_version, note_bytes).await;
        }
    }

    async fn write_on(&self, leader: u64, keys: &[i64], version: i64, note_bytes: usize) {
        let (boot, term, outcome) = {
            let mut state = self.lock();
            for key in keys {
                state.written.entry(*key).or_default().tried = version;
            }
            state.counts.writes += 1;
            let node = state.node(leader);
            let Some(member) = &node.running else { return };
            let term = member.leads_in();
            let done = put(member.database(), keys, version, note_bytes);
            (node.boot, term, outcome(member, done))
        };
        let known = match outcome {
            Ok(Outcome::Acknowledged) => true,
            Ok(Outcome::Waits) => {
                let is_shown = || self.shows(leader, boot, (keys[0], version));
                self.wait_for(PATIENCE, is_shown).await == Some(true)
            }
            Ok(Outcome::Unknown) => false,
            Err(violation) => return self.fail(violation),
        };
        let mut state = self.lock();
        if !known {
            state.counts.unknown += 1;
            return;
        }
        state.counts.acknowledged += 1;
        for key in keys {
            let written = state.written.entry(*key).or_default();
            written.told = written.told.max(version);
            written.acknowledged += 1;
        }
        drop(state);
        if let Some(term) = term {
            self.note_leader(term, leader);
        }
    }

    /// Waits until something is known. Returns it, or nothing where the time is over.
    async fn wait_for<T>(&self, limit: Duration, known: impl Fn() -> Option<T>) -> Option<T> {
        let begun = tokio::time::Instant::now();
        loop {
            if let Some(known) = known() {
                return Some(known);
            }
            if begun.elapsed() >= limit {
                return None;
            }
            sleep(Duration::from_millis(3)).await;
        }
    }

    /// Whether a write is shown where it was done, or never will be, as far as can be told there.
    fn shows(&self, id: u64, boot: u64, (key, wanted): (i64, i64)) -> Option<bool> {
        let state = self.lock();
        let node = state.node(id);
        let member = node.running.as_ref().filter(|_| node.boot == boot);
        let Some(member) = member.filter(|member| !member.member().is_stopped()) else {
            return Some(false);
        };
        let found = version(member.database(), key).ok().flatten()?;
        (member.member().is_settled() && found == wanted).then_some(true)
    }

    /// Somebody of whom something is so, chosen by lot.
    pub(super) fn someone(&self, is_so: impl Fn(&SimulatedMember) -> bool) -> Option<u64> {
        let state = self.lock();
        let is_so = |id: &u64| state.node(*id).running.as_ref().is_some_and(&is_so);
        let all: Vec<u64> = MEMBERS.into_iter().filter(is_so).collect();
        let count = all.len() as u64;
        (count > 0).then(|| all[usize::try_from(self.simulation.turns.below(count)).unwrap_or(0)])
    }

    /// A reader, until the world is over.
    pub(super) async fn read(self) {
        let turns = self.simulation.turns.clone();
        while !self.lock().is_ending() {
            sleep(turns.time(Duration::from_millis(150))).await;
            let Some(id) = self.someone(|_| true) else { continue };
            if turns.one_in(2) {
                self.read_as_it_is(id);
            } else {
                self.read_all_committed(id).await;
            }
        }
    }

    /// Reads what a member shows just now, if that is to be read.
    pub(super) fn read_as_it_is(&self, id: u64) {
        let mut state = self.lock();
        let Some(member) = &state.node(id).running else { return };
        if !member.member().is_settled() || member.member().is_stopped() {
            return;
        }
        let found = match rows(member.database()) {
            Ok(found) => found,
            Err(error) if is_over(&error) => return,
            Err(error) => {
                state.violation.get_or_insert(failed(error));
                return;
            }
        };
        for (key, version) in found {
            let written = state.written.entry(key).or_default();
            if version > written.tried {
                let text = format!("member {id} shows version {version} of row {key}");
                state.violation.get_or_insert(Violation::new("what was shown stays", text));
                return;
            }
            written.told = written.told.max(version);
        }
    }

    /// Reads all that was acknowledged before now, on any member.
    async fn read_all_committed(&self, id: u64) {
        let (before, boot) = {
            let state = self.lock();
            let told = state.written.iter().map(|(key, written)| (*key, written.told));
            (told.collect::<Rows>(), state.node(id).boot)
        };
        let Some(asking) = self.with(id, SimulatedMember::newest_agreed) else { return };
        let Ok(newest) = asking.await else { return };
        let found = self.wait_for(SHOWN_WITHIN, || {
            let state = self.lock();
            let node = state.node(id);
            let Some(member) = node.running.as_ref().filter(|_| node.boot == boot) else {
                return Some(None);
            };
            if !member.member().is_settled() || member.database().cut().lsn() < newest {
                return None;
            }
            Some(rows(member.database()).ok())
        });
        let Some(Some(found)) = found.await else { return };
        self.lock().counts.reads += 1;
        let missed = before.iter().find(|(key, told)| found.get(*key) < Some(told));
        if let Some((key, told)) = missed {
            let text = format!(
                "member {id} has {:?} of row {key}, and {told} was acknowledged before",
                found.get(key)
            );
            self.fail(Violation::new("a linearizable read misses nothing", text));
        }
    }

    /// What clients were told of each key.
    pub(super) fn told(&self) -> BTreeMap<i64, (i64, i64)> {
        let state = self.lock();
        let told = state.written.iter().map(|(key, of)| (*key, (of.told, of.tried)));
        told.collect()
    }
}

/// Whether a store has stopped, or its machine has no power.
pub(super) fn is_over(error: &bourse::Error) -> bool {
    error.kind() == ErrorKind::Closed
}

/// What a write has come to at once.
fn outcome(
    member: &SimulatedMember,
    done: bourse::Result<()>,
) -> std::result::Result<Outcome, Violation> {
    let Err(error) = done else { return Ok(Outcome::Acknowledged) };
    if error.kind() == ErrorKind::Busy && error.sqlstate() == "08007" {
        return Ok(Outcome::Waits);
    }
    if is_over(&error) || member.member().is_stopped() || member.leads_in().is_none() {
        return Ok(Outcome::Unknown);
    }
    Err(failed(format!("a write on who leads: {error:?}")))
}
