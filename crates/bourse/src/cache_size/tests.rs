//! A store on a machine whose memory others take and give back, in virtual time.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bourse_storage::Result;
use bourse_storage::sync::{self, sim};
use bourse_storage::vfs::sim::SimVfs;
use bourse_storage::vfs::{File, OpenMode, Vfs};

use crate::{Database, Options, Table, TableDefinition, Type, Value, ValueRef};

const MIB: u64 = 1 << 20;

/// A simulated disk on a machine of 256 MiB, of which others use some.
struct Machine {
    disk: SimVfs,
    others: AtomicU64,
    /// What the cache takes, as it says.
    own: AtomicU64,
    pressure: AtomicU64,
}

impl Machine {
    fn new(disk: SimVfs) -> Machine {
        let zero = || AtomicU64::new(0);
        Machine { disk, others: zero(), own: zero(), pressure: zero() }
    }
}

impl Vfs for Machine {
    fn system_text(&self, path: &Path) -> Option<String> {
        let load = |number: &AtomicU64| number.load(Ordering::Relaxed);
        match path.to_str()? {
            "/proc/meminfo" => {
                let available = (256 * MIB).saturating_sub(load(&self.others) + load(&self.own));
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

const ROWS: i64 = 5000;

/// Rows that fill 20 MiB: each has a page of its own.
fn fill(database: &Database) -> Table {
    let definition = TableDefinition::builder("things")
        .column("id", Type::BigInt)
        .column("text", Type::Text)
        .primary_key(["id"])
        .build()
        .unwrap();
    let table = database.create_table(&definition).unwrap();
    for first in (0..ROWS).step_by(100) {
        let chunk = database.transaction(|transaction| {
            for id in first..first + 100 {
                let text = Value::from("x".repeat(3000));
                transaction.insert(&table, vec![Value::from(id), text])?;
            }
            Ok(())
        });
        chunk.unwrap();
    }
    table
}

/// Waits, as the machine does: what the store's cache takes is not available to others.
fn wait_until(machine: &Machine, database: &Database, seconds: u64, ready: impl Fn(u64) -> bool) {
    for _ in 0..seconds * 10 {
        let statistics = database.cache_statistics();
        machine.own.store(statistics.memory_bytes, Ordering::Relaxed);
        if ready(statistics.frames * 4096)
            && statistics.memory_bytes / MIB <= statistics.frames / 256
        {
            return;
        }
        sync::sleep(Duration::from_millis(100));
    }
    panic!("not within {seconds} s: {:?}", database.cache_statistics());
}

fn check(database: &Database, table: &Table) {
    for id in (0..ROWS).step_by(7) {
        let row = database.get(table, &[Value::from(id)]).unwrap().unwrap();
        assert_eq!(row.column("text").unwrap(), ValueRef::Text(&"x".repeat(3000)));
    }
}

#[test]
fn the_cache_follows_the_machine() {
    let body = || {
        let machine = Arc::new(Machine::new(SimVfs::new(1)));
        let database = Database::open("/store", options(machine.clone())).unwrap();
        let table = fill(&database);
        assert!(database.cache_statistics().memory_bytes > 16 * MIB);
        // 256 MiB, 64 of them headroom, leave 10.
        machine.others.store(182 * MIB, Ordering::Relaxed);
        wait_until(&machine, &database, 5, |size| size <= 10 * MIB);
        check(&database, &table);
        machine.others.store(0, Ordering::Relaxed);
        wait_until(&machine, &database, 200, |size| size > 40 * MIB);
        check(&database, &table);
        machine.pressure.store(50, Ordering::Relaxed);
        wait_until(&machine, &database, 60, |size| size == 4 * MIB);
        check(&database, &table);
        assert!(database.check(&mut |_| {}).unwrap().is_sound());
        database.close().unwrap();
    };
    sim::run(1, &sim::Options::default(), body).finished();
}

/// A machine that says nothing, as the simulator's: the size is the owner's.
#[test]
fn the_owner_resizes_within_the_bounds() {
    let disk = SimVfs::new(1);
    let database = Database::open("/store", options(Arc::new(disk))).unwrap();
    let size = || database.cache_statistics().frames * 4096;
    assert_eq!(size(), 64 * MIB);
    let table = fill(&database);
    for (wanted, given) in [(8, 8), (1, 4), (100, 64), (6, 6)] {
        assert!(database.resize_cache(wanted * MIB).unwrap());
        assert_eq!(size(), given * MIB);
        assert!(database.cache_statistics().memory_bytes < given * MIB + MIB);
        check(&database, &table);
    }
}

#[test]
fn a_floor_at_the_cap_is_a_fixed_size() {
    let machine = Arc::new(Machine::new(SimVfs::new(1)));
    machine.others.store(250 * MIB, Ordering::Relaxed);
    let fixed = Options { cache_bytes_min: u64::MAX, ..options(machine) };
    let database = Database::open("/store", fixed).unwrap();
    assert_eq!(database.cache_statistics().frames * 4096, 64 * MIB);
    assert!(database.resize_cache(MIB).unwrap());
    assert_eq!(database.cache_statistics().frames * 4096, 64 * MIB);
}
