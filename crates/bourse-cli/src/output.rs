//! What a command shows: progress, where its JSON goes, how it ends.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use bourse_storage::{Error, ErrorKind, Result};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

/// How a command that did its work ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// All is well: exit code 0.
    Good,
    /// Answers or checksums differ, or damage was found: exit code 3.
    Different,
}

/// Where the JSON report goes. What people read goes to standard error, so that standard output
/// holds JSON alone.
pub(crate) enum Destination {
    /// Nowhere: standard output is a terminal.
    None,
    /// To standard output.
    StandardOutput,
    /// To a file.
    File(PathBuf),
}

impl Destination {
    /// What `--json` says; without it, standard output unless that is a terminal.
    pub(crate) fn new(argument: Option<&Path>) -> Destination {
        match argument {
            Some(path) if path == Path::new("-") => Destination::StandardOutput,
            Some(path) => Destination::File(path.to_owned()),
            None if std::io::stdout().is_terminal() => Destination::None,
            None => Destination::StandardOutput,
        }
    }

    /// Shows and writes what a search for damage found, also where damage ended the search: then
    /// the error goes on, and is the only finding.
    pub(crate) fn write_findings<R>(
        &self,
        searched: Result<R>,
        table: impl FnOnce(&R) -> String,
        json: impl FnOnce(&R) -> Value,
        is_sound: impl FnOnce(&R) -> bool,
    ) -> Result<Outcome> {
        match searched {
            Ok(report) => {
                eprintln!("{}", table(&report));
                self.write(&json(&report))?;
                Ok(if is_sound(&report) { Outcome::Good } else { Outcome::Different })
            }
            Err(error) => {
                if error.kind() == ErrorKind::Corrupt {
                    let finding = json!({ "what": error.to_string() });
                    self.write(&json!({ "sound": false, "findings": [finding] }))?;
                }
                Err(error)
            }
        }
    }

    /// Writes the report.
    pub(crate) fn write(&self, report: &Value) -> Result<()> {
        let text = format!("{report:#}\n");
        match self {
            Destination::None => Ok(()),
            Destination::StandardOutput => {
                let mut output = std::io::stdout().lock();
                output
                    .write_all(text.as_bytes())
                    .and_then(|()| output.flush())
                    .map_err(|error| Error::io("cannot write to standard output", error))
            }
            Destination::File(path) => std::fs::write(path, text)
                .map_err(|error| Error::io(format!("cannot write {}", path.display()), error)),
        }
    }
}

/// A progress bar on standard error.
pub(crate) fn progress_bar() -> ProgressBar {
    let progress = ProgressBar::new(0);
    let template = "{elapsed_precise} {bar:30} {pos}/{len} {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        progress.set_style(style);
    }
    progress
}
