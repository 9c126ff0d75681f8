//! The leader's side of an archive: what is committed goes there, segment by segment.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bourse::replication::{Parcel, ReplicationPosition, Shipping};
use bourse_storage::id::Lsn;
use bourse_storage::sync::wall_clock_us;
use bourse_storage::vfs::os::remove_folder;
use bourse_storage::{Error, Result, sync};
use tokio::task::JoinSet;

use super::base::{self, FOLDER, Kept};
use super::claim::Claim;
use super::names::Base;
use super::place::Archive;
use super::{HOLD, contents, plan};
use crate::replication::{Pauses, apart as on_a_thread};
use crate::server::Shared;

/// Bytes of parcels after which a segment is written.
const SEGMENT_BYTES: usize = 16 << 20;
/// Bytes of records that are read at once.
const PARCEL_BYTES: usize = 1 << 20;
/// For how long records are waited for before it is noted that there were none until then: how
/// exact the time of a bulk load is that nothing else was written before.
const QUIET: Duration = Duration::from_millis(100);

/// Writes to the archive until the server stops. What goes wrong is told, and tried again.
pub(crate) async fn run(shared: Arc<Shared>, archive: Archive) {
    let store = shared.database.folder().join(FOLDER);
    if let Err(error) = apart(move || remove_folder(&store)).await {
        tracing::warn!("{error}");
    }
    let pauses = Pauses::new();
    let of = Arc::clone(&shared);
    let mut writer = Writer { shared: of, archive, claim: None, pauses, base_from: Duration::ZERO };
    let mut told = String::new();
    loop {
        if !shared.database.is_follower() {
            let begun = shared.archived.lsn();
            let written = tokio::select! {
                () = shared.stopped() => return,
                written = writer.write() => written,
            };
            let error = match written {
                Ok(never) => match never {},
                Err(error) => error,
            };
            shared.archived.note_failure();
            let text = describe(&error);
            // The same again and again is said once, but anew after it went well.
            if text != told || shared.archived.lsn() > begun {
                tracing::error!("the archive is not written, and tried again: {text}");
                told = text;
            }
        }
        tokio::select! {
            () = shared.stopped() => return,
            () = tokio::time::sleep(writer.pauses.next()) => {}
        }
    }
}

/// An error with its causes.
fn describe(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

/// Does what may wait for the store's files on a thread that may.
pub(super) async fn apart<T: Send + 'static>(
    body: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    on_a_thread(body).await.map_err(|fault| Error::invalid(fault.to_string()))?
}

/// A segment that is being filled.
struct Filling {
    bytes: Vec<u8>,
    first: u64,
    last: u64,
    /// What is known of when nothing behind it had been committed.
    closed_us: i64,
    began: Duration,
}

impl Filling {
    fn new(parcel: &Parcel) -> Filling {
        let first = parcel.after().next().0;
        let bytes = contents::begin_segment();
        Filling { bytes, first, last: 0, closed_us: 0, began: sync::monotonic() }
    }

    fn push(&mut self, parcel: &Parcel) {
        contents::push_parcel(&mut self.bytes, parcel);
        self.last = parcel.last().0;
        self.closed_us = self.closed_us.max(parcel.closed_us());
    }

    fn is_due(&self, interval: Duration) -> bool {
        let age = sync::monotonic().saturating_sub(self.began);
        self.bytes.len() >= SEGMENT_BYTES || age >= interval
    }
}

/// What was read of the log: records, or that there were none.
enum Read {
    Records(Parcel),
    Quiet(Parcel),
}

/// What was read and is not in the archive.
#[derive(Default)]
struct Gathered {
    filling: Option<Filling>,
    /// How late it was before the next record: of use only where one follows.
    quiet: Option<Parcel>,
}

impl Gathered {
    fn take(&mut self, read: Read) {
        match read {
            Read::Records(parcel) => {
                let filling = self.filling.get_or_insert_with(|| Filling::new(&parcel));
                if let Some(quiet) = self.quiet.take() {
                    filling.push(&quiet);
                }
                filling.push(&parcel);
            }
            Read::Quiet(parcel) => self.quiet = Some(parcel),
        }
    }

    /// The segment that is to be written now.
    fn due(&mut self, interval: Duration) -> Option<Filling> {
        let mut full = self.filling.take_if(|filling| filling.is_due(interval))?;
        if let Some(quiet) = self.quiet.take() {
            full.push(&quiet);
        }
        Some(full)
    }

    /// Until where and until when nothing is lacking, where no record waits.
    fn complete(&self) -> Option<(u64, i64)> {
        let quiet = self.quiet.as_ref().filter(|_| self.filling.is_none())?;
        Some((quiet.last().0, quiet.closed_us()))
    }
}

/// Who writes to an archive.
struct Writer {
    shared: Arc<Shared>,
    archive: Archive,
    /// What this process has claimed.
    claim: Option<Claim>,
    pauses: Pauses,
    /// From when on a backup may be tried again, after one that failed.
    base_from: Duration,
}

impl Writer {
    /// Goes on where the archive is, until something goes wrong.
    async fn write(&mut self) -> Result<Infallible> {
        let database = self.shared.database.clone();
        let position = apart(move || database.replication_position()).await?;
        let claim = Claim::make(&self.archive, &position, self.claim.as_ref()).await?;
        self.claim = Some(claim.clone());
        let (after, newest) = self.begin(&claim, &position).await?;
        self.shared.archived.note(after, 0);
        tracing::info!("records behind LSN {after} go to the archive at {}", self.archive.url);
        let mut bases = Bases::new(&self.shared, newest);
        let database = self.shared.database.clone();
        let mut shipping = apart(move || database.ship(Lsn(after))).await?;
        let interval = self.shared.options.archive_interval();
        let mut gathered = Gathered::default();
        let mut look_at = sync::monotonic() + interval;
        loop {
            let (back, read) = next(shipping, interval.min(QUIET)).await?;
            shipping = back;
            gathered.take(read);
            if let Some(full) = gathered.due(interval) {
                self.put(&claim, full).await?;
            }
            if let Some((lsn, closed_us)) = gathered.complete() {
                if sync::monotonic() >= look_at {
                    claim.check_is_there().await?;
                    look_at = sync::monotonic() + interval;
                }
                self.shared.archived.note(lsn, closed_us);
            }
            bases.look(&self.shared, &claim);
        }
    }

