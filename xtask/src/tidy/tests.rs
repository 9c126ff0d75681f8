//! Each rule meets a bad sample that it must catch and a good one that it must not.
//!
//! The samples of rules about text are put together from parts, for these rules read this file.

use serde_json::{Value, json};

use super::{Finding, Severity, check, check_document, code, packages};
use crate::workspace::{self, Document};

/// Rules broken by a document, each with the line.
fn broken(path: &str, text: &str) -> Vec<(&'static str, usize)> {
    let mut findings = Vec::new();
    check_document(&Document::new(path, text), &mut findings);
    findings.sort();
    findings.iter().map(|finding| (finding.rule, finding.line)).collect()
}

const GOOD: &str = "//! A module.\n\npub(crate) struct Pool;\n";

// The workspace itself: `cargo test` fails where `cargo xtask tidy` would.
#[test]
fn the_workspace_is_tidy() {
    let findings = check(&workspace::root()).unwrap();
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    let errors: Vec<String> = errors.map(Finding::to_string).collect();
    assert!(errors.is_empty(), "\n{}\n", errors.join("\n"));
}

#[test]
fn a_good_file_breaks_no_rule() {
    assert_eq!(broken("crates/bourse/src/pool.rs", GOOD), []);
    assert_eq!(broken("docs/pool.md", "# Pool\n\n## Size\n\n```sh\n# a comment\n```\n"), []);
}

#[test]
fn length_of_files() {
    let lines = |count| "//! A line.\n".repeat(count);
    let long = [("file length", 801)];
    assert_eq!(broken("crates/bourse/src/pool.rs", &lines(801)), long);
    assert_eq!(broken("crates/bourse/src/pool.rs", &lines(500)), []);
    assert_eq!(broken("crates/bourse/src/pool/tests.rs", &lines(801)), []);
    assert_eq!(broken("tests/it/pool.rs", &lines(801)), []);
    assert_eq!(broken("crates/bourse/src/lib.rs", &lines(201)), [("file length", 201)]);

    let mut findings = Vec::new();
    let path = "crates/bourse/src/pool.rs";
    check_document(&Document::new(path, lines(501)), &mut findings);
    assert_eq!(findings.len(), 1);
    assert_eq!((findings[0].severity, findings[0].line), (Severity::Warning, 501));
    check_document(&Document::new(path, lines(801)), &mut findings);
    assert_eq!(findings[1].severity, Severity::Error);
}

#[test]
fn width_of_lines() {
    let line = |columns: usize| format!("//{}\n", "x".repeat(columns - 2));
    assert_eq!(broken("xtask/src/pool.rs", &line(100)), []);
    assert_eq!(broken("xtask/src/pool.rs", &line(101)), [("line width", 1)]);
    let script = format!("#!/bin/sh\n#{}\n", "x".repeat(100));
    assert_eq!(broken(".ci/run", &script), [("line width", 2)]);
    assert_eq!(broken("docs/pool.md", &format!("# {}\n", "x".repeat(100))), []);
}

#[test]
fn rust_is_ascii() {
    let text = "// one\n// \u{2192} two\n";
    assert_eq!(broken("xtask/src/pool.rs", text), [("ASCII", 2)]);
    assert_eq!(broken("docs/pool.md", "# Pool \u{2192}\n"), []);
}

#[test]
fn white_space_at_ends() {
    let rule = "white space";
    assert_eq!(broken("xtask/src/pool.rs", "// one \n// two\n"), [(rule, 1)]);
    assert_eq!(broken("xtask/src/pool.rs", "// one\r\n"), [(rule, 1)]);
    assert_eq!(broken("deny.toml", "a = 1"), [(rule, 1)]);
    assert_eq!(broken("docs/pool.md", "# Pool\n\n"), [(rule, 2)]);
    // A licence is as its authors wrote it, golden output as the program did.
    assert_eq!(broken("crates/bourse-cli/data/LICENSE-prices.md", "one \n"), []);
    assert_eq!(broken("tests/golden/pool.out", "one \n\n"), []);
}

