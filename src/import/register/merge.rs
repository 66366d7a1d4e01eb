//! What a dictionary knows of an actor, added to what the catalogue knows.

use rustc_hash::FxHashSet;

use crate::error::Result;
use crate::model::{Actor, Alias, fold_name};
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Affiliation;

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
