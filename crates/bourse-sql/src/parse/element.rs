//! Changes of elements, `SET a[1] = x`, which sqlparser does not take: they become `SET a = f(x,
//! subscripts)`, a call by a name that none can write.
//!
//! A subscript is two arguments, or three: 1 and an index, or 2 and the bounds of a slice, which
//! are NULL where they are not said.

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::cursor::is_word;
use super::rewrite::{keyword, mark};

/// The name of the call.
pub const ELEMENT: &str = "\0with element";

/// The tokens of a statement with such changes in the other form.
pub(super) fn plain(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let has = |word: &str| tokens.iter().any(|token| is_word(token, word));
    let opens = tokens.iter().any(|token| token.token == Token::LBracket);
    if !opens || !has("update") || !has("set") {
        return tokens;
    }
    let mut plain = Vec::with_capacity(tokens.len());
    let mut depth = 0_usize;
    // The depth of the SET list that is open.
    let mut list: Option<usize> = None;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let begins = list == Some(depth)
            && at > 0
            && (is_word(&tokens[at - 1], "set") || tokens[at - 1].token == Token::Comma);
        if begins && let Some(target) = target(&tokens, at) {
            let end = value_end(&tokens, target.value);
            let span = token.span;
            let with_span = |token: Token| TokenWithSpan { token, span };
            plain.push(token.clone());
            plain.push(with_span(Token::Eq));
            plain.push(mark(ELEMENT, span));
            plain.push(with_span(Token::LParen));
            plain.extend_from_slice(&tokens[target.value..end]);
            plain.extend(target.arguments);
            plain.push(with_span(Token::RParen));
            at = end;
            continue;
        }
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => {
                depth = depth.saturating_sub(1);
                list = list.filter(|open| *open <= depth);
            }
            Token::Word(_) if is_word(token, "set") => list = Some(depth),
            Token::Word(_) if list == Some(depth) && ends(&tokens, at) => list = None,
            _ => {}
        }
        plain.push(token.clone());
        at += 1;
    }
    plain
}

/// Whether a word ends a SET list.
fn ends(tokens: &[TokenWithSpan], at: usize) -> bool {
    let words = ["where", "from", "returning", "when"];
    let is_operator = at > 0 && is_word(&tokens[at - 1], "distinct");
    !is_operator && words.iter().any(|word| is_word(&tokens[at], word))
}

struct Target {
    /// Where the value begins.
    value: usize,
    /// The subscripts as arguments, each with a comma before it.
    arguments: Vec<TokenWithSpan>,
}

/// A target with subscripts, if one begins there.
fn target(tokens: &[TokenWithSpan], at: usize) -> Option<Target> {
    if !matches!(tokens[at].token, Token::Word(_)) {
        return None;
    }
    let mut arguments = Vec::new();
    let mut at = at + 1;
    while tokens.get(at)?.token == Token::LBracket {
        let (mut depth, mut colon, begin) = (1_usize, None, at + 1);
        while depth > 0 {
            at += 1;
            match tokens.get(at)?.token {
                Token::LBracket | Token::LParen => depth += 1,
                Token::RBracket | Token::RParen => depth -= 1,
                Token::Colon if depth == 1 => colon = Some(at),
                _ => {}
            }
        }
        let span = tokens[at].span;
        let mut argument = |part: &[TokenWithSpan]| {
            arguments.push(TokenWithSpan { token: Token::Comma, span });
            match part.is_empty() {
                true => arguments.push(keyword("NULL", span)),
                false => arguments.extend_from_slice(part),
            }
        };
        let number =
            |digit: &str| [TokenWithSpan { token: Token::Number(digit.to_owned(), false), span }];
        match colon {
            None if begin == at => return None,
            None => {
                argument(&number("1"));
                argument(&tokens[begin..at]);
            }
            Some(colon) => {
                argument(&number("2"));
                argument(&tokens[begin..colon]);
                argument(&tokens[colon + 1..at]);
            }
        }
        at += 1;
    }
    let is_assigned = tokens.get(at)?.token == Token::Eq && !arguments.is_empty();
    is_assigned.then_some(Target { value: at + 1, arguments })
}

/// The place behind a value.
fn value_end(tokens: &[TokenWithSpan], begin: usize) -> usize {
    // A WHEN of a CASE that is open does not end a value.
    let (mut depth, mut cases, mut ended) = (0_usize, 0_usize, 0_usize);
    for at in begin..tokens.len() {
        match tokens[at].token {
            Token::LParen | Token::LBracket => depth += 1,
            Token::RParen | Token::RBracket if depth == 0 => return at,
            Token::RParen | Token::RBracket => depth -= 1,
            Token::Comma if depth == 0 => return at,
            Token::Word(_) if depth == 0 && ends(tokens, at) && cases <= ended => return at,
            Token::Word(_) => {
                cases += usize::from(is_word(&tokens[at], "case"));
                ended += usize::from(is_word(&tokens[at], "end"));
            }
            _ => {}
        }
    }
    tokens.len()
}