#[test]
fn marks_of_unfinished_work() {
    for mark in [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")] {
        assert_eq!(
            broken("xtask/src/pool.rs", &format!("//\n// {mark}: it\n")),
            [("work mark", 2)]
        );
        assert_eq!(broken("Cargo.toml", &format!("# {mark}\n")), [("work mark", 1)]);
        assert_eq!(broken("xtask/src/pool.rs", &format!("// A{mark} {mark}S\n")), []);
    }
}

#[test]
fn links_to_lines() {
    let rule = "line link";
    let anchor = format!("# Pool\n\nSee [it](src/pool.rs#{}12).\n", "L");
    assert_eq!(broken("docs/pool.md", &anchor), [(rule, 3)]);
    assert_eq!(broken("xtask/src/pool.rs", &format!("// see pool.rs{}12\n", ":")), [(rule, 1)]);
    assert_eq!(broken("docs/pool.md", "# Pool\n\nSee pool.rs: it is short. #Large\n"), []);
}

#[test]
fn paths_of_one_machine() {
    let rule = "machine path";
    for folder in ["ho|me", "ro|ot", "Us|ers", "wo|rk"] {
        let folder = folder.replace('|', "");
        assert_eq!(broken("docs/pool.md", &format!("# Pool\n\nin `/{folder}/me`\n")), [(rule, 3)]);
        assert_eq!(broken("xtask/src/pool.rs", &format!("// (/{folder}/me)\n")), [(rule, 1)]);
        assert_eq!(broken("xtask/src/pool.rs", &format!("// crates/{folder}/me\n")), []);
        assert_eq!(broken("Cargo.lock", &format!("# /{folder}/me\n")), []);
    }
    assert_eq!(broken("deny.toml", &format!("a = \"file:{}tmp\"\n", "///")), [(rule, 1)]);
}

#[test]
fn addresses_of_registries() {
    let rule = "registry address";
    for word in ["sparse|+https", "registry|+https", "index.|crates.io", "replace|-with"] {
        let word = word.replace('|', "");
        assert_eq!(broken(".cargo/config.toml", &format!("a = \"{word}\"\n")), [(rule, 1)]);
        assert_eq!(broken("Cargo.lock", &format!("a = \"{word}\"\n")), []);
        assert_eq!(broken("crates/apart/Cargo.lock", &format!("a = \"{word}\"\n")), []);
    }
    assert_eq!(broken(".cargo/config.toml", &format!("[source{}mirror]\n", ".")), [(rule, 1)]);
}

#[test]
fn one_title_for_a_document() {
    let rule = "one title";
    assert_eq!(broken("docs/pool.md", "# Pool\n\n# Size\n"), [(rule, 3)]);
    assert_eq!(broken("docs/pool.md", "Pool\n====\n\n# Size\n"), [(rule, 4)]);
    assert_eq!(broken("docs/pool.md", "## Pool\n"), [(rule, 1)]);
    assert_eq!(broken("docs/pool.md", "# Pool\n\n~~~\n```\n# no title\n~~~\n"), []);
}

#[test]
fn names_that_say_nothing() {
    let rule = "banned name";
    for name in ["PoolManager", "HTTPHandlers", "HelperPool", "RowProcessor", "Utils", "PoolCommon"]
    {
        let text = format!("\npub(crate) struct {name};\n");
        assert_eq!(broken("xtask/src/pool.rs", &text), [(rule, 2)], "{name}");
    }
    for item in ["enum Manager {}", "trait Handler {}", "type Helper = u8;", "mod utils;"] {
        assert_eq!(broken("xtask/src/pool.rs", &format!("{item}\n")), [(rule, 1)], "{item}");
    }
    for path in ["xtask/src/util.rs", "xtask/src/test_helpers/mod.rs", "crates/bourse-common/a.rs"]
    {
        assert_eq!(broken(path, GOOD), [(rule, 1)], "{path}");
    }
    let good = "struct CommonPrefix;\nstruct Utility;\n// struct Manager\nfn f(manager: u8) {}\n";
    assert_eq!(broken("xtask/src/common_prefix.rs", good), []);
}

