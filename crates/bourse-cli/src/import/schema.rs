//! What a SQLite file declares: tables, columns, keys, indexes; and by name, what is not taken.

pub(crate) use bourse_sql::types::{Affinity, affinity};
use bourse_storage::{Error, Result};
use rusqlite::{Connection, params};
use sqlparser::ast::{Expr, OrderBySort};

use super::constraints::{Constraints, discover_constraints};
use super::expression::{Constant, parse_constant, parse_index};

/// How text is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Collation {
    /// Byte by byte.
    Binary,
    /// ASCII letters without case.
    NoCase,
    /// Without trailing spaces.
    RightTrim,
}

/// What a column holds when an insert leaves it out.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum DefaultValue {
    /// A constant.
    Constant(Constant),
    /// The current date and time.
    CurrentTimestamp,
    /// The current date.
    CurrentDate,
    /// The current time of day.
    CurrentTime,
}

/// A column as declared.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Column {
    /// Its name.
    pub(crate) name: String,
    /// The declared type, as written.
    pub(crate) declared: String,
    /// The affinity that follows from it.
    pub(crate) affinity: Affinity,
    /// Whether NULL is refused.
    pub(crate) not_null: bool,
    /// The default, where there is one other than NULL.
    pub(crate) default: Option<DefaultValue>,
    /// How its text is compared.
    pub(crate) collation: Collation,
}

/// A column of a key or an index.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct KeyPart {
    /// Its position in [`Table::columns`].
    pub(crate) column: usize,
    /// Whether large values come first.
    pub(crate) descending: bool,
    /// How its text is compared.
    pub(crate) collation: Collation,
}

/// What identifies a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Key {
    /// Only SQLite's hidden row id.
    HiddenRowid,
    /// A column that is the row id.
    Rowid(usize),
    /// Columns.
    Columns(Vec<KeyPart>),
}

/// An index or a UNIQUE constraint.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Index {
    /// Its name.
    pub(crate) name: String,
    /// Its columns.
    pub(crate) columns: Vec<KeyPart>,
    /// Whether it refuses a second row with the same values.
    pub(crate) unique: bool,
    /// Which rows it holds, unless all.
    pub(crate) predicate: Option<Expr>,
}

/// An index of which a part is computed.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ComputedIndex {
    /// Its name.
    pub(crate) name: String,
    /// Whether it refuses a second row with the same values.
    pub(crate) unique: bool,
    /// Its parts, each with whether large values come first.
    pub(crate) parts: Vec<(Expr, bool)>,
    /// Which rows it holds, unless all.
    pub(crate) predicate: Option<Expr>,
}

/// A table.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Table {
    /// Its name.
    pub(crate) name: String,
    /// Its columns, without generated ones.
    pub(crate) columns: Vec<Column>,
    /// What identifies a row.
    pub(crate) key: Key,
    /// Whether rows lie in the order of the key, without a row id.
    pub(crate) without_rowid: bool,
    /// Its indexes and UNIQUE constraints.
    pub(crate) indexes: Vec<Index>,
    /// Its indexes on expressions.
    pub(crate) computed: Vec<ComputedIndex>,
    /// Its CHECKs, foreign keys, and how its row ids go on.
    pub(crate) constraints: Constraints,
}

/// Something of the file that is not imported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct NotTaken {
    /// What it is.
    pub(crate) kind: &'static str,
    /// Its name.
    pub(crate) name: String,
    /// What it says, or why it is not taken.
    pub(crate) detail: String,
}

/// Everything that a file declares.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Schema {
    /// Its tables, by name.
    pub(crate) tables: Vec<Table>,
    /// What is left behind.
    pub(crate) not_taken: Vec<NotTaken>,
}

