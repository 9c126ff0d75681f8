//! Bourse, an embedded trading store.
//!
//! [`Database`] is the way in: open one, make [`Table`](struct@Table)s from [`TableDefinition`]s or
//! from structs ([`TableRow`]), read through it or through a [`Cut`], change through
//! [`Transaction`]s.
//!
//! Values and what they are kept in: [`Value`] and [`Type`], [`Decimal`], [`Date`] and
//! [`Timestamp`]; [`row`] for the bytes of rows, [`key`] for the bytes of keys, [`schema`] for
//! definitions of tables, [`predicate`] for partial indexes, [`typed`] for structs as rows.

mod bulk;
mod catalog;
mod check;
mod checkpoint;
mod commit;
mod core;
mod cut;
mod database;
pub mod datetime;
mod ddl;
pub mod decimal;
mod defaults;
mod identity;
mod index;
pub mod key;
mod load;
mod lookup;
mod options;
pub mod predicate;
mod range;
mod read;
mod reading;
mod record;
mod recovery;
mod replay;
pub mod row;
mod row_lock;
mod scan;
pub mod schema;
mod shard;
mod table;
mod transaction;
pub mod typed;
pub mod value;
mod view;

// The README's example is a test.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

// The derive's code names this crate from outside.
#[cfg(test)]
extern crate self as bourse;

pub use bourse_derive::Table;
pub use bourse_storage::{Error, ErrorKind, Result};
pub use check::{CheckProgress, CheckReport, CheckedIndex, CheckedTable, Finding};
pub use database::{Database, RecoveryProgress, Statistics};
pub use datetime::{Date, Timestamp};
pub use decimal::Decimal;
pub use load::LoadOrder;
pub use options::{Durability, Options};
pub use range::Range;
pub use read::{Entries, IndexEntry, Rows};
pub use reading::Cut;
pub use row::Row;
pub use row_lock::RowLock;
pub use scan::Order;
pub use schema::{IndexDefinition, TableDefinition};
pub use table::{OwnedRow, Table};
pub use transaction::Transaction;
pub use typed::{TableRow, TypedIndex, TypedReader, TypedTable, TypedWriter};
pub use value::{Collation, Json, Type, Uuid, Value, ValueRef};
