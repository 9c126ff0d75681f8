//! Random tables, indexes and rows.

use bourse_storage::sync::sim::Random;

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

    fn declared(self) -> &'static str {
        match self {
            Kind::Integer => "INTEGER",
            Kind::Real => "REAL",
            Kind::Text | Kind::Date => "TEXT",
            Kind::Blob => "BLOB",
        }
    }
}

#[derive(Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    not_null: bool,
    default: Option<String>,
    collation: Option<&'static str>,
}

impl Column {
    /// A column of a subquery.
    pub(super) fn plain(name: String, kind: Kind) -> Column {
        Column { name, kind, not_null: false, default: None, collation: None }
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
}

impl Table {
    /// Columns of the primary key.
    pub(super) fn key(&self) -> Vec<String> {
        self.columns[..self.key].iter().map(|column| column.name.clone()).collect()
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
        Table { name, columns, key, has_rowid_key, unique, check }
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
            _ if random.one_in(8) => "NULL".to_owned(),
            Kind::Integer if random.one_in(2) => random.below(12).to_string(),
            Kind::Text if random.one_in(2) => format!("'{}'", pick(random, &["a", "b", "A", "ab"])),
            kind => literal(random, kind),
        }
    }

    fn definition(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            let mut part = format!("{} {}", column.name, column.kind.declared());
            if self.has_rowid_key && at == 0 {
                part.push_str(" PRIMARY KEY");
            }
            if column.not_null || (!self.has_rowid_key && at < self.key) {
                part.push_str(" NOT NULL");
            }
            if let Some(default) = &column.default {
                part.push_str(&format!(" DEFAULT {default}"));
            }
            if let Some(collation) = column.collation {
                part.push_str(&format!(" COLLATE {collation}"));
            }
            if self.unique.contains(&at) {
                part.push_str(" UNIQUE");
            }
            parts.push(part);
        }
        if !self.has_rowid_key && self.key > 0 {
            parts.push(format!("PRIMARY KEY ({})", self.key().join(", ")));
        }
        if let Some(check) = &self.check {
            parts.push(format!("CHECK ({check})"));
        }
        format!("CREATE TABLE {} ({})", self.name, parts.join(", "))
    }

    fn index(&self, random: &mut Random, number: usize) -> String {
        let mut places: Vec<usize> = (0..self.columns.len()).collect();
        let count = 1 + random.index(places.len().min(3));
        let parts: Vec<String> = (0..count)
            .map(|_| {
                let column = &self.columns[places.swap_remove(random.index(places.len()))];
                let order = if random.one_in(3) { " DESC" } else { "" };
                format!("{}{order}", column.name)
            })
            .collect();
        let condition = match random.below(6) {
            0 => format!(" WHERE {} IS NOT NULL", self.columns[0].name),
            1 => format!(" WHERE {} > 0", self.columns[0].name),
            _ => String::new(),
        };
        let (name, parts) = (&self.name, parts.join(", "));
        format!("CREATE INDEX i{number}_{name} ON {name} ({parts}){condition}")
    }
}

/// Tables, and the statements that make and fill them. Rows that a constraint refuses are among
/// them, one a statement.
pub(super) fn tables(random: &mut Random) -> (Vec<Table>, Vec<String>) {
    let tables: Vec<Table> = (0..2 + random.index(3)).map(|at| Table::of(random, at)).collect();
    let mut statements = Vec::new();
    for table in &tables {
        statements.push(table.definition());
        let before = random.one_in(2);
        let indexes: Vec<String> =
            (0..random.index(3)).map(|number| table.index(random, number)).collect();
        if before {
            statements.extend(indexes.iter().cloned());
        }
        for _ in 0..random.index(40) {
            let values: Vec<String> =
                (0..table.columns.len()).map(|at| table.value(random, at)).collect();
            statements.push(format!("INSERT INTO {} VALUES ({})", table.name, values.join(", ")));
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

/// A constant, edges often.
pub(super) fn literal(random: &mut Random, kind: Kind) -> String {
    const INTEGERS: [&str; 14] = [
        "0",
        "1",
        "-1",
        "2",
        "3",
        "5",
        "7",
        "10",
        "13",
        "100",
        "2147483648",
        "-2147483649",
        "9223372036854775807",
        "-9223372036854775807",
    ];
    const REALS: [&str; 11] = [
        "0.0",
        "-0.5",
        "1.0",
        "1.5",
        "2.25",
        "-3.75",
        "1e3",
        "1e-5",
        "123456.789",
        "1e15",
        "-1e300",
    ];
    const TEXTS: [&str; 16] = [
        "''",
        "'a'",
        "'A'",
        "'ab'",
        "'abc'",
        "'ABC '",
        "' a'",
        "'1'",
        "'1.5'",
        "'12abc'",
        "'-7'",
        "'it''s'",
        "'%'",
        "'a_c'",
        "'\u{e9}\u{df}'",
        "'NULL'",
    ];
    const BLOBS: [&str; 5] = ["x''", "x'00'", "x'61'", "x'616263'", "x'ff00'"];
    const DATES: [&str; 7] = [
        "'2024-02-29'",
        "'2023-12-31'",
        "'1970-01-01'",
        "'2024-02-29 12:34:56'",
        "'2023-12-31 23:59:59.999'",
        "'12:00'",
        "'2024-01-15T08:30'",
    ];
    let text = match kind {
        Kind::Integer => pick(random, &INTEGERS),
        Kind::Real => pick(random, &REALS),
        Kind::Text => pick(random, &TEXTS),
        Kind::Blob => pick(random, &BLOBS),
        Kind::Date => pick(random, &DATES),
    };
    text.to_owned()
}

fn pick<T: Copy>(random: &mut Random, from: &[T]) -> T {
    from[random.index(from.len())]
}
