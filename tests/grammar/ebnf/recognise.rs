//! Whether a text is a sentence: the grammar taken as a PEG, every rule read once at every place.

use std::collections::HashMap;

use super::{Grammar, Node, is_word};

/// Whether the grammar takes the whole text for a sentence of the rule.
pub(crate) fn accepts(grammar: &Grammar, rule: &str, text: &str) -> bool {
    let mut recogniser = Recogniser { grammar, text: text.chars().collect(), memo: HashMap::new() };
    let end = recogniser.rule(grammar.rule(rule), 0, false);
    end.is_some_and(|end| recogniser.skip(end) == recogniser.text.len())
}

/// A reader of one text.
pub(super) struct Recogniser<'a> {
    grammar: &'a Grammar,
    text: Vec<char>,
    memo: HashMap<(usize, usize), Option<usize>>,
}

impl<'a> Recogniser<'a> {
    pub(super) fn new(grammar: &'a Grammar, text: &str) -> Self {
        Recogniser { grammar, text: text.chars().collect(), memo: HashMap::new() }
    }

    /// Whether all of the text is what a part of a lexical rule stands for.
    pub(super) fn is_all(&mut self, node: &'a Node) -> bool {
        self.node(node, 0, true) == Some(self.text.len())
    }

    fn starts(&self, at: usize, with: &str) -> bool {
        with.chars().enumerate().all(|(i, c)| self.text.get(at + i) == Some(&c))
    }

    /// Behind blanks and comments. A comment without an end is none.
    fn skip(&self, mut at: usize) -> usize {
        loop {
            let end =
                |from: usize, close: &str| (from..self.text.len()).find(|&i| self.starts(i, close));
            if self.text.get(at).is_some_and(|c| c.is_whitespace()) {
                at += 1;
            } else if self.starts(at, "//") {
                at = end(at, "\n").unwrap_or(self.text.len());
            } else if self.starts(at, "/*")
                && let Some(close) = end(at + 2, "*/")
            {
                at = close + 2;
            } else {
                return at;
            }
        }
    }

    fn rule(&mut self, rule: usize, at: usize, lexical: bool) -> Option<usize> {
        let grammar = self.grammar;
        let found = &grammar.rules[rule];
        let at = if found.lexical && !lexical { self.skip(at) } else { at };
        if let Some(known) = self.memo.get(&(rule, at)) {
            return *known;
        }
        let end = self.node(&found.node, at, found.lexical);
        self.memo.insert((rule, at), end);
        end
    }

    fn node(&mut self, node: &'a Node, at: usize, lexical: bool) -> Option<usize> {
        match node {
            Node::Literal(text) => self.literal(text, at, lexical),
            Node::Class(class) => self.text.get(at).filter(|c| class.has(**c)).map(|_| at + 1),
            Node::Any => self.text.get(at).map(|_| at + 1),
            Node::Rule(rule) => self.rule(*rule, at, lexical),
            Node::Sequence(parts) => {
                parts.iter().try_fold(at, |at, part| self.node(part, at, lexical))
            }
            Node::Choice(_, alternatives) => {
                alternatives.iter().find_map(|node| self.node(node, at, lexical))
            }
            Node::Optional(node) => Some(self.node(node, at, lexical).unwrap_or(at)),
            Node::Repeat(node, least) => {
                let (mut end, mut times) = (at, 0);
                while let Some(next) = self.node(node, end, lexical).filter(|next| *next > end) {
                    (end, times) = (next, times + 1);
                }
                (times >= *least).then_some(end)
            }
            Node::Not(node) => self.node(node, at, true).is_none().then_some(at),
            Node::Except(node, except) => {
                let end = self.node(node, at, lexical)?;
                (self.node(except, at, true) != Some(end)).then_some(end)
            }
        }
    }

    /// Words are taken in any case; outside of lexical rules they must not go on as a name.
    fn literal(&self, text: &str, at: usize, lexical: bool) -> Option<usize> {
        let at = if lexical { at } else { self.skip(at) };
        let word = is_word(text);
        let same = |(i, c): (usize, char)| {
            let found = self.text.get(at + i);
            found.is_some_and(|f| *f == c || word && f.eq_ignore_ascii_case(&c))
        };
        let end = at + text.chars().count();
        let goes_on = || self.text.get(end).is_some_and(|c| unicode_ident::is_xid_continue(*c));
        (text.chars().enumerate().all(same) && (lexical || !word || !goes_on())).then_some(end)
    }
}