/// Reads the schema of an open file.
pub(crate) fn discover(connection: &Connection) -> rusqlite::Result<Schema> {
    let mut schema = Schema { tables: Vec::new(), not_taken: Vec::new() };
    let mut list = connection.prepare(
        "SELECT t.name, t.type, t.wr, COALESCE(m.sql, '') FROM pragma_table_list AS t
         LEFT JOIN sqlite_master AS m ON m.type IN ('table', 'view') AND m.name = t.name
         WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY t.name",
    )?;
    let mut rows = list.query([])?;
    while let Some(row) = rows.next()? {
        let (name, kind, sql): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(3)?);
        match kind.as_str() {
            "table" => {
                let mut table =
                    discover_table(connection, &name, row.get(2)?, &mut schema.not_taken)?;
                table.constraints = discover_constraints(connection, &name, &sql)?;
                schema.tables.push(table);
            }
            "view" => schema.leave("view", name, sql),
            "virtual" => schema.leave("virtual table", name, sql),
            _ => schema.leave("shadow table", name, "part of a virtual table".to_owned()),
        }
    }
    let mut triggers =
        connection.prepare("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")?;
    let mut rows = triggers.query([])?;
    while let Some(row) = rows.next()? {
        let on: String = row.get(1)?;
        schema.leave("trigger", row.get(0)?, format!("on {on}"));
    }
    Ok(schema)
}

impl Schema {
    fn leave(&mut self, kind: &'static str, name: String, detail: String) {
        self.not_taken.push(NotTaken { kind, name, detail });
    }

    /// The table of a name, without regard to case.
    pub(crate) fn table(&self, name: &str) -> Result<&Table> {
        self.tables
            .iter()
            .find(|table| table.name.eq_ignore_ascii_case(name))
            .ok_or_else(|| Error::invalid(format!("the file has no table {name}")))
    }
}

impl Table {
    /// The position of a column by name, without regard to case.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
    }
}

fn discover_table(
    connection: &Connection,
    name: &str,
    without_rowid: bool,
    not_taken: &mut Vec<NotTaken>,
) -> rusqlite::Result<Table> {
    let mut statement = connection.prepare(
        "SELECT cid, name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?1)",
    )?;
    let mut rows = statement.query([name])?;
    let mut columns = Vec::new();
    // SQLite's column numbers to positions here: generated columns have none.
    let mut positions: Vec<(i64, usize)> = Vec::new();
    let mut keyed = None;
    while let Some(row) = rows.next()? {
        let column_name: String = row.get(1)?;
        let full_name = format!("{name}.{column_name}");
        if row.get::<_, i64>(6)? != 0 {
            let detail = "computed from other columns".to_owned();
            not_taken.push(NotTaken { kind: "generated column", name: full_name, detail });
            continue;
        }
        positions.push((row.get(0)?, columns.len()));
        if row.get::<_, i64>(5)? > 0 {
            keyed = Some(columns.len());
        }
        let declared: String = row.get(2)?;
        let default: Option<String> = row.get(4)?;
        columns.push(Column {
            affinity: affinity(&declared),
            declared,
            not_null: row.get(3)?,
            default: default.and_then(|text| default_value(&text, &full_name, not_taken)),
            collation: column_collation(connection, name, &column_name, not_taken)?,
            name: column_name,
        });
    }
    let mut table = Table {
        name: name.to_owned(),
        columns,
        key: keyed.map_or(Key::HiddenRowid, Key::Rowid),
        without_rowid,
        indexes: Vec::new(),
        computed: Vec::new(),
        constraints: Constraints::default(),
    };
    discover_indexes(connection, &mut table, &positions, not_taken)?;
    Ok(table)
}

