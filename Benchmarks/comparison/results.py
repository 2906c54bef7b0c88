"""Samples of every measure, kept as JSON between the parts of a comparison."""
import json
import statistics
from pathlib import Path


class Results:
    """`samples[part][measure][engine]` is a list with a figure for each run; `notes[part]` are sentences for the report."""

    def __init__(self, path, setting, is_kept=True):
        """Goes on with the samples stored at `path` if their setting is the same; if not `is_kept`, nothing is read or stored."""
        self.path, self.is_kept = Path(path), is_kept
        self.setting = setting
        self.samples, self.notes = {}, {}
        if is_kept and self.path.exists():
            stored = json.loads(self.path.read_text())
            # The same build stays the same when a commit of documents follows: the commit it was first measured at is shown.
            if {**stored["setting"], "commit": None} == {**setting, "commit": None}:
                self.setting, self.samples, self.notes = stored["setting"], stored["samples"], stored["notes"]

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
        if not self.is_kept:
            return
        text = json.dumps({"setting": self.setting, "samples": self.samples, "notes": self.notes}, indent=1)
        self.path.write_text(text + "\n")
