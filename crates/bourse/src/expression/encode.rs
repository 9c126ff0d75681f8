//! Expressions to bytes and back: the steps of a stack machine, so that nothing recurses over
//! bytes that nobody has checked yet.
//!
//! | OFFSET | SIZE | DESCRIPTION |
//! |---|---|---|
//! | 0 | 1 | format version, 1 |
//! | 1 | rest | steps; each takes its operands off the stack, the last one on top, and pushes one |
//!
//! | STEP | THEN | TAKES |
//! |---|---|---|
//! | 1 column | u16 position, u8 collation | 0 |
//! | 2 constant | u32 length, tagged value | 0 |
//! | 3 collate | u8 collation | 1 |
//! | 4 cast | three bytes of the type | 1 |
//! | 5 negate | | 1 |
//! | 6 arithmetic | u8 operator: + - * / % | 2 |
//! | 7 compare | u8 operator: = <> < <= > >= | 2 |
//! | 8 is null, 9 is not null | | 1 |
//! | 10 in | u32 items `n` | 1 + n |
//! | 11 between | | 3 |
//! | 12 and, 13 or | u32 parts `n` | n |
//! | 14 not | | 1 |
//! | 15 case | u32 branches `n`, u8 whether ELSE follows them | 2n, 1 more with ELSE |
//! | 16 call | u16 function, u8 version, u32 arguments `n` | n |
//!
//! Integers are little-endian.

use bourse_storage::{Error, Result};

use super::{Arithmetic, BoundColumn, Comparison, DEPTH_MAX, Expression, Function};
use crate::value::{Collation, Type, decode_tagged, encode_tagged};

const FORMAT_VERSION: u8 = 1;

/// The expression as bytes.
///
/// # Errors
/// `InvalidInput` (54000) when it has more parts than a number of 32 bits counts.
pub(crate) fn encode_expression(expression: &Expression) -> Result<Vec<u8>> {
    let mut out = vec![FORMAT_VERSION];
    encode(expression, &mut out)?;
    Ok(out)
}

fn encode(expression: &Expression, out: &mut Vec<u8>) -> Result<()> {
    let mut parts = Vec::new();
    expression.for_each_part(&mut |part| parts.push(part));
    parts.into_iter().try_for_each(|part| encode(part, out))?;
    let place = |at: Option<usize>| at.and_then(|at| u8::try_from(at).ok()).unwrap_or_default();
    match expression {
        Expression::Column(column) => {
            out.push(1);
            out.extend_from_slice(&column.position.to_le_bytes());
            out.push(column.collation.to_byte());
        }
        Expression::Constant(value) => {
            let mut bytes = Vec::new();
            encode_tagged(value.as_value(), &mut bytes);
            push_count(2, bytes.len(), out)?;
            out.extend_from_slice(&bytes);
        }
        Expression::Collate(_, collation) => out.extend([3, collation.to_byte()]),
        Expression::Cast(_, to) => {
            out.push(4);
            out.extend(to.to_bytes());
        }
        Expression::Negate(_) => out.push(5),
        Expression::Arithmetic(by, ..) => {
            out.extend([6, place(Arithmetic::ALL.iter().position(|other| other == by))]);
        }
        Expression::Compare(by, ..) => {
            out.extend([7, place(Comparison::ALL.iter().position(|other| other == by))]);
        }
        Expression::IsNull(_) => out.push(8),
        Expression::IsNotNull(_) => out.push(9),
        Expression::In(_, items) => push_count(10, items.len(), out)?,
        Expression::Between(..) => out.push(11),
        Expression::And(parts) => push_count(12, parts.len(), out)?,
        Expression::Or(parts) => push_count(13, parts.len(), out)?,
        Expression::Not(_) => out.push(14),
        Expression::Case(branches, otherwise) => {
            push_count(15, branches.len(), out)?;
            out.push(u8::from(otherwise.is_some()));
        }
        Expression::Call(function, version, arguments) => {
            out.push(16);
            out.extend_from_slice(&function.code().to_le_bytes());
            out.push(*version);
            out.extend_from_slice(&count(arguments.len())?.to_le_bytes());
        }
    }
    Ok(())
}

fn push_count(step: u8, number: usize, out: &mut Vec<u8>) -> Result<()> {
    out.push(step);
    out.extend_from_slice(&count(number)?.to_le_bytes());
    Ok(())
}

fn count(number: usize) -> Result<u32> {
    let message = "an expression is too large";
    u32::try_from(number).map_err(|_| Error::invalid(message).with_sqlstate("54000"))
}

/// The expression of [`encode_expression`]. Its columns and types are checked by whoever knows the
/// table.
///
/// # Errors
/// `Corrupt` when the bytes are not an expression; `InvalidInput` (0A000) when it needs a function
/// that this version does not have.
pub(crate) fn decode_expression(bytes: &[u8]) -> Result<Expression> {
    let mut reader = Reader { bytes };
    let version = reader.byte()?;
    if version != FORMAT_VERSION {
        return Err(corrupt(&format!("its format version is {version}")));
    }
    let mut stack = Stack::default();
    while !reader.bytes.is_empty() {
        step(&mut reader, &mut stack)?;
    }
    match (stack.parts.pop(), stack.parts.is_empty()) {
        (Some((expression, _)), true) => Ok(expression),
        _ => Err(corrupt("its steps do not come to one value")),
    }
}

/// What the steps so far have made. Beside each expression stands its depth, so that none grows
/// deeper than may be dropped or evaluated (X2).
#[derive(Default)]
struct Stack {
    parts: Vec<(Expression, usize)>,
}

