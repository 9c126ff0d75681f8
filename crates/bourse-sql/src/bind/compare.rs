//! Comparisons: of values, rows, arrays and lists.

use std::sync::Arc;

use bourse::Collation;
use sqlparser::ast::Spanned;
use sqlparser::ast::{BinaryOperator, Expr as Ast, InTarget};

use super::binder::Binder;
use super::coerce::{number_as_any, strip, with_affinity};
use super::expression::{boolean, not_if};
use super::same::columns_of;
use crate::Dialect;
use crate::algebra::{CompareOp, Expr, ExprKind, Quantifier, TruthTest};
use crate::datum::{Array, Datum};
use crate::error::{Result, SqlError};
use crate::function::cast::CastContext;
use crate::function::resolve;
use crate::types::{Affinity, SqlType};

/// The comparison that an operator is.
pub(crate) fn compare_op(op: &BinaryOperator) -> Option<CompareOp> {
    Some(match op {
        BinaryOperator::Eq => CompareOp::Equal,
        BinaryOperator::NotEq => CompareOp::NotEqual,
        BinaryOperator::Lt => CompareOp::Less,
        BinaryOperator::LtEq => CompareOp::LessOrEqual,
        BinaryOperator::Gt => CompareOp::Greater,
        BinaryOperator::GtEq => CompareOp::GreaterOrEqual,
        BinaryOperator::PGCustomBinaryOperator(parts) => return by_name(parts.last()?),
        _ => return None,
    })
}

fn by_name(name: &str) -> Option<CompareOp> {
    Some(match name {
        "=" => CompareOp::Equal,
        "<>" => CompareOp::NotEqual,
        "<" => CompareOp::Less,
        "<=" => CompareOp::LessOrEqual,
        ">" => CompareOp::Greater,
        ">=" => CompareOp::GreaterOrEqual,
        _ => return None,
    })
}

fn symbol(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Equal | CompareOp::Distinct | CompareOp::NotDistinct => "=",
        CompareOp::NotEqual => "<>",
        CompareOp::Less => "<",
        CompareOp::LessOrEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterOrEqual => ">=",
    }
}

/// Whether a row is written out: `(a, b)`, `ROW(a, b)`.
fn is_written_row(tree: &Ast) -> bool {
    match strip(tree) {
        Ast::Tuple(_) => true,
        Ast::Function(call) => call.name.to_string().eq_ignore_ascii_case("row"),
        _ => false,
    }
}

/// The items of IN, those first that have to be computed and are no columns': PostgreSQL makes them
/// an array before it compares any, so an error in one of them is told whatever the others are.
fn computed_first(items: Vec<Expr>) -> Vec<Expr> {
    let is_given = |item: &Expr| matches!(item.kind, ExprKind::Literal(_) | ExprKind::Parameter(_));
    let is_alone = |item: &Expr| columns_of(item).is_empty();
    if items.iter().filter(|item| is_alone(item)).count() < 2 {
        return items;
    }
    let (alone, others): (Vec<Expr>, Vec<Expr>) =
        items.into_iter().partition(|item| !is_given(item) && is_alone(item));
    alone.into_iter().chain(others).collect()
}

