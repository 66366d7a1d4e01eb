//! The shape of a file: how its cells are written.

use super::record::Record;

/// How the cells of a file are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    /// What stands between two cells; none where a line is one.
    pub(crate) delimiter: Option<u8>,
    /// Whether cells may stand in quotes, with delimiters and line breaks within (RFC 4180).
    pub(crate) quoted: bool,
    /// The names of the columns, when the first record has them.
    pub(crate) header: Option<Vec<String>>,
    /// Rows begin with a number that the header has no name for: it is dropped.
    pub(crate) shift: bool,
}

impl Shape {
    /// Brings a record to the width of the header.
    pub(crate) fn fit(&self, record: &mut Record) {
        let Some(width) = self.header.as_ref().map(Vec::len) else {
            return;
        };
        if self.shift && record.width() == width + 1 {
            record.remove_first();
        }
        record.trim_to(width);
    }
}

/// The delimiter that spreadsheet programs note in a line of its own: `sep=;`.
pub(crate) fn told_delimiter(line: &str) -> Option<u8> {
    match line.as_bytes() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] => Some(*delimiter),
        _ => None,
    }
}
