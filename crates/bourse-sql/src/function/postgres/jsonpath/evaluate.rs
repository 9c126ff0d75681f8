//! What a path finds in a value. In lax mode arrays are taken apart where their elements are meant,
//! other values stand for arrays of them, and what is not there is nothing; in strict mode each of
//! these is an error. Inside of predicates errors are an unknown truth.

use ecow::EcoString;

use super::super::regex::is_match;
use super::parse::{Method, Node, Op, Path, Step};
use crate::datum::json::Json;
use crate::datum::{Datum, Numeric};
use crate::error::{Result, SqlError};

/// A path that is followed.
pub(super) struct Walk<'w> {
    pub(super) path: &'w Path,
    pub(super) root: &'w Json,
    pub(super) variables: &'w Json,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
struct Place<'p> {
    /// `@`
    current: &'p Json,
    /// `last`: of the array in whose index it stands.
    last: Option<usize>,
}

fn boolean(truth: Option<bool>) -> Json {
    truth.map_or(Json::Null, Json::Boolean)
}

fn number(value: &Numeric) -> Json {
    Json::Number(ecow::eco_format!("{value}"))
}

impl Walk<'_> {
    /// All that the path finds.
    pub(super) fn find(&self) -> Result<Vec<Json>> {
        let place = Place { current: self.root, last: None };
        self.items(&self.path.root, place)
    }

    fn is_lax(&self) -> bool {
        !self.path.is_strict
    }

    /// The items of an expression; a predicate is a truth value.
    fn items(&self, node: &Node, place: Place<'_>) -> Result<Vec<Json>> {
        Ok(match node {
            Node::Root => vec![self.root.clone()],
            Node::Current => vec![place.current.clone()],
            Node::Last => {
                let Some(last) = place.last else {
                    return Err(SqlError::new("42601", "LAST is allowed only in array subscripts"));
                };
                let last = i128::try_from(last).unwrap_or(0) - 1;
                vec![number(&Numeric::new(last, 0))]
            }
            Node::Constant(value) => vec![value.clone()],
            Node::Variable(name) => match self.variables.get(name) {
                Some(value) => vec![value.clone()],
                None => {
                    let message = format!("could not find jsonpath variable \"{name}\"");
                    return Err(SqlError::new("42704", message));
                }
            },
            Node::Steps(root, steps) => {
                let mut items = self.items(root, place)?;
                for step in steps {
                    items = self.step(step, items, place)?;
                }
                items
            }
            Node::Negative(inner) | Node::Positive(inner) => {
                let is_negative = matches!(node, Node::Negative(_));
                let items = self.unwrapped(self.items(inner, place)?);
                let mut signed = Vec::with_capacity(items.len());
                for item in items {
                    let Some(value) = item.number() else {
                        let sign = if is_negative { '-' } else { '+' };
                        let message = format!(
                            "operand of unary jsonpath operator {sign} is not a numeric value"
                        );
                        return Err(SqlError::new("2203B", message));
                    };
                    signed.push(if is_negative { number(&value.negate()) } else { item });
                }
                signed
            }
            Node::Arithmetic(op, left, right) => {
                let left = self.operand(left, place, *op, "left")?;
                let right = self.operand(right, place, *op, "right")?;
                vec![number(&match op {
                    Op::Add => left.add(&right)?,
                    Op::Subtract => left.sub(&right)?,
                    Op::Multiply => left.mul(&right)?,
                    Op::Divide => left.div(&right)?,
                    _ => left.rem(&right)?,
                })]
            }
            predicate => vec![boolean(self.truth(predicate, place)?)],
        })
    }

    /// One number.
    fn operand(&self, node: &Node, place: Place<'_>, op: Op, side: &str) -> Result<Numeric> {
        let items = self.unwrapped(self.items(node, place)?);
        let value = match items.as_slice() {
            [only] => only.number(),
            _ => None,
        };
        value.ok_or_else(|| {
            let sign = match op {
                Op::Add => '+',
                Op::Subtract => '-',
                Op::Multiply => '*',
                Op::Divide => '/',
                _ => '%',
            };
            let message =
                format!("{side} operand of jsonpath operator {sign} is not a single numeric value");
            SqlError::new("22038", message)
        })
    }

    /// In lax mode, the elements of arrays in their place.
    fn unwrapped(&self, items: Vec<Json>) -> Vec<Json> {
        if !self.is_lax() {
            return items;
        }
        let mut unwrapped = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Json::Array(elements) => unwrapped.extend(elements),
                other => unwrapped.push(other),
            }
        }
        unwrapped
    }

    fn step(&self, step: &Step, items: Vec<Json>, place: Place<'_>) -> Result<Vec<Json>> {
        let mut found = Vec::new();
        match step {
            Step::Key(key) => {
                for item in self.unwrapped(items) {
                    self.member(item, key, &mut found)?;
                }
            }
            Step::AllKeys => {
                for item in self.unwrapped(items) {
                    match item {
                        Json::Object(pairs) => {
                            found.extend(pairs.into_iter().map(|(_, value)| value));
                        }
                        _ if self.is_lax() => {}
                        _ => {
                            let message = "jsonpath wildcard member accessor can only be applied \
                                           to an object";
                            return Err(SqlError::new("2203C", message));
                        }
                    }
                }
            }
            Step::AllElements => {
                for item in items {
                    match item {
                        Json::Array(elements) => found.extend(elements),
                        other if self.is_lax() => found.push(other),
                        _ => {
                            let message = "jsonpath wildcard array accessor can only be applied \
                                           to an array";
                            return Err(SqlError::new("22039", message));
                        }
                    }
                }
            }
            Step::Elements(ranges) => {
                for item in items {
                    let elements = match item {
                        Json::Array(elements) => elements,
                        other if self.is_lax() => vec![other],
                        _ => {
                            let message = "jsonpath array accessor can only be applied to an array";
                            return Err(SqlError::new("22039", message));
                        }
                    };
                    self.elements(ranges, &elements, place, &mut found)?;
                }
            }
            Step::Anywhere(low, high) => {
                for item in items {
                    anywhere(item, 0, *low, *high, &mut found);
                }
            }
            Step::Filter(condition) => {
                for item in self.unwrapped(items) {
                    let inner = Place { current: &item, last: place.last };
                    if self.truth(condition, inner)? == Some(true) {
                        found.push(item);
                    }
                }
            }
            Step::Method(method) => {
                let takes_arrays = matches!(method, Method::Size | Method::Type);
                let items = if takes_arrays { items } else { self.unwrapped(items) };
                for item in items {
                    self.call(*method, item, &mut found)?;
                }
            }
        }
        Ok(found)
    }

    fn member(&self, item: Json, key: &str, found: &mut Vec<Json>) -> Result<()> {
        match item {
            Json::Object(pairs) => match pairs.into_iter().rev().find(|(own, _)| own == key) {
                Some((_, value)) => found.push(value),
                None if self.is_lax() => {}
                None => {
                    let message = format!("JSON object does not contain key \"{key}\"");
                    return Err(SqlError::new("2203A", message));
                }
            },
            _ if self.is_lax() => {}
            _ => {
                let message = "jsonpath member accessor can only be applied to an object";
                return Err(SqlError::new("2203A", message));
            }
        }
        Ok(())
    }

    fn elements(
        &self,
        ranges: &[(Node, Option<Node>)],
        elements: &[Json],
        place: Place<'_>,
        found: &mut Vec<Json>,
    ) -> Result<()> {
        let inner = Place { last: Some(elements.len()), ..place };
        let count = i64::try_from(elements.len()).unwrap_or(i64::MAX);
        for (from, to) in ranges {
            let from = self.index(from, inner)?;
            let to = to.as_ref().map_or(Ok(from), |to| self.index(to, inner))?;
            if !self.is_lax() && (from < 0 || from > to || to >= count) {
                let message = "jsonpath array subscript is out of bounds";
                return Err(SqlError::new("22033", message));
            }
            let (from, to) = (from.max(0), to.min(count - 1));
            for at in from..=to {
                found.extend(usize::try_from(at).ok().and_then(|at| elements.get(at)).cloned());
            }
        }
        Ok(())
    }

    fn index(&self, node: &Node, place: Place<'_>) -> Result<i64> {
        let items = self.items(node, place)?;
        let value = match items.as_slice() {
            [only] => only.number(),
            _ => None,
        };
        let Some(value) = value else {
            let message = "jsonpath array subscript is not a single numeric value";
            return Err(SqlError::new("22033", message));
        };
        let out_of_range =
            || SqlError::new("22033", "jsonpath array subscript is out of integer range");
        value.trunc(0)?.to_integer().ok_or_else(out_of_range)
    }

    fn call(&self, method: Method, item: Json, found: &mut Vec<Json>) -> Result<()> {
        let refused = |sqlstate: &'static str, what: &str| {
            let name = method.name();
            let message = format!("jsonpath item method .{name}() can only be applied to {what}");
            Err(SqlError::new(sqlstate, message))
        };
        let made = match (method, &item) {
            (Method::Type, _) => Json::Text(EcoString::from(match item {
                Json::Null => "null",
                Json::Boolean(_) => "boolean",
                Json::Number(_) => "number",
                Json::Text(_) => "string",
                Json::Array(_) => "array",
                Json::Object(_) => "object",
            })),
            (Method::Size, Json::Array(elements)) => {
                let count = i128::try_from(elements.len()).unwrap_or(i128::MAX);
                number(&Numeric::new(count, 0))
            }
            (Method::Size, _) if self.is_lax() => number(&Numeric::ONE),
            (Method::Size, _) => return refused("22039", "an array"),
            (Method::Double, Json::Number(_)) => item,
            (Method::Double, Json::Text(text)) => {
                let value = text.trim().parse::<f64>().ok().filter(|value| value.is_finite());
                let Some(value) = value else {
                    let message = "string argument of jsonpath item method .double() is not a \
                                   valid representation of a double precision number";
                    return Err(SqlError::new("22036", message));
                };
                number(&Numeric::from_f64(value))
            }
            (Method::Double, _) => return refused("22036", "a string or numeric value"),
            (Method::KeyValue, Json::Object(pairs)) => {
                for (key, value) in pairs {
                    found.push(Json::Object(vec![
                        (EcoString::from("id"), number(&Numeric::ZERO)),
                        (EcoString::from("key"), Json::Text(key.clone())),
                        (EcoString::from("value"), value.clone()),
                    ]));
                }
                return Ok(());
            }
            (Method::KeyValue, _) => return refused("2203C", "an object"),
            (Method::Abs | Method::Ceiling | Method::Floor, _) => {
                let Some(value) = item.number() else {
                    return refused("22036", "a numeric value");
                };
                number(&match method {
                    Method::Abs => value.abs(),
                    Method::Ceiling => value.ceil()?,
                    _ => value.floor()?,
                })
            }
        };
        found.push(made);
        Ok(())
    }

    /// Whether a predicate holds; nothing where that cannot be told.
    fn truth(&self, node: &Node, place: Place<'_>) -> Result<Option<bool>> {
        Ok(match node {
            Node::And(left, right) => match self.truth(left, place)? {
                Some(false) => Some(false),
                left => match (left, self.truth(right, place)?) {
                    (_, Some(false)) => Some(false),
                    (Some(true), right) => right,
                    _ => None,
                },
            },
            Node::Or(left, right) => match self.truth(left, place)? {
                Some(true) => Some(true),
                left => match (left, self.truth(right, place)?) {
                    (_, Some(true)) => Some(true),
                    (Some(false), right) => right,
                    _ => None,
                },
            },
            Node::Not(inner) => self.truth(inner, place)?.map(|truth| !truth),
            Node::IsUnknown(inner) => Some(self.truth(inner, place)?.is_none()),
            Node::Exists(inner) => {
                self.quiet(self.items(inner, place))?.map(|items| !items.is_empty())
            }
            Node::Compare(op, left, right) => {
                self.any(left, Some(right), place, &|left, right| compare(*op, left, right))?
            }
            Node::StartsWith(left, initial) => {
                self.any(left, Some(initial), place, &|left, right| match (left, right) {
                    (Json::Text(text), Json::Text(start)) => {
                        Ok(Some(text.starts_with(start.as_str())))
                    }
                    _ => Ok(None),
                })?
            }
            Node::LikeRegex(left, pattern, flags) => {
                self.any(left, None, place, &|left, _| match left {
                    Json::Text(text) => matches_regex(text, pattern, flags).map(Some),
                    _ => Ok(None),
                })?
            }
            _ => return Err(SqlError::new("XX000", "an expression stands for a predicate")),
        })
    }

    /// What errors of a path come to inside of a predicate: nothing is known.
    fn quiet<T>(&self, result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) if super::is_quiet(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether something holds of any two items, or of any item.
    fn any(
        &self,
        left: &Node,
        right: Option<&Node>,
        place: Place<'_>,
        test: &dyn Fn(&Json, &Json) -> Result<Option<bool>>,
    ) -> Result<Option<bool>> {
        let Some(left) = self.quiet(self.items(left, place))? else { return Ok(None) };
        let left = self.unwrapped(left);
        let right = match right {
            None => vec![Json::Null],
            Some(right) => match self.quiet(self.items(right, place))? {
                Some(right) => self.unwrapped(right),
                None => return Ok(None),
            },
        };
        let (mut is_found, mut is_unknown) = (false, false);
        for (left, right) in left.iter().flat_map(|left| right.iter().map(move |r| (left, r))) {
            match test(left, right)? {
                Some(true) if self.is_lax() => return Ok(Some(true)),
                Some(true) => is_found = true,
                Some(false) => {}
                None if !self.is_lax() => return Ok(None),
                None => is_unknown = true,
            }
        }
        Ok(match (is_found, is_unknown) {
            (true, _) => Some(true),
            (false, true) => None,
            (false, false) => Some(false),
        })
    }
}

