//! sled 0.34, the last stable version.
//!
//! - Not durable: a flush every half second in the background, its default. Durable: `flush` after
//!   each write. It calls `sync_file_range`, which neither empties the disk's own cache nor writes
//!   what the file system must know: after a power cut the write may be gone. So the figures of its
//!   durable items are shown, and are nobody's measure.
//! - A single row is changed by `fetch_and_update`, which takes no lock; several by a transaction
//!   over trees.
//! - A load inserts one by one: sled has nothing faster.

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use bourse_storage::sync;
use sled::transaction::{ConflictableTransactionError, Transactional as _, TransactionalTree};
use sled::{Config, Db, Mode, Tree};

use crate::Outcome;
use crate::bytes::{self, Part, Writes};
use crate::change::{Change, Peer, Seen, Session, Setting, Sums};
use crate::trades::{Arrival, Trades};

struct Sled {
    store: Db,
    trees: Vec<Tree>,
    durable: bool,
}

/// Writes outside of a transaction.
struct Direct<'s>(&'s [Tree]);

/// Writes inside of one.
struct Inside<'t> {
    trees: &'t [TransactionalTree],
    /// What makes sled run the transaction again; the caller must give it back as it is.
    conflict: RefCell<Option<sled::transaction::UnabortableTransactionError>>,
}

pub(super) fn open(folder: &Path, setting: Setting) -> Outcome<Box<dyn Peer>> {
    let config =
        Config::new().path(folder).cache_capacity(setting.cache_bytes).mode(Mode::HighThroughput);
    let store = open_store(&config)?;
    let trees = Part::ALL.iter().map(|part| store.open_tree(part.name()));
    let trees = trees.collect::<Result<Vec<_>, _>>()?;
    Ok(Box::new(Sled { store, trees, durable: setting.durable }))
}

/// Opens it, once sled's threads that work on for a handle which was closed have let go of it.
fn open_store(config: &Config) -> Outcome<Db> {
    const TRIES: usize = 500;
    let is_held = |error: &sled::Error| error.to_string().contains("could not acquire lock");
    for _ in 0..TRIES {
        match config.open() {
            Err(error) if is_held(&error) => sync::sleep(Duration::from_millis(10)),
            opened => return Ok(opened?),
        }
    }
    Ok(config.open()?)
}

impl Sled {
    fn tree(&self, part: Part) -> &Tree {
        &self.trees[part as usize]
    }

    fn row_digest(&self, key: &[u8]) -> Outcome<u64> {
        let row = self.tree(Part::Trades).get(key)?.ok_or("a trade is missing")?;
        Ok(bytes::row_digest(key, &row))
    }

    /// Shows the first entries of a user's trades of a status.
    fn entries(
        &self,
        (user, status, limit): (i32, i64, usize),
        mut each: impl FnMut(&[u8], &[u8]) -> Outcome<u64>,
    ) -> Outcome<Seen> {
        let mut seen = Seen::default();
        let prefix = bytes::entry_prefix(user, status);
        for entry in self.tree(Part::ByUser).scan_prefix(prefix).take(limit) {
            let (key, covered) = entry?;
            seen.add(each(&key, &covered)?);
        }
        Ok(seen)
    }

    fn each(&self, part: Part, mut each: impl FnMut(&[u8], &[u8])) -> Outcome<()> {
        for pair in self.tree(part) {
            let (key, value) = pair?;
            each(&key, &value);
        }
        Ok(())
    }

    fn update(&self, id: i64, revision: i64) -> Outcome<()> {
        let key = id.to_be_bytes();
        let old = self.tree(Part::Trades).fetch_and_update(key, |row| {
            row.map(|row| {
                let mut row = row.to_vec();
                bytes::set_revision(&mut row, revision);
                row
            })
        })?;
        match old {
            Some(_) => Ok(()),
            None => Err(format!("there is no trade {id}").into()),
        }
    }

    fn transact(&self, changes: &[Change]) -> Outcome<()> {
        let done = self.trees.as_slice().transaction(|trees| {
            let mut inside = Inside { trees, conflict: RefCell::new(None) };
            let done = changes.iter().try_for_each(|change| bytes::apply(change, &mut inside));
            match inside.conflict.into_inner() {
                Some(conflict) => Err(conflict.into()),
                None => {
                    done.map_err(|error| ConflictableTransactionError::Abort(error.to_string()))
                }
            }
        });
        done.map_err(|error| format!("sled's transaction: {error:?}").into())
    }
}

