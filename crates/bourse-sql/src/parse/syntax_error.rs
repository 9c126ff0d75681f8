//! Syntax errors in the words of each dialect.

use sqlparser::parser::ParserError;
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, TokenizerError};

use super::source::Source;
use crate::Dialect;
use crate::error::SqlError;

/// The error at a token, or at the end.
pub(super) fn at(token: Option<&TokenWithSpan>, source: &Source, dialect: Dialect) -> SqlError {
    let token = token.filter(|token| token.token != Token::EOF);
    let (message, position) = match (token, dialect) {
        (None, _) if source.semicolon().is_some() => {
            let message = match dialect {
                Dialect::Postgres => "syntax error at or near \";\"",
                Dialect::Sqlite => "near \";\": syntax error",
            };
            (message.to_owned(), source.semicolon().and_then(|place| source.position(place)))
        }
        (None, Dialect::Postgres) => ("syntax error at end of input".to_owned(), None),
        (None, Dialect::Sqlite) => ("incomplete input".to_owned(), None),
        (Some(token), dialect) => {
            let raw = source.between(token.span.start, token.span.end);
            let message = match dialect {
                Dialect::Postgres => format!("syntax error at or near \"{raw}\""),
                Dialect::Sqlite => format!("near \"{raw}\": syntax error"),
            };
            (message, source.position(token.span.start))
        }
    };
    SqlError::new("42601", message).at(position.unwrap_or_else(|| source.end_position()))
}

/// The error of text that is no tokens.
pub(super) fn of_tokens(error: &TokenizerError, source: &Source, dialect: Dialect) -> SqlError {
    let rest = source.between(error.location, Location { line: u64::MAX, column: 1 });
    let message = if dialect == Dialect::Sqlite {
        let token: String = rest.chars().take_while(|c| !c.is_whitespace()).collect();
        format!("unrecognized token: \"{token}\"")
    } else if error.message.contains("omment") {
        format!("unterminated /* comment at or near \"{rest}\"")
    } else if error.message.contains("quoted identifier") || error.message.contains("close delim") {
        format!("unterminated quoted identifier at or near \"{rest}\"")
    } else if error.message.contains("nterminated") {
        format!("unterminated quoted string at or near \"{rest}\"")
    } else {
        let token: String = rest.chars().take(1).collect();
        format!("syntax error at or near \"{token}\"")
    };
    let escapes = match dialect {
        Dialect::Postgres => super::junk::escapes(rest),
        Dialect::Sqlite => None,
    };
    let error_at = escapes.unwrap_or_else(|| SqlError::new("42601", message));
    source.locate(error_at, error.location)
}

/// The error of tokens that are no statement.
pub(super) fn of_parser(
    error: &ParserError,
    tokens: &[TokenWithSpan],
    source: &Source,
    dialect: Dialect,
) -> SqlError {
    let message = match error {
        ParserError::RecursionLimitExceeded => {
            let hint = format!(
                "A statement can be nested {} levels deep; write it with fewer parentheses and \
                 subqueries inside of each other.",
                super::DEPTH_MAX
            );
            return SqlError::new("54001", "stack depth limit exceeded").with_hint(hint);
        }
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => message,
    };
    let Some(place) = place_of(message) else { return at(None, source, dialect) };
    at(tokens.iter().find(|token| token.span.start == place), source, dialect)
}

/// The place that a message of sqlparser ends with.
fn place_of(message: &str) -> Option<Location> {
    let (_, place) = message.rsplit_once(" at Line: ")?;
    let (line, column) = place.split_once(", Column: ")?;
    Some(Location { line: line.trim().parse().ok()?, column: column.trim().parse().ok()? })
}
