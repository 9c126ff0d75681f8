//! What a feed is: its definition, as it is given and as it is kept; and positions in feeds.
//!
//! ```text
//! DEFINITION, the value of a key of kind 5 (see `crate::catalog`)
//!   u8 format version 1, u8 source, u32 table or view, u64 LSN since which records carry what is
//!   replaced, lower bound, upper bound, name (UTF-8, to the end)
//! SOURCE  1 a table, 2 a view
//! BOUND   u8 0 none, 1 included, 2 excluded; else u32 length, encoded primary key or group
//! POSITION, the value of the feed's number in the tree `FEEDS`
//!   u64 LSN, u32 parts of that transaction that are done, all of them where it is 2^32 - 1
//! ```
//! Integers of values are little-endian.

use std::ops::Bound;

use bourse_storage::id::Lsn;
use bourse_storage::{Error, Result};

use crate::range::Range;
use crate::shard::map::Slot;
use crate::snapshot::KeyRange;

const FORMAT_VERSION: u8 = 1;
const SOURCE_TABLE: u8 = 1;
const SOURCE_VIEW: u8 = 2;

/// Bytes that a feed's name may have.
const NAME_BYTES_MAX: usize = 128;

/// What a feed tells of, for [`Database::create_feed`](crate::Database::create_feed).
#[derive(Clone, PartialEq, Debug)]
pub struct FeedDefinition {
    pub(crate) named: Named,
    pub(crate) range: Range,
    pub(crate) from: Option<Lsn>,
}

/// What a feed is of, by name.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Named {
    Table(String),
    View(String),
}

impl FeedDefinition {
    /// All changes of a table's rows, from now on.
    pub fn of_table(table: impl Into<String>) -> FeedDefinition {
        let named = Named::Table(table.into());
        FeedDefinition { named, range: Range::all(), from: None }
    }

    /// All changes of the groups of a view, from now on. The view has one state for each group: it
    /// is owned, or its groups hold the shard key of its table.
    pub fn of_view(view: impl Into<String>) -> FeedDefinition {
        let named = Named::View(view.into());
        FeedDefinition { named, range: Range::all(), from: None }
    }

    /// Only those of rows whose primary key lies in a range, or of groups whose columns do.
    #[must_use]
    pub fn range(mut self, range: Range) -> FeedDefinition {
        self.range = range;
        self
    }

    /// From the records after `lsn` on, not from now. They must be in the log, and another feed of
    /// the table or view must have been there since.
    #[must_use]
    pub fn after(mut self, lsn: Lsn) -> FeedDefinition {
        self.from = Some(lsn);
        self
    }
}

/// How far a feed's subscriber has come: all transactions up to an LSN, of that one so many parts.
///
/// Only a bulk load has more than one part. Positions are ordered as their changes are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Position {
    /// The transaction.
    pub lsn: Lsn,
    /// How many of its parts are done; `u32::MAX` when it is done whole.
    pub parts: u32,
}

impl From<Lsn> for Position {
    /// Behind the whole transaction with that LSN.
    fn from(lsn: Lsn) -> Position {
        Position { lsn, parts: u32::MAX }
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.parts {
            u32::MAX => write!(f, "LSN {}", self.lsn),
            parts => write!(f, "part {parts} of LSN {}", self.lsn),
        }
    }
}

impl Position {
    pub(crate) fn encode(self) -> Vec<u8> {
        [&self.lsn.0.to_le_bytes()[..], &self.parts.to_le_bytes()].concat()
    }

    pub(crate) fn decode(value: &[u8]) -> Result<Position> {
        let damaged = || Error::corrupt("the position of a feed is damaged");
        let (lsn, parts) = value.split_first_chunk::<8>().ok_or_else(damaged)?;
        let parts: [u8; 4] = parts.try_into().map_err(|_| damaged())?;
        Ok(Position { lsn: Lsn(u64::from_le_bytes(*lsn)), parts: u32::from_le_bytes(parts) })
    }

    /// The last LSN that nothing is wanted of any more.
    pub(crate) fn done(self) -> Lsn {
        if self.parts == u32::MAX { self.lsn } else { Lsn(self.lsn.0.saturating_sub(1)) }
    }
}

/// What a feed is of, by number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Source {
    Table(u32),
    View(u32),
}

