//! The rehearsal: what would become of rows, found by looking alone.

use std::hash::Hasher;

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::Xxh3;

use super::fate::{Fate, is_same_telling, revised};
use super::register;
use crate::error::Result;
use crate::model::{Actor, Citation, Event};
use crate::storage::View;

/// How many rows of the file are remembered by key. Above that all are forgotten: what comes again then counts as new.
const MOST: usize = 1 << 22;

/// A database with the rows of a file as if they had been taken.
pub(crate) struct Rehearsal {
    view: View,
    /// What the last row of each key said, both as hashes.
    taken: FxHashMap<u64, u64>,
}

impl Rehearsal {
    /// Over what the database holds.
    pub(crate) fn new(view: View) -> Rehearsal {
        Rehearsal { view, taken: FxHashMap::default() }
    }

    /// What would become of an event.
    pub(crate) fn event(&mut self, event: &Event) -> Result<Fate> {
        let Some(key) = &event.key else { return Ok(Fate::Loaded) };
        let said = hash(&format!("{event:?}"));
        if self.taken.len() >= MOST {
            self.taken.clear();
        }
        match self.taken.insert(hash(key), said) {
            Some(before) if before == said => return Ok(Fate::Duplicate),
            Some(_) => return Ok(Fate::Updated),
            None => {}
        }
        let Some(id) = self.view.event_by_key(key)? else { return Ok(Fate::Loaded) };
        let old = self.view.event(id)?.unwrap_or_default();
        let same = revised(&old, event.clone()).is_none();
        Ok(if same { Fate::Duplicate } else { Fate::Updated })
    }

    /// What would become of a citation; none when there is no such event.
    pub(crate) fn telling(&self, key: &str, citation: &Citation) -> Result<Option<Fate>> {
        let Some(id) = self.view.event_by_key(key)? else {
            let taken = self.taken.contains_key(&hash(key));
            return Ok(taken.then_some(Fate::Updated));
        };
        let event = self.view.event(id)?.unwrap_or_default();
        let there = event.documents.iter().find(|own| is_same_telling(own, citation));
        Ok(Some(if there == Some(citation) { Fate::Duplicate } else { Fate::Updated }))
    }

    /// What would become of an actor of a dictionary.
    pub(crate) fn actor(&self, actor: &Actor) -> Result<Fate> {
        Ok(match register::known(&self.view, actor)? {
            None => Fate::Loaded,
            Some(old) if register::merged(&old, actor) == old => Fate::Duplicate,
            Some(_) => Fate::Updated,
        })
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = Xxh3::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}
