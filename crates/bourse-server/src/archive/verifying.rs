//! Whether an archive would be of use: every segment that counts is read, and a store is made of
//! the newest backup and what follows it.

use std::path::Path as FilePath;

use bourse_storage::{Error, ErrorKind, Result};
use object_store::path::Path;

use super::contents::{damaged, parcels};
use super::names::{Segment, term_path};
use super::restoring::{ArchiveProgress, ArchiveRestored, Reader, RestoreTarget};
use crate::replication::Aside;

/// Something that is wrong with an archive.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct ArchiveFinding {
    /// The object.
    pub object: String,
    /// What is wrong.
    pub what: String,
}

/// What an archive has.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct ArchiveVerified {
    /// Segments that were read.
    pub segments: u64,
    /// Records of them.
    pub records: u64,
    /// Whole backups that there are.
    pub bases: u64,
    /// The store that was made of the newest of them, where that could be.
    pub restored: Option<ArchiveRestored>,
    /// What is wrong.
    pub findings: Vec<ArchiveFinding>,
}

impl ArchiveVerified {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    /// Makes a finding of damage of an object; what keeps from looking stays an error.
    fn note(&mut self, path: &Path, read: Result<()>) -> Result<()> {
        match read {
            Err(error) if error.kind() == ErrorKind::Corrupt => {
                let (object, what) = (path.to_string(), error.message().to_owned());
                self.findings.push(ArchiveFinding { object, what });
                Ok(())
            }
            read => read,
        }
    }
}

/// Reads all segments and terms of an archive, and makes a store in `folder`, which must be new or
/// empty, of the newest backup and all that follows it. Older backups are not read.
///
/// # Errors
/// An archive that cannot be read; a folder that holds something; the disk's. Damage is a finding.
pub fn verify(
    url: &str,
    folder: &FilePath,
    progress: &mut dyn FnMut(ArchiveProgress),
) -> Result<ArchiveVerified> {
    Aside::claim(folder)?;
    let reader = Reader::open(url)?;
    let mut verified = ArchiveVerified {
        segments: 0,
        records: 0,
        bases: reader.listing.bases.len() as u64,
        restored: None,
        findings: Vec::new(),
    };
    for term in &reader.listing.terms {
        let read = reader.history_of(*term).map(drop);
        verified.note(&term_path(&reader.root, *term), read)?;
    }
    for segment in &reader.listing.segments {
        let read = read(&reader, segment).map(|records| verified.records += records);
        verified.note(&segment.path(&reader.root), read)?;
        verified.segments += 1;
        progress(ArchiveProgress::Replaying(segment.last));
    }
    let mut term = 0;
    let made = reader.make(folder, RestoreTarget::End, progress, |database| {
        term = database.promote()?.term;
        Ok(())
    });
    match made {
        Ok(restored) => verified.restored = Some(ArchiveRestored { term, ..restored }),
        // A gap, no backup, or damage: what anyone would meet who needs the archive.
        Err(error) if is_of_archive(&error) => {
            let what = error.message().to_owned();
            if !verified.findings.iter().any(|finding| finding.what == what) {
                verified.findings.push(ArchiveFinding { object: url.to_owned(), what });
            }
        }
        Err(error) => return Err(error),
    }
    Ok(verified)
}

fn is_of_archive(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Corrupt | ErrorKind::InvalidInput)
}

/// Reads a segment. Returns how many records it has.
fn read(reader: &Reader, segment: &Segment) -> Result<u64> {
    let path = segment.path(&reader.root);
    let bytes = reader.runtime.block_on(reader.archive.get(&path))?;
    let mut next = segment.first;
    for parcel in parcels(&bytes, &path)? {
        let parcel = parcel?;
        if parcel.after().next().0 != next {
            return Err(damaged(&path, &format!("lacks record {next}")));
        }
        next = parcel.last().next().0;
    }
    match next == segment.last + 1 {
        true => Ok(next - segment.first),
        false => Err(damaged(&path, "has other records than its name says")),
    }
}
