//! SELECT: its clauses, and the operators that they become, from the bottom:
//!
//! ```text
//! FROM  WHERE  GROUP BY  HAVING  windows  functions of rows  select list  DISTINCT  ORDER BY
//! ```

use sqlparser::ast::{
    Distinct, JoinOperator, LockClause, LockType, NonBlock, OrderBy, OrderByExpr, OrderByKind,
    Select, SelectItem, SelectItemQualifiedWildcardKind, TableFactor, TableWithJoins, Value,
};

use super::binder::Binder;
use super::coerce::strip;
use super::group::Grouping;
use super::output::output_name;
use super::same::same;
use super::scope::{Clause, Frame, Namespace};
use super::window::windows_over;
use crate::algebra::{
    Column, ColumnId, ColumnOrigin, Expr, ExprKind, LockStrength, LockWait, OutputColumn, Query,
    Rel, RowLockClause, SortKey,
};
use crate::error::{Result, SqlError};

/// A column of the select list.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) expr: Expr,
    pub(crate) origin: Option<ColumnOrigin>,
    pub(crate) declared: Option<String>,
}

/// What an order or DISTINCT ON goes by.
#[derive(Clone, Debug)]
pub(crate) enum By {
    /// A column of the select list.
    Item(usize),
    /// Something else.
    Expr(Expr),
}

/// A SELECT whose clauses are bound.
struct Clauses {
    items: Vec<Item>,
    grouping: Option<Grouping>,
    having: Option<Expr>,
    order: Vec<(By, SortKey)>,
    distinct_on: Vec<By>,
}

