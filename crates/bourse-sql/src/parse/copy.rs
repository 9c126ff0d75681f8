//! COPY, in all of its spellings.

use sqlparser::ast::{Expr, ObjectName};
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
    /// COPY FROM ... WHERE: which rows are taken.
    pub condition: Option<Box<Expr>>,
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

/// What the first line is.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum CopyHeader {
    /// A row as any other.
    #[default]
    None,
    /// The columns' names, which are not looked at.
    Present,
    /// The columns' names, which must be those of the columns.
    Match,
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
    /// What the first line is.
    pub header: CopyHeader,
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
    let mut options = Reading::default();
    if cursor.take_word("binary") {
        options.set("format", "binary".to_owned())?;
    }
    let source = source(cursor, parsed)?;
    let from_client = cursor.take_word("from");
    if !from_client {
        cursor.expect_word("to")?;
    }
    client(cursor, from_client)?;
    if matches!(source, CopySource::Query(_)) && from_client {
        return Err(cursor.unexpected());
    }
    if cursor.take_words(&["using", "delimiters"]) {
        options.set("delimiter", cursor.text()?)?;
    }
    cursor.take_word("with");
    if cursor.take(&Token::LParen) {
        for (name, value) in cursor.options()? {
            options.set(&name, value)?;
        }
    } else {
        old_options(cursor, &mut options)?;
    }
    let mut condition = None;
    if cursor.take_word("where") {
        if !from_client {
            return Err(SqlError::new("42601", "WHERE clause not allowed with COPY TO"));
        }
        condition = Some(Box::new(cursor.expression()?));
    }
    cursor.expect_end()?;
    Ok(Copy { source, from_client, options: options.options, condition })
}

fn source(cursor: &mut Cursor<'_>, parsed: &Parsed) -> Result<CopySource> {
    if cursor.take(&Token::LParen) {
        let tokens = cursor.until_closed()?;
        let tree = Tree::Sql(Box::new(cursor.statement_of(tokens)?));
        return Ok(CopySource::Query(Box::new(Parsed { tree, ..parsed.clone() })));
    }
    let name = cursor.object_name()?;
    let named = cursor.peek() == Some(&Token::LParen);
    let columns = if named { cursor.names_in_parentheses()? } else { Vec::new() };
    Ok(CopySource::Table { name, columns })
}

/// STDIN or STDOUT, which mean the same in either place.
fn client(cursor: &mut Cursor<'_>, from_client: bool) -> Result<()> {
    if cursor.take_word("stdin") || cursor.take_word("stdout") {
        return Ok(());
    }
    if matches!(cursor.peek(), Some(Token::SingleQuotedString(_))) || cursor.peek_word("program") {
        let (way, client) = if from_client { ("from", "FROM STDIN") } else { ("to", "TO STDOUT") };
        let message = format!("COPY {way} a file or program of the server is not supported");
        let hint = format!(
            "Use COPY {client}; psql's \\copy does so with a file of the client, and bourse sql \
             with the lines that follow the statement."
        );
        return Err(SqlError::unsupported(message).with_hint(hint));
    }
    Err(cursor.unexpected())
}

/// Options so far, and their names: none is said twice.
#[derive(Default)]
struct Reading {
    options: CopyOptions,
    said: Vec<String>,
}

impl Reading {
    fn set(&mut self, name: &str, value: String) -> Result<()> {
        if self.said.iter().any(|said| said == name) {
            return Err(SqlError::new("42601", "conflicting or redundant options"));
        }
        self.said.push(name.to_owned());
        let options = &mut self.options;
        match name {
            "format" => options.format = format(&value)?,
            "delimiter" => options.delimiter = Some(value),
            "null" => options.null = Some(value),
            "header" => options.header = header(&value)?,
            "quote" => options.quote = Some(value),
            "escape" => options.escape = Some(value),
            "force_quote" => options.force_quote = names(&value),
            "force_not_null" => options.force_not_null = names(&value),
            "force_null" => options.force_null = names(&value),
            "encoding" => options.encoding = Some(value),
            "freeze" => {
                boolean("freeze", &value)?;
            }
            other => {
                let message = format!("option \"{other}\" not recognized");
                return Err(SqlError::new("42601", message));
            }
        }
        Ok(())
    }
}

fn names(value: &str) -> Vec<String> {
    value.split(',').map(str::to_owned).collect()
}

fn format(value: &str) -> Result<CopyFormat> {
    match value {
        "text" => Ok(CopyFormat::Text),
        "csv" => Ok(CopyFormat::Csv),
        "binary" => Ok(CopyFormat::Binary),
        other => {
            let message = format!("COPY format \"{other}\" not recognized");
            Err(SqlError::new("22023", message))
        }
    }
}

fn header(value: &str) -> Result<CopyHeader> {
    if value.eq_ignore_ascii_case("match") {
        return Ok(CopyHeader::Match);
    }
    let message = "header requires a Boolean value or \"match\"";
    let is_on = boolean("header", value).map_err(|_| SqlError::new("42601", message))?;
    Ok(if is_on { CopyHeader::Present } else { CopyHeader::None })
}

fn boolean(name: &str, value: &str) -> Result<bool> {
    match value.to_ascii_lowercase().as_str() {
        "" | "true" | "on" | "1" => Ok(true),
        "false" | "off" | "0" => Ok(false),
        _ => Err(SqlError::new("42601", format!("{name} requires a Boolean value"))),
    }
}

/// Options of the time before version 9: words one behind the other.
fn old_options(cursor: &mut Cursor<'_>, options: &mut Reading) -> Result<()> {
    while !cursor.is_at_end() && !cursor.peek_word("where") {
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
            "binary" | "csv" => options.set("format", word.to_owned())?,
            "header" | "freeze" => options.set(word, String::new())?,
            "force" => {
                let name = if cursor.take_word("quote") {
                    "force_quote"
                } else if cursor.take_words(&["not", "null"]) {
                    "force_not_null"
                } else {
                    cursor.expect_word("null")?;
                    "force_null"
                };
                let mut columns = "*".to_owned();
                if !cursor.take(&Token::Mul) {
                    columns = cursor.name()?;
                    while cursor.take(&Token::Comma) {
                        columns.push(',');
                        columns.push_str(&cursor.name()?);
                    }
                }
                options.set(name, columns)?;
            }
            _ => {
                cursor.take_word("as");
                let value = cursor.text()?;
                options.set(if word == "delimiters" { "delimiter" } else { word }, value)?;
            }
        }
    }
    Ok(())
}
