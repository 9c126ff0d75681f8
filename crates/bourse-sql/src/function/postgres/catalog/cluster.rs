//! Functions of a group: who its members are and how far each is, and changes of them.
//!
//! They are for roles with the access `admin`. What is done is the server's: see
//! [`crate::activity::Observed::members`] and [`crate::activity::Observed::change_members`].

use crate::activity::{MemberChange, no_group};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::arguments::{integer, text};
use crate::function::signature::Shape::{self, Boolean, Int8, Text, TimestampTz};
use crate::function::signature::{Signature, scalar, set};
use crate::function::{Context, ScalarFunction, SetFunction, SetRows};
use crate::replica::position_text;
use crate::session::{SessionState, moment};

/// The session, where it may ask for that.
fn admin<'c>(context: &'c dyn Context, name: &str) -> Result<&'c SessionState> {
    let Some(session) = context.session() else {
        let told = "this function is about a store, and there is none";
        return Err(SqlError::new("55000", told));
    };
    if session.is_admin() {
        return Ok(session);
    }
    let hint = "Groups are looked at and changed by roles with the access admin.";
    Err(SqlError::new("42501", format!("permission denied for function {name}")).with_hint(hint))
}

/// The number of a member that an argument is.
fn member(arguments: &[Datum], at: usize) -> Result<u64> {
    let number = integer(arguments, at)?;
    u64::try_from(number).ok().filter(|number| *number > 0).ok_or_else(|| {
        let message = format!("{number} is no number of a member: they count from 1");
        SqlError::new("22023", message)
    })
}

fn change(context: &dyn Context, name: &str, change: &MemberChange) -> Result<u64> {
    match admin(context, name)?.server() {
        Some(server) => server.change_members(change),
        None => Err(no_group()),
    }
}

fn number(number: u64) -> Datum {
    Datum::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

fn status(_: &[Datum], context: &dyn Context) -> Result<SetRows> {
    let members = match admin(context, "bourse_cluster_status")?.server() {
        Some(server) => server.members()?,
        None => return Err(no_group()),
    };
    let rows = members.into_iter().map(|one| {
        let lag = one.last.zip(one.matched);
        let lag = lag.map(|(last, matched)| number(last.0.saturating_sub(matched.0)));
        let position =
            |lsn: Option<_>| lsn.map_or(Datum::Null, |lsn| Datum::text(&position_text(lsn)));
        Ok(vec![
            number(one.id),
            Datum::text(&one.address),
            one.clients.map_or(Datum::Null, |clients| Datum::text(&clients)),
            Datum::text(one.role.name()),
            Datum::Boolean(one.is_self),
            number(one.term),
            position(one.last),
            position(one.matched),
            lag.unwrap_or(Datum::Null),
            moment(one.heard_us),
            one.is_healthy.map_or(Datum::Null, Datum::Boolean),
        ])
    });
    Ok(Box::new(rows))
}

fn add(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let (id, address) = (member(arguments, 0)?, text(arguments, 1)?.trim().to_owned());
    change(context, "bourse_cluster_add", &MemberChange::Add { id, address })?;
    Ok(Datum::Null)
}

fn promote(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let id = member(arguments, 0)?;
    change(context, "bourse_cluster_promote", &MemberChange::Promote(id))?;
    Ok(Datum::Null)
}

fn remove(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let id = member(arguments, 0)?;
    change(context, "bourse_cluster_remove", &MemberChange::Remove(id))?;
    Ok(Datum::Null)
}

/// Gives the number of the member that leads then.
fn switch_over(arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let to = match arguments.is_empty() {
        true => None,
        false => Some(member(arguments, 0)?),
    };
    let leader = change(context, "bourse_cluster_switchover", &MemberChange::SwitchOver(to))?;
    Ok(number(leader))
}

const NOTHING: Shape = Shape::Void;

pub(in crate::function::postgres) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("bourse_cluster_add", &[Int8, Text], NOTHING, add).volatile(),
    scalar("bourse_cluster_promote", &[Int8], NOTHING, promote).volatile(),
    scalar("bourse_cluster_remove", &[Int8], NOTHING, remove).volatile(),
    scalar("bourse_cluster_switchover", &[], Int8, switch_over).volatile(),
    scalar("bourse_cluster_switchover", &[Int8], Int8, switch_over).volatile(),
];

pub(in crate::function::postgres) static SETS: &[Signature<SetFunction>] =
    &[set("bourse_cluster_status", &[], Int8, status).with_columns(&[
        ("node_id", Int8),
        ("address", Text),
        ("clients", Text),
        ("role", Text),
        ("is_self", Boolean),
        ("term", Int8),
        ("last_lsn", Text),
        ("matched_lsn", Text),
        ("lag_records", Int8),
        ("last_heard", TimestampTz),
        ("healthy", Boolean),
    ])];
