//! Stores that earlier versions made are opened, replayed and read, for every format version that
//! there has been. The files are in `tests/compat`, and `cargo xtask compat make` makes the next.

use std::fs;
use std::path::Path;

use bourse::{Database, Options, backup};
use bourse_tests::compat::{self, archive, text};

/// Reads all of an unpacked store, works on it, and restores its backups.
fn is_what_it_was(folder: &Path) {
    let expected = fs::read_to_string(folder.join("expected")).unwrap();
    let store = folder.join("store");
    let options = || Options { create: false, ..compat::options() };
    let mut replayed = 0;
    let opened = Database::open_with_progress(&store, options(), &mut |progress| {
        replayed = progress.bytes_total;
    })
    .unwrap();
    assert!(replayed > 1 << 20, "there is a log to replay, {replayed} bytes of it");
    same(&text::describe(&opened).unwrap(), &expected);
    let report = opened.check(&mut |_| ()).unwrap();
    assert!(report.is_sound() && report.tables.len() == 6, "{report:#?}");

    // It is a store to work with: what is added comes, what was there stays.
    let notes = opened.table("notes").unwrap();
    opened.insert(&notes, vec!["added".into(), 1_000.into()]).unwrap();
    let trades = opened.table("trades").unwrap();
    let row = vec![
        bourse::Value::Null,
        1.into(),
        "AAPL".into(),
        "open".into(),
        "added".into(),
        bourse::Value::Null,
    ];
    let mut refused = row.clone();
    refused[3] = "unknown".into();
    let refused = opened.insert(&trades, refused).unwrap_err();
    assert_eq!(refused.kind(), bourse::ErrorKind::Constraint, "{refused}");
    let id = opened.insert(&trades, row).unwrap();
    opened.close().unwrap();
    let opened = Database::open(&store, options()).unwrap();
    assert_eq!(opened.cut().count(&notes).unwrap(), 9);
    assert!(opened.get(&trades, &id).unwrap().is_some());
    assert!(opened.delete(&trades, &id).unwrap());
    let key = opened
        .cut()
        .find_unique(&notes, "by_n", &[1_000.into()])
        .unwrap()
        .map(|row| row.primary_key().unwrap());
    assert!(opened.delete(&notes, &key.unwrap()).unwrap());
    same(&text::describe(&opened).unwrap(), &expected);
    assert!(opened.check(&mut |_| ()).unwrap().is_sound());

    let expected = fs::read_to_string(folder.join("expected-next")).unwrap();
    let chain = [folder.join("full"), folder.join("next")];
    let verified = backup::verify(&chain, &options(), &mut |_| ()).unwrap();
    assert!(verified.is_sound() && verified.walked, "{verified:#?}");
    backup::restore(&chain, &folder.join("restored"), &options(), &mut |_| ()).unwrap();
    let restored = Database::open(folder.join("restored"), options()).unwrap();
    same(&text::describe(&restored).unwrap(), &expected);
    assert!(restored.check(&mut |_| ()).unwrap().is_sound());
}

/// Names the first line that differs.
fn same(found: &str, expected: &str) {
    for (number, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "line {number}");
    }
    assert_eq!(found.lines().count(), expected.lines().count());
}

#[test]
fn stores_of_all_format_versions_are_read() {
    let mut names: Vec<_> = fs::read_dir(compat::folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".tar.gz"))
        .collect();
    names.sort();
    let mut versions = Vec::new();
    for name in names {
        let packed = fs::read(compat::folder().join(&name)).unwrap();
        assert!(packed.len() as u64 <= compat::BYTES_MAX, "{name}: {} bytes", packed.len());
        let folder = tempfile::tempdir().unwrap();
        archive::unpack(&packed, folder.path()).unwrap();
        let version = compat::version(&folder.path().join("store")).unwrap();
        assert_eq!(name, format!("format-{version}.tar.gz"));
        is_what_it_was(folder.path());
        versions.push(version);
    }
    // Each version since the first, up to the one that this program writes.
    let folder = tempfile::tempdir().unwrap();
    Database::open(folder.path(), compat::options()).unwrap();
    let present = compat::version(folder.path()).unwrap();
    assert_eq!(versions, (1..=present).collect::<Vec<_>>(), "run `cargo xtask compat make`");
}

/// The program that makes the next one has not rotted.
#[test]
fn a_store_to_keep_can_be_made() {
    let (made, unpacked) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    compat::make(made.path()).unwrap();
    let packed = archive::pack(made.path()).unwrap();
    assert!(packed.len() as u64 <= compat::BYTES_MAX, "{} bytes", packed.len());
    archive::unpack(&packed, unpacked.path()).unwrap();
    is_what_it_was(unpacked.path());
}
