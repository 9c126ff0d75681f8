//! Integration tests: the public API, over real files.
#![expect(clippy::unwrap_used, reason = "a test that fails panics")]

mod alter;
mod alter_model;
mod backup;
mod backup_chain;
mod backup_crash;
mod compat;
mod constraints;
mod embedded;
mod faults;
mod foreign_keys;
mod full_disk;
mod generations;
mod kill;
mod large;
mod misuse;
mod model;
mod simulation;
mod stages;
mod traces;
