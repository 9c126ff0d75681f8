//! Constraints: keys, CHECKs, foreign keys.

use bourse::schema::{Action, ForeignKeyBuilder, IndexBuilder, Timing};
use bourse::{Collation, Expression, ForeignKey};
use hashbrown::HashMap;
use sqlparser::ast::{
    ConstraintCharacteristics, ConstraintReferenceMatchKind, DeferrableInitial, Expr as Ast,
    ForeignKeyConstraint, Ident, IndexColumn, NullsDistinctOption, ReferentialAction,
    UniqueConstraint,
};

use super::index_on;
use super::translate::Translator;
use crate::algebra::{ColumnId, ColumnOrigin, Expr};
use crate::bind::{Binder, Clause, Namespace, RelationScope, Visible};
use crate::catalog::{TableEntry, store_name};
use crate::error::{Result, SqlError};
use crate::types::{self, Affinity, SqlType};

/// Bytes of a condition that is its own name.
const NAME_BYTES_MAX: usize = 200;

/// A column as a condition sees it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) name: String,
    pub(crate) ty: SqlType,
    pub(crate) affinity: Affinity,
    pub(crate) collation: Collation,
}

/// The columns of a table in a frame of their own, and their names by number.
pub(crate) fn row_namespace(
    binder: &mut Binder<'_>,
    table: &str,
    columns: &[Seen],
) -> (Namespace, HashMap<ColumnId, String>) {
    let mut names = HashMap::new();
    let mut visible = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let id = binder.next_column();
        names.insert(id, column.name.clone());
        let ty = if binder.is_sqlite() { SqlType::Any } else { column.ty.clone() };
        if binder.is_sqlite() {
            binder.affinities.insert(id, column.affinity);
        }
        visible.push(Visible {
            name: column.name.clone(),
            expr: Expr::column(id, ty, column.collation),
            origin: Some(ColumnOrigin::new("", table, &column.name, at)),
            declared: None,
        });
    }
    let scope =
        RelationScope { name: table.to_owned(), columns: visible, ..RelationScope::default() };
    (Namespace::of(scope), names)
}

/// A condition over a row of a table, as the store keeps it, and the columns that it names.
pub(crate) fn condition(
    binder: &mut Binder<'_>,
    tree: &Ast,
    table: &str,
    columns: &[Seen],
    clause: Clause,
    what: &str,
) -> Result<Expression<String>> {
    let (namespace, names) = row_namespace(binder, table, columns);
    let bound = binder.within(namespace, clause, |binder| {
        let bound = binder.expr(tree)?;
        binder.condition(bound, what)
    })?;
    let translator =
        Translator { names: &names, affinities: &binder.affinities, dialect: binder.dialect, what };
    translator.condition(&bound)
}

/// A CHECK's name where it has none.
pub(crate) fn check_name(table: &str, condition: &Expression<String>, taken: &[String]) -> String {
    let mut columns: Vec<&String> = Vec::new();
    condition.for_each_column(&mut |name| {
        if !columns.contains(&name) {
            columns.push(name);
        }
    });
    let name = match columns.as_slice() {
        [column] => format!("{table}_{column}_check"),
        _ => format!("{table}_check"),
    };
    free_name(name, taken)
}

/// The same, or in SQLite's dialect the condition as it is written, which errors tell there.
pub(crate) fn name_of_check(
    binder: &Binder<'_>,
    tree: &sqlparser::ast::Expr,
    table: &str,
    condition: &Expression<String>,
    taken: &[String],
) -> String {
    let written = crate::bind::as_written(tree);
    let is_taken = taken.iter().any(|taken| taken.eq_ignore_ascii_case(&written));
    match binder.is_sqlite() && !is_taken && written.len() <= NAME_BYTES_MAX {
        true => written,
        false => check_name(table, condition, taken),
    }
}

/// The name, with a number behind it where it is taken.
pub(crate) fn free_name(name: String, taken: &[String]) -> String {
    let is_free = |name: &String| !taken.iter().any(|taken| taken.eq_ignore_ascii_case(name));
    let mut names =
        std::iter::once(name.clone()).chain((1..).map(|number| format!("{name}{number}")));
    names.find(is_free).unwrap_or(name)
}

