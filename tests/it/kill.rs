//! SIGKILL at any moment: a process of four inserting threads is killed a hundred times, and what
//! it had acknowledged is there each time. (This shows nothing about the disk, whose cache survives
//! the process; for that there are the simulator and the trace of system calls.)

use std::collections::HashSet;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Duration;

use bourse::{Database, Options, Value};

#[test]
fn nothing_acknowledged_is_lost_in_a_hundred_kills() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged: HashSet<i64> = HashSet::new();
    for round in 0..100_u64 {
        // In every second round callbacks acknowledge.
        let completions = (round % 2 == 1).then_some("--completions");
        let mut child = Command::new(env!("CARGO_BIN_EXE_load"))
            .arg(folder.path())
            .args(completions)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = child.stdout.take().unwrap();
        let mut said = String::new();
        // One in four is killed while it opens and recovers, the others after they have begun.
        if round % 4 != 0 {
            let mut first = [0; 15];
            output.read_exact(&mut first).unwrap();
            said.push_str(std::str::from_utf8(&first).unwrap());
        }
        bourse_storage::sync::sleep(Duration::from_millis(1 + round * 7919 % 50));
        child.kill().unwrap();
        child.wait().unwrap();
        output.read_to_string(&mut said).unwrap();
        let whole_lines = &said[..said.rfind('\n').map_or(0, |end| end + 1)];
        for line in whole_lines.lines() {
            acknowledged.insert(line.trim_matches(['<', '>']).parse().unwrap());
        }
        if round % 10 == 9 {
            assert_all_there(folder.path(), &acknowledged);
        }
    }
    assert!(acknowledged.len() >= 75, "only {} were acknowledged", acknowledged.len());
}

fn assert_all_there(folder: &std::path::Path, acknowledged: &HashSet<i64>) {
    let store = Database::open(folder, Options { background: false, ..small() }).unwrap();
    let table = store.table("acknowledged").unwrap();
    for number in acknowledged {
        let row = store.get(&table, &[Value::from(*number)]).unwrap();
        assert!(row.is_some(), "{number} was acknowledged and is lost");
    }
}

fn small() -> Options {
    Options {
        cache_bytes: 16 << 20,
        shard_pages_max: 1 << 16,
        log_segment_bytes: 1 << 20,
        ..Options::default()
    }
}
