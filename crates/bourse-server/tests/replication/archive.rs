//! Guards: what is committed comes to the archive, once and whole; stores are made of it as of its
//! end, a record and a time; a replica starts from it, also anew; a restart of the leader, and a
//! promotion, go on in it; it may be away for a time, and for too long.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bourse::Database;
use bourse_server::archive::{self, ArchiveRestored, RestoreTarget};
use bourse_server::replication::BootstrapProgress;
use bourse_server::{End, Options};
use bourse_sql::connection::Connection;
use bourse_storage::id::Lsn;
use tokio_postgres::Client;

use super::following::{make_entries, same};
use super::nodes::{Cluster, Node, SUM, eventually, get, nowhere};

fn url(cluster: &Cluster) -> String {
    cluster.path("archive").to_str().unwrap().to_owned()
}

fn archiving(cluster: &Cluster) -> Node {
    archiving_with(cluster, |_| {})
}

fn archiving_with(cluster: &Cluster, change: impl FnOnce(&mut Options)) -> Node {
    let mut options = Options {
        replication_listen: Some(nowhere()),
        archive_to: Some(url(cluster)),
        archive_interval_ms: 50,
        http: Some(nowhere()),
        ..cluster.options()
    };
    change(&mut options);
    let mut node = Node { server: None, data: cluster.path("leader"), options };
    node.start();
    node
}

/// A replica that takes its first state from the archive.
fn replica_of_archive(cluster: &Cluster, name: &str, leader: &Node) -> Node {
    let options = Options {
        follow: Some(leader.replication().to_string()),
        node_name: Some(name.to_owned()),
        bootstrap_archive: Some(url(cluster)),
        ..cluster.options()
    };
    Node { server: None, data: cluster.path(name), options }
}

/// Makes the store of a replica. Returns why it was not the archive's state, if it was not.
fn prepared(replica: &Node) -> String {
    let mut waited = String::new();
    bourse_server::replication::prepare(&replica.data, &replica.options, &mut |state| {
        if let BootstrapProgress::Waiting(why) = state {
            waited.push_str(&why);
        }
    })
    .unwrap();
    waited
}

/// The folder of the only store in the archive.
fn lineage(cluster: &Cluster) -> PathBuf {
    let mut lineages = std::fs::read_dir(cluster.path("archive")).unwrap();
    lineages.next().unwrap().unwrap().path()
}

fn names(folder: PathBuf) -> Vec<PathBuf> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names
}

/// The whole backups in the archive.
fn bases(cluster: &Cluster) -> usize {
    let bases = names(lineage(cluster).join("base"));
    bases.iter().filter(|base| base.join("BACKUP").exists()).count()
}

fn restored(cluster: &Cluster, name: &str, target: RestoreTarget) -> (PathBuf, ArchiveRestored) {
    let folder = cluster.path(name);
    let restored = archive::restore(&url(cluster), &folder, target, &mut |_| {});
    (folder, restored.unwrap())
}

fn refused(cluster: &Cluster, name: &str, target: RestoreTarget) -> bourse::Error {
    let folder = cluster.path(name);
    let restored = archive::restore(&url(cluster), &folder, target, &mut |_| {});
    assert!(!folder.join("STORE").exists(), "nothing that looks like a store");
    restored.unwrap_err()
}

fn lsn(cluster: &Cluster, client: &Client) -> Lsn {
    let lsn = cluster.value(client, "SELECT pg_current_wal_lsn()");
    Lsn(u64::from_str_radix(lsn.split_once('/').unwrap().1, 16).unwrap())
}

/// Microseconds since 1970.
fn now(cluster: &Cluster, client: &Client) -> i64 {
    let now = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
    cluster.value(client, now).parse().unwrap()
}

/// The sum of a store that nobody has open.
fn sum_of(folder: &Path) -> String {
    let database = Database::open(folder, bourse::Options::default()).unwrap();
    let connection = Connection::of(&database);
    let sum = connection.query_row(SUM, (), |row| row.get::<String>(0)).unwrap();
    // It takes writes.
    let after = "INSERT INTO entries VALUES (-1, -1, 'after') ON CONFLICT (id) DO NOTHING";
    connection.execute(after, ()).unwrap();
    drop(connection);
    database.close().unwrap();
    sum
}

