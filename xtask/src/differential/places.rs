//! What a campaign came to beside its differences: the known reasons for which statements differ,
//! and how often each place of the grammar, function and type was used.
//!
//! Uses are many numbers, so that only the last line of a commit and an oracle has them, those of
//! the lines before it added up.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::oracle_of;

/// A place that a campaign used less often tells nothing.
const USES_MIN: u64 = 100;
/// Places that are told as the least used ones.
const LEAST: usize = 10;

/// Whether a line is of the same commit and oracle as another.
fn goes_with(line: &Value, other: &Value) -> bool {
    line["commit"] == other["commit"] && oracle_of(line) == oracle_of(other)
}

/// Moves the uses that earlier lines of a line's commit and oracle have into the line.
pub(super) fn carry(lines: &mut [Value], line: &mut Value) {
    for earlier in lines {
        if !goes_with(earlier, line) {
            continue;
        }
        let Some(Value::Object(places)) =
            earlier.as_object_mut().and_then(|earlier| earlier.remove("places"))
        else {
            continue;
        };
        for (name, counts) in places {
            let (uses, refused) = counts_of(&counts);
            let (more, more_refused) = counts_of(&line["places"][&name]);
            line["places"][&name] = json!([uses + more, refused + more_refused]);
        }
    }
}

/// How often a place was used, and how often it was refused then.
fn counts_of(counts: &Value) -> (u64, u64) {
    (counts[0].as_u64().unwrap_or(0), counts[1].as_u64().unwrap_or(0))
}

/// Writes the reasons and the places of all lines to the page.
pub(super) fn tell(lines: &[Value], text: &mut String) {
    let mut known: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for line in lines {
        for (reason, count) in line["known"].as_object().into_iter().flatten() {
            *known.entry((oracle_of(line), reason)).or_default() += count.as_u64().unwrap_or(0);
        }
    }
    if !known.is_empty() {
        text.push_str("\n## Known reasons\n\n| oracle | statements | reason |\n|---|--:|---|\n");
        for ((oracle, reason), count) in known {
            let _ = writeln!(text, "| {oracle} | {count} | {reason} |");
        }
    }
    let with_places: Vec<&Value> = lines.iter().filter(|line| line["places"].is_object()).collect();
    if !with_places.is_empty() {
        text.push_str("\n## Places of the grammar, functions and types\n\n");
    }
    for line in with_places {
        let places = line["places"].as_object().into_iter().flatten();
        let mut places: Vec<_> = places.map(|(name, counts)| (name, counts_of(counts))).collect();
        places.sort_by_key(|(_, (uses, _))| *uses);
        let named = places.iter().take(LEAST).map(|(name, (uses, _))| format!("{name} ({uses})"));
        let named: Vec<String> = named.collect();
        let few = places.iter().filter(|(_, (uses, _))| *uses < USES_MIN).count();
        let refused = places.iter().filter(|(_, (uses, refused))| uses == refused).count();
        let _ = writeln!(
            text,
            "- {} beside {}: {} places, of which {few} were used less than {USES_MIN} times and \
             {refused} always refused. The least used: {}.",
            line["commit"].as_str().unwrap_or("?"),
            oracle_of(line),
            places.len(),
            named.join(", ")
        );
    }
}
