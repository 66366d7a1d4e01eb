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

#[cfg(test)]
mod tests {
    use super::super::testing::sample;
    use super::*;
    use crate::import::draft::Hint;
    use crate::model::Actor;

    fn read(text: &str) -> Vec<Piece> {
        let (mut actors, mut pieces) = (Actors::default(), Vec::new());
        for (at, line) in text.lines().enumerate() {
            actors.line(at as u64 + 1, line, &mut pieces);
        }
        actors.finish(&mut pieces);
        pieces
    }

    fn actor<'a>(pieces: &'a [Piece], name: &str) -> (&'a Actor, &'a [Hint], u64) {
        let found = pieces.iter().find_map(|piece| match &piece.outcome {
            Ok(Draft::Actor { actor, hints }) if actor.name == name => {
                Some((actor, hints.as_slice(), piece.rows))
            }
            _ => None,
        });
        found.unwrap_or_else(|| panic!("{name}: {pieces:?}"))
    }

    fn ties(actor: &Actor) -> Vec<String> {
        let date = |date: &Option<crate::model::Date>| {
            date.as_ref().map_or_else(String::new, |date| date.edtf().to_owned())
        };
        let ties = actor.affiliations.iter();
        ties.map(|tie| format!("{} {}..{}", tie.under, date(&tie.from), date(&tie.to))).collect()
    }

    fn aliases(actor: &Actor) -> Vec<&str> {
        actor.aliases.iter().map(|alias| alias.name.as_str()).collect()
    }

    const TEXT: &str = include_str!("../../../fixtures/formats/dictionary.actors.txt");

    #[test]
    fn a_country_is_its_code() {
        let pieces = read(TEXT);
        let (country, hints, rows) = actor(&pieces, "URUGUAY");
        assert_eq!(country.kind.as_deref(), Some("state"));
        assert_eq!(country.codes.get("cameo").map(String::as_str), Some("URY"));
        assert_eq!(aliases(country), ["URUGUAYAN", "MONTEVIDEO"]);
        assert!(country.affiliations.is_empty() && country.state.is_none());
        assert_eq!((hints, rows), (&[Hint::Code("URY".to_owned())][..], 4));
    }

    #[test]
    fn roles_hold_on_their_days_and_the_default_between_them() {
        let pieces = read(TEXT);
        let (minister, hints, rows) = actor(&pieces, "ANA SUAREZ");
        assert_eq!(aliases(minister), ["MINISTER SUAREZ"]);
        assert_eq!(
            ties(minister),
            [
                "URYELI 1961-01-01..1999-10-14",
                "URYGOVMIL 1999-10-14..2002-11-23",
                "URYGOV 2001-06-20..2008-08-18",
                "URYELI ..1960-12-31",
                "URYELI 2008-08-19..",
            ]
        );
        assert_eq!(minister.state.as_ref().map(|tie| tie.under.as_str()), Some("URY"));
        assert_eq!((hints.len(), rows), (3, 7));
    }

    #[test]
    fn names_above_one_role_are_spellings() {
        let pieces = read(TEXT);
        let (club, _, rows) = actor(&pieces, "THE WORLD CLUB");
        assert_eq!(aliases(club), ["WORLD CLUB", "W.C."]);
        assert_eq!((ties(club), rows), (vec!["IGOWCL ..".to_owned()], 4));
        assert_eq!(club.state, None);
        // A name that brings its own role along is another actor.
        assert_eq!(ties(actor(&pieces, "LOST NAME").0), Vec::<String>::new());
        assert_eq!(ties(actor(&pieces, "HARBOUR FRONT").0), ["URYREB .."]);
    }

    #[test]
    fn broken_roles_are_told_and_the_rest_is_kept() {
        let pieces = read(TEXT);
        assert_eq!(ties(actor(&pieces, "JEANNE MARTIN").0), ["FRAGOV ..1995-05-17"]);
        assert_eq!(ties(actor(&pieces, "OLD HAND").0), ["URYOPP 2014-06-08.."]);
        let rejects: Vec<(u64, &str)> = pieces
            .iter()
            .filter_map(|piece| Some((piece.line, piece.outcome.as_ref().err()?.reason.as_str())))
            .collect();
        let parts = [
            "beyond",
            "days of no other role",
            "before it begins",
            "neither",
            "does not begin",
            "no end",
        ];
        assert_eq!(rejects.len(), parts.len(), "{rejects:?}");
        for ((line, reason), part) in rejects.iter().zip(parts) {
            assert!(reason.contains(part), "line {line}: {reason}");
        }
    }

    #[test]
    fn every_row_is_counted_once() {
        let mut rows = 0;
        for line in TEXT.lines().map(without_comment).filter(|line| !line.trim().is_empty()) {
            let roles = line.matches('[').count()
                + usize::from(line.contains("URYGOV]") && !line.contains('['));
            rows += roles as u64
                + u64::from(!line.trim_start().starts_with('[') && !line.contains("\tURYGOV]"));
        }
        assert_eq!(read(TEXT).iter().map(|piece| piece.rows).sum::<u64>(), rows);
    }

    #[test]
    fn real_dictionaries_are_read() {
        let files = [
            ("actors/Phoenix.Countries.actors.txt", 18_000),
            ("actors/Phoenix.International.actors.txt", 7_800),
            ("actors/Phoenix.MilNonState.actors.txt", 990),
        ];
        for (file, least) in files {
            let Some(text) = sample(file) else { return };
            let pieces = read(&text);
            let actors = pieces.iter().filter(|piece| piece.outcome.is_ok()).count();
            println!(
                "{file}: {actors} actors of {} rows",
                pieces.iter().map(|p| p.rows).sum::<u64>()
            );
            for piece in pieces.iter().filter(|piece| piece.outcome.is_err()) {
                println!("  line {}: {}", piece.line, piece.outcome.as_ref().unwrap_err().reason);
            }
            assert!(actors >= least, "{actors}");
        }
        let Some(text) = sample(files[0].0) else { return };
        let pieces = read(&text);
        let (general, hints, _) = actor(&pieces, "PERVEZ MUSHARRAF");
        assert!(aliases(general).contains(&"PRESIDENT MUSHARRAF"));
        assert!(ties(general).contains(&"PAKGOV 2001-06-20..2008-08-18".to_owned()));
        assert!(hints.contains(&Hint::Code("PAKGOV".to_owned())));
        assert_eq!(general.state.as_ref().map(|tie| tie.under.as_str()), Some("PAK"));
    }
}
