//! From an archive to a store: as of its end, of a record, or of a time; as a store of its own, or
//! as a replica that goes on from there.

use std::path::Path as FilePath;

use bourse::Database;
use bourse::TimestampTz;
use bourse::replication::History;
use bourse_storage::blocks::BlockWriter;
use bourse_storage::id::{Lsn, PAGE_SIZE};
use bourse_storage::page::Page;
use bourse_storage::vfs::Vfs as _;
use bourse_storage::vfs::os::OsVfs;
use bourse_storage::{Error, Result};
use bytes::{Buf as _, BytesMut};
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::ObjectStoreExt as _;
use object_store::path::Path;
use tokio::runtime::Runtime;

use super::contents::{self, damaged, parcels, within};
use super::names::{Base, term_path};
use super::place::{Archive, Listing};
use super::plan::{self, Step};
use crate::replication::{Aside, BootstrapProgress, is_file_of_backup};

/// How far a restore has come.
pub type ArchiveProgress = BootstrapProgress;

/// As of when a store is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RestoreTarget {
    /// The last record that the archive has.
    End,
    /// That record.
    Lsn(Lsn),
    /// Before the first record that was committed later, in microseconds since 1970 by the clock
    /// of the leader.
    Time(i64),
}

/// What was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct ArchiveRestored {
    /// The record of the backup that it was made of.
    pub base: Lsn,
    /// The last record that it has.
    pub lsn: Lsn,
    /// The term in which it goes on.
    pub term: u64,
    /// All that was committed before this time is in it, in microseconds since 1970 by the leader's
    /// clock; 0 when nothing is known. Of later commits it has those up to the record.
    pub known_until_us: i64,
    /// Whether the archive has the record that was wanted, or one later than the time that was:
    /// where not, what was committed last may not have come to it.
    pub is_reached: bool,
}

/// Makes a store in `folder`, which must be new or empty, of what an archive has, as of a moment.
/// It takes writes, in a term of its own.
///
/// # Errors
/// A folder that holds something; an archive that has no backup from before, or not all records up
/// to the one wanted; damage, naming the object; the network's and the disk's.
pub fn restore(
    url: &str,
    folder: &FilePath,
    target: RestoreTarget,
    progress: &mut dyn FnMut(ArchiveProgress),
) -> Result<ArchiveRestored> {
    let reader = Reader::open(url)?;
    let mut term = 0;
    let made = reader.make(folder, target, progress, |database| {
        term = database.promote()?.term;
        Ok(())
    })?;
    Ok(ArchiveRestored { term, ..made })
}

/// Makes the store of a replica of what an archive has; it goes on with its leader's records.
pub(crate) fn bootstrap(
    url: &str,
    folder: &FilePath,
    progress: &mut dyn FnMut(BootstrapProgress),
) -> Result<()> {
    let reader = Reader::open(url)?;
    reader.make(folder, RestoreTarget::End, progress, |_| Ok(())).map(drop)
}

/// An archive that is read.
pub(super) struct Reader {
    pub(super) runtime: Runtime,
    pub(super) archive: Archive,
    lineage: u128,
    pub(super) root: Path,
    pub(super) listing: Listing,
    history: Option<History>,
}

/// Of what a store is made.
struct Plan {
    base: Base,
    steps: Vec<Step>,
    /// What the archive has behind the last step, but not what goes on there.
    behind_gap: Option<u64>,
}

