//! What a load knows of the natural keys, handed on to the load after it.

use std::sync::{Arc, Weak};

use super::segment::key_filter::KeyFilter;
use super::store::Inner;
use super::view::View;

/// The natural keys of a commit of a [`Load`](super::Load), for [`Store::load_after`]: what else each batch reads from
/// the file anew. Of no use once somebody else has written, and then not used.
///
/// [`Store::load_after`]: super::Store::load_after
#[derive(Default)]
pub struct KnownKeys(Option<Known>);

struct Known {
    /// All keys of the commit, and some that are no more.
    filter: KeyFilter,
    store: Weak<Inner>,
    commit: u64,
}

impl KnownKeys {
    /// Those of a commit. A filter that is too small is not handed on: a larger one is made when it is needed.
    pub(super) fn of(filter: Option<KeyFilter>, store: Weak<Inner>, commit: u64) -> KnownKeys {
        let filter = filter.filter(|filter| !filter.is_too_small());
        KnownKeys(filter.map(|filter| Known { filter, store, commit }))
    }

    /// The filter, where nobody has written since.
    pub(super) fn of_base(self, base: &View) -> Option<KeyFilter> {
        let known = self.0?;
        let same = std::ptr::eq(known.store.as_ptr(), Arc::as_ptr(&base.inner));
        (same && known.commit == base.commit()).then_some(known.filter)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Load, Store, StoreOptions};
    use super::*;
    use crate::model::{Event, EventId};

    fn event(key: &str) -> Event {
        Event { kind: "visit".to_owned(), key: Some(key.to_owned()), ..Event::default() }
    }

    fn store() -> Store {
        Store::in_memory(&StoreOptions::default()).unwrap()
    }

    /// Looks for each key of what is stored, and for as many that are not.
    fn assert_known(load: &mut Load, stored: &View) {
        assert_eq!(load.view().commit(), stored.commit());
        for row in stored.scan(stored.all().unwrap()) {
            let (id, event) = row.unwrap();
            let key = event.key.unwrap();
            assert_eq!(load.by_key(&key).unwrap(), Some(id), "{key}");
            assert_eq!(load.by_key(&format!("not {key}")).unwrap(), None);
        }
    }

    #[test]
    fn a_stored_key_is_known_to_each_batch_whoever_writes_between() {
        let store = store();
        let (mut keys, mut handed_on, mut thrown_away) = (KnownKeys::default(), 0, 0);
        for batch in 0..24_u64 {
            let had = keys.0.is_some();
            let stored = store.view().unwrap();
            let mut load = store.load_after(keys).unwrap();
            handed_on += u32::from(load.knows_keys());
            thrown_away += u32::from(had && !load.knows_keys());
            assert_known(&mut load, &stored);
            for n in 0..100 {
                load.insert(&event(&format!("{batch}/{n}"))).unwrap();
            }
            // A key that is given up in a batch and one that is taken, by rows of it and by stored ones.
            if let Some(before) = batch.checked_sub(1) {
                let id = load.by_key(&format!("{before}/7")).unwrap().unwrap();
                load.update(id, event(&format!("{before}/7 again"))).unwrap();
                load.insert(&event(&format!("{before}/7"))).unwrap();
                let id = load.by_key(&format!("{batch}/9")).unwrap().unwrap();
                load.update(id, event(&format!("{batch}/9 again"))).unwrap();
            }
            keys = load.commit_and_keep().unwrap();
            match batch % 6 {
                1 => {
                    let mut writing = store.begin().unwrap();
                    writing.insert(event(&format!("by hand {batch}"))).unwrap();
                    writing.commit().unwrap();
                }
                // What is sealed by nobody's commit has the same keys.
                3 => store.compact().unwrap(),
                4 => {
                    let mut writing = store.begin().unwrap();
                    let id = writing.view().event_by_key(&format!("{batch}/8")).unwrap().unwrap();
                    writing.delete(id).unwrap();
                    writing.insert(event(&format!("{batch}/8"))).unwrap();
                    writing.commit().unwrap();
                }
                _ => {}
            }
        }
        assert!(store.verify().unwrap().is_empty());
        assert!(handed_on > 10, "{handed_on}");
        assert!(thrown_away >= 7, "{thrown_away}");
    }

    #[test]
    fn a_filter_that_was_outgrown_is_made_anew_with_all() {
        let store = store();
        let (mut keys, mut made, mut batches) = (KnownKeys::default(), 0, 0);
        for batch in 0..60 {
            let mut load = store.load_after(keys).unwrap();
            let known = load.knows_keys();
            for n in 0..50 {
                assert_eq!(load.by_key(&format!("{batch}/{n}")).unwrap(), None);
                load.insert(&event(&format!("{batch}/{n}"))).unwrap();
            }
            assert!(load.knows_keys());
            made += u32::from(!known);
            batches += 1;
            keys = load.commit_and_keep().unwrap();
        }
        // The room grows with the keys, so that it is made seldom.
        assert!((2..batches / 4).contains(&made), "{made} of {batches}");
        let stored = store.view().unwrap();
        assert_known(&mut store.load_after(keys).unwrap(), &stored);
    }

    #[test]
    fn loose_keys_are_known() {
        let store = store();
        let mut writing = store.begin().unwrap();
        (0..20).for_each(|n| assert!(writing.insert(event(&n.to_string())).is_ok()));
        writing.commit().unwrap();
        let stored = store.view().unwrap();
        assert_eq!(stored.loose().unwrap().len(), 20);
        assert_known(&mut store.load().unwrap(), &stored);
    }

    #[test]
    fn nothing_is_known_of_another_store() {
        let (one, other) = (store(), store());
        let mut keys = Vec::new();
        for store in [&one, &other] {
            let mut load = store.load().unwrap();
            (0..30).for_each(|n| assert_eq!(load.by_key(&n.to_string()).unwrap(), None));
            let key = if keys.is_empty() { "one" } else { "other" };
            load.insert(&event(key)).unwrap();
            keys.push(load.commit_and_keep().unwrap());
        }
        let (mut first, second) = (other.load_after(keys.remove(0)).unwrap(), keys.remove(0));
        assert!(!first.knows_keys());
        assert_eq!(first.by_key("other").unwrap(), Some(EventId(1)));
        drop(first);
        let mut load = other.load_after(second).unwrap();
        assert!(load.knows_keys());
        assert_eq!(load.by_key("other").unwrap(), Some(EventId(1)));
        assert_eq!(load.by_key("one").unwrap(), None);
    }

    #[test]
    fn a_batch_that_changes_nothing_hands_on_what_it_had() {
        let store = store();
        let mut load = store.load().unwrap();
        (0..30).for_each(|n| assert!(load.insert(&event(&n.to_string())).is_ok()));
        let keys = load.commit_and_keep().unwrap();
        let keys = store.load_after(keys).unwrap().commit_and_keep().unwrap();
        let stored = store.view().unwrap();
        let mut load = store.load_after(keys).unwrap();
        assert!(load.knows_keys());
        assert_known(&mut load, &stored);
    }
}
