//! Opening a store that is there, with progress.

use std::path::Path;

use bourse::{Database, Options};
use bourse_storage::{Error, Result};
use indicatif::ProgressBar;

/// Refuses a folder without a store, before anything is shown.
pub(crate) fn require(folder: &Path) -> Result<()> {
    if folder.join("STORE").exists() {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "{} holds no store: name the folder that a store was opened or imported in",
        folder.display()
    )))
}

/// Opens the store in a folder; progress is of the log that is replayed.
pub(crate) fn open(folder: &Path, progress: &ProgressBar) -> Result<Database> {
    progress.set_message("bytes of log replayed");
    let options = Options { create: false, ..Options::default() };
    Database::open_with_progress(folder, options, &mut |recovered| {
        progress.set_length(recovered.bytes_total);
        progress.set_position(recovered.bytes_done);
    })
}
