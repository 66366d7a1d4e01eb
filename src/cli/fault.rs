//! Faults of this program: said in words, and kept from taking more with them than they must.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};

use super::output::say;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Says faults in words from now on. `RUST_BACKTRACE` brings the trace as ever.
pub(super) fn install() {
    let trace = panic::take_hook();
    panic::set_hook(Box::new(move |fault| {
        if QUIET.get() {
            return;
        }
        if std::env::var_os("RUST_BACKTRACE").is_some() {
            trace(fault);
        }
        let payload = fault.payload();
        let what = payload
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| payload.downcast_ref::<&str>().copied())
            .unwrap_or("no words for it");
        let place = fault.location().map(|at| format!(" ({at})")).unwrap_or_default();
        say(&format!("error: this is a fault of attache itself: {what}{place}"));
    }));
}

/// Runs something that may have a fault, which has been said when there is no result.
pub(super) fn contain<T>(run: impl FnOnce() -> T) -> Option<T> {
    panic::catch_unwind(AssertUnwindSafe(run)).ok()
}

/// Runs what is only a convenience: a fault of it is not worth a word.
pub(super) fn quietly<T: Default>(run: impl FnOnce() -> T) -> T {
    QUIET.set(true);
    let result = contain(run);
    QUIET.set(false);
    result.unwrap_or_default()
}
