//! Where columns lie in a row: in the layout of now, and in those that rows had before.

use super::{COUNT_BYTES, END_WIDTH};
use crate::value::{Type, Value, fold_double, fold_real};

/// A layout that rows of a table were written in before, and may still have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EarlierLayout {
    /// What its rows name it by.
    pub number: u16,
    /// Each column that its rows hold: its type there, and its position in the table of now; none
    /// where it was dropped.
    pub columns: Vec<(Type, Option<u16>)>,
}

/// Where one column lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    /// The type that it was written as.
    pub(super) data_type: Type,
    pub(super) kind: Kind,
    /// Its bit in the null bitmap.
    bit: u16,
    /// Bytes from the row's first one to the fixed slot, or to the end offset.
    pub(super) offset: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Boolean,
    SmallInt,
    Integer,
    BigInt,
    Real,
    Double,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Interval,
    ShortDecimal {
        scale: u8,
    },
    LongDecimal {
        scale: u8,
    },
    Uuid,
    Text,
    Blob,
    Json,
    Tagged,
    /// A REAL that reads as the DOUBLE which its column is now.
    RealAsDouble,
    /// The row was written before there was such a column.
    Missing,
}

impl Kind {
    fn of(data_type: Type) -> Kind {
        match data_type {
            Type::Boolean => Kind::Boolean,
            Type::SmallInt => Kind::SmallInt,
            Type::Integer => Kind::Integer,
            Type::BigInt => Kind::BigInt,
            Type::Real => Kind::Real,
            Type::Double => Kind::Double,
            Type::Date => Kind::Date,
            Type::Time { .. } => Kind::Time,
            Type::Timestamp { .. } => Kind::Timestamp,
            Type::TimestampTz { .. } => Kind::TimestampTz,
            Type::Interval => Kind::Interval,
            Type::Decimal { precision: 1..=18, scale } => Kind::ShortDecimal { scale },
            Type::Decimal { precision: 0, .. } | Type::Any => Kind::Tagged,
            Type::Decimal { scale, .. } => Kind::LongDecimal { scale },
            Type::Uuid => Kind::Uuid,
            Type::Text => Kind::Text,
            Type::Blob => Kind::Blob,
            Type::Json => Kind::Json,
        }
    }

    /// Bytes of the fixed slot; `None` for a variable column.
    pub(super) fn width(self) -> Option<u32> {
        match self {
            Kind::Missing => Some(0),
            Kind::Boolean => Some(1),
            Kind::SmallInt => Some(2),
            Kind::Integer | Kind::Real | Kind::RealAsDouble | Kind::Date => Some(4),
            Kind::BigInt
            | Kind::Double
            | Kind::Time
            | Kind::Timestamp
            | Kind::TimestampTz
            | Kind::ShortDecimal { .. } => Some(8),
            Kind::LongDecimal { .. } | Kind::Interval | Kind::Uuid => Some(16),
            Kind::Text | Kind::Blob | Kind::Json | Kind::Tagged => None,
        }
    }
}

impl Slot {
    /// The byte of the null bitmap, from the row's first one, and the bit in it.
    #[inline]
    pub(super) fn null_place(&self) -> (usize, u8) {
        (COUNT_BYTES + usize::from(self.bit / 8), 1 << (self.bit % 8))
    }
}

/// Whether every value of one type is one of another, and rows that hold it as the one read as the
/// other: then a column changes its type and no row is touched.
pub(crate) fn widens(from: Type, to: Type) -> bool {
    use Type::{BigInt, Double, Integer, Real, SmallInt};
    match (from, to) {
        (from, to) if from == to => true,
        (SmallInt, Integer | BigInt) | (Integer, BigInt) | (Real, Double) => true,
        (Type::Decimal { precision: 0, .. }, _) => false,
        (Type::Decimal { .. }, Type::Decimal { precision: 0, .. }) => true,
        (
            Type::Decimal { precision, scale },
            Type::Decimal { precision: digits, scale: places },
        ) => scale == places && precision <= digits,
        (Type::Time { precision }, Type::Time { precision: finer })
        | (Type::Timestamp { precision }, Type::Timestamp { precision: finer })
        | (Type::TimestampTz { precision }, Type::TimestampTz { precision: finer }) => {
            precision <= finer
        }
        _ => false,
    }
}

/// Whether columns of these types lie in rows alike.
pub(crate) fn lies_alike(one: Type, other: Type) -> bool {
    Kind::of(one) == Kind::of(other)
}

/// One layout: what its rows hold, and where the columns of now are among that.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// What rows name it by.
    pub(super) number: u16,
    /// What the rows hold, in their order.
    pub(super) held: Vec<Slot>,
    /// The columns of now.
    pub(super) columns: Vec<Slot>,
    /// Where the end offsets begin.
    pub(super) ends_at: usize,
    /// Where the tail begins.
    pub(super) tail_at: usize,
}

