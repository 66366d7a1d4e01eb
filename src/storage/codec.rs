//! Records to bytes and back: a version byte, then bincode, decoded with a limit and to the last byte.

use bincode::config::{Configuration, Limit, LittleEndian, Varint, standard};
use bincode::enc::write::Writer;
use bincode::error::EncodeError;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::depth::Shallow;
use crate::error::{Error, Result};

/// The version of the records that this program writes, and the newest that it reads.
const RECORD: u8 = 1;

/// No record is larger, so that a damaged length cannot ask for all memory.
const LIMIT: usize = 16 << 20;

fn config() -> Configuration<LittleEndian, Varint, Limit<LIMIT>> {
    standard().with_limit::<LIMIT>()
}

/// A record as bytes.
pub(super) fn encode<T: Serialize>(record: &T) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    append(record, &mut bytes)?;
    Ok(bytes)
}

/// Appends a record to bytes; after an error they are as they were.
pub(super) fn append<T: Serialize>(record: &T, bytes: &mut Vec<u8>) -> Result<()> {
    let start = bytes.len();
    let appended = try_append(record, bytes);
    if appended.is_err() {
        bytes.truncate(start);
    }
    appended
}

fn try_append<T: Serialize>(record: &T, bytes: &mut Vec<u8>) -> Result<()> {
    bytes.push(RECORD);
    let start = bytes.len();
    bincode::serde::encode_into_writer(record, Appending(bytes), config())
        .map_err(|error| Error::Limit(format!("a record that cannot be stored: {error}")))?;
    let len = bytes.len() - start;
    if len >= LIMIT {
        return Err(Error::Limit(format!(
            "a record of {len} bytes; the most that can be stored is {LIMIT}"
        )));
    }
    Ok(())
}

/// The end of a vector, written to.
struct Appending<'a>(&'a mut Vec<u8>);

impl Writer for Appending<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}

/// A record from bytes; `what` names it in the error.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8], what: impl Fn() -> String) -> Result<T> {
    let wrong = |why: &str| Error::Corrupt(format!("{} cannot be read: {why}", what()));
    match bytes.split_first() {
        None => Err(wrong("it is empty")),
        Some((&RECORD, body)) => {
            match bincode::serde::decode_from_slice::<Shallow<T>, _>(body, config()) {
                Ok((Shallow(record), read)) if read == body.len() => Ok(record),
                Ok(_) => Err(wrong("there are bytes left over")),
                Err(error) => Err(wrong(&error.to_string())),
            }
        }
        Some((&version, _)) => Err(wrong(&format!(
            "it has version {version}, and this program reads version {RECORD}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Event, Participant, Role, Value};

    fn event() -> Event {
        Event {
            kind: "visit".to_owned(),
            participants: vec![Participant::new("Pakistan", Role::Host)],
            ..Event::default()
        }
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        let bytes = encode(&event()).unwrap();
        assert_eq!(decode::<Event>(&bytes, || "it".to_owned()).unwrap(), event());
    }

    #[test]
    fn what_nests_without_end_is_an_error() {
        let list = (0..10).fold(Value::Int(1), |value, _| Value::List(vec![value]));
        let bytes = encode(&list).unwrap();
        assert_eq!(decode::<Value>(&bytes, || "it".to_owned()).unwrap(), list);
        let level: Vec<u8> = bytes[1..3].to_vec();
        let mut endless = vec![RECORD];
        (0..1_000_000).for_each(|_| endless.extend_from_slice(&level));
        assert!(decode::<Value>(&endless, || "it".to_owned()).is_err());
    }

    #[test]
    fn any_wrong_byte_is_an_error_or_another_record_and_never_a_panic() {
        let good = encode(&event()).unwrap();
        for at in 0..good.len() {
            for flip in 1..=255_u8 {
                let mut bad = good.clone();
                bad[at] ^= flip;
                let _ = decode::<Event>(&bad, || "it".to_owned());
            }
            assert!(decode::<Event>(&good[..at], || "it".to_owned()).is_err());
        }
        let mut longer = good;
        longer.push(0);
        assert!(decode::<Event>(&longer, || "it".to_owned()).is_err());
    }
}
