//! What cargo knows about the workspace.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::process::Stdio;

use baton_servers::{Context, Error, Result};
use serde::Deserialize;

/// `cargo metadata`, the fields that the rules read.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    workspace_members: Vec<String>,
    pub(crate) target_directory: PathBuf,
    resolve: Option<Resolve>,
}

/// One package, ours or not.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    pub(crate) dependencies: Vec<Dependency>,
}

/// A line of a manifest.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) kind: Option<String>,
    #[serde(default)]
    pub(crate) optional: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<EdgeKind>,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct EdgeKind {
    kind: Option<String>,
}

impl Metadata {
    /// The members only: quick, and needs no network.
    pub(crate) fn of_members() -> Result<Self> {
        Self::ask(&["--no-deps"])
    }

    /// Every package, with the resolved graph.
    pub(crate) fn of_everything() -> Result<Self> {
        Self::ask(&[])
    }

    fn ask(args: &[&str]) -> Result<Self> {
        let mut cargo = crate::cargo::cargo(&["metadata", "--format-version", "1"]);
        let output = cargo.args(args).stderr(Stdio::inherit()).output().context(|| "cannot run cargo".into())?;
        if !output.status.success() {
            return Err(Error::new("`cargo metadata` failed"));
        }
        serde_json::from_slice(&output.stdout).context(|| "cargo's metadata have another form".into())
    }

    /// Our own packages.
    pub(crate) fn members(&self) -> Vec<&Package> {
        self.packages.iter().filter(|package| self.workspace_members.contains(&package.id)).collect()
    }

    /// The names of all that `name` needs to run, itself excluded, through however many others.
    pub(crate) fn reach(&self, name: &str) -> BTreeSet<&str> {
        let names: HashMap<&str, &str> = self.packages.iter().map(|p| (p.id.as_str(), p.name.as_str())).collect();
        let nodes = self.resolve.iter().flat_map(|resolve| &resolve.nodes);
        let edges: HashMap<&str, &[Edge]> = nodes.map(|node| (node.id.as_str(), node.deps.as_slice())).collect();
        let start = self.packages.iter().find(|package| package.name == name);
        let mut left: Vec<&str> = start.iter().map(|package| package.id.as_str()).collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = left.pop() {
            let needed = edges.get(id).copied().unwrap_or_default().iter();
            let needed = needed.filter(|edge| edge.dep_kinds.iter().any(|kind| kind.kind.is_none()));
            left.extend(needed.map(|edge| edge.pkg.as_str()).filter(|pkg| seen.insert(*pkg)));
        }
        seen.into_iter().filter_map(|id| names.get(id).copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reach_follows_what_runs_and_nothing_else() {
        let json = r#"{
            "packages": [
                {"id": "1", "name": "a", "version": "1.0.0", "license": null, "dependencies": []},
                {"id": "2", "name": "b", "version": "1.0.0", "license": null, "dependencies": []},
                {"id": "3", "name": "c", "version": "1.0.0", "license": null, "dependencies": []},
                {"id": "4", "name": "d", "version": "1.0.0", "license": null, "dependencies": []}],
            "workspace_members": ["1"], "target_directory": "/t",
            "resolve": {"nodes": [
                {"id": "1", "deps": [{"pkg": "2", "dep_kinds": [{"kind": null}]}, {"pkg": "4", "dep_kinds": [{"kind": "dev"}]}]},
                {"id": "2", "deps": [{"pkg": "3", "dep_kinds": [{"kind": "build"}, {"kind": null}]}]},
                {"id": "3", "deps": [{"pkg": "2", "dep_kinds": [{"kind": null}]}]},
                {"id": "4", "deps": []}]}}"#;
        let metadata: Metadata = serde_json::from_str(json).unwrap();
        assert_eq!(metadata.reach("a").into_iter().collect::<Vec<_>>(), ["b", "c"]);
        assert_eq!(metadata.members().len(), 1);
    }
}
