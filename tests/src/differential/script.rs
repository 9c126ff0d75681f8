//! One script, run by both engines.

use std::collections::BTreeSet;

use bourse_storage::sync::sim::Random;

use super::checks::{self, Asked, Kept};
use super::compare::{Comparison, Difference, compare};
use super::engine::{Both, Engine, Refusal};
use super::known;
use super::report::Report;
use super::schema::{self, Column, Table};
use super::writer::{Source, Writer};

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
pub(super) struct Run<'e> {
    pub(super) oracle: &'e mut dyn Engine,
    pub(super) engine: &'e mut dyn Engine,
    pub(super) report: &'e mut Report,
    pub(super) history: Vec<String>,
    seed: u64,
    pub(super) found: Vec<Found>,
    /// Both did the last statement.
    pub(super) agreed: bool,
}

impl<'e> Run<'e> {
    pub(super) fn new(
        oracle: &'e mut dyn Engine,
        engine: &'e mut dyn Engine,
        report: &'e mut Report,
        seed: u64,
    ) -> Run<'e> {
        let (history, found) = (Vec::new(), Vec::new());
        Run { oracle, engine, report, history, seed, found, agreed: false }
    }

    /// Runs a statement by both. Whether they agree, and both did it or neither.
    pub(super) fn statement(
        &mut self,
        sql: &str,
        used: &BTreeSet<&'static str>,
        how: Comparison,
    ) -> bool {
        let both = (self.oracle.run(sql), self.engine.run(sql));
        self.judge(sql, used, how, both)
    }

    fn judge(
        &mut self,
        sql: &str,
        used: &BTreeSet<&'static str>,
        how: Comparison,
        (expected, found): Both,
    ) -> bool {
        self.report.add(used, expected.is_err());
        match &found {
            Err(Refusal::Unsupported(message)) => self.report.not_done(message),
            Err(Refusal::TooMuch(_)) => self.report.not_done("too much work"),
            _ => {}
        }
        self.agreed = expected.is_ok() && found.is_ok();
        let is_stated = self.oracle.tells_states();
        // Its last digit is the C library's.
        let has_cbrt = |text: &str| text.contains("cbrt(") || text.contains("||/");
        let is_of_root =
            is_stated && (has_cbrt(sql) || self.history.iter().any(|text| has_cbrt(text)));
        let how = Comparison { is_stated, is_rounded: how.is_rounded || is_of_root, ..how };
        self.report.reworded(&expected, &found, how);
        let Some(difference) = compare(&expected, &found, how) else {
            // A change that an engine gives up may take its transaction along.
            let are_wrong =
                matches!((&expected, &found), (Err(Refusal::Wrong(_)), Err(Refusal::Wrong(_))));
            return self.agreed || are_wrong;
        };
        if let Some(reason) = known::reason(is_stated, sql, (&expected, &found)) {
            self.report.known(reason);
            return false;
        }
        self.differs(sql, difference);
        false
    }

    pub(super) fn differs(&mut self, sql: &str, difference: Difference) {
        self.report.differences += 1;
        let mut statements = self.history.clone();
        statements.push(sql.to_owned());
        self.found.push(Found { seed: self.seed, statements, difference });
    }

    /// Both go on from the same rows, or the script ends.
    fn change(&mut self, sql: &str, used: &BTreeSet<&'static str>, table: Option<&str>) -> bool {
        self.change_as(sql, used, table, Comparison::default())
    }

    /// The same, where what is compared is said.
    pub(super) fn change_as(
        &mut self,
        sql: &str,
        used: &BTreeSet<&'static str>,
        table: Option<&str>,
        how: Comparison,
    ) -> bool {
        self.agreed = false;
        let found = self.engine.run(sql);
        // Both do without it.
        match &found {
            Err(Refusal::Unsupported(message)) => {
                self.report.not_done(message);
                return true;
            }
            Err(Refusal::TooMuch(_)) => {
                self.report.not_done("too much work");
                return true;
            }
            _ => {}
        }
        let expected = self.oracle.run(sql);
        let agree = self.judge(sql, used, how, (expected, found));
        self.history.push(sql.to_owned());
        let Some(table) = table.filter(|_| agree) else { return agree };
        let all = format!("SELECT * FROM {table}");
        self.statement(&all, &BTreeSet::new(), Comparison::default())
    }
}

