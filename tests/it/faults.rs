//! Files that are cut short, damaged or foreign, folders that cannot be written or are taken, and
//! stores of newer formats: each is a clear error with the path and the way out, and no wrong row
//! is ever served.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bourse::{
    Database, Error, ErrorKind, IndexDefinition, Options, Order, Range, Table, TableDefinition,
    Type, Value,
};
use bourse_storage::page::{Page, crc32c};
use bourse_storage::vfs::sim::SimVfs;

const ROWS: i64 = 400;
const SHARDS: u16 = 2;

fn options() -> Options {
    Options {
        shards: SHARDS,
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 14,
        log_segment_bytes: 128 << 10,
        background: false,
        ..Options::default()
    }
}

fn on(disk: &SimVfs) -> Options {
    Options { vfs: Arc::new(disk.clone()), ..options() }
}

fn text(id: i64) -> String {
    format!("{id} {}", "text ".repeat(20))
}

fn fill(store: &Database, from: i64, to: i64) -> Table {
    let table = store.table("notes").unwrap_or_else(|_| {
        let notes = TableDefinition::builder("notes")
            .column("id", Type::BigInt)
            .not_null()
            .column("text", Type::Text)
            .primary_key(["id"])
            .index(IndexDefinition::on("by_text", ["text"]))
            .build()
            .unwrap();
        store.create_table(&notes).unwrap()
    });
    for id in from..to {
        store.insert(&table, vec![id.into(), text(id).into()]).unwrap();
    }
    table
}

/// A store of which half is in checkpoints of two generations and half in the log alone.
fn filled(folder: &Path) {
    let store = Database::open(folder, options()).unwrap();
    fill(&store, 0, ROWS / 4);
    store.checkpoint().unwrap();
    fill(&store, ROWS / 4, ROWS / 2);
    store.checkpoint().unwrap();
    fill(&store, ROWS / 2, ROWS);
}

/// Reads all rows, both ways. Wrong rows panic; `least` of them must be there.
fn read_all(store: &Database, least: i64) -> Result<(), Error> {
    let table = store.table("notes")?;
    let cut = store.cut();
    let mut next = 0;
    for row in cut.scan(&table, &Range::all(), Order::Ascending)? {
        let row = row?;
        assert_eq!(row.values(), [Value::from(next), text(next).into()], "a wrong row was served");
        next += 1;
    }
    assert!(next >= least, "{next} rows of {least} are there");
    let mut entries = cut.scan_index(&table, "by_text", &Range::all(), Order::Descending)?;
    assert_eq!(entries.fetch(usize::MAX)?.len() as i64, next);
    Ok(())
}

fn open_error(folder: &Path) -> Error {
    match Database::open(folder, options()).and_then(|store| read_all(&store, ROWS)) {
        Ok(()) => panic!("the damage was not found"),
        Err(error) => error,
    }
}

/// The message names what it must.
fn names(error: &Error, kind: ErrorKind, parts: &[&str]) {
    assert_eq!(error.kind(), kind, "{error}");
    for part in parts {
        assert!(error.message().contains(part), "{part} is not in: {error}");
    }
}

fn segments(folder: &Path) -> Vec<PathBuf> {
    let mut names: Vec<PathBuf> =
        fs::read_dir(folder.join("log")).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|extension| extension == "log"));
    names.sort();
    names
}

fn cut_to(path: &Path, bytes: u64) {
    fs::OpenOptions::new().write(true).open(path).unwrap().set_len(bytes).unwrap();
}

fn change(path: &Path, offset: usize, bytes: &[u8]) {
    let mut content = fs::read(path).unwrap();
    content[offset..offset + bytes.len()].copy_from_slice(bytes);
    fs::write(path, content).unwrap();
}

#[test]
fn a_truncated_file_is_named_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    filled(folder);
    read_all(&Database::open(folder, options()).unwrap(), ROWS).unwrap();

    let shard = folder.join("shards/001.pages");
    let whole = fs::read(&shard).unwrap();
    // What lies beyond the pages that one superblock tells of is not missed: the log has the rest.
    let told = |at: usize| u32::from_le_bytes(whole[at + 116..at + 120].try_into().unwrap());
    let told = u64::from(told(0).min(told(8192)));
    for bytes in [0, 4096, 5 * 4096, told * 2048 / 4096 * 4096, (told - 1) * 4096] {
        cut_to(&shard, bytes);
        names(&open_error(folder), ErrorKind::Corrupt, &["001.pages", "restore"]);
        fs::write(&shard, &whole).unwrap();
    }

    let identity = folder.join("STORE");
    let content = fs::read(&identity).unwrap();
    for bytes in [0, 10, 4095] {
        cut_to(&identity, bytes);
        names(&open_error(folder), ErrorKind::Corrupt, &["STORE", "restore"]);
        fs::write(&identity, &content).unwrap();
    }
    read_all(&Database::open(folder, options()).unwrap(), ROWS).unwrap();
}

