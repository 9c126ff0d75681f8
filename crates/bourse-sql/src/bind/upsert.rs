//! ON CONFLICT: which key it is about, and what is done instead.

use std::sync::Arc;

use bourse::schema::{IndexDefinition, IndexKey};
use sqlparser::ast::{
    ConflictTarget as TargetTree, Ident, OnConflict as ConflictTree, OnConflictAction,
    SqliteOnConflict,
};

use super::binder::Binder;
use super::coerce::strip;
use super::scope::{Clause, Namespace, RelationScope, Visible, column, expr_of};
use crate::algebra::{ConflictAction, ConflictTarget, OnConflict};
use crate::catalog::TableEntry;
use crate::define::computed_key;
use crate::error::{Result, SqlError};
use crate::parse::{self, COMPUTED};
use crate::types::SqlType;

impl Binder<'_> {
    /// ON CONFLICT, with those that SQLite's INSERT has besides.
    pub(super) fn on_conflicts(
        &mut self,
        first: &ConflictTree,
        table: &Arc<TableEntry>,
        alias: &str,
    ) -> Result<OnConflict> {
        let others = self.conflicts.clone();
        let told = |error: SqlError, at: usize| match error.sqlstate() {
            "42P10" if !others.is_empty() => {
                let ordinal = ["1st", "2nd", "3rd"].get(at).copied().unwrap_or("other");
                SqlError::new("42P10", format!("{ordinal} {}", error.message()))
            }
            _ => error,
        };
        let mut whole = self.on_conflict(first, table, alias).map_err(|e| told(e, 0))?;
        for (at, other) in others.iter().enumerate() {
            let other = self.on_conflict(other, table, alias).map_err(|e| told(e, at + 1))?;
            whole.others.push(other);
        }
        Ok(whole)
    }

    fn on_conflict(
        &mut self,
        tree: &ConflictTree,
        table: &Arc<TableEntry>,
        alias: &str,
    ) -> Result<OnConflict> {
        let target = match &tree.conflict_target {
            None => ConflictTarget::Any,
            Some(TargetTree::OnConstraint(name)) => {
                let (_, name) = self.object_name(name)?;
                constraint_of(table, &name).ok_or_else(|| {
                    let message = format!(
                        "constraint \"{name}\" for table \"{}\" does not exist",
                        table.name
                    );
                    SqlError::new("42704", message)
                })?
            }
            Some(TargetTree::Columns { columns, .. })
                if columns.iter().any(|column| column.value.starts_with(COMPUTED)) =>
            {
                self.computed_key_of(table, columns)?
            }
            Some(TargetTree::Columns { columns, predicate }) => {
                let names = columns.iter().map(|column| self.target(table, &self.fold(column)));
                let positions = names.collect::<Result<Vec<_>>>()?;
                self.key_of(table, &positions, predicate.is_some())?
            }
        };
        let action = match &tree.action {
            OnConflictAction::DoNothing => ConflictAction::Nothing,
            OnConflictAction::DoUpdate(update) => {
                if matches!(target, ConflictTarget::Any) && !self.is_sqlite() {
                    let message = "ON CONFLICT DO UPDATE requires inference specification or \
                                   constraint name";
                    return Err(SqlError::new("42601", message)
                        .with_hint("For example, ON CONFLICT (column_name)."));
                }
                self.do_update(update, table, alias)?
            }
        };
        Ok(OnConflict { target, action, others: Vec::new() })
    }

    /// The primary key or unique index that has exactly these columns; one of a part of the rows
    /// where the target says which.
    fn key_of(
        &self,
        table: &TableEntry,
        positions: &[usize],
        of_part: bool,
    ) -> Result<ConflictTarget> {
        let definition = table.table.definition();
        let same = |key: &[u16]| {
            key.len() == positions.len()
                && key.iter().all(|at| positions.contains(&usize::from(*at)))
        };
        if same(definition.primary_key_positions()) {
            return Ok(ConflictTarget::PrimaryKey);
        }
        let index = definition.indexes.iter().filter(|index| index.unique).find(|index| {
            let plain: Option<Vec<u16>> = index.columns.iter().map(|part| part.column()).collect();
            plain.is_some_and(|key| same(&key)) && (of_part || index.predicate.is_none())
        });
        index.map(|index| ConflictTarget::Index(index.name.clone())).ok_or_else(|| self.no_key())
    }

    fn no_key(&self) -> SqlError {
        let message = match self.is_sqlite() {
            true => "ON CONFLICT clause does not match any PRIMARY KEY or UNIQUE constraint",
            false => {
                "there is no unique or exclusion constraint matching the ON CONFLICT specification"
            }
        };
        SqlError::new("42P10", message)
    }

    /// The unique index that computes exactly this of all rows.
    fn computed_key_of(&mut self, table: &TableEntry, parts: &[Ident]) -> Result<ConflictTarget> {
        let definition = table.table.definition();
        let mut wanted = Vec::with_capacity(parts.len());
        for part in parts {
            wanted.push(match part.value.strip_prefix(COMPUTED) {
                Some(text) => {
                    let tree = parse::expression(text, self.dialect)?;
                    let (computed, _) = computed_key(self, table, strip(&tree))?;
                    IndexKey::Expression(definition.bind(computed)?)
                }
                None => {
                    let at = self.target(table, &self.fold(part))?;
                    IndexKey::Column(u16::try_from(at).unwrap_or(u16::MAX))
                }
            });
        }
        let is_it = |index: &&IndexDefinition| {
            let has = |key: &IndexKey| index.columns.iter().any(|part| part.key == *key);
            index.unique
                && index.predicate.is_none()
                && index.columns.len() == wanted.len()
                && wanted.iter().all(has)
        };
        let index = definition.indexes.iter().find(is_it);
        index.map(|index| ConflictTarget::Index(index.name.clone())).ok_or_else(|| self.no_key())
    }

    fn do_update(
        &mut self,
        update: &sqlparser::ast::DoUpdate,
        table: &Arc<TableEntry>,
        alias: &str,
    ) -> Result<ConflictAction> {
        let (existing, scope) = self.row_scope(table, alias);
        let mut excluded = Vec::new();
        let mut visible = Vec::new();
        for entry in &table.columns {
            let id = self.next_column();
            let ty = if self.is_sqlite() { SqlType::Any } else { entry.ty.clone() };
            if self.is_sqlite() {
                self.affinities.insert(id, entry.affinity);
            }
            let made = column(id, &entry.name, ty, entry.collation);
            visible.push(Visible {
                name: entry.name.clone(),
                expr: expr_of(&made),
                origin: None,
                declared: None,
            });
            excluded.push(made);
        }
        let mut namespace = Namespace::of(scope.clone());
        if !self.is_sqlite() {
            // A name by itself may mean either.
            namespace.columns.extend(visible.iter().cloned());
        }
        namespace.relations.push(RelationScope {
            name: "excluded".to_owned(),
            columns: visible,
            ..RelationScope::default()
        });
        let (assignments, condition) = self.within(namespace, Clause::Update, |binder| {
            let assignments = binder.assignments(&update.assignments, table, &scope)?;
            Ok((assignments, binder.where_of(update.selection.as_ref())?))
        })?;
        Ok(ConflictAction::Update { existing, excluded, assignments, condition })
    }
}

/// The key that a constraint's name names.
fn constraint_of(table: &TableEntry, name: &str) -> Option<ConflictTarget> {
    let definition = table.table.definition();
    if let Some(index) = definition.index(name).filter(|index| index.unique) {
        return Some(ConflictTarget::Index(index.name.clone()));
    }
    let is_key = name.eq_ignore_ascii_case(&table.key_name());
    (is_key && !definition.primary_key_positions().is_empty()).then_some(ConflictTarget::PrimaryKey)
}

/// SQLite's OR.
pub(crate) fn or_action(or: SqliteOnConflict) -> Option<OnConflict> {
    let action = match or {
        SqliteOnConflict::Abort => return None,
        SqliteOnConflict::Replace => ConflictAction::Replace,
        SqliteOnConflict::Ignore => ConflictAction::Ignore,
        SqliteOnConflict::Fail => ConflictAction::Fail,
        SqliteOnConflict::Rollback => ConflictAction::Rollback,
    };
    Some(OnConflict { target: ConflictTarget::Any, action, others: Vec::new() })
}
