//! From text to statements, each as a tree of sqlparser's or, for what is about the session, as
//! plain data.
//!
//! What sqlparser does not know is taken care of before it sees the tokens:
//!
//! - statements about the session ([`session`], [`copy`]) are read here from their first words on;
//! - words that mean the same as others, or that are said beside the tree, go ([`tokens`]):
//!   `NO KEY UPDATE`, `SYMMETRIC`, `EXCLUDE TIES`, `SHARD BY (...)`, `ISNULL`;
//! - literals and names that tokens do not have as the dialect means them change ([`literals`]);
//! - parameters of every form become `$1`, `$2`, ... with a table of their names ([`parameters`]).
//!
//! A statement nested deeper than [`DEPTH_MAX`] is refused (54001). sqlparser moves to a larger
//! stack by itself; a tree is taken down on one that is large enough, as it may be a long chain.

use std::sync::Arc;

use sqlparser::ast::{Ident, ObjectName, OnConflict, Statement};
use sqlparser::dialect::Dialect as Rules;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer};

use crate::Dialect;
use crate::error::{Result, SqlError};

mod conflict_target;
mod copy;
mod cursor;
mod delegated;
mod element;
mod graph;
mod junk;
mod like;
mod literals;
mod materialized;
mod own;
mod parameters;
mod postgres_rules;
mod rewrite;
mod role;
pub mod scan;
mod sequence;
mod session;
mod source;
mod sqlite_rules;
mod syntax_error;
mod table_of_query;
#[cfg(test)]
mod tests;
mod tokens;
mod type_words;
mod unicode;
mod upsert;
mod words;

pub use conflict_target::COMPUTED;
pub use copy::{Copy, CopyFormat, CopyHeader, CopyOptions, CopySource};
pub use element::ELEMENT;
pub use graph::{Graph, Graphs};
pub use like::{Including, Like};
pub use materialized::AlterMaterialized;
pub use own::{ColumnChange, DomainChange, Own, OwnChange, ViewChange};
pub use rewrite::{DISTINCT_SETS, VARIADIC};
pub use role::{GrantObject, RoleOptions, RoleStatement};
pub use sequence::{AlterSequence, SequenceChange};
pub use session::{
    BeginKind, Control, FetchCount, IsolationLevel, Maintenance, PragmaValue, Session,
    TransactionModes,
};
pub use source::Source;
pub use sqlite_rules::SqliteRules;
pub use tokens::{EXCLUDE_CURRENT_ROW, EXCLUDE_GROUP, EXCLUDE_TIES};

use cursor::Cursor;

/// Levels of parentheses, subqueries and statements inside of each other.
pub const DEPTH_MAX: usize = 256;
/// Bytes of a text with statements.
pub const TEXT_BYTES_MAX: usize = 64 << 20;

/// One statement.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// Its tree.
    pub tree: Tree,
    /// Names of its parameters, in their order; `None` for those that have a number alone.
    pub parameter_names: Vec<Option<String>>,
    /// SHARD BY of a CREATE TABLE.
    pub shard_by: Option<Vec<Ident>>,
    /// SEQUENCE NAME of an identity column that ALTER TABLE makes.
    pub sequence_name: Option<ObjectName>,
    /// The constraint of the table that COMMENT is on.
    pub constraint: Option<Ident>,
    /// STRICT of SQLite's CREATE TABLE.
    pub strict: bool,
    /// WITH CHECK OPTION of a CREATE VIEW: `local` or `cascaded`.
    pub check_option: Option<&'static str>,
    /// WITH [NO] DATA of a CREATE MATERIALIZED VIEW.
    pub with_data: Option<bool>,
    /// SQLite's: expressions of select lists as they are written, which are their columns' names:
    /// from where to where, and the text.
    pub items: Vec<(Location, Location, String)>,
    /// SEARCH and CYCLE, by the places of the names of what they are said of.
    pub graphs: Graphs,
    /// The name of SQLite's INSERT for its table.
    pub insert_alias: Option<Ident>,
    /// ON CONFLICT of SQLite's INSERT, but the first.
    pub conflicts: Vec<OnConflict>,
    /// LIKE among the columns of a CREATE TABLE.
    pub likes: Vec<Like>,
    /// Where BETWEEN says SYMMETRIC.
    pub symmetric: Vec<Location>,
    /// The text that it is a part of, and which part.
    pub source: Source,
}

