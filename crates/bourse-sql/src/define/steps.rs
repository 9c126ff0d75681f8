//! Definitions that are made in several steps, some of which change rows: a column is added, the
//! rows get its values, and then it refuses NULL.
//!
//! In a transaction the steps are parts of it, and go with it. Outside of one each is done by
//! itself; when one is refused, what the ones before it have done is taken back.

use super::Definition;
use crate::error::SqlError;

/// One after the other.
#[derive(Clone, Debug)]
pub struct Steps {
    /// What is done.
    pub parts: Vec<Part>,
    /// What takes back what was done, as far as it was.
    pub undo: Vec<Definition>,
    /// The command's tag.
    pub tag: &'static str,
}

/// A step.
#[derive(Clone, Debug)]
pub enum Part {
    /// Something is defined.
    Define(Definition),
    /// The same, and an error of this SQLSTATE is told so.
    Checked(Definition, SqlError),
    /// A statement changes rows.
    Run(String),
}
