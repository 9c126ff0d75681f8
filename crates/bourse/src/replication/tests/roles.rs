//! Who may follow whom: promotion, stores that were left behind, and the log that is held for them.

use super::*;

#[test]
fn a_promoted_follower_takes_writes_and_is_followed() {
    let disk = SimVfs::new(11);
    let (old, table) = leader(&disk);
    let new = follower(&old, &disk, FOLLOWER);
    let other = follower(&old, &disk, "/other");
    old.insert(&table, row(400, "for both")).unwrap();
    pump(&old, &new, usize::MAX);
    let fork = new.cut().lsn();
    assert_eq!(old.promote().unwrap_err().sqlstate(), "55000", "it leads already");
    let epoch = new.promote().unwrap();
    assert_eq!((epoch.term, epoch.after), (1, fork));
    assert!(!new.is_follower());
    assert_eq!(new.promote().unwrap_err().sqlstate(), "55000");
    let table_of_new = new.table("t").unwrap();
    new.insert(&table_of_new, row(401, "of the new leader")).unwrap();
    let parcel = new.ship(Lsn(fork.0 - 1)).unwrap().try_next(usize::MAX).unwrap().unwrap();
    let terms: Vec<_> = parcel.shipped().map(|record| record.origin.term).collect();
    assert_eq!(terms, [0, 1], "records tell the term in which they were written");
    // One that is behind the fork follows the new leader, and from then on no longer the old one.
    pump(&new, &other, usize::MAX);
    assert_same(&new, &other);
    assert_eq!(other.replication_position().unwrap().history.newest(), epoch);
    let stale = old.ship(fork).unwrap().heartbeat();
    let refused = other.receive(&stale).unwrap_err();
    assert_eq!((refused.kind(), refused.sqlstate()), (ErrorKind::InvalidInput, "55000"));
    // All of it stands over a crash.
    let disk = disk.reboot(1);
    drop((old, new, other));
    let (new, other) = (open(&disk, FOLLOWER), open(&disk, "/other"));
    assert!(!new.is_follower() && other.is_follower());
    new.insert(&new.table("t").unwrap(), row(402, "later")).unwrap();
    pump(&new, &other, 1);
    assert_same(&new, &other);
}

#[test]
fn an_old_leader_follows_if_it_has_nothing_of_its_own() {
    let disk = SimVfs::new(12);
    let (old, table) = leader(&disk);
    let new = follower(&old, &disk, FOLLOWER);
    pump(&old, &new, usize::MAX);
    old.close().unwrap();
    new.promote().unwrap();
    new.insert(&new.table("t").unwrap(), row(500, "new")).unwrap();
    follow(Path::new(LEADER), &options(&disk)).unwrap();
    let old = open(&disk, LEADER);
    assert!(old.is_follower());
    pump(&new, &old, usize::MAX);
    assert_same(&new, &old);
    drop(table);
}

#[test]
fn a_store_with_records_of_its_own_is_refused() {
    let disk = SimVfs::new(13);
    let (old, table) = leader(&disk);
    let new = follower(&old, &disk, FOLLOWER);
    pump(&old, &new, usize::MAX);
    new.promote().unwrap();
    let position = new.replication_position().unwrap();
    // Both have a record behind the fork.
    old.insert(&table, row(600, "lost")).unwrap();
    old.close().unwrap();
    follow(Path::new(LEADER), &options(&disk)).unwrap();
    let old = open(&disk, LEADER);
    for id in 0..3 {
        new.insert(&new.table("t").unwrap(), row(700 + id, "new")).unwrap();
    }
    let refused = new.ship_to(&old.replication_position().unwrap()).unwrap_err();
    assert_eq!(refused.sqlstate(), "55000");
    let parcel = new.ship(position.received.next()).unwrap().try_next(1).unwrap().unwrap();
    let before = dump(&old);
    assert_eq!(old.receive(&parcel).unwrap_err().sqlstate(), "55000");
    assert!(dump(&old) == before, "nothing has changed");
}

/// Guards against followers that were written to behind the store's back: same epoch, other record.
#[test]
fn different_records_of_one_lsn_are_found_out() {
    let disk = SimVfs::new(14);
    drop(leader(&disk));
    let (disk, other) = (disk.reboot(2), disk.reboot(3));
    let (leader, theirs) = (open(&disk, LEADER), open(&other, LEADER));
    let table = leader.table("t").unwrap();
    leader.insert(&table, row(800, "here")).unwrap();
    theirs.insert(&theirs.table("t").unwrap(), row(800, "there")).unwrap();
    theirs.close().unwrap();
    follow(Path::new(LEADER), &options(&other)).unwrap();
    let theirs = Database::open(LEADER, options(&other)).unwrap();
    let position = theirs.replication_position().unwrap();
    assert!(leader.ship_to(&position).unwrap_err().message().contains("different records"));
    leader.insert(&table, row(801, "here")).unwrap();
    for after in [position.received.0 - 1, position.received.0] {
        let parcel = leader.ship(Lsn(after)).unwrap().try_next(usize::MAX).unwrap().unwrap();
        let refused = theirs.receive(&parcel).unwrap_err();
        assert!(refused.message().contains("different records"), "{refused}");
    }
}

