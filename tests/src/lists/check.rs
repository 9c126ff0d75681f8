//! Anomalies of a history of lists, and the isolation levels that forbid them.
//!
//! The longest read of a list is the order of its versions. Transactions that committed, and those
//! of unknown end whose values were read, are the nodes; time is a chain of nodes beside them, as
//! the quadratically many edges of real time would be too many.
//!
//! | anomaly | what it is |
//! |---|---|
//! | garbage | a value that nobody appended, or one twice |
//! | incompatible-order | two reads of a list of which neither begins the other |
//! | G1a | a value of a transaction that failed was read |
//! | G1b | a list was read in the middle of another's appends |
//! | internal | a transaction did not see what it had read or appended itself |
//! | lost-append | a read lacks what was acknowledged before it began |
//! | G0, G1c | cycles of writes; of writes and reads-from |
//! | G-single | cycles with one read-before |
//! | G-nonadjacent | with several, no two of them in a row |
//! | G2-item | with two in a row: write skew |
//! | ...-realtime | the same, with real time among the edges |

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Graph, READ_BEFORE, READ_FROM, TIME, WROTE_BEFORE};
use super::{Entry, Phase, Step};

/// What a store promises.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// What is read was committed.
    ReadCommitted,
    /// Snapshot isolation, which PostgreSQL calls REPEATABLE READ.
    Snapshot,
    /// Some order of the transactions explains everything.
    Serializable,
    /// Some order that agrees with real time does.
    StrictSerializable,
}

/// Something that a level may forbid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Anomaly {
    /// Its name in the table of this module.
    pub kind: &'static str,
    /// Where it was seen.
    pub detail: String,
}

impl Level {
    /// Whether the anomaly must not occur.
    pub fn forbids(self, kind: &str) -> bool {
        match kind {
            "garbage" | "incompatible-order" | "G1a" | "G1b" | "G0" | "G1c" => true,
            "internal" | "G-single" | "G-nonadjacent" => self != Level::ReadCommitted,
            "G2-item" => matches!(self, Level::Serializable | Level::StrictSerializable),
            _ => self == Level::StrictSerializable,
        }
    }
}

/// The anomalies that the level forbids.
pub fn violations(entries: &[Entry], level: Level) -> Vec<Anomaly> {
    let mut found = anomalies(entries);
    found.retain(|anomaly| level.forbids(anomaly.kind));
    found
}

/// A transaction with the times of its two entries.
struct Node<'e> {
    began: usize,
    ended: usize,
    phase: Phase,
    steps: &'e [Step],
}

/// Everything that a level might forbid; of each kind of cycle one.
pub fn anomalies(entries: &[Entry]) -> Vec<Anomaly> {
    let nodes = pair(entries);
    let mut found = Vec::new();
    let mut writers = BTreeMap::new();
    for (number, node) in nodes.iter().enumerate() {
        for step in node.steps {
            let Step::Append(list, value) = step else { continue };
            if writers.insert((*list, *value), number).is_some() {
                let detail = format!("{value} was appended to list {list} twice");
                found.push(Anomaly { kind: "garbage", detail });
            }
        }
    }
    let orders = orders(&nodes, &writers, &mut found);
    for (number, node) in nodes.iter().enumerate().filter(|(_, n)| n.phase == Phase::Committed) {
        direct(number, node, &nodes, &writers, &mut found);
    }
    lost(&nodes, &mut found);
    cycles(&nodes, &writers, &orders, &mut found);
    found
}

/// Beginnings with their ends; what has no end is of unknown end.
fn pair(entries: &[Entry]) -> Vec<Node<'_>> {
    let mut open = BTreeMap::new();
    let mut nodes: Vec<Node<'_>> = Vec::new();
    for (time, entry) in entries.iter().enumerate() {
        if entry.phase == Phase::Invoke {
            open.insert(entry.process, nodes.len());
            let (ended, phase) = (usize::MAX, Phase::Unknown);
            nodes.push(Node { began: time, ended, phase, steps: &entry.steps });
        } else if let Some(number) = open.remove(&entry.process) {
            let node = &mut nodes[number];
            node.phase = entry.phase;
            if entry.phase != Phase::Unknown {
                node.ended = time;
            }
            if entry.phase == Phase::Committed {
                node.steps = &entry.steps;
            }
        }
    }
    nodes
}

