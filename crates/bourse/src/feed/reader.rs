//! From the log to changes: one record after the other, as far as it is durable and published.
//!
//! ```text
//!             record of the table          last part
//! between ------------------------> (given out) <------- in a load
//!    |        a load of the table                            ^
//!    +-------------------------------------------------------+
//! ```
//! Records logged ahead of their commit are read when the commit is met: by a second [`Tail`] that
//! begins where their stage did. So what lies in between is not kept in memory.

use std::sync::Arc;

use bourse_storage::id::Lsn;
use bourse_storage::log::{Entry, Log, Tail, Tailed};
use bourse_storage::{Error, Result};
use rkyv::util::AlignedVec;

use super::changes::{Change, Changes, changes_of, inserted, row_of, table_at};
use super::definition::{Position, Source, StoredFeed};
use super::groups::loaded_groups;
use crate::bulk::take_pair;
use crate::catalog::{Catalog, TableInfo};
use crate::commit::Stage;
use crate::datetime::Timestamp;
use crate::record::{
    KIND_LOAD, KIND_PIECE, KIND_RECORD, KIND_STAGED, LoadCommit, Piece, RecordView, Staged,
};

/// Reads the changes of one feed.
pub(super) struct Reader {
    tail: Tail,
    /// How many parts of the next transaction, which has that LSN, were dealt with before.
    done: Option<(Lsn, u32)>,
    load: Option<Loading>,
}

/// A bulk load that is being given out.
struct Loading {
    lsn: Lsn,
    table: Arc<TableInfo>,
    pieces: Pieces,
    /// Parts that were found so far.
    parts: u32,
    /// The next part, read ahead to know whether it is the last one.
    next: Option<Vec<Change>>,
}

/// The pieces of a bulk load that are of one tree.
pub(super) struct Pieces {
    lsn: Lsn,
    stage: u64,
    tree: u32,
    tail: Tail,
    /// Pieces that go on in the next one of the same shard.
    unfinished: Vec<(u16, Vec<u8>)>,
}

/// What an entry of the log has to do with a feed.
enum Met {
    Nothing,
    Changes(Vec<Change>, Timestamp),
    Load(LoadCommit),
}

impl Reader {
    /// A reader that goes on behind a position.
    pub(super) fn new(log: &Log, from: Position) -> Reader {
        let done = (from.parts != u32::MAX).then_some((from.lsn, from.parts));
        Reader { tail: log.tail(from.done()), done, load: None }
    }

    /// The LSN up to which everything was looked at; of the transaction behind it nothing was
    /// given out.
    pub(super) fn reached(&self) -> Lsn {
        match &self.load {
            Some(load) => Lsn(load.lsn.0 - 1),
            None => self.tail.last(),
        }
    }

    /// The next changes, if there are any up to `limit`. The definitions are of that LSN or later.
    pub(super) fn next(
        &mut self,
        log: &Log,
        limit: Lsn,
        feed: &StoredFeed,
        catalog: &Catalog,
    ) -> Result<Option<Changes>> {
        loop {
            if let Some(load) = &mut self.load {
                match load.next(log, feed)? {
                    Some(changes) if !self.is_done(&changes) => return Ok(Some(changes)),
                    Some(_) => {}
                    None => self.load = None,
                }
                continue;
            }
            let (lsn, met) = match self.tail.next(log, limit)? {
                Tailed::End => return Ok(None),
                Tailed::Gone(first) => return Err(gone(feed, self.tail.last(), first)),
                Tailed::Entry(entry) => (entry.lsn, meet(log, &entry, feed, catalog)?),
            };
            match met {
                Met::Nothing => {}
                Met::Changes(list, time) if !list.is_empty() => {
                    let time = Some(time);
                    let changes = Changes { position: lsn.into(), is_last: true, time, list };
                    if !self.is_done(&changes) {
                        return Ok(Some(changes));
                    }
                }
                Met::Changes(..) => {}
                Met::Load(commit) => match feed.source {
                    Source::Table(table) => {
                        let table = table_at(catalog, feed, table, commit.catalog_version)?;
                        self.load = Some(Loading::new(log, lsn, commit, Arc::clone(table)));
                    }
                    Source::View(view) => {
                        let list = loaded_groups(log, lsn, &commit, feed, (catalog, view))?;
                        let (position, time) = (lsn.into(), None);
                        let changes = Changes { position, is_last: true, time, list };
                        if !changes.list.is_empty() && !self.is_done(&changes) {
                            return Ok(Some(changes));
                        }
                    }
                },
            }
        }
    }

    /// Whether the subscriber had dealt with a part before it began to read here.
    fn is_done(&self, changes: &Changes) -> bool {
        self.done.is_some_and(|(lsn, parts)| {
            lsn == changes.lsn() && changes.position <= Position { lsn, parts }
        })
    }
}

fn meet(log: &Log, entry: &Entry<'_>, feed: &StoredFeed, catalog: &Catalog) -> Result<Met> {
    match entry.kind {
        KIND_RECORD => of_record(RecordView::new(entry.payload)?, feed, catalog),
        KIND_STAGED => {
            let staged = Staged::decode(entry.payload)?;
            let bytes = assemble(log, &staged, entry.lsn, feed)?;
            of_record(RecordView::new(&bytes)?, feed, catalog)
        }
        KIND_LOAD => {
            let commit = LoadCommit::decode(entry.payload)?;
            let is_its = commit.table == catalog.table_of_feed(feed)?.id();
            Ok(if is_its { Met::Load(commit) } else { Met::Nothing })
        }
        _ => Ok(Met::Nothing),
    }
}

