//! The texts of cells that were asked for before.

use std::sync::{Arc, PoisonError, RwLock};

use super::segment::TextId;

/// Texts with greater numbers are read each time.
const MOST: usize = 1 << 18;

/// Texts by their numbers. A number is never given twice, so that what is here stays true.
#[derive(Default)]
pub(super) struct Texts(RwLock<Vec<Option<Arc<str>>>>);

impl Texts {
    pub(super) fn get(&self, id: TextId) -> Option<Arc<str>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(id.0 as usize)?.clone()
    }

    pub(super) fn put(&self, id: TextId, text: &Arc<str>) {
        let at = id.0 as usize;
        if at >= MOST {
            return;
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() <= at {
            known.resize((at + 1).next_power_of_two(), None);
        }
        if let Some(place) = known.get_mut(at) {
            *place = Some(Arc::clone(text));
        }
    }
}
