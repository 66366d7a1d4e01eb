//! Random events, catalogues and conditions from a seed.

#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)] // small numbers
#![allow(clippy::explicit_auto_deref)] // one form for every pick

use std::collections::BTreeMap;

use attache::{
    Actor, Affiliation, Alias, Database, Date, Days, Event, Kind, Location, Participant, Place,
    Quantity, Role, Status, Value,
};

use super::condition::{Cond, When, calendar};
use super::world::World;

/// Numbers that look random and are the same for the same seed.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Rng {
        Rng(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((self.next() >> 33) as usize) % n
    }

    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn tie(under: &str, from: Option<&str>, to: Option<&str>) -> Affiliation {
    Affiliation {
        under: under.into(),
        from: from.map(date),
        to: to.map(date),
        ..Affiliation::default()
    }
}

fn alias(name: &str, from: Option<&str>, to: Option<&str>) -> Alias {
    Alias { name: name.into(), from: from.map(date), to: to.map(date) }
}

/// A catalogue with every kind of tie: undated, dated, chained, of two masters, to a name nobody has defined.
pub(super) fn actors() -> Vec<Actor> {
    let state = |name: &str, code: &str, other: &str| Actor {
        name: name.into(),
        kind: Some("state".into()),
        codes: BTreeMap::from([("iso3".into(), code.into())]),
        aliases: vec![alias(other, None, None)],
        ..Actor::default()
    };
    let actor =
        |name: &str, aliases: &[Alias], state: Option<&str>, ties: Vec<Affiliation>| Actor {
            name: name.into(),
            aliases: aliases.to_vec(),
            state: state.map(|s| tie(s, None, None)),
            affiliations: ties,
            ..Actor::default()
        };
    vec![
        state("Aland", "ALD", "Aland Republic"),
        state("Bérland", "BRL", "Federation of Bérland"),
        state("Cerland", "CRL", "C-Land"),
        actor("Aland Army", &[], Some("Aland"), vec![]),
        actor("Aland Guard", &[], None, vec![tie("Aland Army", Some("2012"), Some("2015-06"))]),
        actor("Berland Fleet", &[alias("BF", None, None)], None, vec![tie("BRL", None, None)]),
        actor(
            "Anna Stone",
            &[alias("Stone", None, None), alias("The Envoy", Some("2014"), Some("2016-05-15"))],
            None,
            vec![
                tie("Aland", Some("2013-03-01"), Some("2016-02-10")),
                tie("Cerland", Some("2016-06"), None),
            ],
        ),
        actor(
            "Boris Field",
            &[alias("The Envoy", Some("2016-05-16"), None), alias("B. Field", None, None)],
            Some("Bérland"),
            vec![tie("Berland Fleet", Some("2010-01-01"), Some("2014-12-31"))],
        ),
        actor(
            "Cato Field",
            &[],
            None,
            vec![tie("Aland Guard", Some("2014"), None), tie("Lost League", None, Some("2013-07"))],
        ),
        actor(
            "Dora Hill",
            &[alias("Hill", None, None)],
            None,
            vec![tie("Cerland", None, Some("2015-03-20"))],
        ),
        actor(
            "Egon Hill",
            &[alias("Hill", None, None)],
            Some("Aland"),
            vec![tie("Bérland", Some("2015"), Some("2015"))],
        ),
        actor("Union", &[], None, vec![]),
        actor("CRLGOV", &[], Some("CRL"), vec![]),
        actor("Aland Police", &[alias("ALDCOP", None, Some("2015-05"))], Some("Aland"), vec![]),
    ]
}

pub(super) fn places() -> Vec<Place> {
    let place = |name: &str, under: Option<&str>, other: Option<&str>| Place {
        name: name.into(),
        kind: under.is_none().then(|| "country".into()),
        under: under.map(str::to_owned),
        aliases: other.map(|name| alias(name, None, None)).into_iter().collect(),
        ..Place::default()
    };
    vec![
        place("Aland", None, None),
        place("North Aland", Some("Aland"), None),
        place("Port", Some("North Aland"), Some("Old Port")),
        place("Bérland", None, Some("The Berlands")),
        place("Capital", Some("The Berlands"), None),
        place("Sea", None, None),
    ]
}

const NAMES: [&str; 20] = [
    "Aland",
    "ALD",
    "Aland Republic",
    "Berland",
    "BÉRLAND",
    "BRL",
    "Cerland",
    "C-Land",
    "Aland Army",
    "Aland Guard",
    "BF",
    "Berland Fleet",
    "Anna Stone",
    "General Stone",
    "The Envoy",
    "Boris Field",
    "Gen. Cato Field",
    "Hill",
    "Lost League",
    "Nobody Known",
];

