//! What PostgreSQL says of itself in rows: types, operators, casts and their like, recorded by
//! `data/record.sql`. Only what is asked for is read, once.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::relations::Relation;
use super::rows::{Maker, Rows};
use crate::datum::{self, Datum};
use crate::function::PlainContext;
use crate::types::{OidKind, SqlType};

/// The rows that were recorded of a relation.
fn text_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "pg_am" => include_str!("../../data/pg_am.tsv"),
        "pg_aggregate" => include_str!("../../data/pg_aggregate.tsv"),
        "pg_cast" => include_str!("../../data/pg_cast.tsv"),
        "pg_language" => include_str!("../../data/pg_language.tsv"),
        "pg_opclass" => include_str!("../../data/pg_opclass.tsv"),
        "pg_operator" => include_str!("../../data/pg_operator.tsv"),
        "pg_opfamily" => include_str!("../../data/pg_opfamily.tsv"),
        "pg_range" => include_str!("../../data/pg_range.tsv"),
        "pg_tablespace" => include_str!("../../data/pg_tablespace.tsv"),
        "pg_collation" => include_str!("../../data/pg_collation.tsv"),
        "pg_type" => include_str!("../../data/pg_type.tsv"),
        _ => return None,
    })
}

/// Adds what was recorded of a relation. Whether anything was.
pub(super) fn add(relation: &'static Relation, maker: &mut Maker) -> bool {
    let Some(text) = text_of(relation.name) else { return false };
    for line in text.lines() {
        let fields = line.split('\t').zip(&relation.columns);
        maker.push_whole(fields.map(|(field, column)| value_of(field, &column.ty)).collect());
    }
    true
}

/// The rows that were recorded of a relation, alone.
pub(super) fn rows(relation: &'static Relation) -> Rows {
    let mut maker = Maker::new(relation, &[]);
    add(relation, &mut maker);
    maker.finish()
}

/// A field as COPY writes it.
fn value_of(field: &str, ty: &SqlType) -> Datum {
    if field == "\\N" {
        return Datum::Null;
    }
    let text = field.replace("\\\\", "\\");
    if *ty == SqlType::Oid(OidKind::Procedure) {
        let number = procedure(text.trim_start_matches("pg_catalog."));
        return Datum::Integer(i64::from(number.unwrap_or(0)));
    }
    datum::input(&text, ty, &PlainContext::POSTGRES).unwrap_or_default()
}

/// A function of PostgreSQL's.
pub(crate) struct Procedure {
    pub(crate) oid: u32,
    pub(crate) name: &'static str,
    /// `f`, `a`, `w`: function, aggregate, window function.
    pub(crate) kind: &'static str,
    pub(crate) strict: bool,
    pub(crate) returns_set: bool,
    pub(crate) volatility: &'static str,
    pub(crate) defaults: i64,
    pub(crate) result: u32,
    pub(crate) arguments: Vec<u32>,
    pub(crate) variadic: u32,
    /// Types, modes and names of all arguments, where some are no plain ones: arrays as texts.
    pub(crate) all_types: &'static str,
    pub(crate) modes: &'static str,
    pub(crate) names: &'static str,
}

/// All functions of PostgreSQL's, by number.
pub(crate) static PROCEDURES: LazyLock<Vec<Procedure>> = LazyLock::new(|| {
    include_str!("../../data/pg_proc.tsv").lines().filter_map(procedure_of).collect()
});

static NAMES: LazyLock<HashMap<&'static str, u32>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    for procedure in PROCEDURES.iter() {
        names.entry(procedure.name).or_insert(procedure.oid);
    }
    names
});

fn procedure_of(line: &'static str) -> Option<Procedure> {
    let fields: Vec<&'static str> = line.split('\t').collect();
    let field = |at: usize| fields.get(at).copied().unwrap_or_default();
    let optional = |at: usize| Some(field(at)).filter(|field| *field != "\\N").unwrap_or_default();
    Some(Procedure {
        oid: field(0).parse().ok()?,
        name: field(1),
        kind: field(2),
        strict: field(4) == "t",
        returns_set: field(5) == "t",
        volatility: field(6),
        defaults: field(8).parse().unwrap_or(0),
        result: field(9).parse().ok()?,
        arguments: field(10).split(' ').filter_map(|oid| oid.parse().ok()).collect(),
        variadic: field(11).parse().unwrap_or(0),
        all_types: optional(12),
        modes: optional(13),
        names: optional(14),
    })
}

/// The number of the first function of a name.
pub(crate) fn procedure(name: &str) -> Option<u32> {
    NAMES.get(name).copied()
}

/// The function of a number.
pub(crate) fn procedure_of_oid(oid: u32) -> Option<&'static Procedure> {
    let at = PROCEDURES.binary_search_by_key(&oid, |procedure| procedure.oid).ok()?;
    PROCEDURES.get(at)
}

/// The words of PostgreSQL's grammar: word, letter, whether it can be a label, and both in words.
pub(crate) fn keywords() -> impl Iterator<Item = Vec<&'static str>> {
    include_str!("../../data/keywords.tsv").lines().map(|line| line.split('\t').collect())
}
