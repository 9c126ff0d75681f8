//! Generated columns: what their expressions may call, and which columns they name. The expressions
//! are kept as texts.

use sqlparser::ast::{ForeignKeyConstraint, ReferentialAction};
use sqlparser::tokenizer::{Token, Tokenizer};

use super::constraint::{Seen, row_namespace};
use super::index::seen_columns;
use crate::Dialect;
use crate::algebra::{Expr, ExprKind, Go, Visit};
use crate::bind::{Binder, Clause};
use crate::catalog::TableEntry;
use crate::error::{Result, SqlError};
use crate::function::{Volatility, quote_identifier};
use crate::parse;
use crate::types::SqlType;

/// What an expression is made of.
#[derive(Default)]
struct Parts {
    columns: Vec<crate::algebra::ColumnId>,
    /// Something in it may change without the row.
    changes: bool,
    /// Something in it is another value each time.
    is_random: bool,
    /// There is a query in it.
    has_query: bool,
}

impl Visit for Parts {
    fn expr(&mut self, expr: &Expr) -> Go {
        match &expr.kind {
            ExprKind::Column(id) => self.columns.push(*id),
            ExprKind::Call { function, arguments } => {
                self.is_random |= function.volatility == Volatility::Volatile;
                self.changes |= match function.volatility {
                    Volatility::Immutable => false,
                    // Whatever is put beside a text is cast to one.
                    _ if function.name == "||" => {
                        arguments.iter().any(|part| asks_settings(&part.ty, &SqlType::Text))
                    }
                    _ => true,
                };
            }
            ExprKind::Cast { operand, .. } => self.changes |= asks_settings(&operand.ty, &expr.ty),
            ExprKind::Subquery(_) => self.has_query = true,
            _ => {}
        }
        Go::Inside
    }
}

/// Whether a cast hangs on the session: on its time zone, or on how it writes times.
fn asks_settings(from: &SqlType, to: &SqlType) -> bool {
    use SqlType::{Date, Text, Time, Timestamp, TimestampTz, Varchar};
    matches!(
        (from, to),
        (Date | Timestamp(_), TimestampTz(_))
            | (TimestampTz(_), Date | Time(_) | Timestamp(_))
            | (Date | Timestamp(_) | TimestampTz(_), Text | Varchar(_))
            | (Text | Varchar(_), Date | Time(_) | Timestamp(_) | TimestampTz(_))
    )
}

/// The expression over a row's columns: their names, and whether it may change without the row.
fn parts(
    binder: &mut Binder<'_>,
    table: &str,
    seen: &[Seen],
    text: &str,
) -> Result<(Vec<String>, bool)> {
    let (names, parts) = all_parts(binder, table, seen, text)?;
    Ok((names, parts.changes))
}

fn all_parts(
    binder: &mut Binder<'_>,
    table: &str,
    seen: &[Seen],
    text: &str,
) -> Result<(Vec<String>, Parts)> {
    let tree = parse::expression(text, binder.dialect)?;
    let (namespace, names) = row_namespace(binder, table, seen);
    let bound = binder.apart(|binder| {
        binder.within(namespace, Clause::Generated, |binder| binder.value_expr(&tree))
    })?;
    let mut parts = Parts::default();
    bound.visit(&mut parts);
    let names = parts.columns.iter().filter_map(|id| names.get(id).cloned()).collect();
    Ok((names, parts))
}

/// Refuses what SQLite computes no generated column of: itself, queries, and what is random.
pub(super) fn check_as_sqlite(
    binder: &mut Binder<'_>,
    table: &str,
    seen: &[Seen],
    generated: &[(String, String)],
) -> Result<()> {
    let mut left: Vec<(&String, Vec<String>)> = Vec::with_capacity(generated.len());
    for (column, text) in generated {
        let (names, parts) = all_parts(binder, table, seen, text)?;
        if parts.has_query {
            let message = "subqueries prohibited in generated columns";
            return Err(SqlError::new("42P17", message));
        }
        if parts.is_random {
            let message = "non-deterministic functions prohibited in generated columns";
            return Err(SqlError::new("42P17", message));
        }
        left.push((column, names));
    }
    // Those that can be computed go, until none is left or they hang on each other.
    loop {
        let waits = |names: &[String]| {
            names.iter().any(|name| left.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)))
        };
        let before = left.len();
        let still: Vec<_> = left.iter().filter(|(_, names)| waits(names)).cloned().collect();
        left = still;
        match left.last() {
            None => return Ok(()),
            Some((column, _)) if left.len() == before => {
                let message = format!("generated column loop on \"{column}\"");
                return Err(SqlError::new("42P17", message));
            }
            Some(_) => {}
        }
    }
}

