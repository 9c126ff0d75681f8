//! The demo's folder: the databases of the columns, made once and used again.
//!
//! ```text
//! FILE           DESCRIPTION
//! demo.json      what the databases were made from; without it the folder is not the demo's
//! found.sqlite   the legacy database, made or copied
//! tuned.sqlite   a copy with the plan's indexes
//! best.sqlite    a copy of that with the best ones as well, and tables of sums with triggers
//! bourse         a store of Bourse: tuned.sqlite, imported
//! bourse_best    the same with the indexes that suit Bourse, and the platform's views
//! bourse-trades, *-trades.sqlite  copies that the trade execution changes; removed after the run
//! ```

use std::path::{Path, PathBuf};
use std::time::Duration;

use bourse_storage::vfs::os::remove_folder;
use bourse_storage::{Error, Result};
use indicatif::ProgressBar;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use serde_json::json;

use super::bourse::Store;
use super::sqlite::{Setup, make_variant};
use crate::import;
use crate::legacy::schema::LARGE_TABLES;
use crate::legacy::{Legacy, generate};
use crate::sqlite;

/// Raised whenever the same seed and scale make other rows, or other databases of them.
const DATA_VERSION: u32 = 3;
/// Pages copied between two looks at the progress bar.
const PAGES_A_STEP: i32 = 4_096;

/// A folder with the databases.
pub(crate) struct Folder {
    path: PathBuf,
}

/// Where the legacy database comes from.
pub(crate) enum Source<'a> {
    /// It is made.
    Made {
        /// The seed of its rows.
        seed: u64,
        /// How large it is.
        scale: f64,
    },
    /// It is the platform's own file, which is copied and never changed.
    File(&'a Path),
}

impl Folder {
    /// Makes the folder's databases, or finds them as an earlier run left them.
    pub(crate) fn prepare(
        path: &Path,
        source: &Source<'_>,
        progress: &ProgressBar,
    ) -> Result<Folder> {
        let folder = Folder { path: path.to_owned() };
        if let Source::File(file) = source {
            folder.check_legacy(file)?;
        }
        let marker = path.join("demo.json");
        let description = match source {
            Source::Made { seed, scale } => {
                Some(json!({ "version": DATA_VERSION, "seed": seed, "scale": scale }).to_string())
            }
            Source::File(_) => None,
        };
        match std::fs::read_to_string(&marker) {
            Ok(text) if Some(&text) == description.as_ref() => {
                progress.set_message("using the databases of the last run");
                return Ok(folder);
            }
            Ok(_) => {}
            Err(_) => folder.claim()?,
        }
        // The marker says "unfinished" until every database is whole.
        write(&marker, "\"unfinished\"")?;
        let found = folder.database(Setup::Found);
        sqlite::remove_database(&found)?;
        match source {
            Source::Made { seed, scale } => {
                generate::generate(&Legacy::new(*seed, *scale)?, &found, progress)?;
            }
            Source::File(file) => copy_legacy(file, &found, progress)?,
        }
        progress.set_message("building the plan's indexes");
        make_variant(&found, Setup::Tuned, &folder.database(Setup::Tuned))?;
        progress.set_message("building the best indexes");
        make_variant(&folder.database(Setup::Tuned), Setup::Best, &folder.database(Setup::Best))?;
        for store in [Store::Tuned, Store::Best] {
            folder.import(store, progress)?;
        }
        if let Some(description) = description {
            write(&marker, &description)?;
        }
        Ok(folder)
    }

    /// Looks at the platform's file before anything of the folder is replaced.
    fn check_legacy(&self, file: &Path) -> Result<()> {
        let source = sqlite::open_read_only(file)?;
        check_tables(&source, file)?;
        let place = |path: &Path| std::fs::canonicalize(path).ok();
        match (place(file), place(&self.path)) {
            (Some(file), Some(folder)) if file.starts_with(&folder) => {
                Err(Error::invalid(format!(
                    "{} lies in the demo's own folder and would be replaced; move it, or give \
                     another folder with --data",
                    file.display()
                )))
            }
            _ => Ok(()),
        }
    }

