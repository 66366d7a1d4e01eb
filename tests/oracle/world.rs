//! Events and catalogues as plain data, and what names mean in them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use attache::{
    Actor, Affiliation, Alias, Database, Date, Day, Days, Event, Participant, Place, Role, Side,
    Value,
};

/// A kind as far as conditions look at it.
#[derive(Debug, Clone)]
pub(crate) struct KindInfo {
    pub(crate) parent: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) mirrored: bool,
}

/// A name asked for, a name written, and whether those under the first count.
type Asked = (String, String, bool);

/// All that a database holds.
pub(crate) struct World {
    /// Events by number.
    pub(crate) events: Vec<(u64, Event)>,
    pub(crate) actors: Vec<Actor>,
    pub(crate) places: Vec<Place>,
    pub(crate) kinds: BTreeMap<String, KindInfo>,
    /// What was worked out before.
    stretches: RefCell<HashMap<Asked, Rc<[Days]>>>,
    places_fit: RefCell<HashMap<Asked, bool>>,
    meant: RefCell<HashMap<String, Rc<Meant>>>,
}

/// False, missing, true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum K {
    F,
    U,
    T,
}

/// A condition at its worst and at its best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tri {
    pub(crate) worst: K,
    pub(crate) best: K,
}

impl Tri {
    pub(crate) const TRUE: Tri = Tri { worst: K::T, best: K::T };
    pub(crate) const FALSE: Tri = Tri { worst: K::F, best: K::F };
    pub(crate) const MISSING: Tri = Tri { worst: K::U, best: K::U };
    pub(crate) const POSSIBLE: Tri = Tri { worst: K::F, best: K::T };

    pub(crate) fn of(yes: bool) -> Tri {
        if yes { Tri::TRUE } else { Tri::FALSE }
    }

    /// True for every choice, for some, for none.
    pub(crate) fn over(choices: impl Iterator<Item = bool>) -> Tri {
        let (mut all, mut some) = (true, false);
        for choice in choices {
            all &= choice;
            some |= choice;
        }
        match (all, some) {
            (true, true) => Tri::TRUE,
            (false, true) => Tri::POSSIBLE,
            _ => Tri::FALSE,
        }
    }

    pub(crate) fn and(self, other: Tri) -> Tri {
        Tri { worst: self.worst.min(other.worst), best: self.best.min(other.best) }
    }

    pub(crate) fn or(self, other: Tri) -> Tri {
        Tri { worst: self.worst.max(other.worst), best: self.best.max(other.best) }
    }

    pub(crate) fn not(self) -> Tri {
        let not = |k| match k {
            K::F => K::T,
            K::U => K::U,
            K::T => K::F,
        };
        Tri { worst: not(self.best), best: not(self.worst) }
    }

    pub(crate) fn any(all: impl Iterator<Item = Tri>) -> Tri {
        all.fold(Tri::FALSE, Tri::or)
    }
}

/// Case, the marks that the data here have, and blanks.
pub(crate) fn fold(text: &str) -> String {
    let plain = |c: char| match c {
        'ü' => 'u',
        'é' => 'e',
        'ğ' => 'g',
        'ı' => 'i',
        other => other,
    };
    let lower: String = text.to_lowercase().chars().map(plain).collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// [`fold`] without the titles that the data here have.
pub(crate) fn fold_name(name: &str) -> String {
    let mut rest = fold(name);
    for title in ["president ", "vice admiral ", "general ", "gen. "] {
        if let Some(without) = rest.strip_prefix(title)
            && !without.starts_with("of ")
        {
            rest = without.to_owned();
        }
    }
    rest
}

fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect()
}

/// A stretch of days; open where nothing is said.
pub(crate) fn days(from: Option<&Date>, to: Option<&Date>) -> Days {
    Days { first: from.map_or(Day::MIN, Date::earliest), last: to.map_or(Day::MAX, Date::latest) }
}

fn meet(a: Days, b: Days) -> Option<Days> {
    let both = Days { first: a.first.max(b.first), last: a.last.min(b.last) };
    (both.first <= both.last).then_some(both)
}

