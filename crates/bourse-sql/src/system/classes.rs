//! Relations, their columns and indexes: `pg_class`, `pg_attribute`, `pg_attrdef`, `pg_index`,
//! `pg_sequence`.

use bourse::Collation;
use bourse::schema::Default as StoreDefault;

use super::expressions::Writer;
use super::objects::{Class, Constraint, ConstraintKind, What, default_number, domain_of};
use super::rows::{Maker, count, maybe, oid, text};
use super::types::{builtin, modifier_of, operator_class};
use super::{Source, expressions, live};
use crate::catalog::TableEntry;
use crate::datum::Datum;
use crate::types::SqlType;

/// The number of the collation NOCASE.
pub(super) const NOCASE: u32 = 16_381;
/// The number of the collation RTRIM.
pub(super) const RTRIM: u32 = 16_382;

/// A column of a relation.
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) ty: u32,
    pub(crate) modifier: i64,
    pub(crate) not_null: bool,
    pub(crate) default: Option<String>,
    /// `a`, `d`: an identity column, GENERATED ALWAYS or BY DEFAULT.
    pub(crate) identity: &'static str,
    pub(crate) generated: bool,
    pub(crate) collation: u32,
    /// Whether it is an array.
    pub(crate) is_array: bool,
}

impl Attribute {
    fn plain(name: &str, ty: u32, modifier: i64) -> Attribute {
        Attribute {
            name: name.to_owned(),
            ty,
            modifier,
            not_null: false,
            default: None,
            identity: "",
            generated: false,
            collation: builtin(ty).map_or(0, |builtin| builtin.collation),
            is_array: false,
        }
    }
}

fn collation_of(own: Collation, ty: u32) -> u32 {
    match (own, builtin(ty).map_or(0, |builtin| builtin.collation)) {
        (_, 0) => 0,
        (Collation::NoCase, _) => NOCASE,
        (Collation::RTrim, _) => RTRIM,
        (_, own) => own,
    }
}

/// The columns of a table.
fn of_table(source: &Source<'_>, table: &TableEntry) -> Vec<Attribute> {
    let definition = table.table.definition();
    let keys = definition.primary_key_positions();
    let columns = table.columns.iter().zip(&definition.columns).enumerate();
    let attribute = |(at, (entry, column)): (
        usize,
        (&crate::catalog::ColumnEntry, &bourse::schema::Column),
    )| {
        let domain = domain_of(&source.system.objects, entry);
        let ty = domain.map_or_else(|| source.system.type_number(&entry.ty), |domain| domain.oid);
        let is_key = keys.iter().any(|key| usize::from(*key) == at);
        Attribute {
            name: entry.name.clone(),
            ty,
            modifier: if domain.is_some() { -1 } else { modifier_of(&entry.ty) },
            not_null: column.not_null || is_key,
            default: expressions::default_text(table, at),
            identity: match column.default {
                _ if entry.note.identity.as_deref() == Some("always") => "a",
                _ if entry.note.identity.is_some() => "d",
                Some(StoreDefault::IdentityAlways) => "a",
                Some(StoreDefault::Identity | StoreDefault::GeneratedId) => "d",
                _ => "",
            },
            generated: entry.note.generated.is_some(),
            collation: match domain {
                Some(_) => collation_of(entry.collation, source.system.type_number(&entry.ty)),
                None => collation_of(entry.collation, ty),
            },
            is_array: entry.ty.element().is_some(),
        }
    };
    columns.map(attribute).collect()
}

/// The name of a column of an index that is computed.
fn computed_name(part: &bourse::schema::IndexColumn) -> &'static str {
    match &part.key {
        bourse::schema::IndexKey::Expression(expression) => Writer::key_name(expression),
        bourse::schema::IndexKey::Column(_) => "expr",
    }
}

