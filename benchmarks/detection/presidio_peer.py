"""Presidio's pattern recognisers on texts: run by Presidio's own Python, as it needs spaCy.

Reads a JSON list of texts from standard input; writes, per text, a list of [start, end, entity type, score].
Every predefined recogniser that works by patterns is used, also those that are off until a country is chosen when
`--all` is given; a blank English spaCy pipeline gives the words around, no model is loaded.
"""

import json
import sys

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine


class Blank(NlpEngine):
    """Tokens, and nothing that a model would add."""

    def __init__(self) -> None:
        self.nlp = spacy.blank("en")

    def load(self) -> None:
        """Nothing to load."""

    def is_loaded(self) -> bool:
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        doc = self.nlp(text)
        words = [token.text.lower() for token in doc]
        return NlpArtifacts([], doc, [token.idx for token in doc], words, self, language, scores=[])

    def process_batch(self, texts, language, **_):
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, _: str) -> bool:
        return word in self.nlp.Defaults.stop_words

    def is_punct(self, word: str, _: str) -> bool:
        return not any(sign.isalnum() for sign in word)

    def get_supported_entities(self):
        return []

    def get_supported_languages(self):
        return ["en"]


def every(registry: RecognizerRegistry) -> None:
    """Add the recognisers of all countries, in English."""
    import inspect

    import presidio_analyzer.predefined_recognizers as predefined
    from presidio_analyzer import PatternRecognizer

    known = {type(recogniser).__name__ for recogniser in registry.recognizers}
    for name, kind in sorted(vars(predefined).items()):
        if (
            inspect.isclass(kind)
            and issubclass(kind, PatternRecognizer)
            and kind is not PatternRecognizer
            and name not in known
        ):
            try:
                registry.add_recognizer(kind(supported_language="en"))
            except Exception as error:
                print(name, error, file=sys.stderr)


registry = RecognizerRegistry(supported_languages=["en"])
registry.load_predefined_recognizers(languages=["en"])
registry.recognizers = [r for r in registry.recognizers if "Spacy" not in type(r).__name__]
if "--all" in sys.argv:
    every(registry)
engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])
least = 0.35 if "--low" in sys.argv else 0.5
found = []
for text in json.load(sys.stdin):
    hits = engine.analyze(text, language="en", score_threshold=least)
    found.append([[hit.start, hit.end, hit.entity_type, hit.score] for hit in hits])
json.dump(found, sys.stdout)
