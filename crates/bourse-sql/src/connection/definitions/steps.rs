//! Definitions of several steps, with changes of rows among them ([`crate::define::Steps`]).

use super::super::prepared::Kind;
use super::super::{Connection, Flow};
use crate::define::{Part, Steps};
use crate::error::{Result, SqlError};

impl Connection {
    /// Outside of a transaction: each by itself, and back if one is refused.
    pub(in crate::connection) fn define_steps(&self, steps: &Steps) -> Result<()> {
        for part in &steps.parts {
            let done = match part {
                Part::Define(definition) => self.define(definition).map(drop),
                Part::Checked(definition, told) => {
                    self.define(definition).map(drop).map_err(|error| as_told(error, told))
                }
                Part::Run(text) => self.change_rows(text),
            };
            self.forget_catalog();
            if let Err(error) = done {
                for definition in &steps.undo {
                    // What was not done yet is refused, and there is nothing to take back of it.
                    let _ = crate::define::execute(definition, &self.database);
                }
                self.forget_catalog();
                return Err(error);
            }
        }
        Ok(())
    }

    /// In the open transaction.
    pub(super) fn change_in_steps(&self, steps: &Steps) -> Result<()> {
        for part in &steps.parts {
            match part {
                Part::Define(definition) => self.change_definitions(definition).map(drop)?,
                Part::Checked(definition, told) => {
                    let done = self.change_definitions(definition).map(drop);
                    done.map_err(|error| as_told(error, told))?;
                }
                Part::Run(text) => self.change_rows(text)?,
            }
            self.forget_catalog();
        }
        Ok(())
    }

    fn change_rows(&self, text: &str) -> Result<()> {
        let prepared = self.prepared(text, &[])?;
        match &prepared.kind {
            Kind::Rows(plan) => self.run_plan(plan, &[], &mut |_| Ok(Flow::More)).map(drop),
            _ => Err(SqlError::new("XX000", "a step of a definition changes no rows")),
        }
    }
}

fn as_told(error: SqlError, told: &SqlError) -> SqlError {
    // A DEFAULT that the column cannot hold leaves NULL in it.
    let is_it = error.sqlstate() == told.sqlstate()
        || (error.sqlstate(), told.sqlstate()) == ("23502", "42804");
    if is_it { told.clone() } else { error }
}
