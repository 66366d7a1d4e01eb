//! Writing: a snapshot with changes over it, which become durable together.

use super::outcome::{Changes, Outcome};
use super::query::Query;
use super::rows::Rows;
use super::run::Planned;
use super::{Params, RunOptions, run};
use crate::catalog::Catalog;
use crate::error::{Diagnostic, Result, Span};
use crate::executor::execute;
use crate::model::{Actor, Coverage, Document, Event, EventId, Import, Kind, Place, Unit};
use crate::planner::bind::Scope;
use crate::planner::plan::{Node, Plan};
use crate::storage::{self, Entry, EntryKind, Inserted, View};
use std::sync::Arc;

/// A transaction of [`Database::write`](super::Database::write). It reads what it has written.
pub struct Transaction {
    inner: storage::Transaction,
}

impl std::fmt::Debug for Transaction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transaction").finish_non_exhaustive()
    }
}

impl Transaction {
    pub(super) fn new(inner: storage::Transaction) -> Transaction {
        Transaction { inner }
    }

    pub(super) fn view(&self) -> View {
        self.inner.view()
    }

    pub(super) fn commit(self) -> Result<()> {
        self.inner.commit().map(|_| ())
    }

    /// Enters an event and gives its number.
    ///
    /// # Errors
    /// [`Error::Evaluate`](crate::Error::Evaluate) when its kind or a document is unknown or its key is taken.
    pub fn insert(&mut self, event: Event) -> Result<EventId> {
        self.admit(event, Span::default())
    }

    /// Enters events and gives their numbers, in the same order.
    ///
    /// # Errors
    /// As [`Transaction::insert`], for the first that cannot be entered.
    pub fn insert_all(&mut self, events: impl IntoIterator<Item = Event>) -> Result<Vec<EventId>> {
        events.into_iter().map(|event| self.insert(event)).collect()
    }

    /// Puts another version in the place of an event; the old one stays in the history. False when there is no such event.
    ///
    /// # Errors
    /// As [`Transaction::insert`].
    pub fn update(&mut self, id: EventId, event: Event) -> Result<bool> {
        let event = self.checked(event, Span::default())?;
        self.is_free(&event, id, Span::default())?;
        self.inner.update(id, event)
    }

    /// The key of an event may not be that of another.
    fn is_free(&self, event: &Event, id: EventId, span: Span) -> Result<()> {
        if let Some(key) = &event.key
            && let Some(other) = self.view().event_by_key(key)?
            && other != id
        {
            return Err(key_taken(key, other, span));
        }
        Ok(())
    }

    /// Ends an event; its versions stay in the history. False when there is no such event.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt) when its record is damaged.
    pub fn delete(&mut self, id: EventId) -> Result<bool> {
        self.inner.delete(id)
    }

    /// Defines an actor, in the place of one of the same name.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt) when the catalogue is damaged.
    pub fn define_actor(&mut self, actor: Actor) -> Result<()> {
        self.define(Entry::Actor(actor))
    }

    /// Defines a place, in the place of one of the same name.
    ///
    /// # Errors
    /// As [`Transaction::define_actor`].
    pub fn define_place(&mut self, place: Place) -> Result<()> {
        self.define(Entry::Place(place))
    }

    /// Defines a kind, in the place of one of the same name.
    ///
    /// # Errors
    /// As [`Transaction::define_actor`].
    pub fn define_kind(&mut self, kind: Kind) -> Result<()> {
        self.define(Entry::Kind(kind))
    }

    /// Defines a document, in the place of one of the same key.
    ///
    /// # Errors
    /// As [`Transaction::define_actor`].
    pub fn define_document(&mut self, document: Document) -> Result<()> {
        self.define(Entry::Document(document))
    }

    /// Defines a unit, in the place of one of the same name.
    ///
    /// # Errors
    /// As [`Transaction::define_actor`].
    pub fn define_unit(&mut self, unit: Unit) -> Result<()> {
        self.define(Entry::Unit(unit))
    }

    /// Says for which days the data are complete, in the place of what was said under the same name.
    ///
    /// # Errors
    /// As [`Transaction::define_actor`].
    pub fn define_coverage(&mut self, coverage: Coverage) -> Result<()> {
        self.define(Entry::Coverage(coverage))
    }

    /// Runs a script within the transaction.
    ///
    /// # Errors
    /// Those of its statements.
    pub fn execute(&mut self, script: &str) -> Result<Vec<Outcome>> {
        let mut scope = run::scope(Params::default());
        Query::script(script)?
            .iter()
            .map(|(query, _)| self.run(query, &mut scope, &RunOptions::default()))
            .collect()
    }

    /// Runs one query, which sees what the transaction has written.
    ///
    /// # Errors
    /// As [`Database::query_with`](super::Database::query_with).
    pub fn query_with(&self, text: &str, params: impl Into<Params>) -> Result<Rows> {
        run::query(
            &self.view(),
            &text.parse()?,
            &mut run::scope(params.into()),
            &RunOptions::default(),
        )
    }

    fn define(&mut self, entry: Entry) -> Result<()> {
        self.inner.define(entry).map(|_| ())
    }

    /// Runs one statement within the transaction.
    pub(super) fn run(
        &mut self,
        statement: &Query,
        scope: &mut Scope,
        options: &RunOptions,
    ) -> Result<Outcome> {
        // The view ends here: a change copies what a living view still looks at.
        let planned = run::plan(&self.view(), statement, scope, options)?;
        Ok(match planned {
            Planned::Rows(rows) => Outcome::Rows(rows),
            Planned::Nothing => Outcome::Remembered,
            Planned::Change(change, notices) => {
                let changes = self.apply(change, statement.statement().span, options)?;
                Outcome::Changed(Changes { notices, ..changes })
            }
        })
    }

