//! Leaders and followers in simulated worlds: `followers [--from S] [--seeds N] [--bug NAME]`.

use std::process::ExitCode;

use bourse_tests::followers::{self, Counts};
use bourse_tests::worlds;

const ABOUT: &str = "Ships records between stores in simulated worlds that crash";

fn main() -> ExitCode {
    let run = |seed| {
        let report = followers::run(seed);
        (report.counts, report.violation)
    };
    worlds::main(("followers", ABOUT), run, Counts::add)
}
