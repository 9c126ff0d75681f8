//! Who is there and what they do: `pg_stat_activity`, `pg_stat_statements`, `pg_stat_database`,
//! `pg_locks`, `pg_prepared_statements`, `pg_cursors`.
//!
//! Sessions of a server are told by it ([`crate::activity`]); those of the program itself are known
//! by what all sessions share. What would have to be counted where rows are read and changed is
//! NULL. Statements of others are shown to admins alone, as in PostgreSQL.

use std::time::Duration;

use hashbrown::HashMap;

use super::live::{DATABASE, role_number};
use super::rows::{Maker, count, maybe, oid, text};
use super::{Source, System, replication};
use crate::activity::SessionActivity;
use crate::catalog::split_store_name;
use crate::datum::Datum;
use crate::function::Context;
use crate::session::{LockName, SeenLock, SeenLockName, SessionState, moment};

/// What stands where somebody may not see a statement.
const HIDDEN: &str = "<insufficient privilege>";

/// The rows of a relation, none of those of which nothing is known.
pub(super) fn maker(source: &Source<'_>) -> Maker {
    let empty = || Maker::new(source.relation, &[]);
    let Some(session) = source.context.session() else { return empty() };
    match source.relation.name {
        "pg_stat_activity" => pg_stat_activity(source, session),
        "pg_stat_statements" => pg_stat_statements(source, session),
        "pg_stat_database" => pg_stat_database(source, session),
        "pg_locks" => pg_locks(source, session),
        "pg_prepared_statements" => pg_prepared_statements(source, session),
        "pg_cursors" => pg_cursors(source, session),
        "pg_stat_replication" => replication::pg_stat_replication(source, session),
        "pg_stat_wal_receiver" => replication::pg_stat_wal_receiver(source, session),
        "pg_replication_slots" => replication::pg_replication_slots(source, session),
        _ => empty(),
    }
}

/// Address and port of a peer; neither of a socket of the file system.
pub(crate) fn address_and_port(peer: &str) -> (Datum, Datum) {
    match peer.parse::<std::net::SocketAddr>() {
        Ok(peer) => (text(&peer.ip().to_string()), Datum::Integer(peer.port().into())),
        Err(_) => (Datum::Null, Datum::Integer(-1)),
    }
}

/// What sessions wait for, by their numbers among those of the store.
fn waits(locks: &[SeenLock]) -> HashMap<i32, &'static str> {
    let waiting = locks.iter().filter(|lock| !lock.is_held);
    let of = |lock: &SeenLock| {
        let event = match lock.what {
            SeenLockName::Row(..) => "tuple",
            SeenLockName::Named(LockName::Table(_)) => "relation",
            SeenLockName::Named(_) => "advisory",
        };
        Some((lock.session?, event))
    };
    waiting.filter_map(of).collect()
}

const ACTIVITY: [&str; 17] = [
    "datname",
    "pid",
    "usesysid",
    "usename",
    "application_name",
    "client_addr",
    "client_port",
    "backend_start",
    "xact_start",
    "query_start",
    "state_change",
    "wait_event_type",
    "wait_event",
    "state",
    "query",
    "backend_type",
    "datid",
];

