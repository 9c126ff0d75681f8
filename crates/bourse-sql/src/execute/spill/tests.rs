//! Rows on disk: they come back as they were, in whatever way they are read.

use std::sync::Arc;

use bourse::{Collation, Database, Options};
use num_bigint::BigInt;
use proptest::prelude::*;

use super::encode::{Reading, encode};
use super::kept::Keeper;
use super::partition::hash_key;
use super::tape::{TapeReader, TapeWriter};
use super::{Disk, Memory};
use crate::datum::{Array, Datum, Instant, Interval, Numeric};

fn disk() -> (Disk, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { shards: 1, ..Options::default() };
    let database = Database::open(folder.path().join("store"), options).unwrap();
    (Disk::of(&database), folder)
}

/// Whether two values are the same in all that can be told of them.
fn identical(a: &Datum, b: &Datum) -> bool {
    let all = |a: &[Datum], b: &[Datum]| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| identical(a, b))
    };
    match (a, b) {
        (Datum::Null, Datum::Null) => true,
        (Datum::Boolean(a), Datum::Boolean(b)) => a == b,
        (Datum::Integer(a), Datum::Integer(b)) | (Datum::Time(a), Datum::Time(b)) => a == b,
        (Datum::Real(a), Datum::Real(b)) => a.to_bits() == b.to_bits(),
        (Datum::Double(a), Datum::Double(b)) => a.to_bits() == b.to_bits(),
        (Datum::Numeric(a), Datum::Numeric(b)) => {
            a.scale() == b.scale()
                && a.coefficient() == b.coefficient()
                && (a.is_nan(), a.is_finite(), a.signum())
                    == (b.is_nan(), b.is_finite(), b.signum())
        }
        (Datum::Text(a), Datum::Text(b)) | (Datum::Json(a), Datum::Json(b)) => a == b,
        (Datum::Bytes(a), Datum::Bytes(b)) => a == b,
        (Datum::Date(a), Datum::Date(b)) => a == b,
        (Datum::Timestamp(a), Datum::Timestamp(b))
        | (Datum::TimestampTz(a), Datum::TimestampTz(b)) => a == b,
        (Datum::Interval(a), Datum::Interval(b)) => a == b,
        (Datum::Uuid(a), Datum::Uuid(b)) => a == b,
        (Datum::Array(a), Datum::Array(b)) => {
            a.dimensions == b.dimensions && all(&a.elements, &b.elements)
        }
        (Datum::Record(a), Datum::Record(b)) => all(a, b),
        _ => false,
    }
}

fn instants() -> impl Strategy<Value = Instant> {
    (any::<i64>(), 0..1000_u16).prop_map(|(micros, nanos)| Instant { micros, nanos })
}

fn numerics() -> impl Strategy<Value = Numeric> {
    let long = (any::<Vec<u8>>(), 0..16_000_u32).prop_map(|(bytes, scale)| {
        Numeric::from_big(BigInt::from_signed_bytes_le(&bytes), scale).unwrap()
    });
    let short = (any::<i64>(), 0..16_383_u16)
        .prop_map(|(coefficient, scale)| Numeric::new(i128::from(coefficient), scale));
    let others = [Numeric::NAN, Numeric::INFINITY, Numeric::NEGATIVE_INFINITY, Numeric::ZERO];
    prop_oneof![short, long, proptest::sample::select(others.to_vec())]
}

fn values() -> impl Strategy<Value = Datum> {
    let doubles = prop_oneof![
        any::<u64>().prop_map(f64::from_bits),
        proptest::sample::select(vec![-0.0, 0.0, f64::NAN, -f64::NAN, f64::INFINITY]),
    ];
    let leaf = prop_oneof![
        Just(Datum::Null),
        any::<bool>().prop_map(Datum::Boolean),
        any::<i64>().prop_map(Datum::Integer),
        any::<u32>().prop_map(|bits| Datum::Real(f32::from_bits(bits))),
        doubles.prop_map(Datum::Double),
        numerics().prop_map(Datum::Numeric),
        any::<String>().prop_map(|text| Datum::text(&text)),
        any::<Vec<u8>>().prop_map(|bytes| Datum::bytes(&bytes)),
        any::<i32>().prop_map(Datum::Date),
        any::<i64>().prop_map(Datum::Time),
        instants().prop_map(Datum::Timestamp),
        instants().prop_map(Datum::TimestampTz),
        any::<(i32, i32, i64)>().prop_map(|(months, days, micros)| {
            Datum::Interval(Arc::new(Interval { months, days, micros }))
        }),
        any::<[u8; 16]>().prop_map(|bytes| Datum::Uuid(Arc::new(bytes))),
        any::<String>().prop_map(|text| Datum::Json(text.as_str().into())),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let list = proptest::collection::vec(inner, 0..6);
        let dimensions = proptest::collection::vec((any::<usize>(), any::<i32>()), 0..3);
        prop_oneof![
            (list.clone(), dimensions).prop_map(|(elements, dimensions)| {
                Datum::Array(Arc::new(Array { dimensions, elements }))
            }),
            list.prop_map(|fields| Datum::Record(fields.into())),
        ]
    })
}