#[test]
fn a_file_that_is_missing_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    filled(folder);
    for name in ["shards/000.pages", "shards/001.pages"] {
        let path = folder.join(name);
        let aside = folder.join("shards/aside");
        fs::rename(&path, &aside).unwrap();
        names(&open_error(folder), ErrorKind::Io, &[name]);
        fs::rename(&aside, &path).unwrap();
    }
    let segments = segments(folder);
    assert!(segments.len() >= 2, "{segments:?}");
    let aside = folder.join("aside");
    for path in &segments[..segments.len() - 1] {
        fs::rename(path, &aside).unwrap();
        let error = Database::open(folder, options());
        match error {
            // A segment that only older generations need.
            Ok(store) => read_all(&store, ROWS).unwrap(),
            Err(error) => names(&error, ErrorKind::Corrupt, &["log", "restore"]),
        }
        fs::rename(&aside, path).unwrap();
    }
}

#[test]
fn a_truncated_log_segment_is_named_or_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    filled(folder);
    let segments = segments(folder);
    // Not the last: what ends a log cannot be told from a power cut.
    let mut found = 0;
    for path in &segments[..segments.len() - 1] {
        let whole = fs::read(path).unwrap();
        cut_to(path, whole.len() as u64 / 2);
        match Database::open(folder, options()) {
            Ok(store) => read_all(&store, ROWS).unwrap(),
            Err(error) => {
                found += 1;
                let name = path.file_name().unwrap().to_str().unwrap();
                names(&error, ErrorKind::Corrupt, &[name]);
            }
        }
        fs::write(path, whole).unwrap();
    }
    assert!(found > 0, "no segment of {} was needed", segments.len());
}

#[test]
fn foreign_files_are_refused() {
    let (ours, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (ours, other) = (ours.path(), other.path());
    filled(ours);
    filled(other);
    let shard = "shards/001.pages";
    let own = fs::read(ours.join(shard)).unwrap();
    fs::copy(other.join(shard), ours.join(shard)).unwrap();
    names(&open_error(ours), ErrorKind::InvalidInput, &["001.pages", "belongs to store"]);
    fs::copy(ours.join("shards/000.pages"), ours.join(shard)).unwrap();
    names(&open_error(ours), ErrorKind::InvalidInput, &["001.pages", "exchanged"]);
    fs::write(ours.join(shard), own).unwrap();

    let segment = segments(ours).pop().unwrap();
    let own = fs::read(&segment).unwrap();
    let foreign = other.join("log").join(segment.file_name().unwrap());
    fs::copy(&foreign, &segment).unwrap();
    let name = segment.file_name().unwrap().to_str().unwrap();
    names(&open_error(ours), ErrorKind::Corrupt, &[name, "belongs to store"]);
    fs::write(&segment, own).unwrap();

    let own = fs::read(ours.join("STORE")).unwrap();
    fs::write(ours.join("STORE"), vec![b'x'; 4096]).unwrap();
    names(&open_error(ours), ErrorKind::Corrupt, &["STORE", "magic", "restore"]);
    fs::copy(other.join("STORE"), ours.join("STORE")).unwrap();
    names(&open_error(ours), ErrorKind::InvalidInput, &["000.pages", "belongs to store"]);
    fs::write(ours.join("STORE"), own).unwrap();
    read_all(&Database::open(ours, options()).unwrap(), ROWS).unwrap();

    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("letter.txt"), "not a store").unwrap();
    let error = Database::open(elsewhere.path(), options()).map(|_| ()).unwrap_err();
    names(&error, ErrorKind::InvalidInput, &["letter.txt", "empty or a new folder"]);
    let none = Options { create: false, ..options() };
    let nowhere = tempfile::tempdir().unwrap();
    let error = Database::open(nowhere.path(), none).map(|_| ()).unwrap_err();
    names(&error, ErrorKind::InvalidInput, &["holds no store"]);
}

