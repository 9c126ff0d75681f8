//! Steps add up, and the next one begins behind the last seed.

use serde_json::json;

use super::{LEDGER, line_of, page};

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
