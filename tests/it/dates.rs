//! Days of texts against SQLite's `date(text)`: the same day, or none, for texts that are times,
//! almost times, numbers and neither; and as keys of an index.

use std::sync::Arc;

use bourse::expression::{Expression, column};
use bourse::schema::IndexPart;
use bourse::{Database, IndexDefinition, Options, Range, TableDefinition, Type, Value, ValueRef};
use bourse_storage::vfs::sim::SimVfs;
use proptest::prelude::{Just, Strategy, prop, prop_oneof, proptest};
use rusqlite::Connection;

use crate::expect::small_options;

fn table() -> TableDefinition {
    TableDefinition::builder("trades")
        .column("id", Type::BigInt)
        .column("at", Type::Text)
        .primary_key(["id"])
        .index(IndexDefinition::on("by_day", [IndexPart::from(column("at").date())]))
        .build()
        .unwrap()
}

/// A part of a time as it should be, or with what is near it.
fn part(
    usual: std::ops::Range<u32>,
    width: usize,
    least: u32,
    most: u32,
) -> impl Strategy<Value = String> {
    prop_oneof![
        12 => usual.prop_map(move |number| format!("{number:0width$}")),
        4 => (least..most).prop_map(move |number| format!("{number:0width$}")),
        1 => (least..most).prop_map(|number| number.to_string()),
    ]
}

fn days() -> impl Strategy<Value = String> {
    let sign = prop_oneof![9 => Just(""), 1 => Just("-"), 1 => Just("+")];
    let year = part(1_900..2_100, 4, 0, 10_001);
    let far = prop_oneof![
        4 => year,
        1 => part(4_700..4_720, 4, 0, 12),
        1 => part(9_990..10_000, 4, 0, 99),
    ];
    let dash = || prop_oneof![40 => Just("-"), 1 => Just("/"), 1 => Just("")];
    let month = part(1..13, 2, 0, 15);
    let day = prop_oneof![3 => part(1..29, 2, 0, 34), 2 => part(28..32, 2, 0, 34)];
    (sign, far, dash(), month, dash(), day).prop_map(|(sign, year, one, month, two, day)| {
        format!("{sign}{year}{one}{month}{two}{day}")
    })
}

fn times() -> impl Strategy<Value = String> {
    let hour = || prop_oneof![5 => part(0..24, 2, 20, 27), 1 => Just("24".to_owned())];
    let second = part(0..60, 2, 55, 63);
    let fraction = prop_oneof![
        4 => Just(String::new()),
        4 => "[.][0-9]{1,9}",
        1 => "[.]9{1,30}",
        1 => "[.][0-9]{0,400}",
    ];
    let clock = prop_oneof![
        2 => (hour(), part(0..60, 2, 55, 63)).prop_map(|(h, m)| format!("{h}:{m}")),
        5 => (hour(), part(0..60, 2, 55, 63), second, fraction)
            .prop_map(|(h, m, s, fraction)| format!("{h}:{m}:{s}{fraction}")),
    ];
    let zone = prop_oneof![
        6 => Just(String::new()),
        1 => Just("Z".to_owned()),
        1 => Just(" z ".to_owned()),
        3 => ("[ ]{0,2}[+-]", part(0..15, 2, 10, 20), part(0..60, 2, 55, 63), "[ ]?")
            .prop_map(|(sign, hours, minutes, end)| format!("{sign}{hours}:{minutes}{end}")),
        1 => "[+-]?[0-9]{1,4}|[A-Za-z]",
    ];
    (clock, zone).prop_map(|(clock, zone)| clock + &zone)
}

fn texts() -> impl Strategy<Value = String> {
    let between = prop_oneof![
        6 => Just(" "), 3 => Just("T"), 1 => Just("t"), 1 => Just(""), 1 => Just(" T\t "),
        1 => Just("\u{b}"), 1 => Just("\u{a0}"),
    ];
    let end = prop_oneof![
        12 => Just(""), 1 => Just(" "), 1 => Just("x"), 1 => Just("\0x"), 1 => Just("T"),
    ];
    prop_oneof![
        6 => (days(), between, times(), end).prop_map(|(d, b, t, e)| format!("{d}{b}{t}{e}")),
        3 => (days(), end_of_day()).prop_map(|(day, end)| day + end),
        1 => times(),
        2 => "[ ]?[+-]?[0-9]{1,9}([.][0-9]{0,24})?([eE][+-]?[0-9]{0,4})?[ ]?",
        1 => "[+-]?(24[0-9]{5}|53734[0-9]{2})([.][0-9]{1,6})?",
        1 => "[+-]?[0-9]{18,30}[.]?[0-9]{0,9}(e-[0-9]{1,3})?",
        1 => "[0-9TZ:. eE+-]{0,24}",
    ]
}

