//! Random numbers from a seed. In: a number. Out: the same numbers on every machine.

/// A small generator (xorshift64*).
#[derive(Debug)]
pub struct Seed(pub u64);

impl Seed {
    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16) % bound
    }

    /// The seed that this variable names, so that a failure can be repeated; else `usual`.
    pub fn from_environment(variable: &str, usual: u64) -> u64 {
        std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
    }
}