fn discover_indexes(
    connection: &Connection,
    table: &mut Table,
    positions: &[(i64, usize)],
    not_taken: &mut Vec<NotTaken>,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(
        "SELECT l.name, l.\"unique\", l.origin, l.partial, COALESCE(m.sql, '')
         FROM pragma_index_list(?1) AS l
         LEFT JOIN sqlite_master AS m ON m.type = 'index' AND m.name = l.name ORDER BY l.name",
    )?;
    let mut rows = statement.query([&table.name])?;
    while let Some(row) = rows.next()? {
        let (name, origin, sql): (String, String, String) = (row.get(0)?, row.get(2)?, row.get(4)?);
        let statement = if sql.is_empty() { None } else { Some(parse_index(&sql)) };
        let is_partial: bool = row.get(3)?;
        let predicate = match &statement {
            Some(Err(detail)) if is_partial => {
                let detail = detail.clone();
                not_taken.push(NotTaken { kind: "partial index", name, detail });
                continue;
            }
            Some(Ok(statement)) => statement.predicate.clone(),
            _ => None,
        };
        match index_columns(connection, &name, positions)? {
            Ok(columns) if origin == "pk" => table.key = Key::Columns(columns),
            Ok(columns) => {
                table.indexes.push(Index { name, columns, unique: row.get(1)?, predicate });
            }
            Err(Unfit::Computed) => match statement {
                Some(Ok(statement)) => {
                    let parts = statement.columns.into_iter().map(|part| part.column);
                    let parts = parts.map(|part| {
                        (part.expr, matches!(part.options.sort, Some(OrderBySort::Desc)))
                    });
                    let (parts, unique) = (parts.collect(), row.get(1)?);
                    table.computed.push(ComputedIndex { name, unique, parts, predicate });
                }
                other => {
                    let detail = match other {
                        Some(Err(detail)) => detail,
                        _ => "its definition was not found".to_owned(),
                    };
                    not_taken.push(NotTaken { kind: "index", name, detail });
                }
            },
            Err(Unfit::Other(detail)) => {
                if origin == "pk" {
                    table.key = Key::HiddenRowid;
                }
                not_taken.push(NotTaken { kind: "index", name, detail });
            }
        }
    }
    Ok(())
}

/// Why an index is not one on columns.
enum Unfit {
    /// A part is computed.
    Computed,
    /// Something else.
    Other(String),
}

/// The key columns of an index, or why it has others.
fn index_columns(
    connection: &Connection,
    index: &str,
    positions: &[(i64, usize)],
) -> rusqlite::Result<std::result::Result<Vec<KeyPart>, Unfit>> {
    let mut statement = connection.prepare(
        "SELECT cid, \"desc\", COALESCE(coll, 'BINARY') FROM pragma_index_xinfo(?1)
         WHERE \"key\" = 1 ORDER BY seqno",
    )?;
    let mut rows = statement.query(params![index])?;
    let mut parts = Vec::new();
    while let Some(row) = rows.next()? {
        let (number, collation): (i64, String) = (row.get(0)?, row.get(2)?);
        if number == -2 {
            return Ok(Err(Unfit::Computed));
        }
        let Some((_, column)) = positions.iter().find(|(known, _)| *known == number) else {
            let detail = "it is on a generated column or the hidden row id";
            return Ok(Err(Unfit::Other(detail.to_owned())));
        };
        let Some(collation) = collation_of(&collation) else {
            let detail = format!("its collation {collation} is the application's own");
            return Ok(Err(Unfit::Other(detail)));
        };
        parts.push(KeyPart { column: *column, descending: row.get(1)?, collation });
    }
    Ok(Ok(parts))
}

fn column_collation(
    connection: &Connection,
    table: &str,
    column: &str,
    not_taken: &mut Vec<NotTaken>,
) -> rusqlite::Result<Collation> {
    let (_, collation, ..) = connection.column_metadata(Some("main"), table, column)?;
    let Some(name) = collation else { return Ok(Collation::Binary) };
    let name = name.to_string_lossy();
    Ok(collation_of(&name).unwrap_or_else(|| {
        not_taken.push(NotTaken {
            kind: "collation",
            name: format!("{table}.{column}"),
            detail: format!("{name} is the application's own; text compares byte by byte"),
        });
        Collation::Binary
    }))
}

fn collation_of(name: &str) -> Option<Collation> {
    match name.to_ascii_uppercase().as_str() {
        "BINARY" => Some(Collation::Binary),
        "NOCASE" => Some(Collation::NoCase),
        "RTRIM" => Some(Collation::RightTrim),
        _ => None,
    }
}

fn default_value(text: &str, column: &str, not_taken: &mut Vec<NotTaken>) -> Option<DefaultValue> {
    match text.trim().to_ascii_uppercase().as_str() {
        "CURRENT_TIMESTAMP" => return Some(DefaultValue::CurrentTimestamp),
        "CURRENT_DATE" => return Some(DefaultValue::CurrentDate),
        "CURRENT_TIME" => return Some(DefaultValue::CurrentTime),
        _ => {}
    }
    match parse_constant(text) {
        Ok(constant) => constant.map(DefaultValue::Constant),
        Err(_) => {
            let detail = format!("DEFAULT {text}");
            not_taken.push(NotTaken { kind: "default", name: column.to_owned(), detail });
            None
        }
    }
}