fn of_record(record: RecordView<'_>, feed: &StoredFeed, catalog: &Catalog) -> Result<Met> {
    let list = changes_of(feed, catalog, record)?;
    Ok(Met::Changes(list, Timestamp(record.time_us().saturating_mul(1_000))))
}

/// A record that was logged ahead in pieces.
fn assemble(log: &Log, staged: &Staged, commit: Lsn, feed: &StoredFeed) -> Result<AlignedVec> {
    let mut tail = log.tail(Stage::begins_after(staged.stage));
    let mut pieces = Vec::new();
    loop {
        match tail.next(log, commit)? {
            Tailed::End => break,
            Tailed::Gone(first) => return Err(gone(feed, tail.last(), first)),
            Tailed::Entry(entry) if entry.kind == KIND_PIECE => {
                let piece = Piece::decode(entry.payload)?;
                if piece.stage == staged.stage {
                    pieces.push(piece);
                }
            }
            Tailed::Entry(_) => {}
        }
    }
    pieces.sort_by_key(|piece| piece.number);
    if !pieces.iter().map(|piece| piece.number).eq(0..staged.pieces) {
        return Err(Error::corrupt(format!(
            "the log has {} of the {} pieces of the large transaction with LSN {commit}: restore \
             the store from a backup",
            pieces.len(),
            staged.pieces
        )));
    }
    let mut bytes = AlignedVec::with_capacity(pieces.iter().map(|piece| piece.bytes.len()).sum());
    pieces.iter().for_each(|piece| bytes.extend_from_slice(&piece.bytes));
    Ok(bytes)
}

impl Loading {
    fn new(log: &Log, lsn: Lsn, commit: LoadCommit, table: Arc<TableInfo>) -> Loading {
        let pieces = Pieces::new(log, lsn, &commit, table.id());
        Loading { lsn, table, pieces, parts: 0, next: None }
    }

    /// The next part, none after the last one.
    fn next(&mut self, log: &Log, feed: &StoredFeed) -> Result<Option<Changes>> {
        let part = match self.next.take() {
            Some(part) => part,
            None => match self.read_part(log, feed)? {
                Some(part) => part,
                None => return Ok(None),
            },
        };
        self.next = self.read_part(log, feed)?;
        self.parts += 1;
        let is_last = self.next.is_none();
        let parts = if is_last { u32::MAX } else { self.parts };
        let position = Position { lsn: self.lsn, parts };
        // The record of a load does not tell the time.
        Ok(Some(Changes { position, is_last, time: None, list: part }))
    }

    /// The rows of the next piece that has any.
    fn read_part(&mut self, log: &Log, feed: &StoredFeed) -> Result<Option<Vec<Change>>> {
        while let Some((shard, bytes)) = self.pieces.next(log, feed)? {
            let part = self.rows(feed, shard, &bytes)?;
            if !part.is_empty() {
                return Ok(Some(part));
            }
        }
        Ok(None)
    }

    fn rows(&self, feed: &StoredFeed, shard: u16, mut bytes: &[u8]) -> Result<Vec<Change>> {
        let mut rows = Vec::new();
        while !bytes.is_empty() {
            let (key, row) = take_pair(&mut bytes)?;
            if feed.has(key) {
                rows.push(inserted(row_of(&self.table, row, key, shard)?));
            }
        }
        Ok(rows)
    }
}

impl Pieces {
    /// Those of a tree of the load with that commit.
    pub(super) fn new(log: &Log, lsn: Lsn, commit: &LoadCommit, tree: u32) -> Pieces {
        let (stage, tail) = (commit.stage, log.tail(Stage::begins_after(commit.stage)));
        Pieces { lsn, stage, tree, tail, unfinished: Vec::new() }
    }

    /// The bytes of the next one, and its shard.
    pub(super) fn next(&mut self, log: &Log, feed: &StoredFeed) -> Result<Option<(u16, Vec<u8>)>> {
        loop {
            let piece = match self.tail.next(log, self.lsn)? {
                Tailed::End => return Ok(None),
                Tailed::Gone(first) => return Err(gone(feed, self.tail.last(), first)),
                Tailed::Entry(entry) if entry.kind == KIND_PIECE => Piece::decode(entry.payload)?,
                Tailed::Entry(_) => continue,
            };
            if piece.stage != self.stage || piece.tree != self.tree {
                continue;
            }
            let shard = piece.shard;
            if let Some(bytes) = self.whole(piece) {
                return Ok(Some((shard, bytes)));
            }
        }
    }

    /// The bytes of a piece with those that it continues; none when it goes on itself.
    fn whole(&mut self, piece: Piece) -> Option<Vec<u8>> {
        let begun = self.unfinished.iter().position(|(shard, _)| *shard == piece.shard);
        let mut bytes = begun.map(|at| self.unfinished.swap_remove(at).1).unwrap_or_default();
        bytes.extend_from_slice(&piece.bytes);
        if piece.continues {
            self.unfinished.push((piece.shard, bytes));
            return None;
        }
        Some(bytes)
    }
}

/// What a subscriber is told whose next record is no longer there.
#[cold]
pub(super) fn gone(feed: &StoredFeed, after: Lsn, first: Lsn) -> Error {
    Error::invalid(format!(
        "feed {} has been read to LSN {after}, and the log begins with LSN {first}: what lies \
         between is lost to it; read its table anew and reset the feed to LSN {} or later; \
         raise Options::feed_log_bytes_max",
        feed.name,
        first.0 - 1
    ))
    .with_sqlstate("72000")
}
