//! Sums of doubles are exact and read correctly rounded; so are averages, variances and ratios.
//!
//! The oracle has every double as a `BigInt` of units of 2^-1074 and does not round at all: it
//! checks that no other double would have been nearer.

use num_bigint::BigInt;
use proptest::prelude::{Just, Strategy, any, prop, prop_assert, prop_oneof, proptest};

use crate::view::exact_sum::{ExactSum, Total};
use crate::view::natural::Natural;
use crate::view::quotient::Exact;
use crate::view::{Sign, state::SumState};

/// The double in units of 2^-1074. Infinity is the number after the greatest one.
pub(super) fn units(value: f64) -> BigInt {
    let bits = value.abs().to_bits();
    let (exponent, fraction) = (bits >> 52, bits & ((1 << 52) - 1));
    let magnitude = match exponent {
        0 => BigInt::from(fraction),
        _ => BigInt::from(fraction | 1 << 52) << (exponent - 1),
    };
    if value < 0.0 { -magnitude } else { magnitude }
}

/// Whether the double is the nearest one to `numerator / denominator` units, the even one of two;
/// `None` stands for infinity.
pub(super) fn is_nearest(result: Option<f64>, numerator: &BigInt, denominator: &BigInt) -> bool {
    let infinity = if *numerator < BigInt::ZERO { f64::NEG_INFINITY } else { f64::INFINITY };
    let result = result.unwrap_or(infinity);
    let even = result.to_bits() & 1 == 0;
    let twice: BigInt = numerator * 2;
    let scaled = |value: f64| (units(result) + units(value)) * denominator;
    // Beyond infinity there is nothing.
    let (below, above) = (scaled(result.next_down()), scaled(result.next_up()));
    let (below, above) = (below.cmp(&twice), twice.cmp(&above));
    let fits = |order: std::cmp::Ordering| order.is_lt() || even && order.is_eq();
    (result == f64::NEG_INFINITY || fits(below)) && (result == f64::INFINITY || fits(above))
}

/// As [`is_nearest`], of the square root of so many squared units.
pub(super) fn is_nearest_root(result: f64, numerator: &BigInt, denominator: &BigInt) -> bool {
    let even = result.to_bits() & 1 == 0;
    let square = |other: f64| (units(result) + units(other)).pow(2) * denominator;
    let four: BigInt = numerator * 4;
    let below = square(result.next_down().max(0.0)).cmp(&four);
    let above = four.cmp(&square(result.next_up()));
    let fits = |order: std::cmp::Ordering| order.is_lt() || even && order.is_eq();
    (result == 0.0 || fits(below)) && fits(above)
}

/// Doubles that cancel, that lie far apart, and that are at the edges.
pub(super) fn finite() -> impl Strategy<Value = f64> {
    let edges = vec![
        f64::MAX,
        -f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
        -5e-324,
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.1,
        9_007_199_254_740_992.0,
        9_007_199_254_740_993.0,
        1e16,
        1e-16,
        1.5,
        f64::EPSILON,
    ];
    prop_oneof![
        3 => (-10_000_i32..10_000).prop_map(|cents| f64::from(cents) / 100.0),
        2 => prop::sample::select(edges),
        1 => any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |v| v.is_finite()),
        // Powers of two, whose sums lie halfway between doubles.
        2 => (-1074_i32..1024, any::<bool>()).prop_map(|(exponent, negative)| {
            let power = if exponent < -1022 {
                f64::from_bits(1 << (exponent + 1074))
            } else {
                f64::from_bits(u64::try_from(exponent + 1023).unwrap() << 52)
            };
            if negative { -power } else { power }
        }),
    ]
}

pub(super) fn doubles() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => finite(),
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
    ]
}

fn bytes(sum: &ExactSum) -> Vec<u8> {
    let mut bytes = Vec::new();
    sum.encode(&mut bytes);
    bytes
}

fn sum_of(values: &[f64]) -> ExactSum {
    let mut sum = ExactSum::default();
    values.iter().for_each(|value| assert!(sum.change(*value, Sign::Add)));
    sum
}

fn read(sum: &ExactSum) -> Option<f64> {
    match sum.total() {
        Total::Number(exact) => exact.to_double(),
        Total::Special(value) => Some(value),
    }
}

