//! Starts the process, kills it, checks what it left.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use bourse::{Database, Error, Options, Order, Range, Result, Table};
use bourse_storage::sync::sim::Random;
use bourse_storage::sync::{self, Mutex};

use super::figures::{Latencies, grows, thirds};
use super::{IN_FLIGHT, KEEP, WRITERS, is_whole, number_of, options, trades};

/// How long a soak is, and how often it kills.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The program that runs [`super::child::run`]: arguments are `child FOLDER`.
    pub program: PathBuf,
    /// Where the store and its backups lie; new or empty.
    pub folder: PathBuf,
    /// How long it goes on.
    pub length: Duration,
    /// The shortest and the longest time between two kills.
    pub between_kills: (Duration, Duration),
    /// Chooses the times.
    pub seed: u64,
    /// Passed on to the child: it is to lose each such row.
    pub withhold: Option<i64>,
}

/// What the process said.
#[derive(Clone, Default, Debug)]
struct Said {
    /// Highest acknowledged number of each writer.
    acknowledged: BTreeMap<i64, i64>,
    latencies: Latencies,
    events: BTreeMap<String, u64>,
    /// The greatest of each kind of number.
    greatest: BTreeMap<String, u64>,
}

/// What came of it.
#[derive(Clone, Default, Debug)]
pub struct Outcome {
    said: Said,
    seconds: u64,
    kills: u64,
    /// Resident memory of the last process, once a second, after its first ten.
    resident: Vec<u64>,
    /// Acknowledged transactions of each second.
    throughput: Vec<u64>,
    longest_open_ms: u64,
    log_bytes: u64,
    store_bytes: u64,
    /// What must not be: losses, findings, processes that ended by themselves.
    pub failures: Vec<String>,
}

/// Runs a soak to its end, or to its first failure.
///
/// # Errors
/// `InvalidInput` for a folder with something in it; what the operating system does not do: start,
/// kill, read.
pub fn run(settings: &Settings) -> Result<Outcome> {
    if bytes_below(&settings.folder) > 0 {
        let what = format!("{} is not empty: name another folder", settings.folder.display());
        return Err(Error::invalid(what));
    }
    let said = Arc::new(Mutex::new(Said::default()));
    let mut random = Random::new(settings.seed);
    let (begun, mut outcome) = (sync::monotonic(), Outcome::default());
    while sync::monotonic() - begun < settings.length && outcome.failures.is_empty() {
        let life = life(settings, sync::monotonic() - begun, &mut random);
        outcome.resident.clear();
        one_life(settings, life, &said, &mut outcome)?;
        outcome.kills += 1;
        check(&settings.folder, &mut said.lock().acknowledged, &mut outcome);
    }
    outcome.said = said.lock().clone();
    outcome.seconds = (sync::monotonic() - begun).as_secs();
    outcome.log_bytes = bytes_below(&settings.folder.join("store").join("log"));
    outcome.store_bytes = bytes_below(&settings.folder.join("store"));
    if grows(&outcome.resident) {
        let thirds = thirds(&outcome.resident);
        outcome.failures.push(format!("memory grows: medians of its thirds are {thirds:?}"));
    }
    Ok(outcome)
}

/// How long the next process lives, when the soak is so old: in the second half to its end.
fn life(settings: &Settings, age: Duration, random: &mut Random) -> Duration {
    let half = settings.length / 2;
    if age >= half {
        return (settings.length - age).max(settings.between_kills.0);
    }
    if random.one_in(4) {
        // While it opens and recovers, or begins.
        return Duration::from_millis(random.below(1_000));
    }
    let (least, most) = settings.between_kills;
    let span = u64::try_from((most - least).as_millis()).unwrap_or(u64::MAX);
    (least + Duration::from_millis(random.below(span + 1))).min(half)
}

/// From a start to the kill.
fn one_life(
    settings: &Settings,
    life: Duration,
    said: &Arc<Mutex<Said>>,
    outcome: &mut Outcome,
) -> Result<()> {
    let failed = |what: &str| {
        let what = format!("cannot {what} {}", settings.program.display());
        move |error| Error::io(what, error)
    };
    let mut command = Command::new(&settings.program);
    command.arg("child").arg(&settings.folder).stdout(Stdio::piped());
    if let Some(every) = settings.withhold {
        command.args(["--withhold", &every.to_string()]);
    }
    let mut child = command.spawn().map_err(failed("start"))?;
    let Some(output) = child.stdout.take() else {
        return Err(Error::invalid("the process has no output"));
    };
    let to = Arc::clone(said);
    let listener = sync::spawn("listener", move || listen(BufReader::new(output), &to));
    let (born, mut second) = (sync::monotonic(), 0);
    while sync::monotonic() - born < life {
        sync::sleep(Duration::from_millis(100));
        if let Some(status) = child.try_wait().map_err(failed("wait for"))? {
            outcome.failures.push(format!("the process ended by itself, with {status}"));
            break;
        }
        let age = (sync::monotonic() - born).as_secs();
        if age > second {
            second = age;
            let total: u64 = outcome.throughput.iter().sum();
            outcome.throughput.push(said.lock().latencies.count() - total);
            if age > 10 {
                outcome.resident.extend(resident_bytes(&child));
            }
        }
    }
    child.kill().map_err(failed("kill"))?;
    child.wait().map_err(failed("wait for"))?;
    match listener.join() {
        Ok(()) => Ok(()),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Reads what the process says, to its end; a line without end was not said.
fn listen(mut output: impl BufRead, said: &Mutex<Said>) {
    let mut line = String::new();
    while matches!(output.read_line(&mut line), Ok(1..)) && line.ends_with('\n') {
        let mut words = line.split_whitespace();
        let mut said = said.lock();
        match words.next() {
            Some("a") => {
                let mut number = || words.next().and_then(|word| word.parse().ok());
                if let (Some(writer), Some(at), Some(took)) = (number(), number(), number()) {
                    let newest = said.acknowledged.entry(writer).or_default();
                    *newest = at.max(*newest);
                    said.latencies.add(took.unsigned_abs());
                }
            }
            Some("m") => {
                if let (Some(name), Some(Ok(number))) =
                    (words.next(), words.next().map(str::parse::<u64>))
                {
                    let greatest = said.greatest.entry(name.to_owned()).or_default();
                    *greatest = number.max(*greatest);
                }
            }
            Some("e") => *said.events.entry(words.collect()).or_default() += 1,
            _ => {}
        }
        line.clear();
    }
}

fn resident_bytes(child: &Child) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? << 10)
}

