//! Decompression while reading. The libraries are chosen by measurement on a real must-gather
//! (91 MB): liblzma 390 MB/s (lzma-rust2: 205), zstd 1,200 to 1,900 (ruzstd: 700), flate2 with zlib-rs
//! 880, bzip2 38, which is what the format allows. All build with the Rust toolchain and a C compiler.

use std::io::{self, Read};

use super::content::Packing;
use super::pages::Paged;

/// Bytes that a decoder takes at once.
const BUFFER: usize = 128 * 1024;
/// Bytes that a decoder gives at once, for where it fails, it loses all of them. Not that of gzip: zlib-rs takes 4 %
/// longer where it gives as few, for each time it looks for the last 32 KiB in a copy of them.
const AT_ONCE: usize = 128 * 1024;
/// Memory that an xz stream may ask for: `xz -9` needs 65 MiB, a hostile one 4 GiB.
const XZ_MEMORY: u64 = 256 << 20;
/// The largest window of a zstd stream, as a power of two: 128 MiB, the default of `zstd --long`.
const ZSTD_WINDOW: u32 = 27;

/// The contents of a compressed stream. A type, for another thread may read it if it may read what is packed.
pub(super) enum Decoder<R: Read> {
    Gzip(Box<flate2::bufread::MultiGzDecoder<Paged<R>>>),
    Bzip2(bzip2::bufread::MultiBzDecoder<Paged<R>>),
    Xz(liblzma::bufread::XzDecoder<Paged<R>>),
    Zstd(zstd::stream::read::Decoder<'static, Paged<R>>),
}

impl<R: Read> Decoder<R> {
    /// # Errors
    /// If the decoder cannot be made; what is wrong with the stream is told by reading it.
    pub(super) fn new(packing: Packing, packed: R) -> io::Result<Decoder<R>> {
        let packed = Paged::new(BUFFER, packed);
        Ok(match packing {
            Packing::Gzip => Decoder::Gzip(Box::new(flate2::bufread::MultiGzDecoder::new(packed))),
            Packing::Bzip2 => Decoder::Bzip2(bzip2::bufread::MultiBzDecoder::new(packed)),
            Packing::Xz => {
                let stream =
                    liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY, liblzma::stream::CONCATENATED)?;
                Decoder::Xz(liblzma::bufread::XzDecoder::new_stream(packed, stream))
            }
            Packing::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(packed)?;
                decoder.window_log_max(ZSTD_WINDOW)?;
                Decoder::Zstd(decoder)
            }
        })
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = if matches!(self, Decoder::Gzip(_)) { usize::MAX } else { AT_ONCE };
        let most = buffer.len().min(most);
        let buffer = &mut buffer[..most];
        match self {
            Decoder::Gzip(decoder) => decoder.read(buffer),
            Decoder::Bzip2(decoder) => decoder.read(buffer),
            Decoder::Xz(decoder) => decoder.read(buffer),
            Decoder::Zstd(decoder) => decoder.read(buffer),
        }
    }
}
