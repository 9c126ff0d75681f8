//! Space given back: files of shards shrink after deletes, whatever else goes on.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bourse_storage::sync::monotonic;
use bourse_storage::vfs::sim::{Fault, SimVfs};
use bourse_storage::vfs::{OpenMode, Vfs};

use bourse::{Database, Durability, IndexDefinition, Options, Table, TableDefinition, Type, Value};

type Rows = BTreeMap<i64, (i64, String)>;

fn options() -> Options {
    Options {
        shards: 2,
        cache_bytes: 32 << 20,
        shard_pages_max: 1 << 16,
        background: false,
        durability: Durability::Async { max_delay: Duration::from_millis(2) },
        ..Options::default()
    }
}

fn create(folder: &Path, options: Options) -> (Database, Table) {
    let store = Database::open(folder, options).unwrap();
    let definition = TableDefinition::builder("t")
        .column("id", Type::BigInt)
        .not_null()
        .column("price", Type::BigInt)
        .column("note", Type::Text)
        .primary_key(["id"])
        .build()
        .unwrap();
    let table = store.create_table(&definition).unwrap();
    for index in [
        IndexDefinition::on("by_price", ["price", "id"]),
        IndexDefinition::on("everywhere", ["price"]).global(),
    ] {
        store.create_index("t", index).unwrap();
    }
    (store, table)
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % limit
    }

    /// A row; one of many has a value with pages of its own, one of very many a large one.
    fn row(&mut self) -> (i64, String) {
        let bytes = match self.below(1_000) {
            0 => 80_000 + self.below(20_000),
            1..=10 => 2_000 + self.below(20_000),
            _ => 20 + self.below(200),
        };
        let letter = char::from(b'a' + u8::try_from(self.below(26)).unwrap());
        (i64::try_from(self.below(10_000)).unwrap(), letter.to_string().repeat(index(bytes)))
    }
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap()
}

fn values(id: i64, row: &(i64, String)) -> Vec<Value> {
    vec![id.into(), row.0.into(), row.1.as_str().into()]
}

fn write(store: &Database, table: &Table, rows: &[(i64, Option<(i64, String)>)]) {
    for part in rows.chunks(200) {
        let written = store.transaction(|transaction| {
            for (id, row) in part {
                match row {
                    Some(row) => drop(transaction.upsert(table, values(*id, row))?),
                    None => drop(transaction.delete(table, &[(*id).into()])?),
                }
            }
            Ok(())
        });
        written.unwrap();
    }
}

/// Fills the table.
fn fill(store: &Database, table: &Table, random: &mut Random, count: i64) -> Rows {
    let rows: Rows = (0..count).map(|id| (id, random.row())).collect();
    let all: Vec<_> = rows.iter().map(|(id, row)| (*id, Some(row.clone()))).collect();
    write(store, table, &all);
    rows
}

/// Deletes most rows, in no order, and gives some others new values.
fn churn(store: &Database, table: &Table, random: &mut Random, rows: &mut Rows) {
    let mut changes = Vec::new();
    let ids: Vec<i64> = rows.keys().copied().collect();
    for id in ids {
        match random.below(20) {
            0..=16 => {
                rows.remove(&id);
                changes.push((id, None));
            }
            17 => {
                let row = random.row();
                rows.insert(id, row.clone());
                changes.push((id, Some(row)));
            }
            _ => {}
        }
    }
    for at in (1..changes.len()).rev() {
        changes.swap(at, index(random.below(at as u64 + 1)));
    }
    write(store, table, &changes);
}

fn file_bytes(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder.join("shards")).unwrap();
    files.map(|file| file.unwrap().metadata().unwrap().len()).sum()
}

fn has_rows(store: &Database, table: &Table, rows: &Rows) {
    let cut = store.cut();
    assert_eq!(cut.count(table).unwrap(), rows.len() as u64);
    for (id, row) in rows {
        let found = store.get(table, &[(*id).into()]).unwrap().unwrap();
        assert_eq!(found.values(), values(*id, row), "row {id}");
    }
    let report = store.check(&mut |_| {}).unwrap();
    assert!(report.is_sound(), "{report:?}");
}

