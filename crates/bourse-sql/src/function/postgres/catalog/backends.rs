//! What a session may do to others, and ask of them: PostgreSQL's "server signaling functions".

use std::time::Duration;

use super::catalog;
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::arguments::integer;
use crate::function::signature::Shape::{Boolean, Int4, Int8, List, Oid, Text, Void};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};
use crate::session::{Notice, SessionState};
use crate::system::sessions::address_and_port;

fn session(context: &dyn Context) -> Result<&SessionState> {
    let told = "this function is about a session, and there is none";
    context.session().ok_or_else(|| SqlError::new("55000", told))
}

/// Whose the session of a number is; `None` where there is none, which the client is told.
fn user_of(session: &SessionState, context: &dyn Context, process: i64) -> Option<String> {
    if process == i64::from(session.process_number()) {
        return Some(context.user());
    }
    let served = session.server().map(|server| server.sessions()).unwrap_or_default();
    let found = served.into_iter().find(|one| i64::from(one.process) == process);
    if found.is_none() {
        let message = format!("PID {process} is not a PostgreSQL server process");
        session.tell(Notice::warning("01000", message));
    }
    found.map(|one| one.user)
}

fn may_signal(session: &SessionState, context: &dyn Context, user: &str, what: &str) -> Result<()> {
    if session.is_admin() || user == context.user() {
        return Ok(());
    }
    let message = format!("must be a member of the role whose {what}");
    Err(SqlError::new("42501", message).with_hint("Roles with the access admin may do it, too."))
}

fn cancel(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let (session, process) = (session(context)?, integer(arguments, 0)?);
    let Some(user) = user_of(session, context, process) else { return Ok(Datum::Boolean(false)) };
    may_signal(session, context, &user, "query is being canceled")?;
    if process == i64::from(session.process_number()) {
        session.cancel();
        return Ok(Datum::Boolean(true));
    }
    let number = u32::try_from(process).unwrap_or(0);
    let is_done = session.server().is_some_and(|server| server.cancel(number));
    Ok(Datum::Boolean(is_done))
}

fn terminate(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let (session, process) = (session(context)?, integer(arguments, 0)?);
    let timeout = if arguments.len() > 1 { integer(arguments, 1)? } else { 0 };
    let Ok(timeout) = u64::try_from(timeout) else {
        return Err(SqlError::new("22003", "\"timeout\" must not be negative"));
    };
    let Some(user) = user_of(session, context, process) else { return Ok(Datum::Boolean(false)) };
    may_signal(session, context, &user, "process is being terminated")?;
    let number = u32::try_from(process).unwrap_or(0);
    let server = session.server();
    if !server.as_ref().is_some_and(|server| server.terminate(number)) {
        let message = "a session in process ends with its program's connection";
        session.tell(Notice::warning("01000", message));
        return Ok(Datum::Boolean(false));
    }
    if timeout == 0 || process == i64::from(session.process_number()) {
        return Ok(Datum::Boolean(true));
    }
    let limit = Duration::from_millis(timeout);
    // Its locks go first, and then it is no longer told of.
    let is_told = || {
        let told = server.as_ref().map(|server| server.sessions()).unwrap_or_default();
        told.iter().any(|one| one.process == number)
    };
    let is_gone = || session.session_of_process(process).is_none() && !is_told();
    let has_ended = session.wait_until(limit, is_gone)?;
    if !has_ended {
        let message =
            format!("backend with PID {process} did not terminate within {timeout} milliseconds");
        session.tell(Notice::warning("01000", message));
    }
    Ok(Datum::Boolean(has_ended))
}

/// The sessions in the way of what a session waits for.
fn blocking(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let (session, process) = (session(context)?, integer(arguments, 0)?);
    let Some(number) = session.session_of_process(process) else {
        return Ok(Datum::list(Vec::new()));
    };
    let present = session.present();
    let locks = session.seen_locks();
    let waits = locks.iter().filter(|lock| !lock.is_held && lock.session == Some(number));
    let mut in_the_way: Vec<i32> = waits.flat_map(|lock| lock.waits_for.iter().copied()).collect();
    in_the_way.sort_unstable();
    in_the_way.dedup();
    let of = |number: &i32| {
        let one = present.iter().find(|one| one.number == *number)?;
        Some(Datum::Integer(one.process().into()))
    };
    Ok(Datum::list(in_the_way.iter().filter_map(of).collect()))
}

fn reset_statements(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    let session = session(context)?;
    if !session.is_admin() {
        let message = "permission denied for function pg_stat_statements_reset";
        return Err(SqlError::new("42501", message));
    }
    if let Some(server) = session.server() {
        server.reset_statements();
    }
    Ok(Datum::text(""))
}

fn temporary_schema(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    let name = session(context)?.temporary_schema();
    let number = catalog(context)?.system().objects.namespace(&name).unwrap_or(0);
    Ok(Datum::Integer(number.into()))
}

/// Where the client of the session is.
fn client(context: &dyn Context) -> Option<(Datum, Datum)> {
    let session = context.session()?;
    let process = session.process_number().unsigned_abs();
    let served = session.server()?.sessions();
    served.iter().find(|one| one.process == process).map(|one| address_and_port(&one.peer))
}

fn client_address(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    Ok(client(context).map_or(Datum::Null, |(address, _)| address))
}

fn client_port(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    let port = client(context).filter(|(address, _)| !address.is_null());
    Ok(port.map_or(Datum::Null, |(_, port)| port))
}

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("pg_cancel_backend", &[Int4], Boolean, cancel).volatile(),
    scalar("pg_terminate_backend", &[Int4], Boolean, terminate).volatile(),
    scalar("pg_terminate_backend", &[Int4, Int8], Boolean, terminate).volatile(),
    scalar("pg_blocking_pids", &[Int4], List(&Int4), blocking).volatile(),
    scalar("pg_stat_statements_reset", &[], Void, reset_statements).volatile(),
    scalar("pg_my_temp_schema", &[], Oid, temporary_schema).stable(),
    scalar("inet_client_addr", &[], Text, client_address).stable(),
    scalar("inet_client_port", &[], Int4, client_port).stable(),
];
