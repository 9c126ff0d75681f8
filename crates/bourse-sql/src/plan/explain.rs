//! How a plan is told: EXPLAIN as PostgreSQL writes it, as text or JSON, and SQLite's EXPLAIN QUERY
//! PLAN.
//!
//! Costs are in units of a row that is looked at. What operators did is told of all runs together
//! in rows and time for one of them, as PostgreSQL tells it.

use std::fmt::Write as _;
use std::time::Duration;

use bourse::{Collation, Order};

use super::change::{ChangeKind, ChangePlan};
use super::code::Code;
use super::measure::{Actual, Kept, Spent, expected, measured};
use super::node::{GroupPath, Groups, KeyCode, KeyPart, KeyRange, Node, Path, Scan, Source};
use super::{Plan, PlanKind};
use crate::algebra::{ColumnId, JoinKind, OutputColumn, SetOperator};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::types::SqlType;

/// What is told of a plan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Explanation {
    /// The statement runs, and it is told what happened.
    pub(crate) analyze: bool,
    query_plan: bool,
    json: bool,
    verbose: bool,
    costs: bool,
    timing: bool,
}

/// An operator, told.
struct Item {
    name: String,
    details: Vec<(&'static str, String)>,
    /// What it kept, as a line and as fields.
    kept: Option<Kept>,
    /// Rows that were expected, and their cost with all below.
    expected: Option<(f64, f64)>,
    actual: Option<Actual>,
    /// Of a join, which rows it keeps.
    join: Option<JoinKind>,
    /// Columns that scans of it read into slots: of which table, by its name here.
    reads: Vec<(usize, String)>,
    /// Columns that it gives, for VERBOSE.
    output: Vec<String>,
    parts: Vec<Item>,
}

impl Item {
    fn new(name: impl Into<String>, parts: Vec<Item>) -> Item {
        Item {
            name: name.into(),
            details: Vec::new(),
            kept: None,
            expected: None,
            actual: None,
            join: None,
            reads: Vec::new(),
            output: Vec::new(),
            parts,
        }
    }

    fn joins(mut self, kind: JoinKind) -> Item {
        self.join = Some(kind);
        self
    }

    /// Tells each operator's columns: those that scans below it read. Returns them.
    fn fill_output(&mut self) -> Vec<(usize, String)> {
        let mut reads = std::mem::take(&mut self.reads);
        for part in &mut self.parts {
            reads.extend(part.fill_output());
        }
        self.output = reads.iter().map(|(_, name)| name.clone()).collect();
        reads
    }

    fn detail(mut self, name: &'static str, value: String) -> Item {
        if !value.is_empty() {
            self.details.push((name, value));
        }
        self
    }
}

fn column(name: &str, ty: SqlType) -> OutputColumn {
    OutputColumn {
        name: name.to_owned(),
        id: ColumnId(0),
        ty,
        collation: Collation::Binary,
        origin: None,
        declared: None,
    }
}

impl Explanation {
    /// What the statement asks for.
    pub(crate) fn new(
        analyze: bool,
        query_plan: bool,
        options: &[(String, String)],
    ) -> Result<Explanation> {
        let (json, verbose, costs, timing) = (false, false, true, true);
        let mut how = Explanation { analyze, query_plan, json, verbose, costs, timing };
        for (name, value) in options {
            let lower = value.to_ascii_lowercase();
            let is_on = !matches!(lower.as_str(), "off" | "false" | "0");
            let is_truth = matches!(lower.as_str(), "" | "on" | "true" | "1") || !is_on;
            if name != "format" && !is_truth {
                let message = format!("{name} requires a Boolean value");
                return Err(SqlError::new("42601", message));
            }
            match name.as_str() {
                "analyze" => how.analyze = is_on,
                "costs" => how.costs = is_on,
                "timing" => how.timing = is_on,
                "verbose" => how.verbose = is_on,
                "format" => match value.to_ascii_lowercase().as_str() {
                    "text" => how.json = false,
                    "json" => how.json = true,
                    other => {
                        let message = format!("EXPLAIN does not write {other}");
                        if matches!(other, "xml" | "yaml") {
                            return Err(SqlError::unsupported(message));
                        }
                        let message = format!(
                            "unrecognized value for EXPLAIN option \"format\": \"{other}\""
                        );
                        return Err(SqlError::new("22023", message));
                    }
                },
                "buffers" | "summary" | "settings" | "wal" => {}
                other => {
                    let message = format!("unrecognized EXPLAIN option \"{other}\"");
                    return Err(SqlError::new("42601", message));
                }
            }
        }
        let asks_timing = options.iter().any(|(name, value)| {
            name == "timing"
                && !matches!(value.to_ascii_lowercase().as_str(), "off" | "false" | "0")
        });
        if asks_timing && !how.analyze {
            let message = "EXPLAIN option TIMING requires ANALYZE";
            return Err(SqlError::new("22023", message));
        }
        Ok(how)
    }

