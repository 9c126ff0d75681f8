//! Feeds: what a subscriber is told, when, how often, and what becomes of it when it is late.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use bourse::{
    Alteration, Change, Changes, Database, Durability, ErrorKind, FeedDefinition, LoadOrder,
    Options, Position, Range, Subscription, Table, TableDefinition, TransactionOptions, Truncate,
    Type, Value,
};
use bourse_storage::sync;
use bourse_storage::vfs::sim::SimVfs;

use crate::expect::{options_on, refused, sound};

fn definition(name: &str) -> TableDefinition {
    TableDefinition::builder(name)
        .column("id", Type::BigInt)
        .not_null()
        .column("lane", Type::BigInt)
        .not_null()
        .column("note", Type::Text)
        .primary_key(["id"])
        .shard_key(["lane"])
        .build()
        .unwrap()
}

fn open(disk: &SimVfs) -> Database {
    Database::open("/store", options_on(disk)).unwrap()
}

fn store_with_feed(disk: &SimVfs) -> (Database, Table) {
    let store = open(disk);
    let table = store.create_table(&definition("orders")).unwrap();
    store.create_feed("f", &FeedDefinition::of_table("orders")).unwrap();
    (store, table)
}

fn row(id: i64, lane: i64, note: &str) -> Vec<Value> {
    vec![id.into(), lane.into(), note.into()]
}

/// Old and new values of the rows of some changes.
type Rows = Vec<(Option<Vec<Value>>, Option<Vec<Value>>)>;

fn rows_of(changes: &Changes) -> Rows {
    let values = |row: Option<&bourse::OwnedRow>| row.map(bourse::OwnedRow::values);
    changes.rows().map(|row| (values(row.before()), values(row.after()))).collect()
}

fn all_now(subscription: &mut Subscription) -> Vec<Rows> {
    let next = || subscription.try_next().unwrap();
    std::iter::from_fn(next).map(|changes| rows_of(&changes)).collect()
}

#[test]
fn each_way_of_writing_is_told_with_old_and_new_rows() {
    let disk = SimVfs::new(1);
    let (store, table) = store_with_feed(&disk);
    store.insert(&table, row(1, 1, "a")).unwrap();
    store.update(&table, &[1.into()], &[("note", "b".into())]).unwrap();
    // To another shard: one change.
    for lane in 2..9_i64 {
        store.update(&table, &[1.into()], &[("lane", lane.into())]).unwrap();
    }
    store.upsert(&table, row(1, 8, "c")).unwrap();
    store
        .transaction(|transaction| {
            transaction.delete(&table, &[1.into()])?;
            transaction.insert(&table, row(1, 3, "again"))?;
            transaction.insert(&table, row(2, 4, "short"))?;
            transaction.update(&table, &[2.into()], &[("note", "lived".into())])?;
            transaction.delete(&table, &[2.into()])?;
            transaction.insert(&table, row(3, 5, "new"))?;
            transaction.update(&table, &[3.into()], &[("note", "newer".into())])
        })
        .unwrap();
    let mut interactive = store.begin(TransactionOptions::default()).unwrap();
    interactive.update(&table, &[3.into()], &[("note", "x".into())]).unwrap();
    interactive.savepoint("s").unwrap();
    interactive.delete(&table, &[3.into()]).unwrap();
    interactive.rollback_to("s").unwrap();
    interactive.update(&table, &[3.into()], &[("note", "y".into())]).unwrap();
    interactive.commit().unwrap();
    store.delete(&table, &[3.into()]).unwrap();

    let mut subscription = store.subscribe("f").unwrap();
    let told = all_now(&mut subscription);
    let some = |id, lane, note| Some(row(id, lane, note));
    let mut expected: Vec<Rows> =
        vec![vec![(None, some(1, 1, "a"))], vec![(some(1, 1, "a"), some(1, 1, "b"))]];
    for lane in 2..9 {
        expected.push(vec![(some(1, lane - 1, "b"), some(1, lane, "b"))]);
    }
    expected.push(vec![(some(1, 8, "b"), some(1, 8, "c"))]);
    expected.push(vec![(some(1, 8, "c"), some(1, 3, "again")), (None, some(3, 5, "newer"))]);
    expected.push(vec![(some(3, 5, "newer"), some(3, 5, "y"))]);
    expected.push(vec![(some(3, 5, "y"), None)]);
    let sorted = |mut all: Vec<Rows>| {
        all.iter_mut().for_each(|rows| rows.sort_by_key(|row| format!("{row:?}")));
        all
    };
    assert_eq!(sorted(told), sorted(expected));
    sound(&store);
}

