//! The one error of the crate, divided by who can act on it, and its rendering against the text it speaks of.

use std::fmt;
use std::io;
use std::path::PathBuf;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::{Deserialize, Serialize};

/// The result of everything here that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A stretch of query text: byte offsets from `start` up to, not including, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset behind the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Span::new(range.start, range.end)
    }
}

/// What went wrong, by who can act on it.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is not a query: the writer of the query can mend it.
    #[error("{0}")]
    Syntax(Box<Diagnostic>),
    /// The query names what does not exist or does not fit: the writer of the query can mend it.
    #[error("{0}")]
    Bind(Box<Diagnostic>),
    /// The query met a value that it cannot work with, or a record that cannot be entered.
    #[error("{0}")]
    Evaluate(Box<Diagnostic>),
    /// Another process is writing to the file.
    #[error("the database `{}` is locked: {detail}", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
        /// What holds it, as far as that can be known, and the way round.
        detail: String,
    },
    /// The file is not a database, or of a version that this program does not read.
    #[error("`{}` cannot be opened: {detail}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What was found and what was expected.
        detail: String,
    },
    /// The file is damaged. Nothing that was read from it since is to be believed.
    #[error(
        "the database is damaged: {0}; nothing in it is believed any more, put a copy in its place"
    )]
    Corrupt(String),
    /// The store refused.
    #[error("storage: {0}")]
    Storage(String),
    /// The operating system refused.
    #[error("{what}: {source}")]
    Io {
        /// What was tried, with the path.
        what: String,
        /// The system's own error.
        source: io::Error,
    },
    /// A file that was to be imported cannot be, or no further than to a line.
    #[error("`{name}`{}: {detail}", line.map(|line| format!(", line {line}")).unwrap_or_default())]
    Import {
        /// The file, and the member when it is an archive.
        name: String,
        /// The line at fault, from 1.
        line: Option<u64>,
        /// What is wrong and what to do.
        detail: String,
    },
    /// The query was cancelled.
    #[error("cancelled")]
    Cancelled,
    /// A limit was reached.
    #[error("{0}")]
    Limit(String),
}

impl Error {
    /// An I/O error with what was tried, such as ``open `x.attache` ``.
    pub(crate) fn io(what: impl Into<String>, source: io::Error) -> Self {
        Error::Io { what: what.into(), source }
    }

    /// A fault of a file that was to be imported.
    pub(crate) fn file(
        name: impl Into<String>,
        line: Option<u64>,
        detail: impl Into<String>,
    ) -> Self {
        Error::Import { name: name.into(), line, detail: detail.into() }
    }

    /// The diagnostic, when the error speaks of query text.
    pub fn diagnostic(&self) -> Option<&Diagnostic> {
        match self {
            Error::Syntax(d) | Error::Bind(d) | Error::Evaluate(d) => Some(d),
            _ => None,
        }
    }

    /// True when the text only stops too early, so that more input may complete it.
    pub fn is_incomplete(&self) -> bool {
        matches!(self, Error::Syntax(d) if d.incomplete)
    }

    /// The error as text for people: with line, column, the line itself and carets where it speaks of `source`.
    ///
    /// `origin` names the text (`query`, a file name). `color` adds terminal escapes.
    pub fn render(&self, source: &str, origin: &str, color: bool) -> String {
        if let Some(diagnostic) = self.diagnostic() {
            return diagnostic.render(source, origin, color);
        }
        let title = Level::ERROR.primary_title(visible(&self.to_string()));
        renderer(color).render(&[Group::with_title(title)])
    }
}

/// An error in query text, as data: what, where, why and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// A stable word for programs, such as `unknown-field`.
    pub code: &'static str,
    /// What is wrong, lower-case, with the user's own words in back-quotes.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What to say at that place.
    pub label: String,
    /// Other places that matter, each with its words.
    pub labels: Vec<(Span, String)>,
    /// The remedy.
    pub help: Option<String>,
    /// Replacements that would mend it, the likeliest first.
    pub fixes: Vec<Fix>,
    /// True when the text only stops too early.
    pub incomplete: bool,
}

/// A replacement of a stretch of the text that would mend an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What to replace.
    pub span: Span,
    /// What to put there.
    pub text: String,
}

impl Diagnostic {
    /// A diagnostic with a code, a message and a place.
    pub(crate) fn new(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Diagnostic {
            code,
            message: message.into(),
            span,
            label: String::new(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
            incomplete: false,
        }
    }

    /// Adds what to say at the place itself.
    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds the remedy.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a replacement.
    pub(crate) fn fix(mut self, span: Span, text: impl Into<String>) -> Self {
        self.fixes.push(Fix { span, text: text.into() });
        self
    }

    /// As a syntax error.
    pub(crate) fn syntax(self) -> Error {
        Error::Syntax(Box::new(self))
    }

    /// As an error of binding.
    pub(crate) fn bind(self) -> Error {
        Error::Bind(Box::new(self))
    }

    /// As an error of evaluation.
    pub(crate) fn evaluate(self) -> Error {
        Error::Evaluate(Box::new(self))
    }

    fn render(&self, source: &str, origin: &str, color: bool) -> String {
        let clamp = |span: Span| {
            let floor = |at: usize| {
                (0..=at.min(source.len())).rev().find(|&i| source.is_char_boundary(i)).unwrap_or(0)
            };
            let (start, end) = (floor(span.start), floor(span.end));
            start..end.max(start)
        };
        let mut snippet = Snippet::source(source)
            .path(origin)
            .annotation(AnnotationKind::Primary.span(clamp(self.span)).label(visible(&self.label)));
        for (span, text) in &self.labels {
            snippet =
                snippet.annotation(AnnotationKind::Context.span(clamp(*span)).label(visible(text)));
        }
        let mut group = Level::ERROR.primary_title(visible(&self.message)).element(snippet);
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(visible(help)));
        }
        renderer(color).render(&[group])
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if !self.label.is_empty() {
            write!(f, ": {}", self.label)?;
        }
        if let Some(help) = &self.help {
            write!(f, " ({help})")?;
        }
        Ok(())
    }
}

fn renderer(color: bool) -> Renderer {
    if color { Renderer::styled() } else { Renderer::plain() }
}

/// Control characters and direction overrides made visible, so that text from data cannot drive a terminal.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
            '\u{7f}'..='\u{9f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{200e}'
            | '\u{200f}' => '\u{fffd}',
            _ => c,
        })
        .collect()
}
