//! The state of a simulated disk: names, files, the changes that are not durable yet, the plan of
//! what goes wrong.
//!
//! # Invariants
//!
//! - I1. `names` is `durable_names` with all of `pending` applied in order.
//! - I2. A file that no name, durable name, pending change or open handle refers to is gone.
//! - I3. Once crashed, nothing changes any more.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::content::Content;
use super::{Counters, Fault};
use crate::sync::sim::Random;

/// A file, whatever its name.
pub(super) type FileNumber = u64;

#[derive(Clone, Debug)]
pub(super) struct Disk {
    pub(super) random: Random,
    pub(super) files: BTreeMap<FileNumber, OpenFile>,
    pub(super) names: BTreeMap<PathBuf, FileNumber>,
    durable_names: BTreeMap<PathBuf, FileNumber>,
    pub(super) folders: BTreeSet<PathBuf>,
    pending: Vec<Change>,
    pub(super) locked: BTreeSet<PathBuf>,
    pub(super) capacity_bytes: u64,
    plan: Vec<(Fault, u64)>,
    pub(super) counters: Counters,
    pub(super) trace: Option<Vec<String>>,
    pub(super) crashed: bool,
    next_file: FileNumber,
}

/// A file's bytes and who uses them.
#[derive(Clone, Default, Debug)]
pub(super) struct OpenFile {
    pub(super) content: Content,
    pub(super) handles: usize,
}

/// A change of names that a crash may undo.
#[derive(Clone, Debug)]
enum Change {
    Create { path: PathBuf, file: FileNumber },
    Rename { from: PathBuf, to: PathBuf, file: FileNumber },
    Remove { path: PathBuf, file: FileNumber },
}

impl Change {
    fn file(&self) -> FileNumber {
        match self {
            Change::Create { file, .. }
            | Change::Rename { file, .. }
            | Change::Remove { file, .. } => *file,
        }
    }

    /// The folder whose sync makes the change durable.
    fn folder(&self) -> Option<&Path> {
        match self {
            Change::Create { path, .. } | Change::Remove { path, .. } => path.parent(),
            Change::Rename { to, .. } => to.parent(),
        }
    }

    fn apply(&self, names: &mut BTreeMap<PathBuf, FileNumber>) {
        match self {
            Change::Create { path, file } => {
                names.insert(path.clone(), *file);
            }
            Change::Rename { from, to, file } => {
                remove_name(names, from, *file);
                names.insert(to.clone(), *file);
            }
            Change::Remove { path, file } => remove_name(names, path, *file),
        }
    }
}

/// Another file may have the name by now, if an earlier change was lost.
fn remove_name(names: &mut BTreeMap<PathBuf, FileNumber>, path: &Path, file: FileNumber) {
    if names.get(path) == Some(&file) {
        names.remove(path);
    }
}

/// What the plan says about an operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// It works.
    Works,
    /// It fails with EIO.
    Fails,
    /// The machine crashes in the middle of it.
    Crashes,
}

/// What the plan tells apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Read,
    Write,
    Sync,
    Names,
}

impl Disk {
    pub(super) fn new(seed: u64) -> Disk {
        Disk {
            random: Random::new(seed),
            files: BTreeMap::new(),
            names: BTreeMap::new(),
            durable_names: BTreeMap::new(),
            folders: [PathBuf::from("/"), PathBuf::new()].into(),
            pending: Vec::new(),
            locked: BTreeSet::new(),
            capacity_bytes: u64::MAX,
            plan: Vec::new(),
            counters: Counters::default(),
            trace: None,
            crashed: false,
            next_file: 1,
        }
    }

    /// Counts an operation and looks up what happens to it.
    pub(super) fn judge(&mut self, kind: Kind, line: impl FnOnce() -> String) -> Verdict {
        let counters = &mut self.counters;
        counters.operations += 1;
        let done = match kind {
            Kind::Read => &mut counters.reads,
            Kind::Write => &mut counters.writes,
            Kind::Sync => &mut counters.syncs,
            Kind::Names => &mut counters.name_changes,
        };
        *done += 1;
        let counters = self.counters;
        let mut verdict = Verdict::Works;
        self.plan.retain(|(fault, at)| {
            let due = fault.count(&counters) == *at;
            if due && verdict != Verdict::Crashes {
                let crash = matches!(fault, Fault::Crash | Fault::CrashInWrite);
                verdict = if crash { Verdict::Crashes } else { Verdict::Fails };
            }
            !due
        });
        let suffix = match verdict {
            Verdict::Works => "",
            Verdict::Fails => " -> EIO",
            Verdict::Crashes => " -> crash",
        };
        if let Some(trace) = &mut self.trace {
            trace.push(line() + suffix);
        }
        self.counters.io_errors += u64::from(verdict == Verdict::Fails);
        verdict
    }

