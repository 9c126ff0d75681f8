//! Columns as they are declared.

use bourse::schema::{Column, Default as StoreDefault};
use bourse::{Collation, Type, Value};
use sqlparser::ast::{
    ArrayElemTypeDef, ColumnDef, ColumnOption, DataType, Expr as Ast, GeneratedAs, ObjectName,
    SequenceOptions, UnaryOperator,
};

use crate::algebra::{Expr, ExprKind};
use crate::bind::{Binder, Clause, Namespace};
use crate::catalog::{ColumnNote, PUBLIC, TypeEntry, declared_text};
use crate::datum::{self, Datum};
use crate::error::{Result, SqlError};
use crate::function::quote_identifier;
use crate::types::{self, Affinity, SqlType};

/// A declared column: for the store, and for SQL.
pub(crate) struct Declared {
    pub(crate) column: Column,
    pub(crate) ty: SqlType,
    pub(crate) note: ColumnNote,
    pub(crate) affinity: Affinity,
    /// SQLite's INTEGER PRIMARY KEY may make ids.
    pub(crate) is_integer: bool,
    pub(crate) autoincrement: bool,
    /// CHECKs of its domain, over VALUE.
    pub(crate) domain_checks: Vec<(String, String)>,
    /// SERIAL or IDENTITY: the options of its sequence.
    pub(crate) sequence: Option<Vec<SequenceOptions>>,
}

/// A column of a CREATE TABLE or ADD COLUMN, with its table's name if that is STRICT; constraints
/// are looked at elsewhere.
pub(crate) fn declare(
    binder: &mut Binder<'_>,
    tree: &ColumnDef,
    strict: Option<&str>,
) -> Result<Declared> {
    let name = binder.fold(&tree.name);
    let mut declared = typed(binder, &name, &tree.data_type)?;
    if let Some(table) = strict {
        make_strict(&mut declared, table)?;
    }
    for option in &tree.options {
        match &option.option {
            ColumnOption::NotNull => {
                declared.column.not_null = true;
                declared.note.not_null = binder.is_sqlite();
            }
            ColumnOption::Null => declared.column.not_null = false,
            ColumnOption::Default(value) => default(binder, &mut declared, value)?,
            ColumnOption::Collation(collation) => {
                let collation = binder.collation(collation)?;
                let takes = matches!(declared.column.data_type, Type::Text | Type::Any);
                declared.column.collation = if takes { collation } else { Collation::Binary };
            }
            ColumnOption::Generated { generated_as, generation_expr, sequence_options, .. } => {
                match (generation_expr, generated_as) {
                    (Some(tree), _) => declared.note.generated = Some(tree.to_string()),
                    (None, kind) => {
                        let is_integer = matches!(
                            declared.ty,
                            SqlType::SmallInt | SqlType::Integer | SqlType::BigInt
                        );
                        if !is_integer && !binder.is_sqlite() {
                            let message =
                                "identity column type must be smallint, integer, or bigint";
                            return Err(SqlError::new("22023", message));
                        }
                        declared.column.not_null = true;
                        let kind = if *kind == GeneratedAs::Always { "always" } else { "default" };
                        declared.note.identity = Some(kind.to_owned());
                        declared.sequence = Some(sequence_options.clone().unwrap_or_default());
                    }
                }
            }
            ColumnOption::DialectSpecific(tokens) => {
                let is = |word: &str| {
                    tokens.iter().any(|token| token.to_string().eq_ignore_ascii_case(word))
                };
                declared.autoincrement |= is("AUTOINCREMENT");
            }
            ColumnOption::PrimaryKey(_)
            | ColumnOption::Unique(_)
            | ColumnOption::ForeignKey(_)
            | ColumnOption::Check(_)
            | ColumnOption::Comment(_) => {}
            ColumnOption::OnConflict(_) => {
                return Err(SqlError::unsupported("ON CONFLICT in a definition is not supported")
                    .with_hint("Say OR REPLACE, or ON CONFLICT, in the INSERT."));
            }
            other => {
                return Err(SqlError::unsupported(format!(
                    "the column option {other} is not supported"
                )));
            }
        }
    }
    if binder.is_sqlite() {
        drop_idle_collation(&mut declared.column);
    }
    Ok(declared)
}

/// In SQLite a collation says nothing of numbers: it is taken, and has no effect.
fn drop_idle_collation(column: &mut Column) {
    if !matches!(column.data_type, Type::Text | Type::Any) {
        column.collation = bourse::Collation::Binary;
    }
}