/// Codes beside names: of states, of an actor, of one at times, of nobody; one is also a name.
const CODES: [&str; 6] = ["ALD", "BRL", "CRLGOV", "ALDCOP", "XYZMIL", "Hill"];

const KINDS: [&str; 12] = [
    "visit",
    "state visit",
    "hosted visit",
    "exercise",
    "naval exercise",
    "agreement",
    "accusation",
    "threat",
    "parley",
    "arms deal",
    "consult",
    "fight",
];

const PLACES: [&str; 8] =
    ["Port", "old port", "North Aland", "Aland", "Capital", "Bérland", "Sea", "Unmapped"];

const DATES: [&str; 42] = [
    "2014",
    "2015",
    "2016",
    "2013",
    "2014-11",
    "2015-06",
    "2015-07",
    "2016-02",
    "2014-12-31",
    "2015-01-01",
    "2015-06-12",
    "2015-06-30",
    "2016-02-29",
    "2013-03-01",
    "summer of 2015",
    "Q3 2014",
    "early 2016",
    "late March 2016",
    "winter of 2014",
    "2015-06~",
    "2014~",
    "2015-06-12?",
    "[2014-03..2014-05]",
    "[..2014-11]",
    "[2015-10..]",
    "2014/2016",
    "2015-06/2015-08",
    "since 2014",
    "until 2015",
    "14-16 July 2015",
    "2014-12-30/2015-01-02",
    "between 2014 and 2015",
    "by March 2015",
    "2010s",
    "2015-03-20",
    "2016-05-15",
    "2015-02/2015-03-25",
    "first half of 2014",
    "March or April 2014",
    "2012-06-01/2013",
    "2015-06-12/..",
    "2013-03-01/2016-02-10",
];

const UNITS: [&str; 6] = ["USD", "PKR", "helicopters", "tanks", "bcm/year", "bcf/day"];

fn participants(rng: &mut Rng) -> Vec<Participant> {
    let mut found = Vec::new();
    let mut add = |rng: &mut Rng, role| {
        let code = rng.chance(30).then(|| (*rng.pick(&CODES)).to_owned());
        found.push(Participant { code, ..Participant::new(*rng.pick(&NAMES), role) });
    };
    match rng.below(6) {
        0 => {}
        1 => {
            add(rng, Role::Visitor);
            add(rng, Role::Host);
        }
        2 | 3 => {
            for _ in 0..=rng.below(2) {
                add(rng, Role::Source);
            }
            for _ in 0..=rng.below(2) {
                add(rng, Role::Target);
            }
        }
        4 => {
            for _ in 0..=rng.below(3) {
                add(rng, Role::Party);
            }
        }
        _ => {
            add(rng, Role::Supplier);
            add(rng, Role::Recipient);
        }
    }
    if rng.chance(15) {
        let role = *rng.pick(&[Role::About, Role::Companion, Role::Mediator]);
        add(rng, role);
    }
    found
}

pub(super) fn event(rng: &mut Rng, number: usize) -> Event {
    let mut attributes = BTreeMap::new();
    if rng.chance(60) {
        let value = match rng.below(8) {
            0 => Value::from("many"),
            1 => Value::Float(rng.below(8) as f64 + 0.5),
            2 => Value::from(vec![rng.below(5) as i64, 7]),
            3 => Value::from(vec![Value::from("few"), Value::Int(3)]),
            _ => Value::Int(rng.below(9) as i64),
        };
        attributes.insert("score".to_owned(), value);
    }
    if rng.chance(50) {
        attributes.insert("losses".to_owned(), Value::Int(rng.below(40) as i64));
    }
    if rng.chance(50) {
        let tags = ["army", "Navy", "trade", "Élan"];
        let value = match rng.below(4) {
            0 => Value::from(vec![*rng.pick(&tags), *rng.pick(&tags)]),
            1 => Value::List(Vec::new()),
            _ => Value::from(*rng.pick(&tags)),
        };
        attributes.insert("tag".to_owned(), value);
    }
    let quantities = (0..rng.below(3)).map(|_| {
        let low = (rng.below(6) + 1) as f64;
        let high = if rng.chance(30) { low + rng.below(4) as f64 } else { low };
        Quantity { change: rng.chance(10), ..Quantity::new(low, high, Some(*rng.pick(&UNITS))) }
    });
    let quantities = quantities.collect();
    let places = 0..[0, 1, 1, 1, 2][rng.below(5)];
    let places =
        places.map(|_| Location { name: (*rng.pick(&PLACES)).to_owned(), coordinates: None });
    let places = places.collect();
    Event {
        key: Some(format!("r{number}")),
        kind: (*rng.pick(&KINDS)).to_owned(),
        code: rng
            .chance(25)
            .then(|| (*rng.pick(&["042", "043", "190", "19", "1246", "012"])).to_owned()),
        participants: participants(rng),
        date: rng.chance(88).then(|| date(rng.pick::<&str>(&DATES))),
        places,
        quantities,
        status: *rng.pick(&[
            Status::Happened,
            Status::Happened,
            Status::Ongoing,
            Status::Planned,
            Status::Alleged,
        ]),
        summary: rng.chance(70).then(|| format!("Event {number}")),
        goldstein: number.is_multiple_of(3).then(|| (number % 21) as f64 / 2.0 - 5.0),
        attributes,
        ..Event::default()
    }
}