/// The columns of an index: those of its key, and those that it carries.
fn of_index(source: &Source<'_>, table: &TableEntry, at: Option<usize>) -> Vec<Attribute> {
    let columns = of_table(source, table);
    let take = |position: u16| columns.get(usize::from(position));
    let named = |column: &Attribute| Attribute::plain(&column.name, column.ty, column.modifier);
    let definition = table.table.definition();
    let Some(index) = at.and_then(|at| definition.indexes.get(at)) else {
        let keys = definition.primary_key_positions();
        return keys.iter().filter_map(|key| take(*key)).map(named).collect();
    };
    let keys = index.columns.iter().map(|part| match part.column().and_then(take) {
        Some(column) => named(column),
        None => Attribute::plain(computed_name(part), super::types::TEXT, -1),
    });
    let carried = index.include.iter().filter_map(|column| take(*column)).map(named);
    keys.chain(carried).collect()
}

/// The columns of a relation.
pub(crate) fn attributes(source: &Source<'_>, class: &Class) -> Vec<Attribute> {
    let system = source.system;
    let of_types = |columns: &[(String, SqlType)]| -> Vec<Attribute> {
        let columns = columns
            .iter()
            .map(|(name, ty)| Attribute::plain(name, system.type_number(ty), modifier_of(ty)));
        columns.collect()
    };
    match &class.what {
        What::Table(table) => of_table(source, table),
        What::Index(table, at) => of_index(source, table, *at),
        What::View(_) => match system.view_shape(class.oid, source.catalog) {
            Some(shape) => of_types(&shape.columns),
            None => Vec::new(),
        },
        What::Aggregate(view) => {
            let columns = view.columns().iter().map(|column| {
                let ty = crate::types::of_column(column, crate::Dialect::Postgres);
                (column.name.clone(), ty)
            });
            of_types(&columns.collect::<Vec<_>>())
        }
        What::Sequence(_) => vec![
            Attribute { not_null: true, ..Attribute::plain("last_value", 20, -1) },
            Attribute { not_null: true, ..Attribute::plain("log_cnt", 20, -1) },
            Attribute { not_null: true, ..Attribute::plain("is_called", 16, -1) },
        ],
        What::System(relation) => {
            let columns = relation.columns.iter().map(|column| {
                let ty = super::types::builtin_named(column.type_name).unwrap_or(0);
                Attribute {
                    not_null: column.not_null,
                    is_array: column.type_name.starts_with('_'),
                    ..Attribute::plain(column.name, ty, -1)
                }
            });
            columns.collect()
        }
    }
}

/// The tables that foreign keys refer to.
fn parents(source: &Source<'_>) -> hashbrown::HashSet<u32> {
    let tables = source.catalog.tables();
    let keys = tables.iter().flat_map(|table| &table.table.definition().foreign_keys);
    let classes = keys.filter_map(|key| source.system.objects.class_of_table(&key.parent));
    classes.map(|class| class.oid).collect()
}

pub(super) fn pg_class(source: &Source<'_>) -> Maker {
    let mut maker = Maker::new(
        source.relation,
        &[
            "oid",
            "relname",
            "relnamespace",
            "reltype",
            "relam",
            "relfilenode",
            "reltuples",
            "relhasindex",
            "relkind",
            "relnatts",
            "relchecks",
            "relhasrules",
            "relhastriggers",
            "relreplident",
            "relispopulated",
            "relpersistence",
        ],
    );
    maker = maker.always("relowner", oid(live::OWNER));
    let parents = parents(source);
    for class in &source.system.objects.classes {
        let (mut has_index, mut checks, mut has_keys) = (false, 0, false);
        if let What::Table(table) = &class.what {
            let definition = table.table.definition();
            let has_key = !definition.primary_key_positions().is_empty();
            has_index = has_key || !definition.indexes.is_empty();
            let constraints = source.system.objects.constraints.iter();
            let is_check = |one: &&Constraint| {
                one.table == class.oid && matches!(one.what, ConstraintKind::Check(_))
            };
            checks = constraints.filter(is_check).count();
            // PostgreSQL's foreign keys are triggers of both tables.
            has_keys = !definition.foreign_keys.is_empty() || parents.contains(&class.oid);
        }
        let kind = class.kind();
        let method = match kind {
            "r" | "m" => 2,
            "i" => 403,
            _ => 0,
        };
        maker.push([
            oid(class.oid),
            text(&class.name),
            oid(class.namespace),
            oid(class.row_type),
            oid(method),
            oid(if matches!(kind, "r" | "i" | "m" | "S") { class.oid } else { 0 }),
            // No number was counted, as after no ANALYZE; of a sequence it is one row.
            Datum::Real(match kind {
                "S" => 1.0,
                "v" | "i" => 0.0,
                _ => -1.0,
            }),
            Datum::Boolean(has_index),
            text(kind),
            count(attributes(source, class).len().max(usize::from(kind == "S") * 3)),
            count(checks),
            Datum::Boolean(kind == "v" || kind == "m"),
            Datum::Boolean(has_keys),
            text(if kind == "r" && !matches!(class.what, What::System(_)) || kind == "m" {
                "d"
            } else {
                "n"
            }),
            Datum::Boolean(class.materialized().is_none_or(|note| note.is_populated())),
            text(if is_temporary(source, class) { "t" } else { "p" }),
        ]);
    }
    maker
}

