//! The rows of the small tables: each column says what it holds, and this makes it.

use super::calendar::{DAYS, YEAR_US};
use super::draws::Draws;
use super::market::SYMBOLS;
use super::rows::number;
use super::small_tables::SmallTable;
use super::{Cell, Legacy, prose};

const ACCENTED: [&str; 6] = [
    "Stra\u{df}burg",
    "caf\u{e9} Z\u{fc}rich",
    "\u{41c}\u{43e}\u{441}\u{43a}\u{432}\u{430}",
    "\u{6771}\u{4eac}\u{8a3c}\u{5238}",
    "r\u{e9}sum\u{e9} \u{1f4c8}",
    "plain text",
];

/// What a column of a small table holds.
pub(crate) enum Field {
    /// The row number, from 1.
    Serial,
    /// The row number as bytes of a length, for keys.
    SerialBytes(usize),
    /// The row number in the form of a UUID, for keys.
    SerialHexadecimal,
    /// A prefix with the row number, padded to a width: never twice the same.
    Label(&'static str, usize),
    /// A prefix with the row number's remainder, from 1.
    LabelOf(&'static str, u64),
    /// The row number's quotient, from 1.
    RowOver(u64),
    /// The row number's remainder, from 1.
    RowOf(u64),
    /// An entry by the row number's quotient.
    StepOf(u64, &'static [&'static str]),
    /// The day of the row number's quotient.
    DayOver(u64),
    /// The symbol of the row number's remainder.
    SymbolRow,
    /// A symbol by how much it trades.
    Symbol,
    /// A user by how busy it is.
    User,
    /// The key of a row of another table, from 1.
    Reference(u64),
    /// One of a few texts.
    Choice(&'static [&'static str]),
    /// A whole number between two.
    Integer(i64, i64),
    /// A floating number between two.
    Real(f64, f64),
    /// An exact decimal between two, in units of its last digit, with so many digits after the
    /// point; stored as SQLite stores decimals, a whole or floating number.
    Decimal(u64, u64, u32),
    /// 0 or 1.
    Flag,
    /// A timestamp.
    Moment,
    /// A date.
    Day,
    /// A time of day.
    Clock,
    /// Bytes of a length between two.
    Bytes(usize, usize),
    /// Random hexadecimal digits.
    Hexadecimal(usize),
    /// A network address.
    Address,
    /// A JSON object.
    Json,
    /// A few words.
    Words,
    /// A sentence.
    Sentence,
    /// Text beyond ASCII.
    Accents,
    /// A value of any class.
    Anything,
    /// NULL three times in ten, else this.
    Rare(&'static Field),
}

/// The cells of row `row` of a small table and its number (I1).
pub(crate) fn row(legacy: &Legacy, table: (u64, &SmallTable), row: u64) -> Vec<Cell> {
    let (number, table) = table;
    let mut draws = Draws::of(legacy.seed, number, row);
    table.columns.iter().map(|(_, _, field)| field.cell(legacy, row, &mut draws)).collect()
}

impl Field {
    fn cell(&self, legacy: &Legacy, row: u64, draws: &mut Draws) -> Cell {
        match *self {
            Field::Rare(field) => {
                if draws.percent(30) {
                    Cell::Null
                } else {
                    field.cell(legacy, row, draws)
                }
            }
            Field::Symbol => legacy.symbol(legacy.popular_symbols.draw(draws)),
            Field::SymbolRow => legacy.symbol(usize::try_from(row).unwrap_or(0) % SYMBOLS),
            Field::User => legacy.busy_user(draws),
            Field::Moment => legacy.moment(draws.below(YEAR_US)),
            Field::Day => text(legacy.calendar.date(draws.below(DAYS)).to_owned()),
            Field::DayOver(divisor) => text(legacy.calendar.date(row / divisor).to_owned()),
            _ => self.by_row(row).unwrap_or_else(|| self.drawn(draws)),
        }
    }

    /// What depends on the row number alone.
    fn by_row(&self, row: u64) -> Option<Cell> {
        let serial = row + 1;
        Some(match *self {
            Field::Serial => number(serial),
            Field::SerialBytes(length) => {
                let mut bytes = vec![0xab; length];
                let tail = length - 8;
                bytes[tail..].copy_from_slice(&serial.to_be_bytes());
                Cell::Blob(bytes)
            }
            Field::SerialHexadecimal => text(format!("00000000-0000-4000-8000-{serial:012x}")),
            Field::Label(prefix, width) => text(format!("{prefix}{serial:0width$}")),
            Field::LabelOf(prefix, divisor) => text(format!("{prefix}{:02}", 1 + row % divisor)),
            Field::RowOver(divisor) => number(1 + row / divisor),
            Field::RowOf(divisor) => number(1 + row % divisor),
            Field::StepOf(divisor, list) => {
                let step = usize::try_from(row / divisor).unwrap_or(0);
                Cell::Text(list[step % list.len()].into())
            }
            _ => return None,
        })
    }

    /// What is drawn without looking at the rest of the database.
    fn drawn(&self, draws: &mut Draws) -> Cell {
        match *self {
            Field::Reference(rows) => number(1 + draws.below(rows)),
            Field::Choice(list) => Cell::Text(draws.pick(list).into()),
            Field::Integer(low, high) => {
                let offset = draws.below(high.abs_diff(low) + 1);
                Cell::Integer(low.saturating_add_unsigned(offset))
            }
            Field::Real(low, high) => Cell::Real(draws.between(low, high)),
            Field::Decimal(low, high, digits) => {
                let units = low + draws.below(high - low + 1);
                Cell::Real(units as f64 / 10_f64.powi(i32::try_from(digits).unwrap_or(0)))
            }
            Field::Flag => number(draws.below(2)),
            Field::Clock => text(format!("{:02}:{:02}:00", draws.below(24), draws.below(60))),
            Field::Bytes(least, most) => {
                let length = least + draws.position(most - least + 1);
                Cell::Blob((0..length).map(|_| draws.bits().to_le_bytes()[0]).collect())
            }
            Field::Hexadecimal(length) => {
                let mut digits = String::with_capacity(length);
                for _ in 0..length {
                    digits.push(char::from(b"0123456789abcdef"[draws.position(16)]));
                }
                text(digits)
            }
            Field::Address => {
                text(format!("10.{}.{}.{}", draws.below(256), draws.below(256), draws.below(256)))
            }
            Field::Json => {
                let (window, rate) = (draws.below(250), draws.below(1_000));
                text(format!("{{\"window\": {window}, \"rate\": 0.{rate:03}, \"tags\": [null]}}"))
            }
            Field::Words => Cell::Text(prose::sentence(draws).split(',').next().map_or_else(
                || "words".into(),
                |part| part.trim_end_matches(['.', ';']).to_owned().into(),
            )),
            Field::Sentence => text(prose::sentence(draws)),
            Field::Accents => text(format!("{} {}", draws.pick(&ACCENTED), prose::sentence(draws))),
            _ => anything(draws),
        }
    }
}

fn anything(draws: &mut Draws) -> Cell {
    match draws.below(5) {
        0 => Cell::Null,
        1 => Cell::Integer(i64::from_be_bytes(draws.bits().to_be_bytes()) >> draws.below(63)),
        2 => Cell::Real(draws.noise()),
        3 => text(prose::sentence(draws)),
        _ => Cell::Blob(draws.bits().to_be_bytes().to_vec()),
    }
}

fn text(content: String) -> Cell {
    Cell::Text(content.into())
}
