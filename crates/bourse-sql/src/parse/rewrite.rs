//! Forms that sqlparser does not take, written as others that it does.
//!
//! | written | becomes |
//! |---|---|
//! | `f(a, VARIADIC b)` | a named argument, by a name that none can write |
//! | `SUBSTRING(a SIMILAR b ESCAPE c)` | `SUBSTRING(a, b, c)` |
//! | `GROUP BY DISTINCT a` | a mark before the first element, a name that none can write |
//! | `GROUP BY ALL a` | `GROUP BY a` |
//! | `(TABLE t)`, `UNION TABLE t`, `INSERT INTO s TABLE t` | `SELECT * FROM t` |
//! | `NOT NULL` of CREATE DOMAIN | `CHECK (VALUE IS NOT NULL)` |
//! | MERGE's `INSERT DEFAULT VALUES` | `INSERT VALUES (DEFAULT)` |
//! | SQLite's `CROSS JOIN` | `JOIN`: it takes ON too, and there is no other order |
//! | words of other dialects in SQLite's, as `top` | names |

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span, Token, TokenWithSpan, Word};

use super::cursor::is_word;
use super::tokens::begins_operand;
use crate::Dialect;

/// The name of an argument that is VARIADIC.
pub const VARIADIC: &str = "\0variadic";
/// The first element of a GROUP BY that says DISTINCT.
pub const DISTINCT_SETS: &str = "\0distinct sets";

/// A keyword in the place of something else.
pub(super) fn keyword(word: &str, span: Span) -> TokenWithSpan {
    TokenWithSpan { token: Token::make_keyword(word), span }
}

/// Makes a name of a word that is one of these.
pub(super) fn make_name(token: &mut TokenWithSpan, names: &[Keyword]) {
    if let Token::Word(word) = &mut token.token
        && names.contains(&word.keyword)
    {
        word.keyword = Keyword::NoKeyword;
    }
}

/// A name in quotes, as one that no statement can write.
pub(super) fn mark(name: &str, span: Span) -> TokenWithSpan {
    let word = Word { value: name.to_owned(), quote_style: Some('"'), keyword: Keyword::NoKeyword };
    TokenWithSpan { token: Token::Word(word), span }
}

/// The tokens of a statement in forms that sqlparser takes.
pub(super) fn plain(tokens: Vec<TokenWithSpan>, dialect: Dialect) -> Vec<TokenWithSpan> {
    match dialect {
        Dialect::Postgres => postgres(tokens),
        Dialect::Sqlite => sqlite(tokens),
    }
}

/// Words that mean something to sqlparser, and to SQLite nothing: they are names.
const NAMES: [Keyword; 24] = [
    Keyword::ANTI,
    Keyword::ASOF,
    Keyword::CLOSE,
    Keyword::CLUSTER,
    Keyword::CONNECT,
    Keyword::DISTRIBUTE,
    Keyword::DIV,
    Keyword::FORMAT,
    Keyword::GLOBAL,
    Keyword::MATCH_RECOGNIZE,
    Keyword::MINUS,
    Keyword::OPEN,
    Keyword::PIVOT,
    Keyword::PREWHERE,
    Keyword::QUALIFY,
    Keyword::RLIKE,
    Keyword::SAMPLE,
    Keyword::SEMI,
    Keyword::SETTINGS,
    Keyword::SORT,
    Keyword::START,
    Keyword::TOP,
    Keyword::UNPIVOT,
    Keyword::XOR,
];

fn sqlite(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut plain: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    for mut token in tokens {
        if is_word(&token, "join") {
            plain.pop_if(|last| is_word(last, "cross"));
        }
        if !ends_not_rlike(&plain, &token) {
            make_name(&mut token, &NAMES);
        }
        plain.push(token);
    }
    plain
}

/// Whether a word is the end of `a NOT RLIKE`, as `a NOT GLOB` is written in stored texts.
fn ends_not_rlike(before: &[TokenWithSpan], word: &TokenWithSpan) -> bool {
    let [before @ .., not] = before else { return false };
    is_word(word, "rlike") && is_word(not, "not") && !begins_operand(before)
}

fn postgres(mut tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let first = |word: &str| tokens.first().is_some_and(|token| is_word(token, word));
    let kind = match () {
        () if first("insert") || first("with") => Kind::Insert,
        () if first("merge") => Kind::Merge,
        () if first("create") && tokens.get(1).is_some_and(|next| is_word(next, "domain")) => {
            Kind::Domain
        }
        () => Kind::Other,
    };
    similar(&mut tokens);
    let mut plain = Vec::with_capacity(tokens.len());
    let (mut at, mut depth) = (0, 0_usize);
    while at < tokens.len() {
        match tokens[at].token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        let place = Place { tokens: &tokens, at };
        match place.replaced(kind, depth) {
            Some((others, taken)) => {
                plain.extend(others);
                at += taken;
            }
            None => {
                plain.push(tokens[at].clone());
                at += 1;
            }
        }
    }
    plain
}

/// Which statement it is, as far as that says what words mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Insert,
    Merge,
    Domain,
    Other,
}

/// A place among tokens.
struct Place<'t> {
    tokens: &'t [TokenWithSpan],
    at: usize,
}

