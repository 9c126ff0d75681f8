//! Leader and follower side by side, on simulated disks: what the follower has is what the leader
//! had at that record, tree by tree.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bourse_storage::id::Lsn;
use bourse_storage::vfs::sim::SimVfs;
use bourse_storage::{ErrorKind, Result};

use super::parcel::{Packing, Stamp};
use super::{History, Parcel, ReplicationPosition, follow, restore};
use crate::database::Database;
use crate::expression::column;
use crate::feed::FeedDefinition;
use crate::load::LoadOrder;
use crate::options::{Durability, Options};
use crate::scan;
use crate::schema::{IndexDefinition, TableDefinition};
use crate::shard::{DETACHED, tree_root};
use crate::table::Table;
use crate::value::{Type, Value, ValueRef};
use crate::view::{AggregateFunction, ViewDefinition};

mod bytes;
mod roles;
mod stages;

const LEADER: &str = "/leader";
const FOLLOWER: &str = "/follower";
const BACKUP: &str = "/backup";

fn options(disk: &SimVfs) -> Options {
    Options {
        shards: 3,
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 14,
        log_segment_bytes: 4 << 20,
        background: false,
        vfs: Arc::new(disk.clone()),
        ..Options::default()
    }
}

fn open(disk: &SimVfs, folder: &str) -> Database {
    Database::open(folder, options(disk)).unwrap()
}

fn definition() -> TableDefinition {
    TableDefinition::builder("t")
        .column("id", Type::BigInt)
        .not_null()
        .column("owner", Type::BigInt)
        .column("note", Type::Text)
        .primary_key(["id"])
        .shard_key(["owner"])
        .build()
        .unwrap()
}

fn row(id: i64, note: &str) -> Vec<Value> {
    vec![id.into(), (id % 7).into(), note.into()]
}

fn rows(ids: std::ops::Range<i64>) -> impl Iterator<Item = Result<Vec<Value>>> {
    ids.map(|id| Ok(row(id, "loaded")))
}

/// A leader with a table and rows in it.
fn leader(disk: &SimVfs) -> (Database, Table) {
    let store = open(disk, LEADER);
    let table = store.create_table(&definition()).unwrap();
    for id in 0..50 {
        store.insert(&table, row(id, "first")).unwrap();
    }
    (store, table)
}

/// A follower made from a backup of the leader.
fn follower(leader: &Database, disk: &SimVfs, folder: &str) -> Database {
    let backup = PathBuf::from(format!("{BACKUP}{folder}"));
    leader.backup(&backup, None, &mut |_| {}).unwrap();
    restore(&[backup], Path::new(folder), &options(disk), &mut |_| {}).unwrap();
    open(disk, folder)
}

/// Ships all that there is, in parcels of about so many bytes.
fn pump(leader: &Database, follower: &Database, bytes: usize) {
    let mut shipping = leader.ship_to(&follower.replication_position().unwrap()).unwrap();
    while let Some(parcel) = shipping.try_next(bytes).unwrap() {
        let parcel = Parcel::decode(parcel.as_bytes()).unwrap();
        assert_eq!(follower.receive(&parcel).unwrap(), parcel.last());
        assert!(parcel.last() <= leader.cut().lsn(), "only what is published is shipped");
    }
    follower.receive(&shipping.heartbeat()).unwrap();
}

/// Every entry of every tree that a definition knows, by shard.
fn dump(store: &Database) -> Vec<(u16, u32, Vec<u8>, Vec<u8>)> {
    let mut all = Vec::new();
    for shard in &store.core().shards {
        let state = shard.state.lock();
        let (pager, head) = (state.writer.pager(), state.head);
        for (number, _) in &scan::all_entries(pager, state.batch, head).unwrap() {
            let tree = u32::from_be_bytes(number.as_slice().try_into().unwrap());
            if tree >= DETACHED {
                continue;
            }
            let root = pager.read(state.batch, |source| tree_root(source, head, tree)).unwrap();
            for (key, value) in &scan::all_entries(pager, state.batch, root).unwrap() {
                all.push((state.number, tree, key.clone(), value.clone()));
            }
        }
    }
    all
}

fn assert_same(leader: &Database, follower: &Database) {
    assert_eq!(leader.cut().lsn(), follower.cut().lsn());
    let (ours, theirs) = (dump(leader), dump(follower));
    assert_eq!(ours.len(), theirs.len(), "entries of all trees");
    assert!(ours == theirs, "entries of all trees");
    for store in [leader, follower] {
        let report = store.check(&mut |_| {}).unwrap();
        assert!(report.is_sound(), "{report:?}");
    }
}

