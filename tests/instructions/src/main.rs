//! Hot operations, each run a fixed number of times, for a profiler that counts instructions:
//! `cargo xtask instructions` runs this under callgrind.
//!
//! `instructions DIR` makes its stores in an empty folder and runs the operations in their order on
//! one thread, each by one call of `measure_operation`. `instructions --list` prints a line for
//! each operation: its name, and how often that call does it.
//!
//! Nothing here depends on time or chance: background threads are off, ids and values follow from
//! numbers. What is left to vary are hash tables with random seeds (of locks and definitions) and
//! addresses.
#![expect(clippy::print_stdout, reason = "the list is the result")]

mod desk;
mod ledger;
mod market;

use std::path::Path;
use std::process::ExitCode;

use bourse::Result;

use desk::Desk;

/// Runs before those that are counted, at most: buffers get their size, pages come into memory. Of
/// an operation that is counted less often it is run so often before.
const WARM_UP: u64 = 64;

/// An operation: how often it is counted, and what it does once.
struct Operation {
    name: &'static str,
    count: u64,
    once: fn(&Desk, u64) -> Result<()>,
}

impl Operation {
    fn warm_up(&self) -> u64 {
        WARM_UP.min(self.count)
    }
}

/// The operations of `desk`, by name.
macro_rules! operations {
    ($($name:ident: $count:literal,)+) => {
        &[$(Operation { name: stringify!($name), count: $count, once: desk::$name },)+]
    };
}

const OPERATIONS: &[Operation] = operations! {
    get_by_id: 2_000,
    find_by_unique_index: 1_000,
    multi_get_100: 100,
    show_many_100: 100,
    scan_100_entries: 200,
    show_entries_100: 200,
    scan_and_fetch_100: 100,
    scan_table_1000: 50,
    show_table_1000: 50,
    write_key_and_row: 2_000,
    read_row: 2_000,
    insert_indexed: 1_000,
    update_unindexed: 1_000,
    execute_trade: 500,
    commit_durably: 500,
    insert_without_view: 1_000,
    insert_with_view: 1_000,
    read_group: 1_000,
    sql_select_row: 1_000,
    sql_select_50: 100,
    sql_insert: 1_000,
    sql_update: 1_000,
    sql_delete: 1_000,
    sql_join_5: 2,
    sql_group_by: 4,
    sql_group_by_text: 4,
    sql_sort: 4,
    sql_prepare_again: 1_000,
};

fn main() -> ExitCode {
    let Some(argument) = std::env::args_os().nth(1) else {
        eprintln!("usage: instructions DIR | --list");
        return ExitCode::from(2);
    };
    if argument == "--list" {
        for operation in OPERATIONS {
            println!("{} {}", operation.name, operation.count);
        }
        return ExitCode::SUCCESS;
    }
    match run(Path::new(&argument)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("instructions: {error:?}");
            ExitCode::FAILURE
        }
    }
}

fn run(folder: &Path) -> Result<()> {
    let desk = Desk::open(folder)?;
    for operation in OPERATIONS {
        (0..operation.warm_up()).try_for_each(|number| (operation.once)(&desk, number))?;
        measure_operation(&desk, operation)?;
    }
    desk.close()
}

/// Never inlined, so that a profiler sees where an operation's runs begin and end.
#[inline(never)]
fn measure_operation(desk: &Desk, operation: &Operation) -> Result<()> {
    let first = operation.warm_up();
    (first..first + operation.count).try_for_each(|number| (operation.once)(desk, number))
}