impl Reader {
    pub(super) fn open(url: &str) -> Result<Reader> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|error| Error::io("cannot start a thread for the archive", error))?;
        let archive = Archive::open(url)?;
        let lineage = runtime.block_on(archive.only_lineage())?;
        let listing = runtime.block_on(archive.list(lineage))?;
        let root = archive.root(lineage);
        let mut reader = Reader { runtime, archive, lineage, root, listing, history: None };
        reader.history = reader.newest_history()?;
        Ok(reader)
    }

    /// The history of the newest term that anything was written in.
    fn newest_history(&self) -> Result<Option<History>> {
        let Listing { segments, bases, terms } = &self.listing;
        let written = segments.iter().map(|segment| segment.term);
        let written = written.chain(bases.iter().map(|base| base.term));
        let Some(term) = written.chain(terms.iter().copied()).max() else { return Ok(None) };
        self.history_of(term).map(Some)
    }

    /// The history of who claimed a term.
    pub(super) fn history_of(&self, term: u64) -> Result<History> {
        let path = term_path(&self.root, term);
        match self.runtime.block_on(self.archive.find(&path))? {
            Some(bytes) => contents::history(&bytes, &path, self.lineage, term),
            // Who writes in a term has claimed it before.
            None => Err(Error::corrupt(format!(
                "{path} of the archive is missing, and says which of its records count: get it \
                 from a copy, or restart the server that writes to this archive, which writes it \
                 anew"
            ))),
        }
    }

    /// Until where what a term wrote counts (A3).
    pub(super) fn end_of(&self, term: u64) -> Option<u64> {
        match &self.history {
            Some(history) => plan::end_of(history, term),
            None => Some(u64::MAX),
        }
    }

    fn plan(&self, target: RestoreTarget) -> Result<Plan> {
        let Listing { segments, bases, .. } = &self.listing;
        let url = &self.archive.url;
        let is_early_enough = |base: &Base| match target {
            RestoreTarget::End => true,
            RestoreTarget::Lsn(lsn) => base.lsn <= lsn.0,
            RestoreTarget::Time(time) => {
                i64::try_from(base.taken_us).is_ok_and(|taken| taken <= time)
            }
        };
        let end_of = |term| self.end_of(term);
        let Some(base) = plan::base(bases, segments, end_of, is_early_enough).copied() else {
            return Err(Error::invalid(match bases.first() {
                None => format!(
                    "the archive at {url} has no whole backup yet: let its server finish the first"
                ),
                Some(first) => format!(
                    "the archive at {url} has no whole backup from before what is wanted: its \
                     first one has LSN {}, and was taken at {}",
                    first.lsn,
                    TimestampTz(i64::try_from(first.taken_us).unwrap_or(0).saturating_mul(1_000))
                ),
            }));
        };
        let last = match target {
            RestoreTarget::Lsn(lsn) => lsn.0,
            _ => u64::MAX,
        };
        let (steps, reached) = plan::steps(segments, end_of, base.after, last);
        let behind_gap = plan::behind_gap(segments, end_of, reached);
        // A later backup has what lies between, but not the states that were between.
        let later = bases.iter().filter(|later| end_of(later.term).is_some_and(|e| later.lsn <= e));
        let later = later.map(|base| base.lsn).find(|lsn| *lsn > reached);
        match target {
            RestoreTarget::Lsn(_) if reached < last => Err(match behind_gap.or(later) {
                Some(next) => lacking(url, reached, next),
                None => Error::invalid(format!(
                    "the archive at {url} has the records up to LSN {reached}, not up to {last}"
                )),
            }),
            RestoreTarget::End if let Some(next) = behind_gap => Err(lacking(url, reached, next)),
            RestoreTarget::Time(_) => Ok(Plan { base, steps, behind_gap: behind_gap.or(later) }),
            _ => Ok(Plan { base, steps, behind_gap: None }),
        }
    }

    /// Makes a store in a folder, which must be new or empty; what is interrupted is no store.
    pub(super) fn make(
        &self,
        folder: &FilePath,
        target: RestoreTarget,
        progress: &mut dyn FnMut(BootstrapProgress),
        finish: impl FnOnce(&Database) -> Result<()>,
    ) -> Result<ArchiveRestored> {
        let Plan { base, steps, behind_gap } = self.plan(target)?;
        let aside = Aside::claim(folder)?;
        let path = base.path(&self.root);
        self.runtime.block_on(fetch_base(&self.archive, &path, &aside.backup(), progress))?;
        let info = aside.make_store(progress);
        let info = info.map_err(|error| of_base(&path, &aside.backup(), error))?;
        if Base::of(&info) != base || info.history.lineage() != self.lineage {
            return Err(damaged(&path, "has another backup than its name says"));
        }
        let options = bourse::Options { create: false, ..bourse::Options::default() };
        let database = Database::open(aside.store(), options)?;
        let mut taking = Taking { database: &database, target, reached: Lsn(base.after) };
        let mut is_later = false;
        for step in steps {
            let path = step.segment.path(&self.root);
            let bytes = self.runtime.block_on(self.archive.get(&path))?;
            is_later = taking.segment(&bytes, &path, step)?;
            progress(BootstrapProgress::Replaying(taking.reached.0));
            if is_later {
                break;
            }
        }
        let position = database.replication_position()?;
        let known_until_us = position.closed_us;
        let is_reached = match target {
            RestoreTarget::Time(time) => is_later || known_until_us > time,
            RestoreTarget::End | RestoreTarget::Lsn(_) => true,
        };
        if let Some(next) = behind_gap.filter(|_| !is_reached) {
            return Err(lacking(&self.archive.url, taking.reached.0, next));
        }
        finish(&database)?;
        let (base, lsn) = (Lsn(base.lsn), position.published);
        database.close()?;
        aside.put_in_place()?;
        Ok(ArchiveRestored { base, lsn, term: 0, known_until_us, is_reached })
    }
}

