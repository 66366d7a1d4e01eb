//! Patterns of events.

use std::sync::Arc;

use crate::catalog::{Field, FieldType};
use crate::error::{Result, Span};
use crate::model::{Duration, Status, Value, fold};
use crate::parser::ast::{
    self, EventFilter, Item, Matches, PatternMode, PatternOpt, Presence, SpanOf, StepOpt,
};

use super::super::expression::{DyadTest, Expr};
use super::super::pattern::{Absence, Bracket, MOST_BRACKETS, MOST_STEPS, Pattern, Step};
use super::super::plan::{Column, Node, Shape};
use super::constant::duration_of;
use super::grouping::group_key;
use super::stage::column_of;
use super::{Binder, Place, error};

/// The statuses of what takes place: steps look at these unless they name `status`.
const TAKES_PLACE: [Status; 2] = [Status::Happened, Status::Ongoing];

/// The most keys that events of a match can have in common: their numbers fit into one word.
const MOST_KEYS: usize = 4;

/// The options of a pattern's head.
#[derive(Default)]
struct Head<'a> {
    keys: &'a [ast::Expr],
    within: Option<Duration>,
    dyad: Option<DyadTest>,
}

/// The options of a step.
#[derive(Default)]
struct Options<'a> {
    keys: &'a [ast::Expr],
    name: Option<&'a ast::Name>,
    times: Option<u64>,
    within: Option<(Duration, Span)>,
    times_span: Option<Span>,
}

/// A pattern in the making.
struct Making<'a> {
    head: Head<'a>,
    pattern: Pattern,
    /// The columns of the keys, told by the first bracket.
    keys: Vec<Column>,
    /// How many keys the first bracket has of its own.
    own: usize,
    /// What the brackets were written as.
    written: Vec<(&'a EventFilter, &'a [ast::Expr])>,
    /// The columns of the steps.
    columns: Vec<Column>,
}