/// Whether a relation is in the schema of a session's temporary tables.
fn is_temporary(source: &Source<'_>, class: &Class) -> bool {
    source.system.objects.namespace_name(class.namespace).starts_with("pg_temp_")
}

pub(super) fn pg_attribute(source: &Source<'_>) -> Maker {
    let mut maker = Maker::new(
        source.relation,
        &[
            "attrelid",
            "attname",
            "atttypid",
            "attlen",
            "attnum",
            "attndims",
            "atttypmod",
            "attbyval",
            "attalign",
            "attstorage",
            "attnotnull",
            "atthasdef",
            "attidentity",
            "attgenerated",
            "attcollation",
            "attstattarget",
        ],
    );
    maker =
        maker.always("attcacheoff", Datum::Integer(-1)).always("attislocal", Datum::Boolean(true));
    for class in &source.system.objects.classes {
        for (number, column) in (1..).zip(attributes(source, class)) {
            let known = builtin(source.system.base_type(column.ty));
            let (length, by_value) = known.map_or((-1, false), |ty| (ty.length, ty.by_value));
            let (length, by_value) = match source.system.is_enum(column.ty) {
                true => (4, true),
                false => (length, by_value),
            };
            maker.push([
                oid(class.oid),
                text(&column.name),
                oid(column.ty),
                Datum::Integer(length),
                Datum::Integer(number),
                Datum::Integer(i64::from(column.is_array)),
                Datum::Integer(column.modifier),
                Datum::Boolean(by_value),
                text(known.map_or("i", |ty| ty.alignment)),
                text(known.map_or("p", |ty| ty.storage)),
                Datum::Boolean(column.not_null),
                Datum::Boolean(column.default.is_some()),
                text(column.identity),
                text(if column.generated { "s" } else { "" }),
                oid(column.collation),
                Datum::Integer(-1),
            ]);
        }
        if matches!(class.kind(), "r" | "m" | "S") {
            hidden_columns(class, &mut maker);
        }
    }
    maker
}

/// What PostgreSQL has beside the columns that a relation was given: name, type, its length and
/// alignment, from -1 downwards.
const HIDDEN: [(&str, u32, i64, &str); 6] = [
    ("ctid", 27, 6, "s"),
    ("xmin", 28, 4, "i"),
    ("cmin", 29, 4, "i"),
    ("xmax", 28, 4, "i"),
    ("cmax", 29, 4, "i"),
    ("tableoid", 26, 4, "i"),
];

fn hidden_columns(class: &Class, maker: &mut Maker) {
    for (number, (name, ty, length, alignment)) in (1..).zip(HIDDEN) {
        maker.push([
            oid(class.oid),
            text(name),
            oid(ty),
            Datum::Integer(length),
            Datum::Integer(-number),
            Datum::Integer(0),
            Datum::Integer(-1),
            Datum::Boolean(length == 4),
            text(alignment),
            text("p"),
            Datum::Boolean(true),
            Datum::Boolean(false),
            text(""),
            text(""),
            oid(0),
            Datum::Integer(0),
        ]);
    }
}

