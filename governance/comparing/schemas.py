"""Loosening of a Pandera model, read as text: the gate never runs the code of a change.

A plain model (annotated fields with `Field(...)`, a `Config`, decorated checks) is compared field by field. Whatever
else differs is `unclear`: nobody can tell without running it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from governance.comparing.bounds import Meaning, Opaque, looser
from governance.comparing.change import Change

_FIELD: dict[str, Meaning] = {
    "ge": "lower",
    "gt": "lower",
    "le": "upper",
    "lt": "upper",
    "isin": "allowed",
    "notin": "forbidden",
    "unique": "on",
    "nullable": "off",
    "coerce": "off",
    "raise_warning": "off",
    "title": "words",
    "description": "words",
    "metadata": "words",
}
_CONFIG: dict[str, Meaning] = {
    "strict": "on",
    "ordered": "on",
    "coerce": "off",
    "unique_column_names": "on",
    "name": "words",
    "title": "words",
    "description": "words",
    "metadata": "words",
}
_OVERRIDES = frozenset(
    {"validate", "to_schema", "to_yaml", "to_json", "to_json_schema", "example", "strategy", "get_metadata", "empty",
     "build_schema_", "pydantic_validate", "field_names", "Config"}
)  # fmt: skip
"""Names that a model is made of: a field or check of such a name replaces it."""
_CHECKS = frozenset({"check", "dataframe_check"})


@dataclass
class _Model:
    """One class, taken apart."""

    head: str
    """Name, bases and decorators."""
    fields: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    """Name to annotation and arguments."""
    config: dict[str, Any] = field(default_factory=dict)
    checks: dict[str, str] = field(default_factory=dict)
    """Name of each decorated check to its text."""
    rest: list[str] = field(default_factory=list)


def schema_changes(base: Path, head: Path, shown: str) -> Iterator[Change]:
    """What the model in `head` demands less than the one in `base`. A model that is new demands more."""
    if not base.is_file():
        return
    if not head.is_file():
        yield Change("schema_removed", shown, "the Pandera model is gone", "schema", None)
        return
    texts = base.read_bytes(), head.read_bytes()
    if texts[0] == texts[1]:
        return
    old, new = _taken_apart(texts[0]), _taken_apart(texts[1])
    if old is None or new is None or old[1] != new[1] or old[0].keys() != new[0].keys():
        yield Change("schema_changed", shown, "code outside the plain fields of the model differs",
                     texts[0].decode("utf-8", "replace"), texts[1].decode("utf-8", "replace"), unclear=True)  # fmt: skip
        return
    for name, before in old[0].items():
        yield from _model_changes(f"{shown}: {name}", before, new[0][name])


def _model_changes(where: str, old: _Model, new: _Model) -> Iterator[Change]:
    if old.head != new.head or old.rest != new.rest:
        yield Change("schema_changed", where, "its bases, or code that is no plain field or check, differ",
                     [old.head, old.rest], [new.head, new.rest], unclear=True)  # fmt: skip
    for name, (kind, arguments) in old.fields.items():
        if name not in new.fields:
            yield Change("check_removed", where, f"field {name} is gone", [kind, arguments], None, (name,))
            continue
        kind_now, arguments_now = new.fields[name]
        if kind != kind_now:
            optional = "Optional" in kind_now or "| None" in kind_now
            words = f"field {name}: its type became {kind_now}, it was {kind}"
            yield Change("type_changed", where, words, kind, kind_now, (name,), unclear=not optional)
        for difference in looser(arguments, arguments_now, _FIELD):
            what = {"lower": "bound_widened", "upper": "bound_widened", "allowed": "bound_widened"}.get(
                _FIELD.get(difference.argument, ""), "check_loosened"
            )
            if difference.argument == "nullable":
                what = "nullable_allowed"
            if difference.after is None and difference.argument in _FIELD:
                what = "check_removed"
            words = f"field {name}: {difference.argument} {_became(difference.before, difference.after)}"
            yield Change(what, where, words, difference.before, difference.after, (name,), difference.unclear)
    for difference in looser(old.config, new.config, _CONFIG):
        words = f"Config.{difference.argument} {_became(difference.before, difference.after)}"
        yield Change("check_loosened", where, words, difference.before, difference.after, (), difference.unclear)
    for name, text in old.checks.items():
        if name not in new.checks:
            yield Change("check_removed", where, f"check {name} is gone", text, None)
        elif new.checks[name] != text:
            yield Change("check_changed", where, f"check {name} is another", text, new.checks[name], unclear=True)


def _became(before: Any, after: Any) -> str:
    if isinstance(before, list | tuple | set) or isinstance(after, list | tuple | set):
        return "allows other values"
    return f"became {'absent' if after is None else after}, it was {'absent' if before is None else before}"


def _taken_apart(text: bytes) -> tuple[dict[str, _Model], list[str]] | None:
    """Models by name, and the text of everything else in the module but its docstrings; None when it is no Python."""
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    models, rest = {}, []
    for statement in module.body:
        if isinstance(statement, ast.ClassDef) and statement.name not in models:
            models[statement.name] = _model(statement)
        elif not _is_docstring(statement):
            rest.append(ast.dump(statement))
    return models, rest


def _model(node: ast.ClassDef) -> _Model:
    bases = [*node.bases, *(word.value for word in node.keywords), *node.decorator_list]
    model = _Model(" ".join([node.name, *(ast.unparse(base) for base in bases)]))
    seen = set()
    for statement in node.body:
        if _is_docstring(statement):
            continue
        name = _name_of(statement)
        again = name in seen  # what stands there twice wins, and is no plain field
        seen.add(name)
        if again or not _sorted_into(model, statement):
            model.rest.append(ast.dump(statement))
    return model


def _sorted_into(model: _Model, statement: ast.stmt) -> bool:
    """Whether `statement` is a plain field, the Config, or a check; then it is put there."""
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        arguments = _arguments(statement.value)
        if arguments is None or _runs_code(statement.annotation) or statement.target.id in _OVERRIDES:
            return False
        model.fields[statement.target.id] = (ast.unparse(statement.annotation), arguments)
        return True
    if isinstance(statement, ast.ClassDef) and statement.name == "Config" and not statement.bases:
        assigned: dict[str, Any] = {}
        for inner in statement.body:
            if isinstance(inner, ast.Assign) and len(inner.targets) == 1 and isinstance(inner.targets[0], ast.Name):
                assigned[inner.targets[0].id] = _value(inner.value)
            elif not _is_docstring(inner) and not isinstance(inner, ast.Pass):
                return False
        model.config = assigned
        return True
    if isinstance(statement, ast.FunctionDef) and _is_plain_check(statement):
        model.checks[statement.name] = ast.dump(statement)
        return True
    return False


def _arguments(value: ast.expr | None) -> dict[str, Any] | None:
    """Arguments of `Field(...)`; none without a value; None when it is something else."""
    if value is None:
        return {}
    if not (isinstance(value, ast.Call) and ast.unparse(value.func).split(".")[-1] == "Field") or value.args:
        return None
    if any(word.arg is None or _runs_code(word.value) for word in value.keywords):
        return None
    return {str(word.arg): _value(word.value) for word in value.keywords}


def _value(node: ast.expr) -> Any:
    """A plain value, or the expression's text."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return Opaque(ast.unparse(node))


