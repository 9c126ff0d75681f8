//! The bytes of one simulated file: as reads see them, and as a crash may leave them.
//!
//! # Invariants
//!
//! - I1. `unsynced` holds, for every sector that differs from the disk, what the disk has; of a
//!   sector that is not there, reads and the disk agree. So a sync only forgets, and memory is
//!   spent on what was written since the last one.
//! - I2. The disk knows of no more bytes than reads do: `durable_bytes <= bytes()`.
//! - I3. While a truncation is not synced, `cut` has what the disk has from there on if the
//!   truncation is lost; all else tells of the file as if it were done.

use std::collections::BTreeMap;

use super::BLOCK_BYTES;
use crate::sync::sim::Random;

/// What a disk writes at once.
pub(super) const SECTOR_BYTES: usize = 512;
const SECTORS_A_BLOCK: usize = BLOCK_BYTES / SECTOR_BYTES;

type Sector = [u8; SECTOR_BYTES];

/// The bytes of one file.
#[derive(Clone, Default, Debug)]
pub(super) struct Content {
    /// `None` is a block of zeros.
    blocks: Vec<Block>,
    unsynced: BTreeMap<usize, Unsynced>,
    durable_bytes: u64,
    cut: Option<Cut>,
}

type Block = Option<Box<[u8; BLOCK_BYTES]>>;

/// What an unsynced truncation took away.
#[derive(Clone, Debug)]
struct Cut {
    first: usize,
    blocks: Vec<Block>,
}

#[derive(Clone, Debug)]
struct Unsynced {
    on_disk: Box<Sector>,
    /// A sync failed, and the system no longer knows that this sector is still to be written.
    forgotten: bool,
}

