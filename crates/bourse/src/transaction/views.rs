//! What a transaction's rows mean to views: what they cannot take is refused here, and what
//! applying will write there is noted, so that the commit has the space and the pages.
//!
//! The write set holds no states: applying makes them, from the group's state of then. So a
//! transaction that has changed rows does not read their views.

use bourse_storage::Result;

use super::Transaction;
use super::rows::OldAndNew;
use crate::catalog::TableInfo;
use crate::row::Row;
use crate::view::Touched;

impl Transaction<'_> {
    /// Refuses a row that a view cannot take, and notes what the change touches in the views.
    ///
    /// # Errors
    /// `InvalidInput`, with the name of the view.
    pub(super) fn touch_views(
        &mut self,
        info: &TableInfo,
        key: &[u8],
        (old, new): OldAndNew<'_>,
    ) -> Result<()> {
        if let Some((_, row)) = new {
            info.check_views(row, key)?;
        }
        for view in &info.views {
            if let (Some((old_slot, old)), Some((slot, new))) = (old, new)
                && old_slot == slot
                && view.is_untouched(old, new)
            {
                continue;
            }
            for (slot, row) in [old, new].into_iter().flatten() {
                let shard = self.catalog.map.shard(slot);
                let [states, multisets] = view.trees();
                let writes = &mut self.writes;
                let noted = view.touched(row, key, |touched| match touched {
                    Touched::State(key) => {
                        writes.touch(shard, states, key, view.state_bytes_max);
                    }
                    Touched::Multiset(key, bytes) => writes.touch(shard, multisets, key, bytes),
                });
                match noted {
                    // The build has not come to an old row that the view cannot take.
                    Err(_) if view.building => {}
                    noted => noted?,
                }
            }
        }
        Ok(())
    }

    /// Whether it has changed rows of a table.
    pub(crate) fn has_changed(&self, table: u32) -> bool {
        self.writes.has_tree(table)
    }
}

impl TableInfo {
    /// Refuses a row that a view of the table cannot take.
    ///
    /// # Errors
    /// As `ViewInfo::check`.
    pub(crate) fn check_views(&self, row: &Row<'_>, key: &[u8]) -> Result<()> {
        self.views.iter().try_for_each(|view| view.check(row, key))
    }
}
