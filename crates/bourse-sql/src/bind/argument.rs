//! Arguments that a call gives by name, `make_interval(days => 10)`, and as an array, `VARIADIC a`.

use std::sync::LazyLock;

use sqlparser::ast::{Expr as Ast, FunctionArg, FunctionArgExpr, Value};

use super::binder::Binder;
use crate::algebra::{Expr, ExprKind};
use crate::error::{Result, SqlError};
use crate::function::resolve::no_function;
use crate::parse::VARIADIC;
use crate::types::SqlType;

/// What an argument is that a call does not give.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Absent {
    Refused,
    Zero,
    False,
    True,
}

use Absent::{False, Refused, True, Zero};

/// A parameter's name, and what it is where a call does not give it.
type Parameter = (&'static str, Absent);

/// Functions whose parameters have names.
const NAMED: [(&str, &[Parameter]); 9] = [
    (
        "make_interval",
        &[
            ("years", Zero),
            ("months", Zero),
            ("weeks", Zero),
            ("days", Zero),
            ("hours", Zero),
            ("mins", Zero),
            ("secs", Zero),
        ],
    ),
    ("make_date", &[("year", Refused), ("month", Refused), ("day", Refused)]),
    ("make_time", &[("hour", Refused), ("min", Refused), ("sec", Refused)]),
    (
        "make_timestamp",
        &[
            ("year", Refused),
            ("month", Refused),
            ("mday", Refused),
            ("hour", Refused),
            ("min", Refused),
            ("sec", Refused),
        ],
    ),
    (
        "make_timestamptz",
        &[
            ("year", Refused),
            ("month", Refused),
            ("mday", Refused),
            ("hour", Refused),
            ("min", Refused),
            ("sec", Refused),
            ("timezone", Refused),
        ],
    ),
    ("parse_ident", &[("str", Refused), ("strict", True)]),
    (
        "jsonb_set",
        &[
            ("jsonb_in", Refused),
            ("path", Refused),
            ("replacement", Refused),
            ("create_if_missing", True),
        ],
    ),
    (
        "jsonb_insert",
        &[
            ("jsonb_in", Refused),
            ("path", Refused),
            ("replacement", Refused),
            ("insert_after", False),
        ],
    ),
    ("json_strip_nulls", &[("target", Refused)]),
];

/// Functions whose last parameter is VARIADIC, and how many stand before it.
const LISTS: [(&str, usize); 13] = [
    ("concat", 0),
    ("concat_ws", 1),
    ("format", 1),
    ("num_nulls", 0),
    ("num_nonnulls", 0),
    ("json_build_array", 0),
    ("json_build_object", 0),
    ("jsonb_build_array", 0),
    ("jsonb_build_object", 0),
    ("json_extract_path", 1),
    ("json_extract_path_text", 1),
    ("jsonb_extract_path", 1),
    ("jsonb_extract_path_text", 1),
];

fn constant(value: Value) -> FunctionArgExpr {
    FunctionArgExpr::Expr(Ast::Value(value.with_empty_span()))
}

static ZERO: LazyLock<FunctionArgExpr> =
    LazyLock::new(|| constant(Value::Number("0".to_owned(), false)));
static FALSE: LazyLock<FunctionArgExpr> = LazyLock::new(|| constant(Value::Boolean(false)));
static TRUE: LazyLock<FunctionArgExpr> = LazyLock::new(|| constant(Value::Boolean(true)));

/// Arguments in the order of a function's parameters.
pub(super) struct Ordered<'a> {
    pub(super) arguments: Vec<&'a FunctionArgExpr>,
    /// The last one is an array of what it stands for.
    pub(super) is_variadic: bool,
}

/// The name that an argument is given by.
fn name_of(argument: &FunctionArg) -> Option<String> {
    match argument {
        FunctionArg::Unnamed(_) => None,
        FunctionArg::Named { name, .. } if name.value == VARIADIC => None,
        FunctionArg::Named { name, .. } => Some(name.value.to_lowercase()),
        FunctionArg::ExprNamed { name: Ast::Identifier(name), .. } if name.value == VARIADIC => {
            None
        }
        FunctionArg::ExprNamed { name, .. } => Some(name.to_string().to_lowercase()),
    }
}

fn value_of(argument: &FunctionArg) -> &FunctionArgExpr {
    match argument {
        FunctionArg::Unnamed(value)
        | FunctionArg::Named { arg: value, .. }
        | FunctionArg::ExprNamed { arg: value, .. } => value,
    }
}

