//! Changes of definitions that sqlparser does not know: ALTER VIEW, ALTER DOMAIN, and what ALTER
//! TABLE does to identities and generated columns.

use sqlparser::ast::{Expr, Ident, ObjectName, SequenceOptions, Statement};
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::cursor::Cursor;
use crate::Dialect;
use crate::error::Result;

/// Such a change.
#[derive(Clone, Debug)]
pub struct Own {
    /// The view, domain or table.
    pub name: ObjectName,
    /// Nothing is done if it is not there.
    pub if_exists: bool,
    /// What is changed.
    pub change: OwnChange,
}

/// What is changed.
#[derive(Clone, Debug)]
pub enum OwnChange {
    /// ALTER VIEW.
    View(ViewChange),
    /// ALTER DOMAIN.
    Domain(DomainChange),
    /// ALTER TABLE ... ALTER COLUMN.
    Column(Ident, ColumnChange),
}

/// What ALTER VIEW does.
#[derive(Clone, Debug)]
pub enum ViewChange {
    /// RENAME TO.
    Rename(String),
    /// RENAME [COLUMN] a TO b.
    RenameColumn(String, String),
    /// SET SCHEMA.
    SetSchema(String),
    /// OWNER TO, of which there are none, and options, which change nothing.
    Nothing,
}

/// What ALTER DOMAIN does.
#[derive(Clone, Debug)]
pub enum DomainChange {
    /// SET DEFAULT, or DROP DEFAULT.
    Default(Option<Box<Expr>>),
    /// SET NOT NULL, or DROP NOT NULL.
    NotNull(bool),
    /// ADD [CONSTRAINT name] CHECK.
    Add(Option<String>, Box<Expr>),
    /// DROP CONSTRAINT, which may be none if IF EXISTS is said.
    Drop(String, bool),
    /// RENAME CONSTRAINT a TO b.
    RenameConstraint(String, String),
    /// RENAME TO.
    Rename(String),
    /// OWNER TO: there are no owners.
    Nothing,
}

/// What ALTER COLUMN does.
#[derive(Clone, Debug)]
pub enum ColumnChange {
    /// SET GENERATED, SET of the sequence's options, RESTART: any of them.
    Identity {
        /// SET GENERATED: whether ALWAYS.
        always: Option<bool>,
        /// Options of the sequence.
        options: Vec<SequenceOptions>,
        /// RESTART, with its value if there is one.
        restart: Option<Option<i64>>,
    },
    /// DROP IDENTITY, of what may be none if IF EXISTS is said.
    DropIdentity(bool),
    /// DROP EXPRESSION, of what may be none if IF EXISTS is said.
    DropExpression(bool),
}

/// One of these, if the tokens are one.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Option<Own>> {
    if cursor.dialect() == Dialect::Sqlite {
        return Ok(None);
    }
    let place = cursor.place();
    if cursor.take_words(&["alter", "view"]) {
        let (if_exists, name) = named(cursor)?;
        let change = OwnChange::View(view(cursor)?);
        cursor.expect_end()?;
        return Ok(Some(Own { name, if_exists, change }));
    }
    if cursor.take_words(&["alter", "domain"]) {
        let name = cursor.object_name()?;
        let change = OwnChange::Domain(domain(cursor)?);
        cursor.expect_end()?;
        return Ok(Some(Own { name, if_exists: false, change }));
    }
    if cursor.take_words(&["alter", "table"]) {
        let found = column(cursor)?;
        if found.is_some() {
            cursor.expect_end()?;
            return Ok(found);
        }
    }
    cursor.go_back(place);
    Ok(None)
}

fn named(cursor: &mut Cursor<'_>) -> Result<(bool, ObjectName)> {
    let if_exists = cursor.take_words(&["if", "exists"]);
    Ok((if_exists, cursor.object_name()?))
}

fn view(cursor: &mut Cursor<'_>) -> Result<ViewChange> {
    if cursor.take_words(&["rename", "to"]) {
        return Ok(ViewChange::Rename(cursor.name()?));
    }
    if cursor.take_word("rename") {
        cursor.take_word("column");
        let from = cursor.name()?;
        cursor.expect_word("to")?;
        return Ok(ViewChange::RenameColumn(from, cursor.name()?));
    }
    if cursor.take_words(&["set", "schema"]) {
        return Ok(ViewChange::SetSchema(cursor.name()?));
    }
    if cursor.take_words(&["owner", "to"]) {
        cursor.word_or_literal()?;
        return Ok(ViewChange::Nothing);
    }
    if cursor.take_word("set") || cursor.take_word("reset") {
        cursor.expect(&Token::LParen)?;
        cursor.options()?;
        return Ok(ViewChange::Nothing);
    }
    if cursor.peek_word("alter") {
        return Err(cursor.unsupported("DEFAULTs of a view's columns are not supported"));
    }
    Err(cursor.unexpected())
}

