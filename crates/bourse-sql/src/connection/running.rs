//! Runs what was prepared, in the open transaction or outside of one.

use super::block::Open;
use super::context::StatementContext;
use super::owned::Done;
use super::prepared::{Kind, Prepared, is_same_result};
use super::run::{Call, Scene, Take};
use super::session::failed;
use super::value::natural_type;
use super::{Connection, Flow};
use crate::Dialect;
use crate::algebra::LockStrength;
use crate::bind::SessionStatement;
use crate::datum::Datum;
use crate::define::Definition;
use crate::define::constraint::MATCH_FULL;
use crate::error::{Result, SqlError};
use crate::execute::write::Outcome;
use crate::function::cast::cast;
use crate::parse::Control;
use crate::plan::explain::Explanation;
use crate::plan::{Plan, PlanKind};
use crate::session::Notice;
use crate::types::SqlType;

impl Connection {
    /// Runs a statement; an error means for the transaction what it means to the dialect.
    pub(super) fn run_prepared(
        &self,
        prepared: &Prepared,
        parameters: Vec<Datum>,
        take: &mut Take<'_>,
    ) -> Result<Done> {
        let rights = self.check_rights(prepared);
        self.settled(rights.and_then(|()| self.run_kind(prepared, parameters, take)))
    }

    /// What a statement came to, once the session has what it has left behind.
    pub(super) fn settled<T>(&self, mut result: Result<T>) -> Result<T> {
        let requests = self.state.take_requests();
        if result.is_ok()
            && let Err(error) = self.grant(requests)
        {
            result = Err(error);
        }
        if !self.in_transaction() {
            self.state.end_transaction(result.is_ok());
        }
        result.map_err(|error| self.met(error))
    }

    /// An error that a statement has met: what it means to the transaction, in the dialect's words.
    pub(super) fn met(&self, error: SqlError) -> SqlError {
        self.note(&error);
        let error = match self.dialect {
            Dialect::Postgres => self.of_domain(self.with_key_name(error)),
            Dialect::Sqlite => of_window(error),
        };
        error.in_words_of(self.dialect)
    }

    /// The error with the name of the primary key that it is about, of which the store knows none.
    fn with_key_name(&self, error: SqlError) -> SqlError {
        let Some(violation) = error.violation() else { return error };
        if violation.constraint != format!("{}_pkey", violation.table) {
            return error;
        }
        let Ok(catalog) = self.catalog() else { return error };
        match catalog.table_of_store(&violation.table).map(|table| table.key_name()) {
            Some(name) => error.about_constraint(&name),
            None => error,
        }
    }

    /// The error as that of a domain, where it is a domain's CHECK that refuses the row.
    fn of_domain(&self, error: SqlError) -> SqlError {
        let (Some(violation), "23514") = (error.violation(), error.sqlstate()) else {
            return error;
        };
        let Ok(catalog) = self.catalog() else { return error };
        let Some(table) = catalog.table_of_store(&violation.table) else { return error };
        if let Some(key) = violation.constraint.strip_suffix(MATCH_FULL) {
            let message = format!(
                "insert or update on table \"{}\" violates foreign key constraint \"{key}\"",
                table.name
            );
            return SqlError::new("23503", message)
                .with_detail("MATCH FULL does not allow mixing of null and nonnull key values.");
        }
        let checks = &table.table.definition().checks;
        let own = crate::system::domain_checks(&catalog, table).into_iter().find(|own| {
            checks.get(own.position).is_some_and(|check| check.name == violation.constraint)
        });
        match own {
            Some(own) => SqlError::new(
                "23514",
                format!(
                    "value for domain {} violates check constraint \"{}\"",
                    own.domain, own.check
                ),
            ),
            None => error,
        }
    }

