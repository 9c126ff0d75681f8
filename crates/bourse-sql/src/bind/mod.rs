//! From trees to algebra: names become tables, columns and functions, types become known, and
//! every cast that happens is written down.
//!
//! A [`binder::Binder`] binds one statement. It keeps a stack of frames, one for each SELECT (or
//! other place with columns of its own) around the expression at hand: what the innermost frame
//! does not know is looked for in those around it, and found there is a correlation.
//!
//! Aggregates, window functions and set-returning functions are put into lists of their frame
//! where they occur, and a column stands for them. When all of a SELECT is bound, what uses
//! columns of its groups is made to do so ([`group`]), and the operators are put on top of each
//! other ([`select`]).

use crate::Dialect;
use crate::algebra::Statement;
use crate::catalog::Catalog;
use crate::define::Definition;
use crate::error::Result;
use crate::parse::{Control, Parsed, Session, Tree};
use crate::settings::Settings;
use crate::types::SqlType;

mod aggregate;
mod argument;
mod binder;
mod call;
mod change;
mod coerce;
mod collation;
mod compare;
mod copy;
mod copying;
mod domain;
mod element;
mod expression;
mod from;
mod graph;
mod group;
mod insert;
mod merge;
mod name;
mod output;
mod prune;
mod query;
mod records;
mod returning;
mod same;
mod sample;
mod scope;
mod select;
mod session;
mod set_affinity;
mod sets;
mod special;
mod subquery;
mod system;
#[cfg(test)]
mod tests;
mod updatable;
mod upsert;
mod view;
mod window;
mod with;

pub(crate) use binder::Binder;
pub(crate) use change::has_query;
pub(crate) use coerce::{strip, with_affinity};
pub use copying::CopyTarget;
pub(crate) use output::{as_written, tell_apart};
pub(crate) use scope::{Clause, Namespace, RelationScope, Visible};
pub use session::SessionStatement;
#[cfg(test)]
pub(crate) use tests::Store;
pub(crate) use updatable::is_updatable;

/// A statement whose names and types are known.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one for a statement, and it is not moved \
    about"
)]
pub enum Bound {
    /// What reads or changes rows.
    Rows(Statement),
    /// EXPLAIN.
    Explain {
        /// Run the statement and tell what happened.
        analyze: bool,
        /// Tell more.
        verbose: bool,
        /// SQLite's EXPLAIN QUERY PLAN.
        query_plan: bool,
        /// Other options by name in lower case.
        options: Vec<(String, String)>,
        /// The statement.
        statement: Box<Bound>,
    },
    /// What changes definitions.
    Define(Definition),
    /// What is about the session.
    Session(SessionStatement),
}

/// A statement with its parameters.
#[derive(Clone, Debug)]
pub struct BoundStatement {
    /// The statement.
    pub bound: Bound,
    /// Types of the parameters.
    pub parameters: Vec<SqlType>,
    /// Their names, of those that have one.
    pub parameter_names: Vec<Option<String>>,
}

/// Binds a statement. `parameter_types` are those that the client has said; others are taken from
/// where the parameters stand.
///
/// # Errors
/// 42P01, 42703, 42883, 42804, 42803 and others of PostgreSQL's class 42, with the place; 0A000 for
/// what Bourse does not do.
pub fn bind(
    statement: &Parsed,
    catalog: &Catalog,
    dialect: Dialect,
    settings: &Settings,
    parameter_types: &[Option<SqlType>],
) -> Result<BoundStatement> {
    let mut binder = Binder::new(statement, catalog, dialect, settings, parameter_types);
    let mut bound = binder.bind_tree(statement)?;
    binder.name_numbers(&mut bound);
    binder.finish(&mut bound);
    let known = binder.parameters.iter();
    let unknown = if dialect == Dialect::Sqlite { SqlType::Any } else { SqlType::Text };
    let mut parameters: Vec<SqlType> =
        known.map(|ty| ty.clone().unwrap_or_else(|| unknown.clone())).collect();
    let count = parameters.len().max(statement.parameter_names.len());
    parameters.resize(count, unknown);
    let mut parameter_names = statement.parameter_names.clone();
    parameter_names.resize(count, None);
    Ok(BoundStatement { bound, parameters, parameter_names })
}

impl Binder<'_> {
    fn bind_tree(&mut self, statement: &Parsed) -> Result<Bound> {
        match &statement.tree {
            Tree::Sql(tree) => self.statement(tree.statement(), statement),
            Tree::AlterSequence(alter) => {
                crate::define::alter_sequence(self, alter).map(Bound::Define)
            }
            Tree::AlterMaterialized(alter) => {
                crate::define::alter_materialized(self, alter).map(Bound::Define)
            }
            Tree::Own(own) => crate::define::own(self, own).map(Bound::Define),
            Tree::Session(session) => match &**session {
                // One that nobody knows has no rows.
                Session::Control(Control::Pragma { name, value }) => {
                    match self.pragma(name, value.as_ref()) {
                        Some(rows) => Ok(Bound::Rows(rows)),
                        None => self.session(session).map(Bound::Session),
                    }
                }
                _ => self.session(session).map(Bound::Session),
            },
            Tree::Explain(explain) => Ok(Bound::Explain {
                analyze: explain.analyze,
                verbose: explain.verbose,
                query_plan: explain.query_plan,
                options: explain.options.clone(),
                statement: Box::new(self.bind_tree(&explain.statement)?),
            }),
        }
    }

    fn statement(&mut self, tree: &sqlparser::ast::Statement, parsed: &Parsed) -> Result<Bound> {
        use sqlparser::ast::Statement as Ast;
        match tree {
            Ast::Query(_) | Ast::Insert(_) | Ast::Update(_) | Ast::Delete(_) | Ast::Merge(_) => {
                self.rows(tree).map(Bound::Rows)
            }
            other => crate::define::bind(self, other, parsed).map(Bound::Define),
        }
    }

    /// A statement that reads or changes rows.
    pub(crate) fn rows(&mut self, tree: &sqlparser::ast::Statement) -> Result<Statement> {
        use sqlparser::ast::Statement as Ast;
        match tree {
            Ast::Query(query) => self.query_statement(query),
            Ast::Insert(insert) => self.insert(insert),
            Ast::Update(update) => self.update(update),
            Ast::Delete(delete) => self.delete(delete),
            Ast::Merge(merge) => self.merge(merge),
            other => Err(self.unsupported(&format!("{other} is not supported"))),
        }
    }

    /// A statement that was put together of bound parts, completed.
    pub(crate) fn finished(&self, mut statement: Statement) -> Statement {
        self.settle_parameters(&mut statement);
        prune::prune(&mut statement);
        statement
    }

    /// Completes what is known only at the end: types of parameters, and which columns are used.
    fn finish(&self, bound: &mut Bound) {
        match bound {
            Bound::Rows(statement) => {
                self.settle_parameters(statement);
                prune::prune(statement);
            }
            Bound::Explain { statement, .. } => self.finish(statement),
            Bound::Session(session) => {
                if let Some(statement) = session.rows_mut() {
                    self.settle_parameters(statement);
                    prune::prune(statement);
                }
            }
            Bound::Define(definition) => {
                if let Some(query) = definition.query_mut() {
                    let mut statement = Statement::Query(query.clone());
                    self.settle_parameters(&mut statement);
                    prune::prune(&mut statement);
                    if let Statement::Query(settled) = statement {
                        *query = settled;
                    }
                }
            }
        }
    }
}