fn end_of_day() -> impl Strategy<Value = &'static str> {
    prop_oneof![6 => Just(""), 1 => Just(" "), 1 => Just("T"), 1 => Just("Z"), 1 => Just("\0")]
}

fn theirs(sqlite: &Connection, text: &str) -> Option<String> {
    let mut statement = sqlite.prepare_cached("SELECT date(?1)").unwrap();
    statement.query_row([text], |row| row.get(0)).unwrap()
}

/// Whether the day of the text is this one, or none.
fn is_day(table: &TableDefinition, text: &str, day: Option<&str>) -> bool {
    let condition: Expression<String> = match day {
        Some(day) => column("at").date().equal(day),
        None => column("at").date().is_null(),
    };
    let condition = table.bind(condition).unwrap();
    let holds = condition.holds_for(&|_| ValueRef::Text(text));
    holds.unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(1_000))]

    #[test]
    fn days_of_texts_are_those_of_sqlite(texts in prop::collection::vec(texts(), 40)) {
        let table = table();
        let sqlite = Connection::open_in_memory().unwrap();
        for text in texts {
            let theirs = theirs(&sqlite, &text);
            assert!(is_day(&table, &text, theirs.as_deref()), "{text:?} is {theirs:?} in SQLite");
        }
    }
}

/// Every day of the months around turns of years and leap days, with an hour and a zone that lead
/// over to the next, and the ends of what SQLite takes.
#[test]
fn every_day_is_that_of_sqlite() {
    let table = table();
    let sqlite = Connection::open_in_memory().unwrap();
    let mut found = 0;
    let years = [-4_714, -4_713, -4_712, -401, -400, -101, -100, -5, -4, -1, 0, 1, 4, 100, 400];
    let years = years.into_iter().chain([1_582, 1_900, 1_969, 1_970, 2_000, 2_023, 2_024, 9_999]);
    for year in years {
        let sign = if year < 0 { "-" } else { "" };
        for (month, day) in (1..=12).flat_map(|month| (1..=31).map(move |day| (month, day))) {
            for time in ["", " 24:00", "T12:00:00.9999", " 23:30-01:00", " 00:30+01:00"] {
                let text = format!("{sign}{:04}-{month:02}-{day:02}{time}", i32::abs(year));
                let theirs = theirs(&sqlite, &text);
                found += usize::from(theirs.is_some());
                assert!(is_day(&table, &text, theirs.as_deref()), "{text} is {theirs:?}");
            }
        }
    }
    assert!(found > 39_000, "{found}");
}

#[test]
fn an_index_on_days_finds_rows_and_survives() {
    let vfs = Arc::new(SimVfs::new(1));
    let open = || {
        let options =
            Options { shards: 3, background: false, vfs: Arc::clone(&vfs) as _, ..small_options() };
        Database::open("/store", options).unwrap()
    };
    let count = |store: &Database, day: &str| {
        let trades = store.table("trades").unwrap();
        let day = [Value::from(day)];
        let cut = store.cut();
        cut.count_index(&trades, "by_day", &Range::prefix(day)).unwrap()
    };
    let store = open();
    let trades = store.create_table(&table()).unwrap();
    for id in 0..96_i64 {
        let (day, hour) = (id / 24 + 1, id % 24);
        let at = format!("2024-03-{day:02} {hour:02}:59:59.123456");
        store.insert(&trades, vec![id.into(), at.into()]).unwrap();
    }
    store.insert(&trades, vec![96.into(), "2024-02-30 10:00".into()]).unwrap();
    let refused = store.insert(&trades, vec![97.into(), "now".into()]).unwrap_err();
    assert_eq!(refused.sqlstate(), "22007");
    assert_eq!(count(&store, "2024-03-01"), 25, "30 February is 1 March");
    store.close().unwrap();
    let store = open();
    assert_eq!((count(&store, "2024-03-01"), count(&store, "2024-03-04")), (25, 24));
    assert!(store.check(&mut |_| ()).unwrap().is_sound());
}