/// Refuses what a generated column of a new table cannot be computed of.
pub(super) fn check(
    binder: &mut Binder<'_>,
    table: &str,
    seen: &[Seen],
    generated: &[(String, String)],
) -> Result<()> {
    for (_, text) in generated {
        let (names, changes) = parts(binder, table, seen, text)?;
        let other = names.iter().find(|name| generated.iter().any(|(column, _)| column == *name));
        if let Some(other) = other {
            let message =
                format!("cannot use generated column \"{other}\" in column generation expression");
            return Err(SqlError::new("42P17", message)
                .with_detail("A generated column cannot reference another generated column."));
        }
        if changes {
            return Err(SqlError::new("42P17", "generation expression is not immutable"));
        }
    }
    Ok(())
}

/// Refuses a foreign key whose actions change what a generated column is computed of: the store,
/// which does what they say, does not compute it.
pub(super) fn check_key(
    binder: &mut Binder<'_>,
    (table, seen): (&str, &[Seen]),
    generated: &[(String, String)],
    key: &ForeignKeyConstraint,
    columns: &[String],
) -> Result<()> {
    use ReferentialAction::{Cascade, SetDefault, SetNull};
    let changes = matches!(key.on_delete, Some(SetNull | SetDefault))
        || matches!(key.on_update, Some(Cascade | SetNull | SetDefault));
    for (column, text) in generated.iter().filter(|_| changes) {
        let (names, _) = parts(binder, table, seen, text)?;
        if names.iter().any(|name| columns.iter().any(|own| own.eq_ignore_ascii_case(name))) {
            return Err(SqlError::unsupported(format!(
                "a foreign key whose actions change what the generated column \"{column}\" is \
                 computed of is not supported"
            )));
        }
    }
    Ok(())
}

/// The generated columns that are computed of a column.
pub(super) fn readers(
    binder: &mut Binder<'_>,
    table: &TableEntry,
    column: &str,
) -> Result<Vec<String>> {
    let seen = seen_columns(table);
    let mut found = Vec::new();
    for entry in table.columns.iter() {
        if let Some(text) = &entry.note.generated
            && entry.name != column
            && parts(binder, &table.name, &seen, text)?.0.iter().any(|name| name == column)
        {
            found.push(entry.name.clone());
        }
    }
    Ok(found)
}

/// An expression's text after a column has another name.
pub(super) fn renamed(text: &str, from: &str, to: &str, dialect: Dialect) -> Result<String> {
    let tokens = match dialect {
        Dialect::Postgres => {
            Tokenizer::new(&sqlparser::dialect::PostgreSqlDialect {}, text).tokenize()
        }
        Dialect::Sqlite => Tokenizer::new(&sqlparser::dialect::SQLiteDialect {}, text).tokenize(),
    };
    let tokens =
        tokens.map_err(|_| SqlError::new("XX001", format!("\"{text}\" is no expression")))?;
    let is_space = |token: &Token| matches!(token, Token::Whitespace(_));
    let mut out = String::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = tokens[..at].iter().rfind(|token| !is_space(token));
        let after = tokens[at + 1..].iter().find(|token| !is_space(token));
        let is_column = match token {
            Token::Word(word) => match word.quote_style {
                Some(_) => word.value == from,
                None => word.value.eq_ignore_ascii_case(from),
            },
            _ => false,
        };
        // Not a function's name, a table's, or a type's.
        let is_other = matches!(after, Some(Token::LParen | Token::Period))
            || matches!(before, Some(Token::DoubleColon));
        match is_column && !is_other {
            true => out.push_str(&quote_identifier(to)),
            false => out.push_str(&token.to_string()),
        }
    }
    Ok(out)
}