/// A type that has no meaning but its affinity, without quotes.
fn words_of<T: std::fmt::Display>(name: &ObjectName, arguments: &[T]) -> String {
    let parts = name.0.iter().filter_map(|part| part.as_ident());
    let words = parts.map(|ident| ident.value.as_str()).collect::<Vec<_>>().join(".");
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    match arguments.is_empty() {
        true => words,
        false => format!("{words}({})", arguments.join(", ")),
    }
}

fn typed(binder: &Binder<'_>, name: &str, data_type: &DataType) -> Result<Declared> {
    let text = match data_type {
        // SQLite's of several words comes as one name in quotes.
        DataType::Custom(name, arguments) if binder.is_sqlite() => words_of(name, arguments),
        other => declared_text(other),
    };
    let affinity = types::affinity(&text);
    let mut declared = Declared {
        column: Column::new(name, Type::Any),
        ty: SqlType::Any,
        note: ColumnNote { declared: Some(text.clone()), ..ColumnNote::default() },
        affinity,
        is_integer: text.eq_ignore_ascii_case("integer"),
        autoincrement: false,
        domain_checks: Vec::new(),
        sequence: None,
    };
    if binder.is_sqlite() {
        declared.column.data_type = sqlite_type(&text, affinity);
        return Ok(declared);
    }
    let lower = text.to_ascii_lowercase();
    let serial = ["serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"];
    if serial.contains(&lower.as_str()) {
        (declared.ty, declared.column.data_type) = match lower.as_str() {
            "smallserial" | "serial2" => (SqlType::SmallInt, Type::SmallInt),
            "bigserial" | "serial8" => (SqlType::BigInt, Type::BigInt),
            _ => (SqlType::Integer, Type::Integer),
        };
        declared.column.not_null = true;
        declared.note.declared = None;
        declared.sequence = Some(Vec::new());
        return Ok(declared);
    }
    if let DataType::Custom(type_name, _) = data_type {
        let (schema, type_name) = binder.object_name(type_name)?;
        if let Some(TypeEntry::Domain(_, note)) =
            binder.catalog.user_type(schema.as_deref(), &type_name, binder.settings)
        {
            declared.column.not_null = note.not_null;
            declared.note.default.clone_from(&note.default);
            declared.domain_checks.clone_from(&note.checks);
        }
    }
    declared.ty = binder.catalog.type_of(data_type, binder.settings)?;
    declared.note.declared = Some(declared_in(binder, data_type));
    let carrier = types::carrier(&declared.ty);
    declared.column.data_type = carrier.ok_or_else(|| {
        SqlError::new("42P16", format!("column \"{name}\" has pseudo-type {}", declared.ty))
    })?;
    Ok(declared)
}

/// A type as it was declared, a user's with its schema: what it means must not depend on whose
/// search path it is read with.
pub(crate) fn declared_in(binder: &Binder<'_>, data_type: &DataType) -> String {
    match data_type {
        DataType::Array(ArrayElemTypeDef::SquareBracket(element, _)) => {
            format!("{}[]", declared_in(binder, element))
        }
        DataType::Custom(name, _) => {
            let found = binder.object_name(name).ok().filter(|(schema, _)| schema.is_none());
            let schema =
                found.and_then(|(_, name)| binder.catalog.schema_of_type(&name, binder.settings));
            match schema.filter(|schema| *schema != PUBLIC) {
                Some(schema) => {
                    format!("{}.{}", quote_identifier(schema), declared_text(data_type))
                }
                None => declared_text(data_type),
            }
        }
        other => declared_text(other),
    }
}

/// What holds a column of SQLite's: what the declaration promises, else anything.
fn sqlite_type(declared: &str, affinity: Affinity) -> Type {
    match affinity {
        Affinity::Integer => Type::BigInt,
        Affinity::Real => Type::Double,
        Affinity::Text => Type::Text,
        // BLOB promises nothing: texts stay texts in it.
        Affinity::None => Type::Any,
        Affinity::Numeric => decimal_of(declared).unwrap_or(Type::Any),
    }
}

/// A column of a STRICT table: it has one of six types, and takes no other values.
///
/// # Errors
/// 42704 for another type.
fn make_strict(declared: &mut Declared, table: &str) -> Result<()> {
    let name = &declared.column.name;
    let text = declared.note.declared.clone().unwrap_or_default();
    declared.column.data_type = match text.to_ascii_uppercase().as_str() {
        "INT" | "INTEGER" => Type::BigInt,
        "REAL" => Type::Double,
        "TEXT" => Type::Text,
        "BLOB" => Type::Blob,
        "ANY" => Type::Any,
        "" => {
            let message = format!("missing datatype for {table}.{name}");
            return Err(SqlError::new("42704", message));
        }
        _ => {
            let message = format!("unknown datatype for {table}.{name}: \"{text}\"");
            return Err(SqlError::new("42704", message));
        }
    };
    if matches!(declared.column.data_type, Type::Any | Type::Blob) {
        declared.affinity = Affinity::None;
    }
    Ok(())
}

