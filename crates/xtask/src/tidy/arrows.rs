//! Which crate may depend on which.

use crate::metadata::{Metadata, Package};

/// A crate may depend on what stands to its right, nothing else of ours. Tests may add the testkit.
const ARROWS: &[(&str, &[&str])] = &[
    ("baton-api", &["baton-app", "baton-live", "baton-wire", "baton-boot", "baton-domain"]),
    ("baton-gateway", &["baton-app", "baton-live", "baton-wire", "baton-boot", "baton-domain"]),
    ("baton-assigner", &["baton-app", "baton-live", "baton-boot", "baton-domain"]),
    ("baton-sla", &["baton-app", "baton-live", "baton-boot", "baton-domain"]),
    ("baton-jobs", &["baton-app", "baton-live", "baton-boot", "baton-domain"]),
    ("baton-migrate", &["baton-app", "baton-store", "baton-boot", "baton-domain"]),
    ("baton-app", &["baton-store", "baton-domain"]),
    ("baton-store", &["baton-domain"]),
    ("baton-live", &["baton-domain"]),
    ("baton-wire", &["baton-domain"]),
    ("baton-boot", &["baton-live", "baton-domain"]),
    ("baton-servers", &[]),
    ("baton-domain", &[]),
    ("baton-testkit", &["baton-servers", "baton-app", "baton-store", "baton-live", "baton-wire", "baton-domain"]),
    ("baton-e2e", &["baton-testkit", "baton-wire"]),
    ("baton-bench", &["baton-wire"]),
    ("baton-chaos", &["baton-testkit", "baton-bench", "baton-wire"]),
    ("xtask", &["baton-servers"]),
];

/// A family of third-party crates and the only crate that may name it.
const OWNERS: &[(&str, &str)] = &[
    ("diesel", "baton-store"),
    ("jiff-diesel", "baton-store"),
    ("tokio-postgres", "baton-store"),
    ("bb8", "baton-store"),
    ("redis", "baton-live"),
    ("actix", "baton-api"),
    ("tracing-actix", "baton-api"),
    ("utoipa-actix", "baton-api"),
    ("socketioxide", "baton-gateway"),
    ("axum", "baton-gateway"),
    ("apalis", "baton-jobs"),
    ("lettre", "baton-jobs"),
    ("minijinja", "baton-jobs"),
    ("opentelemetry", "baton-boot"),
    ("tracing-opentelemetry", "baton-boot"),
];

/// What a crate must not reach, however many crates stand between, and why.
const UNREACHABLE: &[(&str, &[&str], &str)] = &[
    ("baton-app", &["redis"], "a use case that sees Redis could write to two places"),
    // Not diesel itself: store switches on domain's feature for the whole build.
    ("baton-live", &["diesel-async", "tokio-postgres"], "Redis' crate must not see Postgres"),
    ("baton-domain", &["tokio", "diesel-async", "redis"], "the rules run without a runtime"),
];

/// All rules of this file.
pub(super) fn check(metadata: &Metadata) -> Vec<String> {
    let members = metadata.members();
    let mut violations = Vec::new();
    for member in &members {
        violations.extend(wrong_arrows(member));
        violations.extend(foreign_families(member));
    }
    for (name, forbidden, why) in UNREACHABLE {
        let reach = metadata.reach(name);
        let reached = forbidden.iter().filter(|package| reach.contains(**package));
        violations.extend(reached.map(|package| format!("{name} reaches {package}: {why}")));
    }
    violations
}

fn wrong_arrows(member: &Package) -> Vec<String> {
    let name = &member.name;
    let Some((_, allowed)) = ARROWS.iter().find(|(from, _)| from == name) else {
        return vec![format!("{name} has no row in the table of arrows (crates/xtask/src/tidy/arrows.rs)")];
    };
    let ours = member.dependencies.iter().filter(|dependency| ARROWS.iter().any(|(from, _)| *from == dependency.name));
    let wrong = ours.filter(|dependency| {
        let to_test = dependency.kind.as_deref() == Some("dev") && dependency.name == "baton-testkit";
        !to_test && !allowed.contains(&dependency.name.as_str())
    });
    wrong.map(|dependency| format!("{name} must not depend on {}", dependency.name)).collect()
}

fn foreign_families(member: &Package) -> Vec<String> {
    let owned = member.dependencies.iter().filter_map(|dependency| {
        let (_, owner) = OWNERS.iter().find(|(family, _)| belongs(&dependency.name, family))?;
        // The columns of ids and states: domain's feature, which only store switches on.
        let columns = member.name == "baton-domain" && dependency.name == "diesel" && dependency.optional;
        (member.name != *owner && !columns)
            .then(|| format!("{} must not depend on {}: only {owner} may", member.name, dependency.name))
    });
    owned.collect()
}

fn belongs(package: &str, family: &str) -> bool {
    package.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Dependency;

    fn package(name: &str, dependencies: &[(&str, Option<&str>)]) -> Package {
        let dependencies = dependencies.iter().map(|(name, kind)| Dependency {
            name: (*name).to_owned(),
            kind: kind.map(str::to_owned),
            optional: false,
        });
        Package { name: name.to_owned(), dependencies: dependencies.collect(), ..Package::default() }
    }

    #[test]
    fn an_arrow_against_the_table_is_found() {
        let store_in_service = package("baton-api", &[("baton-app", None), ("baton-store", None)]);
        assert_eq!(wrong_arrows(&store_in_service), ["baton-api must not depend on baton-store"]);
        let build_counts = package("baton-domain", &[("baton-wire", Some("build"))]);
        assert_eq!(wrong_arrows(&build_counts), ["baton-domain must not depend on baton-wire"]);
    }

    #[test]
    fn services_do_not_see_each_other() {
        let service = package("baton-jobs", &[("baton-assigner", None)]);
        assert_eq!(wrong_arrows(&service), ["baton-jobs must not depend on baton-assigner"]);
    }

    #[test]
    fn tests_may_add_the_testkit_and_no_more() {
        assert!(wrong_arrows(&package("baton-store", &[("baton-testkit", Some("dev"))])).is_empty());
        assert_eq!(wrong_arrows(&package("baton-store", &[("baton-testkit", None)])).len(), 1);
        assert_eq!(wrong_arrows(&package("baton-api", &[("baton-store", Some("dev"))])).len(), 1);
    }

    #[test]
    fn a_new_crate_needs_a_row() {
        assert!(wrong_arrows(&package("baton-extra", &[])).concat().contains("has no row"));
    }

    #[test]
    fn a_library_outside_its_owner_is_found() {
        for (member, library) in [
            ("baton-app", "redis"),
            ("baton-app", "diesel_migrations"),
            ("baton-gateway", "actix-web"),
            ("baton-boot", "axum"),
            ("baton-assigner", "apalis-core"),
            ("baton-api", "opentelemetry_sdk"),
        ] {
            assert_eq!(foreign_families(&package(member, &[(library, None)])).len(), 1, "{member} {library}");
        }
        assert!(foreign_families(&package("baton-store", &[("diesel", None)])).is_empty());
        assert!(foreign_families(&package("baton-api", &[("redistribute", None)])).is_empty());
    }

    #[test]
    fn domain_may_name_diesel_as_a_feature_only() {
        let mut domain = package("baton-domain", &[("diesel", None)]);
        assert_eq!(foreign_families(&domain).len(), 1);
        domain.dependencies[0].optional = true;
        assert!(foreign_families(&domain).is_empty());
    }
}
