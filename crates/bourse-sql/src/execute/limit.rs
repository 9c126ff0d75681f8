//! LIMIT, OFFSET and WITH TIES.

use super::sort::same;
use super::{Env, Flow, Frame, Sink};
use crate::Dialect;
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::cast::apply_affinity;
use crate::plan::code::Code;
use crate::plan::node::Limit;
use crate::types::Affinity;

/// A number of rows; `None` is all.
pub(crate) fn count(code: &Code, env: &Env<'_>, frame: &mut Frame) -> Result<Option<u64>> {
    limit(code, "LIMIT", env, frame)
}

/// Most rows that a limit and an offset ask for.
pub(crate) fn most(
    bounds: Option<&(Code, Option<Code>)>,
    env: &Env<'_>,
    frame: &mut Frame,
) -> Result<usize> {
    let Some((limit, offset)) = bounds else { return Ok(usize::MAX) };
    let Some(limit) = count(limit, env, frame)? else { return Ok(usize::MAX) };
    let offset = match offset {
        Some(offset) => count(offset, env, frame)?.unwrap_or(0),
        None => 0,
    };
    Ok(usize::try_from(limit.saturating_add(offset)).unwrap_or(usize::MAX))
}

fn limit(code: &Code, clause: &str, env: &Env<'_>, frame: &mut Frame) -> Result<Option<u64>> {
    let value = code.eval(env, frame)?;
    let value = match env.dialect {
        // What is a whole number by its value is one.
        Dialect::Sqlite => apply_affinity(value, Affinity::Integer),
        Dialect::Postgres => value,
    };
    match (value, env.dialect) {
        (Datum::Integer(count), Dialect::Sqlite) => Ok(u64::try_from(count).ok()),
        (Datum::Integer(count), Dialect::Postgres) => match u64::try_from(count) {
            Ok(count) => Ok(Some(count)),
            Err(_) => {
                let state = if clause == "LIMIT" { "2201W" } else { "2201X" };
                Err(SqlError::new(state, format!("{clause} must not be negative")))
            }
        },
        (Datum::Null, Dialect::Postgres) => Ok(None),
        _ => Err(SqlError::new("20000", "datatype mismatch")),
    }
}

impl Limit {
    /// Gives some of the rows to the sink.
    pub(crate) fn run(
        &self,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let mut skip = match &self.offset {
            Some(code) => limit(code, "OFFSET", env, frame)?.unwrap_or(0),
            None => 0,
        };
        let most = match &self.limit {
            Some(code) => limit(code, "LIMIT", env, frame)?,
            None => None,
        };
        let Some(most) = most else {
            return self.input.run(env, frame, &mut |frame| {
                if skip > 0 {
                    skip -= 1;
                    return Ok(Flow::More);
                }
                sink(frame)
            });
        };
        if most == 0 {
            return Ok(Flow::More);
        }
        let mut given = 0;
        let mut last: Option<Vec<Datum>> = None;
        let mut wanted = Flow::More;
        self.input.run(env, frame, &mut |frame| {
            if skip > 0 {
                skip -= 1;
                return Ok(Flow::More);
            }
            if given == most {
                // Only those equal to the last one come behind it.
                let Some(keys) = &self.ties else { return Ok(Flow::Enough) };
                let values: Vec<Datum> =
                    keys.iter().map(|key| key.code.eval(env, frame)).collect::<Result<_>>()?;
                if !last.as_ref().is_some_and(|last| same(keys, last, &values)) {
                    return Ok(Flow::Enough);
                }
                wanted = sink(frame)?;
                return Ok(wanted);
            }
            given += 1;
            if given == most
                && let Some(keys) = &self.ties
            {
                let values = keys.iter().map(|key| key.code.eval(env, frame));
                last = Some(values.collect::<Result<_>>()?);
            }
            wanted = sink(frame)?;
            if wanted == Flow::Enough || (given == most && self.ties.is_none()) {
                return Ok(Flow::Enough);
            }
            Ok(Flow::More)
        })?;
        // That this operator has enough is no reason for those above to end.
        Ok(wanted)
    }
}
