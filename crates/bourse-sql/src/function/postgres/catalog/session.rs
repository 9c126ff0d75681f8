//! What a session is: its database, schemas, settings, process.

use super::{catalog, search_path, set_path};
use crate::datum::{Datum, Instant};
use crate::error::Result;
use crate::function::arguments::{boolean, integer, text};
use crate::function::signature::Shape::{
    Boolean, Int4, Int8, List, Name, Oid, RegClass, Text, TimestampTz,
};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};
use crate::settings::SERVER_VERSION;
use crate::system::objects::What;

fn schemas(context: &dyn Context, implicit: bool) -> Result<Vec<Datum>> {
    let objects = &catalog(context)?.system().objects;
    let path = if implicit { search_path(context) } else { set_path(context) };
    let is_named = path.iter().any(|schema| schema == "pg_catalog");
    let first = (implicit && !is_named).then(|| "pg_catalog".to_owned());
    let known = path.into_iter().filter(|schema| objects.namespace(schema).is_some());
    let (own, others): (Vec<_>, Vec<_>) = known.partition(|schema| schema.starts_with("pg_temp_"));
    let all = own.into_iter().chain(first).chain(others);
    Ok(all.map(|schema| Datum::text(&schema)).collect())
}

fn current_schema(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    Ok(schemas(context, false)?.into_iter().next().unwrap_or_default())
}

fn current_schemas(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    Ok(Datum::list(schemas(context, boolean(arguments, 0)?)?))
}

fn version(_: &[Datum], _: &dyn Context) -> Result<Datum> {
    let version = format!(
        "PostgreSQL {} on {}-{}, Bourse {}, 64-bit",
        SERVER_VERSION,
        std::env::consts::ARCH,
        std::env::consts::OS,
        env!("CARGO_PKG_VERSION"),
    );
    Ok(Datum::text(&version))
}

fn encoding(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    Ok(Datum::text(if integer(arguments, 0)? == 6 { "UTF8" } else { "" }))
}

fn encoding_number(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let name = text(arguments, 0)?.to_ascii_lowercase().replace(['-', '_'], "");
    Ok(Datum::Integer(if name == "utf8" || name == "unicode" { 6 } else { -1 }))
}

/// The number of the newest commit: that of a transaction is known only at its end.
fn transaction(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    let lsn = context.session().map_or(0, |session| session.database().cut().lsn().0);
    Ok(Datum::Integer(i64::try_from(lsn).unwrap_or(i64::MAX)))
}

fn started(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    let micros = context.session().map_or(0, |session| session.began());
    Ok(Datum::TimestampTz(Instant { micros, nanos: 0 }))
}

fn is_publishable(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let system = catalog(context)?.system();
    let class = super::number(arguments, 0).and_then(|oid| system.objects.class(oid));
    Ok(class.map_or(Datum::Null, |class| Datum::Boolean(matches!(class.what, What::Table(_)))))
}

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("current_schema", &[], Name, current_schema).stable(),
    scalar("current_schemas", &[Boolean], List(&Name), current_schemas).stable(),
    scalar("current_database", &[], Name, |_, c| Ok(Datum::text(&c.database_name()))).stable(),
    scalar("version", &[], Text, version).stable(),
    scalar("pg_is_wal_replay_paused", &[], Boolean, |_, _| Ok(Datum::Boolean(false))).stable(),
    scalar("pg_postmaster_start_time", &[], TimestampTz, started).stable(),
    scalar("pg_conf_load_time", &[], TimestampTz, started).stable(),
    scalar("pg_encoding_to_char", &[Int4], Name, encoding).stable(),
    scalar("pg_char_to_encoding", &[Name], Int4, encoding_number).stable(),
    scalar("pg_client_encoding", &[], Name, |_, _| Ok(Datum::text("UTF8"))).stable(),
    scalar("getdatabaseencoding", &[], Name, |_, _| Ok(Datum::text("UTF8"))).stable(),
    scalar("txid_current", &[], Int8, transaction).stable(),
    scalar("txid_current_if_assigned", &[], Int8, transaction).stable(),
    scalar("inet_server_addr", &[], Text, |_, _| Ok(Datum::Null)).stable(),
    scalar("inet_server_port", &[], Int4, |_, _| Ok(Datum::Null)).stable(),
    scalar("pg_is_other_temp_schema", &[Oid], Boolean, |_, _| Ok(Datum::Boolean(false))).stable(),
    scalar("pg_tablespace_location", &[Oid], Text, |_, _| Ok(Datum::text(""))).stable(),
    scalar("pg_relation_is_publishable", &[RegClass], Boolean, is_publishable).stable(),
];
