//! Scans: a table and the conditions on it become a way to find rows and what is still asked of
//! them.

use std::rc::Rc;

use bourse::{Order, Range, Type};

use super::Planner;
use super::access::{Access, AccessKind, OrderPart, Target, Term, Usable, Want};
use super::build::Built;
use super::compile::slot;
use super::ids::{Ids, used_by};
use super::node::{KeyCode, KeyPart, KeyRange, Node, Output, Path, Scan, Source};
use super::statistics::TableStatistics;
use crate::algebra::{CompareOp, Expr, ExprKind, ScanColumn, TableScan};
use crate::error::{Result, SqlError};
use crate::types::of_column;

/// What a scan's column is read from.
pub(crate) fn output(
    column: &crate::algebra::Column,
    source: ScanColumn,
    table: &bourse::Table,
    dialect: crate::Dialect,
) -> Output {
    let (source, ty) = match source {
        ScanColumn::Column(position) => {
            let stored = &table.definition().columns[position];
            (Source::Column(position), of_column(stored, dialect))
        }
        ScanColumn::Key => (Source::Key, column.ty.clone()),
        ScanColumn::RowId => (Source::RowId, column.ty.clone()),
    };
    // The binder knows of declared types that the store's column alone does not tell.
    let ty = if dialect == crate::Dialect::Postgres { column.ty.clone() } else { ty };
    Output { slot: slot(column.id), source, ty }
}

