//! `experimental/csv`: CSV from other servers.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package { path: "experimental/csv", name: "csv", members: &[&FROM] };

in_flux! { "experimental/csv":
    FROM = "from", "(url: string) => stream[A] where A: Record",
        "Gets annotated CSV from an address, and reads its tables.",
        r#"import "csv"
import "experimental/http"

(url) => csv.from(csv: string(v: http.get(url: url).body))"#;
}
