//! Random calls of SQLite's functions of JSON, of `printf` and of dates, whose arguments are of
//! shapes that the kinds of columns do not tell.

use super::functions::{DATE_FORMATS, DATE_MODIFIERS, PRINTF_FORMATS};
use super::schema::Kind;
use super::writer::Writer;

/// Documents, some of them JSON5.
const DOCUMENTS: [&str; 13] = [
    "'{\"a\":1,\"b\":[1,2,{\"c\":null}],\"d\":\"x\"}'",
    "'[1,2.5,\"three\",null,true,[4]]'",
    "'{}'",
    "'[]'",
    "'null'",
    "'\"text\"'",
    "'12'",
    "'-1.5e3'",
    "'{\"a\":{\"b\":{\"c\":[10,20]}},\"a b\":2}'",
    "'[[1,2],[3,4]]'",
    "'{a:1, b:''x'', /* c */ c:0x1F,}'",
    "'[.5, +3, 1.e2, -Infinity,]'",
    "' [ 1 , {\"a\" : \"x\\ny\"} ] '",
];
/// What is no document. Whether a function meets it hangs on what is computed at all, so it stands
/// only where it surely is.
const WRONG_DOCUMENTS: [&str; 6] = ["'{\"a\":1'", "'[1,,2]'", "'{,}'", "'[01]'", "''", "'\"a'"];
const PATHS: [&str; 10] = [
    "'$'",
    "'$.a'",
    "'$.b[1]'",
    "'$[0]'",
    "'$[#-1]'",
    "'$.b[2].c'",
    "'$.a.b.c'",
    "'$.\"a b\"'",
    "'$[#]'",
    "'$.z'",
];
const ARROWS: [&str; 8] = ["'a'", "'b'", "0", "2", "-1", "'$.b[0]'", "'$'", "'z'"];

/// What calls that are refused always are called in the report, with others.
const ERRORS: &str = "errors of values";

