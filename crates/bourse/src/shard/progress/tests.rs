use super::{Progress, covers};

/// B1: a row is in when its key is not above the progress; none is in before the first chunk.
#[test]
fn rows_are_in_up_to_the_progress() {
    assert!(!Progress::default().covers(b""));
    let some = Progress { whole: false, rows: 3, through: Some(b"m".to_vec()) };
    let whole = Progress { whole: true, rows: 9, through: None };
    for (key, is_in) in [(&b"a"[..], true), (b"m", true), (b"ma", false), (b"z", false)] {
        assert_eq!(some.covers(key), is_in);
        assert_eq!(covers(&some.encode(), key).unwrap(), is_in);
        assert!(whole.covers(key) && covers(&whole.encode(), key).unwrap());
    }
    for progress in [some, whole] {
        assert_eq!(Progress::decode(&progress.encode()).unwrap(), progress);
    }
}

#[test]
fn damaged_progress_is_an_error() {
    for value in [&b""[..], b"\x00\x01", b"\x02\0\0\0\0\0\0\0\0"] {
        assert!(Progress::decode(value).is_err() && covers(value, b"k").is_err());
    }
}
