//! `to_char` of numbers: PostgreSQL's template patterns.
//!
//! A template is read into a [`Shape`] and its nodes first; then the number, rounded to as many
//! digits as the shape has, is written node by node. The rules are PostgreSQL's, quirks included:
//! where its answer depends on what was written before, so it does here.

use crate::datum::{Datum, Numeric};
use crate::error::{Result, SqlError};
use crate::function::arguments::{double, integer, numeric, real, text};
use crate::function::signature::Shape::{Float4, Float8, Int4, Int8, Numeric as Decimal, Text};
use crate::function::signature::{Signature, scalar};
use crate::function::{Context, ScalarFunction};

/// A part of a template.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Node {
    Nine,
    Zero,
    Point,
    Comma,
    Group,
    Currency,
    Minus,
    Plus,
    Sign,
    Ordinal {
        upper: bool,
    },
    /// It says something of the whole and writes nothing.
    Silent,
    Literal(char),
}

/// Where S stands.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) enum LocaleSign {
    #[default]
    None,
    Before,
    Behind,
}

/// What a template says of the number.
#[derive(Clone, Default, Debug)]
pub(super) struct Shape {
    pub(super) before: usize,
    pub(super) behind: usize,
    /// Digits that V moves before the point.
    pub(super) moved: usize,
    pub(super) has_point: bool,
    pub(super) has_zero: bool,
    pub(super) zero_start: usize,
    pub(super) zero_end: usize,
    pub(super) fills_not: bool,
    pub(super) sign: LocaleSign,
    /// Digits before S.
    pub(super) before_sign: usize,
    pub(super) brackets: bool,
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) moves: bool,
    pub(super) roman: bool,
    pub(super) lower_roman: bool,
    pub(super) exponent: bool,
}

const PATTERNS: [(&str, &str); 17] = [
    ("EEEE", "E"),
    ("FM", "FM"),
    ("MI", "MI"),
    ("PL", "PL"),
    ("PR", "PR"),
    ("RN", "RN"),
    ("SG", "SG"),
    ("SP", "SP"),
    ("TH", "TH"),
    (",", ","),
    (".", "."),
    ("0", "0"),
    ("9", "9"),
    ("B", "B"),
    ("C", "C"),
    ("D", "D"),
    ("G", "G"),
];

fn misused(message: &str) -> SqlError {
    SqlError::new("42601", message)
}

impl Shape {
    fn digit(&mut self, is_zero: bool) -> Result<Node> {
        let name = if is_zero { '0' } else { '9' };
        if self.brackets {
            return Err(misused(&format!("\"{name}\" must be ahead of \"PR\"")));
        }
        if !is_zero {
            match (self.moves, self.has_point) {
                (true, _) => self.moved += 1,
                (false, true) => self.behind += 1,
                (false, false) => self.before += 1,
            }
            return Ok(Node::Nine);
        }
        if !self.has_zero && !self.has_point {
            self.has_zero = true;
            self.zero_start = self.before;
        }
        if self.has_point {
            self.behind += 1;
        } else {
            self.before += 1;
        }
        self.zero_end = self.before + self.behind;
        Ok(Node::Zero)
    }

    fn signs(&mut self, pattern: &str) -> Result<Node> {
        if pattern == "S" {
            if self.sign != LocaleSign::None {
                return Err(misused("cannot use \"S\" twice"));
            }
            if self.plus || self.minus || self.brackets {
                let message = "cannot use \"S\" and \"PL\"/\"MI\"/\"SG\"/\"PR\" together";
                return Err(misused(message));
            }
            self.sign = if self.has_point { LocaleSign::Behind } else { LocaleSign::Before };
            self.before_sign = if self.has_point { 0 } else { self.before };
            return Ok(Node::Silent);
        }
        if self.sign != LocaleSign::None {
            return Err(misused(&format!("cannot use \"S\" and \"{pattern}\" together")));
        }
        if pattern == "PR" {
            if self.plus || self.minus {
                let message = "cannot use \"PR\" and \"S\"/\"PL\"/\"MI\"/\"SG\" together";
                return Err(misused(message));
            }
            self.brackets = true;
            return Ok(Node::Silent);
        }
        self.minus |= pattern != "PL";
        self.plus |= pattern != "MI";
        Ok(match pattern {
            "MI" => Node::Minus,
            "PL" => Node::Plus,
            _ => Node::Sign,
        })
    }

