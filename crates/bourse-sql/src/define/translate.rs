//! Conditions and values of a row as expressions of the store: CHECKs, keys of indexes, partial
//! indexes.
//!
//! What would mean something else in the store is refused by name. Casts that change nothing for
//! the store fall away: it compares numbers of all types exactly, and constants are fitted to what
//! they stand beside.

use bourse::expression::{
    Arithmetic, Comparison, Function, all_of, any_of, call, case_when, column, constant,
};
use bourse::{Collation, Expression, Value};
use hashbrown::HashMap;

use crate::Dialect;
use crate::algebra::{ColumnId, CompareOp, Expr, ExprKind, Quantifier};
use crate::datum::{self, Datum};
use crate::error::{Result, SqlError};
use crate::types::{self, Affinity, SqlType};

type Named = Expression<String>;

/// The elements of an array that is written out, each of the array's type of them.
fn elements_of(array: &Expr) -> Option<Vec<Expr>> {
    let element = array.ty.element()?;
    match &array.kind {
        ExprKind::Literal(Datum::Array(values)) => {
            let of_type = |value: &Datum| Expr::literal(value.clone(), element.clone());
            Some(values.elements.iter().map(of_type).collect())
        }
        ExprKind::Array(parts) => Some(parts.clone()),
        ExprKind::Cast { operand, explicit } => {
            let cast = |part: Expr| {
                let collation = part.collation;
                let kind = ExprKind::Cast { operand: Box::new(part), explicit: *explicit };
                Expr { kind, ty: element.clone(), collation }
            };
            Some(elements_of(operand)?.into_iter().map(cast).collect())
        }
        _ => None,
    }
}

/// Translates expressions over the columns of one table.
pub(crate) struct Translator<'t> {
    /// Names of the columns.
    pub(crate) names: &'t HashMap<ColumnId, String>,
    /// SQLite's: affinities of the columns.
    pub(crate) affinities: &'t HashMap<ColumnId, Affinity>,
    pub(crate) dialect: Dialect,
    /// What it is for, for messages: `CHECK`.
    pub(crate) what: &'t str,
}

