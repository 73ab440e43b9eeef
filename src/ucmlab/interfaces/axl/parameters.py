"""AXL: updateServiceParameter for enterprise parameters, which are those of EnterpriseWideData / Enterprise Wide.

Source: interfaces-http.md 2.2. No parameter of a single service is emulated.
"""

from ucmlab.cluster.parameters import judge_value
from ucmlab.cluster.primary_keys import pkid
from ucmlab.errors import Refusal
from ucmlab.interfaces.axl.messages import (
    answer_to,
    braced,
    judge_write,
    nothing_to_update,
    optional,
    required,
    unbraced,
)
from ucmlab.interfaces.soap import CLIENT, SoapCall, SoapFault, reply
from ucmlab.interfaces.web.exchange import Result
from ucmlab.interfaces.web.messages import Asked

ENTERPRISE_NODE, ENTERPRISE_SERVICE = "EnterpriseWideData", "Enterprise Wide"


async def update_service_parameter(asked: Asked, call: SoapCall) -> Result:
    """Set a parameter, named by uuid or by node, service and name; the answer is its uuid.

    Raises: Throttled; SoapFault 5003 for a parameter that is not there, CLIENT for a value that it cannot take.
    """
    judge_write(asked, call)
    name = _named(asked, call)
    value = required(call, "value")
    try:
        judge_value(name, value, asked.cluster.switches)
        asked.cluster.set_parameter(name, value)
    except Refusal as refusal:
        raise SoapFault(refusal.words, code=CLIENT) from refusal
    response, returned = answer_to(call)
    returned.text = braced(pkid("parameter", name))
    return Result(reply(response))


def _named(asked: Asked, call: SoapCall) -> str:
    parameters = asked.cluster.parameters
    uuid = optional(call, "uuid")
    if uuid:
        found = next((name for name in parameters if pkid("parameter", name) == unbraced(uuid)), None)
        if found is None:
            raise nothing_to_update("Service Parameter")
        return found
    node, service, name = (required(call, child) for child in ("processNodeName", "service", "name"))
    if (node, service) != (ENTERPRISE_NODE, ENTERPRISE_SERVICE) or name not in parameters:
        raise nothing_to_update("Service Parameter")
    return name
