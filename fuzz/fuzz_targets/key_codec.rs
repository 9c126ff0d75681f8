//! Keys: byte order is the order of values, and any bytes are read without a panic.
#![no_main]

use bourse::key::{KeyColumn, KeyReader, encode_key};
use bourse::{Collation, Decimal, Interval, Type, Value, ValueRef};
use libfuzzer_sys::fuzz_target;

fn column(shape: u8) -> KeyColumn {
    let types = [
        Type::SmallInt,
        Type::Integer,
        Type::BigInt,
        Type::Real,
        Type::Double,
        Type::Boolean,
        Type::Date,
        Type::Time { precision: 9 },
        Type::Timestamp { precision: 9 },
        Type::TimestampTz { precision: 9 },
        Type::Interval,
        Type::Uuid,
        Type::Text,
        Type::Blob,
        Type::Decimal { precision: 18, scale: 4 },
        Type::DECIMAL,
        Type::Any,
    ];
    let mut column = KeyColumn::new(types[usize::from(shape % 17)]);
    if shape & 0x20 != 0 {
        column = column.nullable();
    }
    if shape & 0x40 != 0 {
        column = column.descending();
    }
    if shape & 0x80 != 0 { column.collate(Collation::NoCase) } else { column }
}

/// A value of the column's type made of bytes.
fn value(column: KeyColumn, bytes: &[u8]) -> Value {
    let mut number = [0; 8];
    let length = bytes.len().min(8);
    number[..length].copy_from_slice(&bytes[..length]);
    let number = i64::from_le_bytes(number);
    if column.nullable && bytes.is_empty() {
        return Value::Null;
    }
    let decimal = |scale: u8| Decimal::new(i128::from(number), scale).unwrap_or_default();
    let value = match column.data_type {
        Type::Boolean => Value::Boolean(number % 2 == 0),
        Type::SmallInt => Value::Integer(number % 32_768),
        Type::Integer => Value::Integer(number % (1 << 31)),
        Type::Real => Value::Real(f32::from_bits((number % (1 << 32)).unsigned_abs() as u32)),
        Type::Double => Value::Double(f64::from_bits(number.cast_unsigned())),
        Type::Date => Value::Date((number % 1_000_000) as i32),
        Type::Timestamp { .. } => Value::Timestamp(number),
        Type::TimestampTz { .. } => Value::TimestampTz(number),
        Type::Time { .. } => Value::Time(number.rem_euclid(86_400_000_000_001)),
        Type::Interval => Value::Interval(Interval {
            months: (number % 3) as i32,
            days: (number % 100) as i32,
            microseconds: number,
        }),
        Type::Uuid => Value::Uuid([number.to_le_bytes()[0]; 16]),
        Type::Text => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        Type::Blob => Value::Blob(bytes.to_vec()),
        Type::Decimal { precision: 0, .. } => {
            Value::Decimal(decimal((number % 10).unsigned_abs() as u8))
        }
        Type::Decimal { scale, .. } => Value::Decimal(decimal(scale)),
        Type::Any if number % 2 == 0 => Value::Double(f64::from_bits(number.cast_unsigned())),
        _ => Value::Integer(number),
    };
    column.data_type.coerce(value).unwrap_or(Value::Null)
}

fuzz_target!(|data: &[u8]| {
    let Some((head, bytes)) = data.split_first_chunk::<2>() else { return };
    let column = column(head[0]);
    let (a, b) = bytes.split_at(usize::from(head[1]).min(bytes.len()));

    let mut reader = KeyReader::new(std::slice::from_ref(&column), bytes);
    if column.is_lossless() {
        let _ = reader.next_value();
    } else {
        let _ = reader.skip();
    }

    let (a, b) = (value(column, a), value(column, b));
    let encode = |value: &Value| {
        let mut key = Vec::new();
        encode_key(&[column], &[value.as_value()], &mut key).ok().map(|()| key)
    };
    let (Some(x), Some(y)) = (encode(&a), encode(&b)) else { return };
    let wanted = a.compare(&b, column.collation);
    let wanted = if column.descending { wanted.reverse() } else { wanted };
    assert_eq!(x.cmp(&y), wanted, "{a:?} and {b:?} in {column:?}");
    if column.is_lossless() {
        let mut reader = KeyReader::new(std::slice::from_ref(&column), &x);
        let mut buffer = Vec::new();
        let back = reader.next_ref(&mut buffer).expect("what was written");
        let same = |back: ValueRef<'_>| back.compare(a.as_value(), column.collation).is_eq();
        assert!(same(back) && reader.is_at_end(), "{a:?} came back as {back:?}");
    }
});
