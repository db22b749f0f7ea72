"""Tables as text that reads well on a terminal and is Markdown."""

import unicodedata


class Table:
    def __init__(self, *columns):
        self.rows = [columns]

    def add(self, *cells):
        self.rows.append(tuple(str(cell) for cell in cells))

    def __str__(self):
        widths = [max(width(row[index]) for row in self.rows) for index in range(len(self.rows[0]))]
        lines = []
        for number, row in enumerate(self.rows):
            # The first column is a name, the others are figures.
            cells = [row[0] + " " * (widths[0] - width(row[0]))]
            cells += [" " * (room - width(cell)) + cell for cell, room in zip(row[1:], widths[1:])]
            lines.append("| " + " | ".join(cells) + " |")
            if number == 0:
                rules = ["-" * widths[0], *("-" * (room - 1) + ":" for room in widths[1:])]
                lines.append("| " + " | ".join(rules) + " |")
        return "\n".join(lines)


def width(text):
    return sum(not unicodedata.combining(character) for character in text)