impl Binder<'_> {
    /// A SELECT with the ORDER BY and the locks that belong to it.
    pub(crate) fn select(
        &mut self,
        select: &Select,
        order: Option<&OrderBy>,
        locks: &[LockClause],
    ) -> Result<Query> {
        self.refuse_clauses(select)?;
        // What is told apart has a type.
        let is_distinct = select.distinct.is_some() && !self.is_sqlite();
        let settles = !std::mem::take(&mut self.keep_unknown) || is_distinct;
        let (mut rel, namespace) = self.from(&select.from)?;
        self.frames.push(Frame::new(namespace, Clause::Select));
        let bound = self.clauses(select, order, settles);
        let filter = match (&select.selection, &bound) {
            (Some(condition), Ok(_)) => Some(self.in_clause(Clause::Where, |binder| {
                let bound = binder.expr(condition)?;
                binder.condition(bound, "WHERE")
            })),
            _ => None,
        };
        let frame = self.frames.pop();
        let (Some(frame), clauses) = (frame, bound?) else {
            return Err(SqlError::new("XX000", "a frame was lost"));
        };
        if let Some(predicate) = filter.transpose()? {
            rel = Rel::Filter { input: Box::new(rel), predicate };
        }
        let lock = self.row_locks(locks, select, &frame, &clauses)?;
        let distinct = match &select.distinct {
            None | Some(Distinct::All) => None,
            Some(Distinct::Distinct) => Some(false),
            Some(Distinct::On(_)) => Some(true),
        };
        self.assemble(rel, frame, clauses, distinct, lock)
    }

    fn refuse_clauses(&self, select: &Select) -> Result<()> {
        let what = [
            (select.into.is_some() && self.is_sqlite(), "SELECT INTO"),
            (select.top.is_some(), "TOP"),
            (select.qualify.is_some(), "QUALIFY"),
            (select.prewhere.is_some(), "PREWHERE"),
            (!select.lateral_views.is_empty(), "LATERAL VIEW"),
            (!select.connect_by.is_empty(), "CONNECT BY"),
        ];
        if select.into.is_some() && !self.is_sqlite() {
            return Err(SqlError::new("42601", "SELECT ... INTO is not allowed here"));
        }
        match what.into_iter().find(|(is_there, _)| *is_there) {
            Some((_, name)) => Err(self.unsupported(&format!("{name} is not supported"))),
            None => Ok(()),
        }
    }

    fn clauses(
        &mut self,
        select: &Select,
        order: Option<&OrderBy>,
        settles: bool,
    ) -> Result<Clauses> {
        for definition in &select.named_window {
            let name = self.fold(&definition.0);
            let is_taken = self.frame().named_windows.iter().any(|(other, _)| *other == name);
            if is_taken && !self.is_sqlite() {
                let message = format!("window \"{name}\" is already defined");
                return Err(SqlError::new("42P20", message));
            }
            self.frame().named_windows.push((name, definition.1.clone()));
        }
        let items = self.items(&select.projection, settles)?;
        if self.is_sqlite() {
            // What stands behind the list may name its columns, they themselves may not.
            for item in &select.projection {
                if let SelectItem::ExprWithAlias { expr, alias } = item {
                    self.frame().aliases.push((alias.value.clone(), expr.clone()));
                }
            }
        }
        let grouping = self.grouping_of(&select.group_by, &items)?;
        let is_plain = grouping.is_none() && self.frame().aggregates.is_empty();
        if self.is_sqlite() && select.having.is_some() && is_plain {
            let message = "HAVING clause on a non-aggregate query";
            return Err(SqlError::new("42803", message));
        }
        let having = match &select.having {
            Some(condition) => Some(self.in_clause(Clause::Having, |binder| {
                let bound = binder.expr(condition)?;
                binder.condition(bound, "HAVING")
            })?),
            None => None,
        };
        let order = self.order_of_select(order, &items)?;
        let distinct_on = match &select.distinct {
            Some(Distinct::On(trees)) => {
                let by = trees.iter().map(|tree| {
                    self.in_clause(Clause::DistinctOn, |binder| {
                        binder.by(tree, &items, "DISTINCT ON")
                    })
                });
                by.collect::<Result<_>>()?
            }
            _ => Vec::new(),
        };
        Ok(Clauses { items, grouping, having, order, distinct_on })
    }

    /// The select list, `*` written out.
    pub(crate) fn items(&mut self, projection: &[SelectItem], settles: bool) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        for item in projection {
            match item {
                SelectItem::Wildcard(_) => {
                    let has_relation = self
                        .frames
                        .last()
                        .is_some_and(|frame| !frame.namespace.relations.is_empty());
                    if !has_relation {
                        return Err(match self.is_sqlite() {
                            true => SqlError::new("42601", "no tables specified"),
                            false => SqlError::new(
                                "42601",
                                "SELECT * with no tables specified is not valid",
                            ),
                        });
                    }
                    let columns = self.star(None)?;
                    items.extend(columns.into_iter().map(Item::of));
                }
                SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::ObjectName(name),
                    _,
                ) => {
                    let columns = self.star(Some(name))?;
                    items.extend(columns.into_iter().map(Item::of));
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(tree), _) => {
                    let row = self.expr(tree)?;
                    let crate::types::SqlType::Record(columns) = row.ty.clone() else {
                        let message = "type is not composite";
                        return Err(SqlError::new("42809", message));
                    };
                    for (name, _) in columns.iter() {
                        let expr = self.field(row.clone(), name)?;
                        items.push(Item { name: name.clone(), expr, origin: None, declared: None });
                    }
                }
                SelectItem::UnnamedExpr(tree) => {
                    let name = output_name(self, tree);
                    items.push(self.item(tree, name, settles)?);
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    let name = self.fold(alias);
                    items.push(self.item(expr, name, settles)?);
                }
                SelectItem::ExprWithAliases { .. } => {
                    return Err(
                        self.unsupported("several names for an expression are not supported")
                    );
                }
            }
        }
        Ok(items)
    }

    fn item(&mut self, tree: &sqlparser::ast::Expr, name: String, settles: bool) -> Result<Item> {
        let bound = self.value_expr(tree)?;
        let expr = if settles { self.settle(bound)? } else { bound };
        self.check_no_row(&expr)?;
        let collation = self.said_collation(tree)?.unwrap_or(expr.collation);
        let expr = Expr { collation, ..expr };
        let (origin, declared) = match &expr.kind {
            ExprKind::Column(id) => self.origin_of(*id),
            _ => (None, None),
        };
        Ok(Item { name, expr, origin, declared })
    }

    /// Whether a column is one of the relations that are in scope.
    fn is_around(&self, id: ColumnId) -> bool {
        let relations = self.frames.iter().flat_map(|frame| &frame.namespace.relations);
        let mut columns =
            relations.flat_map(|relation| relation.columns.iter().chain(&relation.hidden));
        columns.any(|column| matches!(column.expr.kind, ExprKind::Column(own) if own == id))
    }

    /// Where a column is read from.
    fn origin_of(&self, id: ColumnId) -> (Option<ColumnOrigin>, Option<String>) {
        let frames = self.frames.iter().rev();
        let relations = frames.flat_map(|frame| &frame.namespace.relations);
        let mut columns =
            relations.flat_map(|relation| relation.columns.iter().chain(&relation.hidden));
        let found =
            columns.find(|column| matches!(column.expr.kind, ExprKind::Column(own) if own == id));
        found.map_or((None, None), |column| (column.origin.clone(), column.declared.clone()))
    }

    fn order_of_select(
        &mut self,
        order: Option<&OrderBy>,
        items: &[Item],
    ) -> Result<Vec<(By, SortKey)>> {
        let mut keys = Vec::new();
        for key in order_exprs(self, order)? {
            let by = match self.collated_position(&key.expr, items)? {
                Some(expr) => By::Expr(expr),
                None => self
                    .in_clause(Clause::OrderBy, |binder| binder.by(&key.expr, items, "ORDER BY"))?,
            };
            let expr = match &by {
                By::Item(at) => items[*at].expr.clone(),
                By::Expr(expr) => expr.clone(),
            };
            let collated = matches!(strip(&key.expr), sqlparser::ast::Expr::Collate { .. });
            let sort = self.sort_key_of(expr, key)?;
            let by = match by {
                By::Expr(expr) => By::Expr(Expr { collation: sort.expr.collation, ..expr }),
                other => other,
            };
            let by = match by {
                // What is the same as a column of the list is that column.
                By::Expr(expr) if !collated => {
                    match items.iter().position(|item| same(&item.expr, &expr)) {
                        Some(at) => By::Item(at),
                        None => By::Expr(expr),
                    }
                }
                other => other,
            };
            keys.push((by, sort));
        }
        Ok(keys)
    }

    /// SQLite's `ORDER BY 1 COLLATE NOCASE`: an item of the select list, ordered otherwise.
    fn collated_position(
        &self,
        tree: &sqlparser::ast::Expr,
        items: &[Item],
    ) -> Result<Option<Expr>> {
        use sqlparser::ast::Expr as Ast;
        let Ast::Collate { expr, collation } = strip(tree) else { return Ok(None) };
        let Ast::Value(value) = strip(expr) else { return Ok(None) };
        let Value::Number(digits, _) = &value.value else { return Ok(None) };
        let Some(position) = digits.parse::<usize>().ok().filter(|_| self.is_sqlite()) else {
            return Ok(None);
        };
        let item = &items[self.position(position, items, "ORDER BY")?];
        Ok(Some(Expr { collation: self.collation(collation)?, ..item.expr.clone() }))
    }

    /// A position, a name of the select list, or an expression.
    pub(crate) fn by(
        &mut self,
        tree: &sqlparser::ast::Expr,
        items: &[Item],
        clause: &str,
    ) -> Result<By> {
        use sqlparser::ast::Expr as Ast;
        if let Ast::UnaryOp { op: sqlparser::ast::UnaryOperator::Minus, expr } = strip(tree)
            && let Ast::Value(value) = expr.as_ref()
            && let Value::Number(digits, _) = &value.value
            && let Ok(position) = digits.parse::<i64>()
            && !(self.is_sqlite() && i32::try_from(position).is_err())
        {
            return Err(self.no_position(-position, items, clause));
        }
        match strip(tree) {
            Ast::Value(value) if matches!(value.value, Value::Number(..)) => {
                if let Value::Number(digits, _) = &value.value
                    && let Ok(position) = digits.replace('_', "").parse::<usize>()
                    // A larger number is no position to SQLite.
                    && !(self.is_sqlite() && i32::try_from(position).is_err())
                {
                    return self.position(position, items, clause).map(By::Item);
                }
                if self.is_sqlite() {
                    return self.by_expr(tree);
                }
                let message = format!("non-integer constant in {clause}");
                Err(SqlError::new("42601", message))
            }
            Ast::Value(value)
                if !self.is_sqlite() && !matches!(value.value, Value::Placeholder(_)) =>
            {
                Err(SqlError::new("42601", format!("non-integer constant in {clause}")))
            }
            Ast::Identifier(ident) => {
                let name = self.fold(ident);
                let mut found =
                    items.iter().enumerate().filter(|(_, item)| self.is_name(&item.name, &name));
                let Some((at, first)) = found.next() else {
                    return self.by_expr(tree);
                };
                if !self.is_sqlite() && found.any(|(_, other)| !same(&other.expr, &first.expr)) {
                    let message = format!("{clause} \"{name}\" is ambiguous");
                    return Err(self.at(SqlError::new("42702", message), ident.span));
                }
                Ok(By::Item(at))
            }
            _ => self.by_expr(tree),
        }
    }

    fn by_expr(&mut self, tree: &sqlparser::ast::Expr) -> Result<By> {
        let bound = self.value_expr(tree)?;
        self.settle(bound).map(By::Expr)
    }

    pub(crate) fn position(&self, position: usize, items: &[Item], clause: &str) -> Result<usize> {
        if (1..=items.len()).contains(&position) {
            return Ok(position - 1);
        }
        Err(self.no_position(i64::try_from(position).unwrap_or(i64::MAX), items, clause))
    }

    fn no_position(&self, position: i64, items: &[Item], clause: &str) -> SqlError {
        let message = match self.is_sqlite() {
            true => {
                format!("1st {clause} term out of range - should be between 1 and {}", items.len())
            }
            false => format!("{clause} position {position} is not in select list"),
        };
        SqlError::new("42P10", message)
    }

    /// The relations that an outer join may fill with NULLs.
    fn nullable_relations(&self, from: &[TableWithJoins]) -> Vec<String> {
        let name_of = |factor: &TableFactor| match factor {
            TableFactor::Table { name, alias, .. } => match alias {
                Some(alias) => Some(self.fold(&alias.name)),
                None => self.object_name(name).ok().map(|(_, name)| name),
            },
            TableFactor::Derived { alias, .. } => {
                alias.as_ref().map(|alias| self.fold(&alias.name))
            }
            _ => None,
        };
        let mut nullable = Vec::new();
        for item in from {
            let mut before: Vec<String> = name_of(&item.relation).into_iter().collect();
            for join in &item.joins {
                let own = name_of(&join.relation);
                let (left, right) = match &join.join_operator {
                    JoinOperator::Left(_) | JoinOperator::LeftOuter(_) => (false, true),
                    JoinOperator::Right(_) | JoinOperator::RightOuter(_) => (true, false),
                    JoinOperator::FullOuter(_) => (true, true),
                    _ => (false, false),
                };
                if left {
                    nullable.extend(before.iter().cloned());
                }
                if right {
                    nullable.extend(own.clone());
                }
                before.extend(own);
            }
        }
        nullable
    }

    fn row_locks(
        &self,
        locks: &[LockClause],
        select: &Select,
        frame: &Frame,
        clauses: &Clauses,
    ) -> Result<Vec<RowLockClause>> {
        let mut rows = Vec::new();
        for lock in locks {
            let strength = match lock.lock_type {
                LockType::Share => LockStrength::Share,
                LockType::Update => LockStrength::Update,
            };
            let name = if strength == LockStrength::Share { "FOR SHARE" } else { "FOR UPDATE" };
            let with = match () {
                () if clauses.grouping.is_some() => Some("GROUP BY clause"),
                () if select.distinct.is_some() => Some("DISTINCT clause"),
                () if clauses.having.is_some() => Some("HAVING clause"),
                () if !frame.aggregates.is_empty() => Some("aggregate functions"),
                () if !frame.windows.is_empty() => Some("window functions"),
                () if !frame.sets.is_empty() => Some("set-returning functions in the target list"),
                () => None,
            };
            if let Some(with) = with {
                return Err(SqlError::unsupported(format!("{name} is not allowed with {with}")));
            }
            let wait = match lock.nonblock {
                None => LockWait::Block,
                Some(NonBlock::Nowait) => LockWait::NoWait,
                Some(NonBlock::SkipLocked) => LockWait::SkipLocked,
            };
            let of = match &lock.of {
                Some(of) => Some(self.object_name(of)?.1),
                None => None,
            };
            let nullable = self.nullable_relations(&select.from);
            let before = rows.len();
            for relation in &frame.namespace.relations {
                if nullable.contains(&relation.name)
                    && of.as_ref().is_none_or(|of| *of == relation.name)
                {
                    let message =
                        format!("{name} cannot be applied to the nullable side of an outer join");
                    return Err(SqlError::unsupported(message));
                }
                if of.as_ref().is_some_and(|of| !self.is_name(of, &relation.name)) {
                    continue;
                }
                if let Some((_, table, key)) = &relation.table {
                    rows.push(RowLockClause { table: table.clone(), key: *key, strength, wait });
                }
            }
            if let Some(of) = of.filter(|_| rows.len() == before) {
                let message =
                    format!("relation \"{of}\" in {name} clause not found in FROM clause");
                return Err(SqlError::new("42P01", message));
            }
        }
        Ok(rows)
    }

    fn assemble(
        &mut self,
        mut rel: Rel,
        mut frame: Frame,
        mut clauses: Clauses,
        distinct: Option<bool>,
        locks: Vec<RowLockClause>,
    ) -> Result<Query> {
        let grouped = clauses.grouping.is_some()
            || clauses.having.is_some()
            || !frame.aggregates.is_empty()
            || !frame.groupings.is_empty();
        if grouped {
            rel = self.group(rel, &mut frame, &mut clauses)?;
        }
        rel = windows_over(rel, std::mem::take(&mut frame.windows));
        let mut sets = std::mem::take(&mut frame.sets);
        sets.sort_by_key(|(level, _)| *level);
        while let Some(level) = sets.first().map(|(level, _)| *level) {
            let rest = sets.split_off(sets.partition_point(|(other, _)| *other <= level));
            let calls = std::mem::replace(&mut sets, rest).into_iter().map(|(_, call)| call);
            rel = Rel::ProjectSet { input: Box::new(rel), calls: calls.collect() };
        }
        self.finish_select(rel, clauses, distinct, locks)
    }

    fn group(&mut self, rel: Rel, frame: &mut Frame, clauses: &mut Clauses) -> Result<Rel> {
        let grouping = clauses.grouping.take().unwrap_or_default();
        let mut grouped = self.begin_group(grouping, frame)?;
        for (at, item) in clauses.items.iter_mut().enumerate() {
            grouped.rewrite_item(at, &mut item.expr)?;
        }
        if let Some(having) = &mut clauses.having {
            grouped.rewrite(having)?;
        }
        for (by, key) in &mut clauses.order {
            if let By::Expr(expr) = by {
                grouped.rewrite(expr)?;
                key.expr = expr.clone();
            }
        }
        for by in &mut clauses.distinct_on {
            if let By::Expr(expr) = by {
                grouped.rewrite(expr)?;
            }
        }
        grouped.rewrite_frame(frame)?;
        let mut rel = self.end_group(grouped, rel, frame)?;
        if let Some(predicate) = clauses.having.take() {
            rel = Rel::Filter { input: Box::new(rel), predicate };
        }
        Ok(rel)
    }

    /// The columns of the result, whose items are put into the list of what is computed.
    fn columns_of(&mut self, items: Vec<Item>, list: &mut List) -> Vec<OutputColumn> {
        let column_of = |item: Item| {
            // What is made of two columns by USING is read from neither.
            let is_read = matches!(item.expr.kind, ExprKind::Column(_));
            let column = list.add(self, &item.name, item.expr);
            OutputColumn {
                name: item.name,
                id: column.id,
                ty: column.ty,
                collation: column.collation,
                origin: item.origin.filter(|_| is_read),
                declared: item.declared,
            }
        };
        items.into_iter().map(column_of).collect()
    }

    fn finish_select(
        &mut self,
        rel: Rel,
        clauses: Clauses,
        distinct: Option<bool>,
        locks: Vec<RowLockClause>,
    ) -> Result<Query> {
        let mut list = List { items: Vec::new() };
        let columns = self.columns_of(clauses.items, &mut list);
        let visible = list.items.len();
        let of = |columns: &[OutputColumn], at: usize| {
            let column = &columns[at];
            Expr::column(column.id, column.ty.clone(), column.collation)
        };
        let mut keys = Vec::new();
        for (by, key) in clauses.order {
            let expr = match by {
                By::Item(at) => Expr { collation: key.expr.collation, ..of(&columns, at) },
                By::Expr(expr) => {
                    let collation = expr.collation;
                    Expr { collation, ..super::scope::expr_of(&list.find(self, "sort", expr)) }
                }
            };
            keys.push(SortKey { expr: super::compare::ordinal(expr)?, ..key });
        }
        // SQLite orders by what it is in the first of the rows that are alike.
        if distinct == Some(false) && list.items.len() > visible && !self.is_sqlite() {
            let message = "for SELECT DISTINCT, ORDER BY expressions must appear in select list";
            return Err(SqlError::new("42P10", message));
        }
        let mut on = Vec::new();
        for by in clauses.distinct_on {
            on.push(match by {
                By::Item(at) => of(&columns, at),
                By::Expr(expr) => super::scope::expr_of(&list.find(self, "on", expr)),
            });
        }
        check_order(&on, &keys)?;
        for lock in &locks {
            list.hand_on(lock.key);
        }
        let mut rel = Rel::Project { input: Box::new(rel), items: list.items };
        if distinct == Some(false) {
            columns.iter().try_for_each(|column| self.equatable(&column.ty))?;
            let on = (0..columns.len()).map(|at| of(&columns, at)).collect();
            rel = Rel::Distinct { input: Box::new(rel), on };
        }
        if !keys.is_empty() {
            rel = Rel::Sort { input: Box::new(rel), keys };
        }
        if distinct == Some(true) {
            rel = Rel::Distinct { input: Box::new(rel), on };
        }
        if !locks.is_empty() {
            rel = Rel::Lock { input: Box::new(rel), clauses: locks };
        }
        Ok(Query { rel, columns })
    }
}

