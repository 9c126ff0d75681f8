//! The order of joins. Relations that are joined by inner joins are taken together with the
//! conditions over them; the order of least cost is found by looking at all left-deep ones for up
//! to ten relations, else by taking the cheapest next one.
//!
//! What comes next is joined in one of three ways: by looking up its rows by what the rows so far
//! say (a key of the table or an index), by a hash table of it, or by going through it for each
//! row.

use bourse::Collation;

use super::Planner;
use super::access::{AccessKind, OrderPart, Target, Want};
use super::build::Built;
use super::ids::{Ids, free_in, is_volatile, made_by, used_by};
use super::node::{HashJoin, Loop, Node, Path};
use super::push::split;
use crate::algebra::{CompareOp, Expr, ExprKind, JoinKind, Rel};
use crate::error::Result;

/// Relations for which all orders are looked at.
const ORDERED_MAX: usize = 10;

/// A relation of a join.
struct Leaf {
    rel: Rel,
    made: Ids,
    /// Columns of other relations of the join that it uses.
    needs: Ids,
    rows: f64,
    cost: f64,
}

/// A condition over several relations of a join.
struct Link {
    expr: Expr,
    used: Ids,
    /// How many different values the side with more of them has, where that is known.
    distinct: Option<f64>,
}

/// How a relation is joined to those before it.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Way {
    First,
    Lookup,
    Hash,
    Loop,
}

#[derive(Clone, Debug)]
struct Best {
    cost: f64,
    rows: f64,
    order: Vec<(usize, Way)>,
    made: Ids,
}

/// A condition that holds a side of a join equal to the other.
struct Equality {
    left: Expr,
    right: Expr,
    nulls_equal: bool,
    collation: Collation,
}

/// Splits conditions into equalities between two sets of columns and the rest.
fn equalities(conditions: Vec<Expr>, left: &Ids, right: &Ids) -> (Vec<Equality>, Vec<Expr>) {
    let (mut equal, mut rest) = (Vec::new(), Vec::new());
    for condition in conditions {
        let ExprKind::Compare { op, left: a, right: b } = &condition.kind else {
            rest.push(condition);
            continue;
        };
        let nulls_equal = *op == CompareOp::NotDistinct;
        if !(nulls_equal || *op == CompareOp::Equal) || is_volatile(&condition) {
            rest.push(condition);
            continue;
        }
        let (uses_a, uses_b) = (used_by(a), used_by(b));
        let collation = a.collation;
        let sides = if uses_b.meets(right) && !uses_b.meets(left) && !uses_a.meets(right) {
            Some((a, b))
        } else if uses_a.meets(right) && !uses_a.meets(left) && !uses_b.meets(right) {
            Some((b, a))
        } else {
            None
        };
        match sides {
            Some((left, right)) => {
                let (left, right) = ((**left).clone(), (**right).clone());
                equal.push(Equality { left, right, nulls_equal, collation });
            }
            None => rest.push(condition),
        }
    }
    (equal, rest)
}

