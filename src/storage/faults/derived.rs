//! Derived data that is not what the records say: whatever is wrong, the proof tells it.

use redb::{ReadableTable, TableDefinition, WriteTransaction};
use roaring::RoaringBitmap;

use super::super::guard;
use super::super::key::{self, counter};
use super::super::sealed::{decode_gone, encode_gone};
use super::super::segment::Head;
use super::super::{codec, postings};
use super::device::{Device, Fault};
use super::*;

type Done = Result<(), guard::Fault>;
type Bytes = &'static [u8];

/// Damage: what it does, and what the proof says of it.
type Damage = (&'static str, fn(&WriteTransaction) -> Done, &'static str);

/// The first segment of the script: it has gone rows, and its first column is that of kinds.
const SEGMENT: u64 = 1;

/// Changes the bytes of one key.
fn change<K: redb::Key + 'static>(
    writing: &WriteTransaction,
    table: TableDefinition<'static, K, Bytes>,
    key: impl for<'a> std::borrow::Borrow<K::SelfType<'a>>,
    with: impl FnOnce(&mut Vec<u8>),
) -> Done {
    let mut table = writing.open_table(table)?;
    let mut bytes = table.get(key.borrow())?.unwrap().value().to_vec();
    let before = bytes.clone();
    with(&mut bytes);
    assert_ne!(bytes, before);
    table.insert(key.borrow(), bytes.as_slice())?;
    Ok(())
}
