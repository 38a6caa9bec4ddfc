//! The objects of a must-gather, as `oc adm inspect` writes them.
//!
//! Good enough to be parsed and joined (names, namespaces and conditions agree with the tree), and padded
//! with `managedFields`, which make up most of a real one. None of it reports a failing request: an
//! APIService's condition is evidence, no failure.

use super::scribe::Scribe;

/// What an object is, for the head that all objects share.
pub(crate) struct Object<'a> {
    pub(crate) api_version: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) name: &'a str,
    /// Empty for a cluster-scoped object.
    pub(crate) namespace: &'a str,
}

const MANAGED_FIELDS: &str = "
  - apiVersion: v1
    fieldsType: FieldsV1
    fieldsV1:
      f:metadata:
        f:annotations:
          .: {}
          f:include.release.openshift.io/self-managed-high-availability: {}
          f:include.release.openshift.io/hash-%x: {}
        f:labels:
          .: {}
          f:app.kubernetes.io/instance: {}
      f:spec:
        f:template:
          f:metadata:
            f:labels:
              f:pod-template-hash: {}
      f:status:
        f:observedGeneration: {}
    manager: %U
    operation: Update
    time: \"%s\"";

/// The rest of an item of a list, after its kind.
const ITEM: &str = "
  metadata:
    annotations:
      acme.example.com/applied: |
        leaderElection:
          leaderElect: true
          leaseDuration: 137s
          resourceName: %o
        servingInfo:
          bindAddress: 0.0.0.0:8443
          minTLSVersion: VersionTLS12
          names: [%o, %o.%n.svc, %o.%n.svc.cluster.local]
      acme.example.com/hash: \"%x%x%x%x\"
    creationTimestamp: \"%s\"
    labels:
      app.kubernetes.io/name: %o
      pod-template-hash: x%x
    name: %o-%x
    namespace: ";

const POD: &str = "
spec:
  containers:
  - image: quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:%x%x%x%x%x%x%x%x
    imagePullPolicy: IfNotPresent
    name: main
    readinessProbe:
      httpGet:
        path: /readyz
        port: 8443
        scheme: HTTPS
    resources:
      requests:
        cpu: %Nm
        memory: 50Mi
  nodeName: ip-10-0-12-7.ec2.internal
status:
  conditions:
  - lastProbeTime: null
    lastTransitionTime: \"%s\"
    status: \"True\"
    type: Ready
  containerStatuses:
  - name: main
    ready: true
    restartCount: 0
    started: true
  phase: Running
  podIP: %i
";

const API_SERVICE: &str = "
spec:
  group: %G
  groupPriorityMinimum: 9900
  service:
    name: %Z
    namespace: %Y
    port: 443
  version: %V
  versionPriority: 15
status:
  conditions:
  - lastTransitionTime: \"%s\"
    message: 'failing or missing response from https://%B/apis/%G/%V: Get \"https://%B/apis/%G/%V\": dial tcp %B: i/o timeout'
    reason: FailedDiscoveryCheck
    status: \"False\"
    type: Available
";

const OTHER: &str = "
spec:
  replicas: %N
  template:
    checksum: \"%x%x\"
status:
  conditions:
  - lastTransitionTime: \"%s\"
    message: All is well
    reason: AsExpected
    status: \"True\"
    type: Available
  observedGeneration: %N
";

/// One object of about `size` bytes, with the spec and the status of its kind.
pub(crate) fn object(object: &Object<'_>, size: usize, scribe: &mut Scribe, out: &mut Vec<u8>) {
    let Object { api_version, kind, name, namespace } = object;
    let head = format!(
        "---\napiVersion: {api_version}\nkind: {kind}\nmetadata:\n  creationTimestamp: \"%s\"\n  generation: %N\n  managedFields:"
    );
    scribe.fill(&head, out);
    let body = match *kind {
        "Pod" => POD,
        "APIService" => API_SERVICE,
        _ => OTHER,
    };
    scribe.fill(MANAGED_FIELDS, out);
    while out.len() + body.len() < size {
        scribe.fill(MANAGED_FIELDS, out);
    }
    let namespace = if namespace.is_empty() { String::new() } else { format!("\n  namespace: {namespace}") };
    scribe.fill(&format!("\n  name: {name}{namespace}\n  resourceVersion: \"%R\"\n  uid: %u"), out);
    scribe.fill(body, out);
}

/// A list of about `size` bytes, whose items are of the given kind and namespace.
pub(crate) fn list(of: &Object<'_>, size: usize, scribe: &mut Scribe, out: &mut Vec<u8>) {
    let Object { api_version, kind, namespace, .. } = of;
    scribe.fill(&format!("---\napiVersion: {api_version}\nitems:"), out);
    while out.len() < size {
        scribe.draw();
        scribe.fill(&format!("\n- apiVersion: {api_version}\n  kind: {kind}"), out);
        scribe.fill(ITEM, out);
        scribe.fill(&format!("{namespace}\n    resourceVersion: \"%R\"\n    uid: %u"), out);
    }
    scribe.fill(&format!("\nkind: {kind}List\nmetadata:\n  resourceVersion: \"%R\"\n"), out);
}
