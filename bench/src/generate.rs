//! Events in the shape of GDELT's, the same for the same seed and number, and the CSV file of them.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::date;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::weighted::WeightedAliasIndex;
use rand_distr::{Distribution, Geometric};

use crate::error::{Error, Naming, Result};
use crate::vocabulary::{ACTORS, Code, RARE, Vocabulary};

/// The seed of what is published.
pub(crate) const SEED: u64 = 42;

/// An event.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: u64,
    /// Year, month, day as eight digits.
    pub(crate) date: u32,
    pub(crate) actor1: String,
    pub(crate) actor2: String,
    pub(crate) code: Code,
    pub(crate) country: String,
    pub(crate) mentions: u64,
    pub(crate) text: String,
}

/// An endless stream of events, ordered in time; the last day goes on once the expected number is through.
pub(crate) struct Generator {
    vocabulary: Vocabulary,
    rng: ChaCha8Rng,
    /// The partner whom an actor has in half of the events.
    partners: Vec<usize>,
    actors: WeightedAliasIndex<f64>,
    codes: WeightedAliasIndex<f64>,
    countries: WeightedAliasIndex<f64>,
    words: WeightedAliasIndex<f64>,
    mentions: Geometric,
    days: Vec<u32>,
    day: usize,
    rows: u64,
    made: u64,
    first_id: u64,
}

impl Generator {
    /// A generator of so many events from 1979 to 2025.
    pub(crate) fn new(seed: u64, rows: u64) -> Result<Generator> {
        let vocabulary = Vocabulary::new(SEED)?;
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut partners: Vec<usize> = (0..ACTORS).collect();
        partners.shuffle(&mut ChaCha8Rng::seed_from_u64(SEED));
        rng.set_stream(1);
        Ok(Generator {
            partners,
            actors: zipf(ACTORS, 1.05)?,
            codes: zipf(vocabulary.codes.len(), 0.8)?,
            countries: zipf(vocabulary.countries.len(), 0.9)?,
            words: zipf(vocabulary.words.len(), 1.0)?,
            mentions: Geometric::new(0.1).map_err(|e| Error::said(e.to_string()))?,
            days: days(),
            day: 0,
            rows,
            made: 0,
            first_id: 1,
            vocabulary,
            rng,
        })
    }

    /// Events to be added to those that are there: all of the last day, with other numbers.
    pub(crate) fn after(rows: u64) -> Result<Generator> {
        let mut more = Generator::new(SEED + 1, 0)?;
        more.day = more.days.len() - 1;
        more.first_id = rows + 1;
        Ok(more)
    }

    /// Rows come more often in later years: the first day has one part, the last six, in between it grows steadily.
    fn date(&mut self) -> u32 {
        let days = self.days.len() as f64;
        let part = |day: usize| {
            let x = day as f64 / days;
            (x + 2.5 * x * x) / 3.5
        };
        while self.day + 1 < self.days.len()
            && part(self.day + 1) * self.rows as f64 <= self.made as f64
        {
            self.day += 1;
        }
        self.days.get(self.day).copied().unwrap_or_default()
    }

    /// Words up to about fifty characters; one text in a hundred thousand has the rare word.
    fn text(&mut self) -> String {
        let mut text = String::with_capacity(64);
        let rare = self.rng.random_bool(1e-5);
        while text.len() < 45 {
            let word = self.words.sample(&mut self.rng);
            if !text.is_empty() {
                text.push(' ');
            }
            if let Some(word) = self.vocabulary.words.get(word) {
                text.push_str(word);
            }
        }
        if rare {
            let at = text.find(' ').unwrap_or(text.len());
            text.insert_str(at, &format!(" {RARE}"));
        }
        text
    }

