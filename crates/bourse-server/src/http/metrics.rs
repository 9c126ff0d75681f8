//! The metrics of the server and of the store, as Prometheus reads them.
//!
//! What is counted as it happens is an atomic number of [`Counts`](crate::counts::Counts) or of the
//! store; the rest is read when somebody asks, so that watching costs those who do not watch
//! nothing.

use std::time::Duration;

use bourse::Database;
use bourse_storage::{Error, Result};
use prometheus::{Encoder as _, Gauge, IntCounter, IntGauge, Opts, Registry, TextEncoder};

use crate::archive::Archived;
use crate::registry::Doing;
use crate::replication::Following;
use crate::server::Shared;

/// Metrics that are read for one answer.
struct Reading {
    registry: Registry,
}

fn failed(error: &prometheus::Error) -> Error {
    Error::invalid(format!("cannot tell a metric: {error}"))
}

#[expect(clippy::cast_precision_loss, reason = "Prometheus has floating point numbers only")]
fn float(number: u64) -> f64 {
    number as f64
}

impl Reading {
    fn whole(&self, options: Opts, value: u64) -> Result<()> {
        if options.name.ends_with("_total") {
            let counter = IntCounter::with_opts(options).map_err(|error| failed(&error))?;
            counter.inc_by(value);
            return self.registry.register(Box::new(counter)).map_err(|error| failed(&error));
        }
        let gauge = IntGauge::with_opts(options).map_err(|error| failed(&error))?;
        gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        self.registry.register(Box::new(gauge)).map_err(|error| failed(&error))
    }

    fn number(&self, name: &str, help: &str, value: u64) -> Result<()> {
        self.whole(Opts::new(name, help), value)
    }

    fn labelled(
        &self,
        (name, help): (&str, &str),
        (label, of): (&str, &str),
        value: u64,
    ) -> Result<()> {
        self.whole(Opts::new(name, help).const_label(label, of), value)
    }

    fn seconds(&self, name: &str, help: &str, value: Duration) -> Result<()> {
        let gauge = Gauge::with_opts(Opts::new(name, help)).map_err(|error| failed(&error))?;
        gauge.set(value.as_secs_f64());
        self.registry.register(Box::new(gauge)).map_err(|error| failed(&error))
    }

    fn labelled_seconds(
        &self,
        (name, help): (&str, &str),
        (label, of): (&str, &str),
        value: Duration,
    ) -> Result<()> {
        let gauge = Gauge::with_opts(Opts::new(name, help).const_label(label, of))
            .map_err(|error| failed(&error))?;
        gauge.set(value.as_secs_f64());
        self.registry.register(Box::new(gauge)).map_err(|error| failed(&error))
    }

    fn ratio(&self, name: &str, help: &str, part: u64, of: u64) -> Result<()> {
        let gauge = Gauge::with_opts(Opts::new(name, help)).map_err(|error| failed(&error))?;
        gauge.set(if of == 0 { 0.0 } else { float(part) / float(of) });
        self.registry.register(Box::new(gauge)).map_err(|error| failed(&error))
    }
}

/// All of them, as text.
pub(crate) fn text(shared: &Shared) -> Result<Vec<u8>> {
    let reading = Reading { registry: Registry::new() };
    sessions(&reading, shared)?;
    store(&reading, &shared.database)?;
    cache(&reading, &shared.database)?;
    tables(&reading, &shared.database)?;
    replication(&reading, shared)?;
    let mut families = shared.counts.registry.gather();
    families.extend(reading.registry.gather());
    let mut text = Vec::new();
    TextEncoder::new().encode(&families, &mut text).map_err(|error| failed(&error))?;
    Ok(text)
}

fn sessions(reading: &Reading, shared: &Shared) -> Result<()> {
    let all = shared.registry.all();
    let doing = |doing: Doing| {
        let count = all.iter().filter(|entry| entry.activity().doing == doing).count();
        count as u64
    };
    let active = doing(Doing::Active);
    let name = "db_pool_active_connections";
    reading.number(name, "Sessions that run a statement, or wait to.", active)?;
    let states = ("db_sessions", "Sessions by what they do.");
    for state in [Doing::Idle, Doing::IdleInTransaction, Doing::IdleInFailed, Doing::Active] {
        reading.labelled(states, ("state", state.name()), doing(state))?;
    }
    let most = shared.options.max_connections as u64;
    reading.number("db_connections_max", "Sessions at most.", most)?;
    let load = shared.workers.load();
    let name = "db_statements_running";
    reading.number(name, "Statements that run and wait for nothing.", load.running as u64)?;
    let name = "db_statements_queued";
    reading.number(name, "Statements that wait for a permit to run.", load.queued as u64)?;
    reading.number("db_session_threads", "Threads for statements.", load.threads as u64)?;
    let name = "db_direct_turns_total";
    reading.number(name, "Times that a thread served a quick client.", shared.direct.taken())
}

