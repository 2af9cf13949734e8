"""The page: whole, alone, escaped, in both languages, and with the summary's numbers."""

import re
import warnings
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from caresim import catalogue, write_report
from caresim.cli import main
from caresim.experiment.paired import compare
from caresim.experiment.runner import run_experiment
from caresim.experiment.score import COLUMNS
from caresim.experiment.statistics import DIFFERENCE
from caresim.report import fonts, inputs, page
from caresim.report.comparison import CARE_MET, Comparison
from caresim.report.courses import MAIN, courses, fans
from caresim.report.drawing import key, look, wrapped
from caresim.report.forest import OUTCOMES, forest
from caresim.report.gallery import NAMES
from caresim.report.inputs import changed_levers, changed_parameters
from caresim.report.sections import HEADLINE, beside
from caresim.report.words import LANGUAGES, Words
from caresim.results import RunFolder, RunFolderError, claim, read_run, verify
from caresim.scenario import load_scenario
from caresim.synthesis.place_sheet import read_sheet
from caresim.synthesis.places import place_folder
from tests.experiment.fakes import NAMES as INDICATORS
from tests.experiment.fakes import small
from tests.report.runs import answered, course, finished

VOID = {"meta", "br", "link", "img", "input", "hr", "col"}
MIXES = ["status_quo", "family_first", "time_bank"]


class Page(HTMLParser):
    """Reads a page and keeps what the tests ask of it."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.ids, self.cells, self.words, self.wrong = [], [], [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self.ids += [attributes["id"]] if "id" in attributes else []
        if "data-mean" in attributes:
            self.cells.append(attributes)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, text):
        if self.open and self.open[-1] not in ("style",):
            self.words.append(text)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def quietly(run, out, lang="en"):
    """Write a report into a folder of its own; a warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        path = write_report(run, lang=lang, out=out / f"{lang}.html")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page") / "run"
    return finished(folder, months=26, replications=4, mixes=MIXES, baseline="status_quo")


