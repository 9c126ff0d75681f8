//! Subqueries in expressions. An answer is computed once for each combination of the columns of the
//! queries around that it depends on: one time where there are none.

use std::hash::{BuildHasher, Hasher};

use bourse::Collation;
use hashbrown::{DefaultHashBuilder, HashTable};

use super::buffer::bytes_of;
use super::evaluate::{all, compares, quantify, rows_compare};
use super::{Cell, Env, Flow, Frame};
use crate::Dialect;
use crate::algebra::{CompareOp, Quantifier};
use crate::datum::{Datum, hash};
use crate::error::{Result, SqlError};
use crate::plan::code::{Subplan, SubplanKind};

/// Answers of a subquery by what they depend on.
#[derive(Default)]
pub(crate) struct Answers {
    hasher: DefaultHashBuilder,
    table: HashTable<(Vec<Datum>, Answer)>,
}

/// What a subquery said.
#[derive(Clone)]
enum Answer {
    Value(Datum),
    Truth(bool),
    /// Its rows, for a quantified comparison.
    Rows(std::sync::Arc<Set>),
}

/// The rows of a quantified subquery; those of one column also by hash.
struct Set {
    rows: Vec<Vec<Datum>>,
    hasher: DefaultHashBuilder,
    found: HashTable<usize>,
    has_null: bool,
}

/// Answers that are kept at most.
const ANSWERS_MAX: usize = 16_384;

fn hash_all(hasher: &DefaultHashBuilder, values: &[Datum]) -> u64 {
    let mut state = hasher.build_hasher();
    values.iter().for_each(|value| hash(value, Collation::Binary, &mut state));
    state.finish()
}

/// Whether two values are the same also where comparison does not tell them apart: an answer may
/// tell 1 from 1.0.
fn identical(a: &Datum, b: &Datum) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
        && crate::datum::compare(a, b, Collation::Binary).is_eq()
}

impl Subplan {
    /// Its value.
    pub(crate) fn eval(&self, env: &Env<'_>, frame: &mut Frame) -> Result<Datum> {
        match &self.kind {
            SubplanKind::Scalar | SubplanKind::Array => match self.answer(env, frame)? {
                Answer::Value(value) => Ok(value),
                _ => Ok(Datum::Null),
            },
            SubplanKind::Exists => {
                let exists = matches!(self.answer(env, frame)?, Answer::Truth(true));
                Ok(truth_value(Some(exists), env))
            }
            SubplanKind::Quantified { op, quantifier, operands, collations } => {
                let values = all(operands, env, frame)?;
                let Answer::Rows(set) = self.answer(env, frame)? else { return Ok(Datum::Null) };
                Ok(truth_value(set.compare(*op, *quantifier, &values, collations), env))
            }
        }
    }

    /// The rows of its one column, each once: what a key may be equal to.
    pub(crate) fn members(&self, env: &Env<'_>, frame: &mut Frame) -> Result<Vec<Datum>> {
        let Answer::Rows(set) = self.answer(env, frame)? else { return Ok(Vec::new()) };
        let first = set.rows.iter().filter_map(|row| row.first());
        Ok(first.filter(|value| !value.is_null()).cloned().collect())
    }

    fn answer(&self, env: &Env<'_>, frame: &mut Frame) -> Result<Answer> {
        if !self.is_stable {
            return self.compute(env, frame);
        }
        let key: Vec<Datum> = self.depends_on.iter().map(|s| frame.slots[*s].clone()).collect();
        let mut hashed = 0;
        if let Cell::Answers(answers) = &frame.cells[self.cell] {
            hashed = hash_all(&answers.hasher, &key);
            let found = answers
                .table
                .find(hashed, |(other, _)| other.iter().zip(&key).all(|(a, b)| identical(a, b)));
            if let Some((_, answer)) = found {
                return Ok(answer.clone());
            }
        }
        let answer = self.compute(env, frame)?;
        let bytes = 64 + key.iter().map(bytes_of).sum::<usize>();
        if !matches!(frame.cells[self.cell], Cell::Answers(_)) {
            let answers = Box::<Answers>::default();
            hashed = hash_all(&answers.hasher, &key);
            frame.cells[self.cell] = Cell::Answers(answers);
        }
        if let Cell::Answers(answers) = &mut frame.cells[self.cell]
            && answers.table.len() < ANSWERS_MAX
        {
            let Answers { hasher, table } = &mut **answers;
            let rehash = |entry: &(Vec<Datum>, Answer)| hash_all(hasher, &entry.0);
            table.insert_unique(hashed, (key, answer.clone()), rehash);
            frame.memory.take(bytes)?;
        }
        Ok(answer)
    }

