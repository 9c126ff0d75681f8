//! One member's calls, on simulated disks. What a whole group promises is `bourse-tests`' to show.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bourse_storage::ErrorKind;
use bourse_storage::id::Lsn;
use bourse_storage::log::Origin;
use bourse_storage::sync;
use bourse_storage::vfs::sim::SimVfs;

use super::entries::Recent;
use super::file::{GROUP, GroupFile};
use super::*;
use crate::options::Durability;
use crate::replication::{Parcel, restore};
use crate::schema::TableDefinition;
use crate::value::{Type, Value};

const FIRST: &str = "/first";
const SECOND: &str = "/second";

fn options(disk: &SimVfs) -> Options {
    Options {
        shards: 2,
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 14,
        log_segment_bytes: 4 << 20,
        agreement_timeout: Duration::ZERO,
        background: false,
        vfs: Arc::new(disk.clone()),
        ..Options::default()
    }
}

fn row(id: i64) -> Vec<Value> {
    vec![id.into(), "a row".into()]
}

/// A store with a table and a row, the first member of a group, which has agreed on entry 0.
fn first(disk: &SimVfs) -> Database {
    let store = Database::open(FIRST, options(disk)).unwrap();
    let table = TableDefinition::builder("t")
        .column("id", Type::BigInt)
        .column("note", Type::Text)
        .primary_key(["id"])
        .build()
        .unwrap();
    let table = store.create_table(&table).unwrap();
    store.insert(&table, row(1)).unwrap();
    drop(store);
    found(Path::new(FIRST), &options(disk), b"state").unwrap();
    let store = Database::open(FIRST, options(disk)).unwrap();
    agree(&store, EntryId { term: 0, index: 0 });
    store
}

/// Makes an entry of what is there, and agrees on it.
fn agree(store: &Database, id: EntryId) -> Lsn {
    let member = store.member().unwrap();
    let appended = member.end_entry(id, b"note").unwrap();
    member.flush(appended).unwrap();
    member.commit(id.index).unwrap()
}

fn second(first: &Database, disk: &SimVfs) -> Database {
    let info = first.backup("/backup", None, &mut |_| {}).unwrap();
    restore(&["/backup".into()], Path::new(SECOND), &options(disk), &mut |_| {}).unwrap();
    let base = first.member().unwrap().base_at(info.ships_after).unwrap();
    join(Path::new(SECOND), &options(disk), base, b"").unwrap();
    Database::open(SECOND, options(disk)).unwrap()
}

#[test]
fn a_commit_counts_when_it_is_agreed_on() {
    let disk = SimVfs::new(1);
    let store = first(&disk);
    let (member, table) = (store.member().unwrap(), store.table("t").unwrap());
    assert_eq!(store.insert(&table, row(2)).unwrap_err().sqlstate(), "25006", "it follows");
    store.lead(1).unwrap();
    assert!(member.leads() && member.is_settled());
    // Nobody agrees in the time that it waits: it may be there or not, and is not shown.
    let unknown = store.insert(&table, row(2)).unwrap_err();
    assert_eq!((unknown.kind(), unknown.sqlstate()), (ErrorKind::Busy, "08007"));
    assert!(store.get(&table, &[2.into()]).unwrap().is_none());
    assert_eq!(agree(&store, EntryId { term: 1, index: 1 }), store.cut().lsn());
    assert!(store.get(&table, &[2.into()]).unwrap().is_some());
    // The next is what its place says.
    let wrong = member.end_entry(EntryId { term: 1, index: 3 }, b"").unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::Corrupt, "{wrong}");
}

#[test]
fn a_commit_waits_for_agreement() {
    let disk = SimVfs::new(2);
    drop(first(&disk));
    let patient = Options { agreement_timeout: Duration::from_secs(60), ..options(&disk) };
    let store = Database::open(FIRST, patient).unwrap();
    let member = store.member().unwrap();
    member.commit(0).unwrap();
    store.lead(1).unwrap();
    let (writer, table) = (store.clone(), store.table("t").unwrap());
    let writing = sync::spawn("writer", move || writer.insert(&table, row(7)));
    let mut index = 1;
    while store.get(&store.table("t").unwrap(), &[7.into()]).unwrap().is_none() {
        if member.last().unwrap().end < store.core().log.last_lsn() {
            agree(&store, EntryId { term: 1, index });
            index += 1;
        }
        sync::yield_now();
    }
    assert_eq!(writing.join().unwrap().unwrap(), [Value::from(7)]);
}

