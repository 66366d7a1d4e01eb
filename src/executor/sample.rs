//! A sample by chance, the same for the same seed.

use std::sync::Arc;

use super::context::Holding;
use super::pipe::deferred;
use super::{Context, Tuples, memory};

/// So many tuples, each as likely as any other, in the order of the input: a reservoir.
pub(super) fn sample(input: Tuples, count: u64, seed: u64, context: &Arc<Context>) -> Tuples {
    let mut holding = Holding::new(context, "sample");
    deferred(move || {
        let mut dice = Dice(seed);
        let mut kept = Vec::new();
        for (at, tuple) in (0_u64..).zip(input) {
            let tuple = tuple?;
            let slot = if at < count { at } else { dice.below(at + 1) };
            if slot >= count {
                continue;
            }
            holding.add(memory::of_tuple(&tuple))?;
            match usize::try_from(slot).ok().and_then(|slot| kept.get_mut(slot)) {
                Some(place) => {
                    let (_, out) = std::mem::replace(place, (at, tuple));
                    holding.release(memory::of_tuple(&out));
                }
                None => kept.push((at, tuple)),
            }
        }
        kept.sort_unstable_by_key(|(at, _)| *at);
        Ok(kept.into_iter().map(move |(_, tuple)| {
            holding.release(memory::of_tuple(&tuple));
            Ok(tuple)
        }))
    })
}

/// `SplitMix64` (Steele, Lea, Flood 2014): small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`, all as likely: the high half of a product.
    fn below(&mut self, limit: u64) -> u64 {
        u64::try_from((u128::from(self.next()) * u128::from(limit)) >> 64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same() {
        let throws = |seed| {
            let mut dice = Dice(seed);
            (0..5).map(|_| dice.below(100)).collect::<Vec<_>>()
        };
        assert_eq!(throws(7), throws(7));
        assert_ne!(throws(7), throws(8));
        assert!(throws(7).iter().all(|n| *n < 100));
    }
}
