//! The real file system.
//!
//! One descriptor a file: opened plainly, then switched to `O_DIRECT` where the file system takes
//! it, so that a file that it does not take is opened once all the same. Durable writes are
//! `pwritev2` with `RWF_DSYNC` on that descriptor, which costs one flush and no second open; where
//! the kernel does not know the flag they are a write and an fdatasync.
//!
//! Every error names the operation, the path and the offset, and says what to do about it.

#![expect(clippy::disallowed_types, reason = "this is the seam that others must go through")]

use std::fs::{self, OpenOptions, TryLockError};
use std::io::{self, ErrorKind as Cause, IoSlice, Read as _, Write as _};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::{FallocateFlags, OFlags};
use rustix::io::{Errno, ReadWriteFlags};

use super::{File, OpenMode, Vfs};
use crate::error::{Error, ErrorKind, Result};
use crate::sync::begin_wait;

#[cfg(test)]
mod tests;

/// What offsets, lengths and buffers are multiples of.
const BLOCK_BYTES: usize = 4096;

/// Zeros to write where the file system cannot allocate, aligned as `O_DIRECT` asks.
#[repr(align(4096))]
struct Zeros([u8; 16 * BLOCK_BYTES]);

static ZEROS: Zeros = Zeros([0; 16 * BLOCK_BYTES]);

/// Removes a folder with all that it holds, if it is there. Stores have no need of it: it is for
/// programs that make whole stores and throw them away.
///
/// # Errors
/// `Io` where something of it cannot be removed.
pub fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != Cause::NotFound => {
            Err(Error::io(format!("cannot remove {}", folder.display()), error))
        }
        _ => Ok(()),
    }
}

/// The operating system's files.
#[derive(Clone, Copy, Default, Debug)]
pub struct OsVfs;

impl OsVfs {
    /// The operating system's files.
    pub const fn new() -> OsVfs {
        OsVfs
    }
}

impl Vfs for OsVfs {
    fn open(&self, path: &Path, mode: OpenMode) -> Result<Arc<dyn File>> {
        let mut options = OpenOptions::new();
        options.read(true).write(mode != OpenMode::Read).create_new(mode == OpenMode::Create);
        let what = if mode == OpenMode::Create { "create" } else { "open" };
        let file = options.mode(0o640).open(path).map_err(|cause| failed(what, path, cause))?;
        let direct = set_direct(&file, path)?;
        let dsync = AtomicBool::new(true);
        Ok(Arc::new(OsFile { file, path: path.into(), direct, dsync }))
    }

    fn list(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        let failed = |cause| failed("list", folder, cause);
        let mut names = Vec::new();
        for entry in fs::read_dir(folder).map_err(failed)? {
            names.push(PathBuf::from(entry.map_err(failed)?.file_name()));
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Makes the folders, each durable when this returns.
    fn create_folder(&self, folder: &Path) -> Result<()> {
        if folder.as_os_str().is_empty() || folder.is_dir() {
            return Ok(());
        }
        let parent = folder.parent().unwrap_or(Path::new(""));
        self.create_folder(parent)?;
        match fs::create_dir(folder) {
            Ok(()) => self.sync_folder(parent),
            // Somebody else was faster.
            Err(cause) if cause.kind() == Cause::AlreadyExists && folder.is_dir() => Ok(()),
            Err(cause) => Err(failed("create the folder", folder, cause)),
        }
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        fs::rename(from, to)
            .map_err(|cause| failed(&format!("rename {} to", from.display()), to, cause))
    }

    fn remove(&self, path: &Path) -> Result<()> {
        fs::remove_file(path).map_err(|cause| failed("remove", path, cause))
    }

    fn sync_folder(&self, folder: &Path) -> Result<()> {
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let synced = fs::File::open(here).and_then(|opened| opened.sync_all());
        synced.map_err(|cause| failed("sync the folder", folder, cause))
    }

    fn system_text(&self, path: &Path) -> Option<String> {
        // What cannot be read says nothing, whatever the reason.
        fs::read_to_string(path).ok()
    }

    fn lock(&self, path: &Path) -> Result<Box<dyn Send + Sync>> {
        let failed = |cause| failed("lock", path, cause);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o640);
        let mut file = options.open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held_by_another(path, &mut file)),
            Err(TryLockError::Error(cause)) => return Err(failed(cause)),
        }
        // The lock is the flock, which ends with the process. The pid is for people, and stays
        // behind when the lock is released: removing the file would race with the next holder.
        file.set_len(0).map_err(failed)?;
        writeln!(file, "{}", std::process::id()).map_err(failed)?;
        Ok(Box::new(Lock { file }))
    }
}