fn count(store: &Database) -> u64 {
    store.cut().count(&store.table("t").unwrap()).unwrap()
}

#[test]
fn a_follower_has_all_that_its_leader_commits() {
    let disk = SimVfs::new(1);
    let (leader, table) = leader(&disk);
    let follower = follower(&leader, &disk, FOLLOWER);
    assert!(follower.is_follower() && !leader.is_follower());
    assert_same(&leader, &follower);
    // Rows, an index of rows that are there, a view, a feed, a queue.
    for id in 50..120 {
        leader.insert(&table, row(id, "second")).unwrap();
    }
    leader.create_index("t", IndexDefinition::on("by_owner", ["owner"]).global()).unwrap();
    leader
        .create_view(
            &ViewDefinition::builder("owners", "t")
                .group("owner", column("owner"))
                .aggregate("n", AggregateFunction::CountRows),
        )
        .unwrap();
    leader.create_feed("changes", &FeedDefinition::of_table("t")).unwrap();
    leader.create_queue(&crate::QueueDefinition::new("work")).unwrap();
    pump(&leader, &follower, 1);
    assert_same(&leader, &follower);
    // Rows that change and go, one large transaction, another table, a table that goes.
    for id in 0..40 {
        leader.update(&table, &[id.into()], &[("note", "third".into())]).unwrap();
        leader.delete(&table, &[(id + 60).into()]).unwrap();
    }
    let long = "x".repeat(4_000);
    leader
        .transaction(|transaction| {
            (200..700).try_for_each(|id| transaction.insert(&table, row(id, &long)).map(|_| ()))
        })
        .unwrap();
    let mut other = definition();
    other.name = "other".to_owned();
    let other = leader.create_table(&other).unwrap();
    leader.bulk_load(&other, LoadOrder::Unsorted, rows(0..3_000)).unwrap();
    pump(&leader, &follower, 64 << 10);
    assert_same(&leader, &follower);
    leader.drop_table("other").unwrap();
    leader.checkpoint().unwrap();
    pump(&leader, &follower, usize::MAX);
    assert_same(&leader, &follower);
    // Over an open of either.
    drop((leader, follower));
    let (leader, follower) = (open(&disk, LEADER), open(&disk, FOLLOWER));
    assert_same(&leader, &follower);
    leader.insert(&leader.table("t").unwrap(), row(1_000, "fourth")).unwrap();
    pump(&leader, &follower, usize::MAX);
    assert_same(&leader, &follower);
    // What reads there can do.
    let position = follower.replication_position().unwrap();
    assert_eq!((position.published, position.received), (leader.cut().lsn(), leader.cut().lsn()));
    assert!(position.closed_us > 0);
    assert!(follower.wait_for(leader.cut().lsn(), Duration::ZERO).unwrap());
    assert!(!follower.wait_for(leader.cut().lsn().next(), Duration::ZERO).unwrap());
    let told = follower.subscribe("changes").unwrap().try_next().unwrap();
    assert_eq!(told.map(|changes| changes.lsn()), {
        let told = leader.subscribe("changes").unwrap().try_next().unwrap();
        told.map(|changes| changes.lsn())
    });
}

