//! Paths into JSON: `$.a."b c"[2][#-1]`.

use ecow::EcoString;

use super::unescape::unescaped;
use crate::datum::json::Json;
use crate::error::{Result, SqlError};

/// A step of a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// A key of an object.
    Key(EcoString),
    /// A place in an array, from 0.
    Index(usize),
    /// A place from the end: 1 is the last; 0 is behind it.
    FromEnd(usize),
    /// What is no step, with the whole path: an error where something is there that it is a step
    /// of. One that begins with a bracket is a step of arrays only.
    Wrong(EcoString, bool),
}

/// What a change does with what is there, and with what is not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit {
    Insert,
    Replace,
    Set,
    /// Puts a value before the item of an array.
    InsertBefore,
}

fn bad(path: &str) -> SqlError {
    SqlError::new("22023", format!("bad JSON path: '{}'", path.replace('\'', "''")))
}

/// The steps of a path. What is wrong with one is an error only once it is taken.
///
/// # Errors
/// 22023 when it is none.
pub(super) fn parse(text: &str) -> Result<Vec<Step>> {
    let text = text.split('\0').next().unwrap_or_default();
    let mut rest = text.strip_prefix('$').ok_or_else(|| bad(text))?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let found = match rest.strip_prefix('.') {
            Some(after) => key(after),
            None => rest.strip_prefix('[').and_then(index),
        };
        let Some((step, after)) = found else {
            steps.push(Step::Wrong(text.into(), rest.starts_with('[')));
            break;
        };
        steps.push(step);
        rest = after;
    }
    Ok(steps)
}

/// The key behind a point, and what follows.
fn key(text: &str) -> Option<(Step, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let (key, after) = text.split_at(text.find(['.', '[']).unwrap_or(text.len()));
        return (!key.is_empty()).then(|| (Step::Key(key.into()), after));
    };
    let mut escaped = false;
    let end = quoted.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    Some((Step::Key(unescaped(&quoted[..end])), &quoted[end + 1..]))
}

/// The place behind a bracket, and what follows.
fn index(text: &str) -> Option<(Step, &str)> {
    let (inner, after) = text.split_once(']')?;
    let step = match inner.strip_prefix('#') {
        Some("") => Step::FromEnd(0),
        Some(back) => Step::FromEnd(place(back.strip_prefix('-')?)?),
        None => Step::Index(place(inner)?),
    };
    Some((step, after))
}

fn place(digits: &str) -> Option<usize> {
    let valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| digits.parse().unwrap_or(usize::MAX))
}

fn index_of(step: &Step, length: usize) -> Option<usize> {
    match step {
        Step::Index(index) => Some(*index),
        Step::FromEnd(back) => length.checked_sub(*back),
        Step::Key(_) | Step::Wrong(..) => None,
    }
}

/// What lies at a path.
///
/// # Errors
/// 22023 when a step that is no place meets an array.
pub(super) fn find<'a>(value: &'a Json, steps: &[Step]) -> Result<Option<&'a Json>> {
    check(value, steps)?;
    Ok(find_checked(value, steps))
}

/// Refuses a step that is none, if it would be taken.
pub(super) fn check(value: &Json, steps: &[Step]) -> Result<()> {
    let Some((Step::Wrong(path, is_index), before)) = steps.split_last() else { return Ok(()) };
    match find_checked(value, before) {
        Some(Json::Array(_)) => Err(bad(path)),
        Some(_) if !is_index => Err(bad(path)),
        _ => Ok(()),
    }
}

fn find_checked<'a>(value: &'a Json, steps: &[Step]) -> Option<&'a Json> {
    let mut value = value;
    for step in steps {
        value = match (value, step) {
            // Of equal keys the first is found.
            (Json::Object(pairs), Step::Key(key)) => {
                pairs.iter().find(|(other, _)| other == key).map(|(_, value)| value)?
            }
            (Json::Array(items), step) => items.get(index_of(step, items.len())?)?,
            _ => return None,
        };
    }
    Some(value)
}

/// Puts a value at a path. The last step may name what is not there yet; steps before it that are
/// not there are made too.
///
/// # Errors
/// 22023 where a value is to come before what is no item of an array, and for a step that is none.
pub(super) fn change(
    value: &mut Json,
    steps: &[Step],
    new: Json,
    edit: Edit,
    path: &str,
) -> Result<()> {
    let Some((step, rest)) = steps.split_first() else {
        match edit {
            Edit::Insert => {}
            // Before the whole nothing can be.
            Edit::InsertBefore if path == "$" => {}
            Edit::InsertBefore => return Err(no_item(path)),
            Edit::Replace | Edit::Set => *value = new,
        }
        return Ok(());
    };
    match (value, step) {
        (Json::Object(pairs), Step::Key(key)) => {
            match pairs.iter_mut().find(|(other, _)| other == key) {
                Some((_, inner)) => return change(inner, rest, new, edit, path),
                None if edit == Edit::Replace => {}
                None if edit == Edit::InsertBefore && !path.ends_with(']') => {
                    return Err(no_item(path));
                }
                None => {
                    if let Some(made) = made(rest, new)? {
                        pairs.push((key.clone(), made));
                    }
                }
            }
        }
        (Json::Array(items), step) => {
            let length = items.len();
            let Some(index) = index_of(step, length) else { return Ok(()) };
            match items.get_mut(index) {
                Some(_) if rest.is_empty() && edit == Edit::InsertBefore => {
                    items.insert(index, new)
                }
                Some(inner) => return change(inner, rest, new, edit, path),
                None if edit == Edit::Replace || index > length => {}
                None => {
                    if let Some(made) = made(rest, new)? {
                        items.push(made);
                    }
                }
            }
        }
        _ => {}
    }
    Ok(())
}

fn no_item(path: &str) -> SqlError {
    SqlError::new("22023", format!("not an array element: '{}'", path.replace('\'', "''")))
}

/// A value at the end of steps through nothing.
fn made(steps: &[Step], new: Json) -> Result<Option<Json>> {
    let Some((step, rest)) = steps.split_first() else {
        return Ok(Some(new));
    };
    match step {
        Step::Key(key) => {
            let inner = made(rest, new)?;
            Ok(inner.map(|inner| Json::Object(vec![(key.clone(), inner)])))
        }
        Step::Index(0) | Step::FromEnd(0) => {
            Ok(made(rest, new)?.map(|inner| Json::Array(vec![inner])))
        }
        Step::Wrong(path, _) => Err(bad(path)),
        Step::Index(_) | Step::FromEnd(_) => Ok(None),
    }
}

/// Takes away what lies at a path.
pub(super) fn remove(value: &mut Json, steps: &[Step]) {
    let Some((step, rest)) = steps.split_first() else {
        return;
    };
    match (value, step) {
        (Json::Object(pairs), Step::Key(key)) => {
            let Some(at) = pairs.iter().position(|(other, _)| other == key) else {
                return;
            };
            if rest.is_empty() {
                pairs.remove(at);
            } else {
                remove(&mut pairs[at].1, rest);
            }
        }
        (Json::Array(items), step) => {
            let Some(index) = index_of(step, items.len()).filter(|index| *index < items.len())
            else {
                return;
            };
            if rest.is_empty() {
                items.remove(index);
            } else {
                remove(&mut items[index], rest);
            }
        }
        _ => {}
    }
}
