//! A database whose events are sealed and its twin whose events are not, with one history.

use std::collections::BTreeMap;

use attache::{
    Database, Date, Day, Error, Event, EventId, Participant, Result, Role, Transaction, Value,
};
use tempfile::TempDir;

use super::random::{self, Rng};
use super::world::World;

/// What a commit does to an event.
enum Change {
    Insert(Event),
    Update(u64, Event),
    Delete(u64),
}

/// Two databases that must answer alike, and the events that both must have.
pub(super) struct Twins {
    /// How many events lie loose at most, and how many rows a segment has at most.
    sizes: (usize, usize),
    folder: TempDir,
    pub(super) sealed: Database,
    pub(super) loose: Database,
    known: BTreeMap<u64, Event>,
    number: usize,
    rng: Rng,
}

/// A step of a history, by its name.
type Step = (&'static str, fn(&mut Twins));

/// The steps of a history, in their order.
pub(super) const STEPS: [Step; 7] = [
    ("plain days", Twins::insert_plain),
    ("days in doubt", Twins::insert_doubtful),
    ("some deleted", Twins::delete_some),
    ("some changed", Twins::update_some),
    ("late ones", Twins::insert_late),
    ("compacted", Twins::compact),
    ("changed and opened again", Twins::change_and_open_again),
];

impl Twins {
    /// Both without events.
    pub(super) fn new(sizes: (usize, usize), seed: u64) -> Twins {
        let folder = tempfile::tempdir().unwrap();
        let loose = Database::builder().sealing(usize::MAX, 1).open_in_memory().unwrap();
        let sealed = open(&folder, sizes);
        random::define(&sealed);
        random::define(&loose);
        let rng = Rng::new(seed);
        Twins { sizes, folder, sealed, loose, known: BTreeMap::new(), number: 0, rng }
    }

    /// The events and catalogues, as both have them.
    pub(super) fn world(&self) -> World {
        let worlds = [&self.sealed, &self.loose].map(|db| {
            assert_eq!(db.verify().unwrap(), [""; 0]);
            World::load(db, random::actors(), random::places())
        });
        for world in &worlds {
            assert_eq!(world.events.len(), self.known.len());
            for ((id, event), (known, wanted)) in world.events.iter().zip(&self.known) {
                assert_eq!((id, format!("{event:?}")), (known, format!("{wanted:?}")));
            }
        }
        for (id, event) in self.known.iter().step_by(7) {
            assert_eq!(self.sealed.get(EventId(*id)).unwrap().as_ref(), Some(event));
        }
        assert_eq!(self.loose.info().unwrap().segments, 0);
        let [world, _] = worlds;
        world
    }

    /// Does the same in both, in one commit.
    fn commit(&mut self, changes: Vec<Change>) {
        let make = |db: &Database| db.write(|tx| apply(tx, &changes)).unwrap();
        let ids = make(&self.sealed);
        assert_eq!(make(&self.loose), ids);
        for (change, id) in changes.into_iter().zip(ids) {
            match change {
                Change::Insert(event) | Change::Update(_, event) => self.known.insert(id, event),
                Change::Delete(_) => self.known.remove(&id),
            };
        }
    }

    /// What both say in the midst of a transaction that has changed some events, and is given up.
    pub(super) fn in_the_midst<T>(&mut self, mut ask: impl FnMut(&Transaction) -> T) -> [T; 2] {
        let (gone, revised) = (self.some_ids(6), self.some_ids(6));
        let mut changes: Vec<Change> = gone.iter().map(|id| Change::Delete(*id)).collect();
        for id in revised.into_iter().filter(|id| !gone.contains(id)) {
            changes.push(Change::Update(id, self.event()));
        }
        changes.extend((0..4).map(|_| Change::Insert(self.plain(2012, 5))));
        [&self.sealed, &self.loose].map(|db| {
            let mut told = None;
            let given_up: Result<()> = db.write(|tx| {
                apply(tx, &changes)?;
                told = Some(ask(tx));
                Err(Error::Cancelled)
            });
            assert!(matches!(given_up, Err(Error::Cancelled)), "{given_up:?}");
            told.unwrap()
        })
    }

    fn event(&mut self) -> Event {
        self.number += 1;
        varied(&mut self.rng, self.number)
    }

    /// An event of one day in some years.
    fn plain(&mut self, first: i64, years: usize) -> Event {
        let date = Date::day(day(&mut self.rng, first, years));
        Event { date: Some(date), ..self.event() }
    }

    fn insert(&mut self, commits: &[usize], mut event: impl FnMut(&mut Twins) -> Event) {
        for count in commits {
            let events = (0..*count).map(|_| Change::Insert(event(self))).collect();
            self.commit(events);
        }
    }

    fn insert_plain(&mut self) {
        self.insert(&[40, 1, 25, 30], |twins| twins.plain(2013, 4));
    }

    fn insert_doubtful(&mut self) {
        self.insert(&[20, 35, 2], Twins::event);
    }

    fn some_ids(&mut self, count: usize) -> Vec<u64> {
        let all: Vec<u64> = self.known.keys().copied().collect();
        let mut some: Vec<u64> = (0..count).map(|_| *self.rng.pick(&all)).collect();
        some.sort_unstable();
        some.dedup();
        some
    }

    fn delete_some(&mut self) {
        let ids = self.some_ids(15);
        self.commit(ids.into_iter().map(Change::Delete).collect());
    }

    fn update_some(&mut self) {
        for count in [6, 1, 12] {
            let ids = self.some_ids(count);
            let changes = ids.into_iter().map(|id| {
                let event = if self.rng.chance(50) { self.plain(2012, 6) } else { self.event() };
                Change::Update(id, event)
            });
            let changes = changes.collect();
            self.commit(changes);
        }
    }

    /// Days before those of all others, and days among them.
    fn insert_late(&mut self) {
        self.insert(&[18, 1, 22], |twins| {
            if twins.rng.chance(70) { twins.plain(2009, 4) } else { twins.plain(2012, 5) }
        });
    }

    fn compact(&mut self) {
        self.sealed.compact().unwrap();
    }

    fn change_and_open_again(&mut self) {
        self.update_some();
        self.delete_some();
        self.insert(&[9], Twins::event);
        let sealed = std::mem::replace(&mut self.sealed, self.loose.clone());
        sealed.close().unwrap();
        self.sealed = open(&self.folder, self.sizes);
    }
}

/// Makes changes, and gives the ids of what they changed.
fn apply(tx: &mut Transaction, changes: &[Change]) -> Result<Vec<u64>> {
    let mut ids = Vec::with_capacity(changes.len());
    for change in changes {
        let is_there = match change {
            Change::Insert(event) => {
                ids.push(tx.insert(event.clone())?.0);
                continue;
            }
            Change::Update(id, event) => (*id, tx.update(EventId(*id), event.clone())?),
            Change::Delete(id) => (*id, tx.delete(EventId(*id))?),
        };
        assert!(is_there.1, "event {} is not there", is_there.0);
        ids.push(is_there.0);
    }
    Ok(ids)
}

fn open(folder: &TempDir, (newest, segment_rows): (usize, usize)) -> Database {
    let path = folder.path().join("x.attache");
    Database::builder().sealing(newest, segment_rows).open(path).unwrap()
}

fn day(rng: &mut Rng, first: i64, years: usize) -> Day {
    let (year, month, day) = (rng.below(years), 1 + rng.below(12), 1 + rng.below(28));
    let text = format!("{}-{month:02}-{day:02}", first + i64::try_from(year).unwrap());
    text.parse::<Date>().unwrap().earliest()
}

/// A random event with what columns cannot say, too: many participants, numbers beside texts, lists, long texts. Sums of
/// its numbers are exact in any order.
fn varied(rng: &mut Rng, number: usize) -> Event {
    let mut event = random::event(rng, number);
    if rng.chance(12) {
        let roles = [Role::Source, Role::Target, Role::Party, Role::Companion];
        while event.participants.len() < 6 {
            let name = *rng.pick(&["Aland", "Anna Stone", "Egon Hill", "Union", "Berland Fleet"]);
            event.participants.push(Participant::new(name, *rng.pick(&roles)));
        }
    }
    if rng.chance(70) {
        event.goldstein = Some(f64::from(u8::try_from(rng.below(41)).unwrap()) / 2.0 - 10.0);
    }
    event.import = rng.chance(60).then(|| 1 + u64::try_from(rng.below(3)).unwrap());
    let whole = i64::try_from(rng.below(7)).unwrap();
    let mixed = match rng.below(12) {
        0 => Some(Value::Bool(rng.chance(50))),
        1 => Some(Value::Float(0.25)),
        2 => Some(Value::from("seven")),
        3 => Some(Value::from("Seven")),
        4 => Some(Value::from(Date::day(day(rng, 2014, 2)))),
        5 => Some(Value::from("2014~".parse::<Date>().unwrap())),
        6 => Some(Value::List(vec![Value::Int(whole), Value::from("seven"), Value::Int(whole)])),
        7 => Some(Value::Float(3.0)),
        8 => Some(Value::from("long ".repeat(60))),
        9 | 10 => Some(Value::Int(whole)),
        _ => None,
    };
    let attributes = [
        ("mixed", mixed),
        ("flag", rng.chance(50).then(|| Value::Bool(rng.chance(30)))),
        (
            "weight",
            rng.chance(80)
                .then(|| Value::Float(f64::from(u8::try_from(rng.below(30)).unwrap()) * 0.25)),
        ),
        ("seen", rng.chance(40).then(|| Value::from(Date::day(day(rng, 2014, 2))))),
        ("note", rng.chance(90).then(|| Value::from(format!("note {}", rng.below(400))))),
    ];
    let given = attributes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    event.attributes.extend(given);
    event
}
