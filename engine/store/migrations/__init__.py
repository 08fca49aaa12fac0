"""How the tables of the store came to be, step by step; Alembic runs `env` and the files under `versions`."""
