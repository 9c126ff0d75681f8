//! What changes without the definitions: settings, the database, roles, sessions, locks, numbers of
//! rows. These rows are made each time when they are asked for.
//!
//! Roles and what is about the session and others are here; who is there and what they do is
//! [`super::sessions`].

use bourse::Range;

use super::Source;
use super::objects::{Class, What};
use super::rows::{Maker, Rows, maybe, oid, text};
use super::sessions;
use crate::datum::{Datum, Interval};
use crate::function::Context;
use crate::role::{Access, Role};
use crate::settings::parameters;

/// The number of the role that owns everything.
pub(crate) const OWNER: u32 = 10;
/// The number of the only database.
pub(crate) const DATABASE: u32 = 5;
/// From here on roles have their numbers: see [`role_number`].
const ROLES: u32 = 0x1a00_0000;

/// Whether a relation's rows are made each time.
pub(super) fn is_live(name: &str) -> bool {
    const NAMES: [&str; 20] = [
        "pg_auth_members",
        "pg_authid",
        "pg_cursors",
        "pg_database",
        "pg_locks",
        "pg_prepared_statements",
        "pg_prepared_xacts",
        "pg_replication_slots",
        "pg_settings",
        "pg_stat_activity",
        "pg_stat_all_indexes",
        "pg_stat_all_tables",
        "pg_stat_database",
        "pg_stat_gssapi",
        "pg_stat_replication",
        "pg_stat_ssl",
        "pg_stat_statements",
        "pg_stat_wal_receiver",
        "pg_statio_all_tables",
        "pg_timezone_names",
    ];
    NAMES.contains(&name)
}

/// The rows of now.
pub(super) fn rows(source: &Source<'_>) -> Rows {
    let maker = match source.relation.name {
        "pg_authid" => pg_authid(source),
        "pg_database" => pg_database(source),
        "pg_settings" => pg_settings(source),
        "pg_stat_all_tables" => pg_stat_all_tables(source),
        "pg_stat_all_indexes" => pg_stat_all_indexes(source),
        "pg_timezone_names" => pg_timezone_names(source),
        _ => sessions::maker(source),
    };
    maker.finish()
}

/// The number of a role: that of the session owns everything there is.
pub(crate) fn role_number(context: &dyn Context, name: &str) -> u32 {
    if name == context.user() {
        return OWNER;
    }
    // FNV-1a: the same number in every session.
    let hash = name
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    ROLES + (hash & 0x00ff_ffff)
}

/// The roles of the store, that of the session among them.
pub(crate) fn roles(context: &dyn Context) -> Vec<Role> {
    let known = context.session().map(|session| crate::role::all(session.database()));
    let mut roles = known.and_then(Result::ok).unwrap_or_default();
    let user = context.user();
    if !roles.iter().any(|role| role.name == user) {
        roles.insert(0, Role::new(user, Access::Admin));
    }
    roles
}

fn pg_authid(source: &Source<'_>) -> Maker {
    const RIGHTS: [&str; 5] =
        ["rolsuper", "rolcreaterole", "rolcreatedb", "rolreplication", "rolbypassrls"];
    let columns = ["oid", "rolname", "rolconnlimit", "rolcanlogin"];
    let columns: Vec<&str> = columns.into_iter().chain(RIGHTS).collect();
    let mut maker = Maker::new(source.relation, &columns);
    maker = maker.always("rolinherit", Datum::Boolean(true));
    for role in roles(source.context) {
        let may = Datum::Boolean(role.access == Access::Admin);
        maker.push([
            oid(role_number(source.context, &role.name)),
            text(&role.name),
            Datum::Integer(-1),
            Datum::Boolean(role.can_login),
            may.clone(),
            may.clone(),
            may.clone(),
            may.clone(),
            may,
        ]);
    }
    maker
}