proptest! {
    #[test]
    fn sums_are_correctly_rounded(values in prop::collection::vec(finite(), 0..20)) {
        let sum = sum_of(&values);
        let exact: BigInt = values.iter().map(|value| units(*value)).sum();
        let result = read(&sum);
        prop_assert!(is_nearest(result, &exact, &BigInt::from(1)), "{values:?} gave {result:?}");
        if exact == BigInt::ZERO {
            prop_assert!(bytes(&sum) == [0, 0]);
            prop_assert!(result.unwrap().to_bits() == 0);
        }
    }

    #[test]
    fn sums_of_squares_are_exact(values in prop::collection::vec(finite(), 0..10)) {
        let mut sum = ExactSum::default();
        values.iter().for_each(|value| assert!(sum.change_square(*value, Sign::Add)));
        let Total::Number(Exact { numerator, exponent, negative, .. }) = sum.total_of_squares()
        else { panic!("of numbers") };
        prop_assert!(!negative);
        let expected: BigInt = values.iter().map(|value| units(*value).pow(2)).sum();
        prop_assert!(big(&numerator) << usize::try_from(exponent + 2148).unwrap() == expected);
        for value in &values {
            assert!(sum.change_square(*value, Sign::Remove));
        }
        prop_assert!(bytes(&sum) == [0, 0]);
    }

    // V1: any order, with others that come and go, in one sum or merged from two.
    #[test]
    fn bytes_do_not_depend_on_history(
        kept in prop::collection::vec(doubles(), 0..12),
        gone in prop::collection::vec((doubles(), any::<prop::sample::Index>()), 0..12),
        split in any::<prop::sample::Index>(),
    ) {
        let expected = bytes(&sum_of(&kept));
        let mut sum = ExactSum::default();
        let mut order: Vec<(f64, Sign)> = kept.iter().rev().map(|v| (*v, Sign::Add)).collect();
        for (value, at) in &gone {
            let at = at.index(order.len() + 1);
            order.insert(at, (*value, Sign::Add));
            order.push((*value, Sign::Remove));
        }
        for (value, sign) in order {
            assert!(sum.change(value, sign));
            let stored = bytes(&sum);
            let (mut decoded, mut rest) = (sum_of(&[3.5]), stored.as_slice());
            prop_assert!(decoded.decode(&mut rest).is_some() && rest.is_empty());
            prop_assert!(bytes(&decoded) == stored);
            // States live on disk between changes.
            if value > 1.0 { sum = decoded; }
        }
        prop_assert!(bytes(&sum) == expected);
        let (left, right) = kept.split_at(split.index(kept.len() + 1));
        let mut merged = sum_of(left);
        prop_assert!(merged.merge(&sum_of(right)));
        prop_assert!(bytes(&merged) == expected);
    }

    #[test]
    fn natural_numbers_compute(
        a in prop::collection::vec(words(), 0..8),
        b in prop::collection::vec(words(), 0..6),
        shift in 0_usize..200,
    ) {
        let (a, b) = (Natural::of_words(&a), Natural::of_words(&b));
        let (x, y) = (big(&a), big(&b));
        prop_assert!(big(&a.plus(&b)) == &x + &y);
        prop_assert!(big(&a.times(&b)) == &x * &y);
        let (negative, difference) = a.minus(&b);
        let expected = if negative { &y - &x } else { &x - &y };
        prop_assert!(big(&difference) == expected);
        prop_assert!(negative == (x < y) && a.cmp(&b) == x.cmp(&y));
        prop_assert!(big(&a.shifted(shift)) == &x << shift);
        let (cut, inexact) = a.unshifted(shift);
        prop_assert!(big(&cut) == &x >> shift && inexact == (&x >> shift << shift != x));
        prop_assert!(a.bits() as u64 == x.bits());
        if y != BigInt::ZERO {
            let (quotient, remainder) = a.divided_by(&b);
            prop_assert!(big(&quotient) == &x / &y && big(&remainder) == &x % &y);
        }
        let root = big(&a.square_root());
        prop_assert!(&root * &root <= x && (&root + 1_u8) * (&root + 1_u8) > x);
    }

    // Also where quotients are estimated one too great: words of nothing but ones and zeros.
    #[test]
    fn quotients_are_correctly_rounded(
        above in prop::collection::vec(words(), 1..5),
        below in prop::collection::vec(words(), 1..5),
        exponent in -1500_i32..1000,
        negative: bool,
    ) {
        let (numerator, denominator) = (Natural::of_words(&above), Natural::of_words(&below));
        if denominator.is_zero() { return Ok(()); }
        let (mut x, mut y) = (big(&numerator), big(&denominator));
        if exponent >= -1074 { x <<= exponent + 1074 } else { y <<= -1074 - exponent }
        if negative { x = -x }
        let exact = Exact { negative, numerator, denominator, exponent };
        prop_assert!(is_nearest(exact.to_double(), &x, &y));
        if !negative {
            // x / y units are x * 2^1074 / y squared units.
            prop_assert!(is_nearest_root(exact.root_to_double().unwrap(), &(x << 1074), &y));
        }
    }

    #[test]
    fn reals_are_rounded_once(above: u64, below in 1_u64.., exponent in -250_i32..130) {
        let exact = Exact {
            negative: false,
            numerator: Natural::from(u128::from(above)),
            denominator: Natural::from(u128::from(below)),
            exponent,
        };
        let result = exact.to_real().unwrap_or(f32::INFINITY);
        // Halfway between a real and the next is a double; infinity stands after the greatest.
        let half = |a: f32, b: f32| {
            let end = |v: f32| if v.is_infinite() { 2_f64.powi(128) } else { v.into() };
            units(end(a).midpoint(end(b)))
        };
        let (x, y) = (BigInt::from(above) << (exponent + 1074), BigInt::from(below));
        let even = result.to_bits() & 1 == 0;
        if result > 0.0 {
            let order = (half(result.next_down(), result) * &y).cmp(&x);
            prop_assert!(order.is_lt() || even && order.is_eq());
        }
        if result.is_finite() {
            let order = x.cmp(&(half(result, result.next_up()) * &y));
            prop_assert!(order.is_lt() || even && order.is_eq());
        }
    }
}

