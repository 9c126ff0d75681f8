//! The store's log as the consensus wants a log, and publication as its state machine.
//!
//! # Invariants
//! - **S1** An entry without a parcel is this member's own, as its leader: it ends the records that
//!   are in the log. One with a parcel is another's, and brings its records.
//! - **S2** A flush is told of after it happened, by threads of their own: entries are appended
//!   while earlier ones are flushed. A later one may be told of first, and stands for those before.
//! - **S3** Nothing is taken back in a store that is open. It notes where its log is to end, stops,
//!   and is opened anew.
//! - **S4** What the engine has let go of looks to the consensus as if it were not there, and is
//!   purged of it a moment later by `node`.

use std::collections::VecDeque;
use std::io;
use std::ops::{Bound, Range, RangeBounds};
use std::sync::Arc;
use std::time::Duration;

use bourse::replication::Parcel;
use bourse::replication::group::{Appended, LoggedEntry, Member};
use bourse_storage::bug::{self, Bug};
use bourse_storage::sync::{self, Condvar, JoinHandle, Mutex};
use bourse_storage::{ErrorKind, Result};
use futures_util::{Stream, TryStreamExt as _};
use openraft::RaftLogReader;
use openraft::entry::RaftEntry as _;
use openraft::storage::{
    EntryResponder, IOFlushed, LogState, RaftLogStorage, RaftSnapshotBuilder, RaftStateMachine,
};
use openraft::type_config::alias::{SnapshotMetaOf, SnapshotOf};
use tokio::sync::watch;

use super::runtime::{self, in_place};
use super::types::{Entry, LogId, Payload, Saved, StoredMembership, Types, Vote, What};
use super::types::{encode, entry_id, log_id};

/// Threads that flush: as many flushes of a log may run at once.
const FLUSHING_THREADS: usize = 4;

/// How long a leader's records wait for room on a member whose log is full, and how often they try.
const FULL_LIMIT: Duration = Duration::from_secs(30);
const FULL_PAUSE: Duration = Duration::from_millis(50);

/// A store's part in its group, and what is remembered with it.
pub(crate) struct Store {
    pub(crate) member: Member,
    saved: Mutex<Saved>,
    flushes: Arc<Flushes>,
    /// Own entries that were appended since it was opened.
    ended: watch::Sender<u64>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// Appended entries that are to be flushed (S2).
#[derive(Default)]
struct Flushes {
    waiting: Mutex<Waiting>,
    come: Condvar,
}

#[derive(Default)]
struct Waiting {
    entries: VecDeque<(Appended, IOFlushed<Types>)>,
    /// Nothing more comes.
    is_over: bool,
}

impl Flushes {
    fn push(&self, appended: Appended, done: IOFlushed<Types>) {
        self.waiting.lock().entries.push_back((appended, done));
        self.come.notify_one();
    }

    fn end(&self) {
        self.waiting.lock().is_over = true;
        self.come.notify_all();
    }

    /// Flushes until there is nothing more to come.
    fn run(&self, member: &Member) {
        loop {
            let mut waiting = self.waiting.lock();
            let (appended, done) = loop {
                if let Some(first) = waiting.entries.pop_front() {
                    break first;
                }
                if waiting.is_over {
                    return;
                }
                self.come.wait(&mut waiting);
            };
            drop(waiting);
            flush(member, appended, done);
        }
    }
}

fn flush(member: &Member, appended: Appended, done: IOFlushed<Types>) {
    done.io_completed(member.flush(appended).map_err(io::Error::other));
}

impl Store {
    /// Of a member that was opened.
    ///
    /// # Errors
    /// What it remembers cannot be read.
    pub(crate) fn new(member: Member) -> Result<Arc<Store>> {
        let saved = Saved::decode(&member.state())?;
        let flushes = Arc::<Flushes>::default();
        let thread = |number: usize| {
            let (flushes, member) = (Arc::clone(&flushes), member.clone());
            let name = format!("bourse-agree-{number}");
            sync::spawn(&name, move || flushes.run(&member))
        };
        // A simulation has none: see `Store::flush`.
        let threads = if runtime::simulated_wait().is_some() { 0 } else { FLUSHING_THREADS };
        let threads = Mutex::new((0..threads).map(thread).collect());
        let (saved, ended) = (Mutex::new(saved), watch::channel(0).0);
        Ok(Arc::new(Store { member, saved, flushes, ended, threads }))
    }

    /// Ends its threads.
    pub(crate) fn end(&self) {
        self.flushes.end();
        for thread in std::mem::take(&mut *self.threads.lock()) {
            if thread.join().is_err() {
                tracing::error!("a thread that flushes has panicked");
            }
        }
    }

    pub(crate) fn saved(&self) -> Saved {
        self.saved.lock().clone()
    }

