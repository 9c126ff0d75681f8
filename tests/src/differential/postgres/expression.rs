//! Random expressions of PostgreSQL's dialect, each of a type.

use super::kind::Kind;
use super::select::Want;
use super::templates::{self, Template};
use super::writer::Composer;

/// Nesting beyond which only constants and columns are written.
const DEPTH_MAX: u32 = 3;

impl Composer<'_> {
    /// An expression of a type.
    pub(super) fn expression(&mut self, kind: Kind, depth: u32) -> String {
        if depth >= DEPTH_MAX || self.one_in(3) {
            return self.leaf(kind);
        }
        let depth = depth + 1;
        match self.below(16) {
            0 => self.case(kind, depth),
            1 => self.choice(kind, depth),
            2 if self.depth < 2 && !self.in_change => {
                self.note("scalar subquery");
                let query = self.subquery(Want::Scalar(kind));
                format!("({query})")
            }
            3 if kind == Kind::Boolean => self.test(depth),
            4 if kind == Kind::Boolean && self.depth < 2 => self.query_test(depth),
            5 if self.one_in(12) => {
                // Mostly an error, which is one at both.
                self.note("other type");
                let other = self.kind();
                self.expression(other, depth)
            }
            _ => self.fitting(kind, depth),
        }
    }

    pub(super) fn condition(&mut self, depth: u32) -> String {
        self.expression(Kind::Boolean, depth)
    }

    fn leaf(&mut self, kind: Kind) -> String {
        if self.one_in(16) {
            self.note("NULL");
            return format!("NULL::{}", kind.cast());
        }
        if !self.one_in(4)
            && let Some(name) = self.column_of(kind)
        {
            return name;
        }
        self.note("constant");
        kind.literal(&mut self.random)
    }

    /// A template that gives the type.
    fn fitting(&mut self, kind: Kind, depth: u32) -> String {
        let all = templates::ALL.iter().flat_map(|family| family.iter());
        let fitting: Vec<&Template> = all.filter(|(_, _, gives)| *gives == kind).collect();
        if fitting.is_empty() {
            return self.leaf(kind);
        }
        let template = *self.pick(&fitting);
        self.filled(template, depth)
    }

    /// Any template, all alike often, and what it gives.
    pub(super) fn any_template(&mut self, depth: u32) -> (String, Kind) {
        let count: usize = templates::ALL.iter().map(|family| family.len()).sum();
        let mut at = self.random.index(count);
        for family in templates::ALL {
            match family.get(at) {
                Some(template) => return (self.filled(template, depth), template.2),
                None => at -= family.len(),
            }
        }
        (self.leaf(Kind::Int4), Kind::Int4)
    }

    /// A template with operands.
    pub(super) fn filled(&mut self, &(text, takes, gives): &Template, depth: u32) -> String {
        self.note(text);
        self.note(gives.cast());
        // The last digit is the C library's, and may still be rounded to another one.
        self.is_rounded |= text.contains("||/") || text.contains("cbrt");
        let mut filled = text.to_owned();
        for (at, kind) in takes.iter().enumerate() {
            let operand = self.expression(*kind, depth);
            filled = filled.replace(&format!("${}", at + 1), &operand);
        }
        filled
    }

    fn case(&mut self, kind: Kind, depth: u32) -> String {
        self.note("case");
        let mut text = "CASE".to_owned();
        for _ in 0..1 + self.below(2) {
            let (condition, value) = (self.condition(depth), self.expression(kind, depth));
            text.push_str(&format!(" WHEN {condition} THEN {value}"));
        }
        if !self.one_in(3) {
            text.push_str(&format!(" ELSE {}", self.expression(kind, depth)));
        }
        format!("({text} END)")
    }

    /// What takes any type.
    fn choice(&mut self, kind: Kind, depth: u32) -> String {
        let (one, two) = (self.expression(kind, depth), self.expression(kind, depth));
        let names: &[&'static str] = match kind.is_ordered() {
            true => &["coalesce", "nullif", "greatest", "least"],
            false => &["coalesce"],
        };
        let name = *self.pick(names);
        self.note(name);
        format!("{name}({one}, {two})")
    }

    /// A condition about values of any type.
    fn test(&mut self, depth: u32) -> String {
        let kind = self.kind();
        let one = self.expression(kind, depth);
        if !kind.is_ordered() || self.one_in(5) {
            let (test, name) =
                *self.pick(&[("IS NULL", "is null"), ("IS NOT NULL", "is not null")]);
            self.note(name);
            return format!("({one} {test})");
        }
        let (operator, name) = *self.pick(&[
            ("=", "equal"),
            ("<>", "unequal"),
            ("<", "less"),
            (">", "greater"),
            ("<=", "less or equal"),
            (">=", "greater or equal"),
            ("IS DISTINCT FROM", "is distinct from"),
            ("IS NOT DISTINCT FROM", "is not distinct from"),
        ]);
        self.note(name);
        let two = self.expression(kind, depth);
        format!("({one} {operator} {two})")
    }

    /// A condition about the rows of a query.
    fn query_test(&mut self, depth: u32) -> String {
        let kind = *self.pick(&[Kind::Int4, Kind::Text, Kind::Date, Kind::Numeric]);
        match self.below(5) {
            0 => {
                self.note("exists");
                let query = self.subquery(Want::Any);
                format!("EXISTS ({query})")
            }
            1 => {
                self.note("not in query");
                let one = self.expression(kind, depth);
                let query = self.subquery(Want::Column(kind));
                format!("({one} NOT IN ({query}))")
            }
            2 => {
                self.note("any query");
                let one = self.expression(kind, depth);
                let operator = *self.pick(&["<", "=", ">=", "<>"]);
                let query = self.subquery(Want::Column(kind));
                format!("({one} {operator} ANY ({query}))")
            }
            3 => {
                self.note("all query");
                let one = self.expression(kind, depth);
                let operator = *self.pick(&["<", "=", ">=", "<>"]);
                let query = self.subquery(Want::Column(kind));
                format!("({one} {operator} ALL ({query}))")
            }
            _ => {
                self.note("in query");
                let one = self.expression(kind, depth);
                let query = self.subquery(Want::Column(kind));
                format!("({one} IN ({query}))")
            }
        }
    }
}
