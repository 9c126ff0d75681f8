//! The choice between signatures.

use super::generic;
use crate::error::SqlError;
use crate::function::signature::{Category, Shape, Signature, category};
use crate::types::SqlType;

/// A signature with its arguments counted out for a call.
pub(super) struct Call<F: 'static> {
    pub(super) signature: &'static Signature<F>,
    pub(super) shapes: Vec<Shape>,
}

/// Why no signature was chosen.
#[derive(Debug)]
pub(super) enum Refusal {
    None,
    Several,
}

impl Refusal {
    pub(super) fn of_function(&self, name: &str, arguments: &[SqlType]) -> SqlError {
        let list: Vec<String> = arguments.iter().map(SqlType::name_without_modifier).collect();
        let call = format!("{name}({})", list.join(", "));
        match self {
            Refusal::None => no_function(&call),
            Refusal::Several => SqlError::new("42725", format!("function {call} is not unique"))
                .with_hint(
                    "Could not choose a best candidate function. \
                     You might need to add explicit type casts.",
                ),
        }
    }

    pub(super) fn of_operator(
        &self,
        operator: &str,
        left: Option<&SqlType>,
        right: Option<&SqlType>,
    ) -> SqlError {
        let name = |ty: Option<&SqlType>| ty.map(SqlType::name_without_modifier);
        let parts = [name(left), Some(operator.to_owned()), name(right)];
        let shown = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let types = if left.is_some() && right.is_some() { "types" } else { "type" };
        match self {
            Refusal::None => SqlError::new("42883", format!("operator does not exist: {shown}"))
                .with_hint(format!(
                    "No operator matches the given name and argument {types}. \
                     You might need to add explicit type casts.",
                )),
            Refusal::Several => SqlError::new("42725", format!("operator is not unique: {shown}"))
                .with_hint(
                    "Could not choose a best candidate operator. \
                     You might need to add explicit type casts.",
                ),
        }
    }
}

/// The error that no function takes a call's arguments.
pub(crate) fn no_function(call: &str) -> SqlError {
    SqlError::new("42883", format!("function {call} does not exist")).with_hint(
        "No function matches the given name and argument types. \
         You might need to add explicit type casts.",
    )
}

