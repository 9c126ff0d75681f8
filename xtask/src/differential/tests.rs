//! Steps add up, and the next one begins behind the last seed.

use serde_json::json;

use super::{LEDGER, line_of, page, places};

#[test]
fn steps_of_a_commit_are_one_row() {
    let printed = "seed 3: told\n{\"scripts\":2,\"statements\":100,\"refused\":25,\"not_done\":4,\
                   \"differences\":1,\"seeds\":[2]}\n";
    let first = line_of(printed, "abc", "sqlite", 1).unwrap();
    assert_eq!(LEDGER.next_seed(&[]), 1);
    assert_eq!(LEDGER.next_seed(std::slice::from_ref(&first)), 3);
    let second = line_of(printed, "abc", "sqlite", 3).unwrap();
    let other = json!({"commit": "def", "first_seed": 5, "scripts": 1, "statements": 10});
    let postgres = line_of(printed, "abc", "postgres", 1).unwrap();
    let page = page(&[first, postgres, second, other]);
    assert!(page.contains("**310 statements in all.**"), "{page}");
    assert!(page.contains("| abc | postgres | 2 (1 to 2) | 100 | 75 % | 4 | 1 | 2 |"), "{page}");
    assert!(page.contains("| abc | sqlite | 4 (1 to 4) | 200 | 75 % | 8 | 2 | 2, 2 |"), "{page}");
    assert!(page.contains("| def | sqlite | 1 (5 to 5) | 10 | 100 % | 0 | 0 |  |"), "{page}");
    assert!(line_of("no figures", "abc", "sqlite", 1).is_err());
}

#[test]
fn uses_and_reasons_of_a_commit_add_up() {
    let line = |commit: &str, seed: u64| {
        json!({"commit": commit, "oracle": "sqlite", "first_seed": seed, "scripts": 1,
               "statements": 10, "known": {"rows in any order": 2},
               "places": {"and": [60, 1], "or": [5, 5]}})
    };
    let mut lines = vec![line("other", 1), line("abc", 2)];
    let mut next = line("abc", 3);
    places::carry(&mut lines, &mut next);
    assert_eq!(next["places"], json!({"and": [120, 2], "or": [10, 10]}));
    assert!(lines[0]["places"].is_object() && lines[1].get("places").is_none());
    lines.push(next);
    let page = page(&lines);
    assert!(page.contains("| sqlite | 6 | rows in any order |"), "{page}");
    let said = "- abc beside sqlite: 2 places, of which 1 were used less than 100 times and 1 \
                always refused. The least used: or (10), and (120).";
    assert!(page.contains(said), "{page}");
}
