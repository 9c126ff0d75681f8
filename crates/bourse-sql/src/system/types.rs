//! Types as the catalogs number, describe and name them.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::relations::{self, PG_CATALOG};
use super::rows::Rows;
use super::{System, recorded};
use crate::datum::Datum;
use crate::types::{OidKind, SqlType};

/// The number of `text`.
pub(crate) const TEXT: u32 = 25;

/// What `pg_type` says of a type of PostgreSQL's.
pub(crate) struct Builtin {
    pub(crate) name: &'static str,
    pub(crate) length: i64,
    pub(crate) by_value: bool,
    pub(crate) category: &'static str,
    pub(crate) element: u32,
    pub(crate) array: u32,
    pub(crate) alignment: &'static str,
    pub(crate) storage: &'static str,
    pub(crate) collation: u32,
}

static BUILTINS: LazyLock<HashMap<u32, Builtin>> = LazyLock::new(|| {
    include_str!("../../data/pg_type.tsv").lines().filter_map(builtin_of).collect()
});

fn builtin_of(line: &'static str) -> Option<(u32, Builtin)> {
    let fields: Vec<&'static str> = line.split('\t').collect();
    let field = |at: usize| fields.get(at).copied().unwrap_or_default();
    let builtin = Builtin {
        name: field(1),
        length: field(4).parse().ok()?,
        by_value: field(5) == "t",
        category: field(7),
        element: field(13).parse().ok()?,
        array: field(14).parse().ok()?,
        alignment: field(22),
        storage: field(23),
        collation: field(28).parse().ok()?,
    };
    Some((field(0).parse().ok()?, builtin))
}

/// What is known of a type of PostgreSQL's.
pub(crate) fn builtin(oid: u32) -> Option<&'static Builtin> {
    BUILTINS.get(&oid)
}

/// The number of the type of that name.
pub(crate) fn builtin_named(name: &str) -> Option<u32> {
    BUILTINS.iter().find(|(_, builtin)| builtin.name == name).map(|(oid, _)| *oid)
}

/// The number of a type that PostgreSQL has, too.
fn plain_oid(ty: &SqlType) -> Option<u32> {
    Some(match ty {
        SqlType::Boolean => 16,
        SqlType::Bytea => 17,
        SqlType::QuotedChar => 18,
        SqlType::Name => 19,
        SqlType::BigInt => 20,
        SqlType::SmallInt => 21,
        SqlType::Integer => 23,
        SqlType::Oid(OidKind::Procedure) => 24,
        SqlType::Any | SqlType::Text => TEXT,
        SqlType::Oid(OidKind::Oid) => 26,
        SqlType::Json => 114,
        SqlType::Real => 700,
        SqlType::Double => 701,
        SqlType::Unknown => 705,
        SqlType::Char(_) => 1042,
        SqlType::Varchar(_) => 1043,
        SqlType::Date => 1082,
        SqlType::Time(_) => 1083,
        SqlType::Timestamp(_) => 1114,
        SqlType::TimestampTz(_) => 1184,
        SqlType::Interval => 1186,
        SqlType::Numeric(_) => 1700,
        SqlType::Oid(OidKind::Class) => 2205,
        SqlType::Oid(OidKind::Type) => 2206,
        SqlType::Record(_) => 2249,
        SqlType::Void => 2278,
        SqlType::Uuid => 2950,
        SqlType::Jsonb => 3802,
        SqlType::Oid(OidKind::Namespace) => 4089,
        SqlType::Oid(OidKind::Role) => 4096,
        SqlType::Vector(element) if **element == SqlType::SmallInt => 22,
        SqlType::Vector(_) => 30,
        SqlType::Enum(_) | SqlType::Array(_) => return None,
    })
}

impl System {
    /// The number of a type.
    pub(crate) fn type_number(&self, ty: &SqlType) -> u32 {
        match ty {
            SqlType::Array(element) => {
                let element = self.type_number(element);
                match builtin(element) {
                    Some(builtin) => builtin.array,
                    None => self
                        .objects
                        .types
                        .iter()
                        .find(|ty| ty.oid == element)
                        .map_or(0, |ty| ty.array),
                }
            }
            SqlType::Enum(ty) => {
                let mut types = self.objects.types.iter();
                types.find(|known| known.name == ty.name).map_or(TEXT, |known| known.oid)
            }
            other => plain_oid(other).unwrap_or(TEXT),
        }
    }