/// What is told where what is wanted lies in a gap, or beyond one.
#[cold]
fn lacking(url: &str, reached: u64, next: u64) -> Error {
    let last = next.saturating_sub(1).max(reached + 1);
    Error::invalid(format!(
        "the archive at {url} has the records up to LSN {reached}, lacks those from {} to {last}, \
         and has later ones: name an earlier moment (--to-lsn {reached}), or one after a later \
         backup",
        reached + 1
    ))
}

/// An error of making a store of a base that was brought into a folder, with its name.
#[cold]
fn of_base(path: &Path, folder: &FilePath, error: Error) -> Error {
    let cause = std::error::Error::source(&error);
    let cause = cause.and_then(|cause| cause.downcast_ref::<std::io::Error>());
    if cause.is_none_or(|cause| cause.kind() != std::io::ErrorKind::NotFound) {
        return within(path, error);
    }
    // They are opened in this order.
    let mut names = (0..=u16::MAX).map(|shard| format!("{shard:03}.pages"));
    let missing = names.find(|name| !folder.join(name).exists()).unwrap_or_default();
    damaged(&path.clone().join(missing), "is missing")
}

/// Takes records into the store that is made.
struct Taking<'t> {
    database: &'t Database,
    target: RestoreTarget,
    reached: Lsn,
}

impl Taking<'_> {
    /// Takes what counts of a segment. Returns whether the time that is wanted was reached.
    fn segment(&mut self, bytes: &[u8], path: &Path, step: Step) -> Result<bool> {
        let mut is_first = true;
        for parcel in parcels(bytes, path)? {
            let parcel = parcel?;
            if std::mem::take(&mut is_first) && parcel.after().next().0 != step.segment.first {
                return Err(damaged(path, "begins with another record than its name says"));
            }
            let is_beyond = match parcel.records() {
                0 => parcel.after().0 > step.until,
                _ => parcel.after().0 >= step.until,
            };
            if parcel.last() < self.reached || is_beyond {
                continue;
            }
            let parcel = match parcel.last().0 > step.until {
                true => parcel.until(Lsn(step.until)),
                false => parcel,
            };
            let time_us = match self.target {
                RestoreTarget::Time(time_us) => time_us,
                _ => i64::MAX,
            };
            let received = self.database.receive_until(&parcel, time_us);
            let received = received.map_err(|error| within(path, error))?;
            self.reached = received.last;
            if received.is_later {
                return Ok(true);
            }
        }
        match self.reached.0 >= step.until {
            true => Ok(false),
            false => Err(damaged(path, "has less records than its name says")),
        }
    }
}

/// Brings a backup into a folder.
async fn fetch_base(
    archive: &Archive,
    base: &Path,
    folder: &FilePath,
    progress: &mut dyn FnMut(BootstrapProgress),
) -> Result<()> {
    OsVfs.create_folder(folder)?;
    let told = |error| archive.unread(base, error);
    let objects: Vec<_> = archive.store.list(Some(base)).try_collect().await.map_err(told)?;
    let mut received = 0;
    for object in objects {
        let path = &object.location;
        let name = path.filename().unwrap_or_default();
        if !is_file_of_backup(name) {
            continue;
        }
        let told = |error| archive.unread(path, error);
        let mut stream = archive.store.get(path).await.map_err(told)?.into_stream();
        let mut file = BlockWriter::create(&OsVfs, &folder.join(name))?;
        let mut page = Page::zeroed();
        let mut bytes = BytesMut::new();
        while let Some(chunk) = stream.next().await {
            bytes.extend_from_slice(&chunk.map_err(told)?);
            while bytes.len() >= PAGE_SIZE {
                page.0.copy_from_slice(&bytes[..PAGE_SIZE]);
                bytes.advance(PAGE_SIZE);
                file.push(&page)?;
                received += PAGE_SIZE as u64;
            }
            progress(BootstrapProgress::Receiving(received));
        }
        if !bytes.is_empty() {
            return Err(damaged(path, "does not end with a page"));
        }
        file.finish()?;
    }
    OsVfs.sync_folder(folder)
}
