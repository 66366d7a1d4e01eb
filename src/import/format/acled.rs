//! ACLED: 31 columns, and the older ones with `data_id` and `iso3` and without `disorder_type`.
//!
//! Sources: ACLED, *Codebook* (2023); its columns as the R package `acledR` describes them.

use std::sync::LazyLock;

use super::Layout;
use super::attribute::Attributes;
use super::columns::Columns;
use super::day;
use super::holds::{Holds, members};
use super::kind_table::KindTable;
use super::oddities::Oddities;
use super::place::{self, Coordinates};
use super::{amount, number};
use crate::import::draft::{Draft, Hint};
use crate::import::record::{Record, Reject};
use crate::import::report::count;
use crate::model::{Date, Day, Days, Event, Participant, Precision, Role, Value};
use crate::parser::phrase::{DayOrder, parse_ordered};

static KINDS: LazyLock<KindTable> =
    LazyLock::new(|| KindTable::read(include_str!("../../../fixtures/codebook/acled_types.tsv")));

/// How ACLED spells a disorder type in some of its releases, and how it means it.
const MISSPELLED: (&str, &str) = ("Demostrations", "Demonstrations");

/// What stands between associated actors.
const BETWEEN: char = ';';

/// One of the two sides of an event.
#[derive(Debug, Clone, Copy)]
struct Side {
    actor: Option<usize>,
    associated: Option<usize>,
    inter: Option<usize>,
}

