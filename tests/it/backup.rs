//! Backups against a model, under load, and what a restored store may share with the one that it
//! came from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use bourse::{
    Database, ErrorKind, IndexDefinition, LoadOrder, Options, Order, Range, Table, TableDefinition,
    Type, Value, backup,
};
use bourse_storage::sync::sim::Random;
use bourse_storage::vfs::Vfs;
use bourse_storage::vfs::sim::SimVfs;

/// What the rows of the table are: value and bytes of its text, by id.
pub(crate) type Model = BTreeMap<i64, (i64, usize)>;

pub(crate) fn options() -> Options {
    Options {
        shards: 3,
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 14,
        log_segment_bytes: 256 << 10,
        background: false,
        ..Options::default()
    }
}

pub(crate) fn on(disk: &SimVfs) -> Options {
    Options { vfs: Arc::new(disk.clone()), ..options() }
}

fn definition(name: &str) -> TableDefinition {
    TableDefinition::builder(name)
        .column("id", Type::BigInt)
        .not_null()
        .column("value", Type::BigInt)
        .not_null()
        .column("text", Type::Text)
        .primary_key(["id"])
        .index(IndexDefinition::on("by_value", ["value"]).include(["id"]).global())
        .build()
        .unwrap()
}

/// Texts of a few bytes, of an extent, and of an extent that is read past the cache.
fn text(id: i64, value: i64, bytes: usize) -> String {
    let word = format!("{id} {value} ");
    word.chars().cycle().take(bytes).collect()
}

pub(crate) fn table(store: &Database) -> Table {
    store.table("notes").unwrap_or_else(|_| store.create_table(&definition("notes")).unwrap())
}

fn below(random: &mut Random, bound: usize) -> usize {
    usize::try_from(random.below(bound as u64)).unwrap()
}

/// Some random changes, made in the store and in the model.
pub(crate) fn change(store: &Database, model: &mut Model, random: &mut Random, changes: u64) {
    let table = table(store);
    for _ in 0..changes {
        let id = random.below(400) as i64;
        if random.below(4) == 0 {
            assert_eq!(store.delete(&table, &[id.into()]).unwrap(), model.remove(&id).is_some());
            continue;
        }
        let value = random.below(1_000) as i64;
        let bytes = [20, 20, 20, 200, 200, 9_000, 90_000][below(random, 7)];
        let row = vec![id.into(), value.into(), text(id, value, bytes).into()];
        assert_eq!(store.upsert(&table, row).unwrap(), model.insert(id, (value, bytes)).is_some());
    }
}

/// The store has the rows of the model and no others, by the table and by its index, and is sound.
pub(crate) fn compare(store: &Database, model: &Model) {
    let Ok(table) = store.table("notes") else {
        assert!(model.is_empty(), "the table is missing");
        return;
    };
    let cut = store.cut();
    let mut expected = model.iter();
    for row in cut.scan(&table, &Range::all(), Order::Ascending).unwrap() {
        let (id, (value, bytes)) = expected.next().unwrap();
        let row = row.unwrap();
        let whole = [(*id).into(), (*value).into(), text(*id, *value, *bytes).into()];
        assert!(row.values() == whole, "row {id} is another one");
    }
    assert_eq!(expected.next(), None, "a row is missing");
    let mut entries = cut.scan_index(&table, "by_value", &Range::all(), Order::Ascending).unwrap();
    assert_eq!(entries.fetch(usize::MAX).unwrap().len(), model.len());
    let report = store.check(&mut |_| ()).unwrap();
    assert!(report.is_sound(), "{:#?}", report.findings);
}

pub(crate) fn restore(from: &[PathBuf], folder: &Path, options: Options) -> Database {
    let report = backup::verify(from, &options, &mut |_| ()).unwrap();
    assert!(report.is_sound() && report.walked, "{:#?}", report.findings);
    let info = backup::restore(from, folder, &options, &mut |_| ()).unwrap();
    let store = Database::open(folder, Options { create: false, ..options }).unwrap();
    assert_eq!(store.cut().lsn(), info.lsn, "the state is the backup's");
    store
}

/// A backup, all that it builds upon, and what it must hold.
struct Taken {
    chain: Vec<PathBuf>,
    model: Model,
}

