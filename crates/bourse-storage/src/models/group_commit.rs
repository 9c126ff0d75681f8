//! Group commit: who flushes returns when it is durable, and what is durable is told in order.

use std::path::{Path, PathBuf};
use std::sync::Arc;
// Not explored: what lies in the file is no business of the threads that a model has.
use std::sync::atomic::{AtomicU64, Ordering};

use super::{DEADLOCK, holds_and_finds};
use crate::error::Result;
use crate::id::{Batch, Lsn};
use crate::log::{Log, LogOptions};
use crate::sync::flaw::Flaw;
use crate::sync::spawn;
use crate::vfs::{File, OpenMode, Vfs};

/// A file that takes everything and keeps nothing but its length.
#[derive(Default)]
pub(super) struct NoFile(AtomicU64);

impl File for NoFile {
    fn read_at(&self, buffer: &mut [u8], _offset: u64) -> Result<()> {
        buffer.fill(0);
        Ok(())
    }

    fn write_at(&self, _buffer: &[u8], _offset: u64) -> Result<()> {
        Ok(())
    }

    fn write_durable(&self, _buffer: &[u8], _offset: u64) -> Result<()> {
        Ok(())
    }

    fn sync(&self) -> Result<()> {
        Ok(())
    }

    fn len(&self) -> Result<u64> {
        Ok(self.0.load(Ordering::Relaxed))
    }

    fn allocate(&self, bytes: u64) -> Result<()> {
        self.0.fetch_max(bytes, Ordering::Relaxed);
        Ok(())
    }

    fn truncate(&self, bytes: u64) -> Result<()> {
        self.0.fetch_min(bytes, Ordering::Relaxed);
        Ok(())
    }
}

/// A file system of such files.
struct NoFiles;

impl Vfs for NoFiles {
    fn open(&self, _path: &Path, _mode: OpenMode) -> Result<Arc<dyn File>> {
        Ok(Arc::new(NoFile::default()))
    }

    fn list(&self, _folder: &Path) -> Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }

    fn create_folder(&self, _folder: &Path) -> Result<()> {
        Ok(())
    }

    fn rename(&self, _from: &Path, _to: &Path) -> Result<()> {
        Ok(())
    }

    fn remove(&self, _path: &Path) -> Result<()> {
        Ok(())
    }

    fn sync_folder(&self, _folder: &Path) -> Result<()> {
        Ok(())
    }

    fn lock(&self, _path: &Path) -> Result<Box<dyn Send + Sync>> {
        Ok(Box::new(()))
    }
}

fn log() -> Arc<Log> {
    let options = LogOptions {
        segment_bytes: 64 << 10,
        buffer_bytes: 4 << 10,
        flushes_in_flight: 1,
        ..LogOptions::default()
    };
    Arc::new(Log::create(Arc::new(NoFiles), Path::new("log"), 7, options).unwrap())
}

fn commit(log: &Log) -> (Batch, Lsn) {
    let (lsn, batch) = log.append(1, b"record", |_, _| ()).unwrap();
    log.flush(batch).unwrap();
    let (durable, up_to) = log.durable();
    assert!(durable >= batch && up_to >= lsn, "it is durable when flush returns");
    (batch, lsn)
}

/// Guards I2 and I3: both come back, whoever leads, with their records durable.
fn two_commits() {
    let log = log();
    let other = {
        let log = Arc::clone(&log);
        spawn("other", move || commit(&log))
    };
    let own = commit(&log);
    let other = other.join().unwrap();
    assert_ne!(own.1, other.1, "I1: each record has its LSN");
}

#[test]
fn both_of_two_commits_come_back_durable() {
    holds_and_finds(two_commits, &[(Flaw::MomentAfterLatch, DEADLOCK)]);
}

/// Guards `Log::durable`: the LSN is not below any of the batch.
fn commit_and_look() {
    let log = log();
    let looker = {
        let log = Arc::clone(&log);
        spawn("looker", move || log.durable())
    };
    let (batch, lsn) = commit(&log);
    let (seen, up_to) = looker.join().unwrap();
    assert!(seen < batch || up_to >= lsn, "LSN {up_to:?} of batch {seen:?} is below {lsn:?}");
}

#[test]
fn a_durable_batch_comes_with_its_lsn() {
    holds_and_finds(commit_and_look, &[(Flaw::BatchBeforeLsn, "is below")]);
}
