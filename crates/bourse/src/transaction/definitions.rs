//! Definitions that change while an interactive transaction is open.
//!
//! A write set holds rows as they are encoded, and entries of the indexes that there were. Under
//! other definitions it means the same where the tables that it is about have stayed what they
//! were, or have got columns behind the others, for rows name their layout, or other DEFAULTs. Then
//! the transaction goes on, else it ends with 40001.
//!
//! A foreign key of a table that was made since does not count: its rows have been checked, with
//! locks, against what the transaction did.
//!
//! A transaction whose statements all read one Cut cannot see in it what was defined since. So the
//! Cut *moves* to the newest one, which nobody notices if what was read is the same in both: a tree
//! whose root is the same is the same, page by page. Where it is not, the transaction stays where
//! it is, and ends with 40001 once it needs the newer definitions.
//!
//! Rows of a table that the transaction has made itself, and that nobody else sees, may be
//! committed ahead of it ([`InteractiveTransaction::commit_rows_of`]): then every definition works
//! on them as on any others. To take them back is to drop the table.
//!
//! Invariants:
//! - **M1** All trees that were read of the one Cut are noted, and are in the Cut that it moves to
//!   what they were.
//! - **M2** Nothing of a table whose rows were committed ahead is left in what the transaction
//!   validates: it would meet its own changes there.

use std::collections::BTreeSet;
use std::sync::Arc;

use bourse_storage::{Error, Result};

use super::interactive::{InteractiveTransaction, Status};
use super::locks::set::serialization_failure;
use super::run::{self, Judgement};
use super::session::redefined;
use super::write_set::WriteSet;
use super::{Halt, Transaction};
use crate::catalog::{Catalog, TableInfo};
use crate::core::Core;
use crate::reading::Cut;
use crate::schema::{Default, TableDefinition};
use crate::shard::{COUNTERS, FIRST_OBJECT};
use crate::snapshot::Snapshot;
use crate::table::Table;
use crate::view::CONTRIBUTIONS;

/// The table that a tree belongs to: its own, or that of an index, a view or forwarding entries.
fn table_of(catalog: &Catalog, tree: u32) -> Option<u32> {
    catalog.tables().into_iter().find(|table| owns(table, tree)).map(|table| table.id())
}

fn owns(table: &TableInfo, tree: u32) -> bool {
    let tree = tree & !CONTRIBUTIONS;
    tree >= FIRST_OBJECT
        && (table.id() == tree
            || table.routing.forwarding() == tree
            || table.indexes.iter().any(|index| index.id() == tree)
            || table.views.iter().any(|view| view.id() == tree))
}

/// Whether a definition is another one with columns added behind, and other DEFAULTs for rows to
/// come, if any.
fn is_lengthened(old: &TableDefinition, new: &TableDefinition) -> bool {
    if old == new {
        return true;
    }
    let is_layout = |number: u16| {
        number == new.layout || new.earlier_layouts.iter().any(|layout| layout.number == number)
    };
    if !is_layout(old.layout) || new.columns.len() < old.columns.len() {
        return false;
    }
    let mut shortened = new.clone();
    shortened.columns.truncate(old.columns.len());
    shortened.earlier_layouts.retain(|layout| layout.number < old.layout);
    (shortened.layout, shortened.version) = (old.layout, old.version);
    for (now, then) in shortened.columns.iter_mut().zip(&old.columns) {
        let makes_ids =
            |default: &Option<Default>| default.as_ref().is_some_and(Default::makes_ids);
        if !makes_ids(&now.default) && !makes_ids(&then.default) {
            now.default.clone_from(&then.default);
        }
    }
    shortened == *old
}

