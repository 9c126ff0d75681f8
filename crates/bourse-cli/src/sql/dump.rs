//! All of a store as statements that make it anew, and rows from CSV files.
//!
//! In PostgreSQL's dialect a dump is what `pg_dump` writes: definitions from `pg_catalog`, rows as
//! COPY; indexes, foreign keys and views come behind the rows. In SQLite's it is what SQLite's
//! shell writes: the statements of `sqlite_schema`, rows as INSERT.

use std::io::Read;

use bourse_sql::Dialect;
use bourse_sql::catalog::Catalog;
use bourse_sql::connection::{Connection, Row};
use bourse_storage::{Error, Result};

use super::shell::{Ended, Shell, told};

/// Bytes of a file that are read at a time.
const CHUNK: usize = 1 << 20;

/// `.dump`: of all, or of the tables that are named.
pub(super) fn run(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    let dialect = shell.connection().dialect();
    let connection = Connection::of(shell.connection().database()).with_dialect(dialect);
    // One state of the store for all of it.
    connection
        .execute(if dialect == Dialect::Sqlite { "BEGIN" } else { SNAPSHOT }, ())
        .map_err(|error| told(&error))?;
    let mut dump = Dump { shell, connection: &connection, tables: arguments };
    match dialect {
        Dialect::Postgres => dump.postgres()?,
        Dialect::Sqlite => dump.sqlite()?,
    }
    Ok(Ended::AllRead)
}

const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ";

struct Dump<'d> {
    shell: &'d mut Shell,
    connection: &'d Connection,
    /// Tables that are wanted; all without any.
    tables: &'d [String],
}

/// A name as it stands in a statement.
fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Dump<'_> {
    fn texts(&self, query: &str) -> Result<Vec<String>> {
        let rows = self.connection.query(query, ()).map_err(|error| told(&error))?;
        rows.map(|row| row.get::<String>(0)).map_err(|error| told(&error))
    }

    fn is_wanted(&self, name: &str) -> bool {
        self.tables.is_empty() || self.tables.iter().any(|table| table.eq_ignore_ascii_case(name))
    }

    /// Writes the statements that a query makes.
    fn statements(&mut self, query: &str) -> Result<()> {
        for statement in self.texts(query)? {
            self.shell.write(&format!("{statement}\n"))?;
        }
        Ok(())
    }

    fn sqlite(&mut self) -> Result<()> {
        self.shell.write("PRAGMA foreign_keys=OFF;\n")?;
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL \
                      AND name NOT LIKE 'sqlite_%'";
        for table in self.texts(tables)? {
            if !self.is_wanted(&table) {
                continue;
            }
            let literal = table.replace('\'', "''");
            self.statements(&format!(
                "SELECT sql || ';' FROM sqlite_schema WHERE type = 'table' AND name = '{literal}'"
            ))?;
            self.sqlite_rows(&table)?;
        }
        if self.tables.is_empty() {
            self.statements(
                "SELECT sql || ';' FROM sqlite_schema WHERE type IN ('index', 'view') AND sql IS \
                 NOT NULL ORDER BY type",
            )?;
        } else {
            let names: Vec<String> = self
                .tables
                .iter()
                .map(|name| format!("'{}'", name.to_lowercase().replace('\'', "''")))
                .collect();
            self.statements(&format!(
                "SELECT sql || ';' FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL \
                 AND lower(tbl_name) IN ({})",
                names.join(", ")
            ))?;
        }
        Ok(())
    }

    /// Rows of a table, in one transaction.
    fn sqlite_rows(&mut self, table: &str) -> Result<()> {
        let literal = table.replace('\'', "''");
        let columns = self.texts(&format!(
            "SELECT name FROM pragma_table_xinfo('{literal}') WHERE hidden = 0 ORDER BY cid"
        ))?;
        let quoted: Vec<String> =
            columns.iter().map(|name| format!("quote({})", identifier(name))).collect();
        let names: Vec<String> = columns.iter().map(|name| identifier(name)).collect();
        let (table, names) = (identifier(table), names.join(","));
        let query = format!("SELECT {} FROM {table}", quoted.join(" || ',' || "));
        self.shell.write("BEGIN TRANSACTION;\n")?;
        self.each(&query, |row| {
            Ok(format!("INSERT INTO {table}({names}) VALUES({});\n", row.get::<String>(0)?))
        })?;
        self.shell.write("COMMIT;\n")
    }

    /// Writes what is made of each row of a query, some of them at a time.
    fn each(
        &mut self,
        query: &str,
        mut line: impl FnMut(&Row<'_>) -> bourse_sql::error::Result<String> + Send,
    ) -> Result<()> {
        let mut rows = self.connection.query(query, ()).map_err(|error| told(&error))?;
        let mut text = String::new();
        while let Some(row) = rows.next() {
            text.push_str(&line(&row).map_err(|error| told(&error))?);
            if text.len() >= CHUNK {
                self.shell.write(&std::mem::take(&mut text))?;
            }
        }
        self.shell.write(&text)
    }

    fn postgres(&mut self) -> Result<()> {
        let head =
            "-- A dump of Bourse's. Run it on an empty store: bourse sql --data DIR -f FILE\n";
        self.shell.write(head)?;
        let all = self.tables.is_empty();
        if all {
            for query in BEFORE_TABLES {
                self.statements(query)?;
            }
        }
        let tables = self.postgres_tables()?;
        for table in &tables {
            self.shell.write(&format!("{}\n", table.statement))?;
        }
        for table in &tables {
            self.postgres_rows(table)?;
        }
        let oids: Vec<String> = tables.iter().map(|table| table.oid.to_string()).collect();
        let oids = if oids.is_empty() { "0".to_owned() } else { oids.join(", ") };
        for query in AFTER_ROWS {
            self.statements(&query.replace("$1", &oids))?;
        }
        if all {
            for query in LAST {
                self.statements(query)?;
            }
        }
        Ok(())
    }

    /// The tables that are wanted, with their CREATE statements.
    fn postgres_tables(&self) -> Result<Vec<Wanted>> {
        let catalog = Catalog::shared(self.connection.database()).map_err(|error| told(&error))?;
        let rows = self.connection.query(TABLES, ()).map_err(|error| told(&error))?;
        let read = |row: &Row<'_>| {
            let (schema, name): (String, String) = (row.get(1)?, row.get(2)?);
            let of_store = catalog.table_of_store(&bourse_sql::catalog::store_name(&schema, &name));
            let shard_key = of_store.map(|entry| {
                let definition = entry.table.definition();
                let names = definition
                    .shard_key
                    .iter()
                    .map(|at| identifier(&entry.columns[usize::from(*at)].name));
                names.collect::<Vec<_>>().join(", ")
            });
            let shard_by = match shard_key {
                Some(names) if !names.is_empty() => format!(" SHARD BY ({names})"),
                _ => String::new(),
            };
            Ok(Wanted {
                oid: row.get(0)?,
                statement: format!("{}{shard_by};", row.get::<String>(3)?),
                columns: row.get(4)?,
                schema,
                name,
            })
        };
        let found: Vec<Wanted> = rows.map(read).map_err(|error| told(&error))?;
        Ok(found.into_iter().filter(|table| self.is_wanted(&table.name)).collect())
    }

    fn postgres_rows(&mut self, table: &Wanted) -> Result<()> {
        let whole = format!("{}.{}", identifier(&table.schema), identifier(&table.name));
        let of = format!("{whole} ({})", table.columns);
        self.shell.write(&format!("COPY {of} FROM stdin;\n"))?;
        // Values in text are texts, cut anywhere.
        let mut bytes = Vec::new();
        let copied = self.connection.copy_out(&format!("COPY {of} TO STDOUT"), |chunk| {
            bytes.extend_from_slice(chunk);
            Ok(())
        });
        copied.map_err(|error| told(&error))?;
        self.shell.write(&String::from_utf8_lossy(&bytes))?;
        self.shell.write("\\.\n")
    }
}

