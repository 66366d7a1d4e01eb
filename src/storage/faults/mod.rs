//! Claims about the store on devices that damage, tear, lose and refuse.

mod damage;
mod derived;
mod device;
mod power;

use std::collections::BTreeMap;
use std::ops::Bound;

use super::segment::{Column, ColumnId, Odd};
use super::*;
use crate::error::Result;
use crate::model::{
    Actor, Affiliation, Date, Day, Event, EventId, Location, Participant, Place, Role,
};

/// Few events: the third commit seals, and from then on some are sealed, some are revised, some are loose.
pub(super) const SEALING: Sealing = Sealing { newest: 6, segment_rows: 24 };

/// A small generator of numbers, the same on every run.
#[derive(Clone)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap()
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// The event that has key `n`: some of them longer than a page.
fn event(n: u64) -> Event {
    let day = i64::try_from(n % 3000).unwrap() * 7;
    let actors = ["Pakistan", "Russia", "Lavrov", "Bajwa", "India"];
    let actor = |k: u64| actors[usize::try_from(k % 5).unwrap()].to_owned();
    Event {
        key: Some(format!("key-{n}")),
        kind: if n.is_multiple_of(3) { "visit" } else { "consult" }.to_owned(),
        participants: vec![
            Participant::new(actor(n), Role::Source),
            Participant::new(actor(n / 2 + 1), Role::Target),
        ],
        date: Some(Date::day(Day(day))),
        places: vec![Location { name: format!("Place {}", n % 7), coordinates: None }],
        summary: Some("summary ".repeat(if n.is_multiple_of(17) { 900 } else { 4 })),
        ..Event::default()
    }
}

/// Commit `n` of the script: four inserts, and changes of what earlier ones inserted. Every third is a load.
fn commit(store: &Store, n: u64) -> Result<u64> {
    if n % 3 == 2 {
        return load(store, n);
    }
    let mut writing = store.begin()?;
    for k in 0..4 {
        writing.insert(event(n * 4 + k))?;
    }
    if n > 0 {
        let mut changed = event(n * 4 - 2);
        changed.kind = "deal".to_owned();
        let id = EventId(n * 4 - 1);
        writing.update(id, changed)?;
        writing.delete(EventId(n * 4 - 3))?;
    }
    let under = Affiliation { under: "Russia".to_owned(), ..Affiliation::default() };
    let name = format!("Actor {}", n % 9);
    writing.define(Entry::Actor(Actor { name, state: Some(under), ..Actor::default() }))?;
    writing.define(Entry::Place(Place { name: format!("Place {n}"), ..Place::default() }))?;
    writing.commit()
}

/// A commit of the script as a load; behind every other one all that is loose is sealed and the file made shorter.
fn load(store: &Store, n: u64) -> Result<u64> {
    let mut load = store.load()?;
    for k in 0..4 {
        load.insert(&event(n * 4 + k))?;
    }
    let changed = |key| Event { kind: "deal".to_owned(), ..event(key) };
    load.update(EventId(n * 4 - 1), changed(n * 4 - 2))?;
    load.update(EventId(n * 4 + 2), changed(n * 4 + 1))?;
    load.define(Entry::Place(Place { name: format!("Place {n}"), ..Place::default() }))?;
    let number = load.commit()?;
    if n.is_multiple_of(2) {
        store.compact()?;
    }
    Ok(number)
}

/// All answers that the store can give.
fn everything(view: &View) -> Result<Vec<String>> {
    let mut answers = vec![format!("{} {}", view.commit(), view.event_count()?)];
    let all = view.all()?;
    for row in view.scan(all.clone()) {
        let (id, event) = row?;
        answers.push(format!("{id} {event:?}"));
        answers.push(format!("{:?}", view.event_by_key(event.key.as_deref().unwrap_or("none"))?));
    }
    for id in 1..=all.len() + 8 {
        answers.push(format!("{:?}", view.history(EventId(id))?));
    }
    for field in Posting::ALL {
        for (value, count) in view.posting_values(field, Bound::Unbounded, Bound::Unbounded)? {
            answers.push(format!("{field:?} {value} {count} {:?}", view.postings(field, &value)?));
            answers.push(format!("{:?}", view.written(field, &value.to_lowercase())?));
        }
    }
    for catalog in EntryKind::ALL {
        for entry in view.entries(catalog)? {
            answers.push(format!("{entry:?}"));
            answers.push(format!("{:?}", view.bearers(catalog, &catalog.fold(entry.name()))?));
        }
    }
    answers.push(format!("{:?}", view.members(EntryKind::Actor, "russia")?));
    answers.extend(cells(view)?.into_iter().map(|(id, told)| format!("{id} {told}")));
    for number in 1..=view.commit() {
        let commit = view.commits(number)?.map(|commit| (commit.number, commit.reason));
        answers.push(format!("{commit:?}"));
    }
    Ok(answers)
}

/// What the columns say of each sealed event, and what loose events themselves do. That is the same however many are
/// sealed.
fn cells(view: &View) -> Result<BTreeMap<u64, String>> {
    let told = |event: &Event| {
        let second = event.participants.last().map(|who| (who.name.clone(), who.role));
        format!("{} {:?} {second:?}", event.kind, event.date)
    };
    let mut cells = BTreeMap::new();
    for row in view.scan(view.loose()?) {
        let (id, event) = row?;
        cells.insert(id.0, told(&event));
    }
    for segment in view.segments().iter() {
        let gone = view.gone(segment).unwrap_or_default();
        let places = [ColumnId::Kind, ColumnId::Date, ColumnId::Participant(1)];
        let columns: Vec<Column> =
            places.iter().map(|place| view.column(segment, place)).collect::<Result<_>>()?;
        for row in (0..segment.rows()).filter(|row| !gone.contains(*row)) {
            let mut event = Event::default();
            for (place, column) in places.iter().zip(&columns) {
                assert_eq!(column.odd(), &Odd::None);
                let code = column.codes().get(row as usize);
                view.restore(place, column.cell(code), &mut event)?;
            }
            let id = segment.first() + u64::from(row);
            assert_eq!(cells.insert(id, told(&event)), None, "event {id} is loose and sealed");
        }
    }
    Ok(cells)
}

/// All answers after so many commits of the script.
fn expected(commits: u64) -> Vec<String> {
    let options = StoreOptions { sealing: SEALING, ..StoreOptions::default() };
    let store = Store::in_memory(&options).unwrap();
    (0..commits).for_each(|n| assert_eq!(commit(&store, n).unwrap(), n + 1));
    let view = store.view().unwrap();
    assert!(commits < 3 || !view.segments().is_empty(), "{commits} commits");
    everything(&view).unwrap()
}
