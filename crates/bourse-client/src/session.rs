//! A session: reads that see what it has written, and never less than it has seen.
//!
//! # Invariants
//! - **N1** What a session has written or seen is in its token, or its reads go to the leader until
//!   a token says so again.
//! - **N2** A write of the session that was lost in a promotion is told of by its next call, and
//!   by each one until it is forgotten.

use crate::call::Call;
use crate::client::Client;
use crate::error::{Error, Kind};
use crate::lock::Lock;
use crate::token::Token;

/// See the module's head. A session of a user of the service, for one; it is cheap, and may be kept
/// as its token alone between requests ([`Session::token`], [`Client::session_from`]).
#[derive(Debug)]
pub struct Session {
    pub(crate) client: Client,
    state: Lock<State>,
}

#[derive(Debug, Default)]
struct State {
    token: Option<Token>,
    /// N1.
    is_uncertain: bool,
    /// N2.
    lost: Option<String>,
}

/// What a call brings along.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Brought {
    pub(crate) token: Option<Token>,
    pub(crate) leader_only: bool,
}

impl Session {
    pub(crate) fn new(client: Client, token: Option<Token>) -> Session {
        Session { client, state: Lock::new(State { token, ..State::default() }) }
    }

    /// A call of this session, to be told more.
    pub fn call(&self) -> Call<'_> {
        Call::new(&self.client.owner.shared, Some(self))
    }

    /// What stands for all that it has written and seen.
    pub fn token(&self) -> Option<Token> {
        self.state.with(|state| state.token)
    }

    /// Has it see from now on what another session has written, too.
    ///
    /// # Errors
    /// `LostWrite` where no store can have both.
    pub fn advance(&self, token: Token) -> Result<(), Error> {
        self.state.with(|state| {
            state.token = Some(match state.token {
                Some(own) => own.merged(token)?,
                None => token,
            });
            Ok(())
        })
    }

    /// Begins anew: nothing need be seen. Needed after `LostWrite`.
    pub fn forget(&self) {
        self.state.with(|state| *state = State::default());
    }

    /// What a call must bring.
    ///
    /// # Errors
    /// N2.
    pub(crate) fn brought(&self) -> Result<Brought, Error> {
        self.state.with(|state| match &state.lost {
            Some(lost) => Err(Error::new(Kind::LostWrite, lost.clone())),
            None => Ok(Brought { token: state.token, leader_only: state.is_uncertain }),
        })
    }

    /// What a node shows now, if it was told: asked for behind a read or a commit of the session.
    pub(crate) fn saw(&self, token: Result<Token, Error>, is_leader: bool) {
        self.state.with(|state| {
            let Ok(token) = token else {
                state.is_uncertain = true; // N1
                return;
            };
            match state.token.map_or(Ok(token), |own| own.merged(token)) {
                Ok(merged) => {
                    state.token = Some(merged);
                    // The leader has all that there is, so its token covers what is uncertain.
                    state.is_uncertain &= !is_leader;
                }
                Err(error) => state.lost = Some(error.to_string()),
            }
        });
    }

    /// A commit of the session may have been done.
    pub(crate) fn note_uncertain(&self) {
        self.state.with(|state| state.is_uncertain = true);
    }
}