type Writers = BTreeMap<(i64, i64), usize>;

/// The longest read of each list; others must begin it.
fn orders<'e>(
    nodes: &[Node<'e>],
    writers: &Writers,
    found: &mut Vec<Anomaly>,
) -> BTreeMap<i64, &'e [i64]> {
    let mut orders: BTreeMap<i64, &[i64]> = BTreeMap::new();
    for (list, values) in nodes.iter().flat_map(reads) {
        let distinct: BTreeSet<i64> = values.iter().copied().collect();
        let unknown = values.iter().find(|value| !writers.contains_key(&(list, **value)));
        if distinct.len() < values.len() || unknown.is_some() {
            let detail = format!("list {list} was read as {values:?}");
            found.push(Anomaly { kind: "garbage", detail });
        }
        let longest = orders.entry(list).or_default();
        let (short, long) = match values.len() > longest.len() {
            true => (*longest, values),
            false => (values, *longest),
        };
        if !long.starts_with(short) {
            let detail = format!("list {list} was read as {short:?} and as {long:?}");
            found.push(Anomaly { kind: "incompatible-order", detail });
        }
        *longest = long;
    }
    orders
}

/// What a committed transaction read.
fn reads<'e>(node: &Node<'e>) -> Vec<(i64, &'e [i64])> {
    let steps = if node.phase == Phase::Committed { node.steps } else { &[] };
    let read = |step: &'e Step| match step {
        Step::Read(list, Some(values)) => Some((*list, values.as_slice())),
        _ => None,
    };
    steps.iter().filter_map(read).collect()
}

