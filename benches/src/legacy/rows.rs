//! The rows of an answer, decoded column by column: every contender fills the same structure, so
//! that decoding costs each the same.

/// One decoded value.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Decoded {
    Null,
    Integer(i64),
    Real(f64),
    Text(usize, usize),
}

/// The values of an answer, row after row; texts lie one behind the other in one buffer.
#[derive(Default)]
pub struct Rows {
    values: Vec<Decoded>,
    texts: Vec<u8>,
}

impl Rows {
    /// Forgets the last answer and keeps the memory.
    pub fn begin(&mut self) {
        self.values.clear();
        self.texts.clear();
    }

    /// A NULL is the next value.
    pub fn null(&mut self) {
        self.values.push(Decoded::Null);
    }

    /// An integer is the next value.
    pub fn integer(&mut self, value: i64) {
        self.values.push(Decoded::Integer(value));
    }

    /// A double is the next value.
    pub fn real(&mut self, value: f64) {
        self.values.push(Decoded::Real(value));
    }

    /// A text is the next value.
    pub fn text(&mut self, value: &[u8]) {
        let start = self.texts.len();
        self.texts.extend_from_slice(value);
        self.values.push(Decoded::Text(start, self.texts.len()));
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Where another answer differs first; sums of reals may differ by rounding, for SQLite and
    /// PostgreSQL add them up differently.
    pub fn difference(&self, other: &Rows) -> Option<String> {
        if self.len() != other.len() {
            return Some(format!("{} values against {}", self.len(), other.len()));
        }
        for (at, (a, b)) in self.values.iter().zip(&other.values).enumerate() {
            let is_same = match (*a, *b) {
                (Decoded::Real(a), Decoded::Real(b)) => {
                    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
                }
                (Decoded::Text(from, to), Decoded::Text(start, end)) => {
                    self.texts[from..to] == other.texts[start..end]
                }
                (a, b) => a == b,
            };
            if !is_same {
                return Some(format!("value {at}: {a:?} against {b:?}"));
            }
        }
        None
    }
}
