//! What an application does in SQLite for want of views: tables of sums, kept by triggers.
//!
//! Sums are of REAL and change in place, as triggers do it. A day that `DATE()` does not know is
//! the empty text, for NULL cannot be part of such a key.

use bourse_storage::Result;
use rusqlite::{Connection, Statement};

use super::engine::Engine;
use super::parameters::Parameter;
use super::queries::Query;
use super::rows::Rows;
use super::sqlite::{answer, refused};

/// A table of sums by group.
struct Stored {
    name: &'static str,
    /// The table whose rows it sums up.
    of: &'static str,
    /// The columns by which it groups, and what they are of a row `{}`.
    group: [(&'static str, &'static str); 2],
    /// Its sums, and of which column each is.
    sums: &'static [(&'static str, &'static str)],
}

const STORED: [Stored; 3] = [
    Stored {
        name: "stored_portfolio_performance",
        of: "trades",
        group: [("user_id", "{}user_id"), ("day", "IFNULL(DATE({}timestamp), '')")],
        sums: &[("profit", "profit_loss"), ("returned", "return_pct")],
    },
    Stored {
        name: "stored_news_sentiment",
        of: "news_items",
        group: [("symbol", "{}symbol"), ("day", "IFNULL(DATE({}published_at), '')")],
        sums: &[("sentiment", "sentiment_score")],
    },
    Stored {
        name: "stored_symbol_volume",
        of: "trades",
        group: [("day", "IFNULL(DATE({}timestamp), '')"), ("symbol", "{}symbol")],
        sums: &[("volume", "quantity")],
    },
];

impl Stored {
    fn group_of(&self, row: &str) -> [String; 2] {
        self.group.map(|(_, of)| of.replace("{}", row))
    }

    fn sums_of(&self, row: &str) -> String {
        self.sums.iter().map(|(_, column)| format!(", {row}{column}")).collect()
    }

    /// The statement that adds a row.
    fn add(&self) -> String {
        let Stored { name, group: [(first, _), (second, _)], .. } = self;
        let [one, other] = self.group_of("NEW.");
        let values = self.sums_of("NEW.");
        let changes: String =
            self.sums.iter().map(|(sum, _)| format!(", {sum} = {sum} + excluded.{sum}")).collect();
        format!(
            "INSERT INTO {name} VALUES ({one}, {other}, 1{values}) \
             ON CONFLICT ({first}, {second}) DO UPDATE SET row_count = row_count + 1{changes};"
        )
    }

    /// The statements that take a row away.
    fn remove(&self) -> String {
        let Stored { name, group: [(first, _), (second, _)], .. } = self;
        let [one, other] = self.group_of("OLD.");
        let changes: String =
            self.sums.iter().map(|(sum, of)| format!(", {sum} = {sum} - OLD.{of}")).collect();
        let group = format!("{first} = {one} AND {second} = {other}");
        format!(
            "UPDATE {name} SET row_count = row_count - 1{changes} WHERE {group};
             DELETE FROM {name} WHERE {group} AND row_count = 0;"
        )
    }

    /// The statements that make it, fill it and keep it.
    fn definition(&self) -> String {
        let Stored { name, of, group: [(first, _), (second, _)], .. } = self;
        let columns: String = self.sums.iter().map(|(sum, _)| format!(", {sum} REAL")).collect();
        let [one, other] = self.group_of("");
        let sums: String = self.sums.iter().map(|(_, of)| format!(", SUM({of})")).collect();
        let (add, remove) = (self.add(), self.remove());
        format!(
            "CREATE TABLE {name} ({first} NOT NULL, {second} NOT NULL, \
             row_count INTEGER NOT NULL{columns}, PRIMARY KEY ({first}, {second})) WITHOUT ROWID;
             INSERT INTO {name} SELECT {one}, {other}, COUNT(*){sums} FROM {of} GROUP BY 1, 2;
             CREATE TRIGGER {name}_added AFTER INSERT ON {of} BEGIN {add} END;
             CREATE TRIGGER {name}_removed AFTER DELETE ON {of} BEGIN {remove} END;
             CREATE TRIGGER {name}_changed AFTER UPDATE ON {of} BEGIN {remove} {add} END;"
        )
    }
}

/// The statements that make the tables with their triggers.
pub(crate) fn definitions() -> Vec<String> {
    let mut all: Vec<String> = STORED.iter().map(Stored::definition).collect();
    let ranked = "CREATE INDEX stored_symbol_volume_ranked \
                  ON stored_symbol_volume(day, volume DESC, symbol)";
    all.push(ranked.to_owned());
    all
}

/// The query over a stored table, if one answers it.
fn sql(query: Query) -> Option<&'static str> {
    match query {
        Query::UserDailyProfit => Some(
            "SELECT user_id, NULLIF(day, ''), profit, row_count, returned / row_count \
             FROM stored_portfolio_performance WHERE user_id = ?1 ORDER BY day",
        ),
        Query::PortfolioPerformance => Some(
            "SELECT user_id, NULLIF(day, ''), profit, row_count, returned / row_count \
             FROM stored_portfolio_performance ORDER BY user_id, day",
        ),
        Query::SymbolDailySentiment => Some(
            "SELECT symbol, NULLIF(day, ''), sentiment / row_count, row_count \
             FROM stored_news_sentiment WHERE symbol = ?1 ORDER BY day",
        ),
        Query::TopSymbolsByVolume => Some(
            "SELECT symbol, volume FROM stored_symbol_volume WHERE day >= ?1 AND day < ?2 \
             ORDER BY day, volume DESC, symbol LIMIT 10",
        ),
        _ => None,
    }
}

/// SQLite as an engine that reads its stored tables.
pub(crate) struct StoredEngine<'c> {
    statements: Vec<(Query, Statement<'c>)>,
}

impl<'c> StoredEngine<'c> {
    /// Prepares the queries over a connection to a database with the stored tables.
    pub(crate) fn new(connection: &'c Connection) -> Result<StoredEngine<'c>> {
        let mut statements = Vec::new();
        for query in super::QUERIES {
            if let Some(sql) = sql(query) {
                let prepared = connection.prepare(sql);
                statements.push((query, prepared.map_err(|error| refused(query.name(), error))?));
            }
        }
        Ok(StoredEngine { statements })
    }
}

impl Engine for StoredEngine<'_> {
    fn name(&self) -> &'static str {
        "stored"
    }

    fn answers(&self, query: Query) -> bool {
        sql(query).is_some()
    }

    fn run(&mut self, query: Query, parameters: &[Parameter], rows: &mut Rows) -> Result<()> {
        match self.statements.iter_mut().find(|(prepared, _)| *prepared == query) {
            Some((_, statement)) => answer(statement, parameters, rows),
            None => Err(rusqlite::Error::InvalidQuery),
        }
        .map_err(|error| refused(query.name(), error))
    }
}
