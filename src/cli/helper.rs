//! What the line editor asks while a person types: colours, hints, completions.

use std::borrow::Cow;

use clap::ValueEnum;
use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Context, Helper};

use super::args::Format;
use super::dot::{Argument, DOTS, find, split};
use super::fault::quietly;
use super::help::TOPICS;
use super::highlight::{dim, paint};
use super::keys::{CONTINUATION, blank, is_dot, is_incomplete};
use crate::export::on_screen;
use crate::{Database, Query, tokens};

/// More completions than this are of no use in a list.
const LISTED: usize = 200;

/// The helper of the prompt.
pub(super) struct PromptHelper {
    pub(super) db: Database,
    pub(super) color: bool,
}

impl Helper for PromptHelper {}

impl Highlighter for PromptHelper {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.color || is_dot(line) {
            return line.into();
        }
        let tokens = quietly(|| tokens(&blank(line)));
        let painted = paint(line, &tokens);
        painted.replace(CONTINUATION, &dim(CONTINUATION)).into()
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.color { dim(hint).into() } else { hint.into() }
    }

    fn highlight_candidate<'c>(&self, candidate: &'c str, _: CompletionType) -> Cow<'c, str> {
        match candidate.split_once("  ") {
            Some((text, note)) if self.color => format!("{text}  {}", dim(note)).into(),
            _ => candidate.into(),
        }
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.color && kind != CmdKind::MoveCursor
    }
}

/// A hint behind the cursor.
pub(super) struct Hint {
    display: String,
    /// What the right arrow puts in; nothing where the hint is only words.
    completion: Option<String>,
}

impl rustyline::hint::Hint for Hint {
    fn display(&self) -> &str {
        &self.display
    }
    fn completion(&self) -> Option<&str> {
        self.completion.as_deref()
    }
}

impl Hinter for PromptHelper {
    type Hint = Hint;

    fn hint(&self, line: &str, pos: usize, _: &Context<'_>) -> Option<Hint> {
        if pos < line.len() || line.is_empty() {
            return None;
        }
        quietly(|| if is_dot(line) { dot_hint(line) } else { self.query_hint(&blank(line), line) })
    }
}

impl PromptHelper {
    /// The rest of the likeliest completion; on a line that is yet empty, what the statement waits for.
    fn query_hint(&self, text: &str, line: &str) -> Option<Hint> {
        if line.ends_with(CONTINUATION) {
            let error = Query::script(text).err()?;
            let waits = error.diagnostic().filter(|d| d.incomplete)?;
            let words = if waits.label.is_empty() { &waits.message } else { &waits.label };
            return Some(Hint { display: format!("  // {}", on_screen(words)), completion: None });
        }
        let last = text.chars().next_back()?;
        if !(last.is_alphanumeric() || last == '_' || last == '"') {
            return None;
        }
        let found = self.db.complete(text, text.len());
        let typed = text.get(found.span.start..).filter(|typed| typed.len() > 1)?;
        let rest = found.items.first()?.text.strip_prefix(typed).filter(|rest| !rest.is_empty())?;
        Some(Hint { display: on_screen(rest), completion: Some(rest.to_owned()) })
    }

    fn complete_query(&self, text: &str, pos: usize) -> (usize, Vec<Pair>) {
        let found = self.db.complete(text, pos);
        let widest = found.items.iter().map(|item| item.text.chars().count()).max().unwrap_or(0);
        let width = widest.min(40);
        let pairs = found.items.into_iter().take(LISTED).map(|item| {
            let note = if item.note.is_empty() {
                item.what.to_owned()
            } else {
                format!("{}, {}", item.what, item.note)
            };
            let display = format!("{:<width$}  {}", on_screen(&item.text), on_screen(&note));
            Pair { display, replacement: item.text }
        });
        (found.span.start.min(pos), pairs.collect())
    }

