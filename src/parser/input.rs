//! The text as nom's parsers see it, and what they share while they read it.
//!
//! nom forgets the branches that it did not take. So every terminal that fails leaves here what it wanted and where;
//! of these only the furthest survive, and an error is told from them.

use std::cell::{Cell, RefCell};
use std::str::{CharIndices, Chars};

use nom::error::{ErrorKind, ParseError};
use nom::{Compare, CompareResult, Err, FindSubstring, IResult, Needed, Offset};

use super::expected::Expected;
use crate::error::{Diagnostic, Span};

/// What a rule gives.
pub(super) type Parsed<'a, T> = IResult<Input<'a>, T, Fault>;

/// Why a rule failed: an ordinary mismatch, or a mistake that no other rule could make good.
#[derive(Debug)]
pub(super) struct Fault(pub(super) Option<Box<Diagnostic>>);

impl<'a> ParseError<Input<'a>> for Fault {
    fn from_error_kind(_: Input<'a>, _: ErrorKind) -> Self {
        Fault(None)
    }

    fn append(_: Input<'a>, _: ErrorKind, other: Self) -> Self {
        other
    }
}

/// A mistake that ends the parse.
pub(super) fn fatal(diagnostic: Diagnostic) -> Err<Fault> {
    Err::Failure(Fault(Some(Box::new(diagnostic))))
}

/// How much a text may ask for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How deep brackets, prefix operators and `explain` may nest.
    pub depth: usize,
    /// How many arithmetic operators one outermost expression may hold: they nest in the tree, though not in the text.
    pub operators: usize,
    /// How many bytes one statement may have.
    pub statement: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { depth: 64, operators: 1000, statement: 16 << 20 }
    }
}

/// What all rules share while one text is read.
#[derive(Debug)]
pub(super) struct State<'a> {
    /// The whole text.
    pub(super) text: &'a str,
    pub(super) limits: Limits,
    /// The furthest offset at which something was wanted in vain.
    pub(super) furthest: Cell<usize>,
    /// What was wanted there.
    pub(super) wanted: RefCell<Vec<Expected>>,
    /// How many brackets and prefixes are open.
    depth: Cell<usize>,
    /// How many expressions are open.
    expressions: Cell<usize>,
    /// Arithmetic operators of the outermost open expression.
    operators: Cell<usize>,
    /// Where the statement starts.
    pub(super) statement: Cell<usize>,
    /// The last stretch of blanks and comments, so that alternatives don't read it again.
    pub(super) skipped: Cell<(usize, usize)>,
}

impl<'a> State<'a> {
    pub(super) fn new(text: &'a str, limits: Limits) -> Self {
        State {
            text,
            limits,
            furthest: Cell::new(0),
            wanted: RefCell::new(Vec::new()),
            depth: Cell::new(0),
            expressions: Cell::new(0),
            operators: Cell::new(0),
            statement: Cell::new(0),
            skipped: Cell::new((usize::MAX, 0)),
        }
    }

    /// Records what was wanted at an offset; only the furthest offset is kept.
    pub(super) fn want(&self, at: usize, expected: Expected) {
        if at < self.furthest.get() {
            return;
        }
        let mut wanted = self.wanted.borrow_mut();
        if at > self.furthest.replace(at) {
            wanted.clear();
        }
        wanted.push(expected);
    }

    /// How much was wanted at an offset so far.
    pub(super) fn mark(&self, at: usize) -> usize {
        if self.furthest.get() == at { self.wanted.borrow().len() } else { 0 }
    }

    /// Puts one name in the place of all that was wanted at the offset since the mark, if the offset is the furthest.
    pub(super) fn rename(&self, at: usize, mark: usize, expected: Expected) {
        if self.furthest.get() == at {
            let mut wanted = self.wanted.borrow_mut();
            wanted.truncate(mark);
            wanted.push(expected);
        }
    }

