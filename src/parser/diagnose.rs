//! What to say when no rule matched: told from the furthest offset, what was wanted there, and the tokens around it.

use super::expected::{Expected, list};
use super::habit;
use super::input::{Input, Limits, State};
use super::keyword::{Role, has_role, is_reserved, words_of};
use super::literal::joined_digits;
use super::token::{Token, TokenKind, tokens};
use crate::error::{Diagnostic, Span};

/// The place of an error and what surrounds it.
pub(super) struct Clues<'a> {
    pub(super) text: &'a str,
    pub(super) wanted: &'a [Expected],
    /// The tokens without blanks and comments.
    tokens: Vec<Token>,
    /// The index of the token that was not wanted; the number of tokens at the end of the text.
    found: usize,
}

impl<'a> Clues<'a> {
    fn new(text: &'a str, at: usize, wanted: &'a [Expected]) -> Self {
        let mut tokens = tokens(text);
        tokens.retain(|t| !matches!(t.kind, TokenKind::Blank | TokenKind::Comment));
        let found = tokens.partition_point(|t| t.span.end <= at);
        Clues { text, wanted, tokens, found }
    }

    /// The token so many places behind the found one, or before it.
    pub(super) fn token(&self, offset: isize) -> Option<Token> {
        self.tokens.get(self.found.checked_add_signed(offset)?).copied()
    }

    /// The text of that token, empty where there is none.
    pub(super) fn word(&self, offset: isize) -> &'a str {
        self.token(offset).map_or("", |token| self.at(token.span))
    }

    /// True when that token is the word, in whatever case.
    pub(super) fn is(&self, offset: isize, word: &str) -> bool {
        self.word(offset).eq_ignore_ascii_case(word)
    }

    /// The text of a span.
    pub(super) fn at(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// How many tokens before the found one the statement starts.
    pub(super) fn statement_start(&self) -> isize {
        let before = self.tokens.get(..self.found).unwrap_or_default();
        let length = before.iter().rev().take_while(|t| self.at(t.span) != ";").count();
        -isize::try_from(length).unwrap_or(0)
    }

    /// The number of tokens from the found one on.
    pub(super) fn end(&self) -> isize {
        isize::try_from(self.tokens.len() - self.found).unwrap_or(0)
    }

    /// True when one of these was wanted.
    pub(super) fn wants(&self, any: &[Expected]) -> bool {
        self.wanted.iter().any(|expected| any.contains(expected))
    }

    /// Where the error stands.
    pub(super) fn span(&self) -> Span {
        match (self.token(0), self.tokens.last()) {
            (Some(found), _) => found.span,
            (None, Some(last)) => Span::new(last.span.end, last.span.end),
            (None, None) => Span::new(self.text.len(), self.text.len()),
        }
    }

    /// The brackets that are open before the found token.
    fn open_brackets(&self) -> Vec<(&'a str, Span)> {
        let mut open = Vec::new();
        for token in self.tokens.get(..self.found).unwrap_or_default() {
            match self.at(token.span) {
                bracket @ ("(" | "[" | "{") => open.push((bracket, token.span)),
                ")" | "]" | "}" => {
                    open.pop();
                }
                ";" => open.clear(),
                _ => {}
            }
        }
        open
    }
}

/// The error of a text that no rule matched.
pub(super) fn diagnose(state: &State<'_>) -> Diagnostic {
    let wanted = state.wanted.borrow();
    let clues = Clues::new(state.text, state.furthest.get(), &wanted);
    if let Some(token) = clues.token(0)
        && token.kind == TokenKind::Error
        && clues.word(0).starts_with(|c: char| c.is_ascii_digit())
    {
        let state = State::new(state.text, Limits::default());
        return joined_digits(Input::new(&state).skip(token.span.start));
    }
    habit::recognize(&clues).unwrap_or_else(|| general(&clues))
}

