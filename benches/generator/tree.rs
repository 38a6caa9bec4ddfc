//! A must-gather: many small files, many of them empty, and a few logs that hold most of the bytes.
//!
//! The layout, the share of empty files (23 %) and the mixture of sizes follow four real ones of OpenShift
//! 4.8 and 4.9. A namespace is the unit: it has 60 files and about 1.4 MB, so 84 MB make 60 namespaces and
//! 3,600 files. Each pod speaks with one voice. It is no archive: `tar` makes that.

use std::fs;
use std::io;
use std::path::Path;

use super::clock::TREE_START;
use super::rng::Rng;
use super::scribe::{Scribe, hex};
use super::sparse::Voice;
use super::words::{AGGREGATED, NAMESPACES, OBJECTS};
use super::yaml::{self, Object};
use super::{Plan, Written};

/// Bytes of a namespace, on average, with its share of the cluster-scoped objects.
const NAMESPACE_BYTES: u64 = 1_400_000;
const PODS: u64 = 8;
const CLUSTER_SCOPED: usize = 15;
/// Lines that report a failing request, in thousandths.
const FAILING: u64 = 3;

/// The lists that `oc adm inspect` writes for a namespace: the folder (its group), the file and the kind.
const LISTS: [(&str, &str, &str); 12] = [
    ("core", "configmaps", "ConfigMap"),
    ("core", "endpoints", "Endpoints"),
    ("core", "events", "Event"),
    ("core", "persistentvolumeclaims", "PersistentVolumeClaim"),
    ("core", "pods", "Pod"),
    ("core", "secrets", "Secret"),
    ("core", "services", "Service"),
    ("apps", "daemonsets", "DaemonSet"),
    ("apps", "deployments", "Deployment"),
    ("apps", "replicasets", "ReplicaSet"),
    ("apps", "statefulsets", "StatefulSet"),
    ("batch", "jobs", "Job"),
];

/// Writes the tree below `dir`, which is created; lines and bytes are those of all files together.
pub(crate) fn write_tree(dir: &Path, plan: &Plan) -> io::Result<Written> {
    let mut rng = Rng::new(plan.seed);
    let mut image = Vec::new();
    (0..4).for_each(|_| hex(&mut image, rng.bits(), 16));
    let image = String::from_utf8_lossy(&image).into_owned();
    let root = dir.join(format!("quay-io-openshift-release-dev-ocp-v4-0-art-dev-sha256-{image}"));

    let mut written = Written::default();
    let namespaces = plan.bytes.div_ceil(NAMESPACE_BYTES).max(1) as usize;
    for number in 0..namespaces {
        let round = number / NAMESPACES.len();
        let suffix = if round == 0 { String::new() } else { format!("-{round}") };
        let name = format!("{}{suffix}", NAMESPACES[number % NAMESPACES.len()]);
        let mut folder = Folder { root: &root, rng: &mut rng, written: &mut written };
        folder.cluster_scoped(number)?;
        folder.lists(&name)?;
        for _ in 0..PODS {
            folder.pod(&name)?;
        }
    }
    Ok(written)
}

/// The root of the must-gather, and what is in it so far.
struct Folder<'a> {
    root: &'a Path,
    rng: &'a mut Rng,
    written: &'a mut Written,
}