/// A database of so many random events, and what it holds. Some events have been changed or deleted.
pub(crate) fn database(seed: u64, count: usize) -> (Database, World) {
    let db = Database::open_in_memory().unwrap();
    fill(&db, seed, 0..count);
    let world = World::load(&db, actors(), places());
    (db, world)
}

/// Defines the actors, places and the kind that random events speak of.
pub(super) fn define(db: &Database) {
    db.write(|tx| {
        for actor in actors() {
            tx.define_actor(actor)?;
        }
        for place in places() {
            tx.define_place(place)?;
        }
        let parent = Some("meeting".to_owned());
        tx.define_kind(Kind { name: "parley".into(), parent, ..Kind::default() })
    })
    .unwrap();
}

/// Catalogues, and so many random events, each in a commit of its own, some of them revised or deleted.
pub(super) fn fill(db: &Database, seed: u64, numbers: std::ops::Range<usize>) {
    define(db);
    let rng = &mut Rng::new(seed);
    let mut ids = Vec::new();
    let count = numbers.end;
    for number in numbers {
        let event = event(rng, number);
        ids.push(db.write(|tx| tx.insert(event)).unwrap());
        if number % 10 == 3 {
            let (id, other) = (*rng.pick(&ids), self::event(rng, count + number));
            db.write(|tx| if number % 20 == 3 { tx.delete(id) } else { tx.update(id, other) })
                .unwrap();
        }
    }
}

/// What random conditions are made of.
pub(crate) struct Words {
    pub(crate) names: Vec<String>,
    pub(crate) kinds: Vec<String>,
    pub(crate) places: Vec<String>,
    pub(crate) numbers: Vec<&'static str>,
    pub(crate) texts: Vec<(&'static str, &'static str)>,
    pub(crate) amounts: Vec<(String, Quantity)>,
    pub(crate) codes: Vec<&'static str>,
    pub(crate) years: (i64, i64),
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}

impl Words {
    /// Of the random events.
    pub(crate) fn random() -> Words {
        let mut names = owned(&NAMES);
        names.extend(owned(&[
            "Field",
            "Federation of Bérland",
            "Union",
            "ALDCOP",
            "xyzmil",
            "Aland Police",
            "anna stone",
            "Egon Hill",
            "Dora Hill",
            "President Hill",
        ]));
        let mut amounts = Vec::new();
        for unit in UNITS {
            for n in [1, 3, 4, 6] {
                let written =
                    if unit.contains('/') { format!("\"{unit}\"") } else { unit.to_owned() };
                amounts.push((
                    format!("{n} {written}"),
                    Quantity::new(f64::from(n), f64::from(n), Some(unit)),
                ));
            }
        }
        Words {
            names,
            kinds: owned(&[&KINDS[..], &["verbal cooperation", "meeting"]].concat()),
            places: owned(&[
                "Aland",
                "North Aland",
                "Port",
                "OLD PORT",
                "Berland",
                "The Berlands",
                "Capital",
                "Sea",
                "Unmapped",
            ]),
            numbers: vec!["score", "losses"],
            texts: vec![
                ("tag", "army"),
                ("tag", "NAVY"),
                ("tag", "elan"),
                ("tag", "none"),
                ("score", "many"),
            ],
            amounts,
            codes: vec!["04", "19", "190", "1", "042", "043"],
            years: (2012, 2017),
        }
    }

