//! A store's files, seen from outside.

#![expect(clippy::disallowed_types, reason = "the files of other stores pass no seam of ours")]

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Advice, fadvise};

use crate::Outcome;

/// Has the operating system forget what it holds of a folder's files, so that a memory control
/// group is charged for what it reads.
pub(crate) fn forget_pages(folder: &Path) -> Outcome<()> {
    for file in all(folder)? {
        let file = File::open(file)?;
        file.sync_all()?;
        fadvise(&file, 0, None, Advice::DontNeed)?;
    }
    Ok(())
}

/// Makes a file that was written durable.
pub(crate) fn sync(file: &Path) -> Outcome<()> {
    Ok(File::open(file)?.sync_all()?)
}

/// Bytes that the files of a folder take: blocks, since some files have holes.
pub(crate) fn bytes_on_disk(folder: &Path) -> Outcome<u64> {
    let mut bytes = 0;
    for file in all(folder)? {
        bytes += fs::metadata(file)?.blocks() * 512;
    }
    Ok(bytes)
}

fn all(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(all(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}