#[test]
fn a_position_is_kept_and_what_it_covers_is_not_told_again() {
    let disk = SimVfs::new(2);
    let (store, table) = store_with_feed(&disk);
    for id in 0..10 {
        store.insert(&table, row(id, id, "")).unwrap();
    }
    let mut subscription = store.subscribe("F").unwrap();
    assert_eq!(
        refused(store.subscribe("f"), "55006"),
        "feed f is being read by another subscription"
    );
    let mut positions = Vec::new();
    for _ in 0..4 {
        positions.push(subscription.try_next().unwrap().unwrap().position());
    }
    refused(subscription.acknowledge(bourse::Lsn(positions[3].lsn.0 + 1)), "22023");
    subscription.acknowledge(positions[2]).unwrap();
    subscription.acknowledge(positions[1]).unwrap();
    drop(subscription);
    assert_eq!(store.feed("f").unwrap().position, positions[2]);
    drop(store);

    let store = open(&disk);
    let table = store.table("orders").unwrap();
    let mut subscription = store.subscribe("f").unwrap();
    let next = subscription.try_next().unwrap().unwrap();
    assert_eq!(next.position(), positions[3]);
    // Exactly once: the position with the effect, in each kind of transaction.
    store
        .transaction(|transaction| {
            transaction.insert(&table, row(100, 1, "effect"))?;
            transaction.advance_feed("f", next.position())
        })
        .unwrap();
    let twice = store.transaction(|transaction| {
        transaction.insert(&table, row(101, 1, "effect"))?;
        transaction.advance_feed("f", next.lsn())
    });
    assert!(refused(twice, "55000").contains("had their effect"));
    assert_eq!(store.get(&table, &[101.into()]).unwrap().map(|row| row.values()), None);
    let next = subscription.try_next().unwrap().unwrap();
    store
        .shard_transaction(&table, &[7.into()], |transaction| {
            transaction.advance_feed("f", next.position())?;
            transaction.insert(&table, row(102, 7, "effect"))
        })
        .unwrap();
    let next = subscription.try_next().unwrap().unwrap();
    let mut first = store.begin(TransactionOptions::default()).unwrap();
    let mut second = store
        .begin(TransactionOptions {
            lock_timeout: Some(Duration::from_millis(1)),
            ..TransactionOptions::default()
        })
        .unwrap();
    first.statement(|transaction| transaction.advance_feed("f", next.position())).unwrap();
    let waits = second.statement(|transaction| transaction.advance_feed("f", next.position()));
    refused(waits, "55P03");
    first.commit().unwrap();
    let late = second.statement(|transaction| transaction.advance_feed("f", next.position()));
    refused(late, "55000");
    second.rollback();
    assert_eq!(store.feed("f").unwrap().position, next.position());
    let beyond = store.transaction(|transaction| transaction.advance_feed("f", bourse::Lsn(9_999)));
    refused(beyond, "22023");
}

#[test]
fn definitions_and_their_refusals() {
    let disk = SimVfs::new(3);
    let (store, table) = store_with_feed(&disk);
    let of_orders = FeedDefinition::of_table("orders");
    refused(store.create_feed("F", &of_orders), "42710");
    refused(store.create_feed("", &of_orders), "42602");
    refused(store.create_feed("g", &FeedDefinition::of_table("nobody")), "42P01");
    refused(store.drop_feed("g"), "42704");
    refused(store.feed("g"), "42704");
    refused(store.subscribe("g"), "42704");
    refused(store.drop_table("orders"), "2BP01");
    // Only where another feed had records carry what they replace.
    let other = store.create_table(&definition("others")).unwrap();
    store.insert(&other, row(1, 1, "")).unwrap();
    let early = FeedDefinition::of_table("others").after(bourse::Lsn(1));
    assert!(refused(store.create_feed("g", &early), "55000").contains("begin now"));
    let begin = store.feed("f").unwrap().position.lsn;
    store.insert(&table, row(1, 1, "x")).unwrap();
    store.create_feed("g", &FeedDefinition::of_table("orders").after(begin)).unwrap();
    let names: Vec<_> = store.feeds().unwrap().into_iter().map(|feed| feed.name).collect();
    assert_eq!(names, ["f", "g"]);
    assert_eq!(all_now(&mut store.subscribe("g").unwrap()).len(), 1);
    store.drop_feed("f").unwrap();
    let mut subscription = store.subscribe("g").unwrap();
    store.drop_feed("g").unwrap();
    refused(subscription.try_next(), "42704");
    store.update(&table, &[1.into()], &[("note", "y".into())]).unwrap();
    store.drop_table("orders").unwrap();
    sound(&store);
}

