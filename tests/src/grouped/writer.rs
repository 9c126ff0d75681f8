//! A client that inserts rows, one a transaction, at whichever member takes them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use bourse_storage::sync::{self, Mutex};

use super::MEMBERS;
use super::cluster::{connect, leads};
use crate::wire::WireClient;

/// How long an answer may take before a client gives its connection up: nothing else tells it of a
/// cable that was pulled.
const ANSWER: Duration = Duration::from_secs(1);

/// The pause of a client that finds no leader.
const AGAIN: Duration = Duration::from_millis(5);

/// What became of a statement.
pub(super) enum End {
    Done,
    /// It was not run.
    Refused,
    /// Nobody knows.
    Unknown,
}

/// Runs a statement that writes. The connection is of no use after what is not known.
pub(super) fn write(client: &mut WireClient, text: &str) -> Result<End, String> {
    let Ok(Some(answer)) = client.query_within(text, ANSWER) else { return Ok(End::Unknown) };
    match answer.error {
        None => Ok(End::Done),
        Some((state, _)) if matches!(&*state, "25006" | "40001" | "57P03") => Ok(End::Refused),
        Some((state, _)) if matches!(&*state, "08007" | "57P01" | "XX000" | "58030") => {
            Ok(End::Unknown)
        }
        Some((state, message)) => Err(format!("{text}: {state}: {message}")),
    }
}

/// A session on whoever takes writes, the member `first` before others; `None` after one look at
/// each.
pub(super) fn find_leader(first: usize) -> Option<(usize, WireClient)> {
    (0..MEMBERS).find_map(|step| {
        let member = (first + step - 1) % MEMBERS + 1;
        let mut client = connect(member).ok()?;
        (leads(&mut client) == Some(true)).then_some((member, client))
    })
}

/// What a client was told, and is not sure of.
#[derive(Clone, Default, Debug)]
pub(super) struct Told {
    pub(super) committed: BTreeSet<i64>,
    pub(super) unknown: BTreeSet<i64>,
    /// How many that were unknown are there.
    pub(super) found: u64,
    /// When statements that were acknowledged began and ended.
    pub(super) acknowledged: Vec<(Duration, Duration)>,
}

/// What clients do, as the campaign wants it.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) is_over: AtomicBool,
    /// Nobody begins anything.
    pub(super) rests: AtomicBool,
    /// Those who do something.
    busy: AtomicUsize,
}

/// Whoever does something, for as long as this lives.
pub(super) struct Turn<'w>(&'w Wanted);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Wanted {
    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    /// Waits while nothing is to be begun, and begins something.
    pub(super) fn begin(&self) -> Turn<'_> {
        loop {
            self.busy.fetch_add(1, Ordering::SeqCst);
            let turn = Turn(self);
            if !self.rests.load(Ordering::SeqCst) || self.is_over() {
                return turn;
            }
            drop(turn);
            sync::sleep(AGAIN);
        }
    }

    /// Whether nobody does anything, or will before it is wanted again.
    pub(super) fn are_at_rest(&self) -> bool {
        self.rests.load(Ordering::SeqCst) && self.busy.load(Ordering::SeqCst) == 0
    }
}

/// Works until the campaign is over.
///
/// # Errors
/// An answer that must not be.
pub(super) fn work(number: i32, wanted: &Wanted, told: &Arc<Mutex<Told>>) -> Result<(), String> {
    let mut session: Option<(usize, WireClient)> = None;
    let mut id = i64::from(number) << 32;
    while !wanted.is_over() {
        let _turn = wanted.begin();
        let (at, mut client) = match session.take() {
            Some(session) => session,
            None => match find_leader(number.unsigned_abs() as usize % MEMBERS + 1) {
                Some(found) => found,
                None => {
                    sync::sleep(AGAIN);
                    continue;
                }
            },
        };
        id += 1;
        let began = sync::monotonic();
        // Before it is sent: whatever ends this, it is known that it may be there.
        told.lock().unknown.insert(id);
        let end = write(&mut client, &format!("INSERT INTO entries VALUES ({id}, {number})"))?;
        let mut told = told.lock();
        match end {
            End::Done => {
                told.unknown.remove(&id);
                told.committed.insert(id);
                told.acknowledged.push((began, sync::monotonic()));
                session = Some((at, client));
            }
            End::Refused => {
                told.unknown.remove(&id);
            }
            End::Unknown => {}
        }
    }
    Ok(())
}
