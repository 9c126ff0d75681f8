//! Random tables of PostgreSQL's dialect, with their rows.

use std::collections::BTreeSet;

use bourse_storage::sync::sim::Random;

use super::kind::Kind;
use super::writer::{Column, Source};
use crate::differential::schema::{Setup, pick};

/// The enumerated type that columns may have.
const MOOD: &str = "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')";

/// A table, whose first column is its key.
#[derive(Clone)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// What is said of each column besides its type.
    said: Vec<String>,
    /// A column that is computed of others, at the end.
    pub(super) generated: Option<(Column, String)>,
    /// A condition of all rows.
    check: Option<String>,
    /// Columns that are unique together, besides the key.
    pub(super) unique: Option<String>,
    /// Indexes that were made.
    pub(super) indexes: Vec<String>,
    /// The column that refers to the key of another table.
    child: Option<usize>,
}

impl Table {
    fn of(random: &mut Random, number: usize) -> Table {
        let mut columns = vec![Column { name: "id".to_owned(), kind: Kind::Int4 }];
        let mut said = vec![" PRIMARY KEY".to_owned()];
        for at in 0..2 + random.index(6) {
            let kind = pick(random, &Kind::ALL);
            let prefix = pick(random, &["a", "b", "c"]);
            columns.push(Column { name: format!("{prefix}{at}"), kind });
            let mut text = String::new();
            if random.one_in(8) {
                text.push_str(" NOT NULL");
            }
            if random.one_in(5) {
                text.push_str(&format!(" DEFAULT {}", kind.quoted(random)));
            }
            said.push(text);
        }
        let check = random.one_in(8).then(|| "id <> 13".to_owned());
        let generated = random.one_in(5).then(|| generated(random, &columns)).flatten();
        let orderable = |column: &&Column| column.kind.is_ordered() && column.name != "id";
        let unique = columns.iter().find(orderable).filter(|_| random.one_in(6));
        let unique = unique.map(|column| column.name.clone());
        let (name, indexes) = (format!("t{number}"), Vec::new());
        Table { name, columns, said, generated, check, unique, indexes, child: None }
    }

    /// The columns that a query may name.
    pub(super) fn visible(&self) -> Vec<Column> {
        let generated = self.generated.iter().map(|(column, _)| column);
        self.columns.iter().chain(generated).cloned().collect()
    }

    /// It as a relation.
    pub(super) fn source(&self, alias: &str) -> Source {
        let key = Some("id".to_owned());
        Source { alias: alias.to_owned(), columns: self.visible(), key }
    }

    fn definition(&self) -> String {
        let mut parts: Vec<String> = (self.columns.iter().zip(&self.said))
            .map(|(column, said)| format!("{} {}{said}", column.name, column.kind.declared()))
            .collect();
        if let Some((column, text)) = &self.generated {
            parts.push(format!("{} {} {text}", column.name, column.kind.declared()));
        }
        if let Some(check) = &self.check {
            parts.push(format!("CHECK ({check})"));
        }
        if let Some(unique) = &self.unique {
            parts.push(format!("UNIQUE ({unique})"));
        }
        format!("CREATE TABLE {} ({})", self.name, parts.join(", "))
    }

