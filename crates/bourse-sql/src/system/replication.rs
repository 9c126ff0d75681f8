//! Who follows the store, and whom it follows: `pg_stat_replication`, `pg_stat_wal_receiver`,
//! `pg_replication_slots`.
//!
//! Positions count records: see [`crate::replica`]. What a replica does in PostgreSQL's steps
//! (write, flush) is one step here.

use super::Source;
use super::live::role_number;
use super::rows::{Maker, maybe, oid, text};
use super::sessions::address_and_port;
use crate::datum::Datum;
use crate::replica::position_text;
use crate::session::{SessionState, moment};

/// The replicas that are connected.
pub(super) fn pg_stat_replication(source: &Source<'_>, session: &SessionState) -> Maker {
    let columns = [
        "pid",
        "usesysid",
        "usename",
        "application_name",
        "client_addr",
        "client_port",
        "backend_start",
        "state",
        "sent_lsn",
        "write_lsn",
        "flush_lsn",
        "replay_lsn",
        "write_lag",
        "flush_lag",
        "replay_lag",
        "reply_time",
    ];
    let mut maker = Maker::new(source.relation, &columns)
        .always("sync_priority", Datum::Integer(0))
        .always("sync_state", text("async"));
    let user = source.context.user();
    for one in session.server().map(|server| server.replicas()).unwrap_or_default() {
        let (address, port) = address_and_port(&one.peer);
        let lag = || one.lag.map_or(Datum::Null, Datum::interval_of);
        maker.push([
            Datum::Integer(one.number.into()),
            oid(role_number(source.context, &user)),
            text(&user),
            text(&one.name),
            address,
            port,
            moment(one.began_us),
            text(one.state),
            text(&position_text(one.sent)),
            text(&position_text(one.received)),
            text(&position_text(one.received)),
            text(&position_text(one.applied)),
            lag(),
            lag(),
            lag(),
            moment(one.replied_us),
        ]);
    }
    maker
}

/// The leader that is followed.
pub(super) fn pg_stat_wal_receiver(source: &Source<'_>, session: &SessionState) -> Maker {
    let columns = [
        "pid",
        "status",
        "receive_start_lsn",
        "receive_start_tli",
        "written_lsn",
        "flushed_lsn",
        "received_tli",
        "last_msg_send_time",
        "last_msg_receipt_time",
        "latest_end_lsn",
        "latest_end_time",
        "slot_name",
        "sender_host",
        "sender_port",
        "conninfo",
    ];
    let mut maker = Maker::new(source.relation, &columns);
    let Some(leader) = session.server().and_then(|server| server.leader()) else { return maker };
    let position = session.database().replication_position().ok();
    let term = position.as_ref().map(|position| position.history.newest().term);
    let term = term.and_then(|term| i64::try_from(term).ok()).map_or(Datum::Null, Datum::Integer);
    let flushed = position.map(|position| position_text(position.received));
    let (host, port) = match leader.address.rsplit_once(':') {
        Some((host, port)) => (text(host), port.parse().map_or(Datum::Null, Datum::Integer)),
        None => (text(&leader.address), Datum::Null),
    };
    maker.push([
        Datum::Integer(1),
        text(leader.state),
        text(&position_text(leader.began_after)),
        term.clone(),
        text(&position_text(leader.received)),
        maybe(flushed),
        term,
        moment(leader.sent_us),
        moment(leader.received_us),
        text(&position_text(leader.newest)),
        moment(leader.received_us),
        text(&leader.slot),
        host,
        port,
        text(&format!("host={}", leader.address)),
    ]);
    maker
}

/// For whom the log is kept.
pub(super) fn pg_replication_slots(source: &Source<'_>, session: &SessionState) -> Maker {
    let columns = ["slot_name", "active", "active_pid", "restart_lsn", "wal_status"];
    let mut maker = Maker::new(source.relation, &columns)
        .always("slot_type", text("physical"))
        .always("temporary", Datum::Boolean(false))
        .always("two_phase", Datum::Boolean(false));
    let replicas = session.server().map(|server| server.replicas()).unwrap_or_default();
    for slot in session.database().log_holds() {
        let user = replicas.iter().find(|replica| replica.name == slot.name);
        let number = user.map_or(Datum::Null, |user| Datum::Integer(user.number.into()));
        maker.push([
            text(&slot.name),
            Datum::Boolean(user.is_some()),
            number,
            text(&position_text(slot.after)),
            text(if slot.is_lost { "lost" } else { "reserved" }),
        ]);
    }
    maker
}