impl Folder<'_> {
    /// The share of one namespace in `cluster-scoped-resources`. The first one has the APIServices that are
    /// broken.
    fn cluster_scoped(&mut self, number: usize) -> io::Result<()> {
        for place in 0..CLUSTER_SCOPED {
            let mut scribe = self.scribe("");
            let size = self.size(2_000, 3);
            let mut text = Vec::new();
            let broken = AGGREGATED.get(place).filter(|_| number == 0);
            let (path, object_name, api_version, kind) = if let Some(api) = broken {
                scribe.speak_of(place);
                let name = format!("{}.{}", api.version, api.group);
                ("apiregistration.k8s.io/apiservices", name, "apiregistration.k8s.io/v1", "APIService")
            } else {
                let name = format!("{}-{number}-{place}", scribe.object);
                (
                    "rbac.authorization.k8s.io/clusterroles",
                    name,
                    "rbac.authorization.k8s.io/v1",
                    "ClusterRole",
                )
            };
            let object = Object { api_version, kind, name: &object_name, namespace: "" };
            yaml::object(&object, size, &mut scribe, &mut text);
            self.file(&format!("cluster-scoped-resources/{path}/{object_name}.yaml"), &text)?;
        }
        Ok(())
    }

    /// The namespace itself and its lists.
    fn lists(&mut self, namespace: &str) -> io::Result<()> {
        let mut text = Vec::new();
        let object = Object { api_version: "v1", kind: "Namespace", name: namespace, namespace: "" };
        yaml::object(&object, 1_500, &mut self.scribe(""), &mut text);
        self.file(&format!("namespaces/{namespace}/{namespace}.yaml"), &text)?;
        for (group, resource, kind) in LISTS {
            text.clear();
            let size = self.size(600, 7);
            let api_version = if group == "core" { "v1".to_owned() } else { format!("{group}/v1") };
            let list = Object { api_version: &api_version, kind, name: "", namespace };
            yaml::list(&list, size, &mut self.scribe(""), &mut text);
            self.file(&format!("namespaces/{namespace}/{group}/{resource}.yaml"), &text)?;
        }
        Ok(())
    }

    /// One pod: its object, and the logs of its container before and after the last restart.
    fn pod(&mut self, namespace: &str) -> io::Result<()> {
        let mut id = Vec::new();
        hex(&mut id, self.rng.bits(), 10);
        let pod = format!("{}-{}", self.rng.pick(&OBJECTS), String::from_utf8_lossy(&id));
        let folder = format!("namespaces/{namespace}/pods/{pod}");

        let mut text = Vec::new();
        let size = self.size(4_000, 2);
        let object = Object { api_version: "v1", kind: "Pod", name: &pod, namespace };
        yaml::object(&object, size, &mut self.scribe(""), &mut text);
        self.file(&format!("{folder}/{pod}.yaml"), &text)?;

        let voice = Voice::pick(self.rng);
        let restarted = self.rng.per_mille(280);
        for (name, speaks) in [("previous", restarted), ("previous.insecure", false), ("current", true)] {
            text.clear();
            if speaks {
                self.log(voice, &mut text);
            }
            self.file(&format!("{folder}/main/main/logs/{name}.log"), &text)?;
        }
        Ok(())
    }

    /// A log as the kubelet hands it out: each line has a time of its own in front.
    fn log(&mut self, voice: &Voice, text: &mut Vec<u8>) {
        let mut scribe = self.scribe("%f ");
        let size = self.size(2_100, 8);
        while text.len() < size {
            let failing = scribe.rng.per_mille(FAILING);
            self.written.failures += u64::from(voice.say(failing, &mut scribe, text));
        }
    }

    fn scribe(&mut self, envelope: &'static str) -> Scribe {
        let mut scribe = Scribe::new(self.rng.bits(), TREE_START, envelope);
        scribe.draw();
        scribe
    }

    /// A size of at least `least` bytes and less than that doubled so many times; each doubling is as likely as
    /// the others, so small sizes are the most. In whole numbers: `powf` is not the same on every machine.
    fn size(&mut self, least: u64, doublings: u64) -> usize {
        let size = least << self.rng.below(doublings);
        (size + self.rng.below(size)) as usize
    }

    fn file(&mut self, path: &str, text: &[u8]) -> io::Result<()> {
        let path = self.root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)?;
        self.written.lines += text.iter().filter(|&&byte| byte == b'\n').count() as u64;
        self.written.bytes += text.len() as u64;
        Ok(())
    }
}
