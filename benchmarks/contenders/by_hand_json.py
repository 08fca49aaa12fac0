"""What `by_hand.py` does, with the JSON of the standard library, as most scripts have it.

python by_hand_json.py JOB URL OUT
"""

import json
import sys

import by_hand

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

by_hand.decode = json.loads
by_hand.encode = lambda record: _encode(record).encode()

if __name__ == "__main__":
    by_hand.main(*sys.argv[1:])
