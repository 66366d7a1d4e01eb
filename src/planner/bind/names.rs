//! What names mean, with a notice where they mean several and an error where they mean nobody.

use std::sync::Arc;

use crate::catalog::{Bearer, Fit, NameSet, Tree};
use crate::error::{Error, Result, Span};
use crate::model::{Value, fold};
use crate::parser::ast;

use super::super::notice::Notice;
use super::{Binder, Reading, did_you_mean, error, quote};

impl Binder<'_> {
    /// Who bears a name. An error with the nearest names when nobody does; a notice when several do.
    pub(super) fn bearers(&mut self, tree: Tree, name: &str, span: Span) -> Result<Vec<Bearer>> {
        let resolution = self.catalog.resolve(tree, name)?;
        if resolution.bearers.is_empty() {
            return Err(self.nobody(tree, name, span)?);
        }
        let mut all = resolution.bearers.clone();
        if resolution.fit == Fit::Full {
            for other in self.catalog.bearers_by_words(tree, name)? {
                if !all.iter().any(|b| b.name == other.name) {
                    all.push(other);
                }
            }
        }
        let several = resolution.bearers.len() > 1;
        if several
            || (all.len() > 1
                && resolution.fit == Fit::Full
                && !is_plain_name(&resolution.bearers, name))
        {
            let mut words = Vec::new();
            for bearer in &all {
                words.push(format!(
                    "{} ({})",
                    bearer.name,
                    events(self.catalog.count_events(tree, bearer)?)
                ));
            }
            let text = if several {
                format!(
                    "{} means {} {}s here: {}",
                    quote(name),
                    all.len(),
                    tree.word(),
                    words.join(", ")
                )
            } else {
                format!(
                    "{} is taken as {}; others bear the name too: {}",
                    quote(name),
                    words.remove(0),
                    words.join(", ")
                )
            };
            self.notices.push(Notice::new("ambiguous", text));
        }
        Ok(resolution.bearers)
    }

    /// The names as written that an equality with these bearers means.
    pub(super) fn names_meant(&mut self, tree: Tree, bearers: &[Bearer]) -> Result<NameSet> {
        if tree == Tree::Actors && self.catalog.has_members(tree, bearers)? {
            self.otherwise.push(Reading::Under);
            if self.reading == Reading::Under {
                return self.catalog.name_set_under(tree, bearers);
            }
        }
        self.catalog.name_set(tree, bearers)
    }

    /// Adds to a set of names who may belong to it for all that is known, where states are asked for.
    pub(super) fn add_stateless(&mut self, bearers: &[Bearer], set: &mut NameSet) -> Result<()> {
        let mut states = false;
        for bearer in bearers {
            states |= self.catalog.is_state(&bearer.name)?;
        }
        if states && !self.negated {
            self.otherwise.push(Reading::Stateless);
            if self.reading == Reading::Stateless {
                set.add_stateless();
            }
        }
        Ok(())
    }

    fn nobody(&self, tree: Tree, name: &str, span: Span) -> Result<Error> {
        let near = self.catalog.nearest_bearers(tree, name)?;
        let diagnostic = error(
            tree_code(tree),
            format!("no {} {}", tree.word(), quote(name)),
            span,
            "nobody and nothing here bears this name",
        );
        let diagnostic = if tree == Tree::Places {
            diagnostic.label("no event and no place bears this name")
        } else {
            diagnostic
        };
        Ok(match near.split_first() {
            None => diagnostic
                .help(format!("`{}s | select name` lists the names that are known", tree.word()))
                .bind(),
            Some(((first, count), rest)) => {
                let mut help = format!("did you mean {} ({})", quote(&first.name), events(*count));
                for (other, count) in rest {
                    help.push_str(&format!(" or {} ({})", quote(&other.name), events(*count)));
                }
                help.push('?');
                diagnostic.help(help).fix(span, quote(&first.name)).bind()
            }
        })
    }

    /// The kind of a word, as the catalogue spells it.
    pub(super) fn kind_name(&self, word: &str, span: Span) -> Result<String> {
        if let Some(kind) = self.catalog.kind(word)? {
            return Ok(kind.name.clone());
        }
        let near: Vec<String> = self
            .catalog
            .nearest_kinds(word)?
            .iter()
            .map(|k| if is_word(k) { k.clone() } else { quote(k) })
            .collect();
        Err(did_you_mean(
            error("unknown-kind", format!("no kind `{word}`"), span, "unknown kind"),
            span,
            &near,
            "`show kinds` lists them; `define kind` adds one",
        ))
    }

    pub(super) fn document_key(&self, key: &str, span: Span) -> Result<String> {
        if let Some(document) = self.catalog.document(key)? {
            return Ok(document.key.clone());
        }
        let near: Vec<String> =
            self.catalog.nearest_documents(key)?.iter().map(|k| quote(k)).collect();
        Err(did_you_mean(
            error(
                "unknown-document",
                format!("no document {}", quote(key)),
                span,
                "unknown document",
            ),
            span,
            &near,
            "`documents | select key, title` lists them",
        ))
    }

    /// One side of a dyad: the names, and everybody under them at the time.
    pub(super) fn party(&mut self, party: &ast::At<ast::Party>) -> Result<Arc<NameSet>> {
        let mut names: Vec<(String, Span)> = Vec::new();
        match &party.node {
            ast::Party::Name(name) => names.push((name.clone(), party.span)),
            ast::Party::Param(name) => match self.param(name, party.span)? {
                Value::List(list) => {
                    for value in list {
                        names.push((Self::as_text(&value, party.span)?, party.span));
                    }
                }
                value => names.push((Self::as_text(&value, party.span)?, party.span)),
            },
            ast::Party::Set(exprs) => {
                for expr in exprs {
                    let value = self.constant(expr)?;
                    names.push((Self::as_text(&value, expr.span)?, expr.span));
                }
            }
        }
        let mut set = NameSet::default();
        for (name, span) in names {
            let bearers = self.bearers(Tree::Actors, &name, span)?;
            if self.reading == Reading::Named {
                set.extend(&self.catalog.name_set(Tree::Actors, &bearers)?);
            } else {
                set.extend(&self.catalog.name_set_under(Tree::Actors, &bearers)?);
                self.otherwise.push(Reading::Named);
                self.add_stateless(&bearers, &mut set)?;
            }
        }
        Ok(Arc::new(set))
    }
}

/// Is the name the very name of its bearer, not an alias?
fn is_plain_name(bearers: &[Bearer], name: &str) -> bool {
    bearers.iter().any(|b| fold(&b.name) == fold(name))
}

pub(super) fn events(n: u64) -> String {
    if n == 1 { "1 event".to_owned() } else { format!("{n} events") }
}

fn is_word(name: &str) -> bool {
    name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn tree_code(tree: Tree) -> &'static str {
    match tree {
        Tree::Actors => "unknown-actor",
        Tree::Places => "unknown-place",
    }
}
