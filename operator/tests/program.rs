//! The program as the chart and people call it.

use std::process::Command;

fn says(arguments: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_weir-operator"))
        .args(arguments)
        .output()
        .expect("the program starts");
    assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("text")
}

#[test]
fn the_chart_has_what_the_program_says() {
    assert_eq!(says(&["crds"]), include_str!("../../charts/weir/crds/weir.dev.yaml"));
    assert_eq!(says(&["rbac"]), include_str!("../../charts/weir/files/operator-rules.yaml"));
}

#[test]
fn a_wrong_flag_is_refused_with_the_usage() {
    let out = Command::new(env!("CARGO_BIN_EXE_weir-operator"))
        .arg("--no-such-flag")
        .output()
        .expect("the program starts");
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("Usage:"));
}
