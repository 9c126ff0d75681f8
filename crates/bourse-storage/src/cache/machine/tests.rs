//! Texts as machines have them, of both versions of cgroups, inside and outside of containers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hashbrown::HashMap;

use super::{Machine, Version, folder_of, memory_mounts, own_group, some_avg10};
use crate::cache::budget::Bound;
use crate::error::{Error, Result};
use crate::vfs::os::OsVfs;
use crate::vfs::{File, OpenMode, Vfs};

/// A machine of which only these texts can be read.
struct Texts(HashMap<PathBuf, String>);

impl Vfs for Texts {
    fn system_text(&self, path: &Path) -> Option<String> {
        self.0.get(path).cloned()
    }

    fn open(&self, _: &Path, _: OpenMode) -> Result<Arc<dyn File>> {
        Err(Error::invalid("there are no files"))
    }

    fn list(&self, _: &Path) -> Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }

    fn create_folder(&self, _: &Path) -> Result<()> {
        Ok(())
    }

    fn rename(&self, _: &Path, _: &Path) -> Result<()> {
        Ok(())
    }

    fn remove(&self, _: &Path) -> Result<()> {
        Ok(())
    }

    fn sync_folder(&self, _: &Path) -> Result<()> {
        Ok(())
    }

    fn lock(&self, _: &Path) -> Result<Box<dyn Send + Sync>> {
        Ok(Box::new(()))
    }
}

const MEMINFO: &str = "MemTotal:       24683656 kB\nMemFree:        13811236 kB\n\
    MemAvailable:   19268868 kB\nBuffers:           51664 kB\nCached:          5476196 kB\n";
const MACHINE: Bound = Bound { limit: 24_683_656 << 10, used: (24_683_656 - 19_268_868) << 10 };

fn machine(texts: &[(&str, &str)]) -> Texts {
    let mut map: HashMap<PathBuf, String> =
        texts.iter().map(|(path, text)| (path.into(), (*text).into())).collect();
    map.insert("/proc/meminfo".into(), MEMINFO.into());
    Texts(map)
}

fn read(texts: &[(&str, &str)]) -> (Vec<Bound>, u32) {
    let vfs = machine(texts);
    let reading = Machine::find(&vfs).unwrap().read(&vfs).unwrap();
    assert_eq!(reading.bounds[0], MACHINE);
    (reading.bounds[1..].to_vec(), reading.pressure)
}

const MOUNTS_V2: &str = "\
    22 28 0:20 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw\n\
    25 22 0:23 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 \
    rw,nsdelegate,memory_recursiveprot\n";

#[test]
fn all_cgroups_above_the_process_count() {
    let (bounds, pressure) = read(&[
        ("/proc/self/mountinfo", MOUNTS_V2),
        ("/proc/self/cgroup", "0::/system.slice/trading.service\n"),
        ("/proc/pressure/memory", "some avg10=40.00 avg60=9.00 avg300=1.00 total=99\n"),
        ("/sys/fs/cgroup/system.slice/trading.service/memory.max", "max\n"),
        ("/sys/fs/cgroup/system.slice/trading.service/memory.high", "4294967296\n"),
        ("/sys/fs/cgroup/system.slice/trading.service/memory.current", "3000000000\n"),
        (
            "/sys/fs/cgroup/system.slice/trading.service/memory.stat",
            "anon 2000000000\nfile 900000000\ninactive_anon 5\ninactive_file 500000000\n",
        ),
        (
            "/sys/fs/cgroup/system.slice/trading.service/memory.pressure",
            "some avg10=2.05 avg60=0.50 avg300=0.10 total=1234\n\
             full avg10=1.00 avg60=0.00 avg300=0.00 total=900\n",
        ),
        ("/sys/fs/cgroup/system.slice/memory.max", "8589934592\n"),
        ("/sys/fs/cgroup/system.slice/memory.high", "max\n"),
        ("/sys/fs/cgroup/system.slice/memory.current", "5000000000\n"),
    ]);
    let own = Bound { limit: 4 << 30, used: 2_500_000_000 };
    assert_eq!(bounds, [own, Bound { limit: 8 << 30, used: 5_000_000_000 }]);
    assert_eq!(pressure, 205, "its own, not that of others on the machine");
}

/// A container with a namespace of its own sees its cgroup as the root, and its limit there.
#[test]
fn a_container_of_version_two() {
    let (bounds, pressure) = read(&[
        (
            "/proc/self/mountinfo",
            "1523 1520 0:28 / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw\n",
        ),
        ("/proc/self/cgroup", "0::/\n"),
        ("/sys/fs/cgroup/memory.max", "536870912\n"),
        ("/sys/fs/cgroup/memory.high", "max\n"),
        ("/sys/fs/cgroup/memory.current", "100000000\n"),
        ("/proc/pressure/memory", "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"),
    ]);
    assert_eq!(bounds, [Bound { limit: 512 << 20, used: 100_000_000 }]);
    assert_eq!(pressure, 0);
}

