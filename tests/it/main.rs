//! Integration tests: the public API, over real files.
#![expect(clippy::unwrap_used, reason = "a test that fails panics")]

mod alter;
mod alter_builds;
mod alter_model;
mod backup;
mod backup_chain;
mod backup_crash;
mod compat;
mod completions;
mod constraints;
mod embedded;
mod faults;
mod foreign_keys;
mod full_disk;
mod generations;
mod kill;
mod large;
mod lists;
mod misuse;
mod model;
mod online_index;
mod simulation;
mod stages;
mod traces;
