//! Which resources claim which objects, so that two that claim the same one hear of each other.

use std::collections::HashMap;

use parking_lot::Mutex;

use super::Identity;

/// An object on a server, as resources claim it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    /// The server's URL.
    pub server: String,
    /// The kind.
    pub kind: String,
    /// The organization's id; empty for kinds above organizations.
    pub organization: String,
    /// The name.
    pub name: String,
}

/// A resource that claims an object. The order decides who keeps it: who has it already, then who came first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Claimant {
    waits: bool,
    created: String,
    namespace: String,
    name: String,
    uid: String,
}

/// Another resource of the same kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rival {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// How a resource stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The one that keeps the object, when it is another.
    pub winner: Option<Rival>,
    /// All others that claim it.
    pub rivals: Vec<Rival>,
    /// Resources whose standing this claim may have changed.
    pub disturbed: Vec<Rival>,
}

/// All claims.
#[derive(Default)]
pub struct Claims {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    claimants: HashMap<Claim, Vec<Claimant>>,
    held: HashMap<String, Claim>,
}

impl Claims {
    /// Claims an object for a resource, which gives up what it claimed before. `has` says that it is its own already.
    pub fn claim(&self, claim: Claim, me: &Identity, has: bool) -> Standing {
        let mut state = self.state.lock();
        let mut disturbed = Vec::new();
        if state.held.get(&me.uid).is_some_and(|held| *held != claim) {
            disturbed = state.release(&me.uid);
        }
        let mine = Claimant {
            waits: !has,
            created: me.created.clone(),
            namespace: me.namespace.clone(),
            name: me.name.clone(),
            uid: me.uid.clone(),
        };
        state.held.insert(me.uid.clone(), claim.clone());
        let claimants = state.claimants.entry(claim).or_default();
        let changed = !claimants.contains(&mine);
        claimants.retain(|other| other.uid != me.uid);
        claimants.push(mine);
        claimants.sort();
        let rivals: Vec<Rival> = claimants.iter().filter(|c| c.uid != me.uid).map(Rival::from).collect();
        let winner = claimants.first().filter(|first| first.uid != me.uid).map(Rival::from);
        if changed {
            disturbed.extend(rivals.clone());
        }
        Standing { winner, rivals, disturbed }
    }

    /// How a resource stands with what it claims now.
    pub fn standing(&self, uid: &str) -> Standing {
        let state = self.state.lock();
        let claimants = state.held.get(uid).and_then(|claim| state.claimants.get(claim));
        let Some(claimants) = claimants else { return Standing::default() };
        Standing {
            winner: claimants.first().filter(|first| first.uid != uid).map(Rival::from),
            rivals: claimants.iter().filter(|c| c.uid != uid).map(Rival::from).collect(),
            disturbed: Vec::new(),
        }
    }

    /// Gives up what a resource claims; tells who claims the same.
    pub fn release(&self, uid: &str) -> Vec<Rival> {
        self.state.lock().release(uid)
    }
}

impl State {
    fn release(&mut self, uid: &str) -> Vec<Rival> {
        let Some(claim) = self.held.remove(uid) else { return Vec::new() };
        let Some(claimants) = self.claimants.get_mut(&claim) else { return Vec::new() };
        claimants.retain(|claimant| claimant.uid != uid);
        let others = claimants.iter().map(Rival::from).collect();
        if claimants.is_empty() {
            self.claimants.remove(&claim);
        }
        others
    }
}

impl From<&Claimant> for Rival {
    fn from(claimant: &Claimant) -> Self {
        Self { namespace: claimant.namespace.clone(), name: claimant.name.clone() }
    }
}