@pytest.fixture(scope="module")
def pages(run, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    return {language: quietly(run, out, language) for language in LANGUAGES}


@pytest.mark.parametrize(
    ("language", "units"),
    [
        ("en", ["persons, in all", "persons, at the end", "%", "%, at the end"]),
        ("zh", ["人，合计", "人，期末", "%", "%，期末"]),
    ],
)
def test_a_table_says_which_number_of_the_months_it_shows(run, language, units):
    table = beside(Comparison(run, Words(language)), ("births", "residents", "unmet_share", "elders_share"))
    assert [unit for _, unit in table.heads] == units


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "ADL-disabled with over a quarter of need unmet"), ("zh", "缺口超过四分之一的失能老人比重")],
)
def test_a_share_of_elders_is_not_called_a_share_of_their_need(run, language, title):
    comparison = Comparison(run, Words(language))
    assert [label for label, _ in beside(comparison, ("unmet_prevalence",)).heads] == [title]
    drawn = forest(comparison)
    assert title in drawn.alt
    assert title in [
        axes.get_title(loc="left").replace("\n", " " if language == "en" else "")
        for axes in drawn.figure.axes
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_well_formed_and_needs_nothing_else(pages, language):
    read = Page(pages[language])
    assert read.open == []
    assert read.wrong == []
    assert len(read.ids) == len(set(read.ids))
    tags = {tag for tag, _ in read.tags}
    assert not tags & {"script", "link", "iframe", "img", "object", "embed", "base"}
    for tag, attributes in read.tags:
        target = attributes.get("href") or attributes.get("src") or ""
        if target.startswith("#"):
            assert target[1:] in read.ids, (tag, target)
        assert "//" not in target
        if "aria-labelledby" in attributes:
            assert attributes["aria-labelledby"] in read.ids
    assert not re.search(r"https?://|@import|url\((?!#)", pages[language].replace("http://www.w3.org/", ""))
    named = re.findall(r"url\(#([^)]+)\)", pages[language])
    assert named
    assert set(named) <= set(read.ids)


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_have_real_text_a_caption_and_words_for_the_blind(pages, language):
    read = Page(pages[language])
    svgs = [attributes for tag, attributes in read.tags if tag == "svg"]
    assert len(svgs) >= 5
    assert all(attributes["role"] == "img" for attributes in svgs)
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", pages[language], flags=re.S)
    assert len(captions) == len(svgs)
    runs, horizon = {"en": ("3 mixes × 4 replications", "2020-01 to 2022-02 (26 months)"),
                     "zh": ("3种组合，各模拟4次", "2020-01至2022-02（26个月）")}[language]  # fmt: skip
    pairing = {"en": "Differences are paired", "zh": "差异为配对差"}[language]
    interval = re.compile(
        r"Intervals: 95 %|Bands: middle|No intervals" if language == "en" else "区间为|色带为|未列出"
    )
    below_tables = re.findall(r'<p class="caption">(.*?)</p>', pages[language], flags=re.S)
    assert below_tables
    for caption in [*captions, *below_tables]:
        assert interval.search(caption)
        assert runs in caption
        assert horizon in caption
        assert pairing in caption
    assert "font-family" not in re.sub(r"<style>.*?</style>", "", pages[language], flags=re.S)
    assert f'lang="{"en" if language == "en" else "zh-CN"}"' in pages[language]
    title = {"en": ">Family first</text>", "zh": ">家庭优先</text>"}[language]
    assert title in pages[language]


def test_the_chinese_page_has_no_english_sentence(pages):
    text = Page(pages["zh"]).text
    english = re.findall(r"(?:\b[A-Za-z]{2,} ){4,}", text)
    assert [words for words in english if "caresim" not in words] == []


def test_the_table_says_what_the_summary_says(run, pages):
    cells = {(cell["data-mix"], cell["data-indicator"]): cell for cell in Page(pages["en"]).cells}
    summary = run.summary.set_index(["mix", "indicator"])["mean"]
    shown = [name for name in HEADLINE if name != CARE_MET and ("status_quo", name) in cells]
    assert shown
    for mix in MIXES:
        for name in shown:
            assert float(cells[mix, name]["data-mean"]) == pytest.approx(summary[mix, name], rel=1e-9)
    comparison = Comparison(run, Words("en"))
    for mix in MIXES[1:]:
        delta = (comparison.numbers.loc[mix] - comparison.numbers.loc["status_quo"])[shown].mean()
        assert [float(cells[mix, name]["data-delta"]) for name in shown] == pytest.approx(list(delta))


def test_differences_of_the_summary_are_taken_over(run):
    said = run.summary.assign(delta=1.0, delta_lower=0.5, delta_upper=1.5, probability_better=0.75)
    other = RunFolder(run.path, run.manifest)
    object.__setattr__(other, "summary", said)
    row = Comparison(other, Words("en")).row("time_bank", "lonely_share")
    assert [row[end] for end in ("delta", "delta_lower", "delta_upper", "probability_better")] == [
        1,
        0.5,
        1.5,
        0.75,
    ]


def test_differences_are_those_of_the_paired_comparison(run):
    known = compare(run.path).set_index(["mix", "indicator"])
    comparison = Comparison(run, Words("en"))
    for mix, name in (("time_bank", "unmet_share"), ("family_first", "lonely_share"), ("time_bank", "qalys")):
        row = comparison.row(mix, name)
        assert [row[end] for end in DIFFERENCE] == pytest.approx(
            list(known.loc[(mix, name), list(DIFFERENCE)]), nan_ok=True
        )
    assert comparison.better("unmet_share") == "lower"
    assert comparison.better(CARE_MET) == "higher"
    assert comparison.better("met_hours") is None


def test_without_differences_in_the_summary_they_are_made_from_the_months(run):
    other = RunFolder(run.path, run.manifest)
    object.__setattr__(other, "summary", run.summary.drop(columns=list(DIFFERENCE)))
    one, two = (Comparison(each, Words("en")).row("time_bank", "unmet_share") for each in (run, other))
    assert two == pytest.approx(one, nan_ok=True)
    assert np.isfinite(one["delta_upper"])


def test_text_of_configs_is_escaped(run, tmp_path):
    nasty = "<script>alert('1')</script> & \"$x_1$\""
    scenario = run.manifest["scenario"]
    mixes = {name: {**each, "title": f"{nasty} {name}"} for name, each in scenario["mixes"].items()}
    manifest = {**run.manifest, "name": nasty, "place_title": nasty, "place_title_zh": None}
    text = quietly(RunFolder(run.path, {**manifest, "scenario": {**scenario, "mixes": mixes}}), tmp_path)
    read = Page(text)
    assert "<script" not in text
    assert read.wrong == []
    assert f"{nasty} time_bank" in read.text
    assert text.count("&lt;script&gt;") > 20  # in tables, sentences and figures


def test_the_report_is_sealed_with_its_figures_and_the_config_makes_the_same_run(run):
    for language in LANGUAGES:
        assert write_report(run.path, language).name == page.page_name(language)
    verify(run.path)
    files = read_run(run.path).manifest["files"]
    assert {"report.html", "report.zh.html", "config.yaml", "figures/care_hours.csv", "figures/care_hours.png",
            "figures/forest.csv"} <= set(files)  # fmt: skip
    assert load_scenario(run.path / "config.yaml").digest() == run.manifest["digest"]


def test_the_config_that_a_run_leaves_is_one_though_mixes_share_a_list(tmp_path):
    order = ["spouse", "children", "volunteers", "neighbours", "time_bank"]
    mixes = {name: {"instruments": {"source_order": {"order": order}}} for name in ("one", "other")}
    said = small(
        mixes={"status_quo": None, **mixes, "state_led": None, "zhejiang_like": None},
        months=2,
        replications=1,
    )
    run = run_experiment(said, tmp_path / "run", jobs=1, simulate=course)
    write_report(run)  # of the manifest as it is in memory, where the mixes' lists are one object
    assert load_scenario(run.path / "config.yaml").digest() == run.manifest["digest"]


def test_a_page_elsewhere_is_the_same_and_leaves_the_run_as_it_was(run, pages, tmp_path):
    def state():
        return {path: path.stat().st_mtime_ns for path in sorted(run.path.rglob("*"))}

    before = state()
    assert quietly(run, tmp_path / "deep") == pages["en"]
    assert state() == before
    assert_numbers_are_those_of_the_run(run, tmp_path / "deep" / "figures")


def assert_numbers_are_those_of_the_run(run, figures):
    hours = pd.read_csv(figures / "care_hours.csv").set_index("mix")
    months = run.monthly[run.monthly["mix"] == "time_bank"]
    assert hours.loc["time_bank", "hours_spouse"] == pytest.approx(
        months["hours_spouse"].sum() / months["elders"].sum()
    )
    fans = pd.read_csv(figures / "fans.csv")
    last = fans[(fans["mix"] == "time_bank") & (fans["month"] == "2022-02")].iloc[0]
    end = months[months["month"] == "2022-02"]
    assert last["p95"] == pytest.approx(np.percentile(end["met_hours"] / end["need_hours"], 95))


@pytest.mark.parametrize(("months", "span"), [(26, 12), (24, 1)])
def test_lines_of_long_runs_are_means_of_twelve_months_and_fans_are_not(tmp_path, months, span):
    long = finished(tmp_path / "run", months=months, replications=2, mixes=MIXES, baseline="status_quo")
    comparison = Comparison(long, Words("en"))
    met = comparison.monthly[comparison.monthly["mix"] == "time_bank"].groupby("month")[CARE_MET].mean()
    drawn = {"lines": courses(comparison, "courses", MAIN, comparison.mixes), "fans": fans(comparison)}
    shown = {name: each.numbers.query(f"mix == 'time_bank' and indicator == '{CARE_MET}'")["mean"]
             for name, each in drawn.items()}  # fmt: skip
    assert list(shown["fans"]) == pytest.approx(list(met))
    assert list(shown["lines"]) == pytest.approx(list(met.rolling(span, min_periods=1).mean()))
    said = Words("en").say("smoothed").strip()
    assert {name: said in each.caption for name, each in drawn.items()} == {"lines": span > 1, "fans": False}


@pytest.mark.parametrize("keys", [
    {"months": 1, "replications": 1},
    {"months": 1, "replications": 3, "mixes": MIXES},
    {"months": 14, "replications": 1, "mixes": MIXES[:2]},
    {"months": 5, "replications": 2},
])  # fmt: skip
def test_small_runs_have_a_report(tmp_path, keys):
    run = finished(tmp_path / "run", **keys)
    language = LANGUAGES[keys["months"] % 2]
    text = quietly(run, tmp_path, language)
    assert Page(text).wrong == []
    assert not re.search(r"(nan|inf)", Page(text).text)


def test_a_run_that_measured_nothing_says_so(run, tmp_path):
    other = RunFolder(run.path, run.manifest)
    object.__setattr__(other, "monthly", run.monthly.assign(**dict.fromkeys(INDICATORS, np.nan)).copy())
    object.__setattr__(other, "summary", run.summary.assign(mean=np.nan, lower=np.nan, upper=np.nan))
    text = Page(quietly(other, tmp_path)).text
    assert "This run did not measure the need for care" in text
    assert not re.search(r"\bnan\b", text)


def test_a_scored_hindcast_shows_targets(tmp_path):
    run = answered(tmp_path / "run", {"status_quo": 0.0}, {"status_quo": 40.0})
    end = (0, 0, 0)
    rows = [
        ("status_quo", "C02", "share <60+>", "fit", 2020, 0.2, 0.3, 0.25, 0.24, 0.26, 0.02, True, True, *end),
        ("status_quo", "C29", "alone", "fit", 2020, 0.1, 0.1, 0.2, 0.19, 0.21, 0.02, False, False, *end),
        ("status_quo", "X", "no band", "fit", 2020, np.nan, np.nan, 0.2, 0.1, 0.3, 0.2, None, None, *end),
    ]
    pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(run.path / "score.csv", index=False)
    text = quietly(run, tmp_path)
    assert "1 of 2 means lie inside their target" in Page(text).text
    assert "were fitted. 1 mix, 4 replications. Horizon: 2020-01 to 2020-02 (2 months)." in Page(text).text
    assert "share &lt;60+&gt;" in text
    assert "no band" not in text


def test_what_was_changed_is_told_with_its_evidence(run, pages):
    read = Page(pages["en"]).text
    assert "fertility.multiplier" in read  # the place's own
    assert "time_bank.open no yes" in read
    count = re.search(r"Of (\d+) parameters of the model in force, (\d+) are judgement", read)
    assert int(count[1]) > int(count[2]) > 0


def test_inputs_are_told_in_the_language_of_the_page(tmp_path):
    tasks = {"time_bank": {"tasks": ["errands", "leisure"]}}
    mine = {"mine": {"title": "Mine", "instruments": tasks}}
    run = finished(tmp_path / "run", months=2, replications=1, mixes=mine, baseline="mine")
    english, chinese = (quietly(run, tmp_path, language) for language in LANGUAGES)
    values = {language: re.findall(r'<td class="value">(.*?)</td>', page)
              for language, page in (("en", english), ("zh", chinese))}  # fmt: skip
    assert "errands, leisure" in values["en"]
    assert "代办服务、休闲娱乐" in values["zh"]
    assert "家庭服务、养老餐桌、健康管理、代办服务、心理慰藉、巡视探访、休闲娱乐" in values["zh"]
    assert [value for value in values["zh"] if re.search(r"[A-Za-z]{3,}", value)] == []
    titles = [attributes["title"] for _, attributes in Page(chinese).tags if "title" in attributes]
    assert [title for title in titles if re.search(r"[A-Za-z]{4,}", title)] == []
    assert 'title="Scale of the probabilities of leaving' in english


def test_what_is_both_a_parameter_and_a_lever_is_counted_once(run, pages):
    marks = {row["name"]: row["evidence"] for row in catalogue.declared_levers()}
    parameters = {row["name"] for row in catalogue.declared_parameters()}
    assert "time_bank.open" in parameters & set(marks)
    counted = inputs.judgements(Comparison(run, Words("en")))
    assert counted.n_parameters + counted.n_levers == len(parameters | set(marks))
    assert counted.levers == [marks[name] for name in set(marks) - parameters].count("judgement")
    judged, n = counted.parameters + counted.levers, counted.n_parameters + counted.n_levers
    assert f"{judged} of {n} parameters and levers, as declared, are judgement" in Page(pages["en"]).text
    assert f"按声明值计，{n}个参数和政策变量中有{judged}个出自主观判断" in Page(pages["zh"]).text


def test_what_a_config_changes_is_its_own(tmp_path):
    run = finished(tmp_path / "run", months=2, replications=1, parameters={"dementia": {"onset_year": 0.02}})
    comparison = Comparison(run, Words("en"))
    (row,) = [row for row in changed_parameters(comparison) if row.name == "dementia.onset_year"]
    assert (row.label, row.default, row.value) == ("Dementia: Onset at 65 and over", "0.0147", "0.02")
    assert row.evidence == "set by the config"
    assert changed_levers(comparison, "status_quo") == []


def rests_on(run):
    """Return evidence and source of each parameter that differs from its default."""
    rows = changed_parameters(Comparison(run, Words("en")))
    return {row.name: (row.evidence, row.source) for row in rows}


def test_what_a_place_sets_with_a_date_rests_on_what_the_place_says(tmp_path):
    name = "households.younger_couple_with_child"  # the sheet says {2010-01: 0.6, 2020-01: 0.4}, marked as judgement
    keys = {"place": "rural_beijing", "months": 2, "replications": 1}
    for start, value in (("2010-01", 0.6), ("2020-01", 0.4)):
        run = finished(tmp_path / start, start=start, **keys)
        assert run.manifest["scenario"]["parameters"]["households"]["younger_couple_with_child"] == value
        assert rests_on(run)["kinship.migration_began"] == ("judgement", "nbs_migrants2020")
        assert rests_on(run)[name] == ("judgement", "nbs_census2010")
    other = finished(tmp_path / "own", **keys, parameters={"households": {"younger_couple_with_child": 0.55}})
    assert rests_on(other)[name] == ("set by the config", "")


def test_what_a_place_changes_during_a_run_is_its_own(tmp_path, monkeypatch):
    run = finished(tmp_path / "run", months=26, replications=1,
                   parameters={"migration": {"out_scale": {"2020-01": 0.5, "2021-06": 0.75}}})  # fmt: skip
    assert rests_on(run)["migration.out_scale"] == ("set by the config", "")
    sheet = replace(
        read_sheet(place_folder("rural_heilongjiang") / "place.yaml"),
        parameters={
            "migration": {"out_scale": {"2019-01": 0.9, "2020-01": 0.5, "2021-06": 0.75, "2030-01": 1.0}}
        },
    )
    monkeypatch.setattr(inputs, "read_sheet", lambda path: sheet)
    assert rests_on(run)["migration.out_scale"] == ("fitted", "nbs_migrants2020")


def test_without_a_chinese_font_there_is_no_picture_but_the_page(run, tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "CHINESE_FONTS", ())
    text = quietly(run, tmp_path, "zh")
    assert ">家庭优先</text>" in text
    assert not list((tmp_path / "figures").glob("*.zh.png"))
    assert list((tmp_path / "figures").glob("*.csv"))


def test_an_unfinished_run_has_no_report(tmp_path):
    run = claim(tmp_path / "out", small(), ())
    with pytest.raises(RunFolderError, match="add --resume"):
        write_report(run.path)


def test_no_two_of_thirteen_mixes_look_alike():
    looks = [look(place) for place in range(13)]
    assert len({(each.colour, str(each.line)) for each in looks}) == 13
    assert len({each.marker for each in looks[1:]}) >= 11


def test_figures_and_outcomes_are_of_things_that_exist():
    indicators = set(INDICATORS) | {CARE_MET}
    assert set(HEADLINE) <= indicators
    assert set(OUTCOMES) <= indicators
    assert len(NAMES) == len(set(NAMES))


def test_long_names_are_put_on_lines():
    assert wrapped("Hours of care needed", 0.9).count("\n") >= 1
    assert wrapped("照护需求满足率居家和机构合计", 1.0).count("\n") >= 1
    assert wrapped("short", 3.0) == "short"


def test_the_command_prints_the_page_and_one_line_of_what_is_wrong(run, tmp_path, capsys):
    def ran(*arguments):
        with pytest.raises(SystemExit) as left:
            main(["report", *map(str, arguments)])
        said = capsys.readouterr()
        return left.value.code, said.out.splitlines(), said.err.splitlines()

    out = tmp_path / "page.html"
    assert ran(run.path, "--lang", "zh", "--out", out) == (0, [str(out)], [])
    assert "谁来照护老人" in out.read_text(encoding="utf-8")
    code, _, wrong = ran(run.path, "--lang", "fr")
    assert code == 2
    assert len(wrong) == 1
    assert wrong[0].startswith("--lang fr: no such language")
    code, _, wrong = ran(tmp_path / "nowhere")
    assert code == 2
    assert len(wrong) == 1
    assert "holds no run" in wrong[0]
    code, _, wrong = ran(run.path, "--out", out / "below.html")
    assert code == 2
    assert len(wrong) == 1
    assert ran(run.path, "--out", tmp_path) == (
        2, [], [f"--out {tmp_path}: is a folder; name a file such as {tmp_path / 'report.html'}"]
    )  # fmt: skip
    code, _, wrong = ran(run.path, "--sensitivity", tmp_path)
    assert (code, len(wrong)) == (2, 1)
    assert wrong[0].count(str(tmp_path)) == 1


def test_a_page_elsewhere_spares_what_stands_there_and_leads_to_no_page_that_is_not(run, pages, tmp_path):
    assert not re.search(r'href="report[.\w]*html"', pages["en"])
    assert 'href="report.zh.html"' in write_report(run).read_text(encoding="utf-8")
    mine = tmp_path / "config.yaml"
    mine.write_text("place: rural_heilongjiang\n")
    with pytest.raises(RunFolderError, match=r"config\.yaml: is not of a report"):
        write_report(run, out=tmp_path / "page.html")
    assert mine.read_text() == "place: rural_heilongjiang\n"
    assert sorted(tmp_path.iterdir()) == [mine]
    other = finished(tmp_path / "other", months=2)
    with pytest.raises(RunFolderError, match="holds another run"):
        write_report(run, out=other.path / "page.html")


def test_the_page_of_one_mix_speaks_of_no_comparison(tmp_path):
    alone = finished(tmp_path / "alone", months=26, replications=4)
    text = " ".join(Page(quietly(alone, tmp_path / "out")).text.split())
    for word in ("paired", "beside one another", "dashed black line"):
        assert word not in text
    assert "paired" in " ".join(Page(quietly(finished(
        tmp_path / "two", months=3, replications=2, mixes=MIXES[:2], baseline="status_quo"
    ), tmp_path / "out2")).text.split())  # fmt: skip


def test_numbers_at_the_years_of_neighbouring_panels_do_not_touch(tmp_path):
    whole_years = finished(
        tmp_path / "run", months=24, replications=2, mixes=[*MIXES, "state_led"], baseline="status_quo"
    )
    drawn = fans(Comparison(whole_years, Words("en")))
    drawn.figure.draw_without_rendering()
    first, last = drawn.figure.axes[0].get_xlim()
    labels = [label for axes in drawn.figure.axes for label in axes.get_xticklabels() if label.get_text()]
    seen = [label.get_window_extent() for label in labels if first <= label.get_position()[0] <= last]
    boxes = sorted(seen, key=lambda box: box.x0)
    assert len(boxes) == 3 * 4
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))


def test_a_key_keeps_clear_of_its_marks():
    figure = Figure(figsize=(6, 2))
    style = {"color": "black", "linestyle": "-", "marker": "o", "markersize": 20.0}
    key(figure, [(style, "name")], 1.0)
    figure.draw_without_rendering()
    (line,) = figure.get_children()[1:2]
    ends = line.get_window_extent()
    assert figure.texts[0].get_window_extent().x0 > ends.x1
