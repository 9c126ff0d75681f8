//! Random tables, indexes and rows.

use std::collections::BTreeSet;

use bourse_storage::sync::sim::Random;

use super::literal::literal;

/// What kind of values an expression or a column has, mostly.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Integer,
    Real,
    Text,
    Blob,
    /// Text like a date or a time.
    Date,
}

impl Kind {
    pub(super) const ALL: [Kind; 5] =
        [Kind::Integer, Kind::Real, Kind::Text, Kind::Blob, Kind::Date];

    /// Types that a column of this kind is declared with, and what they are called in the report.
    fn declarations(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Kind::Integer => &[
                ("INTEGER", "type INTEGER"),
                ("INTEGER", "type INTEGER"),
                ("INT", "type INT"),
                ("BIGINT", "type BIGINT"),
                ("NUMERIC", "type NUMERIC"),
                ("BOOLEAN", "type BOOLEAN"),
            ],
            Kind::Real => &[
                ("REAL", "type REAL"),
                ("REAL", "type REAL"),
                ("DOUBLE PRECISION", "type DOUBLE PRECISION"),
                ("FLOAT", "type FLOAT"),
                ("NUMERIC", "type NUMERIC"),
            ],
            Kind::Text => &[
                ("TEXT", "type TEXT"),
                ("TEXT", "type TEXT"),
                ("VARCHAR(20)", "type VARCHAR"),
                ("CLOB", "type CLOB"),
            ],
            Kind::Date => &[("TEXT", "type TEXT (dates)")],
            Kind::Blob => &[("BLOB", "type BLOB"), ("BLOB", "type BLOB"), ("", "type of none")],
        }
    }

    fn declared(self, random: &mut Random) -> (&'static str, &'static str) {
        pick(random, self.declarations())
    }
}

#[derive(Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// The type that it is declared with, and what the report calls that; a column of a query has
    /// none.
    declared: Option<(&'static str, &'static str)>,
    not_null: bool,
    default: Option<String>,
    collation: Option<&'static str>,
}

impl Column {
    /// A column of a query.
    pub(super) fn plain(name: String, kind: Kind) -> Column {
        Column { name, kind, declared: None, not_null: false, default: None, collation: None }
    }

    /// What the report calls its type.
    pub(super) fn type_note(&self) -> Option<&'static str> {
        self.declared.map(|(_, note)| note)
    }

    fn is_declared(&self, types: &[&str]) -> bool {
        self.declared.is_some_and(|(declared, _)| types.contains(&declared))
    }

    /// Whether it keeps integers alone.
    fn is_whole(&self) -> bool {
        self.is_declared(&["INTEGER", "INT", "BIGINT"])
    }

    /// Whether it keeps texts alone.
    fn is_textual(&self) -> bool {
        self.is_declared(&["TEXT", "VARCHAR(20)", "CLOB"])
    }

    /// Its name and type, as a definition has them.
    fn head(&self) -> String {
        let declared = self.declared.map_or("", |(declared, _)| declared);
        format!("{} {declared}", self.name).trim_end().to_owned()
    }
}

#[derive(Clone)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// How many of the first columns are the primary key.
    key: usize,
    /// Whether keys and rows are such that the key is the row id.
    has_rowid_key: bool,
    /// Unique columns besides the key, by position.
    pub(super) unique: Vec<usize>,
    check: Option<String>,
    /// A column that is computed of others, and how.
    generated: Option<(Column, String)>,
    /// `WITHOUT ROWID`, `STRICT`.
    options: Vec<&'static str>,
    /// A column that refers to the key of a table, with what is to happen.
    parent: Option<(usize, String)>,
    /// Names of its indexes.
    pub(super) indexes: Vec<String>,
    /// One of them is unique.
    has_unique_index: bool,
}

impl Table {
    /// Columns of the primary key.
    pub(super) fn key(&self) -> Vec<String> {
        self.columns[..self.key].iter().map(|column| column.name.clone()).collect()
    }

    /// Whether a column is one of a key, or decides about one.
    pub(super) fn is_in_key(&self, at: usize) -> bool {
        at < self.key || self.unique.contains(&at) || self.has_unique_index
    }

    /// Whether texts of a column are equal that are not the same.
    pub(super) fn has_collations(&self) -> bool {
        self.columns.iter().any(|column| column.collation.is_some_and(|name| name != "BINARY"))
    }

