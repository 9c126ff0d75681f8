//! COPY's options, checked and filled up, as PostgreSQL does both.

use crate::error::{Result, SqlError};
use crate::parse::{CopyFormat, CopyHeader, CopyOptions};

/// How rows are written.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) format: CopyFormat,
    pub(super) delimiter: u8,
    pub(super) null: Vec<u8>,
    pub(super) header: CopyHeader,
    pub(super) quote: u8,
    pub(super) escape: u8,
    /// For each column.
    pub(super) force_quote: Vec<bool>,
    pub(super) force_not_null: Vec<bool>,
    pub(super) force_null: Vec<bool>,
}

fn refused(message: impl Into<String>) -> SqlError {
    SqlError::new("0A000", message)
}

fn wrong(message: impl Into<String>) -> SqlError {
    SqlError::new("22023", message)
}

/// An option that is one byte.
fn byte(value: &str, what: &str) -> Result<u8> {
    match value.as_bytes() {
        [byte] => Ok(*byte),
        _ => Err(refused(format!("COPY {what} must be a single one-byte character"))),
    }
}

impl Form {
    /// Of options, for columns of these names.
    pub(super) fn new(options: &CopyOptions, into: bool, columns: &[String]) -> Result<Form> {
        if options.format == CopyFormat::Binary {
            refuse_with_binary(options)?;
        }
        let is_csv = options.format == CopyFormat::Csv;
        if options.header == CopyHeader::Match && !into {
            return Err(refused("cannot use \"match\" with HEADER in COPY TO"));
        }
        let delimiter = options.delimiter.as_deref().unwrap_or(if is_csv { "," } else { "\t" });
        let delimiter = byte(delimiter, "delimiter")?;
        let null = options.null.as_deref().unwrap_or(if is_csv { "" } else { "\\N" });
        if matches!(delimiter, b'\r' | b'\n') {
            return Err(wrong("COPY delimiter cannot be newline or carriage return"));
        }
        if null.contains(['\r', '\n']) {
            return Err(wrong("COPY null representation cannot use newline or carriage return"));
        }
        let is_taken = |byte: u8| matches!(byte, b'\\' | b'.' | b'a'..=b'z' | b'0'..=b'9');
        if !is_csv && is_taken(delimiter) {
            return Err(wrong(format!("COPY delimiter cannot be \"{}\"", char::from(delimiter))));
        }
        let (quote, escape) = quotes(options, is_csv, delimiter)?;
        if null.as_bytes().contains(&delimiter) {
            return Err(refused("COPY delimiter must not appear in the NULL specification"));
        }
        if is_csv && null.as_bytes().contains(&quote) {
            return Err(refused("CSV quote character must not appear in the NULL specification"));
        }
        check_encoding(options)?;
        let forced = |names: &[String], what: &str| chosen(names, columns, what);
        check_forced(options, is_csv, into)?;
        Ok(Form {
            format: options.format,
            delimiter,
            null: null.as_bytes().to_vec(),
            header: options.header,
            quote,
            escape,
            force_quote: forced(&options.force_quote, "FORCE_QUOTE")?,
            force_not_null: forced(&options.force_not_null, "FORCE_NOT_NULL")?,
            force_null: forced(&options.force_null, "FORCE_NULL")?,
        })
    }
}

fn refuse_with_binary(options: &CopyOptions) -> Result<()> {
    if options.delimiter.is_some() {
        return Err(SqlError::new("42601", "cannot specify DELIMITER in BINARY mode"));
    }
    if options.null.is_some() {
        return Err(SqlError::new("42601", "cannot specify NULL in BINARY mode"));
    }
    if options.header != CopyHeader::None {
        return Err(refused("cannot specify HEADER in BINARY mode"));
    }
    Ok(())
}

fn quotes(options: &CopyOptions, is_csv: bool, delimiter: u8) -> Result<(u8, u8)> {
    if !is_csv {
        return match (&options.quote, &options.escape) {
            (Some(_), _) => Err(refused("COPY quote available only in CSV mode")),
            (None, Some(_)) => Err(refused("COPY escape available only in CSV mode")),
            (None, None) => Ok((b'"', b'"')),
        };
    }
    let quote = byte(options.quote.as_deref().unwrap_or("\""), "quote")?;
    if quote == delimiter {
        return Err(wrong("COPY delimiter and quote must be different"));
    }
    let escape = match &options.escape {
        Some(escape) => byte(escape, "escape")?,
        None => quote,
    };
    Ok((quote, escape))
}

fn check_forced(options: &CopyOptions, is_csv: bool, into: bool) -> Result<()> {
    let forced = [
        (&options.force_quote, "force quote", false, "COPY TO"),
        (&options.force_not_null, "force not null", true, "COPY FROM"),
        (&options.force_null, "force null", true, "COPY FROM"),
    ];
    for (names, what, is_for_input, way) in forced {
        if names.is_empty() {
            continue;
        }
        if !is_csv {
            return Err(refused(format!("COPY {what} available only in CSV mode")));
        }
        if into != is_for_input {
            return Err(refused(format!("COPY {what} only available using {way}")));
        }
    }
    Ok(())
}

fn check_encoding(options: &CopyOptions) -> Result<()> {
    let Some(encoding) = &options.encoding else { return Ok(()) };
    let plain: String = encoding.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    if matches!(plain.to_ascii_lowercase().as_str(), "utf8" | "unicode" | "sqlascii") {
        return Ok(());
    }
    let message = format!("COPY in encoding \"{encoding}\" is not supported");
    Err(refused(message).with_hint("Bourse's texts are UTF8: convert the data before."))
}

/// For each column whether it is among the names.
fn chosen(names: &[String], columns: &[String], what: &str) -> Result<Vec<bool>> {
    if names.iter().any(|name| name == "*") {
        return Ok(vec![true; columns.len()]);
    }
    let mut chosen = vec![false; columns.len()];
    for name in names {
        let Some(at) = columns.iter().position(|column| column == name) else {
            let message = format!("{what} column \"{name}\" not referenced by COPY");
            return Err(SqlError::new("42P10", message));
        };
        chosen[at] = true;
    }
    Ok(chosen)
}
