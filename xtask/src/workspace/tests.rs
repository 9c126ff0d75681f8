use super::{documents, metadata, root, walk};

const OURS: [&str; 4] = [".ci/run", "Cargo.toml", "README.md", "xtask/src/workspace/tests.rs"];

// Guards the test that the workspace is tidy, which would pass on an empty list of files.
#[test]
fn documents_are_those_of_the_project() {
    let documents = documents(&root()).unwrap();
    for path in OURS {
        let document = documents.iter().find(|document| document.path == path);
        assert!(document.is_some_and(|document| !document.text.is_empty()), "{path}");
    }
    let rust = documents.iter().filter(|document| document.is_rust());
    for document in rust {
        assert_eq!(document.code.len(), document.text.len(), "{}", document.path);
        assert!(!document.path.starts_with("target/"), "{}", document.path);
    }
}

// Guards the way without git, which a checkout never takes by itself.
#[test]
fn a_walk_finds_the_same_without_git() {
    let mut paths = Vec::new();
    walk(&root(), "", &mut paths).unwrap();
    for path in OURS {
        assert!(paths.iter().any(|found| found == path), "{path}");
    }
    let foreign =
        paths.iter().find(|path| path.starts_with("target/") || path.starts_with(".git/"));
    assert_eq!(foreign, None);
}

// Guards the message: a call that fails must not look like a workspace without packages.
#[test]
fn metadata_tells_why_it_failed() {
    let listed = metadata(&root(), &["--no-deps", "--offline"]).unwrap();
    assert!(listed["packages"].as_array().is_some_and(|packages| !packages.is_empty()));
    let error = metadata(&root(), &["--no-such-option"]).unwrap_err();
    assert!(error.contains("--no-such-option"), "{error}");
}
