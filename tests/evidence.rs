//! Real archives, where they are: the folder that APIBLAME_CORPUS names, or `../shared/corpus`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use apiblame::diagnosis::diagnose;
use apiblame::evidence::{Cluster, wants};
use apiblame::inventory::Inventory;
use apiblame::k8s::Cause;

fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let folder = std::env::var_os("APIBLAME_CORPUS").map_or(beside, PathBuf::from);
    folder.join("must-gather").is_dir().then_some(folder)
}

/// An archive, unpacked by `tar` into a folder of its own.
fn unpacked(archive: &Path) -> PathBuf {
    static FOLDERS: AtomicUsize = AtomicUsize::new(0);
    let number = FOLDERS.fetch_add(1, Relaxed);
    let folder = std::env::temp_dir().join(format!("apiblame-corpus-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for what is unpacked");
    let unpacked = Command::new("tar").arg("-xf").arg(archive).arg("-C").arg(&folder).status();
    assert!(unpacked.is_ok_and(|status| status.success()), "{}", archive.display());
    folder
}

/// The objects of an archive.
fn read(archive: &Path) -> Option<(Cluster, Vec<String>)> {
    let name = archive.is_file().then_some(archive)?.file_name()?.to_str()?;
    let folder = unpacked(archive);
    let (mut cluster, mut backwards) = (Cluster::default(), Cluster::default());
    let mut errors = Vec::new();
    let entries = ignore::WalkBuilder::new(&folder).standard_filters(false).build().flatten();
    let files = entries.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    let paths = files.map(ignore::DirEntry::into_path);
    let named = paths.map(|path| (path.strip_prefix(&folder).unwrap_or(&path).display().to_string(), path));
    let wanted: Vec<(String, PathBuf)> = named.filter(|(name, _)| wants(name)).collect();
    let read = |path: &Path| std::fs::read(path).unwrap_or_default();
    for (name, path) in &wanted {
        errors.extend(cluster.add(name, &read(path)).err().map(|error| format!("{name}: {error}")));
    }
    for (name, path) in wanted.iter().rev() {
        backwards.add(name, &read(path)).ok();
    }
    std::fs::remove_dir_all(&folder).ok();
    cluster.settle();
    backwards.settle();
    assert!(cluster == backwards, "{name}: the order of its files matters");
    Some((cluster, errors))
}

#[test]
fn real_archives() {
    let Some(corpus) = corpus() else {
        eprintln!("skipped: no corpus");
        return;
    };
    let of = |name: &str| read(&corpus.join(name)).filter(|(cluster, _)| !cluster.is_empty());
    if let Some((cluster, errors)) = of("must-gather/must-gather-azure.tar.xz") {
        assert!(errors.is_empty(), "{errors:?}");
        // `find -path '*clusterserviceversions/*' | xargs grep -L olm.copiedFrom` gives three.
        assert_eq!((cluster.aggregated().count(), cluster.csvs.len()), (9, 3));
        assert_eq!(cluster.openshift_version().as_deref(), Some("4.8.11"));
        assert_eq!(cluster.kubernetes_version().as_deref(), Some("1.21.1"));
        let inventory = Inventory::of(&cluster);
        assert!(inventory.apiservices.iter().all(|one| one.owner.as_deref() == Some("openshift-apiserver")));
        // Everything had recovered when it was gathered.
        assert!(diagnose(Vec::new(), Some(&cluster)).is_empty());
    }
    if let Some((cluster, errors)) = of("cluster/m-openshift-apiserver-no-endpoints.tar.gz") {
        assert!(errors.is_empty(), "{errors:?}");
        let found = diagnose(Vec::new(), Some(&cluster));
        assert_eq!(found.len(), 9);
        assert!(found.iter().all(|one| one.incident.cause == Cause::ApiserviceUnavailable));
        let outages: BTreeSet<&str> = found.iter().filter_map(|one| one.outage.as_deref()).collect();
        assert_eq!(outages.len(), 2);
    }
    if let Some((cluster, _)) = of("cluster/l-deleted-and-recreated.tar.gz") {
        let found = diagnose(Vec::new(), Some(&cluster));
        assert_eq!(found.len(), 1);
        assert!(found[0].owner.as_ref().is_some_and(|owner| owner.how_known.contains("ownerReference")));
        assert!(found[0].remedy.iter().any(|step| !step.lasting) && found[0].remedy[0].lasting);
    }
}

/// YAML is read without what no diagnosis reads, JSON with all of it: both say the same.
#[test]
fn what_is_cut_out_of_yaml_is_of_no_interest() {
    let Some(corpus) = corpus() else {
        eprintln!("skipped: no corpus");
        return;
    };
    let mut compared = 0;
    for archive in ["must-gather/must-gather-azure.tar.xz", "must-gather/must-gather-metal.tar.xz"] {
        let folder = unpacked(&corpus.join(archive));
        for entry in ignore::WalkBuilder::new(&folder).standard_filters(false).build().flatten() {
            let name = entry.path().display().to_string();
            if !wants(&name) || !name.ends_with(".yaml") || name.contains("/customresourcedefinitions/") {
                continue;
            }
            let yaml = std::fs::read(entry.path()).unwrap_or_default();
            let Ok(value) = yaml_serde::from_slice::<serde_json::Value>(&yaml) else { continue };
            let said = |path: &str, bytes: &[u8]| {
                let mut cluster = Cluster::default();
                cluster.add(path, bytes).unwrap();
                let mut said = serde_json::to_value(&cluster).unwrap();
                forget(&mut said);
                said
            };
            let json = said(&name.replace(".yaml", ".json"), value.to_string().as_bytes());
            assert_eq!(said(&name, &yaml), json, "{name}");
            compared += 1;
        }
        std::fs::remove_dir_all(&folder).ok();
    }
    assert!(compared > 1000, "{compared} files");
}

/// Forgets what is different on purpose: where something was read, and who wrote which field.
fn forget(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(map) => {
            map.remove("place");
            map.remove("managedFields");
            map.values_mut().for_each(forget);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(forget),
        _ => {}
    }
}
