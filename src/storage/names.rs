//! Which keys of the index of names an entry or a written name has.

use std::collections::BTreeSet;

use super::entry::{Entry, EntryKind};
use super::key::NameIndex;
use super::postings::Posting;
use crate::model::words;

/// The keys under which an entry is found.
pub(super) fn keys_of_entry(entry: &Entry) -> BTreeSet<Vec<u8>> {
    let kind = entry.kind();
    let name = entry.name();
    let mut keys = BTreeSet::new();
    for text in entry.names() {
        keys.insert(NameIndex::Bearer(kind).key(&kind.fold(text), name));
    }
    for text in std::iter::once(name).chain(entry.aliases()) {
        for word in words(text) {
            keys.insert(NameIndex::BearerWord(kind).key(&word, name));
        }
    }
    for parent in entry.parents() {
        keys.insert(NameIndex::Member(kind).key(&kind.fold(parent), name));
    }
    keys
}

/// The keys under which a name is found that events write.
pub(super) fn keys_of_written(field: Posting, name: &str) -> BTreeSet<Vec<u8>> {
    let Some(kind) = catalog_of(field) else { return BTreeSet::new() };
    let mut keys = BTreeSet::from([NameIndex::Written(field).key(&kind.fold(name), name)]);
    keys.extend(words(name).iter().map(|word| NameIndex::WrittenWord(field).key(word, name)));
    keys
}

/// The catalogue that says what the written names of a field mean; none for fields whose values are not names.
pub(super) fn catalog_of(field: Posting) -> Option<EntryKind> {
    match field {
        Posting::Name => Some(EntryKind::Actor),
        Posting::Place => Some(EntryKind::Place),
        Posting::Kind
        | Posting::Code
        | Posting::Status
        | Posting::Document
        | Posting::Year
        | Posting::Attribute
        | Posting::Word => None,
    }
}