fn store(reading: &Reading, database: &Database) -> Result<()> {
    let all = database.statistics();
    let log = all.log;
    reading.number("bourse_log_flushes_total", "Flushes of the log.", log.flushes)?;
    reading.number("bourse_commits_total", "Commits in flushes of the log.", log.records)?;
    reading.number("bourse_log_bytes_total", "Bytes written to the log.", log.bytes)?;
    let name = "bourse_commits_per_flush";
    reading.ratio(name, "Commits that shared a flush, on average.", log.records, log.flushes)?;
    let name = "bourse_log_flush_seconds_sum";
    reading.seconds(name, "Time that flushes of the log took.", log.flush_time)?;
    let name = "bourse_log_flush_seconds_max";
    reading.seconds(name, "The longest that a flush of the log took.", log.flush_time_max)?;
    let name = "bourse_log_bytes_since_checkpoint";
    reading.number(name, "Bytes of log that are kept.", all.log_bytes_retained)?;
    reading.number("bourse_file_bytes", "Bytes of the files of shards.", all.file_bytes)?;
    let name = "bourse_file_bytes_used";
    reading.number(name, "Bytes of them that are in use.", all.file_bytes_used)?;
    reading.number("bourse_shards", "Shards.", database.shards() as u64)?;
    reading.number("bourse_kept_cuts", "States that are kept.", all.kept_cuts as u64)?;
    let age = all.oldest_kept_cut_age.unwrap_or_default();
    reading.seconds("bourse_oldest_kept_cut_age_seconds", "How old the oldest is.", age)?;
    let age = database.oldest_held_cut_age().unwrap_or_default();
    let help = "For how long the oldest state that is read has been replaced.";
    reading.seconds("bourse_oldest_held_cut_age_seconds", help, age)?;
    let name = "bourse_held_cuts_batches_behind";
    let help = "Batches of commits since the oldest state that anybody reads.";
    reading.number(name, help, all.held_cuts_behind)
}

fn cache(reading: &Reading, database: &Database) -> Result<()> {
    let all = database.cache_statistics();
    let page = bourse_storage::id::PAGE_SIZE as u64;
    let kinds = [("leaf", all.leaf), ("inner", all.inner), ("overflow", all.overflow)];
    let hits = ("cache_hits_total", "Pages that were found in memory.");
    let misses = ("cache_misses_total", "Pages that had to be read.");
    for (kind, of_kind) in kinds {
        let found = of_kind.reads.saturating_sub(of_kind.misses);
        reading.labelled(hits, ("kind", kind), found)?;
        reading.labelled(misses, ("kind", kind), of_kind.misses)?;
    }
    let name = "bourse_cache_budget_bytes";
    reading.number(name, "Bytes that pages may take in memory.", all.frames * page)?;
    let name = "bourse_cache_resident_bytes";
    reading.number(name, "Bytes of pages in memory.", all.resident * page)?;
    reading.number("bourse_cache_dirty_pages", "Pages that are not on disk yet.", all.dirty)?;
    reading.number("bourse_cache_evictions_total", "Pages dropped for others.", all.evictions)
}

/// What takes a look at the store: rows, feeds and queues.
fn tables(reading: &Reading, database: &Database) -> Result<()> {
    let cut = database.cut();
    let shards = database.shard_statistics()?;
    let rows = shards.iter().map(|shard| shard.rows).sum();
    reading.number("bourse_rows", "Rows of all tables.", rows)?;
    let locks = shards.iter().map(|shard| shard.row_locks as u64).sum();
    reading.number("bourse_row_locks", "Row locks that are held or waited for.", locks)?;
    let rows = ("bourse_shard_rows", "Rows of all tables in a shard.");
    let queued = ("bourse_shard_queued", "Transactions that wait for their turn in a shard.");
    let bytes = ("bourse_shard_file_bytes_used", "Bytes of a shard's file that are in use.");
    for (number, shard) in shards.iter().enumerate() {
        let number = number.to_string();
        reading.labelled(rows, ("shard", &number), shard.rows)?;
        reading.labelled(queued, ("shard", &number), shard.queued as u64)?;
        reading.labelled(bytes, ("shard", &number), shard.file_bytes_used)?;
    }
    reading.number("bourse_lsn", "The LSN of the newest state.", cut.lsn().0)?;
    reading.number("bourse_views", "Aggregate views.", database.views().len() as u64)?;
    let lag = ("bourse_feed_lag_bytes", "Bytes of log that a feed's reader has not read.");
    for feed in database.feeds()? {
        reading.labelled(lag, ("feed", &feed.name), feed.lag_bytes)?;
    }
    let depth = ("bourse_queue_messages", "Messages that a queue holds.");
    let waits = ("bourse_queue_oldest_age_seconds", "Seconds since the oldest came.");
    for name in database.queues()? {
        let metrics = database.queue(&name)?.metrics()?;
        reading.labelled(depth, ("queue", &name), metrics.depth)?;
        let age = metrics.oldest_age.unwrap_or_default().as_secs();
        reading.labelled(waits, ("queue", &name), age)?;
    }
    Ok(())
}

