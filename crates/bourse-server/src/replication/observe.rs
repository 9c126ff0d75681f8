//! What the catalog shows of replication: see [`bourse_sql::activity`].

use bourse_sql::activity::{LeaderActivity, ReplicaActivity};
use bourse_storage::id::Lsn;

use super::Replication;
use super::status::{Follower, Following};

impl Replication {
    /// The replicas that are connected.
    pub(crate) fn replicas(&self) -> Vec<ReplicaActivity> {
        let of = |follower: &std::sync::Arc<Follower>| {
            let progress = *follower.progress.lock();
            ReplicaActivity {
                number: follower.number,
                name: follower.node.clone(),
                peer: follower.peer.to_string(),
                began_us: follower.began_us,
                state: progress.stage.name(),
                sent: Lsn(progress.sent),
                received: Lsn(progress.received),
                applied: Lsn(progress.applied),
                lag: progress.lag,
                replied_us: progress.replied_us,
            }
        };
        self.followers.all().iter().map(of).collect()
    }

    /// The leader that is followed.
    pub(crate) fn leader_activity(&self) -> Option<LeaderActivity> {
        if let Some(group) = self.group() {
            return group.leader_activity();
        }
        let leader = self.leader().filter(|leader| leader.following != Following::Promoted)?;
        Some(LeaderActivity {
            address: leader.address,
            clients: leader.clients.map(|(host, port)| format!("{host}:{port}")),
            state: leader.following.name(),
            slot: self.node.clone(),
            began_after: Lsn(leader.began_after),
            received: Lsn(leader.received),
            newest: Lsn(leader.newest),
            sent_us: leader.sent_us,
            received_us: leader.received_us,
        })
    }
}
