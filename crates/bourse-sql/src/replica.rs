//! Positions in the log as texts, and tokens of what was written: what a session brings to a
//! replica so that it reads its own writes there.
//!
//! A position is written as PostgreSQL writes one, by two hexadecimal numbers, the second of them
//! always with eight digits: so texts of positions below 16/0 are ordered as the positions are. It
//! counts records and not bytes.
//!
//! A token is `GROUP:TERM:POSITION`: the lineage of the store, the term in which the record was
//! written, and the record. A position alone is taken for one of any group and term.

use std::fmt;
use std::time::Duration;

use bourse::Database;
use bourse_storage::id::Lsn;
use bourse_storage::sync;

use crate::error::{Result, SqlError};
use crate::session::SessionState;
use crate::settings::ReadRules;

/// A position as text.
pub(crate) fn position_text(lsn: Lsn) -> String {
    format!("{:X}/{:08X}", lsn.0 >> 32, lsn.0 & 0xffff_ffff)
}

/// The position that a text is.
pub(crate) fn position_of(text: &str) -> Option<Lsn> {
    let (high, low) = text.trim().split_once('/')?;
    let part = |digits: &str| {
        let is_number = (1..=8).contains(&digits.len())
            && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        is_number.then(|| u64::from_str_radix(digits, 16).ok())?
    };
    Some(Lsn(part(high)? << 32 | part(low)?))
}

/// What was written: see the module's head.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Token {
    /// Lineage and term, where it says them.
    pub(crate) origin: Option<(u128, u64)>,
    /// The record.
    pub(crate) lsn: Lsn,
}

impl Token {
    /// The token that a text is.
    ///
    /// # Errors
    /// 22P02 for what is none.
    pub(crate) fn parse(text: &str) -> Result<Token> {
        let read = || {
            let Some((group, rest)) = text.trim().split_once(':') else {
                return Some(Token { origin: None, lsn: position_of(text)? });
            };
            let (term, position) = rest.split_once(':')?;
            let group = u128::from_str_radix(group, 16).ok()?;
            Some(Token { origin: Some((group, term.parse().ok()?)), lsn: position_of(position)? })
        };
        read().ok_or_else(|| {
            let message = format!("invalid position in the log: \"{text}\"");
            let hint = "It is as pg_current_wal_lsn() or bourse_token() gives it.";
            SqlError::new("22P02", message).with_hint(hint)
        })
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((group, term)) = self.origin {
            write!(f, "{group:032x}:{term}:")?;
        }
        f.write_str(&position_text(self.lsn))
    }
}

/// How long a wait goes on before it is looked whether its statement was cancelled.
const LOOK_EACH: Duration = Duration::from_millis(50);

/// What brings all that can be read now to a replica.
pub(crate) fn token_of_now(database: &Database) -> Result<Token> {
    let position = database.replication_position()?;
    let lsn = position.published;
    let term = position.history.epoch_of(lsn).term;
    Ok(Token { origin: Some((position.history.lineage(), term)), lsn })
}

/// Waits until a write can be read here. Returns whether it can be.
///
/// # Errors
/// 55000 for a write that is none of this store's; 57014 when the statement is cancelled.
pub(crate) fn wait_for(session: &SessionState, token: &Token, limit: Duration) -> Result<bool> {
    let database = session.database();
    let deadline = sync::monotonic() + limit;
    loop {
        let left = deadline.saturating_sub(sync::monotonic());
        if database.wait_for(token.lsn, left.min(LOOK_EACH))? {
            break;
        }
        if left.is_zero() {
            return Ok(false);
        }
        session.check_canceled()?;
    }
    let Some((group, term)) = token.origin else { return Ok(true) };
    let history = database.replication_position()?.history;
    if history.lineage() != group {
        return Err(SqlError::new("55000", format!("{token} is a write of another store")));
    }
    let found = history.epoch_of(token.lsn).term;
    if found != term {
        let message =
            format!("the write {token} is not here: record {} is of term {found}", token.lsn);
        let hint = "A replica was promoted before it had that write.";
        return Err(SqlError::new("55000", message).with_hint(hint));
    }
    Ok(true)
}

/// Waits until a replica shows what it must. Returns whether that took a wait.
///
/// # Errors
/// 40001 where it does not in time; as [`wait_for`].
pub(crate) fn satisfy(session: &SessionState, rules: &ReadRules) -> Result<bool> {
    let database = session.database();
    let hint = "Run it again later, or on the leader.";
    let mut has_waited = false;
    if let Some(token) = &rules.after {
        has_waited = database.cut().lsn() < token.lsn;
        if !wait_for(session, token, rules.timeout)? {
            let now = position_text(database.cut().lsn());
            let message = format!(
                "{token} cannot be read here yet: after {} ms the state is that of {now}",
                rules.timeout.as_millis()
            );
            return Err(SqlError::new("40001", message).with_hint(hint));
        }
    }
    if rules.linearizable {
        has_waited |= wait_for_newest(session, rules.timeout, hint)?;
    }
    if let Some(most) = rules.max_staleness.filter(|_| database.is_follower()) {
        let staleness = session.server().and_then(|server| server.staleness());
        if staleness.is_none_or(|staleness| staleness > most) {
            let is = match staleness {
                Some(staleness) => format!("may be {} ms old", staleness.as_millis()),
                None => "is of an unknown age".to_owned(),
            };
            let message =
                format!("the state {is}, bourse.max_staleness is {} ms", most.as_millis());
            return Err(SqlError::new("40001", message).with_hint(hint));
        }
    }
    Ok(has_waited)
}

/// Waits until all can be read here that the group had acknowledged when the call began. Returns
/// whether that took a wait.
///
/// # Errors
/// 40001 where it takes too long; 55000 where nobody can tell; as [`wait_for`].
fn wait_for_newest(session: &SessionState, limit: Duration, hint: &str) -> Result<bool> {
    let database = session.database();
    let deadline = sync::monotonic() + limit;
    let mut told = None;
    session.wait_until(limit, || {
        told = session.server().and_then(|server| server.newest_agreed());
        !matches!(told, Some(Err(_)))
    })?;
    let newest = match told {
        Some(Ok(newest)) => newest,
        Some(Err(why)) => {
            let message = format!("it is not known what the group has agreed on: {why}");
            return Err(SqlError::new("40001", message).with_hint(hint));
        }
        None if database.is_follower() => {
            let message = "a replica cannot tell what its leader has acknowledged by now";
            let hint = "Read on the leader, or by a token: SET bourse.read_after_lsn.";
            return Err(SqlError::new("55000", message).with_hint(hint));
        }
        // What it has acknowledged it shows.
        None => return Ok(false),
    };
    let has_waited = database.cut().lsn() < newest;
    let left = deadline.saturating_sub(sync::monotonic());
    if !wait_for(session, &Token { origin: None, lsn: newest }, left)? {
        let message = format!(
            "{} cannot be read here yet, which the group has agreed on",
            position_text(newest)
        );
        return Err(SqlError::new("40001", message).with_hint(hint));
    }
    Ok(has_waited)
}

#[cfg(test)]
mod tests;