/// Guards against an entry that is agreed on before the apply of its records has returned, which
/// nobody would publish.
#[test]
fn agreement_may_come_before_the_apply_has_returned() {
    let disk = SimVfs::new(6);
    drop(first(&disk));
    let patient = Options { agreement_timeout: Duration::from_secs(20), ..options(&disk) };
    let store = Database::open(FIRST, patient).unwrap();
    let member = store.member().unwrap();
    member.commit(0).unwrap();
    store.lead(1).unwrap();
    let is_over = Arc::new(AtomicBool::new(false));
    let (agreeing, until) = (store.clone(), Arc::clone(&is_over));
    let agreed = sync::spawn("agree", move || {
        let member = agreeing.member().unwrap();
        for index in 1.. {
            while member.last().unwrap().end == agreeing.core().log.last_lsn() {
                if until.load(Ordering::Acquire) {
                    return;
                }
                sync::yield_now();
            }
            agree(&agreeing, EntryId { term: 1, index });
        }
    });
    let long = "x".repeat(20_000);
    for id in 10..400 {
        let table = store.table("t").unwrap();
        store.insert(&table, vec![id.into(), long.clone().into()]).unwrap();
    }
    is_over.store(true, Ordering::Release);
    agreed.join().unwrap();
}

#[test]
fn entries_go_to_others_and_are_taken_back() {
    let disk = SimVfs::new(3);
    let leader = first(&disk);
    let other = second(&leader, &disk);
    leader.lead(1).unwrap();
    let table = leader.table("t").unwrap();
    leader.insert(&table, row(2)).unwrap_err();
    let (from, to) = (leader.member().unwrap(), other.member().unwrap());
    let id = EntryId { term: 1, index: 1 };
    from.end_entry(id, b"note").unwrap();
    let read = |index| {
        let parcel = from.read(index, &mut EntryReader::default()).unwrap().unwrap();
        Parcel::decode(parcel.as_bytes()).unwrap()
    };
    to.flush(to.accept(EntryId { term: 0, index: 0 }, &read(0)).unwrap()).unwrap();
    to.commit(0).unwrap();
    let parcel = read(1);
    let named_wrong = to.accept(EntryId { term: 2, index: 1 }, &parcel).unwrap_err();
    assert_eq!(named_wrong.sqlstate(), "55000", "{named_wrong}");
    let appended = to.accept(id, &parcel).unwrap();
    assert_eq!(to.last().unwrap().id, id);
    assert!(other.get(&other.table("t").unwrap(), &[2.into()]).unwrap().is_none());
    to.flush(appended).unwrap();
    to.cut_behind(Some(0)).unwrap();
    assert!(to.is_stopped());
    drop((other, to));
    let other = Database::open(SECOND, options(&disk)).unwrap();
    let to = other.member().unwrap();
    assert_eq!(to.last().unwrap().id.index, 0);
    // It may come again, and what is agreed on then stays.
    to.flush(to.accept(id, &parcel).unwrap()).unwrap();
    to.commit(1).unwrap();
    assert!(other.get(&other.table("t").unwrap(), &[2.into()]).unwrap().is_some());
    assert_eq!(to.cut_behind(Some(0)).unwrap_err().sqlstate(), "55000");
}

#[test]
fn a_member_is_no_replica() {
    let disk = SimVfs::new(4);
    let store = first(&disk);
    assert_eq!(store.promote().unwrap_err().sqlstate(), "55000");
    let heartbeat = store.ship(store.cut().lsn()).unwrap().heartbeat();
    assert_eq!(store.receive(&heartbeat).unwrap_err().sqlstate(), "55000");
    drop(store);
    let delay = Duration::from_secs(1);
    let quick = Options { durability: Durability::Async { max_delay: delay }, ..options(&disk) };
    let refused = Database::open(FIRST, quick).err().map(|error| error.kind());
    assert_eq!(refused, Some(ErrorKind::InvalidInput));
    let again = found(Path::new(FIRST), &options(&disk), b"").unwrap_err();
    assert_eq!(again.kind(), ErrorKind::InvalidInput, "{again}");
}