impl Writer<'_> {
    pub(super) fn document(&mut self, depth: u32) -> String {
        match self.below(8) {
            0 => {
                self.note("json()");
                format!("json({})", *self.pick(&DOCUMENTS))
            }
            1 if depth < 3 => self.json(depth + 1),
            _ => (*self.pick(&DOCUMENTS)).to_owned(),
        }
    }

    /// A call of a function of JSON.
    pub(super) fn json(&mut self, depth: u32) -> String {
        let document = self.document(depth);
        let path = *self.pick(&PATHS);
        let kind = *self.pick(&[Kind::Integer, Kind::Text, Kind::Real]);
        match self.below(20) {
            0 | 1 => self.named("json_extract", &[document, path.to_owned()]),
            2 => {
                let other = *self.pick(&PATHS);
                self.named(
                    "json_extract of several",
                    &[document, path.to_owned(), other.to_owned()],
                )
            }
            3 => {
                self.note("->");
                format!("({document} -> {})", *self.pick(&ARROWS))
            }
            4 => {
                self.note("->>");
                format!("({document} ->> {})", *self.pick(&ARROWS))
            }
            5 => self.named("json_type", &[document, path.to_owned()]),
            6 => self.named("json_array_length", &[document, path.to_owned()]),
            7 => self.named("json_remove", &[document, path.to_owned()]),
            8 => {
                let patch = (*self.pick(&DOCUMENTS)).to_owned();
                self.named("json_patch", &[document, patch])
            }
            9 => {
                let value = self.expression(kind, depth + 2);
                self.named("json_object", &["'k'".to_owned(), value, "'j'".to_owned(), document])
            }
            10 => {
                let name = *self.pick(&["json_set", "json_insert", "json_replace"]);
                let value = self.expression(kind, depth + 2);
                self.named(name, &[document, path.to_owned(), value])
            }
            11 => self.named("json_valid", &[document]),
            12 => self.named("json_quote", &[document]),
            13 => {
                let value = self.expression(kind, depth + 2);
                self.named("json_array", &[value, document])
            }
            14 if self.depth < 2 => {
                self.note("json_each");
                let what = *self.pick(&["key", "value", "type", "atom", "fullkey", "path"]);
                format!(
                    "(SELECT group_concat({what}, ',') FROM (SELECT {what} FROM \
                     json_each({document}) ORDER BY fullkey))"
                )
            }
            15 if self.depth < 2 => {
                self.note("json_tree");
                format!("(SELECT count(*) FROM json_tree({document}, {path}))")
            }
            16 => self.named("json_pretty", &[document]),
            17 => {
                let value = self.expression(kind, depth + 2);
                let place = *self.pick(&["'$[0]'", "'$[1]'", "'$.b[1]'", "'$[#]'", "'$.a'"]);
                self.named("json_array_insert", &[document, place.to_owned(), value])
            }
            18 => {
                let flags = *self.pick(&["1", "2", "4", "5", "6", "8"]);
                self.named("json_valid with flags", &[document, flags.to_owned()])
            }
            _ => self.named("json_type of all", &[document]),
        }
    }

    /// A statement that computes one call, which has an error now and then.
    pub(super) fn erring(&mut self) -> String {
        let wrong = *self.pick(&WRONG_DOCUMENTS);
        let right = *self.pick(&DOCUMENTS);
        let path = *self.pick(&["'$.'", "'a'", "'$[x]'", "'$.a[x'", "''", "'$[#-]'", "'$..a'"]);
        let (text, name) = match self.below(11) {
            0 => (format!("json({wrong})"), ERRORS),
            1 => (format!("json_valid({wrong})"), "json_valid"),
            2 => (format!("json_error_position({wrong})"), "json_error_position"),
            3 => (format!("json_error_position({right})"), "json_error_position"),
            4 => (format!("json_extract({right}, {path})"), ERRORS),
            5 => (format!("json_set({right}, {path}, 1)"), ERRORS),
            6 => (format!("json_object('k', 1, {wrong})"), ERRORS),
            7 => ("'a' LIKE 'a' ESCAPE 'ab'".to_owned(), ERRORS),
            8 => ("abs(-9223372036854775807 - 1)".to_owned(), ERRORS),
            9 => (format!("json_array({}, x'00')", self.below(9)), ERRORS),
            _ => (format!("json_valid({wrong}, {})", self.below(18)), "json_valid with flags"),
        };
        self.note(name);
        format!("SELECT {text}")
    }

    fn named(&mut self, name: &'static str, arguments: &[String]) -> String {
        self.note(name);
        let function = name.split(' ').next().unwrap_or(name);
        format!("{function}({})", arguments.join(", "))
    }

    /// `printf` with formats of all kinds.
    pub(super) fn printf(&mut self, depth: u32) -> String {
        let (format, kinds, name) = *self.pick(PRINTF_FORMATS);
        self.note(name);
        let mut arguments = vec![format.to_owned()];
        for kind in kinds {
            arguments.push(self.expression(*kind, depth + 1));
        }
        if name == "printf *" {
            // Widths beyond all use take beyond all time.
            for at in [1, 3] {
                arguments[at] = format!("({} % 40)", arguments[at]);
            }
        }
        let function = *self.pick(&["printf", "format"]);
        self.note(function);
        format!("{function}({})", arguments.join(", "))
    }

    /// A date with up to three modifiers, each noted.
    pub(super) fn date_call(&mut self, depth: u32) -> String {
        let argument = match self.below(5) {
            0 => {
                self.note("date of a number");
                (*self.pick(&["2460000.5", "0", "1700000000", "-1", "1e9", "1700000000.25"]))
                    .to_owned()
            }
            _ => self.expression(Kind::Date, depth + 1),
        };
        let mut arguments = vec![argument];
        for _ in 0..self.below(4) {
            let (modifier, name) = *self.pick(DATE_MODIFIERS);
            // What an earlier modifier has made no date SQLite forgets there.
            if name == "utc" && arguments.len() > 1 {
                continue;
            }
            self.note(name);
            arguments.push(modifier.to_owned());
        }
        match self.below(8) {
            0 => self.named("julianday", &arguments),
            1 => self.named("unixepoch", &arguments),
            2 | 3 => {
                let (format, name) = *self.pick(DATE_FORMATS);
                self.note(name);
                arguments.insert(0, format.to_owned());
                self.named("strftime", &arguments)
            }
            4 => {
                let other = self.expression(Kind::Date, depth + 1);
                self.named("timediff", &[arguments[0].clone(), other])
            }
            _ => {
                let name = *self.pick(&["date", "time", "datetime"]);
                self.named(name, &arguments)
            }
        }
    }
}
