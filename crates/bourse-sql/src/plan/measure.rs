//! What EXPLAIN tells of each operator: how many rows were expected of it and, with ANALYZE, how
//! many it gave, how often it ran and how long that took.
//!
//! An operator that sorts or hashes also tells the most bytes that it kept in a run, through the
//! frame.
//!
//! A plan that is explained with ANALYZE has a [`Node::Measured`] around each operator that is
//! told; other plans have none and pay nothing. An operator's time is that of its runs without
//! what its sink took: with the operators below, without those above.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bourse_storage::sync::{self, Mutex};
use serde_json::{Value, json};

use super::code::Code;
use super::node::{CtePlan, Node};
use super::{Plan, PlanKind};
use crate::algebra::JoinKind;
use crate::datum::Datum;
use crate::error::Result;
use crate::execute::{Env, Flow, Frame, Sink};

/// An operator that is measured.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) input: Node,
    loops: AtomicU64,
    rows: AtomicU64,
    nanoseconds: AtomicU64,
    spent: Mutex<Spent>,
}

/// What an operator has kept: the most of all of its runs.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Spent {
    pub(crate) sort: Option<SortSpent>,
    pub(crate) hash: Option<HashSpent>,
    pub(crate) groups: Option<HashSpent>,
}

/// Bytes in memory, and on disk.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct SortSpent {
    pub(crate) memory: usize,
    pub(crate) disk: u64,
}

/// Tables that were made one after the other, bytes of the largest one in memory, and of all on
/// disk.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct HashSpent {
    pub(crate) batches: u64,
    pub(crate) memory: usize,
    pub(crate) disk: u64,
}

