//! States of aggregates that both dialects use.

use bourse::Collation;

use super::{Accumulator, Context};
use crate::datum::{self, Datum};
use crate::error::Result;
use crate::types::SqlType;

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
    wanted: std::cmp::Ordering,
}

impl Accumulator for Extreme {
    fn add(&mut self, arguments: &[Datum], _context: &dyn Context) -> Result<()> {
        let value = &arguments[0];
        if self.best.is_null() || datum::compare(value, &self.best, self.collation) == self.wanted {
            self.best = value.clone();
        }
        Ok(())
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        Ok(self.best.clone())
    }
}

pub(crate) fn min(_types: &[SqlType], collation: Collation) -> Box<dyn Accumulator> {
    Box::new(Extreme { best: Datum::Null, collation, wanted: std::cmp::Ordering::Less })
}

pub(crate) fn max(_types: &[SqlType], collation: Collation) -> Box<dyn Accumulator> {
    Box::new(Extreme { best: Datum::Null, collation, wanted: std::cmp::Ordering::Greater })
}
