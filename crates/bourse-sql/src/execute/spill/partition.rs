//! Rows put apart by the hash of a key: equal keys are in one part, and a part is small enough to
//! be looked at by itself, or is put apart again by another hash.

use std::hash::Hasher;
use std::sync::Arc;

use bourse::Collation;

use super::SpillFile;
use super::tape::{Tape, TapeWriter};
use crate::datum::{Datum, hash};
use crate::error::Result;
use crate::execute::{Env, Frame, Memory};

/// A hash that is the same in every run of a program, and another one on each level: simulated runs
/// write the same files, and what one level could not put apart the next one does.
struct LevelHasher(u64);

const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

impl LevelHasher {
    #[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * u128::from(MIX | 1);
        self.0 = (product as u64) ^ (product >> 64) as u64;
        self.0 = self.0.rotate_left(23).wrapping_add(MIX);
    }
}

impl Hasher for LevelHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word) ^ chunk.len() as u64);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.mix(value);
    }

    fn write_u8(&mut self, value: u8) {
        self.mix(u64::from(value));
    }

    fn finish(&self) -> u64 {
        let mut hash = self.0;
        hash = (hash ^ hash >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ hash >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        hash ^ hash >> 31
    }
}

/// The hash of a key on a level.
pub(crate) fn hash_key(level: u32, key: &[Datum], collations: &[Collation]) -> u64 {
    let mut state = LevelHasher(u64::from(level + 1).wrapping_mul(MIX));
    for (value, collation) in key.iter().zip(collations) {
        hash(value, *collation, &mut state);
    }
    state.finish()
}

/// A part.
pub(crate) struct Part {
    pub(crate) tape: Arc<Tape>,
    /// Whether not all of its keys have the same hash, so that another one may put them apart.
    pub(crate) is_mixed: bool,
}

/// Rows that are being put apart.
pub(crate) struct Partitions {
    level: u32,
    width: usize,
    file: Arc<SpillFile>,
    parts: Vec<Option<(TapeWriter, u64, bool)>>,
}

impl Partitions {
    /// Begins to put rows apart.
    pub(crate) fn new(
        level: u32,
        width: usize,
        env: &Env<'_>,
        memory: &Memory,
    ) -> Result<Partitions> {
        let file = env.disk.file(memory)?;
        let mut parts = Vec::new();
        parts.resize_with(memory.partitions(), || None);
        Ok(Partitions { level, width, file, parts })
    }

    /// The part of a key, and its hash.
    pub(crate) fn place(&self, key: &[Datum], collations: &[Collation]) -> (usize, u64) {
        let hash = hash_key(self.level, key, collations);
        // The high bits, scaled: the number of parts is no power of two.
        let part = (u128::from(hash) * self.parts.len() as u128) >> 64;
        (usize::try_from(part).unwrap_or(0), hash)
    }

    /// Whether a part has rows.
    pub(crate) fn has(&self, (part, _): (usize, u64)) -> bool {
        self.parts[part].is_some()
    }

    /// Adds a row to a part.
    pub(crate) fn push<'v>(
        &mut self,
        (part, hash): (usize, u64),
        row: impl IntoIterator<Item = &'v Datum>,
        memory: &mut Memory,
    ) -> Result<()> {
        let (writer, first, is_mixed) = match &mut self.parts[part] {
            Some(part) => part,
            place => {
                let writer = TapeWriter::new(&self.file, self.width, memory);
                place.insert((writer, hash, false))
            }
        };
        *is_mixed |= *first != hash;
        writer.push(row)
    }

    /// Forgets the rows.
    pub(crate) fn abandon(self, memory: &mut Memory) {
        let buffers = self.parts.iter().flatten().count();
        memory.give_back(buffers * memory.block_bytes());
    }

    /// The parts by their numbers.
    pub(crate) fn finish(self, memory: &mut Memory) -> Result<Vec<Option<Part>>> {
        let finish = |part: Option<(TapeWriter, u64, bool)>| match part {
            None => Ok(None),
            Some((writer, _, is_mixed)) => {
                Ok(Some(Part { tape: writer.finish(memory)?, is_mixed }))
            }
        };
        self.parts.into_iter().map(finish).collect()
    }
}

/// Parts that wait to be looked at, each with the level that it was made on.
pub(crate) struct Waiting {
    parts: Vec<(Part, u32)>,
    pub(crate) count: u64,
    pub(crate) bytes: u64,
}

impl Waiting {
    pub(crate) fn of(partitions: Option<Partitions>, frame: &mut Frame) -> Result<Waiting> {
        let mut waiting = Waiting { parts: Vec::new(), count: 0, bytes: 0 };
        waiting.add(partitions, frame)?;
        Ok(waiting)
    }

    /// Adds the parts of one level.
    pub(crate) fn add(&mut self, partitions: Option<Partitions>, frame: &mut Frame) -> Result<()> {
        let Some(partitions) = partitions else { return Ok(()) };
        let level = partitions.level;
        let parts = partitions.finish(&mut frame.memory)?;
        for part in parts.into_iter().rev().flatten() {
            self.count += 1;
            self.bytes += part.tape.bytes();
            self.parts.push((part, level));
        }
        Ok(())
    }

    /// The next part, and the level of those that are made of it.
    pub(crate) fn next(&mut self) -> Option<(Part, u32)> {
        self.parts.pop().map(|(part, level)| (part, level + 1))
    }
}
