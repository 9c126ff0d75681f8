//! Constants, edges often.

use bourse_storage::sync::sim::Random;

use super::schema::{Kind, pick};

/// Integers in all their spellings; the last few are no 64 bits wide and become reals.
const INTEGERS: [&str; 18] = [
    "0",
    "1",
    "-1",
    "2",
    "3",
    "5",
    "7",
    "10",
    "13",
    "100",
    "0x1F",
    "1_000",
    "2147483648",
    "-2147483649",
    "9223372036854775807",
    "-9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
];
const REALS: [&str; 14] = [
    "0.0",
    "-0.5",
    "1.0",
    "1.5",
    "2.25",
    "-3.75",
    ".5",
    "5.",
    "1e3",
    "1E-5",
    "123456.789",
    "1e15",
    "9007199254740993.0",
    "-1e300",
];
/// Texts: what looks like a number, what a pattern means, what folds and what does not.
const TEXTS: [&str; 22] = [
    "''",
    "'a'",
    "'A'",
    "'ab'",
    "'abc'",
    "'ABC '",
    "' a'",
    "'1'",
    "'1.5'",
    "'12abc'",
    "'-7'",
    "' 12 '",
    "'+5'",
    "'1e3'",
    "'0x1F'",
    "'9223372036854775808'",
    "'it''s'",
    "'%'",
    "'a_c'",
    "'\u{e9}\u{df}'",
    "'\u{1f600}'",
    "'NULL'",
];
/// Bytes that are UTF-8: a text that is none Bourse cannot keep.
const BLOBS: [&str; 6] = ["x''", "x'00'", "x'61'", "x'616263'", "x'c3a900'", "x'31'"];
const DATES: [&str; 16] = [
    "'2024-02-29'",
    "'2023-12-31'",
    "'1970-01-01'",
    "'2024-02-29 12:34:56'",
    "'2023-12-31 23:59:59.999'",
    "'12:00'",
    "'2024-01-15T08:30'",
    "'2024-02-30'",
    "'0000-01-01'",
    "'9999-12-31 23:59:59'",
    "'-4713-11-24 12:00'",
    "'2024-02-29T12:00Z'",
    "'2024-02-29 01:00:00+02:30'",
    "'24:00'",
    "'2460000.5'",
    "'2024-13-01'",
];

/// A constant, edges often.
pub(super) fn literal(random: &mut Random, kind: Kind) -> String {
    let all: &[&str] = match kind {
        Kind::Integer => &INTEGERS,
        Kind::Real => &REALS,
        Kind::Text => &TEXTS,
        Kind::Blob => &BLOBS,
        Kind::Date => &DATES,
    };
    pick(random, all).to_owned()
}
