//! Definitions are the same in every shard, and are those that the Cut was read with.

use bourse_storage::Result;

use super::{Check, Place, RESTORE, key_text};
use crate::catalog::Catalog;
use crate::scan::{self, Entries};
use crate::shard::{DEFINITIONS, tree_root};
use crate::snapshot::Snapshot;

impl Check<'_> {
    /// Compares the definitions of all shards.
    pub(super) fn definitions(&mut self) -> Result<()> {
        let mut first: Option<Entries> = None;
        for shard in 0..self.shards() {
            if self.damaged.contains(&(shard, DEFINITIONS)) {
                continue;
            }
            let at = Place { shard, tree: "the definitions" };
            let entries = match self.definitions_of(shard) {
                Ok(entries) => entries,
                Err(error) => {
                    self.found(at, String::new(), error)?;
                    continue;
                }
            };
            match &first {
                None => {
                    self.compile(at, &entries)?;
                    first = Some(entries);
                }
                Some(first) if *first == entries => {}
                Some(first) => {
                    let differs = first.iter().zip(&entries).find(|(a, b)| a != b);
                    let place = differs.map_or_else(String::new, |(a, _)| key_text(&a.0));
                    let what = "they are not those of the first shard".to_owned();
                    self.find(at, place, what, RESTORE);
                }
            }
        }
        Ok(())
    }

    fn definitions_of(&self, shard: u16) -> Result<Entries> {
        let forest = self.cut.forest(shard)?;
        let root = self.cut.read(shard, |source| tree_root(source, forest, DEFINITIONS))?;
        let pager = &self.cut.core().shards[usize::from(shard)].pager;
        scan::all_entries(pager, self.cut.batch(), root)
    }

    fn compile(&mut self, at: Place<'_>, entries: &Entries) -> Result<()> {
        match Catalog::from_entries(entries, self.shards()) {
            Ok(catalog) if catalog.version == self.cut.catalog().version => Ok(()),
            Ok(catalog) => {
                let used = self.cut.catalog().version;
                let what = format!("they are version {}, in use is {used}", catalog.version);
                self.find(at, String::new(), what, "open the store again");
                Ok(())
            }
            Err(error) => self.found(at, String::new(), error),
        }
    }
}
