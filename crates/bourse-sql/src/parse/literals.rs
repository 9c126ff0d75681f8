//! Literals and names that the tokens do not have as the dialects mean them.
//!
//! | written | becomes |
//! |---|---|
//! | PostgreSQL's `'a'` and `'b'` on the next line | `'ab'` |
//! | PostgreSQL's name of more than 63 bytes | its first 63 |
//! | SQLite's `0x1F` | `31`, a number: only `x'1f'` is a blob |

use sqlparser::tokenizer::{Span, Token, TokenWithSpan, Whitespace};

use super::source::Source;
use crate::Dialect;
use crate::error::{Result, SqlError};

/// Bytes of a name in PostgreSQL.
const NAME_BYTES_MAX: usize = 63;

/// The tokens of a text with literals and names as its dialect means them.
pub(super) fn settle(
    tokens: Vec<TokenWithSpan>,
    source: &Source,
    dialect: Dialect,
) -> Result<Vec<TokenWithSpan>> {
    let tokens = match dialect {
        Dialect::Postgres => tokens,
        Dialect::Sqlite => hexadecimal(tokens),
    };
    super::junk::numbers(&tokens, source, dialect)?;
    match dialect {
        Dialect::Postgres => {
            let mut tokens = joined(super::unicode::settle(tokens, source)?);
            tokens.iter_mut().for_each(cut);
            Ok(tokens)
        }
        Dialect::Sqlite => {
            let mut settled = Vec::with_capacity(tokens.len());
            for token in tokens {
                match number_of(&token, source)? {
                    Some(number) => settled.extend(number),
                    None => settled.push(token),
                }
            }
            Ok(settled)
        }
    }
}

/// Strings that a line break stands between are one.
fn joined(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut joined: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    // Where the string stands that may go on.
    let mut open: Option<(usize, bool)> = None;
    for token in tokens {
        match (&token.token, open) {
            (Token::Whitespace(space), Some((at, has_break))) => {
                let breaks =
                    matches!(space, Whitespace::Newline | Whitespace::SingleLineComment { .. });
                open = Some((at, has_break || breaks));
            }
            (Token::SingleQuotedString(rest), Some((at, true))) => {
                if let Token::SingleQuotedString(text) = &mut joined[at].token {
                    text.push_str(rest);
                    joined[at].span.end = token.span.end;
                    open = Some((at, false));
                    continue;
                }
            }
            (Token::SingleQuotedString(_), _) => open = Some((joined.len(), false)),
            _ => open = None,
        }
        joined.push(token);
    }
    joined
}

/// Cuts a name that is too long.
fn cut(token: &mut TokenWithSpan) {
    if let Token::Word(word) = &mut token.token
        && word.value.len() > NAME_BYTES_MAX
    {
        let end = word.value.floor_char_boundary(NAME_BYTES_MAX);
        word.value.truncate(end);
    }
}

/// SQLite's `0XFF`, which comes as a zero and a name, as `0xff` comes.
fn hexadecimal(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut settled: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    for token in tokens {
        let digits = match &token.token {
            Token::Word(word) if word.quote_style.is_none() => word.value.strip_prefix('X'),
            _ => None,
        };
        if let Some(digits) = digits
            && let Some(zero) = settled.last_mut()
            && matches!(&zero.token, Token::Number(zero, false) if zero == "0")
            && zero.span.end == token.span.start
            && digits.bytes().all(|digit| digit.is_ascii_hexdigit() || digit == b'_')
        {
            zero.token = Token::HexStringLiteral(digits.to_owned());
            zero.span.end = token.span.end;
            continue;
        }
        settled.push(token);
    }
    settled
}

/// The tokens of a number that is written by hexadecimal digits.
fn number_of(token: &TokenWithSpan, source: &Source) -> Result<Option<Vec<TokenWithSpan>>> {
    let Token::HexStringLiteral(digits) = &token.token else { return Ok(None) };
    let raw = source.between(token.span.start, token.span.end);
    if !raw.starts_with("0x") && !raw.starts_with("0X") {
        return Ok(None);
    }
    let digits: String = digits.chars().filter(|digit| *digit != '_').collect();
    if digits.is_empty() {
        let error = SqlError::new("42601", format!("unrecognized token: \"{raw}\""));
        return Err(source.locate(error, token.span.start));
    }
    let digits = digits.trim_start_matches('0');
    if digits.len() > 16 {
        let error = SqlError::new("42601", format!("hex literal too big: {raw}"));
        return Err(source.locate(error, token.span.start));
    }
    let bits = u64::from_str_radix(digits, 16).unwrap_or(0);
    let number = bits.cast_signed();
    let span: Span = token.span;
    let with_span = |token: Token| TokenWithSpan { token, span };
    let magnitude = with_span(Token::Number(number.unsigned_abs().to_string(), false));
    Ok(Some(match number < 0 {
        true => vec![
            with_span(Token::LParen),
            with_span(Token::Minus),
            magnitude,
            with_span(Token::RParen),
        ],
        false => vec![magnitude],
    }))
}
