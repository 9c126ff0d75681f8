//! PostgreSQL's texts and names with Unicode escapes: `U&'d\0061t'`, `U&"d!0061t" UESCAPE '!'`.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Word};

use super::cursor::is_word;
use super::source::Source;
use crate::error::{Result, SqlError};

/// What an escape that names no character is.
fn invalid() -> SqlError {
    SqlError::new("42601", "invalid Unicode escape")
        .with_hint("Unicode escapes must be \\XXXX or \\+XXXXXX.")
}

/// The text with each escape as its character.
fn decoded(text: &str, escape: char) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    // The first of a pair of surrogates.
    let mut high: Option<u32> = None;
    let pair = || SqlError::new("42601", "invalid Unicode surrogate pair");
    while let Some(letter) = letters.next() {
        if letter != escape || letters.next_if_eq(&escape).is_some() {
            if high.is_some() {
                return Err(pair());
            }
            out.push(letter);
            continue;
        }
        let length = if letters.next_if_eq(&'+').is_some() { 6 } else { 4 };
        let digits: String = letters.by_ref().take(length).collect();
        if digits.len() != length {
            return Err(invalid());
        }
        let code = u32::from_str_radix(&digits, 16).map_err(|_| invalid())?;
        let code = match (high.take(), code) {
            (None, 0xd800..=0xdbff) => {
                high = Some(code);
                continue;
            }
            (Some(high), 0xdc00..=0xdfff) => 0x1_0000 + ((high - 0xd800) << 10) + (code - 0xdc00),
            (Some(_), _) | (None, 0xdc00..=0xdfff) => return Err(pair()),
            (None, code) => code,
        };
        let value = || SqlError::new("42601", "invalid Unicode escape value");
        out.push(char::from_u32(code).filter(|letter| *letter != '\0').ok_or_else(value)?);
    }
    match high {
        Some(_) => Err(pair()),
        None => Ok(out),
    }
}

/// UESCAPE behind a text: the escape, and the place behind it.
fn escape_of(tokens: &[TokenWithSpan], at: usize, source: &Source) -> Result<(char, usize)> {
    let is_space = |place: &usize| matches!(tokens[*place].token, Token::Whitespace(_));
    let mut words = (at..tokens.len()).filter(|place| !is_space(place));
    let (Some(word), Some(text)) = (words.next(), words.next()) else { return Ok(('\\', at)) };
    let Token::SingleQuotedString(letters) = &tokens[text].token else { return Ok(('\\', at)) };
    if !is_word(&tokens[word], "uescape") {
        return Ok(('\\', at));
    }
    let mut letters = letters.chars();
    match (letters.next(), letters.next()) {
        (Some(escape), None)
            if !escape.is_ascii_hexdigit()
                && !matches!(escape, '+' | '\'' | '"')
                && !escape.is_whitespace() =>
        {
            Ok((escape, text + 1))
        }
        _ => {
            let span = tokens[text].span;
            let raw = source.between(span.start, span.end);
            let message = format!("invalid Unicode escape character at or near \"{raw}\"");
            let error = SqlError::new("42601", message);
            Err(source.locate(error, span.start))
        }
    }
}

/// The tokens with such texts and names as others.
pub(super) fn settle(tokens: Vec<TokenWithSpan>, source: &Source) -> Result<Vec<TokenWithSpan>> {
    let is_one = |token: &TokenWithSpan| match &token.token {
        Token::UnicodeStringLiteral(_) => true,
        _ => is_word(token, "u"),
    };
    if !tokens.iter().any(is_one) {
        return Ok(tokens);
    }
    let mut settled = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let located = |error: SqlError| source.locate(error, token.span.start);
        if let Token::UnicodeStringLiteral(_) = &token.token {
            let (escape, next) = escape_of(&tokens, at + 1, source)?;
            let raw = source.between(token.span.start, token.span.end);
            let inner = raw.split_once('\'').map_or("", |(_, rest)| rest);
            let inner = inner.strip_suffix('\'').unwrap_or(inner).replace("''", "'");
            let text = decoded(&inner, escape).map_err(located)?;
            settled.push(TokenWithSpan { token: Token::SingleQuotedString(text), ..token.clone() });
            at = next;
            continue;
        }
        if let (Some(and), Some(name)) = (tokens.get(at + 1), tokens.get(at + 2))
            && is_word(token, "u")
            && and.token == Token::Ampersand
            && and.span.start == token.span.end
            && name.span.start == and.span.end
            && let Token::Word(Word { value, quote_style: Some('"'), .. }) = &name.token
        {
            let (escape, next) = escape_of(&tokens, at + 3, source)?;
            let value = decoded(value, escape).map_err(located)?;
            let word = Word { value, quote_style: Some('"'), keyword: Keyword::NoKeyword };
            settled.push(TokenWithSpan { token: Token::Word(word), ..token.clone() });
            at = next;
            continue;
        }
        settled.push(token.clone());
        at += 1;
    }
    Ok(settled)
}
