//! Places in a text.

use std::sync::Arc;

use sqlparser::tokenizer::{Location, TokenWithSpan};

use crate::error::SqlError;

/// A statement's text: a part of what was given.
#[derive(Clone, Debug)]
pub struct Source {
    whole: Arc<str>,
    /// Bytes at which lines begin.
    lines: Arc<[usize]>,
    is_ascii: bool,
    begin: usize,
    end: usize,
    /// The place of the semicolon behind it.
    semicolon: Option<Location>,
}

impl Source {
    /// All of a text.
    pub(super) fn new(whole: Arc<str>) -> Source {
        let after = whole.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(after).collect();
        let (is_ascii, end) = (whole.is_ascii(), whole.len());
        Source { whole, lines, is_ascii, begin: 0, end, semicolon: None }
    }

    /// The same text, of which a statement ends in a semicolon, or in none.
    pub(super) fn ending_at(&self, semicolon: Option<Location>) -> Source {
        Source { semicolon, ..self.clone() }
    }

    /// The place of the semicolon behind the statement.
    pub(super) fn semicolon(&self) -> Option<Location> {
        self.semicolon
    }

    /// The part that tokens come from.
    pub(super) fn part(&self, tokens: &[TokenWithSpan]) -> Source {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return self.clone();
        };
        let (begin, end) = (self.byte(first.span.start), self.byte(last.span.end));
        Source { begin, end, ..self.clone() }
    }

    /// The statement.
    pub fn text(&self) -> &str {
        &self.whole[self.begin..self.end]
    }

    /// The part between two places.
    pub fn between(&self, from: Location, to: Location) -> &str {
        let (from, to) = (self.byte(from), self.byte(to));
        self.whole.get(from..to).unwrap_or_default()
    }

    /// The byte at a place.
    fn byte(&self, place: Location) -> usize {
        let line = usize::try_from(place.line).unwrap_or(usize::MAX).saturating_sub(1);
        let column = usize::try_from(place.column).unwrap_or(usize::MAX).saturating_sub(1);
        let Some(begin) = self.lines.get(line).copied() else { return self.whole.len() };
        if self.is_ascii {
            return (begin + column).min(self.whole.len());
        }
        let mut rest = self.whole[begin..].char_indices();
        rest.nth(column).map_or(self.whole.len(), |(at, _)| begin + at)
    }

    /// The character at a place, from 1, as errors tell it; none for an empty place.
    pub fn position(&self, place: Location) -> Option<usize> {
        if place.line == 0 {
            return None;
        }
        let byte = self.byte(place);
        Some(if self.is_ascii { byte } else { self.whole[..byte].chars().count() } + 1)
    }

    /// The error with the place that it is of.
    pub(super) fn locate(&self, error: SqlError, place: Location) -> SqlError {
        match self.position(place) {
            Some(position) => error.at(position),
            None => error,
        }
    }

    /// The character behind the last one, from 1.
    pub(super) fn end_position(&self) -> usize {
        self.whole[..self.end].chars().count() + 1
    }
}