fn bytes_below(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let of = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => bytes_below(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    };
    entries.map(of).sum()
}

/// Opens the store that a kill left, and holds it against what was acknowledged (S1 to S3), which
/// it then raises to what is there: who reads it relies on it.
fn check(folder: &Path, acknowledged: &mut BTreeMap<i64, i64>, outcome: &mut Outcome) {
    let mut open_and_check = || -> Result<Vec<String>> {
        let begun = sync::monotonic();
        let options = Options { background: false, ..options() };
        let store = Database::open(folder.join("store"), options)?;
        let took = u64::try_from((sync::monotonic() - begun).as_millis()).unwrap_or(u64::MAX);
        outcome.longest_open_ms = outcome.longest_open_ms.max(took);
        let (table, mut wrong) = (trades(&store)?, Vec::new());
        for writer in 0..WRITERS {
            let known = acknowledged.entry(writer).or_default();
            *known = check_writer(&store, &table, writer, *known, &mut wrong)?;
        }
        let report = store.check(&mut |_| {})?;
        wrong.extend(report.findings.iter().map(|finding| format!("check: {finding}")));
        // Without a checkpoint: the process that comes recovers once more.
        drop(store);
        Ok(wrong)
    };
    match open_and_check() {
        Ok(wrong) => outcome.failures.extend(wrong.into_iter().take(10)),
        Err(error) => outcome.failures.push(format!("cannot read what a kill left: {error:?}")),
    }
}

/// Compares the rows of a writer; its newest one.
fn check_writer(
    store: &Database,
    table: &Table,
    writer: i64,
    known: i64,
    wrong: &mut Vec<String>,
) -> Result<i64> {
    let mut there = BTreeSet::new();
    let cut = store.cut();
    for row in cut.scan(table, &Range::prefix([writer.into()]), Order::Ascending)? {
        let row = row?;
        let number = number_of(row.get(1))?;
        if !is_whole(&row.values())? {
            wrong.push(format!("row {number} of writer {writer} has another's note")); // S1
        }
        there.insert(number);
    }
    let newest = there.last().copied().unwrap_or(0);
    let must_be = |newest: i64| (newest - KEEP + 1).max(1)..=newest;
    let lost = must_be(newest.max(known)).filter(|number| !there.contains(number));
    wrong.extend(lost.map(|number| match number <= known {
        true => format!("row {number} of writer {writer} was acknowledged: lost"), // S2
        false => format!("row {number} of writer {writer} is not there, row {newest} is"), // S1
    }));
    if let Some(old) = there.first().filter(|oldest| !must_be(newest).contains(oldest)) {
        wrong.push(format!("row {old} of writer {writer} was deleted with row {newest}")); // S1
    }
    if newest > known + IN_FLIGHT {
        wrong.push(format!("writer {writer} has row {newest}, told of {known}")); // S3
    }
    Ok(newest)
}

impl Outcome {
    /// Names and figures, in the order in which they are shown.
    fn figures(&self) -> Vec<(&'static str, u64)> {
        let event = |name: &str| self.said.events.get(name).copied().unwrap_or(0);
        let latencies = &self.said.latencies;
        let [_, middle, last] = thirds(&self.resident);
        let rates = thirds(&self.throughput);
        vec![
            ("seconds", self.seconds),
            ("kills", self.kills),
            ("acknowledged", latencies.count()),
            ("backups", event("backups")),
            ("index_builds", event("index_builds")),
            ("index_builds_resumed", event("index_builds_resumed")),
            ("longest_build_ms", self.said.greatest.get("build_ms").copied().unwrap_or(0)),
            ("snapshots", event("snapshots")),
            ("p50_us", latencies.per_mille(500)),
            ("p99_us", latencies.per_mille(990)),
            ("p999_us", latencies.per_mille(999)),
            ("longest_us", latencies.longest()),
            ("per_second_first", rates[0]),
            ("per_second_middle", rates[1]),
            ("per_second_last", rates[2]),
            ("resident_middle", middle),
            ("resident_last", last),
            ("longest_open_ms", self.longest_open_ms),
            ("log_bytes", self.log_bytes),
            ("store_bytes", self.store_bytes),
            ("failures", self.failures.len() as u64),
        ]
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (name, figure) in self.figures() {
            let _ = writeln!(text, "{name:<20} {figure:>14}");
        }
        for failure in &self.failures {
            let _ = writeln!(text, "FAILED: {failure}");
        }
        text
    }

    /// For programs.
    pub fn json(&self) -> String {
        let fields: Vec<String> =
            self.figures().iter().map(|(name, figure)| format!("\"{name}\": {figure}")).collect();
        format!(
            "{{{}, \"resident\": {:?}, \"throughput\": {:?}}}\n",
            fields.join(", "),
            self.resident,
            self.throughput
        )
    }
}
