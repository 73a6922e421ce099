//! `contrib/RohanSreerama5`: a folder.

pub mod naive_bayes_classifier;
