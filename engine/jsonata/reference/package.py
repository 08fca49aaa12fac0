"""The one import of jsonata-python, whose own import raises the recursion limit of the whole process to 10,000."""

import sys

_limit = sys.getrecursionlimit()
from jsonata.functions import Functions  # noqa: E402 - the limit is put back right after these imports
from jsonata.jexception import JException  # noqa: E402
from jsonata.jsonata import Jsonata  # noqa: E402
from jsonata.parser import Parser  # noqa: E402
from jsonata.tokenizer import Tokenizer  # noqa: E402
from jsonata.utils import Utils  # noqa: E402

sys.setrecursionlimit(_limit)

__all__ = ["Functions", "JException", "Jsonata", "Parser", "Tokenizer", "Utils"]
