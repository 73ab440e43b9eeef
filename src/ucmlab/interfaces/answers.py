"""Everything the lab's web interfaces answer, as one table: documentation is generated from it."""

from ucmlab.interfaces import axl, control_center, ris, uds
from ucmlab.interfaces.rest import api

ANSWERS = (*api.ANSWERS, *axl.ANSWERS, *ris.ANSWERS, *control_center.ANSWERS, *uds.ANSWERS)
