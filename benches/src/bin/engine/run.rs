//! The run: items in order, rounds of an item one after the other, contenders in turns (A B A B
//! ...), each step in a process of its own (see `step`).

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::items::{self, Data, Item, Work};
use crate::memory::MemoryGroup;
use crate::peers::Contender;
use crate::trades;
use crate::{Outcome, Scheduling};

/// How much larger the large data are.
const LARGE: i64 = 5;
/// Memory for a contender and the pages of its files, where the data are larger than memory.
const LARGE_MEMORY_BYTES: u64 = 80 << 20;

/// What is run.
pub(crate) struct Plan {
    pub(crate) items: Vec<Item>,
    pub(crate) contenders: Vec<&'static Contender>,
    pub(crate) rows: i64,
    pub(crate) rounds: usize,
    /// Divides the operations of each round.
    pub(crate) shorter: usize,
    pub(crate) scheduling: Scheduling,
}

/// Clients from which on completions are measured, and what a client with many has under way.
const CLIENTS: usize = 64;
const DEEP: usize = 16;

/// A contender as it takes part.
#[derive(Clone, Copy)]
pub(crate) struct Entrant {
    pub(crate) contender: &'static Contender,
    pub(crate) way: Way,
}

/// How the clients of an item use a contender.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Way {
    /// A thread each, which waits for each of its commits.
    Threads,
    /// The same, but another thread makes all changes, in groups.
    Grouped,
    /// Few threads for all, which submit, with so many changes of each client under way.
    Completions(usize),
}

impl Entrant {
    /// What it is called in tables.
    pub(crate) fn title(&self) -> String {
        let title = self.contender.title;
        match self.way {
            Way::Threads => title.to_string(),
            Way::Grouped => format!("{title}, grouped"),
            Way::Completions(1) => format!("{title}, completions"),
            Way::Completions(each) => format!("{title}, completions, {each} each"),
        }
    }

    fn folder_name(&self) -> String {
        let name = self.contender.name;
        match self.way {
            Way::Threads => name.to_string(),
            Way::Grouped => format!("{name}-grouped"),
            Way::Completions(each) => format!("{name}-completions-{each}"),
        }
    }
}

/// What an entrant reached in an item: the lines of its steps.
pub(crate) struct Record {
    pub(crate) item: Item,
    pub(crate) entrant: Entrant,
    pub(crate) rounds: Vec<Value>,
    /// Why there are fewer than asked for.
    pub(crate) failure: Option<String>,
}

/// What came of a run.
pub(crate) struct Results {
    pub(crate) records: Vec<Record>,
    /// Answers that were not equal, and stores that did not hold what they should.
    pub(crate) mismatches: Vec<String>,
    /// What a reader of the figures must know.
    pub(crate) notes: Vec<String>,
}

/// A run that goes on.
pub(crate) struct Run<'p> {
    plan: &'p Plan,
    folder: &'p Path,
    results: Results,
    /// The next number of a trade that may be added: the same for all entrants.
    first_new: i64,
    seed: u64,
    /// What each store held after its last step.
    held: BTreeMap<PathBuf, u64>,
    memory: Option<MemoryGroup>,
}

