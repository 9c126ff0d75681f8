//! SEARCH and CYCLE of a recursive WITH, which sqlparser does not know: they are taken out of the
//! tokens and kept beside the place of the expression's name.

use sqlparser::ast::Ident;
use sqlparser::tokenizer::{Location, Token, TokenWithSpan};

use super::cursor::is_word;
use super::source::Source;
use super::syntax_error;
use crate::Dialect;
use crate::error::Result;

/// What is said of a recursive expression.
#[derive(Clone, PartialEq, Debug)]
pub enum Graph {
    /// SEARCH: an order.
    Search {
        /// BREADTH FIRST, not DEPTH.
        is_breadth: bool,
        /// What it goes by.
        by: Vec<Ident>,
        /// The column that has it.
        column: Ident,
    },
    /// CYCLE: where to stop.
    Cycle {
        /// What tells rows apart.
        by: Vec<Ident>,
        /// The column that says whether a row was there before.
        mark: Ident,
        /// What it is then, and otherwise, as texts.
        values: Option<(String, String)>,
        /// The column of the way.
        path: Ident,
    },
}

/// A [`Graph`] of the expression whose name stands at a place.
pub type Graphs = Vec<(Location, Graph)>;

/// Takes SEARCH and CYCLE out of the tokens.
pub(super) fn take(
    tokens: Vec<TokenWithSpan>,
    source: &Source,
) -> Result<(Vec<TokenWithSpan>, Graphs)> {
    let has = |word: &str| tokens.iter().any(|token| is_word(token, word));
    if !has("with") || !(has("search") || has("cycle")) {
        return Ok((tokens, Vec::new()));
    }
    let mut left = Vec::with_capacity(tokens.len());
    let mut graphs = Vec::new();
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        left.push(token.clone());
        at += 1;
        match token.token {
            Token::LParen => open.push(at - 1),
            Token::RParen => {
                let Some(name) = open.pop().and_then(|opens| expression_name(&tokens, opens))
                else {
                    continue;
                };
                let mut reader = Reader { tokens: &tokens, at, source };
                while let Some(graph) = reader.graph()? {
                    graphs.push((name, graph));
                }
                at = reader.at;
            }
            _ => {}
        }
    }
    Ok((left, graphs))
}

/// The place of the name of the expression whose query opens there: `name (columns) AS (`.
fn expression_name(tokens: &[TokenWithSpan], opens: usize) -> Option<Location> {
    let mut at = opens.checked_sub(1)?;
    if is_word(&tokens[at], "materialized") {
        at = at.checked_sub(1)?;
        if is_word(&tokens[at], "not") {
            at = at.checked_sub(1)?;
        }
    }
    if !is_word(&tokens[at], "as") {
        return None;
    }
    at = at.checked_sub(1)?;
    if tokens[at].token == Token::RParen {
        at = tokens[..at].iter().rposition(|token| token.token == Token::LParen)?.checked_sub(1)?;
    }
    matches!(tokens[at].token, Token::Word(_)).then_some(tokens[at].span.start)
}

struct Reader<'r> {
    tokens: &'r [TokenWithSpan],
    at: usize,
    source: &'r Source,
}

impl Reader<'_> {
    fn is(&self, ahead: usize, word: &str) -> bool {
        self.tokens.get(self.at + ahead).is_some_and(|token| is_word(token, word))
    }

    fn expect(&mut self, word: &str) -> Result<()> {
        if self.is(0, word) {
            self.at += 1;
            return Ok(());
        }
        Err(syntax_error::at(self.tokens.get(self.at), self.source, Dialect::Postgres))
    }

    fn name(&mut self) -> Result<Ident> {
        match self.tokens.get(self.at) {
            Some(TokenWithSpan { token: Token::Word(word), span }) => {
                self.at += 1;
                Ok(word.clone().into_ident(*span))
            }
            other => Err(syntax_error::at(other, self.source, Dialect::Postgres)),
        }
    }

    fn names(&mut self) -> Result<Vec<Ident>> {
        let mut names = vec![self.name()?];
        while self.tokens.get(self.at).is_some_and(|token| token.token == Token::Comma) {
            self.at += 1;
            names.push(self.name()?);
        }
        Ok(names)
    }

    /// The text up to a word, which is taken too.
    fn text_to(&mut self, word: &str) -> Result<String> {
        let begin = self.at;
        while self.at < self.tokens.len() && !self.is(0, word) {
            self.at += 1;
        }
        let end = self.at;
        self.expect(word)?;
        if begin == end {
            let found = self.tokens.get(begin);
            return Err(syntax_error::at(found, self.source, Dialect::Postgres));
        }
        let (from, to) = (self.tokens[begin].span.start, self.tokens[end - 1].span.end);
        Ok(self.source.between(from, to).to_owned())
    }

    fn graph(&mut self) -> Result<Option<Graph>> {
        if self.is(0, "search") && (self.is(1, "depth") || self.is(1, "breadth")) {
            let is_breadth = self.is(1, "breadth");
            self.at += 2;
            self.expect("first")?;
            self.expect("by")?;
            let by = self.names()?;
            self.expect("set")?;
            return Ok(Some(Graph::Search { is_breadth, by, column: self.name()? }));
        }
        let names = self.tokens.get(self.at + 1);
        let names = names.is_some_and(|token| matches!(token.token, Token::Word(_)));
        if !self.is(0, "cycle") || !names {
            return Ok(None);
        }
        self.at += 1;
        let by = self.names()?;
        self.expect("set")?;
        let mark = self.name()?;
        let values = if self.is(0, "to") {
            self.at += 1;
            Some((self.text_to("default")?, self.text_to("using")?))
        } else {
            self.expect("using")?;
            None
        };
        Ok(Some(Graph::Cycle { by, mark, values, path: self.name()? }))
    }
}
