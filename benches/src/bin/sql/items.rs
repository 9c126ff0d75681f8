//! What is measured, in turns.

#![expect(clippy::disallowed_methods, reason = "measuring is reading the real clock")]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use ::bourse::Database;
use bourse_benches::measure::{Load, Random};
use bourse_sql::Dialect;
use bourse_sql::connection::Connection;

use crate::embedded::Embedded;
use crate::report::{Figure, Line};
use crate::{Outcome, bourse, sqlite};
use bourse_benches::legacy::data::{Cell, Scale, signed};
use bourse_benches::legacy::queries::{QUERIES, Query};
use bourse_benches::legacy::rows::Rows;

/// How much is done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) scale: Scale,
    /// Operations of a round, of those that read or change one row.
    pub(crate) operations: u64,
    /// Rounds that count.
    pub(crate) rounds: usize,
}

/// Names of the contenders.
const SQL: &str = "SQL";
const SQL_SQLITE: &str = "SQL, SQLite's";
const EMBEDDED: &str = "embedded";
const SQLITE: &str = "SQLite";

/// Does an operation with parameters and decodes what it answers.
type Operation<'o> = Box<dyn FnMut(&[Cell], &mut Rows) -> Outcome<()> + 'o>;

fn boxed<'o>(operation: impl FnMut(&[Cell], &mut Rows) -> Outcome<()> + 'o) -> Operation<'o> {
    Box::new(operation)
}

/// All of them.
struct Stores {
    database: Database,
    postgres: Connection,
    sqlite_dialect: Connection,
    embedded: Embedded,
    sqlite: rusqlite::Connection,
}

/// Measures all items that are wanted.
pub(crate) fn measure(
    plan: Plan,
    folder: &Path,
    wanted: &dyn Fn(&str) -> bool,
) -> Outcome<Vec<Line>> {
    let database = bourse::make(&folder.join("bourse"), plan.scale)?;
    let stores = Stores {
        postgres: Connection::of(&database),
        sqlite_dialect: Connection::of(&database).with_dialect(Dialect::Sqlite),
        embedded: Embedded::of(&database)?,
        sqlite: sqlite::make(&folder.join("sqlite"), plan.scale)?,
        database,
    };
    let mut lines = Vec::new();
    for query in QUERIES.iter().filter(|query| wanted(query.name)) {
        lines.push(stores.query(plan, query)?);
    }
    for change in CHANGES.iter().filter(|change| wanted(change.name)) {
        lines.push(stores.change(plan, change)?);
    }
    if wanted(CACHED) {
        lines.push(stores.cached_text(plan)?);
    }
    stores.check()?;
    Ok(lines)
}

/// A change of one row, as SQLite reads it.
struct Change {
    name: &'static str,
    text: &'static str,
}

