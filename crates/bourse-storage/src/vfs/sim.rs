//! The simulated file system: files in memory that forget, on a crash, what a disk may forget.
//!
//! # The idea
//!
//! Reads see all that was written; the disk has what was synced. The difference is kept: of each
//! file the sectors of 512 bytes that differ, of each folder the changes of names. A crash freezes
//! everything, and [`SimVfs::reboot`] decides by a seed what of the difference the disk has:
//!
//! | in doubt | after a crash it is |
//! |---|---|
//! | a written, unsynced sector | old, new, or torn: a part new, the rest old or noise |
//! | a file's unsynced growth | there, not there, or there in part |
//! | a file's unsynced truncation | done, or not: then all that was cut off is there again |
//! | an unsynced creation, renaming or removal | kept or lost, each on its own |
//! | a `write_durable` that has returned | there |
//! | a `write_durable` that the crash hits | as a written, unsynced one |
//! | a folder | there: `create_folder` is durable, as the real one's is |
//!
//! One crash may be rebooted with many seeds. Inside a world (see [`crate::sync::sim`]) every
//! operation is a step of its thread and takes some virtual time, and a crash ends the world; the
//! other way round, a world that ends freezes the disk, so that destructors change nothing.

#![expect(
    clippy::disallowed_types,
    reason = "the simulated disk is below the seam: no switch of threads inside its operations"
)]

use std::io::{self, ErrorKind as Cause};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};

use super::os::{assert_aligned, failed, too_short};
use super::{File, OpenMode, Vfs};
use crate::error::{Error, ErrorKind, Result};
use crate::sync::checkpoint;
use crate::sync::sim::{self as world, Random};
use disk::{Disk, FileNumber, Kind, Verdict};

mod content;
mod disk;
#[cfg(test)]
mod tests;

/// What offsets, lengths and buffers are multiples of.
const BLOCK_BYTES: usize = 4096;
/// The longest that an operation takes in virtual time.
const LATENCY_MAX_NS: u64 = 50_000;

/// What can be made to go wrong, at a chosen operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The machine crashes in the middle of an operation of any kind.
    Crash,
    /// The machine crashes in the middle of a write or an allocation.
    CrashInWrite,
    /// A read fails with EIO.
    ReadError,
    /// A write fails with EIO, with any part of it written.
    WriteError,
    /// A sync, of a file or folder, fails with EIO; what it should have written may be forgotten.
    SyncError,
}

impl Fault {
    /// How many operations of the kind that it can hit there were.
    fn count(self, counters: &Counters) -> u64 {
        match self {
            Fault::Crash => counters.operations,
            Fault::ReadError => counters.reads,
            Fault::WriteError | Fault::CrashInWrite => counters.writes,
            Fault::SyncError => counters.syncs,
        }
    }
}

/// What a simulated disk did so far, over all its crashes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counters {
    /// Operations of any kind.
    pub operations: u64,
    /// Reads of a file.
    pub reads: u64,
    /// Writes, allocations and truncations.
    pub writes: u64,
    /// Syncs of a file or folder.
    pub syncs: u64,
    /// Opens, listings and changes of names.
    pub name_changes: u64,
    /// Crashes.
    pub crashes: u64,
    /// Sectors that a crash tore.
    pub torn_sectors: u64,
    /// EIO errors given.
    pub io_errors: u64,
    /// ENOSPC errors given.
    pub full_errors: u64,
    /// Files that were made shorter.
    pub truncations: u64,
}

/// A simulated disk; clones are the same disk.
#[derive(Clone, Debug)]
pub struct SimVfs {
    disk: Arc<Mutex<Disk>>,
}

impl SimVfs {
    /// An empty disk without bounds, on which nothing is planned to go wrong.
    pub fn new(seed: u64) -> SimVfs {
        SimVfs::of(Disk::new(seed))
    }

    fn of(disk: Disk) -> SimVfs {
        SimVfs { disk: Arc::new(Mutex::new(disk)) }
    }

    /// Makes the `after`-th operation from now that `fault` can hit fail; the next one is 1.
    pub fn inject(&self, fault: Fault, after: u64) {
        self.disk.lock().plan(fault, after);
    }

    /// Takes back what was injected and has not happened.
    pub fn forget_faults(&self) {
        self.disk.lock().forget_plan();
    }

    /// Bounds the files' bytes from now on: what grows beyond is refused with ENOSPC.
    pub fn set_capacity(&self, capacity_bytes: u64) {
        self.disk.lock().capacity_bytes = capacity_bytes;
    }

