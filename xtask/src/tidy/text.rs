//! Rules about lines of text, whatever language they are in.

use super::{Finding, code};
use crate::workspace::Document;

/// A longer file is hard to hold in mind; this is where to think of a split.
const FILE_LINES_AIMED: usize = 500;

/// A longer file is refused.
const FILE_LINES_MAX: usize = 800;

/// A crate's lib.rs is its table of contents and fits a few screens.
const CRATE_ROOT_LINES_MAX: usize = 200;

const COLUMNS_MAX: usize = 100;

/// Marks of unfinished work, in two parts so that this file has none.
const WORK_MARKS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

/// Where people's and machines' own files lie.
const MACHINE_FOLDERS: [&str; 6] = [
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!("/wo", "rk/"),
    concat!("C:\\Us", "ers\\"),
    concat!("file:", "///"),
];

/// Words with which a file sends a package manager elsewhere than to its default registry.
const REGISTRY_WORDS: [&str; 7] = [
    concat!("registry", "+http"),
    concat!("sparse", "+http"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("replace", "-with"),
    concat!("[source", "."),
    concat!("index", "-url"),
];

/// Lines of a Rust file; tests may be as long as they need.
pub(super) fn file_length(document: &Document, findings: &mut Vec<Finding>) {
    let is_test = document.file_name() == "tests.rs"
        || document.path.split('/').any(|part| part == "tests" || part == "fuzz");
    if !document.is_rust() || is_test {
        return;
    }
    let lines = document.text.lines().count();
    let is_crate_root =
        document.path.starts_with("crates/") && document.path.ends_with("/src/lib.rs");
    let (aimed, most) = if is_crate_root {
        (CRATE_ROOT_LINES_MAX, CRATE_ROOT_LINES_MAX)
    } else {
        (FILE_LINES_AIMED, FILE_LINES_MAX)
    };
    let action = format!("{lines} lines; split it by concept, {aimed} is the aim");
    if lines > most {
        findings.push(Finding::error(&document.path, most + 1, "file length", action));
    } else if lines > aimed {
        findings.push(Finding::warning(&document.path, aimed + 1, "file length", action));
    }
}

/// Columns of Rust and shell, whose lines can always be broken.
pub(super) fn line_width(document: &Document, findings: &mut Vec<Finding>) {
    if !document.is_rust() && !document.text.starts_with("#!/") {
        return;
    }
    for (number, line) in numbered(document) {
        let columns = line.chars().count();
        if columns > COLUMNS_MAX {
            let action = format!("{columns} columns; break it at {COLUMNS_MAX}");
            findings.push(Finding::error(&document.path, number, "line width", action));
        }
    }
}

/// Rust source is ASCII: what looks alike is alike, and every terminal shows it.
pub(super) fn ascii(document: &Document, findings: &mut Vec<Finding>) {
    if !document.is_rust() {
        return;
    }
    for (number, line) in numbered(document) {
        if let Some(character) = line.chars().find(|character| !character.is_ascii()) {
            let code = u32::from(character);
            let action = format!("write U+{code:04X} in ASCII, or as \\u{{{code:x}}} in a string");
            findings.push(Finding::error(&document.path, number, "ASCII", action));
        }
    }
}

/// No white space at the end of a line, one newline at the end of a file.
pub(super) fn white_space(document: &Document, findings: &mut Vec<Finding>) {
    if !document.is_source() || document.text.is_empty() {
        return;
    }
    for (number, line) in document.text.split('\n').enumerate() {
        if line.ends_with([' ', '\t', '\r']) {
            let action = "remove the white space at the end of the line";
            findings.push(Finding::error(&document.path, number + 1, "white space", action));
        }
    }
    let lines = document.text.lines().count();
    if !document.text.ends_with('\n') || document.text.ends_with("\n\n") {
        let action = "end the file with one newline";
        findings.push(Finding::error(&document.path, lines, "white space", action));
    }
}

/// Work that is left to do is an issue, not a comment.
pub(super) fn work_mark(document: &Document, findings: &mut Vec<Finding>) {
    for (number, line) in numbered(document) {
        for mark in WORK_MARKS.iter().filter(|mark| has_word(line, mark)) {
            let action = format!("finish what {mark} stands for, or open an issue and remove it");
            findings.push(Finding::error(&document.path, number, "work mark", action));
        }
    }
}

/// Links to lines rot with the next change; names of symbols do not.
pub(super) fn line_link(document: &Document, findings: &mut Vec<Finding>) {
    if !document.is_rust() && !document.is_markdown() {
        return;
    }
    for (number, line) in numbered(document) {
        let linked = [concat!("#", "L"), concat!(".rs", ":"), concat!(".rs#", "L")]
            .iter()
            .any(|mark| followed_by_digit(line, mark));
        if linked {
            let action = "name the symbol instead of the line";
            findings.push(Finding::error(&document.path, number, "line link", action));
        }
    }
}

/// A path that exists on one machine only.
pub(super) fn machine_path(document: &Document, findings: &mut Vec<Finding>) {
    if document.file_name() == "Cargo.lock" {
        return;
    }
    for (number, line) in numbered(document) {
        for folder in MACHINE_FOLDERS.iter().filter(|folder| begins_path(line, folder)) {
            let action = format!("{folder} is somebody's own; write a path below the project");
            findings.push(Finding::error(&document.path, number, "machine path", action));
        }
    }
}

/// Where packages come from is the choice of whoever builds, not of the project.
pub(super) fn registry_address(document: &Document, findings: &mut Vec<Finding>) {
    if document.file_name() == "Cargo.lock" {
        return;
    }
    for (number, line) in numbered(document) {
        for word in REGISTRY_WORDS.iter().filter(|word| line.contains(**word)) {
            let action = format!("remove {word}; only Cargo.lock names a registry");
            findings.push(Finding::error(&document.path, number, "registry address", action));
        }
    }
}

fn numbered(document: &Document) -> impl Iterator<Item = (usize, &str)> {
    document.text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].bytes().next_back();
        let after = line[at + word.len()..].bytes().next();
        !before.is_some_and(code::is_word_byte) && !after.is_some_and(code::is_word_byte)
    })
}

fn followed_by_digit(line: &str, mark: &str) -> bool {
    line.match_indices(mark)
        .any(|(at, _)| line[at + mark.len()..].starts_with(|next: char| next.is_ascii_digit()))
}

/// Whether a path begins with the folder, rather than having it further on.
fn begins_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|before| before.is_alphanumeric() || "_-./$}~*".contains(before))
    })
}