/// What an operator kept, as a line and as fields.
pub(crate) type Kept = (String, Vec<(&'static str, Value)>);

fn kilobytes(bytes: u64) -> u64 {
    bytes.div_ceil(1024)
}

impl SortSpent {
    /// As PostgreSQL tells it.
    pub(crate) fn told(self, is_limited: bool) -> Kept {
        let (method, place, bytes) = match (self.disk, is_limited) {
            (1.., _) => ("external merge", "Disk", self.disk),
            (0, true) => ("top-N heapsort", "Memory", self.memory as u64),
            (0, false) => ("quicksort", "Memory", self.memory as u64),
        };
        let used = kilobytes(bytes);
        let fields = vec![
            ("Sort Method", json!(method)),
            ("Sort Space Used", json!(used)),
            ("Sort Space Type", json!(place)),
        ];
        (format!("Sort Method: {method}  {place}: {used}kB"), fields)
    }
}

impl HashSpent {
    /// As PostgreSQL tells it.
    pub(crate) fn told(self, batches: &'static str) -> Kept {
        let (memory, disk) = (kilobytes(self.memory as u64), kilobytes(self.disk));
        let mut line = format!("Batches: {}  Memory Usage: {memory}kB", self.batches);
        let mut fields = vec![(batches, json!(self.batches)), ("Peak Memory Usage", json!(memory))];
        if disk > 0 {
            line.push_str(&format!("  Disk Usage: {disk}kB"));
            fields.push(("Disk Usage", json!(disk)));
        }
        (line, fields)
    }

    /// Of two tables that are there at once.
    pub(crate) fn and(self, other: HashSpent) -> HashSpent {
        HashSpent {
            batches: self.batches + other.batches - 1,
            memory: self.memory + other.memory,
            disk: self.disk + other.disk,
        }
    }

    fn most(self, other: HashSpent) -> HashSpent {
        HashSpent {
            batches: self.batches.max(other.batches),
            memory: self.memory.max(other.memory),
            disk: self.disk.max(other.disk),
        }
    }
}

impl Spent {
    /// Of two runs of an operator.
    fn most(self, other: Spent) -> Spent {
        let sorts = |a: SortSpent, b: SortSpent| SortSpent {
            memory: a.memory.max(b.memory),
            disk: a.disk.max(b.disk),
        };
        Spent {
            sort: self.sort.into_iter().chain(other.sort).reduce(sorts),
            hash: self.hash.into_iter().chain(other.hash).reduce(HashSpent::most),
            groups: self.groups.into_iter().chain(other.groups).reduce(HashSpent::most),
        }
    }
}

/// What an operator did in all of its runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Actual {
    pub(crate) loops: u64,
    pub(crate) rows: u64,
    pub(crate) time: Duration,
    pub(crate) spent: Spent,
}

impl Measured {
    /// Runs the operator.
    pub(crate) fn run(
        &self,
        env: &Env<'_>,
        frame: &mut Frame,
        sink: &mut Sink<'_>,
    ) -> Result<Flow> {
        let (mut rows, mut above) = (0, Duration::ZERO);
        let around = frame.spent.replace(Box::default());
        let begin = sync::monotonic();
        let flow = self.input.run(env, frame, &mut |frame| {
            rows += 1;
            let from = sync::monotonic();
            let flow = sink(frame);
            above += sync::monotonic().saturating_sub(from);
            flow
        });
        let took = sync::monotonic().saturating_sub(begin).saturating_sub(above);
        if let Some(spent) = std::mem::replace(&mut frame.spent, around) {
            let mut most = self.spent.lock();
            *most = most.most(*spent);
        }
        self.loops.fetch_add(1, Ordering::Relaxed);
        self.rows.fetch_add(rows, Ordering::Relaxed);
        let took = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.fetch_add(took, Ordering::Relaxed);
        flow
    }

    /// What it did since this was last asked.
    pub(crate) fn take(&self) -> Actual {
        Actual {
            loops: self.loops.swap(0, Ordering::Relaxed),
            rows: self.rows.swap(0, Ordering::Relaxed),
            time: Duration::from_nanos(self.nanoseconds.swap(0, Ordering::Relaxed)),
            spent: std::mem::take(&mut self.spent.lock()),
        }
    }
}

/// The same plan with its operators measured.
pub(crate) fn measured(mut plan: Plan) -> Plan {
    plan.kind = match plan.kind {
        PlanKind::Query { node, outputs } => PlanKind::Query { node: around(node), outputs },
        change @ PlanKind::Change(_) => change,
    };
    for change in &mut plan.changes {
        replace(&mut change.source);
    }
    for CtePlan { node, step, .. } in &mut plan.ctes {
        replace(node);
        if let Some((step, _)) = step {
            replace(step);
        }
    }
    for lock in &mut plan.locks {
        replace(&mut lock.input);
    }
    // Told where it lies no longer, the one row is found as others are.
    plan.changes_one = false;
    plan
}

fn replace(node: &mut Node) {
    *node = around(std::mem::replace(node, Node::Nothing));
}

/// An operator with a measure around it, and around those below.
fn around(mut node: Node) -> Node {
    match &mut node {
        // What it computes is told with what is below.
        Node::Project { input, .. } => {
            replace(input);
            return node;
        }
        Node::With { body, .. } => {
            replace(body);
            return node;
        }
        // A filter is told with what it filters: rows are those that it lets by.
        Node::Filter { input, .. } => below(input),
        other => below(other),
    }
    let zero = || AtomicU64::new(0);
    Node::Measured(Box::new(Measured {
        input: node,
        loops: zero(),
        rows: zero(),
        nanoseconds: zero(),
        spent: Mutex::default(),
    }))
}

/// Measures what is below an operator.
fn below(node: &mut Node) {
    match node {
        Node::One
        | Node::Nothing
        | Node::Values { .. }
        | Node::Scan(_)
        | Node::Groups(_)
        | Node::Count { .. }
        | Node::CteScan { .. }
        | Node::Locked { .. }
        | Node::Measured(_)
        | Node::Functions { input: None, .. } => {}
        Node::Functions { input: Some(input), .. }
        | Node::Filter { input, .. }
        | Node::Project { input, .. }
        | Node::Keep { input, .. }
        | Node::With { body: input, .. } => replace(input),
        Node::Loop(join) => {
            replace(&mut join.left);
            replace(&mut join.right);
        }
        Node::Hash(join) => {
            replace(&mut join.left);
            replace(&mut join.right);
        }
        Node::Distinct(distinct) => replace(&mut distinct.input),
        Node::Aggregate(aggregate) => replace(&mut aggregate.input),
        Node::Window(window) => replace(&mut window.input),
        Node::Sort(sort) => replace(&mut sort.input),
        Node::Limit(limit) => replace(&mut limit.input),
        Node::SetOperation(set) => {
            replace(&mut set.left);
            replace(&mut set.right);
        }
    }
}

/// How many rows are expected of an operator, and what they cost with all below.
pub(crate) fn expected(node: &Node, plan: &Plan) -> (f64, f64) {
    let of = |node: &Node| expected(node, plan);
    match node {
        Node::One | Node::Count { .. } => (1.0, 1.0),
        Node::Nothing => (0.0, 0.0),
        Node::Values { rows, .. } => (rows.len() as f64, rows.len() as f64 * 0.1),
        Node::Scan(scan) => (scan.rows, scan.cost),
        Node::Groups(scan) => (scan.rows, scan.cost),
        Node::Functions { input: None, .. } => (100.0, 100.0),
        Node::Functions { input: Some(input), .. } => {
            let (rows, cost) = of(input);
            (rows * 10.0, cost + rows * 10.0)
        }
        Node::Filter { input, predicates } => {
            let (rows, cost) = of(input);
            let kept = 0.33_f64.powi(i32::try_from(predicates.len()).unwrap_or(1));
            (rows * kept, cost + rows * 0.1)
        }
        Node::Project { input, .. } | Node::Keep { input, .. } | Node::With { body: input, .. } => {
            let (rows, cost) = of(input);
            (rows, cost + rows * 0.1)
        }
        Node::Measured(measured) => of(&measured.input),
        Node::Loop(join) => {
            let ((left, a), (right, b)) = (of(&join.left), of(&join.right));
            (joined(join.kind, left, right, left * right), a + left * b)
        }
        Node::Hash(join) => {
            let ((left, a), (right, b)) = (of(&join.left), of(&join.right));
            let pairs = left * right / left.max(right).max(1.0);
            (joined(join.kind, left, right, pairs), a + b + right * 1.5 + left * 0.8)
        }
        Node::Aggregate(aggregate) => {
            let (rows, cost) = of(&aggregate.input);
            let groups = if aggregate.keys.is_empty() { 1.0 } else { (rows / 10.0).max(1.0) };
            (groups, cost + rows * (0.5 + 0.2 * aggregate.aggregates.len() as f64))
        }
        Node::Window(window) => {
            let (rows, cost) = of(&window.input);
            (rows, cost + rows * 3.0)
        }
        Node::Sort(sort) => {
            let (rows, cost) = of(&sort.input);
            (rows, cost + rows * (rows.max(2.0).log2() * 0.15 + 0.5))
        }
        Node::Limit(limit) => {
            let (rows, cost) = of(&limit.input);
            let most = match &limit.limit {
                Some(Code::Constant(Datum::Integer(most))) => (*most).max(0) as f64,
                _ => 100.0,
            };
            (rows.min(most), cost)
        }
        Node::Distinct(distinct) => {
            let (rows, cost) = of(&distinct.input);
            ((rows / 3.0).max(1.0), cost + rows * 0.5)
        }
        Node::SetOperation(set) => {
            let ((left, a), (right, b)) = (of(&set.left), of(&set.right));
            (left + right, a + b + (left + right) * 0.5)
        }
        Node::CteScan { cte, .. } => {
            let (rows, _) = of(&plan.ctes[*cte].node);
            (rows, rows * 0.2)
        }
        Node::Locked { cell, .. } => plan.lock_of(*cell).map_or((1.0, 1.0), |lock| of(&lock.input)),
    }
}

fn joined(kind: JoinKind, left: f64, right: f64, pairs: f64) -> f64 {
    match kind {
        JoinKind::Inner => pairs,
        JoinKind::Left => pairs.max(left),
        JoinKind::Right => pairs.max(right),
        JoinKind::Full => pairs.max(left).max(right),
        JoinKind::Semi | JoinKind::Anti => left * 0.5,
    }
}
