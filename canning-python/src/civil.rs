//! Days and the dates that they are, in the calendar that Python and NumPy count in.

/// A date: a year, a month from 1 and a day from 1.
pub(crate) type Civil = (i128, u8, u8);

/// Days of 400 years, after which the calendar repeats.
const ERA: i128 = 146_097;
/// From March 1 of the year 0 to January 1, 1970.
const TO_1970: i128 = 719_468;

/// The date of a day since the start of 1970.
pub(crate) fn of_days(days: i128) -> Civil {
    let days = days + TO_1970;
    let (era, day_of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let leap_days = day_of_era / 1460 - day_of_era / 36_524 + day_of_era / 146_096;
    let year_of_era = (day_of_era - leap_days).div_euclid(365);
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // The year begins in March, so that the leap day is its last.
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i128::from(month <= 2);
    (year, small(month), small(day))
}

/// The day since the start of 1970 of a date.
pub(crate) fn to_days((year, month, day): Civil) -> i128 {
    let (month, day) = (i128::from(month), i128::from(day));
    let year = year - i128::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let month = (month + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    era * ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - TO_1970
}

/// Whether there is such a date.
pub(crate) fn is_date(date: Civil) -> bool {
    let (_, month, day) = date;
    (1..=12).contains(&month) && (1..=31).contains(&day) && of_days(to_days(date)) == date
}

fn small(number: i128) -> u8 {
    u8::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_pythons_ordinals() {
        for (days, date) in [
            (0, (1970, 1, 1)),
            (-1, (1969, 12, 31)),
            (11_016, (2000, 2, 29)),
            (20_780, (2026, 11, 23)),
            (-719_162, (1, 1, 1)),
            (-719_163, (0, 12, 31)),
            (2_932_896, (9999, 12, 31)),
        ] {
            assert_eq!(of_days(days), date);
            assert_eq!(to_days(date), days);
        }
        for days in (-1_000_000..1_000_000).step_by(97) {
            assert_eq!(to_days(of_days(days)), days);
        }
        assert!(is_date((2024, 2, 29)) && !is_date((2023, 2, 29)) && !is_date((1900, 2, 29)));
        assert!(!is_date((2023, 0, 1)) && !is_date((2023, 13, 1)) && !is_date((2023, 1, 0)));
    }
}