    /// Places of the grammar that its definition uses.
    fn places(&self) -> BTreeSet<&'static str> {
        let mut places = BTreeSet::from(["create table"]);
        let mut note = |is_there: bool, name| {
            if is_there {
                places.insert(name);
            }
        };
        note(self.generated.is_some(), "generated column");
        note(self.check.is_some(), "check");
        note(self.unique.is_some(), "unique");
        note(self.child.is_some(), "foreign key");
        note(self.said.iter().any(|text| text.contains("DEFAULT")), "default");
        note(self.said.iter().any(|text| text.contains("NOT NULL")), "not null");
        places.extend(self.columns.iter().map(|column| column.kind.declared()));
        places
    }

    fn refer(&mut self, random: &mut Random, parent: &str) {
        let fitting = |column: &Column| column.kind == Kind::Int4 && column.name != "id";
        let Some(at) = self.columns.iter().position(fitting) else { return };
        let mut text = format!(" REFERENCES {parent}");
        for event in ["DELETE", "UPDATE"] {
            let actions = ["", "NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"];
            match pick(random, &actions) {
                "" => {}
                action => text.push_str(&format!(" ON {event} {action}")),
            }
        }
        if random.one_in(4) {
            text.push_str(" DEFERRABLE INITIALLY DEFERRED");
        }
        self.said[at] = text;
        self.child = Some(at);
    }

    /// A value of a row: few that occur often, so that joins and groups find partners.
    pub(super) fn value(&self, random: &mut Random, at: usize) -> String {
        match self.columns[at].kind {
            _ if at == 0 => id(random),
            _ if self.child == Some(at) => {
                pick(random, &["NULL", "1", "2", "3", "5", "7", "10"]).to_owned()
            }
            _ if random.one_in(8) => "NULL".to_owned(),
            Kind::Int2 | Kind::Int4 | Kind::Int8 if random.one_in(2) => random.below(9).to_string(),
            Kind::Numeric if random.one_in(2) => format!("{}.5", random.below(5)),
            Kind::Text | Kind::Varchar if random.one_in(2) => {
                format!("'{}'", pick(random, &["a", "b", "A", "ab"]))
            }
            kind => kind.quoted(random),
        }
    }

    fn index(&self, random: &mut Random, number: usize) -> (String, BTreeSet<&'static str>) {
        let mut places = BTreeSet::from(["create index"]);
        let orderable: Vec<&Column> =
            self.columns.iter().filter(|column| column.kind.is_ordered()).collect();
        let mut parts: Vec<String> = Vec::new();
        for _ in 0..1 + random.index(2) {
            let column = orderable[random.index(orderable.len())];
            let order = pick(random, &["", "", " DESC", " NULLS FIRST", " DESC NULLS LAST"]);
            let part = match column.kind {
                Kind::Text if random.one_in(4) => {
                    places.insert("index on an expression");
                    format!("lower({}){order}", column.name)
                }
                _ => format!("{}{order}", column.name),
            };
            // An index of the store has a column once.
            if parts.is_empty() || !parts[0].contains(&*column.name) {
                parts.push(part);
            }
        }
        let condition = match random.below(6) {
            0 => {
                places.insert("partial index");
                format!(" WHERE {} IS NOT NULL", self.columns[1].name)
            }
            1 => {
                places.insert("partial index");
                " WHERE id > 5".to_owned()
            }
            _ => String::new(),
        };
        let (name, parts) = (&self.name, parts.join(", "));
        (format!("CREATE INDEX i{number}_{name} ON {name} ({parts}){condition}"), places)
    }

    /// A statement that alters it, what that is called, and the table as it is then.
    pub(super) fn altered(&self, random: &mut Random) -> (String, &'static str, Table) {
        let mut altered = self.clone();
        let (last, name) = (altered.columns.len() - 1, &self.name);
        // The key stays, and another column beside it.
        match if last < 2 { 0 } else { random.below(4) } {
            0 => {
                let column = Column {
                    name: format!("n{}", self.columns.len()),
                    kind: pick(random, &Kind::ALL),
                };
                let mut text = format!(
                    "ALTER TABLE {name} ADD COLUMN {} {}",
                    column.name,
                    column.kind.declared()
                );
                if random.one_in(2) {
                    text.push_str(&format!(" DEFAULT {}", column.kind.quoted(random)));
                }
                altered.columns.push(column);
                altered.said.push(String::new());
                (text, "add column", altered)
            }
            1 => {
                let to = format!("m{}", random.below(1_000));
                let from = &self.columns[last].name;
                let text = format!("ALTER TABLE {name} RENAME COLUMN {from} TO {to}");
                if altered.unique.as_ref() == Some(from) {
                    altered.unique = Some(to.clone());
                }
                altered.columns[last].name = to;
                (text, "rename column", altered)
            }
            2 => {
                let column = &self.columns[last];
                let text = format!(
                    "ALTER TABLE {name} ALTER COLUMN {} SET DEFAULT {}",
                    column.name,
                    column.kind.quoted(random)
                );
                (text, "set default", altered)
            }
            _ => {
                let text = format!("ALTER TABLE {name} DROP COLUMN {}", self.columns[last].name);
                if altered.unique.as_ref() == Some(&self.columns[last].name) {
                    altered.unique = None;
                }
                altered.columns.pop();
                altered.said.pop();
                (text, "drop column", altered)
            }
        }
    }
}

/// A generated column of a table with such columns.
fn generated(random: &mut Random, columns: &[Column]) -> Option<(Column, String)> {
    let of = &columns[random.index(columns.len())];
    let name = &of.name;
    let (kind, text) = match of.kind {
        Kind::Int2 | Kind::Int4 => (Kind::Int8, format!("{name}::int8 * 2 + 1")),
        Kind::Numeric => (Kind::Numeric, format!("{name} / 2")),
        Kind::Text => (Kind::Text, format!("upper({name}) || '!'")),
        Kind::Boolean => (Kind::Boolean, format!("NOT {name}")),
        Kind::Date => (Kind::Date, format!("{name} + 1")),
        Kind::Ints => (Kind::Int4, format!("cardinality({name})")),
        Kind::Jsonb => (Kind::Text, format!("{name} ->> 'a'")),
        _ => return None,
    };
    Some((Column { name: "g".to_owned(), kind }, format!("GENERATED ALWAYS AS ({text}) STORED")))
}

/// Tables, and the statements that make and fill them.
pub(super) fn tables(random: &mut Random) -> (Vec<Table>, Vec<Setup>) {
    let mut tables: Vec<Table> = (0..2 + random.index(2)).map(|at| Table::of(random, at)).collect();
    if random.one_in(3) {
        tables[1].refer(random, "t0");
    }
    let mut statements: Vec<Setup> = vec![(MOOD.to_owned(), BTreeSet::from(["create type"]))];
    for table in &mut tables {
        statements.push((table.definition(), table.places()));
        let before = random.one_in(2);
        let mut indexes: Vec<Setup> = Vec::new();
        for number in 0..random.index(3) {
            indexes.push(table.index(random, number));
            table.indexes.push(format!("i{number}_{}", table.name));
        }
        if before {
            statements.append(&mut indexes);
        }
        let names: Vec<&str> = table.columns.iter().map(|column| &*column.name).collect();
        for _ in 0..random.index(14) {
            let row = |random: &mut Random| {
                let values: Vec<String> =
                    (0..table.columns.len()).map(|at| table.value(random, at)).collect();
                format!("({})", values.join(", "))
            };
            let rows: Vec<String> = (0..1 + random.index(3)).map(|_| row(random)).collect();
            let (name, names, rows) = (&table.name, names.join(", "), rows.join(", "));
            let text = format!("INSERT INTO {name} ({names}) VALUES {rows}");
            statements.push((text, BTreeSet::from(["rows"])));
        }
        statements.append(&mut indexes);
    }
    (tables, statements)
}

/// An id of a row.
pub(super) fn id(random: &mut Random) -> String {
    match random.below(12) {
        0 => "-1".to_owned(),
        1 => "2147483647".to_owned(),
        _ => random.below(60).to_string(),
    }
}
