//! Random calls of aggregates and of functions over windows.

use super::functions::{self, Function};
use super::schema::Kind;
use super::writer::Writer;

impl Writer<'_> {
    /// An aggregate of a kind.
    pub(super) fn aggregate(&mut self, kind: Kind, depth: u32) -> String {
        if kind == Kind::Integer && self.one_in(4) {
            self.note("count(*)");
            return "count(*)".to_owned();
        }
        if kind == Kind::Text && self.one_in(3) {
            self.note("group_concat");
            let argument = self.own_argument(kind, depth + 1);
            // A collation would leave the order of equal texts open.
            return format!("group_concat({argument}, ';' ORDER BY {argument} COLLATE BINARY)");
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
            "max" => "max aggregate",
            other => other,
        });
        if matches!(name, "sum" | "total" | "avg") {
            self.is_rounded = true;
        }
        if name == "json_group_array" {
            // Its order is that of the rows.
            let argument = self.own_argument(takes[0], depth + 1);
            return format!("json_group_array({argument} ORDER BY {argument})");
        }
        if name == "string_agg" {
            let argument = self.own_argument(takes[0], depth + 1);
            return format!("string_agg({argument}, '' ORDER BY {argument} COLLATE BINARY)");
        }
        if name == "json_group_object" {
            let key = self.own_argument(takes[0], depth + 1);
            let value = self.own_argument(takes[1], depth + 1);
            let order = format!("{key} COLLATE BINARY, {value}");
            return format!("json_group_object({key}, {value} ORDER BY {order})");
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
        // Where such an aggregate may stand each engine says for itself.
        self.is_planned |= outer;
        let argument = self.expression(kind, depth);
        self.is_local = was;
        argument
    }

    /// A function over a window, whose order leaves no ties between rows that differ.
    pub(super) fn window(&mut self, total_order: &str, depth: u32) -> (String, Kind) {
        let (mut text, kind, takes_frame) = if self.one_in(3) {
            let kind = *self.pick(&[Kind::Integer, Kind::Text]);
            self.note("window aggregate");
            let name = *self.pick(&["sum", "count", "min", "max", "avg", "total", "group_concat"]);
            self.is_rounded |= matches!(name, "sum" | "avg" | "total");
            let mut text = format!("{name}({})", self.expression(kind, depth + 1));
            if self.one_in(4) {
                self.note("filter of a window");
                text.push_str(&format!(" FILTER (WHERE {})", self.condition(depth + 2)));
            }
            (text, kind, true)
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
            0 | 1 if counted => {
                *self.pick(&["1 PRECEDING", "3 PRECEDING", "0 PRECEDING", "(1 + 1) PRECEDING"])
            }
            2 if counted => *self.pick(&["1 FOLLOWING", "2 FOLLOWING", "0 FOLLOWING"]),
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
            0 => (" EXCLUDE CURRENT ROW", "exclude current row"),
            1 => (" EXCLUDE GROUP", "exclude group"),
            2 => (" EXCLUDE TIES", "exclude ties"),
            3 => (" EXCLUDE NO OTHERS", "exclude no others"),
            _ => ("", ""),
        };
        let (exclude, name) = exclude;
        if !exclude.is_empty() {
            self.note(name);
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
