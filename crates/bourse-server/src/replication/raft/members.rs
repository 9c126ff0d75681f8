//! Who the members are, and changes of that: what an operator asks of the leader.
//!
//! ```text
//! unknown --add--> learner --promote--> voter
//!    ^                |                   |
//!    +----remove------+------remove-------+   and it is told so when it asks
//! ```
//! Addresses of members are part of the membership, which all members have in their logs; the list
//! of options is where a member begins to look.
//!
//! # Invariants
//! - **M1** One change at a time is under way. One that was left half done, as its leader was
//!   deposed, is brought to its end first.
//! - **M2** A change is begun only while a majority of the voters before it, and of those after it,
//!   has been heard of a moment ago: the group does not come to stand still by it.
//! - **M3** The leader removes others, not itself: it hands its leadership over first.
//! - **M4** All that a member must remember of memberships fits into GROUP.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use bourse_sql::activity::{MemberActivity, MemberChange, MemberRole};
use bourse_sql::error::{Result, SqlError};
use bourse_storage::id::Lsn;
use bourse_storage::sync::{self, wall_clock_us};
use openraft::async_runtime::watch::WatchReceiver as _;
use openraft::errors::{ClientWriteError, RaftError};
use openraft::{BasicNode, ChangeMembers, Instant as _};
use tokio::sync::oneshot;

use super::chores;
use super::node::{GroupNode, Metrics, name_of};
use super::types::{Answer, Question, Standing, Types};
use crate::options;
use crate::server::Shared;

/// A member that was heard of so long ago is away.
const HEALTHY: Duration = Duration::from_secs(2);

/// How long the leader may take to say how far all are.
const ASKING: Duration = Duration::from_secs(2);

/// How often it is looked whether a member has what it lacks.
pub(super) const LOOK: Duration = Duration::from_millis(5);

/// Bytes of a membership at most: GROUP has four of them in a page (M4).
const MEMBERSHIP_BYTES_MAX: usize = 800;

type Asked<T> = std::result::Result<T, RaftError<Types, ClientWriteError<Types>>>;

/// What is done, or not, after a time, nobody knows.
pub(super) fn unknown_outcome(limit: Duration) -> SqlError {
    let message = format!(
        "the group did not agree within {limit:?}: the change may have been made, or may be yet"
    );
    SqlError::new("08007", message).with_hint("bourse_cluster_status() shows what is so.")
}

impl GroupNode {
    /// Its members as the leader knows them; as this one does where nobody leads.
    pub(crate) fn members(self: &Arc<Self>) -> Result<Vec<MemberActivity>> {
        let node = Arc::clone(self);
        let asked = self.on_runtime(async move {
            if node.leads_now() {
                return node.standings();
            }
            match tokio::time::timeout(ASKING, node.ask_standings()).await {
                Ok(Some(answer)) => answer,
                Ok(None) | Err(_) => Answer::No("nobody leads the group".to_owned()),
            }
        })?;
        let now = wall_clock_us();
        let Answer::Standings { term, last, members } = asked else {
            return Ok(self.known_members());
        };
        let activity = |one: Standing| MemberActivity {
            clients: one.clients.or_else(|| self.clients_of(one.id)),
            is_self: one.id == self.own.id,
            id: one.id,
            address: one.address,
            role: match (one.leads, one.has_vote) {
                (true, _) => MemberRole::Leader,
                (false, true) => MemberRole::Voter,
                (false, false) => MemberRole::Learner,
            },
            term,
            last: Some(Lsn(last)),
            matched: one.matched.map(Lsn),
            heard_us: one
                .heard_ago_us
                .map_or(0, |ago| now.saturating_sub(i64::try_from(ago).unwrap_or(i64::MAX))),
            is_healthy: Some(one.is_healthy),
        };
        Ok(members.into_iter().map(activity).collect())
    }

