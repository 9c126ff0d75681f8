//! The log record: what one transaction changes, complete in itself.
//!
//! Log, recovery, and later feed, replica and archive carry these bytes, and all of them call the
//! same [`crate::shard::apply`]. A record has a *section* for each shard that it changes. Applying
//! a section reads that shard's own trees and the section, never another shard: whatever crosses
//! shards (entries of global indexes, forwarding entries) was computed by the committer and is
//! written out here. What can be derived from a shard's own state (local indexes, counters of
//! generated ids) is not.
//!
//! The archive is rkyv's, validated whenever it is read. Keys and values of all operations lie in
//! one byte string, so that building a record allocates a handful of times whatever its size.
//!
//! A record larger than [`STAGE_BYTES`] is logged ahead in pieces ([`KIND_PIECE`]), and the commit
//! record ([`KIND_STAGED`]) names them.

use rkyv::rancor::Error as RkyvError;
use rkyv::util::AlignedVec;
use rkyv::{Archive, Deserialize, Serialize};

use bourse_storage::id::Lsn;
use bourse_storage::{Error, Result};

/// Log kind of a whole [`Record`].
pub(crate) const KIND_RECORD: u8 = 1;
/// Log kind of a [`Piece`] of something large, logged ahead of its commit.
pub(crate) const KIND_PIECE: u8 = 2;
/// Log kind of a [`Staged`] commit whose record lies in pieces.
pub(crate) const KIND_STAGED: u8 = 3;
/// Log kind of a [`LoadCommit`]: trees that were built from pieces are attached.
pub(crate) const KIND_LOAD: u8 = 4;
/// Log kind of an [`EntryEnd`]: the records behind the last such one are an entry of a group.
pub(crate) const KIND_ENTRY: u8 = 5;

/// Records up to this many bytes go into the log whole.
pub(crate) const STAGE_BYTES: usize = 1 << 20;

/// What an [`Operation`] does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum OperationKind {
    /// A row is inserted or replaced; local index entries follow.
    PutRow = 1,
    /// A row is deleted; local index entries follow.
    DeleteRow = 2,
    /// An entry of a global index or a forwarding entry is written as it stands.
    PutEntry = 3,
    /// An entry of a global index or a forwarding entry is deleted.
    DeleteEntry = 4,
    /// A definition is written; its key and value are those of the definitions tree.
    PutDefinition = 5,
    /// A definition is deleted.
    DeleteDefinition = 6,
    /// The tree is dropped.
    DropTree = 7,
    /// A local index is built at once from all rows of the table in this shard.
    BuildIndex = 8,
    /// The build of an index goes on in this shard, up to the row of the key; the value is a
    /// [`Chunk`].
    BuildChunk = 9,
    /// The index is no longer under build in this shard.
    EndBuild = 10,
    /// The tree is taken away whole; its pages wait under the number that the key is.
    DetachTree = 11,
    /// Some pages of a tree that was taken away are freed.
    FreePages = 12,
    /// Pages of a tree, around the key, move below the position that the value is.
    MovePages = 13,
    /// Sparse leaves of a tree, from the key's on, are packed into fewer.
    PackLeaves = 14,
    /// A view is built at once from all rows of the table in this shard. The key is the table.
    BuildView = 15,
    /// The value is the row that the next operation, which is of the same table, replaces or
    /// deletes: for feeds. It changes nothing.
    OldRow = 16,
    /// The value has the states of a group of the view before and after the record: for feeds. It
    /// changes nothing.
    GroupStates = 17,
    /// A row that has expired is deleted, as by `DeleteRow`; groups of views keep it in their
    /// frozen states.
    ExpireRow = 18,
    /// A row that may lie in another shard is added to a group of the view. The key is a
    /// contribution (`crate::view`).
    AddToGroup = 20,
    /// It is taken away.
    RemoveFromGroup = 21,
    /// It goes from the rows of the group to its frozen state.
    FreezeInGroup = 22,
}

