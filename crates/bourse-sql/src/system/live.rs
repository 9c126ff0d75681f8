//! What changes without the definitions: settings, the database, roles, sessions, locks, numbers of
//! rows. These rows are made each time when they are asked for.
//!
//! What only a server knows (sessions, roles, locks) it tells by [`LiveRelations`], which a session
//! keeps; in process there is one session, and one role that may do everything.

use bourse::Range;

use super::Source;
use super::objects::{Class, What};
use super::relations::Relation;
use super::rows::{Maker, Rows, count, maybe, oid, text};
use crate::datum::{Datum, Instant, Interval};
use crate::settings::parameters;

/// The number of the role that owns everything.
pub(crate) const OWNER: u32 = 10;
/// The number of the only database.
pub(crate) const DATABASE: u32 = 5;

/// Who knows what goes on beside the session: a server.
pub trait LiveRelations: Send + Sync {
    /// Rows of a relation of `pg_catalog`, by its name: values of columns, by name; those that are
    /// not said are NULL, or nothing. `None` for a relation of which it knows nothing.
    ///
    /// Asked for: `pg_authid`, `pg_auth_members`, `pg_stat_activity`, `pg_locks`,
    /// `pg_stat_statements`, `pg_prepared_xacts`, `pg_stat_replication`, `pg_replication_slots`,
    /// `pg_stat_ssl`, `pg_stat_gssapi`, `pg_stat_database`, `pg_prepared_statements`, `pg_cursors`.
    fn rows(&self, relation: &str) -> Option<Vec<LiveRow>>;
}

/// A row: names of columns and their values.
pub type LiveRow = Vec<(&'static str, Datum)>;

/// Whether a relation's rows are made each time.
pub(super) fn is_live(name: &str) -> bool {
    const NAMES: [&str; 19] = [
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
        "pg_statio_all_tables",
        "pg_timezone_names",
    ];
    NAMES.contains(&name)
}

/// The rows of now.
pub(super) fn rows(source: &Source<'_>) -> Rows {
    let told = source.context.session().and_then(|session| session.live_relations());
    if let Some(rows) = told.and_then(|told| told.rows(source.relation.name)) {
        return told_rows(source.relation, rows);
    }
    let maker = match source.relation.name {
        "pg_authid" => pg_authid(source),
        "pg_database" => pg_database(source),
        "pg_settings" => pg_settings(source),
        "pg_stat_activity" => pg_stat_activity(source),
        "pg_stat_all_tables" => pg_stat_all_tables(source),
        "pg_stat_all_indexes" => pg_stat_all_indexes(source),
        "pg_stat_database" => pg_stat_database(source),
        "pg_timezone_names" => pg_timezone_names(source),
        _ => Maker::new(source.relation, &[]),
    };
    maker.finish()
}

fn told_rows(relation: &'static Relation, rows: Vec<LiveRow>) -> Rows {
    let mut maker = Maker::new(relation, &[]);
    for row in rows {
        let mut whole = Maker::new(relation, &[]);
        for (column, value) in row {
            whole = whole.always(column, value);
        }
        maker.push_whole(whole.into_template());
    }
    maker.finish()
}

fn pg_authid(source: &Source<'_>) -> Maker {
    let mut maker = Maker::new(source.relation, &["oid", "rolname", "rolconnlimit"]);
    for right in [
        "rolsuper",
        "rolinherit",
        "rolcreaterole",
        "rolcreatedb",
        "rolcanlogin",
        "rolreplication",
        "rolbypassrls",
    ] {
        maker = maker.always(right, Datum::Boolean(true));
    }
    maker.push([oid(OWNER), text(&source.context.user()), Datum::Integer(-1)]);
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

fn pg_stat_activity(source: &Source<'_>) -> Maker {
    let columns = [
        "datid",
        "datname",
        "pid",
        "usesysid",
        "usename",
        "application_name",
        "xact_start",
        "query_start",
        "state",
        "query",
        "backend_type",
    ];
    let mut maker = Maker::new(source.relation, &columns);
    let time = |micros: i64| Datum::TimestampTz(Instant { micros, nanos: 0 });
    let session = source.context.session();
    let process = session.map(|session| Datum::Integer(session.process_number().into()));
    let process = process.unwrap_or_default();
    maker.push([
        oid(DATABASE),
        text(&source.context.database_name()),
        process,
        oid(OWNER),
        text(&source.context.user()),
        text(&source.context.setting("application_name").unwrap_or_default()),
        time(source.context.transaction_time()),
        time(source.context.statement_time()),
        text("active"),
        text(""),
        text("client backend"),
    ]);
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

fn pg_stat_all_tables(source: &Source<'_>) -> Maker {
    let columns = ["relid", "schemaname", "relname", "n_live_tup"];
    let mut maker = Maker::new(source.relation, &columns);
    for counted in [
        "seq_scan",
        "seq_tup_read",
        "idx_scan",
        "idx_tup_fetch",
        "n_tup_ins",
        "n_tup_upd",
        "n_tup_del",
        "n_tup_hot_upd",
        "n_dead_tup",
        "n_mod_since_analyze",
        "n_ins_since_vacuum",
        "vacuum_count",
        "autovacuum_count",
        "analyze_count",
        "autoanalyze_count",
    ] {
        maker = maker.always(counted, Datum::Integer(0));
    }
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

fn pg_stat_all_indexes(source: &Source<'_>) -> Maker {
    let columns = ["relid", "indexrelid", "schemaname", "relname", "indexrelname"];
    let mut maker = Maker::new(source.relation, &columns);
    for counted in ["idx_scan", "idx_tup_read", "idx_tup_fetch"] {
        maker = maker.always(counted, Datum::Integer(0));
    }
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

fn pg_stat_database(source: &Source<'_>) -> Maker {
    let mut maker = Maker::new(source.relation, &["datid", "datname", "numbackends"]);
    maker.push([oid(DATABASE), text(&source.context.database_name()), count(1)]);
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
