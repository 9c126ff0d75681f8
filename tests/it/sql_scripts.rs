//! Bourse answers the golden scripts of SQL as PostgreSQL and SQLite did, or as it is known to.

use std::path::Path;

use bourse_sql::Dialect;
use bourse_storage::sync;
use bourse_tests::scripts::{
    Answers, BourseAnswers, BourseSessions, Oracle, Script, scripts_below,
};

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

/// Sessions that wait for each other, over the wire: the scenarios of Hermitage, and who is in
/// whose way.
#[test]
fn sessions_wait_and_fail_as_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/sessions");
    let scripts = scripts_below(&folder).unwrap();
    assert!(scripts.len() >= 8, "there are {} scripts", scripts.len());
    let run = |path: std::path::PathBuf| {
        let script = Script::parse(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert!(script.has_sessions(), "{}", path.display());
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let answers = BourseSessions.answer(&script.statements());
        let answers = answers.unwrap_or_else(|error| panic!("{name}: {error}"));
        let differences = script.differences(&answers).into_iter();
        differences.map(|difference| format!("{name}: {difference}")).collect::<Vec<String>>()
    };
    let runs: Vec<_> =
        scripts.into_iter().map(|path| sync::spawn("script", move || run(path))).collect();
    let differences: Vec<String> = runs.into_iter().flat_map(|run| run.join().unwrap()).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