/// What a statement consists of.
#[derive(Clone, Debug)]
pub enum Tree {
    /// What sqlparser made of it.
    Sql(Box<Deep>),
    /// What is about the session.
    Session(Box<Session>),
    /// EXPLAIN.
    Explain(Explain),
    /// ALTER SEQUENCE.
    AlterSequence(Box<AlterSequence>),
    /// ALTER MATERIALIZED VIEW.
    AlterMaterialized(Box<AlterMaterialized>),
    /// ALTER VIEW, ALTER DOMAIN and their like.
    Own(Box<Own>),
}

/// A tree of any depth.
#[derive(Clone, Debug)]
pub struct Deep {
    statement: Option<Statement>,
    /// How many tokens it was made of: no chain is longer.
    tokens: usize,
}

impl Deep {
    /// The tree.
    pub fn statement(&self) -> &Statement {
        match &self.statement {
            Some(statement) => statement,
            None => unreachable!("it is there until the drop"),
        }
    }
}

impl Drop for Deep {
    fn drop(&mut self) {
        let statement = self.statement.take();
        // Far more than the frame of one step down takes.
        let bytes = self.tokens.saturating_mul(1024);
        if bytes < 64 * 1024 {
            drop(statement);
        } else {
            stacker::maybe_grow(bytes, bytes, move || drop(statement));
        }
    }
}

/// EXPLAIN with its options.
#[derive(Clone, Debug)]
pub struct Explain {
    /// Run the statement and tell what happened.
    pub analyze: bool,
    /// Tell more.
    pub verbose: bool,
    /// SQLite's EXPLAIN QUERY PLAN.
    pub query_plan: bool,
    /// Other options by name in lower case: `costs`, `buffers`, `timing`, `format`, ...
    pub options: Vec<(String, String)>,
    /// The statement.
    pub statement: Box<Parsed>,
}

/// The statements of a text.
///
/// # Errors
/// 42601 with the place, in the dialect's words; 54001 for too deep nesting, 54000 for too long
/// texts; 0A000 for what Bourse has no place for, with what to do instead.
pub fn parse(text: &str, dialect: Dialect) -> Result<Vec<Parsed>> {
    if text.len() > TEXT_BYTES_MAX {
        let message = format!("a text of more than {TEXT_BYTES_MAX} bytes is refused");
        return Err(SqlError::new("54000", message).with_hint("Send its statements one by one."));
    }
    let source = Source::new(Arc::from(text));
    let rules: &dyn Rules = match dialect {
        Dialect::Postgres => &postgres_rules::PostgresRules::default(),
        Dialect::Sqlite => &sqlite_rules::SqliteRules::default(),
    };
    let tokens = Tokenizer::new(rules, text).tokenize_with_location();
    let tokens = tokens.map_err(|error| syntax_error::of_tokens(&error, &source, dialect))?;
    let tokens = literals::settle(tokens, &source, dialect)?;
    let each = split(tokens).into_iter();
    each.map(|(tokens, ends_at)| one(tokens, source.ending_at(ends_at), rules, dialect)).collect()
}

/// The tokens of each statement, without white space and semicolons, and where its semicolon is.
fn split(tokens: Vec<TokenWithSpan>) -> Vec<(Vec<TokenWithSpan>, Option<Location>)> {
    let mut statements = Vec::new();
    let mut current: Vec<TokenWithSpan> = Vec::new();
    for token in tokens {
        match &token.token {
            Token::Whitespace(_) | Token::CopyData { .. } | Token::EOF => {}
            Token::SemiColon if !is_in_body(&current) => {
                statements.push((std::mem::take(&mut current), Some(token.span.start)));
            }
            _ => current.push(token),
        }
    }
    statements.push((current, None));
    statements.retain(|(statement, _)| !statement.is_empty());
    statements
}