impl Planner<'_> {
    /// A join as operators.
    pub(crate) fn join(&mut self, rel: Rel, needed: &Ids, want: &Want) -> Result<Built> {
        let Rel::Join { kind, left, right, on, lateral } = rel else {
            return self.build(rel, needed, want);
        };
        let mut conditions = Vec::new();
        split(on, &mut conditions);
        if kind != JoinKind::Inner {
            return self.outer_join(kind, (*left, *right), conditions, lateral, needed, want);
        }
        let mut rels = Vec::new();
        flatten(*left, &mut rels, &mut conditions);
        flatten(*right, &mut rels, &mut conditions);
        let mut all = Ids::default();
        rels.iter().for_each(|rel| all.extend(&made_by(rel)));
        let links: Vec<Link> = conditions
            .into_iter()
            .map(|expr| Link {
                used: used_by(&expr).and(&all),
                distinct: self.distinct_of_sides(&expr, &rels),
                expr,
            })
            .collect();
        let mut leaves = Vec::with_capacity(rels.len());
        for rel in rels {
            let (rows, cost) = self.estimate(&rel);
            let made = made_by(&rel);
            let needs = free_in(&rel).and(&all);
            leaves.push(Leaf { rel, made, needs, rows, cost });
        }
        let order = if leaves.len() <= ORDERED_MAX {
            self.best_order(&leaves, &links, want)
        } else {
            self.greedy_order(&leaves, &links)
        };
        self.build_join(leaves, links, &order, needed, want)
    }

    /// How many different values the columns have at most that a condition holds equal.
    fn distinct_of_sides(&mut self, expr: &Expr, rels: &[Rel]) -> Option<f64> {
        let ExprKind::Compare { op: CompareOp::Equal, left, right } = &expr.kind else {
            return None;
        };
        let mut most: Option<f64> = None;
        for side in [left, right] {
            let ExprKind::Column(id) = side.kind else { return None };
            let scan = rels.iter().find_map(|rel| super::scanned(rel, id))?;
            let (_, source) = scan.columns.iter().find(|(column, _)| column.id == id)?;
            let crate::algebra::ScanColumn::Column(position) = source else { return None };
            let table = scan.table.clone();
            if let Some(distinct) = self.distinct_values(&table, *position) {
                most = Some(most.map_or(distinct, |most| most.max(distinct)));
            }
        }
        most
    }

    /// Rows of a relation of a join, and what they cost, told without building it.
    fn estimate(&mut self, rel: &Rel) -> (f64, f64) {
        match rel {
            Rel::Scan(scan) => self.estimate_scan(scan, &[], &Ids::default()),
            Rel::Filter { input, predicate } => {
                let mut conditions = Vec::new();
                split(predicate.clone(), &mut conditions);
                match &**input {
                    Rel::Scan(scan) => self.estimate_scan(scan, &conditions, &Ids::default()),
                    input if crate::system::is_system(input) => {
                        let rows = self.system_rows(input, &conditions);
                        (rows * 0.7, rows)
                    }
                    input => {
                        let (rows, cost) = self.estimate(input);
                        (rows * 0.33, cost + rows * 0.1)
                    }
                }
            }
            Rel::Values { rows, .. } => (rows.len() as f64, rows.len() as f64),
            Rel::CteScan { cte, .. } => {
                let rows = self.ctes.get(cte).map_or(1000.0, |known| known.rows);
                (rows, rows * 0.2)
            }
            Rel::Join { kind, left, right, .. } => {
                let ((left, a), (right, b)) = (self.estimate(left), self.estimate(right));
                let rows = match kind {
                    JoinKind::Semi | JoinKind::Anti => left * 0.5,
                    _ => left.max(right),
                };
                (rows, a + b + left + right)
            }
            Rel::Aggregate { input, keys, .. } => {
                let (rows, cost) = self.estimate(input);
                (if keys.is_empty() { 1.0 } else { (rows / 10.0).max(1.0) }, cost + rows)
            }
            Rel::Project { input, .. }
            | Rel::Sort { input, .. }
            | Rel::Distinct { input, .. }
            | Rel::Window { input, .. }
            | Rel::ProjectSet { input, .. }
            | Rel::Lock { input, .. } => {
                let (rows, cost) = self.estimate(input);
                (rows, cost + rows)
            }
            Rel::Limit { input, .. } => {
                let (rows, cost) = self.estimate(input);
                (rows.min(100.0), cost)
            }
            Rel::With { body, .. } => self.estimate(body),
            Rel::SetOperation { left, right, .. } => {
                let ((left, a), (right, b)) = (self.estimate(&left.rel), self.estimate(&right.rel));
                (left + right, a + b + left + right)
            }
            Rel::Functions { .. } => {
                let rows = self.system_rows(rel, &[]);
                (rows, rows)
            }
            Rel::Groups(scan) => {
                let rows = self.expected_groups(scan);
                (rows, rows)
            }
        }
    }

    /// Rows of functions: those of relations of the system are known.
    pub(crate) fn system_rows(&self, rel: &Rel, conditions: &[Expr]) -> f64 {
        crate::system::expected_rows(rel, conditions, self.context).unwrap_or(100.0)
    }

    fn estimate_scan(
        &mut self,
        scan: &crate::algebra::TableScan,
        conditions: &[Expr],
        known: &Ids,
    ) -> (f64, f64) {
        let rows = self.count(&scan.table);
        let mut all = self.known.clone();
        all.extend(known);
        let statistics = self.statistics_for(scan, conditions);
        let target =
            Target { scan, conditions, known: &all, needed: &[usize::MAX], rows, statistics };
        let access = target.best(&Want::default());
        (access.rows, access.cost)
    }

    /// Looks the rows of a leaf up by what other relations say: the rows for one of theirs, and the
    /// cost; nothing when no key serves.
    fn lookup(&mut self, leaf: &Leaf, links: &[&Link], known: &Ids) -> Option<(f64, f64)> {
        let system = match &leaf.rel {
            Rel::Filter { input, .. } => &**input,
            other => other,
        };
        let exprs: Vec<Expr> = links.iter().map(|link| link.expr.clone()).collect();
        if crate::system::is_looked_up(system, &exprs) {
            return Some((3.0, 6.0));
        }
        if let Some(found) = self.lookup_groups(leaf, &exprs, known) {
            return Some(found);
        }
        let (scan, mut conditions) = match &leaf.rel {
            Rel::Scan(scan) => (scan, Vec::new()),
            Rel::Filter { input, predicate } => match &**input {
                Rel::Scan(scan) => {
                    let mut conditions = Vec::new();
                    split(predicate.clone(), &mut conditions);
                    (scan, conditions)
                }
                _ => return None,
            },
            _ => return None,
        };
        let own = conditions.len();
        conditions.extend(links.iter().map(|link| link.expr.clone()));
        let rows = self.count(&scan.table);
        let mut all = self.known.clone();
        all.extend(known);
        let statistics = self.statistics_for(scan, &conditions);
        let conditions = &conditions[..];
        let target =
            Target { scan, conditions, known: &all, needed: &[usize::MAX], rows, statistics };
        let access = target.best(&Want::default());
        let uses_link = access.used().iter().any(|number| *number >= own);
        let is_keyed = access.kind != AccessKind::Table || !access.equal.is_empty();
        (uses_link && is_keyed).then_some((access.rows, access.cost))
    }

    /// The same of a leaf that is groups of a view.
    fn lookup_groups(&mut self, leaf: &Leaf, links: &[Expr], known: &Ids) -> Option<(f64, f64)> {
        let mut conditions = links.to_vec();
        let scan = match &leaf.rel {
            Rel::Groups(scan) => scan,
            Rel::Filter { input, predicate } => {
                let Rel::Groups(scan) = &**input else { return None };
                split(predicate.clone(), &mut conditions);
                scan
            }
            _ => return None,
        };
        let mut all = self.known.clone();
        all.extend(known);
        self.looked_up_groups(scan, &conditions, &all)
    }

    /// What joining a leaf to those of `before` costs.
    fn next(&mut self, before: &Best, leaf: &Leaf, links: &[Link]) -> (f64, f64, Way) {
        let mut both = before.made.clone();
        both.extend(&leaf.made);
        let applicable: Vec<&Link> = links
            .iter()
            .filter(|link| {
                link.used.is_within(&both)
                    && link.used.meets(&leaf.made)
                    && !link.used.is_within(&leaf.made)
            })
            .collect();
        let is_equality =
            |link: &&Link| matches!(link.expr.kind, ExprKind::Compare { op: CompareOp::Equal, .. });
        let equal = applicable.iter().copied().filter(is_equality).count();
        let others = applicable.len() - equal;
        let mut rows = before.rows * leaf.rows;
        let known = applicable.iter().copied().filter(is_equality);
        let known: Vec<f64> = known.filter_map(|link| link.distinct).collect();
        if equal > 0 && known.is_empty() {
            rows /= before.rows.max(leaf.rows).max(1.0);
        }
        // Each equality keeps one of so many values.
        rows = (rows / known.iter().product::<f64>().max(1.0)).max(0.001);
        rows *= 0.33_f64.powi(i32::try_from(others).unwrap_or(1));
        let mut best = if !leaf.needs.is_empty() || equal == 0 {
            (before.cost + leaf.cost + before.rows * leaf.rows * 0.3, rows, Way::Loop)
        } else {
            let cost = before.cost + leaf.cost + leaf.rows * 1.5 + before.rows * 0.8 + rows * 0.1;
            (cost, rows, Way::Hash)
        };
        if leaf.needs.is_empty()
            && let Some((found, cost)) = self.lookup(leaf, &applicable, &before.made)
        {
            let cost = before.cost + before.rows * cost;
            if cost < best.0 {
                best = (cost, before.rows * found, Way::Lookup);
            }
        }
        best
    }

    fn best_order(&mut self, leaves: &[Leaf], links: &[Link], want: &Want) -> Vec<(usize, Way)> {
        let count = leaves.len();
        let mut best: Vec<Option<Best>> = vec![None; 1 << count];
        for (number, leaf) in leaves.iter().enumerate().filter(|(_, leaf)| leaf.needs.is_empty()) {
            // One that can give the wanted order spares a sort.
            let gives = want.order.first().is_some_and(|part| leaf.made.contains(part.id));
            let bonus = if gives { 0.9 } else { 1.0 };
            best[1 << number] = Some(Best {
                cost: leaf.cost * bonus,
                rows: leaf.rows,
                order: vec![(number, Way::First)],
                made: leaf.made.clone(),
            });
        }
        for set in 1..1_usize << count {
            let Some(before) = best[set].clone() else { continue };
            for (number, leaf) in leaves.iter().enumerate() {
                if set >> number & 1 == 1 || !leaf.needs.is_within(&before.made) {
                    continue;
                }
                let (cost, rows, way) = self.next(&before, leaf, links);
                let place = &mut best[set | 1 << number];
                if place.as_ref().is_none_or(|other| cost < other.cost) {
                    let mut order = before.order.clone();
                    order.push((number, way));
                    let mut made = before.made.clone();
                    made.extend(&leaf.made);
                    *place = Some(Best { cost, rows, order, made });
                }
            }
        }
        match best.pop().flatten() {
            Some(best) => best.order,
            None => (0..count).map(|number| (number, Way::Loop)).collect(),
        }
    }

    fn greedy_order(&mut self, leaves: &[Leaf], links: &[Link]) -> Vec<(usize, Way)> {
        let free = |leaf: &&(usize, &Leaf)| leaf.1.needs.is_empty();
        let numbered: Vec<(usize, &Leaf)> = leaves.iter().enumerate().collect();
        let least = numbered.iter().filter(free).min_by(|a, b| a.1.cost.total_cmp(&b.1.cost));
        let first = least.map_or(0, |(number, _)| *number);
        let mut so_far = Best {
            cost: leaves[first].cost,
            rows: leaves[first].rows,
            order: vec![(first, Way::First)],
            made: leaves[first].made.clone(),
        };
        while so_far.order.len() < leaves.len() {
            let mut best: Option<(f64, f64, Way, usize)> = None;
            for (number, leaf) in &numbered {
                let is_in = so_far.order.iter().any(|(other, _)| other == number);
                if is_in || !leaf.needs.is_within(&so_far.made) {
                    continue;
                }
                let (cost, rows, way) = self.next(&so_far, leaf, links);
                if best.is_none_or(|(other, ..)| cost < other) {
                    best = Some((cost, rows, way, *number));
                }
            }
            let Some((cost, rows, way, number)) = best else { break };
            so_far.cost = cost;
            so_far.rows = rows;
            so_far.order.push((number, way));
            so_far.made.extend(&leaves[number].made);
        }
        so_far.order
    }

    fn build_join(
        &mut self,
        leaves: Vec<Leaf>,
        mut links: Vec<Link>,
        order: &[(usize, Way)],
        needed: &Ids,
        want: &Want,
    ) -> Result<Built> {
        let mut needed = needed.clone();
        links.iter().for_each(|link| needed.extend(&link.used));
        leaves.iter().for_each(|leaf| needed.extend(&leaf.needs));
        let mut leaves: Vec<Option<Leaf>> = leaves.into_iter().map(Some).collect();
        let mut made = Ids::default();
        let mut so_far: Option<Built> = None;
        for (number, way) in order {
            let Some(leaf) = leaves[*number].take() else { continue };
            let before = made.clone();
            made.extend(&leaf.made);
            let (now, later): (Vec<Link>, Vec<Link>) =
                links.into_iter().partition(|link| link.used.is_within(&made));
            links = later;
            let conditions: Vec<Expr> = now.into_iter().map(|link| link.expr).collect();
            so_far = Some(match so_far {
                None => {
                    let part = |part: &&OrderPart| leaf.made.contains(part.id);
                    let order: Vec<_> = want.order.iter().take_while(part).cloned().collect();
                    let rel = super::push::filter(leaf.rel, conditions);
                    self.build(rel, &needed, &Want { order, rows: want.rows })?
                }
                Some(left) => self.join_next(left, &before, leaf, *way, conditions, &needed)?,
            });
        }
        match so_far {
            Some(built) => Ok(built),
            None => Ok(Built::new(Node::One, 1.0, 0.0)),
        }
    }

    fn join_next(
        &mut self,
        left: Built,
        before: &Ids,
        leaf: Leaf,
        way: Way,
        conditions: Vec<Expr>,
        needed: &Ids,
    ) -> Result<Built> {
        let made = leaf.made.clone();
        let rows = (left.rows * leaf.rows / left.rows.max(leaf.rows).max(1.0)).max(1.0);
        let order = left.order.clone();
        let cost = left.cost + leaf.cost;
        let is_looked_up = matches!(way, Way::Lookup) || !leaf.needs.is_empty();
        let mut joined = if is_looked_up {
            let outer = self.known.clone();
            self.known.extend(before);
            let rel = super::push::push(leaf.rel, conditions);
            let right = self.build(rel, needed, &Want::default());
            self.known = outer;
            let built = self.looped(JoinKind::Inner, left.node, right?.node, &[], &made)?;
            in_rounds(built, &needed.and(before))
        } else {
            let right = self.build(leaf.rel, needed, &Want::default())?;
            let sides = (left.node, right.node);
            self.hashed(JoinKind::Inner, sides, conditions, (before, &made), needed)?
        };
        joined.rows = rows;
        joined.cost = cost;
        Ok(in_order(joined, order))
    }

    fn looped(
        &mut self,
        kind: JoinKind,
        left: Node,
        right: Node,
        on: &[Expr],
        made: &Ids,
    ) -> Result<Built> {
        let on = self.codes(on)?;
        let on = Vec::from(on).into_iter().filter(|code| !code.is_true()).collect();
        let right_slots = made.slots().into();
        let node = Node::Loop(Box::new(Loop { kind, left, right, on, right_slots, rounds: None }));
        Ok(Built::new(node, 1.0, 0.0))
    }

    /// A hash join by the equalities among the conditions; without any, and if the kind allows it,
    /// a loop over the right side's kept rows.
    fn hashed(
        &mut self,
        kind: JoinKind,
        (left, right): (Node, Node),
        conditions: Vec<Expr>,
        (left_made, right_made): (&Ids, &Ids),
        needed: &Ids,
    ) -> Result<Built> {
        let (equal, rest) = equalities(conditions, left_made, right_made);
        let mut kept = needed.clone();
        rest.iter().for_each(|condition| kept.extend(&used_by(condition)));
        let right_slots: Box<[usize]> = kept.and(right_made).slots().into();
        let left_saved = kept.and(left_made).slots().into();
        let cell = self.cell();
        let is_own = self.known.is_empty();
        if equal.is_empty() && kind != JoinKind::Full {
            // The right side's rows are the same each time.
            let keep = Node::Keep { input: Box::new(right), slots: right_slots, cell };
            let keep = if is_own { keep } else { self.forget(keep) };
            return self.looped(kind, left, keep, &rest, right_made);
        }
        let (mut left_keys, mut right_keys) = (Vec::new(), Vec::new());
        for equality in &equal {
            left_keys.push(self.code(&equality.left)?);
            right_keys.push(self.code(&equality.right)?);
        }
        let node = Node::Hash(Box::new(HashJoin {
            kind,
            left,
            right,
            left_keys: left_keys.into(),
            right_keys: right_keys.into(),
            collations: equal.iter().map(|equality| equality.collation).collect(),
            nulls_equal: equal.iter().map(|equality| equality.nulls_equal).collect(),
            on: self.codes(&rest)?,
            right_slots,
            left_slots: left_made.slots().into(),
            left_saved,
            ordered: false,
            cell,
            reuse: is_own && self.recursive.is_empty(),
        }));
        Ok(Built::new(node, 1.0, 0.0))
    }

    /// In a query that is run for rows around it, what is kept may depend on them.
    fn forget(&mut self, node: Node) -> Node {
        match node {
            Node::Keep { input, .. } => *input,
            other => other,
        }
    }

    fn outer_join(
        &mut self,
        kind: JoinKind,
        (left, right): (Rel, Rel),
        conditions: Vec<Expr>,
        lateral: bool,
        needed: &Ids,
        want: &Want,
    ) -> Result<Built> {
        let mut below = needed.clone();
        conditions.iter().for_each(|condition| below.extend(&used_by(condition)));
        let (left_made, right_made) = (made_by(&left), made_by(&right));
        below.extend(&free_in(&right));
        let full = kind == JoinKind::Full;
        let left_want = if full { Want::default() } else { want.clone() };
        let left_built = self.build(left, &below, &left_want)?;
        let (rows, order) = (left_built.rows, left_built.order.clone());
        let (right_rows, right_cost) = self.estimate(&right);
        let leaf = Leaf {
            needs: if lateral { free_in(&right).and(&left_made) } else { Ids::default() },
            made: right_made.clone(),
            rel: right,
            rows: right_rows,
            cost: right_cost,
        };
        let links: Vec<Link> = conditions
            .iter()
            .map(|expr| Link { used: used_by(expr), expr: expr.clone(), distinct: None })
            .collect();
        let before = Best {
            cost: left_built.cost,
            rows: left_built.rows,
            order: Vec::new(),
            made: left_made.clone(),
        };
        let lookup = self.lookup(&leaf, &links.iter().collect::<Vec<_>>(), &left_made);
        let by_hash = right_cost + right_rows * 1.5 + before.rows * 0.8;
        let looks_up = lookup.is_some_and(|(_, cost)| before.rows * cost < by_hash);
        let mut built = if !full && (looks_up || !leaf.needs.is_empty()) {
            let outer = self.known.clone();
            self.known.extend(&left_made);
            // A pair must meet all conditions: they may all be asked below.
            let rel = super::push::push(leaf.rel, conditions);
            let right = self.build(rel, &below, &Want::default());
            self.known = outer;
            let built = self.looped(kind, left_built.node, right?.node, &[], &right_made)?;
            in_rounds(built, &below.and(&left_made))
        } else {
            let right = self.build(leaf.rel, &below, &Want::default())?;
            let sides = (left_built.node, right.node);
            self.hashed(kind, sides, conditions, (&left_made, &right_made), needed)?
        };
        built.rows = match kind {
            JoinKind::Semi | JoinKind::Anti => rows * 0.5,
            _ => rows.max(right_rows),
        };
        built.cost = before.cost + right_cost;
        Ok(in_order(built, if full { Vec::new() } else { order }))
    }
}