/// Bytes of a store that never had more than these rows.
fn fresh_bytes(rows: &Rows, options: Options) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let (store, table) = create(folder.path(), options);
    let all: Vec<_> = rows.iter().map(|(id, row)| (*id, Some(row.clone()))).collect();
    write(&store, &table, &all);
    store.checkpoint().unwrap();
    store.checkpoint().unwrap();
    file_bytes(folder.path())
}

/// The requirement: under twice the size of a store that never had more.
#[test]
fn a_churned_store_is_small_after_two_quiet_checkpoints() {
    for (seed, checkpointed) in [(1, true), (2, false)] {
        let folder = tempfile::tempdir().unwrap();
        let mut random = Random(seed);
        let (store, table) = create(folder.path(), options());
        let mut rows = fill(&store, &table, &mut random, 40_000);
        if checkpointed {
            store.checkpoint().unwrap();
            store.checkpoint().unwrap();
        }
        let before = file_bytes(folder.path());
        churn(&store, &table, &mut random, &mut rows);
        store.checkpoint().unwrap();
        store.checkpoint().unwrap();
        let after = file_bytes(folder.path());
        let statistics = store.statistics();
        assert_eq!(statistics.file_bytes, after);
        assert!(statistics.file_bytes_used <= after, "{statistics:?}");
        has_rows(&store, &table, &rows);
        let live = fresh_bytes(&rows, options());
        assert!(after < 2 * live, "{before} bytes became {after}; a fresh store has {live}");
        assert!(before > 4 * live, "the test has something to give back: {before}, {live}");
        drop((store, table));
        let store = Database::open(folder.path(), options()).unwrap();
        let table = store.table("t").unwrap();
        has_rows(&store, &table, &rows);
    }
}

/// Where deletes leave every leaf a little, and shorter values no leaf empty enough to be merged.
#[test]
fn sparse_leaves_are_packed() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random(3);
    let (store, table) = create(folder.path(), options());
    let mut rows = Rows::new();
    for part in 0..6 {
        let new: Vec<_> = (part * 10_000..(part + 1) * 10_000)
            .map(|id| (id, Some((id % 977, "n".repeat(150)))))
            .collect();
        rows.extend(new.iter().map(|(id, row)| (*id, row.clone().unwrap())));
        write(&store, &table, &new);
    }
    store.checkpoint().unwrap();
    store.checkpoint().unwrap();
    let mut changes = Vec::new();
    for id in rows.keys().copied().collect::<Vec<_>>() {
        if random.below(100) < 35 {
            rows.remove(&id);
            changes.push((id, None));
        } else {
            let row = (id % 977, "s".repeat(20));
            rows.insert(id, row.clone());
            changes.push((id, Some(row)));
        }
    }
    let before = file_bytes(folder.path());
    write(&store, &table, &changes);
    store.checkpoint().unwrap();
    store.checkpoint().unwrap();
    let after = file_bytes(folder.path());
    has_rows(&store, &table, &rows);
    let live = fresh_bytes(&rows, options());
    assert!(after < 2 * live, "{before} bytes became {after}; a fresh store has {live}");
    assert!(before > 2 * live, "the test has something to give back: {before}, {live}");
}

/// States that are held are what they were, to read and to back up, while the file shrinks, and
/// delay it until they are let go.
#[test]
fn held_states_stay_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random(4);
    let (store, table) = create(folder.path(), options());
    let mut rows = fill(&store, &table, &mut random, 70_000);
    let old = store.cut();
    let old_rows = rows.clone();
    let all_old = |cut: &bourse::Cut| {
        let scan = cut.scan(&table, &bourse::Range::all(), bourse::Order::Ascending).unwrap();
        let mut expected = old_rows.iter();
        for row in scan {
            let (id, old) = expected.next().unwrap();
            assert_eq!(row.unwrap().values(), values(*id, old));
        }
        assert!(expected.next().is_none());
    };
    // A backup, and in its midst all that makes files shrink.
    let backup = folder.path().join("backup");
    let mut steps = 0;
    store
        .backup(&backup, None, &mut |_| {
            steps += 1;
            if steps == 1 {
                churn(&store, &table, &mut random, &mut rows);
                store.checkpoint().unwrap();
                store.checkpoint().unwrap();
            }
        })
        .unwrap();
    assert!(steps > 1, "it came in the midst of the pages");
    all_old(&old);
    let held = file_bytes(folder.path());
    drop(old);
    store.checkpoint().unwrap();
    store.checkpoint().unwrap();
    let after = file_bytes(folder.path());
    let live = fresh_bytes(&rows, options());
    assert!(after < 2 * live && held > 2 * after, "{held} bytes became {after}; fresh: {live}");
    has_rows(&store, &table, &rows);
    let restored = folder.path().join("restored");
    bourse::backup::restore(&[backup], &restored, &options(), &mut |_| {}).unwrap();
    let restored = Database::open(&restored, options()).unwrap();
    all_old(&restored.cut());
}

