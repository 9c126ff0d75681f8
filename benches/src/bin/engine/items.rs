//! What is measured: the rows of the table "engine", one after the other.

use crate::Outcome;
use crate::trades::Arrival;

/// What a contender does in an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Work {
    /// Fills a new store.
    Load(Arrival),
    /// Reads rows by id.
    Get,
    /// Reads a hundred rows by id at a time.
    MultiGet,
    /// Reads a hundred entries.
    ScanEntries,
    /// Reads a hundred entries and the row of each.
    ScanRows,
    /// Reads all rows in order.
    ScanAll,
    /// Changes a column of a row, in a transaction of its own.
    Update,
    /// Executes a trade: four tables in one transaction.
    Execute,
    /// Four reads to one update.
    Mixed,
    /// Opens after a kill.
    Recover,
}

/// Where the store of an item comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Data {
    /// The item makes its own.
    Fresh,
    /// The run's, which fits into memory.
    Shared,
    /// Five times as many rows as the run has, in little memory.
    Large,
}

/// One item.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    /// What it is called on the command line.
    pub(crate) name: &'static str,
    /// What it is called in tables.
    pub(crate) title: &'static str,
    pub(crate) work: Work,
    pub(crate) data: Data,
    pub(crate) threads: usize,
    /// Whether each write waits for the disk.
    pub(crate) durable: bool,
    /// Operations of all threads in a round of a full run.
    pub(crate) operations: usize,
}

impl Item {
    /// An item about the run's data, of one thread, not durable.
    const fn of(name: &'static str, title: &'static str, work: Work, operations: usize) -> Item {
        Item { name, title, work, data: Data::Shared, threads: 1, durable: false, operations }
    }

    const fn fresh(self) -> Item {
        Item { data: Data::Fresh, ..self }
    }

    const fn large(self) -> Item {
        Item { data: Data::Large, ..self }
    }

    const fn threads(self, threads: usize) -> Item {
        Item { threads, ..self }
    }

    const fn durable(self) -> Item {
        Item { durable: true, ..self }
    }

    /// Whether it changes its store.
    pub(crate) fn writes(&self) -> bool {
        matches!(self.work, Work::Update | Work::Execute | Work::Mixed | Work::Recover)
    }

    /// Whether several threads wait for the disk at once, where groups of commits gain.
    pub(crate) fn gains_by_groups(&self) -> bool {
        self.durable && self.threads > 1
    }

    /// What it is measured in.
    pub(crate) fn unit(&self) -> &'static str {
        match self.work {
            Work::Load(_) | Work::ScanAll => "rows/s",
            Work::MultiGet => "gets/s",
            Work::Get => "gets/s",
            Work::ScanEntries | Work::ScanRows => "scans/s",
            Work::Update | Work::Execute => "commits/s",
            Work::Mixed => "operations/s",
            Work::Recover => "opens/s",
        }
    }
}

/// All items, those that only read before those that write.
pub(crate) const ALL: &[Item] = &[
    Item::of("load-sorted", "bulk load, sorted", Work::Load(Arrival::Sorted), 1).fresh(),
    Item::of("load-random", "load, random order", Work::Load(Arrival::Random), 1).fresh(),
    Item::of("get", "point get, 1 thread", Work::Get, 300_000),
    Item::of("get-2", "point get, 2 threads", Work::Get, 600_000).threads(2),
    Item::of("multi-get", "multi_get, batches of 100", Work::MultiGet, 4_000),
    Item::of("scan-index", "scan 100, index only", Work::ScanEntries, 20_000),
    Item::of("scan-fetch", "scan 100 + fetch row", Work::ScanRows, 4_000),
    Item::of("scan-all", "full scan", Work::ScanAll, 1),
    Item::of("commit-1", "durable commit, 1 thread", Work::Update, 3_000).durable(),
    Item::of("commit-8", "durable commit, 8 threads", Work::Update, 8_000).threads(8).durable(),
    Item::of("commit-64", "durable commit, 64 threads", Work::Update, 12_800).threads(64).durable(),
    Item::of("execute-1", "durable 4 tables, 1 thread", Work::Execute, 2_000).durable(),
    Item::of("execute-8", "durable 4 tables, 8 threads", Work::Execute, 6_400).threads(8).durable(),
    Item::of("execute-64", "durable 4 tables, 64 threads", Work::Execute, 9_600)
        .threads(64)
        .durable(),
    Item::of("update-1", "update, not durable, 1 thread", Work::Update, 60_000),
    Item::of("update-2", "update, not durable, 2 threads", Work::Update, 100_000).threads(2),
    Item::of("mixed-2", "80/20 mixed, 2 threads (latencies of reads)", Work::Mixed, 200_000)
        .threads(2),
    Item::of("recovery", "open after a kill, 200k updates to replay", Work::Recover, 200_000),
    Item::of("large-get", "5x rows in 80 MiB, random get", Work::Get, 20_000).large(),
    Item::of("large-update", "5x rows in 80 MiB, random update", Work::Update, 20_000).large(),
];

/// The items of these names; of none, all but the large ones. `large` stands for both of those,
/// `all` for everything.
pub(crate) fn select(names: &[String]) -> Outcome<Vec<Item>> {
    let is_known =
        |name: &str| name == "large" || name == "all" || ALL.iter().any(|item| item.name == name);
    if let Some(unknown) = names.iter().find(|name| !is_known(name)) {
        let known: Vec<&str> = ALL.iter().map(|item| item.name).collect();
        return Err(format!(
            "there is no item {unknown}; there are {}, large, all",
            known.join(", ")
        )
        .into());
    }
    let wants = |item: &&Item| {
        let is_large = item.data == Data::Large;
        names.iter().any(|name| name == item.name || name == "all" || (name == "large" && is_large))
            || (names.is_empty() && !is_large)
    };
    Ok(ALL.iter().filter(wants).copied().collect())
}

/// The item of a name.
pub(crate) fn find(name: &str) -> Outcome<Item> {
    let found = ALL.iter().find(|item| item.name == name).copied();
    found.ok_or_else(|| format!("there is no item {name}").into())
}
