//! Times and memory.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Naming, Result};

/// The times of one thing done several times.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Times {
    /// Milliseconds, one a run.
    pub(crate) runs: Vec<f64>,
}

impl Times {
    /// Does it once to warm up and then so many times, or fewer when that takes too long. A warm run that takes too long
    /// by itself is the only one.
    pub(crate) fn of<T>(
        runs: usize,
        patience: Duration,
        mut work: impl FnMut() -> Result<T>,
    ) -> Result<(Times, T)> {
        let begun = Instant::now();
        let mut done = work()?;
        let warm = begun.elapsed();
        if warm >= patience {
            return Ok((Times { runs: vec![milliseconds(warm)] }, done));
        }
        let mut times = Vec::with_capacity(runs);
        let begun = Instant::now();
        while times.len() < runs.max(1) && (times.is_empty() || begun.elapsed() < patience) {
            let start = Instant::now();
            done = work()?;
            times.push(milliseconds(start.elapsed()));
        }
        Ok((Times { runs: times }, done))
    }

    /// Every time divided.
    pub(crate) fn per(mut self, parts: f64) -> Times {
        for run in &mut self.runs {
            *run /= parts;
        }
        self
    }

    /// The middle one.
    pub(crate) fn median(&self) -> f64 {
        let mut sorted = self.runs.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |n: usize| sorted.get(n).copied().unwrap_or(f64::NAN);
        let half = sorted.len() / 2;
        if sorted.len() % 2 == 1 {
            at(half)
        } else {
            f64::midpoint(at(half.wrapping_sub(1)), at(half))
        }
    }
}

/// A stretch of time in milliseconds.
pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The most memory that this process has had resident so far, in bytes.
pub(crate) fn peak_memory() -> Result<u64> {
    let path = std::path::Path::new("/proc/self/status");
    let status = std::fs::read_to_string(path).of(path)?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|kibibytes| kibibytes.parse::<u64>().ok())
        .map(|kibibytes| kibibytes * 1024)
        .ok_or_else(|| Error::said("the system does not tell the peak of memory"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert!((Times { runs: vec![3.0, 1.0, 2.0] }.median() - 2.0).abs() < 1e-12);
        assert!((Times { runs: vec![4.0, 1.0, 2.0, 3.0] }.median() - 2.5).abs() < 1e-12);
    }

    #[test]
    fn a_slow_thing_is_done_once_and_a_quick_one_as_often_as_asked() {
        let counted = |patience| {
            let mut done = 0;
            let (times, ()) = Times::of(7, patience, || {
                done += 1;
                Ok(())
            })
            .unwrap();
            (times.runs.len(), done)
        };
        assert_eq!(counted(Duration::ZERO), (1, 1));
        assert_eq!(counted(Duration::from_secs(60)), (7, 8));
    }

    #[test]
    fn this_process_has_a_peak_of_memory() {
        assert!(peak_memory().unwrap() > 100_000);
    }
}
