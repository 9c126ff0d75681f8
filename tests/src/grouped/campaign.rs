//! Rounds of load, a fault, mending, and a look at what is there.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bourse_storage::sync::sim::Random;
use bourse_storage::sync::{self, Mutex};

use super::cluster::{Cluster, ask, connect, eventually, value};
use super::fault::Fault;
use super::register::{self, History, REGISTERS};
use super::system::System;
use super::writer::{self, Told, Wanted};
use super::{MEMBERS, TABLES};
use crate::report::percentile;

/// Clients that write and read registers.
const REGISTER_CLIENTS: u64 = 3;

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which servers there are.
    pub system: System,
    /// Where the stores lie: a folder that is new or empty.
    pub folder: PathBuf,
    /// Faults.
    pub rounds: u64,
    /// Clients that insert rows.
    pub writers: i32,
    /// Chooses the faults and what clients do.
    pub seed: u64,
    /// What is to happen; all of it where none is named.
    pub only: Option<Fault>,
    /// The level of reads: `local` shows that the tester finds what is stale.
    pub level: String,
}

/// What a campaign has shown.
#[derive(Clone, Default, Debug)]
pub struct Outcome {
    /// For each time that a fault happened, the longest that no client was told of any commit, in
    /// milliseconds, from its begin until all was mended.
    pub faults: BTreeMap<Fault, Vec<u64>>,
    /// Transactions that clients were told are committed.
    pub commits: u64,
    /// Transactions whose end no client was told of, and those of them that are there.
    pub unknown: (u64, u64),
    /// Operations on registers.
    pub operations: u64,
}

impl Outcome {
    /// It as JSON.
    pub fn json(&self, settings: &Settings) -> String {
        let faults = self.faults.iter().map(|(fault, took)| {
            format!(
                "{{\"name\": \"{}\", \"count\": {}, \"p50_ms\": {}, \"p99_ms\": {}, \
                 \"longest_ms\": {}}}",
                fault.name(),
                took.len(),
                percentile(took, 50),
                percentile(took, 99),
                percentile(took, 100),
            )
        });
        format!(
            "{{\"system\": \"{}\", \"seed\": {}, \"writers\": {}, \"commits\": {}, \
             \"unknown\": {}, \"unknown_there\": {}, \"operations\": {}, \"faults\": [{}]}}\n",
            settings.system.name(),
            settings.seed,
            settings.writers,
            self.commits,
            self.unknown.0,
            self.unknown.1,
            self.operations,
            faults.collect::<Vec<_>>().join(", "),
        )
    }
}

/// Runs a campaign; `tell` gets a line a round.
///
/// # Errors
/// Which invariant does not hold; what cannot be started or reached.
pub fn run(settings: &Settings, tell: &mut dyn FnMut(&str)) -> Result<Outcome, String> {
    let mut cluster = Cluster::start(settings.system.clone(), settings.folder.clone())?;
    let leader = cluster.leader().ok_or("nobody leads")?;
    let mut client = connect(leader).map_err(|lost| lost.to_string())?;
    ask(&mut client, TABLES)?;
    let (wanted, history) = (Arc::new(Wanted::default()), Arc::new(History::default()));
    let round = Arc::new(AtomicU64::new(0));
    let mut told = Vec::new();
    let mut threads = Vec::new();
    new_registers(&cluster, 0)?;
    for number in 1..=settings.writers {
        let of = Arc::new(Mutex::new(Told::default()));
        told.push(Arc::clone(&of));
        let wanted = Arc::clone(&wanted);
        threads.push(sync::spawn("writer", move || writer::work(number, &wanted, &of)));
    }
    let registers = if settings.system.has_registers() { REGISTER_CLIENTS } else { 0 };
    for number in 1..=registers {
        let shared = (Arc::clone(&wanted), Arc::clone(&history), Arc::clone(&round));
        let (seed, level) = (settings.seed, settings.level.clone());
        threads.push(sync::spawn("register", move || {
            let (wanted, history, round) = shared;
            register::work(number, seed, &level, (&wanted, &history), &round)
        }));
    }
    let mut random = Random::new(settings.seed);
    let mut outcome = Outcome::default();
    let mut result = Ok(());
    for number in 0..settings.rounds {
        let fault = settings.only.unwrap_or_else(|| Fault::draw(&mut random));
        let scene = (&*wanted, &*history, &told[..]);
        let done = one_round(&mut cluster, fault, &mut random, scene, &mut outcome);
        let done = done.and_then(|line| {
            round.store(number + 1, Ordering::Release);
            new_registers(&cluster, number + 1).map(|()| line)
        });
        wanted.rests.store(false, Ordering::Release);
        match done {
            Ok(line) => tell(&format!("{} of {}: {line}", number + 1, settings.rounds)),
            Err(error) => {
                let named = format!("round {number} ({}): {error}", fault.name());
                result = Err(named);
                break;
            }
        }
    }
    wanted.is_over.store(true, Ordering::Release);
    for thread in threads {
        let ended = thread.join().map_err(|_| "a client has panicked".to_owned());
        result = result.and(ended.and_then(|ended| ended));
    }
    result.map(|()| outcome)
}

