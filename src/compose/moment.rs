//! Times in the words of Moment.js (<https://momentjs.com/docs/#/displaying/format/>), which
//! templates of Obsidian use: `YYYY-MM-DD`, `GGGG-[W]WW`, `dddd`.

use jiff::civil::{DateTime, Weekday};

/// The names of the days from Monday, in Chinese and in English.
const DAYS: [(&str, &str); 7] = [
    ("星期一", "Monday"),
    ("星期二", "Tuesday"),
    ("星期三", "Wednesday"),
    ("星期四", "Thursday"),
    ("星期五", "Friday"),
    ("星期六", "Saturday"),
    ("星期日", "Sunday"),
];

/// The names of the months in English.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Letters that mean a part of a time; the longest of a kind stand first.
const TOKENS: &[&str] = &[
    "YYYY", "YY", "GGGG", "gggg", "MMMM", "MMM", "MM", "M", "DD", "D", "dddd", "ddd", "HH",
    "H", "hh", "h", "mm", "m", "ss", "s", "WW", "ww", "W", "w", "A", "a",
];

/// Writes a time. What stands in `[…]`, and all that is no letter of a time, stays.
pub(super) fn format(format: &str, when: DateTime, lang: &str) -> String {
    let mut out = String::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        let literal = rest.strip_prefix('[').and_then(|inner| inner.split_once(']'));
        let token = TOKENS.iter().find(|token| rest.starts_with(**token));
        if let Some((literal, after)) = literal {
            out.push_str(literal);
            rest = after;
        } else if let Some(token) = token {
            out.push_str(&part(token, when, lang));
            rest = &rest[token.len()..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

fn part(token: &str, when: DateTime, lang: &str) -> String {
    let week = when.date().iso_week_date();
    let short_hour = (when.hour() + 11) % 12 + 1;
    match token {
        "YYYY" => format!("{:04}", when.year()),
        "YY" => format!("{:02}", when.year() % 100),
        "GGGG" | "gggg" => format!("{:04}", week.year()),
        "MMMM" | "MMM" => month(token.len() == 3, when, lang),
        "MM" => format!("{:02}", when.month()),
        "M" => when.month().to_string(),
        "DD" => format!("{:02}", when.day()),
        "D" => when.day().to_string(),
        "dddd" | "ddd" => day(token.len() == 3, when.weekday(), lang),
        "HH" => format!("{:02}", when.hour()),
        "H" => when.hour().to_string(),
        "hh" => format!("{short_hour:02}"),
        "h" => short_hour.to_string(),
        "mm" => format!("{:02}", when.minute()),
        "m" => when.minute().to_string(),
        "ss" => format!("{:02}", when.second()),
        "s" => when.second().to_string(),
        "WW" | "ww" => format!("{:02}", week.week()),
        "W" | "w" => week.week().to_string(),
        "A" => if when.hour() < 12 { "AM" } else { "PM" }.to_owned(),
        _ => if when.hour() < 12 { "am" } else { "pm" }.to_owned(),
    }
}

fn month(is_short: bool, when: DateTime, lang: &str) -> String {
    if lang.starts_with("zh") {
        return format!("{}月", when.month());
    }
    let name = usize::try_from(when.month() - 1).ok().and_then(|index| MONTHS.get(index));
    let name = name.copied().unwrap_or_default();
    if is_short { name[..3].to_owned() } else { name.to_owned() }
}

fn day(is_short: bool, day: Weekday, lang: &str) -> String {
    let index = usize::try_from(day.to_monday_zero_offset()).ok();
    let (chinese, english) = index.and_then(|index| DAYS.get(index)).unwrap_or(&DAYS[0]);
    match (lang.starts_with("zh"), is_short) {
        (true, true) => chinese.replace("星期", "周"),
        (true, false) => (*chinese).to_owned(),
        (false, true) => english[..3].to_owned(),
        (false, false) => (*english).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_moment_would() {
        let evening = jiff::civil::date(2027, 1, 2).at(20, 5, 9, 0);
        let midnight = jiff::civil::date(2026, 11, 20).at(0, 0, 0, 0);
        for (written, when, lang, expected) in [
            ("YYYY-MM-DD", evening, "zh-CN", "2027-01-02"),
            ("YY.M.D H:m:s", evening, "zh-CN", "27.1.2 20:5:9"),
            ("GGGG-[W]WW", evening, "zh-CN", "2026-W53"),
            ("YYYY年M月D日 dddd", evening, "zh-CN", "2027年1月2日 星期六"),
            ("dddd, D MMMM YYYY hh:mm A", evening, "en", "Saturday, 2 January 2027 08:05 PM"),
            ("ddd MMM h a", midnight, "en", "Fri Nov 12 am"),
            ("ddd MMM", midnight, "zh", "周五 11月"),
            ("[今天是 D]", midnight, "zh", "今天是 D"),
            ("[YYYY", midnight, "zh", "[2026"),
            ("", midnight, "zh", ""),
        ] {
            assert_eq!(format(written, when, lang), expected, "{written}");
        }
    }
}