impl Run<'_> {
    /// Runs a plan in a folder of its own.
    pub(crate) fn new<'p>(plan: &'p Plan, folder: &'p Path) -> Outcome<Run<'p>> {
        let mut notes = vec![plan.scheduling.describe()];
        let mut memory = None;
        let sizes: &[i64] = match plan.items.iter().any(|item| item.data == Data::Large) {
            true => &[1, LARGE],
            false => &[1],
        };
        for size in sizes {
            let rows = plan.rows * size;
            let scratch = folder.join(format!("scratch-{size}"));
            trades::write_places(rows, &scratch, &folder.join(format!("places-{rows}")))?;
            fs::remove_dir_all(scratch)?;
        }
        if sizes.len() > 1 {
            match MemoryGroup::new(LARGE_MEMORY_BYTES) {
                Ok(group) => memory = Some(group),
                Err(error) => notes.push(format!(
                    "Large items: memory was not limited ({error}): only the stores' own caches \
                     were small, and the operating system kept all files in memory."
                )),
            }
        }
        let results = Results { records: Vec::new(), mismatches: Vec::new(), notes };
        let first_new = plan.rows * LARGE;
        Ok(Run { plan, folder, results, first_new, seed: 1, held: BTreeMap::new(), memory })
    }

    /// Runs all items, showing after each what there is: a run that is broken off loses one item.
    pub(crate) fn all(mut self, mut show: impl FnMut(&Results) -> Outcome<()>) -> Outcome<Results> {
        for (number, item) in self.plan.items.iter().enumerate() {
            eprintln!("{}/{} {}", number + 1, self.plan.items.len(), item.title);
            self.item(*item)?;
            show(&self.results)?;
        }
        Ok(self.results)
    }

    fn entrants(&self, item: Item) -> Vec<Entrant> {
        let mut entrants = Vec::new();
        for contender in &self.plan.contenders {
            entrants.push(Entrant { contender, way: Way::Threads });
            if !item.gains_by_groups() {
                continue;
            }
            if contender.gains_by_groups {
                entrants.push(Entrant { contender, way: Way::Grouped });
            }
            if contender.has_completions && item.threads >= CLIENTS {
                let ways = [1, DEEP].map(Way::Completions);
                entrants.extend(ways.map(|way| Entrant { contender, way }));
            }
        }
        entrants
    }

    fn item(&mut self, item: Item) -> Outcome<()> {
        let record = |entrant| Record { item, entrant, rounds: Vec::new(), failure: None };
        let mut records: Vec<Record> = self.entrants(item).into_iter().map(record).collect();
        for round in 0..self.plan.rounds {
            for record in records.iter_mut().filter(|record| record.failure.is_none()) {
                match self.step(item, record.entrant) {
                    Ok(line) => {
                        report(round, record, &line);
                        record.rounds.push(line);
                    }
                    Err(error) => {
                        eprintln!("  {}: {error}", record.entrant.title());
                        record.failure = Some(error.to_string());
                    }
                }
            }
            self.compare(&records, round);
            self.seed += 1;
            let operations = i64::try_from(self.operations(item))?;
            self.first_new += 2 * (operations + 1) * i64::try_from(item.threads)?;
        }
        for record in records.iter().filter(|record| record.failure.is_some()) {
            let failure = record.failure.as_deref().unwrap_or_default();
            let title = record.entrant.title();
            self.results.mismatches.push(format!("{}: {title}: {failure}", item.name));
        }
        self.results.records.extend(records);
        Ok(())
    }

    fn operations(&self, item: Item) -> usize {
        (item.operations / self.plan.shorter).max(item.threads)
    }

    /// What all entrants read in a round must be the same, and what their stores hold after it. The
    /// store of one that takes part in another way has seen fewer items, and so holds something
    /// else.
    fn compare(&mut self, records: &[Record], round: usize) {
        for (key, verb) in [("digest", "read"), ("after", "holds")] {
            let values = records.iter().filter_map(|record| {
                let value = record.rounds.get(round)?[key].as_u64()?;
                let counts = key == "digest" || record.entrant.way == Way::Threads;
                counts.then(|| (record.entrant.title(), value))
            });
            let values: Vec<(String, u64)> = values.collect();
            let Some((first, expected)) = values.first() else { continue };
            for (title, _) in values.iter().filter(|(_, value)| value != expected) {
                let item = records[0].item.name;
                let message =
                    format!("{item}, round {}: {title} {verb} other than {first}", round + 1);
                eprintln!("  {message}");
                self.results.mismatches.push(message);
            }
        }
    }

    fn step(&mut self, item: Item, entrant: Entrant) -> Outcome<Value> {
        match item.data {
            Data::Fresh => self.load_step(item, entrant),
            Data::Shared => {
                let folder = self.store(entrant, 1)?;
                let line = match item.work {
                    Work::Recover => {
                        self.killed_step(item, entrant, &folder)?;
                        self.run_step(item, entrant, &folder, self.plan.rows, None)?
                    }
                    _ => self.run_step(item, entrant, &folder, self.plan.rows, None)?,
                };
                self.check_held(folder, &line)?;
                Ok(line)
            }
            Data::Large => {
                let folder = self.store(entrant, LARGE)?;
                let group = self.memory.as_ref().map(MemoryGroup::folder);
                self.run_step(item, entrant, &folder, self.plan.rows * LARGE, group)
            }
        }
    }

    /// Loads a new store, and keeps the first sorted one for the items that follow.
    fn load_step(&self, item: Item, entrant: Entrant) -> Outcome<Value> {
        let folder = self.folder.join("loading");
        let line = self.run_step(item, entrant, &folder, self.plan.rows, None);
        let kept = self.store_folder(entrant, 1);
        if line.is_ok() && item.name == "load-sorted" && !kept.exists() {
            fs::rename(folder, kept)?;
        } else {
            fs::remove_dir_all(folder)?;
        }
        line
    }

    fn store_folder(&self, entrant: Entrant, size: i64) -> PathBuf {
        self.folder.join(format!("{}-{size}", entrant.folder_name()))
    }

    /// The entrant's store of so many times the rows, made when it is first needed.
    fn store(&self, entrant: Entrant, size: i64) -> Outcome<PathBuf> {
        let folder = self.store_folder(entrant, size);
        if !folder.exists() {
            eprintln!("  {}: loading {} rows", entrant.title(), self.plan.rows * size);
            let item = items::find("load-sorted")?;
            self.run_step(item, entrant, &folder, self.plan.rows * size, None)?;
        }
        Ok(folder)
    }

    /// A store that holds other than after its last step lost something.
    fn check_held(&mut self, folder: PathBuf, line: &Value) -> Outcome<()> {
        let Some(before) = line["before"].as_u64() else {
            self.held.remove(&folder);
            return Ok(());
        };
        if self.held.get(&folder).is_some_and(|held| *held != before) {
            return Err("the store holds other than after the step before".into());
        }
        if let Some(after) = line["after"].as_u64() {
            self.held.insert(folder, after);
        }
        Ok(())
    }

    fn command(
        &self,
        item: Item,
        entrant: Entrant,
        (folder, rows): (&Path, i64),
    ) -> Outcome<Command> {
        let program = std::env::current_exe()?;
        let mut command = match item.durable && self.plan.scheduling.is_realtime() {
            true => {
                let mut command = Command::new("chrt");
                command.args(["--rr", "1"]).arg(program);
                command
            }
            false => Command::new(program),
        };
        command.arg("step").args(["--item", item.name, "--peer", entrant.contender.name]);
        command.arg("--folder").arg(folder);
        command.arg("--places").arg(self.folder.join(format!("places-{rows}")));
        command.args(["--rows", &rows.to_string()]);
        command.args(["--operations", &self.operations(item).to_string()]);
        command.args(["--first-new", &self.first_new.to_string()]);
        command.args(["--seed", &self.seed.to_string()]);
        match entrant.way {
            Way::Threads => {}
            Way::Grouped => drop(command.arg("--grouped")),
            Way::Completions(each) => drop(command.args(["--submitted", &each.to_string()])),
        }
        command.stdin(Stdio::null()).stderr(Stdio::piped()).stdout(Stdio::piped());
        Ok(command)
    }

    fn run_step(
        &self,
        item: Item,
        entrant: Entrant,
        folder: &Path,
        rows: i64,
        memory_group: Option<&Path>,
    ) -> Outcome<Value> {
        let mut command = self.command(item, entrant, (folder, rows))?;
        if let Some(group) = memory_group {
            command.arg("--memory-group").arg(group);
        }
        let output = command.output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{}: {}", output.status, said.trim()).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// Has a process make updates, and kills it when they are durable.
    fn killed_step(&self, item: Item, entrant: Entrant, folder: &Path) -> Outcome<()> {
        let mut command = self.command(item, entrant, (folder, self.plan.rows))?;
        let mut process = command.arg("--prepare-kill").stderr(Stdio::inherit()).spawn()?;
        let stdout = process.stdout.take().ok_or("the step has no output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        process.kill()?;
        process.wait()?;
        match line.trim() {
            "ready" => Ok(()),
            _ => Err("the process that was to be killed ended before".into()),
        }
    }
}

fn report(round: usize, record: &Record, line: &Value) {
    let seconds = line["seconds"].as_f64().unwrap_or(f64::NAN);
    let rate = line["operations"].as_f64().unwrap_or(f64::NAN) / seconds;
    let title = record.entrant.title();
    eprintln!("  round {}: {title:<18} {rate:>12.0} {}", round + 1, record.item.unit());
}