const EVER: Days = Days { first: Day::MIN, last: Day::MAX };

/// Whom or what a name in a query means: entries of the catalogue, and names that it does not know.
#[derive(Debug, Default)]
pub(crate) struct Meant {
    known: BTreeSet<String>,
    unknown: BTreeSet<String>,
}

impl World {
    /// Everything in a database whose catalogues are given.
    pub(crate) fn load(db: &Database, actors: Vec<Actor>, places: Vec<Place>) -> World {
        let events = db.query("events").unwrap().map(|row| {
            let row = row.unwrap();
            (row.id().unwrap().0, row.event().unwrap().clone())
        });
        let mut events: Vec<_> = events.collect();
        events.sort_by_key(|(id, _)| *id);
        let kinds = db.query("kinds").unwrap().map(|row| {
            let row = row.unwrap();
            let info = KindInfo {
                parent: row.get("parent").unwrap(),
                code: row.get("code").unwrap(),
                mirrored: row.get("mirrored").unwrap(),
            };
            (row.get::<String>("kind").unwrap(), info)
        });
        let kinds = kinds.collect();
        World {
            events,
            actors,
            places,
            kinds,
            stretches: RefCell::default(),
            places_fit: RefCell::default(),
            meant: RefCell::default(),
        }
    }

    /// Everything in a database whose names have no dates, so that the catalogue tells all of it.
    pub(crate) fn load_all(db: &Database) -> World {
        let text = |value: &Value| value.to_string();
        let names = |value: &Value| -> Vec<Alias> {
            let Value::List(list) = value else { return Vec::new() };
            let alias = |v| Alias { name: text(v), from: None, to: None };
            list.iter().map(alias).collect()
        };
        let codes = |value: &Value| -> BTreeMap<String, String> {
            let Value::Record(fields) = value else { return BTreeMap::new() };
            fields.iter().map(|(name, v)| (name.clone(), text(v))).collect()
        };
        let tie = |value: &Value| -> Affiliation {
            let Value::Record(fields) = value else { panic!("a tie is a record: {value:?}") };
            let mut tie = Affiliation::default();
            for (name, value) in fields {
                match (name.as_str(), value) {
                    ("under", value) => tie.under = text(value),
                    ("from", Value::Date(date)) => tie.from = Some((**date).clone()),
                    ("to", Value::Date(date)) => tie.to = Some((**date).clone()),
                    _ => {}
                }
            }
            tie
        };
        let actors = db.query("actors").unwrap().map(|row| {
            let row = row.unwrap();
            let state: Option<String> = row.get("state").unwrap();
            let Some(Value::List(ties)) = row.value("affiliations") else { panic!("{row:?}") };
            Actor {
                name: row.get("name").unwrap(),
                kind: row.get("type").unwrap(),
                codes: codes(row.value("codes").unwrap()),
                state: state.map(|under| Affiliation { under, ..Affiliation::default() }),
                aliases: names(row.value("aliases").unwrap()),
                affiliations: ties.iter().map(tie).collect(),
                ..Actor::default()
            }
        });
        let places = db.query("places").unwrap().map(|row| {
            let row = row.unwrap();
            Place {
                name: row.get("name").unwrap(),
                under: row.get("parent").unwrap(),
                aliases: names(row.value("aliases").unwrap()),
                codes: codes(row.value("codes").unwrap()),
                ..Place::default()
            }
        });
        let (actors, places) = (actors.collect(), places.collect());
        World::load(db, actors, places)
    }

    /// All names of an actor, each with the days in which it means him.
    fn names_of(actor: &Actor) -> Vec<(String, Days)> {
        let mut names = vec![(fold_name(&actor.name), EVER)];
        names.extend(actor.codes.values().map(|code| (fold_name(code), EVER)));
        let alias = |a: &Alias| (fold_name(&a.name), days(a.from.as_ref(), a.to.as_ref()));
        names.extend(actor.aliases.iter().map(alias));
        names
    }

