//! Privileges. Whoever has a session in process may do everything.

use super::{catalog, search_path};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::signature::Shape::{Any, Boolean};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

fn allowed(_: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(Datum::Boolean(true))
}

/// Of a relation: it must be there. A column may stand between it and the privilege.
fn allowed_on_relation(arguments: &[Datum], context: &dyn Context, at: usize) -> Result<Datum> {
    let system = catalog(context)?.system();
    match arguments.get(at) {
        Some(Datum::Text(name)) => match system.class_of_name(name, &search_path(context)) {
            Some(_) => Ok(Datum::Boolean(true)),
            None => Err(SqlError::new("42P01", format!("relation \"{name}\" does not exist"))),
        },
        Some(Datum::Integer(oid)) => {
            let found = u32::try_from(*oid).ok().and_then(|oid| system.objects.class(oid));
            Ok(found.map_or(Datum::Null, |_| Datum::Boolean(true)))
        }
        _ => Ok(Datum::Null),
    }
}

fn of_relation(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    allowed_on_relation(arguments, context, arguments.len().saturating_sub(2))
}

fn of_column(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    allowed_on_relation(arguments, context, arguments.len().saturating_sub(3))
}

macro_rules! privileges {
    ($($name:literal $call:ident;)*) => {
        &[$(
            scalar($name, &[Any, Any], Boolean, $call).stable(),
            scalar($name, &[Any, Any, Any], Boolean, $call).stable(),
        )*
        scalar("has_column_privilege", &[Any, Any, Any], Boolean, of_column).stable(),
        scalar("has_column_privilege", &[Any, Any, Any, Any], Boolean, of_column).stable(),
        scalar("row_security_active", &[Any], Boolean, |_, _| Ok(Datum::Boolean(false))).stable(),
        ]
    };
}

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = privileges! {
    "has_table_privilege" of_relation;
    "has_any_column_privilege" of_relation;
    "has_sequence_privilege" of_relation;
    "has_schema_privilege" allowed;
    "has_database_privilege" allowed;
    "has_function_privilege" allowed;
    "has_language_privilege" allowed;
    "has_tablespace_privilege" allowed;
    "has_type_privilege" allowed;
    "has_server_privilege" allowed;
    "has_foreign_data_wrapper_privilege" allowed;
    "has_parameter_privilege" allowed;
    "pg_has_role" allowed;
};