    /// The files' bytes now, as far as the capacity counts them.
    pub fn used_bytes(&self) -> u64 {
        self.disk.lock().used_bytes()
    }

    /// Flips a bit of a file, on disk and for reads, as a failing disk or cable does.
    ///
    /// # Panics
    /// When there is no such file, or it ends before `offset`.
    pub fn flip_bit(&self, path: &Path, offset: u64, bit: u32) {
        let mut disk = self.disk.lock();
        let Some(file) = disk.names.get(path).copied() else {
            panic!("there is no file {} to damage", path.display());
        };
        disk.content(file).flip_bit(offset, bit);
    }

    /// What it did so far.
    pub fn counters(&self) -> Counters {
        self.disk.lock().counters
    }

    /// Begins to record the operations.
    pub fn record_trace(&self) {
        self.disk.lock().trace = Some(Vec::new());
    }

    /// The operations since recording began or they were last taken, one a line: `open PATH MODE`,
    /// `read PATH OFFSET BYTES`, `write PATH OFFSET BYTES`, `sync PATH`, and so on.
    pub fn take_trace(&self) -> Vec<String> {
        self.disk.lock().trace.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Cuts the power: the disk answers nothing any more, and the calling thread's world ends.
    pub fn crash(&self) {
        self.disk.lock().crash();
        if let Some(world) = world::current() {
            world.crash();
        }
    }

    /// Whether the power was cut.
    pub fn is_crashed(&self) -> bool {
        self.disk.lock().crashed
    }

    /// What is found on disk after a crash, which is now if there was none. `seed` decides what
    /// was in doubt; the same crash may be rebooted again, with the same or another seed.
    pub fn reboot(&self, seed: u64) -> SimVfs {
        let mut disk = self.disk.lock();
        disk.crash();
        let mut after = disk.after_crash(seed);
        if let Some(trace) = &mut after.trace {
            trace.clear();
            trace.push(String::from("reboot"));
        }
        SimVfs::of(after)
    }

    /// The begin of every operation: what happens to it, and the disk to do it on.
    fn begin(
        &self,
        kind: Kind,
        line: impl FnOnce() -> String,
    ) -> Result<(MutexGuard<'_, Disk>, Verdict)> {
        let mut disk = self.begin_unjudged()?;
        let verdict = disk.judge(kind, line);
        Ok((disk, verdict))
    }

    fn begin_unjudged(&self) -> Result<MutexGuard<'_, Disk>> {
        checkpoint();
        let mut disk = self.disk.lock();
        if world::is_stopping() {
            disk.crash();
        }
        if disk.crashed { Err(no_power()) } else { Ok(disk) }
    }

    /// The end of an operation that was done, and is to have the `verdict`.
    fn end(&self, mut disk: MutexGuard<'_, Disk>, verdict: Verdict) -> Result<()> {
        if verdict == Verdict::Crashes {
            drop(disk);
            self.crash();
            checkpoint();
            return Err(no_power());
        }
        let latency_ns = disk.random.below(2 * LATENCY_MAX_NS);
        drop(disk);
        // Half of all operations take no time, as if a cache had answered.
        if latency_ns < LATENCY_MAX_NS {
            world::sleep(Duration::from_nanos(latency_ns));
        }
        Ok(())
    }

    /// An operation on names: `change` says whether it could be done.
    fn change_names(
        &self,
        line: impl FnOnce() -> String,
        change: impl FnOnce(&mut Disk) -> Result<()>,
    ) -> Result<()> {
        let (mut disk, verdict) = self.begin(Kind::Names, line)?;
        let changed = change(&mut disk);
        self.end(disk, verdict)?;
        changed
    }
}

fn no_power() -> Error {
    Error::new(ErrorKind::Closed, "the simulated machine has crashed: reboot it")
}

fn eio() -> io::Error {
    rustix::io::Errno::IO.into()
}

impl Vfs for SimVfs {
    fn open(&self, path: &Path, mode: OpenMode) -> Result<Arc<dyn File>> {
        let (what, label) = match mode {
            OpenMode::Read => ("open", "read"),
            OpenMode::Write => ("open", "write"),
            OpenMode::Create => ("create", "create"),
        };
        let mut opened = 0;
        self.change_names(
            || format!("open {} {label}", path.display()),
            |disk| {
                opened = match (disk.names.get(path).copied(), mode) {
                    (Some(_), OpenMode::Create) => Err(Cause::AlreadyExists),
                    (Some(file), _) => Ok(file),
                    (None, OpenMode::Create) if disk.has_folder_of(path) => Ok(disk.create(path)),
                    (None, _) => Err(Cause::NotFound),
                }
                .map_err(|cause| failed(what, path, cause.into()))?;
                disk.files.entry(opened).or_default().handles += 1;
                Ok(())
            },
        )?;
        let writable = mode != OpenMode::Read;
        Ok(Arc::new(SimFile { vfs: self.clone(), file: opened, path: path.into(), writable }))
    }

