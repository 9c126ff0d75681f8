//! `LIKE other INCLUDING ...` among the columns of a CREATE TABLE: taken out of the tokens, with
//! the place among the columns where it stood.

use sqlparser::ast::ObjectName;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::cursor::is_word;
use super::source::Source;
use super::syntax_error;
use crate::Dialect;
use crate::error::Result;

/// A LIKE.
#[derive(Clone, Debug)]
pub struct Like {
    /// The table that it is about.
    pub name: ObjectName,
    /// How many columns stand before it.
    pub before: usize,
    /// What of that table comes along.
    pub including: Including,
}

/// What of a table comes along.
#[derive(Clone, Copy, Default, Debug)]
pub struct Including {
    /// DEFAULTs.
    pub defaults: bool,
    /// CHECKs.
    pub constraints: bool,
    /// Expressions of generated columns.
    pub generated: bool,
    /// Identities.
    pub identity: bool,
    /// Keys and indexes.
    pub indexes: bool,
    /// Comments.
    pub comments: bool,
}

impl Including {
    /// Takes what a word says, if it says something.
    fn take(&mut self, word: &TokenWithSpan, is_there: bool) -> bool {
        let is = |name: &str| is_word(word, name);
        match () {
            () if is("defaults") => self.defaults = is_there,
            () if is("constraints") => self.constraints = is_there,
            () if is("generated") => self.generated = is_there,
            () if is("identity") => self.identity = is_there,
            () if is("indexes") => self.indexes = is_there,
            () if is("comments") => self.comments = is_there,
            // There are none of these.
            () if is("compression") || is("statistics") || is("storage") => {}
            () if is("all") => {
                *self = Including {
                    defaults: is_there,
                    constraints: is_there,
                    generated: is_there,
                    identity: is_there,
                    indexes: is_there,
                    comments: is_there,
                };
            }
            () => return false,
        }
        true
    }
}

/// Takes each LIKE out of the tokens of a CREATE TABLE.
pub(super) fn take(
    tokens: Vec<TokenWithSpan>,
    source: &Source,
) -> Result<(Vec<TokenWithSpan>, Vec<Like>)> {
    let is_table = tokens.first().is_some_and(|token| is_word(token, "create"))
        && tokens.iter().take(4).any(|token| is_word(token, "table"));
    let opens = tokens.iter().position(|token| token.token == Token::LParen);
    let (true, Some(opens)) = (is_table, opens) else { return Ok((tokens, Vec::new())) };
    let constraints = ["constraint", "primary", "unique", "check", "foreign", "exclude"];
    let (mut left, mut likes) = (tokens[..=opens].to_vec(), Vec::new());
    let (mut depth, mut before) = (1_usize, 0_usize);
    let mut at = opens + 1;
    let mut begins = true;
    while let Some(token) = tokens.get(at) {
        if depth == 1 && begins {
            if is_word(token, "like") {
                let (like, next) = read(&tokens, at, before, source)?;
                likes.push(like);
                at = next;
                // One of the commas around it goes too.
                if tokens.get(at).is_some_and(|next| next.token == Token::Comma) {
                    at += 1;
                } else if left.last().is_some_and(|last| last.token == Token::Comma) {
                    left.pop();
                }
                continue;
            }
            before += usize::from(!constraints.iter().any(|word| is_word(token, word)));
        }
        begins = depth == 1 && token.token == Token::Comma;
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth -= 1,
            _ => {}
        }
        left.push(token.clone());
        at += 1;
        if depth == 0 {
            break;
        }
    }
    left.extend_from_slice(&tokens[at.min(tokens.len())..]);
    Ok((left, likes))
}

/// A LIKE at a place, and the place behind it.
fn read(
    tokens: &[TokenWithSpan],
    mut at: usize,
    before: usize,
    source: &Source,
) -> Result<(Like, usize)> {
    let wrong = |at: usize| syntax_error::at(tokens.get(at), source, Dialect::Postgres);
    let mut parts = Vec::new();
    loop {
        at += 1;
        match tokens.get(at) {
            Some(TokenWithSpan { token: Token::Word(word), span }) => {
                parts.push(word.clone().into_ident(*span));
            }
            _ => return Err(wrong(at)),
        }
        at += 1;
        if tokens.get(at).is_none_or(|token| token.token != Token::Period) {
            break;
        }
    }
    let mut including = Including::default();
    while let Some(token) = tokens.get(at) {
        let is_there = is_word(token, "including");
        if !is_there && !is_word(token, "excluding") {
            break;
        }
        match tokens.get(at + 1) {
            Some(word) if including.take(word, is_there) => at += 2,
            _ => return Err(wrong(at + 1)),
        }
    }
    Ok((Like { name: ObjectName::from(parts), before, including }, at))
}
