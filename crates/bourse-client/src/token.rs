//! Tokens: what a session has written or seen, brought to the next node so that it shows that too.
//!
//! A token is `LINEAGE:TERM:POSITION`, as `bourse_token()` gives it: which store, in which term the
//! record was written, and which record. Positions are two hexadecimal numbers, `0/0000002A`.
//!
//! # Invariants
//! - **T1** A session's token never goes back: [`Token::merged`] is the later of two, so that reads
//!   that bring it are monotonic, on whatever node they are done.
//! - **T2** Of two tokens that no one history can have, none is forgotten silently: that one of
//!   them was lost is an error.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Kind};

/// A position in the log of a store. See the module's head.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    lineage: u128,
    term: u64,
    position: u64,
}

impl Token {
    /// Which stores have records in common with that of the token.
    pub fn lineage(&self) -> u128 {
        self.lineage
    }

    /// In which term the record was written.
    pub fn term(&self) -> u64 {
        self.term
    }

    /// The record, counted from 1.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The later of two tokens (T1).
    ///
    /// # Errors
    /// `LostWrite` where no history has both: they are of different stores, or a later term began
    /// before the record of an earlier one (T2).
    pub fn merged(self, other: Token) -> Result<Token, Error> {
        if self.lineage != other.lineage {
            let told = format!("{self} and {other} are of different stores");
            return Err(Error::new(Kind::LostWrite, told));
        }
        let (earlier, later) = match (self.term, self.position) <= (other.term, other.position) {
            true => (self, other),
            false => (other, self),
        };
        if earlier.term < later.term && earlier.position >= later.position {
            let told = format!(
                "the write {earlier} was lost: in term {} the store went on from before it",
                later.term
            );
            return Err(Error::new(Kind::LostWrite, told));
        }
        Ok(later)
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (high, low) = (self.position >> 32, self.position & 0xffff_ffff);
        write!(f, "{:032x}:{}:{high:X}/{low:08X}", self.lineage, self.term)
    }
}

impl FromStr for Token {
    type Err = Error;

    fn from_str(text: &str) -> Result<Token, Error> {
        let read = || {
            let (lineage, rest) = text.split_once(':')?;
            let (term, position) = rest.split_once(':')?;
            let (high, low) = position.split_once('/')?;
            let lineage = u128::from_str_radix(digits(lineage, 32, 16)?, 16).ok()?;
            let term = digits(term, 20, 10)?.parse().ok()?;
            let high = u64::from_str_radix(digits(high, 8, 16)?, 16).ok()?;
            let low = u64::from_str_radix(digits(low, 8, 16)?, 16).ok()?;
            Some(Token { lineage, term, position: high << 32 | low })
        };
        read().ok_or_else(|| {
            let told = format!("\"{text}\" is no token: it is LINEAGE:TERM:POSITION");
            Error::new(Kind::Usage, told)
        })
    }
}

/// A text of so many digits at most and nothing else: `from_str_radix` takes signs too.
fn digits(text: &str, length_max: usize, radix: u32) -> Option<&str> {
    let is_number =
        (1..=length_max).contains(&text.len()) && text.chars().all(|letter| letter.is_digit(radix));
    is_number.then_some(text)
}

#[cfg(test)]
mod tests;
