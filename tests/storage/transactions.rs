//! What transactions promise.

use std::ops::Bound;
use std::sync::Arc;
use std::time::Duration;

use super::*;

fn ids(ids: &Ids) -> Vec<u64> {
    ids.iter().collect()
}

#[test]
fn what_is_committed_is_there_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.attache");
    let event = visit("v1", "Lavrov", "Pakistan", 15_000);
    {
        let store = Store::open(&path, &options(Access::ReadWrite { create: true })).unwrap();
        let mut writing = store.begin().unwrap();
        let id = new(writing.insert(event.clone()).unwrap());
        writing
            .define(Entry::Actor(Actor { name: "Lavrov".to_owned(), ..Actor::default() }))
            .unwrap();
        writing.set_reason("first entry");
        writing.set_import(3);
        assert_eq!((id.0, writing.commit().unwrap()), (1, 1));
        store.close().unwrap();
    }
    for access in [Access::ReadOnly, Access::ReadWrite { create: false }] {
        let store = Store::open(&path, &options(access)).unwrap();
        assert_eq!(store.is_read_only(), access == Access::ReadOnly);
        let view = store.view().unwrap();
        assert_eq!((view.commit(), view.event_count().unwrap(), view.imports()), (1, 1, 3));
        assert_eq!(view.event(EventId(1)).unwrap().unwrap(), event);
        assert_eq!(view.event_by_key("v1").unwrap(), Some(EventId(1)));
        assert_eq!(ids(&view.postings(Posting::Name, "Lavrov").unwrap()), [1]);
        assert_eq!(ids(&view.postings(Posting::Year, "2011").unwrap()), [1]);
        let entry = view.entry(EntryKind::Actor, "LAVROV").unwrap().unwrap();
        assert_eq!(entry.name(), "Lavrov");
        let commit = view.commits(1).unwrap().unwrap();
        assert_eq!((commit.reason.as_deref(), commit.import), (Some("first entry"), Some(3)));
        assert!(commit.time > 1_700_000_000_000);
        assert_sound(&store);
        store.close().unwrap();
        assert!(view.event(EventId(1)).is_err());
    }
}

#[test]
fn a_transaction_reads_its_own_changes_and_others_do_not() {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    let mut writing = store.begin().unwrap();
    let kept = new(writing.insert(visit("kept", "A", "B", 1)).unwrap());
    let moved = new(writing.insert(visit("moved", "A", "C", 1)).unwrap());
    writing.commit().unwrap();

    let before = store.view().unwrap();
    let mut writing = store.begin().unwrap();
    let added = new(writing.insert(visit("added", "A", "D", 400)).unwrap());
    assert!(writing.update(moved, visit("elsewhere", "E", "C", 1)).unwrap());
    assert!(writing.delete(kept).unwrap());
    assert!(!writing.delete(kept).unwrap());
    let within = writing.view();
    for (view, count, by_a, e) in
        [(&before, 2, vec![kept.0, moved.0], 0), (&within, 2, vec![added.0], 1)]
    {
        assert_eq!(view.event_count().unwrap(), count);
        assert_eq!(ids(&view.postings(Posting::Name, "A").unwrap()), by_a);
        assert_eq!(view.posting_len(Posting::Name, "E").unwrap(), e);
        assert_eq!(view.written(Posting::Name, "e").unwrap().len() as u64, e);
    }
    assert_eq!(ids(&within.all().unwrap()), [moved.0, added.0]);
    assert_eq!(within.event_by_key("moved").unwrap(), None);
    assert_eq!(within.event_by_key("elsewhere").unwrap(), Some(moved));
    assert_eq!(within.written(Posting::Name, "b").unwrap(), Vec::<String>::new());
    assert_eq!(before.written(Posting::Name, "b").unwrap(), ["B"]);
    let years = within.posting_values(Posting::Year, Bound::Included("1970"), Bound::Unbounded);
    assert_eq!(years.unwrap(), [("1970".to_owned(), 1), ("1971".to_owned(), 1)]);
    let scanned: Vec<_> = within.scan(within.all().unwrap()).map(|row| row.unwrap().0).collect();
    assert_eq!(scanned, [moved, added]);
    writing.commit().unwrap();

    assert_eq!(before.event_count().unwrap(), 2);
    let after = store.view().unwrap();
    assert_eq!(ids(&after.all().unwrap()), ids(&within.all().unwrap()));
    assert_eq!(ids(&after.postings(Posting::Name, "A").unwrap()), [added.0]);
    assert_sound(&store);
}

