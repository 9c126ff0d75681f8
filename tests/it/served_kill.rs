//! SIGKILL of a server under the load of many clients: what they were told is so when it is back,
//! and they are told when it goes. `cargo xtask kill-server` does it more often.

use bourse_tests::served::campaign::{Settings, run};

#[test]
fn nothing_that_clients_were_told_is_lost_with_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        program: env!("CARGO_BIN_EXE_served").into(),
        folder: folder.path().join("store"),
        rounds: 5,
        clients: 64,
        seed: 1,
    };
    let outcome = run(&settings).unwrap();
    assert_eq!(outcome.kills, 5);
    assert!(outcome.commits > 500, "{outcome:?}");
    assert!(outcome.recovery_ms.len() == 5 && !outcome.told.is_empty(), "{outcome:?}");
}
