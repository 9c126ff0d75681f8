//! Which expressions mean the same to the store as to a SELECT, so that what a view keeps of rows
//! is what the SELECT would make of them.
//!
//! [`Translator`] says how an expression is written for the store. It serves CHECKs too, where it
//! is enough that the same rows are refused; here values must be equal, digits and all. So what is
//! not known to be equal is not taken: quotients of numerics, whose digits the store chooses
//! otherwise; texts that fold letters; what a session's time zone decides; orders of enumerated
//! types.

use bourse::{Collation, Expression};
use hashbrown::HashMap;

use crate::Dialect;
use crate::algebra::{ColumnId, CompareOp, Expr, ExprKind};
use crate::define::Translator;
use crate::function::Volatility;
use crate::types::SqlType;

/// Why something is not taken, to stand behind "because".
pub(crate) type Why = String;

/// The columns of a table that expressions name, and the collations that these have.
#[derive(Default, Debug)]
pub(crate) struct Names {
    names: HashMap<ColumnId, String>,
    collations: HashMap<ColumnId, Collation>,
}

impl Names {
    pub(crate) fn add(&mut self, id: ColumnId, column: &bourse::schema::Column) {
        self.names.insert(id, column.name.clone());
        self.collations.insert(id, column.collation);
    }

    pub(crate) fn name(&self, id: ColumnId) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = ColumnId> {
        self.names.keys().copied()
    }

    /// An expression as the store computes it, if that is the same.
    pub(crate) fn translate(&self, expr: &Expr) -> Result<Expression<String>, Why> {
        self.check(expr)?;
        // SQLite's affinities are none of PostgreSQL's.
        let affinities = HashMap::new();
        let translator = Translator {
            names: &self.names,
            affinities: &affinities,
            dialect: Dialect::Postgres,
            what: "materialized view",
        };
        translator.value(expr).map_err(|error| error.message().to_owned())
    }

    fn check(&self, expr: &Expr) -> Result<(), Why> {
        let is_text = is_textual(&expr.ty);
        match &expr.kind {
            ExprKind::Column(id) => {
                let known = self.collations.get(id);
                if is_text && known.is_some_and(|collation| *collation != expr.collation) {
                    return Err(
                        "a text is compared under another collation than its column's".to_owned()
                    );
                }
                return Ok(());
            }
            ExprKind::Literal(_) => return Ok(()),
            ExprKind::Cast { operand, explicit } => check_cast(&operand.ty, &expr.ty, *explicit)?,
            ExprKind::Compare { op, left, .. } => check_compare(*op, &left.ty)?,
            ExprKind::InList { operand, .. } => check_compare(CompareOp::Equal, &operand.ty)?,
            ExprKind::Call { function, arguments } => {
                if function.volatility != Volatility::Immutable || function.is_user {
                    return Err(format!("{}() is not the same at all times", function.name));
                }
                check_call(function.name, arguments, &expr.ty)?;
            }
            ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::IsNull { .. }
            | ExprKind::Coalesce(_)
            | ExprKind::Case { operand: None, .. } => {}
            ExprKind::Subquery(_) => return Err("it has a query in an expression".to_owned()),
            ExprKind::Parameter(_) => return Err("it has a parameter".to_owned()),
            _ => return Err("it has an expression that the store does not compute".to_owned()),
        }
        if is_text && expr.collation != Collation::Binary {
            return Err("it computes texts that fold letters".to_owned());
        }
        let mut found = Ok(());
        expr.for_each_part(&mut |part| {
            if found.is_ok() {
                found = self.check(part);
            }
        });
        found
    }
}

fn is_textual(ty: &SqlType) -> bool {
    matches!(ty, SqlType::Text | SqlType::Varchar(_) | SqlType::Name | SqlType::Enum(_))
}

fn is_whole(ty: &SqlType) -> bool {
    matches!(ty, SqlType::SmallInt | SqlType::Integer | SqlType::BigInt)
}

