//! Checking a whole store while it is in use: every page, every row, every index entry.
//!
//! Two walks over one Cut, each of bounded memory:
//!
//! 1. [`pages`] takes a checkpoint of that Cut and reads each page that it has from disk, from the
//!    forest down: checksums, identities, the order of keys, counts; and that the pages reached are
//!    exactly those that the checkpoint's bitmap names, each reached once.
//! 2. [`rows`] reads through the cache, as queries do: each row decodes, has the key that its
//!    columns give, breaks no CHECK, has the parents that its foreign keys name, lives in the shard
//!    of its slot, and is found under each key that it should have in an index or a forwarding
//!    tree. As different rows can be found only under different entries, equal counts then say that
//!    there are no others; where they differ the entries are walked too, and those without a row
//!    are named.
//!
//! Views are recomputed from the rows and compared byte by byte (`views`).
//!
//! Invariants:
//! - **K1** A tree that the first walk found damaged is not read by the second: it has its finding.
//! - **K2** What is wrong with the store becomes a finding, and the check goes on; what keeps the
//!   check from looking (an I/O error, a closed store) ends it.

use std::collections::HashSet;
use std::fmt;
use std::path::PathBuf;

use bourse_storage::pager::Reach;
use bourse_storage::{Error, ErrorKind, Result};

use crate::catalog::TableInfo;
use crate::checkpoint::{self, HeldCheckpoint};
use crate::database::Database;
use crate::reading::Cut;
use crate::snapshot::Snapshot;
use crate::view::ViewInfo;

mod definitions;
mod entries;
mod pages;
mod rows;
mod views;

pub(crate) use pages::{Pages, root_of};

#[cfg(test)]
mod tests;

/// Findings that a report keeps; the others are counted.
const FINDINGS_MAX: usize = 1_000;
/// Steps between two calls of the progress function.
const PROGRESS_STEPS: u64 = 4_096;

/// One thing that is wrong with a store.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// The shard.
    pub shard: u16,
    /// The shard's file.
    pub file: PathBuf,
    /// The tree, by what it holds: a table, an index, the definitions.
    pub tree: String,
    /// The page or the key, where one can be named.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub remedy: &'static str,
}

/// A table that was checked.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct CheckedTable {
    /// Name.
    pub name: String,
    /// Rows.
    pub rows: u64,
    /// Its indexes.
    pub indexes: Vec<CheckedIndex>,
}

/// An index that was checked.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct CheckedIndex {
    /// Name.
    pub name: String,
    /// Entries.
    pub entries: u64,
}

/// A view that was checked.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct CheckedView {
    /// Name.
    pub name: String,
    /// States of groups, over all shards.
    pub states: u64,
    /// Those of them that have rows which have expired.
    pub frozen: u64,
}

/// What [`Database::check`] found.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[non_exhaustive]
pub struct CheckReport {
    /// The tables, by name.
    pub tables: Vec<CheckedTable>,
    /// The views, by name.
    pub views: Vec<CheckedView>,
    /// Pages read from disk and verified.
    pub pages: u64,
    /// What is wrong, at most 1,000.
    pub findings: Vec<Finding>,
    /// Findings beyond those.
    pub findings_left_out: u64,
}

/// How far a check has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct CheckProgress {
    /// Pages, rows and entries checked.
    pub steps_done: u64,
    /// Pages, rows and entries to check.
    pub steps_total: u64,
}

impl CheckReport {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { shard, file, tree, place, what, remedy } = self;
        write!(f, "shard {shard}, {}, {tree}", file.display())?;
        if !place.is_empty() {
            write!(f, ", {place}")?;
        }
        write!(f, ": {what}; {remedy}")
    }
}

/// What to do about damaged pages and lost rows.
const RESTORE: &str = "restore the store from a backup or a replica";
/// What to do about an index that disagrees with its table.
const REBUILD: &str = "drop the index and create it again";

/// What to do about a view that disagrees with its table.
const REMAKE: &str = "drop the view and create it again";

/// A check under way.
struct Check<'c> {
    cut: &'c Cut,
    report: CheckReport,
    /// Trees that the second walk does not read (K1).
    damaged: HashSet<(u16, u32)>,
    progress: &'c mut dyn FnMut(CheckProgress),
    steps: CheckProgress,
    /// Groups of the view at hand that have rows which have expired.
    frozen: u64,
}

/// Where a finding is.
#[derive(Clone, Copy)]
struct Place<'p> {
    shard: u16,
    tree: &'p str,
}

