//! UCDP GED, the georeferenced events of the Uppsala Conflict Data Program: 49 columns, with or without header.
//!
//! Source: S. Högbladh, *UCDP GED Codebook*, version 23.1 (2023), Uppsala University.

use super::Layout;
use super::attribute::Attributes;
use super::columns::Columns;
use super::holds::Holds;
use super::oddities::Oddities;
use super::place::{self, Coordinates};
use super::{amount, day, number};
use crate::import::draft::{Draft, Hint};
use crate::import::record::{Record, Reject};
use crate::model::{Date, Days, Event, Participant, Role, Value};

/// What the names of governments begin with.
const GOVERNMENT: &str = "Government of ";

/// One of the two sides.
#[derive(Debug, Clone, Copy)]
struct Side {
    name: Option<usize>,
    id: Option<usize>,
    /// The number of the state of a government, of Gleditsch and Ward.
    state: Option<usize>,
}

/// Reads the rows of UCDP GED.
#[derive(Debug)]
pub(crate) struct Ucdp {
    id: Option<usize>,
    violence: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    sides: [Side; 2],
    places: [(Option<usize>, &'static str); 4],
    precision: Option<usize>,
    coordinates: Coordinates,
    headline: Option<usize>,
    best: Option<usize>,
    low: Option<usize>,
    high: Option<usize>,
    attributes: Attributes,
    oddities: Oddities,
}

impl Ucdp {
    /// The layout of a file with these columns.
    pub(crate) fn new(columns: &Columns) -> Result<Ucdp, String> {
        columns.need(&["type_of_violence", "date_start", "date_end"], "UCDP GED")?;
        let find = |name: &str| columns.find(&[name]);
        let side = |letter: &str| Side {
            name: find(&format!("side_{letter}")),
            id: find(&format!("side_{letter}_new_id")),
            state: find(&format!("gwno{letter}")),
        };
        let mut ucdp = Ucdp {
            id: find("id"),
            violence: find("type_of_violence"),
            start: find("date_start"),
            end: find("date_end"),
            sides: [side("a"), side("b")],
            places: [
                (find("where_coordinates"), "city"),
                (find("adm_2"), "district"),
                (find("adm_1"), "province"),
                (find("country"), "country"),
            ],
            precision: find("where_prec"),
            coordinates: Coordinates::find(columns, &["latitude"], &["longitude"], "ucdp"),
            headline: find("source_headline"),
            best: find("best"),
            low: find("low"),
            high: find("high"),
            attributes: Attributes::default(),
            oddities: Oddities::default(),
        };
        let [a, b] = ucdp.sides;
        let [latitude, longitude] = ucdp.coordinates.taken();
        let taken =
            [ucdp.id, find("year"), ucdp.start, ucdp.end, a.name, b.name, latitude, longitude];
        ucdp.attributes = Attributes::rest(columns, taken, "ucdp", |name| match name {
            "conflict_name" | "dyad_name" | "source_article" | "source_office" | "source_date"
            | "source_headline" | "source_original" | "where_coordinates" | "where_description"
            | "adm_1" | "adm_2" | "geom_wkt" | "country" | "region" | "code_status" | "relid"
            | "gwnoa" | "gwnob" => Holds::Text,
            _ => Holds::Any,
        });
        Ok(ucdp)
    }
}

impl Layout for Ucdp {
    fn read(&mut self, record: &Record) -> Result<Draft, Reject> {
        let violence = record.cell(self.violence).unwrap_or_default();
        let kind = kind(violence).ok_or_else(|| {
            Reject::cell(
                self.violence,
                format!("`{violence}` is no `type_of_violence`: it is 1 for state-based, 2 for non-state, 3 for one-sided"),
            )
        })?;
        let mut event = Event {
            key: record.cell(self.id).map(|id| format!("ucdp:{id}")),
            kind: kind.to_owned(),
            date: Some(self.when(record)?),
            summary: record.cell(self.headline).map(str::to_owned),
            ..Event::default()
        };
        let mut hints = Vec::with_capacity(3);

        // Of one-sided violence, side a is who does it and side b the civilians. Of the others, side a is the state where
        // there is one; who began, the data do not tell.
        for (side, role) in self.sides.iter().zip([Role::Source, Role::Target]) {
            let Some(name) = record.cell(side.name) else { continue };
            event.participants.push(Participant::new(name, role));
            let government = name.strip_prefix(GOVERNMENT);
            let civilians = name == "Civilians";
            // The numbers of Gleditsch and Ward are those of COW but for a few states, so that the name comes first.
            let country = government.or_else(|| record.cell(side.state)).map(str::to_owned);
            let sector = match (government, civilians) {
                (Some(_), _) => Some("GOV"),
                (None, true) => Some("CVL"),
                (None, false) => None,
            };
            // Civilians bear one number in every country, so that it says nothing of them.
            let id = record.cell(side.id).filter(|_| !civilians);
            hints.push(Hint::Actor {
                name: name.to_owned(),
                sectors: sector.into_iter().map(str::to_owned).collect(),
                kind: (country.is_none() && !civilians).then_some("non_state"),
                country,
                codes: id.into_iter().map(|id| ("ucdp", id.to_owned())).collect(),
            });
        }

        let path = self.places.iter().map(|(at, kind)| (record.cell(*at), *kind));
        let oddities = &mut self.oddities;
        let mut place = place::locate(path, &self.coordinates, record, &mut event, oddities, None)?;
        // From 3 on `where_prec` says that the point is the middle of a district, a province, a country.
        if !matches!(record.cell(self.precision), None | Some("1" | "2"))
            && let Some(Hint::Place { coordinates, .. }) = &mut place
        {
            *coordinates = None;
        }
        hints.extend(place);

        self.killed(record, &mut event)?;
        self.attributes.fill(record, &mut event, &mut self.oddities.numbers)?;
        // -1 says that the number of sources was not recorded.
        if event.attributes.get("number_of_sources") == Some(&Value::Int(-1)) {
            event.attributes.remove("number_of_sources");
        }
        Ok(Draft::Event { event, hints })
    }

    fn notes(&self) -> Vec<String> {
        self.oddities.notes()
    }
}

impl Ucdp {
    /// When it happened.
    ///
    /// The codebook calls `date_start` the earliest possible date of the event and `date_end` the last possible one, for
    /// every `date_prec` from 1, the day is known, over 3, a week, to 5, more than a month. So the event did not last
    /// from the one to the other: it is one unknown day within. `date_prec` stays an attribute.
    fn when(&self, record: &Record) -> Result<Date, Reject> {
        let first = day::needed(record, self.start, "date_start")?;
        let last = day::needed(record, self.end, "date_end")?;
        if last < first {
            return Err(Reject::cell(
                self.end,
                format!("`date_end` {last} is before `date_start` {first}"),
            ));
        }
        Ok(Date::spanning(Days { first, last }))
    }

    /// The people killed: from the low to the high estimate, or as many as the best one where these are missing.
    fn killed(&self, record: &Record, event: &mut Event) -> Result<(), Reject> {
        let best = number::count(record, self.best)?;
        let low = number::count(record, self.low)?.or(best);
        let high = number::count(record, self.high)?.or(best);
        if let (Some(low), Some(high)) = (low.or(high), high.or(low))
            && low.max(high) > 0.0
        {
            event.quantities.push(amount::killed(low, high));
        }
        Ok(())
    }
}

/// What the three types of violence are in CAMEO.
///
/// 1, state-based, is armed force between parties of which one is a state: conventional military force (190). 2,
/// non-state, is armed force between organised groups: a fight (19), of which nothing more is known. 3, one-sided, is
/// armed force against civilians by a state or a group: unconventional violence (18). It may kill one or thousands, so
/// that it is no mass killing (202) before the numbers are looked at.
fn kind(violence: &str) -> Option<&'static str> {
    match violence {
        "1" => Some("military force"),
        "2" => Some("fight"),
        "3" => Some("assault"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{event, headed, records, reject, sample};
    use super::super::{Format, names};
    use super::*;
    use crate::model::Codebook;

    const ROWS: &str = include_str!("../../../fixtures/formats/ucdp.csv");

    #[test]
    fn a_state_fights_with_an_estimate_of_the_dead() {
        let (columns, rows) = headed(ROWS, ',');
        let mut ucdp = Ucdp::new(&columns).unwrap();
        let (fight, hints) = event(&mut ucdp, &rows[0]);
        assert_eq!(fight.key.as_deref(), Some("ucdp:9001"));
        assert_eq!(fight.kind, "military force");
        assert_eq!(fight.date.as_ref().unwrap().edtf(), "2010-03-03");
        assert_eq!(fight.quantities[0].to_string(), "2..9 fatalities");
        assert_eq!(fight.attributes.get("best"), Some(&Value::Int(4)));
        assert_eq!(fight.attributes.get("number_of_sources"), None);
        let article = fight.attributes.get("source_article");
        assert!(matches!(article, Some(Value::Text(text)) if text.contains('\n')), "{article:?}");
        assert_eq!(fight.participants[0].role, Role::Source);
        assert_eq!(fight.participants[1], Participant::new("FLU", Role::Target));
        assert_eq!(fight.places[0].name, "Melo town, Melo region, Cerro Largo department, Uruguay");
        let Hint::Actor { country, codes, sectors, .. } = &hints[0] else { panic!() };
        assert_eq!(country.as_deref(), Some("Uruguay"));
        assert_eq!(codes, &[("ucdp", "130".to_owned())]);
        assert_eq!(sectors, &["GOV"]);
        assert!(matches!(&hints[2], Hint::Place { coordinates: Some(_), .. }));
    }

    #[test]
    fn start_and_end_are_doubt_about_one_day() {
        let (columns, rows) = headed(ROWS, ',');
        let mut ucdp = Ucdp::new(&columns).unwrap();
        let (month, hints) = event(&mut ucdp, &rows[1]);
        let date = month.date.unwrap();
        assert_eq!((date.edtf(), date.lasts()), ("2010-06", false));
        assert_eq!(month.quantities, []);
        // The middle of a department is no place to put it.
        assert_eq!(month.places[0].coordinates, Some((-31.5, -55.2)));
        assert!(
            matches!(&hints[2], Hint::Place { path, coordinates: None, .. } if path.len() == 2)
        );
        let (days, hints) = event(&mut ucdp, &rows[2]);
        assert_eq!(days.date.unwrap().edtf(), "[2010-06-03..2010-06-05]");
        assert_eq!(days.kind, "assault");
        assert_eq!(days.summary.as_deref(), Some("Villagers shot"));
        assert_eq!(days.places[0].name, "Uruguay");
        assert!(matches!(&hints[1], Hint::Actor { codes, .. } if codes.is_empty()));
    }

    #[test]
    fn rows_that_cannot_be_read_say_why() {
        let (columns, rows) = headed(ROWS, ',');
        let mut ucdp = Ucdp::new(&columns).unwrap();
        for (at, part) in
            [(3, "before `date_start`"), (4, "`4` is no `type_of_violence`"), (5, "`June`")]
        {
            let reason = reject(&mut ucdp, &rows[at]).reason;
            assert!(reason.contains(part), "{reason}");
        }
    }

    #[test]
    fn without_header_the_places_of_the_columns_are_known() {
        let headless = records(ROWS, ',').split_off(1);
        let columns = Columns::new(names::standard(Format::Ucdp, headless[0].width()).unwrap());
        let (fight, _) = event(&mut Ucdp::new(&columns).unwrap(), &headless[0]);
        assert_eq!(fight.key.as_deref(), Some("ucdp:9001"));
        assert_eq!(fight.participants.len(), 2);
    }

    #[test]
    fn kinds_are_in_the_codebook() {
        for kind in ["1", "2", "3"].map(|violence| kind(violence).unwrap()) {
            assert!(Codebook::builtin().get(kind).is_some_and(|k| k.name == kind), "{kind}");
        }
    }

    #[test]
    fn real_rows_all_become_events() {
        let Some(text) = sample("ucdp/ucdp_ged_v23_1_central_african_republic.csv") else { return };
        let (columns, rows) = headed(&text, ',');
        let mut ucdp = Ucdp::new(&columns).unwrap();
        let (mut days, mut ranges) = (0, 0);
        for row in &rows {
            let (event, _) = event(&mut ucdp, row);
            let date = event.date.unwrap();
            assert!(!date.lasts());
            days += i32::from(date.is_certain());
            ranges += i32::from(event.quantities.iter().any(|q| q.low < q.high));
            assert_eq!(event.participants.len(), 2);
        }
        assert_eq!((rows.len(), days, ranges), (1848, 1367, 271));
    }
}
