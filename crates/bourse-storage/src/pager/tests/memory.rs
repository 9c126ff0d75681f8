//! A file system of one file in memory, with injected errors and crash images.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use crate::error::{Error, ErrorKind, Result};
use crate::sync::Mutex;
use crate::vfs::{File, OpenMode, Vfs};

use super::Random;

const SECTOR: usize = 512;

/// Something that happens while a read or write is under way.
type Hook = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Bytes {
    /// What reads see.
    current: Vec<u8>,
    /// What a crash surely leaves.
    durable: Vec<u8>,
    /// Writes since the last sync.
    pending: Vec<(usize, Vec<u8>)>,
    /// Where the file was cut off since the last sync; `durable` is still as long as it was.
    cut: Option<usize>,
}

pub(super) struct Memory {
    bytes: Mutex<Option<Bytes>>,
    /// Most bytes that the file may have.
    pub(super) limit: AtomicU64,
    /// Writes that succeed before one fails; negative: none fails.
    pub(super) writes_left: AtomicI64,
    pub(super) fail_reads: AtomicBool,
    pub(super) fail_sync: AtomicBool,
    /// Called once, when the next read has its bytes but has not returned.
    pub(super) after_read: Mutex<Option<Hook>>,
    /// Called once, when the next write has begun.
    pub(super) before_write: Mutex<Option<Hook>>,
    /// Crash images, and what chooses them.
    images: Mutex<Option<(Random, Vec<Vec<u8>>)>>,
    /// What was done, one letter each: w(rite), S(uperblock), s(ync), t(runcate).
    pub(super) trace: Mutex<String>,
}

#[derive(Clone)]
pub(super) struct MemoryVfs(pub(super) Arc<Memory>);

struct MemoryFile(Arc<Memory>);

impl MemoryVfs {
    fn with(bytes: Option<Bytes>) -> MemoryVfs {
        MemoryVfs(Arc::new(Memory {
            bytes: Mutex::new(bytes),
            limit: AtomicU64::new(u64::MAX),
            writes_left: AtomicI64::new(-1),
            fail_reads: AtomicBool::new(false),
            fail_sync: AtomicBool::new(false),
            after_read: Mutex::new(None),
            before_write: Mutex::new(None),
            images: Mutex::new(None),
            trace: Mutex::new(String::new()),
        }))
    }

    pub(super) fn new() -> MemoryVfs {
        MemoryVfs::with(None)
    }

    pub(super) fn of(image: Vec<u8>) -> MemoryVfs {
        let durable = image.clone();
        MemoryVfs::with(Some(Bytes { durable, current: image, pending: Vec::new(), cut: None }))
    }

    /// What a crash now may leave.
    pub(super) fn crash_image(&self, random: &mut Random) -> Vec<u8> {
        crash_image(self.0.bytes.lock().as_ref().unwrap(), random)
    }

    /// From now on keeps what a crash just before each sync may leave.
    pub(super) fn keep_images(&self, random: Random) {
        *self.0.images.lock() = Some((random, Vec::new()));
    }

    /// Ends that and returns the images.
    pub(super) fn take_images(&self) -> Vec<Vec<u8>> {
        self.0.images.lock().take().map_or(Vec::new(), |(_, images)| images)
    }

    /// All that was written, as if it were synced.
    pub(super) fn current(&self) -> Vec<u8> {
        self.0.bytes.lock().as_ref().unwrap().current.clone()
    }

    /// Changes bytes behind the pager's back.
    pub(super) fn overwrite(&self, offset: usize, data: &[u8]) {
        let mut bytes = self.0.bytes.lock();
        let bytes = bytes.as_mut().unwrap();
        bytes.current[offset..offset + data.len()].copy_from_slice(data);
    }

    pub(super) fn take_trace(&self) -> String {
        std::mem::take(&mut *self.0.trace.lock())
    }
}

/// What a crash may leave: what was written since the last sync is there, or not, or partly: each
/// sector is old or new.
fn crash_image(bytes: &Bytes, random: &mut Random) -> Vec<u8> {
    let mode = random.below(4);
    let mut image = bytes.durable.clone();
    let mut end = usize::MAX;
    if let Some(cut) = bytes.cut {
        if random.below(2) == 0 {
            image.truncate(cut);
            image.resize(bytes.current.len(), 0);
        } else {
            end = cut;
        }
    }
    for (offset, data) in bytes.pending.iter().filter(|(offset, _)| *offset < end) {
        for (n, sector) in data.chunks(SECTOR).enumerate() {
            let lands = match mode {
                0 => false,
                1 => true,
                // The whole write or nothing of it.
                2 => offset / 4096 % 2 == 0,
                _ => random.below(2) == 0,
            };
            if lands {
                let at = offset + n * SECTOR;
                image[at..at + sector.len()].copy_from_slice(sector);
            }
        }
    }
    image
}

