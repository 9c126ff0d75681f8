//! How rows of a table are found: by key, by a range of the primary key, or of an index.
//!
//! A condition serves a key when it compares one of the table's columns with what does not use the
//! table: a constant, a parameter, or a column of a row that is in the frame already. Each way is
//! priced by the entries it looks at, and by what sorting its rows would cost where an order is
//! wanted that it does not give.

use std::rc::Rc;

use bourse::schema::{IndexDefinition, IndexKey};
use bourse::{Collation, Type, ValueRef};

use super::ids::{Ids, is_volatile, used_by};
use super::statistics::{ColumnStatistics, TableStatistics};
use crate::algebra::{CompareOp, Expr, ExprKind, Quantifier, ScanColumn, SubqueryKind, TableScan};
use crate::datum::Datum;
use crate::types::SqlType;

/// An order that is wanted of rows: columns, from the first on.
#[derive(Clone, Debug)]
pub(crate) struct OrderPart {
    pub(crate) id: crate::algebra::ColumnId,
    pub(crate) descending: bool,
    pub(crate) nulls_first: bool,
    pub(crate) collation: Collation,
}

/// What the operator above wants.
#[derive(Clone, Default, Debug)]
pub(crate) struct Want {
    pub(crate) order: Vec<OrderPart>,
    /// About how many rows, if not all.
    pub(crate) rows: Option<f64>,
}

/// How a column is held to something else by one condition.
#[derive(Clone, Debug)]
pub(crate) enum Term {
    Equal(Expr),
    OneOf(Vec<Expr>),
    Elements(Expr),
    Rows(Expr),
    IsNull,
    Bound { op: CompareOp, with: Expr },
}

/// A condition that could serve a key.
#[derive(Clone, Debug)]
pub(crate) struct Usable {
    /// Its number among the conditions.
    pub(crate) condition: usize,
    /// Position of the table's column.
    pub(crate) column: usize,
    pub(crate) collation: Collation,
    pub(crate) term: Term,
}

/// A way to find rows.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) kind: AccessKind,
    /// Terms of the first columns of the key.
    pub(crate) equal: Vec<Usable>,
    pub(crate) lower: Option<Usable>,
    pub(crate) upper: Option<Usable>,
    /// How many of the wanted order's columns its rows are sorted by.
    pub(crate) sorted: usize,
    /// Whether it goes backwards for that.
    pub(crate) backwards: bool,
    /// Entries that are looked at, rows that come out, and the price of both.
    pub(crate) entries: f64,
    pub(crate) rows: f64,
    pub(crate) cost: f64,
}

/// Where it looks.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum AccessKind {
    Get,
    Table,
    Index { name: String, covering: bool },
}

/// A table in FROM with the conditions on it.
pub(crate) struct Target<'t> {
    pub(crate) scan: &'t TableScan,
    pub(crate) conditions: &'t [Expr],
    /// Columns that are in the frame before the table is read.
    pub(crate) known: &'t Ids,
    /// Columns of the table that are used.
    pub(crate) needed: &'t [usize],
    pub(crate) rows: f64,
    /// What is known of its values; nothing of a small table.
    pub(crate) statistics: Option<Rc<TableStatistics>>,
}

/// One column of a key.
#[derive(Clone, Copy)]
struct Part {
    column: Option<usize>,
    descending: bool,
    collation: Collation,
}

/// What is asked of a relation with keys: a table, or the groups of a view.
pub(crate) struct Keyed<'k> {
    /// Columns that are in the frame before it is read.
    pub(crate) known: &'k Ids,
    /// Which of its columns an expression is.
    pub(crate) column_of: &'k dyn Fn(&Expr) -> Option<usize>,
    /// Whether a column may be NULL: one that is NOT NULL has no key for it.
    pub(crate) has_nulls: &'k dyn Fn(usize) -> bool,
}

