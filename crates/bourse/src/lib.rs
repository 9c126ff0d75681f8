//! Bourse, an embedded trading store.
//!
//! Values and what they are kept in: [`Value`] and [`Type`], [`Decimal`], [`Date`] and
//! [`Timestamp`]; [`row`] for the bytes of rows, [`key`] for the bytes of keys, [`schema`] for
//! definitions of tables, [`predicate`] for partial indexes, [`typed`] for structs as rows.

pub mod datetime;
pub mod decimal;
pub mod key;
pub mod predicate;
pub mod row;
pub mod schema;
pub mod typed;
pub mod value;

// The derive's code names this crate from outside.
#[cfg(test)]
extern crate self as bourse;

pub use bourse_derive::Table;
pub use bourse_storage::{Error, ErrorKind, Result};
pub use datetime::{Date, Timestamp};
pub use decimal::Decimal;
pub use schema::{IndexDefinition, TableDefinition};
pub use typed::{TableRow, TypedIndex};
pub use value::{Collation, Json, Type, Uuid, Value, ValueRef};