    /// A type by its number and modifier, as `format_type` writes it: with its schema where the
    /// search path does not lead to it.
    pub(crate) fn type_text(&self, oid: u32, modifier: Option<i64>, path: &[String]) -> String {
        if oid == 0 {
            return "-".to_owned();
        }
        if let Some(builtin) = builtin(oid) {
            // Vectors are arrays that are stored plainly, and have names of their own.
            let is_array = builtin.category == "A" && builtin.storage != "p";
            if is_array && builtin.element != 0 {
                return format!("{}[]", self.type_text(builtin.element, modifier, path));
            }
            return builtin_text(oid, builtin.name, modifier);
        }
        if let Some(ty) = self.objects.types.iter().find(|ty| ty.oid == oid || ty.array == oid) {
            let name = self.qualified(ty.namespace, &ty.name, self.type_is_visible(ty.oid, path));
            return if ty.array == oid { format!("{name}[]") } else { name };
        }
        if let Some(class) = self.objects.class_of_row_type(oid) {
            let visible = self.class_is_visible(class, path);
            return self.qualified(class.namespace, &class.name, visible);
        }
        "???".to_owned()
    }
}

/// The name of a type of PostgreSQL's with its modifier.
fn builtin_text(oid: u32, name: &str, modifier: Option<i64>) -> String {
    let set = modifier.filter(|modifier| *modifier >= 0);
    let digits = |set: Option<i64>| set.map(|digits| format!("({digits})")).unwrap_or_default();
    let length = set.map(|modifier| modifier - 4).filter(|length| *length > 0);
    match oid {
        16 => "boolean".to_owned(),
        18 => "\"char\"".to_owned(),
        20 => "bigint".to_owned(),
        21 => "smallint".to_owned(),
        23 => "integer".to_owned(),
        700 => "real".to_owned(),
        701 => "double precision".to_owned(),
        // Without a modifier the word `character` would mean one of length 1.
        1042 if modifier.is_some() && length.is_none() => "bpchar".to_owned(),
        1042 => format!("character{}", digits(length)),
        1043 => format!("character varying{}", digits(length)),
        1083 => format!("time{} without time zone", digits(set)),
        1114 => format!("timestamp{} without time zone", digits(set)),
        1184 => format!("timestamp{} with time zone", digits(set)),
        1266 => format!("time{} with time zone", digits(set)),
        1560 => format!("bit{}", digits(set)),
        1562 => format!("bit varying{}", digits(set)),
        1700 => match length {
            Some(both) => format!("numeric({},{})", both >> 16, both & 0xffff),
            None => "numeric".to_owned(),
        },
        _ => match relations_of_standard(name) {
            true => format!("information_schema.{name}"),
            false => name.to_owned(),
        },
    }
}

fn relations_of_standard(name: &str) -> bool {
    ["cardinal_number", "character_data", "sql_identifier", "time_stamp", "yes_or_no"]
        .contains(&name)
}

/// A type's modifier, as `pg_attribute` has it; -1 without one.
pub(crate) fn modifier_of(ty: &SqlType) -> i64 {
    match ty {
        SqlType::Varchar(Some(length)) => i64::from(*length) + 4,
        SqlType::Char(length) if *length > 0 && *length < u32::MAX => i64::from(*length) + 4,
        SqlType::Numeric(Some((precision, scale))) => {
            (i64::from(*precision) << 16 | i64::from(*scale)) + 4
        }
        SqlType::Time(digits) | SqlType::Timestamp(digits) | SqlType::TimestampTz(digits)
            if *digits != 6 =>
        {
            i64::from(*digits)
        }
        SqlType::Array(element) => modifier_of(element),
        _ => -1,
    }
}

static CLASSES: LazyLock<Option<Rows>> = LazyLock::new(|| {
    let relation = &relations::all()[relations::find(PG_CATALOG, "pg_opclass")?];
    Some(recorded::rows(relation))
});

/// The class of operators by which an index on a type is ordered.
pub(crate) fn operator_class(oid: u32) -> u32 {
    // oid, opcmethod, opcname, opcnamespace, opcowner, opcfamily, opcintype, opcdefault.
    const TYPE: usize = 6;
    let default_of = |ty: u32| {
        let rows = CLASSES.as_ref()?;
        let numbers = rows.with(TYPE, &Datum::Integer(i64::from(ty)));
        let rows = numbers.iter().filter_map(|number| rows.rows.get(*number as usize));
        let btree = Datum::Integer(403);
        let mut rows = rows.filter(|row| row[1].as_integer() == btree.as_integer());
        let row = rows.find(|row| row[7].as_boolean() == Some(true))?;
        u32::try_from(row[0].as_integer()?).ok()
    };
    let family = match oid {
        1043 => Some(TEXT),
        other if builtin(other).is_some_and(|builtin| builtin.category == "A") => Some(2277),
        other if builtin(other).is_none() => Some(3500),
        _ => None,
    };
    family.and_then(default_of).or_else(|| default_of(oid)).unwrap_or(0)
}
