//! The ranks of SQLite's operators, and everything else of its grammar as sqlparser has it.
//!
//! | rank | operators |
//! |---|---|
//! | 60 | `-x`, `+x`, `~x`, behind COLLATE, which sqlparser takes with its operand |
//! | 45 | `\|\|`, `->`, `->>` |
//! | 40 | `*`, `/`, `%` |
//! | 30 | `+`, `-` |
//! | 24 | `&`, `\|`, `<<`, `>>` |
//! | 21 | `<`, `<=`, `>`, `>=` |
//! | 20 | `=`, `<>`, IS, IN, LIKE, GLOB, MATCH, REGEXP, BETWEEN, ISNULL, NOTNULL |
//! | 15, 10, 5 | NOT, AND, OR |
//!
//! Those of one rank are taken from the left.

use std::any::TypeId;

use sqlparser::ast::{BinaryOperator, DataType, Expr, Statement, UnaryOperator, Value};
use sqlparser::dialect::{BindPlaceholderStyle, Dialect, Precedence, SQLiteDialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::delegated::{Read, as_they_are};

/// The rank of signs and `~`.
const SIGN: u8 = 60;
/// The rank of `||`, `->` and `->>`.
const JOINED: u8 = 45;

/// SQLite's grammar.
#[derive(Debug, Default)]
pub struct SqliteRules(SQLiteDialect);

impl Dialect for SqliteRules {
    // What sqlparser asks of SQLiteDialect by its type it asks of this one too.
    fn dialect(&self) -> TypeId {
        self.0.dialect()
    }

    fn get_next_precedence(&self, parser: &Parser<'_>) -> Option<Read<u8>> {
        match &parser.peek_token_ref().token {
            Token::StringConcat | Token::Arrow | Token::LongArrow => Some(Ok(JOINED)),
            token if is_isnull(token) => Some(Ok(self.prec_value(Precedence::Is))),
            _ => self.0.get_next_precedence(parser),
        }
    }

    fn prec_value(&self, precedence: Precedence) -> u8 {
        match precedence {
            Precedence::Like | Precedence::Is => self.0.prec_value(Precedence::Eq),
            _ => self.0.prec_value(precedence),
        }
    }

    fn parse_prefix(&self, parser: &mut Parser<'_>) -> Option<Read<Expr>> {
        let op = match parser.peek_token_ref().token {
            Token::Minus => UnaryOperator::Minus,
            Token::Plus => UnaryOperator::Plus,
            Token::Tilde => UnaryOperator::BitwiseNot,
            _ => return self.0.parse_prefix(parser),
        };
        parser.advance_token();
        let operand = parser.parse_subexpr(SIGN);
        Some(operand.map(|operand| Expr::UnaryOp { op, expr: Box::new(operand) }))
    }

    fn parse_infix(
        &self,
        parser: &mut Parser<'_>,
        left: &Expr,
        precedence: u8,
    ) -> Option<Read<Expr>> {
        if is_isnull(&parser.peek_token_ref().token) {
            parser.advance_token();
            return Some(Ok(Expr::IsNull(Box::new(left.clone()))));
        }
        if parser.parse_keyword(Keyword::IS) {
            return Some(is(parser, left.clone(), precedence));
        }
        self.0.parse_infix(parser, left, precedence)
    }

    // SQLite's words that are names where nothing else is meant.
    fn is_table_alias(&self, word: &Keyword, parser: &mut Parser<'_>) -> bool {
        matches!(word, Keyword::ANALYZE | Keyword::EXPLAIN | Keyword::VIEW)
            || self.0.is_table_alias(word, parser)
    }

    as_they_are! {
        is_delimited_identifier_start(letter: char) -> bool;
        identifier_quote_style(name: &str) -> Option<char>;
        ordered_bind_placeholder_style() -> Option<BindPlaceholderStyle>;
        is_identifier_start(letter: char) -> bool;
        is_identifier_part(letter: char) -> bool;
        supports_filter_during_aggregation() -> bool;
        supports_start_transaction_modifier() -> bool;
        parse_statement(parser: &mut Parser<'_>) -> Option<Read<Statement>>;
        parse_data_type(parser: &mut Parser<'_>) -> Option<Read<DataType>>;
        supports_in_empty_list() -> bool;
        supports_limit_comma() -> bool;
        supports_asc_desc_in_column_definition() -> bool;
        supports_dollar_placeholder() -> bool;
        supports_notnull_operator() -> bool;
        supports_is_operator() -> bool;
        supports_comma_separated_trim() -> bool;
        supports_numeric_literal_underscores() -> bool;
        supports_double_eq_assignment() -> bool;
        supports_string_literal_column_names() -> bool;
        supports_cast_empty_data_type_to_unspecified() -> bool;
        supports_national_string_literal() -> bool;
        supports_parens_around_table_factor() -> bool;
        supports_unterminated_block_comments() -> bool;
        is_column_alias(word: &Keyword, parser: &mut Parser<'_>) -> bool;
        supports_over_keyword_as_column_alias() -> bool;
        supports_indexed_by() -> bool;
        supports_comma_join_constraint() -> bool;
        supports_aggregate_order_by_with_empty_args() -> bool;
        supports_bitwise_shift_operators() -> bool;
        supports_in_table_expression() -> bool;
        is_table_factor(word: &Keyword, parser: &mut Parser<'_>) -> bool;
        between_low_bound_precedence() -> u8;
    }
}

/// Whether a token is the word ISNULL, which sqlparser does not know.
fn is_isnull(token: &Token) -> bool {
    matches!(token, Token::Word(word)
        if word.quote_style.is_none() && word.value.eq_ignore_ascii_case("isnull"))
}

/// What follows IS: an operand of any form, of which NULL, TRUE and FALSE alone are words.
fn is(parser: &mut Parser<'_>, left: Expr, precedence: u8) -> Read<Expr> {
    let negated = parser.parse_keyword(Keyword::NOT);
    let left = Box::new(left);
    if parser.parse_keywords(&[Keyword::DISTINCT, Keyword::FROM]) {
        let right = Box::new(parser.parse_subexpr(precedence)?);
        return Ok(match negated {
            true => Expr::IsNotDistinctFrom(left, right),
            false => Expr::IsDistinctFrom(left, right),
        });
    }
    let right = parser.parse_subexpr(precedence)?;
    let word = match &right {
        Expr::Value(word) => Some(&word.value),
        _ => None,
    };
    Ok(match (word, negated) {
        (Some(Value::Null), false) => Expr::IsNull(left),
        (Some(Value::Null), true) => Expr::IsNotNull(left),
        (Some(Value::Boolean(true)), false) => Expr::IsTrue(left),
        (Some(Value::Boolean(true)), true) => Expr::IsNotTrue(left),
        (Some(Value::Boolean(false)), false) => Expr::IsFalse(left),
        (Some(Value::Boolean(false)), true) => Expr::IsNotFalse(left),
        (_, negated) => {
            let op = if negated { BinaryOperator::IsNot } else { BinaryOperator::Is };
            Expr::BinaryOp { left, op, right: Box::new(right) }
        }
    })
}