    fn list(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        let mut listed = Vec::new();
        self.change_names(
            || format!("list {}", folder.display()),
            |disk| {
                if !disk.folders.contains(folder) {
                    return Err(failed("list", folder, Cause::NotFound.into()));
                }
                let inside = |path: &&PathBuf| path.parent() == Some(folder);
                let paths = disk.names.keys().chain(&disk.folders).filter(inside);
                listed.extend(paths.filter_map(|path| path.file_name()).map(PathBuf::from));
                Ok(())
            },
        )?;
        listed.sort_unstable();
        Ok(listed)
    }

    fn create_folder(&self, folder: &Path) -> Result<()> {
        self.change_names(
            || format!("create_folder {}", folder.display()),
            |disk| {
                if folder.ancestors().any(|path| disk.names.contains_key(path)) {
                    let cause = Cause::AlreadyExists.into();
                    return Err(failed("create the folder", folder, cause));
                }
                disk.folders.extend(folder.ancestors().map(PathBuf::from));
                Ok(())
            },
        )
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        self.change_names(
            || format!("rename {} {}", from.display(), to.display()),
            |disk| {
                if disk.has_folder_of(to) && disk.rename(from, to) {
                    return Ok(());
                }
                let what = format!("rename {} to", from.display());
                Err(failed(&what, to, Cause::NotFound.into()))
            },
        )
    }

    fn remove(&self, path: &Path) -> Result<()> {
        self.change_names(
            || format!("remove {}", path.display()),
            |disk| {
                let removed = disk.remove(path);
                removed.then_some(()).ok_or_else(|| failed("remove", path, Cause::NotFound.into()))
            },
        )
    }

    fn sync_folder(&self, folder: &Path) -> Result<()> {
        let line = || format!("sync_folder {}", folder.display());
        let (mut disk, verdict) = self.begin(Kind::Sync, line)?;
        let there = disk.folders.contains(folder);
        if verdict == Verdict::Works {
            disk.sync_folder(folder);
        }
        self.end(disk, verdict)?;
        match (there, verdict) {
            (false, _) => Err(failed("sync the folder", folder, Cause::NotFound.into())),
            (true, Verdict::Fails) => Err(failed("sync the folder", folder, eio())),
            (true, _) => Ok(()),
        }
    }

    fn lock(&self, path: &Path) -> Result<Box<dyn Send + Sync>> {
        self.change_names(
            || format!("lock {}", path.display()),
            |disk| {
                if !disk.has_folder_of(path) {
                    return Err(failed("lock", path, Cause::NotFound.into()));
                }
                if !disk.locked.insert(path.into()) {
                    let message = format!("the store is in use: {} is locked", path.display());
                    return Err(Error::new(ErrorKind::Busy, message));
                }
                if !disk.names.contains_key(path) {
                    disk.create(path);
                }
                Ok(())
            },
        )?;
        Ok(Box::new(SimLock { vfs: self.clone(), path: path.into() }))
    }
}

/// Holds a simulated store's lock until dropped, or until the machine crashes.
struct SimLock {
    vfs: SimVfs,
    path: PathBuf,
}

impl Drop for SimLock {
    fn drop(&mut self) {
        self.vfs.disk.lock().locked.remove(&self.path);
    }
}

struct SimFile {
    vfs: SimVfs,
    file: FileNumber,
    path: PathBuf,
    writable: bool,
}

impl Drop for SimFile {
    fn drop(&mut self) {
        self.vfs.disk.lock().close(self.file);
    }
}

impl SimFile {
    fn line(&self, what: &str, bytes: usize, offset: u64) -> String {
        format!("{what} {} {offset} {bytes}", self.path.display())
    }

