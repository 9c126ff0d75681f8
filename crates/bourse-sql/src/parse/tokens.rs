//! Words that sqlparser does not know, taken out of the tokens, with what they say kept beside.
//!
//! | words | what becomes of them |
//! |---|---|
//! | `FOR NO KEY UPDATE`, `FOR KEY SHARE` | the stronger `FOR UPDATE`, `FOR SHARE` |
//! | `BETWEEN SYMMETRIC`, `ASYMMETRIC` | go; the place of SYMMETRIC is kept |
//! | `EXCLUDE TIES` and its like in a frame | a mark in PARTITION BY, a name that none can write |
//! | `SHARD BY (a, b)` behind a table's columns | go; the names are kept |
//! | PostgreSQL's `x ISNULL`, `x NOTNULL` | `x IS NULL`, `x IS NOT NULL` |
//! | `(SEQUENCE NAME a.b ...` of an ALTER TABLE | goes; the name is kept |
//! | `OPERATOR(pg_catalog.=) ANY` | `= ANY` |
//! | `LIKE ANY (...)`, `NOT ILIKE ALL (...)` | `~~ ANY (...)`, `!~~* ALL (...)` |
//! | SQLite's `NOT GLOB` | `NOT RLIKE`, an operator that SQLite does not have |
//! | SQLite's `AS MATERIALIZED`, `AS NOT MATERIALIZED` | `AS`: they are hints |
//! | SQLite's `STRICT` behind a table's columns | goes; it is kept that it was there |
//! | `ROWS FROM (...)` | `rows(...)`, a call of calls |
//! | `TABLE t` as a statement | `SELECT * FROM t` |

use sqlparser::ast::{Ident, ObjectName};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Word};

use super::cursor::is_word;
use super::source::Source;
use crate::Dialect;

/// In PARTITION BY: the frame says EXCLUDE CURRENT ROW.
pub const EXCLUDE_CURRENT_ROW: &str = "\0exclude current row";
/// In PARTITION BY: the frame says EXCLUDE GROUP.
pub const EXCLUDE_GROUP: &str = "\0exclude group";
/// In PARTITION BY: the frame says EXCLUDE TIES.
pub const EXCLUDE_TIES: &str = "\0exclude ties";

/// Tokens for sqlparser, and what was taken out.
pub(super) struct Prepared {
    pub(super) tokens: Vec<TokenWithSpan>,
    pub(super) shard_by: Option<Vec<Ident>>,
    pub(super) sequence_name: Option<ObjectName>,
    pub(super) constraint: Option<Ident>,
    pub(super) strict: bool,
    pub(super) symmetric: Vec<Location>,
}

/// Whether an operand begins behind these tokens, and no operator.
pub(super) fn begins_operand(before: &[TokenWithSpan]) -> bool {
    const WORDS: [&str; 19] = [
        "select",
        "distinct",
        "all",
        "where",
        "and",
        "or",
        "not",
        "is",
        "when",
        "then",
        "else",
        "case",
        "on",
        "having",
        "by",
        "returning",
        "values",
        "limit",
        "offset",
    ];
    let Some(last) = before.last() else { return true };
    match &last.token {
        Token::Word(_) => WORDS.iter().any(|word| is_word(last, word)),
        Token::RParen
        | Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::DoubleQuotedString(_)
        | Token::HexStringLiteral(_)
        | Token::Placeholder(_) => false,
        _ => true,
    }
}

