//! PRAGMAs that tell of tables and indexes.

use bourse::Collation;

use super::schema::{action_sql, default_sql};
use super::{Listed, flag, indexes, integer, table};
use crate::catalog::{Catalog, TableNote, split_store_name};
use crate::datum::Datum;
use crate::system::objects::What;

type Row = Vec<Datum>;

/// Columns of a table or view; `extended` tells whether they are hidden, too.
pub(super) fn table_info(catalog: &Catalog, of: &str, extended: bool) -> Vec<Row> {
    let Some(table) = table(catalog, of) else { return view_info(catalog, of, extended) };
    let definition = table.table.definition();
    let keys = definition.primary_key_positions();
    let columns = table.columns.iter().zip(&definition.columns).enumerate();
    let columns = columns.filter(|(_, (entry, _))| extended || entry.note.generated.is_none());
    let row = |(number, (at, (entry, column))): (
        usize,
        (usize, (&crate::catalog::ColumnEntry, &bourse::schema::Column)),
    )| {
        let key = keys.iter().position(|key| usize::from(*key) == at);
        // That a key is never NULL is told where SQLite holds it to that, or the table says so.
        let not_null = match key {
            Some(_) if table.note.sql.is_some() => table.note.without_rowid || entry.note.not_null,
            _ => column.not_null,
        };
        let mut row = vec![
            integer(number),
            Datum::text(&entry.name),
            Datum::text(&entry.declared_type()),
            flag(not_null),
            default_sql(table, at).map_or(Datum::Null, |sql| Datum::text(&sql)),
            integer(key.map_or(0, |key| key + 1)),
        ];
        if extended {
            row.push(integer(if entry.note.generated.is_some() { 3 } else { 0 }));
        }
        row
    };
    columns.enumerate().map(row).collect()
}

fn view_info(catalog: &Catalog, of: &str, extended: bool) -> Vec<Row> {
    let system = catalog.system();
    let class =
        system.objects.classes.iter().find(|class| {
            matches!(class.what, What::View(_)) && class.name.eq_ignore_ascii_case(of)
        });
    let shape = class.and_then(|class| system.view_shape(class.oid, catalog));
    let columns = shape.map(|shape| shape.columns.as_slice()).unwrap_or_default();
    let row = |(at, (name, _)): (usize, &(String, crate::types::SqlType))| {
        let mut row = vec![
            integer(at),
            Datum::text(name),
            Datum::text(""),
            integer(0),
            Datum::Null,
            integer(0),
        ];
        if extended {
            row.push(integer(0));
        }
        row
    };
    columns.iter().enumerate().map(row).collect()
}

/// Tables and views: all of them, or the one of a name.
pub(super) fn table_list(catalog: &Catalog, of: Option<&str>) -> Vec<Row> {
    let row_of = |name: &str, kind: &str, columns: usize, note: Option<&TableNote>| {
        vec![
            Datum::text("main"),
            Datum::text(name),
            Datum::text(kind),
            integer(columns),
            flag(note.is_some_and(|note| note.without_rowid)),
            flag(note.is_some_and(|note| note.strict)),
        ]
    };
    let row = |name: &str, kind: &str, columns: usize| row_of(name, kind, columns, None);
    let tables = catalog.tables().into_iter();
    let tables =
        tables.map(|table| row_of(&table.name, "table", table.columns.len(), Some(&table.note)));
    let views = catalog
        .views()
        .into_iter()
        .map(|view| row(&view.name, "view", view_info(catalog, &view.name, false).len()));
    let aggregates = catalog.aggregate_views().into_iter();
    let aggregates = aggregates.map(|view| row(view.name(), "view", view.columns().len()));
    let views = views.chain(aggregates);
    let own = [row("sqlite_schema", "table", 5)];
    let is_wanted = |row: &Row| {
        of.is_none_or(|of| row[1].as_text().is_some_and(|name| name.eq_ignore_ascii_case(of)))
    };
    tables.chain(views).chain(own).filter(is_wanted).collect()
}

/// The indexes of a table.
pub(super) fn index_list(catalog: &Catalog, of: &str) -> Vec<Row> {
    let Some(table) = table(catalog, of) else { return Vec::new() };
    let row = |(at, index): (usize, Listed<'_>)| {
        let definition = index.definition();
        vec![
            integer(at),
            Datum::text(&index.name),
            flag(definition.is_none_or(|definition| definition.unique)),
            Datum::text(index.origin),
            flag(definition.is_some_and(|definition| definition.predicate.is_some())),
        ]
    };
    indexes(table).into_iter().enumerate().map(row).collect()
}

/// Columns of an index; `extended` tells order, collation, and the row id behind the key.
pub(super) fn index_info(catalog: &Catalog, of: &str, extended: bool) -> Vec<Row> {
    let tables = catalog.tables();
    let mut found = tables.iter().flat_map(|table| indexes(table));
    let Some(index) = found.find(|index| index.name.eq_ignore_ascii_case(of)) else {
        return Vec::new();
    };
    let named = |column: Option<u16>| {
        let entry = column.and_then(|column| index.table.columns.get(usize::from(column)));
        let name = entry.map_or(Datum::Null, |entry| Datum::text(&entry.name));
        let place = column.map_or(-2, i64::from);
        (Datum::Integer(place), name)
    };
    let parts: Vec<(Option<u16>, bool, Collation)> = match index.definition() {
        Some(definition) => {
            let parts = definition.columns.iter();
            parts.map(|part| (part.column(), part.descending, part.collation)).collect()
        }
        None => {
            let definition = index.table.table.definition();
            let keys = definition.primary_key_columns();
            let positions = definition.primary_key_positions();
            let parts = positions.iter().zip(keys);
            parts
                .map(|(at, _)| {
                    let collation = index.table.columns[usize::from(*at)].collation;
                    (Some(*at), false, collation)
                })
                .collect()
        }
    };
    let mut rows: Vec<Row> = Vec::new();
    for (at, (column, descending, collation)) in parts.into_iter().enumerate() {
        let (place, name) = named(column);
        let mut row = vec![integer(at), place, name];
        if extended {
            let collation = Datum::text(&collation.to_string());
            row.extend([flag(descending), collation, integer(1)]);
        }
        rows.push(row);
    }
    if extended {
        let at = integer(rows.len());
        let binary = Datum::text("BINARY");
        rows.push(vec![at, Datum::Integer(-1), Datum::Null, integer(0), binary, integer(0)]);
    }
    rows
}

/// The foreign keys of a table, the last one first.
pub(super) fn foreign_key_list(catalog: &Catalog, of: &str) -> Vec<Row> {
    let Some(table) = table(catalog, of) else { return Vec::new() };
    let keys = table.table.definition().foreign_keys.iter().rev().enumerate();
    let rows = keys.flat_map(|(number, key)| {
        let (_, parent) = split_store_name(&key.parent);
        key.columns.iter().enumerate().map(move |(at, column)| {
            let to = key.parent_columns.get(at);
            vec![
                integer(number),
                integer(at),
                Datum::text(parent),
                Datum::text(&table.columns[usize::from(*column)].name),
                to.map_or(Datum::Null, |to| Datum::text(to)),
                Datum::text(action_sql(key.on_update)),
                Datum::text(action_sql(key.on_delete)),
                Datum::text("NONE"),
            ]
        })
    });
    rows.collect()
}
