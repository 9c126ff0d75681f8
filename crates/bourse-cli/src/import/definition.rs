//! What a planned table becomes in the store: its definition, and what of it cannot be said there.

use bourse::Expression;
use bourse::expression::{Comparison, column as store_column, constant as store_constant};
use bourse::schema::{IndexBuilder, TableBuilder};
use bourse::{Collation as StoreCollation, Error, IndexDefinition, TableDefinition, Type, Value};
use bourse_storage::Result;

use super::plan::Plan;
use super::predicate::{Constant, Operator, Predicate};
use super::schema::{Collation, DefaultValue, Index, Key, KeyPart, NotTaken};
use super::types::ColumnType;

/// The definition of a planned table. What cannot be taken is added to `left`.
pub(crate) fn define(plan: &Plan, left: &mut Vec<NotTaken>) -> Result<TableDefinition> {
    let table = &plan.table;
    let mut builder = TableDefinition::builder(&table.name);
    for position in 0..table.columns.len() {
        builder = define_column(plan, position, builder, left);
    }
    builder = match &table.key {
        Key::HiddenRowid => builder,
        Key::Rowid(column) => builder.primary_key([&table.columns[*column].name]),
        Key::Columns(parts) => builder.primary_key(names(plan, parts)),
    };
    if !plan.shard_key.is_empty() {
        builder = builder.shard_key(plan.shard_key.iter());
    }
    let mut taken: Vec<String> = Vec::new();
    for index in &table.indexes {
        let name = index_name(plan, index, &taken);
        match define_index(plan, index, &name) {
            Ok(index) => {
                taken.push(name);
                builder = builder.index(index);
            }
            Err(detail) => left.push(NotTaken { kind: "partial index", name, detail }),
        }
    }
    builder.build().map_err(|error| {
        let message = format!("table {} cannot be taken over: {error}", table.name);
        Error::new(error.kind(), message)
    })
}

/// The type of a column in the store.
pub(crate) fn store_type(column_type: ColumnType) -> Type {
    // Both are at most 38.
    let digits = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    match column_type {
        ColumnType::BigInt => Type::BigInt,
        ColumnType::Double => Type::Double,
        ColumnType::Decimal { precision, scale } => {
            Type::Decimal { precision: digits(precision), scale: digits(scale) }
        }
        ColumnType::Text => Type::Text,
        ColumnType::Blob => Type::Blob,
        ColumnType::Boolean => Type::Boolean,
        ColumnType::Any => Type::Any,
    }
}

fn define_column(
    plan: &Plan,
    position: usize,
    builder: TableBuilder,
    left: &mut Vec<NotTaken>,
) -> TableBuilder {
    let column = &plan.table.columns[position];
    let data_type = store_type(plan.types[position]);
    let mut builder = builder.column(&column.name, data_type);
    if column.not_null && plan.survey.columns[position].nulls() == 0 {
        builder = builder.not_null();
    }
    if let Some(collation) = store_collation(data_type, column.collation) {
        builder = builder.collate(collation);
    }
    if plan.table.key == Key::Rowid(position) {
        return builder.generated_id();
    }
    let default = match &column.default {
        None => return builder,
        Some(DefaultValue::Constant(constant)) => default_value(data_type, constant),
        Some(_) => None,
    };
    match default {
        Some(value) => builder.default(value),
        None => {
            let name = format!("{}.{}", plan.table.name, column.name);
            let detail = format!("a {data_type} column cannot have it");
            left.push(NotTaken { kind: "default", name, detail });
            builder
        }
    }
}

/// Only texts have collations in the store; elsewhere they mean nothing in SQLite either.
fn store_collation(data_type: Type, collation: Collation) -> Option<StoreCollation> {
    matches!(data_type, Type::Text | Type::Any).then_some(match collation {
        Collation::Binary => StoreCollation::Binary,
        Collation::NoCase => StoreCollation::NoCase,
        Collation::RightTrim => StoreCollation::RTrim,
    })
}

/// The columns of a key, each once: in SQLite a column may be named twice, to no effect.
fn distinct(parts: &[KeyPart]) -> impl Iterator<Item = &KeyPart> {
    parts.iter().enumerate().filter_map(|(at, part)| {
        parts[..at].iter().all(|earlier| earlier.column != part.column).then_some(part)
    })
}

fn names<'p>(plan: &'p Plan, parts: &'p [KeyPart]) -> impl Iterator<Item = &'p String> {
    distinct(parts).map(|part| &plan.table.columns[part.column].name)
}

/// UNIQUE constraints have no name in SQLite but an internal one.
fn index_name(plan: &Plan, index: &Index, taken: &[String]) -> String {
    if !index.name.starts_with("sqlite_autoindex_") {
        return index.name.clone();
    }
    let columns: Vec<&str> = names(plan, &index.columns).map(String::as_str).collect();
    let name = format!("{}_{}_key", plan.table.name, columns.join("_"));
    let mut names = std::iter::once(name.clone()).chain((2..).map(|n| format!("{name}_{n}")));
    let is_free = |name: &String| {
        let same = |other: &str| other.eq_ignore_ascii_case(name);
        !taken.iter().any(|taken| same(taken)) && !plan.table.indexes.iter().any(|i| same(&i.name))
    };
    names.find(is_free).unwrap_or(name)
}

