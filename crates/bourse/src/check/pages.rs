//! The first walk: each page of a shard's checkpoint, read from disk.

use bourse_storage::id::{Link, PageId};
use bourse_storage::page::{Page, PageKind};
use bourse_storage::pager::{Reach, Reached};
use bourse_storage::tree::{self, Payload, Root};
use bourse_storage::{Error, Result};

use super::{Check, Place, RESTORE, name_of};
use crate::shard::DETACHED;
use crate::snapshot::Snapshot;

/// Pages that one finding names.
const PAGES_NAMED: usize = 8;
/// Findings about pages reached wrongly that one tree may give.
const WRONG_MAX: usize = 16;

/// Brings a page.
pub(crate) type Read<'r> = dyn FnMut(Link) -> Result<Box<Page>> + 'r;
/// Hears of a page.
pub(crate) type OnPage<'r> = dyn FnMut(Link, PageKind) + 'r;
/// Walks the pages of one tree: reads them with the one, and tells the other of each.
pub(crate) type Pages<'p> = dyn FnMut(&mut Read<'_>, &mut OnPage<'_>) -> Result<()> + 'p;

/// What walking one tree left.
#[derive(Default)]
struct Walk {
    pages: u64,
    wrong: Vec<(Link, &'static str)>,
}

impl Check<'_> {
    /// Walks all trees of a shard and compares what they reach with the bitmap.
    pub(super) fn pages(&mut self, shard: u16, mut reach: Reach) -> Result<()> {
        let catalog = self.cut.catalog().clone();
        let tables = catalog.tables();
        let forest = self.cut.forest(shard)?;
        let mut trees: Vec<(u32, Root)> = Vec::new();
        let mut strange = 0_usize;
        let whole = {
            let at = Place { shard, tree: "the forest" };
            let mut on_entry = |key: &[u8], payload: Payload<'_>| match root_of(key, payload) {
                Some(tree) => trees.push(tree),
                None => strange += 1,
            };
            self.walk(at, forest, &mut reach, &mut on_entry)?
        };
        let mut all_whole = whole && strange == 0;
        if strange > 0 {
            let what = format!("{strange} entries are no roots of trees");
            self.find(Place { shard, tree: "the forest" }, String::new(), what, RESTORE);
        }
        for (number, root) in trees {
            self.steps.steps_total += root.count;
            let name = name_of(&tables, number);
            let tree = name.clone().unwrap_or_else(|| format!("tree {number}"));
            let at = Place { shard, tree: &tree };
            if name.is_none() {
                let what = "it belongs to no table and no index".to_owned();
                self.find(at, String::new(), what, RESTORE);
            }
            let whole = if number >= DETACHED {
                self.walk_remains(at, root, &mut reach)?
            } else {
                self.walk(at, root, &mut reach, &mut |_, _| ())?
            };
            if !whole {
                self.damaged.insert((shard, number));
                all_whole = false;
            }
        }
        // Below a damaged page nothing is reached, which would say nothing about the bitmap.
        if all_whole {
            self.unreached(shard, &reach);
        }
        Ok(())
    }

    /// Walks one tree. Returns whether it is whole.
    fn walk(
        &mut self,
        at: Place<'_>,
        root: Root,
        reach: &mut Reach,
        on_entry: &mut dyn FnMut(&[u8], Payload<'_>),
    ) -> Result<bool> {
        self.walk_with(at, reach, &mut |read, on_page| tree::check(read, root, on_page, on_entry))
    }

    /// Walks what is left of a tree that was taken away. Returns whether it is as it should be.
    fn walk_remains(&mut self, at: Place<'_>, root: Root, reach: &mut Reach) -> Result<bool> {
        self.walk_with(at, reach, &mut |read, on_page| tree::check_remains(read, root, on_page))
    }

    fn walk_with(
        &mut self,
        at: Place<'_>,
        reach: &mut Reach,
        check: &mut Pages<'_>,
    ) -> Result<bool> {
        let pager = std::sync::Arc::clone(&self.cut.core().shards[usize::from(at.shard)].pager);
        let newest = self.cut.batch();
        let mut walk = Walk::default();
        let result = {
            let mut read = |link: Link| {
                let page = pager.read_direct(link)?;
                if page.birth() > newest {
                    return Err(Error::corrupt(format!(
                        "page {link} was born in {}, after the state that has it, {newest}",
                        page.birth()
                    )));
                }
                self.step();
                Ok(page)
            };
            let mut on_page = |link: Link, _: PageKind| {
                walk.pages += 1;
                let what = match reach.note(link.page) {
                    Reached::First => return,
                    Reached::Again => "is reached twice",
                    Reached::Unallocated => "is in use, but free in the checkpoint's bitmap",
                };
                if walk.wrong.len() < WRONG_MAX {
                    walk.wrong.push((link, what));
                }
            };
            check(&mut read, &mut on_page)
        };
        self.report.pages += walk.pages;
        let mut whole = walk.wrong.is_empty();
        for (link, what) in walk.wrong {
            let offset = link.page.offset();
            self.find(at, format!("page {link} at offset {offset}"), what.to_owned(), RESTORE);
        }
        if let Err(error) = result {
            self.found(at, String::new(), error)?;
            whole = false;
        }
        Ok(whole)
    }

    fn unreached(&mut self, shard: u16, reach: &Reach) {
        let mut count = 0_u64;
        let mut first: Vec<PageId> = Vec::new();
        for page in reach.unreached() {
            count += 1;
            if first.len() < PAGES_NAMED {
                first.push(page);
            }
        }
        if count > 0 {
            let names: Vec<String> = first.iter().map(PageId::to_string).collect();
            let what = format!("{count} pages are in use by the bitmap, but nothing reaches them");
            let remedy = "no data is lost, only space: copying the store into a new one frees it";
            let at = Place { shard, tree: "the bitmap" };
            self.find(at, format!("pages {}", names.join(", ")), what, remedy);
        }
    }
}

/// A tree's number and root, as the forest has them.
pub(crate) fn root_of(key: &[u8], payload: Payload<'_>) -> Option<(u32, Root)> {
    let Payload::Inline(bytes) = payload else { return None };
    let root = Root::decode(bytes.try_into().ok()?).ok()?;
    Some((u32::from_be_bytes(key.try_into().ok()?), root))
}