#[test]
fn unsafe_code_has_one_home() {
    let rule = "unsafe code";
    let head = "//! Frames.\n#![allow(dead_code, reason = \"a sample\")]\n\
                #![expect(\n    unsafe_code,\n    reason = \"pages are cast [in place]\"\n)]\n";
    let body = "fn f() {\n    unsafe {}\n}\n";
    let home = "crates/bourse-storage/src/cache/frames.rs";
    assert_eq!(broken(home, &format!("{head}{body}")), []);
    assert_eq!(broken(home, body), [(rule, 2)]);
    assert_eq!(broken(home, &format!("use std::mem;\n{head}{body}")), [(rule, 9)]);
    let path = "crates/bourse/src/pool.rs";
    assert_eq!(broken(path, &format!("{head}{body}")), [(rule, 8)]);
    assert_eq!(broken(path, "// unsafe\n#![deny(unsafe_code)]\nconst A: &str = \"unsafe\";\n"), []);
}

#[test]
fn exceptions_say_why() {
    let rule = "exception reason";
    let path = "xtask/src/pool.rs";
    assert_eq!(broken(path, "#[allow(dead_code)]\nfn f() {}\n"), [(rule, 1)]);
    assert_eq!(broken(path, "\n#![expect(\n    dead_code\n)]\n"), [(rule, 2)]);
    assert_eq!(broken(path, "#[cfg_attr(test, allow(dead_code))]\nfn f() {}\n"), [(rule, 1)]);
    assert_eq!(broken(path, "#[allow(dead_code, reason = \"a sample\")]\nfn f() {}\n"), []);
    assert_eq!(broken(path, "#[should_panic(expected = \"no\")]\nfn f() {}\n"), []);
}

#[test]
fn exports_are_named() {
    let rule = "public glob";
    let path = "xtask/src/pool.rs";
    assert_eq!(broken(path, "\npub use row::*;\n"), [(rule, 2)]);
    assert_eq!(broken(path, "pub(in crate::a) use row::{\n    key::*,\n};\n"), [(rule, 1)]);
    assert_eq!(broken(path, "pub use row::Row;\nfn f(a: *const u8) {}\n"), []);
    assert_eq!(broken(path, "// pub use row::*;\n"), []);
}

#[test]
fn macros_for_code_that_nobody_wrote() {
    let rule = "unfinished macro";
    let path = "xtask/src/pool.rs";
    assert_eq!(broken(path, "fn f() {\n    todo!()\n}\n"), [(rule, 2)]);
    assert_eq!(broken(path, "fn f() {\n    unimplemented!(\"f\")\n}\n"), [(rule, 2)]);
    assert_eq!(broken(path, "// todo!()\nfn todo() -> bool {\n    !true\n}\n"), []);
}

/// A package, and what it uses with cargo's word for the kind.
type Sample<'a> = (&'a str, &'a [(&'a str, Option<&'a str>)]);

/// What the rules about packages find in a workspace of these, in the order of the packages.
fn found(packages: &[Sample]) -> Vec<String> {
    let packages: Vec<Value> = packages
        .iter()
        .map(|(name, uses)| {
            let uses: Vec<Value> =
                uses.iter().map(|(used, kind)| json!({ "name": used, "kind": kind })).collect();
            let manifest = format!("/somewhere/crates/{name}/Cargo.toml");
            json!({ "name": name, "manifest_path": manifest, "dependencies": uses })
        })
        .collect();
    let mut findings = Vec::new();
    let metadata = json!({ "workspace_root": "/somewhere", "packages": packages });
    packages::check(&metadata, &mut findings).unwrap();
    findings.iter().map(|finding| format!("{} {}", finding.path, finding.rule)).collect()
}

