//! Guards: names of an archive's objects are read as they are written; of segments those records
//! are taken that the newest term's history has; objects are never written over; a backup that is
//! sent while its archive is taken away counts nowhere.

use std::path::Path as FilePath;

use bytes::Bytes;
use object_store::path::Path;

use super::base::send_all;
use super::claim::Claim;
use super::contents::parcels;
use super::names::{Base, Segment, term_of_name, term_path};
use super::place::Archive;
use super::plan::{Step, base, behind_gap, steps};
use crate::replication::SendingFolder;

#[test]
fn names_are_read_as_they_are_written() {
    let root = Path::from("a/b");
    let segment = Segment { first: 7, last: 123_456_789_012, term: 3 };
    let path = segment.path(&root);
    assert_eq!(Segment::of_name(path.filename().unwrap()), Some(segment));
    let base = Base { lsn: 9, after: 8, term: 2, taken_us: 1_795_000_000_000_000, id: 0xfeed };
    let path = base.path(&root);
    assert_eq!(Base::of_name(path.filename().unwrap()), Some(base));
    let path = term_path(&root, 12);
    assert_eq!(term_of_name(path.filename().unwrap()), Some(12));
    for name in ["", "x", "1-2-3.log", "00000000000000000009-00000000000000000008-0000000001.log"] {
        assert_eq!(Segment::of_name(name), None, "{name}");
        assert_eq!(Base::of_name(name), None, "{name}");
        assert_eq!(term_of_name(name), None, "{name}");
    }
}

fn segment(first: u64, last: u64, term: u64) -> Segment {
    Segment { first, last, term }
}

/// Term 1 began behind record 15, and term 2 behind record 30.
fn end_of(term: u64) -> Option<u64> {
    match term {
        0 => Some(15),
        1 => Some(30),
        2 => Some(u64::MAX),
        _ => None,
    }
}

#[test]
fn what_an_older_term_wrote_too_much_is_passed_over() {
    let segments = [
        segment(1, 10, 0),
        segment(11, 20, 0),
        segment(21, 25, 0),
        segment(16, 28, 1),
        segment(29, 40, 1),
        segment(31, 35, 2),
        segment(36, 50, 2),
        segment(51, 60, 9),
    ];
    let (taken, reached) = steps(&segments, end_of, 0, u64::MAX);
    let expected = [(0, 10), (1, 15), (3, 28), (4, 30), (5, 35), (6, 50)];
    let expected: Vec<Step> =
        expected.map(|(at, until)| Step { segment: segments[at], until }).to_vec();
    assert_eq!((taken, reached), (expected, 50));
    let (taken, reached) = steps(&segments, end_of, 5, 29);
    assert_eq!(taken.len(), 4);
    assert_eq!((taken[3].until, reached), (29, 29));
    assert_eq!(steps(&segments, end_of, 15, 15), (Vec::new(), 15));
}

#[test]
fn a_gap_ends_what_there_is() {
    let segments = [segment(1, 10, 2), segment(12, 20, 2)];
    assert_eq!(steps(&segments, end_of, 0, u64::MAX).1, 10);
    assert_eq!(behind_gap(&segments, end_of, 10), Some(12));
    assert_eq!(behind_gap(&segments, end_of, 20), None);
    // What does not count is no gap.
    assert_eq!(behind_gap(&[segment(40, 50, 1), segment(1, 9, 9)], end_of, 30), None);
    // Segments of attempts whose answer was lost overlap.
    let segments = [segment(1, 10, 2), segment(1, 12, 2), segment(5, 20, 2)];
    let (taken, reached) = steps(&segments, end_of, 0, u64::MAX);
    assert_eq!((taken.len(), reached), (2, 20));
}

#[test]
fn a_base_is_early_enough_counts_and_has_its_log() {
    let of = |lsn, after, term| Base { lsn, after, term, taken_us: lsn, id: 1 };
    let segments = [segment(1, 10, 0), segment(11, 14, 0), segment(15, 40, 1)];
    let bases = [of(5, 5, 0), of(12, 9, 0), of(20, 20, 0), of(22, 22, 1), of(60, 50, 2)];
    let newest = |most: u64| base(&bases, &segments, end_of, |base| base.lsn <= most).copied();
    assert_eq!(newest(4), None);
    assert_eq!(newest(11), Some(bases[0]));
    assert_eq!(newest(21), Some(bases[1]), "term 0 ended before record 20");
    assert_eq!(newest(59), Some(bases[3]));
    assert_eq!(newest(99), Some(bases[3]), "the log from record 51 on is not there");
}