/// Deletes come last: they take away what was inserted.
const CHANGES: [Change; 3] = [
    Change {
        name: "insert of a row, 5 indexes",
        text: "INSERT INTO trades VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    },
    Change {
        name: "update of a row",
        text: "UPDATE trades SET price = price + 1.0 WHERE trade_id = ?1",
    },
    Change { name: "delete of a row, 5 indexes", text: "DELETE FROM trades WHERE trade_id = ?1" },
];

const CACHED: &str = "prepare of a text that was prepared before";

impl Stores {
    fn query(&self, plan: Plan, query: &Query) -> Outcome<Line> {
        let mut postgres = self.postgres.prepare(&query.postgres())?;
        let mut dialect = self.sqlite_dialect.prepare(query.text)?;
        let mut peer = self.sqlite.prepare(query.text)?;
        let mut contenders: Vec<(&'static str, Operation<'_>)> = vec![
            (SQL, boxed(|cells, rows| bourse::query(&mut postgres, cells, rows))),
            (SQL_SQLITE, boxed(|cells, rows| bourse::query(&mut dialect, cells, rows))),
            (SQLITE, boxed(|cells, rows| sqlite::run(&mut peer, cells, rows))),
        ];
        if query.is_embedded {
            let run = |cells: &[Cell], rows: &mut Rows| {
                Ok(self.embedded.query(query.name, cells, rows)?)
            };
            contenders.push((EMBEDDED, boxed(run)));
        }
        let count = (plan.operations / query.weight).max(2);
        let parameters = |_round: usize, number: u64| {
            let mut draws = Random::new(number + 7);
            for _ in 0..8 {
                draws.below(2);
            }
            plan.scale.parameters(query.name, &mut draws)
        };
        let figures = in_turns(plan.rounds, count, &parameters, contenders)
            .map_err(|error| format!("{}: {error}", query.name))?;
        Ok(Line { item: query.name, goal: query.goal, figures })
    }

    fn change(&self, plan: Plan, change: &Change) -> Outcome<Line> {
        // Each contender of the store changes rows of its own.
        let mut postgres = self.postgres.prepare(&change.text.replace('?', "$"))?;
        let mut peer = self.sqlite.prepare(change.text)?;
        let table = self.database.table("trades")?;
        let contenders: Vec<(&'static str, Operation<'_>)> = vec![
            (
                SQL,
                boxed(|cells, rows| {
                    rows.begin();
                    match bourse::change(&mut postgres, cells)? {
                        1 => Ok(()),
                        count => Err(format!("{count} rows were changed").into()),
                    }
                }),
            ),
            (SQLITE, boxed(|cells, rows| sqlite::run(&mut peer, cells, rows))),
            (EMBEDDED, boxed(|cells, rows| self.change_embedded(&table, change, cells, rows))),
        ];
        let first = signed(plan.scale.trades) + 1;
        let count = (plan.operations / 4).max(2);
        let parameters = |round: usize, number: u64| {
            let id = signed(round as u64 * count + number);
            let mut draws = Random::new(number + 11);
            match change.text.starts_with("UPDATE") {
                true => vec![Cell::Integer(signed(draws.below(plan.scale.trades)) + 1)],
                false if change.text.starts_with("DELETE") => vec![Cell::Integer(first + id)],
                false => plan.scale.trade(first + id, &mut draws),
            }
        };
        let figures = in_turns(plan.rounds, count, &parameters, contenders)
            .map_err(|error| format!("{}: {error}", change.name))?;
        Ok(Line { item: change.name, goal: "2x ahead of SQLite", figures })
    }

    /// The embedded API's rows have negative ids where they are inserted: they share a store with
    /// those of SQL.
    fn change_embedded(
        &self,
        table: &::bourse::Table,
        change: &Change,
        cells: &[Cell],
        rows: &mut Rows,
    ) -> Outcome<()> {
        rows.begin();
        let mut values: Vec<_> = cells.iter().map(bourse::value).collect();
        let Cell::Integer(id) = cells[0] else { return Err("an id is an integer".into()) };
        if change.text.starts_with("UPDATE") {
            let price = ::bourse::Value::Double(id as f64);
            self.database.update(table, &values, &[("price", price)])?;
        } else {
            values[0] = (-id).into();
            if change.text.starts_with("DELETE") {
                self.database.delete(table, &values)?;
            } else {
                self.database.insert(table, values)?;
            }
        }
        Ok(())
    }

    fn cached_text(&self, plan: Plan) -> Outcome<Line> {
        let text = QUERIES[1].text;
        let contenders: Vec<(&'static str, Operation<'_>)> = vec![
            (
                SQL_SQLITE,
                boxed(|_, rows| {
                    rows.begin();
                    black_box(self.sqlite_dialect.prepare(text)?);
                    Ok(())
                }),
            ),
            (
                SQLITE,
                boxed(|_, rows| {
                    rows.begin();
                    black_box(self.sqlite.prepare_cached(text)?);
                    Ok(())
                }),
            ),
        ];
        let parameters = |_: usize, _: u64| Vec::new();
        let figures = in_turns(plan.rounds, plan.operations, &parameters, contenders)?;
        Ok(Line { item: CACHED, goal: "2 us", figures })
    }

    /// Whether both stores have the same trades at the end.
    fn check(&self) -> Outcome<()> {
        const TEXT: &str = "SELECT COUNT(*), SUM(user_id) FROM trades WHERE trade_id > 0";
        let (mut ours, mut theirs) = (Rows::default(), Rows::default());
        bourse::query(&mut self.sqlite_dialect.prepare(TEXT)?, &[], &mut ours)?;
        sqlite::run(&mut self.sqlite.prepare(TEXT)?, &[], &mut theirs)?;
        match ours.difference(&theirs) {
            None => Ok(()),
            Some(difference) => Err(format!("the stores differ at the end: {difference}").into()),
        }
    }
}

/// Runs contenders in turns, each round with the same parameters; in the first one, which does not
/// count, their answers are compared.
fn in_turns(
    rounds: usize,
    count: u64,
    parameters: &dyn Fn(usize, u64) -> Vec<Cell>,
    mut contenders: Vec<(&'static str, Operation<'_>)>,
) -> Outcome<Vec<Figure>> {
    let mut times: Vec<Vec<Vec<Duration>>> = contenders.iter().map(|_| Vec::new()).collect();
    let mut others = vec![0.0_f64; contenders.len()];
    let (mut rows, mut first) = (Rows::default(), Rows::default());
    for round in 0..=rounds {
        let sets: Vec<Vec<Cell>> = (0..count).map(|number| parameters(round, number)).collect();
        if round == 0 {
            for set in &sets {
                for (at, (name, operation)) in contenders.iter_mut().enumerate() {
                    let answer = if at == 0 { &mut first } else { &mut rows };
                    operation(set, answer).map_err(|error| format!("{name}: {error}"))?;
                    if at > 0
                        && let Some(difference) = first.difference(&rows)
                    {
                        return Err(
                            format!("{name} answers otherwise, {set:?}: {difference}").into()
                        );
                    }
                }
            }
            continue;
        }
        for (at, (_, operation)) in contenders.iter_mut().enumerate() {
            let load = Load::begin();
            let mut latencies = Vec::with_capacity(sets.len());
            for set in &sets {
                let begin = Instant::now();
                operation(set, &mut rows)?;
                latencies.push(begin.elapsed());
                black_box(rows.len());
            }
            others[at] = others[at].max(load.others());
            times[at].push(latencies);
        }
    }
    let named = contenders.iter().zip(times).zip(others);
    Ok(named.map(|(((name, _), times), others)| Figure::of(name, times, others)).collect())
}
