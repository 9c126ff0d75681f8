//! The 41 small tables of the platform, as data: names, declared types, constraints, and what each
//! column holds. Between them they have every declared type that SQLite's users write.

use super::market_tables::MARKET_TABLES;
use super::platform_tables::PLATFORM_TABLES;
use super::small_rows::Field;

/// Numbers of small tables begin after those of the large ones.
const FIRST_NUMBER: u64 = 1_000;

/// A table whose rows do not grow with the scale.
pub(crate) struct SmallTable {
    /// The table's name.
    pub(crate) name: &'static str,
    /// How many rows it has, at every scale.
    pub(crate) rows: u64,
    /// Name, declaration and content of each column.
    pub(crate) columns: &'static [(&'static str, &'static str, Field)],
    /// Constraints of the whole table.
    pub(super) constraints: &'static str,
    /// What follows the columns.
    pub(super) options: &'static str,
}

/// All small tables with their numbers: the part of a row's draws that tells the tables apart.
pub(crate) fn small_tables() -> impl Iterator<Item = (u64, &'static SmallTable)> {
    const TABLES: [&[SmallTable]; 2] = [&MARKET_TABLES, &PLATFORM_TABLES];
    (FIRST_NUMBER..).zip(TABLES.into_iter().flatten())
}

impl SmallTable {
    /// The statement that makes the table.
    pub(crate) fn definition(&self) -> String {
        let mut parts: Vec<String> = self
            .columns
            .iter()
            .map(|(name, declaration, _)| format!("{name} {declaration}").trim_end().to_owned())
            .collect();
        if !self.constraints.is_empty() {
            parts.push(self.constraints.to_owned());
        }
        let text = format!("CREATE TABLE {} ({}) {}", self.name, parts.join(", "), self.options);
        text.trim_end().to_owned()
    }
}

/// Indexes and a view over the small tables: descending, partial and unique ones, an expression,
/// a collation.
pub(crate) const EXTRAS: [&str; 7] = [
    "CREATE INDEX idx_signals_symbol_created ON signals(symbol, created_at DESC)",
    "CREATE INDEX idx_alerts_active ON alerts(symbol, user_id) WHERE active = 1",
    "CREATE UNIQUE INDEX idx_accounts_user ON accounts(user_id, account_id)",
    "CREATE INDEX idx_comments_unanswered ON comments(user_id) \
     WHERE parent_id IS NULL AND votes >= 0",
    "CREATE INDEX idx_comments_body ON comments(body COLLATE NOCASE)",
    "CREATE INDEX idx_reports_title ON reports(lower(title))",
    "CREATE VIEW active_alerts AS SELECT alert_id, user_id, symbol FROM alerts WHERE active = 1",
];