fn step(reader: &mut Reader<'_>, stack: &mut Stack) -> Result<()> {
    let kind = reader.byte()?;
    match kind {
        1 => {
            let position = u16::from_le_bytes(reader.array()?);
            let collation = Collation::from_byte(reader.byte()?)?;
            stack.push(0, |_| Ok(Expression::Column(BoundColumn { position, collation })))
        }
        2 => {
            let length = reader.count()?;
            let value = decode_tagged(reader.take(length)?)?.to_value();
            stack.push(0, |_| Ok(Expression::Constant(value)))
        }
        3 => {
            let collation = Collation::from_byte(reader.byte()?)?;
            stack.push_unary(|inner| Expression::Collate(inner, collation))
        }
        4 => {
            let to = Type::from_bytes(reader.array()?)?;
            stack.push_unary(|inner| Expression::Cast(inner, to))
        }
        5 => stack.push_unary(Expression::Negate),
        6 => {
            let by = pick(&Arithmetic::ALL, reader.byte()?)?;
            stack.push_binary(|left, right| Expression::Arithmetic(by, left, right))
        }
        7 => {
            let by = pick(&Comparison::ALL, reader.byte()?)?;
            stack.push_binary(|left, right| Expression::Compare(by, left, right))
        }
        8 => stack.push_unary(Expression::IsNull),
        9 => stack.push_unary(Expression::IsNotNull),
        14 => stack.push_unary(Expression::Not),
        11 => stack.push(3, |parts| {
            let [subject, low, high] = exactly(parts)?.map(Box::new);
            Ok(Expression::Between(subject, low, high))
        }),
        _ => step_of_many(kind, reader, stack),
    }
}

fn step_of_many(kind: u8, reader: &mut Reader<'_>, stack: &mut Stack) -> Result<()> {
    match kind {
        10 => {
            let items = reader.count()?;
            stack.push(items.saturating_add(1), |mut parts| {
                let subject = Box::new(parts.remove(0));
                Ok(Expression::In(subject, parts))
            })
        }
        12 => stack.push(reader.count()?, |parts| Ok(Expression::And(parts))),
        13 => stack.push(reader.count()?, |parts| Ok(Expression::Or(parts))),
        15 => {
            let (branches, otherwise) = (reader.count()?, reader.byte()?);
            let parts = branches.saturating_mul(2).saturating_add(usize::from(otherwise));
            stack.push(parts, |mut parts| {
                let otherwise = match otherwise {
                    0 => None,
                    1 => parts.pop().map(Box::new),
                    _ => return Err(corrupt("its CASE has no such ELSE")),
                };
                let mut parts = parts.into_iter();
                let pair = || Some((parts.next()?, parts.next()?));
                Ok(Expression::Case(std::iter::from_fn(pair).collect(), otherwise))
            })
        }
        16 => {
            let (code, version) = (u16::from_le_bytes(reader.array()?), reader.byte()?);
            let function = Function::of_code(code, version)?;
            let arguments = reader.count()?;
            stack.push(arguments, |parts| Ok(Expression::Call(function, version, parts)))
        }
        _ => Err(corrupt(&format!("step {kind} is unknown"))),
    }
}

impl Stack {
    /// Takes `count` expressions off the stack and pushes what they make.
    fn push(
        &mut self,
        count: usize,
        make: impl FnOnce(Vec<Expression>) -> Result<Expression>,
    ) -> Result<()> {
        let first = self.parts.len().checked_sub(count);
        let first = first.ok_or_else(|| corrupt("a step lacks operands"))?;
        let deepest = self.parts[first..].iter().map(|(_, depth)| *depth).max();
        let made = make(self.parts.drain(first..).map(|(part, _)| part).collect())?;
        let depth = deepest.map_or(usize::from(!made.is_leaf()), |depth| depth + 1);
        if depth > DEPTH_MAX {
            return Err(corrupt("it is nested too deep"));
        }
        self.parts.push((made, depth));
        Ok(())
    }

    fn push_unary(&mut self, make: impl FnOnce(Box<Expression>) -> Expression) -> Result<()> {
        self.push(1, |parts| {
            let [inner] = exactly(parts)?.map(Box::new);
            Ok(make(inner))
        })
    }

    fn push_binary(
        &mut self,
        make: impl FnOnce(Box<Expression>, Box<Expression>) -> Expression,
    ) -> Result<()> {
        self.push(2, |parts| {
            let [left, right] = exactly(parts)?.map(Box::new);
            Ok(make(left, right))
        })
    }
}

fn exactly<const COUNT: usize>(parts: Vec<Expression>) -> Result<[Expression; COUNT]> {
    parts.try_into().map_err(|_| corrupt("a step lacks operands"))
}

fn pick<T: Copy>(all: &[T], at: u8) -> Result<T> {
    let found = all.get(usize::from(at)).copied();
    found.ok_or_else(|| corrupt(&format!("operator {at} is unknown")))
}

struct Reader<'b> {
    bytes: &'b [u8],
}

impl<'b> Reader<'b> {
    fn take(&mut self, count: usize) -> Result<&'b [u8]> {
        let split = self.bytes.split_at_checked(count);
        let (taken, rest) = split.ok_or_else(|| corrupt("it is cut short"))?;
        self.bytes = rest;
        Ok(taken)
    }

    fn array<const COUNT: usize>(&mut self) -> Result<[u8; COUNT]> {
        let taken = self.take(COUNT)?;
        taken.try_into().map_err(|_| corrupt("it is cut short"))
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    fn count(&mut self) -> Result<usize> {
        Ok(u32::from_le_bytes(self.array()?) as usize)
    }
}

fn corrupt(what: &str) -> Error {
    Error::corrupt(format!("a stored expression cannot be read: {what}"))
}