/// Rows for the registers of a round.
fn new_registers(cluster: &Cluster, round: u64) -> Result<(), String> {
    let (first, last) = (round * REGISTERS, (round + 1) * REGISTERS - 1);
    let leader = cluster.leader().ok_or("nobody leads")?;
    let mut client = connect(leader).map_err(|lost| lost.to_string())?;
    let text = format!("INSERT INTO registers SELECT n, 0 FROM generate_series({first}, {last}) n");
    ask(&mut client, &text).map(drop)
}

/// A fault, mended; what is there is as it should be. Nobody begins anything when it returns.
fn one_round(
    cluster: &mut Cluster,
    fault: Fault,
    random: &mut Random,
    (wanted, history, told): (&Wanted, &History, &[Arc<Mutex<Told>>]),
    outcome: &mut Outcome,
) -> Result<String, String> {
    let is_acknowledged = |after: Duration| {
        let of = |told: &Arc<Mutex<Told>>| {
            told.lock().acknowledged.iter().any(|(began, _)| *began >= after)
        };
        told.iter().any(of)
    };
    let begin = sync::monotonic();
    eventually("some load", || is_acknowledged(begin))?;
    sync::sleep(Duration::from_millis(random.below(300)));
    let leader = cluster.leader().ok_or("nobody leads")?;
    let began = fault.happen(cluster, leader, random)?;
    let mended = sync::monotonic();
    eventually("an acknowledged statement after the fault", || is_acknowledged(mended))?; // F5
    let silent = longest_silence(told, began);
    let took = u64::try_from(silent.as_millis()).unwrap_or(u64::MAX);
    cluster.wait_until_whole()?;
    wanted.rests.store(true, Ordering::Release);
    eventually("that clients rest", || wanted.are_at_rest())?;
    look(cluster, told, outcome)?;
    let operations = history.take();
    register::check(&operations)?; // F4
    outcome.operations += operations.len() as u64;
    outcome.faults.entry(fault).or_default().push(took);
    Ok(format!("{}, {took} ms, {} commits", fault.name(), outcome.commits))
}

/// The longest since a moment that nobody was told of a commit, up to the last one.
fn longest_silence(told: &[Arc<Mutex<Told>>], from: Duration) -> Duration {
    let of = |told: &Arc<Mutex<Told>>| told.lock().acknowledged.clone();
    let mut ends: Vec<Duration> = told.iter().flat_map(of).map(|(_, ended)| ended).collect();
    ends.retain(|ended| *ended >= from);
    ends.push(from);
    ends.sort_unstable();
    let silences = ends.windows(2).map(|pair| pair[1].saturating_sub(pair[0]));
    silences.max().unwrap_or_default()
}

/// Compares what is there with what clients were told (F1 to F3).
fn look(cluster: &Cluster, told: &[Arc<Mutex<Told>>], outcome: &mut Outcome) -> Result<(), String> {
    let leader = cluster.leader().ok_or("nobody leads")?;
    let mut client = connect(leader).map_err(|lost| lost.to_string())?;
    (outcome.commits, outcome.unknown) = (0, (0, 0));
    for (number, told) in (1..).zip(told) {
        let question = format!("SELECT id FROM entries WHERE client = {number}");
        let answer = ask(&mut client, &question)?;
        let mut told = told.lock();
        let mut there = 0_usize;
        for row in &answer.rows {
            let id = row.first().cloned().flatten().and_then(|id| id.parse::<i64>().ok());
            let id = id.ok_or_else(|| format!("a row is {row:?}"))?;
            if told.unknown.remove(&id) {
                told.committed.insert(id);
                told.found += 1;
            }
            if !told.committed.contains(&id) {
                return Err(format!("client {number} has never written {id}")); // F2
            }
            there += 1;
        }
        if there != told.committed.len() {
            let lost = told.committed.len() - there;
            return Err(format!("{lost} rows are lost that client {number} was told of")); // F1
        }
        told.acknowledged.clear();
        outcome.commits += there as u64;
        outcome.unknown.0 += told.unknown.len() as u64 + told.found;
        outcome.unknown.1 += told.found;
    }
    let sum = "SELECT (SELECT count(*) || ':' || coalesce(sum(id), 0) FROM entries) || ' ' || \
               (SELECT count(*) || ':' || coalesce(sum(id * value), 0) FROM registers)";
    let wanted = value(&mut client, sum)?;
    for member in 1..=MEMBERS {
        eventually(&format!("the rows of the leader on member {member}"), || {
            let client = connect(member).ok();
            client.and_then(|mut client| value(&mut client, sum).ok()).as_ref() == Some(&wanted)
        })?; // F3
    }
    Ok(())
}
