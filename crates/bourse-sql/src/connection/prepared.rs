//! What is made of a text: parsed, bound and planned, kept for as long as it is right.
//!
//! Invariants:
//! - **P1** What is run was made under the store's newest definitions and under what the session's
//!   names mean now ([`Version`]); what was made under others is made anew before it is run.
//! - **P2** A statement that is made anew has the result columns and parameters that its user was
//!   told of, or is refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Connection;
use super::context::StatementContext;
use super::owned::StatementText;
use super::session::failed;
use crate::Dialect;
use crate::algebra::{OutputColumn, Statement};
use crate::bind::{Bound, BoundStatement, SessionStatement};
use crate::define::Definition;
use crate::error::{Result, SqlError};
use crate::parse::{Control, Parsed, Session, Tree};
use crate::plan::explain::Explanation;
use crate::plan::{Plan, PlanKind, plan};
use crate::types::SqlType;
use crate::view::{Chosen, choose};

/// Texts whose plans are kept.
const PLANS_MAX: usize = 256;

/// What a plan is made under.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Version {
    /// The store's definitions.
    definitions: u64,
    /// What names and constants mean to a session: see [`next_meaning`].
    meaning: u64,
}

/// A number that no session has had for what its names mean.
pub(super) fn next_meaning() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// What was made of a text.
pub(super) struct Prepared {
    pub(super) version: Version,
    /// The statement's text.
    pub(super) text: StatementText,
    /// Types of parameters that the client has said.
    said: Vec<Option<SqlType>>,
    pub(super) kind: Kind,
    pub(super) parameters: Vec<SqlType>,
    pub(super) parameter_names: Vec<Option<String>>,
    pub(super) columns: Arc<[OutputColumn]>,
    pub(super) tag: &'static str,
    /// What it does with which tables.
    pub(super) accesses: Vec<crate::role::TableAccess>,
}

pub(super) enum Kind {
    Nothing,
    Rows(Plan),
    Explain {
        plan: Plan,
        how: Explanation,
    },
    /// EXPLAIN EXECUTE; `arguments` gives the values as its one row, if there are some.
    ExplainNamed {
        name: String,
        arguments: Option<Box<Statement>>,
        how: Explanation,
    },
    Define(Box<Definition>),
    Session(Box<SessionStatement>),
}

pub(super) fn text_column(name: &str) -> OutputColumn {
    OutputColumn {
        name: name.to_owned(),
        id: crate::algebra::ColumnId(0),
        ty: SqlType::Text,
        collation: bourse::Collation::Binary,
        origin: None,
        declared: None,
    }
}

fn tag_of(statement: &Statement) -> &'static str {
    match statement {
        Statement::Query(_) => "SELECT",
        Statement::Insert(_) => "INSERT 0",
        Statement::Update(_) => "UPDATE",
        Statement::Delete(_) => "DELETE",
        Statement::Merge(_) => "MERGE",
    }
}

fn without_rows() -> SqlError {
    SqlError::unsupported("EXPLAIN is about statements with rows")
}

/// Whether a statement may be run in a transaction that has failed.
fn ends_failure(parsed: &Parsed) -> bool {
    let Tree::Session(session) = &parsed.tree else { return false };
    matches!(
        session.as_ref(),
        Session::Control(
            Control::Commit { .. } | Control::Rollback { .. } | Control::RollbackTo(_)
        )
    )
}

impl Prepared {
    /// Of a text without a statement.
    fn empty(version: Version) -> Prepared {
        Prepared {
            version,
            text: StatementText::unread(""),
            said: Vec::new(),
            kind: Kind::Nothing,
            parameters: Vec::new(),
            parameter_names: Vec::new(),
            columns: Arc::default(),
            tag: "",
            accesses: Vec::new(),
        }
    }

    /// Whether a run gives rows, be it none.
    pub(super) fn returns_rows(&self) -> bool {
        match &self.kind {
            Kind::Rows(plan) => {
                matches!(plan.kind, PlanKind::Query { .. }) || !self.columns.is_empty()
            }
            _ => !self.columns.is_empty(),
        }
    }

    /// The statement about the session that it is.
    pub(super) fn session(&self) -> Option<&SessionStatement> {
        match &self.kind {
            Kind::Session(session) => Some(session),
            _ => None,
        }
    }

