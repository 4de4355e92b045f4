"""``python -m ssb_model`` is the command ``ssb``."""

import sys

from ssb_model.cli import main

sys.exit(main())
