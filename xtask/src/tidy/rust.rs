//! Rules about Rust code. They read [`Document::code`], where no comment or string misleads them.

use super::{Finding, code};
use crate::workspace::Document;

/// The one crate that may have unsafe code, and the peer whose library cannot be opened without.
const UNSAFE_HOMES: [&str; 2] = ["crates/bourse-storage/", "benches/src/lmdb.rs"];

/// Unsafe code has one home, where each module with some says at its head why.
pub(super) fn unsafe_code(document: &Document, findings: &mut Vec<Finding>) {
    let Some((at, _)) = code::words(&document.code).find(|(_, word)| *word == "unsafe") else {
        return;
    };
    let line = code::line_at(&document.code, at);
    if !UNSAFE_HOMES.iter().any(|home| document.path.starts_with(home)) {
        let action = "move the unsafe code to bourse-storage, or do without";
        findings.push(Finding::error(&document.path, line, "unsafe code", action));
    } else if !inner_attributes(&document.code).iter().any(|text| expects_unsafe(text)) {
        let action = "open the module with #![expect(unsafe_code, reason = \"...\")]";
        findings.push(Finding::error(&document.path, line, "unsafe code", action));
    }
}

fn expects_unsafe(attribute: &str) -> bool {
    let packed: String = attribute.chars().filter(|letter| !letter.is_whitespace()).collect();
    packed.starts_with("#![expect(unsafe_code,reason")
}

/// The attributes with which a module opens.
fn inner_attributes(code: &str) -> Vec<&str> {
    let mut attributes = Vec::new();
    let mut rest = code.trim_start();
    while rest.starts_with("#![") {
        let end = (code::closing_bracket(rest, 2) + 1).min(rest.len());
        attributes.push(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    attributes
}

/// An exception from a lint says why it is one.
pub(super) fn exception_reason(document: &Document, findings: &mut Vec<Finding>) {
    let source = &document.code;
    for (hash, _) in source.match_indices('#') {
        let open = hash + 1 + usize::from(source[hash + 1..].starts_with('!'));
        if !source[open..].starts_with('[') {
            continue;
        }
        let attribute = &source[open..code::closing_bracket(source, open)];
        let words: Vec<&str> = code::words(attribute).map(|(_, word)| word).collect();
        let is_exception = match words.first() {
            Some(&"allow" | &"expect") => true,
            Some(&"cfg_attr") => words.iter().any(|word| matches!(*word, "allow" | "expect")),
            _ => false,
        };
        if is_exception && !words.contains(&"reason") {
            let line = code::line_at(source, hash);
            let action =
                "say why: #[expect(lint, reason = \"...\")]; allow only what may not occur";
            findings.push(Finding::error(&document.path, line, "exception reason", action));
        }
    }
}

/// One path for each name: nothing is exported wholesale.
pub(super) fn public_glob(document: &Document, findings: &mut Vec<Finding>) {
    let source = &document.code;
    for (at, _) in code::words(source).filter(|(_, word)| *word == "pub") {
        let mut item = source[at + "pub".len()..].trim_start();
        if item.starts_with('(') {
            item = item.split_once(')').map_or("", |(_, item)| item.trim_start());
        }
        let Some(("use", path)) = item.split_once(char::is_whitespace) else { continue };
        if path.split(';').next().is_some_and(|path| path.contains('*')) {
            let action = "name what is exported instead of `*`";
            let line = code::line_at(source, at);
            findings.push(Finding::error(&document.path, line, "public glob", action));
        }
    }
}

/// A macro that stands for code nobody wrote yet.
pub(super) fn unfinished_macro(document: &Document, findings: &mut Vec<Finding>) {
    for (at, word) in code::words(&document.code) {
        let is_call = document.code[at + word.len()..].starts_with('!');
        if is_call && matches!(word, "todo" | "unimplemented") {
            let line = code::line_at(&document.code, at);
            let action = format!("write the code that {word}! stands for");
            findings.push(Finding::error(&document.path, line, "unfinished macro", action));
        }
    }
}