proptest! {
    /// D1: each value comes back bit by bit, and nothing is left of its bytes or missing from them.
    #[test]
    fn values_come_back(row in proptest::collection::vec(values(), 0..8)) {
        let mut bytes = Vec::new();
        row.iter().for_each(|value| encode(value, &mut bytes));
        let mut reading = Reading(&bytes);
        for value in &row {
            let found = reading.value().unwrap();
            prop_assert!(identical(value, &found), "{value:?} became {found:?}");
        }
        prop_assert!(reading.0.is_empty());
        // A row that was cut is an error, and no other row.
        if !bytes.is_empty() {
            let mut reading = Reading(&bytes[..bytes.len() - 1]);
            prop_assert!(row.iter().any(|_| reading.value().is_err()));
        }
    }

    /// What is equal has one hash, whatever holds it, on each level another one.
    #[test]
    fn equal_keys_are_in_one_part(number in any::<i32>(), level in 0..4_u32) {
        let hash = |value| hash_key(level, &[value], &[Collation::Binary]);
        let integer = hash(Datum::Integer(i64::from(number)));
        prop_assert_eq!(integer, hash(Datum::Double(f64::from(number))));
        prop_assert_eq!(integer, hash(Datum::Numeric(Numeric::new(i128::from(number) * 10, 1))));
        let next = hash_key(level + 1, &[Datum::Integer(i64::from(number))], &[Collation::Binary]);
        prop_assert_ne!(integer, next);
    }
}

fn row(number: u64) -> Vec<Datum> {
    // Some rows are longer than a block.
    let length =
        if number.is_multiple_of(97) { 9000 } else { usize::try_from(number % 50).unwrap() };
    vec![Datum::Integer(i64::try_from(number).unwrap()), Datum::text(&"x".repeat(length))]
}

/// A tape is read from its front and from any row, by several readers at once.
#[test]
fn tapes_are_read_in_any_order() {
    let (disk, _folder) = disk();
    let mut memory = Memory::new(64 << 10, None);
    let file = disk.file(&memory).unwrap();
    let mut writer = TapeWriter::new(&file, 2, &mut memory);
    for number in 0..1000 {
        writer.push(&row(number)).unwrap();
    }
    let tape = writer.finish(&mut memory).unwrap();
    assert_eq!((tape.len(), memory.used), (1000, 0));
    let (mut readers, mut found) = ([TapeReader::new(&tape), TapeReader::new(&tape)], Vec::new());
    for number in 0..1000 {
        for reader in &mut readers {
            assert!(reader.next(&mut found).unwrap());
            assert!(found.iter().zip(&row(number)).all(|(a, b)| identical(a, b)), "{number}");
        }
    }
    assert!(!readers[0].next(&mut found).unwrap());
    for number in [999, 0, 1, 500, 499, 97, 98, 96, 12, 998, 999, 3] {
        readers[0].seek(number).unwrap();
        assert_eq!(readers[0].position(), number);
        assert!(readers[0].next(&mut found).unwrap());
        assert!(found.iter().zip(&row(number)).all(|(a, b)| identical(a, b)), "{number}");
    }
    readers[0].seek(1000).unwrap();
    assert!(!readers[0].next(&mut found).unwrap());
    assert_eq!(disk.used(), tape.bytes());
    drop((readers, tape, file));
    assert_eq!(disk.used(), 0, "D2");
}

/// Kept rows are the same in memory and on disk, and only these bytes count that are in memory.
#[test]
fn kept_rows_go_to_disk() {
    let (disk, _folder) = disk();
    for (limit, is_spilled) in [(1 << 20, false), (64 << 10, true)] {
        let mut memory = Memory::new(limit, None);
        let mut keeper = Keeper::new(2);
        for number in 0..2000 {
            keeper.push(row(number), &disk, &mut memory).unwrap();
            assert!(memory.used <= 80 << 10 || !is_spilled, "{} are counted", memory.used);
        }
        assert_eq!(keeper.len(), 2000);
        let kept = keeper.finish(&disk, &mut memory).unwrap();
        assert_eq!((disk.used() > 0, memory.used), (is_spilled, kept.memory_bytes()));
        let mut numbers = 0..;
        kept.each(&mut memory, &mut |found, _| {
            let expected = row(numbers.next().unwrap());
            assert!(found.iter().zip(&expected).all(|(a, b)| identical(a, b)));
            Ok(())
        })
        .unwrap();
        assert_eq!(numbers.next(), Some(2000));
    }
}

/// D3: a session's files are bounded together.
#[test]
fn files_of_a_session_are_bounded() {
    let (disk, _folder) = disk();
    let mut memory = Memory::new(64 << 10, Some(64 << 10));
    let mut tapes = Vec::new();
    let mut fill = |rows: u64| {
        let file = disk.file(&memory)?;
        let mut writer = TapeWriter::new(&file, 2, &mut memory);
        (1..=rows).try_for_each(|number| writer.push(&row(97 * number)))?;
        tapes.push(writer.finish(&mut memory)?);
        Ok::<_, crate::error::SqlError>(())
    };
    fill(3).unwrap();
    let error = fill(3).unwrap_err();
    assert_eq!(error.sqlstate(), "53400");
    assert_eq!(error.to_string(), "temporary file size exceeds temp_file_limit (64kB)");
    drop(tapes);
    assert_eq!(disk.used(), 0, "what was refused does not count");
}