    fn take(&mut self, pattern: &str, upper: bool) -> Result<Node> {
        if self.exponent && pattern != "E" {
            return Err(misused("\"EEEE\" must be the last pattern used"));
        }
        Ok(match pattern {
            "9" => self.digit(false)?,
            "0" => self.digit(true)?,
            "." | "D" => {
                if self.has_point {
                    return Err(misused("multiple decimal points"));
                }
                if self.moves {
                    return Err(misused("cannot use \"V\" and decimal point together"));
                }
                self.has_point = true;
                Node::Point
            }
            "," => Node::Comma,
            "G" => Node::Group,
            "L" => Node::Currency,
            "FM" => {
                self.fills_not = true;
                Node::Silent
            }
            "S" | "MI" | "PL" | "SG" | "PR" => self.signs(pattern)?,
            "RN" => {
                self.roman = true;
                self.lower_roman = !upper;
                Node::Silent
            }
            "TH" => Node::Ordinal { upper },
            "V" => {
                if self.has_point {
                    return Err(misused("cannot use \"V\" and decimal point together"));
                }
                self.moves = true;
                Node::Silent
            }
            "E" => {
                if self.exponent {
                    return Err(misused("cannot use \"EEEE\" twice"));
                }
                let others = self.fills_not
                    || self.sign != LocaleSign::None
                    || self.brackets
                    || self.minus
                    || self.plus
                    || self.roman
                    || self.moves;
                if others {
                    return Err(misused("\"EEEE\" is incompatible with other formats").with_detail(
                        "\"EEEE\" may only be used together with digit and decimal point patterns.",
                    ));
                }
                self.exponent = true;
                Node::Silent
            }
            _ => Node::Silent,
        })
    }
}

/// The pattern at the beginning of a template, and whether its first letter is upper case.
fn pattern_at(rest: &str) -> Option<(&'static str, usize, bool)> {
    let singles = [("L", "L"), ("S", "S"), ("V", "V")];
    let (written, name) = PATTERNS.iter().chain(&singles).copied().find(|(written, _)| {
        // In one case throughout.
        let lower = written.to_ascii_lowercase();
        rest.starts_with(written) || rest.starts_with(&lower)
    })?;
    Some((name, written.len(), rest.starts_with(written)))
}

pub(super) fn read(template: &str) -> Result<(Shape, Vec<Node>)> {
    let (mut shape, mut nodes) = (Shape::default(), Vec::new());
    let mut rest = template;
    while let Some(c) = rest.chars().next() {
        if let Some((pattern, length, upper)) = pattern_at(rest) {
            nodes.push(shape.take(pattern, upper)?);
            rest = &rest[length..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            '"' => {
                let mut characters = rest.char_indices();
                let mut end = rest.len();
                while let Some((at, c)) = characters.next() {
                    match c {
                        '"' => {
                            end = at + 1;
                            break;
                        }
                        '\\' => {
                            if let Some((_, c)) = characters.next() {
                                nodes.push(Node::Literal(c));
                            }
                        }
                        c => nodes.push(Node::Literal(c)),
                    }
                }
                rest = &rest[end..];
            }
            '\\' if rest.starts_with('"') => {
                nodes.push(Node::Literal('"'));
                rest = &rest[1..];
            }
            c => nodes.push(Node::Literal(c)),
        }
    }
    Ok((shape, nodes))
}

/// A number while it is written.
struct Writer<'w> {
    shape: &'w Shape,
    number: &'w [u8],
    /// The digit that comes next.
    at: usize,
    is_negative: bool,
    /// Places before the first digit.
    blank: usize,
    sign: LocaleSign,
    brackets: bool,
    sign_written: bool,
    /// Digits were written since the last place.
    is_inside: bool,
    place: usize,
    places: usize,
    /// The last digit behind the point that FM leaves; the point itself where it leaves none.
    last: Option<usize>,
    out: String,
    /// Where the digits gave out: what stands behind is not shown.
    end: Option<usize>,
}

