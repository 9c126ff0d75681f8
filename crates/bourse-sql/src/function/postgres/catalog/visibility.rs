//! Whether names mean what they are the names of, and names as numbers.

use super::{catalog, number, search_path};
use crate::datum::Datum;
use crate::error::Result;
use crate::function::arguments::text;
use crate::function::signature::Shape::{
    Boolean, Oid, RegClass, RegNamespace, RegProcedure, RegRole, RegType, Text,
};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};
use crate::system::recorded::procedure_of_oid;
use crate::types::OidKind;

fn class_is_visible(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let system = catalog(context)?.system();
    let class = number(arguments, 0).and_then(|oid| system.objects.class(oid));
    let path = search_path(context);
    Ok(class.map_or(Datum::Null, |class| Datum::Boolean(system.class_is_visible(class, &path))))
}

fn type_is_visible(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let Some(oid) = number(arguments, 0) else { return Ok(Datum::Null) };
    let system = catalog(context)?.system();
    Ok(Datum::Boolean(system.type_is_visible(oid, &search_path(context))))
}

fn function_is_visible(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let found = number(arguments, 0).and_then(procedure_of_oid);
    Ok(found.map_or(Datum::Null, |_| Datum::Boolean(true)))
}

/// What is of the system alone is always visible.
fn is_visible(_: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(Datum::Boolean(true))
}

fn to_number(kind: OidKind, arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let name = text(arguments, 0)?;
    let found = context.number_of_name(kind, name);
    Ok(found.map_or(Datum::Null, |number| Datum::Integer(i64::from(number))))
}

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("pg_table_is_visible", &[Oid], Boolean, class_is_visible).stable(),
    scalar("pg_type_is_visible", &[Oid], Boolean, type_is_visible).stable(),
    scalar("pg_function_is_visible", &[Oid], Boolean, function_is_visible).stable(),
    scalar("pg_operator_is_visible", &[Oid], Boolean, is_visible).stable(),
    scalar("pg_opclass_is_visible", &[Oid], Boolean, is_visible).stable(),
    scalar("pg_opfamily_is_visible", &[Oid], Boolean, is_visible).stable(),
    scalar("pg_collation_is_visible", &[Oid], Boolean, is_visible).stable(),
    scalar("pg_conversion_is_visible", &[Oid], Boolean, is_visible).stable(),
    scalar("pg_statistics_obj_is_visible", &[Oid], Boolean, is_visible).stable(),
    scalar("pg_ts_config_is_visible", &[Oid], Boolean, is_visible).stable(),
    scalar("pg_ts_dict_is_visible", &[Oid], Boolean, is_visible).stable(),
    scalar("pg_ts_parser_is_visible", &[Oid], Boolean, is_visible).stable(),
    scalar("pg_ts_template_is_visible", &[Oid], Boolean, is_visible).stable(),
    scalar("to_regclass", &[Text], RegClass, |a, c| to_number(OidKind::Class, a, c)).stable(),
    scalar("to_regtype", &[Text], RegType, |a, c| to_number(OidKind::Type, a, c)).stable(),
    scalar("to_regnamespace", &[Text], RegNamespace, |a, c| to_number(OidKind::Namespace, a, c))
        .stable(),
    scalar("to_regproc", &[Text], RegProcedure, |a, c| to_number(OidKind::Procedure, a, c))
        .stable(),
    scalar("to_regrole", &[Text], RegRole, |a, c| to_number(OidKind::Role, a, c)).stable(),
];
