//! What is logged ahead of its commit: over backups, crashes of either side, and leaders that give
//! it up.

use bourse_storage::sync;

use super::*;

/// A bulk load that stops in the middle of its rows, with pieces of them in the log, until told.
struct HalfLoad {
    go_on: Arc<(sync::Mutex<Option<bool>>, sync::Condvar)>,
    thread: sync::JoinHandle<Result<u64>>,
}

impl HalfLoad {
    fn begin(store: &Database, table: &Table) -> HalfLoad {
        let go_on = Arc::new((sync::Mutex::new(None), sync::Condvar::new()));
        let reached = Arc::new((sync::Mutex::new(false), sync::Condvar::new()));
        let (theirs, told) = (Arc::clone(&go_on), Arc::clone(&reached));
        let before = store.core().log.last_lsn();
        let (of, table) = (store.clone(), table.clone());
        let thread = sync::spawn("load", move || {
            let long = "z".repeat(20_000);
            let first = (0..400).map({
                let long = long.clone();
                move |id| Ok(row(id, &long))
            });
            let pause = std::iter::once_with(move || {
                *told.0.lock() = true;
                told.1.notify_all();
                let mut go_on = theirs.0.lock();
                while go_on.is_none() {
                    theirs.1.wait(&mut go_on);
                }
                match *go_on {
                    Some(true) => Ok(row(400, "the last one")),
                    _ => Err(bourse_storage::Error::invalid("given up")),
                }
            });
            of.bulk_load(&table, LoadOrder::Sorted, first.chain(pause))
        });
        let mut waiting = reached.0.lock();
        while !*waiting {
            reached.1.wait(&mut waiting);
        }
        drop(waiting);
        // Other threads log what this one was given.
        while store.core().log.last_lsn() == before {
            sync::sleep(std::time::Duration::from_millis(1));
        }
        HalfLoad { go_on, thread }
    }

    fn end(self, commits: bool) -> Result<u64> {
        *self.go_on.0.lock() = Some(commits);
        self.go_on.1.notify_all();
        self.thread.join().unwrap()
    }
}

fn empty(store: &Database) -> Table {
    let mut definition = definition();
    definition.name = "loaded".to_owned();
    store.create_table(&definition).unwrap()
}

fn open_stages(store: &Database) -> usize {
    store.core().shards.iter().map(|shard| shard.state.lock().loads.len()).sum()
}

/// The log that a new follower begins with goes back to where the load began.
#[test]
fn a_load_that_a_backup_cuts_in_two_arrives_whole() {
    let disk = SimVfs::new(21);
    let (leader, table) = leader(&disk);
    let target = empty(&leader);
    let load = HalfLoad::begin(&leader, &target);
    leader.insert(&table, row(100, "meanwhile")).unwrap();
    let shown = leader.cut().lsn();
    let follower = follower(&leader, &disk, FOLLOWER);
    let position = follower.replication_position().unwrap();
    assert!(position.received < position.published, "{position:?}");
    // The leader may show more by now.
    assert!(follower.cut().lsn() >= shown && shown <= leader.cut().lsn());
    assert_eq!(count(&follower), 51, "it can be read at once");
    let refused = follower.promote().unwrap_err();
    assert_eq!(refused.sqlstate(), "55000", "its log lacks records that it has");
    pump(&leader, &follower, 1);
    assert!(open_stages(&follower) > 0);
    assert_eq!(load.end(true).unwrap(), 401);
    // Over a new process of the follower while the load is under way there.
    follower.checkpoint().unwrap();
    leader.insert(&table, row(101, "after")).unwrap();
    drop(follower);
    let follower = open(&disk, FOLLOWER);
    assert!(open_stages(&follower) > 0);
    pump(&leader, &follower, 100_000);
    assert_eq!(open_stages(&follower), 0);
    assert_same(&leader, &follower);
}

#[test]
fn a_load_that_is_given_up_is_given_up_by_followers() {
    let disk = SimVfs::new(22);
    let (leader, table) = leader(&disk);
    let follower = follower(&leader, &disk, FOLLOWER);
    let target = empty(&leader);
    let load = HalfLoad::begin(&leader, &target);
    leader.insert(&table, row(100, "meanwhile")).unwrap();
    pump(&leader, &follower, usize::MAX);
    assert!(open_stages(&follower) > 0);
    let floor = follower.core().replication.stages_after();
    assert!(floor < follower.cut().lsn(), "checkpoints keep the log from there");
    assert!(load.end(false).is_err());
    leader.insert(&table, row(101, "after")).unwrap();
    pump(&leader, &follower, usize::MAX);
    assert_eq!(open_stages(&follower), 0);
    assert_eq!(follower.core().replication.stages_after(), follower.cut().lsn());
    assert_same(&leader, &follower);
}

/// The stage is in no map of the leader that comes after the crash.
#[test]
fn a_load_that_a_crash_ends_is_given_up_by_followers() {
    let disk = SimVfs::new(23);
    let (leader, table) = leader(&disk);
    let follower = follower(&leader, &disk, FOLLOWER);
    let target = empty(&leader);
    let load = HalfLoad::begin(&leader, &target);
    leader.insert(&table, row(100, "meanwhile")).unwrap();
    pump(&leader, &follower, usize::MAX);
    assert!(open_stages(&follower) > 0);
    let crashed = disk.reboot(5);
    drop((leader, follower));
    assert!(load.end(false).is_err());
    let (leader, follower) = (open(&crashed, LEADER), open(&crashed, FOLLOWER));
    assert!(open_stages(&follower) > 0, "it cannot know yet");
    let target = leader.table("loaded").unwrap();
    leader.insert(&target, row(1, "not loaded")).unwrap();
    pump(&leader, &follower, usize::MAX);
    assert_eq!(open_stages(&follower), 0);
    assert_same(&leader, &follower);
}