/// Names of key columns; the store's keys are of plain columns.
pub(crate) fn key_columns(binder: &Binder<'_>, columns: &[IndexColumn]) -> Result<Vec<String>> {
    let name = |column: &IndexColumn| match crate::bind::strip(&column.column.expr) {
        Ast::Identifier(ident) => Ok(binder.fold(ident)),
        Ast::Collate { expr, .. } => match expr.as_ref() {
            Ast::Identifier(ident) => Ok(binder.fold(ident)),
            other => Err(SqlError::unsupported(format!("{other} cannot be part of a key"))),
        },
        other => Err(SqlError::unsupported(format!("{other} cannot be part of a key"))),
    };
    columns.iter().map(name).collect()
}

/// Refuses a key of values that have no order, and a unique one where values that are equal may
/// have keys that are not.
pub(super) fn check_key(ty: &SqlType, is_unique: bool) -> Result<()> {
    if *ty == SqlType::Json {
        let message = "data type json has no default operator class for access method \"btree\"";
        return Err(SqlError::new("42704", message).with_hint(
            "You must specify an operator class for the index or define a default operator class \
             for the data type.",
        ));
    }
    if is_unique && !types::has_exact_keys(ty) {
        let message = format!("unique keys of type {ty} are not supported");
        return Err(SqlError::unsupported(message).with_detail(
            "Keys tell values apart that are equal though they are written otherwise.",
        ));
    }
    Ok(())
}

/// Refuses a unique key that is to be looked at by COMMIT: the store looks at each row's.
pub(super) fn check_key_timing(characteristics: Option<&ConstraintCharacteristics>) -> Result<()> {
    match timing(characteristics) {
        Timing::Deferred => {
            Err(SqlError::unsupported("unique keys that are INITIALLY DEFERRED are not supported"))
        }
        _ => Ok(()),
    }
}

/// The index of a UNIQUE constraint.
pub(crate) fn unique(
    binder: &Binder<'_>,
    table: &str,
    name: Option<&Ident>,
    columns: &[String],
    tree: &UniqueConstraint,
    taken: &[String],
) -> Result<(String, IndexBuilder)> {
    if tree.nulls_distinct == NullsDistinctOption::NotDistinct {
        return Err(SqlError::unsupported("UNIQUE NULLS NOT DISTINCT is not supported"));
    }
    check_key_timing(tree.characteristics.as_ref())?;
    let name = match name {
        Some(name) => binder.fold(name),
        None => free_name(format!("{table}_{}_key", columns.join("_")), taken),
    };
    let index = index_on(&name, columns).unique();
    Ok((name, index))
}

/// A foreign key.
pub(crate) fn foreign_key(
    binder: &Binder<'_>,
    table: &str,
    own_store_name: &str,
    tree: &ForeignKeyConstraint,
    columns: &[String],
    taken: &[String],
) -> Result<(String, ForeignKeyBuilder)> {
    let name = match &tree.name {
        Some(name) => binder.fold(name),
        None => free_name(format!("{table}_{}_fkey", columns.join("_")), taken),
    };
    let (schema, parent) = binder.object_name(&tree.foreign_table)?;
    let found = binder.catalog.table(schema.as_deref(), &parent, binder.settings);
    let mut referred: Vec<String> =
        tree.referred_columns.iter().map(|column| binder.fold(column)).collect();
    let parent = match found {
        Some(found) => {
            // The store knows the primary key that it was made with.
            if referred.is_empty() && found.added_primary_key().is_some() {
                let positions = found.primary_key_positions().into_iter();
                referred =
                    positions.map(|at| found.columns[usize::from(at)].name.clone()).collect();
            }
            if !binder.is_sqlite() {
                check_referred(binder, (table, columns), &found, &referred)?;
            }
            found.table.name().to_owned()
        }
        None => {
            let schema = match &schema {
                Some(schema) => schema.clone(),
                None => binder.catalog.creation_schema(binder.settings)?.to_owned(),
            };
            let wanted = store_name(&schema, &parent);
            if !wanted.eq_ignore_ascii_case(own_store_name) {
                return Err(binder.no_relation(&tree.foreign_table, None, &parent));
            }
            wanted
        }
    };
    let builder = ForeignKey::on(&name, columns, parent)
        .to(referred)
        .on_delete(action(tree.on_delete.as_ref()))
        .on_update(action(tree.on_update.as_ref()))
        .timing(timing(tree.characteristics.as_ref()));
    Ok((name, builder))
}

