//! Verifying backups without restoring them.
//!
//! Each file is read from front to back: its header, its counts, the checksum and the identity of
//! each page, the checksum of the whole. Then, where the chain begins with a full backup, every
//! tree of the newest state is walked, and what it reaches is compared with its page sets.

use std::path::{Path, PathBuf};

use bourse_storage::id::{Link, PageId};
use bourse_storage::page::Page;
use bourse_storage::pager::{Reach, Reached};
use bourse_storage::tree::{self, Payload, Root};
use bourse_storage::vfs::Vfs;
use bourse_storage::{Error, ErrorKind, Result};

use super::chain::Chain;
use super::part::PartReader;
use super::{BackedUpTable, BackupInfo, BackupProgress, Meter};
use crate::check::{Pages, root_of};
use crate::options::Options;
use crate::shard::DETACHED;

/// Findings that a report keeps; the others are counted.
const FINDINGS_MAX: usize = 1_000;

/// One thing that is wrong with a backup.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct BackupFinding {
    /// The file, or the folder.
    pub file: PathBuf,
    /// What is wrong, and what to do.
    pub what: String,
}

/// What [`verify`] found.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[non_exhaustive]
pub struct VerifyReport {
    /// The backups, in the order in which they were taken.
    pub backups: Vec<BackupInfo>,
    /// Pages read.
    pub pages: u64,
    /// Whether the trees were walked: not without the full backup, nor where a file is damaged.
    pub walked: bool,
    /// What is wrong, at most 1,000.
    pub findings: Vec<BackupFinding>,
    /// Findings beyond those.
    pub findings_left_out: u64,
}

impl VerifyReport {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    fn find(&mut self, file: &Path, what: String) {
        if self.findings.len() >= FINDINGS_MAX {
            self.findings_left_out += 1;
            return;
        }
        self.findings.push(BackupFinding { file: file.to_owned(), what });
    }
}

/// Verifies backups of one chain: the files of each of them, and, when the chain begins with a full
/// one, the trees of the newest state. `from` names their folders, in any order; `options` gives
/// the file system.
///
/// # Errors
/// `InvalidInput` for folders that are no whole backups or not of one chain; `Corrupt` for a
/// damaged manifest, without which nothing is known; what the file system answers. Other damage is
/// in the report.
pub fn verify(
    from: &[PathBuf],
    options: &Options,
    progress: &mut dyn FnMut(BackupProgress),
) -> Result<VerifyReport> {
    let vfs: &dyn Vfs = &*options.vfs;
    let chain = Chain::open(vfs, from)?;
    let backups = chain.links().iter().map(|link| BackupInfo::of(&link.manifest)).collect();
    let mut report = VerifyReport { backups, ..VerifyReport::default() };
    let walks =
        if chain.is_whole() { report.backups.last().map_or(0, |last| last.pages) } else { 0 };
    let read: u64 = report.backups.iter().map(|backup| backup.pages_copied).sum();
    let mut meter = Meter::new(read + walks, progress);
    for link in chain.links() {
        for shard in 0..chain.shards() {
            let path = super::part::part_path(&link.folder, shard);
            let each = PartReader::open(vfs, &link.folder, &link.manifest, shard)
                .and_then(|part| read_part(part, &mut report.pages, &mut meter));
            finding(&mut report, &path, each)?;
        }
    }
    if chain.is_whole() && report.is_sound() {
        walk(vfs, &chain, &mut report, &mut meter)?;
        report.walked = true;
    }
    meter.finish();
    Ok(report)
}

/// Turns what is wrong with a backup into a finding; what keeps from looking stays an error.
fn finding(report: &mut VerifyReport, file: &Path, result: Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::Corrupt => {
            report.find(file, error.message().to_owned());
            Ok(())
        }
        // A file that is gone is damage too.
        Err(error) if error.kind() == ErrorKind::Io => {
            report.find(file, format!("it cannot be read: {error:?}"));
            Ok(())
        }
        result => result,
    }
}

fn read_part(mut part: PartReader, pages: &mut u64, meter: &mut Meter<'_>) -> Result<()> {
    while let Some(page) = part.current() {
        tree::validate(page).map_err(|error| {
            let (path, id) = (part.path().display(), page.id());
            Error::corrupt(format!("{path}: page {id}: {}", error.message())).with_source(error)
        })?;
        *pages += 1;
        meter.step();
        part.advance()?;
    }
    Ok(())
}