impl Place<'_> {
    fn is(&self, ahead: usize, word: &str) -> bool {
        self.tokens.get(self.at + ahead).is_some_and(|token| is_word(token, word))
    }

    fn behind(&self, back: usize) -> Option<&TokenWithSpan> {
        self.at.checked_sub(back).map(|at| &self.tokens[at])
    }

    fn is_behind(&self, back: usize, word: &str) -> bool {
        self.behind(back).is_some_and(|token| is_word(token, word))
    }

    /// What stands in the place of the tokens from here on, and of how many.
    fn replaced(&self, kind: Kind, depth: usize) -> Option<(Vec<TokenWithSpan>, usize)> {
        let span = self.tokens[self.at].span;
        let with_span = |token: Token| TokenWithSpan { token, span };
        let before = self.behind(1).map(|token| &token.token);
        if self.is(0, "variadic") && matches!(before, Some(Token::LParen | Token::Comma)) {
            return Some((vec![mark(VARIADIC, span), with_span(Token::RArrow)], 1));
        }
        if self.is_behind(1, "by") && self.is_behind(2, "group") {
            if self.is(0, "distinct") {
                return Some((vec![mark(DISTINCT_SETS, span), with_span(Token::Comma)], 1));
            }
            if self.is(0, "all") && self.at + 1 < self.tokens.len() {
                return Some((Vec::new(), 1));
            }
        }
        if self.is(0, "table") && is_query(self.tokens, self.at, kind == Kind::Insert) {
            let star = with_span(Token::Mul);
            return Some((vec![keyword("SELECT", span), star, keyword("FROM", span)], 1));
        }
        let is_default = self.is(0, "insert") && self.is(1, "default") && self.is(2, "values");
        if kind == Kind::Merge && self.is_behind(1, "then") && is_default {
            let [insert, default, values] =
                [0, 1, 2].map(|ahead| self.tokens[self.at + ahead].clone());
            let (opens, closes) = (with_span(Token::LParen), with_span(Token::RParen));
            return Some((vec![insert, values, opens, default, closes], 3));
        }
        if kind != Kind::Domain || depth > 0 {
            return None;
        }
        if self.is(0, "not") && self.is(1, "null") {
            let mut check = vec![keyword("CHECK", span), with_span(Token::LParen)];
            check.extend(["VALUE", "IS", "NOT", "NULL"].map(|word| keyword(word, span)));
            check.push(with_span(Token::RParen));
            return Some((check, 2));
        }
        self.is(0, "null").then(|| (Vec::new(), 1))
    }
}

/// Whether TABLE is the query of all rows of a table.
fn is_query(tokens: &[TokenWithSpan], at: usize, is_insert: bool) -> bool {
    let names = tokens.get(at + 1).is_some_and(|next| matches!(next.token, Token::Word(_)));
    let Some(before) = at.checked_sub(1).map(|before| &tokens[before]) else { return false };
    let joins = ["union", "intersect", "except", "all"].iter().any(|word| is_word(before, word));
    let ends_target = match &before.token {
        Token::RParen => true,
        Token::Word(_) => !is_word(before, "into"),
        _ => false,
    };
    names && (before.token == Token::LParen || joins || is_insert && ends_target)
}

/// Commas in place of SIMILAR and ESCAPE inside of each SUBSTRING.
fn similar(tokens: &mut [TokenWithSpan]) {
    // Of each parenthesis that is open, where the words stand in it if it is one of SUBSTRING.
    let mut open: Vec<Option<[Option<usize>; 2]>> = Vec::new();
    for at in 0..tokens.len() {
        match &tokens[at].token {
            Token::LParen => {
                let is_it = at > 0 && is_word(&tokens[at - 1], "substring");
                open.push(is_it.then_some([None; 2]));
            }
            Token::RParen => {
                if let Some(Some([Some(similar), Some(escape)])) = open.pop() {
                    tokens[similar].token = Token::Comma;
                    tokens[escape].token = Token::Comma;
                }
            }
            Token::Word(_) => {
                let Some(Some(words)) = open.last_mut() else { continue };
                let is_to = tokens.get(at + 1).is_some_and(|next| is_word(next, "to"));
                if is_word(&tokens[at], "similar") && !is_to {
                    words[0] = Some(at);
                } else if words[0].is_some() && is_word(&tokens[at], "escape") {
                    words[1] = Some(at);
                }
            }
            _ => {}
        }
    }
}

/// Takes WITH CHECK OPTION from the end of a CREATE VIEW.
pub(super) fn take_check_option(tokens: &mut Vec<TokenWithSpan>) -> Option<&'static str> {
    let is_view = tokens.first().is_some_and(|token| is_word(token, "create"))
        && tokens.iter().take(5).any(|token| is_word(token, "view"));
    if !is_view {
        return None;
    }
    let ends = |words: &[&str]| {
        let from = tokens.len().checked_sub(words.len())?;
        let is_it = words.iter().zip(&tokens[from..]).all(|(word, token)| is_word(token, word));
        is_it.then_some(from)
    };
    let forms: [(&[&str], &'static str); 3] = [
        (&["with", "local", "check", "option"], "local"),
        (&["with", "cascaded", "check", "option"], "cascaded"),
        (&["with", "check", "option"], "cascaded"),
    ];
    let (from, kind) = forms.iter().find_map(|(words, kind)| Some((ends(words)?, *kind)))?;
    tokens.truncate(from);
    Some(kind)
}
