//! Functions of replication: PostgreSQL's "recovery information" and "backup control" functions,
//! and waits for what was written elsewhere.
//!
//! Positions are texts that count records: see [`crate::replica`].

use std::time::Duration;

use bourse::Database;
use bourse_storage::id::Lsn;

use crate::datum::{Datum, Instant, Numeric};
use crate::error::{Result, SqlError};
use crate::function::arguments::{boolean, integer, text};
use crate::function::signature::Shape::{
    self, Boolean, Int4, Int8, Name, Numeric as Number, Text, TimestampTz,
};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};
use crate::replica::{Token, position_of, position_text, token_of_now, wait_for};
use crate::session::{Notice, SessionState};

fn session(context: &dyn Context) -> Result<&SessionState> {
    let told = "this function is about a store, and there is none";
    context.session().ok_or_else(|| SqlError::new("55000", told))
}

fn database(context: &dyn Context) -> Result<&Database> {
    Ok(session(context)?.database())
}

fn position(lsn: Lsn) -> Datum {
    Datum::text(&position_text(lsn))
}

fn is_in_recovery(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    Ok(Datum::Boolean(context.session().is_some_and(|session| session.database().is_follower())))
}

/// The newest record of a leader that can be read.
fn current(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    let database = database(context)?;
    if database.is_follower() {
        let hint = "WAL control functions cannot be executed during recovery.";
        return Err(SqlError::new("55000", "recovery is in progress").with_hint(hint));
    }
    Ok(position(database.cut().lsn()))
}

fn received(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    let database = database(context)?;
    match database.is_follower() {
        true => Ok(position(database.replication_position()?.received)),
        false => Ok(Datum::Null),
    }
}

fn replayed(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    let database = database(context)?;
    match database.is_follower() {
        true => Ok(position(database.cut().lsn())),
        false => Ok(Datum::Null),
    }
}

/// By the leader's clock: all that it had acknowledged before can be read.
fn replayed_time(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    let position = database(context)?.replication_position()?;
    Ok(match position.follows && position.closed_us > 0 {
        true => Datum::TimestampTz(Instant { micros: position.closed_us, nanos: 0 }),
        false => Datum::Null,
    })
}

fn difference(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let of = |at: usize| {
        let text = text(arguments, at)?;
        position_of(text).ok_or_else(|| {
            SqlError::new("22P02", format!("invalid input syntax for type pg_lsn: \"{text}\""))
        })
    };
    let (left, right) = (i128::from(of(0)?.0), i128::from(of(1)?.0));
    Ok(Datum::Numeric(Numeric::new(left - right, 0)))
}

fn promote(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let session = session(context)?;
    if !session.is_admin() {
        let message = "permission denied for function pg_promote";
        return Err(SqlError::new("42501", message));
    }
    let waits = arguments.is_empty() || boolean(arguments, 0)?;
    let seconds = if arguments.len() > 1 { integer(arguments, 1)? } else { 60 };
    let Some(seconds) = u64::try_from(seconds).ok().filter(|seconds| *seconds > 0) else {
        return Err(SqlError::new("22023", "\"wait_seconds\" must not be negative or zero"));
    };
    if !session.database().is_follower() {
        let hint = "Recovery control functions can only be executed during recovery.";
        return Err(SqlError::new("55000", "recovery is not in progress").with_hint(hint));
    }
    let limit = Duration::from_secs(if waits { seconds } else { 60 });
    let left = crate::catalog::marks(session.database())?;
    match session.server() {
        Some(server) => server.promote(limit)?,
        // In process nobody else takes records.
        None => drop(session.database().promote()?),
    }
    // What sessions of the leader have left, which nobody here goes on with.
    crate::catalog::drop_marked(session.database(), &left)?;
    Ok(Datum::Boolean(true))
}

/// What brings what was written so far to a replica.
fn token(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    Ok(Datum::text(&token_of_now(database(context)?)?.to_string()))
}

