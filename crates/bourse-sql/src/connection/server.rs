//! What a server asks of its sessions' connections.

use std::sync::Arc;

use super::Connection;
use super::prepared::{Kind, Prepared};
use crate::algebra::OutputColumn;
use crate::bind::SessionStatement;
use crate::error::{Result, SqlError};
use crate::role::{Access, Privilege, Rights};
use crate::types::SqlType;

fn denied(what: &str) -> SqlError {
    SqlError::new("42501", format!("permission denied for {what}"))
}

impl Connection {
    /// Limits what statements may do from now on; `None` limits nothing.
    pub fn set_rights(&self, rights: Option<Arc<Rights>>) {
        let is_admin = rights.as_ref().is_none_or(|rights| rights.access() >= Access::Admin);
        self.state.set_admin(is_admin);
        *self.rights.borrow_mut() = rights;
    }

    /// Whether the store takes its records from another one, and no writes.
    pub fn is_standby(&self) -> bool {
        self.database.is_follower()
    }

    /// Who takes the writes that a replica refuses.
    pub(super) fn where_to_write(&self) -> String {
        let leader = self.state.server().and_then(|server| server.leader());
        match leader.and_then(|leader| leader.clients) {
            Some(address) => format!("This is a replica. Write to the leader, at {address}."),
            None => "This is a replica. Write to its leader.".to_owned(),
        }
    }

    /// Waits until a replica shows what the session's reads must see. Returns whether that took a
    /// wait.
    pub(super) fn satisfy_reads(&self) -> Result<bool> {
        let rules = self.settings.borrow().frequent().reads;
        match rules {
            Some(rules) => {
                // Its time begins, and what cancels it counts, from here on.
                drop(self.limits());
                crate::replica::satisfy(&self.state, &rules)
            }
            None => Ok(false),
        }
    }

    /// After something was committed: waits until another member of the group shows it, where the
    /// session wants that.
    pub(crate) fn wait_until_applied(&self) -> Result<()> {
        let wants = self.settings.borrow().frequent().is_applied;
        match self.state.server().filter(|_| wants) {
            Some(server) => server.wait_until_applied(self.database.cut().lsn()),
            None => Ok(()),
        }
    }

    /// The number of a type among the store's, as `pg_type` has it, where PostgreSQL has none of
    /// its own for it.
    ///
    /// # Errors
    /// The disk's.
    pub fn type_number(&self, ty: &SqlType) -> Result<u32> {
        Ok(self.catalog()?.system().type_number(ty))
    }

    /// For each column of a result the number of the relation that it is read from, as `pg_class`
    /// has it, and that of the relation's column; 0 and 0 for what is computed.
    ///
    /// # Errors
    /// The disk's.
    pub fn origin_numbers(&self, columns: &[OutputColumn]) -> Result<Vec<(u32, u16)>> {
        if columns.iter().all(|column| column.origin.is_none()) {
            return Ok(vec![(0, 0); columns.len()]);
        }
        let catalog = self.catalog()?;
        let objects = &catalog.system().objects;
        let numbers = columns.iter().map(|column| {
            let origin = column.origin.as_ref()?;
            let class =
                objects.class_named(objects.namespace(&origin.schema)?, &origin.relation)?;
            Some((class.oid, origin.number))
        });
        Ok(numbers.map(Option::unwrap_or_default).collect())
    }

    /// The type of a number that [`Connection::type_number`] gave.
    ///
    /// # Errors
    /// The disk's.
    pub fn type_of_number(&self, number: u32) -> Result<Option<SqlType>> {
        Ok(self.catalog()?.system().enum_of_number(number))
    }

    /// What statements may do; `None` where nothing limits them.
    pub fn rights(&self) -> Option<Arc<Rights>> {
        self.rights.borrow().clone()
    }

    /// Tells of an error that was met outside of a statement, by its portal or its rows: the open
    /// transaction has failed by it as by one of a statement.
    pub fn note_failure(&self, error: &SqlError) {
        self.note(error);
    }

    /// Refuses what the session has no right to.
    pub(super) fn check_rights(&self, prepared: &Prepared) -> Result<()> {
        let rights = self.rights.borrow();
        let Some(rights) = rights.as_deref() else { return Ok(()) };
        for (table, privileges) in &prepared.accesses {
            let (schema, name) = crate::catalog::split_store_name(table);
            let all = Privilege::ALL.iter().filter(|(privilege, _)| privileges.has(*privilege));
            for (privilege, _) in all {
                if !rights.allow(schema, name, *privilege) {
                    return Err(denied(&format!("table {name}")));
                }
            }
        }
        match &prepared.kind {
            Kind::Define(_) if rights.access() < Access::Admin => {
                let hint = "Definitions are changed by roles with the access admin.";
                Err(denied("definitions").with_hint(hint))
            }
            Kind::Session(session) => check_session(session, rights),
            _ => Ok(()),
        }
    }
}

fn check_session(session: &SessionStatement, rights: &Rights) -> Result<()> {
    match session {
        SessionStatement::CopyIn { target, .. } => {
            let table = &target.table;
            if rights.allow(&table.schema, &table.name, Privilege::Insert) {
                return Ok(());
            }
            Err(denied(&format!("table {}", table.name)))
        }
        SessionStatement::Lock { tables, .. } => {
            let refused = tables.iter().find(|table| {
                let (schema, name) = crate::catalog::split_store_name(table.name());
                !rights.allow(schema, name, Privilege::Update)
            });
            refused.map_or(Ok(()), |table| Err(denied(&format!("table {}", table.name()))))
        }
        SessionStatement::Role(_) if rights.access() < Access::Admin => {
            let hint = "Roles are changed by roles with the access admin.";
            Err(denied("roles").with_hint(hint))
        }
        _ => Ok(()),
    }
}
