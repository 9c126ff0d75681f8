//! `bourse sql`: statements on a store, and their rows as a table, as CSV or as JSON.

use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;

use bourse_sql::connection::{Connection, Rows};
use bourse_sql::datum::Datum;
use bourse_sql::error::SqlError;
use bourse_sql::{Dialect, error};
use bourse_storage::{Error, Result};
use serde_json::{Map, Value};

use crate::output::{Outcome, progress_bar};
use crate::store;

#[cfg(test)]
mod tests;

/// What the user asks of it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The store's folder. No other process may have it open.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Statements to run; may be given more than once.
    #[arg(short, long, value_name = "STATEMENTS")]
    command: Vec<String>,
    /// A file of statements; `-` is standard input, which is read when nothing else is given.
    #[arg(short, long, value_name = "FILE")]
    file: Vec<PathBuf>,
    /// Whose SQL it is.
    #[arg(long, value_enum, default_value = "postgres")]
    dialect: SqlDialect,
    /// How rows are written.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

/// Whose SQL.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum SqlDialect {
    /// PostgreSQL's.
    Postgres,
    /// SQLite's.
    Sqlite,
}

/// How rows are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// With a line of names, and quotes where they are needed; NULL is nothing.
    Csv,
    /// An array of objects for each statement that has rows.
    Json,
}

/// Runs the statements.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    store::require(&arguments.data)?;
    let texts = texts(arguments)?;
    let progress = progress_bar();
    let opened = store::open(&arguments.data, &progress);
    progress.finish_and_clear();
    let database = opened?;
    let dialect = match arguments.dialect {
        SqlDialect::Postgres => Dialect::Postgres,
        SqlDialect::Sqlite => Dialect::Sqlite,
    };
    let connection = Connection::of(&database).with_dialect(dialect);
    for text in texts {
        let mut output = std::io::stdout().lock();
        connection
            .query_batch(&text, |rows| {
                let copied = rows.copied().map(<[u8]>::to_vec);
                let written = match copied {
                    Some(copied) => copied,
                    None => write_rows(rows, arguments.format)?.into_bytes(),
                };
                output.write_all(&written).map_err(|error| {
                    SqlError::new("58030", format!("cannot write to standard output: {error}"))
                })
            })
            .map_err(|error| told(&error))?;
    }
    drop(connection);
    database.close()?;
    Ok(Outcome::Good)
}

fn texts(arguments: &Arguments) -> Result<Vec<String>> {
    let mut texts = arguments.command.clone();
    for file in &arguments.file {
        if file.as_os_str() == "-" {
            texts.push(standard_input()?);
            continue;
        }
        let text = std::fs::read_to_string(file)
            .map_err(|error| Error::io(format!("cannot read {}", file.display()), error))?;
        texts.push(text);
    }
    if texts.is_empty() {
        if std::io::stdin().is_terminal() {
            return Err(Error::invalid("name statements with --command, or a file with --file"));
        }
        texts.push(standard_input()?);
    }
    Ok(texts)
}

fn standard_input() -> Result<String> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| Error::io("cannot read standard input", error))?;
    Ok(text)
}

/// An error as PostgreSQL's clients write it.
fn told(error: &SqlError) -> Error {
    let mut text = format!("{}: {}", error.sqlstate(), error.message());
    if let Some(detail) = error.detail() {
        text.push_str(&format!("; {detail}"));
    }
    if let Some(hint) = error.hint() {
        text.push_str(&format!("; hint: {hint}"));
    }
    if let Some(context) = error.context() {
        text.push_str(&format!("; {context}"));
    }
    Error::invalid(text).with_sqlstate(error.sqlstate())
}

fn write_rows(rows: Rows, format: Format) -> error::Result<String> {
    if rows.columns().is_empty() {
        return Ok(match format {
            Format::Table if !rows.tag().is_empty() => format!("{}\n", rows.tag()),
            _ => String::new(),
        });
    }
    match format {
        Format::Table => table(rows),
        Format::Csv => csv(rows),
        Format::Json => json(rows),
    }
}

fn names(rows: &Rows) -> Vec<String> {
    rows.columns().iter().map(|column| column.name.clone()).collect()
}

fn is_number(value: &Datum) -> bool {
    matches!(value, Datum::Integer(_) | Datum::Double(_) | Datum::Real(_) | Datum::Numeric(_))
}

/// Columns side by side, numbers to the right.
fn table(mut rows: Rows) -> error::Result<String> {
    let names = names(&rows);
    let mut lines: Vec<Vec<(String, bool)>> = Vec::with_capacity(rows.len());
    while let Some(row) = rows.next() {
        let mut line = Vec::with_capacity(names.len());
        for column in 0..names.len() {
            let text = row.text(column)?.unwrap_or_default();
            line.push((text, is_number(row.datum(column)?)));
        }
        lines.push(line);
    }
    let width = |column: usize| {
        let texts = lines.iter().map(|line| line[column].0.chars().count());
        texts.chain([names[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..names.len()).map(width).collect();
    let head = names.iter().zip(&widths).map(|(name, width)| format!("{name:<width$}"));
    let mut text = format!(" {}\n", head.collect::<Vec<_>>().join(" | ").trim_end());
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
    text.push_str(&format!("{}\n", rule.join("+")));
    for line in &lines {
        let cells = line.iter().zip(&widths).map(|((cell, is_number), width)| match is_number {
            true => format!("{cell:>width$}"),
            false => format!("{cell:<width$}"),
        });
        text.push_str(&format!(" {}\n", cells.collect::<Vec<_>>().join(" | ").trim_end()));
    }
    let count = lines.len();
    text.push_str(&format!("({count} row{})\n\n", if count == 1 { "" } else { "s" }));
    Ok(text)
}

fn csv_field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) || text.is_empty() {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}

fn csv(mut rows: Rows) -> error::Result<String> {
    let names = names(&rows);
    let head: Vec<String> = names.iter().map(|name| csv_field(name)).collect();
    let mut text = format!("{}\n", head.join(","));
    while let Some(row) = rows.next() {
        let mut fields = Vec::with_capacity(names.len());
        for column in 0..names.len() {
            fields.push(row.text(column)?.map(|text| csv_field(&text)).unwrap_or_default());
        }
        text.push_str(&format!("{}\n", fields.join(",")));
    }
    Ok(text)
}

fn json(mut rows: Rows) -> error::Result<String> {
    let names = names(&rows);
    let mut all = Vec::with_capacity(rows.len());
    while let Some(row) = rows.next() {
        let mut object = Map::new();
        for (column, name) in names.iter().enumerate() {
            let value = match row.datum(column)? {
                Datum::Null => Value::Null,
                Datum::Boolean(value) => Value::from(*value),
                Datum::Integer(value) => Value::from(*value),
                Datum::Double(value) if value.is_finite() => Value::from(*value),
                Datum::Json(text) => serde_json::from_str(text).unwrap_or(Value::Null),
                _ => Value::from(row.text(column)?.unwrap_or_default()),
            };
            object.insert(name.clone(), value);
        }
        all.push(Value::Object(object));
    }
    Ok(format!("{:#}\n", Value::Array(all)))
}
