//! Rules about names. A name says what a thing is; the words banned here say only that something
//! is done somewhere, and attract whatever has no other place.

use super::{Finding, code};
use crate::workspace::Document;

/// Words that no name may contain, nor with a plural s.
const BANNED_WORDS: [&str; 5] = ["manager", "handler", "helper", "processor", "util"];

/// A word that says nothing at the end of a name, though `common_prefix` says something.
const BANNED_LAST_WORD: &str = "common";

/// Keywords before the name of a type or module.
const ITEM_KEYWORDS: [&str; 6] = ["struct", "enum", "union", "trait", "type", "mod"];

/// Files and folders.
pub(super) fn banned_file_name(document: &Document, findings: &mut Vec<Finding>) {
    for part in document.path.split('/') {
        let stem = part.rsplit_once('.').map_or(part, |(stem, _)| stem);
        if let Some(word) = banned_word(stem) {
            let action = format!("rename {part}: {word} says nothing; name what it holds");
            findings.push(Finding::error(&document.path, 1, "banned name", action));
        }
    }
}

/// Types, traits and modules.
pub(super) fn banned_item_name(document: &Document, findings: &mut Vec<Finding>) {
    let mut previous = "";
    for (at, word) in code::words(&document.code) {
        if ITEM_KEYWORDS.contains(&previous)
            && let Some(banned) = banned_word(word)
        {
            let line = code::line_at(&document.code, at);
            let action = format!("rename {word}: {banned} says nothing; use a noun of the domain");
            findings.push(Finding::error(&document.path, line, "banned name", action));
        }
        previous = word;
    }
}

/// The first word of the name that is banned.
fn banned_word(name: &str) -> Option<String> {
    let words = words_of(name);
    let is_last = |index| index + 1 == words.len();
    words.iter().enumerate().find_map(|(index, word)| {
        let singular = word.strip_suffix('s').unwrap_or(word);
        let banned =
            BANNED_WORDS.contains(&singular) || (is_last(index) && singular == BANNED_LAST_WORD);
        banned.then(|| word.clone())
    })
}

/// The words of a name in any of the usual ways to join them, in lower case.
///
/// A capital begins a word after a small letter, and before one: `HttpPool` and `HTTPPool` have
/// the same two words.
fn words_of(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = vec![String::new()];
    for (at, letter) in letters.iter().enumerate() {
        let after_small = at > 0 && !letters[at - 1].is_uppercase();
        let before_small = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        let begins = letter.is_uppercase() && (after_small || before_small);
        if begins || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
