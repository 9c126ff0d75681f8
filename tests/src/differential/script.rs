//! One script, run by both engines.

use std::collections::BTreeSet;

use bourse_storage::sync::sim::Random;

use super::compare::{Comparison, Difference, compare};
use super::engine::{Engine, Refusal};
use super::report::Report;
use super::schema;
use super::writer::Writer;

/// A difference that a script came to.
#[derive(Clone, Debug)]
pub struct Found {
    /// The script's seed.
    pub seed: u64,
    /// Everything that changed something before, then the statement.
    pub statements: Vec<String>,
    /// What differs.
    pub difference: Difference,
}

/// A script under way.
struct Run<'e> {
    oracle: &'e mut dyn Engine,
    engine: &'e mut dyn Engine,
    report: &'e mut Report,
    history: Vec<String>,
    seed: u64,
    found: Vec<Found>,
}

impl Run<'_> {
    /// Runs a statement by both. Whether they agree, and both did it.
    fn statement(&mut self, sql: &str, used: &BTreeSet<&'static str>, how: Comparison) -> bool {
        let expected = self.oracle.run(sql);
        let found = self.engine.run(sql);
        self.report.add(used, expected.is_err());
        if let Err(Refusal::Unsupported(message)) = &found {
            *self.report.unsupported.entry(message.clone()).or_default() += 1;
        }
        let both = expected.is_ok() && found.is_ok();
        let Some(difference) = compare(&expected, &found, how) else {
            return both || expected.is_err() && matches!(found, Err(Refusal::Wrong(_)));
        };
        self.report.differences += 1;
        let mut statements = self.history.clone();
        statements.push(sql.to_owned());
        self.found.push(Found { seed: self.seed, statements, difference });
        false
    }

    /// Both go on from the same rows, or the script ends.
    fn change(&mut self, sql: &str, used: &BTreeSet<&'static str>, table: Option<&str>) -> bool {
        let agree = self.statement(sql, used, Comparison::default());
        self.history.push(sql.to_owned());
        let Some(table) = table.filter(|_| agree) else { return agree };
        let all = format!("SELECT * FROM {table}");
        self.statement(&all, &BTreeSet::new(), Comparison::default())
    }
}

/// Runs a seed's script: so many statements after its tables are made. Returns the differences.
pub fn run_script(
    seed: u64,
    statements: usize,
    (oracle, engine): (&mut dyn Engine, &mut dyn Engine),
    report: &mut Report,
) -> Vec<Found> {
    let mut random = Random::new(seed);
    let (tables, setup) = schema::tables(&mut random);
    report.scripts += 1;
    let mut run = Run { oracle, engine, report, history: Vec::new(), seed, found: Vec::new() };
    for sql in &setup {
        let is_insert = sql.starts_with("INSERT");
        let used = BTreeSet::from([if is_insert { "row" } else { "definition" }]);
        if !run.change(sql, &used, None) {
            return run.found;
        }
    }
    for _ in 0..statements {
        let mut writer = Writer::new(Random::new(random.next_u64()), &tables);
        if writer.one_in(4) {
            let change = writer.change();
            if !run.change(&change.text, &writer.used, Some(&change.table)) {
                return run.found;
            }
        } else {
            let query = writer.top_query();
            let how = Comparison { is_ordered: query.is_ordered, is_rounded: writer.is_rounded };
            run.statement(&query.text, &writer.used, how);
        }
    }
    run.found
}

/// What a script's statements are, for engines that are tried by themselves.
#[cfg(test)]
mod tests {
    use super::super::engine::{Outcome, SqliteEngine};
    use super::*;

    /// Wraps an engine, and forgets a row now and then.
    struct Forgetful(SqliteEngine);

    impl Engine for Forgetful {
        fn run(&mut self, sql: &str) -> Result<Outcome, Refusal> {
            let mut outcome = self.0.run(sql)?;
            if sql.contains("DISTINCT") {
                outcome.rows.pop();
            }
            Ok(outcome)
        }
    }

    fn campaign(scripts: u64, wrap: bool) -> (Report, Vec<Found>) {
        let (mut report, mut found) = (Report::default(), Vec::new());
        for seed in 0..scripts {
            let mut oracle = SqliteEngine::new().unwrap();
            let mut plain = SqliteEngine::new().unwrap();
            let mut forgetful = Forgetful(SqliteEngine::new().unwrap());
            let engine: &mut dyn Engine = if wrap { &mut forgetful } else { &mut plain };
            found.extend(run_script(seed, 60, (&mut oracle, engine), &mut report));
        }
        (report, found)
    }

    #[test]
    fn the_oracle_takes_what_is_written_and_agrees_with_itself() {
        let (report, found) = campaign(12, false);
        let first = found
            .first()
            .map(|found| (found.seed, found.statements.last().cloned(), found.difference.clone()));
        assert!(first.is_none(), "{} of {report}: {first:?}", found.len());
        assert!(report.percent_taken() >= 60.0, "{report}");
        for (name, (uses, refused)) in &report.places {
            assert!(refused < uses || *uses < 20, "{name} is always refused\n{report}");
        }
        assert!(report.places.len() > 90, "{report}");
    }

    #[test]
    fn a_forgotten_row_is_found() {
        let (report, found) = campaign(4, true);
        assert!(!found.is_empty(), "{report}");
        assert_eq!(report.differences, found.len() as u64);
    }

    #[test]
    fn a_seed_is_the_same_script() {
        let (one, other) = (campaign(3, false).0, campaign(3, false).0);
        assert_eq!(one.places, other.places);
    }
}
