//! POLECAT: events in the PLOVER ontology, 40 columns and, in some releases, more names or tabs than cells.
//!
//! Sources: Open Event Data Alliance, *PLOVER manual* 2.0 (2024); the codebook of the POLECAT data set
//! (doi:10.7910/DVN/AJGVIT).

use std::sync::LazyLock;

use super::Layout;
use super::attribute::Attributes;
use super::columns::Columns;
use super::day;
use super::holds::{Holds, members};
use super::kind_table::KindTable;
use super::oddities::Oddities;
use super::place::{self, Coordinates};
use crate::import::draft::{Draft, Hint};
use crate::import::record::{Record, Reject};
use crate::model::{Date, Event, Participant, Role, Value};

static KINDS: LazyLock<KindTable> =
    LazyLock::new(|| KindTable::read(include_str!("../../../fixtures/codebook/plover_types.tsv")));

/// What stands between the members of a cell.
const BETWEEN: char = ';';

/// The actors, or the recipients.
#[derive(Debug, Clone, Copy)]
struct Side {
    names: Option<usize>,
    raw: Option<usize>,
    countries: Option<usize>,
    sector: Option<usize>,
    sectors: Option<usize>,
    wikipedia: Option<usize>,
}

/// Reads the rows of POLECAT.
#[derive(Debug)]
pub(crate) struct Polecat {
    id: Option<usize>,
    date: Option<usize>,
    said: Option<usize>,
    kind: Option<usize>,
    mode: Option<usize>,
    intensity: Option<usize>,
    sides: [Side; 2],
    places: [(Option<usize>, &'static str); 4],
    coordinates: Coordinates,
    geonames: Option<usize>,
    attributes: Attributes,
    oddities: Oddities,
}

impl Polecat {
    /// The layout of a file with these columns.
    pub(crate) fn new(columns: &Columns) -> Result<Polecat, String> {
        columns.need(&["Event Date", "Event Type"], "POLECAT")?;
        let find = |name: &str| columns.find(&[name]);
        let side = |who: &str| Side {
            names: find(&format!("{who} Name")),
            raw: find(&format!("{who} Name Raw")),
            countries: find(&format!("{who} Country")),
            sector: find(&format!("Primary {who} Sector")),
            sectors: find(&format!("{who} Sectors")),
            wikipedia: find(&format!("Wikipedia {who} ID")),
        };
        let mut polecat = Polecat {
            id: find("Event ID"),
            date: find("Event Date"),
            said: find("Publication Date"),
            kind: find("Event Type"),
            mode: find("Event Mode"),
            intensity: find("Intensity"),
            sides: [side("Actor"), side("Recipient")],
            places: [
                (find("City"), "city"),
                (find("District"), "district"),
                (find("Province"), "province"),
                (find("Country"), "country"),
            ],
            coordinates: Coordinates::find(columns, &["Latitude"], &["Longitude"], "polecat"),
            geonames: find("GeoNames ID"),
            attributes: Attributes::default(),
            oddities: Oddities::default(),
        };
        let [actor, recipient] = polecat.sides;
        let [latitude, longitude] = polecat.coordinates.taken();
        let taken = [
            polecat.id,
            polecat.date,
            polecat.said,
            polecat.intensity,
            actor.names,
            recipient.names,
            latitude,
            longitude,
        ];
        polecat.attributes = Attributes::rest(columns, taken, "polecat", |name| match name {
            "Contexts"
            | "Actor Country"
            | "Actor COW"
            | "Actor Sectors"
            | "Actor Title"
            | "Actor Name Raw"
            | "Wikipedia Actor ID"
            | "Recipient Country"
            | "Recipient COW"
            | "Recipient Sectors"
            | "Recipient Title"
            | "Recipient Name Raw"
            | "Wikipedia Recipient ID"
            | "Story People"
            | "Story Organizations"
            | "Story Locations" => Holds::List(BETWEEN),
            _ => Holds::Text,
        });
        Ok(polecat)
    }
}

impl Layout for Polecat {
    fn read(&mut self, record: &Record) -> Result<Draft, Reject> {
        let type_ = record.cell(self.kind).unwrap_or_default();
        let mode = record.cell(self.mode).unwrap_or_default();
        let kind = KINDS.get(type_, mode).ok_or_else(|| {
            Reject::cell(
                self.kind,
                format!("`{type_}` is no type of PLOVER, such as `CONSULT` or `ASSAULT`"),
            )
        })?;
        let said = match record.cell(self.said) {
            Some(_) => Some(Date::day(day::needed(record, self.said, "Publication Date")?)),
            None => None,
        };
        let mut event = Event {
            key: record.cell(self.id).map(|id| format!("polecat:{id}")),
            kind: kind.to_owned(),
            date: Some(Date::day(day::needed(record, self.date, "Event Date")?)),
            said,
            goldstein: self.oddities.numbers.cell(record, self.intensity)?,
            ..Event::default()
        };
        let mut hints = Vec::with_capacity(3);

        // Those who do a thing together, such as meet, are actors without recipient: nobody does it to the other.
        let [actors, recipients] = self.sides;
        let together =
            Self::names(record, recipients).is_empty() && Self::names(record, actors).len() > 1;
        let acting = if together { Role::Party } else { Role::Source };
        Self::side(record, actors, acting, &mut event, &mut hints);
        Self::side(record, recipients, Role::Target, &mut event, &mut hints);

        let path = self.places.iter().map(|(at, kind)| (record.cell(*at), *kind));
        let oddities = &mut self.oddities;
        let mut place = place::locate(path, &self.coordinates, record, &mut event, oddities, None)?;
        // The id is that of the city, so that it says nothing of a country without one.
        if let Some(Hint::Place { path, codes, .. }) = &mut place
            && path.first().is_some_and(|(_, kind)| *kind == "city")
        {
            codes.extend(record.cell(self.geonames).map(|id| ("geonames", id.to_owned())));
        }
        hints.extend(place);
        self.attributes.fill(record, &mut event, &mut self.oddities.numbers)?;
        event.attributes.retain(|_, value| *value != Value::List(Vec::new()));
        Ok(Draft::Event { event, hints })
    }

    fn notes(&self) -> Vec<String> {
        self.oddities.notes()
    }
}

impl Polecat {
    /// The participants of a side, with what there is to know of each.
    fn side(record: &Record, side: Side, role: Role, event: &mut Event, hints: &mut Vec<Hint>) {
        let names = Self::names(record, side);
        let countries: Vec<&str> = members(record.cell(side.countries), BETWEEN).collect();
        let pages: Vec<&str> = members(record.cell(side.wikipedia), BETWEEN).collect();
        let sectors: Vec<&str> = if names.len() > 1 {
            members(record.cell(side.sector), BETWEEN).collect()
        } else {
            let all = [record.cell(side.sector), record.cell(side.sectors)];
            all.into_iter().flat_map(|cell| members(cell, BETWEEN)).collect()
        };
        for (at, name) in names.iter().enumerate() {
            event.participants.push(Participant::new(*name, role));
            // Lists of one length go together; one country is that of all, more or fewer are anybody's.
            let country = match countries.as_slice() {
                [one] => Some(*one),
                several if several.len() == names.len() => several.get(at).copied(),
                _ => None,
            };
            let own = |list: &[&str]| {
                let member = list.get(at).filter(|_| list.len() == names.len())?;
                Some((*member).to_owned())
            };
            let mut known: Vec<String> = Vec::new();
            if names.len() == 1 {
                for sector in &sectors {
                    if !known.iter().any(|known| known == sector) {
                        known.push((*sector).to_owned());
                    }
                }
            } else {
                known.extend(own(&sectors));
            }
            hints.push(Hint::Actor {
                name: (*name).to_owned(),
                country: country.map(str::to_owned),
                sectors: known,
                kind: None,
                codes: own(&pages).into_iter().map(|page| ("wikipedia", page)).collect(),
            });
        }
    }

    /// The names of a side: as POLECAT resolved them, or else as the story has them, or else the countries.
    fn names(record: &Record, side: Side) -> Vec<&str> {
        [side.names, side.raw, side.countries]
            .into_iter()
            .map(|at| members(record.cell(at), BETWEEN).collect::<Vec<_>>())
            .find(|names| !names.is_empty())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{event, headed, reject};
    use super::*;

    const ROWS: &str = include_str!("../../../fixtures/formats/polecat.tsv");

    #[test]
    fn every_kind_of_the_table_is_in_the_codebook() {
        KINDS.assert_known(70);
    }

    #[test]
    fn a_visit_with_all_that_is_told_of_it() {
        let (columns, rows) = headed(ROWS, '\t');
        let mut polecat = Polecat::new(&columns).unwrap();
        let (visit, hints) = event(&mut polecat, &rows[0]);
        assert_eq!(visit.key.as_deref(), Some("polecat:20220301-7"));
        assert_eq!((visit.kind.as_str(), visit.goldstein), ("visit", Some(1.5)));
        assert_eq!(visit.date.as_ref().unwrap().edtf(), "2022-03-01");
        assert_eq!(visit.said.as_ref().unwrap().edtf(), "2022-03-02");
        assert_eq!(
            visit.participants,
            [
                Participant::new("Jeanne d'Arc", Role::Source),
                Participant::new("Ana Suárez", Role::Target),
            ]
        );
        // A town and a province of one name are one step of the path.
        assert_eq!(visit.places[0].name, "Rocha, URY");
        let attribute = |name: &str| visit.attributes.get(name).cloned();
        let contexts = Value::List(vec!["diplomatic".into(), "economic".into()]);
        assert_eq!(attribute("Contexts"), Some(contexts));
        assert_eq!(attribute("polecat_Source"), Some(Value::from("The Harbour Post")));
        assert_eq!(attribute("Quad Code"), Some(Value::from("VERBAL COOPERATION")));
        assert_eq!(attribute("Headline"), Some(Value::from("A headline")));
        assert_eq!(attribute("Event Mode"), Some(Value::from("visit")));
        assert_eq!(attribute("Actor Title"), None);
        let Hint::Actor { country, sectors, codes, .. } = &hints[0] else { panic!() };
        assert_eq!(country.as_deref(), Some("FRA"));
        assert_eq!(sectors, &["GOV", "EXE"]);
        assert_eq!(codes, &[("wikipedia", "Jeanne d'Arc (minister)".to_owned())]);
    }

    #[test]
    fn those_who_meet_without_recipient_are_parties() {
        let (columns, rows) = headed(ROWS, '\t');
        let mut polecat = Polecat::new(&columns).unwrap();
        let (talks, hints) = event(&mut polecat, &rows[1]);
        assert_eq!(talks.kind, "consult");
        assert_eq!(
            talks.participants,
            [Participant::new("X Council", Role::Party), Participant::new("Y Board", Role::Party),]
        );
        let Hint::Actor { country, sectors, .. } = &hints[1] else { panic!() };
        assert_eq!(
            (country.as_deref(), sectors.as_slice()),
            (Some("URY"), &["GOV".to_owned()][..])
        );
        assert!(matches!(hints.last(), Some(Hint::Place { coordinates: None, .. })));
        let cow = Value::List(vec!["220".into(), "165".into()]);
        assert_eq!(talks.attributes.get("Actor COW"), Some(&cow));
    }

    #[test]
    fn what_is_missing_or_unknown_falls_back() {
        let (columns, rows) = headed(ROWS, '\t');
        let mut polecat = Polecat::new(&columns).unwrap();
        let (attack, _) = event(&mut polecat, &rows[2]);
        assert_eq!(attack.kind, "assault");
        assert_eq!(
            attack.participants,
            [
                Participant::new("gunmen", Role::Source),
                Participant::new("FRA", Role::Target),
                Participant::new("DEU", Role::Target),
            ]
        );
        assert!(reject(&mut polecat, &rows[3]).reason.contains("`DANCE`"));
        assert!(reject(&mut polecat, &rows[4]).reason.contains("`spring`"));
    }
}