/// A feed as the definitions have it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct StoredFeed {
    /// Its number.
    pub(crate) id: u32,
    /// Its name.
    pub(crate) name: String,
    /// What it tells of.
    pub(crate) source: Source,
    /// Records after this one carry what they replace.
    pub(crate) since: Lsn,
    /// The primary keys, or keys of groups, that it tells of.
    pub(crate) range: KeyRange,
}

impl StoredFeed {
    /// Key of its position in the tree of positions.
    pub(crate) fn position_key(&self) -> [u8; 4] {
        self.id.to_be_bytes()
    }

    /// The slot whose shard has its position.
    pub(crate) fn slot(&self) -> Slot {
        Slot::of_key(&self.position_key())
    }

    /// Whether it tells of the row or group of that key.
    pub(crate) fn has(&self, key: &[u8]) -> bool {
        self.range.begins_before(key) && self.range.ends_after(key)
    }

    pub(crate) fn encode(&self) -> Result<Vec<u8>> {
        let (source, number) = match self.source {
            Source::Table(table) => (SOURCE_TABLE, table),
            Source::View(view) => (SOURCE_VIEW, view),
        };
        let mut bytes = vec![FORMAT_VERSION, source];
        bytes.extend_from_slice(&number.to_le_bytes());
        bytes.extend_from_slice(&self.since.0.to_le_bytes());
        encode_bound(&self.range.lower, &mut bytes)?;
        encode_bound(&self.range.upper, &mut bytes)?;
        bytes.extend_from_slice(self.name.as_bytes());
        Ok(bytes)
    }

    /// The feed of that number, from what [`StoredFeed::encode`] made.
    pub(crate) fn decode(id: &[u8], bytes: &[u8]) -> Result<StoredFeed> {
        let damaged = || Error::corrupt("the definition of a feed is damaged");
        let id = u32::from_be_bytes(id.try_into().map_err(|_| damaged())?);
        let [FORMAT_VERSION, source @ (SOURCE_TABLE | SOURCE_VIEW), rest @ ..] = bytes else {
            return Err(Error::corrupt(
                "the definition of a feed has an unknown version or source: it was written by a \
                 newer version, or is damaged",
            ));
        };
        let (number, rest) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
        let number = u32::from_le_bytes(*number);
        let (since, mut rest) = rest.split_first_chunk::<8>().ok_or_else(damaged)?;
        let lower = decode_bound(&mut rest)?;
        let upper = decode_bound(&mut rest)?;
        let name = std::str::from_utf8(rest).map_err(|_| damaged())?.to_owned();
        Ok(StoredFeed {
            id,
            name,
            source: match *source {
                SOURCE_TABLE => Source::Table(number),
                _ => Source::View(number),
            },
            since: Lsn(u64::from_le_bytes(*since)),
            range: KeyRange { lower, upper },
        })
    }
}

fn encode_bound(bound: &Bound<Vec<u8>>, bytes: &mut Vec<u8>) -> Result<()> {
    let (kind, key) = match bound {
        Bound::Unbounded => {
            bytes.push(0);
            return Ok(());
        }
        Bound::Included(key) => (1, key),
        Bound::Excluded(key) => (2, key),
    };
    let length = u32::try_from(key.len())
        .map_err(|error| Error::invalid("the range of a feed is too long").with_source(error))?;
    bytes.push(kind);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(key);
    Ok(())
}

fn decode_bound(bytes: &mut &[u8]) -> Result<Bound<Vec<u8>>> {
    let damaged = || Error::corrupt("the range of a feed is damaged");
    let (kind, rest) = bytes.split_first().ok_or_else(damaged)?;
    if *kind == 0 {
        *bytes = rest;
        return Ok(Bound::Unbounded);
    }
    let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (key, rest) = rest.split_at_checked(length).ok_or_else(damaged)?;
    *bytes = rest;
    match kind {
        1 => Ok(Bound::Included(key.to_vec())),
        2 => Ok(Bound::Excluded(key.to_vec())),
        _ => Err(damaged()),
    }
}

/// Refuses names that are none.
pub(crate) fn check_name(name: &str) -> Result<()> {
    if name.is_empty() || name.len() > NAME_BYTES_MAX {
        let message =
            format!("the name of a feed has 1 to {NAME_BYTES_MAX} bytes, not {}", name.len());
        return Err(Error::invalid(message).with_sqlstate("42602"));
    }
    Ok(())
}
