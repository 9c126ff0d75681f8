//! Random expressions.

use super::functions::{self, Function};
use super::literal::literal;
use super::schema::Kind;
use super::select::Want;
use super::writer::Writer;

/// Nesting beyond which only constants and columns are written.
pub(super) const DEPTH_MAX: u32 = 4;

impl Writer<'_> {
    /// An expression whose values are mostly of a kind.
    pub(super) fn expression(&mut self, kind: Kind, depth: u32) -> String {
        if depth >= DEPTH_MAX || self.one_in(3) {
            return self.leaf(kind);
        }
        let depth = depth + 1;
        match self.below(12) {
            0..3 => self.operation(kind, depth),
            3..6 => self.call(functions::SCALARS, kind, depth),
            6 => self.case(kind, depth),
            7 => self.cast(kind, depth),
            8 if self.depth < 2 => {
                self.note("scalar subquery");
                let query = self.query(Want::Scalar(kind));
                format!("({query})")
            }
            9 if kind == Kind::Integer => self.condition(depth),
            10 if kind == Kind::Date => self.date_call(depth),
            10 if kind == Kind::Text && self.one_in(2) => self.printf(depth),
            10 if matches!(kind, Kind::Text | Kind::Integer) => self.json(depth),
            11 if kind == Kind::Text && self.one_in(3) => {
                let collate = self.collate();
                format!("({}{collate})", self.expression(kind, depth))
            }
            11 if self.one_in(6) => {
                // Whatever it is: what converts, converts.
                self.note("other kind");
                let other = *self.pick(&Kind::ALL);
                self.expression(other, depth)
            }
            _ => self.leaf(kind),
        }
    }

    fn leaf(&mut self, kind: Kind) -> String {
        if self.one_in(14) {
            self.note("NULL");
            return "NULL".to_owned();
        }
        if !self.one_in(3)
            && let Some((name, _)) = self.column(kind)
        {
            return name;
        }
        self.note(match kind {
            Kind::Integer => "integer literal",
            Kind::Real => "real literal",
            Kind::Text => "text literal",
            Kind::Blob => "blob literal",
            Kind::Date => "date literal",
        });
        literal(&mut self.random, kind)
    }

    fn operation(&mut self, kind: Kind, depth: u32) -> String {
        const NUMERIC: [(&str, &str); 5] =
            [("+", "add"), ("-", "subtract"), ("*", "multiply"), ("/", "divide"), ("%", "modulo")];
        const BITS: [(&str, &str); 4] =
            [("&", "bit and"), ("|", "bit or"), ("<<", "shift left"), (">>", "shift right")];
        let (operator, name) = match kind {
            Kind::Integer if self.one_in(4) => *self.pick(&BITS),
            Kind::Integer if self.one_in(8) => {
                let (sign, name) = *self.pick(&[
                    ("-", "negate"),
                    ("+", "plus"),
                    ("~", "bit not"),
                    ("NOT ", "not"),
                ]);
                self.note(name);
                // Two signs in a row would begin a comment.
                return format!("({sign} {})", self.expression(kind, depth));
            }
            Kind::Integer | Kind::Real => *self.pick(&NUMERIC),
            _ => ("||", "concatenate"),
        };
        self.note(name);
        let right_kind = if kind == Kind::Real && self.one_in(2) { Kind::Integer } else { kind };
        let left = self.expression(kind, depth);
        format!("({left} {operator} {})", self.expression(right_kind, depth))
    }

    fn call(&mut self, from: &'static [Function], kind: Kind, depth: u32) -> String {
        let fitting: Vec<&Function> = from.iter().filter(|(_, _, gives)| *gives == kind).collect();
        let Some(&&(name, takes, _)) = (!fitting.is_empty()).then(|| self.pick(&fitting)) else {
            return self.leaf(kind);
        };
        self.note(name);
        let mut arguments: Vec<String> =
            takes.iter().map(|kind| self.expression(*kind, depth)).collect();
        match name {
            // It takes a constant, and calls of others a small one.
            "likelihood" => arguments.push("0.5".to_owned()),
            // What is larger is too much.
            "zeroblob" => arguments[0] = format!("{}", self.below(5)),
            "char" => {
                for argument in &mut arguments {
                    *argument = format!("{}", 32 + self.below(90));
                }
            }
            "like" if takes.len() == 3 => {
                arguments[2] = (*self.pick(&["'a'", "'\\'", "'%'"])).to_owned();
            }
            "unistr" if self.one_in(2) => {
                arguments[0] =
                    (*self.pick(&["'\\0041b'", "'\\u00e9'", "'\\+01f600'", "'a\\\\b'"])).to_owned();
            }
            _ => {}
        }
        format!("{name}({})", arguments.join(", "))
    }

    fn case(&mut self, kind: Kind, depth: u32) -> String {
        let mut text = "CASE".to_owned();
        let operand = self.one_in(3).then(|| *self.pick(&Kind::ALL));
        self.note(if operand.is_some() { "simple case" } else { "searched case" });
        if let Some(operand) = operand {
            text.push_str(&format!(" {}", self.expression(operand, depth)));
        }
        for _ in 0..=self.below(2) {
            let when = match operand {
                Some(operand) => self.expression(operand, depth),
                None => self.condition(depth),
            };
            text.push_str(&format!(" WHEN {when} THEN {}", self.expression(kind, depth)));
        }
        if self.one_in(2) {
            text.push_str(&format!(" ELSE {}", self.expression(kind, depth)));
        }
        text.push_str(" END");
        text
    }

    fn cast(&mut self, kind: Kind, depth: u32) -> String {
        self.note("cast");
        let targets: &[(&str, &str)] = match kind {
            Kind::Integer => &[
                ("INTEGER", "cast as INTEGER"),
                ("INT", "cast as INTEGER"),
                ("BIGINT", "cast as INTEGER"),
                ("BOOLEAN", "cast as NUMERIC"),
            ],
            Kind::Real => &[
                ("REAL", "cast as REAL"),
                ("NUMERIC", "cast as NUMERIC"),
                ("DECIMAL(10,2)", "cast as NUMERIC"),
                ("DOUBLE", "cast as REAL"),
            ],
            Kind::Text | Kind::Date => &[("TEXT", "cast as TEXT"), ("VARCHAR(3)", "cast as TEXT")],
            Kind::Blob => &[("BLOB", "cast as BLOB")],
        };
        let (target, name) = *self.pick(targets);
        self.note(name);
        let from = *self.pick(&Kind::ALL);
        format!("CAST({} AS {target})", self.expression(from, depth))
    }
}
