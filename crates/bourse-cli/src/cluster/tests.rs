//! What the user says, what is asked of the leader, and what is shown.

use clap::Parser as _;

use super::Action;
use super::report::{self, Member};
use super::seat::seats_of;

#[derive(clap::Parser)]
struct Words {
    #[command(subcommand)]
    action: Action,
}

const URL: &str = "postgresql://bourse@a:5001,b:5002/shop";

fn action(words: &[&str]) -> Result<Action, clap::Error> {
    let all = ["cluster"].iter().chain(words).chain(&["--url", URL]);
    Words::try_parse_from(all).map(|words| words.action)
}

fn member(id: u64, role: &str) -> Member {
    Member {
        id,
        address: format!("10.0.0.{id}:6000"),
        clients: (id != 3).then(|| format!("10.0.0.{id}:5432")),
        role: role.to_owned(),
        is_self: id == 1,
        term: 7,
        last_lsn: Some("0/0000002A".to_owned()),
        matched_lsn: Some("0/00000028".to_owned()),
        lag_records: Some(2),
        heard_ago_ms: Some(12),
        healthy: Some(id != 3),
    }
}

#[test]
fn each_command_is_a_function_of_sql() {
    for (words, statement) in [
        (["status"].as_slice(), None),
        (&["add", "4", "h:6004"], Some("SELECT bourse_cluster_add(4, 'h:6004')")),
        (&["add", "4", "it's:1"], Some("SELECT bourse_cluster_add(4, 'it''s:1')")),
        (&["promote", "4"], Some("SELECT bourse_cluster_promote(4)")),
        (&["remove", "4"], Some("SELECT bourse_cluster_remove(4)")),
        (&["switchover"], Some("SELECT bourse_cluster_switchover()")),
        (&["switchover", "--to", "2"], Some("SELECT bourse_cluster_switchover(2)")),
    ] {
        assert_eq!(action(words).unwrap().statement().as_deref(), statement, "{words:?}");
    }
    for words in [["add", "0", "h:1"].as_slice(), &["add", "4"], &["promote"], &["remove", "-1"]] {
        assert!(action(words).is_err(), "{words:?}");
    }
    assert!(Words::try_parse_from(["cluster", "status"]).is_err(), "no --url");
}

#[test]
fn urls_are_hosts_with_a_user_and_a_password() {
    let one = "postgresql://me:secret@[::1]:7/db".to_owned();
    let seats = seats_of(&[URL.to_owned(), one], Some("other")).unwrap();
    let shown: Vec<_> = seats.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["a:5001", "b:5002", "::1:7"]);
    let moved = seats[0].moved_to("[fe80::1]:99").unwrap();
    assert_eq!((moved.host.as_str(), moved.port), ("fe80::1", 99));
    assert!(seats[0].moved_to("nowhere").is_none());
    for wrong in ["http://h", "postgresql:///db", "postgresql://u@h:x/db"] {
        let error = seats_of(&[wrong.to_owned()], None).err().expect(wrong);
        assert!(error.to_string().contains("postgresql://USER@HOST"), "{error}");
    }
}

#[test]
fn rows_become_a_table_and_json() {
    let members = [member(1, "leader"), member(2, "voter"), member(3, "learner")];
    let table = report::table(&members);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(
        lines[1],
        "1     leader   healthy  10.0.0.1:6000  10.0.0.1:5432  0/00000028  2    -"
    );
    assert_eq!(
        lines[3],
        "3     learner  away     10.0.0.3:6000  -              0/00000028  2    12 ms ago"
    );
    assert_eq!(lines[4], "member 1 leads in term 7; 2 of 2 voters are there, 2 are needed");
    let json = report::json(&members);
    assert_eq!((&json["leader"], &json["term"]), (&1.into(), &7.into()));
    assert_eq!(json["members"][2]["healthy"], false);
    let nobody = [member(2, "voter"), member(3, "voter")];
    assert!(report::table(&nobody).ends_with("nobody leads: 2 of 2 voters are needed"));
    assert!(report::json(&nobody)["leader"].is_null());
}

#[test]
fn a_row_is_read_by_the_names_of_its_columns() {
    let value = |name: &str| match name {
        "node_id" => Some("2"),
        "address" => Some("h:1"),
        "role" => Some("voter"),
        "is_self" => Some("f"),
        "term" => Some("3"),
        "heard_ago_ms" => Some("-4"),
        _ => None,
    };
    let read = Member::of(value).unwrap();
    assert_eq!((read.id, read.is_self, read.healthy), (2, false, None));
    assert_eq!((read.heard_ago_ms, read.lag_records), (Some(0), None));
    assert!(Member::of(|_| None).is_none());
}
