//! The bytes are those that PostgreSQL 15's send functions gave.

use std::sync::Arc;

use super::{decode_binary, encode_binary};
use crate::datum::{Datum, hex, input, output};
use crate::function::PlainContext;
use crate::types::{EnumType, OidKind, SqlType};

fn mood() -> SqlType {
    SqlType::Enum(Arc::new(EnumType { name: "mood".into(), labels: vec!["sad".into()] }))
}

fn recorded() -> Vec<(SqlType, &'static str, &'static str)> {
    let numeric = SqlType::Numeric(None);
    let timestamp = SqlType::Timestamp(6);
    vec![
        (SqlType::SmallInt, "-2", "fffe"),
        (SqlType::Integer, "7", "00000007"),
        (SqlType::BigInt, "-9", "fffffffffffffff7"),
        (SqlType::Real, "1.5", "3fc00000"),
        (SqlType::Double, "-0.1", "bfb999999999999a"),
        (numeric.clone(), "0", "0000000000000000"),
        (numeric.clone(), "1.50", "000200000000000200011388"),
        (numeric.clone(), "-12345.678", "0003000140000003000109291a7c"),
        (numeric.clone(), "0.00001", "0001fffe0000000503e8"),
        (numeric.clone(), "0.000", "0000000000000003"),
        (numeric.clone(), "100000000", "00010002000000000001"),
        (numeric.clone(), "NaN", "00000000c0000000"),
        (numeric.clone(), "Infinity", "00000000d0000020"),
        (numeric.clone(), "-Infinity", "00000000f0000020"),
        (
            numeric,
            "123456789012345678901234567890.123456789",
            "000b000700000009000c0d801ed204d2162e23340d801ed204d2162e2328",
        ),
        (SqlType::Text, "h", "68"),
        (SqlType::Bytea, "\\x00ff", "00ff"),
        (SqlType::Boolean, "t", "01"),
        (SqlType::Date, "2024-02-29", "00002279"),
        (SqlType::Date, "infinity", "7fffffff"),
        (SqlType::Date, "-infinity", "80000000"),
        (SqlType::Date, "1999-12-31", "ffffffff"),
        (SqlType::Time(6), "12:34:56.789", "0000000a8be62608"),
        (timestamp.clone(), "2024-02-29 12:34:56.5", "0002b583416e1d20"),
        (timestamp, "infinity", "7fffffffffffffff"),
        (SqlType::TimestampTz(6), "1969-12-31 23:59:59+00", "fffca2fec4b8ddc0"),
        (SqlType::Interval, "1 year 2 days 00:00:03.5", "00000000003567e0000000020000000c"),
        (SqlType::Uuid, "00112233-4455-6677-8899-aabbccddeeff", "00112233445566778899aabbccddeeff"),
        (SqlType::Json, "{\"a\":1}", "7b2261223a317d"),
        (SqlType::Jsonb, "{\"a\": [2], \"b\": 1}", "017b2261223a205b325d2c202262223a20317d"),
        (
            SqlType::Integer.array(),
            "{1,NULL,3}",
            "00000001000000010000001700000003000000010000000400000001ffffffff0000000400000003",
        ),
        (SqlType::Integer.array(), "{}", "000000000000000000000017"),
        (
            SqlType::Text.array(),
            "{{a,b},{c,d}}",
            "00000002000000000000001900000002000000010000000200000001\
             0000000161000000016200000001630000000164",
        ),
        (
            SqlType::Integer.array(),
            "[0:1]={5,6}",
            "000000010000000000000017000000020000000000000004000000050000000400000006",
        ),
        (mood(), "sad", "736164"),
        (SqlType::Oid(OidKind::Oid), "4000000000", "ee6b2800"),
    ]
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    digits.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

#[test]
fn as_postgres_sends_and_receives() {
    let context = &PlainContext::POSTGRES;
    for (ty, text, expected) in recorded() {
        let mut bytes = Vec::new();
        encode_binary(&input(text, &ty, context).unwrap(), &ty, &mut bytes).unwrap();
        assert_eq!(hex(&bytes), expected, "{ty} {text}");
        let value = decode_binary(&bytes_of(expected), &ty).unwrap();
        assert_eq!(output(&value, &ty, context).unwrap(), text, "{ty}");
    }
}

#[test]
fn rows() {
    let columns = [("f1", SqlType::Integer), ("f2", SqlType::Text), ("f3", SqlType::Integer)];
    let columns = columns.map(|(name, ty)| (name.to_owned(), ty));
    let ty = SqlType::Record(Arc::new(columns));
    let row = Datum::Record(Arc::new([Datum::Integer(1), Datum::text("x"), Datum::Null]));
    let mut bytes = Vec::new();
    encode_binary(&row, &ty, &mut bytes).unwrap();
    let expected = "0000000300000017000000040000000100000019000000017800000017ffffffff";
    assert_eq!(hex(&bytes), expected);
    let Datum::Record(fields) = decode_binary(&bytes, &ty).unwrap() else { panic!() };
    assert!(matches!(&fields[..], [Datum::Integer(1), Datum::Text(x), Datum::Null] if x == "x"));
}

/// Bytes cut anywhere, or followed by others, are refused and nothing panics; texts of any length
/// are texts.
#[test]
fn what_is_no_value_is_refused() {
    for (ty, text, expected) in recorded() {
        let mut bytes = bytes_of(expected);
        let is_text = matches!(ty, SqlType::Text | SqlType::Bytea);
        for end in 0..bytes.len() {
            let cut = decode_binary(&bytes[..end], &ty);
            assert!(is_text || cut.is_err(), "{ty} {text} cut at {end}: {cut:?}");
        }
        bytes.push(7);
        assert!(is_text || decode_binary(&bytes, &ty).is_err(), "{ty} {text}");
    }
    let refused = |bytes: &[u8], ty: SqlType| decode_binary(bytes, &ty).unwrap_err();
    let error = refused(&[b'a', 0xe2, 0x28, 0xa1], SqlType::Text);
    assert_eq!(error.sqlstate(), "22021");
    assert_eq!(error.message(), "invalid byte sequence for encoding \"UTF8\": 0xe2 0x28 0xa1");
    assert_eq!(refused(&[0; 3], SqlType::Integer).message(), "insufficient data left in message");
    assert_eq!(refused(&[0; 5], SqlType::Integer).message(), "incorrect binary data format");
    assert_eq!(refused(b"happy", mood()).sqlstate(), "22P02");
    let mut texts = Vec::new();
    let array = Datum::list(vec![Datum::text("x")]);
    encode_binary(&array, &SqlType::Text.array(), &mut texts).unwrap();
    assert_eq!(refused(&texts, SqlType::Integer.array()).sqlstate(), "42804");
}
