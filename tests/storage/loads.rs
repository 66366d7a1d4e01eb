//! What loads promise: the file is what transactions with the same changes would have made of it.

use std::collections::BTreeSet;
use std::ops::Bound;

use super::model::{NAMES, Random, random_entry, random_event};
use super::*;

/// Every answer about events, their postings and the names in them; entries with their commits.
fn answers(view: &View) -> Vec<String> {
    let all = view.all().unwrap();
    let mut answers = vec![format!("{} events: {all:?}", view.event_count().unwrap())];
    for row in view.scan(all.clone()) {
        let (id, event) = row.unwrap();
        let key = event.key.as_deref().map(|key| view.event_by_key(key).unwrap());
        answers.push(format!("{id} {key:?} {event:?} {:?}", view.history(id).unwrap()));
    }
    for id in view.with_history().unwrap().iter() {
        answers.push(format!("{id} {:?}", view.history(EventId(id)).unwrap()));
    }
    let mut texts: BTreeSet<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    for field in Posting::ALL {
        for (value, count) in
            view.posting_values(field, Bound::Unbounded, Bound::Unbounded).unwrap()
        {
            let ids = view.postings(field, &value).unwrap();
            answers.push(format!("{field:?} {value} {count} {ids:?}"));
            texts.insert(value);
        }
    }
    for text in texts {
        for (field, folds) in
            [(Posting::Name, EntryKind::Actor), (Posting::Place, EntryKind::Place)]
        {
            let folded = folds.fold(&text);
            let written = view.written(field, &folded).unwrap();
            answers.push(format!("{field:?} {folded} {written:?}"));
            for word in words(&text) {
                let written = view.written_with_word(field, &word).unwrap();
                answers.push(format!("{field:?} {word} {written:?}"));
            }
            answers.push(format!("{:?}", view.bearers(folds, &folded).unwrap()));
        }
    }
    for kind in EntryKind::ALL {
        answers.push(format!("{:?}", view.entries(kind).unwrap()));
    }
    for number in 1..=view.commit() {
        let commit = view.commits(number).unwrap().unwrap();
        answers.push(format!("{} {:?} {:?}", commit.number, commit.reason, commit.import));
    }
    answers
}

/// Takes the same steps through a load and through a transaction, which must answer alike.
fn load_and_transact(random: &mut Random, loaded: &Store, plain: &Store) {
    let (mut load, mut writing) = (loaded.load().unwrap(), plain.begin().unwrap());
    let mut taken = 0;
    for _ in 0..random.below(40) {
        match random.below(10) {
            0..6 => {
                let event = random_event(random);
                let known = event.key.as_deref().map(|key| load.by_key(key).unwrap());
                match writing.insert(event.clone()).unwrap() {
                    Inserted::New(id) => {
                        assert_eq!(known.flatten(), None);
                        assert_eq!(load.insert(&event).unwrap(), id);
                        taken += 1;
                    }
                    Inserted::KeyTaken(id) => {
                        assert_eq!(known, Some(Some(id)));
                        assert!(load.insert(&event).is_err());
                    }
                }
            }
            6..9 => {
                let (id, event) = (EventId(1 + random.below(200)), random_event(random));
                let before = writing.view().event(id).unwrap();
                assert_eq!(load.event(id).ok(), before);
                match writing.update(id, event.clone()) {
                    Ok(true) => {
                        load.update(id, event).unwrap();
                        taken += usize::from(load.view().event(id).unwrap().is_some());
                    }
                    Ok(false) | Err(_) => assert!(load.update(id, event).is_err()),
                }
                assert_eq!(load.event(id).ok(), writing.view().event(id).unwrap());
            }
            _ => {
                let entry = random_entry(random);
                assert_eq!(
                    load.define(entry.clone()).unwrap(),
                    writing.define(entry.clone()).unwrap()
                );
                assert_eq!(load.entry(entry.kind(), entry.name()).unwrap(), Some(entry));
            }
        }
    }
    assert_eq!((load.len(), load.is_empty()), (taken, taken == 0));
    load.set_reason("some rows");
    load.set_import(7);
    writing.set_reason("some rows");
    writing.set_import(7);
    assert_eq!(load.commit().unwrap(), writing.commit().unwrap());
}

#[test]
fn a_load_writes_what_a_transaction_writes() {
    for seed in 0..6 {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a");
        let loaded = Store::open(&file, &options(Access::ReadWrite { create: true })).unwrap();
        let plain = Store::in_memory(&StoreOptions::default()).unwrap();
        let mut random = Random(seed);
        for _ in 0..10 {
            load_and_transact(&mut random, &loaded, &plain);
            for _ in 0..random.below(4) {
                let id = EventId(1 + random.below(200));
                let [one, other] = [&loaded, &plain].map(|store| {
                    let mut writing = store.begin().unwrap();
                    let deleted = writing.delete(id).unwrap();
                    (deleted, writing.commit().unwrap())
                });
                assert_eq!(one, other);
            }
            let views = [&loaded, &plain].map(|store| store.view().unwrap());
            assert_eq!(views[0].imports(), views[1].imports());
            assert_eq!(answers(&views[0]), answers(&views[1]));
            drop(views);
            assert_sound(&loaded);
        }
        let before = answers(&loaded.view().unwrap());
        assert!(before.len() > 200);
        loaded.close().unwrap();
        let again = Store::open(&file, &options(Access::ReadOnly)).unwrap();
        assert_eq!(answers(&again.view().unwrap()), before);
    }
}

