//! Statements of several lines in the line editor.
//!
//! A line begun with Enter starts with [`CONTINUATION`], which is part of the edited text, so that it stands where the
//! reader expects it whatever the terminal can do. The parser sees blanks in its place ([`blank`]), and the statement
//! that is run has none of it ([`strip`]).

use std::borrow::Cow;

use rustyline::{
    Cmd, ConditionalEventHandler, Editor, Event, EventContext, EventHandler, KeyCode, KeyEvent,
    Modifiers, Movement, RepeatCount,
};

use crate::Query;

/// How a line behind the first begins; as wide as the prompt.
pub(super) const CONTINUATION: &str = "    ...> ";
const NEW_LINE: &str = "\n    ...> ";
const NEW_LINE_CHARS: RepeatCount = 10;
const BLANK_LINE: &str = "\n         ";

/// The text with blanks for the continuations: every offset stays what it was.
pub(super) fn blank(line: &str) -> Cow<'_, str> {
    if line.contains(NEW_LINE) { line.replace(NEW_LINE, BLANK_LINE).into() } else { line.into() }
}

/// The text as it was meant.
pub(super) fn strip(line: &str) -> String {
    line.replace(NEW_LINE, "\n")
}

/// The text as it is edited.
pub(super) fn mark(text: &str) -> String {
    text.replace('\n', NEW_LINE)
}

/// Is it a dot-command?
pub(super) fn is_dot(line: &str) -> bool {
    line.trim_start().starts_with('.')
}

/// Is it a statement that only stops too early?
pub(super) fn is_incomplete(line: &str) -> bool {
    if is_dot(line) || line.trim().is_empty() {
        return false;
    }
    Query::script(&blank(line)).is_err_and(|error| error.is_incomplete())
}

/// Does the text end with a line that has nothing on it? It says: run it as it is.
fn ends_blank(line: &str) -> bool {
    blank(line).rsplit_once('\n').is_some_and(|(_, last)| last.trim().is_empty())
}

/// Binds the keys.
pub(super) fn bind<H: rustyline::Helper, I: rustyline::history::History>(
    editor: &mut Editor<H, I>,
) {
    let mut handle = |key: KeyEvent, handler: Box<dyn ConditionalEventHandler>| {
        editor.bind_sequence(key, EventHandler::Conditional(handler));
    };
    handle(KeyEvent(KeyCode::Enter, Modifiers::NONE), Box::new(Enter));
    handle(KeyEvent::ctrl('J'), Box::new(Enter));
    handle(KeyEvent::ctrl('M'), Box::new(Enter));
    handle(KeyEvent(KeyCode::Enter, Modifiers::ALT), Box::new(NewLine));
    handle(KeyEvent(KeyCode::Backspace, Modifiers::NONE), Box::new(Back { erase: true }));
    handle(KeyEvent::ctrl('H'), Box::new(Back { erase: true }));
    handle(KeyEvent(KeyCode::Left, Modifiers::NONE), Box::new(Back { erase: false }));
    handle(KeyEvent(KeyCode::Home, Modifiers::NONE), Box::new(Home));
    handle(KeyEvent::ctrl('A'), Box::new(Home));
}

/// Runs what is complete, else begins a line.
struct Enter;

impl ConditionalEventHandler for Enter {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, ctx: &EventContext) -> Option<Cmd> {
        let line = ctx.line();
        let waits = super::fault::quietly(|| !ends_blank(line) && is_incomplete(line));
        Some(if waits { Cmd::Insert(1, NEW_LINE.to_owned()) } else { Cmd::AcceptLine })
    }
}

/// Begins a line.
struct NewLine;

impl ConditionalEventHandler for NewLine {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext) -> Option<Cmd> {
        Some(Cmd::Insert(1, NEW_LINE.to_owned()))
    }
}

/// Steps over a continuation, or erases it, as one character.
struct Back {
    erase: bool,
}

impl ConditionalEventHandler for Back {
    fn handle(&self, _: &Event, count: RepeatCount, _: bool, ctx: &EventContext) -> Option<Cmd> {
        let before = ctx.line().get(..ctx.pos())?;
        if count != 1 || !before.ends_with(NEW_LINE) {
            return None;
        }
        let back = Movement::BackwardChar(NEW_LINE_CHARS);
        Some(if self.erase { Cmd::Kill(back) } else { Cmd::Move(back) })
    }
}

/// Goes to where the line's text begins.
struct Home;

impl ConditionalEventHandler for Home {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, ctx: &EventContext) -> Option<Cmd> {
        let before = ctx.line().get(..ctx.pos())?;
        let (_, line) = before.rsplit_once('\n')?;
        let text = line.strip_prefix(CONTINUATION)?;
        let back = RepeatCount::try_from(text.chars().count()).ok()?;
        Some(if back == 0 { Cmd::Noop } else { Cmd::Move(Movement::BackwardChar(back)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_continuation_is_as_wide_as_the_prompt() {
        assert_eq!(CONTINUATION.len(), super::super::prompt::PROMPT.len());
        assert_eq!(NEW_LINE.strip_prefix('\n'), Some(CONTINUATION));
        assert_eq!(BLANK_LINE.len(), NEW_LINE.len());
        assert_eq!(usize::from(NEW_LINE_CHARS), NEW_LINE.len());
    }

    #[test]
    fn what_is_edited_comes_back_as_it_was_meant() {
        let text = "events\nwhere year = 2015\n| head 3";
        assert_eq!(mark(text), "events\n    ...> where year = 2015\n    ...> | head 3");
        assert_eq!(strip(&mark(text)), text);
        assert_eq!(blank(&mark(text)).len(), mark(text).len());
        assert!(!blank(&mark(text)).contains("...>"));
    }

    #[test]
    fn a_blank_line_runs_it() {
        assert!(ends_blank("events where\n    ...> "));
        assert!(!ends_blank("events where\n    ...> year"));
        assert!(!ends_blank("events where"));
    }
}
