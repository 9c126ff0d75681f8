//! What a statement does, told from its text alone: whether it only reads, so that a replica may be
//! asked, and whether it leaves anything in its session.
//!
//! It need not find every read, and must find no other: whatever is in doubt goes to the leader.
//!
//! # Invariants
//! - **P1** A plain read is one statement that begins with SELECT, VALUES, TABLE, WITH or SHOW, has
//!   none of the words by which statements change or lock rows, and calls only functions of a list
//!   of those that read nothing but their arguments and rows.
//! - **P2** A plain change is one statement that begins so, or with INSERT, UPDATE, DELETE or
//!   MERGE, and calls only such functions: whatever it does to rows, no setting and no lock
//!   outlives it.
//! - **P3** What is not understood (a quote without an end, a quoted name that is called) is
//!   neither.

/// Words with which a plain read begins.
const BEGINNINGS: [&str; 5] = ["select", "values", "table", "with", "show"];

/// Words with which a plain change begins.
const CHANGING: [&str; 4] = ["insert", "update", "delete", "merge"];

/// Words that no plain read has, outside of quotes: changes of rows, and SELECT INTO.
const CHANGES: [&str; 6] = ["insert", "update", "delete", "merge", "into", "truncate"];

/// What follows FOR where rows are locked.
const LOCKS: [&str; 4] = ["update", "share", "no", "key"];

/// Words before a parenthesis that call nothing, or types with a length.
const NOT_CALLED: &str = " \
    all and any array as between bigint bit bpchar by case cast char character conflict cube \
    date decimal distinct double else except exists filter float from full grouping having \
    ilike in inner insert int integer intersect interval is join lateral left like limit \
    materialized not nulls numeric offset on only or order outer over partition range real \
    rollup row rows select set sets similar smallint some symmetric text then time timestamp \
    timestamptz to union unique using values varchar varying when where window with within \
    zone ";

/// Functions that read nothing but their arguments, or the rows of the query.
const READING: &str = " \
    abs acos age array_agg array_append array_cat array_length array_lower array_position \
    array_prepend array_remove array_replace array_to_string array_upper ascii asin atan \
    atan2 avg bit_and bit_or bit_length bool_and bool_or btrim cardinality cbrt ceil ceiling \
    char_length character_length chr coalesce concat concat_ws corr cos cot count covar_pop \
    covar_samp cume_dist date_bin date_part date_trunc decode degrees dense_rank div encode \
    every exp extract factorial first_value floor format gcd generate_series \
    generate_subscripts greatest initcap json_agg json_array_elements \
    json_array_elements_text json_array_length json_build_array json_build_object json_each \
    json_each_text json_extract_path json_extract_path_text json_object_agg json_object_keys \
    json_typeof jsonb_agg jsonb_array_elements jsonb_array_elements_text jsonb_array_length \
    jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_extract_path \
    jsonb_extract_path_text jsonb_object_agg jsonb_object_keys jsonb_typeof justify_days \
    justify_hours justify_interval lag last_value lcm lead least left length ln log log10 \
    lower lpad ltrim make_date make_interval make_time make_timestamp make_timestamptz max \
    md5 min mod mode now nth_value ntile nullif num_nonnulls num_nulls octet_length overlay \
    percent_rank percentile_cont percentile_disc pi position pow power quote_ident \
    quote_literal quote_nullable radians rank regexp_match regexp_matches regexp_replace \
    regexp_split_to_array regexp_split_to_table repeat replace reverse right round \
    row_number row_to_json rpad rtrim sha224 sha256 sha384 sha512 sign sin split_part sqrt \
    starts_with stddev stddev_pop stddev_samp string_agg string_to_array strpos substr \
    substring sum tan time_bucket to_char to_date to_hex to_json to_jsonb to_number \
    to_timestamp translate trim trunc unnest upper var_pop var_samp variance width_bucket ";

/// What a statement does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Effect {
    /// It reads rows (P1).
    PlainRead,
    /// It changes or locks rows, and nothing of its session (P2).
    PlainChange,
    /// Anything.
    Other,
}

/// What a text does, as far as that can be told.
pub(crate) fn effect_of(text: &str) -> Effect {
    effect(text).unwrap_or(Effect::Other)
}

/// None where that cannot be told (P3).
fn effect(text: &str) -> Option<Effect> {
    let mut lexemes = Lexemes { rest: text };
    let mut before = [Lexeme::Other; 4];
    let mut found = None;
    let mut has_ended = false;
    loop {
        let lexeme = lexemes.next()?;
        match lexeme {
            Lexeme::End => return found,
            // A second statement.
            _ if has_ended => return None,
            Lexeme::Word(word) => {
                let locks = before[0].is_word("for") && is_one_of(word, &LOCKS);
                let changes = locks || is_one_of(word, &CHANGES);
                found = match found {
                    None if is_one_of(word, &BEGINNINGS) => Some(Effect::PlainRead),
                    None if is_one_of(word, &CHANGING) => Some(Effect::PlainChange),
                    Some(_) if changes => Some(Effect::PlainChange),
                    Some(_) => found,
                    None => return None,
                };
            }
            Lexeme::Open if !may_precede_parenthesis(before) => return None,
            // A parenthesis may stand before the first word, nothing else may.
            Lexeme::Open => {}
            _ if found.is_none() => return None,
            Lexeme::Semicolon => has_ended = true,
            Lexeme::Quoted | Lexeme::Dot | Lexeme::Other => {}
        }
        before = [lexeme, before[0], before[1], before[2]];
    }
}

