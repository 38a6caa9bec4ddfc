//! What repairs a broken link of the chain to a backend, and how clients survive one.
//!
//! Words in braces are filled in: `{apiservice}`, `{namespace}`, `{service}`, `{owner}`, `{port}`.

use super::known::KnownStep;

const fn step(step: &'static str, why: &'static str, command: &'static str, lasting: bool) -> KnownStep {
    KnownStep { step, why, command, lasting }
}

/// Steps by the link that is broken, in kebab-case.
#[rustfmt::skip]
pub const BY_LINK: &[(&str, &[KnownStep])] = &[
    ("service-missing", &[step("Find out who should bring the Service {namespace}/{service}: install {owner} again, or finish uninstalling it", "an APIService without its Service can never become available", "oc -n {namespace} get all; oc get csv,subscription -A | grep -i {namespace}", true)]),
    ("port-missing", &[step("Make the port of the Service {namespace}/{service} and that of the APIService ({port}) agree", "the aggregation layer looks for exactly this port", "oc -n {namespace} get service {service} -o jsonpath='{.spec.ports}'", true)]),
    ("scaled-to-zero", &[step("Scale what serves {namespace}/{service} up again, through {owner} if it manages it", "no pod means no endpoints", "oc -n {namespace} get deploy,statefulset", true)]),
    ("no-pods", &[step("Find out why no pod of {namespace}/{service} exists: a missing Deployment, a selector that fits nothing, a quota", "no pod means no endpoints", "oc -n {namespace} get deploy,rs,events; oc -n {namespace} get service {service} -o jsonpath='{.spec.selector}'", true)]),
    ("pods-crash", &[step("Read why the pods behind {namespace}/{service} crash, and repair that", "the APIService becomes available by itself as soon as they are ready", "oc -n {namespace} logs --previous deploy/{service} --all-containers; oc -n {namespace} get events --sort-by=.lastTimestamp", true)]),
    ("out-of-memory", &[step("Give the pods behind {namespace}/{service} a higher memory limit, where {owner} sets it (a CR, the Subscription's config), or find what makes them grow", "a limit that is edited in the Deployment is set back by {owner}", "oc -n {namespace} get pods -o custom-columns=NAME:.metadata.name,LIMITS:.spec.containers[*].resources.limits.memory; oc adm top pods -n {namespace}", true)]),
    ("image-missing", &[step("Make the image of the pods behind {namespace}/{service} available again: its name, the pull secret, the mirror, the registry", "the pods start by themselves as soon as it can be pulled", "oc -n {namespace} get events --field-selector reason=Failed; oc -n {namespace} get pods -o jsonpath='{.items[*].spec.containers[*].image}'", true)]),
    ("node-down", &[step("Bring the node back, or delete it so that the pods of {namespace}/{service} move", "pods of a node that is lost stay where they are until they are evicted, and one with local volumes or a node selector longer", "oc get nodes; oc -n {namespace} get pods -o wide", true)]),
    ("pods-pending", &[step("Read why the pods behind {namespace}/{service} cannot start: image, node selector, volume, quota", "the APIService becomes available by itself as soon as they are ready", "oc -n {namespace} describe pods; oc -n {namespace} get events --sort-by=.lastTimestamp", true)]),
    ("pods-not-ready", &[step("Read why the pods behind {namespace}/{service} are not ready", "the APIService becomes available by itself as soon as they are", "oc -n {namespace} describe pods; oc -n {namespace} logs deploy/{service}", true)]),
    ("no-endpoints", &[step("Find out why {namespace}/{service} has no endpoints", "the APIService becomes available by itself as soon as it has one", "oc -n {namespace} get service,endpointslices,pods -o wide", true)]),
    ("certificate", &[step("Compare the CA in the APIService with the one that signed the backend's certificate, and have {owner} renew it", "kube-apiserver trusts only spec.caBundle; what injects it (service-ca, OLM, cert-manager) writes it again, so an edit by hand does not last", "oc get apiservice {apiservice} -o jsonpath='{.spec.caBundle}' | base64 -d | openssl x509 -noout -issuer -dates", true)]),
    ("certificate-expired", &[step("Have {owner} renew the serving certificate of {namespace}/{service}: delete its secret where service-ca or OLM made it, and restart the pods that hold the old one", "whoever signs it makes a new one when the secret is missing, and puts its CA into the APIService", "oc -n {namespace} get secrets --field-selector type=kubernetes.io/tls; oc -n {namespace} rollout restart deploy/{service}", true)]),
    ("refused", &[step("Find out why what serves {namespace}/{service} does not listen although its pods count as ready, and repair that", "the endpoints point to a port that nobody listens on: the readiness probe asks something else", "oc -n {namespace} get pods,endpointslices -o wide; oc -n {namespace} logs deploy/{service}", true)]),
    ("no-answer", &[step("Look for what keeps kube-apiserver from the pods of {namespace}/{service}: a NetworkPolicy, a firewall, the network plug-in, konnectivity's agents, an overloaded backend", "the check gets no answer within 5 seconds", "oc -n {namespace} get networkpolicy,pods -o wide; oc get podnetworkconnectivitychecks -n openshift-kube-apiserver", true)]),
    ("bad-answer", &[step("Read in the logs of {namespace}/{service} why it answers its own discovery path with an error", "the aggregation layer wants 200 for /apis/<group>/<version>", "oc -n {namespace} logs deploy/{service}", true)]),
    ("denied", &[step("Make the backend of {namespace}/{service} trust the front-proxy CA: compare kube-system/extension-apiserver-authentication with what it read at its start, and restart it", "a backend that does not accept the proxy's certificate takes kube-apiserver for anonymous (401), or finds no user in its request (403); most read the CA only when they start", "oc -n kube-system get configmap extension-apiserver-authentication -o yaml; oc -n {namespace} rollout restart deploy/{service}", true), step("Look whether the backend's service account may read that ConfigMap and create SubjectAccessReviews", "it needs the role extension-apiserver-authentication-reader and the cluster role system:auth-delegator", "oc get rolebinding -n kube-system -o wide | grep extension-apiserver-authentication-reader; oc get clusterrolebinding -o wide | grep system:auth-delegator", true)]),
    ("not-served", &[step("Make the version of the APIService and that of what runs behind {namespace}/{service} agree: update {owner}, or remove the APIService of the version that is gone", "an APIService of a version that its backend no longer serves can never become available", "oc get apiservices | grep {service}; oc -n {namespace} get deploy -o wide", true)]),
    ("check-failed", &[step("Read the condition's message, and repair what it names behind {namespace}/{service}", "the APIService becomes available by itself as soon as its backend answers", "oc get apiservice {apiservice} -o yaml", true)]),
    ("access-error", &[step("Look at kube-apiserver's own health", "it could not read the Service or its endpoints: the backend may be healthy", "oc get clusteroperator kube-apiserver", true)]),
];

