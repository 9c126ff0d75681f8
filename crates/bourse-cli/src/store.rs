//! Opening a store that is there, with progress, or making one.

use std::path::Path;

use bourse::{Database, Options};
use bourse_storage::{Error, Result};
use indicatif::ProgressBar;

use crate::output::progress_bar;

/// Refuses a folder without a store, before anything is shown.
pub(crate) fn require(folder: &Path) -> Result<()> {
    if folder.join("STORE").exists() {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "{} holds no store: name the folder that a store was opened or imported in; serve and sql \
         make one with --create",
        folder.display()
    )))
}

/// Opens the store in a folder and shows the progress of it, or makes one if that is asked for and
/// there is none.
pub(crate) fn open_or_create(folder: &Path, create: bool) -> Result<Database> {
    open_or_create_with(folder, create, Options::default())
}

/// As [`open_or_create`] with options.
pub(crate) fn open_or_create_with(
    folder: &Path,
    create: bool,
    options: Options,
) -> Result<Database> {
    if create && !folder.join("STORE").exists() {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::io(format!("cannot make {}", folder.display()), error))?;
        return Database::open(folder, options);
    }
    require(folder)?;
    let progress = progress_bar();
    let opened = open_with(folder, options, &progress);
    progress.finish_and_clear();
    opened
}

/// Opens the store in a folder; progress is of the log that is replayed.
pub(crate) fn open(folder: &Path, progress: &ProgressBar) -> Result<Database> {
    open_with(folder, Options::default(), progress)
}

fn open_with(folder: &Path, options: Options, progress: &ProgressBar) -> Result<Database> {
    progress.set_message("bytes of log replayed");
    let options = Options { create: false, ..options };
    Database::open_with_progress(folder, options, &mut |recovered| {
        progress.set_length(recovered.bytes_total);
        progress.set_position(recovered.bytes_done);
    })
}
