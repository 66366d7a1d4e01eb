//! Completion: what may stand at a place of a text, values included.

use crate::catalog::{Catalog, Field, FieldType, Tree, synonym};
use crate::error::{Result, Span};
use crate::model::{Status, fold};
use crate::parser::{self, Expected, Token, TokenKind};
use crate::planner::columns::CATALOGS;
use crate::planner::function::{Function, Use};
use crate::storage::{EntryKind, View};

/// The most completions that are offered.
const MOST: usize = 200;

/// What may stand at a place in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completions {
    /// The stretch that a completion replaces.
    pub span: Span,
    /// The completions, the likeliest first.
    pub items: Vec<Completion>,
}

/// One word or value that may stand at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What to put there, quoted where it must be.
    pub text: String,
    /// What it is: `keyword`, `field`, `function`, `kind`, `catalogue`, `actor`, `place`, `document`, `status`, `parameter`.
    pub what: &'static str,
    /// A few words on it, such as `26 events`.
    pub note: String,
}

impl Completion {
    fn new(text: impl Into<String>, what: &'static str, note: impl Into<String>) -> Self {
        Completion { text: text.into(), what, note: note.into() }
    }
}

pub(super) fn complete(view: View, text: &str, cursor: usize) -> Result<Completions> {
    let cursor =
        (0..=cursor.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    let before = text.get(..cursor).unwrap_or_default();
    let tokens: Vec<Token> = parser::tokens(before)
        .into_iter()
        .filter(|t| !matches!(t.kind, TokenKind::Blank | TokenKind::Comment))
        .collect();
    let catalog = Catalog::new(view);
    let written = |token: &Token| before.get(token.span.start..token.span.end).unwrap_or_default();
    let touching = tokens.last().filter(|t| t.span.end == cursor);
    // Within a string: a value of the field that it is held against.
    if let Some(token) = touching
        && let Some(open) = written(token).chars().next().filter(|c| matches!(c, '"' | '\''))
        && matches!(token.kind, TokenKind::String | TokenKind::Error)
        && (token.kind == TokenKind::Error || written(token).len() == 1)
    {
        let typed = written(token).trim_start_matches(open);
        let earlier: Vec<&str> = tokens.iter().take(tokens.len() - 1).map(written).collect();
        let items = values(&catalog, &earlier, typed, open)?;
        return Ok(Completions { span: Span::new(token.span.start, cursor), items });
    }
    let (start, word) =
        match touching.filter(|t| matches!(t.kind, TokenKind::Name | TokenKind::Keyword)) {
            Some(token) => (token.span.start, written(token)),
            None => (cursor, ""),
        };
    let items = words(&catalog, &parser::expected_at(text, cursor), word)?;
    Ok(Completions { span: Span::new(start, cursor), items })
}

/// Keywords, fields, functions, kinds, catalogues: whatever the grammar wants here and begins so.
fn words(catalog: &Catalog, expected: &[Expected], typed: &str) -> Result<Vec<Completion>> {
    let typed = fold(typed);
    let fits = |text: &str| fold(text).starts_with(&typed);
    let wants = |any: &[Expected]| expected.iter().any(|e| any.contains(e));
    let mut items: Vec<Completion> = Vec::new();
    if wants(&[
        Expected::Field,
        Expected::Expression,
        Expected::Condition,
        Expected::Operand,
        Expected::Period,
    ]) {
        items.extend(
            Field::ALL
                .iter()
                .filter(|f| fits(f.name()))
                .map(|f| Completion::new(f.name(), "field", f.doc())),
        );
        let attributes = catalog.typed_attributes()?.into_iter();
        items.extend(
            attributes
                .filter(|(typed, name, _)| fits(typed) || fits(name))
                .map(|(typed, _, n)| Completion::new(typed, "field", events(n))),
        );
        let functions =
            Function::ALL.iter().filter(|f| fits(f.name()) && f.usage() != Use::Aggregate);
        items.extend(
            functions.map(|f| Completion::new(format!("{}(", f.name()), "function", f.doc())),
        );
        let aggregates = Function::ALL
            .iter()
            .filter(|f| !typed.is_empty() && fits(f.name()) && f.usage() == Use::Aggregate);
        items.extend(
            aggregates.map(|f| Completion::new(format!("{}(", f.name()), "function", f.doc())),
        );
    }
    if wants(&[Expected::Kind, Expected::Query, Expected::Statement]) {
        items.extend(
            CATALOGS
                .iter()
                .filter(|(word, _)| fits(word))
                .map(|(word, _)| Completion::new(*word, "catalogue", "")),
        );
        let kinds = catalog.all_kinds()?;
        // All of 346 kinds help nobody who has typed nothing.
        let kinds = kinds.iter().filter(|k| !typed.is_empty() && fits(&k.name));
        items.extend(kinds.map(|k| {
            Completion::new(
                quoted_unless_word(&k.name),
                "kind",
                k.title.clone().unwrap_or_default(),
            )
        }));
    }
    let mut keywords: Vec<&str> =
        expected.iter().flat_map(Expected::words).filter(|word| fits(word)).collect();
    keywords.sort_unstable();
    keywords.dedup();
    let at = if typed.is_empty() && !wants(&[Expected::Field, Expected::Expression]) {
        0
    } else {
        items.len()
    };
    for (i, word) in keywords.into_iter().filter(|w| w.chars().all(char::is_alphabetic)).enumerate()
    {
        items.insert((at + i).min(items.len()), Completion::new(word, "keyword", ""));
    }
    items.dedup_by(|a, b| a.text == b.text);
    items.truncate(MOST);
    Ok(items)
}

/// The values of the field that stands before a string.
fn values(
    catalog: &Catalog,
    earlier: &[&str],
    typed: &str,
    quote: char,
) -> Result<Vec<Completion>> {
    let folded = fold(typed);
    let fits = |text: &str| {
        let text = fold(text);
        text.starts_with(&folded) || text.split(' ').any(|word| word.starts_with(&folded))
    };
    let close = |text: &str| {
        format!(
            "{quote}{}{quote}",
            text.replace('\\', "\\\\").replace(quote, &format!("\\{quote}"))
        )
    };
    let holds = field_before(earlier);
    let mut items = Vec::new();
    match holds {
        FieldType::Kind => {
            for kind in catalog.all_kinds()? {
                if fits(&kind.name) || kind.aliases.iter().any(|a| fits(a)) {
                    items.push(Completion::new(
                        close(&kind.name),
                        "kind",
                        kind.title.unwrap_or_default(),
                    ));
                }
            }
        }
        FieldType::Status => {
            items.extend(
                Status::ALL
                    .iter()
                    .filter(|s| fits(s.word()))
                    .map(|s| Completion::new(close(s.word()), "status", "")),
            );
        }
        FieldType::Documents => {
            for entry in catalog.view().entries(EntryKind::Document)? {
                if fits(entry.name()) {
                    items.push(Completion::new(close(entry.name()), "document", ""));
                }
            }
        }
        FieldType::Code => {
            for kind in catalog.all_kinds()? {
                if let Some(code) = kind.code.filter(|code| fits(code)) {
                    items.push(Completion::new(close(&code), "code", kind.name));
                }
            }
        }
        FieldType::Actors | FieldType::Places => {
            let tree = if holds == FieldType::Places { Tree::Places } else { Tree::Actors };
            let mut found = catalog.bearers_like(tree, &fits)?;
            found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            items.extend(
                found
                    .into_iter()
                    .map(|(name, n)| Completion::new(close(&name), tree.word(), events(n))),
            );
        }
        _ => {}
    }
    items.truncate(MOST);
    Ok(items)
}

/// What the nearest field before a string holds; participants where it is a side of a dyad.
fn field_before(earlier: &[&str]) -> FieldType {
    for (at, word) in earlier.iter().enumerate().rev() {
        // `source.code`: what stands before the dot decides.
        if at.checked_sub(1).and_then(|before| earlier.get(before)) == Some(&".") {
            continue;
        }
        if ["between", "from", "to", "involving", "and"]
            .iter()
            .any(|w| w.eq_ignore_ascii_case(word))
        {
            return FieldType::Actors;
        }
        let synonym = || synonym(word).filter(|(_, property)| property.is_none());
        if let Some(field) = Field::from_name(word).or_else(|| synonym().map(|(field, _)| field)) {
            return field.field_type();
        }
        if word.eq_ignore_ascii_case("where") || *word == "|" || *word == ";" {
            break;
        }
    }
    FieldType::Any
}

fn quoted_unless_word(name: &str) -> String {
    if name.chars().all(|c| c.is_alphanumeric() || c == '_') {
        name.to_owned()
    } else {
        format!("\"{name}\"")
    }
}

fn events(n: u64) -> String {
    if n == 1 { "1 event".to_owned() } else { format!("{n} events") }
}
