//! The words of the language, in one table for the parser, the highlighter and the completer.

/// What a word is good for. A word may have several roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Never a name, unless in back-quotes.
    Reserved,
    /// Starts a statement.
    Statement,
    /// Starts a stage of a pipeline.
    Stage,
    /// Means something only behind the words of the second field of its [`Keyword`].
    Context,
    /// A unit of time behind a whole number.
    Unit,
    /// A power of a thousand behind a number.
    Scale,
    /// A part of a year behind `2015-`.
    Part,
}

/// A word of the language.
#[derive(Debug, Clone, Copy)]
pub struct Keyword {
    /// The word, in lower case.
    pub word: &'static str,
    /// What it is good for.
    pub roles: &'static [Role],
    /// For words that mean something only in their place: the words they may stand behind, `""` for any.
    pub after: &'static [&'static str],
}

use Role::{Context, Part, Reserved, Scale, Stage, Statement, Unit};

const fn word(word: &'static str, roles: &'static [Role]) -> Keyword {
    Keyword { word, roles, after: &[] }
}

const fn context(word: &'static str, after: &'static [&'static str]) -> Keyword {
    Keyword { word, roles: &[Context], after }
}

const CATALOG: &[&str] = &["define", "drop", "update"];
const SHOW: &[&str] = &["show"];

/// All words, by role and then by letter.
const KEYWORDS: &[Keyword] = &[
    word("add", &[Reserved]),
    word("after", &[Reserved]),
    word("and", &[Reserved]),
    word("as", &[Reserved]),
    word("asc", &[Reserved]),
    word("because", &[Reserved]),
    word("before", &[Reserved]),
    word("between", &[Reserved]),
    word("by", &[Reserved]),
    word("desc", &[Reserved]),
    word("during", &[Reserved]),
    word("events", &[Reserved]),
    word("false", &[Reserved]),
    word("fill", &[Reserved]),
    word("from", &[Reserved]),
    word("in", &[Reserved]),
    word("involving", &[Reserved]),
    word("is", &[Reserved]),
    word("like", &[Reserved]),
    word("matches", &[Reserved]),
    word("maybe", &[Reserved]),
    word("no", &[Reserved]),
    word("not", &[Reserved]),
    word("null", &[Reserved]),
    word("nulls", &[Reserved]),
    word("or", &[Reserved]),
    word("overlaps", &[Reserved]),
    word("remove", &[Reserved]),
    word("sequence", &[Reserved]),
    word("set", &[Reserved]),
    word("spread", &[Reserved]),
    word("times", &[Reserved]),
    word("to", &[Reserved]),
    word("together", &[Reserved]),
    word("true", &[Reserved]),
    word("under", &[Reserved]),
    word("unset", &[Reserved]),
    word("until", &[Reserved]),
    word("where", &[Reserved, Stage]),
    word("within", &[Reserved]),
    // Statements.
    word("define", &[Statement]),
    word("delete", &[Statement]),
    word("drop", &[Statement, Stage]),
    word("explain", &[Statement]),
    word("export", &[Statement]),
    word("import", &[Statement]),
    word("insert", &[Statement]),
    word("let", &[Statement]),
    word("param", &[Statement]),
    word("show", &[Statement]),
    word("update", &[Statement]),
    // Stages.
    word("count", &[Stage]),
    word("derive", &[Stage]),
    word("distinct", &[Stage]),
    word("dyads", &[Stage]),
    word("explode", &[Stage]),
    word("head", &[Stage]),
    word("sample", &[Stage]),
    word("select", &[Stage]),
    word("skip", &[Stage]),
    word("sort", &[Stage]),
    word("summarize", &[Stage]),
    word("tail", &[Stage]),
    word("top", &[Stage]),
    word("unique", &[Stage]),
    // Words that mean something in their place alone.
    context("actor", CATALOG),
    context("all", &["sequence", "possibly"]),
    context("analyze", &["explain"]),
    context("coverage", CATALOG),
    context("directed", &["dyads"]),
    context("document", CATALOG),
    context("each", &["sequence", "possibly"]),
    context("fields", SHOW),
    context("first", &["nulls"]),
    context("functions", SHOW),
    context("history", SHOW),
    context("into", &[""]),
    context("kind", CATALOG),
    context("kinds", SHOW),
    context("last", &["nulls", "during", "overlaps", "before", "after"]),
    context("of", &["as", "history", "kinds", "fields", "views", "params", "functions", "stats"]),
    context("params", SHOW),
    context("place", CATALOG),
    context("possibly", &["sequence", "together"]),
    context("seed", &[""]),
    context("stats", SHOW),
    context("unit", CATALOG),
    context("view", &["define", "drop"]),
    context("views", SHOW),
    // Units of time.
    word("day", &[Unit]),
    word("days", &[Unit]),
    word("hour", &[Unit]),
    word("hours", &[Unit]),
    word("minute", &[Unit]),
    word("minutes", &[Unit]),
    word("month", &[Unit]),
    word("months", &[Unit]),
    word("quarter", &[Unit]),
    word("quarters", &[Unit]),
    word("second", &[Unit]),
    word("seconds", &[Unit]),
    word("week", &[Unit]),
    word("weeks", &[Unit]),
    word("year", &[Unit]),
    word("years", &[Unit]),
    // Powers of a thousand.
    word("billion", &[Scale]),
    word("million", &[Scale]),
    word("thousand", &[Scale]),
    word("trillion", &[Scale]),
    // Parts of a year.
    word("autumn", &[Part]),
    word("early", &[Part]),
    word("fall", &[Part]),
    word("late", &[Part]),
    word("mid", &[Part]),
    word("spring", &[Part]),
    word("summer", &[Part]),
    word("winter", &[Part]),
];

/// Every word of the language.
pub fn keywords() -> &'static [Keyword] {
    KEYWORDS
}

/// The words of a role.
pub(crate) fn words_of(role: Role) -> impl Iterator<Item = &'static str> {
    KEYWORDS.iter().filter(move |k| k.roles.contains(&role)).map(|k| k.word)
}

/// The word's entry, in whatever case it is written.
pub(crate) fn keyword_of(text: &str) -> Option<&'static Keyword> {
    KEYWORDS.iter().find(|k| k.word.eq_ignore_ascii_case(text))
}

/// True when the word has the role, in whatever case it is written.
pub(crate) fn has_role(text: &str, role: Role) -> bool {
    keyword_of(text).is_some_and(|k| k.roles.contains(&role))
}

/// True when the word is no name without back-quotes.
pub(crate) fn is_reserved(text: &str) -> bool {
    has_role(text, Reserved)
}