/// Reads the rows of ACLED.
#[derive(Debug)]
pub(crate) struct Acled {
    id: Option<usize>,
    date: Option<usize>,
    precision: Option<usize>,
    disorder: Option<usize>,
    kind: Option<usize>,
    within: Option<usize>,
    sides: [Side; 2],
    targeting: Option<usize>,
    places: [(Option<usize>, &'static str); 5],
    coordinates: Coordinates,
    notes: Option<usize>,
    fatalities: Option<usize>,
    attributes: Attributes,
    oddities: Oddities,
    misspelled: u64,
}

impl Acled {
    /// The layout of a file with these columns.
    pub(crate) fn new(columns: &Columns) -> Result<Acled, String> {
        columns.need(&["event_date", "event_type"], "ACLED")?;
        let find = |name: &str| columns.find(&[name]);
        let side = |n: u8| Side {
            actor: find(&format!("actor{n}")),
            associated: columns.find(&[&format!("assoc_actor_{n}"), &format!("ally_actor_{n}")]),
            inter: find(&format!("inter{n}")),
        };
        let mut acled = Acled {
            id: find("event_id_cnty"),
            date: find("event_date"),
            precision: find("time_precision"),
            disorder: find("disorder_type"),
            kind: find("event_type"),
            within: find("sub_event_type"),
            sides: [side(1), side(2)],
            targeting: find("civilian_targeting"),
            places: [
                (find("location"), "city"),
                (find("admin3"), "district"),
                (find("admin2"), "district"),
                (find("admin1"), "province"),
                (find("country"), "country"),
            ],
            coordinates: Coordinates::find(columns, &["latitude"], &["longitude"], "acled"),
            notes: find("notes"),
            fatalities: find("fatalities"),
            attributes: Attributes::default(),
            oddities: Oddities::default(),
            misspelled: 0,
        };
        // What the event says in fields of its own is not said twice. The actors are: which of them is `actor1` shows
        // in no role.
        let [latitude, longitude] = acled.coordinates.taken();
        let taken =
            [acled.id, acled.date, find("year"), acled.notes, latitude, longitude, acled.disorder];
        acled.attributes = Attributes::rest(columns, taken, "acled", |name| match name {
            "time_precision" | "geo_precision" | "fatalities" | "timestamp" => Holds::Int,
            "iso" | "inter1" | "inter2" | "interaction" => Holds::Any,
            "assoc_actor_1" | "assoc_actor_2" | "tags" => Holds::List(BETWEEN),
            _ => Holds::Text,
        });
        Ok(acled)
    }
}

impl Layout for Acled {
    fn read(&mut self, record: &Record) -> Result<Draft, Reject> {
        let type_ = record.cell(self.kind).unwrap_or_default();
        let within = record.cell(self.within).unwrap_or_default();
        let mut disorder = record.cell(self.disorder).unwrap_or_default();
        if disorder == MISSPELLED.0 {
            self.misspelled += 1;
            disorder = MISSPELLED.1;
        }
        let kind =
            KINDS.get(type_, within).or_else(|| KINDS.get(disorder, "")).ok_or_else(|| {
                Reject::cell(
                    self.kind,
                    format!("`{type_}` is no event type of ACLED, such as `Battles` or `Protests`"),
                )
            })?;
        let key = record.cell(self.id).filter(|id| is_id(id)).map(|id| format!("acled:{id}"));
        let mut event = Event {
            key,
            kind: kind.to_owned(),
            date: Some(self.when(record)?),
            summary: record.cell(self.notes).map(str::to_owned),
            ..Event::default()
        };
        let mut hints = Vec::with_capacity(4);

        // Associated actors identify their side or stand with it, so that they share its role.
        let inters = self.sides.map(|side| Inter::of(record, side));
        let roles = self.roles(record, type_, within, inters);
        for ((side, inter), role) in self.sides.iter().zip(inters).zip(roles) {
            if let Some(name) = record.cell(side.actor) {
                event.participants.push(Participant::new(name, role));
                hints.push(hint(name, inter));
            }
            for name in members(record.cell(side.associated), BETWEEN) {
                event.participants.push(Participant::new(name, role));
                hints.push(hint(name, None));
            }
        }

        let path = self.places.iter().map(|(at, kind)| (record.cell(*at), *kind));
        let oddities = &mut self.oddities;
        hints.extend(place::locate(path, &self.coordinates, record, &mut event, oddities, None)?);

        // 0 may mean that nobody told how many: the attribute keeps it.
        if let Some(dead) = number::count(record, self.fatalities)?.filter(|dead| *dead > 0.0) {
            event.quantities.push(amount::killed(dead, dead));
        }
        self.attributes.fill(record, &mut event, &mut self.oddities.numbers)?;
        if !disorder.is_empty() {
            event.attributes.insert("disorder_type".to_owned(), Value::from(disorder));
        }
        Ok(Draft::Event { event, hints })
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.misspelled > 0 {
            let (written, meant) = MISSPELLED;
            let rows = count(self.misspelled, "row writes", "rows write");
            notes.push(format!("{rows} `{written}`: kept as `{meant}`"));
        }
        notes.extend(self.oddities.notes());
        notes
    }
}

impl Acled {
    /// When it happened.
    ///
    /// `time_precision` 1 is the day. 2 is one unknown day of a week: the codebook dates an event that is told to have
    /// happened in a week, or at a weekend, at the middle of that time, so that three days on each side cover it. 3 is
    /// one unknown day of the month, which it dates at the middle of the month.
    fn when(&self, record: &Record) -> Result<Date, Reject> {
        let text = record
            .cell(self.date)
            .ok_or_else(|| Reject::cell(self.date, "there is no `event_date`"))?;
        let day = day(text).ok_or_else(|| {
            Reject::cell(
                self.date,
                format!("`{text}` is no day of the calendar; ACLED writes `2022-06-30`, `30 June 2022` or `30-06-2022`, day first"),
            )
        })?;
        match record.cell(self.precision) {
            None | Some("1") => Ok(Date::day(day)),
            Some("2") => {
                let days = Days { first: day.plus_days(-3), last: day.plus_days(3) };
                Ok(Date::within(days, Precision::Interval))
            }
            Some("3") => {
                let (year, month, _) = day.ymd();
                Ok(Date::month(year, month))
            }
            Some(other) => Err(Reject::cell(
                self.precision,
                format!(
                    "`{other}` is no `time_precision`: it is 1 for the day, 2 for the week, 3 for the month"
                ),
            )),
        }
    }

    /// Who does it and to whom, where the codebook tells; else all are parties, for the order of the two actors tells
    /// nothing.
    ///
    /// It tells by its definitions: violence against civilians is what armed groups do to those who bear no arms, and
    /// excessive force is what is used against protesters.
    fn roles(
        &self,
        record: &Record,
        type_: &str,
        within: &str,
        [a, b]: [Option<Inter>; 2],
    ) -> [Role; 2] {
        let victim = match type_ {
            _ if begins_with(within, "excessive force") => Inter::Protesters,
            _ if begins_with(type_, "violence against civilians") => Inter::Civilians,
            _ if record.cell(self.targeting).is_some() => Inter::Civilians,
            _ => return [Role::Party; 2],
        };
        match (a == Some(victim), b == Some(victim)) {
            (false, true) => [Role::Source, Role::Target],
            (true, false) if b.is_some() => [Role::Target, Role::Source],
            (true, false) => [Role::Target, Role::Party],
            _ => [Role::Party; 2],
        }
    }
}

/// `2022-06-30`, `16 May 2025`, or `30-06-2022`: the codebook's own order is day, month, year.
fn day(text: &str) -> Option<Day> {
    day::day(text).or_else(|| {
        let date = parse_ordered(text, DayOrder::DayFirst, None).ok()?;
        (date.precision() == Precision::Day && date.is_certain()).then(|| date.earliest())
    })
}

/// What sort of actor it is: a number in older files, words in newer ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inter {
    StateForces,
    Rebels,
    PoliticalMilitia,
    IdentityMilitia,
    Rioters,
    Protesters,
    Civilians,
    Other,
}

impl Inter {
    /// The numbers of the codebook with the beginnings of its words.
    const WORDS: [(&str, &str, Inter); 8] = [
        ("1", "state", Inter::StateForces),
        ("2", "rebel", Inter::Rebels),
        ("3", "political", Inter::PoliticalMilitia),
        ("4", "identity", Inter::IdentityMilitia),
        ("5", "rioter", Inter::Rioters),
        ("6", "protest", Inter::Protesters),
        ("7", "civilian", Inter::Civilians),
        ("8", "external", Inter::Other),
    ];

