//! One script of PostgreSQL's dialect, run by both engines.

use std::collections::BTreeSet;

use bourse_storage::sync::sim::Random;

use super::schema::{self, Table};
use super::select::TopQuery;
use super::writer::Composer;
use crate::differential::checks::{self, Asked, Partition};
use crate::differential::compare::Comparison;
use crate::differential::engine::Engine;
use crate::differential::report::Report;
use crate::differential::script::{ASKED_MAX, Found, Run};

/// What a transaction of the script has come to.
#[derive(Default)]
struct Block {
    is_open: bool,
    /// A statement of it was refused by both.
    is_failed: bool,
    savepoints: u32,
}

impl Block {
    /// The next statement about the transaction.
    fn next(&mut self, random: &mut Random) -> (String, &'static str) {
        if !self.is_open {
            self.is_open = true;
            let begin = ["BEGIN", "START TRANSACTION", "BEGIN ISOLATION LEVEL REPEATABLE READ"];
            return (begin[random.index(begin.len())].to_owned(), "begin");
        }
        let name = format!("p{}", self.savepoints.max(1));
        match random.below(9) {
            0..3 if !self.is_failed => {
                self.savepoints += 1;
                (format!("SAVEPOINT p{}", self.savepoints), "savepoint")
            }
            0..4 if self.savepoints > 0 => {
                self.is_failed = false;
                (format!("ROLLBACK TO {name}"), "rollback to")
            }
            4..7 if self.savepoints > 0 && !self.is_failed => {
                self.savepoints -= 1;
                (format!("RELEASE SAVEPOINT {name}"), "release")
            }
            7 => (self.end("ROLLBACK"), "rollback"),
            _ => (self.end("COMMIT"), "commit"),
        }
    }

    fn end(&mut self, how: &str) -> String {
        *self = Block::default();
        how.to_owned()
    }
}

/// A script under way, its tables and its transaction.
struct Script<'e> {
    run: Run<'e>,
    random: Random,
    tables: Vec<Table>,
    block: Block,
    asked: Vec<Asked>,
}

/// Runs a seed's script: so many statements after its tables are made. Returns the differences.
pub fn run_postgres_script(
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
        if !run.change_as(sql, used, None, Comparison::default()) {
            return run.found;
        }
    }
    let mut script = Script { run, random, tables, block: Block::default(), asked: Vec::new() };
    for _ in 0..statements {
        if !script.step() {
            return script.run.found;
        }
    }
    if script.block.is_open && !script.control("COMMIT", "commit") {
        return script.run.found;
    }
    let indexes = script.tables.iter().flat_map(|table| &table.indexes).collect();
    for (texts, difference) in checks::without_indexes(script.run.engine, &indexes, &script.asked) {
        script.run.differs(&texts, difference);
    }
    script.run.found
}

impl Script<'_> {
    /// The next statement. Whether the script goes on.
    fn step(&mut self) -> bool {
        let chosen = self.random.below(24);
        let wants_control = chosen == 0
            || self.block.is_open && (chosen < 4 || self.block.is_failed && chosen < 16);
        if wants_control {
            let (sql, name) = self.block.next(&mut self.random);
            return self.control(&sql, name);
        }
        if chosen == 1 && !self.block.is_open {
            return self.alter();
        }
        let tables = std::mem::take(&mut self.tables);
        let mut composer = Composer::new(Random::new(self.random.next_u64()), &tables);
        let goes_on = match chosen {
            2 => {
                self.partition(&mut composer);
                true
            }
            3..8 => self.change(&mut composer),
            8..16 => {
                let query = composer.probe();
                self.query(&composer, query);
                true
            }
            16..19 => {
                let query = composer.special_query();
                self.query(&composer, query);
                true
            }
            _ => {
                let query = composer.top_query();
                self.query(&composer, query);
                true
            }
        };
        self.tables = tables;
        goes_on
    }

    /// A statement about the transaction, and what a table is like then.
    fn control(&mut self, sql: &str, name: &'static str) -> bool {
        let ends = matches!(name, "rollback" | "commit" | "rollback to");
        let table = self.tables.first().map(|table| table.name.clone()).filter(|_| ends);
        let used = BTreeSet::from([name]);
        self.run.change_as(sql, &used, table.as_deref(), Comparison::default())
    }

    fn alter(&mut self) -> bool {
        let at = self.random.index(self.tables.len());
        let (sql, name, altered) = self.tables[at].altered(&mut self.random);
        if !self.run.change_as(&sql, &BTreeSet::from([name]), None, Comparison::default()) {
            return false;
        }
        if self.run.agreed {
            self.tables[at] = altered;
        }
        true
    }

    fn query(&mut self, composer: &Composer<'_>, query: TopQuery) {
        let how = composer.how(query.is_ordered);
        let agree = self.run.statement(&query.text, &composer.used, how);
        self.settle(agree);
        if self.run.agreed && !composer.is_loose && self.asked.len() < ASKED_MAX {
            self.asked.push(Asked { text: query.text, how });
        }
    }

    fn change(&mut self, composer: &mut Composer<'_>) -> bool {
        let change = composer.change();
        let how = Comparison { is_planned: true, ..composer.how(false) };
        if !self.block.is_open && self.random.one_in(3) {
            return self.run.change_as(&change.text, &composer.used, Some(&change.table), how);
        }
        let is_alone = !self.block.is_open;
        if is_alone {
            let (begin, name) = self.block.next(&mut self.random);
            if !self.control(&begin, name) {
                return false;
            }
        }
        // What one does not do is taken back by both.
        let agree = self.run.statement(&change.text, &composer.used, how);
        self.run.history.push(change.text);
        let agreed = self.run.agreed;
        self.settle(agree);
        if agreed {
            let all = format!("SELECT * FROM {}", change.table);
            let agree = self.run.statement(&all, &BTreeSet::new(), Comparison::default());
            self.settle(agree);
        }
        if is_alone && self.block.is_open {
            let end = self.block.end("COMMIT");
            return self.control(&end, "commit");
        }
        true
    }

    /// A transaction in which one engine is refused and the other is not ends.
    fn settle(&mut self, agree: bool) {
        if !self.block.is_open {
            return;
        }
        if agree {
            self.block.is_failed |= !self.run.agreed;
            return;
        }
        let sql = self.block.end("ROLLBACK");
        // Each is in a transaction or says that it is in none.
        let _ = (self.run.oracle.run(&sql), self.run.engine.run(&sql));
        self.run.history.push(sql);
        self.run.agreed = false;
    }

    /// A query whose rows a condition splits, asked of the engine alone.
    fn partition(&mut self, composer: &mut Composer<'_>) {
        if self.block.is_open {
            return;
        }
        composer.note("partition");
        let (from, sources) = composer.from();
        composer.scopes.push(sources);
        let items: Vec<String> = (0..1 + composer.below(3))
            .map(|_| {
                let kind = composer.kind();
                composer.expression(kind, 2)
            })
            .collect();
        let condition = composer.condition(0);
        composer.scopes.pop();
        let partition = Partition { all: format!("SELECT {}{from}", items.join(", ")), condition };
        self.run.report.add(&composer.used, false);
        if let Some((texts, difference)) = checks::partitioned(self.run.engine, &partition) {
            self.run.differs(&texts, difference);
        }
    }
}
