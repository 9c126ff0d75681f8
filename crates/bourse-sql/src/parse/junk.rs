//! What the tokens of sqlparser let pass and the dialects refuse: letters right behind a number,
//! escapes that are no characters, and words of SQLite that can be no names.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::cursor::is_word;
use super::source::Source;
use super::syntax_error;
use crate::Dialect;
use crate::error::{Result, SqlError};

/// Refuses a number that letters follow without a space.
pub(super) fn numbers(tokens: &[TokenWithSpan], source: &Source, dialect: Dialect) -> Result<()> {
    for (at, token) in tokens.iter().enumerate() {
        let Token::Number(_, is_long) = &token.token else { continue };
        let raw = source.between(token.span.start, token.span.end);
        let next = tokens.get(at + 1).filter(|next| {
            let is_name = matches!(&next.token, Token::Word(word) if word.quote_style.is_none());
            is_name && next.span.start == token.span.end
        });
        let has_prefix = dialect == Dialect::Postgres
            && (raw.starts_with("0x") || raw.starts_with("0X") || raw.contains('_'));
        let junk = match next {
            Some(next) => source.between(token.span.start, next.span.end),
            None if has_prefix || *is_long => raw,
            None => continue,
        };
        let message = match dialect {
            Dialect::Postgres => {
                format!("trailing junk after numeric literal at or near \"{junk}\"")
            }
            Dialect::Sqlite => format!("unrecognized token: \"{junk}\""),
        };
        let error = SqlError::new("42601", message);
        return Err(match source.position(token.span.start) {
            Some(position) => error.at(position),
            None => error,
        });
    }
    Ok(())
}

/// Refuses words of SQLite that are names nowhere.
pub(super) fn words(tokens: &[TokenWithSpan], source: &Source) -> Result<()> {
    let refused = tokens.iter().enumerate().find(|(at, token)| {
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        is_word(token, "nothing") && !before.is_some_and(|before| is_word(before, "do"))
    });
    match refused {
        Some((_, token)) => Err(syntax_error::at(Some(token), source, Dialect::Sqlite)),
        None => Ok(()),
    }
}

/// What is wrong with the escapes of PostgreSQL's `E'...'`, of a text that begins with one.
pub(super) fn escapes(rest: &str) -> Option<SqlError> {
    let mut letters = rest.strip_prefix(['E', 'e'])?.strip_prefix('\'')?.chars().peekable();
    let mut bytes: Vec<u8> = Vec::new();
    while let Some(letter) = letters.next() {
        if letter == '\'' && letters.next_if_eq(&'\'').is_none() {
            break;
        }
        if letter != '\\' {
            bytes.extend(letter.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        let kind = letters.next()?;
        let mut digits = |radix: u32, most: usize| {
            let mut taken = String::new();
            while taken.len() < most
                && let Some(digit) = letters.next_if(|letter| letter.is_digit(radix))
            {
                taken.push(digit);
            }
            taken
        };
        match kind {
            'x' => {
                let taken = digits(16, 2);
                bytes.extend(u8::from_str_radix(&taken, 16));
            }
            '0'..='7' => {
                let taken = format!("{kind}{}", digits(8, 2));
                bytes.extend(u32::from_str_radix(&taken, 8).map(|byte| (byte & 0xff) as u8));
            }
            'u' | 'U' => {
                let most = if kind == 'u' { 4 } else { 8 };
                let taken = digits(16, most);
                if taken.len() < most {
                    return Some(SqlError::new("22025", "invalid Unicode escape"));
                }
                let code = u32::from_str_radix(&taken, 16).unwrap_or(u32::MAX);
                if code == 0 || code > 0x10_ffff {
                    let message =
                        format!("invalid Unicode escape value at or near \"\\{kind}{taken}\"");
                    return Some(SqlError::new("42601", message));
                }
                let letter = char::from_u32(code).unwrap_or('?');
                bytes.extend(letter.encode_utf8(&mut [0; 4]).as_bytes());
            }
            other => bytes.extend(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    let wrong = std::str::from_utf8(&bytes).err()?;
    let from = &bytes[wrong.valid_up_to()..];
    let length = match from[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    let shown: Vec<String> = from.iter().take(length).map(|byte| format!("0x{byte:02x}")).collect();
    let message = format!("invalid byte sequence for encoding \"UTF8\": {}", shown.join(" "));
    Some(SqlError::new("22021", message))
}
