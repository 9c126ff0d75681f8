//! The import's report: a table for people, JSON for programs.

use serde_json::{Value, json};

use super::checksum::Checksum;
use super::rows::BadValue;
use super::schema::{Key, NotTaken, Table};
use super::types::ColumnType;

/// What became of one table.
pub(crate) struct TableReport {
    /// The table as declared.
    pub(crate) table: Table,
    /// What its columns become.
    pub(crate) types: Vec<ColumnType>,
    /// The columns that its rows are spread by; none for the hidden row id.
    pub(crate) shard_key: Vec<String>,
    /// How many bad values were turned into text or NULL.
    pub(crate) bad_values: u64,
    /// The rows read, and their checksum.
    pub(crate) source: Checksum,
}

/// What became of a file.
pub(crate) struct Report {
    /// Its path.
    pub(crate) file: String,
    /// One entry a table.
    pub(crate) tables: Vec<TableReport>,
    /// What is left behind.
    pub(crate) not_taken: Vec<NotTaken>,
    /// Bad values, the first of each table.
    pub(crate) bad_values: Vec<BadValue>,
}

impl Report {
    /// The report for programs.
    pub(crate) fn json(&self) -> Value {
        let rows: u64 = self.tables.iter().map(|table| table.source.rows()).sum();
        json!({
            "file": self.file,
            "rows": rows,
            "tables": self.tables.iter().map(TableReport::json).collect::<Vec<_>>(),
            "not_taken": self.not_taken.iter().map(|left| json!({
                "kind": left.kind, "name": left.name, "detail": left.detail,
            })).collect::<Vec<_>>(),
            "bad_values": self.bad_values.iter().map(|bad| json!({
                "table": bad.table, "column": bad.column, "row": bad.row, "problem": bad.problem,
            })).collect::<Vec<_>>(),
        })
    }

    /// The report for people.
    pub(crate) fn table(&self) -> String {
        let mut lines =
            vec![format!("{:<24}{:>12}  {:<32}  {:<16}", "table", "rows", "checksum", "spread by")];
        for table in &self.tables {
            let (rows, checksum) = (table.source.rows(), table.source.to_string());
            let key = table.shard_key.join(", ");
            lines.push(format!("{:<24}{rows:>12}  {checksum}  {key:<16}", table.table.name));
        }
        for left in &self.not_taken {
            lines.push(format!("not taken: {} {}: {}", left.kind, left.name, left.detail));
        }
        lines.extend(self.bad_values.iter().map(bad_value_line));
        lines.join("\n")
    }
}

/// One bad value in a line.
pub(crate) fn bad_value_line(bad: &BadValue) -> String {
    format!(
        "bad value: table {}, column {}, row {}: {}",
        bad.table, bad.column, bad.row, bad.problem
    )
}

impl TableReport {
    fn json(&self) -> Value {
        let columns: Vec<Value> = self
            .table
            .columns
            .iter()
            .zip(&self.types)
            .map(|(column, column_type)| {
                json!({
                    "name": column.name,
                    "declared": column.declared,
                    "type": column_type.to_string(),
                    "not_null": column.not_null,
                })
            })
            .collect();
        let primary_key: Vec<&str> = match &self.table.key {
            Key::HiddenRowid => Vec::new(),
            Key::Rowid(column) => vec![&self.table.columns[*column].name],
            Key::Columns(parts) => {
                parts.iter().map(|part| self.table.columns[part.column].name.as_str()).collect()
            }
        };
        let indexes: Vec<Value> = self
            .table
            .indexes
            .iter()
            .map(|index| {
                json!({
                    "name": index.name,
                    "unique": index.unique,
                    "where": index.predicate.as_ref().map(ToString::to_string),
                })
            })
            .collect();
        json!({
            "name": self.table.name,
            "rows": self.source.rows(),
            "source_checksum": self.source.to_string(),
            "columns": columns,
            "primary_key": primary_key,
            "shard_key": self.shard_key,
            "indexes": indexes,
            "bad_values": self.bad_values,
        })
    }
}