    fn run_kind(
        &self,
        prepared: &Prepared,
        parameters: Vec<Datum>,
        take: &mut Take<'_>,
    ) -> Result<Done> {
        let done = |tag: String, changed: u64| Ok(Done { tag, changed });
        match &prepared.kind {
            Kind::Nothing => Ok(Done::default()),
            Kind::Rows(plan) => {
                self.check_open()?;
                if plan.writes() {
                    self.check_writable(command_of(plan))?;
                }
                let parameters = self.convert(prepared, parameters)?;
                let outcome = self.run_plan(plan, &parameters, take)?;
                self.after_statement(plan)?;
                let changed = match plan.kind {
                    PlanKind::Change(_) => outcome.rows,
                    PlanKind::Query { .. } => 0,
                };
                done(format!("{} {}", prepared.tag, outcome.rows), changed)
            }
            Kind::Explain { plan, how } => {
                self.check_open()?;
                let parameters = self.convert(prepared, parameters)?;
                self.explain(plan, how, &parameters, take)
            }
            Kind::ExplainNamed { name, arguments, how } => {
                self.check_open()?;
                let parameters = self.convert(prepared, parameters)?;
                let (plan, values) = self.plan_named(name, arguments.as_deref(), &parameters)?;
                self.explain(&how.prepare(plan), how, &values, take)
            }
            Kind::Define(definition) => {
                self.check_open()?;
                let is_filled = prepared.tag == "SELECT";
                let command = match (is_filled, &**definition) {
                    (true, Definition::Materialized(_)) => "CREATE MATERIALIZED VIEW",
                    (true, _) => "CREATE TABLE AS",
                    (false, _) => prepared.tag,
                };
                self.check_writable(command)?;
                let rows = self.define(definition)?;
                match is_filled {
                    true => done(format!("SELECT {rows}"), rows),
                    false => done(prepared.tag.to_owned(), rows),
                }
            }
            Kind::Session(session) => {
                let parameters = self.convert(prepared, parameters)?;
                // What EXECUTE and FETCH show is told by what the names mean now.
                if matches!(
                    **session,
                    SessionStatement::Execute { .. }
                        | SessionStatement::Control(Control::Fetch { .. })
                ) && !is_same_result(&self.session_columns(session)?, &prepared.columns)
                {
                    return Err(SqlError::result_changed());
                }
                self.session(session, prepared.text.text(), &parameters, take)
            }
        }
    }

    /// Tells of a plan, which is ready to be told, and runs it first if that is asked for.
    fn explain(
        &self,
        plan: &Plan,
        how: &Explanation,
        parameters: &[Datum],
        take: &mut Take<'_>,
    ) -> Result<Done> {
        let actual = if how.analyze {
            if plan.writes() {
                self.check_writable(command_of(plan))?;
            }
            let begin = bourse_storage::sync::monotonic();
            let outcome = self.run_plan(plan, parameters, &mut |_| Ok(Flow::More))?;
            Some((outcome.rows, bourse_storage::sync::monotonic() - begin))
        } else {
            None
        };
        for row in how.tell(plan, actual) {
            take(&mut row.iter())?;
        }
        Ok(Done { tag: "EXPLAIN".to_owned(), changed: 0 })
    }

