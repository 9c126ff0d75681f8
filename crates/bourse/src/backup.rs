//! Backups of a store in use, full and incremental.
//!
//! # The idea
//!
//! Pages of a Cut never change. A backup takes a checkpoint of a Cut, holds the Cut, and copies the
//! pages that the checkpoint's bitmaps name, past the cache and without any mutex: writers go on,
//! and only the places of pages that the Cut has are not used again meanwhile. An incremental
//! backup leaves out the pages that the Cut of an earlier one had: same position, born by then.
//!
//! ```text
//! FOLDER
//!   BACKUP       the manifest, written last
//!   000.pages    the pages of shard 0, and so on
//!   LOCK         the process that makes the backup
//! ```
//!
//! # Invariants
//! - **B1** BACKUP is written after everything else in the folder is durable, so what was begun and
//!   not ended is never taken for a backup.
//! - **B2** The Cut is held until the last page is copied.
//! - **B3** A page is left out only if the earlier backup's page set has its position and it was
//!   born by that backup's Cut. Then it is the page that was there: a position is used again only
//!   after the death of its page was published, so by a page of a later birth. The birth alone
//!   would not do: a page of a bulk load is born before the Cut of which it is first a part.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bourse_storage::blocks::BlockWriter;
use bourse_storage::id::{Batch, Lsn};
use bourse_storage::page::Page;
use bourse_storage::pager::Reach;
use bourse_storage::sync;
use bourse_storage::vfs::Vfs;
use bourse_storage::{Error, Result};

use crate::checkpoint::{self, HeldCheckpoint};
use crate::database::Database;
use crate::identity::{LOCK, new_store_id};
use crate::reading::Cut;
use crate::replication::History;
use crate::snapshot::Snapshot;

mod chain;
mod manifest;
mod part;
mod restore;
mod verify;

use manifest::{BACKUP, BACKUP_NEW, Base, Manifest, Part};
use part::{PartReader, begin, part_path};

pub use restore::restore;
pub(crate) use restore::restore_follower;
pub use verify::{BackupFinding, VerifyReport, verify};

/// Steps between two calls of a progress function.
const PROGRESS_STEPS: u64 = 4_096;

/// How far a backup, its verification or a restore has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct BackupProgress {
    /// Pages done.
    pub pages_done: u64,
    /// Pages to do.
    pub pages_total: u64,
}

/// A table, as a backup's manifest tells of it.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct BackedUpTable {
    /// Its number in the store.
    pub id: u32,
    /// Name.
    pub name: String,
    /// Columns.
    pub columns: usize,
    /// Rows.
    pub rows: u64,
    /// Names of its indexes.
    pub indexes: Vec<String>,
}

/// What a backup is.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct BackupInfo {
    /// Its id.
    pub id: u128,
    /// The store that it is of.
    pub store: u128,
    /// The backup that it builds upon; `None` for a full one.
    pub base: Option<u128>,
    /// The last record that it contains.
    pub lsn: Lsn,
    /// The newest batch that it contains.
    pub batch: Batch,
    /// When it was taken, in microseconds since 1970.
    pub taken_us: i64,
    /// Pages of the state.
    pub pages: u64,
    /// Pages that its files have.
    pub pages_copied: u64,
    /// Bytes of its files, without the manifest.
    pub bytes: u64,
    /// The tables, by name.
    pub tables: Vec<BackedUpTable>,
    /// A follower made from it wants the records behind this one. It lies before `lsn` where bulk
    /// loads or large transactions were under way, whose beginning the pages do not have.
    pub ships_after: Lsn,
    /// Whose records the store had.
    pub history: History,
}

impl BackupInfo {
    fn of(manifest: &Manifest) -> BackupInfo {
        let sum = |of: fn(&Part) -> u64| manifest.parts.iter().map(of).sum();
        BackupInfo {
            id: manifest.id,
            store: manifest.store,
            base: manifest.base.map(|base| base.id),
            lsn: manifest.lsn,
            batch: manifest.batch,
            taken_us: manifest.taken_us,
            pages: sum(|part| part.pages),
            pages_copied: sum(|part| part.copied),
            bytes: sum(|part| part.written.blocks * bourse_storage::id::PAGE_SIZE as u64),
            tables: manifest.tables.clone(),
            ships_after: manifest.ships_after,
            history: manifest.history.clone(),
        }
    }
}