#[test]
fn a_store_of_a_newer_format_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    filled(folder);
    let identity = folder.join("STORE");
    let own = fs::read(&identity).unwrap();
    change(&identity, 8, &99_u32.to_le_bytes());
    let sum = crc32c(&fs::read(&identity).unwrap()[..32]);
    change(&identity, 32, &sum.to_le_bytes());
    names(&open_error(folder), ErrorKind::InvalidInput, &["STORE", "newer", "format 99"]);
    fs::write(&identity, own).unwrap();

    let shard = folder.join("shards/000.pages");
    let own = fs::read(&shard).unwrap();
    for position in 0..4 {
        let mut page = Page::zeroed();
        page.0.copy_from_slice(&own[position * 4096..(position + 1) * 4096]);
        page.0[32..36].copy_from_slice(&7_u32.to_le_bytes());
        page.seal(0);
        change(&shard, position * 4096, &page.0);
        names(&open_error(folder), ErrorKind::InvalidInput, &["000.pages", "newer", "format 7"]);
    }
    fs::write(&shard, own).unwrap();

    let segment = segments(folder).pop().unwrap();
    let own = fs::read(&segment).unwrap();
    let mut header = own[..2048].to_vec();
    header[8..12].copy_from_slice(&9_u32.to_le_bytes());
    let sum = crc32c(&header[..84]);
    header[84..88].copy_from_slice(&sum.to_le_bytes());
    // Both copies of it.
    change(&segment, 0, &header);
    change(&segment, 2048, &header);
    let name = segment.file_name().unwrap().to_str().unwrap();
    names(&open_error(folder), ErrorKind::InvalidInput, &[name, "format version 9"]);
    fs::write(&segment, own).unwrap();
    read_all(&Database::open(folder, options()).unwrap(), ROWS).unwrap();
}

/// The environment variable that makes this test the second process.
const SECOND: &str = "BOURSE_SECOND_PROCESS";

#[test]
fn a_second_process_is_told_who_has_the_store() {
    if let Some(folder) = std::env::var_os(SECOND) {
        let error = Database::open(folder, options()).map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Busy);
        println!("{error}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let store = Database::open(folder.path(), options()).unwrap();
    let again = Database::open(folder.path(), options()).map(|_| ()).unwrap_err();
    let pid = std::process::id().to_string();
    names(&again, ErrorKind::Busy, &["LOCK", &pid, "this process"]);
    let test = "faults::a_second_process_is_told_who_has_the_store";
    let second = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", test])
        .env(SECOND, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&second.stdout).into_owned();
    assert!(second.status.success(), "{said}");
    assert!(said.contains(&format!("locked by the process with pid {pid}")), "{said}");
    fill(&store, 0, 10);
    drop(store);
    Database::open(folder.path(), options()).unwrap();
}

#[test]
fn a_read_only_folder_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    // Root may write anyway; there is one place where not even root may.
    let root = fs::write(folder.path().join("probe"), "").is_ok();
    let place = if root { Path::new("/proc/self/store") } else { folder.path() };
    let error = Database::open(place, options()).map(|_| ()).unwrap_err();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    names(&error, ErrorKind::Io, &[place.to_str().unwrap()]);
    if !root {
        names(&error, ErrorKind::Io, &["read-only", "right to write"]);
    }
}

/// A disk with a store that was filled and not closed, and the rows that must be there: all but
/// the last one, whose flush cannot be told from a torn one.
fn filled_disk(seed: u64) -> SimVfs {
    let disk = SimVfs::new(seed);
    let store = Database::open("/store", on(&disk)).unwrap();
    fill(&store, 0, ROWS / 4);
    store.checkpoint().unwrap();
    fill(&store, ROWS / 4, ROWS / 2);
    store.checkpoint().unwrap();
    fill(&store, ROWS / 2, ROWS);
    disk
}

/// Flips a bit and opens. Returns whether that was noticed.
fn flip(disk: &SimVfs, path: &Path, offset: u64, bit: u32) -> bool {
    let disk = disk.reboot(1);
    disk.flip_bit(path, offset, bit);
    let tried = Database::open("/store", on(&disk)).and_then(|store| {
        read_all(&store, ROWS - 1)?;
        let report = store.check(&mut |_| ())?;
        assert!(report.is_sound(), "{path:?} {offset}.{bit}: {:#?}", report.findings);
        Ok(())
    });
    let Err(error) = tried else { return false };
    let kind = error.kind();
    assert!(matches!(kind, ErrorKind::Corrupt | ErrorKind::InvalidInput), "{error:?}");
    let name = path.file_name().unwrap().to_str().unwrap();
    let message = format!("{error:?}");
    assert!(message.contains(name), "{name} {offset}.{bit} is not named: {message}");
    true
}