    /// Lets a statement do something, in the open transaction if there is one.
    pub(super) fn in_scene<T>(&self, body: impl FnOnce(&mut Scene<'_>) -> T) -> T {
        let limits = self.limits();
        let settings = self.settings.borrow();
        let mut open = self.open.borrow_mut();
        let began = open.as_ref().map(|open| open.began);
        let modes = open.as_ref().map(|open| (open.isolation_name(), open.read_only));
        let context = StatementContext::new(self, &settings, began).with_modes(modes);
        let open = open.as_mut().map(|open| {
            open.is_used = true;
            open.transaction.set_timeouts(limits.lock_timeout, limits.timeout);
            &mut open.transaction
        });
        body(&mut Scene { context: &context, limits: &limits, open })
    }

    /// Runs a plan in the open transaction, or in one of its own.
    pub(super) fn run_plan(
        &self,
        plan: &Plan,
        parameters: &[Datum],
        take: &mut Take<'_>,
    ) -> Result<Outcome> {
        if !plan.writes() {
            self.satisfy_reads()?;
        }
        let (database, dialect) = (&self.database, self.dialect);
        let result = self.in_scene(|scene| {
            let (context, limits) = (scene.context, scene.limits);
            let call = Call { database, plan, parameters, context, dialect, limits };
            call.go(scene.open.as_deref_mut(), take)
        });
        if result.as_ref().is_ok_and(|outcome| outcome.rolls_back) {
            self.rollback();
        }
        if let (Ok(outcome), PlanKind::Change(_)) = (&result, &plan.kind) {
            self.state.note_changes(outcome.rows);
        }
        if let (Err(_), PlanKind::Change(_)) = (&result, &plan.kind) {
            self.state.note_changes(0);
        }
        if result.is_ok() && plan.writes() && !self.in_transaction() {
            self.wait_until_applied()?;
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
            // What definitions were changed is taken back when it ends.
            if !open.changed.is_there() {
                open.transaction.fail();
            }
        }
    }

    pub(super) fn check_open(&self) -> Result<()> {
        match &*self.open.borrow() {
            Some(Open { failed: true, .. }) => Err(failed()),
            _ => Ok(()),
        }
    }

    /// Refuses a command in a transaction that changes nothing.
    pub(super) fn check_writable(&self, command: &str) -> Result<()> {
        let read_only = match &*self.open.borrow() {
            Some(open) => open.read_only,
            None => self.settings.borrow().frequent().read_only,
        };
        let is_standby = self.is_standby();
        if read_only || is_standby {
            let message = format!("cannot execute {command} in a read-only transaction");
            let error = SqlError::new("25006", message);
            return Err(if is_standby { error.with_hint(self.where_to_write()) } else { error });
        }
        Ok(())
    }

    pub(super) fn define(&self, definition: &Definition) -> Result<u64> {
        for notice in definition.notice().into_iter().flat_map(str::lines) {
            self.state.tell(Notice::told(notice));
        }
        self.note_temporary_object(definition);
        if let Definition::Materialized(change) = definition {
            return self.materialize(change);
        }
        if self.in_transaction() {
            return self.define_in_transaction(definition);
        }
        if let Definition::Steps(steps) = definition {
            return self.define_steps(steps).map(|()| 0);
        }
        if self.is_about_temporary(definition) {
            return self.define_temporary(definition);
        }
        crate::define::execute(definition, &self.database)?;
        let rows = self.fill(definition)?;
        self.wait_until_applied()?;
        Ok(rows)
    }

    /// Puts the rows of CREATE TABLE ... AS into its table.
    pub(super) fn fill(&self, definition: &Definition) -> Result<u64> {
        let Some(statement) = definition.fill(&self.database)? else { return Ok(0) };
        let plan = self.plan(statement)?;
        let outcome = self.run_plan(&plan, &[], &mut |_| Ok(Flow::More))?;
        Ok(outcome.rows)
    }

    /// Parameters as the types that the statement gives them.
    pub(super) fn convert(
        &self,
        prepared: &Prepared,
        mut parameters: Vec<Datum>,
    ) -> Result<Vec<Datum>> {
        let types = &prepared.parameters;
        if parameters.len() != types.len() {
            let (wanted, given) = (types.len(), parameters.len());
            let message = format!(
                "bind message supplies {given} parameters, but the statement requires {wanted}"
            );
            return Err(SqlError::new("08P01", message));
        }
        if self.dialect == Dialect::Sqlite {
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
            let settings = self.settings.borrow();
            let context = StatementContext::new(self, &settings, None);
            let from = natural_type(value);
            *value = cast(std::mem::take(value), &from, ty, false, &context)?;
        }
        Ok(parameters)
    }
}

/// The errors of SQLite's functions of windows, in its words.
fn of_window(error: SqlError) -> SqlError {
    match error.sqlstate() {
        "22014" => SqlError::new("22014", "argument of ntile must be a positive integer"),
        "22016" => {
            SqlError::new("22016", "second argument to nth_value must be a positive integer")
        }
        _ => error,
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

/// The command that a plan is, where a transaction refuses it.
fn command_of(plan: &Plan) -> &'static str {
    match (&plan.kind, plan.locks.last()) {
        (PlanKind::Change(at), _) => plan.changes[*at].kind.command(),
        (PlanKind::Query { .. }, None) => "SELECT",
        (PlanKind::Query { .. }, Some(lock)) => {
            match lock.clauses.first().map(|clause| clause.strength) {
                Some(LockStrength::NoKeyUpdate) => "SELECT FOR NO KEY UPDATE",
                Some(LockStrength::Share) => "SELECT FOR SHARE",
                Some(LockStrength::KeyShare) => "SELECT FOR KEY SHARE",
                _ => "SELECT FOR UPDATE",
            }
        }
    }
}
