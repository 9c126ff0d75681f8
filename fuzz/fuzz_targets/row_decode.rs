//! Rows of any bytes: read without a panic; a whole one is written back the same.
#![no_main]

use bourse::Type;
use bourse::row::RowLayout;
use libfuzzer_sys::fuzz_target;

const TYPES: [Type; 18] = [
    Type::Boolean,
    Type::SmallInt,
    Type::Integer,
    Type::BigInt,
    Type::Real,
    Type::Double,
    Type::Date,
    Type::Time { precision: 9 },
    Type::Timestamp { precision: 9 },
    Type::TimestampTz { precision: 9 },
    Type::Interval,
    Type::Decimal { precision: 18, scale: 4 },
    Type::Decimal { precision: 38, scale: 10 },
    Type::Uuid,
    Type::Text,
    Type::Blob,
    Type::Json,
    Type::Any,
];

fuzz_target!(|data: &[u8]| {
    let Some((columns, bytes)) = data.split_first() else { return };
    let columns = usize::from(columns % 8).min(bytes.len());
    let (types, bytes) = bytes.split_at(columns);
    let types: Vec<Type> = types.iter().map(|t| TYPES[usize::from(t % 18)]).collect();
    let layout = RowLayout::new(&types);
    if let Ok(row) = layout.row(bytes) {
        for value in row.values() {
            let _ = value.to_value();
        }
    }
    if let Ok(row) = layout.check(bytes) {
        let values: Vec<_> = row.values().collect();
        let mut again = Vec::new();
        layout.encode(&values, &mut again).expect("values of the columns' types");
        let again = layout.check(&again).expect("just written");
        for (old, new) in values.iter().zip(again.values()) {
            assert!(old.compare(new, bourse::Collation::Binary).is_eq(), "{old:?} became {new:?}");
        }
    }
});