fn words() -> impl Strategy<Value = u64> {
    prop_oneof![any::<u64>(), Just(0), Just(u64::MAX), Just(1 << 63), Just(1)]
}

pub(super) fn big(number: &Natural) -> BigInt {
    let mut total = BigInt::ZERO;
    let (mut rest, word) = (number.clone(), Natural::from(1 << 64));
    let mut shift = 0;
    while !rest.is_zero() {
        let (upper, lower) = (rest.unshifted(64).0, rest.clone());
        let lower = lower.minus(&upper.times(&word)).1;
        total += BigInt::from(lower.to_u128().unwrap()) << shift;
        (rest, shift) = (upper, shift + 64);
    }
    total
}

/// Sums whose exact value lies halfway between two doubles go to the even one, and the least bit
/// more or less than half decides.
#[test]
fn halves_go_to_the_even_neighbour() {
    let two_to_53 = 9_007_199_254_740_992.0;
    for (values, expected) in [
        (vec![two_to_53, 1.0], two_to_53),
        (vec![two_to_53, 1.0, 5e-324], two_to_53 + 2.0),
        (vec![two_to_53, 1.0, -5e-324], two_to_53),
        (vec![two_to_53 + 2.0, 1.0], two_to_53 + 4.0),
        (vec![two_to_53 + 2.0, 1.0, -5e-324], two_to_53 + 2.0),
        (vec![-two_to_53, -1.0], -two_to_53),
        (vec![-two_to_53, -1.0, -5e-324], -two_to_53 - 2.0),
        (vec![0.1, 0.2, 0.3], 0.6),
        (vec![1e308, 1e308, -1e308], 1e308),
        (vec![f64::MAX, f64::MAX, -f64::MAX], f64::MAX),
        (vec![5e-324, 5e-324], 1e-323),
        (vec![1e100, 1.0, -1e100], 1.0),
        (vec![-0.0, -0.0], 0.0),
    ] {
        let sum = read(&sum_of(&values)).unwrap();
        assert_eq!(sum.to_bits(), expected.to_bits(), "{values:?} gave {sum:e}");
    }
}

