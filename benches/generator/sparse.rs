//! What the pods of a cluster print: the templates behind `sparse`, `clean`, `dense` and the logs of a
//! must-gather.
//!
//! A voice is the dialect of one logging library with what programs say in it. The quiet lines are chosen to
//! be hard to tell from trouble at a glance: API paths that were served, "unable", "failed", 503 as a
//! duration, a request that the client itself held back. None of them reports a failing request. Each failing
//! line does, in one record on one line.

use super::rng::Rng;
use super::scribe::Scribe;

/// A logging library's dialect. The weights of all voices sum to 100.
pub(crate) struct Voice {
    weight: u64,
    quiet: &'static [&'static str],
    failing: &'static [&'static str],
}

const KLOG: Voice = Voice {
    weight: 34,
    quiet: &[
        "I%k %p reflector.go:808] k8s.io/client-go@v0.30.10/tools/cache/reflector.go:232: Watch close - *v1.%K total %N items received",
        r#"I%k %p event.go:377] Event(v1.ObjectReference{Kind:"Deployment", Namespace:"%n", Name:"%o", UID:"%u", APIVersion:"apps/v1", ResourceVersion:"", FieldPath:""}): type: 'Normal' reason: 'OperatorStatusChanged' Status for clusteroperator/%o changed: Progressing changed from True to False ("NodeInstallerProgressing: %N nodes are at revision %N")"#,
        r#"I%k %p event.go:377] Event(v1.ObjectReference{Kind:"Deployment", Namespace:"%n", Name:"%o", UID:"%u", APIVersion:"apps/v1", ResourceVersion:"", FieldPath:""}): type: 'Normal' reason: 'ConfigMapUpdated' Updated ConfigMap/%o -n %n: cause by changes in data.config.yaml"#,
        r#"I%k %p event.go:377] Event(v1.ObjectReference{Kind:"Pod", Namespace:"%n", Name:"%o-%x", UID:"%u", APIVersion:"v1", ResourceVersion:"%R", FieldPath:"spec.containers{main}"}): type: 'Normal' reason: 'Pulled' Container image "quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:%x%x%x%x%x%x%x%x" already present on machine, pull policy IfNotPresent, restart count %N, node ip-10-0-%N-%N.ec2.internal"#,
        "I%k %p leaderelection.go:281] successfully renewed lease %n/%o-lock",
        r#"I%k %p controller.go:214] "Reconciling" controller="%w" controllerKind="Deployment" Deployment="%n/%o" namespace="%n" name="%o" generation=%N resourceVersion="%R" reconcileID="%u""#,
        "I%k %p shared_informer.go:320] Caches are synced for %w",
        r#"I%k %p base_controller.go:172] "Sync finished" controller="%w" key="%n/%o" duration="503ms" requeue=false"#,
        r#"I%k %p httplog.go:132] "HTTP" verb="GET" URI="/apis/apps/v1/namespaces/%n/deployments/%o" latency="%mms" userAgent="%U" audit-ID="%u" srcIP="%i:51234" resp=200"#,
        "I%k %p request.go:697] Waited for 1.%Ns due to client-side throttling, not priority and fairness, request: GET:https://172.30.0.1:443/apis/%g?timeout=32s",
        "I%k %p cache.go:77] failed to find cached manifest for %n/%o, rendering it anew (revision %N, hash %x%x)",
        "I%k %p topology.go:184] unable to find a zone label on node ip-10-0-%N-%N.ec2.internal, spreading %n/%o by hostname",
        "I%k %p round_trippers.go:553] GET https://172.30.0.1:443/apis/%g/namespaces/%n?resourceVersion=%R&limit=500 200 OK in %N milliseconds",
    ],
    failing: &[
        "E%k %p memcache.go:287] couldn't get resource list for %G/%V: the server is currently unable to handle the request",
        "E%k %p reflector.go:150] k8s.io/client-go/informers/factory.go:160: Failed to watch *%V.%T: failed to list *%V.%T: the server is currently unable to handle the request (get %P.%G)",
        r#"E%k %p available_controller.go:460] %V.%G failed with: failing or missing response from https://%B/apis/%G/%V: Get "https://%B/apis/%G/%V": dial tcp %B: i/o timeout"#,
    ],
};

const ZAP_JSON: Voice = Voice {
    weight: 27,
    quiet: &[
        r#"{"level":"info","ts":"%z","logger":"controllers.%w","msg":"Reconciling","controller":"%w","controllerGroup":"apps","controllerKind":"Deployment","Deployment":{"name":"%o","namespace":"%n"},"namespace":"%n","name":"%o","reconcileID":"%u"}"#,
        r#"{"level":"info","ts":"%z","caller":"controller/controller.go:228","msg":"Starting workers","controller":"%w","worker count":%N}"#,
        r#"{"level":"info","ts":"%z","logger":"events","msg":"Scaled up replica set %o-%x to %N","type":"Normal","object":{"kind":"Deployment","namespace":"%n","name":"%o","uid":"%u","apiVersion":"apps/v1","resourceVersion":"%R"},"reason":"ScalingReplicaSet"}"#,
        r#"{"level":"debug","ts":"%z","logger":"client","msg":"Request served","verb":"GET","path":"/apis/%g/namespaces/%n/status","status":200,"duration":"503ms","attempt":1}"#,
        r#"{"level":"info","ts":"%z","logger":"cert-rotation","msg":"Certificate is valid, nothing to do","secret":"%n/%o-serving-cert","expires in":"%Nh%Nm","serial":"%x%x"}"#,
    ],
    failing: &[
        r#"{"level":"error","ts":"%z","logger":"controller","msg":"Reconciler error","controller":"%w","namespace":"%n","name":"%o","reconcileID":"%u","error":"unable to retrieve the complete list of server APIs: %G/%V: stale GroupVersion discovery: %G/%V"}"#,
    ],
};