impl Item {
    pub(crate) fn of(column: super::scope::Visible) -> Item {
        Item {
            name: column.name,
            expr: column.expr,
            origin: column.origin,
            declared: column.declared,
        }
    }
}

/// Columns of a projection: those that are handed on are there once.
pub(crate) struct List {
    pub(crate) items: Vec<(Column, Expr)>,
}

impl List {
    pub(crate) fn add(&mut self, binder: &mut Binder<'_>, name: &str, expr: Expr) -> Column {
        // One of a query around gets an id of its own: that query's groups may give it another.
        if let ExprKind::Column(id) = expr.kind
            && !binder.is_around(id)
        {
            let known = self.items.iter().find(|(column, _)| column.id == id);
            if let Some((column, _)) = known {
                return column.clone();
            }
            let column = Column {
                id,
                name: name.to_owned(),
                ty: expr.ty.clone(),
                collation: expr.collation,
            };
            self.items.push((column.clone(), expr));
            return column;
        }
        let column = binder.column_for(name, &expr);
        self.items.push((column.clone(), expr));
        column
    }

    /// The column that computes the expression already, or a new one.
    fn find(&mut self, binder: &mut Binder<'_>, name: &str, expr: Expr) -> Column {
        match self.items.iter().find(|(_, known)| same(known, &expr)) {
            Some((column, _)) => column.clone(),
            None => self.add(binder, name, expr),
        }
    }

