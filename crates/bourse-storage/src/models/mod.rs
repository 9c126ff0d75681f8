//! Models of the lock-free code: every order of its atomic operations, and every value that a load
//! may see by the memory model, up to a number of preemptions.
//!
//! # The idea
//!
//! The simulation (`sync::sim`) runs the whole engine, one interleaving a seed, on memory that all
//! threads see alike. What it cannot show is that an order is strong enough: on the machine that
//! runs it most weak ones happen to be. Loom explores the orders too, but only of small programs.
//! So here are the smallest programs that need each rule, over the very code of the engine, which
//! gets its atomics, locks and threads from loom through the seam (`sync/model.rs`).
//!
//! A model that finds nothing could be a model that looks at nothing. So each is run again with
//! mistakes on purpose ([`Flaw`]), and must find every one of them.
//!
//! `cargo xtask models` runs them, `cargo xtask models --preemptions 3` explores further.
//!
//! # What is left out
//!
//! - Loom takes `SeqCst` operations for `AcqRel` ones (fences it takes as they are), so it may find
//!   what cannot happen, never the reverse.
//! - Of the futex below [`crate::sync::Event`] only what it promises is modelled, by the condition
//!   variable that stands for it in simulated worlds too.
//! - Counters of statistics and the pager's lists are not explored.

mod eviction;
mod grace;
mod group_commit;
mod waiting;

use std::process::Command;

use crate::sync::flaw::{self, Flaw};

/// Steps of one execution after which it counts as one without end.
const BRANCHES_MAX: usize = 50_000;
/// Preemptions of one execution, unless LOOM_MAX_PREEMPTIONS says another number.
const PREEMPTIONS: usize = 2;
/// Says, in a process of its own, which mistake a model is to be run with.
const FLAW: &str = "BOURSE_MODEL_FLAW";

/// What loom says of an access that no order parts from another, of threads that all wait, and of
/// an assertion of a model.
const RACE: &str = "Causality violation";
const DEADLOCK: &str = "deadlock; threads";

/// Explores a model without mistakes, then with each of `flaws`, which it must find: each comes
/// with a part of what the finding says.
fn holds_and_finds(model: fn(), flaws: &[(Flaw, &str)]) {
    let mut builder = loom::model::Builder::new();
    builder.max_branches = BRANCHES_MAX;
    builder.preemption_bound.get_or_insert(PREEMPTIONS);
    if let Ok(name) = std::env::var(FLAW) {
        let flaw = flaws.iter().find(|(flaw, _)| format!("{flaw:?}") == name);
        flaw::make(flaw.map(|(flaw, _)| *flaw));
        builder.check(model);
        return;
    }
    builder.check(model);
    for (flaw, expected) in flaws {
        let said = run_with(*flaw);
        assert!(said.contains(expected), "the model does not find {flaw:?}: {said}");
    }
}

/// Runs this very test with a mistake, and returns how it failed. In a process of its own, since an
/// execution that ends in the middle cannot be taken down in order: its destructors abort.
fn run_with(flaw: Flaw) -> String {
    let test = std::thread::current().name().map(String::from);
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", &test.unwrap()])
        .env(FLAW, format!("{flaw:?}"))
        .env("RUST_BACKTRACE", "0")
        .output()
        .unwrap();
    assert!(!output.status.success(), "the model does not find {flaw:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}
