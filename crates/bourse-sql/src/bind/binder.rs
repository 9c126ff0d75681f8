//! The state of binding one statement.

use std::collections::BTreeSet;

use hashbrown::HashMap;
use sqlparser::ast::{Ident, ObjectName, OnConflict};
use sqlparser::tokenizer::{Location, Span};

use super::scope::{Clause, Frame, Namespace};
use super::with::CteEntry;
use crate::Dialect;
use crate::algebra::{Column, ColumnId, CteId, Expr, ExprKind, Go, Rewrite, Statement};
use crate::catalog::Catalog;
use crate::error::{Result, SqlError};
use crate::function::Context;
use crate::parse::{Graphs, Parsed, Source};
use crate::settings::Settings;
use crate::types::{Affinity, SqlType};

/// Views inside of each other.
const VIEW_DEPTH_MAX: usize = 32;

/// Binds one statement.
pub(crate) struct Binder<'c> {
    pub(crate) catalog: &'c Catalog,
    pub(crate) dialect: Dialect,
    pub(crate) settings: &'c Settings,
    /// The text, for places in errors; a view's text has none.
    pub(crate) source: Option<Source>,
    pub(crate) symmetric: Vec<Location>,
    pub(crate) graphs: Graphs,
    /// What SQLite's INSERT says beside its tree: a name for the table, and more of ON CONFLICT.
    pub(crate) insert_alias: Option<Ident>,
    pub(crate) conflicts: Vec<OnConflict>,
    /// Expressions of select lists as they are written.
    pub(crate) items: Vec<(Location, Location, String)>,
    pub(crate) parameters: Vec<Option<SqlType>>,
    /// Innermost last.
    pub(crate) frames: Vec<Frame>,
    /// Common table expressions that can be seen, innermost last.
    pub(crate) ctes: Vec<CteEntry>,
    /// SQLite's: affinities of columns.
    pub(crate) affinities: HashMap<ColumnId, Affinity>,
    /// Frames of which columns were used, since somebody began to watch.
    pub(crate) used: BTreeSet<usize>,
    /// The frame that the next aggregates belong to, where their columns do not say it.
    pub(crate) aggregate_level: Option<usize>,
    /// Relations of FROM that stand beside what is bound, where it cannot use them.
    pub(crate) beside: Vec<String>,
    /// The next SELECT leaves literals in quotes without a type.
    pub(crate) keep_unknown: bool,
    next_column: u32,
    next_cte: u32,
    view_depth: usize,
}

