use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use super::Command;

fn refused(words: &[&str]) -> ErrorKind {
    Command::try_parse_from(words).err().unwrap().kind()
}

#[test]
fn the_command_line_is_consistent() {
    Command::command().debug_assert();
}

/// Wrong usage ends with exit code 2, which is what these refusals make.
#[test]
fn wrong_usage_is_refused() {
    for words in [
        ["bourse", "demo", "--scale", "0"].as_slice(),
        &["bourse", "demo", "--scale", "NaN"],
        &["bourse", "import", "sqlite", "f", "--dry-run", "--shard-by", "trades"],
    ] {
        assert_eq!(refused(words), ErrorKind::ValueValidation, "{words:?}");
    }
    let both = ["bourse", "demo", "--scale", "1", "--legacy", "f"];
    assert_eq!(refused(&both), ErrorKind::ArgumentConflict);
    let policy = ["bourse", "import", "sqlite", "f", "--dry-run", "--on-bad-value", "guess"];
    assert_eq!(refused(&policy), ErrorKind::InvalidValue);
    let nowhere = ["bourse", "import", "sqlite", "f"];
    assert_eq!(refused(&nowhere), ErrorKind::MissingRequiredArgument);
    for words in [
        ["bourse", "backup", "--data", "d"].as_slice(),
        &["bourse", "backup", "verify"],
        &["bourse", "restore", "--data", "d"],
    ] {
        assert_eq!(refused(words), ErrorKind::MissingRequiredArgument, "{words:?}");
    }
    let verify = ["bourse", "backup", "verify", "--from", "a", "--from", "b"];
    assert!(Command::try_parse_from(verify).is_ok());
    for words in [
        ["bourse", "restore", "--archive", "a", "--from", "b", "--data", "d"].as_slice(),
        &["bourse", "restore", "--archive", "a", "--data", "d", "--to-lsn", "1", "--to-time", "t"],
        &["bourse", "backup", "verify", "--archive", "a", "--from", "b"],
    ] {
        assert_eq!(refused(words), ErrorKind::ArgumentConflict, "{words:?}");
    }
    let moment = ["bourse", "restore", "--from", "a", "--data", "d", "--to-lsn", "1"];
    assert_eq!(refused(&moment), ErrorKind::ArgumentConflict);
    let archive = ["bourse", "restore", "--archive", "a", "--data", "d", "--to-lsn", "0/1"];
    assert!(Command::try_parse_from(archive).is_ok());
}
