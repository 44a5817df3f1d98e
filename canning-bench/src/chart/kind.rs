//! Whose implementation it is, and in which colour.

use plotters::style::RGBColor;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Canning,
    Raw,
    Peer,
    Python,
}

impl Kind {
    /// In the order of the legend.
    pub(super) const ALL: [Self; 4] = [Self::Canning, Self::Raw, Self::Peer, Self::Python];

    /// By the name of an implementation.
    pub(super) fn of(implementation: &str) -> Self {
        if implementation.starts_with("canning") {
            Self::Canning
        } else if implementation.starts_with("raw") {
            Self::Raw
        } else if implementation.starts_with("python") {
            Self::Python
        } else {
            Self::Peer
        }
    }

    /// In the legend.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Canning => "canning",
            Self::Raw => "raw memory",
            Self::Peer => "other crates",
            Self::Python => "Python",
        }
    }

    /// Apart for those, too, who do not tell red from green.
    pub(super) fn colour(self) -> RGBColor {
        match self {
            Self::Canning => RGBColor(0, 98, 170),
            Self::Raw => RGBColor(150, 150, 150),
            Self::Peer | Self::Python => RGBColor(236, 160, 64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_kind() {
        assert_eq!(Kind::of("canning_recycled"), Kind::Canning);
        assert_eq!(Kind::of("raw_warm"), Kind::Raw);
        assert_eq!(Kind::of("rkyv_access"), Kind::Peer);
        assert_eq!(Kind::of("python_pickle5"), Kind::Python);
    }
}
