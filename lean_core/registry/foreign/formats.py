"""What other tools leave in a version's folder: MLflow, pins, DVC, and model cards."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from lean_core.registry.artifact_format import is_model_name
from lean_core.registry.foreign.clues import Clues, Found, merge
from lean_core.registry.foreign.documents import parse_yaml
from lean_core.registry.foreign.entry import plain_path, read_entry
from lean_core.registry.foreign.look import Look
from lean_core.registry.metrics import as_number
from lean_core.registry.record import Data
from lean_core.settings import redact

CARDS = ("MODEL_CARD.md", "model_card.md", "ModelCard.md", "README.md")


def read_mlmodel(look: Look) -> Clues:
    """Read the ``MLmodel`` of an MLflow model: right in the folder, or in one folder below."""
    places = sorted(
        (path for path in look.files if posixpath.basename(path) == "MLmodel"), key=lambda path: path.count("/")
    )
    if not places:
        return Clues()
    path = places[0]
    if len(places) > 1 and places[1].count("/") == path.count("/"):
        look.problems.append(f"there are several MLflow models ({', '.join(places[:3])}): --artifact PATH says which")
        return Clues()
    folder = posixpath.dirname(path) or "."
    clues = Clues(artifact=Found(folder, path), format=Found("mlflow", path))
    said = look.yaml(path)
    if not isinstance(said, Mapping):
        return clues
    flavors = said.get("flavors")
    pyfunc = flavors.get("python_function") if isinstance(flavors, Mapping) else None
    python = pyfunc.get("python_version") if isinstance(pyfunc, Mapping) else None
    return merge(
        clues,
        Clues(
            run_id=_text(said.get("run_id"), f"{path}, run_id"),
            made_at=_text(said.get("utc_time_created"), f"{path}, utc_time_created"),
            python=_text(python, f"{path}, python_version"),
        ),
    )


def read_pin(look: Look) -> Clues:
    """Read the ``data.txt`` of a pin."""
    said = look.yaml("data.txt")
    if not isinstance(said, Mapping) or "api_version" not in said:
        return Clues()
    files = said.get("file")
    names = [files] if isinstance(files, str) else files if isinstance(files, list) else []
    there = [name for name in names if isinstance(name, str) and name in look.files]
    lost = [str(name) for name in names if name not in there]
    if lost:
        look.problems.append(f"data.txt names {', '.join(lost)}, which is not there")
    user = said.get("user")
    return merge(
        Clues(
            artifact=Found(there[0] if len(there) == 1 else ".", "data.txt, file") if there else None,
            format=_text(said.get("type"), "data.txt, type"),
            made_at=_text(said.get("created"), "data.txt, created"),
        ),
        read_entry(user, "data.txt, user", look.files) if isinstance(user, Mapping) else Clues(),
    )


def read_dvc(look: Look) -> Clues:
    """Read ``.dvc`` files: one of the model, others of data."""
    clues = Clues()
    for path in sorted(path for path in look.files if path.endswith(".dvc") and not path.startswith(".")):
        said = look.yaml(path)
        outs = said.get("outs") if isinstance(said, Mapping) else None
        for out in outs if isinstance(outs, list) else ():
            if isinstance(out, Mapping) and isinstance(out.get("path"), str):
                clues = merge(clues, _read_out(look, path, said, out))
    return clues


def read_card(look: Look) -> Clues:
    """Read what stands in the head of a model card: the data sets, and the metrics of the index."""
    for path in CARDS:
        text = look.text(path)
        if text is None or not text.startswith("---"):
            continue
        head, end, _ = text[3:].partition("\n---")
        try:
            said = parse_yaml(head) if end else None
        except ValueError as error:
            look.problems.append(f"the head of {path} {error}")
            continue
        if isinstance(said, Mapping):
            values = dict(_index_metrics(said.get("model-index")))
            return Clues(
                data=tuple(_card_data(said.get("datasets"), path)),
                metric_values=Found(values, f"{path}, model-index") if values else None,
            )
    return Clues()


def _read_out(look: Look, path: str, said: Mapping[str, Any], out: Mapping[str, Any]) -> Clues:
    place = posixpath.join(posixpath.dirname(path), plain_path(out["path"]))
    hashes = {kind: out[kind] for kind in ("md5", "etag", "sha256") if isinstance(out.get(kind), str)}
    digest = next((f"{kind}:{value}" for kind, value in hashes.items()), None)
    is_folder = any(file.startswith(f"{place}/") for file in look.files)
    if is_folder or (is_model_name(place) and place in look.files):
        return Clues(artifact=Found(place, path))
    if is_model_name(place):
        which = digest or "without a digest"
        look.problems.append(f"{place} is kept by DVC ({which}) and is not here: dvc pull {path}")
        return Clues()
    deps = said.get("deps")
    sources = [dep.get("path") for dep in deps if isinstance(dep, Mapping)] if isinstance(deps, list) else []
    ref = next((source for source in sources if isinstance(source, str)), place)
    return Clues(data=(Found(Data(name=posixpath.basename(place), ref=redact(ref), digest=digest), path),))


def _card_data(datasets: object, path: str) -> Iterator[Found[Data]]:
    names = [datasets] if isinstance(datasets, str) else datasets if isinstance(datasets, list) else []
    for name in names:
        if isinstance(name, str) and name.strip():
            ref = name if "://" in name else f"hf://datasets/{name}"
            yield Found(Data(name=name, ref=redact(ref)), f"{path}, datasets")


def _index_metrics(index: object) -> Iterator[tuple[str, float]]:
    """Yield the metrics of a model card's index by name, the first of each name."""
    seen = set()
    for model in index if isinstance(index, list) else ():
        results = model.get("results") if isinstance(model, Mapping) else None
        for result in results if isinstance(results, list) else ():
            metrics = result.get("metrics") if isinstance(result, Mapping) else None
            for metric in metrics if isinstance(metrics, list) else ():
                if isinstance(metric, Mapping):
                    name, number = metric.get("name") or metric.get("type"), as_number(metric.get("value"))
                    if isinstance(name, str) and number is not None and name not in seen:
                        seen.add(name)
                        yield name, number


def _text(value: object, where: str) -> Found[str] | None:
    if value is None or isinstance(value, Mapping | list) or not str(value).strip():
        return None
    return Found(redact(str(value).strip()[:500]), where)
