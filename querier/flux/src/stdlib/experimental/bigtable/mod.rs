//! `experimental/bigtable`: reading Google Bigtable, which this server does not do.

use weir_model::ErrorCode;

use crate::error::FluxError;
use crate::registry::Package;
use crate::stdlib::native::natives;

/// The package.
pub static PACKAGE: Package = Package { path: "experimental/bigtable", name: "bigtable", members: &[&FROM] };

natives! { "experimental/bigtable":
    FROM = "from", "(token: string, project: string, instance: string, table: string) => stream[A] where A: Record",
        "Reads Google Bigtable; not available here.",
        |_, _| {
            let message = "bigtable.from is not implemented: this server has no connection to Google Bigtable";
            Err(FluxError::new(ErrorCode::NotImplemented, message))
        };
}
