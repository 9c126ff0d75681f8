//! SQLite's affinities applied to values.

use ecow::EcoString;

use crate::datum::Datum;
use crate::function::{ScalarFunction, Volatility};
use crate::types::Affinity;

use super::sqlite;

/// The value as a column of an affinity keeps it, and as it is compared with one.
pub fn apply_affinity(value: Datum, affinity: Affinity) -> Datum {
    match (affinity, value) {
        (Affinity::Text, value @ (Datum::Integer(_) | Datum::Double(_))) => {
            Datum::Text(sqlite::text_of(&value))
        }
        (Affinity::Numeric | Affinity::Integer, Datum::Text(text)) => number_or_text(text),
        (Affinity::Numeric | Affinity::Integer, Datum::Double(value)) => whole_or_real(value),
        (Affinity::Real, Datum::Text(text)) => match number_or_text(text) {
            Datum::Integer(value) => Datum::Double(sqlite::to_double(value)),
            other => other,
        },
        (Affinity::Real, Datum::Integer(value)) => Datum::Double(sqlite::to_double(value)),
        (_, value) => value,
    }
}

fn number_or_text(text: EcoString) -> Datum {
    match sqlite::whole_number(&text) {
        Some(Datum::Double(value)) => whole_or_real(value),
        Some(number) => number,
        None => Datum::Text(text),
    }
}

/// A real that is an integer, and that an integer holds without loss, becomes one.
fn whole_or_real(value: f64) -> Datum {
    sqlite::exact_integer(value).map_or(Datum::Double(value), Datum::Integer)
}

macro_rules! affinity_functions {
    ($($name:ident $affinity:ident;)*) => {$(
        static $name: ScalarFunction = ScalarFunction {
            name: stringify!($affinity),
            strict: true,
            volatility: Volatility::Immutable,
            is_user: false,
            call: |arguments, _| Ok(apply_affinity(arguments[0].clone(), Affinity::$affinity)),
        };
    )*};
}

affinity_functions! {
    TEXT Text;
    NUMERIC Numeric;
    INTEGER Integer;
    REAL Real;
}

/// The function of one argument that applies an affinity; `None` for the one that changes nothing.
pub fn affinity_function(affinity: Affinity) -> Option<&'static ScalarFunction> {
    match affinity {
        Affinity::None => None,
        Affinity::Text => Some(&TEXT),
        Affinity::Numeric => Some(&NUMERIC),
        Affinity::Integer => Some(&INTEGER),
        Affinity::Real => Some(&REAL),
    }
}