/// The newest term that this node has heard of: on a leader that in which it writes, also before it
/// has written anything in it, which no token tells.
fn term(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    let newest = database(context)?.replication_position()?.history.newest().term;
    let newest = i64::try_from(newest).map_err(|_| {
        SqlError::new("22003", format!("term {newest} is out of range of type bigint"))
    })?;
    Ok(Datum::Integer(newest))
}

/// Waits until a write can be read here; false where the time runs out before.
fn wait(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let session = session(context)?;
    let token = Token::parse(text(arguments, 0)?)?;
    let limit = if arguments.len() > 1 { integer(arguments, 1)? } else { 10_000 };
    let Ok(limit) = u64::try_from(limit) else {
        return Err(SqlError::new("22023", "the time to wait must not be negative"));
    };
    let is_there = wait_for(session, &token, Duration::from_millis(limit))?;
    Ok(Datum::Boolean(is_there))
}

/// For how long at most the state here has not been the leader's newest one.
fn staleness(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    let session = session(context)?;
    if !session.database().is_follower() {
        return Ok(Datum::interval_of(Duration::ZERO));
    }
    let staleness = session.server().and_then(|server| server.staleness());
    Ok(staleness.map_or(Datum::Null, Datum::interval_of))
}

/// Log is no longer kept for a replica that is gone.
fn drop_slot(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let (session, name) = (session(context)?, text(arguments, 0)?);
    if !session.is_admin() {
        let message = "must be superuser or replication role to use replication slots";
        return Err(SqlError::new("42501", message));
    }
    let replicas = session.server().map(|server| server.replicas()).unwrap_or_default();
    if let Some(user) = replicas.iter().find(|replica| replica.name == name) {
        let message = format!("replication slot \"{name}\" is active for PID {}", user.number);
        return Err(SqlError::new("55006", message));
    }
    if !session.database().release_log(name)? {
        let message = format!("replication slot \"{name}\" does not exist");
        return Err(SqlError::new("42704", message));
    }
    Ok(Datum::Null)
}

/// Nothing is switched: the log goes on where it is.
fn switch(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    let message = "the log is not switched: there is nothing that would need it";
    session(context)?.tell(Notice::told(message));
    current(&[], context)
}

const POSITION: Shape = Text;

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("pg_is_in_recovery", &[], Boolean, is_in_recovery).volatile(),
    scalar("pg_current_wal_lsn", &[], POSITION, current).volatile(),
    scalar("pg_current_wal_insert_lsn", &[], POSITION, current).volatile(),
    scalar("pg_current_wal_flush_lsn", &[], POSITION, current).volatile(),
    scalar("pg_switch_wal", &[], POSITION, switch).volatile(),
    scalar("pg_last_wal_receive_lsn", &[], POSITION, received).volatile(),
    scalar("pg_last_wal_replay_lsn", &[], POSITION, replayed).volatile(),
    scalar("pg_last_xact_replay_timestamp", &[], TimestampTz, replayed_time).volatile(),
    scalar("pg_wal_lsn_diff", &[POSITION, POSITION], Number, difference),
    scalar("pg_promote", &[], Boolean, promote).volatile(),
    scalar("pg_promote", &[Boolean], Boolean, promote).volatile(),
    scalar("pg_promote", &[Boolean, Int4], Boolean, promote).volatile(),
    scalar("pg_drop_replication_slot", &[Name], Shape::Void, drop_slot).volatile(),
    scalar("bourse_term", &[], Int8, term).volatile(),
    scalar("bourse_token", &[], Text, token).volatile(),
    scalar("bourse_wait_for_lsn", &[Text], Boolean, wait).volatile(),
    scalar("bourse_wait_for_lsn", &[Text, Int8], Boolean, wait).volatile(),
    scalar("bourse_staleness", &[], Shape::Interval, staleness).volatile(),
];
