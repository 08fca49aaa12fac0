"""What is kept between runs: accounts with their encrypted secrets, API keys, and what was changed by whom."""

from engine.store.account import Account, AccountExists, NoSuchAccount, Status, title
from engine.store.accounts import AGAIN
from engine.store.apikeys import ApiKey, Scope
from engine.store.audit import AuditLine
from engine.store.places import Places, places
from engine.store.ring import KeyRing
from engine.store.store import Store, open_store
from engine.store.tailored import mapping_of

__all__ = [
    "AGAIN",
    "Account",
    "AccountExists",
    "ApiKey",
    "AuditLine",
    "KeyRing",
    "NoSuchAccount",
    "Places",
    "Scope",
    "Status",
    "Store",
    "mapping_of",
    "open_store",
    "places",
    "title",
]