#[test]
fn a_range_of_keys_is_told_alone() {
    let disk = SimVfs::new(4);
    let (store, table) = store_with_feed(&disk);
    let some = FeedDefinition::of_table("orders").range(Range::all().from(10).before(20));
    store.create_feed("some", &some).unwrap();
    for id in 0..30 {
        store.insert(&table, row(id, id, "")).unwrap();
    }
    store.update(&table, &[19.into()], &[("id", 99.into())]).unwrap();
    drop(store);
    let store = open(&disk);
    let told = all_now(&mut store.subscribe("some").unwrap());
    assert_eq!(told.len(), 11);
    assert_eq!(told[10], [(Some(row(19, 19, "")), None)], "it left the range");
}

#[test]
fn definitions_that_change_are_told_and_rows_are_read_as_they_were() {
    let disk = SimVfs::new(5);
    let (store, table) = store_with_feed(&disk);
    store.insert(&table, row(1, 1, "5")).unwrap();
    store
        .alter_table(
            "orders",
            &[Alteration::SetType { column: "note".into(), data_type: Type::BigInt }],
        )
        .unwrap();
    let table = store.table("orders").unwrap();
    store.update(&table, &[1.into()], &[("note", 6.into())]).unwrap();
    store.alter_table("orders", &[Alteration::DropColumn("note".into())]).unwrap();
    let table = store.table("orders").unwrap();
    store.update(&table, &[1.into()], &[("lane", 2.into())]).unwrap();
    store.truncate(&Truncate::of(["orders"])).unwrap();
    // Indexes are none of a subscriber's business.
    store.create_index("orders", bourse::IndexDefinition::on("by_lane", ["lane"])).unwrap();
    let rows = (0..5).map(|id| Ok(vec![Value::from(id), Value::from(id)]));
    store.bulk_load(&table, LoadOrder::Sorted, rows).unwrap();

    let mut subscription = store.subscribe("f").unwrap();
    let mut told = Vec::new();
    while let Some(changes) = subscription.try_next().unwrap() {
        for change in changes.list() {
            told.push(match change {
                Change::Row(row) => {
                    let values = |row: &bourse::OwnedRow| format!("{:?}", row.values());
                    format!("{:?} -> {:?}", row.before().map(values), row.after().map(values))
                }
                Change::Truncated => "truncated".to_owned(),
                Change::Altered(table) => format!("altered: {}", table.definition().columns.len()),
                other => panic!("{other:?}"),
            });
        }
    }
    let text = |values: &[Value]| format!("{:?}", values);
    let change = |old: Option<&[Value]>, new: Option<&[Value]>| {
        format!("{:?} -> {:?}", old.map(text), new.map(text))
    };
    let converted = [1.into(), 1.into(), Value::Integer(5)];
    let updated = [1.into(), 1.into(), Value::Integer(6)];
    let shorter: [Value; 2] = [1.into(), 1.into()];
    let moved: [Value; 2] = [1.into(), 2.into()];
    let mut expected = vec![
        change(None, Some(&row(1, 1, "5"))),
        "altered: 3".to_owned(),
        change(Some(&row(1, 1, "5")), Some(&converted)),
        change(Some(&converted), Some(&updated)),
        "altered: 2".to_owned(),
        change(Some(&shorter), Some(&moved)),
        "truncated".to_owned(),
    ];
    let mut loaded: Vec<_> =
        (0..5).map(|id| change(None, Some(&[Value::from(id), Value::from(id)]))).collect();
    expected.append(&mut loaded);
    let mut tail = told.split_off(7);
    tail.sort();
    told.append(&mut tail);
    assert_eq!(told, expected);
}

