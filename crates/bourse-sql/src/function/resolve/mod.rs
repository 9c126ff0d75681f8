//! How a call finds its function: PostgreSQL's rules over the tables of signatures.
//!
//! A call is looked for in this order, and the first step that leaves one candidate decides:
//!
//! 1. a signature of exactly these types (of an operator with one literal in quotes: as if that
//!    were of the other operand's type);
//! 2. the signatures to which all arguments can be cast implicitly;
//! 3. of these the ones with the most exact types, then with the most exact or preferred ones;
//! 4. for literals in quotes: the category that the candidates agree on, texts before all others,
//!    in it the preferred type, and at last the type that all other arguments have.
//!
//! SQLite has one function a name and number of arguments.

use super::cast::{self, CastContext};
use super::library::library;
use super::signature::{Shape, Signature};
use super::{AggregateFunction, Resolved, ScalarFunction, SetFunction, WindowFunction};
use crate::Dialect;
use crate::error::{Result, SqlError};
use crate::types::SqlType;

mod candidate;
mod generic;
mod unify;

use candidate::Call;
pub(crate) use candidate::no_function;
pub(crate) use generic::has_names;
pub use unify::{common_type, comparison_type};

/// What a call of a set-returning function was resolved to.
#[derive(Clone, Debug)]
pub struct ResolvedSet {
    /// The function.
    pub function: &'static SetFunction,
    /// The type that each argument is cast to before the call.
    pub arguments: Vec<SqlType>,
    /// Columns of its rows. One without a name of its own has the function's.
    pub columns: Vec<(String, SqlType)>,
}

/// The scalar function that a call means.
///
/// # Errors
/// 42883 when there is none, 42725 when there are several.
pub fn scalar(
    dialect: Dialect,
    name: &str,
    arguments: &[SqlType],
) -> Result<Resolved<ScalarFunction>> {
    let found = library(dialect).scalars.get(name);
    if dialect == Dialect::Sqlite {
        let signature = by_count(found, name, arguments.len())?;
        return Ok(untyped(signature, arguments));
    }
    // What all values have a JSON of these two take of one kind of type alone.
    let is_meant = match (name, arguments) {
        ("array_to_json", [ty]) => ty.element().is_some() || *ty == SqlType::Unknown,
        ("row_to_json", [ty]) => matches!(ty, SqlType::Record(_) | SqlType::Unknown),
        _ => true,
    };
    let call = match is_meant {
        true => candidate::choose(found, arguments, false),
        false => Err(candidate::Refusal::None),
    };
    let call = call.map_err(|refusal| refusal.of_function(name, arguments))?;
    typed(&call, arguments)
}

/// The operator that an expression means; one operand is a prefix operator's.
///
/// # Errors
/// 42883 when there is none, 42725 when there are several.
pub fn operator(
    dialect: Dialect,
    operator: &str,
    left: Option<&SqlType>,
    right: Option<&SqlType>,
) -> Result<Resolved<ScalarFunction>> {
    let arguments: Vec<SqlType> = left.into_iter().chain(right).cloned().collect();
    let found = library(dialect).operators.get(operator);
    if dialect == Dialect::Sqlite {
        let signature = found.iter().find(|s| s.arguments.len() == arguments.len());
        let signature = signature.ok_or_else(|| {
            let message = match operator {
                "REGEXP" => "no such function: REGEXP".to_owned(),
                _ => format!("unable to use function {operator} in the requested context"),
            };
            SqlError::new("42883", message)
        })?;
        return Ok(untyped(signature, &arguments));
    }
    let call = candidate::choose(found, &arguments, true)
        .map_err(|refusal| refusal.of_operator(operator, left, right))?;
    typed(&call, &arguments)
}

/// The aggregate that a call means; `None` if no aggregate has the name.
///
/// # Errors
/// 42883 when none takes such arguments, 42725 when several do.
pub fn aggregate(
    dialect: Dialect,
    name: &str,
    arguments: &[SqlType],
) -> Result<Option<Resolved<AggregateFunction>>> {
    let found = library(dialect).aggregates.get(name);
    if dialect == Dialect::Sqlite {
        // min and max of two and more arguments are scalar functions.
        let other = !library(dialect).scalars.get(name).is_empty();
        return match by_count(found, name, arguments.len()) {
            Ok(signature) => Ok(Some(untyped(signature, arguments))),
            Err(_) if found.is_empty() || other => Ok(None),
            Err(error) => Err(error),
        };
    }
    if found.is_empty() {
        return Ok(None);
    }
    let call = candidate::choose(found, arguments, false)
        .map_err(|refusal| refusal.of_function(name, arguments))?;
    typed(&call, arguments).map(Some)
}

