"""Everything the lab's web interfaces answer, as one table: documentation is generated from it."""

from ucmlab.interfaces import control_center, phone_pages, ris, tftp, uds
from ucmlab.interfaces.axl import site as axl
from ucmlab.interfaces.rest import api

ANSWERS = (
    *api.ANSWERS,
    *axl.ANSWERS,
    *ris.ANSWERS,
    *control_center.ANSWERS,
    *uds.ANSWERS,
    *tftp.ANSWERS,
    *phone_pages.ANSWERS,
)
