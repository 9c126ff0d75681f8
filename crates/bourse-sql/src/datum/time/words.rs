//! The words of a date, a time or an interval as text.

use super::vocabulary::token;

/// What a word looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Look {
    /// Digits, perhaps with one point, or a point with digits behind it.
    Number,
    /// Digits or letters with punctuation between them: a date, or the name of a zone.
    Date,
    /// Digits with colons between them.
    Clock,
    /// A sign and digits, perhaps with punctuation.
    Signed,
    /// Letters, perhaps with a sign.
    Letters,
}

/// A word in lower case.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Word {
    pub(super) look: Look,
    pub(super) text: String,
}

/// The most words that a text may have.
const WORDS_MAX: usize = 25;

/// Room for the letters of all words, each with one more: PostgreSQL's for a date.
pub(super) const ROOM: usize = 129;
/// Room for those of a point in time.
pub(super) const ROOM_OF_POINT: usize = 153;
/// Room for those of an interval.
pub(super) const ROOM_OF_INTERVAL: usize = 256;

/// The words of a text; punctuation between them only keeps them apart. `None` when it has what can
/// be part of no word, or does not fit.
pub(super) fn split(text: &str, room: usize) -> Option<Vec<Word>> {
    let mut rest = Rest { bytes: text.as_bytes(), word: String::new() };
    let mut words = Vec::new();
    let mut used = 0;
    while let Some(first) = rest.next() {
        if is_space(first) {
            rest.skip();
            continue;
        }
        if words.len() == WORDS_MAX {
            return None;
        }
        let look = match first {
            b'0'..=b'9' => rest.number(),
            b'.' => {
                rest.take();
                rest.take_while(|byte| byte.is_ascii_digit());
                Look::Number
            }
            b'+' | b'-' => rest.signed()?,
            letter if letter.is_ascii_alphabetic() => rest.letters(),
            other if other.is_ascii_punctuation() => {
                rest.skip();
                continue;
            }
            _ => return None,
        };
        let text = std::mem::take(&mut rest.word);
        if used + text.len() >= room {
            return None;
        }
        used += text.len() + 1;
        words.push(Word { look, text });
    }
    Some(words)
}

/// What C takes for white space.
fn is_space(byte: u8) -> bool {
    byte == b' ' || (b'\t'..=b'\r').contains(&byte)
}

/// What is left of a text, and the word that is being read from it.
struct Rest<'t> {
    bytes: &'t [u8],
    word: String,
}

impl Rest<'_> {
    fn next(&self) -> Option<u8> {
        self.bytes.first().copied()
    }

    fn skip(&mut self) {
        self.bytes = &self.bytes[1..];
    }

    fn take(&mut self) {
        if let Some(byte) = self.next() {
            self.word.push(char::from(byte.to_ascii_lowercase()));
            self.skip();
        }
    }

    fn take_while(&mut self, belongs: impl Fn(u8) -> bool) {
        while self.next().is_some_and(&belongs) {
            self.take();
        }
    }

    /// What begins with a digit.
    fn number(&mut self) -> Look {
        self.take_while(|byte| byte.is_ascii_digit());
        let separator = match self.next() {
            Some(b':') => {
                self.take_while(|byte| byte.is_ascii_digit() || byte == b':' || byte == b'.');
                return Look::Clock;
            }
            Some(separator @ (b'-' | b'/' | b'.')) => separator,
            _ => return Look::Number,
        };
        self.take();
        if !self.next().is_some_and(|byte| byte.is_ascii_digit()) {
            // The month is a name.
            self.take_while(|byte| byte.is_ascii_alphanumeric() || byte == separator);
            return Look::Date;
        }
        self.take_while(|byte| byte.is_ascii_digit());
        if self.next() == Some(separator) {
            self.take_while(|byte| byte.is_ascii_digit() || byte == separator);
            return Look::Date;
        }
        if separator == b'.' { Look::Number } else { Look::Date }
    }

    /// What begins with a letter: a name of a zone has punctuation, and digits may follow where the
    /// letters are no word by themselves.
    fn letters(&mut self) -> Look {
        self.take_while(|byte| byte.is_ascii_alphabetic());
        let goes_on = match self.next() {
            Some(b'-' | b'/' | b'.') => true,
            Some(b'+' | b'0'..=b'9') => token(&self.word).is_none(),
            _ => false,
        };
        if !goes_on {
            return Look::Letters;
        }
        self.take_while(|byte| byte.is_ascii_alphanumeric() || b"+-/_.:".contains(&byte));
        Look::Date
    }

    /// A sign, and what follows it.
    fn signed(&mut self) -> Option<Look> {
        self.take();
        while self.next().is_some_and(is_space) {
            self.skip();
        }
        match self.next() {
            Some(b'0'..=b'9') => {
                self.take_while(|byte| byte.is_ascii_digit() || b":.-".contains(&byte));
                Some(Look::Signed)
            }
            Some(letter) if letter.is_ascii_alphabetic() => {
                self.take_while(|byte| byte.is_ascii_alphabetic());
                Some(Look::Letters)
            }
            _ => None,
        }
    }
}

