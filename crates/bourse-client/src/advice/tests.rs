//! Guards: the advised size has the utilisation that is aimed at, wherever a size has it.

use std::time::Duration;

use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

use super::{Verdict, advise};
use crate::usage::Measured;

fn measured(wanted: f64) -> Measured {
    Measured {
        time: Duration::from_secs(600),
        busy_mean: wanted,
        wanted_mean: wanted,
        ..Measured::default()
    }
}

#[test]
fn sizes_that_are_right_too_large_and_too_small() {
    let of = |size, wanted| {
        let advice = advise("a:1", "read", size, measured(wanted));
        (advice.verdict, advice.advised_size)
    };
    assert_eq!(of(10, 7.0), (Verdict::Keep, 10));
    assert_eq!(of(10, 8.0), (Verdict::Keep, 10));
    assert_eq!(of(10, 2.1), (Verdict::Shrink, 3));
    assert_eq!(of(10, 14.0), (Verdict::Grow, 20));
    assert_eq!(of(10, 0.0), (Verdict::Shrink, 1));
    assert_eq!(of(1, 0.1), (Verdict::Keep, 1));
    // No whole number has 60 to 80 %: the smallest that has enough.
    assert_eq!(of(10, 0.9), (Verdict::Shrink, 2));
}

#[test]
fn not_from_too_little_and_not_smaller_where_calls_waited() {
    let early = Measured { time: Duration::from_secs(59), ..measured(9.9) };
    let advice = advise("a:1", "read", 10, early);
    assert_eq!((advice.verdict, advice.advised_size), (Verdict::TooEarly, 10));
    let waited = Measured { wait_p95: Duration::from_millis(20), ..measured(2.0) };
    let advice = advise("a:1", "read", 10, waited);
    assert_eq!((advice.verdict, advice.advised_size), (Verdict::Keep, 10));
}

#[test]
fn the_sentence_says_what_to_do() {
    let told = advise("a:1", "write", 10, measured(2.0)).to_string();
    assert_eq!(
        told,
        "a:1, write: 20 % of 10 connections in use over 600 s, waits of 0 us on average and 0 us \
         at p95: 3 would be in use to 60 to 80 %"
    );
}

proptest! {
    #[test]
    fn the_advised_size_is_in_use_to_60_to_80_percent(
        size in 1..500_u32, wanted in 0.0..900.0_f64,
    ) {
        let advice = advise("a:1", "read", size, measured(wanted));
        let advised = advice.advised_size;
        let utilisation = |size: u32| wanted / f64::from(size);
        prop_assert!(utilisation(advised) <= 0.8 + 1e-6);
        let is_right = |size: u32| (0.6..=0.8).contains(&utilisation(size));
        if (1..2_000).any(is_right) {
            prop_assert!(utilisation(advised) >= 0.6 - 1e-6, "{wanted} {advised}");
        }
        // Who follows the advice is told to keep it.
        prop_assert_eq!(advise("a:1", "read", advised, measured(wanted)).verdict, Verdict::Keep);
    }
}
