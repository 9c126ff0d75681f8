//! The text of a path, as a tree.

use std::iter::Peekable;
use std::str::Chars;

use ecow::EcoString;

use crate::datum::Numeric;
use crate::datum::json::Json;
use crate::error::{Result, SqlError};

/// A path.
#[derive(Clone, Debug)]
pub(super) struct Path {
    /// Strict: what is not there is an error.
    pub(super) is_strict: bool,
    pub(super) root: Node,
}

/// How two numbers become one, or are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Op {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What is called on an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Method {
    Abs,
    Ceiling,
    Double,
    Floor,
    KeyValue,
    Size,
    Type,
}

impl Method {
    const ALL: [(&'static str, Method); 7] = [
        ("abs", Method::Abs),
        ("ceiling", Method::Ceiling),
        ("double", Method::Double),
        ("floor", Method::Floor),
        ("keyvalue", Method::KeyValue),
        ("size", Method::Size),
        ("type", Method::Type),
    ];

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        Method::ALL.iter().find(|(_, method)| *method == self).map_or("", |(name, _)| name)
    }
}

/// A part of a path.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// `$`
    Root,
    /// `@`
    Current,
    /// `last`
    Last,
    Constant(Json),
    Variable(String),
    /// What follows an item: it, and each step.
    Steps(Box<Node>, Vec<Step>),
    Negative(Box<Node>),
    Positive(Box<Node>),
    Arithmetic(Op, Box<Node>, Box<Node>),
    // Predicates.
    Compare(Op, Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Not(Box<Node>),
    IsUnknown(Box<Node>),
    Exists(Box<Node>),
    StartsWith(Box<Node>, Box<Node>),
    LikeRegex(Box<Node>, String, String),
}

impl Node {
    pub(super) fn is_predicate(&self) -> bool {
        matches!(
            self,
            Node::Compare(..)
                | Node::And(..)
                | Node::Or(..)
                | Node::Not(_)
                | Node::IsUnknown(_)
                | Node::Exists(_)
                | Node::StartsWith(..)
                | Node::LikeRegex(..)
        )
    }
}

/// A step from an item to others.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Key(String),
    AllKeys,
    AllElements,
    /// Elements by index, or from one to another.
    Elements(Vec<(Node, Option<Node>)>),
    /// `.**`, between two depths.
    Anywhere(u32, u32),
    Filter(Node),
    Method(Method),
}

