//! The same for PostgreSQL's dialect, beside a server.
//!
//! # The idea
//!
//! A type decides what is written: [`kind`] has the types with constants at their edges,
//! [`templates`] say of each operator, function and cast what it takes and gives, and an expression
//! is a template whose operands are expressions. So most statements are ones that PostgreSQL takes.
//! Half of them are single expressions ([`Composer::probe`]), which no other expression can hide
//! behind; the rest go through the grammar ([`select`], [`from`], [`special`], [`change`]).
//!
//! Compared are rows as texts, names and types of columns, and the SQLSTATE of a refusal. Where a
//! value is wrong (classes 21 and 22) in a statement with several relations or conditions, it hangs
//! on the plan whether it is met at all: then either may refuse. Values that are equal but written
//! differently (1.0 and 1.00, a day and 24 hours) are compared as numbers, or not at all, where it
//! is the plan's choice which of them is kept.
//!
//! [`Composer::probe`]: writer::Composer::probe

mod aggregates;
mod change;
mod engine;
mod expression;
mod from;
mod kind;
mod schema;
mod script;
mod select;
mod special;
mod templates;
mod templates_json;
mod templates_time;
#[cfg(test)]
mod tests;
mod writer;

pub use engine::PostgresEngine;
pub(super) use engine::type_name;
pub use script::run_postgres_script;
