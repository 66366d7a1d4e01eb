//! Sentences of the grammar, at random, until every alternative has been taken.

use std::collections::BTreeSet;

use super::recognise::Recogniser;
use super::{Class, Grammar, Node, is_word};

/// A sentence: its pieces, and which of them are words of the grammar.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sentence {
    pub(crate) pieces: Vec<String>,
    pub(crate) words: Vec<bool>,
}

impl Sentence {
    /// The pieces with blanks between, and the offset of each.
    pub(crate) fn text(&self) -> (String, Vec<usize>) {
        let mut text = String::new();
        let mut offsets = Vec::new();
        for piece in &self.pieces {
            offsets.push(text.len());
            text.push_str(piece);
            // The first line of a script ends with its line.
            text.push(if piece.starts_with("#!") { '\n' } else { ' ' });
        }
        (text, offsets)
    }

    fn push(&mut self, piece: String, word: bool) {
        self.pieces.push(piece);
        self.words.push(word);
    }
}

/// A source of random numbers that gives the same numbers for the same seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let limit = u64::try_from(limit.max(1)).unwrap();
        usize::try_from((z ^ (z >> 31)) % limit).unwrap()
    }

    pub(crate) fn one_of<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.below(things.len())]
    }
}

/// Rules whose sentences are chosen, because the grammar takes more than what is meant: months above 12, say.
const SAMPLES: &[(&str, &[&str])] = &[
    ("PLAIN", &["actor", "year", "Bajwa", "naïve_1", "date", "Ωmega", "_x", "last", "first"]),
    ("DATE", &["2015-06", "2015-06-12", "2015-summer", "2015-Q3", "2015-late", "2010s", "1999-h2"]),
    ("EDTF", &["@2015-06~", "@2017-11/2018-04", "@[2014-03,2014-04]", "@2016-02-29", "@201X"]),
    ("NUMBER", &["1", "2015", "1_000", "0.5", "1e3", "2.5E-7", "9e+9"]),
    ("ESCAPE", &["\\n", "\\\\", "\\\"", "\\'", "\\0", "\\u{1F600}", "\\u{e9}"]),
];

/// What negated classes and `ANYCHAR` are drawn from.
const CHARACTERS: &[char] =
    &['a', 'Z', '0', ' ', 'é', '中', '%', '*', '\'', '"', '\\', '`', '\n', ']', '}', '/', '|'];

/// A generator. It prefers alternatives that it has not taken yet.
pub(crate) struct Generator<'a> {
    grammar: &'a Grammar,
    random: Random,
    /// The least depth of each rule's sentences.
    depths: Vec<usize>,
    /// The alternatives taken so far.
    pub(crate) taken: BTreeSet<(usize, usize)>,
}

const FAR: usize = 1 << 20;