const ZAP_CONSOLE: Voice = Voice {
    weight: 14,
    quiet: &[
        "%z\tINFO\tcontrollers.%w\tReconciling\t{\"namespace\": \"%n\", \"name\": \"%o\", \"generation\": %N, \"resourceVersion\": \"%R\", \"reconcileID\": \"%u\"}",
        "%z\tINFO\tcontroller-runtime.cache\tSynced\t{\"kind\": \"%K\", \"objects\": %N, \"took\": \"%mms\"}",
        "%z\tDEBUG\tevents\tCreated %K %o in namespace %n because it was missing\t{\"type\": \"Normal\", \"object\": {\"kind\":\"%K\",\"namespace\":\"%n\",\"name\":\"%o\",\"uid\":\"%u\",\"apiVersion\":\"v1\"}, \"reason\": \"Created\"}",
    ],
    failing: &[
        "%z\tERROR\tsetup\tdiscovery incomplete\t{\"error\": \"unable to retrieve the complete list of server APIs: %G/%V: stale GroupVersion discovery: %G/%V\"}",
    ],
};

const LOGRUS: Voice = Voice {
    weight: 10,
    quiet: &[
        r#"time="%s" level=info msg="syncing catalog source" id=%x name=%o namespace=%n source=%o registry=grpc state=READY generation=%N resourceVersion=%R"#,
        r#"time="%s" level=info msg="resolved dependencies, no step is unable to proceed" namespace=%n id=%x duration=503ms subscription=%o installplan=install-%x"#,
        r#"time="%s" level=debug msg="adding finalizer to /apis/%g/namespaces/%n/%o" controller=%w key=%n/%o"#,
    ],
    failing: &[
        r#"time="%s" level=error msg="resync failed" namespace=%n error="unable to retrieve the complete list of server APIs: %G/%V: the server is currently unable to handle the request""#,
    ],
};

const KOPF: Voice = Voice {
    weight: 10,
    quiet: &[
        "[%c] kopf.objects         [INFO    ] [%n/%o] Handler 'on_update_%w' succeeded after %m seconds; the object has resource version %R",
        "[%c] kopf.objects         [INFO    ] [%n/%o] Updating is processed: 1 succeeded; 0 failed.",
        "[%c] kopf._core.reactor.o [INFO    ] Resources are served and watched: %g, namespace %n, peering by %o with priority %N and lifetime 60 seconds",
        "[%c] acme.reconcile       [INFO    ] GET /apis/%g/namespaces/%n/%o answered 200 in 503ms (revision %x, %N objects in the cache)",
    ],
    failing: &[
        "[%c] kopf._core.reactor.o [ERROR   ] Request attempt %A: GET https://172.30.0.1:443/apis/%G/%V -> APIServerError(None, None)",
    ],
};

const PROBES: Voice = Voice {
    weight: 5,
    quiet: &[
        r#"%i - - [%a] "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.30""#,
        r#"%i - - [%a] "GET /readyz?verbose HTTP/1.1" 200 503 "-" "kube-probe/1.30""#,
        r#"%i - - [%a] "GET /metrics HTTP/1.1" 200 %R "-" "Prometheus/2.53.1""#,
    ],
    failing: &[],
};

const VOICES: [Voice; 6] = [KLOG, ZAP_JSON, ZAP_CONSOLE, LOGRUS, KOPF, PROBES];

impl Voice {
    /// A voice, each as often as its weight says.
    pub(crate) fn pick(rng: &mut Rng) -> &'static Voice {
        let mut roll = rng.below(100);
        VOICES
            .iter()
            .find(|voice| {
                if roll < voice.weight {
                    true
                } else {
                    roll -= voice.weight;
                    false
                }
            })
            .unwrap_or(&KLOG)
    }

    /// One record of this voice; `failing` asks for a failing request and is ignored by a voice that knows
    /// none. Returns whether the record reports one.
    pub(crate) fn say(&self, failing: bool, scribe: &mut Scribe, out: &mut Vec<u8>) -> bool {
        let failing = failing && !self.failing.is_empty();
        let template = *scribe.rng.pick(if failing { self.failing } else { self.quiet });
        scribe.record(template, out);
        failing
    }
}

/// One record of any voice, failing with a probability of so many thousandths. Returns whether it does.
pub(crate) fn record(failing_per_mille: u64, scribe: &mut Scribe, out: &mut Vec<u8>) -> bool {
    let failing = scribe.rng.per_mille(failing_per_mille);
    let mut voice = Voice::pick(&mut scribe.rng);
    while failing && voice.failing.is_empty() {
        voice = Voice::pick(&mut scribe.rng);
    }
    voice.say(failing, scribe, out)
}
