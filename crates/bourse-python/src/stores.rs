//! The stores that this process has open.
//!
//! A store's lock is by process, while a program of SQLite opens a database as often as it likes:
//! all connections of a process to one store share its handle. The last one to go closes it.
//!
//! - **S1** A folder is here under its canonical path, at most once, with the number of those who
//!   hold it, which is never 0.
//! - **S2** No GIL is held while this lock is waited for: opening a store may take long.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bourse::{Database, Durability, Error, ErrorKind, Options, Result};
use bourse_storage::sync::Mutex;

use crate::memory::MemoryVfs;

/// The page cache of a store in memory. Beyond it pages lie in its files, which are in memory too.
const MEMORY_CACHE_BYTES: u64 = 64 << 20;

/// How a store is named.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Place {
    /// A folder.
    Folder(PathBuf),
    /// In memory, under a name that connections of the process share.
    Memory(String),
}

/// A handle of a store that is counted.
pub(crate) struct Store {
    database: Option<Database>,
    /// `None`: in memory and nobody else's.
    place: Option<Place>,
}

static OPEN: LazyLock<Mutex<HashMap<Place, (Database, usize)>>> = LazyLock::new(Mutex::default);

impl Store {
    /// Opens a store in memory that nobody shares.
    pub(crate) fn private() -> Result<Store> {
        Ok(Store { database: Some(in_memory()?), place: None })
    }

    /// Opens a store, or takes the handle that the process has already.
    pub(crate) fn open(place: &Place, create: bool) -> Result<Store> {
        let mut open = OPEN.lock();
        let place = match place {
            Place::Memory(_) => place.clone(),
            Place::Folder(folder) => Place::Folder(absolute(folder, create)?),
        };
        if let Some((database, count)) = open.get_mut(&place) {
            *count += 1;
            return Ok(Store { database: Some(database.clone()), place: Some(place) });
        }
        let database = match &place {
            Place::Memory(_) => in_memory()?,
            Place::Folder(folder) => {
                // With one shard the ids that the store makes ascend, as SQLite's do.
                Database::open(folder, Options { create, shards: 1, ..Options::default() })?
            }
        };
        open.insert(place.clone(), (database.clone(), 1)); // S1
        Ok(Store { database: Some(database), place: Some(place) })
    }

    /// The store.
    pub(crate) fn database(&self) -> Option<&Database> {
        self.database.as_ref()
    }

    /// Lets go of the store; the last one closes it.
    pub(crate) fn close(mut self) -> Result<()> {
        self.let_go()
    }

    fn let_go(&mut self) -> Result<()> {
        let Some(own) = self.database.take() else { return Ok(()) };
        let Some(place) = self.place.take() else {
            // Nothing of it is kept: a checkpoint would be for nobody.
            drop(own);
            return Ok(());
        };
        drop(own);
        let mut open = OPEN.lock();
        let Some((_, count)) = open.get_mut(&place) else { return Ok(()) };
        *count -= 1;
        if *count > 0 {
            return Ok(());
        }
        let Some((database, _)) = open.remove(&place) else { return Ok(()) };
        match place {
            Place::Memory(_) => Ok(()),
            Place::Folder(_) => database.close(),
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // Who wants to know of errors calls `close`.
        self.let_go().ok();
    }
}

/// The canonical path of a store's folder, which is made if it is to be.
fn absolute(folder: &Path, create: bool) -> Result<PathBuf> {
    let failed = |cause: std::io::Error| {
        let message = format!("cannot open the folder {}: {cause}", folder.display());
        Error::new(ErrorKind::Io, message)
    };
    let is_empty_file = folder.metadata().is_ok_and(|file| file.is_file() && file.len() == 0);
    if create && is_empty_file {
        // To SQLite an empty file is an empty database: programs make one to have a name.
        std::fs::remove_file(folder).map_err(failed)?;
    }
    if create && !folder.exists() {
        let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
        parent.unwrap_or(Path::new(".")).canonicalize().map_err(failed)?;
        std::fs::create_dir(folder).or_else(|cause| match folder.is_dir() {
            true => Ok(()),
            false => Err(failed(cause)),
        })?;
    }
    if folder.is_file() {
        let message = format!(
            "file is not a database: {} is a file, and a store is a folder; \
             `bourse import sqlite` makes one of a file of SQLite",
            folder.display()
        );
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    folder.canonicalize().map_err(failed)
}

/// A store in memory: one shard, commits that wait for nothing.
fn in_memory() -> Result<Database> {
    let options = Options {
        shards: 1,
        cache_bytes: MEMORY_CACHE_BYTES,
        cache_bytes_min: MEMORY_CACHE_BYTES,
        durability: Durability::Async { max_delay: Duration::from_secs(1) },
        vfs: Arc::new(MemoryVfs::default()),
        ..Options::default()
    };
    Database::open("/memory", options)
}
