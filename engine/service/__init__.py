"""The service: unified lists of stored accounts over HTTP."""

from engine.service.app import application
from engine.service.catalog import Catalog
from engine.service.settings import Settings, settings

__all__ = ["Catalog", "Settings", "application", "settings"]
