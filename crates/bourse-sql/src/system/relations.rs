//! Which relations describe the store, and their columns: those of PostgreSQL 15, recorded.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::types::{OidKind, SqlType};

/// The schema of PostgreSQL's own relations, types and functions.
pub(crate) const PG_CATALOG: &str = "pg_catalog";
/// The standard's schema.
pub(crate) const INFORMATION_SCHEMA: &str = "information_schema";

/// A relation that describes the store.
pub(crate) struct Relation {
    pub(crate) schema: &'static str,
    pub(crate) name: &'static str,
    pub(crate) oid: u32,
    /// The type of its rows; 0 of a view.
    pub(crate) row_type: u32,
    pub(crate) is_view: bool,
    pub(crate) columns: Vec<RelationColumn>,
    /// What it is a view of; none where its rows are made.
    pub(crate) query: Option<&'static str>,
}

/// A column of such a relation.
pub(crate) struct RelationColumn {
    pub(crate) name: &'static str,
    /// The name of its type in `pg_type`.
    pub(crate) type_name: &'static str,
    pub(crate) ty: SqlType,
    pub(crate) not_null: bool,
}

static RECORDED: &str = include_str!("../../data/relations.tsv");
/// Those of extensions that Bourse has without their being created, in the same form.
static EXTENSIONS: &str = include_str!("../../data/extensions.tsv");
static QUERIES: &str = include_str!("../../data/views.sql");

struct Relations {
    all: Vec<Relation>,
    by_name: HashMap<(&'static str, &'static str), usize>,
}

static RELATIONS: LazyLock<Relations> = LazyLock::new(|| {
    let queries = queries();
    let lines = RECORDED.lines().chain(EXTENSIONS.lines());
    let all: Vec<Relation> = lines.filter_map(|line| relation_of(line, &queries)).collect();
    let by_name = all.iter().enumerate().map(|(at, r)| ((r.schema, r.name), at)).collect();
    Relations { all, by_name }
});

/// The queries of views, by `schema.name`: each follows a line `-- schema.name`.
fn queries() -> HashMap<&'static str, &'static str> {
    let parts = QUERIES.split("\n-- ").skip(1);
    parts
        .filter_map(|part| part.split_once('\n'))
        .map(|(name, query)| (name, query.trim()))
        .collect()
}

fn relation_of(line: &'static str, queries: &HashMap<&str, &'static str>) -> Option<Relation> {
    let mut fields = line.split('\t');
    let (schema, name) = (fields.next()?, fields.next()?);
    let oid = fields.next()?.parse().ok()?;
    let is_view = fields.next()? == "v";
    let row_type = fields.next()?.parse().ok()?;
    let columns = fields.next()?.split(',').filter_map(|column| {
        let mut words = column.split(' ');
        let (name, type_name) = (words.next()?, words.next()?);
        let ty = type_of(type_name);
        Some(RelationColumn { name, type_name, ty, not_null: words.next().is_some() })
    });
    let columns = columns.collect();
    let query = queries.get(format!("{schema}.{name}").as_str()).copied();
    Some(Relation { schema, name, oid, row_type, is_view, columns, query })
}

/// The type that values of a type of PostgreSQL's have here. What Bourse has no type for is text.
fn type_of(name: &str) -> SqlType {
    if let Some(element) = name.strip_prefix('_') {
        return type_of(element).array();
    }
    match name {
        "bool" => SqlType::Boolean,
        "int2" => SqlType::SmallInt,
        "int4" | "cardinal_number" => SqlType::Integer,
        "int8" => SqlType::BigInt,
        "oid" | "xid" | "cid" => SqlType::Oid(OidKind::Oid),
        "regproc" => SqlType::Oid(OidKind::Procedure),
        "regtype" => SqlType::Oid(OidKind::Type),
        "float4" => SqlType::Real,
        "float8" => SqlType::Double,
        "name" | "sql_identifier" => SqlType::Name,
        "char" => SqlType::QuotedChar,
        "int2vector" => SqlType::SmallInt.vector(),
        "oidvector" => SqlType::Oid(OidKind::Oid).vector(),
        "timestamptz" | "time_stamp" => SqlType::TimestampTz(6),
        "interval" => SqlType::Interval,
        "bytea" => SqlType::Bytea,
        "numeric" => SqlType::Numeric(None),
        "character_data" => SqlType::Varchar(None),
        "yes_or_no" => SqlType::Varchar(Some(3)),
        "anyarray" => SqlType::Text.array(),
        _ => SqlType::Text,
    }
}

/// All of them.
pub(crate) fn all() -> &'static [Relation] {
    &RELATIONS.all
}

/// The place of the relation of a name among [`all`].
pub(crate) fn find(schema: &str, name: &str) -> Option<usize> {
    let found = RELATIONS.by_name.get_key_value(&(schema, name));
    found.map(|(_, at)| *at)
}
