//! Dictionaries of actors in the form of TABARI, PETRARCH and Phoenix.
//!
//! ```text
//! PERVEZ_MUSHARRAF_                 a name; blanks are written `_`, a last `_` ends a whole word
//! +PRESIDENT_MUSHARRAF              other spellings
//!   [PAKGOVMIL 991014-021123]       a role: a code, with the days on which it is his
//!   [PAKELI] ; comment              his code on all other days
//! ```
//!
//! Days are `YYYYMMDD` or `YYMMDD`. Two digits from 30 on are years of the 1900s, below of the 2000s: the dictionaries
//! write `19280101` out where they mean what the six digits could not. `<` and `>` include their day, as PETRARCH reads
//! them (`get_actor_code`).
//!
//! A row of the count is a name or a role, so that what is read is what is loaded and what is rejected.

mod block;
mod role;

use crate::import::draft::Draft;
use crate::import::record::Reject;
use block::Block;
use role::Role;

/// What some rows of a dictionary have become.
#[derive(Debug, PartialEq)]
pub(crate) struct Piece {
    /// The line of the fault, or on which the actor begins.
    pub(crate) line: u64,
    /// How many rows it is: names and roles.
    pub(crate) rows: u64,
    /// The actor with all that is sound, or the row that is not.
    pub(crate) outcome: Result<Draft, Reject>,
}

/// Reads a dictionary line by line.
#[derive(Debug, Default)]
pub(crate) struct Actors {
    block: Block,
}

impl Actors {
    /// Takes a line, and adds to `pieces` what it brings to an end.
    pub(crate) fn line(&mut self, number: u64, line: &str, pieces: &mut Vec<Piece>) {
        let content = without_comment(line);
        let text = content.trim();
        if text.is_empty() {
            return;
        }
        if let Some(alias) = text.strip_prefix('+') {
            self.block.alias(number, alias, pieces);
        } else if text.starts_with('[') {
            self.block.roles(number, text, pieces);
        } else if !text.contains('[') && text.contains(']') {
            pieces.push(rejected(number, format!("`{text}` ends a role that does not begin")));
        } else {
            self.name(number, text, pieces);
        }
    }

    /// Ends the dictionary.
    pub(crate) fn finish(&mut self, pieces: &mut Vec<Piece>) {
        std::mem::take(&mut self.block).finish(pieces);
    }

    /// A line that begins with a name, perhaps with roles behind it.
    ///
    /// Names right below one another, before any role, are spellings of one actor: three names of the United Nations
    /// stand above one `[IGOUNO]`. Not so where a name brings its own role along.
    fn name(&mut self, number: u64, text: &str, pieces: &mut Vec<Piece>) {
        let (name, roles) =
            text.split_once('[').map_or((text, None), |(name, _)| (name, text.get(name.len()..)));
        if !(self.block.is_bare() && roles.is_none()) {
            std::mem::take(&mut self.block).finish(pieces);
        }
        self.block.name(number, name, pieces);
        if let Some(roles) = roles {
            self.block.roles_beside(number, roles, pieces);
        }
    }
}

/// A line without its comment: from `;` or `#` on. A `#` within a word belongs to it.
fn without_comment(line: &str) -> &str {
    let line = line.split(';').next().unwrap_or_default();
    let hash = line.char_indices().find(|(at, c)| {
        *c == '#'
            && line
                .get(..*at)
                .is_none_or(|before| before.is_empty() || before.ends_with(char::is_whitespace))
    });
    hash.and_then(|(at, _)| line.get(..at)).unwrap_or(line)
}

/// A row that is not taken.
fn rejected(line: u64, reason: impl Into<String>) -> Piece {
    Piece { line, rows: 1, outcome: Err(Reject::row(reason)) }
}
