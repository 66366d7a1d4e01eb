//! What is odd in a file and was read all the same, for the notes.

use super::number::Numbers;
use crate::import::report::count;

/// What layouts of several data sets meet alike.
#[derive(Debug, Default)]
pub(super) struct Oddities {
    /// How the file writes numbers.
    pub(super) numbers: Numbers,
    /// Places whose coordinates lie beyond this earth.
    pub(super) astray: u64,
    /// Codes that got their zero back.
    pub(super) mended: u64,
}

impl Oddities {
    /// A sentence for each.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.mended > 0 {
            let codes = count(self.mended, "code", "codes");
            notes.push(format!(
                "{codes} had lost the zero in front, as spreadsheets drop it: `43` is read as `043`"
            ));
        }
        if self.astray > 0 {
            let places = count(self.astray, "place has", "places have");
            notes.push(format!(
                "{places} coordinates that are not on this earth: they stay attributes as they are written"
            ));
        }
        notes.extend(self.numbers.note());
        notes
    }
}
