//! What the texts of a site have in common, for packing them.
//!
//! Texts come in, some thousand bytes go out that much of any text can be copied from. A
//! small file has no room to learn from itself what its site is about.
//!
//! This is the way of zstd's fast cover: a sample is cut into epochs, and each gives the
//! stretch that holds the most frequent strings which no former epoch gave.

/// The most text that is looked at, in bytes; of a larger site, every n-th stretch.
const SAMPLE: usize = 3 << 20;
/// Text that is taken from one place of a larger site.
const STRETCH: usize = 2048;
/// What is counted: nearly three Han characters, or a word.
const STRING: usize = 8;
/// What an epoch gives, at most.
const SEGMENT: usize = 64;
/// The size of the table of counts, in bits.
const BITS: u32 = 20;

/// The dictionary, of up to `size` bytes; what is most frequent stands last, which costs the
/// least to refer to.
pub(super) fn dictionary<'a>(
    texts: impl Iterator<Item = &'a str> + Clone,
    size: usize,
) -> Vec<u8> {
    let sample = sample(texts);
    let mut counts = counts(&sample);
    let epochs = (size / SEGMENT).max(1);
    let length = sample.len().div_ceil(epochs).max(SEGMENT);
    let mut segments: Vec<(u32, &[u8])> = sample
        .as_bytes()
        .chunks(length)
        .map(|epoch| best(epoch, &mut counts))
        .filter(|(score, _)| *score > 0)
        .collect();
    segments.sort_unstable();
    let mut dictionary: Vec<u8> =
        segments.into_iter().flat_map(|(_, text)| text.iter().copied()).collect();
    dictionary.drain(..dictionary.len().saturating_sub(size));
    dictionary
}

fn sample<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> String {
    let all: usize = texts.clone().map(str::len).sum();
    let skip = STRETCH * all.div_ceil(SAMPLE).max(1);
    let mut sample = String::with_capacity(SAMPLE + STRETCH);
    let (mut at, mut next) = (0, 0);
    for text in texts {
        while next < at + text.len() {
            let from = text.floor_char_boundary(next - at);
            let to = text.floor_char_boundary(from + STRETCH);
            sample.extend(text[from..to].split_whitespace().flat_map(|word| [word, " "]));
            next += skip;
        }
        at += text.len();
    }
    sample
}

fn place(string: &[u8]) -> usize {
    let mut bytes = [0; STRING];
    bytes.copy_from_slice(string);
    // Fibonacci hashing: the odd number is 2^64 over the golden ratio.
    (u64::from_le_bytes(bytes).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BITS)) as usize
}

/// How often strings occur again, by their hash.
fn counts(sample: &str) -> Vec<u32> {
    let mut counts = vec![0_u32; 1 << BITS];
    for string in sample.as_bytes().windows(STRING) {
        counts[place(string)] += 1;
    }
    for count in &mut counts {
        *count = count.saturating_sub(1);
    }
    counts
}

/// The best stretch of an epoch, whose strings no later one needs.
fn best<'a>(epoch: &'a [u8], counts: &mut [u32]) -> (u32, &'a [u8]) {
    let places: Vec<usize> = epoch.windows(STRING).map(place).collect();
    let width = (SEGMENT + 1 - STRING).min(places.len());
    let mut sum: u32 = places[..width].iter().map(|&place| counts[place]).sum();
    let (mut most, mut start) = (sum, 0);
    for at in width..places.len() {
        sum = sum + counts[places[at]] - counts[places[at - width]];
        if sum > most {
            (most, start) = (sum, at + 1 - width);
        }
    }
    for &place in &places[start..start + width] {
        counts[place] = 0;
    }
    (most, epoch.get(start..start + SEGMENT).unwrap_or(&epoch[start..]))
}

#[cfg(test)]
mod tests {
    use super::dictionary;

    #[test]
    fn the_dictionary_holds_what_stands_in_many_texts() {
        let texts: Vec<String> = (0..400)
            .map(|n| {
                format!(
                    "第 {n} 篇 {:x} 控制器不断比较期望状态与实际状态。{:x}",
                    n * n * 7919,
                    n * 104_729
                )
            })
            .collect();
        let found = dictionary(texts.iter().map(String::as_str), 256);
        assert!(found.len() <= 256);
        assert!(String::from_utf8_lossy(&found).contains("比较期望状态与实际"));
    }

    #[test]
    fn little_text_gives_little() {
        for text in ["", "a", "短", "不会再次出现的一句话"] {
            assert_eq!(dictionary([text].into_iter(), 4096), b"");
        }
    }
}
