//! How rows are written.

use bourse_sql::connection::Rows;
use bourse_sql::datum::Datum;
use bourse_sql::error::Result;
use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr;

/// How rows are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// For people, a line for each column.
    Line,
    /// With a line of names, and quotes where they are needed; NULL is nothing.
    Csv,
    /// An array of objects for each statement that has rows.
    Json,
    /// A table of Markdown.
    Markdown,
    /// Values with bars between them, as SQLite's shell writes them at first.
    List,
}

/// What of a format can be set.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    /// The format.
    pub(crate) format: Format,
    /// What stands for NULL.
    pub(crate) null: String,
    /// Names of columns, and how many rows there are.
    pub(crate) headers: bool,
}

impl Style {
    /// That of a format at first.
    pub(crate) fn new(format: Format) -> Style {
        Style { format, null: String::new(), headers: true }
    }

    /// Whether a statement without rows tells what it did.
    pub(crate) fn shows_tags(&self) -> bool {
        self.headers && matches!(self.format, Format::Table | Format::Line)
    }
}

/// A result as text.
pub(crate) fn rows(rows: Rows, style: &Style) -> Result<String> {
    if let Some(bytes) = rows.copied() {
        return Ok(String::from_utf8_lossy(bytes).into_owned());
    }
    if rows.columns().is_empty() {
        return Ok(match rows.tag() {
            tag if style.shows_tags() && !tag.is_empty() => format!("{tag}\n"),
            _ => String::new(),
        });
    }
    if style.format == Format::Json {
        return json(rows);
    }
    let names: Vec<String> = rows.columns().iter().map(|column| column.name.clone()).collect();
    let table = Cells::read(rows, names, style)?;
    Ok(match style.format {
        Format::Line => table.lines(style),
        Format::Csv => table.csv(style),
        Format::Markdown => table.markdown(),
        Format::List => table.list(style),
        Format::Table | Format::Json => table.table(style),
    })
}

/// Texts of a result.
struct Cells {
    names: Vec<String>,
    /// Whether all values of a column are numbers: those stand to the right.
    numbers: Vec<bool>,
    rows: Vec<Vec<Option<String>>>,
}

impl Cells {
    fn read(mut rows: Rows, names: Vec<String>, style: &Style) -> Result<Cells> {
        let mut cells =
            Cells { numbers: vec![true; names.len()], names, rows: Vec::with_capacity(rows.len()) };
        while let Some(row) = rows.next() {
            let mut line = Vec::with_capacity(cells.names.len());
            for (column, numbers) in cells.numbers.iter_mut().enumerate() {
                *numbers &= is_number(row.datum(column)?) || row.datum(column)?.is_null();
                line.push(row.text(column)?);
            }
            cells.rows.push(line);
        }
        if !style.null.is_empty() && style.format != Format::Csv {
            for cell in cells.rows.iter_mut().flatten() {
                cell.get_or_insert_with(|| style.null.clone());
            }
        }
        Ok(cells)
    }

