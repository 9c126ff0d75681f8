//! Prepared statements: what is made of a text, and running it.

use std::sync::Arc;

use super::context::StatementContext;
use super::rows::{Row, Rows};
use super::run::Call;
use super::session::{Answer, failed};
use super::value::{Parameters, natural_type};
use super::{Connection, Open};
use crate::Dialect;
use crate::algebra::OutputColumn;
use crate::bind::{Bound, BoundStatement, SessionStatement};
use crate::datum::Datum;
use crate::define::Definition;
use crate::error::{Result, SqlError};
use crate::execute::Flow;
use crate::execute::write::Outcome;
use crate::function::cast::cast;
use crate::parse::{Control, Parsed};
use crate::plan::explain::Explanation;
use crate::plan::{Plan, PlanKind, plan};
use crate::types::SqlType;

/// What was made of a text.
pub(super) struct Prepared {
    /// Of the definitions that it was made under.
    pub(super) version: u64,
    kind: Kind,
    parameters: Vec<SqlType>,
    parameter_names: Vec<Option<String>>,
    columns: Vec<OutputColumn>,
    tag: &'static str,
}

enum Kind {
    Nothing,
    Rows(Plan),
    Explain { plan: Plan, how: Explanation },
    Define(Box<Definition>),
    Session(Box<SessionStatement>),
}

/// A statement that is prepared on a connection.
pub struct Statement<'c> {
    connection: &'c Connection,
    prepared: Arc<Prepared>,
}

fn text_column(name: &str) -> OutputColumn {
    OutputColumn {
        name: name.to_owned(),
        id: crate::algebra::ColumnId(0),
        ty: SqlType::Text,
        collation: bourse::Collation::Binary,
        origin: None,
        declared: None,
    }
}

impl Prepared {
    /// Of a text without a statement.
    pub(super) fn empty(version: u64) -> Prepared {
        Prepared {
            version,
            kind: Kind::Nothing,
            parameters: Vec::new(),
            parameter_names: Vec::new(),
            columns: Vec::new(),
            tag: "",
        }
    }

    /// The statement about the session that it is.
    pub(super) fn session(&self) -> Option<&SessionStatement> {
        match &self.kind {
            Kind::Session(session) => Some(session),
            _ => None,
        }
    }

    /// Whether it is worth keeping.
    pub(super) fn is_kept(&self) -> bool {
        matches!(self.kind, Kind::Rows(_))
    }
}

fn tag_of(statement: &crate::algebra::Statement) -> &'static str {
    use crate::algebra::Statement;
    match statement {
        Statement::Query(_) => "SELECT",
        Statement::Insert(_) => "INSERT 0",
        Statement::Update(_) => "UPDATE",
        Statement::Delete(_) => "DELETE",
        Statement::Merge(_) => "MERGE",
    }
}

impl Connection {
    /// Binds and plans a statement.
    pub(super) fn bind(&self, parsed: &Parsed) -> Result<Prepared> {
        let catalog = self.catalog()?;
        let settings = self.settings.borrow();
        let bound = crate::bind::bind(parsed, &catalog, self.dialect, &settings, &[])?;
        let BoundStatement { bound, parameters, parameter_names } = bound;
        let mut prepared =
            Prepared { parameters, parameter_names, ..Prepared::empty(catalog.version()) };
        match bound {
            Bound::Rows(statement) => {
                prepared.tag = tag_of(&statement);
                let plan = self.plan(statement)?;
                prepared.columns.clone_from(&plan.columns);
                prepared.kind = Kind::Rows(plan);
            }
            Bound::Explain { analyze, query_plan, options, statement, .. } => {
                let Bound::Rows(statement) = *statement else {
                    return Err(SqlError::unsupported("EXPLAIN is about statements with rows"));
                };
                let how = Explanation::new(analyze, query_plan, &options)?;
                prepared.columns = how.columns();
                prepared.tag = "EXPLAIN";
                prepared.kind = Kind::Explain { plan: how.prepare(self.plan(statement)?), how };
            }
            Bound::Define(definition) => {
                prepared.tag = definition.tag();
                prepared.kind = Kind::Define(Box::new(definition));
            }
            Bound::Session(session) => {
                if let SessionStatement::Control(Control::Show(name)) = &session {
                    prepared.columns = vec![text_column(name)];
                }
                prepared.kind = Kind::Session(Box::new(session));
            }
        }
        Ok(prepared)
    }

    fn plan(&self, statement: crate::algebra::Statement) -> Result<Plan> {
        let settings = self.settings.borrow();
        let context = StatementContext::new(self, &settings, None);
        plan(statement, self.dialect, &self.database.cut(), &context)
    }

