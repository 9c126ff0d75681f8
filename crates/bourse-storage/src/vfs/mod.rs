//! The seam to the file system. The engine touches files through [`Vfs`] and [`File`] only.
//!
//! [`os`] is the real one (pread, pwrite, fdatasync, `O_DIRECT` where the file system takes it);
//! [`sim`] keeps files in memory, loses and tears what was not synced when it crashes, and answers
//! EIO and ENOSPC when told to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::Result;

pub mod os;
pub mod sim;

/// How a file is opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OpenMode {
    /// It must exist; it is not changed.
    Read,
    /// It must exist.
    Write,
    /// It must not exist.
    Create,
}

/// A file, safe to use from several threads at once.
///
/// Offsets and lengths of reads and writes are multiples of 4,096 bytes, and buffers are aligned to
/// 4,096 bytes, as `O_DIRECT` asks.
#[expect(clippy::len_without_is_empty, reason = "nobody asks whether a file is empty")]
pub trait File: Send + Sync {
    /// Fills `buffer` from `offset`. A file that ends before is an error of kind `Corrupt`.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<()>;

    /// Writes all of `buffer` at `offset`; durable only after [`File::sync`].
    fn write_at(&self, buffer: &[u8], offset: u64) -> Result<()>;

    /// Writes all of `buffer` at `offset`, durable when it returns (`O_DSYNC`). The range must have
    /// been written or allocated before, so that no metadata changes.
    fn write_durable(&self, buffer: &[u8], offset: u64) -> Result<()>;

    /// Makes all completed writes durable (fdatasync). After a failure nothing may be assumed.
    fn sync(&self) -> Result<()>;

    /// Bytes in the file.
    fn len(&self) -> Result<u64>;

    /// Grows the file to `bytes` with the disk space really allocated (reads as zeros), so that a
    /// full disk is found here and not in a later write. Never shrinks.
    fn allocate(&self, bytes: u64) -> Result<()>;

    /// Cuts the file off at `bytes`, if it is longer, and gives the space beyond back. Durable
    /// after [`File::sync`]: until then a crash may leave the file as it was.
    fn truncate(&self, bytes: u64) -> Result<()>;
}

/// A file system.
pub trait Vfs: Send + Sync {
    /// Opens a file for aligned I/O.
    fn open(&self, path: &Path, mode: OpenMode) -> Result<Arc<dyn File>>;

    /// Names (not paths) of the files and folders in a folder, sorted.
    fn list(&self, folder: &Path) -> Result<Vec<PathBuf>>;

    /// Makes a folder and those above it, durably.
    fn create_folder(&self, folder: &Path) -> Result<()>;

    /// Renames a file over another, or none. Durable after [`Vfs::sync_folder`].
    fn rename(&self, from: &Path, to: &Path) -> Result<()>;

    /// Removes a file. Durable after [`Vfs::sync_folder`].
    fn remove(&self, path: &Path) -> Result<()>;

    /// Makes creations, renames and removals in a folder durable.
    fn sync_folder(&self, folder: &Path) -> Result<()>;

    /// A small text that the system itself makes, of /proc or /sys. `None` if there is no such
    /// file, and on a machine that is not asked: a simulated one has no such files.
    fn system_text(&self, _path: &Path) -> Option<String> {
        None
    }

    /// Takes the store's lock for this process: a file whose content is the holder's pid.
    ///
    /// # Errors
    /// `Busy` with the holder's pid when another process, or another open in this one, has it.
    fn lock(&self, path: &Path) -> Result<Box<dyn Send + Sync>>;
}
