//! Two operators: one works.

use std::time::Instant;

use weir_k8s_tests::Lab;

#[test]
fn one_leads_and_the_other_takes_over() {
    let lab = Lab::new("leadership");
    let mut first = lab.operator(2);
    lab.until("the first to lead", || first.leads().then_some(()));
    let mut second = lab.operator(2);
    lab.kubectl.make("Bucket", "one", "{}");
    lab.ready("Bucket", "one");
    assert!(!second.leads());
    assert!(second.metric("weir_operator_reconciles_total", "") < 0.5, "the second does nothing");

    first.process.kill();
    let killed = Instant::now();
    lab.kubectl.make("Bucket", "two", "{}");
    lab.until("the second to lead", || second.leads().then_some(()));
    eprintln!("taken over from the dead in {:?}", killed.elapsed());
    lab.ready("Bucket", "two");

    // One that is asked to stop gives the Lease up.
    let third = lab.operator(2);
    second.process.stop();
    let stopped = Instant::now();
    lab.until("the third to lead", || third.leads().then_some(()));
    eprintln!("taken over from the stopped in {:?}", stopped.elapsed());
    lab.kubectl.make("Bucket", "three", "{}");
    lab.ready("Bucket", "three");
}
