#!/usr/bin/env python3
"""compare.py REPORT PASSES [--update]: cases listed in PASSES must pass in REPORT (one JSON row a case)."""
import json
import sys
from pathlib import Path

report, passes = Path(sys.argv[1]), Path(sys.argv[2])
update = "--update" in sys.argv[3:]
rows = {}
if report.exists():
    for line in report.read_text().splitlines():
        row = json.loads(line)
        rows[row["case"]] = row
if not rows:
    sys.exit("the replay reported no case at all")
expected = {line for line in passes.read_text().splitlines() if line and not line.startswith("#")} if passes.exists() else set()
passed = {case for case, row in rows.items() if row["pass"]}
regressions = sorted(case for case in expected if case in rows and case not in passed)
missing = sorted(expected - rows.keys())
new = sorted(passed - expected)
topics = {}
for case, row in rows.items():
    topic = topics.setdefault("/".join(case.split("/")[:2]), [0, 0])
    topic[0] += row["pass"]
    topic[1] += 1
for topic, (ok, total) in sorted(topics.items()):
    print(f"{topic:40} {ok}/{total}")
for case in regressions:
    print(f"REGRESSION {case}: {rows[case]['why'][:300]}")
if missing:
    print(f"{len(missing)} listed cases were not replayed (other recordings at hand): {missing[:5]} ...")
print(f"{len(new)} cases pass that are not listed yet")
if update:
    head = "# Cases of the recorded conversations that have passed and must keep passing. See replay.\n"
    passes.write_text(head + "".join(f"{case}\n" for case in sorted(expected | passed)))
print(f"{len(passed & expected)} passed, {len(regressions)} failed")
sys.exit(1 if regressions and not update else 0)