    /// Of the chronicle.
    pub(crate) fn chronicle() -> Words {
        let money = |n: f64, text: &str| (text.to_owned(), Quantity::new(n, n, Some("USD")));
        Words {
            names: owned(&[
                "Pakistan",
                "Russia",
                "Bajwa",
                "General Qamar Bajwa",
                "Lavrov",
                "Sergei Shigu",
                "PAK",
                "US",
                "America",
                "India",
                "SCO",
                "Raheel Sharif",
                "Pakistan Armed Forces",
                "Pakistan Navy",
                "Russian Navy",
                "Afghan government",
                "OGDCL",
                "Khan",
                "Putin",
                "Türkiye",
                "Turkey",
                "Tehrik-i-Taliban Pakistan",
            ]),
            kinds: owned(&[
                "visit",
                "exercise",
                "agreement",
                "arms deal",
                "consult",
                "naval exercise",
                "delegation visit",
                "verbal cooperation",
                "material cooperation",
                "accusation",
            ]),
            places: owned(&[
                "Russia",
                "Pakistan",
                "Moscow",
                "Karachay-Cherkessia",
                "Nizhny Arkhyz",
                "FATA",
                "Gwadar",
                "Afghanistan",
            ]),
            numbers: vec!["ships", "partner_countries", "continents"],
            texts: vec![
                ("item", "su-400"),
                ("item", "JF-17 engine"),
                ("items", "SU-35"),
                ("replaces", "x"),
            ],
            amounts: vec![
                money(5e9, "5 billion USD"),
                money(790e6, "790 million USD"),
                money(3.5e9, "3.5 billion USD"),
                ("4 helicopters".to_owned(), Quantity::new(4.0, 4.0, Some("helicopters"))),
                ("13 \"bcm/year\"".to_owned(), Quantity::new(13.0, 13.0, Some("bcm/year"))),
            ],
            codes: vec!["04", "19", "05", "0", "042", "11"],
            years: (2009, 2022),
        }
    }

    fn when(&self, rng: &mut Rng) -> When {
        let year = self.years.0 + rng.below((self.years.1 - self.years.0 + 1) as usize) as i64;
        let month = 1 + rng.below(12) as u8;
        let day = 1 + rng.below(28) as u8;
        let quarter = 1 + rng.below(4) as u8;
        let months = |first: u8, last: u8| Days {
            first: calendar(year, Some(first), None).first,
            last: calendar(year, Some(last), None).last,
        };
        let (text, days) = match rng.below(8) {
            0 | 1 => (format!("{year}"), calendar(year, None, None)),
            2 | 3 => (format!("{year}-{month:02}"), calendar(year, Some(month), None)),
            4 => (format!("{year}-{month:02}-{day:02}"), calendar(year, Some(month), Some(day))),
            5 => (format!("{year}-summer"), months(6, 8)),
            6 => (format!("{year}-Q{quarter}"), months(quarter * 3 - 2, quarter * 3)),
            _ => (format!("@[{year}-02..{year}-04]"), months(2, 4)),
        };
        When { text, days }
    }

    fn range(&self, rng: &mut Rng) -> When {
        let (a, b) = (self.when(rng), self.when(rng));
        let (a, b) = if a.days.first <= b.days.last { (a, b) } else { (b, a) };
        match rng.below(6) {
            0 => When {
                text: format!("{}..", a.text),
                days: Days { last: attache::Day::MAX, ..a.days },
            },
            1 => When {
                text: format!("..{}", b.text),
                days: Days { first: attache::Day::MIN, ..b.days },
            },
            _ => When {
                text: format!("{}..{}", a.text, b.text),
                days: Days { first: a.days.first, last: b.days.last },
            },
        }
    }

    fn period(&self, rng: &mut Rng) -> Cond {
        let year = |rng: &mut Rng| {
            self.years.0 + rng.below((self.years.1 - self.years.0 + 1) as usize) as i64
        };
        let unit = *rng.pick(&["year", "month"]);
        let month = (unit == "month").then(|| 1 + rng.below(12) as u8);
        let text =
            |year: i64| month.map_or(format!("{year}"), |month| format!("{year}-{month:02}"));
        let (a, b) = (year(rng), year(rng));
        let (a, b) = (a.min(b), a.max(b));
        if rng.chance(25) {
            let days =
                Days { first: calendar(a, month, None).first, last: calendar(b, month, None).last };
            return Cond::Period(
                unit,
                "in",
                When { text: format!("{}..{}", text(a), text(b)), days },
            );
        }
        let op = *rng.pick(&["<", "<=", ">", ">=", "=", "!="]);
        Cond::Period(unit, op, When { text: text(a), days: calendar(a, month, None) })
    }

    fn name(&self, rng: &mut Rng) -> String {
        rng.pick(&self.names).clone()
    }

