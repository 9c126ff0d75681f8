//! WITH: common table expressions.

use sqlparser::ast::{
    Cte as Tree, CteAsMaterialized, LimitClause, Query as QueryTree, SetExpr, SetOperator,
    SetQuantifier, With,
};

use super::binder::Binder;
use super::output::tell_apart;
use super::scope::{Clause, RelationScope, Visible, column, expr_of};
use crate::algebra::{
    Column, Cte, CteId, ExprKind, OutputColumn, Query, Queue, QueueKey, Rel, Statement,
};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::cast::CastContext;
use crate::types::SqlType;

/// A common table expression that can be seen.
#[derive(Clone, Debug)]
pub(crate) struct CteEntry {
    pub(crate) name: String,
    pub(crate) id: CteId,
    pub(crate) columns: Vec<OutputColumn>,
    /// Why it cannot be read, where it cannot.
    pub(crate) unreadable: Option<SqlError>,
    /// How often it was read.
    pub(crate) scans: usize,
}

impl Binder<'_> {
    /// The expressions of a WITH; they can be seen until the caller takes them away.
    pub(crate) fn with(&mut self, with: &With) -> Result<Vec<Cte>> {
        let mut ctes: Vec<Cte> = Vec::new();
        let first = self.ctes.len();
        let trees = self.in_order(&with.cte_tables);
        for (at, tree) in trees.iter().enumerate() {
            let name = self.fold(&tree.alias.name);
            if self.ctes[first..].iter().any(|other| self.is_name(&other.name, &name)) {
                return Err(match self.is_sqlite() {
                    true => SqlError::new("42712", format!("duplicate WITH table name: {name}")),
                    false => SqlError::new(
                        "42712",
                        format!("WITH query name \"{name}\" specified more than once"),
                    ),
                });
            }
            // SQLite does not ask for the word.
            let recursive = with.recursive || self.is_sqlite();
            let cte = match self.is_sqlite() {
                true => {
                    self.before(&trees[at + 1..], |binder| binder.cte(tree, &name, recursive))?
                }
                false => self.cte(tree, &name, recursive)?,
            };
            ctes.push(cte);
        }
        Ok(ctes)
    }

    /// Binds an expression of SQLite's before others: of those it names only what names it.
    fn before(
        &mut self,
        others: &[&Tree],
        body: impl FnOnce(&mut Self) -> Result<Cte>,
    ) -> Result<Cte> {
        let before = self.ctes.len();
        let rel = Rel::Values { columns: Vec::new(), rows: Vec::new() };
        let nothing = Query { rel, columns: Vec::new() };
        for other in others {
            let (name, id) = (self.fold(&other.alias.name), self.next_cte());
            let error = SqlError::new("42P19", format!("circular reference: {name}"));
            self.see(&name, id, &nothing, Some(error));
        }
        let result = body(self);
        let end = self.ctes.len().min(before + others.len());
        self.ctes.drain(before..end);
        result
    }

    /// The expressions of a WITH, each behind those that it may name: in SQLite those that follow
    /// are among them.
    fn in_order<'t>(&self, trees: &'t [Tree]) -> Vec<&'t Tree> {
        if !self.is_sqlite() || trees.len() < 2 {
            return trees.iter().collect();
        }
        let names: Vec<String> = trees.iter().map(|tree| self.fold(&tree.alias.name)).collect();
        let texts: Vec<String> = trees.iter().map(|tree| tree.query.to_string()).collect();
        let (mut ordered, mut is_seen) = (Vec::new(), vec![false; trees.len()]);
        // Those that are begun, each with the next one that it may name.
        let mut begun: Vec<(usize, usize)> = Vec::new();
        for first in 0..trees.len() {
            if !is_seen[first] {
                is_seen[first] = true;
                begun.push((first, first + 1));
            }
            while let Some((at, next)) = begun.last_mut() {
                let named = (*next..trees.len())
                    .find(|other| !is_seen[*other] && has_word(&texts[*at], &names[*other], self));
                match named {
                    Some(other) => {
                        *next = other + 1;
                        is_seen[other] = true;
                        begun.push((other, 0));
                    }
                    None => {
                        ordered.push(&trees[*at]);
                        begun.pop();
                    }
                }
            }
        }
        ordered
    }

    fn cte(&mut self, tree: &Tree, name: &str, recursive: bool) -> Result<Cte> {
        if let Some(tree) = self.with_graphs(tree, recursive)? {
            return self.cte(&tree, name, recursive);
        }
        let materialized =
            tree.materialized.as_ref().map(|m| matches!(m, CteAsMaterialized::Materialized));
        let names: Vec<String> =
            tree.alias.columns.iter().map(|column| self.fold(&column.name)).collect();
        let is_change = matches!(
            tree.query.body.as_ref(),
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_)
        );
        if is_change {
            return self.change_cte(tree, name, &names, materialized);
        }
        let id = self.next_cte();
        if recursive
            && let SetExpr::SetOperation { op: SetOperator::Union, left, right, set_quantifier } =
                tree.query.body.as_ref()
            && mentions(right, name, self)
        {
            let all = *set_quantifier == SetQuantifier::All;
            return self.recursive(tree, name, &names, id, left, right, all);
        }
        let query = match recursive && !self.is_sqlite() {
            true => {
                let is_union = matches!(
                    tree.query.body.as_ref(),
                    SetExpr::SetOperation { op: SetOperator::Union, .. }
                );
                let message = match is_union {
                    true => format!(
                        "recursive reference to query \"{name}\" must not appear within its \
                         non-recursive term"
                    ),
                    false => format!(
                        "recursive query \"{name}\" does not have the form non-recursive-term \
                         UNION [ALL] recursive-term"
                    ),
                };
                self.unseen(name, message, |binder| binder.query(&tree.query))?
            }
            // SQLite looks at an expression when it is read.
            false if self.is_sqlite() => match self.lazy(name, &tree.query) {
                Ok(query) => query,
                Err(error) => {
                    let rel = Rel::Values { columns: Vec::new(), rows: Vec::new() };
                    let query = Query { rel, columns: Vec::new() };
                    self.see(name, id, &query, Some(error));
                    return Ok(plain_cte(id, name, query, materialized));
                }
            },
            false => self.query(&tree.query)?,
        };
        let query = self.named(query, name, &names)?;
        self.see(name, id, &query, None);
        Ok(plain_cte(id, name, query, materialized))
    }

    /// The query of SQLite's expression, which is not to read itself.
    fn lazy(&mut self, name: &str, tree: &QueryTree) -> Result<Query> {
        let frames = self.frames.len();
        let result =
            self.unseen(name, format!("circular reference: {name}"), |binder| binder.query(tree));
        self.frames.truncate(frames);
        result
    }

    /// Binds what must not read the expression that it is a part of.
    fn unseen<T>(
        &mut self,
        name: &str,
        message: String,
        body: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let id = self.next_cte();
        let rel = Rel::Values { columns: Vec::new(), rows: Vec::new() };
        let nothing = Query { rel, columns: Vec::new() };
        let before = self.ctes.len();
        self.see(name, id, &nothing, Some(SqlError::new("42P19", message)));
        let result = body(self);
        self.ctes.truncate(before);
        result
    }

    fn see(&mut self, name: &str, id: CteId, query: &Query, unreadable: Option<SqlError>) {
        let columns = query.columns.clone();
        self.ctes.push(CteEntry { name: name.to_owned(), id, columns, unreadable, scans: 0 });
    }

    /// The query with the names that the alias says.
    fn named(&self, mut query: Query, cte: &str, names: &[String]) -> Result<Query> {
        if names.len() > query.columns.len()
            || self.is_sqlite() && !names.is_empty() && names.len() != query.columns.len()
        {
            return Err(match self.is_sqlite() {
                true => SqlError::new(
                    "42601",
                    format!(
                        "table {cte} has {} values for {} columns",
                        query.columns.len(),
                        names.len()
                    ),
                ),
                false => SqlError::new(
                    "42P10",
                    format!(
                        "WITH query \"{cte}\" has {} columns available but {} columns specified",
                        query.columns.len(),
                        names.len()
                    ),
                ),
            });
        }
        for (column, name) in query.columns.iter_mut().zip(names) {
            column.name.clone_from(name);
        }
        if self.is_sqlite() {
            tell_apart(query.columns.iter_mut().map(|column| &mut column.name));
        }
        Ok(query)
    }

    /// Refuses a recursive term whose columns cannot be those of the other one.
    fn check_step(&self, name: &str, first: &Query, step: &Query) -> Result<()> {
        for (at, (a, b)) in first.columns.iter().zip(&step.columns).enumerate() {
            let fits =
                crate::function::cast::can_cast(self.dialect, &b.ty, &a.ty, CastContext::Implicit);
            if !fits {
                let message = format!(
                    "recursive query \"{name}\" column {} has type {} in non-recursive term but \
                        type {} overall",
                    at + 1,
                    a.ty.name_without_modifier(),
                    b.ty.name_without_modifier()
                );
                let error = SqlError::new("42804", message);
                return Err(error
                    .with_hint("Cast the output of the non-recursive term to the correct type."));
            }
        }
        Ok(())
    }

    fn unequal_parts(&self) -> SqlError {
        let message = match self.is_sqlite() {
            true => {
                "SELECTs to the left and right of UNION ALL do not have the same number of result \
                 columns"
            }
            false => "each UNION query must have the same number of columns",
        };
        SqlError::new("42601", message)
    }

    /// Refuses a recursive term that reads the expression more than once, or in groups.
    fn check_references(&self, name: &str, step: &Query) -> Result<()> {
        let scans = self.ctes.last().map_or(0, |entry| entry.scans);
        if scans > 1 {
            let message =
                format!("recursive reference to query \"{name}\" must not appear more than once");
            return Err(SqlError::new("42P19", message));
        }
        let mut rel = &step.rel;
        while let Rel::Project { input, .. } | Rel::Filter { input, .. } = rel {
            rel = input;
        }
        if matches!(rel, Rel::Aggregate { aggregates, .. } if !aggregates.is_empty()) {
            let message =
                "aggregate functions are not allowed in a recursive query's recursive term";
            return Err(SqlError::new("42P19", message));
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one expression")]
    fn recursive(
        &mut self,
        tree: &Tree,
        name: &str,
        names: &[String],
        id: CteId,
        left: &SetExpr,
        right: &SetExpr,
        all: bool,
    ) -> Result<Cte> {
        let around = &tree.query;
        let is_ordered = around.order_by.is_some() || around.limit_clause.is_some();
        if is_ordered && !self.is_sqlite() || around.fetch.is_some() {
            let message = "ORDER BY and LIMIT in a recursive query are not implemented";
            return Err(
                SqlError::unsupported(message).with_hint("Say them where the query is read.")
            );
        }
        let visible = self.ctes.len();
        let inner = match &around.with {
            Some(with) => self.with(with)?,
            None => Vec::new(),
        };
        let first = match self.is_sqlite() {
            true => self.query(&query_of(left))?,
            false => {
                let message = format!(
                    "recursive reference to query \"{name}\" must not appear within its \
                     non-recursive term"
                );
                self.unseen(name, message, |binder| binder.query(&query_of(left)))?
            }
        };
        let mut first = self.named(first, name, names)?;
        for column in &mut first.columns {
            // Of two queries, it is read from neither.
            column.origin = None;
        }
        self.see(name, id, &first, None);
        // Literals there are of the types of the columns.
        self.keep_unknown = !self.is_sqlite();
        let step = self.query(&query_of(right));
        self.keep_unknown = false;
        let step = step?;
        if step.columns.len() != first.columns.len() {
            return Err(self.unequal_parts());
        }
        if !self.is_sqlite() {
            self.check_references(name, &step)?;
        }
        self.check_step(name, &first, &step)?;
        let types: Vec<SqlType> = first.columns.iter().map(|column| column.ty.clone()).collect();
        let step = self.coerce_output(step, &types, CastContext::Implicit)?;
        let mut query = first;
        let queue = match is_ordered {
            true => Some(self.queue(around, &query)?),
            false => None,
        };
        let entry = self.ctes.pop();
        self.ctes.truncate(visible);
        self.ctes.extend(entry);
        if !inner.is_empty() {
            query.rel = Rel::With { ctes: inner, body: Box::new(query.rel) };
        }
        Ok(Cte {
            id,
            name: name.to_owned(),
            query,
            step: Some(step),
            distinct: !all,
            queue,
            change: None,
            materialized: None,
        })
    }

    /// ORDER BY and LIMIT of a recursive expression.
    fn queue(&mut self, around: &QueryTree, query: &Query) -> Result<Queue> {
        let keys = super::select::order_exprs(self, around.order_by.as_ref())?;
        let mut order = Vec::new();
        for key in self.order_of_columns(keys, query)? {
            let ExprKind::Column(id) = key.expr.kind else {
                return Err(self.unsupported("ORDER BY an expression in a recursive query"));
            };
            let column = query.columns.iter().position(|column| column.id == id);
            let collation = key.expr.collation;
            let (descending, nulls_first) = (key.descending, key.nulls_first);
            let column = column.unwrap_or_default();
            order.push(QueueKey { column, collation, descending, nulls_first });
        }
        let (limit, offset) = match &around.limit_clause {
            None => (None, None),
            Some(LimitClause::LimitOffset { limit, offset, .. }) => {
                (limit.as_ref(), offset.as_ref().map(|offset| &offset.value))
            }
            Some(LimitClause::OffsetCommaLimit { offset, limit }) => (Some(limit), Some(offset)),
        };
        // A negative number is no limit.
        let limit = limit.map(|tree| self.constant_count(tree)).transpose()?;
        let offset = offset.map(|tree| self.constant_count(tree)).transpose()?;
        let limit = limit.and_then(|limit| u64::try_from(limit).ok());
        let offset = offset.and_then(|offset| u64::try_from(offset).ok()).unwrap_or(0);
        Ok(Queue { order, limit, offset })
    }

    fn constant_count(&mut self, tree: &sqlparser::ast::Expr) -> Result<i64> {
        match self.count(tree, Clause::Limit)?.kind {
            ExprKind::Literal(Datum::Integer(count)) => Ok(count),
            _ => Err(self.unsupported("LIMIT of a recursive query takes a constant")),
        }
    }

    /// INSERT, UPDATE or DELETE in WITH.
    fn change_cte(
        &mut self,
        tree: &Tree,
        name: &str,
        names: &[String],
        materialized: Option<bool>,
    ) -> Result<Cte> {
        if !self.frames.is_empty() {
            let message =
                "WITH clause containing a data-modifying statement must be at the top level";
            return Err(SqlError::unsupported(message));
        }
        let statement = self.query_statement(&tree.query)?;
        self.frames.clear();
        let returning = match &statement {
            Statement::Query(_) => None,
            Statement::Insert(insert) => insert.returning.as_ref(),
            Statement::Update(update) => update.returning.as_ref(),
            Statement::Delete(delete) => delete.returning.as_ref(),
            Statement::Merge(merge) => merge.returning.as_ref(),
        };
        let columns = returning.map(|returning| returning.columns.clone());
        let unreadable = columns.is_none().then(|| {
            let message = format!("WITH query \"{name}\" does not have a RETURNING clause");
            SqlError::unsupported(message)
        });
        let rel = Rel::Values { columns: Vec::new(), rows: Vec::new() };
        let query = Query { rel, columns: columns.unwrap_or_default() };
        let query = self.named(query, name, names)?;
        let id = self.next_cte();
        self.see(name, id, &query, unreadable);
        Ok(Cte {
            id,
            name: name.to_owned(),
            query,
            step: None,
            distinct: false,
            queue: None,
            change: Some(Box::new(statement)),
            materialized,
        })
    }

    /// The scan of a common table expression, if one has the name.
    pub(crate) fn cte_scan(&mut self, name: &str) -> Option<Result<(Rel, RelationScope)>> {
        let at = self.ctes.iter().rposition(|cte| self.is_name(&cte.name, name))?;
        let entry = self.ctes[at].clone();
        self.ctes[at].scans += 1;
        if let Some(error) = entry.unreadable {
            return Some(Err(error));
        }
        let mut columns: Vec<Column> = Vec::new();
        let mut visible = Vec::new();
        for output in &entry.columns {
            let id = self.next_column();
            if let Some(affinity) = self.affinities.get(&output.id).copied() {
                self.affinities.insert(id, affinity);
            }
            let made = column(id, &output.name, output.ty.clone(), output.collation);
            visible.push(Visible {
                name: output.name.clone(),
                expr: expr_of(&made),
                origin: output.origin.clone(),
                declared: output.declared.clone(),
            });
            columns.push(made);
        }
        let scope =
            RelationScope { name: entry.name, columns: visible, ..RelationScope::default() };
        Some(Ok((Rel::CteScan { cte: entry.id, columns }, scope)))
    }
}

/// An expression that is no change and does not read itself.
fn plain_cte(id: CteId, name: &str, query: Query, materialized: Option<bool>) -> Cte {
    Cte {
        id,
        name: name.to_owned(),
        query,
        step: None,
        distinct: false,
        queue: None,
        change: None,
        materialized,
    }
}

/// An operand as a query of its own.
pub(super) fn query_of(body: &SetExpr) -> QueryTree {
    if let SetExpr::Query(query) = body {
        return query.as_ref().clone();
    }
    QueryTree {
        with: None,
        body: Box::new(body.clone()),
        order_by: None,
        limit_clause: None,
        fetch: None,
        locks: Vec::new(),
        for_clause: None,
        settings: None,
        format_clause: None,
        pipe_operators: Vec::new(),
    }
}

/// Whether a query names a relation in FROM.
fn mentions(body: &SetExpr, name: &str, binder: &Binder<'_>) -> bool {
    // A name as a word of the text: that it is something else as well does no harm, as the
    // expression is then bound as a recursive one that never reads itself.
    has_word(&body.to_string(), name, binder)
}

fn has_word(text: &str, name: &str, binder: &Binder<'_>) -> bool {
    if name.contains(|c: char| !c.is_alphanumeric() && c != '_') {
        return text.to_lowercase().contains(&name.to_lowercase());
    }
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.any(|word| {
        if binder.is_sqlite() {
            word.eq_ignore_ascii_case(name)
        } else {
            word.to_lowercase() == name.to_lowercase()
        }
    })
}