impl Binder<'_> {
    /// `left op right`, the left side bound of `tree`.
    pub(crate) fn comparison(
        &mut self,
        op: CompareOp,
        left: Expr,
        tree: &Ast,
        right_tree: &Ast,
    ) -> Result<Expr> {
        if let Ast::Subquery(query) = strip(right_tree)
            && let ExprKind::Row(parts) = &left.kind
        {
            return self.row_against_query(op, parts.clone(), query);
        }
        let right = self.expr(right_tree)?;
        self.compare_trees(op, left, tree, right, right_tree)
    }

    fn compare_trees(
        &mut self,
        op: CompareOp,
        left: Expr,
        tree: &Ast,
        right: Expr,
        right_tree: &Ast,
    ) -> Result<Expr> {
        let collation = self.collation_of_two((&left, tree), (&right, right_tree))?;
        if let (ExprKind::Row(lefts), ExprKind::Row(rights)) = (&left.kind, &right.kind)
            && !self.is_sqlite()
            && !(is_written_row(tree) && is_written_row(right_tree))
        {
            return self.compare_records(op, lefts.clone(), rights.clone());
        }
        self.compare(op, left, right, collation)
    }

    /// Two rows compared as values: NULL in them is equal to NULL, and greater than all else.
    fn compare_records(
        &mut self,
        op: CompareOp,
        left: Vec<Expr>,
        right: Vec<Expr>,
    ) -> Result<Expr> {
        let (left, right) = self.alike_rows(op, left, right)?;
        let row = |parts: Vec<Expr>| {
            let columns = parts.iter().map(|part| (String::new(), part.ty.clone()));
            let ty = SqlType::Record(columns.collect());
            Box::new(Expr { kind: ExprKind::Row(parts), ty, collation: Collation::Binary })
        };
        Ok(boolean(ExprKind::Compare { op, left: row(left), right: row(right) }))
    }

    /// Two values compared.
    pub(crate) fn compare(
        &mut self,
        op: CompareOp,
        left: Expr,
        right: Expr,
        collation: Collation,
    ) -> Result<Expr> {
        match (left.kind, right.kind) {
            (ExprKind::Row(left_parts), ExprKind::Row(right_parts)) => {
                self.compare_rows(op, left_parts, right_parts)
            }
            (left_kind, right_kind) => {
                let left = Expr { kind: left_kind, ..left };
                let right = Expr { kind: right_kind, ..right };
                let (left, right) = self.alike(op, left, right)?;
                let (mut left, mut right) = match orders(op) {
                    true => (ordinal(left)?, ordinal(right)?),
                    false => (left, right),
                };
                left.collation = collation;
                right.collation = collation;
                Ok(boolean(ExprKind::Compare { op, left: Box::new(left), right: Box::new(right) }))
            }
        }
    }

    /// Two operands of one type.
    fn alike(&mut self, op: CompareOp, left: Expr, right: Expr) -> Result<(Expr, Expr)> {
        if self.is_sqlite() {
            let (left, right) = (self.value(left), self.value(right));
            let (left, right) = self.with_affinities(left, right);
            let differ = left.ty != right.ty && left.ty != SqlType::Any && right.ty != SqlType::Any;
            return Ok((left, if differ { number_as_any(right) } else { right }));
        }
        let ty = resolve::comparison_type(self.dialect, &left.ty, &right.ty, symbol(op))?;
        let left = self.coerce(left, &ty, CastContext::Implicit)?;
        let right = self.coerce(right, &ty, CastContext::Implicit)?;
        Ok((left, right))
    }

    pub(crate) fn compare_rows(
        &mut self,
        op: CompareOp,
        left: Vec<Expr>,
        right: Vec<Expr>,
    ) -> Result<Expr> {
        let (left, right) = self.alike_rows(op, left, right)?;
        Ok(boolean(ExprKind::CompareRows { op, left, right }))
    }

    /// The parts of two rows, each of one type with its partner.
    fn alike_rows(
        &mut self,
        op: CompareOp,
        left: Vec<Expr>,
        right: Vec<Expr>,
    ) -> Result<(Vec<Expr>, Vec<Expr>)> {
        if left.len() != right.len() {
            return Err(match self.is_sqlite() {
                true => SqlError::new("42601", "row value misused"),
                false => SqlError::new("42601", "unequal number of entries in row expressions"),
            });
        }
        let mut lefts = Vec::new();
        let mut rights = Vec::new();
        for (left, right) in left.into_iter().zip(right) {
            let collation = chosen_collation(&left, &right);
            let (left, right) = self.alike(op, left, right)?;
            let (mut left, mut right) = (ordinal(left)?, ordinal(right)?);
            left.collation = collation;
            right.collation = collation;
            lefts.push(left);
            rights.push(right);
        }
        Ok((lefts, rights))
    }

    /// CASE's operand against a WHEN.
    pub(crate) fn equals_operand(
        &mut self,
        operand: Expr,
        affinity: Affinity,
        value: Expr,
        collation: Collation,
    ) -> Result<Expr> {
        let value = match affinity {
            Affinity::None => value,
            Affinity::Text if self.affinity_of(&value) != Affinity::None => value,
            Affinity::Text => with_affinity(value, Affinity::Text),
            _ => with_affinity(value, Affinity::Numeric),
        };
        self.compare(CompareOp::Equal, operand, value, collation)
    }

    /// SQLite's IS, which compares anything.
    pub(crate) fn sqlite_is(
        &mut self,
        left: Expr,
        tree: &Ast,
        right_tree: &Ast,
        negated: bool,
    ) -> Result<Expr> {
        let test = match strip(right_tree) {
            Ast::Value(value) => match value.value {
                sqlparser::ast::Value::Boolean(true) => Some(TruthTest::True),
                sqlparser::ast::Value::Boolean(false) => Some(TruthTest::False),
                _ => None,
            },
            _ => None,
        };
        if let Some(test) = test {
            let operand = Box::new(self.condition(left, "IS")?);
            return Ok(boolean(ExprKind::Is { operand, test, negated }));
        }
        let op = if negated { CompareOp::Distinct } else { CompareOp::NotDistinct };
        self.comparison(op, left, tree, right_tree)
    }

    /// IN, BETWEEN, LIKE and their like.
    pub(crate) fn predicate(&mut self, ast: &Ast) -> Result<Expr> {
        match ast {
            Ast::In { expr, target, negated, .. } => self.in_target(expr, target, *negated),
            Ast::Between { expr, negated, low, high } => self.between(expr, *negated, low, high),
            Ast::Like { negated, any: false, expr, pattern, escape_char } => {
                let name = if self.is_sqlite() { "LIKE" } else { "~~" };
                self.like(name, *negated, expr, pattern, escape_char.as_deref())
            }
            Ast::ILike { negated, any: false, expr, pattern, escape_char } => {
                self.like("~~*", *negated, expr, pattern, escape_char.as_deref())
            }
            Ast::SimilarTo { negated, expr, pattern, escape_char } => {
                let text = self.expr(expr)?;
                let mut arguments = vec![self.expr(pattern)?];
                if let Some(escape) = escape_char {
                    arguments.push(self.expr(escape)?);
                }
                let pattern = self.scalar("similar_to_escape", arguments)?;
                let matches = self.operator("~", Some(text), Some(pattern))?;
                Ok(not_if(*negated, matches))
            }
            // SQLite's NOT GLOB comes so from the tokens.
            Ast::RLike { negated, expr, pattern, regexp: false } if self.is_sqlite() => {
                let (text, pattern) = (self.expr(expr)?, self.expr(pattern)?);
                let matches = self.operator("GLOB", Some(text), Some(pattern))?;
                let condition = self.condition(matches, "GLOB")?;
                Ok(not_if(*negated, condition))
            }
            Ast::RLike { negated, expr, pattern, .. } => {
                let (text, pattern) = (self.expr(expr)?, self.expr(pattern)?);
                let matches = self.operator("REGEXP", Some(text), Some(pattern))?;
                let condition = self.condition(matches, "REGEXP")?;
                Ok(not_if(*negated, condition))
            }
            Ast::IsDistinctFrom(left, right) | Ast::IsNotDistinctFrom(left, right) => {
                let op = match ast {
                    Ast::IsDistinctFrom(..) => CompareOp::Distinct,
                    _ => CompareOp::NotDistinct,
                };
                let bound = self.expr(left)?;
                self.comparison(op, bound, left, right)
            }
            Ast::AnyOp { left, compare_op, right, .. } => {
                self.quantified(left, compare_op, right, Quantifier::Any)
            }
            Ast::AllOp { left, compare_op, right } => {
                self.quantified(left, compare_op, right, Quantifier::All)
            }
            other => Err(self.unsupported(&format!("{other} is not supported"))),
        }
    }

    fn in_target(&mut self, expr: &Ast, target: &InTarget, negated: bool) -> Result<Expr> {
        match target {
            InTarget::List(list) => Ok(not_if(negated, self.in_list(expr, list)?)),
            InTarget::Subquery(query) => {
                let found = self.in_query(expr, CompareOp::Equal, Quantifier::Any, query)?;
                Ok(not_if(negated, found))
            }
            InTarget::Table { name, args: None } if self.is_sqlite() => {
                // SQLite's `x IN t`: the rows of t.
                let query = crate::parse::query(&format!("SELECT * FROM {name}"), self.dialect)?;
                let found = self.in_query(expr, CompareOp::Equal, Quantifier::Any, &query)?;
                Ok(not_if(negated, found))
            }
            other => Err(self.unsupported(&format!("IN {other} is not supported"))),
        }
    }

    fn in_list(&mut self, expr: &Ast, list: &[Ast]) -> Result<Expr> {
        let operand = self.value_expr(expr)?;
        let items: Vec<Expr> =
            list.iter().map(|item| self.value_expr(item)).collect::<Result<_>>()?;
        if items.is_empty() {
            return Ok(Expr::literal(Datum::Boolean(false), SqlType::Boolean));
        }
        let rows = matches!(operand.kind, ExprKind::Row(_));
        if self.is_sqlite() && !rows {
            let affinity = self.affinity_of(&operand);
            // Of one constant IN is `=`.
            let only = match (list, items.as_slice()) {
                ([tree], [item]) if matches!(item.kind, ExprKind::Literal(_)) => {
                    self.said_collation(tree)?
                }
                _ => None,
            };
            // The list's values have no affinity of their own in IN.
            let items = items.into_iter().map(|item| match affinity {
                Affinity::None => item,
                affinity => with_affinity(item, affinity),
            });
            let list: Vec<Expr> = items.collect();
            let said = self.said_collation(expr)?.or(only);
            let operand = Expr { collation: said.unwrap_or(operand.collation), ..operand };
            return Ok(boolean(ExprKind::InList { operand: Box::new(operand), list }));
        }
        let constants = items.iter().all(|item| {
            matches!(
                item.kind,
                ExprKind::Literal(_) | ExprKind::Parameter(_) | ExprKind::Cast { .. }
            )
        });
        let types: Vec<SqlType> =
            std::iter::once(&operand).chain(&items).map(|expr| expr.ty.clone()).collect();
        let common = resolve::common_type(self.dialect, &types, "IN");
        let items = computed_first(items);
        if let Ok(ty) = common
            && !rows
            && constants
        {
            let first = resolve::comparison_type(self.dialect, &operand.ty, &ty, "=")?;
            let collation = operand.collation;
            let operand = Box::new(self.coerce(operand, &first, CastContext::Implicit)?);
            let list = items.into_iter().map(|item| {
                let item = self.coerce(item, &first, CastContext::Implicit)?;
                Ok(Expr { collation, ..item })
            });
            let list = list.collect::<Result<_>>()?;
            return Ok(boolean(ExprKind::InList { operand, list }));
        }
        // What has no one type is compared one by one.
        let said = self.said_collation(expr)?;
        let mut tests = Vec::new();
        for item in items {
            let collation = said.unwrap_or_else(|| chosen_collation(&operand, &item));
            tests.push(self.compare(CompareOp::Equal, operand.clone(), item, collation)?);
        }
        Ok(boolean(ExprKind::Or(tests)))
    }

    fn between(&mut self, expr: &Ast, negated: bool, low: &Ast, high: &Ast) -> Result<Expr> {
        let operand = self.expr(expr)?;
        let (low_bound, high_bound) = (self.expr(low)?, self.expr(high)?);
        let within = |binder: &mut Self, low: (&Expr, &Ast), high: (&Expr, &Ast)| -> Result<Expr> {
            let parts = [(CompareOp::GreaterOrEqual, low), (CompareOp::LessOrEqual, high)];
            let parts = parts.into_iter().map(|(op, (bound, tree))| {
                let collation = binder.collation_of_two((&operand, expr), (bound, tree))?;
                binder.compare(op, operand.clone(), bound.clone(), collation)
            });
            Ok(boolean(ExprKind::And(parts.collect::<Result<_>>()?)))
        };
        let (low_bound, high_bound) = ((&low_bound, low), (&high_bound, high));
        let mut between = within(self, low_bound, high_bound)?;
        if self.is_symmetric(expr, low) {
            let other = within(self, high_bound, low_bound)?;
            between = boolean(ExprKind::Or(vec![between, other]));
        }
        Ok(not_if(negated, between))
    }

    /// Whether SYMMETRIC stood between the two.
    fn is_symmetric(&self, expr: &Ast, low: &Ast) -> bool {
        if self.symmetric.is_empty() {
            return false;
        }
        let (begin, end) = (expr.span().end, low.span().start);
        self.symmetric.iter().any(|place| *place >= begin && *place < end)
    }

    fn like(
        &mut self,
        name: &str,
        negated: bool,
        expr: &Ast,
        pattern: &Ast,
        escape: Option<&Ast>,
    ) -> Result<Expr> {
        let text = self.value_expr(expr)?;
        let mut pattern = self.value_expr(pattern)?;
        let escape = escape.map(|escape| self.value_expr(escape)).transpose()?;
        if self.is_sqlite() {
            let matches = match escape {
                Some(escape) => self.scalar("like", vec![pattern, text, escape])?,
                None => self.operator(name, Some(text), Some(pattern))?,
            };
            let condition = self.condition(matches, "LIKE")?;
            return Ok(not_if(negated, condition));
        }
        let text = self.padded(text)?;
        if let Some(escape) = escape {
            pattern = self.scalar("like_escape", vec![pattern, escape])?;
        }
        let matches = self.operator(name, Some(text), Some(pattern))?;
        Ok(not_if(negated, matches))
    }

    /// A text that is matched: a `char(n)` is as long as it says, with the spaces that it is kept
    /// without.
    pub(super) fn padded(&mut self, text: Expr) -> Result<Expr> {
        match text.ty {
            SqlType::Char(length) if length > 0 => {
                let length = Expr::literal(Datum::Integer(length.into()), SqlType::Integer);
                let text = self.coerce(text, &SqlType::Text, CastContext::Implicit)?;
                self.scalar("rpad", vec![text, length])
            }
            _ => Ok(text),
        }
    }

    /// `left op ANY (...)`
    fn quantified(
        &mut self,
        left: &Ast,
        op: &BinaryOperator,
        right: &Ast,
        quantifier: Quantifier,
    ) -> Result<Expr> {
        let compare = compare_op(op);
        if let Ast::Subquery(query) = strip(right) {
            let Some(compare) = compare else {
                let left = self.value_expr(left)?;
                let array = self.array_of_query(query)?;
                return self.operator_over_array(&op.to_string(), left, array, quantifier);
            };
            return self.in_query(left, compare, quantifier, query);
        }
        let left_bound = self.value_expr(left)?;
        let array = self.expr(right)?;
        let Some(compare) = compare else {
            return self.operator_over_array(&op.to_string(), left_bound, array, quantifier);
        };
        if array.ty == SqlType::Unknown {
            let ty = match &left_bound.ty {
                SqlType::Unknown => SqlType::Text,
                SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Name => SqlType::Text,
                other => other.clone(),
            };
            let left = self.coerce(left_bound, &ty, CastContext::Implicit)?;
            let array = self.coerce(array, &ty.array(), CastContext::Implicit)?;
            return Ok(compare_array(compare, quantifier, left, array));
        }
        let Some(element) = array.ty.element().cloned() else {
            return Err(SqlError::new("42809", "op ANY/ALL (array) requires array on right side"));
        };
        let ty = resolve::comparison_type(self.dialect, &left_bound.ty, &element, symbol(compare))?;
        let left = self.coerce(left_bound, &ty, CastContext::Implicit)?;
        let array = self.coerce(array, &ty.array(), CastContext::Implicit)?;
        Ok(compare_array(compare, quantifier, left, array))
    }

    /// LIKE ANY (array).
    fn operator_over_array(
        &mut self,
        name: &str,
        left: Expr,
        array: Expr,
        quantifier: Quantifier,
    ) -> Result<Expr> {
        let left = self.padded(left)?;
        let ExprKind::Array(parts) = array.kind else {
            let quantifier = match quantifier {
                Quantifier::Any => "any",
                Quantifier::All => "all",
            };
            let element = array.ty.element().unwrap_or(&SqlType::Unknown);
            let types = (left.ty.name_without_modifier(), element.name_without_modifier());
            let operator = format!("{name} {quantifier}");
            return self.operator(&operator, Some(left), Some(array)).map_err(|error| {
                let message = format!("operator does not exist: {} {name} {}", types.0, types.1);
                match error.sqlstate() {
                    "42883" => SqlError::new("42883", message),
                    _ => error,
                }
            });
        };
        let parts =
            parts.into_iter().map(|part| self.operator(name, Some(left.clone()), Some(part)));
        let parts = parts.collect::<Result<Vec<_>>>()?;
        Ok(boolean(match quantifier {
            Quantifier::Any => ExprKind::Or(parts),
            Quantifier::All => ExprKind::And(parts),
        }))
    }
}

