//! Random transactions over a few hot lists, and the clients that run them.

use std::sync::{Arc, PoisonError};

use bourse_storage::sync::sim::Random;

use super::{Phase, Recorder, Step};

/// Lists in use at a time.
const HOT_LISTS: i64 = 6;
/// Appends after which a list makes way for a new one, so that reads stay short.
const APPENDS_MAX: u32 = 24;
/// Steps that a transaction has at most.
const STEPS_MAX: u64 = 4;

/// How a transaction ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum End {
    /// It committed; each read holds what it saw.
    Committed(Vec<Step>),
    /// It certainly did nothing.
    Failed,
    /// It may have committed.
    Unknown,
}

/// Something that runs transactions: one adapter for each kind that a store has.
pub trait Executor {
    /// Runs the steps as one transaction, in their order.
    fn execute(&mut self, steps: &[Step]) -> End;
}

struct State {
    random: Random,
    left: u64,
    /// Lists with how often they were appended to.
    hot: Vec<(i64, u32)>,
    next_list: i64,
    next_value: i64,
}

/// Where clients get their transactions from; clones are the same.
#[derive(Clone)]
#[expect(
    clippy::disallowed_types,
    reason = "like the history it is outside the world and lives on over its crashes"
)]
pub struct Workload(Arc<std::sync::Mutex<State>>);

impl Workload {
    /// A workload of so many transactions.
    #[expect(clippy::disallowed_types, reason = "as above")]
    pub fn new(seed: u64, transactions: u64) -> Workload {
        Workload(Arc::new(std::sync::Mutex::new(State {
            random: Random::new(seed),
            left: transactions,
            hot: (0..HOT_LISTS).map(|list| (list, 0)).collect(),
            next_list: HOT_LISTS,
            next_value: 1,
        })))
    }

    /// The next transaction, as long as there are some.
    pub fn next(&self) -> Option<Vec<Step>> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.left = state.left.checked_sub(1)?;
        let count = 1 + state.random.below(STEPS_MAX);
        Some((0..count).map(|_| state.step()).collect())
    }

    /// Gives so many transactions more.
    pub fn extend(&self, transactions: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).left += transactions;
    }

    /// How many lists there have been: they are numbered from 0.
    pub fn lists(&self) -> i64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next_list
    }
}

impl State {
    fn step(&mut self) -> Step {
        let at = self.random.index(self.hot.len());
        let (list, appends) = self.hot[at];
        if self.random.one_in(2) {
            return Step::Read(list, None);
        }
        self.hot[at].1 += 1;
        if appends + 1 >= APPENDS_MAX {
            self.hot[at] = (self.next_list, 0);
            self.next_list += 1;
        }
        self.next_value += 1;
        Step::Append(list, self.next_value)
    }
}

/// Runs one transaction. Returns the number that the process has from then on.
pub fn one(process: i64, steps: &[Step], recorder: &Recorder, with: &mut impl Executor) -> i64 {
    recorder.note(process, Phase::Invoke, steps);
    match with.execute(steps) {
        End::Committed(steps) => recorder.note(process, Phase::Committed, &steps),
        End::Failed => recorder.note(process, Phase::Failed, steps),
        End::Unknown => {
            recorder.note(process, Phase::Unknown, steps);
            // For all that is known the old one may still be at it.
            return process + 1_000_000;
        }
    }
    process
}