impl OperationKind {
    fn from_code(code: u8) -> Result<OperationKind> {
        Ok(match code {
            1 => OperationKind::PutRow,
            2 => OperationKind::DeleteRow,
            3 => OperationKind::PutEntry,
            4 => OperationKind::DeleteEntry,
            5 => OperationKind::PutDefinition,
            6 => OperationKind::DeleteDefinition,
            7 => OperationKind::DropTree,
            8 => OperationKind::BuildIndex,
            9 => OperationKind::BuildChunk,
            10 => OperationKind::EndBuild,
            11 => OperationKind::DetachTree,
            12 => OperationKind::FreePages,
            13 => OperationKind::MovePages,
            14 => OperationKind::PackLeaves,
            15 => OperationKind::BuildView,
            16 => OperationKind::OldRow,
            17 => OperationKind::GroupStates,
            18 => OperationKind::ExpireRow,
            20 => OperationKind::AddToGroup,
            21 => OperationKind::RemoveFromGroup,
            22 => OperationKind::FreezeInGroup,
            _ => {
                return Err(Error::corrupt(format!(
                    "log record holds an operation of unknown kind {code}: it was written by a \
                     newer version, or is damaged"
                )));
            }
        })
    }
}

/// What [`OperationKind::BuildChunk`] has beside the key.
///
/// ```text
/// u32 table, u32 rows, u8 1 when the shard has no more rows, else 0
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Chunk {
    /// The index's table.
    pub(crate) table: u32,
    /// Rows that the chunk looks at.
    pub(crate) rows: u32,
    /// Whether they are the shard's last.
    pub(crate) whole: bool,
}

impl Chunk {
    /// The operation's value.
    pub(crate) fn encode(self) -> Vec<u8> {
        let (table, rows) = (self.table.to_le_bytes(), self.rows.to_le_bytes());
        [&table[..], &rows, &[u8::from(self.whole)]].concat()
    }

    /// The chunk of [`Chunk::encode`].
    pub(crate) fn decode(value: &[u8]) -> Result<Chunk> {
        let damaged = || Error::corrupt("log record has a damaged chunk of an index build");
        let (table, rest) = value.split_first_chunk::<4>().ok_or_else(damaged)?;
        let (rows, whole) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
        let (table, rows) = (u32::from_le_bytes(*table), u32::from_le_bytes(*rows));
        match whole {
            [0] => Ok(Chunk { table, rows, whole: false }),
            [1] => Ok(Chunk { table, rows, whole: true }),
            _ => Err(damaged()),
        }
    }
}

/// A change of one shard; `at`s and `len`s point into the record's bytes.
#[derive(Archive, Serialize, Deserialize, Clone, Copy, Debug)]
struct PackedOperation {
    kind: u8,
    tree: u32,
    key_at: u32,
    key_len: u32,
    value_at: u32,
    value_len: u32,
}

#[derive(Archive, Serialize, Deserialize, Clone, Debug)]
struct PackedSection {
    shard: u16,
    operations: Vec<PackedOperation>,
}

/// A record while it is built.
#[derive(Archive, Serialize, Deserialize, Clone, Debug, Default)]
pub(crate) struct Record {
    catalog_version: u64,
    time_us: i64,
    sections: Vec<PackedSection>,
    bytes: Vec<u8>,
    /// Memory of sections that were taken away.
    #[rkyv(with = rkyv::with::Skip)]
    spare: Vec<Vec<PackedOperation>>,
}

/// Operations that a section has room for to begin with.
const OPERATIONS: usize = 8;

impl Record {
    /// An empty record, built under a version of the definitions at a time.
    pub(crate) fn new(catalog_version: u64, time_us: i64) -> Record {
        Record { catalog_version, time_us, ..Record::default() }
    }

    /// Begins another record in the memory of this one.
    pub(crate) fn begin(&mut self, catalog_version: u64, time_us: i64) {
        (self.catalog_version, self.time_us) = (catalog_version, time_us);
        self.bytes.clear();
        for PackedSection { mut operations, .. } in self.sections.drain(..) {
            operations.clear();
            self.spare.push(operations);
        }
    }

    /// Whether its memory is little enough to be kept for another one.
    pub(crate) fn is_small(&self) -> bool {
        /// Bytes that most records have at most.
        const SMALL_BYTES: usize = 16 << 10;
        /// Operations and sections, each.
        const FEW: usize = 256;
        let operations: usize =
            self.sections.iter().map(|section| section.operations.capacity()).sum();
        self.bytes.capacity() <= SMALL_BYTES && operations <= FEW && self.spare.len() <= FEW
    }

