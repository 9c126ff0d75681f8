//! States of aggregates that both dialects use.

use std::cmp::Ordering;
use std::sync::Arc;

use bourse::Collation;

use super::{Accumulator, Context};
use crate::datum::{self, Datum};
use crate::error::Result;
use crate::types::{EnumType, SqlType};

/// count(*) and count(value): the caller leaves NULLs out where the aggregate is strict.
#[derive(Default)]
struct Count(i64);

impl Accumulator for Count {
    fn add(&mut self, _arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        self.0 += 1;
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        Ok(Datum::Integer(self.0))
    }
}

pub(crate) fn count(_types: &[SqlType], _collation: Collation) -> Box<dyn Accumulator> {
    Box::<Count>::default()
}

/// The least or greatest value.
struct Extreme {
    best: Datum,
    collation: Collation,
    wanted: Ordering,
    /// Of an enumerated type: its labels, in whose order values are compared.
    labels: Option<Arc<EnumType>>,
}

impl Extreme {
    fn start(types: &[SqlType], collation: Collation, wanted: Ordering) -> Box<dyn Accumulator> {
        let labels = match types {
            [SqlType::Enum(labels)] => Some(Arc::clone(labels)),
            _ => None,
        };
        Box::new(Extreme { best: Datum::Null, collation, wanted, labels })
    }

    fn compare(&self, value: &Datum) -> Ordering {
        let Some(labels) = &self.labels else {
            return datum::compare(value, &self.best, self.collation);
        };
        let place = |value: &Datum| {
            let text = value.as_text();
            labels.labels.iter().position(|label| Some(label.as_str()) == text)
        };
        place(value).cmp(&place(&self.best))
    }
}

impl Accumulator for Extreme {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        let value = &arguments[0];
        if self.best.is_null() || self.compare(value) == self.wanted {
            self.best = value.clone();
        }
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        Ok(self.best.clone())
    }
}

pub(crate) fn min(types: &[SqlType], collation: Collation) -> Box<dyn Accumulator> {
    Extreme::start(types, collation, Ordering::Less)
}

pub(crate) fn max(types: &[SqlType], collation: Collation) -> Box<dyn Accumulator> {
    Extreme::start(types, collation, Ordering::Greater)
}