#[test]
fn the_file_says_what_it_was_told() {
    let disk = SimVfs::new(5);
    let store = first(&disk);
    let member = store.member().unwrap();
    assert_eq!(member.state(), b"state");
    member.save_state(b"a vote").unwrap();
    assert_eq!(member.save_state(&[0; 8_000]).unwrap_err().kind(), ErrorKind::InvalidInput);
    let lineage = member.lineage();
    drop((store, member));
    let read = |disk: &SimVfs| GroupFile::read(disk, Path::new(FIRST), lineage);
    let file = read(&disk).unwrap();
    assert_eq!((&*file.state, file.cut, file.base), (&b"a vote"[..], None, None));
    for offset in [0, 9, 13, 17, 25, 41, 57, 61, 65, 4_000] {
        disk.flip_bit(&Path::new(FIRST).join(GROUP), offset, 3);
        assert!(read(&disk).is_err(), "a bit at {offset}");
        disk.flip_bit(&Path::new(FIRST).join(GROUP), offset, 3);
    }
    assert!(GroupFile::read(&disk, Path::new(FIRST), lineage + 1).is_err(), "of another store");
    let whole = GroupFile {
        cut: Some(Lsn(0)),
        base: Some((EntryId { term: 3, index: 9 }, b"members".as_slice().into())),
        base_end: Lsn(40),
        ..file
    };
    whole.write(&disk, Path::new(FIRST)).unwrap();
    assert_eq!(read(&disk).unwrap(), whole);
}

#[test]
fn entries_are_found_by_index_and_by_record() {
    let entry = |index: u64, end: u64| LoggedEntry {
        id: EntryId { term: 1, index },
        end: Lsn(end),
        note: [].into(),
    };
    let mut entries = Entries::new(Some(entry(4, 10)), Lsn(10));
    assert!(entries.push(entry(6, 12)).is_err(), "a gap");
    for (index, end) in [(5, 12), (6, 13), (7, 20)] {
        entries.push(entry(index, end)).unwrap();
    }
    assert_eq!(entries.get(4).map(|found| found.end), Some(Lsn(10)));
    assert_eq!(entries.bounds(4), None);
    assert_eq!(entries.bounds(5).map(|(begin, _)| begin), Some(Lsn(10)));
    assert_eq!(entries.bounds(7).map(|(begin, found)| (begin, found.end)), {
        Some((Lsn(13), Lsn(20)))
    });
    let indexes = |range| entries.range(range).iter().map(|found| found.id.index).collect();
    let (all, some): (Vec<u64>, Vec<u64>) = (indexes(0..99), indexes(6..7));
    assert_eq!((all, some), (vec![5, 6, 7], vec![6]));
    let at = |lsn| entries.at(Lsn(lsn)).map(|found| found.id.index);
    assert_eq!([at(9), at(10), at(12), at(19), at(99)], [None, Some(4), Some(5), Some(6), Some(7)]);
    assert_eq!([12, 14, 20, 21].map(|lsn| entries.end_of(Lsn(lsn)).0), [12, 20, 20, 21]);
    // The log keeps the end of the entry before what is needed.
    assert_eq!([11, 12, 15, 99].map(|from| entries.keep(Lsn(from)).0), [9, 11, 12, 19]);
    // Entries are there for as long as the log has them whole.
    entries.trim(Lsn(11));
    assert_eq!(entries.base(), Some(&entry(4, 10)));
    entries.trim(Lsn(12));
    assert_eq!(entries.base(), Some(&entry(5, 12)));
    entries.trim(Lsn(14));
    assert_eq!((entries.base(), entries.end()), (Some(&entry(6, 13)), Lsn(20)));
    assert_eq!(entries.bounds(7).map(|(begin, _)| begin), Some(Lsn(13)));
    let record = |length: usize| Recent {
        kind: 1,
        origin: Origin::default(),
        payload: vec![0; length].into(),
    };
    for lsn in [15, 14, 17, 16, 18] {
        entries.remember(Lsn(lsn), record(10));
    }
    assert!(entries.recent(Lsn(15), Lsn(18)).is_some_and(|found| found.len() == 3));
    assert!(entries.recent(Lsn(13), Lsn(15)).is_none(), "one came too late");
    entries.remember(Lsn(19), record(9 << 20));
    assert!(entries.recent(Lsn(17), Lsn(18)).is_none(), "there is no room for all");
}