/// Whether a semicolon belongs to the body of a trigger or function.
fn is_in_body(tokens: &[TokenWithSpan]) -> bool {
    let word = |at: usize, word: &str| tokens.get(at).is_some_and(|t| cursor::is_word(t, word));
    let mut at = 1;
    while word(at, "temp") || word(at, "temporary") || word(at, "or") || word(at, "replace") {
        at += 1;
    }
    let has_body = word(0, "create") && (word(at, "trigger") || word(at, "function"));
    if !has_body {
        return false;
    }
    let begins = tokens.iter().position(|token| cursor::is_word(token, "begin"));
    let Some(begins) = begins else { return false };
    let opens = |token: &&TokenWithSpan| cursor::is_word(token, "case");
    let closes = |token: &&TokenWithSpan| cursor::is_word(token, "end");
    let inner = &tokens[begins..];
    inner.iter().filter(closes).count() <= inner.iter().filter(opens).count()
}

/// Tokens in forms that sqlparser takes, and what was taken out of them.
struct Reshaped {
    tokens: Vec<TokenWithSpan>,
    graphs: Graphs,
    likes: Vec<Like>,
}

fn reshaped(tokens: Vec<TokenWithSpan>, source: &Source, dialect: Dialect) -> Result<Reshaped> {
    if dialect == Dialect::Sqlite {
        junk::words(&tokens, source)?;
        let tokens = rewrite::plain(type_words::joined(tokens), dialect);
        return Ok(Reshaped { tokens, graphs: Vec::new(), likes: Vec::new() });
    }
    junk::postgres_words(&tokens, source)?;
    let (tokens, graphs) = graph::take(table_of_query::plain(tokens), source)?;
    let (tokens, likes) = like::take(tokens, source)?;
    let tokens =
        rewrite::plain(element::plain(words::plain(conflict_target::plain(tokens))), dialect);
    Ok(Reshaped { tokens, graphs, likes })
}

/// One statement of its tokens.
fn one(
    tokens: Vec<TokenWithSpan>,
    source: Source,
    rules: &dyn Rules,
    dialect: Dialect,
) -> Result<Parsed> {
    let source = source.part(&tokens);
    let (tokens, parameter_names) = parameters::number(tokens, dialect, &source)?;
    let items = match dialect {
        Dialect::Sqlite => tokens::select_items(&tokens, &source),
        Dialect::Postgres => Vec::new(),
    };
    let Reshaped { tokens, graphs, likes } = reshaped(tokens, &source, dialect)?;
    let mut prepared = tokens::prepare(tokens, dialect);
    let with_data = materialized::take_with_data(&mut prepared.tokens);
    let (check_option, taken) = match dialect {
        Dialect::Postgres => {
            (rewrite::take_check_option(&mut prepared.tokens), upsert::Taken::default())
        }
        Dialect::Sqlite => (None, upsert::take(&mut prepared.tokens)),
    };
    let mut parsed = Parsed {
        tree: Tree::Session(Box::new(Control::Nothing.into())),
        parameter_names,
        shard_by: prepared.shard_by,
        sequence_name: prepared.sequence_name,
        constraint: prepared.constraint,
        strict: prepared.strict,
        with_data,
        check_option,
        symmetric: prepared.symmetric,
        graphs,
        likes,
        insert_alias: taken.alias,
        conflicts: Vec::new(),
        items,
        source,
    };
    let mut cursor = Cursor::new(prepared.tokens, parsed.source.clone(), rules, dialect);
    parsed.conflicts = upsert::conflicts(&cursor, taken.conflicts)?;
    if let Some(explain) = explain(&mut cursor, &parsed)? {
        parsed.tree = Tree::Explain(explain);
    } else if let Some(alter) = sequence::read(&mut cursor)? {
        parsed.tree = Tree::AlterSequence(Box::new(alter));
    } else if let Some(alter) = materialized::read(&mut cursor)? {
        parsed.tree = Tree::AlterMaterialized(Box::new(alter));
    } else if let Some(own) = own::read(&mut cursor)? {
        parsed.tree = Tree::Own(Box::new(own));
    } else if let Some(session) = session::read(&mut cursor, &parsed)? {
        parsed.tree = Tree::Session(Box::new(session));
    } else {
        parsed.tree = Tree::Sql(Box::new(cursor.statement()?));
    }
    Ok(parsed)
}