/// Takes out what sqlparser does not know.
pub(super) fn prepare(tokens: Vec<TokenWithSpan>, dialect: Dialect) -> Prepared {
    let tokens = without_table(tokens);
    let is_create = tokens.first().is_some_and(|token| is_word(token, "create"));
    let mut prepared = Prepared {
        tokens: Vec::with_capacity(tokens.len()),
        shard_by: None,
        sequence_name: None,
        constraint: None,
        strict: false,
        symmetric: Vec::new(),
    };
    let is_at = |at: usize, word: &str| tokens.get(at).is_some_and(|token| is_word(token, word));
    let words = |at: usize, words: &[&str]| (at..).zip(words).all(|(at, word)| is_at(at, word));
    let mut at = 0;
    let mut depth = 0_usize;
    while let Some(token) = tokens.get(at) {
        match &token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            Token::Word(_) => {
                if let Some(taken) =
                    take_words(&tokens, at, depth, is_create, &mut prepared, dialect)
                {
                    at += taken;
                    continue;
                }
                if let Some(taken) = take_sequence_name(&tokens, at, &mut prepared) {
                    at += taken;
                    continue;
                }
                if let Some(operator) = plain_operator(&tokens[at..]) {
                    prepared.tokens.push(operator.clone());
                    at += OPERATOR_TOKENS;
                    continue;
                }
                let opens = tokens.get(at + 2).is_some_and(|token| token.token == Token::LParen);
                let first_alone = match () {
                    // SQLite has columns of the name alone.
                    () if opens && words(at, &["rows", "from"]) => match dialect {
                        Dialect::Postgres => Some(2),
                        Dialect::Sqlite => None,
                    },
                    () if words(at, &["for", "no", "key", "update"]) => Some(3),
                    () if words(at, &["for", "key", "share"]) => Some(2),
                    () => None,
                };
                if let Some(taken) = first_alone {
                    prepared.tokens.push(token.clone());
                    at += taken;
                    continue;
                }
                // `NOT glob(a, b)` is of a function.
                let is_call = opens && begins_operand(&tokens[..at]);
                if dialect == Dialect::Sqlite && words(at, &["not", "glob"]) && !is_call {
                    at += not_glob(&tokens[at..], &mut prepared.tokens);
                    continue;
                }
                let is_behind_as = at > 0 && is_word(&tokens[at - 1], "as");
                if dialect == Dialect::Sqlite && is_behind_as {
                    let hints: [&[&str]; 2] = [&["materialized"], &["not", "materialized"]];
                    if let Some(hint) = hints.into_iter().find(|hint| words(at, hint)) {
                        at += hint.len();
                        continue;
                    }
                }
            }
            _ => {}
        }
        prepared.tokens.push(token.clone());
        at += 1;
    }
    prepared
}

/// `NOT GLOB` as sqlparser reads it. NULL behind it would be taken with the NOT, but not in
/// parentheses. Returns how many tokens that was.
fn not_glob(tokens: &[TokenWithSpan], into: &mut Vec<TokenWithSpan>) -> usize {
    let [not, glob, rest @ ..] = tokens else { return 0 };
    let rlike = TokenWithSpan { token: Token::make_keyword("RLIKE"), ..glob.clone() };
    into.extend([not.clone(), rlike]);
    let Some(null) = rest.first().filter(|token| is_word(token, "null")) else { return 2 };
    let of = |token| TokenWithSpan { token, ..null.clone() };
    into.extend([of(Token::LParen), null.clone(), of(Token::RParen)]);
    3
}

/// Tokens of `OPERATOR(pg_catalog.=)`.
const OPERATOR_TOKENS: usize = 6;

/// The operator of `OPERATOR(pg_catalog.=) ANY`, as pg_dump asks for tables by name.
fn plain_operator(tokens: &[TokenWithSpan]) -> Option<&TokenWithSpan> {
    let [word, opens, schema, period, operator, closes, quantifier, ..] = tokens else {
        return None;
    };
    let is_form = is_word(word, "operator")
        && opens.token == Token::LParen
        && is_word(schema, "pg_catalog")
        && period.token == Token::Period
        && closes.token == Token::RParen
        && ["any", "some", "all"].iter().any(|name| is_word(quantifier, name));
    is_form.then_some(operator)
}

