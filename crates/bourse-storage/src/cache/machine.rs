//! What the machine says of its memory: /proc and the cgroups of the process, as text.
//!
//! The files are read through [`Vfs::system_text`], so a simulated machine, which has none, says
//! nothing; what is here only knows their names and their form.
//!
//! ```text
//! FILE                                 WHAT IS READ
//! /proc/meminfo                        MemTotal, MemAvailable
//! /proc/pressure/memory                some avg10
//! /proc/self/mountinfo                 where cgroups of either version are mounted
//! /proc/self/cgroup                    the process's own one in each
//!
//! in the process's cgroup and in all above it, as far as they can be seen from inside:
//! v2: memory.max, memory.high, memory.current, inactive_file of memory.stat;
//!     memory.pressure (of its own one only)
//! v1: memory.limit_in_bytes, memory.usage_in_bytes, total_inactive_file and
//!     hierarchical_memory_limit of memory.stat
//! ```
//!
//! A file that is missing, or has another form, limits nothing. A process can be in a cgroup of
//! each version at once (hybrid); only one of them has the memory files.
//!
//! The pressure of the process's own cgroup is used where there is one. The machine's counts the
//! waits of other cgroups at limits of their own, which a smaller cache here would not end.

use std::path::{Path, PathBuf};

use super::budget::{Bound, Reading};
use crate::vfs::Vfs;

#[cfg(test)]
mod tests;

/// From here on a limit means "none": v1 writes the greatest number that it knows.
const NO_LIMIT: u64 = 1 << 60;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Version {
    One,
    Two,
}

/// Where a hierarchy of cgroups can be seen.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Mount {
    version: Version,
    /// The cgroup that is seen at `folder`; another one than "/" in a container.
    root: String,
    folder: PathBuf,
}

/// A machine that says something of its memory.
#[derive(Clone, Debug)]
pub struct Machine {
    mounts: Vec<Mount>,
}

impl Machine {
    /// The machine that a file system belongs to; `None` if it says nothing.
    pub fn find(vfs: &dyn Vfs) -> Option<Machine> {
        let text = vfs.system_text(Path::new("/proc/meminfo"))?;
        machine_bound(&text)?;
        let mounts = vfs.system_text(Path::new("/proc/self/mountinfo")).unwrap_or_default();
        Some(Machine { mounts: memory_mounts(&mounts) })
    }

    /// What it says now.
    pub fn read(&self, vfs: &dyn Vfs) -> Option<Reading> {
        let text = |path: &str| vfs.system_text(Path::new(path));
        let mut bounds = vec![machine_bound(&text("/proc/meminfo")?)?];
        let mut pressure = None;
        let groups = text("/proc/self/cgroup").unwrap_or_default();
        for mount in &self.mounts {
            let Some(group) = own_group(&groups, mount.version) else { continue };
            let own = folder_of(mount, group);
            if mount.version == Version::Two {
                let text = vfs.system_text(&own.join("memory.pressure"));
                pressure = text.and_then(|text| some_avg10(&text));
            }
            let folders = own.ancestors().take_while(|folder| folder.starts_with(&mount.folder));
            bounds.extend(folders.filter_map(|folder| group_bound(vfs, mount.version, folder)));
        }
        let pressure =
            pressure.or_else(|| text("/proc/pressure/memory").and_then(|text| some_avg10(&text)));
        Some(Reading { bounds, pressure: pressure.unwrap_or(0) })
    }
}

/// The number after a name, in a text of such lines.
fn number_of(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| {
        let rest = line.strip_prefix(name)?;
        // The whole name: "inactive_file" is not "inactive_file_x".
        if !rest.starts_with([':', ' ']) {
            return None;
        }
        rest[1..].split_whitespace().next()?.parse().ok()
    })
}

/// The machine's bound, from /proc/meminfo.
fn machine_bound(text: &str) -> Option<Bound> {
    let bytes = |name| number_of(text, name)?.checked_mul(1024);
    let (limit, available) = (bytes("MemTotal")?, bytes("MemAvailable")?);
    Some(Bound { limit, used: limit.saturating_sub(available) })
}