impl Keyed<'_> {
    fn is_known(&self, expr: &Expr) -> bool {
        used_by(expr).is_within(self.known) && !is_volatile(expr)
    }

    /// The conditions that could serve a key.
    pub(crate) fn usable(&self, conditions: &[Expr]) -> Vec<Usable> {
        let mut found = Vec::new();
        for (condition, expr) in conditions.iter().enumerate() {
            let mut add = |column, collation, term| {
                found.push(Usable { condition, column, collation, term });
            };
            match &expr.kind {
                ExprKind::Compare { op, left, right } => {
                    for (side, other, op) in [(left, right, *op), (right, left, turned(*op))] {
                        let Some(column) = (self.column_of)(side) else { continue };
                        if !self.is_known(other) {
                            continue;
                        }
                        let with = (**other).clone();
                        let term = match op {
                            CompareOp::Equal => Term::Equal(with),
                            CompareOp::Less
                            | CompareOp::LessOrEqual
                            | CompareOp::Greater
                            | CompareOp::GreaterOrEqual => Term::Bound { op, with },
                            _ => continue,
                        };
                        add(column, side.collation, term);
                        break;
                    }
                }
                ExprKind::InList { operand, list } => {
                    if let Some(column) = (self.column_of)(operand)
                        && list.iter().all(|item| self.is_known(item))
                    {
                        add(column, operand.collation, Term::OneOf(list.clone()));
                    }
                }
                ExprKind::CompareArray {
                    op: CompareOp::Equal,
                    quantifier: Quantifier::Any,
                    left,
                    array,
                } => {
                    if let Some(column) = (self.column_of)(left)
                        && self.is_known(array)
                    {
                        add(column, left.collation, Term::Elements((**array).clone()));
                    }
                }
                ExprKind::IsNull { operand, negated: false } => {
                    if let Some(column) = (self.column_of)(operand)
                        && (self.has_nulls)(column)
                    {
                        add(column, operand.collation, Term::IsNull);
                    }
                }
                ExprKind::Subquery(subquery) => {
                    if let SubqueryKind::Quantified {
                        op: CompareOp::Equal,
                        quantifier: Quantifier::Any,
                        operands,
                    } = &subquery.kind
                        && let [operand] = &operands[..]
                        && let Some(column) = (self.column_of)(operand)
                        && super::ids::free_in_query(&subquery.query).is_within(self.known)
                    {
                        add(column, operand.collation, Term::Rows(expr.clone()));
                    }
                }
                _ => {}
            }
        }
        found
    }
}

