//! What a member does now and then: it keeps log for those that are away, lets the consensus know
//! what the log no longer has, asks how far the group is, and asks to be taken in.
//!
//! # Invariants
//! - **H1** Every member keeps the log that the slowest one lacks, as the leader has said it last,
//!   so that whoever leads next has it; the leader keeps it for each one by its name. A cap bounds
//!   that: see [`bourse::Options::held_log_bytes_max`].
//! - **H2** What a member shows is called as fresh as the moment at which it asked only if the
//!   leader was one, by the word of a majority, after that.

use std::sync::Arc;
use std::time::Duration;

use bourse::Database;
use bourse_storage::Result;
use bourse_storage::id::Lsn;

use super::super::fault::{Fault, Reason};
use super::host::Host;
use super::link::Link;
use super::node::{GroupNode, name_of};
use super::runtime;
use super::types::{Answer, Question, StoredMembership};

/// How often.
const EVERY: Duration = Duration::from_millis(500);

/// How long the leader may take to answer.
const LIMIT: Duration = Duration::from_secs(2);

/// What the log is kept under for whoever lacks it (H1).
pub(crate) const HOLD: &str = "group";

/// Does all of it until the server stops.
pub(crate) async fn run(node: Arc<GroupNode>, host: Arc<impl Host>) {
    let mut was_quiet = node.is_quiet();
    let mut leader: Option<(u64, Link)> = None;
    let mut told = String::new();
    loop {
        tokio::select! {
            biased;
            () = host.stopped() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        if was_quiet && !node.is_quiet() {
            was_quiet = false;
            node.raft.runtime_config().elect(true);
        }
        purge(&node).await;
        if node.leads_now() {
            leader = None;
            let (database, of) = (host.database().clone(), Arc::clone(&node));
            apart(move || keep_as_leader(&database, &of)).await;
            continue;
        }
        let asked = ask(&node, &host, leader.take(), &mut told);
        match tokio::time::timeout(LIMIT, asked).await {
            Ok(Ok(link)) => leader = link,
            Ok(Err(fault)) => tracing::debug!("the leader is not asked: {fault}"),
            Err(_) => tracing::debug!("the leader does not answer"),
        }
    }
}

/// Does what may wait on a thread that may, and tells of what went wrong.
pub(super) async fn apart(body: impl FnOnce() -> Result<()> + Send + 'static) {
    match runtime::apart(body).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!("log is not kept for a member: {error}"),
        Err(error) => tracing::warn!("a chore has failed: {error}"),
    }
}

/// What the engine has let go of is not to be asked for (S4 of `storage`).
async fn purge(node: &GroupNode) {
    let now = node.metrics();
    let base = node.store.member.base().map(|base| base.id.index);
    let Some(base) = base.filter(|base| {
        now.purged.is_none_or(|purged| purged.index < *base)
            && now.last_applied.is_some_and(|applied| applied.index >= *base)
    }) else {
        return;
    };
    // Only what a snapshot covers is purged; ours says how far the store is, and no more. It is
    // made a moment later, and what came too early is done the next time.
    let _ = node.raft.trigger().snapshot().await;
    let _ = node.raft.trigger().purge_log(base).await;
}

/// A leader knows how far each one is (H1).
fn keep_as_leader(database: &Database, node: &GroupNode) -> Result<()> {
    for (id, has) in node.others() {
        let (name, Some(has)) = (name_of(id), has) else { continue };
        match database.hold_log(&name, has) {
            // The log was given up a moment ago: that the hold is lost is to be seen.
            Err(error) if error.sqlstate() == "72000" => {}
            held => held?,
        }
        if !node.others().contains_key(&id) {
            // Removed a moment ago.
            database.release_log(&name)?;
        }
    }
    match node.needed() {
        Some(needed) => database.hold_log(HOLD, needed),
        None => Ok(()),
    }
}

/// Others have its word (H1).
fn keep_as_follower(database: &Database, needed: Lsn) -> Result<()> {
    for hold in database.log_holds() {
        if hold.name.starts_with("member-") {
            database.release_log(&hold.name)?;
        }
    }
    if needed == Lsn(0) {
        return Ok(());
    }
    database.hold_log(HOLD, needed)
}

/// Asks the leader how far the group is, or to be taken in. Returns the connection to it.
async fn ask(
    node: &Arc<GroupNode>,
    host: &Arc<impl Host>,
    before: Option<(u64, Link)>,
    told: &mut String,
) -> std::result::Result<Option<(u64, Link)>, Fault> {
    let metrics = node.metrics();
    let (leader, own) = (metrics.current_leader, node.own.id);
    let has_vote = metrics.membership_config.voter_ids().any(|id| id == own);
    let before = before.filter(|(id, link)| Some(*id) == leader && link.is_usable());
    let (id, mut link) = match before {
        Some(before) => before,
        None => match find(node, leader).await? {
            Some(found) => found,
            None => return Ok(None),
        },
    };
    // One that has the entry by which it is removed may never hear that this was agreed on: nobody
    // sends it records any more.
    let was_in = is_in(&metrics.committed_membership_config, own);
    let is_in_now = is_in(&metrics.membership_config, own);
    if !has_vote && (is_in_now || !was_in) {
        ask_to_join(node, &mut link, told).await?;
    }
    if !is_in_now && !was_in {
        return Ok(Some((id, link)));
    }
    let clock = super::super::clock_us();
    match link.ask(&Question::Newest).await? {
        Answer::Newest { newest, needed } => {
            host.told(newest, clock); // H2
            let database = host.database().clone();
            apart(move || keep_as_follower(&database, Lsn(needed))).await;
        }
        // It was made anew, and does not know yet what became of it before.
        Answer::Removed if node.is_quiet() => ask_to_join(node, &mut link, told).await?,
        Answer::Removed if was_in => node.leave(&**host),
        _ => {}
    }
    Ok(Some((id, link)))
}

fn is_in(membership: &StoredMembership, id: u64) -> bool {
    membership.get_node(&id).is_some()
}

/// Asks to be taken in, and says once why that is not done.
async fn ask_to_join(
    node: &GroupNode,
    link: &mut Link,
    told: &mut String,
) -> std::result::Result<(), Fault> {
    let (id, address) = (node.own.id, node.own_address());
    match link.ask(&Question::Join { id, address }).await {
        Err(Fault::Refused(Reason::Busy, why)) => {
            if why != *told {
                tracing::warn!("this node waits to be part of the group: {why}");
                *told = why;
            }
            Ok(())
        }
        asked => asked.map(drop),
    }
}

/// Connects to the leader; where it is not known, to whoever says that it is the one.
pub(super) async fn find(
    node: &GroupNode,
    leader: Option<u64>,
) -> std::result::Result<Option<(u64, Link)>, Fault> {
    for (id, address) in node.addresses().iter().filter(|(id, _)| **id != node.own.id) {
        if leader.is_some_and(|leader| leader != *id) {
            continue;
        }
        match Link::open(address, &node.own).await {
            Ok((link, other)) if leader.is_some() || other.leader == Some(other.id) => {
                return Ok(Some((*id, link)));
            }
            Ok(_) => {}
            Err(fault) if leader.is_some() => return Err(fault),
            Err(fault) => tracing::debug!("member {id} at {address}: {fault}"),
        }
    }
    Ok(None)
}