impl Shape {
    fn new(number: u16, types: impl ExactSizeIterator<Item = Type> + Clone) -> Shape {
        let width = |data_type| Kind::of(data_type).width();
        let slots_at = COUNT_BYTES + types.len().div_ceil(8);
        let mut fixed_at = u32::try_from(slots_at).unwrap_or(u32::MAX);
        let ends_at = fixed_at + types.clone().filter_map(width).sum::<u32>();
        let mut end_at = ends_at;
        let held = (0_u16..).zip(types).map(|(bit, data_type)| {
            let kind = Kind::of(data_type);
            let place = match kind.width() {
                Some(_) => &mut fixed_at,
                None => &mut end_at,
            };
            let offset = *place;
            *place += kind.width().unwrap_or(END_WIDTH);
            Slot { data_type, kind, bit, offset }
        });
        let held: Vec<Slot> = held.collect();
        let (ends_at, tail_at) = (ends_at as usize, end_at as usize);
        Shape { number, columns: held.clone(), held, ends_at, tail_at }
    }

    /// An earlier layout, read as columns of these types.
    fn earlier(layout: &EarlierLayout, types: &[Type]) -> Shape {
        let mut shape = Shape::new(layout.number, layout.columns.iter().map(|column| column.0));
        let missing = |data_type: &Type| Slot {
            data_type: *data_type,
            kind: Kind::Missing,
            bit: 0,
            offset: 0,
        };
        shape.columns = types.iter().map(missing).collect();
        for (slot, (_, position)) in shape.held.iter().zip(&layout.columns) {
            let Some(position) = position.map(usize::from) else { continue };
            let kind = match (slot.kind, types[position]) {
                (Kind::Real, Type::Double) => Kind::RealAsDouble,
                (kind, _) => kind,
            };
            shape.columns[position] = Slot { kind, ..*slot };
        }
        shape
    }

    /// Whether its rows have a tail.
    pub(super) fn has_tail(&self) -> bool {
        self.tail_at > self.ends_at
    }
}

/// The layouts of a table's rows, computed once: the one that rows are written in, and those that
/// rows of before may have.
#[derive(Clone, Debug)]
pub struct RowLayout {
    pub(super) current: Shape,
    /// Ascending by number.
    earlier: Vec<Shape>,
    pub(super) variable_columns: Vec<u16>,
    /// What columns read as that a row lacks.
    pub(super) missing: Vec<Value>,
}

impl RowLayout {
    /// The layout of rows with columns of these types, all written so.
    pub fn new(types: &[Type]) -> RowLayout {
        let number = u16::try_from(types.len()).unwrap_or(u16::MAX);
        RowLayout::with_earlier(types, number, &[], Vec::new())
    }

    /// The layout of that number, of rows with columns of these types, beside those that rows may
    /// have from before. Column `i`, where a row lacks it, reads as `missing[i]`, and as NULL past
    /// the end of `missing`.
    ///
    /// # Panics
    /// When an earlier layout names a column that is none of these.
    pub fn with_earlier(
        types: &[Type],
        number: u16,
        earlier: &[EarlierLayout],
        mut missing: Vec<Value>,
    ) -> RowLayout {
        assert!(types.len() <= usize::from(u16::MAX), "more columns than a row can count");
        missing.resize(types.len(), Value::Null);
        // As a row would hold them.
        for value in &mut missing {
            match value {
                Value::Real(number) => *number = fold_real(*number),
                Value::Double(number) => *number = fold_double(*number),
                _ => {}
            }
        }
        let current = Shape::new(number, types.iter().copied());
        let variable = |column: &u16| current.held[usize::from(*column)].kind.width().is_none();
        let variable_columns = (0..u16::MAX).take(types.len()).filter(variable).collect();
        let mut earlier: Vec<Shape> =
            earlier.iter().map(|layout| Shape::earlier(layout, types)).collect();
        earlier.sort_by_key(|shape| shape.number);
        RowLayout { current, earlier, variable_columns, missing }
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.current.columns.len()
    }

    /// Type of a column.
    pub fn column_type(&self, column: usize) -> Type {
        self.current.columns[column].data_type
    }

    /// The number of the layout that rows are written in.
    pub fn number(&self) -> u16 {
        self.current.number
    }

    /// The layout of a number, if rows may have it.
    #[inline]
    pub(super) fn shape(&self, number: u16) -> Option<&Shape> {
        if number == self.current.number {
            return Some(&self.current);
        }
        let place = self.earlier.binary_search_by_key(&number, |shape| shape.number);
        place.ok().map(|at| &self.earlier[at])
    }
}