/// Guards F4: the pieces of what was logged ahead lie before the position that was acknowledged
/// meanwhile, and checkpoints are written in between.
#[test]
fn large_transactions_and_loads_come_whole_whatever_is_checkpointed() {
    let disk = SimVfs::new(6);
    let options = || Options { log_segment_bytes: 5 << 20, ..options_on(&disk) };
    let store = Database::open("/store", options()).unwrap();
    let table = store.create_table(&definition("orders")).unwrap();
    let filled = store.create_table(&definition("filled")).unwrap();
    store.create_feed("f", &FeedDefinition::of_table("orders")).unwrap();
    store.create_feed("g", &FeedDefinition::of_table("filled")).unwrap();
    store.insert(&table, row(0, 0, "")).unwrap();
    let note = "n".repeat(60_000);
    store
        .transaction(|transaction| {
            (1..40).try_for_each(|id| transaction.insert(&table, row(id, id, &note)).map(drop))
        })
        .unwrap();
    let rows = (0..200).map(|id| {
        if id % 50 == 0 {
            // Everything before is acknowledged and may be given up.
            for feed in ["f", "g"] {
                let mut subscription = store.subscribe(feed).unwrap();
                while subscription.try_next()?.is_some() {}
                let reached = subscription.reached();
                subscription.acknowledge(reached)?;
            }
            for _ in 0..3 {
                store.upsert(&table, row(1_000 + id, id, &note))?;
                store.checkpoint()?;
            }
        }
        Ok(row(id, id, &note))
    });
    store.bulk_load(&filled, LoadOrder::Sorted, rows).unwrap();
    for _ in 0..4 {
        store.checkpoint().unwrap();
    }
    drop(store);
    let store = Database::open("/store", options()).unwrap();
    for _ in 0..4 {
        store.checkpoint().unwrap();
    }
    let mut subscription = store.subscribe("g").unwrap();
    let mut parts: Vec<Changes> = Vec::new();
    while let Some(part) = subscription.try_next().unwrap() {
        parts.push(part);
    }
    assert!(parts.len() > 5, "{}", parts.len());
    assert!(parts.iter().rev().skip(1).all(|part| !part.is_last()));
    assert!(parts.last().unwrap().is_last());
    assert_eq!(parts.iter().map(|part| part.rows().count()).sum::<usize>(), 200);
    // On from the middle of it.
    subscription.acknowledge(parts[2].position()).unwrap();
    drop(subscription);
    store.checkpoint().unwrap();
    let mut subscription = store.subscribe("g").unwrap();
    let rest: Vec<Position> = std::iter::from_fn(|| subscription.try_next().unwrap())
        .map(|part| part.position())
        .collect();
    let expected: Vec<Position> = parts[3..].iter().map(Changes::position).collect();
    assert_eq!(rest, expected);
}

#[test]
fn a_large_transaction_is_one() {
    let disk = SimVfs::new(7);
    let options = Options { log_segment_bytes: 5 << 20, ..options_on(&disk) };
    let store = Database::open("/store", options).unwrap();
    let table = store.create_table(&definition("orders")).unwrap();
    store.create_feed("f", &FeedDefinition::of_table("orders")).unwrap();
    let mut subscription = store.subscribe("f").unwrap();
    for round in 0..3 {
        let note = round.to_string().repeat(60_000);
        store
            .transaction(|transaction| {
                (1..40).try_for_each(|id| transaction.upsert(&table, row(id, id, &note)).map(drop))
            })
            .unwrap();
        let changes = subscription.try_next().unwrap().unwrap();
        assert!(changes.is_last());
        assert_eq!(changes.rows().count(), 39);
        assert!(changes.rows().all(|row| row.before().is_some() == (round > 0)));
        assert!(subscription.try_next().unwrap().is_none());
        subscription.acknowledge(changes.position()).unwrap();
        for _ in 0..4 {
            store.checkpoint().unwrap();
        }
    }
}

