//! Calls of functions, in the usual form and in those of their own.

use bourse::Collation;
use sqlparser::ast::{
    DateTimeField, Expr as Ast, Function, FunctionArgExpr, FunctionArgumentClause,
    FunctionArguments, OrderByExpr, TrimWhereField,
};

use super::binder::Binder;
use super::expression::boolean;
use crate::algebra::{CompareOp, Expr, ExprKind, SortKey, SubqueryKind};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::cast::CastContext;
use crate::function::{AggregateFunction, Resolved, ScalarFunction, collated_extreme, resolve};
use crate::types::SqlType;

/// Arguments of a call, and what stands among them.
pub(crate) struct Arguments<'a> {
    pub(crate) trees: Vec<&'a Ast>,
    /// `*` is the only one.
    pub(crate) star: bool,
    pub(crate) distinct: bool,
    pub(crate) order: &'a [OrderByExpr],
    /// The last one is an array of what it stands for.
    pub(crate) is_variadic: bool,
}

impl Binder<'_> {
    /// A call of the library, its arguments cast as it wants them.
    pub(crate) fn call(
        &mut self,
        resolved: Resolved<ScalarFunction>,
        arguments: Vec<Expr>,
    ) -> Result<Expr> {
        arguments.iter().try_for_each(|argument| self.check_no_row(argument))?;
        let collation = arguments.iter().map(|a| a.collation).find(|c| *c != Collation::Binary);
        let arguments = self.cast_arguments(arguments, &resolved.arguments)?;
        let kind = ExprKind::Call { function: resolved.function, arguments };
        let collation = if self.is_sqlite() { None } else { collation };
        Ok(Expr { kind, ty: resolved.result, collation: collation.unwrap_or(Collation::Binary) })
    }

    pub(crate) fn cast_arguments(
        &mut self,
        arguments: Vec<Expr>,
        types: &[SqlType],
    ) -> Result<Vec<Expr>> {
        let typed = arguments.into_iter().enumerate();
        typed
            .map(|(at, argument)| {
                let argument = match argument.kind {
                    ExprKind::Row(_) => self.settle(argument)?,
                    _ => argument,
                };
                match types.get(at).or(types.last()) {
                    // A name that is wanted as any type goes as its text.
                    Some(ty) => match argument.ty {
                        SqlType::Oid(_) if *ty == SqlType::Text => {
                            self.coerce(argument, ty, CastContext::Explicit)
                        }
                        _ => self.coerce(argument, ty, CastContext::Implicit),
                    },
                    None => Ok(argument),
                }
            })
            .collect()
    }

    /// OVERLAPS: two pairs of ends, or of a beginning and a length.
    pub(crate) fn overlaps(&mut self, a: &[Ast], b: &[Ast]) -> Result<Expr> {
        let mut ends = Vec::with_capacity(4);
        for (side, pair) in [("left", a), ("right", b)] {
            let [first, second] = pair else {
                let message =
                    format!("wrong number of parameters on {side} side of OVERLAPS expression");
                return Err(SqlError::new("42601", message));
            };
            let first = self.value_expr(first)?;
            let mut second = self.value_expr(second)?;
            if second.ty == SqlType::Interval {
                let (of, by) = (first.ty.clone(), second.ty.clone());
                let add = resolve::operator(self.dialect, "+", Some(&of), Some(&by))?;
                second = self.call(add, vec![first.clone(), second])?;
            }
            ends.extend([first, second]);
        }
        self.scalar("overlaps", ends).map_err(|error| {
            let call = error.message().to_owned();
            in_catalog(error, &call, "overlaps")
        })
    }

    /// A call of a scalar function by name.
    pub(crate) fn scalar(&mut self, name: &str, arguments: Vec<Expr>) -> Result<Expr> {
        let arguments: Vec<Expr> = arguments.into_iter().map(|a| self.value(a)).collect();
        let types: Vec<SqlType> = arguments.iter().map(|argument| argument.ty.clone()).collect();
        let resolved = self.resolve_scalar(name, &types)?;
        self.call(resolved, arguments)
    }

    /// The scalar function that a call means, a program's before the library's.
    fn resolve_scalar(&self, name: &str, types: &[SqlType]) -> Result<Resolved<ScalarFunction>> {
        if !self.is_sqlite() {
            return resolve::scalar(self.dialect, name, types);
        }
        let functions = self.settings.functions();
        if let Some(resolved) = functions.resolve_scalar(name, types) {
            return Ok(resolved);
        }
        resolve::scalar(self.dialect, name, types).map_err(|error| {
            if !functions.has_other(name) {
                return error;
            }
            wrong_count(name)
        })
    }

    /// The aggregate that a call means, a program's before the library's.
    pub(super) fn resolve_aggregate(
        &self,
        name: &str,
        types: &[SqlType],
    ) -> Result<Option<Resolved<AggregateFunction>>> {
        if self.is_sqlite() {
            let functions = self.settings.functions();
            if let Some(resolved) = functions.resolve_aggregate(name, types, false)? {
                return Ok(Some(resolved));
            }
            if functions.resolve_scalar(name, types).is_some() {
                return Ok(None);
            }
        }
        resolve::aggregate(self.dialect, name, types)
    }

    /// A call as it is written.
    pub(crate) fn function(&mut self, function: &Function) -> Result<Expr> {
        let (schema, name) = self.object_name(&function.name)?;
        let name = if self.is_sqlite() { name.to_ascii_lowercase() } else { name };
        let is_own = schema
            .as_deref()
            .is_none_or(|schema| ["pg_catalog", "public", "information_schema"].contains(&schema));
        let span = Binder::span_of(&function.name);
        if !is_own {
            let message = format!("schema \"{}\" does not exist", schema.unwrap_or_default());
            return Err(self.at(SqlError::new("3F000", message), span));
        }
        if schema.as_deref() == Some("public") && !self.is_sqlite() {
            // All functions are those of pg_catalog.
            let FunctionArguments::List(list) = &function.args else {
                return Err(self.at(self.unsupported("such a call is not supported"), span));
            };
            let error = self.no_such_call(&format!("public.{name}"), &list.args);
            return Err(self.at(error, span));
        }
        self.named_call(&name, function).map_err(|error| self.at(error, span))
    }

    fn named_call(&mut self, name: &str, function: &Function) -> Result<Expr> {
        if let FunctionArguments::Subquery(query) = &function.args {
            if name == "array" {
                return self.array_of_query(query);
            }
            let inner = self.subquery(query, SubqueryKind::Scalar)?;
            return self.plain_call(name, vec![inner]);
        }
        if matches!(function.args, FunctionArguments::None)
            && let Some(value) = self.word_call(name)?
        {
            return Ok(value);
        }
        let Some(arguments) = self.arguments(function)? else {
            let FunctionArguments::List(list) = &function.args else {
                return self.plain_call(name, Vec::new());
            };
            return Err(self.no_such_call(name, &list.args));
        };
        if function.over.is_some() {
            return self.window_call(name, function, &arguments);
        }
        self.check_form(name, function, &arguments)?;
        if !function.within_group.is_empty()
            && let Some(made) = self.hypothetical(name, function, &arguments.trees)?
        {
            return Ok(made);
        }
        if arguments.star
            || arguments.distinct
            || !arguments.order.is_empty()
            || !function.within_group.is_empty()
            || function.filter.is_some()
        {
            return self.aggregate_call(name, function, &arguments)?.ok_or_else(|| {
                if arguments.star && self.is_sqlite() {
                    return wrong_count(name);
                }
                let what = if arguments.star {
                    format!("function {name}() does not exist")
                } else if arguments.distinct {
                    format!("DISTINCT specified, but {name} is not an aggregate function")
                } else {
                    format!("FILTER specified, but {name} is not an aggregate function")
                };
                SqlError::new(if arguments.star { "42883" } else { "42809" }, what)
            });
        }
        if let Some(special) = self.special_call(name, &arguments.trees)? {
            return Ok(special);
        }
        if let Some(aggregate) = self.aggregate_call(name, function, &arguments)? {
            return Ok(aggregate);
        }
        let bound = self.bound_arguments(name, &arguments.trees, arguments.is_variadic)?;
        self.plain_call(name, bound)
    }

    /// Refuses forms of calls that there are not.
    fn check_form(&self, name: &str, function: &Function, arguments: &Arguments<'_>) -> Result<()> {
        if arguments.star && arguments.distinct && !self.is_sqlite() {
            return Err(syntax_error("*"));
        }
        let is_hypothetical = matches!(name, "rank" | "dense_rank" | "percent_rank" | "cume_dist");
        if is_hypothetical && function.within_group.is_empty() && !arguments.trees.is_empty() {
            let message = format!("WITHIN GROUP is required for ordered-set aggregate {name}");
            return Err(SqlError::new("42809", message));
        }
        Ok(())
    }

    fn plain_call(&mut self, name: &str, arguments: Vec<Expr>) -> Result<Expr> {
        let types: Vec<SqlType> = arguments.iter().map(|argument| argument.ty.clone()).collect();
        if let Some(set) = resolve::set_returning(self.dialect, name, &types)?
            && !self.is_sqlite()
        {
            return self.set_call(set, arguments);
        }
        if resolve::window(self.dialect, name, &types).is_ok_and(|window| window.is_some()) {
            return Err(match self.is_sqlite() {
                true => SqlError::new("42P20", format!("misuse of window function {name}()")),
                false => SqlError::new(
                    "42809",
                    format!("window function {name} requires an OVER clause"),
                ),
            });
        }
        // A type's name is a cast when it is called: `text(5)`.
        let resolved = self.resolve_scalar(name, &types);
        match (resolved, arguments.as_slice()) {
            (Ok(resolved), _) => self.call(resolved, arguments),
            (Err(error), [argument]) if !self.is_sqlite() && error.sqlstate() == "42883" => {
                match crate::catalog::resolve_type(name, self.catalog, self.settings) {
                    Ok(ty) => {
                        let argument = argument.clone();
                        self.coerce(argument, &ty, CastContext::Explicit)
                    }
                    Err(_) if matches!(argument.ty, SqlType::Record(_)) => {
                        self.field(argument.clone(), name)
                    }
                    Err(_) => Err(error),
                }
            }
            (Err(error), _) => Err(error),
        }
    }

    /// Functions that are written without parentheses.
    pub(crate) fn word_call(&mut self, name: &str) -> Result<Option<Expr>> {
        if self.is_sqlite() {
            let function = match name {
                "current_timestamp" => "datetime",
                "current_date" => "date",
                "current_time" => "time",
                _ => return Ok(None),
            };
            let now = Expr::literal(Datum::text("now"), SqlType::Any);
            return self.scalar(function, vec![now]).map(Some);
        }
        let of_now = match name {
            "current_timestamp" => SqlType::TimestampTz(6),
            "localtimestamp" => SqlType::Timestamp(6),
            "current_date" => SqlType::Date,
            "localtime" | "current_time" => SqlType::Time(6),
            "current_user" | "user" | "session_user" | "current_role" => {
                let user = Datum::text(self.settings.user());
                return Ok(Some(Expr::literal(user, SqlType::Name)));
            }
            "current_catalog" => {
                let database = Datum::text(self.settings.database());
                return Ok(Some(Expr::literal(database, SqlType::Name)));
            }
            "current_schema" => return self.scalar("current_schema", Vec::new()).map(Some),
            _ => return Ok(None),
        };
        let now = self.scalar("now", Vec::new())?;
        self.coerce(now, &of_now, CastContext::Explicit).map(Some)
    }

    /// The arguments of a call; `None` where no function takes them by the names they are given by.
    pub(crate) fn arguments<'a>(&self, function: &'a Function) -> Result<Option<Arguments<'a>>> {
        let mut arguments = Arguments {
            trees: Vec::new(),
            star: false,
            distinct: false,
            order: &[],
            is_variadic: false,
        };
        let FunctionArguments::List(list) = &function.args else { return Ok(Some(arguments)) };
        arguments.distinct =
            list.duplicate_treatment == Some(sqlparser::ast::DuplicateTreatment::Distinct);
        let name = function.name.0.last().and_then(|part| part.as_ident());
        let name = name.map(|ident| ident.value.to_lowercase()).unwrap_or_default();
        let Some(ordered) = super::argument::in_order(&name, &list.args)? else { return Ok(None) };
        arguments.is_variadic = ordered.is_variadic;
        for argument in ordered.arguments {
            match argument {
                FunctionArgExpr::Expr(tree) => arguments.trees.push(tree),
                FunctionArgExpr::Wildcard => arguments.star = true,
                other => return Err(self.unsupported(&format!("{other} is not supported here"))),
            }
        }
        for clause in &list.clauses {
            match clause {
                FunctionArgumentClause::OrderBy(order) => arguments.order = order,
                other => return Err(self.unsupported(&format!("{other} is not supported"))),
            }
        }
        Ok(Some(arguments))
    }

    /// `iif(condition, value, condition, value, ..., otherwise)`
    fn choice(&mut self, trees: &[&Ast]) -> Result<Expr> {
        let (mut branches, mut otherwise) = (Vec::new(), None);
        for pair in trees.chunks(2) {
            match pair {
                [condition, then] => {
                    let bound = self.expr(condition)?;
                    branches.push((self.condition(bound, "iif")?, self.value_expr(then)?));
                }
                [last] => otherwise = Some(Box::new(self.value_expr(last)?)),
                _ => {}
            }
        }
        let kind = ExprKind::Case { operand: None, branches, otherwise };
        Ok(Expr { kind, ty: SqlType::Any, collation: Collation::Binary })
    }

    /// `pg_typeof(value)`
    fn type_of(&mut self, only: &Expr) -> Result<Expr> {
        let name = only.ty.name_without_modifier();
        let literal = Expr::literal(Datum::text(&name), SqlType::Unknown);
        let ty = SqlType::Oid(crate::types::OidKind::Type);
        let name = self.coerce(literal, &ty, CastContext::Explicit)?;
        if matches!(only.kind, ExprKind::Literal(_) | ExprKind::Column(_)) {
            return Ok(name);
        }
        // What it is asked of is computed all the same.
        let operand = Box::new(only.clone());
        let asked = boolean(ExprKind::IsNull { operand, negated: false });
        let kind = ExprKind::Case {
            operand: None,
            branches: vec![(asked, name.clone())],
            otherwise: Some(Box::new(name)),
        };
        Ok(Expr { kind, ty, collation: Collation::Binary })
    }

    /// What looks like a call and is a form of its own.
    pub(crate) fn special_call(&mut self, name: &str, trees: &[&Ast]) -> Result<Option<Expr>> {
        let is_own = match name {
            "coalesce" | "nullif" | "grouping" => true,
            "greatest" | "least" | "row" | "pg_typeof" => !self.is_sqlite(),
            "ifnull" | "iif" | "if" => self.is_sqlite(),
            "min" | "max" => self.is_sqlite() && trees.len() > 1,
            _ => false,
        };
        if !is_own {
            return if self.is_sqlite() { Ok(None) } else { self.own_call(name, trees) };
        }
        if name == "grouping" {
            return self.grouping(trees).map(Some);
        }
        if name == "row" {
            let parts: Vec<Ast> = trees.iter().map(|tree| (*tree).clone()).collect();
            return self.row(&parts).map(Some);
        }
        let wrong = || wrong_count(name);
        if matches!(name, "iif" | "if") {
            if trees.len() < 2 {
                return Err(wrong());
            }
            return self.choice(trees).map(Some);
        }
        let sets = self.set_count();
        let bound: Vec<Expr> =
            trees.iter().map(|tree| self.value_expr(tree)).collect::<Result<_>>()?;
        if name == "coalesce" {
            self.check_no_sets(sets, "COALESCE")?;
        }
        if name == "pg_typeof" {
            let [only] = &bound[..] else { return Err(wrong()) };
            return self.type_of(only).map(Some);
        }
        if name == "nullif" {
            let collation = self.collation_of_arguments(&bound, trees)?;
            return self.nullif(bound, collation).map(Some);
        }
        if matches!(name, "min" | "max") {
            let collation = self.collation_of_arguments(&bound, trees)?;
            let Some(function) = collated_extreme(name == "max", collation) else {
                return self.plain_call(name, bound).map(Some);
            };
            let kind = ExprKind::Call { function, arguments: bound };
            return Ok(Some(Expr { kind, ty: SqlType::Any, collation: Collation::Binary }));
        }
        let least = if self.is_sqlite() { 2 } else { 1 };
        if bound.len() < least {
            return Err(if self.is_sqlite() { wrong() } else { syntax_error(")") });
        }
        let collation = self.collation_of_one(&bound);
        let (parts, ty) = self.unify(bound, &name.to_ascii_uppercase())?;
        if matches!(name, "coalesce" | "ifnull") {
            return Ok(Some(Expr { kind: ExprKind::Coalesce(parts), ty, collation }));
        }
        Ok(Some(self.extreme(name == "greatest", parts, ty, collation)?))
    }

    /// NULLIF: the first value, or NULL where the second one is equal.
    fn nullif(&mut self, bound: Vec<Expr>, collation: Collation) -> Result<Expr> {
        let has_more = bound.len() > 2;
        let mut bound = bound.into_iter();
        let (Some(left), Some(right), None) = (bound.next(), bound.next(), bound.next()) else {
            let token = if has_more { "," } else { ")" };
            return Err(if self.is_sqlite() { wrong_count("nullif") } else { syntax_error(token) });
        };
        let mut left = match (&left.ty, &right.ty) {
            (SqlType::Unknown, SqlType::Unknown | SqlType::Any) => self.settle(left)?,
            (SqlType::Unknown, ty) => {
                let ty = ty.clone();
                self.coerce(left, &ty, CastContext::Implicit)?
            }
            _ => self.settle(left)?,
        };
        // It is what the operator takes.
        if matches!(left.ty, SqlType::Varchar(_)) {
            left = self.coerce(left, &SqlType::Text, CastContext::Implicit)?;
        }
        let is_whole = matches!(left.ty, SqlType::SmallInt | SqlType::Integer | SqlType::BigInt);
        if is_whole && matches!(right.ty, SqlType::Numeric(_)) {
            left = self.coerce(left, &SqlType::Numeric(None), CastContext::Implicit)?;
        }
        let compared = if self.is_sqlite() { collation } else { left.collation };
        let same = self.compare(CompareOp::Equal, left.clone(), right, compared)?;
        let (ty, collation) = (left.ty.clone(), left.collation);
        let null = Expr { kind: ExprKind::Literal(Datum::Null), ty: ty.clone(), collation };
        let kind = ExprKind::Case {
            operand: None,
            branches: vec![(same, null)],
            otherwise: Some(Box::new(left)),
        };
        Ok(Expr { kind, ty, collation })
    }

    /// GREATEST and LEAST: what is not NULL, the first replaced by each that goes further.
    fn extreme(
        &mut self,
        greatest: bool,
        parts: Vec<Expr>,
        ty: SqlType,
        collation: Collation,
    ) -> Result<Expr> {
        let op = if greatest { CompareOp::GreaterOrEqual } else { CompareOp::LessOrEqual };
        // For n parts: the first that is not NULL and not beaten by another that is not NULL.
        let mut branches = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let mut tests =
                vec![boolean(ExprKind::IsNull { operand: Box::new(part.clone()), negated: true })];
            for (other_at, other) in parts.iter().enumerate() {
                if other_at == at {
                    continue;
                }
                let wins = self.compare(op, part.clone(), other.clone(), collation)?;
                let absent =
                    boolean(ExprKind::IsNull { operand: Box::new(other.clone()), negated: false });
                tests.push(boolean(ExprKind::Or(vec![absent, wins])));
            }
            branches.push((Expr::all(tests), part.clone()));
        }
        let kind = ExprKind::Case { operand: None, branches, otherwise: None };
        Ok(Expr { kind, ty, collation })
    }

    /// Functions with words between their arguments.
    pub(crate) fn function_syntax(&mut self, ast: &Ast) -> Result<Expr> {
        match ast {
            Ast::AtTimeZone { timestamp, time_zone } => {
                let arguments = vec![self.expr(time_zone)?, self.expr(timestamp)?];
                self.scalar("timezone", arguments)
            }
            Ast::Extract { field, expr, .. } => {
                let field = Expr::literal(Datum::text(&field_name(field)), SqlType::Text);
                let from = self.expr(expr)?;
                self.scalar("extract", vec![field, from]).map_err(|error| {
                    let call = error.message().replace("extract(text, ", "extract(unknown, ");
                    in_catalog(error, &call, "extract")
                })
            }
            Ast::Ceil { expr, .. } => {
                let argument = self.expr(expr)?;
                self.scalar("ceil", vec![argument])
            }
            Ast::Floor { expr, .. } => {
                let argument = self.expr(expr)?;
                self.scalar("floor", vec![argument])
            }
            Ast::Position { expr, r#in } => {
                let arguments = vec![self.expr(r#in)?, self.expr(expr)?];
                self.scalar("position", arguments)
            }
            Ast::Substring { expr, substring_from, substring_for, shorthand, .. } => self
                .substring(expr, substring_from.as_deref(), substring_for.as_deref(), *shorthand),
            Ast::Trim { trim_where, trim_what, expr, trim_characters } => {
                let mut arguments = vec![self.value_expr(expr)?];
                if let Some(what) = trim_what {
                    arguments.push(self.value_expr(what)?);
                }
                for what in trim_characters.iter().flatten() {
                    arguments.push(self.value_expr(what)?);
                }
                let both = if self.is_sqlite() { "trim" } else { "btrim" };
                let name = match trim_where {
                    Some(TrimWhereField::Leading) => "ltrim",
                    Some(TrimWhereField::Trailing) => "rtrim",
                    _ => both,
                };
                self.scalar(name, arguments)
            }
            Ast::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
                let mut arguments =
                    vec![self.expr(expr)?, self.expr(overlay_what)?, self.expr(overlay_from)?];
                if let Some(length) = overlay_for {
                    arguments.push(self.expr(length)?);
                }
                self.scalar("overlay", arguments)
            }
            other => Err(self.unsupported(&format!("{other} is not supported"))),
        }
    }

    /// SUBSTRING in all of its forms.
    fn substring(
        &mut self,
        expr: &Ast,
        substring_from: Option<&Ast>,
        substring_for: Option<&Ast>,
        shorthand: bool,
    ) -> Result<Expr> {
        let mut arguments = vec![self.value_expr(expr)?];
        let one = || {
            let ty = if self.is_sqlite() { SqlType::Any } else { SqlType::Integer };
            Expr::literal(Datum::Integer(1), ty)
        };
        if substring_from.is_none() && substring_for.is_none() && self.is_sqlite() {
            let name = if shorthand { "substr" } else { "substring" };
            return Err(wrong_count(name));
        }
        match substring_from {
            Some(from) => arguments.push(self.value_expr(from)?),
            None => arguments.push(one()),
        }
        if let Some(length) = substring_for {
            arguments.push(self.value_expr(length)?);
        }
        // Three texts: a pattern of SIMILAR TO, and its escape.
        let is_text = |part: &Expr| matches!(part.ty, SqlType::Text | SqlType::Unknown);
        if arguments.len() == 3 && arguments[1..].iter().all(is_text) && !self.is_sqlite() {
            let pattern = self.scalar("similar_to_escape", arguments.split_off(1))?;
            arguments.push(pattern);
        }
        self.scalar(if shorthand { "substr" } else { "substring" }, arguments)
    }

    /// A part of an order.
    pub(crate) fn sort_key(&mut self, key: &OrderByExpr) -> Result<SortKey> {
        let bound = self.value_expr(&key.expr)?;
        let expr = self.settle(bound)?;
        self.sort_key_of(expr, key)
    }

    /// A part of an order whose expression is bound.
    pub(crate) fn sort_key_of(&mut self, expr: Expr, key: &OrderByExpr) -> Result<SortKey> {
        use sqlparser::ast::OrderBySort;
        self.check_no_row(&expr)?;
        let expr = match self.said_collation(&key.expr)? {
            Some(said) => Expr { collation: said, ..expr },
            None => expr,
        };
        let descending = match &key.options.sort {
            None | Some(OrderBySort::Asc) => false,
            Some(OrderBySort::Desc) => true,
            Some(OrderBySort::Using(operator)) => operator.to_string().contains('>'),
        };
        if matches!(expr.ty, SqlType::Json) && !self.is_sqlite() {
            let ty = expr.ty.name_without_modifier();
            let message = format!("could not identify an ordering operator for type {ty}");
            return Err(SqlError::new("42883", message)
                .with_hint("Use an explicit ordering operator or modify the query."));
        }
        // NULL is the greatest to PostgreSQL and the least to SQLite.
        let greatest = !self.is_sqlite();
        let nulls_first = key.options.nulls_first.unwrap_or(descending == greatest);
        Ok(SortKey { expr, descending, nulls_first })
    }
}

fn wrong_count(name: &str) -> SqlError {
    SqlError::new("42883", format!("wrong number of arguments to function {name}()"))
}

/// What PostgreSQL's grammar says of arguments that are not there, or too many.
pub(super) fn syntax_error(token: &str) -> SqlError {
    SqlError::new("42601", format!("syntax error at or near \"{token}\""))
}

/// The error that there is no function of a form of its own: PostgreSQL tells it with its schema.
fn in_catalog(error: SqlError, message: &str, name: &str) -> SqlError {
    if error.sqlstate() != "42883" {
        return error;
    }
    let full = format!("function pg_catalog.{name}(");
    let told = SqlError::new("42883", message.replace(&format!("function {name}("), &full));
    match error.hint() {
        Some(hint) => told.with_hint(hint),
        None => told,
    }
}

pub(super) fn collation_of(parts: &[Expr]) -> Collation {
    parts.first().map_or(Collation::Binary, |part| part.collation)
}

/// EXTRACT's field as text.
fn field_name(field: &DateTimeField) -> String {
    match field {
        DateTimeField::Custom(ident) => ident.value.to_ascii_lowercase(),
        other => other.to_string().to_ascii_lowercase(),
    }
}
