//! The grammar as data: a reader of W3C EBNF, with a recogniser that takes it as a PEG and a generator of sentences.

mod generate;
mod recognise;

use std::collections::{BTreeSet, HashMap};

pub(crate) use generate::{Generator, Random};
pub(crate) use recognise::accepts;

/// What a rule is made of.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    /// `'text'`
    Literal(String),
    /// `[a-z]`
    Class(Class),
    /// The name of a rule, by its index.
    Rule(usize),
    /// One after the other.
    Sequence(Vec<Node>),
    /// The first that matches. The number tells one choice from another.
    Choice(usize, Vec<Node>),
    /// `?`
    Optional(Box<Node>),
    /// `*` and `+`, with the least number of times.
    Repeat(Box<Node>, usize),
    /// `!x`: not followed by.
    Not(Box<Node>),
    /// `a - b`
    Except(Box<Node>, Box<Node>),
    /// Any character.
    Any,
}

/// A class of characters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Class {
    negated: bool,
    ranges: Vec<(char, char)>,
    xid_start: bool,
    xid_continue: bool,
}

impl Class {
    fn has(&self, c: char) -> bool {
        let listed = self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&c));
        let known = self.xid_start && unicode_ident::is_xid_start(c)
            || self.xid_continue && unicode_ident::is_xid_continue(c);
        (listed || known) != self.negated
    }
}

/// A rule of the grammar.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) node: Node,
    /// Rules in capitals skip nothing between their parts.
    pub(crate) lexical: bool,
}

/// A grammar.
#[derive(Debug)]
pub(crate) struct Grammar {
    pub(crate) rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Name(String),
    Defines,
    Literal(String),
    Class(String),
    Sign(char),
}

fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let until = |from: usize, end: &dyn Fn(usize) -> bool| {
        (from..chars.len()).find(|&i| end(i)).expect("the grammar has an end missing")
    };
    let take = |from: usize, to: usize| chars[from..to].iter().collect::<String>();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if c.is_whitespace() {
            at += 1;
        } else if c == '/' && chars[at + 1] == '*' {
            at = until(at + 2, &|i| chars[i] == '*' && chars.get(i + 1) == Some(&'/')) + 2;
        } else if take(at, (at + 3).min(chars.len())) == "::=" {
            tokens.push(Token::Defines);
            at += 3;
        } else if c == '\'' || c == '"' {
            let end = until(at + 1, &|i| chars[i] == c);
            tokens.push(Token::Literal(take(at + 1, end)));
            at = end + 1;
        } else if c == '[' {
            // A bracket behind a backslash is one of the class.
            let end = until(at + 1, &|i| chars[i] == ']' && chars[i - 1] != '\\');
            tokens.push(Token::Class(take(at + 1, end)));
            at = end + 1;
        } else if c.is_alphabetic() {
            let end = (at..chars.len())
                .find(|&i| !chars[i].is_alphanumeric() && chars[i] != '_')
                .unwrap_or(chars.len());
            tokens.push(Token::Name(take(at, end)));
            at = end;
        } else {
            tokens.push(Token::Sign(c));
            at += 1;
        }
    }
    tokens
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    names: HashMap<String, usize>,
    choices: usize,
}

impl Reader {
    fn is(&self, sign: char) -> bool {
        self.tokens.get(self.at) == Some(&Token::Sign(sign))
    }

    fn accept(&mut self, sign: char) -> bool {
        let found = self.is(sign);
        self.at += usize::from(found);
        found
    }

    fn starts_rule(&self) -> bool {
        self.tokens.get(self.at + 1) == Some(&Token::Defines)
    }

    fn choice(&mut self) -> Node {
        let id = self.choices;
        self.choices += 1;
        let mut alternatives = vec![self.sequence()];
        while self.accept('|') {
            alternatives.push(self.sequence());
        }
        match alternatives.len() {
            1 => alternatives.remove(0),
            _ => Node::Choice(id, alternatives),
        }
    }

    fn sequence(&mut self) -> Node {
        let mut parts = Vec::new();
        while self.at < self.tokens.len() && !self.starts_rule() && !self.is('|') && !self.is(')') {
            parts.push(self.difference());
        }
        if parts.len() == 1 { parts.remove(0) } else { Node::Sequence(parts) }
    }

    fn difference(&mut self) -> Node {
        let node = self.repeated();
        if self.accept('-') {
            return Node::Except(Box::new(node), Box::new(self.repeated()));
        }
        node
    }

    fn repeated(&mut self) -> Node {
        if self.accept('!') {
            return Node::Not(Box::new(self.repeated()));
        }
        let mut node = self.atom();
        loop {
            node = if self.accept('?') {
                Node::Optional(Box::new(node))
            } else if self.accept('*') {
                Node::Repeat(Box::new(node), 0)
            } else if self.accept('+') {
                Node::Repeat(Box::new(node), 1)
            } else {
                return node;
            };
        }
    }