/// Backups between random writes, full ones and increments upon any earlier one, also over opens
/// and crashes; each restores to what the store had when it was taken, and works on.
fn restores_to_the_model(seed: u64) {
    let mut random = Random::new(seed);
    let mut disk = SimVfs::new(seed);
    let mut store = Database::open("/store", on(&disk)).unwrap();
    let mut model = Model::new();
    let mut taken: Vec<Taken> = Vec::new();
    for number in 0..8 {
        let changes = [0, 1, 30, 300][below(&mut random, 4)];
        change(&store, &mut model, &mut random, changes);
        let folder = PathBuf::from(format!("/backup{number}"));
        let base =
            (random.below(4) > 0 && !taken.is_empty()).then(|| below(&mut random, taken.len()));
        let mut chain = base.map_or(Vec::new(), |base| taken[base].chain.clone());
        let upon = chain.last().cloned();
        let info = store.backup(&folder, upon.as_deref(), &mut |_| ()).unwrap();
        assert_eq!(info.lsn, store.cut().lsn());
        assert_eq!(info.base.is_some(), upon.is_some());
        chain.push(folder);
        taken.push(Taken { chain, model: model.clone() });
        match random.below(4) {
            0 => {
                drop(store);
                disk = disk.reboot(random.next_u64());
                store = Database::open("/store", on(&disk)).unwrap();
            }
            1 => {
                store.close().unwrap();
                store = Database::open("/store", on(&disk)).unwrap();
            }
            _ => {}
        }
    }
    compare(&store, &model);
    for (number, mut taken) in taken.into_iter().enumerate() {
        // The order in which they are named does not matter.
        taken.chain.reverse();
        let folder = PathBuf::from(format!("/restored{number}"));
        let restored = restore(&taken.chain, &folder, on(&disk));
        compare(&restored, &taken.model);
        change(&restored, &mut taken.model, &mut random, 30);
        drop(restored);
        let again = Database::open(&folder, on(&disk)).unwrap();
        compare(&again, &taken.model);
    }
}

#[test]
fn each_backup_restores_to_its_own_state() {
    (1..=6).for_each(restores_to_the_model);
}

/// An increment holds little when little has changed, and nothing but the page sets when nothing.
#[test]
fn an_incremental_backup_has_only_what_is_new() {
    let disk = SimVfs::new(9);
    let store = Database::open("/store", on(&disk)).unwrap();
    let mut model = Model::new();
    change(&store, &mut model, &mut Random::new(1), 2_000);
    let full = store.backup("/full", None, &mut |_| ()).unwrap();
    assert_eq!(full.pages, full.pages_copied);
    let same = store.backup("/same", Some(Path::new("/full")), &mut |_| ()).unwrap();
    assert_eq!((same.pages, same.pages_copied), (full.pages, 0));
    let row = vec![1.into(), 1.into(), "short".into()];
    store.upsert(&table(&store), row).unwrap();
    let one = store.backup("/one", Some(Path::new("/same")), &mut |_| ()).unwrap();
    // Forest and table on one path, and the index on another.
    assert!((1..40).contains(&one.pages_copied), "{one:?}");
    assert!(one.pages > 500, "{one:?}");
    assert_eq!(one.tables.len(), 1);
    assert_eq!((one.tables[0].name.as_str(), one.tables[0].columns), ("notes", 3));
    assert_eq!(one.tables[0].rows, store.cut().count(&table(&store)).unwrap());
    assert_eq!(one.tables[0].indexes, ["by_value"]);
}

