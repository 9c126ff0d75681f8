//! Guards: constants are hidden and statements that differ by them only are one; names with digits
//! stay; texts that end in the midst of a quote harm nobody.

use super::*;

#[test]
fn constants_are_hidden() {
    let cases = [
        ("SELECT 1", "SELECT $1"),
        (
            "select  a1,\n b from t2 where x = 'it''s' -- secret\n and y=$1",
            "select a1, b from t2 where x = $2 and y=$1",
        ),
        (
            "insert into t values (1.5e3, $$ text $$, $q$a$$b$q$)",
            "insert into t values ($1, $2, $3)",
        ),
        ("select \"weird 1\"\" name\" /* 5 */ from t", "select \"weird 1\"\" name\" from t"),
        ("select 'open", "select $1"),
        ("select $1", "select $1"),
        ("select $", "select $"),
        ("", ""),
    ];
    for (text, shown) in cases {
        assert_eq!(fingerprint(text), shown, "{text}");
    }
}

#[test]
fn statements_that_differ_by_constants_are_one() {
    let statements = Statements::default();
    let millisecond = Duration::from_millis(1);
    statements.note("select 1", millisecond, 1, false);
    statements.note("select 2", 3 * millisecond, 1, false);
    statements.note("select a from t", millisecond, 0, true);
    let all = statements.all();
    assert_eq!(all.len(), 2);
    assert_eq!((all[0].calls, all[0].rows, all[0].total), (2, 2, 4 * millisecond));
    assert_eq!((all[0].least, all[0].most), (millisecond, 3 * millisecond));
    assert_eq!((all[1].text.as_str(), all[1].errors), ("select a from t", 1));
}

#[test]
fn memory_is_bounded() {
    let statements = Statements::default();
    for number in 0..20_000 {
        statements.note(&format!("select a{number} from t"), Duration::ZERO, 0, false);
    }
    assert!(statements.all().len() <= STATEMENTS_MAX);
}