fn pg_database(source: &Source<'_>) -> Maker {
    let columns = ["oid", "datname", "datcollate", "datctype"];
    let mut maker = Maker::new(source.relation, &columns);
    maker = maker
        .always("datdba", oid(OWNER))
        .always("encoding", Datum::Integer(6))
        .always("datlocprovider", text("c"))
        .always("datallowconn", Datum::Boolean(true))
        .always("datconnlimit", Datum::Integer(-1))
        .always("dattablespace", oid(1663));
    maker.push([oid(DATABASE), text(&source.context.database_name()), text("C"), text("C")]);
    maker
}

fn pg_settings(source: &Source<'_>) -> Maker {
    let columns = [
        "name",
        "setting",
        "unit",
        "short_desc",
        "context",
        "vartype",
        "source",
        "boot_val",
        "reset_val",
        "pending_restart",
    ];
    let mut maker = Maker::new(source.relation, &columns);
    for parameter in parameters() {
        let now = source.context.setting(&parameter.name.to_ascii_lowercase());
        let now = now.as_deref().filter(|now| *now != parameter.default);
        maker.push([
            text(parameter.name),
            text(now.unwrap_or(parameter.default)),
            maybe(parameter.unit_name()),
            text(parameter.description),
            text(parameter.context_name()),
            text(parameter.kind_name()),
            text(if now.is_some() { "session" } else { "default" }),
            text(parameter.default),
            text(parameter.default),
            Datum::Boolean(false),
        ]);
    }
    maker
}

/// How many rows a table has.
pub(crate) fn rows_of(source: &Source<'_>, class: &Class) -> Option<u64> {
    let database = source.context.session()?.database();
    match &class.what {
        What::Table(table) => database.cut().count_range(&table.table, &Range::all()).ok(),
        _ => None,
    }
}

/// Scans and changes of tables are not counted: it would cost those who make them. So they are
/// NULL, and no table looks as if nobody used it.
fn pg_stat_all_tables(source: &Source<'_>) -> Maker {
    let columns = ["relid", "schemaname", "relname", "n_live_tup"];
    let mut maker = Maker::new(source.relation, &columns);
    // There is nothing to vacuum.
    maker = maker.always("n_dead_tup", Datum::Integer(0));
    let objects = &source.system.objects;
    for class in objects.classes.iter().filter(|class| matches!(class.what, What::Table(_))) {
        let rows = rows_of(source, class).and_then(|rows| i64::try_from(rows).ok());
        maker.push([
            oid(class.oid),
            text(objects.namespace_name(class.namespace)),
            text(&class.name),
            Datum::Integer(rows.unwrap_or(0)),
        ]);
    }
    maker
}

/// Uses of indexes are not counted either.
fn pg_stat_all_indexes(source: &Source<'_>) -> Maker {
    let columns = ["relid", "indexrelid", "schemaname", "relname", "indexrelname"];
    let mut maker = Maker::new(source.relation, &columns);
    let objects = &source.system.objects;
    for class in &objects.classes {
        let What::Index(table, _) = &class.what else { continue };
        let Some(of) = objects.class_of_table(table.table.name()) else { continue };
        maker.push([
            oid(of.oid),
            oid(class.oid),
            text(objects.namespace_name(class.namespace)),
            text(&of.name),
            text(&class.name),
        ]);
    }
    maker
}

fn pg_timezone_names(source: &Source<'_>) -> Maker {
    let columns = ["name", "abbrev", "utc_offset", "is_dst"];
    let mut maker = Maker::new(source.relation, &columns);
    let now = source.context.transaction_time();
    let Ok(now) = jiff::Timestamp::from_microsecond(now) else { return maker };
    for name in jiff::tz::db().available() {
        let Ok(zone) = jiff::tz::TimeZone::get(name.as_str()) else { continue };
        let info = zone.to_offset_info(now);
        let offset = Interval {
            micros: i64::from(info.offset().seconds()) * 1_000_000,
            ..Interval::default()
        };
        maker.push([
            text(name.as_str()),
            text(info.abbreviation()),
            Datum::Interval(offset.into()),
            Datum::Boolean(info.dst().is_dst()),
        ]);
    }
    maker
}
