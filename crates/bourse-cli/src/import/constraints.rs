//! What a SQLite table declares beside columns and keys: CHECKs, foreign keys, AUTOINCREMENT.

use bourse::schema::{Action, Timing};
use rusqlite::Connection;
use sqlparser::ast::Expr;
use sqlparser::dialect::SQLiteDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

use super::expression::parse_tokens;

/// The constraints of a table.
#[derive(Clone, PartialEq, Default, Debug)]
pub(crate) struct Constraints {
    /// CHECKs.
    pub(crate) checks: Vec<Check>,
    /// Foreign keys.
    pub(crate) foreign_keys: Vec<ForeignKey>,
    /// With AUTOINCREMENT, the highest row id that was ever given.
    pub(crate) autoincrement: Option<i64>,
}

/// A CHECK.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Check {
    /// Its name, if it has one.
    pub(crate) name: Option<String>,
    /// What it says.
    pub(crate) text: String,
    /// The same, or why it was not understood.
    pub(crate) condition: Result<Expr, String>,
}

/// A foreign key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ForeignKey {
    /// The columns.
    pub(crate) columns: Vec<String>,
    /// The table that they refer to.
    pub(crate) parent: String,
    /// That table's columns; none for its primary key.
    pub(crate) parent_columns: Vec<String>,
    /// When the parent is deleted.
    pub(crate) on_delete: Action,
    /// When its key is changed.
    pub(crate) on_update: Action,
    /// When it is checked.
    pub(crate) timing: Timing,
}

/// Reads the constraints of a table from its definition.
pub(super) fn discover_constraints(
    connection: &Connection,
    table: &str,
    sql: &str,
) -> rusqlite::Result<Constraints> {
    let tokens = tokens(sql);
    let mut foreign_keys = foreign_keys(connection, table)?;
    // SQLite numbers them from the last one in the text.
    for (key, timing) in foreign_keys.iter_mut().rev().zip(timings(&tokens)) {
        key.timing = timing;
    }
    let counted = tokens.iter().any(|token| is_word(token, "AUTOINCREMENT"));
    let autoincrement = if counted { Some(sequence(connection, table)?) } else { None };
    Ok(Constraints { checks: checks(&tokens), foreign_keys, autoincrement })
}

fn sequence(connection: &Connection, table: &str) -> rusqlite::Result<i64> {
    let mut statement = connection.prepare("SELECT seq FROM sqlite_sequence WHERE name = ?1")?;
    let mut rows = statement.query([table])?;
    match rows.next()? {
        Some(row) => Ok(row.get::<_, Option<i64>>(0)?.unwrap_or(0)),
        None => Ok(0),
    }
}

fn foreign_keys(connection: &Connection, table: &str) -> rusqlite::Result<Vec<ForeignKey>> {
    let mut statement = connection.prepare(
        "SELECT id, \"table\", \"from\", \"to\", on_update, on_delete
         FROM pragma_foreign_key_list(?1) ORDER BY id, seq",
    )?;
    let mut rows = statement.query([table])?;
    let mut keys: Vec<(i64, ForeignKey)> = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, from, to): (i64, String, Option<String>) = (row.get(0)?, row.get(2)?, row.get(3)?);
        if keys.last().is_none_or(|(last, _)| *last != id) {
            let (on_update, on_delete): (String, String) = (row.get(4)?, row.get(5)?);
            let key = ForeignKey {
                columns: Vec::new(),
                parent: row.get(1)?,
                parent_columns: Vec::new(),
                on_delete: action(&on_delete),
                on_update: action(&on_update),
                timing: Timing::Immediate,
            };
            keys.push((id, key));
        }
        if let Some((_, key)) = keys.last_mut() {
            key.columns.push(from);
            key.parent_columns.extend(to);
        }
    }
    Ok(keys.into_iter().map(|(_, key)| key).collect())
}

fn action(name: &str) -> Action {
    match name {
        "RESTRICT" => Action::Restrict,
        "CASCADE" => Action::Cascade,
        "SET NULL" => Action::SetNull,
        "SET DEFAULT" => Action::SetDefault,
        _ => Action::NoAction,
    }
}

/// When each foreign key of a CREATE TABLE is checked, in their order. Only DEFERRABLE INITIALLY
/// DEFERRED makes a difference in SQLite.
fn timings(tokens: &[Token]) -> Vec<Timing> {
    let begins: Vec<usize> =
        (0..tokens.len()).filter(|at| is_word(&tokens[*at], "REFERENCES")).collect();
    let ends = begins.iter().skip(1).copied().chain([tokens.len()]);
    begins
        .iter()
        .zip(ends)
        .map(|(begin, end)| {
            let words = &tokens[*begin..end];
            let deferred = words.windows(4).any(|words| {
                !is_word(&words[0], "NOT")
                    && is_word(&words[1], "DEFERRABLE")
                    && is_word(&words[2], "INITIALLY")
                    && is_word(&words[3], "DEFERRED")
            });
            if deferred { Timing::Deferred } else { Timing::Immediate }
        })
        .collect()
}

fn tokens(sql: &str) -> Vec<Token> {
    Tokenizer::new(&SQLiteDialect {}, sql)
        .tokenize()
        .unwrap_or_default()
        .into_iter()
        .filter(|token| !matches!(token, Token::Whitespace(_)))
        .collect()
}

/// The CHECK constraints of a CREATE TABLE, with their names where they have one. Tokens are
/// enough for that, and understand what a full parser may not.
fn checks(tokens: &[Token]) -> Vec<Check> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if !is_word(token, "CHECK") || tokens.get(at + 1) != Some(&Token::LParen) {
            continue;
        }
        let name = match at.checked_sub(2).map(|start| (&tokens[start], &tokens[at - 1])) {
            Some((word, Token::Word(name))) if is_word(word, "CONSTRAINT") => {
                Some(name.value.clone())
            }
            _ => None,
        };
        let mut depth = 0_usize;
        let inner = tokens[at + 1..].iter().take_while(|token| {
            match token {
                Token::LParen => depth += 1,
                Token::RParen => depth -= 1,
                _ => {}
            }
            depth > 0
        });
        let inner: Vec<Token> = inner.skip(1).cloned().collect();
        let text = inner.iter().map(Token::to_string).collect::<Vec<_>>().join(" ");
        found.push(Check { name, text, condition: parse_tokens(inner) });
    }
    found
}

fn is_word(token: &Token, word: &str) -> bool {
    matches!(token, Token::Word(found)
        if found.quote_style.is_none() && found.value.eq_ignore_ascii_case(word))
}
