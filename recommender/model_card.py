"""The model card: what the coefficients are, where from, how good, and what nobody should read into them."""

from collections.abc import Mapping
from typing import Any

from recommender.riasec import FIELDS

_MEASURES = {
    "top1": "top-1",
    "top3": "top-3",
    "top5": "top-5",
    "mrr": "MRR",
    "ndcg5": "nDCG@5",
    "log_loss": "log-loss",
    "ece": "ECE",
    "macro_top3": "macro top-3",
    "it_auc": "IT AUC",
}
_METHODS = {
    "model": "**this model**",
    "popularity": "popularity",
    "congruence": "profile correlation with O*NET",
    "three_letter": "C index of three-letter codes",
}
_FORMS = {"full": "48 items, eight a scale", "short": "12 items, two a scale, simulated"}


def model_card(artefact: Mapping[str, Any], made_on: str) -> str:
    """The text of MODEL_CARD.md, every figure from the artefact. `made_on`: a date."""
    parts = [
        _what(artefact, made_on),
        _data(artefact),
        _explained(artefact),
        *(_figures(artefact, form) for form in _FORMS),
        _short_form(artefact["forms"]["short"]),
        _IT_FIT,
        *(_it_fit(artefact, form) for form in _FORMS),
        _SURENESS,
        *(_sureness(artefact, form) for form in _FORMS),
        _LIMITS,
        _AGAIN,
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _what(artefact: Mapping[str, Any], made_on: str) -> str:
    return f"""
# Model card: direction

Made on {made_on} by `portal recommend train`. Generated; do not edit.

A multinomial logistic regression from six RIASEC scale means (1 … 5) to {len(artefact["fields"])} fields
of study, shipped as JSON coefficients in two forms: for 48 items (eight a scale) and for 12 (two a
scale). It tells which fields the answers of a person lean to and how people who answer so stand to IT. A
person is shown the ranking **without the prior** (log P(field | answers) - log P(field)), so that
popular fields are not named just because they are popular.
"""


def _data(artefact: Mapping[str, Any]) -> str:
    split = artefact["split"]
    learned_from, held_out = f"{split['learned_from']:,}", f"{split['held_out']:,}"
    return f"""
## Data

Open-Source Psychometrics Project, Holland-code test: people who took the test on the web and named what they
studied, mapped by us to {len(FIELDS)} fields. Learned from {learned_from} people; {held_out} were held
out by SHA-1 of the row's content (one part of {split["parts"]}, so equal rows are always on one side)
and seen only to write this card and its tables.

- Consent and licence: anonymous, use in research was consented to, the items are in the public domain.
  OSPP has **no formal licence**: ask before commercial use. Coefficients only; rows are not shipped.
- The label is what people studied, not what suited them. A fifth of them studied psychology; mostly
  English-speaking test takers who chose to take it. No age, country or education is known, so nothing
  can be said about people in Ukraine apart from the rest.
- Sex, age, disability are no features, nor are the personality traits of the file.
- The interest profiles of the baselines come from O*NET (February 2026), by the U.S. Department of Labor,
  Employment and Training Administration (USDOL/ETA), used under CC BY 4.0, averaged by us over the
  occupations of a field.
"""


def _explained(artefact: Mapping[str, Any]) -> str:
    held_out = f"{artefact['split']['held_out']:,}"
    return f"""## Figures

On the {held_out} held-out people. Everything with the prior, only macro top-3 (the mean over fields) of the
model without it. One relevant field a person; equal scores in a random order. The sampling error of a
top-3 is about ±.01 (95 %).
"""


def _figures(artefact: Mapping[str, Any], form: str) -> str:
    results = artefact["evaluation"][form]
    lines = [
        f"### {_FORMS[form]}",
        "",
        "| method | " + " | ".join(_MEASURES.values()) + " |",
        "|---" * (len(_MEASURES) + 1) + "|",
    ]
    for method, name in _METHODS.items():
        cells = ("–" if results[method][key] is None else f"{results[method][key]:.4f}" for key in _MEASURES)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _short_form(short: Mapping[str, Any]) -> str:
    eight, two = short["reliability_of_eight"], short["reliability_of_two"]
    return f"""
The short form is **simulated**: no file at hand has single answers and a field of study together. Two items'
means were drawn around the eight items' means by classical test theory, reliability {eight:.2f} of eight
items, hence {two:.2f} of two (Spearman-Brown), and the model was learned anew on them
(`recommender/short_form.py`). Real answers may do better (items chosen for the task) or worse (two items
are not parallel to eight).
"""


_IT_FIT = """
## Calibration: how people with such answers stand to IT

Deciles of the predicted share, held-out people. A band is low while its deciles observed less than half the
average, high while more than one and a half times. The limits of the bands were set on these same people.
"""


def _it_fit(artefact: Mapping[str, Any], form: str) -> str:
    table = artefact["forms"][form]["it_fit"]
    low, high = table["thresholds"]
    lines = [
        f"### {_FORMS[form]}",
        "",
        f"Average {table['average']:.4f}; low under {low:.4f}, high from {high:.4f}.",
        "",
        "| group | people | predicted | observed |",
        "|---|---|---|---|",
        *(_row(f"decile {number}", one) for number, one in enumerate(table["deciles"], 1)),
        *(_row(f"**{name}**", one) for name, one in table["bands"].items()),
    ]
    return "\n".join(lines)


_SURENESS = """
## Calibration: how often the list held the field

The list is the one that is shown: the three fields that come first without the prior. "Predicted" is the
probability (with the prior) of the three together, "observed" how often the list held the field the person
studied.
"""


def _sureness(artefact: Mapping[str, Any], form: str) -> str:
    quarters = artefact["forms"][form]["sureness"]["quarters"]
    lines = [
        f"### {_FORMS[form]}",
        "",
        "| quarter | people | predicted | observed |",
        "|---|---|---|---|",
        *(_row(str(number), one) for number, one in enumerate(quarters, 1)),
    ]
    return "\n".join(lines)


def _row(name: str, group: Mapping[str, Any]) -> str:
    return f"| {name} | {group['people']} | {group['predicted']:.4f} | {group['observed']:.4f} |"


_LIMITS = """
## What it cannot tell, and what it must never do

- **It tells the field, not the track inside IT.** Interests of this kind carry almost nothing about who
  becomes an administrator, a developer or an analyst; tracks need questions about concrete tasks.
- It says what people who answered alike studied. It says nothing of ability, of success or of happiness.
- It **must never block anyone**: not from a programme, not from a question, not from a list. A low band
  is a hint about interests, nothing more; a veteran, a person with a disability, somebody who changes a
  career at fifty, anybody whose answers lean elsewhere is shown the same programmes.
- A list of three misses the field of most people; the tables above say how often. Never show a bare per
  cent of match.
- A scale left unanswered counts as the mean and adds nothing; the tables were made with all answers given and
  hold less then.
"""

_AGAIN = """
## To make it again

```
portal recommend train riasec_major_train.csv
portal recommend evaluate riasec_major_train.csv --held-out --json
portal recommend evaluate riasec_major_train.csv --held-out --form 12 --json
```

O*NET's table of interests is looked for beside the file, `onet/Interests_2026-02.txt`, or given with
`--onet`. The second and the third command print the figures above.
"""