#[test]
fn another_lineage_is_refused() {
    let disk = SimVfs::new(15);
    let (leader, _) = leader(&disk);
    let follower = follower(&leader, &disk, FOLLOWER);
    let elsewhere = SimVfs::new(16);
    let stranger = open(&elsewhere, LEADER);
    stranger.create_table(&definition()).unwrap();
    let parcel = stranger.ship(Lsn(0)).unwrap().try_next(1).unwrap().unwrap();
    assert!(follower.receive(&parcel).unwrap_err().message().contains("lineage"));
    assert!(stranger.receive(&parcel).unwrap_err().message().contains("follows no other"));
    // A restore that is to go its own way is of another lineage too.
    let restored = Path::new("/restored");
    let from = [PathBuf::from(format!("{BACKUP}{FOLLOWER}"))];
    crate::backup::restore(&from, restored, &options(&disk), &mut |_| {}).unwrap();
    let restored = Database::open(restored, options(&disk)).unwrap();
    assert!(!restored.is_follower());
    let position = restored.replication_position().unwrap();
    assert!(leader.ship_to(&position).unwrap_err().message().contains("lineage"));
}

#[test]
fn a_follower_ships_on_and_is_backed_up() {
    let disk = SimVfs::new(17);
    let (leader, table) = leader(&disk);
    let first = follower(&leader, &disk, FOLLOWER);
    leader.insert(&table, row(900, "one")).unwrap();
    pump(&leader, &first, usize::MAX);
    let second = follower(&first, &disk, "/second");
    leader.insert(&table, row(901, "two")).unwrap();
    pump(&leader, &first, usize::MAX);
    pump(&first, &second, usize::MAX);
    assert_same(&leader, &second);
    // Either can feed it.
    leader.insert(&table, row(902, "three")).unwrap();
    pump(&leader, &second, usize::MAX);
    assert_same(&leader, &second);
}

#[test]
fn the_log_is_held_for_who_is_named_up_to_the_cap() {
    let disk = SimVfs::new(18);
    let small =
        |bytes| Options { log_segment_bytes: 1 << 16, held_log_bytes_max: bytes, ..options(&disk) };
    let leader = Database::open(LEADER, small(u64::MAX)).unwrap();
    let table = leader.create_table(&definition()).unwrap();
    let after = leader.hold_log_for_backup("one").unwrap();
    assert_eq!(after, leader.cut().lsn());
    let fill = |leader: &Database, id: i64| {
        for id in id..id + 100 {
            leader.insert(&table, row(id, &"y".repeat(1_000))).unwrap();
        }
        leader.checkpoint().unwrap();
        leader.checkpoint().unwrap();
    };
    fill(&leader, 0);
    assert!(leader.core().log.first_lsn() <= after.next(), "kept for it");
    drop(leader);
    let leader = Database::open(LEADER, small(u64::MAX)).unwrap();
    fill(&leader, 200);
    assert!(leader.core().log.first_lsn() <= after.next(), "kept over an open");
    leader.hold_log("two", leader.cut().lsn()).unwrap();
    leader.hold_log("one", Lsn(100)).unwrap();
    leader.hold_log("one", Lsn(50)).unwrap();
    let holds = leader.log_holds();
    assert_eq!(holds.iter().map(|hold| hold.name.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(holds[0].after, Lsn(100), "a hold never goes back");
    assert!(!holds[0].is_lost && holds[0].bytes > holds[1].bytes);
    leader.checkpoint().unwrap();
    let first = leader.core().log.first_lsn();
    assert!(first > after.next() && first <= Lsn(101), "{first}");
    drop(leader);
    // A cap that it does not fit: it is lost, and told so.
    let leader = Database::open(LEADER, small(1 << 16)).unwrap();
    fill(&leader, 400);
    assert!(leader.log_holds()[0].is_lost);
    assert_eq!(leader.ship(Lsn(100)).unwrap_err().sqlstate(), "72000");
    assert_eq!(leader.hold_log("three", Lsn(100)).unwrap_err().sqlstate(), "72000");
    assert_eq!(leader.hold_log("", Lsn(100)).unwrap_err().sqlstate(), "42602");
    assert!(leader.release_log("one").unwrap() && !leader.release_log("one").unwrap());
    drop(leader);
    let leader = Database::open(LEADER, small(1 << 16)).unwrap();
    assert_eq!(leader.log_holds().len(), 1);
}