/// `some avg10` of a pressure file, in hundredths of a percent.
fn some_avg10(text: &str) -> Option<u32> {
    let line = text.lines().find_map(|line| line.strip_prefix("some "))?;
    let value = line.split_whitespace().find_map(|word| word.strip_prefix("avg10="))?;
    let (whole, part) = value.split_once('.').unwrap_or((value, "0"));
    let part = format!("{part:0<2}");
    whole.parse::<u32>().ok()?.checked_mul(100)?.checked_add(part.get(..2)?.parse().ok()?)
}

/// Where the hierarchies that limit memory are mounted, from /proc/self/mountinfo.
fn memory_mounts(text: &str) -> Vec<Mount> {
    text.lines().filter_map(memory_mount).collect()
}

fn memory_mount(line: &str) -> Option<Mount> {
    // ID PARENT DEVICE ROOT FOLDER OPTIONS [FIELDS] - TYPE SOURCE OPTIONS
    let (place, kind) = line.split_once(" - ")?;
    let mut place = place.split(' ').skip(3);
    let (root, folder) = (unescape(place.next()?), unescape(place.next()?));
    let mut kind = kind.split(' ');
    let version = match kind.next()? {
        "cgroup2" => Version::Two,
        "cgroup" if kind.nth(1)?.split(',').any(|option| option == "memory") => Version::One,
        _ => return None,
    };
    Some(Mount { version, root, folder: PathBuf::from(folder) })
}

/// A path of mountinfo, in which blanks and backslashes are written as `\040`.
fn unescape(field: &str) -> String {
    let mut out = String::new();
    let mut rest = field;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let code = after.get(..3).and_then(|code| u8::from_str_radix(code, 8).ok());
        match code {
            Some(code) => {
                out.push(char::from(code));
                rest = &after[3..];
            }
            None => {
                out.push('\\');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The process's cgroup in a hierarchy, from /proc/self/cgroup.
fn own_group(text: &str, version: Version) -> Option<&str> {
    text.lines().find_map(|line| {
        let (number, rest) = line.split_once(':')?;
        let (controllers, group) = rest.split_once(':')?;
        let found = match version {
            Version::Two => number == "0" && controllers.is_empty(),
            Version::One => controllers.split(',').any(|controller| controller == "memory"),
        };
        found.then_some(group)
    })
}

/// The folder of a cgroup. One that lies outside of what is mounted is seen as its root.
fn folder_of(mount: &Mount, group: &str) -> PathBuf {
    let root = mount.root.trim_end_matches('/');
    let inside = group.strip_prefix(root).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let inside = inside.unwrap_or("").trim_start_matches('/');
    if inside.split('/').any(|part| part == "..") {
        return mount.folder.clone();
    }
    // Joined with nothing it would end in a slash.
    if inside.is_empty() { mount.folder.clone() } else { mount.folder.join(inside) }
}

/// The bound of one cgroup, if it has any.
fn group_bound(vfs: &dyn Vfs, version: Version, folder: &Path) -> Option<Bound> {
    let text = |name: &str| vfs.system_text(&folder.join(name));
    // "max" is no number.
    let number = |name: &str| text(name)?.trim().parse::<u64>().ok();
    let statistics = text("memory.stat").unwrap_or_default();
    let (limits, used, idle) = match version {
        Version::Two => (
            [number("memory.max"), number("memory.high")],
            number("memory.current"),
            number_of(&statistics, "inactive_file"),
        ),
        Version::One => (
            [
                number("memory.limit_in_bytes"),
                // Also of those above that cannot be seen from inside of a container.
                number_of(&statistics, "hierarchical_memory_limit"),
            ],
            number("memory.usage_in_bytes"),
            number_of(&statistics, "total_inactive_file"),
        ),
    };
    let limit = limits.into_iter().flatten().min().filter(|limit| *limit < NO_LIMIT)?;
    Some(Bound { limit, used: used.unwrap_or(0).saturating_sub(idle.unwrap_or(0)) })
}
