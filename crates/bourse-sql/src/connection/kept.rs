//! What a session keeps under names: prepared statements and cursors, which its own statements can
//! list (`pg_prepared_statements`, `pg_cursors`).

use std::collections::BTreeMap;

use bourse_storage::sync::Mutex;

use super::cursors::Cursor;
use super::owned::PreparedStatement;
use crate::session::{Listed, ListedCursor, ListedStatement};

/// A prepared statement that has a name.
pub(super) struct Named {
    pub(super) statement: PreparedStatement,
    pub(super) made_us: i64,
    /// Whether PREPARE made it, and no message.
    pub(super) from_sql: bool,
}

/// What a session keeps under names. Only its own statements look at it, so nobody waits for it.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) named: Mutex<BTreeMap<String, Named>>,
    pub(super) cursors: Mutex<Vec<Cursor>>,
}

impl Listed for Kept {
    fn statements(&self) -> Vec<ListedStatement> {
        let named = self.named.lock();
        let listed = named.iter().map(|(name, named)| ListedStatement {
            name: name.clone(),
            text: named.statement.text().to_owned(),
            made_us: named.made_us,
            types: named.statement.parameter_types().to_vec(),
            from_sql: named.from_sql,
        });
        listed.collect()
    }

    fn cursors(&self) -> Vec<ListedCursor> {
        self.cursors.lock().iter().map(Cursor::listed).collect()
    }
}
