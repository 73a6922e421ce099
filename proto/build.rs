//! Compiles the protos without `protoc`.

use std::error::Error;
use std::path::PathBuf;

const PROTOS: [&str; 3] =
    ["weir/write/v1/write.proto", "weir/scan/v1/scan.proto", "weir/query/v1/query.proto"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=protos");
    let files = protox::compile(PROTOS, ["protos"])?;
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    std::fs::write(out.join("descriptors.bin"), prost::Message::encode_to_vec(&files))?;
    tonic_prost_build::configure().bytes(".").compile_fds(files)?;
    Ok(())
}