    /// A plan, ready to be told: with its operators measured, if they are to run.
    pub(crate) fn prepare(&self, plan: Plan) -> Plan {
        if self.analyze { measured(plan) } else { plan }
    }

    /// The result's columns.
    pub(crate) fn columns(&self) -> Vec<OutputColumn> {
        if !self.query_plan {
            let ty = if self.json { SqlType::Json } else { SqlType::Text };
            return vec![column("QUERY PLAN", ty)];
        }
        let number = |name| column(name, SqlType::BigInt);
        vec![number("id"), number("parent"), number("notused"), column("detail", SqlType::Text)]
    }

    /// The result's rows. `actual`: how many rows it gave, and how long that took.
    pub(crate) fn tell(&self, plan: &Plan, actual: Option<(u64, Duration)>) -> Vec<Vec<Datum>> {
        let mut top = match &plan.kind {
            PlanKind::Query { node, .. } => item(node, plan),
            PlanKind::Change(number) => change(&plan.changes[*number], plan),
        };
        top.expected.get_or_insert((plan.rows, plan.cost));
        if let (None, Some((rows, time))) = (top.actual, actual) {
            let spent = Spent::default();
            top.actual = Some(Actual { loops: 1, rows, time, spent });
        }
        if self.query_plan {
            let mut rows = Vec::new();
            query_plan(&top, 0, &mut rows);
            return rows;
        }
        if self.json {
            if self.verbose {
                verbose(&mut top, plan);
            }
            let mut object = serde_json::json!({ "Plan": self.json(&top) });
            if let Some((_, time)) = actual {
                object["Execution Time"] = serde_json::json!(milliseconds(time));
            }
            let text = serde_json::to_string_pretty(&serde_json::json!([object]));
            return vec![vec![Datum::Json(text.unwrap_or_default().into())]];
        }
        let mut lines = Vec::new();
        self.text(&top, 0, &mut lines);
        if let Some((_, time)) = actual {
            lines.push(format!("Execution Time: {:.3} ms", milliseconds(time)));
        }
        lines.iter().map(|line| vec![Datum::text(line)]).collect()
    }

