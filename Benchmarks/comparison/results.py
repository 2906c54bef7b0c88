"""Samples of every measure, kept as JSON between the parts of a comparison."""
import json
import statistics
from pathlib import Path


class Results:
    """`samples[part][measure][engine]` is a list with a figure for each run; `notes[part]` are sentences for the report."""

    def __init__(self, path, setting):
        self.path = Path(path)
        self.setting = setting
        self.samples, self.notes = {}, {}
        if self.path.exists():
            stored = json.loads(self.path.read_text())
            if stored["setting"] == setting:
                self.samples, self.notes = stored["samples"], stored["notes"]

    def begin(self, part):
        """Forgets what an earlier run left of this part."""
        self.samples[part], self.notes[part] = {}, []

    def add(self, part, measure, engine, value):
        self.samples[part].setdefault(measure, {}).setdefault(engine, []).append(value)

    def note(self, part, sentence):
        if sentence not in self.notes[part]:
            self.notes[part].append(sentence)

    def median(self, part, measure, engine):
        """The median of the runs, or None if the engine has no figure there."""
        values = self.samples.get(part, {}).get(measure, {}).get(engine)
        return statistics.median(values) if values else None

    def measures(self, part):
        return list(self.samples.get(part, {}))

    def save(self):
        text = json.dumps({"setting": self.setting, "samples": self.samples, "notes": self.notes}, indent=1)
        self.path.write_text(text + "\n")
