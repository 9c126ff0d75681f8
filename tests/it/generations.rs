//! Two generations of every superblock: when the newest is lost, the one before and the log after
//! it give the same state.

use std::os::unix::fs::FileExt;

use bourse::{Database, Options, TableDefinition, Type};

#[test]
fn the_older_generation_and_the_log_give_the_newest_state() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options {
        shards: 2,
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 14,
        background: false,
        ..Options::default()
    };
    let definition = TableDefinition::builder("t")
        .column("id", Type::BigInt)
        .not_null()
        .primary_key(["id"])
        .build()
        .unwrap();
    {
        let store = Database::open(folder.path(), options()).unwrap();
        let table = store.create_table(&definition).unwrap();
        for id in 0..300_i64 {
            store.insert(&table, vec![id.into()]).unwrap();
            if id % 100 == 50 {
                store.checkpoint().unwrap();
            }
        }
    }
    // Find each shard's newest generation by its number and spoil both its copies.
    for shard in ["000.pages", "001.pages"] {
        let path = folder.path().join("shards").join(shard);
        let file = std::fs::OpenOptions::new().read(true).write(true).open(path).unwrap();
        let mut newest = (0, 0);
        for slot in 0..2_u64 {
            let mut page = [0; 4096];
            file.read_exact_at(&mut page, slot * 8192).unwrap();
            let birth = u64::from_le_bytes(page[16..24].try_into().unwrap());
            newest = newest.max((birth, slot));
        }
        for copy in 0..2 {
            file.write_all_at(&[0xa5; 64], newest.1 * 8192 + copy * 4096 + 128).unwrap();
        }
    }
    let store = Database::open(folder.path(), options()).unwrap();
    let table = store.table("t").unwrap();
    assert_eq!(store.cut().count(&table).unwrap(), 300);
}
