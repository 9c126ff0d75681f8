//! Names of a result's columns that have none of their own, or share one.

use std::collections::HashSet;

use sqlparser::ast::{
    AccessExpr, BinaryOperator, DataType, Expr as Ast, FunctionArguments, Ident, Query, SelectItem,
    SetExpr, TrimWhereField,
};

use sqlparser::ast::Spanned;

use super::binder::Binder;
use super::coerce::strip;
use super::same::same;

/// The name of an expression of the select list.
pub(crate) fn output_name(binder: &Binder<'_>, tree: &Ast) -> String {
    if binder.is_sqlite() {
        return sqlite_name(binder, tree);
    }
    let (name, _) = figure(binder, tree);
    name.unwrap_or_else(|| "?column?".to_owned())
}

/// SQLite calls a column by its name, and anything else as it is written.
fn sqlite_name(binder: &Binder<'_>, tree: &Ast) -> String {
    match strip(tree) {
        Ast::Identifier(ident) => binder.declared_name(ident),
        Ast::CompoundIdentifier(parts) => {
            parts.last().map(|part| binder.declared_name(part)).unwrap_or_default()
        }
        _ => binder.text_of(tree),
    }
}

impl Binder<'_> {
    /// A column's name as its table has it.
    fn declared_name(&self, ident: &Ident) -> String {
        let name = &ident.value;
        for frame in self.frames.iter().rev() {
            let mut columns = frame.namespace.columns.iter();
            if let Some(column) = columns.find(|column| column.name.eq_ignore_ascii_case(name)) {
                return column.name.clone();
            }
            // The row's id goes by the name of the key that it is.
            for relation in &frame.namespace.relations {
                let mut hidden = relation.hidden.iter();
                let Some(id) = hidden.find(|column| column.name.eq_ignore_ascii_case(name)) else {
                    continue;
                };
                let key = relation.columns.iter().find(|column| same(&column.expr, &id.expr));
                return key.map_or_else(|| "rowid".to_owned(), |key| key.name.clone());
            }
        }
        // A text in double quotes.
        let is_text = ident.quote_style == Some('"') && !self.frames.is_empty();
        if is_text { format!("\"{name}\"") } else { name.clone() }
    }

    /// An expression as it is written.
    fn text_of(&self, tree: &Ast) -> String {
        let place = tree.span().start;
        let is_plain = !matches!(strip(tree), Ast::Subquery(_) | Ast::Exists { .. });
        let mut around = self.items.iter().filter(|(from, to, _)| *from <= place && place <= *to);
        match around.next_back().filter(|_| is_plain && place.line > 0) {
            Some((_, _, text)) => text.clone(),
            None => as_written(tree),
        }
    }
}

/// The text of an expression, with NOT GLOB as it was before it came from the tokens.
pub(crate) fn as_written(tree: &Ast) -> String {
    tree.to_string().replace(" NOT RLIKE ", " NOT GLOB ")
}

/// SQLite's names of the columns of a query that is a relation: of those that share a name all but
/// the first get a number behind it, `x:1`.
pub(crate) fn tell_apart<'n>(names: impl IntoIterator<Item = &'n mut String>) {
    let mut taken = HashSet::new();
    for name in names {
        let mut number = 0;
        while !taken.insert(name.to_ascii_lowercase()) {
            number += 1;
            let stem = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
            let stem = stem.strip_suffix(':').filter(|stem| !stem.is_empty());
            *name = format!("{}:{number}", stem.unwrap_or(name));
        }
    }
}