/// The set-returning function that a call means; `None` if none has the name.
///
/// # Errors
/// 42883 when none takes such arguments, 42725 when several do.
pub fn set_returning(
    dialect: Dialect,
    name: &str,
    arguments: &[SqlType],
) -> Result<Option<ResolvedSet>> {
    let found = library(dialect).sets.get(name);
    if found.is_empty() {
        return Ok(None);
    }
    if dialect == Dialect::Sqlite {
        let signature = by_count(found, name, arguments.len())?;
        let columns = signature.columns.iter();
        let columns = columns.map(|(name, _)| ((*name).to_owned(), SqlType::Any)).collect();
        let arguments = vec![SqlType::Any; arguments.len()];
        return Ok(Some(ResolvedSet { function: &signature.function, arguments, columns }));
    }
    let call = candidate::choose(found, arguments, false)
        .map_err(|refusal| refusal.of_function(name, arguments))?;
    let bindings = generic::bind(&call, arguments)?;
    let columns = if call.signature.columns.is_empty() {
        vec![(name.to_owned(), bindings.result)]
    } else {
        let named = call.signature.columns.iter();
        named
            .map(|(name, shape)| ((*name).to_owned(), shape.to_type().unwrap_or(SqlType::Text)))
            .collect()
    };
    let function = &call.signature.function;
    Ok(Some(ResolvedSet { function, arguments: bindings.arguments, columns }))
}

/// The function of windows that a call means, what its arguments are cast to, and its result;
/// `None` if none has the name (it may be an aggregate then).
///
/// # Errors
/// 42883 when none takes such arguments, 42725 when several do.
pub fn window(
    dialect: Dialect,
    name: &str,
    arguments: &[SqlType],
) -> Result<Option<(WindowFunction, Vec<SqlType>, SqlType)>> {
    let found = library(dialect).windows.get(name);
    if found.is_empty() {
        return Ok(None);
    }
    if dialect == Dialect::Sqlite {
        let signature = by_count(found, name, arguments.len())?;
        let types = vec![SqlType::Any; arguments.len()];
        return Ok(Some((signature.function, types, SqlType::Any)));
    }
    let call = candidate::choose(found, arguments, false)
        .map_err(|refusal| refusal.of_function(name, arguments))?;
    let bindings = generic::bind(&call, arguments)?;
    Ok(Some((call.signature.function, bindings.arguments, bindings.result)))
}

fn typed<F>(call: &Call<F>, arguments: &[SqlType]) -> Result<Resolved<F>> {
    let bindings = generic::bind(call, arguments)?;
    let function = &call.signature.function;
    Ok(Resolved { function, arguments: bindings.arguments, result: bindings.result })
}

/// Any types, but for JSON: what is JSON and no text is marked as such by a cast to `jsonb`.
fn untyped<F>(signature: &'static Signature<F>, arguments: &[SqlType]) -> Resolved<F> {
    let takes_json =
        signature.arguments.contains(&Shape::ToJson) || signature.result == Shape::Json;
    let cast = arguments.iter().map(|ty| match ty {
        SqlType::Json if takes_json => SqlType::Jsonb,
        SqlType::Jsonb if takes_json => SqlType::Json,
        // It may be JSON in some rows.
        SqlType::Any if takes_json => SqlType::Jsonb,
        // As they are: a cast would change nothing.
        other => other.clone(),
    });
    let result = match signature.result {
        Shape::Json => SqlType::Json,
        Shape::Jsonb => SqlType::Jsonb,
        // What gives its first argument back gives JSON as JSON.
        Shape::Element => match arguments.first() {
            Some(json @ (SqlType::Json | SqlType::Jsonb)) => json.clone(),
            _ => SqlType::Any,
        },
        _ => SqlType::Any,
    };
    Resolved { function: &signature.function, arguments: cast.collect(), result }
}

/// SQLite's only rule.
fn by_count<F>(
    found: &[&'static Signature<F>],
    name: &str,
    count: usize,
) -> Result<&'static Signature<F>> {
    if found.is_empty() {
        return Err(SqlError::new("42883", format!("no such function: {name}")));
    }
    let takes = |signature: &&&'static Signature<F>| {
        let least = signature.arguments.len();
        count == least || (signature.variadic && count + 1 >= least)
    };
    found.iter().find(takes).copied().ok_or_else(|| {
        SqlError::new("42883", format!("wrong number of arguments to function {name}()"))
    })
}

/// Whether an argument may be cast where nobody asked for it.
fn is_implicit(from: &SqlType, to: &SqlType) -> bool {
    cast::can_cast(Dialect::Postgres, from, to, CastContext::Implicit)
}