fn is_same(before: &Catalog, old: &TableInfo, new: &TableInfo) -> bool {
    let parents =
        |info: &TableInfo| -> Vec<u32> { info.foreign_keys.iter().map(|key| key.parent).collect() };
    let views =
        |info: &TableInfo| -> Vec<u32> { info.views.iter().map(|view| view.id()).collect() };
    let known = new.referenced_by.iter().filter(|reference| reference.child < before.next_object);
    is_lengthened(&old.definition, &new.definition)
        && old.routing == new.routing
        && old.has_feed == new.has_feed
        && old.expiry == new.expiry
        && parents(old) == parents(new)
        && views(old) == views(new)
        && old.referenced_by.iter().eq(known)
        && !before.builds.iter().any(|build| build.table == old.id())
}

/// Whether what is written means the same under other definitions.
pub(super) fn mean_the_same(writes: &WriteSet, before: &Catalog, after: &Catalog) -> bool {
    let mut tables = BTreeSet::new();
    for tree in writes.trees() {
        match table_of(before, tree) {
            Some(table) => drop(tables.insert(table)),
            None if tree == COUNTERS => {}
            None => return false,
        }
    }
    tables.into_iter().all(|table| match (before.table(table), after.table(table)) {
        (Ok(old), Ok(new)) => is_same(before, old, new),
        _ => false,
    })
}

impl InteractiveTransaction {
    /// Whether its statements see one state, and the first of them has been.
    pub fn has_read(&self) -> bool {
        self.has_cut()
    }

    /// Whether it has changed rows of a table, or has had such changes that it took back.
    pub fn has_written(&self, table: &Table) -> bool {
        self.writes.trees().into_iter().any(|tree| owns(&table.info, tree))
    }

    /// Has the statements to come see the definitions of now. At READ COMMITTED they do anyway; a
    /// transaction that reads one state goes on with the newest one, if what it has read is still
    /// the same there.
    ///
    /// # Errors
    /// `Conflict` (40001) where it is not; 25P02 when the transaction has failed before.
    pub fn follow_definitions(&mut self) -> Result<()> {
        self.enter()?;
        let core = Arc::clone(self.store.core());
        if self.move_cut(&core)? {
            return Ok(());
        }
        self.status = Status::Failed;
        Err(serialization_failure(
            "could not serialize access due to concurrent update: definitions have changed, and \
             others have changed rows of a table that the transaction has read; roll back and run \
             it again",
        ))
    }

    /// Moves the one Cut, where others' definitions would make it useless, if that can be.
    pub(super) fn move_if_redefined(&mut self, core: &Arc<Core>) -> Result<()> {
        let Some((cut, _)) = &self.cut else { return Ok(()) };
        let newest = core.publisher.published(&core.epochs().pin()).catalog.version;
        if newest != cut.catalog.version {
            self.move_cut(core)?;
        }
        Ok(())
    }

    /// Moves the one Cut to the newest one. Returns whether that was possible (M1).
    fn move_cut(&mut self, core: &Arc<Core>) -> Result<bool> {
        let Some((state, held)) = &self.cut else { return Ok(true) };
        let then = Cut::of(core, Arc::clone(state), held.clone());
        let (state, held) = core.hold_published();
        let now = Cut::of(core, Arc::clone(&state), held.clone().that_expires());
        for tree in &*self.session.read_trees.borrow() {
            if *tree >= FIRST_OBJECT && !is_same_tree(&then, &now, *tree)? {
                return Ok(false);
            }
        }
        self.cut = Some((state, held.that_expires()));
        Ok(true)
    }

