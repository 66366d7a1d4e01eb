//! A phrase as words, numbers and the marks between them.

use crate::model::Days;

/// A piece of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A word, in lower case.
    Word(String),
    /// A number with as many digits; `14th` is an ordinal.
    Number { value: i64, digits: usize, ordinal: bool },
    /// `1990s`, as its first year; a `90s` has two digits.
    Decade { value: i64, digits: usize },
    /// Days that words of relation came to: `last week`.
    Span(Days),
    /// `-`, or a dash of any length.
    Dash,
    /// `/`
    Slash,
    /// `..`
    Dots,
}

impl Token {
    /// A year of four digits.
    pub(super) fn year(value: i64) -> Token {
        Token::Number { value, digits: 4, ordinal: false }
    }

    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// The tokens of a phrase; none where it has a character that no phrase has. Commas and full stops go.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let text = text.to_lowercase();
    let mut rest = text.as_str();
    let mut found = Vec::new();
    while let Some(c) = rest.chars().next() {
        let (token, length) = match c {
            _ if c.is_whitespace() || c == ',' => (None, c.len_utf8()),
            '.' if rest.starts_with("..") => (Some(Token::Dots), 2),
            '.' => (None, 1),
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => (Some(Token::Dash), c.len_utf8()),
            '/' => (Some(Token::Slash), 1),
            '~' | '?' => (Some(Token::Word(c.to_string())), 1),
            _ if c.is_ascii_digit() => {
                let (token, length) = number(rest)?;
                (Some(token), length)
            }
            _ if c.is_alphabetic() => {
                let length = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
                (Some(Token::Word(rest.get(..length)?.to_owned())), length)
            }
            _ => return None,
        };
        found.extend(token);
        rest = rest.get(length..)?;
    }
    Some(found)
}

/// `14`, `14th`, `1990s`, `1990's`, with its length.
fn number(text: &str) -> Option<(Token, usize)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let value: i64 = text.get(..digits)?.parse().ok()?;
    let after = text.get(digits..)?;
    let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
    let plain = (Token::Number { value, digits, ordinal: false }, digits);
    Some(match after.get(..letters)? {
        "st" | "nd" | "rd" | "th" => {
            (Token::Number { value, digits, ordinal: true }, digits + letters)
        }
        "s" => (Token::Decade { value, digits }, digits + 1),
        "" if after.starts_with("'s") => (Token::Decade { value, digits }, digits + 2),
        "" if after.starts_with("\u{2019}s") => {
            (Token::Decade { value, digits }, digits + "\u{2019}s".len())
        }
        _ => plain,
    })
}