/// Positions come as `u64`, and are of files in memory.
pub(super) fn index(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

impl Content {
    pub(super) fn bytes(&self) -> u64 {
        (self.blocks.len() * BLOCK_BYTES) as u64
    }

    /// Reads whole blocks. Returns how many bytes there were to read.
    pub(super) fn read(&self, buffer: &mut [u8], offset: u64) -> usize {
        let first = index(offset) / BLOCK_BYTES;
        let mut done = 0;
        for (position, target) in buffer.chunks_exact_mut(BLOCK_BYTES).enumerate() {
            match self.blocks.get(first + position) {
                Some(Some(block)) => target.copy_from_slice(&block[..]),
                Some(None) => target.fill(0),
                None => break,
            }
            done += BLOCK_BYTES;
        }
        done
    }

    /// Grows to `bytes`, whole blocks, with zeros. Never shrinks.
    pub(super) fn grow(&mut self, bytes: u64) {
        let blocks = index(bytes) / BLOCK_BYTES;
        if blocks > self.blocks.len() {
            self.blocks.resize(blocks, None);
        }
    }

    /// Cuts the file off at `bytes`, whole blocks. Whether it was longer.
    pub(super) fn truncate(&mut self, bytes: u64) -> bool {
        let first = index(bytes) / BLOCK_BYTES;
        if first >= self.blocks.len() {
            return false;
        }
        let lost = self.unsynced.split_off(&(first * SECTORS_A_BLOCK));
        for (sector, unsynced) in lost {
            *self.sector_mut(sector) = *unsynced.on_disk;
        }
        let mut blocks = self.blocks.split_off(first);
        // I3: an earlier cut that is not synced either has what follows on it.
        let end = match &self.cut {
            Some(cut) => cut.first,
            None => index(self.durable_bytes) / BLOCK_BYTES,
        };
        if first < end {
            blocks.truncate(end - first);
            blocks.extend(self.cut.take().into_iter().flat_map(|cut| cut.blocks));
            self.cut = Some(Cut { first, blocks });
        }
        self.durable_bytes = self.durable_bytes.min(bytes);
        true
    }

    /// Writes those sectors of `buffer` that `reaches` says, into bytes that are there.
    pub(super) fn write(&mut self, buffer: &[u8], offset: u64, mut reaches: impl FnMut() -> bool) {
        let first = index(offset) / SECTOR_BYTES;
        for (position, source) in buffer.chunks_exact(SECTOR_BYTES).enumerate() {
            if reaches() {
                let on_disk = Box::new(*self.sector(first + position));
                let unsynced = self.unsynced.entry(first + position);
                unsynced.or_insert(Unsynced { on_disk, forgotten: false }).forgotten = false;
                self.sector_mut(first + position).copy_from_slice(source);
            }
        }
    }

    /// All that was written is on disk now, but for what an earlier failure made it forget.
    pub(super) fn sync(&mut self) {
        self.unsynced.retain(|_, unsynced| unsynced.forgotten);
        self.durable_bytes = self.bytes();
        self.cut = None;
    }

    /// What was just written to this range is on disk now.
    pub(super) fn sync_range(&mut self, bytes: usize, offset: u64) {
        let first = index(offset) / SECTOR_BYTES;
        for sector in first..first + bytes / SECTOR_BYTES {
            self.unsynced.remove(&sector);
        }
        self.durable_bytes = self.durable_bytes.max(offset + bytes as u64);
        self.cut = None;
        assert!(self.durable_bytes <= self.bytes()); // I2
    }

    /// A sync that failed halfway. As on Linux, each sector may be on disk; those that are not
    /// count as written from now on. Whether reads still see them is a matter of luck.
    pub(super) fn sync_failed(&mut self, random: &mut Random) {
        let keeps = random.one_in(2);
        let unsynced = std::mem::take(&mut self.unsynced);
        for (sector, mut unsynced) in unsynced {
            if random.one_in(3) {
                continue;
            }
            if keeps {
                unsynced.forgotten = true;
                self.unsynced.insert(sector, unsynced);
            } else {
                *self.sector_mut(sector) = *unsynced.on_disk;
            }
        }
    }

    /// Flips one bit, in what reads see and on disk.
    pub(super) fn flip_bit(&mut self, offset: u64, bit: u32) {
        let (sector, position) = (index(offset) / SECTOR_BYTES, index(offset) % SECTOR_BYTES);
        self.sector_mut(sector)[position] ^= 1 << (bit % 8);
        if let Some(unsynced) = self.unsynced.get_mut(&sector) {
            unsynced.on_disk[position] ^= 1 << (bit % 8);
        }
    }

    /// What a crash leaves: each unsynced sector is old, new or torn, each on its own, so that
    /// no order of writes is to be relied on. Also returns how many sectors are torn.
    pub(super) fn after_crash(self, random: &mut Random) -> (Content, u64) {
        let mut content = self;
        let mut torn = 0;
        if let Some(cut) = content.cut.take()
            && random.one_in(2)
        {
            content.lose_truncation(cut);
        }
        // Files of which everything, or nothing, was written are as likely as a mixture; some
        // disks keep or lose whole blocks, and some write in an order of their own, so that all on
        // one side of a sector is there.
        let mixture = random.below(6);
        let (mut block, mut block_fate) = (usize::MAX, 0);
        let (split, ascends) = (random.index(content.unsynced.len() + 1), random.one_in(2));
        for (position, (sector, unsynced)) in
            std::mem::take(&mut content.unsynced).into_iter().enumerate()
        {
            let fate = match mixture {
                0 => 0,
                1 => 1,
                2 => {
                    if block != sector / SECTORS_A_BLOCK {
                        (block, block_fate) = (sector / SECTORS_A_BLOCK, random.below(2));
                    }
                    block_fate
                }
                3 => u64::from((position < split) == ascends),
                _ => random.below(5),
            };
            let bytes = content.sector_mut(sector);
            match fate {
                0 | 2 => *bytes = *unsynced.on_disk,
                1 | 3 => {}
                _ => {
                    tear(bytes, &unsynced.on_disk, random);
                    torn += 1;
                }
            }
        }
        let unknown = (content.bytes() - content.durable_bytes) / BLOCK_BYTES as u64;
        let grown = match random.below(3) {
            0 => 0,
            1 => unknown,
            _ => random.below(unknown + 1),
        };
        content.durable_bytes += grown * BLOCK_BYTES as u64;
        content.blocks.truncate(index(content.durable_bytes) / BLOCK_BYTES);
        (content, torn)
    }

    /// The truncation did not come to the disk, and so nothing beyond it that came later.
    fn lose_truncation(&mut self, cut: Cut) {
        self.unsynced.split_off(&(cut.first * SECTORS_A_BLOCK));
        self.blocks.truncate(cut.first);
        self.blocks.extend(cut.blocks);
        self.durable_bytes = self.bytes();
    }

    fn sector(&self, sector: usize) -> &Sector {
        const ZEROS: &Sector = &[0; SECTOR_BYTES];
        match &self.blocks[sector / SECTORS_A_BLOCK] {
            Some(block) => &block.as_chunks().0[sector % SECTORS_A_BLOCK],
            None => ZEROS,
        }
    }

    fn sector_mut(&mut self, sector: usize) -> &mut Sector {
        let block =
            self.blocks[sector / SECTORS_A_BLOCK].get_or_insert_with(|| Box::new([0; BLOCK_BYTES]));
        &mut block.as_chunks_mut().0[sector % SECTORS_A_BLOCK]
    }
}

/// Leaves a part of the new bytes, and the old ones, or noise, after it.
fn tear(new: &mut Sector, old: &Sector, random: &mut Random) {
    let split = random.index(SECTOR_BYTES);
    if random.one_in(2) {
        new[split..].copy_from_slice(&old[split..]);
    } else {
        random.fill(&mut new[split..]);
    }
}
