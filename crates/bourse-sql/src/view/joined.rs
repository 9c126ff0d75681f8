//! N:1 joins: a table whose rows are grouped, and others of which each group names one row. A view
//! of the store looks that row up when the group is read.
//!
//! A table is joined so where the columns of its primary key, or of a unique index, are equal to
//! columns of the grouped table by which the SELECT groups.

use bourse::Table;
use bourse::expression::column;
use bourse::schema::{IndexKey, PrimaryKey};

use super::grouping::{Grouping, Key, Named, names_of, split_into};
use super::meaning::{Names, Why};
use crate::algebra::{ColumnId, CompareOp, Expr, ExprKind, JoinKind, Rel, TableScan};

/// A table that is joined.
#[derive(Debug)]
pub(crate) struct Joined {
    pub(crate) table: Table,
    names: Names,
    /// The join's conditions.
    on: Vec<Expr>,
    /// Groups without a row are left out.
    pub(crate) is_inner: bool,
    /// Its columns that name the row, each with that of the grouped table and its id there.
    pub(crate) by: Vec<(String, String, ColumnId)>,
}

impl Joined {
    /// The name of one of its columns.
    pub(crate) fn name(&self, id: ColumnId) -> Option<&str> {
        self.names.name(id)
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = ColumnId> {
        self.names.ids()
    }

    /// The grouped table's column that one of its columns is equal to in every group.
    pub(crate) fn own_of(&self, id: ColumnId) -> Option<Named> {
        let name = self.names.name(id)?;
        let by = self.by.iter().find(|(own, ..)| own == name).filter(|_| self.is_inner)?;
        Some(column(by.1.as_str()))
    }
}

/// The scans below groups: of the table whose rows are grouped, and of those joined to it. The
/// conditions of WHERE and of inner joins are gathered.
pub(super) fn tables<'r>(
    rel: &'r Rel,
    conditions: &mut Vec<Expr>,
) -> Result<(&'r TableScan, Vec<Joined>), Why> {
    match rel {
        Rel::Scan(scan) => Ok((scan, Vec::new())),
        Rel::Filter { input, predicate } => {
            split_into(predicate, conditions);
            tables(input, conditions)
        }
        Rel::Join { kind: kind @ (JoinKind::Inner | JoinKind::Left), left, right, on, .. } => {
            let mut parts = Vec::new();
            split_into(on, &mut parts);
            let is_inner = *kind == JoinKind::Inner;
            let (base, mut joined) = tables(left, conditions)?;
            let Rel::Scan(other) = &**right else {
                return Err("it joins what is no table".to_owned());
            };
            let mut names = Names::default();
            names_of(other, &mut names);
            if is_inner {
                conditions.append(&mut parts);
            }
            let table = other.table.clone();
            joined.push(Joined { table, names, on: parts, is_inner, by: Vec::new() });
            Ok((base, joined))
        }
        Rel::Join { .. } => Err("it has a join of another kind than N:1".to_owned()),
        _ => Err("it groups rows of a query".to_owned()),
    }
}

/// Takes the conditions that tie tables to the grouped one. Returns the others.
pub(super) fn link(
    base: &TableScan,
    joined: &mut [Joined],
    conditions: Vec<Expr>,
) -> Result<Vec<Expr>, Why> {
    let mut own = Names::default();
    names_of(base, &mut own);
    let mut left = Vec::with_capacity(conditions.len());
    for condition in conditions {
        let is_tie = joined.iter_mut().filter(|one| one.is_inner).any(|one| {
            let tie = tie(&condition, &own, one);
            let found = tie.is_some();
            one.by.extend(tie);
            found
        });
        if !is_tie {
            left.push(condition);
        }
    }
    for one in joined.iter_mut() {
        for condition in std::mem::take(&mut one.on) {
            let Some(tie) = tie(&condition, &own, one) else {
                return Err("an outer join has another condition than a key's".to_owned());
            };
            one.by.push(tie);
        }
    }
    Ok(left)
}

/// The two columns that a condition holds equal: that of the joined table, and the other.
fn tie(condition: &Expr, own: &Names, joined: &Joined) -> Option<(String, String, ColumnId)> {
    let ExprKind::Compare { op: CompareOp::Equal, left, right } = &condition.kind else {
        return None;
    };
    let name = |expr: &Expr, names: &Names| {
        let expr = match &expr.kind {
            // The store compares whole numbers of all sizes.
            ExprKind::Cast { operand, explicit: false } => operand,
            _ => expr,
        };
        match expr.kind {
            ExprKind::Column(id) => names.name(id).map(|name| (name.to_owned(), id)),
            _ => None,
        }
    };
    for (a, b) in [(left, right), (right, left)] {
        if let (Some((theirs, _)), Some((ours, id))) = (name(a, &joined.names), name(b, own)) {
            return Some((theirs, ours, id));
        }
    }
    None
}

/// Refuses joins that are not N:1 by columns of the group.
pub(super) fn check(grouping: &Grouping) -> Result<(), Why> {
    for joined in &grouping.joined {
        if key_of(joined).is_none() {
            let name = joined.table.name();
            return Err(format!("table {name} is not joined by one of its unique keys alone"));
        }
        let in_group = |name: &str| {
            let mut keys = grouping.keys.iter();
            keys.any(|(_, key)| matches!(key, Key::Own(own) if *own == column(name)))
        };
        if let Some((_, ours, _)) = joined.by.iter().find(|(_, ours, _)| !in_group(ours)) {
            return Err(format!("it joins by column {ours}, by which it does not group"));
        }
    }
    Ok(())
}

/// The columns of the joined table that name its row, in the order of a lookup; empty for its
/// primary key.
pub(crate) fn key_of(joined: &Joined) -> Option<(Vec<String>, Vec<String>)> {
    let definition = joined.table.definition();
    let ours = |name: &String| {
        let by = joined.by.iter().find(|(theirs, ..)| theirs == name);
        by.map(|(_, ours, _)| ours.clone())
    };
    if let PrimaryKey::Columns(positions) = &definition.primary_key {
        let key = positions.iter().map(|at| &definition.columns[usize::from(*at)].name);
        if let Some(by) = key.map(ours).collect::<Option<Vec<_>>>()
            && by.len() == joined.by.len()
        {
            return Some((by, Vec::new()));
        }
    }
    for index in definition.indexes.iter().filter(|i| i.unique && i.predicate.is_none()) {
        let key: Option<Vec<String>> = index
            .columns
            .iter()
            .map(|part| match &part.key {
                IndexKey::Column(at) => Some(definition.columns[usize::from(*at)].name.clone()),
                IndexKey::Expression(_) => None,
            })
            .collect();
        let Some(key) = key else { continue };
        if let Some(by) = key.iter().map(ours).collect::<Option<Vec<_>>>()
            && by.len() == joined.by.len()
        {
            return Some((by, key));
        }
    }
    None
}
