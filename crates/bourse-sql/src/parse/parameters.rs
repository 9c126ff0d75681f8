//! Parameters of every form become numbered ones.
//!
//! | written | becomes |
//! |---|---|
//! | PostgreSQL's `$3` | `$3` |
//! | SQLite's `?` | the number behind the highest so far |
//! | SQLite's `?3` | `$3` |
//! | SQLite's `:name`, `@name`, `$name` | the number of that name, or the next one |

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::source::Source;
use super::syntax_error;
use crate::Dialect;
use crate::error::{Result, SqlError};

/// The highest number that a parameter can have, of either dialect.
const NUMBER_MAX: usize = 65_535;

/// Tokens with numbered parameters, and the parameters' names.
pub(super) fn number(
    tokens: Vec<TokenWithSpan>,
    dialect: Dialect,
    source: &Source,
) -> Result<(Vec<TokenWithSpan>, Vec<Option<String>>)> {
    let mut names: Vec<Option<String>> = Vec::new();
    let mut numbered = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(mut token) = tokens.next() {
        let number = match (&token.token, dialect) {
            (Token::Placeholder(text), Dialect::Postgres) => {
                let number = text.strip_prefix('$').and_then(|digits| digits.parse().ok());
                let number: usize =
                    number.ok_or_else(|| syntax_error::at(Some(&token), source, dialect))?;
                if number == 0 {
                    let error = SqlError::new("42P02", "there is no parameter $0");
                    return Err(error.at(source.position(token.span.start).unwrap_or(1)));
                }
                grow(&mut names, number)?;
                Some(number)
            }
            (Token::Placeholder(text), Dialect::Sqlite) => match text.strip_prefix('?') {
                Some("") => Some(next(&mut names, None)?),
                Some(digits) => {
                    let number = digits.parse().unwrap_or(0);
                    grow(&mut names, number)?;
                    Some(number)
                }
                None => Some(named(&mut names, text.clone())?),
            },
            (Token::Colon | Token::AtSign, Dialect::Sqlite) => {
                let sign = if token.token == Token::Colon { ':' } else { '@' };
                let begin = token.span.end;
                let word = tokens.next_if(|next| {
                    next.span.start == begin && matches!(next.token, Token::Word(_))
                });
                match word.map(|word| (word.token, word.span)) {
                    Some((Token::Word(word), span)) => {
                        token.span.end = span.end;
                        Some(named(&mut names, format!("{sign}{}", word.value))?)
                    }
                    _ => None,
                }
            }
            _ => None,
        };
        if let Some(number) = number {
            token.token = Token::Placeholder(format!("${number}"));
        }
        numbered.push(token);
    }
    Ok((numbered, names))
}

fn named(names: &mut Vec<Option<String>>, name: String) -> Result<usize> {
    match names.iter().position(|known| known.as_ref() == Some(&name)) {
        Some(at) => Ok(at + 1),
        None => next(names, Some(name)),
    }
}

fn next(names: &mut Vec<Option<String>>, name: Option<String>) -> Result<usize> {
    grow(names, names.len() + 1)?;
    if let Some(last) = names.last_mut() {
        *last = name;
    }
    Ok(names.len())
}

fn grow(names: &mut Vec<Option<String>>, number: usize) -> Result<()> {
    if number == 0 || number > NUMBER_MAX {
        let message = format!("variable number must be between ?1 and ?{NUMBER_MAX}");
        return Err(SqlError::new("54023", message));
    }
    if names.len() < number {
        names.resize(number, None);
    }
    Ok(())
}
