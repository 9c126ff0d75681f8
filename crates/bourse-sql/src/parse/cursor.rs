//! A place among the tokens of a statement.

use sqlparser::ast::{Expr, Ident, ObjectName};
use sqlparser::dialect::Dialect as Rules;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::source::Source;
use super::{Deep, parser, syntax_error};
use crate::Dialect;
use crate::error::{Result, SqlError};

/// Whether a token is a word, not in quotes.
pub(super) fn is_word(token: &TokenWithSpan, word: &str) -> bool {
    matches!(&token.token, Token::Word(found)
        if found.quote_style.is_none() && found.value.eq_ignore_ascii_case(word))
}

/// Tokens that are taken one after the other.
pub(super) struct Cursor<'r> {
    tokens: Vec<TokenWithSpan>,
    at: usize,
    source: Source,
    rules: &'r dyn Rules,
    dialect: Dialect,
}

impl<'r> Cursor<'r> {
    pub(super) fn new(
        tokens: Vec<TokenWithSpan>,
        source: Source,
        rules: &'r dyn Rules,
        dialect: Dialect,
    ) -> Cursor<'r> {
        Cursor { tokens, at: 0, source, rules, dialect }
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Where it stands; [`Cursor::go_back`] returns to it.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    pub(super) fn go_back(&mut self, place: usize) {
        self.at = place;
    }

    /// The error that the next token does not belong there.
    pub(super) fn unexpected(&self) -> SqlError {
        syntax_error::at(self.tokens.get(self.at), &self.source, self.dialect)
    }

