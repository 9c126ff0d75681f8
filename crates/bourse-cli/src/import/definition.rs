//! What a planned table becomes in the store: its definition, and what of it cannot be said there.

use bourse::schema::{ForeignKeyBuilder, IndexBuilder, IndexPart, TableBuilder};
use bourse::{
    Collation as StoreCollation, Error, Expression, ForeignKey as StoreForeignKey, IndexDefinition,
    TableDefinition, Type, Value,
};
use bourse_storage::Result;

use super::expression::{self, Constant};
use super::plan::Plan;
use super::schema::{Collation, ComputedIndex, DefaultValue, Index, Key, KeyPart, NotTaken};
use super::types::ColumnType;

/// What a planned table becomes.
pub(crate) struct Defined {
    /// Its definition, with what no row can break.
    pub(crate) definition: TableDefinition,
    /// What is added when its rows, and those of all other tables, are there: SQLite may hold rows
    /// that break it.
    pub(crate) additions: Vec<Addition>,
}

/// Something that is added to a table with rows.
pub(crate) struct Addition {
    /// What it is.
    pub(crate) kind: &'static str,
    /// Its name.
    pub(crate) name: String,
    /// What to add.
    pub(crate) what: What,
}

/// What an [`Addition`] adds.
pub(crate) enum What {
    /// A CHECK.
    Check(Expression<String>),
    /// An index.
    Index(IndexBuilder),
    /// A foreign key.
    ForeignKey(ForeignKeyBuilder),
    /// Generated ids go on after this one.
    LastId(i64),
}

/// The definition of a planned table. What cannot be taken is added to `left`.
pub(crate) fn define(plan: &Plan, left: &mut Vec<NotTaken>) -> Result<Defined> {
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
    let mut additions = Vec::new();
    for index in &table.indexes {
        let name = index_name(plan, index, &taken);
        let plain = define_index(plan, index, &name);
        taken.push(name.clone());
        let Some(predicate) = &index.predicate else {
            builder = builder.index(plain);
            continue;
        };
        match expression::condition(plan, predicate) {
            Ok((condition, false)) => builder = builder.index(plain.filter(condition)),
            Ok((condition, true)) => {
                let what = What::Index(plain.filter(condition));
                additions.push(Addition { kind: "partial index", name, what });
            }
            Err(detail) => left.push(NotTaken { kind: "partial index", name, detail }),
        }
    }
    let definition = builder.build().map_err(|error| {
        let message = format!("table {} cannot be taken over: {error}", table.name);
        Error::new(error.kind(), message)
    })?;
    additions.extend(computed_indexes(plan, &definition, left));
    additions.extend(checks(plan, &definition, left));
    additions.extend(foreign_keys(plan));
    if let (Some(last), Key::Rowid(_)) = (table.constraints.autoincrement, &table.key) {
        let (kind, name) = ("AUTOINCREMENT", table.name.clone());
        additions.push(Addition { kind, name, what: What::LastId(last) });
    }
    Ok(Defined { definition, additions })
}

fn computed_indexes(
    plan: &Plan,
    definition: &TableDefinition,
    left: &mut Vec<NotTaken>,
) -> Vec<Addition> {
    let define = |index: &ComputedIndex| {
        let parts = index.parts.iter().map(|(part, descending)| {
            let part = IndexPart::from(expression::value(plan, part)?);
            Ok(if *descending { part.descending() } else { part })
        });
        let parts = parts.collect::<std::result::Result<Vec<_>, String>>()?;
        let mut builder = IndexDefinition::on(&index.name, parts);
        if index.unique {
            builder = builder.unique();
        }
        if let Some(predicate) = &index.predicate {
            builder = builder.filter(expression::condition(plan, predicate)?.0);
        }
        builder.clone().build(definition).map_err(|error| error.to_string())?;
        Ok::<_, String>(builder)
    };
    let mut additions = Vec::new();
    for index in &plan.table.computed {
        let (kind, name) = ("index", index.name.clone());
        match define(index) {
            Ok(builder) => additions.push(Addition { kind, name, what: What::Index(builder) }),
            Err(detail) => left.push(NotTaken { kind, name, detail }),
        }
    }
    additions
}

fn checks(plan: &Plan, definition: &TableDefinition, left: &mut Vec<NotTaken>) -> Vec<Addition> {
    let table = &plan.table;
    let mut additions: Vec<Addition> = Vec::new();
    for (number, check) in table.constraints.checks.iter().enumerate() {
        let condition = check.condition.as_ref().map_err(Clone::clone);
        let condition = condition.and_then(|condition| expression::condition(plan, condition));
        let bound = condition.and_then(|(condition, _)| {
            definition.bind(condition.clone()).map_err(|error| error.to_string())?;
            Ok(condition)
        });
        match bound {
            Ok(condition) => {
                let name = check.name.clone().unwrap_or_else(|| {
                    match *expression::columns_of(&condition) {
                        [column] => format!("{}_{column}_check", table.name),
                        _ => format!("{}_check", table.name),
                    }
                });
                let name = free_name(name, &additions);
                additions.push(Addition { kind: "CHECK", name, what: What::Check(condition) });
            }
            Err(detail) => {
                let name = check.name.clone().unwrap_or_else(|| format!("#{}", number + 1));
                let name = format!("{}.{name}", table.name);
                let detail = format!("({}): {detail}", check.text);
                left.push(NotTaken { kind: "CHECK", name, detail });
            }
        }
    }
    additions
}

fn foreign_keys(plan: &Plan) -> Vec<Addition> {
    let mut additions: Vec<Addition> = Vec::new();
    for key in plan.table.constraints.foreign_keys.iter().rev() {
        let name = format!("{}_{}_fkey", plan.table.name, key.columns.join("_"));
        let name = free_name(name, &additions);
        let builder = StoreForeignKey::on(&name, &key.columns, &key.parent)
            .to(&key.parent_columns)
            .on_delete(key.on_delete)
            .on_update(key.on_update)
            .timing(key.timing);
        let what = What::ForeignKey(builder);
        additions.push(Addition { kind: "foreign key", name, what });
    }
    additions
}

/// The name, with a number behind it where another has it.
fn free_name(name: String, additions: &[Addition]) -> String {
    let is_free = |name: &String| !additions.iter().any(|a| a.name.eq_ignore_ascii_case(name));
    let mut names = std::iter::once(name.clone()).chain((1..).map(|n| format!("{name}{n}")));
    names.find(is_free).unwrap_or(name)
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
        let counted = plan.table.constraints.autoincrement.is_some();
        return if counted { builder.identity() } else { builder.generated_id() };
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

fn define_index(plan: &Plan, index: &Index, name: &str) -> IndexBuilder {
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
    builder
}

/// The constant as a value of the type, if it is exactly that.
pub(super) fn exact(data_type: Type, constant: &Constant) -> Option<Value> {
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