#[test]
fn a_promotion_gives_up_what_the_leader_had_begun() {
    let disk = SimVfs::new(24);
    let (leader, table) = leader(&disk);
    let follower = follower(&leader, &disk, FOLLOWER);
    let target = empty(&leader);
    let load = HalfLoad::begin(&leader, &target);
    leader.insert(&table, row(100, "meanwhile")).unwrap();
    pump(&leader, &follower, usize::MAX);
    follower.promote().unwrap();
    assert_eq!(open_stages(&follower), 0);
    assert!(load.end(false).is_err());
    let target = follower.table("loaded").unwrap();
    assert_eq!(follower.bulk_load(&target, LoadOrder::Sorted, rows(0..2_000)).unwrap(), 2_000);
    follower.checkpoint().unwrap();
    let report = follower.check(&mut |_| {}).unwrap();
    assert!(report.is_sound(), "{report:?}");
}

/// The loader logs a piece before it builds with it, so the log has what it was refused: that is no
/// damage, here or in a recovery.
#[test]
fn a_load_of_rows_in_no_order_is_passed_over_by_who_replays_it() {
    let disk = SimVfs::new(25);
    let (leader, _) = leader(&disk);
    let follower = follower(&leader, &disk, FOLLOWER);
    let target = empty(&leader);
    let long = "z".repeat(20_000);
    let wrong = (0..400).rev().map(|id| Ok(row(id, &long)));
    let refused = leader.bulk_load(&target, LoadOrder::Sorted, wrong).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Constraint);
    leader.insert(&target, row(1, "by hand")).unwrap();
    pump(&leader, &follower, usize::MAX);
    assert_same(&leader, &follower);
    let crashed = disk.reboot(5);
    drop((leader, follower));
    assert_same(&open(&crashed, LEADER), &open(&crashed, FOLLOWER));
}

/// A large transaction tells its time once its pieces are put together; a load counts as of the
/// newest moment that is known before it.
#[test]
fn what_was_committed_after_a_time_is_not_taken() {
    let disk = SimVfs::new(31);
    let (leader, table) = leader(&disk);
    let target = empty(&leader);
    let follower = follower(&leader, &disk, FOLLOWER);
    let mut shipping = leader.ship_to(&follower.replication_position().unwrap()).unwrap();
    let mut parcels = Vec::new();
    let mut moments = Vec::new();
    let pause = Duration::from_millis(5);
    let long = "x".repeat(4_000);
    for step in 0..3 {
        match step {
            0 => drop(leader.insert(&table, row(100, "small")).unwrap()),
            1 => leader
                .transaction(|transaction| {
                    (200..700)
                        .try_for_each(|id| transaction.insert(&table, row(id, &long)).map(|_| ()))
                })
                .unwrap(),
            _ => drop(leader.bulk_load(&target, LoadOrder::Unsorted, rows(0..3_000)).unwrap()),
        }
        sync::sleep(pause);
        moments.push((sync::wall_clock_us(), leader.cut().lsn()));
        sync::sleep(pause);
        while let Some(parcel) = shipping.try_next(64 << 10).unwrap() {
            parcels.push(parcel);
        }
        parcels.push(shipping.heartbeat());
    }
    // Before all of it: nothing is taken.
    let early = follower.receive_until(&parcels[0], 1).unwrap();
    assert_eq!((early.last, early.is_later), (parcels[0].after(), true));
    for (time_us, lsn) in &moments {
        let last = parcels
            .iter()
            .position(|parcel| follower.receive_until(parcel, *time_us).unwrap().is_later);
        assert_eq!(last.is_none(), *lsn == moments[2].1, "all but the last moment have later ones");
        let rows = follower.cut().count(&follower.table("t").unwrap()).unwrap();
        let loaded = follower.cut().count(&follower.table("loaded").unwrap()).unwrap();
        let expected = match moments.iter().position(|moment| moment.1 == *lsn) {
            Some(0) => (51, 0),
            Some(1) => (551, 0),
            _ => (551, 3_000),
        };
        assert_eq!((rows, loaded), expected);
    }
    assert_same(&leader, &follower);
}

#[test]
fn a_parcel_is_cut_behind_a_record() {
    let disk = SimVfs::new(32);
    let (leader, table) = leader(&disk);
    let follower = follower(&leader, &disk, FOLLOWER);
    let mut shipping = leader.ship_to(&follower.replication_position().unwrap()).unwrap();
    for id in 100..110 {
        leader.insert(&table, row(id, "new")).unwrap();
    }
    let parcel = shipping.try_next(usize::MAX).unwrap().unwrap();
    let middle = Lsn(parcel.after().0 + 4);
    let cut = Parcel::decode(parcel.until(middle).as_bytes()).unwrap();
    assert_eq!((cut.after(), cut.last(), cut.records()), (parcel.after(), middle, 4));
    assert_eq!(parcel.until(parcel.last()).as_bytes(), parcel.as_bytes());
    assert_eq!(parcel.until(parcel.after()).records(), 0);
    assert_eq!(follower.receive(&cut).unwrap(), middle);
    assert_eq!(count(&follower), 54);
    follower.receive(&parcel).unwrap();
    assert_same(&leader, &follower);
}
