//! What a file knows of an actor or a document, added to what the catalogue knows.

use rustc_hash::FxHashSet;

use crate::error::Result;
use crate::model::{Actor, Alias, Document, fold_name};
use crate::storage::{Entry, EntryKind, View};

/// The entry that an actor of a dictionary is: the one of his name, or of a state the one that bears his code.
pub(crate) fn known(view: &View, actor: &Actor) -> Result<Option<Actor>> {
    let found = match view.entry(EntryKind::Actor, &actor.name)? {
        Some(entry) => Some(entry),
        None if actor.kind.as_deref() == Some("state") => {
            let code = actor.codes.get("cameo").map(|code| EntryKind::Actor.fold(code));
            let bearers = code.map(|code| view.bearers(EntryKind::Actor, &code)).transpose()?;
            match bearers.unwrap_or_default().as_slice() {
                [one] => view.entry(EntryKind::Actor, one)?,
                _ => None,
            }
        }
        None => None,
    };
    Ok(found.and_then(|entry| if let Entry::Actor(actor) = entry { Some(actor) } else { None }))
}

/// What is known of an actor, with what else a dictionary knows. Ties and spellings add up; of what there can be only
/// one, what is there stays.
pub(crate) fn merged(old: &Actor, new: &Actor) -> Actor {
    let mut actor = old.clone();
    actor.kind = actor.kind.or_else(|| new.kind.clone());
    actor.state = actor.state.or_else(|| new.state.clone());
    for (system, code) in &new.codes {
        actor.codes.entry(system.clone()).or_insert_with(|| code.clone());
    }
    let own = Alias { name: new.name.clone(), from: None, to: None };
    let names = std::iter::once(&old.name).chain(old.aliases.iter().map(|alias| &alias.name));
    let mut known: FxHashSet<String> = names.map(|name| fold_name(name)).collect();
    for alias in std::iter::once(&own).chain(&new.aliases) {
        if known.insert(fold_name(&alias.name)) {
            actor.aliases.push(alias.clone());
        }
    }
    for tie in &new.affiliations {
        if !actor.affiliations.contains(tie) {
            actor.affiliations.push(tie.clone());
        }
    }
    for sector in &new.sectors {
        if !actor.sectors.contains(sector) {
            actor.sectors.push(sector.clone());
        }
    }
    actor
}

/// What is known of a document, with what else a file says of it: an article that an event named has no time yet, and its
/// mention does. What is there stays.
pub(super) fn completed(old: &Document, new: Document) -> Document {
    let old = old.clone();
    Document {
        title: old.title.or(new.title),
        authors: if old.authors.is_empty() { new.authors } else { old.authors },
        publisher: old.publisher.or(new.publisher),
        published: old.published.or(new.published),
        accessed: old.accessed.or(new.accessed),
        language: old.language.or(new.language),
        url: old.url.or(new.url),
        ..old
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Affiliation;

    #[test]
    fn a_document_gets_what_it_lacks() {
        let document = |publisher: Option<&str>, language: Option<&str>| Document {
            key: "http://example.org/a".to_owned(),
            publisher: publisher.map(str::to_owned),
            language: language.map(str::to_owned),
            ..Document::default()
        };
        let old = document(Some("Example Wire"), None);
        let both = completed(&old, document(Some("example.org"), Some("ar")));
        assert_eq!(both, document(Some("Example Wire"), Some("ar")));
        assert_eq!(completed(&both, old), both);
    }

    #[test]
    fn what_is_there_stays_and_what_is_new_is_added_once() {
        let tie = |under: &str| Affiliation { under: under.to_owned(), ..Affiliation::default() };
        let alias = |name: &str| Alias { name: name.to_owned(), from: None, to: None };
        let old = Actor {
            name: "Pervez Musharraf".to_owned(),
            kind: Some("person".to_owned()),
            affiliations: vec![tie("Pakistan Army")],
            ..Actor::default()
        };
        let new = Actor {
            name: "PERVEZ MUSHARRAF".to_owned(),
            aliases: vec![alias("GENERAL MUSHARRAF"), alias("Pres. Musharraf")],
            affiliations: vec![tie("PAKGOV")],
            ..Actor::default()
        };
        let both = merged(&old, &new);
        assert_eq!(both.name, old.name);
        assert_eq!(both.affiliations, [tie("Pakistan Army"), tie("PAKGOV")]);
        assert_eq!(both.aliases.len(), 2);
        assert_eq!(merged(&both, &new), both);
    }
}
