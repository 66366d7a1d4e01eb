use crate::error::{Error, Result};
pub(in crate::storage) fn hash(key: &str) -> u64 { xxhash_rust::xxh3::xxh3_64(key.as_bytes()) }
pub(in crate::storage) struct Run { pub bits: u8, pub blocks: Vec<Vec<u8>> }
pub(in crate::storage) fn block_of(hash: u64, bits: u8) -> u32 { if bits == 0 { 0 } else { u32::try_from(hash >> (64 - u32::from(bits))).unwrap_or(0) } }
pub(in crate::storage) fn build(mut entries: Vec<(u64, u32)>) -> Result<Run> {
    for e in &mut entries { e.0 &= !0xFF_FFFF; }
    entries.sort_unstable(); entries.dedup();
    let mut bits = 0_u8;
    while entries.len() >> bits > 400 { bits += 1; }
    let mut blocks = vec![Vec::new(); 1 << bits];
    for (h, o) in entries { if let Some(b) = blocks.get_mut(block_of(h, bits) as usize) { b.extend_from_slice(&h.to_le_bytes()[3..]); b.extend_from_slice(&o.to_le_bytes()[..3]); } }
    Ok(Run { bits, blocks })
}
pub(in crate::storage) fn entries(block: &[u8]) -> Result<Vec<(u64, u32)>> {
    if block.len() % 8 != 0 { return Err(Error::Corrupt("run".into())); }
    Ok(block.as_chunks::<8>().0.iter().map(|c| (u64::from_le_bytes([0,0,0,c[0],c[1],c[2],c[3],c[4]]), u32::from_le_bytes([c[5],c[6],c[7],0]))).collect())
}
pub(in crate::storage) fn candidates(block: &[u8], hash: u64) -> Result<impl Iterator<Item = u32>> {
    Ok(entries(block)?.into_iter().filter(move |(h, _)| *h == hash & !0xFF_FFFF).map(|(_, o)| o))
}
