//! Files in memory, for stores that end with their connection.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bourse::{Error, ErrorKind, Result};
use bourse_storage::sync::Mutex;
use bourse_storage::vfs::{File, OpenMode, Vfs};

/// A file system that is gone when it is dropped.
#[derive(Default)]
pub(crate) struct MemoryVfs(Mutex<Files>);

#[derive(Default)]
struct Files {
    files: BTreeMap<PathBuf, Arc<MemoryFile>>,
    folders: BTreeSet<PathBuf>,
}

struct MemoryFile {
    path: PathBuf,
    bytes: Mutex<Vec<u8>>,
}

/// Nobody else can have the store: the file system is its own.
struct Lock;

fn failed(what: &str, path: &Path, why: &str) -> Error {
    Error::new(ErrorKind::Io, format!("cannot {what} {} in memory: {why}", path.display()))
}

impl Vfs for MemoryVfs {
    fn open(&self, path: &Path, mode: OpenMode) -> Result<Arc<dyn File>> {
        let mut all = self.0.lock();
        match (all.files.get(path), mode) {
            (Some(_), OpenMode::Create) => Err(failed("create", path, "it exists")),
            (Some(file), _) => Ok(Arc::clone(file) as Arc<dyn File>),
            (None, OpenMode::Create) => {
                let file = Arc::new(MemoryFile { path: path.into(), bytes: Mutex::default() });
                all.files.insert(path.into(), Arc::clone(&file));
                Ok(file)
            }
            (None, _) => Err(failed("open", path, "there is no such file")),
        }
    }

    fn list(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        let all = self.0.lock();
        let paths = all.files.keys().chain(&all.folders);
        let inside = paths.filter(|path| path.parent() == Some(folder));
        let mut names: Vec<PathBuf> =
            inside.filter_map(|path| path.file_name().map(PathBuf::from)).collect();
        names.sort_unstable();
        Ok(names)
    }

    fn create_folder(&self, folder: &Path) -> Result<()> {
        self.0.lock().folders.insert(folder.into());
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        let mut all = self.0.lock();
        let file = all.files.remove(from).ok_or_else(|| failed("rename", from, "no such file"))?;
        all.files.insert(to.into(), file);
        Ok(())
    }

    fn remove(&self, path: &Path) -> Result<()> {
        let removed = self.0.lock().files.remove(path);
        removed.map(|_| ()).ok_or_else(|| failed("remove", path, "there is no such file"))
    }

    fn sync_folder(&self, _folder: &Path) -> Result<()> {
        Ok(())
    }

    fn lock(&self, _path: &Path) -> Result<Box<dyn Send + Sync>> {
        Ok(Box::new(Lock))
    }
}

impl MemoryFile {
    fn position(&self, offset: u64) -> Result<usize> {
        usize::try_from(offset).map_err(|_| failed("reach", &self.path, "the offset is too large"))
    }
}

impl File for MemoryFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<()> {
        let begin = self.position(offset)?;
        let bytes = self.bytes.lock();
        match bytes.get(begin..begin + buffer.len()) {
            Some(found) => {
                buffer.copy_from_slice(found);
                Ok(())
            }
            None => {
                let message = format!("{} ends before {offset}", self.path.display());
                Err(Error::new(ErrorKind::Corrupt, message))
            }
        }
    }

    fn write_at(&self, buffer: &[u8], offset: u64) -> Result<()> {
        let begin = self.position(offset)?;
        let mut bytes = self.bytes.lock();
        if bytes.len() < begin + buffer.len() {
            bytes.resize(begin + buffer.len(), 0);
        }
        bytes[begin..begin + buffer.len()].copy_from_slice(buffer);
        Ok(())
    }

    fn write_durable(&self, buffer: &[u8], offset: u64) -> Result<()> {
        self.write_at(buffer, offset)
    }

    fn sync(&self) -> Result<()> {
        Ok(())
    }

    fn len(&self) -> Result<u64> {
        Ok(self.bytes.lock().len() as u64)
    }

    fn allocate(&self, bytes: u64) -> Result<()> {
        let wanted = self.position(bytes)?;
        let mut have = self.bytes.lock();
        if have.len() < wanted {
            have.resize(wanted, 0);
        }
        Ok(())
    }

    fn truncate(&self, bytes: u64) -> Result<()> {
        let wanted = self.position(bytes)?;
        let mut have = self.bytes.lock();
        have.truncate(wanted);
        have.shrink_to_fit();
        Ok(())
    }
}