fn domain(cursor: &mut Cursor<'_>) -> Result<DomainChange> {
    if cursor.take_words(&["set", "default"]) {
        return Ok(DomainChange::Default(Some(Box::new(cursor.expression()?))));
    }
    if cursor.take_words(&["drop", "default"]) {
        return Ok(DomainChange::Default(None));
    }
    if cursor.take_words(&["set", "not", "null"]) {
        return Ok(DomainChange::NotNull(true));
    }
    if cursor.take_words(&["drop", "not", "null"]) {
        return Ok(DomainChange::NotNull(false));
    }
    if cursor.take_word("add") {
        let name = if cursor.take_word("constraint") { Some(cursor.name()?) } else { None };
        cursor.expect_word("check")?;
        let mut conditions = cursor.expressions_in_parentheses()?;
        if cursor.peek_word("not") {
            return Err(cursor.unsupported("NOT VALID of a domain is not supported"));
        }
        return match (conditions.pop(), conditions.is_empty()) {
            (Some(condition), true) => Ok(DomainChange::Add(name, Box::new(condition))),
            _ => Err(cursor.unexpected()),
        };
    }
    if cursor.take_words(&["drop", "constraint"]) {
        let if_exists = cursor.take_words(&["if", "exists"]);
        let name = cursor.name()?;
        cursor.take_one_of(&["restrict", "cascade"]);
        return Ok(DomainChange::Drop(name, if_exists));
    }
    if cursor.take_words(&["rename", "constraint"]) {
        let from = cursor.name()?;
        cursor.expect_word("to")?;
        return Ok(DomainChange::RenameConstraint(from, cursor.name()?));
    }
    if cursor.take_words(&["rename", "to"]) {
        return Ok(DomainChange::Rename(cursor.name()?));
    }
    if cursor.take_words(&["validate", "constraint"]) {
        // All of them are valid.
        cursor.name()?;
        return Ok(DomainChange::Nothing);
    }
    if cursor.take_words(&["owner", "to"]) {
        cursor.word_or_literal()?;
        return Ok(DomainChange::Nothing);
    }
    Err(cursor.unexpected())
}

/// ALTER TABLE ... ALTER COLUMN, if it is one of these.
fn column(cursor: &mut Cursor<'_>) -> Result<Option<Own>> {
    let if_exists = cursor.take_words(&["if", "exists"]);
    cursor.take_word("only");
    let Ok(name) = cursor.object_name() else { return Ok(None) };
    cursor.take(&Token::Mul);
    if !cursor.take_word("alter") {
        return Ok(None);
    }
    cursor.take_word("column");
    let Some(TokenWithSpan { token: Token::Word(word), span }) = cursor.next_with_span() else {
        return Ok(None);
    };
    let column = word.into_ident(span);
    let change = if cursor.take_words(&["drop", "identity"]) {
        ColumnChange::DropIdentity(cursor.take_words(&["if", "exists"]))
    } else if cursor.take_words(&["drop", "expression"]) {
        ColumnChange::DropExpression(cursor.take_words(&["if", "exists"]))
    } else {
        match identity(cursor)? {
            Some(change) => change,
            None => return Ok(None),
        }
    };
    Ok(Some(Own { name, if_exists, change: OwnChange::Column(column, change) }))
}

/// SET GENERATED, RESTART and the options of an identity's sequence, in any order.
fn identity(cursor: &mut Cursor<'_>) -> Result<Option<ColumnChange>> {
    let words = [
        "generated",
        "increment",
        "minvalue",
        "maxvalue",
        "no",
        "start",
        "cache",
        "cycle",
        "sequence",
        "restart",
    ];
    let (mut always, mut restart) = (None, None);
    let mut tokens: Vec<TokenWithSpan> = ["CREATE", "SEQUENCE", "s"]
        .iter()
        .map(|word| TokenWithSpan::wrap(Token::make_keyword(word)))
        .collect();
    let begin = tokens.len();
    let mut is_identity = false;
    loop {
        let place = cursor.place();
        let is_set = cursor.take_word("set");
        if cursor.take_word("restart") {
            cursor.take_word("with");
            let is_number =
                matches!(cursor.peek(), Some(Token::Number(..) | Token::Minus | Token::Plus));
            restart = Some(if is_number { Some(cursor.number()?) } else { None });
            is_identity = true;
            continue;
        }
        if !is_set || !words.iter().any(|word| cursor.peek_word(word)) {
            cursor.go_back(place);
            break;
        }
        is_identity = true;
        if cursor.take_word("generated") {
            always = Some(cursor.take_word("always"));
            if always == Some(false) {
                cursor.expect_word("by")?;
                cursor.expect_word("default")?;
            }
            continue;
        }
        while cursor.peek().is_some() && !cursor.peek_word("set") && !cursor.peek_word("restart") {
            tokens.extend(cursor.next_with_span());
        }
    }
    if !is_identity {
        return Ok(None);
    }
    let options = match tokens.len() > begin {
        true => match cursor.by_parser(tokens, |parser| parser.parse_statement())? {
            Statement::CreateSequence { sequence_options, .. } => sequence_options,
            _ => Vec::new(),
        },
        false => Vec::new(),
    };
    Ok(Some(ColumnChange::Identity { always, options, restart }))
}