    /// Whether it changes rows.
    pub(super) fn writes(&self) -> bool {
        matches!(&self.kind, Kind::Rows(plan) if plan.writes())
    }

    /// Whether the plan is worth keeping.
    fn is_kept(&self) -> bool {
        matches!(self.kind, Kind::Rows(_))
    }
}

/// Whether a client that was told of some columns would notice no difference.
pub(super) fn is_same_result(columns: &[OutputColumn], others: &[OutputColumn]) -> bool {
    let is_same = |(a, b): (&OutputColumn, &OutputColumn)| a.name == b.name && a.ty == b.ty;
    columns.len() == others.len() && columns.iter().zip(others).all(is_same)
}

impl Connection {
    /// What the next statement is made under.
    pub(super) fn version(&self) -> Result<Version> {
        let definitions = self.database.definitions_version()?;
        Ok(Version { definitions, meaning: self.meaning.get() })
    }

    /// Says that names or constants mean others from now on.
    pub(super) fn change_meaning(&self) {
        self.meaning.set(next_meaning());
        self.plans.borrow_mut().clear();
    }

    /// What was made of a text before, or is made of it now.
    pub(super) fn prepared(&self, text: &str, said: &[Option<SqlType>]) -> Result<Arc<Prepared>> {
        match self.kept_plan(text, said)? {
            Some(prepared) => Ok(prepared),
            None => self.noted(|| self.make_plan(&StatementText::unread(text), said)),
        }
    }

    /// The same of a statement of a longer text.
    pub(super) fn prepared_part(
        &self,
        part: &StatementText,
        said: &[Option<SqlType>],
    ) -> Result<Arc<Prepared>> {
        match self.kept_plan(part.text(), said)?.filter(|_| !part.is_inner()) {
            Some(prepared) => Ok(prepared),
            None => self.noted(|| self.make_plan(part, said)),
        }
    }

    /// The plan of a text that is kept and right (P1). None in a transaction that has failed: what
    /// may be run there is told by its tree.
    pub(super) fn kept_plan(
        &self,
        text: &str,
        said: &[Option<SqlType>],
    ) -> Result<Option<Arc<Prepared>>> {
        if self.has_failed() {
            return Ok(None);
        }
        let version = self.version()?;
        let plans = self.plans.borrow();
        let Some(plans) = plans.get(text) else { return Ok(None) };
        let is_same = |plan: &&Arc<Prepared>| plan.version == version && plan.said == said;
        Ok(plans.iter().find(is_same).cloned())
    }

    /// What makes of an error what it means for the transaction.
    pub(super) fn noted<T>(&self, body: impl FnOnce() -> Result<T>) -> Result<T> {
        body().inspect_err(|error| self.note(error))
    }

    fn make_plan(&self, text: &StatementText, said: &[Option<SqlType>]) -> Result<Arc<Prepared>> {
        let Some(parsed) = text.parsed(self.dialect)? else {
            return Ok(Arc::new(Prepared::empty(self.version()?)));
        };
        if self.has_failed() && !ends_failure(&parsed) {
            return Err(failed());
        }
        let mut prepared = match self.bind(&parsed, said) {
            // What it names may be among what it is to wait for.
            Err(error) if error.sqlstate().starts_with("42") && self.satisfy_reads()? => {
                self.bind(&parsed, said)?
            }
            bound => bound?,
        };
        prepared.text = text.forget_tree();
        prepared.said = said.to_vec();
        let prepared = Arc::new(prepared);
        if prepared.is_kept() && !text.is_inner() {
            self.keep_plan(&prepared);
        }
        Ok(prepared)
    }

    fn keep_plan(&self, prepared: &Arc<Prepared>) {
        let mut plans = self.plans.borrow_mut();
        if plans.len() >= PLANS_MAX {
            plans.clear();
        }
        let of_text = plans.entry(prepared.text.shared()).or_default();
        of_text.retain(|plan| plan.version == prepared.version && plan.said != prepared.said);
        of_text.push(Arc::clone(prepared));
    }

