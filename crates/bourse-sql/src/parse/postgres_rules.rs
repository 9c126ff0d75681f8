//! The ranks of PostgreSQL's operators, and everything else of its grammar as sqlparser has it.
//!
//! | rank | operators |
//! |---|---|
//! | 100 | `^` |
//! | 90 | `*`, `/`, `%` |
//! | 80 | `+`, `-` |
//! | 70 | all others, `~` of regular expressions and those before an operand among them |
//! | 60 | BETWEEN, IN, LIKE |
//! | 50 | `<`, `>`, `=`, `<=`, `>=`, `<>` |
//!
//! Those of one rank are taken from the left. So `~1 + 1` is `~(1 + 1)`.

use std::any::TypeId;

use sqlparser::ast::helpers::attached_token::AttachedToken;
use sqlparser::ast::{Expr, ObjectName, UnaryOperator};
use sqlparser::dialect::{BindPlaceholderStyle, Dialect, PostgreSqlDialect, Precedence};
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::delegated::{Read, as_they_are};

/// PostgreSQL's grammar.
#[derive(Debug, Default)]
pub(super) struct PostgresRules(PostgreSqlDialect);

/// Words that are labels of columns behind AS alone; END too, which else ends no CASE.
const NEED_AS: [Keyword; 38] = [
    Keyword::ARRAY,
    Keyword::AS,
    Keyword::CHAR,
    Keyword::CHARACTER,
    Keyword::CREATE,
    Keyword::DAY,
    Keyword::END,
    Keyword::EXCEPT,
    Keyword::FETCH,
    Keyword::FILTER,
    Keyword::FOR,
    Keyword::FROM,
    Keyword::GRANT,
    Keyword::GROUP,
    Keyword::HAVING,
    Keyword::HOUR,
    Keyword::INTERSECT,
    Keyword::INTO,
    Keyword::LIMIT,
    Keyword::MINUTE,
    Keyword::MONTH,
    Keyword::NOTNULL,
    Keyword::OFFSET,
    Keyword::ON,
    Keyword::ORDER,
    Keyword::OVER,
    Keyword::OVERLAPS,
    Keyword::PRECISION,
    Keyword::RETURNING,
    Keyword::SECOND,
    Keyword::TO,
    Keyword::UNION,
    Keyword::VARYING,
    Keyword::WHERE,
    Keyword::WINDOW,
    Keyword::WITH,
    Keyword::WITHIN,
    Keyword::YEAR,
];

/// `(relation).*`, which is `relation.*`.
fn row_of_name(parser: &mut Parser<'_>) -> Read<Expr> {
    parser.advance_token();
    let name = parser.parse_identifier()?;
    parser.advance_token();
    parser.advance_token();
    let star = parser.next_token();
    Ok(Expr::QualifiedWildcard(ObjectName::from(vec![name]), AttachedToken(star)))
}

impl Dialect for PostgresRules {
    // What sqlparser asks of PostgreSqlDialect by its type it asks of this one too.
    fn dialect(&self) -> TypeId {
        self.0.dialect()
    }

    fn get_next_precedence(&self, parser: &Parser<'_>) -> Option<Read<u8>> {
        let is_other = match &parser.peek_token_ref().token {
            Token::Tilde
            | Token::TildeAsterisk
            | Token::ExclamationMarkTilde
            | Token::ExclamationMarkTildeAsterisk
            | Token::DoubleTilde
            | Token::DoubleTildeAsterisk
            | Token::ExclamationMarkDoubleTilde
            | Token::ExclamationMarkDoubleTildeAsterisk => true,
            Token::Word(word) => {
                word.keyword == Keyword::OPERATOR
                    && parser.peek_nth_token_ref(1).token == Token::LParen
            }
            _ => false,
        };
        match is_other {
            true => Some(Ok(self.prec_value(Precedence::PgOther))),
            false => self.0.get_next_precedence(parser),
        }
    }