/// What a script does beside queries and changes of rows.
#[derive(Default)]
struct Transaction {
    is_open: bool,
    savepoints: u32,
}

impl Transaction {
    /// The next statement about the transaction.
    fn next(&mut self, random: &mut Random) -> (String, &'static str) {
        if !self.is_open {
            self.is_open = true;
            let begin = ["BEGIN", "BEGIN IMMEDIATE", "BEGIN DEFERRED TRANSACTION"];
            return (begin[random.index(begin.len())].to_owned(), "begin");
        }
        let name = format!("p{}", self.savepoints.max(1));
        match random.below(6) {
            0 | 1 => {
                self.savepoints += 1;
                (format!("SAVEPOINT p{}", self.savepoints), "savepoint")
            }
            2 if self.savepoints > 0 => (format!("ROLLBACK TO {name}"), "rollback to"),
            3 if self.savepoints > 0 => {
                self.savepoints -= 1;
                (format!("RELEASE SAVEPOINT {name}"), "release")
            }
            4 => (self.end("ROLLBACK"), "rollback"),
            _ => (self.end("COMMIT"), "commit"),
        }
    }

    fn end(&mut self, how: &str) -> String {
        *self = Transaction::default();
        how.to_owned()
    }
}

/// Queries of a script that are asked again without its indexes.
pub(super) const ASKED_MAX: usize = 12;

/// What the statements of a script are drawn from.
struct Drawing {
    random: Random,
    tables: Vec<Table>,
    /// Views that queries name.
    views: Vec<Source>,
    /// Groups that the store keeps. Neither these nor views go along with ALTER TABLE.
    kept: Vec<Kept>,
    transaction: Transaction,
    asked: Vec<Asked>,
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
    let mut run = Run::new(oracle, engine, report, seed);
    for (sql, used) in &setup {
        if !run.change(sql, used, None) {
            return run.found;
        }
    }
    let (views, kept, asked) = (Vec::new(), Vec::new(), Vec::new());
    let mut drawing =
        Drawing { random, tables, views, kept, transaction: Transaction::default(), asked };
    if drawing.random.one_in(3) && !run.views(&mut drawing) {
        return run.found;
    }
    for _ in 0..statements {
        if !run.drawn(&mut drawing) {
            return run.found;
        }
    }
    if drawing.transaction.is_open && !run.change("COMMIT", &BTreeSet::from(["commit"]), None) {
        return run.found;
    }
    let (answered, differing) = checks::by_views(run.engine, &drawing.kept);
    run.report.note("answered by a kept view", answered);
    run.report.note("without indexes", drawing.asked.len() as u64);
    let indexes = drawing.tables.iter().flat_map(|table| &table.indexes).collect();
    let by_indexes = checks::without_indexes(run.engine, &indexes, &drawing.asked);
    for (texts, difference) in differing.into_iter().chain(by_indexes) {
        run.differs(&texts, difference);
    }
    run.found
}