impl Binder<'_> {
    /// A pattern, with the columns of its matches.
    pub(super) fn pattern(&mut self, pattern: &ast::Pattern, span: Span) -> Result<(Node, Shape)> {
        let head = self.pattern_head(pattern)?;
        let mut making = Making {
            pattern: Pattern {
                mode: pattern.mode,
                within: head.within,
                brackets: Vec::new(),
                steps: Vec::new(),
                absences: Vec::new(),
                until: None,
                shared: head.keys.len(),
                columns: 0,
            },
            head,
            keys: Vec::new(),
            own: 0,
            written: Vec::new(),
            columns: Vec::new(),
        };
        for step in &pattern.steps {
            self.pattern_step(step, &mut making)?;
        }
        if let Some((filter, keys)) = &pattern.until {
            let bracket = self.bracket("until", filter, keys, &mut making)?;
            making.pattern.until = Some(bracket);
        }
        making.finish(span)
    }

    fn pattern_head<'a>(&mut self, pattern: &'a ast::Pattern) -> Result<Head<'a>> {
        let mut head = Head::default();
        for option in &pattern.options {
            match option {
                PatternOpt::By(keys) if head.keys.is_empty() => head.keys = keys,
                PatternOpt::By(keys) => return Err(twice("`by`", first_span(keys))),
                PatternOpt::Within(span) if head.within.is_none() => {
                    head.within = Some(self.span_of(span)?);
                }
                PatternOpt::Within(span) => return Err(twice("`within`", span.span)),
                PatternOpt::Dyad(dyad) if head.dyad.is_none() => {
                    head.dyad = Some(self.dyad(dyad)?);
                }
                PatternOpt::Dyad(dyad) => return Err(twice("the dyad", dyad.span)),
            }
        }
        Ok(head)
    }

    fn pattern_step<'a>(
        &mut self,
        step: &'a ast::At<ast::Step>,
        making: &mut Making<'a>,
    ) -> Result<()> {
        let options = self.step_options(step)?;
        let together = matches!(making.pattern.mode, PatternMode::Together { .. });
        if let Some((_, span)) = options.within
            && (together || making.pattern.steps.is_empty())
        {
            return Err(error(
                "no-step-before",
                "no step stands before this one",
                span,
                "from when on?",
            )
            .help("say in the head how long all of it may take: `sequence within 90 days […] […]`")
            .bind());
        }
        if step.presence == Presence::No {
            return self.absence(step, &options, making);
        }
        let name = match options.name {
            Some(name) => name.node.clone(),
            None => format!("e{}", making.columns.len() + 1),
        };
        let taken = making.columns.iter().any(|column| fold(&column.name) == fold(&name));
        if taken {
            let span = options.name.map_or(step.span, |name| name.span);
            return Err(error(
                "column-twice",
                format!("two steps are called `{name}`"),
                span,
                "which one?",
            )
            .help("name one of them otherwise: `[visit] as other`")
            .bind());
        }
        let bracket = self.bracket(&name, &step.filter, options.keys, making)?;
        let times = options.times.unwrap_or(1);
        let span = options.times_span.unwrap_or(step.span);
        let room = MOST_STEPS.saturating_sub(making.pattern.steps.len());
        if times == 0 || usize::try_from(times).is_ok_and(|times| times > room) || times > 64 {
            let message = if times == 0 {
                "a step that happens 0 times is none".to_owned()
            } else {
                format!(
                    "a pattern has {MOST_STEPS} steps at most, with those of `times` one by one"
                )
            };
            return Err(error("times", message, span, "so often?")
                .help("write `no […]` for what is not to happen, or count with `count by`")
                .bind());
        }
        let column = making.columns.len();
        for _ in 0..times {
            making.pattern.steps.push(Step {
                bracket,
                optional: step.presence == Presence::Maybe,
                within: options.within.map(|(within, _)| within),
                column,
                repeated: options.times.is_some(),
            });
        }
        making.columns.push(Column { name, holds: FieldType::Event, field: None });
        Ok(())
    }

    fn step_options<'a>(&mut self, step: &'a ast::At<ast::Step>) -> Result<Options<'a>> {
        let mut options = Options::default();
        for option in &step.options {
            match option {
                StepOpt::By(keys) if options.keys.is_empty() => options.keys = keys,
                StepOpt::By(keys) => return Err(twice("`by`", first_span(keys))),
                StepOpt::As(name) if options.name.is_none() => options.name = Some(name),
                StepOpt::As(name) => return Err(twice("`as`", name.span)),
                StepOpt::Times(count) if options.times.is_none() => {
                    options.times = Some(self.count(count)?);
                    options.times_span = Some(count.span);
                }
                StepOpt::Times(count) => return Err(twice("`times`", count.span)),
                StepOpt::Within(span) if options.within.is_none() => {
                    options.within = Some((self.span_of(span)?, span.span));
                }
                StepOpt::Within(span) => return Err(twice("`within`", span.span)),
            }
        }
        Ok(options)
    }

    fn absence<'a>(
        &mut self,
        step: &'a ast::At<ast::Step>,
        options: &Options<'a>,
        making: &mut Making<'a>,
    ) -> Result<()> {
        let refused = [
            (options.name.map(|name| name.span), "`as`", "no event to name"),
            (options.times_span, "`times`", "none is none"),
            (options.within.map(|(_, span)| span), "`within`", "not here"),
        ];
        if let Some((span, word, label)) =
            refused.into_iter().find_map(|(span, word, label)| Some((span?, word, label)))
        {
            let message = format!("{word} has no place behind what is not to happen");
            return Err(error("absence", message, span, label)
                .help("leave it out, or write `maybe […]` for what may happen")
                .bind());
        }
        if making.pattern.within.is_none() {
            return Err(error(
                "no-span",
                "what is not to happen needs a time in which it does not",
                step.span,
                "until when?",
            )
            .help("say it in the head: `sequence by dyad within 1 year [visit] no [agreement]`")
            .bind());
        }
        let bracket = self.bracket("no", &step.filter, options.keys, making)?;
        making.pattern.absences.push(Absence { bracket, before: making.pattern.steps.len() });
        Ok(())
    }

    /// What stands between brackets; its number.
    fn bracket<'a>(
        &mut self,
        name: &str,
        filter: &'a EventFilter,
        own: &'a [ast::Expr],
        making: &mut Making<'a>,
    ) -> Result<usize> {
        // What is written alike is looked for once.
        let same = making.written.iter().position(|written| *written == (filter, own));
        if let Some((at, bracket)) =
            same.and_then(|at| Some((at, making.pattern.brackets.get_mut(at)?)))
        {
            if !bracket.name.split(", ").any(|other| other == name) {
                bracket.name = format!("{}, {name}", bracket.name);
            }
            return Ok(at);
        }
        let number = making.pattern.brackets.len();
        let span = filter.kind.span;
        if number >= MOST_BRACKETS {
            return Err(error(
                "too-many-steps",
                format!("a pattern has {MOST_BRACKETS} brackets at most"),
                span,
                "one too many",
            )
            .help("say `times` for what repeats itself")
            .bind());
        }
        let names_status = std::mem::replace(&mut self.names_status, false);
        let (input, shape) = self.filter(filter)?;
        let any_status = std::mem::replace(&mut self.names_status, names_status);
        self.names_status |= any_status;
        if !shape.events {
            return Err(error(
                "no-events",
                "these rows are no events",
                span,
                "events are wanted here",
            )
            .help("a step looks at events: `[visit where rank >= 4]`")
            .bind());
        }
        let mut tests: Vec<Expr> = making.head.dyad.clone().map(Expr::Dyad).into_iter().collect();
        if !any_status {
            let words = TAKES_PLACE.map(|status| Expr::Constant(status.word().into()));
            let left = Box::new(Expr::Field(Field::Status));
            tests.push(Expr::InList { left, list: words.to_vec() });
        }
        let input = if tests.is_empty() {
            input
        } else {
            Node::Filter { input: Box::new(input), predicate: Expr::and(tests), counted: true }
        };
        if number == 0 {
            making.own = own.len();
        } else if own.len() != making.own {
            return Err(error(
                "keys",
                format!(
                    "this step has {} `by` of its own, and the first has {}",
                    own.len(),
                    making.own
                ),
                own.first().map_or(span, |key| key.span),
                "the keys of all steps are compared one by one",
            )
            .help("write `by` in the head for what all have in common, or behind every step")
            .bind());
        }
        let mut keys = Vec::with_capacity(making.head.keys.len() + own.len());
        for key in making.head.keys.iter().chain(own) {
            let bound = self.expression(key, &mut Place::row(&shape))?;
            if number == 0 {
                let name = Self::item_name(&Item { expr: key.clone(), name: None });
                making.keys.push(Column { field: None, ..column_of(name, &bound) });
            }
            keys.push(group_key(bound, false));
        }
        if keys.len() > MOST_KEYS {
            let span = making.head.keys.iter().chain(own).nth(MOST_KEYS).map_or(span, |k| k.span);
            let message = format!("events of a match have {MOST_KEYS} keys in common at most");
            return Err(error("keys", message, span, "one too many")
                .help("leave out those that follow from others")
                .bind());
        }
        let mut name = name.to_owned();
        for (at, key) in keys.iter().skip(making.pattern.shared).enumerate() {
            name.push_str(&format!("{} {}", if at == 0 { " by" } else { "," }, key.expr));
        }
        making.written.push((filter, own));
        making.pattern.brackets.push(Bracket { name, input, keys });
        Ok(number)
    }

    /// A written stretch of time, or one that a parameter holds.
    fn span_of(&mut self, span: &ast::At<SpanOf>) -> Result<Duration> {
        match &span.node {
            SpanOf::Duration(duration) => Ok(duration_of(duration)),
            SpanOf::Param(name) => match self.param(name, span.span)? {
                Value::Duration(duration) => Ok(duration),
                other => Err(error(
                    "not-a-span",
                    format!("`${name}` holds {}", other.describe()),
                    span.span,
                    "a stretch of time is wanted here",
                )
                .help(format!("give it one: `let ${name} = 90 days`"))
                .bind()),
            },
        }
    }
}