    fn text(&self, item: &Item, depth: usize, lines: &mut Vec<String>) {
        let indent = if depth == 0 { String::new() } else { " ".repeat(6 * depth - 4) };
        let arrow = if depth == 0 { "" } else { "->  " };
        let mut line = format!("{indent}{arrow}{}", item.name);
        if self.costs
            && let Some((rows, cost)) = item.expected
        {
            write!(line, "  (cost=0.00..{cost:.2} rows={:.0} width=0)", rows.max(1.0)).ok();
        }
        match item.actual {
            Some(Actual { loops: 0, .. }) => line.push_str(" (never executed)"),
            Some(Actual { loops, rows, time, .. }) => {
                let (rows, time) = (rows as f64 / loops as f64, milliseconds(time) / loops as f64);
                line.push_str(" (actual");
                if self.timing {
                    write!(line, " time=0.000..{time:.3}").ok();
                }
                write!(line, " rows={rows:.0} loops={loops})").ok();
            }
            None => {}
        }
        lines.push(line);
        let indent = " ".repeat(if depth == 0 { 2 } else { 6 * depth + 2 });
        for (name, value) in &item.details {
            lines.push(format!("{indent}{name}: {value}"));
        }
        if let Some((line, _)) = &item.kept {
            lines.push(format!("{indent}{line}"));
        }
        for part in &item.parts {
            self.text(part, depth + 1, lines);
        }
    }

