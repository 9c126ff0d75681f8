//! CREATE TABLE (LIKE other INCLUDING ...): columns as another table has them, with what is said of
//! that table.

use bourse::TableDefinition;
use bourse::expression::BoundColumn;
use bourse::schema::{Column, Default as StoreDefault, TableBuilder};
use sqlparser::ast::{Expr as Ast, SequenceOptions, Value};

use super::column::Declared;
use super::constraint::free_name;
use super::index_on;
use super::table::Making;
use crate::bind::Binder;
use crate::catalog::{ColumnNote, SequenceNote, TableEntry};
use crate::error::{Result, SqlError};
use crate::parse::{Including, Like};

/// The columns of another table.
pub(super) fn columns(
    binder: &Binder<'_>,
    like: &Like,
) -> Result<(std::sync::Arc<TableEntry>, Vec<Declared>)> {
    let other = binder.table_to_change(&like.name, "copy")?;
    let Including { defaults, generated, identity, .. } = like.including;
    let definition = other.table.definition();
    let mut columns = Vec::new();
    for (entry, column) in other.columns.iter().zip(&definition.columns) {
        let mut copy = Column::new(&column.name, column.data_type);
        copy.not_null = column.not_null;
        copy.collation = column.collation;
        let mut note =
            ColumnNote { declared: entry.note.declared.clone(), ..ColumnNote::default() };
        let is_identity = entry.note.identity.is_some();
        let by_store = column.default.as_ref().is_some_and(StoreDefault::makes_ids);
        if defaults && !is_identity && !by_store {
            copy.default.clone_from(&column.default);
            note.default.clone_from(&entry.note.default);
        }
        if generated {
            note.generated.clone_from(&entry.note.generated);
        }
        let mut sequence = None;
        if identity && is_identity {
            note.identity.clone_from(&entry.note.identity);
            sequence = Some(options_of(binder, &other, &column.name));
        }
        if identity && by_store {
            copy.default.clone_from(&column.default);
        }
        columns.push(Declared {
            column: copy,
            ty: entry.ty.clone(),
            note,
            affinity: entry.affinity,
            is_integer: false,
            autoincrement: false,
            domain_checks: Vec::new(),
            sequence,
        });
    }
    Ok((other, columns))
}

/// The options of a sequence like that of a column.
fn options_of(binder: &Binder<'_>, table: &TableEntry, column: &str) -> Vec<SequenceOptions> {
    let found = super::own::sequence_of(binder, table, column);
    let Some(SequenceNote { start, increment, minimum, maximum, cycle, cache, .. }) =
        found.map(|entry| &entry.note)
    else {
        return Vec::new();
    };
    let number = |value: &i64| {
        let magnitude = Value::Number(value.unsigned_abs().to_string(), false).with_empty_span();
        let number = Ast::Value(magnitude);
        match *value < 0 {
            true => {
                Ast::UnaryOp { op: sqlparser::ast::UnaryOperator::Minus, expr: Box::new(number) }
            }
            false => number,
        }
    };
    vec![
        SequenceOptions::IncrementBy(number(increment), true),
        SequenceOptions::MinValue(Some(number(minimum))),
        SequenceOptions::MaxValue(Some(number(maximum))),
        SequenceOptions::StartWith(number(start), true),
        SequenceOptions::Cache(number(cache)),
        SequenceOptions::Cycle(!cycle),
    ]
}

/// The primary key of the table, if it comes along.
pub(super) fn primary_key(like: &Like, other: &TableEntry, making: &mut Making) -> Result<()> {
    let positions = other.primary_key_positions();
    let has_key = super::table::has_primary_key(other.table.definition())
        || other.added_primary_key().is_some();
    if !like.including.indexes || positions.is_empty() || !has_key {
        return Ok(());
    }
    if making.primary_key.is_some() {
        let message =
            format!("multiple primary keys for table \"{}\" are not allowed", making.name);
        return Err(SqlError::new("42P16", message));
    }
    let name = |at: &u16| other.columns[usize::from(*at)].name.clone();
    making.primary_key = Some(positions.iter().map(name).collect());
    making.taken.push(format!("{}_pkey", making.name));
    Ok(())
}

/// CHECKs, UNIQUE and indexes of the table, as far as they come along.
pub(super) fn constraints(
    binder: &Binder<'_>,
    like: &Like,
    other: &TableEntry,
    mut builder: TableBuilder,
    making: &mut Making,
) -> Result<TableBuilder> {
    let definition = other.table.definition();
    if like.including.constraints {
        let of_domains = crate::system::domain_checks(binder.catalog, other);
        for (at, check) in definition.checks.iter().enumerate() {
            if of_domains.iter().any(|own| own.position == at) {
                continue;
            }
            let named = check.condition.clone().try_map(&mut |column: BoundColumn| {
                Ok(other.columns[usize::from(column.position)].name.clone())
            })?;
            if making.taken.contains(&check.name) {
                let message = format!(
                    "constraint \"{}\" for relation \"{}\" already exists",
                    check.name, making.name
                );
                return Err(SqlError::new("42710", message));
            }
            making.taken.push(check.name.clone());
            builder = builder.check(check.name.clone(), named);
        }
    }
    if !like.including.indexes {
        return Ok(builder);
    }
    let key = other.added_primary_key();
    for (at, index) in definition.indexes.iter().enumerate() {
        if key == Some(at) {
            continue;
        }
        let plain: Option<Vec<String>> =
            index.columns.iter().map(|part| Some(column_of(definition, part.column()?))).collect();
        let Some(columns) = plain.filter(|_| index.predicate.is_none()) else {
            let message = format!("LIKE ... INCLUDING INDEXES of index \"{}\"", index.name);
            return Err(SqlError::unsupported(format!("{message} is not supported")).with_hint(
                "Make the indexes on expressions, and those of a part of the rows, anew.",
            ));
        };
        let is_constraint =
            crate::system::is_name_of_unique(&index.name) || other.note.has_unique(&index.name);
        let end = if index.unique && is_constraint { "key" } else { "idx" };
        let name = format!("{}_{}_{end}", making.name, columns.join("_"));
        let name = free_name(name, &making.taken);
        let made = index_on(&name, &columns);
        if index.unique && is_constraint {
            making.unique.push(name.clone());
        }
        making.taken.push(name);
        builder = builder.index(if index.unique { made.unique() } else { made });
    }
    Ok(builder)
}

fn column_of(definition: &TableDefinition, at: u16) -> String {
    definition.columns[usize::from(at)].name.clone()
}
