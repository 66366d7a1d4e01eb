//! Chunks: rows on their way from the thread that reads to the one that takes them, and what comes back for them.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use super::draft::Draft;
use super::format::Format;
use super::load::{Row, Says};
use super::rejects::Rejected;
use super::row_key::SeenKeys;

/// How many rows, and how many bytes of the file, a chunk has at most; but for its last row, which may be longer.
const ROWS: usize = 512;
const BYTES: usize = 64 * 1024;

/// How many chunks may wait: so many rows as are read while half a batch is written, for a row takes some 2 KiB here.
const WAITING: usize = 32;

/// What the reading thread tells.
pub(crate) enum Message {
    /// Another file begins.
    Format(Format),
    /// Rows in their order.
    Rows(Chunk),
}

/// Rows of one file.
pub(crate) struct Chunk {
    /// The file, and the member of an archive.
    pub(crate) file: Arc<str>,
    /// The rows in their order.
    pub(crate) rows: Vec<Row>,
}

/// What comes back for a chunk.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The rows, to be freed where they were made.
    pub(crate) rows: Vec<Row>,
    /// The fingerprints of the hints that were taken.
    pub(crate) heard: Vec<u64>,
}

/// Both ends of the way.
pub(crate) fn way() -> (Out, Receiver<Message>, Sender<Answer>) {
    let (sender, receiver) = sync_channel(WAITING);
    let (answer, answers) = channel();
    let out = Out {
        sender,
        answers,
        file: Arc::from(""),
        rows: Vec::new(),
        bytes: 0,
        keys: SeenKeys::default(),
        heard: Vec::new(),
    };
    (out, receiver, answer)
}

/// Nobody wants more rows.
pub(crate) struct Unwanted;

/// Sends rows in chunks.
pub(crate) struct Out {
    sender: SyncSender<Message>,
    answers: Receiver<Answer>,
    file: Arc<str>,
    rows: Vec<Row>,
    bytes: usize,
    /// The keys of the rows so far.
    keys: SeenKeys,
    heard: Vec<u64>,
}

impl Out {
    /// Begins another file.
    pub(crate) fn file(&mut self, name: &str) {
        self.file = Arc::from(name);
    }

    /// Tells the format of the file that begins.
    pub(crate) fn format(&mut self, format: Format) -> Result<(), Unwanted> {
        self.sender.send(Message::Format(format)).map_err(|_| Unwanted)
    }

    /// A row that begins on a line, stands for so many `rows` of the file, and has so many `bytes`.
    pub(crate) fn row(
        &mut self,
        line: u64,
        rows: u64,
        bytes: usize,
        says: Says,
    ) -> Result<(), Unwanted> {
        self.rows.push(Row { line, rows, first: true, says });
        self.bytes += bytes;
        if self.rows.len() >= ROWS || self.bytes >= BYTES { self.flush() } else { Ok(()) }
    }

    /// A row that cannot be taken, as it stands.
    pub(crate) fn reject(
        &mut self,
        line: u64,
        column: Option<String>,
        reason: String,
        row: String,
    ) -> Result<(), Unwanted> {
        let rejected = Rejected { file: self.file.to_string(), line, column, reason };
        self.row(line, 1, row.len(), Says::Nothing { rejected, row })
    }

    /// Sends what there is.
    pub(crate) fn flush(&mut self) -> Result<(), Unwanted> {
        self.bytes = 0;
        if self.rows.is_empty() {
            return Ok(());
        }
        // All keys of a chunk at once, so that one need not wait for another to come from memory.
        for row in &mut self.rows {
            if let Says::Draft(Draft::Event { event, .. }) = &row.says
                && let Some(key) = &event.key
            {
                row.first = self.keys.is_first(key);
            }
        }
        let next = match self.answers.try_recv() {
            Ok(Answer { mut rows, heard }) => {
                self.heard.extend(heard);
                rows.clear();
                rows
            }
            Err(_) => Vec::with_capacity(ROWS),
        };
        let rows = std::mem::replace(&mut self.rows, next);
        let chunk = Chunk { file: Arc::clone(&self.file), rows };
        self.sender.send(Message::Rows(chunk)).map_err(|_| Unwanted)
    }

    /// Hands out the fingerprints of the hints that were taken since it was last asked.
    pub(crate) fn heard(&mut self, mut hear: impl FnMut(&[u64])) {
        if !self.heard.is_empty() {
            hear(&self.heard);
            self.heard.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Event;

    fn says(key: &str) -> Says {
        let event = Event { key: Some(key.to_owned()), ..Event::default() };
        Says::Draft(Draft::Event { event, hints: Vec::new() })
    }

    fn received(receiver: &Receiver<Message>) -> Chunk {
        match receiver.recv() {
            Ok(Message::Rows(chunk)) => chunk,
            _ => panic!("no rows"),
        }
    }

    #[test]
    fn rows_keep_their_order_and_a_key_is_first_once() {
        let (mut out, receiver, answer) = way();
        out.file("a.csv");
        for (line, key) in [(2, "a"), (3, "b"), (4, "a")] {
            assert!(out.row(line, 1, 9, says(key)).is_ok());
        }
        assert!(out.flush().is_ok());
        let Chunk { file, rows } = received(&receiver);
        let told: Vec<_> = rows.iter().map(|row| (row.line, row.first)).collect();
        assert_eq!((&*file, told), ("a.csv", vec![(2, true), (3, true), (4, false)]));

        answer.send(Answer { rows, heard: vec![7] }).unwrap();
        assert!(out.row(5, 1, BYTES, says("b")).is_ok());
        // The row is so long that it is a chunk by itself, and the answer was taken with it.
        let rows = received(&receiver).rows;
        assert_eq!((rows.len(), rows[0].first), (1, false));
        let mut heard = Vec::new();
        out.heard(|hints| heard.extend_from_slice(hints));
        out.heard(|_| panic!("told twice"));
        assert_eq!(heard, [7]);

        assert!(out.row(6, 1, 9, says("c")).is_ok() && out.flush().is_ok());
        assert_eq!(received(&receiver).rows.len(), 1);
        drop(receiver);
        assert!(out.row(7, 1, 9, says("d")).is_ok() && out.flush().is_err());
    }
}