    /// The error of the next token, which begins what is not done.
    pub(super) fn unsupported(&self, message: impl Into<String>) -> SqlError {
        let error = SqlError::unsupported(message);
        let token = self.tokens.get(self.at);
        match token.and_then(|token| self.source.position(token.span.start)) {
            Some(position) => error.at(position),
            None => error,
        }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub(super) fn expect_end(&self) -> Result<()> {
        if self.is_at_end() { Ok(()) } else { Err(self.unexpected()) }
    }

    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|token| &token.token)
    }

    pub(super) fn peek_word(&self, word: &str) -> bool {
        self.tokens.get(self.at).is_some_and(|token| is_word(token, word))
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at)?.token.clone();
        self.at += 1;
        Some(token)
    }

    /// The next token with its place.
    pub(super) fn next_with_span(&mut self) -> Option<TokenWithSpan> {
        let token = self.tokens.get(self.at).cloned();
        self.at += usize::from(token.is_some());
        token
    }

    pub(super) fn take(&mut self, token: &Token) -> bool {
        let is_next = self.peek() == Some(token);
        self.at += usize::from(is_next);
        is_next
    }

    pub(super) fn expect(&mut self, token: &Token) -> Result<()> {
        if self.take(token) { Ok(()) } else { Err(self.unexpected()) }
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let is_next = self.peek_word(word);
        self.at += usize::from(is_next);
        is_next
    }

    /// Takes all of the words, or none.
    pub(super) fn take_words(&mut self, words: &[&str]) -> bool {
        let place = self.at;
        let all = words.iter().all(|word| self.take_word(word));
        if !all {
            self.at = place;
        }
        all
    }

    /// Takes the one of the words that is next.
    pub(super) fn take_one_of(&mut self, words: &[&'static str]) -> Option<&'static str> {
        words.iter().copied().find(|word| self.take_word(word))
    }

    pub(super) fn expect_word(&mut self, word: &str) -> Result<()> {
        if self.take_word(word) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// A name as the dialect spells it.
    pub(super) fn name(&mut self) -> Result<String> {
        match self.peek() {
            Some(Token::Word(word)) => {
                let folds = word.quote_style.is_none() && self.dialect == Dialect::Postgres;
                let name = if folds { word.value.to_ascii_lowercase() } else { word.value.clone() };
                self.at += 1;
                Ok(name)
            }
            Some(Token::SingleQuotedString(text)) if self.dialect == Dialect::Sqlite => {
                let name = text.clone();
                self.at += 1;
                Ok(name)
            }
            _ => Err(self.unexpected()),
        }
    }

    /// A name with what qualifies it.
    pub(super) fn object_name(&mut self) -> Result<ObjectName> {
        let mut parts: Vec<Ident> = Vec::new();
        loop {
            match self.tokens.get(self.at) {
                Some(TokenWithSpan { token: Token::Word(word), span }) => {
                    parts.push(word.clone().into_ident(*span));
                }
                _ => return Err(self.unexpected()),
            }
            self.at += 1;
            if !self.take(&Token::Period) {
                return Ok(ObjectName::from(parts));
            }
        }
    }

    /// A text in quotes.
    pub(super) fn text(&mut self) -> Result<String> {
        let text = match self.peek() {
            Some(Token::SingleQuotedString(text) | Token::EscapedStringLiteral(text)) => {
                text.clone()
            }
            Some(Token::DollarQuotedString(text)) => text.value.clone(),
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(text)
    }

    /// A whole number, with a sign.
    pub(super) fn number(&mut self) -> Result<i64> {
        let place = self.at;
        let negative = self.take(&Token::Minus);
        if !negative {
            self.take(&Token::Plus);
        }
        let number = match self.peek() {
            Some(Token::Number(digits, _)) => digits.parse::<i64>().ok(),
            _ => None,
        };
        match number {
            Some(number) => {
                self.at += 1;
                Ok(if negative { -number } else { number })
            }
            None => {
                self.at = place;
                Err(self.unexpected())
            }
        }
    }

    /// A word, text or number, as text.
    pub(super) fn word_or_literal(&mut self) -> Result<String> {
        match self.peek() {
            Some(Token::Number(digits, _)) => {
                let digits = digits.clone();
                self.at += 1;
                Ok(digits)
            }
            Some(Token::Minus | Token::Plus) => {
                let sign = if self.take(&Token::Minus) { "-" } else { "" };
                self.take(&Token::Plus);
                match self.next() {
                    Some(Token::Number(digits, _)) => Ok(format!("{sign}{digits}")),
                    _ => {
                        self.at -= 1;
                        Err(self.unexpected())
                    }
                }
            }
            Some(Token::Word(_)) => self.name(),
            _ => self.text(),
        }
    }

    /// `name [=] [value], ...)`, up to the closing parenthesis: names in lower case.
    pub(super) fn options(&mut self) -> Result<Vec<(String, String)>> {
        let mut options = Vec::new();
        loop {
            let name = self.name()?.to_ascii_lowercase();
            self.take(&Token::Eq);
            let value = match self.peek() {
                Some(Token::Comma | Token::RParen) => String::new(),
                Some(Token::LParen) | Some(Token::Mul) => self.list_as_text()?,
                _ => self.word_or_literal()?,
            };
            options.push((name, value));
            if self.take(&Token::RParen) {
                return Ok(options);
            }
            self.expect(&Token::Comma)?;
        }
    }

    /// `*`, or names in parentheses, joined by commas.
    fn list_as_text(&mut self) -> Result<String> {
        if self.take(&Token::Mul) {
            return Ok("*".to_owned());
        }
        Ok(self.names_in_parentheses()?.join(","))
    }

    /// `(name, ...)`
    pub(super) fn names_in_parentheses(&mut self) -> Result<Vec<String>> {
        self.expect(&Token::LParen)?;
        let mut names = vec![self.name()?];
        while self.take(&Token::Comma) {
            names.push(self.name()?);
        }
        self.expect(&Token::RParen)?;
        Ok(names)
    }

    /// Tokens from here to the parenthesis that closes an open one; it is taken too.
    pub(super) fn until_closed(&mut self) -> Result<Vec<TokenWithSpan>> {
        let begin = self.at;
        let mut depth = 1_usize;
        while let Some(token) = self.next() {
            match token {
                Token::LParen => depth += 1,
                Token::RParen => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok(self.tokens[begin..self.at - 1].to_vec());
            }
        }
        Err(self.unexpected())
    }

    /// All that is left, by sqlparser, as one statement.
    pub(super) fn statement(&mut self) -> Result<Deep> {
        let tokens = self.tokens[self.at..].to_vec();
        self.at = self.tokens.len();
        self.statement_of(tokens)
    }

    /// One statement of tokens.
    pub(super) fn statement_of(&self, tokens: Vec<TokenWithSpan>) -> Result<Deep> {
        let count = tokens.len();
        let statement = self.by_parser(tokens, |parser| parser.parse_statement())?;
        Ok(Deep { statement: Some(statement), tokens: count })
    }

    /// All that is left, as one expression.
    pub(super) fn expression(&mut self) -> Result<Expr> {
        let tokens = self.tokens[self.at..].to_vec();
        self.at = self.tokens.len();
        self.by_parser(tokens, |parser| parser.parse_expr())
    }

    /// Expressions, separated by commas, of all that is left to the closing parenthesis.
    pub(super) fn expressions_in_parentheses(&mut self) -> Result<Vec<Expr>> {
        self.expect(&Token::LParen)?;
        let tokens = self.until_closed()?;
        if tokens.is_empty() {
            return Ok(Vec::new());
        }
        self.by_parser(tokens, |parser| parser.parse_comma_separated(|parser| parser.parse_expr()))
    }

    /// All of the tokens, by a part of sqlparser.
    pub(super) fn by_parser<T>(
        &self,
        tokens: Vec<TokenWithSpan>,
        part: impl FnOnce(&mut Parser<'_>) -> std::result::Result<T, ParserError>,
    ) -> Result<T> {
        let mut parser = parser(self.rules, tokens);
        let whole = part(&mut parser).and_then(|parsed| match parser.peek_token().token {
            Token::EOF => Ok(parsed),
            _ => parser.expected("end of statement", parser.peek_token()),
        });
        whole.map_err(|error| {
            syntax_error::of_parser(&error, &self.tokens, &self.source, self.dialect)
        })
    }
}