/// A join whose rows come in the order of its left side.
fn in_order(mut built: Built, order: Vec<OrderPart>) -> Built {
    if let Node::Hash(node) = &mut built.node {
        node.ordered = !order.is_empty();
    }
    built.order = order;
    built
}

/// A loop that looks one row up by its key, with the columns of its left side that are used: told
/// to look up many together.
fn in_rounds(mut built: Built, kept: &Ids) -> Built {
    if let Node::Loop(node) = &mut built.node
        && let Node::Scan(scan) = &node.right
        && let Path::Get(keys) = &scan.path
        && matches!(node.kind, JoinKind::Inner | JoinKind::Left | JoinKind::Semi | JoinKind::Anti)
        && !keys.iter().map(|key| &key.code).chain(&scan.filter).any(super::has_subplan)
    {
        node.rounds = Some(kept.slots().into());
    }
    built
}

/// Relations of nested inner joins, and their conditions.
fn flatten(rel: Rel, rels: &mut Vec<Rel>, conditions: &mut Vec<Expr>) {
    match rel {
        Rel::Join { kind: JoinKind::Inner, left, right, on, .. } => {
            split(on, conditions);
            flatten(*left, rels, conditions);
            flatten(*right, rels, conditions);
        }
        other => rels.push(other),
    }
}
