//! Expressions: what each form means.

use bourse::Collation;
use sqlparser::ast::{
    AccessExpr, BinaryOperator, DataType, Expr as Ast, Interval, ObjectName, Subscript,
    TypedString, UnaryOperator, Value,
};

use super::binder::Binder;
use super::coerce::{cast, strip, type_of_affinity};
use super::scope::Clause;
use crate::algebra::{Expr, ExprKind, TruthTest};
use crate::datum::{Datum, Numeric};
use crate::error::{Result, SqlError};
use crate::function::cast::{CastContext, can_cast};
use crate::function::resolve;
use crate::types::SqlType;

/// Operators in a row, like `a || b || c || ...`.
const CHAIN_MAX: usize = 1_000;

/// Operators that match a text against a pattern.
const PATTERNS: [&str; 8] = ["~", "~*", "!~", "!~*", "~~", "!~~", "~~*", "!~~*"];

pub(crate) fn boolean(kind: ExprKind) -> Expr {
    Expr { kind, ty: SqlType::Boolean, collation: Collation::Binary }
}

pub(crate) fn not(expr: Expr) -> Expr {
    boolean(ExprKind::Not(Box::new(expr)))
}

pub(crate) fn not_if(negated: bool, expr: Expr) -> Expr {
    if negated { not(expr) } else { expr }
}

