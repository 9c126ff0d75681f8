//! Paths into JSON: `$.a."b c"[2][#-1]`.

use ecow::EcoString;

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
    /// What is no place: an error where it meets an array, and nowhere else.
    Wrong(EcoString),
}

/// What a change does with what is there, and with what is not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit {
    Insert,
    Replace,
    Set,
}

/// The steps of a path.
///
/// # Errors
/// 22023 when it is none.
pub(super) fn parse(text: &str) -> Result<Vec<Step>> {
    let refuse =
        || SqlError::new("22023", format!("bad JSON path: '{}'", text.replace('\'', "''")));
    let mut rest = text.strip_prefix('$').ok_or_else(refuse)?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            let (key, after) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').ok_or_else(refuse)?,
                None => after.split_at(after.find(['.', '[']).unwrap_or(after.len())),
            };
            if key.is_empty() && !rest.starts_with(".\"") {
                return Err(refuse());
            }
            steps.push(Step::Key(EcoString::from(key)));
            rest = after;
            continue;
        }
        let (inner, after) =
            rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).ok_or_else(refuse)?;
        steps.push(match inner.strip_prefix('#') {
            Some("") => Step::FromEnd(0),
            Some(back) => {
                let place = back.strip_prefix('-').and_then(place);
                place.map_or_else(|| Step::Wrong(text.into()), Step::FromEnd)
            }
            None => place(inner).map_or_else(|| Step::Wrong(text.into()), Step::Index),
        });
        rest = after;
    }
    Ok(steps)
}

fn place(digits: &str) -> Option<usize> {
    let valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| digits.parse().unwrap_or(usize::MAX))
}

fn index_of(step: &Step, length: usize) -> Option<usize> {
    match step {
        Step::Index(index) => Some(*index),
        Step::FromEnd(back) => length.checked_sub(*back),
        Step::Key(_) | Step::Wrong(_) => None,
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

/// Refuses a step that is no place, if there is an array for it.
pub(super) fn check(value: &Json, steps: &[Step]) -> Result<()> {
    let wrong = steps.iter().enumerate().find_map(|(index, step)| match step {
        Step::Wrong(text) => Some((index, text)),
        _ => None,
    });
    match wrong {
        Some((index, text))
            if matches!(find_checked(value, &steps[..index]), Some(Json::Array(_))) =>
        {
            Err(SqlError::new("22023", format!("bad JSON path: '{}'", text.replace("'", "''"))))
        }
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
pub(super) fn change(value: &mut Json, steps: &[Step], new: Json, edit: Edit) {
    let Some((step, rest)) = steps.split_first() else {
        if edit != Edit::Insert {
            *value = new;
        }
        return;
    };
    match (value, step) {
        (Json::Object(pairs), Step::Key(key)) => {
            match pairs.iter_mut().find(|(other, _)| other == key) {
                Some((_, inner)) => change(inner, rest, new, edit),
                None if edit == Edit::Replace => {}
                None => {
                    if let Some(made) = made(rest, new) {
                        pairs.push((key.clone(), made));
                    }
                }
            }
        }
        (Json::Array(items), step) => {
            let length = items.len();
            let Some(index) = index_of(step, length) else {
                return;
            };
            match items.get_mut(index) {
                Some(inner) => change(inner, rest, new, edit),
                None if edit == Edit::Replace || index > length => {}
                None => {
                    if let Some(made) = made(rest, new) {
                        items.push(made);
                    }
                }
            }
        }
        _ => {}
    }
}

/// A value at the end of steps through nothing.
fn made(steps: &[Step], new: Json) -> Option<Json> {
    let Some((step, rest)) = steps.split_first() else {
        return Some(new);
    };
    let inner = made(rest, new)?;
    match step {
        Step::Key(key) => Some(Json::Object(vec![(key.clone(), inner)])),
        Step::Index(0) | Step::FromEnd(0) => Some(Json::Array(vec![inner])),
        _ => None,
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
