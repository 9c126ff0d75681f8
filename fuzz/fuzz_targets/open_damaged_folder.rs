//! A damaged store: it opens or is refused, and what it gives was written, or is an error.
#![no_main]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bourse::{Database, Options, Order, Range, TableDefinition, Type, Value};
use bourse_storage::vfs::sim::SimVfs;
use bourse_storage::vfs::{OpenMode, Vfs};
use libfuzzer_sys::fuzz_target;

const FOLDER: &str = "/store";

fn options(disk: &SimVfs) -> Options {
    Options {
        shards: 1,
        cache_bytes: 8 << 20,
        shard_pages_max: 1 << 12,
        log_segment_bytes: 64 << 10,
        background: false,
        vfs: Arc::new(disk.clone()),
        ..Options::default()
    }
}

fn text(id: i64) -> String {
    format!("{id}").repeat(50)
}

fn fill(disk: &SimVfs, checkpointed: i64, logged: i64) {
    let store = Database::open(FOLDER, options(disk)).expect("a new store");
    let definition = TableDefinition::builder("rows")
        .column("id", Type::BigInt)
        .not_null()
        .column("text", Type::Text)
        .primary_key(["id"])
        .build()
        .expect("a definition");
    let table = store.create_table(&definition).expect("a table");
    for id in 0..checkpointed + logged {
        if id == checkpointed {
            store.checkpoint().expect("a checkpoint");
        }
        store.insert(&table, vec![id.into(), text(id).into()]).expect("a row");
    }
}

fn files(disk: &SimVfs) -> Vec<PathBuf> {
    let mut files = vec![Path::new(FOLDER).join("STORE")];
    for folder in ["log", "shards"] {
        let folder = Path::new(FOLDER).join(folder);
        files.extend(disk.list(&folder).expect("a folder").into_iter().map(|f| folder.join(f)));
    }
    files
}

fuzz_target!(|data: &[u8]| {
    let Some((head, damage)) = data.split_first_chunk::<2>() else { return };
    let disk = SimVfs::new(1);
    fill(&disk, i64::from(head[0] % 64), i64::from(head[1] % 64));
    let files = files(&disk);
    for place in damage.chunks_exact(4) {
        let path = &files[usize::from(place[0]) % files.len()];
        let bytes = disk.open(path, OpenMode::Read).expect("a file").len().expect("its length");
        let at = u64::from(place[1]) << 12 | u64::from(place[2]) << 4 | u64::from(place[3] >> 4);
        if at < bytes {
            disk.flip_bit(path, at, u32::from(place[3] % 8));
        }
    }
    let Ok(store) = Database::open(FOLDER, options(&disk)) else { return };
    let Ok(table) = store.table("rows") else { return };
    for id in 0..130_i64 {
        if let Ok(Some(row)) = store.get(&table, &[id.into()]) {
            assert_eq!(row.values(), [Value::from(id), text(id).into()]);
        }
    }
    let cut = store.cut();
    if let Ok(rows) = cut.scan(&table, &Range::all(), Order::Ascending) {
        // An error ends a scan: after it the cursor may stand where it stood.
        for row in rows.take(1_000).map_while(Result::ok) {
            let [Value::Integer(id), Value::Text(found)] = &row.values()[..] else {
                panic!("a row of other types");
            };
            assert_eq!(found, &text(*id));
        }
    }
});