fn compare_array(op: CompareOp, quantifier: Quantifier, left: Expr, array: Expr) -> Expr {
    let (left, array) = (Box::new(left), Box::new(array));
    boolean(ExprKind::CompareArray { op, quantifier, left, array })
}

/// Whether an expression is a column, by whatever type it is taken.
pub(super) fn is_column(expr: &Expr) -> bool {
    let mut expr = expr;
    while let ExprKind::Cast { operand, .. } | ExprKind::Affinity { operand, .. } = &expr.kind {
        expr = operand;
    }
    matches!(expr.kind, ExprKind::Column(_))
}

/// The collation of a comparison that says none: that of a column, the left one's first.
pub(crate) fn chosen_collation(left: &Expr, right: &Expr) -> Collation {
    match () {
        () if is_column(left) => left.collation,
        () if is_column(right) => right.collation,
        () if left.collation == Collation::Binary => right.collation,
        () => left.collation,
    }
}

/// Whether the answer hangs on which of two values is the greater one.
fn orders(op: CompareOp) -> bool {
    use CompareOp::{Greater, GreaterOrEqual, Less, LessOrEqual};
    matches!(op, Less | LessOrEqual | Greater | GreaterOrEqual)
}

/// What a value is ordered by: of an enumerated type the place of its label, for the labels are
/// ordered as they were declared.
pub(super) fn ordinal(expr: Expr) -> Result<Expr> {
    let SqlType::Enum(declared) = &expr.ty else { return Ok(expr) };
    let labels: Vec<Datum> = declared.labels.iter().map(|label| Datum::text(label)).collect();
    let dimensions = vec![(labels.len(), 1)];
    let labels = Datum::Array(Arc::new(Array { dimensions, elements: labels }));
    let list = SqlType::Array(Arc::new(SqlType::Text));
    let types = [list.clone(), SqlType::Text];
    let found = resolve::scalar(Dialect::Postgres, "array_position", &types)?;
    let label = match &expr.kind {
        // What is cast to the type is its label only once it is cast.
        ExprKind::Cast { .. } => {
            let kind = ExprKind::Cast { operand: Box::new(expr), explicit: false };
            Expr { kind, ty: SqlType::Text, collation: Collation::Binary }
        }
        _ => Expr { ty: SqlType::Text, ..expr },
    };
    let arguments = vec![Expr::literal(labels, list), label];
    let kind = ExprKind::Call { function: found.function, arguments };
    Ok(Expr { kind, ty: found.result, collation: Collation::Binary })
}
