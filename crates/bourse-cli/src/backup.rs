//! `bourse backup`: copies a store, and verifies the copies.

use std::path::{Path, PathBuf};

use bourse::backup::{self, BackupInfo, BackupProgress};
use bourse_storage::{Error, Result};
use indicatif::ProgressBar;
use serde_json::{Value, json};

use crate::output::{Destination, Outcome, progress_bar};
use crate::store;

#[cfg(test)]
mod tests;
mod verify;

/// What the user asks of the backup.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
    /// The store's folder.
    #[arg(long, value_name = "DIR", required = true)]
    data: Option<PathBuf>,
    /// The folder of the backup, new or empty. It is a backup when it has the file BACKUP, which is
    /// written last; what an interrupted backup left there is removed.
    #[arg(long, value_name = "DIR", required = true)]
    to: Option<PathBuf>,
    /// An earlier backup of the same store, full or incremental: only pages that are new since then
    /// are copied.
    #[arg(long, value_name = "DIR")]
    incremental_from: Option<PathBuf>,
    /// Where the report in JSON goes; `-` is standard output, where it also goes when that is a
    /// pipe.
    #[arg(long, value_name = "FILE|-")]
    json: Option<PathBuf>,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Read backups or an archive, restore them aside, check that store, and name what is wrong.
    ///
    /// Every file is read: the checksum and the identity of each page, and the checksum of the
    /// whole. With the full backup of the chain among them, every tree of the newest state is
    /// walked too, its rows are counted, and a store is made of it in a temporary folder and
    /// checked as `bourse check` does. Of an archive every segment of the log is read, and the
    /// store is made of the newest backup and all that follows it. Exit code 3 when something is
    /// wrong.
    ///
    ///   bourse backup verify --from monday --from tuesday
    ///   bourse backup verify --archive archive --scratch /var/tmp
    #[command(verbatim_doc_comment)]
    Verify(verify::Arguments),
}

/// Runs the backup, or its verification.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    if let Some(Action::Verify(arguments)) = &arguments.action {
        return verify::run(arguments);
    }
    let (Some(data), Some(to)) = (&arguments.data, &arguments.to) else {
        return Err(Error::invalid("name the store with --data and the backup with --to"));
    };
    let destination = Destination::new(arguments.json.as_deref());
    store::require(data)?;
    let progress = progress_bar();
    let taken = take(arguments, data, to, &progress);
    progress.finish_and_clear();
    let info = taken?;
    eprintln!("{}", line(&info));
    destination.write(&json(&info))?;
    Ok(Outcome::Good)
}

fn take(
    arguments: &Arguments,
    data: &Path,
    to: &Path,
    progress: &ProgressBar,
) -> Result<BackupInfo> {
    let database = store::open(data, progress)?;
    progress.set_message("pages read");
    let base = arguments.incremental_from.as_deref();
    let info = database.backup(to, base, &mut |state| show(progress, state))?;
    database.close()?;
    Ok(info)
}

/// Shows how far it is.
pub(crate) fn show(progress: &ProgressBar, state: BackupProgress) {
    progress.set_length(state.pages_total);
    progress.set_position(state.pages_done);
}

/// A backup in a line.
pub(crate) fn line(info: &BackupInfo) -> String {
    let kind = if info.base.is_some() { "incremental" } else { "full" };
    let rows: u64 = info.tables.iter().map(|table| table.rows).sum();
    format!(
        "{kind} backup {:032x}: LSN {}, {} tables, {rows} rows, {} pages of which {} are in it, {} \
         MiB",
        info.id,
        info.lsn,
        info.tables.len(),
        info.pages,
        info.pages_copied,
        info.bytes >> 20
    )
}

/// A backup in the reports. Numbers of 128 bits are hexadecimal text.
pub(crate) fn json(info: &BackupInfo) -> Value {
    let table = |table: &backup::BackedUpTable| {
        json!({
            "name": table.name,
            "columns": table.columns,
            "rows": table.rows,
            "indexes": table.indexes,
        })
    };
    json!({
        "id": format!("{:032x}", info.id),
        "store": format!("{:032x}", info.store),
        "base": info.base.map(|base| format!("{base:032x}")),
        "lsn": info.lsn.0,
        "batch": info.batch.0,
        "taken_us": info.taken_us,
        "pages": info.pages,
        "pages_copied": info.pages_copied,
        "bytes": info.bytes,
        "tables": info.tables.iter().map(table).collect::<Vec<_>>(),
    })
}
