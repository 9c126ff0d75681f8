//! Reading aggregate views: by the group that conditions name, by a range of groups, or in the
//! order of an index of the view.
//!
//! Groups lie in the order of the columns by which the view groups, as rows do in that of their
//! primary key. What a key stands for is asked of each group again, as a group is dear and a
//! condition is not.

use bourse::{Collation, Order, Type};

use super::Planner;
use super::access::{Keyed, OrderPart, Term, Usable, Want};
use super::build::Built;
use super::compile::slot;
use super::ids::{Ids, used_by};
use super::node::{GroupPath, Groups, KeyRange, Node};
use crate::algebra::{CompareOp, Expr, ExprKind, GroupScan};
use crate::error::Result;

/// What a group costs, in rows: states are decoded, merged, and made values of.
const GROUP: f64 = 3.0;

/// Which of the conditions make a key.
struct Found {
    equal: Vec<Usable>,
    lower: Option<Usable>,
    upper: Option<Usable>,
    /// The share of groups that it leaves.
    share: f64,
}

impl Found {
    /// Whether it names one group.
    fn is_one(&self, columns: usize) -> bool {
        let one = |usable: &Usable| matches!(usable.term, Term::Equal(_) | Term::IsNull);
        self.equal.len() == columns && self.equal.iter().all(one)
    }
}

/// The place among the view's outputs of the column that an expression is.
fn output_of(scan: &GroupScan, expr: &Expr) -> Option<usize> {
    let ExprKind::Column(id) = expr.kind else { return None };
    scan.columns.iter().find(|(column, _)| column.id == id).map(|(_, output)| *output)
}

/// The key that conditions make.
fn find(scan: &GroupScan, conditions: &[Expr], known: &Ids) -> Found {
    let keys = scan.view.definition().group.len();
    let keyed = Keyed {
        known,
        column_of: &|expr| output_of(scan, expr).filter(|output| *output < keys),
        has_nulls: &|_| true,
    };
    let usable = keyed.usable(conditions);
    let mut found = Found { equal: Vec::new(), lower: None, upper: None, share: 1.0 };
    for column in 0..keys {
        let is_text = matches!(scan.view.columns()[column].data_type, Type::Text | Type::Any);
        let fits = |usable: &&Usable| {
            usable.column == column && (!is_text || usable.collation == Collation::Binary)
        };
        let of_column = usable.iter().filter(fits);
        let is_bound = |usable: &&Usable| matches!(usable.term, Term::Bound { .. });
        if let Some(equal) = of_column.clone().find(|usable| !is_bound(usable)) {
            found.equal.push(equal.clone());
            found.share *= 0.05;
            continue;
        }
        let bound = |lower: bool| {
            let is_wanted = |usable: &&Usable| match usable.term {
                Term::Bound { op: CompareOp::Greater | CompareOp::GreaterOrEqual, .. } => lower,
                Term::Bound { .. } => !lower,
                _ => false,
            };
            of_column.clone().find(is_wanted).cloned()
        };
        (found.lower, found.upper) = (bound(true), bound(false));
        if found.lower.is_some() || found.upper.is_some() {
            found.share *= 0.2;
        }
        break;
    }
    found
}

