//! What SQLite's INSERT says and sqlparser does not take: a name for the table, and ON CONFLICT
//! more than once. The first ON CONFLICT stays with the statement.

use sqlparser::ast::{Ident, OnConflict, OnInsert, Statement};
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::cursor::{Cursor, is_word};
use crate::error::Result;

/// What was taken out.
#[derive(Default)]
pub(super) struct Taken {
    pub(super) alias: Option<Ident>,
    /// The tokens of each ON CONFLICT but the first.
    pub(super) conflicts: Vec<Vec<TokenWithSpan>>,
}

/// Takes it out of the tokens.
pub(super) fn take(tokens: &mut Vec<TokenWithSpan>) -> Taken {
    let mut taken = Taken::default();
    let mut depth = 0_usize;
    let mut top = Vec::with_capacity(tokens.len());
    for token in tokens.iter() {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        top.push(depth == 0);
    }
    let is = |tokens: &[TokenWithSpan], at: usize, word: &str| {
        tokens.get(at).is_some_and(|token| is_word(token, word))
    };
    let begins = (0..tokens.len())
        .find(|at| top[*at] && (is(tokens, *at, "insert") || is(tokens, *at, "replace")));
    let Some(begins) = begins else { return taken };
    // Behind the second ON CONFLICT nothing but others, and RETURNING, stands.
    let places: Vec<usize> = (begins..tokens.len())
        .filter(|at| top[*at] && is(tokens, *at, "on") && is(tokens, at + 1, "conflict"))
        .collect();
    let end = (begins..tokens.len()).find(|at| top[*at] && is(tokens, *at, "returning"));
    let end = end.unwrap_or(tokens.len());
    if let Some(second) = places.get(1).copied().filter(|second| *second < end) {
        let mut bounds: Vec<usize> = places[1..].to_vec();
        bounds.push(end);
        let each = bounds.windows(2).map(|pair| tokens[pair[0]..pair[1]].to_vec());
        taken.conflicts = each.collect();
        tokens.drain(second..end);
    }
    let into = (begins..tokens.len()).find(|at| is(tokens, *at, "into"));
    if let Some(into) = into {
        let mut at = into + 2;
        if tokens.get(at).is_some_and(|token| token.token == Token::Period) {
            at += 2;
        }
        if is(tokens, at, "as")
            && let Some(TokenWithSpan { token: Token::Word(word), span }) = tokens.get(at + 1)
        {
            taken.alias = Some(word.clone().into_ident(*span));
            tokens.drain(at..at + 2);
        }
    }
    taken
}

/// ON CONFLICT of its tokens.
pub(super) fn conflicts(
    cursor: &Cursor<'_>,
    clauses: Vec<Vec<TokenWithSpan>>,
) -> Result<Vec<OnConflict>> {
    let mut conflicts = Vec::with_capacity(clauses.len());
    for clause in clauses {
        let words = ["INSERT", "INTO", "t", "DEFAULT", "VALUES"];
        let head = words.map(|word| TokenWithSpan::wrap(Token::make_keyword(word)));
        let tokens = head.into_iter().chain(clause).collect();
        let statement = cursor.by_parser(tokens, |parser| parser.parse_statement())?;
        if let Statement::Insert(insert) = statement
            && let Some(OnInsert::OnConflict(conflict)) = insert.on
        {
            conflicts.push(conflict);
        }
    }
    Ok(conflicts)
}