    fn hand_on(&mut self, id: ColumnId) {
        if self.items.iter().any(|(column, _)| column.id == id) {
            return;
        }
        let ty = crate::types::SqlType::Record([].into());
        let column = super::scope::column(id, "key", ty, bourse::Collation::Binary);
        let expr = super::scope::expr_of(&column);
        self.items.push((column, expr));
    }
}

/// The expressions of an ORDER BY.
pub(crate) fn order_exprs<'o>(
    binder: &Binder<'_>,
    order: Option<&'o OrderBy>,
) -> Result<&'o [OrderByExpr]> {
    match order.map(|order| &order.kind) {
        None => Ok(&[]),
        Some(OrderByKind::Expressions(exprs)) => Ok(exprs),
        Some(OrderByKind::All(_)) => Err(binder.unsupported("ORDER BY ALL is not supported")),
    }
}

/// A namespace of nothing.
pub(crate) fn nothing() -> Namespace {
    Namespace::default()
}

/// Refuses an order that does not begin with what DISTINCT ON tells rows apart by.
fn check_order(on: &[Expr], keys: &[SortKey]) -> Result<()> {
    let matches = |key: &SortKey| {
        let is_it = |expr: &Expr| {
            let ordered = super::compare::ordinal(expr.clone());
            same(expr, &key.expr) || ordered.is_ok_and(|expr| same(&expr, &key.expr))
        };
        on.iter().any(is_it)
    };
    if keys.iter().take(on.len()).all(matches) {
        return Ok(());
    }
    let message = "SELECT DISTINCT ON expressions must match initial ORDER BY expressions";
    Err(SqlError::new("42P10", message))
}
