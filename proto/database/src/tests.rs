use super::query::number_placeholders;
use super::*;
use crate::migrate::rewrite_types;

const STEPS: &[Migration] = &[
    Migration {
        version: 1,
        name: "things",
        sql: "CREATE TABLE things (id TEXT PRIMARY KEY, n BIGINT, f DOUBLE PRECISION, b BOOLEAN, raw BLOB);
              CREATE TABLE parts (thing TEXT NOT NULL REFERENCES things (id) ON DELETE CASCADE, n BIGINT NOT NULL)",
    },
    Migration { version: 2, name: "note", sql: "ALTER TABLE things ADD COLUMN note TEXT" },
];

async fn file() -> (tempfile::TempDir, Database) {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("weir.db").display());
    (dir, Database::connect(&url, &Options::default()).await.unwrap())
}

#[test]
fn placeholders_are_numbered_outside_quotes() {
    assert_eq!(
        number_placeholders("a = ? AND b = '?''?' AND \"?\" = ?"),
        "a = $1 AND b = '?''?' AND \"?\" = $2"
    );
}

#[test]
fn types_are_rewritten_as_whole_words_outside_quotes() {
    let out = rewrite_types("a TEXT DEFAULT 'TEXT', b BLOB, CONTEXT BIGINT", Backend::Postgres);
    assert_eq!(out, "a TEXT COLLATE \"C\" DEFAULT 'TEXT', b BYTEA, CONTEXT BIGINT");
}

#[tokio::test]
async fn values_round_trip_with_their_nulls() {
    let (_dir, db) = file().await;
    db.migrate("test", STEPS).await.unwrap();
    let mut insert = sql("INSERT INTO things (id, n, f, b, raw) VALUES ");
    insert.push_rows([
        vec!["x".into(), (-7i64).into(), 0.5.into(), true.into(), vec![0u8, 255].into()],
        vec!["y".into(), None::<i64>.into(), None::<f64>.into(), None::<bool>.into(), None::<Vec<u8>>.into()],
    ]);
    assert_eq!(db.execute(insert).await.unwrap(), 2);
    let rows = db.fetch_all(sql("SELECT * FROM things ORDER BY id")).await.unwrap();
    assert_eq!(rows[0].get::<i64, _>("n").unwrap(), -7);
    assert_eq!(rows[0].get::<f64, _>("f").unwrap(), 0.5);
    assert!(rows[0].get::<bool, _>("b").unwrap());
    assert_eq!(rows[0].get::<Vec<u8>, _>("raw").unwrap(), [0, 255]);
    assert_eq!(rows[1].get::<Option<i64>, _>("n").unwrap(), None);
    assert!(rows[1].get::<i64, _>("n").is_err());
}

#[tokio::test]
async fn constraints_are_told_apart_and_cascade() {
    let (_dir, db) = file().await;
    db.migrate("test", STEPS).await.unwrap();
    let insert = || sql("INSERT INTO things (id) VALUES (?)").bind("x");
    db.execute(insert()).await.unwrap();
    assert!(db.execute(insert()).await.unwrap_err().is_unique());
    let orphan = db.execute(sql("INSERT INTO parts VALUES ('none', 1)")).await.unwrap_err();
    assert!(matches!(orphan, DatabaseError::ForeignKey(_)), "{orphan}");
    db.execute(sql("INSERT INTO parts VALUES ('x', 1)")).await.unwrap();
    let gone = sql("DELETE FROM things WHERE id = ? RETURNING id").bind("x");
    assert_eq!(db.fetch_optional(gone).await.unwrap().unwrap().get::<String, _>(0).unwrap(), "x");
    assert!(db.fetch_all(sql("SELECT n FROM parts")).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_dropped_transaction_did_nothing_and_readers_do_not_wait_for_writers() {
    let (_dir, db) = file().await;
    db.migrate("test", STEPS).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    tx.execute(sql("INSERT INTO things (id) VALUES ('x')")).await.unwrap();
    assert_eq!(tx.fetch_all(sql("SELECT id FROM things")).await.unwrap().len(), 1);
    assert!(db.fetch_all(sql("SELECT id FROM things")).await.unwrap().is_empty());
    drop(tx);
    assert!(db.fetch_all(sql("SELECT id FROM things")).await.unwrap().is_empty());

    let mut tx = db.begin().await.unwrap();
    tx.execute(sql("INSERT INTO things (id) VALUES ('y')")).await.unwrap();
    tx.commit().await.unwrap();
    let mut seen = db.begin_read().await.unwrap();
    assert_eq!(seen.fetch_all(sql("SELECT id FROM things")).await.unwrap().len(), 1);
    assert!(seen.execute(sql("DELETE FROM things")).await.is_err());
}

#[tokio::test]
async fn migrations_run_once_in_order_and_refuse_what_they_do_not_know() {
    let (_dir, db) = file().await;
    db.migrate("test", &STEPS[..1]).await.unwrap();
    let (a, b) = tokio::join!(db.migrate("test", STEPS), db.migrate("test", STEPS));
    a.unwrap();
    b.unwrap();
    db.execute(sql("INSERT INTO things (id, note) VALUES ('x', 'y')")).await.unwrap();
    let newer = db.migrate("test", &STEPS[..1]).await.unwrap_err();
    assert!(matches!(newer, DatabaseError::Schema { .. }), "{newer}");
    let broken = Migration { version: 1, name: "half", sql: "CREATE TABLE half (id TEXT); nonsense" };
    assert!(db.migrate("other", &[broken]).await.is_err());
    assert!(db.fetch_all(sql("SELECT * FROM half")).await.is_err());
    // Steps 1 and 3 were there before step 2 was made.
    let step = |version, sql| Migration { version, name: "aside", sql };
    let (one, two, three) = (STEPS[0], STEPS[1], step(3, "CREATE TABLE aside (id TEXT)"));
    db.migrate("beside", &[step(1, "CREATE TABLE beside (id TEXT)"), three]).await.unwrap();
    let filled =
        [step(1, "CREATE TABLE beside (id TEXT)"), step(2, "ALTER TABLE beside ADD COLUMN note TEXT"), three];
    db.migrate("beside", &filled).await.unwrap();
    db.execute(sql("INSERT INTO beside (id, note) VALUES ('x', 'y')")).await.unwrap();
    assert!(db.migrate("falling", &[two, one]).await.is_err());
}

#[tokio::test]
async fn an_unknown_url_is_refused_without_repeating_it() {
    let error = Database::connect("mysql://u:secret@h/d", &Options::default()).await.unwrap_err();
    assert!(!error.to_string().contains("secret"));
}
