//! The smallest log worth a report: an operator that dies of one APIService, in twenty lines.
//!
//! It is what a user pastes, so it measures what a run costs before the first byte is searched. It is fixed:
//! neither seed nor size changes it.

/// Lines that report a failing request.
pub(crate) const FAILURES: u64 = 9;

/// The log.
pub(crate) const LOG: &str = "\
[2026-07-14 08:30:00,102] kopf.activities.star [INFO    ] Activity 'configure' succeeded.
[2026-07-14 08:30:00,104] kopf._core.engines.a [INFO    ] Initial authentication has been initiated.
[2026-07-14 08:30:00,107] kopf.activities.auth [INFO    ] Activity 'login_via_client' succeeded.
[2026-07-14 08:30:00,108] kopf._core.engines.a [INFO    ] Initial authentication has finished.
[2026-07-14 08:30:00,141] acme.operator        [INFO    ] Running version 2.4.1 (commit 5f1d1de) on Python 3.11.9
[2026-07-14 08:30:00,142] acme.operator        [INFO    ] Serving /healthz on port 8080
[2026-07-14 08:30:00,143] acme.operator        [INFO    ] Watching namespaces: acme-payments, acme-web
[2026-07-14 08:30:00,539] kopf._core.reactor.o [ERROR   ] Request attempt #1/9 failed; will retry: GET https://172.30.0.1:443/apis/admission.autoscaling.openshift.io/v1 -> APIServerError(None, None)
[2026-07-14 08:30:01,569] kopf._core.reactor.o [ERROR   ] Request attempt #2/9 failed; will retry: GET https://172.30.0.1:443/apis/admission.autoscaling.openshift.io/v1 -> APIServerError(None, None)
[2026-07-14 08:30:02,580] kopf._core.reactor.o [ERROR   ] Request attempt #3/9 failed; will retry: GET https://172.30.0.1:443/apis/admission.autoscaling.openshift.io/v1 -> APIServerError(None, None)
[2026-07-14 08:30:04,591] kopf._core.reactor.o [ERROR   ] Request attempt #4/9 failed; will retry: GET https://172.30.0.1:443/apis/admission.autoscaling.openshift.io/v1 -> APIServerError(None, None)
[2026-07-14 08:30:07,610] kopf._core.reactor.o [ERROR   ] Request attempt #5/9 failed; will retry: GET https://172.30.0.1:443/apis/admission.autoscaling.openshift.io/v1 -> APIServerError(None, None)
[2026-07-14 08:30:12,635] kopf._core.reactor.o [ERROR   ] Request attempt #6/9 failed; will retry: GET https://172.30.0.1:443/apis/admission.autoscaling.openshift.io/v1 -> APIServerError(None, None)
[2026-07-14 08:30:14,001] acme.operator        [INFO    ] Not ready yet: start-up has not finished
[2026-07-14 08:30:20,667] kopf._core.reactor.o [ERROR   ] Request attempt #7/9 failed; will retry: GET https://172.30.0.1:443/apis/admission.autoscaling.openshift.io/v1 -> APIServerError(None, None)
[2026-07-14 08:30:33,686] kopf._core.reactor.o [ERROR   ] Request attempt #8/9 failed; will retry: GET https://172.30.0.1:443/apis/admission.autoscaling.openshift.io/v1 -> APIServerError(None, None)
[2026-07-14 08:30:44,001] acme.operator        [INFO    ] Not ready yet: start-up has not finished
[2026-07-14 08:30:54,738] kopf._core.reactor.o [ERROR   ] Request attempt #9/9 failed; escalating: GET https://172.30.0.1:443/apis/admission.autoscaling.openshift.io/v1 -> APIServerError(None, None)
[2026-07-14 08:30:54,741] acme.operator        [INFO    ] Removing the leader lock of acme-payments/acme-operator
[2026-07-14 08:30:54,760] acme.operator        [INFO    ] Bye
";
