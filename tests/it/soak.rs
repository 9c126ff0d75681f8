//! A short soak: what is acknowledged outlives kills, and a process that lies is found out.

use std::process::Command;

fn soak(extra: &[&str]) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_soak"))
        .args(["supervise", "--seconds", "6", "--kill-seconds", "1", "--dir"])
        .arg(folder.path())
        .args(extra)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.success(), text + &String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_short_soak_loses_nothing() {
    let (good, text) = soak(&[]);
    assert!(good, "{text}");
    let figure = |name: &str| -> u64 {
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(name));
        line.unwrap().split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    assert!(figure("kills") >= 2 && figure("acknowledged") > 100, "{text}");
}

/// Guards the soak itself: a row that was acknowledged and never written must be missed.
#[test]
fn a_soak_finds_a_loss() {
    let (good, text) = soak(&["--withhold", "50"]);
    assert!(!good && text.contains("was acknowledged: lost"), "{text}");
}