/// `DECIMAL(p,s)` as the store's.
fn decimal_of(declared: &str) -> Option<Type> {
    let upper = declared.to_ascii_uppercase();
    let word = upper.split(|c: char| !c.is_ascii_alphabetic()).next()?;
    if !matches!(word, "NUMERIC" | "DECIMAL" | "DEC" | "NUMBER" | "MONEY") {
        return None;
    }
    let (_, rest) = upper.split_once('(')?;
    let (inner, _) = rest.split_once(')')?;
    let (precision, scale) = inner.split_once(',').unwrap_or((inner, "0"));
    let (precision, scale) = (precision.trim().parse().ok()?, scale.trim().parse().ok()?);
    (precision > 0 && precision <= 38 && scale <= precision)
        .then_some(Type::Decimal { precision, scale })
}

/// DEFAULT: the store's where it can compute it, else SQL's.
pub(crate) fn default(binder: &mut Binder<'_>, declared: &mut Declared, tree: &Ast) -> Result<()> {
    let column = declared.column.name.clone();
    let ty = declared.ty.clone();
    let affinity = declared.affinity;
    let bound = binder.within(Namespace::default(), Clause::Default, |binder| {
        let bound = binder.value_expr(tree).map_err(|error| match error.sqlstate() {
            "42703" => SqlError::new("0A000", "cannot use column reference in DEFAULT expression"),
            _ => error,
        })?;
        if binder.is_sqlite() {
            return Ok(crate::bind::with_affinity(bound, affinity));
        }
        if crate::bind::has_query(&bound) {
            return Err(SqlError::unsupported("cannot use subquery in DEFAULT expression"));
        }
        binder.assign(bound, &ty, &column).map_err(|error| match error.sqlstate() {
            "42804" => SqlError::new(
                "42804",
                error.message().replace("but expression", "but default expression"),
            ),
            _ => error,
        })
    })?;
    let known = store_default(binder, &bound, &declared.column.data_type, &ty);
    declared.note.written_default = written(binder, tree);
    match known {
        Some(default) => {
            declared.column.default = default;
            declared.note.default = None;
        }
        None => declared.note.default = Some(tree.to_string()),
    }
    Ok(())
}

/// A constant as it was written, in SQLite's dialect.
fn written(binder: &Binder<'_>, tree: &Ast) -> Option<String> {
    let source = binder.source.as_ref().filter(|_| binder.is_sqlite())?;
    match tree {
        Ast::Value(value) => Some(source.between(value.span.start, value.span.end).to_owned()),
        Ast::UnaryOp { op: UnaryOperator::Minus, expr } => {
            Some(format!("-{}", written(binder, expr)?))
        }
        _ => None,
    }
    .filter(|text| !text.is_empty())
}

/// The store's DEFAULT of an expression; `Some(None)` for NULL.
fn store_default(
    binder: &Binder<'_>,
    expr: &Expr,
    data_type: &Type,
    ty: &SqlType,
) -> Option<Option<StoreDefault>> {
    match &expr.kind {
        ExprKind::Literal(Datum::Null) => Some(None),
        ExprKind::Literal(value) => {
            let value: Value = datum::to_value(value, ty, data_type).ok()?;
            Some(Some(StoreDefault::Constant(value)))
        }
        // A whole number is what it is in every type of numbers that holds it.
        ExprKind::Cast { operand, .. } if is_whole(&operand.ty) => {
            let ExprKind::Literal(value) = &operand.kind else { return None };
            let value = datum::to_value(value, &operand.ty, data_type).ok()?;
            Some(Some(StoreDefault::Constant(value)))
        }
        _ if !binder.is_sqlite() && is_now(expr) => {
            let takes =
                matches!(data_type, Type::Timestamp { .. } | Type::TimestampTz { .. } | Type::Date);
            takes.then_some(Some(StoreDefault::CurrentTimestamp))
        }
        _ => None,
    }
}

fn is_whole(ty: &SqlType) -> bool {
    matches!(ty, SqlType::SmallInt | SqlType::Integer | SqlType::BigInt)
}

fn is_now(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Cast { operand, .. } => is_now(operand),
        ExprKind::Call { function, arguments } => {
            arguments.is_empty() && matches!(function.name, "now" | "transaction_timestamp")
        }
        _ => false,
    }
}
