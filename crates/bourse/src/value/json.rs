//! Whether a text is JSON (RFC 8259). Only the answer is needed: the text is kept as given.

/// Nesting deeper than this is refused, so that whoever parses the text later need not fear for
/// its stack.
const DEPTH_MAX: usize = 512;

/// Checks the text; the error is the byte offset where it stops being JSON.
pub(crate) fn validate(text: &str) -> Result<(), usize> {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0 };
    match scan.document() {
        Some(()) => Ok(()),
        None => Err(scan.at),
    }
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    /// One value between spaces. Open arrays and objects are kept in a list, not on the stack.
    fn document(&mut self) -> Option<()> {
        let mut open: Vec<u8> = Vec::new();
        loop {
            self.spaces();
            let closed = self.value_start(&mut open)?;
            if closed && self.after_value(&mut open)? {
                self.spaces();
                return (self.at == self.bytes.len()).then_some(());
            }
        }
    }

    /// Reads a scalar or an empty container (true), or opens a container (false).
    fn value_start(&mut self, open: &mut Vec<u8>) -> Option<bool> {
        let first = self.peek()?;
        if matches!(first, b'{' | b'[') && open.len() == DEPTH_MAX {
            return None;
        }
        match first {
            b'{' => {
                self.at += 1;
                self.spaces();
                if self.take(b'}') {
                    return Some(true);
                }
                open.push(b'}');
                self.name()?;
            }
            b'[' => {
                self.at += 1;
                self.spaces();
                if self.take(b']') {
                    return Some(true);
                }
                open.push(b']');
            }
            b'"' => return self.string().map(|()| true),
            b't' => return self.word(b"true").map(|()| true),
            b'f' => return self.word(b"false").map(|()| true),
            b'n' => return self.word(b"null").map(|()| true),
            _ => return self.number().map(|()| true),
        }
        Some(false)
    }

    /// Closes containers and steps over a comma; true when the outermost value is complete.
    fn after_value(&mut self, open: &mut Vec<u8>) -> Option<bool> {
        while let Some(&closing) = open.last() {
            self.spaces();
            if self.take(b',') {
                if closing == b'}' {
                    self.spaces();
                    self.name()?;
                }
                return Some(false);
            }
            if !self.take(closing) {
                return None;
            }
            open.pop();
        }
        Some(true)
    }

    /// `"name" :`
    fn name(&mut self) -> Option<()> {
        self.string()?;
        self.spaces();
        self.take(b':').then_some(())
    }

    fn string(&mut self) -> Option<()> {
        if !self.take(b'"') {
            return None;
        }
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' => {
                    self.at += 1;
                    self.escape()?;
                }
                0..=0x1F => return None,
                _ => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
            b'u' => {
                let digits = self.bytes.get(self.at + 1..self.at + 5)?;
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return None;
                }
                self.at += 5;
            }
            _ => return None,
        }
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        if !self.bytes[self.at..].starts_with(word) {
            return None;
        }
        self.at += word.len();
        Some(())
    }

    fn spaces(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }
}