    /// Writes a CSV file with a header. It is there in full or not at all.
    pub(crate) fn write(mut self, path: &Path) -> Result<()> {
        let part = path.with_extension("part");
        let file = BufWriter::with_capacity(1 << 20, File::create(&part).of(&part)?);
        let mut csv = csv::Writer::from_writer(file);
        csv.write_record([
            "id",
            "date",
            "actor1",
            "actor2",
            "code",
            "country",
            "goldstein",
            "mentions",
            "text",
        ])?;
        for _ in 0..self.rows {
            let row = self.draw();
            csv.write_record([
                row.id.to_string().as_str(),
                &row.date.to_string(),
                &row.actor1,
                &row.actor2,
                &row.code.digits,
                &row.country,
                &row.code.goldstein.to_string(),
                &row.mentions.to_string(),
                &row.text,
            ])?;
        }
        csv.flush().of(&part)?;
        std::fs::rename(&part, path).of(path)
    }

    /// The next event.
    fn draw(&mut self) -> Row {
        let date = self.date();
        let first = self.actors.sample(&mut self.rng);
        let second = if self.rng.random_bool(0.5) {
            self.actors.sample(&mut self.rng)
        } else {
            self.partners.get(first).copied().unwrap_or(first)
        };
        let code = self.codes.sample(&mut self.rng);
        let country = self.countries.sample(&mut self.rng);
        let mentions = self.mentions.sample(&mut self.rng) + 1;
        let text = self.text();
        let id = self.first_id + self.made;
        self.made += 1;
        let v = &self.vocabulary;
        let name = |list: &[String], at: usize| list.get(at).cloned().unwrap_or_default();
        Row {
            id,
            date,
            actor1: name(&v.actors, first),
            actor2: name(&v.actors, second),
            code: v.codes.get(code).cloned().unwrap_or_else(|| Code {
                digits: String::new(),
                kind: String::new(),
                goldstein: 0.0,
            }),
            country: name(&v.countries, country),
            mentions,
            text,
        }
    }
}

impl Iterator for Generator {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        Some(self.draw())
    }
}

/// Draws a rank below `n`, rank `k` with a weight of `1 / (k + 1)^s`.
fn zipf(n: usize, s: f64) -> Result<WeightedAliasIndex<f64>> {
    let weights = (1..=n).map(|rank| (rank as f64).powf(-s)).collect();
    WeightedAliasIndex::new(weights).map_err(|e| Error::said(e.to_string()))
}

/// The days of 1979 to 2025 as eight digits.
fn days() -> Vec<u32> {
    date(1979, 1, 1)
        .series(1.day())
        .take_while(|day| day.year() <= 2025)
        .map(|day| {
            let part = |n: i8| u32::from(n.unsigned_abs());
            u32::from(day.year().unsigned_abs()) * 10_000
                + part(day.month()) * 100
                + part(day.day())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_the_same_again_and_ordered_in_time() {
        let rows: Vec<Row> = Generator::new(SEED, 50_000).unwrap().take(50_000).collect();
        let again: Vec<Row> = Generator::new(SEED, 50_000).unwrap().take(50_000).collect();
        assert!(rows.iter().zip(&again).all(|(a, b)| a.text == b.text && a.actor2 == b.actor2));
        assert!(rows.is_sorted_by_key(|row| row.date));
        assert_eq!((rows[0].date, rows[49_999].date), (19_790_101, 20_251_231));
        let late = rows.iter().filter(|row| row.date >= 20_200_101).count();
        let early = rows.iter().filter(|row| row.date < 19_850_101).count();
        assert!(late > 3 * early, "{late} late, {early} early");
    }

    #[test]
    fn half_of_the_pairs_go_together() {
        let generator = Generator::new(SEED, 20_000).unwrap();
        let (actors, partners) = (generator.vocabulary.actors.clone(), generator.partners.clone());
        let usual = &actors[partners[0]];
        let of_first: Vec<Row> = generator.take(20_000).filter(|r| r.actor1 == actors[0]).collect();
        let with = of_first.iter().filter(|row| row.actor2 == *usual).count();
        let part = with as f64 / of_first.len() as f64;
        assert!((0.45..0.6).contains(&part), "{part}");
    }
}
