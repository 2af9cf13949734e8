"""What the page of the hindcast says in words is what its kept tables hold."""

import csv
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "results" / "reference" / "hindcast"
PAGE = (ROOT / "docs" / "hindcast.md").read_text(encoding="utf-8")


def test_the_page_names_the_version_of_the_kept_runs():
    manifests = sorted(KEPT.glob("*.manifest.json"))
    kept = {json.loads(path.read_text(encoding="utf-8"))["caresim"] for path in manifests}
    assert len(manifests) >= 6
    assert set(re.findall(r"version (\d+\.\d+\.\d+)", PAGE)) == kept


def mean_of(place, target):
    """Return the kept mean of a target, as the words say it."""
    with (KEPT / f"{place}.csv").open(encoding="utf-8", newline="") as lines:
        (row,) = [row for row in csv.DictReader(lines) if row["id"] == target]
    return f"{float(row['mean']):.2f}".removeprefix("0"), row["hit"]


def test_the_misses_in_words_are_those_of_the_tables():
    words = " ".join(PAGE.split())
    with_child = {place: mean_of(place, "C24") for place in ("rural_heilongjiang", "rural_china")}
    assert f"{with_child['rural_heilongjiang'][0]} in rural Heilongjiang and " in words
    assert f"{with_child['rural_china'][0]} in rural China where the survey finds" in words
    by_family = {place: mean_of(place, "C23") for place in ("rural_heilongjiang", "rural_china")}
    said = "{}: {} in rural China and {} in rural Heilongjiang".format(
        "missed narrowly by both means", by_family["rural_china"][0], by_family["rural_heilongjiang"][0]
    )
    assert said in words
    assert {hit for _, hit in [*with_child.values(), *by_family.values()]} == {"False"}