/// The greatest double and just half of its last place more is beyond all doubles; a little less
/// is not.
#[test]
fn the_edge_of_infinity_is_half_a_place_beyond_the_greatest() {
    let half = 2_f64.powi(969) * 2.0;
    assert_eq!(read(&sum_of(&[f64::MAX, half])), None);
    assert_eq!(read(&sum_of(&[f64::MAX, half, -5e-324])), Some(f64::MAX));
    assert_eq!(read(&sum_of(&[-f64::MAX, -half])), None);
    assert_eq!(read(&sum_of(&[f64::MAX; 3])), None);
}

/// NaN and infinities are counted apart, so the sum of the others is there again without them.
#[test]
fn infinities_come_and_go() {
    let mut sum = sum_of(&[1.5, 2.5]);
    let before = bytes(&sum);
    let mut state = |value: f64, sign| {
        assert!(sum.change(value, sign));
        read(&sum).unwrap()
    };
    assert_eq!(state(f64::INFINITY, Sign::Add), f64::INFINITY);
    assert!(state(f64::NEG_INFINITY, Sign::Add).is_nan());
    assert_eq!(state(f64::INFINITY, Sign::Remove), f64::NEG_INFINITY);
    assert!(state(f64::NAN, Sign::Add).is_nan());
    assert!(state(f64::NEG_INFINITY, Sign::Remove).is_nan());
    assert_eq!(state(f64::NAN, Sign::Remove), 4.0);
    assert_eq!(bytes(&sum), before);
    assert!(!sum.change(f64::NAN, Sign::Remove), "it was never added");
}

/// A sum of as many of the greatest doubles as there can be rows stays within its words.
#[test]
fn the_longest_sums_fit() {
    for square in [false, true] {
        let mut sum = ExactSum::default();
        let add = |sum: &mut ExactSum, value| {
            assert!(if square {
                sum.change_square(value, Sign::Add)
            } else {
                sum.change(value, Sign::Add)
            });
        };
        add(&mut sum, f64::MAX);
        for _ in 0..64 {
            let half = sum.clone();
            assert!(sum.merge(&half));
        }
        // The lowest bit there is.
        add(&mut sum, 5e-324);
        let stored = bytes(&sum);
        assert_eq!(stored.len(), 2 + 8 * if square { 67 } else { 34 });
        let mut decoded = ExactSum::default();
        assert_eq!(decoded.decode(&mut stored.as_slice()), Some(()));
        let total = if square { decoded.total_of_squares() } else { decoded.total() };
        assert!(matches!(total, Total::Number(exact) if exact.to_double().is_none()));
    }
}

/// Squares of i64::MIN and of 38 nines fill the widths that `wide` gives them, 2^64 of them too.
#[test]
fn wide_sums_hold_as_many_terms_as_there_can_be_rows() {
    use crate::decimal::Decimal;
    use crate::value::ValueRef;
    use crate::view::{decimal_sum::*, wide::Wide};
    let nines = Decimal::new(10_i128.pow(38) - 1, 0).unwrap();
    for (value, mut sum) in [
        (ValueRef::Integer(i64::MIN), SumState::Integers(0)),
        (ValueRef::Integer(i64::MIN), SumState::IntegerSquares(Wide::ZERO)),
        (ValueRef::Decimal(nines.negate()), SumState::Decimals(DecimalSum::default())),
        (ValueRef::Decimal(nines), SumState::DecimalSquares(SquareSum::default())),
    ] {
        assert_eq!(sum.change(value, Sign::Add), crate::view::state::Changed::Yes);
        // One doubling short of 2^64: no group has as many rows, for they are counted in 64 bits.
        for _ in 0..63 {
            let half = sum.clone();
            // Counts of a scale overflow only at 2^64.
            assert!(sum.merge(&half), "{value:?}");
        }
    }
    let (negative, square) = Wide::square(i128::MIN + 1).to_natural();
    assert_eq!((negative, big(&square)), (false, BigInt::from(i128::MIN + 1).pow(2)));
    assert_eq!(big(&Wide::<3>::from(i128::MIN).to_natural().1), BigInt::from(1) << 127);
}
