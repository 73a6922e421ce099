//! Where Parquet objects live.

use std::sync::Arc;

use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;

use crate::options::{Common, ObjectStoreKind};

/// Opens the object store.
///
/// # Errors
/// When the folder cannot be made, or S3 is not described well enough.
pub(crate) fn open(options: &Common) -> Result<Arc<dyn ObjectStore>, Box<dyn std::error::Error>> {
    match options.object_store {
        ObjectStoreKind::File => {
            let folder = options.objects_dir.clone().unwrap_or_else(|| options.data_dir.join("objects"));
            std::fs::create_dir_all(&folder)
                .map_err(|error| format!("the folder {}: {error}", folder.display()))?;
            // What the log forgets after a flush must be on the disk, not on its way there.
            Ok(Arc::new(
                LocalFileSystem::new_with_prefix(folder)?.with_fsync(true).with_automatic_cleanup(true),
            ))
        }
        ObjectStoreKind::S3 => {
            let bucket = options.s3_bucket.as_deref().ok_or("--object-store s3 needs --s3-bucket")?;
            let mut s3 = AmazonS3Builder::from_env().with_bucket_name(bucket);
            if let Some(endpoint) = &options.s3_endpoint {
                s3 = s3.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
            }
            Ok(Arc::new(s3.build()?))
        }
    }
}
