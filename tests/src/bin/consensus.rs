//! Groups with the real consensus in simulated worlds: `consensus [--from S] [--seeds N]
//! [--bug NAME] [--json]`.

use std::process::ExitCode;

use bourse_tests::consensus::{self, Counts};
use bourse_tests::worlds;

const ABOUT: &str = "Runs groups of three, with the consensus of a server, in simulated worlds";

fn main() -> ExitCode {
    let run = |seed| {
        let report = consensus::run(seed);
        (report.counts, report.violation)
    };
    worlds::main_with(("consensus", ABOUT), run, Counts::add, |all| all.named().to_vec())
}