    fn of(random: &mut Random, number: usize) -> Table {
        let name = format!("t{number}");
        let columns: Vec<Column> = (0..2 + random.index(5))
            .map(|at| {
                let kind = if at == 0 { Kind::Integer } else { pick(random, &Kind::ALL) };
                let default = random.one_in(5).then(|| literal(random, kind));
                let is_text = matches!(kind, Kind::Text);
                Column {
                    name: format!("{}{at}", pick(random, &["a", "b", "c", "v"])),
                    kind,
                    declared: Some(match at {
                        0 => kind.declarations()[0],
                        _ => kind.declared(random),
                    }),
                    not_null: random.one_in(6),
                    default: default.filter(|text| text != "NULL"),
                    collation: (is_text && random.one_in(5))
                        .then(|| pick(random, &["NOCASE", "RTRIM", "BINARY"])),
                }
            })
            .collect();
        let has_rowid_key = !random.one_in(4);
        let key = match has_rowid_key {
            true => 1,
            false => random.index(3.min(columns.len())),
        };
        let unique = (key..columns.len()).filter(|_| random.one_in(8)).collect();
        let check = random.one_in(8).then(|| format!("{} <> 13", columns[0].name));
        let generated = random.one_in(6).then(|| generated(random, &columns));
        let mut options = Vec::new();
        if key > 0 && random.one_in(8) {
            options.push("WITHOUT ROWID");
        }
        let mut columns = columns;
        if random.one_in(8) {
            options.push("STRICT");
            for (at, column) in columns.iter_mut().enumerate() {
                column.declared = Some(match at > 0 && random.one_in(6) {
                    true => ("ANY", "type ANY"),
                    false => column.kind.declarations()[0],
                });
            }
        }
        Table {
            name,
            columns,
            key,
            has_rowid_key,
            unique,
            check,
            generated,
            options,
            parent: None,
            indexes: Vec::new(),
            has_unique_index: false,
        }
    }

    /// The columns that a query may name.
    pub(super) fn visible(&self) -> Vec<Column> {
        let generated = self.generated.iter().map(|(column, _)| column);
        self.columns.iter().chain(generated).cloned().collect()
    }

