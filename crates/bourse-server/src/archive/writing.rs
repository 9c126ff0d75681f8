//! The leader's side of an archive: what is committed goes there, segment by segment.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bourse::replication::{History, Parcel, ReplicationPosition, Shipping};
use bourse_storage::id::Lsn;
use bourse_storage::sync::wall_clock_us;
use bourse_storage::vfs::os::remove_folder;
use bourse_storage::{Error, Result, sync};
use bytes::Bytes;
use tokio::task::JoinSet;

use super::base::{self, FOLDER, Kept};
use super::names::{Base, Segment, term_path};
use super::place::{Archive, Listing};
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
    let holds = shared.database.log_holds();
    if let Some(held) = holds.iter().find(|held| held.name == HOLD) {
        shared.archived.note(held.after.0, 0);
    }
    let mut writer =
        Writer { shared: Arc::clone(&shared), archive, claimed: None, pauses: Pauses::new() };
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

/// Who writes to an archive.
struct Writer {
    shared: Arc<Shared>,
    archive: Archive,
    /// The lineage and the term that this process has claimed.
    claimed: Option<(u128, u64)>,
    pauses: Pauses,
}

impl Writer {
    /// Goes on where the archive is, until something goes wrong.
    async fn write(&mut self) -> Result<Infallible> {
        let database = self.shared.database.clone();
        let position = apart(move || database.replication_position()).await?;
        let history = position.history.clone();
        let lineage = history.lineage();
        self.claim(&position).await?;
        let listing = self.archive.list(lineage).await?;
        self.check_claims(&history, &listing).await?;
        let (of, listing) = (self.archive.clone(), Arc::new(listing));
        let listed = Arc::clone(&listing);
        apart(move || of.settle(lineage, &listed)).await?;
        let (after, newest) = self.begin(&position, &listing).await?;
        self.shared.archived.note(after, 0);
        let mut bases = Bases::new(&self.shared, newest);
        let database = self.shared.database.clone();
        let mut shipping = apart(move || database.ship(Lsn(after))).await?;
        let interval = self.shared.options.archive_interval();
        let mut filling: Option<Filling> = None;
        let mut quiet = None;
        loop {
            let (back, read) = next(shipping, interval.min(QUIET)).await?;
            shipping = back;
            match read {
                Read::Records(parcel) => {
                    let filling = filling.get_or_insert_with(|| Filling::new(&parcel));
                    if let Some(quiet) = quiet.take() {
                        filling.push(&quiet);
                    }
                    filling.push(&parcel);
                }
                Read::Quiet(parcel) => {
                    if filling.is_none() {
                        self.shared.archived.note(parcel.last().0, parcel.closed_us());
                    }
                    quiet = Some(parcel);
                }
            }
            if let Some(mut full) = filling.take_if(|filling| filling.is_due(interval)) {
                if let Some(quiet) = quiet.take() {
                    full.push(&quiet);
                }
                self.put(lineage, history.newest().term, full).await?;
            }
            bases.look(&self.shared, &self.archive)?;
        }
    }

    /// Claims the store's term, so that no other store writes in it (A3), and that it is noticed
    /// when the archive is no longer there (A4).
    async fn claim(&mut self, position: &ReplicationPosition) -> Result<()> {
        let (lineage, term) = (position.history.lineage(), position.history.newest().term);
        let path = term_path(&self.archive.root(lineage), term);
        match self.archive.find(&path).await? {
            Some(bytes) => {
                let theirs = contents::history(&bytes, &path)?;
                check_is_own(&position.history, &theirs, term)?;
            }
            None if self.claimed == Some((lineage, term)) => return Err(self.gone()),
            None => self.archive.put(&path, Bytes::from(contents::claim(position))).await?,
        }
        self.claimed = Some((lineage, term));
        Ok(())
    }

    /// Whether the archive is still the one that was claimed (A4).
    async fn check_is_there(&self) -> Result<()> {
        let Some((lineage, term)) = self.claimed else { return Ok(()) };
        let path = term_path(&self.archive.root(lineage), term);
        match self.archive.find(&path).await? {
            Some(_) => Ok(()),
            None => Err(self.gone()),
        }
    }