/// A table that is dumped.
struct Wanted {
    oid: i64,
    schema: String,
    name: String,
    statement: String,
    /// Columns that hold values of their own, with commas between them.
    columns: String,
}

/// What tables build upon.
const BEFORE_TABLES: &[&str] = &[
    "SELECT 'CREATE SCHEMA ' || quote_ident(nspname) || ';' FROM pg_catalog.pg_namespace WHERE \
     nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public') ORDER BY nspname",
    "SELECT 'CREATE TYPE ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname) || \
     ' AS ENUM (' || string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) || ');' \
     FROM pg_catalog.pg_enum e JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid JOIN \
     pg_catalog.pg_namespace n ON n.oid = t.typnamespace GROUP BY n.nspname, t.typname \
     ORDER BY n.nspname, t.typname",
    "SELECT 'CREATE DOMAIN ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname) || ' AS ' \
     || pg_catalog.format_type(t.typbasetype, t.typtypmod) || coalesce(' DEFAULT ' || \
     t.typdefault, '') || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END || coalesce((SELECT \
     string_agg(' CONSTRAINT ' || quote_ident(k.conname) || ' ' || \
     pg_catalog.pg_get_constraintdef(k.oid), '') FROM pg_catalog.pg_constraint k WHERE k.contypid \
     = t.oid), '') || ';' FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = \
     t.typnamespace WHERE t.typtype = 'd' AND n.nspname NOT IN ('pg_catalog', \
     'information_schema') ORDER BY n.nspname, t.typname",
    "SELECT 'CREATE SEQUENCE ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' AS \
     ' || pg_catalog.format_type(s.seqtypid, NULL) || ' INCREMENT ' || s.seqincrement || ' \
     MINVALUE ' || s.seqmin || ' MAXVALUE ' || s.seqmax || ' START ' || s.seqstart || ' CACHE ' || \
     s.seqcache || CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END || ';' FROM \
     pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid JOIN \
     pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE NOT EXISTS (SELECT 1 FROM \
     pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i') ORDER BY n.nspname, \
     c.relname",
];

