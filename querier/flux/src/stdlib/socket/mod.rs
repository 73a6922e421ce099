//! `socket`: reading raw sockets, which a server must not do for whoever may run a script.

use weir_model::ErrorCode;

use crate::error::FluxError;
use crate::registry::Package;
use crate::stdlib::native::natives;

/// The package.
pub static PACKAGE: Package = Package { path: "socket", name: "socket", members: &[&FROM] };

natives! { "socket":
    FROM = "from", "(url: string, ?decoder: string) => stream[A] where A: Record",
        "Reads CSV or line protocol from a socket; not available here.",
        |_, _| {
            let message = "socket.from is not implemented: this server opens no raw sockets for scripts";
            Err(FluxError::new(ErrorCode::NotImplemented, message))
        };
}