/// How the clients that suffer survive: client, and what to do.
#[rustfmt::skip]
pub const SURVIVAL: &[(&str, KnownStep)] = &[
    ("kopf", step("Make the Kopf operators that died name their API groups in all handlers", "Kopf scans every group at start if one handler leaves its group out, and one dead group then ends it after 9 attempts (54 s); up to the newest version none tolerates it (nolar/kopf#740, #741, #1169)", "@kopf.on.create('example.com', 'v1', 'things')", true)),
    ("controller-runtime", step("Update programs on controller-runtime 0.14 or older", "their REST mapper asks for all groups at start, since 0.15 the mapper asks lazily for those that it needs (kubernetes-sigs/controller-runtime#2296); a watch on a dead group itself still ends them after 2 minutes", "", true)),
    ("helm", step("Update helm to 3.0.2 or newer", "up to 3.0.1 one dead group fails every install (helm/helm#6361)", "helm version", true)),
    ("client-go", step("Let Go programs go on with partial discovery", "ServerGroupsAndResources gives what it found together with an ErrGroupDiscoveryFailed: check discovery.IsGroupDiscoveryFailedError(err) and use the rest", "", true)),
    ("python-kubernetes", step("Let Python programs ask only for the groups that they use", "DynamicClient discovers every group at start, unless its discoverer is given; one 503 is an exception", "", true)),
    ("velero", step("Exclude the dead group from the backup, or repair it first", "Velero discovers all groups before a backup", "", true)),
];
