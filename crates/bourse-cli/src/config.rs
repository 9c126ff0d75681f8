//! `bourse config show`: the server's options as they hold, in the form of a file of them.

use bourse_storage::{Error, Result};
use std::io::Write as _;

use crate::output::Outcome;
use crate::serve::Flags;

/// What the user asks of it.
#[derive(clap::Subcommand)]
pub(crate) enum Action {
    /// Print the server's options: those of the file, the environment over them, and flags over
    /// both.
    Show(Flags),
}

/// Prints them.
pub(crate) fn run(action: &Action) -> Result<Outcome> {
    let Action::Show(flags) = action;
    let text = flags.options()?.to_toml()?;
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(|error| Error::io("cannot write to standard output", error))?;
    Ok(Outcome::Good)
}