/// Pages of a bulk load are born before the Cut in which they first are: a backup that went by
/// births alone would leave out what was built aside while the one before it was taken.
#[test]
fn a_bulk_load_that_spans_a_backup_is_in_the_next_one() {
    let disk = SimVfs::new(5);
    let options = Options { log_segment_bytes: 4 << 20, ..on(&disk) };
    let store = Database::open("/store", options).unwrap();
    let mut model = Model::new();
    change(&store, &mut model, &mut Random::new(2), 50);
    let loaded = store.create_table(&definition("loaded")).unwrap();
    let rows = (0..3_000_i64).map(|id| {
        if id == 2_900 {
            change(&store, &mut model, &mut Random::new(3), 1);
            store.backup("/full", None, &mut |_| ()).unwrap();
        }
        Ok(vec![id.into(), (id % 7).into(), text(id, id % 7, 3_000).into()])
    });
    store.bulk_load(&loaded, LoadOrder::Sorted, rows).unwrap();
    store.backup("/next", Some(Path::new("/full")), &mut |_| ()).unwrap();
    let both = [PathBuf::from("/full"), PathBuf::from("/next")];
    let restored = restore(&both, Path::new("/restored"), on(&disk));
    compare(&restored, &model);
    let loaded = restored.table("loaded").unwrap();
    assert_eq!(restored.cut().count(&loaded).unwrap(), 3_000);
    let row = restored.get(&loaded, &[1_234.into()]).unwrap().unwrap();
    assert!(row.values()[2] == Value::from(text(1_234, 1_234 % 7, 3_000)));
    // The earlier one alone has the table, without a row.
    let alone = restore(&both[..1], Path::new("/alone"), on(&disk));
    assert_eq!(alone.cut().count(&alone.table("loaded").unwrap()).unwrap(), 0);
}

const ACCOUNTS: i64 = 64;
const WRITERS: i64 = 4;

/// One thread's work: moves from account to account, each counted in the thread's own row.
fn move_amounts(store: &Database, table: &Table, writer: i64, done: &AtomicI64, end: &AtomicBool) {
    let mut random = Random::new(writer as u64);
    while !end.load(Ordering::Relaxed) {
        let (from, to) = (random.below(64) as i64, random.below(64) as i64);
        let amount = random.below(100) as i64;
        let next = done.load(Ordering::Relaxed) + 1;
        store
            .transaction(|transaction| {
                for (account, by) in [(from, -amount), (to, amount)] {
                    let Some(row) = transaction.get(table, &[account.into()])? else { continue };
                    let Value::Integer(value) = row.values()[1] else { continue };
                    let value = Value::from(value + by);
                    transaction.update(table, &[account.into()], &[("value", value)])?;
                }
                let key = [(ACCOUNTS + writer).into()];
                transaction.update(table, &key, &[("value", next.into())])?;
                Ok(())
            })
            .unwrap();
        done.store(next, Ordering::Release);
    }
}

/// What a restored store must show: no amount lost or made, and all that was acknowledged before
/// the backup began.
fn check_amounts(store: &Database, acknowledged: &[i64]) {
    let table = store.table("notes").unwrap();
    let value = |id: i64| match store.get(&table, &[id.into()]).unwrap().unwrap().values()[1] {
        Value::Integer(value) => value,
        ref other => panic!("{other:?}"),
    };
    assert_eq!((0..ACCOUNTS).map(value).sum::<i64>(), ACCOUNTS * 1_000);
    for (writer, done) in (0..).zip(acknowledged) {
        assert!(value(ACCOUNTS + writer) >= *done, "writer {writer}: {done} were acknowledged");
    }
    assert!(store.check(&mut |_| ()).unwrap().is_sound());
}

/// Four threads write, the store's own checkpoints run, and the backups are taken meanwhile.
#[test]
fn backups_under_load_are_whole_states() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let busy = || Options { background: true, checkpoint_log_bytes: 256 << 10, ..options() };
    let store = Database::open(at("store"), busy()).unwrap();
    let table = table(&store);
    for id in 0..ACCOUNTS + WRITERS {
        let value = if id < ACCOUNTS { 1_000 } else { 0 };
        store.insert(&table, vec![id.into(), value.into(), "account".into()]).unwrap();
    }
    let done: Vec<AtomicI64> = (0..WRITERS).map(|_| AtomicI64::new(0)).collect();
    let end = AtomicBool::new(false);
    let mut taken = Vec::new();
    std::thread::scope(|scope| {
        for (writer, done) in (0..).zip(&done) {
            let (store, table, end) = (&store, &table, &end);
            scope.spawn(move || move_amounts(store, table, writer, done, end));
        }
        let mut chain: Vec<PathBuf> = Vec::new();
        for number in 0..6 {
            // Some work between two backups, and none that depends on the clock.
            let before: Vec<i64> = done.iter().map(|done| done.load(Ordering::Acquire)).collect();
            while done.iter().zip(&before).any(|(d, b)| d.load(Ordering::Acquire) < b + 20) {
                std::thread::yield_now();
            }
            let acknowledged: Vec<i64> = done.iter().map(|d| d.load(Ordering::Acquire)).collect();
            let to = at(&format!("backup{number}"));
            let base = if number == 3 { None } else { chain.last().cloned() };
            if base.is_none() {
                chain.clear();
            }
            store.backup(&to, base.as_deref(), &mut |_| ()).unwrap();
            chain.push(to);
            taken.push((chain.clone(), acknowledged));
        }
        end.store(true, Ordering::Relaxed);
    });
    check_amounts(&store, &done.iter().map(|d| d.load(Ordering::Acquire)).collect::<Vec<_>>());
    for (number, (chain, acknowledged)) in taken.into_iter().enumerate() {
        let restored = restore(&chain, &at(&format!("restored{number}")), options());
        check_amounts(&restored, &acknowledged);
    }
}

