//! Leadership by a Lease: one operator works, others wait.
//!
//! The holder renews every third of the lease's duration. A candidate takes the Lease over when it has seen no renewal for
//! a whole duration by its own clock, so clocks need not agree. A holder that could not renew for two thirds of the
//! duration stops working before anybody else may begin.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use k8s_openapi::{
    api::coordination::v1::{Lease, LeaseSpec},
    apimachinery::pkg::apis::meta::v1::MicroTime,
};
use kube::{
    Api, ResourceExt,
    api::{ObjectMeta, PostParams},
};

/// A Lease and who we are.
pub(crate) struct Election {
    pub(crate) api: Api<Lease>,
    pub(crate) name: String,
    pub(crate) identity: String,
    pub(crate) duration: Duration,
}

impl Election {
    /// Waits until we are the leader.
    pub(crate) async fn win(&self) {
        let mut seen: Option<(String, Instant)> = None;
        loop {
            match self.attempt(&mut seen).await {
                Ok(true) => return,
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "cannot read or write the Lease"),
            }
            tokio::time::sleep(self.duration / 5).await;
        }
    }

    /// Renews until that fails for too long, then returns.
    pub(crate) async fn keep(&self) {
        let mut renewed = Instant::now();
        loop {
            tokio::time::sleep(self.duration / 3).await;
            match self.renew().await {
                Ok(true) => renewed = Instant::now(),
                Ok(false) => return, // somebody else has it
                Err(error) => {
                    tracing::warn!(%error, "cannot renew the Lease");
                    if renewed.elapsed() > self.duration * 2 / 3 {
                        return;
                    }
                }
            }
        }
    }

    /// Lets the Lease go, so that others need not wait.
    pub(crate) async fn release(&self) {
        let Ok(Some(mut lease)) = self.api.get_opt(&self.name).await else { return };
        if holder(&lease) != Some(&self.identity) {
            return;
        }
        if let Some(spec) = &mut lease.spec {
            spec.holder_identity = None;
        }
        let _ = self.api.replace(&self.name, &PostParams::default(), &lease).await;
    }

    async fn attempt(&self, seen: &mut Option<(String, Instant)>) -> Result<bool, kube::Error> {
        let Some(lease) = self.api.get_opt(&self.name).await? else {
            let metadata = ObjectMeta { name: Some(self.name.clone()), ..ObjectMeta::default() };
            let lease = Lease { metadata, spec: Some(self.spec(0)) };
            return match self.api.create(&PostParams::default(), &lease).await {
                Ok(_) => Ok(true),
                Err(kube::Error::Api(status)) if status.code == 409 => Ok(false),
                Err(error) => Err(error),
            };
        };
        let version = lease.resource_version().unwrap_or_default();
        let free = matches!(holder(&lease), None | Some("")) || holder(&lease) == Some(&self.identity);
        let duration = lease.spec.as_ref().and_then(|s| s.lease_duration_seconds).unwrap_or_default();
        let duration = Duration::from_secs(u64::try_from(duration).unwrap_or_default());
        let expired = match seen {
            Some((known, since)) if *known == version => since.elapsed() > duration,
            _ => {
                *seen = Some((version, Instant::now()));
                false
            }
        };
        if free || expired { self.take(lease).await } else { Ok(false) }
    }

    async fn take(&self, mut lease: Lease) -> Result<bool, kube::Error> {
        let transitions = lease.spec.as_ref().and_then(|s| s.lease_transitions).unwrap_or_default();
        lease.spec = Some(self.spec(transitions + 1));
        self.replace(&lease).await
    }

    async fn renew(&self) -> Result<bool, kube::Error> {
        let mut lease = self.api.get(&self.name).await?;
        if holder(&lease) != Some(&self.identity) {
            return Ok(false);
        }
        if let Some(spec) = &mut lease.spec {
            spec.renew_time = Some(MicroTime(Timestamp::now()));
        }
        self.replace(&lease).await
    }

    /// The resource version makes this a comparison and a write in one.
    async fn replace(&self, lease: &Lease) -> Result<bool, kube::Error> {
        match self.api.replace(&self.name, &PostParams::default(), lease).await {
            Ok(_) => Ok(true),
            Err(kube::Error::Api(status)) if status.code == 409 => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn spec(&self, transitions: i32) -> LeaseSpec {
        let now = MicroTime(Timestamp::now());
        LeaseSpec {
            holder_identity: Some(self.identity.clone()),
            lease_duration_seconds: i32::try_from(self.duration.as_secs()).ok(),
            acquire_time: Some(now.clone()),
            renew_time: Some(now),
            lease_transitions: Some(transitions),
            ..LeaseSpec::default()
        }
    }
}

fn holder(lease: &Lease) -> Option<&str> {
    lease.spec.as_ref()?.holder_identity.as_deref()
}
