//! What sqlparser does not know of materialized views: ALTER, and WITH [NO] DATA behind CREATE.

use sqlparser::ast::ObjectName;
use sqlparser::tokenizer::TokenWithSpan;

use super::cursor::{Cursor, is_word};
use crate::error::Result;

/// ALTER MATERIALIZED VIEW.
#[derive(Clone, Debug)]
pub struct AlterMaterialized {
    /// Its name.
    pub name: ObjectName,
    /// Nothing is done if it is not there.
    pub if_exists: bool,
    /// RENAME TO; without it OWNER TO, and there are no owners.
    pub rename: Option<String>,
}

/// ALTER MATERIALIZED VIEW, if the tokens begin with it.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Option<AlterMaterialized>> {
    if !cursor.take_words(&["alter", "materialized", "view"]) {
        return Ok(None);
    }
    let if_exists = cursor.take_words(&["if", "exists"]);
    let name = cursor.object_name()?;
    let rename = if cursor.take_words(&["owner", "to"]) {
        cursor.word_or_literal()?;
        None
    } else if cursor.take_words(&["rename", "to"]) {
        Some(cursor.name()?)
    } else {
        return Err(cursor.unsupported("a materialized view is only renamed"));
    };
    cursor.expect_end()?;
    Ok(Some(AlterMaterialized { name, if_exists, rename }))
}

/// Takes WITH [NO] DATA from the end of CREATE MATERIALIZED VIEW.
pub(super) fn take_with_data(tokens: &mut Vec<TokenWithSpan>) -> Option<bool> {
    let begins = |words: &[&str]| {
        words.iter().enumerate().all(|(at, word)| tokens.get(at).is_some_and(|t| is_word(t, word)))
    };
    if !begins(&["create", "materialized", "view"]) {
        return None;
    }
    let ends = |words: &[&str]| {
        let from = tokens.len().checked_sub(words.len())?;
        let is_it = words.iter().zip(&tokens[from..]).all(|(word, token)| is_word(token, word));
        is_it.then_some(from)
    };
    let (from, with_data) = match (ends(&["with", "no", "data"]), ends(&["with", "data"])) {
        (Some(from), _) => (from, false),
        (None, Some(from)) => (from, true),
        (None, None) => return None,
    };
    tokens.truncate(from);
    Some(with_data)
}
