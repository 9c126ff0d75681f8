//! Calls that look like others and are expressions of their own: of enumerated types, of the clock,
//! and aggregates of a row that is not there.

use bourse::Collation;
use sqlparser::ast::{Expr as Ast, Function, OrderBySort};

use super::binder::Binder;
use super::expression::boolean;
use crate::algebra::{Expr, ExprKind};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::cast::CastContext;
use crate::function::resolve::{self, no_function};
use crate::parse;
use crate::types::SqlType;

impl Binder<'_> {
    /// A call of one of these, if it is one; PostgreSQL's.
    pub(super) fn own_call(&mut self, name: &str, trees: &[&Ast]) -> Result<Option<Expr>> {
        match name {
            "enum_first" | "enum_last" | "enum_range" => self.of_enum(name, trees),
            "current_timestamp" | "localtimestamp" | "localtime" | "current_time" => {
                self.now_of_precision(name, trees)
            }
            "timeofday" if trees.is_empty() => {
                let text = "to_char(clock_timestamp(), 'Dy Mon DD HH24:MI:SS.US YYYY TZ')";
                let tree = parse::expression(text, self.dialect)?;
                self.expr(&tree).map(Some)
            }
            "pg_column_size" => self.column_size(trees),
            "length" if trees.len() == 2 => {
                let bytes = self.value_expr(trees[0])?;
                if bytes.ty != SqlType::Bytea {
                    return Ok(None);
                }
                let encoding = self.value_expr(trees[1])?;
                let text = self.scalar("convert_from", vec![bytes, encoding])?;
                self.scalar("length", vec![text]).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The labels of an enumerated type, or some of them.
    fn of_enum(&mut self, name: &str, trees: &[&Ast]) -> Result<Option<Expr>> {
        let bound = trees.iter().map(|tree| self.value_expr(tree)).collect::<Result<Vec<_>>>()?;
        let known = bound.iter().find_map(|argument| match &argument.ty {
            SqlType::Enum(declared) => Some((argument.ty.clone(), declared.labels.clone())),
            _ => None,
        });
        let takes = if name == "enum_range" { 1..=2 } else { 1..=1 };
        let Some((ty, labels)) = known.filter(|_| takes.contains(&bound.len())) else {
            let types: Vec<String> =
                bound.iter().map(|argument| argument.ty.name_without_modifier()).collect();
            return Err(no_function(&format!("{name}({})", types.join(", "))));
        };
        let label = |text: &String| Expr::literal(Datum::text(text), ty.clone());
        let kind = ExprKind::Array(labels.iter().map(label).collect());
        let all = Expr { kind, ty: ty.clone().array(), collation: Collation::Binary };
        Ok(Some(match (name, bound.as_slice()) {
            ("enum_first", _) => labels.first().map_or(all, label),
            ("enum_last", _) => labels.last().map_or(all, label),
            (_, [from, to]) => {
                let (from, to) = (from.clone(), to.clone());
                let low = self.place_of(all.clone(), &ty, from, 1)?;
                let high = self.place_of(all.clone(), &ty, to, labels.len())?;
                let bounds = vec![(Some(low), Some(high))];
                let ty = all.ty.clone();
                let kind = ExprKind::Slice { operand: Box::new(all), bounds };
                Expr { kind, ty, collation: Collation::Binary }
            }
            _ => all,
        }))
    }

    /// The place of a label among all of its type; for NULL another one.
    fn place_of(&mut self, all: Expr, ty: &SqlType, label: Expr, other: usize) -> Result<Expr> {
        let label = self.coerce(label, ty, CastContext::Implicit)?;
        let place = self.scalar("array_position", vec![all, label])?;
        let other = i64::try_from(other).unwrap_or(i64::MAX);
        let other = Expr::literal(Datum::Integer(other), SqlType::Integer);
        let kind = ExprKind::Coalesce(vec![place, other]);
        Ok(Expr { kind, ty: SqlType::Integer, collation: Collation::Binary })
    }

    /// `current_timestamp(3)` and its like.
    fn now_of_precision(&mut self, name: &str, trees: &[&Ast]) -> Result<Option<Expr>> {
        let [tree] = trees else { return Ok(None) };
        let bound = self.value_expr(tree)?;
        let ExprKind::Literal(Datum::Integer(digits)) = bound.kind else {
            let message = format!("syntax error at or near \"{tree}\"");
            return Err(SqlError::new("42601", message));
        };
        let digits = u8::try_from(digits.clamp(0, 6)).unwrap_or(6);
        let Some(now) = self.word_call(name)? else { return Ok(None) };
        let ty = match now.ty {
            SqlType::TimestampTz(_) => SqlType::TimestampTz(digits),
            SqlType::Timestamp(_) => SqlType::Timestamp(digits),
            _ => SqlType::Time(digits),
        };
        self.coerce(now, &ty, CastContext::Explicit).map(Some)
    }

    /// Bytes of a value as PostgreSQL keeps it.
    fn column_size(&mut self, trees: &[&Ast]) -> Result<Option<Expr>> {
        let [tree] = trees else { return Ok(None) };
        let bound = self.value_expr(tree)?;
        let is_column = matches!(bound.kind, ExprKind::Column(_));
        let fixed = match &bound.ty {
            SqlType::Boolean | SqlType::QuotedChar => 1,
            SqlType::SmallInt => 2,
            SqlType::Integer
            | SqlType::Oid(_)
            | SqlType::Real
            | SqlType::Date
            | SqlType::Enum(_) => 4,
            SqlType::BigInt
            | SqlType::Double
            | SqlType::Time(_)
            | SqlType::Timestamp(_)
            | SqlType::TimestampTz(_) => 8,
            SqlType::Interval | SqlType::Uuid => 16,
            SqlType::Name => 64,
            SqlType::Unknown => -1,
            SqlType::Text
            | SqlType::Varchar(_)
            | SqlType::Char(_)
            | SqlType::Bytea
            | SqlType::Json
            | SqlType::Numeric(_) => {
                // In a row, what is short has a header of one byte.
                if is_column { -3 } else { -2 }
            }
            other => {
                let message = format!(
                    "pg_column_size of type {} is not supported",
                    other.name_without_modifier()
                );
                return Err(self.unsupported(&message));
            }
        };
        let fixed = Expr::literal(Datum::Integer(fixed), SqlType::Integer);
        self.scalar(crate::function::COLUMN_SIZE, vec![bound, fixed]).map(Some)
    }

    /// `rank(1) WITHIN GROUP (ORDER BY x)` and its like: what a row of these values would be among
    /// the others, told by counting those that come before it.
    pub(super) fn hypothetical(
        &mut self,
        name: &str,
        function: &Function,
        direct: &[&Ast],
    ) -> Result<Option<Expr>> {
        if self.is_sqlite() || !matches!(name, "rank" | "dense_rank" | "percent_rank" | "cume_dist")
        {
            return Ok(None);
        }
        let keys = &function.within_group;
        if keys.len() != direct.len() {
            let mut types = Vec::new();
            for tree in direct.iter().copied().chain(keys.iter().map(|key| &key.expr)) {
                types.push(self.value_expr(tree)?.ty.name_without_modifier());
            }
            let message = format!("function {name}({}) does not exist", types.join(", "));
            let hint = format!(
                "To use the hypothetical-set aggregate {name}, the number of hypothetical direct \
                 arguments (here {}) must match the number of ordering columns (here {}).",
                direct.len(),
                keys.len()
            );
            return Err(SqlError::new("42883", message).with_hint(hint));
        }
        let level = self.hypothetical_level(function, direct)?;
        let (mut before, mut same) = (Vec::new(), Vec::new());
        for (key, value) in keys.iter().zip(direct) {
            let (key_text, value) = (format!("({})", key.expr), format!("({value})"));
            let descending = match &key.options.sort {
                None | Some(OrderBySort::Asc) => false,
                Some(OrderBySort::Desc) => true,
                Some(OrderBySort::Using(operator)) => operator.to_string().contains('>'),
            };
            let nulls_first = key.options.nulls_first.unwrap_or(descending);
            let op = if descending { '>' } else { '<' };
            let (null, other) = if nulls_first { (&key_text, &value) } else { (&value, &key_text) };
            let mut all: Vec<String> = same.clone();
            all.push(format!(
                "({key_text} {op} {value} OR {null} IS NULL AND {other} IS NOT NULL)"
            ));
            before.push(format!("({})", all.join(" AND ")));
            same.push(format!("{key_text} IS NOT DISTINCT FROM {value}"));
        }
        let filter = function.filter.as_ref().map_or("true".to_owned(), ToString::to_string);
        let before = before.join(" OR ");
        let count =
            |condition: &str| format!("count(*) FILTER (WHERE ({filter}) AND ({condition}))");
        let text = match name {
            "rank" => format!("{} + 1", count(&before)),
            "dense_rank" => {
                let keys: Vec<String> = keys.iter().map(|key| key.expr.to_string()).collect();
                format!(
                    "count(DISTINCT ROW({})) FILTER (WHERE ({filter}) AND ({before})) + 1",
                    keys.join(", ")
                )
            }
            "percent_rank" => {
                format!("coalesce({}::float8 / nullif({}, 0), 0)", count(&before), count("true"))
            }
            _ => format!(
                "({} + 1)::float8 / ({} + 1)",
                count(&format!("{before} OR {}", same.join(" AND "))),
                count("true")
            ),
        };
        let tree = parse::expression(&text, self.dialect)?;
        let before = self.aggregate_level.replace(level);
        let made = self.expr(&tree);
        self.aggregate_level = before;
        made.map(Some)
    }

    /// The frame of such a call, which its keys and FILTER tell. Its row's values are given to it.
    fn hypothetical_level(&mut self, function: &Function, direct: &[&Ast]) -> Result<usize> {
        let watched = std::mem::take(&mut self.used);
        let values: Result<Vec<Expr>> = direct.iter().map(|tree| self.value_expr(tree)).collect();
        let of_values = std::mem::take(&mut self.used);
        let is_within = std::mem::replace(&mut self.frame().in_aggregate, true);
        let keys: Result<Vec<Expr>> =
            function.within_group.iter().map(|key| self.value_expr(&key.expr)).collect();
        if let Some(filter) = &function.filter {
            // What is wrong with it is told once it is bound for its aggregate.
            drop(self.expr(filter));
        }
        self.frame().in_aggregate = is_within;
        let used = std::mem::replace(&mut self.used, watched);
        let (values, keys) = (values?, keys?);
        for (key, value) in keys.iter().zip(&values) {
            let types = [key.ty.clone(), value.ty.clone()];
            resolve::common_type(self.dialect, &types, "WITHIN GROUP")?;
        }
        let level = self.level_of(&used);
        self.used.extend(used);
        self.take_direct(level, values, &of_values)?;
        Ok(level)
    }

    /// `x IS NORMALIZED`
    pub(super) fn is_normalized(&mut self, tree: &Ast, form: &str, negated: bool) -> Result<Expr> {
        let text = self.value_expr(tree)?;
        let form = Expr::literal(Datum::text(form), SqlType::Text);
        let found = self.scalar("is_normalized", vec![text, form])?;
        Ok(match negated {
            true => boolean(ExprKind::Not(Box::new(found))),
            false => found,
        })
    }

    /// The arguments of a call, those of a VARIADIC array among them.
    pub(super) fn bound_arguments(
        &mut self,
        name: &str,
        trees: &[&Ast],
        is_variadic: bool,
    ) -> Result<Vec<Expr>> {
        let bound = trees.iter().map(|tree| self.value_expr(tree));
        let bound = bound.collect::<Result<Vec<_>>>()?;
        if is_variadic { self.spread(name, bound) } else { Ok(bound) }
    }
}
