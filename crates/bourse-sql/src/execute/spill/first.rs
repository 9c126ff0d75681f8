//! The first row of each key, where not all keys have room in memory.

use std::ops::Range;

use bourse::Collation;

use super::partition::{Partitions, Waiting};
use crate::datum::Datum;
use crate::error::Result;
use crate::execute::distinct::RowSet;
use crate::execute::{Env, Flow, Frame};

/// Rows whose keys had no room, and where in them the key is.
pub(crate) struct Deferred<'d> {
    partitions: Option<Partitions>,
    level: u32,
    width: usize,
    key: Range<usize>,
    collations: &'d [Collation],
}

impl<'d> Deferred<'d> {
    pub(crate) fn new(
        width: usize,
        key: Range<usize>,
        collations: &'d [Collation],
    ) -> Deferred<'d> {
        Deferred { partitions: None, level: 0, width, key, collations }
    }

    /// Adds a row.
    pub(crate) fn push<'v>(
        &mut self,
        key: &[Datum],
        row: impl IntoIterator<Item = &'v Datum>,
        env: &Env<'_>,
        frame: &mut Frame,
    ) -> Result<()> {
        let partitions = match &mut self.partitions {
            Some(partitions) => partitions,
            None => {
                let begun = Partitions::new(self.level, self.width, env, &frame.memory)?;
                self.partitions.insert(begun)
            }
        };
        let place = partitions.place(key, self.collations);
        partitions.push(place, row, &mut frame.memory)
    }

    /// Forgets the rows: no more are wanted.
    pub(crate) fn abandon(self, frame: &mut Frame) {
        if let Some(partitions) = self.partitions {
            partitions.abandon(&mut frame.memory);
        }
    }

    /// Shows the first row of each key, part by part: those of a part as they came.
    pub(crate) fn show(
        mut self,
        env: &Env<'_>,
        frame: &mut Frame,
        show: &mut dyn FnMut(&[Datum], &mut Frame) -> Result<Flow>,
    ) -> Result<Flow> {
        let mut waiting = Waiting::of(self.partitions.take(), frame)?;
        let mut row = Vec::with_capacity(self.width);
        while let Some((part, level)) = waiting.next() {
            self.level = level;
            let mut reader = part.tape.open(frame);
            let mut set = RowSet::new(self.collations.to_vec());
            let mut flow = Flow::More;
            while flow == Flow::More && reader.next(&mut row)? {
                frame.tick()?;
                match set.offer(&row[self.key.clone()], &mut frame.memory) {
                    Some((_, true)) => flow = show(&row, frame)?,
                    Some((_, false)) => {}
                    None => {
                        let key = self.key.clone();
                        self.push(&row[key], &row, env, frame)?;
                    }
                }
            }
            set.rows.clear(&mut frame.memory);
            reader.close(frame);
            if flow == Flow::Enough {
                self.abandon(frame);
                return Ok(flow);
            }
            waiting.add(self.partitions.take(), frame)?;
        }
        Ok(Flow::More)
    }
}