#[test]
fn what_is_dropped_was_never_there() {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    {
        let mut writing = store.begin().unwrap();
        writing.insert(visit("a", "A", "B", 1)).unwrap();
        writing.define(Entry::View(SavedView { name: "v".into(), text: "events".into() })).unwrap();
    }
    let view = store.view().unwrap();
    assert_eq!((view.commit(), view.event_count().unwrap()), (0, 0));
    assert!(view.entries(EntryKind::View).unwrap().is_empty());
    // Nothing changed, nothing committed.
    assert_eq!(store.begin().unwrap().commit().unwrap(), 0);
    assert_sound(&store);
}

#[test]
fn an_id_is_not_given_again_after_deletion() {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    let mut writing = store.begin().unwrap();
    let first = new(writing.insert(visit("a", "A", "B", 1)).unwrap());
    writing.delete(first).unwrap();
    writing.commit().unwrap();
    let mut writing = store.begin().unwrap();
    let second = new(writing.insert(visit("a", "A", "B", 1)).unwrap());
    assert!(second > first);
    writing.commit().unwrap();
    assert_sound(&store);
}

#[test]
fn a_key_belongs_to_one_event() {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    let mut writing = store.begin().unwrap();
    let first = new(writing.insert(visit("a", "A", "B", 1)).unwrap());
    assert_eq!(writing.insert(visit("a", "C", "D", 1)).unwrap(), Inserted::KeyTaken(first));
    let second = new(writing.insert(visit("b", "C", "D", 1)).unwrap());
    assert!(writing.update(second, visit("a", "C", "D", 1)).is_err());
    writing.delete(first).unwrap();
    assert!(writing.update(second, visit("a", "C", "D", 1)).unwrap());
    writing.commit().unwrap();
    assert_eq!(store.view().unwrap().event_by_key("a").unwrap(), Some(second));
    assert_sound(&store);
}

#[test]
fn every_version_is_kept() {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    let mut writing = store.begin().unwrap();
    let id = new(writing.insert(visit("a", "A", "B", 1)).unwrap());
    writing.commit().unwrap();
    let mut writing = store.begin().unwrap();
    writing.update(id, visit("a", "A", "C", 1)).unwrap();
    writing.update(id, visit("a", "A", "D", 1)).unwrap();
    let within = writing.view().history(id).unwrap();
    writing.commit().unwrap();
    let versions = store.view().unwrap().history(id).unwrap();
    assert_eq!(versions, within);
    let spans: Vec<_> = versions.iter().map(|v| (v.recorded, v.ended)).collect();
    assert_eq!(spans, [(1, Some(2)), (2, None)]);
    assert_eq!(versions[1].event, visit("a", "A", "D", 1));
    let mut writing = store.begin().unwrap();
    writing.delete(id).unwrap();
    writing.commit().unwrap();
    let view = store.view().unwrap();
    let spans: Vec<_> = view.history(id).unwrap().iter().map(|v| (v.recorded, v.ended)).collect();
    assert_eq!(spans, [(1, Some(2)), (2, Some(3))]);
    assert_eq!(ids(&view.with_history().unwrap()), [id.0]);
    assert_sound(&store);
}