    /// What this one knows by itself.
    fn known_members(&self) -> Vec<MemberActivity> {
        let now = self.metrics();
        let voters: BTreeSet<u64> = now.membership_config.voter_ids().collect();
        let members = now.membership_config.nodes().map(|(id, node)| MemberActivity {
            id: *id,
            address: node.addr.clone(),
            clients: self.clients_of(*id),
            role: if voters.contains(id) { MemberRole::Voter } else { MemberRole::Learner },
            is_self: *id == self.own.id,
            term: self.term(),
            last: None,
            matched: None,
            heard_us: 0,
            is_healthy: None,
        });
        members.collect()
    }

    async fn ask_standings(&self) -> Option<Answer> {
        let leader = self.raft.metrics().borrow_watched().current_leader;
        let (_, mut link) = chores::find(self, leader).await.ok()??;
        link.ask(&Question::Standings).await.ok()
    }

    /// Where clients of a member connect, this one among them.
    fn clients_of(&self, id: u64) -> Option<String> {
        if id != self.own.id {
            return self.own.clients_of(id);
        }
        let (host, port) = &self.own.clients;
        let address = self.address_of(id);
        let host = match (host.is_empty(), address.as_deref().and_then(|it| it.rsplit_once(':'))) {
            (false, _) => host,
            (true, Some((host, _))) => host,
            (true, None) => return None,
        };
        Some(format!("{host}:{port}"))
    }

    /// How far all are, as the leader knows it.
    pub(crate) fn standings(&self) -> Answer {
        if !self.leads_now() {
            return Answer::No("it does not lead the group".to_owned());
        }
        let now = self.metrics();
        let last = self.store.member.last().map_or(Lsn(0), |last| last.end);
        let (others, healthy) = (self.others(), self.healthy(&now));
        let voters: BTreeSet<u64> = now.membership_config.voter_ids().collect();
        let members = now.membership_config.nodes().map(|(id, node)| {
            let is_self = *id == self.own.id;
            let matched = if is_self { Some(last) } else { others.get(id).copied().flatten() };
            let heard = if is_self { Some(Duration::ZERO) } else { heard_ago(&now, *id) };
            Standing {
                id: *id,
                address: node.addr.clone(),
                clients: self.clients_of(*id),
                leads: is_self,
                has_vote: voters.contains(id),
                matched: matched.map(|lsn| lsn.0),
                heard_ago_us: heard.map(|ago| u64::try_from(ago.as_micros()).unwrap_or(u64::MAX)),
                is_healthy: healthy.contains(id),
            }
        });
        Answer::Standings { term: self.term(), last: last.0, members: members.collect() }
    }

    /// The members that were heard of a moment ago, this leader among them.
    pub(super) fn healthy(&self, now: &Metrics) -> BTreeSet<u64> {
        let ids = now.membership_config.nodes().map(|(id, _)| *id);
        ids.filter(|id| *id == self.own.id || heard_ago(now, *id).is_some_and(|ago| ago < HEALTHY))
            .collect()
    }

    /// Makes a change that an operator asks for. Returns who leads then.
    pub(crate) fn change_members(self: &Arc<Self>, change: &MemberChange) -> Result<u64> {
        let Some(shared) = self.shared.upgrade() else { return Err(stopping()) };
        let (node, change) = (Arc::clone(self), change.clone());
        self.on_runtime(async move { node.change(&shared, &change).await })?
    }

