//! Random statements of SQL, run by two engines that must agree.
//!
//! # The idea
//!
//! A *script* is made of a seed: tables with indexes, rows with edges, then statements that a
//! grammar ([`select`], [`change`], [`expression`]) writes. One engine is the oracle. What it
//! refuses, the other must refuse; what it answers, the other must answer: rows in order where the
//! statement orders them by all columns, otherwise as a bag; after a change, what the table holds.
//!
//! Statements differ in value only if the grammar is covered. So each place of the grammar notes
//! its name in the statement ([`Writer::note`]), and the [`report`] counts for each name how often
//! it was used and how often the oracle refused the statement: a name that is always refused tests
//! nothing but errors.
//!
//! What cannot be compared is not written: rows of LIMIT without an order, the order of values
//! that an aggregate concatenates, sums of floating numbers to the last bit (they are compared to
//! twelve digits), names and times of the machine.
//!
//! The same seed is the same script, so a difference names its seed and is seen again.

mod bourse;
mod change;
mod checks;
mod compare;
mod condition;
mod engine;
mod expression;
mod functions;
mod json;
mod known;
mod literal;
mod postgres;
mod report;
mod schema;
mod script;
mod select;
mod special;
mod window;
mod writer;

pub use bourse::BourseEngine;
pub use compare::Difference;
pub use engine::{Both, Cell, Engine, Outcome, Refusal, SqliteEngine};
pub use postgres::{PostgresEngine, run_postgres_script};
pub use report::Report;
pub use script::{Found, run_script, run_text};
