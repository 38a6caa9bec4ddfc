//! Makes small archives in memory.

use std::io::{Cursor, Write};

/// Paths and contents.
pub(crate) type Entries = Vec<(String, Vec<u8>)>;

/// A small must-gather: two image folders that share a log, an object, something that is left out,
/// a log in gzip, a log in an archive of its own, an empty log, a core dump.
pub(crate) fn tree() -> Entries {
    let failure = |time: &str| {
        format!(
            "2026-07-14T08:55:{time}Z E0714 08:55:{time}    1353 memcache.go:287] couldn't get resource list \
             for metrics.k8s.io/v1beta1: the server is currently unable to handle the request\n"
        )
        .into_bytes()
    };
    let insights = tar(&[("config/pod/ns/logs/p/errors.log".into(), failure("13.000003"))]);
    let logs = "namespaces/ns/pods/p/c/c/logs";
    vec![
        (format!("mg/q/{logs}/current.log"), failure("13.000001")),
        (format!("mg/r/{logs}/current.log"), failure("13.000001")),
        (format!("mg/q/{logs}/previous.insecure.log"), Vec::new()),
        (format!("mg/q/{logs}/rotated/0.log.20260714-000000.gz"), gzip(&failure("13.000002"))),
        ("mg/q/insights-data/insights-operator/insights-1.tar.gz".into(), gzip(&insights)),
        ("mg/q/gather.logs".into(), [failure("13.000004"), b"done\n".to_vec()].concat()),
        ("mg/q/namespaces/ns/core/events.yaml".into(), b"---\nkind: EventList\n".to_vec()),
        ("mg/event-filter.html".into(), b"<html>unable to handle the request</html>".to_vec()),
        ("mg/q/node_core_dumps/core".into(), b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x04\0>\0".to_vec()),
    ]
}

/// A tar as GNU tar writes it.
pub(crate) fn tar(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        if path.len() < 100 {
            // As hostile programs do it: the library itself refuses `..` and `/`.
            header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
            header.set_cksum();
            builder.append(&header, bytes.as_slice()).unwrap();
        } else {
            builder.append_data(&mut header, path, bytes.as_slice()).unwrap();
        }
    }
    builder.into_inner().unwrap()
}

/// A zip with deflated entries.
pub(crate) fn zip(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (path, bytes) in entries {
        writer.start_file(path.as_str(), options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// One gzip member.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// One xz stream.
pub(crate) fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut out = liblzma::write::XzEncoder::new(Vec::new(), 1);
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// One bzip2 stream.
pub(crate) fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut out = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// One zstd frame.
pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}
