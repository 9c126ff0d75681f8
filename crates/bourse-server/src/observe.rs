//! What the catalog may ask of the server: see [`bourse_sql::activity`].

use std::time::Duration;

use bourse_sql::activity::{
    LeaderActivity, MemberActivity, MemberChange, Observed, ReplicaActivity, SessionActivity,
    StatementActivity, no_group,
};
use bourse_sql::error::Result;
use bourse_storage::id::Lsn;

use crate::server::Shared;

impl Observed for Shared {
    fn sessions(&self) -> Vec<SessionActivity> {
        let entries = self.registry.all();
        let of = |entry: &std::sync::Arc<crate::registry::Entry>| {
            let activity = entry.activity();
            SessionActivity {
                process: entry.process,
                user: entry.user.clone(),
                database: self.options.database.clone(),
                application: activity.application,
                peer: entry.peer.clone(),
                state: activity.doing.name(),
                text: activity.text,
                began_us: entry.began_us,
                transaction_began_us: activity.transaction_began_us,
                statement_began_us: activity.statement_began_us,
                state_since_us: activity.since_us,
            }
        };
        entries.iter().map(of).collect()
    }

    fn statements(&self) -> Vec<StatementActivity> {
        let all = self.statements.all().into_iter().map(|one| {
            let calls = f64::from(u32::try_from(one.calls).unwrap_or(u32::MAX)).max(1.0);
            let mean = one.total.as_secs_f64() * 1e3 / calls;
            StatementActivity {
                id: one.id,
                text: one.text,
                calls: one.calls,
                rows: one.rows,
                total: one.total,
                least: one.least,
                most: one.most,
                deviation_ms: (one.squares / calls - mean * mean).max(0.0).sqrt(),
            }
        });
        all.collect()
    }

    fn reset_statements(&self) {
        self.statements.reset();
    }

    fn cancel(&self, process: u32) -> bool {
        let entry = self.registry.get(process);
        entry.is_some_and(|entry| {
            entry.cancel();
            true
        })
    }

    fn terminate(&self, process: u32) -> bool {
        let entry = self.registry.get(process);
        entry.is_some_and(|entry| {
            entry.terminate();
            true
        })
    }

    fn replicas(&self) -> Vec<ReplicaActivity> {
        self.replication.replicas()
    }

    fn leader(&self) -> Option<LeaderActivity> {
        self.replication.leader_activity()
    }

    fn staleness(&self) -> Option<Duration> {
        self.replication.staleness()
    }

    fn newest_agreed(&self) -> Option<std::result::Result<Lsn, String>> {
        self.replication.group().map(|group| group.newest_agreed())
    }

    fn wait_until_applied(&self, record: Lsn) -> Result<()> {
        let limit = Duration::from_millis(self.options.commit_timeout_ms);
        self.replication.group().map_or(Ok(()), |group| group.wait_until_applied(record, limit))
    }

    fn promote(&self, limit: Duration) -> bourse_storage::Result<()> {
        self.replication.promote(&self.database, limit)
    }

    fn members(&self) -> Result<Vec<MemberActivity>> {
        self.replication.group().ok_or_else(no_group)?.members()
    }

    fn change_members(&self, change: &MemberChange) -> Result<u64> {
        self.replication.group().ok_or_else(no_group)?.change_members(change)
    }
}
