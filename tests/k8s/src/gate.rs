//! A gate between the operator and a server: it can be closed, lead to another server, and swallow an answer.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddrV4, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use weir_cluster_tests::free_address;

/// A gate: bytes in, bytes out.
#[derive(Clone, Debug)]
pub struct Gate {
    address: SocketAddrV4,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    target: Option<SocketAddrV4>,
    swallow: Option<String>,
    swallowed: usize,
}

impl Gate {
    /// Opens a gate that leads to `target`.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn to(target: SocketAddrV4) -> Self {
        let address = free_address();
        let state = Arc::new(Mutex::new(State { target: Some(target), ..State::default() }));
        let listener = TcpListener::bind(address).unwrap();
        let shared = state.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let state = shared.clone();
                thread::spawn(move || pass(&client, &state));
            }
        });
        Self { address, state }
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The same where TLS is spoken.
    #[must_use]
    pub fn encrypted_url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Its address alone.
    #[must_use]
    pub fn host(&self) -> String {
        self.address.ip().to_string()
    }

    /// Lets nobody through.
    pub fn close(&self) {
        self.state.lock().unwrap().target = None;
    }

    /// Leads to a server, perhaps another.
    pub fn open(&self, target: SocketAddrV4) {
        self.state.lock().unwrap().target = Some(target);
    }

    /// Passes requests that begin with this text on, but not their answers.
    pub fn swallow(&self, request: &str) {
        self.state.lock().unwrap().swallow = Some(request.to_owned());
    }

    /// Swallows nothing more; tells how many answers it swallowed.
    #[must_use]
    pub fn spare(&self) -> usize {
        let mut state = self.state.lock().unwrap();
        state.swallow = None;
        state.swallowed
    }

    /// How many answers were swallowed.
    #[must_use]
    pub fn swallowed(&self) -> usize {
        self.state.lock().unwrap().swallowed
    }
}

/// One connection. A request of the operator is small and comes in one piece; where it does not, it just passes.
fn pass(client: &TcpStream, state: &Arc<Mutex<State>>) {
    let Some(target) = state.lock().unwrap().target else { return };
    let Ok(server) = TcpStream::connect(target) else { return };
    let mute = Arc::new(Mutex::new(false));
    let (mut from_server, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let (answers, silent) = (state.clone(), mute.clone());
    let back = thread::spawn(move || {
        let mut buffer = [0; 65_536];
        while let Ok(n @ 1..) = from_server.read(&mut buffer) {
            if *silent.lock().unwrap() {
                answers.lock().unwrap().swallowed += 1;
                continue;
            }
            if answers.lock().unwrap().target != Some(target) || to_client.write_all(&buffer[..n]).is_err() {
                break;
            }
        }
        let _ = to_client.shutdown(Shutdown::Both);
    });
    let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let mut buffer = [0; 65_536];
    while let Ok(n @ 1..) = from_client.read(&mut buffer) {
        let now = state.lock().unwrap();
        if now.target != Some(target) {
            break;
        }
        if now.swallow.as_ref().is_some_and(|text| buffer[..n].starts_with(text.as_bytes())) {
            *mute.lock().unwrap() = true;
        }
        drop(now);
        if to_server.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    let _ = server.shutdown(Shutdown::Both);
    let _ = client.shutdown(Shutdown::Both);
    let _ = back.join();
}