    /// Places of the grammar that its definition uses.
    fn places(&self) -> BTreeSet<&'static str> {
        let mut places = BTreeSet::from(["definition"]);
        let mut note = |is_there: bool, name| {
            if is_there {
                places.insert(name);
            }
        };
        note(self.generated.is_some(), "generated column");
        note(self.options.contains(&"WITHOUT ROWID"), "without rowid");
        note(self.options.contains(&"STRICT"), "strict table");
        note(self.parent.is_some(), "foreign key");
        note(self.check.is_some(), "check");
        note(!self.unique.is_empty(), "unique column");
        note(self.columns.iter().any(|column| column.default.is_some()), "default");
        note(self.columns.iter().any(|column| column.collation.is_some()), "collated column");
        places
    }

    /// A statement that alters it, what that is called, and the table as it is then.
    pub(super) fn altered(&self, random: &mut Random) -> (String, &'static str, Table) {
        let mut altered = self.clone();
        let last = altered.columns.len() - 1;
        // What else needs the column SQLite and Bourse treat in ways of their own.
        let is_free = self.generated.is_none() && self.indexes.is_empty() && !self.is_in_key(last);
        let ways = if is_free { 3 } else { 1 };
        match random.below(ways) {
            0 => {
                let kind = pick(random, &Kind::ALL);
                let mut column = Column::plain(format!("n{}", self.columns.len()), kind);
                column.declared = Some(match self.options.contains(&"STRICT") {
                    true => kind.declarations()[0],
                    false => kind.declared(random),
                });
                column.default = random.one_in(2).then(|| literal(random, kind));
                let mut text = format!("ALTER TABLE {} ADD COLUMN {}", self.name, column.head());
                if let Some(default) = &column.default {
                    text.push_str(&format!(" DEFAULT {default}"));
                }
                altered.columns.push(column);
                (text, "add column", altered)
            }
            1 => {
                let (from, to) = (&self.columns[last].name, format!("m{last}"));
                let text = format!("ALTER TABLE {} RENAME COLUMN {from} TO {to}", self.name);
                altered.columns[last].name = to;
                (text, "rename column", altered)
            }
            _ => {
                let from = &self.columns[last].name;
                let text = format!("ALTER TABLE {} DROP COLUMN {from}", self.name);
                altered.columns.pop();
                altered.unique.retain(|at| *at != last);
                (text, "drop column", altered)
            }
        }
    }

    /// Refers to the key of a table with one.
    fn refer(&mut self, random: &mut Random, parent: &Table) {
        // Bourse refers from a column to one of the same type.
        let fitting = |at: &usize| self.columns[*at].is_whole();
        let Some(at) = (self.key..self.columns.len()).find(fitting) else { return };
        if !parent.has_rowid_key {
            return;
        }
        let actions = ["", "NO ACTION", "RESTRICT", "CASCADE", "SET NULL"];
        let mut text = format!("REFERENCES {} ({})", parent.name, parent.columns[0].name);
        for event in ["DELETE", "UPDATE"] {
            match pick(random, &actions) {
                "" => {}
                action => text.push_str(&format!(" ON {event} {action}")),
            }
        }
        self.columns[at].default = None;
        self.parent = Some((at, text));
    }

    /// Whether a column's values are ids that the engine makes where none is given. Which it makes
    /// is its own affair, so they are always given.
    pub(super) fn makes_ids(&self, at: usize) -> bool {
        at == 0 && self.key == 1
    }

    /// A value of a row: few that occur often, so that joins and groups find partners.
    fn value(&self, random: &mut Random, at: usize) -> String {
        match self.columns[at].kind {
            _ if self.makes_ids(at) => id(random),
            _ if self.parent.as_ref().is_some_and(|(child, _)| *child == at) => {
                pick(random, &["NULL", "1", "2", "3", "5", "7", "10"]).to_owned()
            }
            _ if random.one_in(8) => "NULL".to_owned(),
            Kind::Integer if random.one_in(2) => random.below(12).to_string(),
            Kind::Text if random.one_in(2) => format!("'{}'", pick(random, &["a", "b", "A", "ab"])),
            kind => literal(random, kind),
        }
    }

    fn definition(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            let mut part = column.head();
            if self.has_rowid_key && at == 0 {
                part.push_str(" PRIMARY KEY");
            }
            // Of a row id neither says anything.
            let is_id = self.has_rowid_key && at == 0;
            if column.not_null && !is_id || (!self.has_rowid_key && at < self.key) {
                part.push_str(" NOT NULL");
            }
            if let Some(default) = column.default.as_ref().filter(|_| !is_id) {
                part.push_str(&format!(" DEFAULT {default}"));
            }
            if let Some(collation) = column.collation {
                part.push_str(&format!(" COLLATE {collation}"));
            }
            if self.unique.contains(&at) {
                part.push_str(" UNIQUE");
            }
            if let Some((child, refers)) = &self.parent
                && *child == at
            {
                part.push_str(&format!(" {refers}"));
            }
            parts.push(part);
        }
        if let Some((column, text)) = &self.generated {
            parts.push(format!("{} {text}", column.head()));
        }
        if !self.has_rowid_key && self.key > 0 {
            parts.push(format!("PRIMARY KEY ({})", self.key().join(", ")));
        }
        if let Some(check) = &self.check {
            parts.push(format!("CHECK ({check})"));
        }
        let mut text = format!("CREATE TABLE {} ({})", self.name, parts.join(", "));
        if !self.options.is_empty() {
            text.push_str(&format!(" {}", self.options.join(", ")));
        }
        text
    }

    fn index(&self, random: &mut Random, number: usize) -> Setup {
        let mut notes = BTreeSet::from(["index"]);
        let mut places: Vec<usize> = (0..self.columns.len()).collect();
        let count = 1 + random.index(places.len().min(3));
        let mut parts = Vec::new();
        for _ in 0..count {
            let column = &self.columns[places.swap_remove(random.index(places.len()))];
            let name = &column.name;
            // Bourse computes keys of indexes by the types of columns.
            let part = match random.below(8) {
                0 | 1 if column.is_textual() => format!("lower({name})"),
                0 | 1 if column.is_whole() => format!("abs({name})"),
                2 => format!("{name} IS NULL"),
                3 => {
                    notes.insert("index with a collation");
                    format!("{name} COLLATE NOCASE")
                }
                _ => name.clone(),
            };
            if part.contains('(') || part.contains(" IS ") {
                notes.insert("index on an expression");
            }
            let order = if random.one_in(3) { " DESC" } else { "" };
            if !order.is_empty() {
                notes.insert("index in descending order");
            }
            parts.push(format!("{part}{order}"));
        }
        let first = &self.columns[0].name;
        let last = &self.columns[self.columns.len() - 1];
        let condition = match random.below(8) {
            0 => format!(" WHERE {first} IS NOT NULL"),
            1 => format!(" WHERE {first} > 0"),
            2 if last.is_textual() => format!(" WHERE {} = 'a' OR {first} < 9", last.name),
            _ => String::new(),
        };
        if !condition.is_empty() {
            notes.insert("partial index");
        }
        let unique = if random.one_in(10) { "UNIQUE " } else { "" };
        if !unique.is_empty() {
            notes.insert("unique index");
        }
        let (name, parts) = (&self.name, parts.join(", "));
        let text = format!("CREATE {unique}INDEX i{number}_{name} ON {name} ({parts}){condition}");
        (text, notes)
    }
}

