//! The way to a peer: connections to it, without waiting again and again while it cannot be reached.
//!
//! Requests queue behind the connection that is being made, and where that fails the next of them begins another attempt:
//! for a peer whose machine is gone they would wait one after the other. So an attempt that failed slowly closes the way:
//! from then on they fail at once, until a look in the background finds the peer, or somebody who refuses at once.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long things take.
#[derive(Debug, Clone, Copy)]
struct Times {
    /// How long a connection may take to be made.
    patience: Duration,
    /// A failure that took longer closes the way. One that is quicker costs nobody anything.
    slow: Duration,
    /// The pause between looks for a peer.
    pause: Duration,
}

const USUAL: Times = Times {
    patience: Duration::from_secs(3), // enough for a lost packet or two
    slow: Duration::from_millis(100),
    pause: Duration::from_millis(500),
};

/// The way to one peer, by what makes a connection to it. A clone is the same way.
pub(super) struct Way<A> {
    attempt: Arc<A>,
    closed: Arc<AtomicBool>,
    times: Times,
}

impl<A> Clone for Way<A> {
    fn clone(&self) -> Self {
        Self { attempt: Arc::clone(&self.attempt), closed: Arc::clone(&self.closed), times: self.times }
    }
}

impl<A, F, S> Way<A>
where
    A: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = io::Result<S>> + Send,
    S: Send,
{
    pub(super) fn new(attempt: A) -> Self {
        Self { attempt: Arc::new(attempt), closed: Arc::default(), times: USUAL }
    }

    /// A new connection.
    ///
    /// # Errors
    /// The attempt's; nobody answered in time, now or a moment ago.
    pub(super) async fn connect(&self) -> io::Result<S> {
        if self.closed.load(Ordering::Relaxed) {
            return Err(io::Error::new(io::ErrorKind::HostUnreachable, "it could not be reached just now"));
        }
        let (made, slowly) = once(&*self.attempt, self.times).await;
        if made.is_err() && slowly && !self.closed.swap(true, Ordering::Relaxed) {
            self.look();
        }
        made
    }

    /// Looks for the peer until it is found, or until nobody is interested any more.
    fn look(&self) {
        let (attempt, closed, times) = (Arc::downgrade(&self.attempt), Arc::clone(&self.closed), self.times);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(times.pause).await;
                let Some(attempt) = attempt.upgrade() else { return };
                let (made, slowly) = once(&*attempt, times).await;
                if made.is_ok() || !slowly {
                    closed.store(false, Ordering::Relaxed);
                    return;
                }
            }
        });
    }
}

/// One attempt, and whether it took long.
async fn once<F, S>(attempt: &impl Fn() -> F, times: Times) -> (io::Result<S>, bool)
where
    F: Future<Output = io::Result<S>>,
{
    let (begun, patience) = (Instant::now(), times.patience);
    let made = match tokio::time::timeout(patience, attempt()).await {
        Ok(made) => made,
        Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, format!("no connection within {patience:?}"))),
    };
    (made, begun.elapsed() >= times.slow)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures::future::BoxFuture;

    use super::*;

    #[derive(Clone, Copy)]
    enum Peer {
        Gone,
        Refuses,
        There,
    }

    type Attempt = Box<dyn Fn() -> BoxFuture<'static, io::Result<()>> + Send + Sync>;

    /// A way to a peer that can change, and how often it was tried.
    fn way(times: Times) -> (Arc<Mutex<(Peer, usize)>>, Way<Attempt>) {
        let state = Arc::new(Mutex::new((Peer::Gone, 0)));
        let peer = Arc::clone(&state);
        let attempt: Attempt = Box::new(move || {
            let mut state = peer.lock().unwrap();
            state.1 += 1;
            let now = state.0;
            Box::pin(async move {
                match now {
                    Peer::Gone => std::future::pending().await,
                    Peer::Refuses => Err(io::ErrorKind::ConnectionRefused.into()),
                    Peer::There => Ok(()),
                }
            })
        });
        (state, Way { times, ..Way::new(attempt) })
    }

    const QUICK: Times = Times {
        patience: Duration::from_millis(50),
        slow: Duration::from_millis(25),
        pause: Duration::from_millis(5),
    };

    /// Connects until it works.
    async fn found(way: &Way<Attempt>) {
        while way.connect().await.is_err() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn only_the_first_waits_for_a_peer_that_is_gone() {
        // Nobody looks within the time of the test.
        let (state, way) = way(Times { pause: Duration::from_secs(3600), ..QUICK });
        assert_eq!(way.connect().await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        for _ in 0..20 {
            assert_eq!(way.clone().connect().await.unwrap_err().kind(), io::ErrorKind::HostUnreachable);
        }
        assert_eq!(state.lock().unwrap().1, 1);
    }

    #[tokio::test]
    async fn a_peer_that_is_back_is_found() {
        let (state, way) = way(QUICK);
        assert!(way.connect().await.is_err());
        state.lock().unwrap().0 = Peer::There;
        found(&way).await;
    }

    #[tokio::test]
    async fn a_refusal_is_told_each_time_and_opens_a_closed_way() {
        let (state, way) = way(QUICK);
        assert_eq!(way.connect().await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        state.lock().unwrap().0 = Peer::Refuses;
        while way.connect().await.unwrap_err().kind() != io::ErrorKind::ConnectionRefused {
            tokio::task::yield_now().await;
        }
        state.lock().unwrap().0 = Peer::There;
        found(&way).await;
    }

    #[tokio::test]
    async fn nobody_looks_for_a_peer_that_nobody_wants() {
        let (state, way) = way(QUICK);
        assert!(way.connect().await.is_err());
        drop(way);
        // The attempt, and with it the state, goes with the last who looks.
        while Arc::strong_count(&state) > 1 {
            tokio::time::sleep(QUICK.pause).await;
        }
    }
}