/// The signature that a call means.
pub(super) fn choose<F>(
    found: &[&'static Signature<F>],
    arguments: &[SqlType],
    is_operator: bool,
) -> Result<Call<F>, Refusal> {
    let calls = found.iter().filter_map(|signature| {
        let shapes = count_out(signature, arguments.len())?;
        Some(Call { signature, shapes })
    });
    let mut calls: Vec<Call<F>> = calls.collect();
    if let Some(index) = calls.iter().position(|call| is_exact(call, arguments)) {
        return Ok(calls.swap_remove(index));
    }
    if let ([left, right], true) = (arguments, is_operator) {
        let assumed = match (left, right) {
            (SqlType::Unknown, SqlType::Unknown) => None,
            (SqlType::Unknown, known) | (known, SqlType::Unknown) => Some(known.clone()),
            _ => None,
        };
        if let Some(known) = assumed {
            let both = [known.clone(), known];
            if let Some(index) = calls.iter().position(|call| is_exact(call, &both)) {
                return Ok(calls.swap_remove(index));
            }
        }
    }
    calls.retain(|call| generic::accepts(&call.shapes, arguments));
    // A list of arguments is only a way to call it where no signature names as many.
    if calls.iter().any(|call| !call.signature.variadic) {
        calls.retain(|call| !call.signature.variadic || is_exact(call, arguments));
    }
    match calls.len() {
        0 => Err(Refusal::None),
        1 => Ok(calls.remove(0)),
        _ => best(calls, arguments),
    }
}

/// The shapes of so many arguments.
fn count_out<F>(signature: &Signature<F>, count: usize) -> Option<Vec<Shape>> {
    let shapes = signature.arguments;
    if shapes.len() == count {
        return Some(shapes.to_vec());
    }
    let (last, before) = shapes.split_last()?;
    if !signature.variadic || count <= before.len() {
        return None;
    }
    let mut all = before.to_vec();
    all.resize(count, *last);
    Some(all)
}

fn is_exact<F>(call: &Call<F>, arguments: &[SqlType]) -> bool {
    call.shapes.iter().zip(arguments).all(|(shape, ty)| shape.is(ty))
}

/// Keeps the calls with the highest score, if that is above zero.
fn keep_highest<F>(calls: &mut Vec<Call<F>>, score: impl Fn(&Call<F>) -> usize) {
    let highest = calls.iter().map(&score).max().unwrap_or(0);
    calls.retain(|call| score(call) == highest);
}

fn best<F>(mut calls: Vec<Call<F>>, arguments: &[SqlType]) -> Result<Call<F>, Refusal> {
    let known = |call: &Call<F>, test: &dyn Fn(Shape, &SqlType) -> bool| {
        let pairs = call.shapes.iter().zip(arguments);
        pairs.filter(|(shape, ty)| **ty != SqlType::Unknown && test(**shape, ty)).count()
    };
    keep_highest(&mut calls, |call| known(call, &|shape, ty| shape.is(ty)));
    if calls.len() > 1 {
        let is_preferred = |shape: Shape, ty: &SqlType| {
            shape.is(ty) || (shape.is_preferred() && shape.category() == category(ty))
        };
        keep_highest(&mut calls, |call| known(call, &is_preferred));
    }
    if calls.len() > 1 && arguments.contains(&SqlType::Unknown) {
        calls = by_category(calls, arguments);
    }
    if calls.len() == 1 { Ok(calls.remove(0)) } else { Err(Refusal::Several) }
}

/// What literals in quotes most likely are.
fn by_category<F>(mut calls: Vec<Call<F>>, arguments: &[SqlType]) -> Vec<Call<F>> {
    let mut wanted = Vec::new();
    for (at, _) in arguments.iter().enumerate().filter(|(_, ty)| **ty == SqlType::Unknown) {
        let categories: Vec<Category> = calls.iter().map(|c| c.shapes[at].category()).collect();
        let first = categories[0];
        let category = if categories.contains(&Category::Text) {
            Category::Text
        } else if categories.iter().all(|category| *category == first) {
            first
        } else {
            return by_other_types(calls, arguments);
        };
        let is_preferred = |call: &Call<F>| {
            call.shapes[at].category() == category && call.shapes[at].is_preferred()
        };
        wanted.push((at, category, calls.iter().any(is_preferred)));
    }
    let fits = |call: &Call<F>| {
        wanted.iter().all(|(at, category, preferred)| {
            let shape = call.shapes[*at];
            shape.category() == *category && (!preferred || shape.is_preferred())
        })
    };
    if calls.iter().any(fits) {
        calls.retain(fits);
    }
    if calls.len() > 1 { by_other_types(calls, arguments) } else { calls }
}

/// If all other arguments are of one type, the literals are assumed to be of it too.
fn by_other_types<F>(calls: Vec<Call<F>>, arguments: &[SqlType]) -> Vec<Call<F>> {
    let mut known = arguments.iter().filter(|ty| **ty != SqlType::Unknown);
    let Some(first) = known.next() else {
        return calls;
    };
    if !known.all(|ty| crate::function::cast::is_same(ty, first)) {
        return calls;
    }
    let assumed = vec![first.clone(); arguments.len()];
    let fits = |call: &Call<F>| generic::accepts(&call.shapes, &assumed);
    let mut fitting: Vec<usize> = (0..calls.len()).filter(|index| fits(&calls[*index])).collect();
    match (fitting.pop(), fitting.is_empty()) {
        (Some(index), true) => calls.into_iter().skip(index).take(1).collect(),
        _ => calls,
    }
}