impl<'w> Writer<'w> {
    fn new(shape: &'w Shape, number: &'w [u8], blank: usize, is_negative: bool) -> Writer<'w> {
        let mut writer = Writer {
            shape,
            number,
            at: 0,
            is_negative,
            blank,
            sign: shape.sign,
            brackets: shape.brackets && (is_negative || !shape.fills_not),
            sign_written: false,
            is_inside: false,
            place: 0,
            places: (shape.behind + shape.before).wrapping_sub(1),
            last: None,
            out: String::new(),
            end: None,
        };
        if shape.plus || shape.minus {
            writer.sign_written = !shape.plus || shape.minus;
        } else {
            let has_sign = shape.sign != LocaleSign::None;
            writer.sign_written = !is_negative && shape.fills_not && !has_sign;
            if shape.sign == LocaleSign::Before && shape.before == shape.before_sign {
                writer.sign = LocaleSign::Behind;
            }
        }
        if shape.fills_not && shape.has_point {
            writer.last = last_relevant(number);
            if let Some(last) = writer.last.filter(|_| shape.zero_end > blank) {
                let zeros = (number.len() - 1).min(shape.zero_end - blank);
                writer.last = Some(last.max(zeros));
            }
        }
        if !writer.sign_written && blank == 0 {
            writer.places = writer.places.wrapping_add(1);
        }
        writer
    }

    fn last_is_point(&self) -> bool {
        self.last.is_some_and(|last| self.number.get(last) == Some(&b'.'))
    }

    /// Whether a zero before the point is not written: `.1`.
    fn is_bare_point(&self) -> bool {
        !self.shape.has_zero
            && self.at == 0
            && self.number.first() == Some(&b'0')
            && self.shape.behind != 0
    }

    fn blank(&mut self) {
        if !self.shape.fills_not {
            self.out.push(' ');
        }
    }

    fn write_sign(&mut self) {
        let starts =
            self.place >= self.blank || self.shape.has_zero && self.shape.zero_start == self.place;
        if self.sign_written || !starts || self.is_bare_point() && !self.last_is_point() {
            return;
        }
        let sign = if self.is_negative { '-' } else { '+' };
        if self.sign != LocaleSign::None {
            if self.sign == LocaleSign::Before {
                self.out.push(sign);
                self.sign_written = true;
            }
        } else if self.brackets {
            self.out.push(if self.is_negative { '<' } else { ' ' });
            self.sign_written = true;
        } else {
            if self.is_negative {
                self.out.push('-');
            } else {
                self.blank();
            }
            self.sign_written = true;
        }
    }

    fn digit(&mut self, node: Node) {
        self.is_inside = false;
        self.write_sign();
        let starts_zero = self.shape.has_zero && self.shape.zero_start <= self.place;
        if self.place < self.blank && !starts_zero {
            self.blank();
        } else if self.place < self.blank {
            self.out.push('0');
            self.is_inside = true;
        } else {
            self.real_digit(node);
        }
        let more = usize::from(self.blank > 0) + usize::from(self.shape.has_point);
        let mut end = self.places.wrapping_add(more);
        if self.last == Some(self.at) {
            end = self.place;
        }
        if self.place + 1 == end {
            if self.sign_written && self.brackets {
                self.out.push(if self.is_negative { '>' } else { ' ' });
            } else if self.sign == LocaleSign::Behind {
                self.out.push(if self.is_negative { '-' } else { '+' });
            }
        }
        self.place += 1;
    }

    fn real_digit(&mut self, node: Node) {
        match self.number.get(self.at) {
            Some(b'.') => {
                if !self.last_is_point() || self.shape.fills_not {
                    self.out.push('.');
                }
            }
            digit => {
                let is_cut = self.last.is_some_and(|last| self.at > last) && node != Node::Zero;
                if is_cut {
                } else if self.is_bare_point() {
                    if !self.shape.fills_not {
                        self.out.push(' ');
                    } else if self.last_is_point() {
                        self.out.push('0');
                    }
                } else if let Some(digit) = digit {
                    self.out.push(char::from(*digit));
                    self.is_inside = true;
                } else {
                    self.end.get_or_insert(self.out.len());
                }
            }
        }
        self.at += usize::from(self.at < self.number.len());
    }

    fn node(&mut self, node: Node) {
        let (negative, fills) = (self.is_negative, !self.shape.fills_not);
        let shown = match node {
            Node::Nine | Node::Zero | Node::Point => return self.digit(node),
            Node::Comma | Node::Group if self.is_inside => Some(','),
            Node::Comma | Node::Group => fills.then_some(' '),
            Node::Currency => Some(' '),
            Node::Minus => {
                if negative {
                    Some('-')
                } else {
                    fills.then_some(' ')
                }
            }
            Node::Plus => {
                if negative {
                    fills.then_some(' ')
                } else {
                    Some('+')
                }
            }
            Node::Sign => Some(if negative { '-' } else { '+' }),
            Node::Ordinal { upper } => {
                let skips = negative || self.shape.has_point || self.number.first() == Some(&b'#');
                if !skips {
                    let digits = String::from_utf8_lossy(self.number);
                    self.out.push_str(super::times::template::ordinal(&digits, upper));
                }
                None
            }
            Node::Silent => None,
            Node::Literal(c) => Some(c),
        };
        self.out.extend(shown);
    }
}