    /// Takes a new or empty folder; refuses one that holds something else.
    fn claim(&self) -> Result<()> {
        let path = self.path.display();
        std::fs::create_dir_all(&self.path)
            .map_err(|error| Error::io(format!("cannot make the folder {path}"), error))?;
        let mut entries = std::fs::read_dir(&self.path)
            .map_err(|error| Error::io(format!("cannot read the folder {path}"), error))?;
        if entries.next().is_some() {
            return Err(Error::invalid(format!(
                "the folder {path} holds something else than a demo; give another with --data"
            )));
        }
        Ok(())
    }

    /// The database of a setup.
    pub(crate) fn database(&self, setup: Setup) -> PathBuf {
        self.path.join(format!("{}.sqlite", setup.name()))
    }

    /// Imports the database with the plan's indexes.
    fn import(&self, store: Store, progress: &ProgressBar) -> Result<()> {
        let folder = self.store(store);
        remove_folder(&folder)?;
        let more = |table: &str| store.more_indexes(table);
        let file = self.database(Setup::Tuned);
        let report = import::import_into(&file, &folder, &more, progress)?;
        if report.same() {
            progress.set_message("making the views");
            return store.make_views(&folder);
        }
        Err(Error::corrupt(format!(
            "{} holds other rows than {} after its import\n{}",
            folder.display(),
            file.display(),
            report.table()
        )))
    }

    /// The folder of a store.
    pub(crate) fn store(&self, store: Store) -> PathBuf {
        self.path.join(store.name())
    }

    /// A copy of the store with the plan's indexes that may be changed. Nobody has it open.
    pub(crate) fn scratch_store(&self) -> Result<PathBuf> {
        let path = self.path.join("bourse-trades");
        remove_folder(&path)?;
        copy_folder(&self.store(Store::Tuned), &path)?;
        Ok(path)
    }

    /// A copy of a setup's database that may be changed.
    pub(crate) fn scratch(&self, setup: Setup) -> Result<PathBuf> {
        let path = self.path.join(format!("{}-trades.sqlite", setup.name()));
        make_variant(&self.database(setup), setup, &path)?;
        Ok(path)
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    copy_entries(from, to).map_err(|error| {
        Error::io(format!("cannot copy {} to {}", from.display(), to.display()), error)
    })
}

fn copy_entries(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_entries(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text)
        .map_err(|error| Error::io(format!("cannot write {}", path.display()), error))
}

/// Copies the platform's file page by page, as of one moment, also while it is in use.
fn copy_legacy(file: &Path, to: &Path, progress: &ProgressBar) -> Result<()> {
    let source = sqlite::open_read_only(file)?;
    copy_pages(&source, to, progress).map_err(|error| sqlite::error("cannot copy", file, error))
}

fn copy_pages(source: &Connection, to: &Path, progress: &ProgressBar) -> rusqlite::Result<()> {
    let mut target = Connection::open(to)?;
    target.execute_batch("PRAGMA synchronous = OFF")?;
    progress.set_message("copying the legacy database");
    let backup = Backup::new(source, &mut target)?;
    loop {
        let step = backup.step(PAGES_A_STEP)?;
        let pages = backup.progress();
        progress.set_length(u64::try_from(pages.pagecount).unwrap_or(0));
        progress.set_position(u64::try_from(pages.pagecount - pages.remaining).unwrap_or(0));
        match step {
            StepResult::Done => break,
            StepResult::More => {}
            _ => bourse_storage::sync::sleep(Duration::from_millis(5)),
        }
    }
    Ok(())
}

/// Names the legacy tables that a file lacks.
fn check_tables(source: &Connection, file: &Path) -> Result<()> {
    let mut missing = Vec::new();
    for table in LARGE_TABLES {
        let sql = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND lower(name) = ?1";
        let count: i64 = source
            .query_row(sql, [table.name()], |row| row.get(0))
            .map_err(|error| sqlite::error("cannot read", file, error))?;
        if count == 0 {
            missing.push(table.name());
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let (file, missing) = (file.display(), missing.join(", "));
    Err(Error::invalid(format!("{file} lacks the legacy tables: {missing}")))
}
