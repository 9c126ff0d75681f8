//! The groups of a SELECT read from a view that has them.
//!
//! A view has them if it is of the same table, its WHERE is a part of the SELECT's, and each column
//! of the SELECT's group and each aggregate is one of its own. What else WHERE asks must be of
//! columns by which the view groups, for it is then true of all rows of a group or of none. The
//! view may group by more columns, where each of those is held equal to one value: then a group of
//! the SELECT is still one group of the view.

use bourse::{Collation, Expression, View};

use super::grouping::{Grouping, Item, Key, Named, Part};
use crate::Dialect;
use crate::algebra::{
    Column, ColumnId, CompareOp, Expr, ExprKind, Go, GroupScan, JoinKind, Rel, Rewrite,
};
use crate::datum::Datum;
use crate::function::resolve;
use crate::plan::ids::{is_movable, used_by};
use crate::types::{SqlType, carrier, of_column};

/// Gives columns numbers that are not taken.
pub(super) type NextColumn<'n> = dyn FnMut() -> ColumnId + 'n;

/// The parts of a condition that must all be true.
fn parts_of(condition: &Expression, into: &mut Vec<Expression>) {
    match condition {
        Expression::And(parts) => parts.iter().for_each(|part| parts_of(part, into)),
        other => into.push(other.clone()),
    }
}

/// A view beside the groups that are asked of it.
struct Matching<'m> {
    grouping: &'m Grouping,
    view: &'m View,
    /// The columns that are read, by the view's outputs.
    columns: Vec<(Column, usize)>,
    next: &'m mut NextColumn<'m>,
}

/// The groups of a SELECT, read from a view; nothing if it has others.
pub(super) fn answer<'m>(
    grouping: &'m Grouping,
    view: &'m View,
    next: &'m mut NextColumn<'m>,
) -> Option<Rel> {
    let mut matching = Matching { grouping, view, columns: Vec::new(), next };
    if view.definition().base.is_some() || view.definition().table != grouping.table.name() {
        return None;
    }
    let left = matching.left_of_filters()?;
    let mut items: Vec<(Column, Expr)> = Vec::new();
    let mut is_used = vec![false; view.definition().group.len()];
    for (column, key) in &grouping.keys {
        let output = matching.output_of_key(key)?;
        if let Some(used) = is_used.get_mut(output) {
            *used = true;
        }
        let expr = matching.read(output, &column.ty, column.collation)?;
        items.push((column.clone(), expr));
    }
    let mut residual = Vec::with_capacity(left.len());
    for condition in left {
        residual.push(matching.over_groups(condition)?);
    }
    let is_one = |output: usize, matching: &Matching<'_>| {
        residual.iter().any(|condition| matching.fixes(condition, output))
    };
    let others = (0..is_used.len()).filter(|output| !is_used[*output]);
    if !others.clone().all(|output| is_one(output, &matching)) {
        return None;
    }
    for (column, item) in &grouping.items {
        let expr = matching.item(*item, column)?;
        items.push((column.clone(), expr));
    }
    let Matching { columns, .. } = matching;
    let mut rel = Rel::Groups(GroupScan {
        view: view.clone(),
        table: grouping.table.clone(),
        alias: view.name().to_owned(),
        columns,
    });
    if !residual.is_empty() {
        rel = Rel::Filter { input: Box::new(rel), predicate: Expr::all(residual) };
    }
    if grouping.keys.is_empty() {
        // Without GROUP BY there is a row, also of no rows.
        let one = Rel::Values { columns: Vec::new(), rows: vec![Vec::new()] };
        rel = Rel::Join {
            kind: JoinKind::Left,
            left: Box::new(one),
            right: Box::new(rel),
            on: Expr::all(Vec::new()),
            lateral: false,
        };
    }
    Some(Rel::Project { input: Box::new(rel), items })
}

