//! The words of phrases, in tables. What days each stands for is told beside it.

use crate::model::Qualifier;

/// Months by name and by the usual abbreviations.
pub(super) const MONTHS: [(&str, u8); 24] = [
    ("january", 1),
    ("jan", 1),
    ("february", 2),
    ("feb", 2),
    ("march", 3),
    ("mar", 3),
    ("april", 4),
    ("apr", 4),
    ("may", 5),
    ("june", 6),
    ("jun", 6),
    ("july", 7),
    ("jul", 7),
    ("august", 8),
    ("aug", 8),
    ("september", 9),
    ("sept", 9),
    ("sep", 9),
    ("october", 10),
    ("oct", 10),
    ("november", 11),
    ("nov", 11),
    ("december", 12),
    ("dec", 12),
];

/// Days of the week, counted from Monday. In front of a date they are passed over.
pub(super) const WEEKDAYS: [(&str, u8); 18] = [
    ("monday", 0),
    ("mon", 0),
    ("tuesday", 1),
    ("tues", 1),
    ("tue", 1),
    ("wednesday", 2),
    ("weds", 2),
    ("wed", 2),
    ("thursday", 3),
    ("thurs", 3),
    ("thur", 3),
    ("thu", 3),
    ("friday", 4),
    ("fri", 4),
    ("saturday", 5),
    ("sat", 5),
    ("sunday", 6),
    ("sun", 6),
];

/// Decades by name. Those before the fifties are left out: they may be of either century.
pub(super) const DECADES: [(&str, i64); 5] = [
    ("fifties", 1950),
    ("sixties", 1960),
    ("seventies", 1970),
    ("eighties", 1980),
    ("nineties", 1990),
];

/// Numbers in words.
pub(super) const NUMBERS: [(&str, i64); 15] = [
    ("a", 1),
    ("an", 1),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("eighteen", 18),
];

/// Ordinals in words.
pub(super) const ORDINALS: [(&str, u8); 5] =
    [("first", 1), ("second", 2), ("third", 3), ("fourth", 4), ("latter", 2)];

/// A piece of a longer stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// The first, second or third of three: four months of a year, some ten days of a month.
    Third(u8),
    /// The first or second of two.
    Half(u8),
    /// One of four.
    Quarter(u8),
    /// Seven days of a month: from the 1st, 8th, 15th, 22nd.
    Week(u8),
    /// The last seven days of a month.
    LastWeek,
}

/// Words for thirds. *Beginning* and *end* are no narrower than *early* and *late*: nobody can say how narrow.
pub(super) const THIRDS: [(&str, u8); 11] = [
    ("early", 1),
    ("beginning", 1),
    ("start", 1),
    ("opening", 1),
    ("mid", 2),
    ("middle", 2),
    ("late", 3),
    ("end", 3),
    ("close", 3),
    ("closing", 3),
    ("latter", 3),
];

/// The word for a fraction, what the n-th of it is, and how many there are.
type Fraction = (&'static str, fn(u8) -> Piece, u8);

/// What an ordinal can be of.
pub(super) const FRACTIONS: [Fraction; 4] = [
    ("half", Piece::Half, 2),
    ("third", Piece::Third, 3),
    ("quarter", Piece::Quarter, 4),
    ("week", Piece::Week, 4),
];

/// What a phrase begins with when it is more than a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// One unknown day from the first day of one date to the last of another.
    Between,
    /// It lasted from one date to another.
    From,
    /// It lasted from this date on, without an end.
    Since,
    /// It lasted up to this date; nobody says since when.
    Until,
    /// One unknown day, this date or earlier.
    By,
    /// One unknown day before the first day of this date.
    Before,
    /// One unknown day after the last day of this date.
    After,
    /// It lasted from the first day of this date to its last.
    Throughout,
}

/// The words for them.
pub(super) const OPENINGS: [(&[&str], Opening); 14] = [
    (&["between"], Opening::Between),
    (&["from"], Opening::From),
    (&["since"], Opening::Since),
    (&["until"], Opening::Until),
    (&["till"], Opening::Until),
    (&["up", "to"], Opening::Until),
    (&["by"], Opening::By),
    (&["no", "later", "than"], Opening::By),
    (&["not", "later", "than"], Opening::By),
    (&["before"], Opening::Before),
    (&["prior", "to"], Opening::Before),
    (&["after"], Opening::After),
    (&["throughout"], Opening::Throughout),
    (&["all", "of"], Opening::Throughout),
];

/// Words between the two ends of what lasted, besides `-` and `/`.
pub(super) const TO: [&str; 5] = ["to", "until", "till", "through", "thru"];

/// Words that say nothing about the day.
pub(super) const FILLERS: [&str; 9] =
    ["in", "on", "at", "during", "within", "over", "the", "of", "sometime"];

const ABOUT: Qualifier = Qualifier { uncertain: false, approximate: true };
const PERHAPS: Qualifier = Qualifier { uncertain: true, approximate: false };

/// Words of doubt: *about* widens as `~` does, *perhaps* is `?`.
pub(super) const HEDGES: [(&str, Qualifier); 15] = [
    ("c", ABOUT),
    ("ca", ABOUT),
    ("cca", ABOUT),
    ("circa", ABOUT),
    ("about", ABOUT),
    ("around", ABOUT),
    ("approximately", ABOUT),
    ("approx", ABOUT),
    ("roughly", ABOUT),
    ("~", ABOUT),
    ("probably", PERHAPS),
    ("presumably", PERHAPS),
    ("possibly", PERHAPS),
    ("perhaps", PERHAPS),
    ("?", PERHAPS),
];

/// Days counted from the anchor.
pub(super) const NEAR_DAYS: [(&str, i64); 3] = [("yesterday", -1), ("today", 0), ("tomorrow", 1)];

/// Which way from the anchor, and whether `past year` means the twelve months up to it, where `last year` means the
/// calendar year before.
pub(super) const DIRECTIONS: [(&str, i64, bool); 8] = [
    ("last", -1, false),
    ("previous", -1, false),
    ("preceding", -1, false),
    ("past", -1, true),
    ("this", 0, false),
    ("current", 0, false),
    ("next", 1, false),
    ("coming", 1, false),
];

/// Units of time, in months and days.
pub(super) const UNITS: [(&str, i64, i64); 7] = [
    ("day", 0, 1),
    ("week", 0, 7),
    ("fortnight", 0, 14),
    ("month", 1, 0),
    ("quarter", 3, 0),
    ("year", 12, 0),
    ("decade", 120, 0),
];

/// What a table says of a word.
pub(super) fn look_up<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(w, _)| *w == word).map(|(_, meaning)| *meaning)
}
