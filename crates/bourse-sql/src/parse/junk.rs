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
        return Err(source.locate(error, token.span.start));
    }
    Ok(())
}

/// Words of SQLite that can be no name of a table.
const RESERVED: [&str; 14] = [
    "select", "from", "where", "table", "index", "insert", "update", "delete", "order", "group",
    "values", "create", "drop", "join",
];

/// Refuses what sqlparser takes and SQLite's grammar does not.
pub(super) fn words(tokens: &[TokenWithSpan], source: &Source) -> Result<()> {
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| is_word(token, word));
    let behind = |at: usize, word: &str| at.checked_sub(1).is_some_and(|before| is(before, word));
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        let refused = match &token.token {
            Token::AtSign => {
                let error = SqlError::new("42601", "unrecognized token: \"@\"");
                return Err(source.locate(error, token.span.start));
            }
            Token::Word(_) => {
                is(at, "nothing") && !behind(at, "do")
                    || is(at, "all") && (behind(at, "intersect") || behind(at, "except"))
                    || is(at, "following") && behind(at, "unbounded") && {
                        at > 1 && is(at - 2, "between")
                    }
                    || is(at, "from") && at > 0 && tokens[at - 1].token == Token::Comma
                    || at == 2
                        && is(0, "create")
                        && is(1, "table")
                        && RESERVED.iter().any(|word| is(at, word))
                    || at == 1 && is(0, "delete") && !is(at, "from")
                    || (is(at, "limit") || is(at, "order")) && is(0, "delete") && depth == 0
            }
            _ => false,
        };
        if refused {
            return Err(syntax_error::at(Some(token), source, Dialect::Sqlite));
        }
        if is(at, "natural") {
            natural(tokens, at)?;
        }
        if is(at, "union") || is(at, "intersect") || is(at, "except") {
            compound(tokens, at)?;
        }
        depth = depth_behind(depth, token);
    }
    Ok(())
}

/// Parentheses that are open behind a token, of those that are open before it.
fn depth_behind(depth: usize, token: &TokenWithSpan) -> usize {
    match token.token {
        Token::LParen => depth + 1,
        Token::RParen => depth.saturating_sub(1),
        _ => depth,
    }
}

/// Refuses ON and USING of a NATURAL join.
fn natural(tokens: &[TokenWithSpan], at: usize) -> Result<()> {
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| is_word(token, word));
    let join = (at..tokens.len().min(at + 4)).find(|at| is(*at, "join"));
    let Some(join) = join else { return Ok(()) };
    let behind = if is(join + 2, "as") { join + 4 } else { join + 2 };
    if is(behind, "on") || is(behind, "using") {
        let message = "a NATURAL join may not have an ON or USING clause";
        return Err(SqlError::new("42601", message));
    }
    Ok(())
}

/// Refuses ORDER BY and LIMIT before a set operation.
fn compound(tokens: &[TokenWithSpan], at: usize) -> Result<()> {
    let mut depth = 0_usize;
    for (place, token) in tokens[..at].iter().enumerate().rev() {
        match token.token {
            Token::RParen => depth += 1,
            Token::LParen if depth == 0 => return Ok(()),
            Token::LParen => depth -= 1,
            _ if depth > 0 => {}
            _ if is_word(token, "select") || is_word(token, "values") => return Ok(()),
            _ => {
                let is_order = is_word(token, "order")
                    && tokens.get(place + 1).is_some_and(|next| is_word(next, "by"));
                let clause = match () {
                    () if is_order => "ORDER BY",
                    () if is_word(token, "limit") => "LIMIT",
                    () => continue,
                };
                let all = tokens.get(at + 1).is_some_and(|next| is_word(next, "all"));
                let word = tokens[at].token.to_string().to_uppercase();
                let all = if all { " ALL" } else { "" };
                let message = format!("{clause} clause should come after {word}{all} not before");
                return Err(SqlError::new("42601", message));
            }
        }
    }
    Ok(())
}

/// Refuses what sqlparser takes and PostgreSQL's grammar does not.
pub(super) fn postgres_words(tokens: &[TokenWithSpan], source: &Source) -> Result<()> {
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| is_word(token, word));
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        let is_empty = matches!(&token.token, Token::Word(word)
            if word.quote_style == Some('"') && word.value.is_empty());
        if is_empty {
            let message = "zero-length delimited identifier at or near \"\"\"\"";
            let error = SqlError::new("42601", message);
            return Err(source.locate(error, token.span.start));
        }
        let refused = is(0, "delete")
            && (at == 1 && !is(at, "from") || (is(at, "limit") || is(at, "order")) && depth == 0);
        if refused {
            return Err(syntax_error::at(Some(token), source, Dialect::Postgres));
        }
        depth = depth_behind(depth, token);
    }
    Ok(())
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
