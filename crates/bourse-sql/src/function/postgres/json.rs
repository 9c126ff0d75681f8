//! JSON of other values.

use crate::datum::Datum;
use crate::error::Result;
use crate::function::Context;
use crate::function::cast::no_cast;
use crate::types::SqlType;

/// What `to_json` makes of a row or an array of rows.
pub(crate) fn of_value(
    _value: &Datum,
    from: &SqlType,
    to: &SqlType,
    _context: &dyn Context,
) -> Result<Datum> {
    Err(no_cast(from, to))
}
