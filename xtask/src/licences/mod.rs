//! Whether every dependency has a licence and a source that deny.toml accepts.
//!
//! `cargo deny` answers the same and more, and `cargo xtask ci` runs it where it is installed. But
//! to compile it takes longer than to compile Bourse, so what must hold before a merge is checked
//! here, from what `cargo metadata` says of every package in Cargo.lock, for all platforms. The
//! list of accepted licences is deny.toml's, so that there is one.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::workspace;

/// The registry that cargo uses unless it is told of another.
const DEFAULT_REGISTRY: &str = concat!("registry", "+https://github.com/rust-lang/crates.io-index");

/// Checks all packages in Cargo.lock and prints those that are not accepted.
///
/// # Errors
/// Says how many there are, or why they cannot be told.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let settings = fs::read_to_string(root.join("deny.toml"))
        .map_err(|error| format!("cannot read deny.toml: {error}"))?;
    let allowed = allowed_licences(&settings)?;
    // What an optional feature brings in is in Cargo.lock too.
    let metadata = workspace::metadata(root, &["--all-features"])?;
    let findings = check(&metadata, &allowed)?;
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        count => Err(format!("licences: {count} places to change")),
    }
}

/// What is not accepted: packages, and licences of the list that no package has any more.
fn check(metadata: &Value, allowed: &BTreeSet<String>) -> Result<Vec<String>, String> {
    let packages = metadata["packages"].as_array().ok_or("cargo metadata lists no packages")?;
    let mut findings = Vec::new();
    let mut used = BTreeSet::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or("a package without a name");
        match package["source"].as_str() {
            Some(DEFAULT_REGISTRY) => {}
            // A package of the workspace has neither a source nor anyone else's licence.
            None if is_member(package, metadata) => continue,
            Some(source) => findings.push(format!("{name}: comes from {source}")),
            None => findings.push(format!("{name}: lies outside the workspace")),
        }
        let Some(expression) = package["license"].as_str() else {
            findings.push(format!("{name}: says no licence"));
            continue;
        };
        match accept(expression, allowed) {
            Ok(Some(licences)) => used.extend(licences),
            Ok(None) => findings.push(format!("{name}: deny.toml does not allow {expression}")),
            Err(reason) => findings.push(format!("{name}: {expression}: {reason}")),
        }
    }
    for licence in allowed.difference(&used) {
        findings.push(format!("deny.toml: no package needs {licence}; remove it"));
    }
    Ok(findings)
}

fn is_member(package: &Value, metadata: &Value) -> bool {
    metadata["workspace_members"].as_array().is_some_and(|members| members.contains(&package["id"]))
}

/// The strings of `allow` in the section `[licenses]`.
fn allowed_licences(settings: &str) -> Result<BTreeSet<String>, String> {
    let missing = "deny.toml has no list `allow` in [licenses]";
    let mut lines = settings.lines().skip_while(|line| line.trim() != "[licenses]").skip(1);
    lines
        .by_ref()
        .take_while(|line| !line.starts_with('['))
        .find(|line| *line == "allow = [")
        .ok_or(missing)?;
    let mut allowed = BTreeSet::new();
    for line in lines.take_while(|line| line.trim() != "]") {
        let entry = line.split('#').next().unwrap_or_default().trim().trim_end_matches(',');
        if entry.is_empty() {
            continue;
        }
        let name = entry.strip_prefix('"').and_then(|entry| entry.strip_suffix('"'));
        allowed
            .insert(name.ok_or_else(|| format!("deny.toml: {entry} is no licence"))?.to_string());
    }
    Ok(allowed)
}

/// The allowed licences under which an expression can be met; `None` when it cannot.
///
/// The grammar is that of SPDX: `WITH` binds tighter than `AND`, and that tighter than `OR`. Older
/// packages write `/` for `OR`.
fn accept(expression: &str, allowed: &BTreeSet<String>) -> Result<Option<Vec<String>>, String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut parser = Parser { words: spaced.split_whitespace().collect(), at: 0, allowed };
    let licences = parser.any_of()?;
    match parser.peek() {
        None => Ok(licences),
        Some(word) => Err(format!("{word} was not expected")),
    }
}

struct Parser<'a> {
    words: Vec<&'a str>,
    at: usize,
    allowed: &'a BTreeSet<String>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.at).copied()
    }

    fn skip(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(word);
        self.at += usize::from(found);
        found
    }

    fn any_of(&mut self) -> Result<Option<Vec<String>>, String> {
        let mut best = self.all_of()?;
        while self.skip("OR") {
            let other = self.all_of()?;
            best = best.or(other);
        }
        Ok(best)
    }

    fn all_of(&mut self) -> Result<Option<Vec<String>>, String> {
        let mut all = self.one()?;
        while self.skip("AND") {
            let other = self.one()?;
            all = all.zip(other).map(|(left, right)| [left, right].concat());
        }
        Ok(all)
    }

    fn one(&mut self) -> Result<Option<Vec<String>>, String> {
        if self.skip("(") {
            let inner = self.any_of()?;
            return if self.skip(")") { Ok(inner) } else { Err("a ) is missing".to_string()) };
        }
        let Some(word) = self.peek().filter(|word| !matches!(*word, ")" | "AND" | "OR" | "WITH"))
        else {
            return Err("a licence is missing".to_string());
        };
        self.at += 1;
        let mut licence = word.to_string();
        if self.skip("WITH") {
            let exception = self.peek().ok_or("an exception is missing")?;
            self.at += 1;
            licence = format!("{licence} WITH {exception}");
        }
        Ok(self.allowed.contains(&licence).then(|| vec![licence]))
    }
}
