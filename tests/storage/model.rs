//! The store against a naive model of it, under random operations.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::*;

/// A small generator of numbers, the same on every run.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }
}

pub(super) const NAMES: [&str; 8] = [
    "Lavrov",
    "Sergey Lavrov",
    "Pakistan",
    "pakistan",
    "Qamar Bajwa",
    "Bajwa",
    "a\u{0}b",
    "Пакистан",
];

/// All that there is, and what was before.
#[derive(Clone, Default)]
struct Naive {
    events: BTreeMap<u64, Event>,
    entries: BTreeMap<(EntryKind, String), Entry>,
    versions: BTreeMap<u64, Vec<(u64, Option<u64>, Event)>>,
    next: u64,
    commit: u64,
}

impl Naive {
    fn by_key(&self, key: &str) -> Option<u64> {
        self.events.iter().find(|(_, e)| e.key.as_deref() == Some(key)).map(|(id, _)| *id)
    }

    fn values(event: &Event, field: Posting) -> BTreeSet<String> {
        match field {
            Posting::Kind => [event.kind.clone()].into(),
            Posting::Name => event
                .participants
                .iter()
                .filter(|p| p.role != Role::About)
                .map(|p| p.name.clone())
                .collect(),
            Posting::Place => event.places.iter().map(|p| p.name.clone()).collect(),
            Posting::Code => event.code.iter().cloned().collect(),
            Posting::Status => [event.status.to_string()].into(),
            Posting::Document => event.documents.iter().map(|d| d.document.clone()).collect(),
            Posting::Attribute => event.attributes.keys().cloned().collect(),
            Posting::Word => {
                event.summary.iter().flat_map(|s| s.split_whitespace()).map(str::to_owned).collect()
            }
            Posting::Year => BTreeSet::new(),
        }
    }
}

pub(super) fn random_event(random: &mut Random) -> Event {
    let roles = [Role::Source, Role::Target, Role::Party, Role::About];
    Event {
        key: (random.below(3) > 0).then(|| format!("k{}", random.below(30))),
        kind: random.pick(&["visit", "consult", "deal"]).to_owned(),
        code: (random.below(2) == 0).then(|| random.pick(&["042", "043", "036"]).to_owned()),
        participants: (0..random.below(4))
            .map(|_| who(random.pick(&NAMES), roles[random.below(4) as usize]))
            .collect(),
        date: (random.below(5) > 0).then(|| Date::day(Day(random.below(20_000) as i64))),
        places: (0..random.below(3))
            .map(|_| Location { name: random.pick(&NAMES).to_owned(), coordinates: None })
            .collect(),
        status: Status::ALL[random.below(Status::ALL.len() as u64) as usize],
        documents: (0..random.below(2))
            .map(|_| Citation { document: random.pick(&NAMES).to_owned(), ..Citation::default() })
            .collect(),
        attributes: (0..random.below(3))
            .map(|n| (random.pick(&NAMES).to_owned(), Value::Int(n as i64)))
            .collect(),
        summary: (random.below(20) == 0).then(|| "long ".repeat(random.below(4000) as usize)),
        ..Event::default()
    }
}

pub(super) fn random_entry(random: &mut Random) -> Entry {
    let name = random.pick(&NAMES).to_owned();
    if random.below(2) == 0 {
        Entry::Actor(Actor {
            name,
            aliases: (0..random.below(3))
                .map(|_| Alias { name: random.pick(&NAMES).to_owned(), from: None, to: None })
                .collect(),
            state: (random.below(2) == 0).then(|| Affiliation {
                under: random.pick(&NAMES).to_owned(),
                ..Affiliation::default()
            }),
            ..Actor::default()
        })
    } else {
        let under = (random.below(2) == 0).then(|| random.pick(&NAMES).to_owned());
        Entry::Place(Place { name, under, ..Place::default() })
    }
}

fn compare(view: &View, naive: &Naive, random: &mut Random) {
    assert_eq!(view.event_count().unwrap(), naive.events.len() as u64);
    let all = view.all().unwrap();
    assert!(all.iter().eq(naive.events.keys().copied()));
    let some: Ids = all.iter().filter(|_| random.below(3) > 0).collect();
    for (row, id) in view.scan(some.clone()).zip(some.iter()) {
        let (at, event) = row.unwrap();
        assert_eq!((at.0, &event), (id, &naive.events[&id]));
    }
    for field in Posting::ALL.into_iter().filter(|f| *f != Posting::Year) {
        let mut expected: BTreeMap<String, Ids> = BTreeMap::new();
        for (id, event) in &naive.events {
            for value in Naive::values(event, field) {
                expected.entry(value).or_default().insert(*id);
            }
        }
        let counts: Vec<_> = expected.iter().map(|(v, ids)| (v.clone(), ids.len())).collect();
        let stored = view.posting_values(field, Bound::Unbounded, Bound::Unbounded).unwrap();
        assert_eq!(stored, counts, "{field:?}");
        for (value, ids) in &expected {
            assert_eq!(&view.postings(field, value).unwrap(), ids);
        }
        if matches!(field, Posting::Name | Posting::Place) {
            let folds = if field == Posting::Name { EntryKind::Actor } else { EntryKind::Place };
            let name = random.pick(&NAMES);
            let folded = folds.fold(name);
            let alike: BTreeSet<&String> =
                expected.keys().filter(|v| folds.fold(v) == folded).collect();
            assert!(view.written(field, &folded).unwrap().iter().eq(alike));
            for word in words(name) {
                let with: BTreeSet<&String> =
                    expected.keys().filter(|v| words(v).contains(&word)).collect();
                assert!(view.written_with_word(field, &word).unwrap().iter().eq(with));
            }
        }
    }
    for kind in [EntryKind::Actor, EntryKind::Place] {
        let expected: Vec<&Entry> =
            naive.entries.iter().filter(|((k, _), _)| *k == kind).map(|(_, e)| e).collect();
        assert!(view.entries(kind).unwrap().iter().eq(expected.iter().copied()));
        let folded = kind.fold(random.pick(&NAMES));
        let bearing = |e: &&&Entry| e.names().iter().any(|n| kind.fold(n) == folded);
        let bearers: BTreeSet<&str> = expected.iter().filter(bearing).map(|e| e.name()).collect();
        assert!(view.bearers(kind, &folded).unwrap().iter().eq(bearers));
        let under = |e: &&&Entry| e.parents().iter().any(|n| kind.fold(n) == folded);
        let members: BTreeSet<&str> = expected.iter().filter(under).map(|e| e.name()).collect();
        assert!(view.members(kind, &folded).unwrap().iter().eq(members));
    }
}