/// How far the archive is.
fn archive(reading: &Reading, archived: &Archived, newest: u64) -> Result<()> {
    if let Some(lsn) = archived.lsn() {
        reading.number("bourse_archived_lsn", "The last record that is in the archive.", lsn)?;
        let name = "bourse_archive_lag_records";
        let behind = newest.saturating_sub(lsn);
        reading.number(name, "Records that are not in the archive yet.", behind)?;
    }
    if let Some(lag) = archived.lag() {
        let help = "How long ago the archive had all that was committed.";
        reading.seconds("bourse_archive_lag_seconds", help, lag)?;
    }
    let name = "bourse_archive_failures_total";
    let help = "Times that the archive could not be written.";
    reading.number(name, help, archived.failures())?;
    let name = "bourse_archive_bases_total";
    reading.number(name, "Backups written to the archive.", archived.bases())
}

/// What is sent to replicas, what is kept for them, and how far behind a replica itself is.
fn replication(reading: &Reading, shared: &Shared) -> Result<()> {
    let (replication, database) = (&shared.replication, &shared.database);
    let replicas = replication.replicas();
    let count = replicas.len() as u64;
    reading.number("bourse_replicas_connected", "Replicas that are connected.", count)?;
    let sent = replication.followers.bytes_sent.load(std::sync::atomic::Ordering::Relaxed);
    let name = "bourse_replication_sent_bytes_total";
    reading.number(name, "Bytes sent to replicas, as on the wire.", sent)?;
    let name = "bourse_replication_refused_total";
    reading.number(name, "Nodes that were not let in.", replication.refused())?;
    let newest = database.cut().lsn().0;
    if shared.options.archive_to.is_some() {
        archive(reading, &shared.archived, newest)?;
    }
    let behind = ("bourse_replica_lag_records", "Records that a replica does not show yet.");
    let lag = ("bourse_replica_lag_seconds", "Time that the last records took to a replica.");
    for replica in replicas {
        let label = ("replica", &*replica.name);
        reading.labelled(behind, label, newest.saturating_sub(replica.applied.0))?;
        reading.labelled_seconds(lag, label, replica.lag.unwrap_or_default())?;
    }
    let kept = ("bourse_replication_slot_bytes", "Bytes of log behind what a slot has.");
    let lost = ("bourse_replication_slot_lost", "1 for a slot whose next record is gone.");
    for slot in database.log_holds() {
        reading.labelled(kept, ("slot", &slot.name), slot.bytes)?;
        reading.labelled(lost, ("slot", &slot.name), u64::from(slot.is_lost))?;
    }
    let is_replica = u64::from(database.is_follower());
    reading.number("bourse_is_replica", "1 for a replica, which takes no writes.", is_replica)?;
    if let Some(group) = replication.group() {
        let name = "bourse_group_term";
        reading.number(name, "The newest term of the group.", group.term())?;
        let name = "bourse_group_is_leader";
        let help = "1 for the member that leads its group.";
        reading.number(name, help, u64::from(group.leads_now()))?;
        let name = "bourse_group_agreed_lsn";
        let help = "The last record that is known here to be agreed on.";
        reading.number(name, help, group.store.member.agreed().0)?;
    }
    let Some(leader) = replication.leader() else { return Ok(()) };
    let is_streaming = u64::from(leader.following == Following::Streaming);
    let name = "bourse_replication_connected";
    reading.number(name, "1 while the leader is followed.", is_streaming)?;
    let name = "bourse_replication_received_bytes_total";
    reading.number(name, "Bytes that came from the leader, as on the wire.", leader.bytes)?;
    let name = "bourse_replication_connections_total";
    reading.number(name, "Connections to the leader.", leader.connections)?;
    let name = "bourse_replication_lag_records";
    let behind = leader.newest.saturating_sub(newest);
    reading.number(name, "Records of the leader that are not shown here.", behind)?;
    if let Some(staleness) = replication.staleness() {
        let help = "For how long at most the state has not been the leader's.";
        reading.seconds("bourse_replication_staleness_seconds", help, staleness)?;
    }
    Ok(())
}