impl<'c> Binder<'c> {
    pub(crate) fn new(
        statement: &Parsed,
        catalog: &'c Catalog,
        dialect: Dialect,
        settings: &'c Settings,
        parameter_types: &[Option<SqlType>],
    ) -> Binder<'c> {
        let known = |ty: &Option<SqlType>| ty.clone().filter(|ty| *ty != SqlType::Unknown);
        Binder {
            source: Some(statement.source.clone()),
            symmetric: statement.symmetric.clone(),
            graphs: statement.graphs.clone(),
            insert_alias: statement.insert_alias.clone(),
            conflicts: statement.conflicts.clone(),
            items: statement.items.clone(),
            parameters: parameter_types.iter().map(known).collect(),
            ..Binder::without_statement(catalog, dialect, settings)
        }
    }

    /// Binds what was no statement of a client.
    pub(crate) fn of(catalog: &'c Catalog, dialect: Dialect, settings: &'c Settings) -> Binder<'c> {
        Binder::without_statement(catalog, dialect, settings)
    }

    fn without_statement(
        catalog: &'c Catalog,
        dialect: Dialect,
        settings: &'c Settings,
    ) -> Binder<'c> {
        Binder {
            catalog,
            dialect,
            settings,
            source: None,
            symmetric: Vec::new(),
            graphs: Vec::new(),
            insert_alias: None,
            conflicts: Vec::new(),
            items: Vec::new(),
            parameters: Vec::new(),
            frames: Vec::new(),
            ctes: Vec::new(),
            affinities: HashMap::new(),
            used: BTreeSet::new(),
            aggregate_level: None,
            beside: Vec::new(),
            keep_unknown: false,
            next_column: 0,
            next_cte: 0,
            view_depth: 0,
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.dialect == Dialect::Sqlite
    }

    pub(crate) fn next_column(&mut self) -> ColumnId {
        let id = ColumnId(self.next_column);
        self.next_column += 1;
        id
    }

    pub(crate) fn next_cte(&mut self) -> CteId {
        let id = CteId(self.next_cte);
        self.next_cte += 1;
        id
    }

    /// A new column that holds an expression's value.
    pub(crate) fn column_for(&mut self, name: &str, expr: &Expr) -> Column {
        let id = self.next_column();
        let affinity = self.affinity_of(expr);
        if affinity != Affinity::None || self.is_kept(expr) {
            self.affinities.insert(id, affinity);
        }
        Column { id, name: name.to_owned(), ty: expr.ty.clone(), collation: expr.collation }
    }

    /// The innermost frame.
    pub(crate) fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::new(Namespace::default(), Clause::Values));
        }
        match self.frames.last_mut() {
            Some(frame) => frame,
            None => unreachable!("one was pushed"),
        }
    }

    /// Binds something inside a frame of its own.
    pub(crate) fn within<T>(
        &mut self,
        namespace: Namespace,
        clause: Clause,
        body: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        self.frames.push(Frame::new(namespace, clause));
        let result = body(self);
        self.frames.pop();
        result
    }

    /// Binds something as if it stood in another clause of the innermost frame.
    pub(crate) fn in_clause<T>(
        &mut self,
        clause: Clause,
        body: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let before = std::mem::replace(&mut self.frame().clause, clause);
        let result = body(self);
        self.frame().clause = before;
        result
    }

    /// Binds the text of a view: nothing around it can be seen.
    pub(crate) fn apart<T>(&mut self, body: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.view_depth >= VIEW_DEPTH_MAX {
            let message = format!("views are nested deeper than {VIEW_DEPTH_MAX} levels");
            return Err(SqlError::new("54001", message));
        }
        let frames = std::mem::take(&mut self.frames);
        let ctes = std::mem::take(&mut self.ctes);
        let source = self.source.take();
        let symmetric = std::mem::take(&mut self.symmetric);
        let items = std::mem::take(&mut self.items);
        let graphs = std::mem::take(&mut self.graphs);
        self.view_depth += 1;
        let result = body(self);
        self.view_depth -= 1;
        self.frames = frames;
        self.ctes = ctes;
        self.source = source;
        self.symmetric = symmetric;
        self.items = items;
        self.graphs = graphs;
        result
    }

    /// A name as the dialect folds it.
    pub(crate) fn fold(&self, ident: &Ident) -> String {
        match (ident.quote_style, self.dialect) {
            (None, Dialect::Postgres) => ident.value.to_lowercase(),
            _ => ident.value.clone(),
        }
    }

    /// Schema and name of an object. A database's name before them must be this one's.
    pub(crate) fn object_name(&self, name: &ObjectName) -> Result<(Option<String>, String)> {
        let parts: Vec<String> =
            name.0.iter().filter_map(|p| p.as_ident()).map(|ident| self.fold(ident)).collect();
        match parts.as_slice() {
            [name] => Ok((None, name.clone())),
            [schema, name] => Ok((Some(schema.clone()), name.clone())),
            [database, schema, name] if database.eq_ignore_ascii_case(self.settings.database()) => {
                Ok((Some(schema.clone()), name.clone()))
            }
            _ => {
                let message = format!(
                    "cross-database references are not implemented: \"{}\"",
                    parts.join(".")
                );
                Err(SqlError::unsupported(message))
            }
        }
    }

    /// Whether two names are the same to the dialect.
    pub(crate) fn is_name(&self, a: &str, b: &str) -> bool {
        if self.is_sqlite() { a.eq_ignore_ascii_case(b) } else { a == b }
    }

    /// The error with its place.
    pub(crate) fn at(&self, error: SqlError, span: Span) -> SqlError {
        let place = self.source.as_ref().and_then(|source| source.position(span.start));
        match place {
            Some(position) if error.position().is_none() => error.at(position),
            _ => error,
        }
    }

    pub(crate) fn unsupported(&self, message: &str) -> SqlError {
        SqlError::unsupported(message)
    }

    /// The place of an object's name.
    pub(crate) fn span_of(name: &ObjectName) -> Span {
        let ident = name.0.iter().find_map(|part| part.as_ident());
        ident.map_or_else(Span::empty, |ident| ident.span)
    }

    /// Gives parameters the types that they have got by the end.
    pub(crate) fn settle_parameters(&self, statement: &mut Statement) {
        struct Settle<'a>(&'a [Option<SqlType>], SqlType);
        impl Rewrite for Settle<'_> {
            fn expr(&mut self, expr: &mut Expr) -> Go {
                if let ExprKind::Parameter(number) = expr.kind
                    && expr.ty == SqlType::Unknown
                {
                    let known = self.0.get(number).cloned().flatten();
                    expr.ty = known.unwrap_or_else(|| self.1.clone());
                }
                Go::Inside
            }
        }
        let unknown = if self.is_sqlite() { SqlType::Any } else { SqlType::Text };
        statement.rewrite_statement(&mut Settle(&self.parameters, unknown));
    }

    /// What conversions of constants may ask.
    pub(crate) fn context(&self) -> BindContext<'c> {
        BindContext { dialect: self.dialect, settings: self.settings }
    }
}

/// What conversions of constants may ask while a statement is bound: nothing that changes.
pub(crate) struct BindContext<'c> {
    pub(crate) dialect: Dialect,
    pub(crate) settings: &'c Settings,
}

impl Context for BindContext<'_> {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn transaction_time(&self) -> i64 {
        0
    }

    fn statement_time(&self) -> i64 {
        0
    }

    fn setting(&self, name: &str) -> Option<String> {
        self.settings.get(name).map(str::to_owned)
    }

    fn random(&self) -> u64 {
        0
    }
}

impl<'c> Binder<'c> {
    /// A binder of the same catalog, without what this one knows of its statement.
    pub(crate) fn beside<'o>(other: &Binder<'o>, settings: &'o Settings) -> Binder<'o> {
        Binder::without_statement(other.catalog, other.dialect, settings)
    }

    /// Goes on with the numbers of another one.
    pub(crate) fn take_numbers(&mut self, other: &mut Binder<'_>) {
        self.next_column = other.next_column;
        self.next_cte = other.next_cte;
        self.view_depth = other.view_depth;
        self.affinities = std::mem::take(&mut other.affinities);
    }

    /// Has another one go on with these numbers.
    pub(crate) fn give_numbers(&mut self, other: &mut Binder<'_>) {
        other.next_column = self.next_column;
        other.next_cte = self.next_cte;
        other.affinities = std::mem::take(&mut self.affinities);
    }
}
