//! SELECT ... FOR UPDATE: rows are read, then locked one after the other. A row that others have
//! changed since it was read is read again, and counts if it still meets the conditions; one that
//! is gone does not.

use std::sync::Arc;

use bourse::{LockMode, LockWait, LockedRow, Transaction};

use super::evaluate::all_true;
use super::scan::{decode, key_values};
use super::spill::kept::Keeper;
use super::with::gather;
use super::write::Run;
use super::{Cell, Frame};
use crate::algebra::{LockStrength, LockWait as Wait};
use crate::datum::Datum;
use crate::error::Result;
use crate::plan::node::{LockCode, LockPlan, Output};

impl LockPlan {
    /// Locks the rows, and leaves those that count in their cell.
    pub(crate) fn run(
        &self,
        run: &Run<'_>,
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let read = gather(&self.input, &self.slots, &run.env(transaction), frame)?;
        let mut locked = Keeper::new(self.slots.len());
        let most = super::limit::most(self.limit.as_ref(), &run.env(transaction), frame)?;
        let mut reader = read.read(&mut frame.memory);
        while locked.len() < most && reader.load(&self.slots, frame)? {
            frame.tick()?;
            let mut counts = true;
            for clause in &self.clauses {
                counts = counts && clause.lock(&self.recheck, run, transaction, frame)?;
            }
            if counts {
                locked.push_slots(&self.slots, run.disk, frame)?;
            }
        }
        reader.end(&mut frame.memory);
        frame.memory.give_back(read.memory_bytes());
        let locked = locked.finish(run.disk, &mut frame.memory)?;
        frame.cells[self.cell] = Cell::Rows(Arc::new(locked));
        Ok(())
    }
}

impl LockCode {
    /// Locks the row in the frame. Returns whether it counts.
    fn lock(
        &self,
        recheck: &[crate::plan::code::Code],
        run: &Run<'_>,
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<bool> {
        if frame.slots[self.key].is_null() {
            return Ok(true);
        }
        let key = key_values(&frame.slots[self.key], &self.table)?;
        let mode = match self.strength {
            LockStrength::KeyShare => LockMode::KeyShare,
            LockStrength::Share => LockMode::Share,
            LockStrength::NoKeyUpdate => LockMode::NoKeyUpdate,
            LockStrength::Update => LockMode::Update,
        };
        let wait = match self.wait {
            Wait::Block => LockWait::Block,
            Wait::NoWait => LockWait::NoWait,
            Wait::SkipLocked => LockWait::SkipLocked,
        };
        match transaction.lock_row(&self.table, &key, mode, wait)? {
            LockedRow::Absent | LockedRow::Skipped => Ok(false),
            LockedRow::Row(row) => {
                let env = run.env(transaction);
                if !reload(&self.outputs, &row, &self.table, &env, frame)? {
                    return Ok(true);
                }
                all_true(recheck, &env, frame)
            }
        }
    }
}

/// Reads columns of a row into the frame again. Returns whether one has changed.
pub(crate) fn reload(
    outputs: &[Output],
    row: &bourse::OwnedRow,
    table: &bourse::Table,
    env: &super::Env<'_>,
    frame: &mut Frame,
) -> Result<bool> {
    let before: Vec<Datum> =
        outputs.iter().map(|output| frame.slots[output.slot].clone()).collect();
    decode(outputs, &mut || row.primary_key(), &row.row(), env, frame, table)?;
    let changed = outputs.iter().zip(&before).any(|(output, before)| {
        let now = &frame.slots[output.slot];
        now.is_null() != before.is_null()
            || crate::datum::compare(now, before, bourse::Collation::Binary).is_ne()
    });
    Ok(changed)
}
