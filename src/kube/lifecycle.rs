//! API versions that Kubernetes no longer serves or will not serve for long.
//!
//! Source: the deprecation guide of the Kubernetes project
//! (<https://kubernetes.io/docs/reference/using-api/deprecation-guide/>) and, where it is
//! silent, the life cycles that the types in `k8s.io/api` state of themselves. Read for
//! Kubernetes 1.37.

/// The newest minor release that the table was read for.
pub const NEWEST: u8 = 37;

/// What becomes of an API version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// The minor release of Kubernetes 1 that deprecated it.
    pub deprecated: u8,
    /// The minor release of Kubernetes 1 that no longer serves it, if that was said.
    pub removed: Option<u8>,
    /// What to use: an `apiVersion`, or a sentence where there is no other version.
    pub instead: Instead,
}

/// What to use in place of an API version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instead {
    /// The same kind under this `apiVersion`.
    Version(&'static str),
    /// Another way.
    Way(&'static str),
}

use Instead::{Version, Way};

struct Row {
    version: &'static str,
    kinds: &'static [&'static str],
    fate: Fate,
}

const fn gone(
    version: &'static str,
    kinds: &'static [&'static str],
    deprecated: u8,
    removed: u8,
    instead: Instead,
) -> Row {
    Row { version, kinds, fate: Fate { deprecated, removed: Some(removed), instead } }
}

const fn old(
    version: &'static str,
    kinds: &'static [&'static str],
    deprecated: u8,
    instead: Instead,
) -> Row {
    Row { version, kinds, fate: Fate { deprecated, removed: None, instead } }
}

const WEBHOOKS: &[&str] = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
const POLICIES: &[&str] = &["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"];
const MUTATING: &[&str] = &["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"];
const REVIEWS: &[&str] = &[
    "LocalSubjectAccessReview",
    "SelfSubjectAccessReview",
    "SelfSubjectRulesReview",
    "SubjectAccessReview",
];
const RBAC: &[&str] = &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
const FLOW: &[&str] = &["FlowSchema", "PriorityLevelConfiguration"];
const CLAIMS: &[&str] =
    &["DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"];
const HPA: &[&str] = &["HorizontalPodAutoscaler"];
const PSP: Instead = Way("Pod Security Admission or an admission webhook");