/// Whether what stands before a parenthesis calls nothing, or a function that only reads.
fn may_precede_parenthesis([before, second, _, fourth]: [Lexeme; 4]) -> bool {
    match before {
        // The columns of INSERT INTO a (...) and INTO "a" (...), and of INTO a.b (...); any other
        // name of a schema that is called is somebody's own function.
        Lexeme::Word(_) | Lexeme::Quoted if second.is_word("into") => true,
        Lexeme::Word(_) | Lexeme::Quoted if second == Lexeme::Dot => fourth.is_word("into"),
        Lexeme::Word(word) => is_listed(word, NOT_CALLED) || is_listed(word, READING),
        Lexeme::Quoted => false,
        _ => true,
    }
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}

fn is_listed(word: &str, list: &str) -> bool {
    list.split_ascii_whitespace().any(|known| word.eq_ignore_ascii_case(known))
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Lexeme<'a> {
    Word(&'a str),
    /// A name in quotes, or a text.
    Quoted,
    Open,
    Dot,
    Semicolon,
    Other,
    End,
}

impl Lexeme<'_> {
    fn is_word(self, wanted: &str) -> bool {
        matches!(self, Lexeme::Word(word) if word.eq_ignore_ascii_case(wanted))
    }
}

struct Lexemes<'a> {
    rest: &'a str,
}

impl<'a> Lexemes<'a> {
    /// The next one; none where a quote or comment has no end (P3).
    fn next(&mut self) -> Option<Lexeme<'a>> {
        self.skip_blanks()?;
        let Some(first) = self.rest.chars().next() else { return Some(Lexeme::End) };
        let starts_escaped = self.rest.as_bytes().get(1) == Some(&b'\'');
        match first {
            'e' | 'E' if starts_escaped => {
                self.take(1);
                self.skip_quoted(b'\'', true)
            }
            '\'' => self.skip_quoted(b'\'', false),
            '"' => self.skip_quoted(b'"', false),
            '$' => self.skip_dollars(),
            _ if is_letter(first) => {
                let ends = |letter: char| !is_letter(letter) && !letter.is_ascii_digit();
                let length = self.rest.find(|letter| ends(letter) && letter != '$');
                Some(Lexeme::Word(self.take(length.unwrap_or(self.rest.len()))))
            }
            _ => {
                self.take(first.len_utf8());
                Some(match first {
                    '(' => Lexeme::Open,
                    '.' => Lexeme::Dot,
                    ';' => Lexeme::Semicolon,
                    _ => Lexeme::Other,
                })
            }
        }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn skip_blanks(&mut self) -> Option<()> {
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.starts_with("--") {
                let length = self.rest.find('\n').unwrap_or(self.rest.len());
                self.take(length);
            } else if self.rest.starts_with("/*") {
                self.skip_comment()?;
            } else {
                return Some(());
            }
        }
    }

    /// Comments of this kind are nested.
    fn skip_comment(&mut self) -> Option<()> {
        let mut depth = 0;
        loop {
            let at = self.rest.find(['/', '*'])?;
            self.take(at);
            if self.rest.starts_with("/*") {
                depth += 1;
                self.take(2);
            } else if self.rest.starts_with("*/") {
                depth -= 1;
                self.take(2);
                if depth == 0 {
                    return Some(());
                }
            } else {
                self.take(1);
            }
        }
    }

    /// A quote that is doubled, or behind a backslash where those escape, does not end it.
    fn skip_quoted(&mut self, quote: u8, escapes: bool) -> Option<Lexeme<'a>> {
        let bytes = self.rest.as_bytes();
        let mut at = 1;
        loop {
            match *bytes.get(at)? {
                b'\\' if escapes => at += 2,
                byte if byte != quote => at += 1,
                _ if bytes.get(at + 1) == Some(&quote) => at += 2,
                _ => break,
            }
        }
        self.rest = self.rest.get(at + 1..)?;
        Some(Lexeme::Quoted)
    }

    /// A parameter, `$1`, or a text between two of the same `$tag$`.
    fn skip_dollars(&mut self) -> Option<Lexeme<'a>> {
        if self.rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) {
            self.take(1);
            return Some(Lexeme::Other);
        }
        let ends = |letter: char| !is_letter(letter) && !letter.is_ascii_digit();
        let tag_length = self.rest[1..].find(ends)? + 1;
        if self.rest.as_bytes()[tag_length] != b'$' {
            return None;
        }
        let tag = self.take(tag_length + 1);
        let end = self.rest.find(tag)?;
        self.take(end + tag.len());
        Some(Lexeme::Quoted)
    }
}

fn is_letter(letter: char) -> bool {
    letter.is_ascii_alphabetic() || letter == '_' || !letter.is_ascii()
}

#[cfg(test)]
mod tests;