/// Sets large and dense enough for every form that a bitmap is kept in.
#[test]
fn large_loads_and_what_follows_them_are_sound() {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    let event = |n: u64| Event {
        code: (n % 10 < 8).then(|| format!("{:03}", n % 7)),
        attributes: (n / 6000)
            .is_multiple_of(2)
            .then(|| ("block".to_owned(), 1.into()))
            .into_iter()
            .collect(),
        ..visit(
            &format!("k{:06}", n * 7919 % 100_000),
            "A",
            &format!("B{}", n % 3000),
            14_000 + (n / 100) as i64,
        )
    };
    let mut count = 0;
    for rows in [20_000, 1, 12_000] {
        let mut load = store.load().unwrap();
        for _ in 0..rows {
            load.insert(&event(count)).unwrap();
            count += 1;
        }
        load.commit().unwrap();
        let mut writing = store.begin().unwrap();
        for id in [1, 2, 500, 7000, count / 2, count - 2, count] {
            writing.delete(EventId(id)).unwrap();
        }
        writing.insert(event(50_000 + count)).unwrap();
        writing.update(EventId(3), event(40_000 + count)).unwrap();
        writing.commit().unwrap();
        count += 1;
        assert_sound(&store);
        let view = store.view().unwrap();
        assert_eq!(
            view.posting_len(Posting::Status, "happened").unwrap(),
            view.event_count().unwrap()
        );
        assert_eq!(view.all().unwrap(), view.postings(Posting::Name, "A").unwrap());
        assert!(
            view.all()
                .unwrap()
                .iter()
                .eq(view.scan(view.all().unwrap()).map(|row| row.unwrap().0.0))
        );
    }
}

#[test]
fn others_see_a_load_when_it_is_through_or_never() {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    {
        let mut load = store.load().unwrap();
        load.insert(&visit("a", "A", "B", 1)).unwrap();
        load.define(Entry::View(SavedView { name: "v".into(), text: "events".into() })).unwrap();
    }
    assert_eq!(store.load().unwrap().commit().unwrap(), 0);
    let mut load = store.load().unwrap();
    let first = load.insert(&visit("a", "A", "B", 1)).unwrap();
    assert_eq!(first, EventId(1));
    for view in [&store.view().unwrap(), load.view()] {
        assert_eq!((view.commit(), view.event_count().unwrap()), (0, 0));
        assert!(view.entries(EntryKind::View).unwrap().is_empty());
        assert_eq!(view.event_by_key("a").unwrap(), None);
    }
    assert_eq!(load.commit().unwrap(), 1);
    assert_eq!(store.view().unwrap().event_by_key("a").unwrap(), Some(first));
    assert_sound(&store);
}

#[test]
fn what_a_load_refuses_harms_nothing() {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    let mut load = store.load().unwrap();
    let id = load.insert(&visit("a", "A", "B", 1)).unwrap();
    let mut deep = visit("deep", "A", "C", 1);
    let nested = (0..64).fold(Value::Int(1), |value, _| Value::List(vec![value]));
    deep.attributes.insert("nested".to_owned(), nested);
    let large = Event { summary: Some("x".repeat(17 << 20)), ..visit("large", "A", "D", 1) };
    for refused in [deep, large] {
        assert!(matches!(load.insert(&refused), Err(attache::Error::Limit(_))));
        let at = load.update(id, Event { key: Some("a".to_owned()), ..refused });
        assert!(matches!(at, Err(attache::Error::Limit(_))));
    }
    assert!(load.insert(&visit("a", "A", "E", 1)).is_err());
    assert!(load.update(EventId(9), visit("b", "A", "E", 1)).is_err());
    assert!(load.event(EventId(9)).is_err());
    assert_eq!(load.insert(&visit("b", "A", "B", 1)).unwrap(), EventId(2));
    assert_eq!(load.len(), 2);
    load.commit().unwrap();
    let view = store.view().unwrap();
    assert_eq!(view.event(id).unwrap(), Some(visit("a", "A", "B", 1)));
    assert_eq!(
        view.posting_values(Posting::Name, Bound::Unbounded, Bound::Unbounded).unwrap().len(),
        2
    );
    assert_sound(&store);
}

#[test]
fn a_file_open_for_reading_takes_no_load() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    let store = Store::open(&path, &options(Access::ReadWrite { create: true })).unwrap();
    let reader = Store::open(&path, &options(Access::ReadOnly)).unwrap();
    assert!(reader.load().is_err());
    let mut load = store.load().unwrap();
    for n in 0..100 {
        load.insert(&visit(&n.to_string(), "A", "B", n)).unwrap();
        assert_eq!(reader.view().unwrap().event_count().unwrap(), 0);
    }
    load.commit().unwrap();
    assert_eq!(reader.view().unwrap().event_count().unwrap(), 100);
    assert_sound(&reader);
}
