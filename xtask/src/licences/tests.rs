use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{DEFAULT_REGISTRY, accept, allowed_licences, check};

fn allowed(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(ToString::to_string).collect()
}

fn is_accepted(expression: &str) -> bool {
    let allowed = allowed(&["MIT", "Apache-2.0", "Unicode-3.0", "GPL-2.0 WITH Classpath"]);
    accept(expression, &allowed).unwrap().is_some()
}

// Guards against taking one half of an AND for the whole, or the first half of an OR.
#[test]
fn expressions_follow_spdx() {
    assert!(is_accepted("MIT"));
    assert!(is_accepted("GPL-3.0 OR MIT"));
    assert!(is_accepted("GPL-3.0/MIT"));
    assert!(is_accepted("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(is_accepted("GPL-2.0 WITH Classpath"));
    assert!(is_accepted("GPL-3.0 AND MIT OR MIT"));
    assert!(!is_accepted("GPL-3.0"));
    assert!(!is_accepted("MIT AND GPL-3.0"));
    assert!(!is_accepted("GPL-2.0"));
    assert!(!is_accepted("MIT AND (GPL-3.0 OR LGPL-3.0)"));
}

// Guards against reading what is not SPDX as if it were.
#[test]
fn malformed_expressions_are_errors() {
    for expression in ["", "MIT OR", "(MIT", "MIT)", "AND MIT", "MIT MIT", "MIT WITH"] {
        assert!(accept(expression, &allowed(&["MIT"])).is_err(), "{expression:?}");
    }
}

// Guards the one list: entries of other sections are not licences.
#[test]
fn the_list_is_read_from_its_section_only() {
    let settings = "[other]\nallow = [\n    \"GPL-3.0\",\n]\n\n[licenses]\nversion = 2\n\
                    allow = [\n    \"MIT\",  # most\n    # none\n    \"Zlib\"\n]\n";
    assert_eq!(allowed_licences(settings).unwrap(), allowed(&["MIT", "Zlib"]));
    assert!(allowed_licences("[licenses]\n[sources]\nallow = [\n]\n").is_err());
    assert!(allowed_licences("[licenses]\nallow = [\n    MIT\n]\n").is_err());
}

fn metadata(packages: &[Value]) -> Value {
    json!({ "packages": packages, "workspace_members": ["own"] })
}

// Guards the three ways in which a package is refused, and the unused entry.
#[test]
fn packages_are_refused_by_licence_and_source() {
    let elsewhere = "git+ssh://example.org/package";
    let metadata = metadata(&[
        json!({ "id": "own", "name": "own", "source": null, "license": null }),
        json!({ "id": "a", "name": "good", "source": DEFAULT_REGISTRY, "license": "MIT" }),
        json!({ "id": "b", "name": "copyleft", "source": DEFAULT_REGISTRY, "license": "GPL-3.0" }),
        json!({ "id": "c", "name": "silent", "source": DEFAULT_REGISTRY, "license": null }),
        json!({ "id": "d", "name": "elsewhere", "source": elsewhere, "license": "MIT" }),
        json!({ "id": "e", "name": "outside", "source": null, "license": "MIT" }),
    ]);
    let findings = check(&metadata, &allowed(&["MIT", "Zlib"])).unwrap();
    let starts = ["copyleft: deny.toml", "silent: says no", "elsewhere: comes", "outside: lies"];
    for start in starts.into_iter().chain(["deny.toml: no package needs Zlib"]) {
        assert!(findings.iter().any(|found| found.starts_with(start)), "{start} in {findings:?}");
    }
    assert_eq!(findings.len(), 5, "{findings:?}");
}