    /// Runs a plan in the open transaction, or in one of its own.
    fn run_plan(
        &self,
        plan: &Plan,
        parameters: &[Datum],
        take: &mut super::run::Take<'_>,
    ) -> Result<Outcome> {
        let limits = self.limits()?;
        let settings = self.settings.borrow();
        let mut open = self.open.borrow_mut();
        let began = open.as_ref().map(|open| open.began);
        let context = StatementContext::new(self, &settings, began);
        let call = Call {
            database: &self.database,
            plan,
            parameters,
            context: &context,
            dialect: self.dialect,
            limits: &limits,
        };
        let result = match &mut *open {
            Some(open) => call.go(Some(&mut open.transaction), take),
            None => call.go(None, take),
        };
        let ends = result.as_ref().is_ok_and(|outcome| outcome.rolls_back);
        drop(settings);
        drop(open);
        if ends {
            self.rollback();
        }
        if let (Ok(outcome), PlanKind::Change(_)) = (&result, &plan.kind) {
            self.state.note_changes(outcome.rows);
        }
        match result {
            Ok(Outcome { stopped: Some(error), .. }) => Err(error),
            result => result,
        }
    }

    /// Marks the transaction as failed, where the dialect lets nothing go on after an error.
    pub(super) fn note(&self, error: &SqlError) {
        if let Some(open) = &mut *self.open.borrow_mut()
            && (self.dialect == Dialect::Postgres || error.is_retryable())
        {
            open.failed = true;
        }
    }

    pub(super) fn check_open(&self) -> Result<()> {
        match &*self.open.borrow() {
            Some(Open { failed: true, .. }) => Err(failed()),
            _ => Ok(()),
        }
    }

    fn define(&self, definition: &Definition) -> Result<u64> {
        if self.in_transaction() {
            return Err(SqlError::new(
                "25001",
                format!("{} cannot run inside a transaction block", definition.tag()),
            ));
        }
        crate::define::execute(definition, &self.database)?;
        let Some(statement) = definition.fill(&self.database)? else { return Ok(0) };
        let plan = self.plan(statement)?;
        let outcome = self.run_plan(&plan, &[], &mut |_| Ok(Flow::More))?;
        Ok(outcome.rows)
    }
}

