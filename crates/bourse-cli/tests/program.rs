//! The program `bourse` as a shell runs it: what it prints where, and how it ends.

use std::path::Path;
use std::process::{Command, Output};

fn bourse(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bourse")).args(arguments).output().expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("it prints UTF-8")
}

fn path(folder: &Path) -> &str {
    folder.to_str().expect("the folder's name is UTF-8")
}

#[test]
fn help_names_every_command_and_ends_well() {
    let output = bourse(&["--help"]);
    assert!(output.status.success());
    let help = text(&output.stdout);
    for command in
        ["import", "demo", "check", "backup", "restore", "sql", "serve", "user", "config"]
    {
        assert!(help.contains(&format!("\n  {command}")), "{command} is not in {help}");
        let output = bourse(&[command, "--help"]);
        assert!(output.status.success(), "{command} --help: {}", text(&output.stderr));
    }
    assert!(output.stderr.is_empty());
}

#[test]
fn a_mistake_is_told_on_standard_error_and_by_the_status() {
    let output = bourse(&["no-such-command"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(text(&output.stderr).contains("no-such-command"));

    let folder = tempfile::tempdir().expect("there is a folder");
    let nowhere = folder.path().join("nowhere");
    let output = bourse(&["check", "--data", path(&nowhere)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("nowhere"), "{}", text(&output.stderr));
}

#[test]
fn a_store_lives_from_one_run_to_the_next() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let data = folder.path().join("store");
    let data = path(&data);
    let make = "CREATE TABLE fills (id BIGINT PRIMARY KEY, price NUMERIC(10, 2));
        INSERT INTO fills VALUES (1, 10.5), (2, 11.25)";
    let output = bourse(&["sql", "--data", data, "--create", "-c", make]);
    assert!(output.status.success(), "{}", text(&output.stderr));

    let query = "SELECT sum(price) AS total FROM fills";
    let output = bourse(&["sql", "--data", data, "--format", "csv", "-c", query]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "total\n21.75\n");

    let output = bourse(&["sql", "--data", data, "-c", "SELECT volume FROM fills"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("column \"volume\" does not exist"));

    let output = bourse(&["check", "--data", data]);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

/// A server that archives, until its first backup is there.
fn archive_of(data: &str, archive: &Path) {
    let serve = ["serve", "--data", data, "--listen", "127.0.0.1:0", "--archive-to", path(archive)];
    let mut server =
        Command::new(env!("CARGO_BIN_EXE_bourse")).args(serve).spawn().expect("it runs");
    let is_there = || {
        let lineages = std::fs::read_dir(archive).into_iter().flatten().flatten();
        let bases = lineages.map(|lineage| lineage.path().join("base"));
        let mut bases = bases.flat_map(|bases| std::fs::read_dir(bases).into_iter().flatten());
        bases.any(|base| base.is_ok_and(|base| base.path().join("BACKUP").exists()))
    };
    for _ in 0..600 {
        if is_there() {
            break;
        }
        bourse_storage::sync::sleep(std::time::Duration::from_millis(50));
    }
    server.kill().expect("it is there");
    server.wait().expect("it ends");
    assert!(is_there(), "a backup in the archive");
}

#[test]
fn a_store_is_restored_from_an_archive_which_is_verified() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let at = |name: &str| folder.path().join(name);
    let (data, copy, archive) = (at("store"), at("copy"), at("archive"));
    let make = "CREATE TABLE fills (id BIGINT PRIMARY KEY); INSERT INTO fills VALUES (1), (2)";
    let output = bourse(&["sql", "--data", path(&data), "--create", "-c", make]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    archive_of(path(&data), &archive);

    let from = ["--archive", path(&archive)];
    let restore = |more: &[&str]| {
        let words = ["restore", "--data", path(&copy), "--json", "-"];
        bourse(&[&words[..], &from[..], more].concat())
    };
    let output = restore(&[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!((&report["term"], &report["reached"]), (&1.into(), &true.into()), "{report}");
    let query = "SELECT count(*) AS n FROM fills";
    let output = bourse(&["sql", "--data", path(&copy), "--format", "csv", "-c", query]);
    assert_eq!(text(&output.stdout), "n\n2\n");
    // What is there is replaced only if that is said, and what cannot be leaves it.
    let output = restore(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("--replace"));
    let output = restore(&["--replace", "--to-lsn", "0/FFFFFFFF"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let output = restore(&["--replace", "--to-time", "yesterday"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("2026-11-26T14:30:00Z"));
    assert!(restore(&["--replace"]).status.success());

    let scratch = path(folder.path());
    let verify = || {
        bourse(&[&["backup", "verify", "--scratch", scratch, "--json", "-"], &from[..]].concat())
    };
    let output = verify();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!((&report["sound"], &report["bases"]), (&true.into(), &1.into()), "{report}");
    let tables = report["check"]["tables"].as_array().expect("they are listed");
    let fills = tables.iter().find(|table| table["name"] == "fills").expect("it is there");
    assert_eq!(fills["rows"], 2, "{report}");
    let lineage = std::fs::read_dir(&archive).expect("it is there").flatten().next();
    let bases = std::fs::read_dir(lineage.expect("there is one").path().join("base"));
    let base = bases.expect("it is there").flatten().next().expect("there is one").path();
    std::fs::write(base.join("000.pages"), b"something else").expect("it is written");
    let output = verify();
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
}
