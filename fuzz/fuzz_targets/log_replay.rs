//! A damaged log: open gives a beginning of what was appended, or an error.
#![no_main]

use std::path::Path;
use std::sync::Arc;

use bourse_storage::id::Lsn;
use bourse_storage::log::{Log, LogOptions};
use bourse_storage::vfs::sim::SimVfs;
use bourse_storage::vfs::{OpenMode, Vfs};
use libfuzzer_sys::fuzz_target;

const FOLDER: &str = "/log";
const STORE: u128 = 7;

fn options() -> LogOptions {
    LogOptions { segment_bytes: 64 << 10, buffer_bytes: 16 << 10, ..LogOptions::default() }
}

fn payload(number: u8) -> Vec<u8> {
    vec![number; 100 + usize::from(number) * 37]
}

fuzz_target!(|data: &[u8]| {
    let Some((records, damage)) = data.split_first() else { return };
    let disk = SimVfs::new(1);
    let vfs: Arc<dyn Vfs> = Arc::new(disk.clone());
    let folder = Path::new(FOLDER);
    {
        let log = Log::create(Arc::clone(&vfs), folder, STORE, options()).expect("a new log");
        for number in 0..records % 64 {
            let bytes = payload(number);
            log.reserve(bytes.len()).expect("room");
            let (_, batch) = log.append(1, &bytes, |_, _| {}).expect("appended");
            log.flush(batch).expect("durable");
        }
    }
    let names = vfs.list(folder).expect("the folder");
    for place in damage.chunks_exact(4) {
        let path = folder.join(&names[usize::from(place[0]) % names.len()]);
        let bytes = vfs.open(&path, OpenMode::Read).expect("a file").len().expect("its length");
        let at = u64::from(place[1]) << 8 | u64::from(place[2]);
        if at < bytes {
            disk.flip_bit(&path, at, u32::from(place[3] % 8));
        }
    }
    let Ok((_log, mut recovery)) = Log::open(vfs, folder, STORE, options(), Lsn(0)) else { return };
    let mut expected = 0;
    let replayed = recovery.replay(Lsn(1), &mut |_, _| {}, &mut |entry| {
        assert_eq!(entry.lsn, Lsn(u64::from(expected) + 1));
        assert_eq!((entry.kind, entry.payload), (1, payload(expected).as_slice()));
        expected += 1;
        Ok(())
    });
    if replayed.is_ok() {
        assert_eq!(Lsn(u64::from(expected)), recovery.last_lsn);
    }
});
