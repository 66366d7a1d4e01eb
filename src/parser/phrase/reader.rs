//! The tokens of a phrase, read from left to right.

use super::point::{Base, Partial};
use super::token::Token;
use super::words::{
    DECADES, FILLERS, FRACTIONS, HEDGES, MONTHS, ORDINALS, Piece, THIRDS, WEEKDAYS, look_up,
};
use crate::model::{Part, Qualifier};
use crate::parser::edtf::part_of_word;

/// Reads the tokens of a phrase from left to right.
pub(super) struct Reader<'a> {
    tokens: &'a [Token],
}

impl<'a> Reader<'a> {
    pub(super) fn new(tokens: &'a [Token]) -> Reader<'a> {
        Reader { tokens }
    }

    pub(super) fn is_done(&self) -> bool {
        self.tokens.is_empty()
    }

    fn peek(&self, at: usize) -> Option<&'a Token> {
        self.tokens.get(at)
    }

    fn word(&self, at: usize) -> Option<&'a str> {
        self.peek(at).and_then(Token::word)
    }

    fn advance(&mut self, count: usize) {
        self.tokens = self.tokens.get(count..).unwrap_or_default();
    }

    pub(super) fn accept(&mut self, token: &Token) -> bool {
        let there = self.peek(0) == Some(token);
        if there {
            self.advance(1);
        }
        there
    }

    pub(super) fn accept_any(&mut self, words: &[&str]) -> bool {
        let there = self.word(0).is_some_and(|w| words.contains(&w));
        if there {
            self.advance(1);
        }
        there
    }

    pub(super) fn accept_words(&mut self, words: &[&str]) -> bool {
        let there = words.iter().enumerate().all(|(i, w)| self.word(i) == Some(*w));
        if there {
            self.advance(words.len());
        }
        there
    }

    /// The mark between the ends of what lasted.
    pub(super) fn accept_range(&mut self) -> bool {
        self.accept(&Token::Dash) || self.accept(&Token::Slash)
    }

    /// A word of a table.
    fn accept_in<T: Copy>(&mut self, table: &[(&str, T)]) -> Option<T> {
        let meaning = look_up(table, self.word(0)?)?;
        self.advance(1);
        Some(meaning)
    }

    /// Words of doubt.
    pub(super) fn hedges(&mut self) -> Qualifier {
        let mut all = Qualifier::default();
        while let Some(one) = self.accept_in(&HEDGES) {
            all = all.or(one);
        }
        all
    }

    fn fillers(&mut self) {
        while self.accept_any(&FILLERS) {}
    }

    /// `2015/16`: the second year.
    pub(super) fn accept_short_year(&mut self, first: &Partial) -> Option<i64> {
        let year = first.year.filter(|_| first.base.is_none() && first.day.is_none())?;
        match (self.peek(0)?, self.peek(1)?, self.peek(2)) {
            (Token::Slash, Token::Number { value, digits: 2, ordinal: false }, None) => {
                self.advance(2);
                Some(
                    year - year.rem_euclid(100)
                        + value
                        + if *value <= year.rem_euclid(100) { 100 } else { 0 },
                )
            }
            _ => None,
        }
    }

    /// One date, as far as its words tell it.
    pub(super) fn point(&mut self) -> Option<Partial> {
        self.fillers();
        let mut partial = Partial { qualifier: self.hedges(), ..Partial::default() };
        self.fillers();
        partial.piece = self.piece();
        if partial.piece.is_some() {
            self.fillers();
            if self.peek(0) == Some(&Token::Dash) && self.at_base(1) {
                self.advance(1);
            }
        }
        if self.word(0).and_then(|w| look_up(&WEEKDAYS, w)).is_some() {
            self.advance(1);
            self.fillers();
        }
        let found = self.base(&mut partial);
        if found.is_none() && partial.piece.is_none() {
            return None;
        }
        partial.qualifier = partial.qualifier.or(self.hedges());
        Some(partial)
    }

    /// Does a date begin there, and not a piece or a word between two?
    fn at_base(&self, at: usize) -> bool {
        match self.peek(at) {
            Some(Token::Number { .. } | Token::Decade { .. } | Token::Span(_)) => true,
            Some(Token::Word(word)) => {
                look_up(&MONTHS, word).is_some()
                    || look_up(&DECADES, word).is_some()
                    || season(word).is_some()
            }
            _ => false,
        }
    }

    /// `early`, `first half`, `last week`.
    fn piece(&mut self) -> Option<Piece> {
        let ordinal = match self.peek(0)? {
            Token::Number { value, ordinal: true, .. } => u8::try_from(*value).ok(),
            Token::Word(word) => look_up(&ORDINALS, word),
            _ => None,
        };
        if let (Some(n), Some(unit)) = (ordinal, self.word(1))
            && let Some(&(_, piece, count)) = FRACTIONS.iter().find(|(w, ..)| *w == unit)
            && (1..=count).contains(&n)
        {
            self.advance(2);
            return Some(piece(n));
        }
        if self.word(0) == Some("last")
            && let Some(&(unit, piece, count)) =
                FRACTIONS.iter().find(|(w, ..)| self.word(1) == Some(*w))
        {
            self.advance(2);
            return Some(if unit == "week" { Piece::LastWeek } else { piece(count) });
        }
        self.accept_in(&THIRDS).map(Piece::Third)
    }

    /// Day, month, part and year, in any of the usual orders.
    fn base(&mut self, partial: &mut Partial) -> Option<()> {
        match self.peek(0)? {
            Token::Span(days) => {
                partial.base = Some(Base::Span(*days));
                self.advance(1);
                Some(())
            }
            Token::Decade { value, digits } => {
                let value = match digits {
                    4 if value % 10 == 0 => *value,
                    2 if (50..=90).contains(value) && value % 10 == 0 => 1900 + value,
                    _ => return None,
                };
                partial.year = Some(value);
                partial.base = Some(Base::Years(10));
                self.advance(1);
                Some(())
            }
            Token::Number { value, digits: 4, ordinal: false } => {
                partial.year = Some(*value);
                self.advance(1);
                self.after_year(partial);
                Some(())
            }
            Token::Number { value, ordinal: true, .. } if self.word(1) == Some("century") => {
                partial.year = Some((value - 1) * 100);
                partial.base = Some(Base::Years(100));
                self.advance(2);
                Some(())
            }
            Token::Number { value, digits: 1 | 2, .. } => {
                partial.day = u8::try_from(*value).ok();
                self.advance(1);
                if self.peek(0) == Some(&Token::Dash) && self.month(1).is_some() && self.is_year(3)
                {
                    self.advance(1);
                }
                self.month_and_year(partial);
                Some(())
            }
            Token::Word(word) => {
                if let Some(year) = look_up(&DECADES, word) {
                    self.advance(1);
                    partial.year = Some(year);
                    partial.base = Some(Base::Years(10));
                    return Some(());
                }
                if let Some(part) = season(word) {
                    self.advance(1);
                    partial.base = Some(Base::Part(part));
                    self.year(partial);
                    self.second_year_of_winter(partial);
                    return Some(());
                }
                self.month(0)?;
                self.month_and_year(partial);
                Some(())
            }
            Token::Number { .. } | Token::Dash | Token::Slash | Token::Dots => None,
        }
    }

    fn month(&self, at: usize) -> Option<u8> {
        look_up(&MONTHS, self.word(at)?)
    }

    fn is_year(&self, at: usize) -> bool {
        matches!(self.peek(at), Some(Token::Number { digits: 4, ordinal: false, .. }))
    }

    /// `March 2014`, `of March`, `March 12 2014`, `Mar-2014`
    fn month_and_year(&mut self, partial: &mut Partial) {
        let before = self.tokens;
        self.fillers();
        let Some(month) = self.month(0) else {
            self.tokens = before;
            self.year(partial);
            return;
        };
        self.advance(1);
        partial.base = Some(Base::Month(month));
        if self.peek(0) == Some(&Token::Dash) && self.is_year(1) {
            self.advance(1);
        }
        if let (None, Some(Token::Number { value, digits: 1 | 2, .. })) =
            (partial.day, self.peek(0))
        {
            partial.day = u8::try_from(*value).ok();
            self.advance(1);
        }
        self.year(partial);
    }

    /// `2014`, `of 2014`
    fn year(&mut self, partial: &mut Partial) {
        let before = self.tokens;
        self.fillers();
        if let Some(Token::Number { value, digits: 4, ordinal: false }) = self.peek(0) {
            partial.year = Some(*value);
            self.advance(1);
        } else {
            self.tokens = before;
        }
    }

    /// The month and day of `2014-03-12`.
    fn two_digits(&self) -> Option<u8> {
        match (self.peek(0)?, self.peek(1)?) {
            (Token::Dash, Token::Number { value, digits: 2, ordinal: false }) => {
                u8::try_from(*value).ok()
            }
            _ => None,
        }
    }

    /// `2014-03-12`, `2014 March 12`, `2014-Mar-12`, `2020 Q3`
    fn after_year(&mut self, partial: &mut Partial) {
        if let Some(month @ 1..=12) = self.two_digits() {
            self.advance(2);
            partial.base = Some(Base::Month(month));
            if let Some(day) = self.two_digits() {
                self.advance(2);
                partial.day = Some(day);
            }
            return;
        }
        let dash = usize::from(self.peek(0) == Some(&Token::Dash));
        if let Some(month) = self.month(dash) {
            let next = self.peek(dash + 1 + dash);
            if dash == 0 || matches!(next, Some(Token::Number { digits: 1 | 2, .. })) {
                partial.base = Some(Base::Month(month));
                self.advance(dash + 1);
                if let Some(Token::Number { value, digits: 1 | 2, .. }) = self.peek(dash) {
                    partial.day = u8::try_from(*value).ok();
                    self.advance(dash + 1);
                }
            }
        } else if let (0, Some(part)) = (dash, self.word(0).and_then(season)) {
            partial.base = Some(Base::Part(part));
            self.advance(1);
        }
    }

    /// `winter 2013/14`: the winter that 2013 ends with.
    fn second_year_of_winter(&mut self, partial: &Partial) {
        let (Some(Base::Part(part)), Some(year)) = (partial.base, partial.year) else { return };
        if part.word == "winter"
            && matches!(self.peek(0), Some(Token::Slash | Token::Dash))
            && let Some(Token::Number { value, digits, ordinal: false }) = self.peek(1)
            && (*value == year + 1 || (*digits == 2 && *value == (year + 1).rem_euclid(100)))
        {
            self.advance(2);
        }
    }
}

/// A season, quarter or half by its word. *Early*, *mid* and *late* are pieces of whatever follows them.
fn season(word: &str) -> Option<&'static Part> {
    part_of_word(word).filter(|p| look_up(&THIRDS, p.word).is_none())
}
