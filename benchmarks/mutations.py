"""What `make mutants` changes: comparisons, conditions, numbers, words, terms of queries, results and statements."""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt},
    **{ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In},
    **{ast.Is: ast.IsNot, ast.IsNot: ast.Is},
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult},
    **{ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.FloorDiv: ast.Mult},
}
QUERIES = {"filter": "exclude", "exclude": "filter"}
LEFT_ALONE = frozenset({"annotation", "returns", "decorator_list", "args", "ctx", "type_comment"})


@dataclass(slots=True, frozen=True)
class Place:
    """Where a node hangs in its tree."""

    parent: ast.AST
    name: str
    index: int | None

    def put(self, node: ast.AST) -> ast.AST:
        """Put a node here, and return what was here before."""
        before = getattr(self.parent, self.name)
        if self.index is None:
            setattr(self.parent, self.name, node)
            return before  # type: ignore[no-any-return]
        before, before_all = before[self.index], before
        before_all[self.index] = node
        return before  # type: ignore[no-any-return]


@dataclass(slots=True, frozen=True)
class Mutant:
    """One change of a function, or of a module's constants (`names`), where there is no function."""

    id: str
    path: Path
    function: str
    names: tuple[str, ...]
    line: int
    what: str
    tree: ast.Module
    place: Place
    instead: ast.AST

    @property
    def where(self) -> str:
        return f"{self.path}:{self.line} {self.function or ', '.join(self.names)}"

    def compiled(self) -> CodeType:
        """Return the code of the changed module, or of the changed constant alone."""
        before = self.place.put(self.instead)
        wanted = [one for one in self.tree.body if not self.names or _names(one) == self.names]
        tree = ast.fix_missing_locations(ast.Module(wanted, []))
        code = compile(tree, str(self.path), "exec")
        self.place.put(before)
        return code


def mutants_of(path: Path) -> list[Mutant]:
    """Return all changes of a file, each named so that it stays itself while other functions are edited."""
    tree, found, seen = ast.parse(path.read_text()), [], Counter[str]()
    for function, owner in _owners(tree):
        for place, node in _nodes(owner):
            for instead in _others(node):
                what = f"{_text(node)} -> {_text(instead)}"
                part = function or ", ".join(_names(owner))
                seen[part + what] += 1
                name = f"{path}:{part}:{what}:{seen[part + what]}"
                key = hashlib.sha256(name.encode()).hexdigest()[:16]
                line, names = getattr(node, "lineno", 0), () if function else _names(owner)
                found.append(Mutant(key, path, function, names, line, what, tree, place, instead))
    return found


def _owners(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield each function and method by its qualified name, and each constant of the module."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            own = [
                one for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
            ]
            yield from ((f"{node.name}.{one.name}", one) for one in own)
        elif _names(node):
            yield "", node


def _names(node: ast.AST) -> tuple[str, ...]:
    """Return the names that a statement gives values to, if it is no more than that."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    flat = [
        one
        for target in targets
        for one in (target.elts if isinstance(target, ast.Tuple) else [target])
    ]
    return tuple(one.id for one in flat if isinstance(one, ast.Name))


def _nodes(owner: ast.AST) -> Iterator[tuple[Place, Any]]:
    """Yield all nodes below `owner` with their places, but no annotations, defaults and docstrings."""
    for name, value in ast.iter_fields(owner):
        if name in LEFT_ALONE and not isinstance(owner, ast.Call):
            continue
        several = value if isinstance(value, list) else [value]
        for index, node in enumerate(several):
            if isinstance(node, ast.AST) and not _is_docstring(node):
                yield Place(owner, name, index if isinstance(value, list) else None), node
                yield from _nodes(node)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _others(node: Any) -> Iterator[ast.AST]:
    """Yield what stands instead of a node, one change each."""
    kind = type(node).__name__
    yield from _CHANGES.get(kind, lambda _node: iter(()))(node)


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for index, operator in enumerate(node.ops):
        ops = [*node.ops[:index], COMPARISONS[type(operator)](), *node.ops[index + 1 :]]
        yield _with(node, ops=ops)


def _condition(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for index in range(len(node.values)):
        left = [*node.values[:index], *node.values[index + 1 :]]
        yield _with(node, values=left) if len(left) > 1 else left[0]


def _operation(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in OPERATORS:
        yield _with(node, op=OPERATORS[type(node.op)]())
    if isinstance(node.op, ast.BitAnd | ast.BitOr):
        yield from (node.left, node.right)


def _unary(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.Not | ast.Invert):
        yield node.operand


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    """Spell a word otherwise; sentences are left alone, as they are messages."""
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        yield from (ast.Constant(node.value + 1), ast.Constant(node.value - 1))
    elif isinstance(node.value, str) and not {" ", "%"} & set(node.value):
        yield ast.Constant(f"XX{node.value}")


def _call(node: ast.Call) -> Iterator[ast.AST]:
    """Leave out each keyword; a query's call is also turned round, left out, and left with all arguments but one."""
    for index in range(len(node.keywords)):
        yield _with(node, keywords=[*node.keywords[:index], *node.keywords[index + 1 :]])
    if isinstance(node.func, ast.Attribute) and node.func.attr in QUERIES:
        yield _with(node, func=_with(node.func, attr=QUERIES[node.func.attr]))
        yield node.func.value
        for index in range(len(node.args)):
            yield _with(node, args=[*node.args[:index], *node.args[index + 1 :]])


def _result(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None and not _is_none(node.value):
        yield _with(node, value=ast.Constant(None))


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _question(node: Any) -> Iterator[ast.AST]:
    yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))


def _statement(node: ast.AST) -> Iterator[ast.AST]:
    yield ast.copy_location(ast.Pass(), node)


def _assignment(node: ast.Assign) -> Iterator[ast.AST]:
    """Leave out what changes an object; a local name that is missing would be noticed by anything."""
    if any(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets):
        yield from _statement(node)


def _with(node: Any, **changed: Any) -> Any:
    other = copy(node)
    for name, value in changed.items():
        setattr(other, name, value)
    return other


def _text(node: ast.AST) -> str:
    """Return one line of source; an `if` and a loop without their bodies."""
    return ast.unparse(ast.fix_missing_locations(node)).partition("\n")[0]


_CHANGES: dict[str, Any] = {
    "Compare": _compare,
    "BoolOp": _condition,
    "BinOp": _operation,
    "UnaryOp": _unary,
    "Constant": _constant,
    "Call": _call,
    "Return": _result,
    "If": _question,
    "IfExp": _question,
    "Expr": _statement,
    "Raise": _statement,
    "AugAssign": _statement,
    "Assign": _assignment,
}