    /// Whether the member was removed from its group.
    pub(crate) fn is_removed(&self) -> bool {
        self.saved.lock().is_removed
    }

    /// Changes what is remembered, durably.
    pub(crate) fn change_saved(&self, change: impl FnOnce(&mut Saved)) -> Result<()> {
        let mut saved = self.saved.lock();
        let mut changed = saved.clone();
        change(&mut changed);
        let is_vote = changed.vote != saved.vote;
        if !is_vote || !bug::switched_on(Bug::VoteNotSaved) {
            self.member.save_state(&changed.encode()?)?;
        }
        *saved = changed;
        Ok(())
    }

    /// Counts own entries as they are appended.
    pub(crate) fn ended(&self) -> watch::Receiver<u64> {
        self.ended.subscribe()
    }

    /// Appends an entry (S1).
    fn append(&self, entry: &Entry) -> io::Result<Appended> {
        let id = entry_id(&entry.log_id);
        let Some(parcel) = &entry.payload.parcel else {
            let note = encode(&entry.payload.what).map_err(io::Error::other)?;
            let appended = self.member.end_entry(id, &note).map_err(io::Error::other)?;
            self.ended.send_modify(|count| *count += 1);
            return Ok(appended);
        };
        let parcel = Parcel::decode(parcel).map_err(io::Error::other)?;
        let deadline = sync::monotonic() + FULL_LIMIT;
        loop {
            match self.member.accept(id, &parcel) {
                Err(error) if error.kind() == ErrorKind::Full && sync::monotonic() < deadline => {
                    sync::sleep(FULL_PAUSE);
                }
                taken => return taken.map_err(io::Error::other),
            }
        }
    }

    /// Has an entry flushed, and that told (S2).
    fn flush(&self, appended: Appended, done: IOFlushed<Types>) {
        let Some(wait) = runtime::simulated_wait() else {
            return self.flushes.push(appended, done);
        };
        let member = self.member.clone();
        runtime::spawn(async move {
            if bug::switched_on(Bug::EntryToldBeforeFlush) {
                done.io_completed(Ok(()));
                tokio::time::sleep(wait).await;
                return drop(member.flush(appended));
            }
            tokio::time::sleep(wait).await;
            flush(&member, appended, done);
        });
    }

    fn entries(&self, indexes: Range<u64>) -> io::Result<Vec<Entry>> {
        let found = self.member.entries(indexes.clone());
        if found.first().is_none_or(|first| first.id.index != indexes.start) {
            return Ok(Vec::new()); // S4
        }
        found.iter().map(header).collect()
    }
}

/// An entry as the consensus sees it.
fn header(entry: &LoggedEntry) -> io::Result<Entry> {
    let what = postcard::from_bytes::<What>(&entry.note).map_err(|error| {
        let (index, end) = (entry.id.index, entry.end);
        io::Error::other(format!("the note of entry {index}, which ends at LSN {end}: {error}"))
    })?;
    Ok(Entry::new(log_id(entry.id), Payload { what, parcel: None }))
}

fn indexes_of(range: &impl RangeBounds<u64>) -> Range<u64> {
    let start = match range.start_bound() {
        Bound::Included(index) => *index,
        Bound::Excluded(index) => index + 1,
        Bound::Unbounded => 0,
    };
    let end = match range.end_bound() {
        Bound::Included(index) => index.saturating_add(1),
        Bound::Excluded(index) => *index,
        Bound::Unbounded => u64::MAX,
    };
    start..end
}

/// The log.
#[derive(Clone)]
pub(crate) struct Logs(pub(crate) Arc<Store>);

impl RaftLogReader<Types> for Logs {
    async fn entries_stream<R>(&mut self, range: R) -> impl Stream<Item = io::Result<Entry>> + Send
    where
        R: RangeBounds<u64> + Clone + std::fmt::Debug + Send,
    {
        // Unlike those that are sent, these must be there: they are to be published.
        let indexes = indexes_of(&range);
        let found = self.0.entries(indexes.clone()).and_then(|found| {
            let wanted = indexes.end.saturating_sub(indexes.start);
            match found.len() as u64 == wanted || indexes.end == u64::MAX {
                true => Ok(found),
                false => Err(io::Error::other(format!("the log lacks entries of {indexes:?}"))),
            }
        });
        let items = match found {
            Ok(found) => found.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        };
        futures_util::stream::iter(items)
    }

    async fn try_get_log_entries<R>(&mut self, range: R) -> io::Result<Vec<Entry>>
    where
        R: RangeBounds<u64> + Clone + std::fmt::Debug + Send,
    {
        self.0.entries(indexes_of(&range))
    }