/// PostgreSQL's name, and how strong it is: 2 for a name, 1 for a word that stands for one.
fn figure(binder: &Binder<'_>, tree: &Ast) -> (Option<String>, u8) {
    let strong = |name: String| (Some(name), 2);
    let word = |name: &str| (Some(name.to_owned()), 2);
    match tree {
        Ast::Nested(inner) | Ast::Collate { expr: inner, .. } => figure(binder, inner),
        Ast::Identifier(ident) => strong(binder.fold(ident)),
        Ast::CompoundIdentifier(parts) => {
            parts.last().map_or((None, 0), |part| strong(binder.fold(part)))
        }
        Ast::CompoundFieldAccess { root, access_chain } => {
            let named = access_chain.iter().rev().find_map(|access| match access {
                AccessExpr::Dot(Ast::Identifier(ident)) => Some(binder.fold(ident)),
                _ => None,
            });
            named.map_or_else(|| figure(binder, root), strong)
        }
        Ast::Function(function) => {
            let name = function.name.0.last().and_then(|part| part.as_ident());
            let name = name.map(|ident| binder.fold(ident)).unwrap_or_default();
            match (&function.args, name.as_str()) {
                (FunctionArguments::Subquery(_), "array") => word("array"),
                _ => strong(name),
            }
        }
        Ast::Cast { expr, data_type, .. } => match figure(binder, expr) {
            (Some(name), strength) if strength > 1 => (Some(name), strength),
            _ => (Some(type_name(data_type)), 1),
        },
        Ast::TypedString(typed) => (Some(type_name(&typed.data_type)), 1),
        Ast::Interval(_) => (Some("interval".to_owned()), 1),
        Ast::Case { else_result, .. } => match else_result.as_deref().map(|e| figure(binder, e)) {
            Some((Some(name), 2)) => strong(name),
            _ => (Some("case".to_owned()), 1),
        },
        Ast::Exists { negated: false, .. } => word("exists"),
        Ast::Subquery(query) => query_name(binder, query),
        Ast::Array(_) => word("array"),
        Ast::Tuple(_) => word("row"),
        Ast::Extract { .. } => word("extract"),
        Ast::Ceil { .. } => word("ceil"),
        Ast::Floor { .. } => word("floor"),
        Ast::Position { .. } => word("position"),
        Ast::BinaryOp { op: BinaryOperator::Overlaps, .. } => word("overlaps"),
        Ast::Substring { shorthand, .. } => word(if *shorthand { "substr" } else { "substring" }),
        Ast::Overlay { .. } => word("overlay"),
        Ast::AtTimeZone { .. } => word("timezone"),
        Ast::Trim { trim_where, .. } => word(match trim_where {
            Some(TrimWhereField::Leading) => "ltrim",
            Some(TrimWhereField::Trailing) => "rtrim",
            _ => "btrim",
        }),
        _ => (None, 0),
    }
}

fn query_name(binder: &Binder<'_>, query: &Query) -> (Option<String>, u8) {
    match query.body.as_ref() {
        SetExpr::Select(select) => match select.projection.first() {
            // What has no name of its own has this one.
            Some(SelectItem::UnnamedExpr(tree)) => {
                let name = figure(binder, tree).0.unwrap_or_else(|| "?column?".to_owned());
                (Some(name), 2)
            }
            Some(SelectItem::ExprWithAlias { alias, .. }) => (Some(binder.fold(alias)), 2),
            _ => (None, 0),
        },
        SetExpr::Query(inner) => query_name(binder, inner),
        SetExpr::Values(_) => (Some("column1".to_owned()), 2),
        _ => (None, 0),
    }
}

/// PostgreSQL's internal name of a type, by which a cast goes.
fn type_name(data_type: &DataType) -> String {
    use sqlparser::ast::{ArrayElemTypeDef, TimezoneInfo};
    let name = match data_type {
        DataType::Boolean | DataType::Bool => "bool",
        DataType::SmallInt(_) | DataType::Int2(_) => "int2",
        DataType::Int(_) | DataType::Integer(_) | DataType::Int4(_) => "int4",
        DataType::BigInt(_) | DataType::Int8(_) => "int8",
        DataType::Real | DataType::Float4 => "float4",
        DataType::Float(_) | DataType::Float8 | DataType::Double(_) | DataType::DoublePrecision => {
            "float8"
        }
        DataType::Numeric(_) | DataType::Decimal(_) | DataType::Dec(_) => "numeric",
        DataType::Varchar(_) | DataType::CharacterVarying(_) | DataType::CharVarying(_) => {
            "varchar"
        }
        DataType::Char(_) | DataType::Character(_) => "bpchar",
        DataType::Time(..) => "time",
        DataType::Timestamp(_, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) => "timestamp",
        DataType::Timestamp(..) => "timestamptz",
        DataType::Interval { .. } => "interval",
        DataType::Array(ArrayElemTypeDef::SquareBracket(element, _)) => return type_name(element),
        DataType::Custom(name, _) => {
            let last = name.0.last().and_then(|part| part.as_ident());
            return last.map(|ident| ident.value.to_lowercase()).unwrap_or_default();
        }
        other => return other.to_string().to_lowercase(),
    };
    name.to_owned()
}
