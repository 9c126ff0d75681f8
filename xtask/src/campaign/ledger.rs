//! What campaigns record: a line of JSON for each step, and a page that is made of the lines.

use std::fs;
use std::io::Write;
use std::path::Path;

use serde_json::Value;

/// A campaign's record.
pub(crate) struct Ledger {
    /// The file of the lines.
    pub(crate) lines: &'static str,
    /// The file of the page.
    pub(crate) page: &'static str,
    /// The field of a line that says how many seeds from `first_seed` on it is about.
    pub(crate) seeds: &'static str,
    /// What the page says.
    pub(crate) text: fn(&[Value]) -> String,
}

impl Ledger {
    /// All lines.
    ///
    /// # Errors
    /// A file that cannot be read, or a line that is no JSON, by its number.
    pub(crate) fn read(&self, root: &Path) -> Result<Vec<Value>, String> {
        let file = self.lines;
        let text = fs::read_to_string(root.join(file))
            .map_err(|error| format!("cannot read {file}: {error}"))?;
        let parse = |(number, line): (usize, &str)| {
            serde_json::from_str(line)
                .map_err(|error| format!("{file}, line {}: {error}", number + 1))
        };
        text.lines().enumerate().map(parse).collect()
    }

    /// The seed after all that lines are about.
    pub(crate) fn next_seed(&self, lines: &[Value]) -> u64 {
        let end = |line: &Value| Some(line["first_seed"].as_u64()? + line[self.seeds].as_u64()?);
        lines.iter().filter_map(end).max().unwrap_or(1)
    }

    /// Appends a line, and makes the page anew.
    ///
    /// # Errors
    /// What cannot be written.
    pub(crate) fn append(&self, root: &Path, line: &Value) -> Result<(), String> {
        let file = fs::OpenOptions::new().append(true).create(true).open(root.join(self.lines));
        let written = file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()));
        written.map_err(|error| format!("cannot write {}: {error}", self.lines))?;
        self.write_page(root)
    }

    /// Puts other lines in the place of all, and makes the page anew.
    ///
    /// # Errors
    /// What cannot be written.
    pub(crate) fn replace(&self, root: &Path, lines: &[Value]) -> Result<(), String> {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        fs::write(root.join(self.lines), text)
            .map_err(|error| format!("cannot write {}: {error}", self.lines))?;
        self.write_page(root)
    }

    /// Makes the page anew.
    ///
    /// # Errors
    /// What cannot be read or written.
    pub(crate) fn write_page(&self, root: &Path) -> Result<(), String> {
        fs::write(root.join(self.page), (self.text)(&self.read(root)?))
            .map_err(|error| format!("cannot write {}: {error}", self.page))
    }
}
