//! Aggregates that gather: texts, arrays, booleans, bits.

use bourse::Collation;
use ecow::EcoString;

use crate::datum::{Array, Datum};
use crate::error::{Result, SqlError};
use crate::function::signature::Shape::{
    Boolean, Bytea, Elements, Int2, Int4, Int8, NonArray, Text,
};
use crate::function::signature::{Shape, Signature, aggregate};
use crate::function::{Accumulator, AggregateFunction, Context};
use crate::types::SqlType;

type Start = fn(&[SqlType], Collation) -> Box<dyn Accumulator>;

/// Texts with separators between them.
#[derive(Default)]
struct Texts(Option<EcoString>);

impl Accumulator for Texts {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        if let Some(value) = arguments[0].as_text() {
            match &mut self.0 {
                Some(all) => {
                    all.push_str(arguments[1].as_text().unwrap_or(""));
                    all.push_str(value);
                }
                None => self.0 = Some(EcoString::from(value)),
            }
        }
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        Ok(self.0.clone().map_or(Datum::Null, Datum::Text))
    }

    fn heap_bytes(&self) -> usize {
        self.0.as_ref().map_or(0, |text| text.len())
    }
}

#[derive(Default)]
struct AllBytes(Option<Vec<u8>>);

impl Accumulator for AllBytes {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        if let Some(value) = arguments[0].as_bytes() {
            match &mut self.0 {
                Some(all) => {
                    all.extend_from_slice(arguments[1].as_bytes().unwrap_or(&[]));
                    all.extend_from_slice(value);
                }
                None => self.0 = Some(value.to_vec()),
            }
        }
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        Ok(self.0.as_ref().map_or(Datum::Null, |bytes| Datum::bytes(bytes)))
    }

    fn heap_bytes(&self) -> usize {
        self.0.as_ref().map_or(0, Vec::len)
    }
}

/// Values as an array; of arrays one with a dimension more.
#[derive(Default)]
struct Values {
    count: usize,
    inner: Option<Vec<(usize, i32)>>,
    elements: Vec<Datum>,
}

impl Values {
    fn add_array(&mut self, array: &Array) -> Result<()> {
        if array.elements.is_empty() {
            return Err(SqlError::new("2202E", "cannot accumulate empty arrays"));
        }
        match &self.inner {
            Some(inner) if *inner != array.dimensions => {
                let message = "cannot accumulate arrays of different dimensionality";
                return Err(SqlError::new("2202E", message));
            }
            Some(_) => {}
            None => self.inner = Some(array.dimensions.clone()),
        }
        self.elements.extend(array.elements.iter().cloned());
        Ok(())
    }
}

struct Arrays(Values);

impl Accumulator for Values {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        self.count += 1;
        self.elements.push(arguments[0].clone());
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        if self.count == 0 {
            return Ok(Datum::Null);
        }
        let mut dimensions = vec![(self.count, 1)];
        dimensions.extend(self.inner.iter().flatten());
        Ok(Datum::Array(Array { dimensions, elements: self.elements.clone() }.into()))
    }

    fn heap_bytes(&self) -> usize {
        self.elements.len() * size_of::<Datum>()
    }
}

impl Accumulator for Arrays {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        match &arguments[0] {
            Datum::Array(array) => {
                self.0.count += 1;
                self.0.add_array(array)
            }
            _ => Err(SqlError::new("22004", "cannot accumulate null arrays")),
        }
    }

    fn result(&self, context: &dyn Context) -> Result<Datum> {
        self.0.result(context)
    }

    fn heap_bytes(&self) -> usize {
        self.0.heap_bytes()
    }
}

/// One value after the other put together.
struct Folded {
    value: Datum,
    fold: fn(&Datum, &Datum) -> Datum,
}

impl Accumulator for Folded {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        self.value = match &self.value {
            Datum::Null => arguments[0].clone(),
            value => (self.fold)(value, &arguments[0]),
        };
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        Ok(self.value.clone())
    }
}

fn folded(fold: fn(&Datum, &Datum) -> Datum) -> Box<dyn Accumulator> {
    Box::new(Folded { value: Datum::Null, fold })
}

fn all(a: &Datum, b: &Datum) -> Datum {
    Datum::Boolean(a.as_boolean() == Some(true) && b.as_boolean() == Some(true))
}

fn any(a: &Datum, b: &Datum) -> Datum {
    Datum::Boolean(a.as_boolean() == Some(true) || b.as_boolean() == Some(true))
}

fn bits(a: &Datum, b: &Datum, join: fn(i64, i64) -> i64) -> Datum {
    Datum::Integer(join(a.as_integer().unwrap_or(0), b.as_integer().unwrap_or(0)))
}

const fn of_bits(
    name: &'static str,
    shape: &'static [Shape; 1],
    start: Start,
) -> Signature<AggregateFunction> {
    aggregate(name, shape, shape[0], start)
}

const AND: Start = |_, _| folded(|a, b| bits(a, b, |a, b| a & b));
const OR: Start = |_, _| folded(|a, b| bits(a, b, |a, b| a | b));
const XOR: Start = |_, _| folded(|a, b| bits(a, b, |a, b| a ^ b));

pub(super) static AGGREGATES: &[Signature<AggregateFunction>] = &[
    aggregate("string_agg", &[Text, Text], Text, |_, _| Box::<Texts>::default()).with_nulls(),
    aggregate("string_agg", &[Bytea, Bytea], Bytea, |_, _| Box::<AllBytes>::default()).with_nulls(),
    aggregate("array_agg", &[NonArray], Shape::ListOfArgument, |_, _| Box::<Values>::default())
        .with_nulls(),
    aggregate("array_agg", &[Elements], Elements, |_, _| Box::new(Arrays(Values::default())))
        .with_nulls(),
    aggregate("bool_and", &[Boolean], Boolean, |_, _| folded(all)),
    aggregate("bool_or", &[Boolean], Boolean, |_, _| folded(any)),
    aggregate("every", &[Boolean], Boolean, |_, _| folded(all)),
    of_bits("bit_and", &[Int2], AND),
    of_bits("bit_and", &[Int4], AND),
    of_bits("bit_and", &[Int8], AND),
    of_bits("bit_or", &[Int2], OR),
    of_bits("bit_or", &[Int4], OR),
    of_bits("bit_or", &[Int8], OR),
    of_bits("bit_xor", &[Int2], XOR),
    of_bits("bit_xor", &[Int4], XOR),
    of_bits("bit_xor", &[Int8], XOR),
];