impl Run<'_> {
    /// Makes views: those that queries name, and those that the store keeps.
    fn views(&mut self, drawing: &mut Drawing) -> bool {
        for at in 0..1 + drawing.random.below(2) {
            let random = Random::new(drawing.random.next_u64());
            let mut writer = Writer::new(random, &drawing.tables, &[]);
            let (query, kinds) = writer.core(None, None);
            // SQLite looks at a view's query only when the view is read.
            if writer.is_loose || writer.is_rounded || self.oracle.run(&query).is_err() {
                continue;
            }
            writer.note("create view");
            let alias = format!("view{at}");
            let columns: Vec<Column> = (1..)
                .zip(&kinds)
                .map(|(at, kind)| Column::plain(format!("x{at}"), *kind))
                .collect();
            let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
            let sql = format!("CREATE VIEW {alias} ({}) AS {query}", names.join(", "));
            if !self.change(&sql, &writer.used, None) {
                return false;
            }
            if self.agreed {
                drawing.views.push(Source { alias, columns });
            }
        }
        for table in &drawing.tables {
            let kept = checks::kept(&mut drawing.random, table);
            if self.engine.keep(&kept.name, &kept.view) {
                drawing.kept.push(kept);
            }
        }
        true
    }

    /// A statement that is drawn. Whether the script goes on.
    fn drawn(&mut self, drawing: &mut Drawing) -> bool {
        let Drawing { random, tables, views, transaction, .. } = drawing;
        let chosen = random.below(24);
        if chosen == 0 || transaction.is_open && chosen < 4 {
            let (sql, name) = transaction.next(random);
            let ends = matches!(name, "rollback" | "commit" | "rollback to");
            let table = tables.first().map(|table| table.name.clone()).filter(|_| ends);
            return self.change(&sql, &BTreeSet::from([name]), table.as_deref());
        }
        if chosen == 1 && !transaction.is_open && views.is_empty() && drawing.kept.is_empty() {
            let at = random.index(tables.len());
            let (sql, name, altered) = tables[at].altered(random);
            if !self.change(&sql, &BTreeSet::from([name]), None) {
                return false;
            }
            if self.agreed {
                tables[at] = altered;
            }
            return true;
        }
        let mut writer = Writer::new(Random::new(random.next_u64()), tables, views);
        if chosen == 2 {
            let partition = writer.partition();
            self.report.add(&writer.used, false);
            if !writer.is_loose
                && let Some((texts, difference)) = checks::partitioned(self.engine, &partition)
            {
                self.differs(&texts, difference);
            }
            return true;
        }
        if writer.one_in(4) {
            let change = writer.change();
            return self.change(&change.text, &writer.used, Some(&change.table));
        }
        let query = writer.top_query();
        let how = writer.how(query.is_ordered);
        let agree = self.statement(&query.text, &writer.used, how);
        if agree && !writer.is_loose && !writer.is_planned && drawing.asked.len() < ASKED_MAX {
            drawing.asked.push(Asked { text: query.text, how });
        }
        true
    }
}

/// Runs given statements by both, one a line or separated by `;` at a line's end.
pub fn run_text(
    text: &str,
    (oracle, engine): (&mut dyn Engine, &mut dyn Engine),
    report: &mut Report,
) -> Vec<Found> {
    let mut run = Run::new(oracle, engine, report, 0);
    for statement in text.split(";\n") {
        let sql = statement.trim().trim_end_matches(';');
        if sql.is_empty() || sql.starts_with("--") {
            continue;
        }
        run.statement(sql, &BTreeSet::new(), Comparison::default());
        if !sql.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select")) {
            run.history.push(sql.to_owned());
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

    /// Wraps an engine, and loses a row where a condition is NULL, or where there is an index.
    struct Flawed {
        engine: SqliteEngine,
        nulls: bool,
        has_index: bool,
    }

    impl Engine for Flawed {
        fn run(&mut self, sql: &str) -> Result<Outcome, Refusal> {
            self.has_index &= !sql.starts_with("DROP INDEX");
            let mut outcome = self.engine.run(sql)?;
            let is_query = sql.starts_with("SELECT");
            if is_query && (self.nulls && sql.ends_with("IS NULL") || self.has_index) {
                outcome.rows.pop();
            }
            Ok(outcome)
        }
    }

    /// The differences that an engine has with itself, beside an oracle with the same flaw.
    fn own_differences(nulls: bool) -> Vec<Found> {
        let (mut report, mut found) = (Report::default(), Vec::new());
        for seed in 0..6 {
            let flawed =
                || Flawed { engine: SqliteEngine::new().unwrap(), nulls, has_index: !nulls };
            let (mut oracle, mut engine) = (flawed(), flawed());
            found.extend(run_script(seed, 60, (&mut oracle, &mut engine), &mut report));
        }
        found
    }

    #[test]
    fn a_row_that_a_partition_loses_is_found() {
        assert!(!own_differences(true).is_empty());
    }

    #[test]
    fn a_row_that_an_index_loses_is_found() {
        let found = own_differences(false);
        let by_plan = |found: &Found| {
            found.statements.last().is_some_and(|text| text.starts_with("-- with and without"))
        };
        assert!(found.iter().any(by_plan), "{found:?}");
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
        assert!(report.places.len() > 250, "{report}");
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
