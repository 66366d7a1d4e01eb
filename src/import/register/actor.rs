//! Actors from names and from codes.

use super::{Catalogues, Register};
use crate::error::Result;
use crate::model::{
    Actor, ActorCode, Affiliation, Countries, Country, Sectors, Standing, Value, fold_name, split,
};
use crate::storage::{Entry, EntryKind};

/// The attribute of actors that an import has made: their states may be told otherwise by the next row, a person's not.
const ORIGIN: (&str, &str) = ("origin", "import");

/// Sector words that say nothing.
const VAGUE: [&str; 3] = ["Unspecified", "Undefined", "Unaffiliated Sectors"];

/// What a row tells of an actor.
pub(super) struct Told {
    pub(super) name: String,
    pub(super) country: Option<String>,
    pub(super) sectors: Vec<String>,
    pub(super) kind: Option<&'static str>,
    pub(super) codes: Vec<(&'static str, String)>,
}

impl Register {
    /// Enters what a row tells of an actor.
    pub(super) fn actor(&mut self, catalogues: &mut Catalogues<'_>, told: &Told) -> Result<()> {
        let name = told.name.trim();
        if let Some(country) = named(name)
            && told.kind.is_none_or(|kind| kind == "state")
        {
            return self.country(catalogues, country).map(|_| ());
        }
        let country = in_brackets(name)
            .and_then(named)
            .or_else(|| told.country.as_deref().and_then(|text| Countries::builtin().find(text)));
        let sectors = sectors(&told.sectors);
        let nothing =
            country.is_none() && sectors.is_empty() && told.kind.is_none() && told.codes.is_empty();
        if nothing || fold_name(name).is_empty() {
            return Ok(());
        }
        let known = catalogues.entry(EntryKind::Actor, name)?;
        let (mut actor, new) = match known {
            Some(Entry::Actor(actor)) => (actor, false),
            // An alias or a code: a dictionary or a person has said whom it means.
            _ if !catalogues.is_free(EntryKind::Actor, name)? => return Ok(()),
            _ => (Actor { name: name.to_owned(), ..Actor::default() }, true),
        };
        if new {
            actor.attributes.insert(ORIGIN.0.to_owned(), Value::from(ORIGIN.1));
        }
        let mut changed = new;
        if actor.kind.is_none() && told.kind.is_some() {
            actor.kind = told.kind.map(str::to_owned);
            changed = true;
        }
        for (system, code) in &told.codes {
            if !actor.codes.contains_key(*system) {
                actor.codes.insert((*system).to_owned(), code.clone());
                changed = true;
            }
        }
        changed |= add_sectors(&mut actor, sectors.iter().map(String::as_str));
        if let Some(country) = country {
            changed |= self.belongs(catalogues, &mut actor, country)?;
        }
        if changed { catalogues.put(Entry::Actor(actor)) } else { Ok(()) }
    }

    /// Enters a code with what it is made of, and the codes that it goes on from.
    pub(super) fn code(&mut self, catalogues: &mut Catalogues<'_>, code: &str) -> Result<()> {
        let code = code.trim();
        let Some(parts) = split(code) else { return Ok(()) };
        let placed = parts.country.is_some() || parts.scope().is_some();
        if parts.groups.len() == 1
            && let Some(country) = parts.country
        {
            return self.country(catalogues, country).map(|_| ());
        }
        if !placed && parts.sectors.is_empty() {
            return Ok(());
        }
        // `PAKGOVMIL` goes on from `PAKGOV`.
        let above = code.get(..code.len().saturating_sub(3));
        let above = above.filter(|_| placed && parts.groups.len() > 2);
        if let Some(above) = above {
            self.code(catalogues, above)?;
        }
        let known = catalogues.entry(EntryKind::Actor, code)?;
        let (mut actor, mut changed) = match known {
            Some(Entry::Actor(actor)) => (actor, false),
            _ if !catalogues.is_free(EntryKind::Actor, code)? => return Ok(()),
            _ => (Actor { name: code.to_owned(), ..Actor::default() }, true),
        };
        if actor.kind.is_none()
            && let Some(kind) = kind_of(&parts)
        {
            actor.kind = Some(kind.to_owned());
            changed = true;
        }
        if !actor.codes.contains_key("cameo") {
            actor.codes.insert("cameo".to_owned(), code.to_owned());
            changed = true;
        }
        changed |= add_sectors(&mut actor, parts.sectors.iter().copied());
        let untied = actor.state.is_none() && actor.affiliations.is_empty();
        if let Some(above) = above
            && untied
        {
            actor.affiliations.push(tie(above));
            changed = true;
        }
        if let Some(country) = parts.country.filter(|_| untied) {
            let name = self.country(catalogues, country)?;
            if country.kind == Standing::Region {
                actor.affiliations.push(tie(&name));
            } else {
                actor.state = Some(tie(&name));
            }
            changed = true;
        }
        let spellings = spellings(&parts);
        let aliases = catalogues.aliases(
            EntryKind::Actor,
            &actor.name,
            spellings.iter().map(String::as_str),
        )?;
        changed |= !aliases.is_empty();
        actor.aliases.extend(aliases);
        if changed { catalogues.put(Entry::Actor(actor)) } else { Ok(()) }
    }

