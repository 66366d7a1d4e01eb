//! Phoenix: 26 columns without header, actors as CAMEO codes.
//!
//! Source: the program that writes it, `postprocess.py` of the Phoenix pipeline of the Open Event Data Alliance.

use super::columns::{Attributes, Columns, Holds};
use super::{Layout, cameo, cell};
use crate::import::draft::{Draft, Hint};
use crate::import::record::{Record, Reject};
use crate::model::{Citation, Date, Document, Event, Participant, Role, Value};

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
    coordinates: [Option<usize>; 2],
    urls: Option<usize>,
    sources: Option<usize>,
    attributes: Attributes,
}

impl Phoenix {
    /// The layout of a file with these columns.
    pub(crate) fn new(columns: &Columns) -> Result<Phoenix, String> {
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
            coordinates: [columns.find(&["Lat", "Latitude"]), columns.find(&["Lon", "Longitude"])],
            urls: find("URLs"),
            sources: find("NewsSources"),
            attributes: Attributes::default(),
        };
        for (at, name) in [(phoenix.date, "Date"), (phoenix.code, "EventCode")] {
            if at.is_none() {
                return Err(format!(
                    "there is no column `{name}`, which every file of Phoenix has"
                ));
            }
        }
        // Parts of the date, of the event code and of the actors' codes are told by the whole.
        let parts = ["Year", "Month", "Day", "EventRootCode"].map(find);
        let halves = ["Entity", "Role", "Attribute"]
            .map(|part| ["Source", "Target"].map(|side| find(&format!("{side}Actor{part}"))));
        let [source, target] = phoenix.actors;
        let [latitude, longitude] = phoenix.coordinates;
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
        phoenix.attributes = cell::attributes(columns, &taken, "phoenix", |name| match name {
            "PentaClass" => Holds::Int,
            "Issues" | "SentenceID" | "NewsSources" => Holds::List(BETWEEN),
            _ => Holds::Text,
        });
        Ok(phoenix)
    }

    /// The articles that tell it. Where there are as many sources as addresses, they go together.
    fn documents(&self, record: &Record, event: &mut Event, hints: &mut Vec<Hint>) {
        let urls: Vec<&str> = cell::members(record.cell(self.urls), BETWEEN).collect();
        let sources: Vec<&str> = cell::members(record.cell(self.sources), BETWEEN).collect();
        for (at, url) in urls.iter().enumerate() {
            if event.documents.iter().any(|citation| citation.document == *url) {
                continue;
            }
            event.documents.push(Citation { document: (*url).to_owned(), ..Citation::default() });
            let publisher = sources.get(at).filter(|_| sources.len() == urls.len());
            hints.push(Hint::Document(Document {
                key: (*url).to_owned(),
                publisher: publisher.map(|&name| name.to_owned()),
                url: Some((*url).to_owned()),
                ..Document::default()
            }));
        }
    }
}

impl Layout for Phoenix {
    fn read(&mut self, record: &Record) -> Result<Draft, Reject> {
        let code = record.cell(self.code).unwrap_or_default();
        let kind = cameo::kind(code)
            .ok_or_else(|| Reject::cell(self.code, format!("`{code}` is no CAMEO code")))?;
        let mut event = Event {
            key: record.cell(self.id).map(|id| format!("phoenix:{id}")),
            kind: kind.name.clone(),
            code: Some(code.to_owned()),
            date: Some(Date::day(cell::needed_day(record, self.date, "Date")?)),
            goldstein: cell::number(record, self.goldstein)?,
            ..Event::default()
        };
        let mut hints = Vec::with_capacity(4);

        for (at, role) in self.actors.iter().zip([Role::Source, Role::Target]) {
            let Some(code) = record.cell(*at).filter(|code| *code != NOBODY) else { continue };
            event.participants.push(Participant::new(code, role));
            hints.push(Hint::Code(code.to_owned()));
        }

        let [latitude, longitude] = self.coordinates;
        let coordinates = cell::coordinates(record, latitude, longitude)?;
        let path = self.places.map(|(at, kind)| (record.cell(at), kind));
        if let Some((location, mut hint)) = cell::place(&path, coordinates) {
            if let Hint::Place { path, coordinates, .. } = &mut hint
                && path.first().is_some_and(|(_, kind)| *kind != "city")
            {
                *coordinates = None;
            }
            event.places.push(location);
            hints.push(hint);
        }
        self.documents(record, &mut event, &mut hints);
        self.attributes.fill(record, &mut event)?;
        event.attributes.retain(|_, value| *value != Value::List(Vec::new()));
        Ok(Draft::Event { event, hints })
    }
}

#[cfg(test)]
mod tests {
    use super::super::cell::testing::{event, records, reject};
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
        assert_eq!(document.publisher, None);
        assert!(reject(&mut phoenix, &rows[2]).reason.contains("20140631"));
        assert!(reject(&mut phoenix, &rows[3]).reason.contains("`XX`"));
    }
}