    fn names_of_place(place: &Place) -> Vec<String> {
        let aliases = place.aliases.iter().map(|a| &a.name);
        [&place.name]
            .into_iter()
            .chain(place.codes.values())
            .chain(aliases)
            .map(|n| fold(n))
            .collect()
    }

    /// Every name and code that an event writes for somebody.
    fn written(&self) -> BTreeSet<&str> {
        self.events.iter().flat_map(|(_, e)| &e.participants).flat_map(called).collect()
    }

    /// Whom a name in a query means: a full name, alias or code first; else whose names hold the word.
    fn resolve(&self, name: &str) -> Meant {
        let wanted = fold_name(name);
        let full = self.meant(|n| *n == wanted);
        if full.known.is_empty() && full.unknown.is_empty() {
            return self.meant(|n| words(n).contains(&wanted));
        }
        full
    }

    fn meant(&self, fits: impl Fn(&String) -> bool) -> Meant {
        let bears = |actor: &&Actor| Self::names_of(actor).iter().any(|(name, _)| fits(name));
        let known = self.actors.iter().filter(bears).map(|a| a.name.clone()).collect();
        let is_known = |name: &str| {
            let name = fold_name(name);
            self.actors.iter().any(|a| Self::names_of(a).iter().any(|(n, _)| *n == name))
        };
        let written = self.written().into_iter().filter(|w| fits(&fold_name(w)) && !is_known(w));
        Meant { known, unknown: written.map(str::to_owned).collect() }
    }

    /// The stretches in which a written name means one of these.
    fn is(&self, written: &str, meant: &Meant) -> Vec<Days> {
        if meant.unknown.contains(written) {
            return vec![EVER];
        }
        let name = fold_name(written);
        let mut found = Vec::new();
        for actor in self.actors.iter().filter(|a| meant.known.contains(&a.name)) {
            let fitting = Self::names_of(actor).into_iter().filter(|(n, _)| *n == name);
            found.extend(fitting.map(|(_, days)| days));
        }
        found
    }

    /// The stretches in which a written name means one of these, or somebody who belongs under one of them.
    fn belongs(&self, written: &str, meant: &Meant) -> Vec<Days> {
        let mut found = self.is(written, meant);
        let name = fold_name(written);
        for actor in &self.actors {
            for (_, named) in Self::names_of(actor).into_iter().filter(|(n, _)| *n == name) {
                self.climb(actor, named, meant, 0, &mut found);
            }
        }
        found
    }

    fn climb(
        &self,
        actor: &Actor,
        so_far: Days,
        meant: &Meant,
        depth: usize,
        found: &mut Vec<Days>,
    ) {
        assert!(depth < 12, "the ties of the test data go in circles");
        for tie in actor.state.iter().chain(&actor.affiliations) {
            let Some(held) = meet(so_far, days(tie.from.as_ref(), tie.to.as_ref())) else {
                continue;
            };
            let above = fold_name(&tie.under);
            if meant.unknown.iter().any(|u| fold_name(u) == above) {
                found.push(held);
            }
            for upper in &self.actors {
                if Self::names_of(upper).iter().any(|(n, _)| *n == above) {
                    if meant.known.contains(&upper.name) {
                        found.push(held);
                    }
                    self.climb(upper, held, meant, depth + 1, found);
                }
            }
        }
    }

    /// The states that a written name may belong to at a date, or is.
    pub(crate) fn states(&self, written: &str, date: Option<&Date>) -> BTreeSet<String> {
        let name = fold_name(written);
        let bears = |actor: &&Actor| Self::names_of(actor).iter().any(|(n, _)| *n == name);
        let within = date.map_or(EVER, |d| Days { first: d.start().first, last: d.end().last });
        let mut found = BTreeSet::new();
        for actor in self.actors.iter().filter(bears) {
            self.climb_to_states(actor, EVER, within, date.is_some(), 0, &mut found);
        }
        found
    }

