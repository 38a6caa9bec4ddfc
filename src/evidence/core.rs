//! The objects of the chain from an APIService to the process that should answer: APIService,
//! Service, Endpoints, EndpointSlice, Pod, its workload; and Node, Namespace and Event beside them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::meta::{Condition, Object, condition};

macro_rules! shape {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(default, rename_all = "camelCase")]
        pub struct $name { $($(#[$fdoc])* pub $field: $type,)* }
    )*};
}
pub(super) use shape;

shape! {
    /// An APIService (`apiregistration.k8s.io`).
    ApiService {
        /// Specification.
        spec: ApiServiceSpec,
        /// Status.
        status: Conditions,
    }
    /// What an APIService registers.
    ApiServiceSpec {
        /// API group; empty for the core group.
        group: String,
        /// Version.
        version: String,
        /// The Service that serves it; `None` for a Local one.
        service: Option<ServiceReference>,
        /// Base64 PEM; only whether it is there matters.
        ca_bundle: String,
    }
    /// Which Service an APIService wants.
    ServiceReference {
        /// Namespace.
        namespace: String,
        /// Name.
        name: String,
        /// Port; 443 where it is left out.
        port: Option<u16>,
    }
    /// A status that is nothing but conditions.
    Conditions {
        /// Conditions.
        conditions: Vec<Condition>,
    }
    /// A Service.
    Service {
        /// Specification.
        spec: ServiceSpec,
    }
    /// What a Service selects.
    ServiceSpec {
        /// `ClusterIP`, `ExternalName`, …
        #[serde(rename = "type")]
        kind: String,
        /// Labels of its pods; empty where somebody else writes its endpoints.
        selector: BTreeMap<String, String>,
        /// Ports.
        ports: Vec<ServicePort>,
    }
    /// A port of a Service.
    ServicePort {
        /// Name.
        name: String,
        /// Number.
        port: u16,
    }
    /// Endpoints (the older form).
    Endpoints {
        /// Address sets.
        subsets: Vec<Subset>,
    }
    /// A set of addresses.
    Subset {
        /// Those that are ready.
        addresses: Vec<Address>,
        /// Those that are not.
        not_ready_addresses: Vec<Address>,
    }
    /// An address.
    Address {
        /// IP.
        ip: String,
        /// What stands behind it.
        target_ref: Target,
    }
    /// What stands behind an address.
    Target {
        /// `Pod`.
        kind: String,
        /// Name.
        name: String,
    }
    /// An EndpointSlice (`discovery.k8s.io`).
    EndpointSlice {
        /// Endpoints.
        endpoints: Vec<Endpoint>,
    }
    /// One endpoint of a slice.
    Endpoint {
        /// IPs.
        addresses: Vec<String>,
        /// Its state.
        conditions: EndpointConditions,
        /// What stands behind it.
        target_ref: Target,
    }
    /// State of an endpoint.
    EndpointConditions {
        /// Left out means ready.
        ready: Option<bool>,
    }
    /// A Pod.
    Pod {
        /// Specification.
        spec: PodSpec,
        /// Status.
        status: PodStatus,
    }
    /// Where a pod runs.
    PodSpec {
        /// Node; empty while it is not scheduled.
        node_name: String,
    }
    /// How a pod is.
    PodStatus {
        /// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`.
        phase: String,
        /// `Evicted`, …
        reason: String,
        /// Address.
        #[serde(rename = "podIP")]
        pod_ip: String,
        /// Conditions.
        conditions: Vec<Condition>,
        /// Containers.
        container_statuses: Vec<ContainerStatus>,
        /// Containers that run first.
        init_container_statuses: Vec<ContainerStatus>,
    }
    /// How a container is.
    ContainerStatus {
        /// Name.
        name: String,
        /// Whether it passes its readiness probe.
        ready: bool,
        /// How often it was started again.
        restart_count: u32,
        /// Now.
        state: ContainerState,
        /// Before its last start.
        last_state: ContainerState,
    }
    /// Waiting, terminated, or else running.
    ContainerState {
        /// Why it waits.
        waiting: Option<Waiting>,
        /// How it ended.
        terminated: Option<Terminated>,
    }
    /// Why a container waits.
    Waiting {
        /// `CrashLoopBackOff`, `ImagePullBackOff`, …
        reason: String,
        /// A sentence.
        message: String,
    }
    /// How a container ended.
    Terminated {
        /// `Error`, `OOMKilled`, `Completed`, …
        reason: String,
        /// Exit code.
        exit_code: i32,
        /// RFC 3339.
        finished_at: String,
    }
    /// A Deployment, StatefulSet or DaemonSet.
    Workload {
        /// Specification.
        spec: WorkloadSpec,
        /// Status.
        status: WorkloadStatus,
    }
    /// What a workload wants.
    WorkloadSpec {
        /// Pods wanted; 1 where it is left out, unknown for a DaemonSet.
        replicas: Option<i64>,
        /// Its pods.
        template: Template,
    }
    /// The pods of a workload.
    Template {
        /// Metadata.
        metadata: TemplateMeta,
    }
    /// Metadata of a workload's pods.
    TemplateMeta {
        /// Labels.
        labels: BTreeMap<String, String>,
    }
    /// What a workload has.
    WorkloadStatus {
        /// Ready pods.
        ready_replicas: i64,
        /// Conditions.
        conditions: Vec<Condition>,
    }
    /// A Node.
    Node {
        /// Status.
        status: NodeStatus,
    }
    /// How a node is.
    NodeStatus {
        /// Versions.
        node_info: NodeInfo,
        /// Conditions.
        conditions: Vec<Condition>,
    }
    /// Versions of a node's programs.
    NodeInfo {
        /// `v1.30.10`, with what a distribution appends.
        kubelet_version: String,
    }
    /// A Namespace.
    Namespace {
        /// Status.
        status: Conditions,
    }
    /// An Event, of either API.
    Event {
        /// Whom it is about.
        involved_object: Involved,
        /// One word.
        reason: String,
        /// A sentence.
        #[serde(alias = "note")]
        message: String,
        /// `Normal`, `Warning`.
        #[serde(rename = "type")]
        kind: String,
        /// How often; 0 where it is left out.
        count: u64,
        /// RFC 3339.
        first_timestamp: String,
        /// RFC 3339.
        last_timestamp: String,
        /// RFC 3339, of the newer API.
        event_time: String,
    }
    /// Whom an event is about.
    Involved {
        /// Kind.
        kind: String,
        /// Name.
        name: String,
    }
}

