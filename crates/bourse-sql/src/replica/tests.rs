//! Guards: positions are read as they are written, in their order; what is none is refused.

use super::*;

#[test]
fn positions_are_read_as_they_are_written() {
    let all = [0, 1, 9, 10, 0xffff_ffff, 1 << 32, (1 << 32) + 7, u64::MAX];
    for lsn in all.map(Lsn) {
        assert_eq!(position_of(&position_text(lsn)), Some(lsn));
    }
    assert_eq!(position_text(Lsn(42)), "0/0000002A");
    assert_eq!(position_of("16/B374D848"), Some(Lsn(0x16_b374_d848)));
    assert!(position_text(Lsn(9)) < position_text(Lsn(10)));
    assert!(position_text(Lsn(0xffff_ffff)) < position_text(Lsn(1 << 32)));
}

#[test]
fn what_is_no_position_is_refused() {
    for text in ["", "1", "/", "0/", "/0", "0/g", "0/123456789", "0/-1", "0/+1", "a:b", "1:2:3"] {
        let error = Token::parse(text).unwrap_err();
        assert_eq!(error.sqlstate(), "22P02", "{text}");
    }
}

#[test]
fn tokens_are_read_as_they_are_written() {
    let whole = Token { origin: Some((0xfeed, 3)), lsn: Lsn(77) };
    assert_eq!(whole.to_string(), "0000000000000000000000000000feed:3:0/0000004D");
    assert_eq!(Token::parse(&whole.to_string()).unwrap(), whole);
    let alone = Token { origin: None, lsn: Lsn(77) };
    assert_eq!(Token::parse(&alone.to_string()).unwrap(), alone);
}
