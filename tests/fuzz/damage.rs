//! Damage. In: inputs that are whole, a seed. Out: one of them with flipped bits, cut, spliced with another, with lengths that
//! are wrong, with parts repeated, moved or nested without end.

use crate::support::seed::Seed;

/// The longest input.
const LONGEST: usize = 256 * 1024;

/// Numbers that are lengths, counts and offsets in the wrong place.
const NUMBERS: [u64; 10] = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, u64::MAX];

/// Words that mean something to one of the readers.
const WORDS: [&str; 16] = [
    "[",
    "{\"a\":",
    "(",
    "\"",
    "\\",
    "null",
    "-1",
    "1e999999999",
    "9223372036854775808",
    "\u{0}",
    "\u{FFFD}",
    "'",
    "::",
    "\\ud800",
    "SELECT ",
    "$",
];

/// One damaged input.
pub(super) fn damaged(corpus: &[Vec<u8>], seed: &mut Seed) -> Vec<u8> {
    let mut input = one(corpus, seed).clone();
    for _ in 0..=seed.below(3) {
        spoil(&mut input, corpus, seed);
    }
    input.truncate(LONGEST);
    input
}

fn one<'a>(corpus: &'a [Vec<u8>], seed: &mut Seed) -> &'a Vec<u8> {
    &corpus[seed.below(corpus.len() as u64) as usize]
}

fn spoil(input: &mut Vec<u8>, corpus: &[Vec<u8>], seed: &mut Seed) {
    let at = place(input, seed);
    let range = at..(at + seed.below(40) as usize).min(input.len());
    match seed.below(10) {
        0 | 1 if !input.is_empty() => {
            let at = at.min(input.len() - 1);
            input[at] ^= 1 << seed.below(8);
        }
        2 => input.truncate(at),
        3 => {
            let other = one(corpus, seed);
            let (from, to) = (place(other, seed), place(other, seed));
            input.splice(range, other[from.min(to)..from.max(to)].iter().copied());
        }
        4 => {
            let number = NUMBERS[seed.below(NUMBERS.len() as u64) as usize].to_be_bytes();
            let wide = [1, 2, 4, 8][seed.below(4) as usize];
            let range = at..(at + wide).min(input.len());
            input.splice(range, number[8 - wide..].iter().copied());
        }
        5 => {
            let part = input[range.clone()].to_vec();
            let to = place(input, seed);
            input.splice(to..to, part);
        }
        6 => drop(input.drain(range)),
        7 => {
            let word = WORDS[seed.below(WORDS.len() as u64) as usize];
            input.splice(at..at, word.bytes());
        }
        8 if seed.below(8) == 0 => {
            let word = WORDS[seed.below(WORDS.len() as u64) as usize];
            input.splice(at..at, word.repeat(1 + seed.below(20_000) as usize).into_bytes());
        }
        _ => {
            let end = (at + 1).min(input.len());
            input.splice(at..end, [seed.below(256) as u8]);
        }
    }
}

fn place(input: &[u8], seed: &mut Seed) -> usize {
    seed.below(input.len() as u64 + 1) as usize
}

#[test]
fn the_same_seed_gives_the_same_damage() {
    let corpus = [b"first input".to_vec(), b"{\"second\": [1, 2]}".to_vec(), Vec::new()];
    let made = |number| damaged(&corpus, &mut Seed(number));
    assert!((1..2000).all(|number| made(number) == made(number)));
    assert!((1..2000).filter(|number| !corpus.contains(&made(*number))).count() > 1000);
}