    fn json(&self, item: &Item) -> serde_json::Value {
        let mut object = serde_json::json!({ "Node Type": item.name });
        if self.costs
            && let Some((rows, cost)) = item.expected
        {
            object["Startup Cost"] = serde_json::json!(0.0);
            object["Total Cost"] = serde_json::json!(cost);
            object["Plan Rows"] = serde_json::json!(rows.max(1.0).round());
        }
        if let Some(Actual { loops, rows, time, .. }) = item.actual {
            let each = loops.max(1) as f64;
            if self.timing {
                object["Actual Startup Time"] = serde_json::json!(0.0);
                object["Actual Total Time"] = serde_json::json!(milliseconds(time) / each);
            }
            object["Actual Rows"] = serde_json::json!((rows as f64 / each).round());
            object["Actual Loops"] = serde_json::json!(loops);
        }
        for (name, value) in &item.details {
            object[*name] = serde_json::json!(value);
        }
        for (name, value) in item.kept.iter().flat_map(|(_, fields)| fields) {
            object[*name] = value.clone();
        }
        if let Some(kind) = item.join.filter(|_| self.verbose) {
            object["Join Type"] = serde_json::json!(side(kind));
        }
        if !item.output.is_empty() {
            object["Output"] = serde_json::json!(item.output);
        }
        if !item.parts.is_empty() {
            let mut parts: Vec<_> = item.parts.iter().map(|part| self.json(part)).collect();
            if item.join.is_some() && self.verbose {
                for (part, which) in parts.iter_mut().zip(["Outer", "Inner"]) {
                    part["Parent Relationship"] = serde_json::json!(which);
                }
            }
            object["Plans"] = serde_json::json!(parts);
        }
        object
    }
}

/// Tells which columns the operators give, so that who knows the kinds of joins, as sqlx does, can
/// tell which columns of the result may be NULL for want of a row.
fn verbose(top: &mut Item, plan: &Plan) {
    let reads = top.fill_output();
    let PlanKind::Query { outputs, .. } = &plan.kind else { return };
    let named = outputs.iter().zip(&plan.columns).map(|(slot, column)| {
        let read = reads.iter().find(|(at, _)| at == slot);
        read.map_or_else(|| column.name.clone(), |(_, name)| name.clone())
    });
    top.output = named.collect();
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn query_plan(item: &Item, parent: i64, rows: &mut Vec<Vec<Datum>>) {
    let detail = match &*item.name {
        "Sort" | "Top-N Sort" | "Incremental Sort" => {
            Some("USE TEMP B-TREE FOR ORDER BY".to_owned())
        }
        "HashAggregate" | "GroupAggregate" => Some("USE TEMP B-TREE FOR GROUP BY".to_owned()),
        "Unique" => Some("USE TEMP B-TREE FOR DISTINCT".to_owned()),
        name => {
            let scan = item.details.iter().find(|(name, _)| *name == "Search");
            scan.map(|(_, search)| search.clone()).or_else(|| {
                let plain = name.contains("Scan on") || name.contains("Join");
                plain.then(|| name.to_uppercase())
            })
        }
    };
    let id = i64::try_from(rows.len() + 2).unwrap_or(i64::MAX);
    let after = matches!(&*item.name, "Sort" | "Top-N Sort" | "Incremental Sort");
    let row = |detail: &str| {
        vec![Datum::Integer(id), Datum::Integer(parent), Datum::Integer(0), Datum::text(detail)]
    };
    if let Some(detail) = detail.as_ref().filter(|_| !after) {
        rows.push(row(detail));
    }
    for part in &item.parts {
        query_plan(part, parent, rows);
    }
    if let Some(detail) = detail.filter(|_| after) {
        rows.push(row(&detail));
    }
}

fn change(plan: &ChangePlan, whole: &Plan) -> Item {
    let table = plan.table.name();
    let name = match plan.kind {
        ChangeKind::Insert { .. } => format!("Insert on {table}"),
        ChangeKind::Update { .. } => format!("Update on {table}"),
        ChangeKind::Delete { .. } => format!("Delete on {table}"),
        ChangeKind::Merge { .. } => format!("Merge on {table}"),
    };
    Item::new(name, vec![item(&plan.source, whole)])
}

/// An operator with what was expected of it.
fn item(node: &Node, plan: &Plan) -> Item {
    let mut told = bare_item(node, plan);
    told.expected.get_or_insert_with(|| expected(node, plan));
    if let Node::Filter { .. } = node {
        told.expected = Some(expected(node, plan));
    }
    told
}

#[expect(clippy::too_many_lines, reason = "an arm for each kind of operator")]
fn bare_item(node: &Node, plan: &Plan) -> Item {
    let one = |node: &Node| vec![item(node, plan)];
    match node {
        Node::One | Node::Nothing => Item::new("Result", Vec::new()),
        Node::Values { .. } => Item::new("Values Scan", Vec::new()),
        Node::Scan(scan) => scan_item(scan),
        Node::Groups(scan) => groups_item(scan),
        Node::Functions { input, calls, .. } => {
            let names: Vec<&str> = calls.iter().map(|call| call.function.name).collect();
            match input {
                None => Item::new(format!("Function Scan on {}", names.join(", ")), Vec::new()),
                Some(input) => Item::new("ProjectSet", one(input)),
            }
        }
        Node::Filter { input, predicates } => {
            let mut inner = item(input, plan);
            inner.details.push(("Filter", told_all(predicates)));
            inner
        }
        Node::Project { input, .. } => item(input, plan),
        Node::Measured(measured) => {
            let mut inner = item(&measured.input, plan);
            let actual = measured.take();
            match (&measured.input, actual.spent) {
                (Node::Sort(sort), Spent { sort: Some(spent), .. }) => {
                    inner.kept = Some(spent.told(sort.limit.is_some()));
                }
                // What it keeps is told of its part that does.
                (Node::Hash(_), Spent { hash: Some(spent), .. }) => {
                    if let Some(hash) = inner.parts.get_mut(1) {
                        hash.kept = Some(spent.told("Hash Batches"));
                    }
                }
                (Node::Aggregate(plan), Spent { groups: Some(spent), .. })
                    if !plan.keys.is_empty() || spent.disk > 0 =>
                {
                    inner.kept = Some(spent.told("HashAgg Batches"));
                }
                _ => {}
            }
            inner.actual = Some(actual);
            inner
        }
        Node::Keep { input, .. } => Item::new("Materialize", one(input)),
        Node::Loop(join) => {
            let name = join_name("Nested Loop", join.kind);
            Item::new(name, vec![item(&join.left, plan), item(&join.right, plan)])
                .detail("Join Filter", told_all(&join.on))
                .joins(join.kind)
        }
        Node::Hash(join) => {
            let hash = Item::new("Hash", one(&join.right));
            let keys = join.left_keys.iter().zip(&join.right_keys);
            let keys: Vec<String> =
                keys.map(|(left, right)| format!("{} = {}", told(left), told(right))).collect();
            let name = match join.kind {
                JoinKind::Inner => "Hash Join".to_owned(),
                kind => format!("Hash {} Join", side(kind)),
            };
            Item::new(name, vec![item(&join.left, plan), hash])
                .detail("Hash Cond", format!("({})", keys.join(" AND ")))
                .detail("Join Filter", told_all(&join.on))
                .joins(join.kind)
        }
        Node::Count { scan, .. } => Item::new("Aggregate", vec![scan_item(scan)])
            .detail("Counted", "from the index where its keys are exact".to_owned()),
        Node::Aggregate(aggregate) => {
            let name = match (aggregate.keys.is_empty(), aggregate.sorted) {
                (true, _) => "Aggregate",
                (false, true) => "GroupAggregate",
                (false, false) => "HashAggregate",
            };
            let keys = aggregate.keys.iter().map(|(_, code, _)| told(code));
            let keys = keys.collect::<Vec<_>>().join(", ");
            Item::new(name, one(&aggregate.input)).detail("Group Key", keys)
        }
        Node::Window(window) => Item::new("WindowAgg", one(&window.input)),
        Node::Sort(sort) => {
            let name = match (sort.sorted_prefix, &sort.limit) {
                (1.., _) => "Incremental Sort",
                (0, Some(_)) => "Top-N Sort",
                (0, None) => "Sort",
            };
            let key = |key: &super::node::SortCode| {
                format!("{}{}", told(&key.code), if key.descending { " DESC" } else { "" })
            };
            let keys = sort.keys.iter().map(key).collect::<Vec<_>>().join(", ");
            Item::new(name, one(&sort.input)).detail("Sort Key", keys)
        }
        Node::Limit(limit) => Item::new("Limit", one(&limit.input)),
        Node::Distinct(distinct) => Item::new("Unique", one(&distinct.input)),
        Node::SetOperation(set) => {
            let name = match (set.op, set.all) {
                (SetOperator::Union, true) => "Append",
                (SetOperator::Union, false) => "HashSetOp Union",
                (SetOperator::Intersect, _) => "HashSetOp Intersect",
                (SetOperator::Except, _) => "HashSetOp Except",
            };
            Item::new(name, vec![item(&set.left, plan), item(&set.right, plan)])
        }
        Node::With { ctes, body } => {
            let mut inner = item(body, plan);
            for number in ctes {
                let cte = &plan.ctes[*number];
                let mut part = item(&cte.node, plan);
                part.details.insert(0, ("CTE", cte.name.clone()));
                inner.parts.push(part);
            }
            inner
        }
        Node::CteScan { cte, .. } => {
            Item::new(format!("CTE Scan on {}", plan.ctes[*cte].name), Vec::new())
        }
        Node::Locked { cell, .. } => match plan.lock_of(*cell) {
            Some(lock) => Item::new("LockRows", one(&lock.input)),
            None => Item::new("LockRows", Vec::new()),
        },
    }
}

fn side(kind: JoinKind) -> &'static str {
    match kind {
        JoinKind::Inner => "Inner",
        JoinKind::Left => "Left",
        JoinKind::Right => "Right",
        JoinKind::Full => "Full",
        JoinKind::Semi => "Semi",
        JoinKind::Anti => "Anti",
    }
}

fn join_name(name: &str, kind: JoinKind) -> String {
    match kind {
        JoinKind::Inner => name.to_owned(),
        kind => format!("{name} {} Join", side(kind)),
    }
}

fn scan_item(scan: &Scan) -> Item {
    let table = scan.table.name();
    let alias = if scan.alias == table { String::new() } else { format!(" {}", scan.alias) };
    let backward = if scan.order == Order::Descending { " Backward" } else { "" };
    let definition = scan.table.definition();
    let key_names = || -> Vec<String> {
        let positions = definition.primary_key_positions().iter();
        positions.map(|at| definition.columns[usize::from(*at)].name.clone()).collect()
    };
    let (name, condition, search) = match &scan.path {
        Path::Get(keys) => {
            let equal = keys.iter().zip(key_names());
            let equal: Vec<String> =
                equal.map(|(key, name)| format!("{name} = {}", told(&key.code))).collect();
            let search = format!(
                "SEARCH {} USING PRIMARY KEY ({}=?)",
                scan.alias,
                key_names().join("=? AND ")
            );
            (
                format!("Index Scan using {table}_pkey on {table}{alias}"),
                equal.join(" AND "),
                search,
            )
        }
        Path::Table(range) => {
            let (condition, search) = range_text(range, &key_names());
            let name = match condition.is_empty() {
                true => format!("Seq Scan{backward} on {table}{alias}"),
                false => format!("Index Scan{backward} using {table}_pkey on {table}{alias}"),
            };
            let search = match search.is_empty() {
                true => format!("SCAN {}", scan.alias),
                false => format!("SEARCH {} USING PRIMARY KEY ({search})", scan.alias),
            };
            (name, condition, search)
        }
        Path::Index { name, range, covering } => {
            let names: Vec<String> = match definition.index(name) {
                Some(index) => index
                    .columns
                    .iter()
                    .map(|part| match part.column() {
                        Some(at) => definition.columns[usize::from(at)].name.clone(),
                        None => "<expr>".to_owned(),
                    })
                    .chain(key_names())
                    .collect(),
                None => Vec::new(),
            };
            let (condition, search) = range_text(range, &names);
            let only = if *covering { " Only" } else { "" };
            let covers = if *covering { "COVERING " } else { "" };
            let search = match search.is_empty() {
                true => format!("SCAN {} USING {covers}INDEX {name}", scan.alias),
                false => format!("SEARCH {} USING {covers}INDEX {name} ({search})", scan.alias),
            };
            (
                format!("Index{only} Scan{backward} using {name} on {table}{alias}"),
                condition,
                search,
            )
        }
    };
    let mut item = Item::new(name, Vec::new()).detail("Index Cond", condition);
    item.expected = Some((scan.rows, scan.cost));
    item.reads = read_columns(scan);
    item.detail("Index Filter", told_all(&scan.entry_filter))
        .detail("Filter", told_all(&scan.filter))
        .detail("Search", search)
}

/// The columns that a scan reads, by the slots that they go to.
fn read_columns(scan: &Scan) -> Vec<(usize, String)> {
    let read = scan.first.iter().chain(&scan.rest);
    let columns = read.filter_map(|output| match output.source {
        Source::Column(at) => {
            let column = &scan.table.definition().columns.get(at)?.name;
            Some((output.slot, format!("{}.{column}", scan.alias)))
        }
        _ => None,
    });
    columns.collect()
}

fn groups_item(scan: &Groups) -> Item {
    let view = scan.view.name();
    let alias = if scan.alias == view { String::new() } else { format!(" {}", scan.alias) };
    let backward = |order: &Order| if *order == Order::Descending { " Backward" } else { "" };
    let (name, condition, search) = match &scan.path {
        GroupPath::Key(range, order) => {
            let keys = scan.view.definition().group.iter();
            let names: Vec<String> = keys.map(|column| column.name.clone()).collect();
            let (condition, search) = range_text(range, &names);
            let search = match search.is_empty() {
                true => format!("SCAN VIEW {}", scan.alias),
                false => format!("SEARCH VIEW {} USING GROUP KEY ({search})", scan.alias),
            };
            (format!("View Scan{} on {view}{alias}", backward(order)), condition, search)
        }
        GroupPath::First(column, order) => {
            let name = format!("View Scan{} by {column} on {view}{alias}", backward(order));
            (name, String::new(), format!("SCAN VIEW {} BY {column}", scan.alias))
        }
    };
    let mut item = Item::new(name, Vec::new()).detail("Group Cond", condition);
    item.expected = Some((scan.rows, scan.cost));
    item.detail("Filter", told_all(&scan.filter)).detail("Search", search)
}

/// A range's conditions, as PostgreSQL and as SQLite tell them.
fn range_text(range: &KeyRange, names: &[String]) -> (String, String) {
    let (mut long, mut short) = (Vec::new(), Vec::new());
    let name = |at: usize| names.get(at).cloned().unwrap_or_default();
    for (at, part) in range.equal.iter().enumerate() {
        let name = name(at);
        long.push(match part {
            KeyPart::One(key) => format!("{name} = {}", told(&key.code)),
            KeyPart::Any(keys) => {
                let keys: Vec<String> = keys.iter().map(|key| told(&key.code)).collect();
                format!("{name} = ANY ({})", keys.join(", "))
            }
            KeyPart::Elements(key) => format!("{name} = ANY ({})", told(&key.code)),
            KeyPart::Rows(_) => format!("{name} = ANY (SubPlan)"),
            KeyPart::Null => format!("{name} IS NULL"),
        });
        short.push(format!("{name}=?"));
    }
    let name = name(range.equal.len());
    let mut bound = |bound: &Option<(KeyCode, bool)>, sign: &str| {
        if let Some((key, inclusive)) = bound {
            let equal = if *inclusive { "=" } else { "" };
            long.push(format!("{name} {sign}{equal} {}", told(&key.code)));
            short.push(format!("{name}{sign}?"));
        }
    };
    bound(&range.lower, ">");
    bound(&range.upper, "<");
    (long.join(" AND "), short.join(" AND "))
}

fn told_all(codes: &[Code]) -> String {
    codes.iter().map(told).collect::<Vec<_>>().join(" AND ")
}

/// An expression, told shortly.
fn told(code: &Code) -> String {
    match code {
        Code::Constant(value) => match value {
            Datum::Text(text) => format!("'{text}'"),
            Datum::Null => "NULL".to_owned(),
            Datum::Integer(value) => value.to_string(),
            Datum::Double(value) => value.to_string(),
            Datum::Boolean(value) => value.to_string(),
            _ => "constant".to_owned(),
        },
        Code::Parameter(number) => format!("${}", number + 1),
        Code::Slot(slot) => format!("#{slot}"),
        Code::Call { function, arguments } => {
            let is_operator = function.name.chars().all(|c| !c.is_alphanumeric());
            match (&arguments[..], is_operator) {
                ([left, right], true) => {
                    format!("({} {} {})", told(left), function.name, told(right))
                }
                _ => {
                    let arguments: Vec<String> = arguments.iter().map(told).collect();
                    format!("{}({})", function.name, arguments.join(", "))
                }
            }
        }
        Code::Cast { operand, to, .. } => format!("{}::{to}", told(operand)),
        Code::Affinity(operand, _) => told(operand),
        Code::Compare(comparison) => format!(
            "({} {} {})",
            told(&comparison.left),
            super::node::operator(comparison.op),
            told(&comparison.right)
        ),
        Code::And(parts) => {
            format!("({})", parts.iter().map(told).collect::<Vec<_>>().join(" AND "))
        }
        Code::Or(parts) => format!("({})", parts.iter().map(told).collect::<Vec<_>>().join(" OR ")),
        Code::Not(operand) => format!("(NOT {})", told(operand)),
        Code::IsNull(operand, false) => format!("({} IS NULL)", told(operand)),
        Code::IsNull(operand, true) => format!("({} IS NOT NULL)", told(operand)),
        Code::InList(operand, list, _) => {
            let list: Vec<String> = list.iter().map(told).collect();
            format!("({} = ANY ({}))", told(operand), list.join(", "))
        }
        Code::Subquery(_) => "(SubPlan)".to_owned(),
        Code::Case(_) => "CASE".to_owned(),
        _ => "(...)".to_owned(),
    }
}