    async fn read_vote(&mut self) -> io::Result<Option<Vote>> {
        Ok(self.0.saved.lock().vote)
    }
}

impl RaftLogStorage<Types> for Logs {
    type LogReader = Logs;

    async fn get_log_state(&mut self) -> io::Result<LogState<Types>> {
        let id = |entry: LoggedEntry| log_id(entry.id);
        Ok(LogState {
            last_purged_log_id: self.0.member.base().map(id),
            last_log_id: self.0.member.last().map(id),
        })
    }

    async fn get_log_reader(&mut self) -> Logs {
        self.clone()
    }

    async fn save_vote(&mut self, vote: &Vote) -> io::Result<()> {
        let (store, vote) = (&self.0, *vote);
        in_place(|| store.change_saved(|saved| saved.vote = Some(vote))).map_err(io::Error::other)
    }

    async fn append<I>(&mut self, entries: I, done: IOFlushed<Types>) -> io::Result<()>
    where
        I: IntoIterator<Item = Entry> + Send,
        I::IntoIter: Send,
    {
        let mut last = None;
        for entry in entries {
            last = Some(in_place(|| self.0.append(&entry))?);
        }
        match last {
            Some(appended) => self.0.flush(appended, done),
            None => done.io_completed(Ok(())),
        }
        Ok(())
    }

    async fn truncate_after(&mut self, last: Option<LogId>) -> io::Result<()> {
        let index = last.map(|last| last.index);
        in_place(|| self.0.member.cut_behind(index)).map_err(io::Error::other)?;
        // S3
        Err(io::Error::other("records are taken back: the store is to be opened anew"))
    }

    async fn purge(&mut self, _: LogId) -> io::Result<()> {
        // The engine has done so already (S4).
        Ok(())
    }
}

/// Publication of what is agreed on.
pub(crate) struct Machine {
    store: Arc<Store>,
    applied: Option<LogId>,
    membership: StoredMembership,
}

impl Machine {
    pub(crate) fn new(store: Arc<Store>) -> Machine {
        let applied = store.member.base().map(|base| log_id(base.id));
        let membership = store.saved().membership_at(applied.map(|applied| applied.index));
        Machine { store, applied, membership }
    }

    fn take_membership(&mut self, membership: StoredMembership) -> Result<()> {
        self.membership = membership.clone();
        let base = self.store.member.base().map(|base| base.id.index);
        self.store.change_saved(|saved| saved.note_membership(membership, base))
    }
}

/// Tells how far the state is; the state itself goes by backups.
pub(crate) struct Snapshots(Option<LogId>, StoredMembership);

impl Snapshots {
    fn snapshot(&self) -> SnapshotOf<Types, ()> {
        let meta = SnapshotMetaOf::<Types> { last_log_id: self.0, last_membership: self.1.clone() };
        SnapshotOf::<Types, ()> { meta, snapshot: () }
    }
}

impl RaftSnapshotBuilder<Types> for Snapshots {
    type SnapshotData = ();

    async fn build_snapshot(&mut self) -> io::Result<SnapshotOf<Types, ()>> {
        Ok(self.snapshot())
    }
}

impl RaftStateMachine<Types> for Machine {
    type SnapshotData = ();
    type SnapshotBuilder = Snapshots;

    async fn applied_state(&mut self) -> io::Result<(Option<LogId>, StoredMembership)> {
        Ok((self.applied, self.membership.clone()))
    }

    async fn apply<S>(&mut self, mut entries: S) -> io::Result<()>
    where
        S: Stream<Item = io::Result<EntryResponder<Types>>> + Unpin + Send,
    {
        let (mut last, mut responders) = (None, Vec::new());
        while let Some((entry, responder)) = entries.try_next().await? {
            if let What::Membership(membership) = &entry.payload.what {
                let stored = StoredMembership::new(Some(entry.log_id), membership.clone());
                in_place(|| self.take_membership(stored)).map_err(io::Error::other)?;
            }
            last = Some(entry.log_id);
            responders.extend(responder);
        }
        if let Some(last) = last {
            let member = &self.store.member;
            in_place(|| member.commit(last.index)).map_err(io::Error::other)?;
            self.applied = Some(last);
        }
        for responder in responders {
            responder.send(());
        }
        Ok(())
    }

    async fn get_snapshot_builder(&mut self) -> Snapshots {
        Snapshots(self.applied, self.membership.clone())
    }

    async fn install_snapshot(&mut self, _: &SnapshotMetaOf<Types>, (): ()) -> io::Result<()> {
        Err(io::Error::other("a member that lacks what no log has is made anew"))
    }

    async fn get_current_snapshot(&mut self) -> io::Result<Option<SnapshotOf<Types, ()>>> {
        let now = self.get_snapshot_builder().await;
        Ok(now.0.is_some().then(|| now.snapshot()))
    }
}
