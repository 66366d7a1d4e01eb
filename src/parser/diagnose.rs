//! What to say when no rule matched: told from the furthest offset, what was wanted there, and the tokens around it.

use super::expected::{Expected, list};
use super::habit;
use super::input::{Input, Limits, State};
use super::keyword::{Role, has_role, is_reserved, keyword_of, words_of};
use super::literal::joined_digits;
use super::token::{Token, TokenKind, tokens};
use crate::error::{Diagnostic, Fix, Span};

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
    let open = clues.open_brackets();
    if matches!(word, ")" | "]" | "}") && open.is_empty() {
        return Diagnostic::new("unopened", format!("`{word}` closes nothing"), span);
    }
    if let Some(diagnostic) = taken_for_unit(clues) {
        return diagnostic;
    }
    let mut diagnostic = unexpected(clues, word, span);
    if let Some((help, fix)) = remedy(clues, word, span) {
        diagnostic = diagnostic.help(help).fix(fix.span, fix.text);
    } else if let Some((start, near)) = misspelt_start(clues) {
        diagnostic = diagnostic.help(format!("did you mean `{near}`?")).fix(start, near);
        diagnostic.labels.push((start, "read as a kind of event".to_owned()));
    } else if let Some((bracket, span)) = open.last()
        && clues.wants(&[Expected::Symbol(closing(bracket))])
    {
        diagnostic.labels.push((*span, "opened here".to_owned()));
    }
    diagnostic
}

fn unexpected(clues: &Clues<'_>, word: &str, span: Span) -> Diagnostic {
    let message = format!("expected {}, found `{}`", list(&shown(clues)), shorten(word));
    Diagnostic::new("unexpected", message, span)
}

/// What was wanted, without what a query goes on with where a statement was meant: its first word reads as a kind too.
fn shown(clues: &Clues<'_>) -> Vec<Expected> {
    let mut shown = clues.wanted.to_vec();
    if clues.statement_start() == -1 && has_role(clues.word(-1), Role::Statement) {
        shown.retain(|expected| {
            !matches!(
                expected,
                Expected::Keyword("where" | "as")
                    | Expected::Symbol("|" | ";")
                    | Expected::Dyad
                    | Expected::End
            )
        });
    }
    if shown.is_empty() { clues.wanted.to_vec() } else { shown }
}

/// What would mend it at the found token.
fn remedy(clues: &Clues<'_>, word: &str, span: Span) -> Option<(String, Fix)> {
    let fix = |span, text: &str| Fix { span, text: text.to_owned() };
    let here = Span::new(span.start, span.start);
    if keyword_of(word).is_none()
        && let Some(near) = nearest(word, clues.wanted.iter().flat_map(Expected::words))
    {
        return Some((format!("did you mean `{near}`?"), fix(span, near)));
    }
    if clues.wants(&[Expected::Symbol("|")]) && has_role(word, Role::Stage) {
        return Some((format!("stages are divided by `|`: write `| {word}`"), fix(here, "| ")));
    }
    if clues.wants(&[Expected::Statement, Expected::Query]) && has_role(word, Role::Stage) {
        let help = format!("a query starts with what it looks through: write `events {word} …`");
        return Some((help, fix(here, "events ")));
    }
    if word == "and" && clues.wants(&[Expected::Keyword("where")]) {
        return Some(("conditions begin behind `where`".to_owned(), fix(span, "where")));
    }
    if word == "=" && clues.wants(&[Expected::Symbol(":")]) {
        return Some((
            "in a record, a `:` stands between name and value".to_owned(),
            fix(span, ":"),
        ));
    }
    let is_name = clues.token(0).is_some_and(|token| token.kind == TokenKind::Name);
    if is_name && clues.wants(&[Expected::Party, Expected::Text, Expected::String]) {
        // The name of a file goes on where a name ends.
        let rest = clues.text.get(span.start..).unwrap_or_default();
        let file = rest.find(|c: char| c.is_whitespace() || "();|,".contains(c));
        let end = if word.starts_with('`') { None } else { file.or(Some(rest.len())) };
        let span = Span::new(span.start, end.map_or(span.end, |end| span.start + end));
        let quoted = format!("\"{}\"", clues.at(span).trim_matches('`'));
        return Some((format!("write `{}`", shorten(&quoted)), fix(span, &quoted)));
    }
    if is_reserved(word) && wants_a_name(clues.wanted) {
        let help =
            format!("`{word}` is a word of the language; as a name it stands in back-quotes");
        return Some((help, fix(span, &format!("`{word}`"))));
    }
    None
}

/// The error of a text that stops too early.
fn at_end(clues: &Clues<'_>) -> Diagnostic {
    let message = format!("expected {}, found the end of the text", list(&shown(clues)));
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
fn misspelt_start(clues: &Clues<'_>) -> Option<(Span, &'static str)> {
    let start = clues.token(-1).filter(|_| clues.statement_start() == -1)?;
    if keyword_of(clues.word(-1)).is_some() {
        return None;
    }
    let firsts = words_of(Role::Statement).chain(["events", "sequence", "together"]);
    Some((start.span, nearest(clues.word(-1), firsts)?))
}

/// Any word behind a number reads as what the number counts, and what follows it is found to be wrong.
fn taken_for_unit(clues: &Clues<'_>) -> Option<Diagnostic> {
    let span = clues.token(-1).filter(|t| t.kind == TokenKind::Name)?.span;
    clues.token(-2).filter(|t| t.kind == TokenKind::Number)?;
    let word = clues.word(-1);
    let diagnostic = unexpected(clues, word, span);
    if has_role(word, Role::Stage) {
        let at = Span::new(span.start, span.start);
        let help = format!("stages are divided by `|`: write `| {word}`");
        return Some(diagnostic.help(help).fix(at, "| "));
    }
    let near = nearest(word, clues.wanted.iter().flat_map(Expected::words))?;
    Some(diagnostic.help(format!("did you mean `{near}`?")).fix(span, near))
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
                | Expected::Operand
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

/// The start of a long text, for a message.
fn shorten(text: &str) -> String {
    shortened(text, 40)
}

/// The first line of a text, as many characters as given at most.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.len() == text.len() && line.chars().count() <= most {
        return line.to_owned();
    }
    line.chars().take(most).chain(['…']).collect()
}