/// The whole number that a text begins with, 0 if it begins with none, and what follows it. It is
/// `None` when it is too large for the type.
pub(super) fn leading<N: TryFrom<i128>>(text: &str) -> (Option<N>, &str) {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at(end);
    if digits.is_empty() {
        return (N::try_from(0).ok(), text);
    }
    let magnitude = digits.parse::<i128>().ok();
    let signed = magnitude.map(|number| if text.starts_with('-') { -number } else { number });
    (signed.and_then(|number| N::try_from(number).ok()), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_looks() {
        let looks = |text: &str| -> Option<Vec<(Look, String)>> {
            let words = split(text, ROOM)?;
            Some(words.into_iter().map(|word| (word.look, word.text)).collect())
        };
        let of = |look: Look, text: &str| Some(vec![(look, text.to_owned())]);
        assert_eq!(looks("2020-Jan-1"), of(Look::Date, "2020-jan-1"));
        assert_eq!(looks("(1.5)"), of(Look::Number, "1.5"));
        assert_eq!(looks("1.5.2"), of(Look::Date, "1.5.2"));
        assert_eq!(looks("4:05:06.7"), of(Look::Clock, "4:05:06.7"));
        assert_eq!(looks("- 5:3"), of(Look::Signed, "-5:3"));
        assert_eq!(looks("-Infinity"), of(Look::Letters, "-infinity"));
        assert_eq!(looks("America/New_York"), of(Look::Date, "america/new_york"));
        assert_eq!(looks("abc+3"), of(Look::Date, "abc+3"));
        let two = vec![(Look::Letters, "y".to_owned()), (Look::Number, "2020".to_owned())];
        assert_eq!(looks("y2020"), Some(two));
        assert_eq!(looks("#,$"), Some(Vec::new()));
        assert_eq!(looks("1 -"), None);
        assert_eq!(looks("1\u{e9}"), None);
        assert_eq!(looks(&"1".repeat(ROOM - 1)).map(|words| words.len()), Some(1));
        assert_eq!(looks(&"1".repeat(ROOM)), None);
        assert_eq!(looks(&"1 ".repeat(WORDS_MAX + 1)), None);
    }

    #[test]
    fn numbers_lead() {
        assert_eq!(leading::<i32>("12:3"), (Some(12), ":3"));
        assert_eq!(leading::<i32>("-12"), (Some(-12), ""));
        assert_eq!(leading::<i32>(":3"), (Some(0), ":3"));
        assert_eq!(leading::<i32>("2147483648x"), (None, "x"));
        assert_eq!(leading::<i64>("2147483648x"), (Some(2_147_483_648), "x"));
    }
}