    /// By the state tie where there is one, else by offices.
    fn climb_to_states(
        &self,
        actor: &Actor,
        so_far: Days,
        within: Days,
        dated: bool,
        depth: usize,
        found: &mut BTreeSet<String>,
    ) {
        assert!(depth < 12, "the ties of the test data go in circles");
        if actor.kind.as_deref() == Some("state") {
            if !dated || meet(so_far, within).is_some() {
                found.insert(actor.name.clone());
            }
            return;
        }
        let offices = actor.affiliations.iter().filter(|_| actor.state.is_none());
        for tie in actor.state.iter().chain(offices) {
            let Some(held) = meet(so_far, days(tie.from.as_ref(), tie.to.as_ref())) else {
                continue;
            };
            let above = fold_name(&tie.under);
            for upper in &self.actors {
                if Self::names_of(upper).iter().any(|(n, _)| *n == above) {
                    self.climb_to_states(upper, held, within, dated, depth + 1, found);
                }
            }
        }
    }

    /// Is it, by name or by code, whom a name in a query means at a date, or somebody under him?
    pub(crate) fn fits(&self, who: &Participant, name: &str, date: Option<&Date>) -> Tri {
        let names = [name.to_owned()];
        Tri::any(called(who).map(|written| self.fits_any(written, &names, true, date)))
    }

    /// Does a written name mean one of these at a date? For sure when it does on each of its days, possibly when on some.
    pub(crate) fn fits_any(
        &self,
        written: &str,
        names: &[String],
        under: bool,
        date: Option<&Date>,
    ) -> Tri {
        let found: Vec<Days> =
            names.iter().flat_map(|name| self.stretches(written, name, under).to_vec()).collect();
        let Some(date) = date else { return Tri::of(!found.is_empty()) };
        let on = |day: i64| found.iter().any(|days| days.first.0 <= day && day <= days.last.0);
        let all = Days { first: date.start().first, last: date.end().last };
        Tri::over(candidates(all, &found).into_iter().map(on))
    }

