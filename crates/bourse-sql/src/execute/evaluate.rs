//! Evaluating expressions. Conditions are computed as true, false or unknown ([`Code::truth`])
//! without a value in between; operands that are there already (columns, constants, parameters)
//! are compared where they are ([`leaf`]).

use std::cmp::Ordering;

use bourse::Collation;

use super::{Env, Frame};
use crate::Dialect;
use crate::algebra::{CompareOp, Quantifier, TruthTest};
use crate::datum::{Array, Datum, compare};
use crate::error::{Result, SqlError};
use crate::function::ScalarFunction;
use crate::function::cast::{apply_affinity, cast};
use crate::plan::code::{ArrayComparison, Case, Code, RowComparison};

/// Whether all conditions are true.
#[inline]
pub(crate) fn all_true(codes: &[Code], env: &Env<'_>, frame: &mut Frame) -> Result<bool> {
    for code in codes {
        if code.truth(env, frame)? != Some(true) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The value of an operand that is there already.
#[inline]
pub(crate) fn leaf<'v>(code: &'v Code, env: &'v Env<'_>, frame: &'v Frame) -> Option<&'v Datum> {
    match code {
        Code::Slot(slot) => Some(&frame.slots[*slot]),
        Code::Constant(value) => Some(value),
        Code::Parameter(number) => env.parameters.get(*number),
        _ => None,
    }
}

/// Whether a comparison is true; unknown where a side is NULL.
#[inline]
pub(crate) fn compares(
    op: CompareOp,
    left: &Datum,
    right: &Datum,
    collation: Collation,
) -> Option<bool> {
    if left.is_null() || right.is_null() {
        return match op {
            CompareOp::Distinct => Some(left.is_null() != right.is_null()),
            CompareOp::NotDistinct => Some(left.is_null() == right.is_null()),
            _ => None,
        };
    }
    Some(accepts(op, compare(left, right, collation)))
}

/// Whether values in this order compare so.
#[inline]
pub(crate) fn accepts(op: CompareOp, order: Ordering) -> bool {
    match op {
        CompareOp::Equal | CompareOp::NotDistinct => order.is_eq(),
        CompareOp::NotEqual | CompareOp::Distinct => order.is_ne(),
        CompareOp::Less => order.is_lt(),
        CompareOp::LessOrEqual => order.is_le(),
        CompareOp::Greater => order.is_gt(),
        CompareOp::GreaterOrEqual => order.is_ge(),
    }
}

/// What a value is as a condition.
pub(crate) fn truth_of(value: &Datum) -> Option<bool> {
    match value {
        Datum::Null => None,
        Datum::Boolean(value) => Some(*value),
        Datum::Integer(value) => Some(*value != 0),
        Datum::Double(value) => Some(*value != 0.0),
        Datum::Real(value) => Some(*value != 0.0),
        // SQLite: the number that the text begins with.
        Datum::Text(text) => {
            let digits = text.trim_start();
            let end = digits
                .char_indices()
                .find(|(at, c)| {
                    !(c.is_ascii_digit() || *c == '.' || (*at == 0 && "+-".contains(*c)))
                })
                .map_or(digits.len(), |(at, _)| at);
            Some(digits[..end].parse::<f64>().is_ok_and(|number| number != 0.0))
        }
        Datum::Bytes(_) => Some(false),
        _ => Some(true),
    }
}

/// A condition's value: SQLite has no booleans.
fn boolean(truth: Option<bool>, env: &Env<'_>) -> Datum {
    match (truth, env.dialect) {
        (None, _) => Datum::Null,
        (Some(truth), Dialect::Postgres) => Datum::Boolean(truth),
        (Some(truth), Dialect::Sqlite) => Datum::Integer(i64::from(truth)),
    }
}

impl Code {
    /// Its value.
    pub(crate) fn eval(&self, env: &Env<'_>, frame: &mut Frame) -> Result<Datum> {
        match self {
            Code::Slot(slot) => Ok(frame.slots[*slot].clone()),
            Code::Constant(value) => Ok(value.clone()),
            Code::Parameter(number) => env
                .parameters
                .get(*number)
                .cloned()
                .ok_or_else(|| missing_parameter(*number, env.parameters.len())),
            Code::Call { function, arguments } => call(function, arguments, env, frame),
            Code::Cast { operand, from, to, explicit } => {
                let value = operand.eval(env, frame)?;
                cast(value, from, to, *explicit, env.context)
            }
            Code::Affinity(operand, affinity) => {
                Ok(apply_affinity(operand.eval(env, frame)?, *affinity))
            }
            Code::Case(case) => case.eval(env, frame),
            Code::CaseOperand => Ok(frame.case_operands.last().cloned().unwrap_or_default()),
            Code::Coalesce(parts) => {
                for part in parts {
                    let value = part.eval(env, frame)?;
                    if !value.is_null() {
                        return Ok(value);
                    }
                }
                Ok(Datum::Null)
            }
            Code::Row(parts) => Ok(Datum::Record(all(parts, env, frame)?.into())),
            Code::Field(operand, index) => Ok(match operand.eval(env, frame)? {
                Datum::Record(fields) => fields.get(*index).cloned().unwrap_or_default(),
                _ => Datum::Null,
            }),
            Code::Array(parts, nested) => array_of(all(parts, env, frame)?, *nested),
            Code::Subscript(operand, indices) => {
                let array = operand.eval(env, frame)?;
                let indices = all(indices, env, frame)?;
                Ok(subscript(&array, &indices))
            }
            Code::Slice(operand, bounds) => slice(operand, bounds, env, frame),
            Code::Subquery(subplan) => subplan.eval(env, frame),
            _ => Ok(boolean(self.truth(env, frame)?, env)),
        }
    }

    /// Its value as a condition: true, false, or unknown.
    pub(crate) fn truth(&self, env: &Env<'_>, frame: &mut Frame) -> Result<Option<bool>> {
        match self {
            Code::Compare(comparison) => {
                let (op, collation) = (comparison.op, comparison.collation);
                if let (Some(left), Some(right)) =
                    (leaf(&comparison.left, env, frame), leaf(&comparison.right, env, frame))
                {
                    return Ok(compares(op, left, right, collation));
                }
                let left = comparison.left.eval(env, frame)?;
                if let Some(right) = leaf(&comparison.right, env, frame) {
                    return Ok(compares(op, &left, right, collation));
                }
                let right = comparison.right.eval(env, frame)?;
                Ok(compares(op, &left, &right, collation))
            }
            Code::And(parts) => {
                let mut result = Some(true);
                for part in parts {
                    match part.truth(env, frame)? {
                        Some(true) => {}
                        Some(false) => return Ok(Some(false)),
                        None => result = None,
                    }
                }
                Ok(result)
            }
            Code::Or(parts) => {
                let mut result = Some(false);
                for part in parts {
                    match part.truth(env, frame)? {
                        Some(false) => {}
                        Some(true) => return Ok(Some(true)),
                        None => result = None,
                    }
                }
                Ok(result)
            }
            Code::Not(operand) => Ok(operand.truth(env, frame)?.map(|truth| !truth)),
            Code::IsNull(operand, negated) => is_null(operand, *negated, env, frame).map(Some),
            Code::Is(operand, test, negated) => {
                let truth = operand.truth(env, frame)?;
                let is = match test {
                    TruthTest::True => truth == Some(true),
                    TruthTest::False => truth == Some(false),
                    TruthTest::Unknown => truth.is_none(),
                };
                Ok(Some(is != *negated))
            }
            Code::InList(operand, list, collation) => {
                let value = operand.eval(env, frame)?;
                in_list(&value, list, *collation, env, frame)
            }
            Code::CompareRows(comparison) => compare_rows(comparison, env, frame),
            Code::CompareArray(comparison) => compare_array(comparison, env, frame),
            Code::Slot(slot) => Ok(truth_of(&frame.slots[*slot])),
            _ => Ok(truth_of(&self.eval(env, frame)?)),
        }
    }
}

#[cold]
fn missing_parameter(number: usize, given: usize) -> SqlError {
    let message =
        format!("the statement has a parameter ${}, {given} values were given", number + 1);
    SqlError::new("08P01", message)
}

/// The values of some expressions.
pub(crate) fn all(codes: &[Code], env: &Env<'_>, frame: &mut Frame) -> Result<Vec<Datum>> {
    codes.iter().map(|code| code.eval(env, frame)).collect()
}

fn call(
    function: &'static ScalarFunction,
    arguments: &[Code],
    env: &Env<'_>,
    frame: &mut Frame,
) -> Result<Datum> {
    // Arguments of most calls lie on the stack.
    let mut few: [Datum; 3] = Default::default();
    let many;
    let values: &[Datum] = if arguments.len() <= few.len() {
        for (value, code) in few.iter_mut().zip(arguments) {
            *value = code.eval(env, frame)?;
        }
        &few[..arguments.len()]
    } else {
        many = all(arguments, env, frame)?;
        &many
    };
    if function.strict && values.iter().any(Datum::is_null) {
        return Ok(Datum::Null);
    }
    function.run(values, env.context)
}

fn is_null(operand: &Code, negated: bool, env: &Env<'_>, frame: &mut Frame) -> Result<bool> {
    if let Some(value) = leaf(operand, env, frame) {
        return Ok(null_test(value, negated));
    }
    let value = operand.eval(env, frame)?;
    Ok(null_test(&value, negated))
}

/// A row is NULL when all its columns are, and NOT NULL when none is.
fn null_test(value: &Datum, negated: bool) -> bool {
    match value {
        Datum::Record(fields) => fields.iter().all(|field| field.is_null() != negated),
        value => value.is_null() != negated,
    }
}

fn in_list(
    value: &Datum,
    list: &[Code],
    collation: Collation,
    env: &Env<'_>,
    frame: &mut Frame,
) -> Result<Option<bool>> {
    let mut result = Some(false);
    for item in list {
        let equal = match leaf(item, env, frame) {
            Some(item) => compares(CompareOp::Equal, value, item, collation),
            None => {
                let item = item.eval(env, frame)?;
                compares(CompareOp::Equal, value, &item, collation)
            }
        };
        match equal {
            Some(true) => return Ok(Some(true)),
            Some(false) => {}
            None => result = None,
        }
    }
    Ok(result)
}

/// Columns that nothing hangs on any more are not computed.
fn compare_rows(
    comparison: &RowComparison,
    env: &Env<'_>,
    frame: &mut Frame,
) -> Result<Option<bool>> {
    let mut order = RowOrder { op: comparison.op, has_null: false };
    let pairs = comparison.left.iter().zip(&comparison.right).zip(&comparison.collations);
    for ((left, right), collation) in pairs {
        let (left, right) = (left.eval(env, frame)?, right.eval(env, frame)?);
        if let Some(decided) = order.meet(&left, &right, *collation) {
            return Ok(decided);
        }
    }
    Ok(order.end())
}

/// Compares rows as SQL does: the first columns that differ decide; a NULL before them leaves it
/// unknown.
pub(crate) fn rows_compare(
    op: CompareOp,
    left: &[Datum],
    right: &[Datum],
    collations: &[Collation],
) -> Option<bool> {
    let mut order = RowOrder { op, has_null: false };
    let mut pairs = left.iter().zip(right).zip(collations);
    let decided = pairs.find_map(|((left, right), collation)| order.meet(left, right, *collation));
    decided.unwrap_or_else(|| order.end())
}

/// Two rows of which some columns were equal, or not known to be.
struct RowOrder {
    op: CompareOp,
    has_null: bool,
}

impl RowOrder {
    /// What the next columns decide, if they do.
    fn meet(&mut self, left: &Datum, right: &Datum, collation: Collation) -> Option<Option<bool>> {
        match self.op {
            CompareOp::Equal | CompareOp::NotEqual => {
                let equal = compares(CompareOp::Equal, left, right, collation);
                self.has_null |= equal.is_none();
                (equal == Some(false)).then_some(Some(self.op == CompareOp::NotEqual))
            }
            CompareOp::Distinct | CompareOp::NotDistinct => {
                let distinct = compares(CompareOp::Distinct, left, right, collation);
                (distinct == Some(true)).then_some(Some(self.op == CompareOp::Distinct))
            }
            _ if left.is_null() || right.is_null() => Some(None),
            op => {
                let order = compare(left, right, collation);
                order.is_ne().then(|| Some(accepts(op, order)))
            }
        }
    }

    /// What they come to where no columns decided.
    fn end(&self) -> Option<bool> {
        match self.op {
            CompareOp::Equal | CompareOp::NotEqual if self.has_null => None,
            CompareOp::Distinct | CompareOp::NotDistinct => Some(self.op == CompareOp::NotDistinct),
            op => Some(accepts(op, Ordering::Equal)),
        }
    }
}

fn compare_array(
    comparison: &ArrayComparison,
    env: &Env<'_>,
    frame: &mut Frame,
) -> Result<Option<bool>> {
    let left = comparison.left.eval(env, frame)?;
    let Datum::Array(array) = comparison.array.eval(env, frame)? else { return Ok(None) };
    let elements = array.elements.iter();
    let mut truths =
        elements.map(|element| compares(comparison.op, &left, element, comparison.collation));
    Ok(quantify(comparison.quantifier, &mut truths))
}

/// ANY or ALL of some truths.
pub(crate) fn quantify(
    quantifier: Quantifier,
    truths: &mut dyn Iterator<Item = Option<bool>>,
) -> Option<bool> {
    let decides = quantifier == Quantifier::Any;
    let mut result = Some(!decides);
    for truth in truths {
        match truth {
            Some(truth) if truth == decides => return Some(decides),
            Some(_) => {}
            None => result = None,
        }
    }
    result
}

impl Case {
    fn eval(&self, env: &Env<'_>, frame: &mut Frame) -> Result<Datum> {
        if let Some(operand) = &self.operand {
            let value = operand.eval(env, frame)?;
            frame.case_operands.push(value);
        }
        let result = self.choose(env, frame);
        if self.operand.is_some() {
            frame.case_operands.pop();
        }
        result
    }

    fn choose(&self, env: &Env<'_>, frame: &mut Frame) -> Result<Datum> {
        for (condition, result) in &self.branches {
            if condition.truth(env, frame)? == Some(true) {
                return result.eval(env, frame);
            }
        }
        self.otherwise.as_ref().map_or(Ok(Datum::Null), |code| code.eval(env, frame))
    }
}

/// An array of elements; of arrays, which must be of one shape, one of a further dimension.
pub(crate) fn array_of(elements: Vec<Datum>, nested: bool) -> Result<Datum> {
    if !nested {
        return Ok(Datum::list(elements));
    }
    let mut whole = Array { dimensions: vec![(elements.len(), 1)], elements: Vec::new() };
    let mut inner: Option<Vec<(usize, i32)>> = None;
    for element in elements {
        let (dimensions, mut elements) = match element {
            Datum::Array(array) => (array.dimensions.clone(), array.elements.clone()),
            _ => (Vec::new(), Vec::new()),
        };
        if inner.get_or_insert_with(|| dimensions.clone()) != &dimensions {
            return Err(SqlError::new(
                "2202E",
                "multidimensional arrays must have array expressions with matching dimensions",
            ));
        }
        whole.elements.append(&mut elements);
    }
    match inner {
        Some(inner) if !inner.is_empty() => whole.dimensions.extend(inner),
        _ => whole.dimensions.clear(),
    }
    Ok(Datum::Array(whole.into()))
}

fn subscript(array: &Datum, indices: &[Datum]) -> Datum {
    let Datum::Array(array) = array else { return Datum::Null };
    if array.dimensions.len() != indices.len() {
        return Datum::Null;
    }
    let mut at = 0;
    for ((length, lower), index) in array.dimensions.iter().zip(indices) {
        let Datum::Integer(index) = index else { return Datum::Null };
        let offset = usize::try_from(index - i64::from(*lower)).ok().filter(|at| at < length);
        let Some(offset) = offset else { return Datum::Null };
        at = at * length + offset;
    }
    array.elements.get(at).cloned().unwrap_or_default()
}

fn slice(
    operand: &Code,
    bounds: &[(Option<Code>, Option<Code>)],
    env: &Env<'_>,
    frame: &mut Frame,
) -> Result<Datum> {
    let Datum::Array(array) = operand.eval(env, frame)? else { return Ok(Datum::Null) };
    let mut ranges = Vec::with_capacity(array.dimensions.len());
    for (at, (length, lower)) in array.dimensions.iter().enumerate() {
        let lower = i64::from(*lower);
        let end = lower + i64::try_from(*length).unwrap_or(i64::MAX);
        let (mut from, mut to) = (lower, end);
        if let Some((low, high)) = bounds.get(at) {
            for (code, bound, step) in [(low, &mut from, 0), (high, &mut to, 1)] {
                let Some(code) = code else { continue };
                let Datum::Integer(value) = code.eval(env, frame)? else { return Ok(Datum::Null) };
                *bound = value.saturating_add(step);
            }
        }
        let (from, to) = (from.clamp(lower, end), to.clamp(lower, end));
        let index = |value: i64| usize::try_from(value - lower).unwrap_or(0);
        ranges.push((index(from), index(to).max(index(from)), *length));
    }
    if ranges.is_empty() || ranges.iter().any(|(from, to, _)| from == to) {
        return Ok(Datum::list(Vec::new()));
    }
    let mut picked = vec![0_usize];
    for (from, to, length) in &ranges {
        picked = picked.iter().flat_map(|at| (*from..*to).map(move |i| at * length + i)).collect();
    }
    let elements = picked.iter().filter_map(|at| array.elements.get(*at).cloned()).collect();
    let dimensions = ranges.iter().map(|(from, to, _)| (to - from, 1)).collect();
    Ok(Datum::Array(Array { dimensions, elements }.into()))
}
