//! A member that follows who leads, and leads: entries for what was written, and when the store is
//! to be opened anew. The invariants are those of `node`.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use openraft::ServerState;
use openraft::async_runtime::watch::WatchReceiver as _;
use openraft::impls::ProgressResponder;
use tokio::sync::Semaphore;

use super::host::Host;
use super::node::GroupNode;
use super::runtime;
use super::types::Records;

/// Entries on their way at most (N2).
const ENTRIES_MAX: usize = 8;

/// How often it is looked whether the store, or the consensus, has stopped.
const LOOK: Duration = Duration::from_millis(50);

impl GroupNode {
    /// The store is of no use any more as it is (N1).
    fn give_up(&self, host: &Arc<impl Host>, reason: &str) {
        if self.is_over.swap(true, Ordering::AcqRel) || host.is_stopping() {
            return;
        }
        tracing::warn!("the store is opened anew: {reason}");
        self.store.member.retire(reason);
        host.open_anew(self.is_handing_over.load(Ordering::Acquire));
    }
}

/// Follows who leads.
pub(super) async fn watch(node: Arc<GroupNode>, host: Arc<impl Host>) {
    let mut metrics = node.raft.server_metrics();
    let mut was_settled = false;
    loop {
        let now = metrics.borrow_watched().clone();
        let leads = now.state == ServerState::Leader && now.vote.is_committed();
        let term = now.vote.leader_id().term;
        let led = node.leads_in.load(Ordering::Acquire);
        if led > 0 && (!leads || term != led) {
            return node.give_up(&host, "this member leads its group no longer");
        }
        if led == 0 && leads && !lead(&node, &host, term).await {
            return;
        }
        node.own.set_leader(now.current_leader);
        let leader = now.current_leader.filter(|leader| *leader != node.own.id);
        let clients = leader.and_then(|leader| node.own.clients_of(leader));
        host.database().set_leader_address(clients);
        let running = node.raft.metrics().borrow_watched().running_state.clone();
        if let Err(fatal) = running {
            return node.give_up(&host, &fatal.to_string());
        }
        if node.store.is_removed() {
            return node.leave(&*host);
        }
        if node.store.member.is_stopped() {
            return node.give_up(&host, "it has stopped");
        }
        if !was_settled && node.store.member.is_settled() {
            was_settled = true;
            host.settled();
        }
        tokio::select! {
            biased;
            () = host.stopped() => return,
            changed = metrics.changed() => {
                if changed.is_err() && !host.is_stopping() {
                    return node.give_up(&host, "the consensus has ended");
                }
            }
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Has the store lead, and end entries. Returns whether it does.
async fn lead(node: &Arc<GroupNode>, host: &Arc<impl Host>, term: u64) -> bool {
    let database = host.database().clone();
    let led = runtime::apart(move || database.lead(term)).await;
    match led {
        Ok(Ok(())) => {
            node.leads_in.store(term, Ordering::Release);
            tracing::info!("this member leads its group, in term {term}");
            runtime::spawn(submit(Arc::clone(node), Arc::clone(host)));
            true
        }
        Ok(Err(error)) => {
            node.give_up(host, &format!("it cannot lead in term {term}: {error}"));
            false
        }
        Err(error) => {
            node.give_up(host, &format!("it cannot lead in term {term}: {error}"));
            false
        }
    }
}

/// Has entries end behind what was written (N2).
async fn submit(node: Arc<GroupNode>, host: Arc<impl Host>) {
    let window = Arc::new(Semaphore::new(ENTRIES_MAX));
    let mut ended = node.store.ended();
    let member = &node.store.member;
    loop {
        let Ok(permit) = Arc::clone(&window).acquire_owned().await else { return };
        tokio::select! {
            biased;
            () = member.unended() => {}
            () = host.stopped() => {
                // What running statements write is agreed on still.
                member.unended().await;
            }
        }
        if member.is_stopped() || node.is_over.load(Ordering::Acquire) {
            return;
        }
        ended.mark_unchanged();
        let (responder, is_done) = ProgressResponder::complete_only();
        if node.raft.client_write_ff(Records, Some(responder)).await.is_err() {
            return;
        }
        let mut is_done = Box::pin(is_done);
        let is_early = tokio::select! {
            biased;
            changed = ended.changed() => match changed {
                Ok(()) => false,
                Err(_) => return,
            },
            _ = &mut is_done => true,
        };
        // Where it was refused the one who watches sees why.
        if is_early {
            tokio::time::sleep(Duration::from_millis(1)).await;
            continue;
        }
        runtime::spawn(async move {
            let _ = is_done.await;
            drop(permit);
        });
    }
}
