//! One node of a group: its disk, its store, and what it has promised.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use bourse::replication::group::{self, Appended, EntryId, LoggedEntry, Member};
use bourse::{Database, Order, Range, Result, Value, replication};
use bourse_storage::vfs::sim::SimVfs;

use super::{Rows, options, table};

/// Where a node's store lies on its disk.
pub(super) const FOLDER: &str = "/store";
const BACKUP: &str = "/backup";

pub(super) struct Node {
    pub(super) disk: SimVfs,
    pub(super) folder: PathBuf,
    /// None while the node is down.
    pub(super) store: Option<Database>,
    /// Entries that are appended and not flushed.
    pub(super) appended: VecDeque<(u64, Appended)>,
    /// The last index that was said to be durable.
    pub(super) durable: Option<u64>,
    /// The newest index that the node was told is agreed on.
    pub(super) agreed: Option<u64>,
    /// What was saved last.
    pub(super) saved: Vec<u8>,
}

impl Node {
    /// A node with a store, which is a member.
    pub(super) fn open(disk: SimVfs, folder: PathBuf) -> Result<Node> {
        let store = Database::open(&folder, options(&disk))?;
        let mut node = Node {
            disk,
            folder,
            store: Some(store),
            appended: VecDeque::new(),
            durable: None,
            agreed: None,
            saved: Vec::new(),
        };
        node.durable = node.last().map(|last| last.index);
        Ok(node)
    }

    /// Makes the store that a group begins with.
    pub(super) fn found(disk: &SimVfs, fill: impl Fn(&Database) -> Result<()>) -> Result<()> {
        let store = Database::open(FOLDER, options(disk))?;
        fill(&store)?;
        drop(store);
        group::found(Path::new(FOLDER), &options(disk), b"first")
    }

    /// Makes a member of a backup of `from`, which is open. The disk of the new one comes back;
    /// that of the other one has to be opened again.
    pub(super) fn made_of(from: &Node, seed: u64) -> Result<Option<(SimVfs, PathBuf)>> {
        let Some(store) = &from.store else { return Ok(None) };
        let backup = PathBuf::from(BACKUP).join(format!("{seed:x}"));
        let info = match store.backup(&backup, None, &mut |_| {}) {
            Ok(info) => info,
            // It does not know yet what is agreed on.
            Err(error) if error.kind() == bourse::ErrorKind::Busy => return Ok(None),
            Err(error) => return Err(error),
        };
        let base = from.member().and_then(|member| member.base_at(info.ships_after));
        let Some(base) = base else { return Ok(None) };
        let disk = from.disk.reboot(seed);
        let folder = PathBuf::from(format!("/made-{seed:x}"));
        replication::restore(&[backup], &folder, &options(&disk), &mut |_| {})?;
        group::join(&folder, &options(&disk), base, b"made")?;
        Ok(Some((disk, folder)))
    }

    pub(super) fn member(&self) -> Option<Member> {
        self.store.as_ref().and_then(Database::member)
    }

    pub(super) fn last(&self) -> Option<EntryId> {
        self.member()?.last().map(|last| last.id)
    }

    /// The entry of an index, also where only its end is known.
    pub(super) fn entry(&self, index: u64) -> Option<LoggedEntry> {
        let member = self.member()?;
        let base = member.base().filter(|base| base.id.index == index);
        base.or_else(|| member.entries(index..index + 1).pop())
    }

    /// All rows, as they are read.
    pub(super) fn rows(&self) -> Result<Rows> {
        let Some(store) = &self.store else { return Ok(Rows::new()) };
        let cut = store.cut();
        let mut rows = Rows::new();
        for row in cut.scan(&table(store)?, &Range::all(), Order::Ascending)? {
            let values = row?.values();
            if let (Value::Integer(key), Value::Integer(value), Value::Text(long)) =
                (&values[0], &values[2], &values[3])
            {
                rows.insert(*key, (*value, long.len()));
            }
        }
        Ok(rows)
    }
}