fn pg_stat_activity(source: &Source<'_>, session: &SessionState) -> Maker {
    let mut maker = Maker::new(source.relation, &ACTIVITY);
    let context = source.context;
    let (user, database) = (context.user(), context.database_name());
    let waits = waits(&session.seen_locks());
    let told = session.server().map(|server| server.sessions()).unwrap_or_default();
    for one in &told {
        let is_shown = session.is_admin() || one.user == user;
        let number = session.session_of_process(one.process.into());
        maker.push(row_of_served(context, one, number.and_then(|n| waits.get(&n)), is_shown));
    }
    for one in session.present().iter().filter(|one| !one.is_served()) {
        let is_own = one.process() == session.process_number();
        let began = one.transaction_began();
        let state = match (is_own, waits.get(&one.number), began) {
            (true, ..) | (_, Some(_), _) => text("active"),
            // What it does between its calls only its program knows.
            (_, None, 0) => Datum::Null,
            _ => text("idle in transaction"),
        };
        let own = |value: Datum| if is_own { value } else { Datum::Null };
        let xact = if is_own { context.transaction_time() } else { began };
        let wait = waits.get(&one.number);
        maker.push([
            text(&database),
            Datum::Integer(one.process().into()),
            own(oid(role_number(context, &user))),
            own(text(&user)),
            own(text(&context.setting("application_name").unwrap_or_default())),
            Datum::Null,
            Datum::Null,
            moment(one.began),
            moment(xact),
            own(moment(context.statement_time())),
            own(moment(context.statement_time())),
            maybe(wait.map(|_| "Lock")),
            maybe(wait),
            state,
            Datum::Null,
            text("client backend"),
            oid(DATABASE),
        ]);
    }
    maker
}

fn row_of_served(
    context: &dyn Context,
    one: &SessionActivity,
    wait: Option<&&'static str>,
    is_shown: bool,
) -> [Datum; ACTIVITY.len()] {
    let shown = |value: Datum| if is_shown { value } else { Datum::Null };
    let (address, port) = address_and_port(&one.peer);
    let is_active = one.state == "active";
    let (wait_type, wait) = match wait {
        Some(event) => (text("Lock"), text(event)),
        None if is_active => (Datum::Null, Datum::Null),
        None => (text("Client"), text("ClientRead")),
    };
    [
        text(&one.database),
        Datum::Integer(one.process.into()),
        oid(role_number(context, &one.user)),
        text(&one.user),
        text(&one.application),
        shown(address),
        shown(port),
        shown(moment(one.began_us)),
        shown(moment(one.transaction_began_us)),
        shown(moment(one.statement_began_us)),
        shown(moment(one.state_since_us)),
        shown(wait_type),
        shown(wait),
        shown(text(one.state)),
        text(if is_shown { &one.text } else { HIDDEN }),
        text("client backend"),
        oid(DATABASE),
    ]
}

fn milliseconds(duration: Duration) -> Datum {
    Datum::Double(duration.as_secs_f64() * 1e3)
}