/// A metric of the archive; none while it is not known.
fn metric(node: &Node, name: &str) -> Option<f64> {
    let metrics = get(node, "/metrics");
    let value = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok();
    metrics.lines().find_map(value)
}

/// Waits until the archive has what there is now: what clients have committed, and what the store
/// logs of its own. The archive's slot would not tell: it keeps the log for a
/// backup from before that is there.
fn archived(cluster: &Cluster, node: &Node) {
    let newest = lsn(cluster, &cluster.client(node)).0 as f64;
    let is_there = || metric(node, "bourse_archived_lsn").is_some_and(|lsn| lsn >= newest);
    eventually("the archive", is_there);
}

fn failures(node: &Node) -> f64 {
    metric(node, "bourse_archive_failures_total").unwrap()
}

#[test]
fn a_store_is_made_of_an_archive_as_of_any_record() {
    let cluster = Cluster::new();
    let mut leader = archiving(&cluster);
    let client = make_entries(&cluster, &leader);
    // Earlier states than that of the first backup are in no archive.
    archived(&cluster, &leader);
    let mut states = Vec::new();
    for round in 0..12_i64 {
        if round == 6 {
            archived(&cluster, &leader);
        }
        let text = format!(
            "INSERT INTO entries VALUES ({}, {round}, 'more'); \
             UPDATE entries SET value = value + 1 WHERE id % 7 = {}",
            10_000 + round,
            round % 7
        );
        cluster.execute(&client, &text);
        states.push((lsn(&cluster, &client), cluster.value(&client, SUM)));
    }
    archived(&cluster, &leader);
    drop(client);
    leader.stop();
    for (at, (lsn, sum)) in states.iter().enumerate().step_by(4) {
        let target = RestoreTarget::Lsn(*lsn);
        let (folder, restored) = restored(&cluster, &format!("restored {at}"), target);
        assert_eq!((restored.lsn, restored.term), (*lsn, 1));
        assert_eq!(sum_of(&folder), *sum, "as of {lsn}");
    }
    let (folder, _) = restored(&cluster, "restored", RestoreTarget::End);
    assert_eq!(sum_of(&folder), states[11].1);
    // What is beyond the end is refused, and leaves nothing; so is a folder that holds something.
    let beyond = RestoreTarget::Lsn(Lsn(states[11].0.0 + 1_000));
    let error = refused(&cluster, "beyond", beyond);
    assert!(error.message().contains("records up to LSN"), "{error}");
    let again = archive::restore(&url(&cluster), &folder, RestoreTarget::End, &mut |_| {});
    assert!(again.unwrap_err().message().contains("a store already"));
    assert_eq!(sum_of(&folder).split_once(':').unwrap().0, "513", "it is untouched");
}

#[test]
fn a_store_is_made_of_an_archive_as_of_a_time() {
    let cluster = Cluster::new();
    let mut leader = archiving(&cluster);
    let client = make_entries(&cluster, &leader);
    archived(&cluster, &leader);
    std::thread::sleep(Duration::from_millis(30));
    let before = now(&cluster, &client);
    let sum = cluster.value(&client, SUM);
    std::thread::sleep(Duration::from_millis(30));
    cluster.execute(&client, "DELETE FROM entries");
    archived(&cluster, &leader);
    let after = now(&cluster, &client) + 60_000_000;
    drop(client);
    leader.stop();
    let (folder, made) = restored(&cluster, "restored", RestoreTarget::Time(before));
    assert!(made.is_reached);
    assert_eq!(sum_of(&folder), sum);
    let (folder, made) = restored(&cluster, "later", RestoreTarget::Time(after));
    assert!(!made.is_reached, "nobody knows of a time to come");
    assert_eq!(sum_of(&folder), "0:0");
    let error = refused(&cluster, "too early", RestoreTarget::Time(1_000_000));
    assert!(error.message().contains("no whole backup from before"), "{error}");
}

