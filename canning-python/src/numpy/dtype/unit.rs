//! Units of time.

use std::fmt;

/// The unit of dates and of spans of time: so many of a base, as `[25s]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeUnit {
    base: TimeBase,
    count: u32,
}

impl TimeUnit {
    /// No unit, as `M8` and `m8` have.
    pub const GENERIC: Self = Self { base: TimeBase::Generic, count: 1 };

    /// One of a base.
    pub const fn one(base: TimeBase) -> Self {
        Self { base, count: 1 }
    }

    /// So many of a base; `None` for zero, above what NumPy counts, or many of no unit.
    pub fn new(base: TimeBase, count: u32) -> Option<Self> {
        let fits = (1..=i32::MAX.unsigned_abs()).contains(&count);
        let fits = fits && (base != TimeBase::Generic || count == 1);
        fits.then_some(Self { base, count })
    }

    /// What is counted.
    pub fn base(self) -> TimeBase {
        self.base
    }

    /// How many of them one unit is.
    pub fn count(self) -> u32 {
        self.count
    }

    /// Parses what stands between brackets.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (count, base) = text.split_at_checked(digits)?;
        let count = if count.is_empty() { 1 } else { count.parse().ok()? };
        Self::new(TimeBase::of_name(base)?, count)
    }
}

/// As `[25s]`; nothing for no unit.
impl fmt::Display for TimeUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.base, self.count) {
            (TimeBase::Generic, _) => Ok(()),
            (base, 1) => write!(f, "[{}]", base.name()),
            (base, count) => write!(f, "[{count}{}]", base.name()),
        }
    }
}

macro_rules! bases {
    ($($(#[$doc:meta])* $base:ident $name:literal;)*) => {
        /// What a unit of time counts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum TimeBase {
            $($(#[$doc])* $base,)*
        }

        impl TimeBase {
            /// NumPy's name of it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$base => $name,)* }
            }

            pub(crate) fn of_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$base),)*
                    _ => None,
                }
            }
        }
    };
}

bases! {
    /// Years.
    Year "Y";
    /// Months.
    Month "M";
    /// Weeks.
    Week "W";
    /// Days.
    Day "D";
    /// Hours.
    Hour "h";
    /// Minutes.
    Minute "m";
    /// Seconds.
    Second "s";
    /// Milliseconds.
    Milli "ms";
    /// Microseconds.
    Micro "us";
    /// Nanoseconds.
    Nano "ns";
    /// Picoseconds.
    Pico "ps";
    /// Femtoseconds.
    Femto "fs";
    /// Attoseconds.
    Atto "as";
    /// Nothing that is known.
    Generic "generic";
}
