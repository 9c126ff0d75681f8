//! FROM: tables, views, queries and functions, and their joins.

use std::sync::Arc;

use bourse::Collation;
use sqlparser::ast::{
    FunctionArg, FunctionArgExpr, Join, JoinConstraint, JoinOperator, ObjectName, TableAlias,
    TableFactor, TableIndexDirective, TableWithJoins,
};

use super::binder::Binder;
use super::output::tell_apart;
use super::same::used_beside;
use super::scope::{Clause, Namespace, RelationScope, Visible, column, expr_of};
use crate::algebra::{
    ColumnOrigin, CompareOp, Expr, ExprKind, JoinKind, Query, Rel, ScanColumn, SetCall, TableScan,
};
use crate::catalog::{Relation, TableEntry};
use crate::error::{Result, SqlError};
use crate::function::cast::CastContext;
use crate::function::resolve;
use crate::types::{Affinity, SqlType};

impl Binder<'_> {
    /// All of FROM. Without it, one row without columns.
    pub(crate) fn from(&mut self, items: &[TableWithJoins]) -> Result<(Rel, Namespace)> {
        let mut whole: Option<(Rel, Namespace)> = None;
        for item in items {
            whole = Some(match whole {
                None => self.joins(item, &Namespace::default())?,
                // To SQLite a comma is a join as any other: all are made from the left on.
                Some((left, namespace)) if self.is_sqlite() => {
                    let right = self.factor(&item.relation, &namespace)?;
                    let (mut rel, mut namespace) = self.comma((left, namespace), right)?;
                    for join in &item.joins {
                        let (right, of_right) = self.factor(&join.relation, &namespace)?;
                        (rel, namespace) = self.join(join, rel, namespace, right, of_right)?;
                    }
                    (rel, namespace)
                }
                Some((left, namespace)) => {
                    let right = self.joins(item, &namespace)?;
                    self.comma((left, namespace), right)?
                }
            });
        }
        Ok(whole.unwrap_or_else(|| {
            (Rel::Values { columns: Vec::new(), rows: vec![Vec::new()] }, Namespace::default())
        }))
    }

    fn comma(
        &self,
        (left, mut namespace): (Rel, Namespace),
        (right, of_right): (Rel, Namespace),
    ) -> Result<(Rel, Namespace)> {
        self.check_names(&namespace, &of_right)?;
        let lateral = used_beside(&right, &namespace).is_some();
        namespace.join(of_right);
        let rel = Rel::Join {
            kind: JoinKind::Inner,
            left: Box::new(left),
            right: Box::new(right),
            on: Expr::all(Vec::new()),
            lateral,
        };
        Ok((rel, namespace))
    }

    fn check_names(&self, left: &Namespace, right: &Namespace) -> Result<()> {
        if self.is_sqlite() {
            return Ok(());
        }
        for relation in &right.relations {
            let same = |other: &&RelationScope| {
                other.name == relation.name && other.schema == relation.schema
            };
            if !relation.name.is_empty() && left.relations.iter().any(|other| same(&other)) {
                let message = format!("table name \"{}\" specified more than once", relation.name);
                return Err(SqlError::new("42712", message));
            }
        }
        Ok(())
    }

    /// A relation with the joins behind it; `before` is what LATERAL may use.
    pub(crate) fn joins(
        &mut self,
        item: &TableWithJoins,
        before: &Namespace,
    ) -> Result<(Rel, Namespace)> {
        let (mut rel, mut namespace) = self.factor(&item.relation, before)?;
        for join in &item.joins {
            let mut seen = before.clone();
            seen.join(namespace.clone());
            let (right, of_right) = self.factor(&join.relation, &seen)?;
            self.check_names(&namespace, &of_right)?;
            (rel, namespace) = self
                .beside_of(before, |binder| binder.join(join, rel, namespace, right, of_right))?;
        }
        Ok((rel, namespace))
    }

    fn join(
        &mut self,
        join: &Join,
        left: Rel,
        of_left: Namespace,
        right: Rel,
        of_right: Namespace,
    ) -> Result<(Rel, Namespace)> {
        let (kind, constraint) = match &join.join_operator {
            JoinOperator::Join(c) | JoinOperator::Inner(c) => (JoinKind::Inner, c),
            JoinOperator::CrossJoin(c) => (JoinKind::Inner, c),
            JoinOperator::Left(c) | JoinOperator::LeftOuter(c) => (JoinKind::Left, c),
            JoinOperator::Right(c) | JoinOperator::RightOuter(c) => (JoinKind::Right, c),
            JoinOperator::FullOuter(c) => (JoinKind::Full, c),
            _ => return Err(self.unsupported("such a join is not supported")),
        };
        let used = used_beside(&right, &of_left);
        let lateral = used.is_some();
        if let Some(used) = used
            && matches!(kind, JoinKind::Right | JoinKind::Full)
        {
            let message = format!("invalid reference to FROM-clause entry for table \"{used}\"");
            let detail = "The combining JOIN type must be INNER or LEFT for a LATERAL reference.";
            return Err(SqlError::new("42P10", message).with_detail(detail));
        }
        let (on, namespace) = match constraint {
            JoinConstraint::On(condition) => {
                let mut namespace = of_left;
                namespace.join(of_right);
                let (on, namespace) = self.join_condition(condition, namespace)?;
                (on, namespace)
            }
            JoinConstraint::None => {
                let mut namespace = of_left;
                namespace.join(of_right);
                (Expr::all(Vec::new()), namespace)
            }
            JoinConstraint::Using(names) | JoinConstraint::UsingAlias(names, _) => {
                let names = names.iter().map(|name| self.object_name(name).map(|(_, name)| name));
                let names = names.collect::<Result<Vec<_>>>()?;
                let (on, mut namespace) = self.using(kind, &names, of_left, of_right)?;
                if let JoinConstraint::UsingAlias(_, alias) = constraint {
                    // It has the columns that became one, and nothing else.
                    let columns = namespace.columns[..names.len()].to_vec();
                    let name = self.fold(alias);
                    let of_alias = RelationScope { name, columns, ..RelationScope::default() };
                    self.check_names(&namespace, &Namespace::of(of_alias.clone()))?;
                    namespace.relations.push(of_alias);
                }
                (on, namespace)
            }
            JoinConstraint::Natural => {
                let has = |namespace: &Namespace, name: &str| {
                    namespace.columns.iter().any(|column| self.is_name(&column.name, name))
                };
                let names = of_left.columns.iter().map(|column| column.name.clone());
                let names: Vec<String> = names.filter(|name| has(&of_right, name)).collect();
                self.using(kind, &names, of_left, of_right)?
            }
        };
        let (left, right) = (Box::new(left), Box::new(right));
        Ok((Rel::Join { kind, left, right, on, lateral }, namespace))
    }

    fn join_condition(
        &mut self,
        condition: &sqlparser::ast::Expr,
        namespace: Namespace,
    ) -> Result<(Expr, Namespace)> {
        let mut kept = Namespace::default();
        let on = self.within(namespace, Clause::JoinOn, |binder| {
            let bound = binder.expr(condition)?;
            let on = binder.condition(bound, "JOIN/ON")?;
            kept = std::mem::take(&mut binder.frame().namespace);
            Ok(on)
        })?;
        Ok((on, kept))
    }

    /// USING: equal columns, which become one: first of all in PostgreSQL's dialect, in the place
    /// of the left one in SQLite's.
    fn using(
        &mut self,
        kind: JoinKind,
        names: &[String],
        of_left: Namespace,
        of_right: Namespace,
    ) -> Result<(Expr, Namespace)> {
        let mut conditions = Vec::new();
        let mut merged = Vec::new();
        for name in names {
            let left = self.using_column(&of_left, name, "left")?;
            let right = self.using_column(&of_right, name, "right")?;
            let collation = left.expr.collation;
            let (mut both, ty) =
                self.unify(vec![left.expr.clone(), right.expr.clone()], "JOIN/USING")?;
            let test =
                self.compare(CompareOp::Equal, left.expr.clone(), right.expr.clone(), collation)?;
            conditions.push(test);
            let (of_right, of_left) = (both.pop(), both.pop());
            let (Some(of_left), Some(of_right)) = (of_left, of_right) else { continue };
            let expr = match kind {
                JoinKind::Right => of_right,
                JoinKind::Full => {
                    let kind = ExprKind::Coalesce(vec![of_left, of_right]);
                    Expr { kind, ty, collation }
                }
                _ => of_left,
            };
            let is_left = kind != JoinKind::Right;
            let origin = if is_left { left.origin.clone() } else { right.origin.clone() };
            let declared = if is_left { left.declared.clone() } else { right.declared.clone() };
            merged.push(Visible { name: left.name.clone(), expr, origin, declared });
        }
        let is_merged =
            |column: &Visible| names.iter().any(|name| self.is_name(name, &column.name));
        let columns = match self.is_sqlite() {
            true => {
                let mut columns = of_left.columns;
                for column in merged {
                    let mut left = columns.iter_mut();
                    if let Some(at) = left.find(|left| self.is_name(&left.name, &column.name)) {
                        *at = column;
                    }
                }
                columns.extend(of_right.columns.into_iter().filter(|column| !is_merged(column)));
                columns
            }
            false => {
                let rest = of_left.columns.into_iter().chain(of_right.columns);
                merged.extend(rest.filter(|column| !is_merged(column)));
                merged
            }
        };
        let mut namespace = Namespace { relations: of_left.relations, columns };
        namespace.relations.extend(of_right.relations);
        Ok((Expr::all(conditions), namespace))
    }

    fn using_column(&self, namespace: &Namespace, name: &str, side: &str) -> Result<Visible> {
        let mut found = namespace.columns.iter().filter(|column| self.is_name(&column.name, name));
        let Some(first) = found.next() else {
            return Err(match self.is_sqlite() {
                true => SqlError::new(
                    "42703",
                    format!("cannot join using column {name} - column not present in both tables"),
                ),
                false => SqlError::new(
                    "42703",
                    format!(
                        "column \"{name}\" specified in USING clause does not exist in {side} \
                            table"
                    ),
                ),
            });
        };
        if found.next().is_some() && !self.is_sqlite() {
            let message =
                format!("common column name \"{name}\" appears more than once in {side} table");
            return Err(SqlError::new("42702", message));
        }
        Ok(first.clone())
    }

    fn factor(&mut self, factor: &TableFactor, before: &Namespace) -> Result<(Rel, Namespace)> {
        match factor {
            TableFactor::Table { name, alias, args: Some(args), with_ordinality, .. } => {
                self.functions(name, &args.args, *with_ordinality, alias.as_ref(), before)
            }
            TableFactor::Table { name, alias, args: None, index_directives, sample, .. }
                if sample.is_none() || !self.is_sqlite() =>
            {
                let indexed = index_directives.iter().find_map(|directive| match directive {
                    TableIndexDirective::IndexedBy(index) => Some(Some(self.fold(index))),
                    TableIndexDirective::NotIndexed => Some(None),
                    TableIndexDirective::MySql(_) => None,
                });
                let (mut rel, relation) = self.relation(name, indexed)?;
                if let Some(sample) = sample {
                    rel = self.sampled(rel, &relation, sample)?;
                }
                Ok((rel, Namespace::of(self.aliased(relation, alias.as_ref())?)))
            }
            TableFactor::Derived { lateral, subquery, alias, sample: None } => {
                if has_changes(subquery) {
                    let message = "WITH clause containing a data-modifying statement must be at \
                                   the top level";
                    return Err(SqlError::unsupported(message));
                }
                // SQLite's subqueries see nothing beside them.
                let query = if *lateral {
                    let clause = Clause::LateralFrom;
                    self.within(before.clone(), clause, |binder| binder.query(subquery))?
                } else {
                    self.beside_of(before, |binder| binder.query(subquery))?
                };
                if alias.is_none() && !self.is_sqlite() {
                    let error = SqlError::new("42601", "subquery in FROM must have an alias");
                    return Err(error.with_hint("For example, FROM (SELECT ...) [AS] foo."));
                }
                let (rel, relation) = self.derived(query, "");
                Ok((rel, Namespace::of(self.aliased(relation, alias.as_ref())?)))
            }
            TableFactor::Function { name, args, with_ordinality, alias, .. } => {
                self.functions(name, args, *with_ordinality, alias.as_ref(), before)
            }
            TableFactor::UNNEST { alias, array_exprs, with_ordinality, .. } => {
                let calls: Vec<_> =
                    array_exprs.iter().map(|array| ("unnest", vec![array])).collect();
                self.set_relation(&calls, *with_ordinality, alias.as_ref(), before)
            }
            TableFactor::NestedJoin { table_with_joins, alias } => {
                let (rel, mut namespace) = self.joins(table_with_joins, before)?;
                let Some(alias) = alias else {
                    // In front of all others the parentheses say nothing.
                    if self.is_sqlite() && !before.relations.is_empty() {
                        tell_apart(namespace.columns.iter_mut().map(|column| &mut column.name));
                    }
                    return Ok((rel, namespace));
                };
                let columns = namespace.columns;
                let scope =
                    RelationScope { name: String::new(), columns, ..RelationScope::default() };
                Ok((rel, Namespace::of(self.aliased(scope, Some(alias))?)))
            }
            other => Err(self.unsupported(&format!("{other} is not supported in FROM"))),
        }
    }

    /// A relation by its alias.
    fn aliased(
        &self,
        mut relation: RelationScope,
        alias: Option<&TableAlias>,
    ) -> Result<RelationScope> {
        let Some(alias) = alias else { return Ok(relation) };
        relation.name = self.fold(&alias.name);
        relation.schema = None;
        if alias.columns.len() > relation.columns.len() {
            let message = format!(
                "table \"{}\" has {} columns available but {} columns specified",
                relation.name,
                relation.columns.len(),
                alias.columns.len()
            );
            return Err(SqlError::new("42P10", message));
        }
        for (column, name) in relation.columns.iter_mut().zip(&alias.columns) {
            column.name = self.fold(&name.name);
        }
        Ok(relation)
    }

    /// The table, view or common table expression of a name.
    pub(crate) fn relation(
        &mut self,
        name: &ObjectName,
        indexed: Option<Option<String>>,
    ) -> Result<(Rel, RelationScope)> {
        let (schema, relation) = self.object_name(name)?;
        if schema.is_none()
            && let Some(found) = self.cte_scan(&relation)
        {
            return found;
        }
        if let Some(found) = self.system_relation(schema.as_deref(), &relation)? {
            return Ok(found);
        }
        match self.catalog.relation(schema.as_deref(), &relation, self.settings) {
            Some(Relation::Table(table)) => {
                if table.note.materialized.as_ref().is_some_and(|view| !view.is_populated()) {
                    return Err(super::view::unpopulated(&table.name));
                }
                let alias = table.name.clone();
                Ok(self.scan(&table, &alias, indexed))
            }
            Some(Relation::View(view)) => self.view(&view),
            Some(Relation::AggregateView(view)) => self.aggregate_view(&view),
            None => match self.catalog.sequence(schema.as_deref(), &relation, self.settings) {
                Some(sequence) => Ok(self.sequence_row(&Arc::clone(sequence))),
                None => Err(self.no_relation(name, schema.as_deref(), &relation)),
            },
        }
    }

    /// The row that a sequence has.
    fn sequence_row(&mut self, sequence: &crate::catalog::SequenceEntry) -> (Rel, RelationScope) {
        let shape = [
            ("last_value", SqlType::BigInt),
            ("log_cnt", SqlType::BigInt),
            ("is_called", SqlType::Boolean),
        ];
        let columns: Vec<_> = shape
            .into_iter()
            .map(|(name, ty)| column(self.next_column(), name, ty, Collation::Binary))
            .collect();
        let visible = columns.iter().map(|column| Visible {
            name: column.name.clone(),
            expr: expr_of(column),
            origin: None,
            declared: None,
        });
        let scope = RelationScope {
            name: sequence.name.clone(),
            schema: Some(sequence.schema.clone()),
            columns: visible.collect(),
            ..RelationScope::default()
        };
        let full = crate::catalog::key_of(&sequence.schema, &sequence.name);
        let call = SetCall {
            function: &crate::function::SEQUENCE_ROW,
            arguments: vec![Expr::literal(crate::datum::Datum::text(&full), SqlType::Text)],
            columns,
        };
        (Rel::Functions { calls: vec![call], ordinality: None }, scope)
    }

    pub(crate) fn no_relation(
        &self,
        name: &ObjectName,
        schema: Option<&str>,
        relation: &str,
    ) -> SqlError {
        let full = match schema {
            Some(schema) => format!("{schema}.{relation}"),
            None => relation.to_owned(),
        };
        let error = match self.is_sqlite() {
            true => SqlError::new("42P01", format!("no such table: {full}")),
            false => SqlError::new("42P01", format!("relation \"{full}\" does not exist")),
        };
        self.at(error, Binder::span_of(name))
    }

    /// A scan of all columns of a table; those that nobody uses go at the end.
    pub(crate) fn scan(
        &mut self,
        table: &Arc<TableEntry>,
        alias: &str,
        indexed_by: Option<Option<String>>,
    ) -> (Rel, RelationScope) {
        let mut columns = Vec::new();
        let mut visible = Vec::new();
        for (at, entry) in table.columns.iter().enumerate() {
            let id = self.next_column();
            let ty = if self.is_sqlite() { SqlType::Any } else { entry.ty.clone() };
            let column = column(id, &entry.name, ty, entry.collation);
            if self.is_sqlite() {
                self.affinities.insert(id, entry.affinity);
            }
            visible.push(Visible {
                name: entry.name.clone(),
                expr: expr_of(&column),
                origin: Some(ColumnOrigin::new(&table.schema, &table.name, &entry.name, at)),
                declared: Some(entry.declared_type()),
            });
            columns.push((column, ScanColumn::Column(at)));
        }
        let hidden = self.row_id(table, &mut columns, &visible);
        let key = self.next_column();
        columns.push((column(key, "key", key_type(table), Collation::Binary), ScanColumn::Key));
        let scope = RelationScope {
            name: alias.to_owned(),
            schema: Some(table.schema.clone()),
            columns: visible,
            hidden,
            table: Some((Arc::clone(table), table.table.clone(), key)),
            is_value: false,
        };
        let scan =
            TableScan { table: table.table.clone(), alias: alias.to_owned(), columns, indexed_by };
        (Rel::Scan(scan), scope)
    }

    /// SQLite's names of the row id: those that no column has.
    fn row_id(
        &mut self,
        table: &TableEntry,
        columns: &mut Vec<(crate::algebra::Column, ScanColumn)>,
        visible: &[Visible],
    ) -> Vec<Visible> {
        if !self.is_sqlite() {
            return Vec::new();
        }
        let names = ["rowid", "oid", "_rowid_"];
        let is_free = |name: &&str| !visible.iter().any(|c| c.name.eq_ignore_ascii_case(name));
        let definition = table.table.definition();
        let expr = match definition.primary_key_positions() {
            [] => {
                let id = self.next_column();
                let row_id = column(id, "rowid", SqlType::Any, Collation::Binary);
                self.affinities.insert(id, Affinity::Integer);
                columns.push((row_id.clone(), ScanColumn::RowId));
                expr_of(&row_id)
            }
            [one] if definition.columns[usize::from(*one)].data_type == bourse::Type::BigInt => {
                visible[usize::from(*one)].expr.clone()
            }
            _ => return Vec::new(),
        };
        let visible = |name: &str| Visible {
            name: name.to_owned(),
            expr: expr.clone(),
            origin: None,
            declared: Some("INTEGER".to_owned()),
        };
        names.into_iter().filter(is_free).map(visible).collect()
    }

    /// A query as a relation.
    pub(crate) fn derived(&mut self, mut query: Query, name: &str) -> (Rel, RelationScope) {
        if self.is_sqlite() {
            tell_apart(query.columns.iter_mut().map(|column| &mut column.name));
        } else {
            query = self.with_columns_apart(query);
        }
        let columns = query.columns.into_iter().map(|output| Visible {
            name: output.name,
            expr: Expr::column(output.id, output.ty, output.collation),
            origin: output.origin,
            declared: output.declared,
        });
        let scope = RelationScope {
            name: name.to_owned(),
            columns: columns.collect(),
            ..RelationScope::default()
        };
        (query.rel, scope)
    }

    fn functions(
        &mut self,
        name: &ObjectName,
        arguments: &[FunctionArg],
        ordinality: bool,
        alias: Option<&TableAlias>,
        before: &Namespace,
    ) -> Result<(Rel, Namespace)> {
        let (_, name) = self.object_name(name)?;
        let name = name.to_lowercase();
        let mut trees = Vec::new();
        let Some(ordered) = super::argument::in_order(&name, arguments)? else {
            return Err(self.no_such_call(&name, arguments));
        };
        for argument in ordered.arguments {
            match argument {
                FunctionArgExpr::Expr(tree) => trees.push(tree),
                FunctionArgExpr::Wildcard if name == "count" && !self.is_sqlite() => {
                    let message = "aggregate functions are not allowed in functions in FROM";
                    return Err(SqlError::new("42803", message));
                }
                other => return Err(self.unsupported(&format!("{other} is not supported here"))),
            }
        }
        if name == "unnest" && trees.len() > 1 {
            let calls: Vec<_> = trees.into_iter().map(|tree| ("unnest", vec![tree])).collect();
            return self.set_relation(&calls, ordinality, alias, before);
        }
        if self.is_sqlite()
            && let Some(pragma) = name.strip_prefix("pragma_")
        {
            let value = match trees.first() {
                Some(tree) => {
                    Some(self.within(before.clone(), Clause::FunctionInFrom, |binder| {
                        binder.value_expr(tree)
                    })?)
                }
                None => None,
            };
            let (rel, relation) = self
                .pragma_rows(pragma, value, false)
                .ok_or_else(|| SqlError::new("42P01", format!("no such table: {name}")))?;
            return Ok((rel, Namespace::of(self.aliased(relation, alias)?)));
        }
        if name == "rows" {
            // ROWS FROM is read as a call: its arguments are calls.
            return self.rows_from(&trees, ordinality, alias, before);
        }
        if let Some((rel, relation)) = self.rows_of_json(&name, &trees, alias, before)? {
            return Ok((rel, Namespace::of(self.aliased(relation, alias)?)));
        }
        self.set_relation(&[(&name, trees)], ordinality, alias, before)
    }

    /// ROWS FROM: several calls side by side.
    fn rows_from(
        &mut self,
        trees: &[&sqlparser::ast::Expr],
        ordinality: bool,
        alias: Option<&TableAlias>,
        before: &Namespace,
    ) -> Result<(Rel, Namespace)> {
        let mut names = Vec::with_capacity(trees.len());
        let mut all = Vec::with_capacity(trees.len());
        for tree in trees {
            let sqlparser::ast::Expr::Function(call) = tree else {
                return Err(SqlError::new("42601", format!("{tree} is no function of ROWS FROM")));
            };
            let sqlparser::ast::FunctionArguments::List(list) = &call.args else {
                return Err(self.unsupported(&format!("{call} is not supported in ROWS FROM")));
            };
            let mut arguments = Vec::with_capacity(list.args.len());
            for argument in &list.args {
                let FunctionArg::Unnamed(FunctionArgExpr::Expr(tree)) = argument else {
                    return Err(self.unsupported(&format!("{argument} is not supported here")));
                };
                arguments.push(tree);
            }
            let name = self.object_name(&call.name)?.1.to_lowercase();
            if name == "unnest" {
                // Of several arrays, each is one beside the others.
                names.extend(arguments.iter().map(|_| name.clone()));
                all.extend(arguments.into_iter().map(|array| vec![array]));
                continue;
            }
            names.push(name);
            all.push(arguments);
        }
        let calls: Vec<_> = names.iter().map(String::as_str).zip(all).collect();
        self.set_relation(&calls, ordinality, alias, before)
    }

    /// Functions in FROM side by side.
    fn set_relation(
        &mut self,
        calls: &[(&str, Vec<&sqlparser::ast::Expr>)],
        ordinality: bool,
        alias: Option<&TableAlias>,
        before: &Namespace,
    ) -> Result<(Rel, Namespace)> {
        let mut bound = Vec::new();
        for (name, trees) in calls {
            bound.push(self.within(before.clone(), Clause::FunctionInFrom, |binder| {
                binder.function_in_from(name, trees)
            })?);
        }
        let named = |name: &str, expr: Expr| {
            let name = name.to_owned();
            Visible { name, expr, origin: None, declared: None }
        };
        let mut visible = Vec::new();
        let mut set_calls: Vec<SetCall> = Vec::new();
        let single = bound.len() == 1 && !ordinality;
        let mut scalar = None;
        for (name, call) in calls.iter().map(|(name, _)| *name).zip(bound) {
            match call {
                FunctionRelation::Set(call) => {
                    visible.extend(call.columns.iter().map(|c| named(&c.name, expr_of(c))));
                    set_calls.push(call);
                }
                FunctionRelation::Scalar(expr) if single => scalar = Some((name.to_owned(), expr)),
                FunctionRelation::Scalar(_) => {
                    let message =
                        format!("{name} returns one value: WITH ORDINALITY is not supported");
                    return Err(self.unsupported(&message));
                }
            }
        }
        let first = calls.first().map_or("", |(name, _)| *name);
        let rel = match scalar {
            Some((name, expr)) => {
                let (rel, exprs) = self.one_row(vec![(name.clone(), expr)]);
                visible.extend(exprs.into_iter().map(|expr| named(&name, expr)));
                rel
            }
            None => {
                let ordinality = ordinality.then(|| {
                    let id = self.next_column();
                    column(id, "ordinality", SqlType::BigInt, Collation::Binary)
                });
                visible.extend(ordinality.iter().map(|c| named(&c.name, expr_of(c))));
                Rel::Functions { calls: set_calls, ordinality }
            }
        };
        // A function's only column goes by the alias too.
        if let (Some(alias), [only, ..]) = (alias, visible.as_mut_slice())
            && alias.columns.is_empty()
            && only.name == first
        {
            only.name = self.fold(&alias.name);
        }
        let scope = RelationScope {
            name: first.to_owned(),
            columns: visible,
            is_value: single && !self.is_sqlite(),
            ..RelationScope::default()
        };
        Ok((rel, Namespace::of(self.aliased(scope, alias)?)))
    }

    fn function_in_from(
        &mut self,
        name: &str,
        trees: &[&sqlparser::ast::Expr],
    ) -> Result<FunctionRelation> {
        let bound = trees.iter().map(|tree| self.value_expr(tree));
        let arguments = bound.collect::<Result<Vec<_>>>()?;
        let types: Vec<SqlType> = arguments.iter().map(|argument| argument.ty.clone()).collect();
        match resolve::set_returning(self.dialect, name, &types)? {
            Some(set) => {
                let arguments = self.cast_arguments(arguments, &set.arguments)?;
                let mut columns = Vec::new();
                for (name, ty) in &set.columns {
                    let id = self.next_column();
                    columns.push(column(id, name, ty.clone(), Collation::Binary));
                }
                Ok(FunctionRelation::Set(SetCall { function: set.function, arguments, columns }))
            }
            None if self.is_sqlite() => {
                Err(SqlError::new("42P01", format!("no such table: {name}")))
            }
            None => match self.special_call(name, trees)? {
                Some(made) => Ok(FunctionRelation::Scalar(made)),
                None => self.scalar(name, arguments).map(FunctionRelation::Scalar),
            },
        }
    }

    /// An expression as an integer, for counts of rows.
    pub(crate) fn as_count(&mut self, expr: Expr) -> Result<Expr> {
        self.coerce(expr, &SqlType::BigInt, CastContext::Assignment)
    }
}

enum FunctionRelation {
    Set(SetCall),
    Scalar(Expr),
}

/// The type of a table's key as a value.
pub(crate) fn key_type(table: &TableEntry) -> SqlType {
    let positions = table.table.definition().primary_key_positions();
    let columns = positions.iter().map(|position| {
        let column = &table.columns[usize::from(*position)];
        (column.name.clone(), column.ty.clone())
    });
    let columns: Vec<(String, SqlType)> = columns.collect();
    if columns.is_empty() {
        return SqlType::Record([("rowid".to_owned(), SqlType::BigInt)].into());
    }
    SqlType::Record(columns.into())
}

/// Whether a query's WITH changes rows.
fn has_changes(query: &sqlparser::ast::Query) -> bool {
    use sqlparser::ast::SetExpr::{Delete, Insert, Merge, Update};
    let ctes = query.with.iter().flat_map(|with| &with.cte_tables);
    ctes.into_iter()
        .any(|cte| matches!(*cte.query.body, Insert(_) | Update(_) | Delete(_) | Merge(_)))
}
