//! What words mean in dates and in intervals.

/// Months, in lower case.
pub(crate) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Days of the week, in lower case.
pub(crate) const WEEKDAYS: [&str; 7] =
    ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// A moment that has a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Named {
    Now,
    /// So many days after today.
    Day(i64),
    /// The beginning of a day in UTC.
    Midnight,
    Epoch,
    Infinity,
    NegativeInfinity,
}

/// What the number after a label is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Label {
    Julian,
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    /// A time without colons.
    Clock,
    /// What no date is written with.
    Other,
}

/// What a word of letters means in a date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Token {
    Named(Named),
    Month(i64),
    Weekday,
    Afternoon(bool),
    BeforeChrist(bool),
    /// Clocks are an hour ahead of the zone's.
    SummerTime,
    Label(Label),
    Ignored,
}

/// The place of a name, which may be cut off after three letters.
fn place(names: &[&str], word: &str) -> Option<i64> {
    let found = names.iter().position(|name| *name == word || name[..3] == *word);
    found.and_then(|index| i64::try_from(index).ok())
}

/// The meaning of a word in lower case, if it is no zone's.
pub(super) fn token(word: &str) -> Option<Token> {
    if let Some(month) = place(&MONTHS, word) {
        return Some(Token::Month(month + 1));
    }
    if place(&WEEKDAYS, word).is_some() {
        return Some(Token::Weekday);
    }
    Some(match word {
        "sept" => Token::Month(9),
        "tues" | "weds" | "thur" | "thurs" => Token::Weekday,
        "now" => Token::Named(Named::Now),
        "today" => Token::Named(Named::Day(0)),
        "tomorrow" => Token::Named(Named::Day(1)),
        "yesterday" => Token::Named(Named::Day(-1)),
        "allballs" => Token::Named(Named::Midnight),
        "epoch" => Token::Named(Named::Epoch),
        "infinity" => Token::Named(Named::Infinity),
        "-infinity" => Token::Named(Named::NegativeInfinity),
        "am" | "pm" => Token::Afternoon(word == "pm"),
        "ad" | "bc" => Token::BeforeChrist(word == "bc"),
        "dst" => Token::SummerTime,
        "at" | "on" => Token::Ignored,
        "j" | "jd" | "julian" => Token::Label(Label::Julian),
        "y" => Token::Label(Label::Year),
        "m" => Token::Label(Label::Month),
        "d" => Token::Label(Label::Day),
        "h" => Token::Label(Label::Hour),
        "mm" => Token::Label(Label::Minute),
        "s" => Token::Label(Label::Second),
        "t" => Token::Label(Label::Clock),
        "dow" | "doy" | "isodow" | "isoyear" => Token::Label(Label::Other),
        _ => return None,
    })
}

/// A unit of an interval.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
    Decade,
    Century,
    Millennium,
    /// One that no amount is written with.
    Other,
}

/// The unit of a name. Of the two longest ones the end does not count.
pub(super) fn unit(name: &str) -> Option<Unit> {
    Some(match name {
        "us" | "usec" | "usecs" | "usecond" | "useconds" => Unit::Microsecond,
        "ms" | "msec" | "msecs" | "msecond" | "mseconds" => Unit::Millisecond,
        "s" | "sec" | "secs" | "second" | "seconds" => Unit::Second,
        "m" | "min" | "mins" | "minute" | "minutes" => Unit::Minute,
        "h" | "hr" | "hrs" | "hour" | "hours" => Unit::Hour,
        "d" | "day" | "days" => Unit::Day,
        "w" | "week" | "weeks" => Unit::Week,
        "mon" | "mons" | "month" | "months" => Unit::Month,
        "y" | "yr" | "yrs" | "year" | "years" => Unit::Year,
        "dec" | "decs" | "decade" | "decades" => Unit::Decade,
        "c" | "cent" | "century" | "centuries" => Unit::Century,
        "mil" | "mils" | "millennia" | "millennium" => Unit::Millennium,
        "qtr" | "quarter" | "timezone" | "timezone_h" | "timezone_m" => Unit::Other,
        other if other.starts_with("microsecon") => Unit::Microsecond,
        other if other.starts_with("millisecon") => Unit::Millisecond,
        _ => return None,
    })
}
