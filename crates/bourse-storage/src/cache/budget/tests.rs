//! The controller, step by step and by its invariants.

use proptest::prelude::*;

use super::{Bound, Budget, Reading, Taken, UNIT};

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

fn reading(limit: u64, used: u64) -> Reading {
    Reading { bounds: vec![Bound { limit, used }], pressure: 0 }
}

/// What a cache takes that has grown to its target.
fn all_of(target: u64) -> Taken {
    Taken { frames: target, tables: 0 }
}

/// A machine of 16 GiB on which others use some, and a cache that takes all that it may.
fn settle(budget: &mut Budget, others: u64, pressure: u32, seconds: u32) -> u64 {
    let mut target = budget.target.unwrap_or(0);
    for _ in 0..seconds {
        let reading = Reading { pressure, ..reading(16 * GIB, others + target) };
        target = budget.step(&reading, all_of(target));
    }
    target
}

#[test]
fn the_first_step_goes_to_what_is_allowed() {
    let mut budget = Budget::new(64 * GIB, 64 * MIB);
    let target = budget.step(&reading(16 * GIB, 3 * GIB), Taken::default());
    assert_eq!(target, 12 * GIB, "a sixteenth is left free");
}

#[test]
fn a_burst_of_others_is_answered_at_once_and_forgotten_slowly() {
    let mut budget = Budget::new(64 * GIB, 64 * MIB);
    assert_eq!(settle(&mut budget, 3 * GIB, 0, 20), 12 * GIB);
    assert_eq!(settle(&mut budget, 9 * GIB, 0, 1), 6 * GIB);
    assert_eq!(settle(&mut budget, 3 * GIB, 0, 9), 6 * GIB, "it may come again");
    let after_a_minute = settle(&mut budget, 3 * GIB, 0, 11);
    assert!((7 * GIB..10 * GIB).contains(&after_a_minute), "{after_a_minute}");
    let after_long = settle(&mut budget, 3 * GIB, 0, 60);
    assert!((11 * GIB..=12 * GIB).contains(&after_long), "{after_long}");
}

#[test]
fn pressure_shrinks_it_by_an_eighth_a_second_down_to_the_floor() {
    let mut budget = Budget::new(64 * GIB, 64 * MIB);
    assert_eq!(settle(&mut budget, 4 * GIB, 0, 1), 11 * GIB);
    assert_eq!(settle(&mut budget, 4 * GIB, 1000, 1), 11 * GIB / 8 * 7);
    assert_eq!(settle(&mut budget, 4 * GIB, 1000, 60), 64 * MIB);
    assert_eq!(settle(&mut budget, 4 * GIB, 100, 60), 64 * MIB, "it is still felt");
    assert!(settle(&mut budget, 4 * GIB, 0, 60) > 64 * MIB);
}

/// A permission that nobody uses gives nothing up when it becomes smaller.
#[test]
fn pressure_shrinks_what_is_taken() {
    let mut budget = Budget::new(8 * GIB, 64 * MIB);
    let taken = all_of(GIB);
    assert_eq!(budget.step(&reading(16 * GIB, 3 * GIB), taken), 8 * GIB);
    let pressed = Reading { pressure: 5000, ..reading(16 * GIB, 3 * GIB) };
    assert_eq!(budget.step(&pressed, taken), GIB / 8 * 7);
}

#[test]
fn small_changes_of_the_room_do_not_move_it_up() {
    let mut budget = Budget::new(64 * GIB, 64 * MIB);
    let target = settle(&mut budget, 4 * GIB, 0, 30);
    assert_eq!(settle(&mut budget, 4 * GIB - 300 * MIB, 0, 60), target);
    assert!(settle(&mut budget, 4 * GIB - 400 * MIB, 0, 60) > target);
}

#[test]
fn frame_tables_count() {
    let mut budget = Budget::new(GIB, 64 * MIB);
    let taken = Taken { frames: 0, tables: 100 * MIB };
    assert_eq!(budget.step(&reading(16 * GIB, 3 * GIB), taken), GIB - 100 * MIB);
    let narrow = reading(2 * GIB, 2 * GIB - 600 * MIB);
    // 600 MiB are free and the tables' 100 are ours; 128 are headroom.
    assert_eq!(budget.step(&narrow, taken), (600 - 128) * MIB);
}