impl Vfs for MemoryVfs {
    fn open(&self, path: &Path, mode: OpenMode) -> Result<Arc<dyn File>> {
        let mut bytes = self.0.bytes.lock();
        if bytes.is_none() != (mode == OpenMode::Create) {
            return Err(Error::invalid(format!("{}: {mode:?}", path.display())));
        }
        bytes.get_or_insert_default();
        Ok(Arc::new(MemoryFile(Arc::clone(&self.0))))
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

fn eio(what: &str) -> Error {
    Error::io(format!("injected: {what}"), io::Error::from_raw_os_error(5))
}

impl File for MemoryFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<()> {
        assert!(buffer.len().is_multiple_of(4096) && offset.is_multiple_of(4096));
        assert!(buffer.as_ptr().addr().is_multiple_of(4096));
        if self.0.fail_reads.load(Ordering::Relaxed) {
            return Err(eio("read"));
        }
        let bytes = self.0.bytes.lock();
        let at = usize::try_from(offset).unwrap();
        let Some(data) = bytes.as_ref().unwrap().current.get(at..at + buffer.len()) else {
            return Err(Error::corrupt("the file ends before"));
        };
        buffer.copy_from_slice(data);
        drop(bytes);
        let hook = self.0.after_read.lock().take();
        hook.into_iter().for_each(|hook| hook());
        Ok(())
    }

    fn write_at(&self, buffer: &[u8], offset: u64) -> Result<()> {
        assert!(buffer.len().is_multiple_of(4096) && offset.is_multiple_of(4096));
        assert!(buffer.as_ptr().addr().is_multiple_of(4096));
        let hook = self.0.before_write.lock().take();
        hook.into_iter().for_each(|hook| hook());
        let left = self.0.writes_left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(eio("write"));
        }
        if left > 0 {
            self.0.writes_left.store(left - 1, Ordering::Relaxed);
        }
        self.0.trace.lock().push(if offset < 4 * 4096 { 'S' } else { 'w' });
        let mut bytes = self.0.bytes.lock();
        let bytes = bytes.as_mut().unwrap();
        let at = usize::try_from(offset).unwrap();
        bytes.current[at..at + buffer.len()].copy_from_slice(buffer);
        bytes.pending.push((at, buffer.to_vec()));
        Ok(())
    }

    fn write_durable(&self, buffer: &[u8], offset: u64) -> Result<()> {
        self.write_at(buffer, offset)?;
        self.sync()
    }

    fn sync(&self) -> Result<()> {
        if self.0.fail_sync.load(Ordering::Relaxed) {
            return Err(eio("sync"));
        }
        self.0.trace.lock().push('s');
        let mut bytes = self.0.bytes.lock();
        let bytes = bytes.as_mut().unwrap();
        if let Some((random, images)) = self.0.images.lock().as_mut() {
            images.push(crash_image(bytes, random));
        }
        if let Some(cut) = bytes.cut.take() {
            bytes.durable.truncate(cut);
            bytes.durable.resize(bytes.current.len(), 0);
        }
        for (at, data) in bytes.pending.drain(..) {
            bytes.durable[at..at + data.len()].copy_from_slice(&data);
        }
        Ok(())
    }

    fn len(&self) -> Result<u64> {
        Ok(self.0.bytes.lock().as_ref().unwrap().current.len() as u64)
    }

    fn allocate(&self, length: u64) -> Result<()> {
        if length > self.0.limit.load(Ordering::Relaxed) {
            return Err(Error::new(ErrorKind::Full, "injected: the disk is full"));
        }
        let mut bytes = self.0.bytes.lock();
        let bytes = bytes.as_mut().unwrap();
        let length = usize::try_from(length).unwrap().max(bytes.current.len());
        bytes.current.resize(length, 0);
        if bytes.cut.is_none() {
            bytes.durable.resize(length, 0);
        }
        Ok(())
    }

    fn truncate(&self, length: u64) -> Result<()> {
        self.0.trace.lock().push('t');
        let mut bytes = self.0.bytes.lock();
        let bytes = bytes.as_mut().unwrap();
        let length = usize::try_from(length).unwrap();
        if length < bytes.current.len() {
            bytes.current.truncate(length);
            // Writes are of whole pages, and several of them in a row.
            for (at, data) in &mut bytes.pending {
                data.truncate(length.saturating_sub(*at));
            }
            bytes.cut = Some(bytes.cut.map_or(length, |cut| cut.min(length)));
        }
        Ok(())
    }
}