    /// Runs `body` as a statement over the newest state, whatever the isolation, and without
    /// validating what it reads: for what a program keeps about its definitions, which are those of
    /// now in every transaction. Its changes are the transaction's as any others.
    ///
    /// # Errors
    /// As [`statement`](Self::statement).
    pub fn newest_statement<T>(
        &mut self,
        body: impl FnOnce(&mut Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        self.enter()?;
        let before = self.begin_statement();
        let one_cut = std::mem::replace(&mut self.session.reads_one_cut, false);
        let result = self.run_over_newest(body);
        self.session.reads_one_cut = one_cut;
        self.end_statement(&before, result)
    }

    fn run_over_newest<T>(
        &mut self,
        body: impl FnOnce(&mut Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let core = Arc::clone(self.store.core());
        core.check_running()?;
        let (cut, held) = core.hold_published();
        self.write_under(&cut.catalog)?;
        self.session.notes_reads.set(false);
        self.run_over(&core, (cut, held.that_expires()), false, body)
    }

    /// Commits what the transaction did to the rows of a table now, ahead of all else: for a table
    /// that nobody else reads or changes until the transaction is committed, and that is dropped if
    /// it is not. So the table's definition can be changed with the rows in it.
    ///
    /// # Errors
    /// 25001 when rows were changed before a savepoint that is still there: going back to it would
    /// not take them back. As [`commit`](Self::commit) else; the transaction can only be rolled
    /// back then.
    pub fn commit_rows_of(&mut self, table: &Table) -> Result<()> {
        self.enter()?;
        let info = Arc::clone(&table.info);
        let replaced = self.writes.replaced_until(self.last_savepoint());
        if replaced.iter().any(|replaced| owns(&info, replaced.tree)) {
            let message =
                format!("rows of table {} were changed before the savepoint", info.definition.name);
            return Err(Error::invalid(message).with_sqlstate("25001"));
        }
        let writes = self.writes.split_off(|tree| owns(&info, tree));
        if !writes.is_empty() {
            let core = Arc::clone(self.store.core());
            self.status = Status::Broken; // Until they are committed.
            self.commit_apart(&core, writes)?;
            self.status = Status::Open;
        }
        self.forget_reads_of(table);
        self.follow_definitions()
    }

    fn commit_apart(&mut self, core: &Arc<Core>, mut writes: WriteSet) -> Result<()> {
        core.make_log_room()?;
        loop {
            let (cut, held) = core.hold_published();
            if let Some(before) = &self.written_under
                && before.version != cut.catalog.version
                && !mean_the_same(&writes, before, &cut.catalog)
            {
                return Err(redefined());
            }
            let mut transaction = Transaction::over_cut(core, cut, held.that_expires());
            transaction.owner = Some(self.session.locks.owner());
            transaction.writes = writes;
            let shards = run::shards_of(&transaction);
            match run::commit_optimistic(core, &transaction, &[], &shards, (&mut Some(()), None))? {
                Judgement::Committed(batch, staging) => {
                    core.settle(batch)?;
                    drop(staging);
                    return Ok(());
                }
                Judgement::Again(Some(Halt::Redefined)) => {}
                Judgement::Again(_) => unreachable!("nothing was read that could have changed"),
                Judgement::Locked(_) => {
                    unreachable!("S1: the transaction holds the locks of what it has written")
                }
            }
            writes = std::mem::take(&mut transaction.writes);
        }
    }

    /// Forgets what was read of a table (M2): nobody else changes it, or it is about to be dropped.
    pub fn forget_reads_of(&mut self, table: &Table) {
        let is_left = |tree: u32| !owns(&table.info, tree);
        self.session.read_trees.borrow_mut().retain(|tree| is_left(*tree));
        self.reads.retain(|read| is_left(read.tree()));
        for guard in &mut self.session.guards {
            guard.reads.retain(|read| is_left(read.tree()));
        }
    }
}

/// Whether a tree is the same in two states: in no shard has it another root.
fn is_same_tree(then: &Cut, now: &Cut, tree: u32) -> Result<bool> {
    let (then_state, now_state) = (then.state().0, now.state().0);
    for (shard, (before, after)) in (0..).zip(then_state.roots.iter().zip(&now_state.roots)) {
        if before.link == after.link {
            continue;
        }
        let before = then.read(shard, |source| then.tree_root(source, shard, *before, tree))?;
        let after = now.read(shard, |source| now.tree_root(source, shard, *after, tree))?;
        if before != after {
            return Ok(false);
        }
    }
    Ok(true)
}