#[test]
fn the_same_floor_and_cap_are_a_fixed_size() {
    let mut budget = Budget::new(100 * MIB, 200 * MIB);
    assert!(budget.is_fixed());
    let pressed = Reading { pressure: 9000, ..reading(GIB, GIB) };
    let taken = Taken { frames: 100 * MIB, tables: 10 * MIB };
    assert!((0..50).all(|_| budget.step(&pressed, taken) == 100 * MIB));
}

#[test]
fn a_machine_that_says_nothing_limits_nothing() {
    let mut budget = Budget::new(GIB, MIB);
    assert_eq!(budget.step(&Reading::default(), Taken::default()), GIB);
}

fn any_reading() -> impl Strategy<Value = Reading> {
    let bound = (1..1u64 << 36, 0..1u64 << 36).prop_map(|(limit, used)| Bound { limit, used });
    let pressure = prop_oneof![Just(0_u32), 0..200_u32, 900..10_000_u32];
    (prop::collection::vec(bound, 1..4), pressure)
        .prop_map(|(bounds, pressure)| Reading { bounds, pressure })
}

fn any_taken() -> impl Strategy<Value = Taken> {
    (0..1u64 << 35, 0..1u64 << 30).prop_map(|(frames, tables)| Taken { frames, tables })
}

/// A reading with more room and no more pressure.
fn eased(reading: &Reading, less: &[u64], pressure: u32) -> Reading {
    let bounds = reading.bounds.iter().zip(less);
    let bounds = bounds
        .map(|(bound, less)| Bound { limit: bound.limit, used: bound.used.saturating_sub(*less) });
    Reading { bounds: bounds.collect(), pressure: reading.pressure.min(pressure) }
}

proptest! {
    /// I1, I2.
    #[test]
    fn it_is_always_within_its_bounds(
        cap in 1..1u64 << 36,
        floor in 1..1u64 << 36,
        steps in prop::collection::vec((any_reading(), any_taken()), 1..60),
    ) {
        let mut budget = Budget::new(cap, floor);
        let cap = cap.div_ceil(UNIT) * UNIT;
        let floor = (floor.div_ceil(UNIT) * UNIT).min(cap);
        for (reading, taken) in steps {
            let target = budget.step(&reading, taken);
            prop_assert!(floor <= target && target <= cap && target.is_multiple_of(UNIT));
            if target == floor {
                continue;
            }
            prop_assert!(target + taken.tables <= cap);
            for bound in &reading.bounds {
                let others = bound.used.saturating_sub(taken.frames + taken.tables);
                let full = target + taken.tables + others + bound.headroom();
                prop_assert!(full <= bound.limit, "{bound:?}, {full}");
            }
        }
    }

    /// I3.
    #[test]
    fn more_room_and_less_pressure_never_give_less(
        steps in prop::collection::vec((any_reading(), any_taken()), 0..40),
        last in any_reading(),
        taken in any_taken(),
        less in prop::collection::vec(0..1u64 << 35, 3),
        pressure in 0..10_000_u32,
    ) {
        let mut budget = Budget::new(32 * GIB, 64 * MIB);
        for (reading, taken) in steps {
            budget.step(&reading, taken);
        }
        let mut other = budget.clone();
        let eased = eased(&last, &less, pressure);
        prop_assert!(budget.step(&last, taken) <= other.step(&eased, taken));
    }

    /// I4.
    #[test]
    fn it_comes_to_rest(
        steps in prop::collection::vec((any_reading(), any_taken()), 0..40),
        limit in 1..1u64 << 36,
        others in 0..1u64 << 36,
    ) {
        let mut budget = Budget::new(32 * GIB, 64 * MIB);
        for (reading, taken) in steps {
            budget.step(&reading, taken);
        }
        let mut target = 0;
        let mut previous = Vec::new();
        for _ in 0..1000 {
            target = budget.step(&reading(limit, others + target), all_of(target));
            previous.push(target);
        }
        prop_assert!(previous[900..].iter().all(|before| *before == target));
        let bound = Bound { limit, used: 0 };
        let room = (limit - bound.headroom()).saturating_sub(others).min(32 * GIB);
        let gap = room.saturating_sub(target);
        prop_assert!(gap < (target / 32).max(UNIT) + UNIT, "{target} of {room}");
    }
}
