//! Rows fetched together: their descents go down side by side, so that cache misses overlap.
//!
//! Whoever reads an index and wants the rows knows many keys before it needs the first row. Fetched
//! one by one, each row would cost a few cache misses, one after the other; fetched in groups the
//! misses of a group are under way at once. Keys and rows of a round lie one behind the other in
//! two byte strings that are used again, so a row costs no allocation.

use std::ops::Range;

use bourse_storage::tree::{self, Payload};
use bourse_storage::{Error, Result};

use crate::catalog::TableInfo;
use crate::lookup;
use crate::snapshot::Snapshot;

/// Rows fetched together. All their pages must be in memory at once, so it must be few enough for
/// a small cache: more would evict each other without end.
const GROUP: usize = 64;

/// Keys of rows, and the rows once [`Fetch::run`] has read them.
#[derive(Default)]
pub(crate) struct Fetch {
    wanted: Vec<Wanted>,
    /// The keys.
    keys: Vec<u8>,
    /// The rows, in the order in which they were read.
    bytes: Vec<u8>,
    /// Shards and numbers of what is wanted, those of one shard after those of another.
    order: Vec<(u16, usize)>,
    /// For each shard, where the next of it belongs in `order`.
    next: Vec<usize>,
}

struct Wanted {
    shard: u16,
    key: Range<usize>,
    row: Option<Range<usize>>,
}

impl Fetch {
    /// Forgets the last round, and tells how many rows the next one should have: enough for each
    /// of many shards to have some, and few enough that they are still in the processor's cache
    /// when they are shown.
    pub(crate) fn next_round(&mut self) -> usize {
        const ROWS_MAX: usize = 512;
        const BYTES_MAX: usize = 128 << 10;
        let mean = self.bytes.len() / self.wanted.len().max(1);
        self.clear();
        match mean {
            // Nothing was read yet: large rows would be read in vain where few are wanted.
            0 => ROWS_MAX / 4,
            mean => (BYTES_MAX / mean).clamp(GROUP / 2, ROWS_MAX),
        }
    }

    /// Forgets keys and rows.
    pub(crate) fn clear(&mut self) {
        self.wanted.clear();
        self.keys.clear();
        self.bytes.clear();
    }

    /// Whether the buffers are small enough to be kept.
    pub(crate) fn is_small(&self) -> bool {
        const BYTES_KEPT: usize = 256 << 10;
        self.keys.capacity() + self.bytes.capacity() <= BYTES_KEPT
            && self.wanted.capacity() * size_of::<Wanted>() <= BYTES_KEPT
    }

    /// Adds the key of a row that is in that shard, if anywhere.
    pub(crate) fn push(&mut self, shard: u16, key: &[u8]) {
        let start = self.keys.len();
        self.keys.extend_from_slice(key);
        self.wanted.push(Wanted { shard, key: start..self.keys.len(), row: None });
    }

    /// How many rows are wanted.
    pub(crate) fn len(&self) -> usize {
        self.wanted.len()
    }

    /// Shard and key of the n-th row.
    pub(crate) fn place(&self, at: usize) -> (u16, &[u8]) {
        let wanted = &self.wanted[at];
        (wanted.shard, &self.keys[wanted.key.clone()])
    }

    /// The n-th row, if it was found.
    pub(crate) fn row(&self, at: usize) -> Option<&[u8]> {
        self.wanted[at].row.clone().map(|row| &self.bytes[row])
    }

    /// Orders by shards, of which there are few: counted, not compared.
    fn order_by_shard(&mut self) {
        let Fetch { wanted, order, next, .. } = self;
        let shards = wanted.iter().map(|wanted| usize::from(wanted.shard) + 1).max().unwrap_or(0);
        next.clear();
        next.resize(shards, 0);
        wanted.iter().for_each(|wanted| next[usize::from(wanted.shard)] += 1);
        let mut start = 0;
        for count in next.iter_mut() {
            start += std::mem::replace(count, start);
        }
        order.clear();
        order.resize(wanted.len(), (0, 0));
        for (at, wanted) in wanted.iter().enumerate() {
            let place = &mut next[usize::from(wanted.shard)];
            order[*place] = (wanted.shard, at);
            *place += 1;
        }
    }

