//! Window functions: their windows and frames.

use sqlparser::ast::{
    Expr as Ast, Function, NamedWindowExpr, WindowFrame, WindowFrameBound, WindowFrameUnits,
    WindowSpec, WindowType,
};

use super::binder::Binder;
use super::call::{Arguments, syntax_error};
use super::compare::ordinal;
use super::same::same;
use super::scope::{Clause, expr_of};
use crate::algebra::{
    Expr, ExprKind, Frame, FrameBound, FrameExclusion, FrameUnits, Rel, SortKey, WindowCall,
    WindowKind,
};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::cast::CastContext;
use crate::function::{WindowFunction, resolve};
use crate::parse::{EXCLUDE_CURRENT_ROW, EXCLUDE_GROUP, EXCLUDE_TIES};
use crate::types::SqlType;

/// A partition and order, which several calls may share.
#[derive(Clone, Debug)]
pub(crate) struct WindowOver {
    pub(crate) partition: Vec<Expr>,
    pub(crate) order: Vec<SortKey>,
}

impl WindowOver {
    pub(crate) fn is_same(&self, other: &WindowOver) -> bool {
        let all_same =
            |a: &[Expr], b: &[Expr]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b));
        let same_key = |(a, b): (&SortKey, &SortKey)| {
            a.descending == b.descending && a.nulls_first == b.nulls_first && same(&a.expr, &b.expr)
        };
        all_same(&self.partition, &other.partition)
            && self.order.len() == other.order.len()
            && self.order.iter().zip(&other.order).all(same_key)
    }
}

