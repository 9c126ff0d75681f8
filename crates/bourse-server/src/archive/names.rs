//! What the objects of an archive are called.
//!
//! ```text
//! PREFIX/LINEAGE/log/FIRST-LAST-TERM.log              records FIRST to LAST
//! PREFIX/LINEAGE/base/LSN-AFTER-TERM-TIME-ID/...      the files of a backup; BACKUP comes last
//! PREFIX/LINEAGE/term/TERM                            whose the term is: its store's history
//! ```
//! The lineage and ids are hexadecimal, numbers are decimal with leading zeros, so names are in
//! the order of what they are about. A name is never used for two different contents.

use bourse::backup::BackupInfo;
use object_store::path::Path;

/// A segment: records of the log, in one object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Segment {
    /// The first record.
    pub(super) first: u64,
    /// The last one.
    pub(super) last: u64,
    /// The term of the store that wrote it.
    pub(super) term: u64,
}

/// A backup.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Base {
    /// The newest record of its state.
    pub(super) lsn: u64,
    /// The record behind which a store that is made of it needs the log.
    pub(super) after: u64,
    /// The term of the store that it is of.
    pub(super) term: u64,
    /// When it was taken, in microseconds since 1970.
    pub(super) taken_us: u64,
    /// Its id.
    pub(super) id: u128,
}

pub(super) fn lineage_name(lineage: u128) -> String {
    format!("{lineage:032x}")
}

/// The object by which a store claims a term.
pub(super) fn term_path(root: &Path, term: u64) -> Path {
    root.clone().join("term").join(term_name(term))
}

fn term_name(term: u64) -> String {
    format!("{term:010}")
}

/// The term of such an object's name.
pub(super) fn term_of_name(name: &str) -> Option<u64> {
    let term = name.parse().ok()?;
    (term_name(term) == name).then_some(term)
}

impl Segment {
    pub(super) fn path(&self, root: &Path) -> Path {
        root.clone().join("log").join(self.name())
    }

    fn name(&self) -> String {
        format!("{:020}-{:020}-{:010}.log", self.first, self.last, self.term)
    }

    /// The segment of an object's name, if it is one's.
    pub(super) fn of_name(name: &str) -> Option<Segment> {
        let [first, last, term] = numbers(name.strip_suffix(".log")?)?;
        let segment = Segment { first, last, term };
        (segment.name() == name && first <= last).then_some(segment)
    }
}

impl Base {
    pub(super) fn of(info: &BackupInfo) -> Base {
        Base {
            lsn: info.lsn.0,
            after: info.ships_after.0,
            term: info.history.newest().term,
            taken_us: info.taken_us.unsigned_abs(),
            id: info.id,
        }
    }

    pub(super) fn path(&self, root: &Path) -> Path {
        root.clone().join("base").join(self.name())
    }

    fn name(&self) -> String {
        format!(
            "{:020}-{:020}-{:010}-{:020}-{:032x}",
            self.lsn, self.after, self.term, self.taken_us, self.id
        )
    }

    /// The backup of a folder's name, if it is one's.
    pub(super) fn of_name(name: &str) -> Option<Base> {
        let (rest, id) = name.rsplit_once('-')?;
        let [lsn, after, term, taken_us] = numbers(rest)?;
        let id = u128::from_str_radix(id, 16).ok()?;
        let base = Base { lsn, after, term, taken_us, id };
        (base.name() == name).then_some(base)
    }
}

fn numbers<const N: usize>(text: &str) -> Option<[u64; N]> {
    let numbers: Option<Vec<u64>> = text.split('-').map(|part| part.parse().ok()).collect();
    numbers?.try_into().ok()
}
