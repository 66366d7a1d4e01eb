//! A device in memory that keeps apart what was written and what was synced, and that can fail.

use std::io;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard};

use redb::{BackendError, StorageBackend};

use super::Random;

/// A change that was not yet synced.
#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
}

/// When operations fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Never,
    /// This operation fails, and no other.
    Once(u64),
    /// This operation fails, and all that follow: the power is gone.
    From(u64),
}

#[derive(Debug)]
struct State {
    live: Vec<u8>,
    durable: Vec<u8>,
    pending: Vec<Change>,
    operations: u64,
    fault: Fault,
}

/// A handle on the device; clones share it, as handles on a file do.
#[derive(Clone, Debug)]
pub(super) struct Device(Arc<Mutex<State>>);

impl Device {
    pub(super) fn new(image: Vec<u8>, fault: Fault) -> Device {
        let state = State {
            live: image.clone(),
            durable: image,
            pending: Vec::new(),
            operations: 0,
            fault,
        };
        Device(Arc::new(Mutex::new(state)))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// What a process that is started now would find.
    pub(super) fn live(&self) -> Vec<u8> {
        self.state().live.clone()
    }

    /// How many operations there were.
    pub(super) fn operations(&self) -> u64 {
        self.state().operations
    }

    /// What a power cut may leave: of all that was not synced any part, whole or torn.
    pub(super) fn after_power_cut(&self, random: &mut Random) -> Vec<u8> {
        let state = self.state();
        let mut image = state.durable.clone();
        let mood = random.below(4);
        let prefix = random.below(state.pending.len() + 1);
        for (n, change) in state.pending.iter().enumerate() {
            let keep = match mood {
                0 => random.one_in(2),
                1 => n < prefix,
                2 => !random.one_in(10),
                _ => random.one_in(10),
            };
            match change {
                Change::Length(len) if keep => image.resize(*len, 0),
                Change::Write(at, bytes) if random.one_in(4) => {
                    tear(&mut image, *at, bytes, random);
                }
                Change::Write(at, bytes) if keep => put(&mut image, *at, bytes),
                _ => {}
            }
        }
        image
    }

    /// Counts an operation, and fails it when its time has come.
    fn operate(&self) -> io::Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        state.operations += 1;
        let fails = match state.fault {
            Fault::Never => false,
            Fault::Once(at) => state.operations == at,
            Fault::From(at) => state.operations >= at,
        };
        if fails { Err(io::Error::from_raw_os_error(5)) } else { Ok(state) }
    }
}

fn put(image: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if image.len() < end {
        image.resize(end, 0);
    }
    image[at..end].copy_from_slice(bytes);
}

/// Leaves some sectors of a write undone, or breaks it off anywhere.
fn tear(image: &mut Vec<u8>, at: usize, bytes: &[u8], random: &mut Random) {
    if random.one_in(2) {
        return put(image, at, &bytes[..random.below(bytes.len())]);
    }
    let mut done = 0;
    while done < bytes.len() {
        let sector = (512 - (at + done) % 512).min(bytes.len() - done);
        if random.one_in(2) {
            put(image, at + done, &bytes[done..done + sector]);
        }
        done += sector;
    }
}

impl StorageBackend for Device {
    fn len(&self) -> io::Result<u64> {
        Ok(self.operate()?.live.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.operate()?;
        let at = usize::try_from(offset).unwrap();
        match state.live.get(at..at + out.len()) {
            Some(bytes) => {
                out.copy_from_slice(bytes);
                Ok(())
            }
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.operate()?;
        let len = usize::try_from(len).unwrap();
        state.live.resize(len, 0);
        state.pending.push(Change::Length(len));
        Ok(())
    }

    /// A sync that fails forgets what it was to write, as Linux does.
    fn sync_data(&self) -> io::Result<()> {
        match self.operate() {
            Ok(mut state) => {
                state.durable = state.live.clone();
                state.pending.clear();
                Ok(())
            }
            Err(error) => {
                self.state().pending.clear();
                Err(error)
            }
        }
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.operate()?;
        let at = usize::try_from(offset).unwrap();
        put(&mut state.live, at, data);
        state.pending.push(Change::Write(at, data.to_vec()));
        Ok(())
    }

    fn try_lock_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<bool, BackendError> {
        Ok(true)
    }

    fn try_lock_shared_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<bool, BackendError> {
        Ok(true)
    }

    fn lock_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<(), BackendError> {
        Ok(())
    }

    fn lock_shared_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<(), BackendError> {
        Ok(())
    }

    fn unlock_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<(), BackendError> {
        Ok(())
    }

    fn query_lock_range(&self, _: Bound<u64>, _: Bound<u64>) -> Result<bool, BackendError> {
        Ok(false)
    }
}