    /// Reads the rows of a table, those of one shard after those of another.
    pub(crate) fn run<V: Snapshot>(&mut self, snapshot: &V, table: &TableInfo) -> Result<()> {
        self.run_tree(snapshot, table.id())
    }

    /// As [`Fetch::run`], the values of whatever tree.
    pub(crate) fn run_tree<V: Snapshot>(&mut self, snapshot: &V, tree: u32) -> Result<()> {
        self.order_by_shard();
        let Fetch { wanted, keys, bytes, order, .. } = self;
        let mut row = Vec::new();
        for group in order.chunks(GROUP) {
            if snapshot.observes() || group.len() == 1 {
                for (shard, at) in group {
                    let key = &keys[wanted[*at].key.clone()];
                    if lookup::get(snapshot, *shard, tree, key, &mut row)? {
                        wanted[*at].row = Some(append(bytes, &row));
                    }
                }
            } else {
                read_group(snapshot, tree, group, wanted, keys, bytes)?;
            }
        }
        Ok(())
    }
}

/// Reads some rows, of however many shards, together.
fn read_group<V: Snapshot>(
    snapshot: &V,
    tree: u32,
    group: &[(u16, usize)],
    wanted: &mut [Wanted],
    keys: &[u8],
    bytes: &mut Vec<u8>,
) -> Result<()> {
    let mut shards: Vec<u16> = Vec::with_capacity(16);
    let mut forests = Vec::with_capacity(16);
    let mut sought: [(usize, &[u8]); GROUP] = [(0, &[]); GROUP];
    for (place, (shard, at)) in sought.iter_mut().zip(group) {
        if shards.last() != Some(shard) {
            shards.push(*shard);
            forests.push(snapshot.forest(*shard)?);
        }
        *place = (shards.len() - 1, &keys[wanted[*at].key.clone()]);
    }
    let sought = &sought[..group.len()];
    let (start, mut large) = (bytes.len(), Vec::new());
    snapshot.read_shards(&shards, |sources| {
        large.clear();
        bytes.truncate(start);
        let mut trees = Vec::with_capacity(sources.len());
        for (at, source) in sources.iter().enumerate() {
            let root = snapshot.tree_root(source, shards[at], forests[at], tree);
            trees.push((source, root.map_err(|stop| (at, stop))?));
        }
        let mut payloads = Vec::with_capacity(sought.len());
        tree::get_many(&trees, sought, &mut payloads)?;
        for ((_, at), payload) in group.iter().zip(payloads) {
            wanted[*at].row = match payload {
                None => None,
                Some(Payload::Inline(value)) => Some(append(bytes, value)),
                Some(Payload::Extent { first, bytes }) => {
                    large.push((*at, first, bytes));
                    None
                }
            };
        }
        Ok(())
    })?;
    let mut value = Vec::new();
    for (at, first, length) in large {
        snapshot.read_extent(wanted[at].shard, first, length, &mut value)?;
        wanted[at].row = Some(append(bytes, &value));
    }
    for ((shard, at), (_, key)) in group.iter().zip(sought) {
        if let Some(own) = snapshot.own(*shard, tree, key) {
            wanted[*at].row = own.map(|value| append(bytes, value));
        }
    }
    Ok(())
}

fn append(bytes: &mut Vec<u8>, value: &[u8]) -> Range<usize> {
    let start = bytes.len();
    bytes.extend_from_slice(value);
    start..bytes.len()
}

/// What is wrong with an index entry whose row is not there.
#[cold]
pub(crate) fn row_missing(table: &TableInfo, index: &str) -> Error {
    let table = &table.definition.name;
    Error::corrupt(format!(
        "an entry of index {index} has no row in table {table}: run `bourse check`"
    ))
}
