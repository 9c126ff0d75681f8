//! Arguments that a call gives by name: `make_interval(days => 10)`.

use std::sync::LazyLock;

use sqlparser::ast::{Expr as Ast, FunctionArg, FunctionArgExpr, Value};

use crate::error::{Result, SqlError};

/// Functions whose parameters have names, and whether they have defaults, which are all 0.
const NAMED: [(&str, &[&str], bool); 5] = [
    ("make_interval", &["years", "months", "weeks", "days", "hours", "mins", "secs"], true),
    ("make_date", &["year", "month", "day"], false),
    ("make_time", &["hour", "min", "sec"], false),
    ("make_timestamp", &["year", "month", "mday", "hour", "min", "sec"], false),
    ("make_timestamptz", &["year", "month", "mday", "hour", "min", "sec", "timezone"], false),
];

static ZERO: LazyLock<FunctionArgExpr> = LazyLock::new(|| {
    let zero = Value::Number("0".to_owned(), false);
    FunctionArgExpr::Expr(Ast::Value(zero.with_empty_span()))
});

/// The arguments of a call of a function, in the order of its parameters.
pub(super) fn in_order<'a>(
    function: &str,
    arguments: &'a [FunctionArg],
) -> Result<Vec<&'a FunctionArgExpr>> {
    let mut ordered = Vec::with_capacity(arguments.len());
    let mut named = Vec::new();
    for argument in arguments {
        match argument {
            FunctionArg::Unnamed(argument) if named.is_empty() => ordered.push(argument),
            FunctionArg::Unnamed(_) => {
                let message = "positional argument cannot follow named argument";
                return Err(SqlError::new("42601", message));
            }
            FunctionArg::Named { name, arg, .. } => named.push((name.value.to_lowercase(), arg)),
            FunctionArg::ExprNamed { name, arg, .. } => named.push((name.to_string(), arg)),
        }
    }
    if named.is_empty() {
        return Ok(ordered);
    }
    let known = NAMED.iter().find(|(name, ..)| *name == function);
    let Some((_, parameters, has_defaults)) = known else {
        let message = format!("arguments of {function} by name are not supported");
        return Err(SqlError::unsupported(message).with_hint("Give them in their order."));
    };
    let absent = |name: &str| {
        let message = format!("function {function} takes no parameter \"{name}\" there");
        SqlError::new("42883", message)
    };
    let mut places = vec![None; parameters.len()];
    for (name, argument) in named {
        let at = parameters.iter().position(|parameter| *parameter == name);
        let at = at.filter(|at| *at >= ordered.len()).ok_or_else(|| absent(&name))?;
        if places[at].replace(argument).is_some() {
            let message = format!("argument name \"{name}\" used more than once");
            return Err(SqlError::new("42601", message));
        }
    }
    let last = places.iter().rposition(Option::is_some).map_or(0, |at| at + 1);
    for at in ordered.len()..last {
        match places[at] {
            Some(argument) => ordered.push(argument),
            None if *has_defaults => ordered.push(&ZERO),
            None => {
                let message = format!("{function} needs its parameter \"{}\"", parameters[at]);
                return Err(SqlError::new("42883", message));
            }
        }
    }
    Ok(ordered)
}
