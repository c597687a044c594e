//! Dates as people write them in front matter, made one form.

/// Brings a date to `2026-11-20` or, with a time, to RFC 3339. Understands `-`, `/` and
/// `.` between the parts, a blank or `T` before the time, and zones; without a zone a
/// time is UTC. `None` for what is no date of the Gregorian calendar.
pub fn normalise(written: &str) -> Option<String> {
    let written = written.trim();
    let (day, rest) = match written.find(['T', 't', ' ']) {
        Some(at) => (&written[..at], written[at + 1..].trim()),
        None => (written, ""),
    };
    let day = calendar_day(day)?;
    if rest.is_empty() {
        return Some(day);
    }
    let (clock, zone) = split_zone(rest);
    Some(format!("{day}T{}{}", clock_time(clock)?, zone_offset(zone)?))
}

/// The date alone of a normalised date.
pub fn day(normalised: &str) -> &str {
    normalised.split('T').next().unwrap_or(normalised)
}

/// The day so many days (`d`), weeks (`w`), months (`mo`) or years (`y`) before a day.
pub fn before(day: &str, count: u32, unit: &str) -> Option<String> {
    let count = i64::from(count);
    let span = match unit {
        "d" => jiff::Span::new().try_days(count),
        "w" => jiff::Span::new().try_weeks(count),
        "mo" => jiff::Span::new().try_months(count),
        _ => jiff::Span::new().try_years(count),
    };
    let day: jiff::civil::Date = day.parse().ok()?;
    day.checked_sub(span.ok()?).ok().map(|day| day.to_string())
}

/// A normalised date as RFC 3339 with a time, which Atom asks for.
pub fn timestamp(normalised: &str) -> String {
    if normalised.contains('T') {
        normalised.to_owned()
    } else {
        format!("{normalised}T00:00:00Z")
    }
}

fn calendar_day(text: &str) -> Option<String> {
    let mut parts = text.splitn(3, ['-', '/', '.']);
    let year = number(parts.next()?, 4, 1, 9999)?;
    let month = number(parts.next()?, 2, 1, 12)?;
    let day = number(parts.next()?, 2, 1, days_in(year, month))?;
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

fn days_in(year: u32, month: u32) -> u32 {
    let is_leap =
        year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn number(text: &str, digits: usize, least: u32, most: u32) -> Option<u32> {
    if text.is_empty() || text.len() > digits || !text.bytes().all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    text.parse().ok().filter(|number| (least..=most).contains(number))
}

fn split_zone(text: &str) -> (&str, &str) {
    let at = text.find(['Z', 'z', '+', '-', ' ']).unwrap_or(text.len());
    (&text[..at], text[at..].trim())
}

fn clock_time(text: &str) -> Option<String> {
    let text = text.split('.').next()?;
    let mut parts = text.splitn(3, ':');
    let hour = number(parts.next()?, 2, 0, 23)?;
    let minute = number(parts.next()?, 2, 0, 59)?;
    let second = parts.next().map_or(Some(0), |second| number(second, 2, 0, 60))?;
    Some(format!("{hour:02}:{minute:02}:{second:02}"))
}

fn zone_offset(text: &str) -> Option<String> {
    if matches!(text, "" | "Z" | "z") {
        return Some("Z".to_owned());
    }
    let (sign, digits) = text.split_at_checked(1)?;
    let digits = digits.replace(':', "");
    let hours = number(digits.get(..2)?, 2, 0, 14)?;
    let minutes = digits.get(2..).filter(|rest| !rest.is_empty());
    let minutes = minutes.map_or(Some(0), |minutes| number(minutes, 2, 0, 59))?;
    matches!(sign, "+" | "-").then(|| format!("{sign}{hours:02}:{minutes:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_before_a_day_keep_to_the_calendar() {
        for (day, count, unit, earlier) in [
            ("2026-11-20", 18, "mo", "2025-05-20"),
            ("2026-03-31", 1, "mo", "2026-02-28"),
            ("2026-01-01", 1, "d", "2025-12-31"),
            ("2024-02-29", 1, "y", "2023-02-28"),
        ] {
            assert_eq!(before(day, count, unit).as_deref(), Some(earlier), "{count}{unit}");
        }
    }

    #[test]
    fn dates_come_to_one_form() {
        for (written, form) in [
            ("2026-11-20", Some("2026-11-20")),
            ("2026/1/2", Some("2026-01-02")),
            ("2026-11-20 08:30", Some("2026-11-20T08:30:00Z")),
            ("2026-11-20T08:30:00.123+08:00", Some("2026-11-20T08:30:00+08:00")),
            ("2026-11-20 08:30:00 +0800", Some("2026-11-20T08:30:00+08:00")),
            ("2026-02-30", None),
            ("昨天", None),
            ("20261120", None),
        ] {
            assert_eq!(normalise(written).as_deref(), form, "{written}");
        }
    }
}
