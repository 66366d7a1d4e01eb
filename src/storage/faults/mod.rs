//! Claims about the store on devices that damage, tear, lose and refuse.

mod damage;
mod device;
mod power;

use std::ops::Bound;

use super::segment::ColumnId;
use super::*;
use crate::error::Result;
use crate::model::{
    Actor, Affiliation, Date, Day, Event, EventId, Location, Participant, Place, Role,
};

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

/// A commit of the script as a load; behind every other one the file is made shorter.
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
        store.shrink()?;
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
    for segment in view.segments().iter() {
        for column in [ColumnId::Kind, ColumnId::Date, ColumnId::Participant(1)] {
            let column = view.column(segment, &column)?;
            answers.push(format!("{:?} {:?}", view.gone(segment), column.codes()));
            let codes = 0..u16::try_from(column.len()).unwrap();
            answers.extend(codes.map(|code| format!("{:?}", column.cell(code))));
        }
    }
    for number in 1..=view.commit() {
        let commit = view.commits(number)?.map(|commit| (commit.number, commit.reason));
        answers.push(format!("{commit:?}"));
    }
    Ok(answers)
}

/// All answers after so many commits of the script.
fn expected(commits: u64) -> Vec<String> {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    (0..commits).for_each(|n| assert_eq!(commit(&store, n).unwrap(), n + 1));
    everything(&store.view().unwrap()).unwrap()
}