impl<'a> Generator<'a> {
    pub(crate) fn new(grammar: &'a Grammar, seed: u64) -> Generator<'a> {
        let mut depths = vec![FAR; grammar.rules.len()];
        loop {
            let next: Vec<usize> =
                grammar.rules.iter().map(|rule| 1 + depth(&rule.node, &depths)).collect();
            if next == depths {
                break;
            }
            depths = next;
        }
        Generator { grammar, random: Random::new(seed), depths, taken: BTreeSet::new() }
    }

    /// A sentence of a rule.
    pub(crate) fn sentence(&mut self, rule: &str, depth: usize) -> Sentence {
        let mut sentence = Sentence::default();
        let node = &self.grammar.rules[self.grammar.rule(rule)].node;
        self.node(node, depth, &mut sentence);
        sentence
    }

    fn node(&mut self, node: &'a Node, depth: usize, out: &mut Sentence) {
        let deeper = depth.saturating_sub(1);
        match node {
            Node::Literal(text) => {
                let word = is_word(text);
                let shout = word && self.random.below(12) == 0;
                out.push(if shout { text.to_uppercase() } else { text.clone() }, word);
            }
            Node::Class(class) => {
                let c = self.character(class);
                out.push(c.to_string(), false);
            }
            Node::Any => {
                let c = *self.random.one_of(&CHARACTERS[..6]);
                out.push(c.to_string(), false);
            }
            Node::Not(_) => {}
            Node::Rule(rule) => self.rule(*rule, deeper, out),
            Node::Sequence(parts) => parts.iter().for_each(|part| self.node(part, depth, out)),
            Node::Choice(id, alternatives) => {
                let taken = self.alternative(*id, alternatives, depth);
                self.node(&alternatives[taken], deeper, out);
            }
            Node::Optional(node) => {
                if depth > 0 && self.random.below(2) == 0 {
                    self.node(node, deeper, out);
                }
            }
            Node::Repeat(node, least) => {
                let times = least + usize::from(depth > 0) * [0, 0, 1, 2][self.random.below(4)];
                (0..times).for_each(|_| self.node(node, deeper / times.max(1) + 1, out));
            }
            Node::Except(node, except) => loop {
                let mut piece = Sentence::default();
                self.node(node, depth, &mut piece);
                let text = piece.pieces.concat();
                if !Recogniser::new(self.grammar, &text).is_all(except) {
                    out.push(text, false);
                    break;
                }
            },
        }
    }

    fn rule(&mut self, rule: usize, depth: usize, out: &mut Sentence) {
        let grammar = self.grammar;
        let found = &grammar.rules[rule];
        let samples = SAMPLES.iter().find(|(name, _)| *name == found.name);
        if let Some((_, samples)) = samples {
            let sample = (*self.random.one_of(samples)).to_owned();
            out.push(sample, false);
        } else if found.lexical {
            // The pieces of a lexical rule make one.
            let mut piece = Sentence::default();
            self.node(&found.node, depth.max(4), &mut piece);
            out.push(piece.pieces.concat(), false);
        } else {
            self.node(&found.node, depth, out);
        }
    }

    fn alternative(&mut self, id: usize, alternatives: &[Node], depth: usize) -> usize {
        let shallowest = || {
            (0..alternatives.len())
                .min_by_key(|&i| self::depth(&alternatives[i], &self.depths))
                .unwrap_or(0)
        };
        let fits: Vec<usize> = (0..alternatives.len())
            .filter(|&i| self::depth(&alternatives[i], &self.depths) <= depth)
            .collect();
        let fresh: Vec<usize> =
            fits.iter().copied().filter(|i| !self.taken.contains(&(id, *i))).collect();
        let taken = if fits.is_empty() {
            shallowest()
        } else if fresh.is_empty() {
            *self.random.one_of(&fits)
        } else {
            *self.random.one_of(&fresh)
        };
        self.taken.insert((id, taken));
        taken
    }

    fn character(&mut self, class: &Class) -> char {
        if class.negated {
            let fits: Vec<char> = CHARACTERS.iter().copied().filter(|c| class.has(*c)).collect();
            return *self.random.one_of(&fits);
        }
        let (from, to) = *self.random.one_of(&class.ranges);
        let width = u32::from(to) - u32::from(from) + 1;
        let offset = self.random.below(usize::try_from(width).unwrap());
        char::from_u32(u32::from(from) + u32::try_from(offset).unwrap()).unwrap_or(from)
    }
}

/// How many rules deep a node's shallowest sentence is.
fn depth(node: &Node, depths: &[usize]) -> usize {
    match node {
        Node::Literal(_)
        | Node::Class(_)
        | Node::Any
        | Node::Not(_)
        | Node::Optional(_)
        | Node::Repeat(_, 0) => 0,
        Node::Repeat(node, _) | Node::Except(node, _) => depth(node, depths),
        Node::Rule(rule) => depths[*rule].min(FAR),
        Node::Sequence(parts) => parts.iter().map(|part| depth(part, depths)).max().unwrap_or(0),
        Node::Choice(_, alternatives) => {
            alternatives.iter().map(|node| depth(node, depths)).min().unwrap_or(0)
        }
    }
}
