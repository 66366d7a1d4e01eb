//! Which days the data cover: where nothing is recorded, did nothing happen, or did nobody look?

use crate::error::Result;
use crate::model::{Days, Stretches};
use crate::storage::{Entry, EntryKind};

use super::Catalog;

/// The days that the data cover, by what was defined and what imports have found in their files.
#[derive(Debug, Clone, Default)]
pub(crate) struct Covered(Option<Stretches>);

impl Covered {
    /// Has anybody recorded coverage?
    pub(crate) fn is_recorded(&self) -> bool {
        self.0.is_some()
    }

    /// Are all of these days covered? Always where nobody has recorded any coverage.
    pub(crate) fn covers(&self, days: Days) -> bool {
        self.0.as_ref().is_none_or(|stretches| stretches.covers(days))
    }
}

impl Catalog {
    /// The days that the data cover.
    pub(crate) fn covered(&self) -> Result<Covered> {
        let mut recorded = false;
        let mut days: Vec<Days> = Vec::new();
        for entry in self.view.entries(EntryKind::Coverage)? {
            if let Entry::Coverage(coverage) = entry {
                recorded = true;
                days.push(coverage.days());
            }
        }
        for entry in self.view.entries(EntryKind::Import)? {
            // What was undone is not there any more.
            if let Entry::Import(import) = entry
                && !import.undone
            {
                recorded |= !import.coverage.is_empty();
                days.extend(import.coverage);
            }
        }
        Ok(Covered(recorded.then(|| Stretches::of(days))))
    }
}
