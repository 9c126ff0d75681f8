//! ALTER SEQUENCE, which sqlparser does not know.

use sqlparser::ast::{ObjectName, SequenceOptions, Statement};
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::cursor::Cursor;
use crate::error::Result;

/// ALTER SEQUENCE.
#[derive(Clone, Debug)]
pub struct AlterSequence {
    /// Its name.
    pub name: ObjectName,
    /// Nothing is done if it is not there.
    pub if_exists: bool,
    /// What is changed.
    pub change: SequenceChange,
}

/// What ALTER SEQUENCE changes.
#[derive(Clone, Debug)]
pub enum SequenceChange {
    /// RENAME TO.
    Rename(String),
    /// OWNER TO: there are no owners.
    Owner,
    /// Options, and RESTART with its value if there is one.
    Options(Vec<SequenceOptions>, Option<Option<i64>>),
}

/// ALTER SEQUENCE, if the tokens begin with it.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Option<AlterSequence>> {
    if !cursor.take_words(&["alter", "sequence"]) {
        return Ok(None);
    }
    let if_exists = cursor.take_words(&["if", "exists"]);
    let name = cursor.object_name()?;
    if cursor.take_words(&["rename", "to"]) {
        let change = SequenceChange::Rename(cursor.name()?);
        cursor.expect_end()?;
        return Ok(Some(AlterSequence { name, if_exists, change }));
    }
    if cursor.take_words(&["owner", "to"]) {
        cursor.word_or_literal()?;
        cursor.expect_end()?;
        return Ok(Some(AlterSequence { name, if_exists, change: SequenceChange::Owner }));
    }
    let mut restart = None;
    let mut tokens: Vec<TokenWithSpan> = ["CREATE", "SEQUENCE", "s"]
        .iter()
        .map(|word| TokenWithSpan::wrap(Token::make_keyword(word)))
        .collect();
    let begin = tokens.len();
    while !cursor.is_at_end() {
        if cursor.take_word("restart") {
            cursor.take_word("with");
            let is_number =
                matches!(cursor.peek(), Some(Token::Number(..) | Token::Minus | Token::Plus));
            restart = Some(if is_number { Some(cursor.number()?) } else { None });
            continue;
        }
        tokens.extend(cursor.next_with_span());
    }
    if tokens.len() == begin && restart.is_none() {
        return Err(cursor.unexpected());
    }
    let options = match cursor.by_parser(tokens, |parser| parser.parse_statement())? {
        Statement::CreateSequence { sequence_options, .. } => sequence_options,
        _ => Vec::new(),
    };
    let change = SequenceChange::Options(options, restart);
    Ok(Some(AlterSequence { name, if_exists, change }))
}