/// Walks every tree of the newest state, and counts the rows of each table.
fn walk(
    vfs: &dyn Vfs,
    chain: &Chain,
    report: &mut VerifyReport,
    meter: &mut Meter<'_>,
) -> Result<()> {
    let manifest = &chain.newest().manifest;
    let mut rows = vec![0; manifest.tables.len()];
    for shard in 0..chain.shards() {
        let path = super::part::part_path(&chain.newest().folder, shard);
        let walked = Shard::open(vfs, chain, shard)
            .and_then(|mut walked| walked.walk(&manifest.tables, &mut rows, meter));
        finding(report, &path, walked)?;
    }
    let folder = &chain.newest().folder;
    for (table, rows) in manifest.tables.iter().zip(rows) {
        if table.rows != rows {
            let what = format!(
                "table {} has {rows} rows, the manifest counts {}; use another backup",
                table.name, table.rows
            );
            report.find(folder, what);
        }
    }
    Ok(())
}

/// A shard of the newest state of a chain.
struct Shard {
    root: Root,
    /// Newest first.
    parts: Vec<PartReader>,
    /// By position: which part has the page, and in which block of it.
    places: Vec<(u16, u32)>,
    reach: Reach,
    path: PathBuf,
}

/// No part has the page.
const NOWHERE: (u16, u32) = (u16::MAX, 0);

impl Shard {
    fn open(vfs: &dyn Vfs, chain: &Chain, shard: u16) -> Result<Shard> {
        let newest = chain.newest();
        let root = Root::decode(&newest.manifest.parts[usize::from(shard)].root)?;
        let (mut parts, mut places) = (Vec::new(), Vec::new());
        for (number, link) in (0..).zip(chain.links().iter().rev()) {
            let mut part = PartReader::open(vfs, &link.folder, &link.manifest, shard)?;
            while let Some(page) = part.current() {
                let at = page.id().0 as usize;
                if places.len() <= at {
                    places.resize(at + 1, NOWHERE);
                }
                // The newest link that has the position has the page (chain C2).
                if places[at] == NOWHERE {
                    places[at] = (number, u32::try_from(part.block()).unwrap_or(u32::MAX));
                }
                part.advance()?;
            }
            parts.push(part);
        }
        let reach = Reach::of(parts[0].set());
        Ok(Shard {
            root,
            parts,
            places,
            reach,
            path: super::part::part_path(&newest.folder, shard),
        })
    }

    fn read(parts: &[PartReader], places: &[(u16, u32)], link: Link) -> Result<Box<Page>> {
        let place = places.get(link.page.0 as usize).copied().unwrap_or(NOWHERE);
        match parts.get(usize::from(place.0)) {
            Some(part) => part.page_at(u64::from(place.1)),
            None => Err(Error::corrupt(format!("page {link} is in none of the files"))),
        }
    }

    fn walk(
        &mut self,
        tables: &[BackedUpTable],
        rows: &mut [u64],
        meter: &mut Meter<'_>,
    ) -> Result<()> {
        let mut trees = Vec::new();
        let mut strange = 0_u64;
        self.tree(self.root, meter, &mut |key, payload| match root_of(key, payload) {
            Some(tree) => trees.push(tree),
            None => strange += 1,
        })?;
        if strange > 0 {
            return Err(
                self.wrong(format!("{strange} entries of the forest are no roots of trees"))
            );
        }
        for (number, root) in trees {
            if number >= DETACHED {
                let remains: &mut Pages<'_> =
                    &mut |read, on_page| tree::check_remains(read, root, on_page);
                self.pages(meter, remains)?;
            } else {
                self.tree(root, meter, &mut |_, _| ())?;
            }
            if let Some(at) = tables.iter().position(|table| table.id == number) {
                rows[at] += root.count;
            }
        }
        let unreached: Vec<PageId> = self.reach.unreached().take(2).collect();
        match unreached.first() {
            Some(page) => {
                Err(self.wrong(format!("page {page} is counted, but nothing reaches it")))
            }
            None => Ok(()),
        }
    }

    /// Walks one tree.
    fn tree(
        &mut self,
        root: Root,
        meter: &mut Meter<'_>,
        on_entry: &mut dyn FnMut(&[u8], Payload<'_>),
    ) -> Result<()> {
        self.pages(meter, &mut |read, on_page| tree::check(read, root, on_page, on_entry))
    }

    /// Reads the pages of one tree, and notes each of them.
    fn pages(&mut self, meter: &mut Meter<'_>, walk: &mut Pages<'_>) -> Result<()> {
        let Shard { parts, places, reach, .. } = self;
        let mut wrong = None;
        let walked = {
            let mut read = |link: Link| {
                meter.step();
                Shard::read(parts, places, link)
            };
            walk(&mut read, &mut |link, _| {
                if reach.note(link.page) != Reached::First {
                    wrong = wrong.or(Some(link));
                }
            })
        };
        walked.map_err(|error| self.wrong(error.message().to_owned()))?;
        match wrong {
            Some(link) => Err(self.wrong(format!("page {link} is reached twice, or not counted"))),
            None => Ok(()),
        }
    }

    fn wrong(&self, what: String) -> Error {
        let path = self.path.display();
        Error::corrupt(format!("{path}: the state that it belongs to is damaged: {what}"))
    }
}
