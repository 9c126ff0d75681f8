//! TRUNCATE inside of transactions.

use bourse::Truncate;

use super::super::{Connection, Flow};
use super::refused;
use crate::error::{Result, SqlError};

impl Connection {
    /// TRUNCATE, as the deletion of all rows: it is taken back with the transaction.
    pub(super) fn delete_all(&self, truncate: &Truncate) -> Result<u64> {
        let mut tables = truncate.tables().to_vec();
        let all = self.database.tables()?;
        let is_in = |tables: &[String], name: &str| {
            tables.iter().any(|table| table.eq_ignore_ascii_case(name))
        };
        loop {
            let refers = all.iter().find_map(|other| {
                let key = other
                    .definition()
                    .foreign_keys
                    .iter()
                    .find(|key| is_in(&tables, &key.parent) && !is_in(&tables, other.name()))?;
                Some((other.name().to_owned(), key.parent.clone()))
            });
            match refers {
                None => break,
                Some((table, _)) if truncate.cascades() => tables.push(table),
                Some((table, parent)) => {
                    let message = "cannot truncate a table referenced in a foreign key constraint";
                    let detail = format!("Table \"{table}\" references \"{parent}\".");
                    let hint = format!(
                        "Truncate table \"{table}\" at the same time, or use TRUNCATE ... CASCADE."
                    );
                    return Err(SqlError::unsupported(message).with_detail(detail).with_hint(hint));
                }
            }
        }
        if truncate.restarts_identity() {
            let makes_ids = |other: &&bourse::Table| {
                let mut columns = other.definition().columns.iter();
                is_in(&tables, other.name())
                    && columns.any(|c| c.default.as_ref().is_some_and(|d| d.makes_ids()))
            };
            if let Some(table) = all.iter().find(makes_ids) {
                let why = format!("the ids of table \"{}\" are made by the store", table.name());
                return Err(refused("TRUNCATE ... RESTART IDENTITY", &why));
            }
        }
        // Those that refer to others first: their foreign keys are met all the time.
        let refers_to = |table: &str, parents: &[String]| {
            all.iter().filter(|other| other.name().eq_ignore_ascii_case(table)).any(|other| {
                let keys = &other.definition().foreign_keys;
                keys.iter().any(|key| {
                    !key.parent.eq_ignore_ascii_case(table) && is_in(parents, &key.parent)
                })
            })
        };
        let mut left = tables;
        while !left.is_empty() {
            let free = left.iter().position(|table| {
                let others: Vec<String> =
                    left.iter().filter(|other| *other != table).cloned().collect();
                !others.iter().any(|other| refers_to(other, std::slice::from_ref(table)))
            });
            let table = left.remove(free.unwrap_or(0));
            self.delete_rows(&table)?;
        }
        Ok(0)
    }

    /// Deletes all rows of a table of the store.
    pub(in crate::connection) fn delete_rows(&self, table: &str) -> Result<()> {
        let (schema, name) = crate::catalog::split_store_name(table);
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let text = format!("DELETE FROM {}.{}", quoted(schema), quoted(name));
        let prepared = self.prepared(&text, &[])?;
        self.run_prepared(&prepared, Vec::new(), &mut |_| Ok(Flow::More))?;
        Ok(())
    }
}