    fn atom(&mut self) -> Node {
        let token = self.tokens[self.at].clone();
        self.at += 1;
        match token {
            Token::Name(name) if name == "ANYCHAR" => Node::Any,
            Token::Name(name) => {
                Node::Rule(*self.names.get(&name).unwrap_or_else(|| panic!("no rule {name}")))
            }
            Token::Literal(text) => Node::Literal(text),
            Token::Class(text) => Node::Class(class(&text)),
            Token::Sign('(') => {
                let node = self.choice();
                assert!(self.accept(')'), "the grammar has a `)` missing");
                node
            }
            other => panic!("the grammar has {other:?} where a part of a rule should be"),
        }
    }
}

fn class(text: &str) -> Class {
    let mut class = Class::default();
    let mut text = text.to_owned();
    if let Some(rest) = text.strip_prefix('^') {
        class.negated = true;
        text = rest.to_owned();
    }
    class.xid_start = text.contains("\\p{XID_Start}");
    class.xid_continue = text.contains("\\p{XID_Continue}");
    text = text.replace("\\p{XID_Start}", "").replace("\\p{XID_Continue}", "").replace("#xA", "\n");
    let mut chars = text.chars().peekable();
    // Whether a character was escaped decides if `-` makes a range.
    let mut next = move || match chars.next()? {
        '\\' => chars.next().map(|c| (c, true)),
        c => Some((c, false)),
    };
    let mut listed = Vec::new();
    while let Some(one) = next() {
        listed.push(one);
    }
    let mut at = 0;
    while at < listed.len() {
        let from = listed[at].0;
        if listed.get(at + 1) == Some(&('-', false)) && at + 2 < listed.len() {
            class.ranges.push((from, listed[at + 2].0));
            at += 3;
        } else {
            class.ranges.push((from, from));
            at += 1;
        }
    }
    class
}

impl Grammar {
    /// Reads a grammar.
    pub(crate) fn read(text: &str) -> Grammar {
        let tokens = tokens(text);
        let heads = tokens.windows(2).filter_map(|pair| match pair {
            [Token::Name(name), Token::Defines] => Some(name.clone()),
            _ => None,
        });
        let order: Vec<String> = heads.collect();
        let names: HashMap<_, _> = order.iter().cloned().zip(0..).collect();
        assert_eq!(names.len(), order.len(), "the grammar defines a rule twice");
        let mut reader = Reader { tokens, at: 0, names, choices: 0 };
        let mut rules = Vec::new();
        for name in order {
            reader.at += 2;
            let lexical = !name.contains(char::is_lowercase);
            rules.push(Rule { name, node: reader.choice(), lexical });
        }
        assert_eq!(reader.at, reader.tokens.len(), "the grammar goes on behind its last rule");
        Grammar { rules }
    }

    pub(crate) fn rule(&self, name: &str) -> usize {
        self.rules.iter().position(|rule| rule.name == name).expect("a rule of that name")
    }

    /// All literals of a rule that are words, but not those of the rules that it names.
    pub(crate) fn words(&self, name: &str) -> BTreeSet<String> {
        let mut words = BTreeSet::new();
        visit(&self.rules[self.rule(name)].node, &mut |node| {
            if let Node::Literal(text) = node
                && is_word(text)
            {
                words.insert(text.clone());
            }
        });
        words
    }

    /// The alternatives of the rules that are not lexical: number of the choice, index within it, and the rule's name.
    pub(crate) fn alternatives(&self) -> BTreeSet<(usize, usize, &str)> {
        let mut all = BTreeSet::new();
        for rule in self.rules.iter().filter(|rule| !rule.lexical) {
            visit(&rule.node, &mut |node| {
                if let Node::Choice(id, alternatives) = node {
                    all.extend((0..alternatives.len()).map(|i| (*id, i, rule.name.as_str())));
                }
            });
        }
        all
    }
}

fn visit<'a>(node: &'a Node, see: &mut dyn FnMut(&'a Node)) {
    see(node);
    match node {
        Node::Sequence(nodes) | Node::Choice(_, nodes) => {
            for node in nodes {
                visit(node, see);
            }
        }
        Node::Optional(node) | Node::Repeat(node, _) | Node::Not(node) => visit(node, see),
        Node::Except(node, except) => {
            visit(node, see);
            visit(except, see);
        }
        Node::Literal(_) | Node::Class(_) | Node::Rule(_) | Node::Any => {}
    }
}

pub(crate) fn is_word(text: &str) -> bool {
    text.chars().all(char::is_alphabetic)
}
