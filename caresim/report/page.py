"""Write the report of a run: one page that needs nothing else, with its figures and numbers beside it."""

from __future__ import annotations

import json
import os
import warnings
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
import yaml
from markupsafe import Markup

from caresim.report.answer import Answer, answer
from caresim.report.basis import basis, horizon, runs
from caresim.report.comparison import Comparison
from caresim.report.decision_tables import frontier_rows, information_rows, pareto_rows, rank_rows
from caresim.report.displacement import displacement_rows
from caresim.report.drawing import Drawing, characters, svg
from caresim.report.fonts import shows
from caresim.report.frontier import decided
from caresim.report.gallery import NAMES, drawings, open_banks, picture, write_figures
from caresim.report.inputs import changed_levers, changed_parameters, judgements
from caresim.report.sections import (
    BANK,
    HEADLINE,
    HOMES,
    beside,
    equity_table,
    target_rows,
)
from caresim.report.words import LANGUAGES, Words
from caresim.results import IncompleteRun, RunFolder, RunFolderError, held, read_run
from caresim.results.folder import FIGURES
from caresim.results.manifest import MANIFEST, program_hash
from caresim.results.sweep_folder import SWEEP
from caresim.results.tables import safely

PAGE, CONFIG = "report", "config.yaml"
HEAD = "# The scenario of a run, every value in force written out."
"""First line of the config beside a page, by which it is told from somebody's own."""
YEAR = 12
FRONTIERS = {
    "hours": "cost_per_hour",
    "qalys": "cost_effectiveness",
    "unmet_zero": "cost_effectiveness_unmet_zero",
}
"""Tables of cost and effect, by what the catalogues call the effect."""
LIMITS = ("luck", "judgement", "calibration", "economy", "sample", "horizon")
"""What limits every run."""


def write_report(
    folder: str | os.PathLike[str] | RunFolder,
    lang: str = "en",
    out: str | os.PathLike[str] | None = None,
    sensitivity: str | os.PathLike[str] | None = None,
) -> Path:
    """Write the report of a finished run, and return the page's path.

    Beside the page stand `figures/`, each figure as PNG and its numbers as CSV, and `config.yaml`, the whole scenario.

    Args:
        folder: the run folder.
        lang: `en` or `zh`.
        out: the page; by default `report.html` in the run folder (`report.zh.html` in Chinese), sealed with the run's
            checksums. With a page elsewhere the run folder stays as it is.
        sensitivity: a folder of `caresim sensitivity`, whose sensitivities the page shows; by default the run folder's
            own `sensitivity.csv`, if there is one.

    Raises:
        RunFolderError: the folder holds no finished run or no sensitivities, or another process is writing it.
        ConfigError: there is no such language.
    """
    run = folder if isinstance(folder, RunFolder) else read_run(folder)
    if run.manifest.get("kind") == SWEEP:
        raise RunFolderError(
            f"{run.path}: holds a sweep, no run; name a run folder, and sensitivities with --sensitivity"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IncompleteRun)  # the page says it at its top
        page = None if out is None else _free(Path(out), run)
        return _written(
            Comparison(run, Words(lang)), page, None if sensitivity is None else Path(sensitivity)
        )


def _free(page: Path, run: RunFolder) -> Path:
    """Return where a page goes, if neither another run nor somebody's own config stands there."""
    if page.is_dir():
        raise RunFolderError(f"--out {page}: is a folder; name a file such as {page / PAGE}.html")
    if (page.parent / MANIFEST).exists() and page.parent.resolve() != run.path.resolve():
        raise RunFolderError(f"{page.parent}: holds another run; name a page in another folder with --out")
    config = page.parent / CONFIG
    if config.exists() and not (config.is_file() and config.read_bytes().startswith(HEAD.encode())):
        raise RunFolderError(f"{config}: is not of a report; name a page in another folder with --out")
    return page


def _written(comparison: Comparison, out: Path | None, sensitivity: Path | None) -> Path:
    run, lang = comparison.run, comparison.words.language
    decision = decided(comparison)
    said = answer(comparison)
    page = run.path / page_name(lang) if out is None else out
    with held(run.path) if out is None else nullcontext():
        page.parent.mkdir(parents=True, exist_ok=True)
        with characters():
            drawn = drawings(comparison, said, decision, sensitivity)
            text = _page(comparison, said, decision, drawn, alone=out is not None)
        written = write_figures(drawn, page.parent / FIGURES, lang)
        with safely(page.parent / CONFIG) as file:
            file.write(config_of(run).encode())
        with safely(page) as file:
            file.write(text.encode())
        if out is None:
            run.seal([*written, page.parent / CONFIG, page])
    return page


def page_name(lang: str) -> str:
    """Return the name of the page in a language."""
    return f"{PAGE}.html" if lang == LANGUAGES[0] else f"{PAGE}.{lang}.html"