    /// The stretches in which a written name means whom a name in a query means.
    fn stretches(&self, written: &str, name: &str, under: bool) -> Rc<[Days]> {
        let key = (name.to_owned(), written.to_owned(), under);
        let known = self.stretches.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let known = self.meant.borrow().get(name).cloned();
            let meant = known.unwrap_or_else(|| {
                let meant = Rc::new(self.resolve(name));
                self.meant.borrow_mut().insert(name.to_owned(), Rc::clone(&meant));
                meant
            });
            let found =
                if under { self.belongs(written, &meant) } else { self.is(written, &meant) };
            let found: Rc<[Days]> = found.into();
            self.stretches.borrow_mut().insert(key, Rc::clone(&found));
            found
        })
    }

    /// Does a written name of a place mean this one, or one in it?
    pub(crate) fn fits_place(&self, written: &str, name: &str, under: bool) -> bool {
        let key = (name.to_owned(), written.to_owned(), under);
        let known = self.places_fit.borrow().get(&key).copied();
        known.unwrap_or_else(|| {
            let fits = self.look_for_place(written, name, under);
            self.places_fit.borrow_mut().insert(key, fits);
            fits
        })
    }

    fn look_for_place(&self, written: &str, name: &str, under: bool) -> bool {
        let (written, wanted) = (fold(written), fold(name));
        let of = |n: &str| -> Vec<&Place> {
            self.places.iter().filter(|p| Self::names_of_place(p).iter().any(|x| x == n)).collect()
        };
        let targets: Vec<&str> = of(&wanted).into_iter().map(|p| p.name.as_str()).collect();
        if written == wanted {
            return true;
        }
        let mut open: Vec<&Place> = of(&written);
        while let Some(place) = open.pop() {
            if targets.contains(&place.name.as_str()) {
                return true;
            }
            match &place.under {
                Some(above) if under => open.extend(of(&fold(above))),
                _ => {}
            }
        }
        false
    }

    /// Is a kind this one or a kind of it?
    pub(crate) fn is_kind(&self, kind: &str, wanted: &str) -> bool {
        let mut here = Some(kind.to_owned());
        while let Some(kind) = here {
            if kind == wanted {
                return true;
            }
            here = self.kinds.get(&kind).and_then(|k| k.parent.clone());
        }
        false
    }

    /// The code of an event: its own, else that of its kind.
    pub(crate) fn code(&self, event: &Event) -> Option<String> {
        event.code.clone().or_else(|| self.kinds.get(&event.kind)?.code.clone())
    }

    /// The names of a field of actors.
    pub(crate) fn names<'e>(&self, event: &'e Event, field: &str) -> Vec<&'e str> {
        self.people(event, field).into_iter().map(|p| p.name.as_str()).collect()
    }

    /// Those of a field of actors.
    pub(crate) fn people<'e>(&self, event: &'e Event, field: &str) -> Vec<&'e Participant> {
        let all = event.participants.iter();
        let side = |side| all.clone().filter(move |p| p.role.side() == Some(side));
        match field {
            "actor" => all.filter(|p| p.role != Role::About).collect(),
            "source" => side(Side::Source).collect(),
            "target" => side(Side::Target).collect(),
            "party" => side(Side::Party).collect(),
            "visitor" => self.ends(event).0,
            "host" => self.ends(event).1,
            _ => {
                let role = Role::from_word(field).unwrap();
                all.filter(|p| p.role == role).collect()
            }
        }
    }

    /// Visitors and hosts, the right way round. The data here name either both of them so or neither.
    fn ends<'e>(&self, event: &'e Event) -> (Vec<&'e Participant>, Vec<&'e Participant>) {
        let with = |role| -> Vec<&'e Participant> {
            event.participants.iter().filter(|p| p.role == role).collect()
        };
        let told = (with(Role::Visitor), with(Role::Host));
        let mirrored = self.kinds.get(&event.kind).is_some_and(|k| k.mirrored);
        if !mirrored || !told.0.is_empty() || !told.1.is_empty() {
            return told;
        }
        let (source, target) = (with(Role::Source), with(Role::Target));
        if self.code(event).as_deref() == Some("043") { (target, source) } else { (source, target) }
    }

    /// Who acts on whom: visitor and host where there are such, else source and target.
    pub(crate) fn directed<'e>(
        &self,
        event: &'e Event,
    ) -> (Vec<&'e Participant>, Vec<&'e Participant>) {
        if self.kinds.get(&event.kind).is_some_and(|k| k.mirrored) {
            return self.ends(event);
        }
        (self.people(event, "source"), self.people(event, "target"))
    }
}

/// What an event calls somebody.
pub(crate) fn called(p: &Participant) -> impl Iterator<Item = &str> {
    [Some(&p.name), p.code.as_ref()].into_iter().flatten().map(String::as_str)
}

/// Looks at every choice of the first and the last day of a date that could make a difference to `marks`.
pub(crate) fn over(date: &Date, marks: Days, holds: impl Fn(i64, i64) -> bool) -> Tri {
    let (start, end) = (date.start(), date.end());
    let firsts = candidates(start, &[marks, end]);
    if !date.lasts() {
        return Tri::over(firsts.into_iter().map(|day| holds(day, day)));
    }
    let lasts = candidates(end, &[marks, start]);
    let pairs = firsts.iter().flat_map(|f| lasts.iter().map(move |l| (*f, *l)));
    Tri::over(pairs.filter(|(f, l)| f <= l).map(|(f, l)| holds(f, l)))
}

/// Every day of a short interval; of a long one the ends and the days around the marks.
fn candidates(within: Days, marks: &[Days]) -> Vec<i64> {
    let (first, last) = (within.first.0, within.last.0);
    if last.saturating_sub(first) <= 70 {
        return (first..=last).collect();
    }
    let mut days = vec![first, last];
    for mark in marks {
        for day in [mark.first.0, mark.last.0] {
            days.extend([day.saturating_sub(1), day, day.saturating_add(1)]);
        }
    }
    days.retain(|day| (first..=last).contains(day));
    days
}