impl Translator<'_> {
    fn refuse<T>(&self, detail: &str) -> Result<T> {
        let message = format!("this {} cannot be kept by the store: {detail}", self.what);
        Err(SqlError::unsupported(message))
    }

    /// A condition: where SQLite takes a number for true, one that is not zero.
    pub(crate) fn condition(&self, expr: &Expr) -> Result<Named> {
        self.value(expr)
    }

    /// A value.
    pub(crate) fn value(&self, expr: &Expr) -> Result<Named> {
        let all =
            |parts: &[Expr]| parts.iter().map(|part| self.value(part)).collect::<Result<Vec<_>>>();
        Ok(match &expr.kind {
            ExprKind::Literal(value) => constant(self.literal(value, &expr.ty)?),
            ExprKind::Column(id) => match self.names.get(id) {
                Some(name) => column(name.as_str()),
                None => return self.refuse("it uses a column of another table"),
            },
            ExprKind::Affinity { operand, .. } => self.value(operand)?,
            ExprKind::Cast { operand, explicit } => self.cast(operand, &expr.ty, *explicit)?,
            ExprKind::Compare { op, left, right } => self.compare(*op, left, right)?,
            ExprKind::And(parts) => all_of(all(parts)?),
            ExprKind::Or(parts) => any_of(all(parts)?),
            ExprKind::Not(operand) => self.value(operand)?.opposite(),
            ExprKind::IsNull { operand, negated: false } => self.value(operand)?.is_null(),
            ExprKind::IsNull { operand, negated: true } => self.value(operand)?.is_not_null(),
            ExprKind::InList { operand, list } => self.value(operand)?.is_in(all(list)?),
            ExprKind::CompareArray { op, quantifier, left, array } => {
                let list = elements_of(array).map(|list| all(&list)).transpose()?;
                match (op, quantifier, list) {
                    (CompareOp::Equal, Quantifier::Any, Some(list)) => {
                        self.value(left)?.is_in(list)
                    }
                    (CompareOp::NotEqual, Quantifier::All, Some(list)) => {
                        self.value(left)?.is_in(list).opposite()
                    }
                    _ => return self.refuse("ANY and ALL of this kind have no counterpart"),
                }
            }
            ExprKind::Coalesce(parts) => call(Function::Coalesce, all(parts)?),
            ExprKind::Case { operand: None, branches, otherwise } => {
                let mut pairs = branches.iter().map(|(condition, result)| {
                    Ok::<_, SqlError>((self.value(condition)?, self.value(result)?))
                });
                let Some(first) = pairs.next() else {
                    return self.refuse("a CASE without a branch");
                };
                let (condition, result) = first?;
                let mut case = case_when(condition, result);
                for pair in pairs {
                    let (condition, result) = pair?;
                    case = case.when(condition, result);
                }
                match otherwise {
                    Some(otherwise) => case.otherwise(self.value(otherwise)?),
                    None => case,
                }
            }
            ExprKind::Call { function, arguments } => {
                self.call(function.name, arguments, &all(arguments)?)?
            }
            ExprKind::Subquery(_) if self.what == "CHECK" => {
                return Err(SqlError::unsupported(match self.dialect {
                    Dialect::Postgres => "cannot use subquery in check constraint",
                    Dialect::Sqlite => "subqueries prohibited in CHECK constraints",
                }));
            }
            ExprKind::Subquery(_) => return self.refuse("it contains a query"),
            ExprKind::Parameter(_) => return self.refuse("it contains a parameter"),
            other => {
                let text = format!("{other:?}");
                let name = text.split([' ', '(', '{']).next().unwrap_or_default().to_owned();
                return self.refuse(&format!("{name} has no counterpart"));
            }
        })
    }

    fn literal(&self, value: &Datum, ty: &SqlType) -> Result<Value> {
        if value.is_null() {
            return Ok(Value::Null);
        }
        let carrier = match (ty, value) {
            (SqlType::Any | SqlType::Unknown, _) => bourse::Type::Any,
            (other, _) => types::carrier(other).unwrap_or(bourse::Type::Text),
        };
        datum::to_value(value, ty, &carrier)
    }

    fn cast(&self, operand: &Expr, ty: &SqlType, explicit: bool) -> Result<Named> {
        let inner = self.value(operand)?;
        if self.dialect == Dialect::Sqlite && !explicit {
            let is_truth = operand.ty == SqlType::Boolean;
            return Ok(match ty {
                // A number is true where it is not zero.
                SqlType::Boolean if !is_truth => match inner {
                    Expression::Cast(truth, _)
                        if matches!(&*truth, Expression::Call(function, ..)
                            if is_truth_of_store(*function)) =>
                    {
                        *truth
                    }
                    number => number.not_equal(0),
                },
                SqlType::BigInt if is_truth => inner.cast(bourse::Type::BigInt),
                _ => inner,
            });
        }
        let numeric = |ty: &SqlType| {
            matches!(
                ty,
                SqlType::SmallInt
                    | SqlType::Integer
                    | SqlType::BigInt
                    | SqlType::Numeric(None)
                    | SqlType::Double
                    | SqlType::Real
            )
        };
        let textual = |ty: &SqlType| {
            matches!(
                ty,
                SqlType::Text
                    | SqlType::Varchar(None)
                    | SqlType::Name
                    | SqlType::Enum(_)
                    | SqlType::Unknown
            ) || matches!(ty, SqlType::Varchar(Some(_)) if !explicit)
        };
        let of_text = textual(&operand.ty) || matches!(operand.ty, SqlType::Varchar(_));
        if !explicit && numeric(&operand.ty) && numeric(ty) || of_text && textual(ty) {
            return Ok(inner);
        }
        match types::carrier(ty) {
            Some(carrier) => Ok(inner.cast(carrier)),
            None => self.refuse(&format!("there is no column of type {ty}")),
        }
    }

    fn compare(&self, op: CompareOp, left: &Expr, right: &Expr) -> Result<Named> {
        let by = match op {
            CompareOp::Equal => Comparison::Equal,
            CompareOp::NotEqual => Comparison::NotEqual,
            CompareOp::Less => Comparison::Less,
            CompareOp::LessOrEqual => Comparison::LessOrEqual,
            CompareOp::Greater => Comparison::Greater,
            CompareOp::GreaterOrEqual => Comparison::GreaterOrEqual,
            CompareOp::NotDistinct if is_null(right) => return Ok(self.value(left)?.is_null()),
            CompareOp::Distinct if is_null(right) => return Ok(self.value(left)?.is_not_null()),
            CompareOp::Distinct | CompareOp::NotDistinct => Comparison::Equal,
        };
        let mut of_left = self.value(left)?;
        if left.collation != Collation::Binary {
            of_left = of_left.collate(left.collation);
        }
        let of_right = self.value(right)?;
        if !matches!(op, CompareOp::Distinct | CompareOp::NotDistinct) {
            return Ok(of_left.compare(by, of_right));
        }
        let none = all_of([of_left.clone().is_null(), of_right.clone().is_null()]);
        let (is_left, is_right) = (of_left.clone().is_not_null(), of_right.clone().is_not_null());
        let same = any_of([none, all_of([is_left, is_right, of_left.compare(by, of_right)])]);
        Ok(if op == CompareOp::Distinct { same.opposite() } else { same })
    }

    /// Whether an expression of SQLite's dialect is a whole number, if it is no NULL.
    fn is_whole(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Column(id) => self.affinities.get(id) == Some(&Affinity::Integer),
            ExprKind::Literal(value) => matches!(value, Datum::Integer(_)),
            _ => expr.ty == SqlType::BigInt,
        }
    }

    fn call(&self, name: &str, expressions: &[Expr], translated: &[Named]) -> Result<Named> {
        let numbers = expressions.iter().all(|argument| {
            matches!(
                argument.ty,
                SqlType::SmallInt
                    | SqlType::Integer
                    | SqlType::BigInt
                    | SqlType::Real
                    | SqlType::Double
                    | SqlType::Numeric(_)
                    | SqlType::Any
            )
        });
        let by = match name {
            "+" => Some(Arithmetic::Add),
            "-" => Some(Arithmetic::Subtract),
            "*" => Some(Arithmetic::Multiply),
            "/" => Some(Arithmetic::Divide),
            "%" | "mod" => Some(Arithmetic::Remainder),
            _ => None,
        };
        if let (Some(by), true) = (by, numbers) {
            return match translated {
                [left, right] => Ok(left.clone().arithmetic(by, self.divisor(by, right.clone()))),
                [only] if by == Arithmetic::Subtract => Ok(only.clone().negative()),
                [only] => Ok(only.clone()),
                _ => self.refuse("an operator without operands"),
            };
        }
        let function = match name {
            "!~~" => return Ok(call(Function::Like, translated.to_vec()).opposite()),
            "!~~*" => return Ok(call(Function::ILike, translated.to_vec()).opposite()),
            _ => self.counterpart(name),
        };
        let Some(function) = function else {
            return self.refuse(&format!("the function {name} has no counterpart"));
        };
        let mut arguments = translated.to_vec();
        if self.dialect == Dialect::Sqlite && of_texts(function) {
            // There functions of texts take numbers for the texts of them.
            for (argument, expr) in arguments.iter_mut().zip(expressions) {
                if self.is_whole(expr) {
                    *argument = argument.clone().cast(bourse::Type::Text);
                }
            }
        }
        if function == Function::TimeBucket
            && let Some(ExprKind::Literal(Datum::Interval(width))) =
                expressions.first().map(|width| &width.kind)
        {
            arguments[0] = constant(crate::function::bucket_width(width));
        }
        // SQLite's function has the pattern first, its operator the text.
        if name == "like" || name == "glob" {
            arguments.swap(0, 1);
        }
        let made = call(function, arguments);
        // What is a truth to the store is a number there.
        let is_number = self.dialect == Dialect::Sqlite && is_truth_of_store(function);
        Ok(if is_number { made.cast(bourse::Type::BigInt) } else { made })
    }

    /// The store's function that is the same.
    fn counterpart(&self, name: &str) -> Option<Function> {
        Some(match name {
            "lower" => Function::Lower,
            "upper" => Function::Upper,
            "length" | "char_length" | "character_length" => Function::Length,
            "abs" | "@" => Function::Abs,
            "btrim" | "trim" => Function::Trim,
            "ltrim" => Function::LeftTrim,
            "rtrim" => Function::RightTrim,
            "substr" if self.dialect == Dialect::Sqlite => Function::Substr,
            "substr" | "substring" => Function::Substring,
            "round" => Function::Round,
            "floor" => Function::Floor,
            "ceil" | "ceiling" => Function::Ceil,
            "typeof" => Function::TypeOf,
            "||" => Function::Concat,
            "replace" => Function::Replace,
            "instr" | "position" | "strpos" => Function::Instr,
            "~~" => Function::Like,
            "~~*" | "LIKE" | "like" => Function::ILike,
            "GLOB" | "glob" => Function::Glob,
            "json_valid" => Function::JsonValid,
            "date_trunc" => Function::DateTrunc,
            "extract" => Function::Extract,
            "time_bucket" | "date_bin" => Function::TimeBucket,
            _ => return None,
        })
    }

    /// In SQLite a division by zero is NULL.
    fn divisor(&self, by: Arithmetic, right: Named) -> Named {
        let divides = matches!(by, Arithmetic::Divide | Arithmetic::Remainder);
        if self.dialect == Dialect::Sqlite && divides && !matches!(right, Expression::Constant(_)) {
            return call(Function::NullIf, [right, constant(0)]);
        }
        right
    }
}

/// Whether a function of the store gives a truth.
fn is_truth_of_store(function: Function) -> bool {
    matches!(function, Function::JsonValid | Function::Like | Function::ILike | Function::Glob)
}

/// Whether all arguments of a function are texts.
fn of_texts(function: Function) -> bool {
    matches!(
        function,
        Function::Lower
            | Function::Upper
            | Function::Length
            | Function::Trim
            | Function::LeftTrim
            | Function::RightTrim
            | Function::Concat
            | Function::Replace
            | Function::Instr
            | Function::Like
            | Function::ILike
            | Function::Glob
    )
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(Datum::Null))
}