    pub(super) fn forget_plan(&mut self) {
        self.plan.clear();
    }

    pub(super) fn plan(&mut self, fault: Fault, after: u64) {
        assert!(after > 0, "the next operation is number one");
        self.plan.push((fault, fault.count(&self.counters) + after));
    }

    pub(super) fn crash(&mut self) {
        if !self.crashed {
            self.crashed = true; // I3
            self.counters.crashes += 1;
        }
    }

    pub(super) fn has_folder_of(&self, path: &Path) -> bool {
        path.parent().is_some_and(|folder| self.folders.contains(folder))
    }

    pub(super) fn create(&mut self, path: &Path) -> FileNumber {
        let file = self.next_file;
        self.next_file += 1;
        self.files.insert(file, OpenFile::default());
        self.change(Change::Create { path: path.into(), file });
        file
    }

    /// Whether there was a file to rename.
    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> bool {
        let Some(file) = self.names.get(from).copied() else { return false };
        self.change(Change::Rename { from: from.into(), to: to.into(), file });
        true
    }

    /// Whether there was a file to remove.
    pub(super) fn remove(&mut self, path: &Path) -> bool {
        let Some(file) = self.names.get(path).copied() else { return false };
        self.change(Change::Remove { path: path.into(), file });
        true
    }

    fn change(&mut self, change: Change) {
        change.apply(&mut self.names);
        self.pending.push(change); // I1
    }

    pub(super) fn sync_folder(&mut self, folder: &Path) {
        let pending = std::mem::take(&mut self.pending);
        for change in pending {
            if change.folder() == Some(folder) {
                change.apply(&mut self.durable_names);
            } else {
                self.pending.push(change);
            }
        }
        self.forget_unused();
    }

    pub(super) fn close(&mut self, file: FileNumber) {
        if let Some(open) = self.files.get_mut(&file) {
            open.handles -= 1;
        }
        self.forget_unused();
    }

    /// Restores I2.
    fn forget_unused(&mut self) {
        let mut used: BTreeSet<FileNumber> = self.names.values().copied().collect();
        used.extend(self.durable_names.values());
        used.extend(self.pending.iter().map(Change::file));
        self.files.retain(|file, open| open.handles > 0 || used.contains(file));
    }

    /// Bytes of the files that have a name or a handle: a removed file gives its space back, as
    /// far as programs can see.
    pub(super) fn used_bytes(&self) -> u64 {
        let named: BTreeSet<FileNumber> = self.names.values().copied().collect();
        let counts = |file: &FileNumber, open: &OpenFile| open.handles > 0 || named.contains(file);
        let counted = self.files.iter().filter(|(file, open)| counts(file, open));
        counted.map(|(_, open)| open.content.bytes()).sum()
    }

    /// Grows a file, if there is room. Whether there was.
    pub(super) fn grow(&mut self, file: FileNumber, bytes: u64) -> bool {
        let now_bytes = self.files[&file].content.bytes();
        if bytes > now_bytes {
            let needed_bytes = self.used_bytes().saturating_add(bytes - now_bytes);
            if needed_bytes > self.capacity_bytes {
                self.counters.full_errors += 1;
                return false;
            }
            self.content(file).grow(bytes);
        }
        true
    }

    pub(super) fn content(&mut self, file: FileNumber) -> &mut Content {
        &mut self.files.entry(file).or_default().content
    }

    /// The disk as it is found after the crash; what was in doubt is decided by `seed`.
    pub(super) fn after_crash(&self, seed: u64) -> Disk {
        assert!(self.crashed, "only a crash decides what is in doubt");
        let mut disk = self.clone();
        disk.random = Random::new(seed);
        disk.names.clone_from(&self.durable_names);
        let mixture = disk.random.below(4);
        for change in &self.pending {
            let kept = match mixture {
                0 => false,
                1 => true,
                _ => disk.random.one_in(2),
            };
            if kept {
                change.apply(&mut disk.names);
            }
        }
        disk.durable_names.clone_from(&disk.names);
        disk.pending.clear();
        disk.locked.clear();
        disk.plan.clear();
        disk.crashed = false;
        for open in disk.files.values_mut() {
            let (content, torn) = std::mem::take(&mut open.content).after_crash(&mut disk.random);
            *open = OpenFile { content, handles: 0 };
            disk.counters.torn_sectors += torn;
        }
        disk.forget_unused();
        disk
    }
}