impl Planner<'_> {
    /// How many rows a table has.
    pub(crate) fn count(&mut self, table: &bourse::Table) -> f64 {
        if let Some(count) = self.counts.get(&table.id()) {
            return *count;
        }
        let count = self.reader.count(table, None, &Range::all()).unwrap_or(1000) as f64;
        let count = count.max(1.0);
        self.counts.insert(table.id(), count);
        count
    }

    /// What is known of a table's values, where conditions are to be weighed: not where the whole
    /// primary key is given.
    pub(crate) fn statistics_for(
        &mut self,
        scan: &TableScan,
        conditions: &[Expr],
    ) -> Option<Rc<TableStatistics>> {
        let key = scan.table.definition().primary_key_positions();
        let is_given = |position: &u16| {
            conditions.iter().any(|condition| {
                let ExprKind::Compare { op: CompareOp::Equal, left, right } = &condition.kind
                else {
                    return false;
                };
                [left, right].iter().any(|side| match side.kind {
                    ExprKind::Column(id) => {
                        let mut columns = scan.columns.iter();
                        columns.any(|(column, source)| {
                            column.id == id && *source == ScanColumn::Column((*position).into())
                        })
                    }
                    _ => false,
                })
            })
        };
        let is_one = !key.is_empty() && key.iter().all(is_given);
        if conditions.is_empty() || is_one { None } else { self.statistics(&scan.table) }
    }

    /// A scan of a table's rows for which conditions are true.
    pub(crate) fn scan(
        &mut self,
        scan: TableScan,
        conditions: Vec<Expr>,
        needed: &Ids,
        want: &Want,
    ) -> Result<Built> {
        let mut used = needed.clone();
        conditions.iter().for_each(|condition| used.extend(&used_by(condition)));
        let positions: Vec<usize> = scan
            .columns
            .iter()
            .filter(|(column, _)| used.contains(column.id))
            .flat_map(|(_, source)| match source {
                ScanColumn::Column(position) => vec![*position],
                // An index may have a key of which it does not keep the values.
                ScanColumn::Key => {
                    let definition = scan.table.definition();
                    definition.primary_key_positions().iter().map(|at| usize::from(*at)).collect()
                }
                ScanColumn::RowId => Vec::new(),
            })
            .collect();
        let rows = self.count(&scan.table);
        let known = self.known.clone();
        let target = Target {
            scan: &scan,
            conditions: &conditions,
            known: &known,
            needed: &positions,
            rows,
            statistics: self.statistics_for(&scan, &conditions),
        };
        let access = target.best(want);
        if access.cost.is_infinite() {
            if let Some(Some(index)) = &scan.indexed_by
                && scan.table.definition().index(index).is_none()
            {
                return Err(SqlError::new("42704", format!("no such index: {index}")));
            }
            return Err(SqlError::new("HY000", "no query solution"));
        }
        let node = self.scan_node(&scan, &conditions, needed, want, &access)?;
        let mut built = Built::new(node, access.rows, access.cost);
        built.order = want.order.iter().take(access.sorted).cloned().collect::<Vec<OrderPart>>();
        Ok(built)
    }

    fn scan_node(
        &mut self,
        scan: &TableScan,
        conditions: &[Expr],
        needed: &Ids,
        want: &Want,
        access: &Access,
    ) -> Result<Node> {
        let key_conditions = access.used();
        let (mut key_filter, mut filter, mut entry_filter) = (Vec::new(), Vec::new(), Vec::new());
        let (mut filter_used, mut entry_used) = (Ids::default(), Ids::default());
        let index = match &access.kind {
            AccessKind::Index { name, covering: false } => Some(name.as_str()),
            _ => None,
        };
        for (number, condition) in conditions.iter().enumerate() {
            let uses = used_by(condition);
            let code = self.code(condition)?;
            if key_conditions.contains(&number) && access.kind != AccessKind::Get {
                filter_used.extend(&uses);
                key_filter.push(code);
            } else if key_conditions.contains(&number) {
                // A row found by its whole key: the key is exact, or the row is looked at.
                filter_used.extend(&uses);
                filter.push(code);
            } else if index.is_some_and(|index| holds_all(scan, index, &uses)) {
                entry_used.extend(&uses);
                entry_filter.push(code);
            } else {
                filter_used.extend(&uses);
                filter.push(code);
            }
        }
        let outputs = |wanted: &dyn Fn(crate::algebra::ColumnId) -> bool| -> Box<[Output]> {
            let columns = scan.columns.iter().filter(|(column, _)| wanted(column.id));
            columns
                .map(|(column, source)| output(column, *source, &scan.table, self.dialect))
                .collect()
        };
        let first = outputs(&|id| filter_used.contains(id));
        let rest = outputs(&|id| needed.contains(id) && !filter_used.contains(id));
        let entry = outputs(&|id| entry_used.contains(id));
        let order = match (access.sorted > 0 && !want.order.is_empty(), access.backwards) {
            (false, _) => Order::Any,
            (true, false) => Order::Ascending,
            (true, true) => Order::Descending,
        };
        let path = self.path(scan, access)?;
        Ok(Node::Scan(Box::new(Scan {
            table: scan.table.clone(),
            alias: scan.alias.clone(),
            path,
            order,
            first,
            rest,
            entry,
            entry_filter: entry_filter.into(),
            key_filter: key_filter.into(),
            filter: filter.into(),
            limit: None,
            has_ties: false,
            rows: access.rows,
            cost: access.cost,
        })))
    }

    fn path(&mut self, scan: &TableScan, access: &Access) -> Result<Path> {
        let mut equal = Vec::with_capacity(access.equal.len());
        for usable in &access.equal {
            let column = scan.table.definition().columns[usable.column].data_type;
            equal.push(self.key_part(column, usable)?);
        }
        if access.kind == AccessKind::Get {
            let mut keys = Vec::with_capacity(equal.len());
            for part in equal {
                match part {
                    KeyPart::One(code) => keys.push(code),
                    _ => return Err(SqlError::new("XX000", "a key is more than one")),
                }
            }
            return Ok(Path::Get(keys.into()));
        }
        let type_of = |column: usize| scan.table.definition().columns[column].data_type;
        let lower = self.bound(&type_of, access.lower.as_ref(), CompareOp::GreaterOrEqual)?;
        let upper = self.bound(&type_of, access.upper.as_ref(), CompareOp::LessOrEqual)?;
        let range = KeyRange { equal: equal.into(), lower, upper };
        Ok(match &access.kind {
            AccessKind::Index { name, covering } => {
                Path::Index { name: name.clone(), range, covering: *covering }
            }
            _ => Path::Table(range),
        })
    }

    fn key_code(&mut self, with: &Expr, column: Type) -> Result<KeyCode> {
        Ok(KeyCode { code: self.code(with)?, from: with.ty.clone(), column })
    }

    pub(crate) fn key_part(&mut self, column: Type, usable: &Usable) -> Result<KeyPart> {
        Ok(match &usable.term {
            Term::Equal(with) => KeyPart::One(self.key_code(with, column)?),
            Term::OneOf(list) => {
                let codes = list.iter().map(|item| self.key_code(item, column));
                KeyPart::Any(codes.collect::<Result<Vec<_>>>()?.into())
            }
            Term::Elements(array) => {
                let mut code = self.key_code(array, column)?;
                if let crate::types::SqlType::Array(element) = &code.from {
                    code.from = (**element).clone();
                }
                KeyPart::Elements(code)
            }
            Term::Rows(subquery) => {
                let mut code = self.key_code(subquery, column)?;
                if let crate::algebra::ExprKind::Subquery(subquery) = &subquery.kind
                    && let Some(first) = subquery.query.columns.first()
                {
                    code.from = first.ty.clone();
                }
                KeyPart::Rows(code)
            }
            Term::IsNull => KeyPart::Null,
            Term::Bound { .. } => {
                return Err(SqlError::new("XX000", "a bound is no part of a key"));
            }
        })
    }

    pub(crate) fn bound(
        &mut self,
        type_of: &dyn Fn(usize) -> Type,
        usable: Option<&Usable>,
        inclusive: CompareOp,
    ) -> Result<Option<(KeyCode, bool)>> {
        let Some(Usable { column, term: Term::Bound { op, with }, .. }) = usable else {
            return Ok(None);
        };
        Ok(Some((self.key_code(with, type_of(*column))?, *op == inclusive)))
    }
}

/// Whether an index's entries hold all columns of a table that are used.
fn holds_all(scan: &TableScan, index: &str, used: &Ids) -> bool {
    let mut columns = scan.columns.iter().filter(|(column, _)| used.contains(column.id));
    let holds = |(_, source): &(crate::algebra::Column, ScanColumn)| match source {
        ScanColumn::Column(position) => scan.table.index_holds(index, *position).unwrap_or(false),
        _ => false,
    };
    columns.clone().next().is_some() && columns.all(holds)
}