impl<'c> Statement<'c> {
    pub(super) fn new(connection: &'c Connection, prepared: Arc<Prepared>) -> Statement<'c> {
        Statement { connection, prepared }
    }

    /// The result's columns.
    pub fn columns(&self) -> &[OutputColumn] {
        &self.prepared.columns
    }

    /// The types of its parameters.
    pub fn parameter_types(&self) -> &[SqlType] {
        &self.prepared.parameters
    }

    /// The names of its parameters, of those that have one: as they are written, with their mark.
    pub fn parameter_names(&self) -> &[Option<String>] {
        &self.prepared.parameter_names
    }

    /// The number, from 0, of the parameter that has a name.
    pub fn parameter_number(&self, name: &str) -> Option<usize> {
        let mut names = self.prepared.parameter_names.iter();
        names.position(|other| other.as_deref() == Some(name))
    }

    /// Runs it. Returns how many rows it changed.
    ///
    /// # Errors
    /// Whatever the statement refuses.
    pub fn execute(&mut self, parameters: impl Parameters) -> Result<u64> {
        let mut changed = 0;
        self.run(parameters.into_parameters(), &mut |_| Ok(Flow::More), &mut |count, _| {
            changed = count;
        })?;
        Ok(changed)
    }

    /// Its rows, all of them gathered; for more than memory should hold see
    /// [`Statement::query_each`].
    ///
    /// # Errors
    /// As [`Statement::execute`].
    pub fn query(&mut self, parameters: impl Parameters) -> Result<Rows> {
        let mut rows = Rows {
            columns: self.prepared.columns.clone(),
            values: Vec::new(),
            count: 0,
            next: 0,
            changed: 0,
            tag: String::new(),
        };
        let (values, count) = (&mut rows.values, &mut rows.count);
        let mut changes = (0, String::new());
        self.run(
            parameters.into_parameters(),
            &mut |row| {
                values.extend(row.cloned());
                *count += 1;
                Ok(Flow::More)
            },
            &mut |changed, tag| changes = (changed, tag),
        )?;
        (rows.changed, rows.tag) = changes;
        Ok(rows)
    }

    /// Shows its rows one by one, as they are found. Where it changes rows, once that is committed.
    ///
    /// # Errors
    /// As [`Statement::execute`]; what `each` returned.
    pub fn query_each(
        &mut self,
        parameters: impl Parameters,
        mut each: impl FnMut(&Row<'_>) -> Result<()> + Send,
    ) -> Result<()> {
        let columns = self.prepared.columns.clone();
        let mut values = Vec::with_capacity(columns.len());
        self.run(
            parameters.into_parameters(),
            &mut |row| {
                values.clear();
                values.extend(row.cloned());
                each(&Row::new(&columns, &values))?;
                Ok(Flow::More)
            },
            &mut |_, _| {},
        )
    }

    /// What `read` makes of the first row.
    ///
    /// # Errors
    /// As [`Statement::execute`]; 02000 when there is no row.
    pub fn query_row<T>(
        &mut self,
        parameters: impl Parameters,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut values: Option<Vec<Datum>> = None;
        let writes = matches!(&self.prepared.kind, Kind::Rows(plan) if plan.writes());
        self.run(
            parameters.into_parameters(),
            &mut |row| {
                if values.is_none() {
                    values = Some(row.cloned().collect());
                }
                Ok(if writes { Flow::More } else { Flow::Enough })
            },
            &mut |_, _| {},
        )?;
        match values {
            Some(values) => read(&Row::new(&self.prepared.columns, &values)),
            None => Err(SqlError::new("02000", "the query returned no row")),
        }
    }

    fn run(
        &mut self,
        parameters: Vec<Datum>,
        take: &mut super::run::Take<'_>,
        done: &mut dyn FnMut(u64, String),
    ) -> Result<()> {
        let connection = self.connection;
        if self.prepared.version != connection.database.definitions_version()?
            && matches!(self.prepared.kind, Kind::Rows(_) | Kind::Explain { .. })
        {
            return Err(SqlError::new(
                "0A000",
                "definitions have changed since the statement was prepared: prepare it again",
            ));
        }
        let result = self.run_kind(parameters, take, done);
        result.map_err(|error| {
            connection.note(&error);
            error.in_words_of(connection.dialect)
        })
    }

    fn run_kind(
        &self,
        parameters: Vec<Datum>,
        take: &mut super::run::Take<'_>,
        done: &mut dyn FnMut(u64, String),
    ) -> Result<()> {
        let (connection, prepared) = (self.connection, &*self.prepared);
        match &prepared.kind {
            Kind::Nothing => {}
            Kind::Rows(plan) => {
                connection.check_open()?;
                let parameters = self.convert(parameters)?;
                let outcome = connection.run_plan(plan, &parameters, take)?;
                let changed = match plan.kind {
                    PlanKind::Change(_) => outcome.rows,
                    PlanKind::Query { .. } => 0,
                };
                done(changed, format!("{} {}", prepared.tag, outcome.rows));
            }
            Kind::Explain { plan, how } => {
                connection.check_open()?;
                let parameters = self.convert(parameters)?;
                let actual = if how.analyze {
                    let begin = bourse_storage::sync::monotonic();
                    let outcome =
                        connection.run_plan(plan, &parameters, &mut |_| Ok(Flow::More))?;
                    Some((outcome.rows, bourse_storage::sync::monotonic() - begin))
                } else {
                    None
                };
                for row in how.tell(plan, actual) {
                    take(&mut row.iter())?;
                }
                done(0, prepared.tag.to_owned());
            }
            Kind::Define(definition) => {
                connection.check_open()?;
                let changed = connection.define(definition)?;
                done(changed, prepared.tag.to_owned());
            }
            Kind::Session(session) => {
                let Answer { tag, row } = connection.session(session)?;
                if let Some((_, value)) = row {
                    take(&mut [Datum::text(&value)].iter())?;
                }
                done(0, tag.to_owned());
            }
        }
        Ok(())
    }

    /// Parameters as the types that the statement gives them.
    fn convert(&self, mut parameters: Vec<Datum>) -> Result<Vec<Datum>> {
        let types = &self.prepared.parameters;
        if parameters.len() != types.len() {
            let (wanted, given) = (types.len(), parameters.len());
            let message = format!(
                "bind message supplies {given} parameters, but the statement requires {wanted}"
            );
            return Err(SqlError::new("08P01", message));
        }
        if self.connection.dialect == Dialect::Sqlite {
            for value in &mut parameters {
                if let Datum::Boolean(truth) = value {
                    *value = Datum::Integer(i64::from(*truth));
                }
            }
            return Ok(parameters);
        }
        for (value, ty) in parameters.iter_mut().zip(types) {
            if fits(value, ty) {
                continue;
            }
            let settings = self.connection.settings.borrow();
            let context = StatementContext::new(self.connection, &settings, None);
            let from = natural_type(value);
            *value = cast(std::mem::take(value), &from, ty, false, &context)?;
        }
        Ok(parameters)
    }
}

/// Whether a value is one of a type as it is.
fn fits(value: &Datum, ty: &SqlType) -> bool {
    match (value, ty) {
        (Datum::Null, _)
        | (Datum::Integer(_), SqlType::BigInt)
        | (Datum::Text(_), SqlType::Text | SqlType::Unknown | SqlType::Varchar(None))
        | (Datum::Double(_), SqlType::Double)
        | (Datum::Boolean(_), SqlType::Boolean)
        | (Datum::Numeric(_), SqlType::Numeric(None))
        | (Datum::Bytes(_), SqlType::Bytea)
        | (_, SqlType::Any) => true,
        (Datum::Integer(value), SqlType::Integer) => i32::try_from(*value).is_ok(),
        _ => false,
    }
}

impl std::fmt::Debug for Statement<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Statement").field("tag", &self.prepared.tag).finish_non_exhaustive()
    }
}
