//! Statements that own what they are: for servers and other users that keep them beside their
//! connection.

use std::sync::Arc;

use super::prepared::{Kind, Prepared};
use super::rows::Row;
use super::{Connection, Flow};
use crate::Dialect;
use crate::algebra::OutputColumn;
use crate::bind::SessionStatement;
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::parse::Parsed;
use crate::types::SqlType;

/// One statement of a text, which is bound when it is prepared and not before: it may depend on
/// those before it.
#[derive(Clone, Debug)]
pub struct StatementText {
    text: Arc<str>,
    /// `None` where nobody has parsed it yet.
    parsed: Option<Arc<Parsed>>,
    /// It stands inside of another statement, PREPARE, and has no text of its own.
    is_inner: bool,
}

/// A prepared statement. It belongs to the connection that prepared it.
#[derive(Clone)]
pub struct PreparedStatement(pub(super) Arc<Prepared>);

/// What a statement was prepared to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StatementKind {
    /// Nothing: the text had no statement.
    Empty,
    /// Reads rows.
    Query,
    /// Changes rows.
    Change,
    /// EXPLAIN.
    Explain,
    /// Changes definitions.
    Definition,
    /// Is about the session: its transactions, settings, cursors, ...
    Session,
}

/// What a statement that has been run did.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Done {
    /// As PostgreSQL tells it: `SELECT 3`, `INSERT 0 1`, ... Empty where there was no statement.
    pub tag: String,
    /// Rows that it changed.
    pub changed: u64,
}

/// Who takes the rows of a statement, one by one.
pub type TakeRow<'t> = dyn FnMut(&Row<'_>) -> Result<Flow> + Send + 't;

impl StatementText {
    /// A text that nobody has parsed.
    pub(super) fn unread(text: &str) -> StatementText {
        StatementText { text: Arc::from(text), parsed: None, is_inner: false }
    }

    pub(super) fn read(parsed: Parsed) -> StatementText {
        let text = Arc::from(parsed.source.text());
        StatementText { text, parsed: Some(Arc::new(parsed)), is_inner: false }
    }

    /// What PREPARE prepares.
    pub(super) fn inner(parsed: &Parsed) -> StatementText {
        StatementText { is_inner: true, ..StatementText::read(parsed.clone()) }
    }

    pub(super) fn is_inner(&self) -> bool {
        self.is_inner
    }

    /// The same without its tree, if it can be parsed again.
    pub(super) fn forget_tree(&self) -> StatementText {
        if self.is_inner { self.clone() } else { StatementText { parsed: None, ..self.clone() } }
    }

    /// The statement, without its semicolon if it is one of several.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn shared(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// The tree; none if the text has no statement.
    pub(super) fn parsed(&self, dialect: Dialect) -> Result<Option<Arc<Parsed>>> {
        if let Some(parsed) = &self.parsed {
            return Ok(Some(Arc::clone(parsed)));
        }
        let mut statements = crate::parse::parse(&self.text, dialect)?;
        match (statements.pop(), statements.is_empty()) {
            (Some(parsed), true) => Ok(Some(Arc::new(parsed))),
            (Some(_), false) => {
                let message = "cannot insert multiple commands into a prepared statement";
                Err(SqlError::new("42601", message))
            }
            (None, _) => Ok(None),
        }
    }
}

impl PreparedStatement {
    /// Whether the text had no statement.
    pub fn is_empty(&self) -> bool {
        matches!(self.0.kind, Kind::Nothing)
    }

    /// The statement as it was written.
    pub fn text(&self) -> &str {
        self.0.text.text()
    }

    /// The result's columns.
    pub fn columns(&self) -> &[OutputColumn] {
        &self.0.columns
    }

    /// Whether it gives rows: also such without columns.
    pub fn returns_rows(&self) -> bool {
        self.0.returns_rows()
    }

    /// The types of its parameters.
    pub fn parameter_types(&self) -> &[SqlType] {
        &self.0.parameters
    }

    /// The names of its parameters, of those that have one.
    pub fn parameter_names(&self) -> &[Option<String>] {
        &self.0.parameter_names
    }

    /// The first words of its tag: `SELECT`, `INSERT 0`, `CREATE TABLE`, `BEGIN`, ...
    pub fn tag(&self) -> &'static str {
        self.0.tag
    }

    /// What it does.
    pub fn kind(&self) -> StatementKind {
        match &self.0.kind {
            Kind::Nothing => StatementKind::Empty,
            Kind::Rows(plan) if plan.writes() => StatementKind::Change,
            Kind::Rows(_) => StatementKind::Query,
            Kind::Explain { .. } | Kind::ExplainNamed { .. } => StatementKind::Explain,
            Kind::Define(_) => StatementKind::Definition,
            Kind::Session(_) => StatementKind::Session,
        }
    }

    /// The statement about the session that it is: COPY is one.
    pub fn session(&self) -> Option<&SessionStatement> {
        self.0.session()
    }
}

impl Connection {
    /// The statements of a text, each to be prepared when those before it have been run.
    ///
    /// # Errors
    /// 42601 and others of [`crate::parse::parse`], for any of them.
    pub fn split(&self, text: &str) -> Result<Vec<StatementText>> {
        if self.kept_plan(text, &[])?.is_some() {
            return Ok(vec![StatementText::unread(text)]);
        }
        let parsed = self.noted(|| crate::parse::parse(text, self.dialect))?;
        Ok(parsed.into_iter().map(StatementText::read).collect())
    }

    /// Prepares a statement whose client says the types of some parameters.
    ///
    /// # Errors
    /// As [`Connection::prepare`].
    pub fn prepare_owned(
        &self,
        text: &str,
        types: &[Option<SqlType>],
    ) -> Result<PreparedStatement> {
        self.prepared(text, types).map(PreparedStatement)
    }

    /// Prepares a statement of a text.
    ///
    /// # Errors
    /// As [`Connection::prepare`].
    pub fn prepare_part(
        &self,
        part: &StatementText,
        types: &[Option<SqlType>],
    ) -> Result<PreparedStatement> {
        self.prepared_part(part, types).map(PreparedStatement)
    }

    /// Runs a statement, and shows `take` its rows one by one: as they are found, or once they are
    /// committed where it changes rows. Prepares it anew where definitions have changed.
    ///
    /// # Errors
    /// Whatever the statement refuses, and what `take` returned; 0A000 when its result has other
    /// columns by now.
    pub fn run_owned(
        &self,
        statement: &PreparedStatement,
        parameters: Vec<Datum>,
        take: &mut TakeRow<'_>,
    ) -> Result<Done> {
        let prepared = self.current(&statement.0)?;
        let columns = &prepared.columns;
        let mut values = Vec::with_capacity(columns.len());
        self.run_prepared(&prepared, parameters, &mut |row| {
            values.clear();
            values.extend(row.cloned());
            take(&Row::new(columns, &values))
        })
    }
}

impl std::fmt::Debug for PreparedStatement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PreparedStatement").field("text", &self.text()).finish_non_exhaustive()
    }
}