    /// Where to go on: the record behind which records are needed, and the newest backup.
    async fn begin(
        &mut self,
        claim: &Claim,
        position: &ReplicationPosition,
    ) -> Result<(u64, Base)> {
        let history = &position.history;
        let lineage = history.lineage();
        let listing = Arc::new(self.archive.list(lineage).await?);
        claim.check_others(history, &listing).await?;
        let (of, listed) = (self.archive.clone(), Arc::clone(&listing));
        apart(move || of.settle(lineage, &listed)).await?;
        let end_of = |term| plan::end_of(history, term);
        let (bases, segments) = (&listing.bases, &listing.segments);
        if let Some(base) = plan::base(bases, segments, end_of, |_| true) {
            let reached = plan::steps(segments, end_of, base.after, u64::MAX).1;
            if reached > position.received.0 {
                return Err(Error::invalid(format!(
                    "the archive has the records up to LSN {reached}, and this store those up to \
                     {}: the store was put back to an earlier state; give it an archive of its own",
                    position.received
                )));
            }
            let database = self.shared.database.clone();
            let held = apart(move || database.hold_log(HOLD, Lsn(reached))).await;
            match held {
                Ok(()) => return Ok((reached, *base)),
                // What follows is no longer in the log (A2).
                Err(error) if error.sqlstate() == "72000" => tracing::warn!(
                    "the archive lacks records behind LSN {reached} for good: {error}; it goes on \
                     from a new backup"
                ),
                Err(error) => return Err(error),
            }
        }
        let base = self.new_base(claim).await?;
        Ok((base.after, base))
    }

    /// A backup without which nothing that follows is of use.
    async fn new_base(&mut self, claim: &Claim) -> Result<Base> {
        tokio::time::sleep(self.base_from.saturating_sub(sync::monotonic())).await;
        let began = sync::monotonic();
        let written = base::write(Arc::clone(&self.shared), claim.clone(), Kept::Anew).await;
        if written.is_err() {
            self.base_from = base_again_at(began);
        }
        let base = written?;
        // What the backup has is needed no more; where nothing follows, no segment would say so.
        let database = self.shared.database.clone();
        apart(move || database.hold_log(HOLD, Lsn(base.after))).await?;
        Ok(base)
    }

    /// Writes a segment, and lets go of the log up to its end (A2).
    async fn put(&mut self, claim: &Claim, full: Filling) -> Result<()> {
        let Filling { bytes, first, last, closed_us, .. } = full;
        claim.put(first, last, bytes).await?;
        let database = self.shared.database.clone();
        apart(move || database.hold_log(HOLD, Lsn(last))).await?;
        self.shared.archived.note(last, closed_us);
        self.pauses.begin_anew();
        Ok(())
    }
}

/// When to try a backup again that was begun then and failed: most of the time it is not tried.
fn base_again_at(began: Duration) -> Duration {
    let now = sync::monotonic();
    now + now.saturating_sub(began) * 4
}

async fn next(mut shipping: Shipping, limit: Duration) -> Result<(Shipping, Read)> {
    apart(move || {
        let read = match shipping.next(PARCEL_BYTES, limit)? {
            Some(parcel) => Read::Records(parcel),
            None => Read::Quiet(shipping.heartbeat()),
        };
        Ok((shipping, read))
    })
    .await
}

/// Backups that go to the archive now and then, beside the records.
struct Bases {
    newest: Base,
    next_at: Duration,
    every: Duration,
    /// One that is written; given up when this is dropped.
    running: JoinSet<Result<Base>>,
    began: Duration,
}

impl Bases {
    fn new(shared: &Shared, newest: Base) -> Bases {
        let every = shared.options.archive_base_every();
        let now_us = wall_clock_us().unsigned_abs();
        let age = Duration::from_micros(now_us.saturating_sub(newest.taken_us));
        let began = sync::monotonic();
        let next_at = began + every.saturating_sub(age);
        Bases { newest, next_at, every, running: JoinSet::new(), began }
    }

    /// Begins one when it is time and there is something new, and takes note of one that is done.
    /// One that fails is tried again, and keeps no records from the archive.
    fn look(&mut self, shared: &Arc<Shared>, claim: &Claim) {
        let done = self.running.try_join_next().map(|joined| {
            joined.unwrap_or_else(|error| {
                Err(Error::invalid(format!("a task of the archive has failed: {error}")))
            })
        });
        match done {
            Some(Ok(base)) => self.newest = base,
            Some(Err(error)) => {
                shared.archived.note_failure();
                let why = describe(&error);
                tracing::error!("a backup is not in the archive, and tried again: {why}");
                self.next_at = base_again_at(self.began);
            }
            None => {}
        }
        let now = sync::monotonic();
        let is_due = self.running.is_empty() && now >= self.next_at;
        if is_due && shared.database.cut().lsn().0 > self.newest.lsn {
            (self.began, self.next_at) = (now, now + self.every);
            self.running.spawn(base::write(Arc::clone(shared), claim.clone(), Kept::AsItIs));
        }
    }
}