    #[cold]
    fn gone(&self) -> Error {
        Error::invalid(format!(
            "what is at {} is no longer the archive that was written to: bring it back, or restart \
             the server to begin a new one",
            self.archive.url
        ))
    }

    /// Refuses an archive in which a store writes that is no ancestor of this one.
    async fn check_claims(&self, own: &History, listing: &Listing) -> Result<()> {
        let newest = own.newest().term;
        // Who claimed a term had those before in its history.
        for term in listing.terms.iter().copied().filter(|term| *term >= newest) {
            let path = term_path(&self.archive.root(own.lineage()), term);
            let theirs = contents::history(&self.archive.get(&path).await?, &path)?;
            check_is_own(own, &theirs, term)?;
        }
        Ok(())
    }

    /// Where to go on: the record behind which records are needed, and the newest backup.
    async fn begin(
        &self,
        position: &ReplicationPosition,
        listing: &Listing,
    ) -> Result<(u64, Base)> {
        let end_of = |term| plan::end_of(&position.history, term);
        let (bases, segments) = (&listing.bases, &listing.segments);
        if let Some(base) = plan::base(bases, segments, end_of, |_| true) {
            let reached = plan::steps(segments, end_of, base.after, u64::MAX).1;
            if reached > position.received.0 {
                return Err(Error::invalid(format!(
                    "the archive has the records up to LSN {reached}, this store those up to {}: \
                     it was put back to an earlier state; give it an archive of its own",
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
        self.check_is_there().await?;
        let base = base::write(Arc::clone(&self.shared), self.archive.clone(), Kept::Anew).await?;
        // What the backup has is needed no more; where nothing follows, no segment would say so.
        let database = self.shared.database.clone();
        apart(move || database.hold_log(HOLD, Lsn(base.after))).await?;
        Ok((base.after, base))
    }

    /// Writes a segment, and lets go of the log up to its end (A2).
    async fn put(&mut self, lineage: u128, term: u64, full: Filling) -> Result<()> {
        let Filling { bytes, first, last, closed_us, .. } = full;
        let segment = Segment { first, last, term };
        let path = segment.path(&self.archive.root(lineage));
        self.check_is_there().await?;
        self.archive.put(&path, Bytes::from(bytes)).await?;
        // It may have been taken away meanwhile.
        self.check_is_there().await?;
        let database = self.shared.database.clone();
        apart(move || database.hold_log(HOLD, Lsn(last))).await?;
        self.shared.archived.note(last, closed_us);
        self.pauses.begin_anew();
        Ok(())
    }
}

fn check_is_own(own: &History, theirs: &History, term: u64) -> Result<()> {
    let begun = theirs.newest().id;
    match own.epochs().iter().any(|epoch| epoch.id == begun) {
        true => Ok(()),
        false => Err(Error::invalid(format!(
            "another store of this lineage was promoted and writes to this archive in term {term}, \
             this one is in term {}: give this one an archive of its own",
            own.newest().term
        ))),
    }
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
}

impl Bases {
    fn new(shared: &Shared, newest: Base) -> Bases {
        let every = shared.options.archive_base_every();
        let now_us = wall_clock_us().unsigned_abs();
        let age = Duration::from_micros(now_us.saturating_sub(newest.taken_us));
        let next_at = sync::monotonic() + every.saturating_sub(age);
        Bases { newest, next_at, every, running: JoinSet::new() }
    }

    /// Begins one when it is time and there is something new, and takes note of one that is done.
    fn look(&mut self, shared: &Arc<Shared>, archive: &Archive) -> Result<()> {
        match self.running.try_join_next() {
            Some(Ok(done)) => self.newest = done?,
            Some(Err(error)) => {
                return Err(Error::invalid(format!("a task of the archive has failed: {error}")));
            }
            None => {}
        }
        let is_due = self.running.is_empty() && sync::monotonic() >= self.next_at;
        if is_due && shared.database.cut().lsn().0 > self.newest.lsn {
            self.next_at = sync::monotonic() + self.every;
            let (of, to) = (Arc::clone(shared), archive.clone());
            self.running.spawn(base::write(of, to, Kept::AsItIs));
        }
        Ok(())
    }
}
