//! The files of a log: making segments ready, recycling them, removing them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::buffer::BLOCK;
use super::segment::{
    Filling, Segment, create_segment, recycle_segment, segment_path, sequence_of, spare_path,
};
use crate::error::Result;
use crate::vfs::{OpenMode, Vfs};

/// Files that are kept to be used again; more are removed. Two serve segments to come. The last is
/// kept for the next open: it begins a segment, and must be able to where the disk is full.
const SPARES: usize = 3;

/// Most bytes of the segment that an open begins where it finds no spare file, and of the spare
/// file that a closed log leaves for it. Whoever opens the store waits until a new one is filled
/// with zeros, and a store at rest takes its space; the next segment is of full size.
const FIRST_SEGMENT_BYTES: u64 = 4 << 20;

/// Bytes of the segment that a closed log ends with: nothing but the end mark lies in it.
const LAST_SEGMENT_BYTES: u64 = 4 * BLOCK as u64;

/// The folder of a log and the spare files in it.
pub(super) struct Folder {
    vfs: Arc<dyn Vfs>,
    path: PathBuf,
    store: u128,
    segment_bytes: u64,
    /// All of them of `segment_bytes`.
    spares: Vec<PathBuf>,
    /// One of fewer bytes, for an open to begin with.
    first: Option<PathBuf>,
}

impl Folder {
    /// The folder with the spare files that are found in it.
    pub(super) fn open(
        vfs: Arc<dyn Vfs>,
        path: &Path,
        store: u128,
        segment_bytes: u64,
    ) -> Result<Folder> {
        let (owned, spares) = (path.to_path_buf(), Vec::new());
        let mut folder = Folder { vfs, path: owned, store, segment_bytes, spares, first: None };
        for name in folder.vfs.list(path)? {
            if sequence_of(&name, ".spare").is_some() {
                let file = path.join(name);
                let bytes = folder.vfs.open(&file, OpenMode::Read)?.len()?;
                if bytes == segment_bytes && folder.spares.len() < SPARES {
                    folder.spares.push(file);
                } else if bytes == folder.first_bytes() && folder.first.is_none() {
                    folder.first = Some(file);
                } else {
                    folder.vfs.remove(&file)?;
                }
            }
        }
        Ok(folder)
    }

    /// Where the log lies, and whose it is.
    pub(super) fn place(&self) -> (Arc<dyn Vfs>, PathBuf, u128) {
        (Arc::clone(&self.vfs), self.path.clone(), self.store)
    }

    /// Makes the file of a running log's next segment ready: a spare one, else a new one.
    pub(super) fn make_segment(&mut self, sequence: u64, filling: Filling) -> Result<Segment> {
        let spare = if self.spares.len() > 1 { self.spares.pop() } else { None };
        self.make_of(sequence, spare, self.segment_bytes, filling)
    }

    /// Makes the file of an open's first segment ready; that may take the last spare one.
    pub(super) fn make_first_segment(&mut self, sequence: u64) -> Result<Segment> {
        let spare = self.first.take().or_else(|| self.spares.pop());
        self.make_of(sequence, spare, self.first_bytes(), Filling::Zeros)
    }

    fn first_bytes(&self) -> u64 {
        self.segment_bytes.min(FIRST_SEGMENT_BYTES)
    }

    /// Makes the file of the segment that a closed log ends with.
    pub(super) fn make_last_segment(&self, sequence: u64) -> Result<Segment> {
        let bytes = LAST_SEGMENT_BYTES;
        create_segment(&*self.vfs, &self.path, self.store, sequence, bytes, Filling::Zeros)
    }

    /// Removes the spare files, but for one, which the next open takes and which is made as short
    /// as that needs it.
    pub(super) fn keep_one_spare(&mut self) -> Result<()> {
        let bytes = self.first_bytes();
        let mut spares = self.spares.drain(..);
        if self.first.is_none()
            && let Some(spare) = spares.next()
        {
            let file = self.vfs.open(&spare, OpenMode::Write)?;
            if file.len()? > bytes {
                file.truncate(bytes)?;
                file.sync()?;
            }
            self.first = Some(spare);
        }
        for spare in spares {
            self.vfs.remove(&spare)?;
        }
        self.vfs.sync_folder(&self.path)
    }

    /// Makes a segment of a spare file, else of a new one of `bytes`.
    fn make_of(
        &self,
        sequence: u64,
        spare: Option<PathBuf>,
        bytes: u64,
        filling: Filling,
    ) -> Result<Segment> {
        let (vfs, path, store) = (&*self.vfs, &self.path, self.store);
        match spare {
            Some(spare) => recycle_segment(vfs, path, store, sequence, &spare),
            None => create_segment(vfs, path, store, sequence, bytes, filling),
        }
    }

    /// Turns segments that nobody needs, given by sequence and size, into spares or removes them.
    pub(super) fn discard(&mut self, segments: &[(u64, u64)]) -> Result<()> {
        if segments.is_empty() {
            return Ok(());
        }
        for (sequence, bytes) in segments {
            let file = segment_path(&self.path, *sequence);
            if *bytes == self.segment_bytes && self.spares.len() < SPARES {
                let spare = spare_path(&self.path, *sequence);
                self.vfs.rename(&file, &spare)?;
                self.spares.push(spare);
            } else {
                self.vfs.remove(&file)?;
            }
        }
        self.vfs.sync_folder(&self.path)
    }
}
