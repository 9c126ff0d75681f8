//! COPY: rows of a client in PostgreSQL's three formats.
//!
//! ```text
//! COPY FROM   bytes, cut anywhere --lines, tuples--> fields --types' input--> a batch of values
//!                 --what SQL computes (bind::CopyTarget)--> rows --INSERT's way--> one transaction
//! COPY TO     a query's rows --types' output--> chunks of bytes
//! ```
//!
//! [`CopyIn`] and [`CopyOut`] own what they are; the connection that began them is given to each of
//! their calls. So a server keeps them beside a session while its client sends.

mod binary;
mod escape;
mod fields;
mod filling;
mod input;
mod lines;
mod options;
mod output;
mod script;
#[cfg(test)]
mod tests;

pub use input::CopyIn;
pub use output::CopyOut;
pub use script::takes_data;
pub(crate) use script::{Part, parts};

use crate::datum::Datum;
use crate::error::Result;
use crate::function::{Context, SetFunction, SetRows};

/// The rows of a batch, for what computes rows of them: an array of records.
pub(crate) static ROWS: SetFunction = SetFunction { name: "copy", call: rows };

fn rows(arguments: &[Datum], _: &dyn Context) -> Result<SetRows> {
    let Some(Datum::Array(rows)) = arguments.first().cloned() else {
        return Ok(Box::new(std::iter::empty()));
    };
    let count = rows.elements.len();
    Ok(Box::new((0..count).map(move |at| match &rows.elements[at] {
        Datum::Record(fields) => Ok(fields.to_vec()),
        other => Ok(vec![other.clone()]),
    })))
}
