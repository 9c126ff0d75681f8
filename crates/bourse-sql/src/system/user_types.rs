//! `pg_type` and `pg_enum`: PostgreSQL's types as recorded, those that users have made, and those
//! of rows.

use std::sync::Arc;

use super::objects::UserTypeKind;
use super::rows::{Maker, maybe, oid, text};
use super::types::{builtin, modifier_of};
use super::{Source, System, live, recorded};
use crate::datum::Datum;
use crate::types::SqlType;

impl System {
    /// The type below, of a domain; else the type.
    pub(crate) fn base_type(&self, ty: u32) -> u32 {
        let mut types = self.objects.types.iter();
        match types.find(|known| known.oid == ty).map(|known| &known.what) {
            Some(UserTypeKind::Domain(base, _)) => self.type_number(base),
            _ => ty,
        }
    }

    /// The enumerated type of a number, or the array of it.
    pub(crate) fn enum_of_number(&self, number: u32) -> Option<SqlType> {
        let mut types = self.objects.types.iter();
        let found = types.find(|known| known.oid == number || known.array == number)?;
        let UserTypeKind::Enum(ty) = &found.what else { return None };
        let ty = SqlType::Enum(Arc::clone(ty));
        Some(if found.array == number { ty.array() } else { ty })
    }

    /// Whether a type is an enumerated one.
    pub(crate) fn is_enum(&self, ty: u32) -> bool {
        let mut types = self.objects.types.iter();
        types.any(|known| known.oid == ty && matches!(known.what, UserTypeKind::Enum(_)))
    }
}

/// What rows of `pg_type` say; names of functions are those of PostgreSQL's types of the kind.
struct Row<'r> {
    oid: u32,
    name: &'r str,
    namespace: u32,
    length: i64,
    kind: &'static str,
    category: &'static str,
    relation: u32,
    element: u32,
    array: u32,
    functions: [&'static str; 4],
    alignment: &'static str,
    storage: &'static str,
    not_null: bool,
    base: u32,
    modifier: i64,
    collation: u32,
    default: Option<&'r str>,
}

const ENUM: [&str; 4] = ["enum_in", "enum_out", "enum_recv", "enum_send"];
const ARRAY: [&str; 4] = ["array_in", "array_out", "array_recv", "array_send"];
const RECORD: [&str; 4] = ["record_in", "record_out", "record_recv", "record_send"];
const DOMAIN: [&str; 4] = ["domain_in", "", "domain_recv", ""];

impl Row<'_> {
    fn plain(oid: u32, name: &str, namespace: u32) -> Row<'_> {
        Row {
            oid,
            name,
            namespace,
            length: -1,
            kind: "b",
            category: "A",
            relation: 0,
            element: 0,
            array: 0,
            functions: ARRAY,
            alignment: "i",
            storage: "x",
            not_null: false,
            base: 0,
            modifier: -1,
            collation: 0,
            default: None,
        }
    }
}

const COLUMNS: [&str; 23] = [
    "oid",
    "typname",
    "typnamespace",
    "typlen",
    "typbyval",
    "typtype",
    "typcategory",
    "typrelid",
    "typsubscript",
    "typelem",
    "typarray",
    "typinput",
    "typoutput",
    "typreceive",
    "typsend",
    "typalign",
    "typstorage",
    "typnotnull",
    "typbasetype",
    "typtypmod",
    "typcollation",
    "typdefaultbin",
    "typdefault",
];

fn push(maker: &mut Maker, row: &Row<'_>) {
    let function = |name: &str| oid(recorded::procedure(name).unwrap_or(0));
    let subscript = if row.element == 0 { "" } else { "array_subscript_handler" };
    maker.push([
        oid(row.oid),
        text(row.name),
        oid(row.namespace),
        Datum::Integer(row.length),
        Datum::Boolean((1..=8).contains(&row.length)),
        text(row.kind),
        text(row.category),
        oid(row.relation),
        function(subscript),
        oid(row.element),
        oid(row.array),
        function(row.functions[0]),
        function(row.functions[1]),
        function(row.functions[2]),
        function(row.functions[3]),
        text(row.alignment),
        text(row.storage),
        Datum::Boolean(row.not_null),
        oid(row.base),
        Datum::Integer(row.modifier),
        oid(row.collation),
        maybe(row.default),
        maybe(row.default),
    ]);
}

pub(super) fn pg_type(source: &Source<'_>) -> Maker {
    let mut maker = Maker::new(source.relation, &COLUMNS);
    maker = maker
        .always("typowner", oid(live::OWNER))
        .always("typisdefined", Datum::Boolean(true))
        .always("typdelim", text(","));
    recorded::add(source.relation, &mut maker);
    let objects = &source.system.objects;
    for ty in &objects.types {
        let array_name = format!("_{}", ty.name);
        let array = Row { element: ty.oid, ..Row::plain(ty.array, &array_name, ty.namespace) };
        let own = match &ty.what {
            UserTypeKind::Enum(_) => Row {
                length: 4,
                kind: "e",
                category: "E",
                functions: ENUM,
                storage: "p",
                array: ty.array,
                ..Row::plain(ty.oid, &ty.name, ty.namespace)
            },
            UserTypeKind::Domain(base, note) => {
                let number = source.system.type_number(base);
                let known = builtin(number);
                Row {
                    length: known.map_or(-1, |known| known.length),
                    kind: "d",
                    category: known.map_or("U", |known| known.category),
                    functions: DOMAIN,
                    alignment: known.map_or("i", |known| known.alignment),
                    storage: known.map_or("x", |known| known.storage),
                    array: ty.array,
                    not_null: note.not_null,
                    base: number,
                    modifier: modifier_of(base),
                    collation: known.map_or(0, |known| known.collation),
                    default: note.default.as_deref(),
                    ..Row::plain(ty.oid, &ty.name, ty.namespace)
                }
            }
        };
        push(&mut maker, &own);
        push(&mut maker, &array);
    }
    for class in objects.classes.iter().filter(|class| class.row_type > 16383) {
        let row = Row {
            kind: "c",
            category: "C",
            relation: class.oid,
            functions: RECORD,
            alignment: "d",
            array: class.row_array,
            ..Row::plain(class.row_type, &class.name, class.namespace)
        };
        push(&mut maker, &row);
        if class.row_array != 0 {
            let name = format!("_{}", class.name);
            let array = Row {
                element: class.row_type,
                alignment: "d",
                ..Row::plain(class.row_array, &name, class.namespace)
            };
            push(&mut maker, &array);
        }
    }
    maker
}

pub(super) fn pg_enum(source: &Source<'_>) -> Maker {
    let columns = ["oid", "enumtypid", "enumsortorder", "enumlabel"];
    let mut maker = Maker::new(source.relation, &columns);
    for (number, ty, place, label) in &source.system.objects.labels {
        #[expect(clippy::cast_precision_loss, reason = "labels are few")]
        let order = Datum::Real((*place + 1) as f32);
        maker.push([oid(*number), oid(*ty), order, text(label)]);
    }
    maker
}