/// Puts the operator of `LIKE ANY (...)`, `NOT ILIKE ALL (...)` and their like behind the tokens
/// before it, of which NOT goes. Returns whether it is one.
fn like_quantified(
    tokens: &[TokenWithSpan],
    before: &mut Vec<TokenWithSpan>,
    dialect: Dialect,
) -> bool {
    let [like, quantifier, opens, ..] = tokens else { return false };
    let folds = is_word(like, "ilike");
    let is_form = dialect == Dialect::Postgres
        && (folds || is_word(like, "like"))
        && ["any", "some", "all"].iter().any(|name| is_word(quantifier, name))
        && opens.token == Token::LParen;
    if !is_form {
        return false;
    }
    let negated = before.pop_if(|token| is_word(token, "not")).is_some();
    let token = match (negated, folds) {
        (false, false) => Token::DoubleTilde,
        (false, true) => Token::DoubleTildeAsterisk,
        (true, false) => Token::ExclamationMarkDoubleTilde,
        (true, true) => Token::ExclamationMarkDoubleTildeAsterisk,
    };
    before.push(TokenWithSpan { token, span: like.span });
    true
}

/// `TABLE t` is `SELECT * FROM t`.
fn without_table(mut tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let Some(first) = tokens.first().filter(|first| is_word(first, "table")) else { return tokens };
    let span = first.span;
    let words = [Token::make_keyword("SELECT"), Token::Mul, Token::make_keyword("FROM")];
    tokens.splice(..1, words.map(|token| TokenWithSpan { token, span }));
    tokens
}

/// An expression of a select list as it is written: from where to where, and the text.
pub(super) fn select_items(
    tokens: &[TokenWithSpan],
    source: &Source,
) -> Vec<(Location, Location, String)> {
    let ends = [
        "from",
        "where",
        "group",
        "having",
        "order",
        "limit",
        "union",
        "except",
        "intersect",
        "window",
    ];
    let is_word_at = |at: usize, word: &str| tokens.get(at).is_some_and(|t| is_word(t, word));
    let mut items = Vec::new();
    for (select, _) in tokens.iter().enumerate().filter(|(_, token)| is_word(token, "select")) {
        let mut begin = select + 1;
        while tokens.get(begin).is_some_and(|t| is_word(t, "distinct") || is_word(t, "all")) {
            begin += 1;
        }
        let mut depth = 0_usize;
        let mut at = begin;
        loop {
            let token = tokens.get(at);
            // IS DISTINCT FROM goes on.
            let is_operator =
                is_word_at(at, "from") && at > begin && is_word_at(at - 1, "distinct");
            let closes = token.is_none_or(|token| {
                depth == 0
                    && !is_operator
                    && (token.token == Token::RParen || ends.iter().any(|end| is_word(token, end)))
            });
            let separates = depth == 0 && token.is_some_and(|token| token.token == Token::Comma);
            if (closes || separates) && at > begin {
                let (from, to) = (tokens[begin].span.start, tokens[at - 1].span.end);
                items.push((from, to, source.between(from, to).to_owned()));
                begin = at + 1;
            }
            if closes {
                break;
            }
            match token.map(|token| &token.token) {
                Some(Token::LParen) => depth += 1,
                Some(Token::RParen) => depth -= 1,
                _ => {}
            }
            at += 1;
        }
    }
    items
}

