//! Reading groups of aggregate views.

use std::ops::ControlFlow;

use bourse::Value;

use super::evaluate::all_true;
use super::limit::most;
use super::{Env, Flow, Frame, Sink};
use crate::datum::from_value;
use crate::error::{Result, SqlError};
use crate::plan::node::{GroupPath, Groups};

impl Groups {
    /// Gives the groups to the sink.
    pub(crate) fn run(
        &self,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let (range, order) = match &self.path {
            GroupPath::Key(range, order) => (range, *order),
            GroupPath::First(column, order) => {
                let limit = most(self.limit.as_ref(), env, frame)?;
                let mut result = Ok(Flow::More);
                let mut show = |values: &[Value]| {
                    result = self.take(values, env, frame, sink);
                    go_on(&result)
                };
                env.reader.first_groups(&self.view, column, *order, limit, &mut show)?;
                return result;
            }
        };
        for range in &range.ranges(env, frame)?.ranges {
            let mut result = Ok(Flow::More);
            let mut show = |values: &[Value]| {
                result = self.take(values, env, frame, sink);
                go_on(&result)
            };
            env.reader.groups(&self.view, range, order, &mut show).map_err(gone)?;
            if result? == Flow::Enough {
                return Ok(Flow::Enough);
            }
        }
        Ok(Flow::More)
    }

    fn take(
        &self,
        values: &[Value],
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        frame.tick()?;
        for (slot, output, ty) in &self.columns {
            frame.slots[*slot] = from_value(values[*output].as_value(), ty, env.dialect)?;
        }
        if !all_true(&self.filter, env, frame)? {
            return Ok(Flow::More);
        }
        sink(frame)
    }
}

fn go_on(result: &Result<Flow>) -> ControlFlow<()> {
    match result {
        Ok(Flow::More) => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    }
}

/// The view is not there in the state that is read, which is older or newer than the plan: the
/// statement may be run again.
fn gone(error: bourse::Error) -> SqlError {
    if error.sqlstate() == "42P01" {
        return SqlError::new("40001", "could not serialize access due to concurrent definitions")
            .with_detail(error.to_string());
    }
    error.into()
}