impl Target<'_> {
    fn column_of(&self, expr: &Expr) -> Option<usize> {
        let ExprKind::Column(id) = expr.kind else { return None };
        let found = self.scan.columns.iter().find(|(column, _)| column.id == id)?;
        match found.1 {
            ScanColumn::Column(position) => Some(position),
            ScanColumn::Key | ScanColumn::RowId => None,
        }
    }

    /// The conditions that could serve a key.
    pub(crate) fn usable(&self) -> Vec<Usable> {
        let columns = &self.scan.table.definition().columns;
        let keyed = Keyed {
            known: self.known,
            column_of: &|expr| self.column_of(expr),
            has_nulls: &|column| !columns[column].not_null,
        };
        let mut usable = keyed.usable(self.conditions);
        usable.retain(|usable| match &usable.term {
            Term::IsNull => true,
            Term::Bound { .. } => self.has_ordered_keys(usable.column),
            // An enumerated value is its label in a key, too.
            _ => {
                let ty = self.type_of(usable.column);
                self.has_ordered_keys(usable.column) || matches!(ty, Some(SqlType::Enum(_)))
            }
        });
        usable
    }

    fn type_of(&self, position: usize) -> Option<&SqlType> {
        let is_it =
            |source: &ScanColumn| matches!(source, ScanColumn::Column(at) if *at == position);
        let found = self.scan.columns.iter().find(|(_, source)| is_it(source));
        found.map(|(column, _)| &column.ty)
    }

    /// Whether a column's values lie in their order in a key.
    fn has_ordered_keys(&self, position: usize) -> bool {
        self.type_of(position).is_none_or(crate::types::has_ordered_keys)
    }

    /// The cheapest way.
    pub(crate) fn best(&self, want: &Want) -> Access {
        let usable = self.usable();
        let definition = self.scan.table.definition();
        let key: Vec<Part> = definition
            .primary_key_positions()
            .iter()
            .map(|position| {
                let collation = definition.columns[usize::from(*position)].collation;
                Part { column: Some(usize::from(*position)), descending: false, collation }
            })
            .collect();
        let must = match &self.scan.indexed_by {
            Some(Some(name)) => Some(name.as_str()),
            _ => None,
        };
        let mut best = self.table_access(&key, &usable, want);
        if must.is_some() {
            best.cost = f64::INFINITY;
        }
        if self.scan.indexed_by == Some(None) {
            return best;
        }
        for index in &definition.indexes {
            let is_wanted = must.is_none_or(|name| index.name.eq_ignore_ascii_case(name));
            let is_ready = self.scan.table.index_is_ready(&index.name).unwrap_or(false);
            if !is_wanted || !is_ready || !self.serves(index) {
                continue;
            }
            let access = self.index_access(index, &key, &usable, want);
            if access.cost < best.cost {
                best = access;
            }
        }
        best
    }

    /// Whether a partial index has entries for all rows that the conditions are true for.
    fn serves(&self, index: &IndexDefinition) -> bool {
        let Some(predicate) = &index.predicate else { return true };
        let definition = self.scan.table.definition();
        let mut values = Vec::new();
        for usable in self.usable() {
            let (op, with) = match &usable.term {
                Term::Equal(with) => (bourse::expression::Comparison::Equal, with),
                Term::Bound { op, with } => (comparison(*op), with),
                _ => continue,
            };
            let ExprKind::Literal(value) = &with.kind else { continue };
            let column = &definition.columns[usable.column];
            if let Ok(value) = crate::datum::to_value(value, &with.ty, &column.data_type)
                && usable.collation == column.collation
                && is_as_it_is(value.as_value(), &with.kind)
            {
                values.push((u16::try_from(usable.column).unwrap_or(u16::MAX), op, value));
            }
        }
        let terms: Vec<_> =
            values.iter().map(|(column, op, value)| (*column, *op, value.as_value())).collect();
        predicate.implies(&terms)
    }

    fn table_access(&self, key: &[Part], usable: &[Usable], want: &Want) -> Access {
        let mut access = self.ranged(AccessKind::Table, key, usable, true, want);
        if !key.is_empty() && self.finds_one(&mut access, key.len(), 2.0, want) {
            access.kind = AccessKind::Get;
        }
        access
    }

    /// Whether the whole of a unique key is given, so that there is one row at most; if so, what
    /// that one costs.
    fn finds_one(&self, access: &mut Access, columns: usize, cost: f64, want: &Want) -> bool {
        let is_equal = |usable: &Usable| matches!(usable.term, Term::Equal(_));
        let is_whole = access.equal.len() == columns && access.equal.iter().all(is_equal);
        if is_whole {
            access.entries = 1.0;
            access.rows = 1.0;
            access.sorted = self.own_columns(want);
            access.cost = cost;
        }
        is_whole
    }

    fn index_access(
        &self,
        index: &IndexDefinition,
        key: &[Part],
        usable: &[Usable],
        want: &Want,
    ) -> Access {
        let columns = index.columns.iter().map(|part| Part {
            column: match &part.key {
                IndexKey::Column(column) => Some(usize::from(*column)),
                IndexKey::Expression(_) => None,
            },
            descending: part.descending,
            collation: part.collation,
        });
        let mut parts: Vec<Part> = columns.collect();
        let own = parts.len();
        if !index.unique {
            parts.extend_from_slice(key);
        }
        let holds =
            |column: &usize| self.scan.table.index_holds(&index.name, *column).unwrap_or(false);
        let covering = self.needed.iter().all(holds);
        let kind = AccessKind::Index { name: index.name.clone(), covering };
        let mut access = self.ranged(kind, &parts, usable, false, want);
        if index.unique {
            self.finds_one(&mut access, own, 3.0, want);
        }
        access
    }

    /// The range of a key that the conditions make, and its price.
    fn ranged(
        &self,
        kind: AccessKind,
        parts: &[Part],
        usable: &[Usable],
        is_table: bool,
        want: &Want,
    ) -> Access {
        let definition = self.scan.table.definition();
        let fits = |part: &Part, usable: &&Usable| {
            part.column == Some(usable.column)
                && (part.collation == usable.collation
                    || definition.columns[usable.column].data_type != Type::Text
                        && definition.columns[usable.column].data_type != Type::Any)
        };
        let mut access = Access {
            kind,
            equal: Vec::new(),
            lower: None,
            upper: None,
            sorted: 0,
            backwards: false,
            entries: self.rows,
            rows: 0.0,
            cost: 0.0,
        };
        for part in parts {
            let of_part = usable.iter().filter(|usable| fits(part, usable));
            let weight = |usable: &&Usable| match usable.term {
                Term::Equal(_) | Term::IsNull => 0,
                Term::OneOf(_) | Term::Elements(_) => 1,
                Term::Rows(_) => 2,
                Term::Bound { .. } => 3,
            };
            match of_part.clone().min_by_key(weight) {
                Some(usable) if !matches!(usable.term, Term::Bound { .. }) => {
                    access.entries *= self.selectivity(usable, access.equal.is_empty());
                    access.equal.push(usable.clone());
                }
                Some(_) => {
                    let bound = |lower: bool| {
                        of_part.clone().find(|usable| {
                            matches!(usable.term, Term::Bound { op, .. } if is_lower(op) == lower)
                        })
                    };
                    (access.lower, access.upper) = (bound(true).cloned(), bound(false).cloned());
                    let bounds = (access.lower.as_ref(), access.upper.as_ref());
                    access.entries *= self.between(bounds.0, bounds.1);
                    break;
                }
                None => break,
            }
        }
        self.find_order(&mut access, parts, want);
        self.price(&mut access, usable, is_table, want);
        access
    }

    fn column_statistics(&self, position: usize) -> Option<&ColumnStatistics> {
        self.statistics.as_ref()?.column(position)
    }

    /// The share of rows between bounds of a column.
    fn between(&self, lower: Option<&Usable>, upper: Option<&Usable>) -> f64 {
        let below = |usable: Option<&Usable>| -> Option<f64> {
            let Usable { column, collation, term, .. } = usable?;
            let Term::Bound { with, .. } = term else { return None };
            self.column_statistics(*column)?.below(literal(with)?, *collation)
        };
        let least = 1.0 / self.rows.max(1.0);
        match (below(lower), below(upper)) {
            (Some(from), Some(to)) => (to - from).max(0.005),
            (Some(from), None) if upper.is_none() => 1.0 - from,
            (None, Some(to)) if lower.is_none() => to,
            _ if lower.is_some() && upper.is_some() => 0.02,
            _ => 0.25,
        }
        .max(least)
    }

    /// The share of rows for which a condition that no key serves is true.
    fn filtered(&self, usable: &Usable) -> f64 {
        match &usable.term {
            Term::Bound { op, .. } if self.statistics.is_some() => match is_lower(*op) {
                true => self.between(Some(usable), None),
                false => self.between(None, Some(usable)),
            },
            Term::Bound { .. } => 0.33,
            _ if self.column_statistics(usable.column).is_some() => self.selectivity(usable, false),
            _ => 0.1,
        }
    }

    fn selectivity(&self, usable: &Usable, is_first: bool) -> f64 {
        let definition = self.scan.table.definition();
        let is_key =
            definition.primary_key_positions() == [u16::try_from(usable.column).unwrap_or(0)];
        if !is_key && let Some(column) = self.column_statistics(usable.column) {
            let equal = |with: &Expr| column.equal(literal(with), usable.collation);
            let share = match &usable.term {
                Term::Equal(with) => equal(with),
                Term::OneOf(list) => list.iter().map(equal).sum(),
                Term::Elements(_) | Term::Rows(_) => 10.0 * column.equal(None, usable.collation),
                Term::IsNull => column.nulls,
                Term::Bound { .. } => 0.33,
            };
            return share.clamp(0.1 / self.rows.max(1.0), 1.0);
        }
        let distinct = match (is_key, is_first) {
            (true, _) => self.rows,
            (false, true) => self.rows.sqrt().max(10.0),
            (false, false) => 10.0,
        };
        let times = match &usable.term {
            Term::OneOf(list) => list.len() as f64,
            Term::Elements(_) | Term::Rows(_) => 10.0,
            _ => 1.0,
        };
        (times / distinct.max(1.0)).min(1.0)
    }

    /// With how many columns of the scan the wanted order begins. What stands behind those of other
    /// relations is never in order by this one's, however unique its key: a row may have several
    /// partners.
    fn own_columns(&self, want: &Want) -> usize {
        let is_own = |wanted: &&OrderPart| {
            let id = Expr::column(wanted.id, SqlType::Any, wanted.collation);
            self.column_of(&id).is_some()
        };
        want.order.iter().take_while(is_own).count()
    }

    /// How far the rows come in the wanted order.
    fn find_order(&self, access: &mut Access, parts: &[Part], want: &Want) {
        let is_one = |usable: &Usable| matches!(usable.term, Term::Equal(_) | Term::IsNull);
        if !access.equal.iter().all(is_one) {
            return;
        }
        let fixed = |column: usize| access.equal.iter().any(|usable| usable.column == column);
        let definition = self.scan.table.definition();
        let mut rest = parts[access.equal.len()..].iter().peekable();
        let (mut sorted, mut backwards) = (0, None);
        for wanted in &want.order {
            let id = Expr::column(wanted.id, SqlType::Any, wanted.collation);
            let Some(column) = self.column_of(&id) else { break };
            if fixed(column) {
                sorted += 1;
                continue;
            }
            // Columns that are one value only are in no one's way.
            while rest.next_if(|part| part.column.is_some_and(fixed)).is_some() {}
            let Some(part) = rest.peek() else { break };
            let data_type = definition.columns[column].data_type;
            let is_text = matches!(data_type, Type::Text | Type::Any);
            if part.column != Some(column)
                || is_text && part.collation != wanted.collation
                || !self.has_ordered_keys(column)
            {
                break;
            }
            let turned = part.descending != wanted.descending;
            if backwards.is_some_and(|backwards| backwards != turned) {
                break;
            }
            // NULL comes first in a key; last where that is descending.
            let bounded = [&access.lower, &access.upper]
                .into_iter()
                .flatten()
                .any(|usable| usable.column == column);
            let has_nulls = !definition.columns[column].not_null && !bounded;
            if has_nulls && wanted.nulls_first == wanted.descending {
                break;
            }
            backwards = Some(turned);
            sorted += 1;
            rest.next();
        }
        // Behind the last column of a unique key no order is left to want.
        if rest.peek().is_none() && backwards.is_some() && !parts.is_empty() && sorted > 0 {
            let unique = parts
                .iter()
                .all(|part| part.column.is_some_and(|column| definition.columns[column].not_null));
            let has_key = definition.primary_key_positions().iter().all(|position| {
                parts.iter().any(|part| part.column == Some(usize::from(*position)))
            });
            if unique && has_key && !definition.primary_key_positions().is_empty() {
                sorted = sorted.max(self.own_columns(want));
            }
        }
        access.sorted = sorted;
        access.backwards = backwards.unwrap_or(false) && sorted > 0;
    }

    fn price(&self, access: &mut Access, usable: &[Usable], is_table: bool, want: &Want) {
        let used: Vec<usize> = access.used();
        let mut rows = access.entries;
        let (mut by_entry, mut filters) = (access.entries, 0.0);
        for (number, condition) in self.conditions.iter().enumerate() {
            if used.contains(&number) {
                continue;
            }
            let factor = match usable.iter().find(|usable| usable.condition == number) {
                Some(usable) => self.filtered(usable),
                None => 0.33,
            };
            rows *= factor;
            filters += 0.1;
            if let AccessKind::Index { name, .. } = &access.kind {
                let columns = super::ids::used_by(condition);
                let held =
                    self.scan.columns.iter().filter(|(column, _)| columns.contains(column.id));
                let mut held = held.map(|(_, source)| match source {
                    ScanColumn::Column(at) => {
                        self.scan.table.index_holds(name, *at).unwrap_or(false)
                    }
                    _ => false,
                });
                if held.all(|held| held) {
                    by_entry *= factor;
                }
            }
        }
        access.rows = rows.max(0.001);
        let is_sorted = access.sorted >= want.order.len();
        let share = match want.rows {
            Some(wanted) if is_sorted => (wanted / access.rows).clamp(0.0, 1.0),
            // Where the first columns of the order come sorted, those rows are read that have the
            // same values as the last one that is wanted.
            Some(wanted) if access.sorted > 0 => {
                ((wanted + self.tied(access, want)) / access.rows).clamp(0.0, 1.0)
            }
            _ => 1.0,
        };
        let per_row = match &access.kind {
            AccessKind::Index { covering: true, .. } => 0.0,
            AccessKind::Index { .. } => 2.0,
            _ if is_table => 0.4,
            _ => 0.0,
        };
        let merging = if access.sorted > 0 && !want.order.is_empty() { 0.5 } else { 0.0 };
        let mut cost =
            3.0 + share * (access.entries * (0.5 + filters + merging) + by_entry * per_row);
        if !is_sorted {
            let rows = share * access.rows;
            cost += rows * (rows.max(2.0).log2() * 0.15 + 0.5);
        }
        access.cost = cost;
    }

    /// How many of the rows have one value of what they come sorted by.
    fn tied(&self, access: &Access, want: &Want) -> f64 {
        let distinct = |wanted: &OrderPart| {
            let id = Expr::column(wanted.id, SqlType::Any, wanted.collation);
            let column = self.column_of(&id)?;
            let is_fixed = access.equal.iter().any(|usable| usable.column == column);
            let known = self.column_statistics(column).map(|column| column.distinct);
            (!is_fixed).then(|| known.unwrap_or_else(|| self.rows.sqrt()))
        };
        let groups: f64 = want.order[..access.sorted].iter().filter_map(distinct).product();
        access.rows / groups.clamp(1.0, access.rows.max(1.0))
    }
}

