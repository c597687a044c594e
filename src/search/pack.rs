//! Packs bytes so that they can stand in a script: raw deflate in base64.
//!
//! Parts of one file and, perhaps, a dictionary that all files of a kind share come in, a
//! string goes out. The browser unpacks with `DecompressionStream`, which knows no
//! dictionaries; but a row of complete blocks is itself the start of a stream, so the
//! dictionary, packed by [`opening`], is put before what [`pack`] wrote.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compress, Compression, FlushCompress, Status};

/// The level of zlib; higher ones win less than a hundredth.
const LEVEL: u32 = 4;

/// What packs one file after another.
pub(super) fn packer() -> Compress {
    Compress::new(Compression::new(LEVEL), false)
}

/// Packs the parts one behind the other; each gets codes of its own, as the bytes of one have
/// little to do with those of the next.
pub(super) fn pack(stream: &mut Compress, dictionary: &[u8], parts: &[&[u8]]) -> String {
    stream.reset();
    if !dictionary.is_empty() {
        stream.set_dictionary(dictionary).expect("a new raw stream takes any dictionary");
    }
    let mut packed = Vec::with_capacity(parts.iter().map(|part| part.len()).sum());
    for (n, part) in parts.iter().enumerate() {
        let last = n + 1 == parts.len();
        let flush = if last { FlushCompress::Finish } else { FlushCompress::Sync };
        run(stream, part, flush, &mut packed);
    }
    STANDARD.encode(packed)
}

/// The dictionary as the start of every stream that was packed with it.
pub(super) fn opening(dictionary: &[u8]) -> String {
    let mut packed = Vec::with_capacity(dictionary.len());
    if !dictionary.is_empty() {
        let mut stream = Compress::new(Compression::best(), false);
        run(&mut stream, dictionary, FlushCompress::Sync, &mut packed);
    }
    STANDARD.encode(packed)
}

/// Compresses all of `input`. A call that leaves room in the output has taken all and
/// flushed it.
fn run(stream: &mut Compress, input: &[u8], flush: FlushCompress, out: &mut Vec<u8>) {
    let start = stream.total_in();
    loop {
        out.reserve(1024 + input.len() / 8);
        let taken = usize::try_from(stream.total_in() - start).unwrap_or(input.len());
        let status = stream
            .compress_vec(&input[taken..], out, flush)
            .expect("the stream is used as zlib asks for");
        if status == Status::StreamEnd
            || flush == FlushCompress::Sync && out.len() < out.capacity()
        {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::{opening, pack, packer};

    /// As the browser unpacks it: the opening, then the file, as one stream.
    fn unpacked(opening: &str, packed: &str) -> Vec<u8> {
        let parts = [opening, packed].map(|part| STANDARD.decode(part).expect("base64"));
        let mut bytes = Vec::new();
        let read = flate2::read::DeflateDecoder::new(&*parts.concat()).read_to_end(&mut bytes);
        read.expect("one stream of deflate");
        bytes
    }

    #[test]
    fn what_was_packed_follows_the_dictionary_when_unpacked() {
        let [short, long] = [70, 5000].map(|n| "调度器为每个 Pod 选择一个节点。".repeat(n));
        let mut packer = packer();
        for dictionary in ["", "节点选择器\n", &short.repeat(9)] {
            for parts in [["", "", ""], ["a", "", "b"], [&long, "c", &short]] {
                let packed =
                    pack(&mut packer, dictionary.as_bytes(), &parts.map(str::as_bytes));
                let whole = unpacked(&opening(dictionary.as_bytes()), &packed);
                assert_eq!(whole, [dictionary, &parts.concat()].concat().into_bytes());
            }
        }
    }
}
