//! From the algebra to operators, top down: each operator is told which columns are needed of it
//! and what order is wanted, and says what it gives.

use super::Planner;
use super::access::{OrderPart, Want};
use super::compile::slot;
use super::ids::{Ids, made_by, used_by};
use super::node::{
    Aggregate, AggregateCode, AggregateCodeKind, BoundCode, CtePlan, Distance, Distinct, Limit,
    Node, SetCode, SetOperation, Sort, Window, WindowCode, WindowCodeKind,
};
use super::push::split;
use crate::algebra::{
    AggregateKind, Aggregation, Column, ColumnId, Cte, Expr, ExprKind, Frame, FrameBound,
    FrameUnits, Query, Rel, SetCall, SetOperator, SortKey, WindowCall, WindowKind,
};
use crate::error::{Result, SqlError};

/// Keys, grouping sets, GROUPING columns and aggregates.
type Grouping = (Vec<(Column, Expr)>, Vec<Vec<usize>>, Vec<(Column, Vec<usize>)>, Vec<Aggregation>);

/// An operator, and what is known of its rows.
pub(crate) struct Built {
    pub(crate) node: Node,
    pub(crate) rows: f64,
    pub(crate) cost: f64,
    /// The order that its rows come in.
    pub(crate) order: Vec<OrderPart>,
}

impl Built {
    pub(crate) fn new(node: Node, rows: f64, cost: f64) -> Built {
        Built { node, rows, cost, order: Vec::new() }
    }
}

fn use_all<'e>(needed: &Ids, exprs: impl IntoIterator<Item = &'e Expr>) -> Ids {
    let mut needed = needed.clone();
    exprs.into_iter().for_each(|expr| needed.extend(&used_by(expr)));
    needed
}

/// Sort keys as columns, as far as they are columns.
fn order_of(keys: &[SortKey]) -> Vec<OrderPart> {
    let part = |key: &SortKey| match key.expr.kind {
        ExprKind::Column(id) => Some(OrderPart {
            id,
            descending: key.descending,
            nulls_first: key.nulls_first,
            collation: key.expr.collation,
        }),
        _ => None,
    };
    keys.iter().map_while(part).collect()
}

/// How many of the wanted columns an order begins with.
fn common(order: &[OrderPart], wanted: &[OrderPart]) -> usize {
    let same = |(a, b): &(&OrderPart, &OrderPart)| {
        a.id == b.id
            && a.descending == b.descending
            && a.nulls_first == b.nulls_first
            && a.collation == b.collation
    };
    order.iter().zip(wanted).take_while(same).count()
}

