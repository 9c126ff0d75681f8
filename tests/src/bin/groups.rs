//! Groups of three in simulated worlds: `groups [--from S] [--seeds N] [--bug NAME]`.

use std::process::ExitCode;

use bourse_tests::groups::{self, Counts};
use bourse_tests::worlds;

const ABOUT: &str = "Runs groups of three stores in simulated worlds that crash";

fn main() -> ExitCode {
    let run = |seed| {
        let report = groups::run(seed);
        (report.counts, report.violation)
    };
    worlds::main(("groups", ABOUT), run, Counts::add)
}
