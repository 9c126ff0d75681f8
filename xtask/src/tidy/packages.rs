//! Rules about which package may depend on which, told from `cargo metadata --no-deps`.
//!
//! ```text
//! bourse-cli -> bourse-server -> bourse-sql -> bourse -> bourse-storage
//!                                              bourse -> bourse-derive
//! bourse-cli -> bourse-client
//! ```
//! A package uses only what an arrow, or several in a row, leads to; the tests of `bourse-client`
//! also use the server. The packages for development see all, and nothing else sees them.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::Finding;

/// What each package may use of the workspace.
const ARROWS: [(&str, &[&str]); 7] = [
    ("bourse-storage", &[]),
    ("bourse-derive", &[]),
    ("bourse-client", &[]),
    ("bourse", &["bourse-storage", "bourse-derive"]),
    ("bourse-sql", &["bourse", "bourse-storage"]),
    ("bourse-server", &["bourse-sql", "bourse", "bourse-storage"]),
    ("bourse-cli", &["bourse-server", "bourse-client", "bourse-sql", "bourse", "bourse-storage"]),
];

/// What the tests of a package may use beside that: servers to speak to.
const TEST_ARROWS: [(&str, &[&str]); 1] = [("bourse-client", &["bourse-server", "bourse"])];

/// Packages that see all.
const DEVELOPMENT: [&str; 4] = ["bourse-tests", "bourse-instructions", "bourse-benches", "xtask"];

/// Other stores, and the packages besides the benchmarks that have a reason to use them.
///
/// SQLite is what `bourse import` reads and what tests ask for the right answer. sled keeps what
/// may be deleted at any time.
const STORES: [(&str, &[&str]); 13] = [
    ("rusqlite", &["bourse-cli", "bourse-tests"]),
    ("sled", &["bourse", "bourse-server", "bourse-cli"]),
    ("fjall", &[]),
    ("heed", &[]),
    ("libmdbx", &[]),
    ("libsqlite3-sys", &[]),
    ("lmdb", &[]),
    ("lmdb-rkv", &[]),
    ("persy", &[]),
    ("redb", &[]),
    ("rocksdb", &[]),
    ("signet-libmdbx", &[]),
    ("sqlite", &[]),
];

/// Async runtimes.
const RUNTIMES: [&str; 8] =
    ["actix-rt", "async-executor", "async-std", "compio", "glommio", "monoio", "smol", "tokio"];

/// Packages that may use an async runtime; tests and benchmarks of these need one too.
const RUNTIME_USERS: [&str; 5] =
    ["bourse-server", "bourse-client", "bourse-cli", "bourse-tests", "bourse-benches"];

/// What an embedded user compiles: these two packages share a budget of direct dependencies.
const EMBEDDED: [&str; 2] = ["bourse", "bourse-storage"];
const EMBEDDED_DEPENDENCIES_MAX: usize = 20;

/// Checks every package of the workspace.
///
/// # Errors
/// Says what is missing when `metadata` is not what cargo prints.
pub(super) fn check(metadata: &Value, findings: &mut Vec<Finding>) -> Result<(), String> {
    let packages = packages(metadata)?;
    let names: BTreeSet<&str> = packages.iter().map(|package| package.name).collect();
    let mut embedded = BTreeSet::new();
    for package in &packages {
        check_package(package, &names, findings);
        if EMBEDDED.contains(&package.name) {
            let outside = package.dependencies.iter().filter(|used| !names.contains(used.name));
            embedded.extend(outside.filter(|used| used.is_runtime).map(|used| used.name));
        }
    }
    if embedded.len() > EMBEDDED_DEPENDENCIES_MAX {
        let action = format!(
            "{} use {} packages directly; {EMBEDDED_DEPENDENCIES_MAX} is the most",
            EMBEDDED.join(" and "),
            embedded.len()
        );
        findings.push(Finding::error("Cargo.toml", 1, "dependency budget", action));
    }
    Ok(())
}

fn check_package(package: &Package, names: &BTreeSet<&str>, findings: &mut Vec<Finding>) {
    let mut found = |rule, action| {
        findings.push(Finding::error(&package.manifest, 1, rule, action));
    };
    let is_development = DEVELOPMENT.contains(&package.name);
    let arrows = ARROWS.iter().find(|(name, _)| *name == package.name).map(|(_, to)| *to);
    if arrows.is_none() && !is_development {
        found("crate arrow", format!("say in the ARROWS of tidy what {} may use", package.name));
    }
    for used in &package.dependencies {
        let (name, user) = (used.name, package.name);
        let of_tests = TEST_ARROWS.iter().any(|(of, to)| *of == user && to.contains(&name));
        let is_allowed = is_development
            || arrows.is_some_and(|arrows| arrows.contains(&name))
            || used.is_of_tests && of_tests;
        if names.contains(name) && !is_allowed {
            found("crate arrow", format!("remove {name}: no arrow leads there from {user}"));
        }
        let store = STORES.iter().find(|(store, _)| *store == name);
        if let Some((_, users)) = store
            && user != "bourse-benches"
            && !users.contains(&user)
        {
            found("other store", format!("remove {name}: other stores belong to the benchmarks"));
        }
        if RUNTIMES.contains(&name) && !RUNTIME_USERS.contains(&user) {
            found("async runtime", format!("remove {name}: {user} is synchronous"));
        }
    }
}

struct Package<'a> {
    name: &'a str,
    manifest: String,
    dependencies: Vec<Dependency<'a>>,
}

struct Dependency<'a> {
    name: &'a str,
    is_runtime: bool,
    is_of_tests: bool,
}

fn packages(metadata: &Value) -> Result<Vec<Package<'_>>, String> {
    let root = text(metadata, "workspace_root")?;
    let mut packages = Vec::new();
    for package in list(metadata, "packages")? {
        let manifest = Path::new(text(package, "manifest_path")?);
        let manifest = manifest.strip_prefix(root).unwrap_or(manifest);
        let mut dependencies = Vec::new();
        for used in list(package, "dependencies")? {
            // Cargo writes null for the kind of an ordinary dependency.
            let is_runtime = used["kind"].is_null();
            let is_of_tests = used["kind"] == "dev";
            dependencies.push(Dependency { name: text(used, "name")?, is_runtime, is_of_tests });
        }
        packages.push(Package {
            name: text(package, "name")?,
            manifest: manifest.to_string_lossy().into_owned(),
            dependencies,
        });
    }
    Ok(packages)
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str, String> {
    value[key].as_str().ok_or_else(|| format!("cargo metadata says no {key}"))
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>, String> {
    value[key].as_array().ok_or_else(|| format!("cargo metadata lists no {key}"))
}