/// The store that was backed up lives on, and numbers its batches as the restored one does: no file
/// of the one is taken for one of the other, and neither counts its opens again.
#[test]
fn a_restored_store_is_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mut model = Model::new();
    let mut random = Random::new(7);
    let store = Database::open(at("store"), options()).unwrap();
    change(&store, &mut model, &mut random, 200);
    let info = store.backup(at("full"), None, &mut |_| ()).unwrap();
    let restored = restore(&[at("full")], &at("restored"), options());
    assert!(restored.cut().batch().open() > info.batch.open(), "births are never set back");
    // Both go on, from the same state and with the same numbers.
    let mut ours = model.clone();
    change(&store, &mut ours, &mut random, 100);
    change(&restored, &mut model, &mut random, 100);
    let refused = restored.backup(at("increment"), Some(&at("full")), &mut |_| ()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidInput);
    assert!(refused.message().contains("take a full backup"), "{refused}");
    let theirs = restored.backup(at("theirs"), None, &mut |_| ()).unwrap();
    assert_ne!(theirs.store, info.store);
    let refused = store.backup(at("increment"), Some(&at("theirs")), &mut |_| ()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidInput);
    drop((store, restored));

    let page_file = "shards/001.pages";
    let own = std::fs::read(at("restored").join(page_file)).unwrap();
    std::fs::copy(at("store").join(page_file), at("restored").join(page_file)).unwrap();
    let error = Database::open(at("restored"), options()).map(|_| ()).unwrap_err();
    assert!(error.message().contains("belongs to store"), "{error}");
    std::fs::write(at("restored").join(page_file), own).unwrap();

    // A segment of the old log that would follow the restored one's.
    let segments = |name: &str| -> Vec<PathBuf> {
        let names = bourse_storage::vfs::os::OsVfs.list(&at(name).join("log")).unwrap();
        names.into_iter().filter(|n| n.extension().is_some_and(|e| e == "log")).collect()
    };
    let last = segments("store").pop().unwrap();
    let next = at("restored/log").join(format!("{:020}.log", 99));
    std::fs::copy(at("store/log").join(last), &next).unwrap();
    let tried = Database::open(at("restored"), options());
    // Under that name it is no segment at all, of anybody's.
    drop(tried.unwrap());
    let first = segments("store").remove(0);
    std::fs::copy(at("store/log").join(&first), at("restored/log").join(&first)).unwrap();
    let error = Database::open(at("restored"), options()).map(|_| ()).unwrap_err();
    assert!(error.message().contains("belongs to store"), "{error}");
    std::fs::remove_file(at("restored/log").join(&first)).unwrap();
    compare(&Database::open(at("store"), options()).unwrap(), &ours);
}

/// In an Async store a backup has what was acknowledged, durable or not by then.
#[test]
fn a_backup_of_an_async_store_has_all_that_was_acknowledged() {
    let disk = SimVfs::new(12);
    let durability = bourse::Durability::Async { max_delay: std::time::Duration::from_secs(60) };
    let store = Database::open("/store", Options { durability, ..on(&disk) }).unwrap();
    let mut model = Model::new();
    change(&store, &mut model, &mut Random::new(4), 100);
    store.backup("/full", None, &mut |_| ()).unwrap();
    let restored = restore(&[PathBuf::from("/full")], Path::new("/restored"), on(&disk));
    compare(&restored, &model);
}