/// Tables: number, schema, name, statement without its end, and columns that COPY writes.
const TABLES: &str = "SELECT c.oid::bigint, n.nspname, c.relname, 'CREATE TABLE ' || \
     quote_ident(n.nspname) || '.' \
     || quote_ident(c.relname) || E' (\\n' || (SELECT string_agg('    ' || quote_ident(a.attname) \
     || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN \
     ' NOT NULL' ELSE '' END || CASE WHEN a.attgenerated::text = 's' THEN ' GENERATED ALWAYS AS (' \
     || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ') STORED' WHEN a.attidentity::text = 'a' \
     THEN ' GENERATED ALWAYS AS IDENTITY' WHEN a.attidentity::text = 'd' THEN ' GENERATED BY \
     DEFAULT AS IDENTITY' ELSE coalesce(' DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, \
     d.adrelid), '') END, E',\\n' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a LEFT JOIN \
     pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = \
     c.oid AND a.attnum > 0 AND NOT a.attisdropped) || coalesce((SELECT string_agg(E',\\n    \
     CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_catalog.pg_get_constraintdef(k.oid), '' \
     ORDER BY k.contype DESC, k.conname) FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid \
     AND k.contype IN ('p', 'u', 'c')), '') || E'\\n)', (SELECT \
     coalesce(string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), '') FROM \
     pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
     AND a.attgenerated::text <> 's') FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON \
     n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', \
     'information_schema') ORDER BY c.oid";

/// What is about tables and comes behind their rows; `$1` is the list of their numbers.
const AFTER_ROWS: &[&str] = &[
    "SELECT pg_catalog.pg_get_indexdef(i.indexrelid) || ';' FROM pg_catalog.pg_index i WHERE \
     i.indrelid IN ($1) AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid \
     = i.indexrelid AND k.contype IN ('p', 'u')) ORDER BY i.indexrelid",
    "SELECT 'ALTER TABLE ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' ADD \
     CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_catalog.pg_get_constraintdef(k.oid) || \
     ';' FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN \
     pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE k.contype = 'f' AND k.conrelid IN \
     ($1) ORDER BY n.nspname, c.relname, k.conname",
];

/// What uses tables.
const LAST: &[&str] = &[
    "SELECT 'CREATE' || CASE c.relkind WHEN 'm' THEN ' MATERIALIZED' ELSE '' END || ' VIEW ' || \
     quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' AS ' || \
     rtrim(pg_catalog.pg_get_viewdef(c.oid), ';') || ';' FROM pg_catalog.pg_class c JOIN \
     pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND \
     n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY c.oid",
    "SELECT 'SELECT pg_catalog.setval(' || quote_literal(quote_ident(schemaname) || '.' || \
     quote_ident(sequencename)) || ', ' || last_value || ');' FROM pg_catalog.pg_sequences WHERE \
     last_value IS NOT NULL ORDER BY schemaname, sequencename",
];

/// `.import`: rows of a CSV file into a table, which is made of TEXT columns if it is not there.
pub(super) fn import(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    let mut skip = 0_usize;
    let mut names = Vec::new();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--csv" | "-csv" => {}
            "--skip" | "-skip" => {
                let number = words.next().and_then(|number| number.parse().ok());
                skip = number.ok_or_else(|| Error::invalid("--skip takes a number of lines"))?;
            }
            _ => names.push(word.as_str()),
        }
    }
    let [file, table] = names[..] else {
        return Err(Error::invalid("name a file and a table: .import FILE TABLE"));
    };
    let mut text = String::new();
    open(file)?
        .read_to_string(&mut text)
        .map_err(|error| Error::io(format!("cannot read {file}"), error))?;
    let mut rest = text.as_str();
    for _ in 0..skip {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    let database = shell.connection().database();
    let connection = Connection::of(database).with_dialect(Dialect::Postgres);
    let catalog = Catalog::shared(database).map_err(|error| told(&error))?;
    let mut has_header = false;
    if catalog.table_of_store(table).is_none() {
        let header = rest.lines().next().unwrap_or_default();
        let columns: Vec<String> = header
            .split(',')
            .map(|name| format!("{} text", identifier(name.trim().trim_matches('"'))))
            .collect();
        let create = format!("CREATE TABLE {} ({})", identifier(table), columns.join(", "));
        connection.execute(&create, ()).map_err(|error| told(&error))?;
        has_header = true;
    }
    let copy = format!(
        "COPY {} FROM STDIN WITH (FORMAT csv{})",
        identifier(table),
        if has_header { ", HEADER" } else { "" }
    );
    let rows = connection.copy_in(&copy, rest.as_bytes()).map_err(|error| told(&error))?;
    shell.write(&format!("COPY {rows}\n"))?;
    Ok(Ended::AllRead)
}

#[expect(clippy::disallowed_types, reason = "the file is no part of a store")]
fn open(file: &str) -> Result<impl Read> {
    std::fs::File::open(file).map_err(|error| Error::io(format!("cannot read {file}"), error))
}