impl Database {
    /// Checks everything that the store holds, reading all of it, while others go on reading and
    /// writing. Begins with a checkpoint; the state checked is the one that it writes.
    ///
    /// What is wrong comes back in the report. `progress` hears now and then how far it is.
    ///
    /// # Errors
    /// What keeps the check from looking: the disk's errors, `Closed` when the store has stopped.
    pub fn check(&self, progress: &mut dyn FnMut(CheckProgress)) -> Result<CheckReport> {
        let HeldCheckpoint { cut, held, reaches, .. } =
            checkpoint::checkpoint_at_one_cut(self.core())?;
        let cut = Cut::of(self.core(), cut, held);
        let mut check = Check::of(&cut, progress);
        check.run(reaches)?;
        Ok(check.report)
    }
}

impl<'c> Check<'c> {
    fn of(cut: &'c Cut, progress: &'c mut dyn FnMut(CheckProgress)) -> Check<'c> {
        Check {
            cut,
            report: CheckReport::default(),
            damaged: HashSet::new(),
            progress,
            steps: CheckProgress { steps_done: 0, steps_total: 0 },
            frozen: 0,
        }
    }

    fn run(&mut self, reaches: Vec<Reach>) -> Result<()> {
        self.steps.steps_total = reaches.iter().map(Reach::allocated).sum();
        for (shard, reach) in (0..).zip(reaches) {
            self.pages(shard, reach)?;
        }
        self.definitions()?;
        let catalog = self.cut.catalog().clone();
        for table in catalog.tables() {
            let checked = self.table(table)?;
            self.report.tables.push(checked);
        }
        for view in catalog.views() {
            let checked = self.view(catalog.table(view.view.table)?, view)?;
            self.report.views.push(checked);
        }
        self.steps.steps_total = self.steps.steps_done;
        (self.progress)(self.steps);
        Ok(())
    }

    /// How many shards there are, to count over.
    fn shards(&self) -> u16 {
        u16::try_from(self.cut.core().shards.len()).unwrap_or(u16::MAX)
    }

    fn step(&mut self) {
        self.steps.steps_done += 1;
        if self.steps.steps_done.is_multiple_of(PROGRESS_STEPS) {
            (self.progress)(self.steps);
        }
    }

    fn find(&mut self, at: Place<'_>, place: String, what: String, remedy: &'static str) {
        if self.report.findings.len() >= FINDINGS_MAX {
            self.report.findings_left_out += 1;
            return;
        }
        let file = PathBuf::from(self.cut.core().shards[usize::from(at.shard)].pager.path());
        let (shard, tree) = (at.shard, at.tree.to_owned());
        self.report.findings.push(Finding { shard, file, tree, place, what, remedy });
    }

    /// K2: what an error of a read says about the store, or the error itself.
    fn found(&mut self, at: Place<'_>, place: String, error: Error) -> Result<()> {
        // What could not have been stored as it is reads as invalid.
        if !matches!(error.kind(), ErrorKind::Corrupt | ErrorKind::InvalidInput) {
            return Err(error);
        }
        self.find(at, place, error.message().to_owned(), RESTORE);
        Ok(())
    }
}

/// What a tree holds, for messages.
fn name_of(tables: &[&std::sync::Arc<TableInfo>], tree: u32) -> Option<String> {
    match tree {
        crate::shard::DEFINITIONS => return Some("the definitions".to_owned()),
        crate::shard::DETACHED.. => return Some("pages that wait to be freed".to_owned()),
        crate::shard::BUILDS => return Some("the progress of index builds".to_owned()),
        crate::shard::FEEDS => return Some("the positions of feeds".to_owned()),
        crate::shard::COUNTERS => return Some("the counters of generated ids".to_owned()),
        _ => {}
    }
    tables.iter().find_map(|table| {
        let name = &table.definition.name;
        if table.id() == tree {
            return Some(format!("table {name}"));
        }
        if table.routing.forwarding() == tree {
            return Some(format!("the places of the rows of table {name}"));
        }
        let has_it = |view: &&std::sync::Arc<ViewInfo>| view.all_trees().any(|of| of == tree);
        if let Some(view) = table.views.iter().find(has_it) {
            let what = match view.trees() {
                [states, _] if states == tree => "",
                [_, multisets] if multisets == tree => "the multisets of ",
                _ => "an index of ",
            };
            return Some(format!("{what}view {} of table {name}", view.name()));
        }
        let index = table.indexes.iter().find(|index| index.id() == tree)?;
        Some(format!("index {} of table {name}", index.definition.name))
    })
}

/// The primary key of a message, as hexadecimal digits: its values may be what is damaged.
fn key_text(key: &[u8]) -> String {
    use fmt::Write;
    let mut text = String::from("key ");
    for byte in key {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
