//! Compiled regular expressions: found again by their text, and run.

use std::cell::RefCell;
use std::rc::Rc;

use fancy_regex::Regex;

use super::translate::{Translated, translate};
use crate::error::{Result, SqlError};

/// Compiled expressions that a thread keeps.
const KEPT_MAX: usize = 64;

/// Letters that change what a pattern means.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Flags {
    pub(super) global: bool,
    pub(super) ignore_case: bool,
    /// `^` and `$` match at lines.
    pub(super) lines: bool,
    /// `.` and `[^...]` do not match a newline.
    pub(super) not_newline: bool,
    /// White space and comments in the pattern do not count.
    pub(super) expanded: bool,
    /// The pattern is a plain text.
    pub(super) literal: bool,
}

impl Flags {
    /// The flags of an option text; `function` is one that has no `g`.
    pub(super) fn parse(text: &str, function: &str) -> Result<Flags> {
        let mut flags = Flags::default();
        for letter in text.chars() {
            match letter {
                'g' if function.is_empty() => flags.global = true,
                'g' => {
                    let message = format!("{function} does not support the \"global\" option");
                    return Err(SqlError::new("22023", message));
                }
                other => flags.set(other)?,
            }
        }
        Ok(flags)
    }

    /// One letter, of an option text or at the beginning of a pattern.
    pub(super) fn set(&mut self, letter: char) -> Result<()> {
        match letter {
            'i' => self.ignore_case = true,
            'c' => self.ignore_case = false,
            'm' | 'n' => (self.lines, self.not_newline) = (true, true),
            's' => (self.lines, self.not_newline) = (false, false),
            'p' => (self.lines, self.not_newline) = (false, true),
            'w' => (self.lines, self.not_newline) = (true, false),
            'x' => self.expanded = true,
            't' => self.expanded = false,
            'q' => self.literal = true,
            'e' => {}
            other => {
                let message = format!("invalid regular expression option: \"{other}\"");
                return Err(SqlError::new("22023", message));
            }
        }
        Ok(())
    }
}

/// An expression that is ready to run.
#[derive(Clone)]
pub(super) struct Matcher(Rc<Compiled>);

struct Compiled {
    pattern: String,
    flags: Flags,
    regex: Regex,
    /// The same up to the end of the text: how the longest match is found.
    to_end: Option<Regex>,
    translated: Translated,
}

thread_local! {
    static KEPT: RefCell<Vec<Matcher>> = const { RefCell::new(Vec::new()) };
}

/// A match: the spans of it and of its groups.
pub(super) struct Found(Vec<Option<(usize, usize)>>);

impl Found {
    pub(super) fn span(&self) -> (usize, usize) {
        self.0.first().copied().flatten().unwrap_or((0, 0))
    }

    pub(super) fn has_groups(&self) -> bool {
        self.0.len() > 1
    }

    pub(super) fn group_span(&self, group: usize) -> Option<(usize, usize)> {
        self.0.get(group).copied().flatten()
    }

    pub(super) fn group<'a>(&self, group: usize, whole: &'a str) -> Option<&'a str> {
        self.group_span(group).map(|(from, to)| &whole[from..to])
    }

    /// The groups, or the match where there are none.
    pub(super) fn parts<'a>(&self, whole: &'a str) -> Vec<Option<&'a str>> {
        match self.0.len() {
            1 => vec![self.group(0, whole)],
            count => (1..count).map(|group| self.group(group, whole)).collect(),
        }
    }
}

fn invalid(message: &str) -> SqlError {
    SqlError::new("2201B", format!("invalid regular expression: {message}"))
}

fn run_failed(error: &fancy_regex::Error) -> SqlError {
    SqlError::new("54000", format!("regular expression failed: {error}"))
}

fn compile(pattern: &str) -> Result<Regex> {
    Regex::new(pattern).map_err(|error| {
        let text = error.to_string();
        if text.contains("invalid character class range") {
            return invalid("invalid character range");
        }
        invalid(text.lines().last().unwrap_or("it cannot be compiled").trim())
    })
}

impl Matcher {
    pub(super) fn new(pattern: &str, flags: &Flags) -> Result<Matcher> {
        let flags = Flags { global: false, ..*flags };
        let known = KEPT.with_borrow(|kept| {
            let found = kept.iter().find(|m| m.0.flags == flags && m.0.pattern == pattern);
            found.cloned()
        });
        if let Some(matcher) = known {
            return Ok(matcher);
        }
        let translated = translate(pattern, flags)?;
        let regex = compile(&translated.pattern)?;
        let to_end = match translated.has_alternatives {
            true => Some(compile(&format!("(?:{})\\z", translated.pattern))?),
            false => None,
        };
        let pattern = pattern.to_owned();
        let matcher = Matcher(Rc::new(Compiled { pattern, flags, regex, to_end, translated }));
        KEPT.with_borrow_mut(|kept| {
            if kept.len() >= KEPT_MAX {
                kept.remove(0);
            }
            kept.push(matcher.clone());
        });
        Ok(matcher)
    }

    pub(super) fn is_match(&self, whole: &str) -> Result<bool> {
        self.0.regex.is_match(whole).map_err(|error| run_failed(&error))
    }

    /// The first match from a byte on: of the ones that begin there the longest.
    pub(super) fn find(&self, whole: &str, from: usize) -> Result<Option<Found>> {
        if self.0.translated.is_mixed {
            let message = "a regular expression that mixes greedy and non-greedy parts, \
                           where its match is asked for";
            return Err(SqlError::unsupported(message));
        }
        let found = self.0.regex.captures_from_pos(whole, from);
        let Some(found) = found.map_err(|error| run_failed(&error))? else {
            return Ok(None);
        };
        let first = spans(&found);
        match &self.0.to_end {
            Some(to_end) => longest(to_end, whole, first).map(Some),
            None => Ok(Some(first)),
        }
    }

    /// Matches, one after the other.
    pub(super) fn find_all(&self, whole: &str, from: usize, limit: usize) -> Result<Vec<Found>> {
        let mut all = Vec::new();
        let mut at = from;
        while all.len() < limit && at <= whole.len() {
            let Some(found) = self.find(whole, at)? else {
                break;
            };
            let (start, end) = found.span();
            // An empty match is gone past by one character.
            at = match end > start {
                true => end,
                false => end + whole[end..].chars().next().map_or(1, char::len_utf8),
            };
            all.push(found);
        }
        Ok(all)
    }
}

fn spans(found: &fancy_regex::Captures<'_, str>) -> Found {
    let groups = (0..found.len()).map(|group| found.get(group).map(|m| (m.start(), m.end())));
    Found(groups.collect())
}

/// PostgreSQL takes the longest of what alternatives match, not the first.
fn longest(to_end: &Regex, whole: &str, first: Found) -> Result<Found> {
    let (start, end) = first.span();
    let ends = whole[end..].char_indices().map(|(at, _)| end + at).skip(1);
    let mut ends: Vec<usize> = ends.collect();
    if end < whole.len() {
        ends.push(whole.len());
    }
    for end in ends.into_iter().rev() {
        let found = to_end.captures_from_pos(&whole[..end], start);
        if let Some(found) = found.map_err(|error| run_failed(&error))?
            && found.get(0).is_some_and(|m| m.start() == start)
        {
            return Ok(spans(&found));
        }
    }
    Ok(first)
}
