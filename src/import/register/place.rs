//! Places within places.

use super::{Catalogues, Register};
use crate::error::Result;
use crate::model::{Countries, Place, fold};
use crate::storage::{Entry, EntryKind};

impl Register {
    /// Enters a place and those that it lies in, the outermost first.
    pub(super) fn place(
        &mut self,
        catalogues: &mut Catalogues<'_>,
        path: &[(String, &'static str)],
        codes: &[(&'static str, String)],
        coordinates: Option<(f64, f64)>,
    ) -> Result<()> {
        let mut above: Option<String> = None;
        for (at, (name, kind)) in path.iter().enumerate().rev() {
            let name = name.trim();
            if fold(name).is_empty() {
                continue;
            }
            let country = Countries::builtin().by_name(name);
            let mut name = name.to_owned();
            if let Some(country) = country {
                match &above {
                    // Georgia in the United States is not Georgia. What an event writes so cannot be told apart.
                    Some(_) if *kind != "country" && at == 0 => return Ok(()),
                    Some(outer) if *kind != "country" => name = format!("{name}, {outer}"),
                    _ => {
                        above = Some(self.country_place(catalogues, country)?);
                        continue;
                    }
                }
            }
            let (codes, coordinates) = if at == 0 { (codes, coordinates) } else { (&[][..], None) };
            above = Some(one(catalogues, &name, kind, above.as_deref(), codes, coordinates)?);
        }
        Ok(())
    }
}

/// Enters one place, and says under which name it is known.
fn one(
    catalogues: &mut Catalogues<'_>,
    name: &str,
    kind: &str,
    above: Option<&str>,
    codes: &[(&'static str, String)],
    coordinates: Option<(f64, f64)>,
) -> Result<String> {
    let (mut place, mut changed) = match catalogues.entry(EntryKind::Place, name)? {
        Some(Entry::Place(place)) => (place, false),
        _ => match catalogues.bearers(EntryKind::Place, name)?.into_iter().next() {
            // Somebody has said which place the name means.
            Some(bearer) => return Ok(bearer),
            None => (Place { name: name.to_owned(), ..Place::default() }, true),
        },
    };
    // A country is no province of another that bears its name.
    if place.kind.as_deref() == Some("country") {
        return Ok(place.name);
    }
    if place.kind.is_none() && !kind.is_empty() {
        place.kind = Some(kind.to_owned());
        changed = true;
    }
    let above = above.filter(|above| place.under.is_none() && fold(above) != fold(name));
    if let Some(above) = above {
        place.under = Some(above.to_owned());
        changed = true;
    }
    for (system, code) in codes {
        if !place.codes.contains_key(*system) {
            place.codes.insert((*system).to_owned(), code.clone());
            changed = true;
        }
    }
    if place.coordinates.is_none() && coordinates.is_some() {
        place.coordinates = coordinates;
        changed = true;
    }
    let name = place.name.clone();
    if changed {
        catalogues.put(Entry::Place(place))?;
    }
    Ok(name)
}
