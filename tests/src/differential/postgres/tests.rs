//! The grammar is one that is mostly taken, and what differs is found: tried without a server, with
//! Bourse as its own oracle.

use bourse_sql::Dialect;

use super::run_postgres_script;
use crate::differential::bourse::BourseEngine;
use crate::differential::engine::{Cell, Engine, Outcome, Refusal};
use crate::differential::report::Report;
use crate::differential::script::Found;

/// Wraps the engine, and errs about some statements.
struct Flawed {
    engine: BourseEngine,
    flaw: Flaw,
}

#[derive(Clone, Copy)]
enum Flaw {
    None,
    /// The last row of a grouped query is missing.
    Row,
    /// A division by zero is told as another error.
    State,
    /// Numbers are texts.
    Type,
}

impl Engine for Flawed {
    fn run(&mut self, sql: &str) -> Result<Outcome, Refusal> {
        let outcome = self.engine.run(sql);
        match (self.flaw, outcome) {
            (Flaw::Row, Ok(mut outcome)) if sql.contains("GROUP BY") => {
                outcome.rows.pop();
                Ok(outcome)
            }
            (Flaw::State, Err(Refusal::Wrong(text))) if text.starts_with("42") => {
                Err(Refusal::Wrong("XX999: wrong".to_owned()))
            }
            (Flaw::Type, Ok(mut outcome)) if sql.starts_with("SELECT") => {
                for (_, ty) in &mut outcome.columns {
                    *ty = ty.replace("numeric", "text");
                }
                Ok(outcome)
            }
            (_, outcome) => outcome,
        }
    }

    fn tells_states(&self) -> bool {
        true
    }
}

fn campaign(scripts: u64, flaw: Flaw) -> (Report, Vec<Found>) {
    let (mut report, mut found) = (Report::default(), Vec::new());
    for seed in 1..=scripts {
        let new = |flaw| Flawed { engine: BourseEngine::new(Dialect::Postgres).unwrap(), flaw };
        let (mut oracle, mut engine) = (new(Flaw::None), new(flaw));
        found.extend(run_postgres_script(seed, 60, (&mut oracle, &mut engine), &mut report));
    }
    (report, found)
}

#[test]
fn most_of_what_is_written_is_taken_and_agrees_with_itself() {
    let (report, found) = campaign(10, Flaw::None);
    let first = found.first().map(|found| (found.seed, &found.statements, &found.difference));
    assert!(first.is_none(), "{} of {report}: {first:?}", found.len());
    assert!(report.percent_taken() >= 60.0, "{report}");
    assert!(report.places.len() > 300, "{report}");
    for (name, (uses, refused)) in &report.places {
        assert!(refused < uses || *uses < 40, "{name} is always refused\n{report}");
    }
}

#[test]
fn rows_states_and_types_that_differ_are_found() {
    for flaw in [Flaw::Row, Flaw::State, Flaw::Type] {
        let (report, found) = campaign(6, flaw);
        assert!(!found.is_empty(), "{report}");
        assert_eq!(report.differences, found.len() as u64);
    }
}

#[test]
fn a_seed_is_the_same_script() {
    let (one, other) = (campaign(2, Flaw::None).0, campaign(2, Flaw::None).0);
    assert_eq!(one.places, other.places);
}

/// Values, names and types are those that a client of PostgreSQL sees.
#[test]
fn a_cell_is_a_text_as_the_server_writes_it() {
    let mut engine = BourseEngine::new(Dialect::Postgres).unwrap();
    let outcome = engine.run("SELECT 1.50 AS a, NULL::date, ARRAY[1, 2], true").unwrap();
    let text = |text: &str| Cell::Text(text.to_owned());
    assert_eq!(outcome.rows, [vec![text("1.50"), Cell::Null, text("{1,2}"), text("t")]]);
    let columns: Vec<(&str, &str)> =
        outcome.columns.iter().map(|(name, ty)| (&**name, &**ty)).collect();
    assert_eq!(
        columns,
        [("a", "numeric"), ("date", "date"), ("array", "_int4"), ("?column?", "bool")]
    );
}
