//! What the grammars of both dialects leave to sqlparser's own.

use sqlparser::parser::ParserError;

/// What is read of tokens.
pub(super) type Read<T> = Result<T, ParserError>;

/// Methods of a grammar that are as those of its field.
macro_rules! as_they_are {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $result:ty;)*) => {
        $(fn $name(&self, $($argument: $kind),*) -> $result {
            self.0.$name($($argument),*)
        })*
    };
}

pub(super) use as_they_are;