/// Guards F6, and that a late subscriber is told where to go on.
#[test]
fn a_feed_that_nobody_reads_stops_no_writer() {
    let disk = SimVfs::new(8);
    let options = Options {
        log_segment_bytes: 64 << 10,
        log_bytes_max: 1 << 20,
        feed_log_bytes_max: 1 << 20,
        checkpoint_log_bytes: 128 << 10,
        ..options_on(&disk)
    };
    let store = Database::open("/store", options.clone()).unwrap();
    let table = store.create_table(&definition("orders")).unwrap();
    store.create_feed("late", &FeedDefinition::of_table("orders")).unwrap();
    store.create_feed("timely", &FeedDefinition::of_table("orders")).unwrap();
    let mut timely = store.subscribe("timely").unwrap();
    let note = "n".repeat(2_000);
    for id in 0..2_000 {
        store.insert(&table, row(id, id, &note)).unwrap();
        if id % 20 == 0 {
            while let Some(changes) = timely.try_next().unwrap() {
                timely.acknowledge(changes.position()).unwrap();
            }
        }
        if id == 60 {
            store.checkpoint().unwrap();
            store.checkpoint().unwrap();
            assert!(!store.feed("late").unwrap().is_lost, "there is room for so much");
        }
    }
    assert!(store.statistics().log_bytes_retained <= (2 << 20) + (256 << 10));
    store.checkpoint().unwrap();
    let late = store.feed("late").unwrap();
    assert!(late.is_lost && late.lag_records > 2_000 && late.lag_bytes > 0, "{late:?}");
    let mut subscription = store.subscribe("late").unwrap();
    let message = refused(subscription.try_next(), "72000");
    let first: u64 = message
        .split("begins with LSN ")
        .nth(1)
        .unwrap()
        .split(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    drop(subscription);
    refused(store.reset_feed("late", bourse::Lsn(first - 2)), "72000");
    store.reset_feed("late", bourse::Lsn(first - 1)).unwrap();
    assert!(!all_now(&mut store.subscribe("late").unwrap()).is_empty());
    drop(timely);
    drop(store);
    // What only feeds want does not count against the log's limit after an open either.
    let store = Database::open("/store", options).unwrap();
    store.insert(&table, row(5_000, 1, "")).unwrap();
}

/// Guards that a feed whose table rests does not keep the log of all others.
#[test]
fn a_feed_of_a_table_at_rest_keeps_up() {
    let disk = SimVfs::new(9);
    let (store, table) = store_with_feed(&disk);
    let busy = store.create_table(&definition("busy")).unwrap();
    let mut subscription = store.subscribe("f").unwrap();
    let before = store.feed("f").unwrap().position;
    let write = |from: i64| {
        for id in from..from + 1_100 {
            store.upsert(&busy, row(id % 10, 0, "")).unwrap();
        }
    };
    write(0);
    assert!(subscription.try_next().unwrap().is_none());
    store.flush().unwrap();
    let after = store.feed("f").unwrap().position;
    assert!(after.lsn.0 > before.lsn.0 + 1_000, "{before} to {after}");
    // Not past what was given out and not acknowledged.
    store.insert(&table, row(1, 1, "")).unwrap();
    let changes = subscription.try_next().unwrap().unwrap();
    write(0);
    assert!(subscription.try_next().unwrap().is_none());
    store.flush().unwrap();
    assert!(store.feed("f").unwrap().position < changes.position());
}

#[test]
fn a_subscriber_waits_and_is_cancelled_and_ends_with_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options { log_segment_bytes: 1 << 20, ..crate::expect::small_options() };
    let store = Database::open(folder.path(), options()).unwrap();
    let table = store.create_table(&definition("orders")).unwrap();
    store.create_feed("f", &FeedDefinition::of_table("orders")).unwrap();
    let mut subscription = store.subscribe("f").unwrap();
    assert!(subscription.next_timeout(Duration::from_millis(5)).unwrap().is_none());
    let reader = sync::spawn("reader", move || {
        let mut seen = Vec::new();
        for changes in &mut subscription {
            seen.push(changes.unwrap().rows().next().unwrap().key().unwrap()[0].clone());
            if seen.len() == 200 {
                break;
            }
        }
        (seen, subscription)
    });
    std::thread::scope(|scope| {
        for lane in 0..4_i64 {
            let (store, table) = (&store, &table);
            scope.spawn(move || {
                for id in 0..50 {
                    store.insert(table, row(lane * 50 + id, lane, "")).unwrap();
                }
            });
        }
    });
    let (mut seen, mut subscription) = reader.join().unwrap();
    seen.sort_by_key(|id| format!("{id:?}"));
    seen.dedup();
    assert_eq!(seen.len(), 200, "each once");

    let cancel = subscription.cancel_handle();
    let waiter = sync::spawn("waiter", move || subscription.next().is_none());
    cancel.cancel();
    assert!(waiter.join().unwrap(), "cancelled");
    let mut subscription = store.subscribe("f").unwrap();
    let told = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&told);
    let waiter = sync::spawn("waiter", move || {
        let count = |_: &_| {
            counter.fetch_add(1, Ordering::Relaxed);
        };
        subscription.by_ref().inspect(count).count()
    });
    // A store that closes gives out nothing more, and ends who waits.
    while told.load(Ordering::Relaxed) < 200 {
        sync::sleep(Duration::from_millis(1));
    }
    drop(cancel);
    store.close().unwrap();
    assert_eq!(waiter.join().unwrap(), 200, "all again, as nothing was acknowledged; then the end");
    // A closed store has kept the log that the feed wants.
    let store = Database::open(folder.path(), options()).unwrap();
    assert_eq!(all_now(&mut store.subscribe("f").unwrap()).len(), 200);
}

