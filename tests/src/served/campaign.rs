//! Rounds of load, SIGKILL and recovery.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bourse::Database;
use bourse_storage::sync;
use bourse_storage::sync::sim::Random;

use super::client::{End, Known};
use super::{ACCOUNTS, BALANCE, TABLES, process};
use crate::report::percentile;
use crate::wire::WireClient;

/// How long a client may take to see that the server is gone (K4).
pub const TOLD: Duration = Duration::from_secs(5);

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The program that serves: given `serve` and a folder it runs [`process::run`].
    pub program: PathBuf,
    /// Where the store lies: a folder that is new or empty.
    pub folder: PathBuf,
    /// How often it is killed.
    pub rounds: u64,
    /// Clients at once.
    pub clients: u32,
    /// Chooses what clients do, and the times of the kills.
    pub seed: u64,
}

/// What a campaign has shown.
#[derive(Clone, Default, Debug)]
pub struct Outcome {
    /// Kills.
    pub kills: u64,
    /// Transactions that clients were told are committed.
    pub commits: u64,
    /// Transactions whose end no client was told of, and those of them that are there.
    pub in_doubt: (u64, u64),
    /// Milliseconds from the start of a process to its first answer, of each that was recovering.
    pub recovery_ms: Vec<u64>,
    /// The longest that a client took to see that the server is gone.
    pub told_ms: u64,
    /// What clients were told, each once.
    pub told: Vec<String>,
}

impl Outcome {
    /// The recovery that so many of a hundred did not exceed.
    pub fn recovery_percentile(&self, percent: usize) -> u64 {
        percentile(&self.recovery_ms, percent)
    }

    /// It as JSON.
    pub fn json(&self, settings: &Settings) -> String {
        let told: Vec<String> = self.told.iter().map(|told| format!("{told:?}")).collect();
        format!(
            "{{\"kills\": {}, \"clients\": {}, \"seed\": {}, \"commits\": {}, \"in_doubt\": {}, \
             \"in_doubt_there\": {}, \"recovery_p50_ms\": {}, \"recovery_p95_ms\": {}, \
             \"recovery_longest_ms\": {}, \"told_ms\": {}, \"told\": [{}]}}\n",
            self.kills,
            settings.clients,
            settings.seed,
            self.commits,
            self.in_doubt.0,
            self.in_doubt.1,
            self.recovery_percentile(50),
            self.recovery_percentile(95),
            self.recovery_percentile(100),
            self.told_ms,
            told.join(", "),
        )
    }
}

/// Runs a campaign.
///
/// # Errors
/// Which invariant does not hold; what cannot be started or reached.
pub fn run(settings: &Settings) -> Result<Outcome, String> {
    let mut random = Random::new(settings.seed);
    let mut outcome = Outcome::default();
    let mut known: Vec<Known> =
        (1..=settings.clients).map(|client| Known::new(client, settings.seed)).collect();
    for round in 0..settings.rounds {
        let mut server = Process::start(settings)?;
        let mut observer = server.connect()?;
        if round == 0 {
            fill(&mut observer, settings.clients)?;
        } else {
            let recovery = sync::monotonic() - server.begun;
            outcome.recovery_ms.push(u64::try_from(recovery.as_millis()).unwrap_or(u64::MAX));
        }
        look(&mut observer, &mut known, &mut outcome).map_err(|told| in_round(round, &told))?;
        // One in eight is killed when it has hardly begun.
        let life = if random.one_in(8) { random.below(20) } else { 100 + random.below(1_400) };
        let ended = one_life(&mut server, known, Duration::from_millis(life), &mut outcome);
        known = ended.map_err(|told| in_round(round, &told))?;
        outcome.kills += 1;
    }
    let server = Process::start(settings)?;
    let mut observer = server.connect()?;
    let recovery = sync::monotonic() - server.begun;
    outcome.recovery_ms.push(u64::try_from(recovery.as_millis()).unwrap_or(u64::MAX));
    look(&mut observer, &mut known, &mut outcome)
        .map_err(|told| in_round(settings.rounds, &told))?;
    drop(server);
    check(&settings.folder)?;
    outcome.commits = known.iter().map(|known| known.commits).sum();
    Ok(outcome)
}

fn in_round(round: u64, told: &str) -> String {
    format!("after {round} kills: {told}")
}

/// Makes the tables, with what clients change.
fn fill(server: &mut WireClient, clients: u32) -> Result<(), String> {
    for text in [
        TABLES.to_owned(),
        format!("INSERT INTO counts SELECT n, 0 FROM generate_series(1, {clients}) n"),
        format!("INSERT INTO accounts SELECT n, {BALANCE} FROM generate_series(0, {ACCOUNTS}) n"),
    ] {
        let answer = server.query(&text).map_err(|lost| lost.to_string())?;
        if let Some((state, message)) = answer.error {
            return Err(format!("{text}: {state}: {message}"));
        }
    }
    Ok(())
}

