//! Power cuts and failing devices: what was acknowledged is there afterwards, whole and consistent.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::device::{Device, Fault};
use super::*;
use crate::error::Error;

const WRITE: Access = Access::ReadWrite { create: true };
const COMMITS: u64 = 6;

/// Opens the device and continues the script until something fails. The number of commits that were acknowledged, as
/// far as this run knows.
fn run(device: &Device, commits: u64) -> (Option<u64>, Option<Error>) {
    let store = match Store::on_device(device.clone(), WRITE, true) {
        Ok(store) => store,
        Err(error) => return (None, Some(error)),
    };
    let mut done = match store.view() {
        Ok(view) => view.commit(),
        Err(error) => return (None, Some(error)),
    };
    while done < commits {
        match commit(&store, done) {
            Ok(number) => done = number,
            Err(error) => {
                // Nothing more is taken from a handle that has failed.
                assert!(commit(&store, done).is_err());
                assert!(store.view().is_err());
                let _ = store.close();
                return (Some(done), Some(error));
            }
        }
    }
    let closed = store.close().err();
    (Some(done), closed)
}

/// Opens what is left, and fails unless all that was acknowledged is there, and at most the one commit beyond it.
fn assert_kept(image: Vec<u8>, acknowledged: Option<u64>, what: &str) {
    let store = match Store::on_device(Device::new(image, Fault::Never), WRITE, true) {
        Ok(store) => store,
        // A file that was still being made may be nothing yet.
        Err(_) if acknowledged.is_none() => return,
        Err(error) => panic!("{what}: {error} after {acknowledged:?} commits"),
    };
    let view = store.view().unwrap();
    let acknowledged = acknowledged.unwrap_or_default();
    let there = view.commit();
    assert!(
        there == acknowledged || there == acknowledged + 1,
        "{what}: {there} commits for {acknowledged}"
    );
    assert_eq!(everything(&view).unwrap(), answers(there), "{what}");
    drop(view);
    assert_eq!(store.verify().unwrap(), Vec::<String>::new(), "{what}");
    assert_eq!(commit(&store, there).unwrap(), there + 1);
}

/// The answers after so many commits, computed once.
fn answers(commits: u64) -> Vec<String> {
    static KNOWN: Mutex<BTreeMap<u64, Vec<String>>> = Mutex::new(BTreeMap::new());
    KNOWN.lock().unwrap().entry(commits).or_insert_with(|| expected(commits)).clone()
}

#[test]
fn a_power_cut_loses_nothing_that_was_acknowledged() {
    let mut random = Random(11);
    let whole = Device::new(Vec::new(), Fault::Never);
    assert!(run(&whole, COMMITS).1.is_none());
    let operations = whole.operations();
    for cut in 0..150 {
        let at = 1 + random.next() % operations;
        let device = Device::new(Vec::new(), Fault::From(at));
        let (mut acknowledged, _) = run(&device, COMMITS);
        let mut image = device.after_power_cut(&mut random);
        // The power goes again while the file is being repaired and written on.
        for _ in 0..random.below(3) {
            let device = Device::new(image, Fault::From(1 + random.next() % 60));
            let (more, _) = run(&device, COMMITS);
            acknowledged = more.or(acknowledged);
            image = device.after_power_cut(&mut random);
        }
        assert_kept(image, acknowledged, &format!("cut {cut} at operation {at}"));
    }
}

#[test]
fn a_failure_of_any_operation_is_an_error_and_loses_nothing() {
    let whole = Device::new(Vec::new(), Fault::Never);
    assert!(run(&whole, COMMITS).1.is_none());
    let mut random = Random(13);
    for at in 1..=whole.operations() {
        let fault = if at % 2 == 0 { Fault::Once(at) } else { Fault::From(at) };
        let device = Device::new(Vec::new(), fault);
        let (acknowledged, error) = run(&device, COMMITS);
        if let Some(error) = &error {
            let text = error.to_string();
            assert!(!matches!(error, Error::Corrupt(_)), "operation {at}: {text}");
        }
        let image = if at % 3 == 0 { device.live() } else { device.after_power_cut(&mut random) };
        assert_kept(image, acknowledged, &format!("operation {at} ({fault:?})"));
    }
}

/// A process that is killed leaves all that it wrote.
#[test]
fn a_kill_loses_nothing_that_was_acknowledged() {
    let whole = Device::new(Vec::new(), Fault::Never);
    assert!(run(&whole, COMMITS).1.is_none());
    for at in (1..=whole.operations()).step_by(3) {
        let device = Device::new(Vec::new(), Fault::From(at));
        let (acknowledged, _) = run(&device, COMMITS);
        assert_kept(device.live(), acknowledged, &format!("killed at operation {at}"));
    }
}
