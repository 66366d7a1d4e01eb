//! What an answer has to say besides its rows.

/// Something that an answer has to say besides its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// A stable word for programs: `possible`, `ambiguous`, `status`, `under`, `state`, `mirrored`, `truncated` …
    pub code: &'static str,
    /// The words for people.
    pub text: String,
}

impl Notice {
    /// A notice.
    pub(crate) fn new(code: &'static str, text: impl Into<String>) -> Self {
        Notice { code, text: text.into() }
    }
}
