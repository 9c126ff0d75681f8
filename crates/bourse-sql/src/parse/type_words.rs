//! SQLite's types of several words, as `UNSIGNED BIG INT`: any words are a type there, up to the
//! first constraint. They become one name in quotes, which sqlparser takes for a type.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::cursor::is_word;
use super::rewrite::mark;

/// Words that a column's constraints begin with.
const CONSTRAINTS: [&str; 13] = [
    "constraint",
    "primary",
    "not",
    "null",
    "unique",
    "check",
    "default",
    "collate",
    "references",
    "generated",
    "as",
    "on",
    "foreign",
];

/// The tokens of a statement with each type as one token.
pub(super) fn joined(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    of_casts(of_columns(tokens))
}

/// Words as one name in quotes.
fn one_name(words: &[&TokenWithSpan]) -> TokenWithSpan {
    let texts: Vec<String> = words.iter().map(|word| word.token.to_string()).collect();
    mark(&texts.join(" "), words[0].span)
}

fn is_plain_word(token: &TokenWithSpan) -> bool {
    matches!(&token.token, Token::Word(word) if word.quote_style.is_none())
}

/// The types of CASTs.
fn of_casts(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    if !tokens.iter().any(|token| is_word(token, "cast")) {
        return tokens;
    }
    let mut joined: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    // Of each parenthesis that is open, whether it is one of CAST.
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token.token {
            Token::LParen => {
                open.push(joined.last().is_some_and(|before| is_word(before, "cast")));
            }
            Token::RParen => {
                open.pop();
            }
            _ => {}
        }
        joined.push(token.clone());
        at += 1;
        if open.last() != Some(&true) || !is_word(token, "as") {
            continue;
        }
        let rest = tokens[at..].iter();
        let words: Vec<&TokenWithSpan> = rest.take_while(|token| is_plain_word(token)).collect();
        if words.len() > 1 {
            joined.push(one_name(&words));
            at += words.len();
        }
    }
    joined
}

/// The types of a CREATE TABLE's columns.
fn of_columns(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let is_table = tokens.first().is_some_and(|token| is_word(token, "create"))
        && tokens.iter().take(4).any(|token| is_word(token, "table"));
    if !is_table {
        return tokens;
    }
    let is_constraint = |token: &TokenWithSpan| CONSTRAINTS.iter().any(|word| is_word(token, word));
    let mut joined = Vec::with_capacity(tokens.len());
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        // Behind the columns, or before the query that they come from.
        let is_over = depth == 0
            && (token.token == Token::RParen || is_word(token, "as") || is_word(token, "select"));
        if is_over {
            joined.extend_from_slice(&tokens[at..]);
            break;
        }
        joined.push(token.clone());
        at += 1;
        let begins = depth == 1 && matches!(token.token, Token::LParen | Token::Comma);
        let Some(name) = tokens.get(at).filter(|name| begins && !is_constraint(name)) else {
            continue;
        };
        let is_type = |token: &&TokenWithSpan| is_plain_word(token) && !is_constraint(token);
        let words: Vec<&TokenWithSpan> = tokens[at + 1..].iter().take_while(is_type).collect();
        if words.len() < 2 {
            continue;
        }
        joined.extend([name.clone(), one_name(&words)]);
        at += 1 + words.len();
    }
    joined
}
