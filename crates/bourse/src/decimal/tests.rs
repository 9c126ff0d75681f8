//! Decimals against digit-by-digit arithmetic on texts and against i128.

use proptest::prelude::proptest;

use super::Decimal;
use crate::value::tests::decimals;

fn decimal(text: &str) -> Decimal {
    text.parse().expect(text)
}

fn state<T: std::fmt::Display>(result: crate::Result<T>) -> String {
    result.map_or_else(|error| error.sqlstate().to_owned(), |value| value.to_string())
}

/// An integer as sign and decimal digits, least first: slow, and obviously right.
#[derive(Clone, PartialEq, Debug)]
struct Digits(Vec<i64>);

impl Digits {
    fn of(coefficient: i128, zeros: u8) -> Digits {
        let sign = if coefficient < 0 { -1 } else { 1 };
        let digits = coefficient.unsigned_abs().to_string();
        let digits = digits.bytes().rev().map(|digit| i64::from(digit - b'0') * sign);
        Digits(std::iter::repeat_n(0, usize::from(zeros)).chain(digits).collect())
    }

    fn product(&self, other: &Digits) -> Digits {
        let mut product = vec![0; self.0.len() + other.0.len()];
        for (i, a) in self.0.iter().enumerate() {
            for (j, b) in other.0.iter().enumerate() {
                product[i + j] += a * b;
            }
        }
        Digits(product)
    }

    fn sum(&self, other: &Digits) -> Digits {
        let at = |digits: &Digits, index| digits.0.get(index).copied().unwrap_or(0);
        let length = self.0.len().max(other.0.len());
        Digits((0..length).map(|index| at(self, index) + at(other, index)).collect())
    }

    /// Digits between -9 and 9 with one sign, no zeros in front, so that equal means equal.
    fn canonical(mut self) -> Digits {
        self.0.extend([0, 0, 0]);
        let mut carry = 0;
        for digit in &mut self.0 {
            let value = *digit + carry;
            (*digit, carry) = (value.rem_euclid(10), value.div_euclid(10));
        }
        if carry != 0 {
            // Negative: the digits are a complement. Take the opposite of the opposite.
            self.0.push(carry);
            let opposite = Digits(self.0.iter().map(|digit| -digit).collect()).canonical();
            return Digits(opposite.0.iter().map(|digit| -digit).collect());
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }
}

/// The value times 10^80, exactly.
fn scaled(value: Decimal) -> Digits {
    Digits::of(value.coefficient(), 80 - value.scale()).canonical()
}

proptest! {
    #[test]
    fn text_round_trips(value in decimals()) {
        let read = decimal(&value.to_string());
        assert_eq!((read.coefficient(), read.scale()), (value.coefficient(), value.scale()));
    }

    #[test]
    fn sums_are_exact(a in decimals(), b in decimals()) {
        let expected = scaled(a).sum(&scaled(b)).canonical();
        match a.checked_add(b) {
            Ok(sum) => assert_eq!(scaled(sum), expected),
            Err(error) => {
                assert_eq!(error.sqlstate(), "22003");
                // No decimal has this value: it needs more than 38 digits.
                let zeros = expected.0.iter().take_while(|digit| **digit == 0).count().min(80);
                assert!(expected.0.len() - zeros > 38, "{a} + {b}");
            }
        }
        assert_eq!(state(a.checked_sub(b)), state(a.checked_add(b.negate())));
    }

    #[test]
    fn products_are_exact(a in decimals(), b in decimals()) {
        let exact = Digits::of(a.coefficient(), 0).product(&Digits::of(b.coefficient(), 0));
        let mut expected = vec![0; 80 - usize::from(a.scale() + b.scale())];
        expected.extend(exact.0);
        let expected = Digits(expected).canonical();
        match a.checked_mul(b) {
            Ok(product) => assert_eq!(scaled(product), expected),
            Err(error) => {
                assert_eq!(error.sqlstate(), "22003");
                let zeros = expected.0.iter().take_while(|digit| **digit == 0).count();
                let digits = expected.0.len() - zeros.min(80);
                assert!(digits > 38 || zeros < 42, "{a} * {b}");
            }
        }
    }

    #[test]
    fn order_is_that_of_exact_values(a in decimals(), b in decimals()) {
        let difference = scaled(a).sum(&scaled(b.negate())).canonical();
        let sign = difference.0.last().map_or(0, |digit| digit.signum());
        assert_eq!(a.cmp(&b), sign.cmp(&0), "{a} and {b}");
    }

    #[test]
    fn rescale_rounds_half_away_from_zero(value in -1_000_000_i64..1_000_000, by in 1_u8..5) {
        let power = 10_i64.pow(by.into());
        let rounded = Decimal::new(value.into(), 6).expect("short").rescale(6 - by).expect("fits");
        let magnitude = (value.abs() + power / 2) / power;
        assert_eq!(rounded.coefficient(), i128::from(magnitude * value.signum()));
    }

    #[test]
    fn doubles_round_trip(value: f64) {
        if let Ok(decimal) = Decimal::from_f64(value) {
            assert_eq!(decimal.to_f64(), value);
        }
    }

    #[test]
    fn any_text_parses_or_errs(text in "[-+]?[0-9.eE+-]{0,50}") {
        let _ = text.parse::<Decimal>();
    }
}

#[test]
fn numbers_parse_as_written() {
    for (text, expected) in [
        ("1.50", "1.50"),
        ("-.5", "-0.5"),
        ("+7.", "7"),
        ("1e3", "1000"),
        ("1.5E-3", "0.0015"),
        ("  12 ", "12"),
        ("0.00", "0.00"),
        ("-0", "0"),
        ("1e-38", "0.00000000000000000000000000000000000001"),
        ("1e38", "22003"),
        ("1e-39", "22003"),
        ("0e999999999999", "0"),
        ("1e999999999999", "22003"),
        ("99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
        ("100000000000000000000000000000000000000", "22003"),
        (
            "0.1000000000000000000000000000000000000000000",
            "0.10000000000000000000000000000000000000",
        ),
        ("", "22P02"),
        (".", "22P02"),
        ("1e", "22P02"),
        ("1e+", "22P02"),
        ("1 2", "22P02"),
        ("NaN", "22P02"),
    ] {
        assert_eq!(state(text.parse::<Decimal>()), expected, "{text}");
    }
}

#[test]
fn equal_values_are_equal_and_hash_alike() {
    let hash = |value: Decimal| {
        use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
        BuildHasherDefault::<DefaultHasher>::default().hash_one(value)
    };
    let (a, b) = (decimal("1.50"), decimal("1.5"));
    assert_eq!(a, b);
    assert_eq!(hash(a), hash(b));
    assert_ne!(a, decimal("1.51"));
    assert_eq!(decimal("-0.00"), Decimal::ZERO);
}

#[test]
fn room_is_made_for_what_fits() {
    let large = decimal("10000000000000000000000000000000000000");
    assert_eq!(state(large.checked_add(decimal("1.00"))), "10000000000000000000000000000000000001");
    assert_eq!(state(large.checked_add(decimal("0.5"))), "22003");
    let half = decimal("0.5");
    let even = decimal("88888888888888888888888888888888888888");
    assert_eq!(state(even.checked_mul(half)), "44444444444444444444444444444444444444");
    assert_eq!(state(even.checked_mul(decimal("2"))), "22003");
}
