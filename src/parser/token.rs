//! Text to coloured pieces: every byte belongs to a token, and no text is refused.

use super::input::{Input, Limits, Parsed, State};
use super::keyword::{Keyword, Role, keyword_of};
use super::lexeme::{comment, is_name_start, param_lexeme, plain, quoted};
use super::literal::{date_lexeme, edtf_lexeme, joined_digits, number_lexeme};
use super::text::string_lexeme;
use crate::error::Span;

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Its place.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
}

/// What a piece of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A word of the language, where it means something.
    Keyword,
    /// A name.
    Name,
    /// A string.
    String,
    /// A number.
    Number,
    /// A date.
    Date,
    /// `$name`
    Parameter,
    /// An operator.
    Operator,
    /// A bracket, a comma, a pipe …
    Punctuation,
    /// A comment.
    Comment,
    /// Blanks.
    Blank,
    /// What the language does not know.
    Error,
}

const SIGNS: &[(&str, TokenKind)] = &[
    ("!==", TokenKind::Operator),
    ("&&", TokenKind::Error),
    ("||", TokenKind::Error),
    ("<>", TokenKind::Error),
    ("==", TokenKind::Operator),
    ("!=", TokenKind::Operator),
    ("!~", TokenKind::Operator),
    ("<=", TokenKind::Operator),
    (">=", TokenKind::Operator),
    ("??", TokenKind::Operator),
    ("..", TokenKind::Operator),
];

/// The tokens of a text: they follow each other without a gap, from its start to its end.
pub fn tokens(text: &str) -> Vec<Token> {
    let state = State::new(text, Limits::default());
    let mut lexer = Lexer { previous: None, before: Before::Start, adjacent_dot: false };
    let mut tokens = Vec::new();
    let mut input = Input::new(&state);
    while let Some(first) = input.peek() {
        let (kind, length) = lexer.next(input, first);
        let end = input.skip(length.max(first.len_utf8()));
        let span = input.span_to(&end);
        tokens.push(Token { span, kind });
        lexer.follow(kind, text.get(span.start..span.end).unwrap_or_default());
        input = end;
    }
    tokens
}

/// What stands before the next token, blanks and comments left out.
enum Before {
    /// A statement starts here.
    Start,
    /// `|`
    Pipe,
    Number,
    /// What a value may end with.
    Operand,
    Other,
}

struct Lexer<'a> {
    /// The word before, if a word is what stands before.
    previous: Option<&'a str>,
    before: Before,
    /// A `.` stands right before.
    adjacent_dot: bool,
}

