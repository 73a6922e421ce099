//! The pages of one column chunk.
//!
//! A Parquet reader makes a codec for each column chunk, one that can compress as well as decompress, which takes more
//! time than to decompress a small page. So pages compressed with zstd are taken as they are stored and decompressed here.

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::Compression;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::page_index::offset_index::PageLocation;
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;

/// The pages of a column chunk of `rows` rows.
///
/// # Errors
/// When the chunk's metadata is broken.
pub(super) fn pages<R: ChunkReader + 'static>(
    bytes: R,
    column: &ColumnChunkMetaData,
    rows: usize,
    locations: Option<Vec<PageLocation>>,
) -> Result<Box<dyn PageReader>> {
    let bytes = Arc::new(bytes);
    if !matches!(column.compression(), Compression::ZSTD(_)) {
        return Ok(Box::new(SerializedPageReader::new(bytes, column, rows, locations)?));
    }
    let stored = column.clone().into_builder().set_compression(Compression::UNCOMPRESSED).build()?;
    Ok(Box::new(Decompressed(SerializedPageReader::new(bytes, &stored, rows, locations)?)))
}

/// Pages that are decompressed when they are asked for.
struct Decompressed<R: ChunkReader>(SerializedPageReader<R>);

impl<R: ChunkReader> Iterator for Decompressed<R> {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl<R: ChunkReader> PageReader for Decompressed<R> {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.0.get_next_page()?.map(decompressed).transpose()
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.0.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.0.skip_next_page()
    }

    fn supports_deferred_dictionary(&self) -> bool {
        self.0.supports_deferred_dictionary()
    }

    fn take_deferred_dictionary(&mut self) -> Result<Option<Page>> {
        self.0.take_deferred_dictionary()?.map(decompressed).transpose()
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.0.at_record_boundary()
    }
}

fn decompressed(mut page: Page) -> Result<Page> {
    match &mut page {
        Page::DataPage { buf, .. } | Page::DictionaryPage { buf, .. } => *buf = decompress(buf, 0)?,
        Page::DataPageV2 { is_compressed: false, .. } => {}
        Page::DataPageV2 { buf, def_levels_byte_len, rep_levels_byte_len, .. } => {
            // Levels stand before the values, as they are.
            *buf = decompress(buf, (*def_levels_byte_len + *rep_levels_byte_len) as usize)?;
        }
    }
    Ok(page)
}

/// The bytes with all but the first `plain` of them decompressed.
fn decompress(bytes: &Bytes, plain: usize) -> Result<Bytes> {
    if plain > bytes.len() {
        return Err(ParquetError::EOF("a page is shorter than its levels".to_owned()));
    }
    let (levels, frame) = bytes.split_at(plain);
    if frame.is_empty() {
        // No row of the page has a value.
        return Ok(bytes.clone());
    }
    Ok(Bytes::from(crate::frames::decompress(levels, frame)?))
}
