//! COPY, in all of its spellings.

use sqlparser::ast::ObjectName;
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::{Parsed, Tree};
use crate::error::{Result, SqlError};

/// COPY between the client and a table or query.
#[derive(Clone, Debug)]
pub struct Copy {
    /// What is copied from or into.
    pub source: CopySource,
    /// FROM STDIN: rows come from the client. TO STDOUT: they go there.
    pub from_client: bool,
    /// How rows are written.
    pub options: CopyOptions,
}

/// What is copied.
#[derive(Clone, Debug)]
pub enum CopySource {
    /// A table, and which of its columns.
    Table {
        /// Name.
        name: ObjectName,
        /// Columns; all without any.
        columns: Vec<String>,
    },
    /// A query, or what RETURNING gives.
    Query(Box<Parsed>),
}

/// How rows are written.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum CopyFormat {
    /// Lines with tabs.
    #[default]
    Text,
    /// Comma-separated values.
    Csv,
    /// PostgreSQL's binary format.
    Binary,
}

/// Options of COPY; what is not said is the format's own.
#[derive(Clone, Default, Debug)]
pub struct CopyOptions {
    /// How rows are written.
    pub format: CopyFormat,
    /// Between columns.
    pub delimiter: Option<String>,
    /// What stands for NULL.
    pub null: Option<String>,
    /// A line with the columns' names comes first.
    pub header: bool,
    /// Around values.
    pub quote: Option<String>,
    /// Before a quote in a value.
    pub escape: Option<String>,
    /// Columns whose values are always quoted; `*` is all.
    pub force_quote: Vec<String>,
    /// Columns in which nothing is NULL.
    pub force_not_null: Vec<String>,
    /// Columns in which a quoted NULL is one.
    pub force_null: Vec<String>,
    /// Encoding.
    pub encoding: Option<String>,
}

/// COPY behind its first word.
pub(super) fn read(cursor: &mut Cursor<'_>, parsed: &Parsed) -> Result<Copy> {
    let mut options = CopyOptions::default();
    if cursor.take_word("binary") {
        options.format = CopyFormat::Binary;
    }
    let source = if cursor.take(&Token::LParen) {
        let tokens = cursor.until_closed()?;
        let tree = Tree::Sql(Box::new(cursor.statement_of(tokens)?));
        CopySource::Query(Box::new(Parsed { tree, ..parsed.clone() }))
    } else {
        let name = cursor.object_name()?;
        let named = cursor.peek() == Some(&Token::LParen);
        let columns = if named { cursor.names_in_parentheses()? } else { Vec::new() };
        CopySource::Table { name, columns }
    };
    let from_client = cursor.take_word("from");
    if !from_client {
        cursor.expect_word("to")?;
    }
    let client = if from_client { "stdin" } else { "stdout" };
    if !cursor.take_word(client) {
        if matches!(cursor.peek(), Some(Token::SingleQuotedString(_)))
            || cursor.peek_word("program")
        {
            let error =
                SqlError::unsupported("COPY to or from a file of the server is not supported");
            return Err(error.with_hint(
                "Use COPY FROM STDIN or TO STDOUT; psql's \\copy does so with a file of the \
                    client.",
            ));
        }
        return Err(cursor.unexpected());
    }
    if matches!(source, CopySource::Query(_)) && from_client {
        return Err(cursor.unexpected());
    }
    cursor.take_word("with");
    if cursor.take(&Token::LParen) {
        for (name, value) in cursor.options()? {
            set(&mut options, &name, value)?;
        }
    } else {
        old_options(cursor, &mut options)?;
    }
    Ok(Copy { source, from_client, options })
}

fn set(options: &mut CopyOptions, name: &str, value: String) -> Result<()> {
    let is_on = !matches!(value.as_str(), "false" | "off" | "0");
    let names = |value: &str| value.split(',').map(str::to_owned).collect();
    match name {
        "format" => {
            options.format = match value.as_str() {
                "text" => CopyFormat::Text,
                "csv" => CopyFormat::Csv,
                "binary" => CopyFormat::Binary,
                other => {
                    let message = format!("COPY format \"{other}\" not recognized");
                    return Err(SqlError::new("22023", message));
                }
            };
        }
        "delimiter" => options.delimiter = Some(value),
        "null" => options.null = Some(value),
        "header" => options.header = is_on,
        "quote" => options.quote = Some(value),
        "escape" => options.escape = Some(value),
        "force_quote" => options.force_quote = names(&value),
        "force_not_null" => options.force_not_null = names(&value),
        "force_null" => options.force_null = names(&value),
        "encoding" => options.encoding = Some(value),
        "freeze" => {}
        other => {
            let message = format!("option \"{other}\" not recognized");
            return Err(SqlError::new("42601", message));
        }
    }
    Ok(())
}

/// Options of the time before version 9: words one behind the other.
fn old_options(cursor: &mut Cursor<'_>, options: &mut CopyOptions) -> Result<()> {
    while !cursor.is_at_end() {
        let words = [
            "binary",
            "csv",
            "header",
            "freeze",
            "delimiter",
            "delimiters",
            "null",
            "quote",
            "escape",
            "encoding",
            "force",
        ];
        let Some(word) = cursor.take_one_of(&words) else { return Err(cursor.unexpected()) };
        match word {
            "binary" => options.format = CopyFormat::Binary,
            "csv" => options.format = CopyFormat::Csv,
            "header" => options.header = true,
            "freeze" => {}
            "force" => {
                let place = if cursor.take_word("quote") {
                    &mut options.force_quote
                } else if cursor.take_words(&["not", "null"]) {
                    &mut options.force_not_null
                } else {
                    cursor.expect_word("null")?;
                    &mut options.force_null
                };
                if cursor.take(&Token::Mul) {
                    place.push("*".to_owned());
                    continue;
                }
                place.push(cursor.name()?);
                while cursor.take(&Token::Comma) {
                    place.push(cursor.name()?);
                }
            }
            _ => {
                cursor.take_word("as");
                let value = cursor.text()?;
                let name = if word == "delimiters" { "delimiter" } else { word };
                set(options, name, value)?;
            }
        }
    }
    Ok(())
}