/// Compares what is there with what clients know (K1 to K3).
fn look(server: &mut WireClient, known: &mut [Known], outcome: &mut Outcome) -> Result<(), String> {
    for known in known {
        let was_in_doubt = known.in_doubt.as_ref().is_some_and(|doubt| !doubt.entries.is_empty());
        let before = known.count;
        let doubt = known.in_doubt.clone().unwrap_or_default();
        known.look(server)?;
        if was_in_doubt {
            outcome.in_doubt.0 += 1;
            let is_there = known.count != before || has(server, doubt.entries.first())?;
            outcome.in_doubt.1 += u64::from(is_there);
        }
    }
    let sum = server
        .query("SELECT sum(balance)::bigint FROM accounts")
        .map_err(|lost| lost.to_string())?;
    let wanted = i64::try_from(ACCOUNTS + 1).unwrap_or(0) * BALANCE;
    if sum.rows != [[Some(wanted.to_string())]] {
        return Err(format!("the sum of balances is {sum:?}, not {wanted}")); // K3
    }
    Ok(())
}

fn has(server: &mut WireClient, id: Option<&i64>) -> Result<bool, String> {
    let Some(id) = id else { return Ok(false) };
    let question = format!("SELECT 1 FROM entries WHERE id = {id}");
    Ok(!server.query(&question).map_err(|lost| lost.to_string())?.rows.is_empty())
}

/// Lets clients work, and kills the server.
fn one_life(
    server: &mut Process,
    known: Vec<Known>,
    life: Duration,
    outcome: &mut Outcome,
) -> Result<Vec<Known>, String> {
    let address = server.address;
    let begin = move |mut known: Known| {
        sync::spawn("client", move || {
            let end = match connect(address) {
                Ok(mut client) => known.work(&mut client),
                // The kill may come first.
                Err(lost) => End::Lost(lost),
            };
            (known, end, sync::monotonic())
        })
    };
    let clients: Vec<_> = known.into_iter().map(begin).collect();
    sync::sleep(life);
    server.kill()?;
    let killed = sync::monotonic();
    let mut known = Vec::with_capacity(clients.len());
    for client in clients {
        let (of_client, end, ended) = client.join().map_err(|_| "a client has panicked")?;
        match end {
            End::Lost(lost) => {
                if !outcome.told.contains(&lost.0) {
                    outcome.told.push(lost.0);
                }
            }
            End::Wrong(told) => return Err(format!("client {}: {told}", of_client.client)), // K4
        }
        let took = ended.saturating_sub(killed);
        if took > TOLD {
            return Err(format!("a client saw {took:?} after the kill that the server is gone"));
        }
        let took = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        outcome.told_ms = outcome.told_ms.max(took);
        known.push(of_client);
    }
    Ok(known)
}

/// Opens the store itself and looks at all of it (K5).
fn check(folder: &Path) -> Result<(), String> {
    let options = bourse::Options { background: false, ..process::options() };
    let store = Database::open(folder, options).map_err(|error| error.to_string())?;
    let report = store.check(&mut |_| {}).map_err(|error| error.to_string())?;
    match report.findings.is_empty() {
        true => Ok(()),
        false => Err(format!("check finds {:?}", report.findings)),
    }
}

fn connect(address: SocketAddr) -> Result<WireClient, crate::wire::ConnectionLost> {
    WireClient::connect(address, &[("user", "bourse"), ("database", "bourse")])
}

/// A server's process. Dropped, it is killed.
struct Process {
    child: Child,
    address: SocketAddr,
    begun: Duration,
}

impl Process {
    fn start(settings: &Settings) -> Result<Process, String> {
        let begun = sync::monotonic();
        let mut child = Command::new(&settings.program)
            .arg("serve")
            .arg(&settings.folder)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start the server: {error}"))?;
        let output = child.stdout.take().ok_or("the server has no output")?;
        let mut line = String::new();
        let read = BufReader::new(output).read_line(&mut line);
        let address = line.trim().parse();
        match (read, address) {
            (Ok(_), Ok(address)) => Ok(Process { child, address, begun }),
            _ => Err(format!("the server does not say where it listens, but {line:?}")),
        }
    }

    fn connect(&self) -> Result<WireClient, String> {
        connect(self.address).map_err(|lost| lost.to_string())
    }

    fn kill(&mut self) -> Result<(), String> {
        let killed = self.child.kill().and_then(|()| self.child.wait());
        killed.map(drop).map_err(|error| format!("cannot kill the server: {error}"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.kill();
    }
}
