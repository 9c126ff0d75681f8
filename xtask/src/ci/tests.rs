use std::time::Duration;

use super::{Action, Line, Outcome, STEPS, Scope, Step, act, report, select};

fn names(scope: Scope, skip: &[&str]) -> Result<Vec<&'static str>, String> {
    let skip: Vec<String> = skip.iter().map(ToString::to_string).collect();
    Ok(select(STEPS, scope, &skip)?.iter().map(|step| step.name).collect())
}

// Guards `--skip`: two steps of one name could not be told apart.
#[test]
fn step_names_are_unique_in_a_scope() {
    for scope in [Scope::Quick, Scope::Full] {
        let mut names = names(scope, &[]).unwrap();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}

// Guards the promise that what passes CI was also formatted, linted and tested.
#[test]
fn both_scopes_have_what_every_change_needs() {
    let quick = names(Scope::Quick, &[]).unwrap();
    let full = names(Scope::Full, &[]).unwrap();
    for name in ["format", "tidy", "clippy"] {
        assert!(quick.contains(&name) && full.contains(&name), "{name}");
    }
    assert!(quick.contains(&"unit-test") && !quick.contains(&"release"));
    assert!(full.contains(&"test") && full.contains(&"release"));
}

// Guards .ci/run, which runs the tests itself and everything else here.
#[test]
fn skip_leaves_out_one_step_and_refuses_an_unknown_name() {
    let all = names(Scope::Full, &[]).unwrap();
    let rest = names(Scope::Full, &["test"]).unwrap();
    assert_eq!(rest.len(), all.len() - 1);
    assert!(!rest.contains(&"test"));
    let error = names(Scope::Quick, &["test"]).unwrap_err();
    assert!(error.contains("no step test") && error.contains("unit-test"), "{error}");
}

// Guards the exit code: a task, a command and a missing program must each be seen to fail.
#[test]
fn actions_tell_success_from_failure() {
    let root = crate::workspace::root();
    assert_eq!(act(&root, &Action::Task(|_| Ok(()))), Outcome::Passed);
    let failed = act(&root, &Action::Task(|_| Err("no".to_string())));
    assert_eq!(failed, Outcome::Failed("no".to_string()));
    assert_eq!(act(&root, &Action::Cargo(&["--version"])), Outcome::Passed);
    let unknown = act(&root, &Action::Cargo(&["no-such-command-of-cargo"]));
    assert!(matches!(unknown, Outcome::Failed(_)), "{unknown:?}");
    let missing = act(&root, &Action::Extension(&["no-such-command-of-cargo", "check"]));
    assert_eq!(missing, Outcome::Skipped("not installed"));
}

// Guards the last line, which machines read, and that a skipped step counts as neither.
#[test]
fn report_ends_with_the_counts() {
    let line = |name, outcome| Line { name, outcome, took: Duration::from_millis(1_250) };
    let text = report(&[
        line("first", Outcome::Passed),
        line("second", Outcome::Failed("exit status: 1".to_string())),
        line("third", Outcome::Skipped("not installed")),
        line("fourth", Outcome::Passed),
    ]);
    assert_eq!(text.lines().last(), Some("2 passed, 1 failed"));
    assert!(text.contains("FAILED: exit status: 1"));
    assert!(text.contains("1.2") && text.contains("skipped: not installed"));
}

// Guards `select` itself, apart from today's table.
#[test]
fn a_step_of_one_scope_is_not_in_the_other() {
    let task = |name, only| Step { name, only, action: Action::Task(|_| Ok(())) };
    let steps =
        [task("both", None), task("quick", Some(Scope::Quick)), task("full", Some(Scope::Full))];
    let chosen = select(&steps, Scope::Quick, &[]).unwrap();
    assert_eq!(chosen.iter().map(|step| step.name).collect::<Vec<_>>(), ["both", "quick"]);
}
