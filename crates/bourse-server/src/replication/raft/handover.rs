//! Leadership handed over: by an operator's word, and by a leader that stops.
//!
//! ```text
//! chosen --has all--> gate: transactions end, then nothing runs --all agreed on--> told to lead
//!                                                                                     |
//!       opened anew <-- sessions sent away <-- answered <-- another one leads <-------+
//! ```
//!
//! # Invariants
//! - **O1** Who is to lead has all records before the leader is asked to give up, and nothing is
//!   written in between: nobody's commit is of unknown outcome, but for what would not come to rest
//!   within [`REST`].
//! - **O2** The sessions are ended after the one that asked has its answer.

use std::sync::Arc;
use std::time::Duration;

use bourse_sql::error::{Result, SqlError};
use bourse_storage::sync;
use futures_util::FutureExt as _;

use super::members::{LOOK, known, told};
use super::node::GroupNode;
use crate::registry::Doing;
use crate::server::Shared;

/// How long a leader that stops waits for another one to lead.
const HANDOVER: Duration = Duration::from_secs(1);

/// How long transactions, and then statements, may take to end.
const REST: Duration = Duration::from_secs(2);

/// How long a leader that was asked to lead may take to do so.
const LEADS_WITHIN: Duration = Duration::from_secs(5);

/// How long the session that asked may take to have its answer (O2).
const ANSWER: Duration = Duration::from_secs(1);

impl GroupNode {
    /// Hands its leadership over to a member, or to the one that has the most. Returns who leads.
    pub(super) async fn switch_over(
        &self,
        shared: &Arc<Shared>,
        to: Option<u64>,
        limit: Duration,
    ) -> Result<u64> {
        let to = self.next_leader(to)?;
        if to == self.own.id {
            return Ok(to);
        }
        // The most of it while others go on.
        self.wait_for_member(to, self.metrics().last_log_index, limit).await?;
        let rested = self.come_to_rest(shared, to, limit).await;
        if let Err(error) = rested {
            shared.gate.open();
            return Err(error);
        }
        tracing::info!("leadership is handed over to member {to}");
        self.begin_handing_over();
        if let Err(error) = self.raft.trigger().transfer_leader(to).await {
            shared.gate.open();
            return Err(told("the consensus has ended", &error));
        }
        let own = self.own.id;
        let wait = self.raft.wait(Some(LEADS_WITHIN));
        let led = wait.metrics(
            |now| now.current_leader.is_some_and(|leader| leader != own),
            "another one leads",
        );
        match led.await.map(|now| now.current_leader) {
            Ok(Some(leader)) => Ok(leader),
            Ok(None) | Err(_) => {
                // What waits is answered by whoever leads, or not at all: none of it has run.
                shared.gate.open();
                let message = format!("member {to} does not lead within {LEADS_WITHIN:?}");
                let hint = "The group chooses a leader by itself; look at its status.";
                Err(SqlError::new("55000", message).with_hint(hint))
            }
        }
    }

    /// Who is to lead.
    fn next_leader(&self, wanted: Option<u64>) -> Result<u64> {
        let now = self.metrics();
        let mut voters = now.membership_config.voter_ids();
        if let Some(id) = wanted {
            known(&now, id)?;
            if !voters.any(|voter| voter == id) {
                let message = format!("member {id} has no vote, and cannot lead");
                let hint = format!("SELECT bourse_cluster_promote({id}) gives it one.");
                return Err(SqlError::new("55000", message).with_hint(hint));
            }
            self.check_healthy(&now, id)?;
            return Ok(id);
        }
        let healthy = self.healthy(&now);
        let replicated = now.replication.clone().unwrap_or_default();
        let others = voters.filter(|id| *id != self.own.id && healthy.contains(id));
        others.max_by_key(|id| replicated.get(id).cloned().flatten()).ok_or_else(|| {
            let message = "there is no other member that could lead";
            let hint = "Start another member with a vote, or give one a vote.";
            SqlError::new("55000", message).with_hint(hint)
        })
    }

    /// Has nothing written, and the next leader have all (O1).
    async fn come_to_rest(&self, shared: &Arc<Shared>, to: u64, limit: Duration) -> Result<()> {
        // Nobody is kept waiting for long by members that do not answer.
        let limit = limit.min(REST);
        // The one who asks is inside.
        let is_at_rest = || shared.gate.inside() <= 1;
        shared.gate.begin_ending();
        wait_at_most(REST, || is_at_rest() && !has_transactions(shared)).await;
        shared.gate.close();
        if !wait_at_most(REST, is_at_rest).await {
            tracing::warn!("statements that run still end with the leadership of this member");
        }
        let is_agreed = || {
            let now = self.metrics();
            let applied = now.last_applied.as_ref().map(|applied| applied.index);
            self.store.member.unended().now_or_never().is_none() && applied >= now.last_log_index
        };
        if !wait_at_most(limit, is_agreed).await {
            let message = "the group has not agreed on all that was written";
            let hint = "See whether a majority of its voters is there, and try again.";
            return Err(SqlError::new("55000", message).with_hint(hint));
        }
        self.wait_for_member(to, self.metrics().last_log_index, limit).await
    }

    /// Has another one lead, as this one is about to stop.
    pub(super) async fn hand_over(&self) {
        let Ok(next) = self.next_leader(None) else { return };
        if self.raft.trigger().transfer_leader(next).await.is_err() {
            return;
        }
        let wait = self.raft.wait(Some(HANDOVER));
        let led = wait.metrics(|now| now.current_leader == Some(next), "another one leads").await;
        if led.is_err() {
            tracing::info!("no other member leads yet: the group chooses one by itself");
        }
    }
}

/// Whether a session is in a transaction, and waits for its client.
fn has_transactions(shared: &Shared) -> bool {
    let all = shared.registry.all();
    all.iter().any(|entry| {
        matches!(entry.activity().doing, Doing::IdleInTransaction | Doing::IdleInFailed)
    })
}

/// Waits until something is so. Returns whether it is.
async fn wait_at_most(limit: Duration, is_so: impl Fn() -> bool) -> bool {
    let deadline = sync::monotonic() + limit;
    while !is_so() {
        if sync::monotonic() >= deadline {
            return false;
        }
        tokio::time::sleep(LOOK).await;
    }
    true
}

/// Has the store opened anew once nobody is inside (O2).
pub(super) async fn leave(shared: Arc<Shared>) {
    wait_at_most(ANSWER, || shared.gate.inside() == 0).await;
    shared.ask_to_open_anew();
}
