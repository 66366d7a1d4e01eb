//! Drafts into the store: keys, duplicates and revisions, a commit for each batch of rows.

use super::coverage::Coverage;
use super::draft::{Draft, Hint};
use super::fate::{Fate, is_same_telling, revised};
use super::format::Format;
use super::register::{self, Register};
use super::rehearsal::Rehearsal;
use super::rejects::{Rejected, Rejects};
use super::report::{ImportReport, TOLD};
use crate::error::Result;
use crate::model::{Actor, Citation, Document, Event, Import};
use crate::storage::segment::MOST_ROWS;
use crate::storage::{Entry, KnownKeys, Load, Store};

/// The file grows ahead of what is in it, to twice as much at worst. In a longer one, moving pages together takes longer
/// than the room is worth.
const SHRINK_BELOW: u64 = 8 << 30;

/// After so many rows, a segment of them, the first batch is committed; each next one has twice as many, up to four
/// times. What is cut off early loses little, and what is long writes its postings seldom.
const FIRST_BATCH: usize = MOST_ROWS;
const DOUBLED: u32 = 2;

/// A row on its way into the store.
#[derive(Debug)]
pub(crate) struct Row {
    /// The line on which it begins, from 1.
    pub(crate) line: u64,
    /// How many rows of the file it stands for: more than one where an actor of a dictionary has many lines.
    pub(crate) rows: u64,
    /// Is it the first of its key in this file? So is one without a key.
    pub(crate) first: bool,
    /// What it says.
    pub(crate) says: Says,
}

/// What a row says, or why it says nothing.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "most are drafts")]
pub(crate) enum Says {
    /// An event without a key of its own has one made from the row.
    Draft(Draft),
    /// It cannot be taken; with the row as it stands.
    Nothing { rejected: Rejected, row: String },
}

/// What became of a row, or why it is not taken.
type Taken = Result<Fate, String>;

/// Takes rows in the order of the file.
pub(crate) struct Loader<'s> {
    store: &'s Store,
    load: Option<Load>,
    /// The keys of the last batch and of all before it.
    keys: KnownKeys,
    register: Register,
    record: Import,
    number: u64,
    /// Rows that an earlier run had brought in before it was cut off.
    resumed: u64,
    /// Rows passed so far.
    passed: u64,
    /// Rows since the last commit.
    waiting: usize,
    /// Batches so far.
    batches: u32,
    /// Is the import in the list of imports already?
    listed: bool,
    /// Did anything change since the last commit?
    changed: bool,
    /// Where nothing is to be written, this looks instead.
    rehearsal: Option<Rehearsal>,
    coverage: Coverage,
    rejects: Rejects,
    report: ImportReport,
}

