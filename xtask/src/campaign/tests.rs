//! Steps add up, findings are kept, and the next campaign begins behind the last seed.

use serde_json::{Value, json};

use super::table::{self, engine_page, group_page};
use super::{ENGINE, children_seconds, line_of};

const FIGURES: &str = r#"{"seeds": 200, "operations": 1234567, "crashes": 20, "torn_sectors": 3,
    "crashes_in_recovery": 4, "EIO": 5, "ENOSPC": 6, "decayed_superblocks": 7, "failures": []}"#;

#[test]
fn steps_of_a_commit_are_one_row_and_the_totals_are_theirs() {
    let lines = [
        json!({"commit": "0000000", "first_seed": 1, "seeds": 500, "cpu_seconds": null,
               "operations": 10, "findings": ["seed 97: was fixed"]}),
        line_of(&table::ENGINE, FIGURES, "abcdef0", 501, 3600.0).unwrap(),
        line_of(&table::ENGINE, FIGURES, "abcdef0", 701, 1800.0).unwrap(),
    ];
    let text = engine_page(&lines);
    assert!(text.contains("**900 seeds in all, 1.5 hours of CPU**"), "{text}");
    assert!(text.contains("| 0000000 | 1 to 500 | - | 10 | 0 (0) |"), "{text}");
    assert!(text.contains("| seed 97: was fixed |"), "{text}");
    let row = "| abcdef0 | 501 to 900 | 1.50 | 2,469,134 | 40 (8) | 6 | 10 | 12 | none |";
    assert!(text.contains(row), "{text}");
    assert_eq!(ENGINE.ledger.next_seed(&lines), 901);
}

#[test]
fn a_campaign_goes_on_behind_a_finding() {
    let mut figures: Value = serde_json::from_str(FIGURES).unwrap();
    figures["seeds"] = 12.into();
    figures["failures"] = json!([{"seed": 511, "invariant": "no lost update", "detail": "x"}]);
    let line = line_of(&table::ENGINE, &figures.to_string(), "abcdef0", 501, 1.0).unwrap();
    assert_eq!(line["findings"], json!(["seed 511: no lost update"]));
    assert_eq!(ENGINE.ledger.next_seed(&[line]), 512);
    assert_eq!(ENGINE.ledger.next_seed(&[]), 1);
}

#[test]
fn figures_that_are_none_are_refused() {
    assert!(line_of(&table::ENGINE, "no JSON", "abcdef0", 1, 0.0).is_err());
    assert!(line_of(&table::ENGINE, "{\"seeds\": 3}", "abcdef0", 1, 0.0).is_err());
}

#[test]
fn the_time_of_children_is_read() {
    let before = children_seconds().unwrap();
    let burnt = std::process::Command::new("sh")
        .args(["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"])
        .status();
    assert!(burnt.unwrap().success());
    assert!(children_seconds().unwrap() > before);
}

#[test]
fn campaigns_of_groups_have_a_page_of_their_own() {
    let figures =
        r#"{"seeds": 20, "acknowledged": 5000, "leaders": 7, "turns": 9, "failures": []}"#;
    let line = line_of(&table::GROUP, figures, "abcdef0", 1, 36.0).unwrap();
    let text = group_page(&[line]);
    let cells = |line: &str| line.matches('|').count();
    let head = text.lines().find(|line| line.starts_with("| commit")).unwrap();
    let row = text.lines().find(|line| line.starts_with("| abcdef0")).unwrap();
    assert_eq!(cells(head), cells(row), "{text}");
    assert!(row.starts_with("| abcdef0 | 1 to 20 | 0.01 | 5,000 | 0 | 0 | 0 | 7 |"), "{text}");
}
