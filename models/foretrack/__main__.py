"""`python -m foretrack SUBCOMMAND`, where no console script is installed, and under torchrun."""

import sys

from .cli import main

sys.exit(main())
