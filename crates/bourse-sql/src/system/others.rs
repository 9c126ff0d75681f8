//! Schemas, comments, functions, collations.

use super::classes::{NOCASE, RTRIM};
use super::objects::PG_CATALOG_NUMBER;
use super::recorded::{self, PROCEDURES, Procedure};
use super::rows::{Maker, count, oid, text};
use super::{Source, live};
use crate::Dialect;
use crate::datum::{self, Datum};
use crate::function::PlainContext;
use crate::types::{OidKind, SqlType};

pub(super) fn pg_namespace(source: &Source<'_>) -> Maker {
    let mut maker = Maker::new(source.relation, &["oid", "nspname"]);
    maker = maker.always("nspowner", oid(live::OWNER));
    for (number, name) in &source.system.objects.namespaces {
        maker.push([oid(*number), text(name)]);
    }
    maker
}

/// A comment's object: catalog, number, and column of a relation.
fn commented(source: &Source<'_>, object: &str) -> Option<(u32, u32, usize)> {
    const CLASS: u32 = 1259;
    let objects = &source.system.objects;
    let path = ["public".to_owned()];
    let (kind, name) = object.split_once(' ')?;
    let class = |name: &str| {
        let (schema, own) = name.split_once('.').unwrap_or(("public", name));
        let found = objects.namespace(schema).and_then(|ns| objects.class_named(ns, own));
        found.or_else(|| source.system.class_of_name(name, &path))
    };
    match kind {
        "constraint" => {
            // Names may have dots in them.
            name.match_indices('.').find_map(|(at, _)| {
                let table = class(&name[..at])?;
                let found = objects.constraint(table.oid, &name[at + 1..])?;
                Some((2606, found.oid, 0))
            })
        }
        "column" => {
            let (table, column) = name.rsplit_once('.')?;
            let class = class(table)?;
            let columns = super::classes::attributes(source, class);
            let at = columns.iter().position(|known| known.name.eq_ignore_ascii_case(column))?;
            Some((CLASS, class.oid, at + 1))
        }
        "schema" => Some((2615, objects.namespace(name)?, 0)),
        "type" | "domain" => {
            let mut types = objects.types.iter();
            Some((1247, types.find(|ty| ty.name.eq_ignore_ascii_case(name))?.oid, 0))
        }
        "table" | "view" | "index" | "sequence" | "materialized" => {
            Some((CLASS, class(name.trim_start_matches("view "))?.oid, 0))
        }
        _ => None,
    }
}

pub(super) fn pg_description(source: &Source<'_>) -> Maker {
    let mut maker = Maker::new(source.relation, &["objoid", "classoid", "objsubid", "description"]);
    for (object, comment) in source.catalog.comments() {
        if let Some((class, number, column)) = commented(source, object) {
            maker.push([oid(number), oid(class), count(column), text(comment)]);
        }
    }
    maker
}

const PROC_COLUMNS: [&str; 16] = [
    "oid",
    "proname",
    "proargtypes",
    "prokind",
    "proisstrict",
    "proretset",
    "provolatile",
    "pronargs",
    "pronargdefaults",
    "prorettype",
    "provariadic",
    "proallargtypes",
    "proargmodes",
    "proargnames",
    "prosrc",
    "prorows",
];

pub(super) fn pg_proc(source: &Source<'_>) -> Maker {
    let mut maker = Maker::new(source.relation, &PROC_COLUMNS);
    maker = maker
        .always("pronamespace", oid(PG_CATALOG_NUMBER))
        .always("proowner", oid(live::OWNER))
        .always("prolang", oid(12))
        .always("procost", Datum::Real(1.0))
        .always("proparallel", text("s"));
    let names: std::collections::HashSet<&str> =
        crate::function::names(Dialect::Postgres).collect();
    for procedure in PROCEDURES.iter().filter(|procedure| names.contains(procedure.name)) {
        push_procedure(&mut maker, procedure);
    }
    maker
}

fn push_procedure(maker: &mut Maker, procedure: &Procedure) {
    let list = |text: &str, element: SqlType| match text {
        "" => Datum::Null,
        text => datum::input(text, &element.array(), &PlainContext::POSTGRES).unwrap_or_default(),
    };
    let arguments = procedure.arguments.iter().map(|ty| oid(*ty)).collect();
    maker.push([
        oid(procedure.oid),
        text(procedure.name),
        Datum::vector(arguments),
        text(procedure.kind),
        Datum::Boolean(procedure.strict),
        Datum::Boolean(procedure.returns_set),
        text(procedure.volatility),
        count(procedure.arguments.len()),
        Datum::Integer(procedure.defaults),
        oid(procedure.result),
        oid(procedure.variadic),
        list(procedure.all_types, SqlType::Oid(OidKind::Oid)),
        list(procedure.modes, SqlType::QuotedChar),
        list(procedure.names, SqlType::Text),
        text(procedure.name),
        Datum::Real(if procedure.returns_set { 1000.0 } else { 0.0 }),
    ]);
}

pub(super) fn pg_collation(source: &Source<'_>) -> Maker {
    let mut recorded_only = Maker::new(source.relation, &["oid", "collname"]);
    recorded::add(source.relation, &mut recorded_only);
    let mut maker = recorded_only
        .always("collnamespace", oid(PG_CATALOG_NUMBER))
        .always("collowner", oid(live::OWNER))
        .always("collprovider", text("c"))
        .always("collisdeterministic", Datum::Boolean(false))
        .always("collencoding", Datum::Integer(-1));
    maker.push([oid(NOCASE), text("nocase")]);
    maker.push([oid(RTRIM), text("rtrim")]);
    maker
}
