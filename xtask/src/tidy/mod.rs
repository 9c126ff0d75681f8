//! The house rules that no compiler knows. CONTRIBUTING.md says what they are for.
//!
//! A rule is a function that looks at one document and adds what it finds, so a rule costs one
//! function, one line in [`RULES`] and one bad sample in the tests. The rules about packages look
//! at `cargo metadata` instead. Everything is collected before anything is printed: whoever runs
//! this wants the whole list.
//!
//! There is no list of exceptions. Where a rule meets its own text, in the samples of its tests,
//! the text is put together from parts.

pub(crate) mod code;
mod markdown;
mod names;
mod packages;
mod rust;
#[cfg(test)]
mod tests;
mod text;

use std::fmt;
use std::path::Path;

use crate::workspace::{self, Document};

/// One place that breaks a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// Path below the workspace's root.
    pub(crate) path: String,
    /// Line, counted from 1.
    pub(crate) line: usize,
    /// The rule's name.
    pub(crate) rule: &'static str,
    /// What to do about it.
    pub(crate) action: String,
    /// Whether it fails the check or is only said.
    pub(crate) severity: Severity,
}

/// What a finding means for the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// Fails the check.
    Error,
    /// Is printed and nothing more.
    Warning,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { path, line, rule, action, severity } = self;
        let mark = match severity {
            Severity::Error => "",
            Severity::Warning => "warning, ",
        };
        write!(formatter, "{path}:{line}: {mark}{rule}: {action}")
    }
}

impl Finding {
    pub(crate) fn error(
        path: &str,
        line: usize,
        rule: &'static str,
        action: impl Into<String>,
    ) -> Finding {
        let (path, action) = (path.to_string(), action.into());
        Finding { path, line, rule, action, severity: Severity::Error }
    }

    pub(crate) fn warning(
        path: &str,
        line: usize,
        rule: &'static str,
        action: impl Into<String>,
    ) -> Finding {
        Finding { severity: Severity::Warning, ..Finding::error(path, line, rule, action) }
    }
}

type Rule = fn(&Document, &mut Vec<Finding>);

/// The rules that look at one document at a time.
const RULES: &[Rule] = &[
    text::file_length,
    text::line_width,
    text::ascii,
    text::white_space,
    text::work_mark,
    text::line_link,
    text::machine_path,
    text::registry_address,
    markdown::one_title,
    names::banned_file_name,
    names::banned_item_name,
    rust::unsafe_code,
    rust::exception_reason,
    rust::public_glob,
    rust::unfinished_macro,
];

/// Checks the whole workspace and prints what it finds.
///
/// # Errors
/// Says how many places must change, when there are any.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let findings = check(root)?;
    for finding in &findings {
        println!("{finding}");
    }
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    if errors == 0 { Ok(()) } else { Err(format!("tidy: {errors} places to change")) }
}

/// Everything that breaks a rule in the workspace, sorted by place.
pub(crate) fn check(root: &Path) -> Result<Vec<Finding>, String> {
    let mut findings = Vec::new();
    for document in workspace::documents(root)? {
        check_document(&document, &mut findings);
    }
    // Without dependencies the answer needs neither network nor a filled cache.
    let metadata = workspace::metadata(root, &["--no-deps", "--offline"])?;
    packages::check(&metadata, &mut findings)?;
    findings.sort();
    Ok(findings)
}

fn check_document(document: &Document, findings: &mut Vec<Finding>) {
    for rule in RULES {
        rule(document, findings);
    }
}
