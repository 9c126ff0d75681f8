//! `sqlite_schema`: what there is, each with the statement that makes it again.

use bourse::schema::{Action, Default as StoreDefault, IndexKey, Timing};
use bourse::{Collation, Value};

use super::{indexes, integer, literal, name};
use crate::Dialect;
use crate::algebra::{Column, SetCall};
use crate::catalog::{Catalog, TableEntry};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::{Context, SetFunction, SetRows};
use crate::parse;

/// The columns of `sqlite_schema`.
pub(crate) const SCHEMA_COLUMNS: [&str; 5] = ["type", "name", "tbl_name", "rootpage", "sql"];

static SCHEMA: SetFunction = SetFunction { name: "sqlite_schema", call: rows };

/// The call that gives all rows.
pub(crate) fn schema_call(columns: Vec<Column>) -> SetCall {
    SetCall { function: &SCHEMA, arguments: Vec::new(), columns }
}

fn rows(_: &[Datum], context: &dyn Context) -> Result<SetRows> {
    let missing = || SqlError::new("XX000", "the schema was asked for outside of a session");
    let catalog = context.catalog().ok_or_else(missing)?;
    Ok(Box::new(schema_rows(catalog, false).into_iter().map(Ok)))
}

static TEMPORARY: SetFunction = SetFunction { name: "sqlite_temp_schema", call: temporary_rows };

/// The call that gives the rows of what is temporary.
pub(crate) fn temporary_schema_call(columns: Vec<Column>) -> SetCall {
    SetCall { function: &TEMPORARY, arguments: Vec::new(), columns }
}

fn temporary_rows(_: &[Datum], context: &dyn Context) -> Result<SetRows> {
    let missing = || SqlError::new("XX000", "the schema was asked for outside of a session");
    let catalog = context.catalog().ok_or_else(missing)?;
    Ok(Box::new(schema_rows(catalog, true).into_iter().map(Ok)))
}

/// All rows: tables in the order in which they were made, with the indexes of their keys, the
/// other indexes, views.
fn schema_rows(catalog: &Catalog, temporary: bool) -> Vec<Vec<Datum>> {
    let is_meant = |schema: &str| schema.starts_with("pg_temp_") == temporary;
    let mut tables = catalog.tables();
    tables.retain(|table| is_meant(&table.schema));
    tables.sort_by_key(|table| table.table.id());
    // Ids of tables and indexes are of one counter.
    let mut made: Vec<(u32, Vec<Datum>)> = Vec::new();
    for table in tables {
        let id = table.table.id();
        let row = |kind: &str, own: &str, root: u32, sql: Option<String>| {
            vec![
                Datum::text(kind),
                Datum::text(own),
                Datum::text(&table.name),
                Datum::Integer(i64::from(root)),
                sql.map_or(Datum::Null, |sql| Datum::text(&sql)),
            ]
        };
        made.push((id, row("table", &table.name, id, Some(table_sql(table)))));
        for index in indexes(table).into_iter().rev() {
            let definition = index.definition();
            let number = definition.map_or(id, |definition| definition.id);
            let sql = (index.origin == "c").then(|| index_sql(table, index.at)).flatten();
            let after = if index.origin == "c" { number } else { id };
            made.push((after, row("index", &index.name, number, sql)));
        }
    }
    made.sort_by_key(|(id, _)| *id);
    let views = catalog.views().into_iter().filter(|view| is_meant(&view.schema)).map(|view| {
        let columns: Vec<String> = view.note.columns.iter().map(|column| name(column)).collect();
        let columns =
            if columns.is_empty() { String::new() } else { format!("({})", columns.join(", ")) };
        let sql = format!("CREATE VIEW {}{columns} AS {}", name(&view.name), view.note.query);
        let (name, sql) = (Datum::text(&view.name), Datum::text(&sql));
        vec![Datum::text("view"), name.clone(), name, integer(0), sql]
    });
    made.into_iter().map(|(_, row)| row).chain(views).collect()
}

/// The statement that makes a table: as it was given, as long as that tells the columns of now.
fn table_sql(table: &TableEntry) -> String {
    if let Some(sql) = table.note.sql.as_deref().filter(|sql| is_of(sql, table)) {
        return sql.trim_end_matches(';').trim_end().to_owned();
    }
    let definition = table.table.definition();
    let keys = definition.primary_key_positions();
    let mut parts: Vec<String> = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        let mut text = format!("{} {}", name(&column.name), column.declared_type());
        let stored = &definition.columns[at];
        if let [key] = keys
            && usize::from(*key) == at
        {
            text.push_str(" PRIMARY KEY");
            if matches!(stored.default, Some(StoreDefault::Identity | StoreDefault::IdentityAlways))
            {
                text.push_str(" AUTOINCREMENT");
            }
        } else if stored.not_null {
            text.push_str(" NOT NULL");
        }
        if let Some(default) = default_sql(table, at) {
            text.push_str(&format!(" DEFAULT {default}"));
        }
        if column.collation != Collation::Binary {
            text.push_str(&format!(" COLLATE {}", column.collation));
        }
        parts.push(text.trim_end().to_owned());
    }
    if keys.len() > 1 {
        parts.push(format!("PRIMARY KEY ({})", columns_sql(table, keys)));
    }
    for index in indexes(table).iter().filter(|index| index.origin == "u") {
        let columns = index.definition().map(|definition| {
            let columns = definition.columns.iter().filter_map(|part| part.column());
            columns_sql(table, &columns.collect::<Vec<_>>())
        });
        parts.push(format!("UNIQUE ({})", columns.unwrap_or_default()));
    }
    for check in &definition.checks {
        let condition = definition.named(&check.condition);
        parts.push(format!("CONSTRAINT {} CHECK ({condition})", name(&check.name)));
    }
    parts.extend(definition.foreign_keys.iter().map(|key| foreign_key_sql(table, key)));
    format!("CREATE TABLE {} ({})", name(&table.name), parts.join(", "))
}

