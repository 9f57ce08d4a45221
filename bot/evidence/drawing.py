"""The mood curve as places on paper."""

from __future__ import annotations

from dataclasses import dataclass

from bot.reply import Curve

WIDTH, HEIGHT = 640, 180
_LEFT, _RIGHT, _TOP, _BOTTOM = 78, 14, 14, 34
_MOST_LABELS = 16


@dataclass(frozen=True)
class Dot:
    """A point of the curve: where it stands, and its label where there is room for one."""

    x: float
    y: float
    label: str


@dataclass(frozen=True)
class Drawing:
    """`line` are the points as SVG has them; `grid` the heights of 0, 50 and 100 with their words."""

    dots: tuple[Dot, ...]
    line: str
    grid: tuple[tuple[float, str], ...]
    left: float = _LEFT
    right: float = WIDTH - _RIGHT
    bottom: float = HEIGHT - _BOTTOM

    @property
    def area(self) -> str:
        """The line closed down to the ground."""
        return f"{self.dots[0].x},{self.bottom} {self.line} {self.dots[-1].x},{self.bottom}"


def draw(curve: Curve) -> Drawing:
    """A curve of at least one point. The learner's turns are numbered along the foot."""
    count = len(curve.points)
    step = (WIDTH - _LEFT - _RIGHT - 16) / max(1, count - 1)
    every = -(-count // _MOST_LABELS)
    dots = tuple(
        Dot(round(_LEFT + 8 + at * step, 1), _height(point.value), str(at) if at % every == 0 else "")
        for at, point in enumerate(curve.points)
    )
    grid = ((_height(1), curve.high), (_height(0.5), ""), (_height(0), curve.low))
    return Drawing(dots, " ".join(f"{dot.x},{dot.y}" for dot in dots), grid)


def _height(value: float) -> float:
    return round(_TOP + (1 - min(1.0, max(0.0, value))) * (HEIGHT - _TOP - _BOTTOM), 1)
