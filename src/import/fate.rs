//! The fate of a row: new, a revision of what is there, or there already.

use crate::model::{Citation, Event};

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is new.
    Loaded,
    /// It replaces what was there.
    Updated,
    /// It was there.
    Duplicate,
}

/// The version that takes the place of an old one; none where it says the same. What else tells the event is kept: other
/// files may have brought it.
pub(crate) fn revised(old: &Event, mut event: Event) -> Option<Event> {
    for citation in &old.documents {
        if !event.documents.iter().any(|own| is_same_telling(own, citation)) {
            event.documents.push(citation.clone());
        }
    }
    let import = std::mem::replace(&mut event.import, old.import);
    if event == *old {
        return None;
    }
    event.import = import;
    Some(event)
}

/// Do two citations tell of the same place in the same document?
pub(crate) fn is_same_telling(a: &Citation, b: &Citation) -> bool {
    a.document == b.document && a.locator == b.locator
}