fn foreign_key_sql(table: &TableEntry, key: &bourse::ForeignKey) -> String {
    let (_, parent) = crate::catalog::split_store_name(&key.parent);
    let mut text =
        format!("FOREIGN KEY ({}) REFERENCES {}", columns_sql(table, &key.columns), name(parent));
    if !key.parent_columns.is_empty() {
        let columns: Vec<String> = key.parent_columns.iter().map(|column| name(column)).collect();
        text.push_str(&format!("({})", columns.join(", ")));
    }
    for (what, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if action != Action::NoAction {
            text.push_str(&format!(" ON {what} {}", action_sql(action)));
        }
    }
    if key.timing == Timing::Deferred {
        text.push_str(" DEFERRABLE INITIALLY DEFERRED");
    }
    text
}

/// An action as SQL writes it.
pub(super) fn action_sql(action: Action) -> &'static str {
    match action {
        Action::NoAction => "NO ACTION",
        Action::Restrict => "RESTRICT",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
    }
}

fn columns_sql(table: &TableEntry, positions: &[u16]) -> String {
    let names = positions.iter().map(|at| name(&table.columns[usize::from(*at)].name));
    names.collect::<Vec<_>>().join(", ")
}

/// Whether a statement makes a table of these columns: not any more after ALTER TABLE.
fn is_of(sql: &str, table: &TableEntry) -> bool {
    let Ok(parsed) = parse::parse(sql, Dialect::Sqlite) else { return false };
    let tree = parsed.first().and_then(|parsed| match &parsed.tree {
        parse::Tree::Sql(tree) => Some(tree.statement()),
        _ => None,
    });
    let Some(sqlparser::ast::Statement::CreateTable(create)) = tree else { return false };
    let named = create.name.0.last().and_then(|part| part.as_ident());
    let is_named = named.is_some_and(|ident| ident.value.eq_ignore_ascii_case(&table.name));
    is_named
        && create.columns.len() == table.columns.len()
        && create
            .columns
            .iter()
            .zip(&table.columns)
            .all(|(declared, column)| declared.name.value.eq_ignore_ascii_case(&column.name))
}

/// The DEFAULT of a column as SQL.
pub(super) fn default_sql(table: &TableEntry, at: usize) -> Option<String> {
    let entry = table.columns.get(at)?;
    if let Some(text) = entry.note.default.as_ref().filter(|_| entry.note.identity.is_none()) {
        return Some(text.clone());
    }
    if let Some(text) = &entry.note.written_default {
        return Some(text.clone());
    }
    match table.table.definition().columns.get(at)?.default.as_ref()? {
        StoreDefault::Constant(value) => Some(match value {
            Value::Null => "NULL".to_owned(),
            Value::Boolean(value) => i64::from(*value).to_string(),
            Value::Integer(value) => value.to_string(),
            Value::Decimal(value) => value.to_string(),
            Value::Double(value) => format!("{value:?}"),
            Value::Real(value) => format!("{value:?}"),
            Value::Text(text) | Value::Json(text) => literal(text),
            Value::Blob(bytes) => {
                format!("X'{}'", bytes.iter().map(|b| format!("{b:02X}")).collect::<String>())
            }
            other => {
                let ty = &entry.ty;
                let value =
                    crate::datum::from_value(other.as_value(), ty, Dialect::Postgres).ok()?;
                let context = &crate::function::PlainContext::POSTGRES;
                literal(&crate::datum::output(&value, ty, context).ok()?)
            }
        }),
        StoreDefault::CurrentTimestamp => Some("CURRENT_TIMESTAMP".to_owned()),
        _ => None,
    }
}

fn index_sql(table: &TableEntry, at: Option<usize>) -> Option<String> {
    let definition = table.table.definition();
    let index = definition.indexes.get(at?)?;
    let parts = index.columns.iter().map(|part| {
        let mut text = match &part.key {
            IndexKey::Column(column) => name(&table.columns[usize::from(*column)].name),
            IndexKey::Expression(expression) => definition.named(expression).to_string(),
        };
        let own = part.column().map(|column| table.columns[usize::from(column)].collation);
        if own.is_some_and(|own| own != part.collation) {
            text.push_str(&format!(" COLLATE {}", part.collation));
        }
        if part.descending { format!("{text} DESC") } else { text }
    });
    let parts = parts.collect::<Vec<_>>().join(", ");
    let unique = if index.unique { "UNIQUE " } else { "" };
    let mut sql =
        format!("CREATE {unique}INDEX {} ON {} ({parts})", name(&index.name), name(&table.name));
    if let Some(predicate) = &index.predicate {
        sql.push_str(&format!(" WHERE {}", definition.named(predicate)));
    }
    Some(sql)
}
