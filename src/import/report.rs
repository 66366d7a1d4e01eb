//! The report: what became of a file.

use std::fmt;
use std::path::PathBuf;

use super::format::Format;
use super::rejects::Rejected;
use crate::model::{Days, ImportCounts};

/// How many rejected rows a report tells one by one.
pub(crate) const TOLD: usize = 5;

/// What became of a file that was imported.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ImportReport {
    /// The file, as it was named.
    pub file: String,
    /// Its formats: more than one when an archive has members of several.
    pub formats: Vec<Format>,
    /// The number that its events bear; none when it changed nothing.
    pub import: Option<u64>,
    /// What became of its rows.
    pub counts: ImportCounts,
    /// The stretches of days that it has events of.
    pub coverage: Vec<Days>,
    /// What there is to say besides, a sentence each.
    pub notes: Vec<String>,
    /// The first rejected rows.
    pub rejected: Vec<Rejected>,
    /// The file of all rejected rows, when there are any and a file was named.
    pub rejects: Option<PathBuf>,
    /// How many of its rows an earlier run had brought in before it was cut off.
    pub resumed: u64,
    /// Was it cancelled before the end? The same import goes on from there.
    pub cancelled: bool,
    /// Was nothing written, as asked?
    pub check: bool,
}

impl fmt::Display for ImportReport {
    /// `350,876 read = 350,876 loaded + 0 updated + 0 duplicates + 0 rejected`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ImportCounts { read, loaded, updated, duplicates, rejected } = self.counts;
        write!(
            f,
            "{} read = {} loaded + {} updated + {} duplicates + {} rejected",
            grouped(read),
            grouped(loaded),
            grouped(updated),
            grouped(duplicates),
            grouped(rejected)
        )
    }
}

/// A number with a comma between its thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 date is`, `1,200 dates are`: a count in front of what is counted.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let shown: Vec<String> = [0, 12, 999, 1_000, 350_876, 1_234_567].map(grouped).to_vec();
        assert_eq!(shown, ["0", "12", "999", "1,000", "350,876", "1,234,567"]);
    }
}
