//! Ctrl-C: cancels the running query, a second time ends the process.

use std::io::{self, Write};
use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::status;
use crate::CancelToken;

/// What an interrupt meets.
#[derive(Debug)]
struct State {
    /// The token of the running query.
    running: Option<CancelToken>,
    /// Is the line editor there to take the key itself?
    prompting: bool,
}

static STATE: Mutex<State> = Mutex::new(State { running: None, prompting: false });

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Listens for interrupts from now on. Without that, an interrupt ends the process as ever.
pub(super) fn listen() {
    let _ = ctrlc::set_handler(|| {
        let state = state();
        match &state.running {
            Some(token) if !token.is_cancelled() => {
                token.cancel();
                let _ = writeln!(io::stderr(), "\ncancelling; Ctrl-C again to leave at once");
            }
            None if state.prompting => {}
            _ => process::exit(i32::from(status::CANCELLED)),
        }
    });
}

/// Says that a prompt waits between the runs, which an interrupt does not end.
pub(super) fn prompting() {
    state().prompting = true;
}

/// A run that an interrupt cancels, until it is dropped.
#[derive(Debug)]
pub(super) struct Run {
    token: CancelToken,
}

impl Run {
    /// Begins a run.
    pub(super) fn begin() -> Run {
        let token = CancelToken::new();
        state().running = Some(token.clone());
        Run { token }
    }

    /// The token to give to the query.
    pub(super) fn token(&self) -> CancelToken {
        self.token.clone()
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        state().running = None;
    }
}