#[test]
fn arrows_between_packages() {
    let good: &[Sample] = &[
        ("bourse-storage", &[("libc", None)]),
        ("bourse", &[("bourse-storage", None)]),
        ("bourse-cli", &[("bourse", None), ("bourse-storage", None)]),
        ("bourse-tests", &[("bourse", None), ("bourse-storage", Some("dev"))]),
    ];
    assert_eq!(found(good), [] as [&str; 0]);
    let upward = found(&[("bourse-storage", &[("bourse", Some("dev"))]), ("bourse", &[])]);
    assert_eq!(upward, ["crates/bourse-storage/Cargo.toml crate arrow"]);
    let to_tests = found(&[("bourse", &[("bourse-tests", Some("dev"))]), ("bourse-tests", &[])]);
    assert_eq!(to_tests, ["crates/bourse/Cargo.toml crate arrow"]);
    let client =
        |kind| found(&[("bourse-client", &[("bourse-server", kind)]), ("bourse-server", &[])]);
    assert_eq!(client(Some("dev")), [] as [&str; 0]);
    assert_eq!(client(None), ["crates/bourse-client/Cargo.toml crate arrow"]);
    let unknown = found(&[("bourse-types", &[])]);
    assert_eq!(unknown, ["crates/bourse-types/Cargo.toml crate arrow"]);
}

#[test]
fn other_stores_and_runtimes_have_their_places() {
    let store = |user| found(&[(user, &[("rusqlite", None)])]);
    assert_eq!(store("bourse"), ["crates/bourse/Cargo.toml other store"]);
    assert_eq!(store("bourse-cli"), [] as [&str; 0]);
    assert_eq!(store("bourse-benches"), [] as [&str; 0]);
    let peer = found(&[("bourse-tests", &[("redb", Some("dev"))])]);
    assert_eq!(peer, ["crates/bourse-tests/Cargo.toml other store"]);
    let runtime = |user| found(&[(user, &[("tokio", Some("dev"))])]);
    assert_eq!(runtime("bourse-sql"), ["crates/bourse-sql/Cargo.toml async runtime"]);
    assert_eq!(runtime("bourse-server"), [] as [&str; 0]);
}

#[test]
fn what_an_embedded_user_compiles_is_limited() {
    let names: Vec<String> = (0..21).map(|number| format!("package-{number}")).collect();
    let uses = |count: usize, kind: Option<&'static str>| -> Vec<(&str, Option<&str>)> {
        names[..count].iter().map(|name| (name.as_str(), kind)).collect()
    };
    assert_eq!(found(&[("bourse", &uses(21, None))]), ["Cargo.toml dependency budget"]);
    assert_eq!(found(&[("bourse", &uses(20, None)), ("bourse-storage", &uses(5, None))]), [""; 0]);
    assert_eq!(found(&[("bourse", &uses(21, Some("dev")))]), [""; 0]);
}

#[test]
fn metadata_that_cargo_would_not_print_is_an_error() {
    let mut findings = Vec::new();
    assert!(packages::check(&json!({}), &mut findings).is_err());
    let nameless = json!({ "workspace_root": "", "packages": [{ "manifest_path": "a" }] });
    assert!(packages::check(&nameless, &mut findings).is_err());
}

// Every rule about code stands on this: what is no code must be blank, and all else in its place.
#[test]
fn comments_and_literals_are_blanked_in_place() {
    let cases = [
        ("a // b \" c\nd", "a         \nd"),
        ("a /* b /* c */ d */ e", "a                   e"),
        ("f(\"a \\\" b\") + g", "f(        ) + g"),
        ("f(r#\"a \" b\"#) + g", "f(r         ) + g"),
        ("f(br\"\\\") + g", "f(br   ) + g"),
        ("r#type + a", "r#type + a"),
        ("f('\"', '\\'', b'x') + g", "f(   ,     , b   ) + g"),
        ("fn f<'a>(b: &'a str)", "fn f<'a>(b: &'a str)"),
        ("\"a\nb\" c", "  \n   c"),
        ("a /* never closed", "a                "),
        ("a \"never closed\\", "a               "),
    ];
    for (source, code) in cases {
        assert_eq!(code::code_only(source), code, "{source}");
    }
    let wide = "let a = '\u{2192}'; // \u{2192}\nb";
    assert_eq!(code::code_only(wide).len(), wide.len());
    assert!(code::code_only(wide).ends_with("\nb"));
}

#[test]
fn words_have_places() {
    let words: Vec<(usize, &str)> = code::words("fn a1(b_c: &D)").collect();
    assert_eq!(words, [(0, "fn"), (3, "a1"), (6, "b_c"), (12, "D")]);
    assert_eq!(code::line_at("a\nb\nc", 4), 3);
}