/// Counts pages, and tells now and then.
struct Meter<'m> {
    state: BackupProgress,
    tell: &'m mut dyn FnMut(BackupProgress),
}

impl<'m> Meter<'m> {
    fn new(pages_total: u64, tell: &'m mut dyn FnMut(BackupProgress)) -> Meter<'m> {
        Meter { state: BackupProgress { pages_done: 0, pages_total }, tell }
    }

    fn step(&mut self) {
        self.state.pages_done += 1;
        if self.state.pages_done.is_multiple_of(PROGRESS_STEPS) {
            (self.tell)(self.state);
        }
    }

    fn finish(&mut self) {
        self.state.pages_total = self.state.pages_done;
        (self.tell)(self.state);
    }
}

/// What a new backup builds upon.
struct Earlier {
    folder: PathBuf,
    manifest: Manifest,
}

impl Database {
    /// Copies the newest durable state into `folder`, which must be new or empty, while others go
    /// on reading and writing. With `base`, the folder of an earlier backup of the same store,
    /// leaves out the pages that were part of that one: a restore then needs both, and all that
    /// that one builds upon.
    ///
    /// Begins with a checkpoint, and reads all pages of the state in either case. The state is held
    /// meanwhile: what is changed takes new space.
    ///
    /// # Errors
    /// `InvalidInput` for a folder that is in use or a base that is foreign; `Corrupt` when a page
    /// of the store is damaged; the disk's. The store goes on as it was in each case but a failed
    /// write of its own checkpoint.
    pub fn backup(
        &self,
        folder: impl AsRef<Path>,
        base: Option<&Path>,
        progress: &mut dyn FnMut(BackupProgress),
    ) -> Result<BackupInfo> {
        let core = self.core();
        let (vfs, folder) = (&*core.options.vfs, folder.as_ref());
        let store = core.shards[0].pager.store_id();
        let earlier = base.map(|base| find_earlier(vfs, base, store)).transpose()?;
        vfs.create_folder(folder)?;
        let _lock = vfs.lock(&folder.join(LOCK))?;
        claim(vfs, folder)?;
        let HeldCheckpoint { cut, held, from, reaches } = checkpoint::checkpoint_at_one_cut(core)?;
        let cut = Cut::of(core, cut, held);
        if let Some(earlier) = &earlier {
            check_is_later(&cut, earlier)?;
        }
        let mut manifest = Manifest {
            id: new_store_id(),
            store,
            base: earlier.as_ref().map(|e| Base { id: e.manifest.id, batch: e.manifest.batch }),
            batch: cut.batch(),
            lsn: cut.lsn(),
            taken_us: sync::wall_clock_us(),
            parts: Vec::new(),
            tables: tables(&cut)?,
            ships_after: from,
            history: core.replication.history(),
        };
        let mut meter = Meter::new(reaches.iter().map(Reach::allocated).sum(), progress);
        for (shard, reach) in (0..).zip(&reaches) {
            let part = copy_shard(&cut, shard, reach, folder, &manifest, &earlier, &mut meter)?;
            manifest.parts.push(part);
        }
        // B2.
        drop(cut);
        vfs.sync_folder(folder)?;
        // B1.
        manifest.write(vfs, folder)?;
        meter.finish();
        Ok(BackupInfo::of(&manifest))
    }
}

fn find_earlier(vfs: &dyn Vfs, folder: &Path, store: u128) -> Result<Earlier> {
    let manifest = Manifest::read(vfs, folder)?;
    if manifest.store != store {
        return Err(Error::invalid(format!(
            "{} is a backup of store {:032x}, this is store {store:032x}: name one of this store, \
             or take a full backup",
            folder.display(),
            manifest.store
        )));
    }
    Ok(Earlier { folder: folder.to_owned(), manifest })
}

fn check_is_later(cut: &Cut, earlier: &Earlier) -> Result<()> {
    let (batch, lsn) = (earlier.manifest.batch, earlier.manifest.lsn);
    if cut.batch() < batch || cut.lsn() < lsn {
        return Err(Error::invalid(format!(
            "{} has LSN {lsn} of batch {batch}, the store has come to LSN {} of batch {} only: an \
             older copy was put in its place; take a full backup",
            earlier.folder.display(),
            cut.lsn(),
            cut.batch()
        )));
    }
    Ok(())
}

/// Takes a folder that is empty, or holds what an interrupted backup left, which is removed.
fn claim(vfs: &dyn Vfs, folder: &Path) -> Result<()> {
    let names = vfs.list(folder)?;
    let shown = folder.display();
    if names.iter().any(|name| name == Path::new(BACKUP)) {
        return Err(Error::invalid(format!(
            "{shown} holds a backup already: name an empty or a new folder"
        )));
    }
    let is_part = |name: &Path| {
        name.to_str()
            .and_then(|name| name.strip_suffix(".pages"))
            .is_some_and(|digits| digits.len() >= 3 && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let own = |name: &Path| is_part(name) || name == Path::new(BACKUP_NEW);
    let lock = Path::new(LOCK);
    if let Some(foreign) = names.iter().find(|name| !own(name) && *name != lock) {
        return Err(Error::invalid(format!(
            "{shown} is not empty (it holds {}): name an empty or a new folder",
            foreign.display()
        )));
    }
    for name in names.iter().filter(|name| own(name)) {
        vfs.remove(&folder.join(name))?;
    }
    vfs.sync_folder(folder)
}

/// Copies the pages of a shard that the earlier backup lacks.
fn copy_shard(
    cut: &Cut,
    shard: u16,
    reach: &Reach,
    folder: &Path,
    manifest: &Manifest,
    earlier: &Option<Earlier>,
    meter: &mut Meter<'_>,
) -> Result<Part> {
    let core = cut.core();
    let vfs = &*core.options.vfs;
    let known = match earlier {
        Some(e) => PartReader::open(vfs, &e.folder, &e.manifest, shard)?.set().to_vec(),
        None => Vec::new(),
    };
    let born_by = earlier.as_ref().map_or(Batch(0), |earlier| earlier.manifest.batch);
    // B3.
    let is_known = |page: &Page| {
        let id = page.id().0;
        page.birth() <= born_by
            && known.get(id as usize / 64).is_some_and(|word| word >> (id % 64) & 1 != 0)
    };
    let words = reach.words();
    let used = words.iter().rposition(|word| *word != 0).map_or(0, |last| last + 1);
    let path = part_path(folder, shard);
    let (mut file, set_blocks): (BlockWriter, u32) =
        begin(vfs, &path, manifest.id, shard, &words[..used])?;
    let pager = &core.shards[usize::from(shard)].pager;
    let mut copied = 0;
    pager.read_pages(reach, manifest.batch, &mut |page| {
        meter.step();
        if is_known(page) {
            return Ok(());
        }
        copied += 1;
        file.push(page)
    })?;
    Ok(Part {
        root: cut.forest(shard)?.encode(),
        salt: pager.salt(),
        pages: reach.allocated(),
        copied,
        set_blocks,
        written: file.finish()?,
    })
}

/// The definitions, for people and for counting.
fn tables(cut: &Cut) -> Result<Vec<BackedUpTable>> {
    let catalog = Arc::clone(cut.catalog());
    let each = catalog.tables().into_iter().map(|info| {
        let definition = &info.definition;
        Ok(BackedUpTable {
            id: info.id(),
            name: definition.name.clone(),
            columns: definition.columns.len(),
            rows: cut.rows_of(info.id())?,
            indexes: info.indexes.iter().map(|index| index.definition.name.clone()).collect(),
        })
    });
    each.collect()
}
