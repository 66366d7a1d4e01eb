//! Countries as entries: actors, and places.

use std::collections::BTreeMap;

use super::{Catalogues, Register, remembered};
use crate::error::Result;
use crate::model::{Actor, Countries, Country, Place, Standing, System};
use crate::storage::{Entry, EntryKind};

/// The codes of an actor. FIPS is not among them: its two letters are also what people call others by (`IS`, `AU`, `PA`).
const OF_ACTORS: [System; 3] = [System::Iso3, System::Cameo, System::Cow];

/// The codes of a place.
const OF_PLACES: [System; 3] = [System::Iso3, System::Fips, System::Iso2];

impl Register {
    /// The name of the actor that stands for a country, which is entered when there is none.
    pub(super) fn country(
        &mut self,
        catalogues: &mut Catalogues<'_>,
        country: &'static Country,
    ) -> Result<String> {
        if let Some(name) = remembered(&self.actors, country) {
            return Ok(name.clone());
        }
        let name =
            if let Some(Entry::Actor(mut actor)) = bearer(catalogues, EntryKind::Actor, country)? {
                let stands = actor.kind.as_deref() == Some(actor_kind(country));
                if stands && add_codes(catalogues, EntryKind::Actor, &mut actor.codes, country)? {
                    catalogues.put(Entry::Actor(actor.clone()))?;
                }
                actor.name
            } else {
                let mut codes = BTreeMap::new();
                add_codes(catalogues, EntryKind::Actor, &mut codes, country)?;
                let older = country.codes(System::Cameo).iter().skip(1);
                let older = older.filter(|code| !codes.values().any(|own| own == *code));
                let spellings = country.aliases.iter().chain(older).map(String::as_str);
                let aliases = catalogues.aliases(EntryKind::Actor, &country.name, spellings)?;
                catalogues.put(Entry::Actor(Actor {
                    name: country.name.clone(),
                    kind: Some(actor_kind(country).to_owned()),
                    codes,
                    aliases,
                    ..Actor::default()
                }))?;
                country.name.clone()
            };
        self.actors.insert(&country.name, name.clone());
        Ok(name)
    }

    /// The name of the place that a country is, which is entered when there is none.
    pub(super) fn country_place(
        &mut self,
        catalogues: &mut Catalogues<'_>,
        country: &'static Country,
    ) -> Result<String> {
        if let Some(name) = remembered(&self.places, country) {
            return Ok(name.clone());
        }
        let name =
            if let Some(Entry::Place(mut place)) = bearer(catalogues, EntryKind::Place, country)? {
                let stands = place.kind.as_deref() == Some(place_kind(country));
                if stands && add_codes(catalogues, EntryKind::Place, &mut place.codes, country)? {
                    catalogues.put(Entry::Place(place.clone()))?;
                }
                place.name
            } else {
                let mut codes = BTreeMap::new();
                add_codes(catalogues, EntryKind::Place, &mut codes, country)?;
                let spellings = country.aliases.iter().map(String::as_str);
                let aliases = catalogues.aliases(EntryKind::Place, &country.name, spellings)?;
                catalogues.put(Entry::Place(Place {
                    name: country.name.clone(),
                    kind: Some(place_kind(country).to_owned()),
                    codes,
                    aliases,
                    ..Place::default()
                }))?;
                country.name.clone()
            };
        self.places.insert(&country.name, name.clone());
        Ok(name)
    }
}

fn actor_kind(country: &Country) -> &'static str {
    if country.kind == Standing::State { "state" } else { "region" }
}

fn place_kind(country: &Country) -> &'static str {
    if country.kind == Standing::Region { "region" } else { "country" }
}

/// The entry that already stands for a country: the one of its name, or of its type with its name or one of its
/// aliases among its own.
fn bearer(
    catalogues: &Catalogues<'_>,
    catalog: EntryKind,
    country: &Country,
) -> Result<Option<Entry>> {
    if let Some(entry) = catalogues.entry(catalog, &country.name)? {
        return Ok(Some(entry));
    }
    for spelling in std::iter::once(&country.name).chain(&country.aliases) {
        for name in catalogues.bearers(catalog, spelling)? {
            let entry = catalogues.entry(catalog, &name)?;
            let stands = match &entry {
                Some(Entry::Actor(actor)) => actor.kind.as_deref() == Some(actor_kind(country)),
                Some(Entry::Place(place)) => place.kind.as_deref() == Some(place_kind(country)),
                _ => false,
            };
            if stands {
                return Ok(entry);
            }
        }
    }
    Ok(None)
}

/// Adds the codes of the systems in which there is none yet, and says whether there were any.
fn add_codes(
    catalogues: &Catalogues<'_>,
    catalog: EntryKind,
    codes: &mut BTreeMap<String, String>,
    country: &Country,
) -> Result<bool> {
    let systems = if catalog == EntryKind::Place { OF_PLACES } else { OF_ACTORS };
    let before = codes.len();
    for system in systems {
        // In actor codes ISO's letters serve where CAMEO has none of its own.
        let own = country
            .code(system)
            .or_else(|| (system == System::Cameo).then(|| country.code(System::Iso3)).flatten());
        let Some(code) = own else { continue };
        if codes.contains_key(system.word()) || ambiguous(system, code, country) {
            continue;
        }
        let known = codes.values().any(|other| other == code);
        if known || catalogues.is_free(catalog, code)? {
            codes.insert(system.word().to_owned(), code.to_owned());
        }
    }
    Ok(codes.len() > before)
}

/// Does a code of two letters mean another country in the other system? `CH` is China in FIPS and Switzerland in ISO.
/// FIPS, which data sets write, keeps it.
fn ambiguous(system: System, code: &str, country: &Country) -> bool {
    let fips = Countries::builtin().by_code(System::Fips, code);
    system == System::Iso2 && fips.is_some_and(|other| other.name != country.name)
}
