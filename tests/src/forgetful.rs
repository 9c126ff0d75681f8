//! A file system that says it has synced and has not: to show that the trace of system calls would
//! find an engine that does not sync.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bourse_storage::Result;
use bourse_storage::vfs::{File, OpenMode, Vfs};

/// Forwards everything but syncs.
pub struct ForgetfulVfs(Arc<dyn Vfs>);

struct ForgetfulFile(Arc<dyn File>);

impl ForgetfulVfs {
    /// Wraps a file system.
    pub fn new(inner: Arc<dyn Vfs>) -> ForgetfulVfs {
        ForgetfulVfs(inner)
    }
}

impl File for ForgetfulFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<()> {
        self.0.read_at(buffer, offset)
    }

    fn write_at(&self, buffer: &[u8], offset: u64) -> Result<()> {
        self.0.write_at(buffer, offset)
    }

    fn write_durable(&self, buffer: &[u8], offset: u64) -> Result<()> {
        self.0.write_at(buffer, offset)
    }

    fn sync(&self) -> Result<()> {
        Ok(())
    }

    fn len(&self) -> Result<u64> {
        self.0.len()
    }

    fn allocate(&self, bytes: u64) -> Result<()> {
        self.0.allocate(bytes)
    }

    fn truncate(&self, bytes: u64) -> Result<()> {
        self.0.truncate(bytes)
    }
}

impl Vfs for ForgetfulVfs {
    fn open(&self, path: &Path, mode: OpenMode) -> Result<Arc<dyn File>> {
        Ok(Arc::new(ForgetfulFile(self.0.open(path, mode)?)))
    }

    fn list(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        self.0.list(folder)
    }

    fn create_folder(&self, folder: &Path) -> Result<()> {
        self.0.create_folder(folder)
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        self.0.rename(from, to)
    }

    fn remove(&self, path: &Path) -> Result<()> {
        self.0.remove(path)
    }

    fn sync_folder(&self, _folder: &Path) -> Result<()> {
        Ok(())
    }

    fn lock(&self, path: &Path) -> Result<Box<dyn Send + Sync>> {
        self.0.lock(path)
    }
}
