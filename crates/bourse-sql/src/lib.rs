//! SQL for Bourse: the dialects of PostgreSQL and of SQLite, in process.
//!
//! A statement goes one way, and each module below knows only the ones before it:
//!
//! ```text
//! text --parse--> AST (sqlparser) --bind--> algebra --plan--> plan --run--> rows
//!                                   |                   |              |
//!                            catalog, function     statistics      bourse's Cuts and transactions
//! ```
//!
//! - [`error`]: what went wrong, with PostgreSQL's SQLSTATE;
//! - [`types`], [`datum`]: the types of SQL, and values while a statement runs;
//! - [`function`]: the library of functions, operators, casts and aggregates of both dialects, and
//!   the rules by which a call finds its function;
//! - [`parse`]: statements of a text, and what is about the session;
//! - [`catalog`], [`settings`]: what names mean, and where they are looked for; [`session`]: what a
//!   session keeps beside them;
//! - [`bind`]: from trees to the algebra; [`define`]: definitions, and their execution;
//! - [`algebra`]: statements whose names and types are resolved, before a way to run them is
//!   chosen;
//! - [`parse`], [`bind`], [`catalog`], [`define`], [`settings`]: from text to algebra, and changes
//!   of definitions;
//! - `plan`, `execute`: from algebra to operators, and their rows;
//! - `view`: aggregate views as materialized views, and in the place of queries that they answer;
//! - [`system`]: relations that describe the store, `pg_catalog` and its like;
//! - [`role`]: who may do what; [`activity`]: what a server lets the catalog show; `replica`:
//!   positions in the log, and reads that wait for one;
//! - [`connection`]: what users hold; [`copy`]: COPY's formats, both ways.

pub mod activity;
pub mod algebra;
pub mod bind;
pub mod catalog;
pub mod connection;
pub mod copy;
pub mod datum;
pub mod define;
pub mod error;
mod execute;
pub mod function;
pub mod parse;
mod plan;
mod replica;
pub mod role;
mod sequence;
pub mod session;
pub mod settings;
pub mod system;
pub mod types;
mod view;

/// Whose SQL a statement is written in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub enum Dialect {
    /// PostgreSQL 15's.
    #[default]
    Postgres,
    /// SQLite's.
    Sqlite,
}