/// How many tokens from `at` were taken out, if any.
fn take_words(
    tokens: &[TokenWithSpan],
    at: usize,
    depth: usize,
    is_create: bool,
    prepared: &mut Prepared,
    dialect: Dialect,
) -> Option<usize> {
    let token = &tokens[at];
    let is = |place: usize, word: &str| tokens.get(at + place).is_some_and(|t| is_word(t, word));
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    if is(0, "symmetric") && before.is_some_and(|before| is_word(before, "between")) {
        prepared.symmetric.push(token.span.start);
        return Some(1);
    }
    if is(0, "asymmetric") && before.is_some_and(|before| is_word(before, "between")) {
        return Some(1);
    }
    if is_create && depth == 0 && is(0, "shard") && is(1, "by") {
        return take_shard_by(tokens, at, prepared);
    }
    let is_option = before.is_some_and(|b| matches!(b.token, Token::RParen | Token::Comma));
    if dialect == Dialect::Sqlite && is_create && depth == 0 && is_option && is(0, "strict") {
        prepared.strict = true;
        let is_comma =
            |token: Option<&TokenWithSpan>| token.is_some_and(|token| token.token == Token::Comma);
        // One of the commas around it goes too.
        if is_comma(prepared.tokens.last()) {
            prepared.tokens.pop();
        } else if is_comma(tokens.get(at + 1)) {
            return Some(2);
        }
        return Some(1);
    }
    if like_quantified(&tokens[at..], &mut prepared.tokens, dialect) {
        return Some(1);
    }
    if is(0, "exclude") {
        return take_exclude(tokens, at, prepared);
    }
    if is(0, "fetch") && (is(1, "first") || is(1, "next")) {
        return take_fetch(tokens, at, prepared);
    }
    if at == 0 && is(0, "comment") && is(1, "on") && is(2, "constraint") {
        return take_commented_constraint(tokens, prepared);
    }
    let ends_operand = before.is_some_and(|before| match &before.token {
        Token::Word(word) => {
            word.keyword == Keyword::NoKeyword
                || matches!(
                    word.keyword,
                    Keyword::NULL | Keyword::END | Keyword::TRUE | Keyword::FALSE
                )
        }
        Token::RParen
        | Token::RBracket
        | Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::HexStringLiteral(_)
        | Token::Placeholder(_) => true,
        _ => false,
    });
    let negated = is(0, "notnull");
    if ends_operand && (is(0, "isnull") || negated) && dialect == Dialect::Postgres {
        let words: &[&str] = if negated { &["IS", "NOT", "NULL"] } else { &["IS", "NULL"] };
        for word in words {
            let token = TokenWithSpan { token: Token::make_keyword(word), span: token.span };
            prepared.tokens.push(token);
        }
        return Some(1);
    }
    None
}