def config_of(run: RunFolder) -> str:
    """Return the whole scenario of a run as a config, from which the same run can be made."""
    scenario = json.loads(json.dumps(run.manifest["scenario"]))  # what two mixes share is written out in both
    text: str = yaml.safe_dump(scenario, allow_unicode=True, sort_keys=False, width=110)
    return f"{HEAD}\n{text}"


def place_of(comparison: Comparison) -> str:
    """Return the name of the place in the report's language."""
    manifest = comparison.run.manifest
    titles = [manifest.get("place_title"), manifest.get("place_title_zh")]
    if comparison.words.language == "zh":
        titles.reverse()
    folder = str(manifest["scenario"]["place"]).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    return str(next((title for title in titles if title), folder))


def _page(
    comparison: Comparison,
    said: Answer,
    decision: dict[str, pd.DataFrame],
    drawn: list[Drawing],
    alone: bool,
) -> str:
    """Return the page; `alone` if none in the other language stands beside it."""
    words = comparison.words
    other = next(language for language in LANGUAGES if language != words.language)
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("caresim.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(t=words.say, language={"en": "en", "zh": "zh-CN"}[words.language])
    return environment.get_template("page.html").render(
        **_asked(comparison),
        **_tables(comparison, said, decision),
        figures=_figures(comparison, drawn),
        other_page="" if alone else page_name(other),
    )


def _figures(comparison: Comparison, drawn: list[Drawing]) -> dict[str, dict[str, Any] | None]:
    """Return the figures by name, None of those that the run cannot show."""
    language = comparison.words.language
    return dict.fromkeys(NAMES) | {
        drawing.name: {
            "name": drawing.name,
            "title": drawing.title,
            "caption": drawing.caption,
            "svg": Markup(svg(drawing)),  # its text was escaped when it was drawn
            "csv": f"{FIGURES}/{drawing.name}.csv",
            "png": f"{FIGURES}/{picture(drawing.name, language)}" if shows(drawing.title) else "",
        }
        for drawing in drawn
    }


def _asked(comparison: Comparison) -> dict[str, Any]:
    manifest, words = comparison.run.manifest, comparison.words
    population = manifest["scenario"].get("population", {})
    counties = int(population.get("counties", 1))
    sizes = {key: f"{population.get(key, 0):,}" for key in ("residents", "townships", "villages")}
    people = words.say("asked_people_value", **sizes)
    if counties > 1:
        whole = f"{counties * population.get('residents', 0):,}"
        people = words.say("asked_people_counties", counties=counties, whole=whole, **sizes)
    return {
        "manifest": manifest,
        "place": place_of(comparison),
        "people": people,
        "failed": words.say("runs_lacking", lacking=comparison.lacking) if comparison.lacking else "",
        "lacking": words.say("lacking", lacking=comparison.lacking) if comparison.lacking else "",
        "horizon": horizon(comparison),
        "runs": runs(comparison),
        "mixes": [(mix, comparison.title(mix)) for mix in comparison.mixes],
        "baseline": comparison.title(comparison.baseline),
        "n": comparison.replications,
        "config": CONFIG,
        "program": f"caresim {manifest['caresim']}",
        "packages": words.say("comma").join(
            f"{k} {v}" for k, v in (manifest.get("packages") or {}).items() if v
        ),
    }


def _tables(comparison: Comparison, said: Answer, decision: dict[str, pd.DataFrame]) -> dict[str, Any]:
    words, judged, banks = comparison.words, judgements(comparison), open_banks(comparison)
    frames = {kind: decision.get(name) for kind, name in FRONTIERS.items()}
    total, beware = judged.n_parameters + judged.n_levers, "answer_beware"
    if comparison.single:
        beware += "_single"
    return {
        "answer": said.sentences,
        "beware": words.say(beware, judged=judged.parameters + judged.levers, n=total),
        "headline": beside(comparison, HEADLINE),
        "paired_basis": basis(comparison, "paired"),
        "plain_basis": basis(comparison, "none"),
        "losses_basis": basis(comparison, "losses"),
        "frontiers": {k: frontier_rows(comparison, f) for k, f in frames.items() if f is not None},
        "information": information_rows(comparison, decision),
        "ranks": rank_rows(comparison, decision),
        "pareto": pareto_rows(comparison, decision),
        "displacement": displacement_rows(comparison, decision),
        "equity": equity_table(comparison),
        "homes": beside(comparison, HOMES),
        "bank": beside(comparison, BANK, banks) if banks else None,
        "targets": target_rows(comparison),
        "judged": judged,
        "parameters": changed_parameters(comparison),
        "levers": [(comparison.title(mix), changed_levers(comparison, mix)) for mix in comparison.mixes],
        "limits": [words.say(f"limit_{name}") for name in _limits(comparison)],
    }


def _limits(comparison: Comparison) -> list[str]:
    months = comparison.run.monthly["month"].nunique()
    older = comparison.run.manifest["source"] != program_hash()
    flags = {"version": older, "replications": comparison.single, "short": months < YEAR}
    return [*(name for name, holds in flags.items() if holds), *LIMITS]