    /// Ties an actor to a country, and says whether that changed him. Of two countries neither is the state: a wrong
    /// tie is worse than two loose ones.
    fn belongs(
        &mut self,
        catalogues: &mut Catalogues<'_>,
        actor: &mut Actor,
        country: &'static Country,
    ) -> Result<bool> {
        if matches!(actor.kind.as_deref(), Some("state" | "region")) {
            return Ok(false);
        }
        let name = self.country(catalogues, country)?;
        let same = |tie: &Affiliation| {
            fold_name(&tie.under) == fold_name(&name) || named(&tie.under) == Some(country)
        };
        if actor.state.iter().chain(&actor.affiliations).any(same) {
            return Ok(false);
        }
        let imported = actor.attributes.get(ORIGIN.0) == Some(&Value::from(ORIGIN.1));
        let loose = |tie: &Affiliation| {
            is_bare(tie) && named(&tie.under).is_some_and(|c| c.kind != Standing::Region)
        };
        if country.kind == Standing::Region {
            if !imported {
                return Ok(false);
            }
            actor.affiliations.push(tie(&name));
        } else if let Some(state) = actor.state.clone() {
            if !imported || !is_bare(&state) {
                return Ok(false);
            }
            actor.state = None;
            actor.affiliations.extend([state, tie(&name)]);
            self.tell_split(&actor.name);
        } else if imported && actor.affiliations.iter().any(loose) {
            actor.affiliations.push(tie(&name));
        } else if imported || actor.affiliations.is_empty() {
            actor.state = Some(tie(&name));
        } else {
            return Ok(false);
        }
        Ok(true)
    }
}

/// The text in the brackets at the end: `Military (Pakistan)`.
fn in_brackets(name: &str) -> Option<&str> {
    let (before, text) = name.strip_suffix(')')?.rsplit_once('(')?;
    (!before.trim().is_empty()).then_some(text)
}

/// Words of data sets as codes; what the table does not know stays a word.
fn sectors(words: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in words.iter().map(|word| word.trim()) {
        let mut codes: Vec<&str> = Sectors::builtin().find(word).collect();
        if codes.is_empty() && !word.is_empty() && !VAGUE.contains(&word) {
            codes.push(word);
        }
        for code in codes {
            if !found.iter().any(|other| other == code) {
                found.push(code.to_owned());
            }
        }
    }
    found
}

fn add_sectors<'a>(actor: &mut Actor, sectors: impl Iterator<Item = &'a str>) -> bool {
    let before = actor.sectors.len();
    for sector in sectors {
        if !actor.sectors.iter().any(|other| other == sector) {
            actor.sectors.push(sector.to_owned());
        }
    }
    actor.sectors.len() > before
}

/// The type that a code tells.
fn kind_of(parts: &ActorCode<'_>) -> Option<&'static str> {
    if let Some(scope) = parts.scope() {
        return match scope.code.as_str() {
            "IGO" | "NGO" | "NGM" => Some("organisation"),
            "MNC" => Some("company"),
            "IMG" => Some("non_state"),
            _ => None,
        };
    }
    match *parts.groups.last()? {
        // The `GOVMIL` are a ministry.
        "MIL" if !parts.sectors.contains(&"GOV") => Some("armed_force"),
        "REB" | "INS" | "SEP" | "UAF" | "CRM" => Some("non_state"),
        _ => None,
    }
}

/// What a code is called in words.
fn spellings(parts: &ActorCode<'_>) -> Vec<String> {
    match (parts.country, parts.organisation, parts.groups.as_slice()) {
        (Some(country), _, [_, "GOV"]) => vec![format!("Government of {}", country.name)],
        (_, Some(organisation), _) => {
            std::iter::once(&organisation.name).chain(&organisation.words).cloned().collect()
        }
        _ => Vec::new(),
    }
}

fn tie(under: &str) -> Affiliation {
    Affiliation { under: under.to_owned(), ..Affiliation::default() }
}

fn is_bare(tie: &Affiliation) -> bool {
    let Affiliation { under: _, office, rank, from, to } = tie;
    office.is_none() && rank.is_none() && from.is_none() && to.is_none()
}

/// The country that a name is. Numbers are none: `G (20)` is not Canada.
fn named(name: &str) -> Option<&'static Country> {
    if name.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Countries::builtin().find(name)
}
