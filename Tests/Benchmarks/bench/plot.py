"""Bar charts as SVG: readable on light and dark pages, and small."""

from html import escape

COLOURS = {
    "gateway": "#0072b2", "nginx": "#009e73", "haproxy": "#e69f00", "caddy": "#cc79a7", "envoy": "#d55e00",
    "relay": "#8c8c8c", "kernel": "#8c8c8c", "user": "#0072b2",
}
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 14px; font-weight: 600 }
.faint { fill: #59636e }
line { stroke: #d1d9e0 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .faint { fill: #9198a1 } line { stroke: #3d444d }
}
"""
WIDTH, LABEL, MARGIN = 760, 170, 70
BAR, GAP, GROUP_GAP, TOP = 14, 3, 12, 62


class Bars:
    """Groups of horizontal bars over one axis that begins at 0."""

    def __init__(self, title, unit, names, digits=1):
        self.title, self.unit, self.names, self.digits = title, unit, names, digits
        self.groups = []

    def add(self, label, values):
        """`values` maps keys of COLOURS to figures."""
        self.groups.append((label, values))

    def __str__(self):
        longest = self._longest()
        scale = (WIDTH - LABEL - MARGIN) / longest
        parts, y = [], TOP
        for label, values in self.groups:
            height = len(values) * (BAR + GAP) - GAP
            parts.append(self._text(LABEL - 10, y + height / 2 + 4, label, 'text-anchor="end"'))
            for name, value in values.items():
                length = max(1.0, min(value, longest) * scale)
                parts.append(
                    f'<rect x="{LABEL}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2" fill="{COLOURS[name]}"/>')
                parts.append(
                    self._text(
                        LABEL + length + 5, y + BAR - 3, f"{value:,.{self.digits}f}{' →' * (value > longest)}",
                        'class="faint"'))
                y += BAR + GAP
            y += GROUP_GAP
        bottom = y - GROUP_GAP + 4
        axis = f'<line x1="{LABEL}" y1="{TOP - 6}" x2="{LABEL}" y2="{bottom}"/>'
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{bottom + 8}" '
            f'viewBox="0 0 {WIDTH} {bottom + 8}" role="img" aria-label="{escape(self.title)}">',
            f"<style>{STYLE}</style>", self._text(10, 20, f"{self.title}, {self.unit}", 'class="title"'),
            *self._legend(), axis, *parts, "</svg>", "",
        ])

    def _longest(self):
        """A figure far beyond the others must not make them all small: its bar is cut, and an arrow says so."""
        values = sorted(value for _, values in self.groups for value in values.values())
        usual = values[len(values) * 3 // 4]
        return min(values[-1], usual * 2.2) or 1

    def _legend(self):
        used = {name for _, values in self.groups for name in values}
        x = 10
        for name, label in self.names.items():
            if name in used:
                yield f'<rect x="{x}" y="32" width="12" height="12" rx="2" fill="{COLOURS[name]}"/>'
                yield self._text(x + 17, 42, label)
                x += 34 + 7 * len(label)

    @staticmethod
    def _text(x, y, text, attributes=""):
        return f'<text x="{x:.0f}" y="{y:.0f}" {attributes}>{escape(text)}</text>'
