//! A file system in memory that forgets: a crash keeps each unsynced sector as it was, as it was
//! meant to be, or torn, and a beginning of the folder's unsynced changes.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::sync::{self, Mutex};
use crate::vfs::{File, OpenMode, Vfs};

const SECTOR: usize = 512;

#[derive(Clone, Default)]
struct Contents {
    now: Vec<u8>,
    durable: Vec<u8>,
    unsynced: BTreeSet<usize>,
}

#[derive(Clone)]
struct Change {
    removed: Option<PathBuf>,
    set: Option<(PathBuf, usize)>,
}

#[derive(Clone, Default)]
struct Disk {
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    changes: Vec<Change>,
    files: Vec<Contents>,
    /// Operations until the crash.
    operations_left: Option<u64>,
    crashed: bool,
    /// Bytes that may still be allocated.
    room: Option<u64>,
    /// Durable writes until one fails with EIO.
    durable_writes_left: Option<u64>,
    /// Durable writes to these offsets do not end.
    held: BTreeSet<u64>,
}

/// See the module's head.
#[derive(Clone, Default)]
pub(super) struct MemoryVfs(Arc<Mutex<Disk>>);

struct MemoryFile {
    disk: Arc<Mutex<Disk>>,
    index: usize,
}

/// SplitMix64: a seeded sequence of words.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.word() % limit as u64).unwrap()
    }
}

impl Change {
    fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        if let Some(removed) = &self.removed {
            names.remove(removed);
        }
        if let Some((path, index)) = &self.set {
            names.insert(path.clone(), *index);
        }
    }
}

impl Disk {
    fn check(&self) -> Result<()> {
        if self.crashed {
            Err(Error::io("the power is off", io::Error::other("off")))
        } else {
            Ok(())
        }
    }

    /// Counts an operation whose effects may be lost; the power may go just after it.
    fn tick(&mut self) -> Result<()> {
        self.check()?;
        if let Some(left) = &mut self.operations_left {
            *left = left.saturating_sub(1);
            self.crashed = *left == 0;
        }
        self.check()
    }

    fn change(&mut self, removed: Option<PathBuf>, set: Option<(PathBuf, usize)>) -> Result<()> {
        let change = Change { removed, set };
        change.apply(&mut self.names);
        self.changes.push(change);
        self.tick()
    }

    fn index(&self, path: &Path) -> Result<usize> {
        let missing = || Error::io(path.display().to_string(), io::ErrorKind::NotFound.into());
        self.names.get(path).copied().ok_or_else(missing)
    }

    fn write(&mut self, index: usize, bytes: &[u8], offset: usize) {
        let file = &mut self.files[index];
        if file.now.len() < offset + bytes.len() {
            file.now.resize(offset + bytes.len(), 0);
        }
        file.now[offset..offset + bytes.len()].copy_from_slice(bytes);
        file.unsynced.extend(offset / SECTOR..(offset + bytes.len()) / SECTOR);
    }
}

impl Contents {
    /// Makes some of the unsynced sectors durable.
    fn keep(&mut self, sectors: impl Iterator<Item = usize>) {
        self.durable.resize(self.now.len().max(self.durable.len()), 0);
        for sector in sectors {
            let range = sector * SECTOR..(sector + 1) * SECTOR;
            self.durable[range.clone()].copy_from_slice(&self.now[range]);
            self.unsynced.remove(&sector);
        }
    }

    fn after_crash(&self, random: &mut Random) -> Contents {
        let mut kept = self.durable.clone();
        if random.below(2) == 0 {
            kept.resize(self.now.len(), 0);
        }
        for sector in &self.unsynced {
            let (begin, end) = (sector * SECTOR, (sector + 1) * SECTOR);
            if end > kept.len() {
                continue;
            }
            let new = match random.below(3) {
                0 => 0,
                1 => SECTOR,
                _ => random.below(SECTOR),
            };
            kept[begin..begin + new].copy_from_slice(&self.now[begin..begin + new]);
        }
        Contents { now: kept.clone(), durable: kept, unsynced: BTreeSet::new() }
    }
}

impl MemoryVfs {
    /// What a crash now would leave on the disk.
    pub(super) fn after_crash(&self, seed: u64) -> MemoryVfs {
        let disk = self.0.lock();
        let mut random = Random(seed);
        let mut names = disk.durable_names.clone();
        let kept = random.below(disk.changes.len() + 1);
        disk.changes[..kept].iter().for_each(|change| change.apply(&mut names));
        let files = disk.files.iter().map(|file| file.after_crash(&mut random)).collect();
        let durable_names = names.clone();
        let image = Disk { names, durable_names, files, ..Disk::default() };
        MemoryVfs(Arc::new(Mutex::new(image)))
    }

    /// A copy of everything as it is now.
    pub(super) fn copy(&self) -> MemoryVfs {
        MemoryVfs(Arc::new(Mutex::new(self.0.lock().clone())))
    }

    /// Turns the power off after so many operations.
    pub(super) fn crash_after(&self, operations: u64) {
        self.0.lock().operations_left = Some(operations);
    }

    /// The same disk after the process died and the power stayed: what was written is still seen,
    /// and is lost if the power goes before it is synced.
    pub(super) fn after_kill(&self) -> MemoryVfs {
        let mut disk = self.0.lock().clone();
        (disk.crashed, disk.operations_left) = (false, None);
        MemoryVfs(Arc::new(Mutex::new(disk)))
    }

    /// Keeps durable writes to `offset` from ending, until told again.
    pub(super) fn hold(&self, offset: u64, held: bool) {
        let mut disk = self.0.lock();
        if held {
            disk.held.insert(offset)
        } else {
            disk.held.remove(&offset)
        };
    }

