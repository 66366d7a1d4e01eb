//! Damaged files: a right answer or an error, never a wrong answer, never a panic that gets out.

use super::device::{Device, Fault};
use super::*;
use crate::error::Error;

const SLOT: usize = 4104;
/// How many images of each kind of damage; eight kinds.
const IMAGES: usize = 500;
const COMMITS: u64 = 14;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damage {
    BitFlip,
    BitFlips,
    PageSwap,
    ZeroedPage,
    TornSector,
    GarbagePage,
    Truncation,
    Extension,
}

const ALL: [Damage; 8] = [
    Damage::BitFlip,
    Damage::BitFlips,
    Damage::PageSwap,
    Damage::ZeroedPage,
    Damage::TornSector,
    Damage::GarbagePage,
    Damage::Truncation,
    Damage::Extension,
];

/// The file of the script, closed or as a killed process leaves it.
fn file(commits: u64, closed: bool) -> Vec<u8> {
    let device = Device::new(Vec::new(), Fault::Never);
    let store = Store::on_device(device.clone(), Access::ReadWrite { create: true }, true).unwrap();
    (0..commits).for_each(|n| assert_eq!(commit(&store, n).unwrap(), n + 1));
    if closed {
        store.close().unwrap();
    }
    device.live()
}

/// The slots that hold anything: damage elsewhere tests nothing.
fn used(file: &[u8]) -> Vec<usize> {
    let slots = file.chunks_exact(SLOT).enumerate();
    slots.filter(|(_, slot)| slot.iter().any(|&byte| byte != 0)).map(|(n, _)| n * SLOT).collect()
}

fn damaged(file: &[u8], used: &[usize], damage: Damage, random: &mut Random) -> Vec<u8> {
    let mut image = file.to_vec();
    let at = used[random.below(used.len())];
    let other = used[random.below(used.len())];
    match damage {
        Damage::BitFlip => image[at + random.below(SLOT)] ^= 1 << random.below(8),
        Damage::BitFlips => {
            for _ in 0..64 {
                let at = used[random.below(used.len())];
                image[at + random.below(SLOT)] ^= 1 << random.below(8);
            }
        }
        Damage::PageSwap => (0..SLOT).for_each(|n| image.swap(at + n, other + n)),
        Damage::ZeroedPage => image[at..at + SLOT].fill(0),
        Damage::TornSector => {
            let mut sector =
                |at: usize| ((at + random.below(SLOT)) / 512 * 512).min(file.len() - 512);
            let (sector, from) = (sector(at), sector(other));
            let bytes = image[from..from + 512].to_vec();
            image[sector..sector + 512].copy_from_slice(&bytes);
        }
        Damage::GarbagePage => {
            image[at..at + SLOT]
                .iter_mut()
                .for_each(|b| *b = u8::try_from(random.below(256)).unwrap());
        }
        Damage::Truncation => image.truncate(random.below(file.len())),
        Damage::Extension => {
            let more = 1 + random.below(3 * SLOT);
            image.extend((0..more).map(|_| u8::try_from(random.below(256)).unwrap()));
        }
    }
    image
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Right,
    Refused,
    Silent,
    Odd(String),
}

fn outcome(image: Vec<u8>, access: Access, checked: bool, right: &[String]) -> Outcome {
    let device = Device::new(image, Fault::Never);
    let answers = Store::on_device(device, access, checked)
        .and_then(|store| store.view().and_then(|view| everything(&view)));
    match answers {
        Ok(answers) if answers == right => Outcome::Right,
        Ok(_) => Outcome::Silent,
        Err(Error::Corrupt(_) | Error::Format { .. }) => Outcome::Refused,
        Err(other) => Outcome::Odd(other.to_string()),
    }
}

const WRITE: Access = Access::ReadWrite { create: true };

#[test]
fn no_damage_is_answered_with_a_wrong_answer() {
    let right = expected(COMMITS);
    let mut random = Random(7);
    for closed in [true, false] {
        let file = file(COMMITS, closed);
        let used = used(&file);
        for damage in ALL {
            let mut refused = 0;
            for n in 0..IMAGES / 2 {
                let image = damaged(&file, &used, damage, &mut random);
                // A reader refuses a file that was not closed, whatever else is the matter with it.
                let access = if closed && n % 2 == 0 { Access::ReadOnly } else { WRITE };
                match outcome(image, access, true, &right) {
                    Outcome::Right => {}
                    Outcome::Refused => refused += 1,
                    wrong => panic!("{damage:?} {n}, closed {closed}, {access:?}: {wrong:?}"),
                }
            }
            assert!(refused > 0 || damage == Damage::Extension, "{damage:?} was never noticed");
        }
    }
}

#[test]
fn without_checksums_damage_is_answered_with_wrong_answers() {
    let right = expected(COMMITS);
    let file = file(COMMITS, true);
    let used = used(&file);
    let mut random = Random(7);
    let silent = (0..300)
        .filter(|_| {
            let image = damaged(&file, &used, Damage::BitFlip, &mut random);
            outcome(image, Access::ReadOnly, false, &right) == Outcome::Silent
        })
        .count();
    assert!(silent > 10, "{silent} of 300");
}

/// A page of an earlier commit in its old place has a good checksum. Where it leads to a wrong answer, the proof finds it.
#[test]
fn a_page_that_was_once_right_is_found_by_the_proof() {
    let right = expected(COMMITS);
    let (mut wrong, mut refused) = (0, 0);
    let device = Device::new(Vec::new(), Fault::Never);
    let store = Store::on_device(device.clone(), WRITE, true).unwrap();
    let mut before = Vec::new();
    for n in 0..COMMITS {
        commit(&store, n).unwrap();
        if n == COMMITS - 4 {
            before = device.live();
        }
    }
    store.close().unwrap();
    let after = device.live();
    // Not the header: with it, the file *is* the one of the earlier commit. Closing may have cut pages off.
    for at in used(&before).into_iter().filter(|at| (1..=after.len() - SLOT).contains(at)) {
        if before[at..at + SLOT] == after[at..at + SLOT] {
            continue;
        }
        let mut image = after.clone();
        image[at..at + SLOT].copy_from_slice(&before[at..at + SLOT]);
        let store = Store::on_device(Device::new(image, Fault::Never), WRITE, true);
        let answers = store.as_ref().ok().map(|store| everything(&store.view()?));
        match answers {
            Some(Ok(answers)) if answers == right => {}
            Some(Ok(_)) => {
                wrong += 1;
                let proof = store.unwrap().verify();
                assert!(!proof.is_ok_and(|found| found.is_empty()), "the page at {at}");
            }
            _ => refused += 1,
        }
    }
    assert!(wrong + refused > 0);
}

/// Pages of another database have good checksums of their own.
#[test]
fn a_page_of_another_file_is_damage() {
    let right = expected(COMMITS);
    let (one, other) = (file(COMMITS, true), file(COMMITS, true));
    for at in used(&one) {
        let mut image = one.clone();
        image[at..at + SLOT].copy_from_slice(&other[at..at + SLOT]);
        let outcome = outcome(image, Access::ReadOnly, true, &right);
        assert!(matches!(outcome, Outcome::Right | Outcome::Refused), "{outcome:?}");
    }
}