    /// Makes room for so many bytes of keys and values.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        self.bytes.reserve(bytes);
    }

    /// Adds an operation. All operations of a shard must come one after the other.
    pub(crate) fn push(
        &mut self,
        shard: u16,
        kind: OperationKind,
        tree: u32,
        key: &[u8],
        value: &[u8],
    ) -> Result<()> {
        let key_at = self.append(key)?;
        let value_at = self.append(value)?;
        let operation = PackedOperation {
            kind: kind as u8,
            tree,
            key_at,
            key_len: length(key)?,
            value_at,
            value_len: length(value)?,
        };
        match self.sections.last_mut() {
            Some(section) if section.shard == shard => section.operations.push(operation),
            _ => {
                let mut operations =
                    self.spare.pop().unwrap_or_else(|| Vec::with_capacity(OPERATIONS));
                operations.push(operation);
                self.sections.push(PackedSection { shard, operations });
            }
        }
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) -> Result<u32> {
        let at = length(&self.bytes)?;
        self.bytes.extend_from_slice(bytes);
        length(&self.bytes)?;
        Ok(at)
    }

    /// The bytes for the log.
    pub(crate) fn encode(&self) -> Result<AlignedVec> {
        /// Room for what surrounds the operations, and for padding.
        const MARGIN_BYTES: usize = 128;
        let operations: usize = self.sections.iter().map(|s| s.operations.len()).sum();
        let packed = operations * size_of::<ArchivedPackedOperation>()
            + self.sections.len() * size_of::<ArchivedPackedSection>();
        let buffer = AlignedVec::with_capacity(self.bytes.len() + packed + MARGIN_BYTES);
        rkyv::api::high::to_bytes_in::<_, RkyvError>(self, buffer)
            .map_err(|error| Error::invalid("the transaction is too large").with_source(error))
    }
}

fn length(bytes: &[u8]) -> Result<u32> {
    u32::try_from(bytes.len()).map_err(|_| {
        Error::invalid("a transaction may change at most 4 GiB: split it").with_sqlstate("54000")
    })
}

/// A record read back.
#[derive(Clone, Copy)]
pub(crate) struct RecordView<'a>(&'a ArchivedRecord);

/// One shard's part of a record read back.
#[derive(Clone, Copy)]
pub(crate) struct SectionView<'a> {
    record: &'a ArchivedRecord,
    section: &'a ArchivedPackedSection,
}

/// One change read back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation<'a> {
    /// What it does.
    pub(crate) kind: OperationKind,
    /// The tree of the shard, or for definitions 0.
    pub(crate) tree: u32,
    /// Key in the tree.
    pub(crate) key: &'a [u8],
    /// Value in the tree; empty where the kind has none.
    pub(crate) value: &'a [u8],
}

impl<'a> RecordView<'a> {
    /// Validates and reads a record.
    pub(crate) fn new(bytes: &'a [u8]) -> Result<RecordView<'a>> {
        rkyv::access::<ArchivedRecord, RkyvError>(bytes)
            .map(RecordView)
            .map_err(|error| Error::corrupt("log record does not decode").with_source(error))
    }

    /// The version of the definitions that it was built under.
    pub(crate) fn catalog_version(self) -> u64 {
        self.0.catalog_version.to_native()
    }

    /// When it was built, in microseconds.
    pub(crate) fn time_us(self) -> i64 {
        self.0.time_us.to_native()
    }

    /// The shards' parts.
    pub(crate) fn sections(self) -> impl Iterator<Item = SectionView<'a>> {
        self.0.sections.iter().map(move |section| SectionView { record: self.0, section })
    }
}

impl<'a> SectionView<'a> {
    /// The shard that it changes.
    pub(crate) fn shard(self) -> u16 {
        self.section.shard.to_native()
    }

    /// The changes, in the order in which they are applied.
    pub(crate) fn operations(self) -> impl Iterator<Item = Result<Operation<'a>>> {
        let bytes: &'a [u8] = &self.record.bytes;
        self.section.operations.iter().map(move |packed| {
            let slice = |at: u32, len: u32| {
                bytes
                    .get(at as usize..(at as usize).saturating_add(len as usize))
                    .ok_or_else(|| Error::corrupt("log record points outside its own bytes"))
            };
            Ok(Operation {
                kind: OperationKind::from_code(packed.kind)?,
                tree: packed.tree.to_native(),
                key: slice(packed.key_at.to_native(), packed.key_len.to_native())?,
                value: slice(packed.value_at.to_native(), packed.value_len.to_native())?,
            })
        })
    }
}

