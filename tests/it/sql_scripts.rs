//! Bourse answers the golden scripts of SQL as PostgreSQL and SQLite did, or as it is known to.

use std::path::{Path, PathBuf};

use bourse_sql::Dialect;
use bourse_storage::sync;
use bourse_tests::scripts::{
    Answers, BourseAnswers, BourseSessions, Oracle, Script, documents, scripts_below,
};

/// How many scripts run at once: they wait for the disk most of the time.
const THREADS: usize = 8;

#[test]
fn scripts_are_answered_as_recorded() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut scripts = scripts_below(&golden.join("sql")).unwrap();
    scripts.extend(scripts_below(&golden.join("catalog")).unwrap());
    assert!(scripts.len() > 380, "there are {} scripts", scripts.len());
    let runs: Vec<_> = scripts
        .chunks(scripts.len().div_ceil(THREADS))
        .map(<[PathBuf]>::to_vec)
        .map(|paths| {
            sync::spawn("scripts", move || paths.iter().flat_map(|p| differences(p)).collect())
        })
        .collect();
    let differences: Vec<String> =
        runs.into_iter().flat_map(|run| -> Vec<String> { run.join().unwrap() }).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Where Bourse answers a script otherwise than it says.
fn differences(path: &Path) -> Vec<String> {
    let script = Script::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    let dialect = match script.oracle {
        Oracle::Sqlite => Dialect::Sqlite,
        Oracle::Postgres | Oracle::Bourse => Dialect::Postgres,
    };
    let answers = BourseAnswers { dialect }.answer(&script.statements()).unwrap();
    let answers = script.settled(answers);
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let differences = script.differences(&answers).into_iter();
    differences.map(|difference| format!("{name}: {difference}")).collect()
}

/// The tables of features in docs are those of the scripts: `cargo xtask scripts --document`.
#[test]
fn documents_tell_what_scripts_show() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for document in documents(root).unwrap() {
        let hint = "write it anew by `cargo xtask scripts --document`";
        assert!(document.was == document.is, "{} is stale: {hint}", document.path);
    }
}

/// Sessions that wait for each other, over the wire: the scenarios of Hermitage, and who is in
/// whose way.
#[test]
fn sessions_wait_and_fail_as_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/sessions");
    let scripts = scripts_below(&folder).unwrap();
    assert!(scripts.len() >= 8, "there are {} scripts", scripts.len());
    let run = |path: PathBuf| {
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