    fn write(&self, label: &str, buffer: &[u8], offset: u64, durable: bool) -> Result<()> {
        assert_aligned(buffer.as_ptr(), buffer.len(), offset);
        let what = format!("write {} bytes at offset {offset} of", buffer.len());
        if !self.writable {
            return Err(failed(&what, &self.path, rustix::io::Errno::BADF.into()));
        }
        let line = || self.line(label, buffer.len(), offset);
        let (mut disk, verdict) = self.vfs.begin(Kind::Write, line)?;
        let end = offset + buffer.len() as u64;
        let there = disk.content(self.file).bytes() >= end;
        assert!(there || !durable, "a durable write is to bytes that are there");
        if !disk.grow(self.file, end) {
            self.vfs.end(disk, verdict)?;
            return Err(failed(&what, &self.path, Cause::StorageFull.into()));
        }
        let mut random = Random::new(disk.random.next_u64());
        let content = disk.content(self.file);
        match verdict {
            // Any part of it was written.
            Verdict::Fails => content.write(buffer, offset, || random.one_in(2)),
            // What of it was written is decided by the reboot.
            Verdict::Crashes => content.write(buffer, offset, || true),
            Verdict::Works => content.write(buffer, offset, || true),
        }
        self.vfs.end(disk, verdict)?;
        if durable && verdict == Verdict::Works {
            // Only now: a crash while the write is under way decides what of it is there.
            self.vfs.begin_unjudged()?.content(self.file).sync_range(buffer.len(), offset);
        }
        let fails = verdict == Verdict::Fails;
        if fails { Err(failed(&what, &self.path, eio())) } else { Ok(()) }
    }
}

impl File for SimFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<()> {
        assert_aligned(buffer.as_ptr(), buffer.len(), offset);
        let bytes = buffer.len();
        let line = || self.line("read", bytes, offset);
        let (mut disk, verdict) = self.vfs.begin(Kind::Read, line)?;
        let found = disk.content(self.file).read(buffer, offset);
        self.vfs.end(disk, verdict)?;
        if verdict == Verdict::Fails {
            let what = format!("read {bytes} bytes at offset {offset} of");
            return Err(failed(&what, &self.path, eio()));
        }
        if found < bytes { Err(too_short(&self.path, bytes, offset, found)) } else { Ok(()) }
    }

    fn write_at(&self, buffer: &[u8], offset: u64) -> Result<()> {
        self.write("write", buffer, offset, false)
    }

    fn write_durable(&self, buffer: &[u8], offset: u64) -> Result<()> {
        self.write("write_durable", buffer, offset, true)
    }

    fn sync(&self) -> Result<()> {
        let line = || format!("sync {}", self.path.display());
        let (mut disk, verdict) = self.vfs.begin(Kind::Sync, line)?;
        let mut random = Random::new(disk.random.next_u64());
        match verdict {
            Verdict::Works => disk.content(self.file).sync(),
            Verdict::Fails => disk.content(self.file).sync_failed(&mut random),
            Verdict::Crashes => {}
        }
        self.vfs.end(disk, verdict)?;
        let fails = verdict == Verdict::Fails;
        if fails { Err(failed("sync", &self.path, eio())) } else { Ok(()) }
    }

    fn len(&self) -> Result<u64> {
        Ok(self.vfs.begin_unjudged()?.content(self.file).bytes())
    }

    fn truncate(&self, bytes: u64) -> Result<()> {
        assert!(bytes.is_multiple_of(BLOCK_BYTES as u64), "files are of whole blocks");
        let what = format!("cut off at {bytes} bytes");
        if !self.writable {
            return Err(failed(&what, &self.path, rustix::io::Errno::BADF.into()));
        }
        let line = || format!("truncate {} {bytes}", self.path.display());
        let (mut disk, verdict) = self.vfs.begin(Kind::Write, line)?;
        if verdict != Verdict::Fails || disk.random.one_in(2) {
            let shorter = disk.content(self.file).truncate(bytes);
            disk.counters.truncations += u64::from(shorter);
        }
        self.vfs.end(disk, verdict)?;
        let fails = verdict == Verdict::Fails;
        if fails { Err(failed(&what, &self.path, eio())) } else { Ok(()) }
    }

    fn allocate(&self, bytes: u64) -> Result<()> {
        assert!(bytes.is_multiple_of(BLOCK_BYTES as u64), "files are of whole blocks");
        let what = format!("grow to {bytes} bytes");
        if !self.writable {
            return Err(failed(&what, &self.path, rustix::io::Errno::BADF.into()));
        }
        let line = || format!("allocate {} {bytes}", self.path.display());
        let (mut disk, verdict) = self.vfs.begin(Kind::Write, line)?;
        let grown = verdict == Verdict::Fails || disk.grow(self.file, bytes);
        self.vfs.end(disk, verdict)?;
        if verdict == Verdict::Fails {
            return Err(failed(&what, &self.path, eio()));
        }
        if grown { Ok(()) } else { Err(failed(&what, &self.path, Cause::StorageFull.into())) }
    }
}
