//! Statements about the session, with what is to be bound in them.

use bourse::Table;
use sqlparser::ast::ObjectName;

use super::binder::Binder;
use super::copying::CopyTarget;
use super::scope::Clause;
use super::select::nothing;
use crate::algebra::{Rel, Statement};
use crate::error::{Result, SqlError};
use crate::parse::{Control, CopyOptions, Maintenance, Parsed, RoleStatement, Session, Tree};
use crate::types::SqlType;

/// A statement about the session.
#[derive(Clone, Debug)]
pub enum SessionStatement {
    /// One in which there is nothing to bind.
    Control(Control),
    /// SET CONSTRAINTS, of all without names.
    SetConstraints {
        /// Names as they are written.
        names: Vec<String>,
        /// Checked at commit.
        deferred: bool,
    },
    /// PREPARE: bound when it is executed, or by the session to tell its types.
    Prepare {
        /// Name.
        name: String,
        /// Types of the parameters that are said.
        types: Vec<SqlType>,
        /// What is prepared.
        statement: Box<Parsed>,
    },
    /// EXECUTE.
    Execute {
        /// Name.
        name: String,
        /// A query whose one row has the values of the parameters, if there are some.
        arguments: Option<Box<Statement>>,
    },
    /// DECLARE CURSOR.
    Declare {
        /// Name.
        name: String,
        /// Rows are sent in binary.
        binary: bool,
        /// SCROLL, NO SCROLL.
        scroll: Option<bool>,
        /// It outlives its transaction.
        hold: bool,
        /// The query.
        statement: Box<Statement>,
    },
    /// LOCK TABLE.
    Lock {
        /// Tables.
        tables: Vec<Table>,
        /// The mode in lower case.
        mode: String,
        /// An error, not a wait, if another has them.
        nowait: bool,
    },
    /// VACUUM and its like.
    Maintenance {
        /// Which.
        what: Maintenance,
        /// Which tables; all without any.
        tables: Vec<Table>,
    },
    /// COPY FROM STDIN: rows of the client, as texts or in binary, into these columns.
    CopyIn {
        /// Where they go.
        target: Box<CopyTarget>,
        /// How they are written.
        options: CopyOptions,
    },
    /// COPY TO STDOUT.
    CopyOut {
        /// What is copied.
        statement: Box<Statement>,
        /// How rows are written.
        options: CopyOptions,
    },
    /// About roles.
    Role(RoleStatement),
}

impl SessionStatement {
    /// The statement over rows in it.
    pub(crate) fn rows(&self) -> Option<&Statement> {
        match self {
            SessionStatement::Execute { arguments: Some(statement), .. }
            | SessionStatement::Declare { statement, .. }
            | SessionStatement::CopyOut { statement, .. } => Some(statement),
            SessionStatement::CopyIn { target, .. } => target.computed.as_deref(),
            _ => None,
        }
    }

    /// The same, to be changed.
    pub(crate) fn rows_mut(&mut self) -> Option<&mut Statement> {
        match self {
            SessionStatement::Execute { arguments: Some(statement), .. }
            | SessionStatement::Declare { statement, .. }
            | SessionStatement::CopyOut { statement, .. } => Some(statement),
            SessionStatement::CopyIn { target, .. } => target.computed.as_deref_mut(),
            _ => None,
        }
    }
}

impl Binder<'_> {
    pub(crate) fn session(&mut self, session: &Session) -> Result<SessionStatement> {
        Ok(match session.clone() {
            Session::Control(control) => SessionStatement::Control(control),
            Session::SetConstraints { names, deferred } => {
                let names = names.iter().map(|name| self.object_name(name).map(|(_, name)| name));
                SessionStatement::SetConstraints { names: names.collect::<Result<_>>()?, deferred }
            }
            Session::Prepare { name, types, statement } => {
                let types = types.iter().map(|ty| self.catalog.type_of(ty, self.settings));
                SessionStatement::Prepare { name, types: types.collect::<Result<_>>()?, statement }
            }
            Session::Execute { name, arguments } => {
                SessionStatement::Execute { name, arguments: self.execute_arguments(&arguments)? }
            }
            Session::Declare { name, binary, scroll, hold, statement } => {
                let statement = Box::new(self.inner_rows(&statement)?);
                if !matches!(*statement, Statement::Query(_)) {
                    return Err(SqlError::new("42601", "DECLARE CURSOR takes a query"));
                }
                SessionStatement::Declare { name, binary, scroll, hold, statement }
            }
            Session::Lock { tables, mode, nowait } => {
                SessionStatement::Lock { tables: self.tables_of(&tables)?, mode, nowait }
            }
            Session::Maintenance { what, tables } => {
                let tables = match self.is_sqlite() {
                    // REINDEX also takes indexes and collations there.
                    true => self.tables_of(&tables).unwrap_or_default(),
                    false if what == Maintenance::Reindex => {
                        self.tables_of(&tables).unwrap_or_default()
                    }
                    false => self.tables_of(&tables)?,
                };
                SessionStatement::Maintenance { what, tables }
            }
            Session::Copy(copy) => self.copy(&copy)?,
            Session::Role(role) => SessionStatement::Role(role),
        })
    }

    /// One row of EXECUTE's values.
    fn execute_arguments(
        &mut self,
        arguments: &[sqlparser::ast::Expr],
    ) -> Result<Option<Box<Statement>>> {
        if arguments.is_empty() {
            return Ok(None);
        }
        let items = arguments.iter().map(|tree| {
            let expr = self.within(nothing(), Clause::Execute, |binder| binder.value_expr(tree))?;
            Ok(super::select::Item { name: String::new(), expr, origin: None, declared: None })
        });
        let items = items.collect::<Result<Vec<_>>>()?;
        let one = Rel::Values { columns: Vec::new(), rows: vec![Vec::new()] };
        Ok(Some(Box::new(Statement::Query(self.query_of_items(one, items)))))
    }

    pub(super) fn inner_rows(&mut self, statement: &Parsed) -> Result<Statement> {
        match &statement.tree {
            Tree::Sql(tree) => self.rows(tree.statement()),
            _ => Err(SqlError::new("42601", "a query was expected")),
        }
    }

    fn tables_of(&self, names: &[ObjectName]) -> Result<Vec<Table>> {
        let tables = names.iter().map(|name| self.table_to_change(name, "lock"));
        tables.map(|table| table.map(|table| table.table.clone())).collect()
    }
}
