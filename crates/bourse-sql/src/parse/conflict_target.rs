//! `ON CONFLICT (lower(email)) ...`: sqlparser takes names alone there, so an expression becomes a
//! name that none can write, with its text behind.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::cursor::is_word;
use super::rewrite::mark;

/// How a name begins that is the text of an expression.
pub const COMPUTED: &str = "\0computed ";

/// The tokens of a statement with names for the expressions of its conflict target.
pub(super) fn plain(mut tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let begins = |at: usize| {
        is_word(&tokens[at], "on")
            && tokens.get(at + 1).is_some_and(|token| is_word(token, "conflict"))
            && tokens.get(at + 2).is_some_and(|token| token.token == Token::LParen)
    };
    let Some(from) = (0..tokens.len()).find(|at| begins(*at)).map(|at| at + 3) else {
        return tokens;
    };
    let Some(length) = length_of_list(&tokens[from..]) else { return tokens };
    let list: Vec<TokenWithSpan> = tokens.splice(from..from + length, []).collect();
    let mut named = Vec::with_capacity(list.len());
    let mut element: Vec<TokenWithSpan> = Vec::new();
    let mut depth = 0_usize;
    for token in list {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth -= 1,
            Token::Comma if depth == 0 => {
                named.extend(name_of(std::mem::take(&mut element)));
                named.push(token);
                continue;
            }
            _ => {}
        }
        element.push(token);
    }
    named.extend(name_of(element));
    tokens.splice(from..from, named);
    tokens
}

/// How many tokens there are before the parenthesis that closes.
fn length_of_list(tokens: &[TokenWithSpan]) -> Option<usize> {
    let mut depth = 1_usize;
    tokens.iter().position(|token| {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

/// An element as it is, or the name that stands for it.
fn name_of(element: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let is_computed = element.iter().any(|token| token.token == Token::LParen);
    let Some(first) = element.first().filter(|_| is_computed) else { return element };
    let texts: Vec<String> = element.iter().map(|token| token.token.to_string()).collect();
    vec![mark(&format!("{COMPUTED}{}", texts.join(" ")), first.span)]
}
