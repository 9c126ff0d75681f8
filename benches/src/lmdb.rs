//! LMDB, the fastest of the peers at reading: how an environment is opened.

#![expect(unsafe_code, reason = "heed asks for a promise about the file that it maps")]

use std::path::Path;

use heed::{Env, EnvFlags, EnvOpenOptions};

/// How an environment is opened.
#[derive(Clone, Copy, Debug)]
pub struct LmdbOptions {
    /// Whether a commit waits for the disk. Without, it is in memory only, LMDB's fastest.
    pub durable: bool,
    /// Whether the file is read at random and does not fit into memory: then reading ahead only
    /// pushes out what is needed.
    pub no_read_ahead: bool,
}

/// Opens an environment, and makes one where there is none.
///
/// # Errors
/// LMDB's.
pub fn open(folder: &Path, lmdb: LmdbOptions) -> heed::Result<Env> {
    let mut flags = EnvFlags::empty();
    if !lmdb.durable {
        flags |= EnvFlags::NO_SYNC | EnvFlags::WRITE_MAP | EnvFlags::MAP_ASYNC;
    }
    if lmdb.no_read_ahead {
        flags |= EnvFlags::NO_READ_AHEAD;
    }
    let mut options = EnvOpenOptions::new();
    options.map_size(16 << 30).max_dbs(8).max_readers(256);
    // SAFETY: the folder is this run's own: nobody else changes the file, and a run that lost power
    // is not looked at again.
    unsafe {
        options.flags(flags);
        options.open(folder)
    }
}
