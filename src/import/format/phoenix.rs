//! Phoenix: 26 columns without header, actors as CAMEO codes.
//!
//! Source: the program that writes it, `postprocess.py` of the Phoenix pipeline of the Open Event Data Alliance.

use rustc_hash::FxHashSet;

use super::attribute::Attributes;
use super::columns::Columns;
use super::holds::{Holds, members};
use super::oddities::Oddities;
use super::place::{self, Coordinates};
use super::{Layout, cameo, day, document};
use crate::import::draft::{Draft, Hint};
use crate::import::record::{Record, Reject};
use crate::model::{Date, Event, Participant, Role, Value};

/// What stands between the members of a cell.
const BETWEEN: char = ';';
/// The code of nobody.
const NOBODY: &str = "---";

/// Reads the rows of Phoenix.
#[derive(Debug)]
pub(crate) struct Phoenix {
    id: Option<usize>,
    date: Option<usize>,
    actors: [Option<usize>; 2],
    code: Option<usize>,
    goldstein: Option<usize>,
    places: [(Option<usize>, &'static str); 3],
    coordinates: Coordinates,
    urls: Option<usize>,
    sources: Option<usize>,
    attributes: Attributes,
    oddities: Oddities,
}

impl Phoenix {
    /// The layout of a file with these columns.
    pub(crate) fn new(columns: &Columns) -> Result<Phoenix, String> {
        columns.need(&["Date", "EventCode"], "Phoenix")?;
        let find = |name: &str| columns.find(&[name]);
        let mut phoenix = Phoenix {
            id: find("EventID"),
            date: find("Date"),
            actors: [find("SourceActorFull"), find("TargetActorFull")],
            code: find("EventCode"),
            goldstein: columns.find(&["GoldsteinScore", "Goldstein"]),
            places: [
                (find("LocationName"), "city"),
                (find("StateName"), "province"),
                (find("CountryCode"), "country"),
            ],
            coordinates: Coordinates::find(
                columns,
                &["Lat", "Latitude"],
                &["Lon", "Longitude"],
                "phoenix",
            ),
            urls: find("URLs"),
            sources: find("NewsSources"),
            attributes: Attributes::default(),
            oddities: Oddities::default(),
        };
        // Parts of the date, of the event code and of the actors' codes are told by the whole.
        let parts = ["Year", "Month", "Day", "EventRootCode"].map(find);
        let halves = ["Entity", "Role", "Attribute"]
            .map(|part| ["Source", "Target"].map(|side| find(&format!("{side}Actor{part}"))));
        let [source, target] = phoenix.actors;
        let [latitude, longitude] = phoenix.coordinates.taken();
        let mut taken = vec![
            phoenix.id,
            phoenix.date,
            source,
            target,
            phoenix.code,
            phoenix.goldstein,
            latitude,
            longitude,
            phoenix.urls,
        ];
        taken.extend(parts);
        taken.extend(halves.into_iter().flatten());
        phoenix.attributes = Attributes::rest(columns, taken, "phoenix", |name| match name {
            "PentaClass" => Holds::Int,
            "Issues" | "SentenceID" | "NewsSources" => Holds::List(BETWEEN),
            _ => Holds::Text,
        });
        Ok(phoenix)
    }
}

impl Layout for Phoenix {
    fn read(&mut self, record: &Record) -> Result<Draft, Reject> {
        let code = record
            .cell(self.code)
            .ok_or_else(|| Reject::cell(self.code, "there is no event code"))?;
        let kind = cameo::kind(code)
            .ok_or_else(|| Reject::cell(self.code, format!("`{code}` is no CAMEO code")))?;
        let mut event = Event {
            key: record.cell(self.id).map(|id| format!("phoenix:{id}")),
            kind: kind.name.clone(),
            code: Some(code.to_owned()),
            date: Some(Date::day(day::needed(record, self.date, "Date")?)),
            goldstein: self.oddities.numbers.cell(record, self.goldstein)?,
            ..Event::default()
        };
        let mut hints = Vec::with_capacity(4);

        for (at, role) in self.actors.iter().zip([Role::Source, Role::Target]) {
            let Some(code) = record.cell(*at).filter(|code| *code != NOBODY) else { continue };
            event.participants.push(Participant::new(code, role));
            hints.push(Hint::Code(code.to_owned()));
        }

        let path = self.places.iter().map(|(at, kind)| (record.cell(*at), *kind));
        let oddities = &mut self.oddities;
        hints.extend(place::locate(path, &self.coordinates, record, &mut event, oddities, None)?);
        self.documents(record, &mut event, &mut hints);
        self.attributes.fill(record, &mut event, &mut self.oddities.numbers)?;
        event.attributes.retain(|_, value| *value != Value::List(Vec::new()));
        Ok(Draft::Event { event, hints })
    }

    fn notes(&self) -> Vec<String> {
        self.oddities.notes()
    }
}

impl Phoenix {
    /// The articles that tell it. Where there are as many sources as addresses, they go together; else the host of an
    /// address is the publisher.
    fn documents(&self, record: &Record, event: &mut Event, hints: &mut Vec<Hint>) {
        let urls: Vec<&str> = members(record.cell(self.urls), BETWEEN).collect();
        let sources: Vec<&str> = members(record.cell(self.sources), BETWEEN).collect();
        let mut seen = FxHashSet::default();
        for (at, url) in urls.iter().enumerate().filter(|(_, url)| seen.insert(**url)) {
            let mut document = document::document(url);
            if let Some(name) = sources.get(at).filter(|_| sources.len() == urls.len()) {
                document.publisher = Some((*name).to_owned());
            }
            let (citation, hint) = document::telling(document);
            event.documents.push(citation);
            hints.push(hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{event, records, reject};
    use super::super::{Format, names};
    use super::*;

    fn rows() -> (Phoenix, Vec<Record>) {
        let rows = records(include_str!("../../../fixtures/formats/phoenix.txt"), '\t');
        let columns = Columns::new(names::standard(Format::Phoenix, rows[0].width()).unwrap());
        (Phoenix::new(&columns).unwrap(), rows)
    }

    #[test]
    fn a_visit_with_its_articles() {
        let (mut phoenix, rows) = rows();
        let (visit, hints) = event(&mut phoenix, &rows[0]);
        assert_eq!(visit.key.as_deref(), Some("phoenix:501"));
        assert_eq!((visit.kind.as_str(), visit.code.as_deref()), ("visit", Some("042")));
        assert_eq!(visit.goldstein, Some(1.9));
        assert_eq!(visit.date.as_ref().unwrap().edtf(), "2014-06-20");
        assert_eq!(visit.participants[1], Participant::new("FRAMIL", Role::Target));
        assert_eq!(visit.places[0].name, "Montevideo, Montevideo Department, URY");
        assert_eq!(visit.documents[1].document, "http://two.example/b");
        let issues = Value::List(vec!["ECON,2".into(), "DISARM,1".into()]);
        assert_eq!(visit.attributes.get("Issues"), Some(&issues));
        assert_eq!(visit.attributes.get("Year"), None);
        assert_eq!(hints[0], Hint::Code("URYGOV".to_owned()));
        let Some(Hint::Document(document)) = hints.last() else { panic!() };
        assert_eq!(document.publisher.as_deref(), Some("two_en"));
    }

    #[test]
    fn nobody_is_nobody_and_unknown_codes_are_of_their_root() {
        let (mut phoenix, rows) = rows();
        let (fight, hints) = event(&mut phoenix, &rows[1]);
        assert_eq!((fight.kind.as_str(), fight.participants.len()), ("fight", 1));
        let Some(Hint::Document(document)) = hints.last() else { panic!() };
        assert_eq!(document.publisher.as_deref(), Some("one.example"));
        assert!(reject(&mut phoenix, &rows[2]).reason.contains("20140631"));
        assert!(reject(&mut phoenix, &rows[3]).reason.contains("`XX`"));
    }
}