/// The arguments of a call of a function, in the order of its parameters; `None` where no function
/// of that name takes them by these names.
pub(super) fn in_order<'a>(
    function: &str,
    arguments: &'a [FunctionArg],
) -> Result<Option<Ordered<'a>>> {
    let mut ordered = Vec::with_capacity(arguments.len());
    let mut named: Vec<(String, &FunctionArgExpr)> = Vec::new();
    let mut is_variadic = false;
    for argument in arguments {
        let value = value_of(argument);
        match name_of(argument) {
            Some(name) if named.iter().any(|(other, _)| *other == name) => {
                let message = format!("argument name \"{name}\" used more than once");
                return Err(SqlError::new("42601", message));
            }
            Some(name) => named.push((name, value)),
            None if named.is_empty() => {
                is_variadic |= !matches!(argument, FunctionArg::Unnamed(_));
                ordered.push(value);
            }
            None => {
                let message = "positional argument cannot follow named argument";
                return Err(SqlError::new("42601", message));
            }
        }
    }
    if named.is_empty() {
        return Ok(Some(Ordered { arguments: ordered, is_variadic }));
    }
    let known = NAMED.iter().find(|(name, _)| *name == function);
    let Some((_, parameters)) = known else { return Ok(None) };
    let mut places = vec![None; parameters.len()];
    for (name, argument) in named {
        let at = parameters.iter().position(|(parameter, _)| *parameter == name);
        let Some(at) = at.filter(|at| *at >= ordered.len()) else { return Ok(None) };
        places[at] = Some(argument);
    }
    let last = places.iter().rposition(Option::is_some).map_or(0, |at| at + 1);
    for at in ordered.len()..parameters.len() {
        match (places[at], parameters[at].1) {
            (Some(argument), _) => ordered.push(argument),
            (None, Refused) => return Ok(None),
            // What follows the last one that is given the function knows itself.
            (None, _) if at >= last => break,
            (None, Zero) => ordered.push(&ZERO),
            (None, False) => ordered.push(&FALSE),
            (None, True) => ordered.push(&TRUE),
        }
    }
    Ok(Some(Ordered { arguments: ordered, is_variadic }))
}

impl Binder<'_> {
    /// The error that no function takes arguments by these names.
    pub(super) fn no_such_call(&mut self, function: &str, arguments: &[FunctionArg]) -> SqlError {
        let mut shown = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let FunctionArgExpr::Expr(tree) = value_of(argument) else { continue };
            let ty = match self.value_expr(tree) {
                Ok(bound) => bound.ty.name_without_modifier(),
                Err(error) => return error,
            };
            shown.push(match name_of(argument) {
                Some(name) => format!("{name} => {ty}"),
                None => ty,
            });
        }
        no_function(&format!("{function}({})", shown.join(", ")))
    }

    /// The arguments of a call whose last one is VARIADIC: its elements take its place.
    pub(super) fn spread(&mut self, function: &str, mut arguments: Vec<Expr>) -> Result<Vec<Expr>> {
        let fits =
            LISTS.iter().any(|(name, before)| *name == function && arguments.len() == before + 1);
        let types: Vec<String> =
            arguments.iter().map(|argument| argument.ty.name_without_modifier()).collect();
        let Some(last) = arguments.pop().filter(|_| fits) else {
            return Err(no_function(&format!("{function}({})", types.join(", "))));
        };
        let is_null = matches!(last.kind, ExprKind::Literal(crate::datum::Datum::Null));
        if last.ty.element().is_none() && !is_null {
            return Err(SqlError::new("42804", "VARIADIC argument must be an array"));
        }
        match last.kind {
            ExprKind::Array(parts) => arguments.extend(parts),
            kind => {
                let list = Expr { kind, ..last };
                return self.spread_value(function, arguments, list);
            }
        }
        Ok(arguments)
    }

    /// An array whose elements are not written out.
    fn spread_value(
        &mut self,
        function: &str,
        mut arguments: Vec<Expr>,
        list: Expr,
    ) -> Result<Vec<Expr>> {
        match function {
            // The texts of the elements in a row are one of them.
            "concat" | "concat_ws" => {
                let nothing = Expr::literal(crate::datum::Datum::text(""), SqlType::Text);
                let between = arguments.first().cloned().unwrap_or(nothing);
                let joined = self.scalar("array_to_string", vec![list, between])?;
                arguments.push(joined);
                Ok(arguments)
            }
            _ => Err(self
                .unsupported(&format!("VARIADIC of {function} takes an array that is written out"))
                .with_hint("Write its elements as ARRAY[...].")),
        }
    }
}