    /// The statement as it is now: made anew where definitions or names have changed (P1, P2).
    pub(super) fn current(&self, prepared: &Arc<Prepared>) -> Result<Arc<Prepared>> {
        if matches!(prepared.kind, Kind::Rows(_) | Kind::Explain { .. }) && !prepared.writes() {
            self.satisfy_reads()?;
        }
        if matches!(prepared.kind, Kind::Nothing) || prepared.version == self.version()? {
            return Ok(Arc::clone(prepared));
        }
        let mut anew = self.prepared_part(&prepared.text, &prepared.said)?;
        if anew.parameters != prepared.parameters {
            let types: Vec<_> = prepared.parameters.iter().cloned().map(Some).collect();
            anew = self.prepared_part(&prepared.text, &types)?;
        }
        if !is_same_result(&anew.columns, &prepared.columns) {
            let error = SqlError::result_changed();
            self.note(&error);
            return Err(error);
        }
        Ok(anew)
    }

    /// Binds and plans a statement.
    fn bind(&self, parsed: &Parsed, said: &[Option<SqlType>]) -> Result<Prepared> {
        let catalog = self.catalog()?;
        let version = Version { definitions: catalog.version(), meaning: self.meaning.get() };
        let settings = self.settings.borrow();
        let bound = crate::bind::bind(parsed, &catalog, self.dialect, &settings, said)?;
        let BoundStatement { bound, parameters, parameter_names } = bound;
        let mut prepared = Prepared { parameters, parameter_names, ..Prepared::empty(version) };
        match bound {
            Bound::Rows(statement) => {
                prepared.tag = tag_of(&statement);
                prepared.accesses = crate::role::accesses(&statement);
                let plan = self.plan(statement)?;
                prepared.columns = plan.columns.as_slice().into();
                prepared.kind = Kind::Rows(plan);
            }
            Bound::Explain { analyze, query_plan, options, statement, .. } => {
                let how = Explanation::new(analyze, query_plan, &options)?;
                prepared.columns = how.columns().into();
                prepared.tag = "EXPLAIN";
                match *statement {
                    Bound::Rows(statement) => {
                        prepared.accesses = crate::role::accesses(&statement);
                        let plan = how.prepare(self.plan(statement)?);
                        prepared.kind = Kind::Explain { plan, how };
                    }
                    Bound::Session(SessionStatement::Execute { name, arguments }) => {
                        self.named_statement(&name)?;
                        // Those of what it names are looked at when it is run, as EXECUTE does.
                        let accesses = arguments.as_deref().map(crate::role::accesses);
                        prepared.accesses = accesses.unwrap_or_default();
                        prepared.kind = Kind::ExplainNamed { name, arguments, how };
                    }
                    _ => return Err(without_rows()),
                }
            }
            Bound::Define(definition) => {
                prepared.tag = definition.tag();
                prepared.kind = Kind::Define(Box::new(definition));
            }
            Bound::Session(session) => {
                prepared.accesses = session.rows().map(crate::role::accesses).unwrap_or_default();
                prepared.columns = self.session_columns(&session)?.into();
                prepared.tag = super::session::tag_of(&session);
                if matches!(session, SessionStatement::Prepare { .. }) {
                    // They are those of the statement in it.
                    prepared.parameters.clear();
                    prepared.parameter_names.clear();
                }
                prepared.kind = Kind::Session(Box::new(session));
            }
        }
        Ok(prepared)
    }

    /// The plan of a statement that is about rows, made anew.
    pub(super) fn plan_anew(&self, prepared: &Prepared) -> Result<Plan> {
        let said: Vec<_> = prepared.parameters.iter().cloned().map(Some).collect();
        let parsed = prepared.text.parsed(self.dialect)?.ok_or_else(without_rows)?;
        match self.bind(&parsed, &said)?.kind {
            Kind::Rows(plan) => Ok(plan),
            _ => Err(without_rows()),
        }
    }

    pub(super) fn plan(&self, mut statement: Statement) -> Result<Plan> {
        let settings = self.settings.borrow();
        if self.dialect == Dialect::Postgres {
            let chosen = Chosen::of_setting(settings.get("use_aggregate_views"));
            choose(&mut statement, &*self.catalog()?, chosen);
        }
        let context = StatementContext::new(self, &settings, None);
        plan(statement, self.dialect, &self.database.cut(), &context)
    }

    /// Whether a statement of the open transaction has failed, so that the dialect lets nothing go
    /// on.
    pub(super) fn has_failed(&self) -> bool {
        self.dialect == Dialect::Postgres && self.open.borrow().as_ref().is_some_and(|o| o.failed)
    }
}
