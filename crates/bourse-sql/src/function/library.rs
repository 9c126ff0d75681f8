//! The library: the tables of both dialects, found by name.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::signature::Signature;
use super::{AggregateFunction, ScalarFunction, SetFunction, WindowFunction};
use super::{postgres, sqlite};
use crate::Dialect;

/// Signatures of one kind, by name.
pub(crate) struct Table<F: 'static>(HashMap<&'static str, Vec<&'static Signature<F>>>);

impl<F> Table<F> {
    fn new(families: &[&'static [Signature<F>]]) -> Table<F> {
        let mut by_name: HashMap<&'static str, Vec<&'static Signature<F>>> = HashMap::new();
        for signature in families.iter().copied().flatten() {
            by_name.entry(signature.name).or_default().push(signature);
        }
        Table(by_name)
    }

    /// All ways to call a name.
    pub(crate) fn get(&self, name: &str) -> &[&'static Signature<F>] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

/// All of a dialect.
pub(crate) struct Library {
    pub(crate) scalars: Table<ScalarFunction>,
    pub(crate) operators: Table<ScalarFunction>,
    pub(crate) aggregates: Table<AggregateFunction>,
    pub(crate) sets: Table<SetFunction>,
    pub(crate) windows: Table<WindowFunction>,
}

static POSTGRES: LazyLock<Library> = LazyLock::new(|| Library {
    scalars: Table::new(postgres::SCALARS),
    operators: Table::new(postgres::OPERATORS),
    aggregates: Table::new(postgres::AGGREGATES),
    sets: Table::new(postgres::SETS),
    windows: Table::new(&[postgres::WINDOWS]),
});

static SQLITE: LazyLock<Library> = LazyLock::new(|| Library {
    scalars: Table::new(sqlite::SCALARS),
    operators: Table::new(sqlite::OPERATORS),
    aggregates: Table::new(sqlite::AGGREGATES),
    sets: Table::new(sqlite::SETS),
    windows: Table::new(&[sqlite::WINDOWS]),
});

/// The library of a dialect.
pub(crate) fn library(dialect: Dialect) -> &'static Library {
    match dialect {
        Dialect::Postgres => &POSTGRES,
        Dialect::Sqlite => &SQLITE,
    }
}

/// The names of all functions of a dialect, each once, in order.
pub fn names(dialect: Dialect) -> impl Iterator<Item = &'static str> {
    let library = library(dialect);
    let mut names: Vec<&'static str> = library.scalars.0.keys().copied().collect();
    names.extend(library.aggregates.0.keys());
    names.extend(library.sets.0.keys());
    names.extend(library.windows.0.keys());
    // Some are called by forms of their own, by names that no statement can write.
    names.retain(|name| !name.starts_with('\0'));
    names.sort_unstable();
    names.dedup();
    names.into_iter()
}