fn define_index(
    plan: &Plan,
    index: &Index,
    name: &str,
) -> std::result::Result<IndexBuilder, String> {
    let mut builder = IndexDefinition::on(name, names(plan, &index.columns));
    for part in distinct(&index.columns) {
        let column = &plan.table.columns[part.column].name;
        if part.descending {
            builder = builder.descending(column);
        }
        let data_type = store_type(plan.types[part.column]);
        if let Some(collation) = store_collation(data_type, part.collation) {
            builder = builder.collate(column, collation);
        }
    }
    if index.unique {
        builder = builder.unique();
    }
    Ok(match &index.predicate {
        None => builder,
        Some(predicate) => builder.filter(store_predicate(plan, predicate)?),
    })
}

fn store_predicate(
    plan: &Plan,
    predicate: &Predicate,
) -> std::result::Result<Expression<String>, String> {
    let value = |column: &String, constant: &Constant| {
        constant_of(plan, column, constant).map(store_constant)
    };
    Ok(match predicate {
        Predicate::Compare(column, operator, constant) => {
            store_column(column).compare(comparison(*operator), value(column, constant)?)
        }
        Predicate::IsNull(column) => store_column(column).is_null(),
        Predicate::IsNotNull(column) => store_column(column).is_not_null(),
        Predicate::In(column, list) => {
            let list = list.iter().map(|constant| value(column, constant));
            store_column(column).is_in(list.collect::<std::result::Result<Vec<_>, _>>()?)
        }
        Predicate::Between(column, low, high) => {
            store_column(column).between(value(column, low)?, value(column, high)?)
        }
        Predicate::And(left, right) => {
            store_predicate(plan, left)?.and(store_predicate(plan, right)?)
        }
        Predicate::Or(left, right) => {
            store_predicate(plan, left)?.or(store_predicate(plan, right)?)
        }
        Predicate::Not(inner) => store_predicate(plan, inner)?.opposite(),
    })
}

fn comparison(operator: Operator) -> Comparison {
    match operator {
        Operator::Equal => Comparison::Equal,
        Operator::NotEqual => Comparison::NotEqual,
        Operator::Less => Comparison::Less,
        Operator::LessOrEqual => Comparison::LessOrEqual,
        Operator::Greater => Comparison::Greater,
        Operator::GreaterOrEqual => Comparison::GreaterOrEqual,
    }
}

/// A constant of a condition on `column`; refused where it would not mean the same there.
fn constant_of(
    plan: &Plan,
    column: &str,
    constant: &Constant,
) -> std::result::Result<Value, String> {
    let position = plan.table.column(column).ok_or_else(|| format!("it has no column {column}"))?;
    let data_type = store_type(plan.types[position]);
    let turned = plan.survey.columns[position].bad() > 0 && data_type == Type::Text;
    let value = if turned { None } else { exact(data_type, constant) };
    value.ok_or_else(|| format!("its WHERE compares {column}, a {data_type}, with something else"))
}

/// The constant as a value of the type, if it is exactly that.
fn exact(data_type: Type, constant: &Constant) -> Option<Value> {
    let value = match (data_type, constant) {
        (Type::Boolean, Constant::Integer(number @ 0..=1)) => Value::Boolean(*number == 1),
        (_, Constant::Integer(number)) => Value::Integer(*number),
        (_, Constant::Real(number)) => Value::Double(*number),
        (_, Constant::Text(text)) => Value::Text(text.clone()),
        (_, Constant::Blob(bytes)) => Value::Blob(bytes.clone()),
    };
    let fitted = data_type.coerce(value.clone()).ok()?;
    if let (Value::Decimal(decimal), Value::Double(number)) = (&fitted, &value) {
        // As for the rows: the decimal whose nearest floating number it is.
        return (decimal.to_f64().to_bits() == (number + 0.0).to_bits()).then_some(fitted);
    }
    fitted.compare(&value, StoreCollation::Binary).is_eq().then_some(fitted)
}

/// A default, converted as SQLite converts it when it inserts: by the column's affinity.
fn default_value(data_type: Type, constant: &Constant) -> Option<Value> {
    let number = |text: &str| match text.trim().parse() {
        Ok(number) => Some(Constant::Integer(number)),
        Err(_) => text.trim().parse().ok().map(Constant::Real),
    };
    match (data_type, constant) {
        (Type::Text, Constant::Integer(number)) => Some(Value::Text(number.to_string())),
        (Type::BigInt | Type::Double | Type::Decimal { .. }, Constant::Text(text)) => {
            exact(data_type, &number(text)?)
        }
        _ => exact(data_type, constant),
    }
}
