"""The decision tables 2.1 and 2.2 of phones.md, as data for tests.

Outcomes of 2.2 under U3 = no; the last figure of a row: whether a secure phone can register then.
"""

from ucmlab.cluster.phones.trust import TrustState
from unit.ucmlab.cluster.phones import phones_model as model

F8, F10, F12 = model.FAM
CM, TVS, ITLR = model.CMA | model.CMB, model.TVSA | model.TVSB, model.ITLR
OK, SOFT, HARD = TrustState.STALE_OK, TrustState.SOFT_LOCKED, TrustState.HARD_LOCKED
WINDOW = [
    (CM, OK, OK, OK, OK),
    (TVS, OK, OK, OK, OK),
    (CM | TVS, HARD, SOFT, OK, OK),
    (ITLR, None, OK, OK, SOFT),
    (CM | ITLR, None, OK, OK, HARD),
    (TVS | ITLR, None, OK, SOFT, SOFT),
    (CM | TVS | ITLR, None, HARD, HARD, HARD),
]
COLUMNS = [(F8, False), (F10, False), (F12, False), (F12, True)]
CASES = [
    (fam, mixed, renewed, row[column])
    for renewed, *row in WINDOW
    for column, (fam, mixed) in enumerate(COLUMNS)
    if row[column] is not None
]
TRUSTED, BLIND = TrustState.TRUSTED, TrustState.STALE_BLIND
ROWS = [  # renewed, what is done, state, whether a secure phone registers under U3 = no
    ("CM", "", TRUSTED, True),
    ("CM", "reset", TRUSTED, True),
    ("CM", "tftp reset", TRUSTED, True),
    ("CM", "tftp cm reset", TRUSTED, False),
    ("CM", "ctl reset tftp", TrustState.STALE_OK, False),
    ("CM", "ctl reset tftp cm", TrustState.STALE_OK, True),
    ("CM", "ctl tvs tftp cm reset", TRUSTED, True),
    ("CM", "ctl tvs tftp cm", TrustState.STALE_OK, False),
    ("TVS", "tvs", BLIND, True),
    ("TVS", "tvs reset", BLIND, True),
    ("TVS", "tftp reset", BLIND, True),
    ("TVS", "tftp tvs", BLIND, True),
    ("TVS", "tftp tvs reset", TRUSTED, True),
]