def _runs_code(node: ast.AST) -> bool:
    """Whether more than names and values stands there: a call at import could switch anything off."""
    return any(isinstance(part, ast.Call | ast.Lambda | ast.NamedExpr | ast.comprehension) for part in ast.walk(node))


def _is_plain_check(function: ast.FunctionDef) -> bool:
    """Whether it is decorated as a check, and neither replaces what the model is made of nor runs code at import."""
    if function.name in _OVERRIDES or function.name.startswith("_") or not function.decorator_list:
        return False
    names, given = [], [*function.args.defaults, *(one for one in function.args.kw_defaults if one)]
    for decorator in function.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        names.append(ast.unparse(called).split(".")[-1])
        if isinstance(decorator, ast.Call):
            given += [*decorator.args, *(word.value for word in decorator.keywords)]
    checks = [name for name in names if name in _CHECKS]
    return bool(checks) and set(names) <= _CHECKS | {"classmethod"} and not any(map(_runs_code, given))


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _name_of(statement: ast.stmt) -> str:
    if isinstance(statement, ast.AnnAssign):
        return ast.unparse(statement.target)
    if isinstance(statement, ast.Assign):
        return ", ".join(ast.unparse(target) for target in statement.targets)
    return getattr(statement, "name", ast.dump(statement))
