//! Random statements that change rows.

use super::literal::literal;
use super::schema::{Column, Kind, Table, id};
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
        let mut text = match self.below(24) {
            0..12 => self.insert(&table),
            12..18 => self.update(&table),
            18 | 19 => self.update_from(&table),
            20 => self.change_with(&table),
            _ => self.delete(&table),
        };
        if self.one_in(3) {
            text.push_str(&self.returning(&table));
        }
        Change { text, table: table.name }
    }

    fn returning(&mut self, table: &Table) -> String {
        if self.one_in(5) {
            self.note("returning all");
            return " RETURNING *".to_owned();
        }
        self.note("returning");
        let mut names: Vec<String> =
            table.visible().into_iter().map(|column| column.name).collect();
        if self.one_in(3) {
            self.note("returning an expression");
            self.scopes.push(vec![Source { alias: table.name.clone(), columns: table.visible() }]);
            let was = std::mem::replace(&mut self.depth, 2);
            names.push(self.expression(Kind::Text, 2));
            self.depth = was;
            self.scopes.pop();
        }
        format!(" RETURNING {}", names.join(", "))
    }

    fn insert(&mut self, table: &Table) -> String {
        let (verb, name) = *self.pick(&[
            ("INSERT", "insert"),
            ("INSERT", "insert"),
            ("INSERT", "insert"),
            ("INSERT OR IGNORE", "insert or ignore"),
            ("INSERT OR REPLACE", "insert or replace"),
            ("REPLACE", "replace into"),
            ("INSERT OR ABORT", "insert or abort"),
            ("INSERT OR FAIL", "insert or fail"),
        ]);
        self.note(name);
        if !table.makes_ids(0) && self.one_in(8) {
            self.note("default values");
            return format!("{verb} INTO {} DEFAULT VALUES", table.name);
        }
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
        if self.one_in(8) {
            self.note("on conflict do nothing");
            return " ON CONFLICT DO NOTHING".to_owned();
        }
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
        let first = if self.one_in(5) && table.key() != key && !table.key().is_empty() {
            self.note("several on conflict");
            format!(" ON CONFLICT ({}) DO NOTHING", table.key().join(", "))
        } else {
            String::new()
        };
        let name = &column.name;
        format!("{first} ON CONFLICT ({target}) DO UPDATE SET {name} = {value}{condition}")
    }

    fn update(&mut self, table: &Table) -> String {
        let scope = Source { alias: table.name.clone(), columns: table.visible() };
        self.scopes.push(vec![scope]);
        let (verb, name) = *self.pick(&[
            ("UPDATE", "update"),
            ("UPDATE", "update"),
            ("UPDATE", "update"),
            ("UPDATE OR IGNORE", "update or ignore"),
            ("UPDATE OR REPLACE", "update or replace"),
        ]);
        self.note(name);
        self.changed = Some(table.name.clone());
        let mut assignments = Vec::new();
        let mut places: Vec<usize> = (0..table.columns.len()).collect();
        let mut is_key = false;
        for _ in 0..(1 + self.random.index(2)).min(table.columns.len()) {
            let at = places.swap_remove(self.random.index(places.len()));
            is_key |= table.is_in_key(at);
            let column = &table.columns[at];
            assignments.push(format!("{} = {}", column.name, self.expression(column.kind, 2)));
        }
        if assignments.len() == 2 && self.one_in(4) {
            self.note("update of a row value");
            let (names, values): (Vec<_>, Vec<_>) =
                assignments.iter().filter_map(|text| text.split_once(" = ")).unzip();
            let (names, values) = (names.join(", "), values.join(", "));
            let select = if self.one_in(3) { "SELECT " } else { "" };
            assignments = vec![format!("({names}) = ({select}{values})")];
        }
        let condition = match self.one_in(5) {
            // Which row comes first decides which one keeps a key: one row.
            _ if is_key => {
                self.note("update of a key");
                let (name, least) = (&table.columns[0].name, &table.name);
                match table.key().len() {
                    // Several rows may share a part of a key.
                    2.. => {
                        let keys = table.key().join(", ");
                        format!(
                            " WHERE ({keys}) = (SELECT {keys} FROM {least} WHERE {name} < 50 \
                             ORDER BY {keys} LIMIT 1)"
                        )
                    }
                    _ => {
                        format!(
                            " WHERE {name} = (SELECT max({name}) FROM {least} WHERE {name} < 50)"
                        )
                    }
                }
            }
            true => String::new(),
            false => format!(" WHERE {}", self.condition(1)),
        };
        self.scopes.pop();
        self.changed = None;
        format!("{verb} {} SET {}{condition}", table.name, assignments.join(", "))
    }

    /// UPDATE FROM, where each row has one partner at most: of several SQLite takes any.
    fn update_from(&mut self, table: &Table) -> String {
        let other = self.table();
        let free: Vec<Column> = (0..table.columns.len())
            .filter(|at| !table.is_in_key(*at))
            .map(|at| table.columns[at].clone())
            .collect();
        if free.is_empty() {
            return self.update(table);
        }
        self.note("update from");
        let column = self.pick(&free).clone();
        let value = self.pick(&other.columns).clone();
        let (key, partner) = (&table.columns[0].name, &other.columns[0].name);
        let source = Source {
            alias: "f".to_owned(),
            columns: vec![
                Column::plain("k".to_owned(), Kind::Integer),
                Column::plain("y".to_owned(), value.kind),
            ],
        };
        let target = Source { alias: table.name.clone(), columns: table.visible() };
        self.scopes.push(vec![target, source]);
        let condition = match self.one_in(2) {
            true => format!(" AND {}", self.condition(2)),
            false => String::new(),
        };
        let set = match self.one_in(2) {
            true => "f.y".to_owned(),
            false => self.expression(column.kind, 2),
        };
        self.scopes.pop();
        let name = &table.name;
        format!(
            "UPDATE {name} SET {} = {set} FROM (SELECT {partner} AS k, max({}) AS y FROM {} \
             GROUP BY {partner}) AS f WHERE {name}.{key} = f.k{condition}",
            column.name, value.name, other.name
        )
    }

    /// A change that begins with a common table expression.
    fn change_with(&mut self, table: &Table) -> String {
        self.note("change with a common table expression");
        let column = self.pick(&table.columns).clone();
        let name = &table.name;
        let (query, _) = self.core(Some(&[column.kind]), None);
        let free = (0..table.columns.len()).find(|at| !table.is_in_key(*at));
        let change = match free {
            Some(at) if self.one_in(2) => {
                let set = &table.columns[at];
                let value = literal(&mut self.random, set.kind);
                format!("UPDATE {name} SET {} = {value}", set.name)
            }
            _ => format!("DELETE FROM {name}"),
        };
        format!("WITH w(y) AS ({query}) {change} WHERE {} IN (SELECT y FROM w)", column.name)
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
