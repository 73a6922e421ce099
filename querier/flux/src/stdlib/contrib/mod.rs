//! `contrib`: packages that users of the language have given.

pub mod anaisdg;
pub mod bonitoo_io;
pub mod chobbs;
pub mod jsternberg;
pub mod qxip;
pub mod rhajek;
pub mod rohan_sreerama5;
pub mod sranka;
pub mod tomhollingworth;
