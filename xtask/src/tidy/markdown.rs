//! Rules about Markdown documents.

use super::Finding;
use crate::workspace::Document;

/// A document has one subject, and its only first-level heading names it.
pub(super) fn one_title(document: &Document, findings: &mut Vec<Finding>) {
    if !document.is_markdown() {
        return;
    }
    let titles = titles(&document.text);
    if titles.is_empty() {
        let action = "give the document a first-level heading";
        findings.push(Finding::error(&document.path, 1, "one title", action));
    }
    for line in titles.into_iter().skip(1) {
        let action = "make this heading a second-level one, or split the document";
        findings.push(Finding::error(&document.path, line, "one title", action));
    }
}

/// Lines of the first-level headings, in both ways to write one, outside code.
fn titles(text: &str) -> Vec<usize> {
    let mut titles = Vec::new();
    let mut fence: Option<&str> = None;
    let mut previous_is_prose = false;
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
        match (fence, mark) {
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, Some(mark)) => fence = Some(mark),
            (None, None) if line == "#" || line.starts_with("# ") => titles.push(index + 1),
            (None, None) if previous_is_prose && is_underline(line) => titles.push(index),
            _ => {}
        }
        previous_is_prose = fence.is_none() && mark.is_none() && !trimmed.is_empty();
    }
    titles
}

fn is_underline(line: &str) -> bool {
    let line = line.trim_end();
    !line.is_empty() && line.bytes().all(|byte| byte == b'=')
}
