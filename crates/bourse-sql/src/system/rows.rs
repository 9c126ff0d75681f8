//! Rows of a relation, made once for a version of the definitions, and looked up by a column.

use std::sync::{Arc, OnceLock};

use ecow::EcoString;
use hashbrown::HashMap;

use super::relations::Relation;
use crate::datum::Datum;
use crate::types::SqlType;

/// The rows of a relation.
pub(crate) struct Rows {
    pub(crate) rows: Vec<Arc<[Datum]>>,
    /// By column: which rows have a value.
    indexes: Vec<OnceLock<HashMap<Key, Vec<u32>>>>,
}

/// A value by which rows are looked up.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Integer(i64),
    Text(EcoString),
}

fn key_of(value: &Datum) -> Option<Key> {
    match value {
        Datum::Integer(value) => Some(Key::Integer(*value)),
        Datum::Text(text) => Some(Key::Text(text.clone())),
        _ => None,
    }
}

impl Rows {
    /// Which rows have a value in a column. None of them if nothing is equal to the value.
    pub(crate) fn with(&self, column: usize, value: &Datum) -> &[u32] {
        let Some(index) = self.indexes.get(column) else { return &[] };
        let index = index.get_or_init(|| {
            let mut index: HashMap<Key, Vec<u32>> = HashMap::new();
            for (number, row) in (0..).zip(&self.rows) {
                if let Some(key) = key_of(&row[column]) {
                    index.entry(key).or_default().push(number);
                }
            }
            index
        });
        key_of(value).and_then(|key| index.get(&key)).map_or(&[], Vec::as_slice)
    }
}

/// Makes rows of a relation: values of some columns, by name; the others are NULL, or what stands
/// for nothing where they may not be.
pub(crate) struct Maker {
    template: Vec<Datum>,
    names: Vec<&'static str>,
    places: Vec<usize>,
    rows: Vec<Arc<[Datum]>>,
}

impl Maker {
    /// For rows that say the values of these columns.
    pub(crate) fn new(relation: &'static Relation, columns: &[&str]) -> Maker {
        let template = relation.columns.iter().map(|column| match column.not_null {
            true => nothing(&column.ty),
            false => Datum::Null,
        });
        let names: Vec<&'static str> = relation.columns.iter().map(|column| column.name).collect();
        let place = |name: &&str| names.iter().position(|column| column == name);
        let places: Vec<usize> = columns.iter().filter_map(place).collect();
        debug_assert_eq!(places.len(), columns.len(), "a column of {} is none", relation.name);
        Maker { template: template.collect(), names, places, rows: Vec::new() }
    }

    /// The same value in each row.
    pub(crate) fn always(mut self, column: &str, value: Datum) -> Maker {
        if let Some(at) = self.names.iter().position(|name| *name == column) {
            self.template[at] = value;
        }
        self
    }

    /// A row.
    pub(crate) fn push<const N: usize>(&mut self, values: [Datum; N]) {
        debug_assert_eq!(N, self.places.len(), "a value for each column");
        let mut row = self.template.clone();
        for (place, value) in self.places.iter().zip(values) {
            row[*place] = value;
        }
        self.rows.push(row.into());
    }

    /// A row as it was recorded.
    pub(crate) fn push_whole(&mut self, row: Vec<Datum>) {
        self.rows.push(row.into());
    }

    /// What was made.
    pub(crate) fn finish(self) -> Rows {
        let indexes = self.template.iter().map(|_| OnceLock::new()).collect();
        Rows { rows: self.rows, indexes }
    }
}

/// The value of a column that may not be NULL and has nothing to say.
fn nothing(ty: &SqlType) -> Datum {
    match ty {
        SqlType::Boolean => Datum::Boolean(false),
        SqlType::SmallInt | SqlType::Integer | SqlType::BigInt | SqlType::Oid(_) => {
            Datum::Integer(0)
        }
        SqlType::Real => Datum::Real(0.0),
        SqlType::Double => Datum::Double(0.0),
        SqlType::Array(_) => Datum::list(Vec::new()),
        SqlType::Vector(_) => Datum::vector(Vec::new()),
        _ => Datum::text(""),
    }
}

/// A number of an object.
pub(crate) fn oid(number: u32) -> Datum {
    Datum::Integer(i64::from(number))
}

/// One letter, or a name.
pub(crate) fn text(text: &str) -> Datum {
    Datum::text(text)
}

/// A text, if there is one.
pub(crate) fn maybe(text: Option<impl AsRef<str>>) -> Datum {
    text.map_or(Datum::Null, |text| Datum::text(text.as_ref()))
}

/// A count.
pub(crate) fn count(count: usize) -> Datum {
    Datum::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}