impl<'a> Lexer<'a> {
    fn next(&self, input: Input<'a>, first: char) -> (TokenKind, usize) {
        let rest = input.rest;
        let line = || rest.find('\n').unwrap_or(rest.len());
        match first {
            c if c.is_whitespace() => {
                let end = rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
                (TokenKind::Blank, end)
            }
            '/' if rest.starts_with("//") || rest.starts_with("/*") => {
                lexeme(input, TokenKind::Comment, &comment(input), rest.len())
            }
            '#' if rest.starts_with("#!") && matches!(self.before, Before::Start) => {
                (TokenKind::Comment, line())
            }
            '"' | '\'' => {
                lexeme(input, TokenKind::String, &string_lexeme(input), open_string(rest))
            }
            'r' if rest.starts_with("r\"") => {
                lexeme(input, TokenKind::String, &string_lexeme(input), rest.len())
            }
            '`' => lexeme(input, TokenKind::Name, &quoted(input), line()),
            '$' => lexeme(input, TokenKind::Parameter, &param_lexeme(input), 1),
            '@' => {
                let open = rest.starts_with("@[") || rest.starts_with("@{");
                let bad = if open { line() } else { 1 };
                lexeme(input, TokenKind::Date, &edtf_lexeme(input), bad)
            }
            c if c.is_ascii_digit() => {
                if let Ok((end, _)) = date_lexeme(input) {
                    return (TokenKind::Date, end.at - input.at);
                }
                if let Ok((end, _)) = number_lexeme(input) {
                    return (TokenKind::Number, end.at - input.at);
                }
                let bad = joined_digits(input).span;
                (TokenKind::Error, bad.end - bad.start)
            }
            c if is_name_start(c) => {
                let length = plain(input).map_or(0, |(_, word)| word.len());
                let (word, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
                (self.word(word, behind), length)
            }
            _ => match SIGNS.iter().find(|(signs, _)| rest.starts_with(signs)) {
                Some((signs, kind)) => (*kind, signs.len()),
                None => match first {
                    '=' | '<' | '>' | '~' | '+' | '-' | '*' | '/' | '%' | '?' => {
                        (TokenKind::Operator, 1)
                    }
                    '(' | ')' | '[' | ']' | '{' | '}' | ',' | ';' | ':' | '.' | '|' => {
                        (TokenKind::Punctuation, 1)
                    }
                    other => (TokenKind::Error, other.len_utf8()),
                },
            },
        }
    }

    /// A word is a keyword where it can mean something, else a name.
    fn word(&self, word: &str, behind: &str) -> TokenKind {
        let names_field = self.adjacent_dot
            || behind.trim_start().starts_with(':') && !matches!(self.before, Before::Start);
        match keyword_of(word) {
            Some(keyword) if !names_field && self.means(keyword) => TokenKind::Keyword,
            _ => TokenKind::Name,
        }
    }

    fn means(&self, keyword: &Keyword) -> bool {
        keyword.roles.iter().any(|role| match role {
            Role::Reserved => true,
            Role::Statement => matches!(self.before, Before::Start),
            Role::Stage => matches!(self.before, Before::Pipe),
            Role::Unit | Role::Scale => matches!(self.before, Before::Number),
            Role::Context => keyword.after.iter().any(|after| match (*after, self.previous) {
                ("", _) => matches!(self.before, Before::Operand | Before::Number),
                (after, Some(previous)) => after.eq_ignore_ascii_case(previous),
                (_, None) => false,
            }),
            Role::Part => false,
        })
    }

    fn follow(&mut self, kind: TokenKind, text: &'a str) {
        self.adjacent_dot = text == ".";
        if matches!(kind, TokenKind::Blank | TokenKind::Comment) {
            return;
        }
        let word = matches!(kind, TokenKind::Keyword | TokenKind::Name).then_some(text);
        self.previous = word;
        self.before = match (kind, text) {
            (TokenKind::Punctuation, ";") => Before::Start,
            (TokenKind::Punctuation, "|") => Before::Pipe,
            (TokenKind::Keyword, word)
                if word.eq_ignore_ascii_case("explain") || word.eq_ignore_ascii_case("analyze") =>
            {
                Before::Start
            }
            (TokenKind::Number, _) => Before::Number,
            (TokenKind::Name | TokenKind::String | TokenKind::Date | TokenKind::Parameter, _) => {
                Before::Operand
            }
            _ => Before::Other,
        };
    }
}

fn lexeme<T>(
    input: Input<'_>,
    kind: TokenKind,
    parsed: &Parsed<'_, T>,
    bad: usize,
) -> (TokenKind, usize) {
    match parsed {
        Ok((end, _)) => (kind, end.at - input.at),
        Err(_) => (TokenKind::Error, bad),
    }
}

/// How far a string goes that is not closed or has a bad escape.
fn open_string(rest: &str) -> usize {
    if rest.starts_with("\"\"\"") {
        return rest.len();
    }
    let mut chars = rest.char_indices();
    let quote = chars.next().map(|(_, quote)| quote);
    while let Some((at, c)) = chars.next() {
        if c == '\n' {
            return at;
        }
        if c == '\\' {
            match chars.next() {
                Some((at, '\n')) => return at,
                _ => continue,
            }
        }
        if Some(c) == quote {
            return at + c.len_utf8();
        }
    }
    rest.len()
}

/// The text before the word or path that an offset touches, or before the offset where it touches none.
pub(super) fn before_word(text: &str, cursor: usize) -> &str {
    let cursor = (0..=cursor.min(text.len())).rev().find(|&i| text.is_char_boundary(i));
    let before = text.get(..cursor.unwrap_or(0)).unwrap_or_default();
    let mut tokens = tokens(before);
    let mut start = before.len();
    if let Some(last) = tokens.pop() {
        match last.kind {
            TokenKind::Keyword
            | TokenKind::Name
            | TokenKind::Number
            | TokenKind::Date
            | TokenKind::Parameter
            | TokenKind::Error => start = last.span.start,
            TokenKind::Punctuation if before.ends_with('.') => tokens.push(last),
            _ => return before,
        }
    }
    // The rest of a path goes with its last name.
    while before.get(..start).is_some_and(|b| b.ends_with('.')) {
        tokens.pop();
        match tokens.pop() {
            Some(name) if matches!(name.kind, TokenKind::Name | TokenKind::Keyword) => {
                start = name.span.start;
            }
            _ => break,
        }
    }
    before.get(..start).unwrap_or_default()
}