    pub(super) fn turn_off(&self) {
        self.0.lock().crashed = true;
    }

    pub(super) fn turn_on(&self) {
        self.0.lock().crashed = false;
    }

    pub(super) fn is_off(&self) -> bool {
        self.0.lock().crashed
    }

    pub(super) fn set_room(&self, bytes: u64) {
        self.0.lock().room = Some(bytes);
    }

    /// Lets the durable write after so many fail.
    pub(super) fn fail_durable_write_after(&self, writes: u64) {
        self.0.lock().durable_writes_left = Some(writes);
    }

    /// Changes bytes of a file behind everyone's back.
    pub(super) fn edit(&self, path: &Path, edit: impl FnOnce(&mut Vec<u8>)) {
        let mut disk = self.0.lock();
        let index = disk.index(path).unwrap();
        let file = &mut disk.files[index];
        edit(&mut file.now);
        file.durable = file.now.clone();
    }
}

impl File for MemoryFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<()> {
        let disk = self.disk.lock();
        disk.check()?;
        assert_eq!(buffer.as_ptr().align_offset(4096), 0, "the buffer is aligned");
        let begin = usize::try_from(offset).unwrap();
        let bytes = disk.files[self.index].now.get(begin..begin + buffer.len());
        buffer.copy_from_slice(bytes.ok_or_else(|| Error::corrupt("the file is too short"))?);
        Ok(())
    }

    fn write_at(&self, buffer: &[u8], offset: u64) -> Result<()> {
        let mut disk = self.disk.lock();
        disk.check()?;
        assert_eq!(buffer.as_ptr().align_offset(4096), 0, "the buffer is aligned");
        assert!(offset.is_multiple_of(4096) && buffer.len().is_multiple_of(4096));
        disk.write(self.index, buffer, usize::try_from(offset).unwrap());
        disk.tick()
    }

    fn write_durable(&self, buffer: &[u8], offset: u64) -> Result<()> {
        let end = offset + buffer.len() as u64;
        assert!(end <= self.len()?, "a durable write grows no file");
        if let Some(left) = &mut self.disk.lock().durable_writes_left {
            if *left == 0 {
                return Err(Error::io("write", io::Error::other("EIO")));
            }
            *left -= 1;
        }
        self.write_at(buffer, offset)?;
        // Others write meanwhile, and the power may go.
        sync::yield_now();
        sync::spin_until(|| !self.disk.lock().held.contains(&offset));
        let mut disk = self.disk.lock();
        disk.tick()?;
        let begin = usize::try_from(offset).unwrap();
        disk.files[self.index].keep(begin / SECTOR..(begin + buffer.len()) / SECTOR);
        Ok(())
    }

    fn sync(&self) -> Result<()> {
        let mut disk = self.disk.lock();
        disk.tick()?;
        let file = &mut disk.files[self.index];
        let sectors = std::mem::take(&mut file.unsynced);
        file.durable.truncate(file.now.len());
        file.keep(sectors.into_iter());
        Ok(())
    }

    fn len(&self) -> Result<u64> {
        Ok(self.disk.lock().files[self.index].now.len() as u64)
    }

    fn allocate(&self, bytes: u64) -> Result<()> {
        let mut disk = self.disk.lock();
        disk.tick()?;
        if let Some(room) = &mut disk.room {
            if *room < bytes {
                return Err(Error::io("allocate", io::ErrorKind::StorageFull.into()));
            }
            *room -= bytes;
        }
        disk.files[self.index].now.resize(usize::try_from(bytes).unwrap(), 0);
        Ok(())
    }

    fn truncate(&self, bytes: u64) -> Result<()> {
        let mut disk = self.disk.lock();
        let length = usize::try_from(bytes).unwrap();
        let file = &mut disk.files[self.index];
        file.now.truncate(length);
        file.unsynced.retain(|sector| *sector < length / SECTOR);
        disk.tick()
    }
}

impl Vfs for MemoryVfs {
    fn open(&self, path: &Path, mode: OpenMode) -> Result<Arc<dyn File>> {
        let mut disk = self.0.lock();
        disk.check()?;
        let index = if mode == OpenMode::Create {
            assert!(!disk.names.contains_key(path), "{} exists", path.display());
            disk.files.push(Contents::default());
            let index = disk.files.len() - 1;
            disk.change(None, Some((path.to_path_buf(), index)))?;
            index
        } else {
            disk.index(path)?
        };
        Ok(Arc::new(MemoryFile { disk: self.0.clone(), index }))
    }

    fn list(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        let disk = self.0.lock();
        disk.check()?;
        let names = disk.names.keys().filter_map(|path| path.strip_prefix(folder).ok());
        Ok(names.map(Path::to_path_buf).collect())
    }

    fn create_folder(&self, _folder: &Path) -> Result<()> {
        self.0.lock().tick()
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        let mut disk = self.0.lock();
        disk.check()?;
        let index = disk.index(from)?;
        disk.change(Some(from.to_path_buf()), Some((to.to_path_buf(), index)))
    }

    fn remove(&self, path: &Path) -> Result<()> {
        let mut disk = self.0.lock();
        disk.check()?;
        let index = disk.index(path)?;
        let bytes = disk.files[index].now.len() as u64;
        if let Some(room) = &mut disk.room {
            *room += bytes;
        }
        disk.change(Some(path.to_path_buf()), None)
    }

    fn sync_folder(&self, _folder: &Path) -> Result<()> {
        let mut disk = self.0.lock();
        disk.tick()?;
        disk.durable_names = disk.names.clone();
        disk.changes.clear();
        Ok(())
    }

    fn lock(&self, _path: &Path) -> Result<Box<dyn Send + Sync>> {
        Ok(Box::new(()))
    }
}