impl Planner<'_> {
    /// How many groups a view may have: they are not counted.
    pub(crate) fn expected_groups(&mut self, scan: &GroupScan) -> f64 {
        if scan.view.definition().group.is_empty() {
            return 1.0;
        }
        (self.count(&scan.table) / 10.0).max(1.0)
    }

    /// What the groups cost that other relations' columns name: how many for each of their rows;
    /// nothing when no key serves.
    pub(crate) fn looked_up_groups(
        &mut self,
        scan: &GroupScan,
        conditions: &[Expr],
        known: &Ids,
    ) -> Option<(f64, f64)> {
        let found = find(scan, conditions, known);
        if found.equal.is_empty() {
            return None;
        }
        let rows = self.groups_found(scan, &found);
        Some((rows, 3.0 + rows * GROUP))
    }

    fn groups_found(&mut self, scan: &GroupScan, found: &Found) -> f64 {
        if found.is_one(scan.view.definition().group.len()) {
            return 1.0;
        }
        (self.expected_groups(scan) * found.share).max(1.0)
    }

    /// The groups for which conditions are true.
    pub(crate) fn groups(
        &mut self,
        scan: &GroupScan,
        conditions: &[Expr],
        needed: &Ids,
        want: &Want,
    ) -> Result<Built> {
        let known = self.known.clone();
        let found = find(scan, conditions, &known);
        let mut used = needed.clone();
        conditions.iter().for_each(|condition| used.extend(&used_by(condition)));
        let columns = scan.columns.iter().filter(|(column, _)| used.contains(column.id));
        let columns =
            columns.map(|(column, output)| (slot(column.id), *output, column.ty.clone())).collect();
        let entries = self.groups_found(scan, &found);
        let rows = match conditions.len() - found.equal.len().min(conditions.len()) {
            0 => entries,
            others => (entries * 0.5_f64.powi(i32::try_from(others).unwrap_or(1))).max(1.0),
        };
        let mut order = Vec::new();
        let path = match first_by(scan, conditions, want) {
            Some((column, direction)) => {
                order = want.order[..1].to_vec();
                GroupPath::First(column, direction)
            }
            None => {
                let (sorted, direction) = sorted_by(scan, &found, want);
                order.extend_from_slice(&want.order[..sorted]);
                GroupPath::Key(self.range_of(scan, &found)?, direction)
            }
        };
        let cost = 3.0 + entries * GROUP;
        let node = Node::Groups(Box::new(Groups {
            view: scan.view.clone(),
            alias: scan.alias.clone(),
            path,
            columns,
            filter: self.codes(conditions)?,
            limit: None,
            rows,
            cost,
        }));
        let mut built = Built::new(node, rows, cost);
        built.order = order;
        Ok(built)
    }

    fn range_of(&mut self, scan: &GroupScan, found: &Found) -> Result<KeyRange> {
        let type_of = |column: usize| scan.view.columns()[column].data_type;
        let mut equal = Vec::with_capacity(found.equal.len());
        for usable in &found.equal {
            equal.push(self.key_part(type_of(usable.column), usable)?);
        }
        let lower = self.bound(&type_of, found.lower.as_ref(), CompareOp::GreaterOrEqual)?;
        let upper = self.bound(&type_of, found.upper.as_ref(), CompareOp::LessOrEqual)?;
        Ok(KeyRange { equal: equal.into(), lower, upper })
    }
}

/// The column and direction of an index of the view that gives the first few groups in the order
/// that is wanted of all of them.
fn first_by(scan: &GroupScan, conditions: &[Expr], want: &Want) -> Option<(String, Order)> {
    let ([wanted], true, true) = (&want.order[..], conditions.is_empty(), want.rows.is_some())
    else {
        return None;
    };
    // An index has NULL last.
    if wanted.nulls_first {
        return None;
    }
    let (_, output) = scan.columns.iter().find(|(column, _)| column.id == wanted.id)?;
    let mut indexes = scan.view.definition().indexes.iter();
    let is_it = |index: &&bourse::view::ViewIndex| {
        usize::from(index.column) == *output
            && index.descending == wanted.descending
            && index.within == 0
    };
    indexes.find(is_it)?;
    let order = if wanted.descending { Order::Descending } else { Order::Ascending };
    Some((scan.view.columns()[*output].name.clone(), order))
}

/// How far the groups of a key come in the wanted order, and in which direction they are read.
fn sorted_by(scan: &GroupScan, found: &Found, want: &Want) -> (usize, Order) {
    let is_one = |usable: &Usable| matches!(usable.term, Term::Equal(_) | Term::IsNull);
    if !found.equal.iter().all(is_one) {
        return (0, Order::Any);
    }
    let definition = scan.view.definition();
    let is_fixed = |column: usize| found.equal.iter().any(|usable| usable.column == column);
    let (mut next, mut sorted, mut direction) = (found.equal.len(), 0, Order::Any);
    for OrderPart { id, descending, nulls_first, collation } in &want.order {
        let output = scan.columns.iter().find(|(column, _)| column.id == *id);
        let Some((_, output)) = output.filter(|(_, output)| *output < definition.group.len())
        else {
            break;
        };
        if is_fixed(*output) {
            sorted += 1;
            continue;
        }
        let is_text = matches!(scan.view.columns()[*output].data_type, Type::Text | Type::Any);
        if *output != next || is_text && *collation != Collation::Binary {
            break;
        }
        // NULL comes first in a key; where a bound is asked for there is none.
        let is_bound = [&found.lower, &found.upper]
            .into_iter()
            .flatten()
            .any(|usable| usable.column == *output);
        let turned = if *descending { Order::Descending } else { Order::Ascending };
        let has_nulls = !is_bound && scan.may_be_null(*output);
        if direction != Order::Any && direction != turned || has_nulls && nulls_first == descending
        {
            break;
        }
        direction = turned;
        sorted += 1;
        next += 1;
    }
    (sorted, direction)
}