/// A part of something large, logged ahead of the commit that names it.
#[derive(Archive, Serialize, Deserialize, Clone, Debug)]
pub(crate) struct Piece {
    /// What it is a part of; unique in the store.
    pub(crate) stage: u64,
    /// Place among the pieces of the stage, from 0.
    pub(crate) number: u32,
    /// For a bulk load, the shard whose rows it holds; for a large record `u16::MAX`.
    pub(crate) shard: u16,
    /// For a bulk load, the table.
    pub(crate) table: u32,
    /// For a bulk load, the tree that the pairs are of: the table's, or one beside it.
    pub(crate) tree: u32,
    /// For a bulk load: whether the last key and value go on in the next piece of the same shard
    /// and tree, because they are too large for one log record.
    pub(crate) continues: bool,
    /// For a bulk load keys and values; for a large record a slice of its bytes.
    pub(crate) bytes: Vec<u8>,
}

impl Piece {
    /// Whether it is a part of a large record, not of a bulk load.
    pub(crate) fn is_of_record(&self) -> bool {
        self.shard == u16::MAX
    }
}

/// The commit of a record that lies in pieces.
#[derive(Archive, Serialize, Deserialize, Clone, Debug)]
pub(crate) struct Staged {
    /// The stage that holds the record.
    pub(crate) stage: u64,
    /// How many pieces it has.
    pub(crate) pieces: u32,
}

/// The commit of a bulk load: every shard attaches what it built from the stage's pieces.
#[derive(Archive, Serialize, Deserialize, Clone, Debug)]
pub(crate) struct LoadCommit {
    /// The stage that holds the rows.
    pub(crate) stage: u64,
    /// The table.
    pub(crate) table: u32,
    /// Version of the definitions that it was built under.
    pub(crate) catalog_version: u64,
    /// Rows by shard, to hold what was built against.
    pub(crate) rows: Vec<u64>,
}

/// The end of an entry of a group (`crate::replication::group`); it changes nothing in any shard.
/// What is true behind it (`crate::replication`, floors) is the same for all members. As bytes: the
/// two numbers, little-endian, then the note.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct EntryEnd<'n> {
    /// All that was acknowledged before this time is before the end.
    pub(crate) closed_us: i64,
    /// All stages that are open behind the end began after this record.
    pub(crate) stages_after: Lsn,
    /// What the consensus wrote with the entry.
    pub(crate) note: &'n [u8],
}

impl<'n> EntryEnd<'n> {
    const NUMBERS_BYTES: usize = 16;

    /// Bytes of one with a note of so many.
    pub(crate) fn bytes(note: usize) -> usize {
        EntryEnd::NUMBERS_BYTES + note
    }

    /// The bytes for the log.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(EntryEnd::bytes(self.note.len()));
        bytes.extend(self.closed_us.to_le_bytes());
        bytes.extend(self.stages_after.0.to_le_bytes());
        bytes.extend(self.note);
        bytes
    }

    /// Reads the bytes.
    pub(crate) fn decode(bytes: &'n [u8]) -> Result<EntryEnd<'n>> {
        let (numbers, note) = bytes
            .split_at_checked(EntryEnd::NUMBERS_BYTES)
            .ok_or_else(|| Error::corrupt("log record (EntryEnd) is too short"))?;
        let word = |at: usize| {
            let mut word = [0; 8];
            word.copy_from_slice(&numbers[at..at + 8]);
            word
        };
        let closed_us = i64::from_le_bytes(word(0));
        Ok(EntryEnd { closed_us, stages_after: Lsn(u64::from_le_bytes(word(8))), note })
    }
}

/// Bytes of a [`Piece`], [`Staged`] or [`LoadCommit`] for the log.
macro_rules! plain_record {
    ($name:ident, $bytes:expr) => {
        impl $name {
            /// The bytes for the log.
            pub(crate) fn encode(&self) -> Result<AlignedVec> {
                /// Room for all that is not bytes.
                const MARGIN_BYTES: usize = 128;
                let bytes: fn(&$name) -> usize = $bytes;
                let buffer = AlignedVec::with_capacity(bytes(self) + MARGIN_BYTES);
                rkyv::api::high::to_bytes_in::<_, RkyvError>(self, buffer)
                    .map_err(|error| Error::invalid("record too large").with_source(error))
            }

            /// Validates and reads the bytes.
            pub(crate) fn decode(bytes: &[u8]) -> Result<$name> {
                rkyv::from_bytes::<$name, RkyvError>(bytes).map_err(|error| {
                    Error::corrupt(concat!("log record (", stringify!($name), ") does not decode"))
                        .with_source(error)
                })
            }
        }
    };
}
plain_record!(Piece, |piece| piece.bytes.len());
plain_record!(Staged, |_| 0);
plain_record!(LoadCommit, |load| size_of_val(load.rows.as_slice()));