fn step(random: &mut Random, writing: &mut Transaction, naive: &mut Naive) {
    let pending = naive.commit + 1;
    let some_id = |random: &mut Random, naive: &Naive| 1 + random.below(naive.next.max(1) + 1);
    match random.below(10) {
        0..5 => {
            let event = random_event(random);
            let taken = event.key.as_deref().and_then(|key| naive.by_key(key));
            match (writing.insert(event.clone()).unwrap(), taken) {
                (Inserted::KeyTaken(id), Some(taken)) => assert_eq!(id.0, taken),
                (Inserted::New(id), None) => {
                    naive.next += 1;
                    assert_eq!(id.0, naive.next);
                    naive.events.insert(id.0, event.clone());
                    naive.versions.insert(id.0, vec![(pending, None, event)]);
                }
                (got, taken) => panic!("{got:?} for {taken:?}"),
            }
        }
        5..7 => {
            let (id, event) = (some_id(random, naive), random_event(random));
            let taken = event.key.as_deref().and_then(|k| naive.by_key(k)).is_some_and(|t| t != id);
            let known = naive.events.contains_key(&id);
            let done = writing.update(EventId(id), event.clone());
            if known && taken {
                assert!(done.is_err());
                return;
            }
            assert_eq!(done.unwrap(), known);
            if known && naive.events.insert(id, event.clone()) != Some(event.clone()) {
                let versions = naive.versions.get_mut(&id).unwrap();
                end(versions, pending);
                versions.push((pending, None, event));
            }
        }
        7 => {
            let id = some_id(random, naive);
            let known = naive.events.remove(&id).is_some();
            assert_eq!(writing.delete(EventId(id)).unwrap(), known);
            if known {
                end(naive.versions.get_mut(&id).unwrap(), pending);
            }
        }
        8 => {
            let entry = random_entry(random);
            let at = (entry.kind(), entry.kind().fold(entry.name()));
            let old = naive.entries.insert(at, entry.clone());
            assert_eq!(writing.define(entry).unwrap(), old);
        }
        _ => {
            let name = random.pick(&NAMES);
            let at = (EntryKind::Actor, EntryKind::Actor.fold(name));
            let known = naive.entries.remove(&at).is_some();
            assert_eq!(writing.remove(EntryKind::Actor, name).unwrap(), known);
        }
    }
}

/// Ends the last version; one that began with the same commit was never stored.
fn end(versions: &mut Vec<(u64, Option<u64>, Event)>, commit: u64) {
    match versions.last_mut() {
        Some((began, _, _)) if *began == commit => {
            versions.pop();
        }
        Some((_, ended, _)) => *ended = Some(commit),
        None => {}
    }
}

#[test]
fn the_store_is_what_the_model_is() {
    for seed in 0..6 {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let open = || Store::open(&path, &options(Access::ReadWrite { create: true })).unwrap();
        let mut random = Random(seed);
        let mut naive = Naive::default();
        let mut store = open();
        for _ in 0..25 {
            let mut writing = store.begin().unwrap();
            let mut after = naive.clone();
            for _ in 0..random.below(12) {
                step(&mut random, &mut writing, &mut after);
            }
            compare(&writing.view(), &after, &mut random);
            if random.below(4) == 0 {
                drop(writing);
            } else {
                let commit = writing.commit().unwrap();
                assert!(commit == naive.commit || commit == naive.commit + 1);
                // A commit whose steps cancel out may be none; ids given in it may then be given again.
                if commit == naive.commit {
                    after.next = naive.next;
                }
                after.commit = commit;
                naive = after;
            }
            if random.below(3) == 0 {
                store.close().unwrap();
                drop(store);
                store = open();
            }
            compare(&store.view().unwrap(), &naive, &mut random);
        }
        let view = store.view().unwrap();
        for (id, versions) in &naive.versions {
            let stored = view.history(EventId(*id)).unwrap();
            let stored: Vec<_> =
                stored.into_iter().map(|v| (v.recorded, v.ended, v.event)).collect();
            assert_eq!(&stored, versions, "event {id}");
        }
        assert_sound(&store);
    }
}
