//! The import's report: a table for people, JSON for programs.

use std::path::Path;

use serde_json::{Value, json};

use super::checksum::Checksum;
use super::plan::Plan;
use super::rows::BadValue;
use super::schema::{Key, NotTaken, Table};
use super::types::{Census, ColumnType};

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
    /// The same of the rows stored, unless nothing was.
    pub(crate) stored: Option<Checksum>,
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
    /// A report of a file, of which this is left behind so far.
    pub(crate) fn new(file: &Path, not_taken: Vec<NotTaken>) -> Report {
        let file = file.display().to_string();
        Report { file, tables: Vec::new(), not_taken, bad_values: Vec::new() }
    }

    /// Adds a table that was read, with the checksum of what was read.
    pub(crate) fn add(&mut self, plan: Plan, source: Checksum) {
        self.bad_values.extend(plan.survey.bad_values);
        self.tables.push(TableReport {
            table: plan.table,
            types: plan.types,
            shard_key: plan.shard_key,
            bad_values: plan.survey.columns.iter().map(Census::bad).sum(),
            source,
            stored: None,
        });
    }

    /// Whether everything that was stored is what was read.
    pub(crate) fn same(&self) -> bool {
        self.tables.iter().all(TableReport::same)
    }

    /// The report for programs.
    pub(crate) fn json(&self) -> Value {
        let rows: u64 = self.tables.iter().map(|table| table.source.rows()).sum();
        json!({
            "file": self.file,
            "rows": rows,
            "same": self.same(),
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
            if let Some(stored) = table.stored.filter(|stored| *stored != table.source) {
                let rows = stored.rows();
                lines.push(format!("{:<24}{rows:>12}  {stored}  IS WHAT WAS STORED", ""));
            }
        }
        if self.tables.iter().any(|table| table.stored.is_some()) {
            lines.push(match self.same() {
                true => "every table was read back: the checksums of both sides agree".to_owned(),
                false => "DIFFERENT: nothing was put in place; please report this".to_owned(),
            });
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
    fn same(&self) -> bool {
        self.stored.is_none_or(|stored| stored == self.source)
    }

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
            "stored_rows": self.stored.map(|stored| stored.rows()),
            "stored_checksum": self.stored.map(|stored| stored.to_string()),
            "columns": columns,
            "primary_key": primary_key,
            "shard_key": self.shard_key,
            "indexes": indexes,
            "bad_values": self.bad_values,
        })
    }
}
