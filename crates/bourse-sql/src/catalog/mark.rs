//! Marks: rows that say what is to be dropped, or gets another name. What they are for is told
//! where definitions are changed in transactions.

use std::fmt;

use bourse::{Alteration, Database};
use serde_json::{Value as Json, json};

use super::object::{Kind, ObjectKey, delete_object, read_objects, write_object};
use crate::error::Result;

/// Something of the store that is to be dropped, or renamed, by the store's names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Mark {
    /// A table.
    Table(String),
    /// An index of a table.
    Index(String, String),
    /// A column of a table.
    Column(String, String),
    /// A column of a table that takes NULL from then on.
    Nullable(String, String),
    /// A CHECK or foreign key of a table.
    Constraint(String, String),
    /// The row that says where a sequence stands, by its key.
    Sequence(String),
    /// A table, and its name to be: every catalog gives it that already.
    Renamed(String, String),
}

impl Mark {
    fn parts(&self) -> (&'static str, &str, &str) {
        match self {
            Mark::Table(table) => ("table", table, ""),
            Mark::Index(table, name) => ("index", table, name),
            Mark::Column(table, name) => ("column", table, name),
            Mark::Nullable(table, name) => ("nullable", table, name),
            Mark::Constraint(table, name) => ("constraint", table, name),
            Mark::Sequence(key) => ("sequence", key, ""),
            Mark::Renamed(table, to) => ("renamed", table, to),
        }
    }

    /// Whether both name the same.
    pub(crate) fn is(&self, other: &Mark) -> bool {
        self.key() == other.key()
    }

    pub(crate) fn key(&self) -> ObjectKey {
        let (what, table, mut name) = self.parts();
        if let Mark::Renamed(..) = self {
            // A table has one name.
            name = "";
        }
        let name = format!("{what} {table} {name}").to_ascii_lowercase();
        ObjectKey::new(Kind::Mark, "", &name)
    }

    /// Its row.
    pub(crate) fn row(&self) -> (ObjectKey, Json) {
        let (what, table, name) = self.parts();
        (self.key(), json!({ "what": what, "table": table, "of": name }))
    }

    pub(super) fn of_row(body: &Json) -> Option<Mark> {
        let text = |key: &str| body.get(key).and_then(Json::as_str).map(str::to_owned);
        let (table, name) = (text("table")?, text("of")?);
        Some(match text("what")?.as_str() {
            "table" => Mark::Table(table),
            "index" => Mark::Index(table, name),
            "column" => Mark::Column(table, name),
            "nullable" => Mark::Nullable(table, name),
            "constraint" => Mark::Constraint(table, name),
            "sequence" => Mark::Sequence(table),
            "renamed" => Mark::Renamed(table, name),
            _ => return None,
        })
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            (what, table, "") => write!(f, "{what} \"{table}\""),
            (what, table, name) => write!(f, "{what} \"{name}\" of table \"{table}\""),
        }
    }
}

/// The marks that are committed.
pub(crate) fn marks(database: &Database) -> Result<Vec<Mark>> {
    let objects = read_objects(database)?;
    let marks = objects.iter().filter(|(key, _)| key.kind == Kind::Mark);
    Ok(marks.filter_map(|(_, body)| Mark::of_row(body)).collect())
}

pub(crate) fn has_mark(database: &Database, mark: &Mark) -> Result<bool> {
    Ok(marks(database)?.iter().any(|other| other.is(mark)))
}

pub(crate) fn put_mark(database: &Database, mark: &Mark) -> Result<()> {
    let (key, body) = mark.row();
    write_object(database, &key, body)
}

pub(crate) fn delete_mark(database: &Database, mark: &Mark) -> Result<()> {
    delete_object(database, &mark.key()).map(drop)
}

/// Drops what marks name, and then the marks. What is gone already is no error.
///
/// # Errors
/// The store's, of the first that is refused; the others are dropped.
pub(crate) fn drop_marked(database: &Database, marks: &[Mark]) -> Result<()> {
    let mut refused = Ok(());
    // Constraints before what they are about, and the newest first: what was made later depends on
    // what was there.
    let order = |mark: &&Mark| match mark {
        Mark::Constraint(..) => 0,
        Mark::Index(..) => 1,
        Mark::Column(..) | Mark::Nullable(..) => 2,
        Mark::Table(_) | Mark::Sequence(_) => 3,
        // Names of tables that went are free now.
        Mark::Renamed(..) => 4,
    };
    let mut left: Vec<&Mark> = marks.iter().rev().collect();
    left.sort_by_key(order);
    // Tables that refer to each other go in an order in which none is referred to.
    loop {
        let before = left.len();
        left.retain(|mark| match drop_one(database, mark) {
            Ok(()) => false,
            Err(error) => {
                refused = Err(error);
                true
            }
        });
        if left.is_empty() {
            return Ok(());
        }
        if left.len() == before {
            return refused;
        }
    }
}

fn drop_one(database: &Database, mark: &Mark) -> Result<()> {
    let mut renamed = None;
    let dropped = match mark {
        Mark::Table(table) => database.drop_table(table),
        Mark::Index(table, index) => database.drop_index(table, index),
        Mark::Column(table, column) => {
            database.alter_table(table, &[Alteration::DropColumnCascade(column.clone())])
        }
        Mark::Nullable(table, column) => {
            database.alter_table(table, &[Alteration::DropNotNull(column.clone())])
        }
        Mark::Constraint(table, name) => database.drop_constraint(table, name),
        Mark::Sequence(key) => {
            crate::sequence::remove(database, key)?;
            Ok(())
        }
        Mark::Renamed(table, to) if table.eq_ignore_ascii_case(to) => Ok(()),
        Mark::Renamed(table, to) => database
            .alter_table(table, &[Alteration::Rename(to.clone())])
            .inspect(|()| renamed = Some((table, to))),
    };
    match dropped {
        Ok(()) => {}
        Err(error) if matches!(error.sqlstate(), "42P01" | "42703" | "42704") => {}
        Err(error) => return Err(error.into()),
    }
    if let Mark::Table(table) = mark {
        // Those of a temporary table are still there.
        crate::define::drop_owned_sequences(database, table)?;
    }
    if let Some((from, to)) = renamed {
        crate::define::rename_owned_sequences(database, from, to)?;
    }
    delete_mark(database, mark)
}

/// Whether a table is to get that name.
pub(crate) fn is_name_to_be(database: &Database, name: &str) -> Result<bool> {
    let is_meant =
        |mark: &Mark| matches!(mark, Mark::Renamed(_, to) if to.eq_ignore_ascii_case(name));
    Ok(marks(database)?.iter().any(is_meant))
}

/// Drops what sessions have left that ended in a crash. To be called while no session is there.
///
/// # Errors
/// As [`drop_marked`].
pub(crate) fn sweep(database: &Database) -> Result<()> {
    let marks = marks(database)?;
    if !marks.is_empty() {
        drop_marked(database, &marks)?;
    }
    crate::define::drop_objects_of(database, |schema| schema.starts_with("pg_temp_"))
}