impl Access {
    /// The numbers of the conditions that its key stands for.
    pub(crate) fn used(&self) -> Vec<usize> {
        let parts = self.equal.iter().chain(&self.lower).chain(&self.upper);
        parts.map(|usable| usable.condition).collect()
    }
}

/// The value that an expression is, if it is known when it is planned.
fn literal(expr: &Expr) -> Option<&Datum> {
    match &expr.kind {
        ExprKind::Literal(value) => Some(value),
        ExprKind::Cast { operand, .. } | ExprKind::Affinity { operand, .. } => literal(operand),
        _ => None,
    }
}

/// Whether a constant is the value itself, not another one that it was made into.
fn is_as_it_is(value: ValueRef<'_>, kind: &ExprKind) -> bool {
    let ExprKind::Literal(literal) = kind else { return false };
    match (value, literal) {
        (ValueRef::Integer(a), Datum::Integer(b)) => a == *b,
        (ValueRef::Text(a), Datum::Text(b)) => a == b.as_str(),
        (ValueRef::Boolean(a), Datum::Boolean(b)) => a == *b,
        (ValueRef::Boolean(a), Datum::Integer(b)) => i64::from(a) == *b,
        (ValueRef::Double(a), Datum::Double(b)) => a == *b,
        _ => false,
    }
}

fn is_lower(op: CompareOp) -> bool {
    matches!(op, CompareOp::Greater | CompareOp::GreaterOrEqual)
}

/// The comparison with its sides exchanged.
pub(crate) fn turned(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
        same => same,
    }
}

fn comparison(op: CompareOp) -> bourse::expression::Comparison {
    use bourse::expression::Comparison;
    match op {
        CompareOp::Less => Comparison::Less,
        CompareOp::LessOrEqual => Comparison::LessOrEqual,
        CompareOp::Greater => Comparison::Greater,
        CompareOp::GreaterOrEqual => Comparison::GreaterOrEqual,
        CompareOp::NotEqual => Comparison::NotEqual,
        _ => Comparison::Equal,
    }
}