impl<'s> Loader<'s> {
    /// A loader that goes on where `record` ends: at its beginning, unless an earlier run was cut off.
    pub(crate) fn new(
        store: &'s Store,
        record: Import,
        listed: bool,
        rejects: Rejects,
        rehearsal: Option<Rehearsal>,
        report: ImportReport,
    ) -> Loader<'s> {
        let number = record.name.parse().unwrap_or_default();
        let resumed = record.counts.read;
        Loader {
            store,
            load: None,
            keys: KnownKeys::default(),
            register: Register::new(),
            record,
            number,
            resumed,
            waiting: 0,
            batches: 0,
            listed,
            changed: false,
            rehearsal,
            coverage: Coverage::default(),
            rejects,
            report,
            passed: 0,
        }
    }

    /// Begins a file of a format: the first, or another member of an archive.
    pub(crate) fn begin(&mut self, format: Format) {
        if !self.report.formats.contains(&format) {
            self.report.formats.push(format);
        }
        let words: Vec<&str> = self.report.formats.iter().map(|format| format.word()).collect();
        self.record.format = words.join(", ");
    }

    /// Takes what a row of a file says. One that an earlier run had brought in is only counted as covered.
    ///
    /// The row goes back to the thread that made it, and the store gets a copy of its event: memory that one thread
    /// allocates and another frees costs more than the copy.
    pub(crate) fn take(&mut self, file: &str, row: &mut Row) -> Result<()> {
        if let Says::Draft(Draft::Event { event, .. }) = &row.says
            && let Some(date) = &event.date
        {
            self.coverage.add(date);
        }
        if self.passed < self.resumed {
            self.passed += row.rows;
            return Ok(());
        }
        self.passed += row.rows;
        self.record.counts.read += row.rows;
        let taken = match &mut row.says {
            Says::Draft(Draft::Event { event, hints }) => self.event(event, hints, row.first)?,
            Says::Draft(Draft::Actor { actor, hints }) => Ok(self.actor(actor, hints)?),
            Says::Draft(Draft::Telling { key, citation, document }) => {
                self.telling(key, citation, document)?
            }
            Says::Nothing { rejected, row: text } => {
                return self.reject(rejected.clone(), row.rows, text);
            }
        };
        let fate = match taken {
            Ok(fate) => fate,
            Err(reason) => {
                let file = file.to_owned();
                let rejected = Rejected { file, line: row.line, column: None, reason };
                return self.reject(rejected, row.rows, "");
            }
        };
        let counts = &mut self.record.counts;
        match fate {
            Fate::Loaded => counts.loaded += row.rows,
            Fate::Updated => counts.updated += row.rows,
            Fate::Duplicate => counts.duplicates += row.rows,
        }
        self.changed |= fate != Fate::Duplicate;
        self.waiting += 1;
        let full = self.load.as_ref().is_some_and(Load::is_full);
        let batch = FIRST_BATCH << self.batches.min(DOUBLED);
        if full || self.waiting >= batch { self.commit() } else { Ok(()) }
    }

    /// The batch at hand.
    fn load(&mut self) -> Result<&mut Load> {
        match &mut self.load {
            Some(load) => Ok(load),
            none => {
                let keys = std::mem::take(&mut self.keys);
                Ok(none.insert(self.store.load_after(keys)?))
            }
        }
    }

    /// Takes an event. Where it is not the `first` of its key in this file and says something else, it is not taken: which of
    /// the two is right cannot be known, and each import of the file would revise the one by the other.
    fn event(&mut self, event: &mut Event, hints: &mut Vec<Hint>, first: bool) -> Result<Taken> {
        if let Some(rehearsal) = &mut self.rehearsal {
            let fate = rehearsal.event(event)?;
            return Ok(if first || fate == Fate::Duplicate { Ok(fate) } else { twice(event) });
        }
        event.import = Some(self.number);
        let load = self.load()?;
        let fate = match load.by_key(event.key.as_deref().unwrap_or_default())? {
            None => {
                load.insert(event)?;
                Fate::Loaded
            }
            Some(known) => match revised(&load.event(known)?, std::mem::take(event)) {
                None => Fate::Duplicate,
                Some(event) if !first => return Ok(twice(&event)),
                Some(event) => {
                    load.update(known, event)?;
                    Fate::Updated
                }
            },
        };
        if fate != Fate::Duplicate {
            self.register.note_all(hints);
        }
        Ok(Ok(fate))
    }

    /// Adds a citation to an event that is there.
    fn telling(&mut self, key: &str, citation: &Citation, document: &Document) -> Result<Taken> {
        let missing =
            || Err(format!("no event `{key}` is in the database; import the events first"));
        if let Some(rehearsal) = &self.rehearsal {
            return Ok(rehearsal.telling(key, citation)?.map_or_else(missing, Ok));
        }
        let number = self.number;
        let load = self.load()?;
        let Some(known) = load.by_key(key)? else { return Ok(missing()) };
        let mut event = load.event(known)?;
        match event.documents.iter_mut().find(|own| is_same_telling(own, citation)) {
            Some(own) if own == citation => return Ok(Ok(Fate::Duplicate)),
            Some(own) => own.clone_from(citation),
            None => event.documents.push(citation.clone()),
        }
        event.import = Some(number);
        load.update(known, event)?;
        self.register.note(Hint::Document(Box::new(document.clone())));
        Ok(Ok(Fate::Updated))
    }

    /// Enters an actor of a dictionary: what is known of him already stays, and nothing is new where all is there.
    fn actor(&mut self, actor: &Actor, hints: &mut Vec<Hint>) -> Result<Fate> {
        if let Some(rehearsal) = &self.rehearsal {
            return rehearsal.actor(actor);
        }
        let catalogues = self.load()?.catalogues();
        let known = register::known(&catalogues.view(), actor)?;
        let merged = known.as_ref().map(|old| register::merged(old, actor));
        let fate = match &merged {
            None => Fate::Loaded,
            same if *same == known => Fate::Duplicate,
            Some(_) => Fate::Updated,
        };
        if fate != Fate::Duplicate {
            catalogues.define(Entry::Actor(merged.unwrap_or_else(|| actor.clone())))?;
            self.register.note_all(hints);
        }
        Ok(fate)
    }

    fn reject(&mut self, rejected: Rejected, rows: u64, text: &str) -> Result<()> {
        self.record.counts.rejected += rows;
        self.rejects.add(&rejected, text)?;
        if self.report.rejected.len() < TOLD {
            self.report.rejected.push(rejected);
        }
        Ok(())
    }

    /// Makes the batch durable, with how far the file was read.
    fn commit(&mut self) -> Result<()> {
        self.waiting = 0;
        self.batches += 1;
        if self.rehearsal.is_some() || !self.changed {
            return Ok(());
        }
        let number = self.number;
        self.load()?;
        let Some(mut load) = self.load.take() else { return Ok(()) };
        self.register.write(load.catalogues())?;
        // The rejects first: what is behind their recorded length is cut off again.
        self.record.rejects_len = self.rejects.sync()?;
        self.record.coverage = self.coverage.stretches();
        load.define(Entry::Import(self.record.clone()))?;
        load.set_import(number);
        self.keys = load.commit_and_keep()?;
        (self.listed, self.changed) = (true, false);
        Ok(())
    }

    /// Commits what is at hand and tells what became of the file. `through`: it was read to its end.
    pub(crate) fn finish(mut self, through: bool, notes: Vec<String>) -> Result<ImportReport> {
        if through && (self.changed || self.listed) {
            self.record.finished = Some(jiff::Timestamp::now().as_millisecond());
            self.changed = true;
        }
        self.commit()?;
        if through && self.listed && self.rehearsal.is_none() {
            (self.load, self.keys) = (None, KnownKeys::default());
            if self.store.file_len()? <= SHRINK_BELOW {
                self.store.shrink()?;
            }
        }
        let Loader {
            record, number, listed, resumed, coverage, rejects, register, mut report, ..
        } = self;
        report.import = listed.then_some(number);
        report.counts = record.counts;
        report.coverage = coverage.stretches();
        report.notes = notes;
        report.notes.extend(register.notes());
        report.rejects = rejects.finish()?;
        report.resumed = resumed;
        report.cancelled = !through;
        Ok(report)
    }

    /// The fingerprints of the hints that were taken since this was last asked.
    pub(crate) fn heard(&mut self) -> Vec<u64> {
        self.register.heard()
    }

    /// Rows passed so far, those of an earlier run included.
    pub(crate) fn rows(&self) -> u64 {
        self.passed
    }
}

/// Why a row is not taken that contradicts another.
fn twice(event: &Event) -> Taken {
    let key = event.key.as_deref().unwrap_or_default();
    Err(format!("an earlier row of this file tells `{key}` differently"))
}