#[derive(Clone, PartialEq, Debug)]
enum Token {
    Word(String),
    Text(String),
    Number(String),
    Variable(String),
    Mark(&'static str),
}

const MARKS: [&str; 27] = [
    "**", "==", "!=", "<>", "<=", ">=", "&&", "||", "$", "@", ".", "*", "[", "]", "(", ")", "{",
    "}", "?", ",", "+", "-", "/", "%", "<", ">", "!",
];

fn at_end() -> SqlError {
    SqlError::new("42601", "syntax error at end of jsonpath input")
}

fn near(token: &str) -> SqlError {
    SqlError::new("42601", format!("syntax error at or near \"{token}\" of jsonpath input"))
}

fn quoted(letters: &mut Peekable<Chars<'_>>) -> Result<String> {
    let mut raw = String::from("\"");
    loop {
        let Some(letter) = letters.next() else {
            return Err(SqlError::new(
                "42601",
                "unterminated quoted string at end of jsonpath input",
            ));
        };
        raw.push(letter);
        match letter {
            '"' => break,
            '\\' => raw.extend(letters.next()),
            _ => {}
        }
    }
    match crate::datum::json::parse(&raw)? {
        Json::Text(text) => Ok(text.to_string()),
        _ => Err(near(&raw)),
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn tokens(text: &str) -> Result<Vec<Token>> {
    let mut letters = text.chars().peekable();
    let mut found = Vec::new();
    while let Some(letter) = letters.peek().copied() {
        if letter.is_whitespace() {
            letters.next();
            continue;
        }
        let is_next = |letters: &Peekable<Chars<'_>>, mark: &str| {
            letters.clone().take(mark.chars().count()).eq(mark.chars())
        };
        if is_next(&letters, "/*") {
            letters.nth(1);
            while letters.peek().is_some() && !is_next(&letters, "*/") {
                letters.next();
            }
            letters.nth(1);
            continue;
        }
        if letter == '"' {
            letters.next();
            found.push(Token::Text(quoted(&mut letters)?));
            continue;
        }
        let behind_point = letters.clone().nth(1).is_some_and(|next| next.is_ascii_digit());
        if letter.is_ascii_digit() || letter == '.' && behind_point {
            let mut number = String::new();
            while let Some(next) = letters.peek().copied() {
                let is_sign = matches!(next, '+' | '-') && number.ends_with(['e', 'E']);
                if !(next.is_ascii_digit() || matches!(next, '.' | 'e' | 'E') || is_sign) {
                    break;
                }
                number.push(next);
                letters.next();
            }
            if letters.peek().copied().is_some_and(is_word) {
                let message = format!(
                    "trailing junk after numeric literal at or near \"{number}\" of jsonpath input"
                );
                return Err(SqlError::new("42601", message));
            }
            found.push(Token::Number(number));
            continue;
        }
        if is_word(letter) {
            let mut word = String::new();
            while let Some(next) = letters.next_if(|next| is_word(*next)) {
                word.push(next);
            }
            found.push(Token::Word(word));
            continue;
        }
        let Some(mark) = MARKS.iter().copied().find(|mark| is_next(&letters, mark)) else {
            return Err(near(&letter.to_string()));
        };
        letters.nth(mark.chars().count() - 1);
        if mark == "$" {
            if letters.next_if_eq(&'"').is_some() {
                found.push(Token::Variable(quoted(&mut letters)?));
                continue;
            }
            let mut name = String::new();
            while let Some(next) = letters.next_if(|next| is_word(*next)) {
                name.push(next);
            }
            found.push(if name.is_empty() { Token::Mark("$") } else { Token::Variable(name) });
            continue;
        }
        found.push(Token::Mark(mark));
    }
    Ok(found)
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    /// Inside of a filter: `@` is something.
    in_filter: usize,
    /// Inside of an index: `last` is something.
    in_index: usize,
}

/// The path of a text.
pub(super) fn parse(text: &str) -> Result<Path> {
    let mut reader = Reader { tokens: tokens(text)?, at: 0, in_filter: 0, in_index: 0 };
    if reader.tokens.is_empty() {
        return Err(SqlError::new(
            "22P02",
            format!("invalid input syntax for type jsonpath: \"{text}\""),
        ));
    }
    let is_strict = reader.take_word("strict");
    if !is_strict {
        reader.take_word("lax");
    }
    let root = reader.or()?;
    match reader.tokens.get(reader.at) {
        None => Ok(Path { is_strict, root }),
        Some(_) => Err(reader.unexpected()),
    }
}

impl Reader {
    fn unexpected(&self) -> SqlError {
        match self.tokens.get(self.at) {
            None => at_end(),
            Some(Token::Word(text) | Token::Text(text) | Token::Number(text)) => near(text),
            Some(Token::Variable(name)) => near(&format!("${name}")),
            Some(Token::Mark(mark)) => near(mark),
        }
    }

    fn is(&self, mark: &str) -> bool {
        matches!(self.tokens.get(self.at), Some(Token::Mark(found)) if *found == mark)
    }

    fn take(&mut self, mark: &str) -> bool {
        let is_next = self.is(mark);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, mark: &str) -> Result<()> {
        if self.take(mark) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_next = matches!(self.tokens.get(self.at), Some(Token::Word(found)) if found == word);
        self.at += usize::from(is_next);
        is_next
    }

    fn or(&mut self) -> Result<Node> {
        let mut left = self.and()?;
        while self.take("||") {
            left = Node::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Node> {
        let mut left = self.compared()?;
        while self.take("&&") {
            left = Node::And(Box::new(left), Box::new(self.compared()?));
        }
        Ok(left)
    }

    fn compared(&mut self) -> Result<Node> {
        if self.take("!") {
            let node = self.primary()?;
            return match node.is_predicate() {
                true => Ok(Node::Not(Box::new(node))),
                false => Err(self.unexpected()),
            };
        }
        let left = self.sum()?;
        let ops = [
            ("==", Op::Equal),
            ("!=", Op::NotEqual),
            ("<>", Op::NotEqual),
            ("<=", Op::LessOrEqual),
            (">=", Op::GreaterOrEqual),
            ("<", Op::Less),
            (">", Op::Greater),
        ];
        for (mark, op) in ops {
            if self.take(mark) {
                return Ok(Node::Compare(op, Box::new(left), Box::new(self.sum()?)));
            }
        }
        if self.take_word("starts") {
            if !self.take_word("with") {
                return Err(self.unexpected());
            }
            let initial = match self.tokens.get(self.at).cloned() {
                Some(Token::Text(text)) => Node::Constant(Json::Text(EcoString::from(text))),
                Some(Token::Variable(name)) => Node::Variable(name),
                _ => return Err(self.unexpected()),
            };
            self.at += 1;
            return Ok(Node::StartsWith(Box::new(left), Box::new(initial)));
        }
        if self.take_word("like_regex") {
            let pattern = self.text()?;
            let flags = if self.take_word("flag") { self.text()? } else { String::new() };
            return Ok(Node::LikeRegex(Box::new(left), pattern, flags));
        }
        if left.is_predicate() && self.take_word("is") {
            return match self.take_word("unknown") {
                true => Ok(Node::IsUnknown(Box::new(left))),
                false => Err(self.unexpected()),
            };
        }
        Ok(left)
    }

    fn text(&mut self) -> Result<String> {
        match self.tokens.get(self.at).cloned() {
            Some(Token::Text(text)) => {
                self.at += 1;
                Ok(text)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn sum(&mut self) -> Result<Node> {
        let mut left = self.product()?;
        loop {
            let op = match () {
                () if self.take("+") => Op::Add,
                () if self.take("-") => Op::Subtract,
                () => return Ok(left),
            };
            left = Node::Arithmetic(op, Box::new(left), Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Result<Node> {
        let mut left = self.signed()?;
        loop {
            let op = match () {
                () if self.take("*") => Op::Multiply,
                () if self.take("/") => Op::Divide,
                () if self.take("%") => Op::Remainder,
                () => return Ok(left),
            };
            left = Node::Arithmetic(op, Box::new(left), Box::new(self.signed()?));
        }
    }

    fn signed(&mut self) -> Result<Node> {
        if self.take("-") {
            return Ok(Node::Negative(Box::new(self.signed()?)));
        }
        if self.take("+") {
            return Ok(Node::Positive(Box::new(self.signed()?)));
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<Node> {
        let Some(token) = self.tokens.get(self.at).cloned() else { return Err(at_end()) };
        self.at += 1;
        let root = match token {
            Token::Mark("$") => Node::Root,
            Token::Mark("@") if self.in_filter > 0 => Node::Current,
            Token::Mark("@") => {
                return Err(SqlError::new("42601", "@ is not allowed in root expressions"));
            }
            Token::Mark("(") => {
                let inner = self.or()?;
                self.expect(")")?;
                inner
            }
            Token::Text(text) => Node::Constant(Json::Text(EcoString::from(text))),
            Token::Number(digits) => {
                let number = Numeric::parse(&digits)?;
                Node::Constant(Json::Number(ecow::eco_format!("{number}")))
            }
            Token::Variable(name) => Node::Variable(name),
            Token::Word(word) => match word.as_str() {
                "true" => Node::Constant(Json::Boolean(true)),
                "false" => Node::Constant(Json::Boolean(false)),
                "null" => Node::Constant(Json::Null),
                "last" if self.in_index > 0 => Node::Last,
                "last" => {
                    let message = "LAST is allowed only in array subscripts";
                    return Err(SqlError::new("42601", message));
                }
                "exists" => {
                    self.expect("(")?;
                    let inner = self.or()?;
                    self.expect(")")?;
                    return Ok(Node::Exists(Box::new(inner)));
                }
                _ => {
                    self.at -= 1;
                    return Err(self.unexpected());
                }
            },
            Token::Mark(_) => {
                self.at -= 1;
                return Err(self.unexpected());
            }
        };
        let steps = self.steps()?;
        Ok(if steps.is_empty() { root } else { Node::Steps(Box::new(root), steps) })
    }

    fn steps(&mut self) -> Result<Vec<Step>> {
        let mut steps = Vec::new();
        loop {
            if self.take(".") {
                steps.push(self.member()?);
            } else if self.take("[") {
                steps.push(self.elements()?);
            } else if self.take("?") {
                self.expect("(")?;
                self.in_filter += 1;
                let condition = self.or()?;
                self.in_filter -= 1;
                if !condition.is_predicate() {
                    return Err(self.unexpected());
                }
                self.expect(")")?;
                steps.push(Step::Filter(condition));
            } else {
                return Ok(steps);
            }
        }
    }

    fn member(&mut self) -> Result<Step> {
        if self.take("**") {
            return self.depths();
        }
        if self.take("*") {
            return Ok(Step::AllKeys);
        }
        let Some(token) = self.tokens.get(self.at).cloned() else { return Err(at_end()) };
        self.at += 1;
        match token {
            Token::Text(key) => Ok(Step::Key(key)),
            Token::Word(word) => {
                if !self.is("(") {
                    return Ok(Step::Key(word));
                }
                let known = Method::ALL.iter().find(|(name, _)| *name == word);
                let Some((_, method)) = known else {
                    if word == "datetime" {
                        return Err(SqlError::unsupported(
                            "the jsonpath item method .datetime() is not supported",
                        ));
                    }
                    return Err(self.unexpected());
                };
                self.expect("(")?;
                self.expect(")")?;
                Ok(Step::Method(*method))
            }
            _ => {
                self.at -= 1;
                Err(self.unexpected())
            }
        }
    }

    fn depths(&mut self) -> Result<Step> {
        if !self.take("{") {
            return Ok(Step::Anywhere(0, u32::MAX));
        }
        let low = self.depth()?;
        let high = if self.take_word("to") { self.depth()? } else { low };
        self.expect("}")?;
        Ok(Step::Anywhere(low, high))
    }

    fn depth(&mut self) -> Result<u32> {
        if self.take_word("last") {
            return Ok(u32::MAX);
        }
        match self.tokens.get(self.at) {
            Some(Token::Number(digits)) => {
                let depth = digits.parse().map_err(|_| self.unexpected())?;
                self.at += 1;
                Ok(depth)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn elements(&mut self) -> Result<Step> {
        if self.take("*") {
            self.expect("]")?;
            return Ok(Step::AllElements);
        }
        let mut ranges = Vec::new();
        self.in_index += 1;
        loop {
            let from = self.sum()?;
            let to = if self.take_word("to") { Some(self.sum()?) } else { None };
            ranges.push((from, to));
            if !self.take(",") {
                break;
            }
        }
        self.in_index -= 1;
        self.expect("]")?;
        Ok(Step::Elements(ranges))
    }
}