impl Planner<'_> {
    /// A relation as an operator.
    pub(crate) fn build(&mut self, rel: Rel, needed: &Ids, want: &Want) -> Result<Built> {
        match rel {
            Rel::Scan(scan) => self.scan(scan, Vec::new(), needed, want),
            Rel::Groups(scan) => self.groups(&scan, &[], needed, want),
            Rel::Filter { input, predicate } => {
                let mut conditions = Vec::new();
                split(predicate, &mut conditions);
                match *input {
                    Rel::Scan(scan) => self.scan(scan, conditions, needed, want),
                    Rel::Groups(scan) => self.groups(&scan, &conditions, needed, want),
                    input => self.filter(input, &conditions, needed, want),
                }
            }
            Rel::Join { .. } => self.join(rel, needed, want),
            Rel::Project { input, items } => self.project(*input, items, needed, want),
            Rel::Sort { input, keys } => self.sort(*input, &keys, needed, want, None),
            Rel::Limit { input, limit, offset, with_ties } => {
                self.limit(*input, limit, offset, with_ties, needed, want)
            }
            Rel::Aggregate { input, keys, sets, groupings, aggregates } => {
                let parts = (keys, sets, groupings, aggregates);
                self.aggregate(*input, parts, needed)
            }
            Rel::Distinct { input, on } => self.distinct(*input, on, needed, want),
            Rel::Window { input, partition, order, calls } => {
                self.window(*input, &partition, &order, calls, needed)
            }
            Rel::SetOperation { op, all, left, right, columns } => {
                self.set_operation(op, all, *left, *right, &columns)
            }
            Rel::With { ctes, body } => self.with(ctes, *body, needed, want),
            other => self.leaf(other, needed),
        }
    }

    fn leaf(&mut self, rel: Rel, needed: &Ids) -> Result<Built> {
        match rel {
            Rel::Values { columns, rows } => {
                if columns.is_empty() && rows.len() == 1 {
                    return Ok(Built::new(Node::One, 1.0, 0.0));
                }
                let count = rows.len() as f64;
                let rows = rows.iter().map(|row| self.codes(row)).collect::<Result<Vec<_>>>()?;
                let slots = columns.iter().map(|column| slot(column.id)).collect();
                Ok(Built::new(Node::Values { slots, rows }, count, count * 0.1))
            }
            Rel::Functions { calls, ordinality } => {
                let rel = Rel::Functions { calls, ordinality };
                let rows = self.system_rows(&rel, &[]);
                let Rel::Functions { calls, ordinality } = rel else {
                    return Err(SqlError::new("XX000", "an operator that is no leaf"));
                };
                let calls = self.set_codes(&calls)?;
                let ordinality = ordinality.map(|column| slot(column.id));
                let node = Node::Functions { input: None, calls, ordinality };
                Ok(Built::new(node, rows, rows))
            }
            Rel::ProjectSet { input, calls } => {
                let arguments = calls.iter().flat_map(|call| &call.arguments);
                let needed = use_all(needed, arguments);
                let input = self.build(*input, &needed, &Want::default())?;
                let calls = self.set_codes(&calls)?;
                let (rows, cost) = (input.rows * 10.0, input.cost + input.rows * 10.0);
                let input = Some(Box::new(input.node));
                Ok(Built::new(Node::Functions { input, calls, ordinality: None }, rows, cost))
            }
            Rel::CteScan { cte, columns } => {
                let Some(known) = self.ctes.get(&cte) else {
                    let message = "a common table expression is used where it is not known";
                    return Err(SqlError::new("XX000", message));
                };
                let slots = columns.iter().map(|column| slot(column.id)).collect();
                let (number, rows) = (known.number, known.rows);
                if !self.recursive.contains(&cte) {
                    self.cte_plans[number].scans += 1;
                }
                let cte = number;
                Ok(Built::new(Node::CteScan { cte, slots }, rows, rows * 0.2))
            }
            Rel::Lock { input, clauses } => self.lock(*input, clauses, needed),
            _ => Err(SqlError::new("XX000", "an operator that is no leaf")),
        }
    }

    fn set_codes(&mut self, calls: &[SetCall]) -> Result<Vec<SetCode>> {
        let mut codes = Vec::with_capacity(calls.len());
        for call in calls {
            codes.push(SetCode {
                function: call.function,
                arguments: self.codes(&call.arguments)?,
                slots: call.columns.iter().map(|column| slot(column.id)).collect(),
            });
        }
        Ok(codes)
    }

    fn filter(
        &mut self,
        input: Rel,
        conditions: &[Expr],
        needed: &Ids,
        want: &Want,
    ) -> Result<Built> {
        let needed = use_all(needed, conditions);
        let mut built = self.build(input, &needed, want)?;
        let predicates = self.codes(conditions)?;
        built.cost += built.rows * 0.1;
        built.rows *= 0.33_f64.powi(i32::try_from(conditions.len()).unwrap_or(1));
        built.node = Node::Filter { input: Box::new(built.node), predicates };
        Ok(built)
    }

    fn project(
        &mut self,
        input: Rel,
        items: Vec<(Column, Expr)>,
        needed: &Ids,
        want: &Want,
    ) -> Result<Built> {
        // What goes by is no work, and what nobody needs is not computed.
        let is_same = |column: &Column, expr: &Expr| match expr.kind {
            ExprKind::Column(id) => id == column.id,
            _ => false,
        };
        let computed: Vec<(Column, Expr)> = items
            .into_iter()
            .filter(|(column, expr)| needed.contains(column.id) && !is_same(column, expr))
            .collect();
        let made: Ids = computed.iter().map(|(column, _)| column.id).collect();
        let below = use_all(&needed.without(&made), computed.iter().map(|(_, expr)| expr));
        let handed_on = |id: ColumnId| match computed.iter().find(|(column, _)| column.id == id) {
            None => Some(id),
            Some((_, expr)) => match expr.kind {
                ExprKind::Column(id) => Some(id),
                _ => None,
            },
        };
        let below_want =
            |part: &OrderPart| Some(OrderPart { id: handed_on(part.id)?, ..part.clone() });
        let order: Vec<OrderPart> = want.order.iter().map_while(below_want).collect();
        let rows = want.rows.filter(|_| order.len() == want.order.len());
        let mut built = self.build(input, &below, &Want { order, rows })?;
        // The order is told by the columns' new ids, too.
        let up = common(&built.order, &want.order.iter().map_while(below_want).collect::<Vec<_>>());
        if up > 0 {
            built.order = want.order[..up].to_vec();
        }
        let mut codes = Vec::with_capacity(computed.len());
        for (column, expr) in &computed {
            codes.push((slot(column.id), self.code(expr)?));
        }
        if !codes.is_empty() {
            built.cost += built.rows * 0.1;
            built.node = Node::Project { input: Box::new(built.node), items: codes.into() };
        }
        Ok(built)
    }

    /// Rows in an order; of `limit` only the first ones are wanted.
    fn sort(
        &mut self,
        input: Rel,
        keys: &[SortKey],
        needed: &Ids,
        want: &Want,
        bounds: Option<(&Expr, Option<&Expr>)>,
    ) -> Result<Built> {
        let below = use_all(needed, keys.iter().map(|key| &key.expr));
        let order = order_of(keys);
        let rows = want.rows.filter(|_| order.len() == keys.len());
        let saved = needed.and(&made_by(&input));
        let mut built = self.build(input, &below, &Want { order: order.clone(), rows })?;
        let sorted_prefix = common(&built.order, &order);
        if sorted_prefix == keys.len() {
            return Ok(built);
        }
        let limit = match bounds {
            Some((limit, offset)) => {
                Some((self.code(limit)?, offset.map(|offset| self.code(offset)).transpose()?))
            }
            None => None,
        };
        built.cost += built.rows * (built.rows.max(2.0).log2() * 0.15 + 0.5);
        built.order = order;
        if sorted_prefix > 0
            && let Some((limit, offset)) = bounds
        {
            self.push_limit(&mut built.node, limit, offset, true)?;
        }
        built.node = Node::Sort(Box::new(Sort {
            input: built.node,
            keys: self.sort_codes(keys)?,
            slots: saved.slots().into(),
            limit,
            sorted_prefix,
        }));
        Ok(built)
    }

    fn limit(
        &mut self,
        input: Rel,
        limit: Option<Expr>,
        offset: Option<Expr>,
        with_ties: bool,
        needed: &Ids,
        want: &Want,
    ) -> Result<Built> {
        let number = |expr: &Option<Expr>, unknown: f64| match expr {
            Some(Expr { kind: ExprKind::Literal(crate::datum::Datum::Integer(count)), .. }) => {
                (*count).max(0) as f64
            }
            Some(_) => unknown,
            None => 0.0,
        };
        let rows = limit.as_ref().map(|_| number(&limit, 100.0) + number(&offset, 100.0));
        let inner = Want { order: want.order.clone(), rows };
        let mut ties = None;
        let mut built = match input {
            Rel::Sort { input, keys } => {
                if with_ties {
                    ties = Some(self.sort_codes(&keys)?);
                }
                let needed = match with_ties {
                    true => use_all(needed, keys.iter().map(|key| &key.expr)),
                    false => needed.clone(),
                };
                let bounds = limit.as_ref().filter(|_| !with_ties);
                let bounds = bounds.map(|limit| (limit, offset.as_ref()));
                self.sort(*input, &keys, &needed, &inner, bounds)?
            }
            input => self.build(input, needed, &inner)?,
        };
        if let Some(limit) = limit.as_ref().filter(|_| !with_ties) {
            self.push_limit(&mut built.node, limit, offset.as_ref(), false)?;
        }
        built.rows = built.rows.min(rows.unwrap_or(f64::INFINITY));
        built.node = Node::Limit(Box::new(Limit {
            input: built.node,
            limit: limit.as_ref().map(|expr| self.code(expr)).transpose()?,
            offset: offset.as_ref().map(|expr| self.code(expr)).transpose()?,
            ties,
        }));
        Ok(built)
    }

    /// Tells a scan how many rows are wanted, where nothing in between drops any; with ties perhaps
    /// some more.
    fn push_limit(
        &mut self,
        node: &mut Node,
        limit: &Expr,
        offset: Option<&Expr>,
        has_ties: bool,
    ) -> Result<()> {
        match node {
            Node::Project { input, .. } => self.push_limit(input, limit, offset, has_ties),
            Node::Locked { .. } | Node::Groups(_) if has_ties => Ok(()),
            Node::Locked { cell, .. } => {
                let offset = offset.map(|offset| self.code(offset)).transpose()?;
                let limit = self.code(limit)?;
                if let Some(lock) = self.locks.iter_mut().find(|lock| lock.cell == *cell) {
                    lock.limit = Some((limit, offset));
                }
                Ok(())
            }
            Node::Scan(scan) => {
                let offset = offset.map(|offset| self.code(offset)).transpose()?;
                scan.limit = Some((self.code(limit)?, offset));
                scan.has_ties = has_ties;
                Ok(())
            }
            Node::Groups(scan) => {
                let offset = offset.map(|offset| self.code(offset)).transpose()?;
                scan.limit = Some((self.code(limit)?, offset));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn aggregate(
        &mut self,
        input: Rel,
        (keys, sets, groupings, aggregates): Grouping,
        needed: &Ids,
    ) -> Result<Built> {
        let needed_aggregate = |aggregate: &Aggregation| {
            needed.contains(aggregate.column.id)
                || matches!(aggregate.kind, AggregateKind::Function { .. })
        };
        let mut read = Ids::default();
        for aggregate in aggregates.iter().filter(|a| needed_aggregate(a)) {
            read = use_all(&read, &aggregate.filter);
            match &aggregate.kind {
                AggregateKind::Function { arguments, order, .. } => {
                    read = use_all(&read, arguments);
                    read = use_all(&read, order.iter().map(|key| &key.expr));
                }
                AggregateKind::Bare { value, .. } => read = use_all(&read, [value]),
            }
        }
        let below = use_all(&read, keys.iter().map(|(_, expr)| expr));
        let saved = read.and(&made_by(&input)).slots();
        let built = match keys.is_empty() && sets.len() == 1 {
            true => self.input_of_all(input, &aggregates, &below)?,
            false => self.build(input, &below, &Want::default())?,
        };
        if keys.is_empty()
            && sets.len() == 1
            && aggregates.iter().all(counts_rows)
            && let Node::Scan(scan) = built.node
        {
            if scan.filter.is_empty() && scan.entry_filter.is_empty() {
                let slots = aggregates.iter().map(|aggregate| slot(aggregate.column.id)).collect();
                return Ok(Built::new(Node::Count { scan, slots }, 1.0, 10.0));
            }
            let built = Built::new(Node::Scan(scan), built.rows, built.cost);
            return self.grouped(built, (keys, sets, groupings, aggregates), saved);
        }
        self.grouped(built, (keys, sets, groupings, aggregates), saved)
    }

    /// Groups of an operator's rows.
    fn grouped(
        &mut self,
        built: Built,
        (keys, sets, groupings, aggregates): Grouping,
        saved: Vec<usize>,
    ) -> Result<Built> {
        let mut key_codes = Vec::with_capacity(keys.len());
        for (column, expr) in &keys {
            key_codes.push((slot(column.id), self.code(expr)?, expr.collation));
        }
        let mut codes = Vec::with_capacity(aggregates.len());
        for aggregate in &aggregates {
            codes.push(self.aggregate_code(aggregate)?);
        }
        let rows = if keys.is_empty() { 1.0 } else { (built.rows / 10.0).max(1.0) };
        let cost = built.cost + built.rows * (0.5 + 0.2 * codes.len() as f64);
        let node = Node::Aggregate(Box::new(Aggregate {
            input: built.node,
            keys: key_codes.into(),
            sets,
            groupings: groupings
                .into_iter()
                .map(|(column, keys)| (slot(column.id), keys))
                .collect(),
            aggregates: codes.into(),
            slots: saved.into(),
            sorted: false,
        }));
        Ok(Built::new(node, rows, cost))
    }

    fn aggregate_code(&mut self, aggregate: &Aggregation) -> Result<AggregateCode> {
        let kind = match &aggregate.kind {
            AggregateKind::Function { function, arguments, distinct, order } => {
                AggregateCodeKind::Function {
                    function,
                    types: arguments.iter().map(|expr| expr.ty.clone()).collect(),
                    collation: arguments.first().map(|expr| expr.collation).unwrap_or_default(),
                    collations: arguments.iter().map(|expr| expr.collation).collect(),
                    arguments: self.codes(arguments)?,
                    distinct: *distinct,
                    order: self.sort_codes(order)?,
                }
            }
            AggregateKind::Bare { value, of } => {
                AggregateCodeKind::Bare { value: self.code(value)?, of: *of }
            }
        };
        let filter = aggregate.filter.as_ref().map(|filter| self.code(filter)).transpose()?;
        Ok(AggregateCode { slot: slot(aggregate.column.id), kind, filter })
    }

    fn distinct(&mut self, input: Rel, on: Vec<Expr>, needed: &Ids, want: &Want) -> Result<Built> {
        let keys: Vec<Expr> = if on.is_empty() { outputs(&input) } else { on };
        let saved = needed.and(&made_by(&input));
        let needed = use_all(needed, &keys);
        let want = Want { order: want.order.clone(), rows: None };
        let mut built = self.build(input, &needed, &want)?;
        let mut codes = Vec::with_capacity(keys.len());
        for key in &keys {
            codes.push((self.code(key)?, key.collation));
        }
        built.cost += built.rows * 0.5;
        built.rows = (built.rows / 3.0).max(1.0);
        built.node = Node::Distinct(Box::new(Distinct {
            input: built.node,
            keys: codes.into(),
            slots: saved.slots().into(),
            ordered: !built.order.is_empty(),
        }));
        Ok(built)
    }

    fn window(
        &mut self,
        input: Rel,
        partition: &[Expr],
        order: &[SortKey],
        calls: Vec<WindowCall>,
        needed: &Ids,
    ) -> Result<Built> {
        let mut inside = use_all(&Ids::default(), partition);
        inside = use_all(&inside, order.iter().map(|key| &key.expr));
        let mut kept = needed.clone();
        for call in &calls {
            kept = use_all(&kept, &call.arguments);
            kept = use_all(&kept, &call.filter);
        }
        let kept = kept.and(&made_by(&input));
        inside.extend(&kept);
        let built = self.build(input, &inside, &Want::default())?;
        let mut codes = Vec::with_capacity(partition.len());
        for expr in partition {
            codes.push((self.code(expr)?, expr.collation));
        }
        let calls = calls.iter().map(|call| self.window_code(call, order));
        let calls = calls.collect::<Result<Vec<_>>>()?;
        let cost = built.cost + built.rows * 3.0;
        let node = Node::Window(Box::new(Window {
            input: built.node,
            slots: kept.slots().into(),
            partition: codes.into(),
            order: self.sort_codes(order)?,
            calls: calls.into(),
        }));
        Ok(Built::new(node, built.rows, cost))
    }

    fn window_code(&mut self, call: &WindowCall, order: &[SortKey]) -> Result<WindowCode> {
        let kind = match &call.kind {
            WindowKind::Window(function) => WindowCodeKind::Window(*function),
            WindowKind::Aggregate(function) => WindowCodeKind::Aggregate {
                function,
                types: call.arguments.iter().map(|expr| expr.ty.clone()).collect(),
                collation: call.arguments.first().map(|expr| expr.collation).unwrap_or_default(),
            },
        };
        let Frame { units, start, end, exclusion } = &call.frame;
        let offset = [start, end].into_iter().find_map(|bound| match bound {
            FrameBound::Preceding(expr) | FrameBound::Following(expr) => Some(&expr.ty),
            _ => None,
        });
        let distance = match (units, offset, order.first()) {
            (FrameUnits::Range, Some(by), Some(key)) => {
                let ty = &key.expr.ty;
                let resolve = |name| {
                    crate::function::resolve::operator(self.dialect, name, Some(ty), Some(by))
                };
                Some(Box::new(Distance {
                    add: resolve("+")?,
                    subtract: resolve("-")?,
                    value: ty.clone(),
                    by: by.clone(),
                }))
            }
            _ => None,
        };
        Ok(WindowCode {
            slot: slot(call.column.id),
            kind,
            arguments: self.codes(&call.arguments)?,
            filter: call.filter.as_ref().map(|filter| self.code(filter)).transpose()?,
            units: *units,
            start: self.frame_bound(start)?,
            end: self.frame_bound(end)?,
            exclusion: *exclusion,
            distance,
        })
    }

    fn frame_bound(&mut self, bound: &FrameBound) -> Result<BoundCode> {
        Ok(match bound {
            FrameBound::UnboundedPreceding => BoundCode::UnboundedPreceding,
            FrameBound::Preceding(expr) => BoundCode::Preceding(self.code(expr)?),
            FrameBound::CurrentRow => BoundCode::CurrentRow,
            FrameBound::Following(expr) => BoundCode::Following(self.code(expr)?),
            FrameBound::UnboundedFollowing => BoundCode::UnboundedFollowing,
        })
    }

    fn set_operation(
        &mut self,
        op: SetOperator,
        all: bool,
        left: Query,
        right: Query,
        columns: &[Column],
    ) -> Result<Built> {
        let slots_of = |query: &Query| -> Box<[usize]> {
            query.columns.iter().map(|column| slot(column.id)).collect()
        };
        let (left_slots, right_slots) = (slots_of(&left), slots_of(&right));
        let left = self.query(left)?;
        let right = self.query(right)?;
        let rows = left.rows + right.rows;
        let cost = left.cost + right.cost + rows * 0.5;
        let node = Node::SetOperation(Box::new(SetOperation {
            op,
            all,
            left: left.node,
            right: right.node,
            left_slots,
            right_slots,
            slots: columns.iter().map(|column| slot(column.id)).collect(),
            collations: columns.iter().map(|column| column.collation).collect(),
        }));
        Ok(Built::new(node, rows, cost))
    }

    /// A query of which all columns are needed.
    pub(crate) fn query(&mut self, query: Query) -> Result<Built> {
        let needed = query.columns.iter().map(|column| column.id).collect();
        self.build(query.rel, &needed, &Want::default())
    }

    fn with(&mut self, ctes: Vec<Cte>, body: Rel, needed: &Ids, want: &Want) -> Result<Built> {
        let mut plans = Vec::with_capacity(ctes.len());
        for cte in ctes {
            let number = self.cte(cte)?;
            // Rows of what changes rows are there before the query begins.
            if self.cte_plans[number].change.is_none() {
                plans.push(number);
            }
        }
        let mut built = self.build(body, needed, want)?;
        built.node = Node::With { ctes: plans, body: Box::new(built.node) };
        Ok(built)
    }

    fn cte(&mut self, cte: Cte) -> Result<usize> {
        let cell = self.cell();
        let slots: Box<[usize]> = cte.query.columns.iter().map(|column| slot(column.id)).collect();
        let collations = cte.query.columns.iter().map(|column| column.collation).collect();
        let change = match cte.change {
            Some(change) => Some(self.change(*change, cell)?),
            None => None,
        };
        let mut query = cte.query;
        super::push::push_query(&mut query);
        let built = match change {
            Some(_) => Built::new(Node::Nothing, 10.0, 0.0),
            None => self.query(query)?,
        };
        let number = self.cte_plans.len();
        let rows = if cte.step.is_some() { built.rows * 10.0 } else { built.rows };
        self.ctes.insert(cte.id, super::KnownCte { number, rows });
        self.cte_plans.push(CtePlan {
            scans: 0,
            name: cte.name,
            cell,
            node: built.node,
            slots,
            collations,
            step: None,
            distinct: cte.distinct,
            queue: cte.queue,
            step_cells: 0..0,
            change,
        });
        let first_cell = self.cells;
        if let Some(mut step) = cte.step {
            super::push::push_query(&mut step);
            let slots = step.columns.iter().map(|column| slot(column.id)).collect();
            self.recursive.push(cte.id);
            let built = self.query(step);
            self.recursive.pop();
            self.cte_plans[number].step = Some((built?.node, slots));
            self.cte_plans[number].step_cells = first_cell..self.cells;
        }
        Ok(number)
    }
}

/// Whether an aggregate is `count(*)`.
fn counts_rows(aggregate: &Aggregation) -> bool {
    match &aggregate.kind {
        AggregateKind::Function { function, arguments, distinct: false, .. } => {
            function.name == "count" && arguments.is_empty() && aggregate.filter.is_none()
        }
        _ => false,
    }
}

/// The columns of a relation's output.
pub(crate) fn outputs(rel: &Rel) -> Vec<Expr> {
    let column = |column: &Column| Expr::column(column.id, column.ty.clone(), column.collation);
    match rel {
        Rel::Scan(scan) => scan.columns.iter().map(|(c, _)| column(c)).collect(),
        Rel::Groups(scan) => scan.columns.iter().map(|(c, _)| column(c)).collect(),
        Rel::Values { columns, .. }
        | Rel::SetOperation { columns, .. }
        | Rel::CteScan { columns, .. } => columns.iter().map(column).collect(),
        Rel::Functions { calls, ordinality } => {
            calls.iter().flat_map(|call| &call.columns).chain(ordinality).map(column).collect()
        }
        Rel::ProjectSet { input, calls } => {
            let mut all = outputs(input);
            all.extend(calls.iter().flat_map(|call| &call.columns).map(column));
            all
        }
        Rel::Project { items, .. } => items.iter().map(|(c, _)| column(c)).collect(),
        Rel::Join { left, right, kind, .. } => {
            let mut all = outputs(left);
            if !matches!(kind, crate::algebra::JoinKind::Semi | crate::algebra::JoinKind::Anti) {
                all.extend(outputs(right));
            }
            all
        }
        Rel::Aggregate { keys, groupings, aggregates, .. } => {
            let keys = keys.iter().map(|(c, _)| c);
            let groupings = groupings.iter().map(|(c, _)| c);
            keys.chain(groupings).chain(aggregates.iter().map(|a| &a.column)).map(column).collect()
        }
        Rel::Window { input, calls, .. } => {
            let mut all = outputs(input);
            all.extend(calls.iter().map(|call| column(&call.column)));
            all
        }
        Rel::Filter { input, .. }
        | Rel::Sort { input, .. }
        | Rel::Limit { input, .. }
        | Rel::Distinct { input, .. }
        | Rel::Lock { input, .. } => outputs(input),
        Rel::With { body, .. } => outputs(body),
    }
}