    fn widths(&self, shown: impl Fn(&str) -> usize) -> Vec<usize> {
        let mut widths: Vec<usize> = self.names.iter().map(|name| shown(name)).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.as_deref().map_or(0, &shown));
            }
        }
        widths
    }

    /// Columns side by side, numbers to the right, as psql writes them.
    fn table(&self, style: &Style) -> String {
        let width = |text: &str| text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0);
        let widths = self.widths(width);
        let mut text = String::new();
        if style.headers {
            let names = self.names.iter().zip(&widths).map(|(name, width)| {
                let left = (width - name.width()) / 2;
                pad(&format!("{}{name}", " ".repeat(left)), *width, false)
            });
            let head = names.collect::<Vec<_>>().join(" | ");
            text.push_str(&format!(" {}\n", head.trim_end()));
            let rule: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
            text.push_str(&format!("{}\n", rule.join("+")));
        }
        for row in &self.rows {
            let cells: Vec<Vec<&str>> = row
                .iter()
                .map(|cell| cell.as_deref().unwrap_or_default().split('\n').collect())
                .collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(1);
            for line in 0..height {
                text.push(' ');
                for (column, lines) in cells.iter().enumerate() {
                    let part = lines.get(line).copied().unwrap_or_default();
                    let is_last = column + 1 == cells.len();
                    let goes_on = line + 1 < lines.len();
                    let right = self.numbers[column];
                    let padded = pad(part, widths[column], right);
                    let padded = if is_last && !goes_on { padded.trim_end() } else { &padded };
                    text.push_str(padded);
                    text.push_str(match (goes_on, is_last) {
                        (true, true) => "+",
                        (true, false) => "+| ",
                        (false, true) => "",
                        (false, false) => " | ",
                    });
                }
                text.truncate(text.trim_end().len());
                text.push('\n');
            }
        }
        if style.headers {
            let count = self.rows.len();
            text.push_str(&format!("({count} row{})\n", if count == 1 { "" } else { "s" }));
        }
        text.push('\n');
        text
    }

    /// A line for each column, records apart.
    fn lines(&self, style: &Style) -> String {
        let width = self.names.iter().map(|name| name.width()).max().unwrap_or(0);
        let mut text = String::new();
        for (number, row) in self.rows.iter().enumerate() {
            if style.headers {
                text.push_str(&format!("-[ RECORD {} ]\n", number + 1));
            }
            for (name, cell) in self.names.iter().zip(row) {
                let value = cell.as_deref().unwrap_or_default();
                text.push_str(format!("{} | {value}", pad(name, width, false)).trim_end());
                text.push('\n');
            }
        }
        if style.headers && self.rows.is_empty() {
            text.push_str("(0 rows)\n");
        }
        text
    }

    fn csv(&self, style: &Style) -> String {
        let mut text = String::new();
        if style.headers {
            let head: Vec<String> = self.names.iter().map(|name| csv_field(name)).collect();
            text.push_str(&format!("{}\n", head.join(",")));
        }
        for row in &self.rows {
            let fields = row.iter().map(|cell| cell.as_deref().map(csv_field).unwrap_or_default());
            text.push_str(&format!("{}\n", fields.collect::<Vec<_>>().join(",")));
        }
        text
    }

    fn markdown(&self) -> String {
        let escape = |text: &str| text.replace('|', "\\|").replace('\n', "<br>");
        let widths = self.widths(|text| escape(text).width().max(3));
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let names = self.names.iter().zip(&widths);
        let mut text = line(names.map(|(name, width)| pad(&escape(name), *width, false)).collect());
        let rule = self.numbers.iter().zip(&widths).map(|(right, width)| match right {
            true => format!("{}:", "-".repeat(width - 1)),
            false => "-".repeat(*width),
        });
        text.push_str(&line(rule.collect()));
        for row in &self.rows {
            let cells = row.iter().zip(&self.numbers).zip(&widths);
            let cells = cells.map(|((cell, right), width)| {
                pad(&escape(cell.as_deref().unwrap_or_default()), *width, *right)
            });
            text.push_str(&line(cells.collect()));
        }
        text.push('\n');
        text
    }

    fn list(&self, style: &Style) -> String {
        let mut text = String::new();
        if style.headers {
            text.push_str(&format!("{}\n", self.names.join("|")));
        }
        for row in &self.rows {
            let cells: Vec<&str> =
                row.iter().map(|cell| cell.as_deref().unwrap_or_default()).collect();
            text.push_str(&format!("{}\n", cells.join("|")));
        }
        text
    }
}

/// A text in a field as wide as columns of a terminal say.
fn pad(text: &str, width: usize, right: bool) -> String {
    let space = " ".repeat(width.saturating_sub(text.width()));
    if right { format!("{space}{text}") } else { format!("{text}{space}") }
}

fn is_number(value: &Datum) -> bool {
    matches!(value, Datum::Integer(_) | Datum::Double(_) | Datum::Real(_) | Datum::Numeric(_))
}

fn csv_field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) || text.is_empty() {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}

fn json(mut rows: Rows) -> Result<String> {
    let names: Vec<String> = rows.columns().iter().map(|column| column.name.clone()).collect();
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