fn number(number: u64) -> Datum {
    Datum::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

fn pg_stat_statements(source: &Source<'_>, session: &SessionState) -> Maker {
    let columns = [
        "queryid",
        "query",
        "calls",
        "total_exec_time",
        "min_exec_time",
        "max_exec_time",
        "mean_exec_time",
        "stddev_exec_time",
        "rows",
    ];
    let mut maker = Maker::new(source.relation, &columns);
    maker = maker.always("dbid", oid(DATABASE)).always("toplevel", Datum::Boolean(true));
    let is_shown = session.is_admin();
    for one in session.server().map(|server| server.statements()).unwrap_or_default() {
        let calls = u32::try_from(one.calls).unwrap_or(u32::MAX).max(1);
        maker.push([
            if is_shown { Datum::Integer(one.id.cast_signed()) } else { Datum::Null },
            text(if is_shown { &one.text } else { HIDDEN }),
            number(one.calls),
            milliseconds(one.total),
            milliseconds(one.least),
            milliseconds(one.most),
            milliseconds(one.total / calls),
            Datum::Double(one.deviation_ms),
            number(one.rows),
        ]);
    }
    maker
}

fn pg_stat_database(source: &Source<'_>, session: &SessionState) -> Maker {
    let columns =
        ["datid", "datname", "numbackends", "xact_commit", "blks_read", "blks_hit", "sessions"];
    let mut maker = Maker::new(source.relation, &columns);
    let statistics = session.database().statistics();
    let cache = [statistics.cache.leaf, statistics.cache.inner, statistics.cache.overflow];
    let misses: u64 = cache.iter().map(|kind| kind.misses).sum();
    let reads: u64 = cache.iter().map(|kind| kind.reads).sum();
    maker.push([
        oid(DATABASE),
        text(&source.context.database_name()),
        count(session.present().len()),
        number(statistics.log.records),
        number(misses),
        number(reads.saturating_sub(misses)),
        number(session.sessions_begun()),
    ]);
    maker
}

/// The relation that a lock is of: of a row's its table, of a key's its index.
fn relation_of(system: &System, what: &SeenLockName) -> Datum {
    let objects = &system.objects;
    let class = match what {
        SeenLockName::Named(LockName::Table(table)) => objects.class_of_table(table),
        SeenLockName::Named(_) => None,
        SeenLockName::Row(table, None) => objects.class_of_table(table),
        SeenLockName::Row(table, Some(index)) => {
            let (schema, _) = split_store_name(table);
            objects.namespace(schema).and_then(|schema| objects.class_named(schema, index))
        }
    };
    class.map_or(Datum::Null, |class| oid(class.oid))
}

fn pg_locks(source: &Source<'_>, session: &SessionState) -> Maker {
    let columns = [
        "locktype",
        "relation",
        "classid",
        "objid",
        "objsubid",
        "virtualtransaction",
        "pid",
        "mode",
        "granted",
    ];
    let mut maker = Maker::new(source.relation, &columns);
    maker = maker.always("database", oid(DATABASE)).always("fastpath", Datum::Boolean(false));
    let present = session.present();
    for lock in session.seen_locks() {
        let one = present.iter().find(|one| Some(one.number) == lock.session);
        // Halves of a number are shown as PostgreSQL shows them.
        let half = |number: i64| Datum::Integer(number & 0xffff_ffff);
        let (kind, object) = match &lock.what {
            SeenLockName::Named(LockName::Number(number)) => {
                ("advisory", [half(number >> 32), half(*number), Datum::Integer(1)])
            }
            SeenLockName::Named(LockName::Pair(first, second)) => {
                let halves = [half(i64::from(*first)), half(i64::from(*second))];
                let [first, second] = halves;
                ("advisory", [first, second, Datum::Integer(2)])
            }
            SeenLockName::Named(LockName::Table(_)) => ("relation", [const { Datum::Null }; 3]),
            SeenLockName::Row(..) => ("tuple", [const { Datum::Null }; 3]),
        };
        let [class, object, part] = object;
        let transaction = one.map(|one| format!("{}/{}", one.number, one.lock_owner()));
        maker.push([
            text(kind),
            relation_of(source.system, &lock.what),
            class,
            object,
            part,
            maybe(transaction),
            one.map_or(Datum::Null, |one| Datum::Integer(one.process().into())),
            text(lock.mode),
            Datum::Boolean(lock.is_held),
        ]);
    }
    maker
}

fn pg_prepared_statements(source: &Source<'_>, session: &SessionState) -> Maker {
    let columns = ["name", "statement", "prepare_time", "parameter_types", "from_sql"];
    let mut maker = Maker::new(source.relation, &columns);
    for one in session.listed().map(|listed| listed.statements()).unwrap_or_default() {
        let types = one.types.iter().map(|ty| oid(source.system.type_number(ty)));
        maker.push([
            text(&one.name),
            text(&one.text),
            moment(one.made_us),
            Datum::list(types.collect()),
            Datum::Boolean(one.from_sql),
        ]);
    }
    maker
}

fn pg_cursors(source: &Source<'_>, session: &SessionState) -> Maker {
    let columns = ["name", "statement", "is_holdable", "is_scrollable", "creation_time"];
    let mut maker = Maker::new(source.relation, &columns);
    maker = maker.always("is_binary", Datum::Boolean(false));
    for one in session.listed().map(|listed| listed.cursors()).unwrap_or_default() {
        maker.push([
            text(&one.name),
            text(&one.text),
            Datum::Boolean(one.is_holdable),
            Datum::Boolean(one.is_scrollable),
            moment(one.made_us),
        ]);
    }
    maker
}
