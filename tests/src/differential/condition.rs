//! Random conditions.

use super::expression::DEPTH_MAX;
use super::schema::Kind;
use super::select::Want;
use super::writer::Writer;

/// Patterns of LIKE.
const LIKE_PATTERNS: [&str; 12] = [
    "'a%'",
    "'%b'",
    "'_b%'",
    "'%'",
    "'A_'",
    "''",
    "'a\\_c'",
    "'%\\%%'",
    "'__'",
    "'%a%b%'",
    "'\u{e9}%'",
    "'1%'",
];
/// Patterns of GLOB.
const GLOB_PATTERNS: [&str; 10] = [
    "'a*'",
    "'?b*'",
    "'[a-c]*'",
    "'*[^0-9]'",
    "''",
    "'*'",
    "'[]a]*'",
    "'[^]]?'",
    "'*[a-'",
    "'[*]'",
];

impl Writer<'_> {
    /// A condition.
    pub(super) fn condition(&mut self, depth: u32) -> String {
        if depth >= DEPTH_MAX {
            return self.comparison(depth);
        }
        let depth = depth + 1;
        match self.below(18) {
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
            15 => self.row_condition(depth),
            16 => self.truth_test(depth),
            17 if self.one_in(2) => {
                self.note("number as condition");
                let kind = *self.pick(&Kind::ALL);
                format!("({})", self.expression(kind, depth))
            }
            _ => self.comparison(depth),
        }
    }

    fn comparison(&mut self, depth: u32) -> String {
        const OPERATORS: [(&str, &str); 12] = [
            ("=", "equal"),
            ("==", "equal"),
            ("<>", "not equal"),
            ("!=", "not equal"),
            ("<", "less"),
            ("<=", "less or equal"),
            (">", "greater"),
            (">=", "greater or equal"),
            ("IS", "is"),
            ("IS NOT", "is not"),
            ("IS DISTINCT FROM", "is distinct from"),
            ("IS NOT DISTINCT FROM", "is not distinct from"),
        ];
        let (operator, name) = *self.pick(&OPERATORS);
        self.note(name);
        let kind = *self.pick(&Kind::ALL);
        let left = self.expression(kind, depth);
        let collate = match kind {
            Kind::Text if self.one_in(6) => self.collate(),
            _ => "",
        };
        let right = self.expression(kind, depth);
        // `IS NOT NULL COLLATE BINARY` is one word too many for Bourse's parser.
        match collate {
            "" => format!("({left} {operator} {right})"),
            collate => format!("({left} {operator} ({right}){collate})"),
        }
    }

    /// A collation that is asked for.
    pub(super) fn collate(&mut self) -> &'static str {
        let (text, name) = *self.pick(&[
            (" COLLATE NOCASE", "collate nocase"),
            (" COLLATE RTRIM", "collate rtrim"),
            (" COLLATE BINARY", "collate binary"),
        ]);
        self.note(name);
        text
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
            ("NOT NULL", "not null"),
        ]);
        self.note(name);
        let kind = *self.pick(&Kind::ALL);
        format!("({} {test})", self.expression(kind, depth))
    }

    /// Whether a value is true or false; in VALUES of several rows SQLite 3.53 takes TRUE and FALSE
    /// for the numbers.
    fn truth_test(&mut self, depth: u32) -> String {
        if self.in_values {
            return self.null_test(depth);
        }
        let (test, name) = *self.pick(&[
            ("IS TRUE", "is true"),
            ("IS FALSE", "is false"),
            ("IS NOT TRUE", "is not true"),
            ("IS NOT FALSE", "is not false"),
            ("= TRUE", "true"),
            ("<> FALSE", "false"),
        ]);
        self.note(name);
        let operand = match self.one_in(2) {
            true => self.condition(depth),
            false => {
                let kind = *self.pick(&Kind::ALL);
                self.expression(kind, depth)
            }
        };
        format!("({operand} {test})")
    }

    fn between(&mut self, depth: u32) -> String {
        let kind = *self.pick(&Kind::ALL);
        let not = if self.one_in(3) { "NOT " } else { "" };
        self.note(if not.is_empty() { "between" } else { "not between" });
        let operand = self.expression(kind, depth);
        let low = self.expression(kind, depth);
        format!("({operand} {not}BETWEEN {low} AND {})", self.expression(kind, depth))
    }

    fn in_list(&mut self, depth: u32) -> String {
        let kind = *self.pick(&Kind::ALL);
        let not = if self.one_in(3) { "NOT " } else { "" };
        let operand = self.expression(kind, depth);
        let count = self.below(4);
        self.note(match (count, not) {
            (0, _) => "in empty list",
            (_, "") => "in list",
            _ => "not in list",
        });
        let list: Vec<String> = (0..count).map(|_| self.expression(kind, depth)).collect();
        format!("({operand} {not}IN ({}))", list.join(", "))
    }

    fn like(&mut self, depth: u32) -> String {
        let operand = self.expression(Kind::Text, depth);
        let not = if self.one_in(4) { "NOT " } else { "" };
        let is_computed = self.one_in(6);
        if self.one_in(3) {
            self.note("glob");
            let pattern = match is_computed {
                true => {
                    self.note("glob of an expression");
                    self.expression(Kind::Text, depth)
                }
                false => (*self.pick(&GLOB_PATTERNS)).to_owned(),
            };
            return format!("({operand} {not}GLOB {pattern})");
        }
        self.note("like");
        let pattern = match is_computed {
            true => {
                self.note("like of an expression");
                self.expression(Kind::Text, depth)
            }
            false => (*self.pick(&LIKE_PATTERNS)).to_owned(),
        };
        let escape = if self.one_in(4) {
            self.note("like escape");
            *self.pick(&[" ESCAPE '\\'", " ESCAPE '\\'", " ESCAPE '%'", " ESCAPE 'a'"])
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

    fn row_of(&mut self, kinds: &[Kind], depth: u32) -> String {
        let parts: Vec<String> = kinds.iter().map(|kind| self.expression(*kind, depth)).collect();
        format!("({})", parts.join(", "))
    }

    /// Row values, compared in all the ways that there are.
    fn row_condition(&mut self, depth: u32) -> String {
        let kinds: Vec<Kind> = (0..2 + self.below(2)).map(|_| *self.pick(&Kind::ALL)).collect();
        let left = self.row_of(&kinds, depth);
        match self.below(8) {
            0 => {
                self.note("row between");
                let low = self.row_of(&kinds, depth);
                format!("({left} BETWEEN {low} AND {})", self.row_of(&kinds, depth))
            }
            1 => {
                self.note("row in values");
                let not = *self.pick(&["", "NOT "]);
                let rows: Vec<String> =
                    (0..1 + self.below(3)).map(|_| self.row_of(&kinds, DEPTH_MAX)).collect();
                format!("({left} {not}IN (VALUES {}))", rows.join(", "))
            }
            2 => {
                self.note("row is");
                let operator = *self.pick(&["IS", "IS NOT"]);
                format!("({left} {operator} {})", self.row_of(&kinds, depth))
            }
            3 if self.depth < 2 => {
                self.note("row equal to a query");
                let operator = *self.pick(&["=", "<", ">=", "<>"]);
                format!("({left} {operator} ({}))", self.row_query(&kinds))
            }
            _ => {
                self.note("row comparison");
                let operator = *self.pick(&["=", "<>", "<", "<=", ">", ">="]);
                format!("({left} {operator} {})", self.row_of(&kinds, depth))
            }
        }
    }
}