#[test]
fn an_archive_goes_on_after_a_restart() {
    let cluster = Cluster::new();
    let mut leader = archiving(&cluster);
    let client = make_entries(&cluster, &leader);
    archived(&cluster, &leader);
    drop(client);
    leader.stop();
    leader.start();
    let client = cluster.client(&leader);
    cluster.execute(&client, "UPDATE entries SET value = value + 3");
    archived(&cluster, &leader);
    let sum = cluster.value(&client, SUM);
    drop(client);
    leader.stop();
    assert_eq!(bases(&cluster), 1, "a restart needs no new backup");
    assert!(!leader.data.join("archiving").exists());
    let (folder, _) = restored(&cluster, "restored", RestoreTarget::End);
    assert_eq!(sum_of(&folder), sum);
}

#[test]
fn damage_in_an_archive_is_found() {
    let cluster = Cluster::new();
    let mut leader = archiving(&cluster);
    let client = make_entries(&cluster, &leader);
    archived(&cluster, &leader);
    for _ in 0..2 {
        cluster.execute(&client, "UPDATE entries SET value = value + 3");
        archived(&cluster, &leader);
    }
    drop(client);
    leader.stop();
    let base = names(lineage(&cluster).join("base")).pop().unwrap();
    let last = names(lineage(&cluster).join("log")).pop().unwrap();
    for path in [last.clone(), base.join("000.pages"), base.join("BACKUP")] {
        let whole = std::fs::read(&path).unwrap();
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 1;
        let cut = whole[..whole.len() - 1].to_vec();
        let pages = whole[..whole.len().saturating_sub(4_096)].to_vec();
        for (damage, bytes) in [("flipped", flipped), ("cut", cut), ("a page less", pages)] {
            eprintln!("{damage}: {}", path.display());
            std::fs::write(&path, bytes).unwrap();
            let error = refused(&cluster, "restored", RestoreTarget::End);
            let object = if path == last { &last } else { &base };
            let object = object.file_name().unwrap().to_str().unwrap();
            assert!(error.message().contains(object), "{error}");
            let scratch = cluster.path("scratch");
            let verified = archive::verify(&url(&cluster), &scratch, &mut |_| {}).unwrap();
            assert!(!verified.is_sound() && verified.restored.is_none(), "{verified:?}");
            std::fs::remove_dir_all(scratch).unwrap();
        }
        std::fs::write(&path, whole).unwrap();
    }
    let scratch = cluster.path("scratch");
    let verified = archive::verify(&url(&cluster), &scratch, &mut |_| {}).unwrap();
    assert!(verified.is_sound(), "{verified:?}");
    assert_eq!(verified.bases, 1);
    std::fs::remove_dir_all(scratch).unwrap();
    damaged_claims(&cluster);
    damaged_bases(&cluster, &base);
    // A segment that is gone is not passed over in silence.
    let first = names(lineage(&cluster).join("log")).remove(0);
    std::fs::remove_file(first).unwrap();
    let error = refused(&cluster, "with a gap", RestoreTarget::End);
    assert!(error.message().contains("lacks those from"), "{error}");
}

/// A file of a backup that is gone, and a backup under another one's name.
fn damaged_bases(cluster: &Cluster, base: &Path) {
    let (pages, aside) = (base.join("001.pages"), cluster.path("aside"));
    std::fs::rename(&pages, &aside).unwrap();
    let error = refused(cluster, "without pages", RestoreTarget::End);
    assert!(error.message().contains("/001.pages of the archive is missing"), "{error}");
    std::fs::rename(&aside, &pages).unwrap();
    let name = base.file_name().unwrap().to_str().unwrap();
    let other = base.with_file_name(format!("{:020}{}", 1, &name[20..]));
    std::fs::rename(base, &other).unwrap();
    let error = refused(cluster, "of another", RestoreTarget::End);
    assert!(error.message().contains("another backup than its name says"), "{error}");
    std::fs::rename(&other, base).unwrap();
}

