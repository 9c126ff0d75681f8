//! Random calls of SQLite's functions of JSON, of `printf` and of dates, whose arguments are of
//! shapes that the kinds of columns do not tell.

use super::functions::{DATE_FORMATS, DATE_MODIFIERS, PRINTF_FORMATS};
use super::schema::Kind;
use super::writer::Writer;

/// Documents, some of them none.
const DOCUMENTS: [&str; 12] = [
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
    "'{\"a\":1'",
    "'{a:1, b:''x'', /* c */ c:0x1F,}'",
];
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

impl Writer<'_> {
    fn document(&mut self, depth: u32) -> String {
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
        match self.below(16) {
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
                let what = *self.pick(&["key", "value", "type", "atom", "fullkey", "path", "id"]);
                format!(
                    "(SELECT group_concat({what}, ',') FROM (SELECT {what} FROM \
                     json_each({document}) ORDER BY fullkey))"
                )
            }
            15 if self.depth < 2 => {
                self.note("json_tree");
                format!("(SELECT count(*) FROM json_tree({document}, {path}))")
            }
            _ => self.named("json_type of all", &[document]),
        }
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
