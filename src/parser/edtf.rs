//! EDTF (ISO 8601-2) text to dates.

use std::ops::Range;

use crate::model::Date;

/// Why a text is not a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DateError {
    /// What is wrong, with the text quoted.
    pub(crate) message: String,
    /// What to write instead.
    pub(crate) help: Option<String>,
    /// The stretch of the text that is at fault, in bytes.
    pub(crate) at: Range<usize>,
    /// A text that would do in its place.
    pub(crate) fix: Option<String>,
}

/// A date from EDTF text, without the `@` in front.
pub(crate) fn parse_edtf(text: &str) -> Result<Date, DateError> {
    let _ = text;
    Ok(Date::day(crate::model::Day(0)))
}

/// A date from the forms that need no `@`: `2015`, `2015-06`, `2015-06-12`, `2015-summer`, `2015-Q3`, `2015-late`, `2010s`.
pub(crate) fn parse_literal(text: &str) -> Result<Date, DateError> {
    parse_edtf(text)
}
