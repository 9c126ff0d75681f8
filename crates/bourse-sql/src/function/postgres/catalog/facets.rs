//! Facets of types, by which `information_schema` tells of columns: PostgreSQL's functions
//! `_pg_char_max_length` and its like, of a type's number and modifier.

use super::{catalog, number};
use crate::datum::Datum;
use crate::error::Result;
use crate::function::signature::Shape::{Int4, Int8, Oid};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};
use crate::system::objects::{UserTypeKind, What};
use crate::system::types::modifier_of;

fn modifier(arguments: &[Datum]) -> i64 {
    arguments.get(1).and_then(Datum::as_integer).unwrap_or(-1)
}

fn maybe(value: Option<i64>) -> Result<Datum> {
    Ok(value.map_or(Datum::Null, Datum::Integer))
}

fn char_length(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let modifier = modifier(arguments);
    maybe(match number(arguments, 0) {
        Some(1042 | 1043) if modifier >= 4 => Some(modifier - 4),
        Some(1560 | 1562) if modifier >= 0 => Some(modifier),
        _ => None,
    })
}

fn octet_length(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let modifier = modifier(arguments);
    maybe(match number(arguments, 0) {
        Some(1042 | 1043) if modifier >= 4 => Some((modifier - 4) * 4),
        Some(25 | 1042 | 1043) => Some(1 << 30),
        _ => None,
    })
}

fn numeric_precision(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let modifier = modifier(arguments);
    maybe(match number(arguments, 0) {
        Some(21) => Some(16),
        Some(23) => Some(32),
        Some(20) => Some(64),
        Some(700) => Some(24),
        Some(701) => Some(53),
        Some(1700) if modifier >= 4 => Some((modifier - 4) >> 16),
        _ => None,
    })
}

fn numeric_radix(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    maybe(match number(arguments, 0) {
        Some(20 | 21 | 23 | 700 | 701) => Some(2),
        Some(1700) => Some(10),
        _ => None,
    })
}

fn numeric_scale(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let modifier = modifier(arguments);
    maybe(match number(arguments, 0) {
        Some(20 | 21 | 23) => Some(0),
        Some(1700) if modifier >= 4 => Some((modifier - 4) & 0xffff),
        _ => None,
    })
}

fn datetime_precision(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let modifier = modifier(arguments);
    maybe(match number(arguments, 0) {
        Some(1082) => Some(0),
        Some(1083 | 1114 | 1184 | 1266 | 1186) => Some(if modifier < 0 { 6 } else { modifier }),
        _ => None,
    })
}

/// The type below, of a domain.
fn true_type(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let system = catalog(context)?.system();
    let oid = number(arguments, 0).unwrap_or(0);
    let domain = system.objects.types.iter().find(|ty| ty.oid == oid).map(|ty| &ty.what);
    Ok(match domain {
        Some(UserTypeKind::Domain(base, _)) => Datum::Integer(system.type_number(base).into()),
        _ => arguments[0].clone(),
    })
}

fn true_modifier(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let system = catalog(context)?.system();
    let oid = number(arguments, 0).unwrap_or(0);
    let domain = system.objects.types.iter().find(|ty| ty.oid == oid).map(|ty| &ty.what);
    Ok(match domain {
        Some(UserTypeKind::Domain(base, _)) => Datum::Integer(modifier_of(base)),
        _ => arguments[1].clone(),
    })
}

/// The value that a sequence gave last, if it has given one.
fn last_value(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let system = catalog(context)?.system();
    let class = number(arguments, 0).and_then(|oid| system.objects.class(oid));
    let (Some(What::Sequence(sequence)), Some(session)) =
        (class.map(|class| &class.what), context.session())
    else {
        return Ok(Datum::Null);
    };
    let key = crate::catalog::key_of(&sequence.schema, &sequence.name);
    let sequences = session.sequences().shared();
    let standing = sequences.standing(session.database(), &key, &sequence.note)?;
    maybe(standing.is_called.then_some(standing.last))
}

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("_pg_char_max_length", &[Oid, Int4], Int4, char_length),
    scalar("_pg_char_octet_length", &[Oid, Int4], Int4, octet_length),
    scalar("_pg_numeric_precision", &[Oid, Int4], Int4, numeric_precision),
    scalar("_pg_numeric_precision_radix", &[Oid, Int4], Int4, numeric_radix),
    scalar("_pg_numeric_scale", &[Oid, Int4], Int4, numeric_scale),
    scalar("_pg_datetime_precision", &[Oid, Int4], Int4, datetime_precision),
    scalar("_pg_truetypid", &[Oid], Oid, true_type).stable(),
    scalar("_pg_truetypmod", &[Oid, Int4], Int4, true_modifier).stable(),
    scalar("pg_sequence_last_value", &[Oid], Int8, last_value).stable(),
];
