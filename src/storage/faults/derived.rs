//! Derived data that are not what the records say: whatever is wrong, the proof tells it.

use redb::{ReadableTable, TableDefinition, WriteTransaction};
use roaring::RoaringBitmap;

use super::super::key::{self, counter};
use super::super::sealed::{decode_gone, encode_gone};
use super::super::segment::Head;
use super::super::{codec, guard};
use super::device::{Device, Fault};
use super::*;

const WRITE: Access = Access::ReadWrite { create: true };
const COMMITS: u64 = 14;

type Done = Result<(), guard::Fault>;
type Bytes = &'static [u8];

/// What is done to the tables, and what the proof says of it.
type Damage = (&'static str, fn(&WriteTransaction) -> Done, &'static str);

const ALL: [Damage; 18] = [
    (
        "a count of a cell",
        |writing| change_column(writing, 0, |cells| last(cells, 2)),
        OTHER_COLUMN,
    ),
    ("a code", |writing| change_column(writing, 1, |codes| codes[3] ^= 1), OTHER_COLUMN),
    ("a column that is not there", remove_column, OTHER_COLUMN),
    ("texts that changed numbers", change_numbers, OTHER_COLUMN),
    ("a text that is another", rename_text, "has another number"),
    ("a number without a text", number_without_text, "texts have"),
    ("the days of a segment", |writing| change_head(writing, |head| head.days = None), OTHER_HEAD),
    (
        "a column left out",
        |writing| change_head(writing, |head| head.columns[0].1 = true),
        OTHER_HEAD,
    ),
    ("a row that is gone", |writing| change_gone(writing, lose_a_row), "the posting of all events"),
    ("a row that is back", |writing| change_gone(writing, RoaringBitmap::clear), "cannot be read"),
    ("a revised row that is back", regain_revised, "is both loose and in a segment"),
    ("a row that never was", |writing| change_gone(writing, add_a_row), "never had"),
    ("a key that is missing", |writing| change_run(writing, |run| run.truncate(2)), "is missing"),
    ("a key that leads elsewhere", |writing| change_run(writing, |run| last(run, 3)), "is missing"),
    ("what a segment left", |writing| leave(writing, key::COLUMNS), "left something"),
    ("blocks that a segment left", |writing| leave(writing, key::BLOCKS), "left something"),
    ("a number of segments", |writing| count_again(writing, counter::NEXT_SEGMENT), "given again"),
    ("a number of texts", |writing| count_again(writing, counter::NEXT_TEXT), "given again"),
];

const OTHER_COLUMN: &str = "is not what its records say";
const OTHER_HEAD: &str = "says of itself what its records do not";

/// Changes a byte so far from the end.
fn last(bytes: &mut [u8], back: usize) {
    let at = bytes.len() - back;
    bytes[at] ^= 1;
}

/// The number of the first segment: it begins with the column of kinds, and rows of it are gone.
fn first(writing: &WriteTransaction) -> Result<u64, guard::Fault> {
    let mut numbers = Vec::new();
    for row in writing.open_table(key::SEGMENTS)?.iter()? {
        let (number, head) = row?;
        let head: Head = codec::decode(head.value(), String::new)?;
        numbers.push((head.first, number.value()));
    }
    Ok(numbers.iter().min().unwrap().1)
}

/// Changes the bytes of a key of a table.
macro_rules! change {
    ($writing:expr, $table:expr, $key:expr, $with:expr) => {{
        let key = $key;
        let mut table = $writing.open_table($table)?;
        let mut bytes = table.get(key)?.unwrap().value().to_vec();
        let before = bytes.clone();
        $with(&mut bytes);
        assert_ne!(bytes, before);
        table.insert(key, bytes.as_slice())?;
        Ok(())
    }};
}

fn change_column(writing: &WriteTransaction, at: u32, with: fn(&mut Vec<u8>)) -> Done {
    change!(writing, key::COLUMNS, (first(writing)?, at), with)
}

fn remove_column(writing: &WriteTransaction) -> Done {
    let at = (first(writing)?, 0);
    assert!(writing.open_table(key::COLUMNS)?.remove(at)?.is_some());
    Ok(())
}