    /// A condition that asks one thing.
    fn atom(&self, rng: &mut Rng) -> Cond {
        const COMPARE: [&str; 6] = ["<", "<=", ">", ">=", "=", "!="];
        const SIDES: [&str; 7] = ["actor", "actor", "source", "target", "party", "visitor", "host"];
        match rng.below(20) {
            0..=3 => {
                let op = *rng.pick(&["=", "!=", "==", "!==", "under", "not under", "in", "not in"]);
                let many = matches!(op, "in" | "not in")
                    || (matches!(op, "under" | "not under") && rng.chance(20));
                let names =
                    (0..if many { 1 + rng.below(3) } else { 1 }).map(|_| self.name(rng)).collect();
                Cond::Name(*rng.pick(&SIDES), op, names)
            }
            4 | 5 => {
                let op = *rng.pick(&["=", "!=", "==", "in", "under"]);
                let count = if op == "in" { 2 } else { 1 };
                Cond::Kind(op, (0..count).map(|_| rng.pick(&self.kinds).clone()).collect())
            }
            6 => Cond::Code(*rng.pick(&["under", "=", "!="]), (*rng.pick(&self.codes)).to_owned()),
            7 | 8 => Cond::Date(*rng.pick(&COMPARE), self.when(rng)),
            9 => Cond::Date(
                *rng.pick(&["during", "not during", "overlaps", "before", "after"]),
                self.when(rng),
            ),
            10 => Cond::Date(*rng.pick(&["in", "not in", "during", "overlaps"]), self.range(rng)),
            11 => self.period(rng),
            12 => {
                let op = *rng.pick(&["=", "!=", "in", "not in"]);
                let words = ["happened", "ongoing", "planned", "alleged", "cancelled"];
                let count = if op.ends_with("in") { 2 } else { 1 };
                Cond::Status(op, (0..count).map(|_| (*rng.pick(&words)).to_owned()).collect())
            }
            13 => Cond::Place(
                *rng.pick(&["=", "!=", "under", "not under"]),
                rng.pick(&self.places).clone(),
            ),
            14 => {
                let (text, literal) = rng.pick(&self.amounts).clone();
                Cond::Amount(*rng.pick(&COMPARE), text, literal)
            }
            15 if rng.chance(50) => {
                let (name, text) = *rng.pick(&self.texts);
                Cond::Attribute(name, *rng.pick(&["=", "!=", "<", ">="]), Value::from(text))
            }
            15 => Cond::Attribute(
                *rng.pick(&self.numbers),
                *rng.pick(&COMPARE),
                Value::Int(rng.below(9) as i64),
            ),
            16 => {
                let fields = [
                    "date",
                    "code",
                    "place",
                    "amount",
                    "summary",
                    "documents",
                    "source",
                    "party",
                    self.numbers[0],
                ];
                Cond::IsNull(*rng.pick(&fields), rng.chance(60))
            }
            17 if rng.chance(40) => {
                let op = *rng.pick(&["=", "!=", "under", "in"]);
                let count = if op == "in" { 2 } else { 1 };
                let codes = ["ALD", "brl", "CRL", "ALDCOP", "X"];
                let codes = (0..count).map(|_| (*rng.pick(&codes)).to_owned()).collect();
                Cond::ActorCode(*rng.pick(&SIDES), op, codes)
            }
            17 => Cond::Between(self.name(rng), self.name(rng)),
            18 => match rng.below(3) {
                0 => Cond::Directed(Some(self.name(rng)), None),
                1 => Cond::Directed(None, Some(self.name(rng))),
                _ => Cond::Directed(Some(self.name(rng)), Some(self.name(rng))),
            },
            _ => Cond::Involving(vec![self.name(rng)]),
        }
    }

    /// A dyad as it may stand behind the kind.
    pub(crate) fn dyad(&self, rng: &mut Rng) -> Cond {
        match rng.below(3) {
            0 => Cond::Between(self.name(rng), self.name(rng)),
            1 => Cond::Directed(Some(self.name(rng)), Some(self.name(rng))),
            _ => Cond::Involving((0..=rng.below(3)).map(|_| self.name(rng)).collect()),
        }
    }

    /// A condition of some depth.
    pub(crate) fn condition(&self, rng: &mut Rng, depth: usize) -> Cond {
        if depth == 0 || rng.chance(35) {
            return self.atom(rng);
        }
        let inner = |rng: &mut Rng| self.condition(rng, depth - 1);
        match rng.below(10) {
            0..=3 => Cond::And((0..2 + rng.below(2)).map(|_| inner(rng)).collect()),
            4..=6 => Cond::Or((0..2 + rng.below(2)).map(|_| inner(rng)).collect()),
            7 => Cond::Possibly(Box::new(inner(rng))),
            8 => Cond::Certainly(Box::new(inner(rng))),
            _ => Cond::Not(Box::new(inner(rng))),
        }
    }
}
