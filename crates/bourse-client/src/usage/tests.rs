//! Guards: utilisation is weighted by time, what waits counts, and old minutes are forgotten.

use std::time::Duration;

use super::{SLOT, SLOTS_MAX, Usage};

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn take(usage: &mut Usage, now: Duration, waited: Duration) {
    usage.begin_wait(now.saturating_sub(waited));
    usage.take(now, waited);
}

#[test]
fn times_are_weighted() {
    let mut usage = Usage::new(seconds(100));
    // Two for 10 s, none for 10 s: one on average.
    take(&mut usage, seconds(100), Duration::ZERO);
    take(&mut usage, seconds(100), Duration::ZERO);
    assert_eq!(usage.busy(), 2);
    usage.release(seconds(110));
    usage.release(seconds(110));
    let measured = usage.measured(seconds(120));
    assert_eq!(measured.time, seconds(20));
    assert!((measured.busy_mean - 1.0).abs() < 1e-9);
    assert_eq!((measured.wanted_peak, measured.taken), (2, 2));
}

#[test]
fn who_waits_counts_as_wanted() {
    let mut usage = Usage::new(seconds(0));
    take(&mut usage, seconds(0), Duration::ZERO);
    usage.begin_wait(seconds(0));
    assert_eq!(usage.waiting(), 1);
    usage.give_up(seconds(10));
    let measured = usage.measured(seconds(20));
    assert!((measured.busy_mean - 1.0).abs() < 1e-9);
    assert!((measured.wanted_mean - 1.5).abs() < 1e-9);
}

#[test]
fn waits_have_mean_and_percentile() {
    let mut usage = Usage::new(seconds(0));
    for _ in 0..95 {
        take(&mut usage, seconds(1), Duration::ZERO);
    }
    assert_eq!(usage.measured(seconds(1)).wait_p95, Duration::ZERO);
    for _ in 0..5 {
        take(&mut usage, seconds(2), Duration::from_millis(100));
    }
    assert_eq!(usage.measured(seconds(2)).wait_mean, Duration::from_millis(5));
    assert_eq!(usage.measured(seconds(2)).wait_p95, Duration::ZERO);
    take(&mut usage, seconds(2), Duration::from_millis(100));
    // The power of two above 100,000.
    assert_eq!(usage.measured(seconds(2)).wait_p95, Duration::from_micros(131_072));
}

#[test]
fn old_minutes_are_forgotten() {
    let mut usage = Usage::new(seconds(0));
    take(&mut usage, seconds(0), seconds(0));
    usage.release(seconds(60));
    let window = SLOT * u32::try_from(SLOTS_MAX).unwrap();
    let measured = usage.measured(seconds(60) + window);
    assert!(measured.busy_mean.abs() < 1e-9);
    assert!(measured.time <= window);
    assert_eq!(measured.taken, 0);
    // Also after a time that is much longer than what is kept.
    take(&mut usage, seconds(2_000), seconds(0));
    let measured = usage.measured(seconds(1_000_000));
    assert!((measured.busy_mean - 1.0).abs() < 1e-9);
    assert_eq!(usage.slots.len(), SLOTS_MAX);
}
