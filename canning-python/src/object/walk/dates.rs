//! Dates and times, which Python pickles as bytes, in the numbers that one would call them with.

/// The numbers of a `datetime.date`, `datetime.time` or `datetime.datetime`; `None` where the bytes
/// are not those of one, or say more than these numbers can: which of two equal times it is when
/// clocks are set back.
pub(super) fn numbers(class: &str, bytes: &[u8]) -> Option<Vec<i64>> {
    let numbers = match (class, bytes) {
        ("date", &[high, low, month, day]) => vec![year(high, low), month.into(), day.into()],
        ("time", &[hour, minute, second, a, b, c]) => {
            time(hour, minute, second, micros(a, b, c))?.to_vec()
        }
        ("datetime", &[high, low, month, day, hour, minute, second, a, b, c]) => {
            let mut numbers = vec![year(high, low), month.into(), day.into()];
            numbers.extend(time(hour, minute, second, micros(a, b, c))?);
            numbers
        }
        _ => return None,
    };
    let is_date = match *numbers.as_slice() {
        [year, month, day, ..] if class != "time" => {
            (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
        }
        _ => class == "time",
    };
    is_date.then_some(numbers)
}

fn year(high: u8, low: u8) -> i64 {
    i64::from(high) << 8 | i64::from(low)
}

fn micros(a: u8, b: u8, c: u8) -> i64 {
    i64::from(a) << 16 | i64::from(b) << 8 | i64::from(c)
}

fn time(hour: u8, minute: u8, second: u8, micros: i64) -> Option<[i64; 4]> {
    let fits = hour < 24 && minute < 60 && second < 60 && micros < 1_000_000;
    fits.then(|| [hour.into(), minute.into(), second.into(), micros])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_call() {
        assert_eq!(numbers("date", &[7, 228, 2, 29]), Some(vec![2020, 2, 29]));
        assert_eq!(numbers("time", &[1, 2, 3, 0, 0, 4]), Some(vec![1, 2, 3, 4]));
        let bytes = [7, 228, 1, 2, 3, 4, 5, 1, 0, 6];
        let expected = vec![2020, 1, 2, 3, 4, 5, 65_542];
        assert_eq!(numbers("datetime", &bytes), Some(expected));
    }

    #[test]
    fn what_is_no_date_is_left_as_it_is() {
        assert_eq!(numbers("date", &[0, 0, 1, 1]), None);
        assert_eq!(numbers("date", &[7, 228, 13, 1]), None);
        assert_eq!(numbers("date", &[7, 228, 1]), None);
        assert_eq!(numbers("time", &[0x80 | 1, 0, 0, 0, 0, 0]), None, "the second of two");
        assert_eq!(numbers("time", &[1, 0, 0, 0x0f, 0x42, 0x40]), None);
        let fold = [7, 228, 0x81, 2, 3, 4, 5, 0, 0, 6];
        assert_eq!(numbers("datetime", &fold), None);
    }
}