/// Without a namespace the paths are the host's, and only a part of them can be seen.
#[test]
fn a_container_of_version_one() {
    let (bounds, pressure) = read(&[
        (
            "/proc/self/mountinfo",
            "640 630 0:30 /docker/4f2a /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu,cpuacct\n\
             641 630 0:31 /docker/4f2a /sys/fs/cgroup/memory ro,nosuid master:15 - cgroup cgroup \
             rw,memory\n",
        ),
        (
            "/proc/self/cgroup",
            "11:cpu,cpuacct:/docker/4f2a/inner\n9:memory:/docker/4f2a/inner\n\
             1:name=systemd:/docker/4f2a\n",
        ),
        ("/sys/fs/cgroup/memory/inner/memory.limit_in_bytes", "9223372036854771712\n"),
        ("/sys/fs/cgroup/memory/inner/memory.usage_in_bytes", "70000000\n"),
        (
            "/sys/fs/cgroup/memory/inner/memory.stat",
            "cache 1\nhierarchical_memory_limit 268435456\ntotal_inactive_file 10000000\n",
        ),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n"),
        ("/sys/fs/cgroup/memory/memory.usage_in_bytes", "90000000\n"),
        ("/proc/pressure/memory", "some avg10=0.5 avg60=0.00 avg300=0.00 total=0\n"),
    ]);
    let inner = Bound { limit: 256 << 20, used: 60_000_000 };
    assert_eq!(bounds, [inner, Bound { limit: 1 << 30, used: 90_000_000 }]);
    assert_eq!(pressure, 50, "the machine's, for want of another");
}

const HYBRID: &str = "\
    31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n\
    32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n\
    35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n\
    40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd\n\
    41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";
const HYBRID_GROUPS: &str =
    "9:name=systemd:/\n4:memory:/api/5a9c\n3:cpuset:/\n2:cpuacct:/\n1:cpu:/\n0::/\n";

#[test]
fn both_versions_at_once() {
    let (bounds, _) = read(&[
        ("/proc/self/mountinfo", HYBRID),
        ("/proc/self/cgroup", HYBRID_GROUPS),
        ("/sys/fs/cgroup/memory/api/5a9c/memory.limit_in_bytes", "2147483648\n"),
        ("/sys/fs/cgroup/memory/api/5a9c/memory.usage_in_bytes", "1\n"),
        ("/sys/fs/cgroup/memory/api/memory.limit_in_bytes", "9223372036854771712\n"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"),
    ]);
    assert_eq!(bounds, [Bound { limit: 2 << 30, used: 1 }]);
    let mounts = memory_mounts(HYBRID);
    assert_eq!(mounts.len(), 2);
    assert_eq!(own_group(HYBRID_GROUPS, Version::One), Some("/api/5a9c"));
    assert_eq!(own_group(HYBRID_GROUPS, Version::Two), Some("/"));
    assert_eq!(folder_of(&mounts[1], "/"), Path::new("/sys/fs/cgroup/unified"));
}

#[test]
fn what_is_missing_or_strange_limits_nothing() {
    assert_eq!(read(&[]), (vec![], 0));
    assert_eq!(read(&[("/proc/self/mountinfo", MOUNTS_V2)]), (vec![], 0));
    let strange = [
        ("/proc/self/mountinfo", "- - -\nx\n1 2 3 / - cgroup2\n1 2 3 / /c - cgroup c\n"),
        ("/proc/self/cgroup", "0\n::\n0:x\n"),
        ("/proc/pressure/memory", "some avg10=-1 avg60=\nfull avg10=3.0\n"),
    ];
    assert_eq!(read(&strange), (vec![], 0));
    let nothing = Texts(HashMap::new());
    assert!(Machine::find(&nothing).is_none(), "not a machine that says anything");
    let old = Texts([("/proc/meminfo".into(), "MemTotal: 5 kB\n".into())].into());
    assert!(Machine::find(&old).is_none(), "a kernel that does not say what is available");
}

#[test]
fn paths_outside_of_the_mount_are_its_root() {
    let text = "1 2 0:3 /a\\040b /sys/fs/c\\134g rw - cgroup2 c rw\n";
    let mount = &memory_mounts(text)[0];
    assert_eq!((mount.root.as_str(), mount.folder.as_path()), ("/a b", Path::new("/sys/fs/c\\g")));
    assert_eq!(folder_of(mount, "/a b/x/y"), mount.folder.join("x/y"));
    for outside in ["/a b", "/a bc/x", "/z", "/a b/../../etc", "/../z", "/"] {
        assert_eq!(folder_of(mount, outside), mount.folder, "{outside}");
    }
}

#[test]
fn pressure_in_hundredths() {
    let some = |value: &str| some_avg10(&format!("some avg10={value} avg60=0.00 total=1\n"));
    assert_eq!(some("0.00"), Some(0));
    assert_eq!(some("12.34"), Some(1234));
    assert_eq!(some("100.00"), Some(10_000));
    assert_eq!(some("7"), Some(700));
    assert_eq!(some("7.1"), Some(710));
    assert_eq!(some("x"), None);
    assert_eq!(some_avg10("full avg10=1.00\n"), None);
}

/// The machine that runs the tests says something sensible, if it is one that says anything.
#[test]
fn this_machine() {
    let Some(machine) = Machine::find(&OsVfs) else { return };
    let reading = machine.read(&OsVfs).unwrap();
    let limit = reading.limit().unwrap();
    assert!(limit > 16 << 20, "{reading:?}");
    assert!(reading.bounds[0].used > 0 && reading.bounds[0].used <= reading.bounds[0].limit);
    assert!(reading.pressure <= 10_000);
}
