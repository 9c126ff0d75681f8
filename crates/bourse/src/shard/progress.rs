//! How far an index or a view under build has come in a shard.
//!
//! It hangs off the shard's root like the rows and the index themselves, so Cuts, recovery,
//! backups and rollbacks see all three as of the same moment. The tree [`BUILDS`] has an entry for
//! each index or view under build; a shard without one has no entries of it yet.
//!
//! ```text
//! KEY    u32 index or view (big-endian)
//! VALUE  u8 1 when all rows of the shard are in, else 0
//!        u64 rows put in by the build itself
//!        primary key of the last row that is in (empty when all are)
//! ```
//!
//! Invariant **B1**: an index under build has exactly the entries of the rows whose primary key is
//! not above their own shard's progress, wherever those entries live; a view the states of these.

use bourse_storage::bug::{self, Bug};
use bourse_storage::id::Batch;
use bourse_storage::pager::Pager;
use bourse_storage::store::{PageSource, Step};
use bourse_storage::tree::{self, Payload, Root};
use bourse_storage::{Error, Result};

use super::{BUILDS, tree_root};
use crate::snapshot::{Observation, Snapshot};

/// Progress of one index in one shard.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Progress {
    /// Whether all rows of the shard are in.
    pub(crate) whole: bool,
    /// Rows put in by the build itself.
    pub(crate) rows: u64,
    /// The last row that is in; none before the first.
    pub(crate) through: Option<Vec<u8>>,
}

/// Key of an index's progress.
pub(crate) fn progress_key(index: u32) -> [u8; 4] {
    index.to_be_bytes()
}

impl Progress {
    /// The value for the tree.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut value = vec![u8::from(self.whole)];
        value.extend_from_slice(&self.rows.to_le_bytes());
        if !self.whole {
            value.extend_from_slice(self.through.as_deref().unwrap_or_default());
        }
        value
    }

    /// The progress of [`Progress::encode`].
    pub(crate) fn decode(value: &[u8]) -> Result<Progress> {
        let (whole, rows, through) = parts(value)?;
        Ok(Progress { whole, rows, through: (!whole).then(|| through.to_vec()) })
    }

    /// Whether the row of a primary key is in.
    pub(crate) fn covers(&self, key: &[u8]) -> bool {
        self.whole || self.through.as_deref().is_some_and(|through| key <= through)
    }
}

/// Whether the row of a primary key is in, by an encoded progress.
pub(crate) fn covers(value: &[u8], key: &[u8]) -> Result<bool> {
    let (whole, _, through) = parts(value)?;
    Ok(whole || key <= through)
}

fn parts(value: &[u8]) -> Result<(bool, u64, &[u8])> {
    let damaged = || Error::corrupt("the progress of an index build is damaged");
    let (whole, rest) = value.split_first().ok_or_else(damaged)?;
    let (rows, through) = rest.split_first_chunk::<8>().ok_or_else(damaged)?;
    if *whole > 1 {
        return Err(damaged());
    }
    Ok((*whole == 1, u64::from_le_bytes(*rows), through))
}

/// Shows `body` the encoded progress of an index in a forest, none before its first chunk.
fn with_value<S: PageSource, T>(
    source: &S,
    forest: Root,
    index: u32,
    body: impl FnOnce(Option<&[u8]>) -> Result<T>,
) -> Step<T> {
    let root = tree_root(source, forest, BUILDS)?;
    Ok(match tree::get(source, root, &progress_key(index))? {
        None => body(None)?,
        Some(Payload::Inline(value)) => body(Some(value))?,
        Some(Payload::Extent { .. }) => {
            return Err(Error::corrupt("the progress of an index build is no extent").into());
        }
    })
}

/// The progress of an index, by the forest of a shard's head or of a Cut.
pub(crate) fn read(pager: &Pager, newest: Batch, forest: Root, index: u32) -> Result<Progress> {
    pager.read(newest, |source| {
        with_value(source, forest, index, |value| {
            value.map_or(Ok(Progress::default()), Progress::decode)
        })
    })
}

/// Whether a forest's shard has a row's entry in the index, by its progress.
pub(crate) fn covers_in<S: PageSource>(
    source: &S,
    forest: Root,
    index: u32,
    key: &[u8],
) -> Step<bool> {
    with_value(source, forest, index, |value| value.map_or(Ok(false), |value| covers(value, key)))
}

/// Whether a row's entry is in an index under build. `shard` is the row's own. A transaction is
/// judged by it: what it wrote follows from the answer.
pub(crate) fn is_in<V: Snapshot>(snapshot: &V, shard: u16, index: u32, key: &[u8]) -> Result<bool> {
    let forest = snapshot.forest(shard)?;
    let is_in = snapshot.read(shard, |source| covers_in(source, forest, index, key))?;
    if snapshot.observes_builds() && !bug::switched_on(Bug::BuildProgressNotJudged) {
        snapshot.observe(Observation::Build { shard, index, key: key.into(), is_in });
    }
    Ok(is_in)
}

#[cfg(test)]
mod tests;