impl Binder<'_> {
    /// A call with OVER.
    pub(crate) fn window_call(
        &mut self,
        name: &str,
        function: &Function,
        arguments: &Arguments<'_>,
    ) -> Result<Expr> {
        let Some(over) = &function.over else {
            return Err(SqlError::new(
                "42809",
                format!("window function {name} requires an OVER clause"),
            ));
        };
        self.check_window_place(name)?;
        if arguments.distinct {
            let message = match self.is_sqlite() {
                true => "DISTINCT is not supported for window functions",
                false => "DISTINCT is not implemented for window functions",
            };
            return Err(SqlError::unsupported(message));
        }
        if !self.is_sqlite() {
            if function.null_treatment.is_some() {
                return Err(syntax_error("NULLS"));
            }
            if !arguments.order.is_empty() {
                let message = "aggregate ORDER BY is not implemented for window functions";
                return Err(SqlError::unsupported(message));
            }
        }
        self.frame().in_window = true;
        let bound = self.window_parts(name, function, arguments, over);
        self.frame().in_window = false;
        let (window, call) = bound?;
        let expr = expr_of(&call.column);
        self.frame().windows.push((window, call));
        Ok(expr)
    }

    fn check_window_place(&mut self, name: &str) -> Result<()> {
        let is_sqlite = self.is_sqlite();
        let frame = self.frame();
        let mut sqlstate = "42P20";
        let message = if frame.in_window && matches!(frame.clause, Clause::Window) {
            "window functions are not allowed in window definitions".to_owned()
        } else if frame.in_window {
            "window function calls cannot be nested".to_owned()
        } else if frame.in_aggregate {
            sqlstate = "42803";
            "aggregate function calls cannot contain window function calls".to_owned()
        } else if frame.clause.takes_windows() {
            return Ok(());
        } else {
            format!("window functions are not allowed in {}", frame.clause.name())
        };
        Err(match is_sqlite {
            true => SqlError::new("42P20", format!("misuse of window function {name}()")),
            false => SqlError::new(sqlstate, message),
        })
    }

    fn window_parts(
        &mut self,
        name: &str,
        function: &Function,
        arguments: &Arguments<'_>,
        over: &WindowType,
    ) -> Result<(WindowOver, WindowCall)> {
        let mut parts = Vec::new();
        for tree in &arguments.trees {
            parts.push(self.value_expr(tree)?);
        }
        let types: Vec<SqlType> = parts.iter().map(|part| part.ty.clone()).collect();
        let user = match self.is_sqlite() {
            true => self.settings.functions().resolve_aggregate(name, &types, true)?,
            false => None,
        };
        let library = match user {
            Some(_) => None,
            None => resolve::window(self.dialect, name, &types)?,
        };
        let (kind, types, result) = match library {
            Some((window, types, result)) => (WindowKind::Window(window), types, result),
            None => match user
                .map_or_else(|| resolve::aggregate(self.dialect, name, &types), |u| Ok(Some(u)))?
            {
                Some(found) => {
                    (WindowKind::Aggregate(found.function), found.arguments, found.result)
                }
                None if self.is_sqlite() => {
                    return Err(SqlError::new(
                        "42P20",
                        format!("{name}() may not be used as a window function"),
                    ));
                }
                None => {
                    resolve::scalar(self.dialect, name, &types)?;
                    let message = format!(
                        "OVER specified, but {name} is not a window function nor an aggregate \
                            function"
                    );
                    return Err(SqlError::new("42809", message));
                }
            },
        };
        if function.filter.is_some() && matches!(kind, WindowKind::Window(_)) {
            return Err(match self.is_sqlite() {
                true => SqlError::new(
                    "42809",
                    "FILTER clause may only be used with aggregate window functions",
                ),
                false => SqlError::unsupported(
                    "FILTER is not implemented for non-aggregate window functions",
                ),
            });
        }
        let mut parts = self.cast_arguments(parts, &types)?;
        if let WindowKind::Window(WindowFunction::Lag | WindowFunction::Lead) = kind
            && self.is_sqlite()
            && let Some(distance) = parts.get_mut(1)
        {
            // As far as NULL no row is, and so it is the default.
            let farthest = Expr::literal(Datum::Integer(i64::MAX), SqlType::Any);
            let kind = ExprKind::Coalesce(vec![distance.clone(), farthest]);
            *distance = Expr { kind, ty: SqlType::Any, collation: distance.collation };
        }
        let filter = match &function.filter {
            Some(filter) => {
                let bound = self.expr(filter)?;
                Some(self.condition(bound, "FILTER")?)
            }
            None => None,
        };
        let (window, frame) = self.window_of(over)?;
        let result =
            Expr { kind: ExprKind::CaseOperand, ty: result, collation: bourse::Collation::Binary };
        let column = self.column_for(name, &result);
        Ok((window, WindowCall { column, kind, arguments: parts, filter, frame }))
    }

    fn window_of(&mut self, over: &WindowType) -> Result<(WindowOver, Frame)> {
        let spec = match over {
            WindowType::NamedWindow(name) => {
                let name = self.fold(name);
                self.named_window(&name)?
            }
            WindowType::WindowSpec(spec) => self.complete(spec)?,
        };
        let is_mark =
            |ast: &Ast| matches!(ast, Ast::Identifier(ident) if ident.value.starts_with('\0'));
        let mut exclusion = FrameExclusion::NoOthers;
        let mut window = WindowOver { partition: Vec::new(), order: Vec::new() };
        for part in &spec.partition_by {
            if let Ast::Identifier(ident) = part
                && is_mark(part)
            {
                exclusion = match ident.value.as_str() {
                    EXCLUDE_CURRENT_ROW => FrameExclusion::CurrentRow,
                    EXCLUDE_GROUP => FrameExclusion::Group,
                    EXCLUDE_TIES => FrameExclusion::Ties,
                    _ => FrameExclusion::NoOthers,
                };
                continue;
            }
            let bound = self.in_clause(Clause::Window, |binder| binder.value_expr(part))?;
            window.partition.push(self.settle(bound)?);
        }
        for key in &spec.order_by {
            let key = self.in_clause(Clause::Window, |binder| binder.sort_key(key))?;
            window.order.push(SortKey { expr: ordinal(key.expr)?, ..key });
        }
        self.key_as_limit(spec.window_frame.as_ref(), &mut window)?;
        let frame = self.frame_of(spec.window_frame.as_ref(), &window, exclusion)?;
        Ok((window, frame))
    }

    /// The window of a name, with what it takes over from others.
    fn named_window(&mut self, name: &str) -> Result<WindowSpec> {
        let named = &self.frame().named_windows;
        let found = named.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).cloned();
        match found {
            Some((_, NamedWindowExpr::NamedWindow(other))) => {
                let other = self.fold(&other);
                self.named_window(&other)
            }
            Some((_, NamedWindowExpr::WindowSpec(spec))) => self.complete(&spec),
            None if self.is_sqlite() => {
                Err(SqlError::new("42704", format!("no such window: {name}")))
            }
            None => Err(SqlError::new("42704", format!("window \"{name}\" does not exist"))),
        }
    }

    fn complete(&mut self, spec: &WindowSpec) -> Result<WindowSpec> {
        let Some(base) = &spec.window_name else { return Ok(spec.clone()) };
        let name = self.fold(base);
        let base = self.named_window(&name)?;
        let mut whole = spec.clone();
        let marks =
            |ast: &&Ast| matches!(ast, Ast::Identifier(ident) if ident.value.starts_with('\0'));
        if spec.partition_by.iter().any(|part| !marks(&part)) {
            let message = format!("cannot override PARTITION BY clause of window \"{name}\"");
            return Err(SqlError::new("42P20", message));
        }
        if !spec.order_by.is_empty() && !base.order_by.is_empty() {
            let message = format!("cannot override ORDER BY clause of window \"{name}\"");
            return Err(SqlError::new("42P20", message));
        }
        if base.window_frame.is_some() {
            let message = format!("cannot copy window \"{name}\" because it has a frame clause");
            return Err(SqlError::new("42P20", message));
        }
        whole.partition_by.extend(base.partition_by);
        if whole.order_by.is_empty() {
            whole.order_by = base.order_by;
        }
        Ok(whole)
    }

    /// Gives the key of the order the type that it has with a distance added: a date becomes a time
    /// of a day, a real a double.
    fn key_as_limit(&mut self, frame: Option<&WindowFrame>, window: &mut WindowOver) -> Result<()> {
        let Some(frame) = frame.filter(|frame| frame.units == WindowFrameUnits::Range) else {
            return Ok(());
        };
        let [key] = window.order.as_mut_slice() else { return Ok(()) };
        let to = match key.expr.ty {
            SqlType::Date => SqlType::Timestamp(6),
            SqlType::Real => SqlType::Double,
            _ => return Ok(()),
        };
        if has_distance(frame) {
            key.expr = self.coerce(key.expr.clone(), &to, CastContext::Implicit)?;
        }
        Ok(())
    }

    fn frame_of(
        &mut self,
        frame: Option<&WindowFrame>,
        window: &WindowOver,
        exclusion: FrameExclusion,
    ) -> Result<Frame> {
        if self.is_sqlite()
            && frame.is_some_and(|frame| frame.units == WindowFrameUnits::Range)
            && window.order.len() != 1
            && frame.is_some_and(has_distance)
        {
            let message = "RANGE with offset PRECEDING/FOLLOWING requires one ORDER BY expression";
            return Err(SqlError::new("42P20", message));
        }
        let Some(frame) = frame else {
            // All rows up to the equals of the current one.
            return Ok(Frame {
                units: FrameUnits::Range,
                start: FrameBound::UnboundedPreceding,
                end: FrameBound::CurrentRow,
                exclusion,
            });
        };
        let units = match frame.units {
            WindowFrameUnits::Rows => FrameUnits::Rows,
            WindowFrameUnits::Range => FrameUnits::Range,
            WindowFrameUnits::Groups => FrameUnits::Groups,
        };
        if units == FrameUnits::Groups && window.order.is_empty() && !self.is_sqlite() {
            return Err(SqlError::new("42P20", "GROUPS mode requires an ORDER BY clause"));
        }
        let start = self.frame_bound(&frame.start_bound, units, window)?;
        let end = match &frame.end_bound {
            Some(end) => self.frame_bound(end, units, window)?,
            None => FrameBound::CurrentRow,
        };
        let message = match (&start, &end) {
            (FrameBound::UnboundedFollowing, _) => "frame start cannot be UNBOUNDED FOLLOWING",
            (_, FrameBound::UnboundedPreceding) if frame.end_bound.is_some() => {
                "frame end cannot be UNBOUNDED PRECEDING"
            }
            (FrameBound::CurrentRow, FrameBound::Preceding(_)) => {
                "frame starting from current row cannot have preceding rows"
            }
            (FrameBound::Following(_), FrameBound::Preceding(_) | FrameBound::CurrentRow) => {
                "frame starting from following row cannot have preceding rows"
            }
            _ => return Ok(Frame { units, start, end, exclusion }),
        };
        let is_refused_alike = self.is_sqlite()
            && !matches!(start, FrameBound::UnboundedFollowing)
            && !matches!(end, FrameBound::UnboundedPreceding);
        let message = if is_refused_alike { "unsupported frame specification" } else { message };
        Err(SqlError::new("42P20", message))
    }

    fn frame_bound(
        &mut self,
        bound: &WindowFrameBound,
        units: FrameUnits,
        window: &WindowOver,
    ) -> Result<FrameBound> {
        Ok(match bound {
            WindowFrameBound::CurrentRow => FrameBound::CurrentRow,
            WindowFrameBound::Preceding(None) => FrameBound::UnboundedPreceding,
            WindowFrameBound::Following(None) => FrameBound::UnboundedFollowing,
            WindowFrameBound::Preceding(Some(distance)) => {
                FrameBound::Preceding(self.frame_distance(distance, units, window)?)
            }
            WindowFrameBound::Following(Some(distance)) => {
                FrameBound::Following(self.frame_distance(distance, units, window)?)
            }
        })
    }

    fn frame_distance(
        &mut self,
        distance: &Ast,
        units: FrameUnits,
        window: &WindowOver,
    ) -> Result<Expr> {
        let bound = self.in_clause(Clause::Window, |binder| binder.value_expr(distance))?;
        if self.is_sqlite() {
            return Ok(bound);
        }
        if !super::same::columns_of(&bound).is_empty() {
            let name = match units {
                FrameUnits::Rows => "ROWS",
                FrameUnits::Range => "RANGE",
                FrameUnits::Groups => "GROUPS",
            };
            let message = format!("argument of {name} must not contain variables");
            return Err(SqlError::new("42P10", message));
        }
        if units != FrameUnits::Range {
            return self.as_count(bound);
        }
        let [key] = window.order.as_slice() else {
            let message =
                "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column";
            return Err(SqlError::new("42P20", message));
        };
        let is_whole =
            |ty: &SqlType| matches!(ty, SqlType::SmallInt | SqlType::Integer | SqlType::BigInt);
        if is_whole(&key.expr.ty) && is_whole(&bound.ty) {
            return Ok(bound);
        }
        let to = match &key.expr.ty {
            SqlType::Time(_) | SqlType::Timestamp(_) | SqlType::TimestampTz(_) => SqlType::Interval,
            other => other.clone(),
        };
        let (of, by) = (key.expr.ty.name_without_modifier(), bound.ty.name_without_modifier());
        let has_distances = matches!(
            key.expr.ty,
            SqlType::SmallInt
                | SqlType::Integer
                | SqlType::BigInt
                | SqlType::Real
                | SqlType::Double
                | SqlType::Numeric(_)
                | SqlType::Date
                | SqlType::Time(_)
                | SqlType::Timestamp(_)
                | SqlType::TimestampTz(_)
                | SqlType::Interval
        );
        let refused = |what: String| {
            let message =
                format!("RANGE with offset PRECEDING/FOLLOWING is not supported for {what}");
            SqlError::unsupported(message)
        };
        if !has_distances {
            return Err(refused(format!("column type {of}")));
        }
        self.coerce(bound, &to, CastContext::Implicit).map_err(|error| match error.sqlstate() {
            "42846" => refused(format!("column type {of} and offset type {by}")),
            _ => error,
        })
    }
}

/// Whether a frame ends some distance away.
fn has_distance(frame: &WindowFrame) -> bool {
    use WindowFrameBound::{Following, Preceding};
    let mut bounds = std::iter::once(&frame.start_bound).chain(&frame.end_bound);
    bounds.any(|bound| matches!(bound, Preceding(Some(_)) | Following(Some(_))))
}

/// The operators of windows on top of `rel`, one for all calls over the same window.
pub(crate) fn windows_over(rel: Rel, windows: Vec<(WindowOver, WindowCall)>) -> Rel {
    let mut groups: Vec<(WindowOver, Vec<WindowCall>)> = Vec::new();
    for (window, call) in windows {
        match groups.iter_mut().find(|(known, _)| known.is_same(&window)) {
            Some((_, calls)) => calls.push(call),
            None => groups.push((window, vec![call])),
        }
    }
    groups.into_iter().fold(rel, |input, (window, calls)| Rel::Window {
        input: Box::new(input),
        partition: window.partition,
        order: window.order,
        calls,
    })
}