impl Binder<'_> {
    /// An expression.
    pub(crate) fn expr(&mut self, ast: &Ast) -> Result<Expr> {
        stacker::maybe_grow(128 << 10, 2 << 20, || self.expr_on_stack(ast))
    }

    /// An expression that is a value: no condition stands in its place.
    pub(crate) fn value_expr(&mut self, ast: &Ast) -> Result<Expr> {
        let expr = self.expr(ast)?;
        Ok(self.value(expr))
    }

    fn expr_on_stack(&mut self, ast: &Ast) -> Result<Expr> {
        match ast {
            Ast::Nested(inner) => self.expr(inner),
            Ast::Identifier(ident) => self.identifier(ident),
            Ast::CompoundIdentifier(parts) => self.compound(parts),
            Ast::CompoundFieldAccess { root, access_chain } => self.access(root, access_chain),
            Ast::Value(value) => self.literal(&value.value),
            Ast::TypedString(typed) => self.typed_string(typed),
            Ast::Interval(interval) => self.interval(interval),
            Ast::BinaryOp { left, op, right } => self.binary(ast, left, op, right),
            Ast::UnaryOp { op, expr } => self.unary(*op, expr),
            Ast::IsNull(inner) => self.is_null(inner, false),
            Ast::IsNotNull(inner) => self.is_null(inner, true),
            Ast::IsTrue(inner) => self.is_truth(inner, TruthTest::True, false),
            Ast::IsNotTrue(inner) => self.is_truth(inner, TruthTest::True, true),
            Ast::IsFalse(inner) => self.is_truth(inner, TruthTest::False, false),
            Ast::IsNotFalse(inner) => self.is_truth(inner, TruthTest::False, true),
            Ast::IsUnknown(inner) => self.is_truth(inner, TruthTest::Unknown, false),
            Ast::IsNotUnknown(inner) => self.is_truth(inner, TruthTest::Unknown, true),
            Ast::Cast { expr, data_type, .. } => self.cast_expr(expr, data_type),
            Ast::Collate { expr, collation } => {
                let collation = self.collation(collation)?;
                let bound = self.value_expr(expr)?;
                let bound = if bound.ty == SqlType::Unknown { self.settle(bound)? } else { bound };
                let element = bound.ty.element().unwrap_or(&bound.ty);
                let takes = matches!(
                    element,
                    SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Name
                );
                if !takes && !self.is_sqlite() {
                    let ty = bound.ty.name_without_modifier();
                    let message = format!("collations are not supported by type {ty}");
                    return Err(SqlError::new("42804", message));
                }
                Ok(Expr { collation, ..bound })
            }
            Ast::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref())
            }
            Ast::Function(function) => self.function(function),
            Ast::Tuple(parts) => self.row(parts),
            Ast::Array(array) => self.array(&array.elem),
            Ast::Exists { .. } | Ast::Subquery(_) => self.subquery_expr(ast),
            Ast::In { .. }
            | Ast::Between { .. }
            | Ast::Like { .. }
            | Ast::ILike { .. }
            | Ast::SimilarTo { .. }
            | Ast::RLike { .. }
            | Ast::AnyOp { .. }
            | Ast::AllOp { .. }
            | Ast::IsDistinctFrom(..)
            | Ast::IsNotDistinctFrom(..) => self.predicate(ast),
            Ast::IsNormalized { expr, form, negated } if !self.is_sqlite() => {
                let form = form.map_or("NFC".to_owned(), |form| form.to_string());
                self.is_normalized(expr, &form, *negated)
            }
            Ast::AtTimeZone { .. }
            | Ast::Extract { .. }
            | Ast::Ceil { .. }
            | Ast::Floor { .. }
            | Ast::Position { .. }
            | Ast::Substring { .. }
            | Ast::Trim { .. }
            | Ast::Overlay { .. } => self.function_syntax(ast),
            other => Err(self.unsupported(&format!("{other} is not supported"))),
        }
    }

    fn literal(&mut self, value: &Value) -> Result<Expr> {
        let any = |ty| if self.is_sqlite() { SqlType::Any } else { ty };
        let text = any(SqlType::Unknown);
        Ok(match value {
            Value::Number(digits, _) => return self.number(digits),
            Value::SingleQuotedString(string)
            | Value::EscapedStringLiteral(string)
            | Value::UnicodeStringLiteral(string)
            | Value::NationalStringLiteral(string) => Expr::literal(Datum::text(string), text),
            Value::DoubleQuotedString(string) => Expr::literal(Datum::text(string), text),
            Value::DollarQuotedString(string) => Expr::literal(Datum::text(&string.value), text),
            Value::HexStringLiteral(digits) if self.is_sqlite() => {
                let bytes = hexadecimal(digits).ok_or_else(|| {
                    SqlError::new("42601", format!("unrecognized token: \"x'{digits}'\""))
                })?;
                Expr::literal(Datum::bytes(&bytes), SqlType::Any)
            }
            Value::Boolean(truth) if self.is_sqlite() => {
                Expr::literal(Datum::Integer(i64::from(*truth)), SqlType::Any)
            }
            Value::Boolean(truth) => Expr::literal(Datum::Boolean(*truth), SqlType::Boolean),
            Value::Null => Expr::literal(Datum::Null, text),
            Value::Placeholder(name) => return self.parameter(name),
            other => return Err(self.unsupported(&format!("{other} is not supported"))),
        })
    }

    fn number(&self, digits: &str) -> Result<Expr> {
        let digits = digits.replace('_', "");
        let invalid = || SqlError::new("42601", format!("syntax error at or near \"{digits}\""));
        let lower = digits.to_ascii_lowercase();
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
            if let Some(rest) = lower.strip_prefix(prefix) {
                // SQLite takes all 64 bits.
                let number = if self.is_sqlite() {
                    u64::from_str_radix(rest, radix).map(u64::cast_signed)
                } else {
                    i64::from_str_radix(rest, radix)
                };
                return Ok(self.integer(number.map_err(|_| invalid())?));
            }
        }
        if let Ok(number) = digits.parse::<i64>() {
            return Ok(self.integer(number));
        }
        if self.is_sqlite() {
            let number: f64 = digits.parse().map_err(|_| invalid())?;
            return Ok(Expr::literal(Datum::Double(number), SqlType::Any));
        }
        let number = Numeric::parse(&digits)?;
        Ok(Expr::literal(Datum::Numeric(number), SqlType::Numeric(None)))
    }

    fn integer(&self, number: i64) -> Expr {
        let ty = match i32::try_from(number) {
            _ if self.is_sqlite() => SqlType::Any,
            Ok(_) => SqlType::Integer,
            Err(_) => SqlType::BigInt,
        };
        Expr::literal(Datum::Integer(number), ty)
    }

    fn parameter(&mut self, name: &str) -> Result<Expr> {
        let number = name.strip_prefix('$').and_then(|digits| digits.parse::<usize>().ok());
        let Some(number) = number.and_then(|number| number.checked_sub(1)) else {
            return Err(SqlError::new("42P02", format!("there is no parameter {name}")));
        };
        if self.parameters.len() <= number {
            self.parameters.resize(number + 1, None);
        }
        let unknown = if self.is_sqlite() { SqlType::Any } else { SqlType::Unknown };
        let ty = self.parameters[number].clone().unwrap_or(unknown);
        Ok(Expr { kind: ExprKind::Parameter(number), ty, collation: Collation::Binary })
    }

    fn typed_string(&mut self, typed: &TypedString) -> Result<Expr> {
        let ty = self.catalog.type_of(&typed.data_type, self.settings)?;
        let literal = self.literal(&typed.value.value)?;
        self.coerce(literal, &ty, CastContext::Explicit)
    }

    fn interval(&mut self, interval: &Interval) -> Result<Expr> {
        let value = self.expr(&interval.value)?;
        let Some(field) = &interval.leading_field else {
            return self.coerce(value, &SqlType::Interval, CastContext::Explicit);
        };
        let ExprKind::Literal(Datum::Text(text)) = &value.kind else {
            return Err(self.unsupported("INTERVAL takes a literal in quotes"));
        };
        // A number by itself counts the field that is named last.
        let last = interval.last_field.as_ref().unwrap_or(field);
        let is_number = text.trim().parse::<f64>().is_ok();
        let text = if is_number { format!("{text} {last}") } else { text.to_string() };
        let literal = Expr { kind: ExprKind::Literal(Datum::text(&text)), ..value };
        self.coerce(literal, &SqlType::Interval, CastContext::Explicit)
    }

    /// A chain of binary operators: walked down its left side without recursion.
    fn binary(
        &mut self,
        whole: &Ast,
        left: &Ast,
        op: &BinaryOperator,
        right: &Ast,
    ) -> Result<Expr> {
        if matches!(op, BinaryOperator::And | BinaryOperator::Or) {
            let mut parts = Vec::new();
            flatten(whole, op, &mut parts);
            let name = if *op == BinaryOperator::And { "AND" } else { "OR" };
            let bound = parts.into_iter().map(|part| {
                let bound = self.expr(part)?;
                self.condition(bound, name)
            });
            let bound = bound.collect::<Result<Vec<_>>>()?;
            let kind =
                if *op == BinaryOperator::And { ExprKind::And(bound) } else { ExprKind::Or(bound) };
            return Ok(boolean(kind));
        }
        if let (BinaryOperator::Overlaps, Ast::Tuple(a), Ast::Tuple(b)) = (op, left, right) {
            return self.overlaps(a, b);
        }
        let mut chain = vec![(left, op, right)];
        let mut first = left;
        while let Ast::BinaryOp { left, op, right } = first
            && !matches!(op, BinaryOperator::And | BinaryOperator::Or)
        {
            chain.push((left, op, right));
            first = left;
        }
        if chain.len() > CHAIN_MAX {
            let error = SqlError::new("54001", "stack depth limit exceeded");
            return Err(
                error.with_hint(format!("At most {CHAIN_MAX} operators can follow each other."))
            );
        }
        if !self.is_sqlite() {
            // The first one stands last.
            let twice = chain.windows(2).find(|pair| {
                pair.iter().all(|(_, op, _)| super::compare::compare_op(op).is_some())
            });
            if let Some([(_, op, _), _]) = twice {
                let message = format!("syntax error at or near \"{op}\"");
                return Err(SqlError::new("42601", message));
            }
        }
        let mut bound = self.expr(first)?;
        for (tree, op, right) in chain.into_iter().rev() {
            bound = self.operation(bound, tree, op, right)?;
        }
        Ok(bound)
    }

    /// One binary operator, its left side bound.
    fn operation(
        &mut self,
        left: Expr,
        tree: &Ast,
        op: &BinaryOperator,
        right: &Ast,
    ) -> Result<Expr> {
        if let Some(compare) = super::compare::compare_op(op) {
            return self.comparison(compare, left, tree, right);
        }
        let name = operator_name(op);
        if matches!(op, BinaryOperator::Is | BinaryOperator::IsNot) {
            return self.sqlite_is(left, tree, right, *op == BinaryOperator::IsNot);
        }
        let right_bound = self.expr(right)?;
        self.operator(&name, Some(left), Some(right_bound))
    }

    /// A call of an operator that the library has.
    pub(crate) fn operator(
        &mut self,
        name: &str,
        left: Option<Expr>,
        right: Option<Expr>,
    ) -> Result<Expr> {
        let left = left.map(|left| self.value(left));
        let right = right.map(|right| self.value(right));
        // The store knows no padding.
        let kept = [Clause::Check, Clause::Index, Clause::Generated, Clause::Default];
        let is_kept = self.frames.last().is_some_and(|frame| kept.contains(&frame.clause));
        let is_padded = PATTERNS.contains(&name) && !self.is_sqlite() && !is_kept;
        let left = match left {
            Some(text) if is_padded => Some(self.padded(text)?),
            left => left,
        };
        let (left_ty, right_ty) = (left.as_ref().map(|e| &e.ty), right.as_ref().map(|e| &e.ty));
        let resolved = resolve::operator(self.dialect, name, left_ty, right_ty)?;
        let operands: Vec<Expr> = left.into_iter().chain(right).collect();
        self.call(resolved, operands)
    }

    fn unary(&mut self, op: UnaryOperator, operand: &Ast) -> Result<Expr> {
        if op == UnaryOperator::Not {
            let bound = self.expr(operand)?;
            return Ok(not(self.condition(bound, "NOT")?));
        }
        if op == UnaryOperator::Minus
            && let Ast::Value(value) = strip(operand)
            && let Value::Number(digits, _) = &value.value
        {
            let is_hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
            let negated = format!("-{digits}").parse::<i64>();
            // The least integer has no positive one.
            if let Ok(number) = negated.as_ref().copied()
                && !is_hexadecimal
            {
                return Ok(self.integer(number));
            }
        }
        // A sign binds before a power: `-2 ^ 2` is 4.
        if op == UnaryOperator::Minus
            && let Ast::BinaryOp { left, op: BinaryOperator::PGExp, right } = operand
        {
            let left = Box::new(Ast::UnaryOp { op, expr: left.clone() });
            let op = BinaryOperator::PGExp;
            return self.expr(&Ast::BinaryOp { left, op, right: right.clone() });
        }
        let name = match op {
            UnaryOperator::Minus => "-",
            UnaryOperator::Plus => "+",
            UnaryOperator::BitwiseNot => "~",
            UnaryOperator::PGAbs => "@",
            UnaryOperator::PGSquareRoot => "|/",
            UnaryOperator::PGCubeRoot => "||/",
            UnaryOperator::PGPrefixFactorial => "!!",
            other => {
                return Err(self.unsupported(&format!("the operator {other} is not supported")));
            }
        };
        let bound = self.expr(operand)?;
        // A number with its sign is a constant, as DEFAULT wants it.
        if self.is_sqlite()
            && let ExprKind::Literal(Datum::Integer(_) | Datum::Double(_)) = bound.kind
        {
            match (op, &bound.kind) {
                (UnaryOperator::Plus, _) => return Ok(bound),
                (UnaryOperator::Minus, ExprKind::Literal(Datum::Double(value)))
                    if *value != 0.0 =>
                {
                    let kind = ExprKind::Literal(Datum::Double(-value));
                    return Ok(Expr { kind, ..bound });
                }
                _ => {}
            }
        }
        self.operator(name, None, Some(bound))
    }

    fn is_null(&mut self, inner: &Ast, negated: bool) -> Result<Expr> {
        let bound = self.value_expr(inner)?;
        self.check_no_row(&bound)?;
        let operand = Box::new(self.settle(bound)?);
        Ok(boolean(ExprKind::IsNull { operand, negated }))
    }

    fn is_truth(&mut self, inner: &Ast, test: TruthTest, negated: bool) -> Result<Expr> {
        let bound = self.expr(inner)?;
        let name = match test {
            TruthTest::True => "IS TRUE",
            TruthTest::False => "IS FALSE",
            TruthTest::Unknown => "IS UNKNOWN",
        };
        let operand = Box::new(self.condition(bound, name)?);
        Ok(boolean(ExprKind::Is { operand, test, negated }))
    }

    fn cast_expr(&mut self, inner: &Ast, data_type: &DataType) -> Result<Expr> {
        let bound = self.value_expr(inner)?;
        if self.is_sqlite() {
            let ty = type_of_affinity(&data_type.to_string());
            return Ok(cast(bound, ty, true));
        }
        let ty = self.catalog.type_of(data_type, self.settings)?;
        if let DataType::Custom(..) = data_type {
            let value = self.coerce(bound, &ty, CastContext::Explicit)?;
            return self.of_domain(value, data_type);
        }
        if let (ExprKind::Array(parts), SqlType::Array(element)) = (&bound.kind, &ty)
            && (parts.is_empty() || bound.ty == SqlType::Unknown)
        {
            let parts = parts.clone().into_iter();
            let parts = parts.map(|part| self.coerce(part, element, CastContext::Explicit));
            let kind = ExprKind::Array(parts.collect::<Result<_>>()?);
            return Ok(Expr { kind, ty, collation: Collation::Binary });
        }
        self.coerce(bound, &ty, CastContext::Explicit)
    }

    /// The collation of a name.
    pub(crate) fn collation(&self, name: &ObjectName) -> Result<Collation> {
        let ident = name.0.last().and_then(|part| part.as_ident());
        let text = ident.map(|ident| ident.value.as_str()).unwrap_or_default();
        let plain = [
            "default",
            "c",
            "posix",
            "ucs_basic",
            "c.utf8",
            "c.utf-8",
            "en_us.utf8",
            "en_us.utf-8",
        ];
        if !self.is_sqlite() && plain.iter().any(|name| name.eq_ignore_ascii_case(text)) {
            return Ok(Collation::Binary);
        }
        let found = Collation::parse(text);
        found.map_err(|_| match self.is_sqlite() {
            true => SqlError::new("42704", format!("no such collation sequence: {text}")),
            false => SqlError::new(
                "42704",
                format!("collation \"{text}\" for encoding \"UTF8\" does not exist"),
            ),
        })
    }

    fn case(
        &mut self,
        operand: Option<&Ast>,
        conditions: &[sqlparser::ast::CaseWhen],
        otherwise: Option<&Ast>,
    ) -> Result<Expr> {
        let sets = self.set_count();
        let operand = match operand {
            Some(tree) => {
                let bound = self.value_expr(tree)?;
                Some((self.settle(bound)?, tree))
            }
            None => None,
        };
        let mut tests = Vec::new();
        let mut results = Vec::new();
        for when in conditions {
            let test = match &operand {
                Some((operand, tree)) => {
                    let seen = Expr { kind: ExprKind::CaseOperand, ..operand.clone() };
                    let affinity = self.affinity_of(operand);
                    let right = self.value_expr(&when.condition)?;
                    let is_row = |expr: &Expr| matches!(expr.kind, ExprKind::Row(_));
                    if is_row(operand) != is_row(&right) {
                        self.check_no_row(operand).and_then(|()| self.check_no_row(&right))?;
                    }
                    let collation =
                        self.collation_of_two((operand, tree), (&right, &when.condition))?;
                    self.equals_operand(seen, affinity, right, collation)?
                }
                None => {
                    let bound = self.expr(&when.condition)?;
                    self.condition(bound, "CASE/WHEN")?
                }
            };
            tests.push(test);
            results.push(self.value_expr(&when.result)?);
        }
        let has_else = otherwise.is_some();
        // The ELSE has the first word about the type, as in PostgreSQL.
        let mut all = match otherwise {
            Some(otherwise) => vec![self.value_expr(otherwise)?],
            None => Vec::new(),
        };
        all.extend(results);
        self.check_no_sets(sets, "CASE")?;
        let (mut all, ty) = self.unify(all, "CASE")?;
        let otherwise = has_else.then(|| Box::new(all.remove(0)));
        let collation = self.collation_of_one(&all);
        let branches = tests.into_iter().zip(all).collect();
        let operand = operand.map(|(operand, _)| Box::new(operand));
        Ok(Expr { kind: ExprKind::Case { operand, branches, otherwise }, ty, collation })
    }

    /// Refuses a row where SQLite takes none.
    pub(super) fn check_no_row(&self, expr: &Expr) -> Result<()> {
        match expr.kind {
            ExprKind::Row(_) if self.is_sqlite() => {
                Err(SqlError::new("42601", "row value misused"))
            }
            _ => Ok(()),
        }
    }

    /// A row of values.
    pub(crate) fn row(&mut self, parts: &[Ast]) -> Result<Expr> {
        // Parts whose types are not known have those of what the row is compared with.
        let bound = parts.iter().map(|part| self.value_expr(part));
        let bound = bound.collect::<Result<Vec<_>>>()?;
        Ok(row(bound.into_iter().map(|part| self.value(part)).collect()))
    }

    fn array(&mut self, elements: &[Ast]) -> Result<Expr> {
        let bound: Vec<Expr> =
            elements.iter().map(|element| self.expr(element)).collect::<Result<_>>()?;
        if bound.is_empty() {
            let kind = ExprKind::Array(Vec::new());
            return Ok(Expr { kind, ty: SqlType::Unknown, collation: Collation::Binary });
        }
        let (parts, ty) = self.unify(bound, "ARRAY")?;
        // Arrays in an array are its next dimension.
        let ty = if ty.element().is_some() { ty } else { ty.array() };
        Ok(Expr { kind: ExprKind::Array(parts), ty, collation: Collation::Binary })
    }

    /// `array[1][2]`, `array[1:2]`, `json['key']`.
    pub(crate) fn subscripts(&mut self, operand: Expr, chain: &[AccessExpr]) -> Result<Expr> {
        if operand.ty == SqlType::Jsonb {
            return self.json_subscripts(operand, chain);
        }
        if operand.ty == SqlType::Name
            && let [AccessExpr::Subscript(Subscript::Index { index })] = chain
        {
            return self.letter(operand, index);
        }
        let Some(element) = operand.ty.element().cloned() else {
            let ty = operand.ty.name_without_modifier();
            let message =
                format!("cannot subscript type {ty} because it does not support subscripting");
            return Err(SqlError::new("42804", message));
        };
        let subscripts = chain.iter().filter_map(|access| match access {
            AccessExpr::Subscript(subscript) => Some(subscript),
            AccessExpr::Dot(_) => None,
        });
        let subscripts: Vec<&Subscript> = subscripts.collect();
        let collation = operand.collation;
        let is_slice = subscripts.iter().any(|s| matches!(s, Subscript::Slice { .. }));
        if !is_slice {
            let indices = subscripts.iter().filter_map(|subscript| match subscript {
                Subscript::Index { index } => Some(self.subscript(index)),
                Subscript::Slice { .. } => None,
            });
            let indices = indices.collect::<Result<_>>()?;
            let kind = ExprKind::Subscript { operand: Box::new(operand), indices };
            return Ok(Expr { kind, ty: element, collation });
        }
        let mut bounds = Vec::new();
        for subscript in subscripts {
            bounds.push(match subscript {
                // Beside a slice, an index is one from 1.
                Subscript::Index { index } => {
                    let one = Expr::literal(Datum::Integer(1), SqlType::Integer);
                    (Some(one), Some(self.subscript(index)?))
                }
                Subscript::Slice { lower_bound, upper_bound, .. } => {
                    let low = lower_bound.as_ref().map(|bound| self.subscript(bound));
                    let high = upper_bound.as_ref().map(|bound| self.subscript(bound));
                    (low.transpose()?, high.transpose()?)
                }
            });
        }
        let ty = operand.ty.clone();
        Ok(Expr { kind: ExprKind::Slice { operand: Box::new(operand), bounds }, ty, collation })
    }

    /// A letter of a name, counted from 0: PostgreSQL's names are arrays of `"char"`.
    fn letter(&mut self, name: Expr, index: &Ast) -> Result<Expr> {
        let one = || Expr::literal(Datum::Integer(1), SqlType::Integer);
        let index = self.subscript(index)?;
        let place = self.operator("+", Some(index), Some(one()))?;
        let name = self.coerce(name, &SqlType::Text, CastContext::Explicit)?;
        let letter = self.scalar("substr", vec![name, place, one()])?;
        self.coerce(letter, &SqlType::QuotedChar, CastContext::Explicit)
    }

    fn subscript(&mut self, index: &Ast) -> Result<Expr> {
        let bound = self.expr(index)?;
        if !can_cast(self.dialect, &bound.ty, &SqlType::Integer, CastContext::Assignment) {
            return Err(SqlError::new("42804", "array subscript must have type integer"));
        }
        self.coerce(bound, &SqlType::Integer, CastContext::Assignment)
    }

    fn json_subscripts(&mut self, operand: Expr, chain: &[AccessExpr]) -> Result<Expr> {
        let mut bound = operand;
        for access in chain {
            let AccessExpr::Subscript(Subscript::Index { index }) = access else {
                let message = "jsonb subscript does not support slices";
                return Err(SqlError::new("0A000", message));
            };
            let index = self.expr(index)?;
            bound = self.operator("->", Some(bound), Some(index))?;
        }
        Ok(bound)
    }
}

