//! Guards: the breaker's invariants, by cases and by drawn series of what may happen.

use std::time::Duration;

use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::{Admission, Breaker, BreakerOptions, BreakerState};

const OPTIONS: BreakerOptions = BreakerOptions {
    failures_max: 3,
    pause_min: Duration::from_secs(1),
    pause_max: Duration::from_secs(5),
};

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// One that has opened at a moment.
fn open_at(now: Duration) -> Breaker {
    let mut breaker = Breaker::new(OPTIONS);
    for _ in 0..3 {
        let admission = breaker.admit_call().unwrap();
        breaker.failed(admission, now, 0.0);
    }
    assert_eq!(breaker.state(), BreakerState::Open);
    breaker
}

#[test]
fn failures_in_a_row_open_it_and_others_do_not() {
    let mut breaker = Breaker::new(OPTIONS);
    let admission = breaker.admit_call().unwrap();
    assert!(!breaker.failed(admission, seconds(0), 0.0));
    assert!(!breaker.failed(admission, seconds(0), 0.0));
    assert!(!breaker.succeeded(admission));
    assert!(!breaker.failed(admission, seconds(0), 0.0));
    assert!(!breaker.failed(admission, seconds(0), 0.0));
    assert!(breaker.failed(admission, seconds(0), 0.0));
    assert_eq!((breaker.state(), breaker.opened()), (BreakerState::Open, 1));
    assert!(breaker.admit_call().is_none());
}

#[test]
fn one_probe_after_the_pause_closes_it() {
    let mut breaker = open_at(seconds(10));
    assert!(breaker.admit_probe(seconds(10)).is_none());
    assert_eq!(breaker.opens_again(), Some(seconds(11)));
    let probe = breaker.admit_probe(seconds(11)).unwrap();
    assert_eq!(breaker.state(), BreakerState::HalfOpen);
    assert!(breaker.admit_probe(seconds(99)).is_none(), "B2");
    assert!(breaker.admit_call().is_none());
    assert!(breaker.succeeded(probe));
    assert_eq!(breaker.state(), BreakerState::Closed);
    assert!(breaker.admit_call().is_some());
}

#[test]
fn pauses_grow_to_the_longest_and_begin_anew() {
    let mut breaker = open_at(seconds(0));
    let mut now = seconds(0);
    let mut pauses = Vec::new();
    for _ in 0..5 {
        let until = breaker.opens_again().unwrap();
        pauses.push((until - now).as_secs());
        now = until;
        let probe = breaker.admit_probe(now).unwrap();
        assert!(breaker.failed(probe, now, 0.0));
    }
    assert_eq!(pauses, [1, 2, 4, 5, 5]);
    now = breaker.opens_again().unwrap();
    let probe = breaker.admit_probe(now).unwrap();
    breaker.succeeded(probe);
    for _ in 0..3 {
        let admission = breaker.admit_call().unwrap();
        breaker.failed(admission, now, 1.0);
    }
    // Shortened by a quarter at most.
    assert_eq!(breaker.opens_again().unwrap() - now, Duration::from_millis(750));
}

#[test]
fn what_comes_late_changes_nothing() {
    let mut breaker = Breaker::new(OPTIONS);
    let early = breaker.admit_call().unwrap();
    for _ in 0..3 {
        breaker.failed(early, seconds(0), 0.0);
    }
    assert!(!breaker.succeeded(early));
    assert!(!breaker.failed(early, seconds(0), 0.0));
    let probe = breaker.admit_probe(seconds(1)).unwrap();
    assert!(!breaker.succeeded(early));
    assert!(!breaker.failed(early, seconds(1), 0.0));
    assert_eq!(breaker.state(), BreakerState::HalfOpen);
    assert!(breaker.succeeded(probe));
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Call,
    Probe,
    Wait(u64),
    Succeed(usize),
    Fail(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        prop::strategy::Just(Step::Call),
        prop::strategy::Just(Step::Probe),
        (0..3_000_u64).prop_map(Step::Wait),
        (0..8_usize).prop_map(Step::Succeed),
        (0..8_usize).prop_map(Step::Fail),
        (0..8_usize).prop_map(Step::Fail),
    ];
    prop::collection::vec(step, 1..200)
}

proptest! {
    #[test]
    fn invariants_hold_whatever_happens(steps in steps(), chance in 0.0..1.0_f64) {
        let mut breaker = Breaker::new(OPTIONS);
        let mut now = Duration::ZERO;
        let mut under_way: Vec<Admission> = Vec::new();
        let mut earliest = Duration::ZERO;
        for step in steps {
            let before = (breaker.state(), breaker.generation);
            match step {
                Step::Wait(milliseconds) => now += Duration::from_millis(milliseconds),
                Step::Call => {
                    let admitted = breaker.admit_call();
                    prop_assert_eq!(admitted.is_some(), before.0 == BreakerState::Closed);
                    under_way.extend(admitted);
                }
                Step::Probe => {
                    let admitted = breaker.admit_probe(now);
                    // B1, B2.
                    let may = match before.0 {
                        BreakerState::Closed => true,
                        BreakerState::Open => now >= earliest,
                        BreakerState::HalfOpen => false,
                    };
                    prop_assert_eq!(admitted.is_some(), may);
                    under_way.extend(admitted);
                }
                Step::Succeed(which) if which < under_way.len() => {
                    let admission = under_way.swap_remove(which);
                    let is_late = admission.generation != before.1;
                    breaker.succeeded(admission);
                    prop_assert!(!is_late || before == (breaker.state(), breaker.generation));
                }
                Step::Fail(which) if which < under_way.len() => {
                    let admission = under_way.swap_remove(which);
                    let is_late = admission.generation != before.1;
                    if breaker.failed(admission, now, chance) {
                        let pause = breaker.opens_again().unwrap() - now;
                        // B3.
                        prop_assert!(pause >= OPTIONS.pause_min.mul_f64(0.74));
                        prop_assert!(pause <= OPTIONS.pause_max);
                        earliest = now + pause;
                    }
                    prop_assert!(!is_late || before == (breaker.state(), breaker.generation));
                }
                Step::Succeed(_) | Step::Fail(_) => {}
            }
        }
    }
}