impl Matching<'_> {
    fn bind(&self, expression: &Named) -> Option<Expression> {
        self.grouping.table.definition().bind(expression.clone()).ok()
    }

    /// What the SELECT's WHERE asks beyond the view's.
    fn left_of_filters(&self) -> Option<Vec<Expr>> {
        let mut wanted = Vec::new();
        if let Some(filter) = &self.view.definition().filter {
            parts_of(filter, &mut wanted);
        }
        let mut left = Vec::new();
        let mut met = vec![false; wanted.len()];
        for (condition, translated) in &self.grouping.filters {
            let bound = translated.as_ref().and_then(|named| self.bind(named));
            let mut found = false;
            if let Some(bound) = &bound {
                let mut parts = Vec::new();
                parts_of(bound, &mut parts);
                found = parts.iter().all(|part| wanted.contains(part));
                if found {
                    for (at, own) in wanted.iter().enumerate() {
                        met[at] |= parts.contains(own);
                    }
                }
            }
            if !found {
                left.push(condition.clone());
            }
        }
        met.iter().all(|met| *met).then_some(left)
    }

    fn output_of_key(&self, key: &Key) -> Option<usize> {
        match key {
            Key::Own(expression) => {
                let bound = self.bind(expression)?;
                let mut group = self.view.definition().group.iter();
                group.position(|column| column.expression == bound)
            }
            Key::LookedUp(joined, name) => {
                let definition = self.view.definition();
                let table = self.grouping.joined.get(*joined)?.table.name();
                let mut output = definition.group.len() + definition.aggregates.len();
                for lookup in &definition.lookups {
                    let mut columns = lookup.columns.iter();
                    if lookup.table == table
                        && let Some(at) = columns.position(|column| column.column == *name)
                    {
                        return Some(output + at);
                    }
                    output += lookup.columns.len();
                }
                None
            }
        }
    }

    fn output_of_part(&self, part: &Part) -> Option<usize> {
        let table = self.grouping.table.definition();
        let mut bind = |expression: Named| table.bind(expression);
        let function = part.function.clone().try_map(&mut bind).ok()?;
        let filter = part.filter.clone().map(bind).transpose().ok()?;
        let definition = self.view.definition();
        let mut aggregates = definition.aggregates.iter();
        let at = aggregates
            .position(|aggregate| aggregate.function == function && aggregate.filter == filter)?;
        Some(definition.group.len() + at)
    }

    /// An output of the view as a column of a type.
    fn read(&mut self, output: usize, ty: &SqlType, collation: Collation) -> Option<Expr> {
        let stored = self.view.columns().get(output)?;
        let is_same = carrier(ty)?.is_same_kind(stored.data_type);
        let own = if is_same { ty.clone() } else { of_column(stored, Dialect::Postgres) };
        let mut known = self.columns.iter();
        let known = known.find(|(column, at)| *at == output && column.ty == own);
        let id = match known {
            Some((column, _)) => column.id,
            None => {
                let id = (self.next)();
                let name = stored.name.clone();
                self.columns.push((Column { id, name, ty: own.clone(), collation }, output));
                id
            }
        };
        let expr = Expr::column(id, own, collation);
        Some(if is_same { expr } else { cast(expr, ty) })
    }

    fn part(&mut self, at: usize, ty: &SqlType, collation: Collation) -> Option<Expr> {
        let part = self.grouping.parts.get(at)?;
        let output = self.output_of_part(part)?;
        self.read(output, ty, collation)
    }

    fn item(&mut self, item: Item, column: &Column) -> Option<Expr> {
        let (ty, collation) = (&column.ty, column.collation);
        match item {
            Item::Part { at, .. } => self.part(at, ty, collation),
            Item::Count(at) => {
                let count = self.part(at, &SqlType::BigInt, collation)?;
                if !self.grouping.keys.is_empty() {
                    return Some(count);
                }
                let zero = Expr::literal(Datum::Integer(0), SqlType::BigInt);
                let kind = ExprKind::Coalesce(vec![count, zero]);
                Some(Expr { kind, ty: SqlType::BigInt, collation })
            }
            Item::Quotient { sum, count } => {
                let numeric = SqlType::Numeric(None);
                let sum = self.part(sum, &numeric, collation)?;
                let count = self.part(count, &SqlType::BigInt, collation)?;
                // A sum is NULL where nothing was counted, and so is the quotient then.
                let zero = Expr::literal(Datum::Integer(0), SqlType::BigInt);
                let is_any = Expr {
                    kind: ExprKind::Compare {
                        op: CompareOp::NotEqual,
                        left: Box::new(count.clone()),
                        right: Box::new(zero),
                    },
                    ty: SqlType::Boolean,
                    collation,
                };
                let divide =
                    resolve::operator(Dialect::Postgres, "/", Some(&numeric), Some(&numeric));
                let arguments = vec![sum, cast(count, &numeric)];
                let kind = ExprKind::Call { function: divide.ok()?.function, arguments };
                let quotient = Expr { kind, ty: numeric.clone(), collation };
                let kind = ExprKind::Case {
                    operand: None,
                    branches: vec![(is_any, quotient)],
                    otherwise: None,
                };
                Some(Expr { kind, ty: numeric, collation })
            }
        }
    }

    /// A condition of rows as one of the view's groups; nothing if it asks of other columns too.
    fn over_groups(&mut self, mut condition: Expr) -> Option<Expr> {
        struct Put<'p, 'm>(&'p mut Matching<'m>);
        impl Rewrite for Put<'_, '_> {
            fn expr(&mut self, expr: &mut Expr) -> Go {
                let Ok(named) = self.0.grouping.names.translate(expr) else { return Go::Inside };
                let mut is_of_row = false;
                named.for_each_column(&mut |_| is_of_row = true);
                if !is_of_row {
                    return Go::Inside;
                }
                let group = self.0.output_of_key(&Key::Own(named));
                let Some(output) = group else { return Go::Inside };
                let Some(read) = self.0.read(output, &expr.ty, expr.collation) else {
                    return Go::Inside;
                };
                *expr = read;
                Go::Past
            }
        }
        if !is_movable(&condition) {
            return None;
        }
        condition.rewrite(&mut Put(self));
        let used = used_by(&condition);
        let is_of_table = self.grouping.names.ids().any(|id| used.contains(id));
        let is_of_joined =
            self.grouping.joined.iter().any(|joined| joined.ids().any(|id| used.contains(id)));
        (!is_of_table && !is_of_joined).then_some(condition)
    }

    /// Whether a condition holds a column of the view's group equal to one value.
    fn fixes(&self, condition: &Expr, output: usize) -> bool {
        let ExprKind::Compare { op: CompareOp::Equal, left, right } = &condition.kind else {
            return false;
        };
        let is_column = |expr: &Expr| {
            let ExprKind::Column(id) = expr.kind else { return false };
            self.columns.iter().any(|(column, at)| column.id == id && *at == output)
        };
        let is_constant = |expr: &Expr| {
            let used = used_by(expr);
            !self.columns.iter().any(|(column, _)| used.contains(column.id))
        };
        is_column(left) && is_constant(right) || is_column(right) && is_constant(left)
    }
}

fn cast(expr: Expr, ty: &SqlType) -> Expr {
    let collation = expr.collation;
    let kind = ExprKind::Cast { operand: Box::new(expr), explicit: true };
    Expr { kind, ty: ty.clone(), collation }
}