/// The table: apiVersion, kinds, deprecated in 1.x, removed in 1.x, what to use.
const TABLE: &[Row] = &[
    gone(
        "extensions/v1beta1",
        &["DaemonSet", "Deployment", "ReplicaSet"],
        8,
        16,
        Version("apps/v1"),
    ),
    gone("extensions/v1beta1", &["Ingress"], 14, 22, Version("networking.k8s.io/v1")),
    gone("extensions/v1beta1", &["NetworkPolicy"], 9, 16, Version("networking.k8s.io/v1")),
    gone("extensions/v1beta1", &["PodSecurityPolicy"], 10, 16, PSP),
    gone(
        "apps/v1beta1",
        &["ControllerRevision", "Deployment", "StatefulSet"],
        8,
        16,
        Version("apps/v1"),
    ),
    gone(
        "apps/v1beta2",
        &["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
        9,
        16,
        Version("apps/v1"),
    ),
    gone(
        "admissionregistration.k8s.io/v1beta1",
        WEBHOOKS,
        16,
        22,
        Version("admissionregistration.k8s.io/v1"),
    ),
    gone(
        "admissionregistration.k8s.io/v1alpha1",
        POLICIES,
        29,
        32,
        Version("admissionregistration.k8s.io/v1"),
    ),
    gone(
        "admissionregistration.k8s.io/v1beta1",
        POLICIES,
        31,
        34,
        Version("admissionregistration.k8s.io/v1"),
    ),
    gone(
        "admissionregistration.k8s.io/v1alpha1",
        MUTATING,
        35,
        38,
        Version("admissionregistration.k8s.io/v1"),
    ),
    gone(
        "admissionregistration.k8s.io/v1beta1",
        MUTATING,
        37,
        40,
        Version("admissionregistration.k8s.io/v1"),
    ),
    gone(
        "apiextensions.k8s.io/v1beta1",
        &["CustomResourceDefinition"],
        16,
        22,
        Version("apiextensions.k8s.io/v1"),
    ),
    gone(
        "apiregistration.k8s.io/v1beta1",
        &["APIService"],
        19,
        22,
        Version("apiregistration.k8s.io/v1"),
    ),
    gone("audit.k8s.io/v1alpha1", &["Event", "Policy"], 21, 24, Version("audit.k8s.io/v1")),
    gone("audit.k8s.io/v1beta1", &["Event", "Policy"], 21, 24, Version("audit.k8s.io/v1")),
    gone(
        "authentication.k8s.io/v1alpha1",
        &["SelfSubjectReview"],
        29,
        32,
        Version("authentication.k8s.io/v1"),
    ),
    gone(
        "authentication.k8s.io/v1beta1",
        &["SelfSubjectReview"],
        30,
        33,
        Version("authentication.k8s.io/v1"),
    ),
    gone(
        "authentication.k8s.io/v1beta1",
        &["TokenReview"],
        19,
        22,
        Version("authentication.k8s.io/v1"),
    ),
    gone("authorization.k8s.io/v1beta1", REVIEWS, 19, 22, Version("authorization.k8s.io/v1")),
    gone("autoscaling/v2beta1", HPA, 22, 25, Version("autoscaling/v2")),
    gone("autoscaling/v2beta2", HPA, 23, 26, Version("autoscaling/v2")),
    gone("batch/v1beta1", &["CronJob"], 21, 25, Version("batch/v1")),
    gone("batch/v2alpha1", &["CronJob"], 8, 21, Version("batch/v1")),
    gone(
        "certificates.k8s.io/v1alpha1",
        &["ClusterTrustBundle"],
        34,
        37,
        Version("certificates.k8s.io/v1"),
    ),
    gone(
        "certificates.k8s.io/v1beta1",
        &["CertificateSigningRequest"],
        19,
        22,
        Version("certificates.k8s.io/v1"),
    ),
    gone(
        "certificates.k8s.io/v1beta1",
        &["ClusterTrustBundle", "PodCertificateRequest"],
        37,
        40,
        Version("certificates.k8s.io/v1"),
    ),
    gone(
        "coordination.k8s.io/v1alpha2",
        &["LeaseCandidate"],
        35,
        38,
        Version("coordination.k8s.io/v1beta1"),
    ),
    gone("coordination.k8s.io/v1beta1", &["Lease"], 19, 22, Version("coordination.k8s.io/v1")),
    gone(
        "discovery.k8s.io/v1beta1",
        &["EndpointSlice"],
        21,
        25,
        Version("discovery.k8s.io/v1"),
    ),
    gone("events.k8s.io/v1beta1", &["Event"], 22, 25, Version("events.k8s.io/v1")),
    gone(
        "flowcontrol.apiserver.k8s.io/v1beta1",
        FLOW,
        23,
        26,
        Version("flowcontrol.apiserver.k8s.io/v1"),
    ),
    gone(
        "flowcontrol.apiserver.k8s.io/v1beta2",
        FLOW,
        26,
        29,
        Version("flowcontrol.apiserver.k8s.io/v1"),
    ),
    gone(
        "flowcontrol.apiserver.k8s.io/v1beta3",
        FLOW,
        29,
        32,
        Version("flowcontrol.apiserver.k8s.io/v1"),
    ),
    gone(
        "networking.k8s.io/v1beta1",
        &["Ingress", "IngressClass"],
        19,
        22,
        Version("networking.k8s.io/v1"),
    ),
    gone(
        "networking.k8s.io/v1beta1",
        &["IPAddress", "ServiceCIDR"],
        34,
        37,
        Version("networking.k8s.io/v1"),
    ),
    gone("node.k8s.io/v1beta1", &["RuntimeClass"], 22, 25, Version("node.k8s.io/v1")),
    gone("policy/v1beta1", &["Eviction"], 22, 25, Version("policy/v1")),
    gone("policy/v1beta1", &["PodDisruptionBudget"], 21, 25, Version("policy/v1")),
    gone("policy/v1beta1", &["PodSecurityPolicy"], 21, 25, PSP),
    gone(
        "rbac.authorization.k8s.io/v1beta1",
        RBAC,
        17,
        22,
        Version("rbac.authorization.k8s.io/v1"),
    ),
    gone("resource.k8s.io/v1beta1", CLAIMS, 35, 38, Version("resource.k8s.io/v1")),
    gone("resource.k8s.io/v1beta2", CLAIMS, 36, 39, Version("resource.k8s.io/v1")),
    gone(
        "scheduling.k8s.io/v1beta1",
        &["PriorityClass"],
        14,
        22,
        Version("scheduling.k8s.io/v1"),
    ),
    gone("settings.k8s.io/v1alpha1", &["PodPreset"], 19, 20, Way("an admission webhook")),
    gone(
        "storage.k8s.io/v1alpha1",
        &["CSIStorageCapacity"],
        21,
        24,
        Version("storage.k8s.io/v1"),
    ),
    gone(
        "storage.k8s.io/v1alpha1",
        &["VolumeAttachment"],
        21,
        24,
        Version("storage.k8s.io/v1"),
    ),
    gone(
        "storage.k8s.io/v1alpha1",
        &["VolumeAttributesClass"],
        32,
        35,
        Version("storage.k8s.io/v1"),
    ),
    gone(
        "storage.k8s.io/v1beta1",
        &["CSIDriver", "StorageClass", "VolumeAttachment"],
        19,
        22,
        Version("storage.k8s.io/v1"),
    ),
    gone("storage.k8s.io/v1beta1", &["CSINode"], 17, 22, Version("storage.k8s.io/v1")),
    gone(
        "storage.k8s.io/v1beta1",
        &["CSIStorageCapacity"],
        24,
        27,
        Version("storage.k8s.io/v1"),
    ),
    gone(
        "storage.k8s.io/v1beta1",
        &["VolumeAttributesClass"],
        34,
        37,
        Version("storage.k8s.io/v1"),
    ),
    gone(
        "storagemigration.k8s.io/v1beta1",
        &["StorageVersionMigration"],
        37,
        40,
        Version("storagemigration.k8s.io/v1"),
    ),
    old("v1", &["ComponentStatus"], 19, Way("the health endpoints of the components")),
    old("v1", &["Endpoints"], 33, Way("EndpointSlice in discovery.k8s.io/v1")),
];

/// What becomes of a kind in an API version; `None` if it is served and will be.
pub fn fate(api_version: &str, kind: &str) -> Option<Fate> {
    let row =
        TABLE.iter().find(|row| row.version == api_version && row.kinds.contains(&kind))?;
    Some(row.fate)
}

impl Fate {
    /// The minor release that no longer serves it, if that release is out.
    pub fn removed(self) -> Option<u8> {
        self.removed.filter(|minor| *minor <= NEWEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_have_the_fate_that_the_guide_gives_them() {
        for (version, kind, removed, instead) in [
            ("extensions/v1beta1", "Ingress", Some(22), Some("networking.k8s.io/v1")),
            ("policy/v1beta1", "PodSecurityPolicy", Some(25), None),
            ("batch/v1beta1", "CronJob", Some(25), Some("batch/v1")),
            ("v1", "Endpoints", None, None),
        ] {
            let fate = fate(version, kind).expect(kind);
            let version =
                if let Version(version) = fate.instead { Some(version) } else { None };
            assert_eq!((fate.removed(), version), (removed, instead), "{kind}");
        }
        assert_eq!(fate("apps/v1", "Deployment"), None);
        assert_eq!(fate("v1", "Pod"), None);
    }

    #[test]
    fn nothing_is_replaced_by_what_is_gone_itself() {
        for row in TABLE {
            let Version(instead) = row.fate.instead else { continue };
            for kind in row.kinds {
                assert_eq!(fate(instead, kind).and_then(Fate::removed), None, "{kind}");
            }
            assert!(row.fate.removed.is_none_or(|removed| removed > row.fate.deprecated));
        }
    }
}
