//! Tables made of queries, in the forms of PostgreSQL that sqlparser does not take:
//!
//! | written | becomes |
//! |---|---|
//! | `SELECT a INTO [TEMP] [TABLE] t FROM ...` | `CREATE [TEMP] TABLE t AS SELECT a FROM ...` |
//! | `CREATE TABLE t (x, y) AS query` | `CREATE TABLE t AS SELECT * FROM (query) AS made (x, y)` |

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Word};

use super::cursor::is_word;
use super::rewrite::keyword;

/// The tokens of a statement in the form that sqlparser takes.
pub(super) fn plain(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    match tokens.first() {
        Some(first) if is_word(first, "select") => created_by_select(&tokens).unwrap_or(tokens),
        Some(first) if is_word(first, "create") => with_names(&tokens).unwrap_or(tokens),
        _ => tokens,
    }
}

/// The place behind a name that may be qualified.
fn behind_name(tokens: &[TokenWithSpan], mut at: usize) -> Option<usize> {
    loop {
        if !matches!(tokens.get(at)?.token, Token::Word(_)) {
            return None;
        }
        at += 1;
        if tokens.get(at).is_none_or(|token| token.token != Token::Period) {
            return Some(at);
        }
        at += 1;
    }
}

/// SELECT INTO.
fn created_by_select(tokens: &[TokenWithSpan]) -> Option<Vec<TokenWithSpan>> {
    let mut depth = 0_usize;
    let into = tokens.iter().position(|token| {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && (is_word(token, "into") || is_word(token, "from"))
    })?;
    let span = tokens[into].span;
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| is_word(token, word));
    if !is(into, "into") {
        return None;
    }
    let mut at = into + 1;
    let mut created = vec![keyword("CREATE", span)];
    if is(at, "temp") || is(at, "temporary") || is(at, "unlogged") {
        created.push(tokens[at].clone());
        at += 1;
    }
    at += usize::from(is(at, "table"));
    created.push(keyword("TABLE", span));
    let end = behind_name(tokens, at)?;
    created.extend_from_slice(&tokens[at..end]);
    created.push(keyword("AS", span));
    created.extend_from_slice(&tokens[..into]);
    created.extend_from_slice(&tokens[end..]);
    Some(created)
}

/// CREATE TABLE AS with names of its columns.
fn with_names(tokens: &[TokenWithSpan]) -> Option<Vec<TokenWithSpan>> {
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| is_word(token, word));
    let table = tokens.iter().take(4).position(|token| is_word(token, "table"))?;
    let mut at = table + 1;
    if is(at, "if") {
        at += 3;
    }
    let opens = behind_name(tokens, at)?;
    if tokens.get(opens)?.token != Token::LParen {
        return None;
    }
    // Names and commas alone: no columns with types.
    let mut closes = opens + 1;
    loop {
        if !matches!(tokens.get(closes)?.token, Token::Word(_)) {
            return None;
        }
        closes += 2;
        match tokens.get(closes - 1)?.token {
            Token::Comma => {}
            Token::RParen => break,
            _ => return None,
        }
    }
    if !is(closes, "as") || is(closes + 1, "execute") {
        return None;
    }
    let query = &tokens[closes + 1..];
    let data = query
        .len()
        .checked_sub(2)
        .filter(|with| is_word(&query[*with + 1], "data") && is_word(&query[*with], "with"));
    let no_data = query.len().checked_sub(3).filter(|with| {
        is_word(&query[*with + 2], "data")
            && is_word(&query[*with + 1], "no")
            && is_word(&query[*with], "with")
    });
    let (query, rest) = query.split_at(no_data.or(data).unwrap_or(query.len()));
    let span = tokens[closes].span;
    let with_span = |token: Token| TokenWithSpan { token, span };
    let mut made = tokens[..opens].to_vec();
    made.extend([
        keyword("AS", span),
        keyword("SELECT", span),
        with_span(Token::Mul),
        keyword("FROM", span),
        with_span(Token::LParen),
    ]);
    made.extend_from_slice(query);
    made.extend([
        with_span(Token::RParen),
        keyword("AS", span),
        with_span(Token::Word(Word {
            value: "made".to_owned(),
            quote_style: None,
            keyword: Keyword::NoKeyword,
        })),
    ]);
    made.extend_from_slice(&tokens[opens..closes]);
    made.extend_from_slice(rest);
    Some(made)
}