/// Two texts of the column of kinds with each other's numbers, the same from both sides.
fn change_numbers(writing: &WriteTransaction) -> Done {
    let (mut texts, mut ids) =
        (writing.open_table(key::TEXTS)?, writing.open_table(key::TEXT_IDS)?);
    let number = |text| Ok::<_, guard::Fault>(ids.get(text)?.unwrap().value());
    let (visit, consult) = (number("visit")?, number("consult")?);
    for (text, number) in [("visit", consult), ("consult", visit)] {
        ids.insert(text, number)?;
        texts.insert(number, text)?;
    }
    Ok(())
}

fn rename_text(writing: &WriteTransaction) -> Done {
    writing.open_table(key::TEXTS)?.insert(1, "another")?;
    Ok(())
}

fn number_without_text(writing: &WriteTransaction) -> Done {
    writing.open_table(key::TEXT_IDS)?.insert("another", 1)?;
    Ok(())
}

fn change_head(writing: &WriteTransaction, with: fn(&mut Head)) -> Done {
    let change = |bytes: &mut Vec<u8>| {
        let mut head: Head = codec::decode(bytes, String::new).unwrap();
        with(&mut head);
        *bytes = codec::encode(&head).unwrap();
    };
    change!(writing, key::SEGMENTS, first(writing)?, change)
}

fn change_gone(writing: &WriteTransaction, with: fn(&mut RoaringBitmap)) -> Done {
    let change = |bytes: &mut Vec<u8>| {
        let mut gone = decode_gone(bytes).unwrap();
        with(&mut gone);
        *bytes = encode_gone(&gone).unwrap();
    };
    change!(writing, key::GONE, first(writing)?, change)
}

fn add_a_row(gone: &mut RoaringBitmap) {
    gone.insert(999);
}

fn lose_a_row(gone: &mut RoaringBitmap) {
    let row = (0..24).find(|row| !gone.contains(*row)).unwrap();
    gone.insert(row);
}

/// A loose event that was sealed once is in its segment again.
fn regain_revised(writing: &WriteTransaction) -> Done {
    let events = writing.open_table(key::EVENTS)?;
    let id = events.first()?.unwrap().0.value();
    for row in writing.open_table(key::SEGMENTS)?.iter()? {
        let (number, head) = row?;
        let (number, head) = (number.value(), codec::decode::<Head>(head.value(), String::new)?);
        if (head.first..head.first + u64::from(head.rows)).contains(&id) {
            let row = u32::try_from(id - head.first).unwrap();
            let mut table = writing.open_table(key::GONE)?;
            let mut gone = decode_gone(table.get(number)?.unwrap().value())?;
            assert!(gone.remove(row));
            table.insert(number, encode_gone(&gone)?.as_slice())?;
            return Ok(());
        }
    }
    panic!("event {id} was never sealed")
}

/// Changes the first block of the keys of the first shard.
fn change_run(writing: &WriteTransaction, with: fn(&mut Vec<u8>)) -> Done {
    change!(writing, key::KEY_RUNS, (0, 0), with)
}

fn leave(writing: &WriteTransaction, table: TableDefinition<'static, (u64, u32), Bytes>) -> Done {
    writing.open_table(table)?.insert((99, 0), [].as_slice())?;
    Ok(())
}

fn count_again(writing: &WriteTransaction, counter: &'static str) -> Done {
    writing.open_table(key::META)?.insert(counter, 1)?;
    Ok(())
}

/// A database of the script that has segments, gone rows and revised events that lie loose.
fn image() -> Vec<u8> {
    let device = Device::new(Vec::new(), Fault::Never);
    let store = Store::on_device(device.clone(), WRITE, true).unwrap();
    (0..COMMITS).for_each(|n| assert_eq!(commit(&store, n).unwrap(), n + 1));
    assert!(store.view().unwrap().segments().len() > 1);
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
    store.close().unwrap();
    device.live()
}

#[test]
fn derived_data_that_are_wrong_are_told() {
    let image = image();
    let mut untold = Vec::new();
    for (damage, with, told) in ALL {
        let device = Device::new(image.clone(), Fault::Never);
        let store = Store::on_device(device.clone(), WRITE, true).unwrap();
        store.view().unwrap().inner.write(with).unwrap();
        store.close().unwrap();
        let device = Device::new(device.live(), Fault::Never);
        let store = Store::on_device(device, WRITE, true).unwrap();
        // Where a record is none, there is nothing to compare.
        let found = store.verify().unwrap_or_else(|error| vec![error.to_string()]);
        if !found.iter().any(|line| line.contains(told)) {
            untold.push((damage, found));
        }
    }
    assert!(untold.is_empty(), "{}: {untold:#?}", untold.len());
}
