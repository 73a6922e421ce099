//! `kafka`: writing to Kafka, which this server does not do.

use weir_model::ErrorCode;

use crate::error::FluxError;
use crate::registry::Package;
use crate::stdlib::native::natives;

/// The package.
pub static PACKAGE: Package = Package { path: "kafka", name: "kafka", members: &[&TO] };

natives! { "kafka":
    TO = "to",
        "(<-tables: stream[A], brokers: [string], topic: string, ?balancer: string, ?name: string, \
         ?nameColumn: string, ?timeColumn: string, ?tagColumns: [string], ?valueColumns: [string]) => stream[A] \
         where A: Record",
        "Writes rows to Kafka as line protocol; not available here.",
        |_, _| {
            let message = "kafka.to is not implemented: this server has no connection to Kafka";
            Err(FluxError::new(ErrorCode::NotImplemented, message))
        };
}
