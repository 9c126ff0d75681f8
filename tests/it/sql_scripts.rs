//! Bourse answers the golden scripts of SQL as PostgreSQL and SQLite did, or as it is known to.

use std::path::Path;

use bourse_sql::Dialect;
use bourse_tests::scripts::{Answers, BourseAnswers, Oracle, Script, scripts_below};

#[test]
fn scripts_are_answered_as_recorded() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut differences = Vec::new();
    let mut scripts = scripts_below(&golden.join("sql")).unwrap();
    scripts.extend(scripts_below(&golden.join("catalog")).unwrap());
    assert!(scripts.len() > 80, "there are {} scripts", scripts.len());
    for path in scripts {
        let script = Script::parse(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let dialect = match script.oracle {
            Oracle::Sqlite => Dialect::Sqlite,
            Oracle::Postgres | Oracle::Bourse => Dialect::Postgres,
        };
        let answers = BourseAnswers { dialect }.answer(&script.statements()).unwrap();
        let answers = script.settled(answers);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        differences
            .extend(script.differences(&answers).into_iter().map(|d| format!("{name}: {d}")));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
