//! What a transaction's rows mean to views: what they cannot take is refused here, and what
//! applying will write there is noted, so that the commit has the space and the pages.
//!
//! The write set holds no states: applying makes them, from the group's state of then. What rows
//! change in views whose states lie in the shards of their groups is written out: the transaction
//! notes what each row takes from its group and adds to it, for the group's shard, whose mutex the
//! commit holds. It does not read the state, so two transactions of one group do not spoil each
//! other, they only wait.

use bourse_storage::Result;

use super::Transaction;
use super::rows::OldAndNew;
use super::write_set::Touch;
use crate::catalog::TableInfo;
use crate::row::Row;
use crate::shard::map::Slot;
use crate::shard::progress;
use crate::snapshot::Snapshot;
use crate::view::{Sign, Touched, ViewInfo};

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
        for view in &info.views {
            let is_untouched = is_untouched(view, (old, new));
            // What was in the view before it still takes, unless the build has not come to it.
            if is_untouched && !view.building {
                continue;
            }
            if is_untouched || view.is_written_out() {
                new.map_or(Ok(()), |(_, row)| view.check(row, key))?;
                continue;
            }
            if let Some((slot, row)) = old {
                match self.touch(view, self.catalog.map.shard(slot), (key, row), false) {
                    // The build has not come to an old row that the view cannot take.
                    Err(_) if view.building => {}
                    touched => touched?,
                }
            }
            if let Some((slot, row)) = new {
                let touched = self.touch(view, self.catalog.map.shard(slot), (key, row), true);
                touched.map_err(|error| view.told(&error))?;
            }
        }
        Ok(())
    }

    /// Notes what a row touches in a view, after a check where it is not known to be of the view.
    fn touch(
        &mut self,
        view: &ViewInfo,
        shard: u16,
        (key, row): (&[u8], &Row<'_>),
        checks: bool,
    ) -> Result<()> {
        let [states, multisets] = view.trees();
        // Of rows that have expired a group has a state more.
        let expires = self.catalog.table(view.view.table)?.expiry.is_some();
        let state_bytes = if expires { 5 + 2 * view.state_bytes_max } else { view.state_bytes_max };
        let writes = &mut self.writes;
        let alone = |bytes| Touch { bytes, neighbours: false };
        let among_others = |bytes| Touch { bytes, neighbours: true };
        view.touched(row, key, checks, |touched| match touched {
            Touched::State(key) => writes.touch(shard, states, key, alone(state_bytes)),
            Touched::Multiset(key, bytes) => {
                writes.touch(shard, multisets, key, among_others(bytes));
            }
            Touched::Index(tree, key) => {
                // The entry that goes and the one that comes, wherever they are.
                writes.touch(shard, tree, key, among_others(0));
                writes.touch(shard, tree, &[key, &[0]].concat(), among_others(0));
            }
        })
    }

    /// Notes what a change of a row takes from groups in other shards and adds to them; the other
    /// way round it takes that back.
    ///
    /// # Errors
    /// What ends the transaction: a shard that it does not hold.
    pub(super) fn contribute(
        &mut self,
        info: &TableInfo,
        key: &[u8],
        (old, new): OldAndNew<'_>,
    ) -> Result<()> {
        for view in info.views.iter().filter(|view| view.is_written_out()) {
            if is_untouched(view, (old, new)) {
                continue;
            }
            for (row, sign) in [(old, Sign::Remove), (new, Sign::Add)] {
                if let Some((slot, row)) = row
                    && self.has_come_to(view, slot, key)?
                {
                    let expires = sign == Sign::Remove && self.is_expiring(info, row);
                    self.contribute_row(view, key, row, (sign, expires))?;
                }
            }
        }
        Ok(())
    }

    /// Whether a view has a row: while it is built, only when the build has come as far (progress
    /// B1).
    fn has_come_to(&self, view: &ViewInfo, slot: Slot, key: &[u8]) -> Result<bool> {
        if !view.building {
            return Ok(true);
        }
        progress::is_in(self, self.catalog.map.shard(slot), view.id(), key)
    }

    fn contribute_row(
        &mut self,
        view: &ViewInfo,
        key: &[u8],
        row: &Row<'_>,
        (sign, expires): (Sign, bool),
    ) -> Result<()> {
        let mut bytes = Vec::with_capacity(128);
        let Some(slot) = view.written_out(row, key, &mut bytes)? else { return Ok(()) };
        let shard = self.catalog.map.shard(slot);
        self.forest(shard)?;
        self.touch(view, shard, (key, row), false)?;
        if expires {
            self.writes.freeze(shard, view.id(), &bytes);
            return Ok(());
        }
        self.writes.contribute(shard, view.id(), &bytes, sign)
    }
}

/// Whether a row gives a view the same before and after, in the same slot.
fn is_untouched(view: &ViewInfo, (old, new): OldAndNew<'_>) -> bool {
    match (old, new) {
        (Some((old_slot, old)), Some((slot, new))) => {
            old_slot == slot && view.is_untouched(old, new)
        }
        _ => false,
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
