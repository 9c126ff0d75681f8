//! `bourse restore`: makes a store of backups.

use std::path::PathBuf;

use bourse::Options;
use bourse::backup::{self, BackupInfo};
use bourse_storage::Result;
use indicatif::ProgressBar;

use crate::backup::{json, line, show};
use crate::output::{Destination, Outcome, progress_bar};
use crate::target::{self, Target};

/// What the user asks of the restore.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A backup's folder. For an incremental one name all that it builds upon too, in any order.
    #[arg(long, value_name = "DIR", required = true)]
    from: Vec<PathBuf>,
    /// The folder of the store that is made; it must be new or empty, unless --replace is given.
    /// Until the restore is complete it stays as it is.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Replace the store in DIR.
    #[arg(long)]
    replace: bool,
    /// Where the report in JSON goes; `-` is standard output, where it also goes when that is a
    /// pipe.
    #[arg(long, value_name = "FILE|-")]
    json: Option<PathBuf>,
}

impl Arguments {
    #[cfg(test)]
    pub(crate) fn new(from: Vec<PathBuf>, data: PathBuf, replace: bool) -> Arguments {
        Arguments { from, data, replace, json: Some(PathBuf::from("/dev/null")) }
    }
}

/// Runs the restore.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let destination = Destination::new(arguments.json.as_deref());
    let target = Target::claim(&arguments.data, arguments.replace, target::RESTORE)?;
    let progress = progress_bar();
    let restored = restore(arguments, &target, &progress);
    progress.finish_and_clear();
    let info = match restored {
        Ok(info) => {
            target.finish()?;
            info
        }
        Err(error) => {
            target.abandon()?;
            return Err(error);
        }
    };
    eprintln!("{} holds a store with the state of:\n{}", arguments.data.display(), line(&info));
    destination.write(&json(&info))?;
    Ok(Outcome::Good)
}

fn restore(arguments: &Arguments, target: &Target, progress: &ProgressBar) -> Result<BackupInfo> {
    progress.set_message("pages read");
    let options = Options::default();
    backup::restore(&arguments.from, &target.building(), &options, &mut |state| {
        show(progress, state);
    })
}