    fn parse_prefix(&self, parser: &mut Parser<'_>) -> Option<Read<Expr>> {
        let all_of_row = [Token::RParen, Token::Period, Token::Mul];
        let is_row = parser.peek_token_ref().token == Token::LParen
            && matches!(parser.peek_nth_token_ref(1).token, Token::Word(_))
            && (2..)
                .zip(&all_of_row)
                .all(|(at, token)| parser.peek_nth_token_ref(at).token == *token);
        if is_row {
            return Some(row_of_name(parser));
        }
        let op = match parser.peek_token_ref().token {
            Token::Tilde => UnaryOperator::BitwiseNot,
            Token::AtSign => UnaryOperator::PGAbs,
            Token::PGSquareRoot => UnaryOperator::PGSquareRoot,
            Token::PGCubeRoot => UnaryOperator::PGCubeRoot,
            Token::DoubleExclamationMark => UnaryOperator::PGPrefixFactorial,
            _ => return self.0.parse_prefix(parser),
        };
        parser.advance_token();
        let operand = parser.parse_subexpr(self.prec_value(Precedence::PgOther));
        Some(operand.map(|operand| Expr::UnaryOp { op, expr: Box::new(operand) }))
    }

    // A label without AS may be any word but these.
    fn is_column_alias(&self, word: &Keyword, _: &mut Parser<'_>) -> bool {
        !NEED_AS.contains(word)
    }

    fn is_table_alias(&self, word: &Keyword, parser: &mut Parser<'_>) -> bool {
        matches!(word, Keyword::CLUSTER | Keyword::EXPLAIN | Keyword::START | Keyword::VIEW)
            || self.0.is_table_alias(word, parser)
    }

    as_they_are! {
        supports_cte_materialization() -> bool;
        identifier_quote_style(name: &str) -> Option<char>;
        ordered_bind_placeholder_style() -> Option<BindPlaceholderStyle>;
        is_delimited_identifier_start(letter: char) -> bool;
        is_identifier_start(letter: char) -> bool;
        is_identifier_part(letter: char) -> bool;
        supports_unicode_string_literal() -> bool;
        is_reserved_for_identifier(word: Keyword) -> bool;
        supports_string_literal_column_alias(is_explicit: bool) -> bool;
        supports_string_literal_table_alias(is_explicit: bool) -> bool;
        is_custom_operator_part(letter: char) -> bool;
        supports_filter_during_aggregation() -> bool;
        supports_group_by_expr() -> bool;
        supports_drop_group() -> bool;
        supports_alter_user_as_alter_role() -> bool;
        supports_create_group() -> bool;
        supports_create_role_if_not_exists() -> bool;
        prec_value(precedence: Precedence) -> u8;
        allow_extract_custom() -> bool;
        allow_extract_single_quotes() -> bool;
        supports_create_index_with_clause() -> bool;
        supports_sql_option_without_value() -> bool;
        supports_explain_with_utility_options() -> bool;
        supports_listen_notify() -> bool;
        supports_exclude_constraint() -> bool;
        supports_factorial_operator() -> bool;
        supports_bitwise_shift_operators() -> bool;
        supports_tilde_like_match_operator() -> bool;
        supports_comparison_in_between_low_bound() -> bool;
        supports_comment_on() -> bool;
        supports_load_extension() -> bool;
        supports_named_fn_args_with_colon_operator() -> bool;
        supports_named_fn_args_with_expr_name() -> bool;
        supports_named_fn_args_with_assignment_operator() -> bool;
        supports_empty_projections() -> bool;
        supports_nested_comments() -> bool;
        supports_copy_from_stdin_data() -> bool;
        supports_string_escape_constant() -> bool;
        supports_numeric_literal_underscores() -> bool;
        supports_non_decimal_integer_literals() -> bool;
        supports_array_typedef_with_brackets() -> bool;
        supports_geometric_types() -> bool;
        supports_order_by_using_operator() -> bool;
        supports_set_names() -> bool;
        supports_alter_column_type_using() -> bool;
        supports_left_associative_joins_without_parens() -> bool;
        supports_notnull_operator() -> bool;
        supports_interval_options() -> bool;
        is_interval_qualifier(word: Keyword) -> bool;
        supports_insert_table_alias() -> bool;
        supports_create_table_like_parenthesized() -> bool;
        supports_select_wildcard_with_alias() -> bool;
        supports_comma_separated_trim() -> bool;
        supports_xml_expressions() -> bool;
        is_custom_type_typed_string(first: Keyword, is_qualified: bool) -> bool;
        supports_aliased_function_args() -> bool;
        supports_comment_optimizer_hint() -> bool;
        supports_add_column_if_not_exists() -> bool;
        supports_attach_partition_of() -> bool;
        supports_detach_partition_of() -> bool;
        supports_table_inheritance_markers() -> bool;
        supports_column_generic_options() -> bool;
    }
}