/// Nobody has to ask: the store looks by itself, while it is written and when all is quiet.
#[test]
fn a_store_shrinks_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random(5);
    let shape = || Options { background: true, checkpoint_log_bytes: 1 << 20, ..options() };
    let (store, table) = create(folder.path(), shape());
    let mut rows = fill(&store, &table, &mut random, 20_000);
    churn(&store, &table, &mut random, &mut rows);
    let live = fresh_bytes(&rows, options());
    let begun = monotonic();
    while file_bytes(folder.path()) >= 2 * live {
        let bytes = file_bytes(folder.path());
        assert!(
            monotonic() - begun < Duration::from_secs(120),
            "{bytes} bytes are left, {live} would do"
        );
        std::thread::yield_now();
    }
    has_rows(&store, &table, &rows);
    store.close().unwrap();
    let store = Database::open(folder.path(), shape()).unwrap();
    has_rows(&store, &store.table("t").unwrap(), &rows);
}

/// A small store on a simulated disk.
fn on(disk: &SimVfs) -> Options {
    Options {
        cache_bytes: 4 << 20,
        cache_bytes_min: 4 << 20,
        shard_pages_max: 1 << 14,
        log_segment_bytes: 1 << 18,
        give_back_bytes_min: 1 << 16,
        durability: Durability::Sync,
        vfs: Arc::new(disk.clone()),
        ..options()
    }
}

/// Whatever operation of the disk is the last, or fails: what was there is there, and the file
/// shrinks after that.
fn interrupted(fault: Fault) {
    let disk = SimVfs::new(77);
    let mut random = Random(6);
    let (store, table) = create(Path::new("/store"), on(&disk));
    let mut rows = fill(&store, &table, &mut random, 2_500);
    store.checkpoint().unwrap();
    store.checkpoint().unwrap();
    churn(&store, &table, &mut random, &mut rows);
    store.checkpoint().unwrap();
    drop((store, table));
    let bytes = |disk: &SimVfs| {
        let file = disk.open(Path::new("/store/shards/000.pages"), OpenMode::Read);
        file.and_then(|file| file.len()).unwrap()
    };
    let before = bytes(&disk);
    let mut after = 1;
    loop {
        let disk = disk.reboot(1);
        let store = Database::open("/store", on(&disk)).unwrap();
        let truncations = disk.counters().truncations;
        disk.inject(fault, after);
        let done = store.checkpoint().and_then(|()| store.checkpoint());
        if done.is_ok() && !disk.is_crashed() {
            disk.forget_faults();
            assert!(disk.counters().truncations > truncations);
            assert!(bytes(&disk) * 3 < before * 2, "{before} bytes became {}", bytes(&disk));
            break;
        }
        drop(store);
        for seed in 0..3 {
            let disk = disk.reboot(after * 3 + seed);
            let store = Database::open("/store", on(&disk)).unwrap();
            has_rows(&store, &store.table("t").unwrap(), &rows);
            if seed == 0 {
                store.checkpoint().unwrap();
                store.checkpoint().unwrap();
                assert!(bytes(&disk) * 3 < before * 2, "{before} bytes became {}", bytes(&disk));
            }
        }
        after += 1;
    }
    assert!(after > 10, "{fault:?} hit {after} operations only");
}

#[test]
fn a_crash_at_any_operation_loses_nothing() {
    interrupted(Fault::Crash);
}

#[test]
fn a_failed_write_or_sync_loses_nothing() {
    interrupted(Fault::WriteError);
    interrupted(Fault::SyncError);
}