pub(super) fn pg_attrdef(source: &Source<'_>) -> Maker {
    let mut maker = Maker::new(source.relation, &["oid", "adrelid", "adnum", "adbin"]);
    for class in &source.system.objects.classes {
        let What::Table(table) = &class.what else { continue };
        for at in 0..table.columns.len() {
            if let Some(default) = expressions::default_text(table, at) {
                maker.push([
                    oid(default_number(class.oid, at)),
                    oid(class.oid),
                    count(at + 1),
                    text(&default),
                ]);
            }
        }
    }
    maker
}

pub(super) fn pg_index(source: &Source<'_>) -> Maker {
    let mut maker = Maker::new(
        source.relation,
        &[
            "indexrelid",
            "indrelid",
            "indnatts",
            "indnkeyatts",
            "indisunique",
            "indisprimary",
            "indisvalid",
            "indkey",
            "indcollation",
            "indclass",
            "indoption",
            "indexprs",
            "indpred",
        ],
    );
    for column in ["indimmediate", "indisready", "indislive"] {
        maker = maker.always(column, Datum::Boolean(true));
    }
    for class in &source.system.objects.classes {
        let What::Index(table, at) = &class.what else { continue };
        let Some(of) = source.system.objects.class_of_table(table.table.name()) else { continue };
        let definition = table.table.definition();
        let index = at.and_then(|at| definition.indexes.get(at));
        let columns = attributes(source, class);
        let number = |position: u16| Datum::Integer(i64::from(position) + 1);
        let (mut numbers, options): (Vec<Datum>, Vec<Datum>) = match index {
            Some(index) => {
                let numbers = index.columns.iter();
                let numbers = numbers.map(|p| p.column().map_or(Datum::Integer(0), number));
                // Bit 0: descending, bit 1: NULLs first.
                let options = index.columns.iter();
                let options = options.map(|p| Datum::Integer(if p.descending { 3 } else { 0 }));
                (numbers.collect(), options.collect())
            }
            None => {
                let keys = definition.primary_key_positions();
                let options = keys.iter().map(|_| Datum::Integer(0));
                (keys.iter().map(|key| number(*key)).collect(), options.collect())
            }
        };
        let keys = numbers.len();
        numbers.extend(index.iter().flat_map(|index| &index.include).map(|at| number(*at)));
        let of_keys = || columns.iter().take(keys);
        let valid = index.is_none_or(|i| table.table.index_is_ready(&i.name).unwrap_or(true));
        maker.push([
            oid(class.oid),
            oid(of.oid),
            count(numbers.len()),
            count(keys),
            Datum::Boolean(index.is_none_or(|index| index.unique)),
            Datum::Boolean(index.is_none() || *at == table.added_primary_key()),
            Datum::Boolean(valid),
            Datum::vector(numbers),
            Datum::vector(of_keys().map(|column| oid(column.collation)).collect()),
            Datum::vector(of_keys().map(|column| oid(operator_class(column.ty))).collect()),
            Datum::vector(options),
            maybe(source.system.index_expressions(class)),
            maybe(source.system.predicate_text(class, false)),
        ]);
    }
    maker
}

pub(super) fn pg_sequence(source: &Source<'_>) -> Maker {
    let mut maker = Maker::new(
        source.relation,
        &[
            "seqrelid",
            "seqtypid",
            "seqstart",
            "seqincrement",
            "seqmax",
            "seqmin",
            "seqcycle",
            "seqcache",
        ],
    );
    for class in &source.system.objects.classes {
        let What::Sequence(sequence) = &class.what else { continue };
        let note = &sequence.note;
        maker.push([
            oid(class.oid),
            oid(match note.data_type.as_str() {
                "smallint" => 21,
                "integer" => 23,
                _ => 20,
            }),
            Datum::Integer(note.start),
            Datum::Integer(note.increment),
            Datum::Integer(note.maximum),
            Datum::Integer(note.minimum),
            Datum::Boolean(note.cycle),
            Datum::Integer(note.cache),
        ]);
    }
    maker
}