#[test]
fn entries_are_found_by_every_name_they_bear() {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    let bajwa = Actor {
        name: "Qamar Javed Bajwa".to_owned(),
        aliases: vec![Alias { name: "COAS Bajwa".to_owned(), from: None, to: None }],
        codes: [("cameo".to_owned(), "PAKMIL".to_owned())].into(),
        state: Some(Affiliation { under: "Pakistan".to_owned(), ..Affiliation::default() }),
        ..Actor::default()
    };
    let mut writing = store.begin().unwrap();
    assert_eq!(writing.define(Entry::Actor(bajwa.clone())).unwrap(), None);
    for stage in 0..2 {
        let view = if stage == 0 { writing.view() } else { store.view().unwrap() };
        for name in ["qamar javed bajwa", "coas bajwa", "pakmil"] {
            assert_eq!(view.bearers(EntryKind::Actor, name).unwrap(), ["Qamar Javed Bajwa"]);
        }
        assert_eq!(view.bearers_of_word(EntryKind::Actor, "bajwa").unwrap().len(), 1);
        assert!(view.bearers_of_word(EntryKind::Actor, "baj").unwrap().is_empty());
        assert!(view.bearers(EntryKind::Place, "pakmil").unwrap().is_empty());
        assert_eq!(view.members(EntryKind::Actor, "pakistan").unwrap(), ["Qamar Javed Bajwa"]);
        if stage == 0 {
            writing.commit().unwrap();
            writing = store.begin().unwrap();
        }
    }
    let renamed = Actor { aliases: Vec::new(), ..bajwa.clone() };
    assert_eq!(writing.define(Entry::Actor(renamed)).unwrap(), Some(Entry::Actor(bajwa)));
    assert!(writing.view().bearers(EntryKind::Actor, "coas bajwa").unwrap().is_empty());
    writing.commit().unwrap();
    assert_sound(&store);
    let mut writing = store.begin().unwrap();
    assert!(writing.remove(EntryKind::Actor, "QAMAR javed Bajwa").unwrap());
    writing.commit().unwrap();
    let view = store.view().unwrap();
    assert!(view.entry(EntryKind::Actor, "Qamar Javed Bajwa").unwrap().is_none());
    assert!(view.members(EntryKind::Actor, "pakistan").unwrap().is_empty());
    assert_sound(&store);
}

#[test]
fn those_only_spoken_of_are_not_posted() {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    let mut event = visit("a", "A", "B", 1);
    event.participants.push(who("India", Role::About));
    event.date = None;
    let mut writing = store.begin().unwrap();
    writing.insert(event).unwrap();
    writing.commit().unwrap();
    let view = store.view().unwrap();
    assert_eq!(view.posting_len(Posting::Name, "India").unwrap(), 0);
    assert_eq!(view.posting_len(Posting::Year, UNDATED).unwrap(), 1);
    assert_eq!(view.posting_len(Posting::Status, "happened").unwrap(), 1);
    assert!(view.scan([9].into_iter().collect()).next().unwrap().is_err());
}

#[test]
fn writers_of_one_process_wait_for_each_other() {
    let store = Arc::new(Store::in_memory(&StoreOptions::default()).unwrap());
    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let store = Arc::clone(&store);
            std::thread::spawn(move || {
                for n in 0..20 {
                    let mut writing = store.begin().unwrap();
                    let seen = writing.view().event_count().unwrap();
                    std::thread::sleep(Duration::from_micros(200));
                    writing.insert(visit(&format!("{thread}/{n}"), "A", "B", n)).unwrap();
                    writing.commit().unwrap();
                    assert!(store.view().unwrap().event_count().unwrap() > seen);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(store.view().unwrap().event_count().unwrap(), 80);
    assert_sound(&store);
}

#[test]
fn what_cannot_be_stored_is_refused_and_harms_nothing() {
    let store = Store::in_memory(&StoreOptions::default()).unwrap();
    let mut writing = store.begin().unwrap();
    let mut deep = visit("deep", "A", "B", 1);
    let nested = |depth| (0..depth).fold(Value::Int(1), |value, _| Value::List(vec![value]));
    deep.attributes.insert("nested".to_owned(), nested(64));
    assert!(matches!(writing.insert(deep.clone()), Err(attache::Error::Limit(_))));
    deep.attributes.insert("nested".to_owned(), nested(63));
    let id = new(writing.insert(deep.clone()).unwrap());
    writing.commit().unwrap();
    assert_eq!(store.view().unwrap().event(id).unwrap(), Some(deep));

    let mut writing = store.begin().unwrap();
    let summary = Some("x".repeat(17 << 20));
    writing.insert(Event { summary, ..visit("large", "A", "B", 1) }).unwrap();
    assert!(matches!(writing.commit(), Err(attache::Error::Limit(_))));
    let mut writing = store.begin().unwrap();
    writing.insert(visit("small", "A", "B", 1)).unwrap();
    assert_eq!(writing.commit().unwrap(), 2);
    assert_sound(&store);
}
