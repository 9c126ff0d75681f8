//! Random expressions.

use super::functions::{self, Function};
use super::schema::{Kind, literal};
use super::select::Want;
use super::writer::Writer;

/// Nesting beyond which only constants and columns are written.
const DEPTH_MAX: u32 = 4;

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
                return format!("({sign}{})", self.expression(kind, depth));
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
            "char" => arguments[0] = format!("{}", 32 + self.below(90)),
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
        let target = match kind {
            Kind::Integer => "INTEGER",
            Kind::Real => *self.pick(&["REAL", "NUMERIC"]),
            Kind::Text | Kind::Date => "TEXT",
            Kind::Blob => "BLOB",
        };
        let from = *self.pick(&Kind::ALL);
        format!("CAST({} AS {target})", self.expression(from, depth))
    }

    /// A condition.
    pub(super) fn condition(&mut self, depth: u32) -> String {
        if depth >= DEPTH_MAX {
            return self.comparison(depth);
        }
        let depth = depth + 1;
        match self.below(16) {
            0..6 => self.comparison(depth),
            6 => self.pair("AND", "and", depth),
            7 => self.pair("OR", "or", depth),
            8 => {
                self.note("not condition");
                format!("(NOT {})", self.condition(depth))
            }
            9 => self.null_test(depth),
            10 => self.between(depth),
            11 => self.in_list(depth),
            12 => self.like(depth),
            13 if self.depth < 2 => self.exists(),
            14 if self.depth < 2 => self.in_query(depth),
            15 => self.row_comparison(depth),
            _ => self.comparison(depth),
        }
    }

    fn comparison(&mut self, depth: u32) -> String {
        const OPERATORS: [(&str, &str); 8] = [
            ("=", "equal"),
            ("==", "equal"),
            ("<>", "not equal"),
            ("<", "less"),
            ("<=", "less or equal"),
            (">", "greater"),
            (">=", "greater or equal"),
            ("IS", "is"),
        ];
        let (operator, name) = *self.pick(&OPERATORS);
        self.note(name);
        let kind = *self.pick(&Kind::ALL);
        let left = self.expression(kind, depth);
        let collate = match kind {
            Kind::Text if self.one_in(6) => {
                self.note("collate");
                *self.pick(&[" COLLATE NOCASE", " COLLATE RTRIM", " COLLATE BINARY"])
            }
            _ => "",
        };
        format!("({left} {operator} {}{collate})", self.expression(kind, depth))
    }

    fn pair(&mut self, operator: &str, name: &'static str, depth: u32) -> String {
        self.note(name);
        let left = self.condition(depth);
        format!("({left} {operator} {})", self.condition(depth))
    }

    fn null_test(&mut self, depth: u32) -> String {
        let (test, name) = *self.pick(&[
            ("IS NULL", "is null"),
            ("IS NOT NULL", "is not null"),
            ("ISNULL", "isnull"),
            ("NOTNULL", "notnull"),
            ("IS TRUE", "is true"),
            ("IS NOT FALSE", "is not false"),
        ]);
        // In VALUES of several rows SQLite 3.53 takes TRUE and FALSE for the numbers.
        let (test, name) = match self.in_values && matches!(name, "is true" | "is not false") {
            true => ("IS NULL", "is null"),
            false => (test, name),
        };
        self.note(name);
        let kind = *self.pick(&Kind::ALL);
        format!("({} {test})", self.expression(kind, depth))
    }

    fn between(&mut self, depth: u32) -> String {
        self.note("between");
        let kind = *self.pick(&Kind::ALL);
        let not = if self.one_in(3) { "NOT " } else { "" };
        let operand = self.expression(kind, depth);
        let low = self.expression(kind, depth);
        format!("({operand} {not}BETWEEN {low} AND {})", self.expression(kind, depth))
    }

    fn in_list(&mut self, depth: u32) -> String {
        let kind = *self.pick(&Kind::ALL);
        let not = if self.one_in(3) { "NOT " } else { "" };
        let operand = self.expression(kind, depth);
        let count = self.below(4);
        self.note(if count == 0 { "in empty list" } else { "in list" });
        let list: Vec<String> = (0..count).map(|_| self.expression(kind, depth)).collect();
        format!("({operand} {not}IN ({}))", list.join(", "))
    }

    fn like(&mut self, depth: u32) -> String {
        let operand = self.expression(Kind::Text, depth);
        let not = if self.one_in(4) { "NOT " } else { "" };
        if self.one_in(3) {
            self.note("glob");
            let pattern = *self.pick(&["'a*'", "'?b*'", "'[a-c]*'", "'*[^0-9]'", "''"]);
            return format!("({operand} {not}GLOB {pattern})");
        }
        self.note("like");
        let pattern = *self.pick(&["'a%'", "'%b'", "'_b%'", "'%'", "'A_'", "''", "'a\\_c'"]);
        let escape = if self.one_in(4) {
            self.note("like escape");
            " ESCAPE '\\'"
        } else {
            ""
        };
        format!("({operand} {not}LIKE {pattern}{escape})")
    }

    fn exists(&mut self) -> String {
        let not = if self.one_in(3) { "NOT " } else { "" };
        self.note(if not.is_empty() { "exists" } else { "not exists" });
        let query = self.query(Want::Any);
        format!("({not}EXISTS ({query}))")
    }

    fn in_query(&mut self, depth: u32) -> String {
        let not = if self.one_in(3) { "NOT " } else { "" };
        self.note(if not.is_empty() { "in query" } else { "not in query" });
        let kind = *self.pick(&Kind::ALL);
        let operand = self.expression(kind, depth);
        let query = self.query(Want::Column(kind));
        format!("({operand} {not}IN ({query}))")
    }

    fn row_comparison(&mut self, depth: u32) -> String {
        self.note("row comparison");
        let operator = *self.pick(&["=", "<>", "<", "<=", ">", ">="]);
        let kinds = [*self.pick(&Kind::ALL), *self.pick(&Kind::ALL)];
        let mut row = || {
            let parts: Vec<String> =
                kinds.iter().map(|kind| self.expression(*kind, depth)).collect();
            format!("({})", parts.join(", "))
        };
        let left = row();
        format!("({left} {operator} {})", row())
    }

    /// An aggregate of a kind.
    pub(super) fn aggregate(&mut self, kind: Kind, depth: u32) -> String {
        if kind == Kind::Integer && self.one_in(4) {
            self.note("count(*)");
            return "count(*)".to_owned();
        }
        if kind == Kind::Text && self.one_in(3) {
            self.note("group_concat");
            let argument = self.own_argument(kind, depth + 1);
            return format!("group_concat({argument}, ';' ORDER BY {argument})");
        }
        let all = functions::AGGREGATES;
        let fitting: Vec<&Function> = all.iter().filter(|(_, _, gives)| *gives == kind).collect();
        let Some(&&(name, takes, _)) = (!fitting.is_empty()).then(|| self.pick(&fitting)) else {
            return self.aggregate(Kind::Integer, depth);
        };
        self.note(match name {
            "count" => "count(x)",
            "sum" => "sum",
            "total" => "total",
            "avg" => "avg",
            "min" => "min aggregate",
            "json_group_array" => "json_group_array",
            _ => "max aggregate",
        });
        if matches!(name, "sum" | "total" | "avg") {
            self.is_rounded = true;
        }
        if name == "json_group_array" {
            // Its order is that of the rows.
            let argument = self.own_argument(takes[0], depth + 1);
            return format!("json_group_array({argument} ORDER BY {argument})");
        }
        let distinct = if self.one_in(5) {
            self.note("distinct aggregate");
            "DISTINCT "
        } else {
            ""
        };
        let argument = self.own_argument(takes[0], depth + 1);
        let filter = if self.one_in(6) {
            self.note("filter");
            let was = std::mem::replace(&mut self.is_local, true);
            let condition = self.condition(depth + 2);
            self.is_local = was;
            format!(" FILTER (WHERE {condition})")
        } else {
            String::new()
        };
        format!("{name}({distinct}{argument}){filter}")
    }

    /// An argument of an aggregate. One that has columns of a query around alone makes it that
    /// query's, whose other columns are then of any row: now and then.
    fn own_argument(&mut self, kind: Kind, depth: u32) -> String {
        let outer = self.scopes.len() > 1 && !self.in_change && self.one_in(10);
        let was = self.is_local;
        self.is_local = !outer;
        self.is_loose |= outer;
        let argument = self.expression(kind, depth);
        self.is_local = was;
        argument
    }

    /// A function over a window, whose order leaves no ties between rows that differ.
    pub(super) fn window(&mut self, total_order: &str, depth: u32) -> (String, Kind) {
        let (mut text, kind, takes_frame) = if self.one_in(3) {
            let kind = *self.pick(&[Kind::Integer, Kind::Text]);
            self.note("window aggregate");
            let name = *self.pick(&["sum", "count", "min", "max", "avg"]);
            self.is_rounded |= matches!(name, "sum" | "avg");
            (format!("{name}({})", self.expression(kind, depth + 1)), kind, true)
        } else {
            let (name, takes, kind) = *self.pick(functions::WINDOWS);
            self.note(name);
            let mut arguments: Vec<String> =
                takes.iter().map(|kind| self.expression(*kind, depth + 1)).collect();
            if name == "ntile" {
                arguments[0] = "3".to_owned();
            } else if name == "nth_value" {
                arguments[1] = "2".to_owned();
            }
            let takes_frame = name.ends_with("_value");
            (format!("{name}({})", arguments.join(", ")), kind, takes_frame)
        };
        text.push_str(" OVER (");
        if self.one_in(2) {
            self.note("partition by");
            let kind = *self.pick(&Kind::ALL);
            text.push_str(&format!("PARTITION BY {} ", self.expression(kind, depth + 2)));
        }
        text.push_str(&format!("ORDER BY {total_order}"));
        if takes_frame && self.one_in(2) {
            text.push_str(&self.frame());
        }
        text.push(')');
        (text, kind)
    }

    fn frame(&mut self) -> String {
        let (units, name) = *self.pick(&[
            ("ROWS", "rows frame"),
            ("GROUPS", "groups frame"),
            ("RANGE", "range frame"),
        ]);
        self.note(name);
        let counted = units != "RANGE";
        let start = match self.below(5) {
            0 | 1 if counted => *self.pick(&["1 PRECEDING", "3 PRECEDING", "0 PRECEDING"]),
            2 if counted => *self.pick(&["1 FOLLOWING", "2 FOLLOWING"]),
            3 => "CURRENT ROW",
            _ => "UNBOUNDED PRECEDING",
        };
        let end = match self.below(5) {
            0 | 1 if counted => *self.pick(&["2 FOLLOWING", "3 FOLLOWING"]),
            2 if counted && start.ends_with("PRECEDING") => "1 PRECEDING",
            3 if !start.ends_with(" FOLLOWING") => "CURRENT ROW",
            _ => "UNBOUNDED FOLLOWING",
        };
        let exclude = match self.below(8) {
            0 => " EXCLUDE CURRENT ROW",
            1 => " EXCLUDE GROUP",
            2 => " EXCLUDE TIES",
            3 => " EXCLUDE NO OTHERS",
            _ => "",
        };
        if !exclude.is_empty() {
            self.note("frame exclusion");
        }
        if self.one_in(6) {
            self.note("frame of one bound");
            return match start.ends_with(" FOLLOWING") {
                true => String::new(),
                false => format!(" {units} {start}{exclude}"),
            };
        }
        format!(" {units} BETWEEN {start} AND {end}{exclude}")
    }
}
