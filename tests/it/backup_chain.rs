//! Chains with links that are missing, foreign or damaged, and folders that are in use: each is an
//! error that names the folder or the file, and no store comes of it.

use std::fs;
use std::path::{Path, PathBuf};

use bourse::{Database, Error, ErrorKind, Options, backup};
use bourse_storage::page::crc32c;
use bourse_storage::sync::sim::Random;

use crate::backup::{Model, change, compare, options, restore};

/// A store with a full backup and two increments upon it, and what each of them holds.
struct Backups {
    folder: tempfile::TempDir,
    store: Database,
    models: Vec<Model>,
}

impl Backups {
    fn new() -> Backups {
        let folder = tempfile::tempdir().unwrap();
        let store = Database::open(folder.path().join("store"), options()).unwrap();
        let mut backups = Backups { folder, store, models: Vec::new() };
        let (mut model, mut random) = (Model::new(), Random::new(11));
        for (name, base) in [("full", None), ("one", Some("full")), ("two", Some("one"))] {
            change(&backups.store, &mut model, &mut random, 60);
            let base = base.map(|base| backups.at(base));
            backups.store.backup(backups.at(name), base.as_deref(), &mut |_| ()).unwrap();
            backups.models.push(model.clone());
        }
        backups
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn all(&self) -> Vec<PathBuf> {
        ["full", "one", "two"].map(|name| self.at(name)).to_vec()
    }

    /// What a restore from these folders is refused with; no store is made.
    fn refused(&self, from: &[PathBuf]) -> Error {
        let to = self.at("refused");
        let error = backup::restore(from, &to, &options(), &mut |_| ()).unwrap_err();
        let opened = Database::open(&to, Options { create: false, ..options() });
        assert!(opened.is_err(), "what was refused is no store: {error}");
        let _ = fs::remove_dir_all(&to);
        error
    }
}

fn names(error: &Error, kind: ErrorKind, parts: &[&str]) {
    assert_eq!(error.kind(), kind, "{error}");
    for part in parts {
        assert!(error.message().contains(part), "{part} is not in: {error}");
    }
}

#[test]
fn a_chain_must_be_whole_and_one() {
    let backups = Backups::new();
    let (full, one, two) = (backups.at("full"), backups.at("one"), backups.at("two"));
    let invalid = ErrorKind::InvalidInput;
    let error = backups.refused(&[full.clone(), two.clone()]);
    names(&error, invalid, &["two is incremental", "not among the folders"]);
    names(&backups.refused(&[one.clone(), two.clone()]), invalid, &["one is incremental"]);
    names(&backups.refused(&[full.clone(), full.clone()]), invalid, &["the same backup"]);
    names(&backups.refused(&[]), invalid, &["at least one"]);
    let missing = backups.refused(&[full.clone(), backups.at("none")]);
    assert_eq!(missing.kind(), ErrorKind::Io, "{missing}");

    // Two increments upon the same backup are two chains.
    let fork = backups.at("fork");
    backups.store.backup(&fork, Some(&full), &mut |_| ()).unwrap();
    let error = backups.refused(&[full.clone(), one.clone(), fork.clone()]);
    names(&error, invalid, &["not of one chain"]);
    compare(&restore(&[fork, full.clone()], &backups.at("forked"), options()), &backups.models[2]);

    // A backup of another store.
    let other = Database::open(backups.at("other"), options()).unwrap();
    let foreign = backups.at("foreign");
    other.backup(&foreign, None, &mut |_| ()).unwrap();
    names(&backups.refused(&[full.clone(), foreign.clone()]), invalid, &["foreign", "of store"]);
    let error = backups.store.backup(backups.at("new"), Some(&foreign), &mut |_| ()).unwrap_err();
    names(&error, invalid, &["foreign", "full backup"]);

    // Without the full backup the files are verified, and the report says that no tree was.
    let report = backup::verify(&[one, two], &options(), &mut |_| ()).unwrap();
    assert!(report.is_sound() && !report.walked && report.backups.len() == 2);
    for (number, model) in backups.models.iter().enumerate() {
        let to = backups.at(&format!("restored{number}"));
        compare(&restore(&backups.all()[..=number], &to, options()), model);
    }
}

/// Nothing is written over: neither by a backup nor by a restore.
#[test]
fn a_folder_that_is_in_use_is_refused() {
    let backups = Backups::new();
    let invalid = ErrorKind::InvalidInput;
    let error = backups.store.backup(backups.at("full"), None, &mut |_| ()).unwrap_err();
    names(&error, invalid, &["full", "a backup already"]);
    let letters = backups.at("letters");
    fs::create_dir(&letters).unwrap();
    fs::write(letters.join("letter.txt"), "not a backup").unwrap();
    let error = backups.store.backup(&letters, None, &mut |_| ()).unwrap_err();
    names(&error, invalid, &["letter.txt", "empty or a new folder"]);
    let error = backup::restore(&backups.all(), &letters, &options(), &mut |_| ()).unwrap_err();
    names(&error, invalid, &["letter.txt", "empty or a new folder"]);
    let store = backups.at("store");
    let error = backup::restore(&backups.all(), &store, &options(), &mut |_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Busy, "{error}");
    let Backups { folder, store, models } = backups;
    drop(store);
    let at = |name: &str| folder.path().join(name);
    let from = [at("full")];
    let error = backup::restore(&from, &at("store"), &options(), &mut |_| ()).unwrap_err();
    names(&error, invalid, &["a store already"]);
    compare(&Database::open(at("store"), options()).unwrap(), &models[2]);
    let error = backup::verify(&[letters], &options(), &mut |_| ()).unwrap_err();
    names(&error, invalid, &["no whole backup", "BACKUP"]);
}

/// Every file of every link, at its front, in its middle and at its end, also where it says
/// nothing: verification and restore name it, and no store is made of it.
#[test]
fn damage_of_each_file_is_named() {
    let backups = Backups::new();
    let files = ["BACKUP", "000.pages", "001.pages", "002.pages"];
    for (link, name) in backups.all().iter().flat_map(|link| files.map(|name| (link, name))) {
        let path = link.join(name);
        let whole = fs::read(&path).unwrap();
        let end = whole.len() - 1;
        let within = match name {
            "BACKUP" => vec![3, 10, 17, 22, 60, end / 2, end],
            _ => vec![9, 20, 40, 4_100, end / 2, end],
        };
        for offset in within {
            let mut bytes = whole.clone();
            bytes[offset] ^= 0x40;
            fs::write(&path, bytes).unwrap();
            found(&backups, &path, &format!("a bit at {offset}"));
        }
        for length in [0, 4_096, whole.len() / 8_192 * 4_096, end] {
            if length < whole.len() {
                fs::write(&path, &whole[..length]).unwrap();
                found(&backups, &path, &format!("cut to {length}"));
            }
        }
        for more in [1, 4_096] {
            fs::write(&path, [&whole[..], &vec![0; more]].concat()).unwrap();
            found(&backups, &path, &format!("{more} bytes more"));
        }
        fs::remove_file(&path).unwrap();
        found(&backups, &path, "removed");
        fs::write(&path, whole).unwrap();
    }
    // Files of the same name, exchanged between links and between shards.
    let (one, two) = (backups.at("one/001.pages"), backups.at("two/001.pages"));
    let own = fs::read(&two).unwrap();
    for other in [one, backups.at("two/002.pages")] {
        fs::copy(other, &two).unwrap();
        found(&backups, &two, "exchanged");
    }
    fs::write(&two, own).unwrap();
    compare(&restore(&backups.all(), &backups.at("whole"), options()), &backups.models[2]);
}

fn found(backups: &Backups, path: &Path, what: &str) {
    let link = path.parent().unwrap().to_str().unwrap();
    let manifest = path.ends_with("BACKUP");
    // A manifest that is gone is told of by its folder.
    let named =
        |text: &str| text.contains(path.to_str().unwrap()) || manifest && text.contains(link);
    match backup::verify(&backups.all(), &options(), &mut |_| ()) {
        Ok(report) => {
            assert!(!report.is_sound(), "{}: {what} was not found", path.display());
            assert!(report.findings.iter().any(|f| named(&f.what)), "{:#?}", report.findings);
            assert!(report.findings.iter().all(|finding| finding.file == path));
            assert!(!report.walked);
        }
        Err(error) => {
            assert!(manifest, "{}: {what} is in the report: {error}", path.display());
            assert!(named(error.message()), "{what}: {error}");
        }
    }
    let error = backups.refused(&backups.all());
    assert!(named(&format!("{error:?}")), "{what}: {error:?} does not name {}", path.display());
}

#[test]
fn a_backup_of_a_newer_format_is_refused() {
    let backups = Backups::new();
    let change = |name: &str, sum_of: usize, sum_at: usize| {
        let path = backups.at(name);
        let own = fs::read(&path).unwrap();
        let mut bytes = own.clone();
        bytes[8..12].copy_from_slice(&7_u32.to_le_bytes());
        let sum = crc32c(&bytes[..sum_of]).to_le_bytes();
        bytes[sum_at..sum_at + 4].copy_from_slice(&sum);
        fs::write(&path, bytes).unwrap();
        let error = backups.refused(&backups.all());
        names(&error, ErrorKind::InvalidInput, &[name, "newer", "format 7"]);
        let error =
            backup::verify(&backups.all(), &options(), &mut |_| ()).map(|_| ()).unwrap_err();
        names(&error, ErrorKind::InvalidInput, &[name, "newer", "format 7"]);
        fs::write(&path, own).unwrap();
    };
    change("one/BACKUP", 16, 16);
    change("two/001.pages", 32, 32);
    compare(&restore(&backups.all(), &backups.at("whole"), options()), &backups.models[2]);
}