impl ApiService {
    /// Its Available condition.
    pub fn available(&self) -> Option<&Condition> {
        condition(&self.status.conditions, "Available")
    }

    /// Whether its condition says that it does not work.
    pub fn is_broken(&self) -> bool {
        self.spec.service.is_some() && self.available().is_some_and(|c| c.status != "True")
    }
}

impl ServiceReference {
    /// `namespace/name`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }
}

impl Pod {
    /// All containers, those that run first included.
    pub fn containers(&self) -> impl Iterator<Item = &ContainerStatus> {
        self.status.init_container_statuses.iter().chain(&self.status.container_statuses)
    }

    /// Whether it can answer.
    pub fn ready(&self) -> bool {
        condition(&self.status.conditions, "Ready").is_some_and(|c| c.status == "True")
    }

    /// Restarts of all containers.
    pub fn restarts(&self) -> u32 {
        self.containers().map(|container| container.restart_count).sum()
    }

    /// How its containers ended: the last time, and before it.
    pub fn ends(&self) -> impl Iterator<Item = (&ContainerStatus, &Terminated)> {
        self.containers().flat_map(|container| {
            [&container.state.terminated, &container.last_state.terminated]
                .into_iter()
                .flatten()
                .map(move |ended| (container, ended))
        })
    }
}

impl Object<Event> {
    /// Nanoseconds since 1970 of the first and the last time.
    pub fn window(&self) -> Option<(i64, i64)> {
        let nanos = super::meta::nanos;
        let event = &self.body;
        let first = nanos(&event.first_timestamp).or_else(|| nanos(&event.event_time)).or(self.created())?;
        Some((first, nanos(&event.last_timestamp).unwrap_or(first).max(first)))
    }
}
