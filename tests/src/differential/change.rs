//! Random statements that change rows.

use super::schema::{Column, Kind, Table, id, literal};
use super::writer::{Source, Writer};

/// A statement that changes a table.
pub(super) struct Change {
    pub(super) text: String,
    pub(super) table: String,
}

impl Writer<'_> {
    /// INSERT, UPDATE or DELETE.
    pub(super) fn change(&mut self) -> Change {
        let table = self.table();
        self.in_change = true;
        let mut text = match self.below(6) {
            0..3 => self.insert(&table),
            3..5 => self.update(&table),
            _ => self.delete(&table),
        };
        if self.one_in(3) {
            self.note("returning");
            let mut names: Vec<String> =
                table.visible().into_iter().map(|column| column.name).collect();
            if self.one_in(3) {
                self.note("returning an expression");
                self.scopes
                    .push(vec![Source { alias: table.name.clone(), columns: table.visible() }]);
                let was = std::mem::replace(&mut self.depth, 2);
                names.push(self.expression(Kind::Text, 2));
                self.depth = was;
                self.scopes.pop();
            }
            text.push_str(&format!(" RETURNING {}", names.join(", ")));
        }
        Change { text, table: table.name }
    }

    fn insert(&mut self, table: &Table) -> String {
        let (verb, name) = *self.pick(&[
            ("INSERT", "insert"),
            ("INSERT", "insert"),
            ("INSERT", "insert"),
            ("INSERT OR IGNORE", "insert or ignore"),
            ("INSERT OR REPLACE", "insert or replace"),
            ("REPLACE", "replace into"),
        ]);
        self.note(name);
        let count = match self.one_in(3) {
            true => 1 + self.random.index(table.columns.len()),
            false => table.columns.len(),
        };
        let columns: Vec<Column> = table.columns[..count].to_vec();
        let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
        let source = if self.one_in(5) {
            self.note("insert from query");
            let from = self.table();
            let alias = self.alias("s");
            let scope = Source { alias: alias.clone(), columns: from.visible() };
            self.scopes.push(vec![scope]);
            let mut items: Vec<String> =
                columns.iter().map(|column| self.expression(column.kind, 2)).collect();
            if table.makes_ids(0) {
                items[0] = format!("60 + abs(coalesce({}, 0) % 1000)", items[0]);
            }
            self.scopes.pop();
            // Which row comes first may decide which one stays.
            let order: Vec<String> = (1..=items.len()).map(|at| at.to_string()).collect();
            format!(
                "SELECT {} FROM {} AS {alias} WHERE true ORDER BY {}",
                items.join(", "),
                from.name,
                order.join(", ")
            )
        } else {
            let rows: Vec<String> =
                (0..1 + self.below(3)).map(|_| self.row(table, &columns)).collect();
            if rows.len() > 1 {
                self.note("several rows");
            }
            format!("VALUES {}", rows.join(", "))
        };
        let conflict =
            if verb == "INSERT" && self.one_in(3) { self.conflict(table) } else { String::new() };
        format!("{verb} INTO {} ({}) {source}{conflict}", table.name, names.join(", "))
    }

    fn row(&mut self, table: &Table, columns: &[Column]) -> String {
        let values: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(at, column)| match self.one_in(8) {
                _ if table.makes_ids(at) => id(&mut self.random),
                true => "NULL".to_owned(),
                false => literal(&mut self.random, column.kind),
            })
            .collect();
        format!("({})", values.join(", "))
    }

    fn conflict(&mut self, table: &Table) -> String {
        let mut key = table.key();
        if key.is_empty() || self.one_in(3) && !table.unique.is_empty() {
            match table.unique.first() {
                Some(at) => key = vec![table.columns[*at].name.clone()],
                None => {
                    self.note("on conflict do nothing");
                    return " ON CONFLICT DO NOTHING".to_owned();
                }
            }
        }
        let target = key.join(", ");
        if self.one_in(3) {
            self.note("on conflict (columns) do nothing");
            return format!(" ON CONFLICT ({target}) DO NOTHING");
        }
        self.note("on conflict do update");
        let column = table.columns[self.random.index(table.columns.len())].clone();
        let condition = if self.one_in(3) {
            format!(" WHERE {}.{} IS NOT NULL", table.name, column.name)
        } else {
            String::new()
        };
        let value = match self.below(3) {
            0 => format!("excluded.{}", column.name),
            1 => format!("coalesce(excluded.{0}, {1}.{0})", column.name, table.name),
            _ => literal(&mut self.random, column.kind),
        };
        format!(" ON CONFLICT ({target}) DO UPDATE SET {} = {value}{condition}", column.name)
    }

    fn update(&mut self, table: &Table) -> String {
        let scope = Source { alias: table.name.clone(), columns: table.visible() };
        self.scopes.push(vec![scope]);
        let (verb, name) = *self.pick(&[
            ("UPDATE", "update"),
            ("UPDATE", "update"),
            ("UPDATE", "update"),
            ("UPDATE OR IGNORE", "update or ignore"),
        ]);
        self.note(name);
        let mut assignments = Vec::new();
        let mut places: Vec<usize> = (0..table.columns.len()).collect();
        let mut is_key = false;
        for _ in 0..(1 + self.random.index(2)).min(table.columns.len()) {
            let at = places.swap_remove(self.random.index(places.len()));
            is_key |= table.is_in_key(at);
            let column = &table.columns[at];
            assignments.push(format!("{} = {}", column.name, self.expression(column.kind, 2)));
        }
        let condition = match self.one_in(5) {
            // Which row comes first decides which one keeps a key: one row.
            _ if is_key => {
                self.note("update of a key");
                let (name, least) = (&table.columns[0].name, &table.name);
                format!(" WHERE {name} = (SELECT max({name}) FROM {least} WHERE {name} < 50)")
            }
            true => String::new(),
            false => format!(" WHERE {}", self.condition(1)),
        };
        self.scopes.pop();
        format!("{verb} {} SET {}{condition}", table.name, assignments.join(", "))
    }

    fn delete(&mut self, table: &Table) -> String {
        self.note("delete");
        let scope = Source { alias: table.name.clone(), columns: table.visible() };
        self.scopes.push(vec![scope]);
        let condition = format!("({}) AND ({})", self.condition(1), self.condition(2));
        self.scopes.pop();
        format!("DELETE FROM {} WHERE {condition}", table.name)
    }
}