#[test]
fn objects_are_never_written_over() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::create(folder.path().join("archive").to_str().unwrap()).unwrap();
    let path = segment(1, 2, 0).path(&archive.root(5));
    runtime.block_on(async {
        assert_eq!(archive.find(&path).await.unwrap(), None);
        archive.put(&path, Bytes::from_static(b"one")).await.unwrap();
        // The same again: its answer was lost.
        archive.put(&path, Bytes::from_static(b"one")).await.unwrap();
        assert!(archive.put(&path, Bytes::from_static(b"two")).await.is_err());
        assert_eq!(archive.get(&path).await.unwrap(), Bytes::from_static(b"one"));
        assert_eq!(archive.only_lineage().await.unwrap(), 5);
        let listing = archive.list(5).await.unwrap();
        assert_eq!(listing.segments, [segment(1, 2, 0)]);
        archive.settle(5, &listing).unwrap();
        archive.put(&term_path(&archive.root(6), 3), Bytes::from_static(b"one")).await.unwrap();
        assert_eq!(archive.list(6).await.unwrap().terms, [3]);
        assert!(archive.only_lineage().await.is_err(), "there are two");
    });
}

/// The files below a folder.
fn files(folder: &FilePath) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { 1 }).sum()
}

#[test]
fn a_backup_counts_nowhere_whose_archive_is_taken_away() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let database = bourse::Database::open(at("store"), bourse::Options::default()).unwrap();
    let position = database.replication_position().unwrap();
    let lineage = position.history.lineage();
    let archive = Archive::create(at("archive").to_str().unwrap()).unwrap();
    let claim = runtime.block_on(Claim::make(&archive, &position, None)).unwrap();
    let names: Vec<String> =
        (0..4_000).map(|number| format!("{number:03}.pages")).chain(["BACKUP".into()]).collect();
    let sending = SendingFolder::new(at("sending"));
    std::fs::create_dir(sending.path()).unwrap();
    for name in &names {
        std::fs::write(sending.path().join(name), [7; 4_096]).unwrap();
    }
    let base = Base { lsn: 9, after: 8, term: 0, taken_us: 5, id: 1 };
    let root = base.path(&archive.root(lineage));
    let last = at("archive").join(root.as_ref());
    let sent = std::thread::scope(|scope| {
        let sent = scope.spawn(|| runtime.block_on(send_all(&claim, &root, &sending, &names)));
        while files(&last) < 3 {
            std::thread::yield_now();
        }
        std::fs::rename(at("archive"), at("away")).unwrap();
        sent.join().unwrap()
    });
    assert!(sent.is_err());
    assert_eq!(files(&at("archive")), 0, "nothing stays in what came in its place");
    // This process begins no other one there; what was taken away is as it was.
    let again = runtime.block_on(Claim::make(&archive, &position, Some(&claim)));
    assert!(again.unwrap_err().message().contains("no longer at"));
    let away = Archive::open(at("away").to_str().unwrap()).unwrap();
    let listing = runtime.block_on(away.list(lineage)).unwrap();
    assert_eq!((listing.bases.len(), listing.terms), (0, vec![0]));
    // Where it stays there, all of it comes to it.
    let _ = std::fs::remove_dir_all(at("archive"));
    std::fs::rename(at("away"), at("archive")).unwrap();
    std::fs::remove_dir_all(at("archive").join(archive.root(lineage).join("base").as_ref()))
        .unwrap();
    runtime.block_on(send_all(&claim, &root, &sending, &names[3_990..])).unwrap();
    assert_eq!(runtime.block_on(archive.list(lineage)).unwrap().bases, [base]);
}

#[test]
fn what_names_no_archive_is_refused() {
    for url in ["", "file://", "ftp://a/b", "s3://", "s3:///a"] {
        assert!(Archive::create(url).is_err(), "{url}");
    }
    // Who reads makes nothing.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nothing");
    assert!(Archive::open(path.to_str().unwrap()).is_err());
    assert!(!path.exists());
}

#[cfg(not(feature = "s3"))]
#[test]
fn a_build_without_s3_names_the_feature() {
    let error = Archive::open("s3://bucket/prefix").unwrap_err();
    assert_eq!(error.sqlstate(), "0A000");
    assert!(error.message().contains("--features s3"), "{error}");
}

#[cfg(feature = "s3")]
#[test]
fn a_bucket_and_its_prefix_are_read_of_the_url() {
    let archive = Archive::open("s3://bucket/a/b").unwrap();
    assert_eq!(archive.root(1).as_ref(), format!("a/b/{:032x}", 1));
}

#[test]
fn what_is_no_segment_is_damage_that_names_the_object() {
    let path = Path::from("some/object");
    let whole = parcels(b"BRSARCH\x01", &path).unwrap();
    assert_eq!(whole.count(), 0);
    for bytes in [&b""[..], b"BRSARC", b"something else"] {
        let error = parcels(bytes, &path).err().unwrap();
        assert!(error.message().contains("some/object"), "{error}");
    }
    let newer = parcels(b"BRSARCH\x02", &path).err().unwrap();
    assert!(newer.message().contains("version 2"), "{newer}");
    let mut cut = parcels(b"BRSARCH\x01and so on", &path).unwrap();
    assert!(cut.next().unwrap().unwrap_err().message().contains("some/object"));
    assert!(cut.next().is_none());
}