    /// Opens a level of nesting, within the limit.
    pub(super) fn enter_level(&self, at: usize) -> Result<(), Err<Fault>> {
        let depth = self.depth.get() + 1;
        if depth <= self.limits.depth {
            self.depth.set(depth);
            return Ok(());
        }
        let message = format!("nested deeper than {}", self.limits.depth);
        Err(fatal(
            Diagnostic::new("too-deep", message, Span::new(at, at + 1))
                .help("name the inner parts with `let` or `derive`"),
        ))
    }

    pub(super) fn leave_level(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }

    /// Starts an expression; the outermost one starts the count of operators.
    pub(super) fn enter_expression(&self) {
        if self.expressions.get() == 0 {
            self.operators.set(0);
        }
        self.expressions.set(self.expressions.get() + 1);
    }

    pub(super) fn leave_expression(&self) {
        self.expressions.set(self.expressions.get().saturating_sub(1));
    }

    /// Counts an arithmetic operator.
    pub(super) fn operator(&self, at: usize) -> Result<(), Err<Fault>> {
        let count = self.operators.get() + 1;
        self.operators.set(count);
        if count <= self.limits.operators {
            return Ok(());
        }
        let message =
            format!("more than {} arithmetic operators in one expression", self.limits.operators);
        Err(fatal(
            Diagnostic::new("too-deep", message, Span::new(at, at + 1))
                .help("divide it with `derive`, one part a name"),
        ))
    }
}

/// What is left of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) rest: &'a str,
    /// The offset of `rest` in the whole text.
    pub(super) at: usize,
    pub(super) state: &'a State<'a>,
}

impl<'a> Input<'a> {
    /// The whole text.
    pub(super) fn new(state: &'a State<'a>) -> Self {
        Input { rest: state.text, at: 0, state }
    }

    /// The first character that is left.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// The input behind the first `length` bytes.
    pub(super) fn skip(self, length: usize) -> Self {
        let rest = self.rest.get(length..).unwrap_or_default();
        Input { rest, at: self.at + (self.rest.len() - rest.len()), ..self }
    }

    /// The span from here to where `end` starts.
    pub(super) fn span_to(&self, end: &Self) -> Span {
        Span::new(self.at, end.at)
    }
}

impl<'a> nom::Input for Input<'a> {
    type Item = char;
    type Iter = Chars<'a>;
    type IterIndices = CharIndices<'a>;

    fn input_len(&self) -> usize {
        self.rest.len()
    }

    fn take(&self, index: usize) -> Self {
        Input { rest: self.rest.get(..index).unwrap_or(self.rest), ..*self }
    }

    fn take_from(&self, index: usize) -> Self {
        self.skip(index)
    }

    fn take_split(&self, index: usize) -> (Self, Self) {
        (self.take_from(index), self.take(index))
    }

    fn position<P: Fn(char) -> bool>(&self, predicate: P) -> Option<usize> {
        self.rest.find(predicate)
    }

    fn iter_elements(&self) -> Chars<'a> {
        self.rest.chars()
    }

    fn iter_indices(&self) -> CharIndices<'a> {
        self.rest.char_indices()
    }

    fn slice_index(&self, count: usize) -> Result<usize, Needed> {
        nom::Input::slice_index(&self.rest, count)
    }
}

impl Offset for Input<'_> {
    fn offset(&self, second: &Self) -> usize {
        second.at.saturating_sub(self.at)
    }
}

impl Compare<&str> for Input<'_> {
    fn compare(&self, text: &str) -> CompareResult {
        self.rest.compare(text)
    }

    fn compare_no_case(&self, text: &str) -> CompareResult {
        match self.rest.get(..text.len()) {
            Some(start) if start.eq_ignore_ascii_case(text) => CompareResult::Ok,
            _ => CompareResult::Error,
        }
    }
}

impl FindSubstring<&str> for Input<'_> {
    fn find_substring(&self, text: &str) -> Option<usize> {
        self.rest.find(text)
    }
}