/// Holds the store's lock. The end of the process releases it, too.
struct Lock {
    file: fs::File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing is not enough: a child that another thread has forked, and that has yet to run
        // its program, has the file open as well. What cannot be unlocked is closed all the same.
        let _ = self.file.unlock();
    }
}

fn held_by_another(path: &Path, file: &mut fs::File) -> Error {
    let mut text = String::new();
    let read = file.read_to_string(&mut text);
    let holder = match (read, text.trim().parse::<u32>()) {
        (Ok(_), Ok(pid)) if pid == std::process::id() => {
            format!("this process (pid {pid}), which has the store open already")
        }
        (Ok(_), Ok(pid)) => format!("the process with pid {pid}"),
        _ => String::from("another process, which has not yet written its pid there"),
    };
    let advice = "close the store there, or use another folder";
    let message =
        format!("the store is in use: {} is locked by {holder}; {advice}", path.display());
    Error::new(ErrorKind::Busy, message)
}

/// Switches to direct I/O, and proves by a read that it works. Whether it does.
fn set_direct(file: &fs::File, path: &Path) -> Result<bool> {
    let failed = |cause: Errno| failed("open", path, cause.into());
    let flags = rustix::fs::fcntl_getfl(file).map_err(failed)?;
    match rustix::fs::fcntl_setfl(file, flags | OFlags::DIRECT) {
        Ok(()) => {}
        Err(Errno::INVAL | Errno::NOTSUP) => return Ok(false),
        Err(cause) => return Err(failed(cause)),
    }
    let mut buffer = Box::new(Zeros([0; 16 * BLOCK_BYTES]));
    match rustix::io::pread(file, &mut buffer.0[..BLOCK_BYTES], 0) {
        // It takes the flag, and then only larger blocks than ours.
        Err(Errno::INVAL) => {
            rustix::fs::fcntl_setfl(file, flags).map_err(failed)?;
            Ok(false)
        }
        // Any other failure is that of the read, and will be told by the read that meets it.
        _ => Ok(true),
    }
}

struct OsFile {
    file: fs::File,
    path: PathBuf,
    direct: bool,
    /// Whether the kernel and file system take `RWF_DSYNC`, as far as is known.
    dsync: AtomicBool,
}

impl OsFile {
    /// Writes all of `buffer`, by as many calls of `write` as it takes.
    fn write_all(
        &self,
        buffer: &[u8],
        offset: u64,
        write: impl Fn(&[u8], u64) -> io::Result<usize>,
    ) -> io::Result<()> {
        assert_aligned(buffer.as_ptr(), buffer.len(), offset);
        let (mut done, mut stalls) = (0, 0);
        while done < buffer.len() {
            match write(&buffer[done..], offset + done as u64) {
                // A write that stops within its first block stops for a reason (a full disk, a
                // limit) that the next try is told; direct I/O can only begin at a block again.
                Ok(count) if count < BLOCK_BYTES && stalls < 3 => stalls += 1,
                Ok(count) if count < BLOCK_BYTES => return Err(Cause::WriteZero.into()),
                Ok(count) => done += count - count % BLOCK_BYTES,
                Err(cause) if cause.kind() == Cause::Interrupted => {}
                Err(cause) => return Err(cause),
            }
        }
        Ok(())
    }

    fn write_failed(&self, buffer: &[u8], offset: u64, cause: io::Error) -> Error {
        let what = format!("write {} bytes at offset {offset} of", buffer.len());
        failed(&what, &self.path, cause)
    }

    /// Allocates by writing zeros, where the file system has no other way.
    fn write_zeros(&self, bytes: u64) -> Result<()> {
        // From a block's start: what of it there was is not overwritten by a file of whole blocks.
        let mut offset = self.len()?.next_multiple_of(BLOCK_BYTES as u64);
        while offset < bytes {
            let rest = usize::try_from(bytes - offset).unwrap_or(usize::MAX);
            let zeros = &ZEROS.0[..rest.min(ZEROS.0.len())];
            self.write_at(zeros, offset)?;
            offset += zeros.len() as u64;
        }
        Ok(())
    }
}

