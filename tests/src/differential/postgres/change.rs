//! Random statements of PostgreSQL's dialect that change rows.

use super::kind::Kind;
use super::schema::{Table, id};
use super::writer::{Column, Composer};
use crate::differential::change::Change;

impl Composer<'_> {
    /// INSERT, UPDATE, DELETE or MERGE, alone or in WITH.
    pub(super) fn change(&mut self) -> Change {
        let table = self.a_table();
        self.in_change = true;
        let (mut text, may_return) = match self.below(12) {
            0..5 => (self.insert(&table), true),
            5..7 => (self.update(&table), true),
            7 => (self.update_from(&table), true),
            8 => (self.delete(&table), true),
            9 => (self.delete_using(&table), true),
            10 => (self.merge(&table), false),
            _ => {
                self.note("changes in with");
                let change = match self.below(3) {
                    0 => self.insert(&table),
                    1 => self.update(&table),
                    _ => self.delete(&table),
                };
                let text = format!(
                    "WITH changed AS ({change} RETURNING *) SELECT count(*), min(id), max(id) \
                     FROM changed"
                );
                (text, false)
            }
        };
        if may_return && self.one_in(3) {
            text.push_str(&self.returning(&table));
        }
        Change { text, table: table.name }
    }

    fn returning(&mut self, table: &Table) -> String {
        self.note("returning");
        if self.one_in(2) {
            return format!(" RETURNING {}.*", table.name);
        }
        self.note("returning an expression");
        self.scopes.push(vec![table.source(&table.name)]);
        let kind = self.kind();
        let item = self.expression(kind, 2);
        self.scopes.pop();
        format!(" RETURNING {}.id, {item} AS x", table.name)
    }

    fn insert(&mut self, table: &Table) -> String {
        self.note("insert");
        let count = match self.one_in(3) {
            true => 1 + self.random.index(table.columns.len()),
            false => table.columns.len(),
        };
        let columns: Vec<Column> = table.columns[..count].to_vec();
        let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
        let source = if self.one_in(5) {
            self.note("insert from query");
            let from = self.a_table();
            self.scopes.push(vec![from.source("s")]);
            let mut items: Vec<String> =
                columns.iter().map(|column| self.expression(column.kind, 2)).collect();
            self.scopes.pop();
            items[0] = "60 + s.id % 100".to_owned();
            // The key tells the rows apart.
            format!("SELECT {} FROM {} AS s ORDER BY s.id", items.join(", "), from.name)
        } else {
            let rows: Vec<String> =
                (0..1 + self.below(3)).map(|_| self.row(table, &columns)).collect();
            format!("VALUES {}", rows.join(", "))
        };
        let conflict = if self.one_in(3) { self.conflict(table) } else { String::new() };
        format!("INSERT INTO {} ({}) {source}{conflict}", table.name, names.join(", "))
    }

    fn row(&mut self, table: &Table, columns: &[Column]) -> String {
        let values: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(at, column)| match self.below(9) {
                _ if at == 0 => id(&mut self.random),
                0 => {
                    self.note("insert of a default");
                    "DEFAULT".to_owned()
                }
                1 => "NULL".to_owned(),
                2 => self.expression(column.kind, 2),
                _ => table.value(&mut self.random, at),
            })
            .collect();
        format!("({})", values.join(", "))
    }

    fn conflict(&mut self, table: &Table) -> String {
        if self.one_in(5) {
            self.note("on conflict do nothing");
            return " ON CONFLICT DO NOTHING".to_owned();
        }
        let target = match &table.unique {
            Some(unique) if self.one_in(3) => unique.clone(),
            _ => "id".to_owned(),
        };
        if self.one_in(4) {
            self.note("on conflict (columns) do nothing");
            return format!(" ON CONFLICT ({target}) DO NOTHING");
        }
        self.note("on conflict do update");
        let column = table.columns[1 + self.random.index(table.columns.len() - 1)].clone();
        let condition = if self.one_in(3) {
            format!(" WHERE {}.{} IS NOT NULL", table.name, column.name)
        } else {
            String::new()
        };
        let value = match self.below(4) {
            0 => format!("excluded.{}", column.name),
            1 => format!("coalesce(excluded.{0}, {1}.{0})", column.name, table.name),
            2 => "DEFAULT".to_owned(),
            _ => column.kind.quoted(&mut self.random),
        };
        format!(" ON CONFLICT ({target}) DO UPDATE SET {} = {value}{condition}", column.name)
    }

    /// `a = ..., b = ...` of columns that are not the key.
    fn assignments(&mut self, table: &Table) -> String {
        let others = table.columns.len() - 1;
        let first = 1 + self.random.index(others);
        let one = table.columns[first].clone();
        if others > 1 && self.one_in(4) {
            self.note("assignment of several columns");
            let two = table.columns[if first == 1 { 2 } else { 1 }].clone();
            let (a, b) = (self.expression(one.kind, 2), self.expression(two.kind, 2));
            return format!("({}, {}) = ({a}, {b})", one.name, two.name);
        }
        if self.one_in(8) {
            return format!("{} = DEFAULT", one.name);
        }
        if one.kind == Kind::Ints && !self.one_in(4) {
            self.note("assignment of an element");
            return format!("{}[2] = {}", one.name, self.expression(Kind::Int4, 2));
        }
        format!("{} = {}", one.name, self.expression(one.kind, 1))
    }

    fn update(&mut self, table: &Table) -> String {
        self.note("update");
        self.scopes.push(vec![table.source(&table.name)]);
        let name = &table.name;
        let text = if self.one_in(6) {
            self.note("update of a key");
            format!("UPDATE {name} SET id = id + 100 WHERE id = (SELECT min(id) FROM {name})")
        } else {
            let assignments = self.assignments(table);
            let condition = match self.one_in(5) {
                true => String::new(),
                false => format!(" WHERE {}", self.condition(1)),
            };
            format!("UPDATE {name} SET {assignments}{condition}")
        };
        self.scopes.pop();
        text
    }

    fn update_from(&mut self, table: &Table) -> String {
        self.note("update from");
        let other = self.a_table();
        self.scopes.push(vec![table.source(&table.name), other.source("o")]);
        let assignments = self.assignments(table);
        let condition = self.condition(2);
        self.scopes.pop();
        // Each row meets one other at most.
        format!(
            "UPDATE {0} SET {assignments} FROM {1} AS o WHERE o.id = {0}.id + {2} AND {condition}",
            table.name,
            other.name,
            self.below(3)
        )
    }

    fn delete(&mut self, table: &Table) -> String {
        self.note("delete");
        self.scopes.push(vec![table.source(&table.name)]);
        let (one, two) = (self.condition(1), self.condition(2));
        self.scopes.pop();
        format!("DELETE FROM {} WHERE {one} AND {two} AND id % 3 <> 0", table.name)
    }

    fn delete_using(&mut self, table: &Table) -> String {
        self.note("delete using");
        let other = self.a_table();
        self.scopes.push(vec![table.source(&table.name), other.source("o")]);
        let condition = self.condition(1);
        self.scopes.pop();
        format!(
            "DELETE FROM {0} USING {1} AS o WHERE o.id = {0}.id AND o.id % 4 = {2} AND {condition}",
            table.name,
            other.name,
            self.below(4)
        )
    }

    fn merge(&mut self, table: &Table) -> String {
        self.note("merge");
        let other = self.a_table();
        self.scopes.push(vec![table.source("m"), other.source("o")]);
        let (assignments, condition) = (self.assignments(table), self.condition(2));
        self.scopes.pop();
        let mut text = format!(
            "MERGE INTO {} AS m USING (SELECT * FROM {}) AS o ON m.id = o.id + {}",
            table.name,
            other.name,
            self.below(3)
        );
        let matched = match self.below(4) {
            0 => " THEN DELETE".to_owned(),
            1 => " THEN DO NOTHING".to_owned(),
            _ => format!(" THEN UPDATE SET {assignments}"),
        };
        text.push_str(&format!(" WHEN MATCHED AND {condition}{matched}"));
        if self.one_in(2) {
            self.note("merge when matched twice");
            text.push_str(" WHEN MATCHED THEN DO NOTHING");
        }
        if self.one_in(2) {
            self.note("merge insert");
            let column = table.columns[1].clone();
            self.scopes.push(vec![other.source("o")]);
            let value = self.expression(column.kind, 2);
            self.scopes.pop();
            let name = &column.name;
            text.push_str(&format!(
                " WHEN NOT MATCHED AND o.id < 40 THEN INSERT (id, {name}) \
                 VALUES (o.id + 1000, {value})"
            ));
        }
        text
    }
}
