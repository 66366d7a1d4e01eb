//! The boundary with the engine: its errors become ours, its panics become damage, and a handle that has met either
//! refuses everything afterwards.

use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, Result};

/// What a handle has met that it cannot recover from.
#[derive(Debug, Clone)]
enum Illness {
    /// What was read is not what was written.
    Damaged(String),
    /// The device failed: what is in memory and what is in the file may differ.
    Failed(String),
}

/// Whether what a handle says is still to be believed.
///
/// The first illness stays: all that follows is its consequence.
#[derive(Debug, Default)]
pub(super) struct Health(Mutex<Option<Illness>>);

impl Health {
    /// Notes damage.
    pub(super) fn damaged(&self, what: String) {
        self.fall_ill(Illness::Damaged(what));
    }

    /// Notes a failure of the device.
    pub(super) fn failed(&self, what: String) {
        self.fall_ill(Illness::Failed(what));
    }

    fn fall_ill(&self, illness: Illness) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(illness);
    }

    /// An error when the handle has fallen ill.
    pub(super) fn check(&self) -> Result<()> {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            None => Ok(()),
            Some(Illness::Damaged(what)) => Err(Error::Corrupt(what.clone())),
            Some(Illness::Failed(what)) => Err(Error::Storage(format!(
                "{what}; nothing more is read or written until the database is opened again"
            ))),
        }
    }

    /// Runs what touches the engine. Nothing it returns is passed on when damage was met on the way.
    pub(super) fn guard<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T> {
        self.check()?;
        let outcome = catch_unwind(AssertUnwindSafe(work));
        match outcome {
            Ok(Ok(value)) => self.check().map(|()| value),
            Ok(Err(fault)) => {
                let error = self.explain(fault);
                if let Err(illness @ Error::Corrupt(_)) = self.check() {
                    return Err(illness);
                }
                Err(error)
            }
            Err(panic) => {
                let text = panic
                    .downcast_ref::<String>()
                    .map(String::as_str)
                    .or_else(|| panic.downcast_ref::<&str>().copied())
                    .unwrap_or("no reason given");
                self.damaged(format!("its pages contradict each other ({text})"));
                match self.check() {
                    Err(illness) => Err(illness),
                    Ok(()) => Err(Error::Corrupt("its pages contradict each other".to_owned())),
                }
            }
        }
    }

    /// Our error for an error of the engine; the handle falls ill where the engine's state is in doubt.
    pub(super) fn explain(&self, fault: Fault) -> Error {
        let engine = match fault {
            Fault::Ours(Error::Corrupt(what)) => {
                self.damaged(what.clone());
                return Error::Corrupt(what);
            }
            Fault::Ours(error) => return error,
            Fault::Engine(engine) => *engine,
        };
        match engine {
            redb::Error::Io(error) => self.explain_io(error),
            redb::Error::Corrupted(what) => {
                self.damaged(what.clone());
                Error::Corrupt(what)
            }
            redb::Error::PreviousIo | redb::Error::LockPoisoned(_) => {
                self.check().err().unwrap_or_else(|| {
                    Error::Storage("an earlier failure; open the database again".to_owned())
                })
            }
            redb::Error::DatabaseClosed => Error::Storage("the database is closed".to_owned()),
            wrong @ (redb::Error::TableDoesNotExist(_)
            | redb::Error::TableTypeMismatch { .. }
            | redb::Error::TableIsMultimap(_)
            | redb::Error::TypeDefinitionChanged { .. }
            | redb::Error::UnorderedKey) => {
                let what = wrong.to_string();
                self.damaged(what.clone());
                Error::Corrupt(what)
            }
            other => Error::Storage(other.to_string()),
        }
    }

    fn explain_io(&self, error: io::Error) -> Error {
        if let Some(damage) = error.get_ref().and_then(|e| e.downcast_ref::<Damage>()) {
            self.damaged(damage.0.clone());
            return Error::Corrupt(damage.0.clone());
        }
        match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                self.damaged(error.to_string());
                Error::Corrupt(error.to_string())
            }
            _ => {
                self.failed(format!("the device failed ({error})"));
                Error::io("read or write the database", error)
            }
        }
    }
}

/// An error on its way out of the engine.
pub(super) enum Fault {
    /// The engine's.
    Engine(Box<redb::Error>),
    /// Our own.
    Ours(Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault::Ours(error)
    }
}

macro_rules! from_engine {
    ($($error:ty),+) => {$(
        impl From<$error> for Fault {
            fn from(error: $error) -> Self {
                Fault::Engine(Box::new(error.into()))
            }
        }
    )+};
}
from_engine!(
    redb::StorageError,
    redb::TableError,
    redb::TransactionError,
    redb::CommitError,
    redb::CursorError,
    redb::DatabaseError,
    redb::SetDurabilityError
);

/// Damage that the page layer found, on its way through the engine as an I/O error.
#[derive(Debug)]
pub(super) struct Damage(pub(super) String);

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Damage {}

impl From<Damage> for io::Error {
    fn from(damage: Damage) -> Self {
        io::Error::new(io::ErrorKind::InvalidData, damage)
    }
}