fn size(disk: &SimVfs, path: &Path) -> u64 {
    use bourse_storage::vfs::{OpenMode, Vfs};
    disk.reboot(1).open(path, OpenMode::Read).unwrap().len().unwrap()
}

#[test]
fn a_flipped_bit_of_the_identity_is_found() {
    let disk = filled_disk(1);
    let path = Path::new("/store/STORE");
    for offset in 0..36 {
        assert!(flip(&disk, path, offset, (offset % 8) as u32), "offset {offset}");
    }
}

#[test]
fn a_flipped_bit_of_a_superblock_or_bitmap_is_survived() {
    let disk = filled_disk(2);
    for shard in 0..SHARDS {
        let path = PathBuf::from(format!("/store/shards/{shard:03}.pages"));
        for position in 0..4 {
            for offset in [0, 33, 70, 90, 108] {
                assert!(!flip(&disk, &path, position * 4096 + offset, 5), "the copy serves");
            }
        }
    }
    // Both copies of both generations: nothing serves.
    let path = Path::new("/store/shards/001.pages");
    let damaged = disk.reboot(1);
    (0..4).for_each(|position| damaged.flip_bit(path, position * 4096 + 100, 1));
    let error = Database::open("/store", on(&damaged)).map(|_| ()).unwrap_err();
    names(&error, ErrorKind::Corrupt, &["001.pages", "superblock", "restore"]);
}

#[test]
fn a_flipped_bit_of_a_page_is_named_and_never_served() {
    let disk = filled_disk(3);
    let mut noticed = 0;
    for shard in 0..SHARDS {
        let path = PathBuf::from(format!("/store/shards/{shard:03}.pages"));
        for page in (4..size(&disk, &path) / 4096).step_by(2) {
            let offset = page * 4096 + page * 37 % 4096;
            noticed += u32::from(flip(&disk, &path, offset, (page % 8) as u32));
        }
    }
    assert!(noticed > 5, "{noticed} pages in use");
}

#[test]
fn a_flipped_bit_of_the_log_is_named_or_loses_nothing() {
    use bourse_storage::vfs::Vfs;
    let disk = filled_disk(4);
    let folder = Path::new("/store/log");
    let mut noticed = 0;
    for name in disk.reboot(1).list(folder).unwrap() {
        let path = folder.join(name);
        let bytes = size(&disk, &path);
        // A small flush fills the beginning of a block.
        for block in (0..bytes / 4096).step_by(3) {
            let offset = block * 4096 + block * 13 % 300;
            noticed += u32::from(flip(&disk, &path, offset, (block % 8) as u32));
        }
    }
    assert!(noticed > 10, "{noticed}");
}

#[test]
fn damage_that_comes_while_the_store_is_open_is_found_by_the_check() {
    let disk = SimVfs::new(5);
    let store = Database::open("/store", on(&disk)).unwrap();
    fill(&store, 0, ROWS);
    store.checkpoint().unwrap();
    let path = Path::new("/store/shards/000.pages");
    let mut found = 0;
    for page in 4..64 {
        disk.flip_bit(path, page * 4096 + 99, 0);
        let report = store.check(&mut |_| ()).unwrap();
        for finding in &report.findings {
            let text = finding.to_string();
            assert!(text.contains("000.pages") && text.contains(&format!("page {page}")), "{text}");
        }
        found += report.findings.len();
        disk.flip_bit(path, page * 4096 + 99, 0);
    }
    assert!(found > 5, "{found}");
    assert!(store.check(&mut |_| ()).unwrap().is_sound());
}

/// A process that may not open enough files is told so before anything is opened.
#[test]
fn too_few_open_files_are_told_at_open() {
    let folder = tempfile::tempdir().unwrap();
    Database::open(folder.path(), Options::default()).unwrap().close().unwrap();
    let load = env!("CARGO_BIN_EXE_load");
    let command = format!("ulimit -n 30; exec {load} {}", folder.path().display());
    let output = std::process::Command::new("sh").args(["-c", &command]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("may open 30"), "{said}");
}