/// What needs no graph: reads of what failed or was not whole, and of its own.
fn direct(
    number: usize,
    node: &Node<'_>,
    nodes: &[Node<'_>],
    writers: &Writers,
    found: &mut Vec<Anomaly>,
) {
    for (list, values) in reads(node) {
        let writer = |value: &i64| writers.get(&(list, *value)).copied();
        let failed = |value: &&i64| writer(value).is_some_and(|w| nodes[w].phase == Phase::Failed);
        if let Some(value) = values.iter().find(failed) {
            let detail = format!("{:?} read {value} of list {list}, of a failed one", node.steps);
            found.push(Anomaly { kind: "G1a", detail });
        }
        let others: Vec<&i64> = values.iter().filter(|v| writer(v) != Some(number)).collect();
        let Some((last, other)) = others.last().and_then(|v| Some((**v, writer(v)?))) else {
            continue;
        };
        let appended = nodes[other].steps.iter().rev().find_map(|step| match step {
            Step::Append(to, value) if *to == list => Some(*value),
            _ => None,
        });
        if appended != Some(last) {
            let detail = format!("{:?} read list {list} up to {last} only", node.steps);
            found.push(Anomaly { kind: "G1b", detail });
        }
    }
    // What is known of each list: all of it once it was read, else how it must end.
    let mut known: BTreeMap<i64, (bool, Vec<i64>)> = BTreeMap::new();
    for step in node.steps {
        match step {
            Step::Append(list, value) => known.entry(*list).or_default().1.push(*value),
            Step::Read(list, Some(values)) => {
                let entry = known.entry(*list).or_default();
                let fits = if entry.0 { *values == entry.1 } else { values.ends_with(&entry.1) };
                if !fits {
                    let detail = format!("{:?}: list {list} after {:?}", node.steps, entry.1);
                    found.push(Anomaly { kind: "internal", detail });
                }
                *entry = (true, values.clone());
            }
            Step::Read(_, None) => {}
        }
    }
}

/// Reads that lack a value acknowledged before they began.
fn lost(nodes: &[Node<'_>], found: &mut Vec<Anomaly>) {
    let mut appended: BTreeMap<i64, Vec<(usize, i64)>> = BTreeMap::new();
    for node in nodes.iter().filter(|node| node.phase == Phase::Committed) {
        for step in node.steps {
            if let Step::Append(list, value) = step {
                appended.entry(*list).or_default().push((node.ended, *value));
            }
        }
    }
    for node in nodes {
        for (list, values) in reads(node) {
            let before = appended.get(&list).into_iter().flatten().filter(|(t, _)| *t < node.began);
            if let Some((_, value)) = before.into_iter().find(|(_, v)| !values.contains(v)) {
                let detail = format!("{value} is not in list {list}, read as {values:?}");
                found.push(Anomaly { kind: "lost-append", detail });
            }
        }
    }
}

/// Draws the graph, and names one cycle of each kind.
fn cycles(
    nodes: &[Node<'_>],
    writers: &Writers,
    orders: &BTreeMap<i64, &[i64]>,
    found: &mut Vec<Anomaly>,
) {
    let mut ticks: Vec<usize> = nodes.iter().flat_map(|node| [node.began, node.ended]).collect();
    ticks.sort_unstable();
    ticks.dedup();
    let time = |tick: usize| nodes.len() + ticks.partition_point(|other| *other < tick);
    let mut graph = Graph::new(nodes.len() + ticks.len());
    for at in 1..ticks.len() {
        graph.add(nodes.len() + at - 1, nodes.len() + at, TIME);
    }
    for (number, node) in nodes.iter().enumerate().filter(|(_, n)| n.phase != Phase::Failed) {
        graph.add(time(node.began), number, TIME);
        if node.ended != usize::MAX {
            graph.add(number, time(node.ended), TIME);
        }
    }
    let writer = |list: i64, value: i64| writers.get(&(list, value)).copied();
    for (list, order) in orders {
        for pair in order.windows(2) {
            if let (Some(a), Some(b)) = (writer(*list, pair[0]), writer(*list, pair[1])) {
                graph.add(a, b, WROTE_BEFORE);
            }
        }
    }
    for (number, node) in nodes.iter().enumerate() {
        for (list, values) in reads(node) {
            let own = |value: &&i64| writer(list, **value) == Some(number);
            if let Some(from) = values.iter().rev().find(|v| !own(v))
                && let Some(from) = writer(list, *from)
            {
                graph.add(from, number, READ_FROM);
            }
            let next = orders[&list].get(values.len()).and_then(|value| writer(list, *value));
            if let Some(next) = next {
                graph.add(number, next, READ_BEFORE);
            }
        }
    }
    let data = WROTE_BEFORE | READ_FROM | READ_BEFORE;
    let plain = ["G0", "G1c", "G-single", "G-nonadjacent", "G2-item"];
    let timed = [
        "G0-realtime",
        "G1c-realtime",
        "G-single-realtime",
        "G-nonadjacent-realtime",
        "G2-item-realtime",
    ];
    let before = found.len();
    classify(&graph, nodes, data, plain, found);
    if found.len() == before {
        classify(&graph, nodes, data | TIME, timed, found);
    }
}

/// Names the cycles over edges of some kinds.
fn classify(
    graph: &Graph,
    nodes: &[Node<'_>],
    kinds: u8,
    names: [&'static str; 5],
    found: &mut Vec<Anomaly>,
) {
    let parts = graph.parts(kinds);
    let text = |from: usize, to: usize| {
        let steps = |number: usize| nodes.get(number).map(|node| node.steps);
        format!("{:?} before {:?}, and after it", steps(from), steps(to))
    };
    let without = kinds & !READ_BEFORE;
    // What an edge of the first kind closes by a way of the second is a cycle of that name.
    let plain =
        [(WROTE_BEFORE, without & !READ_FROM), (READ_FROM, without), (READ_BEFORE, without)];
    let inside = |kind: u8| graph.edges_of(kind).filter(|(from, to)| parts[*from] == parts[*to]);
    for (name, (kind, way)) in names.into_iter().zip(plain) {
        if let Some((a, b)) = inside(kind).find(|(a, b)| graph.leads(*b, *a, way, &parts)) {
            found.push(Anomaly { kind: name, detail: text(a, b) });
        }
    }
    let mut of = [None, None];
    for (a, b) in inside(READ_BEFORE) {
        if of.iter().all(Option::is_some) {
            break;
        }
        if graph.leads(b, a, without, &parts) {
            continue;
        }
        let apart = graph.leads_apart(b, a, kinds, &parts);
        of[usize::from(!apart)].get_or_insert((a, b));
    }
    for (name, edge) in names[3..].iter().zip(of) {
        if let Some((a, b)) = edge {
            found.push(Anomaly { kind: name, detail: text(a, b) });
        }
    }
}
