//! Words that sqlparser takes for others than PostgreSQL does.
//!
//! | written | becomes |
//! |---|---|
//! | words of other dialects, as `top` | names |
//! | `rows` as a column before `FROM (SELECT ...` | a name in quotes |
//! | `f(relation.*)` | `f(relation)`, which is the same row |

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::cursor::is_word;
use super::rewrite::make_name;

/// Words that mean something to sqlparser, and to PostgreSQL nothing.
const NAMES: [Keyword; 23] = [
    Keyword::ANTI,
    Keyword::ASOF,
    Keyword::CONNECT,
    Keyword::DISTRIBUTE,
    Keyword::DIV,
    Keyword::FORMAT,
    Keyword::MATCH_CONDITION,
    Keyword::MATCH_RECOGNIZE,
    Keyword::MINUS,
    Keyword::OPEN,
    Keyword::PIVOT,
    Keyword::PREWHERE,
    Keyword::QUALIFY,
    Keyword::REGEXP,
    Keyword::RLIKE,
    Keyword::SAMPLE,
    Keyword::SEMI,
    Keyword::SETTINGS,
    Keyword::SORT,
    Keyword::TOP,
    Keyword::UNPIVOT,
    Keyword::XOR,
    Keyword::GLOBAL,
];

/// The tokens of a statement with these words as PostgreSQL means them.
pub(super) fn plain(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut plain: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    let mut rest = tokens.into_iter().peekable();
    while let Some(mut token) = rest.next() {
        let mut ends_call = || rest.peek().is_some_and(|next| next.token == Token::RParen);
        if token.token == Token::Mul && ends_row_argument(&plain) && ends_call() {
            plain.pop();
            continue;
        }
        if begins_query(&token) {
            name_rows(&mut plain);
        }
        let is_made = plain.last().is_some_and(|before| is_word(before, "create"));
        if !is_made {
            make_name(&mut token, &NAMES);
        }
        plain.push(token);
    }
    plain
}

/// Whether the tokens end in `f(relation.` with the name of a function that takes the row as one
/// argument.
fn ends_row_argument(tokens: &[TokenWithSpan]) -> bool {
    let [.., name, opens, relation, period] = tokens else { return false };
    let is_name = |token: &TokenWithSpan| matches!(token.token, Token::Word(_));
    is_name(name)
        && opens.token == Token::LParen
        && is_name(relation)
        && period.token == Token::Period
        && !["row", "in", "values", "any", "all"].iter().any(|word| is_word(name, word))
}

/// Whether a word begins a query in parentheses.
fn begins_query(token: &TokenWithSpan) -> bool {
    ["select", "with", "values", "table"].iter().any(|word| is_word(token, word))
}

/// Puts the column of `rows FROM ((` in quotes: what follows is a query, not functions.
fn name_rows(tokens: &mut [TokenWithSpan]) {
    let open = tokens.iter().rev().take_while(|token| token.token == Token::LParen).count();
    let Some(from) = tokens.len().checked_sub(open + 1).filter(|_| open > 0) else { return };
    if !is_word(&tokens[from], "from") {
        return;
    }
    if let Some(rows) = from.checked_sub(1).map(|at| &mut tokens[at])
        && is_word(rows, "rows")
        && let Token::Word(word) = &mut rows.token
    {
        word.quote_style = Some('"');
        word.keyword = Keyword::NoKeyword;
        word.value = word.value.to_lowercase();
    }
}