/// The object of the newest term says which records count: without it no store is made.
fn damaged_claims(cluster: &Cluster) {
    let path = names(lineage(cluster).join("term")).pop().unwrap();
    let whole = std::fs::read(&path).unwrap();
    let more = [&whole[..], b"more"].concat();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for bytes in [Some(flipped), Some(more), None] {
        match bytes {
            Some(bytes) => std::fs::write(&path, bytes).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        let error = refused(cluster, "without a term", RestoreTarget::End);
        assert!(error.message().contains("/term/0000000000 of the archive "), "{error}");
        let verified = archive::verify(&url(cluster), &cluster.path("scratch"), &mut |_| {});
        assert_eq!(verified.unwrap_err().kind(), bourse::ErrorKind::Corrupt);
        std::fs::remove_dir_all(cluster.path("scratch")).unwrap();
    }
    std::fs::write(&path, whole).unwrap();
}

#[test]
fn a_replica_starts_from_an_archive_and_follows_its_leader() {
    let cluster = Cluster::new();
    let leader = archiving(&cluster);
    let client = make_entries(&cluster, &leader);
    archived(&cluster, &leader);
    let mut replica = replica_of_archive(&cluster, "first", &leader);
    assert_eq!(prepared(&replica), "");
    replica.start();
    cluster.execute(&client, "UPDATE entries SET value = value + 3");
    same(&cluster, &leader, &replica);
    // Where there is none, the leader gives it.
    let mut second = replica_of_archive(&cluster, "second", &leader);
    second.options.bootstrap_archive = Some(cluster.path("nowhere").to_str().unwrap().to_owned());
    assert!(prepared(&second).contains("the archive is of no use"));
    second.start();
    same(&cluster, &leader, &second);
    assert!(!cluster.path("nowhere").exists());
    // The hold of the archive is nobody's to move.
    let mut third = replica_of_archive(&cluster, "third", &leader);
    third.options.node_name = Some("archive".to_owned());
    third.start();
    let there = cluster.client(&third);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(cluster.value(&there, "SELECT status FROM pg_stat_wal_receiver"), "connecting");
}

/// Fills the log until its oldest records are given up.
fn fill(cluster: &Cluster, client: &Client, slot: &str) {
    let lost = format!("SELECT wal_status FROM pg_replication_slots WHERE slot_name = '{slot}'");
    eventually("a slot that is lost", || {
        let more = "UPDATE entries SET text = repeat(md5(random()::text), 1500), value = value + 1";
        cluster.execute(client, more);
        cluster.execute(client, "CHECKPOINT");
        cluster.value(client, &lost) == "lost"
    });
}

#[test]
fn a_replica_that_was_left_behind_goes_back_to_the_archive() {
    let cluster = Cluster::new();
    let leader = archiving_with(&cluster, |options| options.held_log_bytes_max = 1 << 20);
    let client = make_entries(&cluster, &leader);
    archived(&cluster, &leader);
    let mut replica = replica_of_archive(&cluster, "first", &leader);
    replica.options.follow_anew = true;
    replica.start();
    same(&cluster, &leader, &replica);
    // The archive alone may have had all of it.
    eventually("a connection", || replica.server().has_followed());
    replica.stop();
    fill(&cluster, &client, "first");
    archived(&cluster, &leader);
    replica.start();
    assert_eq!(replica.server().wait_for_end().unwrap(), End::BeginAnew);
    assert!(!replica.server().has_followed());
    replica.stop();
    bourse_server::replication::clear_for_new_start(&replica.data).unwrap();
    // The leader has tidying of its own to log, so there may be more by the time that it follows.
    let there = metric(&leader, "bourse_archived_lsn").unwrap();
    assert_eq!(prepared(&replica), "");
    replica.start();
    same(&cluster, &leader, &replica);
    eventually("a connection", || replica.server().has_followed());
    let began = "SELECT pg_wal_lsn_diff(receive_start_lsn, '0/0') FROM pg_stat_wal_receiver";
    let began: f64 = cluster.value(&cluster.client(&replica), began).parse().unwrap();
    assert!(began >= there, "{began}: it was not made of the archive, which had {there}");
}

#[test]
fn an_archive_that_is_away_for_a_time_lacks_nothing() {
    let cluster = Cluster::new();
    let mut leader = archiving(&cluster);
    let client = make_entries(&cluster, &leader);
    archived(&cluster, &leader);
    std::fs::rename(cluster.path("archive"), cluster.path("away")).unwrap();
    // It is missed while nothing is written.
    eventually("a failure", || failures(&leader) > 0.0);
    assert!(!cluster.path("archive").exists());
    cluster.execute(&client, "UPDATE entries SET value = value + 3");
    let between = (lsn(&cluster, &client), cluster.value(&client, SUM));
    let before = failures(&leader);
    eventually("failures", || failures(&leader) > before + 1.0);
    cluster.execute(&client, "UPDATE entries SET value = value + 5");
    assert!(!cluster.path("archive").join("anything").exists());
    assert!(!cluster.path("archive").exists(), "no other one is begun in its place");
    std::fs::rename(cluster.path("away"), cluster.path("archive")).unwrap();
    archived(&cluster, &leader);
    let sum = cluster.value(&client, SUM);
    drop(client);
    leader.stop();
    assert_eq!(bases(&cluster), 1);
    let (folder, _) = restored(&cluster, "restored", RestoreTarget::End);
    assert_eq!(sum_of(&folder), sum);
    let (folder, _) = restored(&cluster, "between", RestoreTarget::Lsn(between.0));
    assert_eq!(sum_of(&folder), between.1);
}

#[test]
fn an_archive_that_is_away_for_too_long_goes_on_from_a_new_backup() {
    let cluster = Cluster::new();
    let mut leader = archiving_with(&cluster, |options| options.held_log_bytes_max = 1 << 20);
    let client = make_entries(&cluster, &leader);
    archived(&cluster, &leader);
    let before = (lsn(&cluster, &client), cluster.value(&client, SUM));
    std::fs::rename(cluster.path("archive"), cluster.path("away")).unwrap();
    fill(&cluster, &client, "archive");
    let lost = (lsn(&cluster, &client), now(&cluster, &client));
    std::fs::rename(cluster.path("away"), cluster.path("archive")).unwrap();
    eventually("a new backup", || bases(&cluster) == 2);
    cluster.execute(&client, "UPDATE entries SET value = value + 5");
    archived(&cluster, &leader);
    let sum = cluster.value(&client, SUM);
    drop(client);
    leader.stop();
    let (folder, _) = restored(&cluster, "restored", RestoreTarget::End);
    assert_eq!(sum_of(&folder), sum);
    let (folder, _) = restored(&cluster, "before", RestoreTarget::Lsn(before.0));
    assert_eq!(sum_of(&folder), before.1);
    // What was between is refused by its record and by its time, not made up.
    for target in [RestoreTarget::Lsn(Lsn(lost.0.0 - 1)), RestoreTarget::Time(lost.1 - 1_000)] {
        let error = refused(&cluster, "between", target);
        assert!(error.message().contains("lacks those from"), "{error}");
        let _ = std::fs::remove_dir_all(cluster.path("between"));
    }
}

#[test]
fn a_promoted_replica_goes_on_in_the_archive() {
    let cluster = Cluster::new();
    let mut leader = archiving(&cluster);
    let client = make_entries(&cluster, &leader);
    let mut replica = replica_of_archive(&cluster, "first", &leader);
    replica.options.archive_to = Some(url(&cluster));
    replica.options.archive_interval_ms = 50;
    replica.options.http = Some(nowhere());
    archived(&cluster, &leader);
    replica.start();
    same(&cluster, &leader, &replica);
    replica.stop();
    // The replica does not get this, and the archive does.
    cluster.execute(&client, "UPDATE entries SET value = 0");
    cluster.execute(&client, "DELETE FROM entries WHERE id > 10");
    archived(&cluster, &leader);
    drop(client);
    leader.stop();
    replica.start();
    let there = cluster.client(&replica);
    assert_eq!(cluster.value(&there, "SELECT pg_promote()"), "t");
    cluster.execute(&there, "INSERT INTO entries VALUES (-5, 5, 'of the new term')");
    archived(&cluster, &replica);
    let sum = cluster.value(&there, SUM);
    assert!(sum.starts_with("501:"), "{sum}");
    drop(there);
    replica.stop();
    let (folder, made) = restored(&cluster, "restored", RestoreTarget::End);
    assert_eq!(made.term, 2);
    assert_eq!(sum_of(&folder), sum);
    // The old leader is no longer let in.
    leader.start();
    let client = cluster.client(&leader);
    cluster.execute(&client, "INSERT INTO entries VALUES (-6, 6, 'of the old term')");
    eventually("a failure", || failures(&leader) > 0.0);
    drop(client);
    leader.stop();
    let (folder, _) = restored(&cluster, "again", RestoreTarget::End);
    assert_eq!(sum_of(&folder), sum);
}
