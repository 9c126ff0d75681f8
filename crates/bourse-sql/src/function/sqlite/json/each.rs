//! `json_each` and `json_tree`.

use ecow::{EcoString, eco_format};

use super::{as_text, document, kind, path, text_of, to_sql};
use crate::datum::Datum;
use crate::datum::json::Json;
use crate::error::Result;
use crate::function::signature::Shape::Any;
use crate::function::signature::{Shape, Signature, set};
use crate::function::{Context, SetFunction, SetRows};

const COLUMNS: &[(&str, Shape)] = &[
    ("key", Any),
    ("value", Any),
    ("type", Any),
    ("atom", Any),
    ("id", Any),
    ("parent", Any),
    ("fullkey", Any),
    ("path", Any),
];

struct Walk {
    rows: Vec<Result<Vec<Datum>>>,
    /// Whether what lies deeper is told too.
    deep: bool,
    next_id: i64,
}

fn is_atom(value: &Json) -> bool {
    !matches!(value, Json::Array(_) | Json::Object(_))
}

/// A key as a step of a path; one that is no name is quoted.
fn key_step(key: &str) -> EcoString {
    let first = key.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    let plain = first && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain { eco_format!(".{key}") } else { eco_format!(".\"{key}\"") }
}

impl Walk {
    fn row(
        &mut self,
        key: Datum,
        value: &Json,
        parent: Option<i64>,
        full: &str,
        path: &str,
    ) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        let atom = if is_atom(value) { to_sql(value) } else { Datum::Null };
        let shown = if is_atom(value) { to_sql(value) } else { Datum::Text(text_of(value)) };
        self.rows.push(Ok(vec![
            key,
            shown,
            Datum::text(kind(value)),
            atom,
            Datum::Integer(id),
            parent.map_or(Datum::Null, Datum::Integer),
            Datum::text(full),
            Datum::text(path),
        ]));
        id
    }

    fn inside(&mut self, value: &Json, parent: Option<i64>, path: &str) {
        match value {
            Json::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let key = Datum::Integer(i64::try_from(index).unwrap_or(i64::MAX));
                    self.child(key, item, parent, &eco_format!("{path}[{index}]"), path);
                }
            }
            Json::Object(pairs) => {
                for (key, item) in pairs {
                    let full = eco_format!("{path}{}", key_step(key));
                    self.child(Datum::Text(key.clone()), item, parent, &full, path);
                }
            }
            _ => {}
        }
    }

    fn child(&mut self, key: Datum, value: &Json, parent: Option<i64>, full: &str, path: &str) {
        let id = self.row(key, value, parent, full, path);
        if self.deep {
            self.inside(value, Some(id), full);
        }
    }
}

fn walk(arguments: &[Datum], deep: bool) -> Result<SetRows> {
    if arguments.iter().any(Datum::is_null) {
        return Ok(Box::new(std::iter::empty()));
    }
    let whole = document(&arguments[0])?;
    let root = arguments.get(1).map_or_else(|| EcoString::from("$"), as_text);
    let steps = path::parse(&root)?;
    let Some(value) = path::find(&whole, &steps)? else {
        return Ok(Box::new(std::iter::empty()));
    };
    let mut walk = Walk { rows: Vec::new(), deep, next_id: 0 };
    if deep || is_atom(value) {
        let (key, path) = match steps.last() {
            Some(path::Step::Key(key)) => (
                Datum::Text(key.clone()),
                &root[..root.len() - key_step(key).len().min(root.len())],
            ),
            Some(path::Step::Index(index)) => {
                let at = root.rfind('[').unwrap_or(root.len());
                (Datum::Integer(i64::try_from(*index).unwrap_or(i64::MAX)), &root[..at])
            }
            _ => (Datum::Null, root.as_str()),
        };
        // Of what is no container SQLite's json_each tells the place itself.
        let (key, path) = match deep {
            true => (key, path.to_owned()),
            false => (Datum::Null, root.to_string()),
        };
        let id = walk.row(key, value, None, &root, &path);
        walk.inside(value, Some(id), &root);
    } else {
        walk.inside(value, None, &root);
    }
    Ok(Box::new(walk.rows.into_iter()))
}

fn each(arguments: &[Datum], _: &dyn Context) -> Result<SetRows> {
    walk(arguments, false)
}

fn tree(arguments: &[Datum], _: &dyn Context) -> Result<SetRows> {
    walk(arguments, true)
}

pub(in crate::function::sqlite) static SETS: &[Signature<SetFunction>] = &[
    set("json_each", &[Any], Any, each).with_columns(COLUMNS),
    set("json_each", &[Any, Any], Any, each).with_columns(COLUMNS),
    set("json_tree", &[Any], Any, tree).with_columns(COLUMNS),
    set("json_tree", &[Any, Any], Any, tree).with_columns(COLUMNS),
];
