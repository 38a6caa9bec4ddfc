//! Decompression while reading. The libraries are chosen by measurement on a real must-gather
//! (91 MB): liblzma 390 MB/s (lzma-rust2: 205), zstd 1,200 to 1,900 (ruzstd: 700), flate2 with zlib-rs
//! 880, bzip2 38, which is what the format allows. All build with the Rust toolchain and a C compiler.

use std::io::{self, Read};

use super::content::Packing;
use super::pages::Paged;

/// Bytes that a decoder takes at once.
const BUFFER: usize = 128 * 1024;
/// Memory that an xz stream may ask for: `xz -9` needs 65 MiB, a hostile one 4 GiB.
const XZ_MEMORY: u64 = 256 << 20;
/// The largest window of a zstd stream, as a power of two: 128 MiB, the default of `zstd --long`.
const ZSTD_WINDOW: u32 = 27;

/// The contents of a compressed stream.
///
/// # Errors
/// If the decoder cannot be made; what is wrong with the stream is told by reading it.
pub(super) fn decoder<'a>(packing: Packing, packed: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let packed = Paged::new(BUFFER, packed);
    Ok(match packing {
        Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
        Packing::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(packed)),
        Packing::Xz => {
            let stream =
                liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY, liblzma::stream::CONCATENATED)?;
            Box::new(liblzma::bufread::XzDecoder::new_stream(packed, stream))
        }
        Packing::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(packed)?;
            decoder.window_log_max(ZSTD_WINDOW)?;
            Box::new(decoder)
        }
    })
}