/// The last digit behind the point that is not zero; the point where all are; `None` without one.
fn last_relevant(number: &[u8]) -> Option<usize> {
    let point = number.iter().position(|byte| *byte == b'.')?;
    let last = number.iter().rposition(|byte| *byte != b'0' && *byte != b'.');
    Some(last.map_or(point, |last| last.max(point)))
}

/// Writes a number of which all digits are there.
fn write(shape: &Shape, nodes: &[Node], number: &str) -> String {
    let (is_negative, number) = match number.strip_prefix('-') {
        Some(number) => (true, number),
        None => (false, number),
    };
    let before = shape.before + shape.moved;
    let own = number.find('.').unwrap_or(number.len());
    let hashes;
    let (number, blank) = if own > before {
        let mut all = vec!['#'; before + shape.behind + 1];
        all[before] = '.';
        hashes = all.into_iter().collect::<String>();
        (hashes.as_str(), 0)
    } else {
        (number, before - own)
    };
    let sized = Shape { before, ..shape.clone() };
    let mut writer = Writer::new(&sized, number.as_bytes(), blank, is_negative);
    for node in nodes {
        writer.node(*node);
    }
    if let Some(end) = writer.end {
        writer.out.truncate(end);
    }
    writer.out
}

fn roman(number: Option<i64>, shape: &Shape) -> String {
    let text = match number {
        Some(number @ 1..=3999) => {
            let steps = [
                (1000, "M"),
                (900, "CM"),
                (500, "D"),
                (400, "CD"),
                (100, "C"),
                (90, "XC"),
                (50, "L"),
                (40, "XL"),
                (10, "X"),
                (9, "IX"),
                (5, "V"),
                (4, "IV"),
                (1, "I"),
            ];
            let (mut rest, mut text) = (number, String::new());
            for (value, letters) in steps {
                while rest >= value {
                    text.push_str(letters);
                    rest -= value;
                }
            }
            text
        }
        _ => "#".repeat(15),
    };
    let text = if shape.lower_roman { text.to_ascii_lowercase() } else { text };
    if shape.fills_not { text } else { format!("{text:>15}") }
}

