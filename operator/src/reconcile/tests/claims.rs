use crate::reconcile::{Claim, Claims, Identity};

fn claim(name: &str) -> Claim {
    Claim { server: "s".into(), kind: "Bucket".into(), organization: "o".into(), name: name.into() }
}

fn one(name: &str, created: &str) -> Identity {
    Identity {
        name: name.into(),
        namespace: "n".into(),
        uid: format!("uid-{name}"),
        created: created.into(),
        ..Identity::default()
    }
}

#[test]
fn who_has_it_keeps_it_and_who_came_first_gets_it() {
    let claims = Claims::default();
    let (old, new) = (one("old", "2026-01-01"), one("new", "2026-01-02"));
    assert!(claims.claim(claim("b"), &new, false).winner.is_none());
    let standing = claims.claim(claim("b"), &old, false);
    assert!(standing.winner.is_none(), "the older one comes before");
    assert_eq!(standing.disturbed.len(), 1);
    assert!(claims.claim(claim("b"), &new, true).winner.is_none(), "but not before the one that has it");
    assert_eq!(claims.standing("uid-old").winner.unwrap().name, "new");
}

#[test]
fn giving_up_disturbs_those_who_wait() {
    let claims = Claims::default();
    let (a, b) = (one("a", "1"), one("b", "2"));
    claims.claim(claim("x"), &a, true);
    claims.claim(claim("x"), &b, false);
    let standing = claims.claim(claim("y"), &a, true);
    assert_eq!(standing.disturbed.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["b"]);
    assert!(claims.standing("uid-b").winner.is_none());
}
