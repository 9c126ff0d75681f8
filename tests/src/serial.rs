//! Strict serializability: is there one order of all events that explains every read, in which
//! nothing comes before what had ended when it began?
//!
//! Each row's versions give the order of its writers. An event comes after the writer of each
//! version that it read, before the writer of the next one, and after all that ended before it
//! began. There is such an order exactly if these demands form no cycle. Real time would take
//! quadratically many demands, so time itself is a chain of nodes between the events.

use std::collections::BTreeMap;

use crate::Violation;
use crate::history::{Event, Seen, State};
use crate::rows::RowKey;

#[derive(Default)]
struct Graph {
    after: Vec<Vec<usize>>,
    before_count: Vec<usize>,
}

impl Graph {
    fn new(nodes: usize) -> Graph {
        Graph { after: vec![Vec::new(); nodes], before_count: vec![0; nodes] }
    }

    fn order(&mut self, first: usize, second: usize) {
        if first != second {
            self.after[first].push(second);
            self.before_count[second] += 1;
        }
    }

    /// Takes nodes away that nothing comes before, as long as there are any. Returns what is left.
    fn unordered(mut self) -> Vec<usize> {
        let counts = self.before_count.iter().enumerate();
        let mut free: Vec<usize> = counts.filter(|(_, c)| **c == 0).map(|(node, _)| node).collect();
        while let Some(node) = free.pop() {
            for next in std::mem::take(&mut self.after[node]) {
                self.before_count[next] -= 1;
                if self.before_count[next] == 0 {
                    free.push(next);
                }
            }
        }
        (0..self.before_count.len()).filter(|node| self.before_count[*node] > 0).collect()
    }
}

/// Checks the events of a boot that began with the rows of `base`.
///
/// # Errors
/// Some of the events that no order explains.
pub(crate) fn check(base: &State, events: &[Event]) -> Result<(), Violation> {
    let mut ticks: Vec<u64> =
        events.iter().flat_map(|e| [Some(e.began), e.ended]).flatten().collect();
    ticks.sort_unstable();
    let mut graph = Graph::new(events.len() + ticks.len());
    let time = |tick: u64| events.len() + ticks.partition_point(|other| *other < tick);
    for at in 1..ticks.len() {
        graph.order(events.len() + at - 1, events.len() + at);
    }
    let mut writers: BTreeMap<RowKey, BTreeMap<i64, usize>> = BTreeMap::new();
    let mut ends: BTreeMap<RowKey, i64> = BTreeMap::new();
    for (key, (version, image)) in base {
        if image.is_none() {
            ends.insert(*key, *version);
        }
    }
    for (node, event) in events.iter().enumerate() {
        graph.order(time(event.began), node);
        if let Some(ended) = event.ended {
            graph.order(node, time(ended));
        }
        for (key, version, image) in &event.attempt.writes {
            writers.entry(*key).or_default().insert(*version, node);
            if image.is_none() {
                ends.insert(*key, *version);
            }
        }
    }
    for chain in writers.values() {
        let nodes: Vec<usize> = chain.values().copied().collect();
        nodes.windows(2).for_each(|pair| graph.order(pair[0], pair[1]));
    }
    for (node, event) in events.iter().enumerate() {
        for (key, seen) in &event.attempt.reads {
            let version = match seen {
                Seen::Version(version) => *version,
                // What is gone was checked to have an end.
                Seen::Gone => ends.get(key).copied().unwrap_or(0),
            };
            let Some(chain) = writers.get(key) else { continue };
            if let Some(writer) = chain.get(&version) {
                graph.order(*writer, node);
            }
            if let Some(next) = chain.get(&(version + 1)) {
                graph.order(node, *next);
            }
        }
    }
    let left = graph.unordered();
    let left: Vec<_> = left.into_iter().filter_map(|node| events.get(node)).collect();
    if left.is_empty() {
        return Ok(());
    }
    let some: Vec<_> = left.iter().take(4).collect();
    let detail = format!("{} events are in or behind a cycle: {some:?}", left.len());
    Err(Violation::new("strictly serializable", detail))
}
