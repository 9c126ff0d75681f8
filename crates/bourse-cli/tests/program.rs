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
