//! A market that trades for as long as it is let: what `bourse serve --demo` serves.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bourse::Database;
use bourse_storage::vfs::os::remove_folder;
use bourse_storage::{Error, Result, sync};
use indicatif::ProgressBar;
use rusqlite::Connection;

use super::bourse::{BourseTradeStore, views};
use super::engine::TradeIds;
use super::facts::Facts;
use super::folder::{Folder, Source};
use super::sqlite::Setup;
use super::trade::{TradeSource, execute_trades};

/// The size of the market, of that of the demo's `--scale`.
const SCALE: f64 = 0.02;
const SEED: u64 = 1;
/// Trades come in bursts, with pauses in which the machine is the clients'.
const BURST: Duration = Duration::from_millis(10);
const PAUSE: Duration = Duration::from_millis(190);
/// The number of the first burst: its trades are none of the demo's other parts.
const FIRST_RUN: u64 = 1 << 21;

/// The market: tables and views of the demo's platform, in a store that it changes.
pub(crate) struct Market {
    store: BourseTradeStore,
    facts: Facts,
    scratch: PathBuf,
}

impl Market {
    /// Makes the demo's databases in a folder, or finds them, and a store that trades may change.
    pub(crate) fn prepare(path: &Path, progress: &ProgressBar) -> Result<Market> {
        let folder = Folder::prepare(path, &Source::Made { seed: SEED, scale: SCALE }, progress)?;
        let legacy = folder.database(Setup::Tuned);
        let connection = Connection::open(&legacy).map_err(|error| {
            Error::invalid(format!("cannot open {}", legacy.display())).with_source(error)
        })?;
        let facts = Facts::read(&connection, SEED)?;
        let scratch = folder.scratch_store()?;
        let store = BourseTradeStore::open(&scratch)?;
        views::create_all(store.database())?;
        Ok(Market { store, facts, scratch })
    }

    /// Its store.
    pub(crate) fn database(&self) -> &Database {
        self.store.database()
    }

    /// Trades until it is said to be over.
    pub(crate) fn trade_until(&self, is_over: &AtomicBool) -> Result<()> {
        for run in FIRST_RUN.. {
            if is_over.load(Ordering::Acquire) {
                break;
            }
            let source = TradeSource::new(&self.facts, SEED, TradeIds::Generated, run);
            execute_trades(&self.store, &source, 1, BURST)?;
            sync::sleep(PAUSE);
        }
        Ok(())
    }

    /// Takes away what the trades have changed.
    pub(crate) fn remove(self) -> Result<()> {
        let Market { store, scratch, .. } = self;
        drop(store);
        remove_folder(&scratch)
    }
}