/// `FETCH FIRST (n) ROWS ONLY` is `LIMIT (n)`: sqlparser takes no expression there. What is left of
/// WITH TIES goes behind it.
fn take_fetch(tokens: &[TokenWithSpan], at: usize, prepared: &mut Prepared) -> Option<usize> {
    let is = |place: usize, word: &str| tokens.get(place).is_some_and(|t| is_word(t, word));
    let opens = at + 2;
    if tokens.get(opens)?.token != Token::LParen {
        return None;
    }
    let mut depth = 0_usize;
    let closes = tokens[opens..].iter().position(|token| {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    let rows = opens + closes + 1;
    let has_ties = is(rows + 1, "with") && is(rows + 2, "ties");
    if !(is(rows, "row") || is(rows, "rows")) || !(has_ties || is(rows + 1, "only")) {
        return None;
    }
    let limit = Token::make_keyword("LIMIT");
    prepared.tokens.push(TokenWithSpan { token: limit, span: tokens[at].span });
    prepared.tokens.extend_from_slice(&tokens[opens..rows]);
    if !has_ties {
        return Some(rows + 2 - at);
    }
    prepared.tokens.extend_from_slice(&tokens[at..opens]);
    prepared.tokens.extend_from_slice(&tokens[rows..rows + 3]);
    Some(rows + 3 - at)
}

/// `COMMENT ON CONSTRAINT c ON t` is one on the table, and beside it the constraint's name.
fn take_commented_constraint(tokens: &[TokenWithSpan], prepared: &mut Prepared) -> Option<usize> {
    let [comment, on, constraint, name, on_table, ..] = tokens else { return None };
    let Token::Word(word) = &name.token else { return None };
    if !is_word(on_table, "on") {
        return None;
    }
    prepared.constraint = Some(word.clone().into_ident(name.span));
    let table = Token::make_keyword("TABLE");
    let table = TokenWithSpan { token: table, span: constraint.span };
    prepared.tokens.extend([comment.clone(), on.clone(), table]);
    Some(5)
}

/// EXCLUDE of a window's frame.
fn take_exclude(tokens: &[TokenWithSpan], at: usize, prepared: &mut Prepared) -> Option<usize> {
    let is = |place: usize, word: &str| tokens.get(at + place).is_some_and(|t| is_word(t, word));
    let (mark, length) = match () {
        () if is(1, "no") && is(2, "others") => (None, 3),
        () if is(1, "current") && is(2, "row") => (Some(EXCLUDE_CURRENT_ROW), 3),
        () if is(1, "group") => (Some(EXCLUDE_GROUP), 2),
        () if is(1, "ties") => (Some(EXCLUDE_TIES), 2),
        () => return None,
    };
    let ends = tokens.get(at + length).is_some_and(|token| token.token == Token::RParen);
    if !ends {
        return None;
    }
    if let Some(mark) = mark {
        mark_partition(&mut prepared.tokens, mark)?;
    }
    Some(length)
}

fn take_shard_by(tokens: &[TokenWithSpan], at: usize, prepared: &mut Prepared) -> Option<usize> {
    if tokens.get(at + 2)?.token != Token::LParen {
        return None;
    }
    let mut names = Vec::new();
    let mut place = at + 3;
    loop {
        match &tokens.get(place)?.token {
            Token::Word(word) => names.push(word.clone().into_ident(tokens[place].span)),
            Token::Comma => {}
            Token::RParen => break,
            _ => return None,
        }
        place += 1;
    }
    prepared.shard_by = Some(names);
    Some(place + 1 - at)
}

/// The name of an identity column's sequence, of which pg_dump says one in a statement.
fn take_sequence_name(
    tokens: &[TokenWithSpan],
    at: usize,
    prepared: &mut Prepared,
) -> Option<usize> {
    let is = |place: usize, word: &str| tokens.get(place).is_some_and(|t| is_word(t, word));
    let is_inside = at > 0 && tokens[at - 1].token == Token::LParen;
    let is_named = is(0, "alter") && is_inside && is(at, "sequence") && is(at + 1, "name");
    if !is_named || prepared.sequence_name.is_some() {
        return None;
    }
    let mut names = Vec::new();
    let mut place = at + 2;
    loop {
        let Token::Word(word) = &tokens.get(place)?.token else { return None };
        names.push(word.clone().into_ident(tokens[place].span));
        place += 1;
        if tokens.get(place)?.token != Token::Period {
            break;
        }
        place += 1;
    }
    prepared.sequence_name = Some(ObjectName::from(names));
    Some(place - at)
}

/// Puts a mark into the window that the tokens end in: as its first PARTITION BY.
fn mark_partition(tokens: &mut Vec<TokenWithSpan>, mark: &str) -> Option<()> {
    let mut depth = 0_usize;
    let opens = tokens.iter().rposition(|token| match token.token {
        Token::RParen => {
            depth += 1;
            false
        }
        Token::LParen if depth > 0 => {
            depth -= 1;
            false
        }
        Token::LParen => true,
        _ => false,
    })?;
    let span = tokens[opens].span;
    let with_span = |token: Token| TokenWithSpan { token, span };
    let name = with_span(Token::Word(Word {
        value: mark.to_owned(),
        quote_style: Some('"'),
        keyword: Keyword::NoKeyword,
    }));
    let is_partition = |at: usize| {
        tokens.get(at).is_some_and(|token| is_word(token, "partition"))
            && tokens.get(at + 1).is_some_and(|token| is_word(token, "by"))
    };
    let begins_clause = |at: usize| {
        let words = ["order", "rows", "range", "groups", "partition"];
        tokens.get(at).is_some_and(|token| words.iter().any(|word| is_word(token, word)))
    };
    // A window's name may stand first.
    let first = if begins_clause(opens + 1) { opens + 1 } else { opens + 2 };
    if is_partition(first) {
        tokens.splice(first + 2..first + 2, [name, with_span(Token::Comma)]);
    } else {
        let words = ["PARTITION", "BY"].map(|word| with_span(Token::make_keyword(word)));
        tokens.splice(first..first, words.into_iter().chain([name]));
    }
    Some(())
}