/// EXPLAIN, if the tokens begin with it.
fn explain(cursor: &mut Cursor<'_>, parsed: &Parsed) -> Result<Option<Explain>> {
    if !cursor.take_word("explain") {
        return Ok(None);
    }
    let mut explain = Explain {
        analyze: false,
        verbose: false,
        query_plan: false,
        options: Vec::new(),
        statement: Box::new(parsed.clone()),
    };
    if cursor.dialect() == Dialect::Sqlite {
        if cursor.take_word("query") {
            cursor.expect_word("plan")?;
            explain.query_plan = true;
        }
    } else if cursor.take(&Token::LParen) {
        explain.options = cursor.options()?;
        let is_on = |value: &str| matches!(value, "" | "true" | "on" | "1");
        for (name, value) in &explain.options {
            match name.as_str() {
                "analyze" => explain.analyze = is_on(value),
                "verbose" => explain.verbose = is_on(value),
                _ => {}
            }
        }
    } else {
        explain.analyze = cursor.take_word("analyze");
        explain.verbose = cursor.take_word("verbose");
    }
    explain.statement = Box::new(rest(cursor, parsed)?);
    Ok(Some(explain))
}

/// What is left, as a statement.
fn rest(cursor: &mut Cursor<'_>, parsed: &Parsed) -> Result<Parsed> {
    let tree = match session::read(cursor, parsed)? {
        Some(session) => Tree::Session(Box::new(session)),
        None => Tree::Sql(Box::new(cursor.statement()?)),
    };
    Ok(Parsed { tree, ..parsed.clone() })
}

/// What sqlparser makes of tokens.
fn parser<'r>(rules: &'r dyn Rules, tokens: Vec<TokenWithSpan>) -> Parser<'r> {
    let parser = Parser::new(rules).with_recursion_limit(DEPTH_MAX);
    parser.with_tokens_with_locations(tokens)
}

/// A query by itself, of a text that was made here.
///
/// # Errors
/// As [`parse`].
pub fn query(text: &str, dialect: Dialect) -> Result<Box<sqlparser::ast::Query>> {
    let parsed = parse(text, dialect)?;
    let damaged = || SqlError::new("XX001", format!("\"{text}\" is no query"));
    let Some(Parsed { tree: Tree::Sql(tree), .. }) = parsed.first() else { return Err(damaged()) };
    match tree.statement() {
        Statement::Query(query) => Ok(query.clone()),
        _ => Err(damaged()),
    }
}

/// An expression by itself: a DEFAULT or a generated column that was kept as text.
///
/// # Errors
/// As [`parse`].
pub fn expression(text: &str, dialect: Dialect) -> Result<sqlparser::ast::Expr> {
    let select = parse(&format!("SELECT {text}"), dialect)?;
    let damaged = || SqlError::new("XX001", format!("\"{text}\" is no expression"));
    let Some(Parsed { tree: Tree::Sql(tree), .. }) = select.first() else { return Err(damaged()) };
    let Statement::Query(query) = tree.statement() else { return Err(damaged()) };
    match query.body.as_ref() {
        sqlparser::ast::SetExpr::Select(select) => match select.projection.as_slice() {
            [sqlparser::ast::SelectItem::UnnamedExpr(expression)] => Ok(expression.clone()),
            _ => Err(damaged()),
        },
        _ => Err(damaged()),
    }
}