/// The items between two depths below one.
fn anywhere(item: Json, depth: u32, low: u32, high: u32, found: &mut Vec<Json>) {
    let is_leaf = !matches!(item, Json::Array(_) | Json::Object(_));
    let is_in = depth >= low && depth <= high || low == u32::MAX && is_leaf;
    if is_in {
        found.push(item.clone());
    }
    if depth >= high && high != u32::MAX {
        return;
    }
    let inner: Vec<Json> = match item {
        Json::Array(elements) => elements,
        Json::Object(pairs) => pairs.into_iter().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    };
    for item in inner {
        anywhere(item, depth.saturating_add(1), low, high, found);
    }
}

/// How two items compare; nothing where they are of different kinds.
fn compare(op: Op, left: &Json, right: &Json) -> Result<Option<bool>> {
    let order = match (left, right) {
        (Json::Null, Json::Null) => std::cmp::Ordering::Equal,
        // NULL is like nothing else.
        (Json::Null, _) | (_, Json::Null) => return Ok(Some(op == Op::NotEqual)),
        (Json::Boolean(left), Json::Boolean(right)) => {
            return Ok(match op {
                Op::Equal => Some(left == right),
                Op::NotEqual => Some(left != right),
                _ => Some(decided(op, left.cmp(right))),
            });
        }
        (Json::Number(_), Json::Number(_)) => match (left.number(), right.number()) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => return Ok(None),
        },
        (Json::Text(left), Json::Text(right)) => left.as_bytes().cmp(right.as_bytes()),
        _ => return Ok(None),
    };
    Ok(Some(decided(op, order)))
}

fn decided(op: Op, order: std::cmp::Ordering) -> bool {
    match op {
        Op::Equal => order.is_eq(),
        Op::NotEqual => order.is_ne(),
        Op::Less => order.is_lt(),
        Op::LessOrEqual => order.is_le(),
        Op::Greater => order.is_gt(),
        _ => order.is_ge(),
    }
}

fn matches_regex(text: &EcoString, pattern: &str, flags: &str) -> Result<bool> {
    let mut own = String::new();
    let mut is_literal = false;
    for flag in flags.chars() {
        match flag {
            'i' => own.push('i'),
            's' => own.push('s'),
            'm' => own.push('n'),
            'q' => is_literal = true,
            'x' => {
                return Err(SqlError::unsupported(
                    "XQuery \"x\" flag (expanded regular expressions) is not implemented",
                ));
            }
            other => {
                let message = format!(
                    "invalid input syntax for type jsonpath: unrecognized flag \
                                       character \"{other}\" in LIKE_REGEX predicate"
                );
                return Err(SqlError::new("42601", message));
            }
        }
    }
    if is_literal {
        own.push('q');
    }
    is_match(&[Datum::Text(text.clone()), Datum::text(pattern)], &own)
}