/// `expected …, found …`, with what help there is.
fn general(clues: &Clues<'_>) -> Diagnostic {
    let Some(token) = clues.token(0) else { return at_end(clues) };
    let span = token.span;
    let word = clues.word(0);
    let expected = list(clues.wanted);
    let message = format!("expected {expected}, found `{}`", shorten(word));
    let diagnostic = Diagnostic::new("unexpected", message, span);
    let open = clues.open_brackets();
    if matches!(word, ")" | "]" | "}") && open.is_empty() {
        return Diagnostic::new("unopened", format!("`{word}` closes nothing"), span);
    }
    if matches!(token.kind, TokenKind::Name | TokenKind::Keyword) {
        let candidates = clues.wanted.iter().flat_map(Expected::words);
        if let Some(near) = nearest(word, candidates) {
            return diagnostic.help(format!("did you mean `{near}`?")).fix(span, near);
        }
    }
    if let Some(mended) = taken_for_unit(clues).or_else(|| misspelt_start(clues)) {
        return Diagnostic { message: diagnostic.message, span, ..mended };
    }
    if clues.wants(&[Expected::Symbol("|")]) && has_role(word, Role::Stage) {
        return diagnostic
            .help(format!("stages are divided by `|`: write `| {word}`"))
            .fix(Span::new(span.start, span.start), "| ");
    }
    if is_reserved(word) && wants_a_name(clues.wanted) {
        return diagnostic
            .help(format!("`{word}` is a word of the language; as a name it stands in back-quotes"))
            .fix(span, format!("`{word}`"));
    }
    let close = open.last().map(|(bracket, span)| (closing(bracket), *span));
    match close {
        Some((close, span)) if clues.wants(&[Expected::Symbol(close)]) => {
            let mut diagnostic = diagnostic;
            diagnostic.labels.push((span, "opened here".to_owned()));
            diagnostic
        }
        _ => diagnostic,
    }
}

/// The error of a text that stops too early.
fn at_end(clues: &Clues<'_>) -> Diagnostic {
    let message = format!("expected {}, found the end of the text", list(clues.wanted));
    let mut diagnostic = Diagnostic::new("unexpected-end", message, clues.span());
    diagnostic.incomplete = true;
    if let Some((bracket, span)) = clues.open_brackets().last() {
        diagnostic.labels.push((*span, "opened here".to_owned()));
        if clues.wants(&[Expected::Symbol(closing(bracket))]) {
            diagnostic.help = Some(format!("close it with `{}`", closing(bracket)));
        }
    }
    diagnostic
}

/// A misspelt first word reads as a kind, and what follows it is found to be wrong.
fn misspelt_start(clues: &Clues<'_>) -> Option<Diagnostic> {
    let start = clues.token(-1).filter(|_| clues.statement_start() == -1)?;
    let firsts = words_of(Role::Statement).chain(["events", "sequence", "together"]);
    let near = nearest(clues.word(-1), firsts)?;
    Some(remedy(format!("did you mean `{near}`?"), start.span, near))
}

/// Any word behind a number reads as what the number counts, and what follows it is found to be wrong.
fn taken_for_unit(clues: &Clues<'_>) -> Option<Diagnostic> {
    let word = clues.token(-1).filter(|t| t.kind == TokenKind::Name)?;
    clues.token(-2).filter(|t| t.kind == TokenKind::Number)?;
    let text = clues.word(-1);
    if has_role(text, Role::Stage) {
        let at = Span::new(word.span.start, word.span.start);
        return Some(remedy(format!("stages are divided by `|`: write `| {text}`"), at, "| "));
    }
    let near = nearest(text, clues.wanted.iter().flat_map(Expected::words))?;
    Some(remedy(format!("did you mean `{near}`?"), word.span, near))
}

fn remedy(help: String, span: Span, fix: &str) -> Diagnostic {
    Diagnostic::new("unexpected", "", span).help(help).fix(span, fix)
}

fn wants_a_name(wanted: &[Expected]) -> bool {
    wanted.iter().any(|expected| {
        matches!(
            expected,
            Expected::Name
                | Expected::Field
                | Expected::Kind
                | Expected::Entry
                | Expected::Value
                | Expected::Condition
                | Expected::Expression
        )
    })
}

/// The word that is most like another, if any is like it.
fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let allowed = match word.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    candidates
        .filter(|candidate| candidate.chars().all(char::is_alphabetic) && *candidate != word)
        .map(|candidate| (strsim::damerau_levenshtein(&word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn closing(bracket: &str) -> &'static str {
    match bracket {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}

/// The start of a long text.
pub(super) fn shorten(text: &str) -> String {
    const MOST: usize = 40;
    let line = text.lines().next().unwrap_or_default();
    if line.len() == text.len() && line.chars().count() <= MOST {
        return line.to_owned();
    }
    line.chars().take(MOST).chain(['…']).collect()
}