/// A generated column of a table with such columns.
fn generated(random: &mut Random, columns: &[Column]) -> (Column, String) {
    let of = &pick(random, &columns.iter().collect::<Vec<_>>()).name;
    let (kind, text) = match random.below(7) {
        0 => (Kind::Integer, format!("coalesce(length({of}), 0) + 1")),
        1 => (Kind::Text, format!("typeof({of}) || '!'")),
        2 => (Kind::Text, format!("upper({of})")),
        3 => (Kind::Integer, format!("CASE WHEN {of} > 2 THEN 1 WHEN {of} < 2 THEN -1 END")),
        4 => (Kind::Text, format!("substr({of}, 1, 2)")),
        5 => (Kind::Real, format!("{of} * 0.5")),
        _ => (Kind::Integer, format!("{of} IS NULL")),
    };
    let kept = pick(random, &["STORED", "VIRTUAL", ""]);
    // SQLite reads whole numbers of a virtual REAL column as integers where it sorts them.
    let kept = if kind == Kind::Real { "STORED" } else { kept };
    let text = format!("GENERATED ALWAYS AS ({text}) {kept}");
    let mut column = Column::plain("g".to_owned(), kind);
    column.declared = Some(kind.declarations()[0]);
    (column, text)
}

/// A statement that makes a table or fills it, and the places of the grammar that it uses.
pub(super) type Setup = (String, BTreeSet<&'static str>);

/// Tables, and the statements that make and fill them. Rows that a constraint refuses are among
/// them, one a statement.
pub(super) fn tables(random: &mut Random) -> (Vec<Table>, Vec<Setup>) {
    let mut tables: Vec<Table> = (0..2 + random.index(3)).map(|at| Table::of(random, at)).collect();
    let mut statements: Vec<Setup> = Vec::new();
    if random.one_in(3) {
        let (parents, children) = tables.split_at_mut(1);
        if random.one_in(2) {
            children[0].refer(random, &parents[0]);
        }
        let places = BTreeSet::from(["pragma foreign_keys"]);
        statements.push(("PRAGMA foreign_keys = ON".to_owned(), places));
    }
    for table in &mut tables {
        statements.push((table.definition(), table.places()));
        let before = random.one_in(2);
        let indexes: Vec<Setup> =
            (0..random.index(3)).map(|number| table.index(random, number)).collect();
        for number in 0..indexes.len() {
            table.indexes.push(format!("i{number}_{}", table.name));
        }
        table.has_unique_index = indexes.iter().any(|(_, notes)| notes.contains("unique index"));
        if before {
            statements.extend(indexes.iter().cloned());
        }
        let names: Vec<&str> = table.columns.iter().map(|column| &*column.name).collect();
        for _ in 0..random.index(40) {
            let values: Vec<String> =
                (0..table.columns.len()).map(|at| table.value(random, at)).collect();
            let (name, names, values) = (&table.name, names.join(", "), values.join(", "));
            let text = format!("INSERT INTO {name} ({names}) VALUES ({values})");
            statements.push((text, BTreeSet::from(["row"])));
        }
        if !before {
            statements.extend(indexes);
        }
    }
    (tables, statements)
}

/// An id of a row.
pub(super) fn id(random: &mut Random) -> String {
    match random.below(8) {
        0 => "-1".to_owned(),
        1 => "2147483648".to_owned(),
        _ => random.below(60).to_string(),
    }
}

pub(super) fn pick<T: Copy>(random: &mut Random, from: &[T]) -> T {
    from[random.index(from.len())]
}
