//! UPDATE under DEFERRABLE keys: a row whose new value another one still has waits until the others
//! are changed. Rows that wait for each other in a circle are refused.

use bourse::Transaction;

use super::Frame;
use super::spill::kept::Keeper;
use super::write::Changer;
use crate::error::{Result, SqlError};

impl Changer<'_> {
    /// Keeps the source row for later, if it is a deferrable key that refuses it.
    pub(super) fn postpone(
        &mut self,
        error: SqlError,
        deferrable: &[String],
        frame: &mut Frame,
    ) -> Result<()> {
        let is_key = |name: &str| deferrable.iter().any(|key| key.eq_ignore_ascii_case(name));
        let waits = error.sqlstate() == "23505"
            && error.violation().is_some_and(|violation| is_key(&violation.constraint));
        if !waits {
            return Err(error);
        }
        self.refusal = Some(error);
        self.postponed.push_slots(&self.plan.saved, self.run.disk, frame)
    }

    /// Takes the rows that were kept, again and again while that helps.
    pub(super) fn take_postponed(
        &mut self,
        transaction: &mut Transaction<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        // They have been met before.
        let touched = self.touched.take();
        while !self.postponed.is_empty() {
            let next = Keeper::new(self.plan.saved.len());
            let waiting = std::mem::replace(&mut self.postponed, next);
            let waiting = waiting.finish(self.run.disk, &mut frame.memory)?;
            let mut reader = waiting.read(&mut frame.memory);
            while reader.load(&self.plan.saved, frame)? {
                frame.tick()?;
                self.take(transaction, frame)?;
            }
            reader.end(&mut frame.memory);
            frame.memory.give_back(waiting.memory_bytes());
            if self.postponed.len() == waiting.len()
                && let Some(refusal) = self.refusal.take()
            {
                return Err(refusal);
            }
        }
        self.touched = touched;
        Ok(())
    }
}
