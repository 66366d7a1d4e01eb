//! The register: what data sets let the catalogues know, merged with what is there.
//!
//! It only adds. What a person has entered stays as it is, and where nothing is new nothing is written, so that a
//! file which comes a second time changes nothing. Who is unknown but for a name gets no entry.

mod actor;
mod country;
mod merge;
mod place;
#[cfg(test)]
mod tests;

pub(crate) use self::merge::{known, merged};
use rustc_hash::{FxHashMap, FxHashSet};

use super::draft::Hint;
use super::fingerprint;
use super::report::count;
use crate::error::Result;
use crate::model::{Alias, Country};
use crate::storage::{Entry, EntryKind, Transaction};

/// How many hints are remembered as known. Above that all are forgotten: what comes again is looked up again.
const MOST_SEEN: usize = 1 << 20;

/// How many examples a note gives.
const EXAMPLES: usize = 3;

/// Hints on their way into the catalogues.
#[derive(Debug, Default)]
pub(crate) struct Register {
    /// Fingerprints of the hints that came before.
    seen: FxHashSet<u64>,
    /// Those of the hints that came since somebody asked for them.
    heard: Vec<u64>,
    /// Those that are new since they were last written.
    pending: Vec<Hint>,
    /// The entry that stands for a country, by its name in the table: of the actors, of the places.
    actors: FxHashMap<&'static str, String>,
    places: FxHashMap<&'static str, String>,
    /// Names that turned out to come with more than one country, and the first of them.
    split: u64,
    examples: Vec<String>,
}

impl Register {
    /// A register that has heard nothing yet.
    pub(crate) fn new() -> Register {
        Register::default()
    }

    /// Takes a hint, to be written with the next [`Register::write`]. The same hint again costs next to nothing.
    pub(crate) fn note(&mut self, hint: Hint) {
        if self.seen.len() >= MOST_SEEN {
            self.seen.clear();
        }
        let print = fingerprint::of(&hint);
        self.heard.push(print);
        if self.seen.insert(print) {
            self.pending.push(hint);
        }
    }

    /// The fingerprints of the hints that came since this was last asked, whether they were new or not.
    pub(crate) fn heard(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.heard)
    }

    /// Takes hints, as [`Register::note`] does.
    pub(crate) fn note_all(&mut self, hints: &mut Vec<Hint>) {
        for hint in hints.drain(..) {
            self.note(hint);
        }
    }

    /// Writes what the new hints add to the catalogues, and says how many entries that changed.
    pub(crate) fn write(&mut self, writing: &mut Transaction) -> Result<u64> {
        let mut catalogues = Catalogues { writing, written: 0 };
        for hint in std::mem::take(&mut self.pending) {
            match hint {
                Hint::Actor { name, country, sectors, kind, codes } => {
                    let told = actor::Told { name, country, sectors, kind, codes };
                    self.actor(&mut catalogues, &told)?;
                }
                Hint::Code(code) => self.code(&mut catalogues, &code)?,
                Hint::Place { path, codes, coordinates } => {
                    self.place(&mut catalogues, &path, &codes, coordinates)?;
                }
                Hint::Document(document) => {
                    let known = catalogues.entry(EntryKind::Document, &document.key)?;
                    let Some(Entry::Document(known)) = known else {
                        catalogues.put(Entry::Document(*document))?;
                        continue;
                    };
                    let completed = merge::completed(&known, *document);
                    if completed != known {
                        catalogues.put(Entry::Document(completed))?;
                    }
                }
            }
        }
        Ok(catalogues.written)
    }

    /// What there is to say at the end, a sentence each.
    pub(crate) fn notes(&self) -> Vec<String> {
        if self.split == 0 {
            return Vec::new();
        }
        let names = count(self.split, "name comes", "names come");
        let examples: Vec<String> = self.examples.iter().map(|name| format!("`{name}`")).collect();
        vec![format!(
            "{names} with more than one country and {} to each of them: {}",
            if self.split == 1 { "belongs" } else { "belong" },
            examples.join(", ")
        )]
    }

    fn tell_split(&mut self, name: &str) {
        self.split += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(name.to_owned());
        }
    }
}

/// The catalogues with what is being written to them.
struct Catalogues<'a> {
    writing: &'a mut Transaction,
    written: u64,
}

impl Catalogues<'_> {
    /// The entry of a name.
    fn entry(&self, catalog: EntryKind, name: &str) -> Result<Option<Entry>> {
        self.writing.view().entry(catalog, name)
    }

    /// The names of the entries that have this name, alias or code.
    fn bearers(&self, catalog: EntryKind, name: &str) -> Result<Vec<String>> {
        self.writing.view().bearers(catalog, &catalog.fold(name))
    }

    /// May the entry of a name have another name beside its own? Not one that is somebody else's, nor one twice.
    fn is_free(&self, catalog: EntryKind, name: &str) -> Result<bool> {
        Ok(self.bearers(catalog, name)?.is_empty())
    }

    fn put(&mut self, entry: Entry) -> Result<()> {
        self.written += 1;
        self.writing.define(entry).map(|_| ())
    }

    /// The aliases among some spellings: those that are the name of nobody yet, each once.
    fn aliases<'s>(
        &self,
        catalog: EntryKind,
        own: &str,
        spellings: impl IntoIterator<Item = &'s str>,
    ) -> Result<Vec<Alias>> {
        let mut taken = vec![catalog.fold(own)];
        let mut aliases = Vec::new();
        for spelling in spellings {
            let folded = catalog.fold(spelling);
            if !taken.contains(&folded) && self.is_free(catalog, spelling)? {
                taken.push(folded);
                aliases.push(Alias { name: spelling.to_owned(), from: None, to: None });
            }
        }
        Ok(aliases)
    }
}

/// Which entry stands for a country.
fn remembered<'a>(
    memo: &'a FxHashMap<&'static str, String>,
    country: &Country,
) -> Option<&'a String> {
    memo.get(country.name.as_str())
}