impl File for OsFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<()> {
        assert_aligned(buffer.as_ptr(), buffer.len(), offset);
        let mut done = 0;
        while done < buffer.len() {
            match self.file.read_at(&mut buffer[done..], offset + done as u64) {
                Ok(0) => return Err(too_short(&self.path, buffer.len(), offset, done)),
                Ok(count) => done += count,
                Err(cause) if cause.kind() == Cause::Interrupted => {}
                // Direct I/O refuses to go on after a part of a block: the file ended there.
                Err(_) if self.direct && done % BLOCK_BYTES != 0 => {
                    return Err(too_short(&self.path, buffer.len(), offset, done));
                }
                Err(cause) => {
                    let what = format!("read {} bytes at offset {offset} of", buffer.len());
                    return Err(failed(&what, &self.path, cause));
                }
            }
        }
        Ok(())
    }

    fn write_at(&self, buffer: &[u8], offset: u64) -> Result<()> {
        self.write_all(buffer, offset, |rest, offset| self.file.write_at(rest, offset))
            .map_err(|cause| self.write_failed(buffer, offset, cause))
    }

    fn write_durable(&self, buffer: &[u8], offset: u64) -> Result<()> {
        if self.dsync.load(Ordering::Relaxed) {
            let _wait = begin_wait();
            let written = self.write_all(buffer, offset, |rest, offset| {
                let slices = [IoSlice::new(rest)];
                Ok(rustix::io::pwritev2(&self.file, &slices, offset, ReadWriteFlags::DSYNC)?)
            });
            match written.as_ref().map_err(Errno::from_io_error) {
                Err(Some(Errno::NOTSUP | Errno::NOSYS)) => {
                    self.dsync.store(false, Ordering::Relaxed);
                }
                _ => return written.map_err(|cause| self.write_failed(buffer, offset, cause)),
            }
        }
        self.write_at(buffer, offset)?;
        self.sync()
    }

    fn sync(&self) -> Result<()> {
        let _wait = begin_wait();
        self.file.sync_data().map_err(|cause| failed("sync", &self.path, cause))
    }

    fn len(&self) -> Result<u64> {
        let metadata = self.file.metadata();
        Ok(metadata.map_err(|cause| failed("read the length of", &self.path, cause))?.len())
    }

    fn truncate(&self, bytes: u64) -> Result<()> {
        assert!(bytes.is_multiple_of(BLOCK_BYTES as u64), "files are of whole blocks");
        if self.len()? <= bytes {
            return Ok(());
        }
        let cut = self.file.set_len(bytes);
        cut.map_err(|cause| failed(&format!("cut off at {bytes} bytes"), &self.path, cause))
    }

    fn allocate(&self, bytes: u64) -> Result<()> {
        assert!(bytes.is_multiple_of(BLOCK_BYTES as u64), "files are of whole blocks");
        if bytes == 0 {
            return Ok(());
        }
        loop {
            match rustix::fs::fallocate(&self.file, FallocateFlags::empty(), 0, bytes) {
                Ok(()) => return Ok(()),
                Err(Errno::INTR) => {}
                Err(Errno::NOTSUP | Errno::NOSYS) => return self.write_zeros(bytes),
                Err(cause) => {
                    let what = format!("grow to {bytes} bytes");
                    return Err(failed(&what, &self.path, cause.into()));
                }
            }
        }
    }
}

/// What is not aligned is our bug, whether or not this file system would take it.
pub(super) fn assert_aligned(buffer: *const u8, bytes: usize, offset: u64) {
    assert!(buffer.addr().is_multiple_of(BLOCK_BYTES), "a buffer for I/O is aligned");
    assert!(bytes.is_multiple_of(BLOCK_BYTES), "I/O is of whole blocks");
    assert!(offset.is_multiple_of(BLOCK_BYTES as u64), "I/O begins at a block");
}

/// The error for a file that ends before what is read.
pub(super) fn too_short(path: &Path, bytes: usize, offset: u64, found: usize) -> Error {
    Error::corrupt(format!(
        "{} is too short: {bytes} bytes were to be read at offset {offset}, {found} are there; \
         it was cut off: restore it from a backup",
        path.display()
    ))
}

/// The error for an operation that the system failed, with what to do about it.
pub(super) fn failed(what: &str, path: &Path, cause: io::Error) -> Error {
    let advice = match cause.kind() {
        Cause::StorageFull | Cause::QuotaExceeded => "make space on the disk, or delete rows",
        Cause::FileTooLarge => "the file system or a ulimit does not allow a file this large",
        Cause::PermissionDenied | Cause::ReadOnlyFilesystem => {
            "the folder is read-only for this user: give the user the right to write there, or \
             mount the file system for writing"
        }
        Cause::NotFound => "check the path",
        Cause::AlreadyExists => "it is there already: use another name, or remove it",
        _ => "see the system's log for failures of the disk, then open the store again",
    };
    Error::io(format!("cannot {what} {}: {cause}; {advice}", path.display()), cause)
}