pub(crate) fn is_floating(ty: &SqlType) -> bool {
    matches!(ty, SqlType::Real | SqlType::Double)
}

fn check_cast(from: &SqlType, to: &SqlType, explicit: bool) -> Result<(), Why> {
    let rank = |ty: &SqlType| match ty {
        SqlType::SmallInt => Some(0),
        SqlType::Integer => Some(1),
        SqlType::BigInt => Some(2),
        SqlType::Numeric(None) => Some(3),
        SqlType::Real => Some(4),
        SqlType::Double => Some(5),
        _ => None,
    };
    let widens = match (from, rank(from), rank(to)) {
        (SqlType::Numeric(Some(_)), _, Some(to)) => to == 3 || to == 5,
        // A real has too few digits for integers.
        (_, Some(from), Some(to)) => from <= to && !(to == 4 && from > 0),
        _ => false,
    };
    let is_same_text = is_textual(from)
        && matches!(to, SqlType::Text | SqlType::Varchar(None) | SqlType::Name)
        || *from == SqlType::Unknown && is_textual(to);
    let is_day = matches!((from, to), (SqlType::Timestamp(_), SqlType::Date));
    let begins_day = matches!((from, to), (SqlType::Date, SqlType::Timestamp(_)));
    if from == to || widens || is_same_text || is_day && explicit || begins_day {
        return Ok(());
    }
    Err(format!("a cast from {from} to {to} depends on more than the value"))
}

fn check_compare(op: CompareOp, ty: &SqlType) -> Result<(), Why> {
    let is_equality = matches!(op, CompareOp::Equal | CompareOp::NotEqual);
    match ty {
        SqlType::Enum(_) if !is_equality => {
            Err("values of an enumerated type are ordered by their labels' places".to_owned())
        }
        SqlType::Enum(_) => Ok(()),
        ty if is_plain(ty) => Ok(()),
        ty => Err(format!("values of type {ty} are compared otherwise by the store")),
    }
}

/// Whether values of a type are equal, and in order, as the store has them.
pub(crate) fn is_plain(ty: &SqlType) -> bool {
    is_whole(ty)
        || is_floating(ty)
        || matches!(
            ty,
            SqlType::Numeric(_)
                | SqlType::Text
                | SqlType::Varchar(_)
                | SqlType::Name
                | SqlType::Boolean
                | SqlType::Bytea
                | SqlType::Date
                | SqlType::Time(_)
                | SqlType::Timestamp(_)
                | SqlType::TimestampTz(_)
                | SqlType::Uuid
        )
}

fn check_call(name: &str, arguments: &[Expr], result: &SqlType) -> Result<(), Why> {
    let all = |is: &dyn Fn(&SqlType) -> bool| arguments.iter().all(|part| is(&part.ty));
    let is_number = |ty: &SqlType| is_whole(ty) || is_floating(ty) || is_numeric(ty);
    let is_known = match name {
        "+" | "-" | "*" => all(&is_number),
        "/" => all(&|ty| is_whole(ty) || is_floating(ty)),
        "%" | "mod" => all(&is_whole),
        "abs" | "@" => all(&is_number),
        "floor" | "ceil" | "ceiling" => all(&is_floating),
        "lower" | "upper" | "length" | "char_length" | "character_length" | "btrim" | "ltrim"
        | "rtrim" | "replace" | "position" | "strpos" | "||" => all(&is_textual),
        "substr" | "substring" => {
            arguments.first().is_some_and(|text| is_textual(&text.ty))
                && arguments.iter().skip(1).all(|part| is_whole(&part.ty))
        }
        "~~" | "!~~" => arguments.len() == 2 && all(&is_textual),
        "date_trunc" | "date_bin" | "time_bucket" => {
            matches!(result, SqlType::Timestamp(_) | SqlType::Date)
        }
        _ => false,
    };
    if is_known {
        return Ok(());
    }
    Err(format!("{name} of these types may be another value in the store"))
}

fn is_numeric(ty: &SqlType) -> bool {
    matches!(ty, SqlType::Numeric(_))
}