/// `d.ddde+xx`
fn scientific(value: &Numeric, shape: &Shape) -> Result<String> {
    let digits = shape.behind;
    if !value.is_finite() {
        let (before, behind) = ("#".repeat(shape.before), "#".repeat(digits + 4));
        return Ok(format!(" {before}.{behind}"));
    }
    let text = value.abs().coefficient().to_string();
    let mut exponent = i64::try_from(text.len()).unwrap_or(0) - 1 - i64::from(value.scale());
    if value.is_zero() {
        exponent = 0;
    }
    let power = Numeric::parse(&format!("1e{exponent}"))?;
    let scale = i32::try_from(digits).unwrap_or(i32::MAX);
    // What is rounded up has a digit more, as PostgreSQL writes it: 10.00e+04.
    let mantissa = value.div_to(&power, scale)?.round(scale)?;
    let sign = if exponent < 0 { '-' } else { '+' };
    let shown = format!("{mantissa}e{sign}{:02}", exponent.abs());
    Ok(if mantissa.signum() < 0 { shown } else { format!(" {shown}") })
}

fn of_numeric(value: &Numeric, template: &str) -> Result<String> {
    let (shape, nodes) = read(template)?;
    if shape.roman {
        let whole = value.round(0).ok().and_then(|value| value.to_integer());
        return Ok(roman(whole, &shape));
    }
    if shape.exponent {
        return scientific(value, &shape);
    }
    let scale = i32::try_from(shape.behind).unwrap_or(i32::MAX);
    let power = Numeric::parse(&format!("1e{}", shape.moved))?;
    let rounded = value.mul(&power)?.round(scale)?;
    Ok(write(&shape, &nodes, &rounded.to_string()))
}

/// A floating number has no more digits than its type means.
fn of_float(value: f64, significant: usize, template: &str) -> Result<String> {
    let (mut shape, nodes) = read(template)?;
    let exact = Numeric::exact(value);
    if shape.roman || shape.exponent {
        return of_numeric(&exact, template);
    }
    let moved = i32::try_from(shape.moved).unwrap_or(0);
    let value = value * 10_f64.powi(moved);
    let written = |value: f64, digits: usize| match value.is_infinite() {
        // Written out, it is too long for most templates.
        true if value < 0.0 => "-Infinity".to_owned(),
        true => "Infinity".to_owned(),
        false => format!("{value:.digits$}"),
    };
    let whole = written(value.abs(), 0).len();
    if whole >= significant {
        shape.behind = 0;
    } else if whole + shape.behind > significant {
        shape.behind = significant - whole;
    }
    Ok(write(&shape, &nodes, &written(value, shape.behind)))
}

fn made(template: &str, text: impl FnOnce(&str) -> Result<String>) -> Result<Datum> {
    if template.is_empty() {
        return Ok(Datum::text(""));
    }
    Ok(Datum::Text(text(template)?.into()))
}

fn whole(arguments: &[Datum], _: &dyn Context) -> Result<Datum> {
    let value = Numeric::from(integer(arguments, 0)?);
    made(text(arguments, 1)?, |template| of_numeric(&value, template))
}

pub(super) static SCALARS: &[Signature<ScalarFunction>] = &[
    scalar("to_char", &[Int4, Text], Text, whole).stable(),
    scalar("to_char", &[Int8, Text], Text, whole).stable(),
    scalar("to_char", &[Decimal, Text], Text, |a, _| {
        made(text(a, 1)?, |template| of_numeric(numeric(a, 0)?, template))
    })
    .stable(),
    scalar("to_char", &[Float8, Text], Text, |a, _| {
        made(text(a, 1)?, |template| of_float(double(a, 0)?, 15, template))
    })
    .stable(),
    scalar("to_char", &[Float4, Text], Text, |a, _| {
        made(text(a, 1)?, |template| of_float(f64::from(real(a, 0)?), 6, template))
    })
    .stable(),
];
