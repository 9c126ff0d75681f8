//! Integration tests: the public API, over real files.
#![expect(clippy::unwrap_used, reason = "a test that fails panics")]

mod alter;
mod alter_builds;
mod alter_model;
mod as_of;
mod backup;
mod backup_chain;
mod backup_crash;
mod compat;
mod completions;
mod constraints;
mod counts;
mod embedded;
mod expect;
mod faults;
mod foreign_keys;
mod full_disk;
mod generations;
mod interactive;
mod interactive_builds;
mod interactive_keys;
mod isolation;
mod kill;
mod large;
mod limits;
mod lists;
mod misuse;
mod model;
mod online_index;
mod online_views;
mod simulation;
mod soak;
mod stages;
mod traces;
mod views;
mod views_sqlite;
