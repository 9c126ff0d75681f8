//! Guards: tokens as texts, and that a session's token never goes back nor forgets a lost write.

use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};

use super::Token;
use crate::error::Kind;

fn token(term: u64, position: u64) -> Token {
    Token { lineage: 7, term, position }
}

#[test]
fn texts_of_the_server_are_read() {
    let text = "0000000000000000000000000000004d:3:1/0000002A";
    let token: Token = text.parse().unwrap();
    assert_eq!((token.lineage(), token.term(), token.position()), (77, 3, (1 << 32) + 42));
    assert_eq!(token.to_string(), text);
}

#[test]
fn what_is_no_token_is_refused() {
    for text in ["", "1", "1:2", "1:2:3", "x:2:0/1", "1:x:0/1", "1:2:0/", "+1:2:0/1", "1:2:0/-1"] {
        let error = text.parse::<Token>().unwrap_err();
        assert_eq!(error.kind(), Kind::Usage, "{text}");
    }
    // One digit more than a position has.
    assert!("1:2:0/000000001".parse::<Token>().is_err());
}

#[test]
fn a_lost_write_is_told() {
    // Term 2 began after record 8 at the latest: it wrote 9. So what term 1 wrote as 9 or 10 is
    // gone.
    for position in [9, 10] {
        let error = token(1, position).merged(token(2, 9)).unwrap_err();
        assert_eq!(error.kind(), Kind::LostWrite);
    }
    assert_eq!(token(1, 8).merged(token(2, 9)).unwrap(), token(2, 9));
    let other = Token { lineage: 8, ..token(1, 1) };
    assert_eq!(token(1, 1).merged(other).unwrap_err().kind(), Kind::LostWrite);
}

fn tokens() -> impl Strategy<Value = Token> {
    (1..4_u64, 1..20_u64).prop_map(|(term, position)| token(term, position))
}

proptest! {
    #[test]
    fn texts_are_read_as_they_are_written(
        lineage in any::<u128>(), term in any::<u64>(), position in any::<u64>(),
    ) {
        let token = Token { lineage, term, position };
        prop_assert_eq!(token.to_string().parse::<Token>().unwrap(), token);
    }

    #[test]
    fn the_later_of_two_is_one_of_them_and_goes_never_back(left in tokens(), right in tokens()) {
        match (left.merged(right), right.merged(left)) {
            (Ok(merged), Ok(swapped)) => {
                prop_assert_eq!(merged, swapped);
                prop_assert!(merged == left || merged == right);
                for one in [left, right] {
                    // T1.
                    prop_assert!(merged.position >= one.position && merged.term >= one.term);
                }
            }
            // T2: exactly where a later term wrote what an earlier one had written already.
            (Err(_), Err(_)) => {
                prop_assert!(left.term != right.term);
                let is_later = left.term > right.term;
                let (early, late) = if is_later { (right, left) } else { (left, right) };
                prop_assert!(early.position >= late.position);
            }
            one_sided => prop_assert!(false, "{one_sided:?}"),
        }
    }
}
