//! Foreign keys of a bulk load: what its rows refer to is collected, each key once, and looked for
//! when all rows are there; a table may refer to itself.

use std::sync::Arc;

use bourse_storage::Result;
use hashbrown::{HashMap, HashSet};

use crate::catalog::{Catalog, TableInfo};
use crate::core::Core;
use crate::foreign_key::{self, ParentKey};
use crate::row::Row;
use crate::transaction::Transaction;
use crate::value::Value;

/// The keys that the rows of a load refer to.
pub(super) struct Parents {
    info: Arc<TableInfo>,
    catalog: Arc<Catalog>,
    /// For each foreign key, the keys of its parent with the values that named them first.
    wanted: Vec<HashMap<ParentKey, Vec<Value>>>,
    /// For each foreign key of the table to itself, the keys that the load's own rows have.
    own: Vec<HashSet<Vec<u8>>>,
}

impl Parents {
    /// Of a load into a table.
    pub(super) fn new(info: Arc<TableInfo>, catalog: Arc<Catalog>) -> Parents {
        let keys = info.foreign_keys.len();
        let (wanted, own) = (vec![HashMap::new(); keys], vec![HashSet::new(); keys]);
        Parents { info, catalog, wanted, own }
    }

    /// Notes what a row refers to.
    ///
    /// # Errors
    /// `Constraint` (23503) when no parent can have such a key.
    pub(super) fn add(&mut self, row: &Row<'_>) -> Result<()> {
        for (at, tie) in self.info.foreign_keys.iter().enumerate() {
            let parent = self.catalog.table(tie.parent)?;
            if tie.parent == self.info.id()
                && let Some(values) = foreign_key::values_of(row, &tie.parent_columns)
                && let Some(key) = foreign_key::parent_key(parent, &tie.parent_access, &values)?
            {
                self.own[at].insert(key.encoded);
            }
            let foreign = &self.info.definition.foreign_keys[at];
            let Some(values) = foreign_key::values_of(row, &foreign.columns) else { continue };
            match foreign_key::parent_key(parent, &tie.parent_access, &values)? {
                Some(key) => drop(self.wanted[at].entry(key).or_insert(values)),
                None => return Err(foreign_key::no_parent(&self.info, foreign, &values)),
            }
        }
        Ok(())
    }

    /// Looks for every key in the newest state. Gives the transaction that looked, if there was
    /// anything to look for: it tells at commit whether all is still so.
    ///
    /// # Errors
    /// `Constraint` (23503) for a key that is not there.
    pub(super) fn find<'c>(&self, core: &'c Core) -> Result<Option<Transaction<'c>>> {
        if self.wanted.iter().all(HashMap::is_empty) {
            return Ok(None);
        }
        let (cut, held) = core.hold_published();
        let seen = Transaction::over_cut(core, cut, held);
        self.look(&seen)?;
        Ok(Some(seen))
    }

    /// Looks for every key in what a transaction sees.
    ///
    /// # Errors
    /// `Constraint` (23503) for a key that is not there.
    pub(super) fn look(&self, seen: &Transaction<'_>) -> Result<()> {
        for (at, tie) in self.info.foreign_keys.iter().enumerate() {
            let parent = self.catalog.table(tie.parent)?;
            for (key, values) in &self.wanted[at] {
                let own = self.own[at].contains(&key.encoded);
                if !own && !foreign_key::has_key(seen, parent, &tie.parent_access, key)? {
                    let foreign = &self.info.definition.foreign_keys[at];
                    return Err(foreign_key::no_parent(&self.info, foreign, values));
                }
            }
        }
        Ok(())
    }
}