    fn complete_dot(&self, line: &str, pos: usize, ctx: &Context<'_>) -> (usize, Vec<Pair>) {
        let typed = line.get(..pos).unwrap_or_default();
        let Some(space) = typed.find(char::is_whitespace) else {
            let start = typed.rfind('.').map_or(0, |dot| dot + 1);
            return (start, words(typed, start, DOTS.iter().map(|dot| (dot.name, dot.help))));
        };
        let Some(dot) = find(split(typed).0) else { return (pos, Vec::new()) };
        let start = space + 1;
        match dot.argument {
            Argument::Topic => {
                (start, words(typed, start, TOPICS.iter().map(|t| (t.name, t.about))))
            }
            Argument::OnOff => (start, words(typed, start, [("on", ""), ("off", "")].into_iter())),
            Argument::Format => {
                let names: Vec<String> =
                    Format::value_variants().iter().map(|f| f.name()).collect();
                (start, words(typed, start, names.iter().map(|name| (name.as_str(), ""))))
            }
            Argument::Path => {
                FilenameCompleter::new().complete(line, pos, ctx).unwrap_or((pos, Vec::new()))
            }
            Argument::Query => {
                let (at, pairs) =
                    self.complete_query(typed.get(start..).unwrap_or_default(), pos - start);
                (start + at, pairs)
            }
            Argument::Kind => {
                let kinds = self.db.schema().map(|schema| schema.kinds).unwrap_or_default();
                let named = kinds
                    .iter()
                    .map(|kind| (kind.name.as_str(), kind.title.as_deref().unwrap_or_default()));
                (start, words(typed, start, named))
            }
            Argument::Nothing | Argument::Letters | Argument::Number | Argument::Parameter => {
                (pos, Vec::new())
            }
        }
    }
}

/// The words that begin with what stands from `start` on.
fn words<'a>(
    typed: &str,
    start: usize,
    words: impl Iterator<Item = (&'a str, &'a str)>,
) -> Vec<Pair> {
    let begun = typed.get(start..).unwrap_or_default().to_ascii_lowercase();
    words
        .filter(|(word, _)| word.to_ascii_lowercase().starts_with(&begun))
        .take(LISTED)
        .map(|(word, note)| Pair {
            display: format!("{word:<10}  {note}").trim_end().to_owned(),
            replacement: word.to_owned(),
        })
        .collect()
}

fn dot_hint(line: &str) -> Option<Hint> {
    let typed = line.trim_start().strip_prefix('.')?;
    if typed.is_empty() {
        return Some(Hint { display: "help".to_owned(), completion: Some("help".to_owned()) });
    }
    if let Some(name) = typed.strip_suffix(' ') {
        let words = find(name)?.argument.words();
        return (!words.is_empty()).then(|| Hint { display: words.to_owned(), completion: None });
    }
    let rest =
        DOTS.iter().find_map(|dot| dot.name.strip_prefix(typed)).filter(|rest| !rest.is_empty())?;
    Some(Hint { display: rest.to_owned(), completion: Some(rest.to_owned()) })
}

impl Completer for PromptHelper {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        pos: usize,
        ctx: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let found = quietly(|| {
            let found = if is_dot(line) {
                self.complete_dot(line, pos, ctx)
            } else {
                self.complete_query(&blank(line), pos)
            };
            Some(found)
        });
        Ok(found.unwrap_or((pos, Vec::new())))
    }
}

impl Validator for PromptHelper {
    /// Asked only where the terminal cannot edit: there the keys of `keys` are not bound.
    fn validate(&self, ctx: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let incomplete = quietly(|| is_incomplete(ctx.input()));
        Ok(if incomplete { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(line: &str) -> Option<String> {
        dot_hint(line).map(|hint| hint.display)
    }

    #[test]
    fn a_dot_command_is_hinted_at() {
        assert_eq!(hint(".").as_deref(), Some("help"));
        assert_eq!(hint(".fi").as_deref(), Some("elds"));
        assert_eq!(hint(".mode ").as_deref(), Some("[FORMAT]"));
        assert_eq!(hint(".quit "), None);
        assert_eq!(hint(".xyz"), None);
    }

    #[test]
    fn words_are_completed_whatever_their_case() {
        let found = words(".help Da", 6, TOPICS.iter().map(|t| (t.name, t.about)));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].replacement, "dates");
    }
}
