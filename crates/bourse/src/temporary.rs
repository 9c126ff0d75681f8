//! Files for what a computation over the store keeps for a while: they lie in the store's folder,
//! so that they are of the disk that was chosen for it, and have no name there while they are used.
//! A follower makes them as a leader does: nothing of them is a record.

use std::path::Path;
use std::sync::atomic::Ordering;

use bourse_storage::Result;
use bourse_storage::temporary::{TemporaryFile, clear_folder};
use bourse_storage::vfs::Vfs;

use crate::database::Database;

#[cfg(test)]
mod tests;

/// The folder of temporary files in that of the store.
const TEMPORARY: &str = "temporary";

impl Database {
    /// Makes a file of blocks that lasts as long as its handle: for what has no room in memory.
    ///
    /// # Errors
    /// `Full` or `Io`: what the file system answers.
    pub fn temporary_file(&self) -> Result<TemporaryFile> {
        let core = self.core();
        let folder = core.folder.join(TEMPORARY);
        core.options.vfs.create_folder(&folder)?;
        let number = core.next_temporary.fetch_add(1, Ordering::Relaxed);
        TemporaryFile::create(&*core.options.vfs, &folder, number)
    }
}

/// Removes what a crash of the machine has left, before the first file is made.
pub(crate) fn clear(vfs: &dyn Vfs, folder: &Path) -> Result<()> {
    if vfs.list(folder)?.iter().any(|name| name == Path::new(TEMPORARY)) {
        clear_folder(vfs, &folder.join(TEMPORARY))?;
    }
    Ok(())
}