impl Peer for Sled {
    fn session(&self) -> Outcome<Box<dyn Session + '_>> {
        Ok(Box::new(self))
    }

    fn load(&self, trades: &Trades, arrival: Arrival) -> Outcome<()> {
        let mut direct = Direct(&self.trees);
        for trade in trades.arriving(arrival) {
            direct.write(Part::Trades, &trade.id.to_be_bytes(), &bytes::row(&trade))?;
            if arrival == Arrival::Random {
                direct.write(Part::ByUser, &bytes::entry_key(&trade), &bytes::covered(&trade))?;
            }
        }
        if arrival == Arrival::Sorted {
            for (key, covered) in bytes::sorted_entries(trades) {
                direct.write(Part::ByUser, &key, &covered)?;
            }
        }
        bytes::fill_small(trades, &mut direct)?;
        self.sync()
    }

    fn sync(&self) -> Outcome<()> {
        self.store.flush()?;
        Ok(())
    }

    fn close(self: Box<Self>) -> Outcome<()> {
        self.sync()
    }
}

impl Session for &Sled {
    fn get(&mut self, id: i64) -> Outcome<u64> {
        self.row_digest(&id.to_be_bytes())
    }

    fn multi_get(&mut self, ids: &[i64]) -> Outcome<u64> {
        ids.iter()
            .try_fold(0, |sum: u64, id| Ok(sum.wrapping_add(self.row_digest(&id.to_be_bytes())?)))
    }

    fn scan_entries(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        self.entries((user, status, limit), |key, covered| Ok(bytes::entry_digest(key, covered)))
    }

    fn scan_rows(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        self.entries((user, status, limit), |key, _| self.row_digest(bytes::id_bytes(key)))
    }

    fn all_rows(&mut self) -> Outcome<Seen> {
        let mut seen = Seen::default();
        self.each(Part::Trades, |key, row| seen.add(bytes::row_digest(key, row)))?;
        Ok(seen)
    }

    fn all_entries(&mut self) -> Outcome<Seen> {
        let mut seen = Seen::default();
        self.each(Part::ByUser, |key, covered| seen.add(bytes::entry_digest(key, covered)))?;
        Ok(seen)
    }

    fn sums(&mut self) -> Outcome<Sums> {
        let mut sums = Sums::default();
        self.each(Part::Accounts, |_, value| sums.add_account(value))?;
        self.each(Part::Positions, |_, value| sums.add_position(value))?;
        Ok(sums)
    }

    fn write(&mut self, changes: &[Change]) -> Outcome<()> {
        match changes {
            [Change::Update { id, revision }] => self.update(*id, *revision)?,
            _ => self.transact(changes)?,
        }
        if self.durable {
            self.store.flush()?;
        }
        Ok(())
    }
}

impl Writes for Direct<'_> {
    fn read(&mut self, part: Part, key: &[u8], value: &mut [u8]) -> Outcome<bool> {
        Ok(bytes::copy(self.0[part as usize].get(key)?.as_deref(), value))
    }

    fn write(&mut self, part: Part, key: &[u8], value: &[u8]) -> Outcome<()> {
        self.0[part as usize].insert(key, value)?;
        Ok(())
    }
}

impl Writes for Inside<'_> {
    fn read(&mut self, part: Part, key: &[u8], value: &mut [u8]) -> Outcome<bool> {
        match self.trees[part as usize].get(key) {
            Ok(found) => Ok(bytes::copy(found.as_deref(), value)),
            Err(error) => self.stop(error),
        }
    }

    fn write(&mut self, part: Part, key: &[u8], value: &[u8]) -> Outcome<()> {
        match self.trees[part as usize].insert(key, value) {
            Ok(_) => Ok(()),
            Err(error) => self.stop(error),
        }
    }
}

impl Inside<'_> {
    fn stop<T>(&self, error: sled::transaction::UnabortableTransactionError) -> Outcome<T> {
        *self.conflict.borrow_mut() = Some(error);
        Err("the transaction must run again".into())
    }
}
