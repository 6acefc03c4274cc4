"""What is the same at every rendering is worked out when a template is compiled.

Each language has an environment of its own, so the translation of a sentence, the address of a static file
and that of a page are constants there; as such they join the text around them. A page has about a hundred.
"""

from collections.abc import Callable
from typing import Any, cast

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer

PLAIN = ("static", "url")
"""Globals whose value depends on their arguments alone."""


class _Folding(NodeTransformer):
    def __init__(self, environment: Environment) -> None:
        self._globals = environment.globals

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 (the library's name for it)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) != 1:
            return self.generic_visit(node)
        (argument,) = node.args
        if not isinstance(argument, nodes.Const) or not isinstance(argument.value, str):
            return self.generic_visit(node)
        if name == "_":
            translate = cast("Callable[[str], str]", self._globals["gettext_plain"])
            # A sentence of ours is markup, as the extension for translations sees it; %% in it stands for %.
            return nodes.TemplateData(translate(argument.value) % {}, lineno=node.lineno)
        if name in PLAIN:
            function = cast("Callable[[str], Any]", self._globals[name])
            return nodes.Const(function(argument.value), lineno=node.lineno)
        return self.generic_visit(node)


class FoldingGenerator(CodeGenerator):
    """To be an environment's `code_generator_class`."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        super().visit_Template(_Folding(self.environment).visit(node), frame)
