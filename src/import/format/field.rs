//! The fields of events in files of one's own: tables and JSON lines.

use std::sync::Arc;

use super::amount::amount;
use super::day::certain;
use super::document;
use crate::catalog::nearest;
use crate::import::draft::Hint;
use crate::model::{Citation, Codebook, Date, Quantity, Status};
use crate::parser::phrase::{DayOrder, parse_ordered, parse_phrase};

/// What a word means as a kind: the kinds that the database knows beyond the codebook.
pub(crate) type Kinds = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// A date from whatever a person writes; `order` is that of day and month between slashes, where the file has one.
pub(super) fn date(text: &str, order: Option<DayOrder>) -> Result<Date, String> {
    if let Some(date) = certain(text) {
        return Ok(date);
    }
    let read = match order {
        Some(order) => parse_ordered(text, order, None),
        None => parse_phrase(text, None),
    };
    read.map_err(|error| {
        // Only the order of day and month is missing where either order makes it a date.
        let ordered = |order| parse_ordered(text, order, None).is_ok();
        if order.is_none() && (ordered(DayOrder::DayFirst) || ordered(DayOrder::MonthFirst)) {
            return format!("{}; name the order in which the file writes day and month: `--dates dmy`, or `dates: \"dmy\"` in a statement", error.message);
        }
        match error.help {
            Some(help) => format!("{}; {help}", error.message),
            None => error.message,
        }
    })
}

/// The kind of a word: of the codebook, or of the database.
pub(super) fn kind(word: &str, kinds: &Kinds) -> Result<String, String> {
    let book = Codebook::builtin();
    if let Some(name) = kinds(word).or_else(|| Some(book.get(word)?.name.clone())) {
        return Ok(name);
    }
    let known = book.kinds().iter().map(|kind| kind.name.as_str());
    Err(format!("no kind `{word}`{}", did_you_mean(word, known)))
}

/// The status of a word.
pub(super) fn status(word: &str) -> Result<Status, String> {
    Status::from_word(word).ok_or_else(|| {
        let known = Status::ALL.iter().map(|status| status.word()).collect::<Vec<_>>().join(", ");
        format!("no status `{word}`: it is one of {known}")
    })
}

/// The amount of a text.
pub(super) fn quantity(text: &str) -> Result<Quantity, String> {
    amount(text)
}

/// That a document tells the event, and the document: an address is its own key.
pub(super) fn document(key: &str) -> (Citation, Hint) {
    document::telling(document::document(key))
}

/// `; did you mean …?` of what is near, or nothing.
pub(super) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near: Vec<String> =
        nearest(word, known).into_iter().map(|near| format!("`{near}`")).collect();
    if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) }
}
