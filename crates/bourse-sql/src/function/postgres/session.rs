//! Functions about the session: settings, notifications, advisory locks.

use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::arguments::text;
use crate::function::signature::Shape::{Boolean, Int4, Int8, Text, Void};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};
use crate::session::{LockMode, LockName, Notice, Scope, SessionState, SettingRequest};

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("current_setting", &[Text], Text, current_setting).stable(),
    scalar("current_setting", &[Text, Boolean], Text, current_setting).stable(),
    scalar("set_config", &[Text, Text, Boolean], Text, set_config).called_on_null().volatile(),
    scalar("pg_notify", &[Text, Text], Void, notify).called_on_null().volatile(),
    scalar("pg_backend_pid", &[], Int4, process).stable(),
    scalar("pg_advisory_lock", &[Int8], Void, lock).volatile(),
    scalar("pg_advisory_lock", &[Int4, Int4], Void, lock).volatile(),
    scalar("pg_advisory_lock_shared", &[Int8], Void, lock_shared).volatile(),
    scalar("pg_advisory_lock_shared", &[Int4, Int4], Void, lock_shared).volatile(),
    scalar("pg_advisory_xact_lock", &[Int8], Void, lock_transaction).volatile(),
    scalar("pg_advisory_xact_lock", &[Int4, Int4], Void, lock_transaction).volatile(),
    scalar("pg_advisory_xact_lock_shared", &[Int8], Void, share_transaction).volatile(),
    scalar("pg_advisory_xact_lock_shared", &[Int4, Int4], Void, share_transaction).volatile(),
    scalar("pg_try_advisory_lock", &[Int8], Boolean, try_lock).volatile(),
    scalar("pg_try_advisory_lock", &[Int4, Int4], Boolean, try_lock).volatile(),
    scalar("pg_try_advisory_lock_shared", &[Int8], Boolean, try_shared).volatile(),
    scalar("pg_try_advisory_lock_shared", &[Int4, Int4], Boolean, try_shared).volatile(),
    scalar("pg_try_advisory_xact_lock", &[Int8], Boolean, try_transaction).volatile(),
    scalar("pg_try_advisory_xact_lock", &[Int4, Int4], Boolean, try_transaction).volatile(),
    scalar("pg_try_advisory_xact_lock_shared", &[Int8], Boolean, try_share_transaction).volatile(),
    scalar("pg_try_advisory_xact_lock_shared", &[Int4, Int4], Boolean, try_share_transaction)
        .volatile(),
    scalar("pg_advisory_unlock", &[Int8], Boolean, unlock).volatile(),
    scalar("pg_advisory_unlock", &[Int4, Int4], Boolean, unlock).volatile(),
    scalar("pg_advisory_unlock_shared", &[Int8], Boolean, unlock_shared).volatile(),
    scalar("pg_advisory_unlock_shared", &[Int4, Int4], Boolean, unlock_shared).volatile(),
    scalar("pg_advisory_unlock_all", &[], Void, unlock_all).volatile(),
];

fn session(context: &dyn Context) -> Result<&SessionState> {
    let told = "this function is about a session, and there is none";
    context.session().ok_or_else(|| SqlError::new("55000", told))
}

fn current_setting(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let name = text(arguments, 0)?;
    let lower = name.to_ascii_lowercase();
    let requested = context.session().and_then(|session| session.requested(&lower));
    let missing_ok = matches!(arguments.get(1), Some(Datum::Boolean(true)));
    match requested.or_else(|| context.shown_setting(&lower)) {
        Some(value) => Ok(Datum::text(&value)),
        None if missing_ok => Ok(Datum::Null),
        None => {
            let message = format!("unrecognized configuration parameter \"{name}\"");
            Err(SqlError::new("42704", message))
        }
    }
}

fn set_config(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    if arguments[0].is_null() {
        return Err(SqlError::new("22004", "SET requires parameter name"));
    }
    let name = text(arguments, 0)?.to_ascii_lowercase();
    let given = if arguments[1].is_null() { None } else { Some(text(arguments, 1)?) };
    let local = matches!(arguments[2], Datum::Boolean(true));
    let (value, shown) = crate::settings::checked_and_shown(&name, given)?;
    let told = Datum::text(&shown);
    session(context)?.request_setting(SettingRequest { name, value, shown, local });
    Ok(told)
}

fn notify(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let of = |at: usize| if arguments[at].is_null() { Ok("") } else { text(arguments, at) };
    session(context)?.notify(of(0)?, of(1)?)?;
    Ok(Datum::text(""))
}

fn process(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    Ok(Datum::Integer(i64::from(session(context)?.process_number())))
}

/// What one number, or two, mean.
fn name_of(arguments: &[Datum]) -> Result<LockName> {
    let wrong = || SqlError::new("42804", "a lock is named by numbers");
    let number = |value: &Datum| match value {
        Datum::Integer(number) => Ok(*number),
        _ => Err(wrong()),
    };
    match arguments {
        [one] => Ok(LockName::Number(number(one)?)),
        [one, other] => {
            let half = |value: &Datum| i32::try_from(number(value)?).map_err(|_| wrong());
            Ok(LockName::Pair(half(one)?, half(other)?))
        }
        _ => Err(wrong()),
    }
}

fn wait(arguments: &[Datum], context: &dyn Context, mode: LockMode, scope: Scope) -> Result<Datum> {
    session(context)?.lock(name_of(arguments)?, mode, scope, true)?;
    Ok(Datum::text(""))
}

fn attempt(
    arguments: &[Datum],
    context: &dyn Context,
    mode: LockMode,
    scope: Scope,
) -> Result<Datum> {
    session(context)?.lock(name_of(arguments)?, mode, scope, false).map(Datum::Boolean)
}

fn release(arguments: &[Datum], context: &dyn Context, mode: LockMode) -> Result<Datum> {
    let session = session(context)?;
    let had = session.unlock(&name_of(arguments)?, mode);
    if !had {
        let message = format!("you don't own a lock of type {}", mode.name());
        session.tell(Notice::warning("01000", message));
    }
    Ok(Datum::Boolean(had))
}

fn lock(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    wait(arguments, context, LockMode::Exclusive, Scope::Session)
}

fn lock_shared(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    wait(arguments, context, LockMode::Share, Scope::Session)
}

fn lock_transaction(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    wait(arguments, context, LockMode::Exclusive, Scope::Transaction)
}

fn share_transaction(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    wait(arguments, context, LockMode::Share, Scope::Transaction)
}

fn try_lock(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    attempt(arguments, context, LockMode::Exclusive, Scope::Session)
}

fn try_shared(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    attempt(arguments, context, LockMode::Share, Scope::Session)
}

fn try_transaction(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    attempt(arguments, context, LockMode::Exclusive, Scope::Transaction)
}

fn try_share_transaction(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    attempt(arguments, context, LockMode::Share, Scope::Transaction)
}

fn unlock(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    release(arguments, context, LockMode::Exclusive)
}

fn unlock_shared(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    release(arguments, context, LockMode::Share)
}

fn unlock_all(_: &[Datum], context: &dyn Context) -> Result<Datum> {
    session(context)?.unlock_all();
    Ok(Datum::text(""))
}
