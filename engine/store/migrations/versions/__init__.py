"""One file for each version, which never changes once it is out."""
