//! What there is: psql's `\d` family from `pg_catalog`, SQLite's `.tables` and its like from
//! `sqlite_schema`.

use bourse_sql::Dialect;
use bourse_sql::connection::{Connection, Rows};
use bourse_storage::{Error, Result};

use super::print::{self, Format, Style};
use super::shell::{Ended, Shell, told};

/// A pattern of psql's as a regular expression: `*` is anything, `?` any letter.
fn expression(pattern: &str) -> String {
    let mut text = String::from("^(");
    for letter in pattern.to_lowercase().chars() {
        match letter {
            '*' => text.push_str(".*"),
            '?' => text.push('.'),
            letter if letter.is_alphanumeric() || letter == '_' => text.push(letter),
            letter => text.extend(['\\', letter]),
        }
    }
    text.push_str(")$");
    text
}

/// Conditions on schema and name that a pattern says, and what is shown without one.
fn condition(pattern: Option<&String>, schema: &str, name: &str) -> String {
    let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let own = format!("{schema} NOT IN ('pg_catalog', 'information_schema')");
    let Some(pattern) = pattern else { return own };
    match pattern.split_once('.') {
        Some((of, pattern)) => format!(
            "{schema} ~ {} AND {name} ~ {}",
            literal(&expression(of)),
            literal(&expression(pattern))
        ),
        None => format!("{own} AND {name} ~ {}", literal(&expression(pattern))),
    }
}

fn rows(shell: &Shell, dialect: Dialect, text: &str) -> Result<Rows> {
    let connection = Connection::of(shell.connection().database()).with_dialect(dialect);
    connection.query(text, ()).map_err(|error| told(&error))
}

/// Shows what a query gives, or says that there is none.
fn list(shell: &mut Shell, what: &str, query: &str) -> Result<Ended> {
    let found = rows(shell, Dialect::Postgres, query)?;
    if found.is_empty() {
        eprintln!("There are no {what}.");
        return Ok(Ended::AllRead);
    }
    shell.show(found)?;
    Ok(Ended::AllRead)
}

fn relations(
    shell: &mut Shell,
    what: &str,
    kinds: &str,
    pattern: Option<&String>,
) -> Result<Ended> {
    let of_index = if kinds == "'i'" {
        ", (SELECT t.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class t \
         ON t.oid = i.indrelid WHERE i.indexrelid = c.oid) AS \"Table\""
    } else {
        ""
    };
    let condition = condition(pattern, "n.nspname", "c.relname");
    let query = format!(
        "SELECT n.nspname AS \"Schema\", c.relname AS \"Name\", CASE c.relkind WHEN 'r' THEN \
         'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' \
         WHEN 'S' THEN 'sequence' END AS \"Type\"{of_index} FROM pg_catalog.pg_class c \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ({kinds}) AND {condition} ORDER BY 1, 2"
    );
    list(shell, what, &query)
}

pub(super) fn tables(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    relations(shell, "tables", "'r', 'p'", arguments.first())
}

pub(super) fn indexes(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    relations(shell, "indexes", "'i'", arguments.first())
}

pub(super) fn views(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    relations(shell, "views", "'v'", arguments.first())
}

pub(super) fn kept_views(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    relations(shell, "materialized views", "'m'", arguments.first())
}

pub(super) fn sequences(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    relations(shell, "sequences", "'S'", arguments.first())
}

pub(super) fn schemas(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    let condition = condition(arguments.first(), "'own'", "n.nspname");
    let query = format!(
        "SELECT n.nspname AS \"Name\" FROM pg_catalog.pg_namespace n \
         WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND {condition} ORDER BY 1"
    );
    list(shell, "schemas", &query)
}

pub(super) fn types(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    let condition = condition(arguments.first(), "n.nspname", "t.typname");
    let query = format!(
        "SELECT n.nspname AS \"Schema\", pg_catalog.format_type(t.oid, NULL) AS \"Name\", \
         CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'base' END AS \"Kind\" \
         FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace \
         WHERE t.typtype IN ('b', 'd', 'e') AND t.typname !~ '^_' AND {condition} ORDER BY 1, 2"
    );
    list(shell, "types", &query)
}

/// Names of functions of the dialect.
pub(super) fn functions(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    let pattern = arguments.first().map_or("*", String::as_str);
    let literal = expression(pattern).replace('\'', "''");
    let names = bourse_sql::function::names(shell.connection().dialect());
    let names: Vec<String> =
        names.map(|name| format!("('{}')", name.replace('\'', "''"))).collect();
    let query = format!(
        "SELECT DISTINCT name AS \"Name\" FROM (VALUES {}) AS f (name) WHERE name ~ '{literal}' \
         ORDER BY 1",
        names.join(", ")
    );
    list(shell, "functions", &query)
}

