//! A store on a machine whose memory others take and give back, in virtual time.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bourse_storage::Result;
use bourse_storage::sync::{self, sim};
use bourse_storage::vfs::sim::SimVfs;
use bourse_storage::vfs::{File, OpenMode, Vfs};

use crate::{Database, Options, Table, TableDefinition, Type, Value};

const MIB: u64 = 1 << 20;

/// A simulated disk on a machine of 256 MiB, of which others use some.
struct Machine {
    disk: SimVfs,
    others: AtomicU64,
    /// What the cache takes, as it says.
    own: AtomicU64,
    pressure: AtomicU64,
}

impl Vfs for Machine {
    fn system_text(&self, path: &Path) -> Option<String> {
        let load = |number: &AtomicU64| number.load(Ordering::Relaxed);
        match path.to_str()? {
            "/proc/meminfo" => {
                let available = 256 * MIB - load(&self.others) - load(&self.own);
                Some(format!("MemTotal: {} kB\nMemAvailable: {} kB\n", 256 << 10, available >> 10))
            }
            "/proc/pressure/memory" => {
                Some(format!("some avg10={}.00 avg60=0.00\n", load(&self.pressure)))
            }
            _ => None,
        }
    }

    fn open(&self, path: &Path, mode: OpenMode) -> Result<Arc<dyn File>> {
        self.disk.open(path, mode)
    }

    fn list(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        self.disk.list(folder)
    }

    fn create_folder(&self, folder: &Path) -> Result<()> {
        self.disk.create_folder(folder)
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        self.disk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> Result<()> {
        self.disk.remove(path)
    }

    fn sync_folder(&self, folder: &Path) -> Result<()> {
        self.disk.sync_folder(folder)
    }

    fn lock(&self, path: &Path) -> Result<Box<dyn Send + Sync>> {
        self.disk.lock(path)
    }
}

fn options(vfs: Arc<dyn Vfs>) -> Options {
    Options {
        cache_bytes: 64 * MIB,
        cache_bytes_min: 4 * MIB,
        shards: 2,
        log_segment_bytes: 1 << 20,
        shard_pages_max: 1 << 14,
        vfs,
        ..Options::default()
    }
}

/// Rows that fill some megabytes.
fn fill(database: &Database) -> Table {
    let definition = TableDefinition::builder("things")
        .column("id", Type::BigInt)
        .column("text", Type::Text)
        .primary_key(&["id"])
        .build();
    let table = database.create_table(definition).unwrap();
    for id in 0..600 {
        let values = vec![Value::BigInt(id), Value::Text("x".repeat(900))];
        database.insert(&table, values).unwrap();
    }
    table
}
