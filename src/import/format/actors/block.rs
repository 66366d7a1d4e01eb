//! The block: the names and roles of one actor.

use rustc_hash::FxHashSet;

use super::role::gaps;
use super::{Piece, Role, rejected};
use crate::import::draft::{Draft, Hint};
use crate::model::{Actor, Affiliation, Alias, Countries, Date, Day, Days, Standing, System, fold};

/// The actor that is being read.
#[derive(Debug, Default)]
pub(super) struct Block {
    line: u64,
    /// The first is the name, the others are other spellings.
    names: Vec<String>,
    /// The same made comparable: a country has hundreds.
    folded: FxHashSet<String>,
    /// Rows that are sound.
    rows: u64,
    roles: Vec<(u64, Role)>,
    /// Had a role a broken date, so that the days of the other roles are not all?
    broken: bool,
    /// The code of the country that the block is, told beside the name: `AFGHANISTAN_ [AFG]`.
    country: Option<String>,
    /// Has it other spellings or roles?
    begun: bool,
}

impl Block {
    /// Has it names and nothing else?
    pub(super) fn is_bare(&self) -> bool {
        !self.names.is_empty() && !self.begun
    }

    /// Takes a name.
    pub(super) fn name(&mut self, line: u64, text: &str, pieces: &mut Vec<Piece>) {
        let name = spelled(text);
        if name.is_empty() {
            pieces.push(rejected(line, format!("`{text}` is no name")));
            return;
        }
        if self.names.is_empty() {
            self.line = line;
        }
        self.rows += 1;
        // The dictionaries repeat spellings, also in other case.
        if self.folded.insert(fold(&name)) {
            self.names.push(name);
        }
    }

    /// Takes another spelling.
    pub(super) fn alias(&mut self, line: u64, text: &str, pieces: &mut Vec<Piece>) {
        if self.names.is_empty() {
            pieces.push(rejected(line, format!("`+{text}` spells a name that is not there")));
            return;
        }
        self.begun = true;
        self.name(line, text, pieces);
    }

    /// Takes the roles that stand on the line of the name. A country's own code stands there.
    pub(super) fn roles_beside(&mut self, line: u64, text: &str, pieces: &mut Vec<Piece>) {
        let before = self.roles.len();
        self.roles(line, text, pieces);
        if let [(_, Role { code: Some(code), days: None })] =
            self.roles.get(before..).unwrap_or(&[])
            && code.len() == 3
            && is_country(code)
        {
            self.country = Some(code.clone());
        }
    }

    /// Takes the roles of a line.
    pub(super) fn roles(&mut self, line: u64, text: &str, pieces: &mut Vec<Piece>) {
        self.begun = true;
        let mut rest = text;
        while let Some((_, inside)) = rest.split_once('[') {
            let Some((role, behind)) = inside.split_once(']') else {
                pieces.push(rejected(line, format!("`[{}` has no end", inside.trim())));
                self.broken = true;
                return;
            };
            rest = behind;
            match Role::read(role) {
                _ if self.names.is_empty() => {
                    pieces.push(rejected(line, format!("`[{role}]` is the role of nobody")));
                }
                Ok(role) => {
                    self.rows += 1;
                    self.roles.push((line, role));
                }
                Err(reason) => {
                    pieces.push(rejected(line, reason));
                    self.broken = true;
                }
            }
        }
    }

    /// Ends the block.
    pub(super) fn finish(mut self, pieces: &mut Vec<Piece>) {
        if self.names.is_empty() {
            return;
        }
        let mut codes: Vec<&String> = Vec::new();
        for code in self.roles.iter().filter_map(|(_, role)| role.code.as_ref()) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        let hints = codes.iter().map(|&code| Hint::Code(code.clone())).collect();
        let state = state(&codes);
        let mut actor = Actor::default();
        if let Some(code) = self.country.take().filter(|_| self.roles.len() == 1) {
            actor.kind = Some("state".to_owned());
            actor.codes.insert("cameo".to_owned(), code);
        } else {
            actor.state = state.map(|code| tie(&code, Days::ALL));
            actor.affiliations = self.ties(pieces);
        }
        let mut names = self.names.into_iter();
        actor.name = names.next().unwrap_or_default();
        actor.aliases = names.map(|name| Alias { name, from: None, to: None }).collect();
        let outcome = Ok(Draft::Actor { actor, hints });
        pieces.push(Piece { line: self.line, rows: self.rows, outcome });
    }

    /// The ties of the roles.
    ///
    /// A role without days is that of all days that no other role has. Where there are others, it gets the gaps between
    /// them: without days of its own the tie would hold on theirs too, and a general would be out of office while in it.
    /// Where another role's days are broken, the gaps are not known, and it is left out.
    fn ties(&mut self, pieces: &mut Vec<Piece>) -> Vec<Affiliation> {
        let mut covered: Vec<Days> = self.roles.iter().filter_map(|(_, role)| role.days).collect();
        let dated = !covered.is_empty();
        let gaps = gaps(&mut covered);
        let mut ties: Vec<Affiliation> = Vec::new();
        for (line, role) in &self.roles {
            let days = match role.days {
                Some(days) => std::slice::from_ref(&days).to_vec(),
                None if self.broken && role.code.is_some() => {
                    let code = role.code.as_deref().unwrap_or_default();
                    let reason = format!(
                        "`[{code}]` holds on the days of no other role, and one of these is broken"
                    );
                    pieces.push(rejected(*line, reason));
                    self.rows = self.rows.saturating_sub(1);
                    continue;
                }
                None if dated => gaps.clone(),
                None => vec![Days::ALL],
            };
            let Some(code) = &role.code else { continue };
            for days in days {
                let tie = tie(code, days);
                if !ties.contains(&tie) {
                    ties.push(tie);
                }
            }
        }
        ties
    }
}

/// A tie to the actor of a code on these days.
fn tie(code: &str, days: Days) -> Affiliation {
    let date = |day: Day| day.is_known().then(|| Date::day(day));
    Affiliation {
        under: code.to_owned(),
        from: date(days.first),
        to: date(days.last),
        ..Affiliation::default()
    }
}

/// The country that all codes begin with.
fn state(codes: &[&String]) -> Option<String> {
    let mut countries = codes.iter().map(|code| code.get(..3));
    let first = countries.next()??;
    (is_country(first) && countries.all(|other| other == Some(first))).then(|| first.to_owned())
}

fn is_country(code: &str) -> bool {
    let country = Countries::builtin().by_code(System::Cameo, code);
    country.is_some_and(|country| country.kind != Standing::Region)
}

/// A name with blanks for `_`.
fn spelled(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for word in text.split(|c: char| c == '_' || c.is_whitespace()).filter(|word| !word.is_empty())
    {
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(word);
    }
    name
}
