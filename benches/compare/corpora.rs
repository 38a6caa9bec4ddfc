//! The rows of the comparison: which corpora there are, in which container, and how they get to the disk.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::generator::{self, Corpus, Plan, Written};
use crate::options::Options;
use crate::tools::installed;

/// Bytes of a real must-gather's text, the most that its row gets.
const MUST_GATHER_BYTES: u64 = 84_000_000;

/// How a corpus lies on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    File,
    Gzip,
    Directory,
    TarGzip,
    /// A file that is read through a pipe.
    Pipe,
}

/// A row of the comparison.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    corpus: Corpus,
    container: Container,
}

/// All rows, in the order of the table.
pub(crate) const ROWS: [Row; 10] = [
    Row { name: "sparse", corpus: Corpus::Sparse, container: Container::File },
    Row { name: "clean", corpus: Corpus::Clean, container: Container::File },
    Row { name: "dense", corpus: Corpus::Dense, container: Container::File },
    Row { name: "audit", corpus: Corpus::Audit, container: Container::File },
    Row { name: "kubeapiserver", corpus: Corpus::KubeApiserver, container: Container::File },
    Row { name: "tiny", corpus: Corpus::Tiny, container: Container::File },
    Row { name: "sparse.gz", corpus: Corpus::Sparse, container: Container::Gzip },
    Row { name: "must-gather", corpus: Corpus::MustGather, container: Container::Directory },
    Row { name: "must-gather.tar.gz", corpus: Corpus::MustGather, container: Container::TarGzip },
    Row { name: "growth", corpus: Corpus::Sparse, container: Container::Pipe },
];

/// A corpus on the disk.
pub(crate) struct Made {
    pub(crate) name: &'static str,
    pub(crate) corpus: Corpus,
    pub(crate) container: Container,
    pub(crate) path: PathBuf,
    /// What is in it, uncompressed.
    pub(crate) written: Written,
}

/// Writes the corpus of a row; the inner error names the tool that is missing for it.
pub(crate) fn make(row: &Row, options: &Options) -> io::Result<Result<Made, &'static str>> {
    let Row { name, corpus, container } = *row;
    let packer = match container {
        Container::File | Container::Directory | Container::Pipe => None,
        Container::Gzip => Some("gzip"),
        Container::TarGzip => Some("tar"),
    };
    if let Some(missing) = packer.filter(|tool| !installed(tool)) {
        return Ok(Err(missing));
    }
    let stem = if corpus == Corpus::MustGather {
        "apiblame-must-gather".to_owned()
    } else {
        format!("{corpus:?}.log")
    };
    let plain = options.dir.join(stem.to_lowercase());
    let plan = Plan { corpus, bytes: options.size, seed: options.seed };
    let written = if corpus == Corpus::MustGather {
        if plain.exists() {
            fs::remove_dir_all(&plain)?;
        }
        generator::write_tree(&plain, &Plan { bytes: plan.bytes.min(MUST_GATHER_BYTES), ..plan })?
    } else {
        generator::write(&plan, &mut File::create(&plain)?)?
    };
    let packed = options.dir.join(format!("apiblame-{name}"));
    let path = match container {
        Container::File | Container::Directory | Container::Pipe => plain,
        Container::Gzip => {
            pack(Command::new("gzip").arg("-c").arg(&plain).stdout(File::create(&packed)?), &packed)?
        }
        Container::TarGzip => {
            pack(Command::new("tar").arg("-czf").arg(&packed).arg("-C").arg(&plain).arg("."), &packed)?
        }
    };
    Ok(Ok(Made { name, corpus, container, path, written }))
}

/// Runs the packer and returns the path of what it packed.
fn pack(packer: &mut Command, packed: &Path) -> io::Result<PathBuf> {
    let status = packer.stdin(Stdio::null()).status()?;
    if status.success() {
        Ok(packed.to_owned())
    } else {
        Err(io::Error::other(format!("{packer:?}: {status}")))
    }
}