#[test]
fn a_stream_is_woken_without_a_runtime() {
    use std::pin::Pin;
    use std::task::{Context, Poll, Wake, Waker};

    use futures_core::Stream;

    struct Flag(AtomicBool);
    impl Wake for Flag {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::SeqCst);
        }
    }
    let disk = SimVfs::new(10);
    let (store, table) = store_with_feed(&disk);
    let mut subscription = store.subscribe("f").unwrap();
    let flag = Arc::new(Flag(AtomicBool::new(false)));
    let waker = Waker::from(Arc::clone(&flag));
    let mut context = Context::from_waker(&waker);
    for id in 0..3 {
        assert!(Pin::new(&mut subscription).poll_next(&mut context).is_pending());
        assert!(Pin::new(&mut subscription).poll_next(&mut context).is_pending());
        assert!(!flag.0.swap(false, Ordering::SeqCst));
        store.insert(&table, row(id, id, "")).unwrap();
        assert!(flag.0.swap(false, Ordering::SeqCst), "woken by the commit");
        match Pin::new(&mut subscription).poll_next(&mut context) {
            Poll::Ready(Some(Ok(changes))) => assert_eq!(changes.rows().count(), 1),
            other => panic!("{other:?}"),
        }
    }
    subscription.cancel_handle().cancel();
    assert!(matches!(Pin::new(&mut subscription).poll_next(&mut context), Poll::Ready(None)));
}

/// Guards F1 where publication does not wait for the disk.
#[test]
fn an_async_store_tells_what_is_durable() {
    let disk = SimVfs::new(11);
    let options = Options {
        durability: Durability::Async { max_delay: Duration::from_secs(3_600) },
        ..options_on(&disk)
    };
    let store = Database::open("/store", options).unwrap();
    let table = store.create_table(&definition("orders")).unwrap();
    store.create_feed("f", &FeedDefinition::of_table("orders")).unwrap();
    store.flush().unwrap();
    let mut subscription = store.subscribe("f").unwrap();
    store.insert(&table, row(1, 1, "")).unwrap();
    assert!(store.get(&table, &[1.into()]).unwrap().is_some());
    assert!(subscription.try_next().unwrap().is_none(), "published, not durable");
    store.flush().unwrap();
    assert!(subscription.try_next().unwrap().is_some());
}

#[test]
fn a_store_that_stops_tells_its_subscribers() {
    use bourse_storage::vfs::sim::Fault;
    let disk = SimVfs::new(12);
    let (store, table) = store_with_feed(&disk);
    let mut subscription = store.subscribe("f").unwrap();
    disk.inject(Fault::WriteError, 1);
    assert!(store.insert(&table, row(1, 1, "")).is_err());
    let error = subscription.next().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Closed);
}

/// A backup has positions and no log.
#[test]
fn a_restored_feed_is_told_what_it_lost_and_goes_on() {
    use std::path::{Path, PathBuf};
    let disk = SimVfs::new(13);
    let (store, table) = store_with_feed(&disk);
    store.create_feed("read", &FeedDefinition::of_table("orders")).unwrap();
    store.insert(&table, row(1, 1, "before")).unwrap();
    let mut subscription = store.subscribe("read").unwrap();
    assert!(subscription.try_next().unwrap().is_some());
    subscription.acknowledge(subscription.reached()).unwrap();
    store.backup("/backup", None, &mut |_| ()).unwrap();
    drop(subscription);
    drop(store);
    let options = options_on(&disk);
    let from = [PathBuf::from("/backup")];
    bourse::backup::restore(&from, Path::new("/restored"), &options, &mut |_| ()).unwrap();
    let store = Database::open("/restored", options).unwrap();
    let table = store.table("orders").unwrap();
    store.insert(&table, row(2, 2, "after")).unwrap();
    for feed in ["f", "read"] {
        assert!(store.feed(feed).unwrap().is_lost, "{feed}");
        let message = refused(store.subscribe(feed).unwrap().try_next(), "72000");
        let begin = message.split("begins with LSN ").nth(1).unwrap().split(':').next().unwrap();
        let begin: u64 = begin.parse().unwrap();
        store.reset_feed(feed, bourse::Lsn(begin - 1)).unwrap();
        let told = all_now(&mut store.subscribe(feed).unwrap());
        assert_eq!(told, [[(None, Some(row(2, 2, "after")))]], "{feed}");
    }
}