/// Values as one.
pub(crate) fn row(parts: Vec<Expr>) -> Expr {
    let types =
        parts.iter().enumerate().map(|(at, part)| (format!("f{}", at + 1), part.ty.clone()));
    let ty = SqlType::Record(types.collect());
    Expr { kind: ExprKind::Row(parts), ty, collation: Collation::Binary }
}

/// The operands of a chain of one operator, in their order, without recursion.
pub(crate) fn flatten<'a>(ast: &'a Ast, op: &BinaryOperator, parts: &mut Vec<&'a Ast>) {
    let mut stack = vec![ast];
    while let Some(next) = stack.pop() {
        match next {
            Ast::BinaryOp { left, op: own, right } if own == op => {
                stack.push(right);
                stack.push(left);
            }
            other => parts.push(other),
        }
    }
}

/// The name of an operator in the library.
fn operator_name(op: &BinaryOperator) -> String {
    match op {
        BinaryOperator::PGBitwiseXor => "#".to_owned(),
        BinaryOperator::PGExp => "^".to_owned(),
        BinaryOperator::PGCustomBinaryOperator(parts) => parts.last().cloned().unwrap_or_default(),
        BinaryOperator::Custom(name) => name.clone(),
        BinaryOperator::Overlaps => "overlaps".to_owned(),
        other => other.to_string(),
    }
}

fn hexadecimal(digits: &str) -> Option<Vec<u8>> {
    if !digits.is_ascii() || !digits.len().is_multiple_of(2) {
        return None;
    }
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    (0..digits.len()).step_by(2).map(byte).collect()
}
