use super::{Summary, finding, record_line, select, summary};

const SAID: &str = "\
INFO: Seed: 1\n\
#2\tINITED cov: 77 ft: 78 corp: 1/1b exec/s: 0 rss: 40Mb\n\
#1024\tNEW    cov: 912 ft: 3001 corp: 40/2Kb lim: 11 exec/s: 512 rss: 50Mb L: 3/3 MS: 1 Crash-\n";

// Guards the record: a run's numbers are its last ones, also where the final statistics are missing
// because the program was killed.
#[test]
fn the_last_numbers_count() {
    assert_eq!(summary(SAID), Summary { executions: 1024, edges: 912, corpus: 40 });
    let ended = format!("{SAID}stat::number_of_executed_units: 123456\n");
    assert_eq!(summary(&ended).executions, 123_456);
    assert_eq!(summary(""), Summary::default());
}

// Guards the record's table: a finding is one cell of one line, and names the input to keep.
#[test]
fn a_finding_says_what_and_by_which_input() {
    let said = "thread '<unnamed>' panicked at somewhere:\nleft | right differ\n\
                SUMMARY: libFuzzer: deadly signal\n\
                artifact_prefix='x/'; Test unit written to x/crash-12ab\n";
    assert_eq!(finding(said, "exit status: 77"), "left / right differ (crash-12ab)");
    let line = record_line("abc", "rows", 15, &summary(SAID), Some("x"));
    assert_eq!(line, "| abc | rows | 15 | 1,024 | 912 | 40 | x |\n");
    assert_eq!(finding("", "signal: 9"), "signal: 9 (no input was kept)");
}

// Guards against a campaign that silently runs nothing because a name was misspelt.
#[test]
fn an_unknown_target_is_refused() {
    let known = ["keys".to_string(), "rows".to_string()];
    assert_eq!(select(&known, &[]).unwrap(), ["keys", "rows"]);
    assert_eq!(select(&known, &["rows".to_string()]).unwrap(), ["rows"]);
    let error = select(&known, &["row".to_string()]).unwrap_err();
    assert!(error.contains("no target row;") && error.contains("keys, rows"), "{error}");
}
