"""What is kept between runs: accounts with their encrypted secrets, API keys, and what was changed by whom."""

from engine.store.ring import KeyRing

__all__ = ["KeyRing"]
