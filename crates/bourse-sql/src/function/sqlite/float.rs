//! Floating point numbers in digits, as SQLite's printf makes them.

/// A number's sign and digits; the point stands after the `point`-th.
pub(crate) struct Decoded {
    pub(crate) negative: bool,
    pub(crate) digits: Vec<u8>,
    pub(crate) point: i32,
}

/// How a number is written.
#[derive(Clone, Copy, Default)]
pub(crate) struct Style {
    /// `#`: the point stays.
    pub(crate) alternate: bool,
    /// `!`: more digits, and always one after the point.
    pub(crate) exact: bool,
    /// `,`
    pub(crate) thousands: bool,
    pub(crate) upper: bool,
}

/// So many more digits are not all nines, which would be rounded into the digits before them.
const DIGITS_BEHIND: usize = 40;

/// Digits of a finite number, rounded to `round` of them, or to `-round` after the point; never
/// more than `most`.
pub(crate) fn decode(value: f64, round: i32, most: i32) -> Decoded {
    let negative = value < 0.0;
    if value == 0.0 {
        return Decoded { negative: false, digits: vec![b'0'], point: 1 };
    }
    // One digit more than is wanted is cut off, and the rest rounded by it; eighteen are rounded
    // before, so that SQLite rounds these twice.
    let wanted = if round <= 0 || round >= 17 { most_digits(value) } else { round + 1 };
    let wanted = usize::try_from(wanted).unwrap_or(18);
    let exact = if wanted < 18 { wanted + DIGITS_BEHIND } else { wanted };
    let written = format!("{:.*e}", exact - 1, value.abs());
    let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let all = mantissa.bytes().filter(u8::is_ascii_digit);
    let mut digits: Vec<u8> = all.take(wanted).collect();
    let mut point = exponent.parse::<i32>().unwrap_or(0) + 1;
    let mut round = round;
    if round <= 0 {
        round = point - round;
        if round == 0 && digits[0] >= b'5' {
            round = 1;
            digits.insert(0, b'0');
            point += 1;
        }
    }
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    if round > 0 && (round < count || count > most) {
        round = round.min(most);
        if round == 17 {
            round = shortened(value.abs(), &digits, point).unwrap_or(17);
        }
        round_at(&mut digits, usize::try_from(round).unwrap_or(0), &mut point);
    } else if round < 0 || (round == 0 && count > 0) {
        digits = vec![b'0'];
        point = 1;
    }
    while digits.len() > 1 && digits.last() == Some(&b'0') {
        digits.pop();
    }
    Decoded { negative, digits, point }
}

/// As many digits as SQLite makes at most: eighteen, and one more where the number has a decimal
/// place more than the power of two below it, by which it reckons.
fn most_digits(value: f64) -> i32 {
    let bits = value.abs().to_bits();
    let binary = match i32::try_from(bits >> 52).unwrap_or(0) {
        0 => -1011 - i32::try_from(bits.leading_zeros()).unwrap_or(0),
        exponent => exponent - 1023,
    };
    let below = (binary * 78_913) >> 18;
    let written = format!("{:e}", value.abs());
    let exponent = written.split_once('e').and_then(|(_, exponent)| exponent.parse::<i32>().ok());
    18 + i32::from(exponent.is_some_and(|exponent| exponent > below))
}

fn round_at(digits: &mut Vec<u8>, at: usize, point: &mut i32) {
    let up = digits.get(at).is_some_and(|digit| *digit >= b'5');
    digits.truncate(at);
    if !up {
        return;
    }
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
    digits.pop();
    *point += 1;
}

/// Of seventeen digits that end in nines or zeros fewer are enough, if they read back as the
/// number.
fn shortened(value: f64, digits: &[u8], point: i32) -> Option<i32> {
    let reads_back = |digits: &[u8], point: i32| {
        let text = std::str::from_utf8(digits).ok()?;
        let exponent = point - i32::try_from(digits.len()).ok()?;
        let read: f64 = format!("{text}e{exponent}").parse().ok()?;
        (read.total_cmp(&value).is_eq()).then_some(())
    };
    let count = i32::try_from(digits.len()).ok()?;
    if digits.get(14..16) == Some(b"99") {
        let kept = digits[..15].iter().rposition(|digit| *digit != b'9').map_or(0, |at| at + 1);
        let mut rounded = digits[..kept].to_vec();
        let mut moved = point;
        if kept == 0 {
            rounded = vec![b'1'];
            moved += 1;
        } else {
            rounded[kept - 1] += 1;
        }
        reads_back(&rounded, moved)?;
        return i32::try_from(kept + 1).ok();
    }
    if point >= count || digits.get(13..16) == Some(b"000") {
        let kept = digits[..13].iter().rposition(|digit| *digit != b'0').map_or(1, |at| at + 1);
        reads_back(&digits[..kept], point)?;
        return i32::try_from(kept + 1).ok();
    }
    None
}

fn special(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("NaN")
    } else if value.is_infinite() {
        Some("Inf")
    } else {
        None
    }
}

/// `%f`, `%e` or `%g` without sign, width and padding.
pub(crate) fn write(value: f64, kind: u8, precision: i32, style: Style) -> (bool, String) {
    if let Some(name) = special(value) {
        return (value < 0.0, name.to_owned());
    }
    let mut precision = precision;
    let round = match kind {
        b'f' => -precision,
        b'g' => {
            precision = precision.max(1);
            precision
        }
        _ => precision + 1,
    };
    let decoded = decode(value, round, if style.exact { 20 } else { 16 });
    let exponent = decoded.point - 1;
    let mut is_scientific = kind == b'e';
    let mut strip = style.exact;
    if kind == b'g' {
        precision -= 1;
        strip = !style.alternate;
        if exponent < -4 || exponent > precision {
            is_scientific = true;
        } else {
            precision -= exponent;
        }
    }
    let has_point = precision > 0 || style.alternate || style.exact;
    let mut out = String::new();
    let mut digits = decoded.digits.iter().copied();
    let mut next = || char::from(digits.next().unwrap_or(b'0'));
    let before = if is_scientific { 0 } else { exponent };
    if before < 0 {
        out.push('0');
    } else {
        for place in (0..=before).rev() {
            out.push(next());
            if style.thousands && place % 3 == 0 && place > 0 {
                out.push(',');
            }
        }
    }
    if has_point {
        out.push('.');
    }
    let mut left = precision;
    for _ in before + 1..0 {
        if left > 0 {
            out.push('0');
            left -= 1;
        }
    }
    for _ in 0..left.max(0) {
        out.push(next());
    }
    if strip && has_point {
        out.truncate(out.trim_end_matches('0').len());
        if out.ends_with('.') {
            if style.exact { out.push('0') } else { out.truncate(out.len() - 1) }
        }
    }
    if is_scientific {
        let (letter, sign) =
            (if style.upper { 'E' } else { 'e' }, if exponent < 0 { '-' } else { '+' });
        out.push_str(&format!("{letter}{sign}{:02}", exponent.abs()));
    }
    (decoded.negative, out)
}

/// The text of a real: seventeen digits, fewer where they are enough, and always a point.
pub(crate) fn real_text(value: f64) -> String {
    let style = Style { exact: true, ..Style::default() };
    let (negative, text) = write(value, b'g', 17, style);
    if negative { format!("-{text}") } else { text }
}