/// `\d`: all that has rows, or one relation.
pub(super) fn any(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    let Some(name) = arguments.first() else {
        return relations(shell, "relations", "'r', 'p', 'v', 'm', 'S'", None);
    };
    let condition = condition(Some(name), "n.nspname", "c.relname");
    let query = format!(
        "SELECT c.oid::bigint, n.nspname, c.relname, c.relkind::text FROM pg_catalog.pg_class c \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE {condition} ORDER BY 2, 3"
    );
    let found = rows(shell, Dialect::Postgres, &query)?;
    if found.is_empty() {
        return Err(Error::invalid(format!("there is no relation named {name:?}")));
    }
    let read = |row: &bourse_sql::connection::Row<'_>| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    };
    let found: Vec<(i64, String, String, String)> =
        found.map(read).map_err(|error| told(&error))?;
    for (oid, schema, name, kind) in found {
        relation(shell, oid, &format!("{schema}.{name}"), &kind)?;
    }
    Ok(Ended::AllRead)
}

/// One relation: its columns, and what holds of it.
fn relation(shell: &mut Shell, oid: i64, name: &str, kind: &str) -> Result<()> {
    let kind = match kind {
        "v" => "View",
        "m" => "Materialized view",
        "i" => "Index",
        "S" => "Sequence",
        _ => "Table",
    };
    let columns = rows(
        shell,
        Dialect::Postgres,
        &format!(
            "SELECT a.attname AS \"Column\", pg_catalog.format_type(a.atttypid, a.atttypmod) AS \
             \"Type\", CASE WHEN a.attnotnull THEN 'not null' ELSE '' END AS \"Nullable\", \
             coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), CASE a.attidentity::text WHEN \
             'a' THEN 'generated always as identity' WHEN 'd' THEN 'generated by default as \
             identity' END, '') AS \"Default\" FROM pg_catalog.pg_attribute a LEFT JOIN \
             pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
             WHERE a.attrelid = {oid} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
        ),
    )?;
    let style = Style { format: Format::Table, null: String::new(), headers: true };
    let table = print::rows(columns, &style).map_err(|error| told(&error))?;
    let table = table.rsplit_once("\n(").map_or(table.as_str(), |(table, _)| table);
    let mut text = format!("{kind} \"{name}\"\n{table}\n");
    for (title, query) in FOOTERS {
        let found = rows(shell, Dialect::Postgres, &query.replace("$1", &oid.to_string()))?;
        let lines = found.map(|row| row.get::<String>(0)).map_err(|error| told(&error))?;
        if !lines.is_empty() {
            text.push_str(&format!("{title}:\n"));
            lines.iter().for_each(|line| text.push_str(&format!("    {line}\n")));
        }
    }
    text.push('\n');
    shell.write(&text)
}

/// What is told below a relation's columns.
const FOOTERS: &[(&str, &str)] = &[
    (
        "Indexes",
        "SELECT '\"' || x.relname || '\"' || CASE WHEN i.indisprimary THEN ' PRIMARY KEY,' WHEN \
         i.indisunique THEN ' UNIQUE,' ELSE '' END || regexp_replace(pg_catalog.pg_get_indexdef(\
         i.indexrelid), '^.* USING', '') FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON \
         x.oid = i.indexrelid WHERE i.indrelid = $1 ORDER BY NOT i.indisprimary, x.relname",
    ),
    (
        "Check constraints",
        "SELECT '\"' || conname || '\" ' || pg_catalog.pg_get_constraintdef(oid) FROM \
         pg_catalog.pg_constraint WHERE conrelid = $1 AND contype = 'c' ORDER BY conname",
    ),
    (
        "Foreign-key constraints",
        "SELECT '\"' || conname || '\" ' || pg_catalog.pg_get_constraintdef(oid) FROM \
         pg_catalog.pg_constraint WHERE conrelid = $1 AND contype = 'f' ORDER BY conname",
    ),
    (
        "Referenced by",
        "SELECT 'TABLE \"' || c.relname || '\" CONSTRAINT \"' || k.conname || '\" ' || \
         pg_catalog.pg_get_constraintdef(k.oid) FROM pg_catalog.pg_constraint k JOIN \
         pg_catalog.pg_class c ON c.oid = k.conrelid WHERE k.confrelid = $1 AND k.contype = 'f' \
         ORDER BY 1",
    ),
    (
        "View definition",
        "SELECT pg_catalog.pg_get_viewdef(oid) FROM pg_catalog.pg_class WHERE oid = $1 AND relkind \
         IN ('v', 'm')",
    ),
];

/// A condition on names that a pattern of LIKE says.
fn like(column: &str, pattern: Option<&String>) -> String {
    match pattern {
        Some(pattern) => format!("{column} LIKE '{}'", pattern.replace('\'', "''")),
        None => "1".to_owned(),
    }
}

fn names_of(shell: &mut Shell, query: &str) -> Result<Ended> {
    let found = rows(shell, Dialect::Sqlite, query)?;
    let names = found.map(|row| row.get::<String>(0)).map_err(|error| told(&error))?;
    let text: String = names.iter().map(|name| format!("{name}\n")).collect();
    shell.write(&text)?;
    Ok(Ended::AllRead)
}

pub(super) fn names(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    let query = format!(
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND {} ORDER BY 1",
        like("name", arguments.first())
    );
    names_of(shell, &query)
}

pub(super) fn index_names(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    let query = format!(
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND {} ORDER BY 1",
        like("tbl_name", arguments.first())
    );
    names_of(shell, &query)
}

pub(super) fn schema(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    let query = format!(
        "SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL AND {}",
        like("tbl_name", arguments.first())
    );
    names_of(shell, &query)
}