#[test]
fn a_follower_takes_no_writes() {
    let disk = SimVfs::new(2);
    let (leader, _) = leader(&disk);
    leader.create_feed("changes", &FeedDefinition::of_table("t")).unwrap();
    leader.create_queue(&crate::QueueDefinition::new("work")).unwrap();
    let store = follower(&leader, &disk, FOLLOWER);
    let table = store.table("t").unwrap();
    let last = store.core().log.last_lsn();
    store.set_leader_address(Some("db1:5432".to_owned()));
    let mut refused = vec![
        store.insert(&table, row(900, "")).map(drop),
        store.delete(&table, &[1.into()]).map(drop),
        store.update(&table, &[1.into()], &[("note", "".into())]).map(drop),
        store.transaction(|t| t.upsert(&table, row(1, ""))).map(drop),
        store.create_table(&definition()).map(drop),
        store.drop_table("t"),
        store.create_index("t", IndexDefinition::on("i", ["note"])),
        store.bulk_load(&table, LoadOrder::Sorted, rows(0..5)).map(drop),
        store.drop_feed("changes"),
        store.lock_row(&table, &[1.into()], Duration::ZERO).map(drop),
        store.create_queue(&crate::QueueDefinition::new("other")).map(drop),
        crate::JobRunner::run_due(&store, &crate::JobFunctions::new()).map(drop),
        store.submit().insert(&table, row(901, "")).wait().map(drop),
    ];
    let mut interactive = store.begin(crate::TransactionOptions::default()).unwrap();
    refused.push(interactive.insert(&table, row(902, "")).map(drop));
    interactive.rollback();
    for (at, result) in refused.into_iter().enumerate() {
        let error = result.expect_err(&format!("{at}"));
        assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::Busy, "25006"), "{at}: {error}");
        assert!(error.message().contains("db1:5432"), "{error}");
    }
    // Whoever only reads may do so in a transaction, also of a shard.
    let read = |row: Option<crate::OwnedRow>| row.map(|row| row.get(2) == ValueRef::Text("first"));
    let found = store.transaction(|t| t.get(&table, &[1.into()])).unwrap();
    assert_eq!(read(found), Some(true));
    let found = store.shard_transaction(&table, &[1.into()], |t| t.get(&table, &[1.into()]));
    assert_eq!(read(found.unwrap()), Some(true));
    store.checkpoint().unwrap();
    assert_eq!(store.core().log.last_lsn(), last, "R5");
}

#[test]
fn parcels_that_come_again_or_too_early_do_no_harm() {
    let disk = SimVfs::new(3);
    let (leader, table) = leader(&disk);
    let follower = follower(&leader, &disk, FOLLOWER);
    let after = follower.cut().lsn();
    let mut parcels = Vec::new();
    let mut shipping = leader.ship(after).unwrap();
    for id in 0..6 {
        leader.insert(&table, row(300 + id, "more")).unwrap();
        parcels.push(shipping.try_next(1).unwrap().unwrap());
    }
    let refused = follower.receive(&parcels[1]).unwrap_err();
    assert_eq!((refused.kind(), refused.sqlstate()), (ErrorKind::InvalidInput, "55000"));
    assert_eq!(follower.receive(&parcels[0]).unwrap(), parcels[0].last());
    assert_eq!(follower.receive(&parcels[0]).unwrap(), parcels[0].last());
    // One that overlaps what is there.
    let all = leader.ship(after).unwrap().try_next(usize::MAX).unwrap().unwrap();
    assert_eq!(all.records(), 6);
    assert_eq!(follower.receive(&all).unwrap(), all.last());
    assert_eq!(follower.receive(&parcels[2]).unwrap(), all.last());
    assert_same(&leader, &follower);
    // An empty leader's log is no reason to ask for what it never had.
    assert_eq!(leader.ship(all.last().next()).unwrap_err().sqlstate(), "55000");
}

#[test]
fn an_asynchronous_store_ships_and_follows() {
    let disk = SimVfs::new(4);
    let max_delay = Duration::from_millis(1);
    let slow = |folder| {
        let options = Options { durability: Durability::Async { max_delay }, ..options(&disk) };
        Database::open(folder, options).unwrap()
    };
    let leader = slow(LEADER);
    let table = leader.create_table(&definition()).unwrap();
    drop(follower(&leader, &disk, FOLLOWER));
    let follower = slow(FOLLOWER);
    for id in 0..20 {
        leader.insert(&table, row(id, "")).unwrap();
    }
    let mut shipping = leader.ship(follower.cut().lsn()).unwrap();
    assert!(shipping.try_next(1).unwrap().is_none(), "nothing of it is durable");
    leader.flush().unwrap();
    pump(&leader, &follower, 1_000);
    assert_same(&leader, &follower);
    // R4: what was acknowledged is there after a power cut.
    let crashed = disk.reboot(9);
    drop((leader, follower));
    assert_eq!(count(&open(&crashed, FOLLOWER)), 20);
}

#[test]
fn a_position_survives_its_bytes() {
    let disk = SimVfs::new(5);
    let (leader, _) = leader(&disk);
    let position = leader.replication_position().unwrap();
    assert_eq!(ReplicationPosition::decode(&position.encode()).unwrap(), position);
    let mut bytes = position.encode();
    bytes[50] ^= 1;
    assert_eq!(ReplicationPosition::decode(&bytes).unwrap_err().kind(), ErrorKind::Corrupt);
}