    /// The sort of a side; where the column is missing, of the names that say it themselves.
    fn of(record: &Record, side: Side) -> Option<Inter> {
        let name = record.cell(side.actor)?;
        let word = record.cell(side.inter).unwrap_or(name);
        let found =
            Inter::WORDS.iter().find(|(n, start, _)| word == *n || begins_with(word, start));
        found.map(|(.., inter)| *inter)
    }

    /// Sectors of CAMEO, of which a militia is an armed group that is not known for rebelling.
    fn sectors(self, name: &str) -> &'static [&'static str] {
        match self {
            Inter::StateForces if name.starts_with("Military") => &["GOV", "MIL"],
            Inter::StateForces if name.starts_with("Police") => &["GOV", "COP"],
            Inter::StateForces => &["GOV"],
            Inter::Rebels => &["REB"],
            Inter::PoliticalMilitia | Inter::IdentityMilitia => &["UAF"],
            Inter::Rioters | Inter::Protesters | Inter::Civilians => &["CVL"],
            Inter::Other => &[],
        }
    }

    fn kind(self, name: &str) -> Option<&'static str> {
        match self {
            Inter::StateForces if name.starts_with("Military") => Some("armed_force"),
            Inter::Rebels | Inter::PoliticalMilitia | Inter::IdentityMilitia => Some("non_state"),
            _ => None,
        }
    }
}

/// Does a text begin with these words, in any case?
fn begins_with(text: &str, words: &str) -> bool {
    text.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words))
}

/// What a name tells of its bearer, with the sort of actor. Many are no one in particular: the name says only of which
/// country.
fn hint(name: &str, inter: Option<Inter>) -> Hint {
    let sectors = inter.map_or(&[][..], |inter| inter.sectors(name));
    Hint::Actor {
        name: name.to_owned(),
        country: None,
        sectors: sectors.iter().map(|&sector| sector.to_owned()).collect(),
        kind: inter.and_then(|inter| inter.kind(name)),
        codes: Vec::new(),
    }
}

