//! SQLite's own relations: `sqlite_schema` with the statements that make the store again, and
//! PRAGMAs, as statements and as table functions.

mod keys;
mod pragma;
mod schema;
mod tables;

pub(crate) use pragma::{call, columns, is_silent};
pub(crate) use schema::{SCHEMA_COLUMNS, schema_call, temporary_schema_call};

use crate::catalog::{Catalog, TableEntry};
use crate::datum::Datum;
use crate::system::objects::is_constraint;

/// The table of a name; SQLite knows one schema.
fn table<'c>(catalog: &'c Catalog, name: &str) -> Option<&'c TableEntry> {
    let tables = catalog.tables();
    let found = tables.iter().find(|table| table.name.eq_ignore_ascii_case(name))?;
    Some(found)
}

/// An index as SQLite lists it.
struct Listed<'t> {
    name: String,
    /// `c`: CREATE INDEX, `u`: UNIQUE, `pk`: PRIMARY KEY.
    origin: &'static str,
    table: &'t TableEntry,
    /// Position among the table's; none is the primary key's.
    at: Option<usize>,
}

impl Listed<'_> {
    fn definition(&self) -> Option<&bourse::IndexDefinition> {
        self.table.table.definition().indexes.get(self.at?)
    }
}

/// The indexes of a table, the newest first. A primary key that is the row id has none.
fn indexes(table: &TableEntry) -> Vec<Listed<'_>> {
    let definition = table.table.definition();
    let mut listed: Vec<Listed<'_>> = definition
        .indexes
        .iter()
        .enumerate()
        .map(|(at, index)| Listed {
            name: index.name.clone(),
            origin: if is_constraint(index) { "u" } else { "c" },
            table,
            at: Some(at),
        })
        .collect();
    listed.reverse();
    if has_key_index(table) {
        let name = format!("sqlite_autoindex_{}_1", table.name);
        listed.push(Listed { name, origin: "pk", table, at: None });
    }
    listed
}

/// Whether the primary key is another than SQLite's row id.
fn has_key_index(table: &TableEntry) -> bool {
    let definition = table.table.definition();
    match definition.primary_key_positions() {
        [] => false,
        [one] => {
            let at = usize::from(*one);
            // INT is none.
            let is_named_otherwise = table.note.sql.is_some()
                && !table.columns[at].declared_type().eq_ignore_ascii_case("integer");
            is_named_otherwise || definition.columns[at].data_type != bourse::Type::BigInt
        }
        _ => true,
    }
}

fn integer(value: usize) -> Datum {
    Datum::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

fn flag(value: bool) -> Datum {
    Datum::Integer(i64::from(value))
}

/// A name, in quotes unless it is plain.
fn name(name: &str) -> String {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let first = name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
    if plain && first { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// A text as a literal.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