    fn compute(&self, env: &Env<'_>, frame: &mut Frame) -> Result<Answer> {
        match &self.kind {
            SubplanKind::Scalar => self.scalar(env, frame).map(Answer::Value),
            SubplanKind::Exists => {
                let mut exists = false;
                self.node.run(env, frame, &mut |_| {
                    exists = true;
                    Ok(Flow::Enough)
                })?;
                Ok(Answer::Truth(exists))
            }
            SubplanKind::Array => {
                let mut elements = Vec::new();
                let slot = self.outputs.first().copied().unwrap_or_default();
                self.node.run(env, frame, &mut |frame| {
                    let value = frame.slots[slot].clone();
                    frame.memory.take(bytes_of(&value))?;
                    elements.push(value);
                    Ok(Flow::More)
                })?;
                let nested = matches!(elements.first(), Some(Datum::Array(_)));
                super::evaluate::array_of(elements, nested).map(Answer::Value)
            }
            SubplanKind::Quantified { collations, .. } => {
                let mut rows = Vec::new();
                self.node.run(env, frame, &mut |frame| {
                    let row: Vec<Datum> =
                        self.outputs.iter().map(|slot| frame.slots[*slot].clone()).collect();
                    frame.memory.take(40 + row.iter().map(bytes_of).sum::<usize>())?;
                    rows.push(row);
                    Ok(Flow::More)
                })?;
                Ok(Answer::Rows(Set::new(rows, collations).into()))
            }
        }
    }

    fn scalar(&self, env: &Env<'_>, frame: &mut Frame) -> Result<Datum> {
        let slot = self.outputs.first().copied().unwrap_or_default();
        let mut value = None;
        self.node.run(env, frame, &mut |frame| {
            // SQLite takes the first row.
            if value.is_some() {
                return Err(SqlError::new(
                    "21000",
                    "more than one row returned by a subquery used as an expression",
                ));
            }
            value = Some(frame.slots[slot].clone());
            Ok(if env.dialect == Dialect::Sqlite { Flow::Enough } else { Flow::More })
        })?;
        Ok(value.unwrap_or_default())
    }
}

fn truth_value(truth: Option<bool>, env: &Env<'_>) -> Datum {
    match (truth, env.dialect) {
        (None, _) => Datum::Null,
        (Some(truth), Dialect::Postgres) => Datum::Boolean(truth),
        (Some(truth), Dialect::Sqlite) => Datum::Integer(i64::from(truth)),
    }
}

impl Set {
    fn new(mut rows: Vec<Vec<Datum>>, collations: &[Collation]) -> Set {
        let hasher = DefaultHashBuilder::default();
        let mut found = HashTable::new();
        let mut has_null = false;
        if let [collation] = collations {
            has_null = rows.iter().any(|row| row.iter().any(Datum::is_null));
            rows.retain(|row| !row.iter().any(Datum::is_null));
            let hashed = |value: &Datum| {
                let mut state = hasher.build_hasher();
                hash(value, *collation, &mut state);
                state.finish()
            };
            let mut kept: Vec<Vec<Datum>> = Vec::with_capacity(rows.len());
            for row in rows {
                let key = hashed(&row[0]);
                let is_equal =
                    |at: &usize| crate::datum::compare(&kept[*at][0], &row[0], *collation).is_eq();
                if found.find(key, is_equal).is_none() {
                    found.insert_unique(key, kept.len(), |at| hashed(&kept[*at][0]));
                    kept.push(row);
                }
            }
            rows = kept;
        }
        Set { rows, hasher, found, has_null }
    }

    fn compare(
        &self,
        op: CompareOp,
        quantifier: Quantifier,
        values: &[Datum],
        collations: &[Collation],
    ) -> Option<bool> {
        let ([value], [collation]) = (values, collations) else {
            let mut truths = self.rows.iter().map(|row| rows_compare(op, values, row, collations));
            return quantify(quantifier, &mut truths);
        };
        if op == CompareOp::Equal && quantifier == Quantifier::Any {
            if value.is_null() {
                let is_empty = self.rows.is_empty() && !self.has_null;
                return if is_empty { Some(false) } else { None };
            }
            let mut state = self.hasher.build_hasher();
            hash(value, *collation, &mut state);
            let is_equal =
                |at: &usize| crate::datum::compare(&self.rows[*at][0], value, *collation).is_eq();
            let is_in = self.found.find(state.finish(), is_equal).is_some();
            return if is_in || !self.has_null { Some(is_in) } else { None };
        }
        let nulls = self.has_null.then(|| compares(op, value, &Datum::Null, *collation));
        let truths = self.rows.iter().map(|row| compares(op, value, &row[0], *collation));
        quantify(quantifier, &mut truths.chain(nulls))
    }
}