    /// Carries out a change that has been planned.
    pub(super) fn apply(
        &mut self,
        change: Plan,
        span: Span,
        options: &RunOptions,
    ) -> Result<Changes> {
        let mut changes = Changes::default();
        match change {
            Plan::Insert(events) => {
                for event in events {
                    changes.inserted.push(self.admit(event, span)?);
                }
            }
            Plan::Delete { input, because } => {
                let found = self.found(&input, options)?;
                if let Some(because) = because {
                    self.inner.set_reason(&because);
                }
                for id in found {
                    changes.deleted += u64::from(self.inner.delete(id)?);
                }
            }
            Plan::Undo { import, input, because } => {
                let found = self.found(&input, options)?;
                if let Some(because) = because {
                    self.inner.set_reason(&because);
                }
                self.undo(import, found, span, &mut changes)?;
            }
            Plan::Define(entries) => {
                for entry in entries {
                    changes.defined.push(format!("{} {}", entry.kind().word(), entry.name()));
                    self.define(entry)?;
                }
            }
            Plan::Drop { catalog, name } => {
                if self.inner.remove(catalog, &name)? {
                    changes.dropped.push(format!("{} {name}", catalog.word()));
                }
            }
            Plan::Import(_) => {
                return Err(Diagnostic::new(
                    "import-commits",
                    "an import commits its own batches and cannot be part of a transaction",
                    span,
                )
                .label("not within a transaction")
                .help("run it by itself, or call `Database::import`")
                .evaluate());
            }
            Plan::Query(_) | Plan::Explain { .. } | Plan::Remember => {}
        }
        Ok(changes)
    }

    /// The events that a plan finds. Its view ends here, too.
    fn found(&self, input: &Node, options: &RunOptions) -> Result<Vec<EventId>> {
        let view = self.view();
        let context = Arc::new(options.context(&view, Catalog::new(view.clone())));
        let ids =
            execute(input, &context)?.map(|tuple| Ok(tuple?.id())).collect::<Result<Vec<_>>>()?;
        Ok(ids.into_iter().flatten().collect())
    }

    /// Puts events back to how they were before an import, and ends those that were not there.
    fn undo(
        &mut self,
        import: u64,
        found: Vec<EventId>,
        span: Span,
        changes: &mut Changes,
    ) -> Result<()> {
        changes.undone = Some(import);
        self.mark_undone(import)?;
        let mut revised = Vec::new();
        for id in found {
            if self.before(id, import)?.is_some() {
                revised.push(id);
            } else {
                changes.deleted += u64::from(self.inner.delete(id)?);
            }
        }
        // Only now are the keys free that new events have taken.
        for id in revised {
            let Some(before) = self.before(id, import)? else { continue };
            let event = self.checked(before, span)?;
            self.is_free(&event, id, span)?;
            changes.restored += u64::from(self.inner.update(id, event)?);
        }
        Ok(())
    }

    /// How an event was before an import; none when it was not there. What another undone import made of it does not count.
    fn before(&self, id: EventId, import: u64) -> Result<Option<Event>> {
        let view = self.view();
        for version in view.history(id)?.into_iter().rev() {
            let by = version.event.import;
            if by != Some(import)
                && !by.map(|by| is_undone(&view, by)).transpose()?.unwrap_or(false)
            {
                return Ok(Some(version.event));
            }
        }
        Ok(None)
    }

    /// Remembers that an import was undone. One that was cut off does not go on: its file is read anew.
    fn mark_undone(&mut self, import: u64) -> Result<()> {
        let entry = self.view().entry(EntryKind::Import, &import.to_string())?;
        if let Some(Entry::Import(import)) = entry
            && !import.undone
        {
            self.inner.define(Entry::Import(Import { undone: true, ..import }))?;
        }
        Ok(())
    }

    fn admit(&mut self, event: Event, span: Span) -> Result<EventId> {
        let event = self.checked(event, span)?;
        let key = event.key.clone();
        match self.inner.insert(event)? {
            Inserted::New(id) => Ok(id),
            Inserted::KeyTaken(other) => {
                Err(key_taken(key.as_deref().unwrap_or_default(), other, span))
            }
        }
    }

    /// The event with its kind and its documents as the catalogue spells them.
    fn checked(&self, mut event: Event, span: Span) -> Result<Event> {
        let catalog = Catalog::new(self.view());
        match catalog.kind(&event.kind)? {
            Some(kind) => event.kind.clone_from(&kind.name),
            None => {
                return Err(Diagnostic::new(
                    "unknown-kind",
                    format!("no kind `{}`", event.kind),
                    span,
                )
                .label("unknown kind")
                .help("`show kinds` lists them; `define kind` adds one")
                .evaluate());
            }
        }
        for citation in &mut event.documents {
            match catalog.document(&citation.document)? {
                Some(document) => citation.document.clone_from(&document.key),
                None => {
                    return Err(Diagnostic::new(
                        "unknown-document",
                        format!("no document `{}`", citation.document),
                        span,
                    )
                    .label("unknown document")
                    .help("define it before the events that cite it")
                    .evaluate());
                }
            }
        }
        Ok(event)
    }
}

fn is_undone(view: &View, import: u64) -> Result<bool> {
    let entry = view.entry(EntryKind::Import, &import.to_string())?;
    Ok(matches!(entry, Some(Entry::Import(Import { undone: true, .. }))))
}

fn key_taken(key: &str, other: EventId, span: Span) -> crate::error::Error {
    Diagnostic::new("key-taken", format!("the key `{key}` belongs to event {other}"), span)
        .label("taken")
        .help("choose another key, or delete that event first")
        .evaluate()
}