/// What the name of a CHECK ends in that a foreign key MATCH FULL has beside it, as the store knows
/// none: all of the columns are NULL, or none is.
pub(crate) const MATCH_FULL: &str = " (match full)";

/// That CHECK: its name and condition, if the foreign key is one.
pub(crate) fn match_full(
    binder: &mut Binder<'_>,
    table: &str,
    seen: &[Seen],
    tree: &ForeignKeyConstraint,
    (name, columns): (&str, &[String]),
) -> Result<Option<(String, Expression<String>)>> {
    let is_full = tree.match_kind == Some(ConstraintReferenceMatchKind::Full);
    // SQLite reads it and does nothing about it.
    if !is_full || columns.len() < 2 || binder.is_sqlite() {
        return Ok(None);
    }
    let all = |test: &str| {
        let parts: Vec<String> = columns
            .iter()
            .map(|column| format!("{} {test}", crate::function::quote_identifier(column)))
            .collect();
        parts.join(" AND ")
    };
    let text = format!("({}) OR ({})", all("IS NULL"), all("IS NOT NULL"));
    let condition = crate::parse::expression(&text, binder.dialect)?;
    let condition = self::condition(binder, &condition, table, seen, Clause::Check, "CHECK")?;
    Ok(Some((format!("{name}{MATCH_FULL}"), condition)))
}

/// Refuses a foreign key that refers to no key, in PostgreSQL's words.
fn check_referred(
    binder: &Binder<'_>,
    (table, columns): (&str, &[String]),
    parent: &TableEntry,
    referred: &[String],
) -> Result<()> {
    let key: Vec<u16> = match referred.is_empty() {
        true => parent.primary_key_positions(),
        false => {
            let mut positions = Vec::with_capacity(referred.len());
            for name in referred {
                let at = binder.target(parent, name).map_err(|_| {
                    let message = format!(
                        "column \"{name}\" referenced in foreign key constraint does not exist"
                    );
                    SqlError::new("42703", message)
                })?;
                positions.push(u16::try_from(at).unwrap_or(u16::MAX));
            }
            positions
        }
    };
    if key.is_empty() {
        let message = format!("there is no primary key for referenced table \"{}\"", parent.name);
        return Err(SqlError::new("42704", message));
    }
    if key.len() != columns.len() {
        let message = "number of referencing and referenced columns for foreign key disagree";
        return Err(SqlError::new("42830", message));
    }
    let same = |other: &[u16]| other.len() == key.len() && key.iter().all(|at| other.contains(at));
    let definition = parent.table.definition();
    let is_key = same(&parent.primary_key_positions())
        || definition.indexes.iter().any(|index| {
            let plain: Option<Vec<u16>> = index.columns.iter().map(|part| part.column()).collect();
            index.unique && index.predicate.is_none() && plain.is_some_and(|plain| same(&plain))
        });
    if !is_key && parent.name != table {
        let message = format!(
            "there is no unique constraint matching given keys for referenced table \"{}\"",
            parent.name
        );
        return Err(SqlError::new("42830", message));
    }
    Ok(())
}

fn action(action: Option<&ReferentialAction>) -> Action {
    match action {
        None | Some(ReferentialAction::NoAction) => Action::NoAction,
        Some(ReferentialAction::Restrict) => Action::Restrict,
        Some(ReferentialAction::Cascade) => Action::Cascade,
        Some(ReferentialAction::SetNull) => Action::SetNull,
        Some(ReferentialAction::SetDefault) => Action::SetDefault,
    }
}

/// Whether a key is looked at when a statement has changed all of its rows.
pub(super) fn is_deferrable(characteristics: Option<&ConstraintCharacteristics>) -> bool {
    timing(characteristics) == Timing::Deferrable
}

fn timing(characteristics: Option<&ConstraintCharacteristics>) -> Timing {
    let Some(characteristics) = characteristics else { return Timing::Immediate };
    match (characteristics.deferrable, &characteristics.initially) {
        (Some(false), _) => Timing::Immediate,
        (_, Some(DeferrableInitial::Deferred)) => Timing::Deferred,
        (Some(true), _) => Timing::Deferrable,
        _ => Timing::Immediate,
    }
}