/// An id has digits: `ARG10607`. What programs write where they had none (`undefined`) has not, and would make one event
/// of all.
fn is_id(id: &str) -> bool {
    id.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{event, headed, reject, sample};
    use super::*;

    const ROWS: &str = include_str!("../../../fixtures/formats/acled.csv");

    fn roles(event: &Event) -> Vec<(&str, Role)> {
        event.participants.iter().map(|p| (p.name.as_str(), p.role)).collect()
    }

    #[test]
    fn every_kind_of_the_table_is_in_the_codebook() {
        KINDS.assert_known(30);
    }

    #[test]
    fn a_protest_has_parties_a_path_and_no_dead() {
        let (columns, rows) = headed(ROWS, ',');
        let mut acled = Acled::new(&columns).unwrap();
        let (protest, hints) = event(&mut acled, &rows[0]);
        assert_eq!(protest.key.as_deref(), Some("acled:URY101"));
        assert_eq!(protest.kind, "demonstration");
        assert_eq!(protest.date.as_ref().unwrap().edtf(), "2021-05-03");
        assert_eq!(
            roles(&protest),
            [
                ("Protesters (Uruguay)", Role::Party),
                ("Dockers Union", Role::Party),
                ("Labour Group (Uruguay)", Role::Party),
            ]
        );
        assert_eq!(protest.places[0].name, "Rocha, Capital, Rocha, Uruguay");
        assert_eq!(protest.places[0].coordinates, Some((-34.48, -54.33)));
        assert!(protest.summary.as_ref().unwrap().contains("\"for bread\", calmly"));
        assert_eq!(protest.quantities, []);
        let attribute = |name: &str| protest.attributes.get(name).cloned();
        assert_eq!(attribute("fatalities"), Some(Value::Int(0)));
        assert_eq!(attribute("disorder_type"), Some(Value::from("Demonstrations")));
        assert_eq!(attribute("acled_source"), Some(Value::from("The Harbour Post; Radio Rocha")));
        assert_eq!(attribute("source"), None);
        assert_eq!(attribute("timestamp"), Some(Value::Int(1_620_086_400)));
        assert_eq!(attribute("actor1"), Some(Value::from("Protesters (Uruguay)")));
        let Hint::Place { path, .. } = hints.last().unwrap() else { panic!() };
        assert_eq!(path[1], ("Capital, Rocha, Uruguay".to_owned(), "district"));
        let Hint::Actor { sectors, .. } = &hints[0] else { panic!() };
        assert_eq!(sectors, &["CVL"]);
        assert_eq!(acled.notes().len(), 1);
    }

    #[test]
    fn dates_are_as_precise_as_the_row_says() {
        let (columns, rows) = headed(ROWS, ',');
        let mut acled = Acled::new(&columns).unwrap();
        let week = event(&mut acled, &rows[1]).0.date.unwrap();
        assert_eq!((week.edtf(), week.lasts()), ("[2021-04-15..2021-04-21]", false));
        let month = event(&mut acled, &rows[2]).0.date.unwrap();
        assert_eq!((month.edtf(), month.lasts()), ("2022-03", false));
    }

    #[test]
    fn direction_is_what_the_definition_tells_and_not_the_order() {
        let (columns, rows) = headed(ROWS, ',');
        let mut acled = Acled::new(&columns).unwrap();
        let (attack, _) = event(&mut acled, &rows[1]);
        assert_eq!(attack.kind, "physical assault");
        assert_eq!(
            roles(&attack),
            [
                ("Civilians (Uruguay)", Role::Target),
                ("Teachers (Uruguay)", Role::Target),
                ("Military Forces of Uruguay (2020-2025)", Role::Source),
            ]
        );
        assert_eq!(attack.quantities[0].to_string(), "3 fatalities");
        let (battle, _) = event(&mut acled, &rows[2]);
        assert_eq!((battle.key, battle.kind.as_str()), (None, "fight"));
        assert!(battle.participants.iter().all(|p| p.role == Role::Party));
        let (force, _) = event(&mut acled, &rows[3]);
        assert_eq!(force.kind, "violent repression");
        assert_eq!(roles(&force)[0], ("Protesters (Uruguay)", Role::Target));
        assert_eq!(roles(&force)[1], ("Police Forces of Uruguay", Role::Source));
    }

    #[test]
    fn rows_that_cannot_be_read_say_why() {
        let (columns, rows) = headed(ROWS, ',');
        let mut acled = Acled::new(&columns).unwrap();
        for (at, part) in [(4, "day first"), (5, "`time_precision`"), (6, "`Picnics`")] {
            let reason = reject(&mut acled, &rows[at]).reason;
            assert!(reason.contains(part), "{reason}");
        }
        assert!(Acled::new(&Columns::new(["event_type"])).is_err());
    }

    #[test]
    fn a_place_beyond_this_earth_is_left_as_it_is() {
        let (columns, rows) = headed(ROWS, ',');
        let mut acled = Acled::new(&columns).unwrap();
        let (riot, _) = event(&mut acled, &rows[7]);
        assert_eq!((riot.places[0].name.as_str(), riot.places[0].coordinates), ("Melo", None));
        assert_eq!(riot.attributes.get("latitude"), Some(&Value::Float(-95.0)));
        assert!(acled.notes()[0].contains("1 place has coordinates"), "{:?}", acled.notes());
    }

    #[test]
    fn older_files_have_other_columns() {
        let (columns, rows) = headed(include_str!("../../../fixtures/formats/acled_old.csv"), ',');
        let (riot, _) = event(&mut Acled::new(&columns).unwrap(), &rows[0]);
        assert_eq!(riot.key.as_deref(), Some("acled:URY9"));
        assert_eq!(riot.date.unwrap().edtf(), "2016-07-04");
        assert_eq!(riot.attributes.get("iso3"), Some(&Value::from("URY")));
        assert_eq!(riot.attributes.get("geo_precision"), Some(&Value::Int(3)));
    }

    #[test]
    fn real_rows_all_become_events() {
        let Some(text) = sample("acled/acled_old_dummy.csv") else { return };
        let (columns, rows) = headed(&text, ',');
        let mut acled = Acled::new(&columns).unwrap();
        let mut weeks = 0;
        for row in &rows {
            let (event, _) = event(&mut acled, row);
            weeks += i32::from(!event.date.unwrap().is_certain());
            assert!(event.key.is_some() && !event.participants.is_empty());
        }
        assert_eq!((rows.len(), weeks, acled.misspelled), (326, 14, 320));
    }
}
