//! The hosts: what their tags say and where their values stand.

use crate::FIELDS;
use crate::random::Random;
use crate::walk::ONE;

const REGIONS: [(&str, &[&str]); 9] = [
    ("us-east-1", &["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1e"]),
    ("us-west-1", &["us-west-1a", "us-west-1b"]),
    ("us-west-2", &["us-west-2a", "us-west-2b", "us-west-2c"]),
    ("eu-west-1", &["eu-west-1a", "eu-west-1b", "eu-west-1c"]),
    ("eu-central-1", &["eu-central-1a", "eu-central-1b"]),
    ("ap-southeast-1", &["ap-southeast-1a", "ap-southeast-1b"]),
    ("ap-southeast-2", &["ap-southeast-2a", "ap-southeast-2b"]),
    ("ap-northeast-1", &["ap-northeast-1a", "ap-northeast-1c"]),
    ("sa-east-1", &["sa-east-1a", "sa-east-1b", "sa-east-1c"]),
];
const SYSTEMS: [&str; 3] = ["Ubuntu16.10", "Ubuntu16.04LTS", "Ubuntu15.10"];
const ARCHITECTURES: [&str; 2] = ["x64", "x86"];
const TEAMS: [&str; 4] = ["SF", "NYC", "LON", "CHI"];
const ENVIRONMENTS: [&str; 3] = ["production", "staging", "test"];
/// What programs are called where a measurement tells.
pub(crate) const SERVERS: [&str; 2] = ["nginx", "redis"];

/// One host.
#[derive(Debug)]
pub(crate) struct Host {
    key: String,
    values: [i64; FIELDS.len()],
}

impl Host {
    pub(crate) fn new(number: u32, random: &mut Random) -> Self {
        let key = format!("cpu,{}", host_tags(number, random));
        Self { key, values: std::array::from_fn(|_| i64::from(random.below(100)) * ONE) }
    }

    /// Measurement and tags as they stand in a line.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Each value goes a step, and goes no further than 0 and 100.
    pub(crate) fn walk(&mut self, random: &mut Random) {
        for value in &mut self.values {
            *value = (*value + random.step()).clamp(0, 100 * ONE);
        }
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = i64> {
        self.values.iter().map(|value| value / ONE)
    }
}

/// The tags of a host as they stand in a line.
pub(crate) fn host_tags(number: u32, random: &mut Random) -> String {
    let (region, datacenters) = pick(&REGIONS, random);
    format!(
        "hostname=host_{number},region={region},datacenter={},rack={},os={},arch={},team={},service={},\
         service_version={},service_environment={}",
        pick(datacenters, random),
        random.below(100),
        pick(&SYSTEMS, random),
        pick(&ARCHITECTURES, random),
        pick(&TEAMS, random),
        random.below(20),
        random.below(2),
        pick(&ENVIRONMENTS, random),
    )
}

pub(crate) fn pick<'a, T>(list: &'a [T], random: &mut Random) -> &'a T {
    &list[random.below(list.len() as u32) as usize]
}