impl Making<'_> {
    fn finish(mut self, span: Span) -> Result<(Node, Shape)> {
        let pattern = &mut self.pattern;
        pattern.columns = self.columns.len();
        if pattern.steps.iter().all(|step| step.optional) {
            return Err(error("no-step", "nothing need happen here", span, "one step must")
                .help("write one step without `no` and `maybe`")
                .bind());
        }
        if let PatternMode::Sequence { matches: Matches::Each, .. } = pattern.mode
            && pattern.steps.first().is_some_and(|step| step.optional)
        {
            return Err(error(
                "maybe-first",
                "each of what, if the first may be missing?",
                span,
                "the first step must be there",
            )
            .help("begin with the step of which each event shall have a row")
            .bind());
        }
        if let PatternMode::Sequence { matches: Matches::All, .. } = pattern.mode
            && pattern.within.is_none()
        {
            return Err(error(
                "no-span",
                "every combination without an end in time is too many",
                span,
                "within how long?",
            )
            .help("say it in the head: `sequence all by dyad within 1 year […] […]`")
            .bind());
        }
        let flag =
            |name: &str| Column { name: name.to_owned(), holds: FieldType::Bool, field: None };
        let mut columns = self.keys;
        columns.append(&mut self.columns);
        if pattern.is_open_ended() {
            columns.push(flag("open"));
        }
        if pattern.gives_possible() {
            columns.push(flag("certain"));
        }
        for (at, column) in columns.iter().enumerate() {
            if columns.iter().take(at).any(|other| fold(&other.name) == fold(&column.name)) {
                return Err(error(
                    "column-twice",
                    format!("the column `{}` is there twice", column.name),
                    span,
                    "which one?",
                )
                .help("give the step another name: `[visit] as v`")
                .bind());
            }
        }
        let node = Node::Pattern(Arc::new(self.pattern));
        Ok((node, Shape { columns, ..Shape::default() }))
    }
}

fn first_span(keys: &[ast::Expr]) -> Span {
    keys.first().map_or(Span::default(), |key| key.span)
}

fn twice(word: &str, span: Span) -> crate::error::Error {
    error("option-twice", format!("{word} is written twice"), span, "once more")
        .help("leave one of them out")
        .bind()
}