    /// Has something done by the group's own threads, and waits for it on this one.
    fn on_runtime<T: Send + 'static>(
        &self,
        body: impl Future<Output = T> + Send + 'static,
    ) -> Result<T> {
        let (give, take) = oneshot::channel();
        self.handle().spawn(async move {
            let _ = give.send(body.await);
        });
        sync::wait_elsewhere(|| take.blocking_recv()).map_err(|_| stopping())
    }

    async fn change(self: &Arc<Self>, shared: &Arc<Shared>, change: &MemberChange) -> Result<u64> {
        self.check_leads()?;
        let Some(_turn) = self.begin_joining() else {
            let hint = "Try again in a moment: a member may be about to join by itself.";
            let message = "another change of the group is under way";
            return Err(SqlError::new("55006", message).with_hint(hint)); // M1
        };
        let limit = Duration::from_millis(shared.options.commit_timeout_ms);
        if self.metrics().membership_config.get_joint_config().len() > 1 {
            let none = ChangeMembers::AddVoterIds(BTreeSet::new());
            self.agree(limit, self.raft.change_membership(none, false)).await?; // M1
        }
        match change {
            MemberChange::Add { id, address } => self.add(*id, address, limit).await?,
            MemberChange::Promote(id) => self.promote(*id, limit).await?,
            MemberChange::Remove(id) => {
                self.remove(*id, limit).await?;
                let (database, name) = (shared.database.clone(), name_of(*id));
                chores::apart(move || database.release_log(&name).map(drop)).await;
            }
            MemberChange::SwitchOver(to) => return self.switch_over(shared, *to, limit).await,
        }
        Ok(self.own.id)
    }

    /// Refuses what is the leader's.
    fn check_leads(&self) -> Result<()> {
        if self.leads_now() {
            return Ok(());
        }
        let leader = self.metrics().current_leader.filter(|leader| *leader != self.own.id);
        let hint = match (leader, leader.and_then(|leader| self.clients_of(leader))) {
            (Some(leader), Some(clients)) => {
                format!("Ask the leader, member {leader}, at {clients}.")
            }
            (Some(leader), None) => format!("Ask the leader, member {leader}."),
            (None, _) => "Nobody leads the group just now: try again in a moment.".to_owned(),
        };
        let message = format!("member {} does not lead the group", self.own.id);
        Err(SqlError::new("25006", message).with_hint(hint))
    }

    /// Waits for what the group is to agree on.
    async fn agree<T>(&self, limit: Duration, asked: impl Future<Output = Asked<T>>) -> Result<()> {
        match tokio::time::timeout(limit, asked).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(RaftError::APIError(ClientWriteError::ForwardToLeader(_)))) => {
                self.check_leads()?;
                let message = "the leader has not heard from a majority of its group of late";
                Err(SqlError::new("55000", message).with_hint("Try again in a moment."))
            }
            Ok(Err(RaftError::APIError(error @ ClientWriteError::ChangeMembershipError(_)))) => {
                Err(SqlError::new("55000", format!("the group cannot be changed so: {error}")))
            }
            Ok(Err(error)) => Err(unknown_outcome(limit).with_detail(error.to_string())),
            Err(_) => Err(unknown_outcome(limit)),
        }
    }

    async fn add(&self, id: u64, address: &str, limit: Duration) -> Result<()> {
        options::check_peer_address(address)?;
        let now = self.metrics();
        let config = &now.membership_config;
        for (known, node) in config.nodes() {
            if *known == id || node.addr == address {
                let message = format!("member {known} is in the group already, at {}", node.addr);
                return Err(SqlError::new("42710", message)
                    .with_hint("To give a member another address, remove it and add it anew."));
            }
        }
        let bytes: usize = config.nodes().map(|(_, node)| bytes_of(&node.addr)).sum();
        if bytes + bytes_of(address) > MEMBERSHIP_BYTES_MAX {
            let message = "the group has too many members, or too long addresses of them";
            return Err(SqlError::new("54000", message)); // M4
        }
        self.check_majorities(&now, None)?; // M2
        let node = BasicNode::new(address);
        self.agree(limit, self.raft.add_learner(id, node, false)).await?;
        tracing::info!("member {id} at {address} was added: it gets the records, and has no vote");
        Ok(())
    }

    async fn promote(&self, id: u64, limit: Duration) -> Result<()> {
        let now = self.metrics();
        let node = known(&now, id)?;
        let mut voters: BTreeSet<u64> = now.membership_config.voter_ids().collect();
        if !voters.insert(id) {
            return Err(SqlError::new("42710", format!("member {id} has a vote already")));
        }
        let address = node.addr.clone();
        self.check_healthy(&now, id)?;
        self.check_majorities(&now, Some(&voters))?; // M2
        self.wait_for_member(id, now.last_log_index, limit).await?;
        let voters = ChangeMembers::AddVoterIds([id].into());
        self.agree(limit, self.raft.change_membership(voters, false)).await?;
        tracing::info!("member {id} at {address} is part of the group");
        Ok(())
    }

    async fn remove(&self, id: u64, limit: Duration) -> Result<()> {
        let now = self.metrics();
        known(&now, id)?;
        let mut voters: BTreeSet<u64> = now.membership_config.voter_ids().collect();
        if id == self.own.id {
            let hint = match voters.len() {
                1 => "It is the only one with a vote: stop it, and there is no group any more.",
                _ => "Have another one lead first: SELECT bourse_cluster_switchover().",
            };
            let message = format!("member {id} leads the group, and cannot be removed");
            return Err(SqlError::new("55000", message).with_hint(hint)); // M3
        }
        let change = match voters.remove(&id) {
            true => ChangeMembers::RemoveVoters([id].into()),
            false => ChangeMembers::RemoveNodes([id].into()),
        };
        self.check_majorities(&now, Some(&voters))?; // M2
        self.agree(limit, self.raft.change_membership(change, false)).await?;
        tracing::info!("member {id} was removed from the group");
        Ok(())
    }

    /// Refuses what would leave voters without a majority that is there (M2).
    fn check_majorities(&self, now: &Metrics, next: Option<&BTreeSet<u64>>) -> Result<()> {
        let (healthy, current) = (self.healthy(now), now.membership_config.voter_ids().collect());
        for (is_next, voters) in [(false, Some(&current)), (true, next)] {
            let Some(voters) = voters else { continue };
            let (there, needed) = (voters.intersection(&healthy).count(), voters.len() / 2 + 1);
            if there >= needed {
                continue;
            }
            let away: Vec<_> = voters.difference(&healthy).map(u64::to_string).collect();
            let message = match is_next {
                true => format!(
                    "the group would stand still: of its {} voters {there} would be there, and \
                     {needed} are needed",
                    voters.len()
                ),
                false => format!(
                    "the group can agree on nothing: of its {} voters {there} are there, and \
                     {needed} are needed",
                    voters.len()
                ),
            };
            let hint = format!("Bring back, or remove first, who is away: {}.", away.join(", "));
            return Err(SqlError::new("55000", message).with_hint(hint));
        }
        Ok(())
    }

    pub(super) fn check_healthy(&self, now: &Metrics, id: u64) -> Result<()> {
        if self.healthy(now).contains(&id) {
            return Ok(());
        }
        let message = format!("the leader has not heard from member {id} of late");
        let hint = "Start it, or see whether its address in bourse_cluster_status() is right.";
        Err(SqlError::new("55000", message).with_hint(hint))
    }

    /// Waits until a member has an entry.
    pub(super) async fn wait_for_member(
        &self,
        id: u64,
        index: Option<u64>,
        limit: Duration,
    ) -> Result<()> {
        let has = || {
            let replicated = self.metrics().replication.unwrap_or_default();
            replicated.get(&id).cloned().flatten().map(|at| at.index)
        };
        let deadline = sync::monotonic() + limit;
        while has() < index {
            self.check_leads()?;
            if sync::monotonic() >= deadline {
                let message = format!("member {id} does not have all records yet");
                let hint = "Wait until bourse_cluster_status() shows a small lag, and try again.";
                return Err(SqlError::new("55000", message).with_hint(hint));
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }
}

fn stopping() -> SqlError {
    SqlError::new("57P01", "the server is being stopped")
}

/// How long ago the leader has heard of a member.
fn heard_ago(now: &Metrics, id: u64) -> Option<Duration> {
    let heard = now.heartbeat.as_ref()?.get(&id)?.as_ref()?;
    Some(heard.elapsed())
}

/// What a member takes of a membership, about.
fn bytes_of(address: &str) -> usize {
    address.len() + 24
}

pub(super) fn known(now: &Metrics, id: u64) -> Result<&BasicNode> {
    now.membership_config.get_node(&id).ok_or_else(|| {
        let ids: Vec<_> = now.membership_config.nodes().map(|(id, _)| id.to_string()).collect();
        SqlError::new("42704", format!("member {id} is not in the group"))
            .with_hint(format!("Its members are {}.", ids.join(", ")))
    })
}

/// What an error of the store is to who asked.
pub(super) fn told(what: &str, error: &dyn Display) -> SqlError {
    SqlError::new("58000", format!("{what}: {error}"))
}
