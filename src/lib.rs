//! An embedded database for diplomatic and political events, with a small query language.
mod error;
mod model;
mod parser;
mod storage;
pub use error::{Diagnostic, Error, Fix, Result, Span};

/// What the crate's own tests look into. No part of the API.
#[doc(hidden)]
pub mod internals {
    pub use crate::parser::{
        Expected, Keyword, Limits, Role, Token, TokenKind, expected_at, keywords, parse_query,
        parse_script, parse_script_limited, parse_statement, tokens,
    };
}
